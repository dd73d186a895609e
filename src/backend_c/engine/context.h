/* Native contexts: kept idle by their owner, leased to one frame or call at a time. */

#ifndef ZSTANDARD_ENGINE_CONTEXT_H
#define ZSTANDARD_ENGINE_CONTEXT_H

#include "compat.h"
#include "engine/codec.h"
#include "engine/config.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef enum { COMPRESSION, DECOMPRESSION, DIRECTION_COUNT } Direction;

enum { IDLE_SLOTS = 16 };

/* A bounded stack of contexts that no frame holds. */
typedef struct IdleContexts {
    BriefLock lock;
    int count;
    size_t bytes;
    struct {
        void *native;
        size_t size; /* bytes */
    } slots[IDLE_SLOTS];
} IdleContexts;

/* What all pools of one module instance share. */
typedef struct Engine {
    PyObject *zstd_error;                /* the exception class ZstdError */
    IdleContexts spare[DIRECTION_COUNT]; /* contexts whose compressor or decompressor is gone */
    Config *plain[DIRECTION_COUNT];      /* those of ZstdCompressor() and ZstdDecompressor() */
} Engine;

/* The contexts of one compressor or decompressor, and what its users ask of them. */
typedef struct ContextPool {
    Engine *engine;
    const Codec *codec;
    Direction direction;
    Config *settings;  /* what new leases are made for; guarded by idle.lock */
    IdleContexts idle; /* all of them configured by `settings` */
    long process;      /* where contexts with worker threads were made: a fork leaves the threads */
    /* Left by the last step of whichever lease, for memory_size() and frame_progression(). */
    atomic_size_t context_size;
    atomic_ullong ingested;
    atomic_ullong consumed;
    atomic_ullong produced;
} ContextPool;

/* One context taken out of its pool, for a call or for a frame's length. Zeroed, it is none. */
typedef struct Lease {
    ContextPool *pool;
    Config *settings; /* what the context was configured by */
    void *native;     /* NULL: no lease */
    size_t held;      /* input bytes taken since the last flush, which may still be worked on */
    bool has_more;    /* the last step filled its output: there may be more without new input */
    bool in_frame;    /* a frame has begun and not ended */
    long process;     /* where it was taken, if it has worker threads */
    size_t failure;   /* the native error that ended it, 0 while it is sound */
} Lease;

/* Frees the spare contexts and configurations of a module that nothing uses any more. */
void engine_clear(Engine *self);

/* Starts a pool without contexts; takes a reference to `settings`. */
void pool_init(ContextPool *self, Engine *engine, Direction direction, Config *settings);

/* Has later leases made for `settings`, whose reference it takes; live leases are not disturbed. */
void pool_configure(ContextPool *self, Config *settings);

/* Gives the idle contexts to the module's spare ones, or frees them. No lease may be left. */
void pool_clear(ContextPool *self);

/* Bytes of the context last at work; makes one if there was none. Returns 0 and raises on error. */
size_t pool_context_size(ContextPool *self);

/* Takes a context, idle, spare or new. Returns 0, or -1 and raises. */
int lease_take(Lease *self, ContextPool *pool);

/* Gives the context back, in whatever state; does nothing without a lease. */
void lease_return(Lease *self);

/* Whether the worker threads of its context were left behind by a fork: it can neither be used nor
   freed, both of which would wait for them. */
bool lease_is_orphaned(const Lease *self);

/* Records the context's size and progression in the pool. */
void lease_report(const Lease *self);

#endif
