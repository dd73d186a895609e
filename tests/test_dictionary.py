"""ZstdCompressionDict: types, content, pickles, errors, every shape."""

import copy
import gc
import pickle
import threading

import pytest

import samples
import zstandard
from callbacks import Buffer, Index, buffers_can_call_back, fail
from dictionaries import DATA, FULL, ID, RAW, TRAINED, Derived, any_type, both_of, make_frame, raw
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

# The bytes from the magic number to the end of the tables and repeat offsets.
HEADER_SIZE = FULL.index(b"\x01\x00\x00\x00\x04\x00\x00\x00\x08\x00\x00\x00") + 12
NEAR_RAW = RAW[1000:4000]


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
    with pytest.raises(AttributeError, match="not writable"):
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
