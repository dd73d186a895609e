"""Chunkers of both directions and their iterators: pieces of one size."""

import inspect
import sys
import threading

import pytest

import frames
import samples
import zstandard
from callbacks import Buffer, Index, buffers_can_call_back, fail
from directions import content
from zstandard import ZstdCompressor, ZstdDecompressor, ZstdEOFError, ZstdError, compress

DATA = samples.text(300_000)
NOISE = samples.noise(300_000)
UNCONSUMED = "before consuming output from previous operation"
WRONG_SIZE = "Src size is incorrect"
WITHIN = "zstd decompress error: Src size is incorrect: .* ends within a frame"
GOOD = b"a" * 1000 + b"b" * 2000
START = frames.header(window=88) + b"".join(
    frames.raw_block(block, last=False) for block in (GOOD[:1000], GOOD[1000:])
)

both = pytest.mark.parametrize("coder", [ZstdCompressor, ZstdDecompressor])


def given(coder, data=DATA):
    return data if coder is ZstdCompressor else compress(data)


def feed(chunker, data):
    """Call the method that takes data."""
    return getattr(chunker, "compress" if hasattr(chunker, "compress") else "decompress")(data)


def result(coder, pieces):
    output = b"".join(pieces)
    return content(output) if coder is ZstdCompressor else output


def everything(chunker, data):
    return [*feed(chunker, data), *chunker.finish()]


# --- both ---


@both
@pytest.mark.parametrize("chunk_size", [1, 7, 1000, 300_001, sys.maxsize])
@pytest.mark.parametrize("size", [1, 1000, 10**6])
def test_pieces_are_of_one_size(coder, chunk_size, size):
    data = NOISE[: min(len(NOISE), 1000 * min(size, chunk_size))]
    chunker = coder().chunker(chunk_size=chunk_size)
    pieces = []
    for part in samples.in_pieces(given(coder, data), size):
        pieces += feed(chunker, part)
    assert {len(piece) for piece in pieces} <= {chunk_size}
    pieces += chunker.finish()
    assert {type(piece) for piece in pieces} == {bytes}
    assert {len(piece) for piece in pieces[:-1]} <= {chunk_size}
    assert 0 < len(pieces[-1]) <= chunk_size
    assert result(coder, pieces) == data


@pytest.mark.parametrize(
    ("coder", "parameters"),
    [
        (ZstdCompressor, "size=-1, chunk_size=131591"),
        (ZstdDecompressor, "chunk_size=131072"),
    ],
)
def test_defaults(coder, parameters):
    assert str(inspect.signature(coder.chunker)) == f"(self, /, {parameters})"
    pieces = list(feed(coder().chunker(), given(coder, NOISE)))
    assert {len(piece) for piece in pieces} == {int(parameters.split("chunk_size=")[1])}


@both
@pytest.mark.parametrize("shape", samples.SHAPES)
def test_every_kind_of_buffer(coder, shape):
    for data in (b"", DATA[:5000]):
        chunker = coder().chunker(chunk_size=1000)
        assert result(coder, everything(chunker, samples.SHAPES[shape](given(coder, data)))) == data


@both
@pytest.mark.parametrize(
    ("arguments", "keywords"),
    [
        ((), {}),
        ((b"", b""), {}),
        ((b"",), {"unknown": 1}),
        (("text",), {}),
        ((None,), {}),
    ],
)
def test_bad_arguments_change_nothing(coder, arguments, keywords):
    chunker = coder().chunker()
    name = "compress" if coder is ZstdCompressor else "decompress"
    with pytest.raises(TypeError):
        getattr(chunker, name)(*arguments, **keywords)
    with pytest.raises(TypeError):
        chunker.finish(1)
    assert result(coder, [*getattr(chunker, name)(data=given(coder)), *chunker.finish()]) == DATA


@both
@pytest.mark.parametrize(
    ("chunk_size", "error"),
    [
        (0, ValueError),
        (-1, ValueError),
        (2**70, OverflowError),
        (None, TypeError),
        (1.0, TypeError),
        (Index(1, fail), LookupError),
    ],
)
def test_bad_chunk_size(coder, chunk_size, error):
    with pytest.raises(error):
        coder().chunker(chunk_size=chunk_size)


