"""Cases on names, constants, and what types and their objects can do as objects of Python."""

import pickle
from collections.abc import Iterator

CONSTANTS = """
    BLOCKSIZELOG_MAX BLOCKSIZE_MAX CHAINLOG_MAX CHAINLOG_MIN COMPRESSION_RECOMMENDED_INPUT_SIZE
    COMPRESSION_RECOMMENDED_OUTPUT_SIZE COMPRESSOBJ_FLUSH_BLOCK COMPRESSOBJ_FLUSH_FINISH
    CONTENTSIZE_ERROR CONTENTSIZE_UNKNOWN DECOMPRESSION_RECOMMENDED_INPUT_SIZE
    DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE DICT_TYPE_AUTO DICT_TYPE_FULLDICT DICT_TYPE_RAWCONTENT
    FLUSH_BLOCK FLUSH_FRAME FORMAT_ZSTD1 FORMAT_ZSTD1_MAGICLESS FRAME_HEADER HASHLOG_MAX HASHLOG_MIN
    LDM_BUCKETSIZELOG_MAX LDM_MINMATCH_MAX LDM_MINMATCH_MIN MAGIC_NUMBER MAX_COMPRESSION_LEVEL
    MINMATCH_MAX MINMATCH_MIN SEARCHLENGTH_MAX SEARCHLENGTH_MIN SEARCHLOG_MAX SEARCHLOG_MIN
    STRATEGY_BTLAZY2 STRATEGY_BTOPT STRATEGY_BTULTRA STRATEGY_BTULTRA2 STRATEGY_DFAST STRATEGY_FAST
    STRATEGY_GREEDY STRATEGY_LAZY STRATEGY_LAZY2 TARGETLENGTH_MAX TARGETLENGTH_MIN WINDOWLOG_MAX
    WINDOWLOG_MIN backend
""".split()

TYPES = {
    "C": (
        "C()",
        """
        compress compressobj frame_progression memory_size
        chunker copy_stream read_to_iter stream_reader stream_writer multi_compress_to_buffer
        """,
    ),
    "D": (
        "D()",
        """
        decompress decompressobj memory_size multi_decompress_to_buffer
        copy_stream read_to_iter stream_reader stream_writer
        """,
    ),
    "CP": (
        "CP()",
        """
        format compression_level window_log hash_log chain_log search_log min_match target_length
        strategy write_content_size write_checksum write_dict_id job_size overlap_log
        force_max_window enable_ldm ldm_hash_log ldm_min_match ldm_bucket_size_log
        ldm_hash_rate_log threads from_level estimated_compression_context_size
        """,
    ),
    "CO": ("C().compressobj()", "compress flush"),
    "DO": ("D().decompressobj()", "decompress flush eof unused_data unconsumed_tail"),
    "CR": (
        "C().stream_reader(b'abc')",
        """
        __enter__ __exit__ __iter__ __next__ close closed flush isatty read read1 readable readall
        readinto readinto1 readline readlines seekable tell writable write writelines
        """,
    ),
    "DR": (
        "D().stream_reader(HELLO)",
        """
        __enter__ __exit__ __iter__ __next__ close closed flush isatty read read1 readable readall
        readinto readinto1 readline readlines seek seekable tell writable write writelines
        """,
    ),
    "CW": (
        "C().stream_writer(Sink())",
        """
        __enter__ __exit__ __iter__ __next__ close closed fileno flush isatty memory_size read
        readable readall readinto readline readlines seek seekable tell truncate writable write
        writelines
        """,
    ),
    "DW": (
        "D().stream_writer(Sink())",
        """
        __enter__ __exit__ __iter__ __next__ close closed fileno flush isatty memory_size read
        readable readall readinto readline readlines seek seekable tell truncate writable write
        writelines
        """,
    ),
    "CI": ("C().read_to_iter(b'abc')", "__iter__ __next__"),
    "DI": ("D().read_to_iter(HELLO)", "__iter__ __next__"),
    "CK": ("C().chunker()", "compress finish flush"),
    "KI": ("C().chunker().finish()", "__iter__ __next__"),
    "FP": (
        "z.get_frame_parameters(HELLO)",
        "content_size window_size dict_id has_checksum",
    ),
    "CD": ("CD(FULL)", "as_bytes d dict_id k precompute_compress __len__"),
    "BW": ("joint(b'abc', b'de')", "segments size tobytes __getitem__ __len__"),
    "BS": ("joint(b'abc', b'de').segments()", "__getitem__ __len__"),
    "BG": ("joint(b'abc', b'de')[1]", "offset tobytes __len__"),
    "BC": ("BC(joint(b'abc', b'de'), joint(b'f'))", "size __getitem__ __len__"),
}

FUNCTIONS = """
    compress decompress estimate_decompression_context_size frame_content_size frame_header_size
    get_frame_parameters open train_dictionary
""".split()

