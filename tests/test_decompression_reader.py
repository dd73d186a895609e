"""ZstdDecompressionReader: frames one after another, read by any method from any source."""

import io
import sys
from itertools import accumulate, pairwise

import pytest

import frames
import samples
import zstandard
from allocated import at_most_allocated
from sources import (
    READS,
    READS_OF_ALL,
    SeekableSource,
    Source,
    good_part,
    parts,
    read_into,
    streamed,
)
from zstandard import (
    DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    compress,
)

DATA = samples.text(5000)
FRAME = ZstdCompressor(write_checksum=True).compress(DATA)
LONG = samples.noise(3 * samples.BLOCK + 7)
ALL_READS = READS | READS_OF_ALL
SOURCES = {
    "buffer": bytes,
    "file": io.BytesIO,
    "byte by byte": lambda data: Source(data, 1),
    "seven by seven": lambda data: SeekableSource(data, 7),
}

any_read = pytest.mark.parametrize("read", ALL_READS)
any_source = pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)


def new(source, *arguments, **keywords):
    return ZstdDecompressor().stream_reader(source, *arguments, **keywords)


# --- whole frames ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
@pytest.mark.parametrize("states_size", [True, False])
@pytest.mark.parametrize("make", [bytes, io.BytesIO, Source])
def test_whole_frame(make, states_size, size, kind):
    data = samples.KINDS[kind](size)
    frame = ZstdCompressor(write_content_size=states_size).compress(data)
    assert new(make(frame)).read() == data


@any_read
@any_source
@pytest.mark.parametrize("size", [1, 3, 100, 8192, 8193, 10**6])
def test_every_way_to_read(make, read, size):
    assert b"".join(parts(new(make(FRAME)), ALL_READS[read], size)) == DATA


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("size", [1000, 8192, 8193, samples.BLOCK, 10**6])
def test_long_frame(read, size):
    for frame in (compress(LONG), streamed(LONG)):
        assert b"".join(parts(new(Source(frame, 10_000)), READS[read], size)) == LONG


@pytest.mark.parametrize("read", ["read", "readinto"])
@pytest.mark.parametrize("size", [1, 7, 1000, 4999, 5000])
@any_source
def test_read_fills_what_is_asked_for(make, size, read):
    results = parts(new(make(FRAME)), READS[read], size)
    assert results == samples.in_pieces(DATA, size)


# --- no input ---


@any_read
@any_source
def test_no_input_is_an_end(make, read):
    reader = new(make(b""))
    for _ in range(3):
        assert ALL_READS[read](reader, 10) == b""
    assert (reader.tell(), reader.total_in) == (0, 0)


@any_source
def test_no_input_has_no_lines(make):
    reader = new(make(b""))
    assert (reader.readline(), reader.readlines(), list(reader), reader.peek()) == (
        b"",
        [],
        [],
        b"",
    )


def test_read_of_nothing_never_raises():
    for source in (b"", b"junk", FRAME[:10]):
        reader = new(source)
        assert reader.read(0) == reader.read1(0) == b""
        assert reader.readinto(bytearray()) == reader.readinto1(bytearray()) == 0


# --- many frames ---

EMPTY, SKIPPABLE = compress(b""), frames.skippable(b"skipped" * 10, 7)
LAYOUT = [SKIPPABLE, FRAME, EMPTY, streamed(DATA), SKIPPABLE, EMPTY, compress(b"last"), SKIPPABLE]
CONTENTS = [DATA, DATA, b"last"]


def ends_of(results):
    return set(accumulate(map(len, results)))


@any_read
@any_source
@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("size", [1, 100, 8193])
def test_all_frames_are_read(size, across, make, read):
    reader = new(make(b"".join(LAYOUT)), read_across_frames=across)
    assert b"".join(parts(reader, ALL_READS[read], size)) == b"".join(CONTENTS)


@any_source
@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("size", [1, 7, 3000, 5000, 5001, 8193, 10**6])
def test_reads_end_at_the_end_of_a_frame(make, read, size):
    results = parts(new(make(b"".join(LAYOUT))), READS[read], size)
    assert ends_of(CONTENTS) <= ends_of(results)


@any_source
@pytest.mark.parametrize("read", ["read", "readinto"])
@pytest.mark.parametrize("size", [1, 7, 3000, 5000, 5001, 8193, 10**6])
def test_reads_across_frames_are_filled(make, read, size):
    reader = new(make(b"".join(LAYOUT)), read_across_frames=True)
    assert parts(reader, READS[read], size) == samples.in_pieces(b"".join(CONTENTS), size)


