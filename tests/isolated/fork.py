"""A child made by fork, after work with threads, can use, configure and free what it inherits."""

import contextlib
import io
import os
import signal
import threading
import time
import warnings

import pytest

import zstandard as z

# Forking beside the threads is what this is about.
warnings.simplefilter("ignore", DeprecationWarning)

DATA = os.urandom(1 << 20) * 3


def in_child(work):
    """Run work in a forked child, which must end well and soon."""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{work.__name__}: status {status}"


compressor = z.ZstdCompressor(threads=2)
compressor.compress(DATA)
lone_compressor = z.ZstdCompressor()
BATCH = [DATA[:200_000]] * 9
BATCH_FRAMES = lone_compressor.multi_compress(BATCH, threads=3)
assert compressor.multi_compress(BATCH, threads=3) == BATCH_FRAMES
stream = compressor.compressobj()
stream.compress(DATA)
chunker = compressor.chunker()
list(chunker.compress(DATA))
sink = io.BytesIO()
STREAMS = {
    "compressobj": (stream, stream.flush),
    "writer": (writer := compressor.stream_writer(sink, closefd=False), writer.flush),
    "reader": (reader := compressor.stream_reader(DATA), reader.read),
    "iterator": (iterator := compressor.read_to_iter(DATA), lambda: list(iterator)),
    "chunker": (chunker, lambda: list(chunker.flush())),
}
writer.write(DATA)
start_of_reader = reader.read(1000)
start_of_iterator = next(iterator)

# Those without threads of their own are whole in the child.
decompressor = z.ZstdDecompressor()
FRAME = z.compress(DATA)
lone_reader = decompressor.stream_reader(io.BytesIO(FRAME))
assert lone_reader.read(1000) == DATA[:1000]
lone_sink = io.BytesIO()
lone_writer = z.ZstdCompressor().stream_writer(lone_sink, closefd=False)
lone_writer.write(DATA[:1000])

# To digest it at level 19 takes a second and more.
shared = z.ZstdCompressionDict(os.urandom(1 << 23), z.DICT_TYPE_RAWCONTENT)


def use():
    assert z.decompress(compressor.compress(DATA)) == DATA
    again = compressor.compressobj()
    assert z.decompress(again.compress(DATA) + again.flush(), len(DATA)) == DATA
    for one in (lone_compressor, compressor):
        assert one.multi_compress(BATCH, threads=3) == BATCH_FRAMES
    assert z.ZstdDecompressor().multi_decompress(BATCH_FRAMES, threads=3) == BATCH


def configure():
    compressor.__init__(threads=1)
    assert z.decompress(compressor.compress(DATA)) == DATA


def free():
    names = globals()
    for name in (
        "compressor",
        "lone_compressor",
        "stream",
        "chunker",
        "writer",
        "reader",
        "iterator",
        "STREAMS",
    ):
        del names[name]


def close():
    reader.close()
    with pytest.raises(z.ZstdError, match="before a fork"):
        writer.close()
    assert writer.closed
    writer.close()


def go_on_with_a_stream():
    for _, use in STREAMS.values():
        with pytest.raises(z.ZstdError, match="before a fork"):
            use()


def go_on_with_lone_streams():
    assert lone_reader.read() == DATA[1000:]
    with contextlib.closing(lone_writer):
        lone_writer.write(DATA[1000:])
    assert z.decompress(lone_sink.getvalue(), len(DATA)) == DATA


def use_a_dictionary_that_is_being_digested():
    quick = z.ZstdCompressor(level=-5, dict_data=shared)
    both = z.ZstdDecompressor(dict_data=shared)
    assert both.decompress(quick.compress(DATA)) == DATA
    assert both.decompress(quick.compress(DATA)) == DATA


# Threads that a fork catches in the middle of a read, and of native work that takes seconds.
class Waiting:
    """A source that has begun to be read, and waits to be let go on."""

    def __init__(self):
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def read(self, _size):
        self.begun.set()
        self.goes_on.wait()
        return b""


waiting = Waiting()
caught = {
    "reader": z.ZstdDecompressor().stream_reader(waiting),
    "compressobj": z.ZstdCompressor(level=19).compressobj(),
}


def use_and_free_streams_that_are_at_work():
    for use in (caught["reader"].read, caught["compressobj"].flush):
        with pytest.raises(RuntimeError, match="in use by another thread when the process was for"):
            use()
    assert z.decompress(z.ZstdCompressor(level=19).compress(DATA)) == DATA
    use = None
    caught.clear()
    assert z.decompress(z.ZstdCompressor(level=19).compress(DATA)) == DATA


for work in (use, configure, free, close, go_on_with_a_stream, go_on_with_lone_streams):
    in_child(work)
digesting = threading.Thread(target=shared.precompute_compress, args=(19,))
digesting.start()
time.sleep(0.1)
assert digesting.is_alive(), "too quick to tell"
in_child(use_a_dictionary_that_is_being_digested)
digesting.join()


# While threads of Python's, and native ones of theirs, are in every other kind of long call.
SAMPLES = [DATA[start : start + 2000] for start in range(0, 1_000_000, 1000)]
over = threading.Event()


def again_and_again(call):
    while not over.is_set():
        call()


busy = [
    threading.Thread(target=again_and_again, args=(call,))
    for call in (
        lambda: lone_compressor.multi_compress(BATCH, threads=3),
        lambda: decompressor.multi_decompress_to_buffer(BATCH_FRAMES, threads=3),
        lambda: compressor.compress(DATA),
        lambda: lone_compressor.compress(DATA),
        lambda: decompressor.decompress(FRAME),
        lambda: z.train_dictionary(10_000, SAMPLES, threads=2),
    )
]
for thread in busy:
    thread.start()
for _ in range(4):
    in_child(use)
    in_child(free)
over.set()
for thread in busy:
    thread.join()
at_work = [
    threading.Thread(target=caught["reader"].read),
    threading.Thread(target=caught["compressobj"].compress, args=(os.urandom(1 << 23),)),
]
for thread in at_work:
    thread.start()
waiting.begun.wait()
time.sleep(0.1)
assert at_work[1].is_alive(), "too quick to tell"
in_child(use_and_free_streams_that_are_at_work)
waiting.goes_on.set()
for thread in at_work:
    thread.join()
assert caught["reader"].read() == b""
assert caught["compressobj"].flush()
use_a_dictionary_that_is_being_digested()
use()
go_on_with_lone_streams()
assert stream.flush()
writer.close()
assert z.decompress(sink.getvalue(), len(DATA)) == DATA
assert z.decompress(start_of_reader + reader.read(), len(DATA)) == DATA
assert z.decompress(start_of_iterator + b"".join(iterator), len(DATA)) == DATA
assert list(chunker.finish())
