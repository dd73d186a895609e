/* Making dictionaries: train_dictionary() and finalize_dictionary(). */

#include "types/training.h"

#include "engine/claim.h"
#include "engine/error.h"
#include "engine/memory.h"
#include "engine/source.h"
#include "state.h"
#include "types/arguments.h"
#include "types/dictionary.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* --- samples --- */

/* All samples one behind the other, as libzstd takes them. */
typedef struct Samples {
    char *content;
    size_t *sizes;
    unsigned int count;
} Samples;

static void
samples_clear(Samples *self)
{
    PyMem_RawFree(self->content);
    PyMem_RawFree(self->sizes);
}

/* Returns the size of all samples in bytes; -1 and raises ValueError if one is not bytes. */
static Py_ssize_t
measure_samples(PyObject *tuple)
{
    Py_ssize_t total = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); i++) {
        PyObject *sample = PyTuple_GET_ITEM(tuple, i);
        if (!PyBytes_Check(sample)) {
            PyErr_Format(PyExc_ValueError, "samples must be bytes: item %zd is %.200s", i,
                         Py_TYPE(sample)->tp_name);
            return -1;
        }
        if (PyBytes_GET_SIZE(sample) > PY_SSIZE_T_MAX - total) {
            PyErr_NoMemory();
            return -1;
        }
        total += PyBytes_GET_SIZE(sample);
    }
    return total;
}

/* Copies samples that are measured to one place. It needs no interpreter: the tuple keeps them, and
   bytes do not change. */
static void
gather_samples(Samples *self, PyObject *tuple)
{
    char *place = self->content;
    for (unsigned int i = 0; i < self->count; i++) {
        PyObject *sample = PyTuple_GET_ITEM(tuple, i);
        self->sizes[i] = (size_t)PyBytes_GET_SIZE(sample);
        memcpy(place, PyBytes_AS_STRING(sample), self->sizes[i]);
        place += self->sizes[i];
    }
}

