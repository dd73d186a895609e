"""train_dictionary() and finalize_dictionary(): options, results, too few samples, errors."""

import inspect
import random
import re
import sys

import pytest

import child
import samples
import zstandard
from callbacks import Buffer, buffers_can_call_back, fail
from parallel import has_gil, in_threads, others_run
from zstandard import (
    ZstdCompressionDict,
    ZstdCompressor,
    ZstdDecompressor,
    ZstdError,
    finalize_dictionary,
    get_frame_parameters,
    train_dictionary,
)

SAMPLES = [samples.text(500, seed) for seed in range(150)]
DATA = samples.text(500, 1000)
CONTENT = samples.text(3000, 2000)


def finalize(dict_size=4096, content=CONTENT, taken=SAMPLES, **options):
    return finalize_dictionary(dict_size, content, taken, **options)


def train(dict_size=4096, taken=SAMPLES, **options):
    return train_dictionary(dict_size, taken, **options)


BOTH = {"train": train, "finalize": finalize}
both = pytest.mark.parametrize("make", BOTH.values(), ids=BOTH)


# --- results ---


@both
@pytest.mark.parametrize("size", [1000, 1024, 4096, 10_000])
def test_a_dictionary_that_works(make, size):
    dictionary = train(size) if make is train else finalize(size, CONTENT[:size])
    assert type(dictionary) is ZstdCompressionDict
    assert len(dictionary) <= size
    assert dictionary.as_bytes()[:4] == b"\x37\xa4\x30\xec"
    assert dictionary.dict_id() == int.from_bytes(dictionary.as_bytes()[4:8], "little") > 0
    frame = ZstdCompressor(dict_data=dictionary).compress(DATA)
    assert len(frame) < len(zstandard.compress(DATA))
    assert get_frame_parameters(frame).dict_id == dictionary.dict_id()
    assert ZstdDecompressor(dict_data=dictionary).decompress(frame) == DATA


@both
def test_the_same_of_the_same(make):
    assert make().as_bytes() == make().as_bytes()


def test_k_and_d_are_those_that_were_chosen():
    chosen = train()
    assert 6 <= chosen.d <= 8 <= chosen.k <= 4096
    told = train(k=100, d=6)
    assert (told.k, told.d) == (100, 6)
    assert (finalize().k, finalize().d) == (0, 0)


@both
def test_size_of_an_object_with_an_index(make):
    assert make(4096).as_bytes() == make(type("N", (), {"__index__": lambda _: 4096})()).as_bytes()


def test_how_content_fits():
    content = samples.noise(3000)
    assert finalize(4000, content).as_bytes().endswith(content)
    for size in (3000, 3001, 3100):
        dictionary = finalize(size, content).as_bytes()
        assert len(dictionary) == size
        assert content[:2500] in dictionary
        assert not dictionary.endswith(content[-10:])
    with pytest.raises(ZstdError, match="cannot finalize dict: Destination buffer is too small"):
        finalize(2999, content)


@pytest.mark.parametrize("shape", samples.SHAPES)
def test_content_in_every_shape(shape):
    content = samples.SHAPES[shape](CONTENT)
    assert finalize(content=content).as_bytes() == finalize().as_bytes()


# --- options ---


DIFFERING = {
    "k": (50, 1000),
    "d": (6, 8),
    "f": (8, 20),
    "split_point": (0.3, 1.0),
    "accel": (1, 10),
    "dict_id": (5, 6),
    "level": (1, 19),
    "steps": (1, 40),
}


@pytest.mark.parametrize("option", DIFFERING)
def test_options_make_a_difference(option):
    one, other = (train(**{"d": 8, option: value}) for value in DIFFERING[option])
    assert one.as_bytes() != other.as_bytes()


