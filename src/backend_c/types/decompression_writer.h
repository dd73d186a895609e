/* ZstdDecompressionWriter: frames that are written are decompressed, and their content written to a
 * file. */

#ifndef ZSTANDARD_TYPES_DECOMPRESSION_WRITER_H
#define ZSTANDARD_TYPES_DECOMPRESSION_WRITER_H

#include "compat.h"

extern PyType_Spec decompression_writer_spec;

/* The method stream_writer() of ZstdDecompressor. */
PyObject *decompressor_stream_writer(PyObject *self, PyObject *args, PyObject *keywords);
extern const char decompressor_stream_writer_doc[];

#endif
