/* The layout of frames (RFC 8878, section 3.1), read without decompressing. */

#ifndef ZSTANDARD_ENGINE_FRAME_H
#define ZSTANDARD_ENGINE_FRAME_H

#include "compat.h"

#include <stdbool.h>

enum { BLOCK_HEADER_SIZE = 3 };

/* How far one or more frames reach, and what they say of their content. */
typedef struct FrameExtent {
    size_t compressed; /* bytes of input */
    unsigned long long
        content; /* stated content in bytes, ZSTD_CONTENTSIZE_UNKNOWN if a frame states none */
    unsigned long long
        capacity; /* no more than this can come of the blocks that are there, in bytes */
} FrameExtent;

/* Reads the header at the start of the input, as ZSTD_getFrameHeader_advanced() does: returns 0,
   the size of input that it wants, or a native error; but one that cannot become a header is an
   error with every version of libzstd. */
size_t frame_read_header(ZSTD_frameHeader *header, const ZSTD_inBuffer *in, ZSTD_format_e format);

/* Whether the frame at in->pos, of which there is a byte or more, is a skippable one. */
bool frame_is_skippable(const ZSTD_inBuffer *in, ZSTD_format_e format);

/* Measures the frame at in->pos or, with `all`, this one and all that follow it up to the end of
   the input or up to what is no frame. Returns 0 or a native error: srcSize_wrong for a frame that
   is cut short. */
size_t frame_measure(FrameExtent *extent, const ZSTD_inBuffer *in, ZSTD_format_e format, bool all);

#endif
