/* The loops that drive a lease, and streams: leases that are kept across calls. */

#include "engine/stream.h"

#include "engine/error.h"
#include "engine/frame.h"

#include <stdint.h>
#include <string.h>

/* With worker threads, input of more than this, in bytes, is compressed in steps of so much. */
static const size_t WHOLE_IN_STEPS = (size_t)4 << 20;
static const size_t STEP_OF_WHOLE = (size_t)1 << 20;

/* Whether other threads shall run while the lease works on so many bytes. */
static bool
is_long_work(const Lease *self, size_t bytes)
{
    /* Calls with worker threads wait for them. */
    return bytes >= self->settings->long_work || self->settings->threads > 0;
}

size_t
lease_whole_native(Lease *self, ZSTD_outBuffer *out, const ZSTD_inBuffer *in)
{
    size_t result = lease_refer(self, in->size);
    if (!ZSTD_isError(result)) {
        result = self->pool->codec->whole(self->native, out, in);
    }
    self->is_referring = false;
    return result;
}

/* Does what lease_whole() does, in steps: libzstd's call for whole inputs comes back when its
   workers have done all of it, and until then no signal is looked after. */
static size_t
whole_in_steps(Lease *self, Output *out, const ZSTD_inBuffer *in)
{
    const Codec *codec = self->pool->codec;
    ZSTD_inBuffer given = {in->src, 0, 0};
    ZSTD_outBuffer room = {out->native.dst, 0, 0};
    StepOutcome outcome;
    size_t result = lease_refer(self, in->size);
    if (ZSTD_isError(result)) {
        return result;
    }
    lease_pledge(self, in->size);
    do {
        if (PyErr_CheckSignals() < 0) {
            return NATIVE_ERROR(GENERIC);
        }
        given.size = Py_MIN(given.pos + STEP_OF_WHOLE, in->size);
        room.size = Py_MIN(room.pos + STEP_OF_WHOLE, out->native.size);
        Py_BEGIN_ALLOW_THREADS
        outcome = codec->step(self->native, &room, &given,
                              given.size == in->size ? ZSTD_e_end : ZSTD_e_continue, &result);
        Py_END_ALLOW_THREADS
    } while (outcome == STEP_INPUT_USED ||
             (outcome == STEP_OUTPUT_FULL && room.pos < out->native.size));
    if (outcome == STEP_FAILED) {
        return result;
    }
    return outcome == STEP_FRAME_END ? room.pos : NATIVE_ERROR(dstSize_tooSmall);
}

