/* The input of a stream: what a file gives, a chunk at a time, or one buffer. */

#include "engine/feed.h"

/* A read_size of more than that is a bound, not a wish for so much memory. */
static const Py_ssize_t BLOCK_SIZE_MAX = (Py_ssize_t)1 << 20;

/* --- files --- */

/* Whether the attribute of that name is the object's own method in C. Returns 1, 0, or -1 and
   raises. */
static int
has_own_method(PyObject *file, PyObject *name)
{
    PyObject *method;
    int found = PyObject_GetOptionalAttr(file, name, &method);
    if (found > 0) {
        found = PyCFunction_Check(method) && PyCFunction_GET_SELF(method) == file &&
                PyUnicode_CompareWithASCIIString(name,
                                                 ((PyCFunctionObject *)method)->m_ml->ml_name) == 0;
        Py_DECREF(method);
    }
    return found;
}

/* Whether it is a BufferedReader of a file of the system's. Returns 1, 0, or -1 and raises. */
static int
is_buffered_file(const Engine *engine, PyObject *file)
{
    PyObject *raw;
    if (!Py_IS_TYPE(file, (PyTypeObject *)engine->io.buffered_reader)) {
        return 0;
    }
    int found = PyObject_GetOptionalAttr(file, engine->names.raw, &raw);
    if (found > 0) {
        found = Py_IS_TYPE(raw, (PyTypeObject *)engine->io.file_io);
        Py_DECREF(raw);
    }
    return found;
}

/* Whether readinto() in place of read() saves memory traffic, and no Python code can notice.
   Returns 1, 0, or -1 and raises. */
static int
can_read_into(const Feed *self)
{
    const Engine *engine = self->engine;
    PyObject *file = self->file;
    if (self->read_size > BLOCK_SIZE_MAX) {
        return 0;
    }
    int known = Py_IS_TYPE(file, (PyTypeObject *)engine->io.file_io) ||
                        Py_IS_TYPE(file, (PyTypeObject *)engine->io.bytes_io)
                    ? 1
                    : is_buffered_file(engine, file);
    known = known > 0 ? has_own_method(file, engine->names.read) : known;
    return known > 0 ? has_own_method(file, engine->names.readinto) : known;
}

int
feed_open_file(Feed *self, const Engine *engine, PyObject *file, Py_ssize_t read_size)
{
    PyObject *read;
    *self = (Feed){.engine = engine, .read_size = read_size};
    source_init(&self->chunk);
    int found = PyObject_GetOptionalAttr(file, engine->names.read, &read);
    if (found > 0) {
        self->file = file;
        Py_DECREF(read);
    }
    return found;
}

/* Returns 0, or -1 and raises. */
static int
refill_by_read(Feed *self)
{
    PyObject *size = PyLong_FromSsize_t(self->read_size);
    PyObject *data =
        size == NULL ? NULL : PyObject_CallMethodOneArg(self->file, self->engine->names.read, size);
    Py_XDECREF(size);
    if (data == NULL) {
        return -1;
    }
    if (!PyObject_CheckBuffer(data)) {
        PyErr_Format(PyExc_TypeError,
                     "read() of the source must return bytes, and it returned %.100R", data);
        Py_DECREF(data);
        return -1;
    }
    int failed = source_open(&self->chunk, data);
    Py_DECREF(data);
    return failed;
}

/* Makes the block for readinto(). Returns 0, or -1 and raises. Quirk: CPython prints an error where
   it lacks memory for a bytearray that is made of its full size. */
