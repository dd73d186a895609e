/* The body of both readers: a stream that is pulled out of a file or buffer. */

#ifndef ZSTANDARD_TYPES_READER_H
#define ZSTANDARD_TYPES_READER_H

#include "compat.h"
#include "engine/feed.h"
#include "engine/memory.h"
#include "engine/queue.h"
#include "types/file.h"

#include <stdbool.h>

typedef struct Reader {
    File base;
    Feed feed;
    Queue ahead; /* output that is there before it was asked for */
    SharedCount position;
    bool read_across_frames;
} Reader;

/* Makes a reader of the type on `source`. Returns NULL and raises on error: TypeError if the source
   has neither read() nor a buffer, ValueError for a read_size that is not positive. */
Reader *reader_new(Coder *owner, PyTypeObject *type, PyObject *source, Py_ssize_t read_size,
                   bool closefd);

/* Puts more output ahead, if there is any. Returns 1, 0 at the end of the input, or -1 and
   raises. */
int reader_refill_claimed(Reader *self);

/* Returns so many bytes of what is ahead as read; NULL and raises on error. Releases the
   interpreter from MEMORY_LONG_COPY on. */
static inline PyObject *
reader_take_ahead(Reader *self, size_t size)
{
    PyObject *bytes = memory_to_bytes(queue_front(&self->ahead), size);
    if (bytes != NULL) {
        self->ahead.start += size;
        shared_count_add(&self->position, size);
    }
    return bytes;
}

/* Has the reader fail for want of memory, which lost what was read last. */
void reader_lose(Reader *self);

/* Has bytes that were read wait again, after a failure whose exception is set and stays. */
void reader_give_back(Reader *self, const void *bytes, size_t size);

/* For tp_traverse and tp_clear. */
int reader_traverse(PyObject *self, visitproc visit, void *arg);
int reader_clear(PyObject *self);

/* Methods. */
PyObject *reader_enter(PyObject *self, PyObject *unused);
PyObject *reader_exit(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                      PyObject *keywords);
PyObject *reader_close(PyObject *self, PyObject *unused);
PyObject *reader_flush(PyObject *self, PyObject *unused);
PyObject *reader_tell(PyObject *self, PyObject *unused);
PyObject *reader_read(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                      PyObject *keywords);
PyObject *reader_read1(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                       PyObject *keywords);
PyObject *reader_readall(PyObject *self, PyObject *unused);
PyObject *reader_readinto(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                          PyObject *keywords);
PyObject *reader_readinto1(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                           PyObject *keywords);

extern const char reader_exit_doc[];
extern const char reader_close_doc[];
extern const char reader_tell_doc[];
extern const char reader_read_doc[];
extern const char reader_read1_doc[];
extern const char reader_readall_doc[];
extern const char reader_readinto_doc[];
extern const char reader_readinto1_doc[];

#define READER_METHODS                                                                             \
    FILE_ANSWERS("__enter__", reader_enter, "Return the reader."),                                 \
        {"__exit__", METHOD(reader_exit), METH_FASTCALL | METH_KEYWORDS, reader_exit_doc},         \
        {"close", reader_close, METH_NOARGS, reader_close_doc},                                    \
        {"fileno", file_fileno, METH_NOARGS, file_fileno_doc},                                     \
        FILE_ANSWERS("flush", reader_flush, "Do nothing."),                                        \
        FILE_ANSWERS("isatty", file_false, "Return False."),                                       \
        FILE_ANSWERS("readable", file_true, "Return True."),                                       \
        FILE_ANSWERS("writable", file_false, "Return False."),                                     \
        {"tell", reader_tell, METH_NOARGS, reader_tell_doc},                                       \
        {"read", METHOD(reader_read), METH_FASTCALL | METH_KEYWORDS, reader_read_doc},             \
        {"read1", METHOD(reader_read1), METH_FASTCALL | METH_KEYWORDS, reader_read1_doc},          \
        {"readall", reader_readall, METH_NOARGS, reader_readall_doc},                              \
        {"readinto", METHOD(reader_readinto), METH_FASTCALL | METH_KEYWORDS, reader_readinto_doc}, \
        {"readinto1", METHOD(reader_readinto1), METH_FASTCALL | METH_KEYWORDS,                     \
         reader_readinto1_doc},                                                                    \
        FILE_REFUSES("write", file_refuse_writing),                                                \
        FILE_REFUSES("writelines", file_refuse_writing),                                           \
        FILE_REFUSES("truncate", file_refuse_writing),                                             \
        FILE_REFUSES("detach", file_refuse_detaching), OBJECT_REDUCE_METHOD

#endif