@any_source
@pytest.mark.parametrize("read", ["read1", "readinto1"])
def test_reads_of_some_end_at_the_end_of_a_frame_in_any_case(make, read):
    reader = new(make(b"".join(LAYOUT)), read_across_frames=True)
    results = parts(reader, READS[read], 10**6)
    assert ends_of(CONTENTS) <= ends_of(results)


@any_read
@pytest.mark.parametrize("empty", [EMPTY, streamed(b""), SKIPPABLE, frames.skippable()])
@any_source
def test_frames_without_content_are_no_end(make, empty, read):
    reader = new(make(empty * 3 + FRAME))
    assert DATA.startswith(ALL_READS[read](reader, 10) or b"none")


@any_read
@pytest.mark.parametrize("empty", [EMPTY, streamed(b""), SKIPPABLE, frames.skippable()])
@any_source
def test_only_frames_without_content(make, empty, read):
    reader = new(make(empty * 3))
    assert ALL_READS[read](reader, 10) == b""
    assert reader.total_in == 3 * len(empty)


@pytest.mark.parametrize("read", READS)
def test_many_small_frames(read):
    layout = b"".join(compress(b"%d" % i) for i in range(1000))
    assert parts(new(layout), READS[read], 100) == [b"%d" % i for i in range(1000)]


@any_read
@pytest.mark.parametrize("size", [samples.BLOCK, 2 * samples.BLOCK, 8192])
def test_frames_of_exactly_what_is_asked_for(size, read):
    frame = streamed(samples.text(size))
    results = parts(new(Source(frame * 3, 1000)), ALL_READS[read], size)
    assert b"".join(results) == samples.text(size) * 3


def test_default_is_not_across_frames():
    assert new(FRAME * 2).read(10**6) == DATA


# --- how the source is read ---


@pytest.mark.parametrize("read", READS)
def test_default_of_read_size(read):
    source = Source(FRAME)
    READS[read](new(source), 10)
    assert source.asked == [131_075]


@pytest.mark.parametrize("read", READS)
def test_end_of_a_frame_is_known_without_another_read(read):
    source = Source(FRAME)
    reader = new(source)
    assert READS[read](reader, 10**6) == DATA
    assert len(source.asked) == 1
    assert READS[read](reader, 10**6) == b""
    assert len(source.asked) == 2


@pytest.mark.parametrize("read", READS_OF_ALL)
def test_reading_all_asks_until_the_end(read):
    source = Source(FRAME)
    READS_OF_ALL[read](new(source), -1)
    assert len(source.asked) == 2


@any_read
def test_reading_byte_by_byte_asks_once_for_each_and_for_the_end(read):
    source = Source(FRAME * 2, 1)
    parts(new(source, read_size=1), ALL_READS[read], 10**6)
    assert source.asked == [1] * (2 * len(FRAME) + 1)


@pytest.mark.parametrize("read", ["read1", "readinto1"])
def test_reads_of_some_stop_at_the_first_output(read):
    """Three raw blocks come one a read of the source, behind the one that brings the header."""
    header = frames.header(window=0x58)
    blocks = [frames.raw_block(b"abc", last=last) for last in (False, False, True)]
    source = Source(header + b"".join(blocks), len(header))
    reader = new(source)
    assert len(header) == len(blocks[0]) == 6
    for i in range(3):
        assert READS[read](reader, 100) == b"abc"
        assert len(source.asked) == i + 2


def test_read_across_frames_asks_no_more_than_it_needs():
    source = Source(FRAME * 3, len(FRAME))
    reader = new(source, read_across_frames=True)
    assert reader.read(6000) == (DATA * 2)[:6000]
    assert len(source.asked) == 2
    assert reader.read(4000) == (DATA * 2)[6000:]
    assert len(source.asked) == 2


def test_small_reads_ask_no_more_than_they_need():
    source = Source(FRAME * 2, len(FRAME))
    reader = new(source, read_across_frames=True)
    for _ in range(500):
        reader.read(10)
    assert len(source.asked) == 1
    reader.read(1)
    assert len(source.asked) == 2


def test_input_counts_as_it_is_taken():
    reader = new(FRAME * 2)
    reader.read(10**6)
    assert reader.total_in == len(FRAME)
    reader.read(10**6)
    assert reader.total_in == 2 * len(FRAME)


# --- sizes ---


def test_read1_without_size_returns_at_most_a_recommended_size():
    reader = new(compress(bytes(10**6)))
    assert len(reader.read1()) == len(reader.read1(-1)) == DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE


def test_read1_by_a_size_may_return_more():
    assert len(new(compress(bytes(10**6))).read1(10**6)) > DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE


def test_readinto_of_the_content_alone():
    reader = new(io.BytesIO(FRAME))
    assert read_into(reader, 6000) == DATA
    assert (reader.readinto(bytearray(10)), reader.tell()) == (0, 5000)


