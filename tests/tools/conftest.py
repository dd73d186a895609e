"""The tools are imported as scripts import them; what they need is in the dependency group dev."""

import os
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"


@pytest.fixture(scope="session")
def find():
    """Return what checks a folder: the names of its heap types, and the findings."""
    if not os.environ.get("CI"):  # where that is set, the group is there
        pytest.importorskip("tree_sitter", reason="tree-sitter is in the dependency group dev")
    sys.path.insert(0, str(TOOLS))
    from heap_types.check import check
    from heap_types.project import source_files

    return lambda folder: check(source_files([folder]))
