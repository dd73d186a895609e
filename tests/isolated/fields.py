"""Every field of every type that may hold an object: instances in which all of them are set.

The names are those of the structs in C, which tests/tools compares with the sources.
"""

import gc
import io
import random

from makers import CONTENT, FRAME, SEGMENTS, File

import zstandard as z

# More than a stream takes in at once, so that a chunk of it is still at hand after the first step.
NOISE = random.Random(0).randbytes(400_000)
NOISE_FRAME = z.compress(NOISE)


class Compressor(z.ZstdCompressor):
    pass


class Decompressor(z.ZstdDecompressor):
    pass


class CompressionWriter(z.ZstdCompressionWriter):
    pass


class DecompressionWriter(z.ZstdDecompressionWriter):
    pass


class Dict(z.ZstdCompressionDict):
    pass


class Parameters(z.ZstdCompressionParameters):
    pass


class Bytes(bytes):
    pass


class Position(int):
    """A result of tell() which remembers what comes of a subtraction."""

    def __sub__(self, other):
        self.difference = Position(int(self) - other)
        return self.difference


class Chunked:
    """A seekable file that gives objects of classes of its own, and remembers the last ones."""

    def __init__(self, data):
        self.data = io.BytesIO(data)

    def read(self, size):
        self.chunk = Bytes(self.data.read(size))
        return self.chunk

    def seek(self, position, whence=io.SEEK_SET):
        return self.data.seek(position, whence)

    def tell(self):
        self.position = Position(self.data.tell())
        return self.position


def of_file(name, file):
    """Return the fields that a file has set, and have it forget what it gave."""
    fields = dict.fromkeys(("feed.chunk.object", "feed.chunk.view.obj"), vars(file).pop("chunk"))
    if hasattr(file, "position"):
        fields["feed.start"] = vars(file).pop("position").difference
    return {name: file, **fields}


def compression_reader():
    owner, file = Compressor(), Chunked(NOISE)
    stream = owner.stream_reader(file, read_size=len(NOISE))
    stream.read(1)
    return stream, {"owner": owner, **of_file("file", file)}


def decompression_reader():
    owner, file = Decompressor(), Chunked(NOISE_FRAME)
    stream = owner.stream_reader(file, read_size=len(NOISE_FRAME))
    stream.read(len(NOISE) // 2)
    stream.seek(0)
    stream.read(1)
    return stream, {"owner": owner, **of_file("file", file)}


def iterator(coder, data):
    owner, file = coder(), Chunked(data)
    stream = owner.read_to_iter(file, read_size=len(data), write_size=1)
    next(stream)
    return stream, {"owner": owner, **of_file("source", file)}


def frame_info_iterator():
    # The content of the first one is passed over by seek().
    file = Chunked(z.write_skippable_frame(NOISE) + FRAME)
    stream = z.list_frames(file, read_size=1000)
    next(stream)
    return stream, of_file("source", file)


def writer(kind, coder):
    owner, file = coder(), File()
    return kind(owner, file), {"owner": owner, "file": file}


def obj(owner, name):
    return getattr(owner, name)(), {"owner": owner}


def chunker(owner, start, data):
    data = Bytes(data)
    stream = owner.chunker(chunk_size=1)
    next(getattr(stream, start)(data))
    return stream, {"owner": owner, "source.object": data, "source.view.obj": data}


def chunker_iterator(owner, start, data):
    stream = owner.chunker(chunk_size=1)
    return getattr(stream, start)(data), {"chunker": stream}


def ended_decompression_obj():
    instance, held = obj(Decompressor(), "decompressobj")
    instance.decompress(FRAME + b"what follows it")
    return instance, {**held, "unused_data": instance.unused_data}


def frame_info():
    info = next(z.list_frames(FRAME))
    (values,) = (held for held in gc.get_referents(info) if isinstance(held, tuple))
    return info, {"values": values}


def buffer():
    data = Bytes(CONTENT)
    return z.BufferWithSegments(data, SEGMENTS), {"source.object": data, "source.view.obj": data}


def part(take):
    whole, _ = buffer()
    return take(whole), {"buffer": whole}


def collection():
    instance = z.BufferWithSegmentsCollection(buffer()[0], buffer()[0])
    (buffers,) = (held for held in gc.get_referents(instance) if isinstance(held, tuple))
    return instance, {"buffers": buffers}


def reachable(held):
    """Yield an object and all that it leads to, but for classes and modules."""
    waiting = [held]
    for one in waiting:
        yield one
        waiting += (
            other for other in gc.get_referents(one) if not isinstance(other, (type, type(z)))
        )


# By type, what makes an instance of it, or of a subclass, and a dict from field to object.
WHOLE = {
    z.ZstdCompressionDict: lambda: (Dict(CONTENT), {}),
    z.ZstdCompressionParameters: lambda: (Parameters(), {}),
    z.ZstdCompressor: lambda: (Compressor(), {}),
    z.ZstdDecompressor: lambda: (Decompressor(), {}),
    z.ZstdCompressionObj: lambda: obj(Compressor(), "compressobj"),
    z.ZstdDecompressionObj: ended_decompression_obj,
    z.ZstdCompressionReader: compression_reader,
    z.ZstdDecompressionReader: decompression_reader,
    z.ZstdCompressionWriter: lambda: writer(CompressionWriter, Compressor),
    z.ZstdDecompressionWriter: lambda: writer(DecompressionWriter, Decompressor),
    z.ZstdCompressorIterator: lambda: iterator(Compressor, NOISE),
    z.ZstdDecompressorIterator: lambda: iterator(Decompressor, NOISE_FRAME),
    z.ZstdCompressionChunker: lambda: chunker(Compressor(), "compress", NOISE),
    z.ZstdDecompressionChunker: lambda: chunker(Decompressor(), "decompress", NOISE_FRAME),
    z.ZstdCompressionChunkerIterator: lambda: chunker_iterator(Compressor(), "compress", NOISE),
    z.ZstdDecompressionChunkerIterator: lambda: chunker_iterator(
        Decompressor(), "decompress", NOISE_FRAME
    ),
    z.FrameInfo: frame_info,
    z.FrameInfoIterator: frame_info_iterator,
    z.FrameParameters: lambda: (z.get_frame_parameters(FRAME), {}),
    z.BufferWithSegments: buffer,
    z.BufferSegments: lambda: part(lambda whole: whole.segments()),
    z.BufferSegment: lambda: part(lambda whole: whole[0]),
    z.BufferWithSegmentsCollection: collection,
}
# Fields that hold numbers or bytes of our own making, which lead nowhere.
INERT = {"unused_data", "values"}
# Fields of a struct that several types have, and not all of them use.
NEVER_SET = {
    "feed.start": {
        z.ZstdCompressionReader,
        z.ZstdCompressorIterator,
        z.ZstdDecompressorIterator,
    }
}
