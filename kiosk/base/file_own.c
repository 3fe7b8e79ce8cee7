#include "kiosk/base/file_own.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

/* All that the owner of a key file may have: to read and to write it. */
enum { OWN_MODE = 0600 };

const char *file_fault_name(enum file_fault fault)
{
    switch (fault) {
    case FILE_FAULT_NONE:
        return "";
    case FILE_FAULT_KIND:
        return "kind";
    case FILE_FAULT_OWNER:
        return "owner";
    case FILE_FAULT_RIGHTS:
        return "rights";
    }
    return "";
}

static enum file_fault find_fault(const struct stat *about)
{
    if (!S_ISREG(about->st_mode) || about->st_nlink > 1)
        return FILE_FAULT_KIND;
    if (about->st_uid != geteuid())
        return FILE_FAULT_OWNER;
    if (about->st_mode & 07777 & ~OWN_MODE)
        return FILE_FAULT_RIGHTS;
    return FILE_FAULT_NONE;
}

bool file_is_own(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0 && about.st_uid == geteuid();
}

static enum err read_bytes(int fd, size_t size, char *text)
{
    size_t at = 0;

    while (at < size) {
        ssize_t got = read(fd, text + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ERR_IO;
        at += (size_t)got;
    }
    return ERR_OK;
}

/* Opens it and looks at what was opened. */
static enum err open_own(const char *path, int *ret_fd, size_t *ret_size,
                         enum file_fault *ret_fault)
{
    struct stat about;
    /* Not blocking, so that a pipe without a writer cannot hold us. */
    int fd =
        open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        if (errno == ELOOP) {
            *ret_fault = FILE_FAULT_KIND;
            return ERR_KEY_EXPOSED;
        }
        /* Not ours to read at all: another user's, and well kept. */
        if (errno == EACCES && file_exists(path)) {
            *ret_fault = FILE_FAULT_OWNER;
            return ERR_KEY_EXPOSED;
        }
        return file_err(errno);
    }
    if (fstat(fd, &about)) {
        close(fd);
        return ERR_IO;
    }
    enum file_fault fault = find_fault(&about);
    if (fault) {
        *ret_fault = fault;
        close(fd);
        return ERR_KEY_EXPOSED;
    }
    *ret_fd = fd;
    *ret_size = (size_t)about.st_size;
    return ERR_OK;
}

enum err file_read_own(const char *path, size_t max_bytes, char **ret_text,
                       size_t *ret_len, enum file_fault *ret_fault)
{
    char *text;
    size_t size = 0;
    int fd = -1;
    enum err err = open_own(path, &fd, &size, ret_fault);

    if (err)
        return err;
    if (size > max_bytes) {
        close(fd);
        return ERR_TOO_BIG;
    }
    text = mem_new(size + 1);
    err = read_bytes(fd, size, text);
    close(fd);
    if (err) {
        mem_free(text);
        return err;
    }
    *ret_text = text;
    *ret_len = size;
    return ERR_OK;
}

enum err file_map_own(const char *path, const void **ret_bytes, size_t *ret_len,
                      enum file_fault *ret_fault)
{
    static const char nothing[1]; /* which cannot be mapped */
    const void *bytes = nothing;
    size_t size = 0;
    int fd = -1;

    if (FAULT("file.map"))
        return ERR_IO;
    enum err err = open_own(path, &fd, &size, ret_fault);
    if (err)
        return err;
    if (size > 0)
        bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    err = bytes == MAP_FAILED ? file_err(errno) : ERR_OK;
    close(fd);
    if (err)
        return err;
    *ret_bytes = bytes;
    *ret_len = size;
    return ERR_OK;
}

enum err file_move(const char *from, const char *to)
{
    if (FAULT("file.move"))
        return ERR_IO;
    if (rename(from, to))
        return file_err(errno);
    enum err err = file_sync_folder_of(to);
    if (!err)
        err = file_sync_folder_of(from);
    return err;
}

enum err file_size(const char *path, uint64_t *ret_bytes)
{
    struct stat about;

    if (lstat(path, &about))
        return file_err(errno);
    if (!S_ISREG(about.st_mode))
        return ERR_IO;
    *ret_bytes = (uint64_t)about.st_size;
    return ERR_OK;
}

/* Written under another name first: a file of the right size is then always
 * one whose room is really taken. */
static enum err take(const char *path, uint64_t bytes)
{
    char fresh[PATH_MAX];
    int written = snprintf(fresh, sizeof fresh, "%s.new", path);

    if (written < 0 || (size_t)written >= sizeof fresh)
        return ERR_TOO_BIG;
    if (unlink(fresh) && errno != ENOENT)
        return file_err(errno);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                  OWN_MODE);
    if (fd < 0)
        return file_err(errno);
    int number = posix_fallocate(fd, 0, (off_t)bytes);
    enum err err = number ? file_err(number) : ERR_OK;
    if (!err && fsync(fd))
        err = file_err(errno);
    if (close(fd) && !err)
        err = file_err(errno);
    if (!err)
        err = file_move(fresh, path);
    if (err)
        (void)unlink(fresh);
    return err;
}

enum err file_take_room(const char *path, uint64_t bytes)
{
    uint64_t has = 0;

    if (FAULT("file.take_room"))
        return ERR_DISK_FULL;
    enum err err = file_size(path, &has);
    if (!err && has == bytes)
        return ERR_OK;
    if (err && err != ERR_NOT_FOUND)
        return err;
    return take(path, bytes);
}
