"""What both readers do alike as files: how they close, and what they tell of themselves."""

import gc
import io
import os
import sys
import weakref

import pytest

import samples
from sources import LITTLE_WAYS, USES_OF_WAYS, Script, Source, Unlucky

each_use = pytest.mark.parametrize(("way", "use"), USES_OF_WAYS)


@pytest.fixture(params=LITTLE_WAYS)
def way(request):
    return LITTLE_WAYS[request.param]


# --- closing ---


@pytest.mark.parametrize("closefd", [True, 1, "yes"])
def test_close_closes_the_source(way, closefd):
    source = Source(way.data)
    way.open(source, closefd=closefd).close()
    assert source.closings == 1


@pytest.mark.parametrize("closefd", [False, 0, None, ""])
def test_close_leaves_the_source_open(way, closefd):
    source = Source(way.data)
    reader = way.open(source, closefd=closefd)
    reader.close()
    assert source.closings == 0
    assert reader.closed


def test_source_is_closed_unless_said_otherwise(way):
    source = Source(way.data)
    way.open(source).close()
    assert source.closings == 1


def test_closed(way):
    reader = way.open(way.data)
    assert reader.closed is False
    reader.close()
    assert reader.closed is True


def test_closing_again_does_nothing(way):
    source = Source(way.data)
    reader = way.open(source)
    for _ in range(3):
        assert reader.close() is None
    assert source.closings == 1


@pytest.mark.parametrize("make", [bytes, Script])
def test_source_without_close(way, make):
    reader = way.open(make(way.data))
    reader.close()
    assert reader.closed


def test_close_does_not_look_at_the_input(way):
    source = Source(b"junk" * 100)
    reader = way.open(source)
    reader.close()
    assert source.asked == []


def test_end_does_not_close(way):
    source = Source(way.data)
    reader = way.open(source)
    assert reader.read() == way.result
    assert (reader.closed, source.closings) == (False, 0)


def test_dropped_reader_does_not_close_the_source(way):
    source = Source(way.data)
    way.open(source).read(10)
    gc.collect()
    assert source.closings == 0


class BadAtClosing(Source):
    def close(self):
        super().close()
        raise LookupError


def test_error_of_the_sources_close(way):
    source = BadAtClosing(way.data)
    reader = way.open(source)
    with pytest.raises(LookupError):
        reader.close()
    assert reader.closed
    reader.close()
    assert source.closings == 1


@pytest.mark.parametrize("error", [MemoryError, LookupError, KeyboardInterrupt])
def test_lookup_of_close_that_fails(way, error):
    reader = way.open(Unlucky(way.data, close=error()))
    with pytest.raises(error):
        reader.close()
    assert reader.closed


def test_lookup_of_close_that_finds_nothing(way):
    source = Unlucky(way.data, close=AttributeError())
    way.open(source).close()
    assert not source.file.closed


def test_lookup_of_close_is_left_with_closefd(way):
    way.open(Unlucky(way.data, close=MemoryError()), closefd=False).close()


# --- with ---


def test_with(way):
    source = Source(way.data)
    with way.open(source) as reader:
        assert reader.read() == way.result
        assert not reader.closed
    assert reader.closed
    assert source.closings == 1


def test_with_gives_the_reader_itself(way):
    reader = way.open(way.data)
    with reader as entered:
        assert entered is reader


def test_exception_passes_and_closes(way):
    source = Source(way.data)
    error = LookupError()
    with pytest.raises(LookupError) as caught, way.open(source) as reader:
        raise error
    assert caught.value is error
    assert reader.closed
    assert source.closings == 1


def test_error_of_closing_after_an_exception(way):
    error = ValueError("of the body")
    with pytest.raises(LookupError) as caught, way.open(BadAtClosing(way.data)):
        raise error
    assert caught.value.__context__ is error


def test_with_closefd(way):
    source = Source(way.data)
    with way.open(source, closefd=False):
        pass
    assert source.closings == 0


def test_closing_within(way):
    source = Source(way.data)
    with way.open(source) as reader:
        reader.close()
    assert source.closings == 1


