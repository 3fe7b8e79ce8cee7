/* Memory.  Small allocations of ours abort rather than return NULL; whatever is
 * sized from outside has a maximum before it comes here.
 *
 * free() and realloc() zero first, for every library of the program, so what
 * any of them gave back holds nothing (not under a sanitizer or valgrind).
 *
 * secret_*: what the citizen said lives here and nowhere else: one arena of
 * SECRET_ARENA_BYTES, locked into RAM, left out of core dumps and of forks,
 * with guard pages around it, zeroed on free.  secret_wipe_all() erases every
 * byte at once; pointers into it are dead afterwards.  secret_* is the loop's
 * thread's alone; mem_* may be called from every thread. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum { SECRET_ARENA_BYTES = 1024 * 1024 };

/* True in a build with AddressSanitizer: its address space has no limit and it
 * must be able to trace itself. */
bool mem_is_checked(void);

/* One heap for all threads, called before there is a second one: the few that
 * there are rarely meet in it, and one more for each weighs 0.2 MiB. */
void mem_share_heap(void);

/* Zeroed memory, never NULL; freed (and zeroed) by mem_free, which takes NULL.
 */
void *mem_new(size_t size_bytes);
void *mem_resize(void *old, size_t old_bytes, size_t new_bytes);
char *mem_copy_text(const char *text);
char *mem_copy_bytes(const void *bytes, size_t size_bytes); /* adds a NUL */
void mem_free(void *memory);

/* Overwrites in a way the compiler may not drop. */
void mem_wipe(void *memory, size_t size_bytes);

/* Overwrites what calls that have returned left below on the stack of this
 * thread.  Called as near to the thread's beginning as can be, for what calls
 * still run keeps its place above. */
void mem_wipe_stack(void);

/* Zeroed; NULL only when the arena is full (callers have limits that add up to
 * less than the arena, and turn NULL into ERR_TOO_BIG). */
void *secret_new(size_t size_bytes);
char *secret_copy_text(const char *text);
void secret_free(void *memory);

/* Bytes in use, for the tests and the event at a session's end. */
size_t secret_used_bytes(void);
void secret_wipe_all(void);
