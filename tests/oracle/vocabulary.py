"""The words, besides Python's own, that the cases are written in.

To run a case by hand, import all from here and evaluate it.
"""

# ruff: noqa: F401 - what is imported is for the cases.

import array
import copy
import ctypes
import importlib
import mmap
import os
import pickle
import weakref
from collections.abc import Callable, Iterable
from functools import partial
from itertools import product

import zstandard as z
from frames import MAGIC, header, raw_block, skippable
from oracle.inputs import *  # noqa: F403
from oracle.outcome import (
    Aftermath,
    Error,
    Native,
    Outcome,
    Packed,
    Value,
    attempt,
    describe,
    outcome_of,
)

C = z.ZstdCompressor
D = z.ZstdDecompressor
CO = type(C().compressobj())
DO = type(D().decompressobj())
FP = z.FrameParameters

NATIVE_FAILURES = (
    "error ending compression stream: ",
    "zstd compress error: ",
    "zstd decompressor error: ",
)


class Index:
    """A number that is no int."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __index__(self) -> int:
        return self.value


class Failing:
    """An object whose conversions all fail."""

    def __index__(self) -> int:
        raise LookupError("no index")

    def __bool__(self) -> bool:
        raise LookupError("no truth")

    def __len__(self) -> int:
        raise LookupError("no length")


# --- marks on results ---


def packed(data: object) -> Outcome:
    """Mark compressed data."""
    return Packed(data) if type(data) is bytes else outcome_of(data)


def native(value: object) -> Outcome:
    """Mark what depends on libzstd's version."""
    return Native(describe(value))


def fields(parameters: FP) -> tuple[object, ...]:
    """Return what a FrameParameters says."""
    return (
        parameters.content_size,
        parameters.window_size,
        parameters.dict_id,
        parameters.has_checksum,
    )


# --- several calls ---


def each(call: Callable[[object], object], values: Iterable[object]) -> dict[str, Outcome]:
    """Return the outcomes of the call by its argument, for all values."""
    return {describe(value): attempt(partial(call, value)) for value in values}


def perform(target: object, call: str, given: object = None) -> object:
    """Return what a call of the target, or its attribute, gives."""
    return eval(f"target.{call}", globals() | {"target": target, "given": given})


def steps(target: object, *calls: str, given: object = None) -> list[Outcome]:
    """Return the outcomes of calls of one object."""
    return [attempt(partial(perform, target, call, given)) for call in calls]


def mark_aftermath(outcomes: list[Outcome]) -> list[Outcome]:
    """Mark what follows a failure of libzstd's."""
    for place, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, Error) and outcome.message.startswith(NATIVE_FAILURES):
            return [*outcomes[:place], *map(Aftermath, outcomes[place:])]
    return outcomes


def compressing(target: CO, *calls: str, given: object = None) -> list[Outcome]:
    """Return all that calls of a compressobj give, then the outcome of each, as a length."""
    output = []

    def length(call: str) -> object:
        piece = perform(target, call, given)
        output.append(piece)
        return native(len(piece)) if type(piece) is bytes else piece

    outcomes = [attempt(partial(length, call)) for call in calls]
    return [packed(b"".join(output)), *mark_aftermath(outcomes)]


def decompressing(target: DO, *calls: str, given: object = None) -> list[Outcome]:
    """Return the outcomes of calls of a decompressobj, each with its attributes afterwards."""
    outcomes: list[Outcome] = []
    for call in calls:
        outcomes.append(attempt(partial(perform, target, call, given)))
        attributes = target.eof, target.unused_data, target.unconsumed_tail
        outcomes.append(Value(describe(attributes)))
    return mark_aftermath(outcomes)


def halves(target: DO, data: bytes, size: int) -> list[Outcome]:
    """Return what a decompressobj gives for data in two pieces, the first of the size."""
    calls = f"decompress(given[:{size}])", f"decompress(given[{size}:])"
    return decompressing(target, *calls, given=data)


def fed(target: CO, data: bytes, step: int, flush_every: int = 0) -> list[Outcome]:
    """Return the lengths that a compressobj gives for data in pieces, and the frame."""
    output = []
    for number, start in enumerate(range(0, len(data), step), 1):
        output.append(target.compress(data[start : start + step]))
        if flush_every and number % flush_every == 0:
            output.append(target.flush(z.COMPRESSOBJ_FLUSH_BLOCK))
    output.append(target.flush())
    return [native([len(piece) for piece in output]), packed(b"".join(output))]


def received(target: DO, data: bytes, step: int) -> list[Outcome]:
    """Return what a decompressobj gives for data in pieces, up to the end or an error."""
    outcomes: list[Outcome] = []
    for start in range(0, len(data), step):
        outcomes.append(attempt(partial(target.decompress, data[start : start + step])))
        if target.eof or isinstance(outcomes[-1], Error):
            break
    return [*outcomes, Value(describe((target.eof, target.unused_data)))]


def progression(*operations: str) -> list[Outcome]:
    """Return frame_progression() of a compressor after each operation on it and its compressobj."""
    compressor = C()
    stream = compressor.compressobj()
    outcomes = []
    for operation in operations:
        match operation:
            case "one-shot":
                compressor.compress(b"abc")
            case "new":
                stream = compressor.compressobj()
            case _:
                outcomes.append(attempt(partial(perform, stream, operation)))
        outcomes.append(Value(describe(compressor.frame_progression())))
    return outcomes


def import_with_policy(policy: str) -> str:
    """Return the backend that an import under the policy leads to."""
    os.environ["PYTHON_ZSTANDARD_IMPORT_POLICY"] = policy
    try:
        return importlib.reload(z).backend
    finally:
        del os.environ["PYTHON_ZSTANDARD_IMPORT_POLICY"]
