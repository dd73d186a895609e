/* ZstdDecompressionReader: a file or buffer of frames, read as their content. */

#include "types/decompression_reader.h"

#include "engine/error.h"
#include "engine/memory.h"
#include "types/arguments.h"
#include "types/reader.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

const char decompressor_stream_reader_doc[] = PyDoc_STR(
    "stream_reader($self, /, source, read_size=131075, read_across_frames=False, closefd=True)\n"
    "--\n"
    "\n"
    "Return a ZstdDecompressionReader, which is read as the content of the source's frames.\n"
    "\n"
    "source: an object with a read() method, or else a bytes-like object.\n"
    "read_size: how many bytes are asked of read() at a time.\n"
    "read_across_frames: whether read(n) and readinto() go on over the end of a frame, or return\n"
    "what there is of it and leave the next frame to the next call. Either way all frames are read.\n"
    "closefd: whether closing the reader closes the source.\n"
    "Raises TypeError for another source and ValueError for a read_size that is not positive.");

PyObject *
decompressor_stream_reader(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"source", "read_size", "read_across_frames", "closefd", NULL};
    Coder *owner = (Coder *)op;
    PyObject *source;
    Py_ssize_t read_size = (Py_ssize_t)ZSTD_DStreamInSize();
    int read_across_frames = false;
    int closefd = true;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|npp:stream_reader", names, &source,
                                     &read_size, &read_across_frames, &closefd)) {
        return NULL;
    }
    Reader *self =
        reader_new(owner, owner->state->decompression_reader, source, read_size, closefd != 0);
    if (self != NULL) {
        self->read_across_frames = read_across_frames != 0;
    }
    return (PyObject *)self;
}

/* --- lines --- */

/* Takes from what is ahead up to the end of a line, or `limit` bytes: returns how many, and whether
   the line goes on in what is not ahead. */
static size_t
measure_line(const Queue *ahead, size_t limit, bool *goes_on)
{
    size_t size = Py_MIN(queue_left(ahead), limit);
    const char *newline = size == 0 ? NULL : memchr(queue_front(ahead), '\n', size);
    *goes_on = newline == NULL && size < limit;
    return newline == NULL ? size : (size_t)(newline - queue_front(ahead)) + 1;
}

/* Reads up to the end of a line, at most `limit` bytes. Returns NULL and raises on error, and then
   has what there is of the line wait. */
static PyObject *
readline_claimed(Reader *self, size_t limit)
{
    bool goes_on;
    int more = 1;
    size_t size = measure_line(&self->ahead, limit, &goes_on);
    assert(claim_is_mine(&self->base.base.stream.claim));
    while (goes_on && more > 0) {
        /* What there is of the line stays ahead, where it is not looked through again. */
        size_t known = size;
        more = reader_refill_claimed(self);
        if (more > 0) {
            Queue fresh = self->ahead;
            fresh.start += known;
            size = known + measure_line(&fresh, limit - known, &goes_on);
        }
    }
    if (more < 0) {
        const Lease *lease = &self->base.base.stream.lease;
        if (size == 0 || lease->failure == 0) {
            return NULL;
        }
        PyErr_Clear(); /* the lease fails again when what came before is read */
    }
    return reader_take_ahead(self, size);
}

static inline PyObject *
readline(Reader *self, size_t limit)
{
    Claim *claim = &self->base.base.stream.claim;
    if (claim_take_brief(claim)) {
        bool goes_on;
        size_t size = measure_line(&self->ahead, limit, &goes_on);
        /* A long copy would let others run. */
        bool is_taken = !goes_on && size > 0 && size < MEMORY_LONG_COPY;
        PyObject *line = is_taken ? reader_take_ahead(self, size) : NULL;
        claim_drop_brief(claim);
        if (is_taken) {
            return line;
        }
    }
    /* With nothing ahead it may be closed. */
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    PyObject *line = readline_claimed(self, limit);
    file_drop(&self->base);
    return line;
}

static const char *const size_parameters[] = {"size"};
static const Signature readline_signature = {"readline", 0, 1, size_parameters};
static const char *const hint_parameters[] = {"hint"};
static const Signature readlines_signature = {"readlines", 0, 1, hint_parameters};

/* An argument that may be None, which stands for -1. Returns 0, or -1 and raises. */
static int
bound_from_argument(PyObject *argument, Py_ssize_t *bound)
{
    *bound = -1;
    return argument_to_size(argument == Py_None ? NULL : argument, bound);
}

PyDoc_STRVAR(
    readline_doc,
    "readline($self, /, size=-1)\n"
    "--\n"
    "\n"
    "Read up to and with the next newline, b\"\\n\", and return that; at most size bytes of it,\n"
    "unless size is negative. Lines go on over the ends of frames. b\"\" at the end.");

