"""The collector is told of every reference that an object has, and of no other."""

import gc
import sys
from collections import Counter

from fields import NEVER_SET, WHOLE
from makers import types

import zstandard as z


def counted(objects):
    return Counter(map(id, objects))


def references(objects):
    """Return the count of each, by its key: read at one place, since 3.14 leaves some uncounted."""
    return {key: sys.getrefcount(one) for key, one in objects.items()}


def names(objects):
    return [type(one).__name__ for one in objects]


assert set(WHOLE) == set(types()), "a type has no instance"
for kind, make in WHOLE.items():
    instance, fields = make()
    name = kind.__name__
    assert isinstance(instance, kind)
    expected = [type(instance), z.backend_c, *fields.values()]
    told = gc.get_referents(instance)
    if type(instance) is not kind:  # what a subclass has is for CPython to tell
        told = [one for one in told if one is not vars(instance)]
    assert counted(told) == counted(expected), (
        f"{name}: told of {names(told)}, not of {names(expected)}"
    )
    assert all(kind not in NEVER_SET.get(field, ()) for field in fields), name

    del told, expected
    distinct = {id(held): held for held in fields.values()}
    before = references(distinct)
    del instance
    after = references(distinct)
    for key, held in distinct.items():
        freed = before[key] - after[key]
        seen = list(map(id, fields.values())).count(key)
        what = [field for field, other in fields.items() if other is held]
        assert freed == seen, f"{name}: {what} had {freed} references, and told of {seen}"
