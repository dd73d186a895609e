"""Run each test again and again in one process; fail those after which something grows each time.

That is: references to objects, a buffer that is not released being one, and bytes from malloc(),
where libzstd's contexts are and all else that is no object. Wants a debug build of CPython, which
counts the references, and the GNU C library, which tells of malloc(). The arguments are pytest's;
without any it takes all tests but those of LEFT_OUT. Of a test with many parameters it takes a few:
they differ in values, and not in what is made and freed. Properties are left out: what hypothesis
remembers of its examples grows by itself.
"""

import gc
import sys
import tempfile
import tracemalloc
from collections import defaultdict
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import malloc

# Caches fill in the first runs; what grows in each of so many is a leak.
RUNS = 16
FEW = 2
REFERENCES = "references"
MALLOC = "bytes from malloc()"
LEFT_OUT = [
    "tests/cli",  # these do their work in other processes
    "tests/test_interchange.py",
    "tests/test_isolated.py",
    "tests/test_oracle.py",
    "tests/test_long.py",  # makes what others make, of more data
]


def measure():
    """Return what is alive: how much of each kind."""
    gc.collect()
    return {REFERENCES: sys.gettotalrefcount(), MALLOC: malloc.taken()}


def is_property(item):
    """Return whether hypothesis runs the test, by @given or as a state machine."""
    function = getattr(item, "obj", None)
    return getattr(function, "is_hypothesis_test", False)


class Sibling:
    """What comes after a test as far as pytest knows: another one of its module.

    So the module is not ended after each run, of which pytest keeps account for the session.
    """

    def __init__(self, item):
        """Stand beside an item."""
        self.item = item

    def listchain(self):
        """Return what is kept up for it, from the session to itself."""
        return [*self.item.parent.listchain(), self]


class Repeater:
    """A pytest plugin that repeats each test and compares what is alive after each time."""

    def __init__(self):
        """Start without results, and with an ear to tracemalloc."""
        self.tested = 0
        self.leaks = []
        self.traces = False
        start = tracemalloc.start

        def start_and_tell(*arguments):
            self.traces = True
            start(*arguments)

        tracemalloc.start = start_and_tell

    def pytest_collection_modifyitems(self, items):
        """Leave the properties out, and all but a few items of each test."""
        by_test = defaultdict(list)
        for item in items:
            if not is_property(item):
                by_test[item.nodeid.partition("[")[0]].append(item)
        few = (some[:: max(1, len(some) // FEW)] for some in by_test.values())
        items[:] = [item for some in few for item in some[:FEW]]
        gc.freeze()  # what is there so far: to go through it would take as long as most tests

    @pytest.fixture
    def tmp_path(self):
        """Make a folder for a test, of which pytest does not keep account as of its own."""
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)

    def pytest_runtest_protocol(self, item, nextitem):
        """Run the test, and again until a run leaves no more than it found, or too many have."""
        item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        runtestprotocol(item, nextitem=Sibling(item))
        if grown := self.growth(item):
            more = ", ".join(f"{count:+} {kind}" for kind, count in grown.items())
            self.leaks.append(f"{item.nodeid}: {more}")
        self.tested += 1
        item.session._setupstate.teardown_exact(nextitem)  # noqa: SLF001 (nor to end its module)
        item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        return True

    def growth(self, item):
        """Repeat a test; return what every run has left more of, and how much the last one has."""
        after = measure()
        grown = dict(after)
        if self.traces:  # each time tracemalloc is started, it leaves about 1 KB
            del grown[MALLOC]
            self.traces = False
        for _ in range(RUNS):
            before = after
            item._initrequest()  # noqa: SLF001 (there is no public way to run an item again)
            runtestprotocol(item, nextitem=Sibling(item), log=False)
            after = measure()
            grown = {
                kind: after[kind] - before[kind] for kind in grown if after[kind] > before[kind]
            }
            if not grown:
                break
        return grown


def main(arguments):
    """Run the tests and print what grows; return the exit status."""
    if not hasattr(sys, "gettotalrefcount"):
        sys.exit("this Python counts no references: a debug build is needed")
    repeater = Repeater()
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:logging"]  # it keeps what is logged
    selected = arguments or [f"--ignore={path}" for path in LEFT_OUT]
    status = pytest.main([*options, *selected], plugins=[repeater])
    for leak in repeater.leaks:
        print(f"grows with each run: {leak}")
    print(f"refleak: {repeater.tested - len(repeater.leaks)} passed, {len(repeater.leaks)} failed")
    return int(status != 0 or bool(repeater.leaks))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
