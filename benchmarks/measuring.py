"""The measuring of cases: turn by turn, round by round, and what the figures depend on."""

import importlib.metadata
import platform
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

import environment
import zstandard
from bindings import BINDINGS
from cases import CASES, TIMES, C, Case, Figures
from contestants import (
    Contestant,
    Turn,
    build_bare,
    build_native,
    has,
    importing,
    largest_result,
    size,
    started,
    write_input,
)

# How long what is timed as one takes: long against the clock's steps, short against the machine's
# moods; and a turn of such times.
SECONDS = 0.005
TURN_SECONDS = 0.05


class Run:
    """The measuring of cases, as far as it has come."""

    def __init__(self, native: Path, folder: Path) -> None:
        """Take the program of the C loop, and a folder for input."""
        self.figures: Figures = {}
        self._native = native
        self._folder = folder
        self._turns: dict[tuple[str, str], Turn] = {}

    def _input(self, size: int) -> Path:
        """Return the folder of the input of a size."""
        folder = self._folder / str(size)
        if not folder.exists():
            folder.mkdir()
            write_input(folder, size)
        return folder

    def _time(self, contestant: Contestant, case: Case) -> float | None:
        """Return the seconds of one call; see how many make a turn of the next round."""
        key = contestant.name, case.name
        turn = self._turns.get(key, Turn())
        took = contestant.ask("time", case.operation, self._input(case.size), turn)
        if took is None:
            return None
        took /= turn.count
        count = max(1, round(SECONDS / took))
        self._turns[key] = Turn(count, max(1, round(TURN_SECONDS / (took * count))))
        return took

    def _memory(self, contestant: Contestant, case: Case) -> float | None:
        """Return by how many bytes a fresh process grows."""
        if not Path("/proc/self/clear_refs").exists():  # as it is in Linux
            return None
        with started([contestant.name], self._native) as fresh:
            folder = self._input(case.size)
            return fresh[contestant.name].ask("memory", case.operation, folder, Turn())

    def _fresh_time(self, contestant: Contestant, case: Case) -> float | None:
        """Return the seconds of one call in a fresh process, whose heap has no memory to spare."""
        with started([contestant.name], self._native) as fresh:
            folder = self._input(case.size)
            return fresh[contestant.name].ask("time", case.operation, folder, Turn(times=3))

    def measure(self, contestants: dict[str, Contestant], case: Case) -> None:
        """Measure a case once with each contestant, and keep what is the least so far."""
        measures = {"time": self._time, "fresh time": self._fresh_time, "memory": self._memory}
        other = {"import": importing, "largest result": largest_result, "size": size}
        for name, contestant in contestants.items():
            if case.what in other:
                value = other[case.what](contestant, case)
            else:
                value = measures[case.what](contestant, case) if has(contestant, case) else None
            if value is not None:
                best = self.figures.setdefault(case.name, {})
                best[name] = min(value, best.get(name, value))


def conditions() -> dict[str, str]:
    """Return what a run's figures depend on, the machine aside."""
    names = ("backports.zstd", "pyzstd", "cramjam", "zstd")
    versions = {}
    for name in names:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "that of CPython"
    return {
        "CPython": platform.python_version(),
        "compiler": environment.compiler(),
        "libzstd": ".".join(map(str, zstandard.ZSTD_VERSION)),
        **versions,
    }


def chosen(parts: list[str]) -> list[Case]:
    """Return the cases whose name has one of the parts in it; all without any."""
    cases = [case for case in CASES if not parts or any(part in case.name for part in parts)]
    return cases or sys.exit(f"compare: no case is named like {' or '.join(parts)}")


def measure(parts: list[str], names: list[str], rounds: int) -> dict[str, Any]:
    """Return the figures of some cases and contestants, or all, and what they depend on."""
    cases = chosen(parts)
    known = [C, *BINDINGS]
    if unknown := set(names) - set(known):
        sys.exit(f"compare: there is no {' or '.join(unknown)} among {', '.join(known)}")
    with tempfile.TemporaryDirectory() as scratch:
        native = build_native(Path(scratch))
        build_bare()
        run = Run(native, Path(scratch))
        # The round before the first finds how many calls make a turn.
        for number in track(range(rounds + 1), "measuring", console=Console(stderr=True)):
            # Where things lie in a process is worth some percent, so each round has others.
            with started(names or known, native) as contestants:
                for case in cases:
                    if number == 0 or case.what in TIMES:
                        run.measure(contestants, case)
    return {"conditions": conditions(), "rounds": rounds, "figures": run.figures}
