#!/usr/bin/env python3
"""Run tests while Python's collector comes by as often as it can: to objects half made, too.

The arguments are pytest's; without any it takes a few items of the tests below, and the scripts in
tests/isolated but for the slowest. Before 3.12, CPython collects where it allocates an object;
later ones wait until they are between two steps. A debug build sees whether what is found there
makes sense.
"""

import gc
import os
import sys
import tempfile
from pathlib import Path

import pytest

# A collection for every other object that is made: 0 would be for none at all.
THRESHOLD = 1
# How objects of each type are made, used and closed, by Python code in between, too.
TESTS = """
    batch chunker compression_obj compression_writer copy_stream decompression_obj dictionary error
    frame_info frame_listing frame_parameters iterator module parameters prefix reader reader_life
    reader_reentry segments skippable_frame training writer writer_object
""".split()
FEW_OF_EACH = [
    *("-p", "few_items", "--hypothesis-profile=few"),
    *(f"tests/test_{name}.py" for name in TESTS),
]
# All but repetitions by the thousand, which take minutes.
SCRIPTS = ["tests/test_isolated.py", "-k", "not (leaks or memory or stress or threads)"]


class Often:
    """A pytest plugin that has each test, and not what is around it, collect often."""

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self):
        """Set the threshold for the test itself."""
        before = gc.get_threshold()
        gc.set_threshold(THRESHOLD)
        try:
            return (yield)
        finally:
            gc.set_threshold(*before)


def main(arguments):
    """Run the tests; return the exit status: 0, or the greatest of pytest's."""
    os.chdir(Path(__file__).resolve().parent.parent)
    with tempfile.TemporaryDirectory() as folder:
        # For the processes that tests start: Python imports the module of this name at once.
        (Path(folder) / "sitecustomize.py").write_text(
            f"import gc\n\ngc.set_threshold({THRESHOLD})\n"
        )
        path = os.pathsep.join(filter(None, (folder, os.environ.get("PYTHONPATH"))))
        os.environ["PYTHONPATH"] = path
        runs = [arguments] if arguments else [FEW_OF_EACH, SCRIPTS]
        return max(
            pytest.main(["-q", "-p", "no:cacheprovider", *each], plugins=[Often()]) for each in runs
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
