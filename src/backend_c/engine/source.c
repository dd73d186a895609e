/* Input: a buffer of the caller's as a ZSTD_inBuffer. */

#include "engine/source.h"

int
source_open(Source *self, PyObject *data)
{
    self->native.pos = 0;
    if (PyBytes_CheckExact(data)) {
        self->view.obj = NULL;
        self->native.src = PyBytes_AS_STRING(data);
        self->native.size = (size_t)PyBytes_GET_SIZE(data);
        return 0;
    }
    if (PyObject_GetBuffer(data, &self->view, PyBUF_SIMPLE) < 0) {
        self->view.obj = NULL;
        return -1;
    }
    self->native.src = self->view.buf == NULL ? "" : self->view.buf; /* it is added to */
    self->native.size = (size_t)self->view.len;
    return 0;
}

void
source_close(Source *self)
{
    PyBuffer_Release(&self->view);
}

size_t
source_left(const Source *self)
{
    return self->native.size - self->native.pos;
}
