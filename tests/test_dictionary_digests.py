"""Digests of a ZstdCompressionDict: made ahead or at need, shared by threads, and let go."""

import gc
import itertools
import sys
import threading
import time
import tracemalloc
import weakref

import pytest

import child
import samples
import zstandard
from dictionaries import DATA, FULL, ID, RAW, TRAINED, Derived, any_type, both_of, make_frame, raw
from parallel import has_gil, in_threads, others_run
from shapes import COMPRESSIONS
from zstandard import (
    DICT_TYPE_FULLDICT,
    DICT_TYPE_PREFIX,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    get_frame_parameters,
)

# --- precompute_compress() ---


def test_precomputed_digest_is_what_compressors_take():
    dictionary = ZstdCompressionDict(FULL)
    by_level = {level: both_of(dictionary, level=level)[0].compress(DATA) for level in (1, 19)}
    assert by_level[1] != by_level[19]
    made_before = ZstdCompressor(1, dict_data=dictionary)
    assert dictionary.precompute_compress(19) is None
    assert ZstdCompressor(1, dict_data=dictionary).compress(DATA) == by_level[19]
    assert made_before.compress(DATA) == by_level[1]
    dictionary.precompute_compress(level=1)
    assert ZstdCompressor(19, dict_data=dictionary).compress(DATA) == by_level[1]
    dictionary.__init__(FULL)
    assert ZstdCompressor(19, dict_data=dictionary).compress(DATA) == by_level[19]


def window_of(compressor):
    return get_frame_parameters(COMPRESSIONS["compressobj"](compressor, DATA)).window_size


# Threads with windows of the highest level call for more memory than 32 bits can address.
LEVEL_MAX = 22 if sys.maxsize > 2**32 else 20


@pytest.mark.parametrize("level", [-5, 1, 3, 9, 19, LEVEL_MAX])
@pytest.mark.parametrize("threads", [0, 2])
def test_the_window_is_that_of_the_level(level, threads):
    expected = window_of(ZstdCompressor(level, threads=threads))
    dictionary = ZstdCompressionDict(FULL)
    assert window_of(ZstdCompressor(level, dict_data=dictionary, threads=threads)) == expected
    params = ZstdCompressionParameters(compression_level=level, threads=threads)
    compressor = ZstdCompressor(dict_data=dictionary, compression_params=params)
    assert window_of(compressor) == expected
    dictionary.precompute_compress(level)
    assert window_of(ZstdCompressor(3, dict_data=dictionary, threads=threads)) == expected


def test_a_window_that_is_set_is_kept():
    params = ZstdCompressionParameters(compression_level=19, window_log=12)
    dictionary = ZstdCompressionDict(FULL)
    for level in (None, 1, 19):
        if level is not None:
            dictionary.precompute_compress(level)
        compressor = ZstdCompressor(dict_data=dictionary, compression_params=params)
        assert window_of(compressor) == 1 << 12


def test_with_threads_all_of_a_frame_is_of_the_level():
    data = samples.text(9 << 20)
    sizes = [
        len(ZstdCompressor(level, dict_data=TRAINED, threads=2).compress(data))
        for level in (-50, 1, 9)
    ]
    assert sizes[0] > 1.2 * sizes[1] > 1.2 * 1.2 * sizes[2]
    plain = ZstdCompressor(-50, threads=2).compress(data)
    assert 0.9 * len(plain) < sizes[0] < 1.1 * len(plain)


@pytest.mark.parametrize("table", ["hash_log", "chain_log"])
@pytest.mark.parametrize("level", [1, 3, 12])
def test_with_threads_the_tables_are_those_of_the_level(level, table):
    data = samples.text(1 << 20)
    meant = ZstdCompressionParameters.from_level(
        level, source_size=len(data), dict_size=len(TRAINED)
    )
    options = {"compression_level": level, "threads": 1, "job_size": 1 << 19}
    frames = [
        ZstdCompressor(
            dict_data=TRAINED, compression_params=ZstdCompressionParameters(**options, **told)
        ).compress(data)
        for told in ({}, {table: getattr(meant, table)})
    ]
    assert frames[0] == frames[1]


@pytest.mark.parametrize("level", [-1, 3, 9, 16, 19])
@pytest.mark.parametrize("attach", [0, 1, 2, 3])
def test_a_small_frame_is_the_same_after_a_large_one(level, attach):
    parameters = ZstdCompressionParameters(compression_level=level, force_attach_dict=attach)
    data = samples.text(400_000, 9)
    compressor = ZstdCompressor(compression_params=parameters, dict_data=raw(data[:9000]))
    small = data[20_000:23_000]
    first = compressor.compress(small)
    compressor.compress(data[:200_000])
    assert compressor.compress(small) == first
    COMPRESSIONS["compressobj"](compressor, data)
    assert compressor.compress(small) == first