@pytest.mark.parametrize("option", ["dict_id", "level"])
def test_options_of_finalizing_make_a_difference(option):
    one, other = (finalize(**{option: value}) for value in DIFFERING[option])
    assert one.as_bytes() != other.as_bytes()


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({}, {"d": 8, "steps": 4}),
        ({}, {"f": 20, "accel": 1, "split_point": 0.75}),
        ({"threads": 1}, {"threads": 2}),
        ({"threads": 1}, {"threads": -1}),
        ({"threads": 1}, {"steps": 40}),
        ({"dict_id": 0}, {}),
        ({"level": 0}, {"level": 3}),
    ],
)
def test_defaults(given, same):
    one, other = train(**given), train(**same)
    assert one.as_bytes() == other.as_bytes()
    assert (one.k, one.d) == (other.k, other.d)


# Where its errors have 32 bits, too, libzstd takes the last numbers for some.
NUMBER_MAX = 2**32 - 1 if sys.maxsize > 2**32 else 2**32 - 200


@both
@pytest.mark.parametrize("number", [1, 5, 2**31, NUMBER_MAX])
def test_number_of_the_dictionary(make, number):
    dictionary = make(dict_id=number)
    assert dictionary.dict_id() == number
    frame = ZstdCompressor(dict_data=dictionary).compress(DATA)
    assert get_frame_parameters(frame).dict_id == number


def test_by_position():
    assert (
        inspect.signature(train_dictionary).parameters.keys()
        == inspect.signature(train_dictionary).bind(*range(12)).arguments.keys()
    )
    one = train_dictionary(4096, SAMPLES, 100, 6, 15, 0.5, 3, 0, 77, 5, 3, 1)
    other = train(
        4096,
        SAMPLES,
        k=100,
        d=6,
        f=15,
        split_point=0.5,
        accel=3,
        notifications=0,
        dict_id=77,
        level=5,
        steps=3,
        threads=1,
    )
    assert one.as_bytes() == other.as_bytes()
    assert (one.k, one.d, one.dict_id()) == (100, 6, 77)
    one = finalize_dictionary(4096, CONTENT, SAMPLES, 5, 0, 77)
    assert one.as_bytes() == finalize(level=5, dict_id=77).as_bytes()


@pytest.mark.parametrize("function", ["train", "finalize"])
def test_notifications_go_to_standard_error(function):
    code = f"""
        import random, zstandard
        words = ["window ", "literal ", "match ", "offset ", "block "]
        taken = [
            "".join(random.Random(seed).choices(words, k=100)).encode() for seed in range(200)
        ]
        for level in (0, 4):
            if {function == "train"}:
                zstandard.train_dictionary(2048, taken, notifications=level)
            else:
                zstandard.finalize_dictionary(2048, taken[0], taken, notifications=level)
            print("between", file=__import__("sys").stderr, flush=True)
    """
    process = child.run(code)
    assert process.returncode == 0
    assert process.stdout == ""
    silent, loud = process.stderr.split("between\n", 1)
    assert silent == ""
    assert loud.removesuffix("between\n") != ""


# --- what is too little ---


def fails_or_works(make):
    """See that what is made is a dictionary, or libzstd said why not."""
    try:
        dictionary = make()
    except ZstdError as error:
        fault = error
    else:
        frame = ZstdCompressor(dict_data=dictionary).compress(DATA)
        assert ZstdDecompressor(dict_data=dictionary).decompress(frame) == DATA
        return
    assert re.match("cannot (train|finalize) dict: .", str(fault))
    assert fault.code > 0


TOO_LITTLE = {
    "none": [],
    "empty ones": [b""] * 20,
    "few tiny ones": [b"a"] * 9,
    "all in the last": [b""] * 10 + [b"a" * 80],
    "one": [b"a" * 1000],
    "two": [b"a" * 1000] * 2,
    "tiny ones": [b"abc"] * 100,
    "all alike": [b"abcdefgh"] * 100,
    "runs": [bytes(100)] * 100,
}


