"""Interpreters at work at once, from CPython 3.12 on each with a GIL of its own, share nothing.

INTERPRETERS_ROUNDS says how often they begin and end [12].
"""

import json
import os
import sys
import threading

import interpreters
import malloc
import parallel

# CPython 3.12 crashes by itself now and then where such interpreters begin and end at once.
THREADS = 1 if sys.version_info[:2] == (3, 12) else 8
ROUNDS = int(os.environ.get("INTERPRETERS_ROUNDS", "12"))
# What an interpreter that stays, or a context of one, would leave: 600 KiB at least.
ALLOWANCE = 100_000 * THREADS * ROUNDS

# Every type and error, used; what it is made of is written to a pipe while all others live, too.
USE = """
import json, os
import zstandard as z

# A spare context of another interpreter would have more than a fresh one has.
fresh = z.ZstdCompressor().memory_size()
assert fresh < 100_000, fresh
content = os.urandom(50_000) + b"content" * 9000
for threads in (0, 2):
    c, d = z.ZstdCompressor(threads=threads, write_checksum=True), z.ZstdDecompressor()
    for _ in range(3):
        assert d.decompress(c.compress(content)) == content
        frames = c.multi_compress([content] * 4, threads=2)
        assert d.multi_decompress(frames, threads=2) == [content] * 4
del c, d, frames

from makers import MAKERS, types, failing_calls
for all_makers in MAKERS.values():
    for make in all_makers:
        made = make()
        assert type(made) in types() or isinstance(made, z.ZstdError), made
for call, error in failing_calls():
    try:
        call()
    except error:
        continue
    assert False, (call, error)
for broken, error in ((b"junk", z.ZstdError), (z.compress(content)[:-9], z.ZstdEOFError)):
    try:
        z.ZstdDecompressor().stream_reader(broken).read()
        assert False
    except Exception as raised:
        assert type(raised) is error, raised
kinds = *types(), z.ZstdError, z.ZstdEOFError, z.backend_c
"""
# What Python itself leaves of an interpreter is seen without ours.
IDLE = """
import contextlib, copy, functools, io, json, os, struct
kinds = ()
"""
TELL_AND_WAIT = """
def tell_and_wait(tell, wait):
    os.write(tell, json.dumps([id(kind) for kind in kinds]).encode() + b"\\n")
    os.read(wait, 1)

"""


def at_once(code):
    """Run the code in that many interpreters at once; return what each says of its types."""
    reports = []
    all_told = threading.Barrier(THREADS)

    def use(_):
        told, tell = os.pipe()
        wait, go_on = os.pipe()

        def receive():
            try:
                with open(told, closefd=False) as pipe:
                    reports.append(json.loads(pipe.readline()))  # nothing, where it failed
                all_told.wait(parallel.DEADLINE)
            except BaseException:
                all_told.abort()
                raise
            finally:
                os.write(go_on, b" ")

        receiver = threading.Thread(target=receive, daemon=True)
        receiver.start()
        try:
            interpreters.run(f"{code}{TELL_AND_WAIT}tell_and_wait({tell}, {wait})\n", own_gil=True)
        finally:
            os.close(tell)
            receiver.join()
            for end in (told, wait, go_on):
                os.close(end)

    parallel.in_threads(use, THREADS)
    return reports


def bytes_left(code):
    """Return how many bytes of malloc() stay, once what is kept for all interpreters is there."""
    at_once(code)
    before = malloc.taken()
    for _ in range(ROUNDS):
        reports = at_once(code)
        identities = [identity for report in reports for identity in report]
        assert len(reports) == THREADS
        assert len({*identities}) == len(identities), "interpreters share types"
    return malloc.taken() - before


left, of_python = bytes_left(USE), bytes_left(IDLE)
assert left < of_python + ALLOWANCE, f"{left} bytes were left, not {of_python}"
