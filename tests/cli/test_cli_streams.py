"""What the command makes of its input, and what it says of bad input."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import (
    BLOCK,
    COMMAND,
    SAMPLE,
    ZSTD,
    compressed,
    decompressed,
    needs_zstd,
    run,
    skippable,
    start,
)

import zstandard
from zstandard.cli import coding, main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check_refused(folder, capfd, content, cause):
    """Decompress and test a file of this content: both say the cause, and nothing comes of it."""
    (folder / "bad.zst").write_bytes(content)
    for mode in ("-d", "-t"):
        assert main([mode, "--rm", "bad.zst"]) == 1
        assert capfd.readouterr() == ("", f"zstandard: bad.zst: {cause}\n")
        assert [path.name for path in folder.iterdir()] == ["bad.zst"]


@pytest.mark.parametrize("arguments", [[], ["-"], ["-o", "-"]])
def test_standard_streams(arguments):
    result = run(*arguments, stdin=SAMPLE)
    assert (result.returncode, result.stderr) == (0, b"")
    assert decompressed(result.stdout) == SAMPLE
    frame = zstandard.get_frame_parameters(result.stdout)
    assert frame.has_checksum
    assert frame.content_size == zstandard.CONTENTSIZE_UNKNOWN


@pytest.mark.parametrize("arguments", [["-d"], ["-dc", "-"]])
def test_standard_streams_decompressed(arguments):
    result = run(*arguments, stdin=compressed(SAMPLE))
    assert (result.returncode, result.stdout, result.stderr) == (0, SAMPLE, b"")


def test_data_passes_as_it_comes():
    """What a decompressor can tell already is written before the input has ended."""
    stream = zstandard.ZstdCompressor().compressobj()
    first = stream.compress(b"first") + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    with start("-d") as process:
        process.stdin.write(first)
        process.stdin.flush()
        assert process.stdout.read(5) == b"first"
        process.stdin.write(stream.compress(b"second") + stream.flush())
        process.stdin.close()
        assert process.stdout.read() == b"second"
    assert process.returncode == 0


@pytest.mark.parametrize("data", [b"", b"x", SAMPLE[:BLOCK], SAMPLE])
def test_a_file_states_its_size(data, folder):
    (folder / "file").write_bytes(data)
    assert main(["file"]) == 0
    content = (folder / "file.zst").read_bytes()
    assert zstandard.get_frame_parameters(content).content_size == len(data)
    assert decompressed(content) == data


def test_what_is_left_of_standard_input_states_its_size(folder):
    (folder / "file").write_bytes(SAMPLE)
    with (folder / "file").open("rb") as file:
        file.seek(1000)
        output = subprocess.run(COMMAND, stdin=file, capture_output=True, check=True).stdout
    assert zstandard.get_frame_parameters(output).content_size == len(SAMPLE) - 1000
    assert decompressed(output) == SAMPLE[1000:]


@pytest.mark.parametrize("arguments", [["--no-check"], ["--check"], []])
def test_checksum(arguments, folder):
    (folder / "file").write_bytes(SAMPLE)
    assert main([*arguments, "file"]) == 0
    frame = zstandard.get_frame_parameters((folder / "file.zst").read_bytes())
    assert frame.has_checksum == (arguments != ["--no-check"])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")
def test_a_file_of_another_length_than_it_claims(capfdbinary):
    assert Path("/proc/self/status").stat().st_size == 0
    assert main(["-c", "/proc/self/status"]) == 0
    out, err = capfdbinary.readouterr()
    assert b"Name:" in decompressed(out)
    assert err == b""


@pytest.mark.parametrize(
    ("chunks", "size"),
    [
        ([bytes(BLOCK), b"x"], BLOCK),
        ([bytes(BLOCK), b"x"], BLOCK + 2),
        ([bytes(BLOCK)] * 3, BLOCK * 2 + 5),
    ],
)
def test_a_file_that_changes_in_size(chunks, size):
    pieces = coding.compress(chunks, zstandard.ZstdCompressor(), size)
    with pytest.raises(zstandard.ZstdError, match=f"its size was {size} bytes and changed"):
        list(pieces)


@pytest.mark.parametrize("threads", ["-T2", "-T0"])
def test_threads(threads, folder):
    (folder / "file").write_bytes(SAMPLE * 8)
    assert main([threads, "-1", "file"]) == 0
    assert main(["-d", "file.zst", "-o", "again"]) == 0
    assert (folder / "again").read_bytes() == SAMPLE * 8


@pytest.mark.parametrize(
    "content",
    [
        compressed(b"one") + compressed(SAMPLE) + compressed(b"two"),
        skippable(10) + compressed(b"one" + SAMPLE) + skippable(BLOCK * 2) + compressed(b"two"),
        compressed(b"") + compressed(b"one" + SAMPLE) + skippable(0) + compressed(b"two"),
        compressed(b"one" + SAMPLE + b"two") + skippable(3),
    ],
    ids=["frames", "skippable first", "empty first", "skippable last"],
)
def test_all_frames(content, folder):
    (folder / "file.zst").write_bytes(content)
    assert main(["-t", "file.zst"]) == 0
    assert main(["-d", "file.zst"]) == 0
    assert (folder / "file").read_bytes() == b"one" + SAMPLE + b"two"


def test_only_skippable_frames(folder):
    (folder / "file.zst").write_bytes(skippable(5) * 2)
    assert main(["-d", "file.zst"]) == 0
    assert (folder / "file").read_bytes() == b""


def test_frames_that_end_anywhere_in_a_read():
    content = b"".join(compressed(bytes([number])) for number in range(200))
    for size in (1, 2, 7, 1000, len(content)):
        reader = io.BytesIO(content)
        chunks = iter(lambda: reader.read(size), b"")  # noqa: B023
        result = b"".join(coding.decompress(chunks, zstandard.ZstdDecompressor()))
        assert result == bytes(range(200))


@pytest.mark.parametrize("cut", [1, 4, 9, 500, -1])
def test_truncated(cut, folder, capfd):
    content = compressed(SAMPLE)
    cause = "unexpected end of input in the frame that starts at byte 0"
    check_refused(folder, capfd, content[:cut], cause)
    cause = f"unexpected end of input in the frame that starts at byte {len(content)}"
    check_refused(folder, capfd, content + content[:cut], cause)


def test_truncated_skippable_frame(folder, capfd):
    cause = "unexpected end of input in the frame that starts at byte 0"
    check_refused(folder, capfd, skippable(10)[:-1], cause)


def test_empty(folder, capfd):
    check_refused(folder, capfd, b"", "unexpected end of input: it is empty")


def test_not_zstd(folder, capfd):
    check_refused(folder, capfd, SAMPLE, "is not zstd data")


@pytest.mark.parametrize("junk", [b"junk!", bytes(5), SAMPLE])
def test_junk_at_the_end(junk, folder, capfd):
    content = compressed(b"one") + skippable(4)
    cause = f"data that is not zstd from byte {len(content)} on"
    check_refused(folder, capfd, content + junk, cause)


def test_damaged(folder, capfd):
    content = compressed(SAMPLE)
    damaged = bytearray(content * 2)
    damaged[-1] ^= 1
    (folder / "bad.zst").write_bytes(damaged)
    assert main(["-d", "bad.zst"]) == 1
    err = capfd.readouterr().err
    assert err.startswith("zstandard: bad.zst: ")
    assert "checksum" in err
    assert err.endswith(f", in the frame that starts at byte {len(content)}\n")
    assert [path.name for path in folder.iterdir()] == ["bad.zst"]


class Meter:
    """A decompressor that keeps how often and how much its frames are given, and give at once."""

    def __init__(self):
        self.calls = 0
        self.given = 0
        self.longest = 0

    def decompressobj(self):
        return Meter.Frame(self)

    class Frame:
        def __init__(self, meter):
            self._meter = meter
            self._real = zstandard.ZstdDecompressor().decompressobj()

        def decompress(self, data, max_length):
            self._meter.calls += 1
            self._meter.given += len(data)
            result = self._real.decompress(data, max_length)
            self._meter.longest = max(self._meter.longest, len(result))
            return result

        def __getattr__(self, name):
            return getattr(self._real, name)


def test_output_is_bounded():
    meter = Meter()
    content = compressed(bytes(BLOCK * 100))
    assert len(content) < BLOCK
    total = sum(map(len, coding.decompress([content], meter)))
    assert total == BLOCK * 100
    assert 0 < meter.longest <= BLOCK


def test_tiny_frames_are_not_copied_over_and_over():
    meter = Meter()
    content = compressed(b"") * (BLOCK // len(compressed(b"")))
    assert list(filter(None, coding.decompress([content], meter))) == []
    assert len(content) <= meter.given <= len(content) * 200


def test_a_large_frame_is_not_taken_in_tiny_steps():
    meter = Meter()
    content = compressed(os.urandom(BLOCK * 8))
    chunks = [content[start : start + BLOCK] for start in range(0, len(content), BLOCK)]
    assert len(b"".join(coding.decompress(chunks, meter))) == BLOCK * 8
    assert meter.calls <= 40


def test_short_writes_are_continued(folder, monkeypatch):
    write = os.write
    (folder / "file").write_bytes(SAMPLE)
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:1000]))
    assert main(["file"]) == 0
    assert decompressed((folder / "file.zst").read_bytes()) == SAMPLE


@pytest.mark.parametrize("mode", ["", "-d"])
def test_full_disk_on_standard_output(mode):
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Path("/dev/full").open("wb") as full:
        result = run(
            *mode.split(),
            stdin=compressed(SAMPLE) if mode else SAMPLE,
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
        shown = run("-h", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    for each in (result, shown):
        assert each.returncode == 1
        assert each.stderr == b"zstandard: standard output: No space left on device\n"


@pytest.mark.parametrize("arguments", [["-d", "-", "-"], ["-h"]])
def test_broken_pipe(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    result = run(
        *arguments,
        stdin=compressed(SAMPLE),
        capture_output=False,
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    assert (result.returncode, result.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("redirection", "cause"),
    [
        ("<&-", "standard input: Bad file descriptor"),
        (">&-", "standard output: Bad file descriptor"),
    ],
)
def test_useless_standard_streams(redirection, cause):
    line = f"printf x | {{ '{sys.executable}' -m zstandard {redirection}; }}"
    result = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.decode() == f"zstandard: {cause}\n"


@pytest.mark.parametrize(("name", "status"), [("absent", 1), ("file", 0)])
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
def test_no_use_in_standard_error(name, status, redirection, folder):
    (folder / "file").write_bytes(b"x")
    line = f"'{sys.executable}' -m zstandard -v {name} -o target {redirection}"
    result = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False)
    assert (result.returncode, result.stdout) == (status, b"")


def test_no_standard_error_to_watch(folder):
    (folder / "file").write_bytes(b"x")
    line = f"'{sys.executable}' -m zstandard file 2>&-"
    assert subprocess.run(["/bin/sh", "-c", line], check=False).returncode == 0


def test_not_enough_memory(folder, monkeypatch, capfd):
    def compress(*_arguments, **_options):
        raise MemoryError

    monkeypatch.setattr(coding, "compress", compress)
    (folder / "file").write_bytes(b"x")
    assert main(["--rm", "file"]) == 1
    assert capfd.readouterr().err == "zstandard: file: not enough memory\n"
    assert [path.name for path in folder.iterdir()] == ["file"]


@needs_zstd
@pytest.mark.parametrize("arguments", [["-1"], ["-19", "--no-check"], ["--fast=7", "-T2"]])
def test_zstd_reads_what_the_command_writes(arguments, folder):
    (folder / "file").write_bytes(SAMPLE)
    assert main([*arguments, "file"]) == 0
    subprocess.run([ZSTD, "-q", "-d", "file.zst", "-o", "again"], check=True)
    assert (folder / "again").read_bytes() == SAMPLE


@needs_zstd
@pytest.mark.parametrize("arguments", [["-1"], ["-9", "--no-check"], ["--fast=7", "-T2"], ["-B1K"]])
def test_the_command_reads_what_zstd_writes(arguments, folder):
    (folder / "file").write_bytes(SAMPLE)
    subprocess.run([ZSTD, "-q", *arguments, "file"], check=True)
    assert main(["-d", "file.zst", "-o", "again"]) == 0
    assert (folder / "again").read_bytes() == SAMPLE


@pytest.mark.skipif(shutil.which("tar") is None, reason="there is no tar command")
def test_tar_can_use_it(folder):
    """Tar gives -d in addition to what it is told, so the other options must not disturb."""
    (folder / "file").write_bytes(SAMPLE)
    program = f"{sys.executable} -m zstandard -T0 -19 --no-check"
    subprocess.run(["tar", "-I", program, "-cf", "all.tar.zst", "file"], check=True)
    (folder / "file").unlink()
    subprocess.run(["tar", "-I", program, "-xf", "all.tar.zst"], check=True)
    assert (folder / "file").read_bytes() == SAMPLE
