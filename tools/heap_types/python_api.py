"""What the rules know of Python's C API: the functions and macros by what they do."""

import re

# --- references and memory ---

DROPS = {"Py_DECREF", "Py_XDECREF", "Py_CLEAR", "Py_SETREF", "Py_XSETREF"}
INCREFS = {"Py_INCREF", "Py_XINCREF"}
NEW_REFERENCES = {"Py_NewRef", "Py_XNewRef"}
CASTS = {"_PyObject_CAST", "_Py_CAST", "Py_CAST", "_PyType_CAST", "_Py_STATIC_CAST"}
UNTRACKS = {"PyObject_GC_UnTrack", "_PyObject_GC_UNTRACK"}
# What frees memory, whoever made it: right for no object of a heap type.
FREES = {
    *("PyObject_Del", "PyObject_DEL", "PyObject_Free", "PyObject_FREE", "PyObject_GC_Del"),
    *("PyMem_Free", "PyMem_FREE", "PyMem_Del", "PyMem_DEL", "PyMem_RawFree", "free"),
}
RAW_NEWS = {
    *("PyObject_New", "PyObject_NEW", "PyObject_NewVar", "PyObject_NEW_VAR"),
    *("PyObject_GC_New", "PyObject_GC_NewVar"),
}

# By what Tracer makes of a call.
EFFECTS = {
    **dict.fromkeys(DROPS, "drop"),
    **dict.fromkeys(NEW_REFERENCES | CASTS, "same"),
    **dict.fromkeys(UNTRACKS, "untrack"),
    **dict.fromkeys(FREES, "wrong-free"),
    **dict.fromkeys(RAW_NEWS, "new"),
    "Py_TYPE": "type",
    "Py_VISIT": "visit",
    "PyBuffer_Release": "release",
}

# Files may define these for older Pythons: they are known all the same.
KNOWN_MACROS = EFFECTS.keys() | INCREFS | {"Py_SET_TYPE", "_Py_NewReference"}

# --- objects that refer to no others ---

MAKES_PLAIN = re.compile(
    r"Py(Bytes|ByteArray|Unicode|Long|Float|Complex|Bool)_(From|Decode|Concat|New|Join|Intern)\w*"
)
# What puts another object of the same kind into a variable that it is given the address of.
RESIZES = {"_PyBytes_Resize", "PyUnicode_Append", "PyUnicode_InternInPlace", "PyUnicode_Resize"}

# --- calls that may fail ---

MAKES = re.compile(
    r"""
    PyErr_NewException\w* | Py_(Va)?BuildValue
    | Py(Bytes|ByteArray|Unicode|Long|Float|Complex)
      _(From|Decode|Concat|Intern|Join|Split|Encode)\w*
    | Py(Tuple|List|Dict|Set|FrozenSet|DictProxy|Capsule|MemoryView|Slice|Method|CFunction|Weakref)
      _(New\w*|Pack|Copy|From\w*|Keys|Values|Items|AsTuple)
    | PyStructSequence_New\w* | PyModule_(Create2?|New\w*)
    | PyImport_(Import|AddModule|GetModule|ExecCode|Reload)\w*
    | PyObject_(GetAttr\w*|Call(?!able|Final)\w*|Vectorcall\w*|GetItem|Str|Repr|GetIter|Dir)
    | PyObject_(GC_)?New\w* | PyType_(From\w+|GenericAlloc|GenericNew)
    | Py(Mem|Mem_Raw|Object)_?(Malloc|Calloc|Realloc) | PyMem_(New|Resize|RawNew)
    | PySequence_(List|Tuple|Fast|Concat|GetItem|GetSlice|Repeat) | PyThread_allocate_lock
    | malloc | calloc | realloc | strdup
    """,
    re.VERBOSE,
)
STATUS = re.compile(
    r"""
    PyModule_(Add\w*|SetDocString|ExecDef) | PyType_Ready | PyStructSequence_InitType2
    | PyDict_(SetItem\w*|SetDefault\w*|Merge\w*|Update|DelItem\w*) | PySet_Add
    | PyList_(Append|Insert|SetItem|SetSlice) | PyTuple_SetItem
    | PyObject_(SetAttr\w*|SetItem|DelAttr\w*|DelItem\w*|GetOptionalAttr\w*)
    | PyState_AddModule | PyUnicode_READY
    """,
    re.VERBOSE,
)
# These take NULL, with an exception that is set, for the object that could not be made.
TAKE_NULL = {"PyModule_AddObjectRef", "PyModule_AddObject", "PyModule_Add"}
# These take NULL and tell nothing.
PASS_NULL = {"Py_XDECREF", "Py_XINCREF", "Py_CLEAR", "Py_XSETREF", "Py_SETREF", "Py_XNewRef"}
