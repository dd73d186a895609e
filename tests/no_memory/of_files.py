"""Calls of readers and writers."""

import io
from functools import partial

import zstandard as z

from .call import Call, always
from .content import BAD, CONTENT, FRAME, PIECE, UNSIZED, Sink, Source, decompress

# --- readers ---

# Ways to read with a pair of a reader and a buffer.
READS = {
    "read": lambda s: s[0].read,
    "read (few)": lambda s: partial(s[0].read, 1000),
    "read (many)": lambda s: partial(s[0].read, size=150_000),
    "read1": lambda s: s[0].read1,
    "readall": lambda s: s[0].readall,
    "readinto": lambda s: partial(s[0].readinto, s[1]),
    "readinto1": lambda s: partial(s[0].readinto1, s[1]),
}
# Those of a decompression reader alone.
LINES = {
    "readline": lambda s: s[0].readline,
    "readline (bounded)": lambda s: partial(s[0].readline, 10),
    "readlines": lambda s: s[0].readlines,
    "readlines (bounded)": lambda s: partial(s[0].readlines, hint=1000),
    "__next__": lambda s: partial(next, s[0]),
}


def bytes_read(state, result):
    """Return what was read, by what one of the ways to read has returned."""
    if isinstance(result, int):
        return bytes(state[1][:result])
    return b"".join(result) if isinstance(result, list) else result


def with_note(name, note):
    return f"{name[:-1]}, {note})" if name.endswith(")") else f"{name} ({note})"


def compression_reader(source):
    return z.ZstdCompressor(1).stream_reader(source(CONTENT))


def decompression_reader(source):
    return z.ZstdDecompressor().stream_reader(source(UNSIZED), read_across_frames=True)


def advanced_reader(source):
    reader = decompression_reader(source)
    reader.read(150_000)
    return reader


def is_peeked(reader, start):
    return start != b"" and CONTENT.startswith(start) and reader.read() == CONTENT


def of_readers():
    for note, source in ("buffer", bytes), ("file", Source):
        for name, read in READS.items():
            yield Call(
                f"ZstdCompressionReader.{with_note(name, note)}",
                read,
                lambda s, start: decompress(bytes_read(s, start) + s[0].read()) == CONTENT,
                lambda source=source: (compression_reader(source), bytearray(2000)),
                losable=True,
            )
        for name, read in (READS | LINES).items():
            yield Call(
                f"ZstdDecompressionReader.{with_note(name, note)}",
                read,
                lambda s, start: bytes_read(s, start) + s[0].read() == CONTENT,
                lambda source=source: (decompression_reader(source), bytearray(2000)),
                losable=True,
            )
        yield Call(
            f"ZstdDecompressionReader.peek ({note})",
            lambda r: r.peek,
            is_peeked,
            lambda source=source: decompression_reader(source),
            losable=True,
        )
        yield Call(
            f"ZstdDecompressionReader.seek ({note})",
            lambda r: partial(r.seek, 1000),
            lambda r, position: position == 1000 and r.read() == CONTENT[1000:],
            lambda source=source: advanced_reader(source),
            losable=True,
        )


def of_readers_alike():
    """Yield calls of which what follows is not looked at, or that only raise."""
    for name, new, data, right in (
        (
            "ZstdCompressionReader",
            z.ZstdCompressor(1).stream_reader,
            CONTENT,
            lambda frame: decompress(frame) == CONTENT,
        ),
        (
            "ZstdDecompressionReader",
            z.ZstdDecompressor().stream_reader,
            FRAME,
            lambda content: content == CONTENT,
        ),
    ):
        # A BytesIO whose readinto() fails for want of memory has gone on all the same, so that what
        # it read is lost.
        yield Call(
            f"{name}.read (BytesIO)",
            lambda r: r.read,
            lambda _, result, right=right: right(result),
            lambda new=new, data=data: new(io.BytesIO(data), read_size=PIECE),
            losable=True,
        )
        for method, arguments in ("close", ()), ("__exit__", (None, None, None)):
            yield Call(
                f"{name}.{method}",
                lambda r, method=method, arguments=arguments: partial(
                    getattr(r, method), *arguments
                ),
                lambda r, _: r.closed,
                lambda new=new: new(Source(b"")),
                losable=True,
            )
    for note, data, error in ("bad", BAD, z.ZstdError), ("cut short", FRAME[:-1], z.ZstdEOFError):
        yield Call(
            f"ZstdDecompressionReader.read ({note})",
            lambda r: r.read,
            always,
            lambda data=data: z.ZstdDecompressor().stream_reader(data),
            losable=True,
            raises=error,
        )


