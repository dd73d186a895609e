"""FrameParameters, and the functions that read frame headers."""

import itertools

import pytest

import frames
import samples
import zstandard
from callbacks import Index, fail
from zstandard import (
    CONTENTSIZE_UNKNOWN,
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressor,
    ZstdError,
    decompression_bounds,
    frame_content_size,
    frame_header_size,
    get_frame_parameters,
)

FUNCTIONS = (get_frame_parameters, frame_content_size, frame_header_size)

# The window descriptor of the largest window (RFC 8878, section 3.1.1.1.2).
LARGEST_WINDOW = decompression_bounds()["max_window_size"][1].bit_length() - 11 << 3

# Width of the field for the content size, and sizes that it can state.
CONTENT_SIZES = {
    1: (0, 1, 255),
    2: (256, 257, 65791),
    4: (0, 70_000, 2**32 - 1),
    8: (0, 70_000, 2**40, 2**63, 2**64 - 3),
}
DICT_IDS = {0: (0,), 1: (0, 1, 255), 2: (0, 256, 65535), 4: (0, 70_000, 2**32 - 1)}


def tuple_of(parameters):
    return (
        parameters.content_size,
        parameters.window_size,
        parameters.dict_id,
        parameters.has_checksum,
    )


@pytest.mark.parametrize("checksum", [False, True])
@pytest.mark.parametrize("dict_id_width", DICT_IDS)
@pytest.mark.parametrize("size_width", CONTENT_SIZES)
def test_single_segment(size_width, dict_id_width, checksum):
    for size, dict_id in itertools.product(CONTENT_SIZES[size_width], DICT_IDS[dict_id_width]):
        header = frames.header(
            size,
            size_width=size_width,
            single_segment=True,
            dict_id=dict_id,
            dict_id_width=dict_id_width,
            checksum=checksum,
        )
        assert tuple_of(get_frame_parameters(header)) == (size, size, dict_id, checksum)
        assert frame_content_size(header) == size
        assert frame_header_size(header) == len(header)


@pytest.mark.parametrize("window", [0, 1, 7, 8, 0x58, 0x5F, 0xA0, LARGEST_WINDOW])
@pytest.mark.parametrize("size_width", [0, 2, 4, 8])
def test_window_descriptor(size_width, window):
    for size in CONTENT_SIZES.get(size_width, (CONTENTSIZE_UNKNOWN,)):
        header = frames.header(size if size_width else 0, size_width=size_width, window=window)
        expected = (size, frames.window_size(window), 0, False)
        assert tuple_of(get_frame_parameters(header)) == expected
        assert frame_content_size(header) == (size if size_width else -1)
        assert frame_header_size(header) == len(header)


@pytest.mark.parametrize("window", [LARGEST_WINDOW + 8, 0xFF])
def test_window_over_the_largest_is_an_error(window):
    with pytest.raises(ZstdError) as caught:
        get_frame_parameters(frames.header(window=window))
    assert caught.value.code == 16


def test_reserved_bit_is_an_error():
    with pytest.raises(ZstdError, match="Unsupported frame parameter") as caught:
        get_frame_parameters(frames.header(reserved=True))
    assert caught.value.code == 14


def test_types_of_the_attributes():
    parameters = get_frame_parameters(frames.header(5, single_segment=True, checksum=True))
    for name in ("content_size", "window_size", "dict_id"):
        assert type(getattr(parameters, name)) is int
    assert parameters.has_checksum is True


@pytest.mark.parametrize("variant", range(16))
def test_skippable_frame(variant):
    header = frames.skippable(b"", variant)[:4] + (1000).to_bytes(4, "little")
    size, window_size, dict_id, has_checksum = tuple_of(get_frame_parameters(header))
    assert (size, window_size, has_checksum) == (1000, 0, False)
    assert dict_id in (0, variant)  # it is the variant from libzstd 1.5.7 on
    assert frame_content_size(header) == 0


def test_frames_of_the_compressor():
    for size in samples.SIZES:
        frame = ZstdCompressor(write_checksum=True).compress(samples.text(size))
        parameters = get_frame_parameters(frame)
        assert parameters.content_size == frame_content_size(frame) == size
        assert parameters.window_size >= size or parameters.window_size >= 1 << 17
        assert parameters.has_checksum
        assert parameters.dict_id == 0


