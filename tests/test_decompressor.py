"""ZstdDecompressor and decompress(): options, bounds, frame after frame, bad data, life."""

import contextlib
import ctypes
import io
import sys
import tracemalloc
import weakref

import pytest

import child
import frames
import samples
import zstandard
from callbacks import Buffer, Index, Truth, buffers_can_call_back, fail
from parallel import has_gil, others_run
from zstandard import (
    FORMAT_ZSTD1,
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    compress,
    decompress,
)

NO_SIZE = "could not determine content size in frame header"
NO_HEADER = "error determining content size from frame header"
SHORT = "decompression error: did not decompress full frame"
BAD = "decompression error"


def unstated(data, *, block=1 << 30, checksum=False):
    """Make a frame that does not state the size of its content."""
    stream = ZstdCompressor(write_checksum=checksum).compressobj()
    output = stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    for piece in samples.in_pieces(data, block):
        output += stream.compress(piece) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return output + stream.flush()


FRAME_MAKERS = {
    "stated": compress,
    "stated, checksum": ZstdCompressor(write_checksum=True).compress,
    "unstated": unstated,
    "unstated, checksum": lambda data: unstated(data, checksum=True),
    "unstated, many blocks": lambda data: unstated(data, block=1000, checksum=True),
    "unstated, single-shot": ZstdCompressor(write_content_size=False).compress,
}


def decompress_into(decompressor, frame, size, **options):
    buffer = bytearray(size)
    assert decompressor.decompress_into(frame, buffer, **options) == size
    return bytes(buffer)


@contextlib.contextmanager
def at_most_allocated(limit):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


# --- one frame ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
@pytest.mark.parametrize("maker", FRAME_MAKERS)
def test_every_frame_round_trips(maker, size, kind):
    data = samples.KINDS[kind](size)
    frame = FRAME_MAKERS[maker](data)
    decompressor = ZstdDecompressor()
    for result in (
        decompressor.decompress(frame, max_output_size=-1),
        decompressor.decompress(frame, max_output_size=size + 1),
        decompressor.decompress(frame, read_across_frames=True),
        decompress(frame, -1),
    ):
        assert type(result) is bytes
        assert result == data
    if size:
        assert decompressor.decompress(frame, max_output_size=size) == data
    assert decompress_into(decompressor, frame, size) == data
    assert decompress_into(decompressor, frame, size, read_across_frames=True) == data


@pytest.mark.parametrize("maker", ["stated", "stated, checksum"])
def test_size_that_is_stated_needs_no_bound(maker):
    frame = FRAME_MAKERS[maker](b"content")
    assert decompress(frame) == b"content"
    assert decompress(frame, 0) == b"content"
    assert ZstdDecompressor().decompress(frame) == b"content"
    assert ZstdDecompressor().decompress(frame, max_output_size=0) == b"content"


@pytest.mark.parametrize("data", [b"", b"content"])
@pytest.mark.parametrize("maker", [name for name in FRAME_MAKERS if name.startswith("unstated")])
def test_size_that_is_not_stated_needs_a_bound(maker, data):
    frame = FRAME_MAKERS[maker](data)
    for use in (decompress, ZstdDecompressor().decompress):
        with pytest.raises(ZstdError, match=NO_SIZE):
            use(frame)
        with pytest.raises(ZstdError, match=NO_SIZE):
            use(frame, 0)


@pytest.mark.parametrize("maker", FRAME_MAKERS)
@pytest.mark.parametrize("size", [2, 300, samples.BLOCK + 1])
def test_bound_is_a_bound(maker, size):
    data = samples.text(size)
    frame = FRAME_MAKERS[maker](data)
    decompressor = ZstdDecompressor()
    for bound in {1, size // 2, size - 1}:
        for across in (False, True):
            with pytest.raises(ZstdError, match=BAD) as caught:
                decompressor.decompress(frame, bound, across)
            assert caught.value.code == 70
            with pytest.raises(ZstdError, match=BAD) as caught:
                decompressor.decompress_into(frame, bytearray(bound), across)
            assert caught.value.code == 70
    assert decompressor.decompress(frame, size) == data


def test_bound_of_an_unstated_frame_is_the_message_of_0_25():
    with pytest.raises(ZstdError, match=SHORT):
        decompress(unstated(b"content"), 6)


def test_bound_is_over_all_frames():
    for make in (compress, unstated):
        data = make(b"first") + make(b"second")
        decompressor = ZstdDecompressor()
        assert decompressor.decompress(data, 11, read_across_frames=True) == b"firstsecond"
        with pytest.raises(ZstdError, match=BAD):
            decompressor.decompress(data, 10, read_across_frames=True)
        assert decompressor.decompress(data, 5) == b"first"


def test_bound_is_not_allocated_at_once():
    frame = unstated(b"content")
    with at_most_allocated(1 << 20):
        assert decompress(frame, 2**40) == b"content"
        assert decompress(frame, sys.maxsize) == b"content"
        assert decompress(compress(b"content"), sys.maxsize) == b"content"


@pytest.mark.parametrize("maker", ["stated", "unstated"])
def test_result_takes_no_more_memory_than_it_needs(maker):
    frame = FRAME_MAKERS[maker](bytes(1_000_001))
    decompressor = ZstdDecompressor()
    tracemalloc.start()
    try:
        result = decompressor.decompress(frame, -1)
        del decompressor
        assert tracemalloc.get_traced_memory()[0] < len(result) + 600_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("bound", "error", "message"),
    [
        (-2, ValueError, "max_output_size"),
        (-(2**63), ValueError, "max_output_size"),
        (2**63, OverflowError, None),
        (-(2**63) - 1, OverflowError, None),
        (None, TypeError, None),
        (1.0, TypeError, None),
        ("1", TypeError, None),
    ],
)
def test_bad_bound(bound, error, message):
    frame = compress(b"content")
    for use in (decompress, ZstdDecompressor().decompress):
        with pytest.raises(error, match=message):
            use(frame, bound)
        with pytest.raises(error, match=message):
            use(frame, max_output_size=bound)


