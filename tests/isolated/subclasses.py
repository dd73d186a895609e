"""Objects of subclasses of every layout come and go, with what they carry."""

import copy
import copyreg
import gc
import io
import pickle
import sys
import weakref

from makers import CONTENT, FRAME, SUBCLASSABLE

import zstandard as z

WRITERS = {z.ZstdCompressionWriter: CONTENT, z.ZstdDecompressionWriter: FRAME}

for kind, arguments in SUBCLASSABLE.items():
    finalized = []

    class Plain(kind):
        pass

    class Slotted(kind):
        __slots__ = ("extra",)

    class Weak(kind):
        __slots__ = ("__weakref__",)

    class Finalized(kind):
        def __del__(self, finalized=finalized):
            getattr(self, "memory_size", self.__repr__)()
            finalized.append(1)

    class Deep(Finalized):
        def __init__(self, extra, arguments=arguments):
            super().__init__(*arguments())
            self.extra = extra

    class Mixin:
        pass

    class Deeper(Deep, Mixin):
        __slots__ = ("more",)

    class Marker:
        pass

    def make(subclass, arguments=arguments):
        return subclass(*arguments())

    def make_deep(subclass, extra=None):
        return subclass(extra)

    for subclass, maker in (
        (Plain, make),
        (Slotted, make),
        (Weak, make),
        (Finalized, make),
        (Deep, make_deep),
        (Deeper, make_deep),
    ):
        for _ in range(1000):
            maker(subclass)
    gc.collect()
    assert len(finalized) == 3000

    for subclass, maker in ((Plain, make), (Slotted, make), (Deep, make_deep), (Deeper, make_deep)):
        instance = maker(subclass)
        instance.extra = Marker()
        gone = weakref.ref(instance.extra)
        del instance
        assert gone() is None, "an attribute outlived its object"

    weak = make(Weak)
    reference = weakref.ref(weak)
    del weak
    assert reference() is None

gc.collect()
gc.freeze()  # what is there already need not be looked at each time

# Writers whose __del__ does what none of ours does, at the end of a scope or of a cycle.
for kind, data in WRITERS.items():
    coder = SUBCLASSABLE[kind]()[0]

    class Closing(kind):
        def __init__(self, sink, coder=coder):
            super().__init__(coder, sink, closefd=False)

        def __del__(self):
            self.close()

    class Slotted(Closing):
        __slots__ = ("cycle",)

    def content(sink, kind=kind):
        written = sink.getvalue()
        return z.decompress(written, -1) if kind is z.ZstdCompressionWriter else written

    for subclass in (Closing, Slotted):
        for cyclic in (False, True):
            for _ in range(500):
                sink = io.BytesIO()
                writer = subclass(sink)
                writer.write(data)
                if cyclic:
                    writer.cycle = writer
                del writer
                if cyclic:
                    gc.collect()
                assert content(sink) == CONTENT, "what a writer closed in __del__ is not whole"

    kept = []

    class Resurrected(kind):
        def __del__(self, kept=kept):
            kept.append(self)

    for _ in range(100):
        sink = io.BytesIO()
        writer = Resurrected(coder, sink, closefd=False)
        writer.write(data)
        del writer
        writer = kept.pop()
        writer.close()
        assert content(sink) == CONTENT
        del writer
        assert not kept, "__del__ was called twice"

    # The end of a with statement calls the subclass's close().
    class Overriding(kind):
        def close(self):
            self.closed_so = True
            super().close()

    with Overriding(coder, io.BytesIO()) as writer:
        writer.write(data)
    assert writer.closed_so
    assert writer.closed

# Copies of subclasses.


class Parameters(z.ZstdCompressionParameters):
    __slots__ = ("__dict__", "extra")


def copies(original):
    """Make copies, each in its own way; they have references to the attributes."""
    yield copy.copy(original)
    yield copy.deepcopy(original)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield pickle.loads(pickle.dumps(original, protocol))


original = Parameters(window_log=12)
original.extra, original.attribute = ["extra"], ["attribute"]
gc.collect()
counted = (Parameters, original.extra, original.attribute, copyreg.__newobj__)
before = [sys.getrefcount(one) for one in counted]
for _ in range(200):
    for one in copies(original):
        assert type(one) is Parameters
        assert (one.window_log, one.extra, one.attribute) == (12, ["extra"], ["attribute"])
del one
gc.collect()
after = [sys.getrefcount(one) for one in counted]
assert all(abs(b - a) < 10 for a, b in zip(before, after, strict=True)), f"{before}, {after}"


class Refuses(z.ZstdCompressionParameters):
    __slots__ = ("extra",)

    def __setattr__(self, name, value):
        raise LookupError(name)


for _ in range(10):
    try:
        Refuses().__setstate__(({}, (None, {"extra": [1]})))
    except LookupError:
        continue
    raise AssertionError("no LookupError")
