#!/usr/bin/env python3
"""Show how long each public call with long native work keeps other Python threads waiting.

A thread beats as often as it is let run, in an interpreter that switches threads only where one
lets go of the GIL. The longest time between two beats is shown beside the call's length, both the
least of some rounds, for this package and for zstandard 0.25.0. Each call has a process of its own.
"""

import argparse
import functools
import io
import json
import os
import platform
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from environment import ORACLE

MIB = 1 << 20
SECONDS_MAX = 300

Call = Callable[[], object]


@functools.cache
def content(size: int) -> bytes:
    """Return bytes that shrink to about half."""
    return random.Random(size).randbytes(size // 2).hex().encode()


@functools.cache
def lines() -> bytes:
    """Return many short lines, of 64 MiB."""
    return b"a line of some text\n" * (64 * MIB // 20)


def samples() -> list[bytes]:
    """Return what a dictionary is trained on."""
    data = content(4 * MIB)
    return [data[start : start + 4096] for start in range(0, len(data), 4096)]


class Null:
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> int:
        """Take all."""
        return len(data)


def compressed_with(z: Any, call: Callable[[Any], object], **options: Any) -> Call:
    """Return the call on 64 MiB of a compressor with these options."""
    compressor = z.ZstdCompressor(**options)
    data = content(64 * MIB)
    return lambda: call(compressor)(data)  # type: ignore[operator]


def flush(z: Any, *, end: bool) -> Call:
    """Return a flush where all input is buffered."""
    stream = z.ZstdCompressor(
        compression_params=z.ZstdCompressionParameters(compression_level=19, window_log=27)
    ).compressobj()
    stream.compress(content(MIB)[:130_000])
    mode = z.COMPRESSOBJ_FLUSH_FINISH if end else z.COMPRESSOBJ_FLUSH_BLOCK
    return lambda: stream.flush(mode)


def written(z: Any, *, compress: bool) -> Call:
    """Return a write of 64 MiB of content at once."""
    if compress:
        data = content(64 * MIB)
        writer = z.ZstdCompressor().stream_writer(Null(), closefd=False)
        return lambda: writer.write(data)
    frame = z.compress(content(64 * MIB))
    writer = z.ZstdDecompressor().stream_writer(Null(), closefd=False, write_size=32 * MIB)
    return lambda: writer.write(frame)


def reader(z: Any, *, compress: bool, data: bytes | None = None) -> Any:
    """Return a reader of 64 MiB of content."""
    data = content(64 * MIB) if data is None else data
    if compress:
        return z.ZstdCompressor().stream_reader(io.BytesIO(data), read_size=MIB)
    return z.ZstdDecompressor().stream_reader(z.compress(data))


def decompression(z: Any, name: str, **options: Any) -> Call:
    """Return a call of a decompressor on a frame of 64 MiB of content."""
    frame = z.compress(content(64 * MIB))
    method = getattr(z.ZstdDecompressor(), name)
    return lambda: method(frame, **options)


def unsized(z: Any) -> Call:
    """Return the decompression of a frame that does not state its size."""
    stream = z.ZstdCompressor().compressobj()
    frame = stream.compress(content(64 * MIB)) + stream.flush()
    decompressor = z.ZstdDecompressor()
    return lambda: decompressor.decompress(frame, max_output_size=64 * MIB)


def batch(z: Any, *, compress: bool, to_buffer: bool, threads: int = 0) -> Call:
    """Return a batch of 64 items of 1 MiB."""
    items: list[bytes] = [content(MIB)] * 64
    coder = z.ZstdCompressor() if compress else z.ZstdDecompressor()
    if not compress:
        items = [z.compress(item) for item in items]
    name = f"multi_{'' if compress else 'de'}compress{'_to_buffer' if to_buffer else ''}"
    method = getattr(coder, name)
    return lambda: method(items, threads=threads)


def batch_unsized(z: Any) -> Call:
    """Return a batch of frames that do not state their sizes."""
    stream = z.ZstdCompressor(write_content_size=False)
    items = [stream.compress(content(16 * MIB))] * 4
    method = z.ZstdDecompressor().multi_decompress
    return lambda: method(items)


def dictionary(z: Any) -> Any:
    """Return a large dictionary."""
    return z.ZstdCompressionDict(content(16 * MIB), z.DICT_TYPE_RAWCONTENT)


def precomputed(z: Any) -> Call:
    """Return the digesting of a large dictionary."""
    made = dictionary(z)
    return lambda: made.precompute_compress(level=5)


def first_use(z: Any, *, compress: bool) -> Call:
    """Return the first use of a large dictionary, the object that uses it included."""
    frame = z.compress(b"data")
    made = dictionary(z)
    if compress:
        return lambda: z.ZstdCompressor(dict_data=made).compress(b"data")
    return lambda: z.ZstdDecompressor(dict_data=made).decompress(frame)


def freed(z: Any, **options: Any) -> Call:
    """Return the freeing of a compressor, with its context."""
    threads = options.get("threads", 0)
    params = z.ZstdCompressionParameters(compression_level=19, window_log=27, threads=threads)
    kept = [z.ZstdCompressor(compression_params=params)]
    stream = kept[0].compressobj()
    stream.compress(content(8 * MIB)[: 256 * 1024])
    streams = [stream]
    del stream

    def free() -> None:
        streams.clear()
        kept.clear()

    return free


def freed_dictionary(z: Any) -> Call:
    """Return the freeing of a large dictionary with its digests."""
    kept = [dictionary(z)]
    kept[0].precompute_compress(level=3)
    return kept.clear


def new_dictionary(z: Any, data: bytes | bytearray) -> Call:
    """Return the making of a large dictionary."""
    return lambda: z.ZstdCompressionDict(data, z.DICT_TYPE_RAWCONTENT)


def as_bytes(z: Any) -> Call:
    """Return the copying of a large dictionary's content."""
    made = z.ZstdCompressionDict(content(64 * MIB), z.DICT_TYPE_RAWCONTENT)
    return made.as_bytes  # type: ignore[no-any-return]


def segment(z: Any) -> Call:
    """Return the copying of a large segment."""
    data = content(64 * MIB)
    place = len(data).to_bytes(8, sys.byteorder)
    made = z.BufferWithSegments(data, bytes(8) + place)[0]
    return made.tobytes  # type: ignore[no-any-return]


def into_collection(z: Any, count: int) -> Call:
    """Return the joining of many segments' buffers."""
    pairs = b"".join(
        number.to_bytes(8, sys.byteorder) + (1).to_bytes(8, sys.byteorder)
        for number in range(count)
    )
    made = [z.BufferWithSegments(bytes(count), pairs) for _ in range(4)]
    return lambda: z.BufferWithSegmentsCollection(*made)


def seek(z: Any) -> Call:
    """Return a seek over 60 MiB of content."""
    made = reader(z, compress=False)
    return lambda: made.seek(60 * MIB)


def one_line(z: Any) -> Call:
    """Return the reading of a line of 64 MiB."""
    return reader(z, compress=False).readline  # type: ignore[no-any-return]


def frame_list(z: Any, count: int) -> Call:
    """Return the walk over the blocks of one frame, or over many frames."""
    data = z.compress(bytes(4096 * MIB // count)) if count == 1 else z.compress(b"a") * count
    return lambda: next(iter(z.list_frames(data)))


def copied(z: Any, *, compress: bool) -> Call:
    """Return the copying of 64 MiB of content, in pieces of 1 MiB."""
    data = content(64 * MIB)
    coder = z.ZstdCompressor() if compress else z.ZstdDecompressor()
    data = data if compress else z.compress(data)
    return lambda: coder.copy_stream(io.BytesIO(data), Null(), read_size=MIB, write_size=MIB)


def bytes_into(z: Any, name: str) -> Call:
    """Return a call that fills a buffer of 64 MiB."""
    data = content(64 * MIB)
    data = data if name == "compress_into" else z.compress(data)
    coder = z.ZstdCompressor() if name == "compress_into" else z.ZstdDecompressor()
    room = bytearray(65 * MIB)
    return lambda: getattr(coder, name)(data, room)


def obj(z: Any, *, compress: bool) -> Call:
    """Return the work of an object that is given 64 MiB of content at once."""
    data = content(64 * MIB)
    if compress:
        stream = z.ZstdCompressor().compressobj()
        return lambda: stream.compress(data)
    data = z.compress(data)
    stream = z.ZstdDecompressor().decompressobj()
    return lambda: stream.decompress(data)


def chunks(z: Any) -> Call:
    """Return the work of a chunker that is given 64 MiB at once."""
    chunker = z.ZstdCompressor().chunker(chunk_size=32 * MIB)
    data = content(64 * MIB)
    return lambda: [*chunker.compress(data), *chunker.finish()]


def iterated(z: Any) -> Call:
    """Return the compression of 64 MiB by an iterator, in large chunks."""
    data = content(64 * MIB)
    return lambda: list(z.ZstdCompressor().read_to_iter(data, write_size=32 * MIB))


def patch(z: Any) -> Call:
    """Return the making of a patch, which reads all of its prefix."""
    old = z.ZstdCompressionDict(content(16 * MIB), z.DICT_TYPE_PREFIX)
    compressor = z.ZstdCompressor(dict_data=old)
    return lambda: compressor.compress(b"little")


CALLS: dict[str, Callable[[Any], Call]] = {
    "compress": lambda z: compressed_with(z, lambda c: c.compress),
    "compress, threads": lambda z: compressed_with(z, lambda c: c.compress, threads=2),
    "compress, level 19, little": (
        lambda z: functools.partial(z.ZstdCompressor(level=19).compress, b"little")
    ),
    "compress_into": lambda z: bytes_into(z, "compress_into"),
    "compress with a prefix": patch,
    "compressobj.compress": lambda z: obj(z, compress=True),
    "compressobj.flush at the end": lambda z: flush(z, end=True),
    "compressobj.flush of a block": lambda z: flush(z, end=False),
    "chunker": chunks,
    "compressor.copy_stream": lambda z: copied(z, compress=True),
    "compression writer.write": lambda z: written(z, compress=True),
    "compression reader.read": lambda z: reader(z, compress=True).read,
    "compression reader.read(32 MiB)": (
        lambda z: functools.partial(reader(z, compress=True).read, 32 * MIB)
    ),
    "read_to_iter": iterated,
    "multi_compress": lambda z: batch(z, compress=True, to_buffer=False),
    "multi_compress_to_buffer": lambda z: batch(z, compress=True, to_buffer=True),
    "multi_compress_to_buffer, threads": (
        lambda z: batch(z, compress=True, to_buffer=True, threads=2)
    ),
    "decompress": lambda z: decompression(z, "decompress"),
    "decompress, size not stated": unsized,
    "decompress_into": lambda z: bytes_into(z, "decompress_into"),
    "decompressobj.decompress": lambda z: obj(z, compress=False),
    "decompressor.copy_stream": lambda z: copied(z, compress=False),
    "decompression writer.write": lambda z: written(z, compress=False),
    "decompression reader.read": lambda z: reader(z, compress=False).read,
    "decompression reader.read(32 MiB)": (
        lambda z: functools.partial(reader(z, compress=False).read, 32 * MIB)
    ),
    "decompression reader.readline": one_line,
    "decompression reader.readlines": lambda z: reader(z, compress=False, data=lines()).readlines,
    "decompression reader.seek": seek,
    "multi_decompress": lambda z: batch(z, compress=False, to_buffer=False),
    "multi_decompress, sizes not stated": batch_unsized,
    "multi_decompress_to_buffer": lambda z: batch(z, compress=False, to_buffer=True),
    "list_frames, one of 4 GiB": lambda z: frame_list(z, 1),
    "ZstdCompressionDict(bytes)": lambda z: new_dictionary(z, content(64 * MIB)),
    "ZstdCompressionDict(bytearray)": lambda z: new_dictionary(z, bytearray(content(64 * MIB))),
    "as_bytes": as_bytes,
    "precompute_compress": precomputed,
    "first use of a dictionary, compressing": lambda z: first_use(z, compress=True),
    "first use of a dictionary, decompressing": lambda z: first_use(z, compress=False),
    "train_dictionary": lambda z: functools.partial(z.train_dictionary, 100_000, samples()),
    "finalize_dictionary": (
        lambda z: functools.partial(z.finalize_dictionary, 65_536, content(MIB)[:60_000], samples())
    ),
    "freeing a context of level 19, window_log 27": freed,
    "freeing a context with threads": lambda z: freed(z, threads=2),
    "freeing a dictionary": freed_dictionary,
    "BufferSegment.tobytes": segment,
    "BufferWithSegmentsCollection(...)": lambda z: into_collection(z, 100_000),
    "estimated_compression_context_size": lambda z: (
        z.ZstdCompressionParameters().estimated_compression_context_size
    ),
}


class Heartbeat:
    """A thread that notes the longest time that it was kept from running."""

    def __init__(self) -> None:
        """Start it, in an interpreter that switches threads only where one lets go."""
        self.longest = 0.0
        self._beats = 0
        self._done = False
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()
        sys.setswitchinterval(1000)
        time.sleep(0.02)  # it may have begun to wait by the former interval

    def _beat(self) -> None:
        last = time.perf_counter()
        while not self._done:
            now = time.perf_counter()
            self.longest = max(self.longest, now - last)
            self._beats += 1
            last = now
            time.sleep(0)

    def _catch_up(self) -> None:
        """Wait until the thread has noted what it was kept waiting so far."""
        beats = self._beats
        while self._beats < beats + 2:
            time.sleep(0.0001)

    def during(self, call: Call) -> tuple[float, float]:
        """Return the call's length and the longest time between two beats, in seconds."""
        self._catch_up()
        self.longest = 0.0
        start = time.perf_counter()
        result = call()
        length = time.perf_counter() - start
        self._catch_up()
        del result
        return length, self.longest

    def stop(self) -> None:
        """End the thread."""
        self._done = True
        self._thread.join()


def measure_here(name: str, rounds: int) -> tuple[float, float]:
    """Return the least of the lengths, and of the longest waits, of some rounds of a call."""
    import zstandard  # noqa: PLC0415 (which of the two, the environment says)

    heart = Heartbeat()
    try:
        results = [heart.during(CALLS[name](zstandard)) for _ in range(rounds)]
    finally:
        heart.stop()
    lengths, waits = zip(*results, strict=True)
    return min(lengths), min(waits)


def measure(name: str, rounds: int, path: str) -> tuple[float, float] | None:
    """Measure a call in a process of its own; return None if 0.25.0 has no such call."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", name, "--rounds", str(rounds)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=SECONDS_MAX,
        check=False,
    )
    if done.returncode == 0:
        length, wait = json.loads(done.stdout)
        return length, wait
    if path:
        return None
    sys.exit(f"{name}:\n{done.stderr}")


def milliseconds(seconds: float) -> str:
    """Return the time as text."""
    return f"{seconds * 1000:,.2f}"


def main() -> None:
    """Measure all calls, and show the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--oracle", default=ORACLE, type=Path, help="folder with zstandard 0.25.0")
    parser.add_argument("--json", type=Path, help="a file for the figures, in seconds")
    parser.add_argument("--only", default="", help="only calls whose name has this in it")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure_here(options.one, options.rounds)))
        return
    if not getattr(sys, "_is_gil_enabled", lambda: True)():
        sys.exit("heartbeat: without the GIL, threads run at all times")
    paths = {"here": "", "0.25.0": str(options.oracle)}
    if not options.oracle.is_dir():
        del paths["0.25.0"]
    table = Table("call", title=f"Milliseconds, CPython {platform.python_version()}")
    for who in paths:
        table.add_column(f"length, {who}", justify="right")
        table.add_column(f"longest wait, {who}", justify="right")
    figures: dict[str, dict[str, tuple[float, float] | None]] = {}
    for name in CALLS:
        if options.only not in name:
            continue
        figures[name] = {who: measure(name, options.rounds, path) for who, path in paths.items()}
        pairs = figures[name].values()
        cells = [milliseconds(v) if pair else "-" for pair in pairs for v in pair or (0, 0)]
        table.add_row(name, *cells)
        print(f"{name:45}", *(f"{cell:>12}" for cell in cells), file=sys.stderr, flush=True)
    Console(width=None if sys.stdout.isatty() else 110).print(table)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
