"""Cases on stream_reader, both ways: what each reading gives, and what it asks of the source."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import BUFFERS, KINDS
from oracle.cases.decompression import ALL, FEW_FLIPPED
from oracle.inputs import SOUND

METHODS = ("read", "read1", "readinto", "readinto1")
# Those that may give less than they are asked for: how much is up to the implementation.
PARTIAL = METHODS[1::2]

# Frames one behind the other, all of them sound; then such that something bad follows.
LAYOUTS = (
    "HELLO + UNSIZED",
    "RUN + BLOCKS + CHECKED",
    "SKIPPABLE",
    "SKIPPABLE + HELLO",
    "HELLO + SKIPPABLE",
    "HELLO + SKIPPABLE + SKIPPABLE_EMPTY + CHECKED",
    "SKIPPABLE_EMPTY + SKIPPABLE + RUN + SKIPPABLE",
    "EMPTY + HELLO",
    "EMPTY_UNSIZED + EMPTY + HELLO",
    "HELLO + EMPTY",
    "HELLO + EMPTY + EMPTY_UNSIZED + EMPTY + HELLO",
    "HELLO * 5",
    "(SKIPPABLE + EMPTY) * 5 + HELLO",
    "EMPTY * 2",
)
SPOILED = (
    "HELLO + b'x'",
    "HELLO + JUNK",
    "RUN + JUNK",
    "HELLO + bytes(20)",
    "SKIPPABLE + JUNK",
    "EMPTY + JUNK",
    "HELLO + BAD_BLOCK",
    "HELLO + BAD_CHECKSUM",
    "HELLO + HELLO + JUNK + HELLO",
    "HELLO + WIDE + HELLO",
)
SHORTENED = ("HELLO + HELLO[:7]", "HELLO + CHECKED[:50]", "HELLO + SKIPPABLE[:6]", "RUN + MAGIC")

# How frames may come: as an object that holds them, or in what pieces.
HOLDERS = ("{}", "bytearray({})", "memoryview({})", "mapped({})", "io.BytesIO({})")
SOURCES = ("Source({})", "Source({}, 3)", "Source({}, 1000)")

# Data to compress whose frames are the same whatever the libzstd, and other data.
STEADY = ("b''", "b'abc'", "noise(1000)", "noise(131_072)", "noise(300_000)")
OTHER = ("text(1000)", "mixed(70_000)", "mixed(300_000)", "zeros(300_000)")

READ_SIZES = (1, 2, 7, 1000, 131_072, 131_075, 2**20)
SIZES = (-2, -1, 0, 2, 1000, 131_072, 300_000)
CALLS = (
    *(f"{method}({size})" for method in ("read", "read1") for size in SIZES),
    *(f"draw(target, '{name}', {size})" for name in METHODS[2:] for size in SIZES[3:]),
    "read()",
    "read1()",
    "readall()",
)
FEW_CALLS = (
    *("read(0)", "read(2)", "read(300_000)", "readall()", "draw(target, 'readinto', 4)"),
    *("read1(0)", "read1(3)", "read1()", "draw(target, 'readinto1', 4)"),
)
SEEKS = (
    *("-1", "-1, 0", "-1, 1", "-5, 1", "0, 2", "-1, 2", "5, 2", "0, 3", "0, -1", "0, 7", "-1, 3"),
    *("2**63", "-2**63", "2**64", "2**64, 1", "None", "1.0", "'x'", "Index(1)", "0, None", ""),
    *("0, 'x'", "0, 1.0", "0, 2**40", "0, True", "0, 1, 2", "pos=1", "pos=1, whence=1"),
    *("whence=1", "1, whence=0", "offset=1", "-2**40, 1", "-4, 1", "0, 0", "0, 1", "2", "3"),
)
STATE = "'closed', 'tell()'"
FILE_CALLS = (
    *("readable()", "writable()", "isatty()", "flush()", "tell()", "closed"),
    *("write(b'abc')", "write(None)", "writelines([b'abc'])", "writelines([])", "writelines(5)"),
    *(
        "target.__enter__() is target",
        "__exit__(None, None, None)",
        "close()",
        "target.close(), target.close()",
    ),
    *("fileno()", "truncate()", "detach()", "getvalue()", "name", "mode", "memory_size()"),
)
# What the readers here can do, and those of 0.25.0 cannot.
FULL_FILE_CALLS = (
    *("seekable()", "readline()", "readline(3)", "readline(-1)", "readlines()", "readlines(3)"),
    *("target.__iter__() is target", "__next__()", "peek(1)"),
)
AFTER_CLOSE = (
    *("read()", "read(0)", "read(1)", "read(-2)", "read1()", "read1(0)", "readall()", "closed"),
    *("readinto(bytearray(4))", "readinto1(bytearray(4))", "tell()", "close()", "flush()"),
    *("readable()", "writable()", "isatty()", "write(b'')", "__enter__()", "seek(0)", "seek(5)"),
    "__exit__(None, None, None)",
)


def cases() -> Iterator[str]:
    yield from frames()
    yield from layouts()
    yield from faults()
    yield from sources()
    yield from seeks()
    yield from compression()
    yield from compression_steps()
    yield from compression_sources()
    yield from declared()
    for make, what in (("D()", "HELLO"), ("C()", "b'abc'")):
        yield from file_calls(make, what)
        yield from orders(make, what)
        yield from closing(make, what)
        yield from answers(make, what)
        yield from buffers(make, what)


def frames() -> Iterator[str]:
    draws = f"tuple(product({METHODS[::2]}, (1000, 70_000, 131_072, 400_000)))"
    partial_draws = f"tuple(product({PARTIAL}, (1000, 70_000, 131_072, 400_000)))"
    for data in ALL:
        yield f"D().stream_reader({data}).read()"
        yield f"steps(D().stream_reader({data}), 'readall()', 'tell()', 'read()', 'read(5)')"
        yield f"steps(D().stream_reader(Source({data})), *['read1(5)', 'tell()'] * 3)"
        run = f"drawn(D().stream_reader(io.BytesIO({data})), *a)"
        yield f"each(lambda a: {run}, {draws})"
        yield f"each(lambda a: merged({run}), {partial_draws})"
        windows = "(2**10, 2**17, 2**20, 2**21, 2**28, 2**31)"
        reader = f"D(max_window_size=n).stream_reader({data})"
        yield f"each(lambda n: drawn({reader}, 'read', 70_000), {windows})"
        yield f"drawn(D(format=1).stream_reader({data}), 'read', 70_000)"
        yield f"drawn(D(format=1).stream_reader(Source({data}[4:], 3)), 'read', 70_000)"
        yield f"drawn(D(format=1).stream_reader({data}[4:] + MAGICLESS), 'read', 70_000)"
    for data in SOUND:
        for holder in HOLDERS if data in ("HELLO", "BLOCKS", "CHECKED_UNSIZED") else HOLDERS[:1]:
            reader = f"D().stream_reader({holder.format(data)})"
            yield f"each(lambda method: drawn({reader}, method, 100_000), {METHODS})"
        for method in METHODS:
            reader = f"D().stream_reader(Source({data}, n), read_size=7)"
            yield f"each(lambda n: drawn({reader}, '{method}', 50_000), (1, 3, 1000))"
    for data in ("HELLO", "UNSIZED", "CHECKED", "EMPTY"):
        draws = f"tuple(product({METHODS}, (1, 3, 4, 11)))"
        yield f"each(lambda a: drawn(D().stream_reader(io.BytesIO({data})), *a, 7), {draws})"
    for level, kind, size in product((1, 13), KINDS, (1, 300_000)):
        frame = f"C({level}).compress({kind}({size}))"
        yield f"b''.join(drawn(D().stream_reader({frame}), 'read', 1000))"
        yield f"b''.join(drawn(D().stream_reader(Source({frame}, 1000)), 'readinto', 70_000))"


def layouts() -> Iterator[str]:
    for data, across in product((*LAYOUTS, *SPOILED), (False, True)):
        options = f"read_across_frames={across}"
        reader = f"D().stream_reader(io.BytesIO({data}), {options})"
        draws = f"tuple(product({METHODS[::2]}, (11, 15, 70_000)))"
        yield f"each(lambda a: drawn({reader}, *a, 400_000), {draws})"
        draws = f"tuple(product({PARTIAL}, (11, 15, 70_000)))"
        yield f"each(lambda a: merged(drawn({reader}, *a, 400_000)), {draws})"
        calls = "*[f'draw(target, {m!r}, 15)', 'tell()'] * 7"
        yield f"each(lambda m: steps({reader}, {calls}), {METHODS})"
        reader = f"D().stream_reader(s := Source({data}, 9), {options})"
        calls = "('read(15)', 'read1(15)')"
        yield f"each(lambda call: watched({reader}, s, *[call] * 9), {calls})"
    for data in (*LAYOUTS, *SPOILED):
        yield f"drawn(D(format=1).stream_reader(({data})[4:]), 'read', 70_000)"
        for source in (data, f"Source({data}, 7)"):
            reader = f"D().stream_reader({source})"
            yield f"steps({reader}, 'read()', 'tell()', 'read()')"
            yield f"steps({reader}, 'read(5)', 'readall()', 'tell()', 'readall()')"
    for data in LAYOUTS:
        yield f"drawn(D().stream_reader({data}, read_size=1), 'read', 70_000)"
        yield f"drawn(D().stream_reader(Source({data}), read_size=1), 'read1', 70_000)"


def faults() -> Iterator[str]:
    """Yield cases on data that is cut short, and on data with a wrong bit."""
    for data in (*SOUND, "SKIPPABLE", "HELLO + UNSIZED"):
        cut = f"io.BytesIO(({data})[:n])"
        for method in METHODS:
            run = f"drawn(D().stream_reader({cut}), '{method}', 70_000)"
            yield f"each(lambda n: {run}, cuts({data}))"
        reader = f"D().stream_reader({cut}, read_across_frames=True)"
        yield f"each(lambda n: drawn({reader}, 'read', 70_000), cuts({data}))"
        yield f"each(lambda n: D().stream_reader({cut}).read(), cuts({data}))"
        yield f"each(lambda n: D().stream_reader(({data})[:n]).readall(), cuts({data}))"
        yield f"each(lambda n: drawn(D().stream_reader({cut}), 'read', 3), (1, 7, 9, 14))"
    for data in SHORTENED:
        for method, across in product(METHODS, (False, True)):
            reader = f"D().stream_reader(io.BytesIO({data}), read_across_frames={across})"
            yield f"drawn({reader}, '{method}', 15)"
        yield f"steps(D().stream_reader({data}), 'read()', 'read()', 'read(5)', {STATE})"
    for data, bits in FEW_FLIPPED.items():
        source = f"io.BytesIO(flipped({data}, n))"
        yield f"each(lambda n: drawn(D().stream_reader({source}), 'read', 70_000), {bits})"
        yield f"each(lambda n: D().stream_reader(flipped({data}, n)).read(), {bits})"
    for data in ("JUNK", "HELLO + JUNK", "BAD_BLOCK", "BAD_CHECKSUM", "WIDE"):
        decompressor = "D(max_window_size=2**20)"
        for call in ("read(5)", "read1(5)", "read()", "readall()", "readinto(bytearray(5))"):
            calls = f"'{call}', '{call}', '{call}', {STATE}, 'close()', 'closed'"
            yield f"steps({decompressor}.stream_reader(Source({data})), {calls})"


def sources() -> Iterator[str]:
    """Yield cases on how a decompression reader calls its source."""
    for data, source in product(("HELLO", "BLOCKS", "CHECKED"), SOURCES):
        reader = f"D().stream_reader(s := {source.format(data)}, n)"
        for calls in (
            "*['read(1)'] * 14",
            "'read(11)', 'read(1)', 'read(1)'",
            "'read(300_000)', 'read(300_000)'",
            "*['read1(4)'] * 5",
            "*['read1()'] * 5",
            "*['readinto(bytearray(4))'] * 5",
            "*['readinto1(bytearray(4))'] * 5",
            "'read(0)', 'read1(0)', 'read()', 'read()'",
            "'readall()', 'readall()'",
            "'read(3)', 'readall()', 'read(3)'",
            "'seek(5)', 'read(1)', 'seek(500_000)', 'tell()'",
            "'readable()', 'tell()', 'flush()', 'close()'",
        ):
            run = f"watched({reader}, s, {calls})"
            yield f"each(lambda n: {run}, {READ_SIZES})"
    for size in ("0", "-1", "2**40", "2**63-1"):
        yield f"watched(D().stream_reader(s := Source(HELLO), {size}), s, 'read(4)', 'read()')"
        yield f"watched(D().stream_reader(s := Source(HELLO), {size}), s, 'read1(4)', 'read1()')"
        yield f"steps(D().stream_reader(HELLO, {size}), 'read(4)', 'read()')"
    for call in ("read(5)", "read()", "readall()", "read1(5)", "readinto(bytearray(5))"):
        for data in ("b''", "EMPTY", "SKIPPABLE"):
            yield f"watched(D().stream_reader(s := Source({data})), s, '{call}', '{call}')"
    for call in ("read(0)", "read(5)", "read()", "readall()", "readinto(bytearray(5))", "tell()"):
        yield f"steps(D().stream_reader(b''), '{call}', '{call}', 'close()')"


def seeks() -> Iterator[str]:
    offsets = "(0, 1, 5, 10, 11, 12, 500, 2**40, 2**62, 2**63-1)"
    for whence in (0, 1):
        for calls in ("", "'read(3)', ", "'read()', "):
            seeking = f"{calls}f'seek({{n}}, {whence})', 'tell()', 'read(2)', 'seek(11, {whence})'"
            yield f"each(lambda n: steps(D().stream_reader(HELLO), {seeking}), {offsets})"
    for frame in ("HELLO + UNSIZED", "BLOCKS", "BLOCKS + SKIPPABLE + EMPTY + RUN"):
        for size in (0, 5, 11, 100_000, 131_072, 201_076, 400_000):
            reader = f"D().stream_reader(Source({frame}, 1000))"
            yield f"steps({reader}, 'seek({size})', 'tell()', 'read(3)', 'seek(7, 1)', 'read(3)')"
            yield f"steps({reader}, *['seek({size}, os.SEEK_CUR)', 'tell()'] * 3, 'read()')"
    for arguments in SEEKS:
        calls = f"{f'seek({arguments})'!r}, 'tell()', 'read(2)'"
        befores = "([], ['read(3)'], ['readall()'])"
        yield f"each(lambda before: steps(D().stream_reader(HELLO), *before, {calls}), {befores})"
    for data in ("JUNK", "HELLO + JUNK", "HELLO[:14]", "BAD_CHECKSUM"):
        yield f"steps(D().stream_reader({data}), 'seek(500)', 'tell()', 'seek(500)', 'read(5)')"
    yield "steps(C().stream_reader(b'abc'), 'seek(0)', 'seek(1, 1)', 'tell()', 'seekable()')"


def compression() -> Iterator[str]:
    """Yield cases on what a compression reader gives."""
    for data, method in product((*STEADY[1:], *OTHER), METHODS):
        for source in (data, f"io.BytesIO({data})"):
            draw = f"drawn(C().stream_reader({source}), '{method}', n, 400)"
            draw = f"packed(b''.join({draw}))" if method in PARTIAL else f"joined({draw})"
            yield f"each(lambda n: {draw}, (999, 50_000, 131_072, 400_000))"
    for data, holder in product((*STEADY, *OTHER), ("{}", "io.BytesIO({})")):
        source = holder.format(data)
        yield f"compressing(C().stream_reader({source}), 'read()', 'read()', 'readall()')"
        yield f"compressing(C().stream_reader({source}), 'readall()', 'read(5)', 'read()')"
        yield f"steps(C(1).stream_reader({source}), 'read(5)', 'tell()', 'read(3)', 'tell()')"
        yield f"compressing(C(write_checksum=True).stream_reader({source}), 'read()')"
        yield f"compressing(C(write_content_size=False).stream_reader({source}), 'read()')"
    for level, kind, size in product((1, 9), KINDS, (1, 200_000)):
        yield f"packed(C({level}).stream_reader({kind}({size})).read())"
        yield f"packed(C({level}).stream_reader(Source({kind}({size}), 999)).readall())"


def compression_steps() -> Iterator[str]:
    """Yield cases on a compression reader's results, one by one, and its tell()."""
    for method, data in product(METHODS, ("b'abc'", "noise(1000)")):
        yield f"drawn(C().stream_reader(io.BytesIO({data})), '{method}', 1)"
        yield f"drawn(C().stream_reader({data}), '{method}', 7)"
    for data in ("b'abc'", "noise(300_000)"):
        for first, then in product(("read(9)", "read1(9)"), ("read()", "readall()", "read1()")):
            calls = f"*['{first}', 'tell()'] * 3, '{then}', 'tell()'"
            yield f"steps(C(1).stream_reader({data}), {calls})"
        for method in METHODS[2:]:
            calls = f"'{method}(bytearray(5))', 'tell()', 'read(3)', 'tell()'"
            yield f"steps(C(1).stream_reader({data}), {calls})"
    for data in ("b'abc'", "noise(1000)"):
        yield f"packed(C(threads=1).stream_reader({data}).read())"
    for threads, method in product((1, 2), ("read", "readinto")):
        reader = f"C(1, threads={threads}).stream_reader(mixed(1_500_000))"
        yield f"joined(drawn({reader}, '{method}', 100_000))[0]"


