"""joblib stores objects through a compressor that was registered with it."""

import io

import joblib
import numpy as np
from joblib.compressor import CompressorWrapper, register_compressor

import samples
import zstandard
from programs.table import reads, writes
from programs.uses.frames import cut_short

OBJECT = {
    "array": np.arange(100_000).reshape(100, 1000),
    "text": samples.text(100_000),
    "list": [{"key": number} for number in range(1000)],
}


class ZstdFile:
    """What joblib takes: a class that opens, and that has the methods of files."""

    read, write = zstandard.ZstdDecompressionReader.read, zstandard.ZstdCompressionWriter.write
    seek, tell = zstandard.ZstdDecompressionReader.seek, zstandard.ZstdDecompressionReader.tell

    def __new__(cls, file: io.BufferedIOBase, mode: str, compresslevel: int = 3) -> object:
        return zstandard.open(file, mode, cctx=zstandard.ZstdCompressor(compresslevel))


register_compressor(
    "zstd", CompressorWrapper(ZstdFile, prefix=zstandard.FRAME_HEADER, extension=".zst")
)


@writes
def dump() -> bytes:
    file = io.BytesIO()
    joblib.dump(OBJECT, file, compress=("zstd", 7))
    return file.getvalue()


@reads(dump, cut_short)
def load(data: bytes) -> object:
    loaded = joblib.load(io.BytesIO(data))
    array = loaded.pop("array")
    return [array.shape, str(array.dtype), array.tobytes(), loaded["text"], loaded["list"]]
