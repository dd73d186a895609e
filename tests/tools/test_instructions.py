"""The parts of benchmarks/instructions.py and shares.py, on given counts; calls, once each."""

import importlib
import json
import sys
from pathlib import Path

import pytest

import zstandard

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module", autouse=True)
def _benchmarks():
    """Let the benchmarks be imported, as a script there imports them."""
    sys.path.insert(0, str(FOLDER))
    yield
    sys.path.remove(str(FOLDER))


@pytest.fixture
def instructions(monkeypatch, tmp_path):
    """Return the module that counts instructions, with a baseline of its own."""
    module = importlib.import_module("instructions")
    monkeypatch.setattr(module, "BASELINE", tmp_path / "instructions.json")
    monkeypatch.setattr(module, "conditions", lambda: {"libzstd": "1.5.7"})
    return module


@pytest.mark.thread_unsafe(reason="replaces parts of a module")
@pytest.mark.parametrize(
    ("holds_for", "former", "status", "said"),
    [
        ("1.5.7", {"a": 1000, "b": 10}, 0, ""),
        ("1.5.7", {"a": 996, "b": 10}, 0, ""),
        ("1.5.7", {"a": 994, "b": 10}, 1, "a: take more than the baseline"),
        ("1.5.7", {"a": 1006, "b": 10}, 0, "a: take less"),
        ("1.5.7", {"a": 1000}, 1, "b: stand in one of the two only"),
        ("1.5.4", {"a": 1, "b": 1}, 3, "libzstd: 1.5.4; here: 1.5.7"),
        (None, {}, 3, "nothing was compared"),
    ],
)
def test_instructions_are_compared(instructions, capsys, *, holds_for, former, status, said):
    if holds_for:
        record = {"holds for": {"libzstd": holds_for}, "instructions": former}
        instructions.BASELINE.write_text(json.dumps(record))
    assert instructions.compared({"a": 1000.0, "b": 10.0})[0] == status
    printed = capsys.readouterr().out
    assert said in printed
    assert bool(printed) == bool(said)


def test_small_calls_can_be_made():
    calls = importlib.import_module("small_calls")
    for call in calls.CASES.values():
        names = {**vars(calls), "z": zstandard}
        exec(call.setup, names)
        exec(call.statement, names)


DUMP = """\
# callgrind format
desc: Trigger: Client Request: a call/300

positions: line
events: Ir
summary: 1234

ob=(1) /usr/lib/python3.11
fl=(1) ???
fn=(1) main
3 40
cob=(2) /a/zstandard/backend_c.so
cfn=(2) decompress_bytes
calls=1 0
* 1000
+1 4

ob=(2)
fn=(2)
10 100
fi=(3) inlined.h
-2 20
cfn=(3) HUF_readStats
calls=2 0
+0 70
fn=(3)
0 70
fn=(4) huffman
0 1000
"""


def test_instructions_have_owners():
    owners = importlib.import_module("owners")
    names = owners.Names()
    assert owners.counted(DUMP, names) == {
        owners.PYTHON: 44,
        owners.BINDING: 100 + 20 + 1000,
        owners.LIBZSTD: 70,
    }
    # A later dump of the same run gives no names anew.
    assert owners.counted("ob=(2)\nfn=(3)\n7 5\n", names) == {owners.LIBZSTD: 5}


@pytest.mark.parametrize(
    ("library", "kind", "function", "expected"),
    [
        ("backend_c.cpython-311-x86_64-linux-gnu.so", ".", "ZSTD_decompressBlock", "libzstd"),
        ("backend_c.cpython-311-x86_64-linux-gnu.so", ".", "memory_trim", "binding"),
        ("native", ".", "0x00000000000b1369", "libzstd"),
        ("libpython3.11.so.1.0", ".", "_PyObject_Malloc", "Python"),
        ("libc.so.6", ".", "__memmove_avx512_unaligned_erms", "copying"),
        ("libc.so.6", ".", "_int_free", "rest"),
        ("[kernel.kallsyms]", "k", "copy_mc_enhanced_fast_string", "rest"),
    ],
)
def test_time_has_owners(library, kind, function, expected):
    assert importlib.import_module("shares").part(library, kind, function) == expected
