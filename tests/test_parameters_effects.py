"""Compression by ZstdCompressionParameters: what each does, in every shape, and any of them."""

import copy
import io
import pickle
import random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
import strategies
import zstandard
from parameters import BOUNDS, LACKS_SPLITTER_LEVEL, NAMES, values_of
from zstandard import (
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    decompression_bounds,
    get_frame_parameters,
)

# --- effects ---

TEXT = samples.text(400_000)
LONG_TEXT = samples.text(3_000_000)
LETTERS = bytes(random.Random(0).choices(b"abcdefgh", k=100_000))  # no matches, and few symbols
MIXED = (samples.text(40_000) + samples.noise(30_000) + samples.runs(50_000)) * 4
# Stretches that come again at long distances, between others that do not.
DISTANT = b"".join(samples.noise(200, i % 500) + samples.noise(50, 1000 + i) for i in range(5000))
DICTIONARY = zstandard.train_dictionary(
    20_000, [samples.text(500, seed) for seed in range(200)], dict_id=77
)
LDM = {"enable_ldm": 1, "compression_level": 1, "hash_log": 6, "window_log": 21}


def one_shot(data, **given):
    return ZstdCompressor(compression_params=ZstdCompressionParameters(**given)).compress(data)


def streamed(data, **given):
    parameters = ZstdCompressionParameters(**given)
    stream = ZstdCompressor(compression_params=parameters).compressobj()
    return stream.compress(data) + stream.flush()


def with_dictionary(data, **given):
    parameters = ZstdCompressionParameters(**given)
    return ZstdCompressor(dict_data=DICTIONARY, compression_params=parameters).compress(data)


def blocks_of(frame):
    return next(zstandard.list_frames(frame)).blocks


class Effect(NamedTuple):
    """Two values of a parameter, of which the second makes smaller frames or more blocks."""

    name: str
    values: tuple[int, int]
    others: dict[str, int] = {}  # noqa: RUF012 (it is not changed)
    data: bytes = TEXT


SMALLER = [
    Effect("compression_level", (1, 19)),
    Effect("window_log", (10, 20)),
    Effect("hash_log", (6, 20)),
    Effect("chain_log", (6, 24), {"compression_level": 7, "use_row_match_finder": 2}),
    Effect("search_log", (1, 9), {"compression_level": 7}),
    Effect("min_match", (7, 3)),
    Effect("target_length", (4096, 1), {"compression_level": -1}),
    Effect("strategy", (1, 9)),
    Effect("job_size", (0, 524288), {"threads": 1}, LONG_TEXT),
    Effect("overlap_log", (9, 1), {"threads": 1, "job_size": 524288}, LONG_TEXT),
    Effect("threads", (0, 1), {"job_size": 524288}, LONG_TEXT),
    Effect("rsyncable", (1, 0), {"threads": 1, "job_size": 524288}, LONG_TEXT),
    Effect("enable_ldm", (2, 1), {"compression_level": 1, "hash_log": 6}, DISTANT),
    Effect("ldm_hash_log", (6, 20), LDM, DISTANT),
    Effect("ldm_min_match", (4096, 4), LDM, DISTANT),
    Effect("ldm_bucket_size_log", (8, 1), LDM, DISTANT),
    Effect("ldm_hash_rate_log", (20, 4), LDM, DISTANT),
    Effect("literal_compression_mode", (2, 1), {}, LETTERS),
    Effect("use_row_match_finder", (1, 2), {"compression_level": 6}),
]
MORE_BLOCKS = [
    Effect("target_cblock_size", (0, 1340)),
    Effect("use_block_splitter", (2, 1), {}, MIXED),
    Effect("max_block_size", (0, 1024)),
]
if not LACKS_SPLITTER_LEVEL:
    MORE_BLOCKS.append(Effect("block_splitter_level", (1, 6), {}, MIXED))


