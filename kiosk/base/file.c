#include "kiosk/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

enum {
    FIRST_READ_BYTES = 4096,
    DEPTH_MAX = 64, /* of folders in a tree that is removed */
    NAMES_MAX = 100000
};

enum err file_err(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return ERR_NOT_FOUND;
    case EEXIST:
        return ERR_EXISTS;
    case ENOSPC:
    case EDQUOT:
    case EFBIG: /* a limit that somebody set */
        return ERR_DISK_FULL;
    case EROFS:
        return ERR_READ_ONLY;
    default:
        return ERR_IO;
    }
}

/* Not blocking, so that a named pipe without a writer cannot hold us. */
static enum err open_regular(const char *path, int *ret_fd, size_t *ret_size)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return file_err(errno);
    if (fstat(fd, &stat) || !S_ISREG(stat.st_mode)) {
        close(fd);
        return ERR_IO;
    }
    *ret_fd = fd;
    *ret_size = (size_t)stat.st_size;
    return ERR_OK;
}

/* Reads up to len bytes; fewer only at the end of the file. */
static enum err read_fully(int fd, char *bytes, size_t len, size_t *ret_len)
{
    size_t at = 0;
    while (at < len) {
        ssize_t got = read(fd, bytes + at, len - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return file_err(errno);
        if (got == 0)
            break;
        at += (size_t)got;
    }
    *ret_len = at;
    return ERR_OK;
}

/* The size is a hint only: files under /proc say 0, and a file may grow.  One
 * byte more than the maximum is asked for, to see that there is more. */
static enum err read_all(int fd, size_t size_hint, size_t max_bytes,
                         char **text, size_t *len)
{
    size_t room = size_hint < max_bytes ? size_hint + 1 : max_bytes + 1;
    if (room < FIRST_READ_BYTES && max_bytes >= FIRST_READ_BYTES)
        room = FIRST_READ_BYTES;
    *text = mem_new(room + 1);
    *len = 0;
    for (;;) {
        size_t got = 0;
        enum err err = read_fully(fd, *text + *len, room - *len, &got);
        if (err)
            return err;
        *len += got;
        if (*len > max_bytes)
            return ERR_TOO_BIG;
        if (*len < room)
            return ERR_OK;
        size_t more = room <= max_bytes / 2 ? room * 2 : max_bytes + 1;
        *text = mem_resize(*text, room + 1, more + 1);
        room = more;
    }
}

enum err file_read(const char *path, size_t max_bytes, char **ret_text,
                   size_t *ret_len)
{
    int fd = -1;
    size_t size = 0;
    char *text = NULL;
    size_t len = 0;
    if (FAULT("file.read"))
        return ERR_IO;
    enum err err = open_regular(path, &fd, &size);
    if (err)
        return err;
    err = read_all(fd, size, max_bytes, &text, &len);
    close(fd);
    if (err) {
        mem_free(text);
        return err;
    }
    *ret_text = text;
    *ret_len = len;
    return ERR_OK;
}

static enum err write_fully(int fd, const void *bytes, size_t len)
{
    const char *from = bytes;
    while (len) {
        ssize_t put = write(fd, from, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return file_err(errno);
        from += put;
        len -= (size_t)put;
    }
    return ERR_OK;
}

/* The folder that path stands in, "." when it names none. */
static enum err folder_of(const char *path, char *folder, size_t size)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 1;
    if (len >= size)
        return ERR_TOO_BIG;
    if (slash && len == 0)
        len = 1; /* the root */
    memcpy(folder, slash ? path : ".", len);
    folder[len] = '\0';
    return ERR_OK;
}

/* A new name in a folder outlives a power cut only after this. */
enum err file_sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    enum err err = folder_of(path, folder, sizeof folder);
    if (err)
        return err;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return file_err(errno);
    if (fsync(fd))
        err = file_err(errno);
    close(fd);
    return err;
}

enum err file_put(int fd, const void *bytes, size_t len)
{
    return write_fully(fd, bytes, len);
}

/* Also after an error the file is there; ERR_EXISTS: it was before. */
static enum err make_new(const char *path, int mode,
                         enum err (*fill)(void *owner, int fd), void *owner,
                         bool *ret_is_made)
{
    int fd =
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    *ret_is_made = fd >= 0;
    if (fd < 0)
        return file_err(errno);
    enum err err = fill(owner, fd);
    /* Exactly this mode, whatever the umask. */
    if (!err && (fchmod(fd, (mode_t)mode) || fsync(fd)))
        err = file_err(errno);
    if (close(fd) && !err)
        err = file_err(errno);
    return err;
}

enum err file_create(const char *path, int mode,
                     enum err (*fill)(void *owner, int fd), void *owner)
{
    bool is_made;

