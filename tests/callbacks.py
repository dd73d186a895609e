"""Arguments that run Python code when they are read."""

import sys

import pytest

buffers_can_call_back = pytest.mark.skipif(
    sys.version_info < (3, 12), reason="__buffer__ came with Python 3.12"
)


def fail():
    raise LookupError("of the callback")


class Argument:
    def __init__(self, value, callback):
        self.value = value
        self.callback = callback

    def read(self, _flags=0):
        self.callback()
        return self.value


class Index(Argument):
    __index__ = Argument.read


class Truth(Argument):
    __bool__ = Argument.read


class Buffer(Argument):
    def __buffer__(self, flags):
        return memoryview(self.read(flags))
