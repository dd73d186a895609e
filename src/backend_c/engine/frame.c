/* The layout of frames (RFC 8878, section 3.1), read without decompressing. */

#include "engine/frame.h"

#include "engine/error.h"

enum {
    MAGIC_SIZE = 4,
    CHECKSUM_SIZE = 4,
};

/* The lowest bit of a block header says whether the block is the last, the next two its type. */
enum { BLOCK_RAW, BLOCK_RLE, BLOCK_COMPRESSED, BLOCK_RESERVED };

static bool
starts_like_magic(const unsigned char *bytes, size_t size)
{
    static const unsigned char frame_magic[MAGIC_SIZE] = {0x28, 0xB5, 0x2F, 0xFD};
    static const unsigned char skippable_magic[MAGIC_SIZE] = {0x50, 0x2A, 0x4D, 0x18};
    bool frame = true;
    bool skippable = true;
    for (size_t i = 0; i < size && i < MAGIC_SIZE; i++) {
        /* The lowest four bits of a skippable frame's magic number are free. */
        unsigned char significant = i == 0 ? bytes[i] & 0xF0 : bytes[i];
        frame = frame && bytes[i] == frame_magic[i];
        skippable = skippable && significant == skippable_magic[i];
    }
    return frame || skippable;
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

/* Walks the blocks of a frame from `position`, which follows its header, to its end. */
static size_t
walk_blocks(FrameExtent *extent, const ZSTD_inBuffer *in, size_t position,
            const ZSTD_frameHeader *header)
{
    const unsigned char *bytes = in->src;
    unsigned int block;
    do {
        if (in->size - position < BLOCK_HEADER_SIZE) {
            return NATIVE_ERROR(srcSize_wrong);
        }
        block = bytes[position] | (unsigned int)bytes[position + 1] << 8 |
                (unsigned int)bytes[position + 2] << 16;
        position += BLOCK_HEADER_SIZE;
        unsigned int type = block >> 1 & 3;
        size_t size = type == BLOCK_RLE ? 1 : block >> 3;
        if (type == BLOCK_RESERVED) {
            return NATIVE_ERROR(corruption_detected);
        }
        if (in->size - position < size) {
            return NATIVE_ERROR(srcSize_wrong);
        }
        position += size;
        extent->capacity += ZSTD_BLOCKSIZE_MAX;
    } while ((block & 1) == 0);
    if (header->checksumFlag) {
        if (in->size - position < CHECKSUM_SIZE) {
            return NATIVE_ERROR(srcSize_wrong);
        }
        position += CHECKSUM_SIZE;
    }
    extent->compressed = position - in->pos;
    return 0;
}

/* Adds the frame behind `header`, at in->pos, to the extent. */
static size_t
measure_one(FrameExtent *extent, const ZSTD_inBuffer *in, const ZSTD_frameHeader *header)
{
    FrameExtent one = {.content = header->frameContentSize};
    size_t left = in->size - in->pos;
    if (header->frameType == ZSTD_skippableFrame) {
        /* libzstd gives the length of what is to be skipped as the content size. */
        if (header->frameContentSize > left - ZSTD_SKIPPABLEHEADERSIZE) {
            return NATIVE_ERROR(srcSize_wrong);
        }
        one.compressed = ZSTD_SKIPPABLEHEADERSIZE + (size_t)header->frameContentSize;
        one.content = 0;
    }
    else {
        size_t result = walk_blocks(&one, in, in->pos + header->headerSize, header);
        if (ZSTD_isError(result)) {
            return result;
        }
        if (one.content != ZSTD_CONTENTSIZE_UNKNOWN && one.content > one.capacity) {
            return NATIVE_ERROR(corruption_detected);
        }
    }
    extent->compressed += one.compressed;
    extent->capacity += one.capacity;
    if (extent->content != ZSTD_CONTENTSIZE_UNKNOWN) {
        extent->content =
            one.content == ZSTD_CONTENTSIZE_UNKNOWN ? one.content : extent->content + one.content;
    }
    return 0;
}

size_t
frame_measure(FrameExtent *extent, const ZSTD_inBuffer *in, ZSTD_format_e format, bool all)
{
    ZSTD_inBuffer rest = *in;
    *extent = (FrameExtent){0};
    do {
        ZSTD_frameHeader header;
        size_t result = frame_read_header(&header, &rest, format);
        if (ZSTD_getErrorCode(result) == ZSTD_error_prefix_unknown && rest.pos > in->pos) {
            return 0; /* what follows the frames is data of another kind */
        }
        if (ZSTD_isError(result)) {
            return result;
        }
        if (result > 0) {
            return NATIVE_ERROR(srcSize_wrong);
        }
        result = measure_one(extent, &rest, &header);
        if (ZSTD_isError(result)) {
            return result;
        }
        rest.pos = in->pos + extent->compressed;
    } while (all && rest.pos < rest.size);
    return 0;
}
