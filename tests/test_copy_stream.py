"""copy_stream() of both: all of a source, through a compressor or decompressor, to a sink."""

import inspect
import io
import sys

import pytest

import frames
import samples
import zstandard
from callbacks import Index, fail
from directions import content
from sinks import File, Scripted, Sink
from sources import Script, Source
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdEOFError, ZstdError, compress

DATA = samples.noise(300_000)
WITHIN = "zstd decompressor error: Src size is incorrect: .* ends within a frame"

both = pytest.mark.parametrize("coder", [ZstdCompressor, ZstdDecompressor])


def given(coder, data=DATA):
    return data if coder is ZstdCompressor else compress(data)


def result(coder, output):
    return content(output) if coder is ZstdCompressor else output


# --- both ---


@both
@pytest.mark.parametrize("read_size", [1, 1000, 10**6])
@pytest.mark.parametrize("write_size", [1, 1000, sys.maxsize])
def test_sizes(coder, read_size, write_size):
    data = DATA[: 1000 * min(read_size, write_size)]
    source, sink = Source(given(coder, data)), Sink()
    size = len(given(coder, data))
    counts = coder().copy_stream(source, sink, read_size=read_size, write_size=write_size)
    assert counts == (size, len(sink.content))
    assert result(coder, sink.content) == data
    assert {type(piece) for piece in sink.pieces} == {bytes}
    assert 0 < min(map(len, sink.pieces)) <= max(map(len, sink.pieces)) <= write_size
    assert set(source.asked) == {read_size}
    assert len(source.asked) == -(-size // read_size) + 1


@pytest.mark.parametrize(
    ("coder", "parameters"),
    [
        (ZstdCompressor, "ifh, ofh, size=-1, read_size=131072, write_size=131591, progress=None"),
        (ZstdDecompressor, "ifh, ofh, read_size=131075, write_size=131072, progress=None"),
    ],
)
def test_defaults(coder, parameters):
    assert str(inspect.signature(coder.copy_stream)) == f"(self, /, {parameters})"
    source, sink = Source(given(coder)), Sink()
    coder().copy_stream(source, sink)
    assert set(source.asked) == {int(parameters.split("read_size=")[1].split(",")[0])}
    sink = Sink()
    coder().copy_stream(Source(given(coder)), sink, read_size=10**6)
    assert max(map(len, sink.pieces)) == int(parameters.split("write_size=")[1].split(",")[0])


@both
def test_neither_side_is_closed_or_flushed(coder):
    source, sink = Source(given(coder)), File()
    coder().copy_stream(ifh=source, ofh=sink)
    assert set(sink.calls) == {"write"}
    assert source.closings == 0


@both
@pytest.mark.parametrize("kind", [io.BytesIO, "file", "buffered", Source])
def test_kinds_of_source(coder, kind, tmp_path):
    if kind in ("file", "buffered"):
        path = tmp_path / "source"
        path.write_bytes(given(coder))
        with path.open("rb", buffering=0 if kind == "file" else -1) as source:
            copy_and_compare(coder, source)
            assert source.tell() == len(given(coder))
    else:
        copy_and_compare(coder, kind(given(coder)))


def copy_and_compare(coder, source):
    sink = io.BytesIO()
    counts = coder().copy_stream(source, sink, read_size=10_000)
    assert counts == (len(given(coder)), len(sink.getvalue()))
    assert result(coder, sink.getvalue()) == DATA


@both
def test_copy_begins_where_the_source_is(coder):
    source, sink = io.BytesIO(b"before" + given(coder)), Sink()
    source.seek(6)
    assert coder().copy_stream(source, sink)[0] == len(given(coder))
    assert result(coder, sink.content) == DATA


@both
def test_short_reads_and_short_writes(coder):
    sink = Scripted(*[1, 2, 10_000] * 10)
    counts = coder().copy_stream(Source(given(coder), most=777), sink)
    assert counts == (len(given(coder)), len(sink.content))
    assert result(coder, sink.content) == DATA


@both
def test_empty_source(coder):
    source, sink = Source(b""), Sink()
    counts = coder().copy_stream(source, sink)
    assert counts == (0, len(sink.content))
    assert len(sink.content) == (9 if coder is ZstdCompressor else 0)
    assert len(source.asked) == 1


@both
@pytest.mark.parametrize("answer", [None, 0, -1, 2.0, LookupError])
def test_sink_that_does_not_take_it(coder, answer):
    errors = {None: BlockingIOError, 2.0: TypeError, LookupError: LookupError}
    sink = Scripted(10, answer)
    with pytest.raises(errors.get(answer, OSError)):
        coder().copy_stream(Source(given(coder)), sink)
    assert len(sink.content) == 10


@both
@pytest.mark.parametrize(
    ("read", "error"),
    [
        (None, TypeError),
        ("text", TypeError),
        (3, TypeError),
        (bytes(11), ValueError),
        (LookupError(), LookupError),
    ],
)
def test_source_that_gives_nonsense(coder, read, error):
    source = Script(given(coder)[:10], read)
    with pytest.raises(error):
        coder().copy_stream(source, Sink(), read_size=10)


@both
@pytest.mark.parametrize(
    ("source", "sink", "message"),
    [
        (b"bytes", Sink(), r"first argument must have a read\(\) method"),
        (None, Sink(), r"first argument must have a read\(\) method"),
        (Sink(), Sink(), r"first argument must have a read\(\) method"),
        (Source(b""), None, r"second argument must have a write\(\) method"),
        (Source(b""), Source(b""), r"second argument must have a write\(\) method"),
    ],
)
def test_other_objects(coder, source, sink, message):
    with pytest.raises(ValueError, match=message):
        coder().copy_stream(source, sink)


@both
@pytest.mark.parametrize("name", ["read", "write"])
def test_errors_of_attribute_look_up_propagate(coder, name):
    def find(_self):
        raise MemoryError("of the look-up")

    failing = type("Failing", (), {name: property(find)})()
    sides = (failing, Sink()) if name == "read" else (Source(b""), failing)
    with pytest.raises(MemoryError, match="of the look-up"):
        coder().copy_stream(*sides)


@both
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"read_size": 0}, ValueError),
        ({"read_size": -1}, ValueError),
        ({"write_size": 0}, ValueError),
        ({"write_size": -1}, ValueError),
        ({"read_size": 2**70}, OverflowError),
        ({"write_size": None}, TypeError),
        ({"write_size": Index(1, fail)}, LookupError),
        ({"unknown": 1}, TypeError),
    ],
)
def test_bad_arguments(coder, options, error):
    source = Source(b"")
    with pytest.raises(error):
        coder().copy_stream(source, Sink(), **options)
    assert source.asked == []


