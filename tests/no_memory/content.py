"""What the calls work on: data, and files of which a call that fails has done nothing."""

import zstandard as z
from samples import text

CONTENT = text(200_000)
SHORT = text(3000)
PIECE = 5000

FRAME = z.compress(CONTENT, 1)
SHORT_FRAME = z.compress(SHORT, 1)
# It does not state the size of its content.
UNSIZED = z.ZstdCompressor(1, write_content_size=False).compress(CONTENT)
SKIPPABLE = z.write_skippable_frame(SHORT, 5)
BAD = FRAME[: len(FRAME) // 2] + bytes(100) + FRAME[len(FRAME) // 2 + 100 :]
SAMPLES = [text(400, seed) for seed in range(60)]
DICTIONARY = z.train_dictionary(2000, SAMPLES).as_bytes()

decompressor = z.ZstdDecompressor()


def decompress(frames):
    return decompressor.decompress(frames, read_across_frames=True)


class Source:
    """A file to read; a read() that fails for want of memory has given nothing."""

    def __init__(self, content):
        self.pieces = [content[i : i + PIECE] for i in range(0, len(content), PIECE)] + [b""]
        self.place = 0

    def read(self, _size):
        piece = self.pieces[self.place]
        self.place = min(self.place + 1, len(self.pieces) - 1)
        return piece

    def seekable(self):
        return True

    def tell(self):
        return self.place * PIECE

    def seek(self, position):
        self.place = position // PIECE
        return position

    def close(self):
        pass


class Sink:
    """A file to write; a write() that fails for want of memory has taken nothing."""

    name = "sink"
    mode = "wb"

    def __init__(self):
        self.pieces = []

    def write(self, data):
        size = len(data)
        self.pieces.append(data)
        return size

    def fileno(self):
        return 77

    def flush(self):
        pass

    def close(self):
        pass

    @property
    def content(self):
        return b"".join(self.pieces)
