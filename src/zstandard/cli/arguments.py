"""The command's arguments: what they are called, what they mean, and which go together."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import zstandard
from zstandard.cli.names import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MIN_LEVEL = -zstandard.TARGETLENGTH_MAX
MAX_LEVEL = zstandard.MAX_COMPRESSION_LEVEL
MAX_PLAIN_LEVEL = 19
MAX_THREADS = 256
DEFAULT_LONG = 27
# libzstd's ZDICT_DICTSIZE_MIN.
MIN_DICTIONARY = 256
MAX_NUMBER = 2**32 - 1


class UsageError(Exception):
    """Says what is wrong with the arguments."""


class Options(argparse.Namespace):
    """What the arguments ask for; the values here are those of options not given."""

    files: list[str]
    mode: Literal["compress", "decompress", "test", "list", "train"] = "compress"
    output: str | None = None
    remove: bool = False
    force: bool = False
    level: int = 3
    threads: int = 1
    checksum: bool = True
    long: int | None = None
    memory: int | None = None
    dictionary: str | None = None
    patch_from: str | None = None
    maxdict: int = 112640
    dict_id: int = 0
    quiet: int = 0
    verbose: int = 0
    show: Literal["help", "version"] | None = None

    @property
    def verbosity(self) -> int:
        """Return how much to tell, 0 being the usual."""
        return self.verbose - self.quiet


def _number(low: int, high: int, what: str) -> Callable[[str], int]:
    def convert(text: str) -> int:
        if re.fullmatch(r"-?\d+", text, re.ASCII) and low <= int(text) <= high:
            return int(text)
        raise argparse.ArgumentTypeError(f"{text!r} is not {what} from {low} to {high}")

    return convert


def _size(low: int, high: int) -> Callable[[str], int]:
    def convert(text: str) -> int:
        match = re.fullmatch(r"(\d+)(?:([KM])i?B?)?", text, re.ASCII)
        if match:
            size = int(match[1]) * _UNITS[match[2]]
            if low <= size <= high:
                return size
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a size from {low} to {high} bytes, such as 65536, 64K or 1M"
        )

    return convert


_UNITS = {None: 1, "K": 1 << 10, "M": 1 << 20}
_level = _number(MIN_LEVEL, MAX_LEVEL, "a level")
_threads = _number(0, MAX_THREADS, "a number of threads")
_log = _number(zstandard.WINDOWLOG_MIN, zstandard.WINDOWLOG_MAX, "a window log")
_window = _size(1 << zstandard.WINDOWLOG_MIN, 1 << zstandard.WINDOWLOG_MAX)
_maxdict = _size(MIN_DICTIONARY, MAX_NUMBER)
_id = _number(0, MAX_NUMBER, "an ID")


def _fast(text: str) -> int:
    return -_number(1, -MIN_LEVEL, "a number")(text)


def _set(value: object) -> dict[str, Any]:
    return {"action": "store_const", "const": value}


def _take(metavar: str, convert: Callable[[str], object] = str) -> dict[str, Any]:
    return {"metavar": metavar, "type": convert}


_COUNT: dict[str, Any] = {"action": "count"}

# Of each option: its names, the attribute of Options that it is for, what it does to it, and help.
_OPTIONS: dict[str, list[tuple[str, str, dict[str, Any], str]]] = {
    "what to do": [
        ("-z --compress", "mode", _set("compress"), "compress (default)"),
        ("-d --decompress", "mode", _set("decompress"), "decompress"),
        ("-t --test", "mode", _set("test"), "decompress, but write nothing"),
        ("-l --list", "mode", _set("list"), "show sizes and checks of the frames, write nothing"),
        ("--train", "mode", _set("train"), "make a dictionary of the FILEs, each a sample"),
        ("-h --help", "show", _set("help"), "show this text"),
        ("-V --version", "show", _set("version"), "show the versions of package and libzstd"),
    ],
    "files": [
        ("-o", "output", _take("FILE"), "write to FILE"),
        ("-c --stdout", "output", _set(STANDARD), "write to standard output"),
        ("-k --keep", "remove", _set(False), "keep the source files (default)"),
        ("--rm", "remove", _set(True), "remove each source file when its target file is whole"),
        ("-f --force", "force", _set(True), "overwrite files, follow links, use terminals"),
    ],
    "compression": [
        ("-#", "level", _take("", _level), f"level, -1 to -{MAX_PLAIN_LEVEL} (default: -3)"),
        ("--ultra", "ultra", _set(True), f"allow levels to -{MAX_LEVEL}, which need much memory"),
        ("--fast", "level", _take("N", _fast), "as --fast or --fast=5: negative level, for speed"),
        ("--level", "level", _take("N", _level), f"any level, {MIN_LEVEL} to {MAX_LEVEL}"),
        ("-T --threads", "threads", _take("N", _threads), "threads, 0 for all CPUs (default: 1)"),
        ("--check", "checksum", _set(True), "store a checksum of the content (default)"),
        ("--no-check", "checksum", _set(False), "store no checksum"),
    ],
    "dictionaries": [
        ("-D", "dictionary", _take("FILE"), "use FILE as dictionary, in both directions"),
        ("--patch-from", "patch_from", _take("FILE"), "make a patch for FILE, or with -d apply it"),
        ("--maxdict", "maxdict", _take("N", _maxdict), "bytes that --train makes (default: 110K)"),
        ("--dictID", "dict_id", _take("N", _id), "ID that --train gives (default: by content)"),
    ],
    "windows": [
        (
            "--long",
            "long",
            _take("N", _log),
            "as --long or --long=24: search, or allow, 2**N bytes",
        ),
        ("-M --memory", "memory", _take("N", _window), "allow N bytes for -d (default: 128M)"),
    ],
    "messages": [
        ("-q --quiet", "quiet", _COUNT, "tell errors only; twice: nothing"),
        ("-v --verbose", "verbose", _COUNT, "tell the outcome for each file, terminal or not"),
    ],
}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="zstandard",
        usage="%(prog)s [OPTION]... [FILE]...",
        description="Compress or decompress each FILE to a new file beside it. Without a FILE, "
        "or for -, read standard input and write standard output.",
        add_help=False,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", help=argparse.SUPPRESS)
    for title, options in _OPTIONS.items():
        group = parser.add_argument_group(title)
        for names, attribute, effect, text in options:
            group.add_argument(*names.split(), dest=attribute, help=text, **effect)
    return parser


def help_text() -> str:
    """Return what -h shows."""
    return _parser().format_help()


def parse(argv: Sequence[str]) -> Options:
    """Read the arguments; UsageError if they make no sense."""
    words = list(argv)
    end = words.index("--") if "--" in words else len(words)
    options = _parser().parse_intermixed_args(_spelled_out(words[:end]), namespace=Options())
    options.files += words[end + 1 :]
    if options.output not in {None, STANDARD}:
        if options.mode in {"test", "list"}:
            raise UsageError(f"-{options.mode[0]} writes no file, so -o cannot be given with it")
        if options.mode != "train":
            _check_one_file("-o", options)
    if options.patch_from is not None:
        if options.dictionary is not None:
            raise UsageError("-D and --patch-from cannot be given together")
        _check_one_file("--patch-from", options)
    if options.mode == "train" and not options.files:
        raise UsageError("--train needs FILEs, each of them a sample")
    return options


def _check_one_file(option: str, options: Options) -> None:
    if len(options.files) > 1:
        raise UsageError(f"{option} is for one FILE, but {len(options.files)} are given")


def _spelled_out(words: list[str]) -> list[str]:
    """Put what argparse cannot read, levels such as -19 and --fast alone, in words that it can."""
    result: list[str] = []
    for word in words:
        if result and result[-1] == "--level":
            result.append(word)
        elif word == "--fast":
            result.append("--fast=1")
        elif word == "--long":
            result.append(f"--long={DEFAULT_LONG}")
        else:
            result += _split_at_level(word, ultra="--ultra" in words)
    return result


def _split_at_level(word: str, *, ultra: bool) -> list[str]:
    # Options of one letter, then a level, then more of them. Digits after those that take a word or
    # number are not levels.
    match = re.fullmatch(r"-([^-DMTo\d]*)(\d+)(.*)", word, re.ASCII | re.DOTALL)
    if match is None:
        return [word]
    before, digits, after = match.groups()
    if MAX_PLAIN_LEVEL < int(digits) <= MAX_LEVEL and not ultra:
        raise UsageError(f"level -{digits} needs --ultra")
    return [
        *([f"-{before}"] if before else []),
        f"-#{digits}",
        *(_split_at_level(f"-{after}", ultra=ultra) if after else []),
    ]
