"""The check of heap types by one small C extension for each correct form: it finds nothing."""

import pytest
from extension import PARTS, instead, source, without

ONLY_FACTORIES = {
    "flags": "Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION",
    "slots": without("slots", "\n    {Py_tp_new, thing_new},"),
    "new": "",
}
WITHOUT_GC = {
    "flags": "Py_TPFLAGS_DEFAULT",
    "slots": "\n    {Py_tp_new, thing_new},\n    {Py_tp_dealloc, thing_dealloc},",
    "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    Py_XDECREF(((Thing *)op)->value);
    type->tp_free(op);
    Py_DECREF(type);""",
}

FORMS = {
    "as it is": {},
    "dropped in tp_dealloc itself": {
        "dealloc": """
    Thing *self = (Thing *)op;
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    Py_XDECREF(self->value);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);"""
    },
    "dropped as a copy, after the object": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject *value = ((Thing *)op)->value;
    PyObject_GC_UnTrack(op);
    type->tp_free(op);
    Py_DECREF(type);
    Py_XDECREF(value);"""
    },
    "dropped as a copy that may be changed": {
        "dealloc": """
    PyTypeObject *type = op->ob_type;
    PyObject *value = op == NULL ? NULL : ((Thing *)op)->value;
    PyObject_GC_UnTrack(op);
    if (value == Py_None) {
        value = NULL;
    }
    type->tp_free(op);
    Py_DECREF(type);
    Py_XDECREF(value);"""
    },
    "what is not the object's dropped first": {
        "before": "static PyObject *last;",
        "dealloc": "\n    Py_CLEAR(last);" + PARTS["dealloc"],
    },
    "with a helper that calls itself": {
        "before": "void walk(PyObject *op)\n{\n    walk(op);\n    walk(op);\n    walk(op);\n}",
        "dealloc": "\n    walk(op);" + PARTS["dealloc"],
    },
    "what others hold dropped, by pointers": {
        "before": "struct Node { PyObject *item; struct Node *next; };",
        "members": "PyObject *value;\n    struct Node *list;",
        "clear": PARTS["clear"] + "\n    Py_CLEAR(((Thing *)op)->list->next->item);",
    },
    "cleared by tp_clear": {
        "dealloc": instead("dealloc", "(void)thing_clear(op)", "(void)type->tp_clear(op)")
    },
    "tp_free by PyType_GetSlot()": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    release(op);
    Py_DECREF(type);"""
    },
    "tp_free by PyType_GetSlot() at once": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
    Py_DECREF(type);"""
    },
    "in a trashcan": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    Py_TRASHCAN_BEGIN(op, thing_dealloc)
    (void)thing_clear(op);
    type->tp_free(op);
    Py_DECREF(type);
    Py_TRASHCAN_END"""
    },
    "after its finalizer": {
        "dealloc": "\n    if (PyObject_CallFinalizerFromDealloc(op) < 0) {\n        return;\n    }"
        + PARTS["dealloc"]
    },
    "freed on one of two ways": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    if (((Thing *)op)->value == NULL) {
        type->tp_free(op);
        Py_DECREF(type);
        return;
    }
    (void)thing_clear(op);
    type->tp_free(op);
    Py_DECREF(type);"""
    },
    "freed by one of two branches": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    if (Py_IS_TYPE(op, type)) {
        type->tp_free(op);
    }
    else {
        PyObject_ClearWeakRefs(op);
        type->tp_free(op);
    }
    Py_DECREF(type);"""
    },
    "otherwise on another Python": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
#ifdef Py_LIMITED_API
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(op);
#else
    type->tp_free(op);
#endif
    Py_DECREF(type);"""
    },
    "by helpers": {
        "before": """
static PyTypeObject *
begin(PyObject *op)
{
    PyObject_GC_UnTrack(op);
    return Py_TYPE(op);
}
static void
end(PyTypeObject *type, PyObject *op)
{
    type->tp_free(op);
    Py_DECREF(type);
}
static int
visit_all(Thing *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(self->value);
    return 0;
}""",
        "dealloc": """
    PyTypeObject *type = begin(op);
    (void)thing_clear(op);
    end(type, op);""",
        "traverse": "\n    int stopped = visit_all((Thing *)op, visit, arg);\n"
        "    if (stopped) {\n        return stopped;\n    }",
    },
    "by macros": {
        "before": """
#define THING_CAST(op) ((Thing *)(op))
#define VISIT_ALL(self)                 \\
    do {                                \\
        Py_VISIT(Py_TYPE(self));        \\
        Py_VISIT((self)->value);        \\
    } while (0)""",
        "traverse": "\n    VISIT_ALL(THING_CAST(op));",
        "clear": "\n    Py_CLEAR(THING_CAST(op)->value);",
    },
    "by macros that are conditional": {
        "before": """
#ifdef __cplusplus
extern "C" {
#endif
#if PY_VERSION_HEX >= 0x03090000
#define VISIT_TYPE(op) Py_VISIT(Py_TYPE(op))
#else
#define VISIT_TYPE(op)
#endif
#define UNTRACKED(op) (PyObject_GC_UnTrack(op), Py_TYPE(op))
#define MEMBER(name) ((Thing *)op)->va##name
#ifdef OLD
static void thing_end(PyTypeObject *type, PyObject *op, int unused) {
#else
static void thing_end(PyTypeObject *type, PyObject *op) {
#endif
    type->tp_free(op);
    Py_DECREF(type);
}
#if 0
static void thing_end(PyTypeObject *type, PyObject *op) {
    /* as it once was, and longer than it is now */
    if (type->tp_basicsize > 0) {
        PyObject_Free(op);
    }
}
#endif""",
        "dealloc": """
    PyTypeObject *type = UNTRACKED(op);
    (void)thing_clear(op);
    thing_end(type, op);""",
        "traverse": "\n    VISIT_TYPE(op);\n    Py_VISIT(MEMBER(lue));",
    },
    "visited without the macro": {
        "traverse": """
    int stopped = visit((PyObject *)Py_TYPE(op), arg);
    if (stopped == 0 && ((Thing *)op)->value != NULL) {
        stopped = visit(((Thing *)op)->value, arg);
    }
    if (stopped) {
        return stopped;
    }"""
    },
    "members of a struct at the start": {
        "before": "#define self_of(op) (&((Thing *)(op))->base)",
        "members": "",
        "new": instead("new", "self->value", "self->base.value"),
        "traverse": "\n    Py_VISIT(Py_TYPE(op));\n    Py_VISIT(self_of(op)->value);",
        "clear": "\n    Py_CLEAR(((Base *)op)->value);",
    },
    "a field that is borrowed": {
        "members": "PyObject *value;\n    PyObject *borrowed;",
        "new": instead("new", "self->value", "self->borrowed = args;\n        self->value")
        + "\n    Py_INCREF(args);\n    Py_DECREF(args);",
    },
    "a list of weak references": {"members": "PyObject *value;\n    PyObject *weakreflist;"},
    "bytes without a visit": {
        "new": instead("new", "Py_NewRef(args)", 'PyBytes_FromString("value")'),
        "traverse": without("traverse", "\n    Py_VISIT(((Thing *)op)->value);"),
    },
    "bytes of another size without a visit": {
        "new": """
    Thing *self = (Thing *)type->tp_alloc(type, 0);
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, 8);
    if (self != NULL && _PyBytes_Resize(&bytes, 4) == 0) {
        self->value = bytes;
    }
    return (PyObject *)self;""",
        "traverse": without("traverse", "\n    Py_VISIT(((Thing *)op)->value);"),
    },
    "str without GC": {
        **WITHOUT_GC,
        "before": """
static PyObject *
thing_name(int count)
{
    PyObject *name = count > 0 ? PyUnicode_FromFormat("%d", count) : NULL;
    if (name == NULL) {
        return NULL;
    }
    return name;
}""",
        "new": instead("new", "Py_NewRef(args)", "Py_NewRef(thing_name(1))"),
    },
    "numbers without GC": {
        **WITHOUT_GC,
        "members": "int value;",
        "dealloc": "\n    PyTypeObject *type = Py_TYPE(op);\n"
        "    type->tp_free(op);\n    Py_DECREF(type);",
        "new": instead("new", "Py_NewRef(args)", "1"),
        "traverse": "",
        "clear": "",
    },
    "a buffer that nobody fills": {
        "members": "PyObject *value;\n    struct Output { Py_buffer view; } output;",
        "before": """
static int
output_open(struct Output *self, PyObject *data)
{
    return PyObject_GetBuffer(data, &self->view, PyBUF_WRITABLE);
}
static int
write_into(PyObject *data)
{
    struct Output output;
    return output_open(&output, data);
}""",
        "clear": PARTS["clear"] + "\n    PyBuffer_Release(&((Thing *)op)->output.view);",
    },
    "a subclass of a static type": {
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    PyDict_Type.tp_dealloc(op);
    Py_DECREF(type);"""
    },
    "PyObject_GC_New() in the only factory": {
        **ONLY_FACTORIES,
        "after": """
static PyObject *
thing_make(PyTypeObject *type, PyObject *value)
{
    Thing *self = PyObject_GC_New(Thing, type);
    if (self != NULL) {
        self->value = Py_NewRef(value);
        PyObject_GC_Track(self);
    }
    return (PyObject *)self;
}""",
    },
    "a free list that keeps no type": {
        "before": """
static PyObject *free_list;
static int
keep(PyObject *op)
{
    int is_free = free_list == NULL;
    if (is_free) {
        free_list = op;
    }
    return is_free;
}""",
        "new": """
    PyObject *op = free_list;
    if (op == NULL) {
        return type->tp_alloc(type, 0);
    }
    PyObject_Init(op, type);
    ((Thing *)op)->value = Py_NewRef(args);
    return op;""",
        "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    if (!keep(op)) {
        type->tp_free(op);
    }
    Py_DECREF(type);""",
    },
    "a type set by hand that is held": {
        "new": instead(
            "new", "if (self", "Py_SET_TYPE(self, type);\n    Py_INCREF(type);\n    if (self"
        )
    },
    "objects of free lists whose types are held": {
        "before": """
static PyObject *first, *second;
static PyObject *
again(void)
{
    Py_INCREF(Py_TYPE(first));
    _Py_NewReference(first);
    return first;
}
static PyObject *
again_as(PyTypeObject *type)
{
    Py_INCREF(type);
    _Py_NewReference(second);
    return second;
}"""
    },
    "a static type": {
        "after": """
typedef struct {
    PyObject_HEAD
    PyObject *value;
} Other;
static void
other_dealloc(PyObject *op)
{
    Py_XDECREF(((Other *)op)->value);
    PyObject_Free(op);
}
static PyTypeObject Other_Type = {
    PyVarObject_HEAD_INIT(NULL, 0)
    .tp_name = "extension.Other",
    .tp_basicsize = sizeof(Other),
    .tp_dealloc = other_dealloc,
    .tp_flags = Py_TPFLAGS_DEFAULT,
};
static PyObject *
other_make(PyObject *value)
{
    Other *self = PyObject_New(Other, &Other_Type);
    if (self != NULL) {
        self->value = Py_NewRef(value);
        Py_SET_TYPE(self, &Other_Type);
    }
    return (PyObject *)self;
}"""
    },
    "results that are looked at in other ways": {
        "exec": """
    PyObject *value;
    State *state = PyModule_GetState(module);
    if (PyModule_Add(module, "number", PyLong_FromLong(1)) < 0) {
        return -1;
    }
    if ((value = PyDict_New()) == NULL) {
        return -1;
    }
    state->name = PyUnicode_InternFromString("name");
    if (!state->name || PyObject_SetAttrString(module, "value", value) < 0) {
        goto error;
    }
    PyObject *class = PyErr_NewException("extension.Error", NULL, NULL);
    PyObject *error = class;
    PyObject *result = error == NULL ? NULL : PyObject_CallNoArgs(error);
    Py_XDECREF(error);
    Py_XDECREF(result);
    if (result == NULL) {
        goto error;
    }
    PyObject *list = PyList_New(0);
    PyObject *tuple = list == NULL ? NULL : PyList_AsTuple(list);
    Py_XDECREF(list);
    if (PyErr_Occurred()) {
        goto error;
    }
    Py_DECREF(tuple);
    Py_DECREF(value);
    return 0;
error:
    Py_DECREF(value);
    return -1;"""
    },
    "a helper that takes NULL": {
        "after": """
static int
add(PyObject *module, const char *name, PyObject *value)
{
    int result = value == NULL ? -1 : PyObject_SetAttrString(module, name, value);
    Py_XDECREF(value);
    return result;
}""",
        "exec": '\n    return add(module, "one", PyLong_FromLong(1));',
    },
    "a finding that is allowed": {
        **WITHOUT_GC,
        "members": "/* always a str; heap_type_check: allow gc-missing */\n    PyObject *value;",
    },
}


