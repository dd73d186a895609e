"""What both writers share: the manners of a file, construction, warnings, re-entry, threads."""

import contextlib
import copy
import gc
import io
import pickle
import sys
import threading
import warnings
import weakref

import pytest

import samples
import zstandard
from callbacks import Buffer, Truth, buffers_can_call_back, fail
from directions import DIRECTIONS
from parallel import in_threads
from sinks import File, Scripted, Sink
from zstandard import ZstdCompressor, ZstdDecompressor

DATA = samples.noise(300_000)
CLOSED = "stream is closed"
IN_USE = "the object is already in use by this thread"


@pytest.fixture(params=DIRECTIONS)
def direction(request):
    return DIRECTIONS[request.param]


@pytest.fixture
def given(direction):
    return direction.given(DATA)


# --- the manners of a file ---


def test_abilities(direction):
    with direction.open(Sink()) as writer:
        assert isinstance(writer, io.BufferedIOBase)
        assert writer.writable() is True
        for ability in (writer.readable, writer.seekable, writer.isatty):
            assert ability() is False


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("read", ()),
        ("read", (5,)),
        ("readall", ()),
        ("readinto", (bytearray(4),)),
        ("readinto", (None,)),
        ("readline", ()),
        ("readline", (5,)),
        ("readlines", ()),
        ("readlines", (5,)),
        ("seek", (0,)),
        ("seek", (0, 1)),
        ("truncate", ()),
        ("truncate", (5,)),
        ("__iter__", ()),
        ("__next__", ()),
    ],
)
def test_refused_methods(direction, name, arguments):
    with direction.open(Sink()) as writer, pytest.raises(io.UnsupportedOperation, match="Writer"):
        getattr(writer, name)(*arguments)


def test_file_on_the_other_side(direction, tmp_path):
    with (tmp_path / "file").open("wb") as file:
        writer = direction.open(file)
        assert writer.fileno() == file.fileno()
        assert writer.name == file.name
        assert writer.mode == "wb"
        for name in ("name", "mode", "closed"):
            with pytest.raises(AttributeError):
                setattr(writer, name, "x")
        writer.close()
        assert file.closed


def test_sink_without_descriptor_and_name(direction):
    for sink in (Sink(), io.BytesIO()):
        with direction.open(sink) as writer:
            with pytest.raises(io.UnsupportedOperation):
                writer.fileno()
            for name in ("name", "mode"):
                with pytest.raises(AttributeError, match="Writer' object has no attribute"):
                    getattr(writer, name)


def test_errors_of_the_files_attributes_propagate(direction):
    class Failing(Sink):
        name = mode = property(lambda _: fail())

        def fileno(self):
            fail()

    with direction.open(Failing()) as writer:
        for use in (writer.fileno, lambda: writer.name, lambda: writer.mode):
            with pytest.raises(LookupError, match="of the callback"):
                use()


def test_total_in_and_total_out(direction, given):
    sink = Sink()
    writer = direction.open(sink)
    assert (writer.total_in, writer.total_out) == (0, 0)
    writer.write(given[:1000])
    assert writer.total_in == 1000
    writer.write(given[1000:])
    assert (writer.total_in, writer.total_out) == (len(given), len(sink.content))
    for name in ("total_in", "total_out"):
        with pytest.raises(AttributeError):
            setattr(writer, name, 0)
    writer.close()
    assert (writer.total_in, writer.total_out) == (len(given), len(sink.content))
    writer = direction.writer.__new__(direction.writer)
    assert (writer.total_in, writer.total_out) == (0, 0)


def test_memory_size(direction, given):
    with direction.open(Sink()) as writer:
        if direction.coder is ZstdDecompressor:
            assert writer.memory_size() > 90_000
        writer.write(given)
        assert writer.memory_size() > 100_000


@pytest.mark.parametrize("use", [copy.copy, copy.deepcopy, pickle.dumps])
def test_cannot_be_copied(direction, use):
    with direction.open(Sink()) as writer, pytest.raises(TypeError, match="Writer"):
        use(writer)


# --- dropped without close ---


def drop_with_warning(writers):
    """Drop the only writer of a list."""
    with pytest.warns(ResourceWarning, match="unclosed writer, whose output is not"):
        writers.clear()


@pytest.mark.parametrize("size", [1, 1000, 200_000])
def test_dropping_a_writer_within_a_frame_warns(direction, given, size):
    sink = File()
    writers = [direction.open(sink)]
    writers[0].write(given[:size])
    written = len(sink.content)
    drop_with_warning(writers)
    assert len(sink.content) == written
    assert set(sink.calls) <= {"write"}


