"""Compression and decompression as the arguments ask for it, dictionary and window included."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import zstandard
from zstandard import ZstdCompressionDict
from zstandard.cli import coding
from zstandard.cli.errors import FileError, blame
from zstandard.cli.sources import Source

if TYPE_CHECKING:
    from zstandard.cli.arguments import Options

Code: TypeAlias = Callable[[Iterable[bytes]], Iterator[bytes]]
Coder: TypeAlias = Callable[[Source], Code]


def make_coder(options: Options) -> Coder:
    """Return what gives, for each source, the function that codes its data.

    The dictionary is read for this, once; FileError if that fails or it is damaged.
    """
    with blame(options.dictionary or options.patch_from or "arguments"):
        return _compression(options) if options.mode == "compress" else _decompression(options)


def _compression(options: Options) -> Coder:
    numbers = {
        "compression_level": options.level,
        # To the library 0 is no thread beside this one, and -1 is one for each CPU.
        "threads": {0: -1, 1: 0}.get(options.threads, options.threads),
        "write_checksum": options.checksum,
        "write_dict_id": True,
    }
    if options.long is not None:
        numbers["enable_ldm"] = True
        # A patch has the window that its source needs, whatever is asked for.
        if options.patch_from is None:
            numbers["window_log"] = options.long
    parameters = zstandard.ZstdCompressionParameters(**numbers)
    dictionary = _dictionary(options)
    if dictionary is not None and options.patch_from is None:
        # So that a damaged one is found here, and not with each source.
        dictionary.precompute_compress(compression_params=parameters)
    compressor = zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters)

    def code(source: Source) -> Code:
        size = source.size()
        if options.patch_from is not None and size is None:
            raise FileError(source.name, "has no known size, which --patch-from needs; use a file")
        return partial(coding.compress, compressor=compressor, size=size)

    return code


def _decompression(options: Options) -> Coder:
    dictionary = _dictionary(options)
    limit = options.memory or (0 if options.long is None else 1 << options.long)
    if limit and dictionary is not None and options.patch_from is not None:
        # All of the old version is in memory anyway.
        limit = max(limit, min(len(dictionary), 1 << zstandard.WINDOWLOG_MAX))
    decompressor = zstandard.ZstdDecompressor(dict_data=dictionary, max_window_size=limit)
    return lambda _source: partial(coding.decompress, decompressor=decompressor)


def _dictionary(options: Options) -> ZstdCompressionDict | None:
    if options.patch_from is not None:
        old = Path(options.patch_from).read_bytes()
        return ZstdCompressionDict(old, zstandard.DICT_TYPE_PREFIX)
    if options.dictionary is not None:
        return ZstdCompressionDict(Path(options.dictionary).read_bytes())
    return None
