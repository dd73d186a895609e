"""What both writers share: what sinks get, sinks that do not take it, and closing."""

import errno
import gc
import sys
import weakref

import pytest

import samples
from callbacks import Index, fail
from directions import DIRECTIONS
from sinks import File, Scripted, Sink
from zstandard import ZstdCompressor, ZstdError

DATA = samples.noise(300_000)  # of which a compression writer gives two blocks at once
CLOSED = "stream is closed"


@pytest.fixture(params=DIRECTIONS)
def direction(request):
    return DIRECTIONS[request.param]


@pytest.fixture
def given(direction):
    return direction.given(DATA)


# --- output ---


@pytest.mark.parametrize("write_size", [1, 7, 256, 257, 100_000])
def test_sink_gets_bytes_of_at_most_write_size(direction, write_size):
    data = DATA[: 2000 * write_size]
    sink = Sink()
    with direction.open(sink, write_size=write_size) as writer:
        writer.write(direction.given(data))
    assert {type(piece) for piece in sink.pieces} == {bytes}
    sizes = [len(piece) for piece in sink.pieces]
    assert min(sizes) > 0
    assert max(sizes) <= write_size
    assert direction.content(sink.content) == data


def test_default_write_size(direction, given):
    sink = Sink()
    with direction.open(sink) as writer:
        writer.write(given)
    assert max(len(piece) for piece in sink.pieces) == direction.write_size


def test_write_size_without_bound(direction, given):
    sink = Sink()
    with direction.open(sink, write_size=sys.maxsize) as writer:
        writer.write(given)
    assert direction.content(sink.content) == DATA
    assert len(sink.pieces) <= 2


@pytest.mark.parametrize("piece", [1, 1000, 10**6])
def test_pieces_of_any_size(direction, piece):
    data = samples.text(min(piece * 3000, 500_000))
    sink = Sink()
    with direction.open(sink) as writer:
        for part in samples.in_pieces(direction.given(data), piece):
            assert writer.write(part) == len(part)
    assert direction.content(sink.content) == data


@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("size", [0, 1, 5000])
def test_every_kind_of_buffer(direction, shape, size):
    data = samples.text(size)
    sink = Sink()
    with direction.open(sink) as writer:
        writer.write(data=samples.SHAPES[shape](direction.given(data)))
    assert direction.content(sink.content) == data


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [
        ((), {}),
        ((b"", b""), {}),
        ((b"",), {"data": b""}),
        ((b"",), {"unknown": 1}),
        (("text",), {}),
        ((None,), {}),
    ],
)
def test_bad_arguments_of_write_change_nothing(direction, given, arguments, keywords):
    sink = Sink()
    with direction.open(sink) as writer:
        with pytest.raises(TypeError):
            writer.write(*arguments, **keywords)
        writer.write(given)
    assert direction.content(sink.content) == DATA


def test_writelines_writes_each_item(direction, given):
    sink = Sink()
    with direction.open(sink) as writer:
        assert writer.writelines(samples.in_pieces(given, 70_000)) is None
        assert writer.writelines(lines=iter(())) is None
    assert direction.content(sink.content) == DATA


def test_writelines_keeps_what_comes_before_an_error(direction, given):
    def lines():
        yield given[:1000]
        yield memoryview(given)[1000:]
        fail()

    sink = Sink()
    with direction.open(sink) as writer:
        with pytest.raises(LookupError, match="of the callback"):
            writer.writelines(lines())
        for bad in (None, 3, ["text"], [None], "text"):
            with pytest.raises(TypeError):
                writer.writelines(bad)
    assert direction.content(sink.content) == DATA


def test_write_return_read(direction, given):
    for options in ({}, {"write_return_read": True}, {"write_return_read": 1}):
        with direction.open(Sink(), **options) as writer:
            assert writer.write(given) == len(given)
            assert writer.write(b"") == 0
    sink = Sink()
    with direction.open(sink, write_return_read=False) as writer:
        for part in (given[:7], given[7:200_000], given[200_000:], b""):
            before = len(sink.content)
            assert writer.write(part) == len(sink.content) - before
        assert len(sink.content) > 100_000


# --- sinks that do not take all ---


