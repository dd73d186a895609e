/* The loops that drive a lease, and streams: leases that are kept across calls. */

#ifndef ZSTANDARD_ENGINE_STREAM_H
#define ZSTANDARD_ENGINE_STREAM_H

#include "compat.h"
#include "engine/claim.h"
#include "engine/context.h"
#include "engine/output.h"

#include <stdbool.h>

/* Works the whole input into the output in one native call, and returns what that returned. */
size_t lease_whole(Lease *self, Output *out, const ZSTD_inBuffer *in);

/* Steps until the input is used, the frame has ended or the output can grow no more. STEP_FAILED
   raises MemoryError or ZstdError "<attempt>: <native error>", and does so ever after. */
StepOutcome lease_drain(Lease *self, Output *out, ZSTD_inBuffer *in, ZSTD_EndDirective operation,
                        const char *attempt);

/* One frame or more over many calls. Zeroed, it is closed. */
typedef struct Stream {
    Claim claim;
    Lease lease;
} Stream;

/* Returns 0, or -1 and raises. */
int stream_open(Stream *self, ContextPool *pool);

/* Whether it has a context, and so a frame to go on with. */
bool stream_is_open(const Stream *self);

/* Gives the context back. The claim stays usable. */
void stream_close(Stream *self);

/* Closes the stream and frees the claim. */
void stream_clear(Stream *self);

#endif
