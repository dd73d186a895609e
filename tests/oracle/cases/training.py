"""Cases on train_dictionary(): every option, and samples that are too few or are none."""

from collections.abc import Iterator
from itertools import product

SAMPLES = "[text(300, n) for n in range(100)]"

VALUES = {
    "k": (0, 1, 5, 6, 8, 50, 100, 1000, 2000, 2001, 10_000),
    "d": (0, 1, 5, 6, 7, 8, 9),
    "f": (0, 1, 5, 15, 20),
    "split_point": (0.0, 0.01, 0.5, 0.75, 0.99, 1.0, 1, 1.01, 2.0, -1.0),
    "accel": (0, 1, 2, 10, 11),
    "dict_id": (0, 1, 5, 2**31 - 1, -1),
    "level": (0, 1, 3, 19, 22, -5, 23, 100),
    "steps": (0, 1, 2, 5, 40),
    "threads": (0, 1, 2),
}

PAIRS = (
    "k=100, d=6",
    "k=100, d=8",
    "k=6, d=6",
    "k=100, d=5",
    "k=100, d=8, f=10, accel=5",
    "k=100, steps=3",
    "d=6, steps=3",
    "d=6, threads=1",
    "steps=5, threads=2",
    "level=19, dict_id=7",
    "k=200, d=8, split_point=1.0",
    "split_point=0.9, f=15, accel=3, steps=7",
)

# 0.25.0 is not asked for [b'a'] * 9 and its like, which may end its process later on.
TOO_LITTLE = (
    "[]",
    "[b'']",
    "[b''] * 20",
    "[b'a' * 1000]",
    "[b'abcdefgh'] * 3",
    "[b'abcdefgh'] * 100",
    "[bytes(100)] * 100",
    "[text(300)]",
    "[text(300), text(300, 1)]",
    "[text(300, n) for n in range(6)]",
    "[noise(50, n) for n in range(50)]",
)

# What 0.25.0 does not get done with, or ends its process by.
ENDLESS = (("k", "-1"), ("f", "-1"), ("f", "2**31"), ("accel", "-1"))

NO_SAMPLES = (
    "None",
    "()",
    "(b'a',)",
    "b'abc'",
    "'abc'",
    "{}",
    "iter([])",
    "[None]",
    "['abc']",
    "[b'a', 'abc']",
    "[bytearray(300)] * 10",
    "[memoryview(b'abc')] * 10",
    "[3] * 10",
)


def cases() -> Iterator[str]:
    yield f"trained(2000, {SAMPLES})"
    for size in (256, 500, 1000, 2000, 10_000):
        yield f"trained({size}, {SAMPLES})"
        yield f"trained({size}, [text(3000, n) for n in range(30)])"
        yield f"trained({size}, [mixed(2000)[n:] for n in range(50)])"
    for option, values in VALUES.items():
        for value in values:
            yield f"trained(2000, {SAMPLES}, {option}={value})"
    for options in PAIRS:
        yield f"trained(2000, {SAMPLES}, {options})"
    for samples, options in product(TOO_LITTLE, ("", "d=8", "k=16, d=8", "threads=1")):
        yield f"trained(1000, {samples}, {options})"
    for samples in NO_SAMPLES:
        yield f"trained(1000, {samples})"
    yield from wrong_numbers()
    yield f"trained(1000, {SAMPLES}, 100, 6, 15, 0.5, 3, 0, 77, 5, 3, 1)"
    yield f"trained(dict_size=1000, samples={SAMPLES})"
    for arguments in ("", "1000", f"1000, {SAMPLES}, nothing=1", f"1000, {SAMPLES}, samples=[]"):
        yield f"z.train_dictionary({arguments})"
    yield f"[d := z.train_dictionary(2000, {SAMPLES}), native(d.k), d.d][2]"
    yield (
        f"[d := z.train_dictionary(2000, {SAMPLES}, dict_id=5),"
        " sealed(d, C(dict_data=d).compress(text(300))), d.dict_id(), type(d)][1:]"
    )


def wrong_numbers() -> Iterator[str]:
    for size in ("0", "1", "7", "8", "255", "-1", "2**63", "-2**63-1", "None", "1000.0", "'1000'"):
        yield f"trained({size}, {SAMPLES})"
    for option in ("k", "d", "f", "accel", "dict_id", "steps", "level"):
        for value in ("-1", "2**31", "2**32", "2**64", "None", "'3'", "2.5"):
            if (option, value) not in ENDLESS:
                yield f"trained(1000, {SAMPLES}, {option}={value})"
    for value in ("None", "'3'", "1", "True", "1j"):
        yield f"trained(1000, {SAMPLES}, split_point={value})"
