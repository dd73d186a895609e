"""Data to compress and frames to decompress; the frames are the same whatever the libzstd."""

from functools import cache

import samples
from frames import RESERVED, block, header, raw_block, rle_block, skippable

# --- data ---

text = cache(samples.text)
noise = cache(samples.noise)
zeros = samples.zeros


def mixed(size: int) -> bytes:
    """Return stretches of all three."""
    pieces = (text(5000) + noise(3000) + zeros(7000)) * (size // 15000 + 1)
    return pieces[:size]


def flipped(data: bytes, bit: int) -> bytes:
    """Return the data with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def cuts(data: bytes) -> range:
    """Return where to cut the data short, up to 200 bytes."""
    return range(min(len(data), 200))


# --- frames ---

HELLO_BLOCK = raw_block(b"hello world")
RUN_BLOCK = rle_block(100_000, b"a")
FIVE_BLOCKS = (
    raw_block(b"abc", last=False)
    + rle_block(70_000, b"d", last=False)
    + raw_block(b"", last=False)
    + rle_block(131_072, b"e", last=False)
    + raw_block(b"f")
)
WINDOW_128_KIB = 7 << 3

HELLO = header(11, single_segment=True) + HELLO_BLOCK
HELLO4 = header(11, single_segment=True, size_width=4) + HELLO_BLOCK
UNSIZED = header(window=WINDOW_128_KIB) + HELLO_BLOCK
EMPTY = header(0, single_segment=True) + raw_block(b"")
EMPTY_UNSIZED = header(window=WINDOW_128_KIB) + raw_block(b"")
RUN = header(100_000, single_segment=True, size_width=8) + RUN_BLOCK
RUN_UNSIZED = header(window=WINDOW_128_KIB) + RUN_BLOCK
BLOCKS = header(201_076, single_segment=True, size_width=8) + FIVE_BLOCKS
BLOCKS_UNSIZED = header(window=WINDOW_128_KIB) + FIVE_BLOCKS
WIDE = header(window=18 << 3) + HELLO_BLOCK  # a window of 256 MiB
BROAD = header(window=11 << 3) + HELLO_BLOCK  # one of 2 MiB
SKIPPABLE = skippable(b"skip")
SKIPPABLE_EMPTY = skippable(b"", 15)
MAGICLESS = HELLO[4:]
MAGICLESS_UNSIZED = UNSIZED[4:]

# 400 bytes of text in a compressed block, with a checksum; with and without content size.
CHECKED = bytes.fromhex(
    "28b52ffd649000750500f2091d1b6045930758c4ff03aa68fdffb0d40882e093258c2c35a244511007f7a3e21af77b"
    "b5742def30f96a9a7b5ccd597bbb1ea265f357bfc8d67dc5689a977859e755e5cd3e08437c5d566db67747c44cfb72"
    "248c806441ef9fc3504857010c02da6fe128ce428cbc1c088d426d3d08240d82ea204c27a81130745fb7fe1b509388"
    "6e1020c7590724d534da8959c4b7526e84fbda7963da276a64773bd324b6f2495142c006e282ce4d37a6067211b450"
)
CHECKED_UNSIZED = header(checksum=True) + CHECKED[7:]

# A dictionary of number 77777: its tables, and content.
FULL = bytes.fromhex(
    "37a430ecd12f01002910105a920e000000000060068661188641925a49ec4b896cc60e494ae2244139c8bde5decf2f"
    "09ce21630000181818934dcad4aa0f00048083010382959ea722528903298590310000000000000000000000000000"
    "0000c4fc31030000000000000000000000000000010000000400000008000000"
) + samples.text(4000, 99)

# Frames that are not right.
JUNK = b"junkjunkjunkjunk"
DICTIONARY = header(11, single_segment=True, dict_id=1234, dict_id_width=4) + HELLO_BLOCK
RESERVED_BIT = header(11, single_segment=True, reserved=True) + HELLO_BLOCK
RESERVED_BLOCK = header(11, single_segment=True) + block(RESERVED, 11, b"hello world")
LONG_BLOCK = header(131_073, single_segment=True, size_width=4) + raw_block(bytes(131_073))
STATES_NONE = header(0, single_segment=True) + HELLO_BLOCK
STATES_LESS = header(10, single_segment=True) + HELLO_BLOCK
STATES_MORE = header(12, single_segment=True) + HELLO_BLOCK
VAST = header(2**60, single_segment=True, size_width=8) + HELLO_BLOCK
BAD_CHECKSUM = flipped(CHECKED, 8 * len(CHECKED) - 1)
BAD_BLOCK = flipped(CHECKED, 8 * 12)

SOUND = (
    "HELLO",
    "HELLO4",
    "UNSIZED",
    "EMPTY",
    "EMPTY_UNSIZED",
    "RUN",
    "RUN_UNSIZED",
    "BLOCKS",
    "BLOCKS_UNSIZED",
    "CHECKED",
    "CHECKED_UNSIZED",
    "WIDE",
    "BROAD",
)
SKIPPED = ("SKIPPABLE", "SKIPPABLE_EMPTY")
BAD = (
    "b''",
    "JUNK",
    "MAGIC",
    "MAGICLESS",
    "MAGICLESS_UNSIZED",
    "DICTIONARY",
    "RESERVED_BIT",
    "RESERVED_BLOCK",
    "LONG_BLOCK",
    "STATES_NONE",
    "STATES_LESS",
    "STATES_MORE",
    "VAST",
    "BAD_CHECKSUM",
    "BAD_BLOCK",
)
