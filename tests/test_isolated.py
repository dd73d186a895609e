"""The scripts in tests/isolated, each in a process of its own: one subject a script."""

import os
import pathlib
import subprocess
import sys

import pytest

FOLDER = pathlib.Path(__file__).parent / "isolated"
HELPERS = {"makers"}
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in HELPERS)


# The debug allocator fills fresh and freed memory: fields left unset and uses after free show.
@pytest.mark.parametrize("allocator", ["default", "debug"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_script(script, allocator):
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", FOLDER / f"{script}.py"],
        env={**os.environ, "PYTHONMALLOC": allocator},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