# --- bad data ---


@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize(
    "data",
    [b"", b"j", b"junk", b"junkjunkjunk", frames.MAGIC, compress(b"content")[4:], b"\0" * 100],
)
def test_no_header(data, across):
    decompressor = ZstdDecompressor()
    for bound in (0, 100, -1):
        with pytest.raises(ZstdError, match=NO_HEADER):
            decompressor.decompress(data, bound, across)
    with pytest.raises(ZstdError, match=NO_HEADER):
        decompressor.decompress_into(data, bytearray(10), across)
    with pytest.raises(ZstdError, match=NO_HEADER):
        decompress(data)


@pytest.mark.parametrize("maker", FRAME_MAKERS)
def test_frame_cut_short(maker):
    frame = FRAME_MAKERS[maker](samples.text(300))
    header = zstandard.frame_header_size(frame)
    decompressor = ZstdDecompressor()
    for length in range(len(frame)):
        message = SHORT if length >= header else NO_HEADER
        for across in (False, True):
            with pytest.raises(ZstdError, match=message) as caught:
                decompressor.decompress(frame[:length], -1, across)
            assert caught.value.code == 72
            with pytest.raises(ZstdError, match=message):
                decompressor.decompress_into(frame[:length], bytearray(1000), across)
    assert decompressor.decompress(frame, -1) == samples.text(300)


@pytest.mark.parametrize("use", ["decompress", "decompress_into"])
@pytest.mark.parametrize("maker", ["stated, checksum", "unstated, checksum"])
def test_checksum_is_verified(maker, use):
    frame = bytearray(FRAME_MAKERS[maker](b"content"))
    frame[-1] ^= 1
    target = bytearray(7) if use == "decompress_into" else 7
    with pytest.raises(ZstdError, match="Restored data doesn't match checksum") as caught:
        getattr(ZstdDecompressor(), use)(frame, target)
    assert caught.value.code == 22


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize(
    "block",
    [
        frames.block(frames.RESERVED, 3, b"abc"),
        frames.block(frames.COMPRESSED, 3, b"\xff\xff\xff"),
        frames.raw_block(b"a" * (samples.BLOCK + 1)),
    ],
)
def test_bad_block(block, stated):
    header = frames.header(3, size_width=4, window=0x58) if stated else frames.header(window=0x58)
    for across in (False, True):
        with pytest.raises(ZstdError, match=BAD):
            ZstdDecompressor().decompress(header + block, -1, across)


def test_dictionary_that_is_missing():
    header = frames.header(3, single_segment=True, dict_id=77, dict_id_width=1)
    with pytest.raises(ZstdError, match="Dictionary mismatch") as caught:
        decompress(header + frames.raw_block(b"abc"))
    assert caught.value.code == 32


def test_failure_leaves_the_decompressor_usable():
    decompressor = ZstdDecompressor()
    frame = compress(samples.text(5000))
    for bad in (frame[:-1], frame[:100] + b"\xff" * 100 + frame[200:], b"junk"):
        with contextlib.suppress(ZstdError):
            decompressor.decompress(bad)
        assert decompressor.decompress(frame) == samples.text(5000)
        assert decompressor.decompressobj().decompress(frame) == samples.text(5000)


# --- sizes that are stated falsely ---


@pytest.mark.parametrize(
    "use",
    [
        lambda decompressor, frame: decompressor.decompress(frame),
        lambda decompressor, frame: decompressor.decompress(frame, -1, True),
        lambda decompressor, frame: decompressor.decompress_into(frame, bytearray(1000)),
    ],
)
@pytest.mark.parametrize(
    "size", [samples.BLOCK + 1, 10**6, 2**31, 2**32, 2**40, 2**62, 2**63, 2**64 - 3, 2**64 - 2]
)
def test_size_that_the_blocks_cannot_hold_is_an_error_without_allocation(size, use):
    header = frames.header(size, size_width=8, window=0x58)
    frame = header + frames.raw_block(b"ten bytes.")
    decompressor = ZstdDecompressor()
    with at_most_allocated(1 << 20), pytest.raises(ZstdError):
        use(decompressor, frame)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and RLIMIT_AS")
