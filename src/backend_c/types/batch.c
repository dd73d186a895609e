/* The methods that compress or decompress many inputs in one call. */

#include "types/batch.h"

#include "engine/batch.h"
#include "engine/error.h"
#include "engine/memory.h"
#include "engine/output.h"
#include "engine/source.h"
#include "state.h"
#include "types/arguments.h"
#include "types/coder.h"
#include "types/segments.h"

#include <stdint.h>
#include <string.h>

/* One call. Zeroed, with the owner set, it can be cleared. */
typedef struct Call {
    Coder *owner;
    PyObject *given; /* the argument with the inputs, borrowed */
    PyObject *sizes; /* decompressed_sizes, borrowed, or NULL */
    int threads;
    PyObject *inputs; /* a tuple */
    Source *sources;  /* of the inputs */
    Batch batch;
    Output *outputs; /* of the items, where each becomes bytes of its own */
    char *arena;     /* where the results of all items go, where they become segments */
} Call;

static void
call_clear(Call *self)
{
    for (size_t i = 0; self->outputs != NULL && i < self->batch.count; i++) {
        output_discard(&self->outputs[i]);
    }
    for (size_t i = 0; self->sources != NULL && i < self->batch.count; i++) {
        source_close(&self->sources[i]);
    }
    PyMem_RawFree(self->outputs);
    PyMem_RawFree(self->sources);
    PyMem_RawFree(self->arena);
    batch_clear(&self->batch);
    Py_CLEAR(self->inputs);
}

/* --- inputs --- */

/* Takes the arguments of a method, by a format that has its name. Returns 0, or -1 and raises. */
static int
parse(Call *self, PyObject *args, PyObject *keywords, const char *format)
{
    static char *to_compress[] = {"data", "threads", NULL};
    static char *to_decompress[] = {"frames", "decompressed_sizes", "threads", NULL};
    int parsed;
    if (self->owner->pool.direction == COMPRESSION) {
        self->threads = -1;
        parsed = PyArg_ParseTupleAndKeywords(args, keywords, format, to_compress, &self->given,
                                             &self->threads);
    }
    else {
        parsed = PyArg_ParseTupleAndKeywords(args, keywords, format, to_decompress, &self->given,
                                             &self->sizes, &self->threads);
    }
    return parsed ? argument_resolve_threads(&self->threads) : -1;
}

/* Takes what the inputs come of. Returns 0, or -1 and raises. */
static int
take_inputs(Call *self)
{
    /* A tuple of them: what an input does while it is exported may change a list. */
    self->inputs = PySequence_Tuple(self->given);
    return self->inputs == NULL ? -1
                                : batch_init(&self->batch, (size_t)PyTuple_GET_SIZE(self->inputs));
}

/* Does the same for the methods that are as old as segments, and take no iterables. */
static int
take_listed(Call *self)
{
    PyObject *given = self->given;
    if (!PyList_Check(given) && !segments_check(self->owner->state, given)) {
        PyErr_Format(PyExc_TypeError,
                     "argument must be list or BufferWithSegments, or a collection of these, not "
                     "%s",
                     Py_TYPE(given)->tp_name);
        return -1;
    }
    return take_inputs(self);
}

/* Returns 0, or -1 and raises ValueError if there are no inputs. */
static int
check_any(const Call *self)
{
    if (self->batch.count == 0) {
        PyErr_SetString(PyExc_ValueError, "no source elements found");
        return -1;
    }
    return 0;
}

