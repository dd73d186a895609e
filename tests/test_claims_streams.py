"""Readers, writers, iterators and chunkers in many threads, and re-entered by their files."""

import contextlib
import io
import threading
from functools import partial

import pytest

import parallel
import samples
from parallel import in_threads
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdEOFError, ZstdError, compress

pytestmark = pytest.mark.usefixtures("frequent_switches")

CONTENT = samples.noise(400_000)
FRAME = compress(CONTENT)
IN_USE = "already in use by this thread"


def content(frame):
    return ZstdDecompressor().decompress(frame, max_output_size=-1)


class Callback:
    """A seekable source, and a sink, whose methods call back."""

    def __init__(self, data=b"", **callbacks):
        self.file = io.BytesIO(data)
        self.callbacks = callbacks
        self.stream = None

    def __getattr__(self, name):
        method = getattr(self.file, name)
        callback = self.callbacks.get(name)
        if callback is None:
            return method

        def call(*arguments):
            callback(self.stream)
            return method(*arguments)

        return call


# Shapes with a file on their other side: how to make one, what the file holds, what to do with it.
READERS = {
    "compression reader": (lambda file: ZstdCompressor().stream_reader(file), CONTENT),
    "decompression reader": (lambda file: ZstdDecompressor().stream_reader(file), FRAME),
}
ITERATORS = {
    "compressor iterator": (lambda file: ZstdCompressor().read_to_iter(file), CONTENT),
    "decompressor iterator": (lambda file: ZstdDecompressor().read_to_iter(file), FRAME),
}
WRITERS = {
    "compression writer": (lambda file: ZstdCompressor().stream_writer(file), CONTENT),
    "decompression writer": (lambda file: ZstdDecompressor().stream_writer(file), FRAME),
}
CHUNKERS = {
    "compression chunker": (lambda: ZstdCompressor().chunker(), "compress", CONTENT),
    "decompression chunker": (lambda: ZstdDecompressor().chunker(), "decompress", FRAME),
}

# Methods that need the claim, with arguments.
READING = {
    "close": (),
    "read": (10,),
    "read1": (),
    "readall": (),
    "readinto": (bytearray(10),),
    "readinto1": (bytearray(10),),
}
SEEKING = {
    "readline": (),
    "readlines": (),
    "peek": (),
    "seek": (1,),
    "seekable": (),
    "__next__": (),
}
WRITING = {"close": (), "write": (b"",), "writelines": ([b""],), "flush": (), "memory_size": ()}


def claiming(shape):
    """Return the methods of a shape that claim it."""
    if shape in READERS:
        return READING | (SEEKING if shape == "decompression reader" else {})
    return WRITING if shape in WRITERS else {"__next__": ()}


def refused(methods):
    """Return a callback to which all methods are refused, and the list of those that were."""
    seen = []

    def call(stream):
        for name, arguments in methods.items():
            with pytest.raises(RuntimeError, match=IN_USE):
                getattr(stream, name)(*arguments)
            seen.append(name)
        # What needs no claim is there at all times.
        for name in ("closed", "total_in", "total_out"):
            assert getattr(stream, name, 0) >= 0

    return call, seen


def opened(make, file):
    file.stream = make(file)
    return file.stream


# --- re-entry ---


@pytest.mark.parametrize("shape", READERS)
def test_reader_is_refused_to_its_source(shape):
    make, data = READERS[shape]
    call, seen = refused(claiming(shape))
    reader = opened(make, Callback(data, read=call))

    def work(_number):
        result = reader.read()
        assert (content(result) if data is CONTENT else result) == CONTENT

    in_threads(work, count=1)  # which would find out a stream that waits for itself
    assert set(seen) == set(claiming(shape))
    reader.close()


@pytest.mark.parametrize("method", ["tell", "seek", "seekable"])
def test_reader_is_refused_to_its_source_while_it_rewinds(method):
    call, seen = refused(claiming("decompression reader"))
    reader = opened(READERS["decompression reader"][0], Callback(FRAME, **{method: call}))

    def work(_number):
        assert reader.read(300_000) == CONTENT[:300_000]
        assert reader.seek(5) == 5
        assert reader.read(10) == CONTENT[5:15]

    in_threads(work, count=1)
    assert seen


