"""open(): files of frames in binary and text, for reading, writing, creating and appending."""

import builtins
import csv
import gc
import inspect
import io
import os
import pickle
import shutil
import tarfile
from pathlib import Path

import pytest

import samples
import zstandard
from directions import content
from sinks import File, Sink
from sources import Source
from zstandard import (
    ZstdCompressionWriter,
    ZstdCompressor,
    ZstdDecompressionReader,
    ZstdDecompressor,
    ZstdEOFError,
    compress,
)

DATA = samples.text(300_000)
TEXT = "first\né, ß\nlast\n"


def test_signature():
    assert str(inspect.signature(zstandard.open)) == (
        "(filename, mode='rb', cctx=None, dctx=None, encoding=None, errors=None, newline=None, "
        "closefd=None)"
    )


@pytest.mark.parametrize("kind", [str, os.fsencode, Path])
def test_kinds_of_path(tmp_path, kind):
    path = tmp_path / "file.zst"
    with zstandard.open(kind(path), "wb") as file:
        assert type(file) is ZstdCompressionWriter
        assert file.write(DATA) == len(DATA)
        assert file.name == os.fspath(kind(path))
    assert content(path.read_bytes()) == DATA
    with zstandard.open(kind(path)) as file:
        assert type(file) is ZstdDecompressionReader
        assert file.read() == DATA


@pytest.mark.parametrize("mode", ["rb", "rbt"])
def test_binary_reading(tmp_path, mode):
    path = tmp_path / "file.zst"
    path.write_bytes(compress(DATA[:1000]) + compress(DATA[1000:]))
    with zstandard.open(path, mode) as file:
        assert file.mode == "rb"
        assert file.readline() == DATA[: DATA.index(b"\n") + 1]
        assert file.read() == DATA[DATA.index(b"\n") + 1 :]


@pytest.mark.parametrize("mode", ["wb", "wtb"])
def test_binary_writing_replaces_the_file(tmp_path, mode):
    path = tmp_path / "file.zst"
    path.write_bytes(b"former " * 1000)
    with zstandard.open(path, mode=mode) as file:
        assert file.mode == "wb"
        file.write(DATA)
    assert zstandard.decompress(path.read_bytes(), len(DATA)) == DATA


@pytest.mark.parametrize("mode", ["ab", "a", "at"])
def test_appending_makes_another_frame(tmp_path, mode):
    path = tmp_path / "file.zst"
    path.write_bytes(compress(b"first"))
    first = path.read_bytes()
    with zstandard.open(path, mode) as file:
        file.write(b"second" if "b" in mode else "second")
    assert path.read_bytes().startswith(first)
    assert zstandard.decompress(path.read_bytes()[len(first) :], 100) == b"second"
    with zstandard.open(path) as file:
        assert file.read() == b"firstsecond"


@pytest.mark.parametrize("mode", ["xb", "x", "xt"])
def test_creating(tmp_path, mode):
    path = tmp_path / "file.zst"
    with zstandard.open(path, mode) as file:
        file.write(b"content" if "b" in mode else "content")
    written = path.read_bytes()
    assert content(written) == b"content"
    with pytest.raises(FileExistsError):
        zstandard.open(path, mode)
    assert path.read_bytes() == written


@pytest.mark.parametrize(("writing", "reading"), [("w", "r"), ("wt", "rt"), ("tw", "tr")])
def test_text(tmp_path, writing, reading):
    path = tmp_path / "file.zst"
    with zstandard.open(path, writing, encoding="utf-8") as file:
        assert type(file) is io.TextIOWrapper
        file.write(TEXT)
    assert content(path.read_bytes()) == TEXT.encode()
    with zstandard.open(path, reading, encoding="utf-8") as file:
        assert type(file) is io.TextIOWrapper
        assert list(file) == TEXT.splitlines(keepends=True)


