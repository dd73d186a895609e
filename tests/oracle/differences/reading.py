"""Differences in reading and iterating, and in how sources are called."""

from oracle.differences.meant import Meant

TRUNCATED = "ZstdEOFError: zstd decompress* error: Src size is incorrect: the input of *"
BYTES = "b'*"
LONG = "* bytes of SHA-256 *"
FAULT = "ZstdError: zstd decompress* error: *"
FAULT_LAST = "[*Error(kind='ZstdError', *)]"

# Cases whose frames are cut short.
CUT = (
    "each(lambda n: *stream_reader(*)[:n])*",
    "each(lambda n: *stream_writer(*)[:n]*",
    "each(lambda n: *read_to_iter(*)[:n]*",
    "each(lambda n: *copy_stream(*)[:n]*",
    "each(lambda more: [watched(D().stream_writer(*",
    "*read_to_iter(*MAGIC*",
    "*copy_stream(*MAGIC*",
    "*stream_reader(*MAGIC*",
    "*stream_writer(*, MAGIC*",
    "*(D().stream_*HELLO + HELLO[:7]*",
    "*(D().stream_*HELLO + CHECKED[:50]*",
    "*(D().stream_*HELLO + SKIPPABLE[:6]*",
    "*(D().stream_*RUN + MAGIC*",
    "*copy_stream(*HELLO + HELLO[:7]*",
    "*copy_stream(*HELLO + CHECKED[:50]*",
    "*copy_stream(*HELLO + SKIPPABLE[:6]*",
    "*copy_stream(*RUN + MAGIC*",
    "steps(D().stream_reader(HELLO[:14]), *",
    "watched(D().stream_reader(s := Answers(HELLO[:2], *",
    "watched(D().read_to_iter(s := Answers(HELLO[:2], *",
    "z.open(io.BytesIO(*HELLO[:*]), *).read()",
    "*D(format=1)*SKIPPABLE*[4:]*",
)
# Cases whose frames are not right.
SPOILED = (
    "BAD_CHECKSUM",
    "BAD_BLOCK",
    "HELLO + b'x'",
    "HELLO + bytes(20)",
    "HELLO + WIDE + HELLO",
    "JUNK",
)
FAULTY = ("*D()*flipped(*", *(f"*D(*)*{what}*" for what in SPOILED))
# Cases in which readers give what they have in other amounts.
AMOUNTS = (
    "each(lambda n: watched(D().stream_reader(s := Source(*), n), s, *1(*",
    "watched(C(1).stream_reader(s := Source(noise(*, *1(*",
)
SEEKS = (
    "each(lambda n: steps(D().stream_reader(HELLO), 'read*', f'seek({n}, 0)', *",
    "each(lambda before: steps(D().stream_reader(HELLO), *before, 'seek(*",
)
LINES = (
    "readline()",
    "readline(3)",
    "readline(-1)",
    "readlines()",
    "readlines(3)",
    "target.__iter__() is target",
    "__next__()",
)

