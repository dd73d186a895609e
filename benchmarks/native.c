/* The loops of a C program on bare libzstd, for the operations of bindings.py.

   Reads requests, and answers, as worker.py does. */

#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* These are also in worker.py. */
enum { LEVEL = 3, PIECE = 64 << 10, ITEMS = 1000, THREADS = 2, WARM_UP_MAX = 50, PAGE = 4096 };

typedef struct Bytes {
    char *start;
    size_t size;
} Bytes;

/* What an operation works with; made anew for each request, and not measured. */
typedef struct Work {
    char *pad;
    Bytes data;
    Bytes frame;
    Bytes line_frame;
    Bytes dictionary_frame;
    Bytes dictionary;
    Bytes room;  /* for results */
    char *piece; /* where input is read to from a file, as readers do; NULL where it is given */
    ZSTD_CCtx *compressor;
    ZSTD_DCtx *decompressor;
    ZSTD_CDict *digest;
    ZSTD_DDict *decoder;
} Work;

static void
must(bool succeeded, const char *what)
{
    if (!succeeded) {
        fprintf(stderr, "native: %s failed\n", what);
        exit(1);
    }
}

static size_t
checked(size_t result, const char *what)
{
    must(!ZSTD_isError(result), what);
    return result;
}

static Bytes
read_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    must(file != NULL, path);
    fseek(file, 0, SEEK_END);
    Bytes bytes = {.size = (size_t)ftell(file)};
    rewind(file);
    bytes.start = malloc(bytes.size + 1);
    must(fread(bytes.start, 1, bytes.size, file) == bytes.size, path);
    fclose(file);
    return bytes;
}

/* --- the operations: once each --- */

static void
compress(Work *self)
{
    checked(ZSTD_compress2(self->compressor, self->room.start, self->room.size, self->data.start,
                           self->data.size),
            "compress");
}

static void
decompress(Work *self)
{
    checked(ZSTD_decompressDCtx(self->decompressor, self->room.start, self->room.size,
                                self->frame.start, self->frame.size),
            "decompress");
}

static void
decompress_lines(Work *self)
{
    checked(ZSTD_decompressDCtx(self->decompressor, self->room.start, self->room.size,
                                self->line_frame.start, self->line_frame.size),
            "decompress");
}

/* Into memory that was never touched, as bytes of Python's are. */
static void
decompress_fresh(Work *self)
{
    char *fresh = malloc(self->data.size);
    checked(ZSTD_decompressDCtx(self->decompressor, fresh, self->data.size, self->frame.start,
                                self->frame.size),
            "decompress");
    free(fresh);
}

static void
compress_with_dictionary(Work *self)
{
    checked(ZSTD_compress_usingCDict(self->compressor, self->room.start, self->room.size,
                                     self->data.start, self->data.size, self->digest),
            "compress with dictionary");
}

static void
decompress_with_dictionary(Work *self)
{
    checked(ZSTD_decompress_usingDDict(self->decompressor, self->room.start, self->room.size,
                                       self->dictionary_frame.start, self->dictionary_frame.size,
                                       self->decoder),
            "decompress with dictionary");
}

/* Where a piece of the input is, once it is read. */
static const char *
piece_of(const Work *self, const Bytes *bytes, size_t at, size_t size)
{
    return self->piece == NULL ? bytes->start + at : memcpy(self->piece, bytes->start + at, size);
}

static void
compress_stream(Work *self)
{
    size_t left = 1;
    for (size_t at = 0; at < self->data.size || left > 0;) {
        size_t size = self->data.size - at < PIECE ? self->data.size - at : PIECE;
        ZSTD_inBuffer in = {piece_of(self, &self->data, at, size), size, 0};
        ZSTD_EndDirective what = at + size == self->data.size ? ZSTD_e_end : ZSTD_e_continue;
        do {
            ZSTD_outBuffer out = {self->room.start, ZSTD_CStreamOutSize(), 0};
            left = checked(ZSTD_compressStream2(self->compressor, &out, &in, what), "stream");
        } while (in.pos < in.size || (what == ZSTD_e_end && left > 0));
        at += size;
    }
}

