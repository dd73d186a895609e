"""Cases on arguments: every parameter with values of every kind, every callable in every shape."""

from collections.abc import Iterator

INTEGERS = """
    0 1 -1 -2 2 3 7 22 23 -7 100 1000 -1000000
    2**31-1 2**31 -2**31 -2**31-1 2**32-1 2**32 2**32+1 2**63-1 2**63 -2**63 -2**63-1
    2**64-2 2**64-1 2**64 2**64+5 2**100 -2**100
""".split()

VALUES = [
    *INTEGERS,
    *"""
    None True False 1.0 2.5 float('nan') 1j 'x' '' '1' b'' b'x' bytearray(b'x') memoryview(b'x')
    [] [1] () (1,) {} set() object() int C() C Ellipsis
    Index(1) Index(0) Index(2**70) Index('x') Failing()
    """.split(),
]

# What would make 0.25.0 ask for gigabytes, which some machines have.
LARGE = ("2**31-1", "2**31", "2**32-1", "2**32", "2**32+1")
OTHER_THAN_LARGE = [value for value in VALUES if value not in LARGE]

# What would start hundreds of threads.
FEW_THREADS = """
    None True False 0 1 2 -1 -7 2**31-1 2**31 -2**31 -2**31-1 2**32 2**63 2**64 2**100 1.0 'x' ''
    b'' [] object() Index(1) Index('x') Failing()
""".split()

VALUED = {
    "packed(C(level={}).compress(text(1000)))": VALUES,
    "packed(C({}).compress(text(1000)))": VALUES,
    "packed(C(write_checksum={}).compress(b'abc'))": VALUES,
    "packed(C(write_content_size={}).compress(b'abc'))": VALUES,
    "packed(C(write_dict_id={}).compress(b'abc'))": VALUES,
    "C(threads={})": FEW_THREADS,
    "packed(C().compress({}))": VALUES,
    "packed(C().compress(data={}))": VALUES,
    "compressing(C().compressobj(size={}), 'flush()')": VALUES,
    "compressing(C().compressobj({}), 'compress(MAGIC)', 'flush()')": INTEGERS,
    "compressing(C().compressobj(), 'compress(given)', 'flush()', given={})": VALUES,
    "compressing(C().compressobj(), 'flush(given)', 'compress(MAGIC)', given={})": VALUES,
    "compressing(C().compressobj(), 'flush(flush_mode=given)', given={})": VALUES,
    "D(max_window_size={})": VALUES,
    "D(format={})": VALUES,
    "D().decompress({})": VALUES,
    "D().decompress(HELLO, {})": VALUES,
    "D().decompress(EMPTY, max_output_size={})": VALUES,
    "D().decompress(UNSIZED, max_output_size={})": OTHER_THAN_LARGE,
    "D().decompress(HELLO, read_across_frames={})": VALUES,
    "D().decompress(HELLO, allow_extra_data={})": VALUES,
    "D().decompress(HELLO + JUNK, allow_extra_data={})": VALUES,
    "D().decompressobj({}).decompress(HELLO)": OTHER_THAN_LARGE,
    "D().decompressobj(write_size={}).decompress(EMPTY)": [
        value for value in INTEGERS if value not in LARGE
    ],
    "D().decompressobj(read_across_frames={}).decompress(HELLO + HELLO)": VALUES,
    "steps(D().decompressobj(), 'decompress(given)', 'decompress(HELLO)', given={})": VALUES,
    "D().decompressobj().decompress(data={})": VALUES,
    "steps(D().decompressobj(), 'flush(given)', 'decompress(HELLO)', given={})": VALUES,
    "D().decompressobj().flush(length={})": VALUES,
    "packed(z.compress({}))": VALUES,
    "packed(z.compress(text(1000), {}))": VALUES,
    "packed(z.compress(text(1000), level={}))": VALUES,
    "z.decompress({})": VALUES,
    "z.decompress(HELLO, {})": VALUES,
    "z.decompress(UNSIZED, max_output_size={})": OTHER_THAN_LARGE,
    "z.frame_content_size({})": VALUES,
    "z.frame_header_size({})": VALUES,
    "fields(z.get_frame_parameters({}))": VALUES,
    "fields(z.get_frame_parameters(HELLO, {}))": VALUES,
    "fields(z.get_frame_parameters(HELLO, format={}))": VALUES,
}

# Callables and their parameters, those first that may go by position.
CALLABLES = {
    "z.compress": {"data": "b'abc'", "level": "1"},
    "z.decompress": {"data": "HELLO", "max_output_size": "11"},
    "z.estimate_decompression_context_size": {},
    "z.frame_content_size": {"data": "HELLO"},
    "z.frame_header_size": {"data": "HELLO"},
    "z.get_frame_parameters": {"data": "HELLO", "format": "0"},
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
    for surplus in ("None", "None, None", "novel=1", "**{'': 1}", "**{1: 1}", "*(1, 2)", "*1"):
        yield ", ".join([*values, surplus])
        yield surplus
    for name in names:
        yield ", ".join([*values, f"{name}={parameters[name]}"])
        yield f"{name.upper()}={parameters[name]}"
        yield f"**{{{name!r}: {parameters[name]}, 'novel': 1}}"


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
