/* The parameters of compression: one table from which all that concerns them is made. */

#ifndef ZSTANDARD_ENGINE_PARAMETERS_H
#define ZSTANDARD_ENGINE_PARAMETERS_H

#include "compat.h"

#include <stdbool.h>

/* X(name, id, initial, native, shapes_digest, doc) for each of them, in the order of the
   constructor of ZstdCompressionParameters. Those up to `threads` are of 0.25.0.
   initial: the value that stands for "not set", unless it is the same as libzstd's own.
   native: libzstd's own value.
   shapes_digest: whether a digested dictionary depends on it. */
#define PARAMETER_TABLE(X)                                                                       \
    X(format, ZSTD_c_format, 0, 0, false,                                                        \
      "FORMAT_ZSTD1, or FORMAT_ZSTD1_MAGICLESS for frames without magic number.")                \
    X(compression_level, ZSTD_c_compressionLevel, 0, ZSTD_CLEVEL_DEFAULT, true,                  \
      "Compression level, which decides what is not set.")                                       \
    X(window_log, ZSTD_c_windowLog, 0, 0, true,                                                  \
      "Base-2 logarithm of how far matches reach back, in bytes; 0: by level.")                  \
    X(hash_log, ZSTD_c_hashLog, 0, 0, true,                                                      \
      "Base-2 logarithm of the size of the first search table, in entries; 0: by level.")        \
    X(chain_log, ZSTD_c_chainLog, 0, 0, true,                                                    \
      "Base-2 logarithm of the size of the second search table, in entries; 0: by level.")       \
    X(search_log, ZSTD_c_searchLog, 0, 0, true,                                                  \
      "Base-2 logarithm of the number of search attempts; 0: by level.")                         \
    X(min_match, ZSTD_c_minMatch, 0, 0, true,                                                    \
      "Shortest match that is searched for, in bytes; 0: by level.")                             \
    X(target_length, ZSTD_c_targetLength, 0, 0, true,                                            \
      "Match length, in bytes, that ends a search for strategies from STRATEGY_BTOPT on; how\n"  \
      "fast STRATEGY_FAST skips; 0: by level.")                                                  \
    X(strategy, ZSTD_c_strategy, -1, 0, true, "One of the STRATEGY_* constants; 0: by level.")   \
    X(write_content_size, ZSTD_c_contentSizeFlag, 1, 1, false,                                   \
      "Whether frames state their content size where it is known: 1 or 0.")                      \
    X(write_checksum, ZSTD_c_checksumFlag, 0, 0, false,                                          \
      "Whether frames end with a checksum of their content: 1 or 0.")                            \
    X(write_dict_id, ZSTD_c_dictIDFlag, -1, 1, false,                                            \
      "Whether frames name the dictionary that they need: 1 or 0.")                              \
    X(job_size, ZSTD_c_jobSize, 0, 0, false,                                                     \
      "Bytes that a worker thread compresses at a time; 0: by window.")                          \
    X(overlap_log, ZSTD_c_overlapLog, -1, 0, false,                                              \
      "How much of the window a worker thread takes from the job before: from 1, none, to 9,\n"  \
      "all of it; 0: by strategy.")                                                              \
    X(force_max_window, ZSTD_c_forceMaxWindow, 0, 0, true,                                       \
      "Whether matches stay within the window even where they are in a dictionary: 1 or 0.")     \
    X(enable_ldm, ZSTD_c_enableLongDistanceMatching, 0, 0, true,                                 \
      "Long distance matching: 1 on, 2 off, 0: by strategy and window.")                         \
    X(ldm_hash_log, ZSTD_c_ldmHashLog, 0, 0, true,                                               \
      "Base-2 logarithm of the size of the table for long distances; 0: by window.")             \
    X(ldm_min_match, ZSTD_c_ldmMinMatch, 0, 0, true,                                             \
      "Shortest match over long distances, in bytes; 0: libzstd's default of 64.")               \
    X(ldm_bucket_size_log, ZSTD_c_ldmBucketSizeLog, 0, 0, true,                                  \
      "Base-2 logarithm of how many entries of that table share a place; 0: default.")           \
    X(ldm_hash_rate_log, ZSTD_c_ldmHashRateLog, -1, 0, true,                                     \
      "Base-2 logarithm of how many bytes lie between entries of that table; 0: by window.")     \
    X(threads, ZSTD_c_nbWorkers, 0, 0, false,                                                    \
      "Worker threads of each frame; 0 works in the caller's thread.")                           \
    X(target_cblock_size, ZSTD_c_targetCBlockSize, 0, 0, false,                                  \
      "Size that compressed blocks shall come near to, in bytes; 0: none.")                      \
    X(rsyncable, ZSTD_c_rsyncable, 0, 0, false,                                                  \
      "Whether the output shall resemble that of similar input: 1 or 0; needs threads.")         \
    X(force_attach_dict, ZSTD_c_forceAttachDict, 0, 0, false,                                    \
      "How a digested dictionary is used: 1 in place, 2 copied, 3 loaded anew; 0: by size.")     \
    X(literal_compression_mode, ZSTD_c_literalCompressionMode, 0, 0, true,                       \
      "Whether literals are compressed: 1 yes, 2 no, 0: by level.")                              \
    X(src_size_hint, ZSTD_c_srcSizeHint, 0, 0, true,                                             \
      "About how many bytes a stream of unknown size will have; 0: no idea.")                    \
    X(enable_dedicated_dict_search, ZSTD_c_enableDedicatedDictSearch, 0, 0, true,                \
      "Whether dictionaries are digested for quick search, into more memory: 1 or 0.")           \
    X(use_block_splitter, ZSTD_c_useBlockSplitter, 0, 0, false,                                  \
      "Whether blocks are split by their sequences: 1 yes, 2 no, 0: by strategy.")               \
    X(use_row_match_finder, ZSTD_c_useRowMatchFinder, 0, 0, true,                                \
      "Whether strategies from STRATEGY_GREEDY to STRATEGY_LAZY2 search by rows: 1 yes, 2 no,\n" \
      "0: by window.")                                                                           \
    X(deterministic_ref_prefix, ZSTD_c_deterministicRefPrefix, 0, 0, false,                      \
      "Whether the output of input and prefix is the same wherever they lie in memory: 1 or 0.") \
    X(prefetch_cdict_tables, ZSTD_c_prefetchCDictTables, 0, 0, false,                            \
      "Whether the tables of a digested dictionary are prefetched: 1 yes, 2 no, 0: default.")    \
    X(max_block_size, ZSTD_c_maxBlockSize, 0, 0, false,                                          \
      "Most content of a block, in bytes; 0: 128 KiB.")                                          \
    X(block_splitter_level, ZSTD_c_blockSplitterLevel, 0, 0, false,                              \
      "How much time is spent on splitting blocks before they are compressed: 1, none, to 6;\n"  \
      "0: by strategy.")

