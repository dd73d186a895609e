"""Cases on arguments: every parameter with values of every kind, every callable in every shape."""

from collections.abc import Iterator

INTEGERS = """
    0 1 -1 -2 3 22 23 -7 100 1000 -1000000 2**31-1 2**31 -2**31-1 2**32 2**32+1
    2**63-1 2**63 -2**63 -2**63-1 2**64-1 2**64 2**64+5 -2**100
""".split()

VALUES = [
    *INTEGERS,
    *"""
    None True False 2.5 1j 'x' '' b'' b'x' [] [1] () {} object() int C()
    Index(1) Index(0) Index(2**70) Index('x') Failing()
    """.split(),
]
# For what is data, a source or a sink; and for what is true or not.
THINGS = """
    0 1 None True 2.5 'x' '' b'' b'x' bytearray(b'x') [] [1] () {} object() int C()
    Index(1) Failing()
""".split()
TRUTHS = "0 1 -1 2**64+5 None True False 2.5 'x' '' b'' [] object() Index(0) Failing()".split()

# What would make 0.25.0 ask for gigabytes, which some machines have.
LARGE = ("2**31-1", "2**31", "2**32", "2**32+1")
OTHER_THAN_LARGE = [value for value in VALUES if value not in LARGE]

# What would start hundreds of threads.
FEW_THREADS = """
    None True False 0 1 2 -1 -7 2**31-1 2**31 -2**31 -2**31-1 2**32 2**63 2**64 2**100 1.0 'x' ''
    b'' [] object() Index(1) Index('x') Failing()
""".split()

VALUED = {
    "packed(C(level={}).compress(text(1000)))": VALUES,
    "packed(C({}).compress(text(1000)))": VALUES,
    "packed(C(write_checksum={}).compress(b'abc'))": TRUTHS,
    "packed(C(write_content_size={}).compress(b'abc'))": TRUTHS,
    "packed(C(write_dict_id={}).compress(b'abc'))": TRUTHS,
    "C(threads={})": FEW_THREADS,
    "packed(C().compress({}))": THINGS,
    "packed(C().compress(data={}))": THINGS,
    "compressing(C().compressobj(size={}), 'flush()')": VALUES,
    "compressing(C().compressobj({}), 'compress(MAGIC)', 'flush()')": INTEGERS,
    "compressing(C().compressobj(), 'compress(given)', 'flush()', given={})": THINGS,
    "compressing(C().compressobj(), 'flush(given)', 'compress(MAGIC)', given={})": VALUES,
    "compressing(C().compressobj(), 'flush(flush_mode=given)', given={})": VALUES,
    "D(max_window_size={})": VALUES,
    "D(format={})": VALUES,
    "D().decompress({})": THINGS,
    "D().decompress(HELLO, {})": VALUES,
    "D().decompress(EMPTY, max_output_size={})": VALUES,
    "D().decompress(UNSIZED, max_output_size={})": OTHER_THAN_LARGE,
    "D().decompress(HELLO, read_across_frames={})": TRUTHS,
    "D().decompress(HELLO, allow_extra_data={})": TRUTHS,
    "D().decompress(HELLO + JUNK, allow_extra_data={})": TRUTHS,
    "D().decompressobj({}).decompress(HELLO)": OTHER_THAN_LARGE,
    "D().decompressobj(write_size={}).decompress(EMPTY)": [
        value for value in INTEGERS if value not in LARGE
    ],
    "D().decompressobj(read_across_frames={}).decompress(HELLO + HELLO)": TRUTHS,
    "steps(D().decompressobj(), 'decompress(given)', 'decompress(HELLO)', given={})": THINGS,
    "D().decompressobj().decompress(data={})": THINGS,
    "steps(D().decompressobj(), 'flush(given)', 'decompress(HELLO)', given={})": VALUES,
    "D().decompressobj().flush(length={})": VALUES,
    "packed(z.compress({}))": THINGS,
    "packed(z.compress(text(1000), {}))": VALUES,
    "packed(z.compress(text(1000), level={}))": VALUES,
    "z.decompress({})": THINGS,
    "z.decompress(HELLO, {})": VALUES,
    "z.decompress(UNSIZED, max_output_size={})": OTHER_THAN_LARGE,
    "z.frame_content_size({})": THINGS,
    "z.frame_header_size({})": THINGS,
    "fields(z.get_frame_parameters({}))": THINGS,
    "fields(z.get_frame_parameters(HELLO, {}))": VALUES,
    "fields(z.get_frame_parameters(HELLO, format={}))": VALUES,
}

