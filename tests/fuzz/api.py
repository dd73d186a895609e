"""Target: any method of any object with any arguments in any order, from within callbacks, too."""

import contextlib
import gc
import inspect
import sys
import warnings

import zstandard
from fuzz.choices import Choices
from fuzz.expected import DECLARED
from zstandard import ZstdCompressor, ZstdDecompressor

STEPS_MAX = 60
DEPTH_MAX = 3


class PeerError(Exception):
    """Raised by callbacks."""


# What calls in a wrong state or with wrong arguments may raise besides.
TOLERATED = (
    *DECLARED,
    AttributeError,
    BufferError,
    LookupError,
    OSError,
    StopIteration,
    PeerError,
)

INTEGERS = [0, 1, 2, 3, -1, 7, 10, 100, 1000, 1 << 16, -7]
INTEGERS += [2**31 - 1, 2**31, 2**32, 2**63 - 1, 2**63, 2**64 - 1, -(2**31), -(2**63), -(2**64)]

# Integers that cost time or memory, or write to standard error.
CHEAP = {
    "level": [3, 1, 0, -5, 7, 22 + 1, -(2**31), 2**31],
    "compression_level": [3, 1, 0, -5, 7, 22 + 1, -(2**31), 2**31],
    "threads": [0, 0, 0, 1, 2, -1, 2**31],
    "steps": [1, 0, -1],
    "notifications": [0, -1],
    "f": [5, 10, 0, -1, 32],
    "dict_size": [256, 1000, 0, 8, -1, 2**63],
    "window_log": [10, 17, 0, 9, 32, -1, 2**31],
    "hash_log": [6, 17, 0, 5, 31, -1, 2**31],
    "chain_log": [6, 17, 0, 5, 31, -1, 2**31],
    "search_log": [1, 3, 0, 31, -1, 2**31],
    "ldm_hash_log": [6, 12, 0, 5, 31, -1],
    "max_window_size": [1 << 20, 1 << 10, 0, 1, -1, 2**63 - 1],
}

SPECIAL = """
    __enter__ __exit__ __iter__ __next__ __len__ __getitem__ __init__ __reduce__ __reduce_ex__
    __setstate__ __repr__ __hash__ __eq__ __bytes__ __copy__
""".split()

FUNCTIONS = [
    getattr(zstandard.backend_c, name)
    for name in sorted(dir(zstandard.backend_c))
    if not name.startswith("_") and callable(getattr(zstandard.backend_c, name))
]
FUNCTIONS = [one for one in FUNCTIONS if not (isinstance(one, type) and issubclass(one, Exception))]
OWN_TYPES = tuple(one for one in FUNCTIONS if isinstance(one, type))


def names_of_parameters(function):
    try:
        return [
            (one.name, one.kind, one.default is one.empty)
            for one in inspect.signature(function).parameters.values()
            if one.kind is not one.VAR_KEYWORD
        ]
    except ValueError:
        return []


def methods_of(kind):
    public = [name for name in dir(kind) if not name.startswith("_")]
    return [name for name in (*public, *SPECIAL) if hasattr(kind, name)]


METHODS = {kind: methods_of(kind) for kind in OWN_TYPES}
PARAMETERS = {function: names_of_parameters(function) for function in FUNCTIONS} | {
    (kind, name): names_of_parameters(getattr(kind, name))[1:]
    for kind, names in METHODS.items()
    for name in names
    if callable(getattr(kind, name))
}


class Callback:
    """A file, number, sequence, callable: whatever is asked of it may use any object."""

    def __init__(self, driver):
        self.driver = driver

    def answer(self, *usual):
        """Take a step or not, and answer: as is usual most times."""
        driver = self.driver
        driver.called_back = True
        if driver.choices.boolean():
            driver.nested_step()
        if driver.choices.byte() < 200:
            return driver.choices.pick(usual)
        if driver.choices.boolean():
            raise PeerError
        return driver.value()

    def read(self, size=-1):
        most = size if 0 <= size < 1000 else 1000
        if not self.driver.choices.left():
            return b""  # or it might go on for ever
        data = self.driver.piece()
        return self.answer(data[:most], data[:most], b"")

    def readinto(self, buffer):
        return self.answer(0, len(buffer), 1)

    def write(self, data):
        return self.answer(len(data), len(data), 0, 1, None)

    def __call__(self, *_arguments):
        return self.answer(None)

    def __index__(self):
        return self.answer(*INTEGERS[:8])

    def __bool__(self):
        return self.answer(True, False)

    def __len__(self):
        return self.answer(0, 1, 3)

    def __getitem__(self, index):
        if index > 3:
            raise IndexError
        return self.answer(self.driver.piece())

    def close(self):
        return self.answer(None)

    def flush(self):
        return self.answer(None)

    def seekable(self):
        return self.answer(True, False)

    def tell(self):
        return self.answer(0, 10)

    def seek(self, position, _whence=0):
        return self.answer(position, 0)

    @property
    def name(self):
        return self.answer("name")