@pytest.mark.parametrize("parts", [pytest.param(parts, id=what) for what, parts in FORMS.items()])
def test_form(find, tmp_path, parts):
    text = source(**parts)
    if "self_of" in text:
        base = "typedef struct {\n    PyObject_HEAD\n    PyObject *value;\n} Base;\n"
        text = base + text.replace("PyObject_HEAD\n    \n", "Base base;\n")
    (tmp_path / "extension.c").write_text(text)
    types, findings = find(tmp_path)
    assert types == ["Thing"]
    assert findings == []


def test_helpers_in_another_file(find, tmp_path):
    head = "void thing_free(PyTypeObject *type, PyObject *op);\n"
    body = "{\n    type->tp_free(op);\n    Py_DECREF(type);\n}\n"
    (tmp_path / "life.h").write_text(head)
    (tmp_path / "life.c").write_text(head.replace(";\n", "\n") + body)
    dealloc = instead(
        "dealloc", "type->tp_free(op);\n    Py_DECREF(type);", "thing_free(type, op);"
    )
    (tmp_path / "thing.c").write_text(source(dealloc=dealloc))
    assert find(tmp_path) == (["Thing"], [])


def test_subclass_with_the_functions_of_its_base(find, tmp_path):
    more = """
static PyType_Slot other_slots[] = {
    {0, NULL},
};
PyType_Spec other_specs[] = {
    {"extension.Plain", sizeof(Thing), 0, Py_TPFLAGS_DEFAULT, other_slots},
    {"extension.Collected", sizeof(Thing), 0, Py_TPFLAGS_HAVE_GC, other_slots},
};"""
    (tmp_path / "extension.c").write_text(source(after=more))
    assert find(tmp_path) == (["Thing", "Plain", "Collected"], [])


def test_subclass_that_names_its_base(find, tmp_path):
    text = """
PyType_Spec thing_spec = {
    .name = "extension.Thing",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = (PyType_Slot[]){{Py_tp_base, &PyDict_Type}, {0, NULL}},
};"""
    (tmp_path / "extension.c").write_text(text)
    assert find(tmp_path) == (["Thing"], [])
