"""The module: its names, constants, types, signatures, and what importing it costs."""

import ast
import copy
import gc
import importlib.machinery
import importlib.metadata
import importlib.util
import inspect
import io
import pickle
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import child
import zstandard
from zstandard import backend_c

API = Path(__file__).with_name("data") / "api-0.25.txt"

# Constants that tell the version, and so differ from those of 0.25.0.
OF_THE_VERSION = {"ZSTD_VERSION", "__version__"}

ERRORS = ("ZstdError", "ZstdEOFError")
WRITERS = ("ZstdCompressionWriter", "ZstdDecompressionWriter")
# What has values, and can be copied.
COPYABLE = ("ZstdCompressionDict", "ZstdCompressionParameters")
SUBCLASSABLE = ("ZstdCompressor", "ZstdDecompressor", *WRITERS, *COPYABLE)
FILES = ("ZstdCompressionReader", "ZstdDecompressionReader", *WRITERS)
FACTORY_MADE = (
    "BufferSegment",
    "BufferSegments",
    "FrameInfo",
    "FrameInfoIterator",
    "FrameParameters",
    "ZstdCompressionChunker",
    "ZstdCompressionChunkerIterator",
    "ZstdCompressionObj",
    "ZstdCompressionReader",
    "ZstdCompressorIterator",
    "ZstdDecompressionChunker",
    "ZstdDecompressionChunkerIterator",
    "ZstdDecompressionObj",
    "ZstdDecompressionReader",
    "ZstdDecompressorIterator",
)
# What can be called, and not be subclassed.
FINAL = ("BufferWithSegments", "BufferWithSegmentsCollection")
TYPES = SUBCLASSABLE + FINAL + FACTORY_MADE
# Streams of every shape, which count what passes.
COUNTING = sorted(set(TYPES) - {"ZstdCompressor", "ZstdDecompressor", *COPYABLE})
COUNTING = [name for name in COUNTING if not name.startswith(("Buffer", "Frame"))]
COUNTING = [name for name in COUNTING if not name.endswith("ChunkerIterator")]

FRAME = zstandard.compress(b"content")
BUFFER = zstandard.BufferWithSegments(b"content", bytes(16))
MAKERS = {
    "ZstdCompressionDict": lambda: zstandard.ZstdCompressionDict(b"content"),
    "ZstdCompressionParameters": zstandard.ZstdCompressionParameters,
    "ZstdCompressor": zstandard.ZstdCompressor,
    "ZstdDecompressor": zstandard.ZstdDecompressor,
    "ZstdCompressionObj": lambda: zstandard.ZstdCompressor().compressobj(),
    "ZstdDecompressionObj": lambda: zstandard.ZstdDecompressor().decompressobj(),
    "ZstdCompressionReader": lambda: zstandard.ZstdCompressor().stream_reader(b"content"),
    "ZstdDecompressionReader": lambda: zstandard.ZstdDecompressor().stream_reader(FRAME),
    "ZstdCompressionWriter": lambda: zstandard.ZstdCompressor().stream_writer(io.BytesIO()),
    "ZstdDecompressionWriter": lambda: zstandard.ZstdDecompressor().stream_writer(io.BytesIO()),
    "ZstdCompressorIterator": lambda: zstandard.ZstdCompressor().read_to_iter(b"content"),
    "ZstdDecompressorIterator": lambda: zstandard.ZstdDecompressor().read_to_iter(FRAME),
    "ZstdCompressionChunker": lambda: zstandard.ZstdCompressor().chunker(),
    "ZstdCompressionChunkerIterator": lambda: zstandard.ZstdCompressor().chunker().finish(),
    "ZstdDecompressionChunker": lambda: zstandard.ZstdDecompressor().chunker(),
    "ZstdDecompressionChunkerIterator": lambda: zstandard.ZstdDecompressor().chunker().finish(),
    "FrameInfo": lambda: next(zstandard.list_frames(FRAME)),
    "FrameInfoIterator": lambda: zstandard.list_frames(FRAME),
    "FrameParameters": lambda: zstandard.get_frame_parameters(FRAME),
    "BufferWithSegments": lambda: BUFFER,
    "BufferSegments": BUFFER.segments,
    "BufferSegment": lambda: BUFFER[0],
    "BufferWithSegmentsCollection": lambda: zstandard.BufferWithSegmentsCollection(BUFFER),
}


