"""Copies of the sources to plant faults in, one by one, and to see each caught.

A plant is a tuple: what is wrong, the file, what stands there once, what is planted, and what else
the kind of plants has for it.
"""

import itertools
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]


def build(folder, kind="plain", options=(), compiler=None):
    """Build the copy in `folder` and put the package together; return its parent folder.

    kind: a name for what is built with these options of Meson's setup command, and this compiler.
    """
    made = folder / "build" / kind
    package = folder / "package" / kind / "zstandard"
    if not made.exists():
        setup = "mesonbuild.mesonmain", "setup", *options, made, folder
        run(*setup, environment={"CC": compiler} if compiler else {})
        shutil.copytree(folder / "src" / "zstandard", package)
    run("ninja", "-C", made)
    for extension in made.glob("src/backend_c/backend_c*.*"):
        if extension.suffix in {".so", ".pyd"}:
            shutil.copy(extension, package)
    return package.parent


def run(*command, environment=None):
    """Run a Python module as a command that must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command}:\n{done.stdout}{done.stderr}")


def attempt(notice, copies, plant):
    """Plant a fault in a copy that is free; return whether it was noticed."""
    what, file, old, new, *_ = plant
    folder = copies.get()
    path = folder / "src" / "backend_c" / file
    text = path.read_text()
    if text.count(old) != 1:
        raise RuntimeError(f"{file}: {old!r} stands there {text.count(old)} times, not once")
    path.write_text(text.replace(old, new))
    caught = notice(folder, plant)
    path.write_text(text)
    copies.put(folder)
    print(f"{what:50} {f'caught by {caught}' if caught else 'NOT CAUGHT'}", flush=True)
    return caught is not None


def try_all(plants, notice, count):
    """Try every plant, so many at once; return how many went unnoticed.

    notice: is called with a folder that has a plant, or None, and that; returns what noticed it.
    """
    copies = queue.Queue()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(count) as pool:
        ignore = shutil.ignore_patterns(".git", ".venv*", "build*", ".hypothesis", ".pytest_cache")
        for number in range(count):
            folder = pathlib.Path(name) / str(number)
            shutil.copytree(ROOT, folder, ignore=ignore)
            copies.put(folder)
        if failure := notice(folder, None):
            sys.exit(f"the sources as they are fail: {failure}")
        attempts = itertools.repeat(notice), itertools.repeat(copies), plants
        caught = sum(pool.map(attempt, *attempts))
    print(f"{caught} passed, {len(plants) - caught} failed")
    return len(plants) - caught