def test_entering_twice(way):
    with (
        way.open(way.data) as reader,
        pytest.raises(ValueError, match="cannot __enter__ multiple times"),
        reader,
    ):
        raise AssertionError
    assert not way.open(b"").closed


def test_entering_a_closed_one(way):
    reader = way.open(way.data)
    reader.close()
    with pytest.raises(ValueError, match="stream is closed"):
        reader.__enter__()


def test_opening_and_leaving_on_no_data(way):
    with way.open(b"") as reader:
        assert not reader.closed


def test_exit_returns_false(way):
    assert way.open(way.data).__exit__(None, None, None) is False


@pytest.mark.parametrize("arguments", [(), (None,), (None, None), (None,) * 4])
def test_exit_takes_three_arguments(way, arguments):
    reader = way.open(way.data)
    with pytest.raises(TypeError):
        reader.__exit__(*arguments)
    assert not reader.closed


# --- closed ---


@each_use
def test_use_after_close(way, use):
    reader = way.open(way.data)
    reader.read(5)
    reader.close()
    with pytest.raises(ValueError, match="stream is closed"):
        use(reader)


@each_use
def test_use_after_close_does_not_touch_the_source(way, use):
    source = Source(way.data)
    reader = way.open(source, closefd=False)
    reader.close()
    with pytest.raises(ValueError, match="stream is closed"):
        use(reader)
    assert source.asked == []


def test_counts_stay_after_close(way):
    reader = way.open(io.BytesIO(way.data))
    reader.read()
    reader.close()
    sizes = len(way.data), len(way.result), len(way.result)
    assert (reader.total_in, reader.total_out, reader.tell()) == sizes


def test_close_releases_a_buffer(way):
    source = bytearray(way.data)
    reader = way.open(source)
    assert not samples.is_released(source)
    reader.read(5)
    assert not samples.is_released(source)
    reader.close()
    assert samples.is_released(source)


@pytest.mark.parametrize("closefd", [True, False])
def test_leaving_releases_a_buffer(way, closefd):
    source = bytearray(way.data)
    with way.open(source, closefd=closefd) as reader:
        reader.read(5)
    assert samples.is_released(source)


def test_end_of_life_releases_a_buffer(way):
    source = bytearray(way.data)
    way.open(source).read(5)
    assert samples.is_released(source)


def test_bad_arguments_release_a_buffer(way):
    source = bytearray(way.data)
    for options in ({"read_size": 0}, {"closefd": Unlucky(b"", __len__=LookupError()), "bad": 1}):
        with pytest.raises((ValueError, TypeError)):
            way.open(source, **options)
        assert samples.is_released(source)


def test_close_releases_what_the_source_returned():
    """The reader stops within the result, at a frame's end, and holds it."""
    way = LITTLE_WAYS["decompression"]
    result = bytearray(way.data * 2)
    reader = way.open(Script(result))
    reader.read(1)
    assert not samples.is_released(result)
    reader.close()
    assert samples.is_released(result)


def test_result_of_the_source_is_released_when_it_is_used_up(way):
    result = bytearray(way.data)
    reader = way.open(Script(result))
    assert reader.read() == way.result
    assert samples.is_released(result)


@pytest.mark.parametrize("closefd", [True, False])
def test_close_drops_the_source(way, closefd):
    source = Source(way.data)
    reader = way.open(source, closefd=closefd)
    reader.read(5)
    source = weakref.ref(source)
    assert source() is not None
    reader.close()
    assert source() is None


def test_close_that_fails_drops_the_source(way):
    reader = way.open(BadAtClosing(way.data))
    with pytest.raises(LookupError):
        reader.close()
    assert not [each for each in gc.get_referents(reader) if isinstance(each, Source)]


def test_cycle_through_the_source_is_collected(way):
    source = Source(way.data)
    source.reader = way.open(source)
    source.reader.read(5)
    source = weakref.ref(source)
    gc.collect()
    assert source() is None


class Weak(bytearray):
    """Can be referred to weakly, and have attributes."""


def test_cycle_through_a_buffer_is_collected(way):
    data = Weak(way.data)
    data.reader = way.open(data)
    data.reader.read(1)
    data = weakref.ref(data)
    gc.collect()
    assert data() is None


