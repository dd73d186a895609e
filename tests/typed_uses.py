"""What type checkers must take, and what type it has: read by mypy, and run by nobody."""

import array
import io
import mmap
from typing import TextIO, assert_type

import zstandard
from zstandard import ZstdCompressor, ZstdDecompressor


class Source:
    def read(self, size: int) -> bytes:
        return b"data"[:size]


class ViewSource:
    def read(self, size: int = -1, /) -> memoryview:
        return memoryview(b"data")[:size]


class Sink:
    def write(self, data: bytes) -> int:
        return len(data)


class NonBlockingSink:
    def write(self, data: bytes, /) -> int | None:
        return len(data) or None


class Plain(ZstdCompressor):
    def __init__(self, name: str) -> None:
        super().__init__(level=5)
        self.name = name


def objects_with_read_or_write(compressor: ZstdCompressor, decompressor: ZstdDecompressor) -> None:
    compressor.stream_reader(Source())
    decompressor.stream_reader(ViewSource())
    compressor.stream_writer(Sink())
    decompressor.stream_writer(NonBlockingSink())
    compressor.copy_stream(Source(), Sink())
    decompressor.copy_stream(ViewSource(), NonBlockingSink(), progress=print)
    for chunk in decompressor.read_to_iter(Source()):
        assert_type(chunk, bytes)
    for info in zstandard.list_frames(Source()):
        assert_type(info.content_size, int | None)
    zstandard.open(Source())
    zstandard.open(Sink(), "wb")


def buffers(decompressor: ZstdDecompressor, mapped: mmap.mmap) -> None:
    for data in (b"", bytearray(), memoryview(b""), array.array("I"), mapped):
        assert_type(zstandard.compress(data), bytes)
        assert_type(decompressor.decompress(data), bytes)
        assert_type(decompressor.multi_decompress([data, b""]), list[bytes])
        decompressor.stream_reader(data)


def streams_are_files(compressor: ZstdCompressor, decompressor: ZstdDecompressor) -> None:
    with decompressor.stream_reader(b"") as reader:
        for line in reader:
            assert_type(line, bytes)
        text: TextIO = io.TextIOWrapper(reader)
        text.read()
    with compressor.stream_writer(io.BytesIO()) as writer:
        io.BufferedWriter(writer).write(b"data")


def modes_of_open(mode: str) -> None:
    assert_type(zstandard.open("name"), zstandard.ZstdDecompressionReader)
    assert_type(zstandard.open(b"name", "wb"), zstandard.ZstdCompressionWriter)
    assert_type(zstandard.open("name", "rt"), io.TextIOWrapper)
    zstandard.open("name", mode).close()


def errors() -> None:
    try:
        Plain("name").compress(b"")
    except zstandard.ZstdEOFError as error:
        assert_type(error.code, int | None)