@pytest.mark.parametrize("answer", [None, LookupError])
def test_dropping_a_writer_with_pending_output_warns(direction, answer):
    """The frame has ended, but not all of it has reached the sink."""
    sink = Scripted(answer)
    writers = [direction.open(sink)]
    with pytest.raises((BlockingIOError, LookupError)):
        write_frame(writers[0], b"content")
    drop_with_warning(writers)
    assert sink.calls == ["write"]


def write_frame(writer, data):
    if isinstance(writer, zstandard.ZstdCompressionWriter):
        writer.write(data)
        writer.flush(zstandard.FLUSH_FRAME)
    else:
        writer.write(zstandard.compress(data))


def test_dropping_a_writer_that_loses_nothing_does_not_warn(direction):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        direction.open(Sink())
        direction.open(Sink()).write(b"")
        write_frame(direction.open(Sink()), b"content")
        direction.writer.__new__(direction.writer)
        writer = direction.open(Sink())
        writer.write(direction.given(b"content"))
        writer.close()
        del writer
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_dropping_a_writer_keeps_the_exception_that_is_raised(direction, given):
    def unfinished():
        writer = direction.open(Sink())
        writer.write(given[:1000])
        return writer

    with pytest.warns(ResourceWarning), pytest.raises(LookupError, match="of the callback"):
        assert (unfinished(), fail()) is None  # the failure finds the writer among its values


def test_warning_that_is_an_error_is_reported(direction, given, monkeypatch):
    reports = []
    monkeypatch.setattr(sys, "unraisablehook", lambda report: reports.append(report.exc_type))
    direction.open(Sink()).write(given[:1000])
    assert reports == [ResourceWarning]


# --- construction ---


def test_class_makes_a_writer(direction):
    sinks = [File() for _ in range(4)]
    coder = direction.coder()
    middle = (-1,) if direction.coder is ZstdCompressor else ()
    names = {"decompressor" if direction.coder is ZstdDecompressor else "compressor": coder}
    for writer in (
        direction.writer(coder, sinks[0]),
        direction.writer(**names, writer=sinks[1]),
        direction.writer(coder, sinks[2], *middle, 5000, False, False),
        direction.writer(coder, sinks[3], write_size=5000, write_return_read=False, closefd=False),
    ):
        writer.write(direction.given(DATA))
        writer.close()
    assert [direction.content(sink.content) for sink in sinks] == [DATA] * 4
    assert [sink.closed for sink in sinks] == [True, True, False, False]
    largest = [max(map(len, sink.pieces)) for sink in sinks]
    assert largest == [direction.write_size] * 2 + [5000] * 2


def test_writer_keeps_its_coder(direction, given):
    class Coder(direction.coder):
        pass

    coder = Coder()
    gone = weakref.ref(coder)
    with coder.stream_writer(Sink()) as writer:
        del coder
        writer.write(given)
        assert gone() is not None
    del writer
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("coder", [None, ZstdCompressor, object()])
def test_class_with_another_coder(direction, coder):
    if coder is ZstdCompressor:
        coder = ZstdDecompressor() if direction.coder is ZstdCompressor else ZstdCompressor()
    with pytest.raises(TypeError):
        direction.writer(coder, Sink())


def test_subclass_with_arguments_of_its_own(direction, given):
    class Writer(direction.writer):
        def __init__(self, sink):
            super().__init__(direction.coder(), sink, closefd=False)
            self.written = 0

        def write(self, data):
            self.written += len(data)
            return super().write(data)

    sink = File()
    with Writer(sink) as writer:
        assert type(writer) is Writer
        writer.write(given)
        assert writer.written == len(given)
    assert direction.content(sink.content) == DATA
    assert not sink.closed


def test_writer_made_by_new_can_be_opened(direction, given):
    writer = direction.writer.__new__(direction.writer, "any", argument=1)
    sink = Sink()
    for arguments in ((), (direction.coder(),), (direction.coder(), sink, "text")):
        with pytest.raises(TypeError):
            writer.__init__(*arguments)
        assert writer.closed
    assert writer.__init__(direction.coder(), sink) is None
    with writer:
        writer.write(given)
    assert direction.content(sink.content) == DATA


