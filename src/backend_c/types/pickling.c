/* Pickles of objects: a default object of the class, and then its content. */

#include "types/pickling.h"

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
    if (newobj == NULL || PyObject_GetOptionalAttrString(self, "__dict__", &attributes) < 0) {
        goto done;
    }
    result = Py_BuildValue("O(O)(OO)", newobj, (PyObject *)Py_TYPE(self), content,
                           attributes == NULL ? Py_None : attributes);

done:
    Py_XDECREF(content);
    Py_XDECREF(copyreg);
    Py_XDECREF(newobj);
    Py_XDECREF(attributes);
    return result;
}

PyObject *
pickling_content(PyObject *self, PyObject *state, PyTypeObject *type)
{
    if (!PyTuple_Check(state) || PyTuple_GET_SIZE(state) != 2 ||
        !PyObject_TypeCheck(PyTuple_GET_ITEM(state, 0), type)) {
        PyErr_Format(PyExc_TypeError, "%.200s.__setstate__() takes what __reduce__() gave",
                     Py_TYPE(self)->tp_name);
        return NULL;
    }
    PyObject *attributes = PyTuple_GET_ITEM(state, 1);
    if (attributes != Py_None) {
        PyObject *own = PyObject_GetAttrString(self, "__dict__");
        int failed = own == NULL || PyDict_Update(own, attributes) < 0;
        Py_XDECREF(own);
        if (failed) {
            return NULL;
        }
    }
    return PyTuple_GET_ITEM(state, 0);
}
