/* A claim on an object for a method's length: other threads wait, re-entry is refused. */

#ifndef ZSTANDARD_ENGINE_CLAIM_H
#define ZSTANDARD_ENGINE_CLAIM_H

#include "compat.h"

#include <stdatomic.h>
#include <stdbool.h>

typedef struct Claim {
    PyThread_type_lock lock;
    atomic_ulong owner; /* the thread that holds the lock, 0 for none */
} Claim;

/* Returns 0, or -1 and raises MemoryError. */
int claim_init(Claim *self);

/* Frees a claim that nobody holds, also a zeroed one. */
void claim_clear(Claim *self);

/* Has a claim be free whose holder is a thread that a fork has left behind. Returns 0, or -1 and
   raises MemoryError. */
int claim_renew(Claim *self);

/* Waits for the claim, with the interpreter released. Returns 0, or -1 and raises RuntimeError:
   this thread holds it already, or the interpreter ends while another holds it. */
int claim_take(Claim *self);

void claim_drop(Claim *self);

/* Takes the claim if nobody holds it, for a few instructions that neither call Python nor release
   the interpreter. Returns whether it was free. */
static inline bool
claim_take_brief(Claim *self)
{
#ifdef Py_GIL_DISABLED
    return PyThread_acquire_lock(self->lock, NOWAIT_LOCK);
#else
    /* The GIL keeps others away. */
    return atomic_load_explicit(&self->owner, memory_order_relaxed) == 0;
#endif
}

static inline void
claim_drop_brief(Claim *self)
{
#ifdef Py_GIL_DISABLED
    PyThread_release_lock(self->lock);
#else
    (void)self;
#endif
}

/* Whether this thread holds the claim, for assertions. */
bool claim_is_mine(const Claim *self);

#endif
