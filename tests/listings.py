"""Frames of every kind, and what list_frames() has to tell of them."""

import frames
from zstandard import ZstdError, list_frames

ATTRIBUTES = (
    "offset",
    "compressed_size",
    "header_size",
    "content_size",
    "window_size",
    "blocks",
    "dict_id",
    "has_checksum",
    "checksum",
    "is_skippable",
    "magic_variant",
)

# Frames of every kind, and what is told of them but for the offset.
BY_HAND = [
    (frames.header(3, single_segment=True) + frames.raw_block(b"abc"), 6, 3, 3, 1, 0, None, None),
    (
        frames.header(window=0x58, checksum=True)
        + frames.raw_block(b"", last=False)
        + frames.rle_block(70_000, last=False)
        + frames.block(frames.COMPRESSED, 5, b"12345")
        + b"\x01\x02\x03\xff",
        6,
        None,
        frames.window_size(0x58),
        3,
        0,
        0xFF030201,
        None,
    ),
    (
        frames.header(70_000, size_width=4, window=9, dict_id=2**32 - 1, dict_id_width=4)
        + frames.rle_block(70_000),
        14,
        70_000,
        frames.window_size(9),
        1,
        2**32 - 1,
        None,
        None,
    ),
    (
        frames.header(0, size_width=8, single_segment=True, dict_id=5, dict_id_width=1)
        + frames.raw_block(b""),
        14,
        0,
        0,
        1,
        5,
        None,
        None,
    ),
    (frames.skippable(b"content", 15), 8, 0, 0, 0, 0, None, 15),
    (frames.skippable(), 8, 0, 0, 0, 0, None, 0),
]
ALL = b"".join(data for data, *_ in BY_HAND)


def as_tuple(info):
    return tuple(getattr(info, name) for name in ATTRIBUTES)


def expected(by_hand):
    result, offset = [], 0
    for data, header_size, content_size, window, blocks, dict_id, checksum, variant in by_hand:
        result.append(
            (
                *(offset, len(data), header_size, content_size, window, blocks, dict_id),
                *(checksum is not None, checksum, variant is not None, variant),
            )
        )
        offset += len(data)
    return result


def listed(*arguments, **options):
    return [as_tuple(info) for info in list_frames(*arguments, **options)]


def listed_until_error(*arguments, **options):
    """Return what is listed before an error, which has to come, and the error."""
    listing, result = list_frames(*arguments, **options), []
    try:
        result.extend(as_tuple(info) for info in listing)
    except ZstdError as error:
        return result, error
    raise AssertionError("no error")
