"""ZstdCompressor and compress(): options, levels, threads, figures, life."""

import os
import threading
import time
import weakref
from pathlib import Path

import pytest

import child
import samples
import zstandard
from callbacks import Buffer, Index, Truth, buffers_can_call_back, fail
from ways import WAYS, compress_into, compress_stream, content
from zstandard import ZstdCompressor, ZstdError, compress, decompress, get_frame_parameters

LEVELS = (-131072, -1000, -100, -7, -1, *range(23))


# --- levels ---


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("way", WAYS)
def test_every_level_round_trips(level, way):
    data = samples.text(5000) + samples.noise(500)
    assert content(WAYS[way](ZstdCompressor(level), data)) == data
    assert content(compress(data, level)) == data


def test_higher_levels_compress_better():
    data = samples.text(100_000)
    sizes = [len(compress(data, level)) for level in (-100, -1, 1, 9, 19)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == len(sizes)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_works_at_the_level(way):
    data = samples.text(100_000)
    assert len(WAYS[way](ZstdCompressor(19), data)) < len(WAYS[way](ZstdCompressor(1), data))


def test_default_level_is_3_and_so_is_0():
    data = samples.text(50_000)
    expected = ZstdCompressor(level=3).compress(data)
    assert len(expected) not in (len(compress(data, 2)), len(compress(data, 4)))
    for frame in (
        ZstdCompressor().compress(data),
        ZstdCompressor(0).compress(data),
        compress(data),
        compress(data, 0),
        compress(data, level=3),
    ):
        assert frame == expected


@pytest.mark.parametrize("level", [-131073, -(2**31)])
def test_very_low_levels_are_clamped(level):
    data = samples.text(50_000)
    assert compress(data, level) == compress(data, -131072)
    assert ZstdCompressor(level).compress(data) == compress(data, -131072)


@pytest.mark.parametrize(
    ("level", "error", "message"),
    [
        (23, ValueError, "level must be less than 23"),
        (2**31 - 1, ValueError, "level must be less than 23"),
        (2**31, OverflowError, None),
        (-(2**31) - 1, OverflowError, None),
        (2**64, OverflowError, None),
        (3.0, TypeError, "float"),
        ("3", TypeError, "str"),
        (None, TypeError, "NoneType"),
    ],
)
def test_bad_level(level, error, message):
    for use in (ZstdCompressor, lambda level: compress(b"", level)):
        with pytest.raises(error, match=message):
            use(level)


@pytest.mark.parametrize("use", [ZstdCompressor, lambda level: compress(b"", level)])
def test_level_is_any_object_with_an_index(use):
    use(Index(5, lambda: None))
    with pytest.raises(LookupError, match="of the callback"):
        use(Index(5, fail))


# --- options ---


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, False), (False, False), (True, True), (0, False), (1, True), ("x", True), ([], False)],
)
@pytest.mark.parametrize("way", WAYS)
def test_write_checksum(way, value, expected):
    frame = WAYS[way](ZstdCompressor(write_checksum=value), b"content")
    assert get_frame_parameters(frame).has_checksum is expected
    plain = WAYS[way](ZstdCompressor(), b"content")
    assert len(frame) == len(plain) + 4 * expected
    assert not get_frame_parameters(plain).has_checksum


@pytest.mark.parametrize(
    ("value", "expected"), [(None, 7), (True, 7), (1, 7), (False, -1), (0, -1), ("", -1)]
)
@pytest.mark.parametrize("way", ["compress", "compress_into"])
def test_write_content_size(way, value, expected):
    frame = WAYS[way](ZstdCompressor(write_content_size=value), b"content")
    assert zstandard.frame_content_size(frame) == expected
    assert content(frame) == b"content"
    assert zstandard.frame_content_size(WAYS[way](ZstdCompressor(), b"content")) == 7


@pytest.mark.parametrize("value", [None, False, True])
def test_write_dict_id_changes_nothing_without_a_dictionary(value):
    assert ZstdCompressor(write_dict_id=value).compress(b"content") == compress(b"content")


@pytest.mark.parametrize("option", ["write_checksum", "write_content_size", "write_dict_id"])
def test_error_in_the_truth_of_an_option_propagates(option):
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressor(**{option: Truth(True, fail)})


# --- threads ---


TASKS = Path("/proc/self/task")
has_proc = pytest.mark.skipif(not TASKS.is_dir(), reason="needs /proc")


def native_threads():
    return {task.name for task in TASKS.iterdir()}


