"""Memory does not grow, whatever comes of the streams that are made and dropped."""

import contextlib
import copy
import gc
import io
import itertools
import os
import pickle
import sysconfig
import tracemalloc

from makers import (
    CONTENT,
    FRAME,
    MANY,
    MANY_FRAMES,
    SAMPLES,
    SEGMENTS,
    TRAINED,
    BadLookup,
    Failing,
    File,
    Shut,
    failing_calls,
)

import zstandard as z

COUNT = int(os.environ.get("LEAKS_COUNT", "2000"))
# Caches fill once; the smallest leak there is, of one object each time, is over 28 bytes.
TOLERANCE = 30_000 + 2 * COUNT

c, d = z.ZstdCompressor(), z.ZstdDecompressor()
SHORT = z.compress(b"content")
UNSIZED = z.ZstdCompressor(write_content_size=False).compress(CONTENT)
LINES = z.compress(b"content\n" * 20)
SKIPPABLE = z.write_skippable_frame(CONTENT)
(INFO,) = z.list_frames(SHORT)
LARGE = {"job_size": 1 << 20, "src_size_hint": 1 << 20, "max_block_size": 5000}.items()
PARAMETERS = z.ZstdCompressionParameters(**dict(LARGE), window_log=12)
LASTING = z.ZstdCompressionDict(TRAINED)
PREFIX = z.ZstdCompressionDict(CONTENT, z.DICT_TYPE_PREFIX)
TURNS = itertools.cycle(range(20))
# Without the GIL, CPython has some thousand small pieces of memory wait before it frees them.
WARM_UP = 2000 if sysconfig.get_config_var("Py_GIL_DISABLED") else 200
EXPECTED = (
    z.ZstdError,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    OverflowError,
    BufferError,
)


class FailsSecond:
    """A source that raises on its second read, and a sink that raises on its second write."""

    def __init__(self, data):
        self.data = data

    def read(self, _size):
        data, self.data = self.data, None
        if data is None:
            raise OSError
        return data

    def write(self, data):
        self.read(0)
        return len(data)


def failing(*uses):
    """Return a call of all uses, of which some may raise."""

    def call():
        for use in uses:
            with contextlib.suppress(*EXPECTED):
                use()

    return call


def of_each(*, readers=None, iterators=None, writers=None, chunkers=None):
    """Return a call that makes the streams of both directions and does something to each."""
    streams = []
    if readers:
        streams += [(lambda: readers(c.stream_reader, CONTENT))]
        streams += [(lambda: readers(d.stream_reader, FRAME))]
    if iterators:
        streams += [(lambda: iterators(c.read_to_iter, CONTENT))]
        streams += [(lambda: iterators(d.read_to_iter, FRAME))]
    if writers:
        streams += [(lambda: writers(c.stream_writer, CONTENT))]
        streams += [(lambda: writers(d.stream_writer, FRAME))]
    if chunkers:
        streams += [(lambda: chunkers(c.chunker, "compress", CONTENT))]
        streams += [(lambda: chunkers(d.chunker, "decompress", FRAME))]
    return failing(*streams)


def use_reader(new, data):
    with new(File(data)) as reader:
        reader.read(9)
        reader.readinto(bytearray(9))


def use_writer(new, data, sink=None):
    with new(sink or File()) as writer:
        writer.write(data)
        writer.writelines([b"", data])
        writer.flush()


class Results(File):
    """Returns objects that nobody asked for."""

    def close(self):
        return [self]

    def flush(self):
        return [self]


class FailsAtClose(Failing):
    """Raises in whatever it is asked for."""

    def close(self):
        raise OSError("close")


class Nonsense:
    """Gives a new object, which is none that a source gives."""

    def __init__(self, kind):
        self.kind = kind

    def read(self, size):
        return self.kind(f"{size} bytes")


def fail_writer(new, data):
    writer = new(FailsSecond(b""), write_size=5)
    with contextlib.suppress(OSError):
        writer.write(data)
    writer.close()


