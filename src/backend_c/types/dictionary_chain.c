/* ZstdDecompressor.decompress_content_dict_chain(): frames whose dictionary is the one before. */

#include "types/dictionary_chain.h"

#include "engine/error.h"
#include "engine/frame.h"
#include "engine/output.h"
#include "engine/stream.h"
#include "types/coder.h"

/* One frame of a chain. */
typedef struct Chunk {
    Py_ssize_t index;
    PyObject *zstd_error;
    ZSTD_inBuffer in;
    FrameExtent extent;
} Chunk;

static int
raise_value_error(const Chunk *self, const char *fault)
{
    PyErr_Format(PyExc_ValueError, "chunk %zd %s", self->index, fault);
    return -1;
}

/* Finds out what the frame states of itself. Returns 0, or -1 and raises. */
static int
chunk_measure(Chunk *self, ZSTD_format_e format)
{
    ZSTD_frameHeader header;
    size_t wanted = frame_read_header(&header, &self->in, format);
    if (!ZSTD_isError(wanted) && wanted > 0) {
        return raise_value_error(self, "is too small to contain a zstd frame");
    }
    if (ZSTD_isError(wanted) || header.frameType == ZSTD_skippableFrame) {
        return raise_value_error(self, "is not a valid zstd frame");
    }
    if (header.frameContentSize == ZSTD_CONTENTSIZE_UNKNOWN) {
        return raise_value_error(self, "missing content size in frame");
    }
    size_t result = frame_measure(&self->extent, &self->in, format);
    if (ZSTD_getErrorCode(result) == ZSTD_error_srcSize_wrong) {
        return error_raise(self->zstd_error, result, "chunk %zd did not decompress full frame",
                           self->index);
    }
    if (ZSTD_isError(result)) {
        return error_raise(self->zstd_error, result, "could not decompress chunk %zd: %s",
                           self->index, ZSTD_getErrorName(result));
    }
    return 0;
}

/* Returns the content, NULL on error. */
static PyObject *
chunk_decompress(Chunk *self, ContextPool *pool)
{
    Lease lease;
    Output out;
    PyObject *content = NULL;
    if (lease_take(&lease, pool) < 0) {
        return NULL;
    }
    if (chunk_measure(self, lease.settings->format) == 0) {
        if (output_open_fixed(&out, self->extent.content) == 0) {
            ZSTD_inBuffer in = {self->in.src, self->extent.compressed, 0};
            size_t result = lease_whole(&lease, &out, &in);
            if (ZSTD_isError(result)) {
                error_raise(self->zstd_error, result, "could not decompress chunk %zd: %s",
                            self->index, ZSTD_getErrorName(result));
            }
            else {
                content = output_finish(&out);
            }
        }
        output_discard(&out);
    }
    lease_return(&lease);
    return content;
}

/* Makes settings like those of a pool, with the content before as dictionary. Returns NULL and
   raises on error. */
static Config *
settings_after(const Config *own, PyObject *before, PyObject *zstd_error)
{
    Config *settings = config_new();
    if (settings == NULL) {
        return NULL;
    }
    settings->format = own->format;
    settings->parameters = own->parameters;
    settings->dictionary = dictionary_new(before, ZSTD_dct_rawContent, false);
    if (settings->dictionary != NULL) {
        settings->decoder =
            dictionary_decoder(settings->dictionary, zstd_error, "cannot refer to a chunk");
    }
    if (settings->decoder == NULL) {
        config_release(settings);
        return NULL;
    }
    return settings;
}

/* Returns the content, NULL on error. */
static PyObject *
chunk_decompress_after(Chunk *self, Engine *engine, const Config *first, PyObject *before)
{
    Config *settings = settings_after(first, before, self->zstd_error);
    if (settings == NULL) {
        return NULL;
    }
    ContextPool own;
    pool_init(&own, engine, DECOMPRESSION, settings);
    PyObject *content = chunk_decompress(self, &own);
    pool_clear(&own);
    config_release(settings);
    return content;
}

/* Returns the content of the last of the frames, a tuple; NULL on error. All of them are
   decompressed by what the pool is configured by now. */
static PyObject *
decompress_chain(ContextPool *owner, PyObject *frames)
{
    Config *settings = pool_settings(owner);
    ContextPool pool;
    pool_init(&pool, owner->engine, DECOMPRESSION, settings);
    PyObject *content = NULL;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(frames); i++) {
        PyObject *frame = PyTuple_GET_ITEM(frames, i);
        Chunk chunk = {.index = i, .zstd_error = owner->engine->zstd_error};
        if (!PyBytes_Check(frame)) {
            raise_value_error(&chunk, "must be bytes");
            Py_CLEAR(content);
            break;
        }
        chunk.in = (ZSTD_inBuffer){PyBytes_AS_STRING(frame), (size_t)PyBytes_GET_SIZE(frame), 0};
        PyObject *before = content;
        content = before == NULL ? chunk_decompress(&chunk, &pool)
                                 : chunk_decompress_after(&chunk, owner->engine, settings, before);
        Py_XDECREF(before);
        if (content == NULL) {
            break;
        }
    }
    pool_clear(&pool);
    config_release(settings);
    return content;
}

const char decompressor_decompress_content_dict_chain_doc[] = PyDoc_STR(
    "decompress_content_dict_chain($self, /, frames)\n"
    "--\n"
    "\n"
    "Return the content of the last of a list of frames, each of which refers to the one before.\n"
    "\n"
    "The content of each is the dictionary of the next, as DICT_TYPE_RAWCONTENT; the first one\n"
    "takes that of the decompressor. All must be bytes and state their content size. Other threads\n"
    "run meanwhile. Raises TypeError if frames is no list, ValueError for what is no such frame,\n"
    "ZstdError for one that is damaged or cut short; the message tells which.");

PyObject *
decompressor_decompress_content_dict_chain(PyObject *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"frames", NULL};
    PyObject *list;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O!:decompress_content_dict_chain", names,
                                     &PyList_Type, &list)) {
        return NULL;
    }
    PyObject *frames = PyList_AsTuple(list); /* which another thread cannot change meanwhile */
    if (frames == NULL) {
        return NULL;
    }
    PyObject *content = NULL;
    if (PyTuple_GET_SIZE(frames) == 0) {
        PyErr_SetString(PyExc_ValueError, "empty input chain");
    }
    else {
        content = decompress_chain(&((Coder *)self)->pool, frames);
    }
    Py_DECREF(frames);
    return content;
}
