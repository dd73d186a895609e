/* Native memory: where libzstd allocates, copies, and blocks that are not used up. */

#include "engine/memory.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static void *
native_alloc(void *Py_UNUSED(opaque), size_t size)
{
    return PyMem_RawMalloc(size);
}

static void
native_free(void *Py_UNUSED(opaque), void *address)
{
    PyMem_RawFree(address);
}

const ZSTD_customMem python_memory = {native_alloc, native_free, NULL};

void
memory_copy(void *target, const void *source, size_t size)
{
    if (size < MEMORY_LONG_COPY) {
        memcpy(target, source, size);
        return;
    }
    Py_BEGIN_ALLOW_THREADS
    memcpy(target, source, size);
    Py_END_ALLOW_THREADS
}

PyObject *
memory_to_long_bytes(const void *source, size_t size)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (bytes != NULL) {
        memory_copy(PyBytes_AS_STRING(bytes), source, size);
    }
    return bytes;
}

/* --- blocks that are not used up --- */

/* glibc's malloc maps memory of such a size, and gives it back to the system when it is freed, so
   that each page of the next costs a fault; but not once a block as large was freed, as one that
   was cut down is not. */
static const size_t MAPPED_MIN = (size_t)128 << 10;
static const size_t MAPPED_MAX = (size_t)32 << 20;
/* The largest block that was freed for that. */
static atomic_size_t freed;

void
memory_keep(size_t size)
{
    if (size >= MAPPED_MIN && size <= MAPPED_MAX &&
        size > atomic_load_explicit(&freed, memory_order_relaxed)) {
        /* Compilers know that malloc() with free() comes to nothing. */
        void *volatile untouched = malloc(size);
        free(untouched);
        atomic_store_explicit(&freed, size, memory_order_relaxed);
    }
}

char *
memory_trim(char *block, size_t size, size_t used)
{
    if (size == used) {
        return block;
    }
    memory_keep(size);
    char *shrunk = PyMem_RawRealloc(block, Py_MAX(used, 1));
    return shrunk == NULL ? block : shrunk;
}
