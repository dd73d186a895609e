"""Other implementations of zstd: each trains dictionaries, makes frames by recipes and reads them.

A recipe comes with its dictionary, or None. What an implementation cannot do raises.
"""

import pickle
import shutil
import subprocess
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

from interchange.recipes import DICTIONARY_SIZE, SAMPLES, Recipe, digest
from oracle.folder import FOLDER
from oracle.outcome import Error


class Command:
    """The zstd command."""

    knows_magicless = False

    def __init__(self) -> None:
        self.path = shutil.which("zstd")
        if self.path is None:
            raise ImportError("there is no command zstd")

    def close(self) -> None:
        """Nothing is open."""

    def run(self, *options: str, dictionary: bytes | None = None, data: bytes = b"") -> bytes:
        with tempfile.NamedTemporaryFile() as file:
            if dictionary is not None:
                file.write(dictionary)
                file.flush()
                options = ("-D", file.name, *options)
            command = [self.path, "--quiet", "--stdout", *options]
            process = subprocess.run(command, capture_output=True, check=False, input=data)
        if process.returncode:
            raise RuntimeError(process.stderr.decode())
        return process.stdout

    def train(self) -> bytes:
        size = len(SAMPLES[0])
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "samples").write_bytes(b"".join(SAMPLES))
            self.run(
                *("--train", f"{folder}/samples", f"-B{size}"),
                *(f"--maxdict={DICTIONARY_SIZE}", "-o", f"{folder}/dictionary"),
            )
            return Path(folder, "dictionary").read_bytes()

    def pack(self, recipe: Recipe, dictionary: bytes | None) -> bytes:
        options = [f"-{recipe.level}" if recipe.level > 0 else f"--fast={-recipe.level}"]
        options += ["--check" if recipe.checksum else "--no-check"]
        if recipe.repeats_from_afar:
            options += [f"--long={recipe.window_log}"]
        elif recipe.window_log:
            options += [f"--zstd=wlog={recipe.window_log}"]
        return recipe.join(
            [
                self.run(
                    *options,
                    *([f"--stream-size={len(content)}"] if recipe.states_size else []),
                    dictionary=dictionary,
                    data=content,
                )
                for content in recipe.contents()
            ]
        )

    def unpack(self, recipe: Recipe, dictionary: bytes | None, frames: bytes) -> str:
        options = ("--decompress", f"--long={max(27, recipe.window_log)}")
        return digest(self.run(*options, dictionary=dictionary, data=frames))


class Release:
    """zstandard 0.25.0, in a process of its own."""

    knows_magicless = True

    def __init__(self) -> None:
        if hasattr(sys, "gettotalrefcount"):
            raise ImportError("0.25.0 was not made for a debug build of CPython")
        # Without site-packages: an editable install would come before the folder.
        command = [sys.executable, "-S", Path(__file__).parent / "worker.py", FOLDER]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            self.call("digest", b"")
        except RuntimeError as error:
            raise ImportError(f"zstandard 0.25.0: {error}") from None

    def close(self) -> None:
        """End the process."""
        self.process.communicate()

    def call(self, *call: object) -> object:
        try:
            self.process.stdin.write(pickle.dumps(call))
            self.process.stdin.flush()
            result = pickle.load(self.process.stdout)
        except (BrokenPipeError, EOFError):
            raise RuntimeError(self.process.communicate()[1].decode()) from None
        match result:
            case Error():
                raise RuntimeError(result)
        return result

    def train(self) -> bytes:
        return self.call("train")

    def pack(self, recipe: Recipe, dictionary: bytes | None) -> bytes:
        return self.call("pack", recipe, dictionary)

    def unpack(self, recipe: Recipe, dictionary: bytes | None, frames: bytes) -> str:
        return self.call("unpack", recipe, dictionary, frames)


def standard_library() -> ModuleType:
    """Return the module zstd of the standard library, or for an older one its backport."""
    package = "compression" if sys.version_info >= (3, 14) else "backports"
    return import_module(f"{package}.zstd")


class StandardLibrary:
    """The module compression.zstd."""

    knows_magicless = False

    def __init__(self) -> None:
        self.zstd = standard_library()

    def close(self) -> None:
        """Nothing is open."""

    def dictionary(self, data: bytes | None) -> object:
        """Return its object for a dictionary."""
        is_raw = data is not None and data[:4] != b"\x37\xa4\x30\xec"
        return None if data is None else self.zstd.ZstdDict(data, is_raw=is_raw)

    def train(self) -> bytes:
        return self.zstd.train_dict(SAMPLES, DICTIONARY_SIZE).dict_content

    def pack(self, recipe: Recipe, dictionary: bytes | None) -> bytes:
        parameter = self.zstd.CompressionParameter
        options = {
            parameter.compression_level: recipe.level,
            parameter.checksum_flag: recipe.checksum,
            parameter.enable_long_distance_matching: recipe.repeats_from_afar,
        }
        if recipe.window_log:
            options[parameter.window_log] = recipe.window_log
        frames = []
        for content in recipe.contents():
            packer = self.zstd.ZstdCompressor(
                options=options, zstd_dict=self.dictionary(dictionary)
            )
            if recipe.states_size:
                packer.set_pledged_input_size(len(content))
                frames.append(packer.compress(content) + packer.flush())
            else:
                frames.append(packer.compress(content, packer.CONTINUE) + packer.flush())
        return recipe.join(frames)

    def unpack(self, recipe: Recipe, dictionary: bytes | None, frames: bytes) -> str:
        limit = {self.zstd.DecompressionParameter.window_log_max: max(27, recipe.window_log)}
        zstd_dict = self.dictionary(dictionary)
        return digest(self.zstd.decompress(frames, zstd_dict=zstd_dict, options=limit))


PEERS = {
    "the zstd command": Command,
    "zstandard 0.25.0": Release,
    "the standard library": StandardLibrary,
}
