"""Sources for readers, which tell how they are called or fail when they shall; ways to read."""

import io
from typing import NamedTuple

import pytest

import samples
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdError


class Source:
    """Holds data, of which read() gives as much as is asked for, or `most`."""

    def __init__(self, data, most=None):
        self.data = data
        self.given = 0
        self.most = most
        self.asked = []
        self.closings = 0

    def read(self, size, /):
        self.asked.append(size)
        size = size if self.most is None else min(size, self.most)
        given = self.data[self.given : self.given + size]
        self.given += len(given)
        return given

    def close(self):
        self.closings += 1


class SeekableSource(Source):
    """Is at `start` of a longer file; can go back, and tells where to it had to."""

    def __init__(self, data, most=None, *, start=0):
        super().__init__(data, most)
        self.start = start
        self.sought = []

    def seekable(self):
        return True

    def tell(self):
        return self.start + self.given

    def seek(self, position, /):
        self.sought.append(position)
        self.given = position - self.start


class Script:
    """Does at each read() what comes next: returns it, raises it, or returns what it returns."""

    def __init__(self, *results):
        self.results = list(results)

    def read(self, _size, /):
        result = self.results.pop(0) if self.results else b""
        if isinstance(result, BaseException):
            raise result
        return result() if callable(result) else result


class Unlucky:
    """An object whose attributes raise when they are looked up."""

    def __init__(self, data, **errors):
        self.file = io.BytesIO(data)
        self.errors = errors

    def __getattr__(self, name):
        if name in self.errors:
            raise self.errors[name]
        return getattr(self.file, name)


# --- ways to read ---


def read_into(reader, size, method="readinto"):
    buffer = bytearray(size)
    count = getattr(reader, method)(buffer)
    return bytes(buffer[:count])


# Each is called with a reader and a size until it returns b"".
READS = {
    "read": lambda reader, size: reader.read(size),
    "read1": lambda reader, size: reader.read1(size),
    "readinto": read_into,
    "readinto1": lambda reader, size: read_into(reader, size, "readinto1"),
}

READS_OF_ALL = {
    "read()": lambda reader, _size: reader.read(),
    "read(-1)": lambda reader, _size: reader.read(-1),
    "readall()": lambda reader, _size: reader.readall(),
}


def parts(reader, read, size=-1):
    """Read to the end; return what came, call by call."""
    return list(iter(lambda: read(reader, size), b""))


def parts_and_errors(reader, read, size=-1, *, caught=LookupError):
    """Read to the end, going on after errors; return what came, and the errors."""
    results, errors = [], []
    while True:
        try:
            result = read(reader, size)
        except caught as error:
            errors.append(error)
        else:
            if not result:
                return results, errors
            results.append(result)


def good_part(reader, read, size=-1):
    """Read up to an error, which has to come; return what came before it, and the error."""
    results = []
    try:
        while True:
            result = read(reader, size)
            assert result, "no error"
            results.append(result)
    except ZstdError as error:
        return b"".join(results), error


# --- both readers alike ---

CONTENT = samples.noise(300_000)
LITTLE = samples.text(500)


def streamed(content):
    """Compress into a frame as one without a known size is made."""
    stream = ZstdCompressor().compressobj()
    return stream.compress(content) + stream.flush()


class Way(NamedTuple):
    """What a reader of one direction is given, and what is read of it where it comes in a file."""

    name: str
    data: bytes
    result: bytes

    @property
    def coder(self):
        return ZstdCompressor if self.name == "compression" else ZstdDecompressor

    def open(self, source, **options):
        return self.coder().stream_reader(source, **options)

    def content(self, result):
        """Return the content of a result, which differs where the source's size is known."""
        if self.name == "decompression":
            return result
        return ZstdDecompressor().decompress(result, max_output_size=-1)

    def with_little(self):
        return LITTLE_WAYS[self.name]


def ways(content):
    frame = streamed(content)
    return {
        "compression": Way("compression", content, frame),
        "decompression": Way("decompression", frame, content),
    }


WAYS = ways(CONTENT)
LITTLE_WAYS = ways(LITTLE)


# --- uses of a reader, which are refused while it is at work, and when it is closed ---

USES = {
    "read": lambda reader: reader.read(10),
    "read()": lambda reader: reader.read(),
    "read(0)": lambda reader: reader.read(0),
    "read1": lambda reader: reader.read1(10),
    "readall": lambda reader: reader.readall(),
    "readinto": lambda reader: reader.readinto(bytearray(10)),
    "readinto1": lambda reader: reader.readinto1(bytearray(10)),
}

USES_OF_DECOMPRESSION = {
    "readline": lambda reader: reader.readline(),
    "readlines": lambda reader: reader.readlines(),
    "next": next,
    "peek": lambda reader: reader.peek(),
    "seek": lambda reader: reader.seek(0),
    "seek to the end": lambda reader: reader.seek(0, io.SEEK_END),
}

USES_OF_WAYS = [
    pytest.param(way, use, id=f"{way.name}-{name}")
    for way in LITTLE_WAYS.values()
    for name, use in (USES if way.name == "compression" else USES | USES_OF_DECOMPRESSION).items()
]
