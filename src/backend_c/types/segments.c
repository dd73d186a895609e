/* BufferWithSegments, its segments, and collections: many pieces of data in few blocks of memory.
 */

#include "types/segments.h"

#include "engine/memory.h"
#include "engine/source.h"
#include "types/object.h"

#include <string.h>

/* None of these objects ever changes, so, like tuples, they need no tp_clear: a cycle through one
   goes through something that was changed to close it, which has one. And what they export stays
   where it is as long as they are there. */

typedef struct Buffer {
    OBJECT_HEAD
    Source source;           /* what was passed in; nothing if the memory is our own */
    char *memory;            /* our own, or NULL */
    char *data;              /* either; only read */
    unsigned long long size; /* bytes */
    Segment *segments;
    Py_ssize_t count;
} Buffer;

typedef struct BufferSegments {
    OBJECT_HEAD
    Buffer *buffer;
} BufferSegments;

typedef struct BufferSegment {
    OBJECT_HEAD
    Buffer *buffer;
    unsigned long long offset;
    Py_ssize_t length;
} BufferSegment;

typedef struct Collection {
    OBJECT_HEAD
    PyObject *buffers; /* a tuple */
    Py_ssize_t *ends;  /* of each buffer, the number of the segment after its last one */
} Collection;

/* --- BufferSegment --- */

/* Returns 0, or -1 and raises. */
static int
check_index(Py_ssize_t index, Py_ssize_t count)
{
    if (index < 0) {
        PyErr_Format(PyExc_IndexError, "offset must be non-negative: there are %zd segments",
                     count);
        return -1;
    }
    if (index >= count) {
        PyErr_Format(PyExc_IndexError, "offset must be less than %zd", count);
        return -1;
    }
    return 0;
}

/* Returns NULL and raises on error. */
static PyObject *
buffer_item(PyObject *op, Py_ssize_t index)
{
    Buffer *self = (Buffer *)op;
    if (check_index(index, self->count) < 0) {
        return NULL;
    }
    BufferSegment *segment = object_new(self->state, self->state->buffer_segment);
    if (segment != NULL) {
        segment->buffer = (Buffer *)Py_NewRef(op);
        segment->offset = self->segments[index].offset;
        segment->length = (Py_ssize_t)self->segments[index].length;
    }
    return (PyObject *)segment;
}

static Py_ssize_t
segment_length(PyObject *self)
{
    return ((BufferSegment *)self)->length;
}

static char *
segment_data(const BufferSegment *self)
{
    return self->buffer->data + self->offset;
}

static int
segment_get_buffer(PyObject *op, Py_buffer *view, int flags)
{
    BufferSegment *self = (BufferSegment *)op;
    return PyBuffer_FillInfo(view, op, segment_data(self), self->length, 1, flags);
}

PyDoc_STRVAR(segment_tobytes_doc, "tobytes($self, /)\n"
                                  "--\n"
                                  "\n"
                                  "Return a copy of the segment as bytes.");

static PyObject *
segment_tobytes(PyObject *op, PyObject *Py_UNUSED(unused))
{
    BufferSegment *self = (BufferSegment *)op;
    return memory_to_bytes(segment_data(self), (size_t)self->length);
}

static int
segment_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((BufferSegment *)self)->buffer);
    return object_traverse(self, visit, arg);
}

static void
segment_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    Py_XDECREF(((BufferSegment *)op)->buffer);
    object_dealloc_end(op, type);
}

static char segment_doc[] =
    PyDoc_STR("One piece of the data of a BufferWithSegments; made by indexing it.\n"
              "\n"
              "It is a bytes-like object, read-only, and keeps the data where they are without a\n"
              "copy. len() is its size in bytes.");

static PyMemberDef segment_members[] = {
    {"offset", Py_T_ULONGLONG, offsetof(BufferSegment, offset), Py_READONLY,
     "Where it begins in its BufferWithSegments, in bytes."},
    {NULL},
};

