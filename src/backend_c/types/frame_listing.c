/* FrameInfoIterator: the frames of a source, one by one, without decompressing them. */

#include "types/frame_listing.h"

#include "engine/claim.h"
#include "engine/error.h"
#include "engine/feed.h"
#include "engine/frame.h"
#include "state.h"
#include "types/arguments.h"
#include "types/frame_info.h"
#include "types/object.h"

#include <assert.h>

/* So much of a chunk is walked over before the interpreter is released for the rest: most chunks,
   and most frames of a buffer, are no longer than that. */
static const size_t SHORT_WALK = 16384;

typedef struct FrameInfoIterator {
    OBJECT_HEAD
    Claim claim;
    PyObject *source; /* NULL once the listing has ended */
    Feed feed;
    FrameWalk walk;            /* over the frame that is next */
    unsigned long long offset; /* where that one starts */
    size_t fault;              /* the native error that the listing has ended with, or 0 */
    bool seekability_known;
    bool seekable;
} FrameInfoIterator;

/* --- walking --- */

static int
raise_fault(const FrameInfoIterator *self)
{
    const Engine *engine = &self->state->engine;
    if (ZSTD_getErrorCode(self->fault) == ZSTD_error_srcSize_wrong) {
        return error_raise(engine->zstd_eof_error, self->fault,
                           "the source ends within the frame at byte %llu, which has %llu bytes or "
                           "more",
                           self->offset, self->walk.size + self->walk.wanted);
    }
    if (ZSTD_getErrorCode(self->fault) == ZSTD_error_memory_allocation) {
        PyErr_NoMemory();
        return -1;
    }
    return error_raise(engine->zstd_error, self->fault, "cannot list the frame at byte %llu: %s",
                       self->offset, ZSTD_getErrorName(self->fault));
}

/* Walks on through the chunk at hand. Returns as frame_walk() does. */
static size_t
walk_chunk(FrameInfoIterator *self)
{
    ZSTD_inBuffer *in = &self->feed.chunk.native;
    ZSTD_inBuffer start = {in->src, Py_MIN(in->size, in->pos + SHORT_WALK), in->pos};
    size_t result = frame_walk(&self->walk, &start);
    in->pos = start.pos;
    if (result == 1 && in->pos < in->size) {
        Py_BEGIN_ALLOW_THREADS
        result = frame_walk(&self->walk, in);
        Py_END_ALLOW_THREADS
    }
    return result;
}

/* Whether the source can seek, which it is asked once. Returns 1, 0, or -1 and raises. */
static int
can_seek(FrameInfoIterator *self)
{
    if (!self->seekability_known) {
        int seekable = feed_is_seekable(&self->feed);
        if (seekable < 0) {
            return -1;
        }
        self->seekable = seekable > 0;
        self->seekability_known = true;
    }
    return self->seekable;
}

/* Goes on to more of the source. What would take more than one read() and has nothing to list is
   passed over by seek(). Returns 0, or -1 and raises. */
static int
advance_claimed(FrameInfoIterator *self)
{
    unsigned long long skip = self->walk.skip;
    assert(claim_is_mine(&self->claim));
    /* A frame may be of any length, and its source never run Python code. */
    if (PyErr_CheckSignals() < 0) {
        return -1;
    }
    if (skip > (unsigned long long)self->feed.read_size) {
        int seekable = can_seek(self);
        /* The last byte is read, since files let one seek past their end. */
        if (seekable < 0 || (seekable && feed_skip(&self->feed, skip - 1) < 0)) {
            return -1;
        }
        frame_walk_skip(&self->walk, seekable ? skip - 1 : 0);
    }
    return feed_refill(&self->feed);
}

/* Walks over the next frame. Returns 1; 0 at the end of the source; -1 and raises. */
static int
walk_frame_claimed(FrameInfoIterator *self)
{
    size_t result;
    while ((result = walk_chunk(self)) == 1) {
        if (self->feed.ended && self->walk.size == 0) {
            return 0;
        }
        if (self->feed.ended) {
            result = NATIVE_ERROR(srcSize_wrong);
            break;
        }
        if (advance_claimed(self) < 0) {
            self->fault = self->feed.lost ? NATIVE_ERROR(memory_allocation) : 0;
            return -1;
        }
    }
    self->fault = result;
    return result == 0 ? 1 : raise_fault(self);
}

static void
drop_source(FrameInfoIterator *self)
{
    feed_close(&self->feed);
    Py_CLEAR(self->source);
}

/* Returns the next frame's FrameInfo; NULL, and raises on error, at the end. After an exception of
   the source, or for lack of memory, it can be called again and goes on. */
