#include "kiosk/base/sandbox.h"

#include <assert.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kiosk/base/mem.h"

#define NO_LIMIT RLIM_INFINITY

/* What each profile takes away.  kiosk-draw opens its fonts and writes its
 * answer to a socket or pipe, so it may write no file; pango loads fonts on a
 * thread of its own, so threads are not limited. */
static const struct profile {
    rlim_t file_size_bytes;
    rlim_t open_files;
    rlim_t memory_bytes;
    rlim_t cpu_seconds;
    bool ends_with_parent;
    bool is_alone; /* see forbid_company */
} profiles[SANDBOX_COUNT] = {
    [SANDBOX_TERMINAL] = { NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT, false,
                           false },
    [SANDBOX_HUB] = { NO_LIMIT, NO_LIMIT, NO_LIMIT, NO_LIMIT, false, false },
    [SANDBOX_DRAW] = { .file_size_bytes = 0,
                       .open_files = 64,
                       .memory_bytes = 1024ull * 1024 * 1024,
                       .cpu_seconds = 20,
                       .ends_with_parent = true,
                       .is_alone = true },
    [SANDBOX_PRINT] = { .file_size_bytes = 0,
                        .open_files = 32,
                        .memory_bytes = 512ull * 1024 * 1024,
                        .cpu_seconds = 30,
                        .ends_with_parent = false },
    [SANDBOX_IME] = { .file_size_bytes = 0,
                      .open_files = 64,
                      .memory_bytes = 512ull * 1024 * 1024,
                      .cpu_seconds = 60,
                      .ends_with_parent = true,
                      .is_alone = true },
};

/* An integrator may send a paper's preview into a file by the shell. */
static rlim_t file_size_of(const struct profile *profile)
{
    struct stat out;
    if (profile->file_size_bytes == 0 && fstat(STDOUT_FILENO, &out) == 0 &&
        S_ISREG(out.st_mode))
        return 64ull * 1024 * 1024;
    return profile->file_size_bytes;
}

/* Never raises what somebody else has lowered further. */
static bool lower(int resource, rlim_t most)
{
    struct rlimit limit;
    if (most == NO_LIMIT)
        return true;
    if (getrlimit((__rlimit_resource_t)resource, &limit))
        return false;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > most)
        limit.rlim_max = most;
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > limit.rlim_max)
        limit.rlim_cur = limit.rlim_max;
    return setrlimit((__rlimit_resource_t)resource, &limit) == 0;
}

/* Fontconfig tries to write its cache: that shall fail, not kill. */
static bool ignore_file_size_signal(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    return sigaction(SIGXFSZ, &ignore, NULL) == 0;
}

/* A helper that only draws needs nobody: no connection, no other program, no
 * other process's memory.  What it asks for all the same fails with EPERM, as
 * if it had no right to it; threads, files to read and the descriptors that it
 * was born with stay.  On other processors only the limits above hold. */
#if defined(__x86_64__)
#define OUR_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define OUR_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef OUR_ARCH
#define DENY BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)
#define DENY_CALL(name)                                                        \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##name, 0, 1), DENY

static bool forbid_company(void)
{
    static struct sock_filter steps[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, OUR_ARCH, 1, 0),
        DENY, /* the numbers of another kind of program mean other calls */
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
        DENY, /* x32, the same */
        DENY_CALL(socket),
        DENY_CALL(connect),
        DENY_CALL(bind),
        DENY_CALL(listen),
        DENY_CALL(accept),
        DENY_CALL(accept4),
        DENY_CALL(execve),
        DENY_CALL(execveat),
        DENY_CALL(ptrace),
        DENY_CALL(process_vm_readv),
        DENY_CALL(process_vm_writev),
        DENY_CALL(pidfd_open),
        DENY_CALL(kill),
        DENY_CALL(tkill),
        DENY_CALL(unshare),
        DENY_CALL(setns),
        DENY_CALL(mount),
        DENY_CALL(bpf),
        DENY_CALL(keyctl),
        DENY_CALL(add_key),
        DENY_CALL(request_key),
        DENY_CALL(perf_event_open),
        DENY_CALL(userfaultfd),
        DENY_CALL(io_uring_setup),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    static const struct sock_fprog filter = {
        .len = sizeof steps / sizeof *steps,
        .filter = steps,
    };
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}
#else
static bool forbid_company(void)
{
    return true;
}
#endif

enum err sandbox_enter(enum sandbox_profile which)
{
    assert((unsigned int)which < SANDBOX_COUNT);
    const struct profile *profile = &profiles[which];
    bool is_fine = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                   lower(RLIMIT_CORE, 0) &&
                   lower(RLIMIT_FSIZE, file_size_of(profile)) &&
                   lower(RLIMIT_NOFILE, profile->open_files) &&
                   lower(RLIMIT_CPU, profile->cpu_seconds);
    if (is_fine && profile->file_size_bytes != NO_LIMIT)
        is_fine = ignore_file_size_signal();
    if (is_fine && profile->ends_with_parent)
        is_fine = prctl(PR_SET_PDEATHSIG, SIGKILL) == 0;
    /* A sanitizer maps terabytes, and its leak check traces its own process. */
    if (is_fine && !mem_is_checked())
        is_fine = lower(RLIMIT_AS, profile->memory_bytes) &&
                  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                  (!profile->is_alone || forbid_company());
    return is_fine ? ERR_OK : ERR_IO;
}
