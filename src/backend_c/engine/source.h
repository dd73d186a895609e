/* Input: a buffer of the caller's as a ZSTD_inBuffer. */

#ifndef ZSTANDARD_ENGINE_SOURCE_H
#define ZSTANDARD_ENGINE_SOURCE_H

#include "compat.h"

#include <stdbool.h>

typedef struct Source {
    ZSTD_inBuffer native; /* the cursor */
    Py_buffer view;       /* the export; view.obj is NULL for bytes, which need none */
} Source;

/* Opens a bytes-like object, which the caller keeps alive. Returns 0, or -1 and raises (TypeError,
   BufferError, or what the object's own export raises). */
int source_open(Source *self, PyObject *data);

/* Ends the export. */
void source_close(Source *self);

/* Bytes that are left. */
size_t source_left(const Source *self);

#endif
