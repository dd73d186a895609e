/* ZstdCompressor, and compression in one call. */

#include "types/compressor.h"

#include "engine/error.h"
#include "engine/output.h"
#include "engine/source.h"
#include "engine/stream.h"
#include "state.h"
#include "types/arguments.h"
#include "types/batch.h"
#include "types/chunker.h"
#include "types/coder.h"
#include "types/compression_obj.h"
#include "types/compression_reader.h"
#include "types/compression_writer.h"
#include "types/copy_stream.h"
#include "types/dictionary.h"
#include "types/iterator.h"
#include "types/parameters.h"

/* --- configuration --- */

typedef struct CompressorOptions {
    int level;
    int threads;
    bool write_checksum;
    bool write_content_size;
    bool write_dict_id;
} CompressorOptions;

/* From here on compression takes more than 20 nanoseconds a byte. */
enum { HIGH_LEVEL = 10 };

static const CompressorOptions plain_options = {
    .level = ZSTD_CLEVEL_DEFAULT,
    .write_content_size = true,
    .write_dict_id = true,
};

static int
check_level(int level)
{
    if (level > ZSTD_maxCLevel()) {
        PyErr_Format(PyExc_ValueError, "level must be less than %d, not %d", ZSTD_maxCLevel() + 1,
                     level);
        return -1;
    }
    return 0;
}

/* Returns NULL and raises on error. */
static Config *
make_config(const CompressorOptions *options)
{
    if (check_level(options->level) < 0) {
        return NULL;
    }
    Config *settings = config_new();
    if (settings == NULL) {
        return NULL;
    }
    ParameterList *list = &settings->parameters;
    settings->threads = options->threads;
    if (options->level >= HIGH_LEVEL) {
        settings->long_work = LONG_WORK_HIGH_LEVEL;
    }
    parameter_list_add(list, ZSTD_c_compressionLevel, options->level);
    parameter_list_add(list, ZSTD_c_checksumFlag, options->write_checksum);
    parameter_list_add(list, ZSTD_c_contentSizeFlag, options->write_content_size);
    parameter_list_add(list, ZSTD_c_dictIDFlag, options->write_dict_id);
    if (options->threads > 0) {
        parameter_list_add(list, ZSTD_c_nbWorkers, options->threads);
    }
    return settings;
}

/* Returns NULL and raises on error. */
static Config *
make_config_of(const ParameterValues *values)
{
    Config *settings = config_new();
    if (settings != NULL) {
        settings->threads = values->of[PARAMETER_threads];
        if (values->of[PARAMETER_compression_level] >= HIGH_LEVEL ||
            values->of[PARAMETER_strategy] >= ZSTD_btlazy2) {
            settings->long_work = LONG_WORK_HIGH_LEVEL;
        }
        parameter_list_add_values(&settings->parameters, values);
    }
    return settings;
}

Config *
compressor_plain_config(void)
{
    return make_config(&plain_options);
}

/* Resolves a count of threads and keeps it within libzstd's bounds. Returns 0, or -1 and raises. */
static int
resolve_threads(const ModuleState *state, int *threads)
{
    ZSTD_bounds bounds = ZSTD_cParam_getBounds(ZSTD_c_nbWorkers);
    if (argument_resolve_threads(threads) < 0) {
        return -1;
    }
    if (*threads > 0 && bounds.upperBound == 0) {
        return error_raise(state->engine.zstd_error, NATIVE_ERROR(parameter_unsupported),
                           "threads=%d: this libzstd was built without threads", *threads);
    }
    *threads = *threads > bounds.upperBound ? bounds.upperBound : *threads;
    return 0;
}

/* --- one call --- */

/* Compresses into an output that is opened already. Returns 0, or -1 and raises. */
static int
compress_source(ContextPool *pool, const Source *source, Output *out)
{
    Lease lease;
    if (lease_take(&lease, pool) < 0) {
        return -1;
    }
    size_t result = lease_whole(&lease, out, &source->native);
    lease_return(&lease);
    if (!ZSTD_isError(result)) {
        return 0;
    }
    return PyErr_Occurred()
               ? -1
               : error_raise_native(pool->engine->zstd_error, "cannot compress", result);
}

