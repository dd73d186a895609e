/* Native memory: where libzstd allocates, copies, and blocks that are not used up. */

#ifndef ZSTANDARD_ENGINE_MEMORY_H
#define ZSTANDARD_ENGINE_MEMORY_H

#include "compat.h"

/* Python's allocator, so that tracemalloc sees what libzstd holds. Its hooks deadlock in threads
   that Python does not know: what those may allocate or free takes ZSTD_defaultCMem. */
extern const ZSTD_customMem python_memory;

/* From so many bytes on, to copy them takes so long that the interpreter is released. */
#define MEMORY_LONG_COPY ((size_t)1 << 20)

/* Copies memory that stays where it is, whatever other threads do meanwhile. */
void memory_copy(void *target, const void *source, size_t size);

/* memory_to_bytes() of MEMORY_LONG_COPY or more. */
PyObject *memory_to_long_bytes(const void *source, size_t size);

/* Does the same into a new bytes object. Returns NULL and raises on error. */
static inline PyObject *
memory_to_bytes(const void *source, size_t size)
{
    return size < MEMORY_LONG_COPY ? PyBytes_FromStringAndSize(source, (Py_ssize_t)size)
                                   : memory_to_long_bytes(source, size);
}

/* Has the allocator keep memory of blocks of that size for the next ones, though each is cut down
   to what is used of it. */
void memory_keep(size_t size);

/* Cuts a block of PyMem_RawMalloc()'s down to what is used. Returns it, where it is now. */
char *memory_trim(char *block, size_t size, size_t used);

#endif
