"""Data of the kinds that people compress, and the shapes in which Python holds it."""

import array
import ctypes
import mmap
import pickle
import random

BLOCK = 128 * 1024
SIZES = (0, 1, 2, 255, 256, 257, 4095, 4096, 4097, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7)

_WORDS = ("the", "of", "and", "window", "literal", "match", "offset", "sequence", "block", "frame")


def text(size, seed=0):
    chooser = random.Random(seed)
    words = chooser.choices(_WORDS, weights=range(len(_WORDS), 0, -1), k=size // 3 + 1)
    lines = (" ".join(words[i : i + 12]) for i in range(0, len(words), 12))
    return "\n".join(f"{number}: {line}" for number, line in enumerate(lines)).encode()[:size]


def noise(size, seed=0):
    return random.Random(seed).randbytes(size)


def runs(size, seed=0):
    chooser = random.Random(seed)
    result = bytearray()
    while len(result) < size:
        result += chooser.randbytes(1) * chooser.randint(1, 5000)
    return bytes(result[:size])


def zeros(size, seed=0):
    return bytes([seed % 256]) * size


KINDS = {"text": text, "noise": noise, "runs": runs, "zeros": zeros}


def in_pieces(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


class BytesSubclass(bytes):
    """Its own methods must not be asked for its content."""

    def __bytes__(self):
        raise AssertionError

    def __len__(self):
        raise AssertionError


class BytearraySubclass(bytearray):
    pass


def _mapped(data):
    if not data:
        return bytearray()  # there are no empty mappings
    mapping = mmap.mmap(-1, len(data))
    mapping[:] = data
    return mapping


WRITABLE_SHAPES = {
    "bytearray": bytearray,
    "bytearray subclass": BytearraySubclass,
    "memoryview": lambda data: memoryview(bytearray(data)),
    "inner memoryview": lambda data: memoryview(bytearray(b"<" + data + b">"))[1:-1],
    "array": lambda data: array.array("B", data),
    "ctypes array": lambda data: (ctypes.c_char * len(data)).from_buffer_copy(data),
    "mmap": _mapped,
}

SHAPES = WRITABLE_SHAPES | {
    "bytes": bytes,
    "bytes subclass": BytesSubclass,
    "read-only memoryview": memoryview,
    "signed memoryview": lambda data: memoryview(data).cast("b"),
    "pickle buffer": pickle.PickleBuffer,
}

# Objects that hold no bytes.
NOT_BUFFERS = {"str": "data", "int": 3, "None": None, "list": [1, 2], "float": 1.5, "type": bytes}


def is_released(buffer):
    """Tell whether a bytearray has no exports, which keep it from changing its size."""
    try:
        buffer.append(0)
    except BufferError:
        return False
    buffer.pop()
    return True
