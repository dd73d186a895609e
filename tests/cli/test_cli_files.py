"""Which files the command reads, writes and removes, and which it leaves alone."""

import contextlib
import os
import resource
import stat
import subprocess
import threading
from pathlib import Path

import pytest
from command import COMMAND, SAMPLE, compressed, decompressed, names, run, start, wait_for_temporary

from zstandard.cli import coding, job, main

NOTHING = ("", "")
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


@contextlib.contextmanager
def file_size_limit():
    """Have no file grow; not for a whole test, or pytest could not write to a log."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def check_refused(capfd, arguments, message):
    """Run the command, which must fail with this message and change nothing."""
    before = {name: Path(name).lstat() for name in names(Path())}
    assert main(arguments) == 1
    assert capfd.readouterr() == ("", f"zstandard: {message}\n")
    after = {name: Path(name).lstat() for name in names(Path())}
    assert [(name, each.st_ino, each.st_mtime_ns) for name, each in after.items()] == [
        (name, each.st_ino, each.st_mtime_ns) for name, each in before.items()
    ]


# Names


def test_the_suffix_is_added_and_removed(folder, source, capfd):
    assert main(["file"]) == 0
    assert names(folder) == ["file", "file.zst"]
    source.unlink()
    assert main(["-d", "file.zst"]) == 0
    assert names(folder) == ["file", "file.zst"]
    assert source.read_bytes() == SAMPLE
    assert capfd.readouterr() == NOTHING


def test_in_another_folder(folder, source):
    (folder / "sub").mkdir()
    source.rename("sub/file")
    assert main(["sub/file"]) == 0
    assert main(["-d", "sub/file.zst", "-o", str(folder / "again")]) == 0
    assert names(folder) == ["again", "sub"]
    assert names(folder / "sub") == ["file", "file.zst"]


def test_a_compressed_file_is_compressed_again(folder, packed):
    assert main(["packed.zst"]) == 0
    assert decompressed((folder / "packed.zst.zst").read_bytes()) == packed.read_bytes()


@pytest.mark.parametrize("name", ["packed", ".zst", "sub/.zst", "packed.zst.old", "packed.ZST"])
def test_decompression_needs_the_suffix(name, folder, packed, capfd):
    (folder / "sub").mkdir()
    packed.rename(name)
    cause = "has no .zst suffix; name the target with -o, or use -c"
    check_refused(capfd, ["-d", name], f"{name}: {cause}")
    assert main(["-d", name, "-o", "again"]) == 0
    assert (folder / "again").read_bytes() == SAMPLE


def test_decompression_to_standard_output_needs_no_suffix(packed, capfdbinary):
    packed.rename("packed")
    assert main(["-dc", "packed"]) == 0
    assert capfdbinary.readouterr() == (SAMPLE, b"")


def test_long_names(folder):
    name = "n" * 251
    (folder / name).write_bytes(b"x")
    assert main([name]) == 0
    assert main(["-df", f"{name}.zst"]) == 0
    assert names(folder) == [name, f"{name}.zst"]


def test_names_that_are_not_text(folder):
    name = os.fsdecode(b"caf\xe9")
    (folder / name).write_bytes(b"x")
    assert main([name]) == 0
    result = run(name)
    assert result.returncode == 1
    assert result.stderr.startswith(b"zstandard: caf")


# Existing targets


@pytest.mark.parametrize("arguments", [["file"], ["file", "-o", "file.zst"]])
@pytest.mark.usefixtures("source")
def test_an_existing_target_is_kept(arguments, folder, monkeypatch, capfd):
    (folder / "file.zst").write_bytes(b"precious")
    cause = "file.zst: already exists; use -f to overwrite it"
    with monkeypatch.context() as context:
        # There is no need to compress anything to find that out.
        context.delattr(coding, "compress")
        check_refused(capfd, ["--rm", *arguments], cause)
    assert (folder / "file.zst").read_bytes() == b"precious"
    assert main(["-f", *arguments]) == 0
    assert decompressed((folder / "file.zst").read_bytes()) == SAMPLE


@pytest.mark.usefixtures("source")
def test_a_dangling_link_is_an_existing_target(folder, monkeypatch, capfd):
    (folder / "file.zst").symlink_to("elsewhere")
    with monkeypatch.context() as context:
        context.delattr(coding, "compress")
        check_refused(capfd, ["file"], "file.zst: already exists; use -f to overwrite it")
    assert main(["-f", "file"]) == 0
    assert names(folder) == ["file", "file.zst"]
    assert not (folder / "file.zst").is_symlink()


@pytest.mark.usefixtures("source")
def test_a_forced_target_replaces_a_link_to_a_file(folder):
    (folder / "other").write_bytes(b"precious")
    (folder / "file.zst").symlink_to("other")
    assert main(["-f", "file"]) == 0
    assert (folder / "other").read_bytes() == b"precious"
    assert decompressed((folder / "file.zst").read_bytes()) == SAMPLE


@pytest.mark.usefixtures("source")
def test_a_named_target_may_be_a_link(folder, capfd):
    (folder / "link").symlink_to("other")
    assert main(["file", "-o", "link"]) == 0
    assert (folder / "link").is_symlink()
    assert decompressed((folder / "other").read_bytes()) == SAMPLE
    check_refused(
        capfd, ["file", "-o", "link"], f"{folder / 'other'}: already exists; use -f to overwrite it"
    )
    assert main(["-f", "-1", "file", "-o", "link"]) == 0
    assert (folder / "link").is_symlink()
    assert (folder / "other").read_bytes() == compressed(SAMPLE, level=1)


@pytest.mark.parametrize("force", [False, True])
def test_a_target_that_appears_meanwhile(force, folder):
    with start(*(["-f"] if force else []), "-o", "target", cwd=folder) as process:
        wait_for_temporary(folder)
        (folder / "target").write_bytes(b"precious")
        _, err = process.communicate(b"data", timeout=30)
    assert names(folder) == ["target"]
    content = (folder / "target").read_bytes()
    if force:
        assert (process.returncode, decompressed(content)) == (0, b"data")
    else:
        assert (process.returncode, content) == (1, b"precious")
        assert err == b"zstandard: target: already exists; use -f to overwrite it\n"


@pytest.mark.parametrize("appears", [False, True])
@pytest.mark.usefixtures("source")
def test_a_file_system_without_hard_links(appears, folder, monkeypatch, capfd):
    def link(_source, target, **_options):
        if appears:
            Path(target).write_bytes(b"precious")
        raise PermissionError

    monkeypatch.setattr(os, "link", link)
    assert main(["file"]) == (1 if appears else 0)
    assert names(folder) == ["file", "file.zst"]
    content = (folder / "file.zst").read_bytes()
    if appears:
        assert content == b"precious"
        assert capfd.readouterr().err == "zstandard: file.zst: File exists\n"
    else:
        assert decompressed(content) == SAMPLE


@pytest.mark.parametrize("arguments", [["-f", "-o", "file"], ["-f", "-o", "./sub/../file"]])
@pytest.mark.usefixtures("source")
def test_the_source_is_not_its_own_target(arguments, folder, capfd):
    (folder / "sub").mkdir()
    name = arguments[-1].removeprefix("./")
    cause = "is the source and cannot be the target too"
    check_refused(capfd, ["file", *arguments], f"{name}: {cause}")


@pytest.mark.parametrize("link", [os.link, os.symlink])
def test_the_source_under_another_name_is_not_its_target(link, source, capfd):
    link("file", "file.zst")
    cause = "file.zst: is the source and cannot be the target too"
    check_refused(capfd, ["-f", "file"], cause)
    assert source.read_bytes() == SAMPLE


@pytest.mark.parametrize("name", ["-c", "-"])
def test_the_source_is_not_standard_output_too(name, source):
    arguments = ["-c", "file"] if name == "-c" else ["-"]
    with source.open("rb") as standard_input, source.open("ab") as standard_output:
        result = subprocess.run(
            [*COMMAND, *arguments],
            stdin=standard_input,
            stdout=standard_output,
            stderr=subprocess.PIPE,
            check=False,
        )
    cause = b"zstandard: standard output: is the source and cannot be the target too\n"
    assert (result.returncode, result.stderr) == (1, cause)
    assert source.read_bytes() == SAMPLE


# Sources


def test_a_missing_source(capfd):
    check_refused(capfd, ["absent"], "absent: No such file or directory")


@pytest.mark.parametrize("arguments", [[], ["-f"], ["-c"], ["-t"], ["-o", "target"]])
def test_a_folder_as_source(arguments, folder, capfd):
    (folder / "sub").mkdir()
    check_refused(capfd, [*arguments, "sub"], "sub: is a directory")


@pytest.mark.parametrize("arguments", [[], ["-c"], ["-t"], ["-o", "target"], ["--rm"]])
@pytest.mark.usefixtures("source")
def test_a_link_as_source(arguments, folder, capfd):
    (folder / "link").symlink_to("file")
    cause = "link: is a symbolic link; use -f to read what it leads to"
    check_refused(capfd, [*arguments, "link"], cause)


def test_a_forced_link_as_source(folder, source):
    (folder / "link").symlink_to("file")
    source.chmod(0o640)
    assert main(["-f", "--rm", "link"]) == 0
    assert names(folder) == ["file", "link.zst"]
    assert decompressed((folder / "link.zst").read_bytes()) == SAMPLE
    assert stat.S_IMODE((folder / "link.zst").stat().st_mode) == 0o640


@pytest.mark.parametrize("arguments", [["-c", "pipe"], ["-c", "link"]])
def test_a_pipe_as_source(arguments, folder, capfdbinary):
    os.mkfifo("pipe")
    (folder / "link").symlink_to("pipe")
    writer = threading.Thread(target=(folder / "pipe").write_bytes, args=(SAMPLE,), daemon=True)
    writer.start()
    assert main(arguments) == 0
    writer.join()
    out, err = capfdbinary.readouterr()
    assert (decompressed(out), err) == (SAMPLE, b"")


@pytest.mark.parametrize("arguments", [["pipe", "-o", "pipe.zst"], ["-f", "pipe"]])
def test_a_pipe_to_a_file(arguments, folder):
    (folder / "before").touch()
    os.mkfifo("pipe", 0o600)
    writer = threading.Thread(target=(folder / "pipe").write_bytes, args=(SAMPLE,), daemon=True)
    writer.start()
    assert main(["--rm", *arguments]) == 0
    writer.join()
    (folder / "after").touch()
    assert names(folder) == ["after", "before", "pipe", "pipe.zst"]
    assert decompressed((folder / "pipe.zst").read_bytes()) == SAMPLE
    # The mode is that of any new file, and this process still makes files the same way.
    assert len({(folder / name).stat().st_mode for name in ("after", "before", "pipe.zst")}) == 1


def test_a_pipe_is_only_read_on_demand(capfd):
    os.mkfifo("pipe")
    cause = "pipe: is not a regular file; use -c, -o or -f to read it"
    check_refused(capfd, ["pipe"], cause)


def test_a_device_is_only_read_on_demand(capfd):
    cause = "is not a regular file; use -c, -o or -f to read it"
    assert main([os.devnull]) == 1
    assert capfd.readouterr().err == f"zstandard: {os.devnull}: {cause}\n"


def test_a_source_that_may_not_be_read(source, capfd):
    source.chmod(0)
    if os.access(source, os.R_OK):
        pytest.skip("this user may read all files")
    check_refused(capfd, ["file"], "file: Permission denied")


# Special targets


@pytest.mark.usefixtures("source")
def test_a_device_as_target(folder):
    before = Path(os.devnull).lstat()
    assert main(["--rm", "file", "-o", os.devnull]) == 0
    after = Path(os.devnull).lstat()
    assert (after.st_ino, after.st_mode) == (before.st_ino, before.st_mode)
    assert names(folder) == ["file"]


@pytest.mark.usefixtures("source")
def test_a_pipe_as_target(folder):
    os.mkfifo("pipe")
    received = []
    reader = threading.Thread(
        target=lambda: received.append((folder / "pipe").read_bytes()), daemon=True
    )
    reader.start()
    assert main(["--rm", "file", "-o", "pipe"]) == 0
    reader.join()
    assert decompressed(received[0]) == SAMPLE
    assert names(folder) == ["file", "pipe"]


def test_a_pipe_that_has_the_name_of_a_target(folder, capfd):
    (folder / "file").write_bytes(b"x")
    os.mkfifo("file.zst")
    check_refused(capfd, ["file"], "file.zst: already exists; use -f to overwrite it")
    assert main(["-f", "file"]) == 0
    assert decompressed((folder / "file.zst").read_bytes()) == b"x"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
@pytest.mark.usefixtures("source")
def test_dev_stdout_as_target():
    result = run("file", "-o", "/dev/stdout")
    assert (result.returncode, result.stderr) == (0, b"")
    assert decompressed(result.stdout) == SAMPLE
    assert Path("/dev/stdout").is_symlink()


@as_root
@pytest.mark.usefixtures("source")
def test_a_block_device_is_not_overwritten(capfd):
    try:
        # A number that no device has.
        os.mknod("block", 0o600 | stat.S_IFBLK, os.makedev(240, 77))
    except PermissionError:
        pytest.skip("no device may be made here")
    check_refused(
        capfd, ["file", "-o", "block"], "block: is a block device; use -f to overwrite it"
    )


@pytest.mark.parametrize(
    ("target", "cause"),
    [("sub", "sub: is a directory"), ("no/target", "no/target: No such file or directory")],
)
@pytest.mark.usefixtures("source")
def test_a_target_that_cannot_be(target, cause, folder, capfd):
    (folder / "sub").mkdir()
    check_refused(capfd, ["-f", "file", "-o", target], cause)


@pytest.mark.usefixtures("source")
def test_a_folder_that_may_not_be_written(folder, capfd):
    folder.chmod(0o500)
    try:
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write to all folders")
        check_refused(capfd, ["file"], "file.zst: Permission denied")
    finally:
        folder.chmod(0o700)


# Removal of the source


def test_rm_removes_the_source(folder, source):
    assert main(["--rm", "file"]) == 0
    assert names(folder) == ["file.zst"]
    assert main(["-d", "--rm", "file.zst"]) == 0
    assert names(folder) == ["file"]
    assert source.read_bytes() == SAMPLE
    assert main(["--rm", "file", "-o", "target"]) == 0
    assert names(folder) == ["target"]


@pytest.mark.parametrize("arguments", [[], ["-k"], ["--rm", "-k"], ["--rm", "--keep"]])
@pytest.mark.usefixtures("source")
def test_the_source_is_kept(arguments, folder):
    assert main([*arguments, "file"]) == 0
    assert names(folder) == ["file", "file.zst"]


@pytest.mark.parametrize("arguments", [["-dc"], ["-d", "-o", os.devnull], ["-t"], ["-tc"]])
@pytest.mark.usefixtures("packed", "capfdbinary")
def test_rm_needs_a_file_as_target(arguments, folder):
    (folder / "standard output").touch()
    assert main(["--rm", *arguments, "packed.zst"]) == 0
    assert names(folder) == ["packed.zst", "standard output"]


def test_a_source_that_changed_is_not_removed(folder, source, monkeypatch, capfd):
    def change(_path):
        with source.open("ab") as file:
            file.write(b"more")

    monkeypatch.setattr(job, "sync_folder", change)
    assert main(["--rm", "file"]) == 1
    cause = "changed while it was read, so it is not removed"
    assert capfd.readouterr().err == f"zstandard: file: {cause}\n"
    assert source.read_bytes() == SAMPLE + b"more"
    assert decompressed((folder / "file.zst").read_bytes()) == SAMPLE


def test_a_source_that_was_replaced_is_not_removed(folder, source, monkeypatch):
    def replace(_path):
        (folder / "new").write_bytes(SAMPLE)
        os.utime(folder / "new", ns=(0, source.stat().st_mtime_ns))
        (folder / "new").replace(source)

    monkeypatch.setattr(job, "sync_folder", replace)
    assert main(["--rm", "file"]) == 1
    assert names(folder) == ["file", "file.zst"]


def test_the_target_is_whole_before_the_source_is_removed(folder, source, monkeypatch):
    seen = []
    sync = os.fsync

    def look(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        seen.append((is_folder, source.exists(), (folder / "file.zst").exists()))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    assert main(["--rm", "file"]) == 0
    assert seen == [(False, True, False), (True, True, True)]
    assert names(folder) == ["file.zst"]


# Failures


@pytest.mark.parametrize(("force", "target"), [([], "packed"), (["-f"], "packed"), (["-f"], "old")])
def test_a_full_disk(force, target, folder, capfd):
    (folder / "packed.zst").write_bytes(compressed(bytes(1_000_000)))
    (folder / "old").write_bytes(b"precious")
    arguments = ["--rm", "-d", "packed.zst", *force, "-o", target]
    with file_size_limit():
        check_refused(capfd, arguments, f"{target}: File too large")
    assert (folder / "old").read_bytes() == b"precious"


@pytest.mark.usefixtures("source")
def test_a_failure_in_between_leaves_nothing(folder, monkeypatch):
    def fail(*_arguments, **_options):
        yield b"some"
        raise RuntimeError

    monkeypatch.setattr(coding, "compress", fail)
    with pytest.raises(RuntimeError):
        main(["--rm", "file"])
    assert names(folder) == ["file"]


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="there is no /dev/fd")
@pytest.mark.usefixtures("packed", "source")
@pytest.mark.parametrize(
    "arguments", [["file"], ["file", "-o", os.devnull], ["-d", "file"], ["-df", "packed.zst"]]
)
def test_all_files_are_closed(arguments):
    before = sorted(Path("/dev/fd").iterdir())
    main(["-q", *arguments])
    assert sorted(Path("/dev/fd").iterdir()) == before


@pytest.mark.usefixtures("source")
def test_other_files_are_done_after_a_failure(folder, capfd):
    (folder / "last").write_bytes(b"x")
    assert main(["--rm", "absent", "file", "also absent", "last"]) == 1
    assert names(folder) == ["file.zst", "last.zst"]
    assert capfd.readouterr().err.splitlines() == [
        "zstandard: absent: No such file or directory",
        "zstandard: also absent: No such file or directory",
    ]


@pytest.mark.usefixtures("source")
def test_several_files_to_standard_output(folder, capfdbinary):
    (folder / "bad.zst").write_bytes(b"junk!")
    (folder / "one.zst").write_bytes(compressed(b"one"))
    (folder / "two.zst").write_bytes(compressed(b"two"))
    assert main(["-dc", "one.zst", "bad.zst", "two.zst"]) == 1
    assert capfdbinary.readouterr() == (b"onetwo", b"zstandard: bad.zst: is not zstd data\n")


@pytest.mark.usefixtures("source")
def test_files_and_standard_input(folder):
    result = run("file", "-", stdin=b"x", cwd=folder)
    assert (result.returncode, result.stderr) == (0, b"")
    assert decompressed(result.stdout) == b"x"
    assert names(folder) == ["file", "file.zst"]


def test_test_mode_writes_nothing(folder, packed, capfd):
    before = packed.stat()
    assert main(["-t", "packed.zst", "packed.zst"]) == 0
    assert capfd.readouterr() == NOTHING
    assert names(folder) == ["packed.zst"]
    assert packed.stat().st_mtime_ns == before.st_mtime_ns
