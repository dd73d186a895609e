"""Cases on stream_writer, both ways: what each call gives, and how it calls the sink."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import BUFFERS, KINDS, OPTIONS
from oracle.cases.decompression import ALL, FEW_FLIPPED
from oracle.cases.readers import LAYOUTS, OTHER, SHORTENED, SPOILED, STEADY
from oracle.inputs import SOUND

WRITE_SIZES = (1, 2, 7, 1000, 131_591, 2**20)
RETURNS = ("", ", write_return_read=True", ", write_return_read=False")
STATE = "'closed', 'tell()'"

COMPRESSOR_CALLS = (
    *("write(b'abc')", "write(b'')", "flush()", "flush(0)", "flush(1)", "flush(2)", "tell()"),
    "close()",
)
FILE_CALLS = (
    *("readable()", "writable()", "seekable()", "isatty()", "closed", "tell()", "fileno()"),
    *("flush()", "flush(0)", "flush(1)", "flush(2)", "flush(-1)", "flush(None)", "flush('x')"),
    *("flush(flush_mode=1)", "flush(mode=1)", "flush(0, 1)", "memory_size() > 90_000"),
    *("read()", "read(0)", "read(1)", "readall()", "readinto(bytearray(4))", "readinto(None)"),
    *("readline()", "readline(3)", "readlines()", "readlines(3)", "seek(0)", "seek(0, 1)"),
    *("truncate()", "truncate(0)", "target.__iter__() is target", "__next__()", "peek(1)"),
    *("read1(1)", "readinto1(bytearray(4))", "detach()", "getvalue()", "name", "mode"),
    *("write()", "write(None)", "write('abc')", "write(5)", "write([b'abc'])", "write(b'', 1)"),
    *("seek()", "seek('x')", "truncate('x')", "read('x')", "readinto()", "__exit__()"),
    *("write(data=b'')", "close()", "target.close(), target.close()", "__exit__(1, 2, 3)"),
)
# What the writers here can do, and those of 0.25.0 cannot.
LINES = (
    *("writelines([])", "writelines([b'abc', MAGIC])", "writelines(5)", "writelines(['x'])"),
    *("writelines()", "writelines(lines=[])", "writelines(x for x in [b'abc'])"),
)


def cases() -> Iterator[str]:
    yield from compression()
    yield from orders()
    yield from declared()
    yield from decompression()
    yield from layouts()
    yield from faults()
    for make, what in (("D()", "HELLO"), ("C()", "b'abc'")):
        yield from file_calls(make, what)
        yield from closing(make, what)
        yield from sinks(make, what)
        yield from buffers(make, what)


def compression() -> Iterator[str]:
    """Yield cases on what a compression writer sends, with which calls."""
    steps = ((1, 0), (7, 3), (1000, 0), (999, 2), (400_000, 0), (400_000, 1))
    for data, returns in product(STEADY, RETURNS):
        for step, flush_every in steps if len(data) < 12 else steps[2:]:
            pieces = f"{data}, {step}, {flush_every}"
            writer = f"C(1).stream_writer(s := Sink(){returns})"
            yield f"[written({writer}, {pieces}), s.calls(), packed(s.data)]"
    for data, returns in product(STEADY[1:3], RETURNS):
        writer = f"C().stream_writer(s := Sink(), write_size=n{returns})"
        run = f"[written({writer}, {data}, 400, 2), s.calls(), packed(s.data)]"
        yield f"each(lambda n: {run}, {WRITE_SIZES})"
    for data, (step, flush_every) in product(OTHER, steps[2:]):
        run = (
            f"written(C().stream_writer(s := Sink(), write_size=n), {data}, {step}, {flush_every})"
        )
        yield f"each(lambda n: [len({run}), packed(s.data)], (1000, 131_591))"
        writer = "C(1).stream_writer(s := Sink())"
        yield f"[native(written({writer}, {data}, {step}, {flush_every})), packed(s.data)]"
    for level, kind in product((-5, 1, 3, 13), KINDS):
        run = f"written(C({level}).stream_writer(s := Sink()), {kind}(n), 70_000)"
        yield f"each(lambda n: [len({run}), packed(s.data)], (0, 1, 1000, 200_000))"
    for options in OPTIONS:
        run = f"written(C({options}).stream_writer(s := Sink()), text(n), 70_000)"
        yield f"each(lambda n: [len({run}), packed(s.data)], (0, 11, 300))"
    for threads in (1, 2):
        writer = f"C(1, threads={threads}).stream_writer(s := Sink())"
        yield f"[len(written({writer}, mixed(1_500_000), 100_000, 4)), packed(s.data)]"
    calls = "*['write(given)', 'tell()', 'flush()', 'tell()'] * 3, 'close()', 'tell()'"
    for data in ("b'abc'", "noise(1000)", "noise(200_000)"):
        yield f"watched(C(1).stream_writer(s := Sink()), s, {calls}, given={data})"
        modes = "'write(given)', 'flush(1)', 'tell()', 'write(given)', 'flush(0)', 'flush(1)'"
        writer = "C(1).stream_writer(s := Sink(), write_size=900)"
        yield f"[watched({writer}, s, {modes}, 'close()', given={data}), packed(s.data)]"
    yield "steps(C().stream_writer(Sink()), 'write(MAGIC)', 'memory_size() > 100_000')"
    calls = "'memory_size() > 100', 'close()', 'memory_size() > 100'"
    yield f"steps(C().stream_writer(Sink()), {calls})"


def orders() -> Iterator[str]:
    for size, returns in product(("", ", size=3", ", size=6"), ("", ", write_return_read=False")):
        writer = f"C().stream_writer(s := Sink(){size}{returns})"
        for first in COMPRESSOR_CALLS:
            run = f"[watched({writer}, s, {first!r}, *more, 'tell()'), packed(s.data)]"
            yield f"each(lambda more: {run}, product({COMPRESSOR_CALLS}, repeat=2))"
    calls = (
        "write(b'')",
        "write(HELLO)",
        "write(HELLO[:7])",
        "write(HELLO[7:])",
        "flush()",
        "close()",
    )
    for first, returns in product((*calls, "write(JUNK)"), RETURNS):
        writer = f"D().stream_writer(s := Sink(){returns})"
        run = f"[watched({writer}, s, {first!r}, *more), s.data]"
        yield f"each(lambda more: {run}, product({calls}, repeat=2))"


def declared() -> Iterator[str]:
    for size, data in product((0, 2, 3, 1000), ("b''", "b'abc'", "noise(999)")):
        writer = f"C().stream_writer(s := Sink(), {size})"
        for calls in ("'close()'", "'flush()', 'close()'", "'flush(1)', 'close()'"):
            run = f"watched({writer}, s, 'write(given)', {calls}, 'close()', given={data})"
            yield f"[{run}, packed(s.data)]"
        yield f"[watched({writer}, s, *['write(given)'] * 3, 'closed', given={data}), s.data]"
        yield f"[within({writer}, 'write(MAGIC)', 'write(MAGIC)'), s.log]"
    for size in (0, 999, 1000, 1001, 200_000, 200_001):
        writer = f"C().stream_writer(s := Sink(), size={size})"
        run = f"written({writer}, zeros(n), 1000, {{}})[-4:]"
        sizes = (999, 1000, 1001, 200_000)
        yield f"each(lambda n: [{run.format(0)}, packed(s.data)], {sizes})"
        yield f"each(lambda n: [native({run.format(100)}), packed(s.data)], {sizes})"
    yield "watched(C().stream_writer(s := Sink(), size=5), s, 'close()', 'closed', 'tell()')"
    yield "watched(C().stream_writer(s := Sink(), size=0), s, 'close()', 'closed', 'tell()')"
    writer = "C(write_content_size=False).stream_writer(s := Sink(), size=3)"
    yield f"[watched({writer}, s, 'write(b\"abc\")', 'close()'), packed(s.data)]"
    spoil = "c := C(), steps(c.stream_writer(Sink(), size=1), 'write(MAGIC)')"
    use = "steps(c.stream_writer(s := Sink()), 'write(MAGIC)', 'close()')"
    yield f"[{spoil}, packed(c.compress(MAGIC)), {use}, packed(s.data)]"


def decompression() -> Iterator[str]:
    for data, returns in product(ALL, RETURNS[::2]):
        writer = f"D().stream_writer(s := Sink(){returns})"
        run = f"[written({writer}, {data}, n), s.calls(), s.data]"
        yield f"each(lambda n: {run}, (1, 3, 7, 1_000_000))"
    for data in ALL:
        yield f"[written(D().stream_writer(s := Sink()), {data}, 1000, 1), s.calls()]"
        writer = "D(max_window_size=n).stream_writer(s := Sink())"
        windows = "(2**10, 2**17, 2**20, 2**21, 2**28, 2**31)"
        yield f"each(lambda n: [written({writer}, {data}, 1000), s.calls()], {windows})"
        writer = "D(format=1).stream_writer(s := Sink())"
        frames = f"({data}, {data}[4:], {data}[4:] + MAGICLESS)"
        yield f"[[written({writer}, frame, 1_000_000), s.data] for frame in {frames}]"
        yield f"[written({writer}, {data}[4:], 3), s.data]"
    for data in SOUND:
        writer = "D().stream_writer(s := Sink(), write_size=n)"
        sizes = (1000, 65_536, 131_072, 2**20)
        yield f"each(lambda n: [written({writer}, {data}, 1000), s.calls(), s.data], {sizes})"
    for data, size in product(("HELLO", "UNSIZED", "CHECKED", "HELLO + UNSIZED"), (1, 2, 7)):
        writer = f"D().stream_writer(s := Sink(), write_size={size})"
        yield f"each(lambda n: [written({writer}, {data}, n), s.log, s.data], (1, 1000))"
    for level, kind in product((1, 3), KINDS):
        run = f"written(D().stream_writer(s := Sink()), C({level}).compress({kind}(n)), 10_000)"
        yield f"each(lambda n: [{run}[-2:], s.data], (0, 1, 300_000))"


def layouts() -> Iterator[str]:
    for data, returns in product((*LAYOUTS, *SPOILED), ("", ", write_return_read=False")):
        writer = f"D().stream_writer(s := Sink(){returns})"
        run = f"[written({writer}, {data}, n), s.calls(), s.data]"
        yield f"each(lambda n: {run}, (1, 9, 20, 1_000_000))"
        writer = f"D(format=1).stream_writer(s := Sink(){returns})"
        yield f"[written({writer}, ({data})[4:], 1_000_000), s.data]"


def faults() -> Iterator[str]:
    """Yield cases on data that is cut short, and on data with a wrong bit."""
    for data in (*SOUND, "SKIPPABLE", "HELLO + UNSIZED"):
        for step in (3, 1000):
            run = f"written(D().stream_writer(s := Sink()), ({data})[:n], {step})"
            yield f"each(lambda n: [{run}, s.calls()], cuts({data}))"
        calls = "'write(given)', 'flush()', 'flush()', 'close()', 'closed'"
        run = f"watched(D().stream_writer(s := Sink()), s, {calls}, given=({data})[:n])"
        yield f"each(lambda n: [{run}, s.calls()], (1, 7, 9, 14))"
    for data in SHORTENED:
        yield f"[written(D().stream_writer(s := Sink()), {data}, 1000), s.data]"
        yield f"[within(D().stream_writer(s := Sink()), 'write({data})'), s.log]"
    for data, bits in FEW_FLIPPED.items():
        for step in (7, 1000):
            run = f"written(D().stream_writer(s := Sink()), flipped({data}, n), {step})"
            yield f"each(lambda n: [{run}, s.calls()], {bits})"
    for data in ("JUNK", "HELLO + JUNK", "BAD_BLOCK", "BAD_CHECKSUM", "WIDE"):
        writer = "D(max_window_size=2**20).stream_writer(s := Sink())"
        calls = f"'write({data})', 'write({data})', 'write(HELLO)', 'flush()'"
        yield f"[watched({writer}, s, {calls}, 'close()', 'closed'), s.data]"
        yield f"[within({writer}, 'write({data})', 'write(b\"\")'), s.log]"


def file_calls(make: str, what: str) -> Iterator[str]:
    writer = f"{make}.stream_writer(s := Sink())"
    write = f'"write({what})"'
    for call in (*FILE_CALLS, *LINES):
        run = f"watched({writer}, s, *before, {call!r}, {STATE}, 'close()')"
        yield f"each(lambda before: {run}, ([], [{write}], [{write}, 'close()']))"
    for calls in ("", write, f"{write}, {write}", f"{write}, 'flush()'", f"{write}, 'close()'"):
        for error in ("", "error=LookupError('within')", "error=z.ZstdError('within')"):
            body = ", ".join(filter(None, (calls, error)))
            yield f"[within({make}.stream_writer(s := Sink()), {body}), s.log, packed(s.data)]"
    enter, leave = "'target.__enter__() is target'", "'__exit__(None, None, None)'"
    for calls in (
        f"{enter}, {enter}",
        f"'close()', {enter}",
        f"{enter}, {leave}, {enter}",
        f"{leave}, {leave}, {enter}",
        "'__exit__(1, 2, 3)', 'closed', '__exit__(LookupError, None, None)'",
        "'__exit__()', '__exit__(1)', '__exit__(1, 2, 3, 4)', 'closed'",
        "'__exit__(exc_type=None, exc_value=None, exc_tb=None)', 'closed'",
        f"{enter}, {write}, 'close()', {leave}, 'closed'",
    ):
        yield f"watched({writer}, s, {calls})"
    for iterate in ("list({})", "next({})", "iter({}) is None"):
        yield iterate.format(f"{make}.stream_writer(Sink())")
    for kind in ("IOBase", "RawIOBase", "BufferedIOBase"):
        yield f"isinstance({make}.stream_writer(Sink()), io.{kind})"
    yield f"[s := Sink(), {make}.stream_writer(s).write({what}), s.log][1:]"


def closing(make: str, what: str) -> Iterator[str]:
    """Yield cases on when the sink is flushed and closed."""
    write = f'"write({what})"'
    for options in ("", "closefd=True", "closefd=False", "closefd=0", "closefd='x'"):
        writer = f"{make}.stream_writer(s := Sink(), {options})"
        yield f"watched({writer}, s, 'close()', 'closed', 'close()')"
        yield f"watched({writer}, s, {write}, 'flush()', 'close()', 'closed', 'close()')"
        yield f"[within({writer}, {write}), s.log]"
        yield f"[within({writer}, {write}, error=LookupError('within')), s.log]"
    for fails in ("close", "write", "flush", "write close", "flush close", "fileno"):
        writer = f"{make}.stream_writer(s := Sink(fails='{fails}'))"
        calls = f"([], [{write}], [{write}, 'flush()'], [{write}, 'flush()', {write}])"
        run = f"watched({writer}, s, *calls, 'close()', 'closed', 'close()')"
        yield f"each(lambda calls: {run}, {calls})"
        yield f"each(lambda calls: [within({writer}, *calls), s.log], {calls})"
        yield f"[within({writer}, {write}, error=KeyError('within')), s.log]"
        yield f"watched({writer}, s, 'fileno()', 'flush()', 'flush()', 'tell()')"
    for fails in ("write", "flush"):
        writer = f"{make}.stream_writer(s := Sink(fails='{fails}'), write_size=5)"
        calls = f"{write}, 'tell()', 'flush()', 'tell()', {write}, 'tell()'"
        yield f"watched({writer}, s, {calls}, 'close()', 'closed', 'tell()')"
    for others in (
        "",
        "close=None",
        "close=5",
        "flush=None",
        "flush=5",
        "flush=s.flush",
        "fileno=5",
    ):
        sink = f"SimpleNamespace(write=s.write, {others})"
        calls = f"{write}, 'flush()', 'fileno()', 'close()', 'closed'"
        yield f"[s := Sink(), watched({make}.stream_writer({sink}), s, {calls})][1]"
        yield f"[s := Sink(), within({make}.stream_writer({sink}), {write}), s.log][1:]"


def sinks(make: str, what: str) -> Iterator[str]:
    """Yield cases on what the sink's write() may give."""
    write = f'"write({what})"'
    for answer in (
        *("None", "0", "1", "3", "-1", "100", "2**70", "'x'", "1.5", "[]", "True", "object"),
        *("LookupError('write')", "BlockingIOError(1, 'a', 2)", "Index(1)", "Failing()"),
    ):
        for options in ("", "write_size=5"):
            writer = f"{make}.stream_writer(s := Answers({answer}, {answer}), {options})"
            calls = f"{write}, 'flush()', 'tell()', {write}, 'close()', 'closed', 'tell()'"
            yield f"watched({writer}, s, {calls})"
            yield f"[within({writer}, {write}), s.log]"
    for sink in (
        *(
            "io.BytesIO()",
            "io.StringIO()",
            "SimpleNamespace()",
            "SimpleNamespace(write=5)",
            "Source",
        ),
        *("SimpleNamespace(write=lambda: 5)", "bytearray()", "'name'", "None", "b''", "5"),
    ):
        yield f"steps({make}.stream_writer({sink}), {write}, 'flush()', 'close()', 'closed')"
    last = "packed(s.getvalue()), w.close(), s.closed"
    yield (
        f"[s := io.BytesIO(), w := {make}.stream_writer(s, closefd=False), w.write({what}),"
        f" w.flush(), {last}][2:]"
    )
    for size in ("-2", "2**31-1", "2**40", "2**63-1"):
        yield f"steps(D().stream_writer(Sink(), write_size={size}), 'tell()', 'flush()', 'closed')"
    for size in ("0", "-1", "2**40"):
        yield f"steps(D().stream_writer(Sink(), write_size={size}), 'write(HELLO)', 'write(b\"\")')"
    yield "steps(C().stream_writer(Sink(), write_size=-1), 'close()')"


def buffers(make: str, what: str) -> Iterator[str]:
    for buffer in BUFFERS:
        writer = f"{make}.stream_writer(s := Sink())"
        yield f"[watched({writer}, s, 'write(given)', 'close()', given={buffer}), packed(s.data)]"
    for buffer in ("bytearray", "memoryview", "type('Derived', (bytes,), {})"):
        yield f"[s := Sink(), {make}.stream_writer(s).write({buffer}({what})), s.log][1:]"
    for first in ("", "w.close(),", "attempt(lambda: w.write(JUNK)),"):
        write = f"b := bytearray({what}), attempt(lambda: w.write(b)), attempt(lambda: b.append(1))"
        yield f"[w := {make}.stream_writer(Sink()), {first} {write}][1:]"
