"""Readers and writers in the hands of the standard library."""

import bz2
import contextlib
import csv
import gzip
import io
import itertools
import json
import logging
import lzma
import mmap
import os
import pickle
import shutil
import socket
import sqlite3
import subprocess
import sys
import tarfile
import threading
import zipfile

import pytest

import samples
import zstandard
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdEOFError, compress, decompress

TEXT = samples.text(300_000)
LINES = TEXT.splitlines(keepends=True)

# Frames that end within lines and characters, an empty one and a skippable one among them.
FRAMES = b"".join(
    [
        *map(compress, samples.in_pieces(TEXT, 77_777)),
        compress(b""),
        b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc",
    ]
)


def content(frames):
    return ZstdDecompressor().decompress(frames, -1, read_across_frames=True)


def reader_of(data, read_size=1000):
    """Make a reader of a file that has the data as a frame."""
    return ZstdDecompressor().stream_reader(io.BytesIO(compress(data)), read_size)


class Sink(io.BytesIO):
    """A file that keeps its content when it is closed."""

    def close(self):
        self.data = self.getvalue()
        super().close()


def writer_to(sink):
    return ZstdCompressor().stream_writer(sink)


class Pipelike:
    """A source that has nothing but read()."""

    def __init__(self, data):
        self.read = io.BytesIO(data).read


SOURCES = {
    "bytes": lambda data: data,
    "BytesIO": io.BytesIO,
    "read": Pipelike,
}

any_source = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)


# --- archives ---

MEMBERS = {"a": TEXT, "b/empty": b"", "b/noise": samples.noise(100_000), "c" * 120: b"long name"}


def write_tar(archive):
    for name, data in MEMBERS.items():
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))


def read_tar(archive):
    return {member.name: archive.extractfile(member).read() for member in archive}


@pytest.mark.parametrize("mode", ["w:", "w|"])
@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@any_source
def test_tarfile(mode, form, source):
    sink = Sink()
    with writer_to(sink) as writer, tarfile.open(fileobj=writer, mode=mode, format=form) as archive:
        write_tar(archive)
    reader = ZstdDecompressor().stream_reader(source(sink.data))
    with reader, tarfile.open(fileobj=reader, mode="r|") as archive:
        assert read_tar(archive) == MEMBERS
    if source is not Pipelike:
        reader = ZstdDecompressor().stream_reader(source(sink.data))
        with reader, tarfile.open(fileobj=reader, mode="r:") as archive:
            for member in reversed(archive.getmembers()):
                assert archive.extractfile(member).read() == MEMBERS[member.name]
            assert read_tar(archive) == MEMBERS


def test_tarfile_of_an_opened_file(tmp_path):
    path = tmp_path / "archive.tar.zst"
    with zstandard.open(path, "wb") as file, tarfile.open(fileobj=file, mode="w|") as archive:
        write_tar(archive)
    with zstandard.open(path) as file, tarfile.open(fileobj=file) as archive:
        assert sorted(archive.getnames()) == sorted(MEMBERS)
        assert archive.extractfile("b/noise").read() == MEMBERS["b/noise"]
        assert archive.extractfile("a").readlines() == LINES
    with zstandard.open(path) as file:
        assert tarfile.is_tarfile(file)


def test_tarfile_cut_short():
    sink = Sink()
    with writer_to(sink) as writer, tarfile.open(fileobj=writer, mode="w") as archive:
        write_tar(archive)
    reader = ZstdDecompressor().stream_reader(sink.data[:-20_000])
    archive = tarfile.open(fileobj=reader, mode="r|")  # noqa: SIM115
    with reader, archive, pytest.raises((ZstdEOFError, tarfile.ReadError)):
        read_tar(archive)


class WithoutTell:
    """A file whose position zipfile counts itself: a writer's tell() counts compressed bytes."""

    def __init__(self, file):
        self.write = file.write
        self.flush = file.flush


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_zipfile(method):
    """Its directory is at the end, and its members are read from places before."""
    sink = Sink()
    with writer_to(sink) as writer, zipfile.ZipFile(WithoutTell(writer), "w", method) as archive:
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    for source in (sink.data, io.BytesIO(sink.data)):
        with ZstdDecompressor().stream_reader(source) as reader:
            assert zipfile.is_zipfile(reader)
            with zipfile.ZipFile(reader) as archive:
                assert archive.testzip() is None
                assert {name: archive.read(name) for name in archive.namelist()} == MEMBERS
                with archive.open("a") as first, archive.open("b/noise") as second:
                    assert first.read(1000) == TEXT[:1000]
                    assert second.read(1000) == MEMBERS["b/noise"][:1000]
                    assert first.read() == TEXT[1000:]


