"""What the command's arguments mean."""

import subprocess
import sys

import pytest
from command import SAMPLE, compressed, run

import zstandard
from zstandard.cli import main
from zstandard.cli.arguments import UsageError, parse


@pytest.mark.parametrize("level", range(1, 20))
def test_plain_levels(level):
    assert parse([f"-{level}", "file"]).level == level


@pytest.mark.parametrize("level", [20, 21, 22])
def test_ultra_levels(level):
    assert parse([f"-{level}", "--ultra"]).level == level
    assert parse(["--ultra", f"-{level}"]).level == level
    with pytest.raises(UsageError, match=f"level -{level} needs --ultra"):
        parse([f"-{level}"])


@pytest.mark.parametrize(
    ("arguments", "level"),
    [
        ([], 3),
        (["--fast"], -1),
        (["--fast=10"], -10),
        (["--fast=131072"], -131072),
        (["--level=22"], 22),
        (["--level", "22"], 22),
        (["--level=-100"], -100),
        (["--level", "-7"], -7),
        (["--level=-131072"], -131072),
        (["-1", "-19"], 19),
        (["-19", "--fast=5"], -5),
        (["-d19"], 19),
        (["-k19f"], 19),
    ],
)
def test_level(arguments, level):
    options = parse([*arguments, "file"])
    assert options.level == level
    assert options.files == ["file"]


@pytest.mark.parametrize(
    ("arguments", "threads"),
    [([], 1), (["-T0"], 0), (["-T", "4"], 4), (["--threads=3"], 3), (["--threads", "12"], 12)],
)
def test_threads(arguments, threads):
    options = parse(arguments)
    assert (options.threads, options.level) == (threads, 3)


def test_letters_and_levels_together():
    options = parse(["-df19qT4", "-kvo", "target", "file"])
    assert options.mode == "decompress"
    assert options.force
    assert (options.level, options.threads) == (19, 4)
    assert (options.quiet, options.verbose) == (1, 1)
    assert options.output == "target"
    assert options.files == ["file"]


def test_a_level_is_not_taken_for_part_of_a_name():
    assert parse(["-oout19", "file"]).output == "out19"
    options = parse(["-5oout\n19", "file"])
    assert (options.level, options.output) == (5, "out\n19")
    options = parse(["-19Ddict7", "file"])
    assert (options.level, options.dictionary, options.files) == (19, "dict7", ["file"])


@pytest.mark.parametrize(
    ("arguments", "remove"),
    [([], False), (["--rm"], True), (["--rm", "-k"], False), (["--keep", "--rm"], True)],
)
def test_the_last_of_keep_and_rm_holds(arguments, remove):
    assert parse(arguments).remove is remove


@pytest.mark.parametrize(
    ("arguments", "mode"),
    [
        ([], "compress"),
        (["-d"], "decompress"),
        (["--decompress", "-z"], "compress"),
        (["-d", "--compress"], "compress"),
        (["-t"], "test"),
        (["--test", "-d"], "decompress"),
        (["-t", "-l"], "list"),
        (["--list"], "list"),
        (["-l", "-t"], "test"),
    ],
)
def test_the_last_mode_holds(arguments, mode):
    assert parse(arguments).mode == mode


@pytest.mark.parametrize(
    ("arguments", "output"),
    [
        ([], None),
        (["-c"], "-"),
        (["--stdout"], "-"),
        (["-o", "-"], "-"),
        (["-c", "-o", "target"], "target"),
        (["-o", "target", "-c"], "-"),
    ],
)
def test_the_last_output_holds(arguments, output):
    assert parse([*arguments, "file"]).output == output


@pytest.mark.parametrize(
    ("arguments", "checksum"),
    [([], True), (["--no-check"], False), (["--no-check", "--check"], True)],
)
def test_checksum(arguments, checksum):
    assert parse(arguments).checksum is checksum


@pytest.mark.parametrize(
    ("arguments", "dictionary", "patch_from"),
    [
        ([], None, None),
        (["-D", "dict"], "dict", None),
        (["-Ddict", "-D", "-"], "-", None),
        (["-dDdict"], "dict", None),
        (["--patch-from", "old"], None, "old"),
        (["--patch-from=old=1"], None, "old=1"),
    ],
)
def test_dictionaries(arguments, dictionary, patch_from):
    options = parse([*arguments, "file"])
    assert (options.dictionary, options.patch_from) == (dictionary, patch_from)
    assert options.files == ["file"]


@pytest.mark.parametrize(
    ("arguments", "log"),
    [([], None), (["--long"], 27), (["--long=10"], 10), (["--long=31"], 31)],
)
def test_long(arguments, log):
    options = parse([*arguments, "file"])
    assert (options.long, options.files) == (log, ["file"])


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ("1024", 1024),
        *((f"3{unit}", 3 << 10) for unit in ("K", "Ki", "KB", "KiB")),
        *((f"2048{unit}", 1 << 31) for unit in ("M", "Mi", "MB", "MiB")),
    ],
)
def test_sizes(size, expected):
    for arguments in ([f"-M{size}"], [f"--memory={size}"], ["--memory", size]):
        options = parse(arguments)
        assert (options.memory, options.level) == (expected, 3)


def test_training():
    options = parse(["--train", "one", "two"])
    assert (options.mode, options.files, options.output) == ("train", ["one", "two"], None)
    assert (options.maxdict, options.dict_id) == (112640, 0)
    options = parse(
        ["one", "two", "-o", "dict", "--train", "--maxdict=64KB", "--dictID=4294967295"]
    )
    assert (options.mode, options.files, options.output) == ("train", ["one", "two"], "dict")
    assert (options.maxdict, options.dict_id) == (65536, 4294967295)


