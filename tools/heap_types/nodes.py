"""Small questions to the nodes of a syntax tree."""

from collections.abc import Iterator

import tree_sitter
import tree_sitter_c
from tree_sitter import Node

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language()))
# What may stand around an expression without making another one of it.
WRAPPERS = {"parenthesized_expression", "cast_expression"}


def text_of(node: Node | None) -> str:
    """Return the source of a node, "" for none."""
    return "" if node is None or node.text is None else node.text.decode()


def squeezed(node: Node | None) -> str:
    """Return the source of a node without white space."""
    return "".join(text_of(node).split())


def line_of(node: Node) -> int:
    """Return the line that a node begins in, from 1."""
    return int(node.start_point[0]) + 1


def field(node: Node | None, *names: str) -> Node | None:
    """Go down by the names of fields."""
    for name in names:
        node = None if node is None else node.child_by_field_name(name)
    return node


def descendants(node: Node, *types: str) -> Iterator[Node]:
    """Yield the nodes of these types in and under a node, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node.type in types:
            yield node
        waiting.extend(reversed(node.named_children))


def bare(node: Node | None) -> Node | None:
    """Take parentheses and casts off an expression."""
    while node is not None and node.type in WRAPPERS:
        inner = field(node, "value")
        node = inner if inner is not None else next(iter(node.named_children), None)
    return node


def arguments_of(call: Node) -> list[Node]:
    """Return the arguments of a call."""
    arguments = field(call, "arguments")
    return [] if arguments is None else list(arguments.named_children)


def callee(call: Node) -> str:
    """Return the name of what is called, or of the field that holds it; "" for neither."""
    function = bare(field(call, "function"))
    if function is not None and function.type == "field_expression":
        function = field(function, "field")
    return text_of(function) if function is not None and "identifier" in function.type else ""


def declared(declarator: Node | None) -> tuple[str, int]:
    """Return the name that a declarator declares and how many pointers and arrays are around."""
    depth = 0
    while declarator is not None and "identifier" not in declarator.type:
        depth += declarator.type in {
            "pointer_declarator",
            "abstract_pointer_declarator",
            "array_declarator",
        }
        inner = field(declarator, "declarator")
        if inner is None and declarator.type == "parenthesized_declarator":
            inner = next(iter(declarator.named_children), None)
        declarator = inner
    return text_of(declarator), depth


def type_name(node: Node | None) -> str:
    """Return the name of a type, without struct and the like."""
    if node is None:
        return ""
    return text_of(field(node, "name") or node) if "specifier" in node.type else text_of(node)


def cast_type(node: Node) -> tuple[str, int]:
    """Return the type that a cast makes, and how many pointers."""
    descriptor = field(node, "type")
    return type_name(field(descriptor, "type")), declared(field(descriptor, "declarator"))[1]