def test_writer_is_opened_only_once(direction, given):
    sink, other = File(), File()
    writer = direction.open(sink)
    writer.write(given[:1000])
    for _ in range(2):
        with pytest.raises(RuntimeError, match="the writer was opened before"):
            writer.__init__(direction.coder(), other)
    writer.write(given[1000:])
    writer.close()
    with pytest.raises(RuntimeError, match="the writer was opened before"):
        writer.__init__(direction.coder(), other)
    assert direction.content(sink.content) == DATA
    assert other.calls == []


def test_writer_that_is_opened_while_it_is_opened(direction, given):
    class Opening(Sink):
        @property
        def write(self):
            with contextlib.suppress(RuntimeError):
                writer.__init__(direction.coder(), sink)
            return super().write

    sink = Sink()
    writer = direction.writer.__new__(direction.writer)
    with pytest.raises(RuntimeError, match="the writer was opened before"):
        writer.__init__(direction.coder(), Opening())
    with writer:
        writer.write(given)
    assert direction.content(sink.content) == DATA


@pytest.mark.parametrize(
    ("sink", "options", "error"),
    [
        (None, {}, ValueError),
        (b"", {}, ValueError),
        ("path", {}, ValueError),
        (object(), {}, ValueError),
        (Sink(), {"write_size": 0}, ValueError),
        (Sink(), {"write_size": -1}, ValueError),
        (Sink(), {"write_size": 2**70}, OverflowError),
        (Sink(), {"write_size": "1"}, TypeError),
        (Sink(), {"write_size": None}, TypeError),
        (Sink(), {"unknown": 1}, TypeError),
        (Sink(), {"writer": Sink()}, TypeError),
        (Sink(), {"closefd": Truth(1, fail)}, LookupError),
        (Sink(), {"write_return_read": Truth(1, fail)}, LookupError),
    ],
)
def test_bad_arguments(direction, sink, options, error):
    message = r"write\(\) method|write_size must be positive" if error is ValueError else "."
    for make in (direction.open, lambda *a, **k: direction.writer(direction.coder(), *a, **k)):
        with pytest.raises(error, match=message):
            make(sink, **options)


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("flush", lambda writer: writer.flush()),
        ("close", lambda writer: writer.close()),
        ("fileno", lambda writer: writer.fileno()),
        ("name", lambda writer: writer.name),
        ("write", None),
    ],
)
def test_errors_of_attribute_look_up_propagate(direction, name, use):
    def find(_sink):
        raise MemoryError("of the look-up")

    sink = type("Failing", (File,), {name: property(find)})()
    writer = sink if use is None else direction.open(sink)
    with pytest.raises(MemoryError, match="of the look-up"):
        (use or direction.open)(writer)


# --- flush of the sink ---


def test_flush_calls_that_of_the_sink(direction):
    sink = File()
    for each, count in ((sink, 2), (Sink(), 1)):
        with direction.open(each) as writer:
            for _ in range(count):
                writer.flush()
    assert sink.calls.count("flush") == 2


def test_error_of_the_sinks_flush_propagates(direction, given):
    class Failing(File):
        def flush(self):
            fail()

    sink = Failing()
    with direction.open(sink) as writer:
        writer.write(given[:1000])
        with pytest.raises(LookupError, match="of the callback"):
            writer.flush()
        writer.write(given[1000:])
    assert direction.content(sink.content) == DATA


# --- re-entry ---

USES = {
    "write": lambda writer: writer.write(b"more"),
    "writelines": lambda writer: writer.writelines([b"more"]),
    "flush": lambda writer: writer.flush(),
    "close": lambda writer: writer.close(),
    "memory_size": lambda writer: writer.memory_size(),
}


class Calling(File):
    """Calls back from one of its methods, once."""

    def __init__(self, name, callback):
        super().__init__()
        self.name = name
        self.callback = callback

    def call(self, name, *arguments):
        if name == self.name:
            self.name = None
            self.callback()
        return getattr(super(), name)(*arguments)

    def write(self, data):
        return self.call("write", data)

    def flush(self):
        return self.call("flush")

    def close(self):
        return self.call("close")


@pytest.mark.parametrize("use", USES)
def test_use_from_the_sinks_write_is_refused(direction, given, use):
    def call_back():
        with pytest.raises(RuntimeError, match=IN_USE):
            USES[use](writer)
        calls.append(use)

    calls = []
    sink = Calling("write", call_back)
    with direction.open(sink) as writer:
        writer.write(given)
    assert calls == [use]
    assert direction.content(sink.content) == DATA


