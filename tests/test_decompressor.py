"""ZstdDecompressor and decompress(): options, windows, arguments, input, life."""

import contextlib
import ctypes
import io
import sys
import weakref

import pytest

import child
import frames
import samples
from callbacks import Buffer, Index, Truth, buffers_can_call_back, fail
from parallel import has_gil, others_run
from ways import FRAME_MAKERS, decompress_into, unstated
from zstandard import (
    FORMAT_ZSTD1,
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    compress,
    decompress,
    decompression_bounds,
)

# --- format and window ---


def magicless(frame):
    assert frame.startswith(frames.MAGIC)
    return frame[4:]


@pytest.mark.parametrize("maker", FRAME_MAKERS)
@pytest.mark.parametrize("size", [0, 1, 1000, samples.BLOCK + 1])
def test_magicless_frames(maker, size):
    data = samples.text(size)
    frame = FRAME_MAKERS[maker](data)
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    short = magicless(frame)
    assert decompressor.decompress(short, -1) == data
    assert decompress_into(decompressor, short, size) == data
    assert decompressor.decompress(short * 3, -1, read_across_frames=True) == data * 3
    stream = decompressor.decompressobj()
    assert stream.decompress(short) == data
    assert stream.eof
    with pytest.raises(ZstdError):
        ZstdDecompressor().decompress(short, -1)
    with pytest.raises(ZstdError):
        decompressor.decompress(frame, -1)
    assert ZstdDecompressor(format=FORMAT_ZSTD1).decompress(frame, -1) == data


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (2, ZstdError),
        (9, ZstdError),
        (-1, ZstdError),
        (2**31, OverflowError),
        (None, TypeError),
        ("0", TypeError),
    ],
)
def test_bad_format(value, error):
    with pytest.raises(error):
        ZstdDecompressor(format=value)


WINDOW_SIZE_MAX = decompression_bounds()["max_window_size"][1]


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (1, ZstdError),
        (5, ZstdError),
        (1023, ZstdError),
        (-1, ZstdError),
        (WINDOW_SIZE_MAX + 1, ZstdError),
        (min(2**40, sys.maxsize), ZstdError),
        (sys.maxsize, ZstdError),
        (sys.maxsize + 1, OverflowError),
        (None, TypeError),
        (1024.0, TypeError),
    ],
)
def test_bad_max_window_size(value, error):
    with pytest.raises(error):
        ZstdDecompressor(max_window_size=value)


@pytest.mark.parametrize("value", [0, 1024, 1025, 2**20, WINDOW_SIZE_MAX])
def test_good_max_window_size(value):
    frame = frames.header(window=0) + frames.raw_block(b"content")
    decompressor = ZstdDecompressor(max_window_size=value)
    assert decompressor.decompress(frame, -1) == b"content"
    assert decompressor.decompressobj().decompress(frame) == b"content"


WIDE = frames.header(window=0x60) + frames.raw_block(b"content")
WIDE_STATED = frames.header(7, size_width=4, window=0x60) + frames.raw_block(b"content")
WINDOW = frames.window_size(0x60)


def test_window_is_bounded_for_frames_that_state_no_size():
    narrow, wide = (ZstdDecompressor(max_window_size=WINDOW + off) for off in (-1, 0))
    for across in (False, True):
        with pytest.raises(ZstdError, match="requires too much memory") as caught:
            narrow.decompress(WIDE, -1, across)
        assert caught.value.code == 16
        assert wide.decompress(WIDE, -1, across) == b"content"
        with pytest.raises(ZstdError, match="requires too much memory"):
            narrow.decompress_into(WIDE, bytearray(100), across)
        assert narrow.decompress(WIDE_STATED, 0, across) == b"content"
        assert narrow.decompress_into(WIDE_STATED, bytearray(100), across) == 7


def test_window_is_bounded_for_streams():
    narrow, wide = (ZstdDecompressor(max_window_size=WINDOW + off) for off in (-1, 0))
    assert wide.decompressobj().decompress(WIDE) == b"content"
    with pytest.raises(ZstdError, match="requires too much memory"):
        narrow.decompressobj().decompress(WIDE)
    stream = narrow.decompressobj()
    with pytest.raises(ZstdError, match="requires too much memory"):
        stream.decompress(WIDE_STATED[:-1])


def test_window_is_bounded_by_default():
    too_wide = frames.header(window=0x90) + frames.raw_block(b"content")
    assert frames.window_size(0x90) == 256 << 20
    with pytest.raises(ZstdError, match="requires too much memory"):
        ZstdDecompressor().decompress(too_wide, -1)
    with pytest.raises(ZstdError, match="requires too much memory"):
        ZstdDecompressor().decompressobj().decompress(too_wide)


# --- checksums ---