def test_files_stand_anywhere():
    options = parse(["one", "-d", "two", "-", "-f", "three", "--", "-d", "--level", "-5"])
    assert options.files == ["one", "two", "-", "three", "-d", "--level", "-5"]
    assert options.level == 3


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--bogus"], "--bogus"),
        (["--dec", "file"], "--dec"),
        (["-x"], "-x"),
        (["-23"], "'23' is not a level from -131072 to 22"),
        (["--ultra", "-23"], "'23' is not a level"),
        (["--level=23"], "'23' is not a level"),
        (["--level=-131073"], "'-131073' is not a level"),
        (["--level=high"], "'high' is not a level"),
        (["--level"], "--level"),
        (["--fast=0"], "'0' is not a number from 1 to 131072"),
        (["--fast=-1"], "'-1' is not a number from 1"),
        (["-T", "many"], "'many' is not a number of threads from 0 to 256"),
        (["--threads=-1"], "'-1' is not a number of threads"),
        (["-T257"], "'257' is not a number of threads"),
        (["file", "-o"], "-o"),
        (["-o", "target", "one", "two"], "-o is for one FILE, but 2 are given"),
        (["-t", "-o", "target", "one"], "-t writes no file"),
        (["-l", "-o", "target", "one"], "-l writes no file"),
        (["-D"], "-D"),
        (["-D", "dict", "--patch-from=old"], "-D and --patch-from cannot be given together"),
        (["--patch-from=old", "one", "two"], "--patch-from is for one FILE, but 2 are given"),
        (["--long=9"], "'9' is not a window log from 10 to 31"),
        (["--long=32"], "'32' is not a window log from 10 to 31"),
        (["--long="], "'' is not a window log"),
        (["-M1023"], "'1023' is not a size from 1024 to 2147483648 bytes"),
        (["-M2049M"], "'2049M' is not a size"),
        (["-M1T"], "'1T' is not a size"),
        (["--memory=-1M"], "'-1M' is not a size"),
        (["--train"], "--train needs FILEs"),
        (["--train", "--maxdict=255", "one"], "'255' is not a size from 256 to 4294967295"),
        (["--train", "--dictID=4294967296", "one"], "'4294967296' is not an ID from 0"),
    ],
)
def test_usage_error(arguments, cause, capfd):
    assert main(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    message, hint = err.splitlines()
    assert message.startswith("zstandard: ")
    assert cause in message
    assert hint == "Try 'zstandard -h' for more information."


class Recorder:
    """Stands in for ZstdCompressor and keeps what it was made with."""

    def __init__(self, monkeypatch):
        self.arguments = []
        self._real = zstandard.ZstdCompressor
        monkeypatch.setattr(zstandard, "ZstdCompressor", self)

    def __call__(self, **arguments):
        self.arguments.append(arguments)
        return self._real(**arguments)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"compression_level": 3, "write_checksum": True}),
        (["-T0"], {"threads": -1, "write_checksum": True}),
        (["-T1", "--no-check"], {"threads": 0, "write_checksum": False}),
        (["-T4", "--fast=10"], {"compression_level": -10, "threads": 4, "write_checksum": True}),
        (["--long=20"], {"write_checksum": True, "window_log": 20, "enable_ldm": True}),
    ],
)
def test_what_the_compressor_is_told(arguments, expected, tmp_path, monkeypatch):
    recorder = Recorder(monkeypatch)
    source = tmp_path / "file"
    source.write_bytes(SAMPLE)
    assert main([*arguments, str(source)]) == 0
    parameters = zstandard.ZstdCompressionParameters(write_dict_id=True, **expected)
    assert recorder.arguments == [{"dict_data": None, "compression_params": parameters}]
    assert main(["-t", f"{source}.zst"]) == 0


@pytest.mark.parametrize(
    ("argument", "level"),
    [
        *((f"-{level}", level) for level in range(1, 20)),
        ("--fast=10", -10),
        ("--level=-100", -100),
        ("--level=20", 20),
    ],
)
def test_level_is_used(argument, level, tmp_path):
    data = SAMPLE[:20_000]
    source = tmp_path / "file"
    source.write_bytes(data)
    assert main([argument, str(source)]) == 0
    assert (tmp_path / "file.zst").read_bytes() == compressed(data, level=level)


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(option, capfd):
    assert main([option, "file", "-d"]) == 0
    out, err = capfd.readouterr()
    assert out.startswith("usage: zstandard [OPTION]... [FILE]...\n")
    for name in ("-d, --decompress", "--rm", "--ultra", "--threads N"):
        assert name in out
    assert err == ""


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version(option, capfd):
    assert main([option]) == 0
    libzstd = ".".join(map(str, zstandard.ZSTD_VERSION))
    expected = f"zstandard {zstandard.__version__} (libzstd {libzstd})\n"
    assert capfd.readouterr() == (expected, "")


def test_status_of_the_process():
    result = run("--bogus")
    assert result.returncode == 2
    assert result.stderr.startswith(b"zstandard: unrecognized arguments: --bogus\n")
    assert run("-V").returncode == 0


def test_the_package_does_not_import_its_command():
    code = "import sys, zstandard; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    modules = set(result.stdout.decode().split())
    assert "zstandard" in modules
    assert modules.isdisjoint({"argparse", "zstandard.cli"})
