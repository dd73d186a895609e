"""Cases on read_to_iter, both ways: the chunks, and how the source is called."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import BUFFERS, KINDS, OPTIONS
from oracle.cases.decompression import ALL, FEW_FLIPPED
from oracle.cases.readers import HOLDERS, LAYOUTS, OTHER, SHORTENED, SPOILED, STEADY
from oracle.inputs import SOUND

SOURCES = ("Source({})", "Source({}, 3)", "Source({}, 1000)")
READ_SIZES = (1, 2, 7, 1000, 131_072, 2**20)


def cases() -> Iterator[str]:
    yield from compression()
    yield from declared()
    yield from decompression()
    yield from skipped()
    yield from faults()
    for make, what in (("D()", "HELLO"), ("C()", "b'abc'")):
        yield from sources(make, what)
        yield from others(make, what)


def compression() -> Iterator[str]:
    """Yield cases on chunks of frames.

    Of a buffer over 128 KiB a chunk must hold all of a step's output: else 0.25.0 crashes.
    """
    for data, holder in product(STEADY, HOLDERS[:3]):
        run = f"C(1).read_to_iter({holder.format(data)}, write_size=n)"
        sizes = (131_591, 2**20) if data == STEADY[-1] else (1000, 65_536, 131_591, 2**20)
        yield f"each(lambda n: joined(pulled({run})), {sizes})"
    for data, source in product(STEADY, SOURCES[::2]):
        run = f"C(1).read_to_iter(s := {source.format(data)}, read_size=n)"
        yield f"each(lambda n: [joined(pulled({run})), s.calls()], (1000, 131_072, 2**20))"
    for data, source in product(STEADY[:3], SOURCES):
        run = f"C().read_to_iter(s := {source.format(data)}, read_size=n)"
        yield f"each(lambda n: [joined(pulled({run})), s.calls()], {READ_SIZES})"
        calls = "*['__next__()'] * 4"
        yield f"watched(C().read_to_iter(s := {source.format(data)}), s, {calls})"
    for data in STEADY[:2]:
        run = f"C().read_to_iter({data}, write_size=n)"
        yield f"each(lambda n: pulled({run}), (1, 2, 7, 1000))"
        run = f"C().read_to_iter(Source({data}, 1), write_size=n)"
        yield f"each(lambda n: pulled({run}), (1, 2, 7, 1000))"
    for data in OTHER:
        run = f"C().read_to_iter({data}, write_size=n)"
        yield f"each(lambda n: joined(pulled({run})), (131_591, 2**20))"
        run = f"C().read_to_iter(Source({data}), write_size=n)"
        yield f"each(lambda n: joined(pulled({run})), (1000, 131_591))"
        yield f"[joined(pulled(C().read_to_iter(s := Source({data}, 9999)))), s.calls()]"
    for level, kind in product((-5, 1, 3, 13), KINDS):
        run = f"joined(pulled(C({level}).read_to_iter(Source({kind}(n)))))"
        yield f"each(lambda n: {run}, (0, 1, 1000, 200_000))"
    for options, holder in product(OPTIONS, ("{}", "io.BytesIO({})")):
        run = f"joined(pulled(C({options}).read_to_iter({holder.format('text(n)')})))"
        yield f"each(lambda n: {run}, (0, 11, 300))"
    for threads in (1, 2):
        yield f"joined(pulled(C(1, threads={threads}).read_to_iter(mixed(1_500_000))))[0]"


def declared() -> Iterator[str]:
    for size, data in product((0, 2, 3, 1000), ("b''", "b'abc'", "noise(999)")):
        for source in (data, f"Source({data})", f"Source({data}, 1)"):
            iterator = f"C().read_to_iter({source}, size={size})"
            yield f"joined(pulled({iterator}))"
            yield f"compressing({iterator}, *['__next__()'] * 4)"
    for size in (999, 1000, 1001, 200_000, 200_001):
        yield f"joined(pulled(C().read_to_iter(Source(zeros(200_000)), {size})))"
    spoil = "c := C(), pulled(c.read_to_iter(io.BytesIO(b'abc'), size=1))"
    use = "packed(b''.join(c.read_to_iter(b'abc')))"
    yield f"[{spoil}, packed(c.compress(b'abc')), {use}][1:]"


def decompression() -> Iterator[str]:
    for data in ALL:
        sizes = (1000, 65_536, 131_072, 2**20)
        yield f"each(lambda n: pulled(D().read_to_iter({data}, write_size=n)), {sizes})"
        yield f"each(lambda n: pulled(D().read_to_iter(Source({data}, n))), (1, 3, 1000))"
        run = f"D().read_to_iter(s := Source({data}), read_size=n)"
        yield f"each(lambda n: [pulled({run}), s.calls()], {READ_SIZES})"
        windows = "(2**10, 2**17, 2**20, 2**21, 2**28, 2**31)"
        run = f"pulled(D(max_window_size=n).read_to_iter({data}))"
        yield f"each(lambda n: {run}, {windows})"
        sources = f"({data}, {data}[4:], {data}[4:] + MAGICLESS, Source({data}[4:], 3))"
        yield f"[pulled(D(format=1).read_to_iter(source)) for source in {sources}]"
        yield f"watched(D().read_to_iter(s := Source({data})), s, *['__next__()'] * 4)"
    for data in SOUND:
        for holder in HOLDERS if data in ("HELLO", "BLOCKS", "CHECKED_UNSIZED") else HOLDERS[:1]:
            yield f"pulled(D().read_to_iter({holder.format(data)}, 7, 40_000))"
    for data, source in product(("HELLO", "UNSIZED", "CHECKED", "EMPTY"), ("{}", *SOURCES)):
        run = f"D().read_to_iter({source.format(data)}, write_size=n)"
        yield f"each(lambda n: pulled({run}), (1, 2, 7, 1000))"
    for level, kind in product((1, 3, 13), KINDS):
        frame = f"C({level}).compress({kind}(n))"
        run = f"pulled(D().read_to_iter(Source({frame}, 1000)))"
        yield f"each(lambda n: b''.join({run}), (0, 1, 300_000))"
    for data in (*LAYOUTS, *SPOILED, *SHORTENED):
        yield f"pulled(D().read_to_iter({data}))"
        run = f"pulled(D().read_to_iter(s := Source({data}, n)))"
        yield f"each(lambda n: [{run}, s.calls(), s.file.tell()], (1, 7, 1000))"
        yield f"[pulled(D().read_to_iter(s := Source({data}), read_size=9)), s.calls()]"
        yield f"pulled(D(format=1).read_to_iter(({data})[4:]))"


def skipped() -> Iterator[str]:
    """Yield cases on skip_bytes."""
    sizes = (0, 1, 7, 20, 30, 131_074, 131_075, 131_076, -1, 2**40)
    for data in ("bytes(7) + HELLO", "HELLO", "SKIPPABLE + HELLO", "b''", "MAGIC", "bytes(20)"):
        for source in (data, f"Source({data})", f"Source({data}, 4)", f"Source({data}, 7)"):
            yield f"each(lambda n: pulled(D().read_to_iter({source}, skip_bytes=n)), {sizes})"
        run = f"D().read_to_iter(s := Source({data}), n, skip_bytes=7)"
        yield f"each(lambda n: [pulled({run}), s.calls()], (1, 6, 7, 8, 9, 1000))"


def faults() -> Iterator[str]:
    """Yield cases on data that is cut short, and on data with a wrong bit."""
    for data in (*SOUND, "SKIPPABLE", "HELLO + UNSIZED"):
        yield f"each(lambda n: pulled(D().read_to_iter(({data})[:n])), cuts({data}))"
        source = f"Source(({data})[:n], 5)"
        yield f"each(lambda n: pulled(D().read_to_iter({source})), cuts({data}))"
    for data, bits in FEW_FLIPPED.items():
        yield f"each(lambda n: pulled(D().read_to_iter(flipped({data}, n))), {bits})"
        source = f"Source(flipped({data}, n), 7)"
        yield f"each(lambda n: pulled(D().read_to_iter({source})), {bits})"
    for data in ("JUNK", "BAD_BLOCK", "BAD_CHECKSUM", "WIDE"):
        calls = "*['__next__()'] * 4"
        yield f"steps(D(max_window_size=2**20).read_to_iter({data}), {calls})"
        yield f"watched(D().read_to_iter(s := Source({data}, 9)), s, {calls})"


def sources(make: str, what: str) -> Iterator[str]:
    """Yield cases on what may be a source, and what it may give."""
    for buffer in BUFFERS:
        yield f"joined(pulled({make}.read_to_iter({buffer})))"
    for source in ("SimpleNamespace()", "SimpleNamespace(read=5)", "Sink()", "io.BytesIO", "5"):
        yield f"steps({make}.read_to_iter({source}), '__next__()', '__next__()')"
    for answers in (
        *("LookupError('read')", "EOFError()", "StopIteration()", f"{what}[:2], KeyError('x')"),
        *(f"{what}, b'', {what}", f"{what}, KeyError('x')", f"{what}[:2], {what}[2:]"),
    ):
        calls = "*['__next__()'] * 5"
        yield f"watched({make}.read_to_iter(s := Answers({answers})), s, {calls})"
        yield f"[joined(pulled({make}.read_to_iter(s := Answers({answers})))), s.log]"
    for size in (1, 2):
        run = f"joined(pulled({make}.read_to_iter(s := Answers({what}), read_size={size})))"
        yield f"[{run}, s.log]"
    run = f"joined(pulled({make}.read_to_iter(s := Source({what}, fails='close'))))"
    yield f"[{run}, s.log]"
    yield f"[b := bytearray({what}), i := {make}.read_to_iter(b), attempt(lambda: b.append(1))][2]"
    append = "attempt(lambda: b.append(1))"
    yield f"[b := bytearray({what}), pulled({make}.read_to_iter(b))[1:], {append}]"


def others(make: str, what: str) -> Iterator[str]:
    iterator = f"{make}.read_to_iter({what})"
    for call in (
        *(
            "target.__iter__() is target",
            "__next__(1)",
            "send(None)",
            "close()",
            "__length_hint__()",
        ),
        *("__enter__()", "throw(KeyError)", "read()", "next()"),
    ):
        yield f"steps({iterator}, {call!r})"
    yield f"joined({iterator})"
    yield f"joined(list({iterator}))"
    yield f"[i := {iterator}, joined(i), joined(i), joined(i)][1:]"
    yield f"[i := iter({iterator}), packed(next(i)), next(i, 5), next(i, 6)][1:]"
    for size in ("read_size=-1", "read_size=0", "read_size=2**40", "read_size=2**63-1"):
        if make == "C()":
            yield f"[pulled(C().read_to_iter(s := Source(b'abc'), {size})), s.log]"
            yield f"joined(pulled(C().read_to_iter(b'abc', {size})))"
        elif size != "read_size=-1":
            yield f"pulled(D().read_to_iter(Source(HELLO), {size}))"
            yield f"pulled(D().read_to_iter(HELLO, {size}))"
    for size in ("-1", "-2**63", "2**62", "2**63-1"):
        yield f"joined(pulled({make}.read_to_iter({what}, write_size={size})))"
    yield "pulled(D().read_to_iter(HELLO, write_size=0))"
    yield "pulled(D().read_to_iter(EMPTY, write_size=0))"
    for data in (what, f"Source({what})"):
        yield f"[m := {make}, i := m.read_to_iter({data}), m.__init__(), pulled(i)][3]"
        yield f"[i := {make}.read_to_iter({data}), joined(i)][1]"
