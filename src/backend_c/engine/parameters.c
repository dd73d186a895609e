/* The parameters of compression: one table from which all that concerns them is made. */

#include "engine/parameters.h"

#include "engine/error.h"

#include <assert.h>
#include <string.h>

const Parameter parameter_table[PARAMETER_COUNT] = {
#define X(name, id, initial, native, shapes_digest, doc) \
    {#name, id, initial, native, shapes_digest},
    PARAMETER_TABLE(X)
#undef X
};

ParameterValues
parameters_initial(void)
{
    ParameterValues values;
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        values.of[row] = parameter_table[row].initial;
    }
    /* 0.25.0 leaves the number of the dictionary out unless it is asked for. */
    values.of[PARAMETER_write_dict_id] = 0;
    return values;
}

/* Sets those that are not "not set". */
static size_t
set_all(ZSTD_CCtx_params *native, const ParameterValues *values, int *failed)
{
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        int value = values->of[row];
        if (value != parameter_table[row].initial) {
            size_t result = ZSTD_CCtxParams_setParameter(
                native, (ZSTD_cParameter)parameter_table[row].id, value);
            if (ZSTD_isError(result)) {
                *failed = row;
                return result;
            }
        }
    }
    return 0;
}

static void
read_back(const ZSTD_CCtx_params *native, ParameterValues *values)
{
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        values->of[row] = parameter_table[row].native;
        /* Fails, and leaves the value, where the library lacks the parameter. */
        (void)ZSTD_CCtxParams_getParameter(native, (ZSTD_cParameter)parameter_table[row].id,
                                           &values->of[row]);
    }
}

size_t
parameters_resolve(ParameterValues *self, int *failed)
{
    *failed = -1;
    ZSTD_CCtx_params *native = ZSTD_createCCtxParams();
    if (native == NULL) {
        return NATIVE_ERROR(memory_allocation);
    }
    size_t result = set_all(native, self, failed);
    if (!ZSTD_isError(result)) {
        read_back(native, self);
    }
    ZSTD_freeCCtxParams(native);
    return result;
}

/* Sets what libzstd chooses by the window, and what its estimate takes as 0 otherwise: it divides
   by the shortest match. */
static void
choose_long_distance(ParameterValues *values)
{
    enum { WINDOW_LOG = 27, HASH_RATE_LOG = 7, MIN_MATCH = 64, BUCKET_SIZE_LOG = 3 };
    int *of = values->of;
    int window_log = of[PARAMETER_window_log] == 0 ? WINDOW_LOG : of[PARAMETER_window_log];
    int hash_log = window_log - HASH_RATE_LOG;
    if (of[PARAMETER_ldm_hash_log] == 0) {
        of[PARAMETER_ldm_hash_log] = hash_log < ZSTD_HASHLOG_MIN ? ZSTD_HASHLOG_MIN : hash_log;
    }
    if (of[PARAMETER_ldm_min_match] == 0) {
        of[PARAMETER_ldm_min_match] = MIN_MATCH;
    }
    if (of[PARAMETER_ldm_bucket_size_log] == 0) {
        of[PARAMETER_ldm_bucket_size_log] = BUCKET_SIZE_LOG;
    }
}

size_t
parameters_context_size(ParameterValues self)
{
    ParameterList list = {0};
    if (self.of[PARAMETER_enable_ldm] == ZSTD_ps_enable) {
        choose_long_distance(&self);
    }
    parameter_list_add_values(&list, &self);
    ZSTD_CCtx_params *native = parameter_list_to_native(&list);
    if (native == NULL) {
        return NATIVE_ERROR(memory_allocation);
    }
    size_t size = ZSTD_estimateCCtxSize_usingCCtxParams(native);
    ZSTD_freeCCtxParams(native);
    return size;
}

ZSTD_bounds
parameter_bounds(int row)
{
    return ZSTD_cParam_getBounds((ZSTD_cParameter)parameter_table[row].id);
}

void
parameter_list_add(ParameterList *self, int id, int value)
{
    assert(self->count < PARAMETER_COUNT);
    self->items[self->count].id = id;
    self->items[self->count].value = value;
    self->count++;
}

void
parameter_list_add_values(ParameterList *self, const ParameterValues *values)
{
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        if (values->of[row] != parameter_table[row].native) {
            parameter_list_add(self, parameter_table[row].id, values->of[row]);
        }
    }
}

int
parameter_list_get(const ParameterList *self, int id, int otherwise)
{
    for (int i = 0; i < self->count; i++) {
        if (self->items[i].id == id) {
            return self->items[i].value;
        }
    }
    return otherwise;
}

ParameterList
parameter_list_for_digest(const ParameterList *self)
{
    ParameterList shape = {0};
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        int native = parameter_table[row].native;
        int value = parameter_list_get(self, parameter_table[row].id, native);
        if (parameter_table[row].shapes_digest && value != native) {
            parameter_list_add(&shape, parameter_table[row].id, value);
        }
    }
    return shape;
}

bool
parameter_list_equal(const ParameterList *self, const ParameterList *other)
{
    return self->count == other->count &&
           memcmp(self->items, other->items, (size_t)self->count * sizeof(self->items[0])) == 0;
}

ZSTD_CCtx_params *
parameter_list_to_native(const ParameterList *self)
{
    ZSTD_CCtx_params *native = ZSTD_createCCtxParams();
    for (int i = 0; native != NULL && i < self->count; i++) {
        size_t result = ZSTD_CCtxParams_setParameter(native, (ZSTD_cParameter)self->items[i].id,
                                                     self->items[i].value);
        assert(!ZSTD_isError(result)); /* it was in bounds when it came in */
        (void)result;
    }
    return native;
}
