"""ZstdDecompressor.decompress_content_dict_chain(): frames that each refer to the one before."""

import contextlib
import gc

import pytest

import frames
import samples
import zstandard
from parallel import has_gil, in_threads, others_run
from zstandard import (
    DICT_TYPE_RAWCONTENT,
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdEOFError,
    ZstdError,
    compress,
    train_dictionary,
)


def raw(content):
    return ZstdCompressionDict(content, DICT_TYPE_RAWCONTENT)


def chain_of(contents, first=None, **options):
    """Return frames of the contents, each with the one before as dictionary."""
    before = [first, *map(raw, contents)]
    return [
        ZstdCompressor(dict_data=dictionary, **options).compress(content)
        for dictionary, content in zip(before, contents, strict=False)
    ]


def versions(count, size=2000):
    """Return versions of some content, which differ in a little."""
    data = bytearray(samples.noise(size))
    result = []
    for number in range(count):
        data[number % size : number % size + 5] = b"edit!"
        result.append(bytes(data[:size]))
    return result


CONTENTS = versions(5)
CHAIN = chain_of(CONTENTS)


def decompress_chain(chain, **options):
    return ZstdDecompressor(**options).decompress_content_dict_chain(chain)


# --- what it returns ---


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_content_of_the_last(count):
    assert decompress_chain(CHAIN[:count]) == CONTENTS[count - 1]
    if count > 1:
        assert len(CHAIN[count - 1]) < 100
        with pytest.raises(ZstdError):
            ZstdDecompressor().decompress(CHAIN[count - 1])


def test_by_name():
    assert ZstdDecompressor().decompress_content_dict_chain(frames=CHAIN) == CONTENTS[-1]


@pytest.mark.parametrize("size", [10, 2000, 200_000])
def test_long_chains(size):
    contents = versions(200 if size < 100_000 else 20, size)
    assert decompress_chain(chain_of(contents)) == contents[-1]


def test_contents_of_all_sizes():
    contents = [samples.text(size) for size in (*samples.SIZES, *samples.SIZES[::-1])]
    chain = chain_of(contents)
    for count in range(1, len(chain) + 1):
        assert decompress_chain(chain[:count]) == contents[count - 1]


def test_a_content_that_begins_like_a_dictionary_is_none():
    trained = train_dictionary(1024, [samples.text(500, seed) for seed in range(200)]).as_bytes()
    damaged = trained[:8] + bytes(500)
    for content in (trained, damaged):
        assert decompress_chain(chain_of([content, content + b"more"])) == content + b"more"


def test_frames_of_every_kind():
    options = {"write_checksum": True, "level": 19}
    assert decompress_chain(chain_of(CONTENTS, **options)) == CONTENTS[-1]
    assert decompress_chain([compress(content) for content in CONTENTS]) == CONTENTS[-1]
    params = ZstdCompressionParameters(format=FORMAT_ZSTD1_MAGICLESS)
    chain = chain_of(CONTENTS, compression_params=params)
    assert decompress_chain(chain, format=FORMAT_ZSTD1_MAGICLESS) == CONTENTS[-1]


def test_what_follows_a_frame_is_passed_over():
    assert decompress_chain([frame + b"junk" for frame in CHAIN]) == CONTENTS[-1]


def test_the_same_again_and_the_list_as_it_was():
    decompressor = ZstdDecompressor()
    chain = [*CHAIN]
    for _ in range(3):
        assert decompressor.decompress_content_dict_chain(chain) == CONTENTS[-1]
    assert chain == CHAIN


# --- the decompressor's own dictionary ---


def test_the_first_takes_the_dictionary_of_the_decompressor():
    own = train_dictionary(1024, [samples.text(500, seed) for seed in range(200)])
    chain = chain_of(CONTENTS, own)
    decompressor = ZstdDecompressor(dict_data=own)
    alone = ZstdCompressor(dict_data=own).compress(b"content")
    for _ in range(2):
        assert decompressor.decompress_content_dict_chain(chain) == CONTENTS[-1]
        assert decompressor.decompress(alone) == b"content"
        assert decompressor.decompressobj().decompress(alone) == b"content"
    with pytest.raises(ZstdError, match="chunk 0: Dictionary mismatch"):
        decompress_chain(chain)


def test_a_decompressor_without_dictionary_has_none_after():
    decompressor = ZstdDecompressor()
    decompressor.decompress_content_dict_chain(CHAIN)
    with pytest.raises(ZstdError):
        decompressor.decompress(CHAIN[-1])
    assert decompressor.decompress(compress(b"content")) == b"content"


def test_a_stream_at_work_is_left_alone():
    decompressor = ZstdDecompressor()
    frame = compress(samples.text(10_000))
    stream = decompressor.decompressobj()
    start = stream.decompress(frame[:300])
    assert decompressor.decompress_content_dict_chain(CHAIN) == CONTENTS[-1]
    assert start + stream.decompress(frame[300:]) == samples.text(10_000)


# --- errors ---


@pytest.mark.parametrize("chain", [None, tuple(CHAIN), iter(CHAIN), b"text", {}, CHAIN[0]])
def test_no_list(chain):
    with pytest.raises(TypeError, match="list"):
        decompress_chain(chain)


