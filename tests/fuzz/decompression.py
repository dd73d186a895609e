"""Targets: arbitrary data through each shape of decompression; all must give the same."""

import contextlib
import io
from functools import partial

from fuzz.choices import Choices
from fuzz.expected import (
    BLOCK_HEADER,
    CONTENT_MAX,
    CONTEXT_MAX,
    WINDOW_TOO_LARGE,
    FullError,
    Outcome,
    Sink,
    Source,
    assert_same,
    attempt,
    capacity,
    decompressor,
    memory_within,
    read_up,
    streamed,
)
from zstandard import ZstdEOFError, ZstdError, is_skippable_frame, list_frames

# Types of blocks (RFC 8878, section 3.1.1.2).
REPEATED, COMPRESSED = 1, 2

# --- one call ---


def assert_whole(native, content, payload, *, across):
    """Compare content that came by one call with what a stream gives."""
    assert native.decompress(payload, max(len(content), 1), across) == content
    buffer = bytearray(len(content))
    assert native.decompress_into(payload, buffer, across) == len(content)
    assert buffer == content
    if content:
        result, error = attempt(native.decompress_into, payload, buffer[:-1], across)
        assert result is None
        assert isinstance(error, ZstdError)
    outcome = streamed(native, payload, across=across)
    if outcome.fault != WINDOW_TOO_LARGE:  # which only a stream refuses
        assert content[:CONTENT_MAX] == outcome.content


def decompress(data):
    """By decompress() and decompress_into(): content, bounds, memory."""
    choices = Choices(data)
    native, window = decompressor(choices)
    across, extra = choices.boolean(), not choices.boolean()
    bound = choices.pick([0, CONTENT_MAX, 1000, 1, -1])
    payload = choices.payload
    most = bound if bound > 0 else capacity(payload)
    with memory_within(3 * most + window + CONTEXT_MAX):
        content, error = attempt(native.decompress, payload, bound, across, extra)
    if error is None:
        assert len(content) <= most
        assert_whole(native, content, payload, across=across)
    else:
        assert isinstance(error, ZstdError)


# --- streams ---


def feed(stream, pieces, max_length):
    """Decompress the pieces by a decompressobj, so many bytes at a time, up to CONTENT_MAX.

    Return the outcome, and what follows the frame.
    """
    content, unused = bytearray(), b""
    try:
        for number, piece in enumerate(pieces):
            content += (part := stream.decompress(piece, max_length))
            assert max_length < 0 or len(part) <= max_length
            while not stream.needs_input and not stream.eof and len(content) < CONTENT_MAX:
                content += stream.decompress(b"", max_length)
            if stream.eof:
                unused = b"".join([stream.unused_data, *pieces[number + 1 :]])
                break
            if len(content) >= CONTENT_MAX:
                break
    except ZstdError as error:
        return Outcome(bytes(content[:CONTENT_MAX]), error), unused
    assert stream.total_out == len(content)
    return Outcome(bytes(content[:CONTENT_MAX]), None), unused


def decompressobj(data):
    """By decompressobj(), in pieces and within max_length."""
    choices = Choices(data)
    native, window = decompressor(choices)
    across = choices.boolean()
    max_length = choices.pick([1 << 16, 1000, 100, -1])
    write_size = choices.pick([1 << 17, 1, 100])
    pieces = choices.pieces(choices.payload)
    expected = streamed(native, choices.payload, across=across)
    stream = native.decompressobj(write_size=write_size, read_across_frames=across)
    with memory_within(3 * CONTENT_MAX + window + CONTEXT_MAX):
        outcome, unused = feed(stream, pieces, max_length)
    if not across and is_skippable_frame(choices.payload):
        assert outcome == Outcome(b"", None)  # for it has no content
    else:
        assert_same(outcome, expected, "in pieces")
    assert not (across and stream.eof)
    if stream.eof and not outcome.is_cut:
        assert choices.payload.endswith(unused)
        assert_whole_content(native, choices.payload, outcome)


def has_empty_block(frame, header_size):
    """Return whether a compressed block has no bytes: a stream of libzstd passes over it."""
    start, is_last = header_size, False
    while not is_last and start + BLOCK_HEADER <= len(frame):
        header = int.from_bytes(frame[start : start + BLOCK_HEADER], "little")
        is_last, kind, size = header & 1, header >> 1 & 3, header >> 3
        if kind == COMPRESSED and size == 0:
            return True
        start += BLOCK_HEADER + (1 if kind == REPEATED else size)
    return False


def assert_whole_content(native, payload, outcome):
    """Compare what a frame gives to a stream with what it gives to one call."""
    content, error = attempt(native.decompress, payload, CONTENT_MAX)
    if error is None:
        assert content == outcome.content
        return
    # A stream passes over a skippable frame, and takes a frame for whole that ends without the
    # content it states.
    frame, listing_error = attempt(lambda: next(list_frames(payload)))
    if listing_error is None:  # that is, unless it has no magic number
        stated = frame.content_size
        assert (
            frame.is_skippable
            or stated not in (None, len(outcome.content))
            or has_empty_block(payload, frame.header_size)
        ), error


