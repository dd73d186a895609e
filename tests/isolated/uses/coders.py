"""Compressors, decompressors, what they are made of, and the functions of the module."""

import contextlib
import io
import pickle

from makers import SAMPLES, TRAINED

import zstandard as z
from uses.subject import (
    CONTENTS,
    DICTIONARY,
    FRAMES,
    LISTED,
    LONG,
    LONG_FRAME,
    PLAIN_FRAMES,
    SlowFile,
    Subject,
    content,
    options,
    read_all,
    seldom,
)


class Compressor(Subject):
    kind = z.ZstdCompressor

    def make(self, chance):
        return z.ZstdCompressor(**options(chance))

    def also_init(self, shared, chance):
        if seldom(chance):
            shared.__init__(**options(chance))

    def compress(self, shared, chance):
        data = chance.choice(CONTENTS)
        assert content(shared.compress(data)) == data

    def compress_into(self, shared, chance):
        data = chance.choice(CONTENTS)
        buffer = bytearray(len(data) + 1000)
        assert content(buffer[: shared.compress_into(data, buffer)]) == data

    def compressobj(self, shared, chance):
        data = chance.choice(CONTENTS)
        stream = shared.compressobj()
        parts = [stream.compress(data[:200]), stream.compress(data[200:]), stream.flush()]
        assert read_all(b"".join(parts)) == data

    def chunker(self, shared, chance):
        data = chance.choice(CONTENTS)
        chunker = shared.chunker(chunk_size=100)
        assert read_all(b"".join([*chunker.compress(data), *chunker.finish()])) == data

    def copy_stream(self, shared, chance):
        data, sink = chance.choice(CONTENTS), io.BytesIO()
        shared.copy_stream(SlowFile(data), sink)
        assert read_all(sink.getvalue()) == data

    def multi_compress(self, shared, chance):
        data = chance.choices(CONTENTS, k=4)
        frames = shared.multi_compress(data, threads=chance.choice([0, 0, 2]))
        assert [*map(content, frames)] == data

    def multi_compress_to_buffer(self, shared, chance):
        data = chance.choices(CONTENTS[1:], k=4)
        frames = shared.multi_compress_to_buffer(data, threads=chance.choice([0, 0, 2]))
        assert [*map(content, frames)] == data

    def read_to_iter(self, shared, chance):
        data = chance.choice(CONTENTS)
        assert read_all(b"".join(shared.read_to_iter(data, read_size=5000))) == data

    def stream_reader(self, shared, chance):
        data = chance.choice(CONTENTS)
        with shared.stream_reader(io.BytesIO(data)) as reader:
            assert read_all(reader.read(10) + reader.read()) == data

    def stream_writer(self, shared, chance):
        data, sink = chance.choice(CONTENTS), io.BytesIO()
        with shared.stream_writer(sink, closefd=False) as writer:
            writer.write(data)
        assert read_all(sink.getvalue()) == data

    def memory_size(self, shared, _chance):
        assert shared.memory_size() > 1000


