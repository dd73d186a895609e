"""What decompress() and decompress_into() make of frames: bounds, bad data, frame after frame."""

import contextlib
import sys

import pytest

import child
import frames
import samples
import zstandard
from allocated import at_most_allocated, held_by_result, least_peak
from ways import FRAME_MAKERS, decompress_into, unstated
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError, compress, decompress

NO_SIZE = "could not determine content size in frame header"
NO_HEADER = "error determining content size from frame header"
SHORT = "decompression error: did not decompress full frame"
BAD = "decompression error"


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
        assert decompress(frame, min(2**40, sys.maxsize)) == b"content"
        assert decompress(frame, sys.maxsize) == b"content"
        assert decompress(compress(b"content"), sys.maxsize) == b"content"


@pytest.mark.parametrize("maker", ["stated", "unstated"])
def test_result_takes_no_more_memory_than_it_needs(maker):
    frame = FRAME_MAKERS[maker](bytes(1_000_001))
    decompressor = ZstdDecompressor()
    assert held_by_result(decompressor.decompress, frame, -1) < 1_000_001 + 100


@pytest.mark.parametrize(
    ("bound", "error", "message"),
    [
        (-2, ValueError, "max_output_size"),
        (-sys.maxsize - 1, ValueError, "max_output_size"),
        (sys.maxsize + 1, OverflowError, None),
        (-sys.maxsize - 2, OverflowError, None),
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


def test_extra_data_after_a_block_of_one_repeated_byte():
    frame = frames.header(5, single_segment=True) + frames.rle_block(5)
    assert ZstdDecompressor().decompress(frame + b"more than a block would take") == b"rrrrr"


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
    assert least_peak(lambda: decompressor.decompress_into(frame, buffer)) < 10_000
