"""Differences in buffers with segments, and in what takes many inputs in one call."""

from oracle.differences.meant import Meant

MULTI_DECOMPRESS = "pieces(D().multi_decompress_to_buffer("

DIFFERENCES = {
    "Many inputs of no bytes": (
        Meant(
            (f"{MULTI_DECOMPRESS}[]))",),
            "*",  # the process ends or, from CPython 3.14 on, another ValueError
            "ValueError: no source elements found",
        ),
    ),
    "decompressed_sizes": (
        Meant(
            (f"{MULTI_DECOMPRESS}[HELLO], None))", "*([HELLO], decompressed_sizes=None))"),
            "TypeError: a bytes-like object is required, not 'NoneType'",
            "*hello world*",
        ),
        Meant(
            (f"{MULTI_DECOMPRESS}[HELLO], *numbers(2**#)))",),
            "MemoryError: ",
            "ZstdError: error decompressing item 0: decompressed 11 bytes; expected #",
        ),
        Meant(
            ("pieces(D(max_window_size=2**#).multi_decompress_to_buffer([WIDE, BROAD], numbers(*",),
            "ZstdError: error decompressing item 0: Frame requires too much memory for decoding",
            "*hello world*",
        ),
    ),
    "Frames without magic number, many at once": (
        Meant(
            ("pieces(D(format=1).multi_decompress_to_buffer([MAGICLESS]*",),
            *("ValueError: could not determine decompressed size of item 0", "*hello world*"),
            *("ZstdError: *item 0: Unknown frame descriptor", "*hello world*"),
        ),
        Meant(
            ("pieces(D(format=1).multi_decompress_to_buffer([HELLO]*",),
            *("*hello world*", "ValueError: could not determine decompressed size of item 0: *"),
            *("*hello world*", "ZstdError: error decompressing item 0: *"),
        ),
    ),
    "Items that cannot be exported": (
        Meant(
            ("packed_pieces(C().multi_compress_to_buffer([memoryview(b'abcdef')[::2], b'abc']))",),
            "TypeError: item 0 not a bytes like object",
            "BufferError: memoryview: underlying buffer is not C-contiguous",
        ),
    ),
    "Segments outside of the data": (
        Meant(
            ("BW(b'abcdefgh', numbers(2**64 - 1, 1))", "BW(b'abcdefgh', numbers(1, 2**64 - 1))"),
            "<zstandard.backend_c.BufferWithSegments object>",
            "ValueError: offset within segments array references memory outside buffer: *",
        ),
    ),
    "BufferWithSegments without arguments": (
        Meant(
            ("len(BW.__new__(BW))",), "0", "TypeError: *missing required argument 'data' (pos 1)"
        ),
    ),
    "BufferSegments as a sequence": (
        Meant(
            (
                "joint(b'abc', b'de').segments()[0]",
                "len(joint(b'abc', b'de').segments())",
                "iter(joint(b'abc', b'de').segments())",
                "list(joint(b'abc', b'de').segments())",
            ),
            "TypeError: *",
            "*",
        ),
        Meant(
            ("type(joint(b'abc', b'de').segments().__*__)",),
            "AttributeError: *",
            "<class 'method-wrapper'>",
        ),
    ),
}
