"""Cases on the compression and decompression of many inputs in one call."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import BUFFERS, KINDS, LEVELS, OPTIONS
from oracle.inputs import BAD

THREADS = (-5, -1, 0, 1, 2, 3, 100)
# Inputs are short: 0.25.0 has as many buffers as threads, and empty ones end its process.
MANY = "[text(n) for n in range(1, 2000, 50)]"
STATED = ("HELLO", "HELLO4", "RUN", "BLOCKS", "CHECKED")
UNSTATED = ("UNSIZED", "RUN_UNSIZED", "BLOCKS_UNSIZED", "CHECKED_UNSIZED", "BROAD", "WIDE")
SIZES = {"HELLO": 11, "RUN": 100_000, "BLOCKS": 201_076, "CHECKED": 400}
CONTAINERS = (
    "[{0}, {0}]",
    "joint({0}, {0})",
    "BC(joint({0}, {0}))",
    "BC(joint({0}), joint({0}, {0}))",
    "type('List', (list,), {{}})([{0}])",
    "({0},)",
    "iter([{0}])",
    "{{{0}: 1}}",
    "{0}",
    "joint({0})[0]",
    "joint({0}).segments()",
    "[[{0}]]",
    "None",
    "3",
    "'text'",
)
ITEMS = ("'x'", "3", "None", "[1]", "bytes", "{}, 'x'", "{}, None, 3", "{}, Sink()")


def cases() -> Iterator[str]:
    yield from compression()
    yield from decompression()
    yield from sizes()
    yield from faults()
    for call, name, item in (
        ("C().multi_compress_to_buffer", "data", "b'abc'"),
        ("D().multi_decompress_to_buffer", "frames", "HELLO"),
    ):
        yield from arguments(call, name, item)


def compression() -> Iterator[str]:
    for threads in THREADS:
        yield f"packed_pieces(C(1).multi_compress_to_buffer({MANY}, threads={threads}))"
    for level, kind in product(LEVELS[::4], KINDS):
        data = f"[{kind}(1000), {kind}(1), {kind}(0), {kind}(70_000)]"
        yield f"packed_pieces(C({level}).multi_compress_to_buffer({data}))"
    for options in OPTIONS:
        yield f"packed_pieces(C({options}).multi_compress_to_buffer([text(300), b'x']))"
    yield "packed_pieces(C(threads=2).multi_compress_to_buffer([mixed(1_500_000), b'x']))"
    for container in CONTAINERS:
        data = container.format("b'abc'")
        yield f"packed_pieces(C().multi_compress_to_buffer({data}))"
    for data in BUFFERS:
        yield f"packed_pieces(C().multi_compress_to_buffer([{data}, b'abc']))"
    for data in (
        *("[]", "[b'']", "[b'', b'']", "[b'', b'a']", "[b'a', b'']", "BW(b'abc', b'')"),
        *("BW(b'abc', numbers(0, 0))", "BW(b'abc', numbers(0, 0, 0, 3))", "BC(joint(b''))"),
    ):
        yield f"packed_pieces(C().multi_compress_to_buffer({data}))"
    yield f"(lambda b: [len(b), type(b) is BC])(C().multi_compress_to_buffer({MANY}))"
    yield "[c := C(), c.multi_compress_to_buffer([b'abc']), c.frame_progression()][2:]"


def decompression() -> Iterator[str]:
    for threads in THREADS:
        decompress = f"D().multi_decompress_to_buffer([{', '.join(STATED)}] * 5, threads={threads})"
        yield f"pieces({decompress})"
        frames = f"list(map(C(1).compress, {MANY}))"
        yield f"pieces(D().multi_decompress_to_buffer({frames}, threads={threads}))"
    for container in CONTAINERS:
        yield f"pieces(D().multi_decompress_to_buffer({container.format('HELLO')}))"
    for frame in (*STATED, "HELLO, EMPTY", "EMPTY, HELLO", "HELLO + JUNK", "HELLO + HELLO"):
        yield f"pieces(D().multi_decompress_to_buffer([{frame}]))"
        yield f"D().multi_decompress_to_buffer([{frame}]).size()"
    for frame in UNSTATED:
        yield f"D().multi_decompress_to_buffer([HELLO, {frame}])"
    for frame in ("MAGICLESS", "HELLO"):
        yield f"pieces(D(format=1).multi_decompress_to_buffer([{frame}]))"
        yield f"pieces(D(format=1).multi_decompress_to_buffer([{frame}], numbers(11)))"
    for window in ("2**10", "2**20"):
        decompress = f"D(max_window_size={window}).multi_decompress_to_buffer"
        yield f"pieces({decompress}([BLOCKS, RUN]))"
        yield f"pieces({decompress}([BLOCKS_UNSIZED], numbers(201_076)))"
        yield f"pieces({decompress}([WIDE, BROAD], numbers(11, 11)))"
    yield "pieces(D().multi_decompress_to_buffer(C().multi_compress_to_buffer([b'abc', b'd'])))"
    yield "pieces(D().multi_decompress_to_buffer([]))"


def sizes() -> Iterator[str]:
    for frame, size in SIZES.items():
        for name in (frame, "UNSIZED" if frame == "HELLO" else f"{frame}_UNSIZED"):
            for given in (0, 1, size - 1, size, size + 1, size + 100_000):
                decompress = "D().multi_decompress_to_buffer"
                yield f"pieces({decompress}([HELLO, {name}], numbers(11, {given})))"
    for given in (
        *("b''", "bytes(4)", "bytes(7)", "bytes(9)", "bytes(16)", "'text'", "3", "[11]", "None"),
        *("numbers(11)", "bytearray(numbers(11))", "array.array('Q', [11])", "numbers(11, 11)"),
        *("memoryview(bytes(16))[::2]", "numbers(2**40)", "numbers(2**63)"),
    ):
        yield f"pieces(D().multi_decompress_to_buffer([HELLO], {given}))"
        yield f"pieces(D().multi_decompress_to_buffer([HELLO], decompressed_sizes={given}))"


def faults() -> Iterator[str]:
    for frame, threads in product(BAD, (0, 3)):
        frames = f"[HELLO, {frame}, HELLO, JUNK]"
        yield f"pieces(D().multi_decompress_to_buffer({frames}[:3], threads={threads}))"
        decompress = f"D().multi_decompress_to_buffer({frames}, numbers(11, 11, 11, 11), {threads})"
        yield f"pieces({decompress})"
    for frame in ("HELLO", "RUN", "CHECKED"):
        decompress = f"D().multi_decompress_to_buffer([HELLO, {frame}[:n]])"
        yield f"each(lambda n: pieces({decompress}), cuts({frame}))"
    spoil = "attempt(lambda: d.multi_decompress_to_buffer([BAD_BLOCK]))"
    yield f"[d := D(), {spoil}, d.decompress(HELLO)][1:]"


def arguments(call: str, name: str, item: str) -> Iterator[str]:
    for items in ITEMS:
        yield f"{call}([{items.format(item)}])"
    for threads in ("'x'", "None", "1.5", "2**31", "-2**40", "True", "Index(1)", "Failing()"):
        yield f"len({call}([{item}], threads={threads}))"
    for given in ("", f"[{item}], novel=1", f"[{item}], {name}=[{item}]", "1, 2, 3, 4"):
        yield f"{call}({given})"
    yield f"len({call}({name}=[{item}], threads=1))"
