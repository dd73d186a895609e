"""The rules, and what is found of their breach."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

RULES = {
    "dealloc-keeps-type": "tp_dealloc lets the reference to the type go, that each object holds",
    "dealloc-keeps-field": "tp_dealloc lets go of every object that the fields hold",
    "dealloc-keeps-memory": "tp_dealloc frees the object",
    "dealloc-wrong-free": "tp_dealloc frees by tp_free, which is another function for subclasses",
    "untrack-missing": "tp_dealloc of a type with GC calls PyObject_GC_UnTrack()",
    "untrack-late": "tp_dealloc does so before it lets anything go",
    "use-after-free": "neither the object nor its type is used after it was let go",
    "traverse-missing": "a type with GC has tp_traverse, its own or that of a base",
    "traverse-misses-type": "tp_traverse of a type with GC visits the type",
    "traverse-misses-field": "tp_traverse visits every object that the fields hold",
    "gc-missing": "a type whose objects hold others has Py_TPFLAGS_HAVE_GC",
    "factory-mixes-allocators": "a type whose objects tp_alloc makes has no other maker of them",
    "factory-wrong-allocator": "PyObject_GC_New() makes the objects with GC, PyObject_New() others",
    "factory-keeps-no-type": "who sets the type of an object by hand takes a reference to it",
    "init-unchecked": "the results of calls that may fail are looked at while the module is made",
    "unresolved": "the slots of a type, and the functions in them, are among the files",
}


@dataclass(frozen=True)
class Finding:
    """A breach of a rule."""

    rule: str
    file: str
    line: int
    message: str
    type: str = ""


def merged(findings: Iterable[Finding]) -> list[tuple[Finding, list[str]]]:
    """Take those that types share as one, each with the names of its types; sorted by place."""
    types: dict[Finding, list[str]] = defaultdict(list)
    for finding in findings:
        shared = Finding(finding.rule, finding.file, finding.line, finding.message)
        if finding.type not in types[shared]:
            types[shared].append(finding.type)
    return sorted(types.items(), key=lambda item: (item[0].file, item[0].line, item[0].rule))


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def as_text(type_names: list[str], findings: Iterable[Finding]) -> str:
    """Return a line for each finding, and one that counts."""
    found = merged(findings)
    lines = []
    for one, names in found:
        of = f" ({', '.join(filter(None, names))})" if any(names) else ""
        lines.append(f"{one.file}:{one.line}: {one.rule}: {one.message}{of}")
    count = f"{plural(len(type_names), 'type')}, {plural(len(found), 'finding')}"
    return "\n".join([*lines, count])


def as_json(type_names: list[str], findings: Iterable[Finding]) -> str:
    """Return {"types": [...], "findings": [{rule, file, line, message, types}]}."""
    found = [
        {
            "rule": one.rule,
            "file": one.file,
            "line": one.line,
            "message": one.message,
            "types": [name for name in names if name],
        }
        for one, names in merged(findings)
    ]
    return json.dumps({"types": type_names, "findings": found}, indent=2)
