/* ZstdCompressionReader: a file or buffer, read as the frame that it makes. */

#ifndef ZSTANDARD_TYPES_COMPRESSION_READER_H
#define ZSTANDARD_TYPES_COMPRESSION_READER_H

#include "compat.h"

extern PyType_Spec compression_reader_spec;

/* The method stream_reader() of ZstdCompressor. */
PyObject *compressor_stream_reader(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_stream_reader_doc[];

#endif
