/* The input of a stream: what a file gives, a chunk at a time, or one buffer. */

#ifndef ZSTANDARD_ENGINE_FEED_H
#define ZSTANDARD_ENGINE_FEED_H

#include "compat.h"
#include "engine/context.h"
#include "engine/source.h"

#include <stdbool.h>

/* Zeroed, it is closed. */
typedef struct Feed {
    const Engine *engine;
    Source chunk;    /* what is at hand; its cursor is at what comes next */
    PyObject *file;  /* has a read() method, borrowed; NULL if the feed is one buffer */
    PyObject *block; /* a bytearray for the file's readinto(), made when it is called */
    PyObject *start; /* where the file began, once it was asked to go back there */
    Py_ssize_t read_size;
    size_t buffer_size;       /* of one buffer: the chunk may be the start of it only */
    unsigned long long given; /* bytes that the file gave in all */
    bool ended;               /* nothing comes after the chunk */
    bool lost;                /* the file has read what it had no memory to tell of */
} Feed;

/* Opens a feed on an object with a read() method or, if it has none, on its buffer; the caller
   keeps the object alive. Returns 1, or 0 if it has neither, or -1 and raises. */
int feed_open(Feed *self, const Engine *engine, PyObject *object, Py_ssize_t read_size);

/* The same for objects with a read() method only. */
int feed_open_file(Feed *self, const Engine *engine, PyObject *file, Py_ssize_t read_size);

/* How much it holds: a buffer's size, or what was declared of a file. */
unsigned long long feed_content_size(const Feed *self, unsigned long long declared);

/* Has a buffer given in chunks of read_size, as a file is, and not in one. */
void feed_slice(Feed *self);

/* Goes on to the next chunk, which may be the empty one at the end. Returns 0, or -1 and
   raises: TypeError or ValueError for a result that is none of read(), or what the file raises. */
int feed_refill(Feed *self);

/* Whether it can go back to where it began: asks the file. Returns 1, 0, or -1 and raises. */
int feed_is_seekable(const Feed *self);

/* Passes over `count` bytes behind the chunk of a seekable file, which is used up. Returns 0, or -1
   and raises; then where the file is is not known, and it can only be tried again. */
int feed_skip(Feed *self, unsigned long long count);

/* Goes back to where it began, if it is seekable. Returns 1; or -1, raises and stays where it was;
   or 0 and raises: where it is now is not known, and it can only be tried again. */
int feed_rewind(Feed *self);

/* For tp_traverse: visits what it holds. */
int feed_traverse(const Feed *self, visitproc visit, void *arg);

/* Ends the export and drops all references. */
void feed_close(Feed *self);

/* Whether the chunk is used up. */
bool feed_is_empty(const Feed *self);

#endif
