"""Inputs of batches, and the methods that take them by name."""

import pytest

import samples
from zstandard import ZstdCompressor, ZstdDecompressor, compress

# More than a thread is started for, and items of all sizes.
DATA = [samples.text(size, seed) for seed, size in enumerate((*range(0, 300, 7), *samples.SIZES))]
FRAMES = [compress(data) for data in DATA]


def bytes_of(results):
    return [bytes(result) for result in results]


def all_methods():
    c, d = ZstdCompressor(), ZstdDecompressor()
    return {
        method.__name__: (method, item)
        for method, item in (
            (c.multi_compress, b"abc"),
            (c.multi_compress_to_buffer, b"abc"),
            (d.multi_decompress, compress(b"abc")),
            (d.multi_decompress_to_buffer, compress(b"abc")),
        )
    }


every_method = pytest.mark.parametrize("name", all_methods())