static PyObject *
reader_readline(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *argument;
    Py_ssize_t size;
    if (arguments_parse(&readline_signature, args, positional, keywords, &argument) < 0 ||
        bound_from_argument(argument, &size) < 0) {
        return NULL;
    }
    return readline((Reader *)op, size < 0 ? OUTPUT_MAX : (size_t)size);
}

static PyObject *
reader_iternext(PyObject *op)
{
    PyObject *line = readline((Reader *)op, OUTPUT_MAX);
    if (line != NULL && PyBytes_GET_SIZE(line) == 0) {
        Py_CLEAR(line);
    }
    return line;
}

/* Has bytes wait that were read in a call that has failed. */
static void
unread(Reader *self, PyObject *bytes)
{
    size_t size = (size_t)PyBytes_GET_SIZE(bytes);
    shared_count_sub(&self->position, size);
    reader_give_back(self, PyBytes_AS_STRING(bytes), size);
}

/* Reads lines up to the end or until `hint` bytes were read. Returns 0, or -1 and raises. */
static int
readlines_claimed(Reader *self, PyObject *lines, Py_ssize_t hint)
{
    Py_ssize_t total = 0;
    while (hint <= 0 || total < hint) {
        PyObject *line = readline_claimed(self, OUTPUT_MAX);
        if (line == NULL) {
            return -1;
        }
        Py_ssize_t size = PyBytes_GET_SIZE(line);
        int failed = size > 0 ? PyList_Append(lines, line) : 0;
        if (failed) {
            unread(self, line);
        }
        Py_DECREF(line);
        if (failed || size == 0) {
            return failed;
        }
        total += size;
    }
    return 0;
}

/* Has the lines of a call that has failed wait again. */
static void
unread_lines(Reader *self, PyObject *lines)
{
    PyObject *error = PyErr_GetRaisedException();
    PyObject *nothing = PyBytes_FromStringAndSize(NULL, 0);
    PyObject *all = nothing == NULL ? NULL : PyObject_CallMethod(nothing, "join", "O", lines);
    Py_XDECREF(nothing);
    if (all == NULL) {
        PyErr_Clear();
        reader_lose(self);
    }
    PyErr_SetRaisedException(error);
    if (all != NULL) {
        unread(self, all);
        Py_DECREF(all);
    }
}

PyDoc_STRVAR(
    readlines_doc,
    "readlines($self, /, hint=-1)\n"
    "--\n"
    "\n"
    "Read lines to the end, or until hint bytes or more were read if it is positive; return a\n"
    "list. Where that fails, all of it is there to be read again.");

static PyObject *
reader_readlines(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    Reader *self = (Reader *)op;
    PyObject *argument;
    Py_ssize_t hint;
    if (arguments_parse(&readlines_signature, args, positional, keywords, &argument) < 0 ||
        bound_from_argument(argument, &hint) < 0 || file_claim(&self->base) < 0) {
        return NULL;
    }
    PyObject *lines = PyList_New(0);
    if (lines != NULL && readlines_claimed(self, lines, hint) < 0) {
        unread_lines(self, lines);
        Py_CLEAR(lines);
    }
    file_drop(&self->base);
    return lines;
}

static const Signature peek_signature = {"peek", 0, 1, size_parameters};

PyDoc_STRVAR(
    peek_doc,
    "peek($self, /, size=0)\n"
    "--\n"
    "\n"
    "Return bytes that come next without reading on; b\"\" at the end.\n"
    "\n"
    "size is ignored: what is there at hand is returned, at most 128 KiB are decompressed for it.");

static PyObject *
reader_peek(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    Reader *self = (Reader *)op;
    PyObject *argument;
    Py_ssize_t size = 0;
    PyObject *bytes = NULL;
    if (arguments_parse(&peek_signature, args, positional, keywords, &argument) < 0 ||
        argument_to_size(argument, &size) < 0 || file_claim(&self->base) < 0) {
        return NULL;
    }
    if (queue_left(&self->ahead) > 0 || reader_refill_claimed(self) >= 0) {
        bytes = PyBytes_FromStringAndSize(queue_front(&self->ahead),
                                          (Py_ssize_t)queue_left(&self->ahead));
    }
    file_drop(&self->base);
    return bytes;
}

/* --- positions --- */

PyDoc_STRVAR(
    seekable_doc,
    "seekable($self, /)\n"
    "--\n"
    "\n"
    "Return whether seek() can go back: from a bytes-like object, and from a file that is seekable\n"
    "itself. It can always go forward.");

static PyObject *
reader_seekable(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Reader *self = (Reader *)op;
    if (file_is_closed(&self->base)) {
        Py_RETURN_FALSE;
    }
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    int seekable = feed_is_seekable(&self->feed);
    file_drop(&self->base);
    return seekable < 0 ? NULL : PyBool_FromLong(seekable);
}

