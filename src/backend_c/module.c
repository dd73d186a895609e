/* The extension module zstandard.backend_c: its types, functions and life. */

#include "compat.h"
#include "constants.h"
#include "engine/error.h"
#include "engine/fork.h"
#include "state.h"
#include "types/chunker.h"
#include "types/compression_obj.h"
#include "types/compression_reader.h"
#include "types/compression_writer.h"
#include "types/compressor.h"
#include "types/decompression_obj.h"
#include "types/decompression_reader.h"
#include "types/decompression_writer.h"
#include "types/decompressor.h"
#include "types/dictionary.h"
#include "types/frame_info.h"
#include "types/frame_listing.h"
#include "types/frame_parameters.h"
#include "types/iterator.h"
#include "types/object.h"
#include "types/parameters.h"
#include "types/segments.h"
#include "types/skippable_frame.h"
#include "types/training.h"

#include <stdbool.h>
#include <stddef.h>

/* Every type, and where the state keeps it; all are attributes of the module under their names. */
static const struct {
    PyType_Spec *spec;
    size_t offset;
    bool is_file; /* registered as an io.BufferedIOBase */
} types[] = {
    {&compressor_spec, offsetof(ModuleState, compressor), false},
    {&decompressor_spec, offsetof(ModuleState, decompressor), false},
    {&compression_obj_spec, offsetof(ModuleState, compression_obj), false},
    {&decompression_obj_spec, offsetof(ModuleState, decompression_obj), false},
    {&compression_reader_spec, offsetof(ModuleState, compression_reader), true},
    {&decompression_reader_spec, offsetof(ModuleState, decompression_reader), true},
    {&compression_writer_spec, offsetof(ModuleState, compression_writer), true},
    {&decompression_writer_spec, offsetof(ModuleState, decompression_writer), true},
    {&compressor_iterator_spec, offsetof(ModuleState, compressor_iterator), false},
    {&decompressor_iterator_spec, offsetof(ModuleState, decompressor_iterator), false},
    {&compression_chunker_spec, offsetof(ModuleState, compression_chunker), false},
    {&compression_chunker_iterator_spec, offsetof(ModuleState, compression_chunker_iterator),
     false},
    {&decompression_chunker_spec, offsetof(ModuleState, decompression_chunker), false},
    {&decompression_chunker_iterator_spec, offsetof(ModuleState, decompression_chunker_iterator),
     false},
    {&dictionary_spec, offsetof(ModuleState, dictionary), false},
    {&parameters_spec, offsetof(ModuleState, parameters), false},
    {&frame_info_spec, offsetof(ModuleState, frame_info), false},
    {&frame_info_iterator_spec, offsetof(ModuleState, frame_info_iterator), false},
    {&frame_parameters_spec, offsetof(ModuleState, frame_parameters), false},
    {&buffer_with_segments_spec, offsetof(ModuleState, buffer_with_segments), false},
    {&buffer_segments_spec, offsetof(ModuleState, buffer_segments), false},
    {&buffer_segment_spec, offsetof(ModuleState, buffer_segment), false},
    {&buffer_with_segments_collection_spec, offsetof(ModuleState, buffer_with_segments_collection),
     false},
};

/* An object that is made or found by its name, and where the state keeps it. */
typedef struct Named {
    const char *name;
    size_t offset;
} Named;

/* The classes of Python's io module. */
static const Named io_classes[] = {
    {"FileIO", offsetof(ModuleState, engine.io.file_io)},
    {"BufferedReader", offsetof(ModuleState, engine.io.buffered_reader)},
    {"BytesIO", offsetof(ModuleState, engine.io.bytes_io)},
    {"UnsupportedOperation", offsetof(ModuleState, engine.io.unsupported_operation)},
};

/* The names that files are asked for. */
static const Named file_names[] = {
    {"raw", offsetof(ModuleState, engine.names.raw)},
    {"read", offsetof(ModuleState, engine.names.read)},
    {"readinto", offsetof(ModuleState, engine.names.readinto)},
    {"write", offsetof(ModuleState, engine.names.write)},
};

static PyTypeObject **
type_slot(ModuleState *state, size_t index)
{
    return (PyTypeObject **)((char *)state + types[index].offset);
}

