/* Native memory: where libzstd allocates. */

#ifndef ZSTANDARD_ENGINE_MEMORY_H
#define ZSTANDARD_ENGINE_MEMORY_H

#include "compat.h"

/* Python's allocator, so that tracemalloc sees what libzstd holds. Its hooks deadlock in threads
   that Python does not know: what those may allocate or free takes ZSTD_defaultCMem. */
extern const ZSTD_customMem python_memory;

#endif
