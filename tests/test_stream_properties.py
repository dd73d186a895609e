"""What holds for streams on any file, whatever the data, the sizes, and the order of calls."""

import io
import itertools
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import samples
import strategies
import zstandard
from strategies import (
    BINARY_READS,
    BLOCKS,
    RAISES,
    READS,
    PartialSink,
    PartialSource,
    PeerError,
    content,
    join,
    until_done,
)
from stream_shapes import SHAPES, outcome_of
from zstandard import (
    FLUSH_BLOCK,
    ZstdCompressor,
    ZstdDecompressor,
)

layouts = strategies.layouts | strategies.long_layouts


# --- reading ---


def read_in_order(reader, reads, order, calls=300):
    """Read by the calls in turn; when they come to nothing, or were many, read the rest."""
    parts = []
    for name, size in itertools.islice(itertools.cycle(order), calls):
        part = reads[name](reader, size)
        assert (
            size < 0 or name in ("iteration", "peek", "readall", "readlines") or len(part) <= size
        )
        parts.append(part)
        assert reader.tell() == sum(map(len, parts))
        if size != 0 and not part:
            break
    parts.append(reader.readall())
    for read in reads.values():
        assert read(reader, 10) == b""
    return b"".join(parts)


@given(
    layout=layouts,
    kind=strategies.source_kinds,
    read_size=strategies.piece_sizes,
    turns=strategies.turns,
    across=st.booleans(),
    order=strategies.orders_of(READS),
)
def test_reads_in_any_order(*, layout, kind, read_size, turns, across, order):
    data, expected = join(layout)
    with strategies.opened_source(kind, data, turns) as source:
        reader = ZstdDecompressor().stream_reader(source, read_size, across)
        assert read_in_order(reader, READS, order) == expected
        assert (reader.total_in, reader.total_out) == (len(data), len(expected))
        reader.close()
        assert (reader.total_in, reader.total_out) == (len(data), len(expected))


