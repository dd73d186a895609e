/* The layout of frames (RFC 8878, section 3.1), read without decompressing. */

#include "engine/frame.h"

#include "engine/error.h"

#include <string.h>

enum { CHECKSUM_SIZE = 4 };

/* From so many bytes on, other threads run during a walk: there may be three to a block, and each
   block may have to come from a mapped file. */
static const size_t LONG_WALK = (size_t)1 << 20;

/* The lowest bit of a block header says whether the block is the last, the next two its type. */
enum { BLOCK_RAW, BLOCK_RLE, BLOCK_COMPRESSED, BLOCK_RESERVED };

/* A number of `size` bytes, the lowest first. */
static unsigned int
read_number(const unsigned char *bytes, size_t size)
{
    unsigned int number = 0;
    for (size_t i = size; i > 0; i--) {
        number = number << 8 | bytes[i - 1];
    }
    return number;
}

static bool
starts_like_magic(const unsigned char *bytes, size_t size)
{
    static const unsigned char frame_magic[FRAME_MAGIC_SIZE] = {0x28, 0xB5, 0x2F, 0xFD};
    static const unsigned char skippable_magic[FRAME_MAGIC_SIZE] = {0x50, 0x2A, 0x4D, 0x18};
    bool frame = true;
    bool skippable = true;
    for (size_t i = 0; i < size && i < FRAME_MAGIC_SIZE; i++) {
        /* The lowest four bits of a skippable frame's magic number are free. */
        unsigned char significant = i == 0 ? bytes[i] & 0xF0 : bytes[i];
        frame = frame && bytes[i] == frame_magic[i];
        skippable = skippable && significant == skippable_magic[i];
    }
    return frame || skippable;
}

unsigned int
frame_magic_number(const ZSTD_inBuffer *in)
{
    return read_number((const unsigned char *)in->src + in->pos, FRAME_MAGIC_SIZE);
}

void
frame_write_skippable_header(void *header, unsigned int content_size, int magic_variant)
{
    unsigned int numbers[] = {ZSTD_MAGIC_SKIPPABLE_START + (unsigned int)magic_variant,
                              content_size};
    unsigned char *bytes = header;
    for (size_t i = 0; i < ZSTD_SKIPPABLEHEADERSIZE; i++) {
        bytes[i] = (unsigned char)(numbers[i / 4] >> i % 4 * 8);
    }
}

bool
frame_is_skippable(const ZSTD_inBuffer *in, ZSTD_format_e format)
{
    /* The first byte tells it from a frame's; another one is an error. */
    unsigned char first = ((const unsigned char *)in->src)[in->pos];
    return format == ZSTD_f_zstd1 && (first & 0xF0) == (ZSTD_MAGIC_SKIPPABLE_START & 0xF0);
}

size_t
frame_read_header(ZSTD_frameHeader *header, const ZSTD_inBuffer *in, ZSTD_format_e format)
{
    const unsigned char *start = (const unsigned char *)in->src + in->pos;
    size_t size = in->size - in->pos;
    size_t result = ZSTD_getFrameHeader_advanced(header, start, size, format);
    /* libzstd 1.5.4 asks for more even if the first bytes are wrong. */
    if (result > 0 && !ZSTD_isError(result) && format == ZSTD_f_zstd1 &&
        !starts_like_magic(start, size)) {
        return NATIVE_ERROR(prefix_unknown);
    }
    return result;
}

/* --- the walk over one frame --- */

void
frame_walk_begin(FrameWalk *self, ZSTD_format_e format)
{
    /* The rest is set before it is read, and need not be zeroed for each of many small frames. */
    self->format = format;
    self->stage = FRAME_HEADER;
    self->size = 0;
    self->skip = 0;
    self->blocks = 0;
    self->held_size = 0;
}

void
frame_walk_skip(FrameWalk *self, unsigned long long count)
{
    self->skip -= count;
    self->size += count;
}

unsigned long long
frame_walk_content(const FrameWalk *self)
{
    /* libzstd gives the length of what is to be skipped. */
    return self->header.frameType == ZSTD_skippableFrame ? 0 : self->header.frameContentSize;
}

static unsigned long long
capacity_of(const FrameWalk *self)
{
    return self->blocks * ZSTD_BLOCKSIZE_MAX;
}

/* Takes input into what is held until this is of that size. Returns whether it is. */
static bool
hold(FrameWalk *self, ZSTD_inBuffer *in, size_t size)
{
    size_t taken = size - self->held_size;
    if (taken > in->size - in->pos) {
        taken = in->size - in->pos;
    }
    memcpy(self->held + self->held_size, (const unsigned char *)in->src + in->pos, taken);
    in->pos += taken;
    self->size += taken;
    self->held_size += taken;
    self->wanted = size - self->held_size;
    return self->wanted == 0;
}

/* Takes a part of `size` bytes, whole from the input if it is there. Returns where it is, or NULL
   if more input is wanted. */
