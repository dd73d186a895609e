/* Dictionaries: content that frames refer to, digested once and shared by all threads. */

#include "engine/dictionary.h"

#include "engine/error.h"
#include "engine/frame.h"
#include "engine/memory.h"

#include <assert.h>
#include <setjmp.h>

/* Of magic number and number: less is mere content to libzstd, unless it is told otherwise. */
enum { FULL_SIZE_MIN = 8 };

Dictionary *
dictionary_new(PyObject *bytes, ZSTD_dictContentType_e type, bool is_prefix)
{
    Dictionary *self = PyMem_RawCalloc(1, sizeof(*self));
    if (self == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    atomic_init(&self->references, 1);
    self->bytes = Py_NewRef(bytes);
    self->type = type;
    self->is_prefix = is_prefix;
    return self;
}

Dictionary *
dictionary_retain(Dictionary *self)
{
    atomic_fetch_add_explicit(&self->references, 1, memory_order_relaxed);
    return self;
}

void
dictionary_release(Dictionary *self)
{
    if (atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) > 1) {
        return;
    }
    for (int i = 0; i < DIGESTS_KEPT && self->digests[i] != NULL; i++) {
        digest_release(self->digests[i]);
    }
    ZSTD_freeDDict(self->decoder);
    Py_DECREF(self->bytes);
    PyMem_RawFree(self);
}

const char *
dictionary_content(const Dictionary *self)
{
    return PyBytes_AS_STRING(self->bytes);
}

size_t
dictionary_size(const Dictionary *self)
{
    return (size_t)PyBytes_GET_SIZE(self->bytes);
}

/* Whether libzstd takes the content for more than mere content. */
static bool
is_full(const Dictionary *self)
{
    ZSTD_inBuffer content = {dictionary_content(self), dictionary_size(self), 0};
    return self->type == ZSTD_dct_fullDict ||
           (self->type == ZSTD_dct_auto && content.size >= FULL_SIZE_MIN &&
            frame_magic_number(&content) == ZSTD_MAGIC_DICTIONARY);
}

/* Says why digesting gave nothing: libzstd does not. Returns -1. */
static int
raise_undigested(const Dictionary *self, PyObject *zstd_error, const char *attempt)
{
    size_t size = dictionary_size(self);
    size_t header_size = ZDICT_getDictHeaderSize(dictionary_content(self), size);
    if (is_full(self) && ZSTD_getErrorCode(header_size) == ZSTD_error_dictionary_corrupted) {
        return error_raise(zstd_error, NATIVE_ERROR(dictionary_corrupted),
                           "%s: Dictionary is corrupted: its %zu bytes do not begin with the "
                           "magic number and tables of a dictionary",
                           attempt, size);
    }
    PyErr_NoMemory();
    return -1;
}

/* Takes the claim. Returns 0, or -1 and raises. */
static int
claim_digests(Dictionary *self)
{
    claim_renew(&self->digesting); /* who digests has not changed anything yet */
    return claim_take(&self->digesting);
}

/* --- for compression --- */

Digest *
digest_retain(Digest *self)
{
    atomic_fetch_add_explicit(&self->references, 1, memory_order_relaxed);
    return self;
}

void
digest_release(Digest *self)
{
    if (atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) == 1) {
        ZSTD_freeCDict(self->native);
        PyMem_RawFree(self);
    }
}

/* Moves the digest at the place, or a new one, to the front. */
static void
put_first(Dictionary *self, int place, Digest *digest)
{
    for (int i = place; i > 0; i--) {
        self->digests[i] = self->digests[i - 1];
    }
    self->digests[0] = digest;
}

/* Returns a borrowed reference, NULL if it is not kept. */
static Digest *
find_digest_claimed(Dictionary *self, const ParameterList *shape)
{
    assert(claim_is_mine(&self->digesting));
    for (int i = 0; i < DIGESTS_KEPT && self->digests[i] != NULL; i++) {
        Digest *digest = self->digests[i];
        if (parameter_list_equal(&digest->shape, shape)) {
            put_first(self, i, digest);
            return digest;
        }
    }
    return NULL;
}

static void *
allocate_or_leave(void *way_out, size_t size)
{
    void *memory = python_memory.customAlloc(NULL, size);
    if (memory == NULL) {
        longjmp(*(jmp_buf *)way_out, 1);
    }
    return memory;
}

/* Returns NULL on error. Quirk: before 1.5.6, libzstd works on memory that it did not get. So this
   leaves it there, which loses nothing: it is the first and only memory that libzstd asks for. */
static ZSTD_CDict *
create_native(const Dictionary *self, const ZSTD_CCtx_params *params)
{
    jmp_buf way_out;
    /* The opaque pointer is for the allocation alone: no function of it is called afterwards. */
    ZSTD_customMem memory = {allocate_or_leave, python_memory.customFree, &way_out};
    if (setjmp(way_out) != 0) {
        return NULL;
    }
    return ZSTD_createCDict_advanced2(dictionary_content(self), dictionary_size(self),
                                      ZSTD_dlm_byRef, self->type, params, memory);
}

static ZSTD_CDict *
digest_content(const Dictionary *self, const ParameterList *shape)
{
    ZSTD_CDict *native = NULL;
    /* At high levels it takes long. */
    Py_BEGIN_ALLOW_THREADS
    ZSTD_CCtx_params *params = parameter_list_to_native(shape);
    if (params != NULL) {
        native = create_native(self, params);
        ZSTD_freeCCtxParams(params);
    }
    Py_END_ALLOW_THREADS
    return native;
}

