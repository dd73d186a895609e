"""All shapes of decompression give the same of the same frames, be they whole, cut or bad."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

import frames
import samples
import strategies
from strategies import content, join
from stream_shapes import SHAPES, outcome_of
from zstandard import ZstdDecompressor, ZstdEOFError, ZstdError

layouts = strategies.layouts | strategies.long_layouts


def first_frame(data, out, sizes):
    decompressor = ZstdDecompressor()
    for chunk in decompressor.read_to_iter(data, sizes.read_size, sizes.write_size):
        assert 0 < len(chunk) <= sizes.write_size
        out.write(chunk)


@given(layout=layouts, sizes=strategies.call_sizes)
def test_all_shapes_give_the_content(layout, sizes):
    data, expected = join(layout)
    sizes = strategies.in_reasonable_time(sizes, expected)
    for name, shape in SHAPES.items():
        assert outcome_of(shape, data, sizes) == (expected, None), name
    of_first = next((frame.content for frame in layout if frame not in skippable(layout)), b"")
    assert outcome_of(first_frame, data, sizes) == (of_first, None)


def skippable(layout):
    return [frame for frame in layout if frame.data[1:4] == b"\x2a\x4d\x18"]


@given(layout=layouts, sizes=strategies.call_sizes, choices=st.data())
def test_all_shapes_give_what_a_cut_leaves(layout, sizes, choices):
    data, expected = join(layout)
    sizes = strategies.in_reasonable_time(sizes, expected)
    ends = [0, *itertools.accumulate(len(frame.data) for frame in layout)]
    near_ends = st.builds(
        lambda end, off: min(max(0, end + off), len(data)),
        st.sampled_from(ends),
        st.integers(-5, 5),
    )
    cut = choices.draw(st.integers(0, len(data)) | near_ends)
    left = content(data[:cut])
    assert expected.startswith(left)
    for name, shape in SHAPES.items():
        result = outcome_of(shape, data[:cut], sizes)
        assert result.content == left, name
        assert type(result.error) is (type(None) if cut in ends else ZstdEOFError), name
    result = outcome_of(first_frame, data[:cut], sizes)
    assert left.startswith(result.content)


@given(
    layout=st.lists(
        strategies.content_frames(5000) | strategies.skippable_frames, min_size=1, max_size=3
    ),
    sizes=strategies.call_sizes,
    choices=st.data(),
)
def test_all_shapes_agree_on_mutated_frames(layout, sizes, choices):
    data, expected = join(layout)
    sizes = strategies.in_reasonable_time(sizes, expected)
    data = choices.draw(strategies.mutated(data))
    results = {name: outcome_of(shape, data, sizes) for name, shape in SHAPES.items()}
    of_first = outcome_of(first_frame, data, sizes).content
    longest = max(of_first, *(result.content for result in results.values()), key=len)
    for name, result in results.items():
        # Where a block is given in parts, some of it may come before what is bad in the rest.
        assert longest.startswith(result.content), name
        assert len(longest) - len(result.content) <= samples.BLOCK, name
    # Only a step that does a whole frame at once does not mind the window's size.
    if not any("memory" in str(result.error) for result in results.values()):
        assert len({result.error is None for result in results.values()}) == 1, results
    assert longest.startswith(of_first)


bad_blocks = st.sampled_from(
    [
        frames.block(frames.RESERVED, 5, b"12345"),
        frames.block(frames.RAW, samples.BLOCK + 1, b"too long"),
        frames.block(frames.COMPRESSED, 50, b"\xff" * 50),
    ]
)


@given(
    before=strategies.layouts | st.just([]),
    parts=st.lists(st.binary(max_size=50), max_size=3),
    bad=bad_blocks,
    sizes=strategies.call_sizes,
)
def test_all_shapes_give_the_blocks_before_a_bad_one(before, parts, bad, sizes):
    data, expected = join(before)
    data += frames.header(window=0x58)
    data += b"".join(frames.raw_block(part, last=False) for part in parts) + bad + b"rest" * 100
    expected += b"".join(parts)
    sizes = strategies.in_reasonable_time(sizes, expected)
    for name, shape in SHAPES.items():
        result = outcome_of(shape, data, sizes)
        assert (result.content, type(result.error)) == (expected, ZstdError), name


# One that needs much memory: contexts that had it at hand before can hold more than others.
large_frame = frames.header(window=0x58) + frames.rle_block(samples.BLOCK)


@given(
    before=strategies.layouts | st.just([]),
    part=st.binary(max_size=500),
    missing=st.integers(0, 50),
    sizes=strategies.call_sizes,
    ends=st.booleans(),
)
def test_no_shape_gives_more_than_a_frame_declares(*, before, part, missing, sizes, ends):
    data, expected = join(before)
    declared = len(part) + missing
    data += frames.header(declared, size_width=8, window=0x58)
    data += frames.raw_block(part, last=False) + frames.rle_block(missing + 1, last=ends)
    error = "error: Data corruption detected"
    if not ends:
        data += frames.raw_block(b"end")
        error += f": there is more than the {declared} bytes that the frame declares"
    sizes = strategies.in_reasonable_time(sizes, expected)
    for name, shape in SHAPES.items():
        assert len(content(large_frame)) == samples.BLOCK
        result = outcome_of(shape, data, sizes)
        assert result.content.startswith(expected + part), name
        assert (expected + part + b"r" * missing).startswith(result.content), name
        assert error in str(result.error), name


@given(
    before=strategies.layouts | st.just([]),
    part=st.binary(max_size=500),
    missing=st.integers(1, 1000) | st.integers(1, 2**63),
    sizes=strategies.call_sizes,
)
def test_no_shape_takes_less_than_a_frame_declares(*, before, part, missing, sizes):
    """Also where its last block has no content, after which libzstd does not look."""
    data, expected = join(before)
    data += frames.header(len(part) + missing, size_width=8, window=0x58)
    data += frames.raw_block(part, last=False) + frames.raw_block(b"")
    sizes = strategies.in_reasonable_time(sizes, expected)
    for name, shape in SHAPES.items():
        result = outcome_of(shape, data, sizes)
        assert (expected + part).startswith(result.content), name
        assert "error: Data corruption detected" in str(result.error), name


def test_the_error_tells_how_much_less_there_is():
    frame = frames.header(3000, size_width=8, window=0x58)
    frame += frames.raw_block(b"abc", last=False) + frames.raw_block(b"")
    stream = ZstdDecompressor().decompressobj()
    assert stream.decompress(frame[:-1]) == b"abc"
    for _ in range(2):
        with pytest.raises(ZstdError, match="the frame has 3 bytes of the 3000 that it declares"):
            stream.decompress(frame[-1:])
    assert not stream.eof
