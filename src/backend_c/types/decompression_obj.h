/* ZstdDecompressionObj: a stream that is fed frames and gives back their content. */

#ifndef ZSTANDARD_TYPES_DECOMPRESSION_OBJ_H
#define ZSTANDARD_TYPES_DECOMPRESSION_OBJ_H

#include "compat.h"

extern PyType_Spec decompression_obj_spec;

/* The method decompressobj() of ZstdDecompressor. */
PyObject *decompressor_decompressobj(PyObject *self, PyObject *args, PyObject *keywords);
extern const char decompressor_decompressobj_doc[];

#endif
