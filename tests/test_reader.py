"""What both readers do alike: where their input comes from, and what they return of it."""

import array
import io
import mmap
import os
import sys
from collections import UserString

import pytest

import samples
from allocated import at_most_allocated, held_by_result
from callbacks import Index, fail
from sources import (
    CONTENT,
    READS,
    READS_OF_ALL,
    WAYS,
    Script,
    Source,
    Unlucky,
    parts,
    parts_and_errors,
    read_into,
)

ALL_READS = READS | READS_OF_ALL


@pytest.fixture(params=WAYS)
def way(request):
    return WAYS[request.param]


# --- sources ---


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_shape_of_buffer(way, shape):
    assert way.content(way.open(samples.SHAPES[shape](way.data)).read()) == CONTENT


def test_buffer_of_larger_items(way):
    data = way.data[: len(way.data) // 8 * 8]
    assert way.open(array.array("Q", data)).read(250_000) == way.open(data).read(250_000)


@pytest.mark.parametrize("buffering", [-1, 0, 1000])
def test_file_on_disk(way, tmp_path, buffering):
    path = tmp_path / "data"
    path.write_bytes(way.data)
    with path.open("rb", buffering=buffering) as file:
        assert way.open(file).read() == way.result


def test_mapped_file(way, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(way.data)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapping:
        assert way.open(mapping).read() == way.result
        assert mapping.tell() == len(way.data)


def test_pipe(way):
    way = way.with_little()
    source, sink = os.pipe()
    with os.fdopen(source, "rb", buffering=0) as file, os.fdopen(sink, "wb", buffering=0) as other:
        other.write(way.data)
        other.close()
        assert way.open(file).read() == way.result


@pytest.mark.parametrize("make", [io.BytesIO, lambda data: io.BufferedReader(io.BytesIO(data))])
def test_file_in_memory(way, make):
    assert way.open(make(way.data)).read() == way.result


@pytest.mark.parametrize(
    "make",
    [io.BytesIO, Source, lambda data: io.BufferedReader(io.BytesIO(data))],
    ids=["BytesIO", "Source", "BufferedReader"],
)
def test_file_is_read_from_where_it_is(way, make):
    source = make(b"before" + way.data)
    source.read(6)
    assert way.open(source).read() == way.result


@pytest.mark.parametrize("most", [1, 2, 3, 1000, 131_072])
def test_short_reads_are_not_the_end(way, most):
    if most < 10:
        way = way.with_little()
    assert way.open(Source(way.data, most)).read() == way.result


@pytest.mark.parametrize("read_size", [1, 2, 1000, 131_075, 1 << 20, (1 << 20) + 1, sys.maxsize])
@pytest.mark.parametrize("make", [Source, io.BytesIO])
def test_read_size_changes_no_result(way, make, read_size):
    if read_size < 10:
        way = way.with_little()
    assert way.open(make(way.data), read_size=read_size).read() == way.result


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_shape_of_result_of_the_source(way, shape):
    pieces = samples.in_pieces(way.data, 10_000)
    assert way.open(Script(*map(samples.SHAPES[shape], pieces))).read() == way.result


@pytest.mark.parametrize("end", [bytearray(), memoryview(b""), array.array("Q")])
def test_empty_result_of_any_shape_is_the_end(way, end):
    assert way.open(Script(way.data, end, b"more"), read_size=1 << 20).read() == way.result


@pytest.mark.parametrize("cls", [io.BytesIO, io.FileIO])
def test_own_methods_of_a_file_are_respected(way, tmp_path, cls):
    """Where a file is read by readinto() for speed, nobody can notice."""
    path = tmp_path / "data"
    path.write_bytes(way.data)
    calls = []

    class Noticing(cls):
        def read(self, size):
            calls.append(size)
            return super().read(size)

        def readinto(self, _buffer):
            raise AssertionError

    with Noticing(path if cls is io.FileIO else way.data) as file:
        assert way.open(file, read_size=100_000).read() == way.result
    assert set(calls) == {100_000}


@pytest.mark.parametrize("name", ["readinto", "readinto1", "read1"])
def test_attributes_of_a_genuine_file_are_not_noticed(way, name):
    file = io.BytesIO(way.data)
    setattr(file, name, lambda _argument: -5)
    assert way.open(file).read() == way.result


def test_read_that_was_set_on_a_genuine_file(way):
    file = io.BytesIO(b"never read")
    file.read = Source(way.data).read
    assert way.open(file).read() == way.result


def test_read_that_is_set_on_a_genuine_file_later(way):
    file = io.BytesIO(b"never read")
    reader = way.open(file)
    file.read = Source(way.data).read
    assert reader.read() == way.result


@pytest.mark.parametrize("thing", samples.NOT_BUFFERS.values(), ids=samples.NOT_BUFFERS)
def test_neither_file_nor_buffer(way, thing):
    with pytest.raises(TypeError, match="must pass an object with a read"):
        way.open(thing)


def test_buffer_that_is_not_contiguous(way):
    with pytest.raises(BufferError):
        way.open(memoryview(bytes(10))[::2])


@pytest.mark.parametrize("error", [MemoryError, LookupError, KeyboardInterrupt])
def test_lookup_of_read_that_fails(way, error):
    with pytest.raises(error):
        way.open(Unlucky(way.data, read=error()))


def test_lookup_of_read_that_finds_nothing(way):
    with pytest.raises(TypeError, match="must pass an object with a read"):
        way.open(Unlucky(way.data, read=AttributeError()))


def test_buffer_whose_lookup_of_read_fails(way):
    class Both(bytearray):
        def __getattr__(self, name):
            raise MemoryError

    with pytest.raises(MemoryError):
        way.open(Both(way.data))


def test_object_with_read_and_buffer_is_a_file(way):
    class Both(bytes):
        read = Source(way.data).read

    assert way.open(Both(b"never read")).read() == way.result


# --- arguments of stream_reader ---


@pytest.mark.parametrize("make", [bytes, io.BytesIO])
@pytest.mark.parametrize("read_size", [0, -1, -sys.maxsize - 1])
def test_read_size_is_positive(way, make, read_size):
    with pytest.raises(ValueError, match=f"read_size must be positive, not {read_size}"):
        way.open(make(way.data), read_size=read_size)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"read_size": 2**63}, OverflowError),
        ({"read_size": None}, TypeError),
        ({"read_size": 1.0}, TypeError),
        ({"read_size": Index(1, fail)}, LookupError),
        ({"unknown": 1}, TypeError),
        ({"source": b""}, TypeError),
    ],
)
def test_bad_arguments(way, options, error):
    with pytest.raises(error):
        way.open(way.data, **options)


