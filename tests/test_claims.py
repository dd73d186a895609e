"""One object used by many threads at once, and threads that run while another compresses."""

import contextlib
import itertools
import signal
import threading
from collections import Counter

import pytest

import parallel
import samples
import zstandard
from parallel import in_threads
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError, compress

THREADS = parallel.THREADS
pytestmark = pytest.mark.usefixtures("frequent_switches")


def content(frame):
    return ZstdDecompressor().decompress(frame, max_output_size=-1)


SIZES = (0, 10, 5000, 200_000)


# --- compressors and decompressors ---


@pytest.mark.parametrize("options", [{}, {"write_checksum": True, "level": 1}, {"threads": 2}])
def test_one_compressor(options):
    compressor = ZstdCompressor(**options)
    data = [samples.text(size, seed) for seed, size in enumerate(SIZES)]
    expected = [ZstdCompressor(**options).compress(each) for each in data]

    def work(number):
        for turn in range(40):
            i = (number + turn) % len(data)
            assert compressor.compress(data[i]) == expected[i]
            buffer = bytearray(len(data[i]) + 1000)
            size = compressor.compress_into(data[i], buffer)
            assert buffer[:size] == expected[i]
            stream = compressor.compressobj(size=len(data[i]))
            assert content(stream.compress(data[i]) + stream.flush()) == data[i]
            assert len(compressor.frame_progression()) == 3
            assert compressor.memory_size() > 100

    in_threads(work)


def test_one_compressor_that_is_configured_meanwhile():
    compressor = ZstdCompressor()
    data = samples.text(20_000)

    def work(number):
        for turn in range(100):
            if number < 2:
                compressor.__init__(turn % 5 + 1, write_checksum=bool(number))
            else:
                stream = compressor.compressobj()
                assert content(compressor.compress(data)) == data
                assert content(stream.compress(data) + stream.flush()) == data

    in_threads(work)


def test_one_decompressor():
    decompressor = ZstdDecompressor()
    data = [samples.text(size, seed) for seed, size in enumerate(SIZES)]
    stated = [compress(each) for each in data]
    unstated = [ZstdCompressor(write_content_size=False).compress(each) for each in data]

    def work(number):
        for turn in range(60):
            i = (number + turn) % len(data)
            assert decompressor.decompress(stated[i]) == data[i]
            assert decompressor.decompress(unstated[i], -1) == data[i]
            buffer = bytearray(len(data[i]) + 1)
            assert decompressor.decompress_into(stated[i], buffer) == len(data[i])
            assert buffer[:-1] == data[i]
            assert decompressor.decompressobj().decompress(unstated[i]) == data[i]
            with pytest.raises(ZstdError):
                decompressor.decompress(stated[i][:-1])
            assert decompressor.memory_size() > 10_000

    in_threads(work)


def test_functions_of_the_module():
    data = [samples.text(size, seed) for seed, size in enumerate(SIZES)]

    def work(number):
        for turn in range(60):
            each = data[(number + turn) % len(data)]
            assert zstandard.decompress(compress(each, 1 + number % 4)) == each

    in_threads(work)


# --- streams ---


def test_one_compressobj_takes_each_piece_once():
    compressor = ZstdCompressor(1)
    stream = compressor.compressobj()

    def work(number):
        return sum(len(stream.compress(samples.noise(30_000, number))) for _ in range(40))

    produced = sum(in_threads(work)) + len(stream.flush())
    assert compressor.frame_progression() == (THREADS * 40 * 30_000,) * 2 + (produced,)


# So few pieces that only the end of a frame gives output, each so long that threads switch.
PIECES, PIECE = 3, 5000


