"""How much memory ZstdDecompressionObj takes for its results, and room for at first."""

import pytest

import frames
import samples
from allocated import at_most_allocated, held_by_result
from ways import unstated
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError, compress

DATA = samples.text(5000)
FRAME = ZstdCompressor(write_checksum=True).compress(DATA)


def new(*arguments, **keywords):
    return ZstdDecompressor().decompressobj(*arguments, **keywords)


def test_bounded_output_needs_bounded_memory():
    bomb = compress(bytes(50 << 20))
    stream = new()
    with at_most_allocated(8 << 20):
        for _ in range(10):
            assert stream.decompress(bomb if stream.needs_input else b"", 1000) == bytes(1000)


@pytest.mark.parametrize("write_size", [1, 2, 255, 256, 257, 131072, 1 << 24])
@pytest.mark.parametrize("across", [False, True])
def test_write_size_changes_no_result(write_size, across):
    data = samples.runs(300_000)
    for stream in (
        new(write_size, across),
        new(write_size=write_size, read_across_frames=across),
    ):
        assert stream.decompress(compress(data)) == data
        assert stream.eof is not across


@pytest.mark.parametrize("write_size", [1 << 17, 1 << 24])
@pytest.mark.parametrize("max_length", [-1, 100])
def test_result_takes_no_more_memory_than_it_needs(write_size, max_length):
    frame = unstated(DATA)
    held = held_by_result(lambda: new(write_size).decompress(frame, max_length))
    assert held < (len(DATA) if max_length < 0 else max_length) + 100


def blocks_of(size, count):
    """Make so many blocks of that content each, none of them the last, and that content."""
    return frames.raw_block(b"x" * size, last=False) * count, b"x" * size * count


WINDOW, WINDOW_OF_4_KIB = 0x58, 0x10
WITHIN_FRAME = frames.header(window=WINDOW) + frames.rle_block(samples.BLOCK, last=False)


@pytest.mark.parametrize(
    ("begins", "data", "content", "most"),
    [
        pytest.param(WITHIN_FRAME, *blocks_of(samples.BLOCK, 9), 9 * samples.BLOCK, id="blocks"),
        # As many as that could hold more, but seldom do.
        pytest.param(WITHIN_FRAME, *blocks_of(1, 20_000), 32 * 4 * 20_000, id="small blocks"),
        pytest.param(
            WITHIN_FRAME, blocks_of(samples.BLOCK, 1)[0][:70_003], b"x" * 70_000, 70_003, id="part"
        ),
        pytest.param(WITHIN_FRAME, b"", b"", 0, id="nothing"),
        pytest.param(b"", FRAME, DATA, len(DATA), id="frame"),
        pytest.param(b"", FRAME[:5], b"", 0, id="a part of a header"),
        pytest.param(
            b"",
            frames.header(window=WINDOW_OF_4_KIB) + blocks_of(4096, 10)[0],
            b"x" * 40_960,
            40_960,
            id="small window",
        ),
    ],
)
def test_room_is_made_for_what_the_input_can_bring(begins, data, content, most):
    new().decompress(WITHIN_FRAME)
    stream = new()
    stream.decompress(begins)
    with at_most_allocated(most + 20_000):
        assert stream.decompress(data) == content


@pytest.mark.parametrize("piece", [100_000, 1_000_000])
def test_windows_are_bounded_also_where_there_is_room_for_the_whole_frame(piece):
    content = samples.noise(300_000)
    frame = compress(content)
    for bound, error in ((1 << 18, "requires too much memory"), (1 << 19, None)):
        stream = ZstdDecompressor(max_window_size=bound).decompressobj()
        pieces = list(samples.in_pieces(frame, piece))
        if error:
            with pytest.raises(ZstdError, match=error):
                stream.decompress(pieces[0])
        else:
            assert b"".join(map(stream.decompress, pieces)) == content


def test_blocks_that_are_too_long_for_their_window():
    """Such a frame comes out where there is room for all of it at first, as in 0.25.0."""
    block = samples.noise(100_000)
    small = frames.header(100_000, size_width=8, window=WINDOW_OF_4_KIB) + frames.raw_block(block)
    assert new().decompress(small) == block
    large = frames.header(200_000, size_width=8, window=WINDOW_OF_4_KIB)
    large += frames.raw_block(block, last=False) + frames.raw_block(block)
    with pytest.raises(ZstdError, match="Data corruption detected"):
        new().decompress(large)
