"""The methods that compress or decompress many inputs in one call."""

import array
import struct
import sys

import pytest

import frames
import samples
from allocated import at_most_allocated, held_by_result
from batches import DATA, FRAMES, all_methods, bytes_of, every_method
from callbacks import Buffer, buffers_can_call_back, fail
from zstandard import (
    FORMAT_ZSTD1_MAGICLESS,
    BufferWithSegments,
    BufferWithSegmentsCollection,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    compress,
)

THREADS = (0, 1, 2, 3, 16, -1, -5)


def compressing(to_buffer):
    return f"multi_compress{'_to_buffer' if to_buffer else ''}"


def decompressing(to_buffer):
    return f"multi_decompress{'_to_buffer' if to_buffer else ''}"


def sizes_of(*sizes):
    return struct.pack(f"={len(sizes)}Q", *sizes)


both = pytest.mark.parametrize("to_buffer", [False, True], ids=["list", "buffer"])
any_threads = pytest.mark.parametrize("threads", THREADS)
one_and_three_threads = pytest.mark.parametrize("threads", [0, 3])


def unsized(data):
    return ZstdCompressor(write_content_size=False).compress(data)


# --- results ---


@both
@any_threads
def test_compression_gives_what_compress_gives(to_buffer, threads):
    compressor = ZstdCompressor()
    results = getattr(compressor, compressing(to_buffer))(DATA, threads=threads)
    assert type(results) is (BufferWithSegmentsCollection if to_buffer else list)
    assert len(results) == len(DATA)
    assert bytes_of(results) == FRAMES


@both
@any_threads
def test_decompression_gives_the_contents(to_buffer, threads):
    decompressor = ZstdDecompressor()
    results = getattr(decompressor, decompressing(to_buffer))(FRAMES, threads=threads)
    assert type(results) is (BufferWithSegmentsCollection if to_buffer else list)
    assert bytes_of(results) == DATA


@both
@one_and_three_threads
@pytest.mark.parametrize(
    "options",
    [
        {"level": 1},
        {"level": 19},
        {"level": -5},
        {"write_checksum": True},
        {"write_content_size": False},
        {"threads": 2},
    ],
    ids=str,
)
def test_configuration(to_buffer, threads, options):
    compressor = ZstdCompressor(**options)
    results = getattr(compressor, compressing(to_buffer))(DATA, threads=threads)
    assert bytes_of(results) == list(map(compressor.compress, DATA))


@both
@one_and_three_threads
def test_magicless_frames(to_buffer, threads):
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    magicless = [frame[4:] for frame in FRAMES]
    results = getattr(decompressor, decompressing(to_buffer))(magicless, threads=threads)
    assert bytes_of(results) == DATA


@both
def test_only_the_first_frame_counts(to_buffer):
    inputs = [compress(b"abc") + b"junk", compress(b"def") + compress(b"ghi")]
    results = getattr(ZstdDecompressor(), decompressing(to_buffer))(inputs)
    assert bytes_of(results) == [b"abc", b"def"]


@both
def test_empty_contents(to_buffer):
    results = getattr(ZstdDecompressor(), decompressing(to_buffer))([compress(b"")] * 3)
    assert bytes_of(results) == [b"", b"", b""]


def test_parameters_have_names():
    c, d = ZstdCompressor(), ZstdDecompressor()
    sizes = sizes_of(3)
    assert c.multi_compress(data=[b"abc"], threads=2) == [compress(b"abc")]
    assert len(c.multi_compress_to_buffer(data=[b"abc"], threads=2)) == 1
    for call in (d.multi_decompress, d.multi_decompress_to_buffer):
        results = call(frames=[compress(b"abc")], decompressed_sizes=sizes, threads=2)
        assert bytes_of(results) == [b"abc"]
        assert bytes_of(call([compress(b"abc")], sizes, 2)) == [b"abc"]
        assert bytes_of(call([compress(b"abc")], None)) == [b"abc"]


def test_results_are_in_one_block_without_gaps():
    for results in (
        ZstdCompressor().multi_compress_to_buffer(DATA, threads=3),
        ZstdDecompressor().multi_decompress_to_buffer(FRAMES, threads=3),
    ):
        end = 0
        for segment in results:
            assert segment.offset == end
            end += len(segment)
        assert results.size() == end


