/* The life cycle that all types share: how an object is made, traversed and freed. */

#include "types/object.h"

typedef struct {
    OBJECT_HEAD
} Object;

void *
object_new(ModuleState *state, PyTypeObject *type)
{
    Object *self = (Object *)type->tp_alloc(type, 0);
    if (self != NULL) {
        Py_INCREF(state->module);
        self->state = state;
    }
    return self;
}

int
object_traverse(PyObject *self, visitproc visit, void *arg)
{
    ModuleState *state = ((Object *)self)->state;
    Py_VISIT(Py_TYPE(self));
    if (state != NULL) { /* the collector may come by while object_new() is at work */
        Py_VISIT(state->module);
    }
    return 0;
}

PyTypeObject *
object_dealloc_begin(PyObject *self)
{
    PyObject_GC_UnTrack(self);
    return Py_TYPE(self);
}

void
object_dealloc_end(PyObject *self, PyTypeObject *type)
{
    PyObject *module = ((Object *)self)->state->module;
    type->tp_free(self);
    Py_DECREF(type);
    Py_DECREF(module);
}

PyObject *
object_get(void *op, PyObject *const *field)
{
    Object *self = op;
    brief_lock_take(&self->lock);
    PyObject *value = Py_XNewRef(*field);
    brief_lock_drop(&self->lock);
    return value;
}

void
object_put(void *op, PyObject **field, PyObject *value)
{
    Object *self = op;
    brief_lock_take(&self->lock);
    *field = value;
    brief_lock_drop(&self->lock);
}

PyObject *
object_take(void *op, PyObject **field)
{
    Object *self = op;
    brief_lock_take(&self->lock);
    PyObject *value = *field;
    *field = NULL;
    brief_lock_drop(&self->lock);
    return value;
}

bool
object_has(void *op, PyObject *const *field)
{
    Object *self = op;
    brief_lock_take(&self->lock);
    bool has = *field != NULL;
    brief_lock_drop(&self->lock);
    return has;
}

PyObject *
object_reduce(PyObject *self, PyObject *Py_UNUSED(unused))
{
    PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object", Py_TYPE(self)->tp_name);
    return NULL;
}

PyMethodDef object_methods[] = {
    OBJECT_REDUCE_METHOD,
    {NULL},
};
