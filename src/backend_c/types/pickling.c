/* Pickles of objects: a default object of the class, and then its content. */

#include "types/pickling.h"

#include <stdbool.h>

PyObject *
pickling_reduce(PyObject *self, PyObject *content)
{
    PyObject *copyreg = NULL;
    PyObject *newobj = NULL;
    PyObject *attributes = NULL;
    PyObject *result = NULL;

    if (content == NULL) {
        goto done;
    }
    copyreg = PyImport_ImportModule("copyreg");
    if (copyreg == NULL) {
        goto done;
    }
    /* The same for every protocol of pickle, and it does not call the __init__ of a subclass. */
    newobj = PyObject_GetAttrString(copyreg, "__newobj__");
    if (newobj == NULL) {
        goto done;
    }
    /* What a subclass adds: as object.__getstate__() gives it, None, __dict__, or both __dict__ (or
       None) and the values of __slots__; a subclass may leave out of it what cannot be pickled. */
    attributes = PyObject_CallMethod(self, "__getstate__", NULL);
    if (attributes == NULL) {
        goto done;
    }
    result = Py_BuildValue("O(O)(OO)", newobj, (PyObject *)Py_TYPE(self), content, attributes);

done:
    Py_XDECREF(content);
    Py_XDECREF(copyreg);
    Py_XDECREF(newobj);
    Py_XDECREF(attributes);
    return result;
}

/* Returns 0, or -1 and raises. */
static int
set_slots(PyObject *self, PyObject *slots)
{
    /* Setting may call Python code, which may change what it is given, but not the copy. */
    PyObject *copy = PyDict_Copy(slots);
    Py_ssize_t place = 0;
    PyObject *name;
    PyObject *value;
    int result = copy == NULL ? -1 : 0;
    while (result == 0 && PyDict_Next(copy, &place, &name, &value)) {
        result = PyObject_SetAttr(self, name, value);
    }
    Py_XDECREF(copy);
    return result;
}

/* Returns 0, or -1 and raises. */
static int
update_dict(PyObject *self, PyObject *attributes)
{
    PyObject *own = PyObject_GetAttrString(self, "__dict__");
    int result = own == NULL ? -1 : PyDict_Update(own, attributes);
    Py_XDECREF(own);
    return result;
}

static bool
is_dict_or_none(PyObject *object)
{
    return object == Py_None || PyDict_Check(object);
}

int
pickling_read(PickledState *self, PyObject *object, PyObject *state, PyTypeObject *type)
{
    *self = (PickledState){.attributes = Py_None, .slots = Py_None};
    if (PyTuple_Check(state) && PyTuple_GET_SIZE(state) == 2) {
        self->content = PyTuple_GET_ITEM(state, 0);
        self->attributes = PyTuple_GET_ITEM(state, 1);
        if (PyTuple_Check(self->attributes) && PyTuple_GET_SIZE(self->attributes) == 2) {
            self->slots = PyTuple_GET_ITEM(self->attributes, 1);
            self->attributes = PyTuple_GET_ITEM(self->attributes, 0);
        }
    }
    if (self->content == NULL || !PyObject_TypeCheck(self->content, type) ||
        !is_dict_or_none(self->attributes) || !is_dict_or_none(self->slots)) {
        PyErr_Format(PyExc_TypeError, "%.200s.__setstate__() takes what __reduce__() gave",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    return 0;
}

int
pickling_restore(const PickledState *self, PyObject *object)
{
    if (self->attributes != Py_None && update_dict(object, self->attributes) < 0) {
        return -1;
    }
    return self->slots == Py_None ? 0 : set_slots(object, self->slots);
}
