/* memmem(), pipe2() and unshare() are GNU's own. */
#define _GNU_SOURCE
#include "tests/tty/world.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

/* ---- Files ------------------------------------------------------------- */

void world_join(char path[WORLD_PATH], const char *folder, const char *name)
{
    int len = snprintf(path, WORLD_PATH, "%s/%s", folder, name);
    assert_in_range(len, 1, WORLD_PATH - 1);
}

void world_program(char path[WORLD_PATH], const char *name)
{
    const char *build = getenv("KIOSK_BUILD");
    char given[WORLD_PATH], real[PATH_MAX];

    world_join(given, build ? build : "build", name);
    if (!realpath(given, real))
        fail_msg("%s is not built", given);
    int len = snprintf(path, WORLD_PATH, "%s", real);
    assert_in_range(len, 1, WORLD_PATH - 1);
}

void world_folder(char path[WORLD_PATH])
{
    snprintf(path, WORLD_PATH, "/tmp/kiosk-world-XXXXXX");
    assert_non_null(mkdtemp(path));
}

void world_state(const char *folder)
{
    char path[WORLD_PATH];
    world_join(path, folder, "state");
    assert_int_equal(mkdir(path, 0700), 0);
}

void world_remove(const char *path)
{
    assert_int_equal(file_remove_tree(path), ERR_OK);
}

void world_write(const char *path, const char *text, int mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, (mode_t)mode), 0);
}

char *world_read(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "r");
    struct stat about;
    if (!file)
        return NULL;
    assert_int_equal(fstat(fileno(file), &about), 0);
    char *bytes = mem_new((size_t)about.st_size + 1);
    *ret_len = fread(bytes, 1, (size_t)about.st_size, file);
    fclose(file);
    return bytes;
}

/* Whoever is not root becomes it in a namespace of their own. */
static bool leave_namespace(void)
{
    char map[64];
    int len = snprintf(map, sizeof map, "0 %u 1\n", (unsigned)getuid());

    if (getuid() == 0)
        return unshare(CLONE_NEWNS) == 0;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS))
        return false;
    int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
    bool is_mapped = fd >= 0 && write(fd, map, (size_t)len) == len;
    close(fd);
    return is_mapped;
}

bool world_small_disk(char path[WORLD_PATH], size_t bytes, const char **ret_why)
{
    static bool has_left;
    char size[64];

    if (!has_left && !leave_namespace()) {
        *ret_why = "no namespace of its own (unshare)";
        return false;
    }
    has_left = true;
    world_folder(path);
    snprintf(size, sizeof size, "size=%zu,mode=0700", bytes);
    if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mount("tmpfs", path, "tmpfs", 0, size)) {
        *ret_why = "no tmpfs may be mounted";
        world_remove(path);
        return false;
    }
    return true;
}

void world_remove_disk(const char *path)
{
    assert_int_equal(umount2(path, MNT_DETACH), 0);
    assert_int_equal(rmdir(path), 0);
}

void world_fill_disk(const char *folder)
{
    static const char block[4096] = "ballast";
    char path[WORLD_PATH];

    world_join(path, folder, "ballast");
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    while (write(fd, block, sizeof block) > 0)
        continue;
    close(fd);
}

void world_install(const char *folder, const char *hub_script)
{
    static const char *const linked[] = { "kiosk-draw", "share" };
    char from[WORLD_PATH], to[WORLD_PATH];
    struct world_said *said = mem_new(sizeof *said);

    for (size_t i = 0; i < sizeof linked / sizeof *linked; i++) {
        world_program(from, linked[i]);
        world_join(to, folder, linked[i]);
        assert_int_equal(symlink(from, to), 0);
    }
    world_program(from, "kiosk");
    const char *const copy[] = { "/bin/cp", from, folder, NULL };
    world_run(copy, said);
    assert_int_equal(said->code, 0);
    mem_free(said);
    world_join(to, folder, "kiosk-hub");
    world_write(to, hub_script, 0755);
}

/* ---- Programs ---------------------------------------------------------- */

static void become(const char *const *argv, int out, int err)
{
    int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execv(argv[0], (char **)argv);
    _exit(127);
}

