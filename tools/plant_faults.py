"""Plant faults of life cycle in a copy of the sources, one by one, and see the tests catch each.

Builds the copy with Meson, with the arguments as options of its setup command, and runs
tests/test_isolated.py against it. Fails if a fault goes unnoticed, or if the
sources without one do not pass.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

# (what is wrong, file, what stands there, what is planted)
PLANTS = [
    ("the type keeps a reference for each object", "types/object.c", "    Py_DECREF(type);\n", ""),
    ("tp_free is passed over", "types/object.c", "type->tp_free(self)", "PyObject_Free(self)"),
    (
        "tp_alloc is passed over, without a GC header",
        "types/object.c",
        "(Object *)type->tp_alloc(type, 0)",
        "PyObject_New(Object, type)",
    ),
    (
        "tp_alloc is passed over, with a GC header",
        "types/object.c",
        "(Object *)type->tp_alloc(type, 0)",
        "PyObject_GC_New(Object, type)",
    ),
    ("the type is not visited", "types/object.c", "    Py_VISIT(Py_TYPE(self));\n", ""),
    ("the module is not visited", "types/object.c", "        Py_VISIT(state->module);\n", ""),
    ("the module is not held", "types/object.c", "        Py_INCREF(state->module);\n", ""),
    ("the module is never let go", "types/object.c", "    Py_DECREF(module);\n", ""),
    (
        "a stream's owner is not visited",
        "types/stream_object.c",
        "    Py_VISIT(((StreamObject *)op)->owner);\n",
        "",
    ),
    ("a stream keeps its owner", "types/stream_object.c", "    Py_CLEAR(self->owner);\n", ""),
    ("a stream keeps its context", "engine/stream.c", "    lease_return(&self->lease);\n", ""),
    ("a stream keeps its lock", "engine/claim.c", "        PyThread_free_lock(self->lock);\n", ""),
    ("a compressor keeps its contexts", "types/coder.c", "    pool_clear(&self->pool);\n", ""),
    (
        "a lease keeps its configuration",
        "engine/context.c",
        "    config_release(self->settings);\n}",
        "}",
    ),
    (
        "__init__ keeps the former configuration",
        "engine/context.c",
        "    pool_give_away(self, &taken, former);\n}\n\nvoid\npool_clear",
        "}\n\nvoid\npool_clear",
    ),
    ("spare contexts are never freed", "module.c", "    engine_clear(&state->engine);\n", ""),
    (
        "idle contexts are kept without bound",
        "engine/context.c",
        "self->bytes + size > bytes_max",
        "size > bytes_max",
    ),
]


def build(folder):
    """Build the copy in `folder` and put the package together; return its parent folder."""
    package = folder / "package" / "zstandard"
    if not (folder / "build").exists():
        run("mesonbuild.mesonmain", "setup", *sys.argv[1:], folder / "build", folder)
        shutil.copytree(folder / "src" / "zstandard", package)
    run("ninja", "-C", folder / "build")
    for extension in (folder / "build").glob("src/backend_c/backend_c*.*"):
        if extension.suffix in {".so", ".pyd"}:
            shutil.copy(extension, package)
    return package.parent


def run(*command):
    """Run a Python module as a command that must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{command}:\n{done.stdout}{done.stderr}")


def failures(folder):
    """Build and test the copy; return the names of the tests that fail."""
    path = build(folder)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rf",
            "-p",
            "no:cacheprovider",
            "tests/test_isolated.py",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    marker = "FAILED tests/test_isolated.py::test_script"
    lines = done.stdout.splitlines()
    return [line.removeprefix(marker).split()[0] for line in lines if line.startswith(marker)]


def main():
    """Try every plant; return the number of those that went unnoticed."""
    unnoticed = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name) / "copy"
        ignore = shutil.ignore_patterns(".git", ".venv*", "build*", ".hypothesis", ".pytest_cache")
        shutil.copytree(ROOT, folder, ignore=ignore)
        sound = failures(folder)
        if sound:
            sys.exit(f"the sources as they are fail: {sound}")
        for what, file, old, new in PLANTS:
            path = folder / "src" / "backend_c" / file
            text = path.read_text()
            if text.count(old) != 1:
                sys.exit(f"{file}: {old!r} stands there {text.count(old)} times, not once")
            path.write_text(text.replace(old, new))
            caught = failures(folder)
            path.write_text(text)
            unnoticed += not caught
            print(
                f"{what:50} {'caught by ' + ' '.join(caught) if caught else 'NOT CAUGHT'}",
                flush=True,
            )
    print(f"{len(PLANTS) - unnoticed} passed, {unnoticed} failed")
    return unnoticed


if __name__ == "__main__":
    sys.exit(main() != 0)
