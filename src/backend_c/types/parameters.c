/* ZstdCompressionParameters, and the bounds of parameters. */

#include "types/parameters.h"

#include "engine/error.h"
#include "types/arguments.h"
#include "types/object.h"
#include "types/pickling.h"

#include <stdint.h>

/* Those that may be given by position, as in 0.25.0. */
enum { POSITIONAL_COUNT = PARAMETER_threads + 1 };

typedef struct Parameters {
    OBJECT_HEAD
    ParameterValues values; /* resolved; guarded by the lock */
} Parameters;

static ParameterValues
copy_values(Parameters *self)
{
    brief_lock_take(&self->lock);
    ParameterValues values = self->values;
    brief_lock_drop(&self->lock);
    return values;
}

static void
set_values(Parameters *self, const ParameterValues *values)
{
    brief_lock_take(&self->lock);
    self->values = *values;
    brief_lock_drop(&self->lock);
}

int
parameters_from_object(ModuleState *state, PyObject *object, ParameterValues *values)
{
    if (!PyObject_TypeCheck(object, state->parameters)) {
        PyErr_Format(PyExc_TypeError,
                     "compression_params must be zstandard.ZstdCompressionParameters, not %.200s",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    *values = copy_values((Parameters *)object);
    return 0;
}

/* --- values from arguments --- */

/* Values as they are given, and which of them are. */
typedef struct GivenValues {
    ParameterValues values;
    bool is_given[PARAMETER_COUNT];
} GivenValues;

/* An argument that is no parameter of the table; the object is borrowed, NULL if it is absent. */
typedef struct OtherArgument {
    const char *name;
    PyObject *object;
} OtherArgument;

static int
give(GivenValues *self, int row, PyObject *object)
{
    self->is_given[row] = true;
    return argument_to_int(object, &self->values.of[row]);
}

/* Returns the row of that name, or -1. */
static int
find_row(PyObject *name)
{
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        if (PyUnicode_Check(name) &&
            PyUnicode_CompareWithASCIIString(name, parameter_table[row].name) == 0) {
            return row;
        }
    }
    return -1;
}

static OtherArgument *
find_other(OtherArgument *others, PyObject *name)
{
    for (; others->name != NULL; others++) {
        if (PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, others->name) == 0) {
            return others;
        }
    }
    return NULL;
}

/* Returns 0, or -1 and raises. */
static int
give_by_name(GivenValues *self, OtherArgument *others, const char *function, PyObject *name,
             PyObject *object)
{
    int row = find_row(name);
    OtherArgument *other = find_other(others, name);
    if (row < 0 && other == NULL) {
        PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%S'", function,
                     name);
        return -1;
    }
    if (row >= 0 ? self->is_given[row] : other->object != NULL) {
        PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%S'", function, name);
        return -1;
    }
    if (row < 0) {
        other->object = object;
        return 0;
    }
    return give(self, row, object);
}

/* Takes the keyword arguments, of a dict that nobody else changes, as that of a call is one;
   `others` ends with a NULL name. Returns 0, or -1 and raises. */
static int
give_keywords(GivenValues *self, OtherArgument *others, const char *function, PyObject *keywords)
{
    Py_ssize_t place = 0;
    PyObject *name;
    PyObject *object;
    int result = 0;
    while (result == 0 && keywords != NULL && PyDict_Next(keywords, &place, &name, &object)) {
        /* The object's __index__ may do away with both. */
        Py_INCREF(name);
        Py_INCREF(object);
        result = give_by_name(self, others, function, name, object);
        Py_DECREF(name);
        Py_DECREF(object);
    }
    return result;
}

/* Raises what resolving has found wrong. Returns -1. */
static int
raise_unresolved(const ModuleState *state, const ParameterValues *values, int row, size_t result)
{
    static const char attempt[] = "unable to set compression context parameter";
    if (row < 0) {
        return error_raise_native(state->engine.zstd_error, attempt, result);
    }
    const char *name = parameter_table[row].name;
    int value = values->of[row];
    ZSTD_bounds bounds = parameter_bounds(row);
    if (ZSTD_isError(bounds.error)) {
        return error_raise(state->engine.zstd_error, result,
                           "%s: %s: %s=%d: libzstd %s does not have this parameter", attempt,
                           ZSTD_getErrorName(result), name, value, ZSTD_versionString());
    }
    return error_raise(
        state->engine.zstd_error, result, "%s: %s: %s=%d, which must be from %d to %d", attempt,
        ZSTD_getErrorName(result), name, value, bounds.lowerBound, bounds.upperBound);
}

