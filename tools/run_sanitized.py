#!/usr/bin/env python3
"""Run a few items of each test under AddressSanitizer, LeakSanitizer and UBSan.

Builds our code and libzstd into --venv, and runs pytest with the arguments after --, or on what is
worth it. Fails if a test does, and for any report of a sanitizer, in processes that tests start,
too.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from sanitized import ROOT, TOOLS, build, environment, parser, runtime

# What is left out, and why.
LEFT_OUT = {
    "tests/cli": "Python code, which does to the extension what the other tests do",
    "tests/test_interchange.py": "exchanges content; the other tests have all of its calls",
    "tests/test_isolated.py": "weighs processes, and has subjects that the allocator changes",
    "tests/test_no_memory.py": "preloads a malloc of its own, and runs a compiler, which leaks",
    "tests/tools/test_comparison.py": "does the same, for benchmarks",
    "tests/test_oracle.py": "runs 0.25.0, and every call that differs has a test of its own",
}
DESELECTED = {
    "test_negative_count_of_threads": "counts the threads of the process, which end late here",
    "test_so_many_threads_work": "does so, too",
    "test_extension_exports_its_init_function_only": "clang's coverage exports names of its own",
    "test_going_anywhere_from_anywhere": "seeks from each place to each, a byte at a time",
    "test_uneven_items_leave_no_thread_idle": "measures time",
}


def main():
    """Build, run the tests, and return how many failed: 0 or 1."""
    arguments = parser(__doc__)
    arguments.add_argument("arguments", nargs="*", help="pytest's, after --")
    options = arguments.parse_args()
    python = build(options.venv.resolve(), options.libzstd)
    chosen = options.arguments or [
        *(f"--ignore={path}" for path in LEFT_OUT),
        *("-k", " and ".join(f"not {name}" for name in DESELECTED)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                *(python, "-m", "pytest", "-p", "no:cacheprovider", "-p", "few_items"),
                *("--hypothesis-profile=few", *chosen),
            ],
            cwd=ROOT,
            env={
                **environment(runtime(), leaks=True, log_path=f"{folder}/report"),
                "PYTHONPATH": str(TOOLS),
            },
            check=False,
        )
        reports = [path.read_text(errors="replace") for path in Path(folder).iterdir()]
    for report in reports:
        print(report)
    print(f"sanitizers: {len(reports)} reports")
    return int(done.returncode != 0 or bool(reports))


if __name__ == "__main__":
    sys.exit(main())