def test_vast_size_is_an_error_where_memory_is_short():
    header = frames.header(2**30, size_width=8, window=0x58)
    frame = header + frames.raw_block(b"", last=False) * 100 + frames.raw_block(b"end")
    code = f"""
        import pathlib, resource, zstandard
        pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + (16 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        try:
            zstandard.decompress({frame!r})
        except zstandard.ZstdError:
            print("refused")
    """
    assert child.output_of(code) == "refused"


@pytest.mark.parametrize("size", [0, 9, 11, 1000, samples.BLOCK])
def test_size_that_the_blocks_could_hold_but_do_not(size):
    header = frames.header(size, size_width=8, window=0x58)
    frame = header + frames.raw_block(b"ten bytes.")
    decompressor = ZstdDecompressor()
    with pytest.raises(ZstdError, match=BAD):
        decompressor.decompress(frame)
    with pytest.raises(ZstdError, match=BAD):
        decompressor.decompress(frame, read_across_frames=True)
    with pytest.raises(ZstdError, match=BAD):
        decompressor.decompress_into(frame, bytearray(samples.BLOCK))


def test_truth_of_many_blocks_is_believed():
    header = frames.header(100 * samples.BLOCK, size_width=8, window=0x58)
    blocks = frames.rle_block(samples.BLOCK, last=False) * 99 + frames.rle_block(samples.BLOCK)
    assert decompress(header + blocks) == b"r" * (100 * samples.BLOCK)


# --- more than one frame ---

