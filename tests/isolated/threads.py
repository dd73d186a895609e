"""One stream shared by 16 threads: its results are whole, and nothing is freed that is in use."""

import contextlib
import io
import sys
import threading

from makers import File

import parallel
import zstandard as z
from samples import in_pieces, noise

THREADS = 16
PIECE = 40_000
COUNT = 20_000
sys.setswitchinterval(1e-5)


def in_threads(work):
    return parallel.in_threads(work, THREADS)


c, d = z.ZstdCompressor(1), z.ZstdDecompressor()
DATA = noise(2_000_000)
FRAME = c.compress(DATA)


class SlowFile(File):
    """Lets other threads run in the middle of a read or write."""

    def read(self, size):
        data = super().read(size)
        threading.Event().wait(0)
        return data

    def write(self, data):
        threading.Event().wait(0)
        return self.data.write(data)


def content(frame):
    return z.ZstdDecompressor().decompress(frame, -1)


# A listing: each frame comes once, and in one of the threads.
for kind in (io.BytesIO, SlowFile, bytes):
    listing = z.list_frames(kind(FRAME * 50), read_size=PIECE)
    found = [info for part in in_threads(lambda _, listing=listing: list(listing)) for info in part]
    assert sorted(info.offset for info in found) == [i * len(FRAME) for i in range(50)]

# A reader: each part of what there is comes once, and in one of the threads.
for new, data in ((c.stream_reader, DATA), (d.stream_reader, FRAME)):
    for kind in (io.BytesIO, SlowFile, bytes):
        reader = new(kind(data), read_size=PIECE)

        def read(number, reader=reader):
            return sum(map(len, iter(lambda: reader.read(PIECE if number % 2 else 1000), b"")))

        total = sum(in_threads(read))
        assert total == reader.tell() == reader.total_out
        assert abs(total - len(DATA)) < 1000  # noise makes a frame of its own size
        assert reader.total_in == len(data)

# Numbers tell of each part which one it is.
NUMBERS = b"".join(number.to_bytes(4, "little") for number in range(COUNT))
NUMBERS_FRAME = z.compress(NUMBERS)
LINES = b"".join(b"%d\n" % number for number in range(COUNT))
for method in ("read", "read1", "readinto", "readinto1", "readline", "next"):
    by_line = method in {"readline", "next"}
    reader = d.stream_reader(
        SlowFile(z.compress(LINES) if by_line else NUMBERS_FRAME), read_size=1000
    )

    def read_all(_number, reader=reader, method=method):
        def once():
            if method == "next":
                return next(reader, b"")
            if method == "readline":
                return reader.readline()
            if method in {"read", "read1"}:
                return getattr(reader, method)(4)
            buffer = bytearray(4)
            return bytes(buffer[: getattr(reader, method)(buffer)])

        return list(iter(once, b""))

    parts = [part for parts in in_threads(read_all) for part in parts]
    if by_line:
        assert sorted(map(int, parts)) == list(range(COUNT))
    else:
        assert sorted(parts) == sorted(in_pieces(NUMBERS, 4)), method

# A writer: each piece is whole in what it wrote.
for kind in (io.BytesIO, SlowFile):
    sink = kind()
    writer = c.stream_writer(sink, closefd=False)

    def write(number, writer=writer):
        for _ in range(10):
            assert writer.write(bytes([number]) * PIECE) == PIECE
            writer.writelines([bytes([number]) * PIECE])
            writer.flush()

    in_threads(write)
    assert writer.total_in == THREADS * 20 * PIECE
    writer.close()
    written = content((sink if kind is io.BytesIO else sink.data).getvalue())
    assert len(written) == THREADS * 20 * PIECE
    for piece in in_pieces(written, PIECE):
        assert piece == piece[:1] * PIECE

    sink = kind()
    writer = d.stream_writer(sink, closefd=False)

    def write_frames(number, writer=writer):
        for _ in range(20):
            writer.write(z.compress(bytes([number]) * PIECE))

    in_threads(write_frames)
    writer.close()
    written = (sink if kind is io.BytesIO else sink.data).getvalue()
    assert len(written) == THREADS * 20 * PIECE
    for piece in in_pieces(written, PIECE):
        assert piece == piece[:1] * PIECE

# Closed by one while all others use it: they are told so.
for _ in range(8):
    for make, use in (
        (lambda: c.stream_reader(SlowFile(DATA)), lambda s: s.read(PIECE)),
        (lambda: d.stream_reader(SlowFile(FRAME)), lambda s: s.readline()),
        (lambda: d.stream_reader(bytearray(FRAME)), lambda s: s.seek(0)),
        (lambda: c.stream_writer(SlowFile()), lambda s: s.write(DATA)),
        (lambda: d.stream_writer(SlowFile(), write_size=1000), lambda s: s.write(FRAME)),
    ):
        stream = make()

        def use_or_close(number, stream=stream, use=use):
            if number == 7:
                stream.close()
                return
            with contextlib.suppress(ValueError):
                for _ in range(5):
                    use(stream)

        in_threads(use_or_close)
        assert stream.closed

# An iterator.
for _ in range(8):
    for make, data in ((c.read_to_iter, DATA), (d.read_to_iter, FRAME)):
        iterator = make(SlowFile(data))
        chunks = in_threads(lambda _, iterator=iterator: sum(map(len, iterator)))
        assert abs(sum(chunks) - len(DATA)) < 1000

# The iterator of a chunker that nothing else refers to: the first at its end drops the chunker.
for _ in range(60):
    for make, start, data in (
        (c.chunker, "compress", DATA[:300_000]),
        (d.chunker, "decompress", z.compress(DATA[:300_000])),
    ):
        iterator = getattr(make(chunk_size=1 << 20), start)(data)
        in_threads(lambda _, iterator=iterator: list(iterator))
        iterator = make().finish()
        in_threads(lambda _, iterator=iterator: list(iterator))
