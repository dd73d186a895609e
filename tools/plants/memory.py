"""Faults that show for want of memory, which tools/no_memory.py is to catch.

It makes the calls that a fault concerns, with each allocation failing.
"""

import os
import subprocess
import sys

from machinery import ROOT, build

SECONDS_MAX = 120

# (what is wrong, file, what stands there, what is planted, pattern of the calls that notice)
PLANTS = [
    (
        "bytes are not looked at that could not be made",
        "engine/output.c",
        "    if (self->bytes == NULL) {\n        return -1;\n    }\n    self->native.dst",
        "    self->native.dst",
        "^compress$",
    ),
    (
        "a configuration is not looked at that could not be made",
        "engine/config.c",
        "    if (self == NULL) {\n        PyErr_NoMemory();\n        return NULL;\n    }\n",
        "",
        "^compress$",
    ),
    (
        "memory of malloc() is not looked at that could not be had",
        "engine/batch.c",
        "    if (memory == NULL) {\n        return NATIVE_ERROR(memory_allocation);\n    }\n",
        "",
        "multi_decompress$",
    ),
    (
        "a lack of memory in libzstd is a ZstdError",
        "engine/error.c",
        "        PyErr_NoMemory();\n        return -1;\n    }\n    PyObject *message",
        "    }\n    PyObject *message",
        "Compressor.compress$",
    ),
    (
        "a type that CPython 3.11 fails to make raises nothing",
        "module.c",
        "            if (!PyErr_Occurred()) {\n                PyErr_NoMemory();\n            }\n",
        "",
        "^import$",
    ),
    (
        "a stream that could not be opened is kept",
        "types/stream_object.c",
        "        Py_DECREF(self);\n        return NULL;\n",
        "        return NULL;\n",
        "compressobj$",
    ),
    (
        "the configuration of a lease that failed is kept",
        "engine/context.c",
        "lease_fill(self) < 0) {\n        config_release(self->settings);\n",
        "lease_fill(self) < 0) {\n",
        "Compressor.compress$",
    ),
    (
        "values of a FrameInfo that could not be made are kept",
        "types/frame_info.c",
        "        Py_DECREF(values);\n",
        "",
        "FrameInfoIterator.__next__",
    ),
    (
        "the results of a batch that failed are kept",
        "types/batch.c",
        "    PyMem_RawFree(self->arena);\n",
        "",
        "multi_compress_to_buffer",
    ),
    (
        "output that could not grow is forgotten",
        "engine/stream.c",
        "                PyErr_Clear();\n                lease_lose(self);\n",
        "                PyErr_Clear();\n",
        "ZstdDecompressionObj.decompress",
    ),
    (
        "a chunk that was lost is forgotten",
        "types/chunker.c",
        "        lease_lose(&self->base.stream.lease);\n",
        "",
        "ChunkerIterator.__next__",
    ),
    (
        "the end of a frame that was lost is forgotten",
        "types/chunker.c",
        "outcome == STEP_FRAME_END && chunk != NULL",
        "outcome == STEP_FRAME_END",
        "ChunkerIterator.__next__",
    ),
    (
        "bytes are lost of which the count could not be made",
        "types/reader.c",
        "reader_give_back(self, out.native.dst, out.native.pos);\n        }\n    }\n    file_drop",
        "        }\n    }\n    file_drop",
        "Reader.readinto",
    ),
    (
        "what a file has read and lost is passed over",
        "engine/feed.c",
        "        self->lost = PyErr_ExceptionMatches(PyExc_MemoryError);\n",
        "",
        "BytesIO",
    ),
]


def notice(folder, plant):
    """Build the copy and make calls fail; return the first problem, or None."""
    pattern = "" if plant is None else plant[-1]
    try:
        done = subprocess.run(
            [sys.executable, ROOT / "tools" / "no_memory.py", pattern],
            env={**os.environ, "PYTHONPATH": str(build(folder))},
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "time"
    if done.returncode == 0:
        return None
    lines = (done.stdout + done.stderr).splitlines()
    return next((line for line in lines[1:] if line.startswith("  ")), lines[-1]).strip()