def test_one_compressobj_keeps_pieces_whole():
    for _ in range(30):
        stream = ZstdCompressor(1).compressobj()

        def work(number, stream=stream):
            return [stream.compress(bytes([number, turn]) * (PIECE // 2)) for turn in range(PIECES)]

        assert in_threads(work) == [[b""] * PIECES] * THREADS
        pieces = samples.in_pieces(content(stream.flush()), PIECE)
        assert len(pieces) == THREADS * PIECES
        assert {piece[:2] * (PIECE // 2) for piece in pieces} == set(pieces)
        for number in range(THREADS):
            assert [piece[1] for piece in pieces if piece[0] == number] == list(range(PIECES))


def test_one_compressobj_ends_once():
    for _ in range(30):
        stream = ZstdCompressor(1).compressobj()

        def work(number, stream=stream):
            accepted = 0
            with contextlib.suppress(ZstdError):
                for _ in range(PIECES):
                    stream.compress(bytes([number]) * PIECE)
                    accepted += 1
                return accepted, stream.flush()
            return accepted, None

        results = in_threads(work)
        (frame,) = [frame for _, frame in results if frame is not None]
        counts = Counter(piece[0] for piece in samples.in_pieces(content(frame), PIECE))
        assert counts == Counter({number: result[0] for number, result in enumerate(results)})


def test_one_decompressobj_is_fed_whole_frames():
    stream = ZstdDecompressor().decompressobj(read_across_frames=True)
    contents = [[samples.text(5000, 100 * i + turn) for turn in range(50)] for i in range(THREADS)]

    def work(number):
        return [stream.decompress(compress(data, 1)) for data in contents[number]]

    assert in_threads(work) == contents


def test_one_decompressobj_is_drained():
    data = b"".join(number.to_bytes(4, "little") for number in range(30_000))
    stream = ZstdDecompressor().decompressobj()
    first = stream.decompress(compress(data) + b"rest", 40)

    def work(_number):
        parts = []
        with contextlib.suppress(ZstdError):
            while not stream.eof:
                parts.append(stream.decompress(b"", 40))
        return parts

    parts = [first, *itertools.chain.from_iterable(in_threads(work))]
    assert sorted(filter(None, parts)) == sorted(samples.in_pieces(data, 40))
    assert stream.eof
    assert stream.unused_data == b"rest"


def test_one_decompressobj_is_flushed_and_read():
    data = samples.text(100_000)
    frame = compress(data)
    for _ in range(30):
        stream = ZstdDecompressor().decompressobj()
        first = stream.decompress(frame, 100)

        def work(_number, stream=stream):
            result = stream.flush()
            assert stream.eof
            assert stream.unused_data == stream.unconsumed_tail == b""
            assert not stream.needs_input
            return result

        results = in_threads(work)
        assert [first + result for result in results if result] == [data]


def test_a_signal_ends_waiting():
    entered, goes_on = threading.Event(), threading.Event()

    class Source:
        def read(self, _size):
            entered.set()
            goes_on.wait()
            return b""

    class CaughtError(Exception):
        pass

    def handler(*_):
        raise CaughtError

    reader = ZstdDecompressor().stream_reader(Source())
    other = threading.Thread(target=reader.read)
    other.start()
    entered.wait()
    former = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
        with pytest.raises(CaughtError):
            reader.read()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
        goes_on.set()
        other.join()
    assert reader.read() == b""


def test_failure_reaches_every_thread():
    stream = ZstdDecompressor().decompressobj()

    def work(_number):
        for _ in range(50):
            with pytest.raises(ZstdError, match="Unknown frame descriptor"):
                stream.decompress(b"junkjunk")

    in_threads(work)


# --- re-entry ---


def junk_decompressobj():
    stream = ZstdDecompressor().decompressobj()
    return stream, lambda: stream.decompress(b"junkjunk"), lambda: stream.decompress(b"")


def overfull_compressobj():
    stream = ZstdCompressor().compressobj(size=1)
    return stream, lambda: stream.compress(b"more than one"), lambda: stream.compress(b"")


@pytest.mark.parametrize("make", [junk_decompressobj, overfull_compressobj])
def test_stream_cannot_be_used_while_it_raises(make, monkeypatch):
    """A stream is at work until its error is raised, and making the error may run Python code."""
    refused = []

    def use_again(self, *arguments):
        Exception.__init__(self, *arguments)
        for use in (again, stream.flush):
            with pytest.raises(RuntimeError, match="in use by this thread") as caught:
                use()
            refused.append(caught.type)

    def work(_number):
        with pytest.raises(ZstdError, match=r"Unknown frame descriptor|Src size is incorrect"):
            fail()

    stream, fail, again = make()
    with monkeypatch.context() as patches:
        patches.setattr(ZstdError, "__init__", use_again)
        in_threads(work, count=1)  # which would find out a stream that waits for itself
    assert refused == [RuntimeError, RuntimeError]
    with pytest.raises(ZstdError):
        again()
