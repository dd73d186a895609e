/* Many inputs in one call, each a frame or to become one, shared out among native threads. */

#ifndef ZSTANDARD_ENGINE_BATCH_H
#define ZSTANDARD_ENGINE_BATCH_H

#include "compat.h"
#include "engine/context.h"

#include <stdbool.h>

/* One input and its result. Zeroed, with `in` and `memory` set, it is ready to be prepared. */
typedef struct BatchItem {
    ZSTD_inBuffer in;
    unsigned long long expected; /* size of the content that the caller gives, 0 for none */
    bool stated;                 /* whether the size of the result, or a bound of it, is known */
    size_t room;                 /* that size or bound */
    char *memory;                /* where the result goes: `room` bytes of the caller's */
    char *grown;                 /* where it is if that is NULL: memory from malloc() */
    size_t size;                 /* of the result */
    size_t failure;              /* the native error, 0 for none */
    bool skippable;              /* the failure is that a skippable frame comes first */
} BatchItem;

typedef struct Batch {
    BatchItem *items;
    size_t count;
    Lease *leases; /* one for each worker */
    int workers;
    /* Whether the items' places lie in one arena in their order, so that each may begin where the
       result before it ends: that touches less memory, and leaves less to be moved. */
    bool is_packed;
    PyThreadState *released; /* the caller's, while the interpreter is released for the work */
    double look;             /* when to look after signals next, by the clock of batch.c */
    bool interrupted;        /* a signal's handler has raised */
} Batch;

/* Makes room for items, zeroed. Returns 0, or -1 and raises; it can be cleared in any case. */
int batch_init(Batch *self, size_t count);

/* Finds out how much room each item's result wants, and takes contexts for so many threads, or
   fewer where there is little to do; under 2, for the calling thread alone. The inputs are set.
   Returns 0, or -1 and raises; what is wrong with an item is its failure. */
int batch_prepare(Batch *self, ContextPool *pool, int threads);

/* Works on all items, with the interpreter released. Sets the lowest item that failed, or the
   count. Returns 0, or -1 where a signal's handler raised, which leaves items undone. */
int batch_run(Batch *self, size_t *failed);

/* Moves the results, which lie in `arena` in the items' order, close together. Returns the size of
   all, in bytes. */
size_t batch_gather(Batch *self, char *arena);

/* Frees what has grown for an item. */
void batch_item_drop(BatchItem *self);

/* Gives back contexts and memory. */
void batch_clear(Batch *self);

#endif