static PyObject **
named_slot(ModuleState *state, const Named *named)
{
    return (PyObject **)((char *)state + named->offset);
}

/* --- functions --- */

PyDoc_STRVAR(
    estimate_decompression_context_size_doc,
    "estimate_decompression_context_size($module, /)\n"
    "--\n"
    "\n"
    "Return the size in bytes of a native decompression context, without the window that a\n"
    "stream needs.");

static PyObject *
estimate_decompression_context_size(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused))
{
    return PyLong_FromSize_t(ZSTD_estimateDCtxSize());
}

static PyMethodDef functions[] = {
    {"compress", METHOD(compressor_compress_once), METH_FASTCALL | METH_KEYWORDS,
     compressor_compress_once_doc},
    {"compression_bounds", parameters_compression_bounds, METH_NOARGS,
     parameters_compression_bounds_doc},
    {"decompress", METHOD(decompressor_decompress_once), METH_FASTCALL | METH_KEYWORDS,
     decompressor_decompress_once_doc},
    {"decompression_bounds", parameters_decompression_bounds, METH_NOARGS,
     parameters_decompression_bounds_doc},
    {"estimate_decompression_context_size", estimate_decompression_context_size, METH_NOARGS,
     estimate_decompression_context_size_doc},
    {"finalize_dictionary", METHOD(training_finalize), METH_VARARGS | METH_KEYWORDS,
     training_finalize_doc},
    {"frame_content_size", METHOD(frame_content_size), METH_FASTCALL | METH_KEYWORDS,
     frame_content_size_doc},
    {"frame_header_size", METHOD(frame_header_size), METH_FASTCALL | METH_KEYWORDS,
     frame_header_size_doc},
    {"get_frame_parameters", METHOD(frame_parameters_get), METH_FASTCALL | METH_KEYWORDS,
     frame_parameters_get_doc},
    {"is_skippable_frame", METHOD(skippable_frame_is), METH_FASTCALL | METH_KEYWORDS,
     skippable_frame_is_doc},
    {"list_frames", METHOD(frame_listing_list), METH_VARARGS | METH_KEYWORDS,
     frame_listing_list_doc},
    {"read_skippable_frame", METHOD(skippable_frame_read), METH_FASTCALL | METH_KEYWORDS,
     skippable_frame_read_doc},
    {"train_dictionary", METHOD(training_train), METH_VARARGS | METH_KEYWORDS, training_train_doc},
    {"write_skippable_frame", METHOD(skippable_frame_write), METH_VARARGS | METH_KEYWORDS,
     skippable_frame_write_doc},
    {NULL},
};

/* --- life --- */

/* An older library lacks what the header declares; in a later one it is still there, and in the
   same form so far, also outside the stable interface. Returns 0, or -1 and raises ImportError. */
static int
check_library(void)
{
    if (ZSTD_versionNumber() < ZSTD_VERSION_NUMBER) {
        PyErr_Format(
            PyExc_ImportError,
            "zstandard was built with libzstd %s and needs it or a later one, but libzstd %s "
            "was loaded",
            ZSTD_VERSION_STRING, ZSTD_versionString());
        return -1;
    }
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
find_io_classes(PyObject *io, ModuleState *state)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(io_classes); i++) {
        *named_slot(state, &io_classes[i]) = PyObject_GetAttrString(io, io_classes[i].name);
        if (*named_slot(state, &io_classes[i]) == NULL) {
            return -1;
        }
    }
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
intern_file_names(ModuleState *state)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(file_names); i++) {
        *named_slot(state, &file_names[i]) = PyUnicode_InternFromString(file_names[i].name);
        if (*named_slot(state, &file_names[i]) == NULL) {
            return -1;
        }
    }
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
register_file(PyObject *io, PyObject *type)
{
    PyObject *base = PyObject_GetAttrString(io, "BufferedIOBase");
    PyObject *result = base == NULL ? NULL : PyObject_CallMethod(base, "register", "O", type);
    Py_XDECREF(base);
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

static int
add_types(PyObject *module, PyObject *io, ModuleState *state)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(types); i++) {
        PyObject *type = PyType_FromModuleAndSpec(module, types[i].spec, NULL);
        if (type == NULL) {
            /* Quirk: CPython 3.11 does not raise where it cannot copy the name. */
            if (!PyErr_Occurred()) {
                PyErr_NoMemory();
            }
            return -1;
        }
        *type_slot(state, i) = (PyTypeObject *)type;
        if (PyModule_AddType(module, (PyTypeObject *)type) < 0 ||
            (types[i].is_file && register_file(io, type) < 0)) {
            return -1;
        }
    }
    return 0;
}

