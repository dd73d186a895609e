"""ZstdDecompressionReader on bad input: first what is good, block by block, then the error."""

import io

import pytest

import frames
import samples
import zstandard
from sources import (
    READS,
    READS_OF_ALL,
    Script,
    SeekableSource,
    Source,
    good_part,
    parts_and_errors,
    streamed,
)
from zstandard import (
    COMPRESSOBJ_FLUSH_BLOCK,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdEOFError,
    ZstdError,
    compress,
)

DATA = samples.text(5000)
FRAME = ZstdCompressor(write_checksum=True).compress(DATA)
HEADER = frames.header(window=0x58)
SIZES = [1, 2, 3, 100, 8193, 10**6]

READS_LINES = {
    "readline": lambda reader, size: reader.readline(size),
    "next": lambda reader, _size: next(reader, b""),
    "peek": lambda reader, size: reader.read(len(reader.peek())) if size else b"",
}
IN_PARTS = READS | READS_LINES

SOURCES = {
    "buffer": bytes,
    "file": io.BytesIO,
    "byte by byte": lambda data: Source(data, 1),
    "seven by seven": lambda data: SeekableSource(data, 7),
}
any_source = pytest.mark.parametrize("make", SOURCES.values(), ids=SOURCES)
in_parts = pytest.mark.parametrize("read", IN_PARTS)
of_all = pytest.mark.parametrize("read", READS_OF_ALL)


def new(source, *arguments, **keywords):
    return ZstdDecompressor().stream_reader(source, *arguments, **keywords)


def assert_fails_for_ever(reader, error):
    """After an error the same one comes of every further call."""
    position = reader.tell()
    for read in (IN_PARTS | READS_OF_ALL).values():
        with pytest.raises(type(error)) as caught:
            read(reader, 10)
        assert (str(caught.value), caught.value.code) == (str(error), error.code)
    assert reader.tell() == position
    assert reader.read(0) == b""


# --- truncation, at every byte ---

# Blocks by hand, so that it is known what each byte of input completes.
PIECES = [
    (HEADER, b""),
    (frames.block(frames.RAW, 5, b"", last=False), b""),
    *((bytes([byte]), bytes([byte])) for byte in b"ab\nde"),
    (frames.rle_block(4, last=False), b"rrrr"),
    (frames.block(frames.RAW, 0, b"", last=False), b""),
    (frames.block(frames.RAW, 3, b"", last=True), b""),
    *((bytes([byte]), bytes([byte])) for byte in b"xyz"),
]
BY_HAND = b"".join(data for data, _ in PIECES)
CONTENT = b"".join(content for _, content in PIECES)


def good_of(length):
    """Return the content that is whole in so many bytes of the frame by hand."""
    result, end = b"", 0
    for data, content in PIECES:
        end += len(data)
        if end <= length:
            result += content
    return result


@any_source
@in_parts
@pytest.mark.parametrize("size", SIZES)
def test_truncated_anywhere(size, read, make):
    for length in range(1, len(BY_HAND)):
        good, error = good_part(new(make(BY_HAND[:length])), IN_PARTS[read], size)
        assert good == good_of(length)
        assert type(error) is ZstdEOFError


@any_source
@of_all
def test_truncated_anywhere_and_read_at_once(read, make):
    for length in range(1, len(BY_HAND)):
        reader = new(make(BY_HAND[:length]))
        for _ in range(3):
            with pytest.raises(ZstdEOFError):
                READS_OF_ALL[read](reader, -1)
            assert reader.tell() == 0
        assert good_part(reader, READS["read"], 100)[0] == good_of(length)


@any_source
@of_all
@pytest.mark.parametrize("size", [1, 3, 100])
def test_start_is_read_and_then_all_at_once(size, read, make):
    for length in range(16, len(BY_HAND)):
        reader = new(make(BY_HAND[:length]))
        start = reader.read(size)
        with pytest.raises(ZstdEOFError):
            READS_OF_ALL[read](reader, -1)
        assert start + good_part(reader, READS["read"], size)[0] == good_of(length)


@any_source
@in_parts
def test_truncated_frame_of_the_library(read, make):
    """Of a frame of one block nothing is good before that is whole."""
    block_end = len(FRAME) - 4
    for length in [*range(1, 20), *range(block_end - 5, len(FRAME))]:
        good, error = good_part(new(make(FRAME[:length])), IN_PARTS[read], 8193)
        assert good == (DATA if length >= block_end else b"")
        assert type(error) is ZstdEOFError


@any_source
@in_parts
@pytest.mark.parametrize("across", [True, False])
def test_truncated_second_frame(across, read, make):
    for length in range(1, len(BY_HAND)):
        reader = new(make(FRAME + BY_HAND[:length]), read_across_frames=across)
        good, error = good_part(reader, IN_PARTS[read], 1000)
        assert good == DATA + good_of(length)
        assert type(error) is ZstdEOFError