THREE = [b"first", b"", b"the third"]
LAYOUTS = {
    "stated": [compress(data) for data in THREE],
    "unstated": [unstated(data) for data in THREE],
    "both": [compress(THREE[0]), unstated(THREE[1]), compress(THREE[2])],
    "skippable between": [
        frames.skippable(b"before"),
        unstated(THREE[0]),
        frames.skippable(b"", 7),
        frames.skippable(b"between", 15),
        compress(THREE[2]),
        frames.skippable(b"after"),
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_across_frames(layout):
    data, expected = b"".join(LAYOUTS[layout]), b"".join(THREE)
    decompressor = ZstdDecompressor()
    for bound in (0, -1, 1000):
        assert decompressor.decompress(data, bound, read_across_frames=True) == expected
        assert (
            decompressor.decompress(data, bound, read_across_frames=True, allow_extra_data=False)
            == expected
        )
    buffer = bytearray(1000)
    assert decompressor.decompress_into(data, buffer, read_across_frames=True) == len(expected)
    assert buffer.startswith(expected)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_across_frames_into_exactly_as_much_room_as_is_needed(layout):
    data, expected = b"".join(LAYOUTS[layout]), b"".join(THREE)
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(data, len(expected), read_across_frames=True) == expected
    assert decompress_into(decompressor, data, 14, read_across_frames=True) == expected


@pytest.mark.parametrize("make", [compress, unstated])
def test_frames_without_content_need_no_room(make):
    data = make(b"") + frames.skippable(b"skipped") + make(b"")
    assert decompress_into(ZstdDecompressor(), data, 0, read_across_frames=True) == b""
    assert decompress_into(ZstdDecompressor(), make(b""), 0) == b""


def test_only_skippable_frames_have_no_content():
    data = frames.skippable(b"skipped") + frames.skippable()
    assert ZstdDecompressor().decompress(data, read_across_frames=True) == b""
    assert decompress_into(ZstdDecompressor(), data, 0, read_across_frames=True) == b""


def test_default_is_the_first_frame():
    data = b"".join(LAYOUTS["stated"])
    decompressor = ZstdDecompressor()
    assert decompress(data) == b"first"
    assert decompressor.decompress(data) == b"first"
    assert decompressor.decompress(data, read_across_frames=False) == b"first"
    assert decompress_into(decompressor, data, 5) == b"first"


@pytest.mark.parametrize("skippable", [frames.skippable(), frames.skippable(b"skipped", 3)])
def test_skippable_frame_first_is_an_error_by_default(skippable):
    data = skippable + compress(b"content")
    for bound in (0, -1, 100):
        with pytest.raises(ZstdError, match="skippable"):
            ZstdDecompressor().decompress(data, bound)
    with pytest.raises(ZstdError, match="skippable"):
        ZstdDecompressor().decompress_into(data, bytearray(100))
    assert ZstdDecompressor().decompress(data, read_across_frames=True) == b"content"


@pytest.mark.parametrize("extra", [b"x", b"junkjunk", compress(b"second"), frames.skippable()])
@pytest.mark.parametrize("make", [compress, unstated])
def test_extra_data_after_the_first_frame(make, extra):
    frame = make(b"content")
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(frame + extra, 100) == b"content"
    assert decompressor.decompress(frame + extra, 100, allow_extra_data=True) == b"content"
    assert decompressor.decompress(frame, 100, allow_extra_data=False) == b"content"
    assert decompress_into(decompressor, frame + extra, 7) == b"content"
    assert decompress_into(decompressor, frame, 7, allow_extra_data=False) == b"content"
    message = f"{len(extra)} bytes of unused data, which is disallowed"
    with pytest.raises(ZstdError, match=message):
        decompressor.decompress(frame + extra, 100, allow_extra_data=False)
    with pytest.raises(ZstdError, match=message):
        decompressor.decompress_into(frame + extra, bytearray(7), allow_extra_data=False)


@pytest.mark.parametrize("junk", [b"x", b"junkjunk", b"\0" * 1000])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_extra_data_after_the_last_frame(layout, junk):
    data, expected = b"".join(LAYOUTS[layout]) + junk, b"".join(THREE)
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(data, read_across_frames=True) == expected
    message = f"{len(junk)} bytes of unused data, which is disallowed"
    with pytest.raises(ZstdError, match=message):
        decompressor.decompress(data, read_across_frames=True, allow_extra_data=False)
    with pytest.raises(ZstdError, match=message):
        decompressor.decompress_into(data, bytearray(1000), True, False)


@pytest.mark.parametrize(
    "second", [compress(b"second"), unstated(b"second"), frames.skippable(b"s")]
)
def test_later_frame_cut_short_is_no_junk(second):
    for length in range(1, len(second)):
        for allow in (True, False):
            with pytest.raises(ZstdError, match=SHORT):
                ZstdDecompressor().decompress(
                    compress(b"first") + second[:length],
                    read_across_frames=True,
                    allow_extra_data=allow,
                )


def test_later_frame_that_is_damaged_is_an_error():
    second = ZstdCompressor(write_checksum=True).compress(b"second")
    data = compress(b"first") + second[:-1] + bytes([second[-1] ^ 1])
    with pytest.raises(ZstdError, match="checksum"):
        ZstdDecompressor().decompress(data, read_across_frames=True)
    assert ZstdDecompressor().decompress(data) == b"first"


# --- decompress_into ---


@pytest.mark.parametrize("shape", samples.WRITABLE_SHAPES)
@pytest.mark.parametrize("make", [compress, unstated])
def test_decompress_into_every_kind_of_writable_buffer(make, shape):
    buffer = samples.WRITABLE_SHAPES[shape](b"#" * 100)
    size = ZstdDecompressor().decompress_into(make(b"content"), buffer)
    assert type(size) is int
    assert size == 7
    assert bytes(memoryview(buffer))[:7] == b"content"


@pytest.mark.parametrize("shape", samples.WRITABLE_SHAPES)
def test_decompress_into_every_kind_of_empty_buffer(shape):
    buffer = samples.WRITABLE_SHAPES[shape](b"")
    assert ZstdDecompressor().decompress_into(compress(b""), buffer) == 0


@pytest.mark.parametrize("make", [compress, unstated])
def test_decompress_into_writes_nothing_outside(make):
    memory = bytearray(b"#" * 300)
    with memoryview(memory) as view:
        ZstdDecompressor().decompress_into(make(samples.text(80)), view[100:200])
        with pytest.raises(ZstdError):
            ZstdDecompressor().decompress_into(make(samples.text(101)), view[100:200])
    assert memory[:100] == memory[200:] == b"#" * 100
    assert memory[100:180] == samples.text(80)


@pytest.mark.parametrize("maker", FRAME_MAKERS)
def test_decompress_into_a_small_buffer(maker):
    frame = FRAME_MAKERS[maker](b"content")
    for size in range(7):
        with pytest.raises(ZstdError, match=BAD) as caught:
            ZstdDecompressor().decompress_into(frame, bytearray(size))
        assert caught.value.code == 70


@pytest.mark.parametrize("buffer", [b"12345678", memoryview(b"12345678")])
def test_decompress_into_a_read_only_buffer(buffer):
    with pytest.raises(BufferError, match="not writable"):
        ZstdDecompressor().decompress_into(compress(b"content"), buffer)


def test_decompress_into_scattered_memory():
    with pytest.raises(BufferError, match="contiguous"):
        ZstdDecompressor().decompress_into(compress(b"content"), memoryview(bytearray(100))[::2])


@pytest.mark.parametrize("thing", samples.NOT_BUFFERS.values())
def test_decompress_into_what_is_no_buffer(thing):
    with pytest.raises(TypeError, match="bytes-like"):
        ZstdDecompressor().decompress_into(compress(b"content"), thing)


@pytest.mark.parametrize(("start", "stop"), [(0, 100), (0, 200), (99, 110), (50, 60), (115, 200)])
def test_decompress_into_memory_that_overlaps(start, stop):
    frame = compress(b"content")
    memory = memoryview(bytearray(b"#" * 200))
    memory[100 : 100 + len(frame)] = frame
    start, stop = min(start, 100), max(stop, 101)
    with pytest.raises(ValueError, match="overlap"):
        ZstdDecompressor().decompress_into(memory[100 : 100 + len(frame)], memory[start:stop])
    assert memory[100 : 100 + len(frame)] == frame


def test_decompress_into_memory_that_adjoins():
    frame = compress(b"content")
    memory = memoryview(bytearray(200))
    data = memory[100 : 100 + len(frame)]
    data[:] = frame
    for buffer in (memory[93:100], memory[100 + len(frame) :]):
        assert ZstdDecompressor().decompress_into(data, buffer) == 7
        assert buffer[:7] == b"content"


def test_decompress_into_no_bytes_overlaps_nothing():
    memory = memoryview(bytearray(compress(b"")))
    for place in range(len(memory) + 1):
        assert ZstdDecompressor().decompress_into(memory, memory[place:place]) == 0


def test_decompress_into_needs_no_memory_for_the_content():
    frame, buffer = compress(bytes(5 << 20)), bytearray(5 << 20)
    decompressor = ZstdDecompressor()
    decompressor.decompress_into(frame, buffer)
    with at_most_allocated(10_000):
        decompressor.decompress_into(frame, buffer)


# --- format and window ---


def magicless(frame):
    assert frame.startswith(frames.MAGIC)
    return frame[4:]


@pytest.mark.parametrize("maker", FRAME_MAKERS)
@pytest.mark.parametrize("size", [0, 1, 1000, samples.BLOCK + 1])
def test_magicless_frames(maker, size):
    data = samples.text(size)
    frame = FRAME_MAKERS[maker](data)
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    short = magicless(frame)
    assert decompressor.decompress(short, -1) == data
    assert decompress_into(decompressor, short, size) == data
    assert decompressor.decompress(short * 3, -1, read_across_frames=True) == data * 3
    stream = decompressor.decompressobj()
    assert stream.decompress(short) == data
    assert stream.eof
    with pytest.raises(ZstdError):
        ZstdDecompressor().decompress(short, -1)
    with pytest.raises(ZstdError):
        decompressor.decompress(frame, -1)
    assert ZstdDecompressor(format=FORMAT_ZSTD1).decompress(frame, -1) == data


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (2, ZstdError),
        (9, ZstdError),
        (-1, ZstdError),
        (2**31, OverflowError),
        (None, TypeError),
        ("0", TypeError),
    ],
)
def test_bad_format(value, error):
    with pytest.raises(error):
        ZstdDecompressor(format=value)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1, ZstdError),
        (5, ZstdError),
        (1023, ZstdError),
        (-1, ZstdError),
        (2**31 + 1, ZstdError),
        (2**40, ZstdError),
        (2**63 - 1, ZstdError),
        (2**63, OverflowError),
        (None, TypeError),
        (1024.0, TypeError),
    ],
)
def test_bad_max_window_size(value, error):
    with pytest.raises(error):
        ZstdDecompressor(max_window_size=value)