enum {
#define X(name, ...) PARAMETER_##name,
    PARAMETER_TABLE(X)
#undef X
        PARAMETER_COUNT
};

typedef struct Parameter {
    const char *name;
    int id; /* a ZSTD_cParameter, or PARAMETER_ABSENT of compat.h */
    int initial;
    int native;
    bool shapes_digest;
} Parameter;

extern const Parameter parameter_table[PARAMETER_COUNT];

/* A value for each row of the table. */
typedef struct ParameterValues {
    int of[PARAMETER_COUNT];
} ParameterValues;

/* Those of ZstdCompressionParameters(), not resolved. */
ParameterValues parameters_initial(void);

/* Checks the values and replaces each by what libzstd makes of it. Returns 0, or the native error
   and, where that is due to one of them, its row in `failed`, else -1. */
size_t parameters_resolve(ParameterValues *self, int *failed);

/* About how many bytes a context takes for resolved values, or a native error. */
size_t parameters_context_size(ParameterValues self);

/* The bounds of a row's values; an error where the library at hand lacks the parameter. */
ZSTD_bounds parameter_bounds(int row);

/* Native parameters and their values, as one sets them; what is left out has libzstd's own. */
typedef struct ParameterList {
    int count;
    struct {
        int id; /* a ZSTD_cParameter or ZSTD_dParameter */
        int value;
    } items[PARAMETER_COUNT];
} ParameterList;

void parameter_list_add(ParameterList *self, int id, int value);

/* Adds all of the values that are not libzstd's own. */
void parameter_list_add_values(ParameterList *self, const ParameterValues *values);

/* What is set for the parameter, or `otherwise`. */
int parameter_list_get(const ParameterList *self, int id, int otherwise);

/* The part of a list that a digested dictionary depends on. */
ParameterList parameter_list_for_digest(const ParameterList *self);

bool parameter_list_equal(const ParameterList *self, const ParameterList *other);

/* Makes the native form of a list. Returns NULL for want of memory. */
ZSTD_CCtx_params *parameter_list_to_native(const ParameterList *self);

#endif