def test_short_writes_are_continued(direction, given):
    sink = Scripted(*[1, 2, 100, 70_000] * 20)
    with direction.open(sink) as writer:
        assert writer.write(given) == len(given)
    assert direction.content(sink.content) == DATA
    assert [len(piece) for piece in sink.pieces[:4]] == [1, 2, 100, 4096]


def test_sink_that_takes_little_is_offered_little(direction, given):
    """Each offer is a copy, and a byte at a time would be copied as often as there are bytes."""
    sink = Scripted(*[1] * 1000)
    with direction.open(sink) as writer:
        writer.write(given)
    assert max(map(len, sink.offered[1:1000])) <= 4096
    assert direction.content(sink.content) == DATA


def test_count_may_be_any_integer(direction, given):
    class Counting(Sink):
        def write(self, data):
            return Index(super().write(data), lambda: None)

    sink = Counting()
    with direction.open(sink) as writer:
        writer.write(given)
    assert direction.content(sink.content) == DATA


def test_none_is_a_blocking_io_error(direction, given):
    sink = Scripted(None)
    writer = direction.open(sink)
    with pytest.raises(BlockingIOError, match=r"write\(\) of the sink returned None") as caught:
        writer.write(given)
    assert caught.value.errno == errno.EAGAIN
    taken = caught.value.characters_written
    assert taken == writer.total_in > 0
    assert sink.pieces == []
    assert writer.write(given[taken:]) == len(given) - taken
    writer.close()
    assert direction.content(sink.content) == DATA


def write_all(writer, data):
    """Write data to a fresh writer, and again what it does not take when it fails."""
    taken = 0
    while True:
        try:
            assert writer.write(data[taken:]) == len(data) - taken
        except BlockingIOError as error:
            taken += error.characters_written
            assert taken == writer.total_in
        except LookupError:
            taken = writer.total_in
        else:
            return


def write_rest(writer, data):
    writer.write(data[writer.total_in :])
    writer.close()


@pytest.mark.parametrize("write_size", [300, 5000, 131072])
@pytest.mark.parametrize("data", [DATA, samples.text(50_000)], ids=["noise", "text"])
@pytest.mark.parametrize(
    "answers",
    [
        (None,),
        (None, None, 7),
        (7, None, 100, 1, None, 3),
        (LookupError,),
        (1, LookupError, 250, 250, LookupError, None),
    ],
)
def test_nothing_is_lost_or_doubled(direction, write_size, data, answers):
    given = direction.given(data)
    sink = Scripted(*answers * 5)
    writer = direction.open(sink, write_size=write_size)
    write_all(writer, given)
    sink.answers.clear()
    writer.close()
    assert direction.content(sink.content) == data
    assert max(len(piece) for piece in sink.pieces) <= write_size


@pytest.mark.parametrize("answer", [None, LookupError, 0])
@pytest.mark.parametrize(
    "use",
    [
        lambda writer: writer.write(b""),
        lambda writer: writer.flush(),
        lambda writer: writer.close(),
    ],
    ids=["write", "flush", "close"],
)
def test_pending_output_is_sent_by_the_next_call(direction, answer, use):
    """The sink has taken a part of what it was given."""
    sink = Scripted(10, answer)
    writer = direction.open(sink, write_size=10**6)
    with pytest.raises((BlockingIOError, LookupError, OSError)):
        writer.write(direction.given(DATA))
    assert len(sink.content) == 10
    taken = writer.total_in
    use(writer)
    assert len(sink.content) >= writer.total_out > 100_000
    writer.close()
    data = direction.content(sink.content)
    assert data == (DATA[:taken] if direction.coder is ZstdCompressor else DATA)


def test_pending_output_is_sent_before_more_input_is_taken(direction, given):
    sink = Scripted(*[LookupError] * 3)
    writer = direction.open(sink, write_size=1000)
    with pytest.raises(LookupError):
        writer.write(given)
    state = writer.total_in, writer.total_out
    for _ in range(2):
        with pytest.raises(LookupError):
            writer.write(given[writer.total_in :])
        assert (writer.total_in, writer.total_out) == state
    writer.write(given[writer.total_in :])
    writer.close()
    assert direction.content(sink.content) == DATA


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (0, OSError),
        (-1, OSError),
        (-(2**70), OSError),
        (2**70, OSError),
        (10**9, OSError),
        ("text", TypeError),
        (b"", TypeError),
        (1.0, TypeError),
        ((), TypeError),
        (Index(1, fail), LookupError),
    ],
)
def test_nonsense_counts(direction, given, answer, error):
    class Nonsense(Sink):
        answers = (answer,) * 2

        def write(self, data):
            if self.answers:
                self.answers = self.answers[1:]
                return answer
            return super().write(data)

    sink = Nonsense()
    writer = direction.open(sink)
    for _ in range(2):
        with pytest.raises(error, match=r"write\(\) of the sink|of the callback"):
            writer.write(given[writer.total_in :])
    write_rest(writer, given)
    assert direction.content(sink.content) == DATA