# The same for streams, in fewer values.
SOME = """
    0 1 -1 -2 3 2**31-1 2**31 2**32 2**63-1 2**63 -2**63-1 2**64+5 None True False 2.5 'x' b'x'
    object() Index(1) Index(2**64+5) Failing()
""".split()
SOME_SIZES = [value for value in SOME if value not in LARGE]
# A size of zero has 0.25.0 run for ever.
SOME_OVER_ZERO = [value for value in SOME_SIZES if value not in ("0", "False")]

VALUED |= {
    "compressing(C().stream_reader(b'abc', {}), 'read()')": SOME,
    "compressing(C().stream_reader({}), 'read()')": THINGS,
    "compressing(C().stream_reader(b'abc', read_size={}), 'read()')": SOME_SIZES,
    "[s := Source(b'abc'), C().stream_reader(s, closefd={}).close(), s.log][1:]": TRUTHS,
    "D().stream_reader({})": THINGS,
    "D().stream_reader(HELLO, read_size={}).read()": SOME_SIZES,
    "D().stream_reader(HELLO + HELLO, read_across_frames={}).read(15)": TRUTHS,
    "[s := Source(HELLO), D().stream_reader(s, closefd={}).close(), s.log][1:]": TRUTHS,
    "D().stream_reader(HELLO).read({})": SOME,
    "D().stream_reader(HELLO).read(size={})": SOME,
    "D().stream_reader(HELLO).read1({})": SOME,
    "D().stream_reader(HELLO).readinto({})": THINGS,
    "D().stream_reader(HELLO).readinto1({})": THINGS,
    "D().stream_reader(HELLO).seek({})": SOME,
    "D().stream_reader(HELLO).seek(5, {})": SOME,
    "packed(C().stream_reader(b'abc').read({}))": SOME,
    "packed(C().stream_reader(b'abc').read1({}))": SOME,
    "C().stream_reader(b'abc').readinto({})": THINGS,
    "C().stream_reader(b'abc').readinto1({})": THINGS,
    "watched(C().stream_writer(s := Sink(), {}), s, 'close()')": SOME,
    "watched(C().stream_writer({}), Sink(), 'close()')": THINGS,
    "watched(C().stream_writer(s := Sink(), write_size={}), s, 'close()')": SOME_OVER_ZERO,
    "C().stream_writer(Sink(), write_return_read={}).write(b'abc')": TRUTHS,
    "[s := Sink(), C().stream_writer(s, closefd={}).close(), s.log][1:]": TRUTHS,
    "C().stream_writer(Sink()).write({})": THINGS,
    "C().stream_writer(Sink()).write(data={})": THINGS,
    "C().stream_writer(Sink()).flush({})": SOME,
    "C().stream_writer(Sink()).flush(flush_mode={})": SOME,
    "D().stream_writer({})": THINGS,
    "D().stream_writer(Sink(), write_size={}).write(HELLO)": SOME_SIZES,
    "D().stream_writer(Sink(), write_return_read={}).write(HELLO)": TRUTHS,
    "[s := Sink(), D().stream_writer(s, closefd={}).close(), s.log][1:]": TRUTHS,
    "D().stream_writer(Sink()).write({})": THINGS,
    "joined(pulled(C().read_to_iter(b'abc', {})))": SOME,
    "C().read_to_iter({})": THINGS,
    "joined(pulled(C().read_to_iter(b'abc', read_size={})))": SOME_SIZES,
    "joined(pulled(C().read_to_iter(b'abc', write_size={})))": SOME_OVER_ZERO,
    "D().read_to_iter({})": THINGS,
    "pulled(D().read_to_iter(HELLO, {}))": SOME_SIZES,
    "pulled(D().read_to_iter(HELLO, write_size={}))": SOME_SIZES,
    "pulled(D().read_to_iter(HELLO, skip_bytes={}))": SOME,
    "joined(chunked(C().chunker({}), 'finish()'))": SOME,
    "joined(chunked(C().chunker(chunk_size={}), 'finish()'))": SOME_OVER_ZERO,
    "joined(chunked(C().chunker(), 'compress(given)', 'finish()', given={}))": THINGS,
    "[s := Sink(), attempt(lambda: C().copy_stream(Source(b'abc'), s, {})), s.log][1:]": SOME,
    "C().copy_stream({}, Sink())": THINGS,
    "C().copy_stream(Source(b'abc'), {})": THINGS,
    "C().copy_stream(Source(b'abc'), Sink(), read_size={})": SOME_SIZES,
    "C().copy_stream(Source(b'abc'), Sink(), write_size={})": SOME_OVER_ZERO,
    "D().copy_stream({}, Sink())": THINGS,
    "D().copy_stream(Source(HELLO), {})": THINGS,
    "D().copy_stream(Source(HELLO), Sink(), {})": SOME_SIZES,
    "D().copy_stream(Source(HELLO), Sink(), write_size={})": SOME_SIZES,
    "z.open({})": [value for value in THINGS if value not in ("'x'", "b'x'")],
    "z.open(Source(HELLO), {})": THINGS,
    "z.open(Source(HELLO), cctx={}).read()": THINGS,
    "z.open(Source(HELLO), dctx={})": THINGS,
    "z.open(Sink(), 'wb', cctx={})": THINGS,
    "[s := Source(HELLO), z.open(s, closefd={}).close(), s.log][1:]": TRUTHS,
}

