/* The module's constants. */

#ifndef ZSTANDARD_CONSTANTS_H
#define ZSTANDARD_CONSTANTS_H

#include "compat.h"

/* Adds them all to the module. Returns 0, or -1 and raises. */
int constants_add(PyObject *module);

#endif
