"""fsspec opens files of its file systems with compression="zstd"."""

import tempfile
from pathlib import Path

import fsspec

import samples
from programs.table import reads, until_empty, writes
from programs.uses.frames import ALL, TEXT, WHOLE

PATH = "memory://folder/file.zst"


def stored(data: bytes) -> str:
    with fsspec.open(PATH, "wb") as file:
        file.write(data)
    return PATH


def content() -> bytes:
    with fsspec.open(PATH, "rb") as file:
        return file.read()


@writes
def binary() -> bytes:
    with fsspec.open(PATH, "wb", compression="zstd") as file:
        for piece in samples.in_pieces(TEXT, 7000):
            file.write(piece)
    return content()


@writes
def text() -> bytes:
    with fsspec.open(PATH, "wt", compression="infer", newline="\r\n") as file:
        file.writelines(f"{number} \N{GREEK SMALL LETTER ALPHA}\n" for number in range(20_000))
    return content()


@writes
def local_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        with fsspec.filesystem("file").open(path, "wb", compression="zstd") as file:
            file.write(TEXT)
        return path.read_bytes()


@reads(*ALL, binary, text, local_file)
def read(data: bytes) -> object:
    with fsspec.open(stored(data), "rb", compression="zstd") as file:
        return file.read()


@reads(*ALL)
def read_in_pieces(data: bytes) -> object:
    with fsspec.open(stored(data), "rb", compression="infer") as file:
        return until_empty(lambda: file.read(3000))


@reads(*WHOLE, text)
def read_text(data: bytes) -> object:
    with fsspec.open(
        stored(data), "rt", compression="zstd", encoding="utf-8", errors="replace"
    ) as file:
        return [file.readline(), file.read(1000), "".join(file).encode()]


@reads(binary)
def seek_back(data: bytes) -> object:
    with fsspec.open(stored(data), "rb", compression="zstd") as file:
        file.read(5000)
        return file.seek(100), file.read(10)


@reads(binary)
def seek_ahead(data: bytes) -> object:
    with fsspec.open(stored(data), "rb", compression="zstd") as file:
        return file.seek(5000), file.read(10), file.tell()


@reads(binary, local_file)
def cached(data: bytes) -> object:
    """A copy is kept in a local file, and read from there."""
    stored(data)
    with (
        tempfile.TemporaryDirectory() as folder,
        fsspec.open(
            f"filecache::{PATH}", "rb", compression="zstd", filecache={"cache_storage": folder}
        ) as file,
    ):
        return file.read()
