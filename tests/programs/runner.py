"""Has the programs do their work with one implementation; standard output is a pickle of it.

Has them write, or read what is on standard input: written data by whose it is.
"""

import argparse
import faulthandler
import pickle
import sys
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Self

# What a program does takes seconds at most, on a machine that does nothing else.
SECONDS_MAX = 120


def select_zstandard(folder: str | None) -> None:
    """Import zstandard from the folder if there is one, else from where it is installed."""
    if folder:
        sys.path.insert(0, folder)
    import zstandard

    if (zstandard.__version__ == "0.25.0") != bool(folder):
        raise ImportError(f"zstandard {zstandard.__version__} is in {zstandard.__file__}")


class Watch:
    """Sees whether zstandard is called, which programs could do without, by another package."""

    def __init__(self) -> None:
        self.called = False

    def __call__(self, frame: FrameType, event: str, callee: object) -> None:
        """Take note of a call, as a profile function."""
        if event == "c_call":
            owner = getattr(callee, "__self__", None)
            name = owner.__name__ if isinstance(owner, type(sys)) else type(owner).__module__
        elif event == "call":
            name = frame.f_globals.get("__name__", "")
        else:
            return
        if name.partition(".")[0] == "zstandard":
            self.called = True

    def __enter__(self) -> Self:
        sys.setprofile(self)
        threading.setprofile(self)
        return self

    def __exit__(self, *_: object) -> None:
        threading.setprofile(None)
        sys.setprofile(None)


def watched(call: Callable[[], object]) -> tuple[object, bool]:
    """Return what a call gives, and whether zstandard was called."""
    from oracle.outcome import result_of

    faulthandler.dump_traceback_later(SECONDS_MAX, exit=True)
    with Watch() as watch:
        result = result_of(call)
    faulthandler.cancel_dump_traceback_later()
    return result, watch.called


def write() -> dict[str, object]:
    """Return what each writer wrote, or its Error, and whether zstandard was called."""
    from programs.table import WRITERS

    return {name: watched(writer) for name, writer in WRITERS.items()}


def read(written: dict[str, dict[str, bytes]]) -> dict[str, object]:
    """Return the outcomes of what is read, and of round trips, and whether zstandard was called.

    What is written is by its origin and its writer.
    """
    from oracle.outcome import outcome_of
    from programs.table import READERS, ROUND_TRIPS

    calls = {name: {"": call} for name, call in ROUND_TRIPS.items()}
    for name, (reader, writers) in READERS.items():
        for writer in writers:
            calls[f"{name}({writer})"] = {
                origin: partial(reader, data[writer])
                for origin, data in written.items()
                if writer in data
            }
    outcomes = {}
    for case, by_origin in calls.items():
        results = {origin: watched(call) for origin, call in by_origin.items()}
        outcomes[case] = (
            {origin: outcome_of(result) for origin, (result, _) in results.items()},
            all(called for _, called in results.values()),
        )
    return outcomes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="where zstandard is, if not where Python finds it")
    parser.add_argument("--read", action="store_true", help="read, and not write")
    options = parser.parse_args()
    select_zstandard(options.folder)
    # What programs print must not mix with the results.
    output, sys.stdout = sys.stdout.buffer, sys.stderr
    from programs import uses

    uses.load()
    results = read(pickle.load(sys.stdin.buffer)) if options.read else write()
    output.write(pickle.dumps(results))


if __name__ == "__main__":
    main()
