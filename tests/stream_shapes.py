"""All streams that decompress, by name: each writes what comes of data, in pieces, to a file."""

import io
from typing import NamedTuple

import pytest

import samples
import strategies
from strategies import READS
from zstandard import ZstdDecompressor, ZstdError


def reading(method, across=False, kind="not seekable"):
    def decompress(data, out, sizes):
        source = strategies.SOURCES[kind](data, [sizes.read_size])
        reader = ZstdDecompressor().stream_reader(source, sizes.read_size, across)
        try:
            while part := method(reader, sizes.part):
                out.write(part)
        except ZstdError as error:
            raises_for_ever(reader, error)
            raise

    return decompress


def raises_for_ever(reader, error):
    position = reader.tell()
    assert reader.read(0) == b""
    for read in READS.values():
        with pytest.raises(type(error)):
            read(reader, 10)
    assert reader.tell() == position


def read_all_and_what_is_kept(reader, size):
    if reader.tell() == 0:
        try:
            return reader.read()
        except ZstdError as error:
            assert reader.tell() == 0
            with pytest.raises(type(error)):
                reader.readall()
            assert reader.tell() == 0
    return reader.read(size)


def by_lines(reader, _size):
    return next(reader, b"")


def by_copying(data, out, sizes):
    decompressor = ZstdDecompressor()
    counts = decompressor.copy_stream(io.BytesIO(data), out, sizes.read_size, sizes.write_size)
    assert counts == (len(data), out.tell())


def by_writer(data, out, sizes):
    writer = ZstdDecompressor().stream_writer(out, sizes.write_size, closefd=False)
    try:
        for piece in samples.in_pieces(data, sizes.part):
            assert writer.write(piece) == len(piece)
    except ZstdError as error:
        for _ in range(2):
            with pytest.raises(type(error)):
                writer.write(b"x")
        writer.close()
        raise
    writer.close()


def by_chunker(data, out, sizes):
    chunker = ZstdDecompressor().chunker(sizes.write_size)
    for piece in samples.in_pieces(data, sizes.part):
        for chunk in chunker.decompress(piece):
            out.write(chunk)
            assert len(chunk) <= sizes.write_size
    for chunk in chunker.finish():
        out.write(chunk)
        assert len(chunk) <= sizes.write_size


SHAPES = {
    "read": reading(READS["read"]),
    "read across": reading(READS["read"], across=True),
    "read1": reading(READS["read1"], across=True),
    "readinto": reading(READS["readinto"]),
    "readinto1": reading(READS["readinto1"]),
    "readline": reading(READS["readline"]),
    "peek": reading(READS["peek"]),
    "lines": reading(by_lines),
    "all": reading(read_all_and_what_is_kept),
    "of bytes": reading(READS["read"], kind="bytes"),
    "all of bytes": reading(read_all_and_what_is_kept, kind="bytes"),
    "of BytesIO": reading(READS["read"], across=True, kind="BytesIO"),
    "copy": by_copying,
    "writer": by_writer,
    "chunker": by_chunker,
}


class Outcome(NamedTuple):
    content: bytes
    error: ZstdError | None


def outcome_of(shape, data, sizes):
    out = io.BytesIO()
    try:
        shape(data, out, sizes)
    except ZstdError as error:
        return Outcome(out.getvalue(), error)
    return Outcome(out.getvalue(), None)
