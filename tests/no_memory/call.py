"""A call whose allocations can be made to fail, and how to tell that it is right."""

from collections.abc import Callable
from typing import Any, NamedTuple

import zstandard as z


class Call(NamedTuple):
    """A call of a function or of a type's member, made on a state that is prepared for it.

    After a call that has raised MemoryError it is made again, and then must be right; unless its
    state is `losable`, as a stream is whose output is lost: that may refuse to go on, but it must
    not be wrong.
    """

    name: str  # of the function or type's member, with a note in brackets where there are several
    # Of the state, what is to be called: of C, where that is possible, since CPython loses
    # exceptions where it lacks the memory for a frame of Python code.
    call: Callable[[Any], Callable[[], Any]]
    right: Callable[[Any, Any], bool]  # of the state and the call's result
    prepare: Callable[[], Any] = lambda: None
    losable: bool = False
    raises: type[BaseException] | None = None  # in place of a result
    again: bool = True  # whether the call is made again; not where nobody knows what it has done

    @property
    def covers(self):
        return self.name.partition(" (")[0]


def is_refusal(error):
    """Return whether that is how something refuses to go on that has been lost or has ended."""
    if isinstance(error, z.ZstdError):
        return error.code is None
    closed = isinstance(error, ValueError) and str(error) == "stream is closed"
    return closed or isinstance(error, MemoryError)


def equals(wanted):
    return lambda _, result: result == wanted


def always(_state, _result):
    return True
