"""Dictionaries of every kind, and data that they help to compress."""

import pytest

import samples
from zstandard import (
    DICT_TYPE_AUTO,
    DICT_TYPE_FULLDICT,
    DICT_TYPE_PREFIX,
    DICT_TYPE_RAWCONTENT,
    ZstdCompressionDict,
    ZstdCompressor,
    ZstdDecompressor,
    train_dictionary,
)

TRAINED = train_dictionary(4096, [samples.text(500, seed) for seed in range(200)])
FULL = TRAINED.as_bytes()
ID = TRAINED.dict_id()
RAW = samples.noise(5000, 7)
DATA = samples.text(1500, 1000) + FULL[-1500:]

TYPES = {
    "auto, trained": (FULL, DICT_TYPE_AUTO),
    "auto, raw": (RAW, DICT_TYPE_AUTO),
    "raw, trained": (FULL, DICT_TYPE_RAWCONTENT),
    "raw": (RAW, DICT_TYPE_RAWCONTENT),
    "full": (FULL, DICT_TYPE_FULLDICT),
    "prefix": (RAW, DICT_TYPE_PREFIX),
    "prefix, trained": (FULL, DICT_TYPE_PREFIX),
}
any_type = pytest.mark.parametrize(("content", "kind"), TYPES.values(), ids=TYPES)


def raw(content=RAW):
    return ZstdCompressionDict(content, DICT_TYPE_RAWCONTENT)


class Derived(ZstdCompressionDict):
    def __init__(self, note):
        super().__init__(FULL, DICT_TYPE_FULLDICT, 5, 6)
        self.note = note


def both_of(dictionary, **options):
    return (
        ZstdCompressor(dict_data=dictionary, **options),
        ZstdDecompressor(dict_data=dictionary),
    )


def make_frame(dictionary):
    return ZstdCompressor(dict_data=dictionary).compress(DATA)
