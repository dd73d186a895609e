#!/usr/bin/env python3
"""Run each test in several threads at once: what it shares with itself, all of them use.

Wants CPython without the GIL, and the dependency group parallel. The arguments are pytest's;
without any it takes a few items of each test, but for those that do their work in other processes
or read the project's own files. Tests of what a process has but one of run in one thread: those
that use the functions below, and those that are marked thread_unsafe, with a reason.
"""

import os
import sys
from pathlib import Path

import pytest

# Memory, signals and limits are the whole process's.
ONE_AT_A_TIME = [
    "malloc.taken",
    "resource.setrlimit",
    "signal.setitimer",
    "signal.signal",
    "tracemalloc.start",
]
OPTIONS = [
    *("-p", "no:cacheprovider", "--parallel-threads=4", "--hypothesis-profile=few"),
    *("-o", "thread_unsafe_functions=" + "\n".join(ONE_AT_A_TIME)),
    *("-o", "thread_unsafe_fixtures=traced"),
]
LEFT_OUT = """
    cli tools test_isolated.py test_long.py test_no_memory.py test_oracle.py test_readme.py
    test_reference.py
""".split()
FEW_OF_EACH = ["-p", "few_items", *(f"--ignore=tests/{name}" for name in LEFT_OUT)]


def main(arguments):
    """Run the tests; return pytest's exit status."""
    os.chdir(Path(__file__).resolve().parent.parent)
    if getattr(sys, "_is_gil_enabled", lambda: True)():
        sys.exit("this Python has a GIL: threads would take turns")
    return pytest.main([*OPTIONS, *(arguments or FEW_OF_EACH)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
