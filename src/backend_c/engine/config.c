/* What a compressor or decompressor asks of its contexts: one immutable, counted record. */

#include "engine/config.h"

#include <assert.h>

Config *
config_new(void)
{
    Config *self = PyMem_RawCalloc(1, sizeof(*self));
    if (self == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    atomic_init(&self->references, 1);
    self->long_work = LONG_WORK;
    return self;
}

void
config_add(Config *self, int id, int value)
{
    assert(self->parameter_count < CONFIG_PARAMETERS_MAX);
    self->parameters[self->parameter_count].id = id;
    self->parameters[self->parameter_count].value = value;
    self->parameter_count++;
}

Config *
config_retain(Config *self)
{
    atomic_fetch_add_explicit(&self->references, 1, memory_order_relaxed);
    return self;
}

void
config_release(Config *self)
{
    if (atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) == 1) {
        PyMem_RawFree(self);
    }
}
