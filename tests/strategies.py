"""Strategies of Hypothesis: content, options, and frames in all their layouts."""

import contextlib
import io
import itertools
import tempfile
from typing import NamedTuple

from hypothesis import strategies as st

import frames
import samples
from zstandard import (
    COMPRESSOBJ_FLUSH_BLOCK,
    FLUSH_BLOCK,
    FLUSH_FRAME,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
)

LEVELS = (-131072, -1000, -7, -1, 0, 1, 2, 3, 4, 5, 7, 9, 12, 13, 16, 19, 22)


def contents(most=20_000):
    """Make short arbitrary bytes, and longer ones of a kind that people compress."""
    sizes = st.sampled_from([size for size in samples.SIZES if size <= most])
    return st.binary(max_size=300) | st.builds(
        lambda kind, size, seed: samples.KINDS[kind](size, seed),
        st.sampled_from(sorted(samples.KINDS)),
        sizes | st.integers(0, most),
        st.integers(0, 9),
    )


any_size = contents(samples.SIZES[-1])


def options_of(levels):
    return st.fixed_dictionaries(
        {},
        optional={
            "level": st.sampled_from(levels),
            "write_checksum": st.booleans(),
            "write_content_size": st.booleans(),
            "threads": st.sampled_from([0, 0, 0, 1, 2]),
        },
    )


options = options_of(LEVELS)

# The highest levels take hundreds of megabytes for content of unknown size.
stream_options = options_of([level for level in LEVELS if level < 13])

piece_sizes = st.sampled_from([1, 2, 3, 7, 100, 1000, 4096, 10_000, samples.BLOCK, 10**6])

max_lengths = st.sampled_from([-1, 0, 1, 2, 3, 10, 255, 256, 257, 1000, 10_000, samples.BLOCK])


@st.composite
def in_pieces(draw, data):
    """Cut the data at arbitrary places, near its ends as well as far from them."""
    places = st.integers(0, len(data))
    cuts = sorted([0, len(data), *draw(st.lists(places, max_size=8))])
    return [data[start:stop] for start, stop in itertools.pairwise(cuts)]


class Frame(NamedTuple):
    data: bytes
    content: bytes


@st.composite
def one_shot_frames(draw, most):
    content = draw(contents(most))
    return Frame(ZstdCompressor(**draw(options)).compress(content), content)


@st.composite
def streamed_frames(draw, most):
    content = draw(contents(most))
    stream = ZstdCompressor(**draw(stream_options)).compressobj()
    data = b""
    for piece in draw(in_pieces(content)):
        data += stream.compress(piece)
        if draw(st.booleans()):
            data += stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
    return Frame(data + stream.flush(), content)


@st.composite
def hand_made_frames(draw):
    """Make a frame of raw and repeated blocks, empty ones among them."""
    content, blocks = b"", []
    for size in draw(st.lists(st.sampled_from([0, 1, 2, 1000]), max_size=5)):
        if draw(st.booleans()):
            blocks.append(frames.raw_block(samples.noise(size), last=False))
            content += samples.noise(size)
        else:
            blocks.append(frames.rle_block(size, last=False))
            content += b"r" * size
    blocks.append(frames.raw_block(b"end"))
    content += b"end"
    width = draw(st.sampled_from([0, 4, 8]))
    header = frames.header(len(content) if width else 0, size_width=width, window=0x58)
    return Frame(header + b"".join(blocks), content)


skippable_frames = st.builds(
    lambda payload, variant: Frame(frames.skippable(payload, variant), b""),
    st.binary(max_size=100),
    st.integers(0, 15),
)


def content_frames(most=20_000):
    return one_shot_frames(most) | streamed_frames(most) | hand_made_frames()


layouts = st.lists(content_frames() | skippable_frames, min_size=1, max_size=5)


@st.composite
def mutated(draw, data):
    """Overwrite, insert and delete a few bytes."""
    result = bytearray(data)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(result)))
        length = draw(st.integers(0, 3))
        result[place : place + length] = draw(st.binary(max_size=3))
    return bytes(result)


# Frames of which some are longer than a block, and than any buffer of a stream.
long_layouts = st.lists(
    content_frames(samples.SIZES[-1]) | skippable_frames, min_size=1, max_size=3
)


def join(layout):
    return b"".join(frame.data for frame in layout), b"".join(frame.content for frame in layout)


def content(data):
    """Decompress frames, the last of which may be incomplete."""
    return ZstdDecompressor().decompressobj(read_across_frames=True).decompress(data)


# --- the other side of a stream ---

BLOCKS = None  # a turn in which a sink takes nothing
RAISES = "raises"  # a turn in which a source or a sink raises PeerError

part_sizes = st.sampled_from([1, 2, 3, 10, 100, 1000, 10**6])
turns = st.lists(part_sizes, min_size=1, max_size=5)


def turns_with(*others):
    """Make turns with some of the others among them, and a size, so that they lead somewhere."""
    return st.builds(
        lambda some, size, rest: [*some, size, *rest],
        st.lists(part_sizes | st.sampled_from(others), max_size=4),
        part_sizes,
        st.lists(part_sizes | st.sampled_from(others), max_size=2),
    )


