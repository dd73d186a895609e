"""How frames are to be made, and the making and reading of them through the API of zstandard."""

import hashlib
from dataclasses import dataclass
from functools import cache

import samples
import zstandard
from frames import skippable

RAW = "raw"

# What dictionaries are trained on, and how large they become.
SAMPLES = [samples.text(2000, seed) for seed in range(300)]
DICTIONARY_SIZE = 8192


@dataclass(frozen=True)
class Recipe:
    """How content becomes frames. No window_log means the level's; a dictionary goes by its name.

    Content that repeats itself from afar takes a window of more than 9 MiB to become smaller.
    """

    level: int = 3
    checksum: bool = False
    states_size: bool = True
    window_log: int = 0
    repeats_from_afar: bool = False
    magicless: bool = False
    frame_count: int = 1
    skippable: bool = False
    dictionary: str | None = None

    def contents(self) -> list[bytes]:
        """Return the content of each frame."""
        if self.repeats_from_afar:
            return [samples.noise(9 << 20) * 2]
        return samples.in_pieces(samples.text(60_000), 60_000 // self.frame_count)

    def join(self, frames: list[bytes]) -> bytes:
        """Return the frames one after the other, with skippable ones around them if so."""
        if self.skippable:
            return skippable(b"first") + skippable(b"next", 15).join(frames) + skippable()
        return b"".join(frames)


def recipes(trainers: list[str]) -> dict[str, Recipe]:
    """Return all recipes by name, with dictionaries of each of the trainers."""
    far = {"repeats_from_afar": True, "states_size": False}
    table = {f"level {level}": Recipe(level) for level in (-5, 1, 3, 19)}
    table |= {
        "checksum": Recipe(checksum=True),
        "no stated size": Recipe(states_size=False),
        "window of 1 KiB": Recipe(window_log=10, states_size=False),
        "window of 128 MiB": Recipe(window_log=27, **far),
        "window of 256 MiB": Recipe(window_log=28, checksum=True, **far),
        "frames": Recipe(frame_count=7, checksum=True),
        "frames among skippable ones": Recipe(frame_count=3, skippable=True),
        "magicless": Recipe(magicless=True),
        "magicless with checksum": Recipe(magicless=True, checksum=True, states_size=False),
    }
    for name in (RAW, *trainers):
        table[f"dictionary: {name}"] = Recipe(dictionary=name)
        table[f"dictionary: {name}, frames"] = Recipe(
            19, dictionary=name, frame_count=20, checksum=True, states_size=False
        )
    return table


@cache
def digest(content: bytes) -> str:
    """Return what content is compared by."""
    return hashlib.sha256(content).hexdigest()


def train() -> bytes:
    """Return a trained dictionary."""
    return zstandard.train_dictionary(DICTIONARY_SIZE, SAMPLES).as_bytes()


def compressor(recipe: Recipe, dictionary: bytes | None) -> zstandard.ZstdCompressor:
    options = {}
    if dictionary is not None:
        options["dict_data"] = zstandard.ZstdCompressionDict(dictionary)
    if recipe.window_log or recipe.magicless:
        parameters = {"window_log": recipe.window_log} if recipe.window_log else {}
        options["compression_params"] = zstandard.ZstdCompressionParameters.from_level(
            recipe.level,
            format=int(recipe.magicless),
            enable_ldm=recipe.repeats_from_afar,
            write_checksum=recipe.checksum,
            **parameters,
        )
    else:
        options |= {"level": recipe.level, "write_checksum": recipe.checksum}
    return zstandard.ZstdCompressor(**options)


def pack(recipe: Recipe, dictionary: bytes | None) -> bytes:
    """Return frames made by the recipe."""
    packer = compressor(recipe, dictionary)

    def frame(content: bytes) -> bytes:
        if recipe.states_size:
            return packer.compress(content)
        stream = packer.compressobj()
        return stream.compress(content) + stream.flush()

    return recipe.join([frame(content) for content in recipe.contents()])


def unpack(recipe: Recipe, dictionary: bytes | None, frames: bytes) -> str:
    """Return the digest of what is in the frames."""
    options = {"format": int(recipe.magicless), "max_window_size": 1 << max(27, recipe.window_log)}
    if dictionary is not None:
        options["dict_data"] = zstandard.ZstdCompressionDict(dictionary)
    reader = zstandard.ZstdDecompressor(**options).stream_reader(frames, read_across_frames=True)
    return digest(reader.read())
