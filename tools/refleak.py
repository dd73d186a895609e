"""Run each test again and again in one process; fail those after which references or memory grow.

Wants a debug build of CPython, for sys.gettotalrefcount(). The arguments are pytest's; without any
it takes all tests but those that do their work in other processes.
"""

import gc
import sys

import pytest
from _pytest.runner import runtestprotocol

# Caches fill in the first runs; what grows in each of so many is a leak.
RUNS = 8
IN_OTHER_PROCESSES = ["tests/cli", "tests/test_isolated.py", "tests/test_oracle.py"]


class Repeater:
    """A pytest plugin that repeats each test and compares what is alive after each time."""

    def __init__(self):
        """Start without results."""
        self.tested = 0
        self.leaks = []

    def pytest_sessionstart(self):
        """Have the same examples each time, or what hypothesis remembers of them would grow."""
        import hypothesis  # noqa: PLC0415 (pytest wants to be the first to import it)

        hypothesis.settings.register_profile(
            "refleak", derandomize=True, database=None, deadline=None, max_examples=10
        )
        hypothesis.settings.load_profile("refleak")

    def pytest_collection_finish(self):
        """Leave all that was made so far to itself, so that collecting garbage is quick."""
        gc.collect()
        gc.freeze()

    def pytest_runtest_protocol(self, item, nextitem):
        """Run the test, and again until a run leaves no more than it found, or too many have."""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        runtestprotocol(item, nextitem=nextitem)
        if grown := self.growth(item, nextitem):
            self.leaks.append(f"{item.nodeid}: {grown[0]:+} references, {grown[1]:+} blocks")
        self.tested += 1
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def growth(self, item, nextitem):
        """Repeat a test; return by how much the last run has grown if all have, else None."""
        before = after = (0, 0)
        for _ in range(RUNS):
            item._initrequest()  # noqa: SLF001 (there is no public way to run an item again)
            runtestprotocol(item, nextitem=nextitem, log=False)
            gc.collect()
            # Two pairs of numbers are kept at any time: what is measured must not grow by itself.
            before, after = after, (sys.gettotalrefcount(), sys.getallocatedblocks())
            if after[0] <= before[0] and after[1] <= before[1]:
                return None
        return after[0] - before[0], after[1] - before[1]


def main(arguments):
    """Run the tests and print what grows; return the exit status."""
    if not hasattr(sys, "gettotalrefcount"):
        sys.exit("this Python counts no references: a debug build is needed")
    repeater = Repeater()
    options = ["-q", "-p", "no:cacheprovider"]
    selected = arguments or [f"--ignore={path}" for path in IN_OTHER_PROCESSES]
    status = pytest.main([*options, *selected], plugins=[repeater])
    for leak in repeater.leaks:
        print(f"grows with each run: {leak}")
    print(f"refleak: {repeater.tested - len(repeater.leaks)} passed, {len(repeater.leaks)} failed")
    return int(status != 0 or bool(repeater.leaks))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
