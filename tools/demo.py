#!/usr/bin/env python3
"""Compress the running Python's standard library, check every byte, and show what it took."""

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.table import Table

import zstandard

try:
    import lzma
except ImportError:  # a Python may have been built without it
    lzma = None  # type: ignore[assignment]

Codec = Callable[[bytes], bytes]

MEGABYTE = 1_000_000
KINDS = (".py", ".so")
NOT_LIBRARY = {"__pycache__", "dist-packages", "site-packages", "test", "tests"}


def tar_library(path: Path) -> int:
    """Write the standard library's modules to a tar; return their count."""
    library = Path(sysconfig.get_path("stdlib"))
    count = 0
    with tarfile.open(path, "w") as tar:
        for file in sorted(library.rglob("*")):
            name = file.relative_to(library)
            if file.is_file() and file.suffix in KINDS and NOT_LIBRARY.isdisjoint(name.parts):
                tar.add(file, name)
                count += 1
    return count


def best_time(codec: Codec, data: bytes) -> tuple[bytes, float]:
    """Return a codec's result and the seconds that its fastest run took."""
    runs: list[float] = []
    while sum(runs) < 0.5:  # repeated, where short: a single short run says little
        start = time.perf_counter()
        result = codec(data)
        runs.append(time.perf_counter() - start)
    return result, min(runs)


def check(who: str, data: bytes, expected: bytes) -> None:
    """End the program where decompressed data is not what was compressed."""
    if data != expected:
        sys.exit(f"MISMATCH: {who} gave {len(data):,} bytes that are not the tar's")


def measure(table: Table, name: str, compress: Codec, decompress: Codec, data: bytes) -> bytes:
    """Add a compressor's figures to the table; return what it made of the data."""
    compressed, there = best_time(compress, data)
    restored, back = best_time(decompress, compressed)
    check(name, restored, data)
    size = len(data) / MEGABYTE
    table.add_row(
        name,
        f"{len(compressed) / MEGABYTE:.1f} MB",
        f"{len(data) / len(compressed):.2f}",
        f"{size / there:,.1f} MB/s",
        f"{size / back:,.0f} MB/s",
    )
    return compressed


def check_with_command(tar: Path, data: bytes, frames: dict[str, bytes]) -> str:
    """Exchange frames with the zstd command; return a sentence about it."""
    command = shutil.which("zstd")
    if command is None:
        return "There is no zstd command here to check that against."
    for name, frame in frames.items():
        run = subprocess.run(
            [command, "--decompress", "--stdout"], input=frame, capture_output=True, check=False
        )
        check(f"the zstd command, from {name},", run.stdout, data)
    run = subprocess.run([command, "--stdout", tar], capture_output=True, check=False)
    check("the zstd command's frame", zstandard.ZstdDecompressor().decompress(run.stdout), data)
    return (
        "The zstd command decompressed the same frames to the same bytes, "
        "and zstandard a frame that the command had made."
    )


def main() -> None:
    """Run the demonstration."""
    console = Console(highlight=False)
    with tempfile.TemporaryDirectory() as folder:
        tar = Path(folder, "library.tar")
        count = tar_library(tar)
        data = tar.read_bytes()
        version = ".".join(map(str, zstandard.ZSTD_VERSION))
        console.print(
            f"zstandard {zstandard.__version__} with libzstd {version}, "
            f"Python {platform.python_version()}, {os.cpu_count()} CPUs\n"
            f"Data: {count:,} modules of the standard library as one tar of "
            f"{len(data) / MEGABYTE:.1f} MB; 1 MB is 1,000,000 bytes\n",
            soft_wrap=True,
        )

        table = Table("compressor")
        for heading in ("compressed", "ratio", "compress", "decompress"):
            table.add_column(heading, justify="right")
        frames = {}
        decompress = zstandard.ZstdDecompressor().decompress
        with Live(table, console=console):
            for level, threads in ((-5, 0), (1, 0), (3, 0), (9, 0), (9, 2), (19, 0)):
                name = f"zstandard, level {level}" + (f", {threads} threads" if threads else "")
                compress = zstandard.ZstdCompressor(level=level, threads=threads).compress
                frames[name] = measure(table, name, compress, decompress, data)
            measure(table, "zlib, level 6", zlib.compress, zlib.decompress, data)
            if lzma:
                packed = partial(lzma.compress, preset=1)
                measure(table, "lzma, preset 1", packed, lzma.decompress, data)
        exchange = check_with_command(tar, data, frames)

    console.print(
        "\nIn a shell: `zstandard -19 library.tar`, back: `zstandard -d library.tar.zst`\n\n"
        f"Verified: zstandard decompressed each of its {len(frames)} frames "
        f"to the {len(data):,} bytes it was made from. {exchange}"
    )


if __name__ == "__main__":
    main()
