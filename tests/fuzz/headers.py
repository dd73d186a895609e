"""Targets: what is said of frames without decompressing them, and skippable frames."""

import io

import zstandard
from fuzz.choices import Choices
from fuzz.expected import CONTENT_MAX, Source, attempt
from zstandard import (
    CONTENTSIZE_UNKNOWN,
    FORMAT_ZSTD1,
    FORMAT_ZSTD1_MAGICLESS,
    ZstdDecompressor,
    ZstdError,
)

WINDOW_MAX = (1 << 41) + 7 * (1 << 38)


def listed(source, **options):
    """Return the frames that are listed, and the name of the error that ended it."""
    frames = []
    try:
        frames.extend(zstandard.list_frames(source, **options))
    except ZstdError as error:
        return frames, error.name
    return frames, None


def assert_parameters_agree(data, frame, parameters, frame_format):
    assert parameters.window_size == frame.window_size
    assert parameters.window_size <= max(WINDOW_MAX, parameters.content_size)
    assert parameters.has_checksum == frame.has_checksum
    assert 0 < frame.header_size <= frame.compressed_size <= len(data)
    if frame.is_skippable:
        assert parameters.content_size == frame.compressed_size - frame.header_size
    else:
        stated = CONTENTSIZE_UNKNOWN if frame.content_size is None else frame.content_size
        assert parameters.content_size == stated
        assert parameters.dict_id == frame.dict_id
    if frame_format == FORMAT_ZSTD1:
        size = zstandard.frame_content_size(data)
        assert size == (-1 if frame.content_size is None else frame.content_size)
        if not frame.is_skippable:  # of which it knows nothing
            assert zstandard.frame_header_size(data) == frame.header_size


def assert_content_agrees(data, frames, frame_format):
    """See that the frames have the content they state."""
    decompressor = ZstdDecompressor(format=frame_format, max_window_size=1 << 20)
    for frame in frames:
        part = data[frame.offset : frame.offset + frame.compressed_size]
        content, error = attempt(decompressor.decompress, part, CONTENT_MAX, True, False)
        if error is None:
            assert frame.content_size in (None, len(content))
            assert not frame.is_skippable or content == b""
        else:
            assert isinstance(error, ZstdError)


def frames(data):
    """By get_frame_parameters(), frame_content_size(), frame_header_size(), list_frames()."""
    choices = Choices(data)
    payload = choices.payload
    frame_format = choices.pick([FORMAT_ZSTD1, FORMAT_ZSTD1, FORMAT_ZSTD1_MAGICLESS])
    parameters, error = attempt(zstandard.get_frame_parameters, payload, frame_format)
    assert error is None or isinstance(error, ZstdError)
    for function in (zstandard.frame_content_size, zstandard.frame_header_size):
        result, result_error = attempt(function, payload)
        assert result_error is None or isinstance(result_error, ZstdError)
        assert result is None or result >= -1
    found, fault = listed(payload, format=frame_format)
    if found:
        assert error is None
        assert_parameters_agree(payload, found[0], parameters, frame_format)
        assert_content_agrees(payload, found, frame_format)
    places = [frame.offset + frame.compressed_size for frame in found]
    assert [0, *places][: len(found)] == [frame.offset for frame in found]
    if fault is None:
        assert [0, *places][-1] == len(payload)
    sources = [Source(choices.pieces(payload)), io.BytesIO(payload)]
    for source in sources:
        size = choices.pick([8192, 1, 3, 64])
        again, again_fault = listed(source, format=frame_format, read_size=size)
        assert (again, again_fault) == (found, fault)


def skippable(data):
    """By read_skippable_frame(), is_skippable_frame(), write_skippable_frame()."""
    choices = Choices(data)
    payload = choices.payload
    parts, error = attempt(zstandard.read_skippable_frame, payload)
    if error is None:
        content, variant = parts
        frame = zstandard.write_skippable_frame(content, variant)
        assert payload.startswith(frame)
        assert zstandard.is_skippable_frame(payload)
        assert next(zstandard.list_frames(payload)).magic_variant == variant
    else:
        assert isinstance(error, ZstdError)
    variant = choices.number(-2, 17)
    written, error = attempt(zstandard.write_skippable_frame, payload, variant)
    assert (error is None) == (0 <= variant <= 15), error
    if error is None:
        assert zstandard.read_skippable_frame(written + b"more") == (payload, variant)
        assert ZstdDecompressor().decompress(written, -1, True) == b""


TARGETS = {"frames": frames, "skippable": skippable}
