"""Dictionaries and patches: what the command makes with them, and what it says of wrong ones."""

import os
import random
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, names, needs_zstd, run, run_zstd, zstd_refuses

import zstandard
from zstandard.cli import main

WORDS = [f"{first}{second}" for first in ("name", "value", "text") for second in range(40)]
TEXTS = [" ".join(random.Random(seed).choices(WORDS, k=60)).encode() for seed in range(120)]
DATA = TEXTS.pop()
DICTIONARY = zstandard.train_dictionary(2048, TEXTS, dict_id=77).as_bytes()
OLD = random.Random(1).randbytes(1_000_000)
NEW = OLD[600_000:] + b"what is new" + OLD[:500_000]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, content in {"dict": DICTIONARY, "file": DATA, "old": OLD, "new": NEW}.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def check_refused(capfd, arguments, message):
    """Run the command, which must fail with this message and leave no file."""
    before = names(Path())
    assert main(arguments) == 1
    assert capfd.readouterr() == ("", f"zstandard: {message}\n")
    assert names(Path()) == before


# Dictionaries


@needs_zstd
@pytest.mark.parametrize("level", ["-1", "-19", "--fast=3"])
@pytest.mark.parametrize("kind", ["trained", "content"])
def test_dictionary_to_and_from_zstd(kind, level, folder):
    content = DICTIONARY if kind == "trained" else b" ".join(TEXTS[:9])
    (folder / "dict").write_bytes(content)
    assert main([level, "-D", "dict", "file"]) == 0
    frame = (folder / "file.zst").read_bytes()
    assert len(frame) < len(run_zstd(level, "-c", "file"))
    assert zstandard.get_frame_parameters(frame).dict_id == (77 if kind == "trained" else 0)
    assert run_zstd("-dc", "-D", "dict", "file.zst") == DATA
    run_zstd(level, "-D", "dict", "file", "-o", "theirs.zst")
    assert len(frame) < (folder / "theirs.zst").stat().st_size * 1.05
    assert main(["-dDdict", "theirs.zst"]) == 0
    assert (folder / "theirs").read_bytes() == DATA


def test_a_dictionary_is_read_once_for_all_files(folder):
    (folder / "two").write_bytes(DATA)
    reader, writer = os.pipe()
    os.write(writer, DICTIONARY)
    os.close(writer)
    result = run("-D", f"/dev/fd/{reader}", "file", "two", pass_fds=[reader])
    os.close(reader)
    assert (result.returncode, result.stderr) == (0, b"")
    for name in ("file.zst", "two.zst"):
        assert zstandard.get_frame_parameters((folder / name).read_bytes()).dict_id == 77


@needs_zstd
def test_an_empty_dictionary_is_none(folder):
    (folder / "dict").write_bytes(b"")
    assert main(["-D", "dict", "file"]) == 0
    assert run_zstd("-dc", "file.zst") == DATA
    assert main(["-tD", "dict", "file.zst"]) == 0


@pytest.mark.parametrize("option", ["-D", "--patch-from"])
@pytest.mark.parametrize("mode", ["-z", "-d", "-t"])
def test_no_dictionary_file(mode, option, folder, capfd):
    (folder / "file.zst").write_bytes(zstandard.compress(DATA))
    (folder / "file").rename("other")
    source = "other" if mode == "-z" else "file.zst"
    check_refused(capfd, [mode, option, "none", source], "none: No such file or directory")
    check_refused(capfd, [mode, option, ".", source], ".: Is a directory")


@pytest.mark.parametrize("mode", ["-z", "-t"])
def test_damaged_dictionary(mode, folder, capfd):
    (folder / "file.zst").write_bytes(zstandard.compress(DATA))
    (folder / "dict").write_bytes(DICTIONARY[:100])
    before = names(folder)
    # One fault, told once.
    assert main([mode, "-D", "dict", "new", "old" if mode == "-z" else "file.zst"]) == 1
    out, err = capfd.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("zstandard: dict: ")
    assert "Dictionary is corrupted: its 100 bytes" in err
    assert names(folder) == before


