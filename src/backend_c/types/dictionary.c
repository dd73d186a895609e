/* ZstdCompressionDict. */

#include "types/dictionary.h"

#include "engine/error.h"
#include "engine/memory.h"
#include "engine/prefix.h"
#include "engine/source.h"
#include "types/object.h"
#include "types/parameters.h"
#include "types/pickling.h"

typedef struct DictionaryObject {
    OBJECT_HEAD
    /* Guarded by the lock. */
    Dictionary *dictionary; /* NULL before __init__ */
    Digest *digest;         /* what precompute_compress() made, NULL for none */
    unsigned int k;         /* what training chose, or was told */
    unsigned int d;
} DictionaryObject;

/* What is in an object, its references taken out of it or retained from it. */
typedef struct Content {
    Dictionary *dictionary;
    Digest *digest;
    unsigned int k;
    unsigned int d;
} Content;

static void
content_release(Content *self)
{
    if (self->digest != NULL) {
        digest_release(self->digest);
    }
    if (self->dictionary != NULL) {
        dictionary_release(self->dictionary);
    }
}

/* Puts other content into the object, whose references it takes, and drops what was there. */
static void
set_content(DictionaryObject *self, Content content)
{
    brief_lock_take(&self->lock);
    Content former = {.dictionary = self->dictionary, .digest = self->digest};
    self->dictionary = content.dictionary;
    self->digest = content.digest;
    self->k = content.k;
    self->d = content.d;
    brief_lock_drop(&self->lock);
    content_release(&former);
}

/* Keeps a digest, whose reference it takes, unless __init__() was called since it was begun. */
static void
set_digest(DictionaryObject *self, const Dictionary *dictionary, Digest *digest)
{
    brief_lock_take(&self->lock);
    Digest *former = digest;
    if (self->dictionary == dictionary) {
        former = self->digest;
        self->digest = digest;
    }
    brief_lock_drop(&self->lock);
    if (former != NULL) {
        digest_release(former);
    }
}

/* Retains what the object refers to. Returns 0, or -1 and raises ValueError before __init__. */
static int
get_content(DictionaryObject *self, Content *content)
{
    brief_lock_take(&self->lock);
    *content = (Content){self->dictionary, self->digest, self->k, self->d};
    if (content->dictionary != NULL) {
        dictionary_retain(content->dictionary);
    }
    if (content->digest != NULL) {
        digest_retain(content->digest);
    }
    brief_lock_drop(&self->lock);
    if (content->dictionary == NULL) {
        PyErr_SetString(PyExc_ValueError, "the dictionary has no data: __init__() was not called");
        return -1;
    }
    return 0;
}

/* Retains what a ZstdCompressionDict refers to. Returns 0, or -1 and raises. */
static int
content_from_object(ModuleState *state, PyObject *object, Content *content)
{
    if (!PyObject_TypeCheck(object, state->dictionary)) {
        PyErr_Format(PyExc_TypeError, "dict_data must be zstandard.ZstdCompressionDict, not %.200s",
                     Py_TYPE(object)->tp_name);
        return -1;
    }
    return get_content((DictionaryObject *)object, content);
}

int
dictionary_into_config(ModuleState *state, PyObject *object, Config *settings)
{
    Content content;
    if (content_from_object(state, object, &content) < 0) {
        return -1;
    }
    settings->dictionary = content.dictionary;
    atomic_store_explicit(&settings->digest, content.digest, memory_order_relaxed);
    return 0;
}

int
dictionary_into_decoder(ModuleState *state, PyObject *object, Config *settings)
{
    Content content;
    if (content_from_object(state, object, &content) < 0) {
        return -1;
    }
    if (content.digest != NULL) {
        digest_release(content.digest);
    }
    settings->dictionary = content.dictionary;
    if (content.dictionary->is_prefix && settings->max_window_size == 0) {
        settings->max_window_size = prefix_max_window_size(content.dictionary);
    }
    settings->decoder = dictionary_decoder(content.dictionary, state->engine.zstd_error,
                                           "could not create decompression dict");
    return settings->decoder == NULL ? -1 : 0;
}

