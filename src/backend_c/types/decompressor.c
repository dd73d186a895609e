/* ZstdDecompressor, and decompression in one call. */

#include "types/decompressor.h"

#include "engine/error.h"
#include "engine/frame.h"
#include "engine/output.h"
#include "engine/source.h"
#include "engine/stream.h"
#include "state.h"
#include "types/arguments.h"
#include "types/batch.h"
#include "types/chunker.h"
#include "types/coder.h"
#include "types/copy_stream.h"
#include "types/decompression_obj.h"
#include "types/decompression_reader.h"
#include "types/decompression_writer.h"
#include "types/dictionary.h"
#include "types/dictionary_chain.h"
#include "types/iterator.h"

/* --- configuration --- */

/* Returns 0, or -1 and raises ZstdError. */
static int
check_bounds(PyObject *zstd_error, int format, Py_ssize_t max_window_size)
{
    ZSTD_bounds formats = ZSTD_dParam_getBounds(ZSTD_d_format);
    ZSTD_bounds window_logs = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
    if (format < formats.lowerBound || format > formats.upperBound) {
        return error_raise(zstd_error, NATIVE_ERROR(parameter_outOfBound),
                           "unable to set decoding format: Parameter is out of bound: %d", format);
    }
    if (max_window_size != 0 && (max_window_size < (Py_ssize_t)1 << window_logs.lowerBound ||
                                 (size_t)max_window_size > (size_t)1 << window_logs.upperBound)) {
        return error_raise(
            zstd_error, NATIVE_ERROR(parameter_outOfBound),
            "unable to set max window size: Parameter is out of bound: %zd bytes, not "
            "0 or 2**%d to 2**%d",
            max_window_size, window_logs.lowerBound, window_logs.upperBound);
    }
    return 0;
}

/* Returns NULL and raises on error. */
static Config *
make_config(int format, size_t max_window_size, bool ignore_checksum)
{
    Config *settings = config_new();
    if (settings != NULL) {
        settings->format = (ZSTD_format_e)format;
        settings->max_window_size = max_window_size;
        parameter_list_add(&settings->parameters, ZSTD_d_format, format);
        parameter_list_add(&settings->parameters, ZSTD_d_forceIgnoreChecksum, ignore_checksum);
    }
    return settings;
}

Config *
decompressor_plain_config(void)
{
    return make_config(ZSTD_f_zstd1, 0, false);
}

/* --- one call --- */

enum { BOUND_NONE = -1, BOUND_UNSET = 0 };

typedef struct DecompressOptions {
    Py_ssize_t
        bound; /* of the output, in bytes; BOUND_UNSET: frames must state their content size */
    bool read_across_frames;
    bool allow_extra_data;
} DecompressOptions;

static const DecompressOptions default_options = {BOUND_UNSET, false, true};

/* What the decompression of one input in one call works with. */
typedef struct Decompression {
    PyObject *zstd_error;
    Lease lease;
    ZSTD_inBuffer in;
    FrameExtent extent;
    DecompressOptions options;
} Decompression;

/* Raises what measuring has found wrong. Returns -1. */
static int
raise_bad_extent(const Decompression *self, size_t result)
{
    if (ZSTD_getErrorCode(result) == ZSTD_error_srcSize_wrong) {
        return error_raise(self->zstd_error, result,
                           "decompression error: did not decompress full frame: the input of %zu "
                           "bytes ends before its frame does",
                           self->in.size);
    }
    return error_raise_native(self->zstd_error, "decompression error", result);
}

/* Checks the first header and measures the frames. Returns 0, or -1 and raises. */
static int
inspect_input(Decompression *self)
{
    const DecompressOptions *options = &self->options;
    ZSTD_format_e format = self->lease.settings->format;
    ZSTD_inBuffer rest = self->in;
    FrameWalk walk;
    frame_walk_begin(&walk, format);
    size_t result = frame_walk_header(&walk, &rest);
    if (result != 0) {
        size_t error = ZSTD_isError(result) ? result : NATIVE_ERROR(srcSize_wrong);
        return error_raise_native(self->zstd_error,
                                  "error determining content size from frame header", error);
    }
    if (!options->read_across_frames && walk.header.frameType == ZSTD_skippableFrame) {
        return error_raise(
            self->zstd_error, NATIVE_ERROR(prefix_unknown),
            "decompression error: the input begins with a skippable frame, which has "
            "no content; read_across_frames=True goes on to the next frame");
    }
    if (!options->read_across_frames && options->bound == BOUND_UNSET &&
        walk.header.frameContentSize == ZSTD_CONTENTSIZE_UNKNOWN) {
        return error_raise(
            self->zstd_error, NATIVE_ERROR(GENERIC),
            "could not determine content size in frame header; max_output_size bounds "
            "the output of such a frame, and -1 lets it grow");
    }
    result = frame_measure_on(&self->extent, &walk, &rest, options->read_across_frames);
    return ZSTD_isError(result) ? raise_bad_extent(self, result) : 0;
}

