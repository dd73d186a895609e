"""Ways to compress and to decompress data in one call, by name."""

import samples
import zstandard
from zstandard import ZstdCompressor, compress


def compress_into(compressor, data):
    size = memoryview(data).nbytes
    room = bytearray(size + size // 256 + 64)
    return bytes(memoryview(room)[: compressor.compress_into(data, room)])


def compress_stream(compressor, data):
    stream = compressor.compressobj()
    return stream.compress(data) + stream.flush()


WAYS = {
    "compress": ZstdCompressor.compress,
    "compress_into": compress_into,
    "compressobj": compress_stream,
}


def content(frame):
    return zstandard.ZstdDecompressor().decompress(frame, max_output_size=-1)


def unstated(data, *, block=1 << 30, checksum=False):
    """Make a frame that does not state the size of its content."""
    stream = ZstdCompressor(write_checksum=checksum).compressobj()
    output = stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    for piece in samples.in_pieces(data, block):
        output += stream.compress(piece) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return output + stream.flush()


FRAME_MAKERS = {
    "stated": compress,
    "stated, checksum": ZstdCompressor(write_checksum=True).compress,
    "unstated": unstated,
    "unstated, checksum": lambda data: unstated(data, checksum=True),
    "unstated, many blocks": lambda data: unstated(data, block=1000, checksum=True),
    "unstated, single-shot": ZstdCompressor(write_content_size=False).compress,
}


def decompress_into(decompressor, frame, size, **options):
    buffer = bytearray(size)
    assert decompressor.decompress_into(frame, buffer, **options) == size
    return bytes(buffer)