def test_count_of_one_too_many(direction, given):
    class Boasting(Sink):
        def write(self, data):
            return super().write(data) + 1

    writer = direction.open(Boasting(), write_size=100)
    with pytest.raises(OSError, match="given 100 bytes and returned 101"):
        writer.write(given)
    with pytest.raises(OSError, match="returned"):
        writer.close()


def test_error_of_the_sink_propagates_as_it_is(direction, given):
    error = LookupError("of the sink")
    sink = Scripted(error)
    writer = direction.open(sink)
    with pytest.raises(LookupError) as caught:
        writer.write(given)
    assert caught.value is error
    write_rest(writer, given)
    assert direction.content(sink.content) == DATA


# --- closing ---


def test_close_closes_the_sink_and_flushes_it_not(direction, given):
    sink = File()
    writer = direction.open(sink)
    writer.write(given)
    assert not writer.closed
    assert writer.close() is None
    assert writer.closed
    assert sink.calls[-2:] == ["write", "close"]
    assert sink.calls.count("close") == 1
    assert "flush" not in sink.calls
    calls = list(sink.calls)
    assert writer.close() is None
    assert sink.calls == calls
    assert direction.content(sink.content) == DATA


@pytest.mark.parametrize("closefd", [False, 0, None])
def test_close_without_closing_the_sink(direction, given, closefd):
    sink = File()
    with direction.open(sink, closefd=closefd) as writer:
        writer.write(given)
    assert writer.closed
    assert set(sink.calls) == {"write"}
    assert direction.content(sink.content) == DATA


def test_entering(direction):
    writer = direction.open(Sink())
    with writer as entered:
        assert entered is writer
        with pytest.raises(ZstdError, match="cannot __enter__ multiple times"):
            writer.__enter__()
    with pytest.raises(ValueError, match=CLOSED):
        writer.__enter__()
    assert writer.__exit__(None, None, None) is False


def leave(writer, error):
    with writer:
        raise error


def test_exception_in_with_passes_and_the_writer_is_closed(direction, given):
    sink = File()
    error = LookupError()
    writer = direction.open(sink)
    writer.write(given)
    with pytest.raises(LookupError) as caught:
        leave(writer, error)
    assert caught.value is error
    assert sink.closed
    assert writer.closed
    assert direction.content(sink.content) == DATA


def test_leaving_calls_close_of_a_subclass(direction):
    class Writer(direction.writer):
        def close(self):
            calls.append("close")
            super().close()
            fail()

    calls = []
    sink = File()
    with (
        pytest.raises(LookupError, match="of the callback"),
        Writer(direction.coder(), sink) as writer,
    ):
        pass
    assert calls == ["close"]
    assert writer.closed
    assert sink.closed


def fill(writer, given):
    """Have a sink that raises leave output pending."""
    with pytest.raises(LookupError, match="first"):
        writer.write(given)


def test_error_while_closing_closes_the_sink_all_the_same(direction, given):
    sink = Scripted(LookupError("first"), LookupError("second"))
    writer = direction.open(sink)
    fill(writer, given)
    with pytest.raises(LookupError, match="second"):
        writer.close()
    assert writer.closed
    assert sink.calls == ["write", "write", "close"]
    assert writer.close() is None


def test_sink_that_would_block_is_closed(direction, given):
    sink = Scripted(LookupError("first"), None)
    writer = direction.open(sink)
    fill(writer, given)
    with pytest.raises(BlockingIOError) as caught:
        writer.close()
    assert caught.value.characters_written == 0
    assert sink.closed


def test_error_while_closing_leaves_the_sink_open_without_closefd(direction, given):
    sink = Scripted(LookupError("first"), LookupError("second"))
    writer = direction.open(sink, closefd=False)
    fill(writer, given)
    with pytest.raises(LookupError, match="second"):
        writer.close()
    assert writer.closed
    assert not sink.closed


