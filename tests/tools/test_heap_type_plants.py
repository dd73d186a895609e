"""Faults of life cycle, planted in copies of our own sources, and the rule that finds each."""

import pathlib
import shutil

import pytest

SOURCES = pathlib.Path(__file__).parents[2] / "src" / "backend_c"

# (rule, what is wrong, file, what stands there, what is planted)
PLANTS = [
    (
        "dealloc-keeps-type",
        "no object lets its type go",
        "types/object.c",
        "    Py_DECREF(type);\n",
        "",
    ),
    (
        "dealloc-wrong-free",
        "tp_free is passed over for PyObject_Free()",
        "types/object.c",
        "type->tp_free(self)",
        "PyObject_Free(self)",
    ),
    (
        "dealloc-wrong-free",
        "tp_free is passed over for PyObject_Del()",
        "types/object.c",
        "type->tp_free(self)",
        "PyObject_Del(self)",
    ),
    (
        "dealloc-wrong-free",
        "tp_free is passed over for PyObject_GC_Del()",
        "types/object.c",
        "type->tp_free(self)",
        "PyObject_GC_Del(self)",
    ),
    (
        "dealloc-wrong-free",
        "tp_free is passed over for PyMem_Free()",
        "types/object.c",
        "type->tp_free(self)",
        "PyMem_Free(self)",
    ),
    ("dealloc-keeps-memory", "no object is freed", "types/object.c", "type->tp_free(self);", ""),
    (
        "untrack-missing",
        "the collector is not told",
        "types/object.c",
        "    PyObject_GC_UnTrack(self);\n",
        "",
    ),
    (
        "untrack-late",
        "a stream is cleared while the collector knows it",
        "types/stream_object.c",
        "*type = object_dealloc_begin(op);\n    (void)type->tp_clear(op);\n",
        "*type = Py_TYPE(op);\n    (void)type->tp_clear(op);\n    object_dealloc_begin(op);\n",
    ),
    (
        "untrack-late",
        "a chunker's iterator is cleared while the collector knows it",
        "types/chunker.c",
        "*type = object_dealloc_begin(op);\n    (void)chunker_iterator_clear(op);\n",
        "*type = (chunker_iterator_clear(op), object_dealloc_begin(op));\n",
    ),
    (
        "use-after-free",
        "the type is used after it was let go",
        "types/object.c",
        "    type->tp_free(self);\n    Py_DECREF(type);\n",
        "    Py_DECREF(type);\n    type->tp_free(self);\n",
    ),
    (
        "use-after-free",
        "the module is asked of a freed object",
        "types/object.c",
        "    Py_DECREF(module);\n",
        "    Py_DECREF(((Object *)self)->state->module);\n",
    ),
    (
        "use-after-free",
        "the type is asked of a freed object",
        "types/object.c",
        "    Py_DECREF(type);\n",
        "    Py_DECREF(Py_TYPE(self));\n",
    ),
    (
        "use-after-free",
        "the stream of a freed object is cleared",
        "types/stream_object.c",
        "    (void)type->tp_clear(op);\n    object_dealloc_end(op, type);\n",
        "    object_dealloc_end(op, type);\n    (void)type->tp_clear(op);\n",
    ),
    (
        "use-after-free",
        "the pool of a freed compressor is cleared",
        "types/coder.c",
        "    pool_clear(&self->pool);\n    object_dealloc_end(op, type);\n",
        "    object_dealloc_end(op, type);\n    pool_clear(&self->pool);\n",
    ),
    (
        "traverse-misses-type",
        "no object visits its type",
        "types/object.c",
        "    Py_VISIT(Py_TYPE(self));\n",
        "",
    ),
    (
        "traverse-misses-type",
        "a stream does not go on to what all objects visit",
        "types/stream_object.c",
        "    return object_traverse(op, visit, arg);\n",
        "    return 0;\n",
    ),
    (
        "traverse-misses-field",
        "no object visits its module",
        "types/object.c",
        "        Py_VISIT(state->module);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a stream does not visit its owner",
        "types/stream_object.c",
        "    Py_VISIT(((StreamObject *)op)->owner);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a reader or writer does not visit its file",
        "types/file.c",
        "    Py_VISIT(((File *)op)->file);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a source does not visit its object",
        "engine/source.c",
        "    Py_VISIT(self->object);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a source does not visit what it has exported",
        "engine/source.c",
        "    Py_VISIT(self->view.obj);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a feed does not visit where it started",
        "engine/feed.c",
        "    Py_VISIT(self->start);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a feed does not go on to its source",
        "engine/feed.c",
        "    return source_traverse(&self->chunk, visit, arg);\n",
        "    return 0;\n",
    ),
    (
        "traverse-misses-field",
        "an iterator does not visit its source",
        "types/iterator.c",
        "    Py_VISIT(self->source);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a chunker's iterator does not visit its chunker",
        "types/chunker.c",
        "    Py_VISIT(((ChunkerIterator *)op)->chunker);\n",
        "",
    ),
    (
        "traverse-misses-field",
        "a chunker does not visit its source",
        "types/chunker.c",
        "source_traverse(&self->source, visit, arg);",
        "0;",
    ),
    (
        "traverse-missing",
        "the chunkers have no tp_traverse",
        "types/chunker.c",
        "        {Py_tp_traverse, chunker_traverse},       \\\n",
        "",
    ),
    (
        "dealloc-keeps-field",
        "a stream keeps its owner",
        "types/stream_object.c",
        "    Py_CLEAR(self->owner);\n",
        "",
    ),
    (
        "dealloc-keeps-field",
        "a reader or writer keeps its file",
        "types/file.c",
        "    Py_XDECREF(object_take(op, &((File *)op)->file));\n",
        "",
    ),
    (
        "dealloc-keeps-field",
        "a chunker's iterator keeps its chunker",
        "types/chunker.c",
        "    (void)chunker_iterator_clear(op);\n",
        "",
    ),
    (
        "dealloc-keeps-field",
        "a source keeps its object",
        "engine/source.c",
        "    Py_XDECREF(object);\n",
        "",
    ),
    (
        "dealloc-keeps-field",
        "a source keeps its export",
        "engine/source.c",
        "        PyBuffer_Release(&view);\n",
        "",
    ),
    (
        "dealloc-keeps-field",
        "an iterator that goes keeps its source",
        "types/iterator.c",
        "    drop_source((Iterator *)op);\n    return 0;",
        "    return 0;",
    ),
    (
        "gc-missing",
        "the types that only factories make have no GC",
        "types/object.h",
        "    (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | \\\n",
        "    (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | \\\n",
    ),
    (
        "gc-missing",
        "the types that may be subclassed have no GC",
        "types/object.h",
        "| Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC |",
        "| Py_TPFLAGS_BASETYPE |",
    ),
    (
        "factory-wrong-allocator",
        "tp_alloc is passed over, without a GC header",
        "types/object.c",
        "(Object *)type->tp_alloc(type, 0)",
        "PyObject_New(Object, type)",
    ),
    (
        "factory-mixes-allocators",
        "tp_alloc is passed over, with a GC header",
        "types/object.c",
        "(Object *)type->tp_alloc(type, 0)",
        "PyObject_GC_New(Object, type)",
    ),
    (
        "factory-keeps-no-type",
        "the type is set by hand",
        "types/object.c",
        "        Py_INCREF(state->module);\n",
        "        Py_INCREF(state->module);\n        Py_SET_TYPE((PyObject *)self, type);\n",
    ),
    (
        "init-unchecked",
        "ZstdError is not looked at",
        "module.c",
        "    if (engine->zstd_error == NULL) {\n        return -1;\n    }\n",
        "",
    ),
    (
        "init-unchecked",
        "the module io is not looked at",
        "module.c",
        "int failed = io == NULL || engine",
        "int failed = engine",
    ),
    (
        "init-unchecked",
        "a configuration is not looked at",
        "module.c",
        "engine->plain[COMPRESSION] == NULL ||",
        "",
    ),
    (
        "init-unchecked",
        "a type is not looked at",
        "module.c",
        (
            "        if (type == NULL) {\n"
            "            /* Quirk: CPython 3.11 does not raise where it cannot copy the name. */\n"
            "            if (!PyErr_Occurred()) {\n"
            "                PyErr_NoMemory();\n"
            "            }\n"
            "            return -1;\n"
            "        }\n"
        ),
        "",
    ),
    (
        "init-unchecked",
        "a class of io is not looked at",
        "module.c",
        (
            "        if (*named_slot(state, &io_classes[i]) == NULL) {\n"
            "            return -1;\n"
            "        }\n"
        ),
        "",
    ),
    (
        "init-unchecked",
        "the base of files is not looked at",
        "module.c",
        "base == NULL ? NULL : PyObject_CallMethod",
        "PyObject_CallMethod",
    ),
    (
        "init-unchecked",
        "the attributes of ZstdError are not looked at",
        "engine/error.c",
        "    if (attributes == NULL) {\n        return NULL;\n    }\n",
        "",
    ),
    (
        "init-unchecked",
        "the bases of ZstdEOFError are not looked at",
        "engine/error.c",
        "    if (bases == NULL) {\n        return NULL;\n    }\n",
        "",
    ),
    (
        "init-unchecked",
        "that a constant was added is not looked at",
        "constants.c",
        "if (add_number(module, constants[i].name, constants[i].value) < 0) {",
        "add_number(module, constants[i].name, constants[i].value);\n        if (0) {",
    ),
    (
        "init-unchecked",
        "that the version was added is not looked at",
        "constants.c",
        'if (PyModule_AddStringConstant(module, "__version__", ZSTANDARD_VERSION) < 0) {',
        '(void)PyModule_AddStringConstant(module, "__version__", "");\n    if (0) {',
    ),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plants") / "backend_c"
    shutil.copytree(SOURCES, folder)
    return folder


def test_ours_are_clean(find, copy):
    types, findings = find(copy)
    assert len(types) == sum(path.read_text().count("\nPyType_Spec ") for path in copy.rglob("*.c"))
    assert findings == []


@pytest.mark.parametrize(
    ("rule", "plant"), [pytest.param(rule, plant, id=what) for rule, what, *plant in PLANTS]
)
def test_plant(find, copy, rule, plant):
    file, old, new = plant
    path = copy / file
    text = path.read_text()
    assert text.count(old) == 1, f"{file}: {old!r} does not stand there once"
    path.write_text(text.replace(old, new))
    try:
        _, findings = find(copy)
    finally:
        path.write_text(text)
    assert rule in {one.rule for one in findings}