def test_precomputing_by_parameters():
    dictionary = ZstdCompressionDict(FULL)
    params = ZstdCompressionParameters(compression_level=19)
    expected = ZstdCompressor(19, dict_data=ZstdCompressionDict(FULL)).compress(DATA)
    dictionary.precompute_compress(compression_params=params)
    assert ZstdCompressor(1, dict_data=dictionary).compress(DATA) == expected


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({}, ValueError, "must specify one of level or "),
        ({"level": 0}, ValueError, "must specify one of level or "),
        (
            {"level": 3, "compression_params": ZstdCompressionParameters()},
            ValueError,
            "must only specify one of level or ",
        ),
        ({"compression_params": 3}, TypeError, "ZstdCompressionParameters, not int"),
        ({"level": "3"}, TypeError, None),
        ({"level": 2**31}, OverflowError, None),
        ({"nothing": 3}, TypeError, None),
    ],
)
def test_precomputing_wrongly(arguments, error, message):
    with pytest.raises(error, match=message):
        ZstdCompressionDict(FULL).precompute_compress(**arguments)


def test_precomputing_what_is_no_dictionary():
    dictionary = ZstdCompressionDict(RAW, DICT_TYPE_FULLDICT)
    with pytest.raises(ZstdError, match="unable to precompute dictionary: Dictionary is corrupted"):
        dictionary.precompute_compress(3)


def test_precomputing_a_prefix():
    dictionary = ZstdCompressionDict(RAW, DICT_TYPE_PREFIX)
    with pytest.raises(ZstdError, match="unable to precompute dictionary: one of DICT_TYPE_PREFIX"):
        dictionary.precompute_compress(3)


@pytest.mark.parametrize("level", [-(2**31), -131073, 23, 2**31 - 1])
def test_precomputing_at_any_level(level):
    dictionary = ZstdCompressionDict(FULL)
    dictionary.precompute_compress(level)
    compressor, decompressor = both_of(dictionary)
    assert decompressor.decompress(compressor.compress(DATA)) == DATA


# --- digests ---


@pytest.fixture
def traced():
    """Return a function that tells how much memory is in use."""

    def measure():
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    yield measure
    tracemalloc.stop()


LARGE = samples.noise(1 << 19, 3)


def one_digest(traced, use):
    """Return what the digest that the use makes takes."""
    dictionary = raw(LARGE)
    use(dictionary)
    before = traced()
    del dictionary
    return before - traced()


def compress_by(dictionary, level=-1):
    return ZstdCompressor(level, dict_data=dictionary).compress(b"")


def decompress_by(dictionary):
    return ZstdDecompressor(dict_data=dictionary).decompress(zstandard.compress(b"a"))


def fill_spare_contexts():
    """Have them be of the size that this compression needs: one too large stays for 128 frames."""
    for _ in range(130):
        compress_by(raw(LARGE))


def test_a_level_is_digested_once(traced):
    fill_spare_contexts()
    size = one_digest(traced, compress_by)
    assert size > 10_000
    dictionary = raw(LARGE)
    compressors = [ZstdCompressor(-1, dict_data=dictionary) for _ in range(50)]
    start = traced()
    for compressor in compressors:
        compressor.compress(b"")
        compressor.__init__()  # gives its context to the next one
    assert traced() - start < 2 * size


def test_memory_of_decoders_is_shared(traced):
    size = one_digest(traced, decompress_by)
    assert size > 10_000
    dictionary = raw(LARGE)
    before = traced()
    decompressors = [ZstdDecompressor(dict_data=dictionary) for _ in range(10)]
    assert size / 2 < traced() - before < 2 * size
    assert len(decompressors) == 10


def test_only_some_digests_are_kept(traced):
    fill_spare_contexts()
    dictionary = raw(LARGE)
    sizes = []
    for level in range(1, 21):
        compress_by(dictionary, -level)
        sizes.append(traced())
    grown = [after - before for before, after in itertools.pairwise(sizes)]
    assert min(grown[:7]) > 10_000
    assert max(grown[7:]) < 5000


@pytest.mark.parametrize("order", [range(-20, 0), range(-1, -21, -1), [*range(-12, 0)] * 2])
def test_each_level_has_its_digest(order):
    dictionary = ZstdCompressionDict(FULL)
    for level in order:
        frame = ZstdCompressor(level, dict_data=dictionary).compress(DATA)
        assert frame == ZstdCompressor(level, dict_data=ZstdCompressionDict(FULL)).compress(DATA)


def test_a_digest_in_use_outlives_its_eviction():
    dictionary = ZstdCompressionDict(FULL)
    compressor = ZstdCompressor(5, dict_data=dictionary)
    expected = compressor.compress(DATA)
    stream = compressor.compressobj(size=len(DATA))
    start = stream.compress(DATA[:1000])
    for level in range(-30, 0):
        compress_by(dictionary, level)
    assert compressor.compress(DATA) == expected
    assert start + stream.compress(DATA[1000:]) + stream.flush() == expected


@any_type
def test_the_dictionary_may_go_before_what_uses_it(content, kind):
    dictionary = ZstdCompressionDict(bytes(bytearray(content)), kind)
    compressor, decompressor = both_of(dictionary)
    stream = compressor.compressobj()
    del dictionary
    gc.collect()
    frame = compressor.compress(DATA)
    begun = stream.compress(DATA)
    decompressing = decompressor.decompressobj()
    del compressor, decompressor
    gc.collect()
    assert decompressing.decompress(begun + stream.flush()) == DATA
    assert both_of(ZstdCompressionDict(content, kind))[1].decompress(frame) == DATA


