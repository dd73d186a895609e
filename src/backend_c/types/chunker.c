/* Chunkers, and the iterators over their output: pieces of one size from data of any size. */

#include "types/chunker.h"

#include "engine/source.h"
#include "types/arguments.h"
#include "types/stream_object.h"

#include <assert.h>

typedef struct Chunker {
    StreamObject base;
    size_t chunk_size;
    Output out;    /* the chunk that is being filled */
    Source source; /* the input that an iterator is to work in */
} Chunker;

typedef struct ChunkerIterator {
    OBJECT_HEAD
    PyObject *chunker; /* NULL at the end; guarded by the lock */
    ZSTD_EndDirective operation;
} ChunkerIterator;

/* --- making one --- */

static void
start_chunk(Chunker *self)
{
    output_open_bounded(&self->out, self->chunk_size);
}

/* Returns NULL and raises on error. */
static Chunker *
chunker_new(Coder *owner, PyTypeObject *type, Py_ssize_t chunk_size)
{
    Chunker *self = argument_check_positive("chunk_size", chunk_size) < 0
                        ? NULL
                        : stream_object_new(owner, type);
    if (self != NULL) {
        self->chunk_size = (size_t)chunk_size;
        start_chunk(self);
        source_init(&self->source);
    }
    return self;
}

const char compressor_chunker_doc[] = PyDoc_STR(
    "chunker($self, /, size=-1, chunk_size=131591)\n"
    "--\n"
    "\n"
    "Return a ZstdCompressionChunker, which makes pieces of one size of a frame.\n"
    "\n"
    "size: how many bytes will come, which the frame then states, and more or fewer are an error;\n"
    "-1 for unknown.\n"
    "chunk_size: the size of the pieces in bytes. Raises ValueError for sizes out of range.");

PyObject *
compressor_chunker(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"size", "chunk_size", NULL};
    Coder *owner = (Coder *)op;
    PyObject *size = NULL;
    Py_ssize_t chunk_size = (Py_ssize_t)ZSTD_CStreamOutSize();
    unsigned long long pledged = ZSTD_CONTENTSIZE_UNKNOWN;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|On:chunker", names, &size, &chunk_size) ||
        argument_to_content_size(size, &pledged) < 0) {
        return NULL;
    }
    Chunker *self = chunker_new(owner, owner->state->compression_chunker, chunk_size);
    if (self != NULL) {
        lease_pledge(&self->base.stream.lease, pledged);
    }
    return (PyObject *)self;
}

const char decompressor_chunker_doc[] = PyDoc_STR(
    "chunker($self, /, chunk_size=131072)\n"
    "--\n"
    "\n"
    "Return a ZstdDecompressionChunker, which makes pieces of one size of the content of frames.\n"
    "\n"
    "chunk_size: the size of the pieces in bytes. Raises ValueError if it is not positive.");

PyObject *
decompressor_chunker(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"chunk_size", NULL};
    Coder *owner = (Coder *)op;
    Py_ssize_t chunk_size = (Py_ssize_t)ZSTD_DStreamOutSize();
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|n:chunker", names, &chunk_size)) {
        return NULL;
    }
    return (PyObject *)chunker_new(owner, owner->state->decompression_chunker, chunk_size);
}

/* --- iteration --- */

/* Returns the chunk as it is, and starts another one; NULL and raises on error. */
static PyObject *
give_chunk(Chunker *self)
{
    PyObject *chunk = output_finish(&self->out);
    start_chunk(self);
    if (chunk == NULL) {
        lease_lose(&self->base.stream.lease);
    }
    return chunk;
}

/* Works the input in up to the end of the operation. Returns the outcome: what else than
   STEP_OUTPUT_FULL leaves a chunk that is not full. */
static StepOutcome
fill_chunk(Chunker *self, ZSTD_EndDirective operation, const char *attempt)
{
    ZSTD_inBuffer *in = &self->source.native;
    Lease *lease = &self->base.stream.lease;
    StepOutcome outcome;
    do {
        outcome = lease_drain(lease, &self->out, in, operation, attempt);
    } while (outcome == STEP_FRAME_END && in->pos < in->size && output_wanted(&self->out) > 0);
    return outcome;
}

