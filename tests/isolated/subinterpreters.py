"""A subinterpreter that makes an object of every type, and ends, leaves nothing of them."""

import gc
import itertools
import sys

import malloc
from interpreters import run

COUNT = 5
# A type that stays keeps its module and what is in it: a megabyte that malloc() gave. Memory of
# objects is not counted: without the GIL, CPython itself leaves that of interpreters that end.
ALLOWANCE = 50_000 * COUNT
USE = """
from makers import MAKERS
import zstandard as z

assert type(z) is type(sys) and z.ZstdCompressor.__module__ == "zstandard.backend_c"
for all_makers in MAKERS.values():
    for make in all_makers:
        make()
        last = make()
z.kept = [make() for all_makers in MAKERS.values() for make in all_makers[:2]]
frame = z.compress(b"content")
assert z.decompress(frame) == b"content"
try:
    z.decompress(b"junk")
except z.ZstdError:
    pass
"""


def growth(code):
    """Return by how much memory grows, once what is kept for all interpreters is there."""
    for _ in range(3):
        run(code)
    gc.collect()
    before = malloc.taken()
    for _ in range(COUNT):
        run(code)
    gc.collect()
    return malloc.taken() - before


def references_left(code):
    """Return how many references and blocks each of some interpreters leaves, on a debug build."""
    counts = []
    for _ in range(8):
        run(code)
        gc.collect()
        counts.append((sys.gettotalrefcount(), sys.getallocatedblocks()))
    pairs = itertools.pairwise(counts[2:])
    return [(late[0] - early[0], late[1] - early[1]) for early, late in pairs]


if hasattr(sys, "gettotalrefcount"):
    left, by_others = references_left(USE), references_left("import contextlib, copy, functools")
    assert left == by_others, f"interpreters leave {left}, and others {by_others}"

of_python = growth("import contextlib, copy, struct, functools")
grown = growth(USE) - of_python
assert grown < ALLOWANCE, f"{grown} bytes were left by {COUNT} interpreters"