static PyMethodDef segment_methods[] = {
    {"tobytes", segment_tobytes, METH_NOARGS, segment_tobytes_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot segment_slots[] = {
    {Py_tp_dealloc, segment_dealloc}, {Py_tp_traverse, segment_traverse},
    {Py_sq_length, segment_length},   {Py_bf_getbuffer, segment_get_buffer},
    {Py_tp_members, segment_members}, {Py_tp_methods, segment_methods},
    {Py_tp_doc, segment_doc},         {0, NULL},
};

PyType_Spec buffer_segment_spec = {
    .name = "zstandard.backend_c.BufferSegment",
    .basicsize = sizeof(BufferSegment),
    .flags = OBJECT_FACTORY_MADE,
    .slots = segment_slots,
};

/* --- BufferSegments --- */

static Py_ssize_t
segments_length(PyObject *self)
{
    return ((BufferSegments *)self)->buffer->count;
}

static PyObject *
segments_item(PyObject *self, Py_ssize_t index)
{
    return buffer_item((PyObject *)((BufferSegments *)self)->buffer, index);
}

static int
segments_get_buffer(PyObject *op, Py_buffer *view, int flags)
{
    const Buffer *buffer = ((BufferSegments *)op)->buffer;
    return PyBuffer_FillInfo(view, op, buffer->segments,
                             buffer->count * (Py_ssize_t)sizeof(Segment), 1, flags);
}

static int
segments_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((BufferSegments *)self)->buffer);
    return object_traverse(self, visit, arg);
}

static void
segments_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    Py_XDECREF(((BufferSegments *)op)->buffer);
    object_dealloc_end(op, type);
}

static char segments_doc[] = PyDoc_STR(
    "The segments of a BufferWithSegments; made by its segments().\n"
    "\n"
    "It is a sequence of BufferSegment, and as a bytes-like object, read-only, the array\n"
    "that the constructor of BufferWithSegments takes: offset and length of each segment\n"
    "as unsigned 64-bit integers of the machine.");

static PyType_Slot segments_slots[] = {
    {Py_tp_dealloc, segments_dealloc},
    {Py_tp_traverse, segments_traverse},
    {Py_sq_length, segments_length},
    {Py_sq_item, segments_item},
    {Py_bf_getbuffer, segments_get_buffer},
    {Py_tp_methods, object_methods},
    {Py_tp_doc, segments_doc},
    {0, NULL},
};

PyType_Spec buffer_segments_spec = {
    .name = "zstandard.backend_c.BufferSegments",
    .basicsize = sizeof(BufferSegments),
    .flags = OBJECT_FACTORY_MADE,
    .slots = segments_slots,
};

/* --- BufferWithSegments --- */

/* Copies the array of segments, so that nobody changes it, and checks it. Returns 0, or -1 and
   raises. */