/* --- making one --- */

/* Makes a dictionary of a bytes object. Returns NULL and raises on error. */
static Dictionary *
dictionary_of_type(PyObject *bytes, int type)
{
    bool is_prefix = type == DICTIONARY_PREFIX;
    if (type < ZSTD_dct_auto || type > DICTIONARY_PREFIX) {
        PyErr_Format(PyExc_ValueError,
                     "invalid dictionary load mode: %d; must use DICT_TYPE_* constants", type);
        return NULL;
    }
    return dictionary_new(bytes, is_prefix ? ZSTD_dct_rawContent : (ZSTD_dictContentType_e)type,
                          is_prefix);
}

PyObject *
dictionary_object_new(ModuleState *state, PyObject *bytes, unsigned int k, unsigned int d)
{
    DictionaryObject *self = object_new(state, state->dictionary);
    Dictionary *dictionary = self == NULL ? NULL : dictionary_new(bytes, ZSTD_dct_fullDict, false);
    if (dictionary == NULL) {
        Py_XDECREF(self);
        return NULL;
    }
    set_content(self, (Content){dictionary, NULL, k, d});
    return (PyObject *)self;
}

static PyObject *
dictionary_object_make(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    ModuleState *state = state_of_type(type);
    return state == NULL ? NULL : object_new(state, type);
}

/* Returns the content of a bytes-like object as bytes, a new reference; NULL on error. */
static PyObject *
bytes_of(PyObject *data)
{
    Source source;
    if (PyBytes_CheckExact(data)) {
        return Py_NewRef(data);
    }
    if (source_open(&source, data) < 0) {
        return NULL;
    }
    PyObject *bytes = memory_to_bytes(source.native.src, source.native.size);
    source_close(&source);
    return bytes;
}

/* Makes a dictionary of the arguments of the constructor, and tells k and d. Returns NULL and
   raises on error. */
static Dictionary *
dictionary_from_arguments(PyObject *args, PyObject *keywords, int *k, int *d)
{
    static char *names[] = {"data", "dict_type", "k", "d", NULL};
    PyObject *data;
    int type = ZSTD_dct_auto;
    *k = *d = 0;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|iii:ZstdCompressionDict", names, &data,
                                     &type, k, d)) {
        return NULL;
    }
    if (*k < 0 || *d < 0) {
        PyErr_Format(PyExc_ValueError, "k and d must be 0 or more, not %d and %d", *k, *d);
        return NULL;
    }
    PyObject *bytes = bytes_of(data);
    if (bytes == NULL) {
        return NULL;
    }
    Dictionary *dictionary = dictionary_of_type(bytes, type);
    Py_DECREF(bytes);
    return dictionary;
}

static int
dictionary_init(PyObject *op, PyObject *args, PyObject *keywords)
{
    int k, d;
    Dictionary *dictionary = dictionary_from_arguments(args, keywords, &k, &d);
    if (dictionary == NULL) {
        return -1;
    }
    set_content((DictionaryObject *)op,
                (Content){dictionary, NULL, (unsigned int)k, (unsigned int)d});
    return 0;
}

static void
dictionary_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    set_content((DictionaryObject *)op, (Content){0});
    object_dealloc_end(op, type);
}

/* --- methods --- */

PyDoc_STRVAR(
    precompute_compress_doc,
    "precompute_compress($self, /, level=0, compression_params=None)\n"
    "--\n"
    "\n"
    "Digest the dictionary for compression at a level, or by ZstdCompressionParameters.\n"
    "\n"
    "Compressors that are made with the dictionary from then on take this digest, whatever their\n"
    "own level. Without it each level's digest is made when it is first used, and shared; so this\n"
    "is only needed to do it ahead. One of the two must be given: ValueError otherwise. Raises\n"
    "ZstdError if the dictionary is not one, or a prefix, which is never digested.");

