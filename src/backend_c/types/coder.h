/* What ZstdCompressor and ZstdDecompressor have in common: an object around a pool of contexts. */

#ifndef ZSTANDARD_TYPES_CODER_H
#define ZSTANDARD_TYPES_CODER_H

#include "compat.h"
#include "engine/context.h"
#include "types/object.h"

typedef struct Coder {
    OBJECT_HEAD
    ContextPool pool;
} Coder;

/* For tp_new: makes one of the plain configuration, usable before and without __init__. */
PyObject *coder_new(PyTypeObject *type, Direction direction);

/* For tp_traverse and tp_dealloc. */
int coder_traverse(PyObject *self, visitproc visit, void *arg);
void coder_dealloc(PyObject *self);

/* The method memory_size(). */
PyObject *coder_memory_size(PyObject *self, PyObject *unused);

#endif
