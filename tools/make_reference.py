#!/usr/bin/env python3
"""Make docs/reference.md, or the file named, out of the type stubs and the docstrings."""

import ast
import inspect
import re
import sys
import textwrap
from pathlib import Path

import zstandard

PAGE = Path(__file__).parent.parent / "docs" / "reference.md"
STUB = Path(zstandard.__file__).with_name("backend_c.pyi").read_text(encoding="utf-8")
INTRODUCTION = """\
# Reference

Every public name of the package `zstandard`. `make reference` makes this page out of the type stubs
and the docstrings, which `help()` shows, too. In signatures, `Buffer` is any bytes-like object,
`_Readable` one with a method `read(size)`, `_Writable` one with a method `write(data)`, and
`_Inputs` a list of bytes-like objects, a `BufferWithSegments` or a
`BufferWithSegmentsCollection`."""
# What differs from one installation to the next.
OF_THE_INSTALLATION = {
    "__version__": "version of the package",
    "ZSTD_VERSION": "version of libzstd, as three numbers",
}


def text_of(owner: object, name: str) -> str:
    """Return a docstring as Markdown, with its parameters as a list."""
    lines: list[str] = []
    in_list = False
    text = inspect.getdoc(inspect.getattr_static(owner, name)) or ""
    for line in text.splitlines():
        is_item = re.match(r"\w+(, \w+)*: ", line) is not None
        if is_item and not in_list and lines and lines[-1]:
            lines.append("")
        # A new sentence at the start of a line is about all of the call.
        ends_list = in_list and lines[-1].endswith(".") and re.match(r"[A-Z][a-z]+ ", line)
        if ends_list:
            lines.append("")
        in_list = is_item or (in_list and line != "" and not ends_list)
        indent = "- " if is_item else "  " if in_list else ""
        lines.append(indent + re.sub(r"(\*|<|__)", r"\\\1", line))
    return "\n".join(lines)


def signature(name: str, node: ast.FunctionDef) -> str:
    """Return a signature, laid out as in the stub, for a function that is called by this name."""
    source = textwrap.dedent(ast.get_source_segment(STUB, node, padded=True) or "")
    source = source.removesuffix(": ...")
    source = re.sub(r"\b(self|cls),?\s*", "", source, count=1)
    return "```python\n" + source.replace(f"def {node.name}", name, 1) + "\n```"


def is_property(node: ast.stmt) -> bool:
    """Return whether a class has an attribute by this definition."""
    return isinstance(node, ast.FunctionDef) and "property" in map(ast.unparse, node.decorator_list)


def attributes(node: ast.ClassDef) -> list[str]:
    """Return the attributes of a class, as items of a list."""
    items = []
    for each in node.body:
        if isinstance(each, ast.AnnAssign):
            items.append(f"- `{ast.unparse(each)}`")
        elif isinstance(each, ast.FunctionDef) and is_property(each) and each.returns:
            text = textwrap.indent(text_of(getattr(zstandard, node.name), each.name), "  ").strip()
            items.append(f"- `{each.name}: {ast.unparse(each.returns)}`: {text}")
    return ["Attributes:", "\n".join(items)] if items else []


def class_sections(node: ast.ClassDef) -> list[str]:
    """Return the sections on a class, its attributes and its methods."""
    cls = getattr(zstandard, node.name)
    sections = [f"## {node.name}", text_of(zstandard, node.name), *attributes(node)]
    refused = []
    for each in node.body:
        if not isinstance(each, ast.FunctionDef) or is_property(each):
            continue
        if each.name in {"__init__", "__new__"}:
            sections.insert(1, signature(node.name, each).replace(" -> None", ""))
        elif each.returns and ast.unparse(each.returns) == "Never":
            refused.append(f"`{each.name}()`")
        elif not each.name.startswith("_"):
            sections += [f"### {node.name}.{each.name}", signature(each.name, each)]
            sections.append(text_of(cls, each.name))
    if refused:
        sections.append(f"There to be refused: {', '.join(refused)}.")
    return sections


def constants(names: list[str]) -> list[str]:
    """Return the section on the constants."""
    rows = ["| name | value |", "|---|---|"]
    for name in names:
        value = getattr(zstandard, name)
        text = ", ".join(sorted(value)) if isinstance(value, set | frozenset) else repr(value)
        rows.append(f"| `{name}` | {OF_THE_INSTALLATION.get(name, f'`{text}`')} |")
    return ["## Constants", "\n".join(rows)]


def reference() -> str:
    """Return the page."""
    functions, classes, names = [], [], ["backend"]
    for node in ast.parse(STUB).body:
        if isinstance(node, ast.FunctionDef):
            functions += [f"### {node.name}", signature(node.name, node)]
            functions.append(text_of(zstandard, node.name))
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            classes += class_sections(node)
        elif isinstance(node, ast.AnnAssign) and node.value is None:
            names.append(ast.unparse(node.target))
    parameters = inspect.signature(zstandard.open).parameters.values()
    lines = "".join(f"    {each},\n" for each in parameters).replace("'", '"')
    functions += ["### open", f"```python\nopen(\n{lines})\n```", text_of(zstandard, "open")]
    sections = [INTRODUCTION, "## Functions", *functions, *classes, *constants(names)]
    return "\n\n".join(sections) + "\n"


if __name__ == "__main__":
    page = Path(sys.argv[1]) if len(sys.argv) > 1 else PAGE
    page.write_text(reference(), encoding="utf-8")
