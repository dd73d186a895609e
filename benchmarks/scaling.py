#!/usr/bin/env python3
"""Show how 16 threads on one shared compressor and one shared decompressor scale.

Ratios of throughput: to one thread, to 16 threads with an object each, and to 16 threads of
zstandard 0.25.0 with an object each, whose objects cannot be shared. For each Python that is named,
with the package installed; CPUs bound what threads can gain, and with the GIL so do calls too short
to let others run. By CPU time, contention shows, and what other processes take does not. The ways
take turns, and the best of some rounds counts.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from environment import ORACLE

KIB = 1024
SIZES = {"200 B": 200, "4 KiB": 4 * KIB, "64 KiB": 64 * KIB, "1 MiB": KIB * KIB}
THREADS = 16
SECONDS = 0.3
WAYS = ("one thread", "shared", "one each")

Work = Callable[[bytes], object]


def rates_of(
    make: Callable[[], Work], data: bytes, *, threads: int, shared: bool
) -> tuple[float, float]:
    """Return how many calls a second so many threads do, and how many a second of processors'."""
    one = make()
    works = [one if shared else make() for _ in range(threads)]
    counts = [0] * threads
    start, over = threading.Barrier(threads + 1), threading.Event()

    def run(number: int) -> None:
        work, done = works[number], 0
        work(data)
        start.wait()
        while not over.is_set():
            for _ in range(8):
                work(data)
            done += 8
        counts[number] = done

    team = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in team:
        thread.start()
    start.wait()
    begun, busy = time.perf_counter(), time.process_time()
    time.sleep(SECONDS)
    over.set()
    for thread in team:
        thread.join()
    calls = sum(counts)
    return calls / (time.perf_counter() - begun), calls / (time.process_time() - busy)


def measure_here(size: int, way: str) -> dict[str, float]:
    """Return the rates of both directions in this process."""
    import zstandard as z  # noqa: PLC0415 (which of the two, the environment says)

    data = random.Random(size).randbytes(size // 2).hex().encode()
    frame = z.compress(data)
    threads = 1 if way == "one thread" else THREADS
    shared = way == "shared"

    def compressing() -> Any:
        return z.ZstdCompressor().compress

    def decompressing() -> Any:
        return z.ZstdDecompressor().decompress

    found = {}
    for name, make, source in (
        ("compress", compressing, data),
        ("decompress", decompressing, frame),
    ):
        rate, by_processor = rates_of(make, source, threads=threads, shared=shared)
        found[name] = rate
        found[f"{name}, by CPU time"] = by_processor
    return found


def in_process(python: str, size: int, way: str, path: str) -> dict[str, float] | None:
    """Measure in a process of its own; return None if 0.25.0 cannot be had there."""
    done = subprocess.run(
        [python, __file__, "--one", str(size), way],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == 0:
        rates: dict[str, float] = json.loads(done.stdout)
        return rates
    if path:
        return None
    sys.exit(done.stderr)


def version(python: str) -> str:
    """Return a Python's version, and whether it has a GIL."""
    code = (
        "import platform, sys; print(platform.python_version(), "
        "'with' if getattr(sys, '_is_gil_enabled', lambda: True)() else 'without', 'GIL')"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def best(python: str, size: int, rounds: int, oracle: Path) -> dict[str, dict[str, float]]:
    """Return the best rates of each way, which take turns; those of 0.25.0, if there is one."""
    rates: dict[str, dict[str, float]] = {}
    for _ in range(rounds):
        for name, way, path in (
            *((way, way, "") for way in WAYS),
            ("0.25.0", "one each", str(oracle)),
        ):
            found = in_process(python, size, way, path) if not path or oracle.is_dir() else None
            for direction, value in (found or {}).items():
                former = rates.setdefault(name, {}).get(direction, 0.0)
                rates[name][direction] = max(former, value)
    return rates


def main() -> None:
    """Measure in each Python, and show the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pythons", nargs="*", default=[sys.executable], metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--oracle", default=ORACLE, type=Path, help="folder with zstandard 0.25.0")
    parser.add_argument("--json", type=Path, help="a file for the rates, in calls a second")
    parser.add_argument("--only", default="", help="only sizes whose name has this in it")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure_here(int(options.one[0]), options.one[1])))
        return
    # The Pythons that are measured need not have it.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(
        *("Python", "blobs", "call", "to one thread", "to an object each", "to 0.25.0"),
        title=f"{THREADS} threads on one object, {os.cpu_count()} CPUs: ratios of throughput",
    )
    figures: dict[str, dict[str, dict[str, dict[str, float]]]] = {}
    for python in options.pythons:
        name = version(python)
        figures[name] = {}
        for label, size in SIZES.items():
            if options.only not in label:
                continue
            rates = best(python, size, options.rounds, options.oracle)
            figures[name][label] = rates
            for call, shared in rates["shared"].items():
                ratios = [
                    f"{shared / rates[way][call]:.2f}" if way in rates else "no 0.25.0 for it"
                    for way in ("one thread", "one each", "0.25.0")
                ]
                table.add_row(name, label, call, *ratios)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
