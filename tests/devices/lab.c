/* unshare() is Linux's own. */
#define _GNU_SOURCE
#include "tests/devices/lab.h"

#include "kiosk/base/child.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PATIENCE_MS = 60000,
    ASKED_MS = 10000,
    ASKED_MOST = 6,
    PORT = 8631,
    PATH_BYTES = 256,
    CHILDREN_MAX = 32
};

struct lab {
    struct loop *loop;
    struct child *dbus, *avahi, *printer, *cups;
    int wake; /* the mechanic's pipe */
};

/* --- namespaces --------------------------------------------------------- */

static bool raise_loopback(void)
{
    struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    bool is_up = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &request) == 0;

    close(fd);
    return is_up;
}

static const char *furnish(void)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
        mount("proc", "/proc", "proc", 0, NULL) ||
        mount("tmpfs", "/run", "tmpfs", 0, "mode=755"))
        return "no right to mount here";
    if (!raise_loopback())
        return "no loopback here";
    return NULL;
}

/* The first process of a namespace buries everybody's children, and takes all
 * with it when it ends. */
static void be_first(pid_t test)
{
    int status, code = 1;

    for (;;) {
        pid_t pid = wait(&status);

        if (pid < 0 && errno != EINTR)
            _exit(1);
        if (pid != test)
            continue;
        code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
        _exit(code);
    }
}

static void wait_outside(pid_t first)
{
    int status = 0;

    while (waitpid(first, &status, 0) < 0 && errno == EINTR)
        ;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static const char *missing_program(void)
{
    static const char *const programs[] = { "/usr/sbin/cupsd",
                                            "/usr/sbin/ippeveprinter",
                                            "/usr/sbin/avahi-daemon",
                                            "/usr/bin/dbus-daemon",
                                            "/usr/sbin/lpadmin",
                                            "/usr/bin/ipptool",
                                            "/usr/bin/pdftotext",
                                            "/usr/bin/zbarimg",
                                            "/usr/lib/cups/filter/pdftopdf" };

    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
        if (!file_exists(programs[i]))
            return programs[i];
    return NULL;
}

const char *lab_enter(void)
{
    const char *missing = missing_program();
    pid_t pid;

    if (missing)
        return missing;
    if (geteuid() != 0)
        return "cupsd runs its filters as another user, which only root can do";
    if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC))
        return "no right to make namespaces here";
    pid = fork();
    if (pid > 0)
        wait_outside(pid);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    pid = fork();
    if (pid > 0)
        be_first(pid);
    return furnish();
}

/* --- programs ----------------------------------------------------------- */

struct run {
    struct buf output;
    bool has_ended;
    int status;
};

static void on_line(void *owner, const char *line, size_t len)
{
    struct run *run = owner;

    if (!run)
        return;
    buf_add(&run->output, line, len);
    buf_add_char(&run->output, '\n');
}

static void on_end(void *owner, enum err err, int status)
{
    struct run *run = owner;

    if (!run)
        return;
    run->has_ended = true;
    run->status = err ? -1 : status;
}

static const struct child_events events = { on_line, on_end };

static struct child *start(struct lab *lab, const char *const *argv)
{
    static const struct child_profile profile = { .name = "lab",
                                                  .line_max_bytes = 65536 };
    struct child *child;

    if (child_run(lab->loop, &profile, argv, &events, NULL, &child))
        abort();
    return child;
}

int lab_run(struct lab *lab, const char *const *argv, const char *path)
{
    static const struct child_profile profile = {
        .name = "tool", .run_max_ms = PATIENCE_MS, .line_max_bytes = 1024 * 1024
    };
    struct run run = { .status = -1 };
    struct child *child;

    buf_init(&run.output, 4 * 1024 * 1024);
    if (child_run(lab->loop, &profile, argv, &events, &run, &child))
        abort();
    child_close_input(child);
    while (!run.has_ended)
        loop_turn(lab->loop, 100);
    child_free(child);
    if (path && file_replace(path, run.output.text, run.output.len, 0600))
        abort();
    buf_done(&run.output);
    return run.status;
}

void lab_admin(struct lab *lab, const char *const *arguments)
{
    const char *argv[16] = { arguments[0], "-h", LAB_SERVER };

    for (int i = 1; arguments[i]; i++)
        argv[i + 2] = arguments[i];
    if (lab_run(lab, argv, NULL) != 0) {
        fprintf(stderr, "%s failed\n", arguments[0]);
        abort();
    }
}

/* --- waiting for servers ------------------------------------------------ */

