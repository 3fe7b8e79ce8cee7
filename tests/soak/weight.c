#include "tests/soak/weight.h"

#include "kiosk/base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int count_entries(pid_t pid, const char *what)
{
    char path[64];
    struct dirent *entry;
    int count = 0;

    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, what);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder)))
        count += entry->d_name[0] != '.';
    if (folder)
        closedir(folder);
    return count;
}

/* Of every thread. */
static int count_children(pid_t pid)
{
    char path[64], children[80 + sizeof((struct dirent *)0)->d_name];
    struct dirent *entry;
    int child, count = 0;

    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *folder = opendir(path);
    while (folder && (entry = readdir(folder))) {
        snprintf(children, sizeof children, "%s/%s/children", path,
                 entry->d_name);
        FILE *file = fopen(children, "r");
        while (file && fscanf(file, "%d", &child) == 1)
            count++;
        if (file)
            fclose(file);
    }
    if (folder)
        closedir(folder);
    return count;
}

static bool read_pss(pid_t pid, struct weight *weight)
{
    static const char *const names[] = { "Pss:", "Pss_Anon:" };
    long *const values[] = { &weight->pss_kib, &weight->own_kib };
    char path[64], line[256];
    int found = 0;

    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        for (int i = 0; i < 2; i++)
            if (strncmp(line, names[i], strlen(names[i])) == 0) {
                *values[i] = strtol(line + strlen(names[i]), NULL, 10);
                found++;
            }
    if (file)
        fclose(file);
    return found == 2;
}

static long count_bytes(pid_t pid, unsigned long at)
{
    static unsigned char bytes[SECRET_ARENA_BYTES];
    char path[64];
    long count = 0;

    snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t len = fd < 0 ? -1 : pread(fd, bytes, sizeof bytes, (off_t)at);
    if (fd >= 0)
        close(fd);
    for (ssize_t i = 0; i < len; i++)
        count += bytes[i] != 0;
    return len == (ssize_t)sizeof bytes ? count : -1;
}

/* "7f08b8000000-7f08b8067000 rw-p …" begins what follows about one. */
static bool is_mapping(const char *line, unsigned long *from, unsigned long *to)
{
    char *end;
    unsigned long low = strtoul(line, &end, 16);

    if (end == line || *end != '-')
        return false;
    unsigned long high = strtoul(end + 1, &end, 16);
    if (*end != ' ')
        return false;
    *from = low;
    *to = high;
    return true;
}

/* The secret arena is the one mapping of that size which neither a core nor a
 * child gets (dd, dc). */
static bool read_secrets(pid_t pid, struct weight *weight)
{
    char path[64], line[512];
    unsigned long from = 0, to = 0;
    bool has_found = false;

    snprintf(path, sizeof path, "/proc/%d/smaps", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) {
        (void)is_mapping(line, &from, &to);
        if (strncmp(line, "VmFlags:", 8) == 0 &&
            to - from == SECRET_ARENA_BYTES && strstr(line, " dc") &&
            strstr(line, " dd")) {
            has_found = true;
            weight->secret_bytes = count_bytes(pid, from);
        }
    }
    if (file)
        fclose(file);
    return has_found && weight->secret_bytes >= 0;
}

bool weight_take(pid_t pid, struct weight *ret_weight)
{
    *ret_weight = (struct weight){ .descriptors = count_entries(pid, "fd"),
                                   .threads = count_entries(pid, "task"),
                                   .children = count_children(pid) };
    return read_pss(pid, ret_weight) && read_secrets(pid, ret_weight);
}
