#include "tests/left/look.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/mem.h"

enum {
    PATH_BYTES = 512,
    PIECE_BYTES = 4 * 1024 * 1024,
    AROUND_BYTES = 48 /* shown of what was found, before and after */
};

void look_begin(struct look *look, const struct search *search)
{
    *look = (struct look){ .search = search };
}

/* ---- One piece of bytes ------------------------------------------------ */

struct piece {
    struct look *look;
    const char *where;
    const unsigned char *bytes;
    size_t len;
    uint64_t from;
};

/* The bytes around it say which library or function of ours left it. */
static void show(const struct piece *piece, size_t at)
{
    size_t from = at > AROUND_BYTES ? at - AROUND_BYTES : 0;
    size_t to = at + AROUND_BYTES < piece->len ? at + AROUND_BYTES : piece->len;

    for (size_t i = from; i < to; i++) {
        bool is_plain = piece->bytes[i] >= 0x20 && piece->bytes[i] < 0x7f;
        if (is_plain)
            fputc(piece->bytes[i], stderr);
        else
            fprintf(stderr, "\\%02x", piece->bytes[i]);
    }
    fputc('\n', stderr);
}

static void on_found(void *owner, const struct mark *mark, enum form form,
                     size_t at)
{
    struct piece *piece = owner;
    struct look *look = piece->look;
    size_t len = strlen(look->where);

    look->count++;
    look->of_form[form]++;
    (void)snprintf(look->where + len, sizeof look->where - len,
                   "  %s in %s at %s %#llx\n", mark->name, form_name(form),
                   piece->where, (unsigned long long)(piece->from + at));
    if (look->is_shown)
        show(piece, at);
}

static void look_at(struct look *look, const char *where, uint64_t from,
                    const void *bytes, size_t len)
{
    struct piece piece = { look, where, bytes, len, from };
    look->bytes += len;
    search_bytes(look->search, bytes, len, on_found, &piece);
}

/* ---- Memory ------------------------------------------------------------ */

bool look_may_read(pid_t pid)
{
    char path[64];
    unsigned char byte;
    unsigned long long from = 0;

    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "r");
    bool is_known = maps && fscanf(maps, "%llx-", &from) == 1;
    if (maps)
        fclose(maps);
    if (!is_known)
        return false;
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool may = fd >= 0 && pread(fd, &byte, 1, (off_t)from) == 1;
    if (fd >= 0)
        close(fd);
    return may;
}

struct memory {
    struct look *look;
    int mem, pages; /* /proc/PID/mem and pagemap */
    size_t page_bytes;
    unsigned char *bytes; /* PIECE_BYTES */
    char where[PATH_BYTES + 64];
};

/* In memory or swapped out; what is neither was never written, or is still as
 * in its file. */
static bool is_there(const struct memory *memory, uint64_t page)
{
    uint64_t entry = 0;
    ssize_t len = pread(memory->pages, &entry, sizeof entry,
                        (off_t)(page * sizeof entry));
    return len != (ssize_t)sizeof entry || entry >> 62;
}

static void look_at_pages(struct memory *memory, uint64_t from, uint64_t to)
{
    while (from < to) {
        size_t len =
            to - from < PIECE_BYTES ? (size_t)(to - from) : PIECE_BYTES;
        ssize_t got = pread(memory->mem, memory->bytes, len, (off_t)from);
        if (got <= 0) {
            memory->look->unreadable++;
            from += memory->page_bytes;
            continue;
        }
        look_at(memory->look, memory->where, from, memory->bytes, (size_t)got);
        bool is_last = (uint64_t)got >= to - from;
        from += (uint64_t)got - (is_last ? 0 : SEARCH_OVERLAP_BYTES);
    }
}

static void look_at_map(struct memory *memory, uint64_t from, uint64_t to)
{
    uint64_t size = memory->page_bytes;

    while (from < to) {
        while (from < to && !is_there(memory, from / size))
            from += size;
        uint64_t end = from;
        while (end < to && is_there(memory, end / size))
            end += size;
        if (end > from)
            look_at_pages(memory, from, end);
        from = end;
    }
}

/* "from-to rights offset device inode   name", from and to in hexadecimal. */
static void look_at_maps(struct memory *memory, pid_t pid, FILE *maps)
{
    char line[PATH_BYTES + 128];

    while (fgets(line, sizeof line, maps)) {
        char *at = line;
        uint64_t from = strtoull(at, &at, 16);
        uint64_t to = *at == '-' ? strtoull(at + 1, &at, 16) : from;
        line[strcspn(line, "\n")] = '\0';
        const char *name = strrchr(at, ' ') ? strrchr(at, ' ') + 1 : "";
        bool is_kernels = strncmp(name, "[v", 2) == 0;
        if (strncmp(at, " r", 2) != 0 || is_kernels)
            continue;
        snprintf(memory->where, sizeof memory->where, "memory of %d %s",
                 (int)pid, name);
        look_at_map(memory, from, to);
    }
}