size_t
lease_whole(Lease *self, Output *out, const ZSTD_inBuffer *in)
{
    const Codec *codec = self->pool->codec;
    const Dictionary *dictionary = self->settings->dictionary;
    size_t bytes =
        codec->works_by_output && out->native.size > in->size ? out->native.size : in->size;
    size_t result;
    /* All of a prefix is read for each frame. */
    if (codec->refer != NULL && dictionary != NULL && dictionary->is_prefix) {
        bytes += dictionary_size(dictionary);
    }
    if (self->settings->threads > 0 && in->size > WHOLE_IN_STEPS) {
        result = whole_in_steps(self, out, in);
        self->is_referring = false;
    }
    else if (is_long_work(self, bytes)) {
        Py_BEGIN_ALLOW_THREADS
        result = lease_whole_native(self, &out->native, in);
        Py_END_ALLOW_THREADS
    }
    else {
        result = lease_whole_native(self, &out->native, in);
    }
    if (ZSTD_isError(result)) {
        self->failure = result; /* its workers may be at work still */
    }
    else {
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

/* Takes note of what the frame at the input's start declares. */
static void
note_declared(Lease *self, const ZSTD_inBuffer *in)
{
    ZSTD_frameHeader header;
    bool is_frame = frame_read_header(&header, in, self->settings->format) == 0 &&
                    header.frameType == ZSTD_frame;
    self->pledged = is_frame ? header.frameContentSize : ZSTD_CONTENTSIZE_UNKNOWN;
    self->block_max = is_frame ? header.blockSizeMax : 0;
    self->given = 0;
}

/* Lets no more content out than the frame declares, and no less. libzstd looks at that where a last
   block has content, and where its own buffer is full, which a frame of before may have made
   larger. */
static StepOutcome
keep_to_declared(Lease *self, ZSTD_outBuffer *out, size_t out_start, StepOutcome outcome)
{
    unsigned long long left = self->pledged - self->given;
    bool is_declared = self->pledged != ZSTD_CONTENTSIZE_UNKNOWN;
    bool is_over = is_declared && out->pos - out_start > left;
    if (is_over) {
        out->pos = out_start + (size_t)left;
    }
    self->given += out->pos - out_start;
    left = self->pledged - self->given;
    if (is_over ||
        (outcome == STEP_FAILED && ZSTD_getErrorCode(self->hint) == ZSTD_error_dstSize_tooSmall)) {
        self->hint = NATIVE_ERROR(corruption_detected);
        /* The buffer has room for that much, or for the largest block there may be. */
        if (is_declared && left <= self->block_max) {
            self->fault = FAULT_OVERLONG;
        }
        return STEP_FAILED;
    }
    if (outcome == STEP_FRAME_END && is_declared && left > 0) {
        self->hint = NATIVE_ERROR(corruption_detected);
        self->fault = FAULT_DEFICIENT;
        return STEP_FAILED;
    }
    return outcome;
}

/* One native step, with the interpreter released if it is long; raises nothing. */
static StepOutcome
lease_step(Lease *self, ZSTD_outBuffer *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation)
{
    const Codec *codec = self->pool->codec;
    ZSTD_inBuffer start = *in;
    size_t out_start = out->pos;
    StepOutcome outcome;
    bool is_first = shared_count(&self->total_in) == 0; /* later frames have no size declared */
    bool begins = !self->in_frame && in->pos < in->size;
    size_t referred = lease_refer(self, is_first ? self->pledged : ZSTD_CONTENTSIZE_UNKNOWN);
    if (ZSTD_isError(referred)) {
        self->failure = referred;
        return STEP_FAILED;
    }
    if (begins) {
        self->skippable = frame_is_skippable(in, self->settings->format);
    }
    if (is_long_work(self, bytes_of_step(self, out, in, operation))) {
        Py_BEGIN_ALLOW_THREADS
        outcome = codec->step(self->native, out, in, operation, &self->hint);
        Py_END_ALLOW_THREADS
    }
    else {
        outcome = codec->step(self->native, out, in, operation, &self->hint);
    }
    if (!codec->ended_by_caller) {
        if (begins) {
            note_declared(self, &start);
        }
        outcome = keep_to_declared(self, out, out_start, outcome);
    }
    size_t taken = in->pos - start.pos;
    self->held = operation == ZSTD_e_continue ? self->held + taken : 0;
    self->has_more = outcome == STEP_OUTPUT_FULL;
    self->is_ending = self->has_more && operation == ZSTD_e_end;
    self->in_frame = outcome != STEP_FRAME_END && (self->in_frame || taken > 0);
    self->is_referring = outcome != STEP_FRAME_END && self->is_referring;
    shared_count_add(&self->total_in, taken);
    shared_count_add(&self->total_out, out->pos - out_start);
    if (outcome == STEP_FAILED) {
        self->failure = self->hint;
    }
    lease_report(self);
    return outcome;
}

/* How many bytes are wanted before the header of a frame, which begins at in->pos, is whole. */
static size_t
missing_header(const ZSTD_inBuffer *in, ZSTD_format_e format)
{
    ZSTD_frameHeader header;
    size_t size = in->size - in->pos;
    if (size >= ZSTD_FRAMEHEADERSIZE_MAX) {
        return 0;
    }
    size_t wanted = frame_read_header(&header, in, format);
    return ZSTD_isError(wanted) || wanted == 0 ? 0 : wanted - size;
}

/* Takes a frame's header, where it is not whole in the input, in one step or, while that is not all
 * of it, keeps what is there: a step knows then what the frame at its start declares. Quirk:
 * libzstd 1.5.7 takes the second part of a split header without magic number for a frame's start
 * where it can be read as one. */
static StepOutcome
take_split_header(Lease *self, Output *out, ZSTD_inBuffer *in)
{
    const ZSTD_format_e format = self->settings->format;
    const char *start = (const char *)in->src + in->pos;
    ZSTD_inBuffer header = {self->header, self->header_size, 0};
    size_t missing;
    if (self->header_size == 0 && missing_header(in, format) == 0) {
        return STEP_OUTPUT_FULL; /* it is whole in the input */
    }
    do {
        missing = Py_MIN(missing_header(&header, format), in->size - in->pos);
        memcpy(self->header + header.size, start, missing);
        start += missing;
        in->pos += missing;
        header.size += missing;
    } while (missing > 0);
    shared_count_add(&self->total_in, header.size - self->header_size);
    self->header_size = header.size;
    if (missing_header(&header, format) > 0) {
        return STEP_INPUT_USED;
    }
    self->header_size = 0;
    StepOutcome outcome = lease_step(self, &out->native, &header, ZSTD_e_continue);
    /* The step has counted what it took a second time. */
    shared_count_sub(&self->total_in, header.pos);
    return outcome;
}

void
lease_fail(Lease *self, size_t failure, const char *attempt)
{
    self->failure = failure;
    self->attempt = attempt;
}

void
lease_lose(Lease *self)
{
    lease_fail(self, NATIVE_ERROR(memory_allocation), "cannot keep what was made");
}

static StepOutcome
drain(Lease *self, Output *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation)
{
    /* libzstd takes repeated calls without input for a mistake of its caller's. */
    bool ends = operation != ZSTD_e_continue && self->pool->codec->ended_by_caller;
    if (!ends && in->pos == in->size && !self->has_more) {
        return STEP_INPUT_USED;
    }
    if (!self->pool->codec->ended_by_caller && !self->in_frame && !self->has_more) {
        StepOutcome outcome = take_split_header(self, out, in);
        bool is_taken = outcome == STEP_INPUT_USED && in->pos < in->size;
        if (outcome != STEP_OUTPUT_FULL && !is_taken) {
            return outcome; /* a skippable frame may be all header */
        }
    }
    for (;;) {
        if (output_room(out) == 0) {
            int grown = output_grow(out);
            if (grown < 0) {
                PyErr_Clear();
                lease_lose(self);
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
    if (self->failure == 0 && lease_is_orphaned(self)) {
        lease_fail(self, NATIVE_ERROR(stage_wrong), attempt);
    }
    if (self->failure != 0) {
        return STEP_FAILED;
    }
    StepOutcome outcome = drain(self, out, in, operation);
    if (outcome == STEP_FAILED) {
        self->attempt = attempt;
    }
    return outcome;
}

bool
lease_is_in_frame(const Lease *self)
{
    return self->in_frame || self->header_size > 0;
}

int
lease_end_input(Lease *self, const char *attempt)
{
    if (self->failure == 0 && lease_is_in_frame(self)) {
        lease_fail(self, NATIVE_ERROR(srcSize_wrong), attempt);
        self->fault = FAULT_TRUNCATED;
    }
    return self->failure == 0 ? 0 : -1;
}

int
lease_raise(Lease *self)
{
    const Engine *engine = self->pool->engine;
    self->raised = true;
    if (self->native != NULL && lease_is_orphaned(self)) {
        return error_raise(engine->zstd_error, self->failure,
                           "%s: the stream was made before a fork, and its worker threads are not "
                           "in this process",
                           self->attempt);
    }
    switch (self->fault) {
    case FAULT_TRUNCATED:
        return error_raise(engine->zstd_eof_error, self->failure,
                           "%s: %s: the input of %llu bytes ends within a frame", self->attempt,
                           ZSTD_getErrorName(self->failure), shared_count(&self->total_in));
    case FAULT_OVERLONG:
        return error_raise(engine->zstd_error, self->failure,
                           "%s: %s: there is more than the %llu bytes that the frame declares",
                           self->attempt, ZSTD_getErrorName(self->failure), self->pledged);
    case FAULT_DEFICIENT:
        return error_raise(engine->zstd_error, self->failure,
                           "%s: %s: the frame has %llu bytes of the %llu that it declares",
                           self->attempt, ZSTD_getErrorName(self->failure), self->given,
                           self->pledged);
    case FAULT_NONE:
        break;
    }
    if (self->pool->codec->ended_by_caller && self->pledged != ZSTD_CONTENTSIZE_UNKNOWN &&
        ZSTD_getErrorCode(self->failure) == ZSTD_error_srcSize_wrong) {
        return error_raise(engine->zstd_error, self->failure, "%s: %s: the declared size is %llu",
                           self->attempt, ZSTD_getErrorName(self->failure), self->pledged);
    }
    return error_raise_native(engine->zstd_error, self->attempt, self->failure);
}

/* Whether a step that ended so wants another one on the same input. A compressor keeps what it has
 * no room for until there is more input, or the end. */
static bool
goes_on(const Lease *self, StepOutcome outcome, const ZSTD_inBuffer *in,
        ZSTD_EndDirective operation)
{
    bool has_input = in->pos < in->size;
    bool keeps_output = self->pool->codec->ended_by_caller && operation == ZSTD_e_continue;
    return (outcome == STEP_OUTPUT_FULL && (has_input || !keeps_output)) ||
           (outcome == STEP_FRAME_END && has_input);
}

int
lease_send(Lease *self, Sink *sink, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
           const char *attempt)
{
    ZSTD_inBuffer nothing = {"", 0, 0};
    size_t start = in->pos;
    StepOutcome outcome;
    /* With worker threads, libzstd refuses other input before a frame's end is out. */
    if (self->is_ending && operation != ZSTD_e_end &&
        lease_send(self, sink, &nothing, ZSTD_e_end, attempt) < 0) {
        return -1;
    }
    do {
        if (PyErr_CheckSignals() < 0 || sink_send_pending(sink, in->pos - start) < 0) {
            return -1;
        }
        outcome = lease_drain(self, &sink->out, in, operation, attempt);
        /* What came before a failure is good. */
        if (sink_send(sink, in->pos - start) < 0) {
            if (sink->pending == NULL) {
                lease_lose(self);
            }
            return -1;
        }
    } while (goes_on(self, outcome, in, operation));
    return outcome == STEP_FAILED ? lease_raise(self) : 0;
}

int
stream_open(Stream *self, ContextPool *pool)
{
    if (lease_take(&self->lease, pool) < 0) {
        return -1;
    }
    shared_flag_set(&self->open, true);
    return 0;
}

bool
stream_is_open(const Stream *self)
{
    return shared_flag(&self->open);
}

PumpOutcome
stream_pump(Stream *self, Feed *feed, Output *out)
{
    Lease *lease = &self->lease;
    size_t start = out->native.pos;
    if (lease->failure != 0) {
        return PUMP_FAILED;
    }
    if (PyErr_CheckSignals() < 0) {
        return PUMP_RAISED;
    }
    while (stream_is_open(self)) {
        bool by_caller = lease->pool->codec->ended_by_caller;
        if (feed_is_empty(feed) && !lease->has_more && !feed->ended && feed_refill(feed) < 0) {
            if (feed->lost) {
                lease_lose(lease);
            }
            return PUMP_RAISED;
        }
        bool at_end = feed_is_empty(feed) && feed->ended;
        if (at_end && !by_caller && !lease->has_more) {
            return lease_end_input(lease, "zstd decompress error") < 0 ? PUMP_FAILED : PUMP_END;
        }
        bool ends = at_end && by_caller;
        const char *attempt = ends        ? "error ending compression stream"
                              : by_caller ? "zstd compress error"
                                          : "zstd decompress error";
        switch (lease_drain(lease, out, &feed->chunk.native, ends ? ZSTD_e_end : ZSTD_e_continue,
                            attempt)) {
        case STEP_FAILED:
            return PUMP_FAILED;
        case STEP_FRAME_END:
            if (by_caller) {
                stream_close(self);
            }
            return PUMP_FRAME_END;
        case STEP_OUTPUT_FULL:
            return PUMP_MORE;
        case STEP_INPUT_USED:
            if (out->native.pos > start) {
                return PUMP_MORE;
            }
        }
    }
    return PUMP_END;
}

void
stream_close(Stream *self)
{
    shared_flag_set(&self->open, false);
    if (self->lease.native != NULL && claim_is_orphaned(&self->claim)) {
        lease_abandon(&self->lease);
    }
    lease_return(&self->lease);
}
