/* ptrace()'s names, memfd_create() and __WALL are Linux's own. */
#define _GNU_SOURCE
#include "tests/tty/trace.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/mem.h"
#include "tests/tty/world.h"

#define VARIABLE "KIOSK_TRACE" /* "MEMORY PIPE": two descriptors */

enum { THREADS_MAX = 64, PATIENCE_MS = 60000 };

/* Written by the test: is_wanted, kill_at; the rest by the tracer. */
struct shared {
    atomic_int main; /* the program's process */
    atomic_bool is_wanted;
    atomic_int kill_at;
    atomic_int count;
    atomic_bool has_killed;
    atomic_int call; /* at which it was killed: index into calls */
};

/* What changes anything that outlives the process. */
static const struct {
    long number;
    const char *name;
} calls[] = {
    { SYS_write, "write" },         { SYS_writev, "writev" },
    { SYS_pwrite64, "pwrite64" },   { SYS_pwritev, "pwritev" },
    { SYS_fsync, "fsync" },         { SYS_fdatasync, "fdatasync" },
    { SYS_ftruncate, "ftruncate" }, { SYS_unlinkat, "unlinkat" },
    { SYS_renameat2, "renameat2" }, { SYS_sendto, "sendto" },
    { SYS_sendmsg, "sendmsg" },
#ifdef SYS_unlink
    { SYS_unlink, "unlink" },       { SYS_rename, "rename" },
#endif
};

enum { CALLS = sizeof calls / sizeof *calls };

/* ---- The tracer: a process of its own ------------------------------------ */

static struct {
    pid_t main;
    pid_t threads[THREADS_MAX];
    bool is_watched[THREADS_MAX];
    int count;
    int ready; /* the pipe that says: every thread is watched */
    bool is_asked, is_ready;
    int status;
    struct shared *shared;
} tracer;

static int find_thread(pid_t thread)
{
    for (int i = 0; i < tracer.count; i++)
        if (tracer.threads[i] == thread)
            return i;
    if (tracer.count == THREADS_MAX)
        _exit(125);
    tracer.threads[tracer.count] = thread;
    tracer.is_watched[tracer.count] = false;
    return tracer.count++;
}

static void forget_thread(pid_t thread)
{
    int i = find_thread(thread);
    tracer.count--;
    tracer.threads[i] = tracer.threads[tracer.count];
    tracer.is_watched[i] = tracer.is_watched[tracer.count];
}

/* Until counting begins nothing is stopped at: the walk there is long. */
static void go_on(pid_t thread, int signal_number)
{
    int i = find_thread(thread);
    tracer.is_watched[i] = tracer.is_asked;
    (void)ptrace(tracer.is_asked ? PTRACE_SYSCALL : PTRACE_CONT, thread, NULL,
                 (void *)(intptr_t)signal_number);
}

/* In how many pieces a terminal takes a page is chance, and the report's line
 * is written at the same moment; an eventfd only wakes another thread.  Where
 * nobody may look (who is not root), they count as well. */
static bool is_passing(pid_t thread, unsigned long long fd)
{
    char path[64], there[64] = "";

    snprintf(path, sizeof path, "/proc/%d/fd/%llu", (int)thread, fd);
    if (readlink(path, there, sizeof there - 1) < 0)
        return false;
    return strncmp(there, "/dev/pts/", 9) == 0 || strstr(there, "eventfd");
}

static int find_call(pid_t thread)
{
    struct __ptrace_syscall_info info;

    memset(&info, 0, sizeof info);
    if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, (void *)sizeof info, &info) <=
            0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return -1;
    if (info.entry.nr == SYS_write && is_passing(thread, info.entry.args[0]))
        return -1;
    for (int i = 0; i < CALLS; i++)
        if ((long)info.entry.nr == calls[i].number)
            return i;
    return -1;
}

/* A call that is about to be made; true: it was the one. */
static bool kills_at(pid_t thread)
{
    int call = find_call(thread);

    if (call < 0 || !tracer.is_ready)
        return false;
    int count = atomic_fetch_add(&tracer.shared->count, 1) + 1;
    if (count != tracer.shared->kill_at)
        return false;
    tracer.shared->call = call;
    tracer.shared->has_killed = true;
    (void)kill(tracer.main, SIGKILL);
    return true;
}

static void on_stop(pid_t thread, int status)
{
    int signal_number = WSTOPSIG(status);

    (void)find_thread(thread);
    if (signal_number == (SIGTRAP | 0x80)) {
        if (!kills_at(thread))
            go_on(thread, 0);
    } else if (status >> 16) {
        go_on(thread, 0); /* a new thread, or one that was interrupted */
    } else {
        go_on(thread, signal_number);
    }
}

static void ask_all(void)
{
    tracer.is_asked = true;
    for (int i = 0; i < tracer.count; i++)
        (void)ptrace(PTRACE_INTERRUPT, tracer.threads[i], NULL, NULL);
}

static void tell_when_ready(void)
{
    if (!tracer.is_asked || tracer.is_ready)
        return;
    for (int i = 0; i < tracer.count; i++)
        if (!tracer.is_watched[i])
            return;
    tracer.is_ready = true;
    if (write(tracer.ready, "!", 1) != 1)
        _exit(125);
}

