/* Output: bytes of a known size, bytes that grow, or the caller's memory, as a ZSTD_outBuffer. */

#include "engine/output.h"

#include "engine/memory.h"

#include <stdbool.h>
#include <stdint.h>

/* Below this, growth costs more than memory does. */
static const size_t FIRST_SIZE_MIN = 256;
/* A little more than libzstd recommends for the output of a step, and than programs ask for. */
static const size_t BOUNDED_FIRST_SIZE = (size_t)1 << 20;

/* libzstd forbids a null pointer plus an offset, and an output may be empty. */
static char nowhere[1];

static void
open_empty(Output *self)
{
    self->native.dst = nowhere;
    self->native.size = 0;
    self->native.pos = 0;
    self->bytes = NULL;
    self->view.obj = NULL;
    self->first = 0;
    self->limit = 0;
}

int
output_open_fixed(Output *self, unsigned long long size)
{
    open_empty(self);
    if (size > OUTPUT_MAX) {
        PyErr_NoMemory();
        return -1;
    }
    self->bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (self->bytes == NULL) {
        return -1;
    }
    self->native.dst = PyBytes_AS_STRING(self->bytes);
    self->native.size = (size_t)size;
    return 0;
}

void
output_open_growing(Output *self, size_t first, size_t limit)
{
    open_empty(self);
    self->first = Py_MAX(first, FIRST_SIZE_MIN);
    self->limit = Py_MIN(limit, OUTPUT_MAX);
}

void
output_open_bounded(Output *self, size_t limit)
{
    output_open_growing(self, Py_MIN(limit, BOUNDED_FIRST_SIZE), limit);
}

/* Whether the two have a byte in common. */
static bool
overlap(const Py_buffer *view, const ZSTD_inBuffer *in)
{
    uintptr_t written = (uintptr_t)view->buf;
    uintptr_t read = (uintptr_t)in->src;
    return in->size > 0 && view->len > 0 && written < read + in->size &&
           read < written + (size_t)view->len;
}

int
output_open_view(Output *self, PyObject *buffer, const ZSTD_inBuffer *in)
{
    open_empty(self);
    if (PyObject_GetBuffer(buffer, &self->view, PyBUF_WRITABLE) < 0) {
        self->view.obj = NULL;
        return -1;
    }
    if (overlap(&self->view, in)) {
        PyErr_SetString(PyExc_ValueError, "the output buffer overlaps the input in memory");
        return -1;
    }
    if (self->view.len > 0) {
        self->native.dst = self->view.buf;
        self->native.size = (size_t)self->view.len;
    }
    return 0;
}

void
output_open_memory(Output *self, void *memory, size_t size)
{
    open_empty(self);
    self->native.dst = memory;
    self->native.size = size;
}

int
output_grow(Output *self)
{
    size_t size = self->native.size;
    if (size >= self->limit) {
        return 0;
    }
    size_t wanted = size == 0 ? self->first : size > self->limit / 2 ? self->limit : 2 * size;
    size = Py_MIN(wanted, self->limit);
    if (self->bytes == NULL) {
        self->bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    }
    else {
        _PyBytes_Resize(&self->bytes, (Py_ssize_t)size); /* sets it to NULL on error */
    }
    if (self->bytes == NULL) {
        self->native = (ZSTD_outBuffer){nowhere, 0, 0};
        return -1;
    }
    self->native.dst = PyBytes_AS_STRING(self->bytes);
    self->native.size = size;
    return 1;
}

PyObject *
output_finish(Output *self)
{
    const ZSTD_outBuffer *native = &self->native;
    if (self->bytes == NULL) {
        return PyBytes_FromStringAndSize(NULL, 0);
    }
    PyObject *bytes = self->bytes;
    self->bytes = NULL;
    if (native->pos < native->size) {
        memory_keep(native->size);
        _PyBytes_Resize(&bytes, (Py_ssize_t)native->pos);
    }
    return bytes;
}

void
output_discard(Output *self)
{
    Py_CLEAR(self->bytes);
    PyBuffer_Release(&self->view);
}

size_t
output_room(const Output *self)
{
    return self->native.size - self->native.pos;
}

size_t
output_wanted(const Output *self)
{
    return Py_MAX(self->native.size, self->limit) - self->native.pos;
}
