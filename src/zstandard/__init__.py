"""Zstandard compression (RFC 8878) by libzstd.

Every name of the C extension zstandard.backend_c is a name of this package.
"""

import builtins as _builtins
import io as _io
import os as _os

# 0.25.0 chose among several backends; the values that led to the one in C still do.
_policy = _os.environ.get("PYTHON_ZSTANDARD_IMPORT_POLICY", "default")
if _policy not in ("default", "cext", "cffi_fallback"):
    raise ImportError(
        f"PYTHON_ZSTANDARD_IMPORT_POLICY is {_policy!r}, and zstandard has only its backend in C: "
        "unset it, or use default, cext or cffi_fallback"
    )

from zstandard.backend_c import *  # noqa: E402, F403
from zstandard.backend_c import ZstdCompressor, ZstdDecompressor  # noqa: E402
from zstandard.backend_c import __version__ as __version__  # noqa: E402

backend = "cext"


def _text_of(stream, **options):
    text = _io.TextIOWrapper(stream, **options)
    if stream.readable():
        # It would ask for 8 KiB at a time, calls and copies that take 7% of the time for lines.
        text._CHUNK_SIZE = 32 << 10  # noqa: SLF001 - there is no public name for it
    return text


def open(  # noqa: A001 - the API's own name
    filename,
    mode="rb",
    cctx=None,
    dctx=None,
    encoding=None,
    errors=None,
    newline=None,
    closefd=None,
):
    """Open a file of Zstandard frames, to read or write their content.

    filename: a path (str, bytes or os.PathLike), or a file object with a read() or write() method.
    mode: "r" to read, "w" to write, "x" to write a new file, "a" to append a frame; with "b" for
    bytes, else for text.
    cctx, dctx: the ZstdCompressor and the ZstdDecompressor to use, instead of default ones.
    encoding, errors, newline: as for io.TextIOWrapper, for text only.
    closefd: whether closing the result closes the file; by default if it was opened here.

    Returns a ZstdDecompressionReader or ZstdCompressionWriter or, for text, an io.TextIOWrapper of
    one. Raises ValueError for another mode, TypeError for another filename, and what opening the
    file raises.
    """
    if not isinstance(mode, str):
        raise TypeError(f"mode must be a str, not {mode!r}")
    plain_mode = mode.replace("t", "")
    if plain_mode not in ("r", "rb", "w", "wb", "a", "ab", "x", "xb"):
        raise ValueError(f"Invalid mode: {mode!r}")
    binary_mode = plain_mode.replace("b", "") + "b"
    opens = isinstance(filename, (str, bytes, _os.PathLike))
    if opens:
        # The stream closes it, and bytes are no argument of Path().
        file = _builtins.open(filename, binary_mode)  # noqa: PTH123, SIM115
    elif hasattr(filename, "read") or hasattr(filename, "write"):
        file = filename
    else:
        raise TypeError(f"filename must be a str, bytes, file or PathLike object, not {filename!r}")
    if closefd is None:
        closefd = opens
    try:
        if binary_mode == "rb":
            stream = (dctx or ZstdDecompressor()).stream_reader(file, closefd=closefd)
        else:
            stream = (cctx or ZstdCompressor()).stream_writer(file, closefd=closefd)
        if "b" in plain_mode:
            return stream
        return _text_of(stream, encoding=encoding, errors=errors, newline=newline)
    except BaseException:
        if opens:
            file.close()
        raise