static int
buffer_set_segments(Buffer *self, const ZSTD_inBuffer *array)
{
    if (array->size % sizeof(Segment) != 0) {
        PyErr_Format(PyExc_ValueError, "segments array size is not a multiple of %zu: %zu bytes",
                     sizeof(Segment), array->size);
        return -1;
    }
    self->segments = PyMem_RawMalloc(Py_MAX(array->size, 1));
    if (self->segments == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    memcpy(self->segments, array->src, array->size);
    Py_ssize_t count = (Py_ssize_t)(array->size / sizeof(Segment));
    for (Py_ssize_t i = 0; i < count; i++) {
        Segment segment = self->segments[i];
        if (segment.offset > self->size || segment.length > self->size - segment.offset) {
            PyErr_Format(PyExc_ValueError,
                         "offset within segments array references memory outside buffer: segment "
                         "%zd has offset %llu and length %llu, and the buffer %llu bytes",
                         i, (unsigned long long)segment.offset, (unsigned long long)segment.length,
                         self->size);
            return -1;
        }
    }
    self->count = count;
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
buffer_fill(Buffer *self, PyObject *data, PyObject *segments)
{
    Source array;
    if (source_open(&self->source, data) < 0 || source_open(&array, segments) < 0) {
        return -1;
    }
    self->data = (char *)(uintptr_t)self->source.native.src;
    self->size = self->source.native.size;
    int failed = buffer_set_segments(self, &array.native);
    source_close(&array);
    return failed;
}

static PyObject *
buffer_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"data", "segments", NULL};
    PyObject *data, *segments;
    ModuleState *state = state_of_type(type);
    if (state == NULL || !PyArg_ParseTupleAndKeywords(args, keywords, "OO:BufferWithSegments",
                                                      names, &data, &segments)) {
        return NULL;
    }
    Buffer *self = object_new(state, type);
    if (self != NULL && buffer_fill(self, data, segments) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static Py_ssize_t
buffer_length(PyObject *self)
{
    return ((Buffer *)self)->count;
}

static int
buffer_get_buffer(PyObject *op, Py_buffer *view, int flags)
{
    Buffer *self = (Buffer *)op;
    return PyBuffer_FillInfo(view, op, self->data, (Py_ssize_t)self->size, 1, flags);
}

PyDoc_STRVAR(buffer_segments_doc, "segments($self, /)\n"
                                  "--\n"
                                  "\n"
                                  "Return the BufferSegments of this object.");

static PyObject *
buffer_segments(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Buffer *self = (Buffer *)op;
    BufferSegments *segments = object_new(self->state, self->state->buffer_segments);
    if (segments != NULL) {
        segments->buffer = (Buffer *)Py_NewRef(op);
    }
    return (PyObject *)segments;
}

PyDoc_STRVAR(buffer_tobytes_doc, "tobytes($self, /)\n"
                                 "--\n"
                                 "\n"
                                 "Return a copy of all data as bytes, also what is in no segment.");

static PyObject *
buffer_tobytes(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Buffer *self = (Buffer *)op;
    return memory_to_bytes(self->data, (size_t)self->size);
}

static int
buffer_traverse(PyObject *op, visitproc visit, void *arg)
{
    int result = source_traverse(&((Buffer *)op)->source, visit, arg);
    return result != 0 ? result : object_traverse(op, visit, arg);
}

static void
buffer_dealloc(PyObject *op)
{
    Buffer *self = (Buffer *)op;
    PyTypeObject *type = object_dealloc_begin(op);
    source_close(&self->source);
    PyMem_RawFree(self->memory);
    PyMem_RawFree(self->segments);
    object_dealloc_end(op, type);
}

static char buffer_doc[] = PyDoc_STR(
    "BufferWithSegments(data, segments)\n"
    "--\n"
    "\n"
    "Many pieces of data in one block of memory: a sequence of BufferSegment.\n"
    "\n"
    "data: a bytes-like object, which is not copied and must not change.\n"
    "segments: a bytes-like object with the offset and the length in bytes of each segment in\n"
    "data, as unsigned 64-bit integers of the machine, such as struct.pack('=QQ', 0, 5); it is\n"
    "copied. Segments may overlap.\n"
    "\n"
    "The object itself is a bytes-like object, read-only, with all data. Raises ValueError for\n"
    "segments outside of data, or a part of one.");

static PyMemberDef buffer_members[] = {
    {"size", Py_T_ULONGLONG, offsetof(Buffer, size), Py_READONLY, "Size of all data in bytes."},
    {NULL},
};

static PyMethodDef buffer_methods[] = {
    {"segments", buffer_segments, METH_NOARGS, buffer_segments_doc},
    {"tobytes", buffer_tobytes, METH_NOARGS, buffer_tobytes_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot buffer_slots[] = {
    {Py_tp_new, buffer_new},           {Py_tp_dealloc, buffer_dealloc},
    {Py_tp_traverse, buffer_traverse}, {Py_sq_length, buffer_length},
    {Py_sq_item, buffer_item},         {Py_bf_getbuffer, buffer_get_buffer},
    {Py_tp_members, buffer_members},   {Py_tp_methods, buffer_methods},
    {Py_tp_doc, buffer_doc},           {0, NULL},
};

PyType_Spec buffer_with_segments_spec = {
    .name = "zstandard.backend_c.BufferWithSegments",
    .basicsize = sizeof(Buffer),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = buffer_slots,
};

/* --- BufferWithSegmentsCollection --- */

static Buffer *
collection_buffer(const Collection *self, Py_ssize_t place)
{
    return (Buffer *)PyTuple_GET_ITEM(self->buffers, place);
}

/* Makes one of a tuple of Buffers. Returns NULL and raises on error. */
static PyObject *
collection_of(ModuleState *state, PyObject *buffers)
{
    Py_ssize_t count = PyTuple_GET_SIZE(buffers);
    Py_ssize_t end = 0;
    Collection *self = object_new(state, state->buffer_with_segments_collection);
    if (self == NULL) {
        return NULL;
    }
    self->buffers = Py_NewRef(buffers);
    self->ends = PyMem_RawMalloc((size_t)count * sizeof(*self->ends));
    if (self->ends == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        end += collection_buffer(self, i)->count;
        self->ends[i] = end;
    }
    return (PyObject *)self;
}

static PyObject *
collection_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    ModuleState *state = state_of_type(type);
    if (state == NULL) {
        return NULL;
    }
    if (keywords != NULL && PyDict_GET_SIZE(keywords) > 0) {
        PyErr_SetString(PyExc_TypeError,
                        "BufferWithSegmentsCollection() takes no keyword arguments");
        return NULL;
    }
    if (PyTuple_GET_SIZE(args) == 0) {
        PyErr_SetString(PyExc_ValueError, "must pass at least 1 argument");
        return NULL;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(args); i++) {
        PyObject *item = PyTuple_GET_ITEM(args, i);
        if (!Py_IS_TYPE(item, state->buffer_with_segments)) {
            PyErr_Format(PyExc_TypeError,
                         "arguments must be BufferWithSegments instances: item %zd is of type %s",
                         i, Py_TYPE(item)->tp_name);
            return NULL;
        }
        if (((Buffer *)item)->count == 0 || ((Buffer *)item)->size == 0) {
            PyErr_Format(PyExc_ValueError,
                         "ZstdBufferWithSegments cannot be empty: item %zd has no %s", i,
                         ((Buffer *)item)->count == 0 ? "segments" : "data");
            return NULL;
        }
    }
    return collection_of(state, args);
}

static Py_ssize_t
collection_length(PyObject *op)
{
    Collection *self = (Collection *)op;
    return self->ends[PyTuple_GET_SIZE(self->buffers) - 1];
}

static PyObject *
collection_item(PyObject *op, Py_ssize_t index)
{
    Collection *self = (Collection *)op;
    if (check_index(index, collection_length(op)) < 0) {
        return NULL;
    }
    /* The buffer is the first that ends behind the index. */
    Py_ssize_t low = 0;
    Py_ssize_t high = PyTuple_GET_SIZE(self->buffers) - 1;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (self->ends[middle] > index) {
            high = middle;
        }
        else {
            low = middle + 1;
        }
    }
    Py_ssize_t start = low == 0 ? 0 : self->ends[low - 1];
    return buffer_item((PyObject *)collection_buffer(self, low), index - start);
}

PyDoc_STRVAR(collection_size_doc, "size($self, /)\n"
                                  "--\n"
                                  "\n"
                                  "Return the size in bytes of all segments.");

static PyObject *
collection_size(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Collection *self = (Collection *)op;
    unsigned long long size = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(self->buffers); i++) {
        const Buffer *buffer = collection_buffer(self, i);
        for (Py_ssize_t j = 0; j < buffer->count; j++) {
            size += buffer->segments[j].length;
        }
    }
    return PyLong_FromUnsignedLongLong(size);
}

static int
collection_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(((Collection *)self)->buffers);
    return object_traverse(self, visit, arg);
}

