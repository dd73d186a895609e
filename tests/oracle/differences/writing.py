"""Differences in writing, and in how sinks are called."""

from oracle.differences.meant import Meant

COUNT = "OSError: write() of the sink was given # bytes and returned # as the count of those it *"
NO_COUNT = "TypeError: write() of the sink must return how many bytes it took, *"
BLOCKED = "BlockingIOError: [Errno 11] write() of the sink returned None: *"

# Cases whose sinks' write() raises or gives something else than the number of bytes.
ODD_COPIES = ("[s := Source(*), t := Answers({}), attempt(lambda: *().copy_stream(s, t*",)
ODD = (
    "watched(*().stream_writer(s := Answers({}), *",
    "[within(*().stream_writer(s := Answers({}), *",
    *ODD_COPIES,
)
ODD_RESULTS = (
    *("None*", "0*", "1, *", "3, *", "-1*", "100*", "2***", "'x'*", "1.5*", "[]*", "True*"),
    *("object*", "Index(1)*", "Failing()*"),
)
FAILING = (
    "*().stream_writer(s := Sink(fails='write*",
    "*().stream_writer(s := Answers(LookupError('write'), *",
    "*().stream_writer(s := Answers(BlockingIOError(1, 'a', 2), *",
)

DIFFERENCES = {
    "Results of the sink's write()": (
        Meant(
            (
                *(pattern.format(answer) for pattern in ODD for answer in ODD_RESULTS),
                *(pattern.format("1") for pattern in ODD_COPIES),
                *(pattern.format("3") for pattern in ODD_COPIES),
            ),
            *("#", COUNT),
            *("#", NO_COUNT),
            *("#", BLOCKED),
            *("#", "LookupError: no index"),
            *("None", COUNT),
            *("None", NO_COUNT),
            *("None", BLOCKED),
            *("None", "LookupError: no index"),
            *("(#, #)", COUNT),
            *("(#, #)", NO_COUNT),
            *("(#, #)", BLOCKED),
            *("(#, #)", "LookupError: no index"),
            # What follows from it.
            *("#", "#"),
            *("[*", "[*"),
            *("[*", "after failure: [*"),
            *("#", "ZstdError: zstd decompress error: Unknown frame descriptor"),
            *("None", "ZstdEOFError: *"),
        ),
    ),
    "Errors of the sink": (
        Meant(
            tuple(f"*{what}" for what in FAILING),
            *("#", "LookupError: *write"),
            *("None", "LookupError: *write"),
            *("#", "BlockingIOError: [Errno #] a"),
            *("None", "BlockingIOError: [Errno #] a"),
            *("LookupError: write", "#"),
            *("LookupError: write", "None"),
            *("BlockingIOError: [Errno #] a", "#"),
            *("BlockingIOError: [Errno #] a", "None"),
            *("KeyError: 'within'", "LookupError: of write"),
            # What follows from it.
            *("#", "#"),
            *("[*", "[*"),
            *("[*", "after failure: [*"),
            *("*: *", "ZstdError: zstd decompress error: Unknown frame descriptor"),
        ),
        Meant(
            (
                "steps(*().stream_writer(io.StringIO()), *",
                "steps(*().stream_writer(SimpleNamespace(write=*)), *",
            ),
            "None",
            "TypeError: *",
        ),
    ),
    "Closing a writer": (
        Meant(
            (
                "each(lambda more: [watched(C().stream_writer(s := Sink(), size=*",
                "[watched(C().stream_writer(s := Sink(), #), s, *'close()'*",
            ),
            *("after failure: []", "after failure: ['close()']"),
        ),
        Meant(
            ("[within(C().stream_writer(s := Sink(), #), 'write(MAGIC)', 'write(MAGIC)'), s.log]",),
            *("[]", "[*'close()'*]"),
        ),
    ),
    "writelines()": (
        Meant(
            (
                "each(lambda before: watched(D().stream_writer(*, 'writelines(*",
                'each(lambda before: watched(D().stream_writer(*, "writelines(*',
                "each(lambda before: watched(C().stream_writer(*, 'writelines(*",
                'each(lambda before: watched(C().stream_writer(*, "writelines(*',
            ),
            *("UnsupportedOperation: ", "*"),
            *("NotImplementedError: ", "*"),
            *("TypeError: ZstdCompressionWriter.writelines() takes no keyword arguments", "*"),
            *("['write(#)', 'close()']", "['write(#)', 'close()']"),
        ),
    ),
    "Refused methods": (
        Meant(
            (
                "each(lambda before: steps(*().stream_reader(*), *before, *write*",
                "steps(C().stream_reader(*), 'readall()', 'close()', \"write(b'')\", *",
            ),
            "OSError: stream is not writable",
            "UnsupportedOperation: *is not writable",
        ),
        Meant(
            ("[s := Sink(), watched(*().stream_writer(SimpleNamespace(*), s, *'fileno()', *",),
            "OSError: fileno not available on underlying writer",
            "UnsupportedOperation: *",
        ),
    ),
    "Closed streams": (
        Meant(
            (
                "each(lambda before: watched(*().stream_writer(*, 'fileno()', *",
                "each(lambda before: watched(*().stream_writer(*, 'memory_size() > 90_000', *",
                "each(lambda before: watched(*().stream_writer(*, *write(*",
                "steps(C().stream_writer(Sink()), *'close()', 'memory_size() > 100')",
            ),
            *("#", "ValueError: stream is closed"),
            *("True", "ValueError: stream is closed"),
            *("TypeError: a bytes-like object is required, *", "ValueError: stream is closed"),
        ),
        Meant(
            ("each(lambda before: steps(*().stream_reader(*), *before, 'fileno()', *",),
            "AttributeError: *",
            "ValueError: stream is closed",
        ),
        Meant(
            ("each(lambda before: watched(*().stream_writer(*, 'fileno()', *",),
            "['fileno()']",
            "[]",
        ),
        Meant(
            (
                "[b := bytearray(*), r := *().stream_reader(b), r.close(), *",
                "[w := *().stream_writer(Sink()), w.close(), b := bytearray(*), *",
            ),
            *("BufferError: Existing exports of data: object cannot be re-sized", "None"),
            *("bytearray(b'*')", "bytearray(b'*')"),
        ),
        Meant(("steps(*().stream_reader(SimpleNamespace(*close=lambda: 5)), *",), "5", "None"),
    ),
}
