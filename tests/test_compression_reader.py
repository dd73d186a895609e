"""ZstdCompressionReader: a file or buffer, read as the frame that it makes."""

import io

import pytest

import frames
import samples
import zstandard
from sources import (
    READS,
    READS_OF_ALL,
    Script,
    Source,
    good_part,
    parts,
    parts_and_errors,
    read_into,
    streamed,
)
from zstandard import (
    COMPRESSION_RECOMMENDED_OUTPUT_SIZE,
    CONTENTSIZE_UNKNOWN,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdEOFError,
    ZstdError,
    get_frame_parameters,
)

TEXT = samples.text(5000)
NOISE = samples.noise(3 * samples.BLOCK + 7)
ALL_READS = READS | READS_OF_ALL
WRONG_SIZE = "Src size is incorrect"


def new(source, *arguments, **keywords):
    return ZstdCompressor().stream_reader(source, *arguments, **keywords)


def content(frame):
    return ZstdDecompressor().decompress(frame, max_output_size=-1, allow_extra_data=False)


def stated_size(frame):
    return get_frame_parameters(frame).content_size


# --- frames ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
@pytest.mark.parametrize("make", [bytes, io.BytesIO, Source])
def test_whole_content(make, size, kind):
    data = samples.KINDS[kind](size)
    assert content(new(make(data)).read()) == data


@pytest.mark.parametrize(
    "options",
    [
        {"level": 1},
        {"level": 19},
        {"level": -5},
        {"write_checksum": True},
        {"write_content_size": False},
        {"threads": 2},
    ],
)
@pytest.mark.parametrize("data", [b"", TEXT, NOISE])
def test_options_of_the_compressor(options, data):
    frame = ZstdCompressor(**options).stream_reader(io.BytesIO(data)).read()
    assert content(frame) == data
    assert get_frame_parameters(frame).has_checksum is options.get("write_checksum", False)


def test_level_of_the_compressor():
    data = samples.text(200_000)
    sizes = [len(ZstdCompressor(level).stream_reader(data).read()) for level in (-50, 3, 19)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


@pytest.mark.parametrize("data", [b"", b"a", TEXT, NOISE])
def test_frame_is_that_of_compressobj(data):
    assert new(Source(data, 1000)).read() == streamed(data)


def test_no_input_is_an_empty_frame():
    assert new(io.BytesIO()).read() == streamed(b"")
    assert content(new(b"").read()) == b""


@pytest.mark.parametrize("read", ALL_READS)
def test_there_is_one_frame(read):
    reader = new(io.BytesIO(TEXT))
    reader.read()
    for _ in range(3):
        assert ALL_READS[read](reader, 10) == b""
    assert reader.tell() == reader.total_out == len(streamed(TEXT))


# --- the stated size ---


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_size_of_a_buffer_is_stated(shape):
    expected = CONTENTSIZE_UNKNOWN if shape == "mmap" else len(TEXT)  # it has read()
    assert stated_size(new(samples.SHAPES[shape](TEXT)).read()) == expected


@pytest.mark.parametrize("size", [-1, 0, 1, len(TEXT), 2**63, 2**64 - 1])
def test_size_of_a_buffer_overrides_what_is_said(size):
    assert stated_size(new(TEXT, size).read()) == len(TEXT)


@pytest.mark.parametrize("data", [b"a", TEXT, NOISE])
def test_size_of_a_file_is_not_stated(data):
    assert stated_size(new(io.BytesIO(data)).read()) == CONTENTSIZE_UNKNOWN


@pytest.mark.parametrize("data", [b"", b"a", TEXT, NOISE])
@pytest.mark.parametrize("most", [100, None])
def test_size_that_is_said_is_stated(most, data):
    frame = new(Source(data, most), size=len(data)).read()
    assert stated_size(frame) == len(data)
    assert content(frame) == data


@pytest.mark.parametrize("source", [TEXT, io.BytesIO(TEXT)])
def test_size_is_not_stated_where_it_is_not_wanted(source):
    compressor = ZstdCompressor(write_content_size=False)
    assert stated_size(compressor.stream_reader(source, len(TEXT)).read()) == CONTENTSIZE_UNKNOWN


@pytest.mark.parametrize("read", ALL_READS)
@pytest.mark.parametrize("size", [1, len(TEXT) - 1, len(TEXT) + 1, 2**40])
@pytest.mark.parametrize("most", [100, None])
def test_wrong_size_is_an_error_for_ever(most, size, read):
    reader = new(Source(TEXT, most), size=size)
    good, error = good_part(reader, ALL_READS[read], 100)
    assert WRONG_SIZE in str(error)
    for _ in range(3):
        with pytest.raises(ZstdError, match=WRONG_SIZE) as caught:
            reader.read1(10)
        assert type(caught.value) is ZstdError
    assert reader.tell() == len(good)


def test_too_much_is_an_error_at_once():
    source = Source(TEXT, 100)
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        new(source, size=150).read()
    assert len(source.asked) == 2


def test_source_is_not_read_after_a_wrong_size():
    source = Source(TEXT, 100)
    reader = new(source, size=150)
    for _ in range(3):
        with pytest.raises(ZstdError, match=WRONG_SIZE):
            reader.read(10)
    assert len(source.asked) == 2


def test_wrong_size_of_long_data_shows_after_what_was_good():
    """The block that is full before the end of the data is read first."""
    good, error = good_part(new(Source(NOISE, 1000), size=len(NOISE) + 1), READS["read"], 1000)
    assert len(good) >= samples.BLOCK
    assert WRONG_SIZE in str(error)


def test_wrong_size_keeps_what_was_read_with_it():
    reader = new(Source(NOISE, 1000), size=len(NOISE) + 1)
    for _ in range(2):
        with pytest.raises(ZstdError, match=WRONG_SIZE):
            reader.read()
    assert reader.tell() == 0
    assert streamed(NOISE)[100:200] in good_part(reader, READS["read"], 1000)[0]


def test_compressor_is_usable_after_a_wrong_size():
    compressor = ZstdCompressor()
    reader = compressor.stream_reader(io.BytesIO(TEXT), size=1)
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        reader.read()
    assert content(compressor.compress(TEXT)) == TEXT
    assert content(compressor.stream_reader(TEXT).read()) == TEXT


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (-2, ValueError),
        (-(2**70), ValueError),
        (2**64, OverflowError),
        ("1", TypeError),
        (1.0, TypeError),
        (None, TypeError),
    ],
)
@pytest.mark.parametrize("make", [bytes, io.BytesIO])
def test_bad_sizes(make, size, error):
    with pytest.raises(error):
        new(make(TEXT), size)


