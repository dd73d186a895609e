"""The parts of benchmarks/compare.py, on little, or on given figures."""

import importlib
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
# What the measures of a made-up run are, where it is not said otherwise.
PLAIN = {"C loop": 1e-3, "ours": 1e-3, "Python": 1e-3}


@pytest.fixture(scope="module", autouse=True)
def _benchmarks():
    """Let the benchmarks be imported, as a script there imports them."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


@pytest.fixture(scope="module")
def report():
    """Return the module that reports; what it needs is in the dependency group dev."""
    pytest.importorskip("matplotlib")
    return importlib.import_module("report")


@pytest.fixture(scope="module")
def cases():
    """Return the module of the cases."""
    return importlib.import_module("cases")


@pytest.fixture(scope="module")
def bindings():
    """Return the module of the bindings."""
    return importlib.import_module("bindings")


@pytest.fixture
def folder(tmp_path):
    """Return a folder with an input for all operations, of 200 bytes."""
    importlib.import_module("contestants").write_input(tmp_path, 200)
    return tmp_path


@pytest.fixture
def large(tmp_path):
    """Return a folder with an input for all operations, of 8 MiB."""
    importlib.import_module("contestants").write_input(tmp_path, 8 << 20)
    return tmp_path


def figures_of(cases, **changed):
    """Return made-up figures of all cases, with some case's changed."""
    figures = {case.name: dict(PLAIN) for case in cases.CASES}
    for name, values in changed.items():
        figures[name].update(values)
    return figures


