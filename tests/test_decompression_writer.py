"""ZstdDecompressionWriter: frames that are written, and their content written to a sink."""

import inspect
import io

import pytest

import frames
import samples
import zstandard
from callbacks import fail
from sinks import File, Scripted, Sink
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdEOFError, ZstdError, compress

DATA = samples.text(300_000)
FRAME = compress(DATA)
JUNK = "Unknown frame descriptor"
WITHIN = "zstd decompress error: Src size is incorrect: .* ends within a frame"
# Raw blocks, and what may come after them.
BLOCKS = [b"a" * 1000, b"b" * 2000, b"c" * 10]
START = frames.header(window=88) + b"".join(frames.raw_block(b, last=False) for b in BLOCKS[:2])
DAMAGES = {
    "payload": frames.block(frames.COMPRESSED, 10, b"x" * 10),
    "header": frames.block(frames.RESERVED, 10, b"x" * 10),
}
GOOD = b"".join(BLOCKS[:2])


def new(sink, **options):
    return ZstdDecompressor().stream_writer(sink, **options)


# --- the content ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
@pytest.mark.parametrize("options", [{}, {"write_checksum": True}, {"write_content_size": False}])
def test_content(kind, size, options):
    data = samples.KINDS[kind](size)
    sink = Sink()
    with new(sink) as writer:
        for piece in samples.in_pieces(ZstdCompressor(**options).compress(data), 10_000):
            assert writer.write(piece) == len(piece)
    assert sink.content == data


def test_defaults():
    assert str(inspect.signature(ZstdDecompressor.stream_writer)) == (
        "(self, /, writer, write_size=131072, write_return_read=True, closefd=True)"
    )
    signature = inspect.signature(zstandard.ZstdDecompressionWriter)
    assert list(signature.parameters)[:3] == ["decompressor", "writer", "write_size"]


@pytest.mark.parametrize("piece", [1, 3, 1000, 10**6])
@pytest.mark.parametrize("write_size", [1, 1000, 131072])
def test_all_frames(piece, write_size):
    parts = [
        frames.skippable(b"skipped"),
        compress(b"first"),
        compress(b""),
        frames.skippable(),
        ZstdCompressor(write_checksum=True).compress(DATA[:5000]),
        frames.skippable(b"last"),
    ]
    sink = Sink()
    with new(sink, write_size=write_size) as writer:
        for part in samples.in_pieces(b"".join(parts), piece):
            writer.write(part)
    assert sink.content == b"first" + DATA[:5000]
    assert (writer.total_in, writer.total_out) == (len(b"".join(parts)), 5005)


def test_content_is_written_as_soon_as_it_can_be():
    sink = Sink()
    writer = new(sink)
    for i, block in enumerate(BLOCKS):
        writer.write((START if i == 0 else b"") and frames.header(window=88))
        writer.write(frames.raw_block(block, last=i == 2))
        assert sink.pieces == BLOCKS[: i + 1]
    writer.close()


def test_options_of_the_decompressor():
    sink = Sink()
    with ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS).stream_writer(sink) as writer:
        for byte in samples.in_pieces(FRAME[4:], 1):
            writer.write(byte)
    assert sink.content == DATA
    writer = ZstdDecompressor(max_window_size=1 << 17).stream_writer(Sink())
    with pytest.raises(ZstdError, match="Frame requires too much memory"):
        writer.write(frames.header(window=88) + frames.raw_block(b"content"))
    writer.close()


def test_two_writers_of_one_decompressor_at_once():
    decompressor = ZstdDecompressor()
    contents = [samples.text(20_000, seed) for seed in range(2)]
    sinks = Sink(), Sink()
    writers = [decompressor.stream_writer(sink) for sink in sinks]
    for parts in zip(*[samples.in_pieces(compress(c), 500) for c in contents], strict=False):
        for writer, part in zip(writers, parts, strict=True):
            writer.write(part)
    for sink, data in zip(sinks, contents, strict=True):
        assert len(sink.content) > 0
        assert data.startswith(sink.content)
    for writer, data in zip(writers, contents, strict=True):
        writer.write(compress(data)[writer.total_in :])
        writer.close()
    assert [sink.content for sink in sinks] == contents


