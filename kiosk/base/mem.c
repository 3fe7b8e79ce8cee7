/* mlock2() and MADV_DONTDUMP are Linux's own. */
#define _GNU_SOURCE
#include "kiosk/base/mem.h"

#include <assert.h>
#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kiosk/base/fault.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_CHECKED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_CHECKED true
#endif
#endif

#ifndef IS_CHECKED
#define IS_CHECKED false
#if defined(__GLIBC__) && !defined(__SANITIZE_THREAD__)
#define ZEROES_EACH_FREE
#endif
#endif

bool mem_is_checked(void)
{
    return IS_CHECKED;
}

void mem_share_heap(void)
{
#ifdef M_ARENA_MAX
    (void)mallopt(M_ARENA_MAX, 1);
#endif
}

void *mem_new(size_t size_bytes)
{
    void *memory = NULL;
    if (!FAULT("mem.new"))
        memory = calloc(1, size_bytes ? size_bytes : 1);
    if (!memory) {
        fputs("out of memory\n", stderr);
        abort();
    }
    return memory;
}

/* Not realloc(): it would leave a copy of the old bytes behind. */
void *mem_resize(void *old, size_t old_bytes, size_t new_bytes)
{
    void *memory = mem_new(new_bytes);
    size_t kept = old_bytes < new_bytes ? old_bytes : new_bytes;
    if (old && kept)
        memcpy(memory, old, kept);
    mem_free(old);
    return memory;
}

char *mem_copy_text(const char *text)
{
    return mem_copy_bytes(text, strlen(text));
}

char *mem_copy_bytes(const void *bytes, size_t size_bytes)
{
    char *copy = mem_new(size_bytes + 1);
    if (size_bytes)
        memcpy(copy, bytes, size_bytes);
    return copy;
}

void mem_free(void *memory)
{
    if (!memory)
        return;
#ifndef ZEROES_EACH_FREE
    mem_wipe(memory, malloc_usable_size(memory));
#endif
    free(memory);
}

void mem_wipe(void *memory, size_t size_bytes)
{
    if (size_bytes)
        explicit_bzero(memory, size_bytes);
}

/* More than any library of ours was seen to use below the loop (curl and
 * OpenSSL, some 40 KiB).  What was never used is touched by this, too, so the
 * pages are given back: each thread that wipes would weigh as much more. */
enum { STACK_BYTES = 256 * 1024 };

static void give_back(unsigned char *from, size_t size_bytes)
{
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t first = ((uintptr_t)from + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)from + size_bytes) / page * page;

    /* Where it cannot be (memory that is locked), they stay, and are empty. */
    (void)madvise((void *)first, end - first, MADV_DONTNEED);
}

__attribute__((noinline)) void mem_wipe_stack(void)
{
    unsigned char below[STACK_BYTES];

    mem_wipe(below, sizeof below);
    give_back(below, sizeof below);
}

/* ---- Zero on free, for every library in the process --------------------- */

/* jansson, OpenSSL, SQLite, ncurses, curl, pango and glibc itself call these in
 * place of glibc's own, for the program's symbols come before any library's.
 * So what they free holds nothing; what they still hold is theirs to erase.
 *
 * Memory stays glibc's: we stand only before its free().  A sanitizer needs to
 * see that call itself, and keeps what was freed on purpose; valgrind puts its
 * own functions in the place of these by itself. */
#ifdef ZEROES_EACH_FREE
extern void __libc_free(void *memory);
extern void *__libc_realloc(void *memory, size_t size_bytes);

#define FOR_EVERY_LIBRARY __attribute__((visibility("default")))

FOR_EVERY_LIBRARY void free(void *memory)
{
    if (!memory)
        return;
    explicit_bzero(memory, malloc_usable_size(memory));
    __libc_free(memory);
}

/* One that shrinks keeps its place, and its end is zeroed first.  One that
 * grows may move, and glibc would leave the old bytes where they were. */
FOR_EVERY_LIBRARY void *realloc(void *memory, size_t size_bytes)
{
    size_t had_bytes = memory ? malloc_usable_size(memory) : 0;

    if (!memory || size_bytes == 0 || size_bytes <= had_bytes) {
        if (memory)
            explicit_bzero((char *)memory + size_bytes, had_bytes - size_bytes);
        return __libc_realloc(memory, size_bytes);
    }
    void *larger = malloc(size_bytes);
    if (!larger)
        return NULL; /* the old one stays, as promised by the standard */
    memcpy(larger, memory, had_bytes);
    free(memory);
    return larger;
}

