"""A small C extension with one heap type, any part of which may be put in another way."""

# Parts of functions are their statements, without the last return of those that have one.
PARTS = {
    "before": "",
    "members": "PyObject *value;",
    "traverse": """
    Py_VISIT(Py_TYPE(op));
    Py_VISIT(((Thing *)op)->value);""",
    "clear": """
    Py_CLEAR(((Thing *)op)->value);""",
    "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    type->tp_free(op);
    Py_DECREF(type);""",
    "new": """
    Thing *self = (Thing *)type->tp_alloc(type, 0);
    if (self != NULL) {
        self->value = Py_NewRef(args);
    }
    return (PyObject *)self;""",
    "slots": """
    {Py_tp_new, thing_new},
    {Py_tp_dealloc, thing_dealloc},
    {Py_tp_traverse, thing_traverse},
    {Py_tp_clear, thing_clear},""",
    "flags": "Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC",
    "after": "",
    "exec": """
    PyObject *type = PyType_FromModuleAndSpec(module, &thing_spec, NULL);
    if (type == NULL) {
        return -1;
    }
    int result = PyModule_AddObjectRef(module, "Thing", type);
    Py_DECREF(type);
    return result;""",
}

SOURCE = """\
#include <Python.h>

typedef struct {
    PyObject_HEAD
    @members@
} Thing;
@before@

static PyObject *
thing_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(keywords))
{@new@
}

static int
thing_traverse(PyObject *op, visitproc visit, void *arg)
{@traverse@
    return 0;
}

static int
thing_clear(PyObject *op)
{@clear@
    return 0;
}

static void
thing_dealloc(PyObject *op)
{@dealloc@
}

static PyType_Slot thing_slots[] = {@slots@
    {0, NULL},
};

PyType_Spec thing_spec = {
    .name = "extension.Thing",
    .basicsize = sizeof(Thing),
    .flags = @flags@,
    .slots = thing_slots,
};
@after@

static int
module_exec(PyObject *module)
{@exec@
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};
"""


def source(**parts):
    """Return the extension's source with these parts in place of those that it has."""
    text = SOURCE
    for name, part in {**PARTS, **parts}.items():
        text = text.replace(f"@{name}@", part)
    return text


def without(name, line):
    """Return a part without a line that it has once."""
    assert PARTS[name].count(line) == 1
    return PARTS[name].replace(line, "")


def instead(name, line, other):
    """Return a part with something else in place of what it has once."""
    assert PARTS[name].count(line) == 1
    return PARTS[name].replace(line, other)