static PyObject *
compress_bytes(ContextPool *pool, PyObject *data)
{
    Source source;
    Output out;
    PyObject *frame = NULL;
    if (source_open(&source, data) < 0) {
        return NULL;
    }
    /* The bound of an input that is too long is an error code, which is too long for an output. */
    if (output_open_fixed(&out, ZSTD_compressBound(source.native.size)) == 0 &&
        compress_source(pool, &source, &out) == 0) {
        frame = output_finish(&out);
    }
    output_discard(&out);
    source_close(&source);
    return frame;
}

static const char *const compress_parameters[] = {"data"};
static const Signature compress_signature = {"compress", 1, 1, compress_parameters};

PyDoc_STRVAR(
    compress_doc,
    "compress($self, /, data)\n"
    "--\n"
    "\n"
    "Compress data to one frame.\n"
    "\n"
    "data is any bytes-like object. The frame states its content size, unless the compressor\n"
    "was made with write_content_size=False. May be called from many threads at once.\n"
    "Raises ZstdError where libzstd fails and MemoryError for want of memory.");

static PyObject *
compressor_compress(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                    PyObject *keywords)
{
    PyObject *data;
    if (arguments_parse(&compress_signature, args, positional, keywords, &data) < 0) {
        return NULL;
    }
    return compress_bytes(&((Coder *)self)->pool, data);
}

static const char *const compress_into_parameters[] = {"data", "buffer"};
static const Signature compress_into_signature = {"compress_into", 2, 2, compress_into_parameters};

PyDoc_STRVAR(
    compress_into_doc,
    "compress_into($self, /, data, buffer)\n"
    "--\n"
    "\n"
    "Compress data to one frame in the caller's memory; return the frame's size in bytes.\n"
    "\n"
    "data is any bytes-like object and buffer a writable one that does not overlap it. A frame\n"
    "takes at most len(data) + len(data) // 256 + 64 bytes. Raises ZstdError where buffer is too\n"
    "small, ValueError where the two overlap, MemoryError for want of memory.");

static PyObject *
compressor_compress_into(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                         PyObject *keywords)
{
    PyObject *values[2];
    Source source;
    Output out;
    PyObject *size = NULL;
    if (arguments_parse(&compress_into_signature, args, positional, keywords, values) < 0 ||
        source_open(&source, values[0]) < 0) {
        return NULL;
    }
    if (output_open_view(&out, values[1], &source.native) == 0 &&
        compress_source(&((Coder *)self)->pool, &source, &out) == 0) {
        size = PyLong_FromSize_t(out.native.pos);
    }
    output_discard(&out);
    source_close(&source);
    return size;
}

const char compressor_compress_once_doc[] = PyDoc_STR(
    "compress($module, /, data, level=3)\n"
    "--\n"
    "\n"
    "Compress data to one frame: ZstdCompressor(level).compress(data), without the object.\n"
    "\n"
    "data is any bytes-like object; level goes up to 22, negative ones are faster. Raises\n"
    "ValueError for a higher level, ZstdError where libzstd fails and MemoryError for want of\n"
    "memory.");

static const char *const compress_once_parameters[] = {"data", "level"};
static const Signature compress_once_signature = {"compress", 1, 2, compress_once_parameters};

PyObject *
compressor_compress_once(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                         PyObject *keywords)
{
    ModuleState *state = PyModule_GetState(module);
    PyObject *values[2];
    CompressorOptions options = plain_options;
    if (arguments_parse(&compress_once_signature, args, positional, keywords, values) < 0 ||
        argument_to_int(values[1], &options.level) < 0) {
        return NULL;
    }
    Config *settings = make_config(&options);
    if (settings == NULL) {
        return NULL;
    }
    ContextPool pool;
    pool_init(&pool, &state->engine, COMPRESSION, settings);
    PyObject *frame = compress_bytes(&pool, values[0]);
    pool_clear(&pool);
    config_release(settings);
    return frame;
}