static int connect_printer(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_port = htons(PORT) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool is_printer_there(const char *unused)
{
    int fd = connect_printer();

    (void)unused;
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool answers(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_there;

    (void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    is_there = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
    close(fd);
    return is_there;
}

static bool comes(struct lab *lab, bool (*is_there)(const char *),
                  const char *path, int within_ms)
{
    int64_t until = clock_monotonic_ms() + within_ms;

    while (!is_there(path)) {
        if (clock_monotonic_ms() > until)
            return false;
        loop_turn(lab->loop, 10);
    }
    return true;
}

/* What cupsd said last may tell why. */
static void give_up(const char *path)
{
    enum { SHOWN = 3000, LOG_MOST = 16 * 1024 * 1024 };
    char *text = NULL;
    size_t len = 0;

    fprintf(stderr, "nothing answers at %s\n", path);
    if (!file_read("/run/lab/log/error", LOG_MOST, &text, &len))
        fprintf(stderr, "%s\n", len > SHOWN ? text + len - SHOWN : text);
    mem_free(text);
    abort();
}

static void wait_for(struct lab *lab, bool (*is_there)(const char *),
                     const char *path)
{
    if (!comes(lab, is_there, path, PATIENCE_MS))
        give_up(path);
}

/* --- the servers -------------------------------------------------------- */

static const char cups_files[] = "SystemGroup root\n"
                                 "ServerRoot /run/lab\n"
                                 "RequestRoot /run/lab/spool\n"
                                 "CacheDir /run/lab/cache\n"
                                 "TempDir /run/lab/tmp\n"
                                 "StateDir /run/cups\n"
                                 "AccessLog /run/lab/log/access\n"
                                 "ErrorLog /run/lab/log/error\n"
                                 "PageLog /run/lab/log/page\n"
                                 "User lp\n"
                                 "Group lp\n";

/* As INSTALL and Debian have it, but for DirtyCleanInterval: a queue must be known again
 * after a kill. */
static const char cups_settings[] = "LogLevel info\n"
                                    "Listen " LAB_SERVER "\n"
                                    "Browsing Off\n"
                                    "WebInterface No\n"
                                    "DirtyCleanInterval 0\n"
                                    "PreserveJobFiles No\n"
                                    "PreserveJobHistory 300\n"
                                    "<Location />\n"
                                    "Order allow,deny\n"
                                    "</Location>\n"
                                    "<Policy default>\n"
                                    "<Limit Send-Document Cancel-Job "
                                    "Cancel-My-Jobs Purge-Jobs>\n"
                                    "Require user @OWNER @SYSTEM\n"
                                    "Order deny,allow\n"
                                    "</Limit>\n"
                                    "<Limit All>\n"
                                    "Order deny,allow\n"
                                    "</Limit>\n"
                                    "</Policy>\n";

static void write_file(const char *path, const char *text)
{
    if (file_replace(path, text, strlen(text), 0644))
        abort();
}

static void make_folder(const char *path, int mode)
{
    if (file_make_folder(path, mode) || chmod(path, (mode_t)mode) ||
        chown(path, 0, 7 /* lp */))
        abort();
}

static void make_folders(void)
{
    if (file_exists("/run/lab") && file_remove_tree("/run/lab"))
        abort();
    make_folder("/run/cups", 0755);
    make_folder("/run/lab", 0755);
    make_folder("/run/lab/spool", 0710);
    make_folder("/run/lab/cache", 0770);
    make_folder("/run/lab/tmp", 01770);
    make_folder("/run/lab/log", 0755);
    make_folder("/run/lab/received", 0755);
    make_folder(LAB_PAPER, 0755);
    write_file("/run/lab/cups-files.conf", cups_files);
    write_file("/run/lab/cupsd.conf", cups_settings);
}

static void copy_file(const char *from, const char *to)
{
    char *text;
    size_t len;

    if (file_read(from, 65536, &text, &len) ||
        file_replace(to, text, len, 0644))
        abort();
    mem_free(text);
}

static void start_printer(struct lab *lab)
{
    char inside[PATH_BYTES];
    const char *argv[] = { "/usr/sbin/ippeveprinter",
                           "-k",
                           "-n",
                           "localhost",
                           "-p",
                           "8631",
                           "-d",
                           "/run/lab/received",
                           "-a",
                           "tests/devices/printer.conf",
                           "-c",
                           inside,
                           "slip",
                           NULL };

    if (!getcwd(inside, sizeof(inside) - 32))
        abort();
    memcpy(inside + strlen(inside), "/tests/devices/mechanic", 24);
    copy_file("tests/devices/cancelled.test", "/run/lab/cancelled.test");
    if (!lab->wake && file_open_fifo("/run/lab/wake", &lab->wake))
        abort();
    lab_paper(100);
    for (int i = 0; i < ASKED_MOST; i++) {
        child_free(lab->printer);
        lab->printer = start(lab, argv);
        if (comes(lab, is_printer_there, "", ASKED_MS))
            return;
    }
    give_up("the printer's port");
}

void lab_start_cups(struct lab *lab)
{
    const char *argv[] = {
        "/usr/sbin/cupsd",          "-f", "-c", "/run/lab/cupsd.conf", "-s",
        "/run/lab/cups-files.conf", NULL
    };

    (void)unlink(LAB_SERVER);
    lab->cups = start(lab, argv);
    wait_for(lab, answers, LAB_SERVER);
}

static void start_buses(struct lab *lab)
{
    const char *dbus[] = { "/usr/bin/dbus-daemon", "--system", "--nofork",
                           "--nopidfile", NULL };
    const char *avahi[] = { "/usr/sbin/avahi-daemon", "--no-drop-root",
                            "--no-rlimits", "--no-chroot", NULL };

    make_folder("/run/dbus", 0755);
    make_folder("/run/avahi-daemon", 0755);
    lab->dbus = start(lab, dbus);
    wait_for(lab, answers, "/run/dbus/system_bus_socket");
    lab->avahi = start(lab, avahi);
    wait_for(lab, answers, "/run/avahi-daemon/socket");
}

/* CUPS asks the printer in the background what it is; when that fails it says so
 * only in its log and does not ask again.  On a busy machine ippeveprinter may
 * have given up after its port was open, so it, too, begins anew. */
static void add_queue(struct lab *lab)
{
    static const char description[] = "/run/lab/ppd/" LAB_QUEUE ".ppd";
    static const char *const queue[] = { "/usr/sbin/lpadmin",
                                         "-p",
                                         LAB_QUEUE,
                                         "-E",
                                         "-v",
                                         "ipp://localhost:8631/ipp/print",
                                         "-m",
                                         "everywhere",
                                         NULL };

    for (int i = 0; i < ASKED_MOST; i++) {
        lab_admin(lab, queue);
        if (comes(lab, file_exists, description, ASKED_MS))
            return;
        start_printer(lab);
    }
    give_up(description);
}

struct lab *lab_new(struct loop *loop)
{
    struct lab *lab = mem_new(sizeof(*lab));

    lab->loop = loop;
    make_folders();
    start_buses(lab);
    start_printer(lab);
    lab_start_cups(lab);
    add_queue(lab);
    /* Only a new start is sure to have read the printer's answer. */
    lab_kill_cups(lab);
    lab_start_cups(lab);
    return lab;
}

void lab_free(struct lab *lab)
{
    if (lab->cups)
        lab_kill_cups(lab);
    child_free(lab->printer);
    child_free(lab->avahi);
    child_free(lab->dbus);
    close(lab->wake);
    mem_free(lab);
}

int lab_cups_pid(const struct lab *lab)
{
    return child_pid(lab->cups);
}

void lab_kill_cups(struct lab *lab)
{
    char path[PATH_BYTES];
    int pid = child_pid(lab->cups), children[CHILDREN_MAX], count = 0;
    FILE *list;

    (void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    list = fopen(path, "r");
    while (list && count < CHILDREN_MAX &&
           fscanf(list, "%d", &children[count]) == 1)
        count++;
    if (list)
        (void)fclose(list);
    child_free(lab->cups); /* SIGKILL */
    lab->cups = NULL;
    for (int i = 0; i < count; i++)
        (void)kill(children[i], SIGTERM);
}

/* --- hands -------------------------------------------------------------- */

static void wake_mechanic(void)
{
    int fd = open("/run/lab/wake", O_RDWR | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0 || write(fd, "\n", 1) != 1)
        abort();
    close(fd);
}

void lab_paper(int pages)
{
    char text[16];

    (void)snprintf(text, sizeof(text), "%d\n", pages);
    write_file("/run/lab/tray", text);
    wake_mechanic();
}

void lab_cover(bool is_open)
{
    if (is_open)
        write_file("/run/lab/cover", "");
    else
        (void)unlink("/run/lab/cover");
    wake_mechanic();
}

void lab_tray(bool has_paper)
{
    char request[512], answer[16384] = "";
    size_t got = 0;
    int fd = connect_printer();
    int len = snprintf(request, sizeof(request),
                       "GET /media?size0=iso_a4_210x297mm&type0=stationery&"
                       "level0=%d HTTP/1.1\r\nHost: localhost:%d\r\n"
                       "Connection: close\r\n\r\n",
                       has_paper ? 250 : 0, PORT);

    if (fd < 0 || write(fd, request, (size_t)len) != len)
        abort();
    /* The page's end, not the connection's, which the printer may keep. */
    while (!strstr(answer, "</html>")) {
        ssize_t more = read(fd, answer + got, sizeof(answer) - 1 - got);

        if (more <= 0)
            abort();
        got += (size_t)more;
        answer[got] = '\0';
    }
    close(fd);
}
