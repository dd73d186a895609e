"""Decisions and data out of the bytes of a fuzzer.

The first byte says how many bytes of decisions follow; the rest is the payload. So a fuzzer may
change either without the other, and a seed for a target is made of a frame with few bytes before.
"""

DECISIONS_MAX = 255


class Choices:
    """Takes one decision after another, zeros when there are no more; and holds the payload."""

    def __init__(self, data):
        count = data[0] if data else 0
        self.decisions = data[1 : 1 + count]
        self.position = 0
        self.payload = data[1 + count :]

    def left(self):
        """Return whether there are decisions left, for loops that go on as long as there are."""
        return self.position < len(self.decisions)

    def byte(self):
        self.position += 1
        return self.decisions[self.position - 1] if self.position <= len(self.decisions) else 0

    def number(self, low, high):
        """Return a number of the range, its bounds included."""
        span = high - low
        value = 0
        for _ in range((span.bit_length() + 7) // 8):
            value = value << 8 | self.byte()
        return low + value % (span + 1)

    def boolean(self):
        return self.byte() % 2 == 1

    def seldom(self):
        return self.byte() == 0xFF

    def pick(self, values):
        return values[self.number(0, len(values) - 1)]

    def pieces(self, data):
        """Cut the data: at the places decided on, and the rest as one piece."""
        pieces, start = [], 0
        while start < len(data) and (size := self.byte()):
            size = size if size < 128 else (size - 127) * 64
            pieces.append(data[start : start + size])
            start += size
        return [*pieces, data[start:]]

    def parts(self, count):
        """Cut the payload into so many parts, at places decided on."""
        cuts = sorted(self.number(0, 0xFFFF) % (len(self.payload) + 1) for _ in range(count - 1))
        bounds = [0, *cuts, len(self.payload)]
        return [self.payload[bounds[i] : bounds[i + 1]] for i in range(count)]


def seed(decisions, payload=b""):
    """Make the bytes of which Choices takes these decisions, each a byte, and this payload."""
    assert len(decisions) <= DECISIONS_MAX
    return bytes([len(decisions), *decisions]) + payload
