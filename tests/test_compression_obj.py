"""ZstdCompressionObj: a frame made from data that comes in pieces."""

import pytest

import samples
import zstandard
from callbacks import Buffer, Index, buffers_can_call_back, fail
from zstandard import (
    COMPRESSOBJ_FLUSH_BLOCK,
    COMPRESSOBJ_FLUSH_FINISH,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
)

WRONG_SIZE = "Src size is incorrect"


def content(frame):
    return ZstdDecompressor().decompress(frame, max_output_size=-1)


def readable(output):
    """Decompress the beginning of a frame."""
    decompressor = ZstdDecompressor().decompressobj()
    result = decompressor.decompress(output)
    assert not decompressor.eof
    return result


# --- the frame ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("piece", [1, 1000, samples.BLOCK, 10**6])
def test_pieces_of_any_size_make_one_frame(kind, piece):
    data = samples.KINDS[kind](min(piece * 2000, 700_000))
    stream = ZstdCompressor(write_checksum=True).compressobj()
    frame = b"".join(stream.compress(part) for part in samples.in_pieces(data, piece))
    frame += stream.flush()
    assert content(frame) == data
    decompressor = ZstdDecompressor().decompressobj()
    assert decompressor.decompress(frame) == data
    assert decompressor.eof
    assert decompressor.unused_data == b""


def test_results_are_bytes():
    stream = ZstdCompressor().compressobj()
    assert type(stream.compress(b"")) is bytes
    assert type(stream.compress(samples.noise(500_000))) is bytes
    assert type(stream.flush(COMPRESSOBJ_FLUSH_BLOCK)) is bytes
    assert type(stream.flush()) is bytes


def test_output_comes_a_block_at_a_time():
    stream = ZstdCompressor().compressobj()
    data = samples.noise(3 * samples.BLOCK)
    assert stream.compress(data[:1000]) == b""
    output = stream.compress(data[1000:])
    assert len(output) > 2 * samples.BLOCK
    assert data.startswith(readable(output))


def test_large_output_in_one_call():
    data = samples.noise(10 << 20)
    stream = ZstdCompressor(level=1).compressobj()
    output = stream.compress(data)
    assert len(output) > len(data) - (1 << 20)
    assert content(output + stream.flush()) == data


def test_without_data_it_is_an_empty_frame():
    assert content(ZstdCompressor().compressobj().flush()) == b""
    stream = ZstdCompressor().compressobj()
    assert stream.compress(b"") == b""
    assert content(stream.flush()) == b""


# --- flush ---


def test_flush_of_a_block_makes_all_data_so_far_readable():
    stream = ZstdCompressor().compressobj()
    data, output = b"", b""
    for piece in (b"a", b"second", samples.text(200_000), b""):
        data += piece
        output += stream.compress(piece)
        output += stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
        assert readable(output) == data
    assert content(output + stream.flush(COMPRESSOBJ_FLUSH_FINISH)) == data


def test_flush_of_a_block_with_nothing_new_is_empty():
    stream = ZstdCompressor().compressobj()
    stream.compress(b"content")
    assert stream.flush(COMPRESSOBJ_FLUSH_BLOCK) != b""
    assert stream.flush(COMPRESSOBJ_FLUSH_BLOCK) == b""
    assert stream.flush(COMPRESSOBJ_FLUSH_BLOCK) == b""


def test_flush_before_any_data_gives_the_header_only():
    stream = ZstdCompressor().compressobj()
    output = stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
    assert readable(output) == b""
    output += stream.compress(b"content") + stream.flush()
    assert content(output) == b"content"


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [
        ((), {}),
        ((0,), {}),
        ((COMPRESSOBJ_FLUSH_FINISH,), {}),
        ((), {"flush_mode": 0}),
        ((False,), {}),
    ],
)
def test_ways_to_finish(arguments, keywords):
    stream = ZstdCompressor().compressobj()
    stream.compress(b"content")
    assert content(stream.flush(*arguments, **keywords)) == b"content"
    with pytest.raises(ZstdError):
        stream.flush()


@pytest.mark.parametrize("mode", [2, -1, 9, 2**31 - 1])
def test_unknown_flush_mode_changes_nothing(mode):
    stream = ZstdCompressor().compressobj()
    stream.compress(b"content")
    with pytest.raises(ValueError, match="flush mode not recognized"):
        stream.flush(mode)
    assert content(stream.flush()) == b"content"


