/* What all objects around a stream have in common: the stream and its owner. */

#include "types/stream_object.h"

void *
stream_object_new(Coder *owner, PyTypeObject *type)
{
    StreamObject *self = object_new(owner->state, type);
    if (self == NULL) {
        return NULL;
    }
    if (stream_object_open(self, owner) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return self;
}

int
stream_object_open(StreamObject *self, Coder *owner)
{
    if (stream_open(&self->stream, &owner->pool) < 0) {
        return -1;
    }
    Py_INCREF(owner);
    self->owner = owner;
    return 0;
}

int
stream_object_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(((StreamObject *)op)->owner);
    return object_traverse(op, visit, arg);
}

/* Leaves the object as if its stream had ended: a finalizer may still call it. */
int
stream_object_clear(PyObject *op)
{
    StreamObject *self = (StreamObject *)op;
    stream_close(&self->stream);
    Py_CLEAR(self->owner);
    return 0;
}

void
stream_object_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    (void)type->tp_clear(op);
    object_dealloc_end(op, type);
}

PyObject *
stream_object_refuse(const StreamObject *self, const char *message)
{
    PyErr_SetString(self->state->engine.zstd_error, message);
    return NULL;
}

PyObject *
stream_object_total_in(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLongLong(shared_count(&((StreamObject *)op)->stream.lease.total_in));
}

PyObject *
stream_object_total_out(PyObject *op, void *Py_UNUSED(closure))
{
    return PyLong_FromUnsignedLongLong(shared_count(&((StreamObject *)op)->stream.lease.total_out));
}

PyGetSetDef stream_object_attributes[] = {
    STREAM_OBJECT_ATTRIBUTES,
    {NULL},
};
