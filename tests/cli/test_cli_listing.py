"""The table that -l shows."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from command import SAMPLE, compressed, names, run, skippable

from zstandard.cli import main

HEADING = "Frames  Skips  Compressed  Uncompressed  Ratio  Check  Filename\n"
FRAME = compressed(SAMPLE)
TINY = compressed(b"content")  # which is stored as it is
# Files that can be listed, by name.
FILES = {
    "plain": FRAME,
    "none": compressed(b"content", write_checksum=False),
    "some": compressed(SAMPLE, write_checksum=False) + FRAME,
    "several": TINY + skippable(5000) + TINY,
    "skip": skippable(12),
    "unknown": compressed(b"content", write_content_size=False),
    "partly": FRAME + compressed(SAMPLE, write_content_size=False),
    "tiny": TINY,
    "empty": compressed(b""),
    "large": compressed(bytes(200_000_000)),
}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "cut").write_bytes(FRAME[:-1])
    (tmp_path / "text").write_bytes(SAMPLE)
    (tmp_path / "tail").write_bytes(FRAME + b"junk")
    (tmp_path / "nothing").write_bytes(b"")
    return tmp_path


def table(capfd, *arguments, status=0):
    assert main(["-l", *arguments]) == status
    out, err = capfd.readouterr()
    assert out.startswith(HEADING)
    return out.removeprefix(HEADING).splitlines(), err


def test_one_file(capfd):
    rows, err = table(capfd, "several")
    assert rows == ["     3      1    4.93 KiB        14   B  0.003  XXH64  several"]
    assert err == ""


def test_long_option(capfd):
    assert main(["--list", "tiny"]) == 0
    row = "     1      0      20   B         7   B  0.350  XXH64  tiny\n"
    assert capfd.readouterr() == (HEADING + row, "")


def test_totals(capfd):
    rows, err = table(capfd, "tiny", "several", "none")
    assert rows[3:] == ["-" * 65, "     5      1    4.96 KiB        28   B  0.006         3 files"]
    assert err == ""
    rows, err = table(capfd, "several", "unknown", "tiny")
    assert rows[4].startswith("     5      1    4.97 KiB                       XXH64  3 files")


@pytest.mark.skipif(shutil.which("zstd") is None, reason="there is no zstd command")
@pytest.mark.parametrize("files", [*([name] for name in FILES), list(FILES), ["tiny", "plain"]])
def test_as_the_zstd_command_shows_it(files, capfd):
    process = subprocess.run(
        ["zstd", "-l", *files], capture_output=True, check=True, stdin=subprocess.DEVNULL, text=True
    )
    expected = [line.rstrip() for line in process.stdout.splitlines()]
    assert main(["-l", *files]) == 0
    assert [line.rstrip() for line in capfd.readouterr().out.splitlines()] == expected


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("text", "is not zstd data"),
        ("tail", f"data that is not zstd from byte {len(FRAME)} on"),
        (
            "cut",
            f"the source ends within the frame at byte 0, which has {len(FRAME)} bytes or more",
        ),
        ("nothing", "is empty"),
        ("absent", "No such file or directory"),
        (".", "is a directory"),
    ],
)
def test_files_that_cannot_be_listed(name, cause, capfd):
    assert table(capfd, name, status=1) == ([], f"zstandard: {name}: {cause}\n")
    rows, err = table(capfd, "tiny", name, "tiny", status=1)
    assert len(rows) == 4
    assert rows[3].endswith("2 files")
    assert err == f"zstandard: {name}: {cause}\n"


def test_nothing_is_written_or_removed(folder, capfd):
    before = names(folder)
    table(capfd, "--rm", "plain", "several")
    assert names(folder) == before


def test_quiet(capfd):
    assert table(capfd, "-qq", "text", status=1) == ([], "")


def test_standard_input():
    for arguments in (["-l"], ["-l", "-"]):
        result = run(*arguments, stdin=FILES["several"] + skippable(100_000))
        assert result.returncode == 0
        assert result.stdout.decode().splitlines()[1].split()[:2] == ["4", "2"]
        assert result.stdout.endswith(b"  standard input\n")
        assert result.stderr == b""


def test_pipe(folder, capfd):
    path = folder / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(FILES["several"],))
    writer.start()
    rows, _ = table(capfd, "pipe")
    writer.join()
    assert rows[0].split()[:2] == ["3", "1"]


def test_link(folder, capfd):
    (folder / "link").symlink_to("tiny")
    _, err = table(capfd, "link", status=1)
    assert err == "zstandard: link: is a symbolic link; use -f to read what it leads to\n"
    assert table(capfd, "-f", "link")[0][0].endswith("  link")


def test_name_that_is_no_text(folder):
    name = b"name \xff"
    (folder / os.fsdecode(name)).write_bytes(FRAME)
    result = run("-l", name)
    assert result.returncode == 0
    assert result.stdout.endswith(b"  " + name + b"\n")


def test_output_that_takes_nothing():
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with Path("/dev/full").open("wb") as full:
        result = run("-l", "tiny", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert result.returncode == 1
    assert result.stderr == b"zstandard: standard output: No space left on device\n"


def test_output_that_nobody_reads():
    reading, writing = os.pipe()
    os.close(reading)
    result = run("-l", "tiny", capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (result.returncode, result.stderr) == (1, b"")
