/* Pickles of objects: a default object of the class, and then its content. */

#ifndef ZSTANDARD_TYPES_PICKLING_H
#define ZSTANDARD_TYPES_PICKLING_H

#include "compat.h"

/* For __reduce__: makes (copyreg.__newobj__, (class,), (content, what its __getstate__()
   gives)). Takes the reference to `content` (NULL: it could not be made). Returns NULL and raises
   on error. */
PyObject *pickling_reduce(PyObject *self, PyObject *content);

/* For __setstate__: restores __dict__ and __slots__ and returns the content, borrowed from `state`.
   Returns NULL and raises TypeError if that is not of the type. */
PyObject *pickling_content(PyObject *self, PyObject *state, PyTypeObject *type);

#endif
