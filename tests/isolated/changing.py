"""Lists and dicts that another thread changes while a call goes over them; and such objects."""

import contextlib
import threading
import time

from makers import SAMPLES, TRAINED

import zstandard as z

SECONDS = 1.5
USERS = 3
c, d = z.ZstdCompressor(1), z.ZstdDecompressor()
NAMES = list(z.compression_bounds())
FRAME = z.compress(b"content")
EXPECTED = (z.ZstdError, TypeError, ValueError)


class Slots(z.ZstdCompressionParameters):
    __slots__ = ("first", "second")


def repeat(use, deadline):
    while time.monotonic() < deadline:
        with contextlib.suppress(*EXPECTED):
            use()


def meanwhile(change, *uses):
    """Change something as long as threads use it.

    The thread that made it is the one to change it: CPython frees at once what no other has seen.
    """
    deadline = time.monotonic() + SECONDS
    threads = [threading.Thread(target=repeat, args=[use, deadline]) for use in uses]
    for thread in threads:
        thread.start()
    repeat(change, deadline)
    for thread in threads:
        thread.join()


values, samples, frames, slots = {}, [], [], {}


def change_values():
    for name in NAMES:
        values[name.upper().lower()] = int("1000000")  # objects of their own
    values.clear()


def change_slots():
    for name in ("first", "second"):
        slots[name.upper().lower()] = [name]
    slots.clear()


def change_lists():
    for sample in SAMPLES[:30]:
        samples.append(bytes(bytearray(sample)))
        frames.append(bytes(bytearray(FRAME)))
    samples.clear()
    frames.clear()


meanwhile(
    change_values,
    *[lambda: z.ZstdCompressionParameters().__setstate__((values, None))] * USERS,
)
meanwhile(
    change_slots,
    *[lambda: Slots().__setstate__(({}, (None, slots)))] * USERS,
)
meanwhile(
    change_lists,
    lambda: c.multi_compress_to_buffer(samples, threads=0),
    lambda: d.multi_decompress_to_buffer(frames),
    lambda: d.multi_decompress(frames),
    lambda: d.decompress_content_dict_chain(frames),
    lambda: z.train_dictionary(256, samples, k=8, d=8, f=5),
    lambda: z.finalize_dictionary(512, b"content" * 9, samples),
)

# What is told of a dictionary is told of one and the same content.
dictionary = z.ZstdCompressionDict(TRAINED, k=1, d=1)


wrong = []


def configure():
    dictionary.__init__(TRAINED, 0, 1, 1)
    dictionary.__init__(TRAINED, 1, 2, 2)


def note_wrong():
    numbers = dictionary.__reduce__()[2][0][1:]
    if numbers not in ((0, 1, 1), (1, 2, 2)):
        wrong.append(numbers)


meanwhile(configure, *[note_wrong] * USERS)
assert not wrong, wrong[0]
