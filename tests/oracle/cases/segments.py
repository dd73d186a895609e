"""Cases on BufferWithSegments, what is made of it, and collections."""

from collections.abc import Iterator

from oracle.cases.compression import BUFFERS

# Of 8 bytes.
ARRAYS = (
    "b''",
    "numbers(0, 8)",
    "numbers(0, 3, 3, 5)",
    "numbers(3, 5, 0, 3)",
    "numbers(0, 8, 2, 4, 2, 4)",
    "numbers(0, 0, 8, 0)",
    "bytearray(numbers(1, 2))",
    "memoryview(numbers(1, 2))",
    "array.array('Q', [1, 2])",
)
BAD_ARRAYS = (
    "numbers(0, 9)",
    "numbers(8, 1)",
    "numbers(9, 0)",
    "numbers(0, 1, 0, 9)",
    "numbers(0)",
    "bytes(1)",
    "bytes(15)",
    "bytes(17)",
    "numbers(2**64 - 1, 1)",
    "numbers(1, 2**64 - 1)",
    "memoryview(bytes(32))[::2]",
    "'text'",
    "None",
    "3",
    "[1, 2]",
)
MADE = "BW(b'abcdefgh', numbers(0, 3, 3, 5, 4, 2))"
INDEXES = (
    "(0, 1, 2, 3, 99, 2**70, -1, -3, -4, -99, -2**70, True, '0', 1.0, None, slice(1), Index(1))"
)
OF_BUFFER = (
    "len(target)",
    "target.size",
    "target.tobytes()",
    "bytes(target)",
    "pieces(target)",
    "[len(one) for one in target]",
    "[one.offset for one in target]",
    "bytes(target.segments())",
    "memoryview(target).readonly",
)


def cases() -> Iterator[str]:
    for segments in ARRAYS:
        yield f"steps(BW(b'abcdefgh', {segments}), {', '.join(map(repr, OF_BUFFER))})"
    for segments in BAD_ARRAYS:
        yield f"BW(b'abcdefgh', {segments})"
    for data in BUFFERS:
        yield f"steps(BW({data}, b''), 'size', 'tobytes()')"
    yield from arguments()
    for sequence in (MADE, f"BC({MADE})", f"BC({MADE}, joint(b'ij', b'k'))"):
        yield f"each(lambda i: {sequence}[i].tobytes(), {INDEXES})"
        yield f"each(lambda i: {sequence}[i].offset, (0, 1, 2, 3, -1))"
        yield f"len({sequence}), [len(one) for one in {sequence}]"
        yield f"list(map(bytes, {sequence}))"
        yield f"list(reversed(pieces({sequence})))"
        yield f"b'abc' in pieces({sequence})"
    yield from views()
    yield from collections()


def arguments() -> Iterator[str]:
    for given in (
        *("", "b'abc'", "b'abc', b'', b''", "data=b'abc'", "segments=b''"),
        *("data=b'abc', segments=b''", "b'abc', segments=b''", "b'abc', b'', novel=1"),
    ):
        yield f"len(BW({given}))"
    yield "len(BW.__new__(BW))"
    for call in ("segments(1)", "tobytes(1)", "tobytes(novel=1)", "size()"):
        yield f"{MADE}.{call}"
    for call in ("tobytes(1)", "offset()"):
        yield f"{MADE}[0].{call}"
    yield f"BC({MADE}).size(1)"
    yield f"BC({MADE}).tobytes()"
    yield f"BC({MADE}).segments()"


def views() -> Iterator[str]:
    for one in (MADE, f"{MADE}[1]", f"{MADE}.segments()"):
        view = f"memoryview({one})"
        yield f"(lambda v: (v.tobytes(), v.readonly, v.format, v.shape, v.itemsize))({view})"
        yield f"{view}.__setitem__(0, 1)"
        yield f"bytes({view}[1:3])"
        yield f"b''.join([{one}, {one}])"
        yield f"io.BytesIO({one}).read()"
        yield f"bytearray({one})"
        yield f"packed(C().compress({one}))"
    yield f"BW({MADE}, {MADE}.segments()).tobytes()"
    yield f"pieces(BW({MADE}[1], numbers(1, 2)))"
    yield "[data := bytearray(b'abc'), b := BW(data, b''), attempt(lambda: data.append(1))][2:]"
    changed = "b := BW(data, array), data.__setitem__(0, 88), array.__setitem__(8, 1), pieces(b)"
    yield f"[data := bytearray(b'abc'), array := bytearray(numbers(0, 3)), {changed}][-1:]"
    kept = "data := bytearray(b'abc'), s := BW(data, numbers(1, 2))[0]"
    yield f"[{kept}, attempt(lambda: data.append(1)), s.tobytes()][2:]"


def collections() -> Iterator[str]:
    for given in (
        *("", "b'abc'", "3", "None", f"[{MADE}]", f"{MADE}, b'abc'", f"{MADE}[0]"),
        *("BW(b'abc', b'')", f"{MADE}, BW(b'abc', b'')", f"BC({MADE})", f"{MADE}.segments()"),
    ):
        yield f"BC({given})"
    yield "BC(novel=1)"
    yield f"len(BC({MADE}, novel=1))"
    for given in (MADE, f"{MADE}, {MADE}", f"*[{MADE}] * 50", "joint(b''), joint(b'', b'x')"):
        yield f"(lambda c: [len(c), c.size(), pieces(c)])(BC({given}))"
