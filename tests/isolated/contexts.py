"""Contexts are reused, kept within bounds, and freed."""

import contextlib
import io
import random
import tracemalloc

from makers import File

import malloc
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

# The same for streams of every other shape, from their end on: the objects are still there.
NOISE = random.Random(0).randbytes(400_000)
NOISE_FRAME = z.ZstdCompressor(level=9, write_content_size=False).compress(NOISE)


def of_method(name, *arguments):
    """Return a use of a stream, which may be one whose result is to be used up."""

    def use(stream):
        result = getattr(stream, name)(*arguments)
        if "Chunker" in type(stream).__name__:
            list(result)

    return use


closing = of_method("close")
for make, use, end in (
    (lambda c, _: c.stream_reader(NOISE), of_method("read", 100), closing),
    (lambda c, _: c.stream_reader(io.BytesIO(NOISE)), of_method("read1", 100), of_method("read")),
    (lambda c, _: c.stream_writer(File()), of_method("write", NOISE), closing),
    (lambda c, _: c.read_to_iter(NOISE, write_size=1000), next, list),
    (lambda c, _: c.chunker(), of_method("compress", NOISE), of_method("finish")),
    (lambda _, d: d.stream_reader(NOISE_FRAME), of_method("read", 100), closing),
    (lambda _, d: d.stream_writer(File()), of_method("write", NOISE_FRAME), closing),
    (lambda _, d: d.read_to_iter(NOISE_FRAME, write_size=1000), next, list),
    (lambda _, d: d.chunker(), of_method("decompress", NOISE_FRAME), of_method("finish")),
):
    before = traced()
    coders = z.ZstdCompressor(level=9), z.ZstdDecompressor()
    streams = [make(*coders) for _ in range(40)]
    for stream in streams:
        use(stream)
    name = type(stream).__name__
    held = traced() - before
    assert held > 40 * 500_000, f"{name}: 40 have {held} bytes"
    for stream in streams:
        end(stream)
    kept = traced() - before
    assert kept < 0.6 * held, f"{name}: 40 that have ended keep {kept} of {held} bytes"
    assert kept < 90_000_000, f"{name}: idle contexts are not kept within bounds"
    del coders, stream, streams
    assert traced() - before < 17_000_000, f"{name}: spare contexts are kept without bound"

# Native threads have contexts that tracemalloc knows nothing of: they are kept, and freed.
ITEMS = [DATA * 5] * 6
compressor = z.ZstdCompressor()


def native():
    """Return how many bytes of malloc()'s are none of Python's, where the system tells."""
    return malloc.taken() - traced()


def leave_contexts():
    compressor.multi_compress(ITEMS, threads=3)
    compressor.__init__()
    z.ZstdCompressor(level=5).multi_compress(ITEMS, threads=3)


before = native()
for _ in range(100):
    leave_contexts()
grown = native() - before
# One that has never worked has 5 KB: how many threads come to work is up to the system.
assert grown < 1_000_000, f"{grown} bytes were left by the contexts of native threads"

before = traced()
compressor = z.ZstdCompressor(level=9)
compressor.multi_compress(ITEMS * 20, threads=3)
held, one = traced() - before, compressor.memory_size()
assert held < 1.5 * one, f"{held} bytes of Python's are held, and one context has {one}"

# The same for content that grows there.
UNSIZED = [z.ZstdCompressor(write_content_size=False).compress(data) for data in ITEMS]


def leave_content():
    z.ZstdDecompressor().multi_decompress(UNSIZED, threads=3)
    with contextlib.suppress(z.ZstdError):
        z.ZstdDecompressor().multi_decompress([*UNSIZED, b"junk"], threads=3)


before = native()
for _ in range(100):
    leave_content()
grown = native() - before
assert grown < 1_000_000, f"{grown} bytes were left by content of unknown size"

# A spare context has nothing of its last owner: parameters, or a dictionary that is gone.
PLAIN = z.ZstdCompressor(write_content_size=False)
FRAME = PLAIN.compress(DATA)
for last_owner in (
    lambda dictionary: z.ZstdCompressor(9, dict_data=dictionary).compress(DATA),
    lambda dictionary: z.ZstdCompressor(9, dict_data=dictionary).compressobj().compress(DATA),
    lambda dictionary: z.ZstdDecompressor(dict_data=dictionary).decompress(z.compress(DATA)),
    lambda dictionary: z.ZstdDecompressor(dict_data=dictionary).decompressobj(),
    lambda _: z.ZstdCompressor(write_checksum=True).compress(DATA),
    lambda _: z.ZstdDecompressor(max_window_size=1024).decompress(z.compress(b"short")),
):
    for kind in (z.DICT_TYPE_AUTO, z.DICT_TYPE_PREFIX):
        with contextlib.suppress(z.ZstdError):
            last_owner(z.ZstdCompressionDict(DATA, kind))
        PLAIN.__init__(write_content_size=False)
        assert PLAIN.compress(DATA) == FRAME
        assert b"".join(z.ZstdDecompressor().read_to_iter(io.BytesIO(FRAME))) == DATA

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