def test_force_ignore_checksum():
    frame = bytearray(ZstdCompressor(write_checksum=True).compress(b"content"))
    frame[-1] ^= 1
    sound = ZstdCompressor(write_checksum=True).compress(b"content")
    for decompressor in (ZstdDecompressor(), ZstdDecompressor(force_ignore_checksum=False)):
        with pytest.raises(ZstdError, match="checksum"):
            decompressor.decompress(frame)
        assert decompressor.decompress(sound) == b"content"
    ignoring = ZstdDecompressor(force_ignore_checksum=True)
    sink = io.BytesIO()
    ignoring.copy_stream(io.BytesIO(frame), sink)
    writer_sink = io.BytesIO()
    with ignoring.stream_writer(writer_sink, closefd=False) as writer:
        writer.write(frame)
    chunker = ignoring.chunker()
    for result in (
        ignoring.decompress(frame),
        ignoring.decompressobj().decompress(frame),
        ignoring.stream_reader(frame).read(),
        b"".join(ignoring.read_to_iter(frame)),
        b"".join([*chunker.decompress(frame), *chunker.finish()]),
        sink.getvalue(),
        writer_sink.getvalue(),
        ignoring.multi_decompress([frame])[0],
        ignoring.decompress(sound),
    ):
        assert result == b"content"
    ignoring.__init__()
    with pytest.raises(ZstdError, match="checksum"):
        ignoring.decompress(frame)


def test_force_ignore_checksum_is_a_truth():
    assert (
        ZstdDecompressor(force_ignore_checksum="x").decompress(compress(b"content")) == b"content"
    )
    with pytest.raises(LookupError, match="of the callback"):
        ZstdDecompressor(force_ignore_checksum=Truth(True, fail))


# --- arguments ---


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [((0,), {}), ((None, 0, 0, False), {}), ((), {"unknown": 1}), ((None,), {"dict_data": None})],
)
def test_constructor_refuses_arguments(arguments, keywords):
    with pytest.raises(TypeError):
        ZstdDecompressor(*arguments, **keywords)


