/* Native contexts: kept idle by their owner, leased to one frame or call at a time. */

#include "engine/context.h"

#include "engine/error.h"
#include "engine/fork.h"
#include "engine/memory.h"

/* A compressor keeps what its busiest moment needed, within reason: level 22 can take 800 MB.  */
static const size_t IDLE_BYTES_MAX = (size_t)64 << 20;
/* Spare contexts serve short-lived compressors, mostly of common levels: 3.7 MB at level 3. */
static const int SPARE_COUNT_MAX = 4;
static const size_t SPARE_BYTES_MAX = (size_t)16 << 20;
/* Unmapping much memory takes long enough to let other threads run meanwhile. */
static const size_t FREE_DETACHED_BYTES = (size_t)8 << 20;

static const Codec *const codecs[DIRECTION_COUNT] = {
    [COMPRESSION] = &compression_codec,
    [DECOMPRESSION] = &decompression_codec,
};

/* --- native contexts --- */

static void *
context_create(const Codec *codec, const Config *settings, bool for_worker)
{
    /* libzstd's workers are threads that Python does not know, and so are ours. */
    return codec->create(settings->threads > 0 || for_worker ? ZSTD_defaultCMem : python_memory);
}

static void
context_destroy(const Codec *codec, void *native, size_t size, const Config *settings)
{
    /* Freeing a context with workers joins their threads. */
    if (size >= FREE_DETACHED_BYTES || settings->threads > 0) {
        Py_BEGIN_ALLOW_THREADS
        codec->destroy(native);
        Py_END_ALLOW_THREADS
    }
    else {
        codec->destroy(native);
    }
}

/* --- idle contexts --- */

/* Returns whether the context was taken in: one is, whatever its size. The caller locks. */
static bool
idle_push(IdleContexts *self, void *native, size_t size, int count_max, size_t bytes_max)
{
    if (self->count >= count_max || (self->count > 0 && self->bytes + size > bytes_max)) {
        return false;
    }
    self->slots[self->count].native = native;
    self->slots[self->count].size = size;
    self->count++;
    self->bytes += size;
    return true;
}

/* Returns NULL if there is none. The lock is the caller's. */
static void *
idle_pop(IdleContexts *self)
{
    if (self->count == 0) {
        return NULL;
    }
    self->count--;
    self->bytes -= self->slots[self->count].size;
    return self->slots[self->count].native;
}

static void *
spare_take(Engine *engine, Direction direction)
{
    brief_lock_take(&engine->spare_lock[direction]);
    void *native = idle_pop(&engine->spare[direction]);
    brief_lock_drop(&engine->spare_lock[direction]);
    return native;
}

/* Keeps a context of `settings` for pools to come, or frees it. What it refers to may go: libzstd
   looks at that within frames only, and who takes it configures it first. */
static void
spare_give(Engine *engine, Direction direction, void *native, const Config *settings)
{
    size_t size = codecs[direction]->size(native);
    bool taken = false;
    if (settings->threads == 0 && size <= SPARE_BYTES_MAX) {
        brief_lock_take(&engine->spare_lock[direction]);
        taken =
            idle_push(&engine->spare[direction], native, size, SPARE_COUNT_MAX, SPARE_BYTES_MAX);
        brief_lock_drop(&engine->spare_lock[direction]);
    }
    if (!taken) {
        context_destroy(codecs[direction], native, size, settings);
    }
}

void
engine_clear(Engine *self)
{
    for (Direction direction = 0; direction < DIRECTION_COUNT; direction++) {
        void *native;
        while ((native = spare_take(self, direction)) != NULL) {
            codecs[direction]->destroy(native);
        }
        if (self->plain[direction] != NULL) {
            config_release(self->plain[direction]);
            self->plain[direction] = NULL;
        }
    }
}

/* --- pools --- */

/* What a pool had before it was configured anew, or cleared. */
typedef struct FormerContexts {
    Config *settings;
    IdleContexts idle;
    IdleContexts idle_for_workers;
} FormerContexts;

void
pool_init(ContextPool *self, Engine *engine, Direction direction, Config *settings)
{
    *self = (ContextPool){
        .engine = engine,
        .codec = codecs[direction],
        .direction = direction,
        .settings = config_retain(settings),
        .forks = fork_count(),
    };
}

