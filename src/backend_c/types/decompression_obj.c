/* ZstdDecompressionObj: a stream that is fed frames and gives back their content. */

#include "types/decompression_obj.h"

#include "engine/frame.h"
#include "engine/queue.h"
#include "engine/source.h"
#include "types/arguments.h"
#include "types/stream_object.h"

#include <assert.h>

/* However large a write_size, memory follows the content. */
static const size_t FIRST_SIZE_MAX = (size_t)1 << 20;
/* So many bytes of content may be expected of a byte of input; of more the output grows. */
static const size_t EXPECTED_RATIO = 32;

typedef struct DecompressionObj {
    StreamObject base;
    size_t write_size;
    bool read_across_frames;
    SharedFlag eof;
    SharedFlag needs_input;
    FrameWalk walk;        /* through all input, to tell how much content comes of it */
    Queue unread;          /* input that an earlier call had no room for the output of */
    PyObject *unused_data; /* bytes that follow the frame; NULL before it has ended; guarded by the
                              lock */
} DecompressionObj;

const char decompressor_decompressobj_doc[] = PyDoc_STR(
    "decompressobj($self, /, write_size=131072, read_across_frames=False)\n"
    "--\n"
    "\n"
    "Return a ZstdDecompressionObj, which decompresses data that comes in pieces.\n"
    "\n"
    "write_size: how many bytes of output are allocated at first, at most, for little input. For\n"
    "more it is what may come of the input's blocks, at most 32 times its size.\n"
    "read_across_frames: whether it goes on with the frames that follow the first. Raises\n"
    "ValueError for a write_size that is not positive.");

PyObject *
decompressor_decompressobj(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"write_size", "read_across_frames", NULL};
    Coder *owner = (Coder *)op;
    Py_ssize_t write_size = (Py_ssize_t)ZSTD_DStreamOutSize();
    int read_across_frames = false;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|np:decompressobj", names, &write_size,
                                     &read_across_frames)) {
        return NULL;
    }
    if (argument_check_positive("write_size", write_size) < 0) {
        return NULL;
    }
    DecompressionObj *self = stream_object_new(owner, owner->state->decompression_obj);
    if (self != NULL) {
        self->write_size = (size_t)write_size;
        self->read_across_frames = read_across_frames != 0;
        shared_flag_set(&self->needs_input, true);
        frame_walk_begin(&self->walk, self->base.stream.lease.settings->format);
    }
    return (PyObject *)self;
}

static int
decompression_obj_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(((DecompressionObj *)op)->unused_data);
    return stream_object_traverse(op, visit, arg);
}

static int
decompression_obj_clear(PyObject *op)
{
    DecompressionObj *self = (DecompressionObj *)op;
    shared_flag_set(&self->needs_input, false);
    queue_clear(&self->unread);
    Py_XDECREF(object_take(self, &self->unused_data));
    return stream_object_clear(op);
}

/* --- input that an earlier call had no room for --- */

/* Sets `in` to what is unread and the new input. Returns 0, or -1 and raises. */
static int
gather_input(DecompressionObj *self, const Source *source, ZSTD_inBuffer *in)
{
    Queue *unread = &self->unread;
    if (queue_left(unread) == 0) {
        *in = source->native;
        return 0;
    }
    if (queue_append(unread, source->native.src, source_left(source)) < 0) {
        return -1;
    }
    *in = (ZSTD_inBuffer){queue_front(unread), queue_left(unread), 0};
    return 0;
}

/* Keeps what is left of gather_input()'s `in` for the next call. Returns 0, or -1 and raises. */
static int
keep_rest(DecompressionObj *self, const ZSTD_inBuffer *in)
{
    if (queue_left(&self->unread) == 0) {
        return queue_append(&self->unread, (const char *)in->src + in->pos, in->size - in->pos);
    }
    self->unread.start += in->pos;
    if (queue_left(&self->unread) == 0) {
        queue_clear(&self->unread);
    }
    return 0;
}

/* --- decompression --- */

