"""__init__ called again costs nothing and disturbs no live stream."""

import gc
import io
import tracemalloc

import zstandard as z

compressor = z.ZstdCompressor()
decompressor = z.ZstdDecompressor()
parameters = z.ZstdCompressionParameters()
tracemalloc.start()


def configure(count):
    for _ in range(count):
        compressor.__init__(level=4)
        compressor.compress(b"content")
        parameters.__init__(compression_level=5, window_log=12)
        compressor.__init__(compression_params=parameters)
        compressor.compress(b"content")
        decompressor.__init__(max_window_size=1 << 20)
        decompressor.decompress(z.FRAME_HEADER + b"\x20\x00\x01\x00\x00")
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


before = configure(10)
grown = configure(20_000) - before
assert grown < 100_000, f"{grown} bytes were left by __init__"


def adder(stream):
    return getattr(stream, "compress", None) or stream.decompress


# Streams that are pushed into, as generators that are sent two pieces and return the output.


def pushed_to_obj(coder):
    compresses = isinstance(coder, z.ZstdCompressor)
    stream = coder.compressobj() if compresses else coder.decompressobj(read_across_frames=True)
    return [adder(stream)((yield)), adder(stream)((yield)), stream.flush()]


def pushed_to_chunker(coder):
    stream = coder.chunker(chunk_size=7)
    return [*adder(stream)((yield)), *adder(stream)((yield)), *stream.finish()]


def pushed_to_writer(coder):
    sink = io.BytesIO()
    with coder.stream_writer(sink, closefd=False) as stream:
        stream.write((yield))
        stream.write((yield))
    return [sink.getvalue()]


def pushed(make):
    def run(coder, pieces):
        stream = make(coder)
        next(stream)
        try:
            for piece in pieces:
                stream.send(piece)
        except StopIteration as end:
            return end.value
        raise AssertionError("it wants more")

    return run


# Streams that are pulled out of.


class Pieces:
    """A source of pieces that come when they are asked for."""

    def __init__(self, pieces):
        self.pieces = pieces

    def read(self, _size):
        return next(self.pieces, b"")


def pulled_by_reader(coder, pieces):
    reader = coder.stream_reader(Pieces(pieces))
    return [reader.read()]


def pulled_by_iterator(coder, pieces):
    return list(coder.read_to_iter(Pieces(pieces)))


def pulled_by_copy(coder, pieces):
    sink = io.BytesIO()
    coder.copy_stream(Pieces(pieces), sink)
    return [sink.getvalue()]


SHAPES = [
    *map(pushed, (pushed_to_obj, pushed_to_chunker, pushed_to_writer)),
    pulled_by_reader,
    pulled_by_iterator,
    pulled_by_copy,
]


def pieces(first, configure, second):
    """Yield two pieces, between which a coder is configured."""
    yield first
    configure()
    yield second


HALVES = [b"a" * 1000, b"b" * 1000]
for run in SHAPES:
    compressor = z.ZstdCompressor()

    def configure(compressor=compressor):
        compressor.__init__(level=19, write_checksum=True)

    frame = b"".join(run(compressor, pieces(HALVES[0], configure, HALVES[1])))
    assert z.decompress(frame, 2000) == b"".join(HALVES)
    assert not z.get_frame_parameters(frame).has_checksum
    assert z.get_frame_parameters(compressor.compress(b"")).has_checksum

    decompressor = z.ZstdDecompressor()

    def configure(decompressor=decompressor):
        decompressor.__init__(format=z.FORMAT_ZSTD1_MAGICLESS)

    content = b"".join(run(decompressor, pieces(frame[:9], configure, frame[9:])))
    assert content == b"".join(HALVES)
    assert decompressor.decompress(frame[4:], 2000) == content
