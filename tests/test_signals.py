"""Signals that come during long calls: what their handlers raise ends the call soon."""

import contextlib
import io
import signal
import sys
import time

import pytest

import malloc
import samples
from zstandard import (
    COMPRESSOBJ_FLUSH_BLOCK,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    compress,
)

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="there are no timers that send signals"
)

TEXT = samples.text(1 << 20)
# Longer than the window, so that no part is a mere repetition.
LONG = samples.text(6 << 20) * 2
FRAME = ZstdCompressor(12).compress(TEXT)
COMPRESSED = FRAME * 200
ITEMS = [TEXT] * 40


def in_blocks_of(size):
    """Return a frame of the text that takes long for what it holds."""
    stream = ZstdCompressor(12).compressobj(size=len(TEXT))
    blocks = (
        stream.compress(piece) + stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
        for piece in samples.in_pieces(TEXT, size)
    )
    return b"".join(blocks) + stream.flush()


FRAMES = [in_blocks_of(20)] * 200


@contextlib.contextmanager
def interrupted_after(seconds):
    def interrupt(*_):
        raise KeyboardInterrupt

    former = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        with pytest.raises(KeyboardInterrupt):
            yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def seconds_of(call):
    """Return the processors' time, all threads', which other processes do not lengthen."""
    start = time.process_time()
    call()
    return time.process_time() - start


def is_ended_soon(prepare):
    """Tell whether the call that prepare() prepares ends long before it would have."""
    whole = min(seconds_of(prepare()) for _ in range(2))

    def interrupted():
        with interrupted_after(whole / 10):
            call()

    for _ in range(5):
        call = prepare()
        if seconds_of(interrupted) < whole / 2:
            return True
    return False


COMPRESSOR = ZstdCompressor(7)
DECOMPRESSOR = ZstdDecompressor()
# What their threads have begun is finished: here 1 MiB each.
THREADED = ZstdCompressor(
    compression_params=ZstdCompressionParameters(compression_level=7, threads=2, job_size=1 << 20)
)
CALLS = {
    "compress with threads": lambda: lambda: THREADED.compress(LONG),
    "compress_into with threads": lambda: lambda: THREADED.compress_into(LONG, bytearray(LONG)),
    "multi_compress": lambda: lambda: COMPRESSOR.multi_compress(ITEMS, threads=0),
    "multi_compress, threads": lambda: lambda: COMPRESSOR.multi_compress(ITEMS, threads=3),
    "multi_compress_to_buffer": (
        lambda: lambda: COMPRESSOR.multi_compress_to_buffer(ITEMS, threads=2)
    ),
    "multi_decompress": lambda: lambda: DECOMPRESSOR.multi_decompress(FRAMES),
    "multi_decompress_to_buffer": (
        lambda: lambda: DECOMPRESSOR.multi_decompress_to_buffer(FRAMES, threads=2)
    ),
    "copy_stream, compressing": (
        lambda: lambda: COMPRESSOR.copy_stream(io.BytesIO(LONG), io.BytesIO())
    ),
    "copy_stream, decompressing": (
        lambda: lambda: DECOMPRESSOR.copy_stream(io.BytesIO(COMPRESSED), io.BytesIO())
    ),
    "read, compressing": lambda: COMPRESSOR.stream_reader(io.BytesIO(LONG)).read,
    "read, decompressing": lambda: DECOMPRESSOR.stream_reader(COMPRESSED).read,
    "read of little": lambda: COMPRESSOR.stream_reader(io.BytesIO(bytes(1 << 28))).read,
    "readline": lambda: DECOMPRESSOR.stream_reader(compress(bytes(1 << 28))).readline,
    "write, compressing": (
        lambda: lambda: COMPRESSOR.stream_writer(io.BytesIO(), closefd=False).write(LONG)
    ),
    "write, decompressing": (
        lambda: lambda: DECOMPRESSOR.stream_writer(io.BytesIO(), closefd=False).write(COMPRESSED)
    ),
}


# An interrupted writer is left open.
@pytest.mark.filterwarnings("ignore:unclosed writer:ResourceWarning")
@pytest.mark.parametrize("call", CALLS)
def test_long_call_is_ended_soon(call):
    if call == "multi_decompress_to_buffer" and hasattr(sys, "gettotalrefcount"):
        pytest.skip("a debug build fills the memory for results, which takes as long as the call")
    assert is_ended_soon(CALLS[call])


def test_interrupted_batches_leave_nothing():
    taken = []
    for _ in range(12):
        with interrupted_after(0.05):
            while True:
                COMPRESSOR.multi_compress(ITEMS, threads=3)
        with interrupted_after(0.05):
            while True:
                DECOMPRESSOR.multi_decompress_to_buffer(FRAMES, threads=3)
        taken.append(malloc.taken())
    assert min(taken[6:]) < max(taken[:6]) + (1 << 20)
    assert COMPRESSOR.multi_compress(ITEMS[:3], threads=3) == [COMPRESSOR.compress(TEXT)] * 3


def test_interrupted_compressor_with_threads_goes_on():
    expected = THREADED.compress(LONG)
    for seconds in (0.01, 0.1, 0.3):
        with interrupted_after(seconds):
            while True:
                THREADED.compress(LONG)
        assert THREADED.compress(LONG) == expected


def test_interrupted_reader_loses_nothing():
    for make, source in (
        (COMPRESSOR.stream_reader, LONG),
        (DECOMPRESSOR.stream_reader, COMPRESSED),
    ):
        reader = make(io.BytesIO(source))
        with interrupted_after(0.1):
            while True:
                reader.read(1 << 25)
        read = reader.tell()
        assert reader.read() == make(io.BytesIO(source)).read()[read:]
