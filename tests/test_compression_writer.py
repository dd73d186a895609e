"""ZstdCompressionWriter: frames made of what is written, and written to a sink."""

import inspect
import io
import logging
import sys
import threading

import pytest

import samples
import zstandard
from callbacks import Index, fail
from directions import content
from sinks import File, Scripted, Sink
from zstandard import FLUSH_BLOCK, FLUSH_FRAME, ZstdCompressor, ZstdDecompressor, ZstdError

WRONG_SIZE = "Src size is incorrect"
EMPTY_FRAME = 9


def new(sink, size=-1, **options):
    return ZstdCompressor().stream_writer(sink, size, **options)


def readable(output):
    """Decompress the beginning of a frame."""
    return ZstdDecompressor().decompressobj().decompress(output)


# --- the frame ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
def test_one_frame(kind, size):
    data = samples.KINDS[kind](size)
    sink = Sink()
    with ZstdCompressor(write_checksum=True).stream_writer(sink) as writer:
        for piece in samples.in_pieces(data, 10_000):
            writer.write(piece)
    decompressor = ZstdDecompressor().decompressobj()
    assert decompressor.decompress(sink.content) == data
    assert decompressor.eof
    assert decompressor.unused_data == b""
    assert zstandard.get_frame_parameters(sink.content).has_checksum


def test_defaults():
    assert str(inspect.signature(ZstdCompressor.stream_writer)) == (
        "(self, /, writer, size=-1, write_size=131591, write_return_read=True, closefd=True)"
    )
    signature = inspect.signature(zstandard.ZstdCompressionWriter)
    assert list(signature.parameters)[:3] == ["compressor", "writer", "size"]


def test_little_data_reaches_the_sink_at_the_end():
    sink = File()
    writer = new(sink)
    for _ in range(100):
        assert writer.write(b"content") == 7
    assert sink.calls == []
    assert writer.tell() == 0
    writer.close()
    assert sink.calls == ["write", "close"]


def test_output_comes_a_block_at_a_time():
    sink = Sink()
    data = samples.noise(3 * samples.BLOCK)
    with new(sink) as writer:
        writer.write(data)
        assert len(sink.content) > 2 * samples.BLOCK
        assert data.startswith(readable(sink.content))


@pytest.mark.parametrize("use", [lambda _: None, lambda w: w.write(b""), lambda w: w.flush()])
def test_close_without_data_writes_an_empty_frame(use):
    sink = Sink()
    with new(sink) as writer:
        use(writer)
    assert len(sink.content) == EMPTY_FRAME
    assert content(sink.content) == b""


def test_two_writers_of_one_compressor_at_once():
    compressor = ZstdCompressor()
    sinks = Sink(), Sink()
    writers = [compressor.stream_writer(sink) for sink in sinks]
    for i in range(2000):
        for number, writer in enumerate(writers):
            writer.write(b"%d of writer %d\n" % (i, number))
    for number, (writer, sink) in enumerate(zip(writers, sinks, strict=True)):
        writer.close()
        assert content(sink.content) == b"".join(
            b"%d of writer %d\n" % (i, number) for i in range(2000)
        )


@pytest.mark.parametrize("mode", [FLUSH_BLOCK, FLUSH_FRAME])
def test_worker_threads(mode):
    data = samples.text(3_000_000)
    sink = Sink()
    with ZstdCompressor(threads=2).stream_writer(sink, write_size=1000) as writer:
        for piece in samples.in_pieces(data, 1_000_000):
            writer.write(piece)
            writer.flush(mode)
            assert data.startswith(readable(sink.content))
    assert content(sink.content) == data


# --- flush ---


def test_flush_of_a_block_makes_all_data_so_far_readable():
    sink = Sink()
    data = b""
    with new(sink) as writer:
        for piece in (b"a", b"second", samples.text(200_000), b""):
            data += piece
            writer.write(piece)
            before = len(sink.content)
            assert writer.flush() == len(sink.content) - before
            assert readable(sink.content) == data


def test_flush_of_a_block_with_nothing_new_writes_nothing():
    sink = Sink()
    with new(sink) as writer:
        writer.write(b"content")
        assert writer.flush(FLUSH_BLOCK) == len(sink.content) > 0
        assert [writer.flush() for _ in range(50)] == [0] * 50
        assert len(sink.pieces) == 1


def test_flush_of_a_frame_begins_another_one():
    sink = Sink()
    writer = new(sink)
    writer.write(b"first")
    assert writer.flush(FLUSH_FRAME) == len(sink.content)
    first = sink.content
    assert ZstdDecompressor().decompress(first, 100) == b"first"
    writer.write(b"second")
    assert writer.flush(flush_mode=1) == len(sink.content) - len(first)
    assert ZstdDecompressor().decompress(sink.content[len(first) :], 100) == b"second"
    frames = sink.content
    writer.close()
    assert len(sink.content) == len(frames) + EMPTY_FRAME
    assert content(sink.content) == b"firstsecond"


