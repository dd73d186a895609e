/* Native errors as Python exceptions. */

#include "engine/error.h"

#include <stdarg.h>

PyDoc_STRVAR(
    error_doc,
    "An operation of Zstandard failed.\n"
    "\n"
    "code is libzstd's number of the error, or of the one that comes closest (ZSTD_ErrorCode,\n"
    "an int), and name its description (str, as of ZSTD_getErrorName). Both are None where\n"
    "libzstd gave none, as for a call that the state of the object does not allow.");

PyObject *
error_class_new(void)
{
    PyObject *attributes = Py_BuildValue("{sOsO}", "code", Py_None, "name", Py_None);
    if (attributes == NULL) {
        return NULL;
    }
    /* The name is where 0.25.0 has the class: pickles of its errors say so. */
    PyObject *class =
        PyErr_NewExceptionWithDoc("zstandard.backend_c.ZstdError", error_doc, NULL, attributes);
    Py_DECREF(attributes);
    return class;
}

PyDoc_STRVAR(eof_error_doc, "The input of a stream ends within a frame.");

PyObject *
error_eof_class_new(PyObject *zstd_error)
{
    PyObject *bases = PyTuple_Pack(2, zstd_error, PyExc_EOFError);
    if (bases == NULL) {
        return NULL;
    }
    PyObject *class =
        PyErr_NewExceptionWithDoc("zstandard.backend_c.ZstdEOFError", eof_error_doc, bases, NULL);
    Py_DECREF(bases);
    return class;
}

/* Raises `zstd_error` with the message, a reference that is taken over (NULL: raises what its
 * making raised). */
static int
raise_with_message(PyObject *zstd_error, size_t result, PyObject *message)
{
    PyObject *error = NULL;
    PyObject *code = NULL;
    PyObject *name = NULL;

    if (message == NULL) {
        goto done;
    }
    error = PyObject_CallOneArg(zstd_error, message);
    if (error == NULL) {
        goto done;
    }
    code = PyLong_FromLong((long)ZSTD_getErrorCode(result));
    if (code == NULL) {
        goto done;
    }
    name = PyUnicode_FromString(ZSTD_getErrorName(result));
    if (name == NULL) {
        goto done;
    }
    if (PyObject_SetAttrString(error, "code", code) == 0 &&
        PyObject_SetAttrString(error, "name", name) == 0) {
        PyErr_SetObject(zstd_error, error);
    }

done:
    Py_XDECREF(message);
    Py_XDECREF(error);
    Py_XDECREF(code);
    Py_XDECREF(name);
    return -1;
}

int
error_raise_native(PyObject *zstd_error, const char *attempt, size_t result)
{
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) {
        PyErr_NoMemory();
        return -1;
    }
    PyObject *message = PyUnicode_FromFormat("%s: %s", attempt, ZSTD_getErrorName(result));
    return raise_with_message(zstd_error, result, message);
}

int
error_raise(PyObject *zstd_error, size_t result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    PyObject *message = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    return raise_with_message(zstd_error, result, message);
}
