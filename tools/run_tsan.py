#!/usr/bin/env python3
"""Run the tests of threads, and a few items of others, under ThreadSanitizer.

Takes a CPython without the GIL that is built for it (tools/get_freethreaded), and is run by a
Python that has the dependency group build, whose Meson and pip are faster. Builds our code and
libzstd into --folder, and runs tests/isolated/stress.py and then pytest, or pytest alone with the
arguments after --. Fails if one of them does, and for any report.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
ROOT = TOOLS.parent
FOLDER = ROOT / "build" / "tsan"

# All of what is about threads, and a few items of what else may share something.
TESTS = """
    claims claims_streams batch_threads batch dictionary_digests iterator parameters segments
    training
""".split()
# The last releases that are Python code only, or do without what is built for the GIL.
PACKAGES = ["pytest>=8.3,<10", "hypothesis>=6.100,<6.112"]

# What is left out, and why.
DESELECTED = {
    "test_negative_count_of_threads": "counts the threads of the process: one is the tool's own",
    "test_so_many_threads_work": "does so, too",
    "test_uneven_items_leave_no_thread_idle": "measures time",
    "fork": "the tool does not follow a fork of a process that has threads",
}


def parser(doc):
    """Return a parser of arguments, of those that say what to build with and of what."""
    result = argparse.ArgumentParser(description=doc.partition("\n")[0])
    result.add_argument("--python", type=Path, default="build/ci/python3.13-tsan/bin/python3")
    result.add_argument("--libzstd", default="build/ci/libzstd", help="the folder of its source")
    return result


def setup_args(folder, python, libzstd):
    """Return the options for meson setup, to build for that Python; folder: where to note it."""
    folder.mkdir(parents=True, exist_ok=True)
    native = folder / "tsan.ini"
    native.write_text(f"[binaries]\nc = 'clang'\npython = '{python}'\n")
    return [
        *("--native-file", native, f"-Dzstd_source={libzstd}"),
        # With assertions: CPython's own flags, which would turn them off, are not Meson's.
        *("-Dbuildtype=debugoptimized", "-Db_sanitize=thread", "-Db_lundef=false"),
    ]


def run(*command):
    """Run a Python module as a command that must succeed."""
    command = [sys.executable, "-m", *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"run_tsan: {command}:\n{done.stdout}{done.stderr}")


def packages(folder):
    """Return the folder of what the tests take, installed by the pip that runs this."""
    site = folder / "site"
    if not site.exists():
        any_python = ["--implementation=py", "--abi=none", "--platform=any"]
        only = ["--only-binary=:all:", "--python-version=3.13", *any_python]
        run("pip", "install", "-q", *only, f"--target={site}.new", *PACKAGES)
        Path(f"{site}.new").rename(site)
    return site


def build(folder, python, libzstd):
    """Bring the build in a folder up to date; return what to put in Python's path."""
    made, package = folder / "build", folder / "package"
    if not (made / "build.ninja").exists():
        run("mesonbuild.mesonmain", "setup", *setup_args(folder, python, libzstd), made, ROOT)
    run("ninja", "-C", made)
    shutil.copytree(ROOT / "src" / "zstandard", package / "zstandard", dirs_exist_ok=True)
    (extension,) = made.glob("src/backend_c/backend_c.*.so")
    shutil.copy(extension, package / "zstandard")
    return package


def environment(path, log):
    """Return the environment for Python; path: where it looks for modules, log: of reports."""
    options = {
        "suppressions": TOOLS / "cpython.tsan",
        "log_path": log,
        "halt_on_error": 0,
        "exitcode": 0,
        "die_after_fork": 0,
        "history_size": 3,
        "stack_trace_format": '"    #%n %f %S"',
    }
    return {
        "STRESS_SECONDS": "30",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "TSAN_OPTIONS": ":".join(f"{name}={value}" for name, value in options.items()),
    }


def run_stress(python, environment, **options):
    """Run tests/isolated/stress.py; return the finished process."""
    # Without faulthandler, which looks at other threads' frames: a race of its own.
    command = [python, ROOT / "tests" / "isolated" / "stress.py"]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False, **options)


def read_reports(folder):
    """Return the reports of all processes, each as text."""
    logs = [path.read_text(errors="replace") for path in sorted(Path(folder).iterdir())]
    return [
        report.strip("=\n")
        for log in logs
        for report in re.split(r"^=+$", log, flags=re.MULTILINE)
        if ": ThreadSanitizer: " in report  # and no count of them, which stands at the end
    ]


def main():
    """Build, run everything, and return how many failed: 0 or 1."""
    arguments = parser(__doc__)
    arguments.add_argument("--folder", type=Path, default=FOLDER)
    arguments.add_argument("arguments", nargs="*", help="pytest's, after --")
    options = arguments.parse_args()
    python, folder = options.python.absolute(), options.folder.resolve()
    path = [build(folder, python, options.libzstd), packages(folder), TOOLS, ROOT / "tests"]
    chosen = options.arguments or [
        *(f"tests/test_{name}.py" for name in TESTS),
        *("-k", " and ".join(f"not {name}" for name in DESELECTED)),
    ]
    pytest = ["-m", "pytest", "-p", "no:cacheprovider", "-p", "few_items"]
    failed = []
    with tempfile.TemporaryDirectory() as logs:
        variables = environment(path, f"{logs}/report")
        if not options.arguments and run_stress(python, variables).returncode != 0:
            failed.append("stress.py")
        command = [python, *pytest, "--hypothesis-profile=few", *chosen]
        if subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode != 0:
            failed.append("pytest")
        reports = read_reports(logs)
    for report in reports:
        print(f"==================\n{report}")
    for name in failed:
        print(f"{name} FAILED")
    print(f"tsan: {len(reports)} reports")
    return int(bool(failed or reports))


if __name__ == "__main__":
    sys.exit(main())
