"""Cycles through every object reference of every type are found and collected."""

import contextlib
import gc
import io
import random
import weakref
from functools import partial
from itertools import chain, product

from makers import CONTENT, FRAME, MAKERS, SEGMENTS, SUBCLASSABLE, File, Shut, call_all

import zstandard as z

NOISE = random.Random(0).randbytes(400_000)
NOISE_FRAME = z.compress(NOISE)

# The fields of each type at which an object of the caller's may be, as its struct has them: a
# cycle is closed at each. A Source is one field, though it holds its object twice.
FIELDS = {
    "ZstdCompressionObj": {"owner"},
    "ZstdDecompressionObj": {"owner"},
    "ZstdCompressionReader": {"owner", "file", "feed.chunk"},
    "ZstdDecompressionReader": {"owner", "file", "feed.chunk", "feed.start"},
    "ZstdCompressionWriter": {"owner", "file"},
    "ZstdDecompressionWriter": {"owner", "file"},
    "ZstdCompressorIterator": {"owner", "source", "feed.chunk"},
    "ZstdDecompressorIterator": {"owner", "source", "feed.chunk"},
    "ZstdCompressionChunker": {"owner", "source"},
    "ZstdDecompressionChunker": {"owner", "source"},
    "ZstdCompressionChunkerIterator": {"chunker"},
    "ZstdDecompressionChunkerIterator": {"chunker"},
    "FrameInfoIterator": {"source", "feed.chunk", "feed.start"},
    "BufferWithSegments": {"source"},
    "BufferSegments": {"buffer"},
    "BufferSegment": {"buffer"},
    "BufferWithSegmentsCollection": {"buffers"},
}
# What is visited as well, and never is part of a cycle: streams that do not go back to where their
# file began, and numbers and bytes.
NEVER = {
    "ZstdCompressionReader": {"feed.start"},
    "ZstdCompressorIterator": {"feed.start"},
    "ZstdDecompressorIterator": {"feed.start"},
    "FrameInfo": {"values"},
}
# At no field of a type of ours: at the dictionary of a subclass, the subclass itself, and a view.
OTHER_CYCLES = {"itself", "class", "view"}


class Compressor(z.ZstdCompressor):
    pass


class Decompressor(z.ZstdDecompressor):
    pass


class CompressionWriter(z.ZstdCompressionWriter):
    pass


class DecompressionWriter(z.ZstdDecompressionWriter):
    pass


class Dictionary(z.ZstdCompressionDict):
    pass


class Parameters(z.ZstdCompressionParameters):
    pass


class Bytes(bytes):
    pass


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


class Place:
    """Where a file is, and where it is a little before: any object."""

    def __sub__(self, given):
        return self

    def __add__(self, way):
        return way


class Elsewhere(File):
    """A file that tells where it is by an object of its own."""

    def __init__(self, data):
        super().__init__(data)
        self.place = Place()

    def seekable(self):
        return True

    def seek(self, place):
        return self.data.seek(0 if place is self.place else place)

    def tell(self):
        return self.place


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


def through_class(kind, arguments):
    subclass = type("Subclass", (kind,), {})
    return subclass, subclass(*arguments())


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


def through_start(start, use):
    source = Elsewhere(NOISE_FRAME)
    stream = start(source, read_size=9)
    use(stream)
    return source.place, stream


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
        lambda: Dictionary(CONTENT),
        Parameters,
    ):
        yield "itself", partial(through_itself, make)
    for kind, arguments in SUBCLASSABLE.items():
        yield "class", partial(through_class, kind, arguments)
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
        lambda: CompressionWriter(Compressor(), File()),
        lambda: DecompressionWriter(Decompressor(), File()),
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
        field = "file" if method.__name__ == "stream_reader" else "source"
        for kind, taken in product((io.BytesIO, File, Bytes, Bytearray), (0, 1)):
            yield field, partial(through_source, kind, method, data, taken)
        for kind in (Bytes, Bytearray):
            yield "feed.chunk", partial(through_chunk, kind, method, long_data)
    yield "feed.start", partial(through_start, d.stream_reader, lambda s: (s.read(1), s.seek(0)))
    yield "feed.start", partial(through_start, z.list_frames, next)


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
        yield "file", partial(through_sink, kind, make, data)