/* Makes the list of parameters to digest by. Returns 0, or -1 and raises. */
static int
list_for_precompute(ModuleState *state, int level, PyObject *params, ParameterList *list)
{
    ParameterValues values;
    if (level == 0 && params == Py_None) {
        PyErr_SetString(PyExc_ValueError, "must specify one of level or compression_params");
        return -1;
    }
    if (level != 0 && params != Py_None) {
        PyErr_SetString(PyExc_ValueError, "must only specify one of level or compression_params");
        return -1;
    }
    if (params == Py_None) {
        parameter_list_add(list, ZSTD_c_compressionLevel, level);
        return 0;
    }
    if (parameters_from_object(state, params, &values) < 0) {
        return -1;
    }
    parameter_list_add_values(list, &values);
    return 0;
}

static PyObject *
dictionary_precompute_compress(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"level", "compression_params", NULL};
    DictionaryObject *self = (DictionaryObject *)op;
    PyObject *zstd_error = self->state->engine.zstd_error;
    int level = 0;
    PyObject *params = Py_None;
    ParameterList list = {0};
    Content content;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|iO:precompute_compress", names, &level,
                                     &params) ||
        list_for_precompute(self->state, level, params, &list) < 0 ||
        get_content(self, &content) < 0) {
        return NULL;
    }
    static const char attempt[] = "unable to precompute dictionary";
    Digest *digest = NULL;
    if (content.dictionary->is_prefix) {
        error_raise(zstd_error, NATIVE_ERROR(parameter_combination_unsupported),
                    "%s: one of DICT_TYPE_PREFIX is not digested", attempt);
    }
    else {
        digest = dictionary_digest(content.dictionary, &list, zstd_error, attempt);
    }
    if (digest != NULL) {
        set_digest(self, content.dictionary, digest);
    }
    content_release(&content);
    return digest == NULL ? NULL : Py_NewRef(Py_None);
}

PyDoc_STRVAR(as_bytes_doc, "as_bytes($self, /)\n"
                           "--\n"
                           "\n"
                           "Return the content of the dictionary.");

static PyObject *
dictionary_as_bytes(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Content content;
    if (get_content((DictionaryObject *)op, &content) < 0) {
        return NULL;
    }
    PyObject *bytes = Py_NewRef(content.dictionary->bytes);
    content_release(&content);
    return bytes;
}

PyDoc_STRVAR(dict_id_doc,
             "dict_id($self, /)\n"
             "--\n"
             "\n"
             "Return the number by which frames name the dictionary; 0 if its content has none.");

static PyObject *
dictionary_dict_id(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Content content;
    if (get_content((DictionaryObject *)op, &content) < 0) {
        return NULL;
    }
    unsigned int id = ZSTD_getDictID_fromDict(dictionary_content(content.dictionary),
                                              dictionary_size(content.dictionary));
    content_release(&content);
    return PyLong_FromUnsignedLong(id);
}

static Py_ssize_t
dictionary_length(PyObject *op)
{
    Content content;
    if (get_content((DictionaryObject *)op, &content) < 0) {
        return -1;
    }
    Py_ssize_t length = PyBytes_GET_SIZE(content.dictionary->bytes);
    content_release(&content);
    return length;
}

/* k or d of the object; other than the rest of it, they are there before __init__. */
static PyObject *
get_trained(DictionaryObject *self, const unsigned int *field)
{
    brief_lock_take(&self->lock);
    unsigned int value = *field;
    brief_lock_drop(&self->lock);
    return PyLong_FromUnsignedLong(value);
}

static PyObject *
dictionary_get_k(PyObject *op, void *Py_UNUSED(closure))
{
    DictionaryObject *self = (DictionaryObject *)op;
    return get_trained(self, &self->k);
}

static PyObject *
dictionary_get_d(PyObject *op, void *Py_UNUSED(closure))
{
    DictionaryObject *self = (DictionaryObject *)op;
    return get_trained(self, &self->d);
}

/* --- pickling --- */

