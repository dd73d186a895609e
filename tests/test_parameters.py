"""ZstdCompressionParameters and bounds: values, arguments, levels, estimates."""

import io
import os
import sys

import pytest

import samples
import zstandard
from callbacks import Index, fail
from parameters import (
    BOUNDS,
    FROM_LEVEL,
    LACKS_SPLITTER_LEVEL,
    NAMES,
    NOT_SET,
    PLAIN,
    POSITIONAL,
    VALUES,
    values_of,
)
from zstandard import (
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    get_frame_parameters,
)

# What becomes of the numbers next to the bounds, where it is not refused. libzstd takes 0 for "not
# set" where the lower bound is 1, and flags are set by any number but 0.
FLAGS = (
    "write_content_size",
    "write_checksum",
    "write_dict_id",
    "force_max_window",
    "enable_dedicated_dict_search",
)
BELOW = dict.fromkeys(FLAGS, 1) | {
    "compression_level": -131072,
    "search_log": 0,
    "strategy": 0,
    "job_size": 512 << 10,
    "overlap_log": 0,
    "ldm_bucket_size_log": 0,
    "ldm_hash_rate_log": 0,
    "threads": os.cpu_count(),
    "rsyncable": 0,
}
OUT_OF_RANGE = (
    r"^-?214748364\d is out of the range of an int of C$"
    if sys.maxsize > 2**31
    else "cannot fit 'int' into an index-sized integer"
)
ABOVE = dict.fromkeys(FLAGS, 1) | {
    "compression_level": 22,
    "job_size": BOUNDS["job_size"][1],
    "overlap_log": 9,
    "threads": BOUNDS["threads"][1],
    "rsyncable": 2,  # libzstd holds it to the bounds of overlap_log
}
if BOUNDS["target_cblock_size"][0] > 64:
    BELOW["target_cblock_size"] = BOUNDS["target_cblock_size"][0]


# --- values ---


def test_values_by_default():
    assert values_of(ZstdCompressionParameters()) == PLAIN
    assert values_of(ZstdCompressionParameters.__new__(ZstdCompressionParameters)) == PLAIN


@pytest.mark.parametrize("name", VALUES)
def test_value_is_set_and_read(name):
    expected = PLAIN | {name: VALUES[name]}
    assert expected != PLAIN
    assert values_of(ZstdCompressionParameters(**{name: VALUES[name]})) == expected


def test_all_values_at_once():
    assert values_of(ZstdCompressionParameters(**VALUES)) == PLAIN | VALUES
    parameters = ZstdCompressionParameters(*[VALUES[name] for name in POSITIONAL])
    assert values_of(parameters) == PLAIN | {name: VALUES[name] for name in POSITIONAL}


@pytest.mark.parametrize("name", VALUES)
def test_value_that_stands_for_not_set(name):
    value = NOT_SET.get(name, PLAIN[name])
    assert values_of(ZstdCompressionParameters(**{name: value})) == PLAIN


def test_write_dict_id_of_minus_one_is_libzstds_default():
    assert ZstdCompressionParameters(write_dict_id=-1).write_dict_id == 1


@pytest.mark.parametrize("name", VALUES)
def test_attribute_is_read_only(name):
    with pytest.raises(AttributeError, match="not writable"):
        setattr(ZstdCompressionParameters(), name, 1)


@pytest.mark.parametrize("name", BOUNDS)
def test_bounds_are_taken(name):
    for value in BOUNDS[name]:
        # 0 is not set where libzstd chooses another value.
        expected = PLAIN[name] if value == NOT_SET.get(name) else value
        assert getattr(ZstdCompressionParameters(**{name: value}), name) == expected


def check_out_of_bounds(name, value, taken):
    if name in taken:
        assert getattr(ZstdCompressionParameters(**{name: value}), name) == taken[name]
        return
    with pytest.raises(ZstdError) as caught:
        ZstdCompressionParameters(**{name: value})
    lower, upper = BOUNDS[name]
    assert str(caught.value) == (
        "unable to set compression context parameter: Parameter is out of bound: "
        f"{name}={value}, which must be from {lower} to {upper}"
    )
    assert caught.value.name == "Parameter is out of bound"


