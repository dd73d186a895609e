"""ZstdCompressionDict: types, content, digests and their sharing, pickles, errors, every shape."""

import copy
import gc
import itertools
import pickle
import threading
import time
import tracemalloc
import weakref

import pytest

import child
import samples
import zstandard
from callbacks import Buffer, Index, buffers_can_call_back, fail
from parallel import has_gil, in_threads, others_run
from shapes import COMPRESSIONS, DECOMPRESSIONS
from zstandard import (
    DICT_TYPE_AUTO,
    DICT_TYPE_FULLDICT,
    DICT_TYPE_PREFIX,
    DICT_TYPE_RAWCONTENT,
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    get_frame_parameters,
    train_dictionary,
)

TRAINED = train_dictionary(4096, [samples.text(500, seed) for seed in range(200)])
FULL = TRAINED.as_bytes()
ID = TRAINED.dict_id()
# The bytes from the magic number to the end of the tables and repeat offsets.
HEADER_SIZE = FULL.index(b"\x01\x00\x00\x00\x04\x00\x00\x00\x08\x00\x00\x00") + 12
RAW = samples.noise(5000, 7)
DATA = samples.text(1500, 1000) + FULL[-1500:]
NEAR_RAW = RAW[1000:4000]

TYPES = {
    "auto, trained": (FULL, DICT_TYPE_AUTO),
    "auto, raw": (RAW, DICT_TYPE_AUTO),
    "raw, trained": (FULL, DICT_TYPE_RAWCONTENT),
    "raw": (RAW, DICT_TYPE_RAWCONTENT),
    "full": (FULL, DICT_TYPE_FULLDICT),
    "prefix": (RAW, DICT_TYPE_PREFIX),
    "prefix, trained": (FULL, DICT_TYPE_PREFIX),
}
any_type = pytest.mark.parametrize(("content", "kind"), TYPES.values(), ids=TYPES)


def raw(content=RAW):
    return ZstdCompressionDict(content, DICT_TYPE_RAWCONTENT)


# --- the object ---


@any_type
def test_content(content, kind):
    dictionary = ZstdCompressionDict(content, kind)
    assert dictionary.as_bytes() is content
    assert len(dictionary) == len(content)
    assert dictionary.dict_id() == (ID if content is FULL else 0)
    assert (dictionary.k, dictionary.d) == (0, 0)


def test_arguments_by_position_and_by_name():
    for dictionary in (
        ZstdCompressionDict(FULL, DICT_TYPE_RAWCONTENT, 5, 6),
        ZstdCompressionDict(k=5, d=6, dict_type=DICT_TYPE_RAWCONTENT, data=FULL),
    ):
        assert (dictionary.k, dictionary.d) == (5, 6)
        assert get_frame_parameters(ZstdCompressor(dict_data=dictionary).compress(b"")).dict_id == 0


def test_constants():
    kinds = (DICT_TYPE_AUTO, DICT_TYPE_RAWCONTENT, DICT_TYPE_FULLDICT, DICT_TYPE_PREFIX)
    assert kinds == (0, 1, 2, 3)


@pytest.mark.parametrize("name", ["k", "d"])
def test_attributes_cannot_be_set(name):
    with pytest.raises(AttributeError, match="readonly"):
        setattr(ZstdCompressionDict(RAW), name, 5)


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_data_in_every_shape(shape):
    data = samples.SHAPES[shape](RAW)
    dictionary = ZstdCompressionDict(data)
    assert type(dictionary.as_bytes()) is bytes
    assert dictionary.as_bytes() == RAW


def test_a_buffer_is_copied_and_not_locked():
    data = bytearray(RAW)
    dictionary = ZstdCompressionDict(data)
    assert samples.is_released(data)
    data[:] = bytes(len(data))
    assert dictionary.as_bytes() == RAW


@pytest.mark.parametrize("data", samples.NOT_BUFFERS.values(), ids=samples.NOT_BUFFERS)
def test_data_that_is_no_buffer(data):
    with pytest.raises(TypeError, match="bytes-like"):
        ZstdCompressionDict(data)


