"""Streams of any length pass through every shape in constant memory.

Prints a table of the peaks. MEMORY_MIB is how much passes; the suite takes 256.
"""

import contextlib
import itertools
import os
import random
import resource
import tracemalloc
from pathlib import Path

import zstandard as z

MIB = 1 << 20
SIZE = int(os.environ.get("MEMORY_MIB", "256")) * MIB
PIECE = 1 << 17
WINDOW = 1 << 20
NOISE = random.Random(0).randbytes(2 * MIB)
# Beside the contexts, which have the window, and the pieces.
ALLOWANCE = MIB


def content_pieces():
    """Yield noise, of which level 1 can make nothing shorter."""
    offsets = range(0, len(NOISE), PIECE)
    for start in itertools.islice(itertools.cycle(offsets), SIZE // PIECE):
        yield NOISE[start : start + PIECE]


def frame_pieces():
    """Yield a frame of raw blocks that asks for the window, and states no size."""
    descriptor = WINDOW.bit_length() - 1 - 10 << 3
    yield z.FRAME_HEADER + bytes([0, descriptor])
    for piece in content_pieces():
        yield (PIECE << 3).to_bytes(3, "little") + piece
    yield (1).to_bytes(3, "little")


class Source:
    """A file of what a generator yields."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.left = b""

    def read(self, size):
        while len(self.left) < size:
            piece = next(self.pieces, None)
            if piece is None:
                break
            self.left += piece
        data, self.left = self.left[:size], self.left[size:]
        return data


class Sink:
    """A file that counts."""

    def __init__(self):
        self.count = 0

    def write(self, data):
        self.count += len(data)
        return len(data)


c = z.ZstdCompressor(level=1)
d = z.ZstdDecompressor()


def count(pieces):
    return sum(map(len, pieces))


def read_by(method, *arguments):
    """Return a way to read a reader up, by one of its methods."""

    def run(reader):
        return count(iter(lambda: getattr(reader, method)(*arguments), b""))

    return run


def read_into(size):
    buffer = bytearray(size)
    return lambda reader: sum(iter(lambda: reader.readinto(buffer), 0))


def seek(reader):
    return reader.seek(SIZE + 1)


def read_lines(reader):
    return count(reader)


def write(make, pieces):
    sink = Sink()
    with make(sink) as writer:
        for piece in pieces():
            writer.write(piece)
    return sink.count


def copy(method, pieces):
    return method(Source(pieces()), Sink())[1]


def cut(make, start, pieces):
    stream = make()
    begin = getattr(stream, start)
    return sum(count(begin(piece)) for piece in pieces()) + count(stream.finish())


def feed(stream, start, pieces):
    add = getattr(stream, start)
    return count(add(piece) for piece in pieces()) + len(stream.flush())


READS = {
    "read(1000)": read_by("read", 1000),
    "read(1 MiB)": read_by("read", MIB),
    "read1()": read_by("read1"),
    "readinto(64 KiB)": read_into(1 << 16),
}
SHAPES = {
    **{
        f"compression reader, {name}": lambda read=read: read(
            c.stream_reader(Source(content_pieces()))
        )
        for name, read in READS.items()
    },
    **{
        f"decompression reader, {name}": lambda read=read: read(
            d.stream_reader(Source(frame_pieces()))
        )
        for name, read in (READS | {"lines": read_lines, "seek": seek}).items()
    },
    "compressor iterator": lambda: count(c.read_to_iter(Source(content_pieces()))),
    "decompressor iterator": lambda: count(d.read_to_iter(Source(frame_pieces()))),
    "compression writer": lambda: write(c.stream_writer, content_pieces),
    "decompression writer": lambda: write(d.stream_writer, frame_pieces),
    "compressor's copy_stream": lambda: copy(c.copy_stream, content_pieces),
    "decompressor's copy_stream": lambda: copy(d.copy_stream, frame_pieces),
    "compression chunker": lambda: cut(c.chunker, "compress", content_pieces),
    "decompression chunker": lambda: cut(d.chunker, "decompress", frame_pieces),
    "compressobj": lambda: feed(c.compressobj(), "compress", content_pieces),
    "decompressobj": lambda: feed(d.decompressobj(), "decompress", frame_pieces),
}


def pieces_of(name):
    """Return how many bytes the pieces have that are there at once: given, held and returned."""
    return 10 * PIECE + (2 * MIB if "1 MiB" in name else 0)


def clear_resident():
    """Have the peak of the resident memory begin anew, where the system knows of it."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def resident():
    """Return the most memory that the process has held since then, in bytes."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return 0


def row(*cells):
    print("{:37} {:>12} {:>8} {:>8} {:>8}".format(*cells), flush=True)


def in_mib(count):
    return f"{count / MIB:.2f}"


def check(name, before):
    """Run a shape; return whether its memory is within the limit."""
    clear_resident()
    tracemalloc.reset_peak()
    resident_before = resident()
    given = SHAPES[name]()
    peak = tracemalloc.get_traced_memory()[1] - before
    grown = resident() - resident_before
    contexts = c.memory_size() + d.memory_size()
    limit = contexts + pieces_of(name) + ALLOWANCE
    row(name, given, in_mib(peak), in_mib(limit), in_mib(grown))
    assert given >= SIZE, f"{name} gave {given} of {SIZE} bytes"
    assert contexts < 2 * WINDOW + 2 * MIB, f"{name}: the contexts have {contexts} bytes"
    return peak < limit and grown < limit


def main():
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    print(f"{SIZE // MIB} MiB through each shape; memory in MiB")
    row("", "bytes out", "peak", "limit", "resident")
    failed = [name for name in SHAPES if not check(name, before)]
    print(f"at most {in_mib(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)} in all")
    assert not failed, f"more memory than is due to: {failed}"


main()
