"""list_frames(): the frames of a source, one by one, without decompressing them."""

import gc
import io
import itertools
import re
import shutil
import signal
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

import frames
import parallel
import samples
import sources
import strategies
from allocated import at_most_allocated
from listings import ALL, BY_HAND, as_tuple, expected, listed, listed_until_error
from zstandard import (
    FORMAT_ZSTD1_MAGICLESS,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdEOFError,
    ZstdError,
    compress,
    frame_content_size,
    get_frame_parameters,
    list_frames,
    read_skippable_frame,
    write_skippable_frame,
)

# --- what is listed ---


def test_frames_by_hand():
    assert listed(ALL) == expected(BY_HAND)
    for one in BY_HAND:
        assert listed(one[0]) == expected([one])


def test_nothing():
    for source in (b"", io.BytesIO(), sources.Source(b"")):
        listing = list_frames(source)
        assert iter(listing) is listing
        assert list(listing) == []
        assert next(listing, None) is None


@pytest.mark.parametrize("checksum", [False, True])
@pytest.mark.parametrize("states_size", [False, True])
@pytest.mark.parametrize("size", samples.SIZES)
def test_frames_of_the_compressor(size, states_size, checksum):
    content = samples.text(size)
    compressor = ZstdCompressor(write_checksum=checksum, write_content_size=states_size)
    frame = compressor.compress(content)
    (info,) = list_frames(frame)
    parameters = get_frame_parameters(frame)
    assert (info.offset, info.compressed_size) == (0, len(frame))
    assert info.content_size == (size if states_size else None)
    assert info.window_size == parameters.window_size
    assert info.dict_id == parameters.dict_id == 0
    assert info.has_checksum is checksum
    assert info.checksum == (int.from_bytes(frame[-4:], "little") if checksum else None)
    assert info.blocks >= max(1, -(-size // samples.BLOCK))


def test_checksum_is_that_of_the_content():
    # XXH64 of nothing, with seed 0, is 0xEF46DB3751D8E999.
    (info,) = list_frames(ZstdCompressor(write_checksum=True).compress(b""))
    assert info.checksum == 0x51D8E999


def test_magicless_format():
    made = [(data[4:], header_size - 4, *more) for data, header_size, *more in BY_HAND[:4]]
    data = b"".join(data for data, *_ in made)
    for source in (data, io.BytesIO(data), sources.Source(data, 1)):
        assert listed(source, FORMAT_ZSTD1_MAGICLESS) == expected(made)
    assert listed(source=data, format=FORMAT_ZSTD1_MAGICLESS) == expected(made)
    with pytest.raises(ZstdError, match="Unknown frame descriptor"):
        listed(data)


sequences = st.lists(strategies.content_frames(4000) | strategies.skippable_frames, max_size=6)
source_kinds = st.sampled_from(
    [
        lambda data, _most: data,
        lambda data, _most: memoryview(data),
        lambda data, _most: io.BytesIO(data),
        lambda data, _most: io.BufferedReader(io.BytesIO(data), 16),
        sources.Source,
        sources.SeekableSource,
    ]
)
read_sizes = st.sampled_from([1, 2, 3, 5, 17, 18, 100, 1000, 8192, 10**6])


@given(
    pieces=sequences,
    kind=source_kinds,
    most=st.none() | st.integers(1, 30),
    read_size=read_sizes,
)
def test_any_sequence_in_any_pieces_is_listed_as_it_was_written(pieces, kind, most, read_size):
    data = b"".join(piece.data for piece in pieces)
    listing = list(list_frames(kind(data, most), read_size=read_size))
    assert [info.compressed_size for info in listing] == [len(piece.data) for piece in pieces]
    assert [as_tuple(info) for info in listing] == listed(data)
    position = 0
    for info, piece in zip(listing, pieces, strict=True):
        frame = data[info.offset : info.offset + info.compressed_size]
        assert info.offset == position
        assert frame == piece.data
        if info.is_skippable:
            content, variant = read_skippable_frame(frame)
            assert (info.magic_variant, info.content_size) == (variant, 0)
            assert content == frame[info.header_size :]
        else:
            assert ZstdDecompressor().decompress(frame, -1) == piece.content
            assert info.content_size in (None, len(piece.content))
            assert (info.content_size is None) == (frame_content_size(frame) == -1)
        position += info.compressed_size


@given(pieces=sequences.filter(bool), kind=source_kinds, read_size=read_sizes, choices=st.data())
def test_a_frame_cut_anywhere_is_an_error_after_what_comes_before(pieces, kind, read_size, choices):
    whole = b"".join(piece.data for piece in pieces[:-1])
    last = pieces[-1].data
    cut = last[: choices.draw(st.integers(1, len(last) - 1))]
    result, error = listed_until_error(kind(whole + cut, None), read_size=read_size)
    assert result == listed(whole)
    assert type(error) is ZstdEOFError
    match = re.fullmatch(
        r"the source ends within the frame at byte (\d+), which has (\d+) bytes or more", str(error)
    )
    assert int(match[1]) == len(whole)
    assert len(cut) < int(match[2]) <= len(last)


@given(data=st.binary(max_size=60), kind=source_kinds, read_size=read_sizes)
def test_any_bytes_are_listed_alike_from_every_source(data, kind, read_size):
    for layout in (0, 1):
        outcomes = []
        for source in (data, kind(data, None)):
            try:
                outcomes.append(listed(source, layout, read_size))
            except ZstdError as error:
                outcomes.append((type(error), str(error)))
        assert outcomes[0] == outcomes[1]


# --- bad input ---


@pytest.mark.parametrize("junk", [b"j", b"junk", b"junkjunkjunk", b"\x28\xb5\x2f\xfe1234567890"])
@pytest.mark.parametrize("before", [b"", ALL])
def test_junk(before, junk):
    message = f"cannot list the frame at byte {len(before)}: Unknown frame descriptor"
    for source in (before + junk, io.BytesIO(before + junk), sources.Source(before + junk, 1)):
        result, error = listed_until_error(source)
        assert result == listed(before)
        assert (type(error), str(error), error.code) == (ZstdError, message, 10)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        (frames.header(reserved=True), 14),
        (frames.header(window=0xFF), 16),
        (frames.header() + frames.block(frames.RESERVED, 1, b"r"), 20),
        # It states a byte more than its blocks can hold.
        (
            frames.header(2 * samples.BLOCK + 1, size_width=4)
            + frames.rle_block(samples.BLOCK, last=False)
            + frames.rle_block(samples.BLOCK),
            20,
        ),
    ],
)
def test_frames_that_make_no_sense(frame, code):
    for source in (ALL + frame, sources.Source(ALL + frame, 1)):
        result, error = listed_until_error(source)
        assert result == expected(BY_HAND)
        assert str(error) == f"cannot list the frame at byte {len(ALL)}: {error.name}"
        assert (type(error), error.code) == (ZstdError, code)


