"""Threads that work at once, and one that tells whether others are let run."""

import sys
import threading
import time

import pytest

THREADS = 8
DEADLINE = 60


def in_threads(work, count=THREADS):
    """Call work(number) in threads at once; return the results, or raise what one raised."""
    results, errors = {}, []
    start = threading.Barrier(count)

    def run(number):
        start.wait(DEADLINE)
        try:
            results[number] = work(number)
        except BaseException as error:  # noqa: BLE001 (to be raised in the main thread)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(i,), daemon=True) for i in range(count)]
    for thread in threads:
        thread.start()
    end = time.monotonic() + DEADLINE
    for thread in threads:
        thread.join(max(0, end - time.monotonic()))
    assert not any(thread.is_alive() for thread in threads), "threads hang"
    if errors:
        raise errors[0]
    return [results[number] for number in range(count)]


class Heartbeat:
    """A thread that counts, in an interpreter that switches threads only where one lets go."""

    def __enter__(self):
        self.beats = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()
        sys.setswitchinterval(1000)
        time.sleep(0.01)  # the thread may have begun to wait by the former interval
        return self

    def _beat(self):
        while not self._done.is_set():
            self.beats += 1
            time.sleep(0)

    def __exit__(self, *exception):
        self._done.set()
        self._thread.join()


def others_run(prepare):
    """Tell whether other threads run during the call that prepare() prepares."""
    with Heartbeat() as heart:
        end = time.monotonic() + 10
        while time.monotonic() < end:
            call = prepare()
            before = heart.beats
            call()
            if heart.beats > before:
                return True
    return False


has_gil = pytest.mark.skipif(
    not getattr(sys, "_is_gil_enabled", lambda: True)(), reason="threads run at all times"
)