/* Makes the exception classes. Returns 0, or -1 and raises. */
static int
add_errors(PyObject *module, Engine *engine)
{
    engine->zstd_error = error_class_new();
    if (engine->zstd_error == NULL) {
        return -1;
    }
    engine->zstd_eof_error = error_eof_class_new(engine->zstd_error);
    if (engine->zstd_eof_error == NULL ||
        PyModule_AddObjectRef(module, "ZstdError", engine->zstd_error) < 0) {
        return -1;
    }
    return PyModule_AddObjectRef(module, "ZstdEOFError", engine->zstd_eof_error);
}

/* Names for what not every backend of 0.25.0 has; programs ask whether the functions are there. */
static int
add_backend_features(PyObject *module)
{
    PyObject *features = Py_BuildValue("[sss]", "buffer_types", "multi_compress_to_buffer",
                                       "multi_decompress_to_buffer");
    PyObject *set = features == NULL ? NULL : PySet_New(features);
    int result = PyModule_AddObjectRef(module, "backend_features", set);
    Py_XDECREF(features);
    Py_XDECREF(set);
    return result;
}

static int
module_exec(PyObject *module)
{
    ModuleState *state = PyModule_GetState(module);
    Engine *engine = &state->engine;
    state->module = module;
    if (check_library() < 0) {
        return -1;
    }
    if (fork_watch() < 0) {
        PyErr_NoMemory();
        return -1;
    }
    PyObject *io = PyImport_ImportModule("io");
    engine->plain[COMPRESSION] = compressor_plain_config();
    engine->plain[DECOMPRESSION] = decompressor_plain_config();
    int failed = io == NULL || engine->plain[COMPRESSION] == NULL ||
                 engine->plain[DECOMPRESSION] == NULL || find_io_classes(io, state) < 0 ||
                 intern_file_names(state) < 0 || add_errors(module, engine) < 0 ||
                 add_types(module, io, state) < 0 || constants_add(module) < 0 ||
                 add_backend_features(module) < 0;
    Py_XDECREF(io);
    return failed ? -1 : 0;
}

static int
module_traverse(PyObject *module, visitproc visit, void *arg)
{
    ModuleState *state = PyModule_GetState(module);
    Py_VISIT(state->engine.zstd_error);
    Py_VISIT(state->engine.zstd_eof_error);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(io_classes); i++) {
        Py_VISIT(*named_slot(state, &io_classes[i]));
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(types); i++) {
        Py_VISIT(*type_slot(state, i));
    }
    return 0;
}

static void
module_free(void *module)
{
    ModuleState *state = PyModule_GetState(module);
    for (size_t i = 0; i < Py_ARRAY_LENGTH(types); i++) {
        Py_CLEAR(*type_slot(state, i));
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(io_classes); i++) {
        Py_CLEAR(*named_slot(state, &io_classes[i]));
    }
    for (size_t i = 0; i < Py_ARRAY_LENGTH(file_names); i++) {
        Py_CLEAR(*named_slot(state, &file_names[i]));
    }
    Py_CLEAR(state->engine.zstd_eof_error);
    Py_CLEAR(state->engine.zstd_error);
    engine_clear(&state->engine);
}

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    MODULE_SLOTS_OF_THREADS{0, NULL},
};

PyDoc_STRVAR(module_doc, "The C backend of zstandard: compression by libzstd.");

static PyModuleDef module_def = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "zstandard.backend_c",
    .m_doc = module_doc,
    .m_size = sizeof(ModuleState),
    .m_methods = functions,
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_free = module_free,
};

ModuleState *
state_of_type(PyTypeObject *type)
{
    PyObject *module = PyType_GetModuleByDef(type, &module_def);
    return module == NULL ? NULL : PyModule_GetState(module);
}

PyMODINIT_FUNC PyInit_backend_c(void);

PyMODINIT_FUNC
PyInit_backend_c(void)
{
    return PyModuleDef_Init(&module_def);
}
