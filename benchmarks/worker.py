"""A process that has one binding and measures what it is asked for: worker.py BINDING.

Reads requests, a line each, of fields with tabs between: time or memory, OPERATION, COUNT, TIMES,
FOLDER, where the folder has the input. Answers with the seconds that COUNT repetitions took, the
best of so many times, or the bytes by which one repetition made the process grow at its peak; with
- where the binding has no such operation.
"""

import importlib
import os
import random
import sys
import threading
import timeit
from collections.abc import Callable
from io import BufferedReader, BytesIO, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import Any

from bindings import BINDINGS

# These are also in native.c.
LEVEL = 3
PIECE = 64 << 10
ITEMS = 1000
THREADS = 2
WARM_UP_MAX = 50
PAGE = 4096
PIECES = {"pieces": "data", "frame_pieces": "frame"}


class Sink(RawIOBase):
    """Takes all that is written, and keeps nothing."""

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, data: Any) -> int:
        """Return how much was given."""
        return len(data)


def in_pieces(data: bytes) -> list[bytes]:
    """Return the data, piece by piece."""
    return [data[start : start + PIECE] for start in range(0, len(data), PIECE)]


def share(function: Callable[[bytes], object], data: bytes, threads: int) -> None:
    """Call the function ITEMS times, shared out among so many threads, this one among them."""

    def run() -> None:
        for _ in range(ITEMS // threads):
            function(data)

    others = [threading.Thread(target=run) for _ in range(threads - 1)]
    for thread in others:
        thread.start()
    run()
    for thread in others:
        thread.join()


def names_for(module: Any, folder: Path, statement: str) -> dict[str, Any]:
    """Return what the setup and statement of an operation refer to."""
    known = (BufferedReader, BytesIO, Sink, TextIOWrapper, share)
    names: dict[str, Any] = {one.__name__: one for one in known}
    names |= {"z": module, "LEVEL": LEVEL, "PIECE": PIECE, "ITEMS": ITEMS, "THREADS": THREADS}
    names |= {path.name: path.read_bytes() for path in folder.iterdir()}
    # How the addresses of what comes now lie to those of the input, but for pages, is worth some
    # percent: it is another way each time.
    names["pad"] = bytes(random.randrange(PAGE))
    # Only for those who ask for them: once freed, such memory would be used without page faults.
    asked = compile(statement, "statement", "exec").co_names
    pieces = {name: in_pieces(names[of]) for name, of in PIECES.items() if name in asked}
    return names | pieces


def seconds(setup: str, statement: str, count: int, times: int, names: dict[str, Any]) -> float:
    """Return what so many repetitions take at best, once caches are warm."""
    namespace = dict(names)
    exec(setup, namespace)
    timer = timeit.Timer(statement, globals=namespace)
    timer.timeit(max(1, min(WARM_UP_MAX, count // 10)))
    return min(timer.repeat(times, count))


def peak() -> int:
    """Return the most memory that the process has had since it was forgotten, less its code."""
    status = Path("/proc/self/status").read_text()
    most, code = (int(status.partition(f"{name}:")[2].split()[0]) for name in ("VmHWM", "RssFile"))
    return (most - code) << 10


def growth(setup: str, statement: str, _count: int, _times: int, names: dict[str, Any]) -> int:
    """Return by how many bytes one repetition makes the process grow at its peak."""
    namespace = dict(names)
    exec(setup, namespace)
    code = compile(statement, "statement", "exec")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the former peak
    before = peak()
    exec(code, namespace)
    return peak() - before


MEASURES = {"time": seconds, "memory": growth}


def main(name: str) -> None:
    """Answer requests until there are no more."""
    binding = BINDINGS[name]
    module = importlib.import_module(binding.module)
    for line in sys.stdin:
        what, operation, count, times, folder = line.rstrip("\n").split("\t")
        statements = binding.operations.get(operation)
        if statements:
            names = names_for(module, Path(folder), statements[1])
            print(MEASURES[what](*statements, int(count), int(times), names), flush=True)
        else:
            print("-", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # shares.py would count the interpreter's end
