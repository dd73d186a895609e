"""Cases on compression: what comes of which data at which level, by which calls in which order."""

from collections.abc import Iterator
from itertools import product

LEVELS = (-(2**17), -100, -5, -1, *range(23))
KINDS = ("text", "noise", "zeros", "mixed")
SIZES = (0, 1, 2, 255, 256, 65_791, 65_792, 131_071, 131_072, 131_073, 300_000)

# Sizes of data and of the pieces that it comes in.
STEPS = ((100, 1), (3000, 7), (70_000, 1000), (300_000, 131_072), (200_000, 65_000))

OPTIONS = [
    ", ".join(f"{name}={value}" for name, value in zip(names, values, strict=True) if value)
    for names in [("write_checksum", "write_content_size", "write_dict_id")]
    for values in product(("", "False", "True"), repeat=3)
]

BUFFERS = (
    "bytearray(b'abc')",
    "memoryview(b'abc')",
    "memoryview(bytearray(b'abc')).toreadonly()",
    "memoryview(b'abcdef')[::2]",
    "memoryview(b'abcdef')[1:]",
    "memoryview(b'abcdef').cast('B', (2, 3))",
    "memoryview(b'abcdefgh').cast('I')",
    "memoryview(b'a').cast('B', ())",
    "memoryview(b'')",
    "array.array('i', [1, 2, 3])",
    "array.array('d')",
    "mmap.mmap(-1, 5000)",
    "(ctypes.c_char * 4)(1, 2)",
    "type('Derived', (bytes,), {})(b'abc')",
    "'abc'",
    "None",
    "['a']",
)


def cases() -> Iterator[str]:
    yield from one_shot()
    yield from pieces()
    yield from orders()
    yield from counts()
    yield from several()


def one_shot() -> Iterator[str]:
    for level, kind in product(LEVELS, KINDS):
        yield f"each(lambda n: packed(C({level}).compress({kind}(n))), (1000, 20_000))"
    for level, kind in product((-3, 1, 3, 6, 12), KINDS):
        yield f"each(lambda n: packed(C({level}).compress({kind}(n))), {SIZES})"
        yield f"each(lambda n: packed(z.compress({kind}(n), {level})), {SIZES})"
    for options in OPTIONS:
        yield f"each(lambda n: packed(C({options}).compress(text(n))), (0, 11, 300, 70_000))"
    for threads, kind in product((0, 1, 2, 3, -1), ("text", "mixed")):
        compress = f"C(level=1, threads={threads}).compress({kind}(n))"
        yield f"each(lambda n: packed({compress}), (0, 100, 1_500_000))"
    for buffer in BUFFERS:
        yield f"packed(C().compress({buffer}))"
        yield f"packed(z.compress({buffer}))"
        yield f"compressing(C().compressobj(), 'compress(given)', 'flush()', given={buffer})"
    for call in ("C().compress(b)", "C().compressobj().compress(b)", "z.compress(b)"):
        yield f"[b := bytearray(b'abc'), {call}[:0], b.append(1)]"


def pieces() -> Iterator[str]:
    for level, kind, (size, step) in product((-1, 1, 3, 9), KINDS, STEPS):
        for declared in ("", size):
            stream = f"C({level}).compressobj({declared})"
            yield f"each(lambda n: fed({stream}, {kind}({size}), {step}, n), (0, 1, 3))"
    for options, size in product(OPTIONS, ("", "300", "size=300")):
        yield f"fed(C({options}).compressobj({size}), text(300), 300)"
    for threads, size, flush_every in product((1, 2), ("", "1_500_000"), (0, 10)):
        stream = f"C(level=1, threads={threads}).compressobj({size})"
        yield f"fed({stream}, mixed(1_500_000), 100_000, {flush_every})[1]"


