/* The output of a stream to a file: an object with a write() method. */

#include "engine/sink.h"

#include <assert.h>
#include <errno.h>

/* A file that takes little at a time is offered twice that, or this: each offer is a copy. */
static const Py_ssize_t OFFER_MIN = 4096;

int
sink_open(Sink *self, const Engine *engine, PyObject *file, size_t write_size)
{
    PyObject *write;
    int found = PyObject_GetOptionalAttr(file, engine->names.write, &write);
    *self = (Sink){.engine = engine, .file = file};
    output_open_bounded(&self->out, write_size);
    if (found > 0) {
        Py_DECREF(write);
    }
    return found;
}

/* Returns -1. */
static int
raise_would_block(size_t input_taken)
{
    PyObject *error = PyObject_CallFunction(
        PyExc_BlockingIOError, "isn", EAGAIN,
        "write() of the sink returned None: it takes nothing now, being a non-blocking file",
        (Py_ssize_t)input_taken);
    if (error != NULL) {
        PyErr_SetObject(PyExc_BlockingIOError, error);
        Py_DECREF(error);
    }
    return -1;
}

/* The count that write() returned for `size` bytes. Returns -1 and raises if it is none. */
static Py_ssize_t
count_from_result(PyObject *result, Py_ssize_t size, size_t input_taken)
{
    if (result == Py_None) {
        return raise_would_block(input_taken);
    }
    if (!PyIndex_Check(result)) {
        PyErr_Format(PyExc_TypeError,
                     "write() of the sink must return how many bytes it took, or None for a "
                     "non-blocking file, and it returned %.100R",
                     result);
        return -1;
    }
    Py_ssize_t count = PyNumber_AsSsize_t(result, NULL);
    if (count == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (count < 1 || count > size) {
        PyErr_Format(PyExc_OSError,
                     "write() of the sink was given %zd bytes and returned %zd as the count of "
                     "those it took",
                     size, count);
        return -1;
    }
    return count;
}

/* Offers a part of what is pending. Returns how many bytes were taken, or -1 and raises. */
static Py_ssize_t
offer_part(Sink *self, size_t input_taken)
{
    Py_ssize_t left = PyBytes_GET_SIZE(self->pending) - self->sent;
    Py_ssize_t size = Py_MIN(left, self->offer);
    PyObject *part = self->sent == 0 && size == left
                         ? Py_NewRef(self->pending)
                         : PySequence_GetSlice(self->pending, self->sent, self->sent + size);
    if (part == NULL) {
        return -1;
    }
    PyObject *result = PyObject_CallMethodOneArg(self->file, self->engine->names.write, part);
    Py_ssize_t count = result == NULL ? -1 : count_from_result(result, size, input_taken);
    Py_XDECREF(result);
    Py_DECREF(part);
    if (count >= 0) {
        self->offer = Py_MAX(2 * count, OFFER_MIN);
    }
    return count;
}

int
sink_send_pending(Sink *self, size_t input_taken)
{
    while (self->pending != NULL) {
        Py_ssize_t count = offer_part(self, input_taken);
        if (count < 0) {
            return -1;
        }
        self->sent += count;
        shared_count_add(&self->total, (unsigned long long)count);
        if (self->sent == PyBytes_GET_SIZE(self->pending)) {
            Py_CLEAR(self->pending);
        }
    }
    return 0;
}

int
sink_send(Sink *self, size_t input_taken)
{
    if (self->out.native.pos > 0) {
        size_t write_size = self->out.limit;
        assert(self->pending == NULL);
        self->pending = output_finish(&self->out);
        self->sent = 0;
        self->offer = PY_SSIZE_T_MAX;
        output_open_bounded(&self->out, write_size);
        if (self->pending == NULL) {
            return -1;
        }
    }
    return sink_send_pending(self, input_taken);
}

void
sink_close(Sink *self)
{
    output_discard(&self->out);
    Py_CLEAR(self->pending);
    self->file = NULL;
}
