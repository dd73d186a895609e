/* ZstdDecompressionWriter: frames that are written are decompressed, and their content written to a
   file. */

#include "types/decompression_writer.h"

#include "types/arguments.h"
#include "types/writer.h"

/* Opens the writer with the arguments of stream_writer(), a method of `owner`, or of the class if
   that is NULL. Returns 0, or -1 and raises. */
static int
open_by_arguments(Writer *self, Coder *owner, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"decompressor",      "writer",  "write_size",
                            "write_return_read", "closefd", NULL};
    const ModuleState *state = self->base.base.state;
    WriterOptions o = {owner, NULL, ZSTD_CONTENTSIZE_UNKNOWN, (Py_ssize_t)ZSTD_DStreamOutSize(),
                       true,  true};
    int parsed =
        owner != NULL
            ? PyArg_ParseTupleAndKeywords(args, keywords, "O|npp:stream_writer", names + 1, &o.file,
                                          &o.write_size, &o.write_return_read, &o.closefd)
            : PyArg_ParseTupleAndKeywords(args, keywords, "O!O|npp:ZstdDecompressionWriter", names,
                                          state->decompressor, &o.owner, &o.file, &o.write_size,
                                          &o.write_return_read, &o.closefd);
    return parsed ? writer_open(self, &o) : -1;
}

const char decompressor_stream_writer_doc[] = PyDoc_STR(
    "stream_writer($self, /, writer, write_size=131072, write_return_read=True, closefd=True)\n"
    "--\n"
    "\n"
    "Return a ZstdDecompressionWriter, which decompresses what is written to it into the sink,\n"
    "writer.\n"
    "\n"
    "writer: an object with a write() method, which returns how many bytes it took.\n"
    "write_size: the most bytes given to the sink at a time.\n"
    "write_return_read: whether write() returns the count of bytes taken, or of those given to the\n"
    "sink.\n"
    "closefd: whether closing the writer closes the sink.\n"
    "Raises ValueError for an object without write() and for a write_size that is not positive.");

PyObject *
decompressor_stream_writer(PyObject *op, PyObject *args, PyObject *keywords)
{
    Coder *owner = (Coder *)op;
    PyObject *self = writer_new(owner->state->decompression_writer, NULL, NULL);
    if (self != NULL && open_by_arguments((Writer *)self, owner, args, keywords) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

static int
decompression_writer_init(PyObject *op, PyObject *args, PyObject *keywords)
{
    return open_by_arguments((Writer *)op, NULL, args, keywords);
}

/* Sends what an error of the sink has held up, and raises a failure that this has kept from being
   raised. Returns 0, or -1 and raises. */
static int
send_rest_claimed(Writer *self)
{
    ZSTD_inBuffer nothing = {"", 0, 0};
    Lease *lease = &self->base.base.stream.lease;
    if (!lease->raised) {
        return writer_drain_claimed(self, &nothing, ZSTD_e_continue);
    }
    return sink_send_pending(&self->sink, 0);
}

PyDoc_STRVAR(decompression_writer_flush_doc,
             "flush($self, /)\n"
             "--\n"
             "\n"
             "Write the content that an error of the sink has held up, and call its flush() if it "
             "has one.");

static PyObject *
decompression_writer_flush(PyObject *op, PyObject *Py_UNUSED(unused))
{
    Writer *self = (Writer *)op;
    if (file_claim(&self->base) < 0) {
        return NULL;
    }
    int failed = send_rest_claimed(self);
    file_drop(&self->base);
    if (failed || writer_flush_sink(self) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* Returns 0, or -1 and raises. */
static int
end_input_claimed(Writer *self)
{
    Lease *lease = &self->base.base.stream.lease;
    if (send_rest_claimed(self) < 0) {
        return -1;
    }
    if (!lease->raised && lease_end_input(lease, "zstd decompress error") < 0) {
        return lease_raise(lease);
    }
    return 0;
}

PyDoc_STRVAR(
    decompression_writer_close_doc,
    "close($self, /)\n"
    "--\n"
    "\n"
    "Close the writer and, unless it was made with closefd=False, the sink.\n"
    "\n"
    "The sink's flush() is not called. Raises ZstdEOFError if what was written ends within a frame,\n"
    "when the sink is closed.");

static PyObject *
decompression_writer_close(PyObject *op, PyObject *Py_UNUSED(unused))
{
    if (writer_close((Writer *)op, end_input_claimed) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static char decompression_writer_doc[] = PyDoc_STR(
    "ZstdDecompressionWriter(decompressor, writer, write_size=131072, write_return_read=True,\n"
    "                        closefd=True)\n"
    "--\n"
    "\n"
    "A file, to be written with frames, whose content goes to another one: decompressor's\n"
    "stream_writer() makes it, and says what the parameters mean.");

static PyMethodDef decompression_writer_methods[] = {
    WRITER_METHODS,
    {"flush", decompression_writer_flush, METH_NOARGS, decompression_writer_flush_doc},
    {"close", decompression_writer_close, METH_NOARGS, decompression_writer_close_doc},
    FILE_REFUSES("tell", file_refuse_seeking),
    {NULL},
};

static PyType_Slot decompression_writer_slots[] =
    WRITER_SLOTS(decompression_writer_init, decompression_writer_methods, decompression_writer_doc);

PyType_Spec decompression_writer_spec = {
    .name = "zstandard.backend_c.ZstdDecompressionWriter",
    .basicsize = sizeof(Writer),
    .flags = OBJECT_SUBCLASSABLE,
    .slots = decompression_writer_slots,
};
