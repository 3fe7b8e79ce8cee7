/* Texts of one page, all forgotten together.  They may hold what a citizen
 * said, so they live in secret memory while there is room for them there, and
 * are zeroed either way.  Used by view and layout only. */
#pragma once

#include <stddef.h>

struct pool_block;

struct pool {
    struct pool_block *blocks; /* newest first */
};

/* Zeroed memory, until pool_wipe. */
void *pool_new(struct pool *pool, size_t size_bytes);
/* More room for what stands there (NULL: nothing); what was there stays until
 * the pool is wiped, too. */
void *pool_more(struct pool *pool, const void *old, size_t old_bytes,
                size_t new_bytes);
const char *pool_copy(struct pool *pool, const char *text, size_t len);
const char *pool_copy_text(struct pool *pool, const char *text);

__attribute__((format(printf, 2, 3))) const char *
pool_format(struct pool *pool, const char *format, ...);

void pool_wipe(struct pool *pool);