def test_a_context_does_not_keep_the_dictionary_of_its_last_owner():
    frame = make_frame(TRAINED)
    ZstdDecompressor(dict_data=TRAINED).decompress(frame)
    with pytest.raises(ZstdError, match="Dictionary mismatch"):
        ZstdDecompressor().decompress(frame)
    assert get_frame_parameters(zstandard.compress(DATA)).dict_id == 0
    compressor, decompressor = both_of(TRAINED)
    compressor.compress(DATA)
    decompressor.decompress(frame)
    compressor.__init__()
    decompressor.__init__()
    assert compressor.compress(DATA) == zstandard.compress(DATA)
    with pytest.raises(ZstdError, match="Dictionary mismatch"):
        decompressor.decompress(frame)


def test_failed_init_of_a_decompressor_leaves_its_dictionary():
    compressor, decompressor = both_of(TRAINED)
    with pytest.raises(ZstdError):
        decompressor.__init__(dict_data=ZstdCompressionDict(RAW, DICT_TYPE_FULLDICT))
    with pytest.raises(TypeError):
        compressor.__init__(dict_data=RAW)
    assert decompressor.decompress(compressor.compress(DATA)) == DATA


def test_weak_references_and_attributes_of_subclasses():
    dictionary = Derived("note")
    reference = weakref.ref(dictionary)
    compressor, decompressor = both_of(dictionary)
    del dictionary
    gc.collect()
    assert reference() is None
    assert decompressor.decompress(compressor.compress(DATA)) == DATA


# --- threads ---


@pytest.mark.usefixtures("frequent_switches")
def test_sixteen_threads_share_a_dictionary():
    dictionary = ZstdCompressionDict(FULL)
    inputs = [samples.text(500 + 10 * number, number) for number in range(16)]
    expected = [ZstdCompressor(dict_data=TRAINED).compress(data) for data in inputs]

    def work(number):
        for _ in range(20):
            compressor, decompressor = both_of(dictionary)
            assert compressor.compress(inputs[number]) == expected[number]
            assert decompressor.decompress(expected[number]) == inputs[number]
            compress_by(dictionary, -1 - number)

    in_threads(work, 16)


@pytest.mark.usefixtures("frequent_switches")
def test_sixteen_threads_share_a_compressor_and_a_decompressor():
    compressor, decompressor = both_of(ZstdCompressionDict(FULL))
    inputs = [samples.text(500 + 10 * number, number) for number in range(16)]

    def work(number):
        data = inputs[number]
        for way in ("compress", "compressobj", "writer"):
            for _ in range(5):
                frame = COMPRESSIONS[way](compressor, data)
                assert decompressor.decompress(frame, max_output_size=-1) == data

    in_threads(work, 16)


@pytest.mark.usefixtures("frequent_switches")
def test_threads_that_change_a_dictionary_meet_whole_ones():
    dictionary = ZstdCompressionDict(FULL)
    frames = {
        content: ZstdCompressor(dict_data=ZstdCompressionDict(content)).compress(DATA)
        for content in (FULL, RAW)
    }

    def work(number):
        for turn in range(100):
            match number % 4:
                case 0:
                    dictionary.__init__((FULL, RAW)[turn % 2])
                case 1:
                    dictionary.precompute_compress(3)
                case 2:
                    assert dictionary.as_bytes() in (FULL, RAW)
                    assert dictionary.dict_id() in (ID, 0)
                case 3:
                    assert ZstdCompressor(dict_data=dictionary).compress(DATA) in frames.values()

    in_threads(work)


def test_init_while_it_is_digested():
    for _ in range(20):
        dictionary = raw(LARGE * 16)
        digesting = threading.Thread(target=dictionary.precompute_compress, args=(19,))
        digesting.start()
        time.sleep(0.01)
        dictionary.__init__(FULL)
        was_digested = digesting.is_alive()
        digesting.join()
        assert dictionary.as_bytes() == FULL
        assert dictionary.dict_id() == ID
        if was_digested:
            return
    pytest.fail("digesting is too quick to tell")


@has_gil
def test_other_threads_run_while_a_buffer_is_copied():
    content = bytearray(50 << 20)
    assert others_run(lambda: lambda: raw(content))


@has_gil
def test_other_threads_run_while_it_is_digested():
    def prepare():
        dictionary = raw(LARGE)
        return lambda: dictionary.precompute_compress(19)

    assert others_run(prepare)


# --- the process ---


def test_dictionaries_alive_at_the_end_of_the_process():
    output = child.output_of("""
        import zstandard
        d = zstandard.ZstdCompressionDict(b"content" * 100)
        c = zstandard.ZstdCompressor(dict_data=d, threads=1)
        stream = c.compressobj()
        stream.compress(b"content")
        r = zstandard.ZstdDecompressor(dict_data=d).stream_reader(c.compress(b"content" * 99))
        print(r.read(7).decode())
    """)
    assert output == "content"