/* Returns 0, or -1 and raises. */
static int
copy_samples(Samples *self, PyObject *tuple)
{
    Py_ssize_t total = measure_samples(tuple);
    if (total < 0) {
        return -1;
    }
    if ((size_t)PyTuple_GET_SIZE(tuple) > UINT_MAX) {
        PyErr_Format(PyExc_ValueError, "libzstd takes at most %u samples, not %zd", UINT_MAX,
                     PyTuple_GET_SIZE(tuple));
        return -1;
    }
    self->count = (unsigned int)PyTuple_GET_SIZE(tuple);
    self->content = PyMem_RawMalloc((size_t)total);
    self->sizes = PyMem_RawCalloc(self->count, sizeof(*self->sizes));
    if (self->content == NULL || self->sizes == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if ((size_t)total < MEMORY_LONG_COPY) {
        gather_samples(self, tuple);
        return 0;
    }
    Py_BEGIN_ALLOW_THREADS
    gather_samples(self, tuple);
    Py_END_ALLOW_THREADS
    return 0;
}

/* Returns 0, or -1 and raises; to be cleared in any case. */
static int
samples_init(Samples *self, PyObject *list)
{
    *self = (Samples){0};
    PyObject *tuple = PyList_AsTuple(list); /* which another thread cannot change meanwhile */
    int result = tuple == NULL ? -1 : copy_samples(self, tuple);
    Py_XDECREF(tuple);
    return result;
}

/* --- training --- */

/* Quirk: how much a training is to write, and when it last did, libzstd keeps for the whole
   process, so it can have one at a time only. */
static Claim training;

/* Whether the samples to train on have enough content for libzstd. Quirk: it looks at those to test
 * with as well, and reads out of bounds if that is all there is. */
static bool
is_enough(const Samples *samples, double split_point)
{
    static const size_t CONTENT_MIN = 8;
    double part = split_point <= 0.0 ? 0.75 : split_point;
    unsigned int count =
        part < 1.0 ? (unsigned int)((double)samples->count * part) : samples->count;
    size_t size = 0;
    for (unsigned int i = 0; i < count && size < CONTENT_MIN; i++) {
        size += samples->sizes[i];
    }
    return size >= CONTENT_MIN;
}

/* Whether libzstd finds any k and d to try. */
static bool
can_try(const ZDICT_fastCover_params_t *params, size_t size)
{
    return (params->d == 0 || params->d == 6 || params->d == 8) && params->k <= size;
}

/* Trains into a buffer and returns the size of the result or a native error; k and d become those
 * that were used. Like 0.25.0, it takes less time unless it is told about steps or threads. */
static size_t
train(char *buffer, size_t size, const Samples *samples, ZDICT_fastCover_params_t *params)
{
    if (!is_enough(samples, params->splitPoint)) {
        return NATIVE_ERROR(srcSize_wrong);
    }
    if (params->steps == 0 && params->nbThreads == 0) {
        params->d = params->d == 0 ? 8 : params->d;
        params->steps = 4;
    }
    bool tries = can_try(params, size);
    size_t result = ZDICT_optimizeTrainFromBuffer_fastCover(buffer, size, samples->content,
                                                            samples->sizes, samples->count, params);
    /* Quirk: what libzstd returns where every try lacks memory. */
    bool all_failed = tries && ZSTD_getErrorCode(result) == ZSTD_error_GENERIC;
    return all_failed ? NATIVE_ERROR(memory_allocation) : result;
}

/* Makes a dictionary of what was written to the bytes object, whose reference it takes. Returns
   NULL and raises on error. */
static PyObject *
dictionary_of(ModuleState *state, PyObject *bytes, size_t size, unsigned int k, unsigned int d)
{
    PyObject *dictionary = NULL;
    if (_PyBytes_Resize(&bytes, (Py_ssize_t)size) == 0) {
        dictionary = dictionary_object_new(state, bytes, k, d);
    }
    Py_XDECREF(bytes);
    return dictionary;
}

/* A size that libzstd would refuse, or could not fill, is found before memory is taken for it.
   Returns 0, or -1 and raises. */
static int
check_dict_size(ModuleState *state, const char *attempt, Py_ssize_t size)
{
    if (size < 0) {
        PyErr_Format(PyExc_ValueError, "dict_size must be a number of bytes, not %zd", size);
        return -1;
    }
    if (size < ZDICT_DICTSIZE_MIN) {
        return error_raise(state->engine.zstd_error, NATIVE_ERROR(dstSize_tooSmall),
                           "%s: Destination buffer is too small: dict_size is %zd, and a "
                           "dictionary takes %d bytes or more",
                           attempt, size, ZDICT_DICTSIZE_MIN);
    }
    return 0;
}

/* Returns 0, or -1 and raises ValueError if one of the numbers is negative. */
static int
check_not_negative(const char *const *names, const int *const *numbers)
{
    for (; *names != NULL; names++, numbers++) {
        if (**numbers < 0) {
            PyErr_Format(PyExc_ValueError, "%s must be 0 or more, not %d", *names, **numbers);
            return -1;
        }
    }
    return 0;
}

/* Returns 0, or -1 and raises ValueError if frames could not state the number of the dictionary. */
static int
check_dict_id(long long number)
{
    if (number < 0 || number > UINT32_MAX) {
        PyErr_Format(PyExc_ValueError, "dict_id must be from 0 to %lu, not %lld",
                     (unsigned long)UINT32_MAX, number);
        return -1;
    }
    return 0;
}

const char training_train_doc[] = PyDoc_STR(
    "train_dictionary($module, /, dict_size, samples, k=0, d=0, f=0, split_point=0.0, accel=0,\n"
    "                 notifications=0, dict_id=0, level=0, steps=0, threads=0)\n"
    "--\n"
    "\n"
    "Make a ZstdCompressionDict of up to dict_size bytes from a list of samples, all bytes.\n"
    "\n"
    "The samples are what is to be compressed: a hundred times dict_size in all is plenty. The\n"
    "algorithm is libzstd's fastCover; where k is 0, it tries several.\n"
    "k: size in bytes of the segments that content is chosen by, from d to dict_size.\n"
    "d: size in bytes of the strings that are counted, 6 or 8; 0 for 8, or both where steps or\n"
    "threads are given.\n"
    "f: base-2 logarithm of the size of the table of counts, up to 31; 0 for 20.\n"
    "split_point: part of the samples to train on, up to 1.0, the rest being for tests; 0.0 for\n"
    "0.75 of them.\n"
    "accel: speed, 1 to 10, at the cost of accuracy; 0 for 1.\n"
    "notifications: how much libzstd writes to standard error, up to 4.\n"
    "dict_id: number of the dictionary; 0 for one by its content.\n"
    "level: compression level it is made for; 0 for 3.\n"
    "steps: how many k are tried; 0 for 4, or 40 where threads are given.\n"
    "threads: threads that try them; -1 for one for each CPU.\n"
    "\n"
    "Other threads run meanwhile, and further trainings wait: libzstd has one at a time. Raises\n"
    "TypeError if samples is no list, ValueError if one is not bytes and for negative numbers,\n"
    "ZstdError where libzstd fails, as with too few samples.");

typedef struct TrainArguments {
    Py_ssize_t dict_size;
    PyObject *samples;
    int k, d, f;
    double split_point;
    int accel, notifications, level, steps, threads;
    long long dict_id;
} TrainArguments;

/* As in libzstd, which would ask for the table's memory first. */
enum { FASTCOVER_F_MAX = 31 };

/* Returns 0, or -1 and raises. */
static int
parse_train_arguments(TrainArguments *self, PyObject *args, PyObject *keywords)
{
    static char *names[] = {
        "dict_size",     "samples", "k",     "d",     "f",       "split_point", "accel",
        "notifications", "dict_id", "level", "steps", "threads", NULL};
    static const char *const counts[] = {"k", "d", "f", "accel", "notifications", "steps", NULL};
    const int *const numbers[] = {
        &self->k, &self->d, &self->f, &self->accel, &self->notifications, &self->steps};
    *self = (TrainArguments){0};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "nO!|iiidiiLiii:train_dictionary", names,
                                     &self->dict_size, &PyList_Type, &self->samples, &self->k,
                                     &self->d, &self->f, &self->split_point, &self->accel,
                                     &self->notifications, &self->dict_id, &self->level,
                                     &self->steps, &self->threads) ||
        check_not_negative(counts, numbers) < 0 || check_dict_id(self->dict_id) < 0) {
        return -1;
    }
    if (self->f > FASTCOVER_F_MAX) {
        PyErr_Format(PyExc_ValueError, "f must be at most %d, not %d", FASTCOVER_F_MAX, self->f);
        return -1;
    }
    /* libzstd has no bound here, and fails where it gets fewer than it is told. */
    int most = ZSTD_cParam_getBounds(ZSTD_c_nbWorkers).upperBound;
    int result = argument_resolve_threads(&self->threads);
    self->threads = Py_MIN(self->threads, Py_MAX(most, 1));
    return result;
}

