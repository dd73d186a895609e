/* A claim on an object for a method's length: other threads wait, re-entry is refused. */

#include "engine/claim.h"

#include <pthread.h>
#include <time.h>

enum {
    NANOSECONDS = 1000000000,
    /* A wait is cut up, to look after signals, and whether it can ever end. */
    SLICE = NANOSECONDS / 20,
    /* How many slices are waited while the interpreter ends: the holder may be a daemon thread that
       never runs again. */
    FINAL_SLICES = 20,
};

/* A thread that waits, in the order in which they came. */
typedef struct Waiter {
    const Claim *claim;
    uint_least64_t holder; /* what the claim has when the thread holds it */
    pthread_cond_t woken;
    struct Waiter *next;
} Waiter;

/* Where the threads wait for a number of claims, so that a claim has nothing to allocate. */
typedef struct Lot {
    pthread_mutex_t mutex;
    Waiter *first; /* guarded by the mutex */
} Lot;

#define LOT {PTHREAD_MUTEX_INITIALIZER, NULL}
static Lot lots[] = {LOT, LOT, LOT, LOT, LOT, LOT, LOT, LOT};

static Lot *
lot_of(const Claim *self)
{
    enum { BITS_OF_ALIGNMENT = 6 };
    return &lots[((uintptr_t)self >> BITS_OF_ALIGNMENT) % Py_ARRAY_LENGTH(lots)];
}

void
claim_forget_waiting(void)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(lots); i++) {
        (void)pthread_mutex_init(&lots[i].mutex, NULL);
        lots[i].first = NULL;
    }
}

/* --- the holder --- */

bool
claim_is_mine(const Claim *self)
{
    return atomic_load(&self->holder) == claim_holder_here();
}

bool
claim_is_orphaned(const Claim *self)
{
    uint_least64_t holder = atomic_load(&self->holder);
    return holder != 0 && holder >> CLAIM_IDENT_BITS != (uint16_t)fork_count();
}

void
claim_renew(Claim *self)
{
    uint_least64_t holder = atomic_load(&self->holder);
    if (claim_is_orphaned(self)) {
        /* Unless another thread of this process has done so, and taken it. */
        (void)atomic_compare_exchange_strong(&self->holder, &holder, 0);
    }
}

void
claim_wake(Claim *self)
{
    Lot *lot = lot_of(self);
    pthread_mutex_lock(&lot->mutex);
    Waiter *waiter = lot->first;
    while (waiter != NULL && waiter->claim != self) {
        waiter = waiter->next;
    }
    if (waiter != NULL) {
        pthread_cond_signal(&waiter->woken);
    }
    pthread_mutex_unlock(&lot->mutex);
}

/* --- waiting --- */

static void
enter(Lot *lot, Waiter *waiter)
{
    Waiter **place = &lot->first;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    waiter->next = NULL;
    *place = waiter;
}

static void
leave(Lot *lot, const Waiter *waiter)
{
    Waiter **place = &lot->first;
    while (*place != waiter) {
        place = &(*place)->next;
    }
    *place = waiter->next;
}

/* Waits for a slice of time, detached. Returns whether the thread holds the claim. */
static bool
wait_slice(Claim *self, Waiter *waiter)
{
    Lot *lot = lot_of(self);
    struct timespec until;
    (void)timespec_get(&until, TIME_UTC);
    long nanoseconds = until.tv_nsec + SLICE;
    until.tv_sec += nanoseconds / NANOSECONDS;
    until.tv_nsec = nanoseconds % NANOSECONDS;
    int error = 0;
    bool taken;
    pthread_mutex_lock(&lot->mutex);
    enter(lot, waiter);
    /* The claim is looked at with the mutex held, and whoever drops it takes the mutex after. */
    while (!(taken = claim_take_free(self, waiter->holder)) && error == 0) {
        error = pthread_cond_timedwait(&waiter->woken, &lot->mutex, &until);
    }
    leave(lot, waiter);
    pthread_mutex_unlock(&lot->mutex);
    return taken;
}

/* Returns 0, or -1 and raises RuntimeError if waiting for the claim would never end. */
static int
check_holder(const Claim *self)
{
    const char *why =
        claim_is_mine(self) ? "the object is already in use by this thread"
        : claim_is_orphaned(self)
            ? "the object was in use by another thread when the process was forked: it cannot be "
              "used in the child"
            : NULL;
    if (why != NULL) {
        PyErr_SetString(PyExc_RuntimeError, why);
    }
    return why == NULL ? 0 : -1;
}

/* Returns 0, or -1 and raises. */
static int
wait_for_it(Claim *self, Waiter *waiter)
{
    int final_slices = 0;
    bool taken = false;
    while (!taken) {
        final_slices += Py_IsFinalizing();
        if (final_slices > FINAL_SLICES) {
            PyErr_SetString(
                PyExc_RuntimeError,
                "the object is in use by another thread while the interpreter shuts down");
            return -1;
        }
        Py_BEGIN_ALLOW_THREADS
        taken = wait_slice(self, waiter);
        Py_END_ALLOW_THREADS
        if (PyErr_CheckSignals() < 0) {
            if (taken) {
                claim_drop(self);
            }
            return -1;
        }
    }
    return 0;
}

int
claim_take_late(Claim *self)
{
    if (check_holder(self) < 0) {
        return -1;
    }
    Waiter waiter = {.claim = self, .holder = claim_holder_here()};
    if (pthread_cond_init(&waiter.woken, NULL) != 0) {
        PyErr_NoMemory();
        return -1;
    }
    atomic_fetch_add(&self->waiting, 1);
    int failed = wait_for_it(self, &waiter);
    atomic_fetch_sub(&self->waiting, 1);
    (void)pthread_cond_destroy(&waiter.woken);
    return failed;
}
