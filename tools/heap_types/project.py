"""What the files define: functions, structs, and types that are made from a PyType_Spec."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tree_sitter import Node

from . import nodes
from .macros import definitions, readable

OBJECT_POINTER = re.compile(r"_?Py[A-Z]\w*Object\Z|Py(Var)?Object\Z")
OBJECT_HEADS = {"PyObject", "PyVarObject"}


@dataclass
class Function:
    """A definition of a function."""

    name: str
    file: str
    node: Node
    parameters: list[tuple[str, str]]  # name and type
    returns_pointer: bool

    @property
    def line(self) -> int:
        """The line of its name."""
        return nodes.line_of(nodes.field(self.node, "declarator") or self.node)

    @property
    def body(self) -> Node:
        """Its statements."""
        return nodes.field(self.node, "body") or self.node


@dataclass(frozen=True)
class Field:
    """A member of a struct: its type without the pointers, of which there are `depth`."""

    name: str
    type: str
    depth: int
    file: str
    line: int


@dataclass
class HeapType:
    """A type that is made from a PyType_Spec."""

    name: str
    file: str
    line: int
    struct: str
    flags: str
    slots: dict[str, str]
    spec: str
    slots_found: bool

    @property
    def has_gc(self) -> bool:
        """Whether its objects are known to the collector."""
        return "Py_TPFLAGS_HAVE_GC" in self.flags

    @property
    def can_be_made(self) -> bool:
        """Whether calling it, or a subclass, makes an object by tp_alloc."""
        return "Py_tp_new" in self.slots or "DISALLOW_INSTANTIATION" not in self.flags

    @property
    def has_base(self) -> bool:
        """Whether a slot names a base."""
        return bool({"Py_tp_base", "Py_tp_bases"} & self.slots.keys())


@dataclass
class Project:
    """All that was found in the files."""

    functions: dict[str, list[Function]] = field(default_factory=dict)
    structs: dict[str, list[Field]] = field(default_factory=dict)
    arrays: dict[tuple[str, str], Node] = field(default_factory=dict)
    types: list[HeapType] = field(default_factory=list)
    roots: list[tuple[str, Node]] = field(default_factory=list)

    def function(self, name: str, file: str) -> Function | None:
        """Find a function as code in `file` sees it; of several, the longest."""
        found = self.functions.get(name, [])
        near = [one for one in found if one.file == file] or found
        return max(near, key=lambda one: one.node.end_byte - one.node.start_byte, default=None)

    def all_functions(self) -> Iterator[Function]:
        """Yield every definition."""
        for found in self.functions.values():
            yield from found

    def array(self, name: str, file: str) -> Node | None:
        """Find the initializer of an array as code in `file` sees it."""
        if (file, name) in self.arrays:
            return self.arrays[file, name]
        return next((node for (_, known), node in self.arrays.items() if known == name), None)

    def member(self, struct: str, name: str) -> Field | None:
        """Find a member of a struct."""
        return next((one for one in self.structs.get(struct, []) if one.name == name), None)

    def is_first_embedded(self, struct: str, name: str) -> bool:
        """Return whether a member is a struct at the start of another one: the same object."""
        members = self.structs.get(struct, [])
        if not members or members[0].name != name or members[0].depth > 0:
            return False
        return members[0].type in self.structs or bool(OBJECT_POINTER.match(members[0].type))

    def begins_with(self, struct: str, start: str) -> bool:
        """Return whether objects of a struct begin with the members of another one."""
        seen: set[str] = set()
        while struct not in seen:
            if struct == start:
                return True
            seen.add(struct)
            ours, theirs = self.structs.get(struct, []), self.structs.get(start, [])
            same = [(one.name, one.type) for one in ours[: len(theirs)]]
            if theirs and same == [(one.name, one.type) for one in theirs]:
                return True
            if not ours or ours[0].depth > 0:
                return False
            struct = ours[0].type
        return False

    def is_object(self, struct: str) -> bool:
        """Return whether the struct is that of a Python object."""
        seen: set[str] = set()
        while struct not in seen:
            if struct in OBJECT_HEADS or OBJECT_POINTER.match(struct):
                return True
            seen.add(struct)
            members = self.structs.get(struct, [])
            if not members or members[0].depth > 0:
                return False
            struct = members[0].type
        return False

    def flattened(
        self, struct: str, path: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], Field, str]]:
        """Yield every member, those of embedded structs included: path, member and its struct.

        A struct at the start of another one adds nothing to the path.
        """
        for one in self.structs.get(struct, []):
            first = self.is_first_embedded(struct, one.name)
            inner = path if first else (*path, one.name)
            yield inner, one, struct
            if one.depth == 0 and one.type in self.structs and one.type != struct:
                yield from self.flattened(one.type, inner)

    def normal(self, struct: str, path: tuple[str, ...]) -> tuple[str, ...]:
        """Leave out of a path the structs at the start of others."""
        return tuple(
            name
            for name, (owner, _) in zip(path, self.locate(struct, path), strict=False)
            if not self.is_first_embedded(owner, name)
        )

    def locate(self, struct: str, path: tuple[str, ...]) -> list[tuple[str, Field]]:
        """Return the members on a path with their structs, as far as they are known."""
        found: list[tuple[str, Field]] = []
        for name in path:
            member = self.member(struct, name)
            while member is None and self.structs.get(struct):
                first = self.structs[struct][0]
                if first.depth > 0 or first.type == struct:
                    break
                struct = first.type
                member = self.member(struct, name)
            if member is None:
                break
            found.append((struct, member))
            struct = member.type
        return found


def source_files(paths: Iterable[Path]) -> list[Path]:
    """Return the C files under the paths, which may be files themselves."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(one for one in path.rglob("*") if one.suffix in {".c", ".h"})
        else:
            found.append(path)
    return sorted(set(found))


