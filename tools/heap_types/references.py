"""Which fields of structs hold references, and which hold nothing but bytes, str or numbers.

Judged by all that the files assign to a field, and by what they let go.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import cached_property

from tree_sitter import Node

from . import nodes
from .project import Field, Function, Project
from .python_api import DROPS, INCREFS, MAKES_PLAIN, NEW_REFERENCES, RESIZES

TRANSPARENT = {"pointer_expression", "subscript_expression", "parenthesized_expression"}
NOTHING = {"NULL", "0", "nullptr"}

Key = tuple[str, str]


class Scope:
    """The types of a function's variables, and what is assigned to them."""

    def __init__(self, project: Project, function: Function) -> None:
        """Read the function."""
        self.project = project
        self.function = function
        self.types = dict(function.parameters)
        self.pointers: set[str] = set()
        self.parameters = {name for name, _ in function.parameters}
        self.assigned: dict[str, list[Node]] = defaultdict(list)
        self.members: list[tuple[Key, Node | None]] = []
        self.calls: list[Node] = list(nodes.descendants(function.body, "call_expression"))
        for node in nodes.descendants(
            function.body, "declaration", "assignment_expression", "compound_literal_expression"
        ):
            if node.type == "declaration":
                self.declare(node)
            elif node.type == "assignment_expression":
                self.assign(nodes.field(node, "left"), nodes.field(node, "right"))
            else:
                self.compound(node)
        self.addresses()

    def declare(self, node: Node) -> None:
        """Note the variables of a declaration."""
        kind = nodes.type_name(nodes.field(node, "type"))
        for declarator in node.children_by_field_name("declarator"):
            name, depth = nodes.declared(
                nodes.field(declarator, "declarator")
                if declarator.type == "init_declarator"
                else declarator
            )
            self.types[name] = kind
            if depth > 0:
                self.pointers.add(name)
            value = nodes.field(declarator, "value")
            if declarator.type == "init_declarator" and value is not None:
                self.assigned[name].append(value)

    def assign(self, target: Node | None, value: Node | None) -> None:
        """Note an assignment."""
        if target is None or value is None:
            return
        if target.type == "identifier":
            self.assigned[nodes.text_of(target)].append(value)
        key = self.key(target)
        if key is not None:
            self.members.append((key, value))

    def compound(self, node: Node) -> None:
        """Note the members that are set in (Struct){.member = value}."""
        struct = nodes.type_name(nodes.field(node, "type", "type"))
        value = nodes.field(node, "value")
        for pair in [] if value is None else value.named_children:
            if pair.type == "initializer_pair":
                name = nodes.text_of(nodes.field(pair, "designator")).lstrip(".").strip()
                self.members.append(((struct, name), nodes.field(pair, "value")))

    def addresses(self) -> None:
        """Note what functions are given the address of: they may put anything there."""
        for call in self.calls:
            if nodes.callee(call) in RESIZES:
                continue
            for argument in nodes.arguments_of(call):
                if argument.type == "pointer_expression":
                    target = nodes.field(argument, "argument")
                    if target is not None and target.type == "identifier":
                        self.parameters.add(nodes.text_of(target))
                    key = self.key(target)
                    if key is not None:
                        self.members.append((key, None))

    def struct(self, node: Node | None) -> str:
        """Return the struct that an expression is or points to."""
        while node is not None and node.type in TRANSPARENT:
            node = nodes.field(node, "argument") or next(iter(node.named_children), None)
        if node is None:
            return ""
        if node.type == "identifier":
            return self.types.get(nodes.text_of(node), "")
        if node.type == "cast_expression":
            return nodes.cast_type(node)[0]
        key = self.key(node)
        member = None if key is None else self.project.member(*key)
        return "" if member is None else member.type

    def key(self, node: Node | None) -> Key | None:
        """Return the struct and name of a member that an expression is."""
        while node is not None and node.type in {"subscript_expression", "pointer_expression"}:
            node = nodes.field(node, "argument")
        if node is None or node.type != "field_expression":
            return None
        struct = self.struct(nodes.field(node, "argument"))
        return struct, nodes.text_of(nodes.field(node, "field"))

    def count(self, names: set[str], expression: str) -> int:
        """Count the calls of macros with an expression."""
        return sum(
            nodes.callee(call) in names
            and bool(nodes.arguments_of(call))
            and nodes.squeezed(nodes.bare(nodes.arguments_of(call)[0])) == expression
            for call in self.calls
        )


