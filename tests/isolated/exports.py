"""No bytearray stays exported, which would keep its size, once a stream is done with it."""

import contextlib
import io
import sys

from makers import FRAME, Failing, Shut

import zstandard as z
from samples import is_released, noise

CONTENT = noise(400_000)
LONG_FRAME = z.compress(CONTENT)
c, d = z.ZstdCompressor(), z.ZstdDecompressor()


class Source:
    """Gives bytearrays, and raises at its end if it is told to."""

    def __init__(self, data, fails=False):
        self.data = io.BytesIO(data)
        self.fails = fails
        self.given = []

    def read(self, size):
        self.given.append(bytearray(self.data.read(size)))
        if self.fails and not self.given[-1]:
            raise OSError
        return self.given[-1]


class Sink:
    """Takes everything, and remembers what of."""

    def write(self, data):
        return len(data)


def released(what, *buffers):
    for buffer in buffers:
        assert is_released(buffer), f"exported after {what}"


def suppress(*more):
    return contextlib.suppress(z.ZstdError, OSError, ValueError, TypeError, *more)


# --- what is read ---

READS = {
    "read": lambda s: s.read(),
    "read(1)": lambda s: s.read(1),
    "read1": lambda s: s.read1(),
    "readinto": lambda s: s.readinto(bytearray(9)),
    "readall": lambda s: s.readall(),
    "readline": lambda s: s.readline(),
    "peek": lambda s: s.peek(),
    "seek": lambda s: s.seek(300_000),
    "next": next,
    "nothing": id,
}
JUNK = LONG_FRAME[:-100] + bytes(50)

for new, inputs in (
    (c.stream_reader, (CONTENT, b"")),
    (d.stream_reader, (LONG_FRAME, LONG_FRAME[:-1], JUNK, b"junkjunk", b"")),
):
    for name, read in READS.items():
        for data in inputs:
            buffer = bytearray(data)
            reader = new(buffer)
            with suppress(AttributeError, StopIteration):
                read(reader)
            assert not is_released(buffer) or not data
            reader.close()
            released(f"{name} and close() of a reader", buffer)

            with suppress(AttributeError, StopIteration), new(buffer) as reader:
                read(reader)
            released(f"{name} in a with statement", buffer)

            reader = new(buffer)
            with suppress(AttributeError, StopIteration):
                read(reader)
            del reader
            released(f"{name} and the end of a reader", buffer)

            for fails in (False, True):
                source = Source(data, fails)
                reader = new(source, read_size=50_000)
                with suppress(AttributeError, StopIteration):
                    read(reader)
                released("what comes after it was read", *source.given[:-1])
                with suppress():
                    reader.close()
                released(f"{name} and close() of a reader of a file", *source.given)

    source = Source(inputs[0], fails=True)
    reader = new(source, read_size=50_000)
    with suppress():
        reader.read()
    released("the source has raised", *source.given)

    # What is read into is free again, whatever came of it.
    for data in inputs:
        into = bytearray(500_000)
        for method in ("readinto", "readinto1"):
            reader = new(data)
            for _ in range(3):
                with suppress():
                    getattr(reader, method)(into)
                released(method, into)
            reader.close()
            with suppress():
                getattr(reader, method)(into)
            released(f"{method} of a closed reader", into)

for new, inputs in (
    (c.read_to_iter, (CONTENT, b"")),
    (d.read_to_iter, (LONG_FRAME, LONG_FRAME + b"rest", LONG_FRAME[:-1], JUNK, b"junkjunk", b"")),
):
    for data in inputs:
        for options in ({}, {"read_size": 50_000}, {"write_size": 1000}):
            buffer = bytearray(data)
            iterator = new(buffer, **options)
            with suppress():
                list(iterator)
            released(f"the end of {type(iterator).__name__} for {data[-9:]}", buffer)
            with suppress():
                list(iterator)

            iterator = new(buffer, **options)
            with suppress(StopIteration):
                next(iterator)
            del iterator
            released("an iterator was dropped", buffer)

            for fails in (False, True):
                source = Source(data, fails)
                iterator = new(source, **options)
                with suppress():
                    list(iterator)
                released(f"the end of {type(iterator).__name__} of a file", *source.given)

for data in (LONG_FRAME, LONG_FRAME * 2, LONG_FRAME[:-1], b"junkjunk", b""):
    buffer = bytearray(data)
    listing = z.list_frames(buffer)
    with suppress():
        list(listing)
    released(f"the end of {type(listing).__name__} for {data[-9:]}", buffer)

    listing = z.list_frames(buffer)
    with suppress(StopIteration):
        next(listing)
    del listing
    released("a listing was dropped", buffer)

    for fails in (False, True):
        source = Source(data, fails)
        listing = z.list_frames(source)
        with suppress():
            list(listing)
        released("the end of a listing of a file", *source.given)