# Callables and their parameters, those first that may go by position.
CALLABLES = {
    "z.compress": {"data": "b'abc'", "level": "1"},
    "z.decompress": {"data": "HELLO", "max_output_size": "11"},
    "z.estimate_decompression_context_size": {},
    "z.frame_content_size": {"data": "HELLO"},
    "z.frame_header_size": {"data": "HELLO"},
    "z.get_frame_parameters": {"data": "HELLO", "format": "0"},
    "CD": {"data": "FULL", "dict_type": "0"},
    "CD(FULL).as_bytes": {},
    "CD(FULL).dict_id": {},
    "CD(FULL).precompute_compress": {"level": "3"},
    "C().compress": {"data": "b'abc'"},
    "C().compressobj": {"size": "3"},
    "C().frame_progression": {},
    "C().memory_size": {},
    "C().compressobj().compress": {"data": "b'abc'"},
    "C().compressobj().flush": {"flush_mode": "0"},
    "D().decompress": {
        "data": "HELLO",
        "max_output_size": "11",
        "read_across_frames": "False",
        "allow_extra_data": "True",
    },
    "D().decompressobj": {"write_size": "100", "read_across_frames": "False"},
    "D().memory_size": {},
    "D().decompressobj().decompress": {"data": "HELLO"},
    "D().decompressobj().flush": {"length": "5"},
    "C().stream_reader": {"source": "b'x'", "size": "1", "read_size": "9", "closefd": "True"},
    "C().stream_reader(b'abc').read": {"size": "5"},
    "C().stream_reader(b'abc').read1": {"size": "5"},
    "C().stream_reader(b'abc').readinto": {"b": "bytearray(4)"},
    "C().stream_reader(b'abc').readinto1": {"b": "bytearray(4)"},
    "D().stream_reader": {
        "source": "HELLO",
        "read_size": "9",
        "read_across_frames": "False",
        "closefd": "True",
    },
    "D().stream_reader(HELLO).read": {"size": "5"},
    "D().stream_reader(HELLO).read1": {"size": "5"},
    "D().stream_reader(HELLO).readinto": {"b": "bytearray(4)"},
    "D().stream_reader(HELLO).readinto1": {"b": "bytearray(4)"},
    "D().stream_reader(HELLO).seek": {"pos": "5", "whence": "0"},
    "C().stream_writer": {
        "writer": "Sink()",
        "size": "3",
        "write_size": "9",
        "write_return_read": "True",
        "closefd": "True",
    },
    "C().stream_writer(Sink()).write": {"data": "b'abc'"},
    "C().stream_writer(Sink()).flush": {"flush_mode": "0"},
    "C().stream_writer(Sink()).fileno": {},
    "D().stream_writer": {
        "writer": "Sink()",
        "write_size": "9",
        "write_return_read": "True",
        "closefd": "True",
    },
    "D().stream_writer(Sink()).write": {"data": "HELLO"},
    "D().stream_writer(Sink()).flush": {},
    "C().read_to_iter": {"reader": "b'x'", "size": "1", "read_size": "9", "write_size": "9"},
    "D().read_to_iter": {
        "reader": "HELLO",
        "read_size": "30",
        "write_size": "9",
        "skip_bytes": "0",
    },
    "C().chunker": {"size": "3", "chunk_size": "9"},
    "C().chunker().compress": {"data": "b'abc'"},
    "C().chunker().flush": {},
    "C().chunker().finish": {},
    "C().copy_stream": {
        "ifh": "Source(b'x')",
        "ofh": "Sink()",
        "size": "1",
        "read_size": "9",
        "write_size": "9",
    },
    "D().copy_stream": {
        "ifh": "Source(HELLO)",
        "ofh": "Sink()",
        "read_size": "9",
        "write_size": "9",
    },
    **{
        f"{make}.{method}": {}
        for make in (
            "C().stream_reader(b'abc')",
            "D().stream_reader(HELLO)",
            "C().stream_writer(Sink())",
            "D().stream_writer(Sink())",
        )
        for method in "close flush isatty readable readall seekable tell writable".split()
        if "writer" not in make or method not in ("flush", "readall")
    },
    "z.open": {
        "filename": "Source(HELLO)",
        "mode": "'rb'",
        "cctx": "None",
        "dctx": "None",
        "encoding": "None",
        "errors": "None",
        "newline": "None",
        "closefd": "True",
    },
}

