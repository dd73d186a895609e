"""What is measured: operations of bindings.py, each on data of a size, and what ours may take."""

from collections.abc import Callable
from dataclasses import dataclass

from bindings import OUR_NAME

KIB, MIB = 1 << 10, 1 << 20

# The C loop, beside the bindings.
C = "C loop"
EMPTY_CALL, LINES, LINES_ALONE = "an empty method call", "lines of 80 B", "lines of bytes"
DECOMPRESS_LINES = "decompress these lines"
LARGEST_RESULT = "largest result of decompressobj"
# By the name of a case, by that of a contestant: what it took.
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Goal:
    """What ours may take: in words, and worked out of a run's figures; KeyError without these."""

    words: str
    limit: Callable[[Figures, str], float]


TIMES = ("time", "fresh time")


@dataclass(frozen=True)
class Case:
    """An operation on data of a size, and what of it is measured: as Run.measure() has it."""

    name: str
    operation: str
    size: int = 0
    goal: Goal | None = None
    what: str = "time"


def c_loop(factor: float) -> Goal:
    """Allow some times what the C loop takes."""
    return Goal(f"{factor} x C loop", lambda figures, case: factor * figures[case][C])


def c_loop_and_call(nanoseconds: int) -> Goal:
    """Allow what the C loop and an empty call take, and something more."""
    return Goal(
        f"C loop + an empty call + {nanoseconds} ns",
        lambda figures, case: figures[case][C] + figures[EMPTY_CALL]["Python"] + nanoseconds * 1e-9,
    )


def other_case(factor: float, other: str) -> Goal:
    """Allow some times what ours takes for another case."""
    return Goal(f"{factor} x {other}", lambda figures, _: factor * figures[other][OUR_NAME])


def speed_up(factor: float, alone: str) -> Goal:
    """Ask for this part of the speed-up of two threads in C over one, which is the other case."""
    return Goal(
        f"{factor} x C's speed-up",
        lambda figures, case: (
            figures[alone][OUR_NAME] / (factor * figures[alone][C] / figures[case][C])
        ),
    )


def constant(words: str, value: float) -> Goal:
    """Allow a figure."""
    return Goal(words, lambda _figures, _case: value)


ONE_BUFFER = ("compress", "decompress")
SIZES = {
    "64 B": 64,
    "1 KiB": KIB,
    "16 KiB": 16 * KIB,
    "64 KiB": 64 * KIB,
    "256 KiB": 256 * KIB,
    "4 MiB": 4 * MIB,
}
CALL_GOALS = {"compress, 64 B": c_loop_and_call(100), "decompress, 64 B": c_loop_and_call(50)}
STREAMS = (
    *("compressobj", "decompressobj", "compression reader", "decompression reader"),
    *("compression writer", "decompression writer"),
)
LARGE = 64 * MIB
# What a level-3 frame of this much refers back to, and a piece of input; what is granted beside.
BASE = 2 * MIB + 64 * KIB + MIB
MEMORY = constant("window + pieces + 1 MiB", BASE + 64 * KIB)
# It returns all that comes of its input, be it many times as much.
MEMORY_GOALS = {
    "decompressobj": Goal(
        "window + piece + largest result + 1 MiB",
        lambda figures, _: BASE + figures[LARGEST_RESULT]["Python"],
    )
}


def sized(operation: str, name: str, size: int) -> Case:
    """Return the case of one buffer that is compressed or decompressed in one call."""
    goal = c_loop(1.02) if size >= 16 * KIB else CALL_GOALS.get(f"{operation}, {name}")
    return Case(f"{operation}, {name}", operation, size, goal)


def by_threads(name: str, operation: str, size: int, one: float | None, two: float) -> list[Case]:
    """Return the cases of some work by one thread and by two, with the goals' factors."""
    return [
        Case(name, operation, size, c_loop(one) if one else None),
        Case(f"{name}, 2 threads", f"{operation} with threads", size, speed_up(two, name)),
    ]


CASES = [
    Case(EMPTY_CALL, "empty call"),
    *(sized(operation, name, size) for operation in ONE_BUFFER for name, size in SIZES.items()),
    Case("compress with dictionary, 200 B", "compress with dictionary", 200),
    Case("decompress with dictionary, 200 B", "decompress with dictionary", 200, c_loop(1.35)),
    Case(
        "new compressor, compress 1 KiB",
        "new compressor",
        KIB,
        other_case(1.15, "compress, 1 KiB"),
    ),
    *(
        Case(
            f"function {operation}, 1 KiB",
            f"function {operation}",
            KIB,
            other_case(1.15, f"{operation}, 1 KiB"),
        )
        for operation in ONE_BUFFER
    ),
    *(Case(f"{stream}, 4 MiB in 64 KiB", stream, 4 * MIB, c_loop(1.03)) for stream in STREAMS),
    Case(DECOMPRESS_LINES, "decompress lines", 4 * MIB),
    Case(LINES_ALONE, "lines of bytes", 4 * MIB),
    Case(
        LINES,
        "lines",
        4 * MIB,
        Goal(
            "decompress + 0.5 x BufferedReader",
            lambda figures, _: (
                figures[DECOMPRESS_LINES][OUR_NAME] + 0.5 * figures[LINES_ALONE]["Python"]
            ),
        ),
    ),
    Case(
        "text lines",
        "text lines",
        4 * MIB,
        Goal(
            "1.05 x decompress + TextIOWrapper",
            lambda figures, case: 1.05 * figures[case]["Python"],
        ),
    ),
    *by_threads("multi_compress, 1,000 x 4 KiB", "multi_compress", 4 * KIB, 1.03, 0.97),
    *by_threads("multi_decompress, 1,000 x 4 KiB", "multi_decompress", 4 * KIB, 1.03, 0.97),
    *by_threads("compress shared, 64 KiB", "compress many", 64 * KIB, None, 0.95),
    *by_threads("decompress shared, 64 KiB", "decompress many", 64 * KIB, None, 0.95),
    *by_threads("compress, 64 MiB", "compress", LARGE, None, 0.97),
    Case("decompress, 64 MiB", "decompress to fresh memory", LARGE, c_loop(1.02), "fresh time"),
    Case("import", "import", goal=constant("3 ms", 0.003), what="import"),
    Case("stripped extension", "size", goal=constant("150 KB", 150e3), what="size"),
    Case(LARGEST_RESULT, "largest result", LARGE, what="largest result"),
    *(
        Case(f"memory of {stream}", stream, LARGE, MEMORY_GOALS.get(stream, MEMORY), "memory")
        for stream in STREAMS
    ),
]