class References:
    """What the files tell of the fields that may hold references."""

    def __init__(self, project: Project) -> None:
        """Read all functions."""
        self.project = project
        self.scopes = {id(one): Scope(project, one) for one in project.all_functions()}
        self.busy: set[object] = set()

    @cached_property
    def assignments(self) -> dict[Key, list[tuple[Node | None, Scope]]]:
        """All that is assigned to members; None where anything may have been."""
        found: dict[Key, list[tuple[Node | None, Scope]]] = defaultdict(list)
        for scope in self.scopes.values():
            for key, value in scope.members:
                found[key].append((value, scope))
        return found

    @cached_property
    def dropped(self) -> set[Key]:
        """The members whose reference is let go somewhere."""
        found: set[Key] = set()
        for scope in self.scopes.values():
            for call in scope.calls:
                if nodes.callee(call) in DROPS and nodes.arguments_of(call):
                    key = scope.key(nodes.bare(nodes.arguments_of(call)[0]))
                    if key is not None:
                        found.add(key)
        return found

    def may_hold(self, member: Field) -> bool:
        """Return whether a field points to an object, or to many, by its type."""
        return member.depth > 0 and self.project.is_object(member.type)

    def is_owner(self, struct: str, name: str) -> bool:
        """Return whether a field holds a reference of its own."""
        if (struct, name) in self.dropped:
            return True
        return any(
            value is not None and self.is_new_reference(value, scope)
            for value, scope in self.assignments.get((struct, name), [])
        )

    def is_new_reference(self, value: Node, scope: Scope) -> bool:
        """Return whether an assignment takes a reference that it can be seen to be given."""
        bare = nodes.bare(value)
        if bare is None:
            return False
        if bare.type == "call_expression":
            name = nodes.callee(bare)
            return name in NEW_REFERENCES or bool(MAKES_PLAIN.fullmatch(name))
        name = nodes.squeezed(bare)
        return scope.count(INCREFS, name) > scope.count(DROPS, name)

    def is_plain(self, struct: str, name: str) -> bool:
        """Return whether nothing is assigned to a field but objects that refer to no others."""
        found = self.assignments.get((struct, name), [])
        real = [one for one in found if one[0] is None or nodes.text_of(one[0]) not in NOTHING]
        return bool(real) and self.once(
            ("field", struct, name),
            lambda: all(node is not None and self.plain(node, scope) for node, scope in found),
        )

    def once(self, key: object, judge: Callable[[], bool]) -> bool:
        """Judge, unless that is being done already: then nothing speaks against it."""
        if key in self.busy:
            return True
        self.busy.add(key)
        try:
            return judge()
        finally:
            self.busy.discard(key)

    def plain(self, node: Node | None, scope: Scope) -> bool:
        """Return whether the value of an expression is NULL or refers to no other object."""
        node = nodes.bare(node)
        if node is None:
            return False
        if nodes.text_of(node) in NOTHING:
            return True
        judges = {
            "conditional_expression": self.plain_conditional,
            "assignment_expression": self.plain_right,
            "comma_expression": self.plain_right,
            "call_expression": self.plain_call,
            "field_expression": self.plain_member,
            "identifier": self.plain_variable,
        }
        judge = judges.get(node.type)
        return judge is not None and judge(node, scope)

    def plain_conditional(self, node: Node, scope: Scope) -> bool:
        """Judge ?: by both of its values."""
        ends = [nodes.field(node, "consequence"), nodes.field(node, "alternative")]
        return all(self.plain(end, scope) for end in ends)

    def plain_right(self, node: Node, scope: Scope) -> bool:
        """Judge what has the value of its right side."""
        return self.plain(nodes.field(node, "right"), scope)

    def plain_member(self, node: Node, scope: Scope) -> bool:
        """Judge a field by all that is assigned to it."""
        key = scope.key(node)
        return key is not None and self.is_plain(*key)

    def plain_variable(self, node: Node, scope: Scope) -> bool:
        """Judge a local variable by what is assigned to it."""
        name = nodes.text_of(node)
        values = scope.assigned.get(name, [])
        if name in scope.parameters or not values:
            return False
        return self.once(
            ("variable", id(scope), name), lambda: all(self.plain(one, scope) for one in values)
        )

    def plain_call(self, node: Node, scope: Scope) -> bool:
        """Judge a call by its name, or by what the function returns."""
        name = nodes.callee(node)
        if MAKES_PLAIN.fullmatch(name):
            return True
        if name in NEW_REFERENCES:
            return self.plain(nodes.arguments_of(node)[0], scope)
        function = self.project.function(name, scope.function.file)
        if function is None:
            return False
        inside = self.scopes[id(function)]
        returned = list(nodes.descendants(function.body, "return_statement"))
        return bool(returned) and self.once(
            ("function", id(function)),
            lambda: all(
                self.plain(next(iter(one.named_children), None), inside) for one in returned
            ),
        )
