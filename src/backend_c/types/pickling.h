/* Pickles of objects: a default object of the class, and then its content. */

#ifndef ZSTANDARD_TYPES_PICKLING_H
#define ZSTANDARD_TYPES_PICKLING_H

#include "compat.h"

/* For __reduce__: makes (copyreg.__newobj__, (class,), (content, what its __getstate__()
   gives)). Takes the reference to `content` (NULL: it could not be made). Returns NULL and raises
   on error. */
PyObject *pickling_reduce(PyObject *self, PyObject *content);

/* What __setstate__() is given, taken apart; borrowed from it. */
typedef struct PickledState {
    PyObject *content;
    PyObject *attributes; /* a dict or None, for __dict__ */
    PyObject *slots;      /* a dict or None, for __slots__ */
} PickledState;

/* For __setstate__: takes `state` apart and changes nothing. Returns 0, or -1 and raises TypeError
   if it is not what pickling_reduce() makes, with content of the type. */
int pickling_read(PickledState *self, PyObject *object, PyObject *state, PyTypeObject *type);

/* For __setstate__, between finding the content good and taking it: restores __dict__ and
   __slots__. Returns 0, or -1 and raises what setting them raises. */
int pickling_restore(const PickledState *self, PyObject *object);

#endif
