"""ZstdDecompressionObj: frames that come in pieces, and output that may be bounded."""

import sys
from random import Random

import pytest

import frames
import samples
import zstandard
from allocated import at_most_allocated
from callbacks import Buffer, Index, buffers_can_call_back, fail
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError, compress

MULTIPLE = "cannot use a decompressobj multiple times"

DATA = samples.text(5000)
FRAME = ZstdCompressor(write_checksum=True).compress(DATA)
UNSTATED_FRAME = ZstdCompressor(write_checksum=True, write_content_size=False).compress(DATA)


def new(*arguments, **keywords):
    return ZstdDecompressor().decompressobj(*arguments, **keywords)


def state(stream):
    return stream.eof, stream.needs_input, stream.unused_data


STARTED = (False, True, b"")
ENDED = (True, False, b"")


# --- whole and in pieces ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
@pytest.mark.parametrize("states_size", [True, False])
def test_whole_frame(states_size, size, kind):
    data = samples.KINDS[kind](size)
    stream = new()
    assert state(stream) == STARTED
    frame = ZstdCompressor(write_content_size=states_size).compress(data)
    result = stream.decompress(frame)
    assert type(result) is bytes
    assert result == data
    assert state(stream) == ENDED


@pytest.mark.parametrize("frame", [FRAME, UNSTATED_FRAME])
@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100, 1000])
def test_pieces(frame, piece):
    stream = new()
    result = b""
    for part in samples.in_pieces(frame, piece):
        assert state(stream) == STARTED
        result += stream.decompress(part)
    assert result == DATA
    assert state(stream) == ENDED


@pytest.mark.parametrize("rest", [b"", b"x", b"rest", FRAME, frames.skippable()])
@pytest.mark.parametrize("frame", [FRAME, UNSTATED_FRAME])
def test_unused_data_with_every_split(frame, rest):
    whole = frame + rest
    for split in range(len(whole) + 1):
        stream = new()
        result = stream.decompress(whole[:split])
        if split < len(frame):
            assert state(stream) == STARTED
            result += stream.decompress(whole[split:])
            assert state(stream) == (True, False, rest)
        else:
            assert state(stream) == (True, False, whole[len(frame) : split])
        assert result == DATA
        assert type(stream.unused_data) is bytes


def test_truncation_shows_in_eof():
    for length in range(len(FRAME)):
        stream = new()
        assert DATA.startswith(stream.decompress(FRAME[:length]))
        assert state(stream) == STARTED
        assert stream.flush() == b""
        assert state(stream) == STARTED


def test_no_data():
    stream = new()
    for _ in range(100):
        assert stream.decompress(b"") == b""
        assert state(stream) == STARTED
    assert stream.decompress(FRAME) == DATA


@pytest.mark.parametrize("piece", [1, 5, 1000])
def test_skippable_frame_is_one_without_content(piece):
    skippable = frames.skippable(b"skipped" * 10, 7)
    stream = new()
    for part in samples.in_pieces(skippable, piece):
        assert state(stream) == STARTED
        assert stream.decompress(part) == b""
    assert state(stream) == ENDED
    stream = new()
    assert stream.decompress(skippable + FRAME) == b""
    assert state(stream) == (True, False, FRAME)


def test_unconsumed_tail_is_always_empty():
    stream = new()
    assert stream.unconsumed_tail == b""
    stream.decompress(FRAME + b"rest", 10)
    assert stream.unconsumed_tail == b""
    stream.decompress(b"")
    assert stream.unconsumed_tail == b""


# --- after the end ---


def test_after_the_end_decompress_is_an_error():
    stream = new()
    stream.decompress(FRAME + b"rest")
    for data in (b"", b"x", FRAME):
        with pytest.raises(ZstdError, match=MULTIPLE):
            stream.decompress(data)
        with pytest.raises(ZstdError, match=MULTIPLE):
            stream.decompress(data, 10)
        assert state(stream) == (True, False, b"rest")


