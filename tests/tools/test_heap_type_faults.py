"""The check of heap types by a small C extension for each fault: which rule finds it, and where."""

import pytest
from extension import instead, source, without

FREES = "PyObject_Del PyObject_Free PyObject_GC_Del PyMem_Free PyMem_RawFree free".split()
NO_GC = {
    "flags": "Py_TPFLAGS_DEFAULT",
    "slots": "\n    {Py_tp_new, thing_new},\n    {Py_tp_dealloc, thing_dealloc},",
}
PLAIN_DEALLOC = """
    PyTypeObject *type = Py_TYPE(op);
    type->tp_free(op);
    Py_DECREF(type);"""
FACTORY = """
static PyObject *
thing_make(PyTypeObject *type)
{
    return (PyObject *)%s;
}"""
ONLY_FACTORIES = {
    "flags": "Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION",
    "slots": without("slots", "\n    {Py_tp_new, thing_new},"),
}

SOURCE_STRUCT = """
typedef struct { Py_buffer view; } Source;
static int
source_open(Source *self, PyObject *data)
{
    return PyObject_GetBuffer(data, &self->view, PyBUF_SIMPLE);
}
static int
source_open_checked(Source *self, PyObject *data)
{
    return PyObject_CheckBuffer(data) ? source_open(self, data) : -1;
}
"""

