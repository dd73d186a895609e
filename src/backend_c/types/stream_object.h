/* What all objects around a stream have in common: the stream and its owner. */

#ifndef ZSTANDARD_TYPES_STREAM_OBJECT_H
#define ZSTANDARD_TYPES_STREAM_OBJECT_H

#include "compat.h"
#include "engine/stream.h"
#include "types/coder.h"

#include <stddef.h>

typedef struct StreamObject {
    OBJECT_HEAD
    Coder *owner; /* has the pool that the stream's lease belongs to */
    Stream stream;
} StreamObject;

/* Makes an object of the type with an open stream. Returns NULL and raises on error. */
void *stream_object_new(Coder *owner, PyTypeObject *type);

/* Opens the stream of an object that was made without one. Returns 0, or -1 and raises. */
int stream_object_open(StreamObject *self, Coder *owner);

/* For tp_traverse, tp_clear and tp_dealloc. */
int stream_object_traverse(PyObject *self, visitproc visit, void *arg);
int stream_object_clear(PyObject *self);
void stream_object_dealloc(PyObject *self);

/* The attributes of every stream. */
PyObject *stream_object_total_in(PyObject *self, void *closure);
PyObject *stream_object_total_out(PyObject *self, void *closure);
#define STREAM_OBJECT_ATTRIBUTES                                        \
    {"total_in", stream_object_total_in, NULL,                          \
     "How many bytes of input were worked up since the start.", NULL},  \
    {                                                                   \
        "total_out", stream_object_total_out, NULL,                     \
            "How many bytes of output were made since the start.", NULL \
    }

/* The attributes of a stream that has no others. */
extern PyGetSetDef stream_object_attributes[];

/* Raises ZstdError with the message. Returns NULL. */
PyObject *stream_object_refuse(const StreamObject *self, const char *message);

#endif
