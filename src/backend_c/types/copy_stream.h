/* The methods copy_stream(): all of a source, through a native context, to a sink. */

#ifndef ZSTANDARD_TYPES_COPY_STREAM_H
#define ZSTANDARD_TYPES_COPY_STREAM_H

#include "compat.h"

PyObject *compressor_copy_stream(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *decompressor_copy_stream(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_copy_stream_doc[];
extern const char decompressor_copy_stream_doc[];

#endif