/* Takes note of how a call ended. Returns 0, or -1 and raises. */
static int
settle(DecompressionObj *self, StepOutcome outcome, const ZSTD_inBuffer *in)
{
    if (outcome == STEP_FRAME_END && !self->read_across_frames) {
        PyObject *unused_data = PyBytes_FromStringAndSize((const char *)in->src + in->pos,
                                                          (Py_ssize_t)(in->size - in->pos));
        if (unused_data == NULL) {
            return -1;
        }
        object_put(self, &self->unused_data, unused_data);
        queue_clear(&self->unread);
        shared_flag_set(&self->eof, true);
        shared_flag_set(&self->needs_input, false);
        stream_close(&self->base.stream);
        return 0;
    }
    shared_flag_set(&self->needs_input, outcome != STEP_OUTPUT_FULL);
    return keep_rest(self, in);
}

/* How much room to begin with for what comes of the input, part of which is new. Where that is room
 * for a whole frame, libzstd looks neither at its window nor at the sizes of its blocks. */
static size_t
first_size(DecompressionObj *self, const Source *source, const ZSTD_inBuffer *in)
{
    const Lease *lease = &self->base.stream.lease;
    size_t window_max = lease->settings->max_window_size;
    size_t least = Py_MIN(self->write_size, FIRST_SIZE_MAX);
    unsigned long long content =
        frame_walk_expect(&self->walk, &source->native, self->read_across_frames,
                          window_max > 0 ? window_max : (size_t)1 << ZSTD_WINDOWLOG_LIMIT_DEFAULT);
    bool has_former = lease->has_more || in->size - in->pos > source_left(source);
    if (has_former || content == ZSTD_CONTENTSIZE_UNKNOWN) {
        return least;
    }
    size_t most = in->size > OUTPUT_MAX / EXPECTED_RATIO ? OUTPUT_MAX : in->size * EXPECTED_RATIO;
    most = Py_MAX(most, least);
    if (self->walk.stage != FRAME_HEADER) {
        /* A part of a block that is not compressed comes out at once. An output that is not full
         * shows that there is no more to come. */
        content = Py_MAX(content, source_left(source)) + 1;
    }
    return content < most ? (size_t)content : most;
}

/* Decompresses unread and new input to at most `limit` bytes. Returns NULL and raises on error. */
static PyObject *
decompress_claimed(DecompressionObj *self, const Source *source, size_t limit)
{
    static const char attempt[] = "zstd decompressor error";
    Lease *lease = &self->base.stream.lease;
    ZSTD_inBuffer in = {"", 0, 0};
    Output out;
    StepOutcome outcome;
    PyObject *result = NULL;
    assert(claim_is_mine(&self->base.stream.claim));
    if (lease->failure == 0 && gather_input(self, source, &in) < 0) {
        return NULL;
    }
    output_open_growing(&out, lease->failure == 0 ? first_size(self, source, &in) : 0, limit);
    do {
        outcome = lease_drain(lease, &out, &in, ZSTD_e_continue, attempt);
    } while (outcome == STEP_FRAME_END && self->read_across_frames && in.pos < in.size);
    if (outcome == STEP_FAILED) {
        queue_clear(&self->unread); /* nothing can come of it any more */
        lease_raise(lease);
    }
    else {
        result = output_finish(&out);
        if (result == NULL || settle(self, outcome, &in) < 0) {
            lease_lose(lease);
            Py_CLEAR(result);
        }
    }
    output_discard(&out);
    return result;
}

static const char after_eof[] = "cannot use a decompressobj multiple times";

static const char *const decompress_parameters[] = {"data", "max_length"};
static const Signature decompress_signature = {"decompress", 1, 2, decompress_parameters};

PyDoc_STRVAR(
    decompress_doc,
    "decompress($self, /, data, max_length=-1)\n"
    "--\n"
    "\n"
    "Take data, any bytes-like object, and return decompressed bytes: at most max_length of them,\n"
    "or all that can be had if it is negative.\n"
    "\n"
    "What the bound leaves over stays in the object: as long as needs_input is False, further\n"
    "output can be had without further data, by decompress(b\"\", max_length). After the end of the\n"
    "frame eof is True, and further calls raise ZstdError. Bad data raises ZstdError, and so does\n"
    "every later call. A frame that is cut short shows in eof, which stays False.");

