/* The two directions, as records of the native calls in which they differ. */

#include "engine/codec.h"

#include "engine/frame.h"
#include "engine/prefix.h"

#include <assert.h>

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
    const ParameterList *list = &settings->parameters;
    const Digest *digest = atomic_load_explicit(&settings->digest, memory_order_acquire);
    size_t result = ZSTD_CCtx_reset(context, ZSTD_reset_session_and_parameters);
    for (int i = 0; i < list->count && !ZSTD_isError(result); i++) {
        result = ZSTD_CCtx_setParameter(context, (ZSTD_cParameter)list->items[i].id,
                                        list->items[i].value);
    }
    if (digest != NULL && !ZSTD_isError(result)) {
        result = ZSTD_CCtx_refCDict(context, digest->native);
    }
    return result;
}

static size_t
compression_refer(void *context, const Config *settings, unsigned long long size)
{
    const Digest *digest = atomic_load_explicit(&settings->digest, memory_order_acquire);
    return digest == NULL ? prefix_refer(context, settings, size)
                          : digest_apply(digest, dictionary_size(settings->dictionary), context,
                                         &settings->parameters, size);
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

static void
compression_pledge(void *context, unsigned long long size)
{
    size_t result = ZSTD_CCtx_setPledgedSrcSize(context, size);
    assert(!ZSTD_isError(result));
    (void)result;
}

/* ZSTD_compressStream2() returns a lower bound of what is left to flush, or 0 if nothing is: which
   of a flush and of an end means that it is complete, and of ZSTD_e_continue nothing. */
static StepOutcome
compression_step(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
                 size_t *result)
{
    /* With worker threads a call may come back having made only some progress. */
    do {
        *result = ZSTD_compressStream2(context, out, in, operation);
    } while (!ZSTD_isError(*result) && in->pos < in->size && out->pos < out->size);
    if (ZSTD_isError(*result)) {
        return STEP_FAILED;
    }
    if (operation == ZSTD_e_continue) {
        return out->pos == out->size ? STEP_OUTPUT_FULL : STEP_INPUT_USED;
    }
    if (*result > 0) {
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
    .refer = compression_refer,
    .size = compression_size,
    .pledge = compression_pledge,
    .step = compression_step,
    .whole = compression_whole,
    .progression = compression_progression,
    .ended_by_caller = true,
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
    const ParameterList *list = &settings->parameters;
    size_t result = ZSTD_DCtx_reset(context, ZSTD_reset_session_and_parameters);
    for (int i = 0; i < list->count && !ZSTD_isError(result); i++) {
        result = ZSTD_DCtx_setParameter(context, (ZSTD_dParameter)list->items[i].id,
                                        list->items[i].value);
    }
    /* Quirk: ZSTD_decompressStream keeps to this bound, ZSTD_decompressDCtx does not. */
    if (settings->max_window_size != 0 && !ZSTD_isError(result)) {
        result = ZSTD_DCtx_setMaxWindowSize(context, settings->max_window_size);
    }
    if (settings->decoder != NULL && !ZSTD_isError(result)) {
        result = ZSTD_DCtx_refDDict(context, settings->decoder);
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

/* Goes on from step to step as libzstd asks for its input, until the input is used, the output is
 * full or the frame has ended. Quirk: where ZSTD_decompressStream() meets a damaged block, or the
 * damaged header of one, it does not tell of what it has put out in the same call; so each call has
 * just one of them to look at. */
static size_t
decompress_by_blocks(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in, size_t hint)
{
    bool goes_on;
    do {
        ZSTD_inBuffer part = *in;
        /* The hint for a block that is not the last is for the header after it, too. */
        bool has_next = ZSTD_nextInputType(context) == ZSTDnit_block && hint > BLOCK_HEADER_SIZE;
        size_t wanted = has_next ? hint - BLOCK_HEADER_SIZE : hint;
        part.size = in->pos + Py_MIN(wanted, in->size - in->pos);
        hint = ZSTD_decompressStream(context, out, &part);
        /* A full output may still leave an end without content to be read. */
        goes_on = out->pos < out->size || part.pos > in->pos;
        in->pos = part.pos;
    } while (!ZSTD_isError(hint) && hint > 0 && in->pos < in->size && goes_on);
    return hint;
}

/* Goes on within a frame: what a block had no room for goes out by itself. */
static size_t
decompress_further(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in)
{
    ZSTD_inBuffer nothing = {in->src, in->pos, in->pos};
    size_t hint = ZSTD_decompressStream(context, out, &nothing);
    return ZSTD_isError(hint) || hint == 0 ? hint : decompress_by_blocks(context, out, in, hint);
}

/* The size of the header that the input begins with; all of it where that cannot be told. */
static size_t
header_size(void *context, const ZSTD_inBuffer *in)
{
    ZSTD_frameHeader header;
    const char *start = (const char *)in->src + in->pos;
    size_t size = in->size - in->pos;
    int format = ZSTD_f_zstd1;
    size_t result = ZSTD_DCtx_getParameter(context, ZSTD_d_format, &format);
    if (!ZSTD_isError(result)) {
        result = ZSTD_getFrameHeader_advanced(&header, start, size, (ZSTD_format_e)format);
    }
    return result == 0 && header.frameType == ZSTD_frame ? header.headerSize : size;
}

/* libzstd takes a short cut where it sees a whole frame, and room for its content. */
static size_t
decompress_from_start(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in)
{
    size_t start = in->pos;
    size_t result = ZSTD_decompressStream(context, out, in);
    if (ZSTD_isError(result)) {
        decompression_reset(context);
        in->pos = start;
        result = decompress_by_blocks(context, out, in, header_size(context, in));
    }
    return result;
}

/* ZSTD_decompressStream() returns 0 when a frame is decoded and all of it is in the output, else a
 * hint of how much input it wants. A full output comes before used up input: there may be more. */
static StepOutcome
decompression_step(void *context, ZSTD_outBuffer *out, ZSTD_inBuffer *in,
                   ZSTD_EndDirective Py_UNUSED(operation), size_t *result)
{
    *result = *result == 0 ? decompress_from_start(context, out, in)
                           : decompress_further(context, out, in);
    if (ZSTD_isError(*result)) {
        return STEP_FAILED;
    }
    if (*result == 0) {
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