@given(
    data=strategies.any_size,
    kind=strategies.source_kinds,
    options=strategies.stream_options,
    read_size=strategies.piece_sizes,
    turns=strategies.turns,
    order=strategies.orders_of(BINARY_READS),
)
def test_compressed_reads_in_any_order(*, data, kind, options, read_size, turns, order):
    read_size = max(read_size, len(data) // 1000 + 1)
    with strategies.opened_source(kind, data, turns) as source:
        reader = ZstdCompressor(**options).stream_reader(source, read_size=read_size)
        frame = read_in_order(reader, BINARY_READS, order)
        assert content(frame) == data
        assert (reader.total_in, reader.total_out) == (len(data), len(frame))
        # A frame of no data states that, too.
        declared = kind in ("bytes", "memoryview") or not data
        states_size = declared and options.get("write_content_size", True)
        assert zstandard.frame_content_size(frame) == (len(data) if states_size else -1)
        reader.close()


@given(layout=layouts, turns=strategies.turns, across=st.booleans(), choices=st.data())
def test_where_reads_end(layout, turns, across, choices):
    """Reads of a size are short only at a frame's end, or at that of all frames."""
    data, expected = join(layout)
    lengths = [len(frame.content) for frame in layout if frame.content]
    ends = [len(expected)] if across else list(itertools.accumulate(lengths))
    reader = ZstdDecompressor().stream_reader(PartialSource(data, turns), 1000, across)
    read = choices.draw(st.sampled_from([BINARY_READS["read"], BINARY_READS["readinto"]]))
    steps = strategies.part_sizes.map(lambda size: size + len(expected) // 50)
    position = 0
    while position < len(expected):
        size = choices.draw(steps)
        end = min([position + size, *(end for end in ends if end > position)])
        assert read(reader, size) == expected[position:end]
        position = end
    assert read(reader, 1) == b""


@given(
    layout=layouts,
    turns=strategies.turns_with(RAISES),
    across=st.booleans(),
    order=strategies.orders_of({name: read for name, read in READS.items() if name != "readlines"}),
)
def test_reads_go_on_after_the_source_raised(layout, turns, across, order):
    data, expected = join(layout)
    reader = ZstdDecompressor().stream_reader(PartialSource(data, turns), 500, across)
    result = b""
    for name, size in itertools.islice(itertools.cycle(order), 300):
        try:
            result += READS[name](reader, size)
        except PeerError:
            assert reader.tell() == len(result)
    while part := until_done(lambda: reader.read(5000)):
        result += part
    assert result == expected


@given(data=strategies.contents(), turns=strategies.turns_with(RAISES), sizes=strategies.call_sizes)
def test_compressed_reads_go_on_after_the_source_raised(data, turns, sizes):
    sizes = strategies.in_reasonable_time(sizes, data)
    compressor = ZstdCompressor()
    reader = compressor.stream_reader(PartialSource(data, turns), read_size=sizes.read_size)
    parts = []
    while part := until_done(lambda: reader.read(sizes.part)):
        parts.append(part)
    assert content(b"".join(parts)) == data
    chunks = compressor.read_to_iter(PartialSource(data, turns), read_size=sizes.read_size)
    parts = []
    while part := until_done(lambda: next(chunks, b"")):
        parts.append(part)
    assert content(b"".join(parts)) == data


# --- all shapes of compression ---


@given(
    data=strategies.any_size,
    options=strategies.stream_options,
    write_size=strategies.piece_sizes,
    return_read=st.booleans(),
    turns=strategies.turns,
    choices=st.data(),
)
def test_writes_and_flushes(*, data, options, write_size, return_read, turns, choices):
    write_size = max(write_size, len(data) // 1000 + 1)
    sink = PartialSink([max(turn, write_size // 10) for turn in turns])
    writer = ZstdCompressor(**options).stream_writer(
        sink, write_size=write_size, write_return_read=return_read
    )
    with strategies.closed_at_last(writer, sink):
        flushes = write_and_flush(
            writer, sink, choices.draw(strategies.calls_of_writer(data)), return_read
        )
    assert (sink.closed, sink.flushes) == (True, flushes)
    assert writer.tell() == writer.total_out == len(sink.data)
    assert ZstdDecompressor().decompress(sink.data, -1, read_across_frames=True) == data


def write_and_flush(writer, sink, calls, return_read):
    given_in, flushes = b"", 0
    for call in calls:
        before = len(sink.data)
        if isinstance(call, bytes):
            result = writer.write(call)
            given_in += call
            assert result == (len(call) if return_read else len(sink.data) - before)
            assert given_in.startswith(content(sink.data))
        else:
            assert writer.flush(call) == len(sink.data) - before
            flushes += 1
            assert content(sink.data) == given_in
        assert writer.tell() == len(sink.data)
        assert writer.total_in == len(given_in)
    return flushes


@given(
    data=strategies.contents(),
    options=strategies.stream_options,
    write_size=strategies.piece_sizes,
    turns=strategies.turns_with(BLOCKS, RAISES),
    choices=st.data(),
)
def test_writes_go_on_after_the_sink_did_not_take_all(data, options, write_size, turns, choices):
    least = len(data) // 500
    sink = PartialSink([turn + least if isinstance(turn, int) else turn for turn in turns])
    writer = ZstdCompressor(**options).stream_writer(sink, write_size=write_size + least)
    with strategies.closed_at_last(writer, sink):
        for call in choices.draw(strategies.calls_of_writer(data)):
            if isinstance(call, bytes):
                write_all(writer, call)
            else:
                flush_all(writer, call)
            assert writer.tell() == len(sink.data)
        flush_all(writer, FLUSH_BLOCK)
        assert content(sink.data) == data
    assert ZstdDecompressor().decompress(sink.data, -1, read_across_frames=True) == data


ATTEMPTS = 10_000


def write_all(writer, data):
    """Write data until all is taken, and the sink has taken what that made."""
    for _ in range(ATTEMPTS):
        before = writer.total_in
        said = None
        try:
            assert writer.write(data) == len(data)
        except BlockingIOError as error:
            said = error.characters_written
        except PeerError:
            pass
        else:
            return
        taken = writer.total_in - before
        assert said in (None, taken)
        data = data[taken:]
    pytest.fail("write() never comes to an end")


def flush_all(writer, *mode):
    for _ in range(ATTEMPTS):
        try:
            writer.flush(*mode)
        except (BlockingIOError, PeerError) as error:
            said = getattr(error, "characters_written", 0)
        else:
            return
        assert said == 0
    pytest.fail("flush() never comes to an end")


@given(
    layout=layouts,
    write_size=strategies.piece_sizes,
    turns=strategies.turns_with(BLOCKS, RAISES),
    choices=st.data(),
)
def test_decompressing_writes_go_on_too(layout, write_size, turns, choices):
    data, expected = join(layout)
    least = len(expected) // 500
    sink = PartialSink([turn + least if isinstance(turn, int) else turn for turn in turns])
    writer = ZstdDecompressor().stream_writer(sink, write_size + least)
    with strategies.closed_at_last(writer, sink):
        for piece in choices.draw(strategies.in_pieces(data)):
            write_all(writer, piece)
        flush_all(writer)
        assert sink.data == expected
    assert (writer.total_in, writer.total_out) == (len(data), len(expected))


def compress_by_reader(compressor, data, sizes, size):
    source = PartialSource(data, [sizes.read_size])
    reader = compressor.stream_reader(source, size, sizes.read_size)
    return iter(lambda: reader.read(sizes.part), b"")


def compress_by_iterator(compressor, data, sizes, size):
    source = PartialSource(data, [sizes.read_size])
    for chunk in compressor.read_to_iter(source, size, sizes.read_size, sizes.write_size):
        assert 0 < len(chunk) <= sizes.write_size
        yield chunk


def compress_by_chunker(compressor, data, sizes, size):
    chunker = compressor.chunker(size, sizes.write_size)
    for number, piece in enumerate(samples.in_pieces(data, sizes.part)):
        for chunk in chunker.compress(piece):
            assert len(chunk) == sizes.write_size
            yield chunk
        if number % 3 == 1:
            yield from check_chunks(chunker.flush(), sizes.write_size)
    yield from check_chunks(chunker.finish(), sizes.write_size)


def check_chunks(chunks, size):
    chunks = list(chunks)
    assert all(len(chunk) == size for chunk in chunks[:-1])
    assert all(0 < len(chunk) <= size for chunk in chunks)
    return chunks


def compress_by_copying(compressor, data, sizes, size):
    source, sink, progress = io.BytesIO(data), PartialSink(), []
    counts = compressor.copy_stream(
        source,
        sink,
        size,
        sizes.read_size,
        sizes.write_size,
        progress=lambda *counts: progress.append(counts),
    )
    assert counts == progress[-1] == (len(data), len(sink.data))
    assert progress == sorted(progress)
    return [sink.data]


@given(
    data=strategies.any_size,
    options=strategies.stream_options,
    sizes=strategies.call_sizes,
    declared=st.booleans(),
    way=st.sampled_from(
        [compress_by_reader, compress_by_iterator, compress_by_chunker, compress_by_copying]
    ),
)
def test_all_shapes_make_a_frame_of_the_data(data, options, sizes, declared, way):
    sizes = strategies.in_reasonable_time(sizes, data)
    compressor = ZstdCompressor(**options)
    frame = b"".join(way(compressor, data, sizes, len(data) if declared else -1))
    stream = ZstdDecompressor().decompressobj()
    assert stream.decompress(frame) == data
    assert stream.eof
    assert not stream.unused_data
    # A frame of no data states that, too.
    states_size = (declared or not data) and options.get("write_content_size", True)
    assert zstandard.frame_content_size(frame) == (len(data) if states_size else -1)


@given(layout=layouts, chunk_size=strategies.piece_sizes, choices=st.data())
def test_chunks_of_content(layout, chunk_size, choices):
    data, expected = join(layout)
    chunk_size = max(chunk_size, len(expected) // 1000 + 1)
    chunker = ZstdDecompressor().chunker(chunk_size)
    result = b""
    for piece in choices.draw(strategies.in_pieces(data)):
        for chunk in chunker.decompress(piece):
            assert len(chunk) == chunk_size
            result += chunk
        if choices.draw(st.booleans()):
            result += b"".join(check_chunks(chunker.flush(), chunk_size))
            assert (chunker.total_in, chunker.total_out) == (chunker.total_in, len(result))
    result += b"".join(check_chunks(chunker.finish(), chunk_size))
    assert result == expected
    assert (chunker.total_in, chunker.total_out) == (len(data), len(expected))


# --- the zstd command ---

needs_zstd = pytest.mark.skipif(shutil.which("zstd") is None, reason="there is no zstd command")


def zstd(data, *arguments):
    command = ["zstd", "--quiet", "--stdout", *arguments]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


@needs_zstd
@settings(max_examples=5)
@given(
    many=st.lists(strategies.layouts, min_size=1, max_size=20),
    writes=st.lists(strategies.contents().flatmap(strategies.calls_of_writer), max_size=20),
)
def test_zstd_command_reads_the_same(many, writes):
    data, expected = join(list(itertools.chain(*many)))
    with io.BytesIO() as sink:
        for calls in writes:
            with ZstdCompressor().stream_writer(sink, closefd=False) as writer:
                for call in calls:
                    writer.write(call) if isinstance(call, bytes) else writer.flush(call)
                    expected += call if isinstance(call, bytes) else b""
        data += sink.getvalue()
    assert zstd(data, "--decompress") == expected
    assert ZstdDecompressor().stream_reader(data).read() == expected


@needs_zstd
@settings(max_examples=5)
@given(
    contents=st.lists(strategies.any_size, max_size=3),
    arguments=st.sampled_from([("-1",), ("-19", "--check"), ("--no-check", "--fast=5"), ("-T2",)]),
    sizes=strategies.call_sizes,
)
def test_frames_of_the_zstd_command_are_read(contents, arguments, sizes):
    data = b"".join(zstd(each, *arguments) for each in contents)
    expected = b"".join(contents)
    sizes = strategies.in_reasonable_time(sizes, expected)
    for name, shape in SHAPES.items():
        assert outcome_of(shape, data, sizes) == (expected, None), name
