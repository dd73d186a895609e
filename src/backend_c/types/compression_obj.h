/* ZstdCompressionObj: a stream that is fed data and gives back a frame. */

#ifndef ZSTANDARD_TYPES_COMPRESSION_OBJ_H
#define ZSTANDARD_TYPES_COMPRESSION_OBJ_H

#include "compat.h"

extern PyType_Spec compression_obj_spec;

/* The method compressobj() of ZstdCompressor. */
PyObject *compressor_compressobj(PyObject *self, PyObject *args, PyObject *keywords);
extern const char compressor_compressobj_doc[];

#endif