def orders() -> Iterator[str]:
    calls = ("compress(b'')", "compress(b'abc')", "flush()", "flush(1)", "flush(7)")
    for first, second in product(calls, repeat=2):
        run = f"compressing(C().compressobj(), {first!r}, {second!r}, *more)"
        yield f"each(lambda more: {run}, product({calls}, repeat=2))"
    for size, first in product((0, 1, 3, 6, 100), calls):
        run = f"compressing(C().compressobj(size={size}), {first!r}, *more)"
        yield f"each(lambda more: {run}, product({calls}, repeat=2))"
    for size, data in product((0, 1000, 200_000), (0, 999, 1000, 1001, 199_999, 200_000, 200_001)):
        calls = f"'compress(zeros({data}))', *['compress(MAGIC)', 'flush()'] * 2"
        yield f"compressing(C().compressobj(size={size}), {calls})"
        yield f"compressing(C(write_content_size=False).compressobj(size={size}), {calls})"


def counts() -> Iterator[str]:
    """Yield cases on counts, but no one-shot during a stream: 0.25.0 loses the stream's data."""
    operations = ("one-shot", "new", "compress(b'abcdef')", "flush(1)", "flush()")
    for first, second in product(operations, repeat=2):
        more = [
            order
            for order in product(operations, repeat=2)
            if not disturbs((first, second, *order))
        ]
        if more:
            yield f"each(lambda more: progression({first!r}, {second!r}, *more), {more})"
    yield "C().frame_progression()"
    calls = "'frame_progression()[:2]', 'compress(MAGIC)[:0]', 'frame_progression()'"
    yield f"each(lambda n: steps(C(), f'compress(text({{n}}))[:0]', {calls}), {SIZES})"
    yield "C().memory_size() > 100"
    for level, size in product((1, 3, 9, 19), (0, 1000, 100_000)):
        calls = f"'compress(text({size}))[:0]', 'memory_size() > 20_000'"
        yield f"steps(C({level}), {calls})"
    yield "steps(C(), 'compressobj().compress(MAGIC)', 'memory_size() > 1_000_000')"


def disturbs(order: tuple[str, ...]) -> bool:
    """Return whether a one-shot call comes while a stream is at work."""
    at_work = False
    for operation in order:
        if operation != "one-shot":
            at_work = operation not in ("new", "flush()")
        elif at_work:
            return True
    return False


def several() -> Iterator[str]:
    """Yield cases on compressors and streams that are used more than once, or at once."""
    yield "[c := C(), *(packed(c.compress(text(n))) for n in (5, 5000, 5, 0))]"
    yield "[c := C(threads=1), *(packed(c.compress(text(n))) for n in (5, 5000, 5, 0))]"
    yield "[c := C(), *(fed(c.compressobj(), text(n), 1000) for n in (5, 5000, 5, 0))]"
    yield "[c := C(), *(fed(c.compressobj(size=n), text(n), 1000) for n in (5, 5000, 5, 0))]"
    yield "[c := C(), o := c.compressobj(), packed(c.compress(MAGIC)), packed(o.flush())]"
    spoil = "c := C(), steps(c.compressobj(size=1), 'compress(MAGIC)')"
    yield f"[{spoil}, packed(c.compress(MAGIC)), fed(c.compressobj(), MAGIC, 2)]"
    yield "[c := C(), c.__init__(level=19), packed(c.compress(text(5000)))]"
    yield "[c := C(1), attempt(lambda: c.__init__(level=99)), packed(c.compress(text(5000)))]"
    yield "[o := C().compressobj(), *compressing(o, 'compress(MAGIC)', 'flush()')]"
    feed = "o.compress(b'abc'), packed(c.compress(b'x')), packed(o.flush())"
    yield f"[c := C(), o := c.compressobj(), {feed}]"
    feed = "a.compress(b'abc'), b.compress(b'xyz'), packed(a.flush()), packed(b.flush())"
    yield f"[c := C(), a := c.compressobj(), b := c.compressobj(), {feed}]"
    yield "C().compress(text(100_000))[:0], C().memory_size() > 10_000"
