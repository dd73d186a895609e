"""Whose the instructions are that callgrind has counted: the binding's, libzstd's, or Python's."""

import re
from collections import Counter

BINDING, LIBZSTD, PYTHON = "binding", "libzstd", "Python, libc"
OWNERS = (BINDING, LIBZSTD, PYTHON)
# How the names of libzstd's functions begin.
_LIBZSTD = re.compile(r"_?(ZSTD|HUF|FSE|HIST|XXH|ZSTDMT|POOL|BIT|MEM)_")
_NAME = re.compile(r"(?P<kind>c?(?:ob|fn))=\((?P<number>\d+)\)(?: (?P<name>.+))?")
_COST = re.compile(r"[+\-*\d]\S* (?P<count>\d+)")


class Names:
    """The names that the dumps of one run give to numbers: each is told once."""

    def __init__(self) -> None:
        """Know none."""
        self._of: dict[tuple[str, str], str] = {}

    def name(self, kind: str, number: str, name: str | None) -> str:
        """Return the name of an object (ob) or function (fn), told here or before."""
        key = kind[-2:], number
        return self._of.setdefault(key, name) if name else self._of.get(key, "")


def owner(library: str, function: str) -> str:
    """Return whose a function is."""
    if "/zstandard/backend_c" not in library:
        return PYTHON
    return LIBZSTD if _LIBZSTD.match(function) else BINDING


def counted(dump: str, names: Names) -> Counter[str]:
    """Return the instructions of a dump by their owner."""
    counts: Counter[str] = Counter()
    library = function = ""
    is_called = False
    for line in dump.splitlines():
        if found := _NAME.fullmatch(line):
            name = names.name(found["kind"], found["number"], found["name"])
            if found["kind"] == "ob":
                library = name
            elif found["kind"] == "fn":
                function = name
        elif line.startswith("calls="):
            is_called = True  # what follows is counted where it is done
        elif found := _COST.fullmatch(line):
            if not is_called:
                counts[owner(library, function)] += int(found["count"])
            is_called = False
    return counts