@pytest.mark.parametrize("shape", ITERATORS)
def test_iterator_is_refused_to_its_source(shape):
    make, data = ITERATORS[shape]
    call, seen = refused(claiming(shape))
    iterator = opened(make, Callback(data, read=call))

    def work(_number):
        result = b"".join(iterator)
        assert (content(result) if data is CONTENT else result) == CONTENT

    in_threads(work, count=1)
    assert seen


@pytest.mark.parametrize("shape", WRITERS)
def test_writer_is_refused_to_its_sink(shape):
    make, data = WRITERS[shape]
    call, seen = refused(claiming(shape))
    sink = Callback(write=call)
    writer = opened(make, sink)

    def work(_number):
        assert writer.write(data) == len(data)
        writer.flush()
        writer.close()

    in_threads(work, count=1)
    assert set(seen) == set(WRITING)


@pytest.mark.parametrize("shape", WRITERS)
def test_writer_is_free_while_its_sink_is_flushed(shape):
    make, data = WRITERS[shape]
    half = len(data) // 2
    results = []
    sink = Callback(flush=lambda stream: stream.write(data[half:]))
    writer = opened(make, sink)

    def work(_number):
        writer.write(data[:half])
        writer.flush()

    in_threads(work, count=1)
    assert writer.total_in == len(data)
    # Its close() would lose the content.
    sink.callbacks["close"] = lambda _: results.append(sink.file.getvalue())
    writer.close()
    (result,) = results
    assert (content(result) if data is CONTENT else result) == CONTENT


@pytest.mark.parametrize("shape", READERS | WRITERS)
def test_file_is_closed_when_the_stream_is(shape):
    make, data = (READERS | WRITERS)[shape]
    seen = []

    def call(stream):
        assert stream.closed
        stream.close()
        for name in set(claiming(shape)) - {"close", "seekable"}:
            with pytest.raises(ValueError, match="closed"):
                getattr(stream, name)(*claiming(shape)[name])
            seen.append(name)

    stream = opened(make, Callback(data if shape in READERS else b"", close=call))
    in_threads(lambda _: stream.close(), count=1)
    assert seen


@pytest.mark.parametrize("shape", READERS | ITERATORS)
def test_last_reference_goes_while_the_source_is_read(shape):
    make, data = (READERS | ITERATORS)[shape]
    held = []

    class Dropping(io.BytesIO):
        def read(self, size):
            held.clear()
            return super().read(size)

    held.append(make(Dropping(data)))
    take = next if shape in ITERATORS else lambda stream: stream.read(10)
    assert take(held[0])
    assert not held


@pytest.mark.parametrize("shape", WRITERS)
def test_last_reference_goes_while_the_sink_is_written(shape):
    make, data = WRITERS[shape]
    held = []

    class Dropping:
        def write(self, piece):
            held.clear()
            return len(piece)

    held.append(make(Dropping()))
    if shape == "compression writer":
        with pytest.warns(ResourceWarning, match="unclosed writer"):
            held[0].write(data)
    else:
        held[0].write(data)
    assert not held


def test_copy_stream_does_not_hold_its_owner():
    """A copy is of no object that could be claimed: the owner makes further streams meanwhile."""
    c, d = ZstdCompressor(), ZstdDecompressor()
    for coder, data, back in ((c, CONTENT, content), (d, FRAME, bytes)):
        counts = []

        def use(_stream, coder=coder, data=data, counts=counts):
            counts.append(coder.copy_stream(io.BytesIO(data), io.BytesIO()))

        sink = Callback(write=use)
        last = coder.copy_stream(Callback(data, read=use), sink, progress=lambda *_: use(None))
        assert set(counts) == {last}
        assert back(sink.file.getvalue()) == CONTENT


def junk_reader():
    stream = ZstdDecompressor().stream_reader(b"junkjunk")
    return stream, lambda: stream.read(1), [stream.read, stream.close, stream.readline]


def junk_lines():
    stream = ZstdDecompressor().stream_reader(io.BytesIO(b"junkjunk"))
    return stream, lambda: next(stream), [stream.peek, lambda: next(stream), stream.readall]


def junk_writer():
    stream = ZstdDecompressor().stream_writer(io.BytesIO())
    return stream, lambda: stream.write(b"junkjunk"), [lambda: stream.write(b""), stream.flush]