def test_results_take_no_more_memory_than_they_need():
    assert sys.getsizeof(new(compress(b"content")).read(10**6)) < 100


def test_bounded_output_needs_bounded_memory():
    bomb = compress(bytes(50 << 20))
    with at_most_allocated(8 << 20):
        reader = new(bomb)
        for size in (100, 10_000, 100_000):
            assert reader.read(size) == bytes(size)
            assert len(reader.read1(size)) > 0
        assert len(reader.peek()) <= samples.BLOCK


def test_vast_content_that_is_stated_is_not_allocated():
    frame = frames.header(2**40, size_width=8, window=0x58) + frames.raw_block(b"abc")
    with at_most_allocated(8 << 20), pytest.raises(ZstdError):
        new(frame).read()


# --- the decompressor's options ---

WIDE = frames.header(window=0x90) + frames.raw_block(b"content")


@any_read
def test_window_is_bounded_by_default(read):
    good, error = good_part(new(compress(b"good") + WIDE), ALL_READS[read], 10)
    assert error.code == 16
    assert good == (b"good" if read in READS else b"")


def test_bound_of_the_window_can_be_lifted():
    decompressor = ZstdDecompressor(max_window_size=frames.window_size(0x90))
    assert decompressor.stream_reader(WIDE).read() == b"content"


def test_bound_of_the_window_can_be_lowered():
    frame = streamed(LONG)
    with pytest.raises(ZstdError, match="too much memory"):
        ZstdDecompressor(max_window_size=1 << 16).stream_reader(Source(frame, 1000)).read()


def magicless(source, **keywords):
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    return decompressor.stream_reader(source, **keywords)


BARE = [each[4:] for each in (FRAME, EMPTY, streamed(DATA), compress(b"last"))]


@any_read
@pytest.mark.parametrize("most", [1, 2, 3, 5, 7, 11, 1000])
def test_frames_without_magic_number(read, most):
    reader = magicless(Source(b"".join(BARE), most))
    assert b"".join(parts(reader, ALL_READS[read], 1000)) == b"".join(CONTENTS)
    assert reader.total_in == len(b"".join(BARE))


def test_frame_without_magic_number_in_a_buffer():
    assert magicless(BARE[0]).read() == DATA


@pytest.mark.parametrize("seed", range(20))
def test_split_header_without_magic_number(seed):
    content = samples.noise(1 + seed * 19, seed)
    frame = compress(content)[4:]
    for most in range(1, 12):
        assert magicless(Source(frame * 2, most)).read() == content * 2


def test_frame_with_magic_number_is_refused_where_there_is_none():
    with pytest.raises(ZstdError):
        magicless(FRAME).read()


# --- arguments ---


def test_arguments_by_place():
    source = Source(FRAME * 2)
    reader = new(source, 1000, True, False)
    assert reader.read(6000) == (DATA * 2)[:6000]
    assert set(source.asked) == {1000}
    reader.close()
    assert source.closings == 0


def test_arguments_by_name():
    source = Source(FRAME * 2)
    reader = new(source=source, read_size=1000, read_across_frames=True, closefd=False)
    assert reader.read(6000) == (DATA * 2)[:6000]
    assert set(source.asked) == {1000}


def test_too_many_arguments():
    with pytest.raises(TypeError):
        new(FRAME, 1000, False, True, True)


# --- life ---


def test_live_readers_do_not_mix():
    decompressor = ZstdDecompressor()
    contents = [samples.text(100_000, seed) for seed in range(10)]
    readers = [decompressor.stream_reader(Source(compress(each), 1000)) for each in contents]
    results = [b""] * len(readers)
    for _ in range(50):
        for i, reader in enumerate(readers):
            results[i] += reader.read(2000)
        assert decompressor.decompress(FRAME) == DATA
    assert results == contents


def test_reader_keeps_the_configuration_it_was_made_for():
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    reader = decompressor.stream_reader(BARE[0])
    decompressor.__init__()
    assert reader.read() == DATA


def test_closing_within_a_frame_does_not_raise():
    decompressor = ZstdDecompressor()
    with decompressor.stream_reader(streamed(LONG)[:-1]) as reader:
        assert reader.read(10) == LONG[:10]
    assert decompressor.stream_reader(FRAME).read() == DATA


def test_parts_of_results_are_not_overwritten():
    """Each result is bytes of its own, although small ones come out of one buffer."""
    reader = new(FRAME)
    results = [reader.read(10) for _ in range(500)]
    assert all(first is not second for first, second in pairwise(results))
    assert b"".join(results) == DATA
