"""Targets: arbitrary bytes as dictionaries, in both directions, and chains of frames."""

import zstandard
from fuzz.choices import Choices
from fuzz.expected import (
    CONTENT_MAX,
    CONTEXT_MAX,
    Outcome,
    assert_same,
    attempt,
    memory_within,
    streamed,
)
from zstandard import ZstdCompressionDict, ZstdCompressor, ZstdDecompressor, ZstdError

TYPES = [
    zstandard.DICT_TYPE_AUTO,
    zstandard.DICT_TYPE_RAWCONTENT,
    zstandard.DICT_TYPE_FULLDICT,
    zstandard.DICT_TYPE_PREFIX,
]
LEVELS = [1, 3, -5, 5, 7, 12]
WINDOW = 1 << 23


def coder(kind, dictionary, **options):
    """Make a compressor or decompressor; only the dictionary itself may be refused."""
    result, error = attempt(kind, dict_data=dictionary, **options)
    assert error is None or isinstance(error, ZstdError)
    return result


def assert_compresses(choices, dictionary, content, decompressor):
    """Compress with the dictionary, by one call and by a stream, and decompress it again."""
    level = choices.pick(LEVELS)
    if choices.seldom():
        attempt(dictionary.precompute_compress, level)
    options = {"write_checksum": choices.boolean(), "write_dict_id": choices.boolean()}
    compressor = coder(ZstdCompressor, dictionary, level=level, **options)
    if compressor is None:
        return
    frame, error = attempt(compressor.compress, content)
    if error is not None:
        assert isinstance(error, ZstdError)
        return
    stream = compressor.compressobj()
    streamed_frame = b"".join(map(stream.compress, choices.pieces(content))) + stream.flush()
    if decompressor is None:
        return  # the tables of the dictionary may be good for one direction alone
    for one in (frame, streamed_frame):
        assert decompressor.decompress(one, len(content) or -1) == content


def dictionaries(data):
    """By a dictionary of any bytes and type: compress, decompress an arbitrary frame."""
    choices = Choices(data)
    content, frame, dictionary_bytes = choices.parts(3)
    kind = choices.pick(TYPES)
    dictionary, error = attempt(ZstdCompressionDict, dictionary_bytes, kind)
    assert error is None
    assert dictionary.as_bytes() == dictionary_bytes
    assert 0 <= dictionary.dict_id() < 1 << 32
    decompressor = coder(ZstdDecompressor, dictionary, max_window_size=WINDOW)
    assert_compresses(choices, dictionary, content, decompressor)
    if decompressor is None:
        return
    with memory_within(3 * CONTENT_MAX + 2 * WINDOW + CONTEXT_MAX):
        whole, error = attempt(decompressor.decompress, frame, CONTENT_MAX)
    outcome = streamed(decompressor, frame, across=False)
    if error is None and outcome.error is None:
        assert whole == outcome.content
    stream = decompressor.decompressobj()
    content, error = attempt(stream.decompress, frame, CONTENT_MAX)
    again = Outcome(content or b"", error)
    if not zstandard.is_skippable_frame(frame):  # which has no content
        assert_same(again, outcome, "at once")


def chain(data):
    """By decompress_content_dict_chain(): frames made as a chain, and arbitrary ones."""
    choices = Choices(data)
    contents = choices.parts(choices.number(1, 4))
    frames, before = [], None
    for content in contents:
        dictionary = before and ZstdCompressionDict(before, zstandard.DICT_TYPE_RAWCONTENT)
        compressor = ZstdCompressor(choices.pick(LEVELS), dict_data=dictionary or None)
        frames.append(compressor.compress(content))
        before = content
    decompressor = ZstdDecompressor(max_window_size=WINDOW)
    assert decompressor.decompress_content_dict_chain(frames) == contents[-1]
    place = choices.number(0, len(frames) - 1)
    damaged = bytearray(frames[place])
    damaged[choices.number(0, 0xFFFF) % len(damaged)] ^= choices.byte() or 1
    frames[place] = bytes(damaged)
    _result, error = attempt(decompressor.decompress_content_dict_chain, frames)
    assert error is None or isinstance(error, (ZstdError, ValueError))
    _result, error = attempt(decompressor.decompress_content_dict_chain, contents)
    assert error is None or isinstance(error, (ZstdError, ValueError))


def training(data):
    """By train_dictionary() and finalize_dictionary(), of small samples."""
    choices = Choices(data)
    samples = choices.parts(choices.number(1, 20))
    size = choices.pick([256, 1024, 0, 300])
    if choices.boolean():
        numbers = {"k": choices.number(0, 300), "d": choices.pick([0, 6, 8, 7])}
        numbers["f"] = choices.pick([5, 10, 1, 0])
        numbers["accel"] = choices.number(0, 11)
        split = choices.pick([0.0, 0.5, 1.0, 2.0])
        result, error = attempt(
            zstandard.train_dictionary, size, samples, split_point=split, steps=1, **numbers
        )
    else:
        level = choices.pick(LEVELS)
        result, error = attempt(
            zstandard.finalize_dictionary, size, samples[0], samples[1:], level=level
        )
    if error is not None:
        assert isinstance(error, ZstdError)
        return
    assert len(result) <= size
    for sample in samples:
        frame = ZstdCompressor(dict_data=result).compress(sample)
        assert ZstdDecompressor(dict_data=result).decompress(frame) == sample


TARGETS = {"dictionaries": dictionaries, "chain": chain, "training": training}
