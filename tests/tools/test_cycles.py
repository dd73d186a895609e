"""tests/isolated/cycles.py has every field that the sources show to the collector."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A Source holds its object twice over.
SOURCE = ("object", "view.obj")
# Every object has it; tests/isolated/module_life.py closes cycles there.
MODULE = "state.module"


@pytest.fixture
def visited(find):
    """The fields that each type visits, by its name: as the sources say."""
    del find  # which has made the tools importable
    from heap_types.exports import Exports
    from heap_types.life import Facts, Life
    from heap_types.project import load, source_files
    from heap_types.references import References
    from heap_types.trace import Place

    project = load(source_files([ROOT / "src"]))
    references = References(project)
    facts = Facts(project, references, Exports(project, references))
    return {
        kind.name: {
            ".".join(event.value.path)
            for event in Life(facts, kind).traverse
            if event.kind == "visit" and isinstance(event.value, Place)
        }
        for kind in project.types
    }


def tables():
    """Return the tables of fields in the script, by their names; it would do its work if it were
    imported."""
    tree = ast.parse((ROOT / "tests" / "isolated" / "cycles.py").read_text())
    return {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and statement.targets[0].id in {"FIELDS", "NEVER"}
    }


def test_every_field_is_in_a_cycle(visited):
    closed, never = tables()["FIELDS"], tables()["NEVER"]
    for name, paths in visited.items():
        assert MODULE in paths, name
        shown = {path for path in paths if path != MODULE}
        for path in [path for path in shown if path.endswith(SOURCE[0])]:
            source = path.removesuffix(f".{SOURCE[0]}")
            shown -= {f"{source}.{field}" for field in SOURCE}
            shown.add(source)
        assert not closed.get(name, set()) & never.get(name, set()), name
        assert shown == closed.get(name, set()) | never.get(name, set()), name
    assert closed.keys() | never.keys() <= visited.keys()
