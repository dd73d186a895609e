/* The functions that write and read skippable frames. */

#include "types/skippable_frame.h"

#include "engine/error.h"
#include "engine/frame.h"
#include "engine/memory.h"
#include "engine/output.h"
#include "engine/source.h"
#include "state.h"
#include "types/arguments.h"

#include <stdbool.h>

/* --- writing --- */

/* Returns 0, or -1 and raises. */
static int
variant_from_argument(PyObject *argument, int *variant)
{
    if (argument == NULL) {
        return 0;
    }
    Py_ssize_t value = PyNumber_AsSsize_t(argument, NULL); /* too large ones become the largest */
    if (value == -1 && PyErr_Occurred()) {
        return -1;
    }
    if (value < 0 || value > FRAME_MAGIC_VARIANT_MAX) {
        PyErr_Format(PyExc_ValueError, "magic_variant must be from 0 to %d, not %S",
                     FRAME_MAGIC_VARIANT_MAX, argument);
        return -1;
    }
    *variant = (int)value;
    return 0;
}

/* Returns NULL and raises on error. */
static PyObject *
frame_of(const ZSTD_inBuffer *content, int variant)
{
    unsigned long long size = content->size;
    if (size > UINT32_MAX) {
        return PyErr_Format(PyExc_ValueError,
                            "data has %llu bytes, and a skippable frame holds at most %llu", size,
                            (unsigned long long)UINT32_MAX);
    }
    Output out;
    PyObject *frame = NULL;
    if (output_open_fixed(&out, ZSTD_SKIPPABLEHEADERSIZE + size) == 0) {
        frame_write_skippable_header(out.native.dst, (unsigned int)content->size, variant);
        memory_copy((char *)out.native.dst + ZSTD_SKIPPABLEHEADERSIZE, content->src, content->size);
        out.native.pos = out.native.size;
        frame = output_finish(&out);
    }
    output_discard(&out);
    return frame;
}

const char skippable_frame_write_doc[] = PyDoc_STR(
    "write_skippable_frame($module, /, data, magic_variant=0)\n"
    "--\n"
    "\n"
    "Return a skippable frame, which decompression passes over, with data as its content.\n"
    "\n"
    "data: a bytes-like object of up to 2**32 - 1 bytes.\n"
    "magic_variant: a number from 0 to 15 to tell kinds of such frames apart; it is the lowest\n"
    "digit of the magic number, 0x184D2A50 to 0x184D2A5F.\n"
    "Raises ValueError where they are out of range.");

PyObject *
skippable_frame_write(PyObject *Py_UNUSED(module), PyObject *args, PyObject *keywords)
{
    static char *names[] = {"data", "magic_variant", NULL};
    PyObject *data;
    PyObject *argument = NULL;
    int variant = 0;
    Source source;
    if (!PyArg_ParseTupleAndKeywords(args, keywords, "O|O:write_skippable_frame", names, &data,
                                     &argument) ||
        variant_from_argument(argument, &variant) < 0 || source_open(&source, data) < 0) {
        return NULL;
    }
    PyObject *frame = frame_of(&source.native, variant);
    source_close(&source);
    return frame;
}

/* --- reading --- */

static bool
is_skippable(const ZSTD_inBuffer *in)
{
    return in->size >= FRAME_MAGIC_SIZE &&
           (frame_magic_number(in) & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

/* Reads the header of a whole skippable frame. Returns 0, or -1 and raises ZstdError. */
static int
read_header(PyObject *zstd_error, const ZSTD_inBuffer *in, FrameWalk *walk)
{
    ZSTD_inBuffer rest = *in;
    if (in->size >= FRAME_MAGIC_SIZE && !is_skippable(in)) {
        return error_raise(zstd_error, NATIVE_ERROR(prefix_unknown),
                           "not a skippable frame: it begins with 0x%08x, and those begin with "
                           "0x%x to 0x%x",
                           frame_magic_number(in), ZSTD_MAGIC_SKIPPABLE_START,
                           ZSTD_MAGIC_SKIPPABLE_START + FRAME_MAGIC_VARIANT_MAX);
    }
    if (in->size < ZSTD_SKIPPABLEHEADERSIZE) {
        return error_raise(zstd_error, NATIVE_ERROR(srcSize_wrong),
                           "not a whole skippable frame: its header has %d bytes, and there are "
                           "%zu",
                           ZSTD_SKIPPABLEHEADERSIZE, in->size);
    }
    if (frame_walk(walk, &rest) != 0) {
        return error_raise(zstd_error, NATIVE_ERROR(srcSize_wrong),
                           "not a whole skippable frame: it has %llu bytes, and there are %zu",
                           walk->size + walk->wanted, in->size);
    }
    return 0;
}

/* Returns a tuple of content and variant; NULL and raises on error. */
static PyObject *
parts_of(ModuleState *state, const ZSTD_inBuffer *in)
{
    FrameWalk walk;
    frame_walk_begin(&walk, ZSTD_f_zstd1);
    if (read_header(state->engine.zstd_error, in, &walk) < 0) {
        return NULL;
    }
    size_t size = (size_t)walk.size - walk.header_size;
    PyObject *content = memory_to_bytes((const char *)in->src + walk.header_size, size);
    return content == NULL ? NULL : Py_BuildValue("Ni", content, walk.magic_variant);
}

const char skippable_frame_read_doc[] = PyDoc_STR(
    "read_skippable_frame($module, /, data)\n"
    "--\n"
    "\n"
    "Return the content of the skippable frame at the start of data, and its magic_variant.\n"
    "\n"
    "data is any bytes-like object; what follows the frame, which is as long as its content and 8\n"
    "bytes, is left alone. Returns a tuple of bytes and an int from 0 to 15. Raises ZstdError if\n"
    "that is no skippable frame, or not the whole of it.");

PyObject *
skippable_frame_read(PyObject *module, PyObject *const *args, Py_ssize_t positional,
                     PyObject *keywords)
{
    Source source;
    if (argument_open_data(&source, "read_skippable_frame", args, positional, keywords) < 0) {
        return NULL;
    }
    PyObject *parts = parts_of(PyModule_GetState(module), &source.native);
    source_close(&source);
    return parts;
}

const char skippable_frame_is_doc[] = PyDoc_STR(
    "is_skippable_frame($module, /, data)\n"
    "--\n"
    "\n"
    "Return whether data, any bytes-like object, begins with the magic number of a skippable frame.\n"
    "\n"
    "It is four bytes long; fewer are none. The rest is not looked at.");

PyObject *
skippable_frame_is(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t positional,
                   PyObject *keywords)
{
    Source source;
    if (argument_open_data(&source, "is_skippable_frame", args, positional, keywords) < 0) {
        return NULL;
    }
    bool found = is_skippable(&source.native);
    source_close(&source);
    return PyBool_FromLong(found);
}