@pytest.mark.parametrize("module", [gzip, bz2, lzma])
def test_other_compression_within(module):
    sink = Sink()
    with writer_to(sink) as writer, module.open(writer, "wb") as file:
        for piece in samples.in_pieces(TEXT, 10_000):
            file.write(piece)
    for source in (sink.data, Pipelike(sink.data)):
        with ZstdDecompressor().stream_reader(source) as reader, module.open(reader) as file:
            assert file.readlines() == LINES
    with ZstdDecompressor().stream_reader(sink.data) as reader, module.open(reader) as file:
        file.seek(200_000)
        file.seek(50)
        assert file.read(100) == TEXT[50:150]


@pytest.mark.parametrize("module", [gzip, bz2, lzma])
def test_within_other_compression(tmp_path, module):
    path = tmp_path / "file"
    with module.open(path, "wb") as file, writer_to(file) as writer:
        writer.write(TEXT)
    with module.open(path) as file, ZstdDecompressor().stream_reader(file) as reader:
        assert reader.readlines() == LINES
        reader.seek(10)
        assert reader.read(10) == TEXT[10:20]


# --- copies ---


@any_source
@pytest.mark.parametrize("length", [1000, 65_536, 10**6])
def test_shutil_copies_out_of_a_reader(source, length):
    target = io.BytesIO()
    shutil.copyfileobj(ZstdDecompressor().stream_reader(source(FRAMES)), target, length)
    # Without read_across_frames, a read ends at a frame's end, and is not yet the end.
    assert target.getvalue() == TEXT


@any_source
def test_shutil_copies_into_writers_and_out_of_a_compressing_reader(source):
    sink = Sink()
    with writer_to(sink) as writer:
        shutil.copyfileobj(io.BytesIO(TEXT), writer, 1000)
    assert content(sink.data) == TEXT
    target = io.BytesIO()
    shutil.copyfileobj(ZstdCompressor().stream_reader(source(TEXT)), target, 1000)
    assert content(target.getvalue()) == TEXT
    target = io.BytesIO()
    with ZstdDecompressor().stream_writer(target, closefd=False) as writer:
        shutil.copyfileobj(io.BytesIO(FRAMES), writer, 1000)
    assert target.getvalue() == TEXT


# --- text and records ---

ROWS = [[str(i), f"naïve, “quoted” {i}", 'a "b"\r\nc', "€" * (i % 50)] for i in range(3000)]


