"""ZstdCompressorIterator and ZstdDecompressorIterator: read_to_iter() of both."""

import gc
import inspect
import sys
import threading
import weakref

import pytest

import frames
import samples
import zstandard
from callbacks import Index, fail
from directions import content
from sources import Script, Source
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdEOFError, ZstdError, compress

DATA = samples.text(300_000)
NOISE = samples.noise(300_000)
FRAME = compress(DATA)
WITHIN = "zstd decompress error: Src size is incorrect: .* ends within a frame"
GOOD = b"a" * 1000 + b"b" * 2000
START = frames.header(window=88) + b"".join(
    frames.raw_block(block, last=False) for block in (GOOD[:1000], GOOD[1000:])
)


CODERS = [ZstdCompressor, ZstdDecompressor]
both = pytest.mark.parametrize("coder", CODERS)


def given(coder, data=DATA):
    return data if coder is ZstdCompressor else compress(data)


def result(coder, chunks):
    output = b"".join(chunks)
    return content(output) if coder is ZstdCompressor else output


# --- both ---


@both
@pytest.mark.parametrize("read_size", [1, 1000, 10**6])
@pytest.mark.parametrize("write_size", [1, 1000, 10**6, sys.maxsize])
@pytest.mark.parametrize("as_buffer", [False, True])
def test_sizes(coder, read_size, write_size, as_buffer):
    data = DATA[: 1000 * min(read_size, write_size) + 3000]
    source = given(coder, data)
    if not as_buffer:
        source = Source(source)
    chunks = list(coder().read_to_iter(source, read_size=read_size, write_size=write_size))
    assert {type(chunk) for chunk in chunks} == {bytes}
    assert 0 < min(map(len, chunks)) <= max(map(len, chunks)) <= write_size
    assert result(coder, chunks) == data


@pytest.mark.parametrize(
    ("coder", "parameters"),
    [
        (ZstdCompressor, "reader, size=-1, read_size=131072, write_size=131591"),
        (ZstdDecompressor, "reader, read_size=131075, write_size=131072, skip_bytes=0"),
    ],
)
def test_defaults(coder, parameters):
    assert str(inspect.signature(coder.read_to_iter)) == f"(self, /, {parameters})"
    source = Source(given(coder, NOISE))
    list(coder().read_to_iter(source))
    assert set(source.asked) == {int(parameters.split("read_size=")[1].split(",")[0])}
    chunks = coder().read_to_iter(given(coder, NOISE), read_size=10**6)
    assert max(map(len, chunks)) == int(parameters.split("write_size=")[1].split(",")[0])


@both
@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("size", [0, 1, 5000])
def test_every_kind_of_buffer(coder, shape, size):
    data = samples.text(size)
    for source in (given(coder, data), b""):
        shaped = samples.SHAPES[shape](source)
        if hasattr(shaped, "read"):  # as a mapping has
            continue
        chunks = list(coder().read_to_iter(shaped, read_size=100))
        assert result(coder, chunks) == (data if source else b"")


@both
@pytest.mark.parametrize("shape", samples.SHAPES)
def test_source_may_give_every_kind_of_buffer(coder, shape):
    class Shaping(Source):
        def read(self, size):
            return samples.SHAPES[shape](super().read(size))

    chunks = list(coder().read_to_iter(Shaping(given(coder)), read_size=1000))
    assert result(coder, chunks) == DATA


@both
def test_short_reads_are_not_the_end(coder):
    source = Source(given(coder), most=777)
    assert result(coder, coder().read_to_iter(source)) == DATA


@both
def test_nothing_is_read_before_the_first_chunk_is_asked_for(coder):
    source = Source(given(coder))
    iterator = coder().read_to_iter(source)
    assert iter(iterator) is iterator
    assert source.asked == []
    next(iterator)
    assert len(source.asked) > 0


@both
def test_end(coder):
    iterator = coder().read_to_iter(Source(given(coder)))
    assert list(iterator) != []
    for _ in range(3):
        with pytest.raises(StopIteration):
            next(iterator)


