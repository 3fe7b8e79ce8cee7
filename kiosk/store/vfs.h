/* Our SQLite VFS, "kiosk": the door between every database and the disk.
 *
 * In life it only passes on and counts.  A test can plan a failure: the n-th
 * write, sync or truncation from now on fails or is garbled.  It offers no
 * shared memory, so a database in WAL mode opens under exclusive locking only.
 * For store.c and for tests. */
#pragma once

#include "kiosk/base/err.h"

#include <stddef.h>
#include <stdint.h>

enum vfs_operation { VFS_WRITE, VFS_SYNC, VFS_TRUNCATE, VFS_OPERATION_COUNT };

enum vfs_failure {
    VFS_FAIL_IO,
    VFS_FAIL_FULL,
    VFS_FAIL_GARBLED /* a write that says yes and flips a bit */
};

struct vfs_plan {
    enum vfs_operation operation;
    enum vfs_failure failure;
    uint64_t after; /* that many operations still go well */
    int times;      /* then so many fail; -1: for ever */
};

/* Since the program started. */
struct vfs_counts {
    uint64_t done[VFS_OPERATION_COUNT];
    uint64_t failed;
};

#define VFS_NAME "kiosk"

/* May be called any number of times, from any thread. */
MUST_CHECK enum err vfs_register(void);

struct vfs_counts vfs_count(void);
/* Replaces the plan before it. */
void vfs_plan_fail(const struct vfs_plan *plan);
void vfs_plan_end(void);

/* For the simulator: ours passes on to the VFS of that name from now on, and
 * no longer to the system's.  While no file is open. */
void vfs_stand_on(const char *name);
/* The file's mode becomes 0600. */
MUST_CHECK enum err vfs_protect(const char *path);

/* The first bytes of a file, without touching it and without harm to the
 * locks this process holds on it; *ret_len is less than size at its end.
 * ERR_NOT_FOUND. */
MUST_CHECK enum err vfs_read_start(const char *path, void *bytes, size_t size,
                                   size_t *ret_len);
