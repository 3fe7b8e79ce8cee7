/* The only door to files.  Everything read has a maximum; everything replaced
 * is whole or untouched, also after a power cut (write, sync, rename, sync of
 * the folder).  Databases have their own door: store_open(). */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The whole file; ERR_TOO_BIG past max_bytes, ERR_NOT_FOUND, ERR_IO.  The
 * caller frees *ret_text by mem_free(); a NUL follows the len bytes. */
MUST_CHECK enum err file_read(const char *path, size_t max_bytes,
                              char **ret_text, size_t *ret_len);
MUST_CHECK enum err file_replace(const char *path, const void *bytes,
                                 size_t len, int mode);
MUST_CHECK enum err file_append(const char *path, const void *bytes,
                                size_t len);
/* A file that was not there (else ERR_EXISTS), written by fill() with
 * file_put() and synced; taken away again when anything fails. */
MUST_CHECK enum err file_create(const char *path, int mode,
                                enum err (*fill)(void *owner, int fd),
                                void *owner);
MUST_CHECK enum err file_put(int fd, const void *bytes, size_t len);

bool file_exists(const char *path);
bool file_is_folder(const char *path);
/* Makes it and its parents; being there already is fine. */
MUST_CHECK enum err file_make_folder(const char *path, int mode);
/* A new folder in /tmp, mode 0700; path at least 64 bytes. */
MUST_CHECK enum err file_make_temporary(char *path, size_t size);
/* A folder with all that is in it; never follows links. */
MUST_CHECK enum err file_remove_tree(const char *path);
MUST_CHECK enum err file_remove(const char *path);

/* Names (not paths) in a folder that end in suffix, sorted; calls on_name for
 * each. */
MUST_CHECK enum err file_list(const char *folder, const char *suffix,
                              void (*on_name)(void *owner, const char *name),
                              void *owner);

/* A named pipe opened for reading without blocking, and kept open for writing
 * so that it never ends; made anew with mode 0600. */
MUST_CHECK enum err file_open_fifo(const char *path, int *ret_fd);
/* Locks path for this process, or ERR_EXISTS; the descriptor holds the lock. */
MUST_CHECK enum err file_lock(const char *path, int *ret_fd);
/* For who is started again at once: waits up to a second before ERR_EXISTS.  A
 * helper that a process was just starting when it was killed has its lock, too,
 * until it has become the helper's program. */
MUST_CHECK enum err file_lock_soon(const char *path, int *ret_fd);
void file_unlock(int fd);

/* Takes whatever is written, and keeps nothing of it. */
MUST_CHECK enum err file_open_sink(int *ret_fd);

/* The folder that holds the running program. */
MUST_CHECK enum err file_program_folder(char *path, size_t size);

/* A read-only mapping; ended by file_unmap. */
MUST_CHECK enum err file_map(const char *path, const void **ret_bytes,
                             size_t *ret_len);
void file_unmap(const void *bytes, size_t len);
/* Bytes a folder's disk has left; for the full-disk page.  ERR_READ_ONLY: it
 * may have room, and lets nobody write. */
MUST_CHECK enum err file_free_bytes(const char *folder, uint64_t *ret_bytes);

/* For file_own.c: what errno says, in our words; and making a new name in a
 * folder outlive a power cut. */
enum err file_err(int number);
MUST_CHECK enum err file_sync_folder_of(const char *path);
