"""What the command tells on standard error."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zstandard.cli.targets import STANDARD_OUTPUT

if TYPE_CHECKING:
    from zstandard.cli.errors import FileError
    from zstandard.cli.job import Outcome
    from zstandard.cli.targets import Target
    from zstandard.cli.training import Trained


def say(text: str) -> None:
    """Write a line to standard error, if there is one that takes it."""
    if sys.stderr is not None:
        with suppress(OSError):
            print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Messages:
    """Chooses what to tell: -2 is nothing, -1 errors, 0 what a person watching wants, 1 all."""

    verbosity: int

    def error(self, error: FileError) -> None:
        """Tell why a file could not be dealt with."""
        if self.verbosity > -2:
            say(f"zstandard: {error}")

    def outcome(self, outcome: Outcome) -> None:
        """Tell what became of a file."""
        self._tell(_line(outcome), outcome.target)

    def trained(self, trained: Trained) -> None:
        """Tell what became of samples."""
        size, dict_id = len(trained.dictionary), trained.dictionary.dict_id()
        line = f"{trained.samples} samples => {size} bytes, ID {dict_id}, {trained.target.name}"
        self._tell(line, trained.target)

    def _tell(self, line: str, target: Target) -> None:
        if self.verbosity > 0 or (self.verbosity == 0 and _watched(target)):
            say(line)


def _watched(target: Target) -> bool:
    # Next to the data on standard output, the line would only be in the way.
    return target is not STANDARD_OUTPUT and sys.stderr is not None and sys.stderr.isatty()


def _line(outcome: Outcome) -> str:
    name, counts = outcome.source.name, outcome.counts
    if not outcome.compressed:
        return f"{name:<20}: {counts.written} bytes"
    ratio = f"{counts.written / counts.read:7.2%}" if counts.read else " " * 7
    sizes = f"{human(counts.read)} => {human(counts.written)}"
    return f"{name:<20} :{ratio}   ({sizes}, {outcome.target.name})"


def human(size: float) -> str:
    """Return a size in bytes in ten places, in the largest unit that it has."""
    units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
    while size >= 1024 and len(units) > 1:
        size /= 1024
        del units[0]
    digits = 0 if units[0] == "B" or size >= 100 else 1 if size >= 10 else 2
    return f"{size:6.{digits}f} {units[0]:>3}"