/* Takes over the sizes of content that the caller gives. Returns 0, or -1 and raises. */
static int
set_expected(Call *self)
{
    PyObject *sizes = self->sizes;
    Source source;
    size_t wanted = self->batch.count * sizeof(uint64_t);
    if (sizes == NULL || sizes == Py_None) {
        return 0;
    }
    if (source_open(&source, sizes) < 0) {
        return -1;
    }
    const char *bytes = source.native.src;
    size_t size = source.native.size;
    for (size_t i = 0; size == wanted && i < self->batch.count; i++) {
        uint64_t expected;
        memcpy(&expected, bytes + i * sizeof(expected), sizeof(expected));
        self->batch.items[i].expected = expected;
    }
    source_close(&source);
    if (size != wanted) {
        PyErr_Format(PyExc_ValueError, "decompressed_sizes size mismatch; expected %zu, got %zu",
                     wanted, size);
        return -1;
    }
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
open_inputs(Call *self)
{
    size_t count = self->batch.count;
    self->sources = PyMem_RawCalloc(Py_MAX(count, 1), sizeof(*self->sources));
    if (self->sources == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        PyObject *input = PyTuple_GET_ITEM(self->inputs, (Py_ssize_t)i);
        if (!PyObject_CheckBuffer(input)) {
            PyErr_Format(PyExc_TypeError, "item %zu not a bytes like object: it is of type %s", i,
                         Py_TYPE(input)->tp_name);
            return -1;
        }
        if (source_open(&self->sources[i], input) < 0) {
            return -1;
        }
        self->batch.items[i].in = self->sources[i].native;
    }
    return 0;
}

/* --- work --- */

/* Returns 0, or -1 and raises. */
static int
prepare(Call *self)
{
    return batch_prepare(&self->batch, &self->owner->pool, self->threads);
}

/* Raises what an item failed of. Returns -1. */
static int
raise_failure(const Call *self, size_t number)
{
    const BatchItem *item = &self->batch.items[number];
    PyObject *zstd_error = self->owner->pool.engine->zstd_error;
    const char *what = self->owner->pool.direction == COMPRESSION ? "error compressing item"
                                                                  : "error decompressing item";
    const char *name = ZSTD_getErrorName(item->failure);
    if (item->failure == 0) {
        return error_raise(zstd_error, NATIVE_ERROR(srcSize_wrong),
                           "%s %zu: decompressed %zu bytes; expected %llu", what, number,
                           item->size, item->expected);
    }
    if (item->skippable) {
        return error_raise(zstd_error, item->failure,
                           "%s %zu: %s: it begins with a skippable frame, which has no content",
                           what, number, name);
    }
    switch (ZSTD_getErrorCode(item->failure)) {
    case ZSTD_error_memory_allocation:
        PyErr_NoMemory();
        return -1;
    case ZSTD_error_srcSize_wrong:
        return error_raise(zstd_error, item->failure,
                           "%s %zu: %s: its %zu bytes end before its frame does", what, number,
                           name, item->in.size);
    case ZSTD_error_dstSize_tooSmall:
        return error_raise(zstd_error, item->failure,
                           "%s %zu: %s: there is more than the %zu bytes expected", what, number,
                           name, item->room);
    default:
        return error_raise(zstd_error, item->failure, "%s %zu: %s", what, number, name);
    }
}

/* Works on all items. Returns 0, or -1 and raises. */
static int
work(Call *self)
{
    size_t failed;
    if (batch_run(&self->batch, &failed) < 0) {
        return -1;
    }
    return failed < self->batch.count ? raise_failure(self, failed) : 0;
}

/* --- results as segments --- */

/* Gives each item its place in one arena. Returns 0, or -1 and raises. */
static int
place_in_arena(Call *self, size_t *size)
{
    size_t total = 0;
    for (size_t i = 0; i < self->batch.count; i++) {
        size_t room = self->batch.items[i].room;
        if (room > (size_t)PY_SSIZE_T_MAX - total) {
            PyErr_NoMemory();
            return -1;
        }
        total += room;
    }
    char *place = PyMem_RawMalloc(Py_MAX(total, 1));
    if (place == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    self->arena = place;
    self->batch.is_packed = true;
    for (size_t i = 0; i < self->batch.count; i++) {
        self->batch.items[i].memory = place;
        place += self->batch.items[i].room;
    }
    *size = total;
    return 0;
}

/* Returns a collection of the results; NULL and raises on error. */
static PyObject *
collect(Call *self, size_t room)
{
    Batch *batch = &self->batch;
    size_t size = batch_gather(batch, self->arena);
    Segment *segments = PyMem_RawMalloc(batch->count * sizeof(*segments));
    if (segments == NULL) {
        return PyErr_NoMemory();
    }
    for (size_t i = 0; i < batch->count; i++) {
        segments[i].offset = (uint64_t)(batch->items[i].memory - self->arena);
        segments[i].length = batch->items[i].size;
    }
    char *arena = memory_trim(self->arena, room, size);
    self->arena = NULL;
    return segments_from_memory(self->owner->state, arena, size, segments, batch->count);
}

/* Returns the results of prepared items as a collection; NULL and raises on error. */
static PyObject *
run_to_buffer(Call *self)
{
    size_t room;
    if (place_in_arena(self, &room) < 0 || work(self) < 0) {
        return NULL;
    }
    return collect(self, room);
}

/* --- results as bytes --- */

/* Opens an output for each item whose size can be told. Returns 0, or -1 and raises. */
static int
place_in_bytes(Call *self)
{
    Batch *batch = &self->batch;
    self->outputs = PyMem_RawCalloc(Py_MAX(batch->count, 1), sizeof(*self->outputs));
    if (self->outputs == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (size_t i = 0; i < batch->count; i++) {
        BatchItem *item = &batch->items[i];
        if (!item->stated) {
            continue;
        }
        if (output_open_fixed(&self->outputs[i], item->room) < 0) {
            return -1;
        }
        item->memory = self->outputs[i].native.dst;
    }
    return 0;
}

/* Returns an item's result; NULL and raises on error. */
static PyObject *
finish_item(Call *self, size_t number)
{
    BatchItem *item = &self->batch.items[number];
    if (item->memory == NULL) {
        PyObject *bytes = memory_to_bytes(item->grown, item->size);
        batch_item_drop(item); /* not all of them twice */
        return bytes;
    }
    self->outputs[number].native.pos = item->size;
    return output_finish(&self->outputs[number]);
}

/* Returns the results of prepared items as a list; NULL and raises on error. */
static PyObject *
run_to_list(Call *self)
{
    if (place_in_bytes(self) < 0 || work(self) < 0) {
        return NULL;
    }
    PyObject *list = PyList_New((Py_ssize_t)self->batch.count);
    for (size_t i = 0; list != NULL && i < self->batch.count; i++) {
        PyObject *bytes = finish_item(self, i);
        if (bytes == NULL) {
            Py_CLEAR(list);
        }
        else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, bytes);
        }
    }
    return list;
}

/* --- compression --- */

/* Returns 0, or -1 and raises ValueError if there is nothing in any item. */
static int
check_not_empty(const Call *self)
{
    for (size_t i = 0; i < self->batch.count; i++) {
        if (self->batch.items[i].in.size > 0) {
            return 0;
        }
    }
    PyErr_SetString(PyExc_ValueError, "source elements are empty");
    return -1;
}

const char compressor_multi_compress_doc[] = PyDoc_STR(
    "multi_compress($self, /, data, threads=-1)\n"
    "--\n"
    "\n"
    "Compress many pieces of data, each to a frame of its own; return a list of bytes.\n"
    "\n"
    "data: an iterable of bytes-like objects. The frames stand in the same order, and are what\n"
    "compress() makes of each.\n"
    "threads: how many threads share the work; 0 and 1 work in the caller's thread, negative\n"
    "numbers take one for each CPU.\n"
    "\n"
    "Other threads of Python run meanwhile. Raises TypeError for an item that is not bytes-like,\n"
    "ZstdError where libzstd fails and MemoryError for want of memory.");

PyObject *
compressor_multi_compress(PyObject *op, PyObject *args, PyObject *keywords)
{
    Call call = {.owner = (Coder *)op};
    PyObject *frames = NULL;
    if (parse(&call, args, keywords, "O|i:multi_compress") == 0 && take_inputs(&call) == 0 &&
        open_inputs(&call) == 0 && prepare(&call) == 0) {
        frames = run_to_list(&call);
    }
    call_clear(&call);
    return frames;
}

const char compressor_multi_compress_to_buffer_doc[] = PyDoc_STR(
    "multi_compress_to_buffer($self, /, data, threads=-1)\n"
    "--\n"
    "\n"
    "Compress many pieces of data, each to a frame of its own; return them in one block of\n"
    "memory, as a BufferWithSegmentsCollection.\n"
    "\n"
    "data: a list of bytes-like objects, a BufferWithSegments or a BufferWithSegmentsCollection.\n"
    "The frames stand in the same order, and are what compress() makes of each.\n"
    "threads: how many threads share the work; 0 and 1 work in the caller's thread, negative\n"
    "numbers take one for each CPU.\n"
    "\n"
    "Other threads of Python run meanwhile. Raises ValueError if there is nothing to compress,\n"
    "TypeError for an item that is not bytes-like, ZstdError where libzstd fails and MemoryError\n"
    "for want of memory.");

PyObject *
compressor_multi_compress_to_buffer(PyObject *op, PyObject *args, PyObject *keywords)
{
    Call call = {.owner = (Coder *)op};
    PyObject *frames = NULL;
    if (parse(&call, args, keywords, "O|i:multi_compress_to_buffer") == 0 &&
        take_listed(&call) == 0 && check_any(&call) == 0 && open_inputs(&call) == 0 &&
        check_not_empty(&call) == 0 && prepare(&call) == 0) {
        frames = run_to_buffer(&call);
    }
    call_clear(&call);
    return frames;
}

/* --- decompression --- */

/* Returns 0, or -1 and raises ValueError for an item whose size nobody tells. */
static int
check_sizes(const Call *self)
{
    for (size_t i = 0; i < self->batch.count; i++) {
        const BatchItem *item = &self->batch.items[i];
        if (item->expected == 0 && !item->stated && !item->skippable) {
            PyErr_Format(PyExc_ValueError, "could not determine decompressed size of item %zu%s%s",
                         i, item->failure == 0 ? "" : ": ",
                         item->failure == 0 ? "" : ZSTD_getErrorName(item->failure));
            return -1;
        }
    }
    return 0;
}

const char decompressor_multi_decompress_doc[] = PyDoc_STR(
    "multi_decompress($self, /, frames, decompressed_sizes=None, threads=0)\n"
    "--\n"
    "\n"
    "Decompress many frames; return a list of bytes.\n"
    "\n"
    "frames: an iterable of bytes-like objects, each of which begins with a frame. They need not\n"
    "state their content size. What follows the frame in an item is ignored.\n"
    "decompressed_sizes: None, or a bytes-like object with the content size in bytes of each\n"
    "frame, as unsigned 64-bit integers of the machine, such as array.array('Q', sizes); another\n"
    "content is an error then. 0 stands for what the frame says.\n"
    "threads: how many threads share the work; 0 and 1 work in the caller's thread, negative\n"
    "numbers take one for each CPU.\n"
    "\n"
    "Other threads of Python run meanwhile. Memory follows the content, not the claims of a frame\n"
    "that cannot hold what it states. Raises ZstdError, which names the first item that is bad,\n"
    "TypeError for an item that is not bytes-like, ValueError for a wrong count of sizes and\n"
    "MemoryError for want of memory.");

PyObject *
decompressor_multi_decompress(PyObject *op, PyObject *args, PyObject *keywords)
{
    Call call = {.owner = (Coder *)op};
    PyObject *contents = NULL;
    if (parse(&call, args, keywords, "O|Oi:multi_decompress") == 0 && take_inputs(&call) == 0 &&
        set_expected(&call) == 0 && open_inputs(&call) == 0 && prepare(&call) == 0) {
        contents = run_to_list(&call);
    }
    call_clear(&call);
    return contents;
}

const char decompressor_multi_decompress_to_buffer_doc[] = PyDoc_STR(
    "multi_decompress_to_buffer($self, /, frames, decompressed_sizes=None, threads=0)\n"
    "--\n"
    "\n"
    "Decompress many frames; return their content in one block of memory, as a\n"
    "BufferWithSegmentsCollection.\n"
    "\n"
    "frames: a list of bytes-like objects, a BufferWithSegments or a\n"
    "BufferWithSegmentsCollection, each item of which begins with a frame. What follows the frame\n"
    "in an item is ignored.\n"
    "decompressed_sizes: None, or a bytes-like object with the content size in bytes of each\n"
    "frame, as unsigned 64-bit integers of the machine, such as array.array('Q', sizes); another\n"
    "content is an error then. 0 stands for what the frame says.\n"
    "threads: how many threads share the work; 0 and 1 work in the caller's thread, negative\n"
    "numbers take one for each CPU.\n"
    "\n"
    "Other threads of Python run meanwhile. Raises ValueError if there are no frames, or if\n"
    "neither a frame nor decompressed_sizes tells a size; ZstdError, which names the first item\n"
    "that is bad; TypeError for an item that is not bytes-like and MemoryError for want of memory.");

PyObject *
decompressor_multi_decompress_to_buffer(PyObject *op, PyObject *args, PyObject *keywords)
{
    Call call = {.owner = (Coder *)op};
    PyObject *contents = NULL;
    if (parse(&call, args, keywords, "O|Oi:multi_decompress_to_buffer") == 0 &&
        take_listed(&call) == 0 && set_expected(&call) == 0 && check_any(&call) == 0 &&
        open_inputs(&call) == 0 && prepare(&call) == 0 && check_sizes(&call) == 0) {
        contents = run_to_buffer(&call);
    }
    call_clear(&call);
    return contents;
}
