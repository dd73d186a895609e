/* The module's constants. */

#include "constants.h"

#include "types/dictionary.h"

#include <stddef.h>

typedef struct {
    const char *name;
    unsigned long long value;
} Constant;

static const Constant constants[] = {
    {"BLOCKSIZELOG_MAX", ZSTD_BLOCKSIZELOG_MAX},
    {"BLOCKSIZE_MAX", ZSTD_BLOCKSIZE_MAX},
    {"CHAINLOG_MAX", ZSTD_CHAINLOG_MAX},
    {"CHAINLOG_MIN", ZSTD_CHAINLOG_MIN},
    {"COMPRESSOBJ_FLUSH_BLOCK", 1},
    {"COMPRESSOBJ_FLUSH_FINISH", 0},
    {"CONTENTSIZE_ERROR", ZSTD_CONTENTSIZE_ERROR},
    {"CONTENTSIZE_UNKNOWN", ZSTD_CONTENTSIZE_UNKNOWN},
    {"DICT_TYPE_AUTO", ZSTD_dct_auto},
    {"DICT_TYPE_FULLDICT", ZSTD_dct_fullDict},
    {"DICT_TYPE_PREFIX", DICTIONARY_PREFIX},
    {"DICT_TYPE_RAWCONTENT", ZSTD_dct_rawContent},
    {"FLUSH_BLOCK", 0},
    {"FLUSH_FRAME", 1},
    {"FORMAT_ZSTD1", ZSTD_f_zstd1},
    {"FORMAT_ZSTD1_MAGICLESS", ZSTD_f_zstd1_magicless},
    {"HASHLOG_MAX", ZSTD_HASHLOG_MAX},
    {"HASHLOG_MIN", ZSTD_HASHLOG_MIN},
    {"LDM_BUCKETSIZELOG_MAX", ZSTD_LDM_BUCKETSIZELOG_MAX},
    {"LDM_MINMATCH_MAX", ZSTD_LDM_MINMATCH_MAX},
    {"LDM_MINMATCH_MIN", ZSTD_LDM_MINMATCH_MIN},
    {"MAGIC_NUMBER", ZSTD_MAGICNUMBER},
    {"MINMATCH_MAX", ZSTD_MINMATCH_MAX},
    {"MINMATCH_MIN", ZSTD_MINMATCH_MIN},
    /* MINMATCH under the name that libzstd once had for it. */
    {"SEARCHLENGTH_MAX", ZSTD_MINMATCH_MAX},
    {"SEARCHLENGTH_MIN", ZSTD_MINMATCH_MIN},
    {"SEARCHLOG_MAX", ZSTD_SEARCHLOG_MAX},
    {"SEARCHLOG_MIN", ZSTD_SEARCHLOG_MIN},
    {"STRATEGY_BTLAZY2", ZSTD_btlazy2},
    {"STRATEGY_BTOPT", ZSTD_btopt},
    {"STRATEGY_BTULTRA", ZSTD_btultra},
    {"STRATEGY_BTULTRA2", ZSTD_btultra2},
    {"STRATEGY_DFAST", ZSTD_dfast},
    {"STRATEGY_FAST", ZSTD_fast},
    {"STRATEGY_GREEDY", ZSTD_greedy},
    {"STRATEGY_LAZY", ZSTD_lazy},
    {"STRATEGY_LAZY2", ZSTD_lazy2},
    {"TARGETLENGTH_MAX", ZSTD_TARGETLENGTH_MAX},
    {"TARGETLENGTH_MIN", ZSTD_TARGETLENGTH_MIN},
    {"WINDOWLOG_MAX", ZSTD_WINDOWLOG_MAX},
    {"WINDOWLOG_MIN", ZSTD_WINDOWLOG_MIN},
};

/* Adds a value and takes its reference; NULL: it could not be made. Returns 0, or -1 and raises. */
static int
add_object(PyObject *module, const char *name, PyObject *value)
{
    int result = PyModule_AddObjectRef(module, name, value);
    Py_XDECREF(value);
    return result;
}

static int
add_number(PyObject *module, const char *name, unsigned long long value)
{
    return add_object(module, name, PyLong_FromUnsignedLongLong(value));
}

/* What only the library at hand can tell. */
static int
add_library_constants(PyObject *module)
{
    unsigned int version = ZSTD_versionNumber();
    static const unsigned char frame_header[] = {0x28, 0xB5, 0x2F, 0xFD};
    if (add_object(module, "ZSTD_VERSION",
                   Py_BuildValue("(III)", version / 10000, version / 100 % 100, version % 100)) <
            0 ||
        add_object(module, "FRAME_HEADER",
                   PyBytes_FromStringAndSize((const char *)frame_header, sizeof(frame_header))) <
            0 ||
        add_number(module, "MAX_COMPRESSION_LEVEL", (unsigned long long)ZSTD_maxCLevel()) < 0 ||
        add_number(module, "COMPRESSION_RECOMMENDED_INPUT_SIZE", ZSTD_CStreamInSize()) < 0 ||
        add_number(module, "COMPRESSION_RECOMMENDED_OUTPUT_SIZE", ZSTD_CStreamOutSize()) < 0 ||
        add_number(module, "DECOMPRESSION_RECOMMENDED_INPUT_SIZE", ZSTD_DStreamInSize()) < 0 ||
        add_number(module, "DECOMPRESSION_RECOMMENDED_OUTPUT_SIZE", ZSTD_DStreamOutSize()) < 0) {
        return -1;
    }
    return 0;
}

int
constants_add(PyObject *module)
{
    for (size_t i = 0; i < Py_ARRAY_LENGTH(constants); i++) {
        if (add_number(module, constants[i].name, constants[i].value) < 0) {
            return -1;
        }
    }
    if (PyModule_AddStringConstant(module, "__version__", ZSTANDARD_VERSION) < 0) {
        return -1;
    }
    return add_library_constants(module);
}