@pytest.mark.parametrize("kind", [-1, 4, 2**31 - 1, -(2**31)])
def test_unknown_type(kind):
    with pytest.raises(ValueError, match=f"invalid dictionary load mode: {kind}; must use"):
        ZstdCompressionDict(RAW, kind)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ((), TypeError),
        ((RAW, 0, 0, 0, 0), TypeError),
        ((RAW, "0"), TypeError),
        ((RAW, 2**31), OverflowError),
        ((RAW, 0, -1), ValueError),
        ((RAW, 0, 0, -1), ValueError),
        ((RAW, 0, 2**31), OverflowError),
        ((memoryview(b"12345678")[::2],), BufferError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error):
        ZstdCompressionDict(*arguments)


def test_error_of_an_argument_is_passed_on():
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressionDict(RAW, Index(0, fail))


@buffers_can_call_back
def test_error_of_a_buffer_is_passed_on():
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressionDict(Buffer(b"", fail))


USES_BEFORE_INIT = {
    "as_bytes": ZstdCompressionDict.as_bytes,
    "dict_id": ZstdCompressionDict.dict_id,
    "len": len,
    "bool": bool,
    "precompute_compress": lambda dictionary: dictionary.precompute_compress(3),
    "compressor": lambda dictionary: ZstdCompressor(dict_data=dictionary),
    "decompressor": lambda dictionary: ZstdDecompressor(dict_data=dictionary),
    "copy": copy.copy,
    "pickle": pickle.dumps,
}


@pytest.mark.parametrize("use", USES_BEFORE_INIT.values(), ids=USES_BEFORE_INIT)
def test_without_data(use):
    dictionary = ZstdCompressionDict.__new__(ZstdCompressionDict)
    with pytest.raises(ValueError, match=r"no data: __init__\(\) was not called"):
        use(dictionary)
    assert (dictionary.k, dictionary.d) == (0, 0)
    dictionary.__init__(RAW)
    assert dictionary.as_bytes() == RAW


def test_failed_init_leaves_what_was_there():
    dictionary = ZstdCompressionDict(FULL, k=5)
    for arguments, error in (((RAW, 9), ValueError), (("text",), TypeError)):
        with pytest.raises(error):
            dictionary.__init__(*arguments)
        assert dictionary.as_bytes() is FULL
        assert dictionary.k == 5


def test_init_again_does_not_touch_what_is_in_use():
    dictionary = ZstdCompressionDict(FULL)
    compressor, decompressor = both_of(dictionary)
    expected = compressor.compress(DATA)
    stream, reader = compressor.compressobj(), decompressor.stream_reader(expected)
    begun = stream.compress(DATA[:1000]), reader.read(1000)
    dictionary.__init__(RAW, DICT_TYPE_RAWCONTENT, k=5, d=6)
    gc.collect()
    assert dictionary.as_bytes() is RAW
    assert (dictionary.k, dictionary.d) == (5, 6)
    frame = begun[0] + stream.compress(DATA[1000:]) + stream.flush()
    assert decompressor.decompress(frame, max_output_size=-1) == DATA
    assert begun[1] + reader.read() == DATA
    assert compressor.compress(DATA) == expected
    frame = ZstdCompressor(dict_data=dictionary).compress(NEAR_RAW)
    assert len(frame) < 100
    assert get_frame_parameters(frame).dict_id == 0


# --- copies ---


class Derived(ZstdCompressionDict):
    def __init__(self, note):
        super().__init__(FULL, DICT_TYPE_FULLDICT, 5, 6)
        self.note = note


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    **{
        f"pickle {protocol}": lambda one, protocol=protocol: pickle.loads(
            pickle.dumps(one, protocol)
        )
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
}
every_copy = pytest.mark.parametrize("make_copy", COPIES.values(), ids=COPIES)


@every_copy
@any_type
def test_copies(make_copy, content, kind):
    original = ZstdCompressionDict(content, kind, 5, 6)
    copied = make_copy(original)
    assert type(copied) is ZstdCompressionDict
    assert copied is not original
    assert copied.as_bytes() == content
    assert (copied.k, copied.d, copied.dict_id()) == (5, 6, original.dict_id())
    data = NEAR_RAW if content is RAW else DATA
    expected = ZstdCompressor(dict_data=original).compress(data)
    assert ZstdCompressor(dict_data=copied).compress(data) == expected