@any_source
@in_parts
def test_truncated_skippable_frame(read, make):
    skippable = frames.skippable(b"skipped")
    for start, content in ((b"", b""), (FRAME, DATA)):
        for length in range(1, len(skippable)):
            reader = new(make(start + skippable[:length]))
            good, error = good_part(reader, IN_PARTS[read], 10**6)
            assert good == content
            assert type(error) is ZstdEOFError


@in_parts
@pytest.mark.parametrize("most", [1, 3, 1000])
def test_truncated_without_magic_number(read, most):
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    bare = BY_HAND[4:]
    for length in range(1, len(bare)):
        reader = decompressor.stream_reader(Source(bare[:length], most))
        good, error = good_part(reader, IN_PARTS[read], 100)
        assert good == good_of(length + 4)
        assert type(error) is ZstdEOFError


def test_input_that_ends_between_frames_is_whole():
    for data in (FRAME, FRAME * 2, frames.skippable(b"skipped"), FRAME + frames.skippable()):
        assert new(data).read() == DATA * data.count(FRAME)


@pytest.mark.parametrize("base", [ZstdError, EOFError])
def test_truncation_is_both_errors(base):
    with pytest.raises(base):
        new(FRAME[:-1]).read()


def test_truncation_names_itself():
    with pytest.raises(ZstdEOFError, match="the input of 100 bytes ends within a frame") as caught:
        new(FRAME[:100]).read()
    assert (caught.value.code, caught.value.name) == (72, "Src size is incorrect")
    assert "zstd decompress error: Src size is incorrect" in str(caught.value)


@any_source
def test_truncation_is_for_ever(make):
    reader = new(make(BY_HAND[:12]))
    assert_fails_for_ever(reader, good_part(reader, READS["read"], 100)[1])


# --- damage ---


def blocks_of_the_library(content, size):
    """Compress in blocks that are each flushed; return the frame's part of each."""
    stream = ZstdCompressor(write_content_size=False).compressobj()
    result = [
        stream.compress(part) + stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
        for part in samples.in_pieces(content, size)
    ]
    return [*result, stream.flush()]


RESERVED = frames.block(frames.RESERVED, 3, b"abc")
OVERLONG = frames.block(frames.RLE, 0x1FFFFF, b"r")
EMPTY_COMPRESSED = frames.block(frames.COMPRESSED, 0, b"")


@any_source
@in_parts
@pytest.mark.parametrize("damage", [RESERVED, OVERLONG], ids=["reserved", "overlong"])
@pytest.mark.parametrize("count", range(4))
def test_blocks_before_a_damaged_one(count, damage, read, make):
    blocks = [
        frames.raw_block(b"first\n", last=False),
        frames.rle_block(300, last=False),
        frames.raw_block(b"last", last=False),
    ]
    content = [b"first\n", b"r" * 300, b"last"]
    reader = new(make(HEADER + b"".join(blocks[:count]) + damage + b"more"))
    good, error = good_part(reader, IN_PARTS[read], 100)
    assert good == b"".join(content[:count])
    assert (type(error), error.code) == (ZstdError, 20)


@pytest.mark.parametrize("most", [1, 1000, None])
@in_parts
@pytest.mark.parametrize("kind", ["text", "noise", "runs"])
def test_blocks_of_the_library_before_a_damaged_one(kind, read, most):
    content = samples.KINDS[kind](60_000)
    blocks = blocks_of_the_library(content, 20_000)
    for count in range(1, 4):
        data = b"".join(blocks[:count]) + RESERVED + b"more"
        good, error = good_part(new(Source(data, most)), IN_PARTS[read], 8193)
        assert good == content[: count * 20_000]
        assert error.code == 20


@in_parts
@pytest.mark.parametrize("size", [100, 8192, 8193, samples.BLOCK, 10**6])
@pytest.mark.parametrize("make", [bytes, io.BytesIO])
def test_long_blocks_before_a_damaged_one(make, size, read):
    content = samples.text(3 * samples.BLOCK)
    blocks = blocks_of_the_library(content, samples.BLOCK)
    good, error = good_part(new(make(b"".join(blocks[:2]) + RESERVED)), IN_PARTS[read], size)
    assert good == content[: 2 * samples.BLOCK]
    assert error.code == 20


@any_source
@in_parts
@pytest.mark.parametrize("size", [1, 100, 8193])
def test_content_before_a_bad_checksum(size, read, make):
    data = FRAME[:-1] + bytes([FRAME[-1] ^ 1])
    good, error = good_part(new(make(data)), IN_PARTS[read], size)
    assert good == DATA
    assert (type(error), error.code) == (ZstdError, 22)
    assert "zstd decompress error: " in str(error)


@any_source
@in_parts
@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("junk", [b"junkjunk", FRAME[1:], bytes(20)])
def test_frame_before_junk(junk, across, read, make):
    reader = new(make(FRAME + junk), read_across_frames=across)
    good, error = good_part(reader, IN_PARTS[read], 10**6)
    assert good == DATA
    assert "Unknown frame descriptor" in str(error)


