"""The work on one file, from opening it to removing it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zstandard.cli import coding
from zstandard.cli.errors import blame
from zstandard.cli.names import compressed_name, decompressed_name
from zstandard.cli.sources import open_source
from zstandard.cli.targets import STANDARD_OUTPUT, open_target, sync_folder

if TYPE_CHECKING:
    from zstandard.cli.arguments import Options
    from zstandard.cli.coders import Coder
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


def process(name: str, options: Options, coder: Coder) -> Outcome:
    """Compress, decompress or test one file, as the coder does it; FileError if that fails."""
    output = os.devnull if options.mode == "test" else options.output
    named = output is not None
    with open_source(name, force=options.force, special=named or options.force) as source:
        if output is None:
            output = _target_name(name, options)
        with (
            open_target(output, source, named=named, force=options.force) as target,
            blame(source.name),
        ):
            counts = coding.copy(source.read, coder(source), target.write)
        if options.remove:
            _remove(source, target)
    return Outcome(source, target, options.mode == "compress", counts)


def _target_name(name: str, options: Options) -> str:
    return compressed_name(name) if options.mode == "compress" else decompressed_name(name)


def _remove(source: Source, target: Target) -> None:
    # What went to standard output or a device may be gone: then the source is all there is.
    if target is not STANDARD_OUTPUT and Path(target.name).is_file():
        sync_folder(Path(target.name))
        source.remove()
