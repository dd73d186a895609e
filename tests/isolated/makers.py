"""Every type of the extension, and every way to make an instance of it."""

import zstandard as z

FRAME = z.compress(b"content")

MAKERS = {
    z.ZstdCompressor: [
        z.ZstdCompressor,
        lambda: z.ZstdCompressor(5, write_checksum=True, write_content_size=False),
        lambda: z.ZstdCompressor.__new__(z.ZstdCompressor),
    ],
    z.ZstdDecompressor: [
        z.ZstdDecompressor,
        lambda: z.ZstdDecompressor(max_window_size=1 << 20, format=z.FORMAT_ZSTD1_MAGICLESS),
        lambda: z.ZstdDecompressor.__new__(z.ZstdDecompressor),
    ],
    z.ZstdCompressionObj: [
        lambda: z.ZstdCompressor().compressobj(),
        lambda: z.ZstdCompressor().compressobj(size=7),
    ],
    z.ZstdDecompressionObj: [
        lambda: z.ZstdDecompressor().decompressobj(),
        lambda: z.ZstdDecompressor().decompressobj(read_across_frames=True),
    ],
    z.FrameParameters: [lambda: z.get_frame_parameters(FRAME)],
}

SUBCLASSABLE = [z.ZstdCompressor, z.ZstdDecompressor]


def types():
    """Return the heap types of the extension, exceptions aside."""
    return [
        value
        for value in vars(z.backend_c).values()
        if isinstance(value, type) and not issubclass(value, BaseException)
    ]


def failing_calls():
    """Return calls that fail while an object is made, and what they raise."""
    compressor = z.ZstdCompressor()
    decompressor = z.ZstdDecompressor()
    return [
        (lambda: z.ZstdCompressor(level=23), ValueError),
        (lambda: z.ZstdCompressor("3"), TypeError),
        (lambda: z.ZstdCompressor(nothing=1), TypeError),
        (lambda: z.ZstdDecompressor(format=9), z.ZstdError),
        (lambda: z.ZstdDecompressor(max_window_size=5), z.ZstdError),
        (lambda: compressor.compressobj(size=-2), ValueError),
        (lambda: compressor.compressobj(size=1 << 64), OverflowError),
        (lambda: decompressor.decompressobj(write_size=0), ValueError),
        (lambda: z.get_frame_parameters(b""), z.ZstdError),
        (lambda: z.get_frame_parameters(b"no frame"), z.ZstdError),
    ]
