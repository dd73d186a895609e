"""Cases on copy_stream, both ways: what is copied, and how source and sink are called."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import KINDS, OPTIONS
from oracle.cases.decompression import ALL, FEW_FLIPPED
from oracle.cases.readers import LAYOUTS, OTHER, SHORTENED, SPOILED, STEADY
from oracle.inputs import SOUND

SOURCES = ("Source({})", "Source({}, 3)", "Source({}, 1000)")
READ_SIZES = (1, 2, 7, 1000, 131_072, 2**20)
WRITE_SIZES = (1000, 65_536, 131_072, 2**20)


def cases() -> Iterator[str]:
    yield from compression()
    yield from declared()
    yield from decompression()
    yield from faults()
    for make, what in (("D()", "HELLO"), ("C()", "b'abc'")):
        yield from others(make, what)


def compression() -> Iterator[str]:
    for data in STEADY:
        for source in SOURCES[::2]:
            copy = f"C(1).copy_stream(s := {source.format(data)}, t := Sink(), write_size=n)"
            run = f"[{copy}, s.calls(), t.calls(), packed(t.data)]"
            yield f"each(lambda n: {run}, {WRITE_SIZES})"
        copy = f"C(1).copy_stream(s := Source({data}), t := Sink(), read_size=n)"
        run = f"[{copy}, s.calls(), t.calls(), packed(t.data)]"
        yield f"each(lambda n: {run}, (1000, 131_072, 2**20))"
    for data, source in product(STEADY[:3], SOURCES):
        copy = f"C().copy_stream(s := {source.format(data)}, t := Sink(), read_size=n)"
        run = f"[{copy}, s.calls(), t.calls(), packed(t.data)]"
        yield f"each(lambda n: {run}, {READ_SIZES})"
        copy = f"C().copy_stream({source.format(data)}, t := Sink(), write_size=n)"
        yield f"each(lambda n: [{copy}, t.calls(), packed(t.data)], (1, 2, 7, 1000))"
    for data in OTHER:
        copy = f"C().copy_stream(s := Source({data}, 9999), t := Sink(), write_size=n)"
        run = f"[native({copy}), s.calls(), packed(t.data)]"
        yield f"each(lambda n: {run}, (1000, 131_591))"
    for level, kind in product((-5, 1, 3, 13), KINDS):
        copy = f"C({level}).copy_stream(Source({kind}(n)), t := Sink())"
        yield f"each(lambda n: [native({copy}), packed(t.data)], (0, 1, 1000, 200_000))"
    for options in OPTIONS:
        copy = f"C({options}).copy_stream(Source(text(n)), t := Sink())"
        yield f"each(lambda n: [native({copy}), packed(t.data)], (0, 11, 300))"
    for threads in (1, 2):
        copy = f"C(1, threads={threads}).copy_stream(Source(mixed(1_500_000)), t := Sink())"
        yield f"[{copy}[0], packed(t.data)]"


def declared() -> Iterator[str]:
    for size, data in product((0, 2, 3, 1000), ("b''", "b'abc'", "noise(999)")):
        for most in ("", ", 1"):
            copy = f"C().copy_stream(s := Source({data}{most}), t, size={size})"
            yield f"[t := Sink(), attempt(lambda: {copy}), t.log, packed(t.data)][1:]"
    for size in (999, 1000, 1001, 200_000, 200_001):
        copy = f"C().copy_stream(Source(zeros(n)), t, {size})"
        run = f"(lambda t: [native(attempt(lambda: {copy})), packed(t.data)])(Sink())"
        yield f"each(lambda n: {run}, (0, 999, 1000, 1001, 200_000))"
    copy = "C(write_content_size=False).copy_stream(Source(MAGIC), t := Sink(), size=4)"
    yield f"[{copy}, packed(t.data)]"
    spoil = "c := C(), attempt(lambda: c.copy_stream(io.BytesIO(b'abc'), Sink(), size=1))"
    use = "c.copy_stream(Source(MAGIC), t := Sink()), packed(t.data)"
    yield f"[{spoil}, packed(c.compress(MAGIC)), {use}][1:]"


def decompression() -> Iterator[str]:
    for data in (*ALL, *LAYOUTS, *SPOILED):
        copy = f"D().copy_stream(s := Source({data}, n), t)"
        run = f"(lambda t: [attempt(lambda: {copy}), t.calls(), t.data])(Sink())"
        yield f"each(lambda n: {run}, (1, 3, 9, 1000))"
        copy = f"D().copy_stream(Source({data}), t, read_size=n)"
        run = f"(lambda t: [attempt(lambda: {copy}), t.calls()])(Sink())"
        yield f"each(lambda n: {run}, {READ_SIZES})"
        yield f"[s := Source({data}), attempt(lambda: D().copy_stream(s, Sink())), s.log][1:]"
        copy = "D(format=1).copy_stream(Source(frames), t)"
        run = f"(lambda t: [attempt(lambda: {copy}), t.data])(Sink())"
        frames = f"({data}, ({data})[4:], ({data})[4:] + MAGICLESS)"
        yield f"[{run} for frames in {frames}]"
    for data in ALL:
        windows = "(2**10, 2**17, 2**20, 2**21, 2**28, 2**31)"
        copy = f"D(max_window_size=n).copy_stream(Source({data}), Sink())"
        yield f"each(lambda n: {copy}, {windows})"
    for data in SOUND:
        copy = f"D().copy_stream(s := Source({data}, 99), t := Sink(), write_size=n)"
        yield f"each(lambda n: [{copy}, s.calls(), t.calls(), t.data], {WRITE_SIZES})"
        yield f"[D().copy_stream(io.BytesIO({data}), t := io.BytesIO()), t.getvalue()]"
    for data, source in product(("HELLO", "UNSIZED", "CHECKED", "EMPTY"), SOURCES):
        copy = f"D().copy_stream(s := {source.format(data)}, t := Sink(), write_size=n)"
        yield f"each(lambda n: [{copy}, s.calls(), t.calls(), t.data], (1, 2, 7, 1000))"
    for level, kind in product((1, 3), KINDS):
        copy = f"D().copy_stream(Source(C({level}).compress({kind}(n)), 1000), t := Sink())"
        yield f"each(lambda n: [{copy}[1], t.data], (0, 1, 300_000))"


def faults() -> Iterator[str]:
    """Yield cases on data that is cut short, and on data with a wrong bit."""
    attempted = "(lambda t: [attempt(lambda: {}), t.calls()])(Sink())"
    for data in (*SOUND, "SKIPPABLE", "HELLO + UNSIZED"):
        run = attempted.format(f"D().copy_stream(Source(({data})[:n], 9), t)")
        yield f"each(lambda n: {run}, cuts({data}))"
    for data in SHORTENED:
        yield f"[D().copy_stream(Source({data}), t := Sink()), t.data]"
    for data, bits in FEW_FLIPPED.items():
        for most in (7, 1000):
            run = attempted.format(f"D().copy_stream(Source(flipped({data}, n), {most}), t)")
            yield f"each(lambda n: {run}, {bits})"


def others(make: str, what: str) -> Iterator[str]:
    """Yield cases on what may be source and sink, and what they do and give."""
    copied = f"attempt(lambda: {make}.copy_stream(s, t)), s.log, t.log"
    for fails in ("read", "close", "flush", "write"):
        yield f"[s := Source({what}, fails='{fails}'), t := Sink(fails='{fails}'), {copied}][2:]"
    for answers in (
        *("LookupError('read')", "EOFError()", "StopIteration()", f"{what}[:2], KeyError('x')"),
        *(f"{what}, b'', {what}", f"{what}, KeyError('x')", f"{what}[:2], {what}[2:]"),
    ):
        yield f"[s := Answers({answers}), t := Sink(), {copied}][2:]"
    for answer in (
        *("None", "0", "1", "3", "-1", "100", "2**70", "'x'", "1.5", "[]", "True", "object"),
        *("LookupError('write')", "BlockingIOError(1, 'a', 2)", "Index(1)", "Failing()"),
    ):
        copied_small = copied.replace("t))", "t, write_size=5))")
        yield f"[s := Source({what}), t := Answers({answer}), {copied}][2:]"
        yield f"[s := Source({what}), t := Answers({answer}, {answer}), {copied_small}][2:]"
    for source in (what, "None", "5", "SimpleNamespace()", "SimpleNamespace(read=5)", "Sink()"):
        yield f"{make}.copy_stream({source}, Sink())"
    for sink in (
        what,
        "None",
        "5",
        "SimpleNamespace()",
        "SimpleNamespace(write=5)",
        "io.StringIO()",
    ):
        yield f"{make}.copy_stream(Source({what}), {sink})"
    for size in ("read_size=0", "read_size=-1", "read_size=2**63-1", "write_size=-1"):
        copied = f"attempt(lambda: {make}.copy_stream(s, Sink(), {size}))"
        yield f"[s := Source({what}), {copied}, s.log][1:]"
    yield f"{make}.copy_stream(Source({what}), Sink(), write_size=2**62)"
    yield "D().copy_stream(Source(HELLO), Sink(), write_size=0)"
    yield f"[m := {make}, *(m.copy_stream(Source({what}), Sink()) for i in range(3))][1:]"
    copied = f"{make}.copy_stream(s := io.BytesIO({what}), t := io.BytesIO())"
    yield f"[{copied}, s.closed, t.closed]"