@pytest.mark.parametrize("value", [0, 1024, 1025, 2**20, 2**31])
def test_good_max_window_size(value):
    frame = frames.header(window=0) + frames.raw_block(b"content")
    decompressor = ZstdDecompressor(max_window_size=value)
    assert decompressor.decompress(frame, -1) == b"content"
    assert decompressor.decompressobj().decompress(frame) == b"content"


WIDE = frames.header(window=0x60) + frames.raw_block(b"content")
WIDE_STATED = frames.header(7, size_width=4, window=0x60) + frames.raw_block(b"content")
WINDOW = frames.window_size(0x60)


def test_window_is_bounded_for_frames_that_state_no_size():
    narrow, wide = (ZstdDecompressor(max_window_size=WINDOW + off) for off in (-1, 0))
    for across in (False, True):
        with pytest.raises(ZstdError, match="requires too much memory") as caught:
            narrow.decompress(WIDE, -1, across)
        assert caught.value.code == 16
        assert wide.decompress(WIDE, -1, across) == b"content"
        with pytest.raises(ZstdError, match="requires too much memory"):
            narrow.decompress_into(WIDE, bytearray(100), across)
        assert narrow.decompress(WIDE_STATED, 0, across) == b"content"
        assert narrow.decompress_into(WIDE_STATED, bytearray(100), across) == 7


def test_window_is_bounded_for_streams():
    narrow, wide = (ZstdDecompressor(max_window_size=WINDOW + off) for off in (-1, 0))
    assert wide.decompressobj().decompress(WIDE) == b"content"
    with pytest.raises(ZstdError, match="requires too much memory"):
        narrow.decompressobj().decompress(WIDE)
    stream = narrow.decompressobj()
    with pytest.raises(ZstdError, match="requires too much memory"):
        stream.decompress(WIDE_STATED[:-1])


