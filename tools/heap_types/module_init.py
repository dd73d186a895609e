"""The rule for making the module: the result of each call that may fail is looked at.

It covers the functions in Py_mod_exec slots, PyInit_ functions, and all that they call.
"""

import re
from collections.abc import Iterator

from tree_sitter import Node

from . import nodes
from .project import Function, Project, slots_of
from .python_api import MAKES, PASS_NULL, STATUS, TAKE_NULL
from .report import Finding

CONDITIONS = {"if_statement", "while_statement", "do_statement", "for_statement"}

LOOKED_AT, LOST, UNKNOWN = "looked at", "lost", "unknown"


class ModuleInit:
    """Checks all functions that run while a module is made."""

    def __init__(self, project: Project) -> None:
        """Find the functions."""
        self.project = project
        self.busy: set[object] = set()
        self.functions: dict[int, Function] = {}
        self.found: dict[tuple[int, str], list[Node]] = {}
        for function in self.entries():
            self.reach(function)

    def entries(self) -> Iterator[Function]:
        """Yield the functions that Python calls."""
        for (file, _), array in self.project.arrays.items():
            for child in array.named_children:
                if child.type == "initializer_list":
                    name = (
                        slots_of(array).get("Py_mod_exec", "")
                        if ("Py_mod_exec" in nodes.text_of(child))
                        else ""
                    )
                    values = [nodes.text_of(nodes.bare(one)) for one in child.named_children]
                    for value in {name, *values}:
                        function = self.project.function(value, file) if name else None
                        if function is not None:
                            yield function
        for function in self.project.all_functions():
            if function.name.startswith("PyInit_"):
                yield function

    def reach(self, function: Function) -> None:
        """Add a function and what it calls."""
        if id(function) in self.functions:
            return
        self.functions[id(function)] = function
        for call in self.within(function, "call_expression"):
            called = self.called(call, function)
            if called is not None:
                self.reach(called)

    def called(self, call: Node, function: Function) -> Function | None:
        """Return the function of the files that is called."""
        target = nodes.bare(nodes.field(call, "function"))
        if target is None or target.type != "identifier":
            return None
        return self.project.function(nodes.text_of(target), function.file)

    def findings(self) -> Iterator[Finding]:
        """Yield the results that are not looked at."""
        for function in self.functions.values():
            for call in self.within(function, "call_expression"):
                if self.may_fail(call, function):
                    message = self.fault(call, function)
                    if message:
                        yield Finding("init-unchecked", function.file, nodes.line_of(call), message)

    def within(self, function: Function, kind: str) -> list[Node]:
        """Return the nodes of a kind in a function, which are asked for again and again."""
        key = (id(function), kind)
        if key not in self.found:
            self.found[key] = list(nodes.descendants(function.body, kind))
        return self.found[key]

    # --- what may fail ---

    def may_fail(self, call: Node, function: Function) -> bool:
        """Return whether the result of a call tells of an error."""
        name = nodes.callee(call)
        if MAKES.fullmatch(name) or STATUS.fullmatch(name):
            return True
        called = self.called(call, function)
        return called is not None and self.tells_errors(called)

    def tells_errors(self, function: Function) -> bool:
        """Return whether a function of the files returns NULL, -1 or what another one returns."""
        if id(function) in self.busy:
            return False
        self.busy.add(id(function))
        try:
            return any(
                self.is_error(node, function) for node in self.within(function, "return_statement")
            )
        finally:
            self.busy.discard(id(function))

    def is_error(self, returned: Node, function: Function) -> bool:
        """Return whether a return statement may tell of an error."""
        value = nodes.bare(next(iter(returned.named_children), None))
        if value is None:
            return False
        if re.search(r"\bNULL\b(?!\w)|-1\b", nodes.text_of(value)) and not re.search(
            r"[!=]=", nodes.text_of(value)
        ):
            return True
        if value.type == "conditional_expression":
            ends = [nodes.field(value, "consequence"), nodes.field(value, "alternative")]
            return any(nodes.squeezed(end) in {"NULL", "-1"} for end in ends)
        if value.type == "call_expression":
            return self.may_fail(value, function)
        if value.type == "identifier":
            return any(
                self.may_fail(made, function)
                for made in self.assigned(nodes.text_of(value), function)
            )
        return False

    @staticmethod
    def assigned(name: str, function: Function) -> Iterator[Node]:
        """Yield the calls whose results a variable is given."""
        for node in nodes.descendants(function.body, "init_declarator", "assignment_expression"):
            target = nodes.field(node, "left") or nodes.field(node, "declarator")
            value = nodes.bare(nodes.field(node, "right") or nodes.field(node, "value"))
            is_ours = target is not None and nodes.text_of(target).lstrip("* ") == name
            if is_ours and value is not None and value.type == "call_expression":
                yield value

    # --- what becomes of the result ---

    def fault(self, call: Node, function: Function) -> str:
        """Return what is wrong with the use of a result, "" for nothing."""
        name = f"{nodes.callee(call)}()"
        outcome, variable, after = self.destination(call, function)
        if outcome == LOST:
            return f"the result of {name} is not looked at"
        if variable:
            outcome = self.first_use(variable, function, after)
            if outcome != LOOKED_AT:
                return f"{variable}, of {name}, is not looked at before it is used"
        return ""

    def destination(self, node: Node, function: Function) -> tuple[str, str, int]:
        """Return the outcome for an expression; or the variable it is put in, and from where on."""
        child, parent = node, node.parent
        while parent is not None:
            kind = parent.type
            if kind == "assignment_expression" and nodes.field(parent, "right") == child:
                if self.context(parent, function) == LOOKED_AT:
                    return LOOKED_AT, "", 0
                return UNKNOWN, nodes.squeezed(nodes.field(parent, "left")), parent.end_byte
            if kind == "init_declarator":
                name, _ = nodes.declared(nodes.field(parent, "declarator"))
                return UNKNOWN, name, parent.end_byte
            outcome = self.judged(child, parent, function)
            if outcome:
                return outcome, "", 0
            child, parent = parent, parent.parent
        return LOST, "", 0

    def context(self, node: Node, function: Function) -> str:
        """Return the outcome for an expression by what is around it; UNKNOWN if it goes nowhere."""
        child, parent = node, node.parent
        while parent is not None:
            if parent.type in {"assignment_expression", "init_declarator"}:
                return UNKNOWN
            outcome = self.judged(child, parent, function)
            if outcome:
                return (
                    UNKNOWN
                    if outcome == LOST
                    and parent.type in {"expression_statement", "comma_expression"}
                    else outcome
                )
            child, parent = parent, parent.parent
        return UNKNOWN

    def judged(self, child: Node, parent: Node, function: Function) -> str:
        """Return the outcome of an expression by what it stands in; "" if that has its value."""
        kind = parent.type
        if kind in {"parenthesized_expression", "cast_expression"}:
            outer = parent.parent
            return LOOKED_AT if outer is not None and outer.type in CONDITIONS else ""
        if kind == "conditional_expression":
            return LOOKED_AT if nodes.field(parent, "condition") == child else ""
        if kind == "comma_expression":
            return "" if nodes.field(parent, "right") == child else LOST
        if kind in {"field_expression", "pointer_expression", "subscript_expression"}:
            return LOST
        if kind == "argument_list":
            return self.passed(child, parent, function)
        return LOST if kind == "expression_statement" else LOOKED_AT

    def passed(self, child: Node, arguments: Node, function: Function) -> str:
        """Return the outcome of an argument."""
        call = arguments.parent
        if call is None:
            return LOOKED_AT
        name = nodes.callee(call)
        given = nodes.arguments_of(call)
        index = given.index(child) if child in given else -1
        if name in PASS_NULL:
            return UNKNOWN
        if name in TAKE_NULL:
            return LOOKED_AT if index == len(given) - 1 else LOST
        called = self.called(call, function)
        if called is None or not 0 <= index < len(called.parameters):
            return LOST
        key = ("parameter", id(called), index)
        if key in self.busy:
            return LOOKED_AT
        self.busy.add(key)
        try:
            outcome = self.first_use(called.parameters[index][0], called, 0)
        finally:
            self.busy.discard(key)
        return LOST if outcome == LOST else LOOKED_AT

    def first_use(self, variable: str, function: Function, after: int) -> str:
        """Return the outcome at the first use of a variable that says anything."""
        names = {variable}
        for node in self.mentions(function.body, names, after):
            if node.type == "call_expression":
                return LOOKED_AT  # PyErr_Occurred()
            parent = node.parent
            if parent is not None and parent.type == "assignment_expression":
                if nodes.field(parent, "left") == node:
                    return LOST
                if self.context(parent, function) == LOOKED_AT:
                    return LOOKED_AT
                names.add(nodes.squeezed(nodes.field(parent, "left")))
                continue
            outcome = self.outcome_of(node, function, names)
            if outcome in {LOOKED_AT, LOST}:
                return outcome
        return UNKNOWN

    def outcome_of(self, node: Node, function: Function, names: set[str]) -> str:
        """Return the outcome of one use; other names for the same value are added to `names`."""
        child, parent = node, node.parent
        while parent is not None:
            if parent.type == "init_declarator":
                names.add(nodes.declared(nodes.field(parent, "declarator"))[0])
                return UNKNOWN
            if parent.type == "assignment_expression":
                names.add(nodes.squeezed(nodes.field(parent, "left")))
                return UNKNOWN
            if parent.type == "pointer_expression" and nodes.text_of(parent).startswith("&"):
                return UNKNOWN
            outcome = self.judged(child, parent, function)
            if outcome:
                is_effect = outcome == LOST and parent.type == "expression_statement"
                return UNKNOWN if is_effect else outcome
            child, parent = parent, parent.parent
        return UNKNOWN

    def mentions(self, node: Node, names: set[str], after: int) -> Iterator[Node]:
        """Yield, in order, where one of the names stands, and calls of PyErr_Occurred()."""
        if node.start_byte >= after:
            is_name = "expression" in node.type or node.type == "identifier"
            if is_name and nodes.squeezed(node) in names:
                yield node
                return
            if node.type == "call_expression" and nodes.callee(node) == "PyErr_Occurred":
                yield node
                return
        if node.end_byte > after:
            for child in node.named_children:
                yield from self.mentions(child, names, after)
