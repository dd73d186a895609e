"""Differences in arguments: which are taken, and what wrong ones raise."""

import sys

from oracle.differences.meant import Meant

OUT_OF_INT = (
    *("2**31", "-2**31-1", "2**32", "2**32+1", "2**63-1", "2**63", "-2**63", "-2**63-1"),
    *("2**64-1", "2**64", "2**64+5", "-2**100", "Index(2**70)"),
)
OUT_OF_SSIZE = ("2**63", "-2**63-1", "2**64-1", "2**64", "2**64+5", "-2**100")
OUT_OF_ULONGLONG = ("2**64", "2**64+5")

# Streams made with a number, as patterns around it.
READ_SIZES = (
    "compressing(C().stream_reader(b'abc', read_size={}), 'read()')",
    "D().stream_reader(HELLO, read_size={}).read()",
    "joined(pulled(C().read_to_iter(b'abc', read_size={})))",
    "pulled(D().read_to_iter(HELLO, {}))",
    "C().copy_stream(Source(b'abc'), Sink(), read_size={})",
    "D().copy_stream(Source(HELLO), Sink(), {})",
)
WRITE_SIZES = (
    "watched(C().stream_writer(s := Sink(), write_size={}), s, 'close()')",
    "D().stream_writer(Sink(), write_size={}).write(HELLO)",
    "joined(pulled(C().read_to_iter(b'abc', write_size={})))",
    "pulled(D().read_to_iter(HELLO, write_size={}))",
    "joined(chunked(C().chunker(chunk_size={}), 'finish()'))",
    "C().copy_stream(Source(b'abc'), Sink(), write_size={})",
    "D().copy_stream(Source(HELLO), Sink(), write_size={})",
)
CONTENT_SIZES = (
    "compressing(C().stream_reader(b'abc', {}), 'read()')",
    "watched(C().stream_writer(s := Sink(), {}), s, 'close()')",
    "joined(pulled(C().read_to_iter(b'abc', {})))",
    "joined(chunked(C().chunker({}), 'finish()'))",
    "[s := Sink(), attempt(lambda: C().copy_stream(Source(b'abc'), s, {})), s.log][1:]",
)
SKIPPED_SIZES = ("pulled(D().read_to_iter(HELLO, skip_bytes={}))",)
NUMBERS = (*READ_SIZES, *WRITE_SIZES, *CONTENT_SIZES, *SKIPPED_SIZES)


def filled(templates: tuple[str, ...], *values: str) -> tuple[str, ...]:
    """Return all templates with each of the values."""
    return tuple(template.format(value) for template in templates for value in values)


# From 3.14 on, the parsing of arguments in CPython that 0.25.0 uses takes objects with __index__.
OBJECTS_WITH_INDEX = (
    (
        Meant(
            (
                "compressing(C().compressobj(size=Index(2**70)), 'flush()')",
                "D().decompressobj(Index(2**70)).decompress(HELLO)",
                *filled(NUMBERS, "Index(2**64+5)"),
            ),
            "*",
            "OverflowError: *",
        ),
    )
    if sys.version_info >= (3, 14)
    else (
        Meant(
            (
                *(
                    f"compressing(C().compressobj(size={value}), 'flush()')"
                    for value in ("Index(0)", "Index(1)", "Index(2**70)", "Failing()")
                ),
                *(
                    f"D().decompressobj({value}).decompress(HELLO)"
                    for value in ("Index(0)", "Index(1)", "Index(2**70)", "Failing()")
                ),
                *filled(NUMBERS, "Index(1)", "Index(2**64+5)", "Failing()"),
            ),
            "TypeError: * argument * must be int, not *",
            "[*",
            "TypeError: * argument * must be int, not *",
            "(3, 12)",
            "TypeError: * argument * must be int, not *",
            "(20, 11)",
            "TypeError: * argument * must be int, not *",
            "20",
            "TypeError: * argument * must be int, not *",
            "b'hello world'",
            "TypeError: * argument * must be int, not *",
            "ValueError: write_size must be positive, not 0",
            "TypeError: * argument * must be int, not *",
            "OverflowError: *",
            "TypeError: * argument * must be int, not *",
            "LookupError: no index",
            "TypeError: * argument * must be int, not *",
            "ZstdError: zstd compress error: Src size is incorrect*",
        ),
    )
)