class ThreadWatch:
    """Collects the native threads that come to be while it is entered."""

    def __enter__(self):
        self.seen = set()
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch)
        self._watcher.start()
        self._before = native_threads()
        return self

    def _watch(self):
        while not self._done.wait(0.001):
            self.seen |= native_threads()

    def __exit__(self, *exception):
        self._done.set()
        self._watcher.join()
        self.seen -= self._before


@pytest.mark.thread_unsafe(reason="counts the threads of the process")
@has_proc
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("threads", [1, 2])
def test_threads_are_really_used(way, threads):
    data = samples.text(1 << 20) * 24
    seen = set()
    end = time.monotonic() + 30
    while len(seen) < threads and time.monotonic() < end:  # they are looked for now and then
        with ThreadWatch() as watch:
            frame = WAYS[way](ZstdCompressor(level=1, threads=threads), data)
        assert content(frame) == data
        seen = watch.seen
    assert len(seen) == threads


@pytest.mark.thread_unsafe(reason="counts the threads of the process")
@has_proc
def test_no_threads_by_default():
    with ThreadWatch() as watch:
        ZstdCompressor(level=1).compress(samples.text(1 << 20) * 24)
    assert watch.seen == set()


@has_proc
@pytest.mark.parametrize(("cpus", "expected"), [(3, 3), (1, 1), (None, 1)])
def test_negative_threads_are_as_many_as_cpus(monkeypatch, cpus, expected):
    monkeypatch.setattr(os, "cpu_count", lambda: cpus)
    before = native_threads()
    stream = ZstdCompressor(threads=-1).compressobj()
    stream.compress(b"content")
    assert len(native_threads() - before) == expected


def test_error_in_counting_cpus_propagates(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", fail)
    with pytest.raises(LookupError, match="of the callback"):
        ZstdCompressor(threads=-1)


@pytest.mark.thread_unsafe(reason="counts the threads of the process")
@has_proc
def test_threads_end_with_the_compressor():
    before = native_threads()
    compressor = ZstdCompressor(threads=2)
    stream = compressor.compressobj()
    stream.compress(b"content")
    stream.flush()
    del stream
    workers = native_threads() - before
    assert len(workers) == 2
    del compressor
    end = time.monotonic() + 10
    while workers & native_threads():  # the system lists them for a moment more
        assert time.monotonic() < end


@pytest.mark.parametrize("threads", [0, 1, 200, 100_000, 2**31 - 1])
def test_any_count_of_threads_is_accepted_and_clamped(threads):
    assert content(ZstdCompressor(threads=threads).compress(b"content")) == b"content"


@pytest.mark.parametrize(
    ("threads", "error"), [(2**31, OverflowError), (2**64, OverflowError), (None, TypeError)]
)
def test_bad_threads(threads, error):
    with pytest.raises(error):
        ZstdCompressor(threads=threads)


@pytest.mark.parametrize("size", samples.SIZES)
def test_threads_take_any_size(size):
    data = samples.text(size)
    compressor = ZstdCompressor(threads=2, write_checksum=True)
    for way in WAYS.values():
        assert content(way(compressor, data)) == data


# --- arguments ---


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [
        ((3, True), {}),
        ((3, None, None, None, None, None, 0, 0), {}),
        ((), {"unknown": 1}),
        ((3,), {"level": 3}),
        ((), {"Level": 3}),
    ],
)
def test_constructor_refuses_arguments(arguments, keywords):
    with pytest.raises(TypeError):
        ZstdCompressor(*arguments, **keywords)


METHODS = {
    "compress": (lambda: ZstdCompressor().compress, (b"data",), ("data",)),
    "compress_into": (
        lambda: ZstdCompressor().compress_into,
        (b"data", bytearray(100)),
        ("data", "buffer"),
    ),
    "compressobj": (lambda: ZstdCompressor().compressobj, (4,), ("size",)),
    "compress()": (lambda: compress, (b"data", 3), ("data", "level")),
}


@pytest.mark.parametrize("method", METHODS)
def test_arguments_by_place_and_by_name(method):
    make, arguments, names = METHODS[method]
    for by_place in range(len(names) + 1):
        by_name = dict(zip(names[by_place:], arguments[by_place:], strict=True))
        make()(*arguments[:by_place], **by_name)


@pytest.mark.parametrize("method", METHODS)
def test_arguments_too_many_unknown_and_twice(method):
    make, arguments, names = METHODS[method]
    with pytest.raises(TypeError, match=r"at most|exactly"):
        make()(*arguments, None)
    with pytest.raises(TypeError, match=r"unexpected|invalid") as caught:
        make()(*arguments[:-1], unknown=1)
    assert "unknown" in str(caught.value)
    with pytest.raises(TypeError):
        make()(*arguments[:1], **{names[0]: arguments[0]})


