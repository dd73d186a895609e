"""Streams: objects that are pushed or asked until they end."""

import contextlib
import io
import itertools
import threading

import zstandard as z
from samples import noise
from uses.subject import (
    CONTENTS,
    LONG,
    LONG_FRAME,
    PIECE,
    PLAIN_FRAMES,
    Subject,
    options,
    seldom,
    source,
)

NOISE = noise(300_000)


class Sink:
    """A file that takes all, and lets other threads run."""

    def __init__(self):
        self.parts = []
        self.closed = False

    def write(self, data):
        part = bytes(data)
        threading.Event().wait(0)
        self.parts.append(part)
        return len(part)

    def close(self):
        self.closed = True


class Stream(Subject):
    """One whose output is counted: what the calls returned is what it says that it has put out."""

    refused = z.ZstdError
    held_back = 1  # output that may be at hand is less

    def __init__(self, chance):
        super().__init__(chance)
        self.parts = []
        self.kept = self.shared if chance.random() < 0.5 else None

    def took(self, part):
        self.parts.append(part)
        return part

    def check(self):
        if self.kept is not None:
            assert 0 <= self.kept.total_out - sum(map(len, self.parts)) < self.held_back


class CompressionObj(Stream):
    kind = z.ZstdCompressionObj

    def make(self, chance):
        return z.ZstdCompressor(**options(chance)).compressobj()

    def compress(self, shared, chance):
        self.took(shared.compress(chance.choice(CONTENTS)))

    def flush(self, shared, chance):
        mode = z.COMPRESSOBJ_FLUSH_FINISH if seldom(chance) else z.COMPRESSOBJ_FLUSH_BLOCK
        self.took(shared.flush(mode))


class DecompressionObj(Stream):
    """One that many frames are passed to, a whole one by each call."""

    kind = z.ZstdDecompressionObj

    def make(self, _chance):
        return z.ZstdDecompressor().decompressobj(read_across_frames=True)

    def decompress(self, shared, chance):
        frame, data = chance.choice(PLAIN_FRAMES)
        assert self.took(shared.decompress(frame)) == data


class EndedDecompressionObj(DecompressionObj):
    """One that ends with the first frame, and keeps what follows."""

    def make(self, _chance):
        return z.ZstdDecompressor().decompressobj()

    def decompress(self, shared, chance):
        frame, data = chance.choice(PLAIN_FRAMES)
        assert self.took(shared.decompress(frame + b"rest")) == data

    def unused_data(self, shared, _chance):
        assert shared.unused_data in {b"", b"rest"}


class CompressionChunker(Stream):
    kind = z.ZstdCompressionChunker
    held_back = 1000

    def make(self, chance):
        return z.ZstdCompressor(**options(chance)).chunker(chunk_size=self.held_back)

    def take_all(self, iterator):
        for part in iterator:
            self.took(part)

    def compress(self, shared, chance):
        self.take_all(shared.compress(chance.choice(CONTENTS)))

    def flush(self, shared, _chance):
        self.take_all(shared.flush())

    def finish(self, shared, chance):
        if seldom(chance):
            self.take_all(shared.finish())


class DecompressionChunker(CompressionChunker):
    kind = z.ZstdDecompressionChunker

    def make(self, _chance):
        return z.ZstdDecompressor().chunker(chunk_size=self.held_back)

    def decompress(self, shared, chance):
        self.take_all(shared.decompress(chance.choice(PLAIN_FRAMES)[0]))


class Iterated(Subject):
    """An iterator, of whose parts each comes once."""

    def __init__(self, chance):
        super().__init__(chance)
        self.parts = []

    def also_next(self, shared, _chance):
        for part in itertools.islice(iter(shared), 3):
            self.parts.append(part)
            assert part in self.whole

    def check(self):
        assert sum(map(len, self.parts)) <= len(self.whole)
        assert len({*self.parts}) == len(self.parts)


class CompressionIterator(Iterated):
    kind = z.ZstdCompressorIterator

    def make(self, chance):
        new = source(chance)
        self.whole = b"".join(self.start(new(NOISE)))
        return self.start(new(NOISE))

    def start(self, data):
        return z.ZstdCompressor(1).read_to_iter(data, read_size=1000, write_size=500)


class DecompressionIterator(Iterated):
    kind = z.ZstdDecompressorIterator
    whole = LONG

    def make(self, chance):
        data = source(chance)(LONG_FRAME)
        return z.ZstdDecompressor().read_to_iter(data, read_size=1000, write_size=500)


class CompressionChunkerIterator(Iterated):
    kind = z.ZstdCompressionChunkerIterator

    def make(self, _chance):
        self.whole = b"".join(self.start())
        return self.start()

    def start(self):
        return z.ZstdCompressor(1).chunker(chunk_size=500).compress(NOISE)


class DecompressionChunkerIterator(Iterated):
    kind = z.ZstdDecompressionChunkerIterator
    whole = LONG

    def make(self, _chance):
        return z.ZstdDecompressor().chunker(chunk_size=500).decompress(LONG_FRAME)


def without(_self, shared, _chance):
    """Look for what the file of a stream has, or has not."""
    with contextlib.suppress(AttributeError):
        return shared.name, shared.mode, shared.fileno()


