"""FrameInfo: what list_frames() tells of a frame, as a value."""

import io

import pytest

import frames
from zstandard import list_frames

CHECKED = (
    frames.header(window=0x58, checksum=True)
    + frames.rle_block(70_000, last=False)
    + frames.raw_block(b"abc")
    + b"\x01\x02\x03\xff"
)
SIZED = frames.header(3, single_segment=True, dict_id=7, dict_id_width=1) + frames.raw_block(b"abc")
ALL = CHECKED + SIZED + frames.skippable(b"content", 15)

NUMBERS = ("offset", "compressed_size", "header_size", "window_size", "blocks", "dict_id")
BOOLEANS = ("has_checksum", "is_skippable")
OPTIONAL = ("content_size", "checksum", "magic_variant")


def test_types_of_the_attributes():
    for info in list_frames(ALL):
        assert {type(getattr(info, name)) for name in NUMBERS} == {int}
        assert {type(getattr(info, name)) for name in BOOLEANS} == {bool}
    optional = [[getattr(info, name) for name in OPTIONAL] for info in list_frames(ALL)]
    assert optional == [[None, 0xFF030201, None], [3, None, None], [0, None, 15]]


def test_repr_names_all_values():
    checked, sized, skippable = map(repr, list_frames(ALL))
    assert checked == (
        "FrameInfo(offset=0, compressed_size=20, header_size=6, content_size=None, "
        "window_size=2097152, blocks=2, dict_id=0, has_checksum=True, checksum=4278387201, "
        "is_skippable=False, magic_variant=None)"
    )
    assert sized == (
        "FrameInfo(offset=20, compressed_size=13, header_size=7, content_size=3, "
        "window_size=3, blocks=1, dict_id=7, has_checksum=False, checksum=None, "
        "is_skippable=False, magic_variant=None)"
    )
    assert skippable == (
        "FrameInfo(offset=33, compressed_size=15, header_size=8, content_size=0, "
        "window_size=0, blocks=0, dict_id=0, has_checksum=False, checksum=None, "
        "is_skippable=True, magic_variant=15)"
    )


def test_equality_is_that_of_all_values():
    one, other = list(list_frames(ALL)), list(list_frames(io.BytesIO(ALL)))
    assert one == other
    assert not any(info != same for info, same in zip(one, other, strict=True))
    assert [hash(info) for info in one] == [hash(info) for info in other]
    assert len(set(one + other)) == 3
    first, second = list_frames(frames.skippable() * 2)
    assert first != second  # as they are at different places
    assert (first == second) is False


def test_other_comparisons():
    first, second = list_frames(frames.skippable() * 2)
    assert first != 3
    assert (first == None) is False  # noqa: E711
    with pytest.raises(TypeError):
        assert first < second


def test_values_cannot_be_changed():
    info = next(list_frames(ALL))
    for name in (*NUMBERS, *BOOLEANS, *OPTIONAL):
        with pytest.raises(AttributeError):
            setattr(info, name, 1)
        with pytest.raises(AttributeError):
            delattr(info, name)
