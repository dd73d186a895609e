#!/usr/bin/env python3
"""Count the instructions of small calls under callgrind; compare with 0.25.0 and the baseline.

Says whose they are, too: the binding's, libzstd's, or Python's and the C library's.

The same binaries give the same count to the last digit, whatever else the machine does. The
baseline, benchmarks/instructions.json, says what it holds for. Exit status 1: a call takes more
than it says; 3: it holds for something else, so nothing was compared. The first run sets up what
this takes, in build/benchmarks; valgrind must be there.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import environment
from owners import OWNERS, Names, counted
from small_calls import CASES

FOLDER = Path(__file__).resolve().parent
BASELINE = FOLDER / "instructions.json"
CLIENT = """
#include <valgrind/callgrind.h>
void dump(const char *name) { CALLGRIND_DUMP_STATS_AT(name); }
"""
# What libzstd and libc choose their code by.
FEATURES = ("avx2", "avx512f", "bmi2", "erms")
# Where things lie in memory depends on the name of the project's folder, too, which may cost this.
TOLERANCE = 1.005
SETTINGS = ("buildtype", "optimization", "b_lto", "b_ndebug", "c_args", "zstd_source")
WORSE, NOT_COMPARED = 1, 3

Counts = dict[str, float]
# By the name of a case, by owner.
Shares = dict[str, Counts]


def count(path: str = "") -> Shares:
    """Return the instructions of each case by owner, with what is found in `path` as zstandard."""
    # Always the same folder with the same files, for they take part in where things lie in memory.
    valgrind = str(shutil.which("valgrind"))
    folder = environment.BUILD / "callgrind"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in ("counted.py", "small_calls.py"):
        shutil.copy(FOLDER / name, folder)
    source, client = folder / "client.c", folder / "client.so"
    source.write_text(CLIENT)
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", source, "-o", client], check=True)
    subprocess.run(
        [
            *(valgrind, "--tool=callgrind", "--quiet", f"--callgrind-out-file={folder}/out"),
            *(sys.executable, str(folder / "counted.py"), str(client)),
        ],
        # So does the environment: nothing of the caller's.
        env={"PATH": os.defpath, "PYTHONHASHSEED": "0", "PYTHONPATH": path},
        cwd=environment.ROOT,
        check=True,
    )
    totals: dict[str, dict[int, dict[str, int]]] = {}
    names = Names()
    for dump in sorted(folder.glob("out.*"), key=lambda path: int(path.suffix[1:])):
        text = dump.read_text()
        counts = counted(text, names)
        if call := re.search(r"^desc: Trigger: Client Request: (.*)/(\d+)$", text, re.MULTILINE):
            totals.setdefault(call[1], {})[int(call[2])] = counts
    shares = {}
    for name, by_repetitions in totals.items():
        few, many = sorted(by_repetitions)
        calls = (many - few) * CASES[name].items
        more = {one: by_repetitions[many][one] - by_repetitions[few][one] for one in OWNERS}
        shares[name] = {one: round(value / calls, 2) for one, value in more.items()}
    return {name: shares[name] for name in CASES if name in shares}


def summed(shares: Shares) -> Counts:
    """Return the instructions of each case, whosever they are."""
    return {name: round(sum(share.values()), 2) for name, share in shares.items()}


def first_word(text: str, pattern: str) -> str:
    """Return what a pattern's group finds in a text, or that it is unknown."""
    found = re.search(pattern, text)
    return found[1] if found else "unknown"


def conditions() -> dict[str, str]:
    """Return what the counts hold for."""
    valgrind = subprocess.check_output(["valgrind", "--version"], text=True)
    flags = set(
        Path("/proc/cpuinfo").read_text().partition("\nflags")[2].partition("\n")[0].split()
    )
    options = {item["name"]: item["value"] for item in environment.described("buildoptions")}
    optimised = "--enable-optimizations" in str(sysconfig.get_config_var("CONFIG_ARGS"))
    return {
        "CPython": f"{platform.python_version()}, {platform.python_compiler()}"
        + ", with --enable-optimizations" * optimised,
        "libzstd": environment.libzstd_version(),
        "compiler": environment.compiler(),
        "settings": " ".join(f"{name}={options[name]}" for name in SETTINGS),
        "libc": " ".join(platform.libc_ver()),
        "valgrind": first_word(valgrind, r"valgrind-(\S+)"),
        "processor": " ".join([platform.machine(), *(f for f in FEATURES if f in flags)]),
    }


def compared(counts: Counts) -> tuple[int, Counts]:
    """Say how the counts stand to the baseline; return the exit status, and its counts."""
    if not BASELINE.exists():
        print(f"There is no {BASELINE.name}: nothing was compared. --save writes it.")
        return NOT_COMPARED, {}
    baseline = json.loads(BASELINE.read_text())
    here = conditions()
    others = {
        name: value for name, value in baseline["holds for"].items() if value != here.get(name)
    }
    if others:
        print(f"{BASELINE.name} holds for something else: nothing was compared.")
        for name, value in others.items():
            print(f"  {name}: {value}; here: {here.get(name)}")
        return NOT_COMPARED, {}
    former: Counts = baseline["instructions"]
    both = [name for name in counts if name in former]
    worse = [name for name in both if counts[name] > former[name] * TOLERANCE]
    better = [name for name in both if counts[name] * TOLERANCE < former[name]]
    unknown = counts.keys() ^ former.keys()
    for names, words in (
        (worse, "take more than the baseline"),
        (better, "take less: --save writes a new baseline"),
        (unknown, "stand in one of the two only: --save writes a new baseline"),
    ):
        if names:
            print(f"{', '.join(sorted(names))}: {words}")
    return (WORSE if worse or unknown else 0), former


def show(shares: Shares, former: Counts, theirs: Counts) -> None:
    """Print the counts, and whose they are."""
    from rich.console import Console  # noqa: PLC0415 (had in our environment only)
    from rich.table import Table  # noqa: PLC0415

    table = Table("call", "ours", "baseline", "change", "0.25.0", "ours to 0.25.0", *OWNERS)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, value in summed(shares).items():
        before, their = former.get(name), theirs.get(name)
        table.add_row(
            name,
            f"{value:,.2f}",
            f"{before:,.2f}" if before else "-",
            f"{value - before:+,.2f}" if before else "-",
            f"{their:,.2f}" if their else "-",
            f"{value / their:.2f}" if their else "-",
            *(f"{shares[name][one]:,.0f}" for one in OWNERS),
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def main() -> int:
    """Count, show and compare; return the exit status."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--save", action="store_true", help="write the baseline")
    arguments.add_argument("--alone", action="store_true", help="leave 0.25.0 aside")
    arguments.add_argument("--json", type=Path, help="a file for the counts")
    options = arguments.parse_args()
    if not shutil.which("valgrind"):
        sys.exit("instructions: there is no valgrind: please install it, with its headers")
    environment.enter()

    shares = count()
    ours = summed(shares)
    theirs = (
        {}
        if options.alone or not environment.ORACLE.exists()
        else summed(count(str(environment.ORACLE)))
    )
    status, former = compared(ours)
    show(shares, former, theirs)
    if options.json:
        record = {"ours": ours, "0.25.0": theirs, "owners": shares}
        options.json.write_text(json.dumps(record, indent=2) + "\n")
    if options.save:
        baseline = {"holds for": conditions(), "instructions": ours}
        BASELINE.write_text(json.dumps(baseline, indent=2) + "\n")
        return 0
    return status


if __name__ == "__main__":
    sys.exit(main())
