/* FrameInfo: what can be told of a frame without decompressing it. */

#ifndef ZSTANDARD_TYPES_FRAME_INFO_H
#define ZSTANDARD_TYPES_FRAME_INFO_H

#include "compat.h"
#include "engine/frame.h"
#include "state.h"

extern PyType_Spec frame_info_spec;

/* Makes one of a frame that was walked over to its end and starts at byte `offset` of its source.
   Returns NULL and raises on error. */
PyObject *frame_info_new(ModuleState *state, const FrameWalk *walk, unsigned long long offset);

#endif
