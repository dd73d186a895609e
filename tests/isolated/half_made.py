"""Objects made without __init__, or from types that only factories make, are whole or refused."""

from makers import SUBCLASSABLE, types

import zstandard as z

for kind in types():
    if kind in SUBCLASSABLE:
        continue
    for make in (
        kind,
        lambda kind=kind: kind.__new__(kind),
        lambda kind=kind: object.__new__(kind),
    ):
        try:
            make()
        except TypeError:
            continue
        raise AssertionError(f"{kind.__name__} was made out of nothing")

compressor = z.ZstdCompressor.__new__(z.ZstdCompressor)
decompressor = z.ZstdDecompressor.__new__(z.ZstdDecompressor)
assert compressor.frame_progression() == (0, 0, 0)
assert compressor.memory_size() > 100
assert decompressor.memory_size() > 90_000
frame = compressor.compress(b"content")
assert decompressor.decompress(frame) == b"content"
assert decompressor.decompressobj().decompress(compressor.compressobj().flush()) == b""

try:
    compressor.__init__(level=99)
except ValueError:
    pass
else:
    raise AssertionError("level 99 was accepted")
assert compressor.compress(b"content") == frame, "a failed __init__ has changed the compressor"