@both
@pytest.mark.parametrize("taken", TOO_LITTLE.values(), ids=TOO_LITTLE)
@pytest.mark.parametrize(
    "options", [{}, {"k": 16, "d": 8}, {"split_point": 1.0}, {"threads": 2}, {"steps": 2}]
)
def test_too_little_fails_or_works(make, taken, options):
    if make is finalize:
        options = {}
    fails_or_works(lambda: make(1024, taken=taken, **options))


@pytest.mark.parametrize("name", ["none", "empty ones", "few tiny ones", "all in the last"])
@pytest.mark.parametrize("options", [{}, {"k": 16, "d": 8}, {"threads": 2}])
def test_what_is_certainly_too_little(name, options):
    with pytest.raises(ZstdError, match="cannot train dict: Src size is incorrect"):
        train(1024, TOO_LITTLE[name], **options)


def test_any_few_samples_fail_or_work():
    output = child.output_of("""
        import random, zstandard
        made = 0
        for seed in range(400):
            chooser = random.Random(seed)
            sizes = chooser.choices((0, 1, 2, 7, 8, 9, 30, 100), k=chooser.randint(0, 14))
            taken = [chooser.randbytes(size) for size in sizes]
            options = chooser.choice(({}, {"k": 8, "d": 8}, {"k": 6, "d": 6}, {"d": 6, "steps": 1}))
            split_point = chooser.choice((0.0, 1.0, 0.75, 0.1, 1e-9, -1.0, 5.0, float("nan")))
            try:
                zstandard.train_dictionary(256, taken, split_point=split_point, **options)
                made += 1
            except zstandard.ZstdError:
                pass
        print("all", 0 < made < 400)
    """)
    assert output in {"all True", "all False"}


# --- errors ---


@both
@pytest.mark.parametrize("taken", [None, (b"a",), iter([b"a"]), b"text", "text", {b"a"}])
def test_samples_that_are_no_list(make, taken):
    with pytest.raises(TypeError, match="list"):
        make(taken=taken)


@both
@pytest.mark.parametrize("item", [bytearray(b"a"), memoryview(b"a"), "a", None, 3, [b"a"]])
@pytest.mark.parametrize("place", [0, 5, 149])
def test_samples_that_are_not_bytes(make, item, place):
    taken = [*SAMPLES]
    taken[place] = item
    with pytest.raises(ValueError, match=f"samples must be bytes: item {place} is "):
        make(taken=taken)


@both
def test_samples_of_a_subclass(make):
    taken = [samples.BytesSubclass(sample) for sample in SAMPLES]
    assert make(taken=taken).as_bytes() == make().as_bytes()


@both
@pytest.mark.parametrize("size", [0, 1, 7, 8, 255])
def test_sizes_that_are_too_small(make, size):
    with pytest.raises(ZstdError, match=f"too small: dict_size is {size}, and a dictionary takes"):
        make(size)


@both
@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (-1, ValueError, "dict_size must be a number of bytes, not -1"),
        (-sys.maxsize - 1, ValueError, "dict_size must be a number of bytes"),
        (sys.maxsize + 1, OverflowError, None),
        (sys.maxsize, (MemoryError, OverflowError), None),
        (1000.0, TypeError, None),
        ("1000", TypeError, None),
        (None, TypeError, None),
    ],
)
def test_bad_sizes(make, size, error, message):
    with pytest.raises(error, match=message):
        make(size)


@pytest.mark.parametrize("option", ["k", "d", "f", "accel", "notifications", "steps"])
@pytest.mark.parametrize("value", [-1, -(2**31)])
def test_negative_numbers(option, value):
    with pytest.raises(ValueError, match=f"{option} must be 0 or more, not {value}"):
        train(**{option: value})


@both
@pytest.mark.parametrize("value", [-1, -(2**31), 2**32])
def test_numbers_that_frames_cannot_state(make, value):
    with pytest.raises(ValueError, match=f"dict_id must be from 0 to 4294967295, not {value}"):
        make(dict_id=value)


