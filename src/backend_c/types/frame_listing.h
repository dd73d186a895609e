/* FrameInfoIterator: the frames of a source, one by one, without decompressing them. */

#ifndef ZSTANDARD_TYPES_FRAME_LISTING_H
#define ZSTANDARD_TYPES_FRAME_LISTING_H

#include "compat.h"

extern PyType_Spec frame_info_iterator_spec;

/* The module's function list_frames(). */
PyObject *frame_listing_list(PyObject *module, PyObject *args, PyObject *keywords);
extern const char frame_listing_list_doc[];

#endif
