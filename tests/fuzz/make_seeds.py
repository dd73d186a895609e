"""Write the seeds again: PYTHONPATH=tests python tests/fuzz/make_seeds.py

A few short inputs for each target, which lead a fuzzer, and the tests, to each of its parts.
"""

import random
from pathlib import Path

import frames
import samples
import zstandard
from fuzz.choices import seed
from fuzz.targets import TARGETS

FOLDER = Path(__file__).parent / "seeds"

TEXT = samples.text(600)


def streamed(data):
    stream = zstandard.ZstdCompressor(write_checksum=True).compressobj()
    return stream.compress(data) + stream.flush()


STATED = zstandard.compress(TEXT)
PAYLOADS = {
    "empty": b"",
    "stated": STATED,
    "streamed": streamed(TEXT),
    "two": STATED + frames.skippable(b"between", 3) + streamed(b"more" * 20),
    "damaged": STATED[:20] + b"\xff" + STATED[21:],
    "cut": STATED[:-9],
    "junk": STATED + b"junk",
    "skippable": frames.skippable(b"content", 7) + STATED,
    "bomb": frames.header(window=0x50) + frames.rle_block(100_000, last=False) * 4,
    "lie": frames.header(1 << 40, size_width=8) + frames.raw_block(b"little"),
    "beyond": frames.header(65, size_width=8, window=0x41) + frames.raw_block(TEXT[:300]),
    "window": frames.header(window=0xFF) + frames.raw_block(b"little"),
}


def trained():
    lines = TEXT.splitlines()
    pieces = [b" ".join(random.Random(i).sample(lines, 3)) for i in range(60)]
    return zstandard.train_dictionary(512, pieces).as_bytes()


def of_frames(decisions):
    return {name: seed(decisions, payload) for name, payload in PAYLOADS.items()}


def of_shapes():
    """Take each payload by each of the four shapes."""
    return {
        f"{name}-{way}": seed([0, 0, 0, way, 3], payload)
        for way in range(4)
        for name, payload in PAYLOADS.items()
    }


def of_programs(count):
    """Make arbitrary programs for the driver, with a payload to work on."""
    return {
        str(number): seed(random.Random(number).randbytes(250), STATED[:60] + TEXT[:100])
        for number in range(count)
    }


def of_parameters():
    return {
        str(shape): seed([shape, 4, *random.Random(shape).randbytes(30)], TEXT[:200])
        for shape in range(7)
    }


def of_dictionaries():
    """Cut the payload, of content, frame and dictionary, by two decisions of two bytes each."""
    dictionary = trained()
    content = TEXT[:100]
    native = zstandard.ZstdCompressionDict(dictionary)
    frame = zstandard.ZstdCompressor(dict_data=native).compress(content)
    cuts = [*len(content).to_bytes(2, "big"), *(len(content + frame)).to_bytes(2, "big")]
    return {
        str(kind): seed([*cuts, kind, 0, 0, 1, 1, 1, 30], content + frame + dictionary)
        for kind in range(4)
    }


def seeds():
    """Return the seeds by target and name."""
    reads = [0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 3, 2, 2, 1, 3, 0, 2, 2, 4, 1, 6, 2, 0, 5, 3]
    halves = [0, len(STATED)]
    segment = [2, 0, 0, 0, 30, 0, 0, 10, 0, 20, 0]
    return {
        "api": of_programs(12),
        "chain": {"four": seed([3, 0, 100, 0, 200, 1, 44], TEXT[:400])},
        "decompress": of_frames([0, 0, 0, 0, 0, 1]),
        "decompressobj": of_frames([0, 0, 0, 1, 2, 0, 5, 3, 20, 200]),
        "dictionaries": of_dictionaries(),
        "frames": of_frames([0, 3, 7, 0, 1, 2]),
        "multi_decompress": {
            "two": seed([1, *halves, 0, 0], STATED * 2),
            "other": seed([1, *halves, 0, 1], STATED + PAYLOADS["streamed"]),
        },
        "reader": of_frames(reads),
        "round_trip": of_parameters(),
        "segments": {
            "frames": seed([*halves, *segment, 0, *segment, 0, 0, 1], STATED * 2),
            "outside": seed([0, 9, 1, 0, 5, 0, 5, 255, 1, 0], b"nine byte"),
        },
        "shapes": of_shapes(),
        "skippable": of_frames([5]),
        "training": {
            "train": seed([15, *random.Random(1).randbytes(30), 0, 1, 0, 50, 1, 0, 1], TEXT),
            "finalize": seed([15, *random.Random(1).randbytes(30), 1, 0, 1], TEXT),
        },
    }


def main():
    for target, inputs in seeds().items():
        assert target in TARGETS
        folder = FOLDER / target
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in inputs.items():
            folder.joinpath(name).write_bytes(data)


if __name__ == "__main__":
    main()
