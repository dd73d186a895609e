"""Finalizers that call back into the very object that is closed, cleared or collected."""

import contextlib
import gc
import io
import itertools
import warnings
import weakref

from clearing import clear
from fields import INERT, NOISE, NOISE_FRAME, WHOLE, Compressor, Decompressor, reachable
from makers import CONTENT, FRAME, SUBCLASSABLE, File, call_all

import zstandard as z


class Marker:
    """Calls something when it goes."""

    def __init__(self, call):
        self.call = call

    def __del__(self):
        self.call()


class Call:
    """Calls all methods of an instance, and looks at what it holds; counts how often."""

    def __init__(self, instance):
        self.instance = instance
        self.count = 0

    def __call__(self):
        self.count += 1
        gc.get_referents(self.instance)  # as the collector may: it holds nothing that is gone
        call_all(self.instance, RuntimeError)  # when it is at work


def by_finalizer(held, call):
    """Have a call made when the object goes; return what is to be kept until then."""
    held.marker = Marker(call)


def by_weak_reference(held, call):
    held.marker = Marker(lambda: None)
    return weakref.ref(held.marker, lambda _: call())


def close(instance, _):
    """End the use of an instance by its own methods."""
    with contextlib.suppress(z.ZstdError):
        if hasattr(instance, "close"):
            instance.close()
        elif hasattr(instance, "__next__"):
            list(instance)


def fields_called(end, watch):
    """Let go what each field holds while its object is there, and have that called then.

    Return those of which it could be seen.
    """
    called = set()
    for kind, make in WHOLE.items():
        for field in make()[1]:
            instance, fields = make()
            held = next((one for one in reachable(fields[field]) if hasattr(one, "__dict__")), None)
            if held is None:
                continue

            call = Call(instance)
            kept = watch(held, call)
            del fields, held
            end(instance, kind)
            if call.count:
                called.add((kind.__name__, field))
            call.instance = None
            call_all(instance)
            del kept
    return called


CLEARED = {
    (kind.__name__, field)
    for kind, make in WHOLE.items()
    for field in make()[1]
    if field not in INERT and clear(make()[0], kind)
}
FILES = {("ZstdCompressionReader", "file"), ("ZstdDecompressionWriter", "file")}
for watch in (by_finalizer, by_weak_reference):
    called = fields_called(clear, watch)
    assert called == CLEARED, f"not called while cleared: {CLEARED - called}"
    assert len(called) > 20
    called = fields_called(close, watch)
    assert called >= FILES, f"not called while closed: {FILES - called}"


class Calling:
    """A file that calls its stream from each of its methods, and when it goes."""

    def __init__(self, data=b""):
        self.data = io.BytesIO(data)
        self.stream = None
        self.calls = 0

    def call(self):
        self.calls += 1
        if self.calls < 20:
            call_all(self.stream, RuntimeError)  # when it is at work

    def read(self, size=-1):
        self.call()
        return self.data.read(size)

    def write(self, data):
        self.call()
        return len(data)

    def seek(self, position, whence=io.SEEK_SET):
        self.call()
        return self.data.seek(position, whence)

    def tell(self):
        self.call()
        return self.data.tell()

    def seekable(self):
        self.call()
        return True

    def flush(self):
        self.call()

    def close(self):
        self.call()

    def __del__(self):
        self.call()


def collect(reference, what):
    """See that something goes, twice if a finalizer has had it stay."""
    for _ in range(3):
        gc.collect()
    assert reference() is None, f"{what} was not collected"


# With what the file has, or what is written to it.
STREAMS = {
    "compression reader": (lambda file: Compressor().stream_reader(file), NOISE),
    "decompression reader": (lambda file: Decompressor().stream_reader(file), NOISE_FRAME),
    "compression writer": (lambda file: Compressor().stream_writer(file), CONTENT),
    "decompression writer": (lambda file: Decompressor().stream_writer(file), FRAME[:12]),
    "compressor iterator": (lambda file: Compressor().read_to_iter(file), NOISE),
    "decompressor iterator": (lambda file: Decompressor().read_to_iter(file), NOISE_FRAME),
    "frames": (z.list_frames, FRAME * 3),
    "reader of a reader": (
        lambda file: Decompressor().stream_reader(Compressor().stream_reader(file)),
        NOISE,
    ),
    "iterator of a reader": (
        lambda file: Compressor().read_to_iter(Decompressor().stream_reader(file)),
        NOISE_FRAME,
    ),
    "writer to a writer": (
        lambda file: Compressor().stream_writer(Decompressor().stream_writer(file)),
        CONTENT,
    ),
}


def begin(stream, content):
    """Bring a stream into the midst of its work."""
    if hasattr(stream, "writable") and stream.writable():
        stream.write(content)
    elif hasattr(stream, "read"):
        stream.read(10)
    else:
        next(stream)


# The collector finds a stream and its file, which call each other by then.
for name, (make, data) in STREAMS.items():
    for is_begun in (False, True):
        file = Calling(data)
        stream = make(file)
        if is_begun:
            begin(stream, data)
        file.stream = stream
        called = []
        file.marker = Marker(lambda called=called, file=file: called.append(file.calls))
        file.calls = 0
        gone = weakref.ref(file)
        del file, stream
        collect(gone, name)
        assert called, f"{name}: its file was not finalized"


# Subclasses whose __del__ uses the object, and keeps it for a while.
kept = []
for kind, arguments in SUBCLASSABLE.items():

    class Subclass(kind):
        def __del__(self):
            call_all(self)
            kept.append(self)

    for in_cycle, is_made in itertools.product((False, True), (False, True)):
        what = f"{kind.__name__}, {in_cycle=}, {is_made=}"
        instance = Subclass(*arguments()) if is_made else Subclass.__new__(Subclass)
        if in_cycle:
            instance.cycle = instance
        gone = weakref.ref(instance)
        del instance
        gc.collect()
        assert [type(one) for one in kept] == [Subclass], what
        call_all(kept[0])
        kept.clear()
        collect(gone, what)


# Who is told of a writer that is lost gets hold of it, and may use it.
for make, content in (
    (Compressor().stream_writer, CONTENT),
    (Decompressor().stream_writer, FRAME[:12]),
):
    for in_cycle in (False, True):
        file = File()
        writer = make(file)
        writer.write(content)
        file.cycle = writer if in_cycle else None
        gone = weakref.ref(file)
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            del writer, file
            gc.collect()
        (message,) = told
        call_all(message.source)
        message.source.close()
        del message, told
        collect(gone, "a writer that was lost")
