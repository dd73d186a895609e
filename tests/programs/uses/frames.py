"""Frames as servers and other tools make them, whole and not, for programs that only read."""

import samples
import zstandard
from frames import skippable
from programs.table import writes
from zstandard import ZstdCompressor

TEXT = samples.text(300_000)


@writes
def one_shot() -> bytes:
    return ZstdCompressor(level=10).compress(TEXT)


@writes
def streamed() -> bytes:
    """States no content size."""
    stream = ZstdCompressor(write_checksum=True).compressobj()
    pieces = [stream.compress(piece) for piece in samples.in_pieces(TEXT, 10_000)]
    return b"".join(pieces) + stream.flush()


@writes
def several() -> bytes:
    """Frames, an empty one and a skippable one among them."""
    first, *others = map(zstandard.compress, samples.in_pieces(TEXT, 77_777))
    return first + zstandard.compress(b"") + skippable(b"ignored") + b"".join(others)


@writes
def threaded() -> bytes:
    return ZstdCompressor(threads=2, write_content_size=False).compress(samples.runs(3_000_000))


@writes
def long_window() -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=26, enable_ldm=True)
    stream = ZstdCompressor(compression_params=parameters).compressobj()
    return stream.compress(TEXT) + stream.flush()


@writes
def empty() -> bytes:
    return zstandard.compress(b"")


@writes
def cut_short() -> bytes:
    return streamed()[:-10_000]


@writes
def cut_in_header() -> bytes:
    return one_shot()[:5]


@writes
def cut_in_second() -> bytes:
    return several()[:-5]


@writes
def wrong_checksum() -> bytes:
    return streamed()[:-4] + b"\0\0\0\0"


@writes
def followed_by_junk() -> bytes:
    return one_shot() + b"this is no frame"


@writes
def no_frame() -> bytes:
    return b"this is no frame at all"


WHOLE = (one_shot, streamed, several, threaded, long_window, empty)
FAULTY = (*(cut_short, cut_in_header, cut_in_second, wrong_checksum, followed_by_junk, no_frame),)
ALL = WHOLE + FAULTY