def fail_twice(new, data):
    writer = new(FailsAtClose())
    with contextlib.suppress(OSError):
        writer.write(data)
    writer.close()


def block_writer(new, data):
    writer = new(Shut())
    with contextlib.suppress(OSError):
        writer.write(data)
    writer.close()


def cut_writer(new, data):
    with new(io.BytesIO()) as writer:
        writer.write(data[:-3])


def use_chunker(new, start, data):
    stream = new(chunk_size=5000)
    for _ in getattr(stream, start)(data):
        pass
    for _ in stream.finish():
        pass


def fail_chunker(new, start, data):
    stream = new()
    list(getattr(stream, start)(data[:-3]))
    list(getattr(stream, start)(bytes(9)))
    list(stream.finish())


def seek_back():
    source = io.BytesIO(bytes(1000) + FRAME)
    source.seek(1000)  # of which CPython keeps no number ready
    reader = d.stream_reader(source)
    for _ in range(3):
        reader.read(5000)
        reader.readline()
        reader.seek(0)
        reader.peek()
        reader.read()
        reader.seek(0)  # which the content ahead has not got any more
    with contextlib.suppress(OSError):
        reader.seek(-1)


def use_precomputed():
    dictionary = z.ZstdCompressionDict(TRAINED)
    dictionary.precompute_compress(-5)
    z.ZstdDecompressor(dict_data=dictionary)


def configure_beside_streams():
    """Have a stream live longer than the configuration that it was made for."""
    for new, options, method, data in (
        (z.ZstdCompressor, {"level": -3}, "compress", b"content"),
        (z.ZstdDecompressor, {"max_window_size": 1 << 20}, "decompress", SHORT[:5]),
    ):
        coder = new(**options)
        stream = getattr(coder, f"{method}obj")()
        getattr(stream, method)(data)
        coder.__init__(**options)
        del stream


def digest_often():
    """Digest at levels by turns, of which a dictionary keeps but a few."""
    for _ in range(3):
        LASTING.precompute_compress(-1 - next(TURNS))


