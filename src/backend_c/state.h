/* The state of one module instance: one for each interpreter that imports it. */

#ifndef ZSTANDARD_STATE_H
#define ZSTANDARD_STATE_H

#include "compat.h"
#include "engine/context.h"

/* What exec makes, traverse visits and free drops; there is no clear: an object may be used, by the
   finalizer of another, until the last one is gone, and keeps the module alive (types/object.h).
   The cycles through the types are broken where the interpreter clears types and module
   dictionaries. */
typedef struct ModuleState {
    PyObject *module; /* borrowed: the state is a part of it */
    Engine engine;
    PyTypeObject *compressor;
    PyTypeObject *decompressor;
    PyTypeObject *compression_obj;
    PyTypeObject *decompression_obj;
    PyTypeObject *compression_reader;
    PyTypeObject *decompression_reader;
    PyTypeObject *compression_writer;
    PyTypeObject *decompression_writer;
    PyTypeObject *compressor_iterator;
    PyTypeObject *decompressor_iterator;
    PyTypeObject *compression_chunker;
    PyTypeObject *compression_chunker_iterator;
    PyTypeObject *decompression_chunker;
    PyTypeObject *decompression_chunker_iterator;
    PyTypeObject *dictionary;
    PyTypeObject *parameters;
    PyTypeObject *frame_info;
    PyTypeObject *frame_info_iterator;
    PyTypeObject *frame_parameters;
    PyTypeObject *buffer_with_segments;
    PyTypeObject *buffer_segments;
    PyTypeObject *buffer_segment;
    PyTypeObject *buffer_with_segments_collection;
} ModuleState;

/* The state of the module that made the type or a base of it. Returns NULL and raises on error. */
ModuleState *state_of_type(PyTypeObject *type);

#endif
