/* ZstdCompressionObj: a stream that is fed data and gives back a frame. */

#include "types/compression_obj.h"

#include "engine/source.h"
#include "types/arguments.h"
#include "types/stream_object.h"

#include <assert.h>

static const char after_finish[] = "cannot call compress() after compressor finished";

const char compressor_compressobj_doc[] = PyDoc_STR(
    "compressobj($self, /, size=-1)\n"
    "--\n"
    "\n"
    "Return a ZstdCompressionObj, which compresses data that comes in pieces to one frame.\n"
    "\n"
    "size: how many bytes will come, which the frame then states, and more or fewer are an error;\n"
    "-1 for unknown. Raises ValueError for other negative sizes.");

PyObject *
compressor_compressobj(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"size", NULL};
    PyObject *size = NULL;
    unsigned long long pledged = ZSTD_CONTENTSIZE_UNKNOWN;
    Coder *owner = (Coder *)op;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|O:compressobj", names, &size) ||
        argument_to_content_size(size, &pledged) < 0) {
        return NULL;
    }
    StreamObject *self = stream_object_new(owner, owner->state->compression_obj);
    if (self != NULL) {
        lease_pledge(&self->stream.lease, pledged);
    }
    return (PyObject *)self;
}

/* From so much input on, in bytes, a block may come to its end: libzstd writes it straight to where
   there is room for the largest one, and else to a buffer of its own first. */
static const size_t WHOLE_BLOCKS_FROM = (size_t)16 << 10;

/* Works the input in and returns what output there is. Returns NULL and raises on error. */
static PyObject *
compression_obj_drain(StreamObject *self, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
                      const char *attempt)
{
    Output out;
    PyObject *result = NULL;
    Lease *lease = &self->stream.lease;
    /* A flush comes without input, for what was taken before. */
    size_t content = operation == ZSTD_e_continue ? in->size : lease->held;
    size_t first =
        content < WHOLE_BLOCKS_FROM ? ZSTD_compressBound(content) : ZSTD_CStreamOutSize();
    output_open_growing(&out, first, OUTPUT_MAX);
    if (lease_drain(lease, &out, in, operation, attempt) == STEP_FAILED) {
        lease_raise(lease);
    }
    else {
        result = output_finish(&out);
        if (result == NULL) {
            lease_lose(lease);
        }
    }
    output_discard(&out);
    return result;
}

static PyObject *
compression_obj_compress_claimed(StreamObject *self, Source *source)
{
    assert(claim_is_mine(&self->stream.claim));
    if (!stream_is_open(&self->stream)) {
        return stream_object_refuse(self, after_finish);
    }
    return compression_obj_drain(self, &source->native, ZSTD_e_continue, "zstd compress error");
}

static const char *const data_parameters[] = {"data"};
static const Signature compress_signature = {"compress", 1, 1, data_parameters};

PyDoc_STRVAR(
    compression_obj_compress_doc,
    "compress($self, /, data)\n"
    "--\n"
    "\n"
    "Take data, any bytes-like object, into the frame; return what output is ready as bytes.\n"
    "\n"
    "The result is often empty: output comes a block at a time. Raises ZstdError after\n"
    "flush(COMPRESSOBJ_FLUSH_FINISH), and for more data than the size that was declared.");

static PyObject *
compression_obj_compress(PyObject *op, PyObject *const *args, Py_ssize_t positional,
                         PyObject *keywords)
{
    StreamObject *self = (StreamObject *)op;
    PyObject *data;
    Source source;
    PyObject *result = NULL;
    if (!stream_is_open(&self->stream)) {
        return stream_object_refuse(self, after_finish);
    }
    if (arguments_parse(&compress_signature, args, positional, keywords, &data) < 0 ||
        source_open(&source, data) < 0) {
        return NULL;
    }
    if (claim_take(&self->stream.claim) == 0) {
        result = compression_obj_compress_claimed(self, &source);
        claim_drop(&self->stream.claim);
    }
    source_close(&source);
    return result;
}

enum { FLUSH_FINISH, FLUSH_BLOCK };

static PyObject *
compression_obj_flush_claimed(StreamObject *self, int mode)
{
    ZSTD_inBuffer nothing = {"", 0, 0};
    assert(claim_is_mine(&self->stream.claim));
    if (!stream_is_open(&self->stream)) {
        return stream_object_refuse(self, "compressor object already finished");
    }
    if (mode == FLUSH_BLOCK) {
        return compression_obj_drain(self, &nothing, ZSTD_e_flush, "zstd compress error");
    }
    PyObject *result =
        compression_obj_drain(self, &nothing, ZSTD_e_end, "error ending compression stream");
    stream_close(&self->stream);
    return result;
}

PyDoc_STRVAR(
    compression_obj_flush_doc,
    "flush($self, /, flush_mode=0)\n"
    "--\n"
    "\n"
    "Return the output that is still held back, as bytes.\n"
    "\n"
    "flush_mode: COMPRESSOBJ_FLUSH_FINISH (0) ends the frame, and the object can take no more;\n"
    "COMPRESSOBJ_FLUSH_BLOCK (1) ends the block, so that all data so far can be decompressed.\n"
    "Raises ValueError for another mode, and ZstdError once the frame has ended, or for some but\n"
    "less data than the size that was declared.");

static PyObject *
compression_obj_flush(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"flush_mode", NULL};
    StreamObject *self = (StreamObject *)op;
    int mode = FLUSH_FINISH;
    PyObject *result = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|i:flush", names, &mode)) {
        return NULL;
    }
    if (mode != FLUSH_FINISH && mode != FLUSH_BLOCK) {
        return PyErr_Format(PyExc_ValueError, "flush mode not recognized: %d", mode);
    }
    if (claim_take(&self->stream.claim) == 0) {
        result = compression_obj_flush_claimed(self, mode);
        claim_drop(&self->stream.claim);
    }
    return result;
}

static char compression_obj_doc[] = PyDoc_STR(
    "Compresses data that comes in pieces to one frame; made by ZstdCompressor.compressobj().\n"
    "\n"
    "Feed it by compress() and end it by flush(); the results together are the frame.");

static PyMethodDef compression_obj_methods[] = {
    {"compress", METHOD(compression_obj_compress), METH_FASTCALL | METH_KEYWORDS,
     compression_obj_compress_doc},
    {"flush", METHOD(compression_obj_flush), METH_VARARGS | METH_KEYWORDS,
     compression_obj_flush_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot compression_obj_slots[] = {
    {Py_tp_dealloc, stream_object_dealloc},
    {Py_tp_traverse, stream_object_traverse},
    {Py_tp_clear, stream_object_clear},
    {Py_tp_methods, compression_obj_methods},
    {Py_tp_getset, stream_object_attributes},
    {Py_tp_doc, compression_obj_doc},
    {0, NULL},
};

PyType_Spec compression_obj_spec = {
    .name = "zstandard.backend_c.ZstdCompressionObj",
    .basicsize = sizeof(StreamObject),
    .flags = OBJECT_FACTORY_MADE,
    .slots = compression_obj_slots,
};
