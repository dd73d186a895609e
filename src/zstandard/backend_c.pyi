from collections.abc import Set as AbstractSet
from typing import Final, SupportsIndex, final

from typing_extensions import Buffer, disjoint_base

__version__: Final[str]
backend_features: Final[AbstractSet[str]]
ZSTD_VERSION: Final[tuple[int, int, int]]

BLOCKSIZELOG_MAX: Final[int]
BLOCKSIZE_MAX: Final[int]
CHAINLOG_MAX: Final[int]
CHAINLOG_MIN: Final[int]
COMPRESSION_RECOMMENDED_INPUT_SIZE: Final[int]
COMPRESSION_RECOMMENDED_OUTPUT_SIZE: Final[int]
COMPRESSOBJ_FLUSH_BLOCK: Final[int]
COMPRESSOBJ_FLUSH_FINISH: Final[int]
CONTENTSIZE_ERROR: Final[int]
CONTENTSIZE_UNKNOWN: Final[int]
DECOMPRESSION_RECOMMENDED_INPUT_SIZE: Final[int]
DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE: Final[int]
DICT_TYPE_AUTO: Final[int]
DICT_TYPE_FULLDICT: Final[int]
DICT_TYPE_RAWCONTENT: Final[int]
FLUSH_BLOCK: Final[int]
FLUSH_FRAME: Final[int]
FORMAT_ZSTD1: Final[int]
FORMAT_ZSTD1_MAGICLESS: Final[int]
FRAME_HEADER: Final[bytes]
HASHLOG_MAX: Final[int]
HASHLOG_MIN: Final[int]
LDM_BUCKETSIZELOG_MAX: Final[int]
LDM_MINMATCH_MAX: Final[int]
LDM_MINMATCH_MIN: Final[int]
MAGIC_NUMBER: Final[int]
MAX_COMPRESSION_LEVEL: Final[int]
MINMATCH_MAX: Final[int]
MINMATCH_MIN: Final[int]
SEARCHLENGTH_MAX: Final[int]
SEARCHLENGTH_MIN: Final[int]
SEARCHLOG_MAX: Final[int]
SEARCHLOG_MIN: Final[int]
STRATEGY_BTLAZY2: Final[int]
STRATEGY_BTOPT: Final[int]
STRATEGY_BTULTRA: Final[int]
STRATEGY_BTULTRA2: Final[int]
STRATEGY_DFAST: Final[int]
STRATEGY_FAST: Final[int]
STRATEGY_GREEDY: Final[int]
STRATEGY_LAZY: Final[int]
STRATEGY_LAZY2: Final[int]
TARGETLENGTH_MAX: Final[int]
TARGETLENGTH_MIN: Final[int]
WINDOWLOG_MAX: Final[int]
WINDOWLOG_MIN: Final[int]

class ZstdError(Exception):
    code: int | None
    name: str | None

class ZstdEOFError(ZstdError, EOFError): ...

def compress(data: Buffer, level: SupportsIndex = 3) -> bytes: ...
def decompress(data: Buffer, max_output_size: SupportsIndex = 0) -> bytes: ...
def estimate_decompression_context_size() -> int: ...
def frame_content_size(data: Buffer) -> int: ...
def frame_header_size(data: Buffer) -> int: ...
def get_frame_parameters(data: Buffer, format: SupportsIndex = 0) -> FrameParameters: ...

@disjoint_base
class ZstdCompressor:
    def __init__(
        self,
        level: SupportsIndex = 3,
        *,
        write_checksum: bool | None = None,
        write_content_size: bool | None = None,
        write_dict_id: bool | None = None,
        threads: SupportsIndex = 0,
    ) -> None: ...
    def compress(self, data: Buffer) -> bytes: ...
    def compress_into(self, data: Buffer, buffer: Buffer) -> int: ...
    def compressobj(self, size: SupportsIndex = -1) -> ZstdCompressionObj: ...
    def frame_progression(self) -> tuple[int, int, int]: ...
    def memory_size(self) -> int: ...

@disjoint_base
class ZstdDecompressor:
    def __init__(
        self, *, max_window_size: SupportsIndex = 0, format: SupportsIndex = 0
    ) -> None: ...
    def decompress(
        self,
        data: Buffer,
        max_output_size: SupportsIndex = 0,
        read_across_frames: bool = False,
        allow_extra_data: bool = True,
    ) -> bytes: ...
    def decompress_into(
        self,
        data: Buffer,
        buffer: Buffer,
        read_across_frames: bool = False,
        allow_extra_data: bool = True,
    ) -> int: ...
    def decompressobj(
        self, write_size: SupportsIndex = 131072, read_across_frames: bool = False
    ) -> ZstdDecompressionObj: ...
    def memory_size(self) -> int: ...

@final
class ZstdCompressionObj:
    @property
    def total_in(self) -> int: ...
    @property
    def total_out(self) -> int: ...
    def compress(self, data: Buffer) -> bytes: ...
    def flush(self, flush_mode: SupportsIndex = 0) -> bytes: ...

@final
class ZstdDecompressionObj:
    @property
    def total_in(self) -> int: ...
    @property
    def total_out(self) -> int: ...
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def unconsumed_tail(self) -> bytes: ...
    def decompress(self, data: Buffer, max_length: SupportsIndex = -1) -> bytes: ...
    def flush(self, length: object = 0) -> bytes: ...

@final
class FrameParameters:
    @property
    def content_size(self) -> int: ...
    @property
    def window_size(self) -> int: ...
    @property
    def dict_id(self) -> int: ...
    @property
    def has_checksum(self) -> bool: ...
