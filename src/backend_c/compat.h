/* Differences between versions of CPython and libzstd; no other file tests version numbers. */

#ifndef ZSTANDARD_COMPAT_H
#define ZSTANDARD_COMPAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

/* The parts of libzstd outside its stable interface that are used here: allocators, frame headers,
   progression, sets of parameters, training. All of them are exported by the shared library;
   module.c makes sure that it is no older than the header. */
#define ZSTD_STATIC_LINKING_ONLY
#define ZDICT_STATIC_LINKING_ONLY
#include <zdict.h>
#include <zstd.h>
#include <zstd_errors.h>

#if ZSTD_VERSION_NUMBER < 10504
#error "libzstd 1.5.4 or later is needed"
#endif

/* A parameter that libzstd does not have: it refuses to set it. */
#define PARAMETER_ABSENT 0

#if ZSTD_VERSION_NUMBER >= 10507
#define ZSTD_c_useBlockSplitter ZSTD_c_splitAfterSequences
#else
#define ZSTD_c_blockSplitterLevel PARAMETER_ABSENT
#endif

#if PY_VERSION_HEX < 0x030C0000
#include <structmember.h>
#define Py_T_BOOL T_BOOL
#define Py_T_UINT T_UINT
#define Py_T_ULONGLONG T_ULONGLONG
#define Py_T_OBJECT_EX T_OBJECT_EX
#define Py_READONLY READONLY
#endif

/* The exception that is set, as one object: NULL if there is none. */
#if PY_VERSION_HEX < 0x030C0000
static inline PyObject *
PyErr_GetRaisedException(void)
{
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL) {
        return NULL;
    }
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL) {
        PyException_SetTraceback(value, traceback);
    }
    Py_DECREF(type);
    Py_XDECREF(traceback);
    return value;
}

static inline void
PyErr_SetRaisedException(PyObject *value)
{
    if (value == NULL) {
        PyErr_Clear();
        return;
    }
    PyErr_Restore(Py_NewRef((PyObject *)Py_TYPE(value)), value, PyException_GetTraceback(value));
}
#endif

#if PY_VERSION_HEX < 0x030D0000
#define Py_IsFinalizing _Py_IsFinalizing
#define PyObject_GetOptionalAttr _PyObject_LookupAttr

/* Returns 1, 0 if there is no such attribute, -1 and raises on error. */
static inline int
PyObject_GetOptionalAttrString(PyObject *object, const char *name, PyObject **value)
{
    PyObject *key = PyUnicode_FromString(name);
    *value = NULL;
    int found = key == NULL ? -1 : _PyObject_LookupAttr(object, key, value);
    Py_XDECREF(key);
    return found;
}
#endif

/* What the module says of itself: interpreters with a GIL of their own may use it, and threads
   without one. */
#if PY_VERSION_HEX >= 0x030D0000
#define MODULE_SLOTS_OF_THREADS                                           \
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED}, \
        {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#elif PY_VERSION_HEX >= 0x030C0000
#define MODULE_SLOTS_OF_THREADS \
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#else
#define MODULE_SLOTS_OF_THREADS
#endif

/* A lock for a few instructions that never call Python. With the GIL, the GIL is that lock. */
#ifdef Py_GIL_DISABLED
typedef PyMutex BriefLock;
#define brief_lock_take(lock) PyMutex_Lock(lock)
#define brief_lock_drop(lock) PyMutex_Unlock(lock)
#else
typedef char BriefLock;
#define brief_lock_take(lock) ((void)(lock))
#define brief_lock_drop(lock) ((void)(lock))
#endif

#endif
