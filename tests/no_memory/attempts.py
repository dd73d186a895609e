"""Makes the allocations of calls fail, one after the other, in the process that runs this.

attempts.py PROGRESS MODE STRIDE, with names of calls on standard input, a line each. MODE is
`once`, for one allocation that fails in each attempt, or `on`, for all from that one on. Of the
first allocations of a call each is tried, and then every STRIDEth. The file PROGRESS has what is
being tried. Prints a line of JSON for each call.

It takes the extension module `failing`, and that this is preloaded.
"""

import array
import gc
import json
import mmap
import sys
import traceback
import warnings
from pathlib import Path

import failing

import zstandard as z
from no_memory import call as calls
from no_memory import content, spared, table

FOREVER = sys.maxsize
# So many are tried whatever the stride.
FIRST = 20
# The notes of what is being tried and, behind them, of what has failed, in bytes.
NOTE_START, NOTE_SIZE = 200, 100
# How often an attempt is repeated that left more memory behind: what grows each time is a leak.
REPETITIONS = 8
# As many as the module keeps for compressors to come: with these, each makes a context of its own.
SPARE_CONTEXTS = 4

# Where counts are kept, so that to keep them takes no memory.
COUNTS = array.array("q", [0] * 4)
WATCHED = [
    content,
    content.CONTENT,
    content.FRAME,
    content.UNSIZED,
    content.SHORT,
    content.DICTIONARY,
    z.backend_c,
    *(value for value in vars(z.backend_c).values() if isinstance(value, type)),
]


# Of names of members, which are kept when their types are gone.
clear_caches = getattr(sys, "_clear_internal_caches", None) or sys._clear_type_cache  # noqa: SLF001


def measure(place):
    """Note the counts that a leak makes grow: blocks of memory, and references."""
    gc.collect()
    clear_caches()
    COUNTS[place] = failing.blocks()
    COUNTS[place + 1] = sum(map(sys.getrefcount, WATCHED))


def hold_spare_contexts():
    return [
        stream
        for _ in range(SPARE_CONTEXTS)
        for stream in (z.ZstdCompressor().compressobj(), z.ZstdDecompressor().decompressobj())
    ]


class Attempt:
    """One call, with the allocations from `first` to `last` failing."""

    def __init__(self, call, first, last):
        self.held = hold_spare_contexts()
        self.call = call
        self.state = call.prepare()
        made = call.call(self.state)
        sys._getframe()  # noqa: SLF001 (CPython crashes if it cannot make this object for a warning)
        self.result, self.error, self.failed = failing.run(first, last, made)

    def problem(self):
        """Return what is wrong with the outcome, or None."""
        if isinstance(self.error, MemoryError):
            return self.problem_afterwards() if self.call.again else None
        if self.error is None:
            return self.problem_of_result(self.result)
        return None if type(self.error) is self.call.raises else f"raised {self.error!r}"

    def problem_of_result(self, result):
        if self.call.raises is not None:
            return f"returned {result!r:.100}"
        return None if self.call.right(self.state, result) else f"is wrong: {result!r:.100}"

    def problem_afterwards(self):
        """Make the call again, after one that has failed for want of memory."""
        try:
            problem = self.problem_of_result(self.call.call(self.state)())
        except Exception as error:  # noqa: BLE001
            if self.call.raises is type(error) or (self.call.losable and calls.is_refusal(error)):
                return None
            problem = "".join(traceback.format_exception(error))
        return problem and f"after MemoryError: {problem}"


def attempt(call, first, last):
    """Make an attempt; return what failed in it, or None, and what is wrong, or None."""
    made = Attempt(call, first, last)
    try:
        return made.failed, made.problem()
    except Exception as error:  # noqa: BLE001
        return made.failed, "".join(traceback.format_exception(error))


def leak_of(call, first, last):
    """Repeat an attempt; return by how much blocks and references grow in each, if they do."""
    blocks = references = FOREVER
    for _ in range(REPETITIONS):
        measure(0)
        attempt(call, first, last)
        measure(2)
        blocks = min(blocks, COUNTS[2] - COUNTS[0])
        references = min(references, COUNTS[3] - COUNTS[1])
        if blocks <= 0 and references <= 0:
            return None
    return f"leaks {blocks} blocks and {references} references"


def numbers(stride):
    number = 1
    while True:
        yield number
        number += 1 if number < FIRST else stride


class Runner:
    def __init__(self, progress, mode, stride):
        self.progress = progress
        self.mode = mode
        self.stride = stride

    def note(self, name, number):
        """Tell what is tried; behind it comes what has failed in it."""
        text = f"{name}\n{number}\n".encode()
        self.progress[:] = text.ljust(NOTE_START) + bytes(NOTE_SIZE)

    def run(self, call):
        """Have each allocation of the call fail; return how many have, and problems by case."""
        self.note(call.name, 0)
        for _ in range(2):  # what is made but once is there, then
            _, problem = attempt(call, FOREVER, FOREVER)
            if problem:
                return 0, {"without failures": problem}
        count = 0
        problems = {}
        for first in numbers(self.stride):
            last = first if self.mode == "once" else FOREVER
            self.note(call.name, first)
            failed, problem = attempt(call, first, last)
            if failed is None:
                break
            count += 1
            problem = problem or leak_of(call, first, last)
            if problem:
                problems[f"{first}, {failed}"] = problem
        return count, problems


def shared_memory(path):
    with Path(path).open("w+b") as file:
        file.write(bytes(NOTE_START + NOTE_SIZE))
        file.flush()
        return mmap.mmap(file.fileno(), 0)


def main():
    path, mode, stride = sys.argv[1:]
    progress = shared_memory(path)
    failing.take_notes(memoryview(progress)[NOTE_START:])
    calls_by_name = table.make()
    for name in "backend_c", "libzstd":
        failing.watch(name)
    warnings.simplefilter("ignore")
    gc.disable()
    gc.collect()
    gc.freeze()
    runner = Runner(progress, mode, int(stride))
    for name in sys.stdin.read().splitlines():
        failing.spare(spared.of_call(name))
        failed, problems = runner.run(calls_by_name[name])
        print(json.dumps([name, failed, problems]), flush=True)


main()
