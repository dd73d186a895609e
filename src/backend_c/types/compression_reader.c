/* ZstdCompressionReader: a file or buffer, read as the frame that it makes. */

#include "types/compression_reader.h"

#include "types/arguments.h"
#include "types/reader.h"

const char compressor_stream_reader_doc[] = PyDoc_STR(
    "stream_reader($self, /, source, size=-1, read_size=131072, closefd=True)\n"
    "--\n"
    "\n"
    "Return a ZstdCompressionReader, which is read as the frame that the source's content makes.\n"
    "\n"
    "source: an object with a read() method, or else a bytes-like object.\n"
    "size: how many bytes the source holds, which the frame then states, and more or fewer are an\n"
    "error; -1 for unknown. A bytes-like object is of its own size, whatever is said here.\n"
    "read_size: how many bytes are asked of read() at a time.\n"
    "closefd: whether closing the reader closes the source.\n"
    "Raises TypeError for another source and ValueError for sizes out of range.");

PyObject *
compressor_stream_reader(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"source", "size", "read_size", "closefd", NULL};
    Coder *owner = (Coder *)op;
    PyObject *source;
    PyObject *size = NULL;
    unsigned long long pledged = ZSTD_CONTENTSIZE_UNKNOWN;
    Py_ssize_t read_size = (Py_ssize_t)ZSTD_CStreamInSize();
    int closefd = true;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|Onp:stream_reader", names, &source, &size,
                                     &read_size, &closefd) ||
        argument_to_content_size(size, &pledged) < 0) {
        return NULL;
    }
    Reader *self =
        reader_new(owner, owner->state->compression_reader, source, read_size, closefd != 0);
    if (self != NULL) {
        lease_pledge(&self->base.base.stream.lease, feed_content_size(&self->feed, pledged));
    }
    return (PyObject *)self;
}

static char compression_reader_doc[] = PyDoc_STR(
    "A file, to be read, whose content is the frame that another one's content makes.\n"
    "\n"
    "Made by ZstdCompressor.stream_reader(). It has the reading methods of io.BufferedIOBase, but\n"
    "not those for lines, which make no sense in compressed data.");

static PyMethodDef compression_reader_methods[] = {
    READER_METHODS,
    FILE_ANSWERS("seekable", file_false, "Return False."),
    FILE_REFUSES("readline", file_refuse_lines),
    FILE_REFUSES("readlines", file_refuse_lines),
    FILE_REFUSES("seek", file_refuse_seeking),
    {NULL},
};

static PyType_Slot compression_reader_slots[] = {
    {Py_tp_dealloc, stream_object_dealloc},
    {Py_tp_traverse, reader_traverse},
    {Py_tp_clear, reader_clear},
    {Py_tp_iter, file_refuse_iteration},
    {Py_tp_iternext, file_refuse_iteration},
    {Py_tp_methods, compression_reader_methods},
    {Py_tp_getset, file_getset},
    {Py_tp_doc, compression_reader_doc},
    {0, NULL},
};

PyType_Spec compression_reader_spec = {
    .name = "zstandard.backend_c.ZstdCompressionReader",
    .basicsize = sizeof(Reader),
    .flags = OBJECT_FACTORY_MADE,
    .slots = compression_reader_slots,
};