CASES = {
    "open, use and close": of_each(readers=use_reader, writers=use_writer, chunkers=use_chunker),
    "used up": of_each(
        readers=lambda new, data: new(io.BytesIO(data)).read(),
        iterators=lambda new, data: list(new(io.BytesIO(data))),
    ),
    "dropped unused": of_each(
        readers=lambda new, data: new(data),
        iterators=lambda new, data: new(data),
        writers=lambda new, _: new(File()),
        chunkers=lambda new, *_: new(),
    ),
    "dropped half-way": of_each(
        readers=lambda new, data: new(File(data), read_size=5000).read(1),
        iterators=lambda new, data: next(new(File(data), read_size=5000, write_size=1)),
        writers=lambda new, data: new(File()).write(data[:-1]),
        chunkers=lambda new, start, data: next(getattr(new(chunk_size=1), start)(data), None),
    ),
    "iterators of chunkers dropped": of_each(
        chunkers=lambda new, start, data: (
            getattr(new(), start)(data),
            new().flush(),
            next(new(chunk_size=1).finish(), None),
        ),
    ),
    "source raises on its second read": of_each(
        readers=lambda new, data: new(FailsSecond(data[:9])).read(),
        iterators=lambda new, data: list(new(FailsSecond(data[:9]))),
    ),
    "source raises on its second read, which loses nothing": failing(
        lambda: d.stream_reader(FailsSecond(FRAME[:-3])).readline(),
        lambda: d.stream_reader(FailsSecond(FRAME[:-3])).read1(),
        lambda: d.stream_reader(FailsSecond(FRAME[:-3])).seek(1 << 20),
    ),
    "source gives nonsense": failing(
        *(
            lambda new=new, kind=kind: list(new(Nonsense(kind), read_size=5))
            for new in (c.read_to_iter, d.read_to_iter)
            for kind in (str, list, str.encode)
        )
    ),
    "sink raises": of_each(writers=fail_writer),
    "sink raises when it is written to and closed": of_each(
        readers=lambda new, _: new(FailsAtClose()).close(),
        writers=fail_twice,
    ),
    "files that return something": of_each(
        readers=lambda new, data: new(Results(data)).close(),
        writers=lambda new, data: use_writer(new, data, Results()),
    ),
    "sink takes nothing": of_each(writers=block_writer),
    "copies": failing(
        lambda: c.copy_stream(io.BytesIO(CONTENT), File()),
        lambda: d.copy_stream(io.BytesIO(FRAME), File()),
        lambda: c.copy_stream(FailsSecond(CONTENT[:9]), File()),
        lambda: d.copy_stream(FailsSecond(FRAME[:9]), File()),
        lambda: c.copy_stream(File(CONTENT), Failing()),
        lambda: d.copy_stream(File(FRAME), Failing()),
        lambda: c.copy_stream(File(CONTENT), File(), progress=lambda *counts: counts),
        lambda: d.copy_stream(File(FRAME[:-1]), Shut()),
    ),
    "bad input": of_each(
        readers=lambda new, data: new(data[:-1] + b"?", **size_of(new)).read(),
        iterators=lambda new, data: list(new(File(data[:-1]), **size_of(new))),
        writers=cut_writer,
        chunkers=fail_chunker,
    ),
    "wrong sizes": failing(
        lambda: c.stream_reader(File(CONTENT), size=5).read(),
        lambda: list(c.read_to_iter(File(CONTENT), size=9999)),
        lambda: c.stream_writer(File(), size=5).write(CONTENT),
        lambda: c.stream_writer(File(), size=5).close(),
        lambda: list(c.chunker(size=5).finish()),
    ),
    "seeking": seek_back,
    "lines": lambda: (list(d.stream_reader(LINES)), d.stream_reader(LINES).readlines(99)),
    "listings of frames": failing(
        lambda: list(z.list_frames(FRAME * 2)),
        lambda: list(z.list_frames(File(SHORT * 2), read_size=5)),
        lambda: list(z.list_frames(io.BytesIO(SKIPPABLE * 2), read_size=5)),
        lambda: list(z.list_frames(FRAME[:-1])),
        lambda: list(z.list_frames(File(SHORT + b"junkjunk"))),
        lambda: next(z.list_frames(FailsSecond(FRAME[:9]))),
        lambda: next(z.list_frames(bytearray(FRAME * 2))),
        lambda: (repr(INFO), hash(INFO), next(z.list_frames(SHORT)) == INFO, INFO.content_size),
    ),
    "skippable frames": failing(
        lambda: z.write_skippable_frame(CONTENT, 5),
        lambda: z.read_skippable_frame(SKIPPABLE),
        lambda: z.read_skippable_frame(SKIPPABLE[:-1]),
        lambda: z.is_skippable_frame(bytearray(SKIPPABLE)),
    ),
    "dictionaries": failing(
        lambda: (len(z.ZstdCompressionDict(TRAINED)), z.ZstdCompressionDict(TRAINED).dict_id()),
        use_precomputed,
        lambda: z.ZstdCompressor(-3, dict_data=z.ZstdCompressionDict(TRAINED)).compress(b"data"),
        lambda: z.ZstdDecompressor(dict_data=z.ZstdCompressionDict(TRAINED)).decompress(SHORT),
        lambda: z.ZstdCompressor(-3, dict_data=LASTING).compress(b"data"),
        lambda: LASTING.precompute_compress(-5),
        lambda: LASTING.precompute_compress(nothing=5),
        lambda: LASTING.__init__(bytearray(TRAINED)),
        lambda: LASTING.__init__(TRAINED, 9),
        lambda: z.ZstdCompressor(dict_data=LASTING, nothing=5),
        lambda: copy.copy(LASTING).dict_id(),
        lambda: z.ZstdCompressor(dict_data=z.ZstdCompressionDict(CONTENT, 2)).compress(b"data"),
        lambda: z.ZstdDecompressor(dict_data=z.ZstdCompressionDict(CONTENT, 2)),
    ),
    "prefixes": failing(
        lambda: z.ZstdCompressor(-3, dict_data=PREFIX).compress(b"data"),
        lambda: z.ZstdDecompressor(dict_data=PREFIX).decompress(SHORT),
        lambda: z.ZstdCompressor(dict_data=z.ZstdCompressionDict(CONTENT, z.DICT_TYPE_PREFIX)),
        PREFIX.precompute_compress,
    ),
    "configured beside streams": configure_beside_streams,
    "digests that are no longer kept": digest_often,
    "training": failing(
        lambda: z.train_dictionary(256, SAMPLES[:20], k=8, d=8, f=5),
        lambda: z.train_dictionary(256, [b"a"] * 9),
        lambda: z.finalize_dictionary(512, b"content" * 9, SAMPLES[:5]),
        lambda: z.finalize_dictionary(300, bytearray(CONTENT), SAMPLES[:5]),
    ),
    "chains": failing(
        lambda: d.decompress_content_dict_chain([FRAME, FRAME, SHORT]),
        lambda: d.decompress_content_dict_chain([FRAME, FRAME[:-1]]),
        lambda: d.decompress_content_dict_chain([FRAME, None]),
    ),
    "failed look-ups": failing(lambda: d.stream_reader(BadLookup()), d.stream_writer),
    "attributes": failing(
        lambda: c.stream_reader(io.BytesIO()).fileno(),
        lambda: getattr(d.stream_writer(File()), "name", None),
        lambda: d.stream_writer(File()).read(),
    ),
    "closed": failing(
        *(
            lambda make=make, name=name: getattr(closed(make()), name)(b"data")
            for make in (
                lambda: d.stream_reader(SHORT),
                lambda: d.stream_writer(File()),
                lambda: z.ZstdCompressionWriter.__new__(z.ZstdCompressionWriter),
            )
            for name in ("write", "writelines", "read", "readinto", "seek")
        )
    ),
    "buffers": lambda: [
        bytes(segment)
        for buffer in [z.BufferWithSegments(bytearray(CONTENT), bytearray(SEGMENTS))]
        for segment in (
            *buffer,
            *buffer.segments(),
            z.BufferWithSegmentsCollection(*[buffer] * 20)[0],
        )
    ],
    "batches": lambda: (
        d.multi_decompress_to_buffer(c.multi_compress_to_buffer([CONTENT, bytearray(9)])),
        d.multi_decompress(c.multi_compress([CONTENT, bytearray(9)])),
        d.multi_decompress([UNSIZED, bytearray(UNSIZED)]),
    ),
    "parameters": failing(
        lambda: (repr(PARAMETERS), hash(PARAMETERS), z.ZstdCompressionParameters() == PARAMETERS),
        lambda: z.ZstdCompressionParameters(**{name: int(str(value)) for name, value in LARGE}),
        lambda: z.ZstdCompressionParameters.from_level(5, int("1000"), window_log=int("12")),
        lambda: pickle.loads(pickle.dumps(PARAMETERS)),
        lambda: (z.compression_bounds(), z.decompression_bounds()),
        PARAMETERS.estimated_compression_context_size,
        lambda: z.ZstdCompressor(compression_params=PARAMETERS).compress(b"content"),
        lambda: PARAMETERS.window_log,
    ),
    "failing constructions": failing(*(call for call, _ in failing_calls())),
}


def closed(file):
    file.close()
    return file


def size_of(new):
    """Return the option that makes the compressing streams fail, too."""
    return {"size": 3} if new in (c.stream_reader, c.read_to_iter) else {}


def traced_after(call, count):
    for _ in range(count):
        call()
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


tracemalloc.start()
assert d.multi_decompress(MANY_FRAMES * 9, None, 3) == MANY * 9, "threads under tracemalloc"
for name, call in CASES.items():
    before = traced_after(call, WARM_UP)
    grown = traced_after(call, COUNT) - before
    assert grown < TOLERANCE, f"{name}: {grown} bytes were left by {COUNT} repetitions"
