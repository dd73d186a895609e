"""What holds for any data, any options, any layout of frames and any division into calls."""

import array
import contextlib
import shutil
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

import samples
import strategies
import zstandard
from zstandard import (
    COMPRESSOBJ_FLUSH_BLOCK,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    compress,
    decompress,
)


def content(frame):
    return ZstdDecompressor().decompress(frame, max_output_size=-1)


# --- round trips ---


@given(data=strategies.any_size, options=strategies.options)
def test_one_shot_round_trip(data, options):
    compressor, decompressor = ZstdCompressor(**options), ZstdDecompressor()
    frame = compressor.compress(data)
    assert decompressor.decompress(frame, -1) == data
    states_size = options.get("write_content_size", True)
    assert zstandard.frame_content_size(frame) == (len(data) if states_size else -1)
    buffer = bytearray(len(data) + len(data) // 256 + 64)
    assert compressor.compress_into(data, buffer) == len(frame)
    assert buffer.startswith(frame)
    room = bytearray(len(data) + 1)
    assert decompressor.decompress_into(frame, room) == len(data)
    assert room == data + b"\0"


@given(data=strategies.contents(), level=st.sampled_from(strategies.LEVELS))
def test_functions_and_methods_agree(data, level):
    assert compress(data, level) == ZstdCompressor(level).compress(data)
    assert decompress(compress(data, level)) == data


@given(
    data=strategies.any_size,
    options=strategies.stream_options,
    declared=st.booleans(),
    choices=st.data(),
)
def test_round_trip_in_pieces(data, options, declared, choices):
    stream = ZstdCompressor(**options).compressobj(size=len(data) if declared else -1)
    frame = b""
    for piece in choices.draw(strategies.in_pieces(data)):
        frame += stream.compress(piece)
        if choices.draw(st.booleans()):
            frame += stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
    frame += stream.flush()
    assert content(frame) == data
    if declared and options.get("write_content_size", True):
        assert zstandard.frame_content_size(frame) == len(data)


@given(
    data=strategies.any_size.filter(len),
    options=strategies.options,
    off=st.sampled_from([-1, 1, 1000]),
)
def test_declared_size_that_is_wrong(data, options, off):
    stream = ZstdCompressor(**options).compressobj(size=len(data) + off)
    with pytest.raises(ZstdError, match="Src size is incorrect"):
        feed_and_end(stream, data)


def feed_and_end(stream, data):
    for piece in samples.in_pieces(data, 50_000):
        stream.compress(piece)
    stream.flush()


# --- many inputs in one call ---


@given(
    data=st.lists(strategies.contents(), max_size=20),
    options=strategies.options,
    threads=st.integers(0, 4),
    choices=st.data(),
)
def test_batch_round_trip(data, options, threads, choices):
    compressor, decompressor = ZstdCompressor(**options), ZstdDecompressor()
    frames = compressor.multi_compress(data, threads)
    assert frames == list(map(compressor.compress, data))
    sizes = array.array("Q", (len(one) for one in data))
    given_sizes = choices.draw(st.sampled_from([None, sizes]))
    assert decompressor.multi_decompress(frames, given_sizes, threads) == data
    if any(data):
        buffers = compressor.multi_compress_to_buffer(data, threads)
        assert [one.tobytes() for one in buffers] == frames
        if options.get("write_content_size", True):
            contents = decompressor.multi_decompress_to_buffer(buffers, sizes, threads)
            assert [one.tobytes() for one in contents] == data


@given(frames=st.lists(strategies.content_frames() | st.none(), max_size=9), choices=st.data())
def test_batch_gives_what_single_calls_give(frames, choices):
    decompressor = ZstdDecompressor()
    junk = strategies.skippable_frames.map(lambda frame: frame.data) | st.binary(max_size=20)
    frames = [choices.draw(junk) if frame is None else frame.data for frame in frames]
    changed = choices.draw(st.integers(0, 2 * len(frames)))
    if changed < len(frames):
        frames[changed] = choices.draw(strategies.mutated(frames[changed]))
    contents = []
    with contextlib.suppress(ZstdError):
        contents.extend(decompressor.decompress(frame, -1) for frame in frames)
    threads = choices.draw(st.integers(0, 4))
    if len(contents) == len(frames):
        assert decompressor.multi_decompress(frames, threads=threads) == contents
    else:
        with pytest.raises(ZstdError, match=f"error decompressing item {len(contents)}: "):
            decompressor.multi_decompress(frames, threads=threads)


# --- decompression in pieces ---


@given(
    frame=strategies.content_frames(samples.SIZES[-1]),
    rest=st.binary(max_size=20),
    choices=st.data(),
)
def test_any_split_of_the_input_and_any_bound_of_the_output(frame, rest, choices):
    stream = ZstdDecompressor().decompressobj()
    least = len(frame.content) // 500 + 1
    bounds = strategies.max_lengths.filter(lambda bound: bound < 0 or bound >= least)
    pieces = choices.draw(strategies.in_pieces(frame.data + rest))
    result = b""
    while not stream.eof:
        bound = choices.draw(bounds)
        part = stream.decompress(pieces.pop(0) if stream.needs_input else b"", bound)
        assert bound < 0 or len(part) <= bound
        result += part
    assert result == frame.content
    assert stream.unused_data + b"".join(pieces) == rest


@given(frame=strategies.content_frames(500))
def test_truncation_at_every_byte(frame):
    decompressor = ZstdDecompressor()
    for length in range(len(frame.data)):
        part = frame.data[:length]
        for across in (False, True):
            with pytest.raises(ZstdError):
                decompressor.decompress(part, -1, across)
            with pytest.raises(ZstdError):
                decompressor.decompress_into(part, bytearray(1000 + len(frame.content)), across)
        stream = decompressor.decompressobj()
        assert frame.content.startswith(stream.decompress(part))
        assert not stream.eof
        assert stream.unused_data == b""


# --- frame after frame ---


def join(layout):
    return b"".join(frame.data for frame in layout), b"".join(frame.content for frame in layout)


@given(layout=strategies.layouts, junk=st.sampled_from([b"", b"x", b"junk" * 10]))
def test_layout_at_once(layout, junk):
    data, expected = join(layout)
    decompressor = ZstdDecompressor()
    assert decompressor.decompress(data + junk, -1, True) == expected
    assert decompressor.decompress(data + junk, 0, True) == expected
    assert decompressor.decompress(data + junk, len(expected) + 1, True) == expected
    buffer = bytearray(len(expected) + 1)
    assert decompressor.decompress_into(data + junk, buffer, True) == len(expected)
    assert buffer[:-1] == expected
    with pytest.raises(ZstdError) if junk else contextlib.nullcontext():
        assert decompressor.decompress(data + junk, 0, True, allow_extra_data=False) == expected


@given(layout=strategies.layouts)
def test_layout_into_exactly_as_much_room_as_it_needs(layout):
    data, expected = join(layout)
    decompressor = ZstdDecompressor()
    buffer = bytearray(len(expected))
    assert decompressor.decompress_into(data, buffer, True) == len(expected)
    assert buffer == expected
    if expected:
        assert decompressor.decompress(data, len(expected), True) == expected
        with pytest.raises(ZstdError):
            decompressor.decompress_into(data, bytearray(len(expected) - 1), True)
    if len(expected) > 1:
        with pytest.raises(ZstdError):
            decompressor.decompress(data, len(expected) - 1, True)


@given(layout=strategies.layouts, choices=st.data())
def test_layout_in_pieces(layout, choices):
    data, expected = join(layout)
    stream = ZstdDecompressor().decompressobj(read_across_frames=True)
    pieces = choices.draw(strategies.in_pieces(data))
    assert b"".join(map(stream.decompress, pieces)) == expected
    assert (stream.eof, stream.needs_input, stream.unused_data) == (False, True, b"")


@given(layout=strategies.layouts, piece=strategies.piece_sizes)
def test_layout_by_a_stream_for_each_frame(layout, piece):
    decompressor = ZstdDecompressor()
    rest, contents = join(layout)[0], []
    while rest:
        stream = decompressor.decompressobj()
        taken, parts = 0, []
        while not stream.eof:
            parts.append(stream.decompress(rest[taken : taken + piece]))
            taken += piece
        rest = stream.unused_data + rest[taken:]
        contents.append(b"".join(parts))
    assert contents == [frame.content for frame in layout]


# --- bad data ---


def use_in_every_way(data):
    """Decompress what may be anything: all must return, or raise ZstdError."""
    decompressor = ZstdDecompressor()
    for call in (
        lambda: zstandard.frame_content_size(data),
        lambda: zstandard.frame_header_size(data),
        lambda: zstandard.get_frame_parameters(data),
        lambda: zstandard.get_frame_parameters(data, zstandard.FORMAT_ZSTD1_MAGICLESS),
        lambda: decompress(data),
        lambda: decompressor.decompress(data, -1),
        lambda: decompressor.decompress(data, 1000),
        lambda: decompressor.decompress(data, 0, True),
        lambda: decompressor.decompress(data, -1, True, False),
        lambda: decompressor.decompress_into(data, bytearray(1000), True),
        lambda: decompressor.decompressobj().decompress(data),
        lambda: decompressor.decompressobj(read_across_frames=True).decompress(data, 1000),
        lambda: ZstdDecompressor(format=1).decompress(data, -1, True),
    ):
        with contextlib.suppress(ZstdError):
            call()
    good = compress(b"content")
    assert decompressor.decompress(good) == b"content"


@given(data=st.binary(max_size=200), start=st.sampled_from([b"", zstandard.FRAME_HEADER]))
def test_junk(data, start):
    use_in_every_way(start + data)


@given(frame=strategies.content_frames(5000), choices=st.data())
def test_mutated_frame(frame, choices):
    use_in_every_way(choices.draw(strategies.mutated(frame.data)))


@given(layout=strategies.layouts, choices=st.data())
def test_mutated_layout(layout, choices):
    use_in_every_way(choices.draw(strategies.mutated(join(layout)[0])))


@given(place=st.integers(20, 900), change=st.integers(1, 255), seed=st.integers(0, 1000))
def test_checksum_catches_a_change_of_content(place, change, seed):
    """Noise is stored as it is, so that the frame stays well-formed."""
    frame = bytearray(ZstdCompressor(write_checksum=True).compress(samples.noise(1000, seed)))
    frame[place] ^= change
    with pytest.raises(ZstdError, match="checksum"):
        decompress(frame)
    with pytest.raises(ZstdError, match="checksum"):
        ZstdDecompressor().decompressobj().decompress(frame)


# --- the zstd command ---

needs_zstd = pytest.mark.skipif(shutil.which("zstd") is None, reason="there is no zstd command")


def zstd(data, *arguments):
    command = ["zstd", "--quiet", "--stdout", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


@needs_zstd
@settings(max_examples=10)
@given(layout=st.lists(strategies.content_frames(), min_size=1, max_size=3))
def test_zstd_command_reads_frames(layout):
    data, expected = join(layout)
    assert zstd(data, "--decompress") == expected


@needs_zstd
@settings(max_examples=10)
@given(
    data=strategies.any_size,
    arguments=st.sampled_from(
        [("-1",), ("-19", "--check"), ("--no-check", "--fast=5"), ("-T2",), ("--ultra", "-22")]
    ),
)
@example(data=b"", arguments=())
def test_frames_of_the_zstd_command_are_read(data, arguments):
    frame = zstd(data, *arguments)
    assert content(frame) == data
    stream = ZstdDecompressor().decompressobj()
    assert stream.decompress(frame) == data
    assert stream.eof


# --- models ---


class DecompressionObj(RuleBasedStateMachine):
    """A decompressobj is given some data, and read, in any order; after its end comes another."""

    @initialize(
        frame=strategies.content_frames(),
        layout=strategies.layouts,
        rest=st.binary(max_size=20),
        across=st.booleans(),
        write_size=st.sampled_from([1, 256, 1000, 131072]),
    )
    def choose(self, frame, layout, rest, across, write_size):
        self.decompressor = ZstdDecompressor()
        self.arguments = (write_size, across)
        self.data, self.content = join(layout) if across else (frame.data + rest, frame.content)
        self.end = len(self.data if across else frame.data)
        self.across = across
        self.begin()

    def begin(self):
        self.stream = self.decompressor.decompressobj(*self.arguments)
        self.given, self.got = 0, b""

    def take(self, data, max_length):
        part = self.stream.decompress(data, max_length)
        self.given += len(data)
        self.got += part
        assert max_length < 0 or len(part) <= max_length
        assert max_length >= 0 or self.stream.needs_input or self.stream.eof
        return part

    @rule(size=strategies.piece_sizes, max_length=strategies.max_lengths)
    def give(self, size, max_length):
        if self.stream.eof:
            self.begin()
        self.take(self.data[self.given : self.given + size], max_length)

    @rule(max_length=strategies.max_lengths)
    def read(self, max_length):
        if self.stream.eof:
            with pytest.raises(ZstdError, match="multiple times"):
                self.take(b"", max_length)
        elif self.stream.needs_input:
            assert self.take(b"", max_length) == b""
            assert self.stream.needs_input
        else:
            self.take(b"", max_length)

    @rule()
    def flush(self):
        holds = not (self.stream.needs_input or self.stream.eof)
        part = self.stream.flush()
        assert holds or part == b""
        assert self.stream.needs_input or self.stream.eof
        self.got += part

    @invariant()
    def what_it_tells_is_true(self):
        assert self.content.startswith(self.got)
        assert self.stream.unconsumed_tail == b""
        if self.stream.eof:
            assert not self.across
            assert not self.stream.needs_input
            assert self.got == self.content
            assert self.stream.unused_data == self.data[self.end : self.given]
        else:
            assert self.stream.unused_data == b""
            if self.given >= self.end and self.stream.needs_input:
                assert self.across
                assert self.got == self.content

    def teardown(self):
        if hasattr(self, "stream") and not self.stream.eof:
            self.take(self.data[self.given :], -1)
            self.what_it_tells_is_true()
            assert self.stream.eof is not self.across


class CompressionObj(RuleBasedStateMachine):
    """A compressobj is fed, flushed and ended, in any order; after its end comes another."""

    @initialize(options=strategies.stream_options)
    def choose(self, options):
        self.compressor = ZstdCompressor(**options)
        self.begin()

    def begin(self):
        self.stream = self.compressor.compressobj()
        self.given, self.got = b"", b""

    def readable(self):
        stream = ZstdDecompressor().decompressobj()
        result = stream.decompress(self.got)
        assert not stream.eof
        return result

    @rule(data=strategies.contents())
    def compress(self, data):
        self.got += self.stream.compress(data)
        self.given += data
        assert self.given.startswith(self.readable())

    @rule()
    def flush_block(self):
        self.got += self.stream.flush(COMPRESSOBJ_FLUSH_BLOCK)
        assert self.readable() == self.given
        assert self.stream.flush(COMPRESSOBJ_FLUSH_BLOCK) == b""

    @rule()
    def finish(self):
        self.got += self.stream.flush()
        assert content(self.got) == self.given
        with pytest.raises(ZstdError, match="finished"):
            self.stream.compress(b"")
        with pytest.raises(ZstdError, match="finished"):
            self.stream.flush()
        self.begin()

    def teardown(self):
        if hasattr(self, "stream"):
            self.finish()


TestDecompressionObj = DecompressionObj.TestCase
TestCompressionObj = CompressionObj.TestCase