/* Returns the next chunk; NULL, and raises on error, when the operation is done. */
static PyObject *
chunker_next_claimed(Chunker *self, ZSTD_EndDirective operation)
{
    Lease *lease = &self->base.stream.lease;
    bool by_caller = lease->pool->codec->ended_by_caller;
    const char *attempt = by_caller ? "zstd compress error" : "zstd decompress error";
    assert(claim_is_mine(&self->base.stream.claim));
    if (operation != ZSTD_e_continue && source_left(&self->source) > 0) {
        PyErr_SetString(self->base.state->engine.zstd_error,
                        "input should have been fully consumed before calling flush() or finish()");
        return NULL;
    }
    StepOutcome outcome = fill_chunk(self, operation, attempt);
    bool gives_rest = operation != ZSTD_e_continue || (outcome == STEP_FAILED && !by_caller);
    if (outcome == STEP_FAILED) {
        source_close(&self->source); /* nothing can come of it any more */
    }
    if (output_wanted(&self->out) == 0 || (gives_rest && self->out.native.pos > 0)) {
        PyObject *chunk = give_chunk(self);
        if (by_caller && outcome == STEP_FRAME_END && chunk != NULL) {
            stream_close(&self->base.stream); /* which is left to fail if the end was lost */
        }
        return chunk;
    }
    if (outcome == STEP_FAILED ||
        (operation == ZSTD_e_end && !by_caller && lease_end_input(lease, attempt) < 0)) {
        lease_raise(lease);
        return NULL;
    }
    source_close(&self->source);
    if (operation == ZSTD_e_end) {
        stream_close(&self->base.stream);
    }
    return NULL;
}

static PyObject *
chunker_iterator_next(PyObject *op)
{
    ChunkerIterator *self = (ChunkerIterator *)op;
    /* Another thread may come to the end, and let it go. */
    Chunker *chunker = (Chunker *)object_get(self, &self->chunker);
    PyObject *chunk = NULL;
    if (chunker == NULL) {
        return NULL;
    }
    if (claim_take(&chunker->base.stream.claim) == 0) {
        if (stream_is_open(&chunker->base.stream)) {
            chunk = chunker_next_claimed(chunker, self->operation);
        }
        claim_drop(&chunker->base.stream.claim);
        if (chunk == NULL && !PyErr_Occurred()) {
            Py_XDECREF(object_take(self, &self->chunker));
        }
    }
    Py_DECREF(chunker);
    return chunk;
}

/* --- operations --- */

/* Returns -1. */
static int
raise_finished(const Chunker *self, const char *name)
{
    bool decompresses = Py_IS_TYPE(self, self->base.state->decompression_chunker);
    PyErr_Format(self->base.state->engine.zstd_error, "cannot call %s() after %s finished", name,
                 decompresses ? "decompression" : "compression");
    return -1;
}

/* Refuses an operation that cannot be begun now. Returns 0, or -1 and raises ZstdError. */
static int
check_ready(const Chunker *self, const char *name, bool takes_data)
{
    PyObject *zstd_error = self->base.state->engine.zstd_error;
    if (!stream_is_open(&self->base.stream)) {
        return raise_finished(self, name);
    }
    if (source_left(&self->source) == 0) {
        return 0;
    }
    if (takes_data) {
        PyErr_SetString(zstd_error, "cannot perform operation before consuming output from "
                                    "previous operation");
    }
    else {
        PyErr_Format(zstd_error, "cannot call %s() before consuming output from previous operation",
                     name);
    }
    return -1;
}

/* Returns an iterator over what the operation gives; NULL and raises on error. */
static PyObject *
iterate(Chunker *self, ZSTD_EndDirective operation)
{
    const ModuleState *state = self->base.state;
    bool by_caller = self->base.owner->pool.codec->ended_by_caller;
    ChunkerIterator *iterator =
        object_new(self->base.state, by_caller ? state->compression_chunker_iterator
                                               : state->decompression_chunker_iterator);
    if (iterator != NULL) {
        iterator->chunker = Py_NewRef((PyObject *)self);
        iterator->operation = operation;
    }
    return (PyObject *)iterator;
}

/* Begins an operation with data, which NULL stands for none of. Returns NULL and raises on error.
 */
