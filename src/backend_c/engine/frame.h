/* The layout of frames (RFC 8878, section 3.1), read without decompressing. */

#ifndef ZSTANDARD_ENGINE_FRAME_H
#define ZSTANDARD_ENGINE_FRAME_H

#include "compat.h"

#include <stdbool.h>

enum {
    FRAME_MAGIC_SIZE = 4,
    FRAME_MAGIC_VARIANT_MAX = 15,
    BLOCK_HEADER_SIZE = 3,
};

/* What of a frame is read next. */
typedef enum FrameStage {
    FRAME_HEADER,
    FRAME_BLOCK, /* the header of one */
    FRAME_CHECKSUM,
    FRAME_END,
} FrameStage;

/* A walk over one frame from header to header, in input that comes in any pieces; a skippable frame
   has a header and no blocks. */
typedef struct FrameWalk {
    ZSTD_format_e format;
    FrameStage stage;
    unsigned long long size;   /* bytes of the frame that were passed over */
    unsigned long long skip;   /* bytes that come next and are content, with nothing to read */
    unsigned long long wanted; /* how many bytes or more it lacks, where it has asked for input */
    unsigned long long blocks; /* how many were met */
    ZSTD_frameHeader header;   /* what it says, once it is read; header.headerSize is not for all */
    size_t header_size;
    int magic_variant;     /* of a skippable frame: 0 to 15 */
    unsigned int checksum; /* of the content, read at the frame's end if there is one */
    size_t held_size;      /* of a part that is not whole yet */
    unsigned char held[ZSTD_FRAMEHEADERSIZE_MAX];
} FrameWalk;

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

/* The magic number at in->pos, where FRAME_MAGIC_SIZE bytes or more are left. */
unsigned int frame_magic_number(const ZSTD_inBuffer *in);

/* Writes the ZSTD_SKIPPABLEHEADERSIZE bytes before the content of a skippable frame. */
void frame_write_skippable_header(void *header, unsigned int content_size, int magic_variant);

/* Whether the frame at in->pos, of which there is a byte or more, is a skippable one. */
bool frame_is_skippable(const ZSTD_inBuffer *in, ZSTD_format_e format);

/* Starts a walk, at a frame's start. */
void frame_walk_begin(FrameWalk *self, ZSTD_format_e format);

/* Reads the header, which is what a walk begins with, and takes the input up to its end. Returns 0
   when it is read, and else what frame_walk() does. */
size_t frame_walk_header(FrameWalk *self, ZSTD_inBuffer *in);

/* Goes on through the input. Returns 0 at the frame's end, with in->pos behind it; 1 if it wants
   more input than there is, and `wanted` says how much; or a native error, with which the walk is
   over. */
size_t frame_walk(FrameWalk *self, ZSTD_inBuffer *in);

/* Has the walk pass over `count` bytes, no more than `skip`, that were not in its input. */
void frame_walk_skip(FrameWalk *self, unsigned long long count);

/* The content size that the header states: ZSTD_CONTENTSIZE_UNKNOWN if none, 0 if skippable. */
unsigned long long frame_walk_content(const FrameWalk *self);

/* Measures the frame at in->pos. Returns 0 or a native error: srcSize_wrong for a frame that is cut
   short. */
size_t frame_measure(FrameExtent *extent, const ZSTD_inBuffer *in, ZSTD_format_e format);

/* The same for a frame that a walk has begun or, with `all`, for this one and all that follow it up
   to the end of the input or up to what is no frame. Goes on through the input. */
size_t frame_measure_on(FrameExtent *extent, FrameWalk *walk, ZSTD_inBuffer *in, bool all);

/* Goes on with a walk through all of the input, over the one frame or, with `all`, over those that
   follow, too. Returns how many bytes may come of the blocks that end there, no less than do;
   ZSTD_CONTENTSIZE_UNKNOWN if a frame is bad, or its window is larger than `window_max` bytes. */
unsigned long long frame_walk_expect(FrameWalk *self, const ZSTD_inBuffer *in, bool all,
                                     size_t window_max);

#endif
