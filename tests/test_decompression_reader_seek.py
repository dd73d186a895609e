"""ZstdDecompressionReader: positions."""

import io
import os

import pytest

import samples
from callbacks import Index, fail
from sources import (
    READS,
    READS_OF_ALL,
    Script,
    SeekableSource,
    Source,
    Unlucky,
    good_part,
    parts,
    streamed,
)
from zstandard import FORMAT_ZSTD1_MAGICLESS, ZstdDecompressor, ZstdEOFError, ZstdError, compress

DATA = samples.text(5000)
LONG = samples.noise(3 * samples.BLOCK + 7)
BACKWARDS = "cannot seek zstd decompression stream backwards"

SOURCES = {
    "buffer": bytes,
    "memory": io.BytesIO,
    "seekable": SeekableSource,
    "short reads": lambda data: SeekableSource(data, 100),
    "later in a file": lambda data: SeekableSource(data, 100, start=12_345),
}
any_source = pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)


def new(source, **options):
    return ZstdDecompressor().stream_reader(source, **options)


# --- seekable sources ---


@any_source
@pytest.mark.parametrize("data", [DATA, LONG], ids=["short", "long"])
@pytest.mark.parametrize("count", [1, 3])
def test_going_anywhere_from_anywhere(count, data, make):
    pieces = samples.in_pieces(data, len(data) // count + 1)
    reader = new(make(b"".join(map(streamed, pieces))), read_across_frames=True)
    size = len(data)
    places = (0, 1, 100, 4999, size // 2, size - 1, size)
    for start in places:
        for place in places:
            assert reader.seek(start) == reader.tell() == start
            assert reader.seek(place) == reader.tell() == place
            assert reader.read(10) == data[place : place + 10]


@any_source
@pytest.mark.parametrize("whence", [io.SEEK_SET, io.SEEK_CUR, io.SEEK_END])
@pytest.mark.parametrize("offset", [-5000, -4999, -1, 0, 1, 100, 4999, 5000])
def test_every_whence(offset, whence, make):
    model = io.BytesIO(DATA)
    model.seek(10)
    reader = new(make(compress(DATA)))
    reader.read(10)
    if (0, 10, 5000)[whence] + offset < 0:
        with pytest.raises(OSError, match="cannot seek to negative position"):
            reader.seek(offset, whence)
    else:
        place = min(5000, model.seek(offset, whence))
        assert reader.seek(offset, whence) == reader.tell() == place
        assert reader.read() == DATA[place:]


@any_source
def test_start_again_at_the_end(make):
    reader = new(make(compress(DATA) * 2))
    for _ in range(3):
        assert reader.read() == DATA * 2
        assert reader.seek(0) == 0


@any_source
def test_start_again_within_a_frame(make):
    reader = new(make(streamed(LONG)))
    for _ in range(3):
        assert reader.read(200_000) == LONG[:200_000]
        assert reader.seek(0) == 0


@any_source
@pytest.mark.parametrize("read", READS | READS_OF_ALL)
def test_every_way_to_read_after_going_back(read, make):
    reader = new(make(streamed(DATA)))
    reader.read(3000)
    reader.seek(5)
    assert b"".join(parts(reader, (READS | READS_OF_ALL)[read], 100)) == DATA[5:]


@any_source
def test_lines_after_going_back(make):
    reader = new(make(streamed(DATA)))
    reader.readlines()
    reader.seek(0)
    assert list(reader) == DATA.splitlines(keepends=True)


@any_source
def test_reads_still_end_at_the_end_of_a_frame(make):
    reader = new(make(compress(b"one") + compress(b"two")))
    for _ in range(2):
        assert [reader.read(10), reader.read(10), reader.read(10)] == [b"one", b"two", b""]
        reader.seek(0)


def test_position_is_unknown_to_the_source_until_it_is_asked():
    source = SeekableSource(compress(DATA), start=100)
    reader = new(source)
    reader.seek(4000)
    assert source.sought == []
    reader.seek(0, io.SEEK_END)
    assert source.sought == []


def test_source_is_sent_to_where_it_was_at_first():
    frame = streamed(LONG)
    source = SeekableSource(frame, start=777)
    reader = new(source)
    reader.read(200_000)
    reader.seek(0)
    assert source.sought == [777]
    assert reader.read(10) == LONG[:10]


def test_file_is_read_again_from_where_it_was(tmp_path):
    path = tmp_path / "data"
    path.write_bytes(b"before" + streamed(LONG))
    for buffering in (-1, 0):
        with path.open("rb", buffering=buffering) as file:
            file.seek(6)
            reader = new(file)
            assert reader.read() == LONG
            reader.seek(0)
            assert reader.read() == LONG


def test_without_magic_number():
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    reader = decompressor.stream_reader(SeekableSource(compress(DATA)[4:], 3))
    for _ in range(2):
        assert reader.read() == DATA
        reader.seek(0)


def test_back_from_within_a_header_without_magic_number():
    """What there is of the header is not taken for the start of the next one."""
    bare = compress(DATA)[4:]
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    source = SeekableSource(bare + bare[:2])
    reader = decompressor.stream_reader(source)
    with pytest.raises(ZstdEOFError):
        reader.read()
    reader.seek(0)
    assert reader.read(5000) == DATA


# --- short ways back, out of what is there ahead ---


@pytest.mark.parametrize("read", [10, 100])
def test_back_by_what_was_just_read(read):
    """A source that cannot seek has no part in it."""
    reader = new(Source(streamed(LONG), 20_000))
    reader.seek(500)
    part = reader.read(read)
    assert reader.seek(-read, io.SEEK_CUR) == 500
    assert reader.read(read) == part
    assert reader.read() == LONG[500 + read :]


def test_back_by_a_line():
    reader = new(Source(compress(DATA)))
    line = reader.readline()
    assert reader.seek(0) == 0
    assert reader.readline() == line


def test_back_by_a_line_asks_nothing():
    source = SeekableSource(compress(DATA))
    reader = new(source)
    reader.readline()
    reader.seek(3)
    assert source.sought == []
    assert len(source.asked) == 1


# --- sources that cannot seek ---


def unseekable(data):
    source = SeekableSource(data, 1000)
    source.seekable = lambda: False
    return source


UNSEEKABLE = {
    "no method": lambda data: Source(data, 1000),
    "says so": unseekable,
}
any_unseekable = pytest.mark.parametrize("make", UNSEEKABLE.values(), ids=UNSEEKABLE)


@any_unseekable
@pytest.mark.parametrize("place", [0, 1, 100, samples.BLOCK, len(LONG), len(LONG) + 1, 2**62])
@pytest.mark.parametrize("whence", [io.SEEK_SET, io.SEEK_CUR])
def test_forward_is_always_possible(whence, place, make):
    reader = new(make(streamed(LONG)))
    assert reader.seek(place, whence) == min(place, len(LONG))
    assert reader.read() == LONG[place:]


@any_unseekable
@pytest.mark.parametrize("offset", [0, 5])
def test_end_is_always_possible(offset, make):
    reader = new(make(streamed(LONG)))
    assert reader.seek(offset, io.SEEK_END) == len(LONG)
    assert reader.read() == b""


@any_unseekable
def test_backwards_is_an_error(make):
    reader = new(make(streamed(LONG)))
    reader.read(200_000)
    with pytest.raises(OSError, match=BACKWARDS):
        reader.seek(0)
    assert reader.tell() == 200_000
    assert reader.read() == LONG[200_000:]


@any_unseekable
def test_staying_is_always_possible(make):
    reader = new(make(streamed(LONG)))
    reader.read(200_000)
    assert reader.seek(200_000) == reader.seek(0, io.SEEK_CUR) == 200_000
    assert reader.read() == LONG[200_000:]


def test_forward_asks_no_more_than_it_needs():
    source = Source(compress(DATA) * 2, len(compress(DATA)))
    assert new(source).seek(5000) == 5000
    assert len(source.asked) == 1


# --- seekable() ---


@any_source
def test_seekable(make):
    assert new(make(compress(DATA))).seekable() is True


@any_unseekable
def test_not_seekable(make):
    assert new(make(compress(DATA))).seekable() is False


@pytest.mark.parametrize(("answer", "expected"), [(1, True), ("yes", True), (None, False)])
def test_answers_of_all_kinds(answer, expected):
    source = Source(b"")
    source.seekable = lambda: answer
    assert new(source).seekable() is expected


def test_pipe_is_not_seekable():
    source, sink = os.pipe()
    os.close(sink)
    with os.fdopen(source, "rb") as file:
        assert new(file).seekable() is False


def test_closed_is_not_seekable():
    reader = new(compress(DATA))
    reader.close()
    assert reader.seekable() is False


@pytest.mark.parametrize("error", [MemoryError, LookupError])
def test_lookup_of_seekable_that_fails(error):
    reader = new(Unlucky(compress(DATA), seekable=error()))
    with pytest.raises(error):
        reader.seekable()


def test_seekable_that_fails():
    source = Source(compress(DATA))
    source.seekable = fail
    reader = new(source)
    with pytest.raises(LookupError):
        reader.seekable()
    assert reader.read() == DATA


# --- errors ---


@pytest.mark.parametrize("name", ["seekable", "tell", "seek"])
@pytest.mark.parametrize("error", [MemoryError, LookupError])
def test_source_that_fails_to_go_back(name, error):
    source = Unlucky(streamed(LONG))
    reader = new(source)
    reader.read(200_000)
    source.errors[name] = error()
    with pytest.raises(error):
        reader.seek(0)
    assert reader.tell() == 200_000
    assert reader.read() == LONG[200_000:]


def test_source_that_tells_nonsense():
    source = SeekableSource(streamed(LONG), 1000)
    source.tell = lambda: "here"
    reader = new(source)
    reader.read(200_000)
    with pytest.raises(TypeError):
        reader.seek(0)
    assert reader.read() == LONG[200_000:]


@pytest.mark.parametrize("whence", [-1, 3, 4, 100])
def test_unknown_whence(whence):
    with pytest.raises(ValueError, match=f"invalid value for whence: {whence}"):
        new(compress(DATA)).seek(0, whence)


@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        ((), {}, TypeError),
        (("1",), {}, TypeError),
        ((1.0,), {}, TypeError),
        ((None,), {}, TypeError),
        ((2**63,), {}, OverflowError),
        ((0, "1"), {}, TypeError),
        ((0, 0, 0), {}, TypeError),
        ((0,), {"unknown": 1}, TypeError),
        ((Index(1, fail),), {}, LookupError),
    ],
)
def test_bad_arguments_change_nothing(arguments, keywords, error):
    reader = new(compress(DATA))
    reader.read(10)
    with pytest.raises(error):
        reader.seek(*arguments, **keywords)
    assert (reader.tell(), reader.read(10)) == (10, DATA[10:20])