def test_refusal_that_the_sink_does_not_catch_loses_nothing(direction, given):
    sink = Calling("write", lambda: USES["flush"](writer))
    writer = direction.open(sink)
    with pytest.raises(RuntimeError, match=IN_USE):
        writer.write(given)
    writer.write(given[writer.total_in :])
    writer.close()
    assert direction.content(sink.content) == DATA


def test_use_from_the_sinks_write_while_closing_is_refused(direction, given):
    sink = Scripted(LookupError("first"))
    writer = direction.open(sink)
    with pytest.raises(LookupError, match="first"):
        writer.write(given)
    sink.write = lambda _data: writer.close()
    with pytest.raises(RuntimeError, match=IN_USE):
        writer.close()
    assert writer.closed
    assert sink.closed


def test_use_from_the_sinks_flush(direction, given):
    sink = Calling("flush", lambda: writer.write(given[1000:]))
    with direction.open(sink) as writer:
        writer.write(given[:1000])
        writer.flush()
    assert direction.content(sink.content) == DATA


def test_close_from_the_sinks_flush(direction, given):
    sink = Calling("flush", lambda: USES["close"](writer))
    writer = direction.open(sink)
    writer.write(given)
    writer.flush()
    assert writer.closed
    assert sink.calls[-2:] == ["close", "flush"]
    assert direction.content(sink.content) == DATA


def test_use_from_the_sinks_close_finds_a_closed_writer(direction, given):
    def call_back():
        assert writer.closed
        writer.close()
        for use in ("write", "writelines", "flush", "memory_size"):
            with pytest.raises(ValueError, match=CLOSED):
                USES[use](writer)

    sink = Calling("close", call_back)
    writer = direction.open(sink)
    writer.write(given)
    writer.close()
    assert sink.calls.count("close") == 1
    assert direction.content(sink.content) == DATA


def test_sink_may_drop_the_writer_that_calls_it(direction):
    writers = []
    sink = Calling("write", writers.clear)
    writers.append(direction.open(sink))
    write_frame(writers[0], b"content")
    assert direction.content(sink.content) == b"content"


@buffers_can_call_back
@pytest.mark.parametrize("use", ["write", "close"])
def test_use_from_the_buffer_that_is_written(direction, given, use):
    writer = direction.open(sink := Sink())
    if use == "write":
        writer.write(Buffer(given[1000:], lambda: writer.write(given[:1000])))
        writer.close()
    else:
        writer.write(given)
        with pytest.raises(ValueError, match=CLOSED):
            writer.write(Buffer(b"too late", writer.close))
    assert direction.content(sink.content) == DATA


# --- threads ---


class OneAtATime(Sink):
    """Lets other threads run while it writes, and sees none of them come in."""

    busy = False

    def write(self, data):
        assert not self.busy
        self.busy = True
        threading.Event().wait(1e-4)
        self.busy = False
        return super().write(data)


PIECE = 5000


@pytest.mark.usefixtures("frequent_switches")
def test_threads_wait_for_each_other(direction):
    def work(number):
        for turn in range(20):
            piece = bytes([number, turn]) * (PIECE // 2)
            assert writer.write(direction.given(piece)) > 0
            writer.flush()

    sink = OneAtATime()
    with direction.open(sink, write_size=2000) as writer:
        in_threads(work)
    pieces = samples.in_pieces(direction.content(sink.content), PIECE)
    assert len(pieces) == 8 * 20
    assert {piece[:2] * (PIECE // 2) for piece in pieces} == set(pieces)
    for number in range(8):
        assert [piece[1] for piece in pieces if piece[0] == number] == list(range(20))


@pytest.mark.usefixtures("frequent_switches")
def test_closing_by_many_threads(direction):
    def work(_number):
        with contextlib.suppress(ValueError):
            while True:
                writer.write(direction.given(b"content"))
                written.append(1)
                if len(written) > 100:
                    writer.close()

    written = []
    sink = File()
    writer = direction.open(sink)
    in_threads(work)
    assert sink.calls.count("close") == 1
    assert direction.content(sink.content) == b"content" * len(written)


@pytest.mark.usefixtures("frequent_switches")
def test_all_threads_may_close(direction):
    sink = OneAtATime()
    sink.close = lambda: closings.append(1)
    closings = []
    writer = direction.open(sink, write_size=100)
    writer.write(direction.given(DATA[:20_000]))
    in_threads(lambda _: writer.close())
    assert closings == [1]
    assert direction.content(sink.content) == DATA[:20_000]
