/* Each of our files is followed in memory by the file of the system's VFS that
 * it passes on to. */
#include "kiosk/store/vfs.h"

#include "kiosk/base/chance.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

#include <assert.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

enum { PATH_MAX_BYTES = 4096 };

/* 1970-01-01 in milliseconds since SQLite's day zero. */
static const int64_t julian_epoch_ms = INT64_C(210866760000000);

struct vfs_file {
    sqlite3_file base;
    sqlite3_file *inside;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct vfs_plan plan; /* under lock; times 0: nothing planned */
static struct vfs_counts counts;
static sqlite3_vfs *system_vfs;
static bool is_pretended; /* it is not the system's */

static sqlite3_file *inside(sqlite3_file *file)
{
    return ((struct vfs_file *)file)->inside;
}

static bool is_fault_due(enum vfs_operation operation)
{
    switch (operation) {
    case VFS_WRITE:
        return FAULT("vfs.write");
    case VFS_SYNC:
        return FAULT("vfs.sync");
    case VFS_TRUNCATE:
        return FAULT("vfs.truncate");
    case VFS_OPERATION_COUNT:
        break;
    }
    return false;
}

/* Counts one operation; true, and how, when it is one that shall fail. */
static bool is_failing(enum vfs_operation operation, enum vfs_failure *ret_how)
{
    bool fails = false;
    bool is_fault = is_fault_due(operation);

    pthread_mutex_lock(&lock);
    counts.done[operation]++;
    if (plan.times != 0 && plan.operation == operation) {
        fails = plan.after == 0;
        if (!fails)
            plan.after--;
        else if (plan.times > 0)
            plan.times--;
    }
    if (fails) {
        counts.failed++;
        *ret_how = plan.failure;
    }
    if (is_fault) {
        fails = true;
        *ret_how = VFS_FAIL_FULL;
    }
    pthread_mutex_unlock(&lock);
    return fails;
}

static int file_close(sqlite3_file *file)
{
    return inside(file)->pMethods->xClose(inside(file));
}

static int file_get(sqlite3_file *file, void *bytes, int len, sqlite3_int64 at)
{
    if (FAULT("vfs.read"))
        return SQLITE_IOERR_READ;
    return inside(file)->pMethods->xRead(inside(file), bytes, len, at);
}

static int put_garbled(sqlite3_file *file, const void *bytes, int len,
                       sqlite3_int64 at)
{
    size_t size = (size_t)len;
    char *copy = mem_copy_bytes(bytes, size);

    copy[size / 2] ^= 0x10;
    int rc = inside(file)->pMethods->xWrite(inside(file), copy, len, at);
    mem_free(copy);
    return rc;
}

static int file_put(sqlite3_file *file, const void *bytes, int len,
                    sqlite3_int64 at)
{
    enum vfs_failure how;

    if (is_failing(VFS_WRITE, &how)) {
        switch (how) {
        case VFS_FAIL_IO:
            return SQLITE_IOERR_WRITE;
        case VFS_FAIL_FULL:
            return SQLITE_FULL;
        case VFS_FAIL_GARBLED:
            return put_garbled(file, bytes, len, at);
        }
    }
    return inside(file)->pMethods->xWrite(inside(file), bytes, len, at);
}

static int file_cut(sqlite3_file *file, sqlite3_int64 size)
{
    enum vfs_failure how;

    if (is_failing(VFS_TRUNCATE, &how))
        return SQLITE_IOERR_TRUNCATE;
    return inside(file)->pMethods->xTruncate(inside(file), size);
}

static int file_sync(sqlite3_file *file, int flags)
{
    enum vfs_failure how;

    if (is_failing(VFS_SYNC, &how))
        return how == VFS_FAIL_FULL ? SQLITE_FULL : SQLITE_IOERR_FSYNC;
    return inside(file)->pMethods->xSync(inside(file), flags);
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return inside(file)->pMethods->xFileSize(inside(file), size);
}

static int file_take_lock(sqlite3_file *file, int level)
{
    return inside(file)->pMethods->xLock(inside(file), level);
}

static int file_drop_lock(sqlite3_file *file, int level)
{
    return inside(file)->pMethods->xUnlock(inside(file), level);
}

static int file_check_lock(sqlite3_file *file, int *ret_is_locked)
{
    return inside(file)->pMethods->xCheckReservedLock(inside(file),
                                                      ret_is_locked);
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
    return inside(file)->pMethods->xFileControl(inside(file), what, argument);
}

static int file_sector(sqlite3_file *file)
{
    return inside(file)->pMethods->xSectorSize(inside(file));
}

static int file_traits(sqlite3_file *file)
{
    return inside(file)->pMethods->xDeviceCharacteristics(inside(file));
}

/* Version 1: neither shared memory nor mapped pages. */
static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_get,
    .xWrite = file_put,
    .xTruncate = file_cut,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_take_lock,
    .xUnlock = file_drop_lock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file,
                    int flags, int *ret_flags)
{
    struct vfs_file *ours = (struct vfs_file *)file;
    (void)vfs;

    ours->base.pMethods = NULL;
    ours->inside = (sqlite3_file *)(ours + 1);
    int rc =
        system_vfs->xOpen(system_vfs, path, ours->inside, flags, ret_flags);
    if (rc == SQLITE_OK)
        ours->base.pMethods = &methods;
    return rc;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    return system_vfs->xDelete(system_vfs, path, sync_folder);
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
    (void)vfs;
    return system_vfs->xAccess(system_vfs, path, flags, ret);
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size,
                         char *full)
{
    (void)vfs;
    return system_vfs->xFullPathname(system_vfs, path, size, full);
}