def test_source_is_required(way):
    with pytest.raises(TypeError, match="source"):
        way.coder().stream_reader()


# --- calls of the source's read() ---


def test_nothing_is_read_before_it_is_needed(way):
    source = Source(way.data)
    with way.open(source) as reader:
        assert reader.read(0) == reader.read1(0) == b""
        assert reader.readinto(bytearray()) == reader.readinto1(bytearray()) == 0
        assert reader.readable()
        assert reader.tell() == 0
        reader.flush()
    assert source.asked == []


@pytest.mark.parametrize("read", ALL_READS)
@pytest.mark.parametrize("read_size", [1000, 10**6])
def test_read_is_asked_for_read_size(way, read, read_size):
    source = Source(way.data, most=1000)
    parts(way.open(source, read_size=read_size), ALL_READS[read], 10)
    assert set(source.asked) == {read_size}


@pytest.mark.parametrize("read", ALL_READS)
def test_source_is_read_once_for_each_byte_and_once_for_the_end(way, read):
    way = way.with_little()
    source = Source(way.data, most=1)
    parts(way.open(source), ALL_READS[read], 10**6)
    assert len(source.asked) == len(way.data) + 1


def test_source_is_not_read_after_its_end(way):
    source = Source(way.data)
    reader = way.open(source)
    reader.read()
    calls = len(source.asked)
    for read in ALL_READS.values():
        assert read(reader, 10) == b""
    assert len(source.asked) == calls