/* Raises what training has failed of, with what it was told. Returns NULL. */
static PyObject *
raise_untrained(ModuleState *state, const TrainArguments *arguments, const Samples *samples,
                size_t result)
{
    if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) {
        return PyErr_NoMemory();
    }
    PyObject *split_point = PyFloat_FromDouble(arguments->split_point);
    if (split_point != NULL) {
        error_raise(state->engine.zstd_error, result,
                    "cannot train dict: %s: dict_size=%zd, %u samples, k=%d, d=%d, f=%d, "
                    "split_point=%R, accel=%d",
                    ZSTD_getErrorName(result), arguments->dict_size, samples->count, arguments->k,
                    arguments->d, arguments->f, split_point, arguments->accel);
        Py_DECREF(split_point);
    }
    return NULL;
}

/* Returns NULL and raises on error. */
static PyObject *
train_bytes(ModuleState *state, const TrainArguments *arguments, const Samples *samples)
{
    ZDICT_fastCover_params_t params = {
        .k = (unsigned int)arguments->k,
        .d = (unsigned int)arguments->d,
        .f = (unsigned int)arguments->f,
        .steps = (unsigned int)arguments->steps,
        .nbThreads = (unsigned int)arguments->threads,
        .splitPoint = arguments->split_point,
        .accel = (unsigned int)arguments->accel,
        .zParams = {.compressionLevel = arguments->level,
                    .notificationLevel = (unsigned int)arguments->notifications,
                    .dictID = (unsigned int)arguments->dict_id},
    };
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, arguments->dict_size);
    if (bytes == NULL) {
        return NULL;
    }
    claim_renew(&training); /* a fork has left nothing behind that the next one does not set */
    if (claim_take(&training) < 0) {
        Py_DECREF(bytes);
        return NULL;
    }
    size_t size;
    Py_BEGIN_ALLOW_THREADS
    size = train(PyBytes_AS_STRING(bytes), (size_t)arguments->dict_size, samples, &params);
    Py_END_ALLOW_THREADS
    claim_drop(&training);
    if (ZDICT_isError(size)) {
        Py_DECREF(bytes);
        return raise_untrained(state, arguments, samples, size);
    }
    return dictionary_of(state, bytes, size, params.k, params.d);
}

