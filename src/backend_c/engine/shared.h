/* Numbers that one thread at a time changes, by a claim or a lock, and any thread may look at. */

#ifndef ZSTANDARD_ENGINE_SHARED_H
#define ZSTANDARD_ENGINE_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>

typedef atomic_ullong SharedCount;
typedef atomic_bool SharedFlag;

static inline unsigned long long
shared_count(const SharedCount *self)
{
    return atomic_load_explicit(self, memory_order_relaxed);
}

static inline void
shared_count_set(SharedCount *self, unsigned long long value)
{
    atomic_store_explicit(self, value, memory_order_relaxed);
}

/* Only one thread does so at a time: what it adds to cannot change meanwhile. */
static inline void
shared_count_add(SharedCount *self, unsigned long long more)
{
    shared_count_set(self, shared_count(self) + more);
}

static inline void
shared_count_sub(SharedCount *self, unsigned long long less)
{
    shared_count_set(self, shared_count(self) - less);
}

static inline bool
shared_flag(const SharedFlag *self)
{
    return atomic_load_explicit(self, memory_order_relaxed);
}

static inline void
shared_flag_set(SharedFlag *self, bool value)
{
    atomic_store_explicit(self, value, memory_order_relaxed);
}

#endif
