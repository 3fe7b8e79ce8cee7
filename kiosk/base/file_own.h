/* Files that must be ours alone (keys), and room on the disk that is kept free
 * for what was begun.  The doors that file.h has no use for. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why a file is not ours alone; in this order they are looked for. */
enum file_fault {
    FILE_FAULT_NONE,
    FILE_FAULT_KIND,  /* a link, a pipe, a folder, a second name of a file */
    FILE_FAULT_OWNER, /* another user's */
    FILE_FAULT_RIGHTS /* others may read or write it, or somebody run it */
};

/* "kind", "owner", "rights": for events and staff; "" for none. */
const char *file_fault_name(enum file_fault fault);

/* Whether this process's user owns it. */
bool file_is_own(const char *path);

/* As file_read(), of a file that nobody but this process's user can have read
 * or put there; never through a link.  What is looked at is what is read, so
 * nobody can exchange it in between.  ERR_KEY_EXPOSED with *ret_fault. */
MUST_CHECK enum err file_read_own(const char *path, size_t max_bytes,
                                  char **ret_text, size_t *ret_len,
                                  enum file_fault *ret_fault);

/* The same, mapped read-only; ended by file_unmap().  Whoever writes such files
 * replaces them whole: one that is cut while it is mapped ends us. */
MUST_CHECK enum err file_map_own(const char *path, const void **ret_bytes,
                                 size_t *ret_len, enum file_fault *ret_fault);

/* Gives from the name to, in one step and durably; what had that name before
 * is gone.  Both stand on one disk. */
MUST_CHECK enum err file_move(const char *from, const char *to);

/* A file that takes up so many bytes of the disk, durable; one of that size is
 * left as it is.  ERR_DISK_FULL leaves none behind. */
MUST_CHECK enum err file_take_room(const char *path, uint64_t bytes);
/* The size of a regular file; ERR_NOT_FOUND. */
MUST_CHECK enum err file_size(const char *path, uint64_t *ret_bytes);
