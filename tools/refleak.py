"""Run each test again and again in one process; fail those after which references or memory grow.

Wants a debug build of CPython, for sys.gettotalrefcount(). The arguments are pytest's; without any
it takes all tests but those that do their work in other processes.
"""

import gc
import itertools
import sys

import hypothesis
import pytest
from _pytest.runner import runtestprotocol

WARM_UP = 4
MEASURED = 4
IN_OTHER_PROCESSES = ["tests/cli", "tests/test_isolated.py", "tests/test_oracle.py"]


class Repeater:
    """A pytest plugin that repeats each test and compares what is alive after each time."""

    def __init__(self):
        """Start without results."""
        self.tested = 0
        self.leaks = []

    def pytest_runtest_protocol(self, item, nextitem):
        """Run the test, and then as often as it takes to tell growth from caches that fill."""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        runtestprotocol(item, nextitem=nextitem)
        counts = []
        for _ in range(WARM_UP + MEASURED):
            item._initrequest()  # noqa: SLF001 (there is no public way to run an item again)
            runtestprotocol(item, nextitem=nextitem, log=False)
            gc.collect()
            counts.append((sys.gettotalrefcount(), sys.getallocatedblocks()))
        self.tested += 1
        growth = [
            (after[0] - before[0], after[1] - before[1])
            for before, after in itertools.pairwise(counts[-MEASURED - 1 :])
        ]
        if all(references > 0 for references, _ in growth):
            self.leaks.append(f"{item.nodeid}: references {[r for r, _ in growth]}")
        elif all(blocks > 0 for _, blocks in growth):
            self.leaks.append(f"{item.nodeid}: blocks {[b for _, b in growth]}")
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True


def main(arguments):
    """Run the tests and print what grows; return the exit status."""
    if not hasattr(sys, "gettotalrefcount"):
        sys.exit("this Python counts no references: a debug build is needed")
    # The same examples each time, or what hypothesis remembers of them would grow.
    hypothesis.settings.register_profile(
        "refleak", derandomize=True, database=None, deadline=None, max_examples=10
    )
    repeater = Repeater()
    options = ["-q", "-p", "no:cacheprovider", "--hypothesis-profile=refleak"]
    selected = arguments or [f"--ignore={path}" for path in IN_OTHER_PROCESSES]
    status = pytest.main([*options, *selected], plugins=[repeater])
    for leak in repeater.leaks:
        print(f"grows with each run: {leak}")
    print(f"refleak: {repeater.tested - len(repeater.leaks)} passed, {len(repeater.leaks)} failed")
    return int(status != 0 or bool(repeater.leaks))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
