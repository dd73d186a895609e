"""BufferWithSegments, BufferSegments, BufferSegment and BufferWithSegmentsCollection."""

import gc
import io
import struct
import sys

import pytest

import samples
from callbacks import Buffer, buffers_can_call_back, fail
from parallel import has_gil, others_run
from zstandard import (
    BufferSegment,
    BufferSegments,
    BufferWithSegments,
    BufferWithSegmentsCollection,
    ZstdCompressor,
)

DATA = b"abcdefgh"


def array_of(*segments):
    return struct.pack(f"={2 * len(segments)}Q", *(number for pair in segments for number in pair))


def buffer_of(*segments, data=DATA):
    return BufferWithSegments(data, array_of(*segments))


def contents(sequence):
    return [segment.tobytes() for segment in sequence]


# --- BufferWithSegments ---


@pytest.mark.parametrize(
    "segments",
    [
        [],
        [(0, 8)],
        [(0, 3), (3, 5)],
        [(3, 5), (0, 3)],
        [(0, 8), (2, 4), (2, 4)],
        [(0, 0), (4, 0), (8, 0)],
    ],
)
def test_segments_are_pieces_of_the_data(segments):
    buffer = buffer_of(*segments)
    assert len(buffer) == len(segments)
    assert buffer.size == 8
    assert buffer.tobytes() == bytes(buffer) == DATA
    pieces = [DATA[offset : offset + length] for offset, length in segments]
    assert contents(buffer) == list(map(bytes, buffer)) == pieces
    assert [(segment.offset, len(segment)) for segment in buffer] == segments
    assert bytes(buffer.segments()) == array_of(*segments)


def test_parameters_have_names():
    buffer = BufferWithSegments(data=DATA, segments=array_of((1, 2)))
    assert contents(buffer) == [b"bc"]


@pytest.mark.parametrize("make", samples.SHAPES.values(), ids=samples.SHAPES)
def test_any_bytes_like_object_is_data_and_array(make):
    buffer = BufferWithSegments(make(DATA), make(array_of((0, 3), (3, 5))))
    assert contents(buffer) == [b"abc", b"defgh"]
    assert BufferWithSegments(make(b""), make(b"")).tobytes() == b""


@pytest.mark.parametrize("value", samples.NOT_BUFFERS.values(), ids=samples.NOT_BUFFERS)
def test_other_objects_are_refused(value):
    with pytest.raises(TypeError, match="bytes-like"):
        BufferWithSegments(value, b"")
    with pytest.raises(TypeError, match="bytes-like"):
        BufferWithSegments(DATA, value)


@pytest.mark.parametrize("arguments", [(), (DATA,), (DATA, b"", 1)])
def test_count_of_arguments(arguments):
    with pytest.raises(TypeError, match="argument"):
        BufferWithSegments(*arguments)
    with pytest.raises(TypeError, match="argument"):
        BufferWithSegments.__new__(BufferWithSegments, *arguments)


@pytest.mark.parametrize("size", [1, 8, 15, 17, 24])
def test_part_of_a_segment_is_refused(size):
    data = bytearray(DATA)
    with pytest.raises(
        ValueError, match=f"segments array size is not a multiple of 16: {size} bytes"
    ):
        BufferWithSegments(data, bytes(size))
    assert samples.is_released(data)


@pytest.mark.parametrize(
    "segment", [(0, 9), (8, 1), (9, 0), (2**64 - 1, 1), (1, 2**64 - 1), (2**63, 2**63)]
)
def test_segments_outside_of_the_data_are_refused(segment):
    data = bytearray(DATA)
    with pytest.raises(ValueError, match="references memory outside buffer: segment 1 has offset"):
        buffer_of((0, 1), segment, (0, 1), data=data)
    assert samples.is_released(data)


def test_data_that_raises():
    with pytest.raises(BufferError):
        BufferWithSegments(memoryview(DATA)[::2], b"")
    data = bytearray(DATA)
    with pytest.raises(BufferError):
        BufferWithSegments(data, memoryview(bytes(32))[::2])
    assert samples.is_released(data)