# --- methods ---


def test_write_counts_input_or_output():
    for options, count in (({}, len(FRAME)), ({"write_return_read": False}, len(DATA))):
        with new(Sink(), **options) as writer:
            assert writer.write(FRAME) == count


def test_flush_writes_nothing_and_calls_that_of_the_sink():
    sink = File()
    with new(sink) as writer:
        for _ in range(50):
            assert writer.flush() is None
        assert sink.calls == ["flush"] * 50
        writer.write(FRAME[:1000])
        written = len(sink.pieces)
        for _ in range(50):
            assert writer.flush() is None
        assert len(sink.pieces) == written
        writer.write(FRAME[1000:])
        with pytest.raises(TypeError):
            writer.flush(0)
    assert sink.content == DATA


def test_tell_is_unsupported():
    with new(Sink()) as writer, pytest.raises(io.UnsupportedOperation):
        writer.tell()


# --- sinks that do not take all ---


@pytest.mark.parametrize("write_size", [10, 1000])
@pytest.mark.parametrize("answer", [None, LookupError])
def test_flush_writes_all_content_that_there_is(write_size, answer):
    """The frame's context has made more than the piece that the sink did not take."""
    sink = Scripted(7, answer)
    writer = new(sink, write_size=write_size)
    frame = frames.header(window=88) + frames.rle_block(5000, b"r", last=False)
    with pytest.raises((BlockingIOError, LookupError)):
        writer.write(frame)
    assert writer.total_in == len(frame)
    writer.flush()
    assert sink.content == b"r" * 5000
    writer.write(frames.raw_block(b"end"))
    writer.close()
    assert sink.content == b"r" * 5000 + b"end"


@pytest.mark.parametrize("answer", [None, LookupError])
def test_close_writes_all_content_that_there_is(answer):
    sink = Scripted(7, answer)
    writer = new(sink, write_size=10)
    with pytest.raises((BlockingIOError, LookupError)):
        writer.write(frames.header(window=88) + frames.rle_block(5000, b"r", last=False))
    with pytest.raises(ZstdEOFError, match=WITHIN):
        writer.close()
    assert sink.content == b"r" * 5000


def test_error_of_the_sink_comes_before_that_of_the_data():
    sink = Scripted(LookupError)
    writer = new(sink)
    with pytest.raises(LookupError):
        writer.write(START + DAMAGES["payload"])
    with pytest.raises(ZstdError, match="zstd decompress error"):
        writer.write(b"")
    assert sink.content == GOOD
    writer.close()


# --- bad data ---


@pytest.mark.parametrize("piece", [1, 10**6])
def test_junk(piece):
    for before, output in ((b"", b""), (compress(b"content"), b"content")):
        sink = File()
        writer = new(sink)
        with pytest.raises(ZstdError, match=f"zstd decompress error: {JUNK}") as caught:
            writer.writelines(samples.in_pieces(before + b"junkjunk", piece))
        assert not isinstance(caught.value, EOFError)
        assert sink.content == output
        for data in (b"", FRAME):
            with pytest.raises(ZstdError, match=JUNK):
                writer.write(data)
        writer.close()
        assert sink.calls[-1] == "close"


@pytest.mark.parametrize("piece", [1, 500, 10**6])
@pytest.mark.parametrize("write_size", [1, 300, 131072])
@pytest.mark.parametrize("damage", DAMAGES)
def test_good_data_is_written_before_damage_is_raised(piece, write_size, damage):
    sink = Sink()
    writer = new(sink, write_size=write_size)
    with pytest.raises(ZstdError, match="zstd decompress error"):
        writer.writelines(samples.in_pieces(START + DAMAGES[damage], piece))
    assert sink.content == GOOD
    writer.close()


def test_wrong_checksum():
    frame = bytearray(ZstdCompressor(write_checksum=True).compress(DATA))
    frame[-1] ^= 1
    writer = new(Sink())
    with pytest.raises(ZstdError, match="checksum"):
        writer.write(frame)
    writer.close()