class Driver:
    """Takes steps as the choices say, with what the steps before have made."""

    def __init__(self, choices):
        self.choices = choices
        self.objects = []
        self.arrays = []
        self.steps = 0
        self.depth = 0
        self.called_back = False
        self.unraisable = []

    # --- arguments ---

    def piece(self):
        payload = self.choices.payload
        start = self.choices.byte() * 4
        return payload[start : start + self.choices.pick([100, 1, 0, 1000, 1 << 20])]

    def data(self):
        """Return data, or a frame of data, in one shape or another."""
        data = self.piece()
        if self.choices.boolean():
            data = zstandard.compress(data, 1)
        shape = self.choices.pick([bytes, bytearray, memoryview, bytes])(data)
        if isinstance(shape, bytearray):
            self.arrays.append(shape)
        return shape

    def value(self):
        """Return anything."""
        kind = self.choices.number(0, 7)
        if kind == 0:
            return self.choices.pick(INTEGERS)
        if kind == 1:
            return self.data()
        if kind == 2:
            return self.choices.pick([None, True, "text", 1.5, [], {}, b"", ()])
        if kind == 3:
            return [self.data() for _ in range(self.choices.number(0, 3))]
        if kind in (4, 5) and self.objects:
            return self.choices.pick(self.objects)
        return Callback(self)

    def fitting(self, name):
        """Return what a parameter of that name may be meant for."""
        if name in CHEAP:
            return self.choices.pick(CHEAP[name])
        if name in ("data", "b", "buffer", "content", "segments", "decompressed_sizes"):
            return self.data()
        if name in ("source", "reader", "writer", "ifh", "ofh", "progress"):
            return self.choices.pick([Callback(self), self.data()])
        if name in ("frames", "samples", "lines"):
            return [bytes(self.data()) for _ in range(self.choices.number(0, 3))]
        kinds = {
            "dict_data": zstandard.ZstdCompressionDict,
            "compression_params": zstandard.ZstdCompressionParameters,
            "compressor": ZstdCompressor,
            "decompressor": ZstdDecompressor,
            "buffers": zstandard.BufferWithSegments,
        }
        if name in kinds:
            fit = [one for one in self.objects if isinstance(one, kinds[name])]
            return self.choices.pick(fit) if fit else None
        return self.choices.pick(INTEGERS)

    def argument(self, name):
        # What is dear is dear also as an argument that does not fit.
        if self.choices.byte() < 220 or name in CHEAP:
            return self.fitting(name)
        return self.value()

    def arguments(self, parameters):
        positional, keywords = [], {}
        for name, kind, is_required in parameters:
            if not is_required and self.choices.byte() < 160:
                continue
            if kind is inspect.Parameter.KEYWORD_ONLY or len(keywords) > 0 or not is_required:
                keywords[name] = self.argument(name)
            else:
                positional.append(self.argument(name))
        if self.choices.seldom():
            positional.append(self.value())
        return positional, keywords

    # --- steps ---

    def nested_step(self):
        if self.depth < DEPTH_MAX:
            self.depth += 1
            try:
                self.step()
            finally:
                self.depth -= 1

    def step(self):
        """Call something; what it raises has to be among what is tolerated."""
        if self.steps >= STEPS_MAX or not self.choices.left():
            return
        self.steps += 1
        try:
            self.act()
        except TOLERATED:
            pass
        except RuntimeError:
            # Of an object that is at work, in whose callback this is.
            if not self.called_back:
                raise

    def act(self):
        if not self.objects or self.choices.byte() < 70:
            function = self.choices.pick(FUNCTIONS)
            self.keep(self.call(function, PARAMETERS[function]))
        elif self.choices.byte() < 20:
            self.objects.pop(self.choices.number(0, len(self.objects) - 1))
        else:
            self.use(self.choices.pick(self.objects))

    def use(self, target):
        name = self.choices.pick(METHODS[type(target)])
        attribute = getattr(target, name)
        if callable(attribute):
            self.keep(self.call(attribute, PARAMETERS[type(target), name]))
        with contextlib.suppress(TypeError):
            memoryview(target).release()

    def call(self, function, parameters):
        positional, keywords = self.arguments(parameters)
        return function(*positional, **keywords)

    def keep(self, result):
        if isinstance(result, OWN_TYPES):
            self.objects.append(result)

    # --- the end ---

    def assert_sound(self):
        """See that compressors still work, that nothing is left of the rest, and of no export."""
        coders = [one for one in self.objects if type(one) is ZstdCompressor]
        self.objects.clear()
        for compressor in coders:
            with contextlib.suppress(*DECLARED):
                compressor.compress(b"probe")
        assert zstandard.decompress(zstandard.compress(b"probe")) == b"probe"
        arrays, self.arrays = self.arrays, []
        coders.clear()
        for array in arrays:
            try:
                array.append(0)
            except BufferError:
                gc.collect()
                array.append(0)
        wrong = [one for one in self.unraisable if not isinstance(one, (*TOLERATED, RuntimeError))]
        if wrong:
            raise wrong[0]

    def note_unraisable(self, unraisable):
        self.unraisable.append(unraisable.exc_value)


def api(data):
    """By whatever there is."""
    driver = Driver(Choices(data))
    hook, sys.unraisablehook = sys.unraisablehook, driver.note_unraisable
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            while driver.steps < STEPS_MAX and driver.choices.left():
                driver.step()
                driver.called_back = False
            driver.assert_sound()
    finally:
        sys.unraisablehook = hook


TARGETS = {"api": api}
