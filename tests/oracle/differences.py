"""The differences from 0.25.0 that are meant: docs/differences.md tells users of each."""

import re
import sys
from functools import cache
from typing import NamedTuple

from oracle.comparison import Difference
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

OUT_OF_INT = (
    *("2**31", "-2**31-1", "2**32-1", "2**32", "2**32+1", "2**63-1", "2**63", "-2**63", "-2**63-1"),
    *("2**64-2", "2**64-1", "2**64", "2**64+5", "2**100", "-2**100", "Index(2**70)"),
)
OUT_OF_SSIZE = ("2**63", "-2**63-1", "2**64-2", "2**64-1", "2**64", "2**64+5", "2**100", "-2**100")
OUT_OF_ULONGLONG = ("2**64", "2**64+5", "2**100")

# Cases in which versions of libzstd differ: what they notice of damage, and what is a skippable
# frame's dictionary.
LIBZSTD_DIFFERS = (
    "each(lambda n: *D()*flipped(*",
    "*get_frame_parameters(*skippable(*",
    "*get_frame_parameters(*SKIPPABLE*",
    "received(D(format=1).decompressobj(), SKIPPABLE, *",
)


@cache
def glob(pattern: str) -> re.Pattern[str]:
    """Return the expression for a pattern in which * stands for any text."""
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)


class Meant(NamedTuple):
    """A difference that is meant, by patterns: in which cases, and what each release gives."""

    cases: tuple[str, ...]
    theirs: str
    ours: str

    def explains(self, case: str, difference: Difference) -> bool:
        """Return whether the difference, found in the case, is this one."""
        return bool(
            glob(self.theirs).fullmatch(difference.theirs)
            and glob(self.ours).fullmatch(difference.ours)
            and any(glob(pattern).fullmatch(case) for pattern in self.cases)
        )


