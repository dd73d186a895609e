"""The error that ends the work on one file, and how other errors become one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from zstandard import ZstdError

if TYPE_CHECKING:
    from collections.abc import Iterator


class FileError(Exception):
    """Says which file could not be dealt with, and why."""

    def __init__(self, name: str, cause: str) -> None:
        """Keep the name that the user knows the file by, and the cause in words."""
        super().__init__(f"{name}: {cause}")


@contextmanager
def blame(name: str) -> Iterator[None]:
    """Make a FileError about this file of what goes wrong in the block.

    A broken pipe stays what it is: it is no fault to tell, whoever the reader was has seen enough.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise FileError(name, error.strerror or str(error)) from error
    except ZstdError as error:
        raise FileError(name, str(error)) from error
    except MemoryError as error:
        raise FileError(name, "not enough memory") from error
