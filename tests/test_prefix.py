"""Prefixes (DICT_TYPE_PREFIX): frames refer to content at hand, as by `zstd --patch-from`."""

import io
import itertools
import re
import shutil
import subprocess

import pytest

import frames
import samples
import zstandard
from parallel import has_gil, in_threads, others_run
from shapes import COMPRESSIONS, DECOMPRESSIONS
from zstandard import (
    COMPRESSOBJ_FLUSH_BLOCK,
    DICT_TYPE_PREFIX,
    FLUSH_BLOCK,
    FLUSH_FRAME,
    ZstdCompressionDict,
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    get_frame_parameters,
)

MIB = 1 << 20


def prefix(content):
    return ZstdCompressionDict(content, DICT_TYPE_PREFIX)


def both_of(old, **options):
    return (
        ZstdCompressor(dict_data=prefix(old), **options),
        ZstdDecompressor(dict_data=prefix(old)),
    )


def edited(old, size):
    """Return a later version of some content."""
    new = bytearray((old + samples.text(size, 5))[:size])
    for place in range(0, size, 997):
        new[place] ^= 1
    return bytes(new)


OLD = samples.noise(100_000, 1)
NEW = edited(OLD, 90_000)
# What is small only thanks to the prefix.
SMALL = 3000


# --- every shape ---


@pytest.mark.parametrize("way", COMPRESSIONS)
@pytest.mark.parametrize("threads", [0, 2])
def test_compression_in_every_shape(way, threads):
    compressor, decompressor = both_of(OLD, threads=threads)
    for _ in range(3):  # the contexts are used again
        frame = COMPRESSIONS[way](compressor, NEW)
        assert len(frame) < SMALL
        assert decompressor.decompress(frame, max_output_size=-1) == NEW


@pytest.mark.parametrize("way", DECOMPRESSIONS)
@pytest.mark.parametrize("states_size", [False, True])
def test_decompression_in_every_shape(way, states_size):
    if not states_size and "multi" in way:
        pytest.skip("they take frames that state their size")
    compressor, decompressor = both_of(OLD, write_content_size=states_size)
    for _ in range(3):
        assert DECOMPRESSIONS[way](decompressor, compressor.compress(NEW)) == NEW


@pytest.mark.parametrize("way", DECOMPRESSIONS)
def test_the_wrong_prefix(way):
    frame = both_of(OLD, write_checksum=True)[0].compress(NEW)
    wrong = samples.noise(len(OLD), 2)
    for decompressor in (ZstdDecompressor(), both_of(wrong)[1], both_of(OLD[:-1])[1]):
        with pytest.raises(ZstdError):
            DECOMPRESSIONS[way](decompressor, frame)


def test_the_prefix_is_named_by_no_number():
    full = zstandard.train_dictionary(4096, [samples.text(500, seed) for seed in range(200)])
    frame = both_of(full.as_bytes())[0].compress(NEW)
    assert get_frame_parameters(frame).dict_id == 0


# --- frame by frame ---


def test_each_frame_of_a_writer_refers_to_the_prefix():
    compressor, decompressor = both_of(OLD)
    sink = io.BytesIO()
    sizes = []
    with compressor.stream_writer(sink, closefd=False) as writer:
        for start in (0, 30_000, 60_000):
            writer.write(NEW[start : start + 30_000])
            writer.flush(FLUSH_FRAME)
            sizes.append(len(sink.getvalue()))
    assert sizes[2] < SMALL
    assert max(after - before for before, after in itertools.pairwise(sizes)) < SMALL / 2
    assert decompressor.decompress(sink.getvalue(), read_across_frames=True) == NEW
    assert decompressor.stream_reader(sink.getvalue()).read() == NEW
    assert decompressor.decompressobj(read_across_frames=True).decompress(sink.getvalue()) == NEW


@pytest.mark.parametrize("mode", [FLUSH_BLOCK, FLUSH_FRAME])
def test_a_writer_that_is_flushed_before_it_is_given_data(mode):
    compressor, decompressor = both_of(OLD)
    sink = io.BytesIO()
    with compressor.stream_writer(sink, closefd=False) as writer:
        writer.flush(mode)
        writer.write(b"")
        writer.write(NEW)
    assert len(sink.getvalue()) < SMALL
    assert decompressor.decompress(sink.getvalue(), read_across_frames=True) == NEW