class PeerError(OSError):
    """Raised by a source or a sink, which goes on when it is called again."""


def until_done(call):
    while True:
        try:
            return call()
        except PeerError:
            pass


class PartialSource:
    """A file that cannot seek; each read gives at most as many bytes as its turn says."""

    def __init__(self, data, turns):
        self.file = io.BytesIO(data)
        self.turns = itertools.cycle(turns)

    def read(self, size):
        turn = next(self.turns)
        if turn == RAISES:
            raise PeerError
        return self.file.read(min(size, turn))


class SeekablePartialSource(PartialSource):
    def seekable(self):
        return True

    def tell(self):
        return self.file.tell()

    def seek(self, position):
        return self.file.seek(position)


class PartialSink:
    """Each write takes at most as many bytes as its turn says."""

    def __init__(self, turns=(10**9,)):
        self.data = b""
        self.turns = itertools.cycle(turns)
        self.flushes = 0
        self.closed = False

    def take_all(self):
        self.turns = itertools.repeat(10**9)

    def write(self, data):
        assert type(data) is bytes
        assert data
        turn = next(self.turns)
        if turn == RAISES:
            raise PeerError
        if turn is BLOCKS:
            return None
        self.data += data[:turn]
        return min(len(data), turn)

    def flush(self):
        self.flushes += 1

    def close(self):
        self.closed = True


def _temporary(data):
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (the caller closes it)
    file.write(data)
    file.seek(0)
    return file


SOURCES = {
    "bytes": lambda data, _turns: data,
    "memoryview": lambda data, _turns: memoryview(bytearray(data)),
    "BytesIO": lambda data, _turns: io.BytesIO(data),
    "FileIO": lambda data, _turns: _temporary(data),
    "BufferedReader": lambda data, _turns: io.BufferedReader(_temporary(data), 1000),
    "seekable": SeekablePartialSource,
    "not seekable": PartialSource,
}

source_kinds = st.sampled_from(sorted(SOURCES))


@contextlib.contextmanager
def opened_source(kind, data, turns):
    """Open a source of the kind; those that read in parts take turns."""
    source = SOURCES[kind](data, turns)
    try:
        yield source
    finally:
        if hasattr(source, "close"):
            source.close()


@contextlib.contextmanager
def closed_at_last(writer, sink):
    """Close a writer on a partial sink, so that it does not warn where a test fails."""
    try:
        yield writer
    finally:
        sink.take_all()
        with contextlib.suppress(ZstdError):
            writer.close()


# --- ways to read ---


def read_by_buffer(method_name):
    def read(reader, size):
        buffer = bytearray(max(size, 0) + 1)
        count = getattr(reader, method_name)(memoryview(buffer)[:-1])
        assert buffer[-1] == 0
        return bytes(buffer[:count])

    return read


def peek_and_read(reader, size):
    before = reader.tell()
    ahead = reader.peek(size)
    assert reader.tell() == before
    part = reader.read1(max(size, 1))
    assert ahead.startswith(part)
    assert bool(ahead) is bool(part)
    return part


# From a reader and a size to what was read; the size may be -1.
BINARY_READS = {
    "read": lambda reader, size: reader.read(size),
    "read1": lambda reader, size: reader.read1(size),
    "readall": lambda reader, _size: reader.readall(),
    "readinto": read_by_buffer("readinto"),
    "readinto1": read_by_buffer("readinto1"),
}
READS = BINARY_READS | {
    "iteration": lambda reader, _size: next(reader, b""),
    "peek": peek_and_read,
    "readline": lambda reader, size: reader.readline(size),
    "readlines": lambda reader, size: b"".join(reader.readlines(size)),
}


read_sizes = st.sampled_from([-1, 0, 1, 2, 3, 100, 8191, 8192, 8193, 131_072, 10**6])


def orders_of(reads):
    """Make calls, which are to be repeated; those that read all end it, so there are few."""
    some = st.sampled_from(sorted(set(reads) - {"readall", "readlines"}))
    return st.lists(
        st.tuples(some, read_sizes.filter(lambda size: size >= 0))
        | st.tuples(st.sampled_from(sorted(reads)), read_sizes),
        min_size=1,
        max_size=6,
    )


# --- ways to write ---


@st.composite
def calls_of_writer(draw, data):
    """Cut the data in pieces, with flushes between them."""
    calls = []
    for piece in draw(in_pieces(data)):
        calls.append(piece)
        calls += draw(st.sampled_from([[], [], [FLUSH_BLOCK], [FLUSH_FRAME]]))
    return calls


# --- how much at a time ---


class CallSizes(NamedTuple):
    read_size: int
    write_size: int
    part: int  # what a call reads or gives

    def at_least(self, least):
        return CallSizes(*(max(size, least) for size in self))


call_sizes = st.builds(CallSizes, *[piece_sizes] * 3)


def in_reasonable_time(sizes, data):
    """Raise the sizes so that there are not too many calls."""
    return sizes.at_least(len(data) // 1000)