static void
decompress_stream(Work *self)
{
    for (size_t at = 0; at < self->frame.size; at += PIECE) {
        size_t size = self->frame.size - at < PIECE ? self->frame.size - at : PIECE;
        ZSTD_inBuffer in = {piece_of(self, &self->frame, at, size), size, 0};
        ZSTD_outBuffer out;
        do {
            out = (ZSTD_outBuffer){self->room.start, PIECE, 0};
            checked(ZSTD_decompressStream(self->decompressor, &out, &in), "stream");
        } while (in.pos < in.size || out.pos == out.size);
    }
}

/* --- many items --- */

typedef struct Share {
    Work *work;
    size_t first;
    size_t end;
    bool compresses;
    bool apart; /* whether each result has a place of its own, for all to be kept */
} Share;

static void *
work_on_share(void *argument)
{
    Share *share = argument;
    Work *work = share->work;
    size_t bound = ZSTD_compressBound(work->data.size);
    ZSTD_CCtx *compressor = ZSTD_createCCtx();
    ZSTD_DCtx *decompressor = ZSTD_createDCtx();
    ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, LEVEL);
    for (size_t i = share->first; i < share->end; i++) {
        char *to = work->room.start + (share->apart ? i : share->first) * bound;
        if (share->compresses) {
            checked(ZSTD_compress2(compressor, to, bound, work->data.start, work->data.size),
                    "compress");
        }
        else {
            checked(
                ZSTD_decompressDCtx(decompressor, to, bound, work->frame.start, work->frame.size),
                "decompress");
        }
    }
    ZSTD_freeCCtx(compressor);
    ZSTD_freeDCtx(decompressor);
    return NULL;
}

static void
many(Work *self, bool compresses, bool apart, int threads)
{
    pthread_t ids[THREADS];
    Share shares[THREADS];
    for (int i = 0; i < threads; i++) {
        size_t first = (size_t)(ITEMS / threads * i);
        shares[i] = (Share){self, first, first + (size_t)(ITEMS / threads), compresses, apart};
        if (i > 0) {
            must(pthread_create(&ids[i], NULL, work_on_share, &shares[i]) == 0, "thread");
        }
    }
    work_on_share(&shares[0]);
    for (int i = 1; i < threads; i++) {
        pthread_join(ids[i], NULL);
    }
}

static void
multi_compress(Work *self)
{
    many(self, true, true, 1);
}

static void
multi_compress_threads(Work *self)
{
    many(self, true, true, THREADS);
}

static void
multi_decompress(Work *self)
{
    many(self, false, true, 1);
}

static void
multi_decompress_threads(Work *self)
{
    many(self, false, true, THREADS);
}

static void
compress_many(Work *self)
{
    many(self, true, false, 1);
}

static void
compress_many_threads(Work *self)
{
    many(self, true, false, THREADS);
}

static void
decompress_many(Work *self)
{
    many(self, false, false, 1);
}

static void
decompress_many_threads(Work *self)
{
    many(self, false, false, THREADS);
}

/* --- requests --- */

static const struct {
    const char *name;
    void (*function)(Work *);
} operations[] = {
    {"compress", compress},
    {"compress with threads", compress},
    {"decompress", decompress},
    {"decompress lines", decompress_lines},
    {"decompress to fresh memory", decompress_fresh},
    {"compress with dictionary", compress_with_dictionary},
    {"decompress with dictionary", decompress_with_dictionary},
    {"compressobj", compress_stream},
    {"compression reader", compress_stream},
    {"compression writer", compress_stream},
    {"decompressobj", decompress_stream},
    {"decompression reader", decompress_stream},
    {"decompression writer", decompress_stream},
    {"multi_compress", multi_compress},
    {"multi_compress with threads", multi_compress_threads},
    {"multi_decompress", multi_decompress},
    {"multi_decompress with threads", multi_decompress_threads},
    /* What a binding does in another way than the first of these, C does in the same. */
    {"new compressor", compress},
    {"function compress", compress},
    {"function decompress", decompress},
    {"compress many", compress_many},
    {"compress many with threads", compress_many_threads},
    {"decompress many", decompress_many},
    {"decompress many with threads", decompress_many_threads},
};

