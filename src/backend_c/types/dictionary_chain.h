/* ZstdDecompressor.decompress_content_dict_chain(): frames whose dictionary is the one before. */

#ifndef ZSTANDARD_TYPES_DICTIONARY_CHAIN_H
#define ZSTANDARD_TYPES_DICTIONARY_CHAIN_H

#include "compat.h"

PyObject *decompressor_decompress_content_dict_chain(PyObject *self, PyObject *args,
                                                     PyObject *keywords);
extern const char decompressor_decompress_content_dict_chain_doc[];

#endif
