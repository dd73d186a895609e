/* ZstdCompressionWriter: what is written is compressed, and written to a file. */

#ifndef ZSTANDARD_TYPES_COMPRESSION_WRITER_H
#define ZSTANDARD_TYPES_COMPRESSION_WRITER_H

#include "compat.h"

extern PyType_Spec compression_writer_spec;

/* The method stream_writer() of ZstdCompressor. */
PyObject *compressor_stream_writer(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_stream_writer_doc[];

#endif
