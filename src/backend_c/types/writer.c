/* The body of both writers: a stream that is pushed into a file. */

#include "types/writer.h"

#include "engine/source.h"
#include "types/arguments.h"

#include <assert.h>

/* --- opening --- */

PyObject *
writer_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(keywords))
{
    ModuleState *state = state_of_type(type);
    return state == NULL ? NULL : object_new(state, type);
}

int
writer_open(Writer *self, const WriterOptions *options)
{
    Sink sink;
    if (argument_check_positive("write_size", options->write_size) < 0) {
        return -1;
    }
    int opened = sink_open(&sink, &options->owner->state->engine, options->file,
                           (size_t)options->write_size);
    if (opened == 0) {
        PyErr_Format(PyExc_ValueError, "must pass an object with a write() method, not %.100R",
                     options->file);
    }
    if (opened <= 0) {
        return -1;
    }
    if (atomic_exchange(&self->is_opened, true)) {
        PyErr_SetString(PyExc_RuntimeError, "the writer was opened before");
        return -1;
    }
    if (stream_object_open(&self->base.base, options->owner) < 0) {
        atomic_store(&self->is_opened, false);
        return -1;
    }
    lease_pledge(&self->base.base.stream.lease, options->pledged);
    self->sink = sink;
    self->base.closefd = options->closefd != 0;
    self->write_return_read = options->write_return_read != 0;
    object_put(self, &self->base.file, Py_NewRef(options->file)); /* from here on it is open */
    return 0;
}

int
writer_clear(PyObject *op)
{
    (void)file_clear(op);
    sink_close(&((Writer *)op)->sink);
    return 0;
}

void
writer_dealloc(PyObject *op)
{
    if (PyObject_CallFinalizerFromDealloc(op) < 0) {
        return;
    }
    PyTypeObject *type = object_dealloc_begin(op);
    (void)writer_clear(op);
    object_dealloc_end(op, type);
}

/* Whether a frame is open, or output waits, in a writer that nobody is at work on. */
static bool
is_unfinished(Writer *self)
{
    Claim *claim = &self->base.base.stream.claim;
    bool is = false;
    /* Whoever has it is not done: __del__() may be called at any time. */
    if (!file_is_closed(&self->base) && claim_take_brief(claim)) {
        is = lease_is_in_frame(&self->base.base.stream.lease) || self->sink.pending != NULL;
        claim_drop_brief(claim);
    }
    return is;
}

void
writer_finalize(PyObject *op)
{
    if (!is_unfinished((Writer *)op)) {
        return;
    }
    PyObject *error = PyErr_GetRaisedException();
    if (PyErr_ResourceWarning(op, 1, "unclosed writer, whose output is not all written: %R", op) <
        0) {
        if (PyErr_ExceptionMatches(PyExc_Warning)) {
            PyErr_WriteUnraisable(op);
        }
        PyErr_Clear();
    }
    PyErr_SetRaisedException(error);
}

/* --- writing --- */

int
writer_drain_claimed(Writer *self, ZSTD_inBuffer *in, ZSTD_EndDirective operation)
{
    Lease *lease = &self->base.base.stream.lease;
    const char *attempt =
        lease->pool->codec->ended_by_caller ? "zstd compress error" : "zstd decompress error";
    assert(claim_is_mine(&self->base.base.stream.claim));
    return lease_send(lease, &self->sink, in, operation, attempt);
}

/* Returns the count that write() returns; NULL and raises on error. */
static PyObject *
write_source(Writer *self, Source *source)
{
    PyObject *count = NULL;
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    unsigned long long before = shared_count(&self->sink.total);
    if (writer_drain_claimed(self, &source->native, ZSTD_e_continue) == 0) {
        count = self->write_return_read
                    ? PyLong_FromSize_t(source->native.size)
                    : PyLong_FromUnsignedLongLong(shared_count(&self->sink.total) - before);
    }
    file_drop(&self->base);
    return count;
}

/* Returns what write() returns; NULL and raises on error. */
static PyObject *
write_data(Writer *self, PyObject *data)
{
    Source source;
    if (file_check_open(&self->base) < 0 || source_open(&source, data) < 0) {
        return NULL;
    }
    PyObject *count = write_source(self, &source);
    source_close(&source);
    return count;
}