@both
def test_source_and_sink_that_use_the_coder(coder):
    class Using(Sink):
        def write(self, data):
            inner = Sink()
            used.copy_stream(Source(given(coder)), inner)
            assert result(coder, inner.content) == DATA
            return super().write(data)

    used = coder()
    sink = Using()
    used.copy_stream(Source(given(coder)), sink)
    assert result(coder, sink.content) == DATA


@both
def test_input_is_released_after_errors(coder):
    data = bytearray(given(coder))
    with pytest.raises(LookupError):
        coder().copy_stream(Script(data), Scripted(LookupError), read_size=10**6)
    assert samples.is_released(data)


# --- progress ---


def test_progress_of_compression():
    reports = []
    sink = Sink()
    counts = ZstdCompressor().copy_stream(
        Source(DATA),
        sink,
        read_size=100_000,
        progress=lambda *r: reports.append((*r, len(sink.content))),
    )
    assert [report[0] for report in reports] == [100_000, 200_000, 300_000, 300_000]
    assert [report[1] for report in reports] == [report[2] for report in reports]
    assert reports[-1][:2] == counts
    assert reports[0][1] == 0 < reports[1][1] < reports[3][1]


def test_progress_of_decompression():
    reports = []
    frame = compress(DATA)
    sink = Sink()
    counts = ZstdDecompressor().copy_stream(
        Source(frame),
        sink,
        read_size=100_000,
        progress=lambda *r: reports.append((*r, len(sink.content))),
    )
    assert [report[0] for report in reports] == [100_000, 200_000, 300_000, len(frame)]
    assert [report[1] for report in reports] == [report[2] for report in reports]
    assert reports[-1][:2] == counts


@pytest.mark.parametrize(
    ("coder", "expected"), [(ZstdCompressor, [(0, 9)]), (ZstdDecompressor, [])]
)
def test_progress_of_nothing(coder, expected):
    reports = []
    coder().copy_stream(Source(b""), Sink(), progress=lambda *report: reports.append(report))
    assert reports == expected


@both
def test_no_progress(coder):
    sink = Sink()
    coder().copy_stream(Source(given(coder)), sink, progress=None)
    assert result(coder, sink.content) == DATA


@both
@pytest.mark.parametrize("after", [1, 3])
def test_progress_that_raises_stops_the_copy(coder, after):
    def stop(read, written):
        reports.append((read, written))
        if len(reports) == after:
            fail()

    reports = []
    source, sink = Source(given(coder)), Sink()
    used = coder()
    with pytest.raises(LookupError, match="of the callback"):
        used.copy_stream(source, sink, read_size=50_000, progress=stop)
    assert len(source.asked) == len(reports) == after
    assert reports[-1] == (50_000 * after, len(sink.content))
    other = Sink()
    used.copy_stream(Source(given(coder)), other)
    assert result(coder, other.content) == DATA