def test_memory_of_results_is_that_of_the_frames():
    data = [bytes(1_000_000)] * 20
    compressor = ZstdCompressor()
    for method in (compressor.multi_compress, compressor.multi_compress_to_buffer):
        size = sum(map(len, method(data)))
        assert size < held_by_result(method, data) < 20_000


@pytest.mark.parametrize("count", [1, 100])
def test_one_result_can_be_kept_without_others(count):
    frames_in_list = ZstdCompressor().multi_compress([b"x" * 9] * count)
    assert all(type(frame) is bytes for frame in frames_in_list)
    assert len(set(frames_in_list)) == 1


# --- inputs ---


@both
@pytest.mark.parametrize("make", samples.SHAPES.values(), ids=samples.SHAPES)
def test_items_of_any_shape(to_buffer, make):
    contents = [b"abc", b"", b"d" * 9000]
    items = list(map(make, contents))
    results = bytes_of(getattr(ZstdCompressor(), compressing(to_buffer))(items))
    assert results == list(map(compress, contents))
    items = list(map(make, results))
    results = getattr(ZstdDecompressor(), decompressing(to_buffer))(items)
    assert bytes_of(results) == contents


def containers(items):
    """Return what holds the items, and is taken by all methods."""
    ends = [sum(map(len, items[: place + 1])) for place in range(len(items))]
    segments = [(end - len(item), len(item)) for end, item in zip(ends, items, strict=True)]
    buffer = BufferWithSegments(
        b"".join(items), sizes_of(*(number for pair in segments for number in pair))
    )
    alone = [BufferWithSegments(item + b"x", sizes_of(0, len(item))) for item in items]
    return {
        "list": items,
        "list subclass": type("List", (list,), {})(items),
        "buffer": buffer,
        "collection": BufferWithSegmentsCollection(buffer),
        "collection of many": BufferWithSegmentsCollection(*alone),
    }


def iterables(items):
    """Return what else holds them, and is taken only where a list is given back."""
    return {
        "tuple": tuple(items),
        "iterator": iter(items),
        "generator": (item for item in items),
        "segments": containers(items)["buffer"].segments(),
    }


@both
@one_and_three_threads
@pytest.mark.parametrize("container", containers([b"x"]))
def test_containers(to_buffer, threads, container):
    data = containers(DATA)[container]
    results = getattr(ZstdCompressor(), compressing(to_buffer))(data, threads=threads)
    assert bytes_of(results) == FRAMES
    inputs = containers(FRAMES)[container]
    results = getattr(ZstdDecompressor(), decompressing(to_buffer))(inputs, threads=threads)
    assert bytes_of(results) == DATA


@pytest.mark.parametrize("iterable", iterables([b"x"]))
def test_iterables(iterable):
    assert ZstdCompressor().multi_compress(iterables(DATA)[iterable]) == FRAMES
    assert ZstdDecompressor().multi_decompress(iterables(FRAMES)[iterable]) == DATA


@pytest.mark.parametrize("value", [3, None, b"abc", (b"abc",), iter([b"abc"]), {b"abc": 1}])
def test_other_containers_are_refused_for_buffers(value):
    with pytest.raises(TypeError, match=r"argument must be list or BufferWithSegments, .* not "):
        ZstdCompressor().multi_compress_to_buffer(value)
    with pytest.raises(TypeError, match=r"argument must be list or BufferWithSegments, .* not "):
        ZstdDecompressor().multi_decompress_to_buffer(value)


@pytest.mark.parametrize("value", [3, None, 1.5])
def test_what_is_not_iterable_is_refused(value):
    with pytest.raises(TypeError, match="not iterable"):
        ZstdCompressor().multi_compress(value)
    with pytest.raises(TypeError, match="not iterable"):
        ZstdDecompressor().multi_decompress(value)


def failing():
    yield b"abc"
    fail()


def test_error_of_an_iterable_is_passed_on():
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressor().multi_compress(failing())
    with pytest.raises(LookupError, match="of the callback"):
        ZstdDecompressor().multi_decompress(failing())


def test_nothing_gives_nothing():
    assert ZstdCompressor().multi_compress([]) == []
    assert ZstdDecompressor().multi_decompress([]) == []
    assert ZstdDecompressor().multi_decompress([], b"") == []
    assert ZstdCompressor().multi_compress([b""]) == [compress(b"")]


