"""What a target may meet: errors that are declared, content by another way, and memory."""

import contextlib
import io
import tracemalloc
from typing import NamedTuple

from zstandard import ZstdDecompressor, ZstdEOFError, ZstdError

# What the package says it raises for bad input and bad arguments. SystemError and others are not
# among them, and so are findings.
DECLARED = (ZstdError, ValueError, TypeError, OverflowError, MemoryError)

# The most content that a target takes of its input, which may hold much more.
CONTENT_MAX = 1 << 20

# The most content that a block can hold, in bytes, and the fewest bytes it takes in a frame.
BLOCK_MAX = 128 * 1024
BLOCK_HEADER = 3

WINDOW_TOO_LARGE = "Frame requires too much memory for decoding"
BLOCK_TOO_LARGE = "Destination buffer is too small"

# What a decompressor takes besides its window, and a test itself.
CONTEXT_MAX = 1 << 20


def capacity(data):
    """Return the most content that the data can hold."""
    return (len(data) // BLOCK_HEADER + 1) * BLOCK_MAX


def attempt(call, *arguments, **options):
    """Return the result of a call and None, or None and the error, which has to be declared."""
    try:
        return call(*arguments, **options), None
    except DECLARED as error:
        return None, error


@contextlib.contextmanager
def memory_within(limit):
    """See that what is done takes no more memory than that at any time, in bytes."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= limit, f"took {peak} bytes of memory, and {limit} are due to it"


class Outcome(NamedTuple):
    """What comes of data by some way, up to CONTENT_MAX."""

    content: bytes
    error: ZstdError | None

    @property
    def fault(self):
        return self.error and self.error.name

    @property
    def is_cut(self):
        """Return whether there may be more, and an error, behind CONTENT_MAX."""
        return len(self.content) == CONTENT_MAX


def read_up(parts):
    """Take the parts of an iterable up to CONTENT_MAX, and what it raises then.

    But for ZstdEOFError, which streams do not raise that know of no end of their input.
    """
    content, error = bytearray(), None
    try:
        for part in parts:
            assert part
            content += part
            if len(content) >= CONTENT_MAX:
                break
    except ZstdEOFError:
        pass
    except ZstdError as caught:
        error = caught
    return Outcome(bytes(content[:CONTENT_MAX]), error)


def streamed(decompressor, data, *, across):
    """Decompress data by a stream that is given all of it at once."""
    if not across:
        return read_up(decompressor.read_to_iter(data))
    reader = decompressor.stream_reader(data)
    return read_up(iter(lambda: reader.read1(1 << 17), b""))


def assert_same(outcome, expected, what):
    """Compare what came by two ways, as far as both went.

    One of them may lose what the call with an error had made before it. And of blocks that hold
    more than their frame states, libzstd puts out what its buffer has room for, which depends on
    how the input comes and on the frames that its context has seen before: it may meet the end of
    the input first. Of a window that is too large it does not ask where it has a whole frame and
    room for it.
    """
    if WINDOW_TOO_LARGE in (outcome.fault, expected.fault):
        return
    shorter, longer = sorted([outcome.content, expected.content], key=len)
    may_differ = outcome.error or expected.error
    assert longer.startswith(shorter) if may_differ else longer == shorter, f"{what}: other content"
    comes_late = BLOCK_TOO_LARGE in (outcome.fault, expected.fault)
    if not outcome.is_cut and not expected.is_cut and not comes_late:
        # Which one of several faults is found first depends on how the input comes.
        errors = outcome.error, expected.error
        assert all(errors) or not any(errors), f"{what}: {errors}"


class FullError(Exception):
    """Raised by a sink that has taken CONTENT_MAX."""


class Sink:
    """Takes up to CONTENT_MAX, in parts of at most so many bytes."""

    def __init__(self, most=CONTENT_MAX):
        self.data = bytearray()
        self.most = most

    def write(self, data):
        if len(self.data) >= CONTENT_MAX:
            raise FullError
        self.data += data[: self.most]
        return min(len(data), self.most)


class Source:
    """Gives data in the pieces it was cut to, or less."""

    def __init__(self, pieces):
        self.pieces = iter(pieces)
        self.file = io.BytesIO()

    def read(self, size):
        while not (data := self.file.read(size)):
            piece = next(self.pieces, None)
            if piece is None:
                return b""
            self.file = io.BytesIO(piece)
        return data


def has_skippable(data):
    """Return whether there may be a skippable frame."""
    return any(bytes([0x50 + variant]) + b"\x2a\x4d\x18" in data for variant in range(16))


def decompressor(choices):
    """Make a decompressor as is decided, and return it with the most memory of a window."""
    # Quirk: of frames without magic number libzstd takes some that begin like a skippable frame
    # for one, where it looks for a frame's end.
    formats = [0] if has_skippable(choices.payload) else [0, 0, 0, 1]
    options = {
        "format": choices.pick(formats),
        "force_ignore_checksum": choices.boolean(),
        "max_window_size": choices.pick([1 << 22, 1 << 16, 1 << 10]),
    }
    if choices.seldom():
        options["max_window_size"] = 0
    return ZstdDecompressor(**options), options["max_window_size"] or 1 << 27