DIFFERENCES = {
    "Numbers out of range": (
        Meant(
            (
                *(f"D(format={value})" for value in OUT_OF_INT),
                *(f"fields(z.get_frame_parameters(HELLO, {value}))" for value in OUT_OF_INT),
                *(f"fields(z.get_frame_parameters(HELLO, format={value}))" for value in OUT_OF_INT),
                *(f"D().decompressobj({value}).decompress(HELLO)" for value in OUT_OF_SSIZE),
                *(f"D().decompressobj(write_size={n}).decompress(EMPTY)" for n in OUT_OF_SSIZE),
                *(f"compressing(C().compressobj(size={n}), 'flush()')" for n in OUT_OF_ULONGLONG),
                *(f"compressing(C().compressobj({n}), *" for n in OUT_OF_ULONGLONG),
                *filled((*READ_SIZES, *WRITE_SIZES), "2**63", "-2**63-1", "2**64+5"),
                *filled(CONTENT_SIZES, "2**64+5"),
                *filled(SKIPPED_SIZES, "2**63", "-2**63-1", "2**64+5"),
                *filled(
                    (
                        "C().stream_writer(Sink()).flush({})",
                        "C().stream_writer(Sink()).flush(flush_mode={})",
                    ),
                    *(
                        "2**31",
                        "2**32",
                        "2**63-1",
                        "2**63",
                        "-2**63-1",
                        "2**64+5",
                        "Index(2**64+5)",
                    ),
                ),
            ),
            "*",
            "OverflowError: *",
        ),
        Meant(
            ("[pulled(C().read_to_iter(s := Source(b'abc'), read_size=2*), s.log]",),
            "b'*'",
            "b'*'",
            "[Value(text=\"'read(0)'\")]",
            "[Value(text=\"'read(1099511627776)'\"), Value(text=\"'read(1099511627776)'\")]",
            "'read(4294967295)'",
            "'read(9223372036854775807)'",
        ),
    ),
    "Sizes under zero": (
        Meant(
            (
                "compressing(C().compressobj(*-*)*",
                *filled(CONTENT_SIZES, "-2", "-2**63-1"),
            ),
            "[*",
            "ValueError: size must be -1 (unknown) or more, not -*",
            "ZstdError: error ending compression stream: Src size is incorrect*",
            "ValueError: size must be -1 (unknown) or more, not -*",
        ),
        Meant(
            ("D().decompressobj(-*).*", "D().decompressobj(write_size=-*"),
            "MemoryError: ",
            "ValueError: write_size must be positive, not -*",
        ),
    ),
    "Sizes that are not positive": (
        Meant(
            (
                *filled(READ_SIZES, "0", "-1", "-2", "False"),
                *filled(WRITE_SIZES, "-1", "-2"),
                *filled((WRITE_SIZES[1], WRITE_SIZES[3], WRITE_SIZES[6]), "0", "False"),
                "C().chunker(chunk_size=0)",
                "joined(chunked(C().chunker(chunk_size=-*), 'compress(b\"abc\")'))",
                "steps(*().stream_writer(Sink(), write_size=*), *",
                "steps(*().stream_reader(*, *), 'read(4)', 'read()')",
                "watched(*().stream_reader(s := Source(*), *), s, 'read*(4)', 'read*()')",
                "[pulled(C().read_to_iter(s := Source(b'abc'), read_size=*)), s.log]",
                "joined(pulled(*().read_to_iter(*, write_size=-*)))",
                "pulled(D().read_to_iter(*, *_size=0))",
                "[s := Source(*), attempt(lambda: *().copy_stream(s, Sink(), *_size=*)), *",
            ),
            "[*",
            "ValueError: *_size must be positive, not *",
            "[*",
            "ValueError: *_size must be positive, not *",
            "(#, #)",
            "ValueError: *_size must be positive, not *",
            "b'*",
            "ValueError: *_size must be positive, not *",
            "MemoryError: ",
            "ValueError: *_size must be positive, not *",
            "MemoryError: ",
            "ValueError: *_size must be positive, not *",
            "ZstdError: zstd decompress* error: Operation made no progress over multiple calls, *",
            "ValueError: *_size must be positive, not *",
            "ZstdError: zstd decompress* error: Operation made no progress over multiple calls, *",
            "ValueError: *_size must be positive, not *",
            "ValueError: skip_bytes must be smaller than read_size",
            "ValueError: *_size must be positive, not *",
            "<zstandard.backend_c.ZstdCompressionChunkerType object>",
            "ValueError: chunk_size must be positive, not 0",
        ),
        Meant(
            (
                "[s := Source(*), attempt(lambda: *().copy_stream(s, Sink(), read_size=0)), *",
                "[s := Source(*), attempt(lambda: *().copy_stream(s, Sink(), read_size=-1)), *",
            ),
            "[Value(*read(*",
            "[]",
        ),
    ),
    "Large sizes": (
        Meant(
            (
                "D().decompressobj(2**63-1).decompress(HELLO)",
                "D().decompressobj(write_size=2**63-1).decompress(EMPTY)",
                *filled((*WRITE_SIZES[:3], *WRITE_SIZES[4:]), "2**63-1"),
                READ_SIZES[3].format("2**63-1"),
                "C().copy_stream(Source(b'abc'), Sink(), write_size=2**62)",
                "D().copy_stream(Source(HELLO), Sink(), write_size=2**62)",
                "pulled(D().read_to_iter(*HELLO*, read_size=2**40))",
                "pulled(D().read_to_iter(*HELLO*, read_size=2**63-1))",
                "joined(pulled(*().read_to_iter(*, write_size=2**6*)))",
                "joined(chunked(C().chunker(chunk_size=2**6*), 'compress(b\"abc\")'))",
                "steps(D().stream_writer(Sink(), write_size=2**40), *",
            ),
            "MemoryError: ",
            "b'*",
            "MemoryError: ",
            "#",
            "MemoryError: ",
            "(#, #)",
            "MemoryError: ",
            "[*",
            "OverflowError: byte string is too large",
            "11",
            "b''",
            "b'hello world'",
        ),
        Meant(
            (
                "*().stream_reader(*).read*(*2**63-1)*",
                "pulled(D().read_to_iter(HELLO, write_size=2**63-1))",
            ),
            "OverflowError: byte string is too large",
            "b'*",
        ),
    ),
    "Objects with `__index__`": OBJECTS_WITH_INDEX,
    "Errors raised by arguments": (
        Meant(
            (
                "packed(C(write_*=Failing()).compress(b'abc'))",
                "D().decompress(HELLO, allow_extra_data=Failing())",
                "D().decompress(HELLO + JUNK, allow_extra_data=Failing())",
                "D().decompressobj(read_across_frames=Failing())*",
                "D().stream_reader(*, read_across_frames=Failing())*",
                "*().stream_reader(s, closefd=Failing())*",
                "*().stream_writer(s, closefd=Failing())*",
                "*().stream_writer(*, write_return_read=Failing())*",
            ),
            "SystemError: *returned a result with an exception set",
            "LookupError: no truth",
        ),
    ),
    "The parameter data": (
        Meant(
            ("z.frame_content_size(data=HELLO)", "z.frame_header_size(data=HELLO)"),
            "TypeError: *() missing required argument 'source' (pos 1)",
            "*",
        ),
        Meant(
            ("z.frame_content_size(source=HELLO)", "z.frame_header_size(source=HELLO)"),
            "*",
            "TypeError: *() got an unexpected keyword argument 'source'",
        ),
    ),
    "read(None)": (
        Meant(
            ("D().stream_reader(HELLO).read*(*None)",),
            "TypeError: *",
            "b'hello world'",
        ),
        Meant(
            ("packed(C().stream_reader(b'abc').read*(None))",),
            "TypeError: *",
            "b'(*",
        ),
    ),
    "Arguments by name": (
        Meant(
            (
                "D().stream_reader(HELLO).seek(*pos*",
                "D().stream_reader(HELLO).seek(5, whence=0)",
                "*().stream_reader(*).readinto*(b=bytearray(4))",
                "each(lambda before: steps(D().stream_reader(HELLO), *before, 'seek(*pos=*",
                "each(lambda before: steps(D().stream_reader(HELLO), *before, 'seek(*whence=*",
                "steps(*().stream_reader(*), '__exit__(exc_type=None, *",
                "watched(*().stream_writer(s := Sink()), s, '__exit__(exc_type=None, *",
            ),
            "TypeError: *() takes no keyword arguments",
            "*",
        ),
        # What follows from it.
        Meant(
            (
                "each(lambda before: steps(D().stream_reader(HELLO), *before, 'seek(*pos=*",
                "each(lambda before: steps(D().stream_reader(HELLO), *before, 'seek(*whence=*",
                "steps(*().stream_reader(*), '__exit__(exc_type=None, *",
                "watched(*().stream_writer(s := Sink()), s, '__exit__(exc_type=None, *",
            ),
            "False",
            "True",
            "[]",
            "['*close()']",
            "#",
            "#",
            "b'*'",
            "b'*'",
        ),
    ),
    "Surplus arguments": (
        Meant(
            ("BC(novel=1)",),
            "ValueError: must pass at least 1 argument",
            "TypeError: BufferWithSegmentsCollection() takes no keyword arguments",
        ),
        Meant(
            ("len(BC(*, novel=1))",),
            "3",
            "TypeError: BufferWithSegmentsCollection() takes no keyword arguments",
        ),
        Meant(
            ("C().chunker().flush(*",),
            "<zstandard.backend_c.ZstdCompressionChunkerIterator object>",
            "TypeError: ZstdCompressionChunker.flush() takes no *",
        ),
        Meant(
            ("D().stream_writer(Sink()).tell(*",),
            "UnsupportedOperation: ",
            "TypeError: *tell() takes no keyword arguments",
        ),
        Meant(
            (
                "each(lambda before: watched(D().stream_writer(s := Sink()), *, '__exit__()', *",
                "watched(D().stream_writer(s := Sink()), s, '__exit__()', *",
            ),
            "False",
            "TypeError: __exit__() *",
            "True",
            "False",
            "['close()']",
            "[]",
            "[]",
            "['close()']",
        ),
    ),
    "Modes of open()": (
        Meant(
            ("z.open(*, *)",),
            "AttributeError: *has no attribute 'replace'",
            "TypeError: mode must be a str, not *",
        ),
    ),
}
