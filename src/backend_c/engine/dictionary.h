/* Dictionaries: content that frames refer to, digested once and shared by all threads. */

#ifndef ZSTANDARD_ENGINE_DICTIONARY_H
#define ZSTANDARD_ENGINE_DICTIONARY_H

#include "compat.h"
#include "engine/claim.h"
#include "engine/parameters.h"

#include <stdatomic.h>
#include <stdbool.h>

/* A dictionary as compression under certain parameters wants it: immutable and counted. */
typedef struct Digest {
    atomic_size_t references;
    ParameterList shape; /* what it was made for */
    ZSTD_CDict *native;
} Digest;

/* A few are kept, so that compressors that come and go need not make them anew. */
enum { DIGESTS_KEPT = 8 };

/* Counted; what is said of its content never changes. */
typedef struct Dictionary {
    atomic_size_t references;
    PyObject *bytes; /* the content is in this bytes object */
    ZSTD_dictContentType_e type;
    bool is_prefix;  /* it is referred to by one frame after the other, and never digested for
                        compression */
    Claim digesting; /* held while a digest is made */
    /* Guarded by the claim. */
    ZSTD_DDict *decoder;
    Digest *digests[DIGESTS_KEPT]; /* the one used last comes first; NULL behind the last */
} Dictionary;

/* Makes one of a bytes object. Returns NULL and raises MemoryError on error. */
Dictionary *dictionary_new(PyObject *bytes, ZSTD_dictContentType_e type, bool is_prefix);

/* Takes a reference. Returns its argument. */
Dictionary *dictionary_retain(Dictionary *self);

/* Gives a reference back. */
void dictionary_release(Dictionary *self);

const char *dictionary_content(const Dictionary *self);
size_t dictionary_size(const Dictionary *self);

/* Returns a digest for compression by the parameters, a new reference, which must not outlive the
   dictionary. Returns NULL and raises on error: ZstdError "<attempt>: ...". */
Digest *dictionary_digest(Dictionary *self, const ParameterList *list, PyObject *zstd_error,
                          const char *attempt);

/* Has a ZSTD_CCtx, which refers to the digest of a dictionary, compress the next frame as the
   digest was made to, save for what is set in `own`; `size` is that of the content
   (ZSTD_CONTENTSIZE_UNKNOWN). Returns 0 or a native error. */
size_t digest_apply(const Digest *self, size_t dictionary_size, void *context,
                    const ParameterList *own, unsigned long long size);

Digest *digest_retain(Digest *self);
void digest_release(Digest *self);

/* Returns the digest for decompression, which lives as long as the dictionary; NULL on error, as
   above. */
const ZSTD_DDict *dictionary_decoder(Dictionary *self, PyObject *zstd_error, const char *attempt);

#endif
