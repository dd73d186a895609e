/* Native memory: where libzstd allocates, copies, and blocks that are not used up. */

#include "engine/memory.h"

#include <stdatomic.h>
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
   that each page of the next costs a fault; but not once a block as large was freed whole. */
static const size_t MAPPED_MIN = (size_t)128 << 10;
static const size_t MAPPED_MAX = (size_t)32 << 20;
/* The largest block that was freed whole for that. */
static atomic_size_t freed_whole;

bool
memory_frees_whole(size_t size, size_t used)
{
    bool wanted = size >= MAPPED_MIN && size <= MAPPED_MAX && used < size &&
                  size > atomic_load_explicit(&freed_whole, memory_order_relaxed);
    if (wanted) {
        atomic_store_explicit(&freed_whole, size, memory_order_relaxed);
    }
    return wanted;
}

char *
memory_trim(char *block, size_t size, size_t used)
{
    char *copy = memory_frees_whole(size, used) ? PyMem_RawMalloc(Py_MAX(used, 1)) : NULL;
    if (copy != NULL) {
        memory_copy(copy, block, used);
        PyMem_RawFree(block);
        return copy;
    }
    char *shrunk = size == used ? NULL : PyMem_RawRealloc(block, Py_MAX(used, 1));
    return shrunk == NULL ? block : shrunk;
}