def test_progress_that_raises_at_the_end():
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressor().copy_stream(Source(b""), Sink(), progress=lambda *_: fail())


@both
@pytest.mark.parametrize("progress", [3, "text", lambda: None])
def test_progress_that_cannot_be_called(coder, progress):
    with pytest.raises(TypeError):
        coder().copy_stream(Source(given(coder)), Sink(), progress=progress)


# --- compression ---


def test_declared_size():
    for options, stated in (({}, -1), ({"size": -1}, -1), ({"size": len(DATA)}, len(DATA))):
        sink = Sink()
        ZstdCompressor().copy_stream(Source(DATA), sink, **options)
        assert zstandard.frame_content_size(sink.content) == stated
        assert content(sink.content) == DATA


@pytest.mark.parametrize("size", [1, len(DATA) - 1, len(DATA) + 1, 2**40])
def test_wrong_declared_size(size):
    compressor = ZstdCompressor()
    with pytest.raises(ZstdError, match="Src size is incorrect"):
        compressor.copy_stream(Source(DATA), Sink(), size)
    assert content(compressor.compress(DATA)) == DATA


@pytest.mark.parametrize(
    ("size", "error"), [(-2, ValueError), (2**64, OverflowError), (None, TypeError)]
)
def test_bad_size(size, error):
    with pytest.raises(error):
        ZstdCompressor().copy_stream(Source(b""), Sink(), size)


def test_worker_threads():
    data = samples.text(3_000_000)
    sink = Sink()
    counts = ZstdCompressor(threads=2).copy_stream(Source(data), sink, write_size=1000)
    assert counts == (len(data), len(sink.content))
    assert content(sink.content) == data


# --- decompression ---


@pytest.mark.parametrize("read_size", [1, 131075])
def test_all_frames(read_size):
    parts = [
        frames.skippable(b"skipped"),
        compress(b"first"),
        compress(b""),
        ZstdCompressor(write_checksum=True).compress(DATA[:5000]),
        frames.skippable(),
    ]
    sink = Sink()
    counts = ZstdDecompressor().copy_stream(Source(b"".join(parts)), sink, read_size)
    assert counts == (len(b"".join(parts)), 5005)
    assert sink.content == b"first" + DATA[:5000]


@pytest.mark.parametrize("read_size", [1, 131075])
@pytest.mark.parametrize(
    "end",
    [b"", frames.block(frames.COMPRESSED, 10, b"x" * 10), frames.block(frames.RESERVED, 1, b"")],
)
def test_good_data_is_written_before_the_error(read_size, end):
    start = frames.header(window=88) + frames.raw_block(b"a" * 1000, last=False)
    start += frames.raw_block(b"b" * 2000, last=False)
    sink = Sink()
    with pytest.raises(ZstdError, match="zstd decompressor error") as caught:
        ZstdDecompressor().copy_stream(Source(start + end), sink, read_size)
    assert sink.content == b"a" * 1000 + b"b" * 2000
    assert isinstance(caught.value, EOFError) is (end == b"")


def test_junk_after_a_frame():
    sink = Sink()
    with pytest.raises(ZstdError, match="zstd decompressor error: Unknown frame descriptor"):
        ZstdDecompressor().copy_stream(Source(compress(b"content") + b"junkjunk"), sink)
    assert sink.content == b"content"


def test_files_are_asked_by_names_that_python_finds_soon():
    asked = []

    class Listening:
        def __init__(self, file):
            self.file = file

        def __getattribute__(self, name):
            asked.append(name)
            return getattr(object.__getattribute__(self, "file"), name)

    source, sink = Listening(Source(DATA)), Listening(Sink())
    ZstdCompressor().copy_stream(source, sink, read_size=1000, write_size=1000)
    assert asked.count("read") > 300
    assert asked.count("write") > 300
    # Another text of the same letters is looked for in all bases of a type, under a lock.
    assert all(name is sys.intern(name) for name in asked)


@pytest.mark.parametrize("read_size", [1, 131075])
@pytest.mark.parametrize(
    "data", [compress(DATA)[:1], compress(DATA)[:-1], frames.skippable(b"x")[:-1]], ids=len
)
def test_truncated(read_size, data):
    decompressor = ZstdDecompressor()
    with pytest.raises(ZstdEOFError, match=WITHIN) as caught:
        decompressor.copy_stream(Source(data), Sink(), read_size)
    assert caught.value.code == 72
    assert decompressor.decompress(compress(DATA)) == DATA
