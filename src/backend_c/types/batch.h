/* The methods that compress or decompress many inputs in one call. */

#ifndef ZSTANDARD_TYPES_BATCH_H
#define ZSTANDARD_TYPES_BATCH_H

#include "compat.h"

/* Methods of ZstdCompressor. */
PyObject *compressor_multi_compress(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *compressor_multi_compress_to_buffer(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_multi_compress_doc[];
extern const char compressor_multi_compress_to_buffer_doc[];

/* Methods of ZstdDecompressor. */
PyObject *decompressor_multi_decompress(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *decompressor_multi_decompress_to_buffer(PyObject *self, PyObject *args,
                                                  PyObject *keywords);
extern const char decompressor_multi_decompress_doc[];
extern const char decompressor_multi_decompress_to_buffer_doc[];

#endif
