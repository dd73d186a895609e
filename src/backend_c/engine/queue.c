/* Bytes that wait: put in at the end, taken from the front. */

#include "engine/queue.h"

#include "engine/memory.h"

#include <string.h>

void
queue_clear(Queue *self)
{
    PyMem_RawFree(self->bytes);
    *self = (Queue){0};
}

int
queue_reserve(Queue *self, size_t room)
{
    size_t left = queue_left(self);
    if (left == 0 && self->capacity / 8 > room) {
        queue_clear(self); /* a longer line, or the like, has come and gone */
    }
    if (self->capacity - self->end >= room) {
        return 0;
    }
    /* Moving no more than was taken since costs, on the whole, one copy of each byte. */
    if (self->capacity - left >= room && self->start >= left) {
        if (left > 0) {
            memmove(self->bytes, queue_front(self), left);
        }
    }
    else {
        size_t capacity = self->capacity > PY_SSIZE_T_MAX / 2 ? 0 : 2 * self->capacity;
        if (room > PY_SSIZE_T_MAX - left) {
            PyErr_NoMemory();
            return -1;
        }
        capacity = Py_MAX(capacity, left + room);
        char *bytes = PyMem_RawMalloc(capacity);
        if (bytes == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        if (left > 0) {
            memory_copy(bytes, queue_front(self), left);
        }
        PyMem_RawFree(self->bytes);
        self->bytes = bytes;
        self->capacity = capacity;
    }
    self->start = 0;
    self->end = left;
    return 0;
}

int
queue_append(Queue *self, const void *bytes, size_t size)
{
    if (size == 0) {
        return 0;
    }
    if (queue_reserve(self, size) < 0) {
        return -1;
    }
    memory_copy(self->bytes + self->end, bytes, size);
    self->end += size;
    return 0;
}

int
queue_prepend(Queue *self, const void *bytes, size_t size)
{
    size_t left = queue_left(self);
    if (size == 0) {
        return 0;
    }
    if (size <= self->start && memcmp(queue_front(self) - size, bytes, size) == 0) {
        self->start -= size;
        return 0;
    }
    if (queue_reserve(self, size) < 0) {
        return -1;
    }
    /* At the start, for what comes before is not what was taken before. */
    memmove(self->bytes + size, queue_front(self), left);
    memory_copy(self->bytes, bytes, size);
    self->start = 0;
    self->end = size + left;
    return 0;
}

bool
queue_step_back(Queue *self, unsigned long long size)
{
    if (size > self->start) {
        return false;
    }
    self->start -= (size_t)size;
    return true;
}
