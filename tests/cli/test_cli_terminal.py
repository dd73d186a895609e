"""What the command does, and refuses to do, on a terminal."""

import os
import pty
import subprocess
import termios
from contextlib import contextmanager

import pytest
from command import COMMAND, SAMPLE, compressed, decompressed, names, run

from zstandard.cli import main


@contextmanager
def terminal():
    """Give the two ends of a terminal that passes bytes as they are."""
    master, slave = pty.openpty()
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    try:
        yield master, slave
    finally:
        os.close(master)
        os.close(slave)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_bytes(SAMPLE)
    (tmp_path / "small").write_bytes(b"x")
    (tmp_path / "small.zst").write_bytes(compressed(b"content"))
    return tmp_path


def run_on_terminal(*arguments, stream, stdin=b""):
    """Run the command with one stream on a terminal; return its result and what is shown."""
    with terminal() as (master, slave):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "capture_output": False}
        result = run(*arguments, stdin=stdin, **{**streams, stream: slave})
        # A mark, since nothing at all can be shown and an end of file cannot.
        os.write(slave, b"\0")
        shown = b""
        while not shown.endswith(b"\0"):
            shown += os.read(master, 65536)
    return result, shown[:-1]


@pytest.mark.parametrize("arguments", [["-c", "small"], [], ["-dc", "small.zst"]])
def test_no_data_to_a_terminal(arguments):
    result, shown = run_on_terminal(*arguments, stdin=compressed(b"content"), stream="stdout")
    cause = b"zstandard: standard output: is a terminal; use -f to write to it\n"
    assert (result.returncode, result.stderr, shown) == (1, cause, b"")


def test_forced_data_to_a_terminal():
    result, shown = run_on_terminal("-fdc", "small.zst", stream="stdout")
    assert (result.returncode, result.stderr, shown) == (0, b"", b"content")
    result, shown = run_on_terminal("-f", stdin=b"data", stream="stdout")
    assert (result.returncode, result.stderr, decompressed(shown)) == (0, b"", b"data")


def test_a_test_writes_no_data():
    result, shown = run_on_terminal("-t", "small.zst", stream="stdout")
    assert (result.returncode, result.stderr, shown) == (0, b"", b"")


def test_a_terminal_as_named_target(capfd):
    with terminal() as (_, slave):
        name = os.ttyname(slave)
        assert main(["small", "-o", name]) == 1
    assert capfd.readouterr().err == f"zstandard: {name}: is a terminal; use -f to write to it\n"


@pytest.mark.parametrize("arguments", [[], ["-dc", "-"], ["-o", "target"]])
def test_no_input_from_a_terminal(arguments, folder):
    before = names(folder)
    with terminal() as (_, slave):
        result = subprocess.run(
            [*COMMAND, *arguments], stdin=slave, capture_output=True, check=False, timeout=60
        )
    cause = b"zstandard: standard input: is a terminal; name a FILE, or see 'zstandard -h'\n"
    assert (result.returncode, result.stdout, result.stderr) == (1, b"", cause)
    assert names(folder) == before


def test_forced_input_from_a_terminal():
    with terminal() as (master, slave):
        os.write(master, b"typed\n\x04")
        result = subprocess.run(
            [*COMMAND, "-f"], stdin=slave, capture_output=True, check=False, timeout=60
        )
    assert (result.returncode, result.stderr) == (0, b"")
    assert decompressed(result.stdout) == b"typed\n"


def test_the_outcomes_are_told_on_a_terminal(folder):
    result, shown = run_on_terminal("-f", "file", "small", stream="stderr")
    assert result.returncode == 0
    before, after = len(SAMPLE), (folder / "file.zst").stat().st_size
    sizes = f"({before / 1024:6.0f} KiB => {after / 1024:6.0f} KiB, file.zst)"
    assert shown.decode().splitlines() == [
        f"file                 :{100 * after / before:6.2f}%   {sizes}",
        "small                :1400.00%   (     1   B =>     14   B, small.zst)",
    ]


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (1023, "  1023   B"),
        (1024, "  1.00 KiB"),
        (10 << 10, "  10.0 KiB"),
        (100 << 10, "   100 KiB"),
        (3 << 19, "  1.50 MiB"),
    ],
)
def test_sizes_are_told_in_few_digits(size, shown, folder, capfd):
    (folder / "zeros").write_bytes(bytes(size))
    assert main(["-v", "zeros"]) == 0
    assert f"   ({shown} => " in capfd.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (
            ["-f", "small"],
            ["small                :1400.00%   (     1   B =>     14   B, small.zst)"],
        ),
        (["-t", "small.zst"], ["small.zst           : 7 bytes"]),
        (["-t", "small.zst", "-q"], []),
        (["-dc", "small.zst"], []),
        (["-vdc", "small.zst"], ["small.zst           : 7 bytes"]),
    ],
)
def test_which_outcomes_are_told_on_a_terminal(arguments, lines):
    result, shown = run_on_terminal(*arguments, stream="stderr")
    assert result.returncode == 0
    assert shown.decode().splitlines() == lines


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], False), (["-v"], True), (["-vq"], False), (["-vvq"], True), (["-q"], False)],
)
def test_the_outcome_is_told_elsewhere_if_asked_for(arguments, told, capfd):
    assert main([*arguments, "-t", "small.zst"]) == 0
    assert capfd.readouterr() == ("", "small.zst           : 7 bytes\n" if told else "")


@pytest.mark.parametrize(("option", "told"), [("-q", True), ("-qq", False), ("-qqv", True)])
def test_errors_are_told_unless_quiet_twice(option, told, capfd):
    assert main([option, "absent"]) == 1
    expected = "zstandard: absent: No such file or directory\n" if told else ""
    assert capfd.readouterr().err == expected


def test_an_empty_file_has_no_ratio(folder, capfd):
    (folder / "empty").touch()
    assert main(["-v", "empty"]) == 0
    line = "empty                :          (     0   B =>     13   B, empty.zst)\n"
    assert capfd.readouterr().err == line
