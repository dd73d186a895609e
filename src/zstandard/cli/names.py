"""How inputs and outputs are named, and how one's name follows from the other's."""

from __future__ import annotations

from pathlib import Path

from zstandard.cli.errors import FileError

STANDARD = "-"
SUFFIX = ".zst"


def compressed_name(name: str) -> str:
    """Return the name of the compressed form of a file."""
    return STANDARD if name == STANDARD else name + SUFFIX


def decompressed_name(name: str) -> str:
    """Return the name of the decompressed form of a file."""
    if name == STANDARD:
        return STANDARD
    # A name that is the suffix alone has none in pathlib's eyes.
    if Path(name).suffix != SUFFIX:
        raise FileError(name, f"has no {SUFFIX} suffix; name the target with -o, or use -c")
    return name.removesuffix(SUFFIX)
