/* The two directions, as records of the native calls in which they differ. */

#ifndef ZSTANDARD_ENGINE_CODEC_H
#define ZSTANDARD_ENGINE_CODEC_H

#include "compat.h"
#include "engine/config.h"

#include <stdbool.h>

typedef struct Codec Codec;

/* How a native step, or a loop of them, ended. */
typedef enum {
    STEP_FAILED = -1,
    STEP_INPUT_USED,  /* all input is taken and, if asked for, flushed */
    STEP_OUTPUT_FULL, /* there may be more to come without new input */
    STEP_FRAME_END,
} StepOutcome;

/* Unless said otherwise, calls return what libzstd returned: an error if ZSTD_isError() says so.
 * `context` is a ZSTD_CCtx or ZSTD_DCtx. */
struct Codec {
    void *(*create)(ZSTD_customMem memory);
    size_t (*destroy)(void *context);
    /* Sets up a context in any state for a new frame under `settings`; of what it was set up for
     * before nothing stays, dictionaries included, which may be gone. */
    size_t (*configure)(void *context, const Config *settings);
    /* Forgets the frame at hand and keeps the configuration. */
    size_t (*reset)(void *context);
    /* Prepares a context for a frame of `size` bytes of content (ZSTD_CONTENTSIZE_UNKNOWN: not
     * known) that refers to a dictionary; NULL where nothing needs to be. */
    size_t (*refer)(void *context, const Config *settings, unsigned long long size);
    size_t (*size)(const void *context);
    /* Declares the content size of the frame to come, of which none has begun; NULL where the frame
     * itself tells. */
    void (*pledge)(void *context, unsigned long long size);
    /* The streaming call. `result` is 0 for a new frame, and else as the last step has left it:
     * what libzstd returned last, which is the native error where the step fails. */
    StepOutcome (*step)(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in,
                        ZSTD_EndDirective operation, size_t *result);
    /* From start to end in one call; its result is the count of bytes written. */
    size_t (*whole)(void *context, ZSTD_outBuffer *out, const ZSTD_inBuffer *in);
    /* Bytes taken, worked up and produced of the frame at hand, or of the last one; NULL where
     * libzstd counts none. */
    ZSTD_frameProgression (*progression)(const void *context);
    /* Whether a step's work grows with its room for output, and not with its input alone. */
    bool works_by_output;
    /* Whether a frame ends when the caller says so, and not by itself. */
    bool ended_by_caller;
};

extern const Codec compression_codec;
extern const Codec decompression_codec;

#endif
