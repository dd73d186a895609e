"""What tests/isolated/fields.py says of the types' fields: is it what their sources have?"""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.usefixtures("find")
def test_fields(monkeypatch):
    from heap_types.check import fields
    from heap_types.project import source_files

    monkeypatch.setattr(sys, "path", [str(ROOT / "tests" / "isolated"), *sys.path])
    from fields import NEVER_SET, WHOLE

    in_sources = fields(source_files([ROOT / "src" / "backend_c"]))
    in_tests = {}
    for kind, make in WHOLE.items():
        never = {field for field, kinds in NEVER_SET.items() if kind in kinds}
        in_tests[kind.__name__] = {"state.module", *make()[1], *never}
    assert in_tests == in_sources
