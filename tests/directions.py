"""The two writers as one, for tests of what they share."""

from typing import NamedTuple

import zstandard
from zstandard import (
    ZstdCompressionWriter,
    ZstdCompressor,
    ZstdDecompressionWriter,
    ZstdDecompressor,
)


def content(frames):
    return ZstdDecompressor().decompress(frames, max_output_size=-1, read_across_frames=True)


class Direction(NamedTuple):
    coder: type
    writer: type
    given: object  # makes of data what is written to the writer
    content: object  # makes data of what reaches the sink
    write_size: int  # the default one

    def open(self, sink, **options):
        return self.coder().stream_writer(sink, **options)


DIRECTIONS = {
    "compression": Direction(ZstdCompressor, ZstdCompressionWriter, bytes, content, 131591),
    "decompression": Direction(
        ZstdDecompressor, ZstdDecompressionWriter, zstandard.compress, bytes, 131072
    ),
}
