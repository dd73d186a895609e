"""The targets of the fuzzer with its seeds, and with what it has found before."""

from pathlib import Path

import pytest

from fuzz.choices import Choices, seed
from fuzz.expected import memory_within
from fuzz.targets import TARGETS

SEEDS = Path(__file__).parent / "fuzz" / "seeds"
INPUTS = sorted(SEEDS.glob("*/*"))


@pytest.mark.thread_unsafe(reason="traces memory, which is the whole process's")
@pytest.mark.parametrize("path", INPUTS, ids=[f"{path.parent.name}-{path.name}" for path in INPUTS])
def test_seed(path):
    TARGETS[path.parent.name](path.read_bytes())


def test_each_target_has_seeds():
    assert {path.parent.name for path in INPUTS} == set(TARGETS)


def test_choices_are_those_of_the_seed():
    choices = Choices(seed([1, 2, 0, 7, 255], b"payload"))
    assert (choices.boolean(), choices.byte(), choices.number(-3, 300)) == (True, 2, 4)
    assert choices.left()
    assert choices.seldom()
    assert not choices.left()
    assert (choices.byte(), choices.pick("ab"), choices.payload) == (0, "a", b"payload")
    assert Choices(b"").payload == b""


def test_pieces_and_parts_are_the_whole():
    choices = Choices(seed([1, 2, 200, 0], bytes(range(200)) * 30))
    assert b"".join(choices.pieces(choices.payload)) == choices.payload
    choices = Choices(seed([9, 200, 0, 7], b"payload"))
    parts = choices.parts(3)
    assert (len(parts), b"".join(parts)) == (3, b"payload")


def test_memory_above_its_bound_is_noticed():
    with memory_within(2_000_000):
        bytearray(1_000_000)
    with pytest.raises(AssertionError, match="bytes of memory"), memory_within(500_000):
        bytearray(1_000_000)