static PyObject *
decompression_obj_decompress(PyObject *op, PyObject *const *args, Py_ssize_t positional,
                             PyObject *keywords)
{
    DecompressionObj *self = (DecompressionObj *)op;
    Stream *stream = &self->base.stream;
    PyObject *values[2];
    Py_ssize_t max_length = -1;
    Source source;
    PyObject *result = NULL;
    if (!stream_is_open(stream)) {
        return stream_object_refuse(&self->base, after_eof);
    }
    if (arguments_parse(&decompress_signature, args, positional, keywords, values) < 0 ||
        argument_to_size(values[1], &max_length) < 0 || source_open(&source, values[0]) < 0) {
        return NULL;
    }
    if (claim_take(&stream->claim) == 0) {
        /* Another thread may have come to the end meanwhile. */
        result = stream_is_open(stream)
                     ? decompress_claimed(self, &source,
                                          max_length < 0 ? OUTPUT_MAX : (size_t)max_length)
                     : stream_object_refuse(&self->base, after_eof);
        claim_drop(&stream->claim);
    }
    source_close(&source);
    return result;
}

PyDoc_STRVAR(
    flush_doc,
    "flush($self, /, length=0)\n"
    "--\n"
    "\n"
    "Return the output that max_length has held back so far, as bytes; without it there is none.\n"
    "\n"
    "length is ignored: it is there for the sake of code written for zlib.");

static PyObject *
decompression_obj_flush(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"length", NULL};
    DecompressionObj *self = (DecompressionObj *)op;
    Stream *stream = &self->base.stream;
    Source nothing;
    PyObject *length;
    PyObject *result = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O:flush", names, &length)) {
        return NULL;
    }
    source_init(&nothing);
    if (claim_take(&stream->claim) == 0) {
        result = stream_is_open(stream) && !shared_flag(&self->needs_input)
                     ? decompress_claimed(self, &nothing, OUTPUT_MAX)
                     : PyBytes_FromStringAndSize(NULL, 0);
        claim_drop(&stream->claim);
    }
    return result;
}

/* --- attributes and the type --- */

static PyObject *
decompression_obj_eof(PyObject *op, void *Py_UNUSED(closure))
{
    return PyBool_FromLong(shared_flag(&((DecompressionObj *)op)->eof));
}

static PyObject *
decompression_obj_needs_input(PyObject *op, void *Py_UNUSED(closure))
{
    return PyBool_FromLong(shared_flag(&((DecompressionObj *)op)->needs_input));
}

static PyObject *
decompression_obj_unused_data(PyObject *op, void *Py_UNUSED(closure))
{
    PyObject *unused_data = object_get(op, &((DecompressionObj *)op)->unused_data);
    return unused_data == NULL ? PyBytes_FromStringAndSize(NULL, 0) : unused_data;
}

static PyObject *
decompression_obj_unconsumed_tail(PyObject *Py_UNUSED(op), void *Py_UNUSED(closure))
{
    return PyBytes_FromStringAndSize(NULL, 0);
}

static char decompression_obj_doc[] =
    PyDoc_STR("Decompresses frames that come in pieces; made by ZstdDecompressor.decompressobj().");

static PyMethodDef decompression_obj_methods[] = {
    {"decompress", METHOD(decompression_obj_decompress), METH_FASTCALL | METH_KEYWORDS,
     decompress_doc},
    {"flush", METHOD(decompression_obj_flush), METH_VARARGS | METH_KEYWORDS, flush_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyGetSetDef decompression_obj_getset[] = {
    STREAM_OBJECT_ATTRIBUTES,
    {"eof", decompression_obj_eof, NULL,
     "Whether the end of the frame was reached; never with read_across_frames=True.", NULL},
    {"needs_input", decompression_obj_needs_input, NULL,
     "Whether further output needs further data; False after the end of the frame.", NULL},
    {"unused_data", decompression_obj_unused_data, NULL,
     "The data given after the end of the frame, as bytes.", NULL},
    {"unconsumed_tail", decompression_obj_unconsumed_tail, NULL,
     "Always b\"\": what max_length leaves over stays in the object.", NULL},
    {NULL},
};

static PyType_Slot decompression_obj_slots[] = {
    {Py_tp_dealloc, stream_object_dealloc},
    {Py_tp_traverse, decompression_obj_traverse},
    {Py_tp_clear, decompression_obj_clear},
    {Py_tp_methods, decompression_obj_methods},
    {Py_tp_getset, decompression_obj_getset},
    {Py_tp_doc, decompression_obj_doc},
    {0, NULL},
};

PyType_Spec decompression_obj_spec = {
    .name = "zstandard.backend_c.ZstdDecompressionObj",
    .basicsize = sizeof(DecompressionObj),
    .flags = OBJECT_FACTORY_MADE,
    .slots = decompression_obj_slots,
};