def by_iterator(choices, native, pieces):
    sizes = {"read_size": choices.pick([131075, 1, 100]), "write_size": choices.pick([131072, 50])}
    return read_up(native.read_to_iter(Source(pieces), **sizes)), False


def by_chunker(choices, native, pieces):
    size = choices.pick([131072, 50])
    chunker = native.chunker(size)

    def chunks():
        for piece in pieces:
            yield from chunker.decompress(piece)
        yield from chunker.finish()

    return read_up(chunks()), True


def by_copy(choices, native, pieces):
    sizes = {"read_size": choices.pick([131075, 1, 100]), "write_size": choices.pick([131072, 50])}
    sink = Sink(choices.pick([CONTENT_MAX, 33]))
    return into(sink, partial(native.copy_stream, Source(pieces), sink, **sizes)), True


def by_writer(choices, native, pieces):
    sink = Sink(choices.pick([CONTENT_MAX, 33]))
    writer = native.stream_writer(sink, write_size=choices.pick([131072, 50]))

    def write():
        for piece in pieces:
            writer.write(piece)
            if choices.boolean():
                writer.flush()
        writer.close()

    outcome = into(sink, write)
    sink.most, sink.data = 1 << 30, bytearray()
    attempt_to_close(writer)
    return outcome, True


def attempt_to_close(writer):
    with contextlib.suppress(ZstdError, FullError):
        writer.close()


def into(sink, work):
    """Do work that fills the sink; return its Outcome."""
    error = None
    try:
        work()
    except (ZstdEOFError, FullError):
        pass
    except ZstdError as caught:
        error = caught
    return Outcome(bytes(sink.data[:CONTENT_MAX]), error)


def shapes(data):
    """By read_to_iter(), chunker(), copy_stream() and stream_writer()."""
    choices = Choices(data)
    native, window = decompressor(choices)
    way = choices.pick([by_iterator, by_chunker, by_copy, by_writer])
    cut_at = choices.pick([1 << 16, 1, 10, 1000])
    payload = choices.payload
    pieces = [payload[i : i + cut_at] for i in range(0, len(payload), cut_at)]
    with memory_within(3 * CONTENT_MAX + window + CONTEXT_MAX):
        outcome, across = way(choices, native, pieces)
    assert_same(outcome, streamed(native, payload, across=across), way.__name__)


# --- the reader ---


def read_into(reader, size, method="readinto"):
    buffer = bytearray(size)
    return bytes(buffer[: getattr(reader, method)(buffer)])


READS = [
    lambda reader, size: reader.read(size),
    lambda reader, size: reader.read1(size),
    read_into,
    lambda reader, size: read_into(reader, size, "readinto1"),
    lambda reader, size: reader.readline(size),
    lambda reader, size: b"".join(reader.readlines(size)) if size else b"",
    lambda reader, _size: next(reader, b""),
]


def read_part(choices, reader, content):
    """Read a part of the content by one of the reader's methods."""
    position = reader.tell()
    way = choices.pick(READS)
    size = choices.pick([1, 0, 10, 1000, 70_000])
    part = way(reader, size)
    assert reader.tell() == position + len(part)
    assert content[position : position + len(part)] == part[: max(len(content) - position, 0)]


def seek(choices, reader, content):
    whence = choices.pick([io.SEEK_SET, io.SEEK_CUR])
    position = choices.pick([0, 1, 100, len(content) // 2, len(content), len(content) + 10])
    try:
        assert reader.seek(position, whence) == reader.tell()
    except OSError:
        assert whence == io.SEEK_SET


def peek(_choices, reader, content):
    position = reader.tell()
    ahead = reader.peek()
    assert reader.tell() == position
    assert content[position : position + len(ahead)] == ahead[: max(len(content) - position, 0)]


def reader(data):
    """By a stream_reader(), in any order of its methods."""
    choices = Choices(data)
    native, _window = decompressor(choices)
    across = choices.boolean()
    source = choices.pick([bytes, io.BytesIO, lambda data: Source([data])])(choices.payload)
    # Without it a call of read() ends with a frame, and the next one goes on.
    expected = streamed(native, choices.payload, across=True)
    stream = native.stream_reader(
        source, read_size=choices.pick([131075, 1, 100]), read_across_frames=across
    )
    while choices.left() and stream.tell() < CONTENT_MAX:
        action = choices.pick([read_part, read_part, read_part, seek, peek])
        try:
            action(choices, stream, expected.content)
        except ZstdError as error:
            if not (isinstance(error, ZstdEOFError) or expected.error or expected.is_cut):
                raise
            break
    position = stream.tell()
    rest = read_up(iter(lambda: stream.read1(65_536), b""))
    if not expected.is_cut:
        expected = Outcome(expected.content[position:], expected.error)
        assert_same(rest, expected, "the rest")
    stream.close()


TARGETS = {
    "decompress": decompress,
    "decompressobj": decompressobj,
    "reader": reader,
    "shapes": shapes,
}