@both
def test_iterator(coder):
    chunker = coder().chunker(chunk_size=1000)
    iterator = feed(chunker, given(coder))
    assert iter(iterator) is iterator
    assert len(list(iterator)) > 10
    for _ in range(2):
        with pytest.raises(StopIteration):
            next(iterator)
    more = feed(chunker, b"")
    assert list(iterator) == list(more) == []


@both
def test_nothing_is_worked_in_before_it_is_iterated_over(coder):
    chunker = coder().chunker(chunk_size=1000)
    iterator = feed(chunker, given(coder))
    assert chunker.total_in == 0
    list(iterator)
    assert chunker.total_in == len(given(coder))


@both
def test_one_operation_at_a_time(coder):
    chunker = coder().chunker(chunk_size=10)
    iterator = feed(chunker, given(coder, NOISE))
    pieces = [next(iterator)]
    with pytest.raises(ZstdError, match=f"cannot perform operation {UNCONSUMED}"):
        feed(chunker, b"")
    for name in ("flush", "finish"):
        with pytest.raises(ZstdError, match=rf"cannot call {name}\(\) {UNCONSUMED}"):
            getattr(chunker, name)()
    pieces += iterator
    pieces += chunker.finish()
    assert result(coder, pieces) == NOISE


@both
def test_iterators_that_were_made_before_the_input_was_used(coder):
    """flush() and finish() of before do not end what comes after them."""
    chunker = coder().chunker(chunk_size=10)
    former = [chunker.flush(), chunker.finish()]
    iterator = feed(chunker, given(coder, NOISE))
    pieces = [next(iterator)]
    for each in former:
        with pytest.raises(ZstdError, match="input should have been fully consumed"):
            next(each)
    pieces += iterator
    pieces += chunker.finish()
    assert result(coder, pieces) == NOISE


@both
def test_finish_is_final_when_it_was_iterated_over(coder):
    word = "compression" if coder is ZstdCompressor else "decompression"
    chunker = coder().chunker(chunk_size=10)
    pieces = list(feed(chunker, given(coder)))
    chunker.finish()
    chunker.finish()
    pieces += feed(chunker, b"")
    pieces += chunker.finish()
    assert result(coder, pieces) == DATA
    for name, use in (
        (word[:-3], lambda: feed(chunker, b"")),
        ("flush", chunker.flush),
        ("finish", chunker.finish),
    ):
        with pytest.raises(ZstdError, match=rf"cannot call {name}\(\) after {word} finished"):
            use()


@both
def test_input_is_released_when_it_is_used(coder):
    data = bytearray(given(coder))
    chunker = coder().chunker(chunk_size=100)
    iterator = feed(chunker, data)
    next(iterator)
    assert not samples.is_released(data)
    with pytest.raises(ZstdError, match=UNCONSUMED):
        feed(chunker, bytearray(b"refused"))
    list(iterator)
    assert samples.is_released(data)
    list(chunker.finish())
    with pytest.raises(ZstdError, match="finished"):
        feed(chunker, data)
    assert samples.is_released(data)
    chunker = coder().chunker()
    feed(chunker, data)
    del chunker
    assert samples.is_released(data)


@both
def test_iterator_keeps_its_chunker_and_that_its_coder(coder):
    iterator = feed(coder().chunker(chunk_size=100), given(coder))
    assert len(list(iterator)) > 10


@both
def test_types_cannot_be_made_otherwise(coder):
    chunker = coder().chunker()
    for made in (chunker, chunker.finish()):
        assert type(made).__name__.startswith("Zstd")
        with pytest.raises(TypeError, match="cannot create"):
            type(made)()
        with pytest.raises(TypeError, match="not an acceptable base type"):
            type("Sub", (type(made),), {})


@both
def test_totals(coder):
    chunker = coder().chunker(chunk_size=1000)
    pieces = everything(chunker, given(coder))
    assert (chunker.total_in, chunker.total_out) == (len(given(coder)), len(b"".join(pieces)))
    with pytest.raises(AttributeError):
        chunker.total_in = 0