@pytest.mark.parametrize(
    ("arguments", "keywords", "error"),
    [
        ((2**31,), {}, OverflowError),
        ((2**64,), {}, OverflowError),
        (("0",), {}, TypeError),
        ((None,), {}, TypeError),
        ((0.0,), {}, TypeError),
        ((0, 0), {}, TypeError),
        ((0,), {"flush_mode": 0}, TypeError),
        ((), {"mode": 0}, TypeError),
    ],
)
def test_bad_arguments_of_flush_change_nothing(arguments, keywords, error):
    stream = ZstdCompressor().compressobj()
    with pytest.raises(error):
        stream.flush(*arguments, **keywords)
    assert content(stream.compress(b"content") + stream.flush()) == b"content"


def test_after_the_end_every_use_is_an_error():
    stream = ZstdCompressor().compressobj()
    stream.flush()
    for _ in range(2):
        with pytest.raises(ZstdError, match=r"cannot call compress\(\) after compressor finished"):
            stream.compress(b"more")
        with pytest.raises(ZstdError, match=r"cannot call compress\(\) after compressor finished"):
            stream.compress(b"")
        for mode in (COMPRESSOBJ_FLUSH_FINISH, COMPRESSOBJ_FLUSH_BLOCK):
            with pytest.raises(ZstdError, match="compressor object already finished"):
                stream.flush(mode)
        with pytest.raises(ValueError, match="flush mode not recognized"):
            stream.flush(9)


# --- arguments of compress ---


@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("size", [0, 1, 5000])
def test_every_kind_of_buffer(shape, size):
    data = samples.text(size)
    stream = ZstdCompressor().compressobj()
    frame = stream.compress(data=samples.SHAPES[shape](data)) + stream.flush()
    assert content(frame) == data


@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [
        ((), {}),
        ((b"", b""), {}),
        ((b"",), {"data": b""}),
        ((b"",), {"unknown": 1}),
        (("text",), {}),
    ],
)
def test_bad_arguments_of_compress_change_nothing(arguments, keywords):
    stream = ZstdCompressor().compressobj()
    with pytest.raises(TypeError):
        stream.compress(*arguments, **keywords)
    assert content(stream.compress(b"content") + stream.flush()) == b"content"


def test_input_may_change_after_the_call():
    data = bytearray(b"first")
    stream = ZstdCompressor().compressobj()
    stream.compress(data)
    assert samples.is_released(data)
    data[:] = b"other"
    data += b" longer"
    assert content(stream.flush()) == b"first"


def test_input_is_released_after_errors():
    data = bytearray(b"more than declared")
    stream = ZstdCompressor().compressobj(size=1)
    for message in (WRONG_SIZE, WRONG_SIZE):
        with pytest.raises(ZstdError, match=message):
            stream.compress(data)
        assert samples.is_released(data)
    stream = ZstdCompressor().compressobj()
    stream.flush()
    with pytest.raises(ZstdError, match="finished"):
        stream.compress(data)
    assert samples.is_released(data)


# --- declared size ---


@pytest.mark.parametrize("size", samples.SIZES)
def test_declared_size_is_stated(size):
    data = samples.text(size)
    for stream in (ZstdCompressor().compressobj(size), ZstdCompressor().compressobj(size=size)):
        output = b"".join(stream.compress(piece) for piece in samples.in_pieces(data, 10_000))
        frame = output + stream.flush()
        assert zstandard.frame_content_size(frame) == size
        assert content(frame) == data


@pytest.mark.parametrize("arguments", [(), (-1,), (zstandard.CONTENTSIZE_UNKNOWN,)])
def test_size_that_is_unknown_is_not_stated(arguments):
    stream = ZstdCompressor().compressobj(*arguments)
    frame = stream.compress(b"content") + stream.flush()
    assert zstandard.frame_content_size(frame) == -1


def test_compressor_that_states_no_size_states_no_declared_one():
    stream = ZstdCompressor(write_content_size=False).compressobj(size=7)
    frame = stream.compress(b"content") + stream.flush()
    assert zstandard.frame_content_size(frame) == -1
    assert content(frame) == b"content"