static PyObject *
begin(Chunker *self, const char *name, PyObject *data, ZSTD_EndDirective operation)
{
    Source source;
    PyObject *iterator = NULL;
    source_init(&source);
    if (data != NULL && source_open(&source, data) < 0) {
        return NULL;
    }
    if (claim_take(&self->base.stream.claim) < 0) {
        source_close(&source);
        return NULL;
    }
    if (check_ready(self, name, data != NULL) == 0) {
        iterator = iterate(self, operation);
    }
    if (iterator != NULL && data != NULL) {
        source_close(&self->source);
        self->source = source;
    }
    else {
        source_close(&source);
    }
    claim_drop(&self->base.stream.claim);
    return iterator;
}

static const char *const data_parameters[] = {"data"};
static const Signature compress_signature = {"compress", 1, 1, data_parameters};
static const Signature decompress_signature = {"decompress", 1, 1, data_parameters};

static PyObject *
begin_with_data(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords,
                const Signature *signature)
{
    PyObject *data;
    if (!stream_is_open(&((Chunker *)op)->base.stream)) {
        raise_finished((Chunker *)op, signature->function);
        return NULL;
    }
    if (arguments_parse_any(signature, args, positional, keywords, &data) < 0) {
        return NULL;
    }
    return begin((Chunker *)op, signature->function, data, ZSTD_e_continue);
}

PyDoc_STRVAR(
    chunker_compress_doc,
    "compress($self, /, data)\n"
    "--\n"
    "\n"
    "Return an iterator, which works data in, a bytes-like object, and gives the pieces that this\n"
    "fills. It must be used up before the next call: ZstdError is raised otherwise.");

static PyObject *
chunker_compress(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    return begin_with_data(op, args, positional, keywords, &compress_signature);
}

PyDoc_STRVAR(
    chunker_decompress_doc,
    "decompress($self, /, data)\n"
    "--\n"
    "\n"
    "Return an iterator, which works data in, a bytes-like object, and gives the pieces that this\n"
    "fills. It must be used up before the next call: ZstdError is raised otherwise. Bad data\n"
    "raises ZstdError after what comes before it.");

static PyObject *
chunker_decompress(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    return begin_with_data(op, args, positional, keywords, &decompress_signature);
}

PyDoc_STRVAR(
    chunker_flush_doc,
    "flush($self, /)\n"
    "--\n"
    "\n"
    "Return an iterator over what the data so far gives besides, the last piece being shorter.");

static PyObject *
chunker_flush(PyObject *op, PyObject *Py_UNUSED(unused))
{
    return begin((Chunker *)op, "flush", NULL, ZSTD_e_flush);
}

PyDoc_STRVAR(
    compression_chunker_finish_doc,
    "finish($self, /)\n"
    "--\n"
    "\n"
    "Return an iterator over the rest of the frame, the last piece being shorter. When it is used\n"
    "up, the frame has ended, and further calls raise ZstdError.");

PyDoc_STRVAR(
    decompression_chunker_finish_doc,
    "finish($self, /)\n"
    "--\n"
    "\n"
    "Return an iterator over the rest of the content, the last piece being shorter. When it is used\n"
    "up, further calls raise ZstdError. It raises ZstdEOFError, after what there is, if the data\n"
    "ends within a frame.");

static PyObject *
chunker_finish(PyObject *op, PyObject *Py_UNUSED(unused))
{
    return begin((Chunker *)op, "finish", NULL, ZSTD_e_end);
}

/* --- the types --- */

static int
chunker_traverse(PyObject *op, visitproc visit, void *arg)
{
    Chunker *self = (Chunker *)op;
    int stopped = source_traverse(&self->source, visit, arg);
    return stopped ? stopped : stream_object_traverse(op, visit, arg);
}

static int
chunker_clear(PyObject *op)
{
    Chunker *self = (Chunker *)op;
    (void)stream_object_clear(op);
    source_close(&self->source);
    output_discard(&self->out);
    return 0;
}

static int
chunker_iterator_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(((ChunkerIterator *)op)->chunker);
    return object_traverse(op, visit, arg);
}

static int
chunker_iterator_clear(PyObject *op)
{
    Py_XDECREF(object_take(op, &((ChunkerIterator *)op)->chunker));
    return 0;
}

