/* ZstdCompressor, and compression in one call. */

#ifndef ZSTANDARD_TYPES_COMPRESSOR_H
#define ZSTANDARD_TYPES_COMPRESSOR_H

#include "compat.h"
#include "engine/context.h"

extern PyType_Spec compressor_spec;

/* Makes the configuration of ZstdCompressor(). Returns NULL and raises on error. */
Config *compressor_plain_config(void);

/* The module's function compress(). */
PyObject *compressor_compress_once(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                                   PyObject *keywords);
extern const char compressor_compress_once_doc[];

#endif