def test_after_the_end_flush_is_allowed():
    stream = new()
    stream.decompress(FRAME + b"rest")
    for _ in range(2):
        assert stream.flush() == b""
        assert state(stream) == (True, False, b"rest")


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [((), {}), ((5,), {}), ((None,), {}), (("any",), {}), ((), {"length": -1}), ((2**70,), {})],
)
def test_flush_ignores_its_length(arguments, keywords):
    stream = new()
    assert stream.flush(*arguments, **keywords) == b""
    assert stream.decompress(FRAME) == DATA
    assert stream.flush(*arguments, **keywords) == b""


@pytest.mark.parametrize(("arguments", "keywords"), [((1, 2), {}), ((), {"size": 1})])
def test_bad_arguments_of_flush(arguments, keywords):
    stream = new()
    with pytest.raises(TypeError):
        stream.flush(*arguments, **keywords)
    assert stream.decompress(FRAME) == DATA


# --- across frames ---

LAYOUT = [
    frames.skippable(b"first"),
    FRAME,
    compress(b""),
    UNSTATED_FRAME,
    frames.skippable(),
    compress(b"the last"),
    frames.skippable(b"end", 15),
]
CONTENT = DATA + DATA + b"the last"


@pytest.mark.parametrize("piece", [1, 2, 3, 10, 100, 1000, 10**6])
def test_across_frames(piece):
    stream = new(read_across_frames=True)
    result = b"".join(
        stream.decompress(part) for part in samples.in_pieces(b"".join(LAYOUT), piece)
    )
    assert result == CONTENT
    assert state(stream) == STARTED
    assert stream.decompress(b"") == b""
    assert stream.flush() == b""
    assert stream.decompress(compress(b"more")) == b"more"
    assert state(stream) == STARTED


@pytest.mark.parametrize("max_length", [1, 2, 3, 100, 4999, 5000, 5001, 10**6])
def test_across_frames_with_bounded_output(max_length):
    stream = new(read_across_frames=True)
    parts = [stream.decompress(b"".join(LAYOUT), max_length)]
    while not stream.needs_input:
        parts.append(stream.decompress(b"", max_length))
    assert b"".join(parts) == CONTENT
    assert max(map(len, parts)) <= max_length
    assert state(stream) == STARTED


@pytest.mark.parametrize("junk", [b"junkjunk", FRAME[1:]])
def test_across_frames_junk_is_an_error(junk):
    for data in (FRAME + junk, junk):
        stream = new(read_across_frames=True)
        with pytest.raises(ZstdError, match="Unknown frame descriptor"):
            stream.decompress(data)
    stream = new(read_across_frames=True)
    assert stream.decompress(FRAME) == DATA
    with pytest.raises(ZstdError, match="Unknown frame descriptor"):
        stream.decompress(junk)


# --- errors ---


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"junkjunk", 10),
        (FRAME[:-1] + bytes([FRAME[-1] ^ 1]), 22),
        (frames.header(3, single_segment=True) + frames.block(frames.RESERVED, 3, b"abc"), 20),
        (frames.header(window=0x90) + frames.raw_block(b"abc"), 16),
    ],
)
def test_failure_is_for_ever(data, code):
    decompressor = ZstdDecompressor()
    stream = decompressor.decompressobj()
    for again in (data, FRAME, b"", data):
        with pytest.raises(ZstdError, match="zstd decompressor error: ") as caught:
            stream.decompress(again)
        assert caught.value.code == code
        assert state(stream) == STARTED
        with pytest.raises(ZstdError, match="zstd decompressor error: "):
            stream.decompress(again, 10)
    assert decompressor.decompress(FRAME) == DATA
    assert decompressor.decompressobj().decompress(FRAME) == DATA


def test_failure_after_output_was_held_back():
    stream = new()
    assert stream.decompress(FRAME[:-1] + bytes([FRAME[-1] ^ 1]), 100) == DATA[:100]
    for _ in range(2):
        with pytest.raises(ZstdError, match="checksum"):
            stream.decompress(b"")
        with pytest.raises(ZstdError, match="checksum"):
            stream.flush()