def test_arguments_by_name():
    reader = new(compress(DATA))
    assert reader.seek(pos=-10, whence=io.SEEK_END) == 4990


@pytest.mark.parametrize("offset", [-1, -(2**63)])
def test_negative_positions(offset):
    reader = new(compress(DATA))
    for position, whence in ((0, io.SEEK_SET), (0, io.SEEK_CUR)):
        with pytest.raises(OSError, match="cannot seek to negative position"):
            reader.seek(offset, whence)
        assert reader.tell() == position
    assert reader.read() == DATA


@any_source
@pytest.mark.parametrize("bad", [b"junkjunk", compress(DATA)[:100]], ids=["junk", "truncated"])
def test_error_on_the_way(bad, make):
    reader = new(make(compress(DATA) + bad))
    for whence in (io.SEEK_SET, io.SEEK_END):
        with pytest.raises(ZstdError):
            reader.seek(6000 if whence == io.SEEK_SET else 0, whence)


@any_source
@pytest.mark.parametrize("bad", [b"junkjunk", compress(DATA)[:100]], ids=["junk", "truncated"])
def test_going_back_after_an_error(bad, make):
    reader = new(make(compress(DATA) + bad))
    for _ in range(2):
        good, error = good_part(reader, READS["read"], 1000)
        assert good == DATA
        assert isinstance(error, EOFError) is (bad != b"junkjunk")
        assert reader.seek(0) == 0