class Decompressor(Subject):
    kind = z.ZstdDecompressor

    def make(self, _chance):
        return z.ZstdDecompressor(dict_data=z.ZstdCompressionDict(TRAINED))

    def also_init(self, shared, chance):
        if seldom(chance):
            shared.__init__(dict_data=chance.choice([DICTIONARY, z.ZstdCompressionDict(TRAINED)]))

    def decompress(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        assert shared.decompress(frame) == data

    def decompress_into(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        buffer = bytearray(len(data))
        assert shared.decompress_into(frame, buffer) == len(data)
        assert buffer == data

    def decompress_content_dict_chain(self, shared, _chance):
        chain = [PLAIN_FRAMES[2][0]]
        before = z.ZstdCompressionDict(PLAIN_FRAMES[2][1], z.DICT_TYPE_RAWCONTENT)
        chain.append(z.ZstdCompressor(dict_data=before).compress(LONG[:2000]))
        assert shared.decompress_content_dict_chain(chain) == LONG[:2000]

    def decompressobj(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        stream = shared.decompressobj()
        assert stream.decompress(frame[:5]) + stream.decompress(frame[5:]) == data

    def chunker(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        chunker = shared.chunker(chunk_size=1000)
        assert b"".join([*chunker.decompress(frame), *chunker.finish()]) == data

    def copy_stream(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        sink = io.BytesIO()
        shared.copy_stream(SlowFile(frame), sink)
        assert sink.getvalue() == data

    def multi_decompress(self, shared, chance):
        frames, data = zip(*chance.choices(FRAMES, k=4), strict=True)
        assert shared.multi_decompress([*frames], threads=chance.choice([0, 0, 2])) == [*data]

    def multi_decompress_to_buffer(self, shared, chance):
        frames, data = zip(*chance.choices(FRAMES[1:], k=4), strict=True)
        parts = shared.multi_decompress_to_buffer([*frames], threads=chance.choice([0, 0, 2]))
        assert [part.tobytes() for part in parts] == [*data]

    def read_to_iter(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        assert b"".join(shared.read_to_iter(frame, write_size=1000)) == data

    def stream_reader(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        with shared.stream_reader(io.BytesIO(frame)) as reader:
            assert reader.read(10) + reader.read() == data

    def stream_writer(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        sink = io.BytesIO()
        with shared.stream_writer(sink, closefd=False) as writer:
            writer.write(frame)
        assert sink.getvalue() == data

    def memory_size(self, shared, _chance):
        assert shared.memory_size() > 1000


class Dictionary(Subject):
    """One that is new to each round: what digests it are the first uses, many at once."""

    kind = z.ZstdCompressionDict

    def make(self, _chance):
        return z.ZstdCompressionDict(TRAINED)

    def also_init(self, shared, chance):
        if seldom(chance):
            shared.__init__(TRAINED)

    def also_compress(self, shared, chance):
        data = chance.choice(CONTENTS)
        compressor = z.ZstdCompressor(chance.randint(-3, 6), dict_data=shared)
        assert content(compressor.compress(data)) == data

    def also_decompress(self, shared, chance):
        frame, data = chance.choice(FRAMES)
        assert z.ZstdDecompressor(dict_data=shared).decompress(frame) == data

    def precompute_compress(self, shared, chance):
        shared.precompute_compress(chance.choice([-3, -1, 1, 3, 6]))

    def as_bytes(self, shared, _chance):
        assert shared.as_bytes() == TRAINED
        assert len(shared) == len(TRAINED)

    def dict_id(self, shared, _chance):
        assert shared.dict_id() == DICTIONARY.dict_id()

    def also_pickle(self, shared, chance):
        if seldom(chance):
            shared.__setstate__(DICTIONARY.__reduce__()[2])
        assert pickle.loads(pickle.dumps(shared)).as_bytes() == TRAINED


class Parameters(Subject):
    kind = z.ZstdCompressionParameters

    def make(self, _chance):
        names = "window_log", "hash_log", "chain_log"
        self.sets = [dict.fromkeys(names, value) for value in (12, 13)]
        return z.ZstdCompressionParameters(**self.sets[0])

    def also_init(self, shared, chance):
        shared.__init__(**chance.choice(self.sets))

    def also_use(self, shared, _chance):
        compressor = z.ZstdCompressor(compression_params=shared)
        assert content(compressor.compress(CONTENTS[1])) == CONTENTS[1]

    def also_dunder(self, shared, _chance):
        repr(shared)
        hash(shared)
        assert isinstance(shared == shared, bool)  # noqa: PLR0124

    def also_pickle(self, shared, chance):
        values = shared.__reduce__()[2][0]
        assert values in self.sets, values
        assert pickle.loads(pickle.dumps(shared)).__reduce__()[2][0] in self.sets
        if seldom(chance):
            shared.__setstate__((chance.choice(self.sets), None))

    def window_log(self, shared, _chance):
        assert shared.window_log in {12, 13}

    def from_level(self, shared, chance):
        assert shared.from_level(chance.randint(1, 9)).compression_level > 0

    def estimated_compression_context_size(self, shared, _chance):
        assert shared.estimated_compression_context_size() > 1000


class Module(Subject):
    """The functions, which share the module's spare contexts."""

    kind = z.backend_c

    def names(self):
        kind = type(z.compress)
        return {name for name, value in vars(z.backend_c).items() if isinstance(value, kind)}

    def make(self, _chance):
        return z.backend_c

    def compress(self, shared, chance):
        data = chance.choice(CONTENTS)
        assert content(shared.compress(data, chance.randint(-3, 6))) == data

    def decompress(self, shared, chance):
        frame, data = chance.choice(PLAIN_FRAMES)
        assert shared.decompress(frame) == data

    def also_coders(self, shared, chance):
        """Short-lived ones give their contexts away, and take those of others."""
        data = chance.choice(CONTENTS)
        assert shared.ZstdDecompressor().decompress(shared.ZstdCompressor(1).compress(data)) == data

    def also_fail(self, shared, _chance):
        with contextlib.suppress(shared.ZstdError):
            shared.decompress(b"no frame at all")
            raise AssertionError("junk was decompressed")

    def finalize_dictionary(self, shared, chance):
        if seldom(chance):
            assert shared.finalize_dictionary(1024, TRAINED[-500:], SAMPLES).dict_id() > 0

    def train_dictionary(self, shared, chance):
        if chance.random() < 0.3:
            assert shared.train_dictionary(1024, SAMPLES, k=8, d=8, dict_id=9).dict_id() == 9

    def frame_content_size(self, shared, chance):
        frame, data = chance.choice(PLAIN_FRAMES)
        assert shared.frame_content_size(frame) == len(data)

    def frame_header_size(self, shared, chance):
        assert 2 <= shared.frame_header_size(chance.choice(PLAIN_FRAMES)[0]) <= 18

    def get_frame_parameters(self, shared, chance):
        frame, data = chance.choice(PLAIN_FRAMES)
        assert shared.get_frame_parameters(frame).content_size == len(data)

    def list_frames(self, shared, _chance):
        assert len([*shared.list_frames(LISTED)]) == len(PLAIN_FRAMES) + 1

    def is_skippable_frame(self, shared, _chance):
        assert not shared.is_skippable_frame(LONG_FRAME)

    def read_skippable_frame(self, shared, _chance):
        assert shared.read_skippable_frame(shared.write_skippable_frame(b"aside"))[0] == b"aside"

    def write_skippable_frame(self, shared, _chance):
        assert shared.is_skippable_frame(shared.write_skippable_frame(b"aside", 7))