@every_copy
def test_copies_of_a_subclass(make_copy):
    original = Derived(["note"])
    copied = make_copy(original)
    assert type(copied) is Derived
    assert copied.note == ["note"]
    assert copied.as_bytes() == FULL
    assert (copied.k, copied.d) == (5, 6)
    assert ZstdDecompressor(dict_data=copied).decompress(both_of(TRAINED)[0].compress(DATA)) == DATA


class Locked(ZstdCompressionDict):
    def __init__(self, note):
        super().__init__(FULL)
        self.note = note
        self.lock = threading.Lock()

    def __getstate__(self):
        return {"note": self.note}


@every_copy
def test_copies_of_a_subclass_that_leaves_out_attributes(make_copy):
    copied = make_copy(Locked("text"))
    assert copied.as_bytes() == FULL
    assert vars(copied) == {"note": "text"}


@pytest.mark.parametrize(
    "state", [None, (), ((), None, 3), ([RAW], None), ("text", None), (("text",), None), ((), None)]
)
def test_state_that_is_none(state):
    with pytest.raises(TypeError):
        ZstdCompressionDict(RAW).__setstate__(state)


def test_state_is_checked():
    dictionary = ZstdCompressionDict(RAW)
    with pytest.raises(ValueError, match="invalid dictionary load mode"):
        dictionary.__setstate__(((FULL, 9, 0, 0), None))
    assert dictionary.as_bytes() is RAW
    derived = Derived("before")
    with pytest.raises(ValueError, match="invalid dictionary load mode"):
        derived.__setstate__(((RAW, 9, 0, 0), {"note": "after"}))
    assert (derived.as_bytes(), derived.note) == (FULL, "before")
    with pytest.raises(AttributeError):
        dictionary.__setstate__(((FULL, 0, 0, 0), {"attribute": 1}))
    assert dictionary.as_bytes() is RAW


# --- use ---


def both_of(dictionary, **options):
    return (
        ZstdCompressor(dict_data=dictionary, **options),
        ZstdDecompressor(dict_data=dictionary),
    )


@any_type
@pytest.mark.parametrize("way", COMPRESSIONS)
def test_compression_in_every_shape(content, kind, way):
    data = NEAR_RAW if content is RAW else DATA
    compressor, decompressor = both_of(ZstdCompressionDict(content, kind))
    frame = COMPRESSIONS[way](compressor, data)
    assert len(frame) < 0.8 * len(COMPRESSIONS[way](ZstdCompressor(), data))
    assert decompressor.decompress(frame, max_output_size=-1) == data
    is_named = content is FULL and kind in {DICT_TYPE_AUTO, DICT_TYPE_FULLDICT}
    assert get_frame_parameters(frame).dict_id == (ID if is_named else 0)


@any_type
@pytest.mark.parametrize("way", DECOMPRESSIONS)
def test_decompression_in_every_shape(content, kind, way):
    data = NEAR_RAW if content is RAW else DATA
    compressor, decompressor = both_of(ZstdCompressionDict(content, kind))
    for _ in range(2):
        assert DECOMPRESSIONS[way](decompressor, compressor.compress(data)) == data


@pytest.mark.parametrize("way", DECOMPRESSIONS)
@pytest.mark.parametrize("other", [None, raw(), train_dictionary(512, [DATA] * 20, dict_id=5)])
def test_missing_or_wrong_dictionary(way, other):
    frame = ZstdCompressor(dict_data=TRAINED).compress(DATA)
    with pytest.raises(ZstdError, match="Dictionary mismatch") as caught:
        DECOMPRESSIONS[way](ZstdDecompressor(dict_data=other), frame)
    assert caught.value.name == "Dictionary mismatch"


def test_wrong_dictionary_without_a_number():
    compressor, decompressor = both_of(raw(), write_checksum=True)
    frame = compressor.compress(NEAR_RAW)
    with pytest.raises(ZstdError):
        ZstdDecompressor().decompress(frame)
    with pytest.raises(ZstdError, match="checksum"):
        ZstdDecompressor(dict_data=raw(RAW[::-1])).decompress(frame)
    assert decompressor.decompress(frame) == NEAR_RAW