def test_window_is_bounded_by_default():
    too_wide = frames.header(window=0x90) + frames.raw_block(b"content")
    assert frames.window_size(0x90) == 256 << 20
    with pytest.raises(ZstdError, match="requires too much memory"):
        ZstdDecompressor().decompress(too_wide, -1)
    with pytest.raises(ZstdError, match="requires too much memory"):
        ZstdDecompressor().decompressobj().decompress(too_wide)


# --- checksums ---


def test_force_ignore_checksum():
    frame = bytearray(ZstdCompressor(write_checksum=True).compress(b"content"))
    frame[-1] ^= 1
    sound = ZstdCompressor(write_checksum=True).compress(b"content")
    for decompressor in (ZstdDecompressor(), ZstdDecompressor(force_ignore_checksum=False)):
        with pytest.raises(ZstdError, match="checksum"):
            decompressor.decompress(frame)
        assert decompressor.decompress(sound) == b"content"
    ignoring = ZstdDecompressor(force_ignore_checksum=True)
    sink = io.BytesIO()
    ignoring.copy_stream(io.BytesIO(frame), sink)
    writer_sink = io.BytesIO()
    with ignoring.stream_writer(writer_sink, closefd=False) as writer:
        writer.write(frame)
    chunker = ignoring.chunker()
    for result in (
        ignoring.decompress(frame),
        ignoring.decompressobj().decompress(frame),
        ignoring.stream_reader(frame).read(),
        b"".join(ignoring.read_to_iter(frame)),
        b"".join([*chunker.decompress(frame), *chunker.finish()]),
        sink.getvalue(),
        writer_sink.getvalue(),
        ignoring.multi_decompress([frame])[0],
        ignoring.decompress(sound),
    ):
        assert result == b"content"
    ignoring.__init__()
    with pytest.raises(ZstdError, match="checksum"):
        ignoring.decompress(frame)


def test_force_ignore_checksum_is_a_truth():
    assert (
        ZstdDecompressor(force_ignore_checksum="x").decompress(compress(b"content")) == b"content"
    )
    with pytest.raises(LookupError, match="of the callback"):
        ZstdDecompressor(force_ignore_checksum=Truth(True, fail))


# --- arguments ---


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [((0,), {}), ((None, 0, 0, False), {}), ((), {"unknown": 1}), ((None,), {"dict_data": None})],
)
def test_constructor_refuses_arguments(arguments, keywords):
    with pytest.raises(TypeError):
        ZstdDecompressor(*arguments, **keywords)


FRAME = compress(b"content")
METHODS = {
    "decompress": (
        lambda: ZstdDecompressor().decompress,
        (FRAME, 0, False, True),
        ("data", "max_output_size", "read_across_frames", "allow_extra_data"),
    ),
    "decompress_into": (
        lambda: ZstdDecompressor().decompress_into,
        (FRAME, bytearray(7), False, True),
        ("data", "buffer", "read_across_frames", "allow_extra_data"),
    ),
    "decompressobj": (
        lambda: ZstdDecompressor().decompressobj,
        (1000, False),
        ("write_size", "read_across_frames"),
    ),
    "decompress()": (lambda: decompress, (FRAME, 0), ("data", "max_output_size")),
}


@pytest.mark.parametrize("method", METHODS)
def test_arguments_by_place_and_by_name(method):
    make, arguments, names = METHODS[method]
    for by_place in range(len(names) + 1):
        by_name = dict(zip(names[by_place:], arguments[by_place:], strict=True))
        make()(*arguments[:by_place], **by_name)


@pytest.mark.parametrize("method", METHODS)
def test_arguments_too_many_unknown_and_twice(method):
    make, arguments, names = METHODS[method]
    with pytest.raises(TypeError, match="at most"):
        make()(*arguments, None)
    with pytest.raises(TypeError, match="unknown"):
        make()(*arguments[:-1], unknown=1)
    with pytest.raises(TypeError):
        make()(*arguments[:1], **{names[0]: arguments[0]})


@pytest.mark.parametrize("method", ["decompress", "decompress_into", "decompress()"])
def test_argument_is_missing(method):
    make, arguments, _names = METHODS[method]
    with pytest.raises(TypeError, match="missing required argument 'data'"):
        make()()
    if method == "decompress_into":
        with pytest.raises(TypeError, match="missing required argument 'buffer'"):
            make()(arguments[0])


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"write_size": 0}, ValueError),
        ({"write_size": -1}, ValueError),
        ({"write_size": 2**63}, OverflowError),
        ({"write_size": None}, TypeError),
        ({"write_size": 1.0}, TypeError),
        ({"read_across_frames": Truth(True, fail)}, LookupError),
    ],
)
def test_bad_arguments_of_decompressobj(keywords, error):
    message = "write_size must be positive" if error is ValueError else None
    with pytest.raises(error, match=message):
        ZstdDecompressor().decompressobj(**keywords)