for data in (LONG_FRAME, b"junk", z.write_skippable_frame(CONTENT)):
    buffer = bytearray(data)
    with suppress():
        z.read_skippable_frame(buffer)
    released("read_skippable_frame()", buffer)
    z.write_skippable_frame(buffer)
    released("write_skippable_frame()", buffer)

# At its end, an iterator lets its source go, and a closed file lets go of the one beside it.
for new, data in (
    (c.read_to_iter, CONTENT),
    (d.read_to_iter, LONG_FRAME),
    (z.list_frames, LONG_FRAME),
    (c.stream_reader, CONTENT),
    (d.stream_reader, LONG_FRAME),
    (c.stream_writer, b""),
    (d.stream_writer, b""),
):
    for file in (io.BytesIO(data), Source(data)):
        if not (data or hasattr(file, "write")):
            continue
        before = sys.getrefcount(file)
        stream = new(file)
        assert sys.getrefcount(file) == before + 1
        if hasattr(stream, "close"):
            stream.close()
        else:
            list(stream)
        assert sys.getrefcount(file) == before, f"{type(stream).__name__} keeps its file"

# --- what is written ---

for make, pieces in (
    (c.stream_writer, (CONTENT, b"")),
    (d.stream_writer, (LONG_FRAME, LONG_FRAME[:-1], JUNK, b"junkjunk", b"")),
):
    for sink in (Sink(), Failing(), Shut()):
        for piece in pieces:
            data, line = bytearray(piece), bytearray(piece)
            writer = make(sink, closefd=False)
            with suppress():
                writer.write(data)
            released("write()", data)
            with suppress():
                writer.writelines([line, data])
            released("writelines()", data, line)
            with suppress():
                writer.close()
            for method, argument in (("write", data), ("writelines", [data])):
                with suppress():
                    getattr(writer, method)(argument)
                released(f"{method}() on a closed writer", data)

# --- what is cut into chunks ---

for make, start, pieces in (
    (c.chunker, "compress", (CONTENT, b"")),
    (d.chunker, "decompress", (LONG_FRAME, LONG_FRAME * 2, JUNK, b"junkjunk", b"")),
):
    for piece in pieces:
        for size in (1000, 1 << 20):
            data = bytearray(piece)
            stream = make(chunk_size=size)
            begin = getattr(stream, start)
            with suppress():
                list(begin(data))
            released(f"a {type(stream).__name__} took {data[-9:]}", data)

            stream = make(chunk_size=size)
            begin = getattr(stream, start)
            iterator = begin(data)
            other = bytearray(piece)
            if piece:
                with suppress():
                    begin(other)
                released(f"a refused {start}()", other)
            with suppress(StopIteration):
                next(iterator)
            del iterator, stream, begin
            released("a chunker was dropped", data)

            stream = make()
            list(stream.finish())
            with suppress():
                getattr(stream, start)(data)
            released(f"{start}() of a finished chunker", data)

# --- what is in a batch, or in a buffer with segments ---

for data in (CONTENT, LONG_FRAME, LONG_FRAME[:-1], JUNK, b"junkjunk", b""):
    for call in (
        c.multi_compress,
        c.multi_compress_to_buffer,
        d.multi_decompress,
        d.multi_decompress_to_buffer,
    ):
        for more in ([], [b"junk"], ["text"], [memoryview(data)[::2]]):
            for threads in (0, 3):
                buffers = [bytearray(data), bytearray(data)]
                with suppress(BufferError):
                    call([*buffers, *more], threads=threads)
                released(f"{call.__name__}() of {data[-9:]} and {more}", *buffers)
    for segments in (b"", bytes(15), bytes(16), b"\xff" * 16, "text"):
        buffer, array = bytearray(data), bytearray(16)
        with suppress():
            z.BufferWithSegments(buffer, segments)
        with suppress():
            z.BufferWithSegments("text", array)
        with suppress():
            z.BufferWithSegments(buffer, array).segments()
        released("a BufferWithSegments was dropped or refused", buffer, array)

# --- what is copied ---

for copy, inputs in (
    (c.copy_stream, (CONTENT, b"")),
    (d.copy_stream, (LONG_FRAME, LONG_FRAME[:-1], JUNK, b"junkjunk", FRAME, b"")),
):
    for data in inputs:
        for sink in (Sink(), Failing(), Shut()):
            for fails in (False, True):
                source = Source(data, fails)
                with suppress():
                    copy(source, sink)
                released("copy_stream()", *source.given)
