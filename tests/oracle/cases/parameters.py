"""Cases on ZstdCompressionParameters, and on what compresses by them."""

from collections.abc import Iterator
from itertools import combinations

from oracle.cases.arguments import VALUES

NAMES = """
    format compression_level window_log hash_log chain_log search_log min_match target_length
    strategy write_content_size write_checksum write_dict_id job_size overlap_log force_max_window
    enable_ldm ldm_hash_log ldm_min_match ldm_bucket_size_log ldm_hash_rate_log threads
""".split()

# What 0.25.0 lacks and every libzstd has, of those that 1 is a value of.
NEW = """
    rsyncable force_attach_dict literal_compression_mode src_size_hint enable_dedicated_dict_search
    use_block_splitter use_row_match_finder deterministic_ref_prefix prefetch_cdict_tables
""".split()

# Around the bounds of all of them.
NUMBERS = (
    *(-(2**31), -200_000, -131_073, -131_072, -100, -2, -1, *range(34), 64, 255, 256, 257, 4095),
    *(4096, 4097, 131_071, 131_072, 131_073, 2**19, 2**20, 2**30 - 1, 2**30, 2**30 + 1, 2**31 - 1),
)
LEVELS = (-200_000, -131_072, -100, -7, -1, *range(24), 100)
SIZES = (0, 1, 1000, 20_000, 200_000, 2**24, 2**31, 2**32 + 1, 2**63)

# Parameters that change frames, which go with each other.
SETTINGS = (
    "compression_level=1",
    "compression_level=7",
    "compression_level=-5",
    "compression_level=17",
    "window_log=12",
    "hash_log=8",
    "chain_log=8, strategy=5",
    "search_log=1, min_match=5, strategy=4",
    "target_length=50, strategy=7",
    "strategy=1",
    "strategy=9, window_log=14",
    "write_content_size=0",
    "write_checksum=1",
    "write_dict_id=1",
    "format=1",
    "force_max_window=1",
    "enable_ldm=1, window_log=18",
    "enable_ldm=1, ldm_hash_log=10, ldm_min_match=20, ldm_bucket_size_log=2, ldm_hash_rate_log=3",
)
THREADED = (
    "threads=1",
    "threads=2, job_size=2**19",
    "threads=2, job_size=2**19, overlap_log=9",
    "threads=1, job_size=2**20, overlap_log=1, compression_level=1",
    "threads=2, enable_ldm=1, window_log=20, job_size=2**20",
)
WRITER = "w := {}.stream_writer(s, closefd=False)"
SHAPES = (
    "packed({}.compress(given))",
    "fed({}.compressobj(), given, 50_000)",
    "fed({}.compressobj(size=len(given)), given, 50_000, 2)",
    "joined(pulled({}.read_to_iter(given)))",
    "joined(pulled({}.read_to_iter(Source(given), write_size=1000)))",
    "joined(chunked({}.chunker(chunk_size=1000), 'compress(given)', 'finish()', given=given))",
    "packed(merged(whole({}.stream_reader(Source(given))))[0])",
    "[s := io.BytesIO(), {}.copy_stream(Source(given), s)[0], packed(s.getvalue())][1:]",
    f"[s := io.BytesIO(), {WRITER}, *written(w, given, 70_000), packed(s.getvalue())][2:]",
    "[packed({}.multi_compress_to_buffer([given, given])[1].tobytes())]",
)
BY_LEVEL = "compression_params=CP.from_level({})"


def cases() -> Iterator[str]:
    yield from values()
    yield from arguments()
    yield from levels()
    yield from frames()
    yield from shapes()
    yield from estimates()
    yield from constructors()


def values() -> Iterator[str]:
    yield "settings(CP())"
    yield "settings(CP.__new__(CP, 1, nothing=1))"
    for name in NAMES:
        yield f"each(lambda n: settings(CP({name}=n)), {NUMBERS})"
        yield f"each(lambda n: settings(CP.from_level(3, {name}=n)).index(n), {NUMBERS[:20]})"
    for setting in (*SETTINGS, *THREADED):
        yield f"settings(CP({setting}))"
    for count in range(len(NAMES) + 2):
        plain = (0, 3, 10, 6, 6, 1, 3, 1, 1, 1, 1, 1, 0, 1, 0, 1, 6, 4, 1, 1, 2, 0)
        yield f"settings(CP(*{plain[:count]}))"
    yield "[p := CP(window_log=12), p.__init__(hash_log=10), settings(p)][1:]"
    yield "[p := CP(window_log=12), attempt(lambda: p.__init__(hash_log=99)), settings(p)][1:]"


