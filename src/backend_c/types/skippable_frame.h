/* The functions that write and read skippable frames. */

#ifndef ZSTANDARD_TYPES_SKIPPABLE_FRAME_H
#define ZSTANDARD_TYPES_SKIPPABLE_FRAME_H

#include "compat.h"

/* The module's functions is_skippable_frame(), read_skippable_frame() and write_skippable_frame().
 */
PyObject *skippable_frame_is(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                             PyObject *keywords);
PyObject *skippable_frame_read(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                               PyObject *keywords);
PyObject *skippable_frame_write(PyObject *module, PyObject *args, PyObject *keywords);
extern const char skippable_frame_is_doc[];
extern const char skippable_frame_read_doc[];
extern const char skippable_frame_write_doc[];

#endif
