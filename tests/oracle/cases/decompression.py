"""Cases on decompression: what comes of which frames, by which calls in which order."""

from collections.abc import Iterator
from itertools import product

from oracle.cases.compression import BUFFERS, KINDS
from oracle.inputs import BAD, SKIPPED, SOUND

ALL = (*SOUND, *SKIPPED, *BAD)

# What may stand behind a frame.
TAILS = "(b'x', JUNK, HELLO, HELLO[:7], UNSIZED, SKIPPABLE, SKIPPABLE[:6], EMPTY, bytes(1000))"

# Frames, and the bits of them to change: not all of a content size, as 0.25.0 would take a claim of
# gigabytes at its word.
FLIPPED = {
    "HELLO": "range(8 * len(HELLO))",
    "UNSIZED": "range(8 * len(UNSIZED))",
    "CHECKED": "range(8 * len(CHECKED))",
    "CHECKED_UNSIZED": "range(8 * len(CHECKED_UNSIZED))",
    "BLOCKS": "(*range(48), *range(104, 8 * len(BLOCKS)))",
    "BLOCKS_UNSIZED": "range(8 * len(BLOCKS_UNSIZED))",
}

# Fewer of these bits.
FEW_FLIPPED = {frame: f"{bits}[::5]" for frame, bits in FLIPPED.items()}

BOUNDS = ("1", "10", "11", "12", "400", "100_000", "201_075", "201_076", "1_000_000", "-1", "2**50")


def cases() -> Iterator[str]:
    yield from frames()
    yield from buffers()
    yield from real_data()
    yield from pieces()
    yield from orders()
    yield from several()


def frames() -> Iterator[str]:
    for data in ALL:
        yield f"D().decompress({data})"
        yield f"z.decompress({data})"
        yield f"z.decompress({data}, 500_000)"
        yield f"D().decompress({data}, allow_extra_data=False)"
        yield f"D().decompress({data}, 500_000, False, False)"
        yield f"D().decompress({data}, read_across_frames=True)"
        yield f"each(lambda n: D().decompress({data}[:n]), cuts({data}))"
        yield f"each(lambda n: D().decompress({data}[:n], 500_000), cuts({data}))"
        yield f"each(lambda tail: D().decompress({data} + tail), {TAILS})"
        yield f"each(lambda tail: D().decompress({data} + tail, 500_000), {TAILS})"
        yield f"each(lambda tail: D().decompress({data} + tail, 500_000, False, False), {TAILS})"
        yield f"D(format=1).decompress({data})"
        yield f"D(format=1).decompress({data}[4:])"
        yield f"D(format=1).decompress({data}[4:], 500_000)"
        yield f"D(format=1).decompress({data}[4:] + JUNK, 500_000, allow_extra_data=False)"
    for data, bound in product(ALL, BOUNDS):
        yield f"D().decompress({data}, max_output_size={bound})"
    for data in ALL:
        run = f"D(max_window_size=n).decompress({data}, max_output_size=500_000)"
        yield f"each(lambda n: {run}, (2**10, 2**17, 2**20, 2**28))"
    for data, bits in FLIPPED.items():
        yield f"each(lambda n: D().decompress(flipped({data}, n)), {bits})"
        yield f"each(lambda n: D().decompress(flipped({data}, n), 500_000), {bits})"


def buffers() -> Iterator[str]:
    for buffer in BUFFERS:
        yield f"D().decompress({buffer})"
    calls = ("D().decompress", "D().decompressobj().decompress", "z.decompress")
    for call in calls:
        for buffer in ("bytearray", "memoryview", "type('Derived', (bytes,), {})"):
            yield f"{call}({buffer}(HELLO))"
        yield f"[b := bytearray(HELLO), {call}(b), b.append(1)]"
        yield f"[b := bytearray(JUNK), attempt(lambda: {call}(b)), b.append(1)]"