static int
make_block(Feed *self)
{
    PyObject *block = PyByteArray_FromStringAndSize(NULL, 0);
    if (block == NULL || PyByteArray_Resize(block, self->read_size) < 0) {
        Py_XDECREF(block);
        return -1;
    }
    self->block = block;
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
refill_by_readinto(Feed *self)
{
    if (self->block == NULL && make_block(self) < 0) {
        return -1;
    }
    PyObject *count =
        PyObject_CallMethodOneArg(self->file, self->engine->names.readinto, self->block);
    if (count == NULL) {
        /* Where it cannot make the count, the file has read. */
        self->lost = PyErr_ExceptionMatches(PyExc_MemoryError);
        return -1;
    }
    if (count == Py_None) {
        PyErr_SetString(PyExc_TypeError,
                        "read() of the source must return bytes, and it has none to return now: "
                        "it is a non-blocking file");
        Py_DECREF(count);
        return -1;
    }
    Py_ssize_t size = PyLong_AsSsize_t(count);
    Py_DECREF(count);
    if (size < 0 || source_open(&self->chunk, self->block) < 0) {
        return -1;
    }
    self->chunk.native.size = (size_t)size;
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
refill_from_file(Feed *self)
{
    source_close(&self->chunk);
    /* The file's method may be none of Python code, which looks after signals. */
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    int into = can_read_into(self);
    if (into < 0 || (into ? refill_by_readinto(self) : refill_by_read(self)) < 0) {
        return -1;
    }
    size_t size = self->chunk.native.size;
    if (size > (size_t)self->read_size) {
        source_close(&self->chunk);
        PyErr_Format(PyExc_ValueError,
                     "read(%zd) of the source returned %zu bytes, more than it was asked for",
                     self->read_size, size);
        return -1;
    }
    self->given += size;
    self->ended = size == 0;
    return 0;
}

/* --- all feeds --- */

/* Has one buffer's chunk reach on by read_size. */
static void
extend_slice(Feed *self)
{
    size_t *size = &self->chunk.native.size;
    *size += Py_MIN((size_t)self->read_size, self->buffer_size - *size);
    self->ended = *size == self->buffer_size;
}

int
feed_open(Feed *self, const Engine *engine, PyObject *object, Py_ssize_t read_size)
{
    int opened = feed_open_file(self, engine, object, read_size);
    if (opened != 0 || !PyObject_CheckBuffer(object)) {
        return opened;
    }
    if (source_open(&self->chunk, object) < 0) {
        return -1;
    }
    self->buffer_size = self->chunk.native.size;
    self->ended = true;
    return 1;
}

unsigned long long
feed_content_size(const Feed *self, unsigned long long declared)
{
    return self->file == NULL ? self->buffer_size : declared;
}

void
feed_slice(Feed *self)
{
    if (self->file == NULL) {
        self->chunk.native.size = 0;
        extend_slice(self);
    }
}

int
feed_refill(Feed *self)
{
    if (self->file != NULL) {
        return refill_from_file(self);
    }
    extend_slice(self);
    return 0;
}

/* Whether a file without seekable(), as older ones are, has what going back takes. Returns 1, 0, or
   -1 and raises. */
static int
has_positions(PyObject *file)
{
    PyObject *method = NULL;
    int found = PyObject_GetOptionalAttrString(file, "tell", &method);
    Py_CLEAR(method);
    if (found > 0) {
        found = PyObject_GetOptionalAttrString(file, "seek", &method);
        Py_XDECREF(method);
    }
    return found;
}

int
feed_is_seekable(const Feed *self)
{
    PyObject *seekable;
    if (self->file == NULL) {
        return 1;
    }
    int found = PyObject_GetOptionalAttrString(self->file, "seekable", &seekable);
    if (found == 0) {
        return has_positions(self->file);
    }
    if (found < 0) {
        return -1;
    }
    PyObject *answer = PyObject_CallNoArgs(seekable);
    Py_DECREF(seekable);
    if (answer == NULL) {
        return -1;
    }
    int result = PyObject_IsTrue(answer);
    Py_DECREF(answer);
    return result;
}

/* Finds out where the file began, which it is asked for but once: a seek() that failed may have
   moved it. Returns 0, or -1 and raises. */
static int
find_start(Feed *self)
{
    if (self->start == NULL) {
        PyObject *here = PyObject_CallMethod(self->file, "tell", NULL);
        PyObject *given = here == NULL ? NULL : PyLong_FromUnsignedLongLong(self->given);
        self->start = given == NULL ? NULL : PyNumber_Subtract(here, given);
        Py_XDECREF(here);
        Py_XDECREF(given);
    }
    return self->start == NULL ? -1 : 0;
}

int
feed_skip(Feed *self, unsigned long long count)
{
    if (find_start(self) < 0) {
        return -1;
    }
    PyObject *way = PyLong_FromUnsignedLongLong(self->given + count);
    PyObject *target = way == NULL ? NULL : PyNumber_Add(self->start, way);
    PyObject *result =
        target == NULL ? NULL : PyObject_CallMethod(self->file, "seek", "(O)", target);
    Py_XDECREF(way);
    Py_XDECREF(target);
    if (result == NULL) {
        return -1;
    }
    Py_DECREF(result);
    self->given += count;
    return 0;
}

/* Whether the file is where its chunks have ended, for all that can be told. */
static bool
is_in_place(const Feed *self)
{
    PyObject *error = PyErr_GetRaisedException();
    PyObject *here = PyObject_CallMethod(self->file, "tell", NULL);
    PyObject *given = here == NULL ? NULL : PyNumber_Subtract(here, self->start);
    bool in_place =
        given != NULL && PyLong_Check(given) && PyLong_AsUnsignedLongLong(given) == self->given;
    Py_XDECREF(here);
    Py_XDECREF(given);
    PyErr_Clear();
    PyErr_SetRaisedException(error);
    return in_place;
}

int
feed_rewind(Feed *self)
{
    if (self->file == NULL) {
        self->chunk.native.pos = 0;
        return 1;
    }
    if (find_start(self) < 0) {
        return -1;
    }
    PyObject *result = PyObject_CallMethod(self->file, "seek", "(O)", self->start);
    if (result == NULL && is_in_place(self)) {
        return -1;
    }
    source_close(&self->chunk);
    self->given = 0;
    self->ended = false;
    self->lost = false;
    Py_XDECREF(result);
    return result != NULL;
}

int
feed_traverse(const Feed *self, visitproc visit, void *arg)
{
    Py_VISIT(self->start);
    return source_traverse(&self->chunk, visit, arg);
}

void
feed_close(Feed *self)
{
    source_close(&self->chunk);
    Py_CLEAR(self->block);
    Py_CLEAR(self->start);
    self->file = NULL;
    self->ended = true;
}

bool
feed_is_empty(const Feed *self)
{
    return source_left(&self->chunk) == 0;
}