/* Decompresses frames that state their content size. Returns 0, or -1 and raises. */
static int
decompress_stated(Decompression *self, Output *out)
{
    ZSTD_inBuffer in = {self->in.src, self->extent.compressed, 0};
    if (self->extent.content > output_room(out)) {
        return error_raise(self->zstd_error, NATIVE_ERROR(dstSize_tooSmall),
                           "decompression error: the input states %llu bytes of content, and the "
                           "buffer holds %zu",
                           self->extent.content, output_room(out));
    }
    size_t result = lease_whole(&self->lease, out, &in);
    if (ZSTD_isError(result)) {
        return error_raise_native(self->zstd_error, "decompression error", result);
    }
    return 0;
}

/* Decompresses frames of unknown content size. Returns 0, or -1 and raises. */
static int
decompress_unstated(Decompression *self, Output *out)
{
    ZSTD_inBuffer in = {self->in.src, self->extent.compressed, 0};
    StepOutcome outcome;
    do {
        outcome = lease_drain(&self->lease, out, &in, ZSTD_e_continue, "decompression error");
    } while (outcome == STEP_FRAME_END && in.pos < in.size);
    if (outcome == STEP_FAILED) {
        return lease_raise(&self->lease);
    }
    if (outcome != STEP_FRAME_END) {
        return error_raise(self->zstd_error, NATIVE_ERROR(dstSize_tooSmall),
                           "decompression error: did not decompress full frame: its content is "
                           "larger than the %zu bytes that the output may hold",
                           out->native.size);
    }
    return 0;
}

/* Decompresses what inspect_input() has measured. Returns 0, or -1 and raises. */
static int
decompress_measured(Decompression *self, Output *out)
{
    int failed = self->extent.content == ZSTD_CONTENTSIZE_UNKNOWN ? decompress_unstated(self, out)
                                                                  : decompress_stated(self, out);
    size_t unused = self->in.size - self->extent.compressed;
    if (!failed && unused > 0 && !self->options.allow_extra_data) {
        return error_raise(
            self->zstd_error, NATIVE_ERROR(srcSize_wrong),
            "compressed input contains %zu bytes of unused data, which is disallowed", unused);
    }
    return failed;
}

/* Opens an output of the stated size, or one that grows within the bound. Returns 0, or -1 and
   raises; the output can be discarded in any case. */
static int
open_bytes(const Decompression *self, Output *out)
{
    const FrameExtent *extent = &self->extent;
    Py_ssize_t bound = self->options.bound;
    size_t limit = bound > 0 ? (size_t)bound : OUTPUT_MAX;
    if (extent->content == ZSTD_CONTENTSIZE_UNKNOWN) {
        unsigned long long most = Py_MIN(extent->capacity, limit);
        output_open_growing(out, (size_t)Py_MIN(most, ZSTD_DStreamOutSize()), limit);
        return 0;
    }
    if (extent->content > limit && bound > 0) {
        output_open_growing(out, 0, 0);
        return error_raise(self->zstd_error, NATIVE_ERROR(dstSize_tooSmall),
                           "decompression error: the input states %llu bytes of content, more than "
                           "max_output_size=%zd allows",
                           extent->content, bound);
    }
    return output_open_fixed(out, extent->content);
}

/* Returns NULL and raises on error. */
static PyObject *
decompress_bytes(ContextPool *pool, PyObject *data, DecompressOptions options)
{
    Decompression self;
    Source source;
    Output out;
    PyObject *content = NULL;
    self.zstd_error = pool->engine->zstd_error;
    self.options = options;
    if (source_open(&source, data) < 0) {
        return NULL;
    }
    self.in = source.native;
    if (lease_take(&self.lease, pool) == 0) {
        if (inspect_input(&self) == 0) {
            if (open_bytes(&self, &out) == 0 && decompress_measured(&self, &out) == 0) {
                content = output_finish(&out);
            }
            output_discard(&out);
        }
        lease_return(&self.lease);
    }
    source_close(&source);
    return content;
}

/* Returns 0, or -1 and raises. */
static int
bound_from_argument(PyObject *argument, Py_ssize_t *bound)
{
    if (argument_to_size(argument, bound) < 0) {
        return -1;
    }
    if (*bound < BOUND_NONE) {
        PyErr_Format(PyExc_ValueError,
                     "max_output_size must be a number of bytes, 0 or -1 (no bound), not %zd",
                     *bound);
        return -1;
    }
    return 0;
}