def load(files: Iterable[Path]) -> Project:
    """Read the files."""
    texts = {str(path): path.read_text(errors="replace") for path in files}
    macros = definitions("\n".join(texts.values()))
    project = Project()
    for file, text in texts.items():
        root = nodes.PARSER.parse(readable(text, macros).encode()).root_node
        project.roots.append((file, root))
        Collector(project, file).collect(root)
    for file, root in project.roots:
        project.types.extend(find_types(project, file, root))
    return project


class Collector:
    """Collects the definitions of a file."""

    def __init__(self, project: Project, file: str) -> None:
        """Take what to add to."""
        self.project = project
        self.file = file

    def collect(self, root: Node) -> None:
        """Add everything under a node."""
        adders = {
            "function_definition": self.add_function,
            "struct_specifier": self.add_tag,
            "union_specifier": self.add_tag,
            "type_definition": self.add_typedef,
            "init_declarator": self.add_array,
        }
        for node in nodes.descendants(root, *adders):
            adders[node.type](node)

    def add_array(self, node: Node) -> None:
        """Add the values that a variable is made of."""
        name, _ = nodes.declared(nodes.field(node, "declarator"))
        value = nodes.field(node, "value")
        if value is not None and value.type == "initializer_list":
            self.project.arrays.setdefault((self.file, name), value)

    def add_tag(self, node: Node) -> None:
        """Add a struct or union under its own name."""
        name = nodes.text_of(nodes.field(node, "name"))
        if name:
            self.add_struct(name, nodes.field(node, "body"))

    def add_function(self, node: Node) -> None:
        """Add the definition of a function."""
        declarator = nodes.field(node, "declarator")
        name, _ = nodes.declared(declarator)
        function = next(nodes.descendants(node, "function_declarator"), None)
        parameters = [
            (
                nodes.declared(nodes.field(one, "declarator"))[0],
                nodes.type_name(nodes.field(one, "type")),
            )
            for one in (nodes.field(function, "parameters") or node).named_children
            if one.type == "parameter_declaration"
        ]
        pointer = declarator is not None and declarator.type == "pointer_declarator"
        self.project.functions.setdefault(name, []).append(
            Function(name, self.file, node, parameters, pointer)
        )

    def add_struct(self, name: str, body: Node | None) -> None:
        """Add the members of a struct, unless they are known."""
        if body is None or self.project.structs.get(name):
            return
        members: list[Field] = []
        for node in body.named_children:
            if node.type == "field_declaration":
                members.extend(self.members_of(name, node))
        self.project.structs.setdefault(name, []).extend(members)  # typedefs share the list

    def members_of(self, struct: str, node: Node) -> Iterator[Field]:
        """Yield what one declaration in a struct declares."""
        kind = nodes.field(node, "type")
        type_name = nodes.type_name(kind)
        line = nodes.line_of(node)
        body = nodes.field(kind, "body")
        if body is not None and nodes.field(kind, "name") is None:
            type_name = f"{struct}@{line}"
            self.add_struct(type_name, body)
        declarators = node.children_by_field_name("declarator")
        if not declarators and body is not None:
            yield from self.project.structs.get(type_name, [])
        for declarator in declarators:
            if next(nodes.descendants(declarator, "function_declarator"), None) is None:
                name, depth = nodes.declared(declarator)
                depth -= declarator.type == "array_declarator" and not nodes.text_of(
                    declarator
                ).lstrip().startswith("*")
                yield Field(name, type_name, depth, self.file, line)

    def add_typedef(self, node: Node) -> None:
        """Add a struct under the name that a typedef gives it."""
        kind = nodes.field(node, "type")
        if kind is None or kind.type not in {"struct_specifier", "union_specifier"}:
            return
        for declarator in node.children_by_field_name("declarator"):
            name, depth = nodes.declared(declarator)
            body = nodes.field(kind, "body")
            tag = nodes.text_of(nodes.field(kind, "name"))
            if depth == 0 and (body is not None or tag):
                self.add_struct(name, body)
                if tag and body is None and name not in self.project.structs:
                    members = self.project.structs.setdefault(tag, [])
                    self.project.structs[name] = members


