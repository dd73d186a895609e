"""tracemalloc shows libzstd's memory at the line that asked for it, until its owner goes."""

import gc
import importlib.util
import io
import random
import sys
import sysconfig
import tracemalloc

from makers import SAMPLES, File

import malloc
import zstandard as z

NOISE = random.Random(0).randbytes(3_000_000)
FRAME = z.ZstdCompressor(level=9, write_content_size=False).compress(NOISE)
SHORT = NOISE[:300_000]
# Of the room for these, the frames leave much.
BATCH = [SHORT, bytes(300_000)] * 5
FRAMES = [z.compress(data) for data in BATCH]
# A stream has chunks of this size beside its context.
SMALL = 10_000
# Without the GIL, CPython has some hundred small pieces of memory wait before it frees them.
WAITING = 32_000 if sysconfig.get_config_var("Py_GIL_DISABLED") else 0
# Python's objects, among them names that it caches: how methods of files are looked up.
ALLOWANCE = 3 * SMALL + WAITING


def load():
    """Return a further instance of the extension module: one without spare contexts."""
    spec = importlib.util.find_spec("zstandard.backend_c")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def traced(steps):
    """Return how many bytes each of the lines holds."""
    gc.collect()
    snapshot = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, __file__)])
    by_line = {one.traceback[0].lineno: one.size for one in snapshot.statistics("lineno")}
    return [by_line.get(step.__code__.co_firstlineno, 0) for step in steps]


def check(name, size_of, *steps):
    """Take steps, of a line each, the last of which asks for memory; see that it has it.

    size_of: is called with the values at hand, and returns the memory's size in bytes.
    steps: are called with the values at hand, and return one more; the first is the module.
    """
    values = [load()]
    for step in steps:
        values.append(step(values))
    size = size_of(values)
    output = sum(sys.getsizeof(value) for value in values if isinstance(value, bytes))
    held = traced(steps)
    low, high = size + output, size + output + ALLOWANCE
    assert low <= sum(held) <= high, f"{name}: {held} bytes at its lines, not {low} to {high}"
    assert held[-1] > 0.9 * sum(held), f"{name}: {held} bytes at its lines, not at the last"
    values.clear()
    left = traced(steps)
    assert sum(left) < ALLOWANCE - SMALL, f"{name}: {left} bytes are left where all is gone"


def owner_size(values):
    """Return what a compressor or decompressor, which comes first, says of its context."""
    size = values[1].memory_size()
    assert size > 1_000_000
    return size


def owner_and_digest(values):
    return values[2].memory_size() + digest_tables(values)


def digest_tables(_):
    """Return the size of the tables of level 3, which are the most of a digest."""
    parameters = z.ZstdCompressionParameters.from_level(3, 0, len(SHORT))
    return 4 * (2**parameters.hash_log + 2**parameters.chain_log)


def segments_size(values):
    """Return the size of a batch's result, and of the context that it took."""
    return values[2].size() + 16 * len(values[2]) + values[1].memory_size()


def list_size(values):
    return sum(map(sys.getsizeof, values[2])) + values[1].memory_size()


