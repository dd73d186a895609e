"""The work on one file, from opening it to removing it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard
from zstandard.cli import coding
from zstandard.cli.errors import blame
from zstandard.cli.names import compressed_name, decompressed_name
from zstandard.cli.sources import open_source
from zstandard.cli.targets import STANDARD_OUTPUT, open_target, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from zstandard.cli.arguments import Options
    from zstandard.cli.coding import Counts
    from zstandard.cli.sources import Source
    from zstandard.cli.targets import Target


@dataclass(frozen=True)
class Outcome:
    """What has become of a file."""

    source: Source
    target: Target
    compressed: bool
    counts: Counts


def process(name: str, options: Options) -> Outcome:
    """Compress, decompress or test one file; FileError if that fails."""
    output = os.devnull if options.mode == "test" else options.output
    named = output is not None
    with open_source(name, force=options.force, special=named or options.force) as source:
        if output is None:
            output = _target_name(name, options)
        with open_target(output, source, named=named, force=options.force) as target:
            counts = _copy(source, target, options)
        if options.remove:
            _remove(source, target)
    return Outcome(source, target, options.mode == "compress", counts)


def _target_name(name: str, options: Options) -> str:
    return compressed_name(name) if options.mode == "compress" else decompressed_name(name)


def _copy(source: Source, target: Target, options: Options) -> Counts:
    with blame(source.name):
        return coding.copy(source.read, _coder(source, options), target.write)


def _coder(source: Source, options: Options) -> Callable[[Iterable[bytes]], Iterator[bytes]]:
    if options.mode != "compress":
        return partial(coding.decompress, decompressor=zstandard.ZstdDecompressor())
    compressor = zstandard.ZstdCompressor(
        level=options.level,
        # To the library 0 is no thread beside this one, and -1 is one for each CPU.
        threads={0: -1, 1: 0}.get(options.threads, options.threads),
        write_checksum=options.checksum,
    )
    return partial(coding.compress, compressor=compressor, size=source.size())


def _remove(source: Source, target: Target) -> None:
    # What went to standard output or a device may be gone: then the source is all there is.
    if target is not STANDARD_OUTPUT and Path(target.name).is_file():
        sync_folder(Path(target.name))
        source.remove()