@pytest.mark.parametrize("option", ["read_across_frames", "allow_extra_data"])
def test_error_in_the_truth_of_an_option_propagates(option):
    decompressor = ZstdDecompressor()
    for use in (decompressor.decompress, decompressor.decompress_into):
        arguments = (FRAME, bytearray(7)) if use.__name__ == "decompress_into" else (FRAME,)
        with pytest.raises(LookupError, match="of the callback"):
            use(*arguments, **{option: Truth(True, fail)})


def test_options_are_any_truth():
    double = FRAME * 2
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(double, 0, [1]) == b"contentcontent"
    assert decompressor.decompress(double, 0, None) == b"content"
    with pytest.raises(ZstdError, match="unused data"):
        decompressor.decompress(double, 0, "", "")


# --- input ---


@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("make", [compress, unstated])
def test_every_kind_of_buffer(make, shape):
    data = samples.text(5000)
    frame = samples.SHAPES[shape](make(data))
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(frame, -1) == data
    assert decompress(frame, -1) == data
    assert decompress_into(decompressor, frame, 5000) == data


@pytest.mark.parametrize("kind", samples.NOT_BUFFERS)
def test_what_is_no_buffer_is_a_type_error(kind):
    thing = samples.NOT_BUFFERS[kind]
    decompressor = ZstdDecompressor()
    for use in (
        decompress,
        decompressor.decompress,
        lambda data: decompressor.decompress_into(data, bytearray(7)),
    ):
        with pytest.raises(TypeError, match="bytes-like"):
            use(thing)


def test_scattered_memory_is_a_buffer_error():
    scattered = memoryview(FRAME * 2)[::2]
    decompressor = ZstdDecompressor()
    for use in (
        decompress,
        decompressor.decompress,
        lambda data: decompressor.decompress_into(data, bytearray(7)),
    ):
        with pytest.raises(BufferError, match="contiguous"):
            use(scattered)


@pytest.mark.parametrize(
    "frame", [FRAME, unstated(b"content"), b"junk", FRAME[:-1], frames.skippable(), FRAME + b"x"]
)
@pytest.mark.parametrize("size", [0, 5, 7])
def test_input_and_buffer_are_released(frame, size):
    data, buffer = bytearray(frame), bytearray(size)
    decompressor = ZstdDecompressor()
    for use in (
        lambda: decompressor.decompress(data, size, allow_extra_data=False),
        lambda: decompress(data, size),
        lambda: decompressor.decompress_into(data, buffer, allow_extra_data=False),
    ):
        with contextlib.suppress(ZstdError):
            use()
        assert samples.is_released(data)
        assert samples.is_released(buffer)


def test_input_and_buffer_are_released_after_errors_in_arguments():
    data, buffer = bytearray(FRAME), bytearray(7)
    decompressor = ZstdDecompressor()
    for arguments, error in (
        ((data, b"read-only"), BufferError),
        ((data, data), ValueError),
        (("text", buffer), TypeError),
        ((data, "text"), TypeError),
        ((data, buffer, Truth(True, fail)), LookupError),
    ):
        with pytest.raises(error):
            decompressor.decompress_into(*arguments)
        assert samples.is_released(data)
        assert samples.is_released(buffer)


# --- figures ---


def test_memory_size():
    """In an interpreter of its own, since contexts that were used before may be used again."""
    code = """
        import zstandard
        fresh = zstandard.ZstdDecompressor()
        print(zstandard.estimate_decompression_context_size(), fresh.memory_size())
        stream = fresh.decompressobj()
        frame = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1 << 20))
        stream.decompress(frame[:-1])
        print(fresh.memory_size())
    """
    estimate, fresh, streaming = map(int, child.output_of(code).split())
    assert fresh == estimate
    assert streaming > fresh + (1 << 20)


# --- life ---


def test_init_again_configures_later_work_and_leaves_live_streams_alone():
    decompressor = ZstdDecompressor()
    first = decompressor.decompressobj()
    decompressor.__init__(format=FORMAT_ZSTD1_MAGICLESS)
    second = decompressor.decompressobj()
    decompressor.__init__()
    third = decompressor.decompressobj()
    for stream, frame in ((third, FRAME), (first, FRAME), (second, magicless(FRAME))):
        assert stream.decompress(frame) == b"content"
        assert decompressor.decompress(FRAME) == b"content"


@pytest.mark.parametrize(
    "keywords", [{"format": 9}, {"max_window_size": 5}, {"unknown": 1}, {"format": None}]
)
def test_init_that_fails_leaves_the_decompressor_as_it_was(keywords):
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    with pytest.raises((ZstdError, TypeError)):
        decompressor.__init__(**keywords)
    assert decompressor.decompress(magicless(FRAME)) == b"content"
    assert decompressor.decompressobj().decompress(magicless(FRAME)) == b"content"


def test_options_do_not_pass_to_other_decompressors():
    """Contexts are used again, by decompressors of other options too."""
    first = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS, max_window_size=1024)
    assert first.decompressobj().decompress(magicless(FRAME)) == b"content"
    with pytest.raises(ZstdError):
        first.decompressobj().decompress(magicless(WIDE))
    del first
    assert ZstdDecompressor().decompress(WIDE, -1) == b"content"
    assert ZstdDecompressor().decompressobj().decompress(WIDE) == b"content"


