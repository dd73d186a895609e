#!/usr/bin/env python3
"""Build our code and libzstd with AddressSanitizer and UBSan, and tell how to run in it.

For run_sanitized.py, run_fuzz.py and plants/input.py. Clang builds it, with coverage for a
fuzzer, and Python is started with the sanitizers' library in front.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "tools"


def setup_args(libzstd):
    """Return the options for meson setup, with the folder of libzstd's source."""
    flags = [
        "-fsanitize=fuzzer-no-link",
        "-fno-sanitize-recover=all",
        f"-fsanitize-ignorelist={TOOLS / 'libzstd.ignorelist'}",
    ]
    return [
        f"-Dzstd_source={libzstd}",
        "-Dbuildtype=debugoptimized",
        "-Db_sanitize=address,undefined",
        "-Db_lundef=false",
        f"-Dc_args={' '.join(flags)}",
    ]


def build(venv, libzstd):
    """Bring a virtual environment up to date, and return its Python."""
    subprocess.run(
        [
            *(sys.executable, TOOLS / "bootstrap.py", "--venv", venv),
            *("--group", "fuzz", "--", *setup_args(libzstd)),
        ],
        env={**os.environ, "CC": "clang"},
        check=True,
    )
    return venv / "bin" / "python"


def runtime():
    """Return the library of AddressSanitizer, which has UBSan in it."""
    command = ["clang", "-print-file-name=libclang_rt.asan-x86_64.so"]
    path = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    if not Path(path).is_file():
        sys.exit("sanitized: clang has no AddressSanitizer here: install libclang-rt-dev")
    return path


def parser(doc):
    """Return a parser of arguments, of those that say where the build is made and of what."""
    result = argparse.ArgumentParser(description=doc.partition("\n")[0])
    result.add_argument("--venv", type=Path, default=ROOT / "build" / "sanitized")
    result.add_argument("--libzstd", default="build/ci/libzstd", help="the folder of its source")
    return result


def environment(library, *, leaks=False, **asan):
    """Return the environment to run Python in; asan holds further options of AddressSanitizer."""
    options = {
        "allocator_may_return_null": 1,
        "detect_leaks": int(leaks),
        "detect_stack_use_after_return": 1,
        "handle_segv": 1,
        **asan,
    }
    return {
        **os.environ,
        "ASAN_OPTIONS": ":".join(f"{name}={value}" for name, value in options.items()),
        "LD_PRELOAD": library,
        "LSAN_OPTIONS": f"suppressions={TOOLS / 'cpython.leaks'}:print_suppressions=0",
        "PYTHONMALLOC": "malloc",  # or an object's end would be within Python's own arena
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    }


if __name__ == "__main__":
    arguments = parser(__doc__).parse_args()
    build(arguments.venv.resolve(), arguments.libzstd)