static void look_memory(struct look *look, pid_t pid)
{
    struct memory memory = { .look = look, .mem = -1, .pages = -1 };
    char path[64];

    memory.page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    memory.bytes = mem_new(PIECE_BYTES);
    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    memory.mem = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/pagemap", (int)pid);
    memory.pages = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "r");
    if (maps)
        look_at_maps(&memory, pid, maps);
    if (maps)
        fclose(maps);
    close(memory.mem);
    close(memory.pages);
    mem_free(memory.bytes);
}

/* ---- Files ------------------------------------------------------------- */

static void look_file(struct look *look, const char *path, const char *where)
{
    struct stat about;
    bool is_file = stat(path, &about) == 0 && S_ISREG(about.st_mode);
    int fd = is_file ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    unsigned char *bytes = is_file ? mem_new(PIECE_BYTES) : NULL;
    off_t from = 0;

    while (fd >= 0) {
        ssize_t got = pread(fd, bytes, PIECE_BYTES, from);
        if (got > 0)
            look_at(look, where, (uint64_t)from, bytes, (size_t)got);
        if (got < PIECE_BYTES)
            break;
        from += PIECE_BYTES - SEARCH_OVERLAP_BYTES;
    }
    mem_free(bytes);
    if (fd >= 0)
        close(fd);
}

/* Names in proper alignment for the search. */
static void look_name(struct look *look, const char *name, const char *where)
{
    _Alignas(8) char copy[PATH_BYTES] = "";
    snprintf(copy, sizeof copy, "%s", name);
    look_at(look, where, 0, copy, strlen(copy));
}

static bool ends_in(const char *path, const char *end)
{
    size_t len = strlen(path), tail = strlen(end);
    return len >= tail && strcmp(path + len - tail, end) == 0;
}

static bool is_except(const char *path, const char *const *except)
{
    for (; except && *except; except++)
        if (ends_in(path, *except))
            return true;
    return false;
}

void look_folder(struct look *look, const char *folder,
                 const char *const *except)
{
    char path[PATH_BYTES], where[PATH_BYTES + 32];
    struct dirent *entry;
    struct stat about;
    DIR *dir = opendir(folder);

    while (dir && (entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        int len = snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        assert_in_range(len, 1, sizeof path - 1);
        if (lstat(path, &about) || is_except(path, except))
            continue;
        snprintf(where, sizeof where, "name of %s", path);
        look_name(look, entry->d_name, where);
        if (S_ISDIR(about.st_mode))
            look_folder(look, path, except);
        else if (S_ISREG(about.st_mode) && about.st_ctime >= look->since)
            look_file(look, path, path);
    }
    if (dir)
        closedir(dir);
}

/* Files that were opened, deleted and kept open are read through here, too. */
static void look_open_files(struct look *look, pid_t pid)
{
    char folder[64], path[PATH_BYTES], where[PATH_BYTES + 64];
    struct dirent *entry;

    snprintf(folder, sizeof folder, "/proc/%d/fd", (int)pid);
    DIR *dir = opendir(folder);
    while (dir && (entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%.20s", folder, entry->d_name);
        snprintf(where, sizeof where, "open file %s", path);
        look_file(look, path, where);
    }
    if (dir)
        closedir(dir);
}

/* ---- A process and its children ---------------------------------------- */

static bool is_named(pid_t pid, const char *name)
{
    char path[64], own[64] = "";

    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "r");
    bool is_read = file && fgets(own, sizeof own, file);
    if (file)
        fclose(file);
    own[strcspn(own, "\n")] = '\0';
    return is_read && strcmp(own, name) == 0;
}

void look_process(struct look *look, pid_t pid)
{
    char folder[64], path[PATH_BYTES];
    struct dirent *entry;
    int child;

    if (look->except && is_named(pid, look->except))
        return;
    look_memory(look, pid);
    look_open_files(look, pid);
    /* Each thread has children of its own. */
    snprintf(folder, sizeof folder, "/proc/%d/task", (int)pid);
    DIR *dir = opendir(folder);
    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof path, "%s/%.20s/children", folder, entry->d_name);
        FILE *file = entry->d_name[0] == '.' ? NULL : fopen(path, "r");
        while (file && fscanf(file, "%d", &child) == 1)
            look_process(look, child);
        if (file)
            fclose(file);
    }
    if (dir)
        closedir(dir);
}
