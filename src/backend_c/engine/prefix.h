/* Frames that refer to a prefix: content at hand on both sides, as an older version of a file. */

#ifndef ZSTANDARD_ENGINE_PREFIX_H
#define ZSTANDARD_ENGINE_PREFIX_H

#include "compat.h"
#include "engine/config.h"

/* Has the next frame of a ZSTD_CCtx refer to the prefix of the settings, with a window that spans
   `size` bytes of content (ZSTD_CONTENTSIZE_UNKNOWN: the prefix). Returns 0 or a native error. */
size_t prefix_refer(void *context, const Config *settings, unsigned long long size);

/* The largest window, in bytes, that a decompressor of frames that refer to the prefix shall allow:
   0 for libzstd's own bound. */
size_t prefix_max_window_size(const Dictionary *prefix);

#endif
