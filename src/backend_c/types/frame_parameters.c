/* FrameParameters, and the functions that read frame headers. */

#include "types/frame_parameters.h"

#include "engine/error.h"
#include "engine/frame.h"
#include "engine/source.h"
#include "state.h"
#include "types/arguments.h"
#include "types/object.h"

#include <stdbool.h>

typedef struct FrameParameters {
    OBJECT_HEAD
    unsigned long long content_size;
    unsigned long long window_size;
    unsigned int dict_id;
    bool has_checksum;
} FrameParameters;

static PyObject *
frame_parameters_new(ModuleState *state, const ZSTD_frameHeader *header)
{
    FrameParameters *self = object_new(state, state->frame_parameters);
    if (self != NULL) {
        self->content_size = header->frameContentSize;
        self->window_size = header->windowSize;
        self->dict_id = header->dictID;
        self->has_checksum = header->checksumFlag != 0;
    }
    return (PyObject *)self;
}

static void
frame_parameters_dealloc(PyObject *op)
{
    object_dealloc_end(op, object_dealloc_begin(op));
}

static char frame_parameters_doc[] =
    PyDoc_STR("What the header of a frame says (RFC 8878, section 3.1.1.1); made by\n"
              "get_frame_parameters().");

static PyMemberDef frame_parameters_members[] = {
    {"content_size", Py_T_ULONGLONG, offsetof(FrameParameters, content_size), Py_READONLY,
     "Stated content size in bytes, CONTENTSIZE_UNKNOWN if none is; of a skippable frame the\n"
     "length of what is skipped."},
    {"window_size", Py_T_ULONGLONG, offsetof(FrameParameters, window_size), Py_READONLY,
     "Size in bytes of the window that decompression needs; 0 for a skippable frame."},
    {"dict_id", Py_T_UINT, offsetof(FrameParameters, dict_id), Py_READONLY,
     "Number of the dictionary that decompression needs, 0 for none or not stated; of a\n"
     "skippable frame the lowest four bits of its magic number, 0 with some older libzstd."},
    {"has_checksum", Py_T_BOOL, offsetof(FrameParameters, has_checksum), Py_READONLY,
     "Whether the frame ends with a checksum of its content."},
    {NULL},
};

static PyMethodDef frame_parameters_methods[] = {
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot frame_parameters_slots[] = {
    {Py_tp_dealloc, frame_parameters_dealloc}, {Py_tp_traverse, object_traverse},
    {Py_tp_members, frame_parameters_members}, {Py_tp_methods, frame_parameters_methods},
    {Py_tp_doc, frame_parameters_doc},         {0, NULL},
};

PyType_Spec frame_parameters_spec = {
    .name = "zstandard.backend_c.FrameParameters",
    .basicsize = sizeof(FrameParameters),
    .flags = OBJECT_FACTORY_MADE,
    .slots = frame_parameters_slots,
};

/* --- functions --- */

static PyObject *
zstd_error_class(PyObject *module)
{
    return ((ModuleState *)PyModule_GetState(module))->engine.zstd_error;
}

/* Returns NULL and raises on error. */
static PyObject *
read_parameters(ModuleState *state, const ZSTD_inBuffer *in, int format)
{
    ZSTD_frameHeader header;
    size_t result = NATIVE_ERROR(frameParameter_unsupported);
    if (format == ZSTD_f_zstd1 || format == ZSTD_f_zstd1_magicless) {
        result = frame_read_header(&header, in, (ZSTD_format_e)format);
    }
    if (ZSTD_isError(result)) {
        error_raise_native(state->engine.zstd_error, "cannot get frame parameters", result);
        return NULL;
    }
    if (result > 0) {
        error_raise(state->engine.zstd_error, NATIVE_ERROR(srcSize_wrong),
                    "not enough data for frame parameters; need %zu bytes", result);
        return NULL;
    }
    return frame_parameters_new(state, &header);
}

const char frame_parameters_get_doc[] = PyDoc_STR(
    "get_frame_parameters($module, /, data, format=0)\n"
    "--\n"
    "\n"
    "Return the FrameParameters of the frame at the start of data, any bytes-like object.\n"
    "\n"
    "Its header is enough: up to 18 bytes. format: FORMAT_ZSTD1 (0) or FORMAT_ZSTD1_MAGICLESS\n"
    "(1). Raises ZstdError for data that is too short or no frame.");

static const char *const get_parameters[] = {"data", "format"};
static const Signature get_signature = {"get_frame_parameters", 1, 2, get_parameters};

PyObject *
frame_parameters_get(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                     PyObject *keywords)
{
    PyObject *values[2];
    int format = ZSTD_f_zstd1;
    Source source;
    if (arguments_parse(&get_signature, args, positional, keywords, values) < 0 ||
        argument_to_int(values[1], &format) < 0 || source_open(&source, values[0]) < 0) {
        return NULL;
    }
    PyObject *parameters = read_parameters(PyModule_GetState(module), &source.native, format);
    source_close(&source);
    return parameters;
}

const char frame_content_size_doc[] = PyDoc_STR(
    "frame_content_size($module, /, data)\n"
    "--\n"
    "\n"
    "Return the content size in bytes that the frame at the start of data states, -1 if none.\n"
    "\n"
    "data is any bytes-like object; the frame's header is enough: up to 18 bytes. A skippable\n"
    "frame has 0. Raises ZstdError for data that is too short or no frame.");

PyObject *
frame_content_size(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                   PyObject *keywords)
{
    Source source;
    if (argument_open_data(&source, "frame_content_size", args, positional, keywords) < 0) {
        return NULL;
    }
    unsigned long long size = ZSTD_getFrameContentSize(source.native.src, source.native.size);
    source_close(&source);
    if (size == ZSTD_CONTENTSIZE_ERROR) {
        PyErr_SetString(zstd_error_class(module), "error when determining content size");
        return NULL;
    }
    return size == ZSTD_CONTENTSIZE_UNKNOWN ? PyLong_FromLong(-1)
                                            : PyLong_FromUnsignedLongLong(size);
}

const char frame_header_size_doc[] = PyDoc_STR(
    "frame_header_size($module, /, data)\n"
    "--\n"
    "\n"
    "Return the size in bytes of the header of the frame at the start of data.\n"
    "\n"
    "data is any bytes-like object. Five bytes are enough, and the magic number among them is not\n"
    "looked at. Raises ZstdError for fewer.");

PyObject *
frame_header_size(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                  PyObject *keywords)
{
    Source source;
    if (argument_open_data(&source, "frame_header_size", args, positional, keywords) < 0) {
        return NULL;
    }
    size_t size = ZSTD_frameHeaderSize(source.native.src, source.native.size);
    source_close(&source);
    if (ZSTD_isError(size)) {
        error_raise_native(zstd_error_class(module), "could not determine frame header size", size);
        return NULL;
    }
    return PyLong_FromSize_t(size);
}