/* --- the type --- */

static char compressor_doc[] = PyDoc_STR(
    "ZstdCompressor(level=3, dict_data=None, compression_params=None, write_checksum=None,\n"
    "               write_content_size=None, write_dict_id=None, threads=0)\n"
    "--\n"
    "\n"
    "Compresses data to Zstandard frames (RFC 8878).\n"
    "\n"
    "level: 1 (fast) to 22 (small); 0 is the default level 3, negative levels are faster still.\n"
    "dict_data: a ZstdCompressionDict that frames may refer to, and that decompression needs then.\n"
    "compression_params: ZstdCompressionParameters, which stand for the level and all that follows.\n"
    "write_checksum: whether frames end with a checksum of their content; default False.\n"
    "write_content_size: whether frames state the size of their content where it is known when\n"
    "they begin; default True.\n"
    "write_dict_id: whether frames name the dictionary that they need; default True.\n"
    "threads: worker threads for each frame; 0 works in the caller's thread, -1 takes one for\n"
    "each CPU.\n"
    "\n"
    "All methods may be called from many threads at once: each call and each stream has a native\n"
    "context of its own. Raises ValueError for a level over 22, and for compression_params along\n"
    "with what follows it; TypeError for arguments of other types.");

static PyObject *
compressor_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    return coder_new(type, COMPRESSION);
}

/* An option's value unless it is None. Returns 0, or -1 and raises. */
static int
option_to_bool(PyObject *option, bool *value)
{
    return argument_to_bool(option == Py_None ? NULL : option, value);
}

/* The arguments of the constructor; the objects are borrowed, None if they are not given. */
typedef struct CompressorArguments {
    CompressorOptions options;
    PyObject *dict_data;
    PyObject *params;
    PyObject *write_checksum;
    PyObject *write_content_size;
    PyObject *write_dict_id;
} CompressorArguments;

/* What stands in compression_params cannot be said again. Returns 0, or -1 and raises. */
static int
check_params_alone(const CompressorArguments *arguments)
{
    const char *other = arguments->options.threads != 0            ? "threads"
                        : arguments->write_checksum != Py_None     ? "write_checksum"
                        : arguments->write_content_size != Py_None ? "write_content_size"
                        : arguments->write_dict_id != Py_None      ? "write_dict_id"
                                                                   : NULL;
    if (other != NULL) {
        PyErr_Format(PyExc_ValueError,
                     "cannot define compression_params and %s: the parameters have it", other);
        return -1;
    }
    return 0;
}

/* Returns NULL and raises on error. */
static Config *
config_from_arguments(ModuleState *state, CompressorArguments *arguments)
{
    CompressorOptions *options = &arguments->options;
    if (arguments->params != Py_None) {
        ParameterValues values;
        if (check_level(options->level) < 0 ||
            parameters_from_object(state, arguments->params, &values) < 0 ||
            check_params_alone(arguments) < 0) {
            return NULL;
        }
        return make_config_of(&values);
    }
    if (option_to_bool(arguments->write_checksum, &options->write_checksum) < 0 ||
        option_to_bool(arguments->write_content_size, &options->write_content_size) < 0 ||
        option_to_bool(arguments->write_dict_id, &options->write_dict_id) < 0 ||
        resolve_threads(state, &options->threads) < 0) {
        return NULL;
    }
    return make_config(options);
}