def compression_sources() -> Iterator[str]:
    """Yield cases on how a compression reader calls its source."""
    for data, source in product(STEADY[:3], SOURCES):
        reader = f"C().stream_reader(s := {source.format(data)}, read_size=n)"
        for calls in (
            "*['read(1)'] * 14",
            "'read(8)', 'read(1)', 'read(100)', 'read(2000)', 'read(5)'",
            "*['read1(4)'] * 5",
            "*['read1()'] * 3",
            "*['readinto(bytearray(4))'] * 5",
            "*['readinto1(bytearray(4))'] * 5",
            "'read(0)', 'read1(0)', 'readinto(bytearray(0))', 'read()', 'read()'",
            "'readall()', 'readall()'",
            "'readable()', 'tell()', 'flush()', 'close()'",
        ):
            run = f"watched({reader}, s, {calls})"
            yield f"each(lambda n: {run}, {READ_SIZES})"
    for data, options in product(("noise(300_000)", "noise(131_072)"), ("", "read_size=50_000")):
        reader = f"C(1).stream_reader(s := Source({data}), {options})"
        for call in ("read(100_000)", "read1(100_000)", "read1()", "readinto(bytearray(100_000))"):
            yield f"watched({reader}, s, *['{call}'] * 4)"
    for size in ("0", "-1", "2**40", "2**63-1"):
        reader = f"C().stream_reader(s := Source(b'abc'), read_size={size})"
        yield f"watched({reader}, s, 'read(4)', 'read()')"
        yield f"watched({reader}, s, 'read1(4)', 'read1()')"
        yield f"steps(C().stream_reader(b'abc', read_size={size}), 'read(4)', 'read()')"