FRAME = compress(b"content")
METHODS = {
    "decompress": (
        lambda: ZstdDecompressor().decompress,
        (FRAME, 0, False, True),
        ("data", "max_output_size", "read_across_frames", "allow_extra_data"),
    ),
    "decompress_into": (
        lambda: ZstdDecompressor().decompress_into,
        (FRAME, bytearray(7), False, True),
        ("data", "buffer", "read_across_frames", "allow_extra_data"),
    ),
    "decompressobj": (
        lambda: ZstdDecompressor().decompressobj,
        (1000, False),
        ("write_size", "read_across_frames"),
    ),
    "decompress()": (lambda: decompress, (FRAME, 0), ("data", "max_output_size")),
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
    with pytest.raises(TypeError, match="at most"):
        make()(*arguments, None)
    with pytest.raises(TypeError, match="unknown"):
        make()(*arguments[:-1], unknown=1)
    with pytest.raises(TypeError):
        make()(*arguments[:1], **{names[0]: arguments[0]})


@pytest.mark.parametrize("method", ["decompress", "decompress_into", "decompress()"])
def test_argument_is_missing(method):
    make, arguments, _names = METHODS[method]
    with pytest.raises(TypeError, match="missing required argument 'data'"):
        make()()
    if method == "decompress_into":
        with pytest.raises(TypeError, match="missing required argument 'buffer'"):
            make()(arguments[0])


@pytest.mark.parametrize(
    ("keywords", "error"),
    [
        ({"write_size": 0}, ValueError),
        ({"write_size": -1}, ValueError),
        ({"write_size": 2**63}, OverflowError),
        ({"write_size": None}, TypeError),
        ({"write_size": 1.0}, TypeError),
        ({"read_across_frames": Truth(True, fail)}, LookupError),
    ],
)
def test_bad_arguments_of_decompressobj(keywords, error):
    message = "write_size must be positive" if error is ValueError else None
    with pytest.raises(error, match=message):
        ZstdDecompressor().decompressobj(**keywords)


@pytest.mark.parametrize("option", ["read_across_frames", "allow_extra_data"])
def test_error_in_the_truth_of_an_option_propagates(option):
    decompressor = ZstdDecompressor()
    for use in (decompressor.decompress, decompressor.decompress_into):
        arguments = (FRAME, bytearray(7)) if use.__name__ == "decompress_into" else (FRAME,)
        with pytest.raises(LookupError, match="of the callback"):
            use(*arguments, **{option: Truth(True, fail)})


def test_options_are_any_truth():
    double = FRAME * 2
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(double, 0, [1]) == b"contentcontent"
    assert decompressor.decompress(double, 0, None) == b"content"
    with pytest.raises(ZstdError, match="unused data"):
        decompressor.decompress(double, 0, "", "")


# --- input ---


@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("make", [compress, unstated])
def test_every_kind_of_buffer(make, shape):
    data = samples.text(5000)
    frame = samples.SHAPES[shape](make(data))
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(frame, -1) == data
    assert decompress(frame, -1) == data
    assert decompress_into(decompressor, frame, 5000) == data


@pytest.mark.parametrize("kind", samples.NOT_BUFFERS)
def test_what_is_no_buffer_is_a_type_error(kind):
    thing = samples.NOT_BUFFERS[kind]
    decompressor = ZstdDecompressor()
    for use in (
        decompress,
        decompressor.decompress,
        lambda data: decompressor.decompress_into(data, bytearray(7)),
    ):
        with pytest.raises(TypeError, match="bytes-like"):
            use(thing)


def test_scattered_memory_is_a_buffer_error():
    scattered = memoryview(FRAME * 2)[::2]
    decompressor = ZstdDecompressor()
    for use in (
        decompress,
        decompressor.decompress,
        lambda data: decompressor.decompress_into(data, bytearray(7)),
    ):
        with pytest.raises(BufferError, match="contiguous"):
            use(scattered)


@pytest.mark.parametrize(
    "frame", [FRAME, unstated(b"content"), b"junk", FRAME[:-1], frames.skippable(), FRAME + b"x"]
)
@pytest.mark.parametrize("size", [0, 5, 7])
def test_input_and_buffer_are_released(frame, size):
    data, buffer = bytearray(frame), bytearray(size)
    decompressor = ZstdDecompressor()
    for use in (
        lambda: decompressor.decompress(data, size, allow_extra_data=False),
        lambda: decompress(data, size),
        lambda: decompressor.decompress_into(data, buffer, allow_extra_data=False),
    ):
        with contextlib.suppress(ZstdError):
            use()
        assert samples.is_released(data)
        assert samples.is_released(buffer)


def test_input_and_buffer_are_released_after_errors_in_arguments():
    data, buffer = bytearray(FRAME), bytearray(7)
    decompressor = ZstdDecompressor()
    for arguments, error in (
        ((data, b"read-only"), BufferError),
        ((data, data), ValueError),
        (("text", buffer), TypeError),
        ((data, "text"), TypeError),
        ((data, buffer, Truth(True, fail)), LookupError),
    ):
        with pytest.raises(error):
            decompressor.decompress_into(*arguments)
        assert samples.is_released(data)
        assert samples.is_released(buffer)


# --- figures ---


def test_memory_size():
    """In an interpreter of its own, since contexts that were used before may be used again."""
    code = """
        import zstandard
        fresh = zstandard.ZstdDecompressor()
        print(zstandard.estimate_decompression_context_size(), fresh.memory_size())
        stream = fresh.decompressobj()
        frame = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1 << 20))
        stream.decompress(frame[:-1])
        print(fresh.memory_size())
    """
    estimate, fresh, streaming = map(int, child.output_of(code).split())
    assert fresh == estimate
    assert streaming > fresh + (1 << 20)


# --- life ---


def test_init_again_configures_later_work_and_leaves_live_streams_alone():
    decompressor = ZstdDecompressor()
    first = decompressor.decompressobj()
    decompressor.__init__(format=FORMAT_ZSTD1_MAGICLESS)
    second = decompressor.decompressobj()
    decompressor.__init__()
    third = decompressor.decompressobj()
    for stream, frame in ((third, FRAME), (first, FRAME), (second, magicless(FRAME))):
        assert stream.decompress(frame) == b"content"
        assert decompressor.decompress(FRAME) == b"content"


@pytest.mark.parametrize(
    "keywords", [{"format": 9}, {"max_window_size": 5}, {"unknown": 1}, {"format": None}]
)
def test_init_that_fails_leaves_the_decompressor_as_it_was(keywords):
    decompressor = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS)
    with pytest.raises((ZstdError, TypeError)):
        decompressor.__init__(**keywords)
    assert decompressor.decompress(magicless(FRAME)) == b"content"
    assert decompressor.decompressobj().decompress(magicless(FRAME)) == b"content"


def test_options_do_not_pass_to_other_decompressors():
    """Contexts are used again, by decompressors of other options too."""
    first = ZstdDecompressor(format=FORMAT_ZSTD1_MAGICLESS, max_window_size=1024)
    assert first.decompressobj().decompress(magicless(FRAME)) == b"content"
    with pytest.raises(ZstdError):
        first.decompressobj().decompress(magicless(WIDE))
    del first
    assert ZstdDecompressor().decompress(WIDE, -1) == b"content"
    assert ZstdDecompressor().decompressobj().decompress(WIDE) == b"content"


