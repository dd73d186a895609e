/* The loops that drive a lease, and streams: leases that are kept across calls. */

#include "engine/stream.h"

#include "engine/error.h"
#include "engine/frame.h"

#include <stdint.h>

/* Whether other threads shall run while the lease works on so many bytes. */
static bool
is_long_work(const Lease *self, size_t bytes)
{
    /* Calls with worker threads wait for them. */
    return bytes >= self->settings->long_work || self->settings->threads > 0;
}

size_t
lease_whole(Lease *self, Output *out, const ZSTD_inBuffer *in)
{
    const Codec *codec = self->pool->codec;
    size_t bytes =
        codec->works_by_output && out->native.size > in->size ? out->native.size : in->size;
    size_t result;
    if (is_long_work(self, bytes)) {
        Py_BEGIN_ALLOW_THREADS
        result = codec->whole(self->native, &out->native, in);
        Py_END_ALLOW_THREADS
    }
    else {
        result = codec->whole(self->native, &out->native, in);
    }
    if (!ZSTD_isError(result)) {
        out->native.pos = result;
    }
    lease_report(self);
    return result;
}

/* How many bytes a step may have to work on. */
static size_t
bytes_of_step(const Lease *self, const ZSTD_outBuffer *out, const ZSTD_inBuffer *in,
              ZSTD_EndDirective operation)
{
    size_t bytes = in->size - in->pos;
    size_t room = out->size - out->pos;
    if (self->pool->codec->works_by_output) {
        return room > bytes ? room : bytes;
    }
    if (!self->in_frame) {
        return SIZE_MAX; /* a frame's first step prepares the tables of its level: up to a second */
    }
    return operation == ZSTD_e_continue ? bytes : bytes + self->held;
}

/* One native step, with the interpreter released if it is long; raises nothing. */
static StepOutcome
lease_step(Lease *self, ZSTD_outBuffer *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation)
{
    const Codec *codec = self->pool->codec;
    size_t start = in->pos;
    StepOutcome outcome;
    if (is_long_work(self, bytes_of_step(self, out, in, operation))) {
        Py_BEGIN_ALLOW_THREADS
        outcome = codec->step(self->native, out, in, operation, &self->failure);
        Py_END_ALLOW_THREADS
    }
    else {
        outcome = codec->step(self->native, out, in, operation, &self->failure);
    }
    self->held = operation == ZSTD_e_continue ? self->held + (in->pos - start) : 0;
    self->has_more = outcome == STEP_OUTPUT_FULL;
    self->in_frame = outcome != STEP_FRAME_END && (self->in_frame || in->pos > start);
    lease_report(self);
    return outcome;
}

/* Whether a frame without magic number begins with a header that is not all there. Quirk: libzstd
   1.5.7 takes the second part of a split header for a frame's start where it can be read as one. */
static bool
is_split_header(const Lease *self, const ZSTD_inBuffer *in)
{
    ZSTD_frameHeader header;
    if (self->settings->format != ZSTD_f_zstd1_magicless || self->in_frame) {
        return false;
    }
    size_t wanted = frame_read_header(&header, in, ZSTD_f_zstd1_magicless);
    return wanted > 0 && !ZSTD_isError(wanted);
}

static StepOutcome
drain(Lease *self, Output *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation)
{
    /* libzstd takes repeated calls without input for a mistake of its caller's. */
    if (operation == ZSTD_e_continue && in->pos == in->size && !self->has_more) {
        return STEP_INPUT_USED;
    }
    if (is_split_header(self, in)) {
        return STEP_INPUT_USED;
    }
    for (;;) {
        if (output_room(out) == 0) {
            int grown = output_grow(out);
            if (grown < 0) {
                self->failure = NATIVE_ERROR(memory_allocation); /* what the context gave is lost */
                return STEP_FAILED;
            }
            if (grown == 0 && self->has_more) {
                return STEP_OUTPUT_FULL;
            }
            /* Without room a step may still come to the end of a frame, or pass over one. */
        }
        StepOutcome outcome = lease_step(self, &out->native, in, operation);
        if (outcome != STEP_OUTPUT_FULL) {
            return outcome;
        }
    }
}

StepOutcome
lease_drain(Lease *self, Output *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
            const char *attempt)
{
    StepOutcome outcome = STEP_FAILED;
    if (lease_is_orphaned(self)) {
        return error_raise(self->pool->engine->zstd_error, NATIVE_ERROR(stage_wrong),
                           "%s: the stream was made before a fork, and its worker threads are not "
                           "in this process",
                           attempt);
    }
    if (self->failure == 0) {
        outcome = drain(self, out, in, operation);
    }
    if (outcome == STEP_FAILED) {
        error_raise_native(self->pool->engine->zstd_error, attempt, self->failure);
    }
    return outcome;
}

int
stream_open(Stream *self, ContextPool *pool)
{
    if (claim_init(&self->claim) < 0) {
        return -1;
    }
    return lease_take(&self->lease, pool);
}

bool
stream_is_open(const Stream *self)
{
    return self->lease.native != NULL;
}

void
stream_close(Stream *self)
{
    lease_return(&self->lease);
}

void
stream_clear(Stream *self)
{
    stream_close(self);
    claim_clear(&self->claim);
}