class Unclosable(Scripted):
    def close(self):
        super().close()
        raise OSError("not closed")


def test_error_of_the_sinks_close(direction, given):
    sink = Unclosable()
    writer = direction.open(sink)
    writer.write(given)
    with pytest.raises(OSError, match="not closed") as caught:
        writer.close()
    assert caught.value.__context__ is None
    assert writer.closed
    assert direction.content(sink.content) == DATA


def test_second_error_has_the_first_as_its_context(direction, given):
    second = LookupError("second")
    writer = direction.open(Unclosable(LookupError("first"), second))
    fill(writer, given)
    with pytest.raises(OSError, match="not closed") as caught:
        writer.close()
    assert caught.value.__context__ is second
    assert writer.closed


def test_error_of_closing_has_that_of_the_with_statement_as_its_context(direction, given):
    error = KeyError()
    writer = direction.open(Scripted(LookupError("first"), LookupError("second")))
    fill(writer, given)
    with pytest.raises(LookupError, match="second") as caught:
        leave(writer, error)
    assert caught.value.__context__ is error


CLOSED_USES = {
    "write": lambda writer: writer.write(b"content"),
    "write nothing": lambda writer: writer.write(b""),
    "writelines": lambda writer: writer.writelines([b"content"]),
    "writelines nothing": lambda writer: writer.writelines([]),
    "flush": lambda writer: writer.flush(),
    "fileno": lambda writer: writer.fileno(),
    "memory_size": lambda writer: writer.memory_size(),
    "with": lambda writer: writer.__enter__(),
}


def closed(direction):
    writer = direction.open(Sink())
    writer.close()
    return writer


def unopened(direction):
    return direction.writer.__new__(direction.writer)


@pytest.mark.parametrize("use", CLOSED_USES)
@pytest.mark.parametrize("make", [closed, unopened])
def test_use_after_close(direction, make, use):
    with pytest.raises(ValueError, match=CLOSED):
        CLOSED_USES[use](make(direction))


@pytest.mark.parametrize("make", [closed, unopened])
def test_closed_writer(direction, make):
    writer = make(direction)
    assert writer.closed
    assert writer.close() is None
    assert writer.__exit__(None, None, None) is False
    assert (writer.readable(), writer.writable(), writer.isatty()) == (False, True, False)
    for name in ("name", "mode"):
        with pytest.raises(AttributeError, match=f"no attribute '{name}'"):
            getattr(writer, name)


def test_input_is_released(direction, given):
    data = bytearray(given)
    sink = Scripted(None, LookupError)
    writer = direction.open(sink)
    for error in (BlockingIOError, LookupError):
        with pytest.raises(error):
            writer.write(data)
        assert samples.is_released(data)
    write_rest(writer, given)
    for use in (writer.write, lambda data: writer.writelines([data])):
        with pytest.raises(ValueError, match=CLOSED):
            use(data)
        assert samples.is_released(data)
    writer = direction.open(Sink())
    writer.write(data)
    assert samples.is_released(data)
    writer.close()


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("closefd", [True, False])
def test_closed_writer_lets_its_sink_go(direction, given, fails, closefd):
    sink = Scripted(*[LookupError("first"), LookupError("second")] * fails)
    gone = weakref.ref(sink)
    writer = direction.open(sink, closefd=closefd)
    if fails:
        fill(writer, given)
        with pytest.raises(LookupError, match="second"):
            writer.close()
    else:
        writer.write(given)
        writer.close()
    del sink
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("size", [300_000, 10])
def test_sink_in_a_cycle_with_its_writer_is_collected(direction, size):
    sink = Sink()
    sink.writer = direction.open(sink)
    with direction.open(Sink()) as other:
        other.write(direction.given(DATA[:size]))
    gone = weakref.ref(sink)
    del sink
    gc.collect()
    assert gone() is None


def test_same_error_twice_is_not_its_own_context(direction, given):
    error = LookupError()
    sink = Scripted(error, error, error)

    def close():
        raise error

    sink.close = close
    writer = direction.open(sink)
    with pytest.raises(LookupError):
        writer.write(given)
    with pytest.raises(LookupError) as caught:
        writer.close()
    assert caught.value.__context__ is None