/* Resolves values for the object, which stays as it is. Returns 0, or -1 and raises. */
static int
resolve_for(const Parameters *self, ParameterValues *values)
{
    int failed;
    if (argument_resolve_threads(&values->of[PARAMETER_threads]) < 0) {
        return -1;
    }
    size_t result = parameters_resolve(values, &failed);
    return ZSTD_isError(result) ? raise_unresolved(self->state, values, failed, result) : 0;
}

/* Resolves the values into the object. Returns 0, or -1 and raises. */
static int
resolve_into(Parameters *self, ParameterValues *values)
{
    if (resolve_for(self, values) < 0) {
        return -1;
    }
    set_values(self, values);
    return 0;
}

/* --- making one --- */

static PyObject *
parameters_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    ModuleState *state = state_of_type(type);
    Parameters *self = state == NULL ? NULL : object_new(state, type);
    if (self != NULL) {
        ParameterValues values = parameters_initial();
        if (resolve_into(self, &values) < 0) {
            Py_DECREF(self);
            return NULL;
        }
    }
    return (PyObject *)self;
}

static int
parameters_init(PyObject *op, PyObject *args, PyObject *keywords)
{
    static const char function[] = "ZstdCompressionParameters";
    OtherArgument no_others[] = {{NULL, NULL}};
    GivenValues given = {.values = parameters_initial()};
    Py_ssize_t positional = PyTuple_GET_SIZE(args);
    if (positional > POSITIONAL_COUNT) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most %d positional arguments (%zd given)",
                     function, POSITIONAL_COUNT, positional);
        return -1;
    }
    for (int row = 0; row < positional; row++) {
        if (give(&given, row, PyTuple_GET_ITEM(args, row)) < 0) {
            return -1;
        }
    }
    if (give_keywords(&given, no_others, function, keywords) < 0) {
        return -1;
    }
    return resolve_into((Parameters *)op, &given.values);
}

static void
parameters_dealloc(PyObject *op)
{
    object_dealloc_end(op, object_dealloc_begin(op));
}

/* Takes what libzstd holds best for level and sizes where nothing else is given. */
static void
fill_from_level(GivenValues *given, int level, unsigned long long source_size, size_t dict_size)
{
    ZSTD_compressionParameters own = ZSTD_getCParams(level, source_size, dict_size);
    const struct {
        int row;
        int value;
    } values[] = {
        {PARAMETER_window_log, (int)own.windowLog},
        {PARAMETER_hash_log, (int)own.hashLog},
        {PARAMETER_chain_log, (int)own.chainLog},
        {PARAMETER_search_log, (int)own.searchLog},
        {PARAMETER_min_match, (int)own.minMatch},
        {PARAMETER_target_length, (int)own.targetLength},
        {PARAMETER_strategy, (int)own.strategy},
    };
    for (size_t i = 0; i < Py_ARRAY_LENGTH(values); i++) {
        if (!given->is_given[values[i].row]) {
            given->values.of[values[i].row] = values[i].value;
        }
    }
}

/* Returns 0, or -1 and raises. */
static int
source_size_from_argument(PyObject *argument, unsigned long long *size)
{
    PyObject *number = argument == NULL ? NULL : PyNumber_Index(argument);
    if (number != NULL) {
        *size = PyLong_AsUnsignedLongLong(number);
        Py_DECREF(number);
    }
    return PyErr_Occurred() ? -1 : 0;
}

PyDoc_STRVAR(
    from_level_doc,
    "from_level($type, /, level, source_size=0, dict_size=0, **kwargs)\n"
    "--\n"
    "\n"
    "Return the ZstdCompressionParameters that libzstd takes for a level and sizes in bytes.\n"
    "\n"
    "source_size and dict_size: of the content and of the dictionary, 0 where not known.\n"
    "kwargs: parameters of the constructor, which take precedence. The level is not among what is\n"
    "set: window_log to strategy are, so that they do not adapt to each input any more. Those of\n"
    "a subclass are of this class, too. Raises what the constructor raises, and OverflowError for\n"
    "a negative size.");

