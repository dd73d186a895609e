"""ZstdError: its attributes, its pickles and copies, and what is raised in its place."""

import copy
import pickle
import sys

import pytest

import child
import zstandard
from zstandard import ZstdError

FRAME = zstandard.compress(b"content " * 100)
CHECKED_FRAME = zstandard.ZstdCompressor(write_checksum=True).compress(b"content " * 100)
UNSTATED_FRAME = zstandard.ZstdCompressor(write_content_size=False).compress(b"content")


def end_short_of_declared_size():
    stream = zstandard.ZstdCompressor().compressobj(size=10)
    stream.compress(b"123456789")
    stream.flush()


def use_after_end():
    stream = zstandard.ZstdDecompressor().decompressobj()
    stream.decompress(FRAME)
    stream.decompress(b"")


# What fails, and the number and name that all versions of libzstd have for it.
NATIVE_ERRORS = {
    "junk": (lambda: zstandard.decompress(b"junkjunk"), 10, "Unknown frame descriptor"),
    "junk in a stream": (
        lambda: zstandard.ZstdDecompressor().decompressobj().decompress(b"junkjunk"),
        10,
        "Unknown frame descriptor",
    ),
    "no data": (lambda: zstandard.decompress(b""), 72, "Src size is incorrect"),
    "cut short": (lambda: zstandard.decompress(FRAME[:-1]), 72, "Src size is incorrect"),
    "no header": (lambda: zstandard.get_frame_parameters(b""), 72, "Src size is incorrect"),
    "no header size": (lambda: zstandard.frame_header_size(b""), 72, "Src size is incorrect"),
    "extra data": (
        lambda: zstandard.ZstdDecompressor().decompress(FRAME + b"x", allow_extra_data=False),
        72,
        "Src size is incorrect",
    ),
    "declared size": (end_short_of_declared_size, 72, "Src size is incorrect"),
    "bad checksum": (
        lambda: zstandard.decompress(CHECKED_FRAME[:-4] + b"....", 10_000),
        22,
        "Restored data doesn't match checksum",
    ),
    "bound of output": (
        lambda: zstandard.decompress(FRAME, max_output_size=1),
        70,
        "Destination buffer is too small",
    ),
    "small buffer": (
        lambda: zstandard.ZstdCompressor().compress_into(b"data", bytearray(2)),
        70,
        "Destination buffer is too small",
    ),
    "unknown content size": (lambda: zstandard.decompress(UNSTATED_FRAME), 1, "Error (generic)"),
    "window size": (
        lambda: zstandard.ZstdDecompressor(max_window_size=1),
        42,
        "Parameter is out of bound",
    ),
    "unknown format": (
        lambda: zstandard.ZstdDecompressor(format=9),
        42,
        "Parameter is out of bound",
    ),
    "unknown format of header": (
        lambda: zstandard.get_frame_parameters(FRAME, format=9),
        14,
        "Unsupported frame parameter",
    ),
}


@pytest.mark.parametrize("case", NATIVE_ERRORS)
def test_native_error_has_code_and_name(case):
    fail, code, name = NATIVE_ERRORS[case]
    with pytest.raises(ZstdError) as caught:
        fail()
    assert caught.value.code == code
    assert type(caught.value.code) is int
    assert caught.value.name == name
    assert len(caught.value.args) == 1


@pytest.mark.parametrize("fail", [use_after_end, lambda: zstandard.frame_content_size(b"junk")])
def test_other_error_has_neither(fail):
    with pytest.raises(ZstdError) as caught:
        fail()
    assert caught.value.code is None
    assert caught.value.name is None


def test_class_is_a_plain_exception_whose_attributes_are_none():
    assert ZstdError.__bases__ == (Exception,)
    assert ZstdError.__module__ == "zstandard.backend_c"
    assert ZstdError.__qualname__ == "ZstdError"
    assert ZstdError.code is None
    assert ZstdError.name is None


def test_can_be_raised_and_subclassed_in_python():
    class TruncatedError(ZstdError, EOFError):
        pass

    error = TruncatedError("message", 2)
    assert error.args == ("message", 2)
    assert error.code is None
    with pytest.raises(ZstdError):
        raise error


def native_error():
    with pytest.raises(ZstdError) as caught:
        zstandard.decompress(b"junkjunk")
    return caught.value


def assert_same(error, other):
    assert type(error) is type(other)
    assert str(error) == str(other)
    assert (error.args, error.code, error.name) == (other.args, other.code, other.name)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("make", [native_error, ZstdError, lambda: ZstdError("message", 1)])
def test_pickle_keeps_message_and_attributes(make, protocol):
    error = make()
    assert_same(pickle.loads(pickle.dumps(error, protocol)), error)


def test_pickle_made_by_0_25_can_be_read():
    error = pickle.loads(b"czstandard.backend_c\nZstdError\n(Vold message\ntR.")
    assert_same(error, ZstdError("old message"))


@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_copy_keeps_message_and_attributes(copier):
    error = native_error()
    assert_same(copier(error), error)


def test_error_of_one_call_is_not_that_of_another():
    first, second = native_error(), native_error()
    assert first is not second
    first.code = 0
    assert second.code == 10
    assert ZstdError.code is None


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and RLIMIT_AS")
def test_output_that_python_cannot_allocate_is_a_memory_error():
    code = """
        import pathlib, resource, zstandard
        stream = zstandard.ZstdCompressor(level=1).compressobj(size=1 << 28)
        pieces = [stream.compress(bytes(1 << 16)) for _ in range(1 << 12)]
        frame = b"".join([*pieces, stream.flush()])
        pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + (64 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        decompressor = zstandard.ZstdDecompressor()
        stream = decompressor.decompressobj()
        for attempt in stream.decompress, stream.decompress, decompressor.decompress:
            try:
                attempt(frame)
            except MemoryError as error:
                print(type(error).__name__)
        print(len(decompressor.decompressobj().decompress(frame, 1000)))
    """
    # Python without the GIL would have reserved a gigabyte at its start.
    environment = {"MIMALLOC_ARENA_RESERVE": "0"}
    assert child.output_of(code, environment=environment).split() == ["MemoryError"] * 3 + ["1000"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc and RLIMIT_AS")
def test_context_that_libzstd_cannot_allocate_is_a_memory_error():
    code = """
        import pathlib, resource, zstandard
        pages = int(pathlib.Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + (64 << 20)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        compressor = zstandard.ZstdCompressor(level=22)
        for attempt in range(2):
            try:
                compressor.compressobj().compress(b"needs 800 MB")
            except MemoryError as error:
                print(type(error).__name__)
        print(len(compressor.compress(b"needs little")))
    """
    lines = child.output_of(code).split()
    assert lines[:2] == ["MemoryError", "MemoryError"]
    assert int(lines[2]) == len(zstandard.compress(b"needs little", 22))
