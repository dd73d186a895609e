/* Frames that refer to a prefix: content at hand on both sides, as an older version of a file. */

#include "engine/prefix.h"

/* Of 2**27 bytes, like that of ZSTD_d_windowLogMax. */
static const int DECODER_WINDOW_LOG_MAX = 27;

/* The logarithm of a power of two that is over the size. */
static int
log_over(unsigned long long size)
{
    int log = 0;
    while (size > 0) {
        size >>= 1;
        log++;
    }
    return log;
}

static int
clamp_window_log(int log)
{
    ZSTD_bounds bounds = ZSTD_cParam_getBounds(ZSTD_c_windowLog);
    return Py_MIN(Py_MAX(log, bounds.lowerBound), bounds.upperBound);
}

/* What the zstd command's --patch-from sets: a window over all of the content, since the prefix is
   within reach as long as the window has not been left; and the search for long distances where the
   window is larger than what the tables of the level remember. */
size_t
prefix_refer(void *context, const Config *settings, unsigned long long size)
{
    const Dictionary *prefix = settings->dictionary;
    const ParameterList *list = &settings->parameters;
    size_t prefix_size = dictionary_size(prefix);
    bool is_known = size != ZSTD_CONTENTSIZE_UNKNOWN;
    int level = parameter_list_get(list, ZSTD_c_compressionLevel, ZSTD_CLEVEL_DEFAULT);
    /* Quirk: 0 is "not known" here. */
    ZSTD_compressionParameters own =
        ZSTD_getCParams(level, is_known ? Py_MAX(size, 1) : 0, prefix_size);
    int strategy = parameter_list_get(list, ZSTD_c_strategy, (int)own.strategy);
    int chain_log = parameter_list_get(list, ZSTD_c_chainLog, (int)own.chainLog);
    int remembered = strategy >= ZSTD_btlazy2 ? chain_log - 1 : chain_log;
    int wanted = is_known ? log_over(size) : Py_MAX(log_over(prefix_size), (int)own.windowLog);
    int window_log = parameter_list_get(list, ZSTD_c_windowLog, clamp_window_log(wanted));
    int ldm = parameter_list_get(list, ZSTD_c_enableLongDistanceMatching, ZSTD_ps_auto);
    if (ldm == ZSTD_ps_auto && window_log > remembered) {
        ldm = ZSTD_ps_enable;
    }
    size_t result = ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    if (!ZSTD_isError(result)) {
        result = ZSTD_CCtx_setParameter(context, ZSTD_c_enableLongDistanceMatching, ldm);
    }
    if (!ZSTD_isError(result)) {
        result = ZSTD_CCtx_refPrefix(context, dictionary_content(prefix), prefix_size);
    }
    return result;
}

size_t
prefix_max_window_size(const Dictionary *prefix)
{
    int log = log_over(dictionary_size(prefix));
    return log > DECODER_WINDOW_LOG_MAX ? (size_t)1 << clamp_window_log(log) : 0;
}