@any_source
@in_parts
def test_junk(read, make):
    good, error = good_part(new(make(b"junkjunk")), IN_PARTS[read], 10)
    assert good == b""
    assert (type(error), error.code, error.name) == (ZstdError, 10, "Unknown frame descriptor")


@any_source
@of_all
@pytest.mark.parametrize(
    ("data", "content"),
    [
        (FRAME + b"junkjunk", DATA),
        (FRAME[:-1] + bytes([FRAME[-1] ^ 1]), DATA),
        (HEADER + frames.raw_block(b"good", last=False) + RESERVED, b"good"),
        (b"junkjunk", b""),
    ],
    ids=["junk behind", "checksum", "block", "junk"],
)
def test_damage_read_at_once_keeps_what_was_good(data, content, read, make):
    reader = new(make(data))
    for _ in range(3):
        with pytest.raises(ZstdError):
            READS_OF_ALL[read](reader, -1)
        assert reader.tell() == 0
    good, error = good_part(reader, READS["read"], 1000)
    assert good == content
    assert type(error) is ZstdError


def test_what_was_good_is_kept_with_what_lines_left():
    reader = new(BY_HAND[:-1])
    assert reader.readline() == b"ab\n"
    with pytest.raises(ZstdEOFError):
        reader.read()
    assert reader.read(2) == b"de"
    assert reader.peek() == b"rrrrxy"


@any_source
@pytest.mark.parametrize(
    "data",
    [FRAME + b"junkjunk", FRAME[:-1] + bytes([FRAME[-1] ^ 1]), HEADER + RESERVED],
    ids=["junk behind", "checksum", "block"],
)
def test_damage_is_for_ever(data, make):
    reader = new(make(data))
    assert_fails_for_ever(reader, good_part(reader, READS["read"], 1000)[1])


def test_damage_is_no_truncation():
    with pytest.raises(ZstdError) as caught:
        new(FRAME + b"junkjunk").read()
    assert not isinstance(caught.value, EOFError)


def test_decompressor_is_usable_after_errors():
    decompressor = ZstdDecompressor()
    for data in (b"junkjunk", FRAME[:-1], HEADER + RESERVED):
        with pytest.raises(ZstdError):
            decompressor.stream_reader(data).read()
        assert decompressor.decompress(FRAME) == DATA
        assert decompressor.stream_reader(FRAME).read() == DATA


def test_source_is_not_read_after_damage():
    source = Source(FRAME + b"junk" * 100, len(FRAME) + 4)
    reader = new(source)
    good_part(reader, READS["read"], 10**6)
    calls = len(source.asked)
    for read in IN_PARTS.values():
        with pytest.raises(ZstdError):
            read(reader, 10)
    assert len(source.asked) == calls


def test_damage_is_not_replaced_by_what_the_source_raises_next():
    reader = new(Script(FRAME + b"junk", LookupError(), LookupError()))
    good_part(reader, READS["read"], 10**6)
    for _ in range(2):
        with pytest.raises(ZstdError):
            reader.read(10)


def test_closing_after_an_error_does_not_raise():
    with new(FRAME[:-1]) as reader, pytest.raises(ZstdEOFError):
        reader.read()
    assert reader.closed


def test_flipped_bytes_never_go_unnoticed():
    for place in range(len(FRAME)):
        data = bytearray(FRAME)
        data[place] ^= 0x55
        assert isinstance(good_part(new(data), READS["read"], 1000)[1], ZstdError)


# --- errors of the source, with what was read before ---


@in_parts
@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_lost_when_the_source_raises(size, read):
    script = [LookupError()]
    for piece in samples.in_pieces(BY_HAND + FRAME + streamed(DATA), 7):
        script += [piece, LookupError()]
    reader = new(Script(*script))
    results, errors = parts_and_errors(reader, IN_PARTS[read], size)
    assert b"".join(results) == CONTENT + DATA * 2
    assert len(errors) == len(script) // 2 + 1


def test_line_that_the_source_interrupts_is_whole_in_the_end():
    data = compress(b"one line\n")
    reader = new(Script(HEADER + frames.raw_block(b"one "), LookupError(), data))
    with pytest.raises(LookupError):
        reader.readline()
    assert reader.tell() == 0
    assert reader.readline() == b"one one line\n"


@pytest.mark.parametrize("end", [LookupError, bytes], ids=["raised", "truncated"])
def test_lines_before_an_error_are_not_lost(end):
    """readlines() that raises returns nothing, and what it has read is there for the next call."""
    reader = new(Script(BY_HAND[:14], end(), b""))
    with pytest.raises((LookupError, ZstdEOFError)):
        reader.readlines()
    assert reader.read(100) == b"ab\nde"


def test_skip_that_the_source_interrupts_goes_on():
    reader = new(Script(BY_HAND[:14], LookupError(), BY_HAND[14:]))
    with pytest.raises(LookupError):
        reader.seek(7)
    position = reader.tell()
    assert reader.read() == CONTENT[position:]
