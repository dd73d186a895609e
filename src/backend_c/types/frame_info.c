/* FrameInfo: what can be told of a frame without decompressing it. */

#include "types/frame_info.h"

#include "types/object.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct FrameInfo {
    OBJECT_HEAD
    PyObject *values; /* a tuple, in the order of frame_info_getset */
} FrameInfo;

/* An int, or None if there is no such number. */
static PyObject *
optional_number(bool given, unsigned long long number)
{
    return given ? PyLong_FromUnsignedLongLong(number) : Py_NewRef(Py_None);
}

static PyObject *
values_of(const FrameWalk *walk, unsigned long long offset)
{
    const ZSTD_frameHeader *header = &walk->header;
    unsigned long long content = frame_walk_content(walk);
    bool skippable = header->frameType == ZSTD_skippableFrame;
    bool checked = header->checksumFlag != 0;
    /* libzstd 1.5.7 gives the variant of a skippable frame. */
    unsigned int dict_id = skippable ? 0 : header->dictID;
    return Py_BuildValue("KKnNKKINNNN", offset, walk->size, (Py_ssize_t)walk->header_size,
                         optional_number(content != ZSTD_CONTENTSIZE_UNKNOWN, content),
                         header->windowSize, walk->blocks, dict_id, PyBool_FromLong(checked),
                         optional_number(checked, walk->checksum), PyBool_FromLong(skippable),
                         optional_number(skippable, (unsigned long long)walk->magic_variant));
}

PyObject *
frame_info_new(ModuleState *state, const FrameWalk *walk, unsigned long long offset)
{
    PyObject *values = values_of(walk, offset);
    if (values == NULL) {
        return NULL;
    }
    FrameInfo *self = object_new(state, state->frame_info);
    if (self == NULL) {
        Py_DECREF(values);
        return NULL;
    }
    self->values = values;
    return (PyObject *)self;
}

static void
frame_info_dealloc(PyObject *op)
{
    PyTypeObject *type = object_dealloc_begin(op);
    Py_CLEAR(((FrameInfo *)op)->values);
    object_dealloc_end(op, type);
}

static int
frame_info_traverse(PyObject *op, visitproc visit, void *arg)
{
    Py_VISIT(((FrameInfo *)op)->values);
    return object_traverse(op, visit, arg);
}

static PyObject *
frame_info_get(PyObject *op, void *place)
{
    return Py_NewRef(PyTuple_GET_ITEM(((FrameInfo *)op)->values, (intptr_t)place));
}

#define VALUE(place, name, doc) {name, frame_info_get, NULL, doc, (void *)(intptr_t)(place)}

static PyGetSetDef frame_info_getset[] = {
    VALUE(0, "offset", "Where the frame starts, in bytes from where listing began."),
    VALUE(1, "compressed_size", "Size in bytes of the whole frame."),
    VALUE(2, "header_size",
          "Size in bytes of the frame's header; 8 for a skippable frame, whose content follows it\n"
          "to the frame's end."),
    VALUE(3, "content_size",
          "Stated content size in bytes, None if none is stated; 0 for a skippable frame."),
    VALUE(4, "window_size",
          "Size in bytes of the window that decompression needs; 0 for a skippable frame."),
    VALUE(5, "blocks", "How many blocks the frame has; 0 for a skippable frame."),
    VALUE(6, "dict_id",
          "Number of the dictionary that decompression needs; 0 for none or not stated."),
    VALUE(7, "has_checksum", "Whether the frame ends with a checksum of its content."),
    VALUE(8, "checksum",
          "The checksum, the lowest 32 bits of the content's XXH64 hash; None without one."),
    VALUE(9, "is_skippable", "Whether it is a skippable frame."),
    VALUE(10, "magic_variant",
          "The number from 0 to 15 that a skippable frame's magic number holds; None for other\n"
          "frames."),
    {NULL},
};

static PyObject *
frame_info_repr(PyObject *op)
{
    PyObject *text = PyUnicode_FromString("FrameInfo(");
    for (const PyGetSetDef *value = frame_info_getset; value->name != NULL && text != NULL;
         value++) {
        PyObject *more = PyUnicode_FromFormat(
            "%U%s%s=%R", text, value == frame_info_getset ? "" : ", ", value->name,
            PyTuple_GET_ITEM(((FrameInfo *)op)->values, (intptr_t)value->closure));
        Py_DECREF(text);
        text = more;
    }
    if (text != NULL) {
        PyUnicode_AppendAndDel(&text, PyUnicode_FromString(")"));
    }
    return text;
}

static PyObject *
frame_info_compare(PyObject *op, PyObject *other, int operation)
{
    if (!Py_IS_TYPE(other, Py_TYPE(op)) || (operation != Py_EQ && operation != Py_NE)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyObject_RichCompare(((FrameInfo *)op)->values, ((FrameInfo *)other)->values, operation);
}

static Py_hash_t
frame_info_hash(PyObject *op)
{
    return PyObject_Hash(((FrameInfo *)op)->values);
}

static char frame_info_doc[] = PyDoc_STR(
    "What can be told of a frame without decompressing it (RFC 8878, section 3.1); made by\n"
    "list_frames(). Those with the same values are equal.");

static PyType_Slot frame_info_slots[] = {
    {Py_tp_dealloc, frame_info_dealloc},
    {Py_tp_traverse, frame_info_traverse},
    {Py_tp_repr, frame_info_repr},
    {Py_tp_richcompare, frame_info_compare},
    {Py_tp_hash, frame_info_hash},
    {Py_tp_getset, frame_info_getset},
    {Py_tp_methods, object_methods},
    {Py_tp_doc, frame_info_doc},
    {0, NULL},
};

PyType_Spec frame_info_spec = {
    .name = "zstandard.backend_c.FrameInfo",
    .basicsize = sizeof(FrameInfo),
    .flags = OBJECT_FACTORY_MADE,
    .slots = frame_info_slots,
};