@any_source
def test_going_back_after_reading_all_has_failed(make):
    reader = new(make(streamed(LONG)[:-1]))
    for _ in range(2):
        with pytest.raises(ZstdEOFError):
            reader.read()
        assert reader.seek(100) == 100
        assert reader.read(10) == LONG[100:110]
        assert reader.seek(0) == 0


def test_message_on_truncation_after_going_back():
    """It counts the bytes of the input, and not how many were worked up in all."""
    frame = streamed(LONG)[:-1]
    reader = new(frame)
    for _ in range(2):
        _, error = good_part(reader, READS["read"], 100_000)
        assert f"the input of {len(frame)} bytes ends" in str(error)
        assert reader.seek(0) == 0


def test_going_on_after_the_source_raised_on_the_way():
    frame = streamed(LONG)
    reader = new(Script(frame[:200_000], LookupError(), frame[200_000:]), read_size=1 << 20)
    with pytest.raises(LookupError):
        reader.seek(300_000)
    assert reader.seek(300_000) == 300_000
    assert reader.read() == LONG[300_000:]


# --- re-entry ---


def test_source_cannot_use_the_reader_while_it_goes_back():
    source = SeekableSource(streamed(LONG))
    reader = new(source)
    source.seekable = lambda: bool(reader.read(1))
    reader.read(200_000)
    with pytest.raises(RuntimeError, match="in use by this thread"):
        reader.seek(0)
    with pytest.raises(RuntimeError, match="in use by this thread"):
        reader.seekable()
    assert reader.read() == LONG[200_000:]


def test_source_cannot_close_the_reader_while_it_goes_back():
    source = SeekableSource(streamed(LONG))
    reader = new(source)
    source.tell = reader.close
    reader.read(200_000)
    with pytest.raises(RuntimeError, match="in use by this thread"):
        reader.seek(0)
    assert not reader.closed


def test_going_back_after_readlines_has_failed():
    """What it gives back lies where other content was before."""
    content = b"0123456789" + samples.noise(131_072, seed=1)
    frames = compress(content[:10]) + streamed(content[10:])
    reader = new(frames[:-1000])
    reader.readline()
    with pytest.raises(ZstdEOFError):
        reader.readlines()
    reader.seek(0)
    assert reader.read(10) == content[:10]


def test_source_that_goes_back_and_raises():
    """Where it is now is not known, but where it began is."""

    class Interrupted(SeekableSource):
        def seek(self, position):
            super().seek(position)
            if len(self.sought) == 1:
                raise KeyboardInterrupt

    reader = new(Interrupted(streamed(LONG), 1000))
    reader.read(200_000)
    with pytest.raises(KeyboardInterrupt):
        reader.seek(0)
    with pytest.raises(ZstdError, match="cannot read on after a failed seek"):
        reader.read(100)
    assert reader.seek(0) == 0
    assert reader.read() == LONG