static double
now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* The most memory that the process has had since it was forgotten, less its code, in bytes. */
static double
peak(void)
{
    char line[256];
    long most = 0;
    long code = 0;
    FILE *file = fopen("/proc/self/status", "r");
    must(file != NULL, "/proc/self/status");
    while (fgets(line, sizeof(line), file) != NULL) {
        sscanf(line, "VmHWM: %ld", &most);
        sscanf(line, "RssFile: %ld", &code);
    }
    fclose(file);
    return (double)(most - code) * 1024;
}

static double
growth(void (*function)(Work *), Work *work)
{
    FILE *file = fopen("/proc/self/clear_refs", "w");
    must(file != NULL, "/proc/self/clear_refs");
    fputs("5", file); /* forgets the former peak */
    fclose(file);
    double before = peak();
    function(work);
    return peak() - before;
}

static double
seconds(void (*function)(Work *), Work *work, long count, long times)
{
    long warm_up = count / 10 < WARM_UP_MAX ? count / 10 : WARM_UP_MAX;
    do {
        function(work);
    } while (--warm_up > 0);
    double best = 0;
    for (long time = 0; time < times; time++) {
        double start = now();
        for (long i = 0; i < count; i++) {
            function(work);
        }
        double took = now() - start;
        best = time == 0 || took < best ? took : best;
    }
    return best;
}

static Work
work_in(const char *folder, const char *name)
{
    bool many_items = strstr(name, "multi") != NULL || strstr(name, "many") != NULL;
    Work work = {
        .data = read_file(folder, "data"),
        .frame = read_file(folder, "frame"),
        .line_frame = read_file(folder, "line_frame"),
        .dictionary_frame = read_file(folder, "dictionary_frame"),
        .dictionary = read_file(folder, "dictionary"),
        .piece = strstr(name, "reader") == NULL ? NULL : malloc(PIECE),
    };
    work.pad = malloc((size_t)(rand() % PAGE)); /* see worker.py */
    work.compressor = ZSTD_createCCtx();
    work.decompressor = ZSTD_createDCtx();
    work.room.size = ZSTD_compressBound(work.data.size) * (many_items ? ITEMS : 1) + PIECE * 4;
    work.room.start = malloc(work.room.size);
    must(work.room.start != NULL, "room");
    memset(work.room.start, 1, work.room.size);
    work.digest = ZSTD_createCDict(work.dictionary.start, work.dictionary.size, LEVEL);
    work.decoder = ZSTD_createDDict(work.dictionary.start, work.dictionary.size);
    ZSTD_CCtx_setParameter(work.compressor, ZSTD_c_compressionLevel, LEVEL);
    if (strcmp(name, "compress with threads") == 0) {
        ZSTD_CCtx_setParameter(work.compressor, ZSTD_c_nbWorkers, THREADS);
    }
    return work;
}

static void
work_done(Work *work)
{
    ZSTD_freeCCtx(work->compressor);
    ZSTD_freeDCtx(work->decompressor);
    ZSTD_freeCDict(work->digest);
    ZSTD_freeDDict(work->decoder);
    free(work->pad);
    free(work->piece);
    free(work->room.start);
    free(work->data.start);
    free(work->frame.start);
    free(work->line_frame.start);
    free(work->dictionary_frame.start);
    free(work->dictionary.start);
}

static void
answer(const char *what, const char *name, long count, long times, const char *folder)
{
    size_t i = 0;
    size_t known = sizeof(operations) / sizeof(*operations);
    while (i < known && strcmp(operations[i].name, name) != 0) {
        i++;
    }
    if (i == known) {
        puts("-");
        return;
    }
    Work work = work_in(folder, name);
    bool time = strcmp(what, "time") == 0;
    printf("%.9f\n", time ? seconds(operations[i].function, &work, count, times)
                          : growth(operations[i].function, &work));
    work_done(&work);
}

int
main(void)
{
    char line[8192];
    srand((unsigned)getpid());
    while (fgets(line, sizeof(line), stdin) != NULL) {
        const char *what = strtok(line, "\t");
        const char *name = strtok(NULL, "\t");
        const char *count = strtok(NULL, "\t");
        const char *times = strtok(NULL, "\t");
        const char *folder = strtok(NULL, "\n");
        must(folder != NULL, "the request");
        answer(what, name, atol(count), atol(times), folder);
        fflush(stdout);
    }
    return 0;
}