def test_block_that_is_too_long_is_not_taken_for_more_than_is_declared():
    # Where the window is full, libzstd's buffer has room for just two blocks.
    window, size = 0x70, 1 << 24
    data = frames.header(100 * size, size_width=8, window=window)
    data += frames.rle_block(samples.BLOCK, last=False) * (size // samples.BLOCK)
    with pytest.raises(ZstdError, match=r"Data corruption detected$"):
        new().decompress(data + frames.rle_block(0x1FFFFF))


def test_failure_in_a_split_header_takes_nothing_back():
    stream = ZstdDecompressor(max_window_size=1 << 20).decompressobj()
    header = frames.header(10, size_width=8, window=0x58)
    for size in (3, 7):
        stream.decompress(header[stream.total_in : size])
        assert stream.total_in == size
    with pytest.raises(ZstdError, match="requires too much memory"):
        stream.decompress(header[7:] + b"more")
    assert stream.total_in == len(header)


def test_failure_does_not_collect_what_is_given_later():
    stream = new(read_across_frames=True)
    stream.decompress(compress(b"ab") + b"junkjunk", 1)
    with pytest.raises(ZstdError):
        stream.decompress(b"")
    megabyte = bytes(1 << 20)
    with at_most_allocated(100_000):
        for _ in range(5):
            with pytest.raises(ZstdError):
                stream.decompress(megabyte)


@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        ((), {}, TypeError),
        ((), {"max_length": 1}, TypeError),
        ((b"", 1, 1), {}, TypeError),
        ((b"",), {"data": b""}, TypeError),
        ((b"", 1), {"max_length": 1}, TypeError),
        ((b"",), {"unknown": 1}, TypeError),
        ((b"", None), {}, TypeError),
        ((b"", 1.0), {}, TypeError),
        ((b"", 2**63), {}, OverflowError),
        ((b"", Index(1, fail)), {}, LookupError),
        ((memoryview(bytes(10))[::2],), {}, BufferError),
        *(((thing,), {}, TypeError) for thing in samples.NOT_BUFFERS.values()),
    ],
)
def test_bad_arguments_change_nothing(arguments, keywords, error):
    stream = new()
    with pytest.raises(error):
        stream.decompress(*arguments, **keywords)
    assert state(stream) == STARTED
    assert stream.decompress(data=FRAME, max_length=-1) == DATA


# --- input ---


@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("max_length", [-1, 10])
def test_every_kind_of_buffer(shape, max_length):
    stream = new()
    first = stream.decompress(samples.SHAPES[shape](FRAME + b"rest"), max_length)
    assert first == DATA[: max_length if max_length >= 0 else None]
    assert first + stream.flush() == DATA
    assert stream.unused_data == b"rest"


@pytest.mark.parametrize("max_length", [-1, 0, 1, 100])
def test_input_is_released_and_may_change_after_the_call(max_length):
    data = bytearray(FRAME + b"rest")
    stream = new()
    first = stream.decompress(data, max_length)
    assert samples.is_released(data)
    data[:] = b"\xff" * len(data)
    assert first + stream.flush() == DATA
    assert stream.unused_data == b"rest"
    with pytest.raises(ZstdError, match=MULTIPLE):
        stream.decompress(data)
    assert samples.is_released(data)


def test_input_is_released_after_errors():
    data = bytearray(b"junkjunk")
    stream = new()
    for _ in range(2):
        with pytest.raises(ZstdError):
            stream.decompress(data)
        assert samples.is_released(data)
    with pytest.raises(TypeError):
        new().decompress(data, "text")
    assert samples.is_released(data)


# --- bounded output, as the standard library has it ---


