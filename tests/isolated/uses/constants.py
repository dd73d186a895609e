"""Objects that never change, and the iterator that gives some of them."""

import io
import itertools

from makers import SEGMENTS

import zstandard as z
from uses.subject import BUFFER, LISTED, LONG_FRAME, WITH_DICTIONARY, Subject, content, source


class Constant(Subject):
    """An object whose attributes are the same at all times."""

    def make(self, chance):
        self.model = self.new(chance)
        return self.new(chance)

    def also_compare(self, shared, _chance):
        for name in vars(self.kind):
            value = getattr(shared, name)
            if not name.startswith("_") and not callable(value):
                assert value == getattr(self.model, name), name


class FrameInfo(Constant):
    kind = z.FrameInfo

    def new(self, _chance):
        return next(z.list_frames(LONG_FRAME))

    def also_equal(self, shared, _chance):
        assert shared == self.model
        assert hash(shared) == hash(self.model)
        assert repr(shared) == repr(self.model)


class FrameParameters(Constant):
    kind = z.FrameParameters

    def new(self, _chance):
        return z.get_frame_parameters(LONG_FRAME)


class FrameInfoIterator(Subject):
    kind = z.FrameInfoIterator

    def __init__(self, chance):
        super().__init__(chance)
        self.found = []

    def make(self, chance):
        return z.list_frames(source(chance)(LISTED * 20), read_size=1000)

    def also_next(self, shared, _chance):
        self.found += itertools.islice(shared, 2)

    def check(self):
        offsets = sorted(info.offset for info in self.found)
        known = [info.offset for info in itertools.islice(z.list_frames(LISTED * 20), len(offsets))]
        assert offsets == known


class Segments(Constant):
    """Memory that is exported, and objects that keep it."""

    def also_export(self, shared, _chance):
        with memoryview(shared) as view:
            assert view == self.expected
        assert io.BytesIO(shared).getvalue() == self.expected


def segments():
    return z.BufferWithSegments(bytearray(BUFFER), SEGMENTS)


def each_of(shared, expected):
    assert len(shared) == len(expected)
    assert [part.tobytes() for part in shared] == expected
    assert shared[len(expected) - 1].tobytes() == expected[-1]


class BufferWithSegments(Segments):
    kind = z.BufferWithSegments
    expected = BUFFER

    def new(self, _chance):
        return segments()

    def also_items(self, shared, _chance):
        each_of(shared, [BUFFER[:5], BUFFER[5:9]])

    def segments(self, shared, _chance):
        each_of(shared.segments(), [BUFFER[:5], BUFFER[5:9]])

    def also_nest(self, shared, _chance):
        inner = z.BufferWithSegments(shared, shared.segments())
        assert z.BufferWithSegmentsCollection(inner, shared)[3].tobytes() == BUFFER[5:9]

    def also_code(self, shared, _chance):
        frames = WITH_DICTIONARY.multi_compress_to_buffer(shared)
        assert [*map(content, frames)] == [BUFFER[:5], BUFFER[5:9]]


class BufferSegments(Segments):
    kind = z.BufferSegments
    expected = SEGMENTS

    def new(self, _chance):
        return segments().segments()

    def also_items(self, shared, _chance):
        each_of(shared, [BUFFER[:5], BUFFER[5:9]])


class BufferSegment(Segments):
    kind = z.BufferSegment
    expected = BUFFER[5:9]

    def new(self, _chance):
        return segments()[1]

    def also_length(self, shared, _chance):
        assert len(shared) == len(self.expected)
        assert content(z.compress(shared)) == self.expected


class BufferWithSegmentsCollection(Constant):
    kind = z.BufferWithSegmentsCollection

    def new(self, _chance):
        return z.BufferWithSegmentsCollection(segments(), segments())

    def also_items(self, shared, _chance):
        each_of(shared, [BUFFER[:5], BUFFER[5:9]] * 2)
        assert shared.size() == 18

    def also_code(self, shared, _chance):
        frames = WITH_DICTIONARY.multi_compress_to_buffer(shared)
        assert [*map(content, frames)] == [BUFFER[:5], BUFFER[5:9]] * 2