@pytest.mark.parametrize("effect", SMALLER, ids=lambda effect: effect.name)
def test_effect_on_the_size_of_frames(effect):
    plain, smaller = (
        one_shot(effect.data, **effect.others | {effect.name: value}) for value in effect.values
    )
    assert len(smaller) < len(plain)
    for frame in (plain, smaller):
        assert zstandard.decompress(frame) == effect.data


@pytest.mark.parametrize("effect", MORE_BLOCKS, ids=lambda effect: effect.name)
def test_effect_on_blocks(effect):
    plain, more = (
        one_shot(effect.data, **effect.others | {effect.name: value}) for value in effect.values
    )
    assert blocks_of(more) > blocks_of(plain)
    for frame in (plain, more):
        assert zstandard.decompress(frame) == effect.data


# Those without an effect that shows are prefetch_cdict_tables, which is about speed, and
# deterministic_ref_prefix, which is about where things lie in memory.
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("force_max_window", (0, 1)),
        ("force_attach_dict", (1, 2)),
        ("enable_dedicated_dict_search", (0, 1)),
    ],
)
def test_effect_with_a_dictionary(name, values):
    data = samples.text(5000, 3) + samples.text(20_000, 5)
    frames = {with_dictionary(data, compression_level=7, **{name: value}) for value in values}
    assert len(frames) == 2
    for frame in frames:
        assert ZstdDecompressor(DICTIONARY).decompress(frame) == data


def test_max_block_size_bounds_every_block():
    frame = one_shot(TEXT, max_block_size=5000)
    assert blocks_of(frame) >= len(TEXT) / 5000


def test_effect_of_format():
    frame = one_shot(TEXT, format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    assert zstandard.FRAME_HEADER + frame == one_shot(TEXT)
    assert ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS).decompress(frame) == TEXT


@pytest.mark.parametrize("compress", [one_shot, streamed])
def test_effect_of_write_checksum(compress):
    assert get_frame_parameters(compress(TEXT, write_checksum=1)).has_checksum
    assert not get_frame_parameters(compress(TEXT)).has_checksum


def test_effect_of_write_content_size():
    assert zstandard.frame_content_size(one_shot(TEXT)) == len(TEXT)
    assert zstandard.frame_content_size(one_shot(TEXT, write_content_size=0)) == -1


def test_effect_of_write_dict_id():
    assert get_frame_parameters(with_dictionary(TEXT, write_dict_id=1)).dict_id == 77
    assert get_frame_parameters(with_dictionary(TEXT)).dict_id == 0
    assert get_frame_parameters(ZstdCompressor(dict_data=DICTIONARY).compress(TEXT)).dict_id == 77


@pytest.mark.parametrize("window_log", [10, 15, 24])
def test_window_is_in_the_header(window_log):
    frame = streamed(TEXT, window_log=window_log)
    assert get_frame_parameters(frame).window_size == 1 << window_log


def test_effect_of_src_size_hint():
    assert get_frame_parameters(streamed(TEXT, src_size_hint=1000)).window_size == 1024
    assert get_frame_parameters(streamed(TEXT)).window_size == 1 << 21


@pytest.mark.parametrize("level", [-5, 1, 3, 19])
def test_level_is_that_of_the_compressor(level):
    assert one_shot(TEXT, compression_level=level) == ZstdCompressor(level).compress(TEXT)


# --- with a compressor ---


@pytest.mark.parametrize("name", ["threads", "write_checksum", "write_content_size"])
def test_what_parameters_say_cannot_be_said_again(name):
    check_cannot_be_said_again(**{name: 1})


@pytest.mark.parametrize(
    "given",
    [
        {"threads": -1},
        {"write_checksum": False},
        {"write_content_size": False},
        {"write_dict_id": True},
        {"write_dict_id": False},
    ],
)
def test_nor_by_any_other_value(given):
    check_cannot_be_said_again(**given)


def check_cannot_be_said_again(**given):
    (name,) = given
    with pytest.raises(ValueError, match=f"cannot define compression_params and {name}: "):
        ZstdCompressor(compression_params=ZstdCompressionParameters(), **given)


