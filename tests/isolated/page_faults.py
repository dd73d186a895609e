"""Memory for results is reused by later calls, and not fetched from the system page by page."""

import os
import platform
import resource
import sys
import sysconfig

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


if platform.libc_ver()[0] != "glibc" or sysconfig.get_config_var("Py_GIL_DISABLED"):
    sys.exit()  # other allocators have other ways
if os.environ.get("PYTHONMALLOC") == "debug":
    sys.exit()  # it moves what is cut off

compress = zstandard.ZstdCompressor().compress
# Nothing as large is freed before: that would have it reused in any case.
data = samples.noise(700 << 10) + bytes(4 << 20)
result = compress(data)
faults = page_faults(compress, data)
print(f"compress() of 4 MiB to {len(result)} bytes: {faults} page faults")
assert faults < 10, faults

multi_compress = zstandard.ZstdCompressor().multi_compress_to_buffer
items = [data[start : start + 4096] for start in range(0, len(data), 4096)]
size = multi_compress(items).size()
faults = page_faults(multi_compress, items)
print(f"multi_compress_to_buffer() of {len(items)} items to {size} bytes: {faults} page faults")
assert faults < 100, faults

assert zstandard.decompress(result) == data