/* Takes all contexts out, so that they can be given away without the lock. */
static IdleContexts
idle_take_all(IdleContexts *self)
{
    IdleContexts taken = *self;
    self->count = 0;
    self->bytes = 0;
    return taken;
}

/* Forgets the idle contexts whose worker threads a fork has left behind. The caller locks. */
static void
abandon_orphans(ContextPool *self)
{
    if (self->settings->threads > 0 && self->forks != fork_count()) {
        while (idle_pop(&self->idle) != NULL) {
            config_release(self->settings);
        }
        self->forks = fork_count();
    }
}

/* Takes all idle contexts out, and the settings, for pool_give_away(). The caller locks. */
static FormerContexts
pool_take_all(ContextPool *self)
{
    return (FormerContexts){
        .settings = self->settings,
        .idle = idle_take_all(&self->idle),
        .idle_for_workers = idle_take_all(&self->idle_for_workers),
    };
}

static void
pool_give_away(const ContextPool *self, FormerContexts *former)
{
    void *native;
    while ((native = idle_pop(&former->idle)) != NULL) {
        spare_give(self->engine, self->direction, native, former->settings);
        config_release(former->settings);
    }
    while ((native = idle_pop(&former->idle_for_workers)) != NULL) {
        context_destroy(self->codec, native, self->codec->size(native), former->settings);
        config_release(former->settings);
    }
    config_release(former->settings);
}

void
pool_configure(ContextPool *self, Config *settings)
{
    brief_lock_take(&self->lock);
    abandon_orphans(self);
    FormerContexts former = pool_take_all(self);
    self->settings = settings;
    brief_lock_drop(&self->lock);
    pool_give_away(self, &former);
}

Config *
pool_settings(ContextPool *self)
{
    brief_lock_take(&self->lock);
    Config *settings = config_retain(self->settings);
    brief_lock_drop(&self->lock);
    return settings;
}

void
pool_clear(ContextPool *self)
{
    if (self->settings != NULL) {
        abandon_orphans(self);
        FormerContexts former = pool_take_all(self);
        self->settings = NULL;
        pool_give_away(self, &former);
    }
}

size_t
pool_context_size(ContextPool *self)
{
    size_t size = (size_t)atomic_load_explicit(&self->context_size, memory_order_relaxed);
    if (size == 0) {
        Lease lease = {0};
        if (lease_take(&lease, self) < 0) {
            return 0;
        }
        /* Its progression is of no concern: a spare context has that of its last owner. */
        size = self->codec->size(lease.native);
        atomic_store_explicit(&self->context_size, size, memory_order_relaxed);
        lease_return(&lease);
    }
    return size;
}

/* --- leases --- */

