/* The loops that drive a lease, and streams: leases that are kept across calls. */

#ifndef ZSTANDARD_ENGINE_STREAM_H
#define ZSTANDARD_ENGINE_STREAM_H

#include "compat.h"
#include "engine/claim.h"
#include "engine/context.h"
#include "engine/feed.h"
#include "engine/output.h"
#include "engine/sink.h"

#include <stdbool.h>

/* Works the whole input into the output in one native call, and returns what that returned. With
   worker threads and much input, it takes several, and looks after signals: what a handler raises
   is set when it returns an error. */
size_t lease_whole(Lease *self, Output *out, const ZSTD_inBuffer *in);

/* The same for a thread that Python may not know. */
size_t lease_whole_native(Lease *self, ZSTD_outBuffer *out, const ZSTD_inBuffer *in);

/* Steps until the input is used, the frame has ended or the output can grow no more. After
   STEP_FAILED, which raises nothing, lease_raise() does; it comes of every later call, too. */
StepOutcome lease_drain(Lease *self, Output *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
                        const char *attempt);

/* Raises what made the lease fail: MemoryError, or ZstdError "<attempt>: <native error>". Returns
   -1. */
int lease_raise(Lease *self);

/* Has the lease fail with a native error. */
void lease_fail(Lease *self, size_t failure, const char *attempt);

/* Has the lease fail for want of memory, which lost what it has given: it cannot go on. */
void lease_lose(Lease *self);

/* Whether a frame has begun, if only by a part of its header, and not ended. */
bool lease_is_in_frame(const Lease *self);

/* Notes that no more input comes. Returns 0, or -1 if that is within a frame, which fails. */
int lease_end_input(Lease *self, const char *attempt);

/* One frame or more over many calls. Zeroed, it is closed. */
typedef struct Stream {
    Claim claim;
    SharedFlag open; /* whether it has a lease: any thread may ask */
    Lease lease;
} Stream;

/* Returns 0, or -1 and raises. */
int stream_open(Stream *self, ContextPool *pool);

/* Whether it has a context, and so a frame to go on with. Without the claim, it may end at any
   time. */
bool stream_is_open(const Stream *self);

/* How a pump ended. */
typedef enum {
    PUMP_RAISED = -1, /* an exception is set; the output may hold something all the same */
    PUMP_FAILED,      /* the lease has failed, likewise: lease_raise() raises it */
    PUMP_MORE,        /* there is output, and there may be more */
    PUMP_FRAME_END,
    PUMP_END, /* there is no more to come */
} PumpOutcome;

/* Looks after signals, then reads and steps until there is some output more than before, or a frame
   has ended. A compressed frame closes the stream. */
PumpOutcome stream_pump(Stream *self, Feed *feed, Output *out);

/* Steps until the input is used, or the caller's frame has ended, and writes all output to the sink
   after each step. Goes on with the frames that follow. Returns 0, or -1 and raises. */
int lease_send(Lease *self, Sink *sink, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
               const char *attempt);

/* Gives the context back. */
void stream_close(Stream *self);

#endif
