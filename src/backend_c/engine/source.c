/* Input: a buffer of the caller's as a ZSTD_inBuffer. */

#include "engine/source.h"

#include <stdbool.h>

void
source_init(Source *self)
{
    self->native = (ZSTD_inBuffer){"", 0, 0}; /* it is added to */
    self->view.obj = NULL;
    self->object = NULL;
}

int
source_open(Source *self, PyObject *data)
{
    source_init(self);
    if (PyBytes_CheckExact(data)) {
        self->native.src = PyBytes_AS_STRING(data);
        self->native.size = (size_t)PyBytes_GET_SIZE(data);
    }
    else {
        if (PyObject_GetBuffer(data, &self->view, PyBUF_SIMPLE) < 0) {
            self->view.obj = NULL;
            return -1;
        }
        if (self->view.buf != NULL) {
            self->native.src = self->view.buf;
        }
        self->native.size = (size_t)self->view.len;
    }
    self->object = Py_NewRef(data);
    return 0;
}

int
source_traverse(const Source *self, visitproc visit, void *arg)
{
    Py_VISIT(self->object);
    Py_VISIT(self->view.obj);
    return 0;
}

void
source_close(Source *self)
{
    PyObject *object = self->object;
    Py_buffer view;
    bool is_exported = self->view.obj != NULL;
    if (is_exported) {
        view = self->view;
    }
    source_init(self); /* the release may run Python code, which finds it closed */
    if (is_exported) {
        PyBuffer_Release(&view);
    }
    Py_XDECREF(object);
}

size_t
source_left(const Source *self)
{
    return self->native.size - self->native.pos;
}