/* Finds or makes a context and configures it. Returns 0, or -1, raises and leaves none. */
static int
lease_fill(Lease *self)
{
    ContextPool *pool = self->pool;
    if (pool->direction == COMPRESSION &&
        config_digest(self->settings, pool->engine->zstd_error) < 0) {
        return -1;
    }
    if (self->settings->threads == 0 && !self->for_worker) {
        self->native = spare_take(pool->engine, pool->direction);
    }
    if (self->native == NULL) {
        self->native = context_create(pool->codec, self->settings, self->for_worker);
        if (self->native == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    size_t result = pool->codec->configure(self->native, self->settings);
    if (ZSTD_isError(result)) {
        context_destroy(pool->codec, self->native, 0, self->settings);
        self->native = NULL;
        return error_raise_native(pool->engine->zstd_error, "unable to set up a context", result);
    }
    return 0;
}

/* Where contexts of that kind are idle: those with worker threads of their own are all alike. */
static IdleContexts *
idle_of(ContextPool *pool, const Config *settings, bool for_worker)
{
    return for_worker && settings->threads == 0 ? &pool->idle_for_workers : &pool->idle;
}

/* Has the lease be at the start of a frame, with nothing counted. */
static void
forget_frames(Lease *self)
{
    self->held = 0;
    self->hint = 0;
    self->has_more = false;
    self->is_ending = false;
    self->in_frame = false;
    self->is_referring = false;
    self->skippable = false;
    self->header_size = 0;
    shared_count_set(&self->total_in, 0);
    shared_count_set(&self->total_out, 0);
    self->failure = 0;
    self->attempt = NULL;
    self->fault = FAULT_NONE;
    self->raised = false;
    self->pledged = ZSTD_CONTENTSIZE_UNKNOWN;
    self->given = 0;
}

static int
take(Lease *self, ContextPool *pool, bool for_worker)
{
    /* Field by field: to zero all of it at once takes longer. */
    self->pool = pool;
    self->size = 0;
    self->for_worker = for_worker;
    forget_frames(self);
    brief_lock_take(&pool->lock);
    abandon_orphans(pool);
    self->native = idle_pop(idle_of(pool, pool->settings, for_worker));
    /* An idle context comes with its reference. */
    self->settings = self->native == NULL ? config_retain(pool->settings) : pool->settings;
    self->forks = pool->forks;
    brief_lock_drop(&pool->lock);
    if (self->native == NULL && lease_fill(self) < 0) {
        config_release(self->settings);
        self->settings = NULL;
        return -1;
    }
    return 0;
}

int
lease_take(Lease *self, ContextPool *pool)
{
    return take(self, pool, false);
}

int
lease_take_for_worker(Lease *self, ContextPool *pool)
{
    return take(self, pool, true);
}

size_t
lease_refer(Lease *self, unsigned long long size)
{
    const Config *settings = self->settings;
    size_t result = 0;
    if (settings->dictionary != NULL && !self->is_referring && self->pool->codec->refer != NULL) {
        result = self->pool->codec->refer(self->native, settings, size);
        self->is_referring = !ZSTD_isError(result);
    }
    return result;
}

void
lease_pledge(Lease *self, unsigned long long size)
{
    if (self->pool->codec->pledge != NULL) {
        self->pool->codec->pledge(self->native, size);
        self->pledged = size;
    }
}

void
lease_restart(Lease *self)
{
    self->pool->codec->reset(self->native);
    forget_frames(self);
}

bool
lease_is_orphaned(const Lease *self)
{
    return self->settings->threads > 0 && self->forks != fork_count();
}

void
lease_abandon(Lease *self)
{
    self->native = NULL;
    config_release(self->settings);
}

void
lease_return(Lease *self)
{
    if (self->native == NULL) {
        return;
    }
    if (lease_is_orphaned(self)) {
        lease_abandon(self);
        return;
    }
    ContextPool *pool = self->pool;
    void *native = self->native;
    bool taken = false;
    /* Quirk: a new frame frees the jobs of an abandoned one under the workers that are still at
       them; freeing the context waits for the workers. */
    bool is_clean =
        self->settings->threads == 0 || (!self->in_frame && !self->has_more && self->failure == 0);
    self->native = NULL;
    pool->codec->reset(native);
    /* Worker threads may have made it grow since. */
    bool is_size_known = self->size > 0 && self->settings->threads == 0;
    size_t size = is_size_known ? self->size : pool->codec->size(native);
    brief_lock_take(&pool->lock);
    if (is_clean && pool->settings == self->settings) {
        IdleContexts *idle = idle_of(pool, self->settings, self->for_worker);
        taken = idle_push(idle, native, size, IDLE_SLOTS, IDLE_BYTES_MAX);
    }
    brief_lock_drop(&pool->lock);
    if (taken) {
        return; /* with the reference to its configuration */
    }
    if (self->for_worker) {
        context_destroy(pool->codec, native, size, self->settings);
    }
    else {
        spare_give(pool->engine, pool->direction, native, self->settings);
    }
    config_release(self->settings);
}

/* Where it is so already, the processors of other threads need not fetch it anew. */
static void
leave(atomic_ullong *count, unsigned long long value)
{
    if (atomic_load_explicit(count, memory_order_relaxed) != value) {
        atomic_store_explicit(count, value, memory_order_relaxed);
    }
}

void
lease_report(Lease *self)
{
    ContextPool *pool = self->pool;
    const Codec *codec = pool->codec;
    self->size = codec->size(self->native);
    leave(&pool->context_size, self->size);
    if (codec->progression != NULL) {
        ZSTD_frameProgression now = codec->progression(self->native);
        leave(&pool->ingested, now.ingested);
        leave(&pool->consumed, now.consumed);
        leave(&pool->produced, now.produced);
    }
}
