/* ZstdCompressionDict. */

#ifndef ZSTANDARD_TYPES_DICTIONARY_H
#define ZSTANDARD_TYPES_DICTIONARY_H

#include "compat.h"
#include "engine/config.h"
#include "state.h"

extern PyType_Spec dictionary_spec;

/* The value of DICT_TYPE_PREFIX; the other types are libzstd's. */
enum { DICTIONARY_PREFIX = 3 };

/* Makes an object of trained content, a bytes object. Returns NULL and raises on error. */
PyObject *dictionary_object_new(ModuleState *state, PyObject *bytes, unsigned int k,
                                unsigned int d);

/* Puts the dictionary of an object into the settings of a compressor, and the digest that was made
   ahead, if one was. Returns 0, or -1 and raises. */
int dictionary_into_config(ModuleState *state, PyObject *object, Config *settings);

/* The same for a decompressor, digested. */
int dictionary_into_decoder(ModuleState *state, PyObject *object, Config *settings);

#endif
