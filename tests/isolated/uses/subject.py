"""What threads may do at once with an object that they share, at random, and what holds of it."""

import gc
import io
import pickle
import threading

from makers import TRAINED, File

import zstandard as z
from samples import noise, text, zeros

CONTENTS = [b"", text(150), text(3000), noise(9000), zeros(150_000), text(60_000)]
DICTIONARY = z.ZstdCompressionDict(TRAINED)
DECODERS = {
    0: z.ZstdDecompressor(),
    DICTIONARY.dict_id(): z.ZstdDecompressor(dict_data=DICTIONARY),
}
WITH_DICTIONARY = z.ZstdCompressor(dict_data=DICTIONARY)
FRAMES = [(WITH_DICTIONARY.compress(content), content) for content in CONTENTS]
PLAIN_FRAMES = [(z.compress(content), content) for content in CONTENTS]
LISTED = b"".join(frame for frame, _ in PLAIN_FRAMES) + z.write_skippable_frame(b"skipped", 3)
# Of many small reads and of few large ones, and no part of it stands there twice.
LONG = b"".join(b"%d\n" % number for number in range(30_000))
LONG_FRAME = z.compress(LONG)
PIECE = 3000
BUFFER = b"content\n" * 100


def content(frame):
    return DECODERS[z.get_frame_parameters(frame).dict_id].decompress(frame)


def read_all(frame):
    """Return content of unknown size."""
    decoder = DECODERS[z.get_frame_parameters(frame).dict_id]
    return decoder.decompressobj().decompress(frame)


def seldom(chance):
    """Tell whether a use is to be, of what ends or slows down all others."""
    return chance.random() < 0.04


def options(chance):
    """Return arguments for a compressor whose frames content() can read."""
    return chance.choice(
        [
            {},
            {"level": 1},
            {"level": 6, "write_checksum": True},
            {"dict_data": DICTIONARY},
            {"dict_data": z.ZstdCompressionDict(TRAINED), "level": 2},
            {"compression_params": z.ZstdCompressionParameters(window_log=15)},
            {"threads": int(seldom(chance))},
        ]
    )


class SlowFile(File):
    """A source that lets other threads run."""

    def read(self, size):
        data = super().read(size)
        threading.Event().wait(0)
        return data


def source(chance):
    return chance.choice([bytes, bytearray, io.BytesIO, SlowFile])


class Subject:
    """One object that many threads share: `shared`, made by make()."""

    kind = None
    refused = ()  # what calls may raise: that is of other threads' doing

    def __init__(self, chance):
        self.shared = self.make(chance)

    def names(self):
        """Return the public names of the type."""
        return {name for name in vars(self.kind) if not name.startswith("_")}

    def calls(self):
        """Return the uses that are defined here, and those of the other names of the type."""
        defined = {name for name in dir(self) if name.startswith("also_")}
        defined |= self.names() & {*dir(self)}
        return (
            [getattr(self, name) for name in sorted(defined)],
            [bare(name) for name in sorted(self.names() - defined)],
        )

    def check(self):
        """See what holds when all is done; the object may be gone."""

    def also_dunder(self, shared, _chance):
        assert isinstance(repr(shared), str)
        assert shared == shared  # noqa: PLR0124
        assert hash(shared) == hash(shared)

    def also_pickle(self, shared, _chance):
        try:
            pickle.dumps(shared)
        except TypeError as error:
            assert "cannot pickle" in str(error)  # noqa: PT017
        else:
            raise AssertionError("was pickled")

    def also_collect(self, shared, chance):
        if seldom(chance):
            gc.collect()
        gc.get_referents(shared)


def bare(name):
    """Return a use of a name as it stands: an attribute, or a method without arguments."""

    def use(shared, _chance):
        value = getattr(shared, name)
        if callable(value):
            value()

    return use