def answers(command, requests, **environment):
    """Return what a process of worker.py or native.c answers to each request."""
    lines = "".join("\t".join(map(str, request)) + "\n" for request in requests)
    done = subprocess.run(
        command,
        input=lines,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def compiled(name, product, *flags):
    """Compile a C file of the benchmarks on the system's libzstd."""
    if not all(map(shutil.which, ("cc", "pkg-config"))):
        pytest.skip("there is no compiler, or no pkg-config")
    if subprocess.run(["pkg-config", "--exists", "libzstd"], check=False).returncode:
        pytest.skip("the system has no libzstd")
    command = ["cc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", *flags, FOLDER / name]
    subprocess.run([*command, "-lzstd", "-lpthread", "-o", product], check=True)
    return product


@pytest.fixture
def native(tmp_path):
    """Return the program of the C loop."""
    return compiled("native.c", tmp_path / "native")


@pytest.mark.parametrize("name", ["ours", "Python"])
def test_each_operation_can_be_timed(bindings, folder, name):
    operations = bindings.BINDINGS[name].operations
    requests = [("time", operation, 1, 1, folder) for operation in operations]
    times = answers([sys.executable, FOLDER / "worker.py", name], requests)
    assert len(times) == len(operations)
    assert all(float(time) > 0 for time in times)


def test_bare_methods_can_be_timed(bindings, folder, tmp_path_factory):
    headers = sysconfig.get_path("include")
    bare = tmp_path_factory.mktemp("bare")
    compiled("bare.c", bare / "bare.so", "-shared", "-fPIC", f"-isystem{headers}")
    operations = bindings.BARE_METHODS
    requests = [("time", operation, 1, 1, folder) for operation in operations]
    worker = [sys.executable, FOLDER / "worker.py", "bare method"]
    times = answers(worker, requests, PYTHONPATH=str(bare))
    assert all(float(time) > 0 for time in times)
    code = "import bare; assert bare.decompress(bare.compress(bytes(1000))) == bytes(1000)"
    assert answers([sys.executable, "-c", code], [], PYTHONPATH=str(bare)) == []


def test_native_knows_the_operations_of_bindings(bindings, folder, native):
    # Lines are Python's.
    operations = [name for name in bindings.OURS if name not in {"lines", "text lines"}]
    times = answers([native], [("time", operation, 1, 1, folder) for operation in operations])
    assert all(float(time) > 0 for time in times)


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells")
@pytest.mark.parametrize("command", [[sys.executable, FOLDER / "worker.py", "ours"], "native"])
def test_memory_and_unknown_operations(command, large, request):
    if command == "native":
        command = [request.getfixturevalue("native")]
    unknown, growth = answers(
        command, [("time", "no such", 1, 1, large), ("memory", "compressobj", 1, 1, large)]
    )
    assert unknown == "-"
    # Level 3 has a window of 2 MiB and more, where the content's size is not known.
    assert 2 << 20 <= float(growth) < 8 << 20


def test_each_case_has_operations(bindings, cases):
    known = {name for binding in bindings.BINDINGS.values() for name in binding.operations}
    assert {case.operation for case in cases.CASES} - known == {"import", "largest result", "size"}
    names = [case.name for case in cases.CASES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("case", "changed", "met"),
    [
        ("compress, 16 KiB", {"ours": 1.019e-3}, True),
        ("compress, 16 KiB", {"ours": 1.021e-3}, False),
        ("decompress, 64 B", {"ours": 2.049e-3}, False),
        ("decompress, 64 B", {"ours": 2.00004e-3}, True),
        ("decompress, 64 B", {"ours": 2.00006e-3}, False),
        ("compress, 64 B", {"ours": 2.00009e-3}, True),
        ("function compress, 1 KiB", {"ours": 1.14e-3}, True),
        ("function compress, 1 KiB", {"ours": 1.16e-3}, False),
        ("lines of 80 B", {"ours": 1.49e-3}, True),
        ("lines of 80 B", {"ours": 1.51e-3}, False),
        ("text lines", {"ours": 1.06e-3}, False),
        ("compress shared, 64 KiB, 2 threads", {"C loop": 0.5e-3, "ours": 0.52e-3}, True),
        ("compress shared, 64 KiB, 2 threads", {"C loop": 0.5e-3, "ours": 0.53e-3}, False),
        ("import", {"ours": 3.1e-3}, False),
    ],
)
def test_goals(report, cases, case, changed, met):
    figures = figures_of(cases, **{case: changed})
    assert report.goals(figures)[case]["met"] is met


def test_a_goal_without_what_it_is_worked_out_of_is_left_out(report, cases):
    figures = figures_of(cases)
    del figures["an empty method call"]
    del figures["import"]["ours"]
    missing = {case.name for case in cases.CASES if case.goal} - report.goals(figures).keys()
    assert missing == {"compress, 64 B", "decompress, 64 B", "import"}


def test_a_faster_binding_is_named(report, cases):
    slow = {"ours": 1e-3, "zstd": 0.97e-3, "pyzstd": 0.99e-3}
    figures = figures_of(cases, **{"compress, 1 KiB": slow})
    assert report.summary(figures).endswith("1 of 48 cases: compress, 1 KiB (zstd).")


def test_goals_that_a_bare_method_misses_are_counted(report, cases):
    missed = {"ours": 1.04e-3, "bare method": 1.03e-3}
    figures = figures_of(
        cases,
        **{
            "compress, 16 KiB": missed,
            "decompress, 16 KiB": {"ours": 1.04e-3, "bare method": 1.01e-3},
            "compress, 64 KiB": {"ours": 1.01e-3, "bare method": 1.03e-3},
        },
    )
    assert "; a bare method misses 1 of the others, too. " in report.summary(figures)
    assert "bare method" not in report.summary(figures_of(cases))


def test_the_page_is_the_same_for_the_same_figures(report, cases, tmp_path):
    run = {"rounds": 3, "figures": figures_of(cases), "conditions": {"CPython": "3.11.0"}}
    pages = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir(exist_ok=True)
        report.write_page([run, run], tmp_path / name / "speed.md")
        pages.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert pages[0] == pages[1]
    assert pages[0].keys() == {"speed.md", "speed-sizes.svg", "speed-streams.svg"}
    page = pages[0]["speed.md"].decode()
    assert page.count("| compress, 16 KiB | 1 ms | 1.000 | 1.020 | yes |" + 6 * " - |") == 2
    assert all(f"]({name})" in page for name in pages[0] if name.endswith(".svg"))