def declared() -> Iterator[str]:
    for size, data in product((0, 2, 3, 1000), ("b''", "b'abc'", "noise(999)")):
        for source in (data, f"Source({data})", f"Source({data}, 1)"):
            reader = f"C().stream_reader({source}, size={size})"
            yield f"compressing({reader}, 'read()', 'read()', 'tell()', 'close()')"
            if source != "b''":
                yield f"compressing({reader}, *['read(6)', 'tell()'] * 3, 'read1(100)')"
            yield f"compressing({reader}, 'readall()', 'readall()')"
    for size in (999, 1000, 1001, 200_000, 200_001):
        yield f"joined(drawn(C().stream_reader(Source(zeros(200_000)), {size}), 'read', 1000))"
        reader = f"C(write_content_size=False).stream_reader(Source(zeros(1000)), {size})"
        yield f"joined(drawn({reader}, 'read', 1000))"
    spoil = "c := C(), steps(c.stream_reader(io.BytesIO(b'abc'), size=1), 'read()')"
    yield f"[{spoil}, packed(c.compress(b'abc')), packed(c.stream_reader(b'abc').read())]"


def file_calls(make: str, what: str) -> Iterator[str]:
    reader = f"{make}.stream_reader(Source({what}))"
    for call in (*FILE_CALLS, *FULL_FILE_CALLS):
        run = f"steps({reader}, *before, {call!r}, {STATE})"
        yield f"each(lambda before: {run}, ([], ['close()']))"
    for call in AFTER_CLOSE:
        yield f"steps({reader}, 'readall()', 'close()', {call!r}, {STATE})"
    for calls in ("", "'read(4)'", "'read()', 'read()'", "'close()'", "'tell()', 'read(-2)'"):
        for error in ("", ", error=LookupError('within')", ", error=z.ZstdError('within')"):
            body = f"{calls}{error}" if calls else error.removeprefix(", ")
            yield f"within({make}.stream_reader({what}), {body})"
            yield f"[within({make}.stream_reader(s := Source({what})), {body}), s.log]"
    enter, leave = "'target.__enter__() is target'", "'__exit__(None, None, None)'"
    for calls in (
        f"{enter}, {enter}",
        f"'close()', {enter}",
        f"{enter}, {leave}, {enter}",
        f"{leave}, {leave}, {enter}",
        "'__exit__(1, 2, 3)', 'closed', '__exit__(LookupError, None, None)'",
        "'__exit__()', '__exit__(1)', '__exit__(1, 2, 3, 4)', 'closed'",
        "'__exit__(exc_type=None, exc_value=None, exc_tb=None)', 'closed'",
    ):
        yield f"steps({make}.stream_reader({what}), {calls})"
    yield f"list({make}.stream_reader({what}))"
    yield f"next({make}.stream_reader({what}))"
    yield f"[line for line in {make}.stream_reader({what})]"
    for kind in ("IOBase", "RawIOBase", "BufferedIOBase"):
        yield f"isinstance({make}.stream_reader({what}), io.{kind})"
    for wrapper in ("io.TextIOWrapper({})", "io.BufferedReader({})"):
        wrapped = wrapper.format(f"{make}.stream_reader({what})")
        yield f"[w := {wrapped}, packed(w.read()), w.readable(), w.close(), w.closed][1:]"


