"""In what state the command leaves what it writes: mode, owner and times."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from command import COMMAND, SAMPLE, compressed, names, start, wait_for_temporary

from zstandard.cli import main
from zstandard.cli.errors import FileError
from zstandard.cli.sources import Source
from zstandard.cli.targets import open_target

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may do this")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def source(folder):
    path = folder / "file"
    path.write_bytes(SAMPLE)
    return path


@pytest.fixture
def packed(folder):
    path = folder / "packed.zst"
    path.write_bytes(compressed(SAMPLE))
    return path


@pytest.fixture
def no_chown(monkeypatch):
    def refuse(*_arguments):
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refuse)


@pytest.mark.parametrize("arguments", [["file"], ["file", "-o", "target"]])
def test_mode_and_times_are_kept(arguments, source):
    source.chmod(0o4741)
    os.utime(source, ns=(1_000_000_001_123_456_789, 1_234_567_890_987_654_321))
    assert main(arguments) == 0
    status = Path("target" if "target" in arguments else "file.zst").stat()
    # To set the user's identity is not what a compressed program may do.
    assert stat.S_IMODE(status.st_mode) == 0o741
    assert status.st_atime_ns == 1_000_000_001_123_456_789
    assert status.st_mtime_ns == 1_234_567_890_987_654_321


def test_mode_and_times_are_kept_by_decompression(folder, packed):
    packed.chmod(0o604)
    os.utime(packed, ns=(1, 2_000_000_003))
    assert main(["-d", "packed.zst"]) == 0
    status = (folder / "packed").stat()
    assert stat.S_IMODE(status.st_mode) == 0o604
    assert status.st_mtime_ns == 2_000_000_003


@as_root
def test_the_owner_is_kept(folder, source):
    os.chown(source, 1234, 5678)
    assert main(["file"]) == 0
    status = (folder / "file.zst").stat()
    assert (status.st_uid, status.st_gid) == (1234, 5678)


@as_root
@pytest.mark.usefixtures("no_chown")
@pytest.mark.parametrize(
    ("mode", "kept"), [(0o660, 0o600), (0o644, 0o644), (0o775, 0o755), (0o604, 0o600)]
)
def test_another_group_may_do_no_more(mode, kept, folder, source):
    os.chown(source, -1, 5678)
    source.chmod(mode)
    assert main(["file"]) == 0
    assert stat.S_IMODE((folder / "file.zst").stat().st_mode) == kept


@pytest.mark.usefixtures("no_chown")
def test_the_own_group_keeps_its_rights(folder, source):
    source.chmod(0o664)
    assert main(["file"]) == 0
    assert stat.S_IMODE((folder / "file.zst").stat().st_mode) == 0o664


@pytest.mark.parametrize("umask", [0o022, 0o027])
def test_what_comes_from_standard_input_has_the_usual_mode(umask, folder, source):
    source.chmod(0o600)
    with source.open("rb") as file:
        subprocess.run([*COMMAND, "-o", "target"], stdin=file, umask=umask, check=True)
    assert stat.S_IMODE((folder / "target").stat().st_mode) == 0o666 & ~umask


def source_of_kind(kind, path, mode):
    """Return a source that seems to be of this kind, such as none that a test can have."""
    status = path.stat()
    fields = (kind | mode, status.st_ino, status.st_dev, *status[3:])
    times = {"st_atime_ns": 1, "st_mtime_ns": 2}
    return Source(str(path), path, -1, os.stat_result(fields, times))


def test_a_copy_of_a_block_device_is_as_private(folder, source):
    source = source_of_kind(stat.S_IFBLK, source, 0o640)
    with open_target("target", source, named=True, force=False):
        pass
    assert stat.S_IMODE((folder / "target").stat().st_mode) == 0o640


def test_a_block_device_is_not_its_own_target(folder):
    (folder / "link").symlink_to(os.devnull)
    source = source_of_kind(stat.S_IFBLK, folder / "link", 0o640)
    target = open_target("link", source, named=True, force=True)
    with pytest.raises(FileError, match="link: is the source and cannot be the target too"), target:
        pytest.fail("it is opened")


def test_the_temporary_file_is_private_and_beside_the_target(folder):
    (folder / "sub").mkdir()
    with start("-o", "sub/target", cwd=folder) as process:
        temporary = wait_for_temporary(folder / "sub")
        assert stat.S_IMODE(temporary.stat().st_mode) == 0o600
        process.communicate(b"data", timeout=30)
    assert names(folder / "sub") == ["target"]