def test_level_gives_way_to_parameters():
    parameters = ZstdCompressionParameters(compression_level=1)
    for compressor in (
        ZstdCompressor(19, compression_params=parameters),
        ZstdCompressor(19, None, parameters),
        ZstdCompressor(level=19, compression_params=parameters, threads=0, write_checksum=None),
    ):
        assert compressor.compress(TEXT) == ZstdCompressor(1).compress(TEXT)
    with pytest.raises(ValueError, match="level must be less than 23"):
        ZstdCompressor(23, compression_params=parameters)


@pytest.mark.parametrize("value", [3, "3", {}, ZstdCompressor(), ZstdCompressionParameters])
def test_params_of_another_type(value):
    with pytest.raises(
        TypeError,
        match="compression_params must be zstandard.ZstdCompressionParameters, not "
        + type(value).__name__.replace("ZstdC", "zstandard.backend_c.ZstdC"),
    ):
        ZstdCompressor(compression_params=value)


def test_positional_arguments():
    compressor = ZstdCompressor(3, DICTIONARY, None, True, False, False, 1)
    frame = compressor.compress(TEXT)
    header = get_frame_parameters(frame)
    assert header.has_checksum
    assert header.content_size == zstandard.CONTENTSIZE_UNKNOWN
    assert header.dict_id == 0
    decompressor = ZstdDecompressor(DICTIONARY, 1 << 22, zstandard.FORMAT_ZSTD1)
    assert decompressor.decompress(frame, -1) == TEXT
    with pytest.raises(TypeError):
        ZstdCompressor(3, None, None, None, None, None, 0, 0)
    with pytest.raises(TypeError):
        ZstdDecompressor(None, 0, 0, False)
    with pytest.raises(ZstdError, match="unable to set decoding format"):
        ZstdDecompressor(None, 0, 9)
    with pytest.raises(ZstdError, match="unable to set max window size"):
        ZstdDecompressor(None, 5)


def compress_into(compressor, data):
    buffer = bytearray(len(data) + len(data) // 256 + 64)
    return bytes(buffer[: compressor.compress_into(data, buffer)])


def compress_by_reader(compressor, data):
    with compressor.stream_reader(io.BytesIO(data)) as reader:
        return reader.read()


def compress_by_writer(compressor, data):
    sink = io.BytesIO()
    with compressor.stream_writer(sink, closefd=False) as writer:
        writer.write(data)
    return sink.getvalue()


def compress_by_copy(compressor, data):
    sink = io.BytesIO()
    compressor.copy_stream(io.BytesIO(data), sink)
    return sink.getvalue()


def compress_by_obj(compressor, data):
    stream = compressor.compressobj()
    return stream.compress(data) + stream.flush()


def compress_by_chunker(compressor, data):
    chunker = compressor.chunker(chunk_size=1000)
    return b"".join([*chunker.compress(data), *chunker.finish()])


def compress_by_open(compressor, data):
    sink = io.BytesIO()
    with zstandard.open(sink, "wb", cctx=compressor) as writer:
        writer.write(data)
    return sink.getvalue()


SHAPES = {
    "compress": lambda compressor, data: compressor.compress(data),
    "compress_into": compress_into,
    "compressobj": compress_by_obj,
    "chunker": compress_by_chunker,
    "stream_reader": compress_by_reader,
    "stream_writer": compress_by_writer,
    "read_to_iter": lambda compressor, data: b"".join(compressor.read_to_iter(io.BytesIO(data))),
    "copy_stream": compress_by_copy,
    "open": compress_by_open,
    "multi_compress": lambda compressor, data: compressor.multi_compress([data])[0],
    "multi_compress_to_buffer": lambda compressor, data: compressor.multi_compress_to_buffer(
        [data, data], threads=2
    )[1].tobytes(),
}


# What is to be seen of the parameters in each frame.
SEEN = {"format": 1, "write_checksum": 1, "max_block_size": 4000}
COMBINATIONS = {
    "plain": {},
    "threads": {"threads": 2, "job_size": 512 << 10, "overlap_log": 3},
    "rsyncable": {"threads": 1, "rsyncable": 1},
    "long distances": {"enable_ldm": 1, "window_log": 20, "ldm_hash_rate_log": 4},
    "high": {"compression_level": 17, "window_log": 18},
    "by strategy": {"strategy": 5, "use_row_match_finder": 2, "hash_log": 12, "search_log": 4},
    "no content size": {"write_content_size": 0},
}


@pytest.mark.parametrize("combination", COMBINATIONS)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_compresses_by_the_parameters(shape, combination):
    data = MIXED[:300_000]
    parameters = ZstdCompressionParameters(**COMBINATIONS[combination] | SEEN)
    compressor = ZstdCompressor(compression_params=parameters)
    decompressor = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS)
    for _ in range(2):
        frame = SHAPES[shape](compressor, data)
        (info,) = zstandard.list_frames(frame, format=1)
        assert info.has_checksum
        assert info.blocks >= len(data) / 4000
        assert decompressor.decompress(frame, -1) == data


