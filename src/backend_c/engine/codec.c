/* The two directions, as records of the native calls in which they differ. */

#include "engine/codec.h"

static void *
compression_create(ZSTD_customMem memory)
{
    return ZSTD_createCCtx_advanced(memory);
}

static size_t
compression_destroy(void *context)
{
    return ZSTD_freeCCtx(context);
}

static size_t
compression_configure(void *context, const Config *settings)
{
    size_t result = ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    for (int i = 0; i < settings->parameter_count && !ZSTD_isError(result); i++) {
        result = ZSTD_CCtx_setParameter(context, (ZSTD_cParameter)settings->parameters[i].id,
                                        settings->parameters[i].value);
    }
    return result;
}

static size_t
compression_reset(void *context)
{
    return ZSTD_CCtx_reset(context, ZSTD_reset_session_only);
}

static size_t
compression_size(const void *context)
{
    return ZSTD_sizeof_CCtx(context);
}

/* ZSTD_compressStream2() returns a lower bound of what is left to flush, or 0 if nothing is: which
   of a flush and of an end means that it is complete, and of ZSTD_e_continue nothing. */
static StepOutcome
compression_step(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
                 size_t *error)
{
    size_t result;
    /* With worker threads a call may come back having made only some progress. */
    do {
        result = ZSTD_compressStream2(context, out, in, operation);
    } while (!ZSTD_isError(result) && in->pos < in->size && out->pos < out->size);
    if (ZSTD_isError(result)) {
        *error = result;
        return STEP_FAILED;
    }
    if (operation == ZSTD_e_continue) {
        return out->pos == out->size ? STEP_OUTPUT_FULL : STEP_INPUT_USED;
    }
    if (result > 0) {
        return STEP_OUTPUT_FULL;
    }
    return operation == ZSTD_e_end ? STEP_FRAME_END : STEP_INPUT_USED;
}

static size_t
compression_whole(void *context, ZSTD_outBuffer *out, const ZSTD_inBuffer *in)
{
    return ZSTD_compress2(context, out->dst, out->size, in->src, in->size);
}

static ZSTD_frameProgression
compression_progression(const void *context)
{
    return ZSTD_getFrameProgression(context);
}

const Codec compression_codec = {
    .create = compression_create,
    .destroy = compression_destroy,
    .configure = compression_configure,
    .reset = compression_reset,
    .size = compression_size,
    .step = compression_step,
    .whole = compression_whole,
    .progression = compression_progression,
};

static void *
decompression_create(ZSTD_customMem memory)
{
    return ZSTD_createDCtx_advanced(memory);
}

static size_t
decompression_destroy(void *context)
{
    return ZSTD_freeDCtx(context);
}

static size_t
decompression_configure(void *context, const Config *settings)
{
    size_t result = ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
    for (int i = 0; i < settings->parameter_count && !ZSTD_isError(result); i++) {
        result = ZSTD_DCtx_setParameter(context, (ZSTD_dParameter)settings->parameters[i].id,
                                        settings->parameters[i].value);
    }
    /* Quirk: ZSTD_decompressStream keeps to this bound, ZSTD_decompressDCtx does not. */
    if (settings->max_window_size != 0 && !ZSTD_isError(result)) {
        result = ZSTD_DCtx_setMaxWindowSize(context, settings->max_window_size);
    }
    return result;
}

static size_t
decompression_reset(void *context)
{
    return ZSTD_DCtx_reset(context, ZSTD_reset_session_only);
}

static size_t
decompression_size(const void *context)
{
    return ZSTD_sizeof_DCtx(context);
}

/* ZSTD_decompressStream() returns 0 when a frame is decoded and all of it is in the output, else a
   hint that is not used here. A full output comes before used up input: there may be more. */
static StepOutcome
decompression_step(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in,
                   ZSTD_EndDirective Py_UNUSED(operation), size_t *error)
{
    size_t result = ZSTD_decompressStream(context, out, in);
    if (ZSTD_isError(result)) {
        *error = result;
        return STEP_FAILED;
    }
    if (result == 0) {
        return STEP_FRAME_END;
    }
    return out->pos == out->size ? STEP_OUTPUT_FULL : STEP_INPUT_USED;
}

static size_t
decompression_whole(void *context, ZSTD_outBuffer *out, const ZSTD_inBuffer *in)
{
    return ZSTD_decompressDCtx(context, out->dst, out->size, in->src, in->size);
}

const Codec decompression_codec = {
    .create = decompression_create,
    .destroy = decompression_destroy,
    .configure = decompression_configure,
    .reset = decompression_reset,
    .size = decompression_size,
    .step = decompression_step,
    .whole = decompression_whole,
    .works_by_output = true,
};
