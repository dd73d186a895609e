"""Calls of streams that are fed and asked: objects, chunkers and iterators."""

import io
from functools import partial

import zstandard as z

from .call import Call, always
from .content import (
    CONTENT,
    FRAME,
    PIECE,
    SHORT,
    SHORT_FRAME,
    SKIPPABLE,
    UNSIZED,
    Source,
    decompress,
)

# --- objects ---


def new_compressobj(**options):
    return z.ZstdCompressor(1, **options).compressobj()


def begun_compressobj():
    stream = new_compressobj()
    return stream, stream.compress(CONTENT)


def new_decompressobj():
    return z.ZstdDecompressor().decompressobj()


def begun_decompressobj():
    stream = new_decompressobj()
    return stream, stream.decompress(UNSIZED + b"tail", 1000)


def of_objects():
    for note, options in ("", {}), (" (threads)", {"threads": 2}):
        yield Call(
            f"ZstdCompressionObj.compress{note}",
            lambda o: partial(o.compress, data=CONTENT),
            lambda o, result: decompress(result + o.flush()) == CONTENT,
            lambda options=options: new_compressobj(**options),
            losable=True,
        )
    yield Call(
        "ZstdCompressionObj.flush",
        lambda s: s[0].flush,
        lambda s, result: decompress(s[1] + result) == CONTENT,
        begun_compressobj,
        losable=True,
    )
    yield Call(
        "ZstdCompressionObj.flush (block)",
        lambda s: partial(s[0].flush, z.COMPRESSOBJ_FLUSH_BLOCK),
        lambda s, result: decompress(s[1] + result + s[0].flush()) == CONTENT,
        begun_compressobj,
        losable=True,
    )
    yield Call(
        "ZstdDecompressionObj.decompress",
        lambda o: partial(o.decompress, UNSIZED + b"tail"),
        lambda o, result: result == CONTENT and o.eof and o.unused_data == b"tail",
        new_decompressobj,
        losable=True,
    )
    yield Call(
        "ZstdDecompressionObj.decompress (bounded)",
        lambda o: partial(o.decompress, UNSIZED + b"tail", max_length=1000),
        lambda o, result: result + o.flush() == CONTENT and o.unused_data == b"tail",
        new_decompressobj,
        losable=True,
    )
    yield Call(
        "ZstdDecompressionObj.decompress (more)",
        lambda s: partial(s[0].decompress, b"more"),
        lambda s, result: s[1] + result == CONTENT and s[0].unused_data == b"tailmore",
        begun_decompressobj,
        losable=True,
    )
    yield Call(
        "ZstdDecompressionObj.flush",
        lambda s: s[0].flush,
        lambda s, result: s[1] + result == CONTENT and s[0].unused_data == b"tail",
        begun_decompressobj,
        losable=True,
    )


# --- chunkers: pairs of one and what it has given ---


def new_compression_chunker(chunk_size=PIECE):
    return z.ZstdCompressor(1).chunker(chunk_size=chunk_size), b""


def filled_compression_chunker(chunk_size=PIECE):
    chunker, _ = new_compression_chunker(chunk_size)
    return chunker, b"".join(chunker.compress(CONTENT))


def new_decompression_chunker(chunk_size=PIECE):
    return z.ZstdDecompressor().chunker(chunk_size=chunk_size), b""


def filled_decompression_chunker(chunk_size=PIECE):
    chunker, _ = new_decompression_chunker(chunk_size)
    return chunker, b"".join(chunker.decompress(FRAME))


def is_all_compressed(state, iterator):
    chunker, start = state
    pieces = [start, *iterator]
    return decompress(b"".join([*pieces, *chunker.finish()])) == CONTENT


def is_all_decompressed(state, iterator):
    chunker, start = state
    pieces = [start, *iterator]
    return b"".join([*pieces, *chunker.finish()]) == CONTENT