@pytest.mark.parametrize("name", BOUNDS)
def test_value_under_the_bounds(name):
    check_out_of_bounds(name, BOUNDS[name][0] - 1, BELOW)


@pytest.mark.parametrize("name", set(BOUNDS) - {"src_size_hint"})
def test_value_over_the_bounds(name):
    check_out_of_bounds(name, BOUNDS[name][1] + 1, ABOVE)


@pytest.mark.parametrize("threads", [-1, -2])
def test_threads_under_zero_are_one_for_each_cpu(threads):
    assert ZstdCompressionParameters(threads=threads).threads == os.cpu_count()


@pytest.mark.skipif(not LACKS_SPLITTER_LEVEL, reason="libzstd has all parameters")
def test_parameter_that_libzstd_lacks():
    version = ".".join(map(str, zstandard.ZSTD_VERSION))
    with pytest.raises(ZstdError) as caught:
        ZstdCompressionParameters(block_splitter_level=3)
    assert str(caught.value) == (
        "unable to set compression context parameter: Unsupported parameter: "
        f"block_splitter_level=3: libzstd {version} does not have this parameter"
    )
    assert ZstdCompressionParameters(block_splitter_level=0).block_splitter_level == 0
    assert "block_splitter_level" not in BOUNDS


# --- bounds ---


def test_compression_bounds():
    assert set(BOUNDS) == set(VALUES)
    for name, value in VALUES.items():
        lower, upper = BOUNDS[name]
        assert lower <= value <= upper
    assert BOUNDS["window_log"] == (zstandard.WINDOWLOG_MIN, zstandard.WINDOWLOG_MAX)
    assert BOUNDS["hash_log"] == (zstandard.HASHLOG_MIN, zstandard.HASHLOG_MAX)
    assert BOUNDS["chain_log"] == (zstandard.CHAINLOG_MIN, zstandard.CHAINLOG_MAX)
    assert BOUNDS["search_log"] == (zstandard.SEARCHLOG_MIN, zstandard.SEARCHLOG_MAX)
    assert BOUNDS["min_match"] == (zstandard.MINMATCH_MIN, zstandard.MINMATCH_MAX)
    assert BOUNDS["strategy"] == (zstandard.STRATEGY_FAST, zstandard.STRATEGY_BTULTRA2)
    assert BOUNDS["compression_level"] == (-131072, zstandard.MAX_COMPRESSION_LEVEL)
    assert BOUNDS["ldm_min_match"] == (zstandard.LDM_MINMATCH_MIN, zstandard.LDM_MINMATCH_MAX)
    assert zstandard.compression_bounds() is not zstandard.compression_bounds()


def test_decompression_bounds():
    bounds = zstandard.decompression_bounds()
    assert bounds == {
        "max_window_size": (1 << 10, 1 << zstandard.WINDOWLOG_MAX),
        "format": (0, 1),
        "force_ignore_checksum": (0, 1),
    }
    for name, (lower, upper) in bounds.items():
        ZstdDecompressor(**{name: lower})
        ZstdDecompressor(**{name: upper})
    for value in (bounds["max_window_size"][0] - 1, bounds["max_window_size"][1] + 1):
        with pytest.raises(ZstdError, match="unable to set max window size"):
            ZstdDecompressor(max_window_size=value)
    with pytest.raises(ZstdError, match="unable to set decoding format"):
        ZstdDecompressor(format=2)


# --- arguments ---

