"""Differences in decompression in one call, and in what all streams have in common."""

from oracle.differences.meant import Meant
from oracle.inputs import SKIPPED

# Frames that state their content size, what they hold, and bounds under that.
STATED = (
    ("HELLO", "b'hello world'", ("1", "10")),
    ("HELLO4", "b'hello world'", ("1", "10")),
    ("RUN", "100000 bytes of SHA-256 *", ("1", "10", "11", "12", "400")),
    ("CHECKED", "400 bytes of SHA-256 *", ("1", "10", "11", "12")),
    ("BLOCKS", "201076 bytes of SHA-256 *", ("1", "10", "11", "12", "400", "100_000", "201_075")),
)

# Frames that do not, and what comes of them.
NOT_STATED = (
    ("UNSIZED", "b'hello world'"),
    ("EMPTY_UNSIZED", "b''"),
    ("RUN_UNSIZED", "100000 bytes of SHA-256 *"),
    ("BLOCKS_UNSIZED", "201076 bytes of SHA-256 *"),
    ("CHECKED_UNSIZED", "400 bytes of SHA-256 *"),
    ("BROAD", "b'hello world'"),
    ("WIDE", "ZstdError: decompression error: Frame requires too much memory for decoding"),
)
SIZE_INCORRECT = "ZstdError: zstd compress error: Src size is incorrect*"

