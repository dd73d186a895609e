"""Objects made without __init__, or from types that only factories make, are whole or refused."""

import io
import sys

from makers import SUBCLASSABLE, types

import zstandard as z


def refused(error, call, *arguments):
    """See that the call raises the error."""
    try:
        call(*arguments)
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


for kind in types():
    refused(TypeError, object.__new__, kind)
    if kind is z.BufferWithSegmentsCollection:
        refused(ValueError, kind)
        refused(ValueError, kind.__new__, kind)
    elif kind not in SUBCLASSABLE:
        refused(TypeError, kind)
        refused(TypeError, kind.__new__, kind)

compressor = z.ZstdCompressor.__new__(z.ZstdCompressor)
decompressor = z.ZstdDecompressor.__new__(z.ZstdDecompressor)
assert compressor.frame_progression() == (0, 0, 0)
assert compressor.memory_size() > 100
assert decompressor.memory_size() > 90_000
frame = compressor.compress(b"content")
assert decompressor.decompress(frame) == b"content"
assert decompressor.decompressobj().decompress(compressor.compressobj().flush()) == b""

refused(ValueError, compressor.__init__, 99)
assert compressor.compress(b"content") == frame, "a failed __init__ has changed the compressor"

parameters = z.ZstdCompressionParameters.__new__(z.ZstdCompressionParameters)
assert parameters == z.ZstdCompressionParameters()
assert parameters.estimated_compression_context_size() > 10_000
assert z.ZstdCompressor(compression_params=parameters).compress(b"content") == frame
refused(z.ZstdError, parameters.__init__, 99)
assert parameters == z.ZstdCompressionParameters(), "a failed __init__ has changed the parameters"

dictionary = z.ZstdCompressionDict.__new__(z.ZstdCompressionDict)
for use in (dictionary.as_bytes, dictionary.dict_id, dictionary.__reduce__, dictionary.__len__):
    refused(ValueError, use)
for use in (z.ZstdCompressor, z.ZstdDecompressor):
    refused(ValueError, lambda use=use: use(dict_data=dictionary))
refused(ValueError, dictionary.__init__, b"content", 9)
refused(ValueError, dictionary.precompute_compress, 3)
dictionary.__init__(b"content" * 9)
assert z.ZstdCompressor(dict_data=dictionary).compress(b"content" * 9) != frame
refused(TypeError, dictionary.__init__)
assert dictionary.as_bytes() == b"content" * 9, "a failed __init__ has changed the dictionary"

# A writer that was not opened is a closed one.
OPENED_LATER = [
    (z.ZstdCompressionWriter, compressor, b"content", lambda frame: z.decompress(frame, 7)),
    (z.ZstdDecompressionWriter, decompressor, frame, bytes),
]
for kind, owner, given, read_back in OPENED_LATER:
    writer = kind.__new__(kind)
    for call, *arguments in (
        (writer.write, b"content"),
        (writer.writelines, [b"content"]),
        (writer.flush,),
        (writer.memory_size,),
        (writer.fileno,),
        (writer.__enter__,),
    ):
        refused(ValueError, call, *arguments)
    for name in ("name", "mode"):
        assert not hasattr(writer, name)
    assert writer.closed
    assert writer.total_in == writer.total_out == 0
    assert not writer.readable()
    writer.close()
    assert writer.__exit__(None, None, None) is False
    assert isinstance(writer, io.BufferedIOBase)

    # An __init__ that failed leaves it so; one that worked is the last.
    refused(TypeError, writer.__init__)
    refused(ValueError, writer.__init__, owner, object())
    assert writer.closed
    sink = io.BytesIO()
    writer.__init__(owner, sink, closefd=False)
    refused(RuntimeError, writer.__init__, owner, sink)
    writer.write(given)
    writer.close()
    assert read_back(sink.getvalue()) == b"content"
    refused(RuntimeError, writer.__init__, owner, sink)


class OpensAgain:
    """Opens a writer on another sink while that looks at this one."""

    def __init__(self, *arguments):
        self.arguments = arguments

    @property
    def write(self):
        if self.arguments:
            (writer, *arguments), self.arguments = self.arguments, ()
            writer.__init__(*arguments)
        return len


# Whichever opening fails, nothing of it is left.
for kind, owner, *_ in OPENED_LATER:
    sinks = [io.BytesIO() for _ in range(100)]
    before = sys.getrefcount(owner), sys.getrefcount(sinks[0])
    for sink in sinks:
        writer = kind.__new__(kind)
        refused(RuntimeError, writer.__init__, owner, OpensAgain(writer, owner, sink))
    del writer, sink
    after = sys.getrefcount(owner), sys.getrefcount(sinks[0])
    assert after == before, f"{kind.__name__}: references before {before}, after {after}"