FROM_LEVEL_3 = ZstdCompressionParameters.from_level(3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: ZstdCompressionParameters(novel=1),
            TypeError,
            r"ZstdCompressionParameters\(\) got an unexpected keyword argument 'novel'",
        ),
        (
            lambda: ZstdCompressionParameters(0, format=0),
            TypeError,
            r"ZstdCompressionParameters\(\) got multiple values for argument 'format'",
        ),
        (
            lambda: ZstdCompressionParameters(*[0] * 22),
            TypeError,
            r"ZstdCompressionParameters\(\) takes at most 21 positional arguments \(22 given\)",
        ),
        (
            ZstdCompressionParameters.from_level,
            TypeError,
            r"from_level\(\) missing required argument 'level' \(pos 1\)",
        ),
        (
            lambda: ZstdCompressionParameters.from_level(source_size=1),
            TypeError,
            "missing required argument 'level'",
        ),
        (
            lambda: ZstdCompressionParameters.from_level(1, 2, 3, 4),
            TypeError,
            r"from_level\(\) takes at most 3 positional arguments \(4 given\)",
        ),
        (
            lambda: ZstdCompressionParameters.from_level(1, level=1),
            TypeError,
            r"from_level\(\) got multiple values for argument 'level'",
        ),
        (
            lambda: ZstdCompressionParameters.from_level(1, novel=1),
            TypeError,
            r"from_level\(\) got an unexpected keyword argument 'novel'",
        ),
        (
            lambda: ZstdCompressionParameters.from_level(1, window_log=9),
            ZstdError,
            "window_log=9, which must be from 10 to 3[01]",
        ),
        (lambda: ZstdCompressionParameters.from_level(2**31), OverflowError, OUT_OF_RANGE),
        (lambda: ZstdCompressionParameters.from_level(1, -1), OverflowError, None),
        (lambda: ZstdCompressionParameters.from_level(1, 2**64), OverflowError, None),
        (lambda: ZstdCompressionParameters.from_level(1, 0, -1), OverflowError, "dict_size.*-1"),
        (lambda: ZstdCompressionParameters.from_level(1, 0, 2**63), OverflowError, None),
        (lambda: ZstdCompressionParameters.from_level("3"), TypeError, "str"),
        (lambda: ZstdCompressionParameters.from_level(3, None), TypeError, "NoneType"),
        (lambda: ZstdCompressionParameters.from_level(3, 0, 1.5), TypeError, "float"),
        (
            lambda: ZstdCompressionParameters().estimated_compression_context_size(1),
            TypeError,
            "no arg",
        ),
        (lambda: ZstdCompressionParameters() < ZstdCompressionParameters(), TypeError, "<"),
    ],
)
def test_bad_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (2**31, OverflowError, OUT_OF_RANGE),
        (-(2**31) - 1, OverflowError, OUT_OF_RANGE),
        (2**64, OverflowError, None),
        (1.0, TypeError, "float"),
        ("1", TypeError, "str"),
        (None, TypeError, "NoneType"),
        (Index(1, fail), LookupError, "of the callback"),
    ],
)
def test_bad_value(name, value, error, message):
    for make in (ZstdCompressionParameters, lambda **given: FROM_LEVEL_3.from_level(1, **given)):
        with pytest.raises(error, match=message):
            make(**{name: value})
    if name in POSITIONAL:
        with pytest.raises(error, match=message):
            ZstdCompressionParameters(*[0] * POSITIONAL.index(name), value)


@pytest.mark.parametrize("name", VALUES)
def test_value_is_any_object_with_an_index(name):
    parameters = ZstdCompressionParameters(**{name: Index(VALUES[name], lambda: None)})
    assert getattr(parameters, name) == VALUES[name]


def test_keywords_may_go_while_they_are_read():
    given = {}
    given |= {"window_log": Index(12, given.clear), "write_checksum": 1}
    parameters = ZstdCompressionParameters(**given)
    assert (parameters.window_log, parameters.write_checksum) == (12, 1)


def test_init_again_starts_anew():
    parameters = ZstdCompressionParameters(window_log=12, write_checksum=1)
    compressor = ZstdCompressor(compression_params=parameters)
    parameters.__init__(hash_log=10)
    assert values_of(parameters) == PLAIN | {"hash_log": 10}
    assert get_frame_parameters(compressor.compress(b"")).has_checksum
    with pytest.raises(ZstdError):
        parameters.__init__(window_log=99)
    assert values_of(parameters) == PLAIN | {"hash_log": 10}


# --- from_level ---