def real_data() -> Iterator[str]:
    for level, kind, size in product((1, 13), KINDS, (0, 1, 300_000)):
        yield f"D().decompress(C({level}).compress({kind}({size})))"
        unsized = f"C({level}, write_content_size=False).compress({kind}({size}))"
        yield f"D().decompress({unsized}, max_output_size={size or 1})"
        yield f"D().decompress({unsized}, max_output_size={size + 1000})"
        yield f"received(D().decompressobj(), {unsized}, 1000)[-1]"


def pieces() -> Iterator[str]:
    steps = "(1, 2, 3, 5, 8, 13, 1_000_000)"
    sizes = "(1, 2, 10, 11, 12, 1000, 200_000)"
    windows = "(2**10, 2**17, 2**20, 2**21, 2**28, 2**31)"
    for data in ALL:
        yield f"each(lambda n: received(D().decompressobj(), {data}, n), {steps})"
        yield f"each(lambda n: received(D().decompressobj(n), {data}, 1_000_000), {sizes})"
        stream = "D(max_window_size=n).decompressobj()"
        yield f"each(lambda n: received({stream}, {data}, 5), {windows})"
        yield f"each(lambda n: received({stream}, {data}, 1_000_000), {windows})"
        stream = "D(format=1).decompressobj"
        yield f"received({stream}(), {data}, 1_000_000)"
        yield f"received({stream}(), {data}[4:], 3)"
        yield f"received({stream}(), {data}[4:] + JUNK, 1_000_000)"
        yield f"received({stream}(read_across_frames=True), {data}[4:] + MAGICLESS, 9)"
    for data in ALL:
        for frames, step in (
            (f"HELLO + {data}", 3),
            (f"{data} + {data}", 1_000_000),
            (f"{data} + SKIPPABLE + HELLO", 7),
            (f"{data} + JUNK", 1_000_000),
            (f"SKIPPABLE + {data}", 1_000_000),
        ):
            run = f"received(D().decompressobj(read_across_frames=across), {frames}, {step})"
            yield f"each(lambda across: {run}, (False, True))"
    for data, across in product(ALL, (False, True)):
        stream = f"D().decompressobj(read_across_frames={across})"
        yield f"each(lambda n: halves({stream}, {data}, n), cuts({data}))"
    for data, bits in FLIPPED.items():
        yield f"each(lambda n: received(D().decompressobj(), flipped({data}, n), 1000), {bits})"
        yield f"each(lambda n: received(D().decompressobj(), flipped({data}, n), 7), {bits})"


def orders() -> Iterator[str]:
    calls = (
        "decompress(b'')",
        "decompress(HELLO)",
        "decompress(HELLO[:7])",
        "decompress(HELLO[7:])",
        "decompress(JUNK)",
        "flush()",
    )
    for across, first, second in product((False, True), calls, calls):
        stream = f"D().decompressobj(read_across_frames={across})"
        run = f"decompressing({stream}, {first!r}, {second!r}, *more)"
        yield f"each(lambda more: {run}, product({calls}, repeat=2))"


def several() -> Iterator[str]:
    """Yield cases on decompressors and streams that are used more than once, or at once."""
    frames = "HELLO, JUNK, CHECKED, HELLO[:9], RUN"
    yield f"[d := D(), *each(lambda f: d.decompress(f), [{frames}])]"
    yield f"[d := D(), *(received(d.decompressobj(), f, 5) for f in [{frames}])]"
    feed = "d.decompress(RUN), decompressing(o, 'decompress(HELLO)')"
    yield f"[d := D(), o := d.decompressobj(), {feed}]"
    yield "[d := D(), d.__init__(format=1), d.decompress(MAGICLESS)]"
    feed = "a.decompress(HELLO[:12]), b.decompress(HELLO), a.decompress(HELLO[12:])"
    yield f"[d := D(), a := d.decompressobj(), b := d.decompressobj(), {feed}]"
    yield "D().memory_size() > 90_000"
    yield "steps(D(), 'decompress(HELLO)', 'memory_size() > 90_000')"
    yield "steps(D(), 'decompressobj().decompress(BROAD)', 'memory_size() > 2_000_000')"
