"""Strategies of Hypothesis: content, options, and frames in all their layouts."""

import itertools
from typing import NamedTuple

from hypothesis import strategies as st

import frames
import samples
from zstandard import COMPRESSOBJ_FLUSH_BLOCK, ZstdCompressor

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