# (rule, a piece of the line that it is found in, the parts that are wrong)
FAULTS = {
    "type kept": (
        "dealloc-keeps-type",
        "thing_dealloc(PyObject *op)",
        {"dealloc": without("dealloc", "\n    Py_DECREF(type);")},
    ),
    "type of another one dropped": (
        "dealloc-keeps-type",
        "thing_dealloc(PyObject *op)",
        {"dealloc": instead("dealloc", "Py_DECREF(type)", "Py_DECREF(Py_TYPE(other))")},
    ),
    **{
        f"freed by {name}": (
            "dealloc-wrong-free",
            f"{name}(op)",
            {"dealloc": instead("dealloc", "type->tp_free(op)", f"{name}(op)")},
        )
        for name in FREES
    },
    "freed by a helper's wrong function": (
        "dealloc-wrong-free",
        "PyObject_Free(self);",
        {
            "before": "static void release(Thing *self)\n{\n    PyObject_Free(self);\n}\n",
            "dealloc": instead("dealloc", "type->tp_free(op)", "release((Thing *)op)"),
        },
    ),
    "not freed": (
        "dealloc-keeps-memory",
        "thing_dealloc(PyObject *op)",
        {"dealloc": without("dealloc", "\n    type->tp_free(op);")},
    ),
    "field kept": (
        "dealloc-keeps-field",
        "PyObject *value;",
        {"dealloc": without("dealloc", "\n    (void)thing_clear(op);")},
    ),
    "one of two fields kept": (
        "dealloc-keeps-field",
        "PyObject *other;",
        {
            "members": "PyObject *value;\n    PyObject *other;",
            "new": instead("new", "Py_NewRef(args);", "self->other = Py_NewRef(args);"),
            "traverse": "\n    Py_VISIT(((Thing *)op)->other);"
            "\n    Py_VISIT(((Thing *)op)->value);\n    Py_VISIT(Py_TYPE(op));",
        },
    ),
    "field kept for want of tp_dealloc": (
        "dealloc-keeps-field",
        "PyObject *value;",
        {"slots": without("slots", "\n    {Py_tp_dealloc, thing_dealloc},")},
    ),
    "field kept that a reference is taken for": (
        "dealloc-keeps-field",
        "PyObject *value;",
        {
            "new": instead("new", "Py_NewRef(args)", "args;\n        Py_INCREF(args)"),
            "traverse": "\n    Py_VISIT(Py_TYPE(op));\n    Py_VISIT(((Thing *)op)->value);",
            "clear": "",
        },
    ),
    "field kept that is let go elsewhere": (
        "dealloc-keeps-field",
        "PyObject *value;",
        {
            "before": "void thing_set(Thing *self, PyObject *value)\n"
            "{\n    Py_XSETREF(self->value, value);\n}",
            "new": instead("new", "Py_NewRef(args)", "NULL"),
            "clear": "",
        },
    ),
    "field of a struct kept that is assigned as a whole": (
        "dealloc-keeps-field",
        "PyObject *inner;",
        {
            "members": "struct Pair {\n        PyObject *inner;\n    } pair;",
            "new": instead(
                "new",
                "self->value = Py_NewRef(args)",
                "self->pair = (%s){.inner = Py_NewRef(args)}",
            )
            % "struct Pair",
            "traverse": "\n    Py_VISIT(Py_TYPE(op));\n    Py_VISIT(((Thing *)op)->pair.inner);",
            "clear": "",
        },
    ),
    "cleared by the tp_clear of another type": (
        "dealloc-keeps-field",
        "PyObject *value;",
        {"dealloc": instead("dealloc", "(void)thing_clear(op)", "PyDict_Type.tp_clear(op)")},
    ),
    "after a macro of two lines": (
        "dealloc-keeps-type",
        "thing_dealloc(PyObject *op)",
        {
            "before": "#define BOTH(a, b) int a, b;\nBOTH(first,\n     second)",
            "dealloc": without("dealloc", "\n    Py_DECREF(type);"),
        },
    ),
    "allowed elsewhere": (
        "dealloc-keeps-type",
        "thing_dealloc(PyObject *op)",
        {
            "before": "/* heap_type_check: allow dealloc-keeps-type */",
            "dealloc": without("dealloc", "\n    Py_DECREF(type);"),
        },
    ),
    "not untracked": (
        "untrack-missing",
        "thing_dealloc(PyObject *op)",
        {"dealloc": without("dealloc", "\n    PyObject_GC_UnTrack(op);")},
    ),
    "untracked after it is cleared": (
        "untrack-late",
        "thing_dealloc(PyObject *op)",
        {
            "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    (void)thing_clear(op);
    PyObject_GC_UnTrack(op);
    type->tp_free(op);
    Py_DECREF(type);"""
        },
    ),
    "untracked after tp_clear": (
        "untrack-late",
        "thing_dealloc(PyObject *op)",
        {
            "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    type->tp_clear(op);
    PyObject_GC_UnTrack(op);
    type->tp_free(op);
    Py_DECREF(type);"""
        },
    ),
    "object cleared after it is freed": (
        "use-after-free",
        "Py_CLEAR(((Thing *)op)->value);",
        {
            "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    type->tp_free(op);
    (void)thing_clear(op);
    Py_DECREF(type);"""
        },
    ),
    "type asked of a freed object": (
        "use-after-free",
        "Py_DECREF(Py_TYPE(op));",
        {"dealloc": instead("dealloc", "Py_DECREF(type)", "Py_DECREF(Py_TYPE(op))")},
    ),
    "freed object passed on": (
        "use-after-free",
        "note(op);",
        {"dealloc": instead("dealloc", "Py_DECREF(type);", "Py_DECREF(type);\n    note(op);")},
    ),
    "type used after it is dropped": (
        "use-after-free",
        "type->tp_free(op);",
        {
            "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    Py_DECREF(type);
    type->tp_free(op);"""
        },
    ),
    "no tp_traverse": (
        "traverse-missing",
        "PyType_Spec thing_spec",
        {"slots": without("slots", "\n    {Py_tp_traverse, thing_traverse},")},
    ),
    "type not visited": (
        "traverse-misses-type",
        "thing_traverse(PyObject *op",
        {"traverse": without("traverse", "\n    Py_VISIT(Py_TYPE(op));")},
    ),
    "field not visited": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {"traverse": without("traverse", "\n    Py_VISIT(((Thing *)op)->value);")},
    ),
    "field of an embedded struct not visited": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {
            "members": "struct {\n        int count;\n        PyObject *inner;\n    } pair;",
            "new": instead("new", "self->value", "self->pair.inner"),
            "traverse": "\n    Py_VISIT(Py_TYPE(op));",
            "clear": "\n    Py_CLEAR(((Thing *)op)->pair.inner);",
        },
    ),
    "items of an array not visited": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {
            "members": "PyObject *value[3];",
            "new": instead("new", "self->value", "self->value[0]"),
            "traverse": "\n    Py_VISIT(Py_TYPE(op));",
            "clear": "\n    for (int i = 0; i < 3; i++) {\n"
            "        Py_CLEAR(((Thing *)op)->value[i]);\n    }",
        },
    ),
    "object of a buffer not visited": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {
            "members": "Py_buffer view;",
            "new": """
    Thing *self = (Thing *)type->tp_alloc(type, 0);
    if (self != NULL && PyObject_GetBuffer(args, &self->view, PyBUF_SIMPLE) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;""",
            "traverse": "\n    Py_VISIT(Py_TYPE(op));",
            "clear": "\n    PyBuffer_Release(&((Thing *)op)->view);",
        },
    ),
    "field not visited that is str by default only": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {
            "new": instead(
                "new",
                "self->value",
                'if (args == NULL) {\n            args = PyUnicode_FromString("none");\n        }\n'
                "        self->value",
            ),
            "traverse": "\n    Py_VISIT(Py_TYPE(op));",
        },
    ),
    "field not visited that a function has put somewhere": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {
            "new": """
    Thing *self = (Thing *)type->tp_alloc(type, 0);
    PyObject *name = NULL;
    if (self != NULL && PyObject_GetOptionalAttrString(args, "name", &name) > 0) {
        self->value = name;
    }
    return (PyObject *)self;""",
            "traverse": "\n    Py_VISIT(Py_TYPE(op));",
        },
    ),
    **{
        f"object of a buffer not visited that is opened {how}": (
            "traverse-misses-field",
            "thing_traverse(PyObject *op",
            {
                "members": "Source source;",
                "new": "\n    Thing *self = (Thing *)type->tp_alloc(type, 0);"
                f"\n    {opening}\n    return (PyObject *)self;",
                "traverse": "\n    Py_VISIT(Py_TYPE(op));",
                "clear": "\n    PyBuffer_Release(&((Thing *)op)->source.view);",
            },
        )
        for how, opening in {
            "by a helper": "source_open(&self->source, args);",
            "by a helper of a helper": "source_open_checked(&self->source, args);",
            "by way of a pointer": "Source *it = &self->source;\n    source_open(it, args);",
            "in a copy": "Source it;\n    source_open(&it, args);\n    self->source = it;",
        }.items()
    },
    "module that dealloc drops not visited": (
        "traverse-misses-field",
        "thing_traverse(PyObject *op",
        {
            "before": "typedef struct { PyObject *module; } State;",
            "members": "PyObject *value;\n    State *state;",
            "dealloc": """
    PyTypeObject *type = Py_TYPE(op);
    PyObject *module = ((Thing *)op)->state->module;
    PyObject_GC_UnTrack(op);
    (void)thing_clear(op);
    type->tp_free(op);
    Py_DECREF(type);
    Py_DECREF(module);""",
        },
    ),
    "objects without GC": (
        "gc-missing",
        "PyObject *value;",
        {
            **NO_GC,
            "dealloc": "\n    Py_CLEAR(((Thing *)op)->value);" + PLAIN_DEALLOC,
        },
    ),
    "module held without GC": (
        "gc-missing",
        "thing_dealloc(PyObject *op)",
        {
            **NO_GC,
            "before": "typedef struct { PyObject *module; } State;",
            "members": "State *state;",
            "dealloc": "\n    PyObject *module = ((Thing *)op)->state->module;"
            + PLAIN_DEALLOC
            + "\n    Py_DECREF(module);",
            "new": "",
            "traverse": "",
            "clear": "",
        },
    ),
    "PyObject_New() with GC": (
        "factory-wrong-allocator",
        "PyObject_New(Thing, type)",
        {**ONLY_FACTORIES, "after": FACTORY % "PyObject_New(Thing, type)", "new": ""},
    ),
    "PyObject_GC_New() without GC": (
        "factory-wrong-allocator",
        "PyObject_GC_New(Thing, type)",
        {
            "members": "int value;",
            "flags": "Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION",
            "slots": "\n    {Py_tp_dealloc, thing_dealloc},",
            "dealloc": PLAIN_DEALLOC,
            "traverse": "",
            "clear": "",
            "new": "",
            "after": FACTORY % "PyObject_GC_New(Thing, type)",
        },
    ),
    "PyObject_GC_New() where tp_new has tp_alloc": (
        "factory-mixes-allocators",
        "PyObject_GC_New(Thing, type)",
        {"after": FACTORY % "PyObject_GC_New(Thing, type)"},
    ),
    "PyObject_GC_New() where another factory has tp_alloc": (
        "factory-mixes-allocators",
        "PyObject_GC_New(Thing, type)",
        {**ONLY_FACTORIES, "after": FACTORY % "PyObject_GC_New(Thing, type)"},
    ),
    "PyObject_GC_New() in tp_new of a type that may be subclassed": (
        "factory-mixes-allocators",
        "PyObject_GC_New(Thing, type)",
        {
            "flags": "Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_BASETYPE",
            "new": instead(
                "new", "(Thing *)type->tp_alloc(type, 0)", "PyObject_GC_New(Thing, type)"
            ),
        },
    ),
    "type set by Py_SET_TYPE()": (
        "factory-keeps-no-type",
        "Py_SET_TYPE(self, type)",
        {"new": instead("new", "if (self", "Py_SET_TYPE(self, type);\n    if (self")},
    ),
    "type set by a Py_SET_TYPE() of the files' own": (
        "factory-keeps-no-type",
        "Py_SET_TYPE(self, type)",
        {
            "before": """
static inline void _Py_SET_TYPE(PyObject *op, PyTypeObject *type)
{
    op->ob_type = type;
}
#define Py_SET_TYPE(op, type) _Py_SET_TYPE((PyObject *)(op), type)""",
            "new": instead("new", "if (self", "Py_SET_TYPE(self, type);\n    if (self"),
        },
    ),
    "type set by assignment": (
        "factory-keeps-no-type",
        "self->ob_base.ob_type = type",
        {"new": instead("new", "if (self", "self->ob_base.ob_type = type;\n    if (self")},
    ),
    "object of a free list without its type": (
        "factory-keeps-no-type",
        "_Py_NewReference(free_list)",
        {
            "before": """
static PyObject *free_list;
static PyObject *
thing_again(void)
{
    _Py_NewReference(free_list);
    return free_list;
}"""
        },
    ),
    "new type not looked at": (
        "init-unchecked",
        "PyType_FromModuleAndSpec(module",
        {
            "exec": """
    PyObject *type = PyType_FromModuleAndSpec(module, &thing_spec, NULL);
    return PyModule_AddType(module, (PyTypeObject *)type);"""
        },
    ),
    "new type looked at too late": (
        "init-unchecked",
        "PyType_FromModuleAndSpec(module",
        {
            "exec": """
    PyObject *type = PyType_FromModuleAndSpec(module, &thing_spec, NULL);
    int added = PyModule_AddType(module, (PyTypeObject *)type);
    return type == NULL ? -1 : added;"""
        },
    ),
    "field of the state not looked at": (
        "init-unchecked",
        "PyUnicode_InternFromString",
        {
            "exec": """
    State *state = PyModule_GetState(module);
    state->name = PyUnicode_InternFromString("name");
    return 0;"""
        },
    ),
    "status not looked at": (
        "init-unchecked",
        "PyModule_AddIntConstant",
        {"exec": '\n    PyModule_AddIntConstant(module, "ONE", 1);\n    return 0;'},
    ),
    "status thrown away": (
        "init-unchecked",
        "PyModule_AddIntConstant",
        {"exec": '\n    (void)PyModule_AddIntConstant(module, "ONE", 1);\n    return 0;'},
    ),
    "new object passed on": (
        "init-unchecked",
        "PyDict_SetItemString",
        {
            "exec": """
    PyObject *dict = PyModule_GetDict(module);
    return PyDict_SetItemString(dict, "one", PyLong_FromLong(1));"""
        },
    ),
    "new object passed to a helper that uses it": (
        "init-unchecked",
        "add(module, PyLong_FromLong(1))",
        {
            "after": """
static int
add(PyObject *module, PyObject *value)
{
    return PyObject_SetAttrString(module, Py_TYPE(value)->tp_name, value);
}""",
            "exec": "\n    return add(module, PyLong_FromLong(1));",
        },
    ),
    "result of a helper not looked at": (
        "init-unchecked",
        "    add_one(module);",
        {
            "after": """
static int
add_one(PyObject *module)
{
    return PyModule_AddIntConstant(module, "ONE", 1);
}""",
            "exec": "\n    add_one(module);\n    return 0;",
        },
    ),
    "result of a helper not looked at that tells by a condition": (
        "init-unchecked",
        "    call(module);",
        {
            "after": """
static int
call(PyObject *module)
{
    PyObject *result = PyObject_CallNoArgs(module);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}""",
            "exec": "\n    call(module);\n    return 0;",
        },
    ),
    "memory of PyInit_ not looked at": (
        "init-unchecked",
        "PyMem_Malloc(8)",
        {
            "after": """
PyMODINIT_FUNC
PyInit_extension(void)
{
    char *memory = PyMem_Malloc(8);
    memory[0] = 0;
    return PyModuleDef_Init(&module_def);
}"""
        },
    ),
    "tp_dealloc elsewhere": (
        "unresolved",
        "PyType_Spec thing_spec",
        {
            "members": "int value;",
            "new": "",
            "clear": "",
            "traverse": "\n    Py_VISIT(Py_TYPE(op));",
            "slots": instead("slots", "thing_dealloc", "other_dealloc"),
        },
    ),
    "tp_dealloc that cannot be read": (
        "unresolved",
        "thing_dealloc(PyObject *op)",
        {"dealloc": instead("dealloc", "Py_DECREF(type);", "Py_DECREF(type);\n    @ @;")},
    ),
}


