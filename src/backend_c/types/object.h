/* The life cycle that all types share: how an object is made, traversed and freed. */

#ifndef ZSTANDARD_TYPES_OBJECT_H
#define ZSTANDARD_TYPES_OBJECT_H

#include "compat.h"
#include "state.h"

#include <stdbool.h>

/* The start of every object. It holds its module, so that the state lives as long as it does. The
   lock is for fields that a method changes while others look at them. */
#define OBJECT_HEAD     \
    PyObject_HEAD       \
    ModuleState *state; \
    BriefLock lock;

/* A function of any of the signatures that a PyMethodDef can hold. */
#define METHOD(function) ((PyCFunction)(void (*)(void))(function))

/* Makes an object of the type with all other fields zeroed. Returns NULL and raises on error. */
void *object_new(ModuleState *state, PyTypeObject *type);

/* For tp_traverse: visits what every object refers to. */
int object_traverse(PyObject *self, visitproc visit, void *arg);

/* For tp_dealloc, before and after the fields of the type are given back. */
PyTypeObject *object_dealloc_begin(PyObject *self);
void object_dealloc_end(PyObject *self, PyTypeObject *type);

/* Returns what a field of the object refers to, a new reference, while another thread may take it
   out; NULL if there is nothing. */
PyObject *object_get(void *self, PyObject *const *field);

/* Has a field that refers to nothing take over the reference. */
void object_put(void *self, PyObject **field, PyObject *value);

/* Has the field refer to nothing. Returns its reference, which is the caller's now, or NULL. */
PyObject *object_take(void *self, PyObject **field);

/* Whether the field refers to something. */
bool object_has(void *self, PyObject *const *field);

/* For __reduce__, in types that cannot be pickled: pickle's protocols 0 and 1 would otherwise write
   what they cannot read back. */
PyObject *object_reduce(PyObject *self, PyObject *unused);
#define OBJECT_REDUCE_METHOD \
    {"__reduce__", object_reduce, METH_NOARGS, "Raises TypeError: cannot be pickled or copied."}

/* The methods of a type that has no others. */
extern PyMethodDef object_methods[];

/* The flags of types that users may subclass, and of those that only factories make. */
#define OBJECT_SUBCLASSABLE \
    (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE)
#define OBJECT_FACTORY_MADE                                               \
    (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE | \
     Py_TPFLAGS_DISALLOW_INSTANTIATION)

#endif
