"""The functions that write and read skippable frames."""

import mmap
import sys

import pytest

import frames
import parallel
import samples
from callbacks import Index, fail
from zstandard import (
    ZstdDecompressor,
    ZstdEOFError,
    ZstdError,
    compress,
    get_frame_parameters,
    is_skippable_frame,
    read_skippable_frame,
    write_skippable_frame,
)

FUNCTIONS = (is_skippable_frame, read_skippable_frame, write_skippable_frame)
READERS = (is_skippable_frame, read_skippable_frame)
CONTENT = samples.text(1000)
FRAME = frames.skippable(CONTENT, 7)


@pytest.mark.parametrize("variant", range(16))
@pytest.mark.parametrize("size", samples.SIZES)
def test_what_is_written_is_read(size, variant):
    content = samples.noise(size)
    frame = write_skippable_frame(content, variant)
    assert frame == frames.skippable(content, variant)
    assert is_skippable_frame(frame)
    assert read_skippable_frame(frame) == (content, variant)


def test_default_variant():
    assert write_skippable_frame(CONTENT) == frames.skippable(CONTENT, 0)
    assert write_skippable_frame(data=CONTENT, magic_variant=9) == frames.skippable(CONTENT, 9)


def test_content_that_is_copied_with_the_interpreter_released():
    for size in (1 << 20, (1 << 20) + 1, 3 << 20):
        content = samples.runs(size)
        frame = write_skippable_frame(content, 3)
        assert frame == frames.skippable(content, 3)
        assert read_skippable_frame(frame) == (content, 3)


@parallel.has_gil
def test_others_run_during_long_copies():
    content = bytes(100 << 20)
    frame = write_skippable_frame(content)
    assert parallel.others_run(lambda: lambda: write_skippable_frame(content))
    assert parallel.others_run(lambda: lambda: read_skippable_frame(frame))


def test_decompression_passes_over_it():
    data = write_skippable_frame(CONTENT) + compress(b"data") + write_skippable_frame(b"", 15)
    assert ZstdDecompressor().decompress(data, read_across_frames=True) == b"data"
    assert get_frame_parameters(data).content_size == len(CONTENT)


def test_what_follows_the_frame_is_left_alone():
    assert read_skippable_frame(FRAME + b"more") == (CONTENT, 7)
    assert read_skippable_frame(frames.skippable() + b"more") == (b"", 0)


# --- what is none ---


@pytest.mark.parametrize("length", range(8))
def test_header_cut_short(length):
    message = f"not a whole skippable frame: its header has 8 bytes, and there are {length}$"
    with pytest.raises(ZstdError, match=message) as caught:
        read_skippable_frame(FRAME[:length])
    assert caught.value.code == 72
    assert not isinstance(caught.value, ZstdEOFError)
    assert is_skippable_frame(FRAME[:length]) is (length >= 4)


@pytest.mark.parametrize("length", [8, 9, len(FRAME) - 1])
def test_content_cut_short(length):
    message = f"not a whole skippable frame: it has 1008 bytes, and there are {length}$"
    with pytest.raises(ZstdError, match=message) as caught:
        read_skippable_frame(FRAME[:length])
    assert caught.value.code == 72
    assert is_skippable_frame(FRAME[:length])


def test_content_of_the_largest_size_cut_short():
    header = FRAME[:4] + b"\xff" * 4
    with pytest.raises(ZstdError, match="it has 4294967303 bytes, and there are 9"):
        read_skippable_frame(header + b"1")


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (compress(b"data"), "0xfd2fb528"),
        (b"junk", "0x6b6e756a"),
        (b"\x4f\x2a\x4d\x18" + bytes(9), "0x184d2a4f"),
        (b"\x60\x2a\x4d\x18" + bytes(9), "0x184d2a60"),
        (b"\x50\x2a\x4d\x19" + bytes(9), "0x194d2a50"),
        (bytes(4), "0x00000000"),
    ],
)
def test_another_magic_number(data, number):
    message = f"not a skippable frame: it begins with {number}, and those begin with 0x184d2a50 to"
    with pytest.raises(ZstdError, match=message) as caught:
        read_skippable_frame(data)
    assert caught.value.code == 10
    assert is_skippable_frame(data) is False


@pytest.mark.parametrize("variant", [-1, 16, 2**31, -(2**31), 2**63, 2**64, -(2**64)])
def test_variant_out_of_range(variant):
    with pytest.raises(ValueError, match=f"magic_variant must be from 0 to 15, not {variant}$"):
        write_skippable_frame(CONTENT, variant)


def test_variants_that_are_no_int():
    for variant in (None, "3", 3.0):
        with pytest.raises(TypeError):
            write_skippable_frame(CONTENT, variant)
    with pytest.raises(LookupError):
        write_skippable_frame(CONTENT, Index(3, fail))
    assert write_skippable_frame(CONTENT, Index(3, lambda: None)) == frames.skippable(CONTENT, 3)


@pytest.mark.skipif(sys.maxsize < 2**32, reason="no buffer is so long")
def test_more_than_a_frame_can_hold():
    with mmap.mmap(-1, 2**32) as data:
        message = "data has 4294967296 bytes, and a skippable frame holds at most 4294967295"
        with pytest.raises(ValueError, match=message):
            write_skippable_frame(data)


# --- arguments ---


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_kind_of_buffer(shape):
    data = samples.SHAPES[shape](FRAME)
    assert is_skippable_frame(data)
    assert read_skippable_frame(data) == (CONTENT, 7)
    assert write_skippable_frame(data, 1) == frames.skippable(FRAME, 1)
    for function in FUNCTIONS:
        assert function(data=data) == function(FRAME)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", samples.NOT_BUFFERS)
def test_what_is_no_buffer_is_a_type_error(function, kind):
    with pytest.raises(TypeError, match="bytes-like"):
        function(samples.NOT_BUFFERS[kind])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_bad_arguments(function):
    for arguments, keywords in (
        ((), {}),
        ((FRAME, 0, 0), {}),
        ((FRAME,), {"data": FRAME}),
        ((FRAME,), {"unknown": 1}),
    ):
        with pytest.raises(TypeError):
            function(*arguments, **keywords)
    with pytest.raises(BufferError):
        function(memoryview(FRAME * 2)[::2])


@pytest.mark.parametrize("data", [FRAME, FRAME[:-1], b"junk"])
def test_input_is_released(data):
    data = bytearray(data)
    is_skippable_frame(data)
    write_skippable_frame(data)
    try:
        read_skippable_frame(data)
    except ZstdError:
        assert data != FRAME
    assert samples.is_released(data)