@pytest.mark.parametrize("newline", [None, "", "\n", "\r", "\r\n"])
def test_options_of_text_are_those_of_the_builtin(tmp_path, newline):
    options = {"encoding": "latin-1", "errors": "replace", "newline": newline}
    plain, packed = tmp_path / "plain", tmp_path / "packed"
    for opener, path in ((builtins.open, plain), (zstandard.open, packed)):
        with opener(path, "w", **options) as file:
            assert (file.encoding, file.errors) == ("latin-1", "replace")
            file.write("a\nb\r\nc\rd € \n")
    assert content(packed.read_bytes()) == plain.read_bytes()
    plain.write_bytes(b"a\nb\r\nc\rd \xe9\n")
    packed.write_bytes(compress(plain.read_bytes()))
    with plain.open(**options) as file:
        expected = file.readlines()
    with zstandard.open(packed, "r", **options) as file:
        assert file.readlines() == expected


def test_options_of_text_are_ignored_in_binary(tmp_path):
    path = tmp_path / "file.zst"
    for mode in ("wb", "rb"):
        zstandard.open(path, mode, encoding="no such", errors="no such", newline="x").close()


def test_seeking_in_text(tmp_path):
    path = tmp_path / "file.zst"
    path.write_bytes(compress(TEXT.encode()))
    with zstandard.open(path, "rt", encoding="utf-8") as file:
        file.readline()
        place = file.tell()
        rest = file.read()
        file.seek(place)
        assert file.read() == rest == TEXT[6:]
        file.seek(0)
        assert file.read() == TEXT


def test_text_is_taken_in_large_pieces():
    with zstandard.open(io.BytesIO(zstandard.compress(samples.text(1 << 20))), "rt") as file:
        file.readline()
        assert file.buffer.tell() == 32 << 10


@pytest.mark.parametrize(
    "mode",
    ["", "r+", "rb+", "w+b", "a+", "rw", "rwb", "z", "b", "t", "R", "rU", "r b", "rbb", "br", "bw"],
)
def test_bad_modes(tmp_path, mode):
    path = tmp_path / "file.zst"
    path.write_bytes(b"former")
    for file in (path, io.BytesIO()):
        with pytest.raises(ValueError, match="Invalid mode"):
            zstandard.open(file, mode)
    assert path.read_bytes() == b"former"


@pytest.mark.parametrize("mode", [None, 3, b"rb"])
def test_modes_that_are_no_str(tmp_path, mode):
    path = tmp_path / "file.zst"
    with pytest.raises(TypeError):
        zstandard.open(path, mode)


@pytest.mark.parametrize("file", [0, 3, None, 1.5, object(), ["path"]])
@pytest.mark.parametrize("mode", ["rb", "wb", "r"])
def test_neither_path_nor_file(file, mode):
    with pytest.raises(TypeError, match="must be a str, bytes, file or PathLike object"):
        zstandard.open(file, mode)


def test_compressor_and_decompressor(tmp_path):
    path = tmp_path / "file.zst"
    compressor = ZstdCompressor(write_checksum=True)
    with zstandard.open(path, "wb", cctx=compressor) as file:
        file.write(DATA)
    assert zstandard.get_frame_parameters(path.read_bytes()).has_checksum
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    path.write_bytes(path.read_bytes()[4:])
    with zstandard.open(path, dctx=decompressor) as file:
        assert file.read() == DATA
    with zstandard.open(path, "rt", dctx=decompressor) as file:
        assert file.read() == DATA.decode()


# --- file objects ---


@pytest.mark.parametrize("mode", ["wb", "w", "ab", "xt"])
@pytest.mark.parametrize(
    ("options", "closes"),
    [
        ({}, False),
        ({"closefd": None}, False),
        ({"closefd": False}, False),
        ({"closefd": True}, True),
    ],
)
def test_writing_to_a_file_object(mode, options, closes):
    sink = File()
    with zstandard.open(sink, mode, **options) as file:
        file.write(b"content" if "b" in mode else "content")
    assert content(sink.content) == b"content"
    assert sink.closed is closes


@pytest.mark.parametrize("mode", ["rb", "r"])
@pytest.mark.parametrize(
    ("options", "closings"), [({}, 0), ({"closefd": None}, 0), ({"closefd": True}, 1)]
)
def test_reading_from_a_file_object(mode, options, closings):
    source = Source(compress(b"content"))
    with zstandard.open(source, mode, **options) as file:
        assert file.read() == (b"content" if "b" in mode else "content")
    assert source.closings == closings


