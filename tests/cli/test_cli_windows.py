"""Windows: how far back the command searches, and how much memory it lets frames ask for."""

import random

import pytest
from command import SAMPLE, compressed, names, needs_zstd, run, run_zstd, zstd_refuses

import zstandard
from frames import header, raw_block
from zstandard.cli import coding, main

FAR = random.Random(1).randbytes(3 << 20)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def frame_of_window(log):
    return header(window=(log - 10) << 3) + raw_block(b"content")


@needs_zstd
@pytest.mark.parametrize(("option", "log"), [("--long", 27), ("--long=16", 16), ("--long=24", 24)])
def test_the_window_of_a_frame(option, log):
    result = run(option, stdin=SAMPLE)
    assert (result.returncode, result.stderr) == (0, b"")
    for frame in (result.stdout, run_zstd(option, stdin=SAMPLE)):
        assert zstandard.get_frame_parameters(frame).window_size == 1 << log
    assert run_zstd("-d", stdin=result.stdout) == SAMPLE


@needs_zstd
@pytest.mark.parametrize("arguments", [["--long"], ["--long=23", "-1"], ["--long", "-T2"]])
def test_matches_at_long_distances(arguments, folder):
    (folder / "file").write_bytes(FAR * 2)
    assert main(["-1", "file", "-o", "near.zst"]) == 0
    assert (folder / "near.zst").stat().st_size > len(FAR) * 1.9
    assert main([*arguments, "file"]) == 0
    assert (folder / "file.zst").stat().st_size < len(FAR) * 1.1
    assert run_zstd("-dc", "file.zst") == FAR * 2
    run_zstd(*arguments, "file", "-o", "theirs.zst")
    assert main(["-d", "theirs.zst"]) == 0
    assert (folder / "theirs").read_bytes() == FAR * 2


@needs_zstd
@pytest.mark.parametrize(
    ("log", "arguments", "remedy"),
    [
        (27, [], None),
        (28, [], "--long=28 or -M256M"),
        (28, ["--long"], "--long=28 or -M256M"),
        (28, ["--long=28"], None),
        (28, ["--long=31"], None),
        (28, ["-M256M"], None),
        (28, ["--memory=268435455"], "--long=28 or -M256M"),
        (28, ["--long=28", "-M16M"], "--long=28 or -M256M"),
        (24, ["-M16M", "--long=20"], None),
        (24, ["--long=20"], "--long=24 or -M16M"),
        (24, ["-M1K"], "--long=24 or -M16M"),
        (12, ["-M1K"], "--long=12 or -M1M"),
    ],
)
def test_the_limit_on_windows(log, arguments, remedy, folder, capfd):
    """A remedy that is named is one that helps."""
    (folder / "file.zst").write_bytes(frame_of_window(log))
    assert zstd_refuses("-t", *arguments, "file.zst") == (remedy is not None)
    assert main(["-d", *arguments, "file.zst"]) == (remedy is not None)
    if remedy is None:
        assert (folder / "file").read_bytes() == b"content"
        return
    size = 1 << log
    message = capfd.readouterr().err
    assert message.startswith("zstandard: file.zst: ")
    assert message.endswith(f"byte 0: for its window of {size} bytes use {remedy}\n")
    assert names(folder) == ["file.zst"]
    for option in remedy.split(" or "):
        assert main(["-t", option, "file.zst"]) == 0


def test_a_window_that_is_no_power_of_two(folder, capfd):
    (folder / "file.zst").write_bytes(header(window=(24 - 10) << 3 | 1) + raw_block(b"content"))
    assert main(["-t", "-M17M", "file.zst"]) == 1
    size = (16 << 20) + (2 << 20)
    assert f"for its window of {size} bytes use --long=25 or -M18M\n" in capfd.readouterr().err
    assert main(["-t", "-M18M", "file.zst"]) == 0


@pytest.mark.parametrize("descriptor", [(31 - 10) << 3 | 1, (32 - 10) << 3])
def test_windows_that_no_option_allows(descriptor, folder, capfd):
    (folder / "file.zst").write_bytes(header(window=descriptor) + raw_block(b"content"))
    assert main(["-t", "--long=31", "file.zst"]) == 1
    message = capfd.readouterr().err
    assert message.endswith("too much memory for decoding, in the frame that starts at byte 0\n")


@pytest.mark.parametrize("size", [1, 2, 5, 100_000])
def test_the_frame_at_fault_is_named_however_it_comes(size):
    first = compressed(SAMPLE)
    content = first + frame_of_window(28)
    chunks = (content[start : start + size] for start in range(0, len(content), size))
    message = f"at byte {len(first)}: for its window of 268435456 bytes use --long=28 or -M256M$"
    with pytest.raises(zstandard.ZstdError, match=message):
        list(coding.decompress(chunks, zstandard.ZstdDecompressor()))