def codec(name):
    """Return a function that compresses, and one that makes an incremental decompressor."""
    if name == "zstandard":
        return compress, new
    module = pytest.importorskip(name)
    makers = {"bz2": "BZ2Decompressor", "lzma": "LZMADecompressor"}
    return module.compress, getattr(module, makers[name])


like_the_standard_library = pytest.mark.parametrize("name", ["bz2", "lzma", "zstandard"])


@like_the_standard_library
@pytest.mark.parametrize("max_length", [1, 2, 7, 255, 256, 257, 10_000, samples.BLOCK, 10**6])
@pytest.mark.parametrize("piece", [1, 100, 10**6])
def test_reading_loop(name, piece, max_length):
    compress_, make = codec(name)
    data = samples.text(2000) + bytes(min(max_length * 1000, 200_000)) + samples.noise(1000)
    pieces = samples.in_pieces(compress_(data) + b"rest", piece)
    stream = make()
    parts = []
    while not stream.eof:
        given = pieces.pop(0) if stream.needs_input else b""
        parts.append(stream.decompress(given, max_length))
        assert len(parts[-1]) <= max_length
    assert b"".join(parts) == data
    assert not stream.needs_input
    assert stream.unused_data + b"".join(pieces) == b"rest"


@like_the_standard_library
def test_input_may_be_given_before_it_is_needed(name):
    compress_, make = codec(name)
    stream = make()
    result = b""
    for piece in samples.in_pieces(compress_(DATA), 50):
        assert not stream.eof
        result += stream.decompress(piece, 1)
        assert len(result) <= 100
    assert not stream.needs_input
    while not stream.eof:
        result += stream.decompress(b"", 1000)
    assert result == DATA


def test_needs_input_is_false_while_output_can_be_had():
    """The input ends with a block, so that all of it is taken while output is still to come."""
    data = samples.runs(100_000)
    compressor = ZstdCompressor().compressobj()
    blocks = compressor.compress(data) + compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    stream = new()
    result = stream.decompress(blocks, 10)
    while not stream.needs_input:
        assert len(result) <= len(data)
        result += stream.decompress(b"", 1000)
    assert result == data
    assert stream.decompress(b"", 1000) == b""
    assert state(stream) == STARTED
    assert stream.decompress(compressor.flush()) == b""
    assert state(stream) == ENDED


@like_the_standard_library
@pytest.mark.parametrize("max_length", [-1, -2, -(2**31)])
def test_negative_max_length_is_no_bound(name, max_length):
    compress_, make = codec(name)
    stream = make()
    assert stream.decompress(compress_(DATA), max_length) == DATA
    assert stream.eof


@like_the_standard_library
def test_max_length_by_name_and_default(name):
    compress_, make = codec(name)
    stream = make()
    assert stream.decompress(compress_(DATA), max_length=5) == DATA[:5]
    assert stream.decompress(b"") == DATA[5:]
    assert stream.eof


def test_max_length_of_exactly_the_content():
    for frame in (FRAME, UNSTATED_FRAME):
        for max_length in (len(DATA), len(DATA) + 1, sys.maxsize):
            stream = new()
            assert stream.decompress(frame + b"rest", max_length) == DATA
            while not stream.eof:
                assert stream.decompress(b"", 1) == b""
            assert stream.unused_data == b"rest"


def test_max_length_of_zero_only_collects():
    stream = new()
    for piece in samples.in_pieces(FRAME, 10):
        assert stream.decompress(piece, 0) == b""
    assert not stream.needs_input
    assert not stream.eof
    assert stream.decompress(b"", 0) == b""
    assert stream.decompress(b"") == DATA
    assert state(stream) == ENDED


def test_max_length_of_zero_without_data():
    stream = new()
    assert stream.decompress(b"", 0) == b""
    assert state(stream) == STARTED


