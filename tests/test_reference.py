"""docs/reference.md is what `make reference` makes, and has every public name."""

import re
import subprocess
import sys
from pathlib import Path

import zstandard

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference.md"


def test_page_is_up_to_date(tmp_path):
    made = tmp_path / "reference.md"
    subprocess.run([sys.executable, ROOT / "tools" / "make_reference.py", made], check=True)
    assert made.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), "make reference"


def test_page_has_every_public_name():
    page = PAGE.read_text(encoding="utf-8")
    told = set(re.findall(r"^(?:#+ |\| `)([\w.]+)", page, re.MULTILINE))
    names = {name for name in dir(zstandard) if not name.startswith("_")}
    # A submodule, whose names are those of the package, and one that the command imports.
    assert names - told <= {"backend_c", "cli"}
    for cls in (value for value in vars(zstandard).values() if isinstance(value, type)):
        _, _, section = page.partition(f"\n## {cls.__name__}\n")
        section = section.partition("\n## ")[0]
        for name in vars(cls):
            assert name.startswith("_") or re.search(rf"[`.]{name}\b", section), (cls, name)
