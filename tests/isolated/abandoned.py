"""Frames that worker threads are still at can be abandoned, and their compressor used on."""

import contextlib
import os

import zstandard as z

DATA = os.urandom(3 << 20)
compressor = z.ZstdCompressor(threads=2, level=1)


class Full:
    def write(self, data):
        raise OSError(len(data))


class Refusing:
    """Takes nothing each second time, and little each other."""

    def __init__(self):
        self.taken = b""
        self.turn = 0

    def write(self, data):
        self.turn += 1
        if self.turn % 2:
            return None
        self.taken += data[:1000]
        return len(data[:1000])


for _ in range(60):
    next(compressor.read_to_iter(DATA))
    compressor.stream_reader(DATA).read(100)
    with contextlib.suppress(OSError):
        compressor.stream_writer(Full(), closefd=False).write(DATA)
    stream = compressor.compressobj()
    stream.compress(DATA)
    del stream
assert z.decompress(compressor.compress(DATA)) == DATA

# The end of a frame that the sink has no room for comes before the next frame.
sink = Refusing()
writer = compressor.stream_writer(sink, write_size=100)


def persist(call):
    while True:
        try:
            return call()
        except BlockingIOError as error:
            if error.characters_written:
                return error.characters_written


persist(lambda: writer.write(b"first" * 1000))
with contextlib.suppress(BlockingIOError):
    writer.flush(z.FLUSH_FRAME)
data = b"second" * 1000
while data:
    data = data[persist(lambda: writer.write(data)) :]  # noqa: B023 (it is called at once)
persist(lambda: writer.flush(z.FLUSH_FRAME))
content = z.ZstdDecompressor().decompress(sink.taken, read_across_frames=True)
assert content == b"first" * 1000 + b"second" * 1000, content[:20]