def test_error_comes_again_and_the_source_is_let_go():
    for bad, error in ((ALL[:-1], ZstdEOFError), (ALL + b"junk", ZstdError)):
        data = bytearray(bad)
        listing = list_frames(data)
        for _ in BY_HAND[:-1]:
            next(listing)
        if error is ZstdError:
            next(listing)
        assert not samples.is_released(data)
        messages = set()
        for _ in range(3):
            with pytest.raises(error) as caught:
                next(listing)
            messages.add((type(caught.value), str(caught.value), caught.value.code))
            assert samples.is_released(data)
        assert len(messages) == 1


def test_source_is_let_go_at_the_end():
    data = bytearray(ALL)
    listing = list_frames(data)
    assert len(list(listing)) == len(BY_HAND)
    assert samples.is_released(data)
    assert next(listing, None) is None


# --- sizes, memory, time ---


class Repeated:
    """A seekable source of the head and so many zeros, again and again, between other data."""

    def __init__(self, head, zeros, count, *, before=b"", after=b""):
        self.head, self.before, self.after = head, before, after
        self.length = len(head) + zeros
        self.end = len(before) + self.length * count
        self.position = 0
        self.given = 0

    def read(self, size):
        result = b""
        while part := self._part(size - len(result)):
            result += part
            self.position += len(part)
        self.given += len(result)
        return result

    def _part(self, size):
        if self.position < len(self.before):
            return self.before[self.position :][:size]
        if self.position >= self.end:
            return self.after[self.position - self.end :][:size]
        place = (self.position - len(self.before)) % self.length
        if place < len(self.head):
            return self.head[place:][:size]
        return bytes(min(size, self.length - place))

    def tell(self):
        return self.position

    def seek(self, position):
        self.position = position


def test_offsets_beyond_4_gib():
    head = frames.skippable(b"", 5)[:4] + b"\xff" * 4
    source = Repeated(head, 2**32 - 1, 3, after=ALL)
    listing = list(list_frames(source))
    assert [info.compressed_size for info in listing[:3]] == [2**32 + 7] * 3
    assert [info.offset for info in listing[:3]] == [0, 2**32 + 7, 2 * (2**32 + 7)]
    moved = [(offset + 3 * (2**32 + 7), *more) for offset, *more in expected(BY_HAND)]
    assert [as_tuple(info) for info in listing[3:]] == moved
    assert source.given < 100_000