def references_of_chunkers():
    """Do the same for chunkers and their iterators."""
    for coder, start, data in (
        (Compressor, "compress", CONTENT * 100),
        (Decompressor, "decompress", FRAME),
    ):
        for taken in (0, 1):
            yield "chunker", partial(through_chunker, coder, start, data, taken)
            for kind in (Bytes, Bytearray):
                yield "source", partial(through_data, coder, start, kind(data), taken)
                iterator = partial(through_data_of_iterator, coder, start, kind(data), taken)
                yield "chunker", iterator


def references_of_buffers():
    """Do the same for a BufferWithSegments and what is made from it."""
    for kind, through in product((Bytes, Bytearray), (lambda data: data, memoryview)):
        for field, make in (
            ("source", lambda buffer: buffer),
            ("buffer", lambda buffer: buffer.segments()),
            ("buffer", lambda buffer: buffer[1]),
            ("view", memoryview),
            ("view", lambda buffer: memoryview(buffer[1])),
            ("view", lambda buffer: memoryview(buffer.segments())),
            ("source", lambda buffer: z.BufferWithSegments(buffer[1], b"")),
            ("buffers", lambda buffer: z.BufferWithSegmentsCollection(buffer, buffer)),
        ):
            yield field, partial(through_buffer, kind, through, make)


def through_buffer(kind, through, make):
    data = kind(CONTENT)
    return data, make(z.BufferWithSegments(through(data), SEGMENTS))


class Marker:
    pass


class Late:
    """Calls every method of a stream when the collector is about to clear it."""

    def __init__(self, stream):
        self.stream = stream

    def __del__(self):
        call_all(self.stream)


def all_references():
    """Yield every reference of every type: its name, and the call that makes a chain through it."""
    return chain(
        references_to_owners(),
        references_to_sources(),
        references_to_sinks(),
        references_of_chunkers(),
        references_of_buffers(),
    )


def close_cycle(closing, make):
    """Make a chain of objects and close it; return its end's type of ours, and when it has gone."""
    holder, stream = make()
    holder.cycle = closing(stream)
    holder.marker = Marker()
    kind = next((base for base in type(stream).__mro__ if base in MAKERS), type(stream))
    return kind, weakref.ref(holder.marker)


def check(closing):
    """Close a cycle at every reference in turn; return those of which something is left."""
    left = []
    for field, make in all_references():
        kind, gone = close_cycle(closing, make)
        what = f"{field} of {kind.__name__}"
        assert gc.isenabled() or gone() is not None, f"{what}: there is no cycle"
        gc.collect()
        gc.collect()  # what finalizers have used, the exceptions of 3.15 keep once more
        if gone() is not None:
            left.append(what)
    return sorted(set(left))


def check_saved():
    """Have the collector save what it finds, which is whole; return the fields it was found by."""
    fields = {}
    for field, make in all_references():
        gc.set_debug(gc.DEBUG_SAVEALL)
        kind, _ = close_cycle(lambda stream: stream, make)
        gc.collect()
        gc.set_debug(0)
        what = f"{field} of {kind.__name__}"
        saved = [each for each in gc.garbage if isinstance(each, kind)]
        gone = [weakref.ref(each) for each in gc.garbage if type(each) is Marker]
        gc.garbage.clear()
        assert saved, f"{what}: the collector has not found it"
        assert gone, f"{what}: the collector has not found the cycle"
        if field not in OTHER_CYCLES:
            fields.setdefault(kind.__name__, set()).add(field)
        while saved:
            call_all(saved.pop())
        gc.collect()
        gc.collect()
        assert not any(each() for each in gone), f"{what}: it was kept"
    return fields


gc.disable()
gc.collect()
left = check(lambda stream: stream)
assert not left, f"cycles that were not collected: {left}"
left = check(Late)
assert not left, f"cycles with finalizers that were not collected: {left}"
fields = check_saved()
assert fields == FIELDS, f"cycles were closed at other fields than those of the table: {fields}"

# The same where the collector comes by whenever something is made.
gc.enable()
gc.set_threshold(1)
left = check(lambda stream: stream)
assert not left, f"cycles that were not collected in passing: {left}"
left = check(Late)
assert not left, f"cycles with finalizers that were not collected in passing: {left}"
assert not gc.garbage