static PyObject *
parameters_from_level(PyObject *type, PyObject *args, PyObject *keywords)
{
    static const char function[] = "from_level";
    OtherArgument others[] = {
        {"level", NULL}, {"source_size", NULL}, {"dict_size", NULL}, {NULL, NULL}};
    GivenValues given = {.values = parameters_initial()};
    int level = 0;
    unsigned long long source_size = 0;
    Py_ssize_t dict_size = 0;
    ModuleState *state = state_of_type((PyTypeObject *)type);
    Py_ssize_t positional = PyTuple_GET_SIZE(args);
    if (state == NULL) {
        return NULL;
    }
    if (positional > 3) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most 3 positional arguments (%zd given)",
                     function, positional);
        return NULL;
    }
    for (Py_ssize_t i = 0; i < positional; i++) {
        others[i].object = PyTuple_GET_ITEM(args, i);
    }
    if (give_keywords(&given, others, function, keywords) < 0) {
        return NULL;
    }
    if (others[0].object == NULL) {
        PyErr_Format(PyExc_TypeError, "%s() missing required argument 'level' (pos 1)", function);
        return NULL;
    }
    if (argument_to_int(others[0].object, &level) < 0 ||
        source_size_from_argument(others[1].object, &source_size) < 0 ||
        argument_to_size(others[2].object, &dict_size) < 0) {
        return NULL;
    }
    if (dict_size < 0) {
        PyErr_Format(PyExc_OverflowError, "dict_size must be a number of bytes, not %zd",
                     dict_size);
        return NULL;
    }
    fill_from_level(&given, level, source_size, (size_t)dict_size);
    Parameters *self = object_new(state, state->parameters);
    if (self != NULL && resolve_into(self, &given.values) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

/* --- what it is --- */

static PyObject *
parameters_get(PyObject *op, void *closure)
{
    return PyLong_FromLong(copy_values((Parameters *)op).of[(intptr_t)closure]);
}

static PyGetSetDef parameters_attributes[] = {
#define X(name, id, initial, native, shapes_digest, doc) \
    {#name, parameters_get, NULL, PyDoc_STR(doc), (void *)(intptr_t)PARAMETER_##name},
    PARAMETER_TABLE(X)
#undef X
        {NULL},
};

PyDoc_STRVAR(
    estimated_compression_context_size_doc,
    "estimated_compression_context_size($self, /)\n"
    "--\n"
    "\n"
    "Return about how many bytes a native context takes that compresses by these parameters.\n"
    "\n"
    "Raises ZstdError with threads, for which libzstd has no estimate.");

static PyObject *
parameters_estimated_size(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Parameters *self = (Parameters *)op;
    ParameterValues values = copy_values(self);
    size_t size = parameters_context_size(values);
    PyObject *zstd_error = self->state->engine.zstd_error;
    int threads = values.of[PARAMETER_threads];
    if (ZSTD_isError(size) && threads > 0) {
        error_raise(zstd_error, size,
                    "libzstd has no estimate of a context with worker threads: threads=%d",
                    threads);
        return NULL;
    }
    if (ZSTD_isError(size)) {
        error_raise_native(zstd_error, "cannot estimate the size of a context", size);
        return NULL;
    }
    return PyLong_FromSize_t(size);
}

/* Calls `each` for all values that are not those of ZstdCompressionParameters(). Returns 0, or -1
   where it does. */
static int
for_each_set(const ParameterValues *values, int (*each)(void *arg, const char *name, int value),
             void *arg)
{
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        int plain = row == PARAMETER_write_dict_id ? 0 : parameter_table[row].native;
        if (values->of[row] != plain && each(arg, parameter_table[row].name, values->of[row]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int
append_to_text(void *arg, const char *name, int value)
{
    PyObject **text = arg;
    const char *separator = PyUnicode_GET_LENGTH(*text) == 0 ? "" : ", ";
    PyObject *longer = PyUnicode_FromFormat("%U%s%s=%d", *text, separator, name, value);
    if (longer == NULL) {
        return -1;
    }
    Py_SETREF(*text, longer);
    return 0;
}

static PyObject *
parameters_repr(PyObject *op)
{
    ParameterValues values = copy_values((Parameters *)op);
    PyObject *name = PyType_GetName(Py_TYPE(op));
    PyObject *text = name == NULL ? NULL : PyUnicode_FromString("");
    PyObject *result = NULL;
    if (text != NULL && for_each_set(&values, append_to_text, &text) == 0) {
        result = PyUnicode_FromFormat("%U(%U)", name, text);
    }
    Py_XDECREF(name);
    Py_XDECREF(text);
    return result;
}

static PyObject *
parameters_richcompare(PyObject *op, PyObject *other, int operation)
{
    ModuleState *state = ((Parameters *)op)->state;
    if ((operation != Py_EQ && operation != Py_NE) ||
        !PyObject_TypeCheck(other, state->parameters)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    ParameterValues left = copy_values((Parameters *)op);
    ParameterValues right = copy_values((Parameters *)other);
    bool equal = memcmp(&left, &right, sizeof(left)) == 0;
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static Py_hash_t
parameters_hash(PyObject *op)
{
    ParameterValues values = copy_values((Parameters *)op);
    Py_uhash_t hash = 0;
    for (int row = 0; row < PARAMETER_COUNT; row++) {
        hash = hash * 1000003 + (Py_uhash_t)values.of[row];
    }
    return hash == (Py_uhash_t)-1 ? -2 : (Py_hash_t)hash;
}

/* --- pickling --- */

static int
set_in_dict(void *arg, const char *name, int value)
{
    PyObject *number = PyLong_FromLong(value);
    int result = number == NULL ? -1 : PyDict_SetItemString(arg, name, number);
    Py_XDECREF(number);
    return result;
}

static PyObject *
parameters_reduce(PyObject *op, PyObject *Py_UNUSED(unused))
{
    ParameterValues values = copy_values((Parameters *)op);
    PyObject *content = PyDict_New();
    if (content != NULL && for_each_set(&values, set_in_dict, content) < 0) {
        Py_CLEAR(content);
    }
    return pickling_reduce(op, content);
}

/* Takes the values of a dict of the user's. Returns 0, or -1 and raises. */
static int
give_content(GivenValues *self, PyObject *content)
{
    OtherArgument no_others[] = {{NULL, NULL}};
    PyObject *own = PyDict_Copy(content); /* which no other thread changes */
    int result =
        own == NULL ? -1 : give_keywords(self, no_others, "ZstdCompressionParameters", own);
    Py_XDECREF(own);
    return result;
}

static PyObject *
parameters_setstate(PyObject *op, PyObject *state)
{
    GivenValues given = {.values = parameters_initial()};
    PickledState pickled;
    if (pickling_read(&pickled, op, state, &PyDict_Type) < 0 ||
        give_content(&given, pickled.content) < 0 ||
        resolve_for((Parameters *)op, &given.values) < 0 || pickling_restore(&pickled, op) < 0) {
        return NULL;
    }
    set_values((Parameters *)op, &given.values);
    Py_RETURN_NONE;
}

/* --- the type --- */

static char parameters_doc[] = PyDoc_STR(
    "ZstdCompressionParameters(format=0, compression_level=0, window_log=0, hash_log=0,\n"
    "                          chain_log=0, search_log=0, min_match=0, target_length=0,\n"
    "                          strategy=-1, write_content_size=1, write_checksum=0,\n"
    "                          write_dict_id=0, job_size=0, overlap_log=-1,\n"
    "                          force_max_window=0, enable_ldm=0, ldm_hash_log=0,\n"
    "                          ldm_min_match=0, ldm_bucket_size_log=0, ldm_hash_rate_log=-1,\n"
    "                          threads=0, *, target_cblock_size=0, rsyncable=0,\n"
    "                          force_attach_dict=0, literal_compression_mode=0,\n"
    "                          src_size_hint=0, enable_dedicated_dict_search=0,\n"
    "                          use_block_splitter=0, use_row_match_finder=0,\n"
    "                          deterministic_ref_prefix=0, prefetch_cdict_tables=0,\n"
    "                          max_block_size=0, block_splitter_level=0)\n"
    "--\n"
    "\n"
    "All parameters of compression, for ZstdCompressor(compression_params=...).\n"
    "\n"
    "All are integers. Where a default is 0 or -1 the level decides; the attributes tell what each\n"
    "means, and what became of it. compression_bounds() tells the range of each. threads=-1 is one\n"
    "for each CPU. Values can be compared, hashed, copied and pickled. Raises ZstdError for a\n"
    "value that is out of bounds or not known to libzstd.");

static PyMethodDef parameters_methods[] = {
    {"from_level", METHOD(parameters_from_level), METH_VARARGS | METH_KEYWORDS | METH_CLASS,
     from_level_doc},
    {"estimated_compression_context_size", parameters_estimated_size, METH_NOARGS,
     estimated_compression_context_size_doc},
    {"__reduce__", parameters_reduce, METH_NOARGS, "For pickle and copy."},
    {"__setstate__", parameters_setstate, METH_O, "For pickle and copy."},
    {NULL},
};

static PyType_Slot parameters_slots[] = {
    {Py_tp_new, parameters_new},
    {Py_tp_init, parameters_init},
    {Py_tp_dealloc, parameters_dealloc},
    {Py_tp_traverse, object_traverse},
    {Py_tp_repr, parameters_repr},
    {Py_tp_richcompare, parameters_richcompare},
    {Py_tp_hash, parameters_hash},
    {Py_tp_getset, parameters_attributes},
    {Py_tp_methods, parameters_methods},
    {Py_tp_doc, parameters_doc},
    {0, NULL},
};

PyType_Spec parameters_spec = {
    .name = "zstandard.backend_c.ZstdCompressionParameters",
    .basicsize = sizeof(Parameters),
    .flags = OBJECT_SUBCLASSABLE,
    .slots = parameters_slots,
};

/* --- bounds --- */

/* Adds name: (lower, upper). Returns 0, or -1 and raises. */
static int
add_bounds(PyObject *dict, const char *name, long long lower, long long upper)
{
    PyObject *pair = Py_BuildValue("(LL)", lower, upper);
    int result = pair == NULL ? -1 : PyDict_SetItemString(dict, name, pair);
    Py_XDECREF(pair);
    return result;
}

const char parameters_compression_bounds_doc[] = PyDoc_STR(
    "compression_bounds($module, /)\n"
    "--\n"
    "\n"
    "Return the lowest and the highest value of each parameter of ZstdCompressionParameters.\n"
    "\n"
    "A dict of (lowest, highest) by name; it lacks those that the libzstd at hand does not have.\n"
    "Some parameters take values out of bounds as the nearest one in bounds.");

PyObject *
parameters_compression_bounds(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused))
{
    PyObject *dict = PyDict_New();
    for (int row = 0; dict != NULL && row < PARAMETER_COUNT; row++) {
        ZSTD_bounds bounds = parameter_bounds(row);
        if (!ZSTD_isError(bounds.error) &&
            add_bounds(dict, parameter_table[row].name, bounds.lowerBound, bounds.upperBound) < 0) {
            Py_CLEAR(dict);
        }
    }
    return dict;
}

const char parameters_decompression_bounds_doc[] = PyDoc_STR(
    "decompression_bounds($module, /)\n"
    "--\n"
    "\n"
    "Return the lowest and the highest value of each parameter of ZstdDecompressor: a dict of\n"
    "(lowest, highest) by name.");

PyObject *
parameters_decompression_bounds(PyObject *Py_UNUSED(module), PyObject *Py_UNUSED(unused))
{
    ZSTD_bounds window_log = ZSTD_dParam_getBounds(ZSTD_d_windowLogMax);
    ZSTD_bounds format = ZSTD_dParam_getBounds(ZSTD_d_format);
    ZSTD_bounds ignore = ZSTD_dParam_getBounds(ZSTD_d_forceIgnoreChecksum);
    PyObject *dict = PyDict_New();
    if (dict != NULL &&
        (add_bounds(dict, "max_window_size", 1LL << window_log.lowerBound,
                    1LL << window_log.upperBound) < 0 ||
         add_bounds(dict, "format", format.lowerBound, format.upperBound) < 0 ||
         add_bounds(dict, "force_ignore_checksum", ignore.lowerBound, ignore.upperBound) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}
