"""Runs the cases with both implementations and finds where the outcomes differ."""

import io
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from oracle.cases import CASES
from oracle.outcome import Aftermath, Error, Native, Outcome, Packed

TESTS = Path(__file__).resolve().parent.parent
DEATHS_MAX = 30

# What programs may look for in messages: where 0.25.0 says it, so do we.
FRAGMENTS = (
    " bytes of unused data, which is disallowed",
    " did not decompress full frame",
    " is not a valid zstd frame",
    " is too small to contain a zstd frame",
    " missing content size in frame",
    " must be bytes",
    "Dictionary mismatch",
    "Frame requires too much memory",
    "Invalid mode: ",
    "Parameter is out of bound",
    "Src size is incorrect",
    "Unknown frame descriptor",
    "ZstdBufferWithSegments cannot be empty",
    "arguments must be BufferWithSegments instances",
    "before consuming output from previous operation",
    "cannot __enter__ multiple times",
    "cannot call compress() after compression finished",
    "cannot call compress() after compressor",
    "cannot call finish() after compression finished",
    "cannot call flush() after compression finished",
    "cannot get frame parameters",
    "cannot read negative amounts less than -1",
    "cannot seek to negative position",
    "cannot seek zstd decompression stream backwards",
    "cannot train dict",
    "cannot use a decompressobj multiple times",
    "compressor object already finished",
    "could not create decompression dict",
    "could not determine content size in frame header",
    "could not determine decompressed size of item ",
    "could not determine frame header size: Src size is incorrect",
    "decompressed_sizes size mismatch; expected ",
    "decompression error: ",
    "decompression error: did not decompress full frame",
    "empty input chain",
    "error decompressing item ",
    "error determining content size from frame header",
    "error ending compression stream: ",
    "error when determining content size",
    "first argument must have a read() method",
    "flush mode not recognized",
    "invalid dictionary load mode",
    "level must be less than 23",
    "must only specify one of level or ",
    "must pass an object with a read",
    "must pass an object with a write() method",
    "must pass at least 1 argument",
    "must specify one of level or ",
    "no source elements found",
    "not a bytes like object",
    "not enough data for frame",
    "offset must be less than ",
    "offset must be non-negative",
    "offset within segments array references memory",
    "samples must be bytes",
    "second argument must have a write() method",
    "segments array size is not a multiple of 16",
    "skip_bytes larger than first input chunk",
    "skip_bytes must be smaller than read_size",
    "source elements are empty",
    "stream is closed",
    "unable to precompute dictionary",
    "unable to set compression context parameter",
    "unable to set decoding format",
    "unable to set max window size",
    "unknown flush_mode: ",
    "write_size must be positive",
    "zstd compress error",
    "zstd decompressor error",
)


class Implementation:
    """One release of zstandard, and what the cases give with it."""

    def __init__(self, *command: str, corrupts_memory: bool = False) -> None:
        self.command = [sys.executable, *command]
        self.corrupts_memory = corrupts_memory
        self.libzstd: tuple[int, ...] = ()
        self.outcomes: dict[str, Outcome] = {}
        self.contents: dict[bytes, Outcome] = {}

    def import_error(self) -> str | None:
        """Return why zstandard cannot be imported, if so."""
        records, end = self.run("--unpack", data=pickle.dumps([]))
        return None if records else end.splitlines()[-1]

    def run_cases(self) -> None:
        """Run all cases; one that ends the process is an error, and another process goes on.

        Raises RuntimeError if too many do, or the runner itself fails.
        """
        for _ in range(DEATHS_MAX):
            done = len(self.outcomes)
            records, end = self.run("--first", str(done))
            if not records:
                raise RuntimeError(end)
            self.libzstd, *outcomes = records
            self.outcomes |= zip(CASES[done:], outcomes, strict=False)
            if len(self.outcomes) == len(CASES):
                return
            # A case may have ended it that came before: then this one tells by itself.
            if not (outcomes and self.corrupts_memory):
                self.outcomes[CASES[len(self.outcomes)]] = Error("death of the process", end)
        raise RuntimeError(f"{DEATHS_MAX} cases ended the process, at last with {end}")

    def packed(self) -> list[bytes]:
        """Return all compressed data among the outcomes."""
        every = (leaf for outcome in self.outcomes.values() for leaf in leaves(outcome))
        return list({leaf.data for leaf in every if isinstance(leaf, Packed)})

    def unpack(self, packed: list[bytes]) -> None:
        """Decompress data."""
        records, end = self.run("--unpack", data=pickle.dumps(packed))
        if len(records) != len(packed) + 1:
            raise RuntimeError(end)
        self.contents = dict(zip(packed, records[1:], strict=True))

    def run(self, *arguments: str, data: bytes = b"") -> tuple[list[object], str]:
        """Return what the runner writes, and how it ends."""
        process = subprocess.run(
            [*self.command, *arguments], capture_output=True, check=False, cwd=TESTS, input=data
        )
        file = io.BytesIO(process.stdout)
        records = []
        while file.tell() < len(process.stdout):
            records.append(pickle.load(file))
        return records, f"status {process.returncode}: {process.stderr.decode()[-2000:]}"


