"""Which Py_buffer members hold an export: those that PyObject_GetBuffer() is given, by helpers too.

A struct with a Py_buffer may be part of many others, of which only some ever open it.
"""

from collections import defaultdict
from dataclasses import dataclass

from tree_sitter import Node

from . import nodes
from .project import Function, Project
from .references import References, Scope

Path = tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """What an expression points to: members from a struct on, of a parameter or of nothing else."""

    struct: str
    path: Path
    parameter: int | None
    is_local: bool  # a variable of the function, not a part of an object


class Exports:
    """The members that hold exports, by the struct that the path begins at."""

    def __init__(self, project: Project, references: References) -> None:
        """Find the calls, then those of the helpers, until there are no more."""
        self.project = project
        self.members: set[tuple[str, Path]] = set()
        self.seen: set[tuple[int, int, Path]] = set()
        self.calls: dict[str, list[tuple[Scope, Node]]] = defaultdict(list)
        for scope in references.scopes.values():
            for call in scope.calls:
                self.calls[nodes.callee(call)].append((scope, call))
        for scope, call in self.calls["PyObject_GetBuffer"]:
            arguments = nodes.arguments_of(call)
            if len(arguments) > 1:
                self.add(scope, arguments[1], ())

    def add(self, scope: Scope, expression: Node, rest: Path) -> None:
        """Note an export into what the expression points to, with `rest` behind that."""
        target = self.target(scope, expression)
        if target.is_local:
            self.copied(scope, expression, rest)
            return
        path = self.project.normal(target.struct, (*target.path, *rest))
        if target.parameter is None or not self.callers(scope.function, target.parameter, path):
            self.members.add((target.struct, path))

    def copied(self, scope: Scope, expression: Node, rest: Path) -> None:
        """Note an export into a local struct, where that is copied into a member."""
        names = {nodes.text_of(one) for one in nodes.descendants(expression, "identifier")}
        for key, value in scope.members:
            if value is not None and nodes.text_of(value) in names:
                self.members.add((key[0], self.project.normal(key[0], (key[1], *rest))))

    def callers(self, function: Function, parameter: int, path: Path) -> bool:
        """Go on where the function is called; return whether it is."""
        key = (id(function), parameter, path)
        if key in self.seen:
            return True
        self.seen.add(key)
        called = False
        for scope, call in self.calls.get(function.name, []):
            arguments = nodes.arguments_of(call)
            if parameter < len(arguments):
                called = True
                self.add(scope, arguments[parameter], path)
        return called

    def target(self, scope: Scope, node: Node) -> Target:
        """Take an expression apart."""
        names: list[str] = []
        struct = ""
        has_address = False
        while True:
            if node.type == "field_expression":
                names.insert(0, nodes.text_of(nodes.field(node, "field")))
                struct = ""
                inner = nodes.field(node, "argument")
            elif node.type == "cast_expression":
                struct = struct or nodes.cast_type(node)[0]
                inner = nodes.field(node, "value")
            elif node.type in {"pointer_expression", "subscript_expression"}:
                has_address |= node.type == "pointer_expression"
                inner = nodes.field(node, "argument")
            elif node.type == "parenthesized_expression":
                inner = next(iter(node.named_children), None)
            else:
                break
            if inner is None:
                break
            node = inner
        name = nodes.text_of(node)
        known = struct or scope.types.get(name, "")
        order = [one for one, _ in scope.function.parameters]
        if name in order and name in scope.types:
            return Target(known, tuple(names), order.index(name), is_local=False)
        values = scope.assigned.get(name, [])
        if not names and not has_address and values and values[0] is not node:
            return self.target(scope, values[0])
        local = name in scope.types and name not in scope.pointers
        return Target(known, tuple(names), None, is_local=local)

    def holds(self, struct: str, path: Path) -> bool:
        """Return whether a Py_buffer at a path from the struct of an object holds an export."""
        starts: set[tuple[str, Path]] = {(struct, ())}
        for inner, member, owner in self.project.flattened(struct):
            starts.add((owner, inner if owner == struct else inner[:-1]))
            if member.depth == 0:
                starts.add((member.type, inner))
        return any(
            path[: len(start)] == start and (kind, path[len(start) :]) in self.members
            for kind, start in starts
        )
