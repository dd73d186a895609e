/* What a compressor or decompressor asks of its contexts: one immutable, counted record. */

#include "engine/config.h"

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

int
config_digest(Config *self, PyObject *zstd_error)
{
    if (self->dictionary == NULL || self->dictionary->is_prefix ||
        atomic_load_explicit(&self->digest, memory_order_acquire) != NULL) {
        return 0;
    }
    Digest *digest = dictionary_digest(self->dictionary, &self->parameters, zstd_error,
                                       "unable to digest the dictionary for compression");
    Digest *none = NULL;
    if (digest == NULL) {
        return -1;
    }
    if (!atomic_compare_exchange_strong(&self->digest, &none, digest)) {
        digest_release(digest); /* another thread has set it */
    }
    return 0;
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
        Digest *digest = atomic_load_explicit(&self->digest, memory_order_relaxed);
        if (digest != NULL) {
            digest_release(digest);
        }
        if (self->dictionary != NULL) {
            dictionary_release(self->dictionary);
        }
        PyMem_RawFree(self);
    }
}