    enum err err = make_new(path, mode, fill, owner, &is_made);
    if (!err)
        err = file_sync_folder_of(path);
    if (err && is_made)
        (void)unlink(path);
    return err;
}

struct piece {
    const void *bytes;
    size_t len;
};

static enum err fill_piece(void *owner, int fd)
{
    const struct piece *piece = owner;
    return write_fully(fd, piece->bytes, piece->len);
}

/* The name of the new file is always the same, so that what a power cut left
 * is taken away by the next try rather than kept for ever. */
enum err file_replace(const char *path, const void *bytes, size_t len, int mode)
{
    char fresh[PATH_MAX];
    int written = snprintf(fresh, sizeof fresh, "%s.new", path);
    if (written < 0 || (size_t)written >= sizeof fresh)
        return ERR_TOO_BIG;
    if (FAULT("file.replace"))
        return ERR_DISK_FULL;
    if (unlink(fresh) && errno != ENOENT)
        return file_err(errno);
    struct piece piece = { bytes, len };
    bool is_made;
    enum err err = make_new(fresh, mode, fill_piece, &piece, &is_made);
    if (!err && rename(fresh, path))
        err = file_err(errno);
    if (err) {
        (void)unlink(fresh);
        return err;
    }
    return file_sync_folder_of(path);
}

/* What could not be added whole is cut off again. */
enum err file_append(const char *path, const void *bytes, size_t len)
{
    struct stat stat;
    if (FAULT("file.append"))
        return ERR_DISK_FULL;
    int fd = open(path,
                  O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC |
                      O_NONBLOCK,
                  0600);
    if (fd < 0)
        return file_err(errno);
    enum err err = ERR_OK;
    if (fstat(fd, &stat) || !S_ISREG(stat.st_mode))
        err = ERR_IO;
    if (err)
        goto out;
    err = write_fully(fd, bytes, len);
    if (!err && fdatasync(fd))
        err = file_err(errno);
    if (err && ftruncate(fd, stat.st_size))
        err = ERR_IO;
    if (!err && stat.st_size == 0)
        err = file_sync_folder_of(path);
out:
    close(fd);
    return err;
}

bool file_exists(const char *path)
{
    struct stat stat;
    return lstat(path, &stat) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat at;
    return stat(path, &at) == 0 && S_ISDIR(at.st_mode);
}

static enum err make_one_folder(const char *path, int mode)
{
    if (FAULT("file.folder"))
        return ERR_IO;
    if (mkdir(path, (mode_t)mode) == 0)
        return ERR_OK;
    if (errno != EEXIST)
        return file_err(errno);
    return file_is_folder(path) ? ERR_OK : ERR_EXISTS;
}

enum err file_make_folder(const char *path, int mode)
{
    char part[PATH_MAX];
    size_t len = strlen(path);
    if (len >= sizeof part)
        return ERR_TOO_BIG;
    if (file_is_folder(path))
        return ERR_OK; /* as nearly always: one look instead of one for each
                          folder above it */
    memcpy(part, path, len + 1);
    for (size_t i = 1; i < len; i++) {
        if (part[i] != '/')
            continue;
        part[i] = '\0';
        enum err err = make_one_folder(part, mode);
        if (err)
            return err;
        part[i] = '/';
    }
    return make_one_folder(part, mode);
}

enum err file_make_temporary(char *path, size_t size)
{
    static const char pattern[] = "/tmp/kiosk-XXXXXX";
    char made[sizeof pattern];
    if (size < sizeof pattern)
        return ERR_TOO_BIG;
    memcpy(made, pattern, sizeof pattern);
    if (!mkdtemp(made))
        return file_err(errno);
    memcpy(path, made, sizeof made);
    return ERR_OK;
}

static enum err remove_entry(int folder_fd, const char *name, int depth);

static enum err remove_entries(DIR *folder, int depth)
{
    enum err err = ERR_OK;
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry)
            return errno && !err ? file_err(errno) : err;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        enum err one = remove_entry(dirfd(folder), entry->d_name, depth);
        if (one && !err)
            err = one;
    }
}