def test_missing_and_surplus_arguments():
    for arguments in ((), (CHAIN, CHAIN)):
        with pytest.raises(TypeError):
            ZstdDecompressor().decompress_content_dict_chain(*arguments)


def test_empty():
    with pytest.raises(ValueError, match="empty input chain"):
        decompress_chain([])


UNSIZED = ZstdCompressor(write_content_size=False).compress(b"content")
WRONG = {
    "str": ("text", ValueError, "must be bytes"),
    "bytearray": (bytearray(CHAIN[0]), ValueError, "must be bytes"),
    "None": (None, ValueError, "must be bytes"),
    "empty": (b"", ValueError, "is too small to contain a zstd frame"),
    "short": (CHAIN[0][:3], ValueError, "is too small to contain a zstd frame"),
    "cut header": (CHAIN[0][:5], ValueError, "is too small to contain a zstd frame"),
    "junk": (b"junkjunkjunk", ValueError, "is not a valid zstd frame"),
    "skippable": (frames.skippable(b"data"), ValueError, "is not a valid zstd frame"),
    "unsized": (UNSIZED, ValueError, "missing content size in frame"),
    "cut": (CHAIN[0][:-1], ZstdError, "did not decompress full frame"),
    "cut in half": (CHAIN[0][: len(CHAIN[0]) // 2], ZstdError, "did not decompress full frame"),
    "header alone": (frames.header(5, single_segment=True), ZstdError, "did not decompress full"),
}


@pytest.mark.parametrize(("frame", "error", "message"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_frame_that_is_wrong(frame, error, message, place):
    chain = [*CHAIN]
    chain[place] = frame
    with pytest.raises(error, match=f"chunk {place} {message}"):
        decompress_chain(chain)


FAULTY = {
    "states less": frames.header(5, single_segment=True) + frames.raw_block(b"content"),
    "states more": frames.header(9, single_segment=True) + frames.raw_block(b"content"),
    "reserved": frames.header(9, single_segment=True) + frames.block(frames.RESERVED, 3, b"abc"),
    "vast": frames.header(2**60, single_segment=True, size_width=8) + frames.raw_block(b"content"),
    "other dictionary": frames.header(7, single_segment=True, dict_id=9, dict_id_width=1)
    + frames.raw_block(b"content"),
}


@pytest.mark.parametrize("frame", FAULTY.values(), ids=FAULTY)
@pytest.mark.parametrize("place", [0, 1, 4])
def test_a_frame_with_a_fault(frame, place):
    chain = [*CHAIN]
    chain[place] = frame
    with pytest.raises(ZstdError, match=f"could not decompress chunk {place}: ") as caught:
        decompress_chain(chain)
    assert caught.value.code > 0


@pytest.mark.parametrize("place", range(5))
def test_every_cut(place):
    for size in range(1, len(CHAIN[place]), 1 if place else 50):
        chain = [*CHAIN]
        chain[place] = CHAIN[place][:size]
        with pytest.raises((ValueError, ZstdError), match=f"chunk {place} "):
            decompress_chain(chain)


def test_frames_in_the_wrong_order():
    contents = [samples.noise(2000, number) for number in range(2)] * 2
    chain = chain_of(contents, write_checksum=True)
    near = chain_of([contents[0], contents[0]], write_checksum=True)
    with pytest.raises(ZstdError, match=r"could not decompress chunk 1: .*checksum"):
        decompress_chain([chain[1], near[1]])


def test_after_an_error_all_is_well():
    decompressor = ZstdDecompressor()
    for frame, error, _ in WRONG.values():
        with pytest.raises(error):
            decompressor.decompress_content_dict_chain([CHAIN[0], frame])
        assert decompressor.decompress_content_dict_chain(CHAIN) == CONTENTS[-1]
        assert decompressor.decompress(CHAIN[0]) == CONTENTS[0]


def test_a_cut_frame_is_the_end_of_input():
    with pytest.raises(ZstdError) as caught:
        decompress_chain([CHAIN[0][:-1]])
    assert not isinstance(caught.value, ZstdEOFError)  # as for decompress()


# --- threads ---


@has_gil
def test_other_threads_run_meanwhile():
    contents = [samples.text(300_000, seed) for seed in range(4)]
    chain = chain_of(contents)
    decompressor = ZstdDecompressor()
    assert others_run(lambda: lambda: decompressor.decompress_content_dict_chain(chain))


@pytest.mark.usefixtures("frequent_switches")
def test_threads_share_a_decompressor():
    decompressor = ZstdDecompressor()
    chains = [chain_of(versions(10, 500 + number)) for number in range(16)]

    def work(number):
        for _ in range(20):
            result = decompressor.decompress_content_dict_chain(chains[number])
            assert result == versions(10, 500 + number)[-1]

    in_threads(work, 16)


@pytest.mark.usefixtures("frequent_switches")
def test_the_list_may_change_meanwhile():
    chain = [*CHAIN]

    def work(number):
        for _ in range(100):
            if number % 2:
                chain.clear()
                gc.collect(0)
                chain.extend(CHAIN)
            else:
                taken = [*chain]
                if taken:
                    assert decompress_chain(taken) in CONTENTS
                with contextlib.suppress(ValueError):  # it may be empty
                    assert decompress_chain(chain) in CONTENTS

    in_threads(work, 4)
    assert zstandard.decompress(CHAIN[0]) == CONTENTS[0]
