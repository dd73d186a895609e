"""Has processes make the allocations of calls fail, and gathers what they tell."""

import json
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import NamedTuple

import zstandard

from . import spared, table

MODES = {"once": "one allocation fails", "on": "all fail from one on"}
FOLDER = Path(__file__).parent
# More than all calls take on a slow machine; to wait for ever is taken for a crash.
SECONDS_MAX = 300


class UnavailableError(Exception):
    """Allocations cannot be made to fail on this machine; the message says why."""


class Report(NamedTuple):
    name: str  # of the call
    failed: int  # how many allocations
    problems: dict[str, str]  # by which allocation failed

    def __str__(self):
        lines = (f"  {what}: {problem}" for what, problem in self.problems.items())
        return "\n".join([self.name, *lines])


def build(folder):
    """Compile what makes allocations fail, as an extension module in the folder."""
    if platform.libc_ver()[0] != "glibc":
        raise UnavailableError("it takes glibc to have malloc() fail")
    compiler = shlex.split(sysconfig.get_config_var("CC") or "cc")[0]
    if shutil.which(compiler) is None:
        raise UnavailableError(f"there is no C compiler {compiler}")
    include = sysconfig.get_path("include")
    if not Path(include, "Python.h").exists():
        raise UnavailableError("Python's headers are missing")
    flags = ["-shared", "-fPIC", "-O1", "-fno-builtin", "-Wall", "-Wextra", "-Werror"]
    paths = [f"-I{include}", FOLDER / "failing.c", "-o", Path(folder, "failing.so")]
    subprocess.run([compiler, *flags, *paths], check=True)


def names():
    """Return the names of all calls that can be made with the Python and the libzstd at hand."""
    return [
        name
        for name in table.make()
        if not spared.is_left_out(name) and not table.crashes_python(name)
    ]


def reports(folder, calls, mode, stride=1):
    """Yield a report of each of the calls; `folder` has what build() made.

    mode: one of MODES. stride: 1 for every allocation, or fewer of calls that make many.
    """
    left = [name for name in calls if mode == "once" or not table.handles_exceptions(name)]
    while left:
        progress = Path(folder, f"progress-{mode}")
        progress.write_bytes(b"")
        done, fault = run(folder, left, progress, mode, stride)
        yield from done
        left = left[len(done) :]
        if fault and left:
            yield Report(left.pop(0), 0, {what_was_tried(progress): fault})
        elif fault:
            yield Report("afterwards", 0, {"all calls": fault})


def run(folder, calls, progress, mode, stride):
    """Have a process make calls; return reports, and what has ended it, or None."""
    package = Path(zstandard.__file__).parents[1]
    path = os.pathsep.join(map(str, (folder, FOLDER.parent, package)))
    environment = {"PYTHONPATH": path, "LD_PRELOAD": str(Path(folder, "failing.so"))}
    command = [sys.executable, "-X", "faulthandler", FOLDER / "attempts.py"]
    try:
        process = subprocess.run(
            [*command, progress, mode, str(stride)],
            input="\n".join(calls),
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired as expired:
        return read((expired.stdout or b"").decode()), "does not come to an end"
    fault = process.stderr
    if process.returncode != 0:
        fault = f"ended with {process.returncode}\n{fault}"
    return read(process.stdout), fault


def read(output):
    whole = (line for line in output.splitlines(keepends=True) if line.endswith("\n"))
    return [Report(*json.loads(line)) for line in whole]


def what_was_tried(progress):
    """Return the call, and which allocation of it was the first to fail."""
    return " ".join(progress.read_text().replace("\0", "").split())
