/* The body of both writers: a stream that is pushed into a file. */

#ifndef ZSTANDARD_TYPES_WRITER_H
#define ZSTANDARD_TYPES_WRITER_H

#include "compat.h"
#include "engine/sink.h"
#include "types/file.h"

#include <stdbool.h>

typedef struct Writer {
    File base;
    Sink sink;
    atomic_bool is_opened;  /* or about to be: it is opened once */
    bool write_return_read; /* whether write() returns the count of bytes taken or of those sent */
} Writer;

/* What a writer is opened on. */
typedef struct WriterOptions {
    Coder *owner;
    PyObject *file;
    unsigned long long pledged; /* content size of the frame, or ZSTD_CONTENTSIZE_UNKNOWN */
    Py_ssize_t write_size;
    int write_return_read;
    int closefd;
} WriterOptions;

/* For tp_new: makes a closed writer. */
PyObject *writer_new(PyTypeObject *type, PyObject *args, PyObject *keywords);

/* Opens a writer that was not open before. Returns 0, or -1 and raises. */
int writer_open(Writer *self, const WriterOptions *options);

/* Works the input in and sends what comes of it. Returns 0, or -1 and raises. */
int writer_drain_claimed(Writer *self, ZSTD_inBuffer *in, ZSTD_EndDirective operation);

/* Calls the sink's flush(), if it has one; the claim must not be held. Returns 0, or -1 and
   raises. */
int writer_flush_sink(Writer *self);

/* Sends what the direction has still to send, and closes. Returns 0, or -1 and raises. */
int writer_close(Writer *self, int (*end_claimed)(Writer *self));

/* The body of __exit__(): calls close() as subclasses may have it. */
PyObject *writer_exit(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                      PyObject *keywords);

/* For tp_clear and tp_dealloc. */
int writer_clear(PyObject *self);
void writer_dealloc(PyObject *self);

/* For tp_finalize: warns if data would be lost. */
void writer_finalize(PyObject *self);

/* Methods. */
PyObject *writer_enter(PyObject *self, PyObject *unused);
PyObject *writer_memory_size(PyObject *self, PyObject *unused);
PyObject *writer_write(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                       PyObject *keywords);
PyObject *writer_writelines(PyObject *self, PyObject *const *args, Py_ssize_t positional,
                            PyObject *keywords);

extern const char writer_memory_size_doc[];
extern const char writer_write_doc[];
extern const char writer_writelines_doc[];

#define WRITER_METHODS                                                                             \
    FILE_ANSWERS("__enter__", writer_enter, "Return the writer."),                                 \
        {"__exit__", METHOD(writer_exit), METH_FASTCALL | METH_KEYWORDS,                           \
         "__exit__($self, /, exc_type, exc_value, exc_tb)\n--\n\nCall close(); exceptions pass."}, \
        {"fileno", file_fileno, METH_NOARGS, file_fileno_doc},                                     \
        FILE_ANSWERS("isatty", file_false, "Return False."),                                       \
        FILE_ANSWERS("readable", file_false, "Return False."),                                     \
        FILE_ANSWERS("writable", file_true, "Return True."),                                       \
        FILE_ANSWERS("seekable", file_false, "Return False."),                                     \
        {"memory_size", writer_memory_size, METH_NOARGS, writer_memory_size_doc},                  \
        {"write", METHOD(writer_write), METH_FASTCALL | METH_KEYWORDS, writer_write_doc},          \
        {"writelines", METHOD(writer_writelines), METH_FASTCALL | METH_KEYWORDS,                   \
         writer_writelines_doc},                                                                   \
        FILE_REFUSES("read", file_refuse_reading), FILE_REFUSES("readall", file_refuse_reading),   \
        FILE_REFUSES("readinto", file_refuse_reading),                                             \
        FILE_REFUSES("readline", file_refuse_reading),                                             \
        FILE_REFUSES("readlines", file_refuse_reading), FILE_REFUSES("seek", file_refuse_seeking), \
        FILE_REFUSES("truncate", file_refuse_seeking),                                             \
        FILE_REFUSES("detach", file_refuse_detaching), OBJECT_REDUCE_METHOD

#define WRITER_SLOTS(init, methods, doc)         \
    {                                            \
        {Py_tp_new, writer_new},                 \
        {Py_tp_init, init},                      \
        {Py_tp_finalize, writer_finalize},       \
        {Py_tp_dealloc, writer_dealloc},         \
        {Py_tp_traverse, file_traverse},         \
        {Py_tp_clear, writer_clear},             \
        {Py_tp_iter, file_refuse_iteration},     \
        {Py_tp_iternext, file_refuse_iteration}, \
        {Py_tp_methods, methods},                \
        {Py_tp_getset, file_getset},             \
        {Py_tp_doc, doc},                        \
        {0, NULL},                               \
    }

#endif
