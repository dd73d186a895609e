"""An interpreter that ends after any use leaves no more references and blocks than one without.

Debug builds of CPython count them; others have nothing to tell, and are not asked.
"""

import re
import subprocess
import sys
from pathlib import Path

IS_COUNTED = hasattr(sys, "gettotalrefcount")
# What the programs below import, apart from zstandard, leaves references by itself.
OTHERS = "import contextlib, copy, functools, io, struct, threading"
STREAMS = """
import zstandard as z
stream = z.ZstdCompressor().compressobj()
frame = stream.compress(b"content") + stream.flush(z.COMPRESSOBJ_FLUSH_BLOCK)
reader = z.ZstdDecompressor().stream_reader(frame)
assert reader.read(1) + reader.peek() == b"content"
"""
EVERY_TYPE = f"""
{OTHERS}
from makers import MAKERS, SUBCLASSABLE, call_all, failing_calls
import zstandard as z

made = [make() for all_makers in MAKERS.values() for make in all_makers]
"""
SUBCLASSES = """
for kind, arguments in SUBCLASSABLE.items():
    class Subclass(kind):
        def __del__(self):
            call_all(self)
    instance = Subclass(*arguments())
    instance.cycle = instance
"""
THREADS = """
def work():
    for item in c.multi_compress([b"content" * 10_000] * 9, threads=2):
        z.decompress(item)

c = z.ZstdCompressor(threads=1)
threads = [threading.Thread(target=work) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
# By what they do: a program, and one without zstandard that leaves as much.
PROGRAMS = {
    "import": ("import zstandard", ""),
    "calls": ("import zstandard as z; z.decompress(z.compress(b'content'))", ""),
    "streams that live": (STREAMS, ""),
    "an error that lives": (
        "import zstandard as z\ntry: z.decompress(b'junk')\nexcept z.ZstdError as e: z.error = e",
        "",
    ),
    "every type": (EVERY_TYPE + "del made", OTHERS),
    "every type, kept": (EVERY_TYPE, OTHERS),
    "every type, kept by the module": (EVERY_TYPE + "z.backend_c.made = made", OTHERS),
    "every type, in a cycle": (EVERY_TYPE + "made.append(made)", OTHERS),
    "every method": (EVERY_TYPE + "for one in made: call_all(one)", OTHERS),
    "calls that fail": (
        EVERY_TYPE
        + "for call, error in failing_calls():\n    with contextlib.suppress(error): call()",
        OTHERS,
    ),
    "subclasses": (EVERY_TYPE + SUBCLASSES, OTHERS),
    "threads": (EVERY_TYPE + THREADS, OTHERS),
}


def left_by(program):
    """Return the references and blocks that are left when the interpreter has ended."""
    done = subprocess.run(
        [
            sys.executable,
            *("-W", "ignore::ResourceWarning", "-X", "showrefcount", "-c", program),
        ],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent,
        check=True,
    )
    found = re.fullmatch(r"\[(\d+) refs, (\d+) blocks\]\n", done.stderr)
    assert found, done.stderr
    return tuple(map(int, found.groups()))


if IS_COUNTED:
    baselines = {}
    for name, (program, without) in PROGRAMS.items():
        if without not in baselines:
            baselines[without] = left_by(without)
        left = left_by(program)
        assert left == baselines[without], (
            f"{name}: {left} references and blocks are left, and {baselines[without]} without it"
        )
