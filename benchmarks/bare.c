/* The least that a method can do around libzstd: it checks nothing, and has one context. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <zstd.h>

/* As in worker.py. */
enum { LEVEL = 3 };

static ZSTD_CCtx *compressor;
static ZSTD_DCtx *decompressor;

static PyObject *
compress(PyObject *Py_UNUSED(module), PyObject *data)
{
    size_t size = (size_t)PyBytes_GET_SIZE(data);
    size_t room = ZSTD_compressBound(size);
    PyObject *frame = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)room);
    size_t used;
    Py_BEGIN_ALLOW_THREADS
    used =
        ZSTD_compress2(compressor, PyBytes_AS_STRING(frame), room, PyBytes_AS_STRING(data), size);
    Py_END_ALLOW_THREADS
    _PyBytes_Resize(&frame, (Py_ssize_t)used);
    return frame;
}

static PyObject *
decompress(PyObject *Py_UNUSED(module), PyObject *frame)
{
    const char *start = PyBytes_AS_STRING(frame);
    size_t size = (size_t)PyBytes_GET_SIZE(frame);
    size_t room = (size_t)ZSTD_getFrameContentSize(start, size);
    PyObject *data = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)room);
    Py_BEGIN_ALLOW_THREADS
    ZSTD_decompressDCtx(decompressor, PyBytes_AS_STRING(data), room, start, size);
    Py_END_ALLOW_THREADS
    return data;
}

static PyMethodDef methods[] = {
    {"compress", compress, METH_O, NULL},
    {"decompress", decompress, METH_O, NULL},
    {NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "bare",
    .m_size = -1,
    .m_methods = methods,
};

PyMODINIT_FUNC
PyInit_bare(void)
{
    compressor = ZSTD_createCCtx();
    decompressor = ZSTD_createDCtx();
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, LEVEL);
    return PyModule_Create(&definition);
}