def arguments() -> Iterator[str]:
    for value in VALUES:
        for name in NAMES:
            yield f"settings(CP({name}={value}))"
        yield f"settings(CP({value}))"
        yield f"settings(CP.from_level({value}))"
        yield f"settings(CP.from_level(3, window_log={value}))"
        yield f"settings(CP.from_level(3, source_size={value}))"
        yield f"settings(CP.from_level(3, dict_size={value}))"
    yield "CP(novel=1)"
    yield "CP(0, format=0)"
    yield "CP(**{'format': 0, 'novel': 1})"
    yield "CP.from_level()"
    yield "CP.from_level(3, novel=1)"
    yield "CP.from_level(3, 5)"
    yield "CP.from_level(3, 5, 7)"
    yield "CP.from_level(3, 5, 7, 9)"
    yield "CP.from_level(level=3)"
    yield "CP.from_level(3, level=3)"
    yield "settings(CP().from_level(3))"
    for name in NEW:
        yield f"settings(CP({name}=1))"
        yield f"settings(CP.from_level(3, {name}=1))"
    yield "z.compression_bounds()['window_log'], z.decompression_bounds()['format']"
    yield "CP().estimated_compression_context_size(1)"


def levels() -> Iterator[str]:
    for source_size in SIZES:
        sizes = f"source_size={source_size}, dict_size="
        for dict_size in (0, 1000, 100_000, 2**31):
            make = f"CP.from_level(level, {sizes}{dict_size})"
            yield f"each(lambda level: native(settings({make})), {LEVELS})"
    for setting in SETTINGS:
        yield f"each(lambda level: native(settings(CP.from_level(level, {setting}))), {LEVELS})"
    yield "each(lambda threads: CP.from_level(3, threads=threads).threads, (-1, 0, 1, 300))"


def frames() -> Iterator[str]:
    for setting in SETTINGS:
        for kind in ("text", "mixed", "zeros"):
            make = f"C(compression_params=CP({setting}))"
            yield f"each(lambda n: packed({make}.compress({kind}(n))), (0, 1, 1000, 150_000))"
    for one, other in combinations(SETTINGS, 2):
        names = [part.split("=")[0] for part in f"{one}, {other}".split(", ")]
        if len(set(names)) == len(names):
            make = f"C(compression_params=CP({one}, {other}))"
            yield f"packed({make}.compress(mixed(100_000)))"
    make = "C(compression_params=CP(format=1, write_checksum=1))"
    yield f"D(format=1).decompress({make}.compress(text(5000)))"
    yield f"D().decompress({make}.compress(text(5000)))"


def shapes() -> Iterator[str]:
    for setting in ("", SETTINGS[1], SETTINGS[10], SETTINGS[11], SETTINGS[12], SETTINGS[-2]):
        for shape in SHAPES:
            run = shape.format(f"C(compression_params=CP({setting}))")
            yield f"each(lambda given: {run}, (b'', text(5000), mixed(200_000)))"
    for setting in THREADED:
        for shape in (SHAPES[0], f"{SHAPES[2]}[1]", SHAPES[6]):
            run = shape.format(f"C(compression_params=CP({setting}))")
            yield f"each(lambda given: {run}, (b'', text(5000), mixed(1_500_000)))"
    for level in (-5, 1, 3, 6, 9, 13, 16, 19):
        for size in (0, 1000, 150_000):
            make = f"C({BY_LEVEL.format(f'{level}, source_size={size}')})"
            yield f"each(lambda n: packed({make}.compress(text(n))), (0, 1000, 150_000))"


def estimates() -> Iterator[str]:
    for setting in ("", *SETTINGS[:16]):
        yield f"native(CP({setting}).estimated_compression_context_size() // 2**16)"
    for level in LEVELS:
        yield f"native(CP.from_level({level}).estimated_compression_context_size() // 2**16)"
    yield "CP(threads=1).estimated_compression_context_size()"
    yield "CP(enable_ldm=1, ldm_min_match=64).estimated_compression_context_size() > 1_000_000"
    yield "CP(enable_ldm=1).estimated_compression_context_size() > 1_000_000"


def constructors() -> Iterator[str]:
    for other in (
        *("threads=0", "threads=1", "threads=-1", "write_checksum=None", "write_checksum=True"),
        *("write_checksum=False", "write_content_size=True", "write_content_size=False"),
        *("write_dict_id=True", "write_dict_id=False", "level=1", "level=19", "level=23"),
        "dict_data=None",
    ):
        yield f"packed(C(compression_params=CP(window_log=12), {other}).compress(text(5000)))"
    for value in VALUES:
        yield f"packed(C(compression_params={value}).compress(b'abc'))"
    for arguments in (
        *("3", "3, None", "3, None, None", "3, None, CP(window_log=12)", "3, None, None, True"),
        *("3, None, None, None, False", "3, None, None, None, None, True"),
        *("1, None, None, True, False, True, 1", "3, None, None, None, None, None, 0, 0"),
        *("3, None, level=3", "3, CP()", "3, None, CP(), True"),
    ):
        yield f"packed(C({arguments}).compress(text(5000)))"
    for arguments in (
        *("None", "None, 0", "None, 2**20", "None, 0, 0", "None, 0, 1", "None, 0, 0, 0"),
        *("None, 5", "None, 0, 9", "None, dict_data=None", "0", "3", "CP()"),
    ):
        yield f"D({arguments}).decompress(HELLO)"
    yield "D(force_ignore_checksum=True).decompress(BAD_CHECKSUM)"
    make = "p := CP(window_log=12), c := C(compression_params=p)"
    yield f"[{make}, p.__init__(), packed(c.compress(text(5000)))][2:]"
