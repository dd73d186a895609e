"""smart_open opens files whose names end in .zst."""

import tempfile
from pathlib import Path

import smart_open

import samples
from programs.table import reads, until_empty, writes
from programs.uses.frames import ALL, TEXT, WHOLE


def kept(folder: str, data: bytes) -> Path:
    path = Path(folder, "file.zst")
    path.write_bytes(data)
    return path


@writes
def binary() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.zst")
        with smart_open.open(path, "wb") as file:
            for piece in samples.in_pieces(TEXT, 7000):
                file.write(piece)
        return path.read_bytes()


@writes
def text() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.zst")
        with smart_open.open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{number} \N{GREEK SMALL LETTER ALPHA}\n" for number in range(20_000))
        return path.read_bytes()


@reads(*ALL, binary)
def read(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder, smart_open.open(kept(folder, data), "rb") as file:
        return file.read()


@reads(*ALL)
def read_in_pieces(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder, smart_open.open(kept(folder, data), "rb") as file:
        return until_empty(lambda: file.read(3000))


@reads(*WHOLE)
def read_lines(data: bytes) -> object:
    with tempfile.TemporaryDirectory() as folder, smart_open.open(kept(folder, data), "rb") as file:
        return file.readlines()


@reads(text)
def read_text(data: bytes) -> object:
    with (
        tempfile.TemporaryDirectory() as folder,
        smart_open.open(kept(folder, data), encoding="utf-8") as file,
    ):
        return [file.readline(), "".join(file).encode()]