static const unsigned char *
take(FrameWalk *self, ZSTD_inBuffer *in, size_t size)
{
    if (self->held_size > 0 || in->size - in->pos < size) {
        bool whole = hold(self, in, size);
        self->held_size = whole ? 0 : self->held_size;
        return whole ? self->held : NULL;
    }
    const unsigned char *part = (const unsigned char *)in->src + in->pos;
    in->pos += size;
    self->size += size;
    return part;
}

/* Takes in what the header says, which has been read; `first` is its first byte. */
static void
begin_content(FrameWalk *self, unsigned char first)
{
    bool skippable = self->header.frameType == ZSTD_skippableFrame;
    /* libzstd 1.5.4 states no headerSize for skippable frames. */
    self->header_size = skippable ? ZSTD_SKIPPABLEHEADERSIZE : self->header.headerSize;
    self->magic_variant = first & FRAME_MAGIC_VARIANT_MAX;
    self->skip = skippable ? self->header.frameContentSize : 0;
    self->stage = skippable ? FRAME_END : FRAME_BLOCK;
    self->size = self->header_size;
    self->held_size = 0;
}

/* This and the steps return as frame_walk() does, but 0 for a part that was read. */
size_t
frame_walk_header(FrameWalk *self, ZSTD_inBuffer *in)
{
    size_t before = self->held_size;
    const ZSTD_inBuffer *start = in;
    ZSTD_inBuffer trial;
    ZSTD_inBuffer held;
    /* How long it is turns out as it is read, so more than the header may be held for a while. */
    if (before > 0) {
        trial = *in;
        (void)hold(self, &trial, sizeof(self->held));
        held = (ZSTD_inBuffer){self->held, self->held_size, 0};
        start = &held;
    }
    size_t result = frame_read_header(&self->header, start, self->format);
    if (ZSTD_isError(result)) {
        return result;
    }
    if (result > 0) {
        if (before == 0) {
            trial = *in;
            (void)hold(self, &trial, sizeof(self->held));
        }
        *in = trial;
        self->wanted = result - self->held_size;
        return 1;
    }
    begin_content(self, ((const unsigned char *)start->src)[start->pos]);
    in->pos += self->header_size - before;
    return 0;
}

/* The bytes that follow a block's header: the size in that is the content's, of a repeated byte. */
static size_t
size_of_block(unsigned int header)
{
    return (header >> 1 & 3) == BLOCK_RLE ? 1 : header >> 3;
}

static size_t
walk_block_header(FrameWalk *self, ZSTD_inBuffer *in)
{
    const unsigned char *bytes = take(self, in, BLOCK_HEADER_SIZE);
    if (bytes == NULL) {
        return 1;
    }
    unsigned int block = read_number(bytes, BLOCK_HEADER_SIZE);
    if ((block >> 1 & 3) == BLOCK_RESERVED) {
        return NATIVE_ERROR(corruption_detected);
    }
    self->skip = size_of_block(block);
    self->blocks++;
    if ((block & 1) != 0) {
        self->stage = self->header.checksumFlag ? FRAME_CHECKSUM : FRAME_END;
    }
    return 0;
}

static size_t
walk_checksum(FrameWalk *self, ZSTD_inBuffer *in)
{
    const unsigned char *bytes = take(self, in, CHECKSUM_SIZE);
    if (bytes == NULL) {
        return 1;
    }
    self->checksum = read_number(bytes, CHECKSUM_SIZE);
    self->stage = FRAME_END;
    return 0;
}

/* Passes over content. Returns whether all of it was there. */
static bool
walk_content(FrameWalk *self, ZSTD_inBuffer *in)
{
    size_t left = in->size - in->pos;
    size_t count = self->skip < left ? (size_t)self->skip : left;
    in->pos += count;
    frame_walk_skip(self, count);
    self->wanted = self->skip;
    return self->skip == 0;
}

/* Returns 0, or a native error if the blocks cannot hold what the header states. */
static size_t
end_of_frame(const FrameWalk *self)
{
    unsigned long long content = frame_walk_content(self);
    bool holds = content == ZSTD_CONTENTSIZE_UNKNOWN || content <= capacity_of(self);
    return holds ? 0 : NATIVE_ERROR(corruption_detected);
}

size_t
frame_walk(FrameWalk *self, ZSTD_inBuffer *in)
{
    size_t result = 0;
    while (result == 0 && walk_content(self, in)) {
        switch (self->stage) {
        case FRAME_HEADER:
            result = frame_walk_header(self, in);
            break;
        case FRAME_BLOCK:
            result = walk_block_header(self, in);
            break;
        case FRAME_CHECKSUM:
            result = walk_checksum(self, in);
            break;
        case FRAME_END:
            return end_of_frame(self);
        }
    }
    return result == 0 ? 1 : result;
}

/* --- measuring --- */

static void
add_frame(FrameExtent *extent, const FrameWalk *walk)
{
    unsigned long long content = frame_walk_content(walk);
    extent->compressed += (size_t)walk->size;
    extent->capacity += capacity_of(walk);
    if (extent->content != ZSTD_CONTENTSIZE_UNKNOWN) {
        extent->content = content == ZSTD_CONTENTSIZE_UNKNOWN ? content : extent->content + content;
    }
}

