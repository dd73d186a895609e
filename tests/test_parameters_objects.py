"""ZstdCompressionParameters as objects: repr(), equality, copies, pickles, subclasses."""

import copy
import pickle

import pytest

import samples
from parameters import (
    PLAIN,
    VALUES,
    values_of,
)
from zstandard import (
    ZstdCompressionParameters,
    ZstdCompressor,
    ZstdError,
    get_frame_parameters,
)


class Subclass(ZstdCompressionParameters):
    pass


class WithSlots(ZstdCompressionParameters):
    __slots__ = ("also", "other")


class WithBoth(Subclass):
    __slots__ = ("slot",)


class WithArguments(ZstdCompressionParameters):
    def __init__(self, label, window_log=0):
        super().__init__(window_log=window_log)
        self.label = label


class Labelled(ZstdCompressionParameters):
    def __init__(self, **parameters):
        super().__init__(**parameters)
        self.label = "label"


EXAMPLES = [
    ZstdCompressionParameters(),
    ZstdCompressionParameters.from_level(3),
    ZstdCompressionParameters(**VALUES),
    ZstdCompressionParameters(compression_level=-131072),
    ZstdCompressionParameters(write_dict_id=1),
    *(ZstdCompressionParameters(**{name: value}) for name, value in VALUES.items()),
]


@pytest.mark.parametrize("parameters", EXAMPLES, ids=repr)
def test_repr_evaluates_to_an_equal_object(parameters):
    result = eval(repr(parameters))
    assert result == parameters
    assert values_of(result) == values_of(parameters)


def test_repr_says_what_is_set():
    assert repr(ZstdCompressionParameters()) == "ZstdCompressionParameters()"
    parameters = ZstdCompressionParameters(write_checksum=1, window_log=12, strategy=-1)
    assert repr(parameters) == "ZstdCompressionParameters(window_log=12, write_checksum=1)"
    assert repr(Subclass(compression_level=-1)) == "Subclass(compression_level=-1)"


def test_equality_and_hash():
    hashes = set()
    for number, one in enumerate(EXAMPLES):
        for other_number, other in enumerate(EXAMPLES):
            same = values_of(one) == values_of(other)
            assert (one == other) is same
            assert (one != other) is not same
            assert same or number != other_number
        assert hash(one) == hash(copy.copy(one))
        hashes.add(hash(one))
    assert len(hashes) > len(EXAMPLES) / 2
    parameters = ZstdCompressionParameters(window_log=12)
    assert parameters == Subclass(window_log=12)
    assert hash(parameters) == hash(Subclass(window_log=12))
    assert {parameters: 1}[ZstdCompressionParameters(window_log=12)] == 1
    for other in (None, 12, "ZstdCompressionParameters(window_log=12)", object()):
        assert (parameters == other) is False
        assert (parameters != other) is True


COPIES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
} | {
    f"pickle {protocol}": lambda one, protocol=protocol: pickle.loads(pickle.dumps(one, protocol))
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
}


@pytest.mark.parametrize("parameters", EXAMPLES, ids=repr)
@pytest.mark.parametrize("way", COPIES)
def test_copies_are_equal(way, parameters):
    result = COPIES[way](parameters)
    assert type(result) is ZstdCompressionParameters
    assert result is not parameters
    assert values_of(result) == values_of(parameters)


@pytest.mark.parametrize("way", COPIES)
def test_copies_of_subclasses_have_their_attributes(way):
    plain = Subclass(window_log=12)
    plain.attribute = ["value"]
    result = COPIES[way](plain)
    assert type(result) is Subclass
    assert result == plain
    assert result.__dict__ == {"attribute": ["value"]}
    assert (result.attribute is plain.attribute) is (way == "copy")

    slotted = WithSlots(window_log=12)
    slotted.also = ["value"]
    result = COPIES[way](slotted)
    assert type(result) is WithSlots
    assert result == slotted
    assert result.also == ["value"]
    assert not hasattr(result, "other")

    result = COPIES[way](WithArguments("label", 13))
    assert (result.label, result.window_log) == ("label", 13)


def test_pickle_has_what_is_set_and_no_more():
    assert ZstdCompressionParameters(window_log=12).__reduce__()[2] == ({"window_log": 12}, None)
    assert Subclass().__reduce__()[2] == ({}, None)
    assert ZstdCompressionParameters().__reduce__()[2] == ({}, None)


@pytest.mark.parametrize(
    ("state", "error"),
    [
        (None, TypeError),
        ({}, TypeError),
        ((), TypeError),
        (({},), TypeError),
        (([], None), TypeError),
        (({}, 5), TypeError),
        (({}, (None, 5)), TypeError),
        (({}, (None, None, None)), TypeError),
        (({"novel": 1}, None), TypeError),
        (({1: 1}, None), TypeError),
        (({"window_log": "1"}, None), TypeError),
        (({"window_log": 2**40}, None), OverflowError),
        (({"window_log": 1}, None), ZstdError),
        (({}, {"attribute": 1}), AttributeError),
        (({}, (None, {"slot": 1})), AttributeError),
        (({}, (None, {1: 1})), TypeError),
    ],
)
def test_state_that_is_not_of_reduce(state, error):
    parameters = ZstdCompressionParameters(window_log=12)
    with pytest.raises(error):
        parameters.__setstate__(state)
    assert values_of(parameters) == PLAIN | {"window_log": 12}


@pytest.mark.parametrize(
    ("content", "error"),
    [({"window_log": 1}, ZstdError), ({"nothing": 1}, TypeError), ({"window_log": "1"}, TypeError)],
)
def test_bad_values_leave_the_attributes_as_they_were(content, error):
    parameters = WithBoth(window_log=12)
    parameters.attribute = parameters.slot = "before"
    with pytest.raises(error):
        parameters.__setstate__((content, ({"attribute": "after"}, {"slot": "after"})))
    assert values_of(parameters) == PLAIN | {"window_log": 12}
    assert (parameters.attribute, parameters.slot) == ("before", "before")


def test_setstate_replaces_all_values():
    parameters = ZstdCompressionParameters(write_checksum=1)
    parameters.__setstate__(({"window_log": 12}, None))
    assert values_of(parameters) == PLAIN | {"window_log": 12}


def test_subclasses():
    assert values_of(Subclass(**VALUES)) == PLAIN | VALUES
    assert WithArguments("label", 12).window_log == 12
    data = samples.text(1000)
    for cls in (Subclass, WithSlots, Labelled):
        parameters = cls(write_checksum=1)
        frame = ZstdCompressor(compression_params=parameters).compress(data)
        assert get_frame_parameters(frame).has_checksum


def test_from_level_of_subclasses_makes_none():
    for cls in (Labelled, WithArguments):
        result = cls.from_level(7, 1000, write_checksum=1)
        assert type(result) is ZstdCompressionParameters
        assert result == ZstdCompressionParameters.from_level(7, 1000, write_checksum=1)
