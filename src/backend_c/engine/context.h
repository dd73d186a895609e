/* Native contexts: kept idle by their owner, leased to one frame or call at a time. */

#ifndef ZSTANDARD_ENGINE_CONTEXT_H
#define ZSTANDARD_ENGINE_CONTEXT_H

#include "compat.h"
#include "engine/codec.h"
#include "engine/config.h"
#include "engine/shared.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef enum { COMPRESSION, DECOMPRESSION, DIRECTION_COUNT } Direction;

enum { IDLE_SLOTS = 16 };

/* A bounded stack of contexts that no frame holds. Its owner has the lock: the stack is copied. */
typedef struct IdleContexts {
    int count;
    size_t bytes;
    struct {
        void *native;
        size_t size; /* bytes */
    } slots[IDLE_SLOTS];
} IdleContexts;

/* Classes of Python's io module. */
typedef struct IoClasses {
    PyObject *file_io;
    PyObject *buffered_reader;
    PyObject *bytes_io;
    PyObject *unsupported_operation;
} IoClasses;

/* What files are asked for again and again. Interned: by another name, each would be looked for in
   the file's type and its bases, and without the GIL under a lock that all threads share. */
typedef struct FileNames {
    PyObject *raw;
    PyObject *read;
    PyObject *readinto;
    PyObject *write;
} FileNames;

/* What all pools of one module instance share. */
typedef struct Engine {
    PyObject *zstd_error;     /* the exception class ZstdError */
    PyObject *zstd_eof_error; /* the same for input that is cut short */
    IoClasses io;
    FileNames names;
    IdleContexts spare[DIRECTION_COUNT]; /* contexts whose compressor or decompressor is gone */
    BriefLock spare_lock[DIRECTION_COUNT];
    Config *plain[DIRECTION_COUNT]; /* those of ZstdCompressor() and ZstdDecompressor() */
} Engine;

/* The contexts of one compressor or decompressor, and what its users ask of them. */
typedef struct ContextPool {
    Engine *engine;
    const Codec *codec;
    Direction direction;
    BriefLock lock;                /* guards all up to `forks` */
    Config *settings;              /* what new leases are made for */
    IdleContexts idle;             /* configured by `settings`, to which each has a reference */
    IdleContexts idle_for_workers; /* the same, for lease_take_for_worker() */
    /* fork_count() where contexts with worker threads were made: a fork leaves the threads. */
    unsigned int forks;
    /* Left by the last step of whichever lease, for memory_size() and frame_progression(). */
    atomic_ullong context_size;
    atomic_ullong ingested;
    atomic_ullong consumed;
    atomic_ullong produced;
} ContextPool;

/* What a failure is, where there is more to tell than its native error does. */
typedef enum {
    FAULT_NONE,
    FAULT_TRUNCATED, /* the input ended within a frame */
    FAULT_OVERLONG,  /* a frame has more content than it declares */
    FAULT_DEFICIENT, /* a frame has less content than it declares */
} Fault;

/* One context taken out of its pool, for a call or for a frame's length. Zeroed, it is none. */
typedef struct Lease {
    ContextPool *pool;
    Config *settings;   /* what the context was configured by */
    void *native;       /* NULL: no lease */
    size_t size;        /* of the context, in bytes, where lease_report() was last; 0 before */
    bool for_worker;    /* its context is one that a thread may touch that Python does not know */
    size_t held;        /* input bytes taken since the last flush, which may still be worked on */
    size_t hint;        /* what the last step returned, for the next one */
    bool has_more;      /* the last step filled its output: there may be more without new input */
    bool is_ending;     /* the end of a frame was begun, and not all of it is out */
    bool in_frame;      /* a frame has begun and not ended */
    bool is_referring;  /* the frame to come, or at hand, was told of its dictionary */
    bool skippable;     /* the frame that began last is a skippable one; decompression only */
    unsigned int forks; /* fork_count() where it was taken, if it has worker threads */
    /* The part that is there of a frame's header, which is passed on when it is whole; empty within
       a frame. Decompression only. */
    unsigned char header[ZSTD_FRAMEHEADERSIZE_MAX];
    size_t header_size;
    /* Bytes taken and given over all frames; they stay when the context is given back. */
    SharedCount total_in;
    SharedCount total_out;
    size_t failure;      /* the native error that ended it, 0 while it is sound */
    const char *attempt; /* what was tried when it failed */
    Fault fault;
    bool raised; /* lease_raise() has told of the failure */
    /* The content size declared for the frame to be made or, in decompression, by the one at hand;
       or ZSTD_CONTENTSIZE_UNKNOWN. */
    unsigned long long pledged;
    /* Of the frame at hand, in decompression only: content that is out, and the most of a block. */
    unsigned long long given;
    size_t block_max;
} Lease;

/* Frees the spare contexts and configurations of a module that nothing uses any more. */
void engine_clear(Engine *self);

/* Starts a pool without contexts; takes a reference to `settings`. */
void pool_init(ContextPool *self, Engine *engine, Direction direction, Config *settings);

/* Has later leases made for `settings`, whose reference it takes; live leases are not disturbed. */
void pool_configure(ContextPool *self, Config *settings);

/* Returns what new leases are made for, a new reference. */
Config *pool_settings(ContextPool *self);

/* Gives the idle contexts to the module's spare ones, or frees them. No lease may be left. */
void pool_clear(ContextPool *self);

/* Bytes of the context last at work; makes one if there was none. Returns 0 and raises on error. */
size_t pool_context_size(ContextPool *self);

/* Takes a context, idle, spare or new. Returns 0, or -1 and raises. */
int lease_take(Lease *self, ContextPool *pool);

/* The same for a native thread that Python does not know to work with. It is taken and returned by
   one that Python knows. */
int lease_take_for_worker(Lease *self, ContextPool *pool);

/* Has the frame to come refer to the dictionary, if there is one, unless it was told already;
   `size` is that of its content, or ZSTD_CONTENTSIZE_UNKNOWN. Returns 0 or a native error. */
size_t lease_refer(Lease *self, unsigned long long size);

/* Declares the content size of the frame to come; nothing for decompression. */
void lease_pledge(Lease *self, unsigned long long size);

/* Forgets the frame at hand, what was counted and the failure, if any, to begin anew. */
void lease_restart(Lease *self);

/* Gives the context back, in whatever state; does nothing without a lease. */
void lease_return(Lease *self);

/* Leaves a context behind that a fork has caught at work: it is neither used nor freed. */
void lease_abandon(Lease *self);

/* Whether the worker threads of its context were left behind by a fork: it can neither be used nor
   freed, both of which would wait for them. */
bool lease_is_orphaned(const Lease *self);

/* Records the context's size and progression in the pool. */
void lease_report(Lease *self);

#endif
