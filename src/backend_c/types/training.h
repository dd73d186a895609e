/* Making dictionaries: train_dictionary() and finalize_dictionary(). */

#ifndef ZSTANDARD_TYPES_TRAINING_H
#define ZSTANDARD_TYPES_TRAINING_H

#include "compat.h"

PyObject *training_train(PyObject *module, PyObject *args, PyObject *keywords);
extern const char training_train_doc[];

PyObject *training_finalize(PyObject *module, PyObject *args, PyObject *keywords);
extern const char training_finalize_doc[];

#endif
