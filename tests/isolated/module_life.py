"""A module, its types and its native memory go when its last object goes, and not before."""

import gc
import importlib.util
import tracemalloc
import weakref

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
    assert module.ZstdDecompressor().decompressobj().decompress(frame) == b"content" * 1000
    assert module.decompress(module.compress(b"content")) == b"content"
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
for make in (
    lambda module: module.ZstdCompressor(),
    lambda module: module.ZstdDecompressor(),
    lambda module: module.ZstdCompressor().compressobj(),
    lambda module: module.ZstdDecompressor().decompressobj(),
    lambda module: module.get_frame_parameters(module.compress(b"")),
):
    module = load()
    module.instance = make(module)
    kind = weakref.ref(type(module.instance))
    del module
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

tracemalloc.start()
use(load())
gc.collect()
before = tracemalloc.get_traced_memory()[0]
for _ in range(20):
    use(load())
    gc.collect()
grown = tracemalloc.get_traced_memory()[0] - before
assert grown < 100_000, f"{grown} bytes were left by 20 modules"
