"""A child made by fork, after work with threads, can use, configure and free what it inherits."""

import os
import signal
import warnings

import pytest

import zstandard as z

# Forking beside the threads is what this is about.
warnings.simplefilter("ignore", DeprecationWarning)

DATA = os.urandom(1 << 20) * 3


def in_child(work):
    """Run work in a forked child, which must end well and soon."""
    child = os.fork()
    if child == 0:
        signal.alarm(20)
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert status == 0, f"{work.__name__}: status {status}"


compressor = z.ZstdCompressor(threads=2)
compressor.compress(DATA)
stream = compressor.compressobj()
stream.compress(DATA)


def use():
    assert z.decompress(compressor.compress(DATA)) == DATA
    again = compressor.compressobj()
    assert z.decompress(again.compress(DATA) + again.flush(), len(DATA)) == DATA


def configure():
    compressor.__init__(threads=1)
    assert z.decompress(compressor.compress(DATA)) == DATA


def free():
    names = globals()
    del names["compressor"], names["stream"]


def go_on_with_a_stream():
    with pytest.raises(z.ZstdError, match="before a fork"):
        stream.flush()


for work in (use, configure, free, go_on_with_a_stream):
    in_child(work)
use()
assert stream.flush()
