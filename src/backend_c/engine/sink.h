/* The output of a stream to a file: an object with a write() method. */

#ifndef ZSTANDARD_ENGINE_SINK_H
#define ZSTANDARD_ENGINE_SINK_H

#include "compat.h"
#include "engine/context.h"
#include "engine/output.h"
#include "engine/shared.h"

/* Zeroed, it is closed. */
typedef struct Sink {
    const Engine *engine;
    PyObject *file;    /* borrowed */
    Output out;        /* what is to be written next */
    PyObject *pending; /* bytes whose part from `sent` on the file has not taken yet, or NULL */
    Py_ssize_t sent;
    Py_ssize_t offer;  /* how much of that is offered at a time */
    SharedCount total; /* bytes that the file has taken in all */
} Sink;

/* Opens a sink on an object with a write() method, which the caller keeps alive. Returns 1, or 0 if
   it has none, or -1 and raises. */
int sink_open(Sink *self, const Engine *engine, PyObject *file, size_t write_size);

/* Writes what is pending. Returns 0, or -1 and raises what write() raised, or for a result that is
   none of it; what was not taken stays pending. BlockingIOError if write() returned None: then
   `input_taken` tells how much of his input the caller need not give again. */
int sink_send_pending(Sink *self, size_t input_taken);

/* The same for all that is in the output. */
int sink_send(Sink *self, size_t input_taken);

/* Drops what was not sent, and the reference. */
void sink_close(Sink *self);

#endif
