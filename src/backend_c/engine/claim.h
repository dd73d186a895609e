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

/* Waits for the claim, with the interpreter released. Returns 0, or -1 and raises RuntimeError:
   this thread holds it already, or the interpreter ends while another holds it. */
int claim_take(Claim *self);

void claim_drop(Claim *self);

/* Whether this thread holds the claim, for assertions. */
bool claim_is_mine(const Claim *self);

#endif
