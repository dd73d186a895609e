/* Bytes that wait: put in at the end, taken from the front. */

#ifndef ZSTANDARD_ENGINE_QUEUE_H
#define ZSTANDARD_ENGINE_QUEUE_H

#include "compat.h"

#include <stdbool.h>

/* Zeroed, it is empty. */
typedef struct Queue {
    char *bytes;
    size_t capacity;
    size_t start; /* of what waits; the bytes before were taken, and are there until room is made */
    size_t end;
} Queue;

/* Frees the memory and leaves an empty queue. */
void queue_clear(Queue *self);

/* Makes room for so many bytes at `bytes + end`. Returns 0, or -1 and raises MemoryError. */
int queue_reserve(Queue *self, size_t room);

/* Puts bytes in. Returns 0, or -1 and raises MemoryError. */
int queue_append(Queue *self, const void *bytes, size_t size);

/* Puts bytes in at the front. Returns 0, or -1 and raises MemoryError. */
int queue_prepend(Queue *self, const void *bytes, size_t size);

/* Has bytes that were taken last wait again. Returns whether they are still there. */
bool queue_step_back(Queue *self, unsigned long long size);

static inline size_t
queue_left(const Queue *self)
{
    return self->end - self->start;
}

static inline const char *
queue_front(const Queue *self)
{
    return self->bytes == NULL ? "" : self->bytes + self->start;
}

/* Drops all bytes, those that were taken included, and keeps the memory. */
static inline void
queue_empty(Queue *self)
{
    self->start = 0;
    self->end = 0;
}

#endif
