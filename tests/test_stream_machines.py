"""Streams beside models of them made of the io module's files: any calls, in any order."""

import bisect
import contextlib
import io
import itertools

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

import strategies
from strategies import BLOCKS, RAISES, PartialSink, PeerError, content, join
from zstandard import (
    FLUSH_BLOCK,
    FLUSH_FRAME,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdEOFError,
    ZstdError,
)

layouts = strategies.layouts | strategies.long_layouts

sizes = st.sampled_from([0, 1, 2, 3, 100, 8191, 8192, 8193, 131_072, 10**6]) | st.integers(0, 500)

SHIFT = 5  # where in its source a reader begins


class Trouble:
    """Wraps the turns of a partial source or sink, and puts one in when it is told to."""

    def __init__(self, turns):
        self.turns = itertools.cycle(turns)
        self.next = []

    def __iter__(self):
        return self

    def __next__(self):
        return self.next.pop(0) if self.next else next(self.turns)


class DecompressionReader(RuleBasedStateMachine):
    """A reader, the input of which may be cut, beside a buffered file of what can be read."""

    @initialize(
        layout=layouts,
        kind=strategies.source_kinds,
        read_size=strategies.piece_sizes,
        turns=strategies.turns,
        across=st.booleans(),
        cut=st.none() | st.floats(0, 1),
    )
    def choose(self, *, layout, kind, read_size, turns, across, cut):
        data, whole = join(layout)
        ends = itertools.accumulate(len(frame.data) for frame in layout)
        if cut is not None:
            data = data[: int(len(data) * cut)]
        self.content = content(data)
        self.is_cut = len(data) not in [0, *ends]
        assert whole.startswith(self.content)
        self.ends = [*itertools.accumulate(len(frame.content) for frame in layout)]
        self.across = across
        self.model = io.BufferedReader(io.BytesIO(self.content))
        self.trouble = Trouble([max(turn, len(data) // 2000) for turn in turns])
        self.is_partial = "seekable" in kind
        self.can_rewind = kind != "not seekable"
        self.stack = contextlib.ExitStack()
        is_buffer = kind in ("bytes", "memoryview")
        self.source = self.stack.enter_context(
            strategies.opened_source(kind, data if is_buffer else b"x" * SHIFT + data, self.trouble)
        )
        if not is_buffer:
            self.source.read(SHIFT)
            if self.is_partial:
                self.source.file.seek(SHIFT)
        read_size = max(read_size, len(data) // 2000 + 1)
        self.reader = ZstdDecompressor().stream_reader(self.source, read_size, across)

    def left(self):
        return len(self.content) - self.model.tell()

    @contextlib.contextmanager
    def may_fail(self, *, at_end, is_read=True):
        """Expect an error where the input is cut, and may be that of the source."""
        before = self.model.tell()
        try:
            if at_end and self.is_cut:
                with pytest.raises((ZstdEOFError, PeerError)):
                    yield
                self.model.seek(self.reader.tell())
            else:
                yield
        except PeerError:
            self.model.seek(self.reader.tell())
        if is_read and at_end and self.is_cut:
            assert self.model.tell() == before

    def agrees(self, part, size=None):
        """Compare with what the model reads; of a size, if it is given, that is enough."""
        assert self.model.read(len(part)) == part
        if size is not None:
            assert len(part) <= size
            assert part or size == 0 or self.left() == 0

    def ends_rightly(self, part, size):
        position = self.model.tell()
        if len(part) < size and position < len(self.content):
            assert not self.across
            assert position in self.ends

    @rule(size=sizes, name=st.sampled_from(["read", "readinto"]))
    def read(self, size, name):
        with self.may_fail(at_end=size > 0 and self.left() == 0):
            part = strategies.READS[name](self.reader, size)
            self.agrees(part, size)
            self.ends_rightly(part, size)

    @rule(size=sizes, name=st.sampled_from(["read1", "readinto1", "peek"]))
    def read_some(self, size, name):
        with self.may_fail(at_end=(size > 0 or name == "peek") and self.left() == 0):
            part = strategies.READS[name](self.reader, size)
            self.agrees(part, max(size, 1) if name == "peek" else size)

    @rule(name=st.sampled_from(["read", "readall"]))
    def read_all(self, name):
        with self.may_fail(at_end=True):
            assert strategies.READS[name](self.reader, -1) == self.model.read()

    @rule(limit=st.just(-1) | sizes)
    def readline(self, limit):
        with self.may_fail(at_end=limit != 0 and self.left() == 0):
            line = self.reader.readline(limit)
            assert line == self.model.readline(limit)

    @rule()
    def next_line(self):
        with self.may_fail(at_end=self.left() == 0):
            line = next(self.reader, b"")
            assert line == next(self.model, b"")

    @rule(hint=st.none() | st.just(-1) | sizes)
    def readlines(self, hint):
        # Of a total that is just the hint, buffered files are of another mind than BytesIO.
        lines = io.BytesIO(self.content[self.model.tell() :]).readlines(hint)
        meets_end = not hint or hint < 0 or sum(map(len, lines)) < hint
        with self.may_fail(at_end=meets_end):
            assert self.reader.readlines(hint) == lines
            self.model.seek(sum(map(len, lines)), io.SEEK_CUR)

    def seek(self, offset, whence, target):
        """Go to the target, or to the end if it is before that."""
        before = self.model.tell()
        meets_end = target > len(self.content) or whence == io.SEEK_END
        with self.may_fail(at_end=meets_end, is_read=False):
            try:
                assert self.reader.seek(offset, whence) == min(target, len(self.content))
            except PeerError:
                raise
            except ZstdError:
                assert self.reader.tell() == len(self.content)
                raise
            except OSError:
                assert not self.can_rewind
                assert target < self.reader.tell()
                assert self.reader.tell() == (
                    len(self.content) if whence == io.SEEK_END else before
                )
            self.model.seek(self.reader.tell())

    @rule(position=st.floats(0, 1.1))
    def seek_from_start(self, position):
        position = int(position * len(self.content))
        self.seek(position, io.SEEK_SET, position)

    @rule(offset=st.integers(-20, 20) | st.integers(-10_000, 10_000))
    def seek_from_here(self, offset):
        target = self.model.tell() + offset
        if target >= 0:
            self.seek(offset, io.SEEK_CUR, target)
        else:
            with pytest.raises(OSError, match="negative position"):
                self.reader.seek(offset, io.SEEK_CUR)

    @rule(offset=st.integers(-20, 20) | st.integers(-10_000, 0))
    def seek_from_end(self, offset):
        if len(self.content) + offset >= 0:
            self.seek(offset, io.SEEK_END, len(self.content) + offset)

    @rule(whence=st.sampled_from([-1, 3]))
    def seek_from_nowhere(self, whence):
        with pytest.raises(ValueError, match="whence"):
            self.reader.seek(0, whence)

    @rule(after=st.integers(0, 3))
    def interrupt(self, after):
        if self.is_partial:
            self.trouble.next = [1000] * after + [RAISES]

    @invariant()
    def positions_agree(self):
        if hasattr(self, "reader"):
            assert self.reader.tell() == self.model.tell()
            assert self.reader.total_out >= 0
            self.trouble.next = self.trouble.next[-4:]

    def teardown(self):
        if not hasattr(self, "reader"):
            return
        self.trouble.next = []
        with self.stack:
            if self.can_rewind:
                assert self.reader.seekable()
                self.reader.seek(0)
                self.model.seek(0)
            self.trouble.next = []
            while self.left():
                self.agrees(self.reader.read(50_000), 50_000)
            with pytest.raises(ZstdEOFError) if self.is_cut else contextlib.nullcontext():
                assert self.reader.read() == b""
            self.reader.close()
            assert self.reader.closed
            with pytest.raises(ValueError, match="closed"):
                self.reader.read()


class Writer(RuleBasedStateMachine):
    """What both writers have in common: a sink that may block or raise, and calls done again."""

    def open_sink(self, turns):
        self.trouble = Trouble(turns)
        self.sink = PartialSink(self.trouble)
        self.sink.turns = self.trouble
        self.rest = b""

    def persist(self, call):
        """Do a call, which tells how much of the input is taken, until it is done."""
        for _ in range(10):
            before = self.writer.total_in
            said = None
            try:
                return call()
            except BlockingIOError as error:
                said = error.characters_written
            except PeerError:
                pass
            taken = self.writer.total_in - before
            assert said in (None, taken)
            self.rest = self.rest[taken:]
        return pytest.fail("the call never comes to an end")

    def write_all(self, data):
        self.rest = data
        return self.persist(lambda: self.writer.write(self.rest))

    @rule(turns=st.lists(st.sampled_from([BLOCKS, RAISES, 1, 5]), max_size=4))
    def make_trouble(self, turns):
        if hasattr(self, "trouble"):
            self.trouble.next = turns

    def teardown(self):
        if hasattr(self, "writer"):
            self.trouble.next = []
            self.finish()


class CompressionWriter(Writer):
    """A writer is fed, flushed and closed, in any order; after its end comes another."""

    @initialize(
        options=strategies.stream_options,
        write_size=st.sampled_from([1, 7, 1000, 131_591, 10**6]),
        turns=strategies.turns,
        returns_read=st.booleans(),
    )
    def choose(self, options, write_size, turns, returns_read):
        self.compressor = ZstdCompressor(**options)
        self.write_size = write_size
        self.returns_read = returns_read
        self.turns = turns
        self.begin()

    def begin(self):
        self.open_sink(self.turns)
        self.writer = self.compressor.stream_writer(
            self.sink, write_size=self.write_size, write_return_read=self.returns_read
        )
        self.given = b""
        self.frames = 0
        self.open_frame = False

    @rule(data=strategies.contents())
    def write(self, data):
        before = len(self.sink.data)
        is_calm = not self.trouble.next
        result = self.write_all(data)
        self.given += data
        self.open_frame |= bool(data)
        if is_calm:
            assert result == (len(data) if self.returns_read else len(self.sink.data) - before)

    @rule(lines=st.lists(st.binary(max_size=50), max_size=4))
    def writelines(self, lines):
        self.trouble.next = []
        assert self.writer.writelines(iter(lines)) is None
        self.given += b"".join(lines)
        self.open_frame |= any(lines)

    @rule()
    def flush_block(self):
        before = len(self.sink.data)
        is_calm = not self.trouble.next
        sent = self.persist(lambda: self.writer.flush(FLUSH_BLOCK))
        assert content(self.sink.data) == self.given
        if is_calm:
            assert sent == len(self.sink.data) - before
            assert self.writer.flush() == 0

    @rule()
    def flush_frame(self):
        self.persist(lambda: self.writer.flush(FLUSH_FRAME))
        self.frames += 1
        self.open_frame = False
        assert contents_of_frames(self.sink.data) == (self.frames, self.given)

    @rule(mode=st.sampled_from([-1, 2]))
    def flush_in_no_mode(self, mode):
        with pytest.raises(ValueError, match="flush_mode"):
            self.writer.flush(mode)

    @rule()
    def finish(self):
        self.trouble.next = []
        self.writer.close()
        self.frames += 1
        assert self.sink.closed
        assert contents_of_frames(self.sink.data) == (self.frames, self.given)
        assert self.writer.tell() == self.writer.total_out == len(self.sink.data)
        with pytest.raises(ValueError, match="closed"):
            self.writer.write(b"x")
        self.writer.close()
        self.begin()

    @invariant()
    def what_it_tells_is_true(self):
        if hasattr(self, "writer"):
            assert self.writer.tell() == len(self.sink.data)
            assert self.writer.total_in == len(self.given)
            assert self.given.startswith(content(self.sink.data))

    def teardown(self):
        super().teardown()
        if hasattr(self, "writer"):
            self.writer.close()


def contents_of_frames(data):
    """Count whole frames, and join what they hold."""
    count, parts = 0, []
    while data:
        stream = ZstdDecompressor().decompressobj()
        parts.append(stream.decompress(data))
        assert stream.eof
        data = stream.unused_data
        count += 1
    return count, b"".join(parts)


class DecompressionWriter(Writer):
    """A writer is given frames piece by piece; after its end comes another."""

    @initialize(
        layout=layouts,
        write_size=st.sampled_from([1, 7, 1000, 131_072, 10**6]),
        turns=strategies.turns,
        returns_read=st.booleans(),
    )
    def choose(self, layout, write_size, turns, returns_read):
        self.data, self.content = join(layout)
        least = len(self.content) // 2000
        self.ends = [0, *itertools.accumulate(len(frame.data) for frame in layout)]
        self.write_size = write_size + least
        self.returns_read = returns_read
        self.turns = [turn + least for turn in turns]
        self.begin()

    def begin(self):
        self.open_sink(self.turns)
        self.writer = ZstdDecompressor().stream_writer(
            self.sink, self.write_size, write_return_read=self.returns_read
        )
        self.given = 0

    @rule(size=strategies.piece_sizes)
    def write(self, size):
        self.give(size)

    @precondition(lambda self: hasattr(self, "writer"))
    @rule(off=st.integers(-1, 1))
    def write_about_a_frame(self, off):
        end = self.ends[min(bisect.bisect(self.ends, self.given), len(self.ends) - 1)]
        self.give(max(0, end + off - self.given))

    def give(self, size):
        piece = self.data[self.given : self.given + size]
        before = len(self.sink.data)
        is_calm = not self.trouble.next
        result = self.write_all(piece)
        self.given += len(piece)
        if is_calm:
            assert result == (len(piece) if self.returns_read else len(self.sink.data) - before)
        assert self.sink.data == content(self.data[: self.given])

    @rule(sizes=st.lists(strategies.piece_sizes, max_size=4))
    def writelines(self, sizes):
        self.trouble.next = []
        pieces = []
        for size in sizes:
            pieces.append(self.data[self.given : self.given + size])
            self.given += len(pieces[-1])
        self.writer.writelines(pieces)
        assert self.sink.data == content(self.data[: self.given])

    @rule()
    def flush(self):
        before = self.sink.flushes
        assert self.persist(self.writer.flush) is None
        assert self.sink.flushes == before + 1

    @rule(junk=st.sampled_from([b"junk and more of it", b"\0" * 9]))
    def write_junk(self, junk):
        if self.given in self.ends:
            before = self.sink.data
            for _ in range(2):
                with pytest.raises(ZstdError):
                    self.writer.write(junk)
            self.writer.close()
            assert (self.sink.closed, self.sink.data) == (True, before)
            self.begin()

    @rule()
    def finish(self):
        is_whole = self.given in self.ends
        with contextlib.nullcontext() if is_whole else pytest.raises(ZstdEOFError):
            self.writer.close()
        assert self.sink.closed
        assert self.writer.total_out == len(self.sink.data)
        self.writer.close()
        self.begin()

    @invariant()
    def what_it_tells_is_true(self):
        if hasattr(self, "writer"):
            assert self.writer.total_in == self.given
            assert self.content.startswith(self.sink.data)


TestDecompressionReader = DecompressionReader.TestCase
TestCompressionWriter = CompressionWriter.TestCase
TestDecompressionWriter = DecompressionWriter.TestCase
