"""Cycles through every object reference of every type are found and collected."""

import contextlib
import gc
import weakref

import zstandard as z


class Compressor(z.ZstdCompressor):
    pass


class Decompressor(z.ZstdDecompressor):
    pass


def used(stream):
    """Give the stream work, so that it holds a context in mid-frame."""
    if isinstance(stream, z.ZstdCompressionObj):
        stream.compress(b"content")
    else:
        stream.decompress(z.compress(b"content" * 1000) + b"more", 10)
    return stream


gc.disable()
for make in (
    Compressor,
    Decompressor,
    lambda: Compressor().compressobj(),
    lambda: used(Compressor().compressobj()),
    lambda: used(Compressor(threads=1).compressobj()),
    lambda: Decompressor().decompressobj(),
    lambda: used(Decompressor().decompressobj()),
):
    instance = make()
    owners = [o for o in gc.get_referents(instance) if isinstance(o, (Compressor, Decompressor))]
    owner = owners[0] if owners else instance
    owner.cycle = instance
    gone = weakref.ref(owner)
    del instance, owners, owner
    assert gone() is not None
    gc.collect()
    assert gone() is None, "a cycle was not collected"


class Late:
    """Calls a stream when the collector has cleared it already, or is about to."""

    def __init__(self, stream):
        self.stream = stream

    def __del__(self):
        with contextlib.suppress(z.ZstdError):
            self.stream.flush()


for make in (lambda: Compressor().compressobj(), lambda: Decompressor().decompressobj()):
    stream = used(make())
    owner = next(o for o in gc.get_referents(stream) if hasattr(o, "memory_size"))
    owner.cycle = Late(stream)
    del stream, owner
    gc.collect()
