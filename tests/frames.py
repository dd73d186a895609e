"""Frames written by hand (RFC 8878), for layouts and lies that no compressor makes."""

MAGIC = b"\x28\xb5\x2f\xfd"
RAW, RLE, COMPRESSED, RESERVED = range(4)

_CONTENT_SIZE_FLAGS = {0: 0, 1: 0, 2: 1, 4: 2, 8: 3}
_DICT_ID_FLAGS = {0: 0, 1: 1, 2: 2, 4: 3}


def header(
    content_size=0,
    *,
    size_width=0,
    window=0,
    single_segment=False,
    dict_id=0,
    dict_id_width=0,
    checksum=False,
    reserved=False,
    magic=MAGIC,
):
    """Make a frame header; window is the window descriptor, a byte that single segments lack.

    A content size field of one byte exists in single segments only, and they have no narrower one.
    """
    if single_segment:
        size_width = size_width or 1
    descriptor = (
        _CONTENT_SIZE_FLAGS[size_width] << 6
        | single_segment << 5
        | reserved << 3
        | checksum << 2
        | _DICT_ID_FLAGS[dict_id_width]
    )
    stated = content_size - 256 if size_width == 2 else content_size
    return (
        magic
        + bytes([descriptor])
        + (b"" if single_segment else bytes([window]))
        + dict_id.to_bytes(dict_id_width, "little")
        + stated.to_bytes(size_width, "little")
    )


def window_size(descriptor):
    base = 1 << (10 + (descriptor >> 3))
    return base + base // 8 * (descriptor & 7)


def block(kind, size, payload, *, last=True):
    return (size << 3 | kind << 1 | last).to_bytes(3, "little") + payload


def raw_block(payload, *, last=True):
    return block(RAW, len(payload), payload, last=last)


def rle_block(size, byte=b"r", *, last=True):
    return block(RLE, size, byte, last=last)


def skippable(payload=b"", variant=0):
    magic = (0x184D2A50 + variant).to_bytes(4, "little")
    return magic + len(payload).to_bytes(4, "little") + payload
