/* ZstdCompressorIterator and ZstdDecompressorIterator: the output for a source, chunk by chunk. */

#include "types/iterator.h"

#include "engine/feed.h"
#include "types/arguments.h"
#include "types/stream_object.h"

#include <assert.h>

typedef struct Iterator {
    StreamObject base;
    PyObject *source;
    Feed feed;
    size_t write_size;
    size_t skip; /* bytes of the first chunk that are still to be passed over */
} Iterator;

/* --- making one --- */

typedef struct IteratorOptions {
    PyObject *source;
    Py_ssize_t read_size;
    Py_ssize_t write_size;
    Py_ssize_t skip_bytes;
} IteratorOptions;

/* Returns 0, or -1 and raises ValueError. */
static int
check_options(const IteratorOptions *options)
{
    if (argument_check_positive("read_size", options->read_size) < 0 ||
        argument_check_positive("write_size", options->write_size) < 0) {
        return -1;
    }
    if (options->skip_bytes < 0 || options->skip_bytes >= options->read_size) {
        PyErr_Format(PyExc_ValueError,
                     "skip_bytes must be smaller than read_size, and not negative: %zd and %zd",
                     options->skip_bytes, options->read_size);
        return -1;
    }
    return 0;
}

/* Returns NULL and raises on error. */
static Iterator *
iterator_new(Coder *owner, PyTypeObject *type, const IteratorOptions *options)
{
    if (check_options(options) < 0) {
        return NULL;
    }
    Iterator *self = stream_object_new(owner, type);
    if (self == NULL) {
        return NULL;
    }
    int opened = feed_open(&self->feed, &owner->state->engine, options->source, options->read_size);
    if (opened <= 0) {
        if (opened == 0) {
            PyErr_Format(PyExc_ValueError,
                         "must pass an object with a read() method or conforms to buffer protocol, "
                         "not %.100R",
                         options->source);
        }
        Py_DECREF(self);
        return NULL;
    }
    feed_slice(&self->feed);
    self->source = Py_NewRef(options->source);
    self->write_size = (size_t)options->write_size;
    self->skip = (size_t)options->skip_bytes;
    return self;
}

const char compressor_read_to_iter_doc[] = PyDoc_STR(
    "read_to_iter($self, /, reader, size=-1, read_size=131072, write_size=131591)\n"
    "--\n"
    "\n"
    "Return an iterator over the frame that the source's content makes, as bytes objects.\n"
    "\n"
    "reader: the source, an object with a read() method, or else a bytes-like object.\n"
    "size: how many bytes the source holds, which the frame then states, and more or fewer are an\n"
    "error; -1 for unknown. A bytes-like object is of its own size, whatever is said here.\n"
    "read_size: how many bytes are taken from the source at a time.\n"
    "write_size: the most bytes that the iterator gives at a time.\n"
    "Raises ValueError for another source and for sizes out of range.");

PyObject *
compressor_read_to_iter(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"reader", "size", "read_size", "write_size", NULL};
    Coder *owner = (Coder *)op;
    IteratorOptions o = {NULL, (Py_ssize_t)ZSTD_CStreamInSize(), (Py_ssize_t)ZSTD_CStreamOutSize(),
                         0};
    PyObject *size = NULL;
    unsigned long long pledged = ZSTD_CONTENTSIZE_UNKNOWN;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|Onn:read_to_iter", names, &o.source, &size,
                                     &o.read_size, &o.write_size) ||
        argument_to_content_size(size, &pledged) < 0) {
        return NULL;
    }
    Iterator *self = iterator_new(owner, owner->state->compressor_iterator, &o);
    if (self != NULL) {
        lease_pledge(&self->base.stream.lease, feed_content_size(&self->feed, pledged));
    }
    return (PyObject *)self;
}

const char decompressor_read_to_iter_doc[] = PyDoc_STR(
    "read_to_iter($self, /, reader, read_size=131075, write_size=131072, skip_bytes=0)\n"
    "--\n"
    "\n"
    "Return an iterator over the content of the source's first frame, as bytes objects.\n"
    "\n"
    "reader: the source, an object with a read() method, or else a bytes-like object.\n"
    "read_size: how many bytes are taken from the source at a time.\n"
    "write_size: the most bytes that the iterator gives at a time.\n"
    "skip_bytes: how many bytes before the frame are passed over; fewer than read_size.\n"
    "Bad input raises ZstdError, input that ends within the frame ZstdEOFError, after what comes\n"
    "before. Raises ValueError for another source and for sizes out of range.");

PyObject *
decompressor_read_to_iter(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"reader", "read_size", "write_size", "skip_bytes", NULL};
    Coder *owner = (Coder *)op;
    IteratorOptions o = {NULL, (Py_ssize_t)ZSTD_DStreamInSize(), (Py_ssize_t)ZSTD_DStreamOutSize(),
                         0};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|nnn:read_to_iter", names, &o.source,
                                     &o.read_size, &o.write_size, &o.skip_bytes)) {
        return NULL;
    }
    return (PyObject *)iterator_new(owner, owner->state->decompressor_iterator, &o);
}

