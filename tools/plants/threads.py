"""Races, which ThreadSanitizer is to see while tests/isolated/stress.py shares what is concerned.

Copies are built for a CPython that has it; what the script itself makes of a race counts, too.
"""

import re
import sys
import tempfile

from machinery import ROOT, build

sys.path.insert(0, str(ROOT / "tools"))

import run_tsan

# How long threads may go on until a fault shows.
SECONDS_MAX = 150


def without_lock(text):
    """Return the text without the lines that take and drop a brief lock."""
    return "".join(line for line in text.splitlines(True) if "brief_lock" not in line)


def unlocked(what, file, text, subjects):
    """Return the plant of a function that does not take its lock."""
    return what, file, text, without_lock(text), subjects


# (what is wrong, file, what stands there, what is planted, the subjects of the script)
PLANTS = [
    unlocked(
        "a number of a dictionary is looked at without the lock",
        "types/dictionary.c",
        "    brief_lock_take(&self->lock);\n"
        "    unsigned int value = *field;\n"
        "    brief_lock_drop(&self->lock);\n",
        "Dictionary",
    ),
    unlocked(
        "a field is looked at without the lock",
        "types/object.c",
        "    brief_lock_take(&self->lock);\n"
        "    bool has = *field != NULL;\n"
        "    brief_lock_drop(&self->lock);\n",
        "CompressionReader CompressionWriter",
    ),
    unlocked(
        "a field is taken without the lock",
        "types/object.c",
        "    brief_lock_take(&self->lock);\n"
        "    PyObject *value = *field;\n"
        "    *field = NULL;\n"
        "    brief_lock_drop(&self->lock);\n",
        "CompressionReader CompressionWriter CompressionChunkerIterator",
    ),
    unlocked(
        "a context is popped without the lock",
        "engine/context.c",
        "    brief_lock_take(&pool->lock);\n"
        "    abandon_orphans(pool);\n"
        "    self->native = idle_pop(idle_of(pool, pool->settings, for_worker));\n"
        "    /* An idle context comes with its reference. */\n"
        "    self->settings = "
        "self->native == NULL ? config_retain(pool->settings) : pool->settings;\n"
        "    self->forks = pool->forks;\n"
        "    brief_lock_drop(&pool->lock);\n",
        "Compressor",
    ),
    unlocked(
        "a context is pushed without the lock",
        "engine/context.c",
        "    brief_lock_take(&pool->lock);\n"
        "    if (is_clean && pool->settings == self->settings) {\n"
        "        IdleContexts *idle = idle_of(pool, self->settings, self->for_worker);\n"
        "        taken = idle_push(idle, native, size, IDLE_SLOTS, IDLE_BYTES_MAX);\n"
        "    }\n"
        "    brief_lock_drop(&pool->lock);\n",
        "Compressor",
    ),
    unlocked(
        "a pool is configured without the lock",
        "engine/context.c",
        "    brief_lock_take(&self->lock);\n"
        "    abandon_orphans(self);\n"
        "    FormerContexts former = pool_take_all(self);\n"
        "    self->settings = settings;\n"
        "    brief_lock_drop(&self->lock);\n",
        "Decompressor",
    ),
    (
        "a stack of contexts is copied with its lock",
        "engine/context.c",
        (
            "    FormerContexts former = pool_take_all(self);\n"
            "    self->settings = settings;\n"
            "    brief_lock_drop(&self->lock);\n"
        ),
        (
            "    FormerContexts former = pool_take_all(self);\n"
            "    self->settings = settings;\n"
            "    volatile BriefLock copy = self->lock;\n"
            "    (void)copy;\n"
            "    brief_lock_drop(&self->lock);\n"
        ),
        "Compressor Decompressor",
    ),
    unlocked(
        "a spare context is taken without the lock",
        "engine/context.c",
        "    brief_lock_take(&engine->spare_lock[direction]);\n"
        "    void *native = idle_pop(&engine->spare[direction]);\n"
        "    brief_lock_drop(&engine->spare_lock[direction]);\n",
        "Module",
    ),
    unlocked(
        "parameters are read while they are set",
        "types/parameters.c",
        "    brief_lock_take(&self->lock);\n"
        "    ParameterValues values = self->values;\n"
        "    brief_lock_drop(&self->lock);\n",
        "Parameters",
    ),
    unlocked(
        "a dictionary's digest is kept without the lock",
        "types/dictionary.c",
        "    brief_lock_take(&self->lock);\n"
        "    Digest *former = digest;\n"
        "    if (self->dictionary == dictionary) {\n"
        "        former = self->digest;\n"
        "        self->digest = digest;\n"
        "    }\n"
        "    brief_lock_drop(&self->lock);\n",
        "Dictionary",
    ),
    (
        "digests are looked up by many threads at once",
        "engine/dictionary.c",
        "    return claim_take(&self->digesting);\n",
        "    atomic_store(&self->digesting.holder, claim_holder_here());\n    return 0;\n",
        "Dictionary",
    ),
    (
        "a dictionary is digested for decompression many times",
        "engine/dictionary.c",
        (
            "    if (claim_digests(self) < 0) {\n"
            "        return NULL;\n"
            "    }\n"
            "    if (self->decoder == NULL) {"
        ),
        "    if (self->decoder == NULL) {",
        "Dictionary",
    ),
    (
        "a dictionary is freed before others' uses are seen",
        "engine/dictionary.c",
        "atomic_fetch_sub_explicit(&self->references, 1, memory_order_acq_rel) > 1",
        "atomic_fetch_sub_explicit(&self->references, 1, memory_order_relaxed) > 1",
        "Dictionary",
    ),
    (
        "a claim is dropped before what was done is seen",
        "engine/claim.h",
        "    atomic_store(&self->holder, 0);\n",
        "    atomic_store_explicit(&self->holder, 0, memory_order_relaxed);\n",
        "CompressionObj DecompressionObj",
    ),
    (
        "two threads may take a claim",
        "engine/claim.h",
        "    return atomic_compare_exchange_strong(&self->holder, &nobody, holder);\n",
        (
            "    nobody = atomic_load(&self->holder);\n"
            "    if (nobody == 0) {\n"
            "        for (volatile int turns = 0; turns < 10000; turns++) {\n"
            "        }\n"
            "        atomic_store(&self->holder, holder);\n"
            "    }\n"
            "    return nobody == 0;\n"
        ),
        "DecompressionReader DecompressionObj CompressionIterator",
    ),
    (
        "a count is read as a plain number",
        "engine/shared.h",
        (
            "    return atomic_load_explicit(self, memory_order_relaxed);\n}\n\n"
            "static inline void\nshared_count_set"
        ),
        (
            "    return *(const unsigned long long *)(const void *)self;\n}\n\n"
            "static inline void\nshared_count_set"
        ),
        "CompressionObj DecompressionReader",
    ),
    (
        "what is ahead is read without the claim",
        "types/reader.c",
        "    if ((size_t)size < MEMORY_LONG_COPY && claim_take_brief(claim)) {\n",
        "    (void)claim;\n    {\n",
        "DecompressionReader",
    ),
    (
        "a listing goes on without the claim",
        "types/frame_listing.c",
        "    if (claim_take(&self->claim) < 0) {\n",
        "    if (self->claim.waiting > 0) {\n",
        "FrameInfoIterator",
    ),
    (
        "an iterator goes on without the claim",
        "types/iterator.c",
        "    if (claim_take(&self->base.stream.claim) == 0) {\n",
        "    atomic_store(&self->base.stream.claim.holder, claim_holder_here());\n    {\n",
        "CompressionIterator DecompressionIterator",
    ),
    (
        "two trainings take place at once",
        "types/training.c",
        "    if (claim_take(&training) < 0) {\n",
        "    if (training.waiting > 0) {\n",
        "Module",
    ),
    (
        "items of a batch are given out twice",
        "engine/workers.c",
        "        size_t item = atomic_fetch_add(&team->next, team->run);\n",
        (
            "        size_t item = team->next;\n"
            "        for (volatile int turns = 0; turns < 100000; turns++) {\n"
            "        }\n"
            "        team->next = item + team->run;\n"
        ),
        "Compressor Decompressor",
    ),
]


def notice(folder, plant, python, libzstd):
    """Build the copy, and share what is concerned; return what tells of a race, or None."""
    options = run_tsan.setup_args(folder / "build", python, libzstd)
    package = build(folder, "tsan", options, "clang")
    subjects = plant[-1] if plant else " ".join(plant[-1] for plant in PLANTS)
    with tempfile.TemporaryDirectory() as logs:
        path = [package, run_tsan.packages(run_tsan.FOLDER), ROOT / "tests"]
        variables = run_tsan.environment(path, f"{logs}/report")
        variables["TSAN_OPTIONS"] += ":halt_on_error=1:exitcode=66"
        variables |= {"STRESS_SECONDS": str(SECONDS_MAX), "STRESS_TYPES": subjects}
        done = run_tsan.run_stress(python, variables, capture_output=True, text=True)
        reports = run_tsan.read_reports(logs)
    if reports:
        found = re.search(r"SUMMARY: ThreadSanitizer: (.*)", reports[0])
        return "tsan: " + re.sub(r"\S*/", "", found[1]) if plant and found else reports[0]
    if done.returncode != 0:
        lines = (done.stdout + done.stderr).strip().splitlines()
        return f"the script: {lines[-1]}" if plant else "\n".join(lines)
    return None