static const char *const decompress_parameters[] = {"data", "max_output_size", "read_across_frames",
                                                    "allow_extra_data"};
static const Signature decompress_signature = {"decompress", 1, 4, decompress_parameters};

PyDoc_STRVAR(
    decompress_doc,
    "decompress($self, /, data, max_output_size=0, read_across_frames=False,\n"
    "           allow_extra_data=True)\n"
    "--\n"
    "\n"
    "Return the content of the frame at the start of data, any bytes-like object, as bytes.\n"
    "\n"
    "max_output_size: the most bytes that may come of it, an error otherwise; -1 for no bound. By\n"
    "default, 0, there is no bound either, but the frame must state its content size.\n"
    "read_across_frames: whether the content of all frames is returned, and skippable frames are\n"
    "passed over; frames need not state their content size then.\n"
    "allow_extra_data: whether data after the frame, or after the last one, is ignored.\n"
    "\n"
    "Memory follows the content, not the claims of a frame that cannot hold what it states.\n"
    "May be called from many threads at once. Raises ZstdError for bad, short or over-long data,\n"
    "ValueError for max_output_size under -1, MemoryError for want of memory.");

static PyObject *
decompressor_decompress(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                        PyObject *keywords)
{
    PyObject *values[4];
    DecompressOptions options = default_options;
    if (arguments_parse(&decompress_signature, args, positional, keywords, values) < 0 ||
        bound_from_argument(values[1], &options.bound) < 0 ||
        argument_to_bool(values[2], &options.read_across_frames) < 0 ||
        argument_to_bool(values[3], &options.allow_extra_data) < 0) {
        return NULL;
    }
    return decompress_bytes(&((Coder *)self)->pool, values[0], options);
}

static const char *const decompress_into_parameters[] = {"data", "buffer", "read_across_frames",
                                                         "allow_extra_data"};
static const Signature decompress_into_signature = {"decompress_into", 2, 4,
                                                    decompress_into_parameters};

PyDoc_STRVAR(
    decompress_into_doc,
    "decompress_into($self, /, data, buffer, read_across_frames=False, allow_extra_data=True)\n"
    "--\n"
    "\n"
    "Decompress like decompress(), into the caller's memory; return the count of bytes written.\n"
    "\n"
    "data is any bytes-like object and buffer a writable one that does not overlap it; its size\n"
    "is the bound of the output. What lies behind the content may be overwritten. Raises\n"
    "ZstdError for bad or short data and where buffer is too small, ValueError where the two\n"
    "overlap.");

static PyObject *
decompressor_decompress_into(PyObject *op, PyObject *const *args, Py_ssize_t positional,
                             PyObject *keywords)
{
    ContextPool *pool = &((Coder *)op)->pool;
    PyObject *values[4];
    Decompression self;
    Source source;
    Output out;
    PyObject *size = NULL;
    self.zstd_error = pool->engine->zstd_error;
    self.options = default_options;
    if (arguments_parse(&decompress_into_signature, args, positional, keywords, values) < 0 ||
        argument_to_bool(values[2], &self.options.read_across_frames) < 0 ||
        argument_to_bool(values[3], &self.options.allow_extra_data) < 0 ||
        source_open(&source, values[0]) < 0) {
        return NULL;
    }
    self.in = source.native;
    self.options.bound = BOUND_NONE; /* other than by the buffer */
    if (output_open_view(&out, values[1], &source.native) == 0 &&
        lease_take(&self.lease, pool) == 0) {
        if (inspect_input(&self) == 0 && decompress_measured(&self, &out) == 0) {
            size = PyLong_FromSize_t(out.native.pos);
        }
        lease_return(&self.lease);
    }
    output_discard(&out);
    source_close(&source);
    return size;
}

const char decompressor_decompress_once_doc[] = PyDoc_STR(
    "decompress($module, /, data, max_output_size=0)\n"
    "--\n"
    "\n"
    "Return the content of the frame at the start of data: ZstdDecompressor().decompress(data,\n"
    "max_output_size), without the object.");

static const Signature decompress_once_signature = {"decompress", 1, 2, decompress_parameters};

PyObject *
decompressor_decompress_once(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                             PyObject *keywords)
{
    ModuleState *state = PyModule_GetState(module);
    PyObject *values[2];
    DecompressOptions options = default_options;
    if (arguments_parse(&decompress_once_signature, args, positional, keywords, values) < 0 ||
        bound_from_argument(values[1], &options.bound) < 0) {
        return NULL;
    }
    ContextPool pool;
    pool_init(&pool, &state->engine, DECOMPRESSION, state->engine.plain[DECOMPRESSION]);
    PyObject *content = decompress_bytes(&pool, values[0], options);
    pool_clear(&pool);
    return content;
}

/* --- the type --- */