def of_chunkers():
    yield Call(
        "ZstdCompressionChunker.compress",
        lambda s: partial(s[0].compress, CONTENT),
        is_all_compressed,
        new_compression_chunker,
    )
    yield Call(
        "ZstdCompressionChunker.flush",
        lambda s: s[0].flush,
        is_all_compressed,
        filled_compression_chunker,
    )
    yield Call(
        "ZstdCompressionChunker.finish",
        lambda s: s[0].finish,
        lambda s, iterator: decompress(s[1] + b"".join(iterator)) == CONTENT,
        filled_compression_chunker,
    )
    yield Call(
        "ZstdDecompressionChunker.decompress",
        lambda s: partial(s[0].decompress, FRAME),
        is_all_decompressed,
        new_decompression_chunker,
    )
    yield Call(
        "ZstdDecompressionChunker.flush",
        lambda s: s[0].flush,
        is_all_decompressed,
        filled_decompression_chunker,
    )
    yield Call(
        "ZstdDecompressionChunker.finish",
        lambda s: s[0].finish,
        lambda s, iterator: s[1] + b"".join(iterator) == CONTENT,
        filled_decompression_chunker,
    )


def begun(state, name, *arguments):
    """Add an iterator over what that method gives to what is known of a chunker."""
    chunker, start = state
    return chunker, start, getattr(chunker, name)(*arguments)


def of_chunker_iterators():
    yield Call(
        "ZstdCompressionChunkerIterator.__next__",
        lambda s: partial(next, s[2]),
        lambda s, piece: is_all_compressed((s[0], piece), s[2]),
        lambda: begun(new_compression_chunker(), "compress", CONTENT),
        losable=True,
    )
    # A stream that merely ends, after its last piece was lost, shows as content cut short.
    yield Call(
        "ZstdCompressionChunkerIterator.__next__ (finish)",
        lambda s: partial(next, s[2], b""),
        lambda s, piece: decompress(b"".join([s[1], piece, *s[2]])) == CONTENT,
        lambda: begun(filled_compression_chunker(1 << 20), "finish"),
        losable=True,
    )
    yield Call(
        "ZstdDecompressionChunkerIterator.__next__",
        lambda s: partial(next, s[2]),
        lambda s, piece: is_all_decompressed((s[0], piece), s[2]),
        lambda: begun(new_decompression_chunker(), "decompress", FRAME),
        losable=True,
    )
    yield Call(
        "ZstdDecompressionChunkerIterator.__next__ (finish)",
        lambda s: partial(next, s[2], b""),
        lambda s, piece: b"".join([s[1], piece, *s[2]]) == CONTENT,
        lambda: begun(filled_decompression_chunker(1 << 20), "finish"),
        losable=True,
    )


# --- iterators ---


def of_iterators():
    for note, source in ("buffer", bytes), ("file", Source):
        for size in PIECE, 1 << 20:
            yield Call(
                f"ZstdCompressorIterator.__next__ ({note}, {size})",
                lambda i: partial(next, i),
                lambda i, piece: decompress(piece + b"".join(i)) == CONTENT,
                lambda source=source, size=size: z.ZstdCompressor(1).read_to_iter(
                    source(CONTENT), write_size=size
                ),
                losable=True,
            )
            yield Call(
                f"ZstdDecompressorIterator.__next__ ({note}, {size})",
                lambda i: partial(next, i),
                lambda i, piece: piece + b"".join(i) == CONTENT,
                lambda source=source, size=size: z.ZstdDecompressor().read_to_iter(
                    source(UNSIZED), write_size=size
                ),
                losable=True,
            )
    yield Call(
        "FrameInfoIterator.__next__",
        lambda i: partial(next, i),
        lambda i, info: (info.content_size, next(i).content_size) == (len(SHORT), 0),
        lambda: z.list_frames(Source(SHORT_FRAME + SKIPPABLE), read_size=PIECE),
    )
    yield Call(
        "FrameInfoIterator.__next__ (BytesIO)",
        lambda i: partial(next, i),
        lambda i, info: (info.content_size, next(i).content_size) == (len(SHORT), 0),
        lambda: z.list_frames(io.BytesIO(SHORT_FRAME + SKIPPABLE), read_size=500),
        losable=True,
    )
    yield Call(
        "FrameInfoIterator.__next__ (bad)",
        lambda i: partial(next, i),
        always,
        lambda: z.list_frames(b"junkjunk"),
        raises=z.ZstdError,
    )


def calls():
    yield from of_objects()
    yield from of_chunkers()
    yield from of_chunker_iterators()
    yield from of_iterators()
