"""Who is measured: a process for each binding, and one for the C loop; and what they work with."""

import functools
import os
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import zstandard
from bindings import BINDINGS, OUR_NAME
from cases import KIB, MIB, C, Case
from environment import BARE, ROOT, SOURCE, build_folder
from worker import LEVEL, PIECE

FOLDER = Path(__file__).resolve().parent
LINE = 80
IMPORTS = 5


@dataclass(frozen=True)
class Turn:
    """How many repetitions are timed as one, and how many times."""

    count: int = 1
    times: int = 1


class Contestant:
    """A process of worker.py or native.c."""

    def __init__(self, name: str, native: Path) -> None:
        """Start it; `native` is the program of the C loop."""
        self.name = name
        self.binding = BINDINGS.get(name)
        worker = [sys.executable, str(FOLDER / "worker.py"), name]
        self._process = subprocess.Popen(
            worker if self.binding else [str(native)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment(),
        )

    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        return {**os.environ, "PYTHONPATH": self.binding.path if self.binding else ""}

    def ask(self, what: str, operation: str, folder: Path, turn: Turn) -> float | None:
        """Return what worker.py tells of; None if there is no such operation."""
        assert self._process.stdin
        assert self._process.stdout
        request = "\t".join(map(str, (what, operation, turn.count, turn.times, folder)))
        print(request, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline().strip()
        if not answer:
            raise RuntimeError(f"{self.name}: the process ended in {operation!r}")
        return None if answer == "-" else float(answer)

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()


@contextmanager
def started(names: list[str], native: Path) -> Iterator[dict[str, Contestant]]:
    """Start contestants; stop them at the end."""
    with ExitStack() as stack:
        contestants = {}
        for name in names:
            contestants[name] = Contestant(name, native)
            stack.callback(contestants[name].stop)
        yield contestants


def compile_with_libzstd(name: str, product: Path, *flags: str) -> None:
    """Compile a C file of this folder, with the very libzstd that our package has in it."""
    library = build_folder() / "src" / "libzstd" / "libzstd.a"
    command = ["cc", "-std=gnu11", "-O3", f"-I{ROOT / SOURCE / 'lib'}", *flags, str(FOLDER / name)]
    subprocess.run([*command, str(library), "-lpthread", "-o", str(product)], check=True)


def build_native(folder: Path) -> Path:
    """Return the program of the C loop."""
    program = folder / "native"
    compile_with_libzstd("native.c", program)
    return program


def build_bare() -> None:
    """Build the extension of bare methods."""
    BARE.mkdir(exist_ok=True)
    headers = sysconfig.get_path("include")
    compile_with_libzstd("bare.c", BARE / "bare.so", "-shared", "-fPIC", f"-I{headers}")


@functools.cache
def text(size: int) -> bytes:
    """Return ASCII text: the sources of Python's library, repeated if need be."""
    library = Path(sysconfig.get_path("stdlib"))
    found = bytearray()
    for path in sorted(library.glob("*.py")) + sorted(library.glob("*/*.py")):
        found += path.read_bytes().decode(errors="replace").encode("ascii", "replace")
        if len(found) >= size:
            break
    return bytes((found * (size // len(found) + 1))[:size])


def text_of(size: int) -> bytes:
    """Return text that is not from the start, where the first module tells of itself."""
    return text(size + 1000)[1000:]


@functools.cache
def dictionary() -> bytes:
    """Return a dictionary for short texts."""
    samples = text(2 * MIB)
    pieces = [samples[start : start + 200] for start in range(0, len(samples), 200)]
    return zstandard.train_dictionary(8 * KIB, pieces).as_bytes()


def write_input(folder: Path, size: int) -> None:
    """Write what an operation on data of the size works with, in a file each."""
    data = text_of(size)
    words = text(size).replace(b"\n", b" ")
    width = LINE - 1
    starts = range(0, size // LINE * width, width)
    lines = b"".join(words[start : start + width] + b"\n" for start in starts)
    digested = zstandard.ZstdCompressor(
        LEVEL, dict_data=zstandard.ZstdCompressionDict(dictionary())
    )
    contents: Mapping[str, bytes] = {
        "data": data,
        "frame": zstandard.compress(data, LEVEL),
        "line_frame": zstandard.compress(lines, LEVEL),
        "dictionary": dictionary(),
        "dictionary_frame": digested.compress(data),
    }
    for name, content in contents.items():
        folder.joinpath(name).write_bytes(content)


def importing(contestant: Contestant, _case: Case) -> float | None:
    """Return the seconds of an import in a fresh process, the least of a few."""
    if contestant.binding is None or contestant.name == "Python":
        return None
    module = contestant.binding.module
    code = (
        f"import time; start = time.perf_counter(); import {module}; "
        "print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", code]
    return min(
        float(subprocess.check_output(command, env=contestant.environment(), text=True))
        for _ in range(IMPORTS)
    )


@functools.cache
def stripped_size() -> float | None:
    """Return the bytes of our extension, built with the system's libzstd; None without one."""
    query = ["pkg-config", "--exists", "libzstd >= 1.5.4"]
    if subprocess.run(query, check=False).returncode:
        return None
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", scratch]
        subprocess.run([*command, "-Csetup-args=-Dzstd=system", str(ROOT)], check=True)
        (wheel,) = Path(scratch).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            (name,) = (name for name in archive.namelist() if name.endswith(".so"))
            extension = archive.extract(name, scratch)
        subprocess.run(["strip", extension], check=True)
        return Path(extension).stat().st_size


def size(contestant: Contestant, _case: Case) -> float | None:
    """Return the bytes of the extension, for ours."""
    return stripped_size() if contestant.name == OUR_NAME else None


def largest_result(contestant: Contestant, case: Case) -> float | None:
    """Return the bytes of the most that decompressobj returns at a time, for Python."""
    if contestant.name != "Python":
        return None
    frame = zstandard.compress(text_of(case.size), LEVEL)
    stream = zstandard.ZstdDecompressor().decompressobj()
    starts = range(0, len(frame), PIECE)
    return max(len(stream.decompress(frame[start : start + PIECE])) for start in starts)


def has(contestant: Contestant, case: Case) -> bool:
    """Return whether the C loop or a binding may be asked for a case's time or memory."""
    return contestant.name == C or bool(
        contestant.binding and case.operation in contestant.binding.operations
    )
