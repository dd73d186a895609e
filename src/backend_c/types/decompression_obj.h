/* ZstdDecompressionObj: a stream that is fed frames and gives back their content. */

#ifndef ZSTANDARD_TYPES_DECOMPRESSION_OBJ_H
#define ZSTANDARD_TYPES_DECOMPRESSION_OBJ_H

#include "compat.h"
#include "types/coder.h"

#include <stdbool.h>

extern PyType_Spec decompression_obj_spec;

/* Makes a stream that ends with the first frame, or goes on with those that follow. `write_size` is
   how many bytes of output are allocated at first, at most. Returns NULL and raises on error. */
PyObject *decompression_obj_new(Coder *owner, size_t write_size, bool read_across_frames);

#endif