# Results that are not to be compared as they are.
MARKS = {
    "z.compress": "packed",
    "z.estimate_decompression_context_size": "type",
    "C().compress": "packed",
    "C().memory_size": "type",
    "C().compressobj().compress": "packed",
    "C().compressobj().flush": "packed",
    "D().memory_size": "type",
    "C().stream_reader(b'abc').read": "packed",
    "C().stream_reader(b'abc').read1": "packed",
    "C().stream_reader(b'abc').readall": "packed",
}


def shapes(parameters: dict[str, str]) -> Iterator[str]:
    """Yield argument lists: right ones and such as have too few, too many, unknown or twice."""
    names = list(parameters)
    values = list(parameters.values())
    for count in range(len(names) + 1):
        for rest in range(count, len(names) + 1):
            keywords = [f"{name}={parameters[name]}" for name in reversed(names[count:rest])]
            yield ", ".join(values[:count] + keywords)
    for name in names[1:]:
        yield f"{name}={parameters[name]}"
        yield f"{values[0]}, {name}={parameters[name]}"
    for surplus in ("None", "None, None", "novel=1", "**{'': 1}"):
        yield ", ".join([*values, surplus])
    for name in names:
        yield ", ".join([*values, f"{name}={parameters[name]}"])


def cases() -> Iterator[str]:
    for template, values in VALUED.items():
        yield from (template.format(value) for value in values)
    for name, parameters in CALLABLES.items():
        mark = MARKS.get(name, "")
        for shape in dict.fromkeys(shapes(parameters)):
            yield f"{mark}({name}({shape}))" if mark else f"{name}({shape})"
    yield "D().decompressobj().decompress(HELLO, 5)"
    yield "D().decompressobj().decompress(HELLO, max_length=5)"
    for options in ("novel=1", "level=3, novel=1", "3, level=3", "*[3] * 8", "LEVEL=3", "**{1: 1}"):
        yield f"C({options})"
    for options in ("novel=1", "format=0, novel=1", "*[0] * 4", "FORMAT=0", "**{1: 1}"):
        yield f"D({options})"