EMPTY = BufferWithSegments(b"abc", b"")
EMPTY_SEGMENTS = BufferWithSegments(b"abc", sizes_of(0, 0, 3, 0))


@pytest.mark.parametrize("data", [[], EMPTY])
def test_nothing_is_refused_for_buffers(data):
    with pytest.raises(ValueError, match="no source elements found"):
        ZstdCompressor().multi_compress_to_buffer(data)
    with pytest.raises(ValueError, match="no source elements found"):
        ZstdDecompressor().multi_decompress_to_buffer(data)


@pytest.mark.parametrize("data", [[b""], [b"", b""], EMPTY_SEGMENTS])
def test_only_empty_items_are_refused_for_buffers(data):
    with pytest.raises(ValueError, match="source elements are empty"):
        ZstdCompressor().multi_compress_to_buffer(data)


@every_method
@pytest.mark.parametrize("value", samples.NOT_BUFFERS.values(), ids=samples.NOT_BUFFERS)
def test_item_that_is_no_buffer(name, value):
    method, item = all_methods()[name]
    before = bytearray(item)
    with pytest.raises(TypeError, match="item 2 not a bytes like object: it is of type"):
        method([before, item, value, 3])
    assert samples.is_released(before)


@every_method
def test_item_that_cannot_be_exported(name):
    method, item = all_methods()[name]
    before = bytearray(item)
    with pytest.raises(BufferError, match="contiguous"):
        method([before, memoryview(item * 2)[::2]])
    assert samples.is_released(before)


@every_method
@buffers_can_call_back
def test_error_of_an_export_is_passed_on(name):
    method, item = all_methods()[name]
    before = bytearray(item)
    with pytest.raises(LookupError, match="of the callback"):
        method([before, Buffer(item, fail)])
    assert samples.is_released(before)


@every_method
@buffers_can_call_back
def test_list_that_changes_meanwhile(name):
    method, item = all_methods()[name]
    items = [Buffer(item, lambda: items.clear()), item, item]  # noqa: PLW0108 (it is not there yet)
    assert len(method(items)) == 3


@every_method
@buffers_can_call_back
def test_configuration_that_changes_meanwhile(name):
    method, item = all_methods()[name]
    owner = method.__self__
    assert len(method([Buffer(item, owner.__init__), Buffer(item, owner.__init__)])) == 2


@every_method
def test_items_are_free_afterwards(name):
    method, item = all_methods()[name]
    data = bytearray(item)
    references = sys.getrefcount(data)
    items = [data, data]
    results = method(items)
    assert samples.is_released(data)
    assert sys.getrefcount(data) == references + 2
    assert len(results) == 2


@every_method
@pytest.mark.parametrize("threads", ["x", None, 1.5])
def test_threads_that_are_no_number(name, threads):
    method, item = all_methods()[name]
    with pytest.raises(TypeError, match="integer"):
        method([item], threads=threads)


@every_method
@pytest.mark.parametrize("threads", [2**31, -(2**31) - 1, 2**70])
def test_threads_out_of_range(name, threads):
    method, item = all_methods()[name]
    with pytest.raises(OverflowError):
        method([item], threads=threads)


@every_method
@pytest.mark.parametrize("threads", [257, 100_000, 2**31 - 1, -(2**31)])
def test_more_threads_than_items(name, threads):
    method, item = all_methods()[name]
    assert len(method([item] * 300, threads=threads)) == 300


# --- sizes of content ---


@both
@one_and_three_threads
@pytest.mark.parametrize("make", [compress, unsized])
def test_sizes_given(to_buffer, threads, make):
    data = [one for one in DATA if one]
    inputs = list(map(make, data))
    sizes = array.array("Q", map(len, data))
    results = getattr(ZstdDecompressor(), decompressing(to_buffer))(inputs, sizes, threads)
    assert bytes_of(results) == data


@both
def test_size_of_zero_stands_for_what_the_frame_says(to_buffer):
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    inputs = [compress(b"abc"), unsized(b"defg"), compress(b"")]
    assert bytes_of(call(inputs, sizes_of(0, 4, 0))) == [b"abc", b"defg", b""]