def test_how_often_the_source_is_read():
    source = Source(b"abc")
    list(ZstdCompressor().read_to_iter(source, read_size=1))
    assert source.asked == [1] * 4
    frame = compress(b"abc")
    source = Source(frame)
    list(ZstdDecompressor().read_to_iter(source, read_size=1))
    assert source.asked == [1] * len(frame)


@both
@pytest.mark.parametrize("read", [None, "text", 3, 1.5, []])
def test_source_that_gives_no_bytes(coder, read):
    source = Source(b"")
    source.read = lambda _size: read
    iterator = coder().read_to_iter(source)
    for _ in range(2):
        with pytest.raises(TypeError, match=r"read\(\) of the source must return bytes"):
            next(iterator)


@both
def test_source_that_gives_too_much(coder):
    source = Source(b"")
    source.read = lambda size: bytes(size + 1)
    with pytest.raises(ValueError, match=r"read\(10\) of the source returned 11 bytes"):
        next(coder().read_to_iter(source, read_size=10))


@both
@pytest.mark.parametrize("at", [0, 1, 2])
def test_error_of_the_source_propagates_and_iteration_goes_on(coder, at):
    error = LookupError("of the source")
    parts = samples.in_pieces(given(coder), 10_000)
    parts.insert(at, error)
    iterator = coder().read_to_iter(Script(*parts))
    chunks = []
    caught = []
    while True:
        try:
            chunks.append(next(iterator))
        except LookupError as raised:
            caught.append(raised)
        except StopIteration:
            break
    assert caught == [error]
    assert result(coder, chunks) == DATA


@both
@pytest.mark.parametrize("source", [None, 3, "text", object(), [b"bytes"], Source])
def test_not_a_source(coder, source):
    if source is Source:
        source = type("Unreadable", (), {"write": print})()
    with pytest.raises(ValueError, match=r"must pass an object with a read\(\) method"):
        coder().read_to_iter(source)


@both
def test_errors_of_the_look_up_of_read_propagate(coder):
    class Failing:
        @property
        def read(self):
            raise MemoryError("of the look-up")

    with pytest.raises(MemoryError, match="of the look-up"):
        coder().read_to_iter(Failing())


@both
@pytest.mark.parametrize("source", [b"content", Source(b"")])
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"read_size": 0}, ValueError),
        ({"read_size": -1}, ValueError),
        ({"write_size": 0}, ValueError),
        ({"write_size": -1}, ValueError),
        ({"read_size": 2**70}, OverflowError),
        ({"write_size": 1.0}, TypeError),
        ({"read_size": None}, TypeError),
        ({"read_size": Index(1, fail)}, LookupError),
        ({"closefd": True}, TypeError),
    ],
)
def test_bad_arguments(coder, source, options, error):
    with pytest.raises(error):
        coder().read_to_iter(source, **options)


@both
def test_iterator_cannot_be_made_otherwise(coder):
    iterator = coder().read_to_iter(b"")
    with pytest.raises(TypeError, match="cannot create"):
        type(iterator)()
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Sub", (type(iterator),), {})


@both
def test_buffer_is_released_at_the_end(coder):
    data = bytearray(given(coder))
    iterator = coder().read_to_iter(data)
    assert not samples.is_released(data)
    assert result(coder, iterator) == DATA
    assert samples.is_released(data)
    iterator = coder().read_to_iter(data)
    next(iterator)
    del iterator
    assert samples.is_released(data)


@both
def test_source_is_let_go_at_the_end(coder):
    source = Source(given(coder))
    gone = weakref.ref(source)
    iterator = coder().read_to_iter(source)
    list(iterator)
    del source
    gc.collect()
    assert gone() is None


@both
def test_source_in_a_cycle_with_its_iterator_is_collected(coder):
    source = Source(given(coder, NOISE))
    source.iterator = coder().read_to_iter(source)
    next(source.iterator)
    gone = weakref.ref(source)
    del source
    gc.collect()
    assert gone() is None