/* --- iteration --- */

static void
drop_source(Iterator *self)
{
    feed_close(&self->feed);
    Py_CLEAR(self->source);
}

/* Passes over what is to be skipped, in the first chunk. Returns 0, or -1 and raises. */
static int
skip_claimed(Iterator *self)
{
    Feed *feed = &self->feed;
    if (feed_is_empty(feed) && !feed->ended && feed_refill(feed) < 0) {
        return -1;
    }
    size_t size = source_left(&feed->chunk);
    if (size > 0 && size <= self->skip) {
        PyErr_Format(
            PyExc_ValueError,
            "skip_bytes larger than first input chunk, or all of it: skip_bytes is %zu, and "
            "the source first gave %zu bytes",
            self->skip, size);
        return -1;
    }
    feed->chunk.native.pos += Py_MIN(size, self->skip);
    self->skip = 0;
    return 0;
}

/* Returns the next chunk; NULL, and raises on error, at the end. */
static PyObject *
next_claimed(Iterator *self)
{
    Lease *lease = &self->base.stream.lease;
    Output out;
    PumpOutcome outcome;
    PyObject *chunk = NULL;
    assert(claim_is_mine(&self->base.stream.claim));
    if (self->skip > 0 && skip_claimed(self) < 0) {
        return NULL;
    }
    output_open_bounded(&out, self->write_size);
    do {
        outcome = stream_pump(&self->base.stream, &self->feed, &out);
    } while (outcome == PUMP_FRAME_END && lease->skippable);
    if (out.native.pos > 0) {
        chunk = output_finish(&out);
        if (chunk == NULL) {
            lease_lose(lease);
        }
    }
    else if (outcome == PUMP_FAILED) {
        lease_raise(lease);
    }
    if (outcome == PUMP_FRAME_END || outcome == PUMP_END) {
        stream_close(&self->base.stream);
    }
    if (outcome == PUMP_FAILED || !stream_is_open(&self->base.stream)) {
        drop_source(self);
    }
    output_discard(&out);
    return chunk;
}

static PyObject *
iterator_next(PyObject *op)
{
    Iterator *self = (Iterator *)op;
    PyObject *chunk = NULL;
    Lease *lease = &self->base.stream.lease;
    if (claim_take(&self->base.stream.claim) == 0) {
        if (stream_is_open(&self->base.stream)) {
            chunk = next_claimed(self);
        }
        else if (lease->failure != 0 && self->base.owner != NULL) {
            lease_raise(lease); /* the last chunk was lost */
        }
        claim_drop(&self->base.stream.claim);
    }
    return chunk;
}

/* --- the types --- */

static int
iterator_traverse(PyObject *op, visitproc visit, void *arg)
{
    Iterator *self = (Iterator *)op;
    Py_VISIT(self->source);
    int stopped = feed_traverse(&self->feed, visit, arg);
    return stopped ? stopped : stream_object_traverse(op, visit, arg);
}

static int
iterator_clear(PyObject *op)
{
    (void)stream_object_clear(op);
    drop_source((Iterator *)op);
    return 0;
}

#define ITERATOR_SLOTS(doc)                       \
    {                                             \
        {Py_tp_dealloc, stream_object_dealloc},   \
        {Py_tp_traverse, iterator_traverse},      \
        {Py_tp_clear, iterator_clear},            \
        {Py_tp_iter, PyObject_SelfIter},          \
        {Py_tp_iternext, iterator_next},          \
        {Py_tp_methods, object_methods},          \
        {Py_tp_getset, stream_object_attributes}, \
        {Py_tp_doc, doc},                         \
        {0, NULL},                                \
    }

static char compressor_iterator_doc[] =
    PyDoc_STR("Gives a frame chunk by chunk; made by ZstdCompressor.read_to_iter().");
static char decompressor_iterator_doc[] =
    PyDoc_STR("Gives a frame's content chunk by chunk; made by ZstdDecompressor.read_to_iter().");

static PyType_Slot compressor_iterator_slots[] = ITERATOR_SLOTS(compressor_iterator_doc);
static PyType_Slot decompressor_iterator_slots[] = ITERATOR_SLOTS(decompressor_iterator_doc);

PyType_Spec compressor_iterator_spec = {
    .name = "zstandard.backend_c.ZstdCompressorIterator",
    .basicsize = sizeof(Iterator),
    .flags = OBJECT_FACTORY_MADE,
    .slots = compressor_iterator_slots,
};

PyType_Spec decompressor_iterator_spec = {
    .name = "zstandard.backend_c.ZstdDecompressorIterator",
    .basicsize = sizeof(Iterator),
    .flags = OBJECT_FACTORY_MADE,
    .slots = decompressor_iterator_slots,
};
