"""An object that the collector has cleared is a closed one: a finalizer may still call it."""

import sys

from clearing import clear
from makers import CONTENT, FRAME, MAKERS, SUBCLASSABLE, File, call_all

import zstandard as z


def refused(error, call, *arguments):
    try:
        call(*arguments)
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


for kind, all_makers in MAKERS.items():
    for make in all_makers:
        instance = make()
        clear(instance, kind)
        if hasattr(instance, "closed"):
            assert instance.closed
        call_all(instance)
        clear(instance, kind)
        call_all(instance)

for kind, arguments in SUBCLASSABLE.items():

    class Subclass(kind):
        pass

    instance = Subclass(*arguments())
    clear(instance, kind)
    call_all(instance)

c, d = z.ZstdCompressor(), z.ZstdDecompressor()
for start, used in (
    (c.stream_reader, lambda s: s.read(1)),
    (d.stream_reader, lambda s: s.read(1)),
    (d.stream_reader, lambda s: s.peek()),
    (c.read_to_iter, next),
    (d.read_to_iter, next),
    (z.list_frames, next),
    (c.stream_writer, lambda s: s.write(CONTENT)),
    (d.stream_writer, lambda s: s.write(FRAME[:9])),
):
    file = File(CONTENT if start.__self__ is c else FRAME * 2)
    before = sys.getrefcount(file)
    stream = start(file)
    used(stream)
    clear(stream, type(stream))
    assert sys.getrefcount(file) == before, f"{type(stream).__name__} keeps its file"
    if hasattr(stream, "closed"):
        for method in ("read", "readline", "peek", "fileno", "memory_size", "__enter__"):
            if hasattr(stream, method):
                refused((ValueError, OSError), getattr(stream, method))
        refused((ValueError, OSError), stream.write, b"data")
        stream.close()
    else:
        assert next(stream, None) is None

for stream, start, content in (
    (c.chunker(), "compress", CONTENT),
    (d.chunker(), "decompress", FRAME),
):
    data = bytearray(content)
    iterator = getattr(stream, start)(data)
    clear(stream, type(stream))
    data.append(0)
    assert next(iterator, None) is None
    refused(z.ZstdError, getattr(stream, start), b"")
    refused(z.ZstdError, stream.flush)
    refused(z.ZstdError, stream.finish)
    clear(iterator, type(iterator))
    assert next(iterator, None) is None
