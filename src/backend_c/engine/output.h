/* Output: bytes of a known size, bytes that grow, or the caller's memory, as a ZSTD_outBuffer. */

#ifndef ZSTANDARD_ENGINE_OUTPUT_H
#define ZSTANDARD_ENGINE_OUTPUT_H

#include "compat.h"

/* The most that a bytes object can hold. */
#define OUTPUT_MAX ((size_t)PY_SSIZE_T_MAX - sizeof(PyBytesObject))

typedef struct Output {
    ZSTD_outBuffer native; /* the cursor */
    PyObject *bytes;       /* what it points into, if it is of our making */
    Py_buffer view;        /* the same if it is the caller's; else view.obj is NULL */
    size_t first;          /* size of the first growth */
    size_t limit;          /* never grown beyond; 0 for memory that is the caller's */
} Output;

/* Starts an output of exactly `size` bytes. Returns 0, or -1 and raises MemoryError. */
int output_open_fixed(Output *self, unsigned long long size);

/* Starts an output that grows geometrically, from `first` bytes to at most `limit`. */
void output_open_growing(Output *self, size_t first, size_t limit);

/* The same from what is usual for a stream, or the limit if that is less: however large a limit,
   memory follows the content. */
void output_open_bounded(Output *self, size_t limit);

/* Starts an output into the caller's object. Returns 0, or -1 and raises: ValueError if its memory
   overlaps the input, what its export raises if it is not writable. */
int output_open_view(Output *self, PyObject *buffer, const ZSTD_inBuffer *in);

/* Starts an output into memory of the caller's own. */
void output_open_memory(Output *self, void *memory, size_t size);

/* Makes room. Returns 1, or 0 at the limit, or -1 and raises MemoryError; then what was written is
   lost. */
int output_grow(Output *self);

/* Returns what was written as bytes and ends the output; NULL and an exception on error. */
PyObject *output_finish(Output *self);

/* Ends the output and gives back what it holds, also after an open that failed, or a finish. */
void output_discard(Output *self);

/* Bytes of room that are left, without growth. */
size_t output_room(const Output *self);

/* Bytes that it can still take, growing. */
size_t output_wanted(const Output *self);

#endif
