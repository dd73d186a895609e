"""What a function of a type does to an object, in the order of the text, helpers followed.

A branch is taken to be run after the ones before it, unless that left the function. A helper is
followed where it is given the object, a part of it, its type or the visitor, through casts, copies
and local variables.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tree_sitter import Node

from . import nodes
from .project import Function, HeapType, Project
from .python_api import EFFECTS

DEPTH_MAX = 16
TYPE_SLOTS = {"tp_free", "tp_dealloc", "tp_alloc", "tp_clear", "tp_traverse", "tp_finalize"}
LEAVES = {"return_statement", "goto_statement", "break_statement", "continue_statement"}


@dataclass(frozen=True)
class Place:
    """The object (an empty path) or a part of it; `struct` is its type, as far as it is known."""

    path: tuple[str, ...] = ()
    struct: str = ""


def is_object(value: "Value") -> bool:
    """Return whether a value is the object itself."""
    return isinstance(value, Place) and not value.path


@dataclass(frozen=True)
class Known:
    """A value of another kind: "type" (the object's), "visit", or "slot" and "function" by name."""

    kind: str
    name: str = ""


Value = Place | Known | None
TYPE = Known("type")


@dataclass(frozen=True)
class Event:
    """Something that is done, to `value`, by the function or macro `name`."""

    kind: str
    value: Value
    name: str
    file: str
    line: int


@dataclass
class Frame:
    """A call of a function."""

    function: Function
    values: dict[str, Value] = field(default_factory=dict)
    result: Value = None


@dataclass
class Gone:
    """What was given back so far."""

    object: bool = False
    type: bool = False


class Tracer:
    """Follows the functions of one type."""

    def __init__(self, project: Project, heap_type: HeapType) -> None:
        """Take the type whose objects are followed."""
        self.project = project
        self.heap_type = heap_type
        self.events: list[Event] = []
        self.frames: list[Frame] = []
        self.gone = Gone()

    def run(self, slot: str, *arguments: Value) -> list[Event]:
        """Return what the function in a slot does with arguments; nothing if there is none."""
        name = self.heap_type.slots.get(slot, "")
        function = self.project.function(name, self.heap_type.file)
        self.events = []
        self.gone = Gone()
        if function is not None:
            self.enter(function, list(arguments))
        return self.events

    def object(self) -> Place:
        """Return the object itself."""
        return Place((), self.heap_type.struct)

    # --- frames ---

    def enter(self, function: Function, arguments: list[Value]) -> Value:
        """Follow a call; return what it returns."""
        if len(self.frames) > DEPTH_MAX or any(one.function is function for one in self.frames):
            return None
        frame = Frame(function)
        for (name, struct), value in zip(function.parameters, arguments, strict=False):
            frame.values[name] = self.typed(value, struct)
        self.frames.append(frame)
        if function.node.has_error and len(self.frames) == 1:
            declarator = nodes.field(function.node, "declarator") or function.node
            self.emit("unreadable", None, function.name, declarator)
        self.walk(function.body)
        self.frames.pop()
        return frame.result

    def emit(self, kind: str, value: Value, name: str, node: Node) -> None:
        """Record what is done."""
        file = self.frames[-1].function.file
        self.events.append(Event(kind, value, name, file, nodes.line_of(node)))

    def use(self, value: Value, name: str, node: Node) -> None:
        """Note that memory is read; an event only if it is gone by then.

        What was read from the object before lives on.
        """
        if (is_object(value) and self.gone.object) or (value == TYPE and self.gone.type):
            self.emit("use-after-free", value, name, node)

    def typed(self, value: Value, struct: str) -> Value:
        """Return the value as one of the struct, if that is one of the files'."""
        if isinstance(value, Place) and struct in self.project.structs:
            return replace(value, struct=struct)
        return value

    # --- statements ---

    def walk(self, node: Node | None) -> None:
        """Follow a statement, or whatever else the syntax has."""
        if node is None:
            return
        handler = self.statements().get(node.type)
        if handler is not None:
            handler(node)
        elif node.type.endswith("_expression") or node.type == "identifier":
            self.value(node)
        else:
            for child in node.named_children:
                self.walk(child)

    def statements(self) -> dict[str, Callable[[Node], None]]:
        """Return what follows each kind of statement."""
        return {
            "declaration": self.declaration,
            "if_statement": self.if_statement,
            "return_statement": self.return_statement,
        }

    def declaration(self, node: Node) -> None:
        """Follow the declaration of local variables."""
        struct = nodes.type_name(nodes.field(node, "type"))
        for declarator in node.children_by_field_name("declarator"):
            if declarator.type == "init_declarator":
                name, _ = nodes.declared(nodes.field(declarator, "declarator"))
                value = self.value(nodes.field(declarator, "value"))
                self.frames[-1].values[name] = self.typed(value, struct)

    def if_statement(self, node: Node) -> None:
        """Follow the branches; what is gone in one that leaves is not gone after it."""
        self.walk(nodes.field(node, "condition"))
        before = replace(self.gone)
        consequence = nodes.field(node, "consequence")
        self.walk(consequence)
        after = before if self.leaves(consequence) else self.gone
        self.gone = replace(before)
        alternative = nodes.field(node, "alternative")
        self.walk(alternative)
        other = before if self.leaves(alternative) else self.gone
        self.gone = Gone(after.object or other.object, after.type or other.type)

    def leaves(self, node: Node | None) -> bool:
        """Return whether a statement ends by leaving for elsewhere."""
        while node is not None and node.type in {"compound_statement", "else_clause"}:
            node = node.named_children[-1] if node.named_children else None
        return node is not None and node.type in LEAVES

    def return_statement(self, node: Node) -> None:
        """Follow what is returned."""
        for child in node.named_children:
            value = self.value(child)
            if self.frames[-1].result is None:
                self.frames[-1].result = value

    # --- expressions ---

    def value(self, node: Node | None) -> Value:
        """Follow an expression; return what is known of its value."""
        if node is None:
            return None
        handler = self.expressions().get(node.type)
        if handler is not None:
            return handler(node)
        for child in node.named_children:
            self.value(child)
        return None

    def expressions(self) -> dict[str, Callable[[Node], Value]]:
        """Return what follows each kind of expression."""
        return {
            "identifier": self.identifier,
            "parenthesized_expression": self.inner,
            "cast_expression": self.cast,
            "field_expression": self.member,
            "pointer_expression": self.pointer,
            "subscript_expression": self.subscript,
            "assignment_expression": self.assignment,
            "conditional_expression": self.conditional,
            "comma_expression": self.comma,
            "call_expression": self.call,
            "sizeof_expression": lambda _: None,
        }

    def identifier(self, node: Node) -> Value:
        """Look a name up."""
        name = nodes.text_of(node)
        if name in self.frames[-1].values:
            return self.frames[-1].values[name]
        file = self.frames[-1].function.file
        return Known("function", name) if self.project.function(name, file) else None

    def inner(self, node: Node) -> Value:
        """Follow what stands in parentheses."""
        value: Value = None
        for child in node.named_children:
            value = self.value(child)
        return value

    def cast(self, node: Node) -> Value:
        """Follow a cast, which changes what the members are."""
        value = self.value(nodes.field(node, "value"))
        return self.typed(value, nodes.cast_type(node)[0])

    def pointer(self, node: Node) -> Value:
        """Follow & and *: a part of the object is the same value with either."""
        value = self.value(nodes.field(node, "argument"))
        if nodes.text_of(nodes.field(node, "operator")) == "*":
            self.use(value, "*", node)
        return value

    def subscript(self, node: Node) -> Value:
        """Follow an index: all items are taken for one."""
        self.value(nodes.field(node, "index"))
        return self.value(nodes.field(node, "argument"))

    def member(self, node: Node) -> Value:
        """Follow . and ->."""
        value = self.value(nodes.field(node, "argument"))
        name = nodes.text_of(nodes.field(node, "field"))
        if nodes.text_of(nodes.field(node, "operator")) == "->":
            self.use(value, f"->{name}", node)
        if name in TYPE_SLOTS:
            return Known("slot", name)
        if not isinstance(value, Place):
            return None
        if name == "ob_type":
            return TYPE if is_object(value) else None
        known = self.project.member(value.struct, name)
        struct = known.type if known is not None else ""
        if name == "ob_base" or self.project.is_first_embedded(value.struct, name):
            return Place(value.path, struct or value.struct)
        return Place((*value.path, name), struct)

    def assignment(self, node: Node) -> Value:
        """Follow an assignment; what a variable is known to be stays so on other branches."""
        value = self.value(nodes.field(node, "right"))
        target = nodes.field(node, "left")
        if target is not None and target.type == "identifier":
            name = nodes.text_of(target)
            if value is not None or name not in self.frames[-1].values:
                self.frames[-1].values[name] = value
        else:
            self.value(target)
        return value

    def conditional(self, node: Node) -> Value:
        """Follow ?:, which is the first of the two that is known."""
        self.value(nodes.field(node, "condition"))
        first = self.value(nodes.field(node, "consequence"))
        second = self.value(nodes.field(node, "alternative"))
        return first if first is not None else second

    def comma(self, node: Node) -> Value:
        """Follow a comma, whose value is the last one."""
        self.value(nodes.field(node, "left"))
        return self.value(nodes.field(node, "right"))

    # --- calls ---

    def call(self, node: Node) -> Value:
        """Follow a call."""
        function = nodes.bare(nodes.field(node, "function"))
        name = nodes.callee(node)
        called = self.value(function)
        arguments = [self.value(one) for one in nodes.arguments_of(node)]
        first = arguments[0] if arguments else None
        if isinstance(called, Known) and called.kind == "slot":
            return self.call_slot(called.name, function, arguments, node)
        if isinstance(called, Known) and called.kind == "visit":
            self.emit("visit", first, "visit", node)
            return None
        if name == "PyType_GetSlot":
            return self.slot_of(node)
        effect = EFFECTS.get(name)
        if effect is not None:
            return self.python_call(effect, name, first, node)
        target = called.name if isinstance(called, Known) else name
        found = self.project.function(target, self.frames[-1].function.file)
        if found is not None and any(value is not None for value in arguments):
            return self.enter(found, arguments)
        for value in arguments:
            self.use(value, f"{name}()", node)
        return None

    def python_call(self, effect: str, name: str, first: Value, node: Node) -> Value:
        """Record what is done by a function or macro of Python's."""
        if effect == "same":
            return first
        if effect == "new":
            self.emit("new", None, name, node)
            return None
        if effect == "wrong-free" and not is_object(first):
            return None
        self.use(first, f"{name}()", node)
        if effect == "type":
            return TYPE if is_object(first) else None
        if effect == "release":
            first = Place((*first.path, "obj")) if isinstance(first, Place) else None
            effect = "drop"
        self.emit(effect, first, name, node)
        self.gone.object |= effect == "wrong-free"
        self.gone.type |= effect == "drop" and first == TYPE
        return None

    @staticmethod
    def slot_of(node: Node) -> Value:
        """Return the slot that PyType_GetSlot() is asked for."""
        arguments = nodes.arguments_of(node)
        name = nodes.text_of(arguments[1]) if len(arguments) > 1 else ""
        return Known("slot", name.removeprefix("Py_")) if name.startswith("Py_tp_") else None

    def call_slot(
        self, slot: str, function: Node | None, arguments: list[Value], node: Node
    ) -> Value:
        """Follow a call of a slot: of the object's own type, or of another one, as its base."""
        first = arguments[0] if arguments else None
        own = (
            function is None
            or function.type != "field_expression"
            or (self.value(nodes.field(function, "argument")) == TYPE)
        )
        if slot == "tp_alloc":
            self.emit("alloc", None, slot, node)
            return self.object()
        if slot in {"tp_free", "tp_dealloc"} and is_object(first):
            self.use(first, f"{slot}()", node)
            self.emit("free" if slot == "tp_free" else "base-free", first, slot, node)
            self.gone.object = True
            return None
        found = self.project.function(
            self.heap_type.slots.get(f"Py_{slot}", ""), self.heap_type.file
        )
        return self.enter(found, arguments) if own and found is not None else None
