/* Arguments of functions and methods, and their conversion. */

#ifndef ZSTANDARD_TYPES_ARGUMENTS_H
#define ZSTANDARD_TYPES_ARGUMENTS_H

#include "compat.h"
#include "engine/source.h"

#include <stdbool.h>

/* The parameters of a function, all of them positional or keyword. */
typedef struct Signature {
    const char *function; /* for messages */
    int required;         /* how many parameters have no default */
    int count;
    const char *const *names;
} Signature;

/* arguments_parse() for any arguments, and for a signature that turns out when it is called. */
int arguments_parse_any(const Signature *self, PyObject *const *args, Py_ssize_t positional,
                        PyObject *keywords, PyObject **values);

/* For vectorcall: puts the arguments (borrowed) where their parameters stand; absent ones become
   NULL. Returns 0, or -1 and raises TypeError. */
static inline int
arguments_parse(const Signature *self, PyObject *const *args, Py_ssize_t positional,
                PyObject *keywords, PyObject **values)
{
    if (positional != 1 || keywords != NULL || self->required != 1) {
        return arguments_parse_any(self, args, positional, keywords, values);
    }
    values[0] = args[0];
    for (int i = 1; i < self->count; i++) {
        values[i] = NULL;
    }
    return 0;
}

/* Conversions of optional arguments: leave the default that stands in `value` if the argument is
   NULL. Return 0, or -1 and raise TypeError or OverflowError. */
int argument_to_size(PyObject *argument, Py_ssize_t *value);
int argument_to_int(PyObject *argument, int *value);
int argument_to_bool(PyObject *argument, bool *value);

/* For vectorcall: opens the argument of a function of one, data. Returns 0, or -1 and raises. */
int argument_open_data(Source *source, const char *function, PyObject *const *args,
                       Py_ssize_t positional, PyObject *keywords);

/* Returns 0, or -1 and raises ValueError if the argument of that name is under 1. */
int argument_check_positive(const char *name, Py_ssize_t value);

/* Replaces a negative count of threads by the count of CPUs. Returns 0, or -1 and raises. */
int argument_resolve_threads(int *threads);

/* The size of content to come: -1 is ZSTD_CONTENTSIZE_UNKNOWN, a lower one a ValueError. */
int argument_to_content_size(PyObject *argument, unsigned long long *value);

#endif