def arguments_of(name):
    """Return what the constructor needs."""
    return {
        "ZstdCompressionDict": (b"content",),
        "ZstdCompressionWriter": (zstandard.ZstdCompressor(), io.BytesIO()),
        "ZstdDecompressionWriter": (zstandard.ZstdDecompressor(), io.BytesIO()),
    }.get(name, ())


def public(names):
    return {name for name in names if not name.startswith("_")}


def get(path):
    value = zstandard
    for name in path.split("."):
        value = inspect.getattr_static(value, name)
    return value


# --- names and values, as in 0.25.0 ---


def read_api():
    """Return the constants by name, and functions, classes and their members by path.

    A path leads to the parameters of what can be called, as they are written, or to None.
    """
    constants, paths, section = {}, {}, ""
    for line in API.read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]").split("(")[0].removeprefix("class ")
            if line.startswith("[class"):
                paths[section] = None
        elif section == "constants" and line:
            name, _, value = line.partition(" = ")
            constants[name] = ast.literal_eval(value)
        elif line and not line.startswith("#"):
            name, parameters = re.fullmatch(r" *(\w+)(?:\((.*)\).*|: attribute)", line).groups()
            path = name if section == "functions" else f"{section}.{name}"
            paths[section if name == "constructor" else path] = parameters
    return constants, paths


CONSTANTS, PATHS = read_api()
# Slots of types have no names for their parameters, and of one method 0.25.0 does not tell.
CALLABLE = [
    path
    for path, parameters in PATHS.items()
    if parameters not in (None, "...") and "__" not in path
]


def test_the_list_of_0_25_is_read_whole():
    assert len(CONSTANTS) == 50
    assert len(PATHS) == 176
    assert len(CALLABLE) == 110


@pytest.mark.parametrize("name", sorted(CONSTANTS))
def test_constant_is_there(name):
    value = getattr(zstandard, name)
    assert type(value) is type(CONSTANTS[name])
    if name not in OF_THE_VERSION:
        assert value == CONSTANTS[name]


@pytest.mark.parametrize("path", PATHS)
def test_name_of_0_25_is_there(path):
    assert get(path) is not None


@pytest.mark.parametrize("path", CALLABLE)
def test_parameters_of_0_25_are_taken(path):
    (expected,) = ast.parse(f"def function({PATHS[path]}): pass").body
    owner, _, name = path.rpartition(".")
    parameters = signature_of(getattr(get(owner), name) if owner else get(name))
    if parameters and parameters[0][0] == "self":
        del parameters[0]
    # What is there to be refused takes anything.
    if ("args", inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.empty) in parameters:
        assert owner.endswith(("Reader", "Writer"))
        return
    wanted = signature_in_stub(expected)
    assert parameters[: len(wanted)] == wanted
    for name, kind, default in parameters[len(wanted) :]:
        assert kind == inspect.Parameter.KEYWORD_ONLY or default is not inspect.Parameter.empty, (
            name
        )


def test_version_of_the_library():
    assert (1, 5, 4) <= zstandard.ZSTD_VERSION < (2,)


def test_backend_and_its_features():
    assert zstandard.backend == "cext"
    assert zstandard.backend_features == CONSTANTS["backend_features"]


def test_every_public_name_of_the_extension_is_one_of_the_package():
    for name in public(dir(backend_c)):
        assert getattr(zstandard, name) is getattr(backend_c, name)
    assert zstandard.__version__ == backend_c.__version__


def test_version_is_that_of_the_distribution():
    try:
        distribution = importlib.metadata.distribution("zstandard")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("zstandard is not installed as a distribution")
    installed = Path(distribution.locate_file("zstandard/__init__.py"))
    if not installed.samefile(zstandard.__file__):
        pytest.skip("the installed distribution is not what is imported")
    assert zstandard.__version__ == distribution.version


# --- import ---


@pytest.mark.parametrize("policy", [None, "default", "cext", "cffi_fallback"])
def test_import_policy_that_leads_to_the_backend_in_c(policy, monkeypatch):
    monkeypatch.delenv("PYTHON_ZSTANDARD_IMPORT_POLICY", raising=False)
    environment = {} if policy is None else {"PYTHON_ZSTANDARD_IMPORT_POLICY": policy}
    code = "import zstandard; print(zstandard.backend)"
    assert child.output_of(code, environment=environment) == "cext"


@pytest.mark.parametrize("policy", ["cffi", "rust", "CEXT", "anything else", ""])
def test_other_import_policy_is_an_import_error_that_names_it(policy):
    code = """
        try:
            import zstandard
        except ImportError as error:
            print(error)
    """
    message = child.output_of(code, environment={"PYTHON_ZSTANDARD_IMPORT_POLICY": policy})
    assert "PYTHON_ZSTANDARD_IMPORT_POLICY" in message
    assert repr(policy) in message


def test_import_brings_no_other_modules():
    code = """
        import os
        before = set(sys.modules)
        import zstandard
        print(*sorted(set(sys.modules) - before))
    """
    names = child.output_of(code, "-S").split()
    # A debug build of Python looks up the encoding by which it finds the extension, and 3.14 does
    # not have the io module from the start.
    assert [name for name in names if not name.startswith("encodings.") and name != "io"] == [
        "zstandard",
        "zstandard.backend_c",
    ]


def test_importing_leaves_the_gil_as_it_is():
    code = """
        import sys, sysconfig
        is_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
        before = is_enabled()
        import zstandard
        print(before == is_enabled() != bool(sysconfig.get_config_var("Py_GIL_DISABLED")))
    """
    # As a warning, CPython says so where it enables the GIL for a module.
    assert child.output_of(code, "-W", "error", environment={"PYTHON_GIL": ""}) == "True"


@pytest.mark.skipif(shutil.which("nm") is None, reason="there is no nm")
def test_extension_exports_its_init_function_only():
    process = subprocess.run(
        ["nm", "--dynamic", "--defined-only", "--format=posix", backend_c.__file__],
        capture_output=True,
        check=True,
        text=True,
    )
    symbols = {line.split()[0] for line in process.stdout.splitlines()}
    made_by_linkers = {"_init", "_fini", "_edata", "_end", "__bss_start"}
    assert symbols - made_by_linkers == {"PyInit_backend_c"}


def load_second_instance():
    spec = importlib.util.spec_from_file_location(backend_c.__name__, backend_c.__file__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_second_instance_has_types_of_its_own_that_work():
    second = load_second_instance()
    assert second is not backend_c
    for name in (*TYPES, *ERRORS):
        assert getattr(second, name) is not getattr(backend_c, name)
    for module, other in ((second, backend_c), (backend_c, second)):
        frame = module.ZstdCompressor().compress(b"data")
        assert type(other.get_frame_parameters(frame)) is other.FrameParameters
        assert other.ZstdDecompressor().decompress(frame) == b"data"
        assert other.ZstdDecompressor().stream_reader(io.BytesIO(frame)).read() == b"data"
        with pytest.raises(module.ZstdError):
            module.decompress(b"junk")
        with pytest.raises(module.ZstdEOFError):
            module.ZstdDecompressor().stream_reader(frame[:-1]).read()
        with pytest.raises(TypeError):
            module.ZstdCompressionWriter(other.ZstdCompressor(), io.BytesIO())


def test_objects_outlive_their_instance_of_the_module():
    second = load_second_instance()
    compressor, decompressor = second.ZstdCompressor(), second.ZstdDecompressor()
    zstd_error = second.ZstdError
    del second
    gc.collect()
    stream = compressor.compressobj()
    frame = stream.compress(b"data") + stream.flush()
    assert decompressor.decompressobj().decompress(frame) == b"data"
    with pytest.raises(zstd_error):
        decompressor.decompress(b"junk")


# --- types ---


@pytest.mark.parametrize("name", TYPES)
def test_type_is_an_immutable_attribute_of_both_modules(name):
    cls = getattr(backend_c, name)
    assert getattr(zstandard, name) is cls
    assert cls.__name__ == cls.__qualname__ == name
    assert cls.__module__ == "zstandard.backend_c"
    with pytest.raises(TypeError, match="immutable"):
        cls.attribute = 1
    with pytest.raises(TypeError, match="immutable"):
        cls.__init__ = object.__init__


def test_all_types_are_tested_here():
    found = {name for name, value in vars(backend_c).items() if isinstance(value, type)}
    assert found - set(ERRORS) == set(TYPES) == set(MAKERS)


@pytest.mark.parametrize("name", TYPES)
def test_makers_make_the_type_itself(name):
    assert type(MAKERS[name]()) is getattr(zstandard, name)


@pytest.mark.parametrize("name", SUBCLASSABLE)
def test_type_can_be_subclassed(name):
    subclass = type("Subclass", (getattr(zstandard, name),), {})
    assert isinstance(subclass(*arguments_of(name)), getattr(zstandard, name))


@pytest.mark.parametrize("name", [*FACTORY_MADE, *FINAL])
def test_type_cannot_be_subclassed(name):
    with pytest.raises(TypeError, match="not an acceptable base type"):
        type("Subclass", (getattr(zstandard, name),), {})


@pytest.mark.parametrize("name", FACTORY_MADE)
def test_type_that_a_factory_makes_cannot_be_called(name):
    cls = getattr(zstandard, name)
    with pytest.raises(TypeError, match="cannot create"):
        cls()
    with pytest.raises(TypeError):
        object.__new__(cls)


@pytest.mark.parametrize("name", [*SUBCLASSABLE, *FINAL])
def test_object_cannot_make_an_instance_half_way(name):
    with pytest.raises(TypeError, match="not safe"):
        object.__new__(getattr(zstandard, name))


@pytest.mark.parametrize("name", TYPES)
def test_instances_take_no_attributes(name):
    instance = MAKERS[name]()
    with pytest.raises(AttributeError):
        instance.attribute = 1
    for attribute in public(dir(instance)):
        with pytest.raises(AttributeError):
            setattr(instance, attribute, 1)
        with pytest.raises(AttributeError):
            delattr(instance, attribute)


@pytest.mark.parametrize("name", sorted(set(TYPES) - set(COPYABLE)))
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_instances_cannot_be_pickled(name, protocol):
    with pytest.raises(TypeError, match=f"cannot pickle '.*{name}'"):
        pickle.dumps(MAKERS[name](), protocol)


@pytest.mark.parametrize("name", sorted(set(TYPES) - set(COPYABLE)))
@pytest.mark.parametrize("copier", [copy.copy, copy.deepcopy])
def test_instances_cannot_be_copied(name, copier):
    with pytest.raises(TypeError, match=f"cannot pickle '.*{name}'"):
        copier(MAKERS[name]())


class Compressor(zstandard.ZstdCompressor):
    pass


class Decompressor(zstandard.ZstdDecompressor):
    pass


class CompressionWriter(zstandard.ZstdCompressionWriter):
    pass


class DecompressionWriter(zstandard.ZstdDecompressionWriter):
    pass


@pytest.mark.parametrize("cls", [Compressor, Decompressor, CompressionWriter, DecompressionWriter])
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_instances_of_subclasses_cannot_be_pickled(cls, protocol):
    instance = cls(*arguments_of(cls.__base__.__name__))
    with pytest.raises(TypeError, match="cannot pickle"):
        pickle.dumps(instance, protocol)


@pytest.mark.parametrize("name", TYPES)
def test_types_themselves_can_be_pickled(name):
    cls = getattr(zstandard, name)
    assert pickle.loads(pickle.dumps(cls)) is cls


@pytest.mark.parametrize("name", TYPES)
def test_only_readers_and_writers_are_files(name):
    cls = getattr(zstandard, name)
    assert issubclass(cls, io.BufferedIOBase) is (name in FILES)
    assert issubclass(type("Sub", (cls,), {}) if name in WRITERS else cls, io.IOBase) is (
        name in FILES
    )


@pytest.mark.parametrize("name", COUNTING)
def test_streams_count_what_passes(name):
    stream = MAKERS[name]()
    assert stream.total_in == stream.total_out == 0
    for attribute in ("total_in", "total_out"):
        with pytest.raises(AttributeError, match="not writable"):
            setattr(stream, attribute, 1)


def test_errors():
    assert zstandard.ZstdEOFError.__mro__[1:3] == (zstandard.ZstdError, EOFError)
    for name in ERRORS:
        cls = getattr(zstandard, name)
        assert cls.__module__ == "zstandard.backend_c"
        assert pickle.loads(pickle.dumps(cls)) is cls


# --- signatures and documentation ---


def parse_stub():
    path = Path(zstandard.__file__).with_name("backend_c.pyi")
    return ast.parse(path.read_text()).body


def members(body):
    """Return the names that a module's or class's body defines, with their definitions."""
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        elif isinstance(node, ast.AnnAssign):
            found[node.target.id] = node
    return found


STUB = members(parse_stub())


def signature_in_stub(node):
    """Return (name, kind, default) of each parameter."""
    arguments = node.args
    positional = arguments.posonlyargs + arguments.args
    empty = inspect.Parameter.empty
    defaults = [empty] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    parameters = [
        (argument.arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, default)
        for argument, default in zip(positional, defaults, strict=True)
    ]
    if arguments.vararg:
        parameters.append((arguments.vararg.arg, inspect.Parameter.VAR_POSITIONAL, empty))
    keywords = (
        [(arguments.kwarg.arg, inspect.Parameter.VAR_KEYWORD, empty)] if arguments.kwarg else []
    )
    parameters += [
        (argument.arg, inspect.Parameter.KEYWORD_ONLY, default or empty)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return [
        (name, kind, default if default is empty else ast.literal_eval(default))
        for name, kind, default in parameters + keywords
    ]


def signature_of(function):
    return [
        (parameter.name, parameter.kind, parameter.default)
        for parameter in inspect.signature(function).parameters.values()
    ]


def test_stub_and_module_have_the_same_names():
    assert public(STUB) == public(dir(backend_c))
    assert "__version__" in STUB


@pytest.mark.parametrize("name", [*TYPES, *ERRORS])
def test_stub_and_type_have_the_same_members(name):
    assert public(members(STUB[name].body)) == public(vars(getattr(backend_c, name)))


@pytest.mark.parametrize(
    "name", [name for name, node in STUB.items() if isinstance(node, ast.FunctionDef)]
)
def test_signature_of_function(name):
    assert signature_of(getattr(backend_c, name)) == signature_in_stub(STUB[name])


@pytest.mark.parametrize("name", [*SUBCLASSABLE, *FINAL])
def test_signature_of_constructor(name):
    constructor = "__new__" if name in FINAL else "__init__"
    _, *expected = signature_in_stub(members(STUB[name].body)[constructor])
    assert signature_of(getattr(backend_c, name)) == expected


METHODS = [
    (name, method.name)
    for name in TYPES
    for method in STUB[name].body
    if isinstance(method, ast.FunctionDef)
    and not method.name.startswith("_")
    and not method.decorator_list
]


@pytest.mark.parametrize(("name", "method"), METHODS)
def test_signature_of_method(name, method):
    _, *expected = signature_in_stub(members(STUB[name].body)[method])
    receiver, *parameters = signature_of(getattr(getattr(backend_c, name), method))
    assert receiver == ("self", inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.empty)
    assert parameters == expected


def documented_paths():
    for name in public(dir(backend_c)):
        value = getattr(backend_c, name)
        if callable(value):
            yield name
        if isinstance(value, type) and name not in ERRORS:
            yield from (f"{name}.{member}" for member in public(vars(value)))


@pytest.mark.parametrize("path", sorted(documented_paths()))
def test_docstring(path):
    text = inspect.getdoc(get(path))
    assert text is not None
    assert text[0].isupper()
    assert text.endswith(".")


def test_module_docstring():
    assert backend_c.__doc__
    assert zstandard.__doc__
