"""Faults in the use of memory and of numbers, which input shows, and the tool that is to tell.

Copies are built with the sanitizers, and as they are for valgrind; a fault's tests are run in one,
or the fuzzer's target.
"""

import os
import re
import subprocess
import sys
import tempfile

from machinery import ROOT, build

sys.path.insert(0, str(ROOT / "tools"))

import run_fuzz
import sanitized
from run_valgrind import memcheck

# How long the fuzzer may search for a fault.
SECONDS_MAX = 30

# How the tools that pytest runs in begin to tell of a fault.
REPORTS = {
    "asan": r"ERROR: AddressSanitizer: (.*?) on ",
    "ubsan": r"runtime error: (.*)",
    "lsan": r"ERROR: LeakSanitizer: (.*)",
}

# (what is wrong, file, what stands there, what is planted, tool, tests or target)
PLANTS = [
    (
        "a part of a frame is read past the input's end",
        "engine/frame.c",
        "    if (taken > in->size - in->pos) {\n        taken = in->size - in->pos;\n    }\n",
        "",
        "asan",
        "tests/test_frame_listing.py",
    ),
    (
        "a queue is one byte too small",
        "engine/queue.c",
        "Py_MAX(capacity, left + room)",
        "Py_MAX(capacity, left + room - 1)",
        "asan",
        "tests/test_decompression_obj.py",
    ),
    (
        "a queue is read after its release",
        "engine/queue.c",
        "        if (left > 0) {\n            memory_copy(",
        "        PyMem_RawFree(self->bytes);\n        if (left > 0) {\n            memory_copy(",
        "asan",
        "tests/test_decompression_reader_lines.py",
    ),
    (
        "the caller's bytes are used without a reference",
        "engine/source.c",
        "    self->object = Py_NewRef(data);\n",
        "    self->object = NULL;\n",
        "asan",
        "tests/test_segments.py",
    ),
    (
        "an offset is added to a null pointer",
        "engine/queue.h",
        'self->bytes == NULL ? "" : self->bytes + self->start',
        "self->bytes + self->start",
        "ubsan",
        "tests/test_decompression_reader_lines.py",
    ),
    (
        "a checksum is loaded from where it is not aligned",
        "engine/frame.c",
        "read_number(bytes, CHECKSUM_SIZE)",
        "*(const unsigned int *)(const void *)bytes",
        "ubsan",
        "tests/test_frame_listing.py",
    ),
    (
        "a number is shifted by more than its bits",
        "engine/frame.c",
        "numbers[i / 4] >> i % 4 * 8",
        "numbers[i / 4] >> i * 8",
        "ubsan",
        "tests/test_skippable_frame.py",
    ),
    (
        "a queue is never released",
        "engine/queue.c",
        "    PyMem_RawFree(self->bytes);\n    *self = (Queue){0};",
        "    *self = (Queue){0};",
        "lsan",
        "tests/test_decompression_reader_lines.py",
    ),
    (
        "the array of segments is never released",
        "types/segments.c",
        "    PyMem_RawFree(self->segments);\n",
        "",
        "lsan",
        "tests/test_segments.py",
    ),
    (
        "a count on the stack is read before it is set",
        "engine/frame.c",
        "    self->held_size = 0;\n}\n\nvoid",
        "}\n\nvoid",
        "valgrind",
        "tests/test_skippable_frame.py",
    ),
    (
        "the last segment is read before it is set",
        "types/segments.c",
        "memcpy(self->segments, array->src, array->size);",
        "memcpy(self->segments, array->src, array->size / 2);",
        "valgrind",
        "tests/test_segments.py",
    ),
    (
        "the end of a segment overflows",
        "types/segments.c",
        "segment.offset > self->size || segment.length > self->size - segment.offset",
        "segment.offset + segment.length > self->size",
        "fuzz",
        "segments",
    ),
    (
        "a frame is believed that states more than it holds",
        "engine/frame.c",
        "content == ZSTD_CONTENTSIZE_UNKNOWN || content <= capacity_of(self)",
        "content == ZSTD_CONTENTSIZE_UNKNOWN || self->blocks > 0",
        "fuzz",
        "decompress",
    ),
    (
        "output goes on growing beyond its bound",
        "engine/output.c",
        "    self->limit = Py_MIN(limit, OUTPUT_MAX);\n",
        "    self->limit = Py_MIN(Py_MAX(limit, 1 << 20), OUTPUT_MAX);\n",
        "fuzz",
        "decompressobj",
    ),
]


