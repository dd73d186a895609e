/* Native errors as Python exceptions. */

#ifndef ZSTANDARD_ENGINE_ERROR_H
#define ZSTANDARD_ENGINE_ERROR_H

#include "compat.h"

/* A native error of the given kind, as libzstd would return it; for what is found wrong before
 * libzstd sees it. */
#define NATIVE_ERROR(kind) ((size_t)0 - (size_t)ZSTD_error_##kind)

/* Makes the exception class ZstdError, with `code` and `name` None. Returns NULL on error. */
PyObject *error_class_new(void);

/* Makes the class ZstdEOFError, a ZstdError and an EOFError. Returns NULL on error. */
PyObject *error_eof_class_new(PyObject *zstd_error);

/* Raises `zstd_error` as "<attempt>: <libzstd's name of the error>", with the error's number and
   name as attributes; a native lack of memory is a MemoryError. `result` is what the native call
   returned. Always returns -1. */
int error_raise_native(PyObject *zstd_error, const char *attempt, size_t result);

/* The same with a message of our own, which is formatted as by PyErr_Format. */
int error_raise(PyObject *zstd_error, size_t result, const char *format, ...);

#endif
