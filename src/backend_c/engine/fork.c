/* How many forks lie between this process and the one that loaded the extension. */

#include "engine/fork.h"

#include "engine/claim.h"

#include <pthread.h>

atomic_uint fork_count_now;

static void
in_child(void)
{
    /* The child has one thread. */
    atomic_store_explicit(&fork_count_now, fork_count() + 1, memory_order_relaxed);
    claim_forget_waiting();
}

static int error;

static void
watch(void)
{
    error = pthread_atfork(NULL, NULL, in_child);
}

int
fork_watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, watch);
    return error == 0 ? 0 : -1;
}
