"""The table of what programs do, which the files in uses/ fill by decorating their functions.

A function is named by its file and its own name, and what it does by these and the data it reads:
pandas.read_csv(pandas.csv).
"""

from collections.abc import Callable, Iterable
from typing import Any

from oracle.outcome import result_of

# Functions that return what a program wrote.
WRITERS: dict[str, Callable[[], bytes]] = {}

# Functions that return what a program made of data, and the writers of that data.
READERS: dict[str, tuple[Callable[[bytes], object], tuple[str, ...]]] = {}

# Functions that have a program write and read, and return what came of it.
ROUND_TRIPS: dict[str, Callable[[], object]] = {}


def name_of(function: Callable[..., object]) -> str:
    """Return the name of a function of the table."""
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def writes(function: Callable[[], bytes]) -> Callable[[], bytes]:
    """Enter a function that returns what its program wrote."""
    WRITERS[name_of(function)] = function
    return function


def reads(*writers: Callable[[], bytes]) -> Callable[..., Any]:
    """Enter a function that returns what its program makes of data, of each of the writers."""

    def enter(function: Callable[[bytes], object]) -> Callable[[bytes], object]:
        READERS[name_of(function)] = (function, tuple(map(name_of, writers)))
        return function

    return enter


def round_trip(function: Callable[[], object]) -> Callable[[], object]:
    """Enter a function that has its program write and read."""
    ROUND_TRIPS[name_of(function)] = function
    return function


def gather(chunks: Iterable[bytes]) -> list[object]:
    """Return what the chunks hold together, and the error that ends them, if one does."""
    content = bytearray()

    def take() -> None:
        for chunk in chunks:
            content.extend(chunk)

    end = result_of(take)
    return [bytes(content), end]


def until_empty(read: Callable[[], bytes]) -> list[object]:
    """Return what read() gives until it gives nothing, and the error that ends it, if one does."""
    return gather(iter(read, b""))
