"""Memory for results is reused by later calls, and not fetched from the system page by page."""

import os
import platform
import resource
import sys
import sysconfig
from functools import partial

import samples
import zstandard

ROUNDS = 20


def page_faults(function, data):
    """Return how many page faults a call takes, once it was made before."""
    for _ in range(3):
        function(data)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(ROUNDS):
        function(data)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / ROUNDS


def check(name, function, data):
    faults = page_faults(function, data)
    print(f"{name}: {faults} page faults a call")
    assert faults < 50, (name, faults)


def decompress_pieces(pieces):
    stream = zstandard.ZstdDecompressor().decompressobj()
    for piece in pieces:
        stream.decompress(piece)


if platform.libc_ver()[0] != "glibc" or sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit()  # other allocators have other ways
if os.environ.get("PYTHONMALLOC") == "debug" or hasattr(sys, "gettotalrefcount"):
    sys.exit()  # debug allocators fill what they give, and move what is cut off

# A large block that is freed as a whole would have all that follows reused in any case: so there is
# none before, and the sizes go up.
stream = zstandard.ZstdCompressor().compressobj()
contents = [samples.noise(64 << 10, seed) + bytes(192 << 10) for seed in range(8)]
contents.insert(3, bytes(1200 << 10))
frame = b"".join(map(stream.compress, contents)) + stream.flush()
# Each piece becomes four times as much, and one more.
pieces = [frame[start : start + (64 << 10)] for start in range(0, len(frame), 64 << 10)]
check("decompressobj() of 3 MiB in 9 pieces", decompress_pieces, pieces)

data = samples.noise(700 << 10) + bytes(4 << 20)
check("compress() of 4.7 MiB to 0.7", zstandard.ZstdCompressor().compress, data)

items = [data[start : start + 4096] for start in range(0, len(data), 4096)] * 2
# Where threads share the work, chance has it which result comes next to which.
multi_compress = partial(zstandard.ZstdCompressor().multi_compress_to_buffer, threads=1)
check("multi_compress_to_buffer() of 2,400 items", multi_compress, items)

# Room for all that they could become is 64 MiB; each result begins where the one before it ends.
check("multi_compress_to_buffer() of 64 MiB of zeros", multi_compress, [bytes(64 << 10)] * 1000)