static PyObject *
dictionary_reduce(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Content content;
    if (get_content((DictionaryObject *)op, &content) < 0) {
        return NULL;
    }
    const Dictionary *dictionary = content.dictionary;
    int type = dictionary->is_prefix ? DICTIONARY_PREFIX : (int)dictionary->type;
    PyObject *arguments = Py_BuildValue("(OiII)", dictionary->bytes, type, content.k, content.d);
    content_release(&content);
    return pickling_reduce(op, arguments);
}

static PyObject *
dictionary_setstate(PyObject *op, PyObject *state)
{
    PickledState pickled;
    int k, d;
    if (pickling_read(&pickled, op, state, &PyTuple_Type) < 0) {
        return NULL;
    }
    Dictionary *dictionary = dictionary_from_arguments(pickled.content, NULL, &k, &d);
    if (dictionary == NULL) {
        return NULL;
    }
    if (pickling_restore(&pickled, op) < 0) {
        dictionary_release(dictionary);
        return NULL;
    }
    set_content((DictionaryObject *)op,
                (Content){dictionary, NULL, (unsigned int)k, (unsigned int)d});
    Py_RETURN_NONE;
}

/* --- the type --- */

static char dictionary_doc[] = PyDoc_STR(
    "ZstdCompressionDict(data, dict_type=0, k=0, d=0)\n"
    "--\n"
    "\n"
    "Content that frames refer to, for dict_data of ZstdCompressor and ZstdDecompressor.\n"
    "\n"
    "data: any bytes-like object; bytes are referred to, others copied.\n"
    "dict_type: DICT_TYPE_AUTO (0) takes data that begins like a dictionary (RFC 8878, section 5)\n"
    "for one, and else as content; DICT_TYPE_RAWCONTENT (1) as content in any case,\n"
    "DICT_TYPE_FULLDICT (2) as a dictionary. DICT_TYPE_PREFIX (3) takes it as content that is\n"
    "like that of each frame, such as an older version, which makes patches: it may be as large as\n"
    "the content, and compression takes a window that spans both, as `zstd --patch-from` does.\n"
    "k, d: parameters of training, for the attributes of that name alone.\n"
    "\n"
    "It is digested once for each level and shared by all threads. Can be copied and pickled.\n"
    "Raises ValueError for another type.");

static PyGetSetDef dictionary_getset[] = {
    {"k", dictionary_get_k, NULL,
     "Size in bytes of the segments that training chose content by; 0 if it was not trained.",
     NULL},
    {"d", dictionary_get_d, NULL,
     "Size in bytes of the strings that training counted; 0 if it was not trained.", NULL},
    {NULL},
};

static PyMethodDef dictionary_methods[] = {
    {"precompute_compress", METHOD(dictionary_precompute_compress), METH_VARARGS | METH_KEYWORDS,
     precompute_compress_doc},
    {"as_bytes", dictionary_as_bytes, METH_NOARGS, as_bytes_doc},
    {"dict_id", dictionary_dict_id, METH_NOARGS, dict_id_doc},
    {"__reduce__", dictionary_reduce, METH_NOARGS, "For pickle and copy."},
    {"__setstate__", dictionary_setstate, METH_O, "For pickle and copy."},
    {NULL},
};

static PyType_Slot dictionary_slots[] = {
    {Py_tp_new, dictionary_object_make},
    {Py_tp_init, dictionary_init},
    {Py_tp_dealloc, dictionary_dealloc},
    {Py_tp_traverse, object_traverse},
    {Py_sq_length, dictionary_length},
    {Py_tp_methods, dictionary_methods},
    {Py_tp_getset, dictionary_getset},
    {Py_tp_doc, dictionary_doc},
    {0, NULL},
};

PyType_Spec dictionary_spec = {
    .name = "zstandard.backend_c.ZstdCompressionDict",
    .basicsize = sizeof(DictionaryObject),
    .flags = OBJECT_SUBCLASSABLE,
    .slots = dictionary_slots,
};