def orders(make: str, what: str) -> Iterator[str]:
    """Yield cases on readings one after the other."""
    whats = ("HELLO + UNSIZED", "BLOCKS") if make == "D()" else ("noise(300_000)",)
    for data, first in product(whats, CALLS):
        reader = f"{make}.stream_reader(io.BytesIO({data}))"
        if "1(" not in first and "1'" not in first:
            run = f"steps({reader}, {first!r}, *more)"
            yield f"each(lambda more: {run}, product({FEW_CALLS[:5]}, repeat=2))"
        run = f"whole({reader}, {first!r}, *more)"
        yield f"each(lambda more: {run}, product({FEW_CALLS}, repeat=2))"
        reader = f"{make}.stream_reader(Source({data}, 1000))"
        yield f"each(lambda one: whole({reader}, {first!r}, one), {FEW_CALLS})"
    yield f"steps({make}.stream_reader({what}), *['readinto(bytearray(0))', 'read(4)'] * 2)"
    yield f"steps({make}.stream_reader({what}), *['readinto1(bytearray(0))', 'read(4)'] * 2)"


def closing(make: str, what: str) -> Iterator[str]:
    """Yield cases on when the source is closed."""
    for options in ("", "closefd=True", "closefd=False", "closefd=0", "closefd='x'"):
        reader = f"{make}.stream_reader(s := Source({what}), {options})"
        yield f"watched({reader}, s, 'close()', 'closed', 'close()')"
        yield f"watched({reader}, s, 'read()', 'closed', 'close()')"
        yield f"[within({reader}, 'closed'), s.log]"
        yield f"[within({reader}, 'read(4)', error=LookupError('within')), s.log]"
        yield f"[s := Source({what}), {make}.stream_reader(s, {options}), s.log][2]"
    for fails in ("close", "read", "read close"):
        reader = f"{make}.stream_reader(s := Source({what}, fails='{fails}'))"
        calls = "'close()', 'closed', 'close()', 'read(1)'"
        yield f"watched({reader}, s, {calls})"
        for call in ("read(4)", "read1(4)", "read()", "readall()", "readinto(bytearray(4))"):
            yield f"watched({reader}, s, '{call}', 'closed', '{call}', 'tell()', 'close()')"
        yield f"[within({reader}, 'read(4)'), s.log]"
        yield f"[within({reader}, error=KeyError('within')), s.log]"
    source = f"SimpleNamespace(read=io.BytesIO({what}).read"
    for close in ("", ", close=5", ", close=None", ", close=lambda x: x", ", close=lambda: 5"):
        reader = f"{make}.stream_reader({source}{close}))"
        yield f"steps({reader}, 'read(4)', 'close()', 'closed', 'read(4)')"
        yield f"within({reader}, 'read(4)')"
    for source in (what, f"bytearray({what})", f"io.BytesIO({what})"):
        yield f"[s := {source}, steps({make}.stream_reader(s), 'close()'), getattr(s, 'closed', 0)]"
    yield f"[b := bytearray({what}), r := {make}.stream_reader(b), attempt(lambda: b.append(1))][2]"
    yield f"[b := bytearray({what}), {make}.stream_reader(b).close(), attempt(lambda: b.append(1))]"
    close = "r.close(), attempt(lambda: b.append(1))"
    yield f"[b := bytearray({what}), r := {make}.stream_reader(b), {close}][2:]"


