"""Differences in names, types and objects."""

from oracle.differences.meant import Meant

ONLY_MADE = ("CO", "DO", "CR", "DR", "CI", "DI", "CK", "KI")
ALL = (*ONLY_MADE, "C", "D", "CD", "CP", "CW", "DW", "FP", "BW", "BS", "BG", "BC")

DIFFERENCES = {
    "Classes that only methods make": (
        Meant(
            tuple(f"{name}(*)" for name in (*ONLY_MADE, "FP", "BS", "BG")),
            "<zstandard.backend_c.* object>",
            "TypeError: cannot create * instances",
        ),
        Meant(
            tuple(f"type('Derived', ({name},)*" for name in ("CO", "DO", "CI", "DI", "CK", "KI")),
            "(<class 'zstandard.backend_c.*",
            "TypeError: type '*' is not an acceptable base type",
        ),
    ),
    "Classes of writers": (
        Meant(
            ("CW(*)", "DW(*)"),
            "<zstandard.backend_c.* object>",
            "TypeError: *() missing required argument '*' (pos 1)",
            "<zstandard.backend_c.* object>",
            "TypeError: *() takes at most * arguments (8 given)",
        ),
    ),
    "Immutable classes": (
        Meant(
            tuple(f"setattr({name}, 'novel_in_class', 1)" for name in ALL),
            "None",
            "TypeError: cannot set 'novel_in_class' attribute of immutable type *",
        ),
    ),
    "The chunker's class": (
        Meant(
            ("CK", "CK.*", "C().chunker(*"),
            "*ZstdCompressionChunkerType*",
            "*ZstdCompressionChunker*",
        ),
    ),
    "Streams as files": (
        Meant(
            (
                "isinstance(*().stream_reader(*), io.*",
                "isinstance(*().stream_writer(*), io.*",
            ),
            "False",
            "True",
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
        Meant(
            ("each(lambda before: watched(C().stream_writer(*, 'memory_size() > 90_000', *",),
            "False",
            "True",
        ),
    ),
    "New names": (
        Meant(
            (
                "C().compress_into",
                "C().multi_compress",
                "D().multi_decompress",
                "D().decompress_into",
                "D().decompressobj().needs_input",
                "*().stream_reader(*).fileno",
                "C().stream_reader(b'abc').seek",
                "D().stream_reader(HELLO).peek",
                "z.ZstdCompressionObj",
                "z.ZstdDecompressionObj",
                "z.ZstdCompressionChunker",
                "z.ZstdCompressionChunkerIterator",
                "z.ZstdCompressorIterator",
                "z.ZstdDecompressorIterator",
                "z.ZstdError.code, z.ZstdError.name",
            ),
            "AttributeError: *",
            "*",
        ),
        Meant(
            (
                "each(lambda before: steps(*().stream_reader(*), *before, 'fileno()', *",
                "each(lambda before: steps(*().stream_reader(*), *before, 'truncate()', *",
                "each(lambda before: steps(*().stream_reader(*), *before, 'detach()', *",
                "each(lambda before: watched(*().stream_writer(*), s, *before, 'detach()', *",
                "steps(C().stream_reader(*), *'seek(*",
                "steps(z.open(Source(HELLO), 'r'), 'fileno()')",
                "steps(z.open(Source(HELLO), 'r'), 'truncate()')",
            ),
            "AttributeError: *",
            "UnsupportedOperation: *",
        ),
        Meant(
            (
                "D().decompressobj().decompress(HELLO, 5)",
                "D().decompressobj().decompress(HELLO, max_length=5)",
            ),
            "TypeError: decompress() takes at most 1 argument (2 given)",
            "b'hello'",
        ),
        Meant(
            (
                "C().copy_stream(Source(b'x'), Sink(), 1, 9, 9, None)",
                "D().copy_stream(Source(HELLO), Sink(), 9, 9, None)",
            ),
            "TypeError: copy_stream() takes at most * arguments (* given)",
            "(*, *)",
        ),
    ),
    "Import policies": (
        Meant(("import_with_policy('rust')",), "ModuleNotFoundError: *", "ImportError: *"),
    ),
}
