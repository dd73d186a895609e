"""Plant faults in copies of our sources, one by one, and see that each is caught: plants KIND...

life_cycle: by the scripts in tests/isolated. memory: by tools/no_memory.py. input: by the
sanitizers, valgrind and the fuzzer, with libzstd's source in --libzstd. threads: by
ThreadSanitizer, with that and the CPython in --python. Fails if one goes unnoticed, or if the
sources without one do not pass.
"""

import argparse
import importlib
import os
import sys
from functools import partial
from pathlib import Path

from machinery import try_all

KINDS = ("life_cycle", "memory", "input", "threads")


def main():
    """Try the plants of the kinds that are named; return how many went unnoticed."""
    arguments = argparse.ArgumentParser(
        prog="plants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--libzstd", type=Path, default=Path("build/ci/libzstd"))
    arguments.add_argument(
        "--python", type=Path, default=Path("build/ci/python3.13-tsan/bin/python3")
    )
    arguments.add_argument("kinds", nargs="+", choices=KINDS, metavar="KIND")
    options = arguments.parse_args()
    unnoticed = 0
    for name in options.kinds:
        kind = importlib.import_module(name)
        if name == "input":
            # One copy, which is built twice; its compiler takes all processors.
            notice = partial(kind.notice, libzstd=options.libzstd.resolve())
            unnoticed += try_all(kind.PLANTS, notice, 1)
        elif name == "threads":
            python, libzstd = options.python.absolute(), options.libzstd.resolve()
            notice = partial(kind.notice, python=python, libzstd=libzstd)
            unnoticed += try_all(kind.PLANTS, notice, 1)
        else:
            unnoticed += try_all(kind.PLANTS, kind.notice, os.cpu_count() or 1)
    return unnoticed


if __name__ == "__main__":
    sys.exit(main() != 0)
