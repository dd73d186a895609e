"""The rules for tp_dealloc and tp_traverse, and for what the fields of an object hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .exports import Exports
from .project import Field, HeapType, Project
from .python_api import FREES
from .references import References
from .report import Finding
from .trace import TYPE, Event, Known, Place, Tracer, is_object

# The slots whose functions are looked into.
SLOTS = ["Py_tp_dealloc", "Py_tp_traverse", "Py_tp_clear", "Py_tp_new"]


@dataclass(frozen=True)
class Held:
    """A field that holds a reference."""

    path: tuple[str, ...]
    field: Field

    @property
    def name(self) -> str:
        """How it is reached from the object."""
        return ".".join(self.path)


@dataclass(frozen=True)
class Facts:
    """What is known of all files."""

    project: Project
    references: References
    exports: Exports


class Life:
    """Checks one type."""

    def __init__(self, facts: Facts, heap_type: HeapType) -> None:
        """Follow the functions of the type."""
        project = self.project = facts.project
        self.references = facts.references
        self.exports = facts.exports
        self.type = heap_type
        tracer = Tracer(project, heap_type)
        self.dealloc = tracer.run("Py_tp_dealloc", tracer.object())
        self.clear = tracer.run("Py_tp_clear", tracer.object())
        self.traverse = tracer.run("Py_tp_traverse", tracer.object(), Known("visit"), None)
        self.held = list(self.find_held())

    def find_held(self) -> Iterator[Held]:
        """Yield the fields that hold references."""
        for path, one, struct in self.project.flattened(self.type.struct):
            if one.type == "Py_buffer" and one.depth == 0:
                if self.exports.holds(self.type.struct, path):
                    yield Held((*path, "obj"), one)
            elif self.references.may_hold(one) and self.references.is_owner(struct, one.name):
                yield Held(path, one)

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the type."""
        yield from self.unresolved()
        if self.type.slots.get("Py_tp_dealloc"):
            yield from self.check_free()
            yield from self.check_untrack()
        yield from self.check_fields_dropped()
        if self.type.has_gc:
            yield from self.check_traverse()
        else:
            yield from self.check_gc()

    def finding(self, rule: str, place: Event | Field | str, message: str) -> Finding:
        """Return a finding at an event, a field, or the function in a slot."""
        if isinstance(place, (Event, Field)):
            return Finding(rule, place.file, place.line, message, self.type.name)
        function = self.project.function(self.type.slots.get(place, ""), self.type.file)
        file, line = (
            (function.file, function.line) if function else (self.type.file, self.type.line)
        )
        return Finding(rule, file, line, message, self.type.name)

    def unresolved(self) -> Iterator[Finding]:
        """Tell of what cannot be looked into."""
        if not self.type.slots_found:
            yield self.finding("unresolved", "", f"the slots of {self.type.spec} are not found")
        for slot in SLOTS:
            name = self.type.slots.get(slot, "")
            known = name.startswith(("Py", "_Py")) or name in {"", "NULL", "0", *FREES}
            if not known and self.project.function(name, self.type.file) is None:
                yield self.finding("unresolved", "", f"{name}() of {slot} is not found")

        for event in [*self.dealloc, *self.clear, *self.traverse]:
            if event.kind == "unreadable":
                yield self.finding("unresolved", event, f"{event.name}() cannot be read in full")

    # --- tp_dealloc ---

    def check_free(self) -> Iterator[Finding]:
        """Check how the object goes, and its reference to the type."""
        name = self.type.slots["Py_tp_dealloc"]
        if name in FREES:
            yield self.finding("dealloc-wrong-free", "", f"{name}() is tp_dealloc")
        elif not self.dealloc:
            if self.project.function(name, self.type.file) is not None:
                message = f"{name}() frees nothing"
                yield self.finding("dealloc-keeps-memory", "Py_tp_dealloc", message)
            return
        for event in self.dealloc:
            if event.kind == "wrong-free":
                yield self.finding(
                    "dealloc-wrong-free", event, f"{event.name}() frees the object, not tp_free"
                )
            if event.kind == "use-after-free":
                what = "the type" if event.value == TYPE else "the object"
                message = f"{event.name} uses {what}, which is gone"
                yield self.finding("use-after-free", event, message)
        kinds = {event.kind for event in self.dealloc}
        if not kinds & {"free", "base-free", "wrong-free"} and name not in FREES:
            yield self.finding("dealloc-keeps-memory", "Py_tp_dealloc", f"{name}() frees no object")
        if not any(event.kind == "drop" and event.value == TYPE for event in self.dealloc):
            yield self.finding(
                "dealloc-keeps-type", "Py_tp_dealloc", f"{name}() has no Py_DECREF of the type"
            )

    def check_untrack(self) -> Iterator[Finding]:
        """Check that the collector forgets the object first."""
        if not self.type.has_gc or not self.dealloc:
            return
        name = self.type.slots["Py_tp_dealloc"]
        ends = {"drop", "free", "base-free", "wrong-free"}
        first = next((one for one in self.dealloc if one.kind in ends and self.is_ours(one)), None)
        untrack = next(
            (one for one in self.dealloc if one.kind == "untrack" and is_object(one.value)), None
        )
        if untrack is None:
            yield self.finding(
                "untrack-missing", "Py_tp_dealloc", f"{name}() has no PyObject_GC_UnTrack()"
            )
        elif first is not None and self.dealloc.index(first) < self.dealloc.index(untrack):
            where = f"{Path(first.file).name}:{first.line}"
            yield self.finding(
                "untrack-late",
                "Py_tp_dealloc",
                f"{name}() comes to {first.name} ({where}) before PyObject_GC_UnTrack()",
            )

    @staticmethod
    def is_ours(event: Event) -> bool:
        """Return whether an event is about the object, its type or its fields."""
        return isinstance(event.value, Place) or event.value == TYPE

    def dropped(self) -> set[tuple[str, ...]]:
        """Return the paths of what tp_dealloc and tp_clear let go."""
        return {
            event.value.path
            for event in [*self.dealloc, *self.clear]
            if event.kind == "drop" and isinstance(event.value, Place) and event.value.path
        }

    def dropped_near(self) -> set[tuple[str, ...]]:
        """Return those of them that are the object's own, and may be part of a cycle."""
        return {
            path
            for path in self.dropped()
            if self.hops(path) <= 1 and not self.is_plain(path) and not self.is_export(path)
        }

    def check_fields_dropped(self) -> Iterator[Finding]:
        """Check that what the fields hold is let go."""
        given = {
            event.value.path
            for event in self.dealloc
            if event.kind == "drop" and isinstance(event.value, Place)
        }
        for one in self.held:
            if one.path not in given and not self.inherits():
                yield self.finding(
                    "dealloc-keeps-field", one.field, f"tp_dealloc does not let {one.name} go"
                )

    # --- tp_traverse ---

    def inherits(self) -> bool:
        """Return whether the type is a subclass of another one of the files, which sees to it."""
        return "Py_tp_dealloc" not in self.type.slots and any(
            other is not self.type
            and "Py_tp_dealloc" in other.slots
            and self.project.begins_with(self.type.struct, other.struct)
            for other in self.project.types
        )

    def check_traverse(self) -> Iterator[Finding]:
        """Check what the collector is told."""
        name = self.type.slots.get("Py_tp_traverse", "")
        if not name:
            if not self.type.has_base and not self.inherits():
                yield self.finding("traverse-missing", "", "it has GC and no tp_traverse")
            return
        if self.project.function(name, self.type.file) is None:
            return
        if TYPE not in [event.value for event in self.traverse if event.kind == "visit"]:
            yield self.finding(
                "traverse-misses-type", "Py_tp_traverse", f"{name}() does not visit the type"
            )
        for path in sorted((self.wanted() | self.dropped_near()) - self.visited()):
            yield self.finding(
                "traverse-misses-field",
                "Py_tp_traverse",
                f"{name}() does not visit {'.'.join(path)}",
            )

    def wanted(self) -> set[tuple[str, ...]]:
        """Return the paths of what may be part of a cycle."""
        return {one.path for one in self.held if not self.is_plain(one.path)}

    def visited(self) -> set[tuple[str, ...]]:
        """Return the paths of what the collector is told of."""
        visits = [event.value for event in self.traverse if event.kind == "visit"]
        return {one.path for one in visits if isinstance(one, Place)}

    def concerning_gc(self) -> set[str]:
        """Return the names of the fields that may be part of a cycle, or are told of."""
        return {".".join(path) for path in self.wanted() | self.visited()}

    def check_gc(self) -> Iterator[Finding]:
        """Check that a type without GC holds nothing that could be part of a cycle."""
        if self.inherits():
            return
        held = {one.path: one.field for one in self.held if not self.is_plain(one.path)}
        for path in sorted(held.keys() | self.dropped_near()):
            yield self.finding(
                "gc-missing",
                held.get(path, "Py_tp_dealloc"),
                f"{'.'.join(path)} holds an object, and the type has no GC",
            )

    # --- paths ---

    def hops(self, path: tuple[str, ...]) -> int:
        """Count the pointers that lead to what a path ends with."""
        return sum(one.depth > 0 for _, one in self.project.locate(self.type.struct, path[:-1]))

    def is_export(self, path: tuple[str, ...]) -> bool:
        """Return whether a path is that of the object of a Py_buffer."""
        found = self.project.locate(self.type.struct, path[:-1])
        return bool(found) and found[-1][1].type == "Py_buffer"

    def is_plain(self, path: tuple[str, ...]) -> bool:
        """Return whether nothing but bytes and the like is ever at a path."""
        found = self.project.locate(self.type.struct, path)
        return len(found) == len(path) and self.references.is_plain(found[-1][0], path[-1])
