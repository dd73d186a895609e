"""The table of all calls."""

import _imp
import importlib.util
import re
import sys
import sysconfig
from functools import partial

import zstandard as z

from . import of_coders, of_files, of_streams, of_values, plain
from .call import Call

IMPORT = "import"


def load(spec):
    module = _imp.create_dynamic(spec)
    _imp.exec_dynamic(module)
    return module


def works(_state, module):
    frame = module.ZstdCompressor().compress(b"content")
    return module.ZstdDecompressor().decompress(frame) == b"content"


def of_import():
    backend = z.backend_c
    yield Call(
        IMPORT,
        lambda spec: partial(load, spec),
        works,
        lambda: importlib.util.spec_from_file_location(backend.__name__, backend.__file__),
    )


def make():
    """Return all calls by name."""
    explicit = [
        *of_import(),
        *of_coders.calls(),
        *of_streams.calls(),
        *of_files.calls(),
        *of_values.calls(),
    ]
    calls = [*explicit, *plain.calls({call.covers for call in explicit})]
    table = {call.name: call for call in calls}
    assert len(table) == len(calls), "two calls have the same name"
    return table


def crashes_python(name):
    """Return whether CPython is known not to get over the call's failures.

    From 3.13 on, it goes on with a type's dictionary that it could not resize, and 3.13 without the
    GIL, in PyList_New(), with a list that it has no memory for.
    """
    lists = sys.version_info < (3, 14) and sysconfig.get_config_var("Py_GIL_DISABLED")
    return (name == IMPORT and sys.version_info >= (3, 13)) or (
        lists and re.search(r"\.multi_(de)?compress( |$)", name) is not None
    )


def handles_exceptions(name):
    """Return whether the call runs code of Python that handles exceptions.

    There, CPython may try for ever to do so, if all allocations fail.
    """
    return name.startswith("open ")


def public_names():
    """Return what a table has to cover: functions, exceptions, and the members of types."""
    names = set()
    for name in dir(z):
        value = getattr(z, name)
        if name.startswith("_") or not callable(value):
            continue
        if isinstance(value, type) and not issubclass(value, Exception):
            names |= {f"{name}.{member}" for member in plain.members(value)}
        else:
            names.add(name)
    return names
