"""Calls of functions, compressors and decompressors."""

import io
import struct
from functools import partial

import zstandard as z

from .call import Call, always, equals
from .content import (
    BAD,
    CONTENT,
    DICTIONARY,
    FRAME,
    PIECE,
    SAMPLES,
    SHORT,
    SHORT_FRAME,
    SKIPPABLE,
    UNSIZED,
    Sink,
    Source,
    decompress,
)


def is_frame(_state, frame):
    return decompress(frame) == CONTENT


is_content = equals(CONTENT)


# --- functions ---


def is_listing(_state, listing):
    return [info.content_size for info in listing] == [len(SHORT), 0]


def reads_content(_state, file):
    return file.read() == CONTENT


def closes(_state, file):
    return file.close() is None


def is_dictionary(_state, dictionary):
    return len(dictionary) > 256


def of_functions():
    frames = SHORT_FRAME + SKIPPABLE
    yield from [
        Call("compress", lambda _: partial(z.compress, CONTENT, level=1), is_frame),
        Call("compress (level)", lambda _: partial(z.compress, b"", 99), always, raises=ValueError),
        Call("decompress", lambda _: partial(z.decompress, FRAME), is_content),
        Call("decompress (bad)", lambda _: partial(z.decompress, BAD), always, raises=z.ZstdError),
        Call(
            "frame_content_size",
            lambda _: partial(z.frame_content_size, FRAME),
            equals(len(CONTENT)),
        ),
        Call("frame_header_size", lambda _: partial(z.frame_header_size, FRAME), always),
        Call(
            "get_frame_parameters",
            lambda _: partial(z.get_frame_parameters, data=FRAME),
            lambda _, found: found.content_size == len(CONTENT),
        ),
        Call(
            "get_frame_parameters (bad)",
            lambda _: partial(z.get_frame_parameters, b"junkjunk"),
            always,
            raises=z.ZstdError,
        ),
        Call(
            "is_skippable_frame", lambda _: partial(z.is_skippable_frame, SKIPPABLE), equals(True)
        ),
        Call(
            "read_skippable_frame",
            lambda _: partial(z.read_skippable_frame, SKIPPABLE),
            equals((SHORT, 5)),
        ),
        Call(
            "write_skippable_frame",
            lambda _: partial(z.write_skippable_frame, SHORT, 5),
            equals(SKIPPABLE),
        ),
        Call("list_frames", lambda _: partial(z.list_frames, frames), is_listing),
        Call("list_frames (file)", lambda _: partial(z.list_frames, Source(frames)), is_listing),
        Call("open (to read)", lambda _: partial(z.open, io.BytesIO(FRAME)), reads_content),
        Call("open (to write text)", lambda _: partial(z.open, Sink(), "w"), closes),
    ]
    for function in (
        z.compression_bounds,
        z.decompression_bounds,
        z.estimate_decompression_context_size,
    ):
        yield Call(function.__name__, lambda _, call=function: call, equals(function()))


def of_training():
    for note, options in (
        ("", {"k": 100, "d": 8}),
        (" (tries)", {}),
        (" (threads)", {"d": 8, "steps": 2, "threads": 2}),
    ):
        yield Call(
            f"train_dictionary{note}",
            lambda _, options=options: partial(z.train_dictionary, 2000, SAMPLES, f=12, **options),
            is_dictionary,
        )
    yield Call(
        "finalize_dictionary",
        lambda _: partial(z.finalize_dictionary, 2000, CONTENT[:1000], SAMPLES),
        is_dictionary,
    )


# --- compressors ---


def new_compressor():
    return z.ZstdCompressor(1)


def with_threads():
    return z.ZstdCompressor(1, threads=2)


def with_dictionary():
    return z.ZstdCompressor(1, dict_data=z.ZstdCompressionDict(DICTIONARY))


def uses_dictionary(_state, frame):
    return z.ZstdDecompressor(z.ZstdCompressionDict(DICTIONARY)).decompress(frame) == SHORT


def with_prefix():
    prefix = z.ZstdCompressionDict(CONTENT[1000:], z.DICT_TYPE_PREFIX)
    return z.ZstdCompressor(1, dict_data=prefix)


def uses_prefix(_state, frame):
    prefix = z.ZstdCompressionDict(CONTENT[1000:], z.DICT_TYPE_PREFIX)
    return z.ZstdDecompressor(prefix).decompress(frame) == CONTENT