def test_file_objects_of_the_other_kind():
    with pytest.raises(TypeError, match=r"must pass an object with a read\(\) method"):
        zstandard.open(Sink(), "rb")
    with pytest.raises(ValueError, match=r"must pass an object with a write\(\) method"):
        zstandard.open(Source(b""), "wb")


# --- the file of a path ---


@pytest.mark.parametrize("mode", ["rb", "r", "wb", "w"])
@pytest.mark.parametrize("closefd", [None, True, False])
def test_file_of_a_path_is_closed(tmp_path, files, mode, closefd):
    path = tmp_path / "file.zst"
    path.write_bytes(compress(b""))
    zstandard.open(path, mode, closefd=closefd).close()
    assert [file.closed for file in files] == [closefd is not False]
    files[0].close()


@pytest.fixture
def files(monkeypatch):
    """Note the files that are opened."""

    def open_and_note(*arguments):
        noted.append(builtin_open(*arguments))
        return noted[-1]

    noted = []
    builtin_open = builtins.open
    monkeypatch.setattr(builtins, "open", open_and_note)
    return noted


class BrokenError(Exception):
    pass


class Broken:
    def stream_reader(self, *_arguments, **_options):
        raise BrokenError

    stream_writer = stream_reader


@pytest.mark.parametrize(
    ("mode", "options", "error"),
    [
        ("rb", {"dctx": Broken()}, BrokenError),
        ("wb", {"cctx": Broken()}, BrokenError),
        ("rb", {"dctx": object()}, AttributeError),
        ("r", {"encoding": "no such"}, LookupError),
        ("w", {"encoding": "no such"}, LookupError),
        ("w", {"newline": "x"}, ValueError),
    ],
)
def test_file_is_closed_when_opening_fails(tmp_path, files, mode, options, error):
    path = tmp_path / "file.zst"
    path.write_bytes(compress(b""))
    with pytest.raises(error):
        zstandard.open(path, mode, **options)
    assert [file.closed for file in files] == [True]


def test_file_object_is_not_closed_when_opening_fails():
    sink = File()
    with pytest.raises(LookupError):
        zstandard.open(sink, "w", encoding="no such", closefd=True)
    gc.collect()
    assert sink.calls == []


def test_missing_file(tmp_path):
    path = tmp_path / "file.zst"
    with pytest.raises(FileNotFoundError):
        zstandard.open(path)
    assert not path.exists()


def test_truncated_file(tmp_path):
    path = tmp_path / "file.zst"
    path.write_bytes(compress(DATA)[:-1])
    with zstandard.open(path) as file, pytest.raises(ZstdEOFError):
        file.read()


# --- clients ---


def test_csv(tmp_path):
    path = tmp_path / "file.zst"
    rows = [["a", "b,c"], ["é", 'with "quotes"\nand lines']]
    with zstandard.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with zstandard.open(path, "rt", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == rows


def test_pickle(tmp_path):
    path = tmp_path / "file.zst"
    value = {"numbers": list(range(10_000)), "bytes": DATA}
    with zstandard.open(path, "wb") as file:
        pickle.dump(value, file)
    with zstandard.open(path) as file:
        assert pickle.load(file) == value


def test_copyfileobj(tmp_path):
    path = tmp_path / "file.zst"
    with zstandard.open(path, "wb") as file:
        shutil.copyfileobj(io.BytesIO(DATA), file, 1000)
    target = io.BytesIO()
    with zstandard.open(path) as file:
        shutil.copyfileobj(file, target, 1000)
    assert target.getvalue() == DATA


@pytest.mark.parametrize(("writing", "reading"), [("w|", "r|"), ("w|", "r:")])
def test_tarfile(tmp_path, writing, reading):
    path = tmp_path / "file.zst"
    with zstandard.open(path, "wb") as file, tarfile.open(fileobj=file, mode=writing) as archive:
        for number in range(3):
            member = tarfile.TarInfo(f"member {number}")
            member.size = len(DATA)
            archive.addfile(member, io.BytesIO(DATA))
    with zstandard.open(path) as file, tarfile.open(fileobj=file, mode=reading) as archive:
        for number, member in enumerate(archive):
            assert member.name == f"member {number}"
            assert archive.extractfile(member).read() == DATA
        assert number == 2
