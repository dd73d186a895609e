import io
from os import PathLike
from typing import Final, Literal, TypeAlias, overload

from zstandard.backend_c import *
from zstandard.backend_c import (
    ZstdCompressionWriter,
    ZstdCompressor,
    ZstdDecompressionReader,
    ZstdDecompressor,
    _Readable,
    _Writable,
)
from zstandard.backend_c import __version__ as __version__

backend: Final[str]

_Path: TypeAlias = str | bytes | PathLike[str] | PathLike[bytes]
_ReadMode: TypeAlias = Literal["rb"]
_WriteMode: TypeAlias = Literal["wb", "ab", "xb"]
_TextReadMode: TypeAlias = Literal["r", "rt", "tr"]
_TextWriteMode: TypeAlias = Literal["w", "wt", "tw", "a", "at", "ta", "x", "xt", "tx"]

@overload
def open(
    filename: _Path | _Readable,
    mode: _ReadMode = "rb",
    cctx: ZstdCompressor | None = None,
    dctx: ZstdDecompressor | None = None,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool | None = None,
) -> ZstdDecompressionReader: ...
@overload
def open(
    filename: _Path | _Writable,
    mode: _WriteMode,
    cctx: ZstdCompressor | None = None,
    dctx: ZstdDecompressor | None = None,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool | None = None,
) -> ZstdCompressionWriter: ...
@overload
def open(
    filename: _Path | _Readable,
    mode: _TextReadMode,
    cctx: ZstdCompressor | None = None,
    dctx: ZstdDecompressor | None = None,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool | None = None,
) -> io.TextIOWrapper: ...
@overload
def open(
    filename: _Path | _Writable,
    mode: _TextWriteMode,
    cctx: ZstdCompressor | None = None,
    dctx: ZstdDecompressor | None = None,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool | None = None,
) -> io.TextIOWrapper: ...
@overload
def open(
    filename: _Path | _Readable | _Writable,
    mode: str,
    cctx: ZstdCompressor | None = None,
    dctx: ZstdDecompressor | None = None,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool | None = None,
) -> ZstdDecompressionReader | ZstdCompressionWriter | io.TextIOWrapper: ...
