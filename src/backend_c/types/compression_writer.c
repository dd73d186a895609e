/* ZstdCompressionWriter: what is written is compressed, and written to a file. */

#include "types/compression_writer.h"

#include "types/arguments.h"
#include "types/writer.h"

/* Opens the writer with the arguments of stream_writer(), a method of `owner`, or of the class if
   that is NULL. Returns 0, or -1 and raises. */
static int
open_by_arguments(Writer *self, Coder *owner, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"compressor",        "writer",  "size", "write_size",
                            "write_return_read", "closefd", NULL};
    const ModuleState *state = self->base.base.state;
    WriterOptions o = {owner, NULL, ZSTD_CONTENTSIZE_UNKNOWN, (Py_ssize_t)ZSTD_CStreamOutSize(),
                       true,  true};
    PyObject *size = NULL;
    int parsed =
        owner != NULL
            ? PyArg_ParseTupleAndKeywords(args, keywords, "O|Onpp:stream_writer", names + 1,
                                          &o.file, &size, &o.write_size, &o.write_return_read,
                                          &o.closefd)
            : PyArg_ParseTupleAndKeywords(args, keywords, "O!O|Onpp:ZstdCompressionWriter", names,
                                          state->compressor, &o.owner, &o.file, &size,
                                          &o.write_size, &o.write_return_read, &o.closefd);
    if (!parsed || argument_to_content_size(size, &o.pledged) < 0) {
        return -1;
    }
    return writer_open(self, &o);
}

const char compressor_stream_writer_doc[] = PyDoc_STR(
    "stream_writer($self, /, writer, size=-1, write_size=131591, write_return_read=True,\n"
    "              closefd=True)\n"
    "--\n"
    "\n"
    "Return a ZstdCompressionWriter, which compresses what is written to it into the sink, writer.\n"
    "\n"
    "writer: an object with a write() method, which returns how many bytes it took.\n"
    "size: how many bytes will be written, which the frame then states, and more or fewer are an\n"
    "error; -1 for unknown.\n"
    "write_size: the most bytes given to the sink at a time.\n"
    "write_return_read: whether write() returns the count of bytes taken, or of those given to the\n"
    "sink.\n"
    "closefd: whether closing the writer closes the sink.\n"
    "Raises ValueError for an object without write() and for sizes out of range.");

PyObject *
compressor_stream_writer(PyObject *op, PyObject *args, PyObject *keywords)
{
    Coder *owner = (Coder *)op;
    PyObject *self = writer_new(owner->state->compression_writer, NULL, NULL);
    if (self != NULL && open_by_arguments((Writer *)self, owner, args, keywords) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

static int
compression_writer_init(PyObject *op, PyObject *args, PyObject *keywords)
{
    return open_by_arguments((Writer *)op, NULL, args, keywords);
}

enum { FLUSH_BLOCK, FLUSH_FRAME };

/* Whether the frame has ended in a call before, and only the sink has not taken all of it. */
static bool
has_ended_before(const Writer *self)
{
    const Lease *lease = &self->base.base.stream.lease;
    return self->sink.pending != NULL && !lease->in_frame && !lease->has_more;
}

/* Returns how many bytes were sent, or -1 and raises. */
static long long
flush_claimed(Writer *self, int mode)
{
    ZSTD_inBuffer nothing = {"", 0, 0};
    unsigned long long before = shared_count(&self->sink.total);
    int failed = has_ended_before(self) ? sink_send_pending(&self->sink, 0)
                 : mode == FLUSH_FRAME  ? writer_drain_claimed(self, &nothing, ZSTD_e_end)
                                        : writer_drain_claimed(self, &nothing, ZSTD_e_flush);
    return failed ? -1 : (long long)(shared_count(&self->sink.total) - before);
}

PyDoc_STRVAR(
    compression_writer_flush_doc,
    "flush($self, /, flush_mode=0)\n"
    "--\n"
    "\n"
    "Write the output that is still held back to the sink, and call its flush() if it has one.\n"
    "\n"
    "flush_mode: FLUSH_BLOCK (0) ends the block, so that all data so far can be decompressed;\n"
    "FLUSH_FRAME (1) ends the frame, and the next write begins another one. Returns the count of\n"
    "bytes written. Raises ValueError for another mode.");

static PyObject *
compression_writer_flush(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"flush_mode", NULL};
    Writer *self = (Writer *)op;
    int mode = FLUSH_BLOCK;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "|i:flush", names, &mode)) {
        return NULL;
    }
    if (mode != FLUSH_BLOCK && mode != FLUSH_FRAME) {
        return PyErr_Format(PyExc_ValueError, "unknown flush_mode: %d", mode);
    }
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    long long sent = flush_claimed(self, mode);
    file_drop(&self->base);
    if (sent < 0 || writer_flush_sink(self) < 0) {
        return NULL;
    }
    return PyLong_FromLongLong(sent);
}

/* Returns 0, or -1 and raises. */
static int
end_frame_claimed(Writer *self)
{
    return flush_claimed(self, FLUSH_FRAME) < 0 ? -1 : 0;
}

PyDoc_STRVAR(
    compression_writer_close_doc,
    "close($self, /)\n"
    "--\n"
    "\n"
    "End the frame, and close the sink unless the writer was made with closefd=False.\n"
    "\n"
    "The sink's flush() is not called. Where the frame cannot be ended, the sink is closed all the\n"
    "same, and then the error is raised.");

static PyObject *
compression_writer_close(PyObject *op, PyObject *Py_UNUSED(unused))
{
    if (writer_close((Writer *)op, end_frame_claimed) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyDoc_STRVAR(compression_writer_tell_doc,
             "tell($self, /)\n"
             "--\n"
             "\n"
             "Return how many bytes were written to the sink so far, over all frames; total_in is\n"
             "how many were taken.");

static PyObject *
compression_writer_tell(PyObject *op, PyObject *Py_UNUSED(unused))
{
    return PyLong_FromUnsignedLongLong(shared_count(&((Writer *)op)->sink.total));
}

static char compression_writer_doc[] =
    PyDoc_STR("ZstdCompressionWriter(compressor, writer, size=-1, write_size=131591,\n"
              "                      write_return_read=True, closefd=True)\n"
              "--\n"
              "\n"
              "A file, to be written, whose content goes to another one as a frame: compressor's\n"
              "stream_writer() makes it, and says what the parameters mean.");

static PyMethodDef compression_writer_methods[] = {
    WRITER_METHODS,
    {"flush", METHOD(compression_writer_flush), METH_VARARGS | METH_KEYWORDS,
     compression_writer_flush_doc},
    {"close", compression_writer_close, METH_NOARGS, compression_writer_close_doc},
    {"tell", compression_writer_tell, METH_NOARGS, compression_writer_tell_doc},
    {NULL},
};

static PyType_Slot compression_writer_slots[] =
    WRITER_SLOTS(compression_writer_init, compression_writer_methods, compression_writer_doc);

PyType_Spec compression_writer_spec = {
    .name = "zstandard.backend_c.ZstdCompressionWriter",
    .basicsize = sizeof(Writer),
    .flags = OBJECT_SUBCLASSABLE,
    .slots = compression_writer_slots,
};