SPEC_ORDER = ["name", "basicsize", "itemsize", "flags", "slots"]
SLOT_ORDER = ["slot", "pfunc"]


def initialised(node: Node, order: list[str]) -> dict[str, Node]:
    """Return the values of an initializer by the names of members, which may be left out."""
    values: dict[str, Node] = {}
    position = 0
    for child in node.named_children:
        if child.type == "initializer_pair":
            name = nodes.text_of(nodes.field(child, "designator")).lstrip(".").strip()
            value = nodes.field(child, "value")
        else:
            name = order[position] if position < len(order) else ""
            value = child
            position += 1
        if value is not None and name:
            values[name] = value
    return values


def slots_of(node: Node) -> dict[str, str]:
    """Return the values of an array of PyType_Slot or PyModuleDef_Slot by their slots."""
    slots: dict[str, str] = {}
    for child in node.named_children:
        if child.type == "initializer_list":
            pair = initialised(child, SLOT_ORDER)
            pair.setdefault("pfunc", pair.get("value", child))
            value = nodes.bare(pair["pfunc"])
            if value is not None and value.type == "pointer_expression":
                value = nodes.bare(nodes.field(value, "argument"))
            slots[nodes.text_of(pair.get("slot"))] = nodes.text_of(value)
    return slots


def find_types(project: Project, file: str, root: Node) -> Iterator[HeapType]:
    """Yield the types of a file."""
    for declaration in nodes.descendants(root, "declaration"):
        if nodes.type_name(nodes.field(declaration, "type")) != "PyType_Spec":
            continue
        for declarator in declaration.children_by_field_name("declarator"):
            value = nodes.field(declarator, "value")
            if value is None or value.type != "initializer_list":
                continue
            name, _ = nodes.declared(nodes.field(declarator, "declarator"))
            inner = value.named_children
            many = bool(inner) and all(one.type == "initializer_list" for one in inner)
            for spec in inner if many else [value]:
                yield heap_type(project, file, name, spec)


def heap_type(project: Project, file: str, variable: str, spec: Node) -> HeapType:
    """Read one PyType_Spec."""
    values = initialised(spec, SPEC_ORDER)
    slots_value = nodes.bare(values.get("slots"))
    array = project.array(nodes.text_of(slots_value), file)
    if slots_value is not None and slots_value.type == "compound_literal_expression":
        array = nodes.field(slots_value, "value")
    size = (
        next(nodes.descendants(values["basicsize"], "sizeof_expression"), None)
        if ("basicsize" in values)
        else None
    )
    described = nodes.field(size, "type")
    struct = nodes.type_name(nodes.field(described, "type")) if described else ""
    if not struct and size is not None:
        struct = nodes.text_of(nodes.bare(nodes.field(size, "value")))
    full_name = nodes.text_of(values.get("name")).strip('"')
    return HeapType(
        name=full_name.rpartition(".")[2] or variable,
        file=file,
        line=nodes.line_of(spec),
        struct=struct,
        flags=nodes.text_of(values.get("flags")),
        slots={} if array is None else slots_of(array),
        spec=variable,
        slots_found=array is not None,
    )