static void
collection_dealloc(PyObject *op)
{
    Collection *self = (Collection *)op;
    PyTypeObject *type = object_dealloc_begin(op);
    Py_XDECREF(self->buffers);
    PyMem_RawFree(self->ends);
    object_dealloc_end(op, type);
}

static char collection_doc[] =
    PyDoc_STR("BufferWithSegmentsCollection(*buffers)\n"
              "--\n"
              "\n"
              "The segments of several BufferWithSegments as one sequence of BufferSegment.\n"
              "\n"
              "It copies nothing. Raises ValueError without buffers, or for one without data or\n"
              "segments.");

static PyMethodDef collection_methods[] = {
    {"size", collection_size, METH_NOARGS, collection_size_doc},
    OBJECT_REDUCE_METHOD,
    {NULL},
};

static PyType_Slot collection_slots[] = {
    {Py_tp_new, collection_new},           {Py_tp_dealloc, collection_dealloc},
    {Py_tp_traverse, collection_traverse}, {Py_sq_length, collection_length},
    {Py_sq_item, collection_item},         {Py_tp_methods, collection_methods},
    {Py_tp_doc, collection_doc},           {0, NULL},
};

PyType_Spec buffer_with_segments_collection_spec = {
    .name = "zstandard.backend_c.BufferWithSegmentsCollection",
    .basicsize = sizeof(Collection),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = collection_slots,
};

/* --- for others --- */

PyObject *
segments_from_memory(ModuleState *state, char *memory, size_t size, Segment *segments, size_t count)
{
    PyObject *collection = NULL;
    Buffer *buffer = object_new(state, state->buffer_with_segments);
    if (buffer == NULL) {
        PyMem_RawFree(memory);
        PyMem_RawFree(segments);
        return NULL;
    }
    source_init(&buffer->source);
    buffer->memory = memory;
    buffer->data = memory;
    buffer->size = size;
    buffer->segments = segments;
    buffer->count = (Py_ssize_t)count;
    PyObject *buffers = PyTuple_Pack(1, buffer);
    if (buffers != NULL) {
        collection = collection_of(state, buffers);
    }
    Py_XDECREF(buffers);
    Py_DECREF(buffer);
    return collection;
}

bool
segments_check(const ModuleState *state, PyObject *object)
{
    return Py_IS_TYPE(object, state->buffer_with_segments) ||
           Py_IS_TYPE(object, state->buffer_with_segments_collection);
}