@pytest.mark.parametrize("way", DECOMPRESSIONS)
def test_frames_without_dictionary_are_read_all_the_same(way):
    frame = zstandard.compress(DATA)
    assert DECOMPRESSIONS[way](ZstdDecompressor(dict_data=TRAINED), frame) == DATA


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ID),
        ({"write_dict_id": None}, ID),
        ({"write_dict_id": True}, ID),
        ({"write_dict_id": False}, 0),
        ({"compression_params": ZstdCompressionParameters()}, 0),
        ({"compression_params": ZstdCompressionParameters(write_dict_id=1)}, ID),
    ],
)
@pytest.mark.parametrize("way", COMPRESSIONS)
def test_write_dict_id(options, expected, way):
    compressor, decompressor = both_of(TRAINED, **options)
    frame = COMPRESSIONS[way](compressor, DATA)
    assert get_frame_parameters(frame).dict_id == expected
    assert decompressor.decompress(frame, max_output_size=-1) == DATA


OPTIONS = {
    **{f"level {level}": {"level": level} for level in (-7, 1, 3, 9, 12, 16, 19, 22)},
    "threads": {"threads": 2},
    "checksum": {"write_checksum": True},
    **{
        f"parameters {values}": {"compression_params": ZstdCompressionParameters(**values)}
        for values in (
            {"window_log": 10},
            {"compression_level": 19, "strategy": 1},
            {"enable_ldm": 1, "window_log": 20},
            {"threads": 2, "compression_level": 5},
            {"force_attach_dict": 1},
            {"force_attach_dict": 2},
            {"force_attach_dict": 3},
            {"enable_dedicated_dict_search": 1, "compression_level": 6},
        )
    },
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("way", ["compress", "compressobj"])
@pytest.mark.parametrize("size", [0, 1, 3000, 200_000])
def test_options(options, way, size):
    compressor, decompressor = both_of(TRAINED, **options)
    data = samples.text(size, 1000)
    for _ in range(2):
        frame = COMPRESSIONS[way](compressor, data)
        assert decompressor.decompress(frame, max_output_size=-1) == data


def test_magicless():
    compressor = ZstdCompressor(
        dict_data=TRAINED,
        compression_params=ZstdCompressionParameters(format=FORMAT_ZSTD1_MAGICLESS),
    )
    frame = compressor.compress(DATA)
    assert len(frame) < 0.8 * len(zstandard.compress(DATA))
    decompressor = ZstdDecompressor(dict_data=TRAINED, format=FORMAT_ZSTD1_MAGICLESS)
    assert decompressor.decompress(frame) == DATA
    assert decompressor.decompressobj().decompress(frame) == DATA


@pytest.mark.parametrize("coder", [ZstdCompressor, ZstdDecompressor])
@pytest.mark.parametrize("dictionary", [RAW, "text", ZstdCompressor(), ZstdCompressionDict])
def test_dict_data_of_another_type(coder, dictionary):
    with pytest.raises(TypeError, match=r"dict_data must be zstandard\.ZstdCompressionDict, not "):
        coder(dict_data=dictionary)


@pytest.mark.parametrize("kind", [DICT_TYPE_AUTO, DICT_TYPE_RAWCONTENT, DICT_TYPE_PREFIX])
@pytest.mark.parametrize("size", [0, 1, 7, 8, 9])
@pytest.mark.parametrize("way", COMPRESSIONS)
def test_tiny_dictionaries(kind, size, way):
    compressor, decompressor = both_of(ZstdCompressionDict(RAW[:size], kind))
    frame = COMPRESSIONS[way](compressor, DATA)
    assert decompressor.decompress(frame, max_output_size=-1) == DATA
    assert decompressor.decompress(zstandard.compress(DATA)) == DATA


# --- what is no dictionary ---


def make_frame(dictionary):
    return ZstdCompressor(dict_data=dictionary).compress(DATA)


def open_stream(dictionary):
    return ZstdCompressor(dict_data=dictionary).compressobj()


FAULTY = {
    "empty": b"",
    "short": FULL[:7],
    "raw": RAW,
    "magic alone": FULL[:8],
    "cut": FULL[: HEADER_SIZE - 1],
    "tables": FULL[:8] + bytes(len(FULL) - 8),
}


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
@pytest.mark.parametrize("use", [make_frame, open_stream, lambda d: d.precompute_compress(3)])
def test_compression_with_what_is_no_dictionary(content, use):
    with pytest.raises(ZstdError, match="Dictionary is corrupted"):
        use(ZstdCompressionDict(content, DICT_TYPE_FULLDICT))


@pytest.mark.parametrize("content", FAULTY.values(), ids=FAULTY)
def test_decompression_with_what_is_no_dictionary(content):
    with pytest.raises(ZstdError, match="could not create decompression dict: Dictionary is corru"):
        ZstdDecompressor(dict_data=ZstdCompressionDict(content, DICT_TYPE_FULLDICT))


@pytest.mark.parametrize("use", [make_frame, lambda d: ZstdDecompressor(dict_data=d)])
def test_what_begins_like_a_dictionary_without_a_number(use):
    content = FULL[:4] + bytes(len(FULL) - 4)
    with pytest.raises(ZstdError, match="Dictionary is corrupted"):
        use(ZstdCompressionDict(content))


def outcome(use, names):
    """Return what the use gives, or None if it fails: by an error of one of the names."""
    try:
        return use()
    except ZstdError as error:
        names.add(error.name)
        return None


@pytest.mark.parametrize("kind", [DICT_TYPE_AUTO, DICT_TYPE_FULLDICT])
@pytest.mark.parametrize("bit", range(8))
def test_damaged_dictionaries_fail_or_work(kind, bit):
    failed = [0, 0]
    names = set()
    for place in range(HEADER_SIZE):
        content = bytearray(FULL[: HEADER_SIZE + 300])
        content[place] ^= 1 << bit
        dictionary = ZstdCompressionDict(content, kind)
        decompressor = outcome(lambda one=dictionary: ZstdDecompressor(dict_data=one), names)
        frame = outcome(lambda one=dictionary: make_frame(one), names)
        failed[0] += decompressor is None
        failed[1] += frame is None
        if decompressor and frame:
            assert decompressor.decompress(frame) == DATA
    assert all(failed)
    assert names == {"Dictionary is corrupted"}


@pytest.mark.parametrize("kind", [DICT_TYPE_AUTO, DICT_TYPE_FULLDICT])
def test_cut_dictionaries_fail_or_work(kind):
    names = set()
    for size in range(HEADER_SIZE + 20):
        dictionary = ZstdCompressionDict(FULL[:size], kind)
        decompressor = outcome(lambda one=dictionary: ZstdDecompressor(dict_data=one), names)
        frame = outcome(lambda one=dictionary: make_frame(one), names)
        assert (decompressor is None) == (frame is None)
        if frame:
            assert decompressor.decompress(frame) == DATA
    assert names == {"Dictionary is corrupted"}


@pytest.mark.parametrize("way", COMPRESSIONS)
def test_a_compressor_goes_on_failing(way):
    compressor = ZstdCompressor(dict_data=ZstdCompressionDict(RAW, DICT_TYPE_FULLDICT))
    for _ in range(3):
        with pytest.raises(ZstdError, match="unable to digest the dictionary for compression"):
            COMPRESSIONS[way](compressor, DATA)


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


@pytest.mark.parametrize("level", [-5, 1, 3, 9, 19, 22])
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


def test_a_level_is_digested_once(traced):
    for _ in range(5):
        compress_by(raw(LARGE))  # fills the module's stack of contexts
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
    for _ in range(5):
        compress_by(raw(LARGE))
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
    dictionary = raw(LARGE * 16)
    digesting = threading.Thread(target=dictionary.precompute_compress, args=(19,))
    digesting.start()
    time.sleep(0.05)
    assert digesting.is_alive(), "too quick to tell"
    dictionary.__init__(FULL)
    digesting.join()
    assert dictionary.as_bytes() == FULL
    assert dictionary.dict_id() == ID


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
