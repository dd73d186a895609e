"""Interpreters in this process beside the main one."""

import sys

try:
    import _interpreters
except ImportError:  # before CPython 3.13
    import _xxsubinterpreters as _interpreters

_PRELUDE = f"""
import sys
sys.path[:] = {sys.path!r}
import warnings
warnings.simplefilter("ignore", ResourceWarning) # debug builds show it
"""


def _create(*, own_gil):
    if sys.version_info < (3, 13):
        return _interpreters.create(isolated=own_gil)
    return _interpreters.create("isolated" if own_gil else "legacy")


def run(code, *, own_gil=False):
    """Run the code in an interpreter made for it, which ends.

    own_gil: whether it shares nothing with the others, as far as CPython can; 3.11 has them share
    the GIL all the same.
    """
    interpreter = _create(own_gil=own_gil)
    try:
        # From CPython 3.13 on, what was raised is returned.
        raised = _interpreters.run_string(interpreter, _PRELUDE + code)
        assert raised is None, raised
    finally:
        _interpreters.destroy(interpreter)