/* Anything but a folder is unlinked as it is, a link included. */
static enum err remove_entry(int folder_fd, const char *name, int depth)
{
    if (depth >= DEPTH_MAX)
        return ERR_TOO_BIG;
    if (unlinkat(folder_fd, name, 0) == 0)
        return ERR_OK;
    if (errno != EISDIR && errno != EPERM)
        return file_err(errno);
    int fd = openat(folder_fd, name,
                    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return file_err(errno);
    DIR *folder = fdopendir(fd);
    if (!folder) {
        close(fd);
        return ERR_IO;
    }
    enum err err = remove_entries(folder, depth + 1);
    closedir(folder);
    if (!err && unlinkat(folder_fd, name, AT_REMOVEDIR))
        err = file_err(errno);
    return err;
}

enum err file_remove_tree(const char *path)
{
    return remove_entry(AT_FDCWD, path, 0);
}

enum err file_remove(const char *path)
{
    return unlink(path) ? file_err(errno) : ERR_OK;
}

struct names {
    char **at;
    size_t count, room;
};

static void names_add(struct names *names, const char *name)
{
    if (names->count == names->room) {
        size_t room = names->room ? names->room * 2 : 16;
        names->at = mem_resize(names->at, names->room * sizeof *names->at,
                               room * sizeof *names->at);
        names->room = room;
    }
    names->at[names->count++] = mem_copy_text(name);
}

static void names_free(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->at[i]);
    mem_free(names->at);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names that begin with a dot are hidden, for us as for everybody. */
static bool is_wanted(const char *name, const char *suffix)
{
    size_t len = strlen(name), suffix_len = strlen(suffix);
    return name[0] != '.' && len >= suffix_len &&
           strcmp(name + len - suffix_len, suffix) == 0;
}

static enum err read_names(DIR *folder, const char *suffix, struct names *names)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(folder);
        if (!entry)
            return errno ? file_err(errno) : ERR_OK;
        if (!is_wanted(entry->d_name, suffix))
            continue;
        if (names->count == NAMES_MAX)
            return ERR_TOO_BIG;
        names_add(names, entry->d_name);
    }
}

enum err file_list(const char *folder, const char *suffix,
                   void (*on_name)(void *owner, const char *name), void *owner)
{
    struct names names = { 0 };
    DIR *open_folder = opendir(folder);
    if (!open_folder)
        return file_err(errno);
    enum err err = read_names(open_folder, suffix, &names);
    closedir(open_folder);
    if (!err && names.count) {
        qsort(names.at, names.count, sizeof *names.at, compare_names);
        for (size_t i = 0; i < names.count; i++)
            on_name(owner, names.at[i]);
    }
    names_free(&names);
    return err;
}

enum err file_open_fifo(const char *path, int *ret_fd)
{
    struct stat stat;
    if (lstat(path, &stat) == 0) {
        if (!S_ISFIFO(stat.st_mode))
            return ERR_EXISTS;
        if (unlink(path))
            return file_err(errno);
    }
    if (mkfifo(path, 0600))
        return file_err(errno);
    int fd = open(path, O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return file_err(errno);
    *ret_fd = fd;
    return ERR_OK;
}

enum err file_open_sink(int *ret_fd)
{
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    *ret_fd = fd;
    return ERR_OK;
}

enum err file_lock(const char *path, int *ret_fd)
{
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return file_err(errno);
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        enum err err = errno == EWOULDBLOCK ? ERR_EXISTS : ERR_IO;
        close(fd);
        return err;
    }
    *ret_fd = fd;
    return ERR_OK;
}

enum err file_lock_soon(const char *path, int *ret_fd)
{
    enum { TRIES_MOST = 100, PAUSE_MS = 10 };
    enum err err = file_lock(path, ret_fd);

    for (int i = 0; err == ERR_EXISTS && i < TRIES_MOST; i++) {
        (void)poll(NULL, 0, PAUSE_MS);
        err = file_lock(path, ret_fd);
    }
    return err;
}

void file_unlock(int fd)
{
    if (fd >= 0)
        close(fd); /* the lock goes with it */
}

enum err file_program_folder(char *path, size_t size)
{
    char program[PATH_MAX];
    char folder[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len < 0)
        return file_err(errno);
    program[len] = '\0';
    enum err err = folder_of(program, folder, sizeof folder);
    if (err)
        return err;
    if (strlen(folder) >= size)
        return ERR_TOO_BIG;
    memcpy(path, folder, strlen(folder) + 1);
    return ERR_OK;
}

enum err file_map(const char *path, const void **ret_bytes, size_t *ret_len)
{
    int fd = -1;
    size_t len = 0;
    if (FAULT("file.map"))
        return ERR_IO;
    enum err err = open_regular(path, &fd, &len);
    if (err)
        return err;
    static char nothing[1]; /* which cannot be mapped */
    void *bytes = nothing;
    if (len)
        bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        err = file_err(errno);
    close(fd);
    if (err)
        return err;
    *ret_bytes = bytes;
    *ret_len = len;
    return ERR_OK;
}

void file_unmap(const void *bytes, size_t len)
{
    if (bytes && len)
        munmap((void *)bytes, len);
}

enum err file_free_bytes(const char *folder, uint64_t *ret_bytes)
{
    struct statvfs disk;
    if (statvfs(folder, &disk))
        return file_err(errno);
    *ret_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    return disk.f_flag & ST_RDONLY ? ERR_READ_ONLY : ERR_OK;
}
