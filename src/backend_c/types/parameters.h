/* ZstdCompressionParameters, and the bounds of parameters. */

#ifndef ZSTANDARD_TYPES_PARAMETERS_H
#define ZSTANDARD_TYPES_PARAMETERS_H

#include "compat.h"
#include "engine/parameters.h"
#include "state.h"

extern PyType_Spec parameters_spec;

/* Copies the values out of a ZstdCompressionParameters. Returns 0, or -1 and raises TypeError for
   another object. */
int parameters_from_object(ModuleState *state, PyObject *object, ParameterValues *values);

/* The module's functions compression_bounds() and decompression_bounds(). */
PyObject *parameters_compression_bounds(PyObject *module, PyObject *unused);
extern const char parameters_compression_bounds_doc[];
PyObject *parameters_decompression_bounds(PyObject *module, PyObject *unused);
extern const char parameters_decompression_bounds_doc[];

#endif
