"""Cases on chunker: what its calls yield, in which order of calls."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import BUFFERS, KINDS, OPTIONS
from oracle.cases.readers import OTHER, STEADY

CALLS = ("compress(b'')", "compress(b'abc')", "compress(given)", "flush()", "finish()")
CHUNK_SIZES = (1, 2, 7, 1000, 131_072, 131_591, 2**20)

# Calls of a chunker whose iterators are not used up, or are used late.
LATE = (
    "i := {0}, attempt(lambda: target.compress(b'')), pulled(i), pulled(target.finish())",
    "i := {0}, attempt(target.flush), pulled(i), pulled(i)",
    "i := {0}, attempt(target.finish), pulled(i), attempt(target.finish)",
    "i := {0}, next(i, None), attempt(lambda: target.compress(b'')), pulled(i)",
    "i := {0}, next(i, None), attempt(target.finish), pulled(i), pulled(target.finish())",
    "i := {0}, next(i, None), next(i, None), attempt(target.flush), pulled(i)",
    "i := {0}, j := {0}, pulled(j), pulled(i), pulled(target.finish())",
    "i := {0}, j := {0}, pulled(i), pulled(j), pulled(target.finish())",
    "i := {0}, pulled(target.finish()), pulled(i), attempt(target.finish)",
)


def cases() -> Iterator[str]:
    yield from pieces()
    yield from orders()
    yield from late()
    yield from declared()
    yield from others()


def pieces() -> Iterator[str]:
    calls = "*['compress(given)'] * 2, *['flush()'] * 2, 'compress(given)', 'finish()'"
    for data in (*STEADY, *OTHER):
        sizes = CHUNK_SIZES if data in STEADY[:3] else CHUNK_SIZES[3:]
        chunker = "C(1).chunker(chunk_size=n)"
        yield f"each(lambda n: joined(chunked({chunker}, {calls}, given={data})), {sizes})"
        chunker = f"C().chunker(chunk_size=n, size=len({data}))"
        once = f"chunked({chunker}, 'compress(given)', 'finish()', given={data})"
        yield f"each(lambda n: joined({once}), {sizes})"
        yield f"joined(chunked(C(1).chunker(), {calls}, given={data}))"
    for level, kind in product((-5, 1, 3, 13), KINDS):
        run = f"chunked(C({level}).chunker(), 'compress(given)', 'finish()', given={kind}(n))"
        yield f"each(lambda n: joined({run}), (0, 1, 1000, 200_000))"
    for options in OPTIONS:
        run = f"chunked(C({options}).chunker(n), 'compress(given)', 'finish()', given=text(300))"
        yield f"each(lambda n: joined({run}), (-1, 300))"
    for threads in (1, 2):
        chunker = f"C(1, threads={threads}).chunker(chunk_size=100_000)"
        calls = "*['compress(given)'] * 3, 'flush()', 'compress(given)', 'finish()'"
        yield f"joined(chunked({chunker}, {calls}, given=mixed(700_000)))[0]"


def orders() -> Iterator[str]:
    for first, size in product(CALLS, (3, 10, 131_591)):
        chunker = f"C().chunker(chunk_size={size})"
        run = f"joined(chunked({chunker}, {first!r}, *more, given=noise(20)))"
        yield f"each(lambda more: {run}, product({CALLS}, repeat=3))"
    for first in CALLS:
        chunker = "C().chunker(size=20, chunk_size=10)"
        run = f"joined(chunked({chunker}, {first!r}, *more, given=noise(20)))"
        yield f"each(lambda more: {run}, product({CALLS}, repeat=2))"


def late() -> Iterator[str]:
    for shape, call, size in product(LATE, CALLS[1:], (3, 131_591)):
        expression = f"[{shape.format(f'target.{call}')}][1:]"
        chunker = f"C().chunker(chunk_size={size})"
        yield f"steps({chunker}, {expression!r}, given=noise(20))"
        begun = f"'pulled(target.compress(given))', {expression!r}"
        yield f"steps({chunker}, {begun}, given=noise(20))"


def declared() -> Iterator[str]:
    for size, data in product((0, 2, 3, 1000), ("b''", "b'abc'", "noise(999)")):
        for calls in ("'finish()'", "'flush()', 'finish()'", "'compress(given)', 'finish()'"):
            chunker = f"C().chunker({size})"
            run = f"'compress(given)', {calls}, 'finish()', 'compress(given)'"
            yield f"joined(chunked({chunker}, {run}, given={data}))"
    for size in (999, 1000, 1001, 200_000, 200_001):
        chunker = f"C().chunker(size={size})"
        run = f"joined(chunked({chunker}, 'compress(given)', 'finish()', given=zeros(n)))"
        yield f"each(lambda n: {run}, (0, 999, 1000, 1001, 200_000))"
    spoil = "c := C(), chunked(c.chunker(size=1), 'compress(MAGIC)', 'finish()')"
    use = "joined(chunked(c.chunker(), 'compress(MAGIC)', 'finish()'))"
    yield f"[{spoil}, packed(c.compress(MAGIC)), {use}][1:]"


def others() -> Iterator[str]:
    for buffer in BUFFERS:
        calls = "'compress(given)', 'finish()'"
        yield f"joined(chunked(C().chunker(), {calls}, given={buffer}))"
    for size in ("-1", "-2", "2**62", "2**63-1", "-2**63"):
        yield f"joined(chunked(C().chunker(chunk_size={size}), 'compress(b\"abc\")'))"
    yield "C().chunker(chunk_size=0)"
    for make in ("flush()", "finish()", "compress(b'abc')", "compress(noise(400))"):
        iterator = f"C().chunker(chunk_size=100).{make}"
        for call in (
            *("target.__iter__() is target", "__next__(1)", "send(None)", "close()"),
            *("__enter__()", "throw(KeyError)", "next()", "__length_hint__()"),
        ):
            yield f"steps({iterator}, {call!r})"
        yield f"[i := {iterator}, pulled(i), pulled(i)][1:]"
    for call in ("finish()", "flush()", "compress(b'')", "compress(None)"):
        yield f"joined(chunked(C().chunker(), 'finish()', {call!r}, {call!r}))"
    append = "attempt(lambda: b.append(1))"
    yield f"[b := bytearray(b'abc'), i := C().chunker().compress(b), {append}][2]"
    yield f"[b := bytearray(b'abc'), i := C().chunker().compress(b), pulled(i), {append}][2:]"
    yield "[b := bytearray(b'abc'), k := C().chunker(), joined(k.compress(b)), b.append(1)][2:]"
    for call in ("memory_size() > 0", "close()", "write(b'')", "closed", "__enter__()"):
        yield f"steps(C().chunker(), {call!r})"
