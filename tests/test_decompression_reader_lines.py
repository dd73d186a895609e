"""ZstdDecompressionReader: lines and peek()."""

import csv
import functools
import io
import sys

import pytest

import frames
import samples
from callbacks import Index, fail
from parallel import has_gil, others_run
from sources import READS, READS_OF_ALL, Script, Source, parts, streamed
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError, compress

CONTENTS = {
    "empty": b"",
    "one": b"line\n",
    "none": b"no newline",
    "newlines": b"\n" * 10,
    "last without": b"one\ntwo\n\nfour",
    "carriage returns": b"one\r\ntwo\rstill two\r\n",
    "text": samples.text(20_000),
    "noise": samples.noise(20_000),
    "long lines": (b"x" * 9000 + b"\n") * 3,
    "very long lines": (b"y" * 300_000 + b"\n") * 2 + b"z" * 140_000,
    "block of lines": (b"z" * 127 + b"\n") * 1024 + b"after\n",
}
TEXT = samples.text(5000)
LINES = TEXT.splitlines(keepends=True)

any_content = pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)


def new(source, **options):
    return ZstdDecompressor().stream_reader(source, **options)


# --- as io has them ---


def layouts(content):
    """Return the content in one frame, and in many that end within lines."""
    cut = [compress(piece) for piece in samples.in_pieces(content, max(7, len(content) // 100))]
    return streamed(content), frames.skippable().join([*cut, compress(b"")])


@any_content
@pytest.mark.parametrize("size", [None, -1, -5, 0, 1, 2, 100, 8193, sys.maxsize])
def test_readline(size, content):
    for layout in layouts(content):
        reader, model = new(layout), io.BytesIO(content)
        for _ in range(300):
            line = model.readline(size)
            assert reader.readline(size) == line
            assert reader.tell() == model.tell()


@any_content
@pytest.mark.parametrize("most", [1, 1000])
def test_lines_of_short_reads(most, content):
    frame = streamed(content)
    if len(frame) < 100 * most:
        assert list(new(Source(frame, most))) == list(io.BytesIO(content))


@any_content
def test_iteration(content):
    for layout in layouts(content):
        reader = new(layout)
        assert list(reader) == list(io.BytesIO(content))
        assert list(reader) == []
        assert reader.tell() == len(content)


@any_content
@pytest.mark.parametrize("hint", [None, -1, 0, 1, 5, 100, 10_000, sys.maxsize])
def test_readlines(hint, content):
    for layout in layouts(content):
        reader, model = new(layout), io.BytesIO(content)
        for _ in range(3):
            assert reader.readlines(hint) == model.readlines(hint)
            assert reader.tell() == model.tell()


def test_defaults_are_all():
    reader = new(compress(TEXT))
    assert [reader.readline(), *reader.readlines()] == LINES


def test_arguments_by_name():
    reader = new(compress(TEXT))
    assert reader.readline(size=3) == TEXT[:3]
    assert reader.readlines(hint=1) == [LINES[0][3:]]
    assert reader.peek(size=1)[:5] == LINES[1][:5]


def test_lines_go_on_over_frames():
    data = b"".join(compress(piece) for piece in (b"one ", b"line\nand ", b"", b"another", b"\n"))
    assert list(new(data)) == [b"one line\n", b"and another\n"]


def test_reader_is_its_own_iterator():
    reader = new(compress(TEXT))
    assert iter(reader) is reader
    assert next(reader) == LINES[0]


def test_end_of_iteration_stays():
    reader = new(compress(b"line"))
    assert next(reader) == b"line"
    for _ in range(3):
        with pytest.raises(StopIteration):
            next(reader)


@pytest.mark.parametrize("read", READS | READS_OF_ALL)
def test_lines_and_reads_by_turns(read):
    reader = new(Source(compress(TEXT) + streamed(TEXT), 100))
    results = []
    while not results or results[-1] or reader.peek():
        results += [reader.readline(), (READS | READS_OF_ALL)[read](reader, 13), reader.readline(9)]
        results += [next(reader, b""), reader.read1(3)]
    assert b"".join(results) == TEXT * 2


def test_lines_after_a_large_read():
    content = b"x" * 9000 + b"\nnext\n"
    reader = new(compress(content))
    assert reader.read(8999) == content[:8999]
    assert reader.readlines() == [b"x\n", b"next\n"]


def test_line_asks_no_more_than_it_needs():
    source = Source(compress(b"one\ntwo\n") * 2, len(compress(b"one\ntwo\n")))
    reader = new(source)
    assert [reader.readline(), reader.readline()] == [b"one\n", b"two\n"]
    assert len(source.asked) == 1
    reader.readline()
    assert len(source.asked) == 2


def test_line_of_size_that_is_there_asks_no_more():
    source = Source(compress(b"no newline"))
    reader = new(source)
    assert reader.readline(10) == b"no newline"
    assert len(source.asked) == 1


def test_line_of_no_size_asks_nothing():
    source = Source(b"junkjunk")
    assert new(source).readline(0) == b""
    assert source.asked == []


def test_hint_asks_no_more_than_it_needs():
    source = Source(compress(b"one\ntwo\n") * 2, len(compress(b"one\ntwo\n")))
    assert new(source).readlines(5) == [b"one\n", b"two\n"]
    assert len(source.asked) == 1


def test_results_are_bytes():
    reader = new(compress(TEXT))
    results = [reader.readline(), next(reader), *reader.readlines(1), reader.peek()]
    assert {type(each) for each in results} == {bytes}


@pytest.mark.parametrize("method", ["readline", "readlines"])
@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        (("1",), {}, TypeError),
        ((1.0,), {}, TypeError),
        ((2**63,), {}, OverflowError),
        ((Index(1, fail),), {}, LookupError),
        ((1, 2), {}, TypeError),
        ((), {"unknown": 1}, TypeError),
    ],
)
def test_bad_arguments_change_nothing(method, arguments, keywords, error):
    reader = new(compress(TEXT))
    with pytest.raises(error):
        getattr(reader, method)(*arguments, **keywords)
    assert reader.readline() == LINES[0]


@pytest.mark.parametrize("newline", [None, "", "\n", "\r", "\r\n"])
@pytest.mark.parametrize("across", [True, False])
def test_text_on_top(across, newline):
    content = b"one\ntwo\r\nthree\rfour" * 2000
    reader = new(Source(streamed(content) * 2, 100), read_across_frames=across)
    with io.TextIOWrapper(reader, "ascii", newline=newline) as text:
        assert list(text) == list(
            io.TextIOWrapper(io.BytesIO(content * 2), "ascii", newline=newline)
        )
    assert reader.closed


def test_text_on_top_tells_and_seeks():
    text = io.TextIOWrapper(new(compress("äöü\nzweite\n".encode())), "utf-8")
    text.readline()
    place = text.tell()
    assert text.readline() == "zweite\n"
    text.seek(place)
    assert text.readline() == "zweite\n"


def test_csv_on_top():
    text = io.TextIOWrapper(new(compress(b"a,b\r\n1,2\r\n")), newline="")
    assert list(csv.reader(text)) == [["a", "b"], ["1", "2"]]


# --- peek ---


@pytest.mark.parametrize("read", READS | READS_OF_ALL)
@pytest.mark.parametrize("size", [10, 8192, 10_000])
def test_peek_changes_nothing(read, size):
    reader = new(Source(compress(TEXT) + streamed(TEXT), 100))
    results = []
    while ahead := reader.peek():
        position = reader.tell()
        assert reader.peek() == ahead
        assert reader.tell() == position
        results.append((READS | READS_OF_ALL)[read](reader, size))
        assert ahead.startswith(results[-1]) or results[-1].startswith(ahead)
    assert b"".join(results) == TEXT * 2


@pytest.mark.parametrize("size", [-1, 0, 1, 10**6])
def test_size_of_peek_is_ignored(size):
    assert new(compress(TEXT)).peek(size) == TEXT


def test_peek_is_bounded():
    assert 100_000 < len(new(compress(bytes(10**6))).peek(10**6)) <= samples.BLOCK


def test_peek_passes_over_frames_without_content():
    assert new(compress(b"") + frames.skippable() + compress(b"content")).peek() == b"content"


def test_peek_at_the_end():
    reader = new(compress(TEXT))
    reader.read()
    for _ in range(3):
        assert reader.peek() == b""


def test_peek_at_what_is_there_asks_nothing():
    source = Source(compress(TEXT), 10)
    reader = new(source)
    reader.read(1)
    calls = len(source.asked)
    assert reader.peek() == TEXT[1:]
    assert len(source.asked) == calls


def test_peek_and_read_ask_once():
    source = Source(compress(TEXT))
    reader = new(source)
    assert (reader.peek(), reader.read(5000)) == (TEXT, TEXT)
    assert len(source.asked) == 1


def test_peek_then_read_ends_at_the_end_of_a_frame():
    reader = new(compress(b"one") + compress(b"two"))
    assert (reader.peek(), reader.read(10)) == (b"one", b"one")
    assert (reader.peek(), reader.read(2), reader.read(10)) == (b"two", b"tw", b"o")


def test_peek_then_read_across_frames():
    reader = new(compress(b"one") + compress(b"two"), read_across_frames=True)
    assert (reader.peek(), reader.read(5), reader.peek()) == (b"one", b"onetw", b"o")


def test_peek_shows_what_is_good_before_it_raises():
    reader = new(compress(b"good") + b"junkjunk")
    assert reader.peek() == b"good"
    assert reader.read(4) == b"good"
    for _ in range(2):
        with pytest.raises(ZstdError, match="Unknown frame descriptor"):
            reader.peek()


def test_peek_passes_on_what_the_source_raises():
    reader = new(Script(LookupError(), compress(TEXT)))
    with pytest.raises(LookupError):
        reader.peek()
    assert reader.peek() == TEXT


@pytest.mark.parametrize(
    ("argument", "error"),
    [("1", TypeError), (1.0, TypeError), (2**63, OverflowError), (Index(1, fail), LookupError)],
)
def test_bad_arguments_of_peek(argument, error):
    with pytest.raises(error):
        new(compress(TEXT)).peek(argument)


def test_lines_leave_no_trace_in_where_reads_end():
    """What readline() has looked ahead over the end of a frame is still that of two frames."""
    pieces = (b"abc", b"def\n", b"ghi", b"jkl")
    reader = new(b"".join(map(compress, pieces)))
    assert reader.readline() == b"abcdef\n"
    assert parts(reader, READS["read"], 10) == [b"ghi", b"jkl"]


@has_gil
@pytest.mark.usefixtures("frequent_switches")
@pytest.mark.parametrize("name", ["read", "readline"])
def test_others_run_while_much_is_taken_of_what_waits(name):
    # Without the last byte of the checksum, all of the content comes, and an error.
    frame = ZstdCompressor(write_checksum=True).compress(bytes(1 << 24))[:-1]

    def prepare():
        reader = ZstdDecompressor().stream_reader(frame)
        with pytest.raises(ZstdError):
            reader.read()
        return functools.partial(getattr(reader, name), 1 << 24)

    assert others_run(prepare)