static int vfs_chance(sqlite3_vfs *vfs, int len, char *bytes)
{
    (void)vfs;
    chance_bytes(bytes, (size_t)len);
    return len;
}

static int vfs_wait(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return system_vfs->xSleep(system_vfs, microseconds);
}

static int vfs_now_ms(sqlite3_vfs *vfs, sqlite3_int64 *ret_ms)
{
    (void)vfs;
    *ret_ms = julian_epoch_ms + clock_wall_ms();
    return SQLITE_OK;
}

static int vfs_now(sqlite3_vfs *vfs, double *ret_days)
{
    sqlite3_int64 ms = 0;

    vfs_now_ms(vfs, &ms);
    *ret_days = (double)ms / 86400000.0;
    return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text)
{
    (void)vfs;
    return system_vfs->xGetLastError(system_vfs, size, text);
}

static sqlite3_vfs our_vfs = {
    .iVersion = 2,
    .zName = VFS_NAME,
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_path,
    .xRandomness = vfs_chance,
    .xSleep = vfs_wait,
    .xCurrentTime = vfs_now,
    .xGetLastError = vfs_last_error,
    .xCurrentTimeInt64 = vfs_now_ms,
};

enum err vfs_register(void)
{
    enum err err = ERR_OK;

    pthread_mutex_lock(&lock);
    if (!system_vfs) {
        /* Nobody reads SQLite's count of its memory, which takes a lock at each
         * allocation.  Refused once SQLite runs: then it goes on counting. */
        (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        sqlite3_vfs *found = sqlite3_vfs_find(NULL);
        if (found) {
            our_vfs.szOsFile = (int)sizeof(struct vfs_file) + found->szOsFile;
            our_vfs.mxPathname = found->mxPathname;
            system_vfs = found;
        }
        if (!found || sqlite3_vfs_register(&our_vfs, 0) != SQLITE_OK) {
            system_vfs = NULL;
            err = ERR_IO;
        }
    }
    pthread_mutex_unlock(&lock);
    return err;
}

void vfs_stand_on(const char *name)
{
    enum err err = vfs_register();
    sqlite3_vfs *found = sqlite3_vfs_find(name);

    assert(!err && found);
    our_vfs.szOsFile = (int)sizeof(struct vfs_file) + found->szOsFile;
    our_vfs.mxPathname = found->mxPathname;
    system_vfs = found;
    is_pretended = true;
}

enum err vfs_protect(const char *path)
{
    return is_pretended || chmod(path, 0600) == 0 ? ERR_OK : ERR_IO;
}

struct vfs_counts vfs_count(void)
{
    pthread_mutex_lock(&lock);
    struct vfs_counts now = counts;
    pthread_mutex_unlock(&lock);
    return now;
}

void vfs_plan_fail(const struct vfs_plan *wanted)
{
    pthread_mutex_lock(&lock);
    plan = *wanted;
    pthread_mutex_unlock(&lock);
}

void vfs_plan_end(void)
{
    vfs_plan_fail(&(struct vfs_plan){ .times = 0 });
}

static enum err read_start(sqlite3_file *file, const char *full, void *bytes,
                           size_t size, size_t *ret_len)
{
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_MAIN_DB;
    sqlite3_int64 there = 0;

    int rc = system_vfs->xOpen(system_vfs, full, file, flags, NULL);
    if (rc != SQLITE_OK)
        return ERR_IO;
    rc = file->pMethods->xFileSize(file, &there);
    if (rc == SQLITE_OK && there < (sqlite3_int64)size)
        size = (size_t)there;
    if (rc == SQLITE_OK)
        rc = file->pMethods->xRead(file, bytes, (int)size, 0);
    file->pMethods->xClose(file);
    if (rc != SQLITE_OK)
        return ERR_IO;
    *ret_len = size;
    return ERR_OK;
}

/* Through the system's VFS, because closing a descriptor of one's own would
 * drop every POSIX lock that this process holds on the file. */
enum err vfs_read_start(const char *path, void *bytes, size_t size,
                        size_t *ret_len)
{
    char full[PATH_MAX_BYTES];
    int is_there = 0;

    enum err err = vfs_register();
    if (err)
        return err;
    if (system_vfs->xFullPathname(system_vfs, path, sizeof full, full) !=
            SQLITE_OK ||
        system_vfs->xAccess(system_vfs, full, SQLITE_ACCESS_EXISTS,
                            &is_there) != SQLITE_OK)
        return ERR_IO;
    /* SQLite says of an empty file that it is not there. */
    if (!is_there)
        return ERR_NOT_FOUND;
    sqlite3_file *file = mem_new((size_t)system_vfs->szOsFile);
    err = read_start(file, full, bytes, size, ret_len);
    mem_free(file);
    return err;
}
