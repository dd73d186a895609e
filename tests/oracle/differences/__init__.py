"""The differences from 0.25.0 that are meant: docs/differences.md tells users of each."""

from oracle.differences import (
    arguments,
    batch,
    calls,
    dictionaries,
    parameters,
    reading,
    types,
    writing,
)
from oracle.differences.meant import Meant, glob

__all__ = ["DIFFERENCES", "LIBZSTD_DIFFERS", "Meant", "glob"]

# Cases in which versions of libzstd differ: what they notice of damage, and what is a skippable
# frame's dictionary.
LIBZSTD_DIFFERS = (
    "each(lambda n: *D()*flipped(*",
    "*get_frame_parameters(*skippable(*",
    "*get_frame_parameters(*SKIPPABLE*",
    "*D(format=1)*SKIPPABLE*",
)

# By the heading in the page.
DIFFERENCES = (
    calls.DIFFERENCES
    | reading.DIFFERENCES
    | writing.DIFFERENCES
    | arguments.DIFFERENCES
    | parameters.DIFFERENCES
    | types.DIFFERENCES
    | dictionaries.DIFFERENCES
    | batch.DIFFERENCES
)
