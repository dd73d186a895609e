"""Both readers while they are at work: used from their source, an argument or another thread."""

import gc
import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import samples
from callbacks import Buffer, Index, buffers_can_call_back
from sources import (
    LITTLE_WAYS,
    READS,
    READS_OF_ALL,
    USES_OF_WAYS,
    Script,
    Source,
    read_into,
)

DEADLINE = 60

each_use = pytest.mark.parametrize(("way", "use"), USES_OF_WAYS)


@pytest.fixture(params=LITTLE_WAYS)
def way(request):
    return LITTLE_WAYS[request.param]


# --- re-entry ---


@each_use
@pytest.mark.parametrize("read", READS | READS_OF_ALL)
def test_source_cannot_use_the_reader_from_read(way, read, use):
    refused = []

    def reenter():
        with pytest.raises(RuntimeError, match="in use by this thread") as caught:
            use(reader)
        refused.append(caught.type)
        return way.data

    reader = way.open(Script(reenter))
    first = (READS | READS_OF_ALL)[read](reader, 10)
    assert refused == [RuntimeError]
    assert first + reader.read() == way.result


def test_source_cannot_close_the_reader_from_read(way):
    def close():
        with pytest.raises(RuntimeError, match="in use by this thread"):
            reader.close()
        assert not reader.closed
        return way.data

    reader = way.open(Script(close))
    assert reader.read() == way.result


def test_source_that_lets_the_refusal_pass(way):
    script = Script()
    reader = way.open(script)
    script.results = [reader.close, way.data]
    with pytest.raises(RuntimeError, match="in use by this thread"):
        reader.read()
    assert reader.read() == way.result


def test_source_cannot_leave_the_reader_from_read(way):
    reader = way.open(Script(lambda: reader.__exit__(None, None, None), way.data))
    with pytest.raises(RuntimeError, match="in use by this thread"):
        reader.read()
    assert not reader.closed


def test_source_may_ask_the_reader_for_its_state(way):
    states = []

    def ask():
        states.append((reader.tell(), reader.closed, reader.readable(), reader.total_out))
        return way.data

    reader = way.open(Script(ask))
    reader.read()
    assert states == [(0, False, True, 0)]


@pytest.mark.parametrize("read", READS | READS_OF_ALL)
def test_source_that_frees_the_reader_from_read(way, read):
    holder = []

    def free():
        holder.clear()
        gc.collect()
        return way.data

    holder.append(way.open(Script(free)))
    assert way.result.startswith((READS | READS_OF_ALL)[read](holder[0], 10))
    assert holder == []


def test_source_cannot_resize_what_it_returned():
    """The reader stops within the result, at a frame's end, and holds it."""
    way = LITTLE_WAYS["decompression"]
    result = bytearray(way.data * 2)
    reader = way.open(Script(result))
    reader.read(1)
    with pytest.raises(BufferError):
        result.clear()
    assert reader.read(1000) + reader.read() == way.result[1:] + way.result
    assert samples.is_released(result)


def test_source_cannot_resize_the_target(way):
    target = bytearray(len(way.result))

    def resize():
        with pytest.raises(BufferError):
            target.clear()
        return way.data

    assert way.open(Script(resize)).readinto(target) == len(way.result)
    assert target == way.result


def test_source_may_close_the_reader_from_close(way):
    class Mutual(Source):
        def close(self):
            super().close()
            self.reader.close()

    source = Mutual(way.data)
    source.reader = way.open(source)
    source.reader.close()
    assert source.closings == 1


def test_reader_is_closed_when_the_source_is(way):
    class Curious(Source):
        def close(self):
            with pytest.raises(ValueError, match="stream is closed"):
                self.reader.read()
            super().close()

    source = Curious(way.data)
    source.reader = way.open(source)
    source.reader.close()
    assert source.closings == 1


@pytest.mark.parametrize("method", ["read", "read1"])
def test_closed_by_an_argument(way, method):
    reader = way.open(way.data)
    with pytest.raises(ValueError, match="stream is closed"):
        getattr(reader, method)(Index(5, reader.close))


@pytest.mark.parametrize("method", ["read", "read1"])
def test_read_by_an_argument(way, method):
    reader = way.open(io.BytesIO(way.data))
    results = []
    argument = Index(5, lambda: results.append(reader.read(7)))
    results.append(getattr(reader, method)(argument))
    assert results == [way.result[:7], way.result[7:12]]


@buffers_can_call_back
@pytest.mark.parametrize("method", ["readinto", "readinto1"])
def test_target_cannot_close_the_reader(way, method):
    reader = way.open(way.data)
    with pytest.raises(RuntimeError, match="in use by this thread"):
        getattr(reader, method)(Buffer(bytearray(5), reader.close))
    assert not reader.closed


# --- threads ---


class Gate:
    """A source that another thread has to let go on, and that one thread at a time may read."""

    def __init__(self, data):
        self.source = Source(data, 10)
        self.inside = threading.Semaphore()
        self.entered = threading.Event()
        self.open = threading.Event()

    def read(self, size):
        assert self.inside.acquire(blocking=False), "two threads at once"
        self.entered.set()
        assert self.open.wait(DEADLINE)
        self.inside.release()
        return self.source.read(size)


@pytest.fixture
def threads():
    with ThreadPoolExecutor(16) as pool:  # for a test that runs in four threads at once, too
        yield pool


@pytest.mark.parametrize("read", READS)
def test_threads_wait_for_each_other(way, threads, read):
    gate = Gate(way.data)
    reader = way.open(gate)
    readers = [threads.submit(READS[read], reader, 5) for _ in range(4)]
    assert gate.entered.wait(DEADLINE)
    gate.open.set()
    results = [each.result(DEADLINE) for each in readers]
    start = b"".join(results)
    assert sorted(start) == sorted(way.result[: len(start)])
    assert reader.read() == way.result[len(start) :]


def test_close_waits_for_a_read(way, threads):
    gate = Gate(way.data)
    reader = way.open(gate)
    reading = threads.submit(reader.read)
    assert gate.entered.wait(DEADLINE)
    closing = threads.submit(reader.close)
    gate.open.set()
    assert reading.result(DEADLINE) == way.result
    closing.result(DEADLINE)
    assert reader.closed


def test_reads_that_wait_for_a_close(way, threads):
    """Those that come after it find the reader closed, and the others get their part."""
    for _ in range(20):
        gate = Gate(way.data)
        reader = way.open(gate)
        reading = threads.submit(read_into, reader, 5)
        assert gate.entered.wait(DEADLINE)
        closing = threads.submit(reader.close)
        others = [threads.submit(reader.read, 5) for _ in range(2)]
        gate.open.set()
        closing.result(DEADLINE)
        parts = [reading.result(DEADLINE)]
        for each in others:
            try:
                parts.append(each.result(DEADLINE))
            except ValueError as error:
                assert str(error) == "stream is closed"  # noqa: PT017 (may be raised or not)
        start = b"".join(parts)
        assert sorted(start) == sorted(way.result[: len(start)])


def test_state_can_be_asked_while_another_thread_reads(way, threads):
    gate = Gate(way.data)
    reader = way.open(gate)
    reading = threads.submit(reader.read)
    assert gate.entered.wait(DEADLINE)
    states = threads.submit(lambda: (reader.tell(), reader.closed, reader.readable()))
    assert states.result(DEADLINE) == (0, False, True)
    gate.open.set()
    assert reading.result(DEADLINE) == way.result
