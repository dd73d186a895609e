"""The zstandard command as a process, and what its tests share."""

import shutil
import subprocess
import sys
import time

import pytest

import zstandard

ZSTD = shutil.which("zstd")
needs_zstd = pytest.mark.skipif(ZSTD is None, reason="there is no zstd command")
COMMAND = [sys.executable, "-m", "zstandard"]
# More than the command reads at once, and not of one kind all through.
SAMPLE = b"".join(b"%d %d\n" % (number, number * number) for number in range(20_000))
BLOCK = zstandard.COMPRESSION_RECOMMENDED_INPUT_SIZE


def run(*arguments, stdin=b"", **options):
    """Run the command in a process of its own."""
    options = {"capture_output": True, "timeout": 60, **options}
    return subprocess.run([*COMMAND, *arguments], input=stdin, check=False, **options)


def run_zstd(*arguments, stdin=b""):
    """Run the zstd command, which must not fail; return what it writes."""
    command = [ZSTD, "-q", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout


def zstd_refuses(*arguments, stdin=b""):
    """Tell if the zstd command fails."""
    command = [ZSTD, "-q", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False).returncode != 0


def start(*arguments, **options):
    """Start the command with pipes to all of its streams."""
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen([*COMMAND, *arguments], **{**pipes, **options})


def compressed(data, **options):
    """Return the data as one frame, as the command writes it by default."""
    stream = zstandard.ZstdCompressor(**{"write_checksum": True, **options}).compressobj(len(data))
    return stream.compress(data) + stream.flush()


def decompressed(data):
    """Return the content of one frame, which may state no size."""
    stream = zstandard.ZstdDecompressor().decompressobj()
    content = stream.decompress(data)
    assert stream.eof
    assert stream.unused_data == b""
    return content


def skippable(size):
    """Return a skippable frame."""
    return b"\x50\x2a\x4d\x18" + size.to_bytes(4, "little") + bytes(size)


def names(folder):
    """Return the names of all that is in the folder."""
    return sorted(path.name for path in folder.iterdir())


def wait_for_temporary(folder):
    """Return the file that the command has begun to write in the folder."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in folder.glob(".zstandard-*.tmp"):
            return path
        time.sleep(0.005)
    raise TimeoutError(f"there is no temporary file in {folder}")