OPERATIONS = (
    "{0} < {0}",
    "{} + 1",
    "{}()",
    "{}[0]",
    "len({})",
    "iter({})",
    "next({})",
    "bytes({})",
    "memoryview({})",
    "int({})",
    "list({})",
    "{}.novel",
    "{}.__dict__",
    "setattr({}, 'novel', 1)",
    "hasattr({}, '__enter__')",
    "weakref.ref({})",
    "copy.copy({})",
    "copy.deepcopy({})",
)

# What 0.25.0 lacks, and what calls through the class do.
OTHERS = (
    "z.ZstdCompressionObj",
    "z.ZstdDecompressionObj",
    "z.ZstdCompressionChunker",
    "z.ZstdCompressionChunkerIterator",
    "z.ZstdCompressorIterator",
    "z.ZstdDecompressorIterator",
    "C().stream_reader(b'abc').seek",
    "C().stream_reader(b'abc').fileno",
    "D().stream_reader(HELLO).fileno",
    "D().stream_reader(HELLO).peek",
    "D().stream_reader(HELLO).name",
    "D().stream_reader(HELLO).mode",
    "C().stream_reader(b'abc').mode",
    "C().stream_writer(Sink()).name",
    "C().stream_writer(Sink()).mode",
    "CR.read(D().stream_reader(HELLO))",
    "DR.read(C().stream_reader(b'abc'))",
    "CR.closed.__get__(D().stream_reader(HELLO))",
    "CW.tell(D().stream_writer(Sink()))",
    "DW.tell(C().stream_writer(Sink()))",
    "CI.__next__(D().read_to_iter(HELLO))",
    "CK.finish(C().compressobj())",
    "KI.__next__(C().chunker())",
    "C().compress_into",
    "D().decompress_into",
    "C().multi_compress",
    "D().multi_decompress",
    "D().decompressobj().needs_input",
    "z.ZstdError.code, z.ZstdError.name",
    "z.frame_content_size(source=HELLO)",
    "z.frame_header_size(source=HELLO)",
    "C.compress()",
    "C.compress(1, b'abc')",
    "C.compress(D(), b'abc')",
    "packed(C.compress(C(), b'abc'))",
    "CO.flush(D().decompressobj())",
    "DO.flush(C().compressobj())",
    "DO.decompress(D(), HELLO)",
    "DO.eof.__get__(C())",
    "FP.dict_id.__get__(C())",
    "type(z.__version__)",
    "z.backend_c.__name__",
    "type(z.backend_features)",
    "sorted(z.backend_features)",
)


def cases() -> Iterator[str]:
    for name in CONSTANTS:
        yield f"z.{name}, type(z.{name})"
    for name in FUNCTIONS:
        yield f"callable(z.{name}), z.{name}.__name__"
    for name, (make, members) in TYPES.items():
        yield from of_type(name, make)
        for member in members.split():
            yield f"type({make}.{member})"
            yield f"setattr({make}, '{member}', 1)"
    yield from of_error()
    yield from OTHERS
    for policy in (
        "default",
        "cext",
        "cffi_fallback",
        "",
        "CEXT",
        "rust",
        "rust_fallback",
        "other",
    ):
        yield f"import_with_policy({policy!r})"


def of_type(name: str, make: str) -> Iterator[str]:
    yield f"{name}"
    yield f"type({name})"
    yield f"{name}.__mro__"
    yield f"{name}.__module__, {name}.__name__, {name}.__qualname__"
    yield f"{name}()"
    yield f"{name}(*range(8))"
    yield f"type('Derived', ({name},), {{}}).__mro__[1:]"
    yield f"setattr({name}, 'novel_in_class', 1)"
    yield make
    yield f"type({make}) is {name}"
    yield f"(lambda a, b: (a == a, a == b, a != b, hash(a) == hash(a), bool(a)))({make}, {make})"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield f"pickle.dumps({make}, {protocol})"
    for operation in OPERATIONS:
        yield operation.format(make)


def of_error() -> Iterator[str]:
    yield "z.ZstdError"
    yield "z.ZstdError.__mro__"
    yield "z.ZstdError.__module__"
    yield "z.backend_c.ZstdError is z.ZstdError"
    yield "z.ZstdError('text', 1).args"
    yield "str(z.ZstdError()), str(z.ZstdError('text')), repr(z.ZstdError('text'))"
    yield "z.ZstdError(text='text')"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        yield f"repr(pickle.loads(pickle.dumps(z.ZstdError('text', 1), {protocol})))"
    yield "pickle.loads(b'czstandard.backend_c\\nZstdError\\n.') is z.ZstdError"
    yield "repr(copy.copy(z.ZstdError('text'))), repr(copy.deepcopy(z.ZstdError('text')))"
    yield "repr(type('Derived', (z.ZstdError,), {})('text'))"
    yield "setattr(z.ZstdError('text'), 'novel', 1)"