def by_sanitizers(folder, libzstd, tool, tests):
    """Run tests under the sanitizers; return what they report, or what else failed, or None.

    tool: the one whose report alone counts, or None.
    """
    package = build_sanitized(folder, libzstd)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-s", "-x", "-p", "no:cacheprovider"),
            *("-p", "few_items", "--hypothesis-profile=few", *tests),
        ],
        cwd=ROOT,
        env={
            **sanitized.environment(sanitized.runtime(), leaks=tool in ("lsan", None)),
            "PYTHONPATH": os.pathsep.join([str(package), str(ROOT / "tools")]),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if tool is None:
        return done.stdout if done.returncode != 0 else None
    found = re.search(REPORTS[tool], done.stdout)
    return f"{tool}: {found[1]}" if found else None


def build_sanitized(folder, libzstd):
    """Build the copy with the sanitizers; return what to put in Python's path."""
    return build(folder, "sanitized", sanitized.setup_args(libzstd), "clang")


def by_valgrind(folder, libzstd, tests):
    """Run tests under memcheck; return the first line of what it reports, or None."""
    options = [f"-Dzstd_source={libzstd}", "-Dbuildtype=debugoptimized"]
    # Valgrind may not read what clang says of lines.
    package = build(folder, "valgrind", options, "gcc")
    _, logs = memcheck(["-q", "-x", *tests], [package], subprocess.DEVNULL)
    reports = "".join(log for count, log in logs if count)
    found = re.search(r"==\d+== (.*uninitialised.*|Invalid .*)", reports)
    return f"valgrind: {found[1]}" if found else reports or None


def by_fuzzer(folder, libzstd, target, *limit):
    """Run a target from its seeds; return how it failed, or None."""
    package = build_sanitized(folder, libzstd)
    with tempfile.TemporaryDirectory() as corpus:
        what = [corpus, run_fuzz.SEEDS / target, *limit]
        done = run_fuzz.search(sys.executable, target, what, corpus, [package])
    if done.returncode == 0:
        return None
    found = re.search(r"^\w*Error\b.*|ERROR: AddressSanitizer: .*", done.stdout, re.MULTILINE)
    return f"the fuzzer: {found[0] if found else done.stdout[-300:]}"


def notice(folder, plant, libzstd):
    """Build the copy and have the tool at it; return what this tells, or None."""
    if plant is None:
        return nothing_wrong(folder, libzstd)
    *_, tool, subject = plant
    if tool == "fuzz":
        return by_fuzzer(folder, libzstd, subject, f"-max_total_time={SECONDS_MAX}")
    if tool == "valgrind":
        return by_valgrind(folder, libzstd, [subject])
    return by_sanitizers(folder, libzstd, tool, [subject])


def nothing_wrong(folder, libzstd):
    """Have all tools at the sources without a fault; return what they tell, or None."""
    subjects = {
        tool: sorted({plant[-1] for plant in PLANTS if plant[-2] == tool})
        for tool in (*REPORTS, "valgrind", "fuzz")
    }
    tests = sorted({test for tool in REPORTS for test in subjects[tool]})
    failure = by_sanitizers(folder, libzstd, None, tests)
    failure = failure or by_valgrind(folder, libzstd, subjects["valgrind"])
    for target in subjects["fuzz"]:
        failure = failure or by_fuzzer(folder, libzstd, target, "-runs=0")
    return failure
