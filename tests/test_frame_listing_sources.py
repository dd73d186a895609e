"""What list_frames() lists from: buffers and files of all kinds, what it asks of them, failures."""

import io
import os

import pytest

import frames
import samples
import sources
from callbacks import Index, fail
from listings import ALL, BY_HAND, as_tuple, expected, listed, listed_until_error
from zstandard import ZstdEOFError, list_frames


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_kind_of_buffer(shape):
    assert listed(samples.SHAPES[shape](ALL)) == expected(BY_HAND)


@pytest.mark.parametrize("kind", sorted(set(samples.NOT_BUFFERS) - {"type"}))
def test_what_is_no_source_is_a_type_error(kind):
    with pytest.raises(TypeError, match="source must be a bytes-like object or have a read"):
        list_frames(samples.NOT_BUFFERS[kind])


def test_bad_arguments():
    for arguments, keywords in (
        ((), {}),
        ((ALL, 0, 1, 1), {}),
        ((ALL,), {"source": ALL}),
        ((ALL,), {"unknown": 1}),
        ((ALL, "0"), {}),
        ((ALL, 0, None), {}),
    ):
        with pytest.raises(TypeError):
            list_frames(*arguments, **keywords)
    for value in (0, -1):
        with pytest.raises(ValueError, match=f"read_size must be positive, not {value}"):
            list_frames(ALL, read_size=value)
    for value in (-1, 2):
        with pytest.raises(ValueError, match=rf"format must be FORMAT_ZSTD1 \(0\) .* not {value}"):
            list_frames(ALL, format=value)
    with pytest.raises(LookupError):
        list_frames(ALL, Index(0, fail))
    with pytest.raises(BufferError):
        list_frames(memoryview(ALL)[::2])
    with pytest.raises(LookupError):
        list_frames(sources.Unlucky(ALL, read=LookupError()))


def test_a_file_is_listed_from_its_position_on(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"before" + ALL + frames.skippable(bytes(50_000)) + ALL)
    for buffering in (0, -1):
        with path.open("rb", buffering=buffering) as file:
            file.seek(6)
            assert len(listed(file)) == 2 * len(BY_HAND) + 1
            file.seek(6)
            assert listed(file)[: len(BY_HAND)] == expected(BY_HAND)


def test_what_is_read_and_what_is_sought():
    large = frames.skippable(bytes(100_000), 3)
    source = sources.SeekableSource(large + ALL + large, start=1000)
    assert [info[1] for info in listed(source, read_size=1000)][::7] == [len(large), len(large)]
    # The last byte of what is passed over is read, as files let one seek past their end.
    assert source.sought == [
        1000 + len(large) - 1,
        1000 + len(large + ALL + large) - 1,
    ]
    assert set(source.asked) == {1000}


def test_content_of_up_to_read_size_is_read():
    piece = frames.skippable(bytes(2 * 1000 - 8))
    source = sources.SeekableSource(piece)
    assert len(listed(source, read_size=1000)) == 1
    assert source.sought == []
    source = sources.SeekableSource(piece + b"")
    assert len(listed(source, read_size=999)) == 1
    assert source.sought == [len(piece) - 1]


def test_frame_cut_short_where_content_is_passed_over_by_seek(tmp_path):
    whole = frames.skippable(bytes(100_000))
    path = tmp_path / "file"
    for cut in (1, 2, 50_000, 99_000):
        path.write_bytes(whole[:-cut])
        with path.open("rb", buffering=0) as file:
            _, error = listed_until_error(file, read_size=100)
        assert type(error) is ZstdEOFError
        assert str(error).endswith("at byte 0, which has 100008 bytes or more")


def test_file_that_cannot_seek():
    reading, writing = os.pipe()
    data = ALL + frames.skippable(bytes(30_000)) + ALL
    os.write(writing, data)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as file:
        assert listed(file, read_size=100) == listed(data)


def test_file_is_asked_once_whether_it_can_seek():
    class Asked(sources.Source):
        asked_whether = 0

        def seekable(self):
            self.asked_whether += 1
            return False

    data = frames.skippable(bytes(50_000)) * 3
    source = Asked(data)
    assert listed(source) == listed(data)
    assert source.asked_whether == 1
    source = Asked(ALL)
    assert listed(source) == listed(ALL)
    assert source.asked_whether == 0


def test_file_without_seekable():
    class Old:
        def __init__(self, data):
            self.file = io.BytesIO(data)
            self.sought = 0
            self.read = self.file.read
            self.tell = self.file.tell

        def seek(self, position):
            self.sought += 1
            self.file.seek(position)

    data = frames.skippable(bytes(50_000)) + ALL
    source = Old(data)
    assert listed(source) == listed(data)
    assert source.sought == 1


class Erratic(sources.SeekableSource):
    """Raises at every other call of each of its methods."""

    def __init__(self, data):
        super().__init__(data)
        self.calls = dict.fromkeys(("read", "seek", "tell", "seekable"), 0)

    def __getattribute__(self, name):
        calls = object.__getattribute__(self, "__dict__").get("calls", {})
        if name in calls:
            calls[name] += 1
            if calls[name] % 2 == 0:
                raise LookupError(name)
        return object.__getattribute__(self, name)


def test_exceptions_of_the_source_pass_and_listing_goes_on():
    data = (ALL + frames.skippable(bytes(5000))) * 3
    listing, result, errors = list_frames(Erratic(data), read_size=100), [], set()
    while True:
        try:
            result.append(as_tuple(next(listing)))
        except LookupError as error:
            errors.add(error.args[0])
        except StopIteration:
            break
    assert result == listed(data)
    assert errors >= {"read", "seek"}


@pytest.mark.parametrize("name", ["seekable", "tell", "seek"])
def test_look_up_that_fails_is_tried_again(name):
    source = sources.Unlucky(frames.skippable(bytes(50_000)) + ALL, **{name: LookupError(name)})
    listing = list_frames(source)
    for _ in range(2):
        with pytest.raises(LookupError, match=name):
            next(listing)
    source.errors.clear()
    assert [as_tuple(info) for info in listing] == listed(source.file.getvalue())


def test_seek_that_fails_is_tried_again():
    class Stuck(io.BytesIO):
        failures = 2

        def seek(self, *arguments):
            if self.failures > 0:
                self.failures -= 1
                super().seek(3)
                raise LookupError
            return super().seek(*arguments)

        def tell(self):
            return super().tell()

    data = frames.skippable(bytes(50_000), 4) + ALL
    listing = list_frames(Stuck(data))
    for _ in range(2):
        with pytest.raises(LookupError):
            next(listing)
    assert [as_tuple(info) for info in listing] == listed(data)


@pytest.mark.parametrize("result", [None, "text", 5, [1], b"x" * 101])
def test_nonsense_from_read(result):
    with pytest.raises((TypeError, ValueError), match=r"read\(.*\) of the source"):
        listed(sources.Script(lambda: result), read_size=100)


def test_source_that_uses_the_iterator_it_is_read_by():
    source = sources.Script(lambda: next(listing))
    listing = list_frames(source)
    with pytest.raises(RuntimeError, match="already in use by this thread"):
        next(listing)


def test_a_source_that_grows_is_followed_while_its_frame_is_not_whole():
    source = sources.Script(ALL[:2], LookupError(), ALL[2:], b"")
    listing = list_frames(source)
    with pytest.raises(LookupError):
        next(listing)
    assert [as_tuple(info) for info in listing] == expected(BY_HAND)