@pytest.mark.parametrize("level", [-131072, -5, 0, 1, 3, 7, 13, 19, 22])
@pytest.mark.parametrize(
    "sizes",
    [
        (),
        (0,),
        (1000,),
        (100_000, 5000),
        (2**40,),
        (2**64 - 1, min(2**31, sys.maxsize)),
        (0, 100_000),
    ],
)
def test_from_level_sets_what_the_level_stands_for(level, sizes):
    parameters = ZstdCompressionParameters.from_level(level, *sizes)
    assert type(parameters) is ZstdCompressionParameters
    rest = {name: value for name, value in PLAIN.items() if name not in FROM_LEVEL}
    assert values_of(parameters).items() >= rest.items()
    for name in FROM_LEVEL:
        lower, upper = BOUNDS[name]
        assert lower <= getattr(parameters, name) <= upper


@pytest.mark.parametrize("level", [-5, 1, 3, 7, 13, 16, 19])
def test_from_level_compresses_as_the_level_does(level):
    data = samples.text(200_000)
    parameters = ZstdCompressionParameters.from_level(level, source_size=len(data))
    frame = ZstdCompressor(compression_params=parameters).compress(data)
    # The block splitter and literals go by level and strategy, which are the same.
    if level > 0:
        assert frame == ZstdCompressor(level).compress(data)
    assert zstandard.decompress(frame) == data


def test_from_level_goes_by_sizes():
    small = ZstdCompressionParameters.from_level(3, source_size=1000)
    assert small.window_log == 10
    assert ZstdCompressionParameters.from_level(3).window_log == 21
    assert ZstdCompressionParameters.from_level(3, 1000, 1_000_000) != small
    by_name = ZstdCompressionParameters.from_level(level=3, dict_size=9, source_size=1000)
    assert by_name == ZstdCompressionParameters.from_level(3, 1000, 9)


@pytest.mark.parametrize("name", VALUES)
def test_from_level_takes_parameters(name):
    expected = values_of(FROM_LEVEL_3) | {name: VALUES[name]}
    parameters = ZstdCompressionParameters.from_level(3, **{name: VALUES[name]})
    assert values_of(parameters) == expected


@pytest.mark.parametrize("name", FROM_LEVEL)
def test_from_level_can_leave_a_parameter_to_libzstd(name):
    value = -1 if name == "strategy" else 0
    assert getattr(ZstdCompressionParameters.from_level(3, **{name: value}), name) == 0


# --- estimates ---


def test_estimated_size():
    estimates = []
    for level in (1, 3, 19):
        parameters = ZstdCompressionParameters.from_level(level)
        estimate = parameters.estimated_compression_context_size()
        # The tables, without the buffers of a stream.
        assert estimate > 4 << parameters.hash_log
        with ZstdCompressor(compression_params=parameters).stream_writer(io.BytesIO()) as writer:
            writer.write(b"content")
            assert estimate < writer.memory_size()
        estimates.append(estimate)
    assert estimates == sorted(set(estimates))
    plain = ZstdCompressionParameters().estimated_compression_context_size()
    large = ZstdCompressionParameters(hash_log=25).estimated_compression_context_size()
    assert large - plain > 100_000_000


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"window_log": 10},
        {"ldm_hash_log": 22},
        {"ldm_min_match": 4},
        {"ldm_bucket_size_log": 8},
        {"window_log": 20, "compression_level": 19},
    ],
)
def test_estimated_size_with_long_distance_matching(given):
    parameters = ZstdCompressionParameters(**given, enable_ldm=1)
    without = ZstdCompressionParameters(**given, enable_ldm=2).estimated_compression_context_size()
    table = 8 << (given.get("ldm_hash_log") or max(given.get("window_log", 27) - 7, 6))
    assert parameters.estimated_compression_context_size() - without > table


def test_no_estimate_with_threads():
    parameters = ZstdCompressionParameters(threads=2)
    with pytest.raises(ZstdError, match="no estimate of a context with worker threads: threads=2"):
        parameters.estimated_compression_context_size()


def test_arguments_are_not_kept():
    value = object.__new__(type("Value", (), {"__index__": lambda _self: 12}))
    before = sys.getrefcount(value)
    for _ in range(10):
        ZstdCompressionParameters(window_log=value)
        ZstdCompressionParameters.from_level(1, value, window_log=value)
    assert sys.getrefcount(value) == before
