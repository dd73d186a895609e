"""Objects of subclasses of every layout come and go, with what they carry."""

import gc
import weakref

from makers import SUBCLASSABLE

for kind in SUBCLASSABLE:
    finalized = []

    class Plain(kind):
        pass

    class Slotted(kind):
        __slots__ = ("extra",)

    class Weak(kind):
        __slots__ = ("__weakref__",)

    class Finalized(kind):
        def __del__(self, finalized=finalized):
            self.memory_size()
            finalized.append(1)

    class Deep(Finalized):
        def __init__(self, extra):
            super().__init__()
            self.extra = extra

    class Marker:
        pass

    for make in (Plain, Slotted, Weak, Finalized, lambda deep=Deep: deep([1])):
        for _ in range(1000):
            make()
    gc.collect()
    assert len(finalized) == 2000

    for make in (Plain, Slotted, lambda deep=Deep: deep(None)):
        instance = make()
        instance.extra = Marker()
        gone = weakref.ref(instance.extra)
        del instance
        assert gone() is None, "an attribute outlived its object"

    weak = Weak()
    reference = weakref.ref(weak)
    del weak
    assert reference() is None