@both
def test_re_entry_is_refused(coder):
    class Calling(Source):
        def read(self, size):
            with pytest.raises(RuntimeError, match="already in use by this thread"):
                next(iterator)
            return super().read(size)

    iterator = coder().read_to_iter(Calling(given(coder)))
    assert result(coder, iterator) == DATA


@both
def test_source_may_drop_the_iterator(coder):
    class Dropping(Source):
        def read(self, size):
            iterators.clear()
            return super().read(size)

    iterators = [coder().read_to_iter(Dropping(given(coder, NOISE)))]
    assert len(next(iterators[0])) > 0


@both
def test_totals(coder):
    source = given(coder)
    iterator = coder().read_to_iter(source)
    assert (iterator.total_in, iterator.total_out) == (0, 0)
    size = 0
    for chunk in iterator:
        size += len(chunk)
        assert iterator.total_out == size
        assert 0 < iterator.total_in <= len(source)
    assert (iterator.total_in, iterator.total_out) == (len(source), size)
    with pytest.raises(AttributeError):
        iterator.total_in = 0


@both
def test_many_threads_share_an_iterator(coder):
    """Each chunk goes to one of them, and the source is read by one at a time."""

    class Slow(Source):
        busy = False

        def read(self, size):
            assert not self.busy
            self.busy = True
            threading.Event().wait(1e-4)
            self.busy = False
            return super().read(size)

    def work():
        chunks.extend(iterator)
        ended.append(True)

    chunks, ended = [], []
    iterator = coder().read_to_iter(Slow(given(coder, NOISE)), read_size=1000, write_size=5000)
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ended) == 8
    assert sum(map(len, chunks)) == iterator.total_out > 250_000
    assert len(set(chunks)) == len(chunks)


# --- compression ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
def test_compression(kind, size):
    data = samples.KINDS[kind](size)
    frame = b"".join(ZstdCompressor().read_to_iter(data, read_size=10_000))
    assert zstandard.frame_content_size(frame) == size
    assert content(frame) == data
    frame = b"".join(ZstdCompressor().read_to_iter(Source(data), read_size=10_000))
    assert zstandard.frame_content_size(frame) == (-1 if data else 0)
    assert content(frame) == data


@pytest.mark.parametrize("data", [b"P", b"_" * 500, frames.skippable(b"skipped")])
def test_compression_of_what_reads_as_a_skippable_frame(data):
    assert content(b"".join(ZstdCompressor().read_to_iter(Source(data)))) == data


def test_declared_size():
    frame = b"".join(ZstdCompressor().read_to_iter(Source(b"content"), 7))
    assert zstandard.frame_content_size(frame) == 7
    frame = b"".join(ZstdCompressor().read_to_iter(b"content", size=300))
    assert zstandard.frame_content_size(frame) == 7


@pytest.mark.parametrize("size", [1, 6, 8, 10**6])
def test_wrong_declared_size(size):
    iterator = ZstdCompressor().read_to_iter(Source(b"content"), size=size)
    for _ in range(2):
        with pytest.raises(ZstdError, match="Src size is incorrect"):
            list(iterator)


@pytest.mark.parametrize(
    ("size", "error"), [(-2, ValueError), (2**64, OverflowError), (None, TypeError)]
)
def test_bad_size(size, error):
    with pytest.raises(error):
        ZstdCompressor().read_to_iter(Source(b""), size)


def test_compressor_that_is_used_meanwhile():
    compressor = ZstdCompressor()
    chunks = []
    for chunk in compressor.read_to_iter(NOISE):
        chunks.append(chunk)
        assert content(compressor.compress(DATA)) == DATA
    assert content(b"".join(chunks)) == NOISE


# --- decompression ---


@pytest.mark.parametrize(
    "after", [b"junk", FRAME, FRAME[:50], frames.skippable(b"skipped")], ids=len
)
@pytest.mark.parametrize("read_size", [1, 131075])
def test_first_frame_only(after, read_size):
    source = Source(compress(b"first") + after)
    assert b"".join(ZstdDecompressor().read_to_iter(source, read_size)) == b"first"


