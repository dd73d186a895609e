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


def memcheck(arguments, path=(), stdout=None):
    """Run pytest under memcheck; return the exit status, and logs, each after its count of reports.

    path: where else Python looks for modules; stdout: as subprocess takes it.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *("valgrind", f"--log-file={folder}/%p", "--leak-check=no"),
                f"--suppressions={TOOLS / 'cpython.supp'}",
                # Python's own allocator would hide where an object ends.
                *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "few_items"),
                *("--hypothesis-profile=few", *arguments),
            ],
            cwd=TOOLS.parent,
            env={
                **os.environ,
                "PYTHONMALLOC": "malloc",
                "PYTHONPATH": os.pathsep.join(map(str, [*path, TOOLS])),
            },
            stdout=stdout,
            check=False,
        )
        logs = [log.read_text(errors="replace") for log in Path(folder).iterdir()]
    counts = [
        sum(map(int, re.findall(r"ERROR SUMMARY: \d+ errors from (\d+)", log))) for log in logs
    ]
    return done.returncode, list(zip(counts, logs, strict=True))


def main():
    """Run the tests; print what memcheck reports, and return pytest's status or 1 for reports."""
    status, logs = memcheck(sys.argv[1:] or TESTS)
    reports = sum(count for count, _ in logs)
    for count, log in logs:
        if count or status:  # or valgrind itself may have given up
            print(log)
    print(f"valgrind: {reports} reports")
    return int(status != 0 or reports > 0)


if __name__ == "__main__":
    sys.exit(main())
