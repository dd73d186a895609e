"""Allocations of libzstd that must not fail, since libzstd does not look whether they have.

They are told by their sizes, which are those of one release on a 64-bit machine.
"""

import platform
import re
from typing import NamedTuple

import zstandard as z

WITH_THREADS = r"\(threads\)"
TRAINING = r"^(train|finalize)_dictionary"


class Spared(NamedTuple):
    release: tuple[int, int, int]
    calls: str  # a pattern of their names
    kind: str
    size: int
    reason: str


SPARED = (
    Spared((1, 5, 4), WITH_THREADS, "calloc", 3520, "ZSTDMT_createCCtx(): the table of jobs"),
    Spared((1, 5, 7), WITH_THREADS, "calloc", 3648, "ZSTDMT_createCCtx(): the table of jobs"),
    Spared((1, 5, 4), WITH_THREADS, "calloc", 88, "ZSTDMT_freeCCtxPool() of none"),
    Spared((1, 5, 4), WITH_THREADS, "malloc", 5224, "ZSTDMT_freeCCtxPool(), for lack of a context"),
    *(
        Spared((1, 5, 4), TRAINING, "malloc", size, "ZSTD_createCDict_advanced2(): its memory")
        for size in (39400, 63976, 65976)
    ),
)


def is_known():
    """Return whether it is known what to spare of the libzstd at hand."""
    releases = {spared.release for spared in SPARED}
    return z.ZSTD_VERSION in releases and platform.machine() == "x86_64"


def is_left_out(name):
    """Return whether a call cannot be made, since it is not known what to spare."""
    return not is_known() and re.search(f"{WITH_THREADS}|{TRAINING}", name) is not None


def of_call(name):
    """Return what is to be spared in a call: pairs of kind and size."""
    return [
        (spared.kind, spared.size)
        for spared in SPARED
        if spared.release == z.ZSTD_VERSION and re.search(spared.calls, name)
    ]