/* Returns a borrowed reference, NULL on error. */
static Digest *
make_digest_claimed(Dictionary *self, const ParameterList *shape, PyObject *zstd_error,
                    const char *attempt)
{
    Digest *digest = PyMem_RawCalloc(1, sizeof(*digest));
    if (digest == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    atomic_init(&digest->references, 1);
    digest->shape = *shape;
    digest->native = digest_content(self, shape);
    if (digest->native == NULL) {
        raise_undigested(self, zstd_error, attempt);
        digest_release(digest);
        return NULL;
    }
    Digest *last = self->digests[DIGESTS_KEPT - 1];
    if (last != NULL) {
        digest_release(last);
    }
    put_first(self, DIGESTS_KEPT - 1, digest);
    return digest;
}

Digest *
dictionary_digest(Dictionary *self, const ParameterList *list, PyObject *zstd_error,
                  const char *attempt)
{
    ParameterList shape = parameter_list_for_digest(list);
    if (claim_digests(self) < 0) {
        return NULL;
    }
    Digest *digest = find_digest_claimed(self, &shape);
    if (digest == NULL) {
        digest = make_digest_claimed(self, &shape, zstd_error, attempt);
    }
    if (digest != NULL) {
        digest_retain(digest);
    }
    claim_drop(&self->digesting);
    return digest;
}

/* What a level stands for: ZSTD_c_windowLog to ZSTD_c_strategy, whose numbers are consecutive. */
enum { SHAPE_FIRST = ZSTD_c_windowLog, SHAPE_COUNT = ZSTD_c_strategy - ZSTD_c_windowLog + 1 };

static void
replace_by_list(int *values, const ParameterList *list)
{
    for (int i = 0; i < list->count; i++) {
        int place = list->items[i].id - SHAPE_FIRST;
        if (place >= 0 && place < SHAPE_COUNT) {
            values[place] = list->items[i].value;
        }
    }
}

/* Bytes up to which a frame takes all from the digest but the window, which libzstd cuts down to
   the frame: whatever is set will do. Blocks are split from windows of 128 KiB on. */
static const size_t SMALL_FRAME = (size_t)16 << 10;

static bool
goes_by_digest(const ParameterList *own, unsigned long long size)
{
    return size <= SMALL_FRAME && parameter_list_get(own, ZSTD_c_nbWorkers, 0) == 0 &&
           parameter_list_get(own, ZSTD_c_forceAttachDict, ZSTD_dictDefaultAttach) !=
               ZSTD_dictForceLoad;
}

/* Quirk: a context that refers to a digest takes the default level, whatever it is told and
   whatever the digest was made for, in all that the digest does not hold: the window, whether
   blocks are split and, with worker threads, all of a frame but its start. So what the level means
   is set. */
size_t
digest_apply(const Digest *self, size_t dictionary_size, void *context, const ParameterList *own,
             unsigned long long size)
{
    if (goes_by_digest(own, size)) {
        return 0;
    }
    bool is_known = size != ZSTD_CONTENTSIZE_UNKNOWN;
    int level = parameter_list_get(&self->shape, ZSTD_c_compressionLevel, ZSTD_CLEVEL_DEFAULT);
    /* Quirk: 0 is "not known" here. */
    ZSTD_compressionParameters meant =
        ZSTD_getCParams(level, is_known ? Py_MAX(size, 1) : 0, is_known ? dictionary_size : 0);
    int values[SHAPE_COUNT] = {
        [ZSTD_c_windowLog - SHAPE_FIRST] = (int)meant.windowLog,
        [ZSTD_c_hashLog - SHAPE_FIRST] = (int)meant.hashLog,
        [ZSTD_c_chainLog - SHAPE_FIRST] = (int)meant.chainLog,
        [ZSTD_c_searchLog - SHAPE_FIRST] = (int)meant.searchLog,
        [ZSTD_c_minMatch - SHAPE_FIRST] = (int)meant.minMatch,
        [ZSTD_c_targetLength - SHAPE_FIRST] = (int)meant.targetLength,
        [ZSTD_c_strategy - SHAPE_FIRST] = (int)meant.strategy,
    };
    replace_by_list(values, &self->shape);
    replace_by_list(values, own);
    size_t result = 0;
    for (int i = 0; i < SHAPE_COUNT && !ZSTD_isError(result); i++) {
        ZSTD_cParameter id = (ZSTD_cParameter)(SHAPE_FIRST + i);
        int now;
        /* Most frames are like the one before, and to look is quicker than to set. */
        result = ZSTD_CCtx_getParameter(context, id, &now);
        if (!ZSTD_isError(result) && now != values[i]) {
            result = ZSTD_CCtx_setParameter(context, id, values[i]);
        }
    }
    return result;
}

/* --- for decompression --- */

const ZSTD_DDict *
dictionary_decoder(Dictionary *self, PyObject *zstd_error, const char *attempt)
{
    if (claim_digests(self) < 0) {
        return NULL;
    }
    if (self->decoder == NULL) {
        self->decoder = ZSTD_createDDict_advanced(dictionary_content(self), dictionary_size(self),
                                                  ZSTD_dlm_byRef, self->type, python_memory);
    }
    ZSTD_DDict *decoder = self->decoder;
    claim_drop(&self->digesting);
    if (decoder == NULL) {
        raise_undigested(self, zstd_error, attempt);
    }
    return decoder;
}
