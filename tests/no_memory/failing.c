/* Has allocations fail: those of Python by hooks into its allocators; those that libzstd and this
   package make by malloc(), and threads that they start, by standing before these functions, which
   takes that this is preloaded. It is an extension module as well, `failing`. */

#define _GNU_SOURCE
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

/* glibc's own, under names that nobody stands before. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *address, size_t size);
extern void __libc_free(void *address);

/* Allocations are counted while it is set, and fail from `first` to `last`. */
static atomic_bool armed;
static long first;
static long last;
static atomic_long seen;
static atomic_long failed;
static char no_note[100];
static char *note =
    no_note;             /* of the one that failed first; in shared memory, to outlive a crash */
static atomic_long live; /* blocks that are allocated and not freed */

enum { SPARED_MAX = 16 };

/* What is neither counted nor fails. */
static struct {
    char kind[20];
    size_t size;
} spared[SPARED_MAX];
static int spared_count;

static bool
is_spared(const char *kind, size_t size)
{
    for (int i = 0; i < spared_count; i++) {
        if (size == spared[i].size && strcmp(kind, spared[i].kind) == 0) {
            return true;
        }
    }
    return false;
}

static bool
fails(const char *kind, size_t size)
{
    if (!atomic_load(&armed) || is_spared(kind, size)) {
        return false;
    }
    long number = atomic_fetch_add(&seen, 1) + 1;
    if (number < first || number > last) {
        return false;
    }
    if (atomic_fetch_add(&failed, 1) == 0) {
        snprintf(note, sizeof(no_note), "%s of %zu bytes", kind, size);
    }
    return true;
}

static void *
count_new(void *address)
{
    if (address != NULL) {
        atomic_fetch_add(&live, 1);
    }
    return address;
}

static void
count_freed(const void *address)
{
    if (address != NULL) {
        atomic_fetch_sub(&live, 1);
    }
}

/* --- malloc() and threads, as called by libzstd and by this package --- */

enum { WATCHED_MAX = 16 };

static struct {
    uintptr_t start;
    uintptr_t end;
} watched[WATCHED_MAX];
static atomic_int watched_count;

static bool
is_watched(const void *caller)
{
    int count = atomic_load_explicit(&watched_count, memory_order_relaxed);
    for (int i = 0; i < count; i++) {
        if ((uintptr_t)caller >= watched[i].start && (uintptr_t)caller < watched[i].end) {
            return true;
        }
    }
    return false;
}

static int
watch_object(struct dl_phdr_info *object, size_t size, void *name)
{
    (void)size;
    const char *slash = strrchr(object->dlpi_name, '/');
    if (strncmp(slash == NULL ? object->dlpi_name : slash + 1, name, strlen(name)) != 0) {
        return 0;
    }
    for (int i = 0; i < object->dlpi_phnum && watched_count < WATCHED_MAX; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_LOAD && (part->p_flags & PF_X) != 0) {
            watched[watched_count].start = object->dlpi_addr + part->p_vaddr;
            watched[watched_count].end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
            watched_count++;
        }
    }
    return 0;
}

static void *
no_memory(void)
{
    errno = ENOMEM;
    return NULL;
}

void *
malloc(size_t size)
{
    if (!is_watched(__builtin_return_address(0))) {
        return __libc_malloc(size);
    }
    return fails("malloc", size) ? no_memory() : count_new(__libc_malloc(size));
}

void *
calloc(size_t count, size_t size)
{
    if (!is_watched(__builtin_return_address(0))) {
        return __libc_calloc(count, size);
    }
    return fails("calloc", count * size) ? no_memory() : count_new(__libc_calloc(count, size));
}

void *
realloc(void *address, size_t size)
{
    if (!is_watched(__builtin_return_address(0))) {
        return __libc_realloc(address, size);
    }
    if (fails("realloc", size)) {
        return no_memory();
    }
    void *moved = __libc_realloc(address, size);
    return address == NULL ? count_new(moved) : moved;
}

void
free(void *address)
{
    if (is_watched(__builtin_return_address(0))) {
        count_freed(address);
    }
    __libc_free(address);
}

typedef int CreateThread(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int
pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*function)(void *),
               void *argument)
{
    static _Atomic(CreateThread *) real;
    CreateThread *create = atomic_load(&real);
    if (create == NULL) {
        create = (CreateThread *)(uintptr_t)dlsym(RTLD_NEXT, "pthread_create");
        atomic_store(&real, create);
    }
    if (is_watched(__builtin_return_address(0)) && fails("pthread_create", 0)) {
        return EAGAIN;
    }
    return create(thread, attributes, function, argument);
}

/* --- Python's allocators --- */

enum { DOMAINS = 3 };

static PyMemAllocatorEx originals[DOMAINS];
static const char *const kinds[DOMAINS] = {"PyMem_Raw", "PyMem", "PyObject"};

static const char *
kind_of(const PyMemAllocatorEx *original)
{
    return kinds[original - originals];
}

static void *
hook_malloc(void *context, size_t size)
{
    PyMemAllocatorEx *original = context;
    return fails(kind_of(original), size) ? NULL : count_new(original->malloc(original->ctx, size));
}

