/* Input: a buffer of the caller's as a ZSTD_inBuffer. */

#ifndef ZSTANDARD_ENGINE_SOURCE_H
#define ZSTANDARD_ENGINE_SOURCE_H

#include "compat.h"

typedef struct Source {
    ZSTD_inBuffer native; /* the cursor */
    Py_buffer view;       /* the export; view.obj is NULL for bytes, which need none */
    PyObject *object;     /* what was opened; NULL for none */
} Source;

/* Makes it one that holds nothing. */
void source_init(Source *self);

/* Opens a bytes-like object. Returns 0, or -1, raises and holds nothing (TypeError, BufferError, or
   what the object's own export raises). */
int source_open(Source *self, PyObject *data);

/* For tp_traverse: visits what it holds. */
int source_traverse(const Source *self, visitproc visit, void *arg);

/* Ends the export, lets the object go and holds nothing. */
void source_close(Source *self);

/* Bytes that are left. */
size_t source_left(const Source *self);

#endif
