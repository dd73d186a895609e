"""A thousand objects, however made, leave the reference count of their type where it was."""

import gc
import sys

from makers import MAKERS, SUBCLASSABLE, failing_calls, types

COUNT = 1000


def growth(of, make):
    """Return by how much references to `of` grow when objects are made and dropped."""
    make()
    gc.collect()
    before = sys.getrefcount(of)
    for _ in range(COUNT):
        make()
    gc.collect()
    return sys.getrefcount(of) - before


def check(of, make, what):
    grown = growth(of, make)
    assert abs(grown) < 10, f"{of.__name__}: {grown:+} references after {COUNT} {what}"


def attempt(call, error):
    try:
        call()
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


assert set(MAKERS) == set(types()), "a type has no maker"

for kind, makers in MAKERS.items():
    for make in makers:
        instance = make()
        assert type(instance) is kind
        assert gc.is_tracked(instance), f"{kind.__name__} is not tracked by the collector"
        check(kind, make, "objects")
        check(type(sys), make, "objects")

for kind in SUBCLASSABLE:

    class Plain(kind):
        pass

    class Slotted(kind):
        __slots__ = ("__weakref__", "one")

    for subclass in (Plain, Slotted):
        check(subclass, subclass, "objects of a subclass")
        check(kind, subclass, "objects of a subclass")

for kind in types():
    for call, error in failing_calls():
        check(kind, lambda call=call, error=error: attempt(call, error), "failed calls")