DIFFERENCES = {
    "Input that ends within a frame": (
        Meant(
            CUT,
            *("None", TRUNCATED),
            *("*", TRUNCATED),
            *("[*]", "[*Error(kind='ZstdEOFError', *)]"),
        ),
        Meant(
            ("*D()*flipped(*", "*D(*)*(HELLO + b'x')[4:]*", "*D(*)*(HELLO + bytes(20))[4:]*"),
            *("*", TRUNCATED),
            *("[*]", "[*Error(kind='ZstdEOFError', *)]"),
        ),
        # read() keeps what it could read for the next one.
        Meant(
            tuple(
                f"steps(D().stream_reader({frames}), 'read()', 'read()', 'read(5)', *"
                for frames in (
                    *("HELLO + HELLO[:7]", "HELLO + CHECKED[:50]", "HELLO + SKIPPABLE[:6]"),
                    "RUN + MAGIC",
                )
            ),
            *("b''", "b'*'"),
            *("#", "5"),
        ),
        # Writers write all of it.
        Meant(
            ("each(lambda n: [written(D().stream_writer(s := Sink()), (BLOCKS*)[:n], 1000), *",),
            "[*'write(131072)'*'close()'*]",
            "[*'write(131072)'*'write(70003)'*'close()'*]",
        ),
        Meant(
            ("watched(D().read_to_iter(s := *",),
            *("StopIteration: *", f"*{TRUNCATED}"),
            *("[*]", "*[*]"),
        ),
        Meant(
            ("watched(D().stream_reader(s := Answers(HELLO[:2], bytearray(), HELLO[2:])), *",),
            *("b''", f"after failure: {TRUNCATED}"),
        ),
        Meant(
            ("[s := Source(MAGIC), attempt(lambda: D().copy_stream(s, Sink())), s.log][1:]",),
            *("(4, 0)", TRUNCATED),
        ),
    ),
    "Content before a fault": (
        Meant(
            FAULTY,
            *(FAULT_LAST, FAULT_LAST),
            *("[*]", FAULT_LAST),
            *("[]", "[*write(*"),
            *("[*'close()'*]", "[*write(*"),
            *("[*write(*", "[*write(*"),
            *("after failure: []", "after failure: ['write(*"),
        ),
        Meant(
            (
                "joined(drawn(C().stream_reader(Source(zeros(200_000)), 200001), 'read', 1000))",
                "each(lambda n: joined(chunked(C().chunker(size=200001), *, given=zeros(n))), *",
            ),
            "[Packed(data=b''), Error(*Src size is incorrect')]",
            "[Packed(data=b'*'), Native(text='*'), Error(*Src size is incorrect*')]",
        ),
        # Of the calls of one reader, which gives content, which raises the error, and tell().
        Meant(
            tuple(
                pattern.format(what)
                for what in SPOILED
                for pattern in ("*steps(D(*)*{}*", "*watched(D(*)*(s := *{}*")
            ),
            *(FAULT, BYTES),
            *(FAULT, LONG),
            *(BYTES, FAULT),
            *(f"after failure: {BYTES}", FAULT),
            *(f"after failure: {BYTES}", f"after failure: {FAULT}"),
            *("#", "#"),
        ),
        # What a sink has.
        Meant(
            (
                "each(lambda n: [written(D().stream_writer(s := Sink()*), *), s.calls(), s.data]*",
                "each(lambda n: (lambda t: [attempt(lambda: D().copy_stream(*), *, t.data]*",
                "each(lambda a: merged(drawn(D().stream_reader(io.BytesIO(*BAD_CHECKSUM)*",
                "[[written(D(format=1).stream_writer(s := Sink()), frame, *BAD_CHECKSUM*",
                "[(lambda t: [attempt(lambda: D(format=1).copy_stream(*BAD_CHECKSUM*",
            ),
            *(BYTES, LONG),
        ),
        Meant(
            ("drawn(D(format=1).stream_reader(Source(STATES_MORE[4:], 3)), *",),
            "[Error(*)]",
            "[*'hello worl'*, Error(*)]",
        ),
    ),
    "When the source is asked": (
        Meant(
            AMOUNTS,
            *(BYTES, BYTES),
            *(LONG, LONG),
            *("#", "#"),
        ),
        # Chunks and pieces begin anew with what the source gives.
        Meant(
            (
                "each(lambda n: joined(pulled(C().read_to_iter(Source(mixed(300_000)), *",
                "each(lambda n: pulled(D().read_to_iter(Source(*, 3), write_size=n)), *",
            ),
            *("[*(*", "[*(*"),
        ),
        Meant(
            (
                "each(lambda n: [C(1).copy_stream(s := Source(noise(131_072)*",
                "each(lambda n: [D().copy_stream(s := Source(*, 3), t := Sink(), write_size=n)*",
            ),
            *("[*write(*", "[*write(*"),
        ),
        Meant(
            (
                "each(lambda n: watched(*().stream_reader(s := Source(*",
                "watched(*).stream_reader(s := Source(*",
            ),
            *("['*read(*", "[]"),
            *("[]", "['*read(*"),
            *("['*read(*", "['*read(*"),
        ),
    ),
    "Frames with less content than they declare": (
        Meant(
            ("each(lambda n: received(D().decompressobj(), flipped(BLOCKS, n), *",),
            LONG,
            "ZstdError: *: the frame has # bytes of the # that it declares",
            "(True, b'*')",
            "(False, b'')",
        ),
    ),
    "Compressed blocks of no bytes": (
        Meant(
            ("each(lambda n: D().stream_reader(flipped(BLOCKS, n)).read(), *",),
            "ZstdError: zstd decompress error: Data corruption detected",
            "201076 bytes of SHA-256 *",
        ),
    ),
    "Skippable frames in read_to_iter()": (
        Meant(
            (
                "*read_to_iter(*SKIPPABLE*",
                "*read_to_iter(*s := Source(SKIPPABLE*",
            ),
            *("[]", "[Value(*"),
            *("[]", "[Error(kind='ZstdError', *"),
            *("'*read(#)'", "'*read(#)'"),
            *("#", "#"),
            *("[*read(#)*]", "[*read(#)*]"),
        ),
    ),
    "Results of the source's read()": (
        Meant(
            (
                "watched(*().stream_reader(s := Answers(HELLO, HELLO), read_size=*",
                "watched(*().stream_reader(s := Answers(b'abc', b'abc'), read_size=*",
                "[joined(pulled(*().read_to_iter(s := Answers(*), read_size=*))), s.log]",
            ),
            *(BYTES, "ValueError: read(#) of the source returned # bytes, more than *"),
            *("#", "ValueError: read(#) of the source returned # bytes, more than *"),
            *("[*", "[*"),
            *(BYTES, BYTES),
        ),
    ),
    "tell() after readinto()": (
        Meant(
            (
                "steps(C(1).stream_reader(*), 'readinto*(bytearray(5))', 'tell()', *",
                "watched(C().stream_reader(*), s, 'readinto(bytearray(4))', *'tell()', *",
                "each(lambda more: whole(C().stream_reader(io.BytesIO(noise(300_000))), *",
                "each(lambda one: whole(C().stream_reader(Source(noise(300_000), 1000)), *",
            ),
            *("0", "#"),
            *("#", "#"),
        ),
    ),
    "An empty buffer": (
        Meant(
            (
                "steps(D().stream_reader(HELLO), *['readinto*(bytearray(0))', 'read(4)'] * 2)",
                "D().stream_reader(HELLO).readinto*(array.array('d'))",
            ),
            "ZstdError: zstd decompress error: Operation made no progress over multiple calls, *",
            "0",
        ),
    ),
    "seek()": (
        Meant(
            SEEKS,
            *("OSError: cannot seek zstd decompression stream backwards", "*"),
            *("OSError: zstd decompression streams cannot be seeked with SEEK_END", "*"),
            *("#", "ValueError: invalid value for whence: *"),
            # What follows from it.
            *("#", "#"),
            *(BYTES, BYTES),
        ),
        Meant(
            ("D().stream_reader(HELLO).seek(*",),
            *("#", "ValueError: invalid value for whence: *"),
        ),
        Meant(("D().stream_reader(HELLO).seekable()",), "False", "True"),
    ),
    "Lines and peek()": (
        Meant(
            (
                *(
                    f"each(lambda before: steps(D().stream_reader(Source(HELLO)), *, '{call}', *"
                    for call in LINES
                ),
                "iter(D().stream_reader(HELLO))",
                "next(D().stream_reader(HELLO))",
                "list(D().stream_reader(HELLO))",
                "[line for line in D().stream_reader(HELLO)]",
                "bytes(D().stream_reader(HELLO))",
            ),
            "UnsupportedOperation: ",
            "*",
        ),
        Meant(
            tuple(
                f"each(lambda before: steps(D().stream_reader(Source(HELLO)), *, '{call}', *"
                for call in (*LINES[:5], "__next__()", "peek(1)")
            ),
            *("0", "#"),
            *("AttributeError: *", BYTES),
            *("AttributeError: *", "ValueError: stream is closed"),
        ),
    ),
}
