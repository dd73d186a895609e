/* ZstdCompressorIterator and ZstdDecompressorIterator: the output for a source, chunk by chunk. */

#ifndef ZSTANDARD_TYPES_ITERATOR_H
#define ZSTANDARD_TYPES_ITERATOR_H

#include "compat.h"

extern PyType_Spec compressor_iterator_spec;
extern PyType_Spec decompressor_iterator_spec;

/* The method read_to_iter() of ZstdCompressor and of ZstdDecompressor. */
PyObject *compressor_read_to_iter(PyObject *self, PyObject *args, PyObject *keywords);
PyObject *decompressor_read_to_iter(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_read_to_iter_doc[];
extern const char decompressor_read_to_iter_doc[];

#endif