@both
def test_many_threads_share_an_iterator(coder):
    def work():
        pieces.extend(iterator)
        ended.append(True)

    pieces, ended = [], []
    chunker = coder().chunker(chunk_size=500)
    iterator = feed(chunker, given(coder, NOISE))
    threads = [threading.Thread(target=work) for _ in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)
    assert len(ended) == 8
    pieces += chunker.finish()
    assert len(b"".join(pieces)) == chunker.total_out >= len(NOISE)
    assert len(set(pieces)) == len(pieces)


@both
@buffers_can_call_back
def test_input_that_uses_the_chunker(coder):
    chunker = coder().chunker()
    buffer = Buffer(given(coder), lambda: list(chunker.finish()))
    with pytest.raises(ZstdError, match="finished"):
        feed(chunker, buffer)


# --- compression ---


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
def test_compression(kind, size):
    data = samples.KINDS[kind](size)
    chunker = ZstdCompressor().chunker(size, 5000)
    frame = b"".join(everything(chunker, data))
    assert zstandard.frame_content_size(frame) == size
    assert content(frame) == data


def test_flush_makes_all_data_so_far_readable():
    chunker = ZstdCompressor().chunker(chunk_size=50)
    data, output = b"", b""
    for part in (b"a", b"second", DATA, b""):
        data += part
        output += b"".join(chunker.compress(part))
        pieces = list(chunker.flush())
        assert {len(piece) for piece in pieces[:-1]} <= {50}
        output += b"".join(pieces)
        assert ZstdDecompressor().decompressobj().decompress(output) == data
    assert [list(chunker.flush()) for _ in range(50)] == [[]] * 50
    assert content(output + b"".join(chunker.finish())) == data


def test_finish_without_data_is_an_empty_frame():
    assert content(b"".join(ZstdCompressor().chunker().finish())) == b""


def test_declared_size():
    chunker = ZstdCompressor().chunker(size=7)
    assert zstandard.frame_content_size(b"".join(everything(chunker, b"content"))) == 7
    chunker = ZstdCompressor().chunker()
    assert zstandard.frame_content_size(b"".join(everything(chunker, b"content"))) == -1


def test_more_than_declared_is_an_error_ever_after():
    chunker = ZstdCompressor().chunker(size=3)
    iterator = chunker.compress(b"content")
    for _ in range(2):
        with pytest.raises(ZstdError, match=WRONG_SIZE):
            next(iterator)
    with pytest.raises(ZstdError, match=WRONG_SIZE):
        next(chunker.finish())


@pytest.mark.parametrize("size", [10, 2**40])
def test_less_than_declared_is_an_error_at_the_end(size):
    chunker = ZstdCompressor().chunker(size=size)
    assert list(chunker.compress(b"content")) == []
    for _ in range(2):
        with pytest.raises(ZstdError, match=WRONG_SIZE):
            list(chunker.finish())


@pytest.mark.parametrize(
    ("size", "error"), [(-2, ValueError), (2**64, OverflowError), (None, TypeError)]
)
def test_bad_size(size, error):
    with pytest.raises(error):
        ZstdCompressor().chunker(size)


def test_two_chunkers_of_one_compressor_at_once():
    compressor = ZstdCompressor()
    chunkers = [compressor.chunker(chunk_size=100) for _ in range(2)]
    outputs = [b"", b""]
    for i in range(2000):
        for number, chunker in enumerate(chunkers):
            outputs[number] += b"".join(chunker.compress(b"%d of %d " % (i, number)))
    for number, chunker in enumerate(chunkers):
        outputs[number] += b"".join(chunker.finish())
        assert content(outputs[number]) == b"".join(b"%d of %d " % (i, number) for i in range(2000))


@pytest.mark.parametrize("chunk_size", [10, 131591])
def test_worker_threads(chunk_size):
    data = samples.text(2_000_000)
    chunker = ZstdCompressor(threads=2).chunker(chunk_size=chunk_size)
    pieces = [
        *chunker.compress(data),
        *chunker.flush(),
        *chunker.compress(b"end"),
        *chunker.finish(),
    ]
    assert content(b"".join(pieces)) == data + b"end"


# --- decompression ---


