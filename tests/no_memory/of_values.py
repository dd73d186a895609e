"""Calls of dictionaries, parameters, segments and what else holds values."""

import struct
from functools import partial

import zstandard as z

from .call import Call, always, equals
from .content import DICTIONARY, SAMPLES, SHORT

# --- dictionaries and parameters ---


def new_dictionary():
    return z.ZstdCompressionDict(DICTIONARY)


def has_content(dictionary, _result):
    return dictionary.as_bytes() == DICTIONARY


def can_digest(dictionary, _result):
    frame = z.ZstdCompressor(dict_data=dictionary).compress(SHORT)
    return z.ZstdDecompressor(dictionary).decompress(frame) == SHORT


def of_dictionary():
    kind = z.ZstdCompressionDict
    reduced = new_dictionary().__reduce__()
    parameters = z.ZstdCompressionParameters(compression_level=1)
    yield from [
        Call("ZstdCompressionDict.__new__", lambda _: partial(kind.__new__, kind), always),
        Call(
            "ZstdCompressionDict.__init__",
            lambda d: partial(d.__init__, bytearray(DICTIONARY), k=5, d=8),
            has_content,
            new_dictionary,
        ),
        Call(
            "ZstdCompressionDict.precompute_compress",
            lambda d: partial(d.precompute_compress, 1),
            can_digest,
            new_dictionary,
        ),
        Call(
            "ZstdCompressionDict.precompute_compress (parameters)",
            lambda d: partial(d.precompute_compress, compression_params=parameters),
            can_digest,
            new_dictionary,
        ),
        Call(
            "ZstdCompressionDict.precompute_compress (bad)",
            lambda d: partial(d.precompute_compress, 1),
            always,
            lambda: kind(SAMPLES[0], z.DICT_TYPE_FULLDICT),
            raises=z.ZstdError,
        ),
        Call("ZstdCompressionDict.as_bytes", lambda d: d.as_bytes, has_content, new_dictionary),
        Call(
            "ZstdCompressionDict.__len__",
            lambda d: d.__len__,
            equals(len(DICTIONARY)),
            new_dictionary,
        ),
        Call(
            "ZstdCompressionDict.__reduce__",
            lambda d: d.__reduce__,
            lambda _, made: made[2][0][0] == DICTIONARY,
            new_dictionary,
        ),
        Call(
            "ZstdCompressionDict.__setstate__",
            lambda d: partial(d.__setstate__, reduced[2]),
            has_content,
            lambda: kind.__new__(kind),
        ),
    ]


def of_parameters():
    kind = z.ZstdCompressionParameters
    values = kind(compression_level=5, window_log=20)
    reduced = values.__reduce__()
    yield from [
        Call(
            "ZstdCompressionParameters.__new__",
            lambda _: partial(kind.__new__, kind),
            equals(kind()),
        ),
        Call(
            "ZstdCompressionParameters.__init__",
            lambda p: partial(p.__init__, compression_level=5, window_log=20, threads=-1),
            lambda p, _: p.window_log == 20,
            kind,
        ),
        Call(
            "ZstdCompressionParameters.__init__ (bad)",
            lambda _: partial(kind, window_log=99),
            always,
            raises=z.ZstdError,
        ),
        Call(
            "ZstdCompressionParameters.from_level",
            lambda _: partial(kind.from_level, 3, source_size=1 << 40, dict_size=9),
            lambda _, made: made.window_log > 9,
        ),
        Call(
            "ZstdCompressionParameters.estimated_compression_context_size",
            lambda p: p.estimated_compression_context_size,
            lambda _, size: size > 1000,
            kind,
        ),
        Call(
            "ZstdCompressionParameters.__reduce__",
            lambda p: p.__reduce__,
            lambda _, made: made[2][0] == reduced[2][0],
            lambda: values,
        ),
        Call(
            "ZstdCompressionParameters.__setstate__",
            lambda p: partial(p.__setstate__, reduced[2]),
            lambda p, _: p == values,
            kind,
        ),
    ]


# --- segments ---

ARRAY = struct.pack("=4Q", 0, len(SHORT), 7, 100)


def new_buffer():
    return z.BufferWithSegments(SHORT, ARRAY)


def new_collection():
    return z.BufferWithSegmentsCollection(new_buffer(), new_buffer())


def gives_segment(_state, segment):
    return segment.tobytes() == SHORT[7:107]


def of_segments():
    yield from [
        Call(
            "BufferWithSegments.__new__",
            lambda _: partial(z.BufferWithSegments, bytearray(SHORT), bytearray(ARRAY)),
            lambda _, made: made.tobytes() == SHORT,
        ),
        Call(
            "BufferWithSegments.__new__ (bad)",
            lambda _: partial(z.BufferWithSegments, SHORT, struct.pack("=QQ", 1, len(SHORT))),
            always,
            raises=ValueError,
        ),
        Call(
            "BufferWithSegments.__getitem__",
            lambda b: partial(b.__getitem__, 1),
            gives_segment,
            new_buffer,
        ),
        Call(
            "BufferWithSegments.segments",
            lambda b: b.segments,
            lambda _, made: bytes(made) == ARRAY,
            new_buffer,
        ),
        Call("BufferWithSegments.tobytes", lambda b: b.tobytes, equals(SHORT), new_buffer),
        Call(
            "BufferWithSegments.__buffer__",
            lambda b: partial(memoryview, b),
            equals(SHORT),
            new_buffer,
        ),
        Call("BufferSegment.tobytes", lambda s: s.tobytes, equals(SHORT), lambda: new_buffer()[0]),
        Call(
            "BufferSegment.__buffer__",
            lambda b: partial(memoryview, b),
            equals(SHORT),
            lambda: new_buffer()[0],
        ),
        Call(
            "BufferSegments.__getitem__",
            lambda s: partial(s.__getitem__, 1),
            gives_segment,
            lambda: new_buffer().segments(),
        ),
        Call(
            "BufferSegments.__buffer__",
            lambda b: partial(memoryview, b),
            equals(ARRAY),
            lambda: new_buffer().segments(),
        ),
        Call(
            "BufferWithSegmentsCollection.__new__",
            lambda b: partial(z.BufferWithSegmentsCollection, b, b),
            lambda _, made: len(made) == 4,
            new_buffer,
        ),
        Call(
            "BufferWithSegmentsCollection.__getitem__",
            lambda c: partial(c.__getitem__, 3),
            gives_segment,
            new_collection,
        ),
        Call(
            "BufferWithSegmentsCollection.size",
            lambda c: c.size,
            equals(2 * (len(SHORT) + 100)),
            new_collection,
        ),
    ]


def of_errors():
    for name in "ZstdError", "ZstdEOFError":
        kind = getattr(z, name)
        yield Call(
            name,
            lambda text, kind=kind: partial(kind, text),
            lambda _, error: error.args == ("text",),
            lambda: "text",
        )


def calls():
    yield from of_dictionary()
    yield from of_parameters()
    yield from of_segments()
    yield from of_errors()
