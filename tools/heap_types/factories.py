"""The rules for who makes objects: one allocator a type, which takes a reference to it."""

from collections.abc import Iterator

from tree_sitter import Node

from . import nodes
from .life import Facts
from .project import HeapType
from .python_api import INCREFS, NEW_REFERENCES, RAW_NEWS
from .references import Scope
from .report import Finding
from .trace import TYPE, Tracer


class Factories:
    """Checks all functions that make objects."""

    def __init__(self, facts: Facts) -> None:
        """Find out which types tp_alloc makes objects of."""
        self.project = facts.project
        self.scopes = list(facts.references.scopes.values())
        cast = {struct for scope in self.scopes for struct in self.allocated(scope)}
        self.by_alloc = {
            one.spec + one.name for one in self.project.types if self.is_allocated(one, cast)
        }

    def is_allocated(self, one: HeapType, cast: set[str]) -> bool:
        """Return whether tp_alloc makes objects of a type or of its subclasses."""
        if "Py_TPFLAGS_BASETYPE" in one.flags or one.struct in cast:
            return True
        if "Py_tp_new" not in one.slots:
            return one.can_be_made
        events = Tracer(self.project, one).run("Py_tp_new", TYPE, None, None)
        return any(event.kind == "alloc" for event in events)

    @staticmethod
    def allocated(scope: Scope) -> Iterator[str]:
        """Yield the structs that a function takes the result of tp_alloc for."""
        for call in scope.calls:
            node = call
            if nodes.callee(call) != "tp_alloc":
                continue
            while node.parent is not None and node.parent.type in nodes.WRAPPERS:
                node = node.parent
                if node.type == "cast_expression":
                    yield nodes.cast_type(node)[0]
            parent = node.parent
            if parent is not None and parent.type in {"init_declarator", "assignment_expression"}:
                target = nodes.field(parent, "left") or nodes.field(parent, "declarator")
                name = nodes.declared(target)[0] if target else ""
                yield scope.types.get(name, "")

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong."""
        for scope in self.scopes:
            for call in scope.calls:
                if nodes.callee(call) in RAW_NEWS:
                    yield from self.check_new(scope, call)
            yield from self.check_by_hand(scope)

    def made(self, struct: str) -> list[HeapType]:
        """Return the types whose objects are of a struct or, if there are none, begin with it."""
        exact = [one for one in self.project.types if one.struct == struct]
        return exact or [
            one for one in self.project.types if self.project.begins_with(one.struct, struct)
        ]

    def has_gc(self, one: HeapType) -> bool:
        """Return whether a type has GC, its own or that of another one of the same struct."""
        return one.has_gc or any(
            other.has_gc for other in self.project.types if other.struct == one.struct
        )

    def check_new(self, scope: Scope, call: Node) -> Iterator[Finding]:
        """Check a call of PyObject_New() or PyObject_GC_New()."""
        name = nodes.callee(call)
        place = (scope.function.file, nodes.line_of(call))
        arguments = nodes.arguments_of(call)
        if len(arguments) > 1 and nodes.squeezed(nodes.bare(arguments[1])).startswith("&"):
            return  # a static type
        struct = nodes.text_of(arguments[0]).removeprefix("struct ") if arguments else ""
        for one in self.made(struct):
            if self.has_gc(one) != ("GC" in name):
                which = "has" if self.has_gc(one) else "has no"
                message = f"{name}() makes an object of a type that {which} GC"
                yield Finding("factory-wrong-allocator", *place, message, one.name)
            if one.spec + one.name in self.by_alloc:
                message = f"{name}() makes an object of a type that tp_alloc makes others of"
                yield Finding("factory-mixes-allocators", *place, message, one.name)

    def check_by_hand(self, scope: Scope) -> Iterator[Finding]:
        """Check a function that sets the type of an object, or revives one of a free list."""
        name = scope.function.name
        if name.startswith(("Py", "_Py")):
            return  # one of Python's own that the files define for older ones
        for node, kind in self.set_by_hand(scope):
            held = kind is not None and scope.count(
                INCREFS | NEW_REFERENCES, nodes.squeezed(nodes.bare(kind))
            )
            is_static = kind is not None and nodes.squeezed(nodes.bare(kind)).startswith("&")
            if kind is None:
                held = any(self.is_type(scope, call) for call in scope.calls)
            if not held and not is_static:
                message = f"{name}() takes no reference to the type of the object"
                yield Finding(
                    "factory-keeps-no-type", scope.function.file, nodes.line_of(node), message
                )

    @staticmethod
    def set_by_hand(scope: Scope) -> Iterator[tuple[Node, Node | None]]:
        """Yield where a type is set and to what; to None where the object has it already."""
        for call in scope.calls:
            arguments = nodes.arguments_of(call)
            if nodes.callee(call) == "Py_SET_TYPE" and len(arguments) == 2:
                yield call, arguments[1]
            if nodes.callee(call) == "_Py_NewReference":
                yield call, None
        for node in nodes.descendants(scope.function.body, "assignment_expression"):
            target = nodes.squeezed(nodes.field(node, "left"))
            if target.endswith(("->ob_type", ".ob_type")) or target.startswith("Py_TYPE("):
                yield node, nodes.field(node, "right")

    @staticmethod
    def is_type(scope: Scope, call: Node) -> bool:
        """Return whether a call takes a reference to a type."""
        arguments = nodes.arguments_of(call)
        if nodes.callee(call) not in INCREFS | NEW_REFERENCES or not arguments:
            return nodes.callee(call) == "Py_SET_TYPE"
        inner = nodes.bare(arguments[0])
        if inner is not None and inner.type == "call_expression":
            return nodes.callee(inner) == "Py_TYPE"
        return scope.struct(inner) == "PyTypeObject"
