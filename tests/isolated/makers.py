"""Every type of the extension, and every way to make an instance of it."""

import contextlib
import copy
import io
import struct
from functools import partial

import zstandard as z

CONTENT = b"content\n" * 1000
FRAME = z.compress(CONTENT)
SAMPLES = [CONTENT[:400] + bytes([number]) * 50 for number in range(100)]
TRAINED = z.train_dictionary(1024, SAMPLES).as_bytes()
# For a BufferWithSegments: 5 bytes from the first on, and 4 behind them.
SEGMENTS = struct.pack("=4Q", 0, 5, 5, 4)
# Of a size that native threads are started for.
MANY = [CONTENT * 5] * 4
MANY_FRAMES = [z.compress(content) for content in MANY]


class File:
    """A source and sink that is none of Python's own."""

    def __init__(self, data=b""):
        self.data = io.BytesIO(data)

    def read(self, size):
        return self.data.read(size)

    def write(self, data):
        return len(data)


class Shut:
    """Takes nothing now, as a non-blocking file may."""

    def write(self, data):
        del data


class Failing:
    """Gives nothing and takes nothing."""

    def read(self, size):
        raise OSError(size)

    def write(self, data):
        raise OSError(len(data))


def begun(iterator):
    """Take the first item, and leave the iterator at work."""
    next(iterator)
    return iterator


def digested(module, dictionary):
    """Return the dictionary when there are digests of it."""
    module.ZstdCompressor(dict_data=dictionary).compress(CONTENT)
    module.ZstdDecompressor(dict_data=dictionary)
    dictionary.precompute_compress(-5)
    return dictionary


