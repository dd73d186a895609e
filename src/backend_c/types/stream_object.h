/* What ZstdCompressionObj and ZstdDecompressionObj have in common: a stream and its owner. */

#ifndef ZSTANDARD_TYPES_STREAM_OBJECT_H
#define ZSTANDARD_TYPES_STREAM_OBJECT_H

#include "compat.h"
#include "engine/stream.h"
#include "types/coder.h"

typedef struct StreamObject {
    OBJECT_HEAD
    Coder *owner; /* has the pool that the stream's lease belongs to */
    Stream stream;
} StreamObject;

/* Makes an object of the type with an open stream. Returns NULL and raises on error. */
void *stream_object_new(Coder *owner, PyTypeObject *type);

/* For tp_traverse, tp_clear and tp_dealloc. */
int stream_object_traverse(PyObject *self, visitproc visit, void *arg);
int stream_object_clear(PyObject *self);
void stream_object_dealloc(PyObject *self);

/* Raises ZstdError with the message. Returns NULL. */
PyObject *stream_object_refuse(const StreamObject *self, const char *message);

#endif