def test_cycle_through_a_result_of_the_source_is_collected():
    """The reader stops within the result, at a frame's end, and holds it."""
    way = LITTLE_WAYS["decompression"]
    result = Weak(way.data * 2)
    result.reader = way.open(Script(result))
    result.reader.read(1)
    result = weakref.ref(result)
    gc.collect()
    assert result() is None


def test_finalizer_in_a_cycle_may_use_the_reader(way):
    outcomes = []

    class Finalized(Source):
        def __del__(self):
            try:
                outcomes.append(self.reader.read())
            except ValueError as error:
                outcomes.append(error)

    source = Finalized(way.data)
    source.reader = way.open(source)
    del source
    gc.collect()
    assert outcomes == [way.result]


def test_reader_keeps_what_made_it(way):
    coder = way.coder()
    references = sys.getrefcount(coder)
    reader = coder.stream_reader(io.BytesIO(way.data))
    assert sys.getrefcount(coder) == references + 1
    del coder
    assert reader.read() == way.result


# --- attributes of files ---


def test_file_descriptor_name_and_mode(way, tmp_path):
    path = tmp_path / "data"
    path.write_bytes(way.data)
    with path.open("rb") as file, way.open(file) as reader:
        assert reader.fileno() == file.fileno()
        assert reader.name == str(path)
        assert reader.mode == "rb"


def test_name_that_is_a_number(way):
    source, sink = os.pipe()
    os.close(sink)
    with os.fdopen(source, "rb") as file:
        assert way.open(file).name == source


@pytest.mark.parametrize("name", ["name", "mode"])
@pytest.mark.parametrize("make", [bytes, io.BytesIO, Source])
def test_attribute_that_the_source_lacks(way, make, name):
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
        getattr(way.open(make(way.data)), name)


@pytest.mark.parametrize("make", [bytes, io.BytesIO, Source])
def test_descriptor_that_the_source_lacks(way, make):
    with pytest.raises(io.UnsupportedOperation):
        way.open(make(way.data)).fileno()


@pytest.mark.parametrize("name", ["name", "mode", "fileno"])
@pytest.mark.parametrize("error", [MemoryError, LookupError])
def test_lookup_that_fails(way, name, error):
    reader = way.open(Unlucky(way.data, **{name: error()}))
    with pytest.raises(error):
        getattr(reader, name)()


@pytest.mark.parametrize("name", ["name", "mode"])
def test_attribute_of_a_closed_one(way, tmp_path, name):
    with (tmp_path / "data").open("wb+") as file:
        reader = way.open(file)
        reader.close()
        assert not hasattr(reader, name)


def test_descriptor_of_a_closed_one(way, tmp_path):
    with (tmp_path / "data").open("wb+") as file:
        reader = way.open(file, closefd=False)
        reader.close()
        with pytest.raises(ValueError, match="stream is closed"):
            reader.fileno()


@pytest.mark.parametrize("name", ["name", "mode", "closed", "total_in", "total_out"])
def test_attributes_are_read_only(way, name):
    with pytest.raises(AttributeError):
        setattr(way.open(way.data), name, 1)


@pytest.mark.parametrize(
    ("method", "answer"),
    [("readable", True), ("writable", False), ("isatty", False), ("flush", None)],
)
def test_what_a_reader_is(way, method, answer):
    assert getattr(way.open(way.data), method)() is answer


def test_reader_is_a_buffered_file(way):
    assert isinstance(way.open(way.data), io.BufferedIOBase)


@pytest.mark.parametrize("arguments", [(), (b"data",), (None,), (1, 2)])
@pytest.mark.parametrize("method", ["write", "writelines"])
def test_writing_is_refused(way, method, arguments):
    with pytest.raises(io.UnsupportedOperation, match="is not writable"):
        getattr(way.open(way.data), method)(*arguments)


def test_buffered_reader_on_top(way):
    """A client that reads by readinto(), and closes."""
    source = Source(way.data)
    with io.BufferedReader(way.open(source), 10) as file:
        assert file.read(3) + file.read() == way.result
    assert source.closings == 1
