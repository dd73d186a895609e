"""Answers calls of what is in recipes.py with the zstandard in a folder: worker.py FOLDER.

Standard input has pickles of the calls, each a function's name and its arguments; standard output
gets pickles of their results, or of the Errors that they raised.
"""

import pickle
import sys
from pathlib import Path

FOLDER = sys.argv[1]
# In place of the worker's own folder: the one with zstandard, and the one of the tests.
sys.path[:1] = [FOLDER, str(Path(__file__).resolve().parent.parent)]

import zstandard  # noqa: E402
from interchange import recipes  # noqa: E402
from oracle.outcome import result_of  # noqa: E402

if not Path(zstandard.__file__).is_relative_to(FOLDER):
    raise ImportError(f"zstandard was imported from {zstandard.__file__}, not {FOLDER}")


def answer(name: str, *arguments: object) -> object:
    return result_of(lambda: getattr(recipes, name)(*arguments))


while sys.stdin.buffer.peek(1):
    result = answer(*pickle.load(sys.stdin.buffer))
    sys.stdout.buffer.write(pickle.dumps(result))
    sys.stdout.buffer.flush()
