/* ZstdCompressionObj: a stream that is fed data and gives back a frame. */

#ifndef ZSTANDARD_TYPES_COMPRESSION_OBJ_H
#define ZSTANDARD_TYPES_COMPRESSION_OBJ_H

#include "compat.h"
#include "types/coder.h"

extern PyType_Spec compression_obj_spec;

/* Makes a stream of one frame, of `pledged` bytes of content or ZSTD_CONTENTSIZE_UNKNOWN. Returns
   NULL and raises on error. */
PyObject *compression_obj_new(Coder *owner, unsigned long long pledged);

#endif