def answers(make: str, what: str) -> Iterator[str]:
    """Yield cases on what the source's read() may give."""
    for answer in (
        *("'abc'", "None", "5", "[]", "['a']", "True", "()", "LookupError('read')", "EOFError()"),
        *("''", "object", "StopIteration()", "array.array('I', [1])", "bytearray()"),
        *(f"bytearray({what})", f"memoryview({what})", f"array.array('B', {what})"),
        f"type('Derived', (bytes,), {{}})({what})",
    ):
        reader = f"{make}.stream_reader(s := Answers({answer}, {what}))"
        yield f"each(lambda method: [drawn({reader}, method, 400), s.log], {METHODS})"
        reader = f"{make}.stream_reader(s := Answers({answer}, {what}))"
        yield f"watched({reader}, s, 'read()', 'read()', 'close()')"
        reader = f"{make}.stream_reader(s := Answers({what}[:2], {answer}, {what}[2:]))"
        yield f"watched({reader}, s, 'read(20)', 'read(20)', 'tell()', 'close()')"
        yield f"watched({reader}, s, 'readall()', 'readall()', 'tell()', 'close()')"
    for size in (1, 2):
        reader = f"{make}.stream_reader(s := Answers({what}, {what}), read_size={size})"
        yield f"watched({reader}, s, 'read()', 'read()')"
        yield f"watched({reader}, s, *['read(2)'] * 9)"
    first = f"s := Answers({what}, b'', {what}, b'')"
    yield f"watched({make}.stream_reader({first}), s, 'read()', 'read()', 'read()')"
    yield f"watched({make}.stream_reader({first}), s, *['read(400)'] * 5)"
    yield f"watched({make}.stream_reader({first}), s, *['read1(400)'] * 5)"


def buffers(make: str, what: str) -> Iterator[str]:
    for buffer in BUFFERS:
        yield f"packed({make}.stream_reader({buffer}).read())"
        for method in ("readinto", "readinto1"):
            yield f"{make}.stream_reader({what}).{method}({buffer})"
    for buffer in ("b'abcd'", "memoryview(bytearray(9))[2:5]", "memoryview(bytearray(9))[::2]"):
        for method in ("readinto", "readinto1"):
            yield f"[b := {buffer}, {make}.stream_reader({what}).{method}(b), bytes(b)][1:]"
    for source in ("SimpleNamespace()", "SimpleNamespace(read=5)", "Sink()", "io.StringIO('abc')"):
        yield f"steps({make}.stream_reader({source}), 'read()', 'read(3)', 'close()')"
