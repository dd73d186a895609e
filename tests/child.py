"""Runs code in an interpreter of its own, which finds the package that is tested."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import zstandard

_ROOT = str(Path(zstandard.__file__).parents[1])


def run(code, *options, environment=None):
    """Run the code and return its completed process; what it prints is text."""
    prelude = f"import sys; sys.path.insert(0, {_ROOT!r})\n"
    return subprocess.run(
        [sys.executable, *options, "-c", prelude + textwrap.dedent(code)],
        capture_output=True,
        check=False,
        env={**os.environ, **(environment or {})},
        text=True,
        timeout=120,
    )


def output_of(code, *options, environment=None):
    """Run the code, which must succeed, and return what it printed."""
    process = run(code, *options, environment=environment)
    assert process.returncode == 0, process.stderr
    return process.stdout.strip()
