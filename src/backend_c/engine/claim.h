/* A claim on an object for a method's length: other threads wait, re-entry is refused. */

#ifndef ZSTANDARD_ENGINE_CLAIM_H
#define ZSTANDARD_ENGINE_CLAIM_H

#include "compat.h"
#include "engine/fork.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeroed, nobody holds it. It has nothing to free. */
typedef struct Claim {
    atomic_uint_least64_t holder; /* the thread and process that holds it, 0 for none */
    atomic_uint waiting;          /* threads that wait for it */
} Claim;

/* Whether it is held by a thread that a fork has left behind in another process. */
bool claim_is_orphaned(const Claim *self);

/* Has an orphaned claim be free. */
void claim_renew(Claim *self);

/* For a forked child: nobody waits there. */
void claim_forget_waiting(void);

/* claim_take() where the claim is held. */
int claim_take_late(Claim *self);

/* Wakes the thread that has waited longest: whoever comes first takes the claim. */
void claim_wake(Claim *self);

/* The low bits of a holder are its thread's number, which is an address at most; the others are the
   process's. */
enum { CLAIM_IDENT_BITS = 48 };

/* This thread, in this process; never 0. */
static inline uint_least64_t
claim_holder_here(void)
{
    uint_least64_t ident = PyThread_get_thread_ident();
    uint_least64_t process = fork_count();
    return (process << CLAIM_IDENT_BITS) | (ident & ((UINT64_C(1) << CLAIM_IDENT_BITS) - 1));
}

/* Takes the claim for a thread if nobody holds it. Returns whether it was free. */
static inline bool
claim_take_free(Claim *self, uint_least64_t holder)
{
    uint_least64_t nobody = 0;
    return atomic_compare_exchange_strong(&self->holder, &nobody, holder);
}

/* Waits for the claim, with the interpreter released. Returns 0, or -1 and raises RuntimeError:
   this thread holds it already, or one that a fork has left behind, or the interpreter ends while
   another holds it. What a signal's handler raises ends the wait, too. */
static inline int
claim_take(Claim *self)
{
    return claim_take_free(self, claim_holder_here()) ? 0 : claim_take_late(self);
}

static inline void
claim_drop(Claim *self)
{
    atomic_store(&self->holder, 0);
    if (atomic_load(&self->waiting) > 0) {
        claim_wake(self);
    }
}

/* Takes the claim if nobody holds it, for a few instructions that neither call Python nor release
   the interpreter. Returns whether it was free. */
static inline bool
claim_take_brief(Claim *self)
{
#ifdef Py_GIL_DISABLED
    return claim_take_free(self, claim_holder_here());
#else
    /* The GIL keeps others away: who takes it meanwhile goes on when it has the GIL. */
    return atomic_load_explicit(&self->holder, memory_order_relaxed) == 0;
#endif
}

static inline void
claim_drop_brief(Claim *self)
{
#ifdef Py_GIL_DISABLED
    claim_drop(self);
#else
    (void)self;
#endif
}

/* Whether this thread holds the claim, for assertions. */
bool claim_is_mine(const Claim *self);

#endif