@pytest.mark.parametrize("read_size", [1, 131075])
@pytest.mark.parametrize("write_size", [1, 131072])
def test_skippable_frames_before_the_first_are_passed_over(read_size, write_size):
    before = frames.skippable(b"skipped") + frames.skippable() + frames.skippable(b"x" * 500)
    for source in (before + compress(b"first"), before):
        expected = b"first" if len(source) > len(before) else b""
        for make in (Source, bytes):
            iterator = ZstdDecompressor().read_to_iter(make(source), read_size, write_size)
            assert b"".join(iterator) == expected


@pytest.mark.parametrize("source", [b"", compress(b""), frames.skippable(b"x") + compress(b"")])
def test_no_content(source):
    assert list(ZstdDecompressor().read_to_iter(source)) == []
    assert list(ZstdDecompressor().read_to_iter(Source(source), read_size=1)) == []


def test_chunks_follow_blocks():
    source = Script(START, frames.raw_block(b"c"))
    iterator = ZstdDecompressor().read_to_iter(source)
    assert next(iterator) == GOOD
    assert len(source.results) == 1
    assert list(iterator) == [b"c"]


@pytest.mark.parametrize("read_size", [1, 500, 131075])
@pytest.mark.parametrize("write_size", [1, 300, 131072])
@pytest.mark.parametrize(
    "end",
    [
        frames.block(frames.COMPRESSED, 10, b"x" * 10),
        frames.block(frames.RESERVED, 10, b"x" * 10),
        b"",
        b"\1",
    ],
)
def test_good_data_comes_before_the_error(read_size, write_size, end):
    iterator = ZstdDecompressor().read_to_iter(Source(START + end), read_size, write_size)
    chunks = []
    with pytest.raises(ZstdError, match="zstd decompress error") as caught:
        chunks.extend(iterator)
    assert b"".join(chunks) == GOOD
    assert isinstance(caught.value, EOFError) is (len(end) < 5)
    for _ in range(2):
        with pytest.raises(type(caught.value), match="zstd decompress error"):
            next(iterator)


@pytest.mark.parametrize(
    "source", [FRAME[:1], FRAME[:5], FRAME[:-1], frames.skippable(b"x")[:-1]], ids=len
)
@pytest.mark.parametrize("make", [bytes, Source])
def test_truncated(source, make):
    iterator = ZstdDecompressor().read_to_iter(make(source))
    with pytest.raises(ZstdEOFError, match=WITHIN):
        list(iterator)


def test_junk():
    for make in (bytes, Source):
        iterator = ZstdDecompressor().read_to_iter(make(b"junkjunk"))
        with pytest.raises(ZstdError, match="zstd decompress error: Unknown frame descriptor"):
            next(iterator)


@pytest.mark.parametrize("make", [bytes, Source])
@pytest.mark.parametrize("skip", [0, 1, 9])
def test_skipped_bytes(make, skip):
    source = make(b"x" * skip + FRAME)
    iterator = ZstdDecompressor().read_to_iter(source, read_size=10, skip_bytes=skip)
    assert b"".join(iterator) == DATA


@pytest.mark.parametrize("skip", [-1, 10, 11])
def test_skipping_as_much_as_is_read_at_a_time(skip):
    with pytest.raises(ValueError, match="skip_bytes must be smaller than read_size"):
        ZstdDecompressor().read_to_iter(FRAME, read_size=10, skip_bytes=skip)


@pytest.mark.parametrize("make", [lambda: b"abc", lambda: Script(b"abc", FRAME)])
def test_skipping_more_than_the_first_chunk(make):
    iterator = ZstdDecompressor().read_to_iter(make(), skip_bytes=3)
    for _ in range(2):
        with pytest.raises(ValueError, match="skip_bytes larger than first input chunk"):
            next(iterator)


def test_skipping_in_an_empty_source():
    assert list(ZstdDecompressor().read_to_iter(Source(b""), skip_bytes=3)) == []
