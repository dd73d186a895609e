"""Cases on dictionaries: every type of them at every level, by every call, and what is none."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.arguments import INTEGERS, THINGS

LEVELS = (-5, 1, 3, 5, 9, 13, 17, 19, 22)
CONTENTS = ("FULL", "FULL[8:]", "text(5000)", "noise(3000)", "b''", "b'abc'", "noise(200_000)")
KINDS = (0, 1, 2)
SIZES = (0, 1, 100, 4000, 70_000)

# How 0.25.0 takes what is no dictionary depends on the level.
SOUND = [
    f"CD({content}, {kind})" for content, kind in product(CONTENTS, (0, 1)) if content != "b''"
] + ["CD(FULL, 2)"]
NONE = [
    f"CD({content}, 2)"
    for content in ("b''", "b'abc'", "text(5000)", "FULL[:7]", "FULL[:8]", "FULL[:60]", "FULL[8:]")
] + ["CD(FULL[:60])", "CD(flipped(FULL, 8 * 20), 2)"]

PARAMETERS = (
    "",
    "write_dict_id=1",
    "window_log=10",
    "compression_level=19",
    "compression_level=1, strategy=7",
    "write_checksum=1, write_content_size=0",
    "enable_ldm=1, window_log=20",
    "threads=1",
    "format=1",
    "force_max_window=1",
)

OPTIONS = (
    "",
    "write_dict_id=True",
    "write_dict_id=False",
    "write_checksum=True",
    "write_content_size=False",
    "threads=1",
)

# Ways to compress data by a compressor of a dictionary, and to decompress a frame.
PACKING = (
    "c.compress(data)",
    "b''.join([(o := c.compressobj()).compress(data), o.flush()])",
    "b''.join([(o := c.compressobj(size=len(data))).compress(data), o.flush()])",
    "c.stream_reader(data).read()",
    "b''.join(c.read_to_iter(data))",
    "b''.join([*(k := c.chunker(chunk_size=100)).compress(data), *k.finish()])",
    "[c.copy_stream(io.BytesIO(data), s := io.BytesIO()), s.getvalue()][1]",
    "[(w := c.stream_writer(s := Sink())).write(data), w.close(), s.data][2]",
    "c.multi_compress_to_buffer([data, data])[1].tobytes()",
    "c.multi_compress_to_buffer([data] * 5, threads=2)[1].tobytes()",
)
UNPACKING = (
    "D({}).decompress(frame, max_output_size=9000)",
    "D({}).decompressobj().decompress(frame)",
    "D({}).stream_reader(frame).read()",
    "D({}).stream_reader(Source(frame)).read()",
    "b''.join(D({}).read_to_iter(frame))",
    "D({}).copy_stream(io.BytesIO(frame), io.BytesIO())[1]",
    "native(D({}).stream_writer(io.BytesIO()).write(frame))",
    "D({}).multi_decompress_to_buffer([frame, frame])[1].tobytes()",
)


def cases() -> Iterator[str]:
    yield from objects()
    yield from compression()
    yield from decompression()
    yield from precomputing()
    yield from wrong()


def objects() -> Iterator[str]:
    contents = ("FULL", "text(5000)", "b''", "b'abc'", "FULL[:8]", "FULL[:60]", "bytearray(FULL)")
    for content, kind in product(contents, KINDS):
        made = f"CD({content}, {kind})"
        yield f"steps({made}, 'as_bytes()', '__len__()', 'dict_id()', 'k', 'd')"
    for value in THINGS:
        yield f"CD({value}).as_bytes()"
        yield f"C(dict_data={value})"
        yield f"D(dict_data={value})"
    for value in INTEGERS:
        yield f"len(CD(FULL, {value}))"
        yield f"len(CD(FULL, dict_type={value}))"
        yield f"CD(FULL).precompute_compress({value})"
        yield f"CD(FULL).precompute_compress(level={value})"
    for value in ("0", "5", "-1", "2**31", "'5'"):
        yield f"CD(FULL, k={value}).k"
        yield f"CD(FULL, d={value}).d"
    yield "CD(FULL, 0, 5, 6).k, CD(FULL, 0, 5, 6).d"
    yield "steps(CD(FULL), '__init__(b\"abc\", 1, 5, 6)', 'as_bytes()', 'dict_id()', 'k', 'd')"
    yield "setattr(CD(FULL), 'k', 5)"
    yield "[CD(FULL), CD.dict_id(CD(FULL)), CD.as_bytes(CD(FULL))][1:]"
    for method in ("as_bytes()", "dict_id()", "precompute_compress(3)"):
        yield f"CD.__new__(CD).{method}"
    yield "CD.__new__(CD).k"
    yield "type('Derived', (CD,), {'more': 5})(FULL).as_bytes()"
    for protocol in range(6):
        yield f"pickle.loads(pickle.dumps(CD(FULL), {protocol})).as_bytes()"


def compression() -> Iterator[str]:
    for made, level in product(SOUND, LEVELS):
        frame = f"C({level}, dict_data=d).compress(text(n))"
        yield f"[d := {made}, each(lambda n: sealed(d, {frame}), {SIZES})][1]"
    for made, level in product(("CD(FULL)", "CD(noise(200_000))"), LEVELS):
        frame = f"(o := C({level}, dict_data=d).compressobj()).compress(text(n)) + o.flush()"
        yield f"[d := {made}, each(lambda n: sealed(d, {frame}), (0, 4000, 200_000))][1]"
    for options in OPTIONS:
        made = f"C(dict_data=d, {options})"
        yield f"[d := CD(FULL), each(lambda n: sealed(d, {made}.compress(text(n))), {SIZES})][1]"
    for params, content in product(PARAMETERS, ("FULL", "text(5000)")):
        made = f"C(dict_data=d, compression_params=CP({params}))"
        frame = f"{made}.compress(text(n))"
        form = ", format=1" if "format=1" in params else ""
        yield f"[d := CD({content}), each(lambda n: sealed(d, {frame}{form}), {SIZES})][1]"
        yield f"[d := CD({content}), fields(z.get_frame_parameters({made}.compress(b'abc')))][1]"
    for way, made in product(PACKING, ("CD(FULL)", "CD(text(5000))", "CD(FULL, 1)")):
        for data in ("text(100)", "text(4000)"):
            yield (
                f"[d := {made}, c := C(dict_data=d), data := {data},"
                f" sealed(d, {way}), sealed(d, {way})][3:]"
            )


def decompression() -> Iterator[str]:
    frames = (
        "C(dict_data=CD(FULL)).compress(text(4000))",
        "C(dict_data=CD(FULL), write_dict_id=False, write_checksum=True).compress(text(4000))",
        "C(dict_data=CD(text(5000))).compress(text(4000))",
        "C(dict_data=CD(FULL, 1), write_checksum=True).compress(text(4000))",
        "C().compress(text(4000))",
        "DICTIONARY",
        "HELLO",
    )
    readers = ("", "dict_data=CD(FULL)", "dict_data=CD(FULL, 1)", "dict_data=CD(text(5000))")
    for frame, way, reader in product(frames, UNPACKING, readers):
        yield f"[frame := {frame}, attempt(lambda: {way.format(reader)})][1]"
    for first, second in product(readers, repeat=2):
        yield (
            f"[d := D({first}), frame := C(write_checksum=True, {second}).compress(text(4000)),"
            " attempt(lambda: d.decompress(frame)), attempt(lambda: d.decompress(HELLO)),"
            " attempt(lambda: d.decompress(frame))][2:]"
        )


def precomputing() -> Iterator[str]:
    for content, level in product(("FULL", "text(5000)"), (1, 9, 19)):
        made = f"d := CD({content}), d.precompute_compress({level})"
        for own in ("level=1", "level=19", "compression_params=CP(compression_level=19)"):
            frame = f"C(dict_data=d, {own}).compress(text(n))"
            yield f"[{made}, each(lambda n: sealed(d, {frame}), (0, 100, 4000))][2]"
    for arguments in (
        "",
        "0",
        "level=0",
        "compression_params=None",
        "3, CP()",
        "compression_params=CP()",
        "compression_params=CP(compression_level=19)",
        "compression_params=3",
        "0, 3",
        "compression_params=C()",
        "3, None",
        "nothing=3",
        "1, None, 3",
        "23",
        "-1000",
    ):
        yield f"CD(FULL).precompute_compress({arguments})"
    twice = "d.precompute_compress(1), d.precompute_compress(19)"
    yield f"[d := CD(FULL), {twice}, sealed(d, C(1, dict_data=d).compress(text(4000)))][3]"


def wrong() -> Iterator[str]:
    for made in NONE:
        yield f"C(dict_data={made}).compress(text(100))"
        yield f"C(dict_data={made}).compressobj().flush()"
        yield f"D(dict_data={made}).decompress(HELLO)"
        yield f"{made}.precompute_compress(3)"
    for arguments in ("", "FULL, 0, 1, 2, 3", "FULL, nothing=1", "FULL, data=FULL", "dict_type=0"):
        yield f"len(CD({arguments}))"
