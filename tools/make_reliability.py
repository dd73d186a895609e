#!/usr/bin/env python3
"""Make docs/reliability.md, or the file named, out of the logs that `.ci/run all` has left.

A figure that was not measured does not come into the page: a leg that has no log or did not pass is
an error, and so is a log that does not tell.
"""

import importlib
import re
import sys
from pathlib import Path

from heap_types.check import fields
from heap_types.project import source_files

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "build" / "ci"
PAGE = ROOT / "docs" / "reliability.md"
# The legs that run the tests, in how many runs, and what is special about each.
TESTED = {
    "system": (
        1,
        "compared with 0.25.0 call by call; 500 examples a property, elsewhere 100",
    ),
    "3.12": (1, "of a test with parameters, 6 at most"),
    "3.13": (1, "libzstd built along; compared with 0.25.0, too"),
    "3.13t": (1, "without the GIL"),
    "3.14": (1, "of a test with parameters, 6 at most"),
    "3.15": (1, ""),
    "debug": (2, "with assertions, CPython's and our own; of a test with parameters, 6 at most"),
    "programs": (1, "programs from PyPI that use zstandard: they do what they do on 0.25.0"),
}
INTRODUCTION = """\
# Reliability

What the package is put through, and what came of it. `make reliability` makes this page: it runs
all legs of `.ci/run`, an hour and more, and takes the figures from their logs.
[CONTRIBUTING.md](../CONTRIBUTING.md) has the command of each tool. Each is seen to fail: on the
faults listed at the end, planted one by one in copies of our own sources."""
FIELDS = "heap types, each slot and helper: who owns what, from allocation to release"
# What the log of each leg says of one thing: the leg, what stands there, what was looked for, how,
# and the figure.
ROWS = [
    (
        "debug",
        r"^refleak: (?P<passed>\d+) passed, (?P<failed>\d+) failed$",
        "references and bytes of malloc() that grow when a test is repeated",
        "tools/refleak.py",
        "{passed} tests, {failed} grow",
    ),
    (
        "collector",
        r"^(?P<passed>\d+) passed.* in (?s:.*)^(?P<alone>\d+) passed.* in ",
        "objects that the collector meets half made: it runs for each one that is made",
        "tools/collect_often.py",
        "{passed} tests and {alone} scripts",
    ),
    (
        "sanitizers",
        r"^=+ (?P<passed>\d+) passed.* in .*=+$(?s:.*)^sanitizers: (?P<reports>\d+) reports$",
        "memory out of bounds, used after its end, or leaked; undefined behaviour",
        "AddressSanitizer, LeakSanitizer and UBSan, in libzstd, too",
        "{passed} tests, {reports} reports",
    ),
    (
        "valgrind",
        r"^=+ (?P<passed>\d+) passed.* in .*=+$(?s:.*)^valgrind: (?P<reports>\d+) reports$",
        "memory used before it is set",
        "valgrind's memcheck",
        "{passed} tests, {reports} reports",
    ),
    (
        "3.13t",
        r"(?s:.*)^=+ (?P<passed>\d+) passed.* in .*=+$",
        "tests that find each other in four threads at once, without the GIL",
        "tools/run_parallel.py",
        "{passed} tests",
    ),
    (
        "tsan",
        r"^=+ (?P<passed>\d+) passed.* in .*=+$(?s:.*)^tsan: (?P<reports>\d+) reports$",
        "races: objects of all types shared by 16 threads, without the GIL",
        "ThreadSanitizer, in libzstd and CPython, too",
        "{passed} tests, and random uses, {reports} reports",
    ),
    (
        "fuzz",
        r"^fuzz: (?P<count>\d+) executions, (?P<passed>\d+) passed, (?P<failed>\d+) failed$",
        "input, and calls in any order, searched for by coverage under the sanitizers",
        "tools/run_fuzz.py",
        "{count} executions of {passed} targets, {failed} failed",
    ),
]
NO_MEMORY = re.compile(
    r"^(?P<calls>\d+) calls with libzstd (?P<version>[\d.]+);.*\n"
    r"(?P<modes>(?:.*: \d+ allocations in \d+ calls\n)+)"
    r"no_memory: (?P<passed>\d+) passed, (?P<failed>\d+) failed$",
    re.MULTILINE,
)
PLANT = re.compile(r"^(?P<fault>.*\S) +caught by (?P<caught>.*)$", re.MULTILINE)


def log_of(leg):
    """Return what a leg has printed, and see that it has passed."""
    result = (LOGS / f"{leg}.result").read_text()
    if result.split()[1] != "passed":
        sys.exit(f"make_reliability: {result.strip()}")
    return (LOGS / f"{leg}.log").read_text(errors="replace")


def found(leg, pattern):
    """Return what matches first in the log of a leg."""
    match = re.search(pattern, log_of(leg), re.MULTILINE)
    if not match:
        sys.exit(f"make_reliability: the log of {leg} has nothing like {pattern}")
    return match


def table(head, rows):
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def tests():
    """Return the table of the legs that run the tests."""
    rows = []
    for leg, (runs, special) in TESTED.items():
        python = found(leg, r"^platform .* -- Python (\S+),")[1]
        passed = re.findall(r"^=+ (?:.* )?(\d+) passed.* in .*=+$", log_of(leg), re.MULTILINE)
        rows.append([f"CPython {python}", str(sum(map(int, passed[:runs]))), special])
    return table(["on", "tests passed", "of it"], rows)


def figures():
    """Return the table of what else is looked for."""
    of_types = fields(source_files([ROOT / "src" / "backend_c"]))
    count = found("system", r"^(\d+) types, (\d+) findings$")
    references = sum(map(len, of_types.values()))
    figure = f"{count[1]} types, {references} fields that hold objects, {count[2]} findings"
    rows = [[FIELDS, "tools/heap_type_check.py, on the sources", figure]]
    for leg, pattern, what, how, figure in ROWS:
        rows.append([what, how, figure.format(**found(leg, pattern).groupdict())])
    for match in NO_MEMORY.finditer(log_of("memory")):
        allocations = sum(map(int, re.findall(r": (\d+) allocations", match["modes"])))
        rows.append(
            [
                "each allocation of each public call failing, alone or with all after it",
                f"tools/no_memory.py, libzstd {match['version']}",
                f"{match['calls']} calls, {allocations} allocations, {match['failed']} faults",
            ]
        )
    return table(["what is looked for", "by", "figure"], rows)


def plants():
    """Return the list of planted faults, and what caught each."""
    rows = [
        [match["fault"], re.sub(r" \S+ \(BuildId: \w+\)", "", match["caught"]).replace("|", "\\|")]
        for leg in ("plants", "faults", "races")
        for match in PLANT.finditer(log_of(leg))
    ]
    rows += [[what, f"tools/heap_type_check.py: {rule}"] for rule, what, *_ in heap_type_plants()]
    text = (
        f"{len(rows)} faults, each caught: by the script of tests/isolated that is named, with "
        "Python's default or debug allocator, or by the tool."
    )
    return f"## Planted faults\n\n{text}\n\n{table(['fault', 'caught by'], rows)}"


def heap_type_plants():
    """Return what the tests of the check of heap types plant, having seen that they passed."""
    log_of("system")
    sys.path.insert(0, str(ROOT / "tests" / "tools"))
    return importlib.import_module("test_heap_type_plants").PLANTS


def main(page=PAGE):
    """Write the page."""
    parts = [INTRODUCTION, "## Tests", tests(), "## What else is looked for", figures(), plants()]
    Path(page).write_text("\n\n".join(parts) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