@both
@pytest.mark.parametrize("make", samples.SHAPES.values(), ids=samples.SHAPES)
def test_sizes_of_any_shape(to_buffer, make):
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    assert bytes_of(call([unsized(b"abc")], make(sizes_of(3)))) == [b"abc"]
    misplaced = memoryview(b"x" + sizes_of(3))[1:]
    assert bytes_of(call([unsized(b"abc")], misplaced)) == [b"abc"]


@both
@pytest.mark.parametrize("size", [0, 4, 7, 9, 15, 17, 24])
def test_wrong_count_of_sizes(to_buffer, size):
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    with pytest.raises(
        ValueError, match=f"decompressed_sizes size mismatch; expected 16, got {size}"
    ):
        call([compress(b"abc"), "text"], bytes(size))


@both
@pytest.mark.parametrize("sizes", ["text", 3, [3]])
def test_sizes_that_are_no_buffer(to_buffer, sizes):
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    with pytest.raises(TypeError, match="bytes-like"):
        call([compress(b"abc")], sizes)


@both
@one_and_three_threads
@pytest.mark.parametrize("make", [compress, unsized])
@pytest.mark.parametrize("size", [4, 131_072, 2**40, 2**63, 2**64 - 1])
def test_size_given_too_large(to_buffer, threads, make, size):
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    message = f"error decompressing item 1: decompressed 3 bytes; expected {size}"
    with pytest.raises(ZstdError, match=message) as caught:
        call([compress(b"abc"), make(b"abc")], sizes_of(3, size), threads)
    assert caught.value.code == 72


@both
@pytest.mark.parametrize("make", [compress, unsized])
def test_size_given_too_small(to_buffer, make):
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    message = "error decompressing item 1: Destination buffer is too small: .* 2 bytes"
    with pytest.raises(ZstdError, match=message) as caught:
        call([make(b"abc"), make(b"abc")], sizes_of(3, 2))
    assert caught.value.code == 70


def test_unknown_size_is_refused_for_buffers():
    call = ZstdDecompressor().multi_decompress_to_buffer
    for sizes in (None, sizes_of(0, 0)):
        with pytest.raises(ValueError, match=r"could not determine decompressed size of item 1$"):
            call([compress(b"abc"), unsized(b"abc")], sizes)


@one_and_three_threads
def test_content_of_unknown_size_grows_in_lists(threads):
    for checksum in (False, True):
        compressor = ZstdCompressor(write_content_size=False, write_checksum=checksum)
        inputs = compressor.multi_compress(DATA)
        assert ZstdDecompressor().multi_decompress(inputs, threads=threads) == DATA


@pytest.mark.parametrize("blocks", [1, 2, 3, 8, 9])
@pytest.mark.parametrize("less", [0, 1])
def test_content_of_unknown_size_that_fills_its_blocks(blocks, less):
    sizes = [samples.BLOCK] * (blocks - 1) + [samples.BLOCK - less]
    by_hand = frames.header(window=0x40) + b"".join(
        frames.rle_block(size, last=place == blocks - 1) for place, size in enumerate(sizes)
    )
    content = b"r" * sum(sizes)
    checked = ZstdCompressor(write_content_size=False, write_checksum=True).compress(content)
    assert ZstdDecompressor().multi_decompress([by_hand, checked]) == [content, content]


def test_window_of_content_of_unknown_size_is_bounded():
    frame = frames.header(window=18 << 3) + frames.raw_block(b"abc")
    decompressor = ZstdDecompressor()
    with pytest.raises(ZstdError, match="item 0: Frame requires too much memory"):
        decompressor.multi_decompress([frame])
    assert ZstdDecompressor(max_window_size=2**30).multi_decompress([frame]) == [b"abc"]
    assert decompressor.multi_decompress([frame], sizes_of(3)) == [b"abc"]


# --- faults ---

