"""Threads of the methods that work on many inputs in one call."""

import os
import pathlib
import sys
import threading
import time

import pytest

import child
import samples
from batches import DATA, FRAMES, all_methods, bytes_of, every_method
from callbacks import fail
from parallel import has_gil, in_threads, others_run
from zstandard import ZstdCompressor, ZstdDecompressor, compress

TASKS = pathlib.Path("/proc/self/task")


def threads_seen(call, expected):
    """Return how many threads a call has at most that were not there before.

    It is looked at now and then only, so the call is repeated until there are so many.
    """
    most = 0
    end = time.monotonic() + 30
    while True:
        most = max(most, len(new_threads(call)))
        if most >= expected or time.monotonic() >= end:
            return most


def new_threads(call):
    """Return those that were at some moment all there during the call, and not before."""
    before = {*TASKS.iterdir()}
    seen = [before]
    done, ready = threading.Event(), threading.Event()

    def look():
        own = TASKS / str(threading.get_native_id())
        before.add(own)
        while not done.is_set():
            seen.append({*TASKS.iterdir()})
            ready.set()

    watcher = threading.Thread(target=look)
    watcher.start()
    ready.wait()
    call()
    done.set()
    watcher.join()
    return max((threads - before for threads in seen), key=len)


has_proc = pytest.mark.skipif(not TASKS.is_dir(), reason="there is no /proc")


@pytest.mark.thread_unsafe(reason="counts the threads of the process")
@has_proc
@every_method
def test_so_many_threads_work(name):
    method, _ = all_methods()[name]
    item = samples.text(1_500_000)
    if "decompress" in name:
        item = ZstdCompressor(1).compress(item)
    items = [item] * 40
    assert threads_seen(lambda: method(items, threads=0), 0) == 0
    assert threads_seen(lambda: method(items, threads=1), 0) == 0
    assert threads_seen(lambda: method(items, threads=4), 3) == 3


@has_proc
def test_negative_count_of_threads_is_one_for_each_cpu(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    items = [samples.text(1_500_000)] * 20
    assert threads_seen(lambda: ZstdCompressor().multi_compress(items), 2) == 2
    assert threads_seen(lambda: ZstdCompressor().multi_compress(items, threads=-7), 2) == 2
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert threads_seen(lambda: ZstdCompressor().multi_compress(items), 0) == 0


def test_error_of_cpu_count_is_passed_on(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", fail)
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressor().multi_compress([b"abc"])


@pytest.mark.thread_unsafe(reason="counts the threads of the process")
@has_proc
def test_no_thread_is_started_for_little_work():
    items = [b"little"] * 100
    assert (
        threads_seen(lambda: [ZstdCompressor().multi_compress(items) for _ in range(200)], 0) == 0
    )


@pytest.mark.thread_unsafe(reason="counts the threads of the process")
def test_uneven_items_leave_no_thread_idle():
    # One item takes as long as all others. Half of the items, whichever, would not be half of the
    # work.
    items = [samples.text(2_000_000)] + [samples.text(20_000)] * 100
    compressor = ZstdCompressor(9)
    shares = []
    end = time.monotonic() + 30
    while time.monotonic() < end:
        mine, all_threads = time.thread_time(), time.process_time()
        compressor.multi_compress(items, threads=2)
        shares.append((time.thread_time() - mine) / (time.process_time() - all_threads))
        if 0.4 < shares[-1] < 0.6:
            return
    raise AssertionError(shares)


@has_gil
@pytest.mark.usefixtures("frequent_switches")
@every_method
@pytest.mark.parametrize("threads", [0, 2])
def test_other_threads_run_meanwhile(name, threads):
    method, _ = all_methods()[name]
    item = samples.text(100_000)
    items = [compress(item) if "decompress" in name else item] * 20
    assert others_run(lambda: lambda: method(items, threads=threads))


def test_many_batches_at_once():
    c, d = ZstdCompressor(), ZstdDecompressor()

    def work(number):
        for _ in range(5):
            results = c.multi_compress(DATA, threads=number % 4)
            assert results == FRAMES
            assert d.multi_decompress(results, threads=number % 3) == DATA
            buffers = c.multi_compress_to_buffer(DATA, threads=2)
            assert bytes_of(d.multi_decompress_to_buffer(buffers, threads=2)) == DATA

    in_threads(work)


def test_configuration_changed_by_another_thread():
    compressor = ZstdCompressor()
    allowed = [[ZstdCompressor(level).compress(data) for data in DATA] for level in (1, 3)]

    def work(number):
        for turn in range(20):
            if number % 2:
                compressor.__init__(1 if turn % 2 else 3)
            else:
                assert compressor.multi_compress(DATA, threads=3) in allowed

    in_threads(work)


def test_progression_is_that_of_other_calls():
    compressor = ZstdCompressor()
    compressor.compress(b"abc")
    compressor.multi_compress([b"defghi"])
    assert compressor.frame_progression() == (3, 3, 12)


def test_tracemalloc_does_not_meet_unknown_threads():
    code = """
        import tracemalloc, zstandard
        tracemalloc.start()
        c, d = zstandard.ZstdCompressor(), zstandard.ZstdDecompressor()
        data = [bytes([n]) * 200_000 for n in range(64)]
        for threads in (0, 4, 4):
            assert d.multi_decompress(c.multi_compress(data, threads=threads), threads=4) == data
            unsized = zstandard.ZstdCompressor(write_content_size=False).multi_compress(data)
            assert d.multi_decompress(unsized, threads=4) == data
            c.compress(data[0])
        print("done")
    """
    assert child.output_of(code) == "done"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_fork():
    c, d = ZstdCompressor(), ZstdDecompressor()
    work = c.multi_compress(DATA, threads=4)
    pid = os.fork()
    if pid == 0:
        good = c.multi_compress(DATA, threads=4) == work
        good = good and d.multi_decompress(work, threads=4) == DATA
        os._exit(0 if good else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert d.multi_decompress(c.multi_compress(DATA, threads=4), threads=4) == DATA


@pytest.mark.skipif(sys.platform != "linux", reason="limits elsewhere differ")
def test_fewer_threads_where_they_cannot_be_had():
    # A process takes the size of its threads' stacks from the limit that it is started with.
    code = """
        import os, resource, sys, threading, zstandard
        if resource.getrlimit(resource.RLIMIT_STACK)[0] != 1 << 30:
            resource.setrlimit(resource.RLIMIT_STACK, (1 << 30, resource.RLIM_INFINITY))
            os.execv(sys.executable, sys.orig_argv)
        data = [bytes([n]) * 200_000 for n in range(64)]
        c = zstandard.ZstdCompressor()
        frames = c.multi_compress(data, threads=4)
        pages = int(open("/proc/self/statm").read().split()[0])
        limit = pages * resource.getpagesize() + (1 << 29)
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))
        try:
            threading.Thread(target=print).start()
        except RuntimeError:
            assert c.multi_compress(data, threads=4) == frames
            print("done")
    """
    assert child.output_of(code) == "done"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="signals elsewhere differ")
def test_signals_are_left_to_python():
    code = """
        import signal, threading, time, zstandard
        got = []
        signal.signal(signal.SIGALRM, lambda *_: got.append(threading.current_thread()))
        data = [zstandard.compress(bytes(3_000_000))] * 200
        signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
        zstandard.ZstdDecompressor().multi_decompress(data, threads=4)
        signal.setitimer(signal.ITIMER_REAL, 0)
        assert set(got) == {threading.main_thread()}, got
        print("done")
    """
    assert child.output_of(code) == "done"