def makers(module):
    """Return, by type, the ways to make an instance of it by an instance of the extension."""

    def compressor(*args, **options):
        return module.ZstdCompressor(*args, **options)

    def decompressor(**options):
        return module.ZstdDecompressor(**options)

    def after(stream, call):
        """Return the stream as the call leaves it, by an exception or without."""
        with contextlib.suppress(module.ZstdError, OSError):
            call(stream)
        return stream

    def parameters(*args, **options):
        return module.ZstdCompressionParameters(*args, **options)

    def rebuilt(instance):
        """Make it again as pickle does; pickle itself knows one instance of the module only."""
        make, arguments, state = instance.__reduce__()
        again = make(*arguments)
        again.__setstate__(state)
        return again

    def new(kind):
        return lambda: kind.__new__(kind)

    def buffer(data=CONTENT):
        return module.BufferWithSegments(data, SEGMENTS)

    def packed(threads=0):
        return compressor().multi_compress_to_buffer(MANY, threads)

    def unpacked(threads=0):
        return decompressor().multi_decompress_to_buffer(MANY_FRAMES, None, threads)

    dictionary = module.ZstdCompressionDict

    return {
        module.ZstdCompressionDict: [
            lambda: dictionary(CONTENT),
            lambda: dictionary(bytearray(TRAINED), module.DICT_TYPE_FULLDICT, 5, 6),
            lambda: dictionary(CONTENT, module.DICT_TYPE_PREFIX),
            lambda: digested(module, dictionary(TRAINED)),
            lambda: copy.copy(dictionary(CONTENT)),
            lambda: module.train_dictionary(256, SAMPLES, k=8, d=8),
            lambda: module.finalize_dictionary(1024, b"content" * 9, SAMPLES),
            new(module.ZstdCompressionDict),
        ],
        module.ZstdCompressionParameters: [
            parameters,
            lambda: parameters(0, 5, window_log=12, threads=2, write_checksum=1),
            lambda: module.ZstdCompressionParameters.from_level(3),
            lambda: module.ZstdCompressionParameters.from_level(3, 1000, 9, window_log=12),
            lambda: copy.copy(parameters(window_log=12)),
            lambda: copy.deepcopy(parameters(window_log=12)),
            lambda: rebuilt(parameters(window_log=12)),
            lambda: after(parameters(window_log=12), lambda p: p.__init__(window_log=99)),
            new(module.ZstdCompressionParameters),
        ],
        module.ZstdCompressor: [
            compressor,
            lambda: compressor(dict_data=dictionary(CONTENT)),
            lambda: compressor(compression_params=parameters(window_log=12)),
            lambda: compressor(5, write_checksum=True, write_content_size=False),
            new(module.ZstdCompressor),
        ],
        module.ZstdDecompressor: [
            decompressor,
            lambda: decompressor(dict_data=dictionary(CONTENT)),
            lambda: decompressor(max_window_size=1 << 20, format=module.FORMAT_ZSTD1_MAGICLESS),
            new(module.ZstdDecompressor),
        ],
        module.ZstdCompressionObj: [
            lambda: compressor().compressobj(),
            lambda: compressor().compressobj(size=7),
        ],
        module.ZstdDecompressionObj: [
            lambda: decompressor().decompressobj(),
            lambda: decompressor().decompressobj(read_across_frames=True),
        ],
        module.ZstdCompressionReader: [
            lambda: compressor().stream_reader(CONTENT),
            lambda: compressor().stream_reader(bytearray(CONTENT), size=3, read_size=1),
            lambda: compressor().stream_reader(io.BytesIO(CONTENT), size=len(CONTENT)),
            lambda: compressor().stream_reader(File(CONTENT), closefd=False).__enter__(),
            lambda: after(compressor().stream_reader(File(CONTENT)), lambda s: s.read(9)),
            lambda: after(compressor().stream_reader(File(CONTENT)), lambda s: s.read()),
            lambda: after(compressor().stream_reader(CONTENT), lambda s: s.close()),
            lambda: after(compressor().stream_reader(Failing()), lambda s: s.read()),
        ],
        module.ZstdDecompressionReader: [
            lambda: decompressor().stream_reader(FRAME),
            lambda: decompressor().stream_reader(bytearray(FRAME), read_across_frames=True),
            lambda: decompressor().stream_reader(io.BytesIO(FRAME), read_size=1),
            lambda: decompressor().stream_reader(File(FRAME), closefd=False).__enter__(),
            lambda: begun(decompressor().stream_reader(File(FRAME))),
            lambda: after(decompressor().stream_reader(FRAME), lambda s: s.peek()),
            lambda: after(decompressor().stream_reader(FRAME), lambda s: s.seek(0, io.SEEK_END)),
            lambda: after(decompressor().stream_reader(FRAME), lambda s: s.close()),
            lambda: after(decompressor().stream_reader(FRAME[:-1]), lambda s: s.read()),
            lambda: after(decompressor().stream_reader(Failing()), lambda s: s.read()),
        ],
        module.ZstdCompressionWriter: [
            lambda: compressor().stream_writer(io.BytesIO()),
            lambda: compressor().stream_writer(File(), size=3, write_size=1, closefd=False),
            lambda: compressor().stream_writer(File()).__enter__(),
            lambda: after(compressor().stream_writer(File()), lambda s: s.write(CONTENT)),
            lambda: after(compressor().stream_writer(File()), lambda s: s.close()),
            lambda: after(compressor().stream_writer(Failing()), lambda s: s.flush(1)),
            lambda: after(compressor().stream_writer(Shut()), lambda s: s.flush(1)),
            lambda: module.ZstdCompressionWriter(compressor(), File(), write_return_read=False),
            new(module.ZstdCompressionWriter),
        ],
        module.ZstdDecompressionWriter: [
            lambda: decompressor().stream_writer(io.BytesIO()),
            lambda: decompressor().stream_writer(File(), write_size=1, closefd=False),
            lambda: decompressor().stream_writer(File()).__enter__(),
            lambda: after(decompressor().stream_writer(File()), lambda s: s.write(FRAME[:9])),
            lambda: after(decompressor().stream_writer(File()), lambda s: s.close()),
            lambda: after(decompressor().stream_writer(Failing()), lambda s: s.write(FRAME)),
            lambda: after(decompressor().stream_writer(Shut()), lambda s: s.write(FRAME)),
            lambda: module.ZstdDecompressionWriter(decompressor(), File(), write_return_read=False),
            new(module.ZstdDecompressionWriter),
        ],
        module.ZstdCompressorIterator: [
            lambda: compressor().read_to_iter(CONTENT),
            lambda: compressor().read_to_iter(bytearray(CONTENT), size=3, read_size=1),
            lambda: begun(compressor().read_to_iter(io.BytesIO(CONTENT), write_size=1)),
            lambda: begun(compressor().read_to_iter(File(CONTENT), write_size=1)),
            lambda: after(compressor().read_to_iter(File(CONTENT)), list),
            lambda: after(compressor().read_to_iter(Failing()), list),
        ],
        module.ZstdDecompressorIterator: [
            lambda: decompressor().read_to_iter(FRAME),
            lambda: decompressor().read_to_iter(bytearray(b"junk" + FRAME), skip_bytes=4),
            lambda: begun(decompressor().read_to_iter(io.BytesIO(FRAME), write_size=1)),
            lambda: begun(decompressor().read_to_iter(File(FRAME), write_size=1)),
            lambda: after(decompressor().read_to_iter(File(FRAME)), list),
            lambda: after(decompressor().read_to_iter(FRAME[:-1]), list),
            lambda: after(decompressor().read_to_iter(Failing()), list),
        ],
        module.ZstdCompressionChunker: [
            lambda: compressor().chunker(),
            lambda: compressor().chunker(size=7, chunk_size=1),
            lambda: after(compressor().chunker(), lambda s: s.compress(bytearray(CONTENT))),
            lambda: after(compressor().chunker(), lambda s: list(s.compress(CONTENT))),
            lambda: after(compressor().chunker(), lambda s: list(s.finish())),
        ],
        module.ZstdDecompressionChunker: [
            lambda: decompressor().chunker(),
            lambda: decompressor().chunker(chunk_size=1),
            lambda: after(decompressor().chunker(), lambda s: s.decompress(bytearray(FRAME))),
            lambda: after(decompressor().chunker(), lambda s: list(s.decompress(FRAME))),
            lambda: after(decompressor().chunker(), lambda s: list(s.finish())),
        ],
        module.ZstdCompressionChunkerIterator: [
            lambda: compressor().chunker().compress(CONTENT),
            lambda: compressor().chunker().flush(),
            lambda: begun(compressor().chunker(chunk_size=1).finish()),
            lambda: after(compressor().chunker().finish(), list),
        ],
        module.ZstdDecompressionChunkerIterator: [
            lambda: begun(decompressor().chunker(chunk_size=1).decompress(bytearray(FRAME))),
            lambda: decompressor().chunker().flush(),
            lambda: decompressor().chunker().finish(),
            lambda: after(decompressor().chunker().decompress(b"junkjunk"), list),
        ],
        module.FrameInfo: [
            lambda: next(module.list_frames(FRAME)),
            lambda: next(module.list_frames(io.BytesIO(module.write_skippable_frame(CONTENT, 7)))),
        ],
        module.FrameInfoIterator: [
            lambda: module.list_frames(FRAME),
            lambda: module.list_frames(File(FRAME), read_size=1),
            lambda: begun(module.list_frames(bytearray(FRAME + FRAME))),
            lambda: begun(module.list_frames(io.BytesIO(FRAME + FRAME))),
            lambda: begun(module.list_frames(io.BytesIO(FRAME + FRAME), read_size=1)),
            lambda: begun(module.list_frames(File(FRAME + FRAME), read_size=3)),
            lambda: after(module.list_frames(File(FRAME)), list),
            lambda: after(module.list_frames(bytearray(FRAME[:-1])), list),
            lambda: after(module.list_frames(File(b"junkjunk")), list),
            lambda: after(module.list_frames(Failing()), list),
        ],
        module.FrameParameters: [lambda: module.get_frame_parameters(FRAME)],
        module.BufferWithSegments: [
            buffer,
            lambda: buffer(bytearray(CONTENT)),
            lambda: buffer(packed()[0]),
            lambda: module.BufferWithSegments(b"", b""),
        ],
        module.BufferSegments: [
            lambda: buffer().segments(),
            lambda: module.BufferWithSegments(buffer(), buffer().segments()).segments(),
        ],
        module.BufferSegment: [
            lambda: buffer()[0],
            lambda: buffer(bytearray(CONTENT)).segments()[-1],
            lambda: module.BufferWithSegmentsCollection(buffer(), buffer())[2],
            lambda: packed()[1],
            lambda: unpacked()[-1],
            lambda: list(buffer())[1],
        ],
        module.BufferWithSegmentsCollection: [
            lambda: module.BufferWithSegmentsCollection(buffer(), buffer()),
            packed,
            lambda: packed(threads=2),
            unpacked,
            lambda: unpacked(threads=2),
        ],
    }


