"""Other threads run during each call with long native work."""

import io

import pytest

import parallel
import samples
import zstandard
from zstandard import ZstdCompressor, ZstdDecompressor, compress

pytestmark = pytest.mark.usefixtures("frequent_switches")

TEXT = samples.text(1 << 20)
FRAME = compress(bytes(32 << 20))
UNSTATED_FRAME = ZstdCompressor(write_content_size=False).compress(bytes(32 << 20))
ROOM = bytearray(32 << 20)


def prepare_first_step():
    """A frame's first step prepares the tables of its level, however short the input."""
    stream = ZstdCompressor(19).compressobj()
    return lambda: stream.compress(b"short")


def prepare_flush():
    """Leave all the work to flush(), by pieces that are too short for threads to switch."""
    stream = ZstdCompressor(19).compressobj()
    for piece in samples.in_pieces(TEXT[: samples.BLOCK - 1], 2000):
        stream.compress(piece)
    return stream.flush


def prepare_flush_of_block():
    flush = prepare_flush()
    return lambda: flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


def prepare_flush_of_output():
    stream = ZstdDecompressor().decompressobj()
    stream.decompress(UNSTATED_FRAME, 1)
    return stream.flush


def prepare_chunks(make, start, data):
    iterator = getattr(make(), start)(data)
    return lambda: list(iterator)


def prepare_write(make, data):
    writer = make(io.BytesIO())
    return lambda: (writer.write(data), writer.close())


def prepare_close():
    """Leave the work to close(), by pieces that are too short for threads to switch."""
    writer = ZstdCompressor(19).stream_writer(io.BytesIO())
    for piece in samples.in_pieces(TEXT[: samples.BLOCK - 1], 2000):
        writer.write(piece)
    return writer.close


def prepare_seek():
    reader = ZstdDecompressor().stream_reader(FRAME)
    return lambda: reader.seek(0, io.SEEK_END)


LONG_CALLS = {
    "compress": lambda: lambda: ZstdCompressor(9).compress(TEXT),
    "compress()": lambda: lambda: compress(TEXT, 9),
    "compress_into": lambda: lambda: ZstdCompressor(9).compress_into(TEXT, ROOM),
    "compressobj": lambda: lambda: ZstdCompressor(9).compressobj().compress(TEXT),
    "compressobj, first step": prepare_first_step,
    "compressobj flush": prepare_flush,
    "compressobj flush of a block": prepare_flush_of_block,
    "decompress": lambda: lambda: ZstdDecompressor().decompress(FRAME),
    "decompress unstated": lambda: lambda: ZstdDecompressor().decompress(UNSTATED_FRAME, -1),
    "decompress()": lambda: lambda: zstandard.decompress(FRAME),
    "decompress_into": lambda: lambda: ZstdDecompressor().decompress_into(FRAME, ROOM),
    "decompressobj": lambda: lambda: ZstdDecompressor().decompressobj().decompress(FRAME),
    "decompressobj flush": prepare_flush_of_output,
    "compression reader": lambda: ZstdCompressor(9).stream_reader(TEXT).read,
    "decompression reader": lambda: ZstdDecompressor().stream_reader(FRAME).read,
    "decompression reader, readinto": lambda: (
        lambda: ZstdDecompressor().stream_reader(FRAME).readinto(ROOM)
    ),
    "decompression reader, readline": lambda: ZstdDecompressor().stream_reader(FRAME).readline,
    "decompression reader, seek": prepare_seek,
    "compressor iterator": lambda: lambda: list(ZstdCompressor(9).read_to_iter(TEXT)),
    "decompressor iterator": lambda: lambda: list(ZstdDecompressor().read_to_iter(FRAME)),
    "compression writer": lambda: prepare_write(ZstdCompressor(9).stream_writer, TEXT),
    "compression writer, close": prepare_close,
    "decompression writer": lambda: prepare_write(ZstdDecompressor().stream_writer, FRAME),
    "compression chunker": lambda: prepare_chunks(ZstdCompressor(9).chunker, "compress", TEXT),
    "decompression chunker": lambda: prepare_chunks(
        ZstdDecompressor().chunker, "decompress", FRAME
    ),
    "compressor's copy_stream": lambda: (
        lambda: ZstdCompressor(9).copy_stream(io.BytesIO(TEXT), io.BytesIO())
    ),
    "decompressor's copy_stream": lambda: (
        lambda: ZstdDecompressor().copy_stream(io.BytesIO(FRAME), io.BytesIO())
    ),
}


@pytest.mark.parametrize("name", LONG_CALLS)
def test_other_threads_run_during(name):
    assert parallel.others_run(LONG_CALLS[name])


@parallel.has_gil
def test_other_threads_do_not_run_while_nobody_lets_them():
    """What the test above rests on."""
    with parallel.Heartbeat() as heart:
        before = heart.beats
        assert sum(range(1_000_000)) > 0
        assert heart.beats == before