tracemalloc.start()
check(
    "compress()",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].compress(NOISE),
)
check(
    "compressobj",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].compressobj(),
    lambda values: values[2].compress(NOISE),
)
check(
    "compression reader",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].stream_reader(io.BytesIO(NOISE), read_size=SMALL),
    lambda values: values[2].read(10),
)
check(
    "compression writer",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].stream_writer(File(), write_size=SMALL),
    lambda values: values[2].write(NOISE),
)
check(
    "compressor iterator",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].read_to_iter(io.BytesIO(NOISE), read_size=SMALL, write_size=SMALL),
    lambda values: next(values[2]),
)
check(
    "compression chunker",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].chunker(chunk_size=SMALL),
    lambda values: next(values[2].compress(NOISE)),
)
check(
    "compressor's copy_stream()",
    owner_size,
    lambda values: values[0].ZstdCompressor(level=9),
    lambda values: values[1].copy_stream(io.BytesIO(NOISE), File()),
)
check(
    "decompressobj",
    owner_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].decompressobj(),
    lambda values: values[2].decompress(FRAME[:-9]),
)
check(
    "decompression reader",
    owner_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].stream_reader(io.BytesIO(FRAME), read_size=SMALL),
    lambda values: len(values[2].read(SMALL * 20)),
)
check(
    "decompression writer",
    owner_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].stream_writer(File(), write_size=SMALL),
    lambda values: values[2].write(FRAME[:-9]),
)
check(
    "decompressor iterator",
    owner_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].read_to_iter(io.BytesIO(FRAME), read_size=SMALL, write_size=SMALL),
    lambda values: sum(len(next(values[2])) for _ in range(20)),
)
check(
    "decompression chunker",
    owner_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].chunker(chunk_size=SMALL),
    lambda values: next(values[2].decompress(FRAME)),
)
check(
    "decompressor's copy_stream()",
    owner_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].copy_stream(io.BytesIO(FRAME), File()),
)
check(
    "a dictionary's content",
    lambda _: sys.getsizeof(SHORT),
    lambda values: values[0].ZstdCompressionDict(bytearray(SHORT)),
)
check(
    "a digest",
    digest_tables,
    lambda values: values[0].ZstdCompressionDict(SHORT),
    lambda values: values[1].precompute_compress(3),
)
check(
    "the digest of a compressor",
    owner_and_digest,
    lambda values: values[0].ZstdCompressionDict(SHORT),
    lambda values: values[0].ZstdCompressor(level=3, dict_data=values[1]),
    lambda values: values[2].compressobj().compress(NOISE),
)
check(
    "the digest of a decompressor",
    lambda _: 20_000,
    lambda values: values[0].ZstdCompressionDict(SHORT),
    lambda values: values[0].ZstdDecompressor(dict_data=values[1]),
)
check(
    "segments",
    segments_size,
    lambda values: values[0].ZstdCompressor(),
    lambda values: values[1].multi_compress_to_buffer(BATCH),
)
check(
    "segments of content",
    segments_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].multi_decompress_to_buffer(FRAMES),
)
check(
    "a batch of frames",
    list_size,
    lambda values: values[0].ZstdCompressor(),
    lambda values: values[1].multi_compress(BATCH),
)
check(
    "a batch of content",
    list_size,
    lambda values: values[0].ZstdDecompressor(),
    lambda values: values[1].multi_decompress(FRAMES),
)
check(
    "a trained dictionary",
    lambda values: sys.getsizeof(values[1].as_bytes()),
    lambda values: values[0].train_dictionary(9000, SAMPLES, k=8, d=8),
)

# Training copies its samples, and libzstd has the rest by malloc().
SAMPLES_SIZE = sum(map(len, SAMPLES))
tracemalloc.reset_peak()
before = tracemalloc.get_traced_memory()[0]
z.train_dictionary(1000, SAMPLES, k=8, d=8)
peak = tracemalloc.get_traced_memory()[1] - before
assert SAMPLES_SIZE < peak < SAMPLES_SIZE + ALLOWANCE, f"{peak} bytes for {SAMPLES_SIZE} of samples"

# So has a context with worker threads: they are not Python's, and tracemalloc is not for them.
compressor = z.ZstdCompressor(threads=2)
compressor.compressobj()
before, of_malloc = tracemalloc.get_traced_memory()[0], malloc.taken()
stream = compressor.compressobj()
output = stream.compress(NOISE)
held = tracemalloc.get_traced_memory()[0] - before - len(output)
assert held < ALLOWANCE, f"{held} bytes are traced of a context with threads"
size = compressor.memory_size()
assert size > 1_000_000
if malloc.mallinfo2 is not None:
    taken = malloc.taken() - of_malloc
    assert taken > 0.8 * size, f"{taken} bytes from malloc(), and a context of {size}"
    del stream, output, compressor
    kept = malloc.taken() - of_malloc
    assert kept < 0.2 * taken, f"{kept} of {taken} bytes from malloc() are left"