@pytest.mark.parametrize("read", READS)
def test_filled_read_asks_no_more(way, read):
    """The input comes in pieces that each give hundreds of bytes of output at least."""
    source = Source(way.data, most=140_000)
    reader = way.open(source, read_size=140_000)
    READS[read](reader, 100)
    assert len(source.asked) == 1
    READS[read](reader, 100)
    assert len(source.asked) == 1


def test_read_of_exactly_what_is_there_asks_no_more(way):
    """Output that ends together with the output that is asked for is not looked behind."""
    source = Source(way.data, most=140_000)
    reader = way.open(source)
    first = reader.read1(10**6)
    calls = len(source.asked)
    source = Source(way.data, most=140_000)
    reader = way.open(source)
    assert reader.read(len(first)) == first
    assert len(source.asked) == calls


# --- results ---


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("size", [1, 2, 100, 8191, 8192, 8193, 131_072, 10**6])
def test_every_way_to_read(way, read, size):
    if size < 100:
        way = way.with_little()
    results = parts(way.open(io.BytesIO(way.data)), READS[read], size)
    assert b"".join(results) == way.result
    assert max(map(len, results)) <= size


@pytest.mark.parametrize("read", ["read", "readinto"])
@pytest.mark.parametrize("size", [100, 8191, 8192, 8193, 131_072])
@pytest.mark.parametrize("most", [999, None])
def test_read_fills_what_is_asked_for(way, read, size, most):
    results = parts(way.open(Source(way.data, most)), READS[read], size)
    assert [len(part) for part in results[:-1]] == [size] * (len(results) - 1)


@pytest.mark.parametrize("read", READS_OF_ALL)
def test_reading_all(way, read):
    reader = way.open(io.BytesIO(way.data))
    start = reader.read(10)
    assert start + READS_OF_ALL[read](reader, -1) == way.result
    assert READS_OF_ALL[read](reader, -1) == b""


def test_sizes_of_all_kinds_by_turns(way):
    """Small reads, which go by output that is there ahead, and large ones keep the order."""
    reader = way.open(Source(way.data, 5000))
    results = []
    while not results or results[-1]:
        for size in (0, 1, 10_000, 10, 100, 20_000, 8192):
            results += [reader.read(size), reader.read1(size)]
        results.append(read_into(reader, 3))
    assert b"".join(results) == way.result


@pytest.mark.parametrize("read", READS)
def test_results_are_new_bytes(way, read):
    assert type(READS[read](way.open(way.data), 100)) is bytes


@pytest.mark.parametrize("shape", samples.WRITABLE_SHAPES)
@pytest.mark.parametrize("method", ["readinto", "readinto1"])
def test_every_shape_of_target(way, method, shape):
    target = samples.WRITABLE_SHAPES[shape](bytes(100))
    assert getattr(way.open(io.BytesIO(way.data)), method)(target) == 100
    assert bytes(target) == way.result[:100]


@pytest.mark.parametrize("method", ["readinto", "readinto1"])
def test_target_of_larger_items_counts_bytes(way, method):
    target = array.array("Q", [0, 0])
    assert getattr(way.open(io.BytesIO(way.data)), method)(target) == 16
    assert target.tobytes() == way.result[:16]


@pytest.mark.parametrize("method", ["readinto", "readinto1"])
def test_target_is_released(way, method):
    target = bytearray(10)
    getattr(way.open(way.data), method)(target)
    assert samples.is_released(target)


def test_read1_without_size_returns_no_more_than_a_buffer_of_libzstd(way):
    reader = way.open(way.data)
    assert 100_000 < max(len(part) for part in parts(reader, READS["read1"])) <= 131_591