@pytest.mark.parametrize("method", ["compress", "compress_into", "compress()"])
def test_argument_is_missing(method):
    make, arguments, _names = METHODS[method]
    with pytest.raises(TypeError, match="missing required argument 'data'"):
        make()()
    if method == "compress_into":
        with pytest.raises(TypeError, match="missing required argument 'buffer'"):
            make()(arguments[0])


@pytest.mark.parametrize("method", ["frame_progression", "memory_size"])
def test_method_takes_no_arguments(method):
    with pytest.raises(TypeError):
        getattr(ZstdCompressor(), method)(1)


# --- figures ---


def test_memory_size_is_that_of_the_work_done():
    """In an interpreter of its own, since contexts that were used before may be used again."""
    code = """
        import zstandard
        fast, strong = zstandard.ZstdCompressor(1), zstandard.ZstdCompressor(19)
        print(fast.memory_size())
        for compressor in (fast, strong):
            compressor.compress(bytes(100_000))
            print(compressor.memory_size())
        fast.compressobj().compress(b"size unknown")
        print(fast.memory_size())
    """
    fresh, fast, strong, streaming = map(int, child.output_of(code).split())
    assert 100 < fresh < 20_000
    assert 100_000 < fast < strong < 100_000_000
    assert fast < streaming


def test_memory_size_after_a_failure():
    compressor = ZstdCompressor()
    with pytest.raises(ZstdError):
        compressor.compress_into(samples.noise(100_000), bytearray(100))
    assert compressor.memory_size() > 100_000


def test_frame_progression():
    compressor = ZstdCompressor()
    assert compressor.frame_progression() == (0, 0, 0)
    stream = compressor.compressobj()
    assert compressor.frame_progression() == (0, 0, 0)
    assert stream.compress(b"foobar") == b""
    assert compressor.frame_progression() == (6, 0, 0)
    assert len(stream.flush()) == 15
    assert compressor.frame_progression() == (6, 6, 15)
    del stream
    assert compressor.frame_progression() == (6, 6, 15)


def test_frame_progression_counts_one_call():
    compressor = ZstdCompressor()
    frame = compressor.compress(b"content")
    assert compressor.frame_progression() == (7, 7, len(frame))
    size = compressor.compress_into(b"other content", bytearray(100))
    assert compressor.frame_progression() == (13, 13, size)


def test_frame_progression_is_that_of_the_stream_last_at_work():
    compressor = ZstdCompressor()
    first, second = compressor.compressobj(), compressor.compressobj()
    first.compress(b"first")
    second.compress(b"other")
    assert compressor.frame_progression() == (5, 0, 0)
    first.compress(b"more")
    assert compressor.frame_progression() == (9, 0, 0)


# --- life ---


def test_live_streams_do_not_mix():
    compressor = ZstdCompressor(write_checksum=True)
    contents = [samples.text(300_000, seed) for seed in range(20)]
    streams = [compressor.compressobj() for _ in contents]
    frames = [b""] * len(streams)
    for start in range(0, 300_000, 100_000):
        for i, stream in enumerate(streams):
            frames[i] += stream.compress(contents[i][start : start + 100_000])
        assert compressor.compress(b"between") == ZstdCompressor(write_checksum=True).compress(
            b"between"
        )
    frames = [frame + stream.flush() for frame, stream in zip(frames, streams, strict=True)]
    assert [content(frame) for frame in frames] == contents


def test_init_again_configures_later_work_and_leaves_live_streams_alone():
    compressor = ZstdCompressor()
    stream = compressor.compressobj()
    stream.compress(b"first ")
    compressor.__init__(write_checksum=True)
    later = compressor.compressobj()
    for each, expected in ((later, True), (stream, False)):
        frame = each.compress(b"second") + each.flush()
        assert get_frame_parameters(frame).has_checksum is expected
        assert content(frame).endswith(b"second")
    for _ in range(3):
        assert get_frame_parameters(compressor.compress(b"")).has_checksum
    compressor.__init__()
    assert not get_frame_parameters(compressor.compress(b"")).has_checksum
    assert not get_frame_parameters(compress_stream(compressor, b"")).has_checksum


@pytest.mark.parametrize(
    "keywords", [{"level": 23}, {"unknown": 1}, {"threads": None}, {"level": 2**40}]
)
def test_init_that_fails_leaves_the_compressor_as_it_was(keywords):
    compressor = ZstdCompressor(write_checksum=True)
    with pytest.raises((ValueError, TypeError, OverflowError)):
        compressor.__init__(write_checksum=False, **keywords)
    assert get_frame_parameters(compressor.compress(b"")).has_checksum