@pytest.mark.parametrize("mode", [FLUSH_BLOCK, FLUSH_FRAME])
def test_flush_calls_that_of_the_sink_once_after_the_output(mode):
    sink = File()
    with new(sink) as writer:
        writer.write(b"content")
        writer.flush(mode)
        assert sink.calls == ["write", "flush"]


@pytest.mark.parametrize("mode", [2, -1, 9, 2**31 - 1])
def test_unknown_flush_mode_changes_nothing(mode):
    sink = File()
    with new(sink) as writer:
        writer.write(b"content")
        with pytest.raises(ValueError, match=f"unknown flush_mode: {mode}"):
            writer.flush(mode)
        assert sink.calls == []
    assert content(sink.content) == b"content"


@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        ((2**31,), {}, OverflowError),
        ((2**64,), {}, OverflowError),
        (("0",), {}, TypeError),
        ((None,), {}, TypeError),
        ((0.0,), {}, TypeError),
        ((0, 0), {}, TypeError),
        ((), {"mode": 0}, TypeError),
        ((Index(0, fail),), {}, LookupError),
    ],
)
def test_bad_arguments_of_flush_change_nothing(arguments, keywords, error):
    sink = File()
    with new(sink) as writer:
        writer.write(b"content")
        with pytest.raises(error):
            writer.flush(*arguments, **keywords)
        assert sink.calls == []
    assert content(sink.content) == b"content"


def test_writer_that_the_argument_of_flush_closes():
    sink = File()
    writer = new(sink)
    writer.write(b"content")
    with pytest.raises(ValueError, match="stream is closed"):
        writer.flush(Index(0, writer.close))
    assert content(sink.content) == b"content"
    assert "flush" not in sink.calls


@pytest.mark.parametrize("mode", [FLUSH_BLOCK, FLUSH_FRAME])
@pytest.mark.parametrize("write_size", [1, 100, 131072])
def test_flush_goes_on_where_the_sink_stopped_it(mode, write_size):
    data = samples.text(30_000)
    sink = Scripted(None, 1, LookupError, None)
    writer = new(sink, write_size=write_size)
    writer.write(data)
    for error in (BlockingIOError, LookupError, BlockingIOError):
        with pytest.raises(error) as caught:
            writer.flush(mode)
        assert getattr(caught.value, "characters_written", 0) == 0
        assert "flush" not in sink.calls
    assert writer.flush(mode) == len(sink.content) - 1
    assert readable(sink.content) == data
    assert sink.calls[-1] == "flush"
    writer.close()
    assert content(sink.content) == data


@pytest.mark.parametrize("write_size", [1, 100])
def test_write_after_the_end_of_a_frame_was_stopped(write_size):
    """What the frame still has comes before the next one."""
    data = samples.text(5000)
    sink = Scripted(3, None)
    with new(sink, write_size=write_size) as writer:
        writer.write(data)
        with pytest.raises(BlockingIOError):
            writer.flush(FLUSH_FRAME)
        writer.write(b"second")
        writer.flush(FLUSH_FRAME)
    assert content(sink.content) == data + b"second"


# --- what is counted ---


def test_write_counts_what_it_sends():
    sink = Sink()
    writer = new(sink, write_return_read=False)
    assert writer.write(b"content") == 0
    assert writer.write(samples.noise(300_000)) == len(sink.content) > 0
    writer.close()


def test_write_counts_pending_output_that_it_sends():
    sink = Scripted(10, None)
    writer = new(sink, write_return_read=False)
    data = samples.noise(300_000)
    with pytest.raises(BlockingIOError):
        writer.write(data)
    assert writer.write(data[writer.total_in :]) == len(sink.content) - 10
    writer.close()


def test_tell_counts_what_the_sink_has_taken_over_all_frames():
    sink = Scripted(7, LookupError)
    writer = new(sink)
    assert writer.tell() == 0
    writer.write(b"content")
    with pytest.raises(LookupError):
        writer.flush()
    assert writer.tell() == 7
    for mode in (FLUSH_FRAME, FLUSH_BLOCK):
        writer.write(b"more")
        writer.flush(mode)
        assert writer.tell() == len(sink.content)
    writer.close()
    assert writer.tell() == len(sink.content)
    assert zstandard.ZstdCompressionWriter.__new__(zstandard.ZstdCompressionWriter).tell() == 0


def test_total_in_and_total_out_over_all_frames():
    sink = Sink()
    writer = new(sink)
    for mode in (FLUSH_FRAME, FLUSH_BLOCK):
        writer.write(b"content")
        writer.flush(mode)
    writer.close()
    assert (writer.total_in, writer.total_out) == (14, len(sink.content))


# --- declared size ---


