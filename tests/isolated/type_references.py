"""A thousand objects, however made, leave the reference count of their type where it was."""

import gc
import sys

from makers import MAKERS, SUBCLASSABLE, failing_calls, types

COUNT = 1000


def check(kinds, make, what):
    """See that references to none of the types grow when objects are made and dropped."""
    make()
    gc.collect()
    before = [sys.getrefcount(kind) for kind in kinds]
    for _ in range(COUNT):
        make()
    gc.collect()
    for kind, count in zip(kinds, before, strict=True):
        grown = sys.getrefcount(kind) - count
        assert abs(grown) < 10, f"{kind.__name__}: {grown:+} references after {COUNT} {what}"


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
        check([*types(), type(sys)], make, f"objects of {kind.__name__}")

for kind, arguments in SUBCLASSABLE.items():

    class Plain(kind):
        pass

    class Slotted(kind):
        __slots__ = ("__weakref__", "one")

    for subclass in (Plain, Slotted):

        def make(subclass=subclass, arguments=arguments):
            return subclass(*arguments())

        check([subclass, kind], make, "objects of a subclass")

for call, error in failing_calls():
    check(types(), lambda call=call, error=error: attempt(call, error), "failed calls")
