"""Cycles through every object reference of every type are found and collected."""

import contextlib
import gc
import io
import weakref
from functools import partial
from itertools import chain, product

from fields import (
    INERT,
    NOISE,
    NOISE_FRAME,
    WHOLE,
    Bytes,
    CompressionWriter,
    Compressor,
    DecompressionWriter,
    Decompressor,
    Dict,
    Parameters,
    reachable,
)
from makers import CONTENT, FRAME, SEGMENTS, File, Shut, call_all

import zstandard as z


class Bytearray(bytearray):
    pass


class ShutFile(Shut, File):
    pass


class Holder:
    """A source whose read() gives an object of another class, and then nothing."""

    def __init__(self, data):
        self.data = [data]

    def read(self, size):
        return self.data.pop() if size > 0 and self.data else b""


def used(stream):
    """Give the stream work, so that it holds a context in mid-frame."""
    if isinstance(stream, z.ZstdCompressionObj):
        stream.compress(b"content")
    else:
        stream.decompress(FRAME + b"more", 10)
    return stream


def owner_of(stream):
    return next(o for o in gc.get_referents(stream) if isinstance(o, (Compressor, Decompressor)))


def through_owner(make):
    """Make a stream; return the object that a cycle is closed at, and what it is closed with."""
    stream = make()
    return owner_of(stream), stream


def through_itself(make):
    instance = make()
    return instance, instance


def begin(coder, start, data, taken):
    stream = coder().chunker(chunk_size=1)
    iterator = getattr(stream, start)(data)
    for _ in range(taken):
        next(iterator, None)
    return stream, iterator


def through_chunker(coder, start, data, taken):
    stream, iterator = begin(coder, start, data, taken)
    return owner_of(stream), iterator


def through_data(coder, start, data, taken):
    data = type(data)(data)
    return data, begin(coder, start, data, taken)[0]


def through_data_of_iterator(coder, start, data, taken):
    data = type(data)(data)
    return data, begin(coder, start, data, taken)[1]


def through_source(kind, method, data, taken):
    source = kind(data)
    stream = method(source, read_size=9, **small_output(method))
    take(stream, taken)
    return source, stream


def through_chunk(kind, method, data):
    chunk = kind(data)
    stream = method(Holder(chunk), read_size=len(data), **small_output(method))
    take(stream, 1)
    return chunk, stream


def small_output(method):
    """Return the options that leave an iterator within its source."""
    return {"write_size": 1} if method.__name__ == "read_to_iter" else {}


def take(stream, count):
    for _ in range(count):
        if hasattr(stream, "read"):
            stream.read(1)
        else:
            next(stream, None)


def through_sink(kind, make, data):
    sink = kind()
    writer = make(sink)
    with contextlib.suppress(BlockingIOError):
        writer.write(data)
        writer.flush()
    return sink, writer


def references_to_owners():
    """Yield the name of each reference, and the call that makes a chain of objects through it."""
    for make in (
        Compressor,
        Decompressor,
        lambda: CompressionWriter(Compressor(), File()),
        lambda: DecompressionWriter(Decompressor(), File()),
        lambda: CompressionWriter.__new__(CompressionWriter),
        Parameters,
        lambda: Dict(CONTENT),
    ):
        yield "itself", partial(through_itself, make)
    for make in (
        lambda: Compressor().compressobj(),
        lambda: used(Compressor().compressobj()),
        lambda: used(Compressor(threads=1).compressobj()),
        lambda: Decompressor().decompressobj(),
        lambda: used(Decompressor().decompressobj()),
        lambda: Compressor().stream_reader(CONTENT),
        lambda: Decompressor().stream_reader(FRAME),
        lambda: Compressor().stream_writer(File()),
        lambda: Decompressor().stream_writer(File()),
        lambda: Compressor().read_to_iter(CONTENT),
        lambda: Decompressor().read_to_iter(FRAME),
        lambda: Compressor().chunker(),
        lambda: Decompressor().chunker(),
    ):
        yield "owner", partial(through_owner, make)


def references_to_sources():
    """Do the same for readers and iterators, and the bytes-like objects that files give them."""
    c, d = z.ZstdCompressor(), z.ZstdDecompressor()
    for method, data, long_data in (
        (c.stream_reader, CONTENT, NOISE),
        (d.stream_reader, FRAME, NOISE_FRAME),
        (c.read_to_iter, CONTENT, NOISE),
        (d.read_to_iter, FRAME, NOISE_FRAME),
        (z.list_frames, FRAME * 2, FRAME * 2),
    ):
        for kind, taken in product((io.BytesIO, File, Bytes, Bytearray), (0, 1)):
            yield "source", partial(through_source, kind, method, data, taken)
        for kind in (Bytes, Bytearray):
            yield "chunk", partial(through_chunk, kind, method, long_data)


