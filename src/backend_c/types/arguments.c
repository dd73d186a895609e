/* Arguments of functions and methods, and their conversion. */

#include "types/arguments.h"

/* Returns the parameter's place, or -1. */
static int
find_parameter(const Signature *self, PyObject *name)
{
    for (int i = 0; i < self->count; i++) {
        if (PyUnicode_CompareWithASCIIString(name, self->names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int
parse_keyword(const Signature *self, PyObject *name, PyObject *argument, PyObject **values)
{
    int place = find_parameter(self, name);
    if (place < 0) {
        PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'",
                     self->function, name);
        return -1;
    }
    if (values[place] != NULL) {
        PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%U'", self->function,
                     name);
        return -1;
    }
    values[place] = argument;
    return 0;
}

int
arguments_parse_any(const Signature *self, PyObject *const *args, Py_ssize_t positional,
                    PyObject *keywords, PyObject **values)
{
    if (positional > self->count) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most %d argument%s (%zd given)",
                     self->function, self->count, self->count == 1 ? "" : "s", positional);
        return -1;
    }
    for (int i = 0; i < self->count; i++) {
        values[i] = i < positional ? args[i] : NULL;
    }
    Py_ssize_t named = keywords == NULL ? 0 : PyTuple_GET_SIZE(keywords);
    for (Py_ssize_t i = 0; i < named; i++) {
        if (parse_keyword(self, PyTuple_GET_ITEM(keywords, i), args[positional + i], values) < 0) {
            return -1;
        }
    }
    for (int i = 0; i < self->required; i++) {
        if (values[i] == NULL) {
            PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %d)",
                         self->function, self->names[i], i + 1);
            return -1;
        }
    }
    return 0;
}

int
argument_to_size(PyObject *argument, Py_ssize_t *value)
{
    if (argument == NULL) {
        return 0;
    }
    *value = PyNumber_AsSsize_t(argument, PyExc_OverflowError);
    return *value == -1 && PyErr_Occurred() ? -1 : 0;
}

int
argument_to_int(PyObject *argument, int *value)
{
    Py_ssize_t size = *value;
    if (argument_to_size(argument, &size) < 0) {
        return -1;
    }
    if (size < INT_MIN || size > INT_MAX) {
        PyErr_Format(PyExc_OverflowError, "%zd is out of the range of an int of C", size);
        return -1;
    }
    *value = (int)size;
    return 0;
}

int
argument_to_bool(PyObject *argument, bool *value)
{
    if (argument == NULL) {
        return 0;
    }
    int truth = PyObject_IsTrue(argument);
    *value = truth > 0;
    return truth < 0 ? -1 : 0;
}

int
argument_open_data(Source *source, const char *function, PyObject *const *args,
                   Py_ssize_t positional, PyObject *keywords)
{
    static const char *const names[] = {"data"};
    const Signature signature = {function, 1, 1, names};
    PyObject *data;
    if (arguments_parse(&signature, args, positional, keywords, &data) < 0) {
        return -1;
    }
    return source_open(source, data);
}

int
argument_check_positive(const char *name, Py_ssize_t value)
{
    if (value < 1) {
        PyErr_Format(PyExc_ValueError, "%s must be positive, not %zd", name, value);
        return -1;
    }
    return 0;
}

int
argument_resolve_threads(int *threads)
{
    if (*threads >= 0) {
        return 0;
    }
    PyObject *os = PyImport_ImportModule("os");
    PyObject *count = os == NULL ? NULL : PyObject_CallMethod(os, "cpu_count", NULL);
    Py_XDECREF(os);
    if (count == NULL) {
        return -1;
    }
    long known = count == Py_None ? 1 : PyLong_AsLong(count);
    Py_DECREF(count);
    if (known == -1 && PyErr_Occurred()) {
        return -1;
    }
    *threads = known > INT_MAX ? INT_MAX : (int)known;
    return 0;
}

int
argument_to_content_size(PyObject *argument, unsigned long long *value)
{
    if (argument == NULL) {
        return 0;
    }
    PyObject *number = PyNumber_Index(argument);
    if (number == NULL) {
        return -1;
    }
    int overflow;
    long long size = PyLong_AsLongLongAndOverflow(number, &overflow);
    if (overflow < 0 || (overflow == 0 && size < -1)) {
        PyErr_Format(PyExc_ValueError, "size must be -1 (unknown) or more, not %S", number);
    }
    else if (overflow > 0) {
        *value = PyLong_AsUnsignedLongLong(number);
    }
    else {
        *value = size < 0 ? ZSTD_CONTENTSIZE_UNKNOWN : (unsigned long long)size;
    }
    Py_DECREF(number);
    return PyErr_Occurred() ? -1 : 0;
}
