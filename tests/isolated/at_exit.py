"""Writers that live when the interpreter ends are warned of, and no stream crashes it."""

import subprocess
import sys
import textwrap

PRELUDE = """
import io, sys
import zstandard as z
CONTENT = b"content" * 1000
FRAME = z.compress(CONTENT)
c, d = z.ZstdCompressor(), z.ZstdDecompressor()
class Sink:
    def write(self, data):
        return len(data)
"""
WARNING = "ResourceWarning: unclosed writer, whose output is not all written: <zstandard.backend_c."


def ends(code, *options):
    """Run the code in an interpreter, which must end well; return what it wrote to stderr."""
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", *options, "-c", PRELUDE + textwrap.dedent(code)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "", done.stdout
    return done.stderr


# Left open, in mid-frame: in a name or a cycle, dropped, or kept by a module. Some modules go when
# there is nobody left to show a warning: those that have none of files either.
OPEN = """
    writer = {make}
    writer.write({data})
    {keep}
"""
WRITERS = {
    "ZstdCompressionWriter": ("c.stream_writer(Sink())", "CONTENT"),
    "ZstdDecompressionWriter": ("d.stream_writer(Sink())", "FRAME[:12]"),
}
KEEPS = {
    "": True,
    "del writer": True,
    "z.kept = writer; del writer": True,
    "sink = Sink(); sink.cycle = [writer, sink]; del writer, sink": True,
    "import builtins; builtins.kept = writer; del writer": True,
    "sys.kept = writer; del writer": False,
    "import threading; threading.kept = writer; del writer": False,
    "import atexit; atexit.register(writer.close); del writer": False,
}
for name, (make, data) in WRITERS.items():
    for keep, warns in KEEPS.items():
        code = OPEN.format(make=make, data=data, keep=keep)
        message = ends(code, "-X", "dev")
        if not warns:
            continue
        assert WARNING + name in message, f"{keep}: {message}"
        assert message.count(WARNING) == 1, message
        assert ends(code, "-W", "ignore::ResourceWarning") == ""
        assert WARNING + name in ends(code, "-W", "error::ResourceWarning")

# Where tracemalloc knows, the warning says where the writer was made.
assert "Object allocated at" in ends(
    "c.stream_writer(Sink()).write(CONTENT)", "-X", "dev", "-X", "tracemalloc=5"
)

# Nothing to warn of: closed, never used, ended by flush(FLUSH_FRAME), whole frames, readers.
for code in (
    "writer = c.stream_writer(Sink())",
    "writer = z.ZstdCompressionWriter.__new__(z.ZstdCompressionWriter)",
    "writer = c.stream_writer(Sink()); writer.write(CONTENT); writer.close()",
    "writer = c.stream_writer(Sink()); writer.write(CONTENT); writer.flush(z.FLUSH_FRAME)",
    "writer = d.stream_writer(Sink()); writer.write(FRAME)",
    "reader = c.stream_reader(io.BytesIO(CONTENT)); reader.read(9)",
    "reader = d.stream_reader(FRAME); reader.read(9); reader.peek()",
    "iterator = c.read_to_iter(io.BytesIO(CONTENT * 1000), write_size=1); next(iterator)",
    "iterator = d.read_to_iter(FRAME, write_size=1); next(iterator)",
    "iterator = c.chunker(chunk_size=1).compress(CONTENT)",
    "iterator = d.chunker(chunk_size=1).decompress(FRAME); next(iterator)",
):
    assert ends(code, "-X", "dev") == "", code

# A text layer over a writer, and a subclass whose __del__ closes, end the frame in time.
ends(
    """
    class Closing(z.ZstdCompressionWriter):
        def __del__(self):
            self.close()

    class Checking:
        def __init__(self):
            self.written = b""

        def write(self, data):
            self.written += data
            return len(data)

        def close(self):
            assert z.decompress(self.written, 7000) == CONTENT

    writer = Closing(c, Checking())
    writer.write(CONTENT)
    text = io.TextIOWrapper(c.stream_writer(Checking()), write_through=True)
    text.write(CONTENT.decode())
    """,
    "-X",
    "dev",
)

# Batches whose native threads are at work when the interpreter ends.
ends(
    """
    import threading, time
    batch = [b"0123456789" * 100_000] * 500
    frames = c.multi_compress(batch)
    sizeless = [bytearray(frame) for frame in frames]

    def work(call, data):
        while True:
            call(data, threads=3)

    for call, data in (
        (c.multi_compress, batch),
        (c.multi_compress_to_buffer, batch),
        (d.multi_decompress, frames),
        (d.multi_decompress_to_buffer, sizeless),
    ):
        threading.Thread(target=work, args=(call, data), daemon=True).start()
    time.sleep(0.1)
    """
)

# Threads that are at work when the interpreter ends, as daemons.
ends(
    """
    import os, threading, time
    NOISE = os.urandom(5_000_000)

    class Endless:
        def read(self, size):
            return NOISE[:size]

        def write(self, data):
            return len(data)

    reader = c.stream_reader(Endless())
    writer = c.stream_writer(Endless())
    begun = threading.Barrier(9)

    def work(call):
        begun.wait()
        while True:
            call()

    for call in (lambda: reader.read(100_000), lambda: writer.write(NOISE)) * 4:
        threading.Thread(target=work, args=(call,), daemon=True).start()
    begun.wait()
    time.sleep(0.1)
    """
)

# Threads in every other kind of long call, with threads of libzstd's or without.
ends(
    """
    import os, threading, time
    NOISE = os.urandom(5_000_000)
    SAMPLES = [NOISE[start : start + 2000] for start in range(0, 1_000_000, 1000)]
    workers = z.ZstdCompressor(threads=2)
    zeros = c.compress(bytes(50_000_000))
    raw = z.ZstdCompressionDict(NOISE, z.DICT_TYPE_RAWCONTENT)
    writer = workers.stream_writer(Sink())
    stream = workers.compressobj()
    begun = threading.Barrier(9)

    def abandon():
        workers.compressobj().compress(NOISE)

    def work(call):
        begun.wait()
        while True:
            call()

    for call in (
        lambda: workers.compress(NOISE * 3),
        lambda: writer.write(NOISE),
        lambda: stream.compress(NOISE),
        abandon,
        lambda: d.decompress(zeros),
        lambda: z.train_dictionary(10_000, SAMPLES, threads=2),
        lambda: raw.precompute_compress(level=9),
        lambda: c.copy_stream(io.BytesIO(NOISE), Sink()),
    ):
        threading.Thread(target=work, args=(call,), daemon=True).start()
    begun.wait()
    time.sleep(0.3)
    """,
    "-W",
    "ignore::ResourceWarning",
)

# A finalizer that wants a stream that a thread is at work on, which never runs again.
TOLD = ends(
    """
    import threading
    begun = threading.Event()

    class Waiting:
        def read(self, size, begin=begun.set, wait=threading.Event().wait):
            begin()
            wait()

    class Closing:
        def __init__(self, reader):
            self.reader = reader

        def __del__(self, write=sys.stderr.write):
            try:
                self.reader.close()
            except RuntimeError as error:
                write(f"told: {error}")

    reader = c.stream_reader(Waiting(), closefd=False)
    threading.Thread(target=reader.read, daemon=True).start()
    begun.wait()
    z.kept = Closing(reader)
    """
)
assert TOLD == ("told: the object is in use by another thread while the interpreter shuts down"), (
    TOLD
)