def references_to_sinks():
    """Do the same for writers."""
    c, d = z.ZstdCompressor(), z.ZstdDecompressor()
    writers = (
        c.stream_writer,
        d.stream_writer,
        lambda sink: CompressionWriter(c, sink),
        lambda sink: DecompressionWriter(d, sink),
    )
    pieces = (b"", FRAME[:9], FRAME)
    for make, kind, data in product(writers, (io.BytesIO, File, ShutFile), pieces):
        yield "sink", partial(through_sink, kind, make, data)


def references_of_chunkers():
    """Do the same for chunkers and their iterators."""
    for coder, start, data in (
        (Compressor, "compress", CONTENT * 100),
        (Decompressor, "decompress", FRAME),
    ):
        for taken in (0, 1):
            yield "chunker", partial(through_chunker, coder, start, data, taken)
            for make in (through_data_of_iterator, through_data):
                for kind in (Bytes, Bytearray):
                    yield "data", partial(make, coder, start, kind(data), taken)


def references_of_buffers():
    """Do the same for a BufferWithSegments and what is made from it."""
    for kind, through in product((Bytes, Bytearray), (lambda data: data, memoryview)):
        for make in (
            lambda buffer: buffer,
            lambda buffer: buffer.segments(),
            lambda buffer: buffer[1],
            memoryview,
            lambda buffer: memoryview(buffer[1]),
            lambda buffer: memoryview(buffer.segments()),
            lambda buffer: z.BufferWithSegments(buffer[1], b""),
            lambda buffer: z.BufferWithSegmentsCollection(buffer, buffer),
        ):
            yield "data", partial(through_buffer, kind, through, make)


def through_buffer(kind, through, make):
    data = kind(CONTENT)
    return data, make(z.BufferWithSegments(through(data), SEGMENTS))


def through_field(make, name):
    """Return an object that the field leads to, and takes attributes, and the instance."""
    instance, fields = make()
    return next(held for held in reachable(fields[name]) if hasattr(held, "__dict__")), instance


def references_of_fields():
    """Do the same for every field of every type, by itself."""
    for make in WHOLE.values():
        for name in make()[1]:
            if name not in INERT:
                yield name, partial(through_field, make, name)


class Marker:
    pass


class Late:
    """Calls every method of a stream when the collector is about to clear it."""

    def __init__(self, stream):
        self.stream = stream

    def __del__(self):
        call_all(self.stream)


def all_references():
    return chain(
        references_of_fields(),
        references_to_owners(),
        references_to_sources(),
        references_to_sinks(),
        references_of_chunkers(),
        references_of_buffers(),
    )


def check(closing, is_found=None):
    """Close a cycle at every reference in turn; return those of which something is left.

    is_found: collects a cycle, given the address of the stream in it; whether that was found.
    """
    left = []
    for name, make in all_references():
        holder, stream = make()
        what = f"{name} {type(holder).__name__} of {type(stream).__name__}"
        holder.cycle = closing(stream)
        holder.marker = Marker()
        gone = weakref.ref(holder.marker)
        address = id(stream)
        del holder, stream
        assert gc.isenabled() or gone() is not None, f"{what}: there is no cycle"
        found = is_found is None or is_found(address)
        gc.collect()
        gc.collect()  # what finalizers have used, the exceptions of 3.15 keep once more
        if not found or gone() is not None:
            left.append(what)
    return sorted(set(left))


def is_saved(address):
    """Have the collector keep what it finds, and return whether that object is among it."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gc.set_debug(0)
    found = any(id(one) == address for one in gc.garbage)
    gc.garbage.clear()
    return found


gc.disable()
gc.collect()
left = check(lambda stream: stream)
assert not left, f"cycles that were not collected: {left}"
left = check(lambda stream: stream, is_saved)
assert not left, f"cycles that were not found, or not collected after having been: {left}"
left = check(Late)
assert not left, f"cycles with finalizers that were not collected: {left}"

# The same while the collector comes by as often as it can: to objects that are being made, too.
gc.set_threshold(1)
gc.enable()
for closing in (lambda stream: stream, Late):
    left = check(closing)
    assert not left, f"cycles that were not collected in the meantime: {left}"
assert not gc.garbage
