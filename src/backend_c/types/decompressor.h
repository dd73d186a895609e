/* ZstdDecompressor, and decompression in one call. */

#ifndef ZSTANDARD_TYPES_DECOMPRESSOR_H
#define ZSTANDARD_TYPES_DECOMPRESSOR_H

#include "compat.h"
#include "engine/context.h"

extern PyType_Spec decompressor_spec;

/* Makes the configuration of ZstdDecompressor(). Returns NULL and raises on error. */
Config *decompressor_plain_config(void);

/* The module's function decompress(). */
PyObject *decompressor_decompress_once(PyObject *module, PyObject *const *args,
                                       Py_ssize_t positional, PyObject *keywords);
extern const char decompressor_decompress_once_doc[];

#endif
