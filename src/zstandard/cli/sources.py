"""Inputs: which files may be read, reading them, and removing them."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zstandard.cli.coding import READ_SIZE
from zstandard.cli.errors import FileError, blame
from zstandard.cli.names import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDIN = 0


@dataclass(frozen=True)
class Source:
    """An open input; the path of standard input is None."""

    name: str
    path: Path | None
    descriptor: int
    status: os.stat_result

    def read(self) -> bytes:
        """Return the next bytes, READ_SIZE if a regular file has as many, and none at the end."""
        with blame(self.name):
            return os.read(self.descriptor, READ_SIZE)

    def size(self) -> int | None:
        """Return how many bytes are left to read, if the file says so."""
        if not stat.S_ISREG(self.status.st_mode):
            return None
        return max(0, self.status.st_size - os.lseek(self.descriptor, 0, os.SEEK_CUR))

    def is_storage(self) -> bool:
        """Tell if it holds its data, so that writing to it would destroy what is to be read."""
        return stat.S_ISREG(self.status.st_mode) or stat.S_ISBLK(self.status.st_mode)

    def remove(self) -> None:
        """Remove a regular file, unless it is no longer the one that was read."""
        if self.path is None or not stat.S_ISREG(self.status.st_mode):
            return
        with blame(self.name):
            if _version(self.path.stat()) != _version(self.status):
                raise FileError(self.name, "changed while it was read, so it is not removed")
            self.path.unlink()


def _version(status: os.stat_result) -> tuple[int, ...]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@contextmanager
def open_source(name: str, *, force: bool, special: bool) -> Iterator[Source]:
    """Open a file for reading, or standard input.

    Without ``special`` only regular files are read. Without ``force`` neither a symbolic link nor
    a terminal is.
    """
    if name == STANDARD:
        yield _standard_input(force=force)
        return
    path = Path(name)
    with blame(name):
        _check(path, force=force, special=special)
        descriptor = os.open(path, os.O_RDONLY)
    try:
        yield Source(name, path, descriptor, os.fstat(descriptor))
    finally:
        os.close(descriptor)


def _standard_input(*, force: bool) -> Source:
    name = "standard input"
    with blame(name):
        status = os.fstat(_STDIN)
    if os.isatty(_STDIN) and not force:
        raise FileError(name, "is a terminal; name a FILE, or see 'zstandard -h'")
    return Source(name, None, _STDIN, status)


def _check(path: Path, *, force: bool, special: bool) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise FileError(str(path), "is a directory")
    # A link to a pipe is what a shell's <(command) gives.
    if path.is_symlink() and not force and not stat.S_ISFIFO(mode):
        raise FileError(str(path), "is a symbolic link; use -f to read what it leads to")
    if not stat.S_ISREG(mode) and not special:
        raise FileError(str(path), "is not a regular file; use -c, -o or -f to read it")
