"""Signals that end the command: they raise an exception, so that nothing half-done stays behind."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Tells by which signal the command was ended."""

    def __init__(self, number: int) -> None:
        """Keep the signal's number."""
        super().__init__(number)
        self.number = number


@contextmanager
def interruptible() -> Iterator[None]:
    """Raise Interrupted when a signal asks the command to end within the block."""
    before = {number: signal.getsignal(number) for number in ENDING}
    # What the caller has set to be ignored (nohup, a shell's background job) stays ignored.
    heeded = [number for number in ENDING if before[number] is not signal.SIG_IGN]

    def interrupt(number: int, _frame: FrameType | None) -> NoReturn:
        # A second signal must not end the cleaning up.
        for each in heeded:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    try:
        for number in heeded:
            signal.signal(number, interrupt)
        yield
    finally:
        for number in heeded:
            signal.signal(number, before[number])