static int
compressor_init(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"level",
                            "dict_data",
                            "compression_params",
                            "write_checksum",
                            "write_content_size",
                            "write_dict_id",
                            "threads",
                            NULL};
    Coder *self = (Coder *)op;
    CompressorArguments given = {plain_options, Py_None, Py_None, Py_None, Py_None, Py_None};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|iOOOOOi:ZstdCompressor", names,
                                     &given.options.level, &given.dict_data, &given.params,
                                     &given.write_checksum, &given.write_content_size,
                                     &given.write_dict_id, &given.options.threads)) {
        return -1;
    }
    Config *settings = config_from_arguments(self->state, &given);
    if (settings == NULL) {
        return -1;
    }
    if (given.dict_data != Py_None &&
        dictionary_into_config(self->state, given.dict_data, settings) < 0) {
        config_release(settings);
        return -1;
    }
    pool_configure(&self->pool, settings);
    return 0;
}

PyDoc_STRVAR(
    frame_progression_doc,
    "frame_progression($self, /)\n"
    "--\n"
    "\n"
    "Return how far the frame last worked on has come, as three counts of bytes.\n"
    "\n"
    "(ingested, consumed, produced): taken in; compressed, the rest being buffered; and put out\n"
    "or ready to be. With worker threads the figures run behind.");

static PyObject *
compressor_frame_progression(PyObject *op, PyObject *Py_UNUSED(unused))
{
    ContextPool *pool = &((Coder *)op)->pool;
    return Py_BuildValue("(KKK)", atomic_load_explicit(&pool->ingested, memory_order_relaxed),
                         atomic_load_explicit(&pool->consumed, memory_order_relaxed),
                         atomic_load_explicit(&pool->produced, memory_order_relaxed));
}

PyDoc_STRVAR(
    memory_size_doc,
    "memory_size($self, /)\n"
    "--\n"
    "\n"
    "Return the size in bytes of the native context that was last at work for this compressor.");

static PyMethodDef compressor_methods[] = {
    {"compress", METHOD(compressor_compress), METH_FASTCALL | METH_KEYWORDS, compress_doc},
    {"compress_into", METHOD(compressor_compress_into), METH_FASTCALL | METH_KEYWORDS,
     compress_into_doc},
    {"compressobj", METHOD(compressor_compressobj), METH_VARARGS | METH_KEYWORDS,
     compressor_compressobj_doc},
    {"chunker", METHOD(compressor_chunker), METH_VARARGS | METH_KEYWORDS, compressor_chunker_doc},
    {"copy_stream", METHOD(compressor_copy_stream), METH_VARARGS | METH_KEYWORDS,
     compressor_copy_stream_doc},
    {"multi_compress", METHOD(compressor_multi_compress), METH_VARARGS | METH_KEYWORDS,
     compressor_multi_compress_doc},
    {"multi_compress_to_buffer", METHOD(compressor_multi_compress_to_buffer),
     METH_VARARGS | METH_KEYWORDS, compressor_multi_compress_to_buffer_doc},
    {"read_to_iter", METHOD(compressor_read_to_iter), METH_VARARGS | METH_KEYWORDS,
     compressor_read_to_iter_doc},
    {"stream_reader", METHOD(compressor_stream_reader), METH_VARARGS | METH_KEYWORDS,
     compressor_stream_reader_doc},
    {"stream_writer", METHOD(compressor_stream_writer), METH_VARARGS | METH_KEYWORDS,
     compressor_stream_writer_doc},
    {"frame_progression", compressor_frame_progression, METH_NOARGS, frame_progression_doc},
    {"memory_size", coder_memory_size, METH_NOARGS, memory_size_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot compressor_slots[] = {
    {Py_tp_new, compressor_new},
    {Py_tp_init, compressor_init},
    {Py_tp_dealloc, coder_dealloc},
    {Py_tp_traverse, coder_traverse},
    {Py_tp_methods, compressor_methods},
    {Py_tp_doc, compressor_doc},
    {0, NULL},
};

PyType_Spec compressor_spec = {
    .name = "zstandard.backend_c.ZstdCompressor",
    .basicsize = sizeof(Coder),
    .flags = OBJECT_SUBCLASSABLE,
    .slots = compressor_slots,
};
