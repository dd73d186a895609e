"""The bindings: what each is, and how it is asked for an operation.

An operation is a setup and a statement, as timeit takes them. The names in them are the binding's
module, `z`, and those of worker.py. native.c has the same operations by name. What a binding has no
means for is left out. Results are left in the form that the binding gives them.
"""

import sys
from dataclasses import dataclass

from environment import BARE, ORACLE

Operations = dict[str, tuple[str, str]]

ZSTANDARD: Operations = {
    "compress": ("f = z.ZstdCompressor(LEVEL).compress", "f(data)"),
    "decompress": ("f = z.ZstdDecompressor().decompress", "f(frame)"),
    "compress with dictionary": (
        "f = z.ZstdCompressor(LEVEL, dict_data=z.ZstdCompressionDict(dictionary)).compress",
        "f(data)",
    ),
    "decompress with dictionary": (
        "f = z.ZstdDecompressor(dict_data=z.ZstdCompressionDict(dictionary)).decompress",
        "f(dictionary_frame)",
    ),
    "decompress to fresh memory": ("f = z.ZstdDecompressor().decompress", "f(frame)"),
    "decompress lines": ("f = z.ZstdDecompressor().decompress", "f(line_frame)"),
    "new compressor": ("pass", "z.ZstdCompressor(LEVEL).compress(data)"),
    "function compress": ("f = z.compress", "f(data, LEVEL)"),
    "function decompress": ("f = z.decompress", "f(frame)"),
    "compressobj": (
        "f = z.ZstdCompressor(LEVEL).compressobj",
        "o = f()\nfor piece in pieces: o.compress(piece)\no.flush()",
    ),
    "decompressobj": (
        "f = z.ZstdDecompressor().decompressobj",
        "o = f()\nfor piece in frame_pieces: o.decompress(piece)",
    ),
    "compression reader": (
        "f = z.ZstdCompressor(LEVEL).stream_reader",
        "o = f(BytesIO(data), read_size=PIECE)\nwhile o.read(PIECE): pass",
    ),
    "decompression reader": (
        "f = z.ZstdDecompressor().stream_reader",
        "o = f(BytesIO(frame), read_size=PIECE)\nwhile o.read(PIECE): pass",
    ),
    "compression writer": (
        "f = z.ZstdCompressor(LEVEL).stream_writer",
        "o = f(Sink())\nfor piece in pieces: o.write(piece)\no.close()",
    ),
    "decompression writer": (
        "f = z.ZstdDecompressor().stream_writer",
        "o = f(Sink())\nfor piece in frame_pieces: o.write(piece)\no.close()",
    ),
    "compress with threads": ("f = z.ZstdCompressor(LEVEL, threads=THREADS).compress", "f(data)"),
    "multi_compress": (
        "f = z.ZstdCompressor(LEVEL).multi_compress_to_buffer; items = [data] * ITEMS",
        "f(items, threads=1)",
    ),
    "multi_compress with threads": (
        "f = z.ZstdCompressor(LEVEL).multi_compress_to_buffer; items = [data] * ITEMS",
        "f(items, threads=THREADS)",
    ),
    "multi_decompress": (
        "f = z.ZstdDecompressor().multi_decompress_to_buffer; items = [frame] * ITEMS",
        "f(items, threads=1)",
    ),
    "multi_decompress with threads": (
        "f = z.ZstdDecompressor().multi_decompress_to_buffer; items = [frame] * ITEMS",
        "f(items, threads=THREADS)",
    ),
    "text lines": (
        "f = z.open",
        "for line in f(BytesIO(line_frame), 'rt', encoding='utf-8'): pass",
    ),
}
OURS: Operations = {
    **ZSTANDARD,
    "lines": ("f = z.ZstdDecompressor().stream_reader", "for line in f(line_frame): pass"),
    **{
        f"{direction} many{with_threads}": (
            f"f = z.{kind}().{direction}",
            f"share(f, {source}, {threads})",
        )
        for direction, kind, source in (
            ("compress", "ZstdCompressor", "data"),
            ("decompress", "ZstdDecompressor", "frame"),
        )
        for with_threads, threads in (("", "1"), (" with threads", "THREADS"))
    },
}

