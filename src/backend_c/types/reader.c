/* The body of both readers: a stream that is pulled out of a file or buffer. */

#include "types/reader.h"

#include "engine/memory.h"
#include "types/arguments.h"

#include <assert.h>
#include <string.h>

/* Up to here a read costs less by way of the content ahead than by a native step of its own. */
static const size_t SMALL_READ = (size_t)8 << 10;

Reader *
reader_new(Coder *owner, PyTypeObject *type, PyObject *source, Py_ssize_t read_size, bool closefd)
{
    Reader *self =
        argument_check_positive("read_size", read_size) < 0 ? NULL : stream_object_new(owner, type);
    if (self == NULL) {
        return NULL;
    }
    int opened = feed_open(&self->feed, &owner->state->engine, source, read_size);
    if (opened <= 0) {
        if (opened == 0) {
            PyErr_Format(PyExc_TypeError,
                         "must pass an object with a read() method or that conforms to the buffer "
                         "protocol, not %.100R",
                         source);
        }
        Py_DECREF(self);
        return NULL;
    }
    self->base.file = Py_NewRef(source);
    self->base.closefd = closefd;
    return self;
}

int
reader_traverse(PyObject *op, visitproc visit, void *arg)
{
    int stopped = feed_traverse(&((Reader *)op)->feed, visit, arg);
    return stopped ? stopped : file_traverse(op, visit, arg);
}

int
reader_clear(PyObject *op)
{
    Reader *self = (Reader *)op;
    (void)file_clear(op);
    feed_close(&self->feed);
    queue_clear(&self->ahead);
    return 0;
}

/* --- closing --- */

PyObject *
reader_enter(PyObject *op, PyObject *Py_UNUSED(unused))
{
    return file_enter((File *)op, PyExc_ValueError);
}

/* Returns 0, or -1 and raises. */
static int
close_reader(Reader *self)
{
    int claimed = file_claim_to_close(&self->base);
    if (claimed <= 0) {
        return claimed;
    }
    PyObject *file = object_take(self, &self->base.file);
    feed_close(&self->feed);
    queue_clear(&self->ahead);
    stream_close(&self->base.base.stream);
    file_drop(&self->base);
    return file_close_other(file, self->base.closefd);
}

const char reader_close_doc[] = PyDoc_STR(
    "close($self, /)\n"
    "--\n"
    "\n"
    "Close the reader and, unless it was made with closefd=False, the source if that has close().\n"
    "\n"
    "What is left of the input is not looked at. Raises what the source's close() raises.");