static void
chunker_iterator_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    (void)chunker_iterator_clear(op);
    object_dealloc_end(op, type);
}

static PyMethodDef compression_chunker_methods[] = {
    {"compress", METHOD(chunker_compress), METH_FASTCALL | METH_KEYWORDS, chunker_compress_doc},
    {"flush", chunker_flush, METH_NOARGS, chunker_flush_doc},
    {"finish", chunker_finish, METH_NOARGS, compression_chunker_finish_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyMethodDef decompression_chunker_methods[] = {
    {"decompress", METHOD(chunker_decompress), METH_FASTCALL | METH_KEYWORDS,
     chunker_decompress_doc},
    {"flush", chunker_flush, METH_NOARGS, chunker_flush_doc},
    {"finish", chunker_finish, METH_NOARGS, decompression_chunker_finish_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

#define CHUNKER_SLOTS(methods, doc)               \
    {                                             \
        {Py_tp_dealloc, stream_object_dealloc},   \
        {Py_tp_traverse, chunker_traverse},       \
        {Py_tp_clear, chunker_clear},             \
        {Py_tp_methods, methods},                 \
        {Py_tp_getset, stream_object_attributes}, \
        {Py_tp_doc, doc},                         \
        {0, NULL},                                \
    }

#define CHUNKER_ITERATOR_SLOTS(doc)                  \
    {                                                \
        {Py_tp_dealloc, chunker_iterator_dealloc},   \
        {Py_tp_traverse, chunker_iterator_traverse}, \
        {Py_tp_clear, chunker_iterator_clear},       \
        {Py_tp_iter, PyObject_SelfIter},             \
        {Py_tp_iternext, chunker_iterator_next},     \
        {Py_tp_methods, object_methods},             \
        {Py_tp_doc, doc},                            \
        {0, NULL},                                   \
    }

static char compression_chunker_doc[] = PyDoc_STR(
    "Makes pieces of one size of the frame of data that comes in pieces of any size; made by\n"
    "ZstdCompressor.chunker().");
static char decompression_chunker_doc[] = PyDoc_STR(
    "Makes pieces of one size of the content of frames that come in pieces of any size; made by\n"
    "ZstdDecompressor.chunker(). Takes any number of frames.");
static char compression_chunker_iterator_doc[] =
    PyDoc_STR("Gives the pieces of an operation of a ZstdCompressionChunker.");
static char decompression_chunker_iterator_doc[] =
    PyDoc_STR("Gives the pieces of an operation of a ZstdDecompressionChunker.");

static PyType_Slot compression_chunker_slots[] =
    CHUNKER_SLOTS(compression_chunker_methods, compression_chunker_doc);
static PyType_Slot decompression_chunker_slots[] =
    CHUNKER_SLOTS(decompression_chunker_methods, decompression_chunker_doc);
static PyType_Slot compression_chunker_iterator_slots[] =
    CHUNKER_ITERATOR_SLOTS(compression_chunker_iterator_doc);
static PyType_Slot decompression_chunker_iterator_slots[] =
    CHUNKER_ITERATOR_SLOTS(decompression_chunker_iterator_doc);

PyType_Spec compression_chunker_spec = {
    .name = "zstandard.backend_c.ZstdCompressionChunker",
    .basicsize = sizeof(Chunker),
    .flags = OBJECT_FACTORY_MADE,
    .slots = compression_chunker_slots,
};

PyType_Spec decompression_chunker_spec = {
    .name = "zstandard.backend_c.ZstdDecompressionChunker",
    .basicsize = sizeof(Chunker),
    .flags = OBJECT_FACTORY_MADE,
    .slots = decompression_chunker_slots,
};

PyType_Spec compression_chunker_iterator_spec = {
    .name = "zstandard.backend_c.ZstdCompressionChunkerIterator",
    .basicsize = sizeof(ChunkerIterator),
    .flags = OBJECT_FACTORY_MADE,
    .slots = compression_chunker_iterator_slots,
};

PyType_Spec decompression_chunker_iterator_spec = {
    .name = "zstandard.backend_c.ZstdDecompressionChunkerIterator",
    .basicsize = sizeof(ChunkerIterator),
    .flags = OBJECT_FACTORY_MADE,
    .slots = decompression_chunker_iterator_slots,
};