def test_arguments_by_place():
    source = Source(TEXT)
    reader = new(source, len(TEXT), 1000, False)
    frame = reader.read()
    assert stated_size(frame) == len(TEXT)
    assert set(source.asked) == {1000}
    reader.close()
    assert source.closings == 0


def test_arguments_by_name():
    source = Source(TEXT)
    reader = new(source=source, size=len(TEXT), read_size=1000, closefd=False)
    assert stated_size(reader.read()) == len(TEXT)
    assert set(source.asked) == {1000}


def test_too_many_arguments():
    with pytest.raises(TypeError):
        new(TEXT, -1, 1000, True, True)


# --- reading ---


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("threads", [0, 2])
def test_noise_in_small_parts(read, threads):
    reader = ZstdCompressor(threads=threads).stream_reader(io.BytesIO(NOISE))
    assert content(b"".join(parts(reader, READS[read], 100))) == NOISE


@pytest.mark.parametrize("size", [1, 1000, COMPRESSION_RECOMMENDED_OUTPUT_SIZE, 10**6])
def test_read1_returns_what_there_is_first(size):
    """The first output is that of the first block, however much is asked for."""
    first = new(Source(NOISE, 1000)).read1(size)
    assert 0 < len(first) <= min(size, samples.BLOCK + 100)
    assert streamed(NOISE).startswith(first)


def test_read1_goes_on_until_there_is_output():
    source = Source(b"abc")
    assert new(source).read1(100) == streamed(b"abc")
    assert source.asked == [131_072, 131_072]


def test_readinto1_goes_on_until_there_is_output():
    source = Source(b"abc", 1)
    assert read_into(new(source), 100, "readinto1") == streamed(b"abc")
    assert len(source.asked) == 4


def test_read1_without_size_returns_at_most_a_recommended_size():
    reader = new(NOISE)
    sizes = [len(part) for part in parts(reader, READS["read1"], -1)]
    assert max(sizes) == COMPRESSION_RECOMMENDED_OUTPUT_SIZE


def test_read1_by_a_size_may_return_more():
    assert len(new(NOISE).read1(10**6)) > COMPRESSION_RECOMMENDED_OUTPUT_SIZE


