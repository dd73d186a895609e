"""Contexts are reused, kept within bounds, and freed."""

import tracemalloc

import zstandard as z

DATA = bytes(range(256)) * 400
tracemalloc.start()


def traced():
    return tracemalloc.get_traced_memory()[0]


def peak_of(call):
    tracemalloc.reset_peak()
    before = traced()
    call()
    return tracemalloc.get_traced_memory()[1] - before


# A compressor for one call costs no context of its own once a spare one is there.
z.ZstdCompressor().compress(DATA)
z.ZstdDecompressor().decompress(z.compress(DATA))
for call in (
    lambda: z.ZstdCompressor().compress(b"short"),
    lambda: z.compress(b"short"),
    lambda: z.decompress(z.compress(b"short")),
):
    assert peak_of(call) < 50_000, f"{peak_of(call)} bytes for a call that finds a spare context"

# What many live streams took goes back, but for a bounded rest.
before = traced()
compressor = z.ZstdCompressor(level=9)
streams = [compressor.compressobj() for _ in range(20)]
for stream in streams:
    stream.compress(DATA)
held = traced() - before
assert held > 200_000_000
del stream, streams
assert 10_000_000 < traced() - before < 90_000_000, "idle contexts are not kept within bounds"
del compressor
assert traced() - before < 17_000_000, "spare contexts are kept without bound"

# Streams leave nothing else.
compressor = z.ZstdCompressor()
compressor.compressobj().flush()
before = traced()
for _ in range(10_000):
    compressor.compressobj()
assert traced() - before < 100_000, "streams leave memory behind"

# A large context is not kept as a spare one.
before = traced()
z.ZstdCompressor(level=19).compress(DATA * 100)
assert traced() - before < 17_000_000

# Configuring anew drops the contexts that the former configuration has left.
compressor = z.ZstdCompressor(level=19)
compressor.compress(DATA * 100)
large = traced()
compressor.__init__(level=1)
assert traced() < large - 10_000_000
assert compressor.memory_size() > 100