def test_frame_of_more_than_4_gib():
    count = 33_000
    block = frames.raw_block(bytes(samples.BLOCK), last=False)
    end = frames.raw_block(b"") + b"\x01\0\0\0"
    header = frames.header(count * samples.BLOCK, size_width=8, window=0x58, checksum=True)
    source = Repeated(block[:3], samples.BLOCK, count, before=header, after=end)
    (info,) = list_frames(source)
    assert info.compressed_size == len(header) + count * len(block) + len(end) > 2**32
    assert (info.content_size, info.blocks) == (count * samples.BLOCK, count + 1)
    assert info.checksum == 1


def test_memory_is_bounded():
    frame = compress(b"content")
    source = Repeated(frame, 0, 30_000)
    gc.collect()
    with at_most_allocated(100_000):
        assert sum(1 for _ in list_frames(source)) == 30_000


@parallel.has_gil
def test_others_run_while_a_long_frame_is_walked_over():
    data = frames.header() + frames.raw_block(b"", last=False) * 10_000_000
    data += frames.raw_block(b"")
    assert next(list_frames(data)).blocks == 10_000_001
    assert parallel.others_run(lambda: lambda: next(list_frames(data)))


def test_signals_are_heard_within_a_frame():
    def interrupt(_number, _frame):
        raise InterruptedError

    # Without a magic number, zeros are a frame of empty blocks; to read it runs no Python code.
    source = io.BytesIO(bytes(20_000_000))
    listing = list_frames(source, FORMAT_ZSTD1_MAGICLESS, read_size=1)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.05)
        with pytest.raises(InterruptedError):
            next(listing)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert source.tell() < 20_000_000


@pytest.mark.usefixtures("frequent_switches")
def test_many_threads_share_an_iterator():
    count = 2000
    listing = list_frames(io.BufferedReader(io.BytesIO(compress(b"content") * count)), read_size=7)
    results = parallel.in_threads(lambda _: [info.offset for info in listing])
    offsets = sorted(itertools.chain.from_iterable(results))
    assert offsets == [place * len(compress(b"content")) for place in range(count)]


# --- the zstd command ---


def described(path):
    """Return what "zstd -lv" tells of a file, by name."""
    process = subprocess.run(
        ["zstd", "-lv", path], capture_output=True, check=True, stdin=subprocess.DEVNULL, text=True
    )
    return dict(line.split(": ", 1) for line in process.stdout.splitlines() if ": " in line)


def size_in(text):
    return int(re.search(r"\((\d+) B\)", text)[1])


@pytest.mark.skipif(shutil.which("zstd") is None, reason="there is no zstd command")
@pytest.mark.parametrize(
    "options",
    [{}, {"write_checksum": True}, {"level": 19}, {"level": 1, "write_content_size": False}],
)
@pytest.mark.parametrize("size", [0, 1, 1000, 700_000])
def test_as_the_zstd_command_lists(size, options, tmp_path):
    path = tmp_path / "file.zst"
    content = samples.text(size)
    frame = ZstdCompressor(**options).compress(content)
    path.write_bytes(frame + write_skippable_frame(content[:999], 3) + frame)
    with path.open("rb") as file:
        listing = list(list_frames(file))
    told = described(path)
    first, skippable, last = listing
    assert told["# Zstandard Frames"] == "2"
    assert told["# Skippable Frames"] == "1"
    assert told["DictID"] == str(first.dict_id)
    assert size_in(told["Window Size"]) == first.window_size
    assert size_in(told["Compressed Size"]) == last.offset + last.compressed_size
    assert told["Check"].startswith("XXH64" if first.has_checksum else "None")
    if first.content_size is None:
        assert "Decompressed Size" not in told
    else:
        total = sum(info.content_size for info in listing)
        assert size_in(told["Decompressed Size"]) == total
    assert skippable.is_skippable


@pytest.mark.skipif(shutil.which("zstd") is None, reason="there is no zstd command")
def test_checksum_as_the_zstd_command_tells(tmp_path):
    path = tmp_path / "file.zst"
    path.write_bytes(ZstdCompressor(write_checksum=True).compress(samples.text(1000)))
    (info,) = list_frames(path.read_bytes())
    check = described(path)["Check"]
    if check == "XXH64":
        pytest.skip("this version does not tell it")
    assert check == f"XXH64 {info.checksum:08x}"
