/* memmem() */
#define _GNU_SOURCE
/* A VFS of SQLite's over memory.  Files are few and small; a list is enough. */
#include "tests/sim/disk.h"

#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 512, SECTOR_BYTES = 512, DISKS_MAX = 4, FILES_MAX = 8 };

struct bytes {
    unsigned char *at;
    size_t len, room;
};

enum operation_kind { OPERATION_WRITE, OPERATION_CUT };

/* Since the last sync of its file, oldest first. */
struct operation {
    enum operation_kind kind;
    size_t at, len; /* a cut: the new length in at */
    size_t data;    /* where its bytes stand in file.unsynced_bytes */
};

struct file {
    char path[PATH_BYTES];
    bool is_there;       /* as the program sees it */
    bool is_there_after; /* a crash */
    struct bytes now, synced;
    struct operation *unsynced;
    size_t unsynced_count, unsynced_room;
    struct bytes unsynced_bytes;
};

struct disk {
    char folder[PATH_BYTES];
    struct file files[FILES_MAX];
    size_t count;
    int64_t operations, die_at; /* -1: never */
    bool is_dead, skips_syncs;
};

struct disk_copy {
    struct file files[FILES_MAX];
    size_t count;
};

/* What SQLite holds open. */
struct handle {
    sqlite3_file base;
    struct disk *disk;
    struct file *file;
};

static struct disk *disks[DISKS_MAX];

/* ---- Bytes -------------------------------------------------------------- */

static void set_len(struct bytes *bytes, size_t len)
{
    if (len > bytes->room) {
        size_t room = bytes->room ? bytes->room : 4096;
        while (room < len)
            room *= 2;
        bytes->at = mem_resize(bytes->at, bytes->room, room);
        bytes->room = room;
    }
    if (len > bytes->len)
        memset(bytes->at + bytes->len, 0, len - bytes->len);
    bytes->len = len;
}

static void put(struct bytes *bytes, size_t at, const void *from, size_t len)
{
    if (at + len > bytes->len)
        set_len(bytes, at + len);
    if (len)
        memcpy(bytes->at + at, from, len);
}

static void copy_bytes(struct bytes *to, const struct bytes *from)
{
    to->len = 0;
    put(to, 0, from->at, from->len);
}

/* ---- Files -------------------------------------------------------------- */

static void forget_unsynced(struct file *file)
{
    file->unsynced_count = 0;
    file->unsynced_bytes.len = 0;
}

static void free_file(struct file *file)
{
    mem_free(file->now.at);
    mem_free(file->synced.at);
    mem_free(file->unsynced);
    mem_free(file->unsynced_bytes.at);
    *file = (struct file){ 0 };
}

static struct operation *add_operation(struct file *file)
{
    if (file->unsynced_count == file->unsynced_room) {
        size_t room = file->unsynced_room ? 2 * file->unsynced_room : 16;
        file->unsynced = mem_resize(
            file->unsynced, file->unsynced_room * sizeof *file->unsynced,
            room * sizeof *file->unsynced);
        file->unsynced_room = room;
    }
    return &file->unsynced[file->unsynced_count++];
}

static void note_write(struct file *file, size_t at, const void *from,
                       size_t len)
{
    *add_operation(file) =
        (struct operation){ .kind = OPERATION_WRITE,
                            .at = at,
                            .len = len,
                            .data = file->unsynced_bytes.len };
    put(&file->unsynced_bytes, file->unsynced_bytes.len, from, len);
}

/* keeps: which sectors of a write reach the disk. */
static void carry_out(struct file *file, const struct operation *operation,
                      uint64_t keeps)
{
    if (operation->kind == OPERATION_CUT) {
        if (keeps)
            set_len(&file->synced, operation->at);
        return;
    }
    for (size_t done = 0, sector = 0; done < operation->len; sector++) {
        size_t part = operation->len - done;
        if (part > SECTOR_BYTES)
            part = SECTOR_BYTES;
        if (keeps >> (sector % 64) & 1)
            put(&file->synced, operation->at + done,
                file->unsynced_bytes.at + operation->data + done, part);
        done += part;
    }
}