/* False once all threads are gone. */
static bool collect(void)
{
    int status;
    pid_t thread;

    while ((thread = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
        if (WIFSTOPPED(status)) {
            on_stop(thread, status);
            continue;
        }
        if (thread == tracer.main)
            tracer.status = status;
        forget_thread(thread);
    }
    return thread == 0;
}

static pid_t start_traced(char **argv)
{
    char program[WORLD_PATH];
    int status;

    world_program(program, "kiosk");
    pid_t pid = fork();
    if (pid == 0) {
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        raise(SIGSTOP); /* seized here: later it lets nobody in */
        execv(program, argv);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, WUNTRACED) != pid)
        _exit(125);
    if (ptrace(PTRACE_SEIZE, pid, NULL,
               (void *)(PTRACE_O_TRACECLONE | PTRACE_O_TRACESYSGOOD |
                        PTRACE_O_EXITKILL | PTRACE_O_TRACEEXEC)))
        _exit(125);
    kill(pid, SIGCONT);
    return pid;
}

/* The program alone holds its terminal and its report, so that both end with
 * it. */
static void let_go_of_its_files(const char *descriptor)
{
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    close((int)strtol(descriptor, NULL, 10));
}

static void run_tracer(char **argv, int memory, int ready)
{
    sigset_t wanted;
    int number;

    tracer.shared = mmap(NULL, sizeof *tracer.shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED, memory, 0);
    tracer.ready = ready;
    sigemptyset(&wanted);
    sigaddset(&wanted, SIGCHLD);
    sigaddset(&wanted, SIGUSR1);
    sigprocmask(SIG_BLOCK, &wanted, NULL);
    tracer.main = start_traced(argv);
    tracer.shared->main = tracer.main;
    (void)find_thread(tracer.main);
    let_go_of_its_files(argv[5]); /* kiosk --demo --state DIR --report FD */
    while (collect()) {
        tell_when_ready();
        if (sigwait(&wanted, &number) == 0 && number == SIGUSR1 &&
            tracer.shared->is_wanted && !tracer.is_asked)
            ask_all();
    }
    if (WIFSIGNALED(tracer.status))
        (void)kill(getpid(), WTERMSIG(tracer.status));
    _exit(WIFEXITED(tracer.status) ? WEXITSTATUS(tracer.status) : 125);
}

void trace_run_if_asked(int argc, char **argv)
{
    const char *given = getenv(VARIABLE);
    char *rest = NULL;

    if (!given || argc < 6 || strcmp(argv[1], "--demo") != 0)
        return;
    int memory = (int)strtol(given, &rest, 10);
    int ready = (int)strtol(rest, NULL, 10);
    unsetenv(VARIABLE);
    run_tracer(argv, memory, ready);
}

/* ---- The test's side ------------------------------------------------------ */

struct trace {
    struct shared *shared;
    int memory, ready[2];
    char program[WORLD_PATH];
};

struct trace *trace_new(void)
{
    struct trace *trace = mem_new(sizeof *trace);
    char text[64];

    trace->memory = memfd_create("trace", 0);
    assert_true(trace->memory >= 0);
    assert_int_equal(ftruncate(trace->memory, sizeof *trace->shared), 0);
    trace->shared = mmap(NULL, sizeof *trace->shared, PROT_READ | PROT_WRITE,
                         MAP_SHARED, trace->memory, 0);
    assert_true(trace->shared != MAP_FAILED);
    assert_int_equal(pipe(trace->ready), 0);
    ssize_t len =
        readlink("/proc/self/exe", trace->program, sizeof trace->program - 1);
    assert_true(len > 0);
    snprintf(text, sizeof text, "%d %d", trace->memory, trace->ready[1]);
    setenv(VARIABLE, text, 1);
    return trace;
}

void trace_free(struct trace *trace)
{
    if (!trace)
        return;
    unsetenv(VARIABLE);
    munmap(trace->shared, sizeof *trace->shared);
    close(trace->memory);
    close(trace->ready[0]);
    close(trace->ready[1]);
    mem_free(trace);
}

const char *trace_program(const struct trace *trace)
{
    return trace->program;
}

void trace_arm(struct trace *trace, int pid, int kill_at)
{
    struct pollfd fd = { .fd = trace->ready[0], .events = POLLIN };
    char byte;

    trace->shared->count = 0;
    trace->shared->has_killed = false;
    trace->shared->kill_at = kill_at;
    trace->shared->is_wanted = true;
    assert_int_equal(kill(pid, SIGUSR1), 0);
    assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
    assert_int_equal(read(trace->ready[0], &byte, 1), 1);
    trace->shared->is_wanted = false; /* for the next program */
}

void trace_end(struct trace *trace, int pid)
{
    siginfo_t info;

    if (!trace_has_killed(trace))
        (void)kill(trace->shared->main, SIGKILL);
    assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
}

int trace_count(const struct trace *trace)
{
    return trace->shared->count;
}

bool trace_has_killed(const struct trace *trace)
{
    return trace->shared->has_killed;
}

const char *trace_call(const struct trace *trace)
{
    return calls[trace->shared->call].name;
}