static char decompressor_doc[] = PyDoc_STR(
    "ZstdDecompressor(dict_data=None, max_window_size=0, format=0, *,\n"
    "                 force_ignore_checksum=False)\n"
    "--\n"
    "\n"
    "Decompresses Zstandard frames (RFC 8878).\n"
    "\n"
    "dict_data: the ZstdCompressionDict that frames refer to.\n"
    "max_window_size: the largest window, in bytes, that a stream may ask memory for; 0 for\n"
    "libzstd's default of 128 MiB, or what a prefix as dict_data calls for. It does not concern frames that are decompressed in one step\n"
    "into memory of their stated size.\n"
    "format: FORMAT_ZSTD1 (0), or FORMAT_ZSTD1_MAGICLESS (1) for frames without magic number.\n"
    "force_ignore_checksum: whether the checksums of frames are not verified.\n"
    "\n"
    "All methods may be called from many threads at once: each call and each stream has a native\n"
    "context of its own. Raises ZstdError for a value out of libzstd's bounds.");

static PyObject *
decompressor_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    return coder_new(type, DECOMPRESSION);
}

static int
decompressor_init(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"dict_data", "max_window_size", "format", "force_ignore_checksum",
                            NULL};
    Coder *self = (Coder *)op;
    PyObject *dict_data = Py_None;
    Py_ssize_t max_window_size = 0;
    int format = ZSTD_f_zstd1;
    int ignore_checksum = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|Oni$p:ZstdDecompressor", names, &dict_data,
                                     &max_window_size, &format, &ignore_checksum) ||
        check_bounds(self->state->engine.zstd_error, format, max_window_size) < 0) {
        return -1;
    }
    Config *settings = make_config(format, (size_t)max_window_size, ignore_checksum != 0);
    if (settings == NULL) {
        return -1;
    }
    if (dict_data != Py_None && dictionary_into_decoder(self->state, dict_data, settings) < 0) {
        config_release(settings);
        return -1;
    }
    pool_configure(&self->pool, settings);
    return 0;
}

PyDoc_STRVAR(
    memory_size_doc,
    "memory_size($self, /)\n"
    "--\n"
    "\n"
    "Return the size in bytes of the native context that was last at work for this decompressor.");

static PyMethodDef decompressor_methods[] = {
    {"decompress", METHOD(decompressor_decompress), METH_FASTCALL | METH_KEYWORDS, decompress_doc},
    {"decompress_into", METHOD(decompressor_decompress_into), METH_FASTCALL | METH_KEYWORDS,
     decompress_into_doc},
    {"decompressobj", METHOD(decompressor_decompressobj), METH_VARARGS | METH_KEYWORDS,
     decompressor_decompressobj_doc},
    {"chunker", METHOD(decompressor_chunker), METH_VARARGS | METH_KEYWORDS,
     decompressor_chunker_doc},
    {"decompress_content_dict_chain", METHOD(decompressor_decompress_content_dict_chain),
     METH_VARARGS | METH_KEYWORDS, decompressor_decompress_content_dict_chain_doc},
    {"copy_stream", METHOD(decompressor_copy_stream), METH_VARARGS | METH_KEYWORDS,
     decompressor_copy_stream_doc},
    {"multi_decompress", METHOD(decompressor_multi_decompress), METH_VARARGS | METH_KEYWORDS,
     decompressor_multi_decompress_doc},
    {"multi_decompress_to_buffer", METHOD(decompressor_multi_decompress_to_buffer),
     METH_VARARGS | METH_KEYWORDS, decompressor_multi_decompress_to_buffer_doc},
    {"read_to_iter", METHOD(decompressor_read_to_iter), METH_VARARGS | METH_KEYWORDS,
     decompressor_read_to_iter_doc},
    {"stream_reader", METHOD(decompressor_stream_reader), METH_VARARGS | METH_KEYWORDS,
     decompressor_stream_reader_doc},
    {"stream_writer", METHOD(decompressor_stream_writer), METH_VARARGS | METH_KEYWORDS,
     decompressor_stream_writer_doc},
    {"memory_size", coder_memory_size, METH_NOARGS, memory_size_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot decompressor_slots[] = {
    {Py_tp_new, decompressor_new},
    {Py_tp_init, decompressor_init},
    {Py_tp_dealloc, coder_dealloc},
    {Py_tp_traverse, coder_traverse},
    {Py_tp_methods, decompressor_methods},
    {Py_tp_doc, decompressor_doc},
    {0, NULL},
};

PyType_Spec decompressor_spec = {
    .name = "zstandard.backend_c.ZstdDecompressor",
    .basicsize = sizeof(Coder),
    .flags = OBJECT_SUBCLASSABLE,
    .slots = decompressor_slots,
};
