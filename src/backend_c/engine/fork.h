/* How many forks lie between this process and the one that loaded the extension. */

#ifndef ZSTANDARD_ENGINE_FORK_H
#define ZSTANDARD_ENGINE_FORK_H

#include <stdatomic.h>

/* Of the whole process, whatever interpreter asks. Only a fork changes it. */
extern atomic_uint fork_count_now;

/* Has forks counted from now on; may be called any number of times. Returns 0, or -1 for want of
   memory. */
int fork_watch(void);

static inline unsigned int
fork_count(void)
{
    return atomic_load_explicit(&fork_count_now, memory_order_relaxed);
}

#endif
