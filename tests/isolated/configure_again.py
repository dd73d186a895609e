"""__init__ called again costs nothing and disturbs no live stream."""

import gc
import tracemalloc

import zstandard as z

compressor = z.ZstdCompressor()
decompressor = z.ZstdDecompressor()
tracemalloc.start()


def configure(count):
    for _ in range(count):
        compressor.__init__(level=4)
        compressor.compress(b"content")
        decompressor.__init__(max_window_size=1 << 20)
        decompressor.decompress(z.FRAME_HEADER + b"\x20\x00\x01\x00\x00")
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


before = configure(10)
grown = configure(20_000) - before
assert grown < 100_000, f"{grown} bytes were left by __init__"

stream = compressor.compressobj()
start = stream.compress(b"a" * 1000)
compressor.__init__(level=19, write_checksum=True)
frame = start + stream.compress(b"b" * 1000) + stream.flush()
assert z.decompress(frame, 2000) == b"a" * 1000 + b"b" * 1000
assert not z.get_frame_parameters(frame).has_checksum
assert z.get_frame_parameters(compressor.compress(b"")).has_checksum
