"""Outputs: which files may be written, and how a new one takes its place only when whole."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zstandard.cli.errors import FileError, blame
from zstandard.cli.names import STANDARD

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from zstandard.cli.sources import Source


@dataclass(frozen=True)
class Target:
    """An open output."""

    name: str
    descriptor: int

    def write(self, data: bytes) -> None:
        """Write all of the data."""
        view = memoryview(data)
        with blame(self.name):
            while view:
                view = view[os.write(self.descriptor, view) :]


STANDARD_OUTPUT = Target("standard output", 1)


def open_target(
    name: str, source: Source | None, *, named: bool, force: bool
) -> AbstractContextManager[Target]:
    """Open a file, or standard output, for what is made of the source, or of many if it is None.

    With ``named`` the user gave the name: then a link is followed, and a device or pipe written to.
    """
    if name == STANDARD:
        return _standard_output(source, force=force)
    path = Path(name)
    if named and _is_special(path):
        return _special_file(path, source, force=force)
    if named and path.is_symlink():
        path = path.resolve()
    return _new_file(path, source, force=force)


def _is_special(path: Path) -> bool:
    status = _status(path)
    return status is not None and not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode))


@contextmanager
def _standard_output(source: Source | None, *, force: bool) -> Iterator[Target]:
    with blame(STANDARD_OUTPUT.name):
        refuse_source(STANDARD_OUTPUT.name, os.fstat(STANDARD_OUTPUT.descriptor), source)
    _refuse_terminal(STANDARD_OUTPUT, force=force)
    yield STANDARD_OUTPUT


@contextmanager
def _special_file(path: Path, source: Source | None, *, force: bool) -> Iterator[Target]:
    name = str(path)
    with blame(name):
        status = path.stat()
        refuse_source(name, status, source)
        if stat.S_ISBLK(status.st_mode) and not force:
            raise FileError(name, "is a block device; use -f to overwrite it")
        target = Target(name, os.open(path, os.O_WRONLY | os.O_NOCTTY))
        try:
            _refuse_terminal(target, force=force)
            yield target
        finally:
            os.close(target.descriptor)


@contextmanager
def _new_file(path: Path, source: Source | None, *, force: bool) -> Iterator[Target]:
    """Give a temporary file that takes the path when the block has ended without an error.

    It then has the mode, owner and times of the source, if there is one. A file that has the path
    before, or comes to have it meanwhile, is only replaced with ``force``.
    """
    name = str(path)
    with blame(name):
        _refuse_existing(path, source, force=force)
        temporary = path.with_name(f".zstandard-{os.urandom(8).hex()}.tmp")
        try:
            target = Target(name, os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            try:
                yield target
                _keep_metadata(source, target.descriptor)
                os.fsync(target.descriptor)
            finally:
                os.close(target.descriptor)
            _put_in_place(temporary, path, force=force)
        finally:
            temporary.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """See to it that a file's new name survives a crash, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _status(path: Path) -> os.stat_result | None:
    with blame(str(path)), suppress(FileNotFoundError):
        return path.stat()
    return None


def refuse_source(name: str, status: os.stat_result, source: Source | None) -> None:
    """Raise FileError if a target of this name and status is the source."""
    if source is not None and source.is_storage() and os.path.samestat(status, source.status):
        raise FileError(name, "is the source and cannot be the target too")


def _refuse_terminal(target: Target, *, force: bool) -> None:
    if os.isatty(target.descriptor) and not force:
        raise FileError(target.name, "is a terminal; use -f to write to it")


def _refuse_existing(path: Path, source: Source | None, *, force: bool) -> None:
    status = _status(path)
    if status is not None:
        refuse_source(str(path), status, source)
        if stat.S_ISDIR(status.st_mode):
            raise FileError(str(path), "is a directory")
    if not force and (status is not None or path.is_symlink()):
        raise _exists(path)


def _exists(path: Path) -> FileError:
    return FileError(str(path), "already exists; use -f to overwrite it")


def _put_in_place(temporary: Path, path: Path, *, force: bool) -> None:
    if force:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError:
        # The file system has no hard links. To create the file is the other way to be the one
        # who has the name.
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        temporary.replace(path)


def _keep_metadata(source: Source | None, descriptor: int) -> None:
    if source is None or source.path is None or not source.is_storage():
        os.fchmod(descriptor, 0o666 & ~_umask())
        return
    status = source.status
    # Not every user, nor every file system, can keep all of it.
    with suppress(OSError):
        os.fchown(descriptor, status.st_uid, -1)
    with suppress(OSError):
        os.fchown(descriptor, -1, status.st_gid)
    with suppress(OSError):
        os.fchmod(descriptor, _mode(status, os.fstat(descriptor)))
    with suppress(OSError):
        os.utime(descriptor, ns=(status.st_atime_ns, status.st_mtime_ns))


def _mode(source: os.stat_result, target: os.stat_result) -> int:
    mode = source.st_mode & 0o777
    if source.st_gid == target.st_gid:
        return mode
    # Another group: it, and all others, may do what both group and others might do before.
    common = (mode >> 3) & mode & 0o007
    return mode & 0o700 | common << 3 | common


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
