"""Compression and decompression of a stream of bytes, in bounded memory."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import zstandard
from zstandard import ZstdError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from zstandard import ZstdCompressor, ZstdDecompressionObj, ZstdDecompressor

READ_SIZE = zstandard.COMPRESSION_RECOMMENDED_INPUT_SIZE
_WRITE_SIZE = zstandard.DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE
_FIRST_STEP = 1024
_MAX_HEADER_SIZE = 18

# The names of libzstd's errors for what is no frame, and for what an option may help.
UNKNOWN_DATA = "Unknown frame descriptor"
_WRONG_DICTIONARY = "Dictionary mismatch"
_LARGE_WINDOW = "Frame requires too much memory for decoding"


@dataclass
class Counts:
    """How many bytes have been read and written so far."""

    read: int = 0
    written: int = 0


def copy(
    read: Callable[[], bytes],
    code: Callable[[Iterable[bytes]], Iterator[bytes]],
    write: Callable[[bytes], None],
) -> Counts:
    """Write what ``code`` makes of all that ``read`` gives."""
    counts = Counts()

    def chunks() -> Iterator[bytes]:
        while data := read():
            counts.read += len(data)
            yield data

    for piece in code(chunks()):
        write(piece)
        counts.written += len(piece)
    return counts


def compress(
    chunks: Iterable[bytes], compressor: ZstdCompressor, size: int | None
) -> Iterator[bytes]:
    """Give one frame, which states the size if that is known; chunks but the last are READ_SIZE."""
    chunks = iter(chunks)
    first = next(chunks, b"")
    # A file such as those in /proc has another length than it claims, which its first chunk shows.
    stated = size if size is not None and len(first) == min(size, READ_SIZE) else -1
    stream = compressor.compressobj(size=stated)
    yield stream.compress(first)
    total = len(first)
    for data in chunks:
        total += len(data)
        if total > stated >= 0:
            break
        yield stream.compress(data)
    if total != stated >= 0:
        raise ZstdError(f"its size was {stated} bytes and changed while it was read")
    yield stream.flush()


def decompress(chunks: Iterable[bytes], decompressor: ZstdDecompressor) -> Iterator[bytes]:
    """Give the content of all frames; ZstdError if there are none or other data is among them."""
    frame = None
    head = b""
    start = position = 0
    for data in chunks:
        view = memoryview(data)
        while view:
            if frame is None:
                frame, start, step = decompressor.decompressobj(), position, _FIRST_STEP
                head = b""
            piece = view[:step]
            head += piece[: _MAX_HEADER_SIZE - len(head)]
            yield from _decoded(frame, piece, start, head)
            used = len(piece) - len(frame.unused_data)
            view, position = view[used:], position + used
            # Steps grow with the frame: what is given in vain, and copied to unused_data, stays
            # in proportion to the frame, so that many tiny frames cost no more than a large one.
            step = min(2 * step, READ_SIZE)
            if frame.eof:
                frame = None
    if frame is not None:
        raise ZstdError(f"unexpected end of input in the frame that starts at byte {start}")
    if position == 0:
        raise ZstdError("unexpected end of input: it is empty")


def _decoded(
    frame: ZstdDecompressionObj, data: memoryview, start: int, head: bytes
) -> Iterator[bytes]:
    try:
        yield frame.decompress(data, _WRITE_SIZE)
        while not frame.eof and not frame.needs_input:
            yield frame.decompress(b"", _WRITE_SIZE)
    except ZstdError as error:
        raise ZstdError(_explained(error, start, head)) from error


def _explained(error: ZstdError, start: int, head: bytes) -> str:
    if error.name == UNKNOWN_DATA:
        return not_zstd(start)
    return f"{error}, in the frame that starts at byte {start}{_remedy(error, head)}"


def _remedy(error: ZstdError, head: bytes) -> str:
    """Say which option helps a frame that starts so; nothing if none does."""
    if error.name == _WRONG_DICTIONARY:
        return f": give the dictionary of ID {zstandard.get_frame_parameters(head).dict_id} by -D"
    if error.name == _LARGE_WINDOW:
        with suppress(ZstdError):
            size = zstandard.get_frame_parameters(head).window_size
            log = (size - 1).bit_length()
            if log <= zstandard.WINDOWLOG_MAX:
                return f": for its window of {size} bytes use --long={log} or -M{-(-size >> 20)}M"
    return ""


def not_zstd(start: int) -> str:
    """Say that there is other data than frames from a byte on."""
    return f"data that is not zstd from byte {start} on" if start else "is not zstd data"
