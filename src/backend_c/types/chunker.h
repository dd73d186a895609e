/* Chunkers, and the iterators over their output: pieces of one size from data of any size. */

#ifndef ZSTANDARD_TYPES_CHUNKER_H
#define ZSTANDARD_TYPES_CHUNKER_H

#include "compat.h"

extern PyType_Spec compression_chunker_spec;
extern PyType_Spec compression_chunker_iterator_spec;
extern PyType_Spec decompression_chunker_spec;
extern PyType_Spec decompression_chunker_iterator_spec;

/* The method chunker() of ZstdCompressor and of ZstdDecompressor. */
PyObject *compressor_chunker(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *decompressor_chunker(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_chunker_doc[];
extern const char decompressor_chunker_doc[];

#endif
