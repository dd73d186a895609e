/* What readers and writers have in common: a file on their other side, and the manners of one. */

#ifndef ZSTANDARD_TYPES_FILE_H
#define ZSTANDARD_TYPES_FILE_H

#include "compat.h"
#include "types/arguments.h"
#include "types/stream_object.h"

#include <stdbool.h>

typedef struct File {
    StreamObject base;
    PyObject *file; /* the source or sink; NULL once it is closed; guarded by the lock */
    bool closefd;   /* whether to close it, too */
    atomic_bool entered;
} File;

/* Whether it is closed, or was never opened. */
bool file_is_closed(File *self);

/* Returns 0, or -1 and raises ValueError if it is closed. */
int file_check_open(File *self);

/* Takes the claim of an open file. Returns 0, or -1 and raises: ValueError if it is closed. */
int file_claim(File *self);

/* Takes the claim, to close the file. Returns 1, 0 without the claim if it is closed already, or -1
   and raises. */
int file_claim_to_close(File *self);

void file_drop(File *self);

/* Closes the source or sink, unless closefd is false, and drops the reference `file` to it. An
   exception that is set stays, or becomes the context of that of close(). Returns 0, or -1 and
   raises. */
int file_close_other(PyObject *file, bool closefd);

/* For tp_traverse and tp_clear. */
int file_traverse(PyObject *self, visitproc visit, void *arg);
int file_clear(PyObject *self);

/* Marks it as entered by a with statement. Returns a reference to it; NULL and ValueError if it is
   closed, NULL and `twice` if it was entered before. */
PyObject *file_enter(File *self, PyObject *twice);

/* The parameters of __exit__(). */
extern const Signature file_exit_signature;

/* Methods and attributes. */
PyObject *file_true(PyObject *self, PyObject *unused);
PyObject *file_false(PyObject *self, PyObject *unused);
PyObject *file_fileno(PyObject *self, PyObject *unused);
extern const char file_fileno_doc[];

#define FILE_ANSWERS(name, function, doc) \
    {name, function, METH_NOARGS, name "($self, /)\n--\n\n" doc}

/* Methods that raise UnsupportedOperation, whatever their arguments. */
#define FILE_REFUSES(name, function) \
    {name, function, METH_VARARGS, name "($self, /, *args)\n--\n\nRaise io.UnsupportedOperation."}
PyObject *file_refuse_reading(PyObject *self, PyObject *args);
PyObject *file_refuse_writing(PyObject *self, PyObject *args);
PyObject *file_refuse_seeking(PyObject *self, PyObject *args);
PyObject *file_refuse_lines(PyObject *self, PyObject *args);
PyObject *file_refuse_detaching(PyObject *self, PyObject *args);

/* For tp_iter and tp_iternext: the same. */
PyObject *file_refuse_iteration(PyObject *self);

/* The attributes closed, name and mode. */
extern PyGetSetDef file_getset[];

#endif