static const char *const data_parameters[] = {"data"};
static const Signature write_signature = {"write", 1, 1, data_parameters};
static const char *const lines_parameters[] = {"lines"};
static const Signature writelines_signature = {"writelines", 1, 1, lines_parameters};

const char writer_write_doc[] = PyDoc_STR(
    "write($self, /, data)\n"
    "--\n"
    "\n"
    "Work data in, a bytes-like object, and write what output is ready to the sink.\n"
    "\n"
    "Returns len(data), or the count of bytes written to the sink if the writer was made with\n"
    "write_return_read=False. Where the sink's write() raises, what it did not take stays, and is\n"
    "written by the next call. Where that returns None, BlockingIOError is raised: of data,\n"
    "characters_written bytes are taken, and the rest may be given again.");

PyObject *
writer_write(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *data;
    if (arguments_parse(&write_signature, args, positional, keywords, &data) < 0) {
        return NULL;
    }
    return write_data((Writer *)op, data);
}

const char writer_writelines_doc[] = PyDoc_STR("writelines($self, /, lines)\n"
                                               "--\n"
                                               "\n"
                                               "Write each item of an iterable of bytes-like "
                                               "objects; no line ends are added.");

PyObject *
writer_writelines(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *lines, *line;
    if (arguments_parse(&writelines_signature, args, positional, keywords, &lines) < 0) {
        return NULL;
    }
    if (file_check_open((File *)op) < 0) {
        return NULL;
    }
    PyObject *iterator = PyObject_GetIter(lines);
    if (iterator == NULL) {
        return NULL;
    }
    while ((line = PyIter_Next(iterator)) != NULL) {
        PyObject *count = write_data((Writer *)op, line);
        Py_DECREF(line);
        if (count == NULL) {
            break;
        }
        Py_DECREF(count);
    }
    Py_DECREF(iterator);
    if (PyErr_Occurred()) {
        return NULL;
    }
    Py_RETURN_NONE;
}

int
writer_flush_sink(Writer *self)
{
    PyObject *flush = NULL;
    PyObject *file = object_get(self, &self->base.file);
    int found = file == NULL ? 0 : PyObject_GetOptionalAttrString(file, "flush", &flush);
    if (found > 0) {
        PyObject *result = PyObject_CallNoArgs(flush);
        found = result == NULL ? -1 : 0;
        Py_XDECREF(result);
    }
    Py_XDECREF(flush);
    Py_XDECREF(file);
    return found;
}

/* --- closing --- */

PyObject *
writer_enter(PyObject *op, PyObject *Py_UNUSED(unused))
{
    File *self = (File *)op;
    return file_enter(self, self->base.state->engine.zstd_error);
}

int
writer_close(Writer *self, int (*end_claimed)(Writer *self))
{
    int claimed = file_claim_to_close(&self->base);
    if (claimed <= 0) {
        return claimed;
    }
    int failed = end_claimed(self);
    PyObject *file = object_take(self, &self->base.file);
    sink_close(&self->sink);
    stream_close(&self->base.base.stream);
    file_drop(&self->base);
    return file_close_other(file, self->base.closefd) < 0 || failed ? -1 : 0;
}

PyObject *
writer_exit(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *values[3];
    if (arguments_parse(&file_exit_signature, args, positional, keywords, values) < 0) {
        return NULL;
    }
    PyObject *result = PyObject_CallMethod(op, "close", NULL);
    if (result == NULL) {
        const Engine *engine = &((File *)op)->base.state->engine;
        if (values[0] == Py_None || !PyErr_ExceptionMatches(engine->zstd_eof_error)) {
            return NULL;
        }
        /* What has ended the with statement says better why the input is cut short. */
        PyErr_Clear();
    }
    Py_XDECREF(result);
    Py_RETURN_FALSE;
}

const char writer_memory_size_doc[] = PyDoc_STR(
    "memory_size($self, /)\n"
    "--\n"
    "\n"
    "Return the size in bytes of the writer's native context. Raises ValueError once it is closed.");

PyObject *
writer_memory_size(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Writer *self = (Writer *)op;
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    const Lease *lease = &self->base.base.stream.lease;
    size_t size = lease->pool->codec->size(lease->native);
    file_drop(&self->base);
    return PyLong_FromSize_t(size);
}