def test_size_by_name(way):
    reader = way.open(io.BytesIO(way.data))
    assert reader.read(size=10) + reader.read1(size=10) == way.result[:20]


def test_target_by_name(way):
    reader = way.open(io.BytesIO(way.data))
    assert reader.readinto(b=bytearray(5)) + reader.readinto1(b=bytearray(6)) == 11


def test_vast_size_needs_no_more_memory_than_there_is_output(way):
    way = way.with_little()
    with at_most_allocated(8 << 20):
        assert way.open(io.BytesIO(way.data)).read(min(2**40, sys.maxsize)) == way.result


@pytest.mark.parametrize("read", READS_OF_ALL)
def test_result_of_reading_all_takes_no_more_memory_than_it_needs(way, read):
    way = way.with_little()
    held = held_by_result(lambda: READS_OF_ALL[read](way.open(way.data), -1))
    assert held < len(way.result) + 100


def test_total_in_and_out_and_position(way):
    reader = way.open(io.BytesIO(way.data))
    assert (reader.total_in, reader.total_out, reader.tell()) == (0, 0, 0)
    reader.read()
    size = len(way.result)
    assert (reader.total_in, reader.total_out, reader.tell()) == (len(way.data), size, size)


@pytest.mark.parametrize("read", READS)
def test_position_counts_what_was_returned(way, read):
    reader = way.open(Source(way.data, 1000))
    position = 0
    while part := READS[read](reader, 5000):
        position += len(part)
        assert reader.tell() == position
        assert reader.total_out >= position


# --- bad arguments of the methods ---


@pytest.mark.parametrize("method", ["read", "read1"])
@pytest.mark.parametrize(
    ("size", "error"),
    [
        (-2, ValueError),
        (-sys.maxsize - 1, ValueError),
        (2**63, OverflowError),
        (1.0, TypeError),
        ("1", TypeError),
        (Index(1, fail), LookupError),
    ],
)
def test_bad_sizes_change_nothing(way, method, size, error):
    reader = way.open(io.BytesIO(way.data))
    with pytest.raises(error):
        getattr(reader, method)(size)
    assert reader.read() == way.result


@pytest.mark.parametrize("method", ["read", "read1"])
def test_message_on_negative_sizes(way, method):
    with pytest.raises(ValueError, match="cannot read negative amounts less than -1"):
        getattr(way.open(b""), method)(-2)


@pytest.mark.parametrize("method", ["readinto", "readinto1"])
@pytest.mark.parametrize(
    ("target", "error"),
    [
        (b"read-only", TypeError),
        (memoryview(b"read-only"), TypeError),
        (memoryview(bytearray(10))[::2], TypeError),
        *((thing, TypeError) for thing in samples.NOT_BUFFERS.values()),
    ],
)
def test_bad_targets_change_nothing(way, method, target, error):
    reader = way.open(io.BytesIO(way.data))
    with pytest.raises(error):
        getattr(reader, method)(target)
    assert reader.read() == way.result


@pytest.mark.parametrize("method", ["readinto", "readinto1"])
def test_target_may_not_overlap_the_source(way, method):
    source = bytearray(way.data)
    reader = way.open(source)
    with pytest.raises(ValueError, match="overlap"):
        getattr(reader, method)(memoryview(source)[-10:])
    assert way.content(reader.read()) == CONTENT


@pytest.mark.parametrize(
    ("method", "arguments", "keywords"),
    [
        ("read", (1, 2), {}),
        ("read", (1,), {"size": 1}),
        ("read", (), {"length": 1}),
        ("read1", (1, 2), {}),
        ("readall", (1,), {}),
        ("readinto", (), {}),
        ("readinto1", (bytearray(), 1), {}),
        ("tell", (1,), {}),
        ("close", (1,), {}),
        ("flush", (1,), {}),
    ],
)
def test_bad_calls(way, method, arguments, keywords):
    reader = way.open(io.BytesIO(way.data))
    with pytest.raises(TypeError):
        getattr(reader, method)(*arguments, **keywords)
    assert reader.read() == way.result


