#!/usr/bin/env python3
"""Run some tests under valgrind's memcheck: uses of memory that was never set, and after its end.

The arguments are pytest's; without any it takes a few items of the tests below. Fails if a test
does, and for any report of memcheck. Run it by a Python that has the package and the tests' own.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parent

# What each part of the engine goes through at least once: the sanitizers see the rest, but not
# memory that is used before it is set.
TESTS = [
    "tests/test_skippable_frame.py",
    "tests/test_segments.py",
    "tests/test_frame_parameters.py",
    "tests/test_frame_info.py",
    "tests/test_compression_obj.py",
    "tests/test_fuzz_seeds.py",
]


def main():
    """Run the tests; print what memcheck reports, and return pytest's status or 1 for reports."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *("valgrind", f"--log-file={folder}/%p", "--leak-check=no"),
                f"--suppressions={TOOLS / 'cpython.supp'}",
                # Python's own allocator would hide where an object ends.
                *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "few_items"),
                *("--hypothesis-profile=few", *(sys.argv[1:] or TESTS)),
            ],
            cwd=TOOLS.parent,
            env={**os.environ, "PYTHONMALLOC": "malloc", "PYTHONPATH": str(TOOLS)},
            check=False,
        )
        logs = [path.read_text(errors="replace") for path in Path(folder).iterdir()]
    reports = 0
    for log in logs:
        if found := sum(map(int, re.findall(r"ERROR SUMMARY: \d+ errors from (\d+)", log))):
            print(log)
        reports += found
    print(f"valgrind: {reports} reports")
    return done.returncode or int(reports > 0)


if __name__ == "__main__":
    sys.exit(main())
