/* Many inputs in one call, each a frame or to become one, shared out among native threads. */

#include "engine/batch.h"

#include "engine/error.h"
#include "engine/frame.h"
#include "engine/stream.h"
#include "engine/workers.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A thread is started for so many times what is worth releasing the interpreter for. */
enum { WORK_OF_THREAD = 8 };

/* Bytes that a thread takes on at a time: where the results of two lie side by side, each slows the
   other down. But each takes on so many times, so that all end together. */
static const size_t WORK_AT_A_TIME = (size_t)64 << 10;
enum { TURNS_MIN = 8 };

/* Seconds between looks after signals, for which the interpreter is taken again. */
static const double LOOK_INTERVAL = 0.05;

static char nothing[1];

int
batch_init(Batch *self, size_t count)
{
    *self = (Batch){.count = count};
    self->items = PyMem_RawCalloc(Py_MAX(count, 1), sizeof(*self->items));
    if (self->items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    return 0;
}

/* --- measuring --- */

static void
measure_frame(BatchItem *item, ZSTD_format_e format)
{
    ZSTD_frameHeader header;
    FrameExtent extent;
    size_t result = frame_read_header(&header, &item->in, format);
    if (result == 0 && header.frameType == ZSTD_skippableFrame) {
        item->skippable = true;
        result = NATIVE_ERROR(prefix_unknown);
    }
    else if (result == 0) {
        item->stated = item->expected > 0 || header.frameContentSize != ZSTD_CONTENTSIZE_UNKNOWN;
        result = frame_measure(&extent, &item->in, format);
    }
    else if (!ZSTD_isError(result)) {
        result = NATIVE_ERROR(srcSize_wrong);
    }
    if (ZSTD_isError(result)) {
        item->failure = result;
        return;
    }
    unsigned long long content = extent.content;
    if (item->expected > 0) {
        content = item->expected;
    }
    /* No claim brings about more memory than the blocks can fill. */
    item->room = (size_t)Py_MIN(content, extent.capacity);
    item->in.size = extent.compressed;
}

/* Finds out how much room each item's result wants. */
static void
measure(Batch *self)
{
    const Lease *lease = &self->leases[0];
    for (size_t i = 0; i < self->count; i++) {
        BatchItem *item = &self->items[i];
        if (lease->pool->direction == DECOMPRESSION) {
            measure_frame(item, lease->settings->format);
        }
        else {
            item->stated = true;
            item->room = ZSTD_compressBound(item->in.size);
            item->failure = ZSTD_isError(item->room) ? item->room : 0;
        }
    }
}

/* --- contexts --- */

/* The bytes that the items take, as far as can be told. */
static size_t
work_of(const Batch *self)
{
    const Lease *lease = &self->leases[0];
    size_t work = 0;
    for (size_t i = 0; i < self->count; i++) {
        const BatchItem *item = &self->items[i];
        bool by_output = lease->pool->codec->works_by_output && item->stated;
        work += by_output ? item->room : item->in.size;
    }
    return work;
}

/* How many items a thread takes on at a time. */
static size_t
items_at_a_time(const Batch *self)
{
    size_t average = work_of(self) / Py_MAX(self->count, 1) + 1;
    size_t most = self->count / ((size_t)self->workers * TURNS_MIN);
    return Py_MAX(Py_MIN(WORK_AT_A_TIME / average, most), 1);
}

/* Takes contexts for up to so many threads. Returns 0, or -1 and raises. */
static int
lease_others(Batch *self, size_t threads)
{
    const Lease *first = &self->leases[0];
    while ((size_t)self->workers < threads) {
        Lease *lease = &self->leases[self->workers];
        if (lease_take_for_worker(lease, first->pool) < 0) {
            return -1;
        }
        if (lease->settings != first->settings) {
            /* Another thread has called __init__() meanwhile; all items go by one configuration. */
            lease_return(lease);
            return 0;
        }
        self->workers++;
    }
    return 0;
}

int
batch_prepare(Batch *self, ContextPool *pool, int threads)
{
    size_t most = threads < 1 ? 1 : (size_t)threads;
    most = Py_MIN(Py_MIN(most, Py_MAX(self->count, 1)), WORKERS_MAX);
    self->leases = PyMem_RawCalloc(most, sizeof(*self->leases));
    if (self->leases == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (lease_take(&self->leases[0], pool) < 0) {
        return -1;
    }
    self->workers = 1;
    measure(self);
    size_t work_of_thread = WORK_OF_THREAD * self->leases[0].settings->long_work;
    return lease_others(self, Py_MIN(most, work_of(self) / work_of_thread + 1));
}

/* --- work --- */

/* Returns 0, or a native error. */
static size_t
grow(BatchItem *item, ZSTD_outBuffer *out)
{
    size_t size = out->size == 0 ? ZSTD_DStreamOutSize() : 2 * out->size;
    size = Py_MIN(size, item->room);
    char *memory = realloc(item->grown, Py_MAX(size, 1));
    if (memory == NULL) {
        return NATIVE_ERROR(memory_allocation);
    }
    item->grown = memory;
    out->dst = memory;
    out->size = size;
    return 0;
}

/* Decompresses a frame of unknown content size into memory that grows. Returns as `whole` does. */
static size_t
work_growing(Lease *lease, BatchItem *item)
{
    const Codec *codec = lease->pool->codec;
    ZSTD_outBuffer out = {nothing, 0, 0};
    StepOutcome outcome;
    size_t hint = 0;
    do {
        if (out.pos == out.size && out.size < item->room) {
            size_t result = grow(item, &out);
            if (ZSTD_isError(result)) {
                return result;
            }
        }
        outcome = codec->step(lease->native, &out, &item->in, ZSTD_e_continue, &hint);
    } while (outcome == STEP_OUTPUT_FULL && out.size < item->room);
    if (outcome == STEP_FAILED) {
        return hint;
    }
    return outcome == STEP_FRAME_END ? out.pos : NATIVE_ERROR(corruption_detected);
}

static bool
work_on_item(void *work, int worker, size_t number, bool follows)
{
    Batch *self = work;
    Lease *lease = &self->leases[worker];
    BatchItem *item = &self->items[number];
    size_t result = item->failure;
    if (self->is_packed && follows) {
        item->memory = item[-1].memory + item[-1].size;
    }
    if (result == 0 && item->memory != NULL) {
        ZSTD_outBuffer out = {item->memory, item->room, 0};
        result = lease_whole_native(lease, &out, &item->in);
    }
    else if (result == 0) {
        result = work_growing(lease, item);
    }
    if (ZSTD_isError(result)) {
        item->failure = result;
        lease->failure = result;
        return false;
    }
    item->size = result;
    return item->expected == 0 || item->expected == item->size;
}

/* Seconds. */
static double
clock_now(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Looks after signals now and then; between two items, as no call of libzstd's can be stopped. */
static bool
goes_on(void *work)
{
    Batch *self = work;
    if (clock_now() >= self->look) {
        PyEval_RestoreThread(self->released);
        self->interrupted = PyErr_CheckSignals() < 0;
        self->released = PyEval_SaveThread();
        self->look = clock_now() + LOOK_INTERVAL;
    }
    return !self->interrupted;
}

int
batch_run(Batch *self, size_t *failed)
{
    self->look = clock_now() + LOOK_INTERVAL;
    self->released = PyEval_SaveThread();
    *failed =
        workers_run(work_on_item, goes_on, self, self->count, items_at_a_time(self), self->workers);
    PyEval_RestoreThread(self->released);
    return self->interrupted ? -1 : 0;
}

size_t
batch_gather(Batch *self, char *arena)
{
    size_t size = 0;
    Py_BEGIN_ALLOW_THREADS
    for (size_t i = 0; i < self->count; i++) {
        BatchItem *item = &self->items[i];
        if (item->memory != arena + size) {
            memmove(arena + size, item->memory, item->size);
            item->memory = arena + size;
        }
        size += item->size;
    }
    Py_END_ALLOW_THREADS
    return size;
}

void
batch_item_drop(BatchItem *self)
{
    free(self->grown);
    self->grown = NULL;
}

void
batch_clear(Batch *self)
{
    for (size_t i = 0; self->items != NULL && i < self->count; i++) {
        batch_item_drop(&self->items[i]);
    }
    for (int i = 0; i < self->workers; i++) {
        lease_return(&self->leases[i]);
    }
    PyMem_RawFree(self->leases);
    PyMem_RawFree(self->items);
}