def test_new_without_init_is_a_decompressor_of_the_defaults():
    decompressor = ZstdDecompressor.__new__(ZstdDecompressor)
    assert decompressor.memory_size() > 10_000
    assert decompressor.decompress(FRAME) == b"content"
    assert decompress_into(decompressor, FRAME, 7) == b"content"
    assert decompressor.decompressobj().decompress(FRAME) == b"content"
    assert ZstdDecompressor.__new__(ZstdDecompressor, "any", x=1).decompress(FRAME) == b"content"


def test_subclass_with_its_own_constructor():
    class Own(ZstdDecompressor):
        def __init__(self, name):
            super().__init__(format=FORMAT_ZSTD1_MAGICLESS)
            self.name = name

    own = Own("magicless")
    assert own.name == "magicless"
    assert own.decompress(magicless(FRAME)) == b"content"


def test_subclass_that_does_not_call_the_constructor():
    class Own(ZstdDecompressor):
        def __init__(self, name):
            self.name = name

    assert Own("default").decompress(FRAME) == b"content"


def test_subclass_with_slots():
    class Slotted(ZstdDecompressor):
        __slots__ = ("first", "second")

    slotted = Slotted()
    slotted.first, slotted.second = 1, [slotted]
    assert slotted.decompress(FRAME) == b"content"
    with pytest.raises(AttributeError):
        slotted.third = 3


def test_subclass_with_weak_references_and_a_finalizer():
    ends = []

    class Finalized(ZstdDecompressor):
        def __del__(self):
            ends.append(self.decompress(FRAME))

    finalized = Finalized()
    finalized.attribute = "any"
    reference = weakref.ref(finalized)
    stream = finalized.decompressobj()
    del finalized
    assert stream.decompress(FRAME) == b"content"
    del stream
    assert reference() is None
    assert ends == [b"content"]


# --- re-entry ---


def test_init_re_entered_by_its_arguments():
    decompressor = ZstdDecompressor()
    callback = lambda: decompressor.__init__(max_window_size=2048)  # noqa: E731
    decompressor.__init__(max_window_size=Index(0, callback), format=Index(1, callback))
    assert decompressor.decompress(magicless(WIDE), -1) == b"content"


def test_buffers_changed_by_the_arguments():
    data, buffer = bytearray(FRAME), bytearray(7)

    def change():
        data.extend(FRAME)
        buffer.extend(bytes(100_000))

    written = ZstdDecompressor().decompress_into(data, buffer, Truth(True, change))
    assert written == 14
    assert buffer.startswith(b"contentcontent")
    data = bytearray(FRAME)
    result = ZstdDecompressor().decompress(data, Index(-1, lambda: data.extend(FRAME * 999)), True)
    assert result == b"content" * 1000


@buffers_can_call_back
def test_decompressor_re_entered_by_the_buffer_it_asks_for():
    def use_again():
        decompressor.__init__()
        assert decompressor.decompress(compress(b"inner")) == b"inner"

    decompressor = ZstdDecompressor()
    assert decompressor.decompress(Buffer(compress(b"outer"), use_again)) == b"outer"
    buffer = bytearray(5)
    assert decompressor.decompress_into(compress(b"outer"), Buffer(buffer, use_again)) == 5
    assert buffer == b"outer"


@buffers_can_call_back
def test_error_of_an_export_propagates():
    decompressor = ZstdDecompressor()
    for use in (
        decompress,
        decompressor.decompress,
        decompressor.decompressobj().decompress,
        lambda data: decompressor.decompress_into(data, bytearray(7)),
        lambda buffer: decompressor.decompress_into(FRAME, buffer),
    ):
        with pytest.raises(LookupError, match="of the callback"):
            use(Buffer(b"", fail))


def test_frame_that_is_whole_but_damaged_is_not_said_to_be_short():
    damaged = bytes.fromhex("28b52ffd20052d00002020646efd")
    with pytest.raises(ZstdError, match=r"^decompression error: ") as caught:
        ZstdDecompressor().decompress(damaged)
    assert "ends before" not in str(caught.value)


def test_empty_buffer_without_an_address():
    nothing = (ctypes.c_char * 0).from_address(0)
    with pytest.raises(ZstdError, match="error determining content size"):
        ZstdDecompressor().decompress(nothing)
    assert ZstdDecompressor().decompress(ZstdCompressor().compress(nothing)) == b""


@has_gil
def test_other_threads_run_while_a_long_input_is_measured():
    blocks = frames.raw_block(b"", last=False) * (1 << 19)
    cut = frames.header(0, single_segment=True) + blocks

    def measure():
        with pytest.raises(ZstdError, match="ends before its frame does"):
            ZstdDecompressor().decompress(cut)

    assert others_run(lambda: measure)
