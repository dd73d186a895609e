/* BufferWithSegments, its segments, and collections: many pieces of data in few blocks of memory.
 */

#ifndef ZSTANDARD_TYPES_SEGMENTS_H
#define ZSTANDARD_TYPES_SEGMENTS_H

#include "compat.h"
#include "state.h"

#include <stdbool.h>
#include <stdint.h>

/* Where a piece lies in its buffer, in bytes; programs pass arrays of these. */
typedef struct Segment {
    uint64_t offset;
    uint64_t length;
} Segment;

extern PyType_Spec buffer_with_segments_spec;
extern PyType_Spec buffer_segments_spec;
extern PyType_Spec buffer_segment_spec;
extern PyType_Spec buffer_with_segments_collection_spec;

/* Makes a collection of one BufferWithSegments out of memory from PyMem_RawMalloc(), and segments
   that lie in it, from the same; takes both over, also on error. Returns NULL and raises on error.
 */
PyObject *segments_from_memory(ModuleState *state, char *memory, size_t size, Segment *segments,
                               size_t count);

/* Whether the object is a BufferWithSegments or a collection. */
bool segments_check(const ModuleState *state, PyObject *object);

#endif
