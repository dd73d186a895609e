"""What compress() and compress_into() take and give: buffers of every kind and size."""

import sys

import pytest

import samples
import zstandard
from allocated import held_by_result, least_peak
from ways import WAYS, compress_into, content
from zstandard import ZstdCompressor, ZstdError, compress, decompress

# --- input ---


@pytest.mark.parametrize("shape", samples.SHAPES)
@pytest.mark.parametrize("size", [0, 1, 5000])
@pytest.mark.parametrize("way", WAYS)
def test_every_kind_of_buffer_compresses_alike(way, size, shape):
    data = samples.text(size)
    compressor = ZstdCompressor()
    expected = WAYS[way](compressor, data)
    assert WAYS[way](compressor, samples.SHAPES[shape](data)) == expected
    assert content(expected) == data


def test_items_wider_than_a_byte_are_compressed_whole():
    view = memoryview(bytes(range(240))).cast("Q", (5, 6))
    assert decompress(compress(view)) == bytes(range(240))
    assert decompress(compress_into(ZstdCompressor(), view)) == bytes(range(240))


@pytest.mark.parametrize("kind", samples.KINDS)
@pytest.mark.parametrize("size", samples.SIZES)
@pytest.mark.parametrize("way", WAYS)
def test_every_size_round_trips(way, size, kind):
    data = samples.KINDS[kind](size)
    frame = WAYS[way](ZstdCompressor(), data)
    assert content(frame) == data
    if way != "compressobj":
        assert zstandard.frame_content_size(frame) == size


@pytest.mark.parametrize("kind", samples.NOT_BUFFERS)
def test_what_is_no_buffer_is_a_type_error(kind):
    thing = samples.NOT_BUFFERS[kind]
    compressor = ZstdCompressor()
    for use in (
        compressor.compress,
        compress,
        compressor.compressobj().compress,
        lambda data: compressor.compress_into(data, bytearray(100)),
        lambda buffer: compressor.compress_into(b"data", buffer),
    ):
        with pytest.raises(TypeError, match="bytes-like"):
            use(thing)


def test_scattered_memory_is_a_buffer_error():
    scattered = memoryview(bytearray(100))[::2]
    compressor = ZstdCompressor()
    for use in (
        compressor.compress,
        compress,
        compressor.compressobj().compress,
        lambda data: compressor.compress_into(data, bytearray(100)),
        lambda buffer: compressor.compress_into(b"data", buffer),
    ):
        with pytest.raises(BufferError, match="contiguous"):
            use(scattered)


def test_released_memoryview_is_a_value_error():
    view = memoryview(b"data")
    view.release()
    with pytest.raises(ValueError, match="released"):
        compress(view)


def test_input_is_released():
    data = bytearray(b"data" * 1000)
    compressor = ZstdCompressor()
    compressor.compress(data)
    assert samples.is_released(data)
    compress(data)
    assert samples.is_released(data)
    compressor.compress_into(data, bytearray(5000))
    assert samples.is_released(data)


def test_input_and_buffer_are_released_after_errors():
    data, buffer = bytearray(b"data"), bytearray(2)
    compressor = ZstdCompressor()
    for arguments, error in (
        ((data, buffer), ZstdError),
        ((data, b"read-only"), BufferError),
        ((data, data), ValueError),
        (("text", buffer), TypeError),
        ((data, "text"), TypeError),
    ):
        with pytest.raises(error):
            compressor.compress_into(*arguments)
        assert samples.is_released(data)
        assert samples.is_released(buffer)
    with pytest.raises(ValueError, match="level"):
        compress(data, 23)
    assert samples.is_released(data)


# --- compress_into ---


@pytest.mark.parametrize("shape", samples.WRITABLE_SHAPES)
def test_compress_into_every_kind_of_writable_buffer(shape):
    buffer = samples.WRITABLE_SHAPES[shape](bytes(100))
    size = ZstdCompressor().compress_into(b"content", buffer)
    assert type(size) is int
    assert bytes(memoryview(buffer))[:size] == compress(b"content")


@pytest.mark.parametrize("size", samples.SIZES)
def test_compress_into_fits_the_documented_bound(size):
    data = samples.noise(size)
    buffer = bytearray(size + size // 256 + 64)
    written = ZstdCompressor(level=1, write_checksum=True).compress_into(data, buffer)
    assert size < written <= len(buffer)
    assert decompress(buffer) == data


def test_compress_into_writes_nothing_outside():
    memory = bytearray(b"#" * 300)
    with memoryview(memory) as view:
        size = ZstdCompressor().compress_into(b"content", view[100:200])
    assert memory[:100] == memory[200:] == b"#" * 100
    assert memory[100 : 100 + size] == compress(b"content")


TOO_SMALL = "cannot compress: Destination buffer is too small"


@pytest.mark.parametrize("size", range(len(compress(b"content"))))
def test_compress_into_a_small_buffer(size):
    compressor = ZstdCompressor()
    with pytest.raises(ZstdError, match=TOO_SMALL):
        compressor.compress_into(b"content", bytearray(size))
    assert compressor.compress(b"content") == compress(b"content")


@pytest.mark.parametrize("threads", [0, 2])
def test_compress_into_a_buffer_far_too_small(threads):
    with pytest.raises(ZstdError, match=TOO_SMALL):
        ZstdCompressor(threads=threads).compress_into(samples.noise(2 << 20), bytearray(100_000))


@pytest.mark.parametrize("buffer", [b"12345678", memoryview(b"12345678")])
def test_compress_into_a_read_only_buffer(buffer):
    with pytest.raises(BufferError, match="not writable"):
        ZstdCompressor().compress_into(b"data", buffer)


@pytest.mark.parametrize(("data", "buffer"), [((0, 9), (8, 200)), ((150, 200), (0, 151))])
def test_compress_into_memory_that_overlaps(data, buffer):
    memory = memoryview(bytearray(200))
    with pytest.raises(ValueError, match="overlap"):
        ZstdCompressor().compress_into(memory[slice(*data)], memory[slice(*buffer)])


@pytest.mark.parametrize(("data", "buffer"), [((0, 9), (9, 200)), ((150, 200), (0, 150))])
def test_compress_into_memory_that_adjoins(data, buffer):
    memory = memoryview(bytearray(samples.text(200)))
    original = bytes(memory[slice(*data)])
    size = ZstdCompressor().compress_into(memory[slice(*data)], memory[slice(*buffer)])
    assert decompress(memory[slice(*buffer)][:size]) == original


def test_compress_into_beside_empty_data_within_the_buffer():
    buffer = memoryview(bytearray(100))
    size = ZstdCompressor().compress_into(buffer[50:50], buffer)
    assert decompress(buffer[:size]) == b""


def test_compress_into_needs_no_memory_for_the_frame():
    data, buffer = samples.noise(1 << 20), bytearray(2 << 20)
    compressor = ZstdCompressor(level=1)
    compressor.compress_into(data, buffer)
    assert least_peak(lambda: compressor.compress_into(data, buffer)) < 100_000


def test_result_takes_no_more_memory_than_it_needs():
    data = samples.text(1 << 20)
    compressor = ZstdCompressor(level=1)
    frame = compressor.compress(data)
    assert sys.getsizeof(frame) < len(frame) + 100
    assert held_by_result(compressor.compress, data) < len(frame) + 100