def leaves(outcome: Outcome) -> Iterator[Outcome]:
    """Yield the outcomes of single calls."""
    match outcome:
        case list():
            for item in outcome:
                yield from leaves(item)
        case dict():
            for item in outcome.values():
                yield from leaves(item)
        case _:
            yield outcome


class Difference(NamedTuple):
    """Where the outcomes of a case differ: the place in it, and what each implementation gave."""

    place: str
    theirs: str
    ours: str


def search(
    theirs: Outcome, ours: Outcome, agree: Callable[[Outcome, Outcome], bool], place: str = ""
) -> Iterator[Difference]:
    """Yield the differences of two outcomes, in which single calls agree or not."""
    match theirs, ours:
        case list(), list() if len(theirs) == len(ours):
            for number, (one, other) in enumerate(zip(theirs, ours, strict=True)):
                yield from search(one, other, agree, f"{place}[{number}]")
        case dict(), dict() if theirs.keys() == ours.keys():
            for key in theirs:
                yield from search(theirs[key], ours[key], agree, f"{place}[{key}]")
        case _:
            if not agree(theirs, ours):
                yield Difference(place, str(theirs), str(ours))


def say_the_same(theirs: Error, ours: Error) -> bool:
    """Return whether the errors are the same for programs that catch them or read messages."""
    said = (fragment for fragment in FRAGMENTS if fragment in theirs.message)
    return theirs.kind == ours.kind and all(part in ours.message for part in said)


class Comparison:
    """What the two implementations give."""

    def __init__(self, theirs: Implementation, ours: Implementation) -> None:
        self.theirs = theirs
        self.ours = ours
        with ThreadPoolExecutor() as pool:
            for run in [pool.submit(one.run_cases) for one in (theirs, ours)]:
                run.result()
        self.same_libzstd = theirs.libzstd == ours.libzstd
        if not self.same_libzstd:
            theirs.unpack(ours.packed())
            ours.unpack(theirs.packed())

    @cached_property
    def differences(self) -> dict[str, list[Difference]]:
        """The differences, by the case; cases without any are not in it."""
        found = {
            case: list(search(self.theirs.outcomes[case], self.ours.outcomes[case], self.agree))
            for case in CASES
        }
        return {case: differences for case, differences in found.items() if differences}

    def agree(self, theirs: Outcome, ours: Outcome) -> bool:
        """Return whether the outcomes of one call are the same for its caller."""
        match theirs, ours:
            case Aftermath(), _:
                return self.agree(theirs.outcome, ours)
            case _, Aftermath():
                return self.agree(theirs, ours.outcome)
            case Error(), Error():
                return say_the_same(theirs, ours)
            case Packed(), Packed() if not self.same_libzstd:
                return self.ours.contents[theirs.data] == self.theirs.contents[ours.data]
            case Native(), Native() if not self.same_libzstd:
                return True
        return theirs == ours