/* Measures a frame whose header was read, if it is of one block and sound: small ones are, and a
   walk takes a good part of their time. Returns whether it has. */
static bool
measure_one_block(FrameExtent *extent, const FrameWalk *walk, ZSTD_inBuffer *rest)
{
    unsigned long long content = walk->header.frameContentSize;
    size_t left = rest->size - rest->pos;
    if (walk->stage != FRAME_BLOCK || left < BLOCK_HEADER_SIZE) {
        return false;
    }
    unsigned int block =
        read_number((const unsigned char *)rest->src + rest->pos, BLOCK_HEADER_SIZE);
    size_t size =
        BLOCK_HEADER_SIZE + size_of_block(block) + (walk->header.checksumFlag ? CHECKSUM_SIZE : 0);
    if ((block & 1) == 0 || size > left ||
        (content > ZSTD_BLOCKSIZE_MAX && content != ZSTD_CONTENTSIZE_UNKNOWN)) {
        return false;
    }
    rest->pos += size;
    *extent = (FrameExtent){(size_t)walk->size + size, content, ZSTD_BLOCKSIZE_MAX};
    return true;
}

static size_t
measure(FrameExtent *extent, FrameWalk *walk, ZSTD_inBuffer *rest, bool all)
{
    *extent = (FrameExtent){0};
    for (;;) {
        size_t result = frame_walk(walk, rest);
        if (ZSTD_getErrorCode(result) == ZSTD_error_prefix_unknown && extent->compressed > 0) {
            return 0; /* what follows the frames is data of another kind */
        }
        if (ZSTD_isError(result)) {
            return result;
        }
        if (result > 0) {
            return NATIVE_ERROR(srcSize_wrong);
        }
        add_frame(extent, walk);
        if (!all || rest->pos == rest->size) {
            return 0;
        }
        frame_walk_begin(walk, walk->format);
    }
}

size_t
frame_measure_on(FrameExtent *extent, FrameWalk *walk, ZSTD_inBuffer *in, bool all)
{
    size_t result;
    if (!all && measure_one_block(extent, walk, in)) {
        return 0;
    }
    if (in->size - in->pos < LONG_WALK) {
        return measure(extent, walk, in, all);
    }
    Py_BEGIN_ALLOW_THREADS
    result = measure(extent, walk, in, all);
    Py_END_ALLOW_THREADS
    return result;
}

size_t
frame_measure(FrameExtent *extent, const ZSTD_inBuffer *in, ZSTD_format_e format)
{
    ZSTD_inBuffer rest = *in;
    FrameWalk walk;
    frame_walk_begin(&walk, format);
    size_t result = frame_walk_header(&walk, &rest);
    if (result != 0) {
        return ZSTD_isError(result) ? result : NATIVE_ERROR(srcSize_wrong);
    }
    return frame_measure_on(extent, &walk, &rest, false);
}

/* --- what input will bring --- */

/* How many blocks have ended. */
static unsigned long long
blocks_ended(const FrameWalk *self)
{
    return self->blocks > 0 && self->skip > 0 ? self->blocks - 1 : self->blocks;
}

/* Whether a frame, whose header was read, keeps to what it says, as far as it was met. */
static bool
keeps_to_header(const FrameWalk *self, size_t window_max)
{
    unsigned long long content = frame_walk_content(self);
    bool is_whole = self->stage == FRAME_END && content != ZSTD_CONTENTSIZE_UNKNOWN;
    return self->header.windowSize <= window_max &&
           (!is_whole || content <= self->blocks * self->header.blockSizeMax);
}

static unsigned long long
expect(FrameWalk *self, const ZSTD_inBuffer *in, bool all, size_t window_max)
{
    ZSTD_inBuffer rest = *in;
    unsigned long long content = 0;
    bool is_known = true;
    size_t result;
    do {
        unsigned long long before = blocks_ended(self);
        result = frame_walk(self, &rest);
        unsigned long long ended = blocks_ended(self) - before;
        if (ZSTD_isError(result)) {
            is_known = false;
        }
        else if (ended > 0) { /* else the header may not be read yet */
            is_known = is_known && keeps_to_header(self, window_max);
            /* A frame that states no size states the highest number. */
            content += Py_MIN(ended * self->header.blockSizeMax, frame_walk_content(self));
        }
        if (result == 0) {
            frame_walk_begin(self, self->format);
        }
    } while (result == 0 && all && rest.pos < rest.size);
    return is_known ? content : ZSTD_CONTENTSIZE_UNKNOWN;
}

unsigned long long
frame_walk_expect(FrameWalk *self, const ZSTD_inBuffer *in, bool all, size_t window_max)
{
    unsigned long long content;
    if (in->size - in->pos < LONG_WALK) {
        return expect(self, in, all, window_max);
    }
    Py_BEGIN_ALLOW_THREADS
    content = expect(self, in, all, window_max);
    Py_END_ALLOW_THREADS
    return content;
}