static void *
hook_calloc(void *context, size_t count, size_t size)
{
    PyMemAllocatorEx *original = context;
    return fails(kind_of(original), count * size)
               ? NULL
               : count_new(original->calloc(original->ctx, count, size));
}

static void *
hook_realloc(void *context, void *address, size_t size)
{
    PyMemAllocatorEx *original = context;
    if (fails(kind_of(original), size)) {
        return NULL;
    }
    void *moved = original->realloc(original->ctx, address, size);
    return address == NULL ? count_new(moved) : moved;
}

static void
hook_free(void *context, void *address)
{
    PyMemAllocatorEx *original = context;
    count_freed(address);
    original->free(original->ctx, address);
}

/* --- the module --- */

/* watch(name): counts and fails what loaded libraries allocate whose file is named so. */
static PyObject *
watch(PyObject *module, PyObject *name)
{
    (void)module;
    const char *text = PyUnicode_AsUTF8(name);
    if (text == NULL) {
        return NULL;
    }
    dl_iterate_phdr(watch_object, (void *)(uintptr_t)text);
    Py_RETURN_NONE;
}

/* Returns the exception that is set, without its traceback, whose frames keep objects alive. */
static PyObject *
take_exception(void)
{
#if PY_VERSION_HEX >= 0x030C0000
    PyObject *value = PyErr_GetRaisedException();
    PyException_SetTraceback(value, Py_None);
    return value;
#else
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    Py_XDECREF(type);
    Py_XDECREF(traceback);
    return value;
#endif
}

/* run(first, last, call): calls it, and has the allocations of these numbers fail, from 1. Returns
   (result, exception, what failed): one of the first two is None, and the third, too, if there were
   not that many; else it is a str. */
static PyObject *
run(PyObject *module, PyObject *args)
{
    (void)module;
    PyObject *call;
    if (!PyArg_ParseTuple(args, "llO", &first, &last, &call)) {
        return NULL;
    }
    atomic_store(&seen, 0);
    atomic_store(&failed, 0);
    atomic_store(&armed, true);
    PyObject *result = PyObject_CallNoArgs(call);
    atomic_store(&armed, false);
    PyObject *error = result == NULL ? take_exception() : Py_NewRef(Py_None);
    PyObject *what = failed == 0 ? Py_NewRef(Py_None) : PyUnicode_FromString(note);
    return Py_BuildValue("NNN", result == NULL ? Py_NewRef(Py_None) : result, error, what);
}

/* spare(list): of pairs (kind, size in bytes), which never fail from now on. */
static PyObject *
spare(PyObject *module, PyObject *list)
{
    (void)module;
    spared_count = 0;
    for (Py_ssize_t i = 0; i < PyList_Size(list) && spared_count < SPARED_MAX; i++) {
        const char *kind;
        Py_ssize_t size;
        if (!PyArg_ParseTuple(PyList_GET_ITEM(list, i), "sn", &kind, &size)) {
            return NULL;
        }
        strncpy(spared[spared_count].kind, kind, sizeof(spared[0].kind) - 1);
        spared[spared_count].size = (size_t)size;
        spared_count++;
    }
    return PyErr_Occurred() ? NULL : Py_NewRef(Py_None);
}

/* take_notes(memory): has a writable buffer, which is never freed, tell what was the first to fail.
 */
static PyObject *
take_notes(PyObject *module, PyObject *memory)
{
    static Py_buffer view;
    (void)module;
    if (PyObject_GetBuffer(memory, &view, PyBUF_WRITABLE) < 0) {
        return NULL;
    }
    if ((size_t)view.len < sizeof(no_note)) {
        return PyErr_Format(PyExc_ValueError, "notes take %zu bytes", sizeof(no_note));
    }
    note = view.buf;
    Py_RETURN_NONE;
}

/* blocks(): how many blocks are allocated, give or take what was before hooks were set. */
static PyObject *
blocks(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyLong_FromLong(atomic_load(&live));
}

static PyMethodDef functions[] = {
    {"watch", watch, METH_O, NULL},        {"run", run, METH_VARARGS, NULL},
    {"spare", spare, METH_O, NULL},        {"take_notes", take_notes, METH_O, NULL},
    {"blocks", blocks, METH_NOARGS, NULL}, {NULL, NULL, 0, NULL},
};

static PyModuleDef definition = {
    .m_base = PyModuleDef_HEAD_INIT,
    .m_name = "failing",
    .m_size = -1,
    .m_methods = functions,
};

PyMODINIT_FUNC
PyInit_failing(void)
{
    static const PyMemAllocatorDomain domains[DOMAINS] = {PYMEM_DOMAIN_RAW, PYMEM_DOMAIN_MEM,
                                                          PYMEM_DOMAIN_OBJ};
    for (int i = 0; i < DOMAINS; i++) {
        PyMemAllocatorEx hooks = {&originals[i], hook_malloc, hook_calloc, hook_realloc, hook_free};
        PyMem_GetAllocator(domains[i], &originals[i]);
        PyMem_SetAllocator(domains[i], &hooks);
    }
    PyObject *module = PyModule_Create(&definition);
#ifdef Py_GIL_DISABLED
    if (module != NULL) {
        PyUnstable_Module_SetGIL(module, Py_MOD_GIL_NOT_USED);
    }
#endif
    return module;
}