MAKERS = makers(z)

# With arguments for the constructor.
SUBCLASSABLE = {
    z.ZstdCompressionDict: lambda: (CONTENT,),
    z.ZstdCompressionParameters: lambda: (),
    z.ZstdCompressor: lambda: (),
    z.ZstdDecompressor: lambda: (),
    z.ZstdCompressionWriter: lambda: (z.ZstdCompressor(), io.BytesIO()),
    z.ZstdDecompressionWriter: lambda: (z.ZstdDecompressor(), io.BytesIO()),
}


def types():
    """Return the heap types of the extension, exceptions aside."""
    return [
        value
        for value in vars(z.backend_c).values()
        if isinstance(value, type) and not issubclass(value, BaseException)
    ]


class BadLookup:
    """Fails, and not by AttributeError, when its methods are looked up."""

    @property
    def read(self):
        raise LookupError("read")

    @property
    def write(self):
        raise LookupError("write")


def failing_calls():
    """Return calls that fail while an object is made, and what they raise."""
    c = z.ZstdCompressor()
    d = z.ZstdDecompressor()
    p = z.ZstdCompressionParameters()
    parameters = [
        (lambda new=new, options=options: new(**options), error)
        for new in (z.ZstdCompressionParameters, partial(p.from_level, 3))
        for options, error in (
            ({"window_log": 9}, z.ZstdError),
            ({"window_log": "12"}, TypeError),
            ({"window_log": 1 << 40}, OverflowError),
            ({"nothing": 1}, TypeError),
        )
    ]
    parameters += [
        (lambda: z.ZstdCompressionParameters(0, format=0), TypeError),
        (lambda: z.ZstdCompressionParameters(*[0] * 22), TypeError),
        (p.from_level, TypeError),
        (lambda: p.from_level(3, -1), OverflowError),
        (lambda: p.from_level(3, 0, -1), OverflowError),
        (lambda: p.__setstate__(({"window_log": 9}, None)), z.ZstdError),
        (lambda: p.__setstate__(({"nothing": [9]}, None)), TypeError),
        (lambda: p.__setstate__(({}, [])), TypeError),
        (lambda: z.ZstdCompressor(compression_params=3), TypeError),
        (lambda: z.ZstdCompressor(compression_params=p, threads=1), ValueError),
    ]
    writers = [
        (lambda new=new, arguments=arguments: new(*arguments), error)
        for new in (
            c.stream_writer,
            d.stream_writer,
            lambda *arguments: z.ZstdCompressionWriter(c, *arguments),
            lambda *arguments: z.ZstdDecompressionWriter(d, *arguments),
        )
        for arguments, error in (
            ((), TypeError),
            ((object(),), ValueError),
            ((BadLookup(),), LookupError),
            ((File(), "3"), (TypeError, ValueError)),
        )
    ]
    sources = [
        (lambda new=new, arguments=arguments: new(*arguments), error)
        for new in (c.stream_reader, d.stream_reader, c.read_to_iter, d.read_to_iter)
        for arguments, error in (
            ((), TypeError),
            ((object(),), (TypeError, ValueError)),
            ((BadLookup(),), LookupError),
            ((memoryview(b"12345678")[::2],), BufferError),
            ((File(), "3"), (TypeError, ValueError)),
        )
    ]
    buffers = [
        (lambda new=new, arguments=arguments: new(*arguments), error)
        for new, arguments, error in (
            (z.BufferWithSegments, (), TypeError),
            (z.BufferWithSegments, ("text", b""), TypeError),
            (z.BufferWithSegments, (bytearray(9), "text"), TypeError),
            (z.BufferWithSegments, (bytearray(9), bytes(15)), ValueError),
            (z.BufferWithSegments, (bytearray(8), SEGMENTS), ValueError),
            (z.BufferWithSegmentsCollection, (), ValueError),
            (z.BufferWithSegmentsCollection, (b"",), TypeError),
            (z.BufferWithSegmentsCollection, (z.BufferWithSegments(b"", b""),), ValueError),
        )
    ]
    several = [FRAME, bytearray(FRAME)]
    batches = [
        (lambda call=call, arguments=arguments: call(*arguments), error)
        for call in (
            c.multi_compress,
            c.multi_compress_to_buffer,
            d.multi_decompress,
            d.multi_decompress_to_buffer,
        )
        for arguments, error in (
            ((), TypeError),
            ((3,), TypeError),
            (([*several, "text"],), TypeError),
            (([*several, memoryview(FRAME)[::2]],), BufferError),
            ((several, "text"), TypeError),
        )
    ]
    batches += [
        (lambda call=call, arguments=arguments: call(*arguments), error)
        for call in (d.multi_decompress, d.multi_decompress_to_buffer)
        for arguments, error in (
            ((several, bytes(15)), ValueError),
            ((several, bytearray(b"\1" + bytes(15))), z.ZstdError),
            (([*several, FRAME[:-1]],), z.ZstdError),
        )
    ]
    batches += [
        (lambda: c.multi_compress_to_buffer([]), ValueError),
        (lambda: c.multi_compress_to_buffer([bytearray()]), ValueError),
        (lambda: d.multi_decompress_to_buffer([]), ValueError),
        (lambda: d.multi_decompress_to_buffer([*several, b"junk"]), ValueError),
        (lambda: d.multi_decompress([*several, b"junk"]), z.ZstdError),
    ]
    return [
        (lambda: z.ZstdCompressor(level=23), ValueError),
        (lambda: z.ZstdCompressor("3"), TypeError),
        (lambda: z.ZstdCompressor(dict_data=CONTENT), TypeError),
        (lambda: z.ZstdDecompressor(dict_data=z.ZstdCompressionDict(CONTENT, 2)), z.ZstdError),
        (lambda: z.ZstdCompressionDict(CONTENT, 9), ValueError),
        (lambda: z.ZstdCompressionDict("text"), TypeError),
        (lambda: z.ZstdCompressionDict(bytearray(CONTENT), k=-1), ValueError),
        (lambda: z.ZstdCompressionDict(CONTENT).__setstate__((("text",), None)), TypeError),
        (
            lambda: z.ZstdCompressionDict(CONTENT).__setstate__(((TRAINED,), (None, {1: 1}))),
            TypeError,
        ),
        (lambda: z.train_dictionary(1024, [b"a"] * 9), z.ZstdError),
        (lambda: z.train_dictionary(1024, [CONTENT, "text"]), ValueError),
        (lambda: z.train_dictionary(9, SAMPLES), z.ZstdError),
        (lambda: z.finalize_dictionary(300, CONTENT, SAMPLES), z.ZstdError),
        (lambda: z.finalize_dictionary(300, b"content", ["text"]), ValueError),
        (lambda: z.ZstdCompressor(nothing=1), TypeError),
        *parameters,
        (lambda: z.ZstdDecompressor(format=9), z.ZstdError),
        (lambda: z.ZstdDecompressor(max_window_size=5), z.ZstdError),
        (lambda: c.compressobj(size=-2), ValueError),
        (lambda: c.compressobj(size=1 << 64), OverflowError),
        (lambda: d.decompressobj(write_size=0), ValueError),
        *writers,
        (lambda: c.stream_writer(File(), size=-2), ValueError),
        (lambda: d.stream_writer(File(), write_size=0), ValueError),
        (lambda: z.ZstdCompressionWriter(d, File()), TypeError),
        (lambda: z.ZstdDecompressionWriter(c, File()), TypeError),
        *sources,
        (lambda: c.stream_reader(b"", read_size=0), ValueError),
        (lambda: c.stream_reader(File(), size=1 << 64), OverflowError),
        (lambda: d.stream_reader(File(), read_size=-1), ValueError),
        (lambda: c.read_to_iter(b"", write_size=0), ValueError),
        (lambda: d.read_to_iter(File(), skip_bytes=-1), ValueError),
        (lambda: next(d.read_to_iter(FRAME, skip_bytes=len(FRAME))), ValueError),
        (lambda: c.chunker(chunk_size=0), ValueError),
        (lambda: c.chunker(size=-2), ValueError),
        (lambda: d.chunker(chunk_size=0), ValueError),
        (lambda: c.chunker().compress("text"), TypeError),
        (lambda: d.chunker().decompress(), TypeError),
        (lambda: c.copy_stream(File(), object()), ValueError),
        (lambda: d.copy_stream(object(), File()), ValueError),
        (lambda: d.copy_stream(Failing(), File()), OSError),
        *buffers,
        *batches,
        (lambda: z.get_frame_parameters(b""), z.ZstdError),
        (lambda: z.get_frame_parameters(b"no frame"), z.ZstdError),
        (lambda: z.list_frames(object()), TypeError),
        (lambda: z.list_frames(BadLookup()), LookupError),
        (lambda: z.list_frames(memoryview(b"12345678")[::2]), BufferError),
        (lambda: z.list_frames(FRAME, format=2), ValueError),
        (lambda: z.list_frames(FRAME, read_size=0), ValueError),
        (lambda: list(z.list_frames(FRAME[:-1])), z.ZstdEOFError),
        (lambda: list(z.list_frames(Failing())), OSError),
        (lambda: z.read_skippable_frame(FRAME), z.ZstdError),
        (lambda: z.read_skippable_frame(z.write_skippable_frame(CONTENT)[:-1]), z.ZstdError),
        (lambda: z.write_skippable_frame(CONTENT, 16), ValueError),
        (lambda: z.write_skippable_frame(CONTENT, "3"), TypeError),
    ]


def call_all(stream, *more):
    """Call every method of a stream, in whatever state; only these and more errors may come."""
    for name in dir(stream):
        if name.startswith("_") and name not in {"__next__", "__enter__", "__iter__"}:
            continue
        for arguments in ((), (b"data",), (bytearray(9),), (1,)):
            with contextlib.suppress(
                z.ZstdError, ValueError, TypeError, AttributeError, OSError, StopIteration, *more
            ):
                getattr(stream, name)(*arguments)
