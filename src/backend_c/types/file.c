/* What readers and writers have in common: a file on their other side, and the manners of one. */

#include "types/file.h"

bool
file_is_closed(File *self)
{
    return !object_has(self, &self->file);
}

/* Returns NULL. */
static PyObject *
raise_closed(void)
{
    PyErr_SetString(PyExc_ValueError, "stream is closed");
    return NULL;
}

int
file_check_open(File *self)
{
    if (file_is_closed(self)) {
        raise_closed();
        return -1;
    }
    return 0;
}

int
file_claim(File *self)
{
    if (file_check_open(self) < 0 || claim_take(&self->base.stream.claim) < 0) {
        return -1;
    }
    if (file_check_open(self) < 0) { /* closed by another thread, meanwhile */
        file_drop(self);
        return -1;
    }
    return 0;
}

int
file_claim_to_close(File *self)
{
    if (file_is_closed(self)) {
        return 0;
    }
    if (claim_take(&self->base.stream.claim) < 0) {
        return -1;
    }
    if (file_is_closed(self)) { /* by another thread, meanwhile */
        file_drop(self);
        return 0;
    }
    return 1;
}

void
file_drop(File *self)
{
    claim_drop(&self->base.stream.claim);
}

int
file_close_other(PyObject *file, bool closefd)
{
    PyObject *error = PyErr_GetRaisedException();
    PyObject *close = NULL;
    PyObject *result = NULL;
    int found = closefd ? PyObject_GetOptionalAttrString(file, "close", &close) : 0;
    if (found > 0) {
        result = PyObject_CallNoArgs(close);
        found = result == NULL ? -1 : 0;
    }
    Py_XDECREF(result);
    Py_XDECREF(close);
    Py_DECREF(file);
    if (error == NULL) {
        return found;
    }
    if (found == 0) {
        PyErr_SetRaisedException(error);
    }
    else {
        PyObject *second = PyErr_GetRaisedException();
        if (second == error) {
            Py_DECREF(error);
        }
        else {
            PyException_SetContext(second, error);
        }
        PyErr_SetRaisedException(second);
    }
    return -1;
}

int
file_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(((File *)op)->file);
    return stream_object_traverse(op, visit, arg);
}

/* Cleared, it is closed. */
int
file_clear(PyObject *op)
{
    Py_XDECREF(object_take(op, &((File *)op)->file));
    return stream_object_clear(op);
}

PyObject *
file_enter(File *self, PyObject *twice)
{
    if (file_check_open(self) < 0) {
        return NULL;
    }
    if (atomic_exchange(&self->entered, true)) {
        PyErr_SetString(twice, "cannot __enter__ multiple times");
        return NULL;
    }
    return Py_NewRef((PyObject *)self);
}

/* --- methods --- */

static const char *const exit_parameters[] = {"exc_type", "exc_value", "exc_tb"};
const Signature file_exit_signature = {"__exit__", 3, 3, exit_parameters};

PyObject *
file_true(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(unused))
{
    Py_RETURN_TRUE;
}

PyObject *
file_false(PyObject *Py_UNUSED(self), PyObject *Py_UNUSED(unused))
{
    Py_RETURN_FALSE;
}

static PyObject *
raise_unsupported(PyObject *op, const char *what)
{
    PyErr_Format(((StreamObject *)op)->state->engine.io.unsupported_operation, "%.200s %s",
                 Py_TYPE(op)->tp_name, what);
    return NULL;
}

const char file_fileno_doc[] = PyDoc_STR(
    "fileno($self, /)\n"
    "--\n"
    "\n"
    "Return the file descriptor of the file on the other side: the source of a reader, the sink of\n"
    "a writer. Raises UnsupportedOperation if that has none.");

PyObject *
file_fileno(PyObject *op, PyObject *Py_UNUSED(unused))
{
    PyObject *file = object_get(op, &((File *)op)->file);
    PyObject *fileno = NULL;
    if (file == NULL) {
        return raise_closed();
    }
    int found = PyObject_GetOptionalAttrString(file, "fileno", &fileno);
    PyObject *result = found > 0    ? PyObject_CallNoArgs(fileno)
                       : found == 0 ? raise_unsupported(op, "is not on a file with a descriptor")
                                    : NULL;
    Py_XDECREF(fileno);
    Py_DECREF(file);
    return result;
}

PyObject *
file_refuse_reading(PyObject *op, PyObject *Py_UNUSED(args))
{
    return raise_unsupported(op, "is not readable");
}

PyObject *
file_refuse_writing(PyObject *op, PyObject *Py_UNUSED(args))
{
    return raise_unsupported(op, "is not writable");
}

PyObject *
file_refuse_seeking(PyObject *op, PyObject *Py_UNUSED(args))
{
    return raise_unsupported(op, "is not seekable");
}

PyObject *
file_refuse_lines(PyObject *op, PyObject *Py_UNUSED(args))
{
    return raise_unsupported(op, "has no lines");
}

PyObject *
file_refuse_detaching(PyObject *op, PyObject *Py_UNUSED(args))
{
    return raise_unsupported(op, "cannot be separated from the file on its other side");
}

PyObject *
file_refuse_iteration(PyObject *op)
{
    return raise_unsupported(op, "has no lines");
}

/* --- attributes --- */

static PyObject *
file_get_closed(PyObject *op, void *Py_UNUSED(closure))
{
    return PyBool_FromLong(file_is_closed((File *)op));
}

static PyObject *
file_get_other(PyObject *op, void *closure)
{
    PyObject *value = NULL;
    int found = 0;
    /* The file may be such an object, too, and so on. */
    if (Py_EnterRecursiveCall(" while asking for the attribute of a file")) {
        return NULL;
    }
    PyObject *file = object_get(op, &((File *)op)->file);
    if (file != NULL) {
        found = PyObject_GetOptionalAttrString(file, closure, &value);
        Py_DECREF(file);
    }
    Py_LeaveRecursiveCall();
    if (found == 0) {
        PyErr_Format(PyExc_AttributeError, "'%.200s' object has no attribute '%s'",
                     Py_TYPE(op)->tp_name, (const char *)closure);
    }
    return value;
}

static char name_attribute[] = "name";
static char mode_attribute[] = "mode";

PyGetSetDef file_getset[] = {
    STREAM_OBJECT_ATTRIBUTES,
    {"closed", file_get_closed, NULL, "Whether it is closed.", NULL},
    {"name", file_get_other, NULL, "The name of the file on the other side, if it has one.",
     name_attribute},
    {"mode", file_get_other, NULL, "The mode of the file on the other side, if it has one.",
     mode_attribute},
    {NULL},
};
