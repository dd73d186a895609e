/* Native memory: where libzstd allocates. */

#include "engine/memory.h"

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
