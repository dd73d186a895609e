"""The command tools/heap_type_check.py: what it takes, prints and returns."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from extension import source, without

TOOLS = Path(__file__).parents[2] / "tools"
FAULTY = {"dealloc": without("dealloc", "\n    Py_DECREF(type);")}


@pytest.fixture
def command(find, tmp_path):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, TOOLS / "heap_type_check.py", *arguments],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            check=False,
        )

    del find  # it has the test skipped without tree-sitter
    return run


@pytest.fixture
def line(tmp_path):
    """Write a faulty and a clean extension; return the line of the fault."""
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "thing.c").write_text(source())
    (tmp_path / "bad").mkdir()
    text = source(**FAULTY)
    (tmp_path / "bad" / "thing.c").write_text(text)
    return text[: text.index("thing_dealloc(PyObject")].count("\n") + 1


@pytest.mark.usefixtures("line")
def test_clean(command):
    done = command("good")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 type, 0 findings\n", "")


def test_text(command, line):
    done = command("bad")
    message = "dealloc-keeps-type: thing_dealloc() has no Py_DECREF of the type (Thing)"
    assert done.stdout == f"bad/thing.c:{line}: {message}\n1 type, 1 finding\n"
    assert (done.returncode, done.stderr) == (1, "")


def test_json(command, line):
    done = command("--json", "bad/thing.c", "good")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["types"] == ["Thing", "Thing"]
    assert found["findings"] == [
        {
            "rule": "dealloc-keeps-type",
            "file": "bad/thing.c",
            "line": line,
            "message": "thing_dealloc() has no Py_DECREF of the type",
            "types": ["Thing"],
        }
    ]


def test_types_that_share_a_fault(command, tmp_path):
    twin = 'PyType_Spec twin_spec = {.name = "Twin", .slots = thing_slots};'
    flags = ".flags = Py_TPFLAGS_HAVE_GC, .basicsize = sizeof(Thing), .slots"
    (tmp_path / "twins.c").write_text(source(after=twin.replace(".slots", flags), **FAULTY))
    done = command("twins.c")
    assert done.stdout.count("\n") == 2
    assert "(Thing, Twin)" in done.stdout
    assert done.stdout.endswith("2 types, 1 finding\n")


def test_rules(command):
    done = command("--rules")
    assert done.returncode == 0
    assert "dealloc-keeps-type " in done.stdout


@pytest.mark.usefixtures("line")
@pytest.mark.parametrize("arguments", [[], ["absent"], ["good", "--loud"], ["empty"]])
def test_usage(command, tmp_path, arguments):
    (tmp_path / "empty").mkdir()
    done = command(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: heap_type_check.py" in done.stderr
