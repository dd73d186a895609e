"""Every way to compress, and to decompress, what one has at hand, by a name for each."""

import io

import zstandard


def _by_obj(compressor, data):
    stream = compressor.compressobj()
    return stream.compress(data[:100]) + stream.compress(data[100:]) + stream.flush()


def _by_sized_obj(compressor, data):
    stream = compressor.compressobj(size=len(data))
    return stream.compress(data) + stream.flush()


def _by_flushed_obj(compressor, data):
    stream = compressor.compressobj()
    start = stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    start += stream.compress(data[:100]) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return start + stream.compress(data[100:]) + stream.flush()


def _into(call, size, data):
    room = bytearray(size)
    return bytes(memoryview(room)[: call(data, room)])


def _by_chunker(compressor, data):
    chunker = compressor.chunker(chunk_size=500)
    return b"".join([*chunker.compress(data), *chunker.finish()])


def _by_decompressing_chunker(decompressor, frame):
    chunker = decompressor.chunker(chunk_size=500)
    return b"".join([*chunker.decompress(frame), *chunker.finish()])


def _by_writer(coder, data):
    sink = io.BytesIO()
    with coder.stream_writer(sink, closefd=False) as writer:
        writer.write(data[:100])
        writer.write(data[100:])
    return sink.getvalue()


def _by_copying(coder, data):
    sink = io.BytesIO()
    coder.copy_stream(io.BytesIO(data), sink, read_size=1000)
    return sink.getvalue()


def _by_open(compressor, data):
    sink = io.BytesIO()
    with zstandard.open(sink, "wb", cctx=compressor) as file:
        file.write(data)
    return sink.getvalue()


def _by_open_for_reading(decompressor, frame):
    with zstandard.open(io.BytesIO(frame), "rb", dctx=decompressor) as file:
        return file.read()


def _last_of(results):
    return bytes(results[len(results) - 1])


COMPRESSIONS = {
    "compress": lambda c, data: c.compress(data),
    "compress_into": lambda c, data: _into(c.compress_into, 2 * len(data) + 100, data),
    "compressobj": _by_obj,
    "sized compressobj": _by_sized_obj,
    "flushed compressobj": _by_flushed_obj,
    "chunker": _by_chunker,
    "reader of a buffer": lambda c, data: c.stream_reader(data).read(),
    "reader of a file": lambda c, data: c.stream_reader(io.BytesIO(data), read_size=1000).read(),
    "writer": _by_writer,
    "iterator": lambda c, data: b"".join(c.read_to_iter(data)),
    "copy_stream": _by_copying,
    "multi_compress": lambda c, data: _last_of(c.multi_compress([data, data])),
    "multi_compress, 2 threads": lambda c, data: _last_of(c.multi_compress([data] * 9, threads=2)),
    "multi_compress_to_buffer": lambda c, data: _last_of(c.multi_compress_to_buffer([data, data])),
    "open": _by_open,
}

DECOMPRESSIONS = {
    "decompress": lambda d, frame: d.decompress(frame, max_output_size=-1),
    "decompress across": lambda d, frame: d.decompress(frame, read_across_frames=True),
    "decompress_into": lambda d, frame: _into(d.decompress_into, 1 << 18, frame),
    "decompressobj": lambda d, frame: d.decompressobj().decompress(frame),
    "chunker": _by_decompressing_chunker,
    "reader of a buffer": lambda d, frame: d.stream_reader(frame).read(),
    "reader of a file": lambda d, frame: d.stream_reader(io.BytesIO(frame), read_size=9).read(),
    "writer": _by_writer,
    "iterator": lambda d, frame: b"".join(d.read_to_iter(frame)),
    "copy_stream": _by_copying,
    "multi_decompress": lambda d, frame: _last_of(d.multi_decompress([frame, frame])),
    "multi_decompress, 2 threads": lambda d, frame: _last_of(
        d.multi_decompress([frame] * 9, threads=2)
    ),
    "open": _by_open_for_reading,
}