def test_new_without_init_is_a_decompressor_of_the_defaults():
    decompressor = ZstdDecompressor.__new__(ZstdDecompressor)
    assert decompressor.memory_size() > 10_000
    assert decompressor.decompress(FRAME) == b"content"
    assert decompress_into(decompressor, FRAME, 7) == b"content"
    assert decompressor.decompressobj().decompress(FRAME) == b"content"
    assert ZstdDecompressor.__new__(ZstdDecompressor, "any", x=1).decompress(FRAME) == b"content"


def test_subclass_with_its_own_constructor():
    class Own(ZstdDecompressor):
        def __init__(self, name):
            super().__init__(format=FORMAT_ZSTD1_MAGICLESS)
            self.name = name

    own = Own("magicless")
    assert own.name == "magicless"
    assert own.decompress(magicless(FRAME)) == b"content"


def test_subclass_that_does_not_call_the_constructor():
    class Own(ZstdDecompressor):
        def __init__(self, name):
            self.name = name

    assert Own("default").decompress(FRAME) == b"content"


def test_subclass_with_slots():
    class Slotted(ZstdDecompressor):
        __slots__ = ("first", "second")

    slotted = Slotted()
    slotted.first, slotted.second = 1, [slotted]
    assert slotted.decompress(FRAME) == b"content"
    with pytest.raises(AttributeError):
        slotted.third = 3


def test_subclass_with_weak_references_and_a_finalizer():
    ends = []

    class Finalized(ZstdDecompressor):
        def __del__(self):
            ends.append(self.decompress(FRAME))

    finalized = Finalized()
    finalized.attribute = "any"
    reference = weakref.ref(finalized)
    stream = finalized.decompressobj()
    del finalized
    assert stream.decompress(FRAME) == b"content"
    del stream
    assert reference() is None
    assert ends == [b"content"]


# --- re-entry ---


def test_init_re_entered_by_its_arguments():
    decompressor = ZstdDecompressor()
    callback = lambda: decompressor.__init__(max_window_size=2048)  # noqa: E731
    decompressor.__init__(max_window_size=Index(0, callback), format=Index(1, callback))
    assert decompressor.decompress(magicless(WIDE), -1) == b"content"


def test_buffers_changed_by_the_arguments():
    data, buffer = bytearray(FRAME), bytearray(7)

    def change():
        data.extend(FRAME)
        buffer.extend(bytes(100_000))

    written = ZstdDecompressor().decompress_into(data, buffer, Truth(True, change))
    assert written == 14
    assert buffer.startswith(b"contentcontent")
    data = bytearray(FRAME)
    result = ZstdDecompressor().decompress(data, Index(-1, lambda: data.extend(FRAME * 999)), True)
    assert result == b"content" * 1000


@buffers_can_call_back
def test_decompressor_re_entered_by_the_buffer_it_asks_for():
    def use_again():
        decompressor.__init__()
        assert decompressor.decompress(compress(b"inner")) == b"inner"

    decompressor = ZstdDecompressor()
    assert decompressor.decompress(Buffer(compress(b"outer"), use_again)) == b"outer"
    buffer = bytearray(5)
    assert decompressor.decompress_into(compress(b"outer"), Buffer(buffer, use_again)) == 5
    assert buffer == b"outer"


@buffers_can_call_back
def test_error_of_an_export_propagates():
    decompressor = ZstdDecompressor()
    for use in (
        decompress,
        decompressor.decompress,
        decompressor.decompressobj().decompress,
        lambda data: decompressor.decompress_into(data, bytearray(7)),
        lambda buffer: decompressor.decompress_into(FRAME, buffer),
    ):
        with pytest.raises(LookupError, match="of the callback"):
            use(Buffer(b"", fail))


def test_frame_that_is_whole_but_damaged_is_not_said_to_be_short():
    damaged = bytes.fromhex("28b52ffd20052d00002020646efd")
    with pytest.raises(ZstdError, match=r"^decompression error: ") as caught:
        ZstdDecompressor().decompress(damaged)
    assert "ends before" not in str(caught.value)


def test_empty_buffer_without_an_address():
    nothing = (ctypes.c_char * 0).from_address(0)
    with pytest.raises(ZstdError, match="error determining content size"):
        ZstdDecompressor().decompress(nothing)
    assert ZstdDecompressor().decompress(ZstdCompressor().compress(nothing)) == b""


@has_gil
def test_other_threads_run_while_a_long_input_is_measured():
    blocks = frames.raw_block(b"", last=False) * (1 << 19)
    cut = frames.header(0, single_segment=True) + blocks

    def measure():
        with pytest.raises(ZstdError, match="ends before its frame does"):
            ZstdDecompressor().decompress(cut)

    assert others_run(lambda: measure)