PyObject *
training_train(PyObject *module, PyObject *args, PyObject *keywords)
{
    ModuleState *state = PyModule_GetState(module);
    TrainArguments arguments;
    Samples samples;
    PyObject *dictionary = NULL;
    if (parse_train_arguments(&arguments, args, keywords) < 0 ||
        check_dict_size(state, "cannot train dict", arguments.dict_size) < 0) {
        return NULL;
    }
    if (samples_init(&samples, arguments.samples) == 0) {
        dictionary = train_bytes(state, &arguments, &samples);
    }
    samples_clear(&samples);
    return dictionary;
}

/* --- finalizing --- */

const char training_finalize_doc[] = PyDoc_STR(
    "finalize_dictionary($module, /, dict_size, content, samples, level=0, notifications=0,\n"
    "                    dict_id=0)\n"
    "--\n"
    "\n"
    "Make a ZstdCompressionDict of content that was chosen otherwise, by adding what it lacks.\n"
    "\n"
    "dict_size: its most bytes: 256 or more, and no less than content has; content that leaves no\n"
    "room for about 200 bytes of tables loses its end.\n"
    "content: any bytes-like object, with what is most useful at its end.\n"
    "samples: a list of bytes, by which the tables are made that the dictionary begins with.\n"
    "level, notifications, dict_id: as for train_dictionary().\n"
    "\n"
    "Other threads run meanwhile. Raises TypeError if samples is no list, ValueError if one is not\n"
    "bytes and for negative numbers, ZstdError where libzstd fails.");

PyObject *
training_finalize(PyObject *module, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"dict_size",     "content", "samples", "level",
                            "notifications", "dict_id", NULL};
    static const char attempt[] = "cannot finalize dict";
    ModuleState *state = PyModule_GetState(module);
    Py_ssize_t dict_size;
    PyObject *content;
    PyObject *list;
    int level = 0;
    int notifications = 0;
    long long dict_id = 0;
    Samples samples = {0};
    Source source;
    PyObject *dictionary = NULL;
    static const char *const counts[] = {"notifications", NULL};
    const int *const numbers[] = {&notifications};
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "nOO!|iiL:finalize_dictionary", names,
                                     &dict_size, &content, &PyList_Type, &list, &level,
                                     &notifications, &dict_id) ||
        check_not_negative(counts, numbers) < 0 || check_dict_id(dict_id) < 0 ||
        check_dict_size(state, attempt, dict_size) < 0 || source_open(&source, content) < 0) {
        return NULL;
    }
    ZDICT_params_t params = {.compressionLevel = level,
                             .notificationLevel = (unsigned int)notifications,
                             .dictID = (unsigned int)dict_id};
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, dict_size);
    if (bytes != NULL && samples_init(&samples, list) == 0) {
        size_t size;
        Py_BEGIN_ALLOW_THREADS
        size = ZDICT_finalizeDictionary(PyBytes_AS_STRING(bytes), (size_t)dict_size,
                                        source.native.src, source.native.size, samples.content,
                                        samples.sizes, samples.count, params);
        Py_END_ALLOW_THREADS
        if (ZDICT_isError(size)) {
            error_raise_native(state->engine.zstd_error, attempt, size);
        }
        else {
            dictionary = dictionary_of(state, bytes, size, 0, 0);
            bytes = NULL;
        }
    }
    Py_XDECREF(bytes);
    samples_clear(&samples);
    source_close(&source);
    return dictionary;
}