def test_options_do_not_pass_to_other_compressors():
    """Contexts are used again, by compressors of other options too."""
    data = samples.text(10_000)
    expected = compress(data)
    for options in ({"write_checksum": True}, {"level": 19}, {"write_content_size": False}):
        first = ZstdCompressor(**options)
        different = first.compress(data)
        stream = first.compressobj(size=5)
        stream.compress(b"12")
        del first, stream
        assert ZstdCompressor().compress(data) == compress(data) == expected != different


def test_new_without_init_is_a_compressor_of_the_defaults():
    compressor = ZstdCompressor.__new__(ZstdCompressor)
    assert compressor.frame_progression() == (0, 0, 0)
    assert compressor.memory_size() > 100
    assert compressor.compress(b"content") == compress(b"content")
    assert content(compress_into(compressor, b"content")) == b"content"
    assert content(compress_stream(compressor, b"content")) == b"content"
    ZstdCompressor.__new__(ZstdCompressor, "any", argument=1).compress(b"content")


def test_subclass_with_its_own_constructor():
    class Own(ZstdCompressor):
        def __init__(self, name, level):
            super().__init__(level, write_checksum=True)
            self.name = name

    own = Own("fast", level=1)
    assert own.name == "fast"
    frame = own.compress(samples.text(50_000))
    assert frame == ZstdCompressor(1, write_checksum=True).compress(samples.text(50_000))


def test_subclass_that_does_not_call_the_constructor():
    class Own(ZstdCompressor):
        def __init__(self, name):
            self.name = name

    assert Own("default").compress(b"content") == compress(b"content")


def test_subclass_with_slots():
    class Slotted(ZstdCompressor):
        __slots__ = ("first", "second")

    slotted = Slotted(write_checksum=True)
    slotted.first, slotted.second = 1, [slotted]
    assert content(slotted.compress(b"content")) == b"content"
    with pytest.raises(AttributeError):
        slotted.third = 3


def test_subclass_with_weak_references_and_a_finalizer():
    ends = []

    class Finalized(ZstdCompressor):
        def __del__(self):
            ends.append(self.compress(b"content"))

    finalized = Finalized()
    finalized.attribute = samples.text(10)
    reference = weakref.ref(finalized)
    assert reference() is finalized
    stream = finalized.compressobj()
    del finalized
    assert content(stream.compress(b"kept") + stream.flush()) == b"kept"
    del stream
    assert reference() is None
    assert ends == [compress(b"content")]


def test_stream_keeps_its_compressor():
    stream = ZstdCompressor(write_checksum=True).compressobj()
    frame = stream.compress(b"content") + stream.flush()
    assert get_frame_parameters(frame).has_checksum


# --- re-entry ---


def test_init_re_entered_by_its_arguments():
    compressor = ZstdCompressor()
    callback = lambda: compressor.__init__(write_content_size=False)  # noqa: E731
    compressor.__init__(Index(3, callback), write_checksum=Truth(True, callback))
    parameters = get_frame_parameters(compressor.compress(b"content"))
    assert parameters.has_checksum
    assert parameters.content_size == 7


def test_configuration_changed_while_a_stream_is_made():
    compressor = ZstdCompressor()
    size = Index(7, lambda: compressor.__init__(write_checksum=True))
    stream = compressor.compressobj(size)
    frame = stream.compress(b"content") + stream.flush()
    assert decompress(frame) == b"content"
    assert get_frame_parameters(frame).has_checksum


@buffers_can_call_back
@pytest.mark.parametrize("way", WAYS)
def test_compressor_re_entered_by_the_buffer_it_asks_for(way):
    def use_again():
        compressor.__init__(write_checksum=True)
        assert content(WAYS[way](compressor, b"inner")) == b"inner"

    compressor = ZstdCompressor()
    data = Buffer(b"outer", use_again)
    assert content(WAYS[way](compressor, data)) == b"outer"


@buffers_can_call_back
def test_error_of_an_export_propagates():
    compressor = ZstdCompressor()
    for use in (
        compress,
        compressor.compress,
        compressor.compressobj().compress,
        lambda data: compressor.compress_into(data, bytearray(100)),
        lambda buffer: compressor.compress_into(b"data", buffer),
    ):
        with pytest.raises(LookupError, match="of the callback"):
            use(Buffer(b"", fail))


def test_progression_is_not_that_of_the_last_owner_of_the_context():
    ZstdCompressor().compress(b"content" * 1000)
    compressor = ZstdCompressor()
    assert compressor.memory_size() > 0
    assert compressor.frame_progression() == (0, 0, 0)