# By the heading in the page.
# From 3.14 on, the parsing of arguments in CPython that 0.25.0 uses takes objects with __index__.
OBJECTS_WITH_INDEX = (
    (
        Meant(
            ("compressing(C().compressobj(size=Index(2**70)), 'flush()')",),
            "[*",
            "OverflowError: *",
        ),
        Meant(
            ("D().decompressobj(Index(2**70)).decompress(HELLO)",),
            "ValueError: write_size must be positive",
            "OverflowError: *",
        ),
    )
    if sys.version_info >= (3, 14)
    else (
        *(
            Meant(
                (f"compressing(C().compressobj(size={value}), 'flush()')",),
                "TypeError: compressobj() argument 1 must be int, not *",
                result,
            )
            for value, result in (
                ("Index(0)", "[*"),
                ("Index(1)", "[*"),
                ("Index(2**70)", "OverflowError: int too big to convert"),
                ("Failing()", "LookupError: no index"),
            )
        ),
        *(
            Meant(
                (f"D().decompressobj({value}).decompress(HELLO)",),
                "TypeError: decompressobj() argument 1 must be int, not *",
                result,
            )
            for value, result in (
                ("Index(0)", "ValueError: write_size must be positive, not 0"),
                ("Index(1)", "b'hello world'"),
                ("Index(2**70)", "OverflowError: *"),
                ("Failing()", "LookupError: no index"),
            )
        ),
    )
)

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
                tuple(f"{call}(HELLO, {bound})" for bound in ("True", *"1237", "Index(1)")),
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
    "A large write_size": (
        Meant(
            (
                "D().decompressobj(2**63-1).decompress(HELLO)",
                "D().decompressobj(write_size=2**63-1).decompress(EMPTY)",
            ),
            "MemoryError: ",
            "b'*",
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
                "D(max_window_size=*).decompress(VAST*",
                "each(lambda tail: D().decompress(VAST*",
                "each(lambda n: D().decompress(VAST[:n]*",
                "each(lambda n: D().decompress(flipped(CHECKED, n)*",
                "each(lambda n: D().decompress(flipped(BLOCKS, n)*",
                "z.decompress(VAST*",
            ),
            "MemoryError: ",
            "ZstdError: decompression error: *",
        ),
    ),
    "Frames that state no content": (
        Meant(
            (
                "D().decompress(STATES_NONE*",
                "D(format=1).decompress(STATES_NONE*",
                "D(max_window_size=*).decompress(STATES_NONE*",
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
                "D(max_window_size=*).decompress(SKIPPABLE_EMPTY*",
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
                "D(max_window_size=*).decompress(LONG_BLOCK*",
                "each(lambda tail: D().decompress(LONG_BLOCK*",
                "z.decompress(LONG_BLOCK*",
            ),
            "131073 bytes of SHA-256 *",
            "ZstdError: decompression error: Data corruption detected",
        ),
        Meant(
            (
                "D(format=1).decompress(LONG_BLOCK*, allow_extra_data=False)",
                "each(lambda tail: D().decompress(LONG_BLOCK + tail, 500_000, False, False)*",
            ),
            "ZstdError: compressed input contains * bytes of unused data, *",
            "ZstdError: decompression error: Data corruption detected",
        ),
    ),
    "Frames with several faults": (
        Meant(
            (
                "each(lambda n: D().decompress(*[:n]*",
                "each(lambda n: D().decompress(flipped(*",
            ),
            "ZstdError: decompression error: *",
            "ZstdError: decompression error: *",
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
            ("each(lambda more: compressing(*",),
            "after failure: 0",
            "after failure: ZstdError: zstd compress error: Src size is incorrect",
        ),
    ),
    "Numbers out of range": (
        Meant(
            (
                *(f"D(format={value})" for value in OUT_OF_INT),
                *(f"fields(z.get_frame_parameters(HELLO, {value}))" for value in OUT_OF_INT),
                *(f"fields(z.get_frame_parameters(HELLO, format={value}))" for value in OUT_OF_INT),
                *(f"D().decompressobj({value}).decompress(HELLO)" for value in OUT_OF_SSIZE),
                *(f"compressing(C().compressobj(size={n}), 'flush()')" for n in OUT_OF_ULONGLONG),
                *(f"compressing(C().compressobj({n}), *" for n in OUT_OF_ULONGLONG),
            ),
            "*",
            "OverflowError: *",
        ),
        Meant(
            tuple(f"D().decompressobj(write_size={n}).decompress(EMPTY)" for n in OUT_OF_SSIZE),
            "*",
            "OverflowError: *",
        ),
    ),
    "Sizes under zero": (
        Meant(
            ("compressing(C().compressobj(*-*)*",),
            "[*",
            "ValueError: size must be -1 (unknown) or more, not -*",
        ),
        Meant(
            ("D().decompressobj(-*).*", "D().decompressobj(write_size=-*"),
            "MemoryError: ",
            "ValueError: write_size must be positive, not -*",
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
            "TypeError: *() missing required argument 'data' (pos 1)",
        ),
    ),
    "Classes that only methods make": (
        Meant(
            ("CO(*)", "DO(*)", "FP()"),
            "<zstandard.backend_c.* object>",
            "TypeError: cannot create * instances",
        ),
        Meant(
            ("type('Derived', (CO,)*", "type('Derived', (DO,)*"),
            "(<class 'zstandard.backend_c.*",
            "TypeError: type '*' is not an acceptable base type",
        ),
    ),
    "Immutable classes": (
        Meant(
            tuple(f"setattr({name}, 'novel_in_class', 1)" for name in ("C", "D", "CO", "DO", "FP")),
            "None",
            "TypeError: cannot set 'novel_in_class' attribute of immutable type *",
        ),
    ),
    "Pickles": (
        Meant(
            tuple(f"pickle.dumps(z.get_frame_parameters(HELLO), {n})" for n in (0, 1)),
            "b'ccopy_reg*",
            "TypeError: cannot pickle *",
        ),
    ),
    "Memory that is kept": (
        Meant(
            ("C().compress(text(100_000))[:0], C().memory_size() > 10_000",), "*False*", "*True*"
        ),
    ),
    "New names": (
        Meant(
            (
                "C().compress_into",
                "D().decompress_into",
                "D().decompressobj().needs_input",
                "z.ZstdCompressionObj",
                "z.ZstdDecompressionObj",
                "z.ZstdError.code, z.ZstdError.name",
            ),
            "AttributeError: *",
            "*",
        ),
        Meant(
            (
                "D().decompressobj().decompress(HELLO, 5)",
                "D().decompressobj().decompress(HELLO, max_length=5)",
            ),
            "TypeError: decompress() takes at most 1 argument (2 given)",
            "b'hello'",
        ),
    ),
    "Import policies": (
        Meant(("import_with_policy('rust')",), "ModuleNotFoundError: *", "ImportError: *"),
    ),
}