FOR_EVERY_LIBRARY void *reallocarray(void *memory, size_t count,
                                     size_t size_bytes)
{
    size_t all_bytes;

    if (__builtin_mul_overflow(count, size_bytes, &all_bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(memory, all_bytes);
}
#endif

/* ---- The secret arena --------------------------------------------------- */

/* Blocks follow each other without gaps from its beginning
 * to its end, each with this header before its bytes.  Looking for room goes
 * through them in order and joins free neighbours on the way; a session holds
 * some hundred blocks, so that is quick enough.  Free bytes are always zero,
 * and nothing past high_bytes was ever used (so nothing there needs wiping,
 * and no page there needs RAM). */
struct block {
    uint32_t magic;
    uint32_t size_bytes; /* of the block, header included */
    uint32_t used_bytes; /* as asked for; 0: free */
    uint32_t unused;
};

enum { BLOCK_MAGIC = 0x73656372, ALIGN_BYTES = sizeof(struct block) };

static struct {
    unsigned char *bytes; /* SECRET_ARENA_BYTES between two guard pages */
    size_t high_bytes;
    size_t used_bytes;
} arena;

static struct block *block_at(size_t at)
{
    return (struct block *)(void *)(arena.bytes + at);
}

static void arena_reset(void)
{
    *block_at(0) = (struct block){ .magic = BLOCK_MAGIC,
                                   .size_bytes = SECRET_ARENA_BYTES };
    arena.high_bytes = sizeof(struct block);
    arena.used_bytes = 0;
}

/* Where the limit of locked memory is too small we go on: the pages may then
 * be swapped, which a hall terminal has not set up. */
static void arena_open(void)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t size = SECRET_ARENA_BYTES + 2 * page;
    unsigned char *all =
        mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED ||
        mprotect(all + page, SECRET_ARENA_BYTES, PROT_READ | PROT_WRITE)) {
        fputs("no memory for the secret arena\n", stderr);
        abort();
    }
    arena.bytes = all + page;
    (void)mlock2(arena.bytes, SECRET_ARENA_BYTES, MLOCK_ONFAULT);
    (void)madvise(arena.bytes, SECRET_ARENA_BYTES, MADV_DONTDUMP);
    (void)madvise(arena.bytes, SECRET_ARENA_BYTES, MADV_DONTFORK);
    arena_reset();
}

/* A joined neighbour's header becomes free bytes, so it is zeroed. */
static void join_following(struct block *block, size_t at)
{
    for (;;) {
        size_t next_at = at + block->size_bytes;
        if (next_at >= SECRET_ARENA_BYTES)
            return;
        struct block *next = block_at(next_at);
        assert(next->magic == BLOCK_MAGIC);
        if (next->used_bytes)
            return;
        block->size_bytes += next->size_bytes;
        mem_wipe(next, sizeof *next);
    }
}

static void split(struct block *block, size_t at, size_t need)
{
    size_t rest = block->size_bytes - need;
    if (rest < 2 * sizeof(struct block))
        return;
    *block_at(at + need) =
        (struct block){ .magic = BLOCK_MAGIC, .size_bytes = (uint32_t)rest };
    block->size_bytes = (uint32_t)need;
}

static void *take(struct block *block, size_t at, size_t size_bytes,
                  size_t need)
{
    split(block, at, need);
    block->used_bytes = (uint32_t)size_bytes;
    size_t high = at + block->size_bytes + sizeof(struct block);
    if (high > SECRET_ARENA_BYTES)
        high = SECRET_ARENA_BYTES;
    if (high > arena.high_bytes)
        arena.high_bytes = high;
    arena.used_bytes += size_bytes;
    return block + 1;
}

void *secret_new(size_t size_bytes)
{
    if (!arena.bytes)
        arena_open();
    if (size_bytes == 0)
        size_bytes = 1;
    if (size_bytes > SECRET_ARENA_BYTES || FAULT("mem.secret"))
        return NULL;
    size_t need = sizeof(struct block) +
                  (size_bytes + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
    for (size_t at = 0; at < SECRET_ARENA_BYTES;) {
        struct block *block = block_at(at);
        assert(block->magic == BLOCK_MAGIC);
        if (!block->used_bytes) {
            join_following(block, at);
            if (block->size_bytes >= need)
                return take(block, at, size_bytes, need);
        }
        at += block->size_bytes;
    }
    return NULL;
}

char *secret_copy_text(const char *text)
{
    size_t len = strlen(text);
    char *copy = secret_new(len + 1);
    if (copy)
        memcpy(copy, text, len);
    return copy;
}

void secret_free(void *memory)
{
    if (!memory)
        return;
    unsigned char *bytes = memory;
    assert(arena.bytes && bytes > arena.bytes &&
           bytes < arena.bytes + SECRET_ARENA_BYTES);
    struct block *block = (struct block *)memory - 1;
    assert(block->magic == BLOCK_MAGIC && block->used_bytes);
    arena.used_bytes -= block->used_bytes;
    block->used_bytes = 0;
    mem_wipe(memory, block->size_bytes - sizeof *block);
}

size_t secret_used_bytes(void)
{
    return arena.used_bytes;
}

void secret_wipe_all(void)
{
    if (!arena.bytes)
        return;
    mem_wipe(arena.bytes, arena.high_bytes);
    arena_reset();
}