static void sync_file(struct file *file)
{
    for (size_t i = 0; i < file->unsynced_count; i++)
        carry_out(file, &file->unsynced[i], ~UINT64_C(0));
    forget_unsynced(file);
    file->is_there_after = file->is_there;
}

static struct disk *disk_of(const char *path)
{
    for (int i = 0; i < DISKS_MAX; i++)
        if (disks[i] &&
            strncmp(disks[i]->folder, path, strlen(disks[i]->folder)) == 0)
            return disks[i];
    return NULL;
}

static struct file *find_file(struct disk *disk, const char *path)
{
    for (size_t i = 0; i < disk->count; i++)
        if (strcmp(disk->files[i].path, path) == 0)
            return &disk->files[i];
    return NULL;
}

/* ---- Living and dying --------------------------------------------------- */

/* One operation more; true: the disk is dead before it is done.  The one at
 * which it dies may have been done in part, so it is noted as one of those. */
static bool passes_away(struct disk *disk, bool *ret_is_the_one)
{
    *ret_is_the_one = false;
    if (disk->is_dead)
        return true;
    disk->operations++;
    if (disk->die_at >= 0 && disk->die_at-- == 0) {
        disk->is_dead = true;
        *ret_is_the_one = true;
    }
    return disk->is_dead;
}

void disk_die_after(struct disk *disk, int64_t operations)
{
    disk->die_at = operations;
}

void disk_die(struct disk *disk)
{
    disk->is_dead = true;
}

bool disk_is_dead(const struct disk *disk)
{
    return disk->is_dead;
}

int64_t disk_operations(const struct disk *disk)
{
    return disk->operations;
}

void disk_skip_syncs(struct disk *disk, bool skips)
{
    disk->skips_syncs = skips;
}

/* How a crash treats what was not synced. */
enum mercy {
    MERCY_NONE,    /* all of it is lost */
    MERCY_ALL,     /* all of it is there */
    MERCY_PREFIX,  /* what came first is there, the next is torn */
    MERCY_WHOLE,   /* each is there or not */
    MERCY_SECTORS, /* each sector of each is there or not */
    MERCY_COUNT
};

static void recover_file(struct file *file, enum mercy mercy, struct dice *dice)
{
    size_t prefix = dice_below(dice, (unsigned)file->unsynced_count + 1);

    for (size_t i = 0; i < file->unsynced_count; i++) {
        uint64_t keeps = 0;
        switch (mercy) {
        case MERCY_NONE:
        case MERCY_COUNT:
            break;
        case MERCY_ALL:
            keeps = ~UINT64_C(0);
            break;
        case MERCY_PREFIX:
            keeps = i < prefix    ? ~UINT64_C(0)
                    : i == prefix ? dice_next(dice)
                                  : 0;
            break;
        case MERCY_WHOLE:
            keeps = dice_percent(dice, 50) ? ~UINT64_C(0) : 0;
            break;
        case MERCY_SECTORS:
            keeps = dice_next(dice);
            break;
        }
        carry_out(file, &file->unsynced[i], keeps);
    }
    if (file->is_there != file->is_there_after && dice_percent(dice, 50))
        file->is_there_after = file->is_there;
    file->is_there = file->is_there_after;
    if (!file->is_there)
        set_len(&file->synced, 0);
    copy_bytes(&file->now, &file->synced);
}

void disk_recover(struct disk *disk, enum disk_end end, struct dice *dice)
{
    enum mercy mercy = (enum mercy)dice_below(dice, MERCY_COUNT);

    for (size_t i = 0; i < disk->count; i++) {
        struct file *file = &disk->files[i];
        if (end == DISK_KILLED)
            sync_file(file);
        else
            recover_file(file, mercy, dice);
        forget_unsynced(file);
    }
    disk->is_dead = false;
    disk->die_at = -1;
}

/* ---- The VFS ------------------------------------------------------------ */

static struct handle *handle_of(sqlite3_file *file)
{
    return (struct handle *)file;
}

static int file_close(sqlite3_file *file)
{
    (void)file;
    return SQLITE_OK;
}

