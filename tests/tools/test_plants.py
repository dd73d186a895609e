"""The faults that tools/plants plants fit our sources as they are: each has its place."""

import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "src" / "backend_c"
KINDS = ("input", "life_cycle", "memory", "threads")


@pytest.mark.parametrize("kind", KINDS)
def test_each_plant_has_its_place(kind, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "tools" / "plants")
    plants = importlib.import_module(kind).PLANTS
    misplaced = [
        what
        for what, file, old, new, *_ in plants
        if (SOURCES / file).read_text().count(old) != 1 or new == old
    ]
    assert plants
    assert not misplaced
    assert len({what for what, *_ in plants}) == len(plants)


def test_all_kinds_are_looked_at():
    kinds = {path.stem for path in (ROOT / "tools" / "plants").glob("*.py")}
    assert kinds - {"__main__", "machinery"} == set(KINDS)
