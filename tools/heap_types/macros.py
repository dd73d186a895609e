"""C source as the parser can read it: without comments and directives, with macros expanded.

Headers that are not among the files are not read. Every line stays where it is: what a macro
expands to stands on the line of its name.
"""

import re
from dataclasses import dataclass

from .python_api import KNOWN_MACROS

TOKEN = re.compile(
    r"""[A-Za-z_]\w*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\d[\w.]*|\s+|\#\#|.""", re.DOTALL
)
COMMENT_OR_STRING = re.compile(
    r"""/\*.*?\*/|//(?:\\\n|[^\n])*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.DOTALL
)
DEFINE = re.compile(r"\s*#\s*define\s+([A-Za-z_]\w*)(\([^)]*\))?(.*)", re.DOTALL)
DIRECTIVE = re.compile(r"\s*#\s*(\w+)\s*(.*)", re.DOTALL)
IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")
OPENING, CLOSING = "({[", ")}]"


@dataclass(frozen=True)
class Macro:
    """What a name stands for; `parameters` is None for one without parentheses."""

    parameters: tuple[str, ...] | None
    body: str


# Macros of Python.h which are no expressions or statements by themselves.
PYTHON = {
    "PyObject_HEAD": Macro(None, "PyObject ob_base;"),
    "PyObject_VAR_HEAD": Macro(None, "PyVarObject ob_base;"),
    "PyObject_HEAD_INIT": Macro(("type",), "{0},"),
    "PyVarObject_HEAD_INIT": Macro(("type", "size"), "{0},"),
    "offsetof": Macro(("type", "member"), "0"),
    "Py_BEGIN_ALLOW_THREADS": Macro(None, "{"),
    "Py_END_ALLOW_THREADS": Macro(None, "}"),
    "Py_BEGIN_CRITICAL_SECTION": Macro(("object",), "{"),
    "Py_END_CRITICAL_SECTION": Macro((), "}"),
    "Py_BEGIN_CRITICAL_SECTION2": Macro(("a", "b"), "{"),
    "Py_END_CRITICAL_SECTION2": Macro((), "}"),
    "Py_TRASHCAN_BEGIN": Macro(("object", "function"), "{"),
    "Py_TRASHCAN_END": Macro(None, "}"),
    "Py_LOCAL": Macro(("type",), "static type"),
    "Py_LOCAL_INLINE": Macro(("type",), "static inline type"),
    "PyAPI_FUNC": Macro(("type",), "type"),
    "PyMODINIT_FUNC": Macro(None, "PyObject *"),
    "Py_ALWAYS_INLINE": Macro(None, ""),
    "Py_NO_INLINE": Macro(None, ""),
}


def without_comments(text: str) -> str:
    """Replace comments by as many lines of nothing."""

    def blank(match: re.Match[str]) -> str:
        found = match.group()
        return " " + "\n" * found.count("\n") if found.startswith("/") else found

    return COMMENT_OR_STRING.sub(blank, text)


def logical_lines(text: str) -> list[tuple[str, int]]:
    """Split into lines, directives joined with their continuations, and how many each takes."""
    lines: list[tuple[str, int]] = []
    parts = text.split("\n")
    index = 0
    while index < len(parts):
        line, count = parts[index], 1
        if line.lstrip().startswith("#"):
            while line.endswith("\\") and index + count < len(parts):
                line = line[:-1] + " " + parts[index + count]
                count += 1
        lines.append((line, count))
        index += count
    return lines


def definitions(text: str) -> dict[str, Macro]:
    """Collect the macros that a file defines; of several of a name, the one that says most."""
    macros: dict[str, Macro] = {}
    for line, _ in logical_lines(without_comments(text)):
        found = DEFINE.match(line)
        if found is None or found[1] in KNOWN_MACROS:
            continue
        names = None
        if found[2] is not None:
            names = tuple(name.strip() for name in found[2][1:-1].split(",") if name.strip())
        macro = Macro(names, found[3].strip())
        if found[1] not in macros or len(macros[found[1]].body) < len(macro.body):
            macros[found[1]] = macro
    return macros


def depth_of(text: str) -> int:
    """Return by how much the brackets that open exceed those that close."""
    plain = COMMENT_OR_STRING.sub("", text)
    return sum(plain.count(char) for char in OPENING) - sum(plain.count(char) for char in CLOSING)


class Conditionals:
    """Leaves out the branches of conditional directives that cannot stand beside the others."""

    def __init__(self, text: str) -> None:
        """Take text without comments."""
        self.lines = logical_lines(text)
        self.index = 0

    def resolve(self) -> str:
        """Return the text that stays, with as many lines."""
        return self.block(0)

    def block(self, depth: int) -> str:
        """Read up to the directive that ends a branch; `depth` is that of the brackets around."""
        out: list[str] = []
        while self.index < len(self.lines):
            line, count = self.lines[self.index]
            directive = DIRECTIVE.match(line)
            if directive is None:
                out.append(line + "\n")
                depth += depth_of(line)
                self.index += 1
            elif directive[1] in {"if", "ifdef", "ifndef"}:
                kept = self.conditional(depth)
                depth += depth_of(kept)
                out.append(kept)
            elif directive[1] in {"elif", "else", "endif", "elifdef", "elifndef"}:
                break
            else:
                out.append("\n" * count)
                self.index += 1
        return "".join(out)

    def conditional(self, depth: int) -> str:
        """Read all branches up to #endif and choose."""
        branches: list[tuple[str, str]] = []
        while self.index < len(self.lines):
            line, count = self.lines[self.index]
            directive = DIRECTIVE.match(line)
            self.index += 1
            if directive is not None and directive[1] == "endif":
                return "".join(self.chosen(branches, depth)) + "\n" * count
            condition = f"{directive[1]} {directive[2].strip()}" if directive else ""
            branches.append((condition, "\n" * count + self.block(depth)))
        return "".join(self.chosen(branches, depth))

    @staticmethod
    def chosen(branches: list[tuple[str, str]], depth: int) -> list[str]:
        """Blank what goes: dead branches; and, within functions, all alternatives but the first."""
        live = [
            index
            for index, (condition, _) in enumerate(branches)
            if condition not in {"if 0", "ifdef __cplusplus"}
        ]
        balanced = all(depth_of(branches[index][1]) == 0 for index in live)
        if not balanced:
            live = live[:1] if len(branches) > 1 else []
        elif depth > 0:
            live = live[:1]
        return [
            text if index in live else "\n" * text.count("\n")
            for index, (_, text) in enumerate(branches)
        ]


def arguments_at(tokens: list[str], index: int) -> tuple[list[list[str]], int] | None:
    """Read the arguments in parentheses from the token at `index`; return what is behind them."""
    while index < len(tokens) and tokens[index].isspace():
        index += 1
    if index == len(tokens) or tokens[index] != "(":
        return None
    arguments: list[list[str]] = [[]]
    depth = 1
    for position in range(index + 1, len(tokens)):
        token = tokens[position]
        depth += (token in OPENING) - (token in CLOSING)
        if depth == 0:
            return arguments, position + 1
        if token == "," and depth == 1:
            arguments.append([])
        else:
            arguments[-1].append(token)
    return None


class Expander:
    """Expands macros in text."""

    def __init__(self, macros: dict[str, Macro]) -> None:
        """Take the macros of the files; those of Python.h come in addition."""
        self.macros = {**macros, **PYTHON}

    def expand(self, text: str) -> str:
        """Return the text with every macro expanded."""
        return "".join(self.tokens(TOKEN.findall(text), frozenset()))

    def tokens(self, tokens: list[str], active: frozenset[str]) -> list[str]:
        """Expand tokens; `active` are the macros at work, which do not expand again."""
        out: list[str] = []
        index = 0
        while index < len(tokens):
            token = tokens[index]
            index += 1
            macro = None if token in active else self.macros.get(token)
            if macro is None:
                out.append(token)
                continue
            if macro.parameters is None:
                body = TOKEN.findall(macro.body)
            else:
                read = arguments_at(tokens, index)
                if read is None:
                    out.append(token)
                    continue
                consumed = "".join(tokens[index : read[1]])
                index = read[1]
                body = self.substitute(macro, read[0])
                out.extend(self.tokens(body, active | {token}))
                out.append("\n" * consumed.count("\n"))
                continue
            out.extend(self.tokens(body, active | {token}))
        return out

    def substitute(self, macro: Macro, arguments: list[list[str]]) -> list[str]:
        """Put the arguments in the place of the parameters."""
        names = macro.parameters or ()
        given = [[" " if part.isspace() else part for part in argument] for argument in arguments]
        by_name = dict(zip(names, given, strict=False))
        if names and names[-1] == "...":
            rest = given[len(names) - 1 :]
            joined = [part for argument in rest for part in [*argument, ","]][:-1]
            by_name["__VA_ARGS__"] = joined
        out: list[str] = []
        for token in TOKEN.findall(re.sub(r"\s*##\s*", "##", macro.body)):
            if token == "##":
                continue
            if out and out[-1] == "#" and token in by_name:
                out[-1] = '"' + "".join(by_name[token]).replace('"', r"\"") + '"'
            else:
                out.extend(by_name.get(token, [token]))
        return out


def readable(text: str, macros: dict[str, Macro]) -> str:
    """Return a file's text as the parser takes it."""
    return Expander(macros).expand(Conditionals(without_comments(text)).resolve())
