#!/usr/bin/env python3
"""Show whose the time of streams and lines is, of ours and of the C loop, by perf.

Parts are libzstd's, that of copying, the binding's, Python's, and the rest: the kernel's and the C
library's. The first run sets up what this takes, in build/benchmarks; perf must be there.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import environment
from owners import BINDING, LIBZSTD, owner

COPYING, PYTHON, REST = "copying", "Python", "rest"
PARTS = (LIBZSTD, COPYING, BINDING, PYTHON, REST)
CASES = {
    "decompress, 16 KiB": ("decompress", 16 << 10),
    **{
        f"{stream}, 4 MiB": (stream, 4 << 20)
        for stream in (
            *("compressobj", "decompressobj", "compression reader", "decompression reader"),
            *("compression writer", "decompression writer", "lines", "text lines"),
        )
    },
}
SECONDS = 4
FEW = 20  # to see how long one takes
# Before that, the interpreter starts and the input is read.
DELAY_MS = 700
_SAMPLE = re.compile(r"\s*[\d.]+%\s+(\d+)\s+(\S+)\s+\[(.)\] (\S+)")


def part(library: str, kind: str, function: str) -> str:
    """Return whose a function is, where perf has met it."""
    if kind == "k":
        return REST
    if "backend_c" in library:
        return owner("/zstandard/backend_c", function)
    if library == "native":
        return LIBZSTD  # with the few instructions of the loop
    if "python" in library:
        return PYTHON
    return COPYING if "mem" in function else REST


def shares(command: list[str], request: str, folder: Path) -> dict[str, float]:
    """Return the parts of the time of a process of worker.py or native.c, given one request."""
    data = folder / "perf.data"
    perf = ["perf", "record", "-F", "4000", "-D", str(DELAY_MS), "-o", str(data), "--"]
    subprocess.run([*perf, *command], input=request, text=True, check=True, capture_output=True)
    listing = ["perf", "report", "-i", str(data), "--stdio", "--sort", "dso,symbol", "-n"]
    found: Counter[str] = Counter()
    report = subprocess.run(listing, text=True, check=True, capture_output=True).stdout
    for line in report.splitlines():
        if sample := _SAMPLE.match(line):
            found[part(sample[2], sample[3], sample[4])] += int(sample[1])
    return {name: found[name] / found.total() for name in PARTS}


def main() -> None:
    """Measure and print a table."""
    if not shutil.which("perf"):
        sys.exit("shares: there is no perf: please install it")
    environment.enter()
    # What these import is had in that environment only.
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    from contestants import FOLDER, build_native, write_input  # noqa: PLC0415

    table = Table("case", "who", *PARTS, title="Parts of the time, in percent")
    with tempfile.TemporaryDirectory() as scratch:
        native = build_native(Path(scratch))
        ours = [sys.executable, str(FOLDER / "worker.py"), "ours"]
        for name, (operation, size) in CASES.items():
            folder = Path(scratch) / str(size)
            if not folder.exists():
                folder.mkdir()
                write_input(folder, size)
            for who, command in (("ours", ours), ("C loop", [str(native)])):
                if who == "ours" or "lines" not in operation:
                    few = request_for(operation, FEW, folder)
                    took = float(subprocess.check_output(command, input=few, text=True)) / FEW
                    request = request_for(operation, round(SECONDS / took), folder)
                    row = shares(command, request, Path(scratch))
                    table.add_row(name, who, *(f"{row[one]:.1%}"[:-1] for one in PARTS))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def request_for(operation: str, count: int, folder: Path) -> str:
    """Return the request to time so many repetitions of an operation."""
    return f"time\t{operation}\t{count}\t1\t{folder}\n"


if __name__ == "__main__":
    main()
