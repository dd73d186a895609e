/* A claim on an object for a method's length: other threads wait, re-entry is refused. */

#include "engine/claim.h"

/* How long a claim is waited for while the interpreter ends: its holder may be a daemon thread that
 * never runs again. */
static const long long FINAL_WAIT_MICROSECONDS = 1000000;

int
claim_init(Claim *self)
{
    self->lock = PyThread_allocate_lock();
    if (self->lock == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

void
claim_clear(Claim *self)
{
    if (self->lock != NULL) {
        PyThread_free_lock(self->lock);
        self->lock = NULL;
    }
}

int
claim_renew(Claim *self)
{
    /* The lock that is held is left: to free or release it is not for this thread. */
    Claim renewed = {0};
    if (claim_init(&renewed) < 0) {
        return -1;
    }
    self->lock = renewed.lock;
    atomic_store_explicit(&self->owner, 0, memory_order_relaxed);
    return 0;
}

bool
claim_is_mine(const Claim *self)
{
    return atomic_load_explicit(&self->owner, memory_order_relaxed) == PyThread_get_thread_ident();
}

/* Waits for a claim that another thread holds. Returns 0, or -1 and raises. */
static int
claim_wait(Claim *self)
{
    PyLockStatus status;
    bool finalizing = Py_IsFinalizing();
    Py_BEGIN_ALLOW_THREADS
    status = PyThread_acquire_lock_timed(self->lock, finalizing ? FINAL_WAIT_MICROSECONDS : -1, 0);
    Py_END_ALLOW_THREADS
    if (status != PY_LOCK_ACQUIRED) {
        PyErr_SetString(PyExc_RuntimeError,
                        "the object is in use by another thread while the interpreter shuts down");
        return -1;
    }
    return 0;
}

int
claim_take(Claim *self)
{
    if (!PyThread_acquire_lock(self->lock, NOWAIT_LOCK)) {
        if (claim_is_mine(self)) {
            PyErr_SetString(PyExc_RuntimeError, "the object is already in use by this thread");
            return -1;
        }
        if (claim_wait(self) < 0) {
            return -1;
        }
    }
    atomic_store_explicit(&self->owner, PyThread_get_thread_ident(), memory_order_relaxed);
    return 0;
}

void
claim_drop(Claim *self)
{
    atomic_store_explicit(&self->owner, 0, memory_order_relaxed);
    PyThread_release_lock(self->lock);
}