PyObject *
reader_close(PyObject *op, PyObject *Py_UNUSED(unused))
{
    if (close_reader((Reader *)op) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

const char reader_exit_doc[] = PyDoc_STR("__exit__($self, /, exc_type, exc_value, exc_tb)\n"
                                         "--\n"
                                         "\n"
                                         "Close the reader; exceptions pass.");

PyObject *
reader_exit(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *values[3];
    if (arguments_parse(&file_exit_signature, args, positional, keywords, values) < 0 ||
        close_reader((Reader *)op) < 0) {
        return NULL;
    }
    Py_RETURN_FALSE;
}

PyObject *
reader_flush(PyObject *Py_UNUSED(op), PyObject *Py_UNUSED(unused))
{
    Py_RETURN_NONE;
}

const char reader_tell_doc[] =
    PyDoc_STR("tell($self, /)\n"
              "--\n"
              "\n"
              "Return the position in the stream that is read: how many bytes were read so far.");

PyObject *
reader_tell(PyObject *op, PyObject *Py_UNUSED(unused))
{
    return PyLong_FromUnsignedLongLong(shared_count(&((Reader *)op)->position));
}

/* --- reading --- */

/* Pumps into the memory behind what is ahead. */
static PumpOutcome
pump_ahead(Reader *self)
{
    Output out;
    if (queue_reserve(&self->ahead, ZSTD_DStreamOutSize()) < 0) {
        return PUMP_RAISED;
    }
    output_open_memory(&out, self->ahead.bytes + self->ahead.end, ZSTD_DStreamOutSize());
    PumpOutcome outcome = stream_pump(&self->base.base.stream, &self->feed, &out);
    self->ahead.end += out.native.pos;
    return outcome;
}

int
reader_refill_claimed(Reader *self)
{
    size_t before = queue_left(&self->ahead);
    PumpOutcome outcome;
    do {
        outcome = pump_ahead(self);
    } while (outcome == PUMP_FRAME_END && queue_left(&self->ahead) == before);
    if (queue_left(&self->ahead) > before) {
        return 1; /* what is good comes before the error, which will come again */
    }
    if (outcome == PUMP_FAILED) {
        return lease_raise(&self->base.base.stream.lease);
    }
    return outcome == PUMP_RAISED ? -1 : 0;
}

/* What a read asks for. */
typedef enum {
    READ_SOME, /* as soon as there is something */
    READ_FULL, /* as much as the output takes or, unless frames are read across, the frame has */
    READ_ALL,  /* all there is, and an error if that is not all there should be */
} ReadGoal;

/* Moves what is ahead to the output, as far as that takes it. Returns 0, or -1 and raises. */
static int
take_ahead(Reader *self, Output *out)
{
    size_t size = Py_MIN(queue_left(&self->ahead), output_wanted(out));
    while (size > 0) {
        bool is_first = out->native.pos == 0;
        if (output_room(out) == 0 && output_grow(out) < 0) {
            if (!is_first) {
                reader_lose(self);
            }
            return -1;
        }
        size_t part = Py_MIN(size, output_room(out));
        memory_copy((char *)out->native.dst + out->native.pos, queue_front(&self->ahead), part);
        out->native.pos += part;
        self->ahead.start += part;
        size -= part;
    }
    return 0;
}

void
reader_lose(Reader *self)
{
    queue_clear(&self->ahead); /* it comes after the gap */
    lease_lose(&self->base.base.stream.lease);
}

void
reader_give_back(Reader *self, const void *bytes, size_t size)
{
    PyObject *error = PyErr_GetRaisedException();
    if (queue_prepend(&self->ahead, bytes, size) < 0) {
        PyErr_Clear();
        reader_lose(self);
    }
    PyErr_SetRaisedException(error);
}

static bool
is_satisfied(const Reader *self, const Output *out, ReadGoal goal)
{
    if (goal == READ_ALL) {
        return false;
    }
    if (output_wanted(out) == 0) {
        return true;
    }
    if (goal == READ_FULL && (self->read_across_frames || self->base.base.stream.lease.in_frame)) {
        return false;
    }
    return out->native.pos > 0;
}

/* Moves to the output what the goal asks for. Returns 0, or -1, raises, and has what there was
   wait for the next read. */
static int
deliver_claimed(Reader *self, Output *out, ReadGoal goal)
{
    Stream *stream = &self->base.base.stream;
    /* Of lines and small reads, which content is for, compressed data is not. */
    bool small = goal != READ_ALL && output_wanted(out) <= SMALL_READ &&
                 !stream->lease.pool->codec->ended_by_caller;
    PumpOutcome outcome = PUMP_MORE;
    assert(claim_is_mine(&stream->claim));
    if (take_ahead(self, out) < 0) {
        reader_give_back(self, out->native.dst, out->native.pos);
        return -1;
    }
    while ((outcome == PUMP_MORE || outcome == PUMP_FRAME_END) && !is_satisfied(self, out, goal)) {
        if (small) {
            outcome = pump_ahead(self);
            if (take_ahead(self, out) < 0) {
                outcome = PUMP_RAISED;
            }
        }
        else {
            queue_empty(&self->ahead); /* what was taken of it is no longer what was read last */
            outcome = stream_pump(stream, &self->feed, out);
        }
    }
    if (outcome == PUMP_FAILED && (out->native.pos == 0 || goal == READ_ALL)) {
        lease_raise(&stream->lease);
        outcome = PUMP_RAISED;
    }
    if (outcome == PUMP_RAISED) {
        reader_give_back(self, out->native.dst, out->native.pos);
        return -1;
    }
    shared_count_add(&self->position, out->native.pos);
    return 0;
}

/* Reads at most `size` bytes. Returns NULL and raises on error. */
static PyObject *
read_bytes(Reader *self, size_t size, ReadGoal goal)
{
    Output out;
    PyObject *bytes = NULL;
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    if (goal == READ_ALL) {
        output_open_growing(&out, ZSTD_DStreamOutSize(), size);
    }
    else {
        output_open_bounded(&out, size);
    }
    if (deliver_claimed(self, &out, goal) == 0) {
        size_t given = out.native.pos;
        bytes = output_finish(&out);
        if (bytes == NULL) {
            shared_count_sub(&self->position, given);
            reader_lose(self);
        }
    }
    file_drop(&self->base);
    output_discard(&out);
    return bytes;
}

/* Refuses a closed reader, and reads the size. Returns 0, or -1 and raises. */
static int
size_from_argument(Reader *self, PyObject *argument, Py_ssize_t *size)
{
    if (file_check_open(&self->base) < 0 ||
        argument_to_size(argument == Py_None ? NULL : argument, size) < 0) {
        return -1;
    }
    if (*size < -1) {
        PyErr_Format(PyExc_ValueError, "cannot read negative amounts less than -1: %zd", *size);
        return -1;
    }
    return 0;
}

static const char *const size_parameters[] = {"size"};
static const Signature read_signature = {"read", 0, 1, size_parameters};
static const Signature read1_signature = {"read1", 0, 1, size_parameters};

const char reader_read_doc[] = PyDoc_STR(
    "read($self, /, size=-1)\n"
    "--\n"
    "\n"
    "Read at most size bytes, or all there are if it is -1, and return them; b\"\" at the end.\n"
    "\n"
    "Fewer than size come at the end of the stream and, from a decompression reader made without\n"
    "read_across_frames, of each frame. Bad input raises ZstdError, input that ends within a frame\n"
    "ZstdEOFError, after what could be read; with -1 at once, and the next read returns that.");

PyObject *
reader_read(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    Reader *self = (Reader *)op;
    PyObject *argument;
    Py_ssize_t size = -1;
    if (arguments_parse(&read_signature, args, positional, keywords, &argument) < 0 ||
        size_from_argument(self, argument, &size) < 0) {
        return NULL;
    }
    if (size < 0) {
        return read_bytes(self, OUTPUT_MAX, READ_ALL);
    }
    Claim *claim = &self->base.base.stream.claim;
    /* A longer copy would let others run. */
    if ((size_t)size < MEMORY_LONG_COPY && claim_take_brief(claim)) {
        bool is_ahead = (size_t)size <= queue_left(&self->ahead);
        PyObject *bytes = is_ahead ? reader_take_ahead(self, (size_t)size) : NULL;
        claim_drop_brief(claim);
        if (is_ahead) {
            return bytes;
        }
    }
    return read_bytes(self, (size_t)size, READ_FULL);
}

const char reader_read1_doc[] = PyDoc_STR(
    "read1($self, /, size=-1)\n"
    "--\n"
    "\n"
    "Read at most size bytes with as few reads of the source as give any; b\"\" at the end.\n"
    "\n"
    "With -1, size is that of libzstd's own buffers, 128 KiB or little more.");

PyObject *
reader_read1(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    Reader *self = (Reader *)op;
    PyObject *argument;
    Py_ssize_t size = -1;
    if (arguments_parse(&read1_signature, args, positional, keywords, &argument) < 0 ||
        size_from_argument(self, argument, &size) < 0) {
        return NULL;
    }
    if (size < 0) {
        const Codec *codec = self->base.base.owner->pool.codec;
        size = (Py_ssize_t)(codec->ended_by_caller ? ZSTD_CStreamOutSize() : ZSTD_DStreamOutSize());
    }
    return read_bytes(self, (size_t)size, READ_SOME);
}

const char reader_readall_doc[] = PyDoc_STR("readall($self, /)\n"
                                            "--\n"
                                            "\n"
                                            "Read all there is, as read(-1) does.");

PyObject *
reader_readall(PyObject *op, PyObject *Py_UNUSED(unused))
{
    return read_bytes((Reader *)op, OUTPUT_MAX, READ_ALL);
}

/* Has a BufferError be the TypeError that the io module raises. */
static void
explain_buffer_error(PyObject *buffer)
{
    if (PyErr_ExceptionMatches(PyExc_BufferError)) {
        PyErr_Format(PyExc_TypeError,
                     "a contiguous read-write bytes-like object is needed, not %.200s",
                     Py_TYPE(buffer)->tp_name);
    }
}

/* Reads into the caller's memory. Returns NULL and raises on error. */
static PyObject *
read_into(Reader *self, PyObject *buffer, ReadGoal goal)
{
    Output out;
    PyObject *size = NULL;
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    if (output_open_view(&out, buffer, &self->feed.chunk.native) < 0) {
        explain_buffer_error(buffer);
    }
    else if (deliver_claimed(self, &out, goal) == 0) {
        size = PyLong_FromSize_t(out.native.pos);
        if (size == NULL) {
            shared_count_sub(&self->position, out.native.pos);
            reader_give_back(self, out.native.dst, out.native.pos);
        }
    }
    file_drop(&self->base);
    output_discard(&out);
    return size;
}

static const char *const buffer_parameters[] = {"b"};
static const Signature readinto_signature = {"readinto", 1, 1, buffer_parameters};
static const Signature readinto1_signature = {"readinto1", 1, 1, buffer_parameters};

const char reader_readinto_doc[] = PyDoc_STR(
    "readinto($self, /, b)\n"
    "--\n"
    "\n"
    "Read into b, a writable bytes-like object, as read(len(b)) does; return the count of bytes.");

PyObject *
reader_readinto(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *buffer;
    if (arguments_parse(&readinto_signature, args, positional, keywords, &buffer) < 0) {
        return NULL;
    }
    return read_into((Reader *)op, buffer, READ_FULL);
}

const char reader_readinto1_doc[] = PyDoc_STR(
    "readinto1($self, /, b)\n"
    "--\n"
    "\n"
    "Read into b, a writable bytes-like object, as read1(len(b)) does; return the count of bytes.");

PyObject *
reader_readinto1(PyObject *op, PyObject *const *args, Py_ssize_t positional, PyObject *keywords)
{
    PyObject *buffer;
    if (arguments_parse(&readinto1_signature, args, positional, keywords, &buffer) < 0) {
        return NULL;
    }
    return read_into((Reader *)op, buffer, READ_SOME);
}