static int file_get(sqlite3_file *at_file, void *to, int len, sqlite3_int64 at)
{
    const struct bytes *bytes = &handle_of(at_file)->file->now;
    size_t want = (size_t)len, from = (size_t)at;
    size_t has = from < bytes->len ? bytes->len - from : 0;

    if (has > want)
        has = want;
    if (has)
        memcpy(to, bytes->at + from, has);
    if (has == want)
        return SQLITE_OK;
    memset((unsigned char *)to + has, 0, want - has);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_put(sqlite3_file *at_file, const void *from, int len,
                    sqlite3_int64 at)
{
    struct handle *handle = handle_of(at_file);
    bool is_the_one;
    bool is_dead = passes_away(handle->disk, &is_the_one);

    if (!is_dead || is_the_one)
        note_write(handle->file, (size_t)at, from, (size_t)len);
    if (is_dead)
        return SQLITE_IOERR_WRITE;
    put(&handle->file->now, (size_t)at, from, (size_t)len);
    return SQLITE_OK;
}

static int file_cut(sqlite3_file *at_file, sqlite3_int64 len)
{
    struct handle *handle = handle_of(at_file);
    bool is_the_one;
    bool is_dead = passes_away(handle->disk, &is_the_one);

    if (!is_dead || is_the_one)
        *add_operation(handle->file) =
            (struct operation){ .kind = OPERATION_CUT, .at = (size_t)len };
    if (is_dead)
        return SQLITE_IOERR_TRUNCATE;
    set_len(&handle->file->now, (size_t)len);
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *at_file, int flags)
{
    struct handle *handle = handle_of(at_file);
    bool is_the_one;
    (void)flags;

    if (passes_away(handle->disk, &is_the_one))
        return SQLITE_IOERR_FSYNC;
    if (!handle->disk->skips_syncs)
        sync_file(handle->file);
    return SQLITE_OK;
}

static int file_size(sqlite3_file *at_file, sqlite3_int64 *ret_len)
{
    *ret_len = (sqlite3_int64)handle_of(at_file)->file->now.len;
    return SQLITE_OK;
}

static int file_lock_none(sqlite3_file *file, int level)
{
    (void)file;
    (void)level;
    return SQLITE_OK;
}

static int file_check_lock(sqlite3_file *file, int *ret_is_locked)
{
    (void)file;
    *ret_is_locked = 0;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int what, void *argument)
{
    (void)file;
    (void)what;
    (void)argument;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return SECTOR_BYTES;
}

static int file_traits(sqlite3_file *file)
{
    (void)file;
    return 0;
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = file_close,
    .xRead = file_get,
    .xWrite = file_put,
    .xTruncate = file_cut,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock_none,
    .xUnlock = file_lock_none,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
};

static struct file *make_file(struct disk *disk, const char *path)
{
    struct file *file = find_file(disk, path);

    if (!file) {
        assert(disk->count < FILES_MAX);
        file = &disk->files[disk->count++];
        snprintf(file->path, sizeof file->path, "%s", path);
    }
    if (!file->is_there) {
        set_len(&file->now, 0);
        file->is_there = true;
        /* What an earlier file of this name left is no part of it. */
        *add_operation(file) = (struct operation){ .kind = OPERATION_CUT };
    }
    return file;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *opened,
                    int flags, int *ret_flags)
{
    struct handle *handle = handle_of(opened);
    struct disk *disk = path ? disk_of(path) : NULL;
    (void)vfs;

    handle->base.pMethods = NULL;
    if (!disk)
        return SQLITE_CANTOPEN;
    struct file *file = find_file(disk, path);
    bool is_there = file && file->is_there;
    if (!is_there && (!(flags & SQLITE_OPEN_CREATE) || disk->is_dead))
        return SQLITE_CANTOPEN;
    handle->disk = disk;
    handle->file = make_file(disk, path);
    handle->base.pMethods = &methods;
    if (ret_flags)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int syncs_folder)
{
    struct disk *disk = disk_of(path);
    struct file *file = disk ? find_file(disk, path) : NULL;
    bool is_the_one;
    (void)vfs;

    if (!file || !file->is_there)
        return SQLITE_IOERR_DELETE_NOENT;
    if (passes_away(disk, &is_the_one))
        return SQLITE_IOERR_DELETE;
    file->is_there = false;
    if (syncs_folder && !disk->skips_syncs)
        file->is_there_after = false;
    return SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
    struct disk *disk = disk_of(path);
    const struct file *file = disk ? find_file(disk, path) : NULL;
    (void)vfs;

    *ret = file && file->is_there;
    if (flags == SQLITE_ACCESS_EXISTS && *ret && file->now.len == 0)
        *ret = 0; /* as the system's VFS has it */
    return SQLITE_OK;
}

static int vfs_full_path(sqlite3_vfs *vfs, const char *path, int size,
                         char *full)
{
    (void)vfs;
    sqlite3_snprintf(size, full, "%s", path);
    return SQLITE_OK;
}

static int vfs_wait(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_last_error(sqlite3_vfs *vfs, int size, char *text)
{
    (void)vfs;
    (void)size;
    (void)text;
    return 0;
}

static sqlite3_vfs memory_vfs = {
    .iVersion = 1,
    .szOsFile = (int)sizeof(struct handle),
    .mxPathname = PATH_BYTES,
    .zName = "pretended disks",
    .xOpen = vfs_open,
    .xDelete = vfs_delete,
    .xAccess = vfs_access,
    .xFullPathname = vfs_full_path,
    .xSleep = vfs_wait,
    .xGetLastError = vfs_last_error,
};

/* ---- Making ------------------------------------------------------------- */

struct disk *disk_new(const char *folder)
{
    static bool is_registered;
    struct disk *disk = mem_new(sizeof *disk);
    int at = 0;

    if (!is_registered) {
        enum err err = vfs_register(); /* sets SQLite up, as in a hall */
        assert(!err);
        int rc = sqlite3_vfs_register(&memory_vfs, 0);
        assert(rc == SQLITE_OK);
        vfs_stand_on(memory_vfs.zName);
        is_registered = true;
    }
    snprintf(disk->folder, sizeof disk->folder, "%s/", folder);
    disk->die_at = -1;
    while (disks[at])
        at++;
    assert(at < DISKS_MAX);
    disks[at] = disk;
    return disk;
}

void disk_free(struct disk *disk)
{
    if (!disk)
        return;
    for (int i = 0; i < DISKS_MAX; i++)
        if (disks[i] == disk)
            disks[i] = NULL;
    for (size_t i = 0; i < disk->count; i++)
        free_file(&disk->files[i]);
    mem_free(disk);
}

/* ---- Looking and copying ------------------------------------------------ */

static bool holds(const struct bytes *bytes, const void *what, size_t len)
{
    return bytes->len >= len && memmem(bytes->at, bytes->len, what, len);
}

bool disk_holds(const struct disk *disk, const void *bytes, size_t len)
{
    for (size_t i = 0; i < disk->count; i++) {
        const struct file *file = &disk->files[i];
        if (holds(&file->now, bytes, len) || holds(&file->synced, bytes, len) ||
            holds(&file->unsynced_bytes, bytes, len))
            return true;
    }
    return false;
}

struct disk_copy *disk_copy(const struct disk *disk)
{
    struct disk_copy *copy = mem_new(sizeof *copy);

    copy->count = disk->count;
    for (size_t i = 0; i < disk->count; i++) {
        const struct file *from = &disk->files[i];
        struct file *to = &copy->files[i];
        memcpy(to->path, from->path, sizeof to->path);
        to->is_there = from->is_there;
        copy_bytes(&to->now, &from->now);
    }
    return copy;
}

void disk_put_back(struct disk *disk, const struct disk_copy *copy)
{
    for (size_t i = 0; i < disk->count; i++)
        free_file(&disk->files[i]);
    disk->count = copy->count;
    for (size_t i = 0; i < copy->count; i++) {
        const struct file *from = &copy->files[i];
        struct file *to = &disk->files[i];
        memcpy(to->path, from->path, sizeof to->path);
        to->is_there = to->is_there_after = from->is_there;
        copy_bytes(&to->now, &from->now);
        copy_bytes(&to->synced, &from->now);
    }
    disk->is_dead = false;
    disk->die_at = -1;
}

void disk_copy_free(struct disk_copy *copy)
{
    if (!copy)
        return;
    for (size_t i = 0; i < copy->count; i++)
        free_file(&copy->files[i]);
    mem_free(copy);
}