def copying(state, content):
    """Return a copy_stream() to a sink that begins anew."""
    owner, sink = state
    sink.pieces.clear()
    return partial(
        owner.copy_stream, Source(content), sink, write_size=PIECE, progress=lambda *_: None
    )


def is_copied(state, counts):
    frame = state[1].content
    return counts == (len(CONTENT), len(frame)) and decompress(frame) == CONTENT


def copies_content(state):
    return copying(state, CONTENT)


PARTS = [SHORT, b"", CONTENT]


def of_compressor_making():
    kind = z.ZstdCompressor
    yield Call("ZstdCompressor.__new__", lambda _: partial(kind.__new__, kind), always)
    yield Call(
        "ZstdCompressor.__init__",
        lambda c: partial(c.__init__, level=1, write_checksum=True),
        lambda c, _: decompress(c.compress(SHORT)) == SHORT,
        new_compressor,
    )
    yield Call(
        "ZstdCompressor.__init__ (objects)",
        lambda _: partial(
            kind,
            dict_data=z.ZstdCompressionDict(DICTIONARY),
            compression_params=z.ZstdCompressionParameters(compression_level=1),
        ),
        lambda _, c: uses_dictionary(_, c.compress(SHORT)),
    )


def of_compressor():
    """Yield what gives a result at once."""
    for note, new, call, right in (
        ("compress", new_compressor, lambda c: partial(c.compress, data=CONTENT), is_frame),
        ("compress (threads)", with_threads, lambda c: partial(c.compress, CONTENT), is_frame),
        (
            "compress (dictionary)",
            with_dictionary,
            lambda c: partial(c.compress, SHORT),
            uses_dictionary,
        ),
        ("compress (prefix)", with_prefix, lambda c: partial(c.compress, CONTENT), uses_prefix),
        ("copy_stream", lambda: (new_compressor(), Sink()), copies_content, is_copied),
        ("copy_stream (threads)", lambda: (with_threads(), Sink()), copies_content, is_copied),
        ("frame_progression", new_compressor, lambda c: c.frame_progression, equals((0, 0, 0))),
        ("memory_size", new_compressor, lambda c: c.memory_size, lambda _, size: size > 1000),
    ):
        yield Call(f"ZstdCompressor.{note}", call, right, new)
    yield Call(
        "ZstdCompressor.compress_into",
        lambda s: partial(s[0].compress_into, CONTENT, s[1]),
        lambda s, size: decompress(s[1][:size]) == CONTENT,
        lambda: (new_compressor(), bytearray(250_000)),
    )
    yield Call(
        "ZstdCompressor.compress_into (too small)",
        lambda s: partial(s[0].compress_into, CONTENT, s[1]),
        always,
        lambda: (new_compressor(), bytearray(10)),
        raises=z.ZstdError,
    )
    for note, count in ("", 0), (" (threads)", 2):
        yield Call(
            f"ZstdCompressor.multi_compress{note}",
            lambda c, count=count: partial(c.multi_compress, PARTS, threads=count),
            lambda _, frames: list(map(decompress, frames)) == PARTS,
            new_compressor,
        )
        yield Call(
            f"ZstdCompressor.multi_compress_to_buffer{note}",
            lambda c, count=count: partial(c.multi_compress_to_buffer, PARTS, threads=count),
            lambda _, frames: [decompress(frame.tobytes()) for frame in frames] == PARTS,
            new_compressor,
        )


def of_compressor_streams():
    for name, make, right in (
        (
            "compressobj",
            lambda c: partial(c.compressobj, size=len(CONTENT)),
            lambda _, o: decompress(o.compress(CONTENT) + o.flush()) == CONTENT,
        ),
        (
            "chunker",
            lambda c: partial(c.chunker, size=len(CONTENT)),
            lambda _, o: decompress(b"".join([*o.compress(CONTENT), *o.finish()])) == CONTENT,
        ),
        (
            "read_to_iter",
            lambda c: partial(c.read_to_iter, CONTENT),
            lambda _, i: is_frame(_, b"".join(i)),
        ),
        (
            "stream_reader",
            lambda c: partial(c.stream_reader, CONTENT),
            lambda _, r: is_frame(_, r.read()),
        ),
        ("stream_writer", lambda c: partial(c.stream_writer, Sink()), is_writer),
    ):
        yield Call(f"ZstdCompressor.{name}", make, right, new_compressor)


