/* Native memory: where libzstd allocates, and copies. */

#include "engine/memory.h"

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