@pytest.mark.parametrize("count", [1, 2, 1000])
def test_reading_byte_by_byte_asks_once_for_each_and_for_the_end(count):
    source = Source(samples.text(count), 1)
    new(source, read_size=1).read()
    assert source.asked == [1] * (count + 1)


@pytest.mark.parametrize("read", ["read", "read1", "readinto", "readinto1"])
def test_default_of_read_size(read):
    source = Source(TEXT)
    READS[read](new(source), 10)
    assert source.asked == [131_072, 131_072]


def test_output_is_used_up_before_more_is_read():
    source = Source(NOISE, 140_000)
    reader = new(source)
    part = reader.read(1)
    while len(source.asked) == 1 and part:
        part = reader.read(1000)
    assert reader.tell() > 130_000


def test_position_after_readinto():
    reader = new(io.BytesIO(TEXT))
    buffer = bytearray(20)
    assert (reader.readinto(buffer), reader.tell()) == (20, 20)
    assert (reader.readinto1(buffer), reader.tell()) == (20, 40)


def test_input_counts_as_it_is_taken():
    reader = new(Script(NOISE[:1000], NOISE[1000:1500]), read_size=1000)
    reader.read(1)
    assert reader.total_in == 1500


def test_progression_of_the_compressor():
    compressor = ZstdCompressor()
    frame = compressor.stream_reader(io.BytesIO(TEXT)).read()
    assert compressor.frame_progression() == (len(TEXT), len(TEXT), len(frame))


# --- errors of the source ---


@pytest.mark.parametrize("data", [b"", b"a", TEXT])
@pytest.mark.parametrize("read", ALL_READS)
def test_error_at_the_end(data, read):
    reader = new(Script(data, LookupError()) if data else Script(LookupError()))
    results, errors = parts_and_errors(reader, ALL_READS[read], 10)
    assert content(b"".join(results)) == data
    assert len(errors) == 1


# --- no lines ---


@pytest.mark.parametrize("arguments", [(), (1,), (None,), (1, 2)])
@pytest.mark.parametrize("method", ["readline", "readlines"])
def test_lines_are_refused(method, arguments):
    with pytest.raises(io.UnsupportedOperation):
        getattr(new(TEXT), method)(*arguments)


@pytest.mark.parametrize("call", [iter, next, list])
def test_iteration_is_refused(call):
    with pytest.raises(io.UnsupportedOperation):
        call(new(TEXT))


@pytest.mark.parametrize("source", [TEXT, io.BytesIO(TEXT)])
def test_it_is_not_seekable(source):
    assert new(source).seekable() is False


# --- life ---


def test_live_readers_do_not_mix():
    compressor = ZstdCompressor()
    contents = [samples.text(300_000, seed) for seed in range(10)]
    readers = [compressor.stream_reader(Source(each, 1000)) for each in contents]
    results = [b""] * len(readers)
    for _ in range(200):
        for i, reader in enumerate(readers):
            results[i] += reader.read(1000)
        assert content(compressor.compress(TEXT)) == TEXT
    for i, reader in enumerate(readers):
        results[i] += reader.read()
    assert [content(each) for each in results] == contents


def test_reader_keeps_the_configuration_it_was_made_for():
    compressor = ZstdCompressor(write_checksum=True)
    reader = compressor.stream_reader(TEXT)
    compressor.__init__()
    assert get_frame_parameters(reader.read()).has_checksum


def test_closing_within_a_frame_leaves_the_compressor_usable():
    compressor = ZstdCompressor()
    reader = compressor.stream_reader(NOISE)
    reader.read(10)
    reader.close()
    assert content(compressor.stream_reader(TEXT).read()) == TEXT


def test_frames_go_through_a_decompression_reader():
    reader = new(Source(NOISE, 1000))
    assert ZstdDecompressor().stream_reader(reader).read() == NOISE


def test_skippable_data_is_content_like_any():
    data = frames.skippable(TEXT)
    assert content(new(data).read()) == data


def test_wrong_size_is_no_end_of_file():
    """The input of a compressor cannot be cut short: that error is of decompression."""
    assert issubclass(ZstdEOFError, zstandard.ZstdError)
    with pytest.raises(ZstdError) as caught:
        new(io.BytesIO(TEXT), size=10**6).read()
    assert not isinstance(caught.value, EOFError)