# --- errors of the source ---


class Failure(BaseException):
    """Derived from what nobody catches."""


@pytest.mark.parametrize("read", ALL_READS)
@pytest.mark.parametrize("size", [100, 10_000, 10**6])
@pytest.mark.parametrize("error", [LookupError, Failure])
def test_nothing_is_lost_when_the_source_raises(way, read, size, error):
    script = [error()]
    for piece in samples.in_pieces(way.data, 20_000):
        script += [piece, error()]
    raised = [step for step in script if isinstance(step, error)]
    reader = way.open(Script(*script))
    results, errors = parts_and_errors(reader, ALL_READS[read], size, caught=error)
    assert b"".join(results) == way.result
    assert errors == raised
    assert reader.tell() == len(way.result)


def test_data_before_an_error_of_the_source_is_read_next(way):
    """The error comes at once, and the data that was decoded in that call with the next one."""
    script = [way.data[:200_000], LookupError(), way.data[200_000:]]
    reader = way.open(Script(*script), read_size=10**6)
    with pytest.raises(LookupError):
        reader.read()
    assert reader.tell() == 0
    assert len(reader.read1(10**6)) >= 131_072


def test_read_that_is_satisfied_does_not_meet_the_error(way):
    reader = way.open(Script(way.data[:200_000], LookupError()), read_size=10**6)
    assert reader.read(100_000) == way.result[:100_000]
    with pytest.raises(LookupError):
        reader.read(200_000)
    assert reader.read(1000) == way.result[100_000:101_000]


@pytest.mark.parametrize("read", ALL_READS)
@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        (None, TypeError, "must return bytes, and it returned None"),
        ("text", TypeError, "must return bytes, and it returned 'text'"),
        (5, TypeError, "must return bytes, and it returned 5"),
        ([1, 2], TypeError, "must return bytes"),
        (UserString(""), TypeError, "must return bytes"),
        (bytes(20_001), ValueError, r"read\(20000\) of the source returned 20001 bytes"),
        (bytearray(20_001), ValueError, "more than it was asked for"),
        (memoryview(bytes(10))[::2], BufferError, "contiguous"),
    ],
)
def test_wrong_results_of_the_source(way, read, result, error, message):
    """Each is refused, and reading can go on where it was."""
    script = [result]
    for piece in samples.in_pieces(way.data, 20_000):
        script += [piece, result]
    reader = way.open(Script(*script), read_size=20_000)
    results, errors = parts_and_errors(reader, ALL_READS[read], 10_000, caught=error)
    assert b"".join(results) == way.result
    assert len(errors) == len(script) // 2 + 1
    for each in errors:
        with pytest.raises(error, match=message):
            raise each


def test_non_blocking_file_without_data(way):
    source, sink = os.pipe()
    os.set_blocking(source, False)
    with os.fdopen(source, "rb", buffering=0) as file, os.fdopen(sink, "wb", buffering=0) as other:
        reader = way.with_little().open(file)
        with pytest.raises(TypeError, match="must return bytes"):
            reader.read()
        other.write(way.with_little().data)
        other.close()
        assert reader.read() == way.with_little().result


def test_wrong_result_of_the_source_is_released(way):
    result = bytearray(11)
    with pytest.raises(ValueError, match="more than it was asked for"):
        way.open(Script(result), read_size=10).read()
    assert samples.is_released(result)


@pytest.mark.parametrize("error", [MemoryError, LookupError])
def test_lookup_of_read_that_fails_later(way, error):
    source = Unlucky(way.data)
    reader = way.open(source)
    source.errors["read"] = error()
    with pytest.raises(error):
        reader.read()
    del source.errors["read"]
    assert reader.read() == way.result


@pytest.mark.parametrize("method", ["read", "read1"])
def test_none_is_no_size(way, method):
    assert getattr(way.open(way.data), method)(None) == getattr(way.open(way.data), method)()