def in_block(stream, use):
    """Use a stream in a block of it, if no other thread has entered one."""
    try:
        with stream:
            use(stream)
    except z.ZstdError as error:
        assert "cannot __enter__ multiple times" in str(error)  # noqa: PT017


class Reader(Subject):
    """A reader: wherever others have taken it, what it returns is a part of the whole."""

    refused = (ValueError, io.UnsupportedOperation)  # it is closed, or cannot do this at all

    def part(self, data):
        assert data in self.whole

    def close(self, shared, chance):
        if seldom(chance):
            shared.close()

    def also_next(self, shared, _chance):
        for line in itertools.islice(shared, 2):
            self.part(line)

    def also_with(self, shared, chance):
        if seldom(chance):
            in_block(shared, lambda stream: self.part(stream.read(100)))

    def read(self, shared, chance):
        self.part(shared.read(-1 if seldom(chance) else chance.randint(0, 5000)))

    def read1(self, shared, chance):
        self.part(shared.read1(chance.randint(-1, 5000)))

    def readall(self, shared, chance):
        if seldom(chance):
            self.part(shared.readall())

    def readinto(self, shared, chance):
        buffer = bytearray(chance.randint(0, 5000))
        self.part(buffer[: shared.readinto(buffer)])

    def readinto1(self, shared, chance):
        buffer = bytearray(chance.randint(0, 5000))
        self.part(buffer[: shared.readinto1(buffer)])

    def readline(self, shared, chance):
        self.part(shared.readline(chance.randint(-1, 50)))

    def readlines(self, shared, chance):
        for line in shared.readlines(chance.randint(1, 500)):
            self.part(line)

    def tell(self, shared, _chance):
        assert 0 <= shared.tell() <= len(self.whole)

    def write(self, shared, _chance):
        shared.write(b"")

    def writelines(self, shared, _chance):
        shared.writelines([])

    def seek(self, shared, _chance):
        shared.seek(0)

    name = mode = fileno = without


class CompressionReader(Reader):
    kind = z.ZstdCompressionReader

    def make(self, chance):
        new = source(chance)
        self.whole = self.start(new(NOISE)).read()
        return self.start(new(NOISE))

    def start(self, data):
        return z.ZstdCompressor(1).stream_reader(data, read_size=1000)


class DecompressionReader(Reader):
    kind = z.ZstdDecompressionReader
    whole = LONG

    def make(self, chance):
        return z.ZstdDecompressor().stream_reader(source(chance)(LONG_FRAME), read_size=1000)

    def peek(self, shared, chance):
        self.part(shared.peek(chance.randint(0, 5000)))

    def seek(self, shared, chance):
        with contextlib.suppress(OSError):  # back, in a file that cannot
            shared.seek(chance.randint(0, 10_000), chance.choice([0, 1]))


class Writer(Subject):
    """A writer, in whose output each piece is whole."""

    refused = (ValueError, io.UnsupportedOperation)

    def make(self, _chance):
        self.sink = Sink()
        return self.make_on(self.sink)

    def also_init(self, shared, _chance):
        try:
            shared.__init__(self.coder, self.sink)
        except RuntimeError as error:
            assert "opened before" in str(error)  # noqa: PT017
        else:
            raise AssertionError("was opened again")

    def also_with(self, shared, chance):
        if seldom(chance):
            in_block(shared, lambda stream: self.write(stream, chance))

    def close(self, shared, chance):
        if seldom(chance):
            shared.close()

    def write(self, shared, chance):
        data = self.encoded(chance.randbytes(1) * PIECE)
        assert shared.write(data) == len(data)

    def writelines(self, shared, chance):
        shared.writelines([self.encoded(chance.randbytes(1) * PIECE)] * 2)

    def flush(self, shared, _chance):
        shared.flush()

    def also_finalize(self, shared, chance):
        if seldom(chance):
            shared.__del__()

    def readinto(self, shared, _chance):
        shared.readinto(bytearray(1))

    def seek(self, shared, _chance):
        shared.seek(0)

    name = mode = fileno = without

    def check(self):
        written = self.decoded(b"".join(self.sink.parts))
        assert len(written) % PIECE == 0
        for start in range(0, len(written), PIECE):
            assert written[start : start + PIECE] == written[start : start + 1] * PIECE


class CompressionWriter(Writer):
    kind = z.ZstdCompressionWriter
    coder = z.ZstdCompressor(1)

    def make_on(self, sink):
        return self.coder.stream_writer(sink)

    def encoded(self, piece):
        return piece

    def flush(self, shared, chance):
        shared.flush(z.FLUSH_FRAME if seldom(chance) else z.FLUSH_BLOCK)

    def decoded(self, data):
        return z.ZstdDecompressor().decompressobj(read_across_frames=True).decompress(data)


class DecompressionWriter(Writer):
    kind = z.ZstdDecompressionWriter
    coder = z.ZstdDecompressor()

    def make_on(self, sink):
        return self.coder.stream_writer(sink, write_size=700)

    def encoded(self, piece):
        return z.compress(piece)

    def decoded(self, data):
        return data