def overfull_writer():
    stream = ZstdCompressor().stream_writer(io.BytesIO(), size=1)
    return stream, lambda: stream.write(b"more"), [lambda: stream.write(b""), stream.flush]


def junk_iterator():
    stream = ZstdDecompressor().read_to_iter(b"junkjunk")
    return stream, lambda: next(stream), [lambda: next(stream)]


def overfull_iterator():
    stream = ZstdCompressor().read_to_iter(io.BytesIO(b"more"), size=1)
    return stream, lambda: next(stream), [lambda: next(stream)]


def junk_chunker():
    stream = ZstdDecompressor().chunker()
    iterator = stream.decompress(b"junkjunk")
    uses = [lambda: next(iterator), stream.flush, stream.finish, lambda: stream.decompress(b"")]
    return stream, lambda: next(iterator), uses


@pytest.mark.parametrize(
    "make",
    [
        junk_reader,
        junk_lines,
        junk_writer,
        overfull_writer,
        junk_iterator,
        overfull_iterator,
        junk_chunker,
    ],
)
def test_stream_cannot_be_used_while_it_raises(make, monkeypatch):
    """A stream is at work until its error is raised, and making the error may run Python code."""
    refusals = []

    def use_again(self, *arguments):
        Exception.__init__(self, *arguments)
        for use in uses:
            with pytest.raises(RuntimeError, match=IN_USE):
                use()
            refusals.append(use)

    def work(_number):
        with pytest.raises(ZstdError):
            fail()

    stream, fail, uses = make()
    with monkeypatch.context() as patches:
        patches.setattr(ZstdError, "__init__", use_again)
        in_threads(work, count=1)
    assert refusals == uses
    with pytest.raises(ZstdError):
        fail()
    with contextlib.suppress(ZstdError):
        getattr(stream, "close", lambda: None)()


# --- waiting ---


class Gate:
    """A file whose reads and writes tell that they have begun, and wait to be let on."""

    def __init__(self, data=b""):
        self.file = io.BytesIO(data)
        self.begun = threading.Event()
        self.go_on = threading.Event()

    def read(self, size):
        self.begun.set()
        assert self.go_on.wait(parallel.DEADLINE)
        return self.file.read(size)

    def write(self, data):
        self.begun.set()
        assert self.go_on.wait(parallel.DEADLINE)
        return self.file.write(data)

    def close(self):
        pass


def one_after_the_other(gate, first, second, meanwhile=lambda: None):
    """Call first(), and second() while that is at work; return the results, and the order."""
    order = []

    def work(number):
        if number == 0:
            result = first()
            order.append("first")
            return result
        if number == 1:
            assert gate.begun.wait(parallel.DEADLINE)
            result = second()
            order.append("second")
            return result
        assert gate.begun.wait(parallel.DEADLINE)
        meanwhile()
        threading.Event().wait(0.05)  # the second has come to wait, or it would be done now
        assert not order
        gate.go_on.set()
        return None

    results = in_threads(work, count=3)
    assert sorted(order) == ["first", "second"]
    return results[:2]


def test_second_read_waits_for_the_first():
    gate = Gate(FRAME)
    reader = ZstdDecompressor().stream_reader(gate, read_size=100_000)

    def meanwhile():
        assert reader.tell() == reader.total_in == reader.total_out == 0
        assert not reader.closed

    first, second = one_after_the_other(
        gate, lambda: reader.read(150_000), lambda: reader.read(1000), meanwhile
    )
    assert first + second == CONTENT[:151_000]


def test_second_line_waits_for_the_first():
    gate = Gate(compress(b"one\ntwo\n"))
    reader = ZstdDecompressor().stream_reader(gate)
    first, second = one_after_the_other(gate, lambda: next(reader), lambda: next(reader))
    assert (first, second) == (b"one\n", b"two\n")


@pytest.mark.parametrize("shape", ITERATORS)
def test_second_chunk_waits_for_the_first(shape):
    make, data = ITERATORS[shape]
    gate = Gate(data)
    iterator = make(gate)
    first, second = one_after_the_other(gate, lambda: next(iterator), lambda: next(iterator))
    result = first + second + b"".join(iterator)
    assert (content(result) if data is CONTENT else result) == CONTENT