@pytest.mark.parametrize("size", [1, 3, 1000, 10**6])
@pytest.mark.parametrize("chunk_size", [1, 100, 131072])
def test_all_frames(size, chunk_size):
    parts = (
        frames.skippable(b"skipped"),
        compress(b"first"),
        compress(b""),
        ZstdCompressor(write_checksum=True).compress(DATA[:5000]),
        frames.skippable(),
    )
    chunker = ZstdDecompressor().chunker(chunk_size=chunk_size)
    pieces = []
    for part in samples.in_pieces(b"".join(parts), size):
        pieces += chunker.decompress(part)
    pieces += chunker.finish()
    assert pieces == samples.in_pieces(b"first" + DATA[:5000], chunk_size)


@pytest.mark.parametrize("data", [b"", compress(b""), frames.skippable(b"skipped")])
def test_no_content(data):
    assert everything(ZstdDecompressor().chunker(), data) == []


def test_flush_gives_what_there_is():
    chunker = ZstdDecompressor().chunker(chunk_size=900)
    assert [len(piece) for piece in chunker.decompress(START)] == [900] * 3
    assert list(chunker.flush()) == [b"b" * 300]
    assert list(chunker.decompress(frames.raw_block(b"end"))) == []
    assert list(chunker.finish()) == [b"end"]


@pytest.mark.parametrize("data", [b"", START[:3], START[:500], START], ids=len)
def test_flush_again_and_again(data):
    chunker = ZstdDecompressor().chunker()
    pieces = list(chunker.decompress(data))
    for _ in range(50):
        pieces += chunker.flush()
    pieces += everything(chunker, (START + frames.raw_block(b"end"))[len(data) :])
    assert b"".join(pieces) == GOOD + b"end"


@pytest.mark.parametrize("chunk_size", [1, 700, 131072])
@pytest.mark.parametrize(
    "end",
    [frames.block(frames.COMPRESSED, 10, b"x" * 10), frames.block(frames.RESERVED, 10, b"x" * 10)],
)
def test_good_data_comes_before_damage(chunk_size, end):
    chunker = ZstdDecompressor().chunker(chunk_size=chunk_size)
    iterator = chunker.decompress(START + end)
    pieces = []
    with pytest.raises(ZstdError, match="zstd decompress error"):
        pieces.extend(iterator)
    assert pieces == samples.in_pieces(GOOD, chunk_size)
    for _ in range(2):
        with pytest.raises(ZstdError, match="zstd decompress error"):
            next(iterator)


def test_junk_after_a_frame():
    iterator = ZstdDecompressor().chunker().decompress(compress(b"content") + b"junkjunk")
    assert next(iterator) == b"content"
    with pytest.raises(ZstdError, match="Unknown frame descriptor"):
        next(iterator)


@pytest.mark.parametrize("chunk_size", [1, 700, 131072])
@pytest.mark.parametrize("end", [b"", b"\1"])
def test_good_data_comes_before_truncation(chunk_size, end):
    chunker = ZstdDecompressor().chunker(chunk_size=chunk_size)
    pieces = list(chunker.decompress(START + end))
    iterator = chunker.finish()
    with pytest.raises(ZstdEOFError, match=WITHIN) as caught:
        pieces.extend(iterator)
    assert caught.value.code == 72
    assert pieces == samples.in_pieces(GOOD, chunk_size)
    for each in (iterator, chunker.finish()):
        with pytest.raises(ZstdEOFError, match=WITHIN):
            next(each)


@pytest.mark.parametrize(
    "data", [compress(DATA)[:1], compress(DATA)[:-1], frames.skippable(b"x")[:-1]], ids=len
)
def test_truncated(data):
    with pytest.raises(ZstdEOFError, match=WITHIN):
        everything(ZstdDecompressor().chunker(), data)


def test_options_of_the_decompressor():
    chunker = ZstdDecompressor(format=zstandard.FORMAT_ZSTD1_MAGICLESS).chunker()
    pieces = []
    for byte in samples.in_pieces(compress(DATA)[4:], 1):
        pieces += chunker.decompress(byte)
    assert b"".join([*pieces, *chunker.finish()]) == DATA
