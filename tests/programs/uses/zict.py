"""zict keeps a mapping whose values are compressed, in files."""

import tempfile
from pathlib import Path

import zict

import samples
import zstandard
from programs.table import reads, writes
from programs.uses.frames import ALL


def mapping(folder: str) -> zict.Func:
    return zict.Func(zstandard.compress, zstandard.decompress, zict.File(folder))


@writes
def values() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        mapping(folder)["key"] = samples.text(200_000)
        (path,) = Path(folder).iterdir()
        return path.read_bytes()


@reads(values, *ALL)
def value(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder:
        zict.File(folder)["key"] = data
        return mapping(folder)["key"]
