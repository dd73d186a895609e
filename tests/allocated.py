"""How much memory calls take and their results hold, as tracemalloc has it, with libzstd's.

A context that was large for 128 frames is made smaller: such a call takes memory that has nothing
to do with it. So what is held is known when it goes, and a peak that is small by a second call.
"""

import contextlib
import tracemalloc


@contextlib.contextmanager
def at_most_allocated(limit):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


def held_by_result(call, *arguments):
    """Return the size of what goes when the result of the call goes."""
    tracemalloc.start()
    try:
        result = call(*arguments)
        with_result = tracemalloc.get_traced_memory()[0]
        del result
        return with_result - tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def least_peak(call):
    """Return the most that was in use at a time, in the smaller of two calls."""

    def peak():
        tracemalloc.start()
        try:
            call()
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return min(peak(), peak())