@pytest.mark.parametrize(
    ("rule", "where", "parts"), [pytest.param(*fault, id=what) for what, fault in FAULTS.items()]
)
def test_fault(find, tmp_path, rule, where, parts):
    path = tmp_path / "extension.c"
    path.write_text(SOURCE_STRUCT * ("Source source" in str(parts)) + source(**parts))
    types, findings = find(tmp_path)
    assert types == ["Thing"]
    lines = path.read_text().splitlines()
    assert [(one.rule, where in lines[one.line - 1]) for one in findings] == [(rule, True)]
    assert all(one.file == str(path) for one in findings)


def test_slots_elsewhere(find, tmp_path):
    (tmp_path / "extension.c").write_text("PyType_Spec thing_spec = {.slots = other_slots};\n")
    types, findings = find(tmp_path)
    assert types == ["thing_spec"]
    assert [(one.rule, one.line) for one in findings] == [("unresolved", 1)]


def test_python_function_as_dealloc(find, tmp_path):
    text = source(slots="\n    {Py_tp_dealloc, PyObject_Free},", members="int value;", new="")
    (tmp_path / "extension.c").write_text(text)
    _, findings = find(tmp_path)
    assert "dealloc-wrong-free" in {one.rule for one in findings}


@pytest.mark.usefixtures("find")
def test_every_rule_has_a_fault():
    from heap_types.report import RULES

    assert {rule for rule, _, _ in FAULTS.values()} == set(RULES)