@pytest.mark.parametrize("size", samples.SIZES)
def test_declared_size_is_stated(size):
    data = samples.text(size)
    for make in (new, lambda *a, **k: zstandard.ZstdCompressionWriter(ZstdCompressor(), *a, **k)):
        sink = Sink()
        with make(sink, size=size) as writer:
            for piece in samples.in_pieces(data, 10_000):
                writer.write(piece)
        assert zstandard.frame_content_size(sink.content) == size
        assert content(sink.content) == data


@pytest.mark.parametrize("options", [{}, {"size": -1}, {"size": zstandard.CONTENTSIZE_UNKNOWN}])
def test_size_that_is_unknown_is_not_stated(options):
    sink = Sink()
    with new(sink, **options) as writer:
        writer.write(b"content")
    assert zstandard.frame_content_size(sink.content) == -1


def test_size_is_that_of_the_first_frame():
    sink = Sink()
    with new(sink, size=7) as writer:
        writer.write(b"content")
        end = writer.flush(FLUSH_FRAME)
        writer.write(b"of any size")
    assert zstandard.frame_content_size(sink.content) == 7
    assert zstandard.frame_content_size(sink.content[end:]) == -1
    assert content(sink.content) == b"contentof any size"


def test_compressor_that_states_no_size_states_no_declared_one():
    sink = Sink()
    with ZstdCompressor(write_content_size=False).stream_writer(sink, size=7) as writer:
        writer.write(b"content")
    assert zstandard.frame_content_size(sink.content) == -1


def test_more_than_declared_is_an_error_ever_after():
    compressor = ZstdCompressor()
    sink = File()
    writer = compressor.stream_writer(sink, size=3)
    for data in (b"four", b"abc", b""):
        with pytest.raises(ZstdError, match=f"zstd compress error: {WRONG_SIZE}") as caught:
            writer.write(data)
        assert caught.value.code == 72
    for mode in (FLUSH_BLOCK, FLUSH_FRAME):
        with pytest.raises(ZstdError, match=WRONG_SIZE):
            writer.flush(mode)
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        writer.close()
    assert writer.closed
    assert sink.calls == ["close"]
    assert compressor.compress(b"abc") == zstandard.compress(b"abc")


@pytest.mark.parametrize("size", [10, 300_000, 2**40])
def test_less_than_declared_is_an_error_at_the_end(size):
    sink = File()
    writer = new(sink, size=size)
    writer.write(b"123456789")
    with pytest.raises(ZstdError, match=WRONG_SIZE) as caught:
        writer.close()
    assert not isinstance(caught.value, EOFError)
    assert sink.calls[-1] == "close"
    assert writer.closed


def test_error_of_the_size_has_that_of_the_with_statement_as_its_context():
    def leave():
        with new(Sink(), size=5) as writer:
            writer.write(b"123")
            fail()

    with pytest.raises(ZstdError, match=WRONG_SIZE) as caught:
        leave()
    assert isinstance(caught.value.__context__, LookupError)


def test_declared_size_without_any_data_is_an_empty_frame():
    sink = Sink()
    new(sink, size=5).close()
    assert content(sink.content) == b""


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (-2, ValueError),
        (-(2**70), ValueError),
        (2**64, OverflowError),
        (None, TypeError),
        (1.0, TypeError),
        (Index(1, fail), LookupError),
    ],
)
def test_bad_size(size, error):
    for make in (new, lambda *a: zstandard.ZstdCompressionWriter(ZstdCompressor(), *a)):
        with pytest.raises(error):
            make(Sink(), size)


# --- other writers on top ---


@pytest.mark.parametrize("newline", ["", "\n", "\r\n"])
def test_text(newline):
    sink = File()
    with io.TextIOWrapper(new(sink), "utf-16-le", newline=newline) as text:
        text.write("é\nß\n")
        text.flush()
        assert sink.calls == ["write", "flush"]
    assert sink.closed
    expected = "é\nß\n".replace("\n", newline or "\n").encode("utf-16-le")
    assert content(sink.content) == expected


def test_log_of_eight_threads():
    def work(number):
        for turn in range(200):
            logger.error("%d: é %d", number, turn)

    sink = File()
    text = io.TextIOWrapper(new(sink), "utf-8")
    logger = logging.getLogger(f"of the test in {threading.get_ident()}")
    handler = logging.StreamHandler(text)
    logger.addHandler(handler)
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)
    logger.removeHandler(handler)
    handler.close()
    text.close()
    lines = content(sink.content).decode().splitlines()
    assert sorted(lines) == sorted(f"{n}: é {turn}" for n in range(8) for turn in range(200))
    assert sink.calls.count("flush") >= 1600


@pytest.mark.parametrize(("size", "data"), [(2, b"abc"), (4, b"abc")])
def test_error_names_the_declared_size(size, data):
    writer = new(Sink(), size)
    with pytest.raises(ZstdError, match=f"incorrect: the declared size is {size}$"):
        writer.writelines([data, b"more"])
    with pytest.raises(ZstdError):
        writer.close()