@pytest.mark.parametrize("size", [-1, len(NEW)])
def test_an_object_that_is_flushed_before_it_is_given_data(size):
    compressor, decompressor = both_of(OLD)
    stream = compressor.compressobj(size=size)
    parts = [stream.flush(COMPRESSOBJ_FLUSH_BLOCK), stream.compress(b"")]
    for part in samples.in_pieces(NEW, 7000):
        parts += [stream.compress(part), stream.flush(COMPRESSOBJ_FLUSH_BLOCK)]
    frame = b"".join([*parts, stream.flush()])
    assert len(frame) < SMALL
    assert decompressor.decompress(frame, max_output_size=-1) == NEW


def test_a_frame_without_content():
    compressor, decompressor = both_of(OLD)
    for frame in (compressor.compress(b""), compressor.compressobj().flush()):
        assert decompressor.decompressobj().decompress(frame) == b""


def test_a_stream_that_was_left_does_not_spoil_the_next():
    compressor, decompressor = both_of(OLD)
    for _ in range(3):
        for data in (b"", NEW[:10], NEW):
            stream = compressor.compressobj()
            stream.compress(data)
            del stream
        frame = compressor.compress(NEW)
        assert len(frame) < SMALL
        assert decompressor.decompress(frame) == NEW


def test_a_stream_that_failed_does_not_spoil_the_next():
    compressor, decompressor = both_of(OLD)
    for _ in range(3):
        stream = compressor.compressobj(size=5)
        with pytest.raises(ZstdError, match="Src size is incorrect"):
            stream.compress(NEW) + stream.flush()
        with pytest.raises(ZstdError, match="too small"):
            compressor.compress_into(samples.noise(500), bytearray(9))
        assert compressor.compress(NEW) == both_of(OLD)[0].compress(NEW)
    assert decompressor.decompress(compressor.compress(NEW)) == NEW


def test_a_context_does_not_keep_the_prefix_of_its_last_owner():
    compressor, decompressor = both_of(OLD)
    frame = compressor.compress(NEW)
    decompressor.decompress(frame)
    compressor.__init__()
    decompressor.__init__()
    assert compressor.compress(NEW) == zstandard.compress(NEW)
    with pytest.raises(ZstdError):
        decompressor.decompress(frame)


def test_threads_share_a_compressor():
    compressor, decompressor = both_of(OLD)
    expected = compressor.compress(NEW)

    def work(_):
        for _ in range(5):
            assert compressor.compress(NEW) == expected
            assert decompressor.decompress(expected) == NEW
            assert decompressor.decompressobj().decompress(expected) == NEW

    in_threads(work, 16)


# --- windows ---


@pytest.mark.parametrize("old", [0, 1, 1000, 5000, 100_000, MIB - 1, MIB, 3 * MIB])
def test_the_window_spans_the_prefix(old):
    stream = both_of(bytes(old), level=1)[0].compressobj()
    window = get_frame_parameters(stream.compress(b"new") + stream.flush()).window_size
    plain = ZstdCompressor(1).compressobj()
    least = get_frame_parameters(plain.compress(b"new") + plain.flush()).window_size
    assert window > old
    assert window <= max(2 * old, least)


@pytest.mark.parametrize("size", [1000, 90_000, 3 * MIB])
def test_matches_reach_back_to_the_start_of_the_prefix(size):
    old = samples.noise(size, 1)
    compressor, decompressor = both_of(old, level=1)
    for way in ("compress", "compressobj", "sized compressobj"):
        frame = COMPRESSIONS[way](compressor, bytes(bytearray(old)))
        assert len(frame) < 100 + size / 100
        assert decompressor.decompress(frame, max_output_size=-1) == old


def test_window_log_that_is_set_is_kept():
    params = ZstdCompressionParameters(window_log=12)
    compressor, decompressor = both_of(OLD, compression_params=params)
    for way in ("compressobj", "chunker", "copy_stream"):
        frame = COMPRESSIONS[way](compressor, NEW)
        assert get_frame_parameters(frame).window_size == 1 << 12
        assert decompressor.decompress(frame, max_output_size=-1) == NEW


@pytest.mark.parametrize("level", [1, 3])
def test_enable_ldm_that_is_set_is_kept(level):
    old = samples.noise(4 * MIB, 1)
    sizes = []
    for enable_ldm in (0, 1, 2):
        params = ZstdCompressionParameters(compression_level=level, enable_ldm=enable_ldm)
        compressor, decompressor = both_of(old, compression_params=params)
        frame = compressor.compress(bytes(bytearray(old)))
        assert decompressor.decompress(frame) == old
        sizes.append(len(frame))
    assert sizes[0] == sizes[1] < sizes[2] / 10


