/* What ZstdCompressor and ZstdDecompressor have in common: an object around a pool of contexts. */

#include "types/coder.h"

PyObject *
coder_new(PyTypeObject *type, Direction direction)
{
    ModuleState *state = state_of_type(type);
    if (state == NULL) {
        return NULL;
    }
    Coder *self = object_new(state, type);
    if (self != NULL) {
        pool_init(&self->pool, &state->engine, direction, state->engine.plain[direction]);
    }
    return (PyObject *)self;
}

int
coder_traverse(PyObject *self, visitproc visit, void *arg)
{
    return object_traverse(self, visit, arg);
}

void
coder_dealloc(PyObject *op)
{
    Coder *self = (Coder *)op;
    PyTypeObject *type = object_dealloc_begin(op);
    pool_clear(&self->pool);
    object_dealloc_end(op, type);
}

PyObject *
coder_memory_size(PyObject *self, PyObject *Py_UNUSED(unused))
{
    size_t size = pool_context_size(&((Coder *)self)->pool);
    return size == 0 ? NULL : PyLong_FromSize_t(size);
}