DIFFERENCES = {
    "max_output_size is a bound": (
        *(
            Meant(
                tuple(f"D().decompress({frame}, max_output_size={bound})" for bound in bounds),
                content,
                "ZstdError: decompression error: the input states *, more than max_output_size=*",
            )
            for frame, content, bounds in STATED
        ),
        *(
            Meant(
                tuple(f"{call}(HELLO, {bound})" for bound in ("True", "1", "3", "Index(1)")),
                "b'hello world'",
                "ZstdError: decompression error: the input states *, more than max_output_size=*",
            )
            for call in ("D().decompress", "z.decompress")
        ),
    ),
    "max_output_size under zero": (
        *(
            Meant(
                (f"D().decompress({frame}, max_output_size=-1)",),
                "SystemError: Negative size passed to PyBytes_FromStringAndSize",
                content,
            )
            for frame, content in NOT_STATED
        ),
        Meant(
            ("z.decompress(UNSIZED, max_output_size=-1)",),
            "SystemError: Negative size passed to PyBytes_FromStringAndSize",
            "b'hello world'",
        ),
        Meant(
            ("D().decompress(UNSIZED, max_output_size=-*)", "z.decompress(UNSIZED, *-*)"),
            "SystemError: Negative size passed to PyBytes_FromStringAndSize",
            "ValueError: max_output_size must be *",
        ),
        Meant(
            (
                "D().decompress(HELLO, -*)",
                "D().decompress(EMPTY, max_output_size=-*)",
                "z.decompress(HELLO, -*)",
            ),
            "b'*'",
            "ValueError: max_output_size must be *",
        ),
    ),
    "A large max_output_size": (
        *(
            Meant((f"D().decompress({frame}, max_output_size=2**50)",), "MemoryError: ", content)
            for frame, content in NOT_STATED
        ),
        Meant(
            (
                "D().decompress(UNSIZED, max_output_size=2**63-1)",
                "z.decompress(UNSIZED, max_output_size=2**63-1)",
            ),
            "OverflowError: byte string is too large",
            "b'hello world'",
        ),
    ),
    "read_across_frames=True": (
        *(
            Meant(
                (f"D().decompress({frame}, read_across_frames=True)",),
                "ZstdError: ZstdDecompressor.read_across_frames=True is not yet implemented",
                content,
            )
            for frame, content in (
                *((frame, content) for frame, content, _ in STATED),
                *NOT_STATED[:-1],
                *((frame, "b''") for frame in ("EMPTY", *SKIPPED)),
            )
        ),
        Meant(
            ("D().decompress(HELLO, read_across_frames=*",),
            "ZstdError: ZstdDecompressor.read_across_frames=True is not yet implemented",
            "b'hello world'",
        ),
        Meant(
            ("D().decompress(HELLO, read_across_frames=Failing())",),
            "ZstdError: ZstdDecompressor.read_across_frames=True is not yet implemented",
            "LookupError: no truth",
        ),
    ),
    "allow_extra_data=False": (
        *(
            Meant(
                (f"each(lambda tail: D().decompress({frame} + tail, 500_000, False, False), *",),
                content,
                "ZstdError: compressed input contains * bytes of unused data, *",
            )
            for frame, content in (*NOT_STATED[:-1], ("EMPTY", "b''"))
        ),
        Meant(
            ("D(format=1).decompress(*[4:] + JUNK, 500_000, allow_extra_data=False)",),
            "*",
            "ZstdError: compressed input contains 16 bytes of unused data, *",
        ),
    ),
    "Claims of vast content": (
        Meant(
            (
                "D().decompress(VAST*",
                "D(format=1).decompress(VAST*",
                "each(lambda n: D(max_window_size=n).decompress(VAST*",
                "each(lambda tail: D().decompress(VAST*",
                "each(lambda n: D().decompress(VAST[:n]*",
                "each(lambda n: D().decompress(flipped(CHECKED, n)*",
                "each(lambda n: D().decompress(flipped(BLOCKS, n)*",
                "z.decompress(VAST*",
            ),
            "MemoryError: ",
            "ZstdError: decompression error: *",
        ),
        Meant(
            ("pieces(D().multi_decompress_to_buffer([HELLO, VAST, *",),
            *("MemoryError: ", "ZstdError: error decompressing item 1: Data corruption detected"),
            *(
                "ZstdError: error * item 1: Frame requires too *",
                "ZstdError: error * item 1: Data *",
            ),
        ),
    ),
    "Frames that state no content": (
        Meant(
            (
                "D().decompress(STATES_NONE*",
                "D(format=1).decompress(STATES_NONE*",
                "each(lambda n: D(max_window_size=n).decompress(STATES_NONE*",
                "z.decompress(STATES_NONE*",
            ),
            "b''",
            "ZstdError: decompression error: Destination buffer is too small",
        ),
        Meant(
            (
                "each(lambda n: D().decompress(EMPTY[:n]*",
                "each(lambda n: D().decompress(STATES_NONE[:n]*",
                "each(lambda tail: D().decompress(STATES_NONE*",
                "each(lambda n: D().decompress(flipped(*",
            ),
            "b''",
            "ZstdError: decompression error: *",
        ),
    ),
    "An empty skippable frame": (
        Meant(
            (
                "D().decompress(SKIPPABLE_EMPTY*",
                "each(lambda n: D(max_window_size=n).decompress(SKIPPABLE_EMPTY*",
                "each(lambda tail: D().decompress(SKIPPABLE_EMPTY*",
                "z.decompress(SKIPPABLE_EMPTY*",
            ),
            "b''",
            "ZstdError: decompression error: the input begins with a skippable frame, *",
        ),
    ),
    "Blocks of more than 128 KiB": (
        Meant(
            (
                "D().decompress(LONG_BLOCK*",
                "D(format=1).decompress(LONG_BLOCK*",
                "each(lambda n: D(max_window_size=n).decompress(LONG_BLOCK*",
                "each(lambda tail: D().decompress(LONG_BLOCK*",
                "z.decompress(LONG_BLOCK*",
                "D().stream_reader(LONG_BLOCK).read()",
                "steps(D().stream_reader(LONG_BLOCK), 'readall()', 'tell()', *",
            ),
            *("131073 bytes of SHA-256 *", "ZstdError: *: Data corruption detected"),
            # What follows from it.
            *("131073", "0"),
            *("b''", "ZstdError: *: Data corruption detected"),
        ),
        Meant(
            (
                "D(format=1).decompress(LONG_BLOCK*, allow_extra_data=False)",
                "each(lambda tail: D().decompress(LONG_BLOCK + tail, 500_000, False, False)*",
            ),
            "ZstdError: compressed input contains * bytes of unused data, *",
            "ZstdError: decompression error: Data corruption detected",
        ),
        Meant(
            ("pieces(D().multi_decompress_to_buffer([HELLO, LONG_BLOCK, *][:3], *",),
            "[*131073 bytes of SHA-256 *]",
            "ZstdError: error decompressing item 1: Data corruption detected",
        ),
    ),
    "Frames with several faults": (
        Meant(
            (
                "each(lambda n: D().decompress(*[:n]*",
                "each(lambda n: D().decompress(flipped(*",
                "D().decompress(DICTIONARY, max_output_size=1*)",
                "each(lambda n: received(D().decompressobj(), flipped(*",
            ),
            "ZstdError: *decompress* error: *",
            "ZstdError: *decompress* error: *",
        ),
    ),
    "Streams of one compressor or decompressor": (
        Meant(
            ("[c := C(), o := c.compressobj(), o.compress(b'abc'), packed(c.*",),
            r"b'(\xb5/\xfd \x00\x01\x00\x00'",
            r"b'(\xb5/\xfd\x00X\x19\x00\x00abc'",
        ),
        Meant(
            ("[c := C(), a := c.compressobj(), b := c.compressobj(), *",),
            r"b'(\xb5/\xfd\x00X1\x00\x00abcxyz'",
            r"b'(\xb5/\xfd\x00X\x19\x00\x00abc'",
        ),
        Meant(
            ("[c := C(), a := c.compressobj(), b := c.compressobj(), *",),
            r"b'(\xb5/\xfd \x00\x01\x00\x00'",
            r"b'(\xb5/\xfd\x00X\x19\x00\x00xyz'",
        ),
        Meant(
            ("[m := C(), i := m.read_to_iter(b'abc'), m.__init__(), pulled(i)][3]",),
            r"b'(\xb5/\xfd\x00X\x19\x00\x00abc'",
            r"b'(\xb5/\xfd \x03\x19\x00\x00abc'",
        ),
        Meant(
            ("[d := D(), a := d.decompressobj(), b := d.decompressobj(), *",),
            "ZstdError: zstd decompressor error: Unknown frame descriptor",
            "[*b'hel'*b'hello world'*b'lo world'*]",
        ),
    ),
    "After an error": (
        Meant(
            ("each(lambda more: decompressing(*", "each(lambda n: halves(*"),
            "after failure: *",
            "after failure: ZstdError: zstd decompressor error: *",
        ),
        Meant(
            (
                "each(lambda more: decompressing(D().decompressobj(read_across_frames=False), *",
                "each(lambda n: halves(D().decompressobj(read_across_frames=False), BAD_BLOCK, *",
            ),
            "after failure: (True, b'*', b'')",
            "after failure: (False, b'', b'')",
        ),
        Meant(
            ("compressing(C(*).compressobj(*", "each(lambda more: compressing(*"),
            *("after failure: 0", f"after failure: {SIZE_INCORRECT}"),
            *("after failure: ZstdError: *", f"after failure: {SIZE_INCORRECT}"),
        ),
        Meant(
            ("*joined(chunked(C().chunker(*",),
            "after failure: ZstdError: cannot * before consuming output from previous operation",
            f"after failure: {SIZE_INCORRECT}",
        ),
        Meant(
            ("[c := C(), chunked(c.chunker(size=1), *",),
            "ZstdError: cannot call finish() before consuming output from previous operation",
            SIZE_INCORRECT,
        ),
        Meant(
            (
                "each(lambda more: [watched(*().stream_writer(s := Sink(), *",
                "each(lambda more: [watched(D().stream_writer(s := Sink()), *",
                "[watched(D(max_window_size=*).stream_writer(s := Sink()), s, *), s.data]",
            ),
            *("after failure: #", "after failure: ZstdError: zstd *compress error: *"),
            *("after failure: ['*(*)']", "after failure: []"),
        ),
        Meant(
            (
                "each(lambda call: watched(D().stream_reader(s := Source(HELLO + b'x', 9), *",
                "watched(D().stream_reader(s := Answers(array.array('I', [1]), HELLO)), *",
            ),
            *("after failure: ['read(#)']", "after failure: []"),
        ),
        # What is not marked as after failure.
        Meant(
            (
                "[written(D().stream_writer(s := Sink()), LONG_BLOCK, 1000, 1), s.calls()]",
                "[within(D(max_window_size=2**20).stream_writer(s := Sink()), 'write(*",
            ),
            "#",
            "ZstdError: zstd decompress error: *",
        ),
        Meant(
            ("[watched(D(max_window_size=*).stream_writer(s := Sink()), s, 'write(BAD_*",),
            *("b'hello world'", "b''"),
            *("b'hello world'", "400 bytes of SHA-256 *"),
        ),
        Meant(
            ("joined(chunked(C().chunker(*", "each(lambda more: joined(chunked(C().chunker(size=*"),
            "[*Error(kind='ZstdError', message='zstd compress error: Src size is incorrect')*]",
            "[*Aftermath(*Error(kind='ZstdError', *Src size is incorrect*'))]",
        ),
    ),
}