JUNK = b"junkjunk"
GOOD = compress(samples.text(50_000))
CHECKED = ZstdCompressor(write_checksum=True).compress(samples.text(50_000))
BAD = {
    "cut short": (GOOD[:-1], "Src size is incorrect: its .* bytes end before its frame does"),
    "wrong checksum": (
        CHECKED[:-1] + bytes([CHECKED[-1] ^ 1]),
        "Restored data doesn't match checksum",
    ),
    "skippable": (
        frames.skippable(b"skip") + GOOD,
        "Unknown frame descriptor: it begins with a skippable frame",
    ),
    "states too much": (
        frames.header(12, single_segment=True) + frames.raw_block(b"hello world"),
        "",
    ),
    "states too little": (
        frames.header(10, single_segment=True) + frames.raw_block(b"hello world"),
        "",
    ),
    "states vastly": (
        frames.header(2**60, single_segment=True, size_width=8) + frames.raw_block(b"hello world"),
        "Data corruption detected",
    ),
    "reserved block": (
        frames.header(11, single_segment=True) + frames.block(frames.RESERVED, 11, b"hello world"),
        "Data corruption detected",
    ),
    "dictionary": (
        frames.header(11, single_segment=True, dict_id=7, dict_id_width=1)
        + frames.raw_block(b"hello world"),
        "Dictionary mismatch",
    ),
}


@both
@one_and_three_threads
@pytest.mark.parametrize("fault", BAD)
def test_error_names_the_first_bad_item(to_buffer, threads, fault):
    bad, message = BAD[fault]
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    for place in (0, 1, 30):
        inputs = [GOOD] * place + [bad] + [GOOD, bad, BAD["cut short"][0]] * 5
        expected = f"error decompressing item {place}: {message}"
        with pytest.raises(ZstdError, match=expected) as caught:
            call(inputs, threads=threads)
        assert caught.value.code is not None
        assert caught.value.name in str(caught.value)


@pytest.mark.parametrize("junk", [JUNK, b"", b"x", GOOD[:4], GOOD[:5]])
def test_what_is_no_frame(junk):
    decompressor = ZstdDecompressor()
    with pytest.raises(
        ValueError, match=r"could not determine decompressed size of item 1: [US]"
    ) as caught:
        decompressor.multi_decompress_to_buffer([GOOD, junk, b"junk"])
    assert not isinstance(caught.value, ZstdError)
    for call in (decompressor.multi_decompress, decompressor.multi_decompress_to_buffer):
        with pytest.raises(ZstdError, match=r"error decompressing item 1: [US]"):
            call([GOOD, junk], sizes_of(50_000, 9))
    with pytest.raises(ZstdError, match=r"error decompressing item 1: [US]"):
        decompressor.multi_decompress([GOOD, junk])


def test_first_of_many_bad_items_is_named_however_threads_run():
    bad = BAD["wrong checksum"][0]
    decompressor = ZstdDecompressor()
    for place in range(0, 60, 7):
        inputs = [GOOD] * place + [bad] * 40
        with pytest.raises(ZstdError, match=f"item {place}: "):
            decompressor.multi_decompress(inputs, threads=8)


def test_first_bad_item_is_named_among_small_ones_that_are_taken_together():
    small = compress(samples.text(1000))
    bad = small[:-1] + bytes([small[-1] ^ 1]) + b"more"
    contents = ZstdDecompressor().multi_decompress([small] * 2000, threads=3)
    assert contents == [samples.text(1000)] * 2000
    for place in (0, 5, 700, 1999):
        inputs = [small] * place + [bad] + [small, bad[:20]] * 500
        with pytest.raises(ZstdError, match=f"error decompressing item {place}: "):
            ZstdDecompressor().multi_decompress(inputs, threads=3)


@both
def test_claims_bring_about_no_memory(to_buffer):
    lie = frames.header(2**33, single_segment=True, size_width=8) + frames.rle_block(11)
    call = getattr(ZstdDecompressor(), decompressing(to_buffer))
    with at_most_allocated(2_000_000):
        with pytest.raises(ZstdError, match="item 0: Data corruption detected"):
            call([lie])
        with pytest.raises(ZstdError, match="item 0: decompressed 3 bytes; expected 8589934592"):
            call([compress(b"abc")], sizes_of(2**33))


@both
def test_decompressor_is_of_use_after_an_error(to_buffer):
    decompressor = ZstdDecompressor()
    call = getattr(decompressor, decompressing(to_buffer))
    for bad, _ in BAD.values():
        with pytest.raises(ZstdError):
            call([GOOD, bad] * 20, threads=3)
        assert bytes_of(call(FRAMES, threads=3)) == DATA
        assert decompressor.decompress(GOOD) == samples.text(50_000)
