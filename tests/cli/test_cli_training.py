"""Dictionaries that the command makes of samples."""

import os
import random
import stat
import subprocess

import pytest
from command import COMMAND, names, needs_zstd, run, run_zstd, zstd_refuses

import zstandard
from zstandard import ZstdCompressionDict
from zstandard.cli import main

WORDS = [f"{first}{second}" for first in "name value text".split() for second in range(40)]
TEXTS = [" ".join(random.Random(seed).choices(WORDS, k=200)).encode() for seed in range(120)]
FILES = [f"sample{number}" for number in range(100)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in zip(FILES, TEXTS, strict=False):
        (tmp_path / name).write_bytes(text)
    (tmp_path / "file").write_bytes(TEXTS[-1])
    return tmp_path


def check_refused(folder, capfd, arguments, message):
    """Run the command, which must fail with this message and leave no file."""
    before = names(folder)
    assert main(["--train", *arguments]) == 1
    assert capfd.readouterr() == ("", f"zstandard: {message}\n")
    assert names(folder) == before


@needs_zstd
def test_training_as_zstd_does(folder):
    options = ["--maxdict=2K", "--dictID=77"]
    assert main(["--train", *FILES, "-o", "ours", *options]) == 0
    run_zstd("--train", *FILES, "-o", "theirs", *options)
    sizes = []
    for name in ("ours", "theirs"):
        assert 1024 < (folder / name).stat().st_size <= 2048
        frame = run_zstd("-c", "-D", name, "file")
        assert zstandard.get_frame_parameters(frame).dict_id == 77
        result = run("-d", "-D", name, stdin=frame)
        assert (result.returncode, result.stdout) == (0, TEXTS[-1])
        result = run("-D", name, stdin=TEXTS[-1])
        assert run_zstd("-d", "-D", name, stdin=result.stdout) == TEXTS[-1]
        sizes.append(len(frame))
    ours, theirs = sizes
    assert ours < theirs * 1.1 < len(run_zstd("-c", "file"))


def test_the_default_name_and_number(folder, capfd):
    assert main(["--train", *FILES]) == 0
    assert capfd.readouterr() == ("", "")
    content = (folder / "dictionary").read_bytes()
    dict_id = ZstdCompressionDict(content).dict_id()
    assert 32768 <= dict_id < 1 << 31
    assert main(["--train", *FILES, "-v", "-o", "again"]) == 0
    assert capfd.readouterr() == (
        "",
        f"100 samples => {len(content)} bytes, ID {dict_id}, again\n",
    )
    assert (folder / "again").read_bytes() == content


def test_to_standard_output(folder):
    before = names(folder)
    for arguments in (["-c"], ["-o", "-"]):
        result = run("--train", *arguments, *FILES)
        assert (result.returncode, result.stderr) == (0, b"")
        assert ZstdCompressionDict(result.stdout, zstandard.DICT_TYPE_FULLDICT).dict_id() > 0
    assert names(folder) == before


class Recorder:
    """Stands in for train_dictionary() and keeps what it was called with."""

    def __init__(self, monkeypatch):
        self.calls = []
        monkeypatch.setattr(zstandard, "train_dictionary", self)

    def __call__(self, *arguments, **options):
        self.calls.append((*arguments, options))
        return ZstdCompressionDict(b"dictionary")


@pytest.mark.parametrize(
    ("arguments", "size", "expected"),
    [
        ([], 112640, {}),
        (["-19", "-T2"], 112640, {"level": 19, "threads": 2}),
        (["--fast=3", "-T0"], 112640, {"level": -3, "threads": -1}),
        (["--maxdict=5000", "--dictID=5"], 5000, {"dict_id": 5}),
    ],
)
def test_what_the_library_is_told(arguments, size, expected, folder, monkeypatch):
    (folder / "large").write_bytes(bytes(131072) + b"end")
    (folder / "empty").write_bytes(b"")
    recorder = Recorder(monkeypatch)
    assert main(["--train", *arguments, "large", "empty", *FILES]) == 0
    samples = [bytes(131072), b"", *TEXTS[:100]]
    options = {"d": 8, "steps": 4, "dict_id": 0, "level": 3, "threads": 1, **expected}
    assert recorder.calls == [(size, samples, options)]
    assert (folder / "dictionary").read_bytes() == b"dictionary"


def test_a_sample_that_comes_in_pieces(folder, monkeypatch):
    recorder = Recorder(monkeypatch)
    reader, writer = os.pipe()
    command = ["/bin/sh", "-c", "cat large; sleep 0.2; cat large"]
    (folder / "large").write_bytes(b"x" * 70_000)
    with subprocess.Popen(command, stdout=writer):
        os.close(writer)
        status = main(["--train", "-f", f"/dev/fd/{reader}"])
        # Or who writes would wait, if not all has been read.
        os.close(reader)
    assert status == 0
    assert recorder.calls[0][1] == [b"x" * 131072]


@pytest.mark.parametrize("umask", [0o022, 0o027])
def test_a_dictionary_has_the_usual_mode(umask, folder):
    (folder / FILES[0]).chmod(0o600)
    subprocess.run([*COMMAND, "--train", *FILES], umask=umask, check=True)
    assert stat.S_IMODE((folder / "dictionary").stat().st_mode) == 0o666 & ~umask


@needs_zstd
@pytest.mark.parametrize("count", [1, 2, 4])
def test_too_few_samples(count, folder, capfd):
    assert zstd_refuses("--train", *FILES[:count])
    size = sum(map(len, TEXTS[:count]))
    cause = f"{count} samples of {size} bytes in all are too few to train a dictionary"
    hint = "give a FILE for each of a hundred or more"
    check_refused(folder, capfd, FILES[:count], f"dictionary: {cause}; {hint}")


def test_a_sample_that_cannot_be_read(folder, capfd):
    check_refused(folder, capfd, [*FILES, "none"], "none: No such file or directory")
    check_refused(folder, capfd, [*FILES, "."], ".: is a directory")


def test_an_existing_file_is_kept(folder, monkeypatch, capfd):
    (folder / "dictionary").write_bytes(b"precious")
    with monkeypatch.context() as context:
        # There is no need to train to find that out.
        context.delattr(zstandard, "train_dictionary")
        message = "dictionary: already exists; use -f to overwrite it"
        check_refused(folder, capfd, FILES, message)
    assert (folder / "dictionary").read_bytes() == b"precious"
    assert main(["--train", "-f", *FILES]) == 0
    assert ZstdCompressionDict((folder / "dictionary").read_bytes()).dict_id() > 0


def test_a_sample_is_not_overwritten(folder, capfd):
    (folder / "link").symlink_to(FILES[1])
    for name in (FILES[1], "link"):
        message = f"{name}: is the source and cannot be the target too"
        check_refused(folder, capfd, ["-f", *FILES, "-o", name], message)
    assert (folder / FILES[1]).read_bytes() == TEXTS[1]


def test_samples_are_not_removed(folder):
    assert main(["--train", "--rm", *FILES]) == 0
    assert names(folder) == sorted([*FILES, "file", "dictionary"])
