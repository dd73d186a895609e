/* The methods copy_stream(): all of a source, through a native context, to a sink. */

#include "types/copy_stream.h"

#include "engine/feed.h"
#include "engine/sink.h"
#include "engine/stream.h"
#include "state.h"
#include "types/arguments.h"
#include "types/coder.h"

typedef struct Copy {
    PyObject *source;
    PyObject *target;
    Py_ssize_t read_size;
    Py_ssize_t write_size;
    PyObject *progress; /* to be called with the counts of bytes; NULL or None for nothing */
    unsigned long long pledged;
} Copy;

/* Tells how far it has come. Returns 0, or -1 and raises what the callable does. */
static int
report(const Copy *self, const Feed *feed, const Sink *sink)
{
    if (self->progress == NULL || self->progress == Py_None) {
        return 0;
    }
    PyObject *result =
        PyObject_CallFunction(self->progress, "KK", feed->given, shared_count(&sink->total));
    Py_XDECREF(result);
    return result == NULL ? -1 : 0;
}

/* Returns 0, or -1 and raises. */
static int
copy_chunks(const Copy *self, Lease *lease, Feed *feed, Sink *sink)
{
    bool by_caller = lease->pool->codec->ended_by_caller;
    const char *attempt = by_caller ? "zstd compress error" : "zstd decompressor error";
    while (!feed->ended) {
        if (feed_refill(feed) < 0 ||
            lease_send(lease, sink, &feed->chunk.native, ZSTD_e_continue, attempt) < 0 ||
            (!feed->ended && report(self, feed, sink) < 0)) {
            return -1;
        }
    }
    if (!by_caller) {
        return lease_end_input(lease, attempt) < 0 ? lease_raise(lease) : 0;
    }
    if (lease_send(lease, sink, &feed->chunk.native, ZSTD_e_end,
                   "error ending compression stream") < 0) {
        return -1;
    }
    return report(self, feed, sink);
}

/* Opens both ends. Returns 0, or -1 and raises. */
static int
open_ends(const Copy *self, const Engine *engine, Feed *feed, Sink *sink)
{
    if (argument_check_positive("read_size", self->read_size) < 0 ||
        argument_check_positive("write_size", self->write_size) < 0) {
        return -1;
    }
    int opened = feed_open_file(feed, engine, self->source, self->read_size);
    if (opened == 0) {
        PyErr_Format(PyExc_ValueError, "first argument must have a read() method, not %.100R",
                     self->source);
    }
    if (opened <= 0) {
        return -1;
    }
    opened = sink_open(sink, engine, self->target, (size_t)self->write_size);
    if (opened == 0) {
        PyErr_Format(PyExc_ValueError, "second argument must have a write() method, not %.100R",
                     self->target);
    }
    return opened > 0 ? 0 : -1;
}

/* Returns the counts of bytes read and written; NULL and raises on error. */
static PyObject *
copy(const Copy *self, Coder *owner)
{
    Lease lease;
    Feed feed;
    Sink sink;
    PyObject *counts = NULL;
    if (open_ends(self, &owner->state->engine, &feed, &sink) < 0 ||
        lease_take(&lease, &owner->pool) < 0) {
        return NULL; /* neither end holds anything yet */
    }
    lease_pledge(&lease, self->pledged);
    if (copy_chunks(self, &lease, &feed, &sink) == 0) {
        counts = Py_BuildValue("(KK)", feed.given, shared_count(&sink.total));
    }
    lease_return(&lease);
    sink_close(&sink);
    feed_close(&feed);
    return counts;
}

const char compressor_copy_stream_doc[] = PyDoc_STR(
    "copy_stream($self, /, ifh, ofh, size=-1, read_size=131072, write_size=131591,\n"
    "            progress=None)\n"
    "--\n"
    "\n"
    "Read all of ifh, compress it and write the frame to ofh; return the counts of bytes read and\n"
    "written.\n"
    "\n"
    "ifh, ofh: objects with a read() method, and with a write() method that returns how many bytes\n"
    "it took.\n"
    "size: how many bytes there are to read, which the frame then states, and more or fewer are an\n"
    "error; -1 for unknown.\n"
    "read_size, write_size: how many bytes are read, and at most written, at a time.\n"
    "progress: is called with the counts of bytes read and written so far after each chunk read,\n"
    "and at the end; what it raises stops the copy.\n"
    "Raises ValueError for other objects and for sizes out of range.");

PyObject *
compressor_copy_stream(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"ifh", "ofh", "size", "read_size", "write_size", "progress", NULL};
    PyObject *size = NULL;
    Copy copying = {
        .read_size = (Py_ssize_t)ZSTD_CStreamInSize(),
        .write_size = (Py_ssize_t)ZSTD_CStreamOutSize(),
        .pledged = ZSTD_CONTENTSIZE_UNKNOWN,
    };
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|OnnO:copy_stream", names, &copying.source,
                                     &copying.target, &size, &copying.read_size,
                                     &copying.write_size, &copying.progress) ||
        argument_to_content_size(size, &copying.pledged) < 0) {
        return NULL;
    }
    return copy(&copying, (Coder *)op);
}

const char decompressor_copy_stream_doc[] = PyDoc_STR(
    "copy_stream($self, /, ifh, ofh, read_size=131075, write_size=131072, progress=None)\n"
    "--\n"
    "\n"
    "Read all of ifh, decompress its frames and write their content to ofh; return the counts of\n"
    "bytes read and written.\n"
    "\n"
    "ifh, ofh: objects with a read() method, and with a write() method that returns how many bytes\n"
    "it took.\n"
    "read_size, write_size: how many bytes are read, and at most written, at a time.\n"
    "progress: is called with the counts of bytes read and written so far after each chunk read;\n"
    "what it raises stops the copy.\n"
    "Bad input raises ZstdError, input that ends within a frame ZstdEOFError, after what comes\n"
    "before was written. Raises ValueError for other objects and for sizes out of range.");

PyObject *
decompressor_copy_stream(PyObject *op, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"ifh", "ofh", "read_size", "write_size", "progress", NULL};
    Copy copying = {
        .read_size = (Py_ssize_t)ZSTD_DStreamInSize(),
        .write_size = (Py_ssize_t)ZSTD_DStreamOutSize(),
    };
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO|nnO:copy_stream", names, &copying.source,
                                     &copying.target, &copying.read_size, &copying.write_size,
                                     &copying.progress)) {
        return NULL;
    }
    return copy(&copying, (Coder *)op);
}
