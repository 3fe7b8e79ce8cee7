#include "kiosk/ui/pool.h"

#include "kiosk/base/mem.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_BYTES = 8 * 1024, ALIGN_BYTES = 16 };

struct pool_block {
    struct pool_block *next; /* pool.blocks */
    size_t used, room;
    bool is_secret;
    _Alignas(ALIGN_BYTES) char bytes[];
};

/* A full arena must not keep the page from being shown: then the texts stand
 * in ordinary memory, which is zeroed when it is freed as well. */
static struct pool_block *block_new(size_t room)
{
    size_t size = sizeof(struct pool_block) + room;
    struct pool_block *block = secret_new(size);
    bool is_secret = block != NULL;

    if (!block)
        block = mem_new(size);
    block->is_secret = is_secret;
    block->room = room;
    return block;
}

void *pool_new(struct pool *pool, size_t size_bytes)
{
    size_t size = (size_bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    struct pool_block *block = pool->blocks;

    if (!block || block->room - block->used < size) {
        block = block_new(size > BLOCK_BYTES ? size : BLOCK_BYTES);
        block->next = pool->blocks;
        pool->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void *pool_more(struct pool *pool, const void *old, size_t old_bytes,
                size_t new_bytes)
{
    void *memory = pool_new(pool, new_bytes);

    if (old)
        memcpy(memory, old, old_bytes);
    return memory;
}

const char *pool_copy(struct pool *pool, const char *text, size_t len)
{
    char *copy = pool_new(pool, len + 1);
    memcpy(copy, text, len);
    return copy;
}

const char *pool_copy_text(struct pool *pool, const char *text)
{
    return text ? pool_copy(pool, text, strlen(text)) : NULL;
}

const char *pool_format(struct pool *pool, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = pool_new(pool, (size_t)(len < 0 ? 0 : len) + 1);
    (void)vsnprintf(text, (size_t)(len < 0 ? 0 : len) + 1, format, again);
    va_end(again);
    return text;
}

void pool_wipe(struct pool *pool)
{
    while (pool->blocks) {
        struct pool_block *block = pool->blocks;
        pool->blocks = block->next;
        if (block->is_secret)
            secret_free(block);
        else
            mem_free(block);
    }
}