@pytest.mark.parametrize(
    "header",
    [
        frames.header(3, single_segment=True),
        frames.header(window=0x58),
        frames.header(2**40, size_width=8, window=0x58, dict_id=2**20, dict_id_width=4),
        frames.skippable(b""),
    ],
)
def test_header_cut_short(header):
    for length in range(len(header)):
        with pytest.raises(ZstdError, match="not enough data for frame") as caught:
            get_frame_parameters(header[:length])
        assert caught.value.code == 72
        with pytest.raises(ZstdError, match="error when determining content size") as caught:
            frame_content_size(header[:length])
        assert caught.value.code is None
    for data in (header, header + b"more"):
        get_frame_parameters(data)
        frame_content_size(data)


@pytest.mark.parametrize("length", range(5))
def test_header_size_of_too_few_bytes(length):
    message = "could not determine frame header size: Src size is incorrect"
    with pytest.raises(ZstdError, match=message) as caught:
        frame_header_size(frames.header(3, single_segment=True)[:length])
    assert caught.value.code == 72


def test_header_size_needs_five_bytes_and_no_magic_number():
    header = frames.header(2**40, size_width=8, dict_id_width=4)
    assert frame_header_size(header[:5]) == len(header)
    assert frame_header_size(b"junk" + header[4:5]) == len(header)


@pytest.mark.parametrize("junk", [b"j", b"junk", b"junkjunkjunk", b"\x28\xb5\x2f\xfe1234567890"])
def test_junk(junk):
    with pytest.raises(ZstdError, match="Unknown frame descriptor") as caught:
        get_frame_parameters(junk)
    assert caught.value.code == 10
    with pytest.raises(ZstdError, match="error when determining content size"):
        frame_content_size(junk)


def test_magicless_format():
    for size in (3, 70_000):
        header = frames.header(size, size_width=8, window=0x58, magic=b"")
        for parameters in (
            get_frame_parameters(header, FORMAT_ZSTD1_MAGICLESS),
            get_frame_parameters(data=header, format=FORMAT_ZSTD1_MAGICLESS),
        ):
            assert tuple_of(parameters) == (size, frames.window_size(0x58), 0, False)
        with pytest.raises(ZstdError, match="Unknown frame descriptor"):
            get_frame_parameters(header)
        with pytest.raises(ZstdError, match="not enough data for frame"):
            get_frame_parameters(header[:-1], FORMAT_ZSTD1_MAGICLESS)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (2, ZstdError),
        (-1, ZstdError),
        (2**31 - 1, ZstdError),
        (2**31, OverflowError),
        (None, TypeError),
        ("0", TypeError),
        (Index(0, fail), LookupError),
    ],
)
def test_bad_format(value, error):
    with pytest.raises(error):
        get_frame_parameters(frames.header(3, single_segment=True), value)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_kind_of_buffer(function, shape):
    data = samples.SHAPES[shape](frames.header(1000, size_width=4))
    function(data)
    function(data=data)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("kind", samples.NOT_BUFFERS)
def test_what_is_no_buffer_is_a_type_error(function, kind):
    with pytest.raises(TypeError, match="bytes-like"):
        function(samples.NOT_BUFFERS[kind])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_bad_arguments(function):
    header = frames.header(3, single_segment=True)
    for arguments, keywords in (
        ((), {}),
        ((header, 0, 0), {}),
        ((header,), {"data": header}),
        ((header,), {"unknown": 1}),
    ):
        with pytest.raises(TypeError):
            function(*arguments, **keywords)
    with pytest.raises(BufferError):
        function(memoryview(header * 2)[::2])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("data", [frames.header(3, single_segment=True), b"junk"])
def test_input_is_released(function, data):
    data = bytearray(data)
    try:
        function(data)
    except ZstdError:
        assert data == b"junk"
    assert samples.is_released(data)


def test_estimate_of_a_context():
    estimate = zstandard.estimate_decompression_context_size()
    assert 90_000 < estimate < 200_000
    with pytest.raises(TypeError):
        zstandard.estimate_decompression_context_size(1)
