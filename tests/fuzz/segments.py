"""Targets: segments of arbitrary places, and many inputs in one call."""

import struct

from fuzz.choices import Choices
from fuzz.expected import CONTENT_MAX, CONTEXT_MAX, attempt, capacity, memory_within
from zstandard import (
    BufferWithSegments,
    BufferWithSegmentsCollection,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
)

WINDOW = 1 << 20


def places(choices, size):
    """Return segments of the choices' making, most of them within the size."""
    pairs = []
    for _ in range(choices.number(0, 6)):
        offset, length = choices.number(0, 0xFFFF), choices.number(0, 0xFFFF)
        if not choices.seldom():
            offset %= size + 1
            length %= size - offset + 1
        elif choices.boolean():
            offset = 2**64 - 1 - offset
        else:
            length = 2**64 - 1 - length
        pairs.append((offset, length))
    return pairs


def checked_buffer(choices, data):
    """Make a BufferWithSegments and see that it has what it was given, or none if it is wrong."""
    pairs = places(choices, len(data))
    packed = struct.pack(f"={2 * len(pairs)}Q", *(number for pair in pairs for number in pair))
    packed += bytes(choices.pick([0, 0, 0, 0, 0, 0, 1, 8]))
    buffer, error = attempt(BufferWithSegments, data, packed)
    is_right = len(packed) % 16 == 0 and all(sum(pair) <= len(data) for pair in pairs)
    assert (error is None) == is_right, error
    if not is_right:
        assert isinstance(error, ValueError)
        return None
    assert (len(buffer), buffer.size, buffer.tobytes()) == (len(pairs), len(data), data)
    assert bytes(buffer.segments()) == packed
    for (offset, length), segment in zip(pairs, buffer, strict=True):
        assert (segment.offset, len(segment)) == (offset, length)
        assert bytes(segment) == segment.tobytes() == data[offset : offset + length]
    return buffer


def decompressed(decompressor, frame):
    return attempt(decompressor.decompress, frame, CONTENT_MAX)


def assert_multi_decompress(choices, items):
    """Decompress the items in one call, and each by itself."""
    decompressor = ZstdDecompressor(max_window_size=WINDOW)
    frames = [bytes(item) for item in items]
    alone = [decompressed(decompressor, frame) for frame in frames]
    if any("max_output_size=" in str(error) for _content, error in alone):
        return  # a bomb, of which the calls for many have no bound but what blocks can hold
    threads = 2 if choices.seldom() else 0
    sizes = struct.pack(f"={len(frames)}Q", *(len(content or b"") for content, _error in alone))
    sizes = choices.pick([None, sizes, sizes, sizes[1:]])
    most = sum(map(capacity, frames))
    # One context for each thread.
    with memory_within(3 * most + 2 * (WINDOW + CONTEXT_MAX)):
        contents, error = attempt(decompressor.multi_decompress, frames, sizes, threads)
        together, together_error = attempt(
            decompressor.multi_decompress_to_buffer, items, sizes, threads
        )
    if error is None:
        assert contents == [content for content, _error in alone]
    else:
        assert isinstance(error, (ZstdError, ValueError))
        assert sizes is not None or any(error for _content, error in alone)
    if together_error is None:
        assert [bytes(segment) for segment in together] == contents
    else:
        assert isinstance(together_error, (ZstdError, ValueError))


def assert_multi_compress(choices, items):
    contents = [bytes(item) for item in items]
    compressor = ZstdCompressor(level=choices.pick([1, 3, 7]))
    threads = 2 if choices.seldom() else 0
    frames = compressor.multi_compress(contents, threads)
    assert frames == [compressor.compress(content) for content in contents]
    together, error = attempt(compressor.multi_compress_to_buffer, items, threads)
    if error is None:
        assert [bytes(segment) for segment in together] == frames
    else:
        assert isinstance(error, ValueError)
        assert not any(contents)
    assert ZstdDecompressor().multi_decompress(frames) == contents


def segments(data):
    """By BufferWithSegments and collections of any offsets and lengths."""
    choices = Choices(data)
    parts = choices.parts(2)
    buffers = [checked_buffer(choices, part) for part in parts]
    items = buffers[0]
    if all(buffer and buffer.size for buffer in buffers):  # a collection takes no empty ones
        items = BufferWithSegmentsCollection(*buffers)
        each = [bytes(segment) for buffer in buffers for segment in buffer]
        assert [bytes(segment) for segment in items] == each
        assert items.size() == sum(map(len, each))
    if items:
        assert_multi_decompress(choices, items)
        assert_multi_compress(choices, items)


def multi_decompress(data):
    """By multi_decompress() and multi_decompress_to_buffer(), of frames that follow another."""
    choices = Choices(data)
    items = choices.parts(choices.number(1, 4))
    assert_multi_decompress(choices, items)


TARGETS = {"segments": segments, "multi_decompress": multi_decompress}