# A frame in a window of 256 MiB, which libzstd does not take unless it is told to.
WIDE = frames.header(window=18 << 3) + frames.raw_block(b"hello world")
LONG = prefix(bytes(129 * MIB))


@pytest.mark.parametrize("way", [way for way in DECOMPRESSIONS if "multi" not in way])
def test_a_long_prefix_allows_its_window(way):
    assert DECOMPRESSIONS[way](ZstdDecompressor(dict_data=LONG), WIDE) == b"hello world"


@pytest.mark.parametrize(
    "options",
    [{}, {"dict_data": prefix(OLD)}, {"dict_data": LONG, "max_window_size": 1 << 27}],
    ids=["none", "short", "bound"],
)
def test_windows_that_are_not_allowed(options):
    with pytest.raises(ZstdError, match="Frame requires too much memory"):
        ZstdDecompressor(**options).decompressobj().decompress(WIDE)


@pytest.mark.parametrize("way", ["compress", "compressobj"])
def test_a_long_prefix_is_in_reach(way):
    start = samples.noise(50_000, 1)
    old = start + bytes(129 * MIB)
    compressor, decompressor = both_of(old, level=1)
    frame = COMPRESSIONS[way](compressor, start)
    if way == "compressobj":
        assert get_frame_parameters(frame).window_size == 256 * MIB
        assert len(frame) < 100
    assert decompressor.decompressobj().decompress(frame) == start


# --- the zstd command ---


ZSTD = shutil.which("zstd")


def command_version():
    text = subprocess.run([ZSTD, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(map(int, re.search(r"v(\d+)\.(\d+)\.(\d+)", text).groups()))


def zstd(*options, data=None):
    return subprocess.run([ZSTD, "-q", "-c", *options], capture_output=True, check=True, input=data)


has_zstd = pytest.mark.skipif(ZSTD is None, reason="there is no command zstd")
any_sizes = pytest.mark.parametrize(
    ("old_size", "new_size"),
    [
        (10, 1000),
        (1000, 10),
        (1000, 1000),
        (100_000, 20_000),
        (20_000, 100_000),
        (300_000, 310_000),
        (MIB, 100_000),
        (200_000, 600_000),
    ],
)
any_level = pytest.mark.parametrize("level", [1, 3, 10, 19])


def versions(folder, old_size, new_size):
    old = samples.text(old_size)
    new = edited(old, new_size)
    (folder / "old").write_bytes(old)
    (folder / "new").write_bytes(new)
    return old, new


@has_zstd
@any_sizes
@any_level
def test_patches_are_those_of_the_command(tmp_path, level, old_size, new_size):
    if command_version() != zstandard.ZSTD_VERSION:
        pytest.skip("another version of libzstd may make other frames")
    old, new = versions(tmp_path, old_size, new_size)
    frame = both_of(old, level=level, write_checksum=True)[0].compress(new)
    patch = zstd(
        f"-{level}", "--single-thread", f"--patch-from={tmp_path / 'old'}", str(tmp_path / "new")
    )
    assert frame == patch.stdout
    frame = both_of(old, level=level, write_checksum=True, threads=1)[0].compress(new)
    assert frame == zstd(f"-{level}", f"--patch-from={tmp_path / 'old'}", tmp_path / "new").stdout


@has_zstd
@any_sizes
@pytest.mark.parametrize("way", ["compress", "compressobj"])
def test_the_command_reads_patches(tmp_path, old_size, new_size, way):
    old, new = versions(tmp_path, old_size, new_size)
    frame = COMPRESSIONS[way](both_of(old)[0], new)
    assert zstd("-d", f"--patch-from={tmp_path / 'old'}", data=frame).stdout == new


@has_zstd
@any_sizes
@pytest.mark.parametrize("way", ["decompress", "decompressobj", "reader of a file"])
def test_patches_of_the_command_are_read(tmp_path, old_size, new_size, way):
    old, new = versions(tmp_path, old_size, new_size)
    patch = zstd(f"--patch-from={tmp_path / 'old'}", str(tmp_path / "new")).stdout
    assert DECOMPRESSIONS[way](both_of(old)[1], patch) == new


@has_gil
def test_other_threads_run_while_a_short_input_is_compressed():
    compressor, _ = both_of(samples.noise(MIB, 1), level=9)
    assert others_run(lambda: lambda: compressor.compress(b"short"))