def test_flush_gives_all_that_was_held_back():
    stream = new()
    first = stream.decompress(FRAME + b"rest", 10)
    assert len(first) == 10
    assert stream.flush() == DATA[10:]
    assert state(stream) == (True, False, b"rest")
    stream = new()
    first = stream.decompress(UNSTATED_FRAME[:-1], 10)
    assert first + stream.flush() == DATA
    assert state(stream) == STARTED
    assert stream.decompress(UNSTATED_FRAME[-1:]) == b""
    assert state(stream) == ENDED


def test_unused_data_that_was_collected_first():
    stream = new()
    result = stream.decompress(FRAME, 10)
    result += stream.decompress(b"rest", 10)
    result += stream.decompress(b" and more", 10)
    assert not stream.eof
    result += stream.decompress(b"")
    assert result == DATA
    assert state(stream) == (True, False, b"rest and more")


# --- life ---


def test_live_streams_do_not_mix():
    decompressor = ZstdDecompressor()
    contents = [samples.text(20_000, seed) for seed in range(20)]
    pieces = [samples.in_pieces(compress(content), 1000) for content in contents]
    streams = [decompressor.decompressobj() for _ in contents]
    results = [b""] * len(streams)
    while any(pieces):
        for i, stream in enumerate(streams):
            if pieces[i]:
                results[i] += stream.decompress(pieces[i].pop(0), 100)
        assert decompressor.decompress(FRAME) == DATA
    assert [result + stream.flush() for result, stream in zip(results, streams, strict=True)] == (
        contents
    )


def test_stream_keeps_its_decompressor():
    stream = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS).decompressobj()
    assert stream.decompress(FRAME[4:]) == DATA


# --- re-entry ---


def test_ended_by_an_argument():
    stream = new()
    results = []
    with pytest.raises(ZstdError, match=MULTIPLE):
        stream.decompress(b"x", Index(1, lambda: results.append(stream.decompress(FRAME))))
    assert results == [DATA]
    assert state(stream) == ENDED


def test_fed_by_an_argument():
    stream = new()
    results = []
    argument = Index(-1, lambda: results.append(stream.decompress(FRAME[:100])))
    results.append(stream.decompress(FRAME[100:], argument))
    assert b"".join(results) == DATA
    assert state(stream) == ENDED


@buffers_can_call_back
def test_ended_by_the_buffer_it_asks_for():
    stream = new()
    results = []
    with pytest.raises(ZstdError, match=MULTIPLE):
        stream.decompress(Buffer(b"x", lambda: results.append(stream.decompress(FRAME))))
    assert results == [DATA]


@buffers_can_call_back
def test_fed_by_the_buffer_it_asks_for():
    stream = new()
    results = []
    buffer = Buffer(FRAME[100:], lambda: results.append(stream.decompress(FRAME[:100], 1)))
    results.append(stream.decompress(buffer))
    assert b"".join(results) == DATA


@pytest.mark.parametrize("content", [b"", b"content", bytes(range(256)) * 3, samples.noise(5000)])
@pytest.mark.parametrize("options", [{}, {"write_checksum": True}, {"write_content_size": False}])
def test_magicless_header_split_anywhere(content, options):
    frame = ZstdCompressor(**options).compress(content)[len(zstandard.FRAME_HEADER) :]
    for first in range(1, min(len(frame), 20)):
        for second in range(first, min(len(frame), 24)):
            stream = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS).decompressobj()
            pieces = frame[:first], frame[first:second], frame[second:] + b"tail"
            assert b"".join(map(stream.decompress, pieces)) == content
            assert stream.eof
            assert stream.unused_data == b"tail"


# libzstd 1.5.7 reads the rest of each as a frame of its own.
@pytest.mark.parametrize("seed", range(40))
def test_magicless_header_split_before_what_reads_as_a_frame(seed):
    random = Random(seed)
    content = random.randbytes(random.randrange(1, 400))
    frame = zstandard.compress(content)[len(zstandard.FRAME_HEADER) :]
    for split in range(1, 12):
        stream = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS).decompressobj()
        parts = stream.decompress(frame[:split]), stream.decompress(frame[split:])
        assert b"".join(parts) == content
        assert stream.eof