/* Reads what comes; false once nothing can come any more. */
static bool take(struct pollfd *from, char text[WORLD_TEXT])
{
    char dropped[4096];
    size_t len = strlen(text), room = WORLD_TEXT - 1 - len;
    ssize_t got = room ? read(from->fd, text + len, room)
                       : read(from->fd, dropped, sizeof dropped);
    if (got <= 0)
        return false;
    if (room)
        text[len + (size_t)got] = '\0';
    return true;
}

static void listen_to(int out, int err, struct world_said *said)
{
    struct pollfd fds[2] = { { .fd = out, .events = POLLIN },
                             { .fd = err, .events = POLLIN } };
    while (fds[0].fd >= 0 || fds[1].fd >= 0) {
        assert_true(poll(fds, 2, 60000) > 0);
        if (fds[0].revents && !take(&fds[0], said->out))
            fds[0].fd = -1;
        if (fds[1].revents && !take(&fds[1], said->err))
            fds[1].fd = -1;
    }
}

void world_run(const char *const *argv, struct world_said *ret_said)
{
    int out[2], err[2], status;

    memset(ret_said, 0, sizeof *ret_said);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(pipe2(err, O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        become(argv, out[1], err[1]);
    close(out[1]);
    close(err[1]);
    listen_to(out[0], err[0], ret_said);
    close(out[0]);
    close(err[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    ret_said->code =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static bool is_named(pid_t pid, const char *name)
{
    char path[64], comm[32] = "";
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    bool is_read = fgets(comm, sizeof comm, file) != NULL;
    fclose(file);
    comm[strcspn(comm, "\n")] = '\0';
    /* The kernel keeps fifteen characters. */
    return is_read && strncmp(comm, name, 15) == 0;
}

pid_t world_child(pid_t parent, const char *name)
{
    char path[64];
    int pid, found = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent,
             (int)parent);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (!found && fscanf(file, "%d", &pid) == 1)
        if (is_named(pid, name))
            found = pid;
    fclose(file);
    return found;
}

/* ---- Pages for phones -------------------------------------------------- */

static int connect_to(unsigned long port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons((uint16_t)port) };
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

int world_get(const char *url, char *body, size_t size)
{
    static const char begin[] = "http://127.0.0.1:", line[] = "HTTP/1.1 ";
    char request[256], *path;
    size_t len = 0;

    *body = '\0';
    if (strncmp(url, begin, strlen(begin)) != 0)
        fail_msg("not an address on loopback: %s", url);
    int fd = connect_to(strtoul(url + strlen(begin), &path, 10));
    if (fd < 0)
        return 0;
    int asked = snprintf(request, sizeof request,
                         "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                         "Connection: close\r\n\r\n",
                         path);
    assert_int_equal(send(fd, request, (size_t)asked, MSG_NOSIGNAL), asked);
    while (len + 1 < size) {
        ssize_t got = recv(fd, body + len, size - 1 - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    body[len] = '\0';
    close(fd);
    if (strncmp(body, line, strlen(line)) != 0)
        return 0;
    return (int)strtol(body + strlen(line), NULL, 10);
}

/* ---- What stands where ------------------------------------------------- */

static bool ends_in(const char *text, const char *tail)
{
    size_t len = strlen(text), tail_len = strlen(tail);
    return tail_len && len >= tail_len &&
           strcmp(text + len - tail_len, tail) == 0;
}

static bool file_holds(const char *path, const char *bytes)
{
    size_t len = 0;
    char *all = world_read(path, &len);
    bool is_there = all && memmem(all, len, bytes, strlen(bytes));
    mem_free(all);
    return is_there;
}

static bool entry_holds(const char *path, const char *name, const char *bytes,
                        const char *except, char *ret_where)
{
    struct stat about;

    if (lstat(path, &about))
        return false; /* gone in the meantime */
    if (S_ISDIR(about.st_mode))
        return world_holds(path, bytes, except, ret_where);
    if (!strstr(name, bytes) &&
        !(S_ISREG(about.st_mode) && !ends_in(name, except) &&
          file_holds(path, bytes)))
        return false;
    snprintf(ret_where, WORLD_PATH, "%s", path);
    return true;
}

bool world_holds(const char *folder, const char *bytes, const char *except,
                 char *ret_where)
{
    char path[WORLD_PATH];
    bool is_there = false;
    struct dirent *entry;

    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (!is_there && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        world_join(path, folder, name);
        is_there = entry_holds(path, name, bytes, except, ret_where);
    }
    closedir(dir);
    return is_there;
}