@pytest.mark.parametrize("shape", ["compress", "compressobj", "stream_writer"])
def test_threads_are_used(shape):
    parameters = ZstdCompressionParameters(threads=1, job_size=524288)
    compressor = ZstdCompressor(compression_params=parameters)
    frame = SHAPES[shape](compressor, LONG_TEXT)
    plain = ZstdCompressor(compression_params=ZstdCompressionParameters(job_size=524288))
    assert frame != SHAPES[shape](plain, LONG_TEXT)
    assert zstandard.ZstdDecompressor().decompress(frame, -1) == LONG_TEXT


# --- properties ---


def values(name):
    """Make values of a parameter that do not call for much memory or time."""
    lower, upper = BOUNDS[name]
    most = {"window_log": 22, "hash_log": 18, "chain_log": 18, "search_log": 6, "threads": 2}
    most |= {"ldm_hash_log": 18, "job_size": 2 << 20, "compression_level": 19}
    most |= {"target_length": 1000}
    return st.integers(lower, min(upper, most.get(name, upper)))


combinations = st.fixed_dictionaries({}, optional={name: values(name) for name in sorted(BOUNDS)})


@given(given=combinations, data=strategies.any_size.filter(len), choices=st.data())
def test_any_parameters_round_trip(given, data, choices):
    parameters = ZstdCompressionParameters(**given)
    protocol = choices.draw(st.integers(0, pickle.HIGHEST_PROTOCOL))
    for other in (
        pickle.loads(pickle.dumps(parameters, protocol)),
        copy.copy(parameters),
        eval(repr(parameters)),
        ZstdCompressionParameters(**given),
    ):
        assert other == parameters
        assert hash(other) == hash(parameters)
        assert values_of(other) == values_of(parameters)
    if parameters.threads == 0:
        assert parameters.estimated_compression_context_size() > 1000
    compressor = ZstdCompressor(compression_params=parameters)
    decompressor = ZstdDecompressor(
        max_window_size=decompression_bounds()["max_window_size"][1], format=parameters.format
    )
    shape = SHAPES[choices.draw(st.sampled_from(sorted(SHAPES)))]
    for frame in (compressor.compress(data), shape(compressor, data)):
        assert decompressor.decompress(frame, -1) == data


@given(given=combinations, level=st.integers(-10, 19), size=st.integers(0, 2**64 - 1))
def test_any_overrides_of_a_level(given, level, size):
    parameters = ZstdCompressionParameters.from_level(level, size, **given)
    plain = ZstdCompressionParameters.from_level(level, size)
    explicit = ZstdCompressionParameters(**given)
    for name in NAMES:
        expected = explicit if name in given else plain
        assert getattr(parameters, name) == getattr(expected, name)
