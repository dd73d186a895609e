"""Calls that take nothing and differ in nothing: attributes, questions, and what is refused."""

import io
import operator
import types
from functools import partial

import zstandard as z

from .call import Call
from .content import CONTENT, FRAME, SHORT_FRAME, SKIPPABLE, Sink, Source
from .of_values import new_buffer, new_collection, new_dictionary

# By type, how an instance is made.
MAKERS = {
    "BufferSegment": lambda: new_buffer()[0],
    "BufferSegments": lambda: new_buffer().segments(),
    "BufferWithSegments": new_buffer,
    "BufferWithSegmentsCollection": new_collection,
    "FrameInfo": lambda: next(z.list_frames(SKIPPABLE)),
    "FrameInfoIterator": lambda: z.list_frames(Source(SHORT_FRAME)),
    "FrameParameters": lambda: z.get_frame_parameters(FRAME),
    "ZstdCompressionChunker": lambda: z.ZstdCompressor().chunker(),
    "ZstdCompressionChunkerIterator": lambda: z.ZstdCompressor().chunker().finish(),
    "ZstdCompressionDict": new_dictionary,
    "ZstdCompressionObj": lambda: z.ZstdCompressor().compressobj(),
    "ZstdCompressionParameters": z.ZstdCompressionParameters,
    "ZstdCompressionReader": lambda: z.ZstdCompressor().stream_reader(CONTENT),
    "ZstdCompressionWriter": lambda: z.ZstdCompressor().stream_writer(Sink()),
    "ZstdCompressor": z.ZstdCompressor,
    "ZstdCompressorIterator": lambda: z.ZstdCompressor().read_to_iter(CONTENT),
    "ZstdDecompressionChunker": lambda: z.ZstdDecompressor().chunker(),
    "ZstdDecompressionChunkerIterator": lambda: z.ZstdDecompressor().chunker().finish(),
    "ZstdDecompressionObj": lambda: z.ZstdDecompressor().decompressobj(),
    "ZstdDecompressionReader": lambda: z.ZstdDecompressor().stream_reader(Source(FRAME)),
    "ZstdDecompressionWriter": lambda: z.ZstdDecompressor().stream_writer(Sink()),
    "ZstdDecompressor": z.ZstdDecompressor,
    "ZstdDecompressorIterator": lambda: z.ZstdDecompressor().read_to_iter(FRAME),
}
# Methods that are called without arguments, where no other call covers them.
PLAIN = """
    __enter__ __hash__ __iter__ __len__ __next__ __reduce__ __repr__ detach dict_id fileno flush
    isatty read readable readall readinto readline readlines seek seekable tell truncate writable
    write writelines
""".split()
# What takes another object: the same.
COMPARISONS = "__eq__ __ge__ __gt__ __le__ __lt__ __ne__".split()
ATTRIBUTES = (types.GetSetDescriptorType, types.MemberDescriptorType)


def members(kind):
    """Return the names of the type's own members that can be used."""
    return [
        name
        for name, value in vars(kind).items()
        if value is not None and (callable(value) or isinstance(value, (*ATTRIBUTES, classmethod)))
        and name not in {"__doc__", "__module__", "__weakref__"}
    ]  # fmt: skip


def outcome_of(call, state):
    """Return the result and the type of the exception, of which one is None."""
    try:
        return call(state)(), None
    except (AttributeError, TypeError, z.ZstdError, io.UnsupportedOperation) as error:
        return None, type(error)


def is_alike(wanted):
    return lambda _, result: type(result) is type(wanted)


def plain_call(kind, name):
    """Return a call of a member that needs no arguments, or None if it is none of those."""
    if isinstance(vars(kind)[name], ATTRIBUTES):

        def call(value):
            return partial(getattr, value, name)
    elif name in PLAIN:
        call = operator.attrgetter(name)
    elif name in COMPARISONS:

        def call(value):
            return partial(getattr(value, name), value)
    else:
        return None
    prepare = MAKERS[kind.__name__]
    result, error = outcome_of(call, prepare())
    return Call(f"{kind.__name__}.{name}", call, is_alike(result), prepare, raises=error)


def calls(covered):
    """Yield those that are not among the covered ones."""
    for type_name in MAKERS:
        kind = getattr(z, type_name)
        for name in members(kind):
            if f"{type_name}.{name}" not in covered and (call := plain_call(kind, name)):
                yield call
