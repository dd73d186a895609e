"""The words, besides Python's own, that the cases are written in.

To run a case by hand, import all from here and evaluate it.
"""

# ruff: noqa: F401 - what is imported is for the cases.

import array
import copy
import ctypes
import importlib
import io
import mmap
import os
import pickle
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, cycle, islice, pairwise, product
from pathlib import Path
from types import SimpleNamespace

import zstandard as z
from frames import MAGIC, header, raw_block, skippable
from oracle.files import Answers, Recorder, Sink, Source
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
    result_of,
)

C = z.ZstdCompressor
D = z.ZstdDecompressor
CP = z.ZstdCompressionParameters
CO = type(C().compressobj())
DO = type(D().decompressobj())
CI = type(C().read_to_iter(b""))
DI = type(D().read_to_iter(b""))
CK = type(C().chunker())
KI = type(C().chunker().finish())
CR = z.ZstdCompressionReader
DR = z.ZstdDecompressionReader
CW = z.ZstdCompressionWriter
DW = z.ZstdDecompressionWriter
FP = z.FrameParameters
BW = z.BufferWithSegments
BS = z.BufferSegments
BG = z.BufferSegment
BC = z.BufferWithSegmentsCollection
CD = z.ZstdCompressionDict

NATIVE_FAILURES = (
    "error ending compression stream: ",
    "zstd compress error: ",
    "zstd decompress error: ",
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


class Opener:
    """An object with a path, or something else in its place."""

    def __init__(self, path: object) -> None:
        self.path = path

    def __fspath__(self) -> object:
        return self.path


# --- marks on results ---


def packed(data: object) -> Outcome:
    """Mark compressed data."""
    return Packed(data) if type(data) is bytes else outcome_of(data)


def native(value: object) -> Outcome:
    """Mark what depends on libzstd's version, errors excepted."""
    if isinstance(value, list) and any(isinstance(item, Error) for item in value):
        return [native(item) for item in value]
    return value if isinstance(value, Error) else Native(describe(value))


def fields(parameters: FP) -> tuple[object, ...]:
    """Return what a FrameParameters says."""
    return (
        parameters.content_size,
        parameters.window_size,
        parameters.dict_id,
        parameters.has_checksum,
    )


def settings(parameters: CP) -> tuple[int, ...]:
    """Return the values of all parameters that 0.25.0 has."""
    return (
        parameters.format,
        parameters.compression_level,
        parameters.window_log,
        parameters.hash_log,
        parameters.chain_log,
        parameters.search_log,
        parameters.min_match,
        parameters.target_length,
        parameters.strategy,
        parameters.write_content_size,
        parameters.write_checksum,
        parameters.write_dict_id,
        parameters.job_size,
        parameters.overlap_log,
        parameters.force_max_window,
        parameters.enable_ldm,
        parameters.ldm_hash_log,
        parameters.ldm_min_match,
        parameters.ldm_bucket_size_log,
        parameters.ldm_hash_rate_log,
        parameters.threads,
    )


# --- several calls ---


def each(call: Callable[[object], object], values: Iterable[object]) -> dict[str, Outcome]:
    """Return the outcomes of the call by its argument, for all values."""
    return {describe(value): attempt(partial(call, value)) for value in values}


def perform(target: object, call: str, given: object = None) -> object:
    """Return what a call of the target gives, or its attribute, or an expression that names it."""
    expression = call if "target" in call else f"target.{call}"
    return eval(expression, globals() | {"target": target, "given": given})


def steps(target: object, *calls: str, given: object = None) -> list[Outcome]:
    """Return the outcomes of calls of one object."""
    return [attempt(partial(perform, target, call, given)) for call in calls]


def mark_aftermath(outcomes: list[Outcome]) -> list[Outcome]:
    """Mark what follows a failure of libzstd's."""
    for place, outcome in enumerate(outcomes, 1):
        if isinstance(outcome, Error) and outcome.message.startswith(NATIVE_FAILURES):
            return [*outcomes[:place], *map(Aftermath, outcomes[place:])]
    return outcomes


def joined(results: Iterable[object]) -> list[Outcome]:
    """Return all compressed data among results, then the outcome of each, as a length."""
    results = list(results)
    data = b"".join(piece for piece in results if type(piece) is bytes)
    lengths = (native(len(one)) if type(one) is bytes else outcome_of(one) for one in results)
    return [packed(data), *mark_aftermath(list(lengths))]


def compressing(target: object, *calls: str, given: object = None) -> list[Outcome]:
    """Return all that calls of a compressor give, then the outcome of each, as a length."""
    return joined(result_of(partial(perform, target, call, given)) for call in calls)


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


# --- segments ---


def numbers(*values: int) -> bytes:
    """Return numbers as the arrays of segments and of sizes have them."""
    return array.array("Q", values).tobytes()


def joint(*items: bytes) -> BW:
    """Return a BufferWithSegments of the items."""
    ends = [sum(map(len, items[:place])) for place in range(len(items))]
    pairs = zip(ends, map(len, items), strict=True)
    return BW(b"".join(items), numbers(*chain.from_iterable(pairs)))


def pieces(sequence: BW | BC) -> list[bytes]:
    """Return copies of the segments."""
    return [segment.tobytes() for segment in sequence]


def packed_pieces(sequence: BC) -> list[Outcome]:
    """Return copies of segments that are compressed data."""
    return list(map(packed, pieces(sequence)))


# --- dictionaries ---


def sealed(dictionary: CD, frame: bytes, **options: int) -> list[Outcome]:
    """Return a frame that a dictionary belongs to, and the content."""
    decompressor = D(dict_data=dictionary, **options)
    content = attempt(partial(decompressor.decompress, frame, max_output_size=1 << 20))
    return [native(frame), content]


def trained(*arguments: object, **options: object) -> list[Outcome]:
    """Return what training gives."""
    dictionary = z.train_dictionary(*arguments, **options)
    return [native(dictionary.as_bytes()), native(dictionary.k), native(dictionary.d)]


def chained(contents: list[bytes], level: int = 3) -> list[bytes]:
    """Return frames, each with the content before as dictionary."""
    frames = [C(level).compress(contents[0])]
    for before, content in pairwise(contents):
        frames.append(C(level, dict_data=CD(before, 1)).compress(content))
    return frames


# --- streams ---


def watched(target: object, other: Recorder, *calls: str, given: object = None) -> list[Outcome]:
    """Return the outcomes of calls of a stream, each with its own calls of the other side."""
    outcomes: list[Outcome] = [Value(describe(other.calls()))]
    for call in calls:
        before = len(other.log)
        outcomes.append(attempt(partial(perform, target, call, given)))
        outcomes.append(Value(describe(other.calls(before))))
    return mark_aftermath(outcomes)


def drawn(reader: CR | DR, method: str, *sizes: int) -> list[object]:
    """Return what a reader gives until it gives nothing or fails, for sizes by turns."""
    results = []
    for size in islice(cycle(sizes), 20_000):
        results.append(result_of(partial(draw, reader, method, size)))
        if not results[-1] or isinstance(results[-1], Error):
            break
    return results


def merged(results: Iterable[object]) -> list[object]:
    """Return all data among results in one piece, then the other results."""
    results = list(results)
    data = b"".join(one for one in results if type(one) is bytes)
    return [data, *(one for one in results if type(one) is not bytes)]


def whole(reader: CR | DR, *calls: str) -> list[object]:
    """Return all that calls of a reader and then read() give, as one, and other results."""
    results = [result_of(partial(perform, reader, call)) for call in calls]
    return [*merged([*results, reader.read()]), reader.tell()]


def draw(reader: CR | DR, method: str, size: int) -> bytes:
    """Return what one call of a reader's method gives."""
    if not method.startswith("readinto"):
        return getattr(reader, method)(size)
    buffer = bytearray(size)
    return bytes(buffer[: getattr(reader, method)(buffer)])


def pulled(iterator: CI | DI | KI) -> list[object]:
    """Return what an iterator gives until it ends or fails."""
    results = []
    while not isinstance(result := result_of(partial(next, iterator)), Error):
        results.append(result)
    return results if result.kind == "StopIteration" else [*results, result]


def chunked(chunker: CK, *calls: str, given: object = None) -> list[object]:
    """Return what the iterators that calls of a chunker give yield, and the errors of the calls."""
    results = []
    for call in calls:
        result = result_of(partial(perform, chunker, call, given))
        results += [result] if isinstance(result, Error) else pulled(result)
    return results


def written(writer: CW | DW, data: bytes, step: int, flush_every: int = 0) -> list[Outcome]:
    """Return what a writer's calls give for data in pieces, and its end, up to an error."""
    outcomes: list[Outcome] = []
    for number, start in enumerate(range(0, len(data), step), 1):
        outcomes.append(attempt(partial(writer.write, data[start : start + step])))
        if flush_every and number % flush_every == 0:
            outcomes.append(attempt(writer.flush))
        if isinstance(outcomes[-1], Error):
            break
    return [*outcomes, attempt(writer.close), attempt(writer.close)]


def mapped(data: bytes) -> mmap.mmap:
    """Return a mapping with the data."""
    mapping = mmap.mmap(-1, len(data))
    mapping[:] = data
    return mapping


def within(stream: object, *calls: str, error: Exception | None = None) -> list[Outcome]:
    """Return the outcomes of calls in a stream's with statement, which the error leaves."""
    outcomes = []

    def enter() -> None:
        with stream as entered:
            outcomes.append(entered is stream)
            outcomes.extend(steps(entered, *calls))
            if error:
                raise error

    return [attempt(enter), *map(outcome_of, outcomes), *steps(stream, "closed")]


def in_folder(call: Callable[[Path], object]) -> Outcome:
    """Return the outcome of a call with a new folder, which errors do not name."""
    with tempfile.TemporaryDirectory() as folder:
        return without(folder, attempt(partial(call, Path(folder))))


def without(folder: str, outcome: Outcome) -> Outcome:
    """Return the outcome with another name for the folder in errors."""
    match outcome:
        case list():
            return [without(folder, item) for item in outcome]
        case Error():
            return Error(outcome.kind, outcome.message.replace(folder, "FOLDER"))
    return outcome


# --- imports ---


def import_with_policy(policy: str) -> str:
    """Return the backend that an import under the policy leads to."""
    os.environ["PYTHON_ZSTANDARD_IMPORT_POLICY"] = policy
    try:
        return importlib.reload(z).backend
    finally:
        del os.environ["PYTHON_ZSTANDARD_IMPORT_POLICY"]
