"""Target: content compressed by any parameters and shape is there again."""

import io

from fuzz.choices import Choices
from fuzz.expected import Source, attempt
from zstandard import (
    FLUSH_BLOCK,
    FLUSH_FRAME,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
)

# Names and values that take little memory; the others are out of bounds, or take the most of it.
PARAMETERS = {
    "window_log": [10, 11, 15, 18, 9, 0, 32],
    "hash_log": [6, 7, 12, 17, 5, 0, 31],
    "chain_log": [6, 7, 12, 17, 5, 0, 31],
    "search_log": [1, 2, 5, 8, 0, -1, 31],
    "min_match": [3, 4, 5, 6, 7, 0, 2, 8],
    "target_length": [0, 1, 16, 999, 131072, -1, 131073],
    "strategy": [1, 2, 3, 4, 5, 6, 7, 8, 9, -1, 0, 10],
    "write_content_size": [0, 1],
    "write_checksum": [0, 1],
    "write_dict_id": [0, 1],
    "overlap_log": [-1, 0, 1, 9, 10],
    "enable_ldm": [0, 1, 2],
    "ldm_hash_log": [0, 6, 12, 5],
    "ldm_min_match": [0, 4, 64, 3],
    "ldm_bucket_size_log": [0, 1, 8, 9],
    "ldm_hash_rate_log": [-1, 0, 4, 31],
    "force_max_window": [0, 1],
    "target_cblock_size": [0, 1340, 2000, 1],
    "rsyncable": [0, 1],
    "literal_compression_mode": [0, 1, 2, 3],
    "src_size_hint": [0, 1, 1000, -1],
    "use_block_splitter": [0, 1, 2],
    "use_row_match_finder": [0, 1, 2],
    "max_block_size": [0, 1024, 5000, 1],
    "block_splitter_level": [0, 1, 6, 7],
}
NAMES = sorted(PARAMETERS)


def parameters(choices):
    """Return ZstdCompressionParameters, or None where they are refused."""
    values = {"window_log": 17, "hash_log": 15, "chain_log": 15, "search_log": 3}
    for _ in range(choices.number(0, 8)):
        name = choices.pick(NAMES)
        values[name] = choices.pick(PARAMETERS[name])
    if choices.seldom():
        values["threads"] = choices.pick([1, 2])
        values["job_size"] = choices.pick([0, 1 << 19, 1])
    result, error = attempt(ZstdCompressionParameters, **values)
    assert error is None or isinstance(error, (ZstdError, ValueError))
    return result


def by_call(choices, compressor, content):
    del choices
    return compressor.compress(content)


def by_call_into(choices, compressor, content):
    del choices
    buffer = bytearray(len(content) + len(content) // 256 + 64)
    return bytes(buffer[: compressor.compress_into(content, buffer)])


def by_object(choices, compressor, content):
    stream = compressor.compressobj()
    frames = b""
    for piece in choices.pieces(content):
        frames += stream.compress(piece)
        if choices.boolean():
            frames += stream.flush(1)
    return frames + stream.flush()


def by_chunker(choices, compressor, content):
    chunker = compressor.chunker(chunk_size=choices.pick([131591, 1, 50]))
    frames = b""
    for piece in choices.pieces(content):
        frames += b"".join(chunker.compress(piece))
        if choices.boolean():
            frames += b"".join(chunker.flush())
    return frames + b"".join(chunker.finish())


def by_reader(choices, compressor, content):
    source = Source(choices.pieces(content))
    reader = compressor.stream_reader(source, read_size=choices.pick([131072, 1, 100]))
    size = choices.pick([-1, 1, 50])
    return b"".join(iter(lambda: reader.read(size), b""))


def by_writer(choices, compressor, content):
    sink = io.BytesIO()
    writer = compressor.stream_writer(sink, write_size=choices.pick([131591, 1, 50]), closefd=False)
    for piece in choices.pieces(content):
        assert writer.write(piece) == len(piece)
        if choices.boolean():
            writer.flush(choices.pick([FLUSH_BLOCK, FLUSH_FRAME]))
    writer.close()
    return sink.getvalue()


def by_copy(choices, compressor, content):
    sink = io.BytesIO()
    sizes = {"read_size": choices.pick([131072, 1, 100]), "write_size": choices.pick([131591, 50])}
    counts = compressor.copy_stream(io.BytesIO(content), sink, **sizes)
    assert counts == (len(content), len(sink.getvalue()))
    return sink.getvalue()


SHAPES = [by_call, by_call_into, by_object, by_chunker, by_reader, by_writer, by_copy]


def round_trip(data):
    """By any parameters, through each shape of compression."""
    choices = Choices(data)
    shape = choices.pick(SHAPES)
    compression_params = parameters(choices)
    if compression_params is None:
        return
    compressor = ZstdCompressor(compression_params=compression_params)
    content = choices.payload * choices.pick([1, 2, 10, 100])
    frames = shape(choices, compressor, content)
    assert compressor.memory_size() > 0
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(frames, -1, True, False) == content


TARGETS = {"round_trip": round_trip}
