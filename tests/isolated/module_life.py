"""A module, its types and its native memory go when its last object goes, and not before."""

import contextlib
import gc
import importlib.util
import io
import sys
import tracemalloc
import weakref

from makers import MAKERS, makers

import zstandard as z


def load():
    """Return a further instance of the extension module, unknown to sys.modules."""
    spec = importlib.util.find_spec("zstandard.backend_c")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def use(module):
    compressor = module.ZstdCompressor()
    stream = compressor.compressobj()
    frame = stream.compress(b"content" * 1000) + stream.flush()
    decompressor = module.ZstdDecompressor()
    assert decompressor.decompressobj().decompress(frame) == b"content" * 1000
    assert module.decompress(module.compress(b"content")) == b"content"
    assert decompressor.stream_reader(io.BytesIO(frame)).read() == b"content" * 1000
    sink = io.BytesIO()
    with compressor.stream_writer(sink, closefd=False) as writer:
        writer.write(b"content" * 1000)
    assert b"".join(decompressor.read_to_iter(sink.getvalue())) == b"content" * 1000
    with contextlib.suppress(module.ZstdEOFError):
        decompressor.stream_reader(frame[:-1]).read()
    assert isinstance(writer, io.BufferedIOBase)
    return compressor


def types_of(module):
    return [weakref.ref(value) for value in vars(module).values() if isinstance(value, type)]


module = load()
assert module.ZstdCompressor is not z.ZstdCompressor
use(module)
types = types_of(module)
assert types
del module
gc.collect()
left = [reference() for reference in types if reference() is not None]
assert not left, f"{left} outlived their module"

# An instance of each type in the module's own dictionary makes a cycle through its type.
for index in range(sum(map(len, MAKERS.values()))):
    module = load()
    make = [make for group in makers(module).values() for make in group][index]
    module.instance = make()
    kind = weakref.ref(type(module.instance))
    del module, make
    gc.collect()
    assert kind() is None, f"{kind()} is in a cycle that was not collected"

module = load()
compressor = use(module)
state = weakref.ref(module)
del module
gc.collect()
assert state() is not None, "a live object has lost its module"
assert z.decompress(compressor.compress(b"alive")) == b"alive"
assert z.decompress(compressor.compressobj().flush()) == b""
compressor = None
gc.collect()
assert state() is None, "a module outlived its objects"

# What the module looks up, and what its exceptions are made from: a class that stays, even one that
# the collector has cleared, refers to its bases.
REFERRED = (
    io.FileIO,
    io.BufferedReader,
    io.BytesIO,
    io.UnsupportedOperation,
    Exception,
    EOFError,
)
tracemalloc.start()
use(load())
gc.collect()
before = tracemalloc.get_traced_memory()[0]
references = [sys.getrefcount(kind) for kind in REFERRED]
for _ in range(20):
    use(load())
    gc.collect()
assert [sys.getrefcount(kind) for kind in REFERRED] == references
grown = tracemalloc.get_traced_memory()[0] - before
assert grown < 100_000, f"{grown} bytes were left by 20 modules"