def test_negative_notifications_of_finalizing():
    with pytest.raises(ValueError, match="notifications must be 0 or more, not -1"):
        finalize(notifications=-1)


@pytest.mark.parametrize("value", [32, 100, 2**31 - 1])
def test_tables_that_are_too_large(value):
    with pytest.raises(ValueError, match=f"f must be at most 31, not {value}"):
        train(f=value)


@pytest.mark.parametrize(
    "options",
    [{"d": 5}, {"d": 9}, {"k": 5, "d": 8}, {"k": 5000}, {"accel": 11}, {"split_point": 1.5}],
)
def test_options_that_libzstd_refuses(options):
    with pytest.raises(ZstdError, match="cannot train dict: ") as caught:
        train(**options)
    assert caught.value.code > 0


@pytest.mark.parametrize(
    "option",
    ["k", "d", "f", "accel", "notifications", "dict_id", "level", "steps", "threads"],
)
@pytest.mark.parametrize(("value", "error"), [(2**63, OverflowError), ("3", TypeError)])
def test_numbers_of_other_kinds(option, value, error):
    with pytest.raises(error):
        train(**{option: value})


@both
@pytest.mark.parametrize("options", [{"nothing": 1}, {"dict_size": 5}])
def test_bad_names(make, options):
    with pytest.raises(TypeError):
        make(4096, **options)


@both
def test_missing_arguments(make):
    function = {train: train_dictionary, finalize: finalize_dictionary}[make]
    for arguments in ((), (4096,)):
        with pytest.raises(TypeError, match="missing required argument"):
            function(*arguments)


@pytest.mark.parametrize("content", samples.NOT_BUFFERS.values(), ids=samples.NOT_BUFFERS)
def test_content_that_is_no_buffer(content):
    with pytest.raises(TypeError, match="bytes-like"):
        finalize(content=content)


@pytest.mark.parametrize("content", [b"", b"a", b"abcdefg", samples.noise(5000)])
def test_any_content_fails_or_works(content):
    fails_or_works(lambda: finalize(content=content))


def test_content_is_released():
    content = bytearray(CONTENT)
    finalize(content=content)
    assert samples.is_released(content)
    for size, taken, error in (
        (4096, ["text"], ValueError),
        (500, SAMPLES, ZstdError),
        (255, SAMPLES, ZstdError),
        (4096, None, TypeError),
    ):
        with pytest.raises(error):
            finalize(size, content, taken)
        assert samples.is_released(content)


@buffers_can_call_back
def test_error_of_a_buffer_is_passed_on():
    with pytest.raises(LookupError, match="of the callback"):
        finalize(content=Buffer(b"", fail))


def test_what_training_fails_of_names_what_it_was_told():
    told = "dict_size=4096, 150 samples, k=0, d=7, f=0, split_point=0.25, accel=2"
    with pytest.raises(ZstdError, match=f"^cannot train dict: .*: {re.escape(told)}$"):
        train(d=7, split_point=0.25, accel=2)


def test_more_threads_than_there_can_be():
    assert len(train(k=64, d=8, threads=10**6)) > 0


# --- threads ---


@has_gil
@both
def test_other_threads_run_meanwhile(make):
    taken = SAMPLES * 4
    assert others_run(lambda: lambda: make(8192, taken=taken))


@has_gil
def test_other_threads_run_while_samples_are_copied():
    taken = [bytes(1000)] * 30_000

    def refused():
        with pytest.raises(OverflowError):  # by Python, for bytes of that size, and before training
            train(sys.maxsize, taken)

    assert others_run(lambda: refused)


@both
@pytest.mark.usefixtures("frequent_switches")
def test_samples_may_change_meanwhile(make):
    taken = [*SAMPLES]
    expected = make().as_bytes()

    def work(number):
        if number % 2:
            for turn in range(200):
                random.Random(turn).shuffle(taken)
            return None
        return make(taken=taken).dict_id()

    assert any(in_threads(work, 4))
    assert make().as_bytes() == expected