/* Passes over bytes up to the position, or to the end before it. Returns 0, or -1 and raises. */
static int
skip_to(Reader *self, unsigned long long position)
{
    int more = 1;
    while (shared_count(&self->position) < position && more > 0) {
        unsigned long long left = position - shared_count(&self->position);
        size_t size = (size_t)Py_MIN(left, queue_left(&self->ahead));
        self->ahead.start += size;
        shared_count_add(&self->position, size);
        more = size > 0 ? 1 : reader_refill_claimed(self);
    }
    return more < 0 ? -1 : 0;
}

/* Goes back to the start. Returns 0, or -1 and raises OSError if that is not possible. */
static int
rewind_claimed(Reader *self)
{
    int seekable = feed_is_seekable(&self->feed);
    if (seekable == 0) {
        PyErr_SetString(PyExc_OSError,
                        "cannot seek zstd decompression stream backwards: its source is not "
                        "seekable");
    }
    int rewound = seekable <= 0 ? -1 : feed_rewind(&self->feed);
    if (rewound < 0) {
        return -1;
    }
    Lease *lease = &self->base.base.stream.lease;
    lease_restart(lease);
    queue_empty(&self->ahead);
    if (rewound == 0) {
        lease_fail(lease, NATIVE_ERROR(stage_wrong), "cannot read on after a failed seek");
        return -1;
    }
    shared_count_set(&self->position, 0);
    return 0;
}

/* Returns 0, or -1 and raises. */
static int
seek_claimed(Reader *self, long long offset, int whence)
{
    if (whence == SEEK_END && skip_to(self, ULLONG_MAX) < 0) {
        return -1;
    }
    unsigned long long base = whence == SEEK_SET ? 0 : shared_count(&self->position);
    if (offset < 0 && base < 0ULL - (unsigned long long)offset) {
        PyErr_Format(PyExc_OSError, "cannot seek to negative position: %lld from %llu", offset,
                     base);
        return -1;
    }
    unsigned long long target = base + (unsigned long long)offset;
    if (target < shared_count(&self->position)) {
        unsigned long long back = shared_count(&self->position) - target;
        if (queue_step_back(&self->ahead, back)) {
            shared_count_sub(&self->position, back);
        }
        else if (rewind_claimed(self) < 0) {
            return -1;
        }
    }
    return skip_to(self, target);
}

PyDoc_STRVAR(
    seek_doc,
    "seek($self, /, pos, whence=0)\n"
    "--\n"
    "\n"
    "Go to a position in the content, by decompressing up to there; return the new position.\n"
    "\n"
    "pos: in bytes, from the start (whence io.SEEK_SET), the current position (io.SEEK_CUR) or the\n"
    "end (io.SEEK_END). Past the end is the end. Going back means to begin again at the start, and\n"
    "raises OSError where the source is not seekable, unless the bytes were read just now and are\n"
    "still at hand. Raises ValueError for another whence.");

static PyObject *
reader_seek(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"pos", "whence", NULL};
    Reader *self = (Reader *)op;
    long long offset;
    int whence = SEEK_SET;
    PyObject *position = NULL;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "L|i:seek", names, &offset, &whence)) {
        return NULL;
    }
    if (whence != SEEK_SET && whence != SEEK_CUR && whence != SEEK_END) {
        return PyErr_Format(PyExc_ValueError, "invalid value for whence: %d", whence);
    }
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    if (seek_claimed(self, offset, whence) == 0) {
        position = PyLong_FromUnsignedLongLong(shared_count(&self->position));
    }
    file_drop(&self->base);
    return position;
}

/* --- the type --- */

static char decompression_reader_doc[] = PyDoc_STR(
    "A file, to be read, whose content is that of the frames in another one.\n"
    "\n"
    "Made by ZstdDecompressor.stream_reader(). It has the reading methods of io.BufferedIOBase,\n"
    "peek() and iteration over lines among them.");

static PyMethodDef decompression_reader_methods[] = {
    READER_METHODS,
    {"readline", METHOD(reader_readline), METH_FASTCALL | METH_KEYWORDS, readline_doc},
    {"readlines", METHOD(reader_readlines), METH_FASTCALL | METH_KEYWORDS, readlines_doc},
    {"peek", METHOD(reader_peek), METH_FASTCALL | METH_KEYWORDS, peek_doc},
    {"seek", METHOD(reader_seek), METH_VARARGS | METH_KEYWORDS, seek_doc},
    {"seekable", reader_seekable, METH_NOARGS, seekable_doc},
    {NULL},
};

static PyType_Slot decompression_reader_slots[] = {
    {Py_tp_dealloc, stream_object_dealloc},
    {Py_tp_traverse, reader_traverse},
    {Py_tp_clear, reader_clear},
    {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, reader_iternext},
    {Py_tp_methods, decompression_reader_methods},
    {Py_tp_getset, file_getset},
    {Py_tp_doc, decompression_reader_doc},
    {0, NULL},
};

PyType_Spec decompression_reader_spec = {
    .name = "zstandard.backend_c.ZstdDecompressionReader",
    .basicsize = sizeof(Reader),
    .flags = OBJECT_FACTORY_MADE,
    .slots = decompression_reader_slots,
};