def test_decompressor_is_usable_after_bad_data():
    decompressor = ZstdDecompressor()
    writer = decompressor.stream_writer(Sink())
    with pytest.raises(ZstdError, match=JUNK):
        writer.write(b"junkjunk")
    writer.close()
    assert decompressor.decompress(FRAME) == DATA


# --- truncated data ---


@pytest.mark.parametrize(
    "data",
    [
        FRAME[:1],
        FRAME[:5],
        FRAME[:1000],
        FRAME[:-1],
        FRAME + FRAME[:4],
        frames.skippable(b"skipped")[:3],
        frames.skippable(b"skipped")[:-1],
        ZstdCompressor(write_checksum=True).compress(DATA)[:-1],
        START + frames.raw_block(BLOCKS[2])[:-1],
    ],
    ids=len,
)
def test_close_within_a_frame(data):
    sink = File()
    writer = new(sink)
    writer.write(data)
    with pytest.raises(ZstdEOFError, match=WITHIN) as caught:
        writer.close()
    assert isinstance(caught.value, ZstdError)
    assert isinstance(caught.value, EOFError)
    assert (caught.value.code, caught.value.name) == (72, "Src size is incorrect")
    assert f"the input of {len(data)} bytes" in str(caught.value)
    assert writer.closed
    assert sink.closed
    assert writer.close() is None


def test_close_within_a_header_without_magic_number():
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    writer = decompressor.stream_writer(Sink())
    writer.write(FRAME[4:5])
    with pytest.raises(ZstdEOFError, match=WITHIN):
        writer.close()


def test_good_data_is_written_before_truncation_is_raised():
    sink = Sink()
    writer = new(sink, write_size=700)
    writer.write(START + frames.raw_block(BLOCKS[2])[:5])
    assert sink.content in (GOOD, GOOD + b"cc")
    with pytest.raises(ZstdEOFError, match=WITHIN):
        writer.close()


@pytest.mark.parametrize(
    "data", [b"", FRAME, FRAME + frames.skippable(b"x"), FRAME + compress(b"")], ids=len
)
def test_close_between_frames_is_silent(data):
    with new(Sink()) as writer:
        writer.write(data)


def test_truncation_and_an_error_of_the_sinks_close():
    class Unclosable(Sink):
        def close(self):
            fail()

    writer = new(Unclosable())
    writer.write(FRAME[:-1])
    with pytest.raises(LookupError, match="of the callback") as caught:
        writer.close()
    assert isinstance(caught.value.__context__, ZstdEOFError)


def leave(sink, data, callback):
    with new(sink) as writer:
        writer.write(data)
        callback()


def test_leaving_within_a_frame_raises():
    sink = File()
    with pytest.raises(ZstdEOFError, match=WITHIN):
        leave(sink, FRAME[:-1], int)
    assert sink.closed


def test_leaving_within_a_frame_by_an_exception_raises_that_one():
    sink = File()
    with pytest.raises(LookupError, match="of the callback") as caught:
        leave(sink, FRAME[:-1], fail)
    assert caught.value.__context__ is None
    assert sink.closed


def test_leaving_by_bad_data():
    sink = File()
    with pytest.raises(ZstdError, match=JUNK) as caught:
        leave(sink, FRAME + b"junkjunk", int)
    assert caught.value.__context__ is None
    assert sink.content == DATA
    assert sink.closed


@pytest.mark.parametrize("method", ["flush", "close"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_fault_behind_an_error_of_the_sink_is_raised(damage, method):
    """The error of the sink has come first, but is not the only one."""
    writer = new(sink := Scripted(LookupError()))
    with pytest.raises(LookupError):
        writer.write(START + DAMAGES[damage])
    with pytest.raises(ZstdError, match="Data corruption detected"):
        getattr(writer, method)()
    writer.close()
    assert sink.content == GOOD


def test_dropping_a_writer_with_a_part_of_a_magicless_header_warns():
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    writer = decompressor.stream_writer(Sink())
    writer.write(FRAME[4:5])
    with pytest.warns(ResourceWarning, match="unclosed writer"):
        del writer
