"""Lengths that do not fit into 32 bits, of buffers and of what passes through streams."""

import io
import mmap
import sys

import pytest

import zstandard
from zstandard import ZstdCompressor, ZstdDecompressor

SIZE = 2**32 + 5
LEVEL = -7

pytestmark = pytest.mark.skipif(sys.maxsize < SIZE, reason="no buffer is so long")


@pytest.fixture(scope="module")
def zeros():
    """Return memory that is only read, and so takes none."""
    with mmap.mmap(-1, SIZE) as content:
        yield content


@pytest.fixture(scope="module")
def frame(zeros):
    return zstandard.compress(zeros, LEVEL)


class Counting:
    """A sink of any length."""

    def __init__(self):
        self.count = 0

    def write(self, data):
        self.count += len(data)
        return len(data)


def test_frame_of_one_call(frame):
    assert zstandard.frame_content_size(frame) == SIZE
    (info,) = zstandard.list_frames(frame)
    assert (info.content_size, info.compressed_size) == (SIZE, len(frame))


def test_writer(zeros, frame):
    sink = io.BytesIO()
    with ZstdCompressor(LEVEL).stream_writer(sink, size=SIZE, closefd=False) as writer:
        assert writer.write(zeros) == SIZE
        assert writer.total_in == SIZE
    assert sink.getvalue() == frame


def test_batch(zeros, frame):
    assert ZstdCompressor(LEVEL).multi_compress([b"", zeros], threads=2)[1] == frame


def test_positions_of_a_reader(frame):
    reader = ZstdDecompressor().stream_reader(frame)
    assert reader.seek(SIZE - 3) == reader.tell() == SIZE - 3
    assert reader.read() == bytes(3)
    assert reader.total_out == SIZE


def test_copy(frame):
    sink, told = Counting(), []
    counts = ZstdDecompressor().copy_stream(
        io.BytesIO(frame), sink, write_size=2**22, progress=lambda *counts: told.append(counts)
    )
    assert counts == told[-1] == (len(frame), SIZE)
    assert sink.count == SIZE


def test_copy_of_content(zeros, frame):
    sink = io.BytesIO()
    zeros.seek(0)
    counts = ZstdCompressor(LEVEL).copy_stream(zeros, sink, size=SIZE, read_size=2**24)
    assert counts == (SIZE, len(frame))
    assert sink.getvalue() == frame


def test_writer_of_content(frame):
    sink = Counting()
    with ZstdDecompressor().stream_writer(sink, write_return_read=False) as writer:
        assert writer.write(frame) == writer.total_out == SIZE
    assert sink.count == SIZE
