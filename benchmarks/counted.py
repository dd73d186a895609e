"""What instructions.py runs in callgrind: counted.py CLIENT, the library that talks to it.

Each case leaves two dumps, named by it and its repetitions: they differ in the repetitions alone.
"""

import ctypes
import sys
import timeit

import small_calls
import zstandard

# libzstd gives back memory that was too much for 128 calls; that comes before the counting.
WARM_UP = 300
COUNT = 300  # Python has small numbers ready, so one of them would take less than its double
COUNT_MIN = 8  # of statements that go through many items


def main(client: str) -> None:
    """Run each case."""
    library = ctypes.CDLL(client)
    names = {**vars(small_calls), "z": zstandard}
    for name, call in small_calls.CASES.items():
        timer = timeit.Timer(call.statement, call.setup, globals=names)
        try:
            timer.timeit(max(COUNT_MIN, WARM_UP // call.items))
        except OSError:  # 0.25.0 reads no lines
            continue
        count = max(COUNT_MIN, COUNT // call.items)
        for repetitions in (count, 2 * count):
            label = f"{name}/{repetitions}".encode()
            library.dump(b"what came before")  # to zero the counts would leave some behind
            timer.timeit(repetitions)
            library.dump(label)


if __name__ == "__main__":
    main(*sys.argv[1:])