@pytest.mark.parametrize("shape", WRITERS)
def test_second_write_waits_for_the_first(shape):
    make, data = WRITERS[shape]
    gate = Gate()
    writer = make(gate)
    half = len(data) // 2 + 50_000
    one_after_the_other(gate, lambda: writer.write(data[:half]), lambda: writer.write(data[half:]))
    writer.close()
    result = gate.file.getvalue()
    assert (content(result) if data is CONTENT else result) == CONTENT


@pytest.mark.parametrize("shape", READERS | WRITERS)
def test_close_waits_for_what_is_at_work(shape):
    make, data = (READERS | WRITERS)[shape]
    gate = Gate(data if shape in READERS else b"")
    stream = make(gate)
    use = (lambda: stream.read(100)) if shape in READERS else (lambda: stream.write(data))
    first, _ = one_after_the_other(gate, use, stream.close)
    assert stream.closed
    assert len(first) == 100 if shape in READERS else first == len(data)


@pytest.mark.parametrize("shape", READERS | WRITERS)
def test_what_waits_for_close_finds_it_closed(shape):
    make, data = (READERS | WRITERS)[shape]
    gate = Gate(data if shape in READERS else b"")
    stream = make(gate)
    use = (lambda: stream.read(100)) if shape in READERS else (lambda: stream.write(data))

    def close():
        use()
        stream.close()

    def use_until_closed():
        with pytest.raises(ValueError, match="stream is closed"):
            list(iter(use, None))

    one_after_the_other(gate, close, use_until_closed)


class FailsOnce(io.BytesIO):
    """A source that raises when all was read, and then ends."""

    failed = False

    def read(self, size):
        data = super().read(size)
        if not data and not self.failed:
            self.failed = True
            raise OSError("once")
        return data


@pytest.mark.parametrize("way", ["read", "next"])
def test_each_long_part_of_what_is_ahead_is_read_once(way):
    lines = [bytes([65 + number]) * (3 << 20) + b"\n" for number in range(24)]
    source = FailsOnce(compress(b"".join(lines)))
    reader = ZstdDecompressor().stream_reader(source, read_across_frames=True)
    with pytest.raises(OSError, match="once"):
        reader.read(1 << 30)  # which has all of it wait for the next read

    def read(_):
        calls = {"read": partial(reader.read, len(lines[0])), "next": partial(next, reader, b"")}
        return list(iter(calls[way], b""))

    assert sorted(line for part in in_threads(read) for line in part) == lines


def test_exception_of_the_source_lets_the_others_on():
    class Failing(Gate):
        def read(self, size):
            if not self.begun.is_set():
                super().read(0)
                raise OSError(5, "of the source")
            return super().read(size)

    gate = Failing(FRAME)
    reader = ZstdDecompressor().stream_reader(gate)

    def fail():
        with pytest.raises(OSError, match="of the source"):
            reader.read(10)
        return b""

    _, second = one_after_the_other(gate, fail, lambda: reader.read(10))
    assert second == CONTENT[:10]


@pytest.mark.parametrize("shape", CHUNKERS)
def test_one_chunker_gives_each_piece_once(shape):
    make, start, data = CHUNKERS[shape]
    stream = make()
    iterator = getattr(stream, start)(data)
    parts = in_threads(lambda _: list(iterator))
    rest = list(stream.finish())
    sizes = [len(part) for each in parts for part in each]
    assert sum(sizes) + sum(map(len, rest)) == stream.total_out
    assert len(set(sizes)) == 1
    assert stream.total_in == len(data)


@pytest.mark.parametrize("shape", CHUNKERS)
def test_one_chunker_is_begun_by_one_thread_at_a_time(shape):
    make, start, data = CHUNKERS[shape]
    for _ in range(10):
        stream = make()

        def work(_number, stream=stream):
            try:
                return list(getattr(stream, start)(data))
            except ZstdError:
                return None

        parts = [part for part in in_threads(work) if part is not None]
        assert parts
        # Of a frame that is repeated, or of content, as much as those who got in have given.
        assert stream.total_in % len(data) == 0
        list(stream.finish())


def test_failure_reaches_every_thread():
    reader = ZstdDecompressor().stream_reader(FRAME[:-1])

    def work(_number):
        with pytest.raises(ZstdEOFError):
            list(iter(lambda: reader.read(10_000), b""))

    in_threads(work)