@buffers_can_call_back
def test_error_of_a_callback_is_passed_on():
    with pytest.raises(LookupError, match="of the callback"):
        BufferWithSegments(Buffer(DATA, fail), b"")
    with pytest.raises(LookupError, match="of the callback"):
        BufferWithSegments(DATA, Buffer(b"", fail))


def test_array_is_copied():
    segments = bytearray(array_of((0, 3)))
    buffer = BufferWithSegments(DATA, segments)
    segments[:] = array_of((1000, 1000))
    segments += b"more"
    assert contents(buffer) == [b"abc"]


def test_index():
    buffer = buffer_of((0, 3), (3, 5))
    assert buffer[0].tobytes() == buffer[-2].tobytes() == b"abc"
    assert buffer[True].tobytes() == buffer[-1].tobytes() == b"defgh"


@pytest.mark.parametrize("index", [2, 3, sys.maxsize // 2 + 1])
def test_index_over_the_last(index):
    for sequence in both_sequences(buffer_of((0, 3), (3, 5))):
        with pytest.raises(IndexError, match="offset must be less than 2"):
            sequence[index]


@pytest.mark.parametrize("index", [-3, -(sys.maxsize // 2 + 1)])
def test_index_under_the_first(index):
    for sequence in both_sequences(buffer_of((0, 3), (3, 5))):
        with pytest.raises(IndexError, match="offset must be non-negative"):
            sequence[index]


def both_sequences(buffer):
    return buffer, buffer.segments(), BufferWithSegmentsCollection(buffer)


@pytest.mark.parametrize("index", ["x", None, 1.0, slice(0, 1)])
def test_index_that_is_no_number(index):
    for sequence in both_sequences(buffer_of((0, 3))):
        with pytest.raises(TypeError, match="index"):
            sequence[index]


# --- memory ---


def exporters():
    buffer = buffer_of((0, 3), (3, 5))
    return {
        "buffer": (buffer, DATA),
        "segment": (buffer[1], b"defgh"),
        "empty segment": (buffer_of((8, 0))[0], b""),
        "segments": (buffer.segments(), array_of((0, 3), (3, 5))),
        "result": (ZstdCompressor().multi_compress_to_buffer([b"abc"])[0], None),
    }


@pytest.mark.parametrize("name", exporters())
def test_buffers_are_read_only(name):
    exporter, content = exporters()[name]
    view = memoryview(exporter)
    assert content is None or view.tobytes() == content
    assert view.readonly
    assert view.c_contiguous
    assert (view.format, view.itemsize, view.ndim) == ("B", 1, 1)
    with pytest.raises(TypeError):
        view[:1] = b"x"
    with pytest.raises(BufferError, match="not writable"):
        ZstdCompressor().compress_into(b"", exporter)


def test_nothing_is_copied():
    data = bytearray(DATA)
    buffer = buffer_of((0, 3), (3, 5), data=data)
    views = memoryview(buffer), memoryview(buffer[1])
    data[4] = ord("X")
    assert [view.tobytes() for view in views] == [b"abcdXfgh", b"dXfgh"]


@pytest.mark.parametrize("view_of", [lambda s: s, memoryview, lambda s: memoryview(s)[1:]])
def test_data_stay_as_long_as_a_segment(view_of):
    data = bytearray(DATA)
    view = view_of(buffer_of((0, 3), (3, 5), data=data)[1])
    gc.collect()
    assert not samples.is_released(data)
    assert bytes(view) in {b"defgh", b"efgh"}
    del view
    assert samples.is_released(data)


def test_data_stay_as_long_as_a_collection():
    data = bytearray(DATA)
    collection = BufferWithSegmentsCollection(buffer_of((0, 3), data=data))
    segment = collection[0]
    del collection
    assert not samples.is_released(data)
    del segment
    assert samples.is_released(data)


def test_array_stays_as_long_as_a_view():
    view = memoryview(buffer_of((0, 3), (3, 5)).segments())
    gc.collect()
    assert view.cast("Q").tolist() == [0, 3, 3, 5]


def test_results_stay_as_long_as_a_view():
    data = [samples.noise(100_000, seed) for seed in range(4)]
    frames = ZstdCompressor().multi_compress_to_buffer(data)
    views = [memoryview(frame) for frame in frames]
    del frames
    gc.collect()
    assert views == list(map(ZstdCompressor().compress, data))


def test_buffer_of_a_buffer():
    inner = buffer_of((2, 4))
    outer = buffer_of((1, 2), data=inner[0])
    del inner
    assert contents(outer) == [b"de"]
    assert contents(BufferWithSegments(outer, outer.segments())) == [b"de"]


@has_gil
def test_others_run_during_long_copies():
    size = 100 << 20
    buffer = buffer_of((0, size), data=bytes(size))
    assert others_run(lambda: buffer.tobytes)
    assert others_run(lambda: buffer[0].tobytes)


# --- BufferSegments ---


def test_segments_are_a_sequence():
    segments = buffer_of((0, 3), (3, 5)).segments()
    assert type(segments) is BufferSegments
    assert len(segments) == 2
    assert contents(segments) == [b"abc", b"defgh"]
    assert segments[-1].offset == 3
    assert type(segments[0]) is BufferSegment


# --- BufferWithSegmentsCollection ---


@pytest.mark.parametrize("counts", [(1,), (3,), (1, 1, 1), (2, 1, 4), (5, 1, 1, 1, 7), (1,) * 64])
def test_collection_is_one_sequence(counts):
    buffers, expected = [], []
    for number, count in enumerate(counts):
        data = bytes([number]) * count
        buffers.append(buffer_of(*((place, count - place) for place in range(count)), data=data))
        expected += [bytes([number]) * (count - place) for place in range(count)]
    collection = BufferWithSegmentsCollection(*buffers)
    assert len(collection) == sum(counts)
    assert collection.size() == sum(map(len, expected))
    assert contents(collection) == expected
    from_the_end = [collection[-place - 1].tobytes() for place in range(len(expected))]
    assert from_the_end == expected[::-1]


def test_buffer_may_be_in_a_collection_twice():
    buffer = buffer_of((0, 3), (3, 5))
    collection = BufferWithSegmentsCollection(buffer, buffer)
    assert contents(collection) == [b"abc", b"defgh"] * 2
    assert collection.size() == 16
    overlapping = buffer_of((0, 8), (2, 4))
    assert BufferWithSegmentsCollection(overlapping, buffer_of((8, 0), (7, 1))).size() == 13


def test_collection_without_buffers():
    with pytest.raises(ValueError, match="must pass at least 1 argument"):
        BufferWithSegmentsCollection()


@pytest.mark.parametrize("value", [b"x", 3, None, [buffer_of((0, 3))], buffer_of((0, 3))[0]])
def test_collection_of_others(value):
    with pytest.raises(
        TypeError, match="arguments must be BufferWithSegments instances: item 1 is of type"
    ):
        BufferWithSegmentsCollection(buffer_of((0, 3)), value)


@pytest.mark.parametrize(
    ("empty", "lacking"), [(buffer_of(), "segments"), (buffer_of((0, 0), data=b""), "data")]
)
def test_collection_of_one_that_is_empty(empty, lacking):
    with pytest.raises(
        ValueError, match=f"ZstdBufferWithSegments cannot be empty: item 1 has no {lacking}"
    ):
        BufferWithSegmentsCollection(buffer_of((0, 3)), empty)


def test_collection_takes_no_keywords():
    with pytest.raises(TypeError, match="no keyword arguments"):
        BufferWithSegmentsCollection(buffer_of((0, 3)), buffer=buffer_of((0, 3)))


def test_collection_is_no_buffer():
    with pytest.raises(TypeError, match="bytes-like"):
        memoryview(BufferWithSegmentsCollection(buffer_of((0, 3))))


# --- as objects ---


def instances():
    buffer = buffer_of((0, 3))
    return [buffer, buffer.segments(), buffer[0], BufferWithSegmentsCollection(buffer)]


@pytest.mark.parametrize("instance", instances(), ids=lambda one: type(one).__name__)
def test_objects_are_equal_to_themselves_only(instance):
    assert {instance: 1}[instance] == 1
    assert instance not in instances()


def test_bytes_like_object_of_the_standard_library():
    segment = buffer_of((0, 3))[0]
    assert b"".join([segment, segment]) == b"abcabc"
    assert io.BytesIO(segment).read() == b"abc"
    assert int.from_bytes(segment, "big") == 0x616263