@needs_zstd
def test_wrong_dictionary(folder, capfd):
    other = zstandard.train_dictionary(2048, TEXTS, dict_id=78)
    (folder / "other").write_bytes(other.as_bytes())
    assert main(["-D", "dict", "file"]) == 0
    (folder / "file").unlink()
    cause = "zstd decompressor error: Dictionary mismatch, in the frame that starts at byte 0"
    message = f"file.zst: {cause}: give the dictionary of ID 77 by -D"
    for arguments in ([], ["-D", "other"]):
        assert zstd_refuses("-d", *arguments, "file.zst")
        check_refused(capfd, ["-d", *arguments, "file.zst"], message)


def test_each_frame_may_have_a_dictionary(folder):
    """One that has none is read all the same."""
    assert main(["-D", "dict", "file"]) == 0
    frame = (folder / "file.zst").read_bytes()
    (folder / "file.zst").write_bytes(frame + zstandard.compress(b"plain") + frame)
    assert main(["-dfD", "dict", "file.zst"]) == 0
    assert (folder / "file").read_bytes() == DATA + b"plain" + DATA


def test_listing_needs_no_dictionary(capfd):
    assert main(["-D", "dict", "file"]) == 0
    assert main(["-lD", "none", "file.zst"]) == 0
    assert "file.zst" in capfd.readouterr().out


# Patches


@needs_zstd
@pytest.mark.parametrize("arguments", [[], ["-1"], ["-19"], ["--long=18"], ["-T2"]])
def test_patch_to_and_from_zstd(arguments, folder):
    assert main([*arguments, "--patch-from=old", "new", "-o", "patch"]) == 0
    patch = (folder / "patch").read_bytes()
    assert len(patch) < 2000
    frame = zstandard.get_frame_parameters(patch)
    assert (frame.content_size, frame.window_size) == (len(NEW), len(NEW))
    assert run_zstd("-dc", "--patch-from=old", "patch") == NEW
    run_zstd(*arguments, "--patch-from=old", "new", "-o", "theirs")
    assert main(["-d", "--patch-from", "old", "theirs", "-o", "again"]) == 0
    assert (folder / "again").read_bytes() == NEW
    assert main(["-t", "--patch-from", "old", "theirs"]) == 0


@needs_zstd
def test_a_patch_of_standard_input(folder):
    with (folder / "new").open("rb") as file:
        command = [*COMMAND, "--patch-from=old"]
        patch = subprocess.run(command, stdin=file, capture_output=True, check=True).stdout
    assert zstandard.get_frame_parameters(patch).content_size == len(NEW)
    assert run_zstd("-dc", "--patch-from=old", stdin=patch) == NEW
    assert zstd_refuses("--patch-from=old", stdin=NEW)
    result = run("--patch-from=old", stdin=NEW)
    cause = b"has no known size, which --patch-from needs; use a file"
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr == b"zstandard: standard input: " + cause + b"\n"
    result = run("-d", "--patch-from=old", stdin=patch)
    assert (result.returncode, result.stdout, result.stderr) == (0, NEW, b"")


@needs_zstd
def test_a_patch_to_something_else(folder, capfd):
    assert main(["--patch-from=old", "new"]) == 0
    (folder / "new").unlink()
    (folder / "other").write_bytes(OLD[::-1])
    for arguments in ([], ["--patch-from=other"]):
        assert zstd_refuses("-d", *arguments, "new.zst")
        assert main(["-d", *arguments, "new.zst"]) == 1
        assert capfd.readouterr().err.startswith("zstandard: new.zst: ")
        assert names(folder) == ["dict", "file", "new.zst", "old", "other"]


@needs_zstd
def test_memory_for_a_patch(capfd):
    """The old version is in memory, so a window of its size is allowed whatever the limit."""
    assert main(["--patch-from=old", "new"]) == 0
    assert main(["--patch-from=new", "old"]) == 0
    for limit in ("-M100K", "--long=15"):
        assert run_zstd("-dc", limit, "--patch-from=old", "new.zst") == NEW
        assert main(["-t", limit, "--patch-from=old", "new.zst"]) == 0
        assert zstd_refuses("-t", limit, "--patch-from=new", "old.zst")
        assert main(["-t", limit, "--patch-from=new", "old.zst"]) == 1
        message = capfd.readouterr().err
        assert message.endswith("for its window of 1000000 bytes use --long=20 or -M1M\n")


def test_a_patch_can_update_in_place(folder):
    assert main(["--patch-from=old", "new"]) == 0
    assert main(["-df", "--patch-from=old", "new.zst", "-o", "old"]) == 0
    assert (folder / "old").read_bytes() == NEW