def test_more_than_declared_is_an_error_ever_after():
    compressor = ZstdCompressor()
    stream = compressor.compressobj(size=3)
    for data in (b"four", b"four", b"abc", b""):
        with pytest.raises(ZstdError, match=WRONG_SIZE) as caught:
            stream.compress(data)
        assert caught.value.code == 72
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        stream.flush()
    with pytest.raises(ZstdError, match="compressor object already finished"):
        stream.flush()
    assert compressor.compress(b"abc") == zstandard.compress(b"abc")


@pytest.mark.parametrize("size", [10, samples.BLOCK, 300_000])
def test_one_byte_more_than_declared_is_an_error_at_the_latest_at_the_end(size):
    stream = ZstdCompressor().compressobj(size=size)
    stream.compress(samples.text(size))
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        raise_at_end(stream)


def raise_at_end(stream):
    stream.compress(b"x")
    stream.flush()


@pytest.mark.parametrize("size", [10, 300_000, 2**40, 2**63, zstandard.CONTENTSIZE_ERROR])
def test_less_than_declared_is_an_error_at_the_end(size):
    compressor = ZstdCompressor()
    stream = compressor.compressobj(size=size)
    stream.compress(b"123456789")
    with pytest.raises(ZstdError, match=f"error ending compression stream: {WRONG_SIZE}"):
        stream.flush()
    with pytest.raises(ZstdError, match="compressor object already finished"):
        stream.flush()
    with pytest.raises(ZstdError, match=r"cannot call compress\(\) after compressor finished"):
        stream.compress(b"x")
    assert compressor.compress(b"abc") == zstandard.compress(b"abc")


def test_declared_size_without_any_data_is_an_empty_frame():
    frame = ZstdCompressor().compressobj(size=5).flush()
    assert content(frame) == b""


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (-2, ValueError),
        (-(2**31), ValueError),
        (-(2**63) - 1, ValueError),
        (-(2**70), ValueError),
        (2**64, OverflowError),
        (2**70, OverflowError),
        (None, TypeError),
        (1.0, TypeError),
        ("1", TypeError),
    ],
)
def test_bad_size(size, error):
    with pytest.raises(error):
        ZstdCompressor().compressobj(size=size)


@pytest.mark.parametrize(
    ("arguments", "keywords"), [((1, 2), {}), ((), {"sizes": 1}), ((1,), {"size": 1})]
)
def test_bad_arguments_of_compressobj(arguments, keywords):
    with pytest.raises(TypeError):
        ZstdCompressor().compressobj(*arguments, **keywords)


def test_size_is_not_that_of_the_stream_before():
    compressor = ZstdCompressor()
    for size in (3, -1, 4):
        stream = compressor.compressobj(size)
        frame = stream.compress(b"content"[: size if size >= 0 else 7]) + stream.flush()
        assert zstandard.frame_content_size(frame) == size


# --- re-entry ---


def test_ended_by_the_argument_of_flush():
    stream = ZstdCompressor().compressobj()
    stream.compress(b"content")
    frames = []
    with pytest.raises(ZstdError, match="already finished"):
        stream.flush(Index(0, lambda: frames.append(stream.flush())))
    assert content(frames[0]) == b"content"


@buffers_can_call_back
def test_ended_by_the_buffer_it_asks_for():
    frames = []
    stream = ZstdCompressor().compressobj()
    stream.compress(b"content")
    with pytest.raises(ZstdError, match="finished"):
        stream.compress(Buffer(b"too late", lambda: frames.append(stream.flush())))
    assert content(frames[0]) == b"content"


@buffers_can_call_back
def test_fed_by_the_buffer_it_asks_for():
    stream = ZstdCompressor().compressobj()
    output = stream.compress(Buffer(b"outer", lambda: stream.compress(b"inner ")))
    assert content(output + stream.flush()) == b"inner outer"


@pytest.mark.parametrize(
    "use",
    [
        lambda stream: stream.flush(Index(0, fail)),
        pytest.param(
            lambda stream: stream.compress(Buffer(b"", fail)), marks=buffers_can_call_back
        ),
    ],
)
def test_error_of_an_argument_propagates_and_changes_nothing(use):
    stream = ZstdCompressor().compressobj()
    stream.compress(b"content")
    with pytest.raises(LookupError, match="of the callback"):
        use(stream)
    assert content(stream.flush()) == b"content"
