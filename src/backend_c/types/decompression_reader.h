/* ZstdDecompressionReader: a file or buffer of frames, read as their content. */

#ifndef ZSTANDARD_TYPES_DECOMPRESSION_READER_H
#define ZSTANDARD_TYPES_DECOMPRESSION_READER_H

#include "compat.h"

extern PyType_Spec decompression_reader_spec;

/* The method stream_reader() of ZstdDecompressor. */
PyObject *decompressor_stream_reader(PyObject *self, PyObject *args, PyObject *keywords);
extern const char decompressor_stream_reader_doc[];

#endif