# compression.zstd of CPython 3.14, and backports.zstd before.
STANDARD: Operations = {
    "compress": (
        "f = z.ZstdCompressor(LEVEL); END = f.FLUSH_FRAME; f = f.compress",
        "f(data, END)",
    ),
    "decompress": ("f = z.decompress", "f(frame)"),
    "decompress to fresh memory": ("f = z.decompress", "f(frame)"),
    "compress with dictionary": (
        (
            "d = z.ZstdDict(dictionary).as_digested_dict"
            "; f = z.ZstdCompressor(LEVEL, zstd_dict=d); END = f.FLUSH_FRAME; f = f.compress"
        ),
        "f(data, END)",
    ),
    "decompress with dictionary": (
        "f = z.decompress; d = z.ZstdDict(dictionary).as_digested_dict",
        "f(dictionary_frame, zstd_dict=d)",
    ),
    "new compressor": ("pass", "o = z.ZstdCompressor(LEVEL); o.compress(data, o.FLUSH_FRAME)"),
    "function compress": ("f = z.compress", "f(data, LEVEL)"),
    "function decompress": ("f = z.decompress", "f(frame)"),
    "compressobj": (
        "f = z.ZstdCompressor",
        "o = f(LEVEL)\nfor piece in pieces: o.compress(piece)\no.flush()",
    ),
    "decompressobj": (
        "f = z.ZstdDecompressor",
        "o = f()\nfor piece in frame_pieces: o.decompress(piece)",
    ),
    "decompression reader": (
        "f = z.ZstdFile",
        "o = f(BytesIO(frame))\nwhile o.read(PIECE): pass",
    ),
    "compression writer": (
        "f = z.ZstdFile",
        "o = f(Sink(), 'w', level=LEVEL)\nfor piece in pieces: o.write(piece)\no.close()",
    ),
    "compress with threads": (
        (
            "f = z.compress; P = z.CompressionParameter"
            "; options = {P.compression_level: LEVEL, P.nb_workers: THREADS}"
        ),
        "f(data, options=options)",
    ),
    "lines": ("f = z.ZstdFile", "for line in f(BytesIO(line_frame)): pass"),
    "text lines": (
        "f = z.open",
        "for line in f(BytesIO(line_frame), 'rt', encoding='utf-8'): pass",
    ),
}

PYZSTD: Operations = {
    "compress": (
        "f = z.ZstdCompressor(LEVEL); END = f.FLUSH_FRAME; f = f.compress",
        "f(data, END)",
    ),
    "decompress": ("f = z.decompress", "f(frame)"),
    "decompress to fresh memory": ("f = z.decompress", "f(frame)"),
    "compress with dictionary": (
        (
            "d = z.ZstdDict(dictionary).as_digested_dict"
            "; f = z.ZstdCompressor(LEVEL, d); END = f.FLUSH_FRAME; f = f.compress"
        ),
        "f(data, END)",
    ),
    "decompress with dictionary": (
        "f = z.decompress; d = z.ZstdDict(dictionary).as_digested_dict",
        "f(dictionary_frame, d)",
    ),
    "function compress": ("f = z.compress", "f(data, LEVEL)"),
    "function decompress": ("f = z.decompress", "f(frame)"),
    "compressobj": STANDARD["compressobj"],
    "decompressobj": STANDARD["decompressobj"],
    "decompression reader": STANDARD["decompression reader"],
    "lines": STANDARD["lines"],
    "text lines": STANDARD["text lines"],
}

CRAMJAM: Operations = {
    "compress": ("f = z.zstd.compress", "f(data, LEVEL)"),
    "decompress": ("f = z.zstd.decompress", "f(frame)"),
    "decompress to fresh memory": ("f = z.zstd.decompress", "f(frame)"),
    "function compress": ("f = z.zstd.compress", "f(data, LEVEL)"),
    "function decompress": ("f = z.zstd.decompress", "f(frame)"),
    "compressobj": (
        "f = z.zstd.Compressor",
        "o = f(LEVEL)\nfor piece in pieces: o.compress(piece)\no.finish()",
    ),
}

# Without a number of threads, it would take as many as there are CPUs.
ZSTD: Operations = {
    "compress": ("f = z.compress", "f(data, LEVEL, 1)"),
    "decompress": ("f = z.decompress", "f(frame)"),
    "decompress to fresh memory": ("f = z.decompress", "f(frame)"),
    "function compress": ("f = z.compress", "f(data, LEVEL, 1)"),
    "function decompress": ("f = z.decompress", "f(frame)"),
    "compress with threads": ("f = z.compress", "f(data, LEVEL, THREADS)"),
}

# What no binding can go below: bare.c.
BARE_METHODS: Operations = {
    "compress": ("f = z.compress", "f(data)"),
    "decompress": ("f = z.decompress", "f(frame)"),
    "decompress to fresh memory": ("f = z.decompress", "f(frame)"),
}

# Python itself: what the goals hold a call and lines to.
PYTHON: Operations = {
    "empty call": ("f = b''.isascii", "f()"),
    "lines": (
        "f = z.ZstdDecompressor().decompress",
        "for line in BufferedReader(BytesIO(f(line_frame))): pass",
    ),
    "lines of bytes": (
        "content = z.decompress(line_frame)",
        "for line in BufferedReader(BytesIO(content)): pass",
    ),
    "text lines": (
        "f = z.ZstdDecompressor().decompress",
        "for line in TextIOWrapper(BytesIO(f(line_frame)), 'utf-8'): pass",
    ),
}


@dataclass(frozen=True)
class Binding:
    """A module, its operations, and the folder to look for it in, if it is not installed."""

    module: str
    operations: Operations
    path: str = ""


OUR_NAME = "ours"
BARE_NAME = "bare method"
BINDINGS = {
    OUR_NAME: Binding("zstandard", OURS),
    "0.25.0": Binding("zstandard", ZSTANDARD, str(ORACLE)),
    "compression.zstd": Binding(
        "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd", STANDARD
    ),
    "pyzstd": Binding("pyzstd", PYZSTD),
    "cramjam": Binding("cramjam", CRAMJAM),
    "zstd": Binding("zstd", ZSTD),
    BARE_NAME: Binding("bare", BARE_METHODS, str(BARE)),
    "Python": Binding("zstandard", PYTHON),
}
RIVALS = [name for name in BINDINGS if name not in {OUR_NAME, BARE_NAME, "Python"}]