# --- writers: pairs of one and its sink ---


def compression_writer(threads=0, **options):
    sink = Sink()
    return z.ZstdCompressor(1, threads=threads).stream_writer(sink, **options), sink


def begun_compression_writer():
    writer, sink = compression_writer()
    writer.write(CONTENT)
    return writer, sink


def decompression_writer(**options):
    sink = Sink()
    return z.ZstdDecompressor().stream_writer(sink, **options), sink


def begun_decompression_writer():
    writer, sink = decompression_writer()
    writer.write(UNSIZED)
    return writer, sink


def is_all_written(state, _result):
    writer, sink = state
    writer.close()
    decompresses = isinstance(writer, z.ZstdDecompressionWriter)
    return (sink.content if decompresses else decompress(sink.content)) == CONTENT


WRITERS = (
    ("ZstdCompressionWriter", compression_writer, begun_compression_writer, CONTENT),
    ("ZstdDecompressionWriter", decompression_writer, begun_decompression_writer, UNSIZED),
)


def of_writing():
    for name, new, _, data in WRITERS:
        for note, options in (
            ("", {}),
            (" (small pieces)", {"write_size": PIECE}),
            (" (bytes written)", {"write_return_read": False}),
        ):
            yield Call(
                f"{name}.write{note}",
                lambda s, data=data: partial(s[0].write, data[s[0].total_in :]),
                is_all_written,
                lambda new=new, options=options: new(**options),
                losable=True,
            )
        # What was written when it fails is not known.
        yield Call(
            f"{name}.writelines",
            lambda s, data=data: partial(s[0].writelines, [data[:9000], data[9000:]]),
            always,
            lambda new=new: new(),
            again=False,
        )
    yield Call(
        "ZstdCompressionWriter.write (threads)",
        lambda s: partial(s[0].write, CONTENT[s[0].total_in :]),
        is_all_written,
        lambda: compression_writer(threads=2),
        losable=True,
    )


def of_ending():
    for name, new, begun, _ in WRITERS:
        for method, arguments in ("close", ()), ("__exit__", (None, None, None)):
            yield Call(
                f"{name}.{method}",
                lambda s, method=method, arguments=arguments: partial(
                    getattr(s[0], method), *arguments
                ),
                is_all_written,
                begun,
                again=False,  # it is closed, whatever happens
            )
        yield Call(f"{name}.flush", lambda s: s[0].flush, is_all_written, begun, losable=True)
        yield Call(f"{name}.__del__", lambda s: s[0].__del__, is_all_written, begun)
        yield Call(
            f"{name}.memory_size",
            lambda s: s[0].memory_size,
            lambda _, size: size > 1000,
            lambda new=new: new(),
        )
    yield Call(
        "ZstdCompressionWriter.flush (frame)",
        lambda s: partial(s[0].flush, z.FLUSH_FRAME),
        is_all_written,
        begun_compression_writer,
        losable=True,
    )


def of_making():
    for kind, owner in (
        (z.ZstdCompressionWriter, z.ZstdCompressor),
        (z.ZstdDecompressionWriter, z.ZstdDecompressor),
    ):
        yield Call(
            f"{kind.__name__}.__new__", lambda _, kind=kind: partial(kind.__new__, kind), always
        )
        yield Call(
            f"{kind.__name__}.__init__",
            lambda owner, kind=kind: partial(kind, owner, Sink()),
            lambda _, writer: writer.write(b"") == 0,
            owner,
        )


def calls():
    yield from of_readers()
    yield from of_readers_alike()
    yield from of_writing()
    yield from of_ending()
    yield from of_making()