static PyObject *
next_claimed(FrameInfoIterator *self)
{
    int found = walk_frame_claimed(self);
    if (found == 0 || self->fault != 0) {
        drop_source(self);
    }
    PyObject *info = found > 0 ? frame_info_new(self->state, &self->walk, self->offset) : NULL;
    if (info != NULL) {
        self->offset += self->walk.size;
        frame_walk_begin(&self->walk, self->walk.format);
    }
    return info;
}

static PyObject *
frame_info_iterator_next(PyObject *op)
{
    FrameInfoIterator *self = (FrameInfoIterator *)op;
    PyObject *info = NULL;
    if (claim_take(&self->claim) < 0) {
        return NULL;
    }
    if (self->source != NULL) {
        info = next_claimed(self);
    }
    else if (self->fault != 0) {
        raise_fault(self);
    }
    claim_drop(&self->claim);
    return info;
}

/* --- making one --- */

/* Returns 0, or -1 and raises. */
static int
open_source(FrameInfoIterator *self, PyObject *source, Py_ssize_t read_size)
{
    int opened = feed_open(&self->feed, &self->state->engine, source, read_size);
    if (opened == 0) {
        PyErr_Format(PyExc_TypeError,
                     "source must be a bytes-like object or have a read() method, not %.100R",
                     source);
    }
    if (opened <= 0) {
        return -1;
    }
    self->source = Py_NewRef(source);
    return 0;
}

const char frame_listing_list_doc[] = PyDoc_STR(
    "list_frames($module, /, source, format=0, read_size=8192)\n"
    "--\n"
    "\n"
    "Return an iterator over the frames of the source, skippable ones among them, as FrameInfo.\n"
    "\n"
    "Nothing is decompressed: headers are read, and what lies between them is passed over.\n"
    "source: an object with a read() method, or else a bytes-like object. Of a file, what comes\n"
    "from its position on is listed; content of more than read_size bytes is passed over by\n"
    "seek() if the file is seekable.\n"
    "format: FORMAT_ZSTD1 (0) or FORMAT_ZSTD1_MAGICLESS (1).\n"
    "read_size: how many bytes are read from a file at a time.\n"
    "The iterator raises ZstdError where something else than a frame begins, or the blocks of one\n"
    "make no sense, and ZstdEOFError where the source ends within a frame, after the frames that\n"
    "come before. Where the source's own methods raise, it can be asked again. Raises TypeError\n"
    "for another source, and ValueError for other formats and read_size.");

PyObject *
frame_listing_list(PyObject *module, PyObject *args, PyObject *keywords)
{
    static char *names[] = {"source", "format", "read_size", NULL};
    ModuleState *state = PyModule_GetState(module);
    PyObject *source;
    int format = ZSTD_f_zstd1;
    Py_ssize_t read_size = 8192;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|in:list_frames", names, &source, &format,
                                     &read_size) ||
        argument_check_positive("read_size", read_size) < 0) {
        return NULL;
    }
    if (format != ZSTD_f_zstd1 && format != ZSTD_f_zstd1_magicless) {
        return PyErr_Format(PyExc_ValueError,
                            "format must be FORMAT_ZSTD1 (0) or FORMAT_ZSTD1_MAGICLESS (1), not %d",
                            format);
    }
    FrameInfoIterator *self = object_new(state, state->frame_info_iterator);
    if (self == NULL) {
        return NULL;
    }
    frame_walk_begin(&self->walk, (ZSTD_format_e)format);
    if (open_source(self, source, read_size) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

/* --- the type --- */

static int
frame_info_iterator_traverse(PyObject *op, visitproc visit, void *arg)
{
    FrameInfoIterator *self = (FrameInfoIterator *)op;
    Py_VISIT(self->source);
    int stopped = feed_traverse(&self->feed, visit, arg);
    return stopped ? stopped : object_traverse(op, visit, arg);
}

static int
frame_info_iterator_clear(PyObject *op)
{
    drop_source((FrameInfoIterator *)op);
    return 0;
}

static void
frame_info_iterator_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    drop_source((FrameInfoIterator *)op);
    object_dealloc_end(op, type);
}

static char frame_info_iterator_doc[] =
    PyDoc_STR("Gives a FrameInfo for each frame of a source; made by list_frames().");

static PyType_Slot frame_info_iterator_slots[] = {
    {Py_tp_dealloc, frame_info_iterator_dealloc}, {Py_tp_traverse, frame_info_iterator_traverse},
    {Py_tp_clear, frame_info_iterator_clear},     {Py_tp_iter, PyObject_SelfIter},
    {Py_tp_iternext, frame_info_iterator_next},   {Py_tp_methods, object_methods},
    {Py_tp_doc, frame_info_iterator_doc},         {0, NULL},
};

PyType_Spec frame_info_iterator_spec = {
    .name = "zstandard.backend_c.FrameInfoIterator",
    .basicsize = sizeof(FrameInfoIterator),
    .flags = OBJECT_FACTORY_MADE,
    .slots = frame_info_iterator_slots,
};