def test_csv(tmp_path):
    path = tmp_path / "table.csv.zst"
    with zstandard.open(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS[:2000])
    with zstandard.open(path, "at", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(ROWS[2000:])
    with zstandard.open(path, "rt", encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == ROWS


def test_json(tmp_path):
    path = tmp_path / "rows.json.zst"
    with zstandard.open(path, "wt", encoding="utf-8") as file:
        json.dump(ROWS, file)
    with zstandard.open(path, "rt", encoding="utf-8") as file:
        assert json.load(file) == ROWS
    with zstandard.open(path) as file:
        assert json.load(file) == ROWS
    with zstandard.open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in ROWS)
    with zstandard.open(path) as file:
        assert list(map(json.loads, file)) == ROWS


NEWLINES = (None, "", "\n", "\r", "\r\n")


TEXT_FORMS = pytest.mark.parametrize(
    ("encoding", "newline"), [*itertools.product(["utf-8", "utf-16", "utf-8-sig"], NEWLINES)]
)
ODD_TEXT = "".join(f"{number} é€𝄞\r\n\n\r{number}\rx\n" for number in range(2000)) + "end"


@TEXT_FORMS
def test_text_is_written_as_to_any_file(tmp_path, encoding, newline):
    """The model is bz2, which cannot seek while it is written, either: such have no UTF-16 BOM."""
    model, path = tmp_path / "model", tmp_path / "file"
    options = {"encoding": encoding, "newline": newline}
    with bz2.open(model, "wt", **options) as first, zstandard.open(path, "w", **options) as second:
        for piece in samples.in_pieces(ODD_TEXT, 999):
            assert first.write(piece) == second.write(piece)
    assert decompress(path.read_bytes(), -1) == bz2.decompress(model.read_bytes())


@TEXT_FORMS
def test_text_is_read_as_from_any_file(tmp_path, encoding, newline):
    model, path = tmp_path / "model", tmp_path / "file"
    model.write_bytes(ODD_TEXT.encode(encoding))
    path.write_bytes(b"".join(map(compress, samples.in_pieces(model.read_bytes(), 9_999))))
    options = {"encoding": encoding, "newline": newline}
    with model.open("r", **options) as first, zstandard.open(path, "r", **options) as second:
        assert list(second) == list(first)
        assert second.newlines == first.newlines
    with model.open("r", **options) as first, zstandard.open(path, "r", **options) as second:
        for size in (0, 1, 10, 8192, 8193, 20_000):
            assert second.read(size) == first.read(size)
            assert second.readline() == first.readline()
            assert second.readline(3) == first.readline(3)
        assert second.read() == first.read()


def test_positions_in_text():
    text = "".join(f"{number} é€𝄞\n" for number in range(30_000))
    with io.TextIOWrapper(reader_of(text.encode()), encoding="utf-8") as file:
        assert file.seekable()
        places = []
        lines = []
        while line := file.readline():
            lines.append(line)
            places.append(file.tell())
            if len(lines) > 20_000:
                break
        for i in (0, 9, 19_990, 3, 12_345):
            file.seek(places[i])
            assert file.readline() == lines[i + 1]
        file.seek(0, io.SEEK_END)
        assert file.read() == ""
        file.seek(0)
        assert file.read() == text


def test_text_without_seeking():
    reader = ZstdDecompressor().stream_reader(Pipelike(FRAMES))
    with io.TextIOWrapper(reader, encoding="ascii", newline="") as file:
        assert not file.seekable()
        assert [line.encode() for line in file] == LINES


def test_text_written_line_by_line():
    sink = Sink()
    file = io.TextIOWrapper(writer_to(sink), encoding="utf-8", line_buffering=True)
    file.write("first\n")
    assert ZstdDecompressor().decompressobj().decompress(sink.getvalue()) == b"first\n"
    print("second", file=file, flush=True)
    assert ZstdDecompressor().decompressobj().decompress(sink.getvalue()) == b"first\nsecond\n"
    file.close()
    assert content(sink.data) == b"first\nsecond\n"


def test_pickle():
    sink = Sink()
    objects = [list(range(i)) for i in range(0, 2000, 100)] + [TEXT, samples.noise(500_000)]
    with writer_to(sink) as writer:
        for each in objects:
            for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
                pickle.dump(each, writer, protocol)
    for source in (sink.data, Pipelike(sink.data)):
        reader = ZstdDecompressor().stream_reader(source)
        for each in objects:
            for _ in range(pickle.HIGHEST_PROTOCOL + 1):
                assert pickle.load(reader) == each
        with pytest.raises(EOFError):
            pickle.load(reader)


@any_source
def test_buffered_reader(source):
    with io.BufferedReader(ZstdDecompressor().stream_reader(source(FRAMES)), 5000) as file:
        assert file.peek()[:10] == TEXT[:10]
        assert file.readline() == LINES[0]
        assert file.read(100_000) == TEXT[len(LINES[0]) :][:100_000]
        buffer = bytearray(1000)
        assert file.readinto(buffer) == 1000
        assert buffer == TEXT[len(LINES[0]) + 100_000 :][:1000]
        if file.seekable():
            file.seek(5)
            assert file.tell() == 5
            file.seek(-5, io.SEEK_END)
            assert file.read() == TEXT[-5:]
            file.seek(0)
            assert file.readlines() == LINES


def test_buffered_writer():
    sink = Sink()
    with io.BufferedWriter(writer_to(sink), 5000) as file:
        for line in LINES:
            file.write(line)
    assert content(sink.data) == TEXT


def test_sqlite_dump(tmp_path):
    path = tmp_path / "dump.sql.zst"
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.execute("create table rows (number, text, quoted, signs)")
        database.executemany("insert into rows values (?, ?, ?, ?)", ROWS)
        database.commit()
        with zstandard.open(path, "wt", encoding="utf-8", newline="") as file:
            for statement in database.iterdump():
                file.write(statement + "\n")
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        with zstandard.open(path, "rt", encoding="utf-8", newline="") as file:
            database.executescript(file.read())
        assert list(map(list, database.execute("select * from rows"))) == ROWS


# --- logging ---


def in_threads(work, count=8):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_logging_from_threads(tmp_path):
    path = tmp_path / "log.zst"
    stream = zstandard.open(path, "wt", encoding="utf-8")
    handler = logging.StreamHandler(stream)
    logger = logging.getLogger(f"zstandard.test.{threading.get_ident()}")
    logger.propagate = False
    logger.addHandler(handler)

    def log(number):
        for turn in range(200):
            logger.warning("thread %d: turn %d: %s", number, turn, "x" * turn)

    in_threads(log)
    logger.removeHandler(handler)
    handler.close()
    stream.close()
    with zstandard.open(path, "rt", encoding="utf-8") as file:
        lines = file.read().splitlines()
    expected = [f"thread {i}: turn {j}: {'x' * j}" for i in range(8) for j in range(200)]
    assert sorted(lines) == sorted(expected)


def test_lines_written_by_threads_stay_whole():
    sink = Sink()
    writer = writer_to(sink)

    def write(number):
        for turn in range(200):
            writer.write(b"%d %d %s\n" % (number, turn, b"x" * turn))
            if turn % 50 == 0:
                writer.flush()

    in_threads(write)
    writer.close()
    expected = [b"%d %d %s" % (i, j, b"x" * j) for i in range(8) for j in range(200)]
    assert sorted(content(sink.data).splitlines()) == sorted(expected)


def test_lines_read_by_threads_are_whole():
    reader = ZstdDecompressor().stream_reader(FRAMES)
    lines = []
    in_threads(lambda _number: lines.extend(reader))
    assert sorted(lines) == sorted(LINES)


# --- sources and sinks of the system ---


def test_mmap(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(FRAMES)
    with path.open("rb") as file:
        mapping = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    with ZstdDecompressor().stream_reader(memoryview(mapping)) as reader:
        assert reader.readlines() == LINES
        reader.seek(1000)
        assert reader.read() == TEXT[1000:]
    with ZstdDecompressor().stream_reader(mapping, closefd=False) as reader:
        assert reader.readlines() == LINES
    assert not mapping.closed
    mapping.seek(0)
    with ZstdDecompressor().stream_reader(mapping) as reader:
        assert reader.readlines() == LINES
        if reader.seekable():  # mappings say so since Python 3.13
            reader.seek(1000)
            assert reader.read() == TEXT[1000:]
    assert mapping.closed


@contextlib.contextmanager
def in_thread(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    thread.join(60)
    assert not thread.is_alive()


@pytest.mark.parametrize("buffering", [-1, 0])
def test_pipe(buffering):
    reading, writing = os.pipe()

    def write():
        with open(writing, "wb", buffering) as file, writer_to(file) as writer:  # noqa: PTH123
            writer.writelines(LINES)

    source = open(reading, "rb", buffering)  # noqa: PTH123, SIM115
    with in_thread(write), ZstdDecompressor().stream_reader(source) as reader:
        assert not reader.seekable()
        assert reader.fileno() == reading
        assert list(reader) == LINES
        with pytest.raises(OSError, match="backwards"):
            reader.seek(0)
    assert source.closed


def test_what_was_flushed_can_be_read_at_the_other_end_of_a_pipe():
    reading, writing = os.pipe()
    with open(writing, "wb") as sink, open(reading, "rb", 0) as source:  # noqa: PTH123
        reader = ZstdDecompressor().stream_reader(source)
        with writer_to(sink) as writer:
            for line in LINES[:100]:
                writer.write(line)
                writer.flush()
                assert reader.readline() == line
                writer.write(line * 3)
                writer.flush(zstandard.FLUSH_FRAME)
                assert reader.peek().startswith(line)
                assert reader.read(len(line) * 3) == line * 3
        assert reader.read() == b""


def test_pipe_that_does_not_block():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    data = samples.noise(1_000_000)
    with open(writing, "wb", 0) as sink, open(reading, "rb", 0) as source:  # noqa: PTH123
        writer = writer_to(sink)
        received, left, blocked = b"", data, 0
        while True:
            try:
                writer.write(left)
                writer.flush()
            except BlockingIOError as error:
                left = left[error.characters_written :]
                received += source.read(10**6)
                blocked += 1
            else:
                break
        received += source.read(10**6)
        writer.close()
        received += source.read()
    assert blocked > 5
    assert content(received) == data


def test_socket():
    first, second = socket.socketpair()

    def answer():
        with first, first.makefile("rwb", buffering=0) as file:
            request = ZstdDecompressor().stream_reader(file, closefd=False)
            response = ZstdCompressor().stream_writer(file, closefd=False)
            while (line := request.readline()) not in (b"", b"end\n"):
                response.write(line.upper())
                response.flush()
            response.close()

    with in_thread(answer), second, second.makefile("rwb", buffering=0) as file:
        request = ZstdCompressor().stream_writer(file, closefd=False)
        response = ZstdDecompressor().stream_reader(file, closefd=False)
        for line in LINES[:100]:
            request.write(line)
            request.flush()
            assert response.readline() == line.upper()
        request.write(b"end\n")
        request.close()
        assert response.read() == b""


def test_output_of_a_process():
    code = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    command = [sys.executable, "-c", code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes) as process:
        with writer_to(process.stdin) as writer:
            shutil.copyfileobj(io.BytesIO(TEXT), writer)
        with ZstdDecompressor().stream_reader(process.stdout) as reader:
            assert reader.readlines() == LINES
    assert process.returncode == 0


def test_file_of_a_process(tmp_path):
    """A reader over a file gives its descriptor, which has the compressed data."""
    path = tmp_path / "file"
    path.write_bytes(FRAMES)
    code = "import sys; print(len(sys.stdin.buffer.read()))"
    with zstandard.open(path) as reader:
        output = subprocess.run([sys.executable, "-c", code], stdin=reader, capture_output=True)  # noqa: PLW1510
    assert int(output.stdout) == len(FRAMES)
