/* What a compressor or decompressor asks of its contexts: one immutable, counted record. */

#ifndef ZSTANDARD_ENGINE_CONFIG_H
#define ZSTANDARD_ENGINE_CONFIG_H

#include "compat.h"

#include <stdatomic.h>

enum { CONFIG_PARAMETERS_MAX = 6 };

/* From about so many bytes on, native work takes longer than handing the interpreter over and back:
   10 microseconds. High levels get there sooner. */
enum { LONG_WORK = 4096, LONG_WORK_HIGH_LEVEL = 512 };

/* Filled in by its maker between config_new() and its first use, then never changed. */
typedef struct Config {
    atomic_size_t references;
    ZSTD_format_e format;
    int threads;            /* native worker threads of each context, 0 for none */
    size_t long_work;       /* bytes from which on other threads shall run meanwhile */
    size_t max_window_size; /* bytes; 0 for libzstd's own bound; decompression only */
    int parameter_count;
    struct {
        int id; /* a ZSTD_cParameter or ZSTD_dParameter */
        int value;
    } parameters[CONFIG_PARAMETERS_MAX];
} Config;

/* Makes a record with one reference. Returns NULL and raises MemoryError on error. */
Config *config_new(void);

/* Adds a native parameter to a record that is being filled in. */
void config_add(Config *self, int id, int value);

/* Takes a reference. Returns its argument. */
Config *config_retain(Config *self);

/* Gives a reference back. */
void config_release(Config *self);

#endif