def is_writer(_state, writer):
    return writer.write(b"") == 0 and writer.close() is None


# --- decompressors ---


def chain():
    raw = z.ZstdCompressionDict(SHORT, z.DICT_TYPE_RAWCONTENT)
    return [SHORT_FRAME, z.ZstdCompressor(1, dict_data=raw).compress(CONTENT)]


def of_decompressor_making():
    kind = z.ZstdDecompressor
    yield Call("ZstdDecompressor.__new__", lambda _: partial(kind.__new__, kind), always)
    yield Call(
        "ZstdDecompressor.__init__",
        lambda d: partial(d.__init__, dict_data=z.ZstdCompressionDict(DICTIONARY)),
        lambda d, _: d.decompress(FRAME) == CONTENT,
        kind,
    )


def of_decompressor():
    """Yield what gives a result at once."""
    frames, contents = [SHORT_FRAME, FRAME], [SHORT, CONTENT]
    new = z.ZstdDecompressor
    sizes = struct.pack("=Q", len(CONTENT))
    for note, call, right in (
        ("decompress", lambda d: partial(d.decompress, data=FRAME), is_content),
        (
            "decompress (unsized)",
            lambda d: partial(d.decompress, UNSIZED, max_output_size=-1),
            is_content,
        ),
        (
            "decompress_content_dict_chain",
            lambda d: partial(d.decompress_content_dict_chain, CHAIN),
            is_content,
        ),
        (
            "multi_decompress_to_buffer (sizes)",
            lambda d: partial(d.multi_decompress_to_buffer, [UNSIZED], sizes),
            lambda _, parts: parts[0].tobytes() == CONTENT,
        ),
        ("memory_size", lambda d: d.memory_size, lambda _, size: size > 1000),
    ):
        yield Call(f"ZstdDecompressor.{note}", call, right, new)
    yield Call(
        "ZstdDecompressor.copy_stream",
        lambda s: copying(s, UNSIZED),
        lambda s, counts: counts == (len(UNSIZED), len(CONTENT)) and s[1].content == CONTENT,
        lambda: (new(), Sink()),
    )
    yield Call(
        "ZstdDecompressor.decompress_into",
        lambda s: partial(s[0].decompress_into, FRAME, s[1]),
        lambda s, size: s[1][:size] == CONTENT,
        lambda: (new(), bytearray(len(CONTENT))),
    )
    for note, count in ("", 0), (" (threads)", 2):
        yield Call(
            f"ZstdDecompressor.multi_decompress{note}",
            lambda d, count=count: partial(d.multi_decompress, [*frames, UNSIZED], threads=count),
            equals([*contents, CONTENT]),
            new,
        )
        yield Call(
            f"ZstdDecompressor.multi_decompress_to_buffer{note}",
            lambda d, count=count: partial(d.multi_decompress_to_buffer, frames, threads=count),
            lambda _, parts: [part.tobytes() for part in parts] == contents,
            new,
        )
    for name, call in (
        ("decompress", lambda d: partial(d.decompress, BAD)),
        ("multi_decompress", lambda d: partial(d.multi_decompress, [FRAME, BAD])),
    ):
        yield Call(f"ZstdDecompressor.{name} (bad)", call, always, new, raises=z.ZstdError)


CHAIN = chain()


def of_decompressor_streams():
    for name, make, right in (
        (
            "decompressobj",
            lambda d: d.decompressobj,
            lambda _, o: o.decompress(FRAME) == CONTENT,
        ),
        (
            "chunker",
            lambda d: d.chunker,
            lambda _, o: b"".join([*o.decompress(FRAME), *o.finish()]) == CONTENT,
        ),
        (
            "read_to_iter",
            lambda d: partial(d.read_to_iter, FRAME),
            lambda _, i: b"".join(i) == CONTENT,
        ),
        (
            "stream_reader",
            lambda d: partial(d.stream_reader, FRAME),
            lambda _, r: r.read() == CONTENT,
        ),
        ("stream_writer", lambda d: partial(d.stream_writer, Sink()), is_writer),
    ):
        yield Call(f"ZstdDecompressor.{name}", make, right, z.ZstdDecompressor)


def calls():
    yield from of_functions()
    yield from of_training()
    yield from of_compressor_making()
    yield from of_compressor()
    yield from of_compressor_streams()
    yield from of_decompressor_making()
    yield from of_decompressor()
    yield from of_decompressor_streams()
