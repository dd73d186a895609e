/* FrameParameters, and the functions that read frame headers. */

#ifndef ZSTANDARD_TYPES_FRAME_PARAMETERS_H
#define ZSTANDARD_TYPES_FRAME_PARAMETERS_H

#include "compat.h"

extern PyType_Spec frame_parameters_spec;

/* The module's functions get_frame_parameters(), frame_content_size() and frame_header_size(). */
PyObject *frame_parameters_get(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                               PyObject *keywords);
PyObject *frame_content_size(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                             PyObject *keywords);
PyObject *frame_header_size(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                            PyObject *keywords);
extern const char frame_parameters_get_doc[];
extern const char frame_content_size_doc[];
extern const char frame_header_size_doc[];

#endif
