/* What a compressor or decompressor asks of its contexts: one immutable, counted record. */

#ifndef ZSTANDARD_ENGINE_CONFIG_H
#define ZSTANDARD_ENGINE_CONFIG_H

#include "compat.h"
#include "engine/dictionary.h"
#include "engine/parameters.h"

#include <stdatomic.h>

/* From about so many bytes on, native work takes longer than handing the interpreter over and back:
   10 microseconds. High levels get there sooner. */
enum { LONG_WORK = 4096, LONG_WORK_HIGH_LEVEL = 512 };

/* Filled in by its maker between config_new() and its first use, then never changed, save that the
   digest is added when a context first needs it. */
typedef struct Config {
    atomic_size_t references;
    ZSTD_format_e format;
    int threads;            /* native worker threads of each context, 0 for none */
    size_t long_work;       /* bytes from which on other threads shall run meanwhile */
    size_t max_window_size; /* bytes; 0 for libzstd's own bound; decompression only */
    ParameterList parameters;
    Dictionary *dictionary;    /* NULL for none */
    _Atomic(Digest *) digest;  /* of the dictionary, for compression; NULL until it is needed */
    const ZSTD_DDict *decoder; /* of the dictionary, for decompression */
} Config;

/* Makes a record with one reference. Returns NULL and raises MemoryError on error. */
Config *config_new(void);

/* Has the digest made, if compression refers to one. Returns 0, or -1 and raises. */
int config_digest(Config *self, PyObject *zstd_error);

/* Takes a reference. Returns its argument. */
Config *config_retain(Config *self);

/* Gives a reference back. */
void config_release(Config *self);

#endif
