"""Calls of some 100 bytes, where what a binding adds is seen: each a setup and a statement.

The names in them are those of zstandard's API, as `z`, and the data below.
"""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class SmallCall:
    """What timeit takes; `items` is how many lines or inputs one statement goes through."""

    setup: str
    statement: str
    items: int = 1


_WORDS = "the of a level frame window block literal sequence match offset table byte".split()
_random = random.Random(1)
TEXT = " ".join(_random.choices(_WORDS, k=20_000)).encode()
SAMPLES = [b"id %d word %s text %s" % (i, TEXT[i : i + 9], TEXT[i : i + 160]) for i in range(2000)]
DATA, SMALL = TEXT[:1024], TEXT[:64]
LINES = b"".join(TEXT[i : i + 79] + b"\n" for i in range(1000))

_COMPRESS = "f = z.ZstdCompressor().compress"
_DECOMPRESS = "f = z.ZstdDecompressor().decompress"
_FRAME = "frame = z.compress(DATA)"
_LINES = "frame = z.compress(LINES); f = z.ZstdDecompressor().stream_reader"
_DICTIONARY = """
dictionary = z.ZstdCompressionDict(z.train_dictionary(4096, SAMPLES).as_bytes())
c = z.ZstdCompressor(dict_data=dictionary).compress
d = z.ZstdDecompressor(dict_data=dictionary).decompress
data = SAMPLES[7][:200]
frame = c(data)
"""

# A batch looks after signals once it takes 50 ms, so none takes as long, even in callgrind.
CASES = {
    "an empty method call": SmallCall("f = b''.isascii", "f()"),
    "compress, 64 B": SmallCall(_COMPRESS, "f(SMALL)"),
    "compress, 1 KiB": SmallCall(_COMPRESS, "f(DATA)"),
    "compress with dictionary, 200 B": SmallCall(_DICTIONARY, "c(data)"),
    "ZstdCompressor(), compress 1 KiB": SmallCall("pass", "z.ZstdCompressor().compress(DATA)"),
    "zstandard.compress, 1 KiB": SmallCall("f = z.compress", "f(DATA)"),
    "compressobj, 1 KiB": SmallCall(
        "f = z.ZstdCompressor().compressobj", "o = f(); o.compress(DATA); o.flush()"
    ),
    "stream_writer, 1 KiB": SmallCall(
        "import io; f = z.ZstdCompressor().stream_writer",
        "o = f(io.BytesIO()); o.write(DATA); o.close()",
    ),
    "multi_compress, 64 B of 20": SmallCall(
        "f = z.ZstdCompressor().multi_compress_to_buffer; items = [SMALL] * 20",
        "f(items, threads=1)",
        20,
    ),
    "decompress, 64 B": SmallCall(f"{_DECOMPRESS}; frame = z.compress(SMALL)", "f(frame)"),
    "decompress, 1 KiB": SmallCall(f"{_DECOMPRESS}; {_FRAME}", "f(frame)"),
    "decompress with dictionary, 200 B": SmallCall(_DICTIONARY, "d(frame)"),
    "ZstdDecompressor()": SmallCall("f = z.ZstdDecompressor", "f()"),
    "zstandard.decompress, 1 KiB": SmallCall(f"f = z.decompress; {_FRAME}", "f(frame)"),
    "decompressobj, 1 KiB": SmallCall(
        f"f = z.ZstdDecompressor().decompressobj; {_FRAME}", "f().decompress(frame)"
    ),
    "stream_reader, 1 KiB": SmallCall(
        f"f = z.ZstdDecompressor().stream_reader; {_FRAME}", "f(frame).read()"
    ),
    "for line, 80 B of 1,000": SmallCall(_LINES, "for line in f(frame): pass", 1000),
    "readline, 80 B of 1,000": SmallCall(
        _LINES, "readline = f(frame).readline\nwhile readline(): pass", 1000
    ),
    "multi_decompress, 64 B of 20": SmallCall(
        "f = z.ZstdDecompressor().multi_decompress_to_buffer; items = [z.compress(SMALL)] * 20",
        "f(items, threads=1)",
        20,
    ),
    "get_frame_parameters": SmallCall(f"f = z.get_frame_parameters; {_FRAME}", "f(frame)"),
    "frame_content_size": SmallCall(f"f = z.frame_content_size; {_FRAME}", "f(frame)"),
    "frame_header_size": SmallCall(f"f = z.frame_header_size; {_FRAME}", "f(frame)"),
}
