/* prlimit() and close_range() are Linux's own. */
#define _GNU_SOURCE
#include "kiosk/base/child.h"

#include <assert.h>
#include <errno.h>
#include <linux/close_range.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <uv.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

enum {
    CHILD_MAGIC = 0x6368696c,
    CHUNK_BYTES = 16 * 1024,
    CHUNKS_PER_TURN = 4,
    /* Who does not read what it is sent is broken. */
    UNSENT_MAX_BYTES = 16 * 1024 * 1024
};

/* The memory of a child goes when three things are over: the process has died
 * (it must be waited for, or a zombie stays), libuv has closed its handle, and
 * the owner has called child_free. */
struct child {
    int magic;
    struct loop *loop;
    struct child_profile profile;
    struct child_events events;
    void *owner;
    uv_process_t process;
    int fd; /* our end of the socket pair; -1: closed */
    struct watch *watch;
    struct timer *limit;
    struct buf line;   /* what came of a line that has no end yet */
    struct buf unsent; /* waits for the child to read */
    size_t sent;       /* bytes of unsent that are gone already */
    bool wants_end_of_input;
    bool has_input_ended;
    bool has_died;
    bool is_closed;  /* libuv's handle */
    bool is_freed;   /* by the owner: no callback any more */
    bool is_pretend; /* there is no process */
    enum err err;    /* why we ended it */
    int status;
};

static const struct child_pretend *pretended;

void child_pretend(const struct child_pretend *pretend)
{
    pretended = pretend;
}

static void dispose_if_over(struct child *child)
{
    if (child->is_closed && child->is_freed) {
        child->magic = 0;
        buf_done(&child->line);
        buf_done(&child->unsent);
        mem_free(child);
    }
}

static void on_closed(uv_handle_t *handle)
{
    struct child *child = handle->data;
    child->is_closed = true;
    dispose_if_over(child);
}

static void close_channel(struct child *child)
{
    watch_free(child->watch);
    child->watch = NULL;
    if (child->fd >= 0)
        close(child->fd);
    child->fd = -1;
    timer_free(child->limit);
    child->limit = NULL;
    buf_clear(&child->unsent);
    child->sent = 0;
}

static bool is_listening(const struct child *child)
{
    return !child->is_freed && !child->err;
}

static void set_watch(struct child *child)
{
    if (!child->watch)
        return;
    int events = 0;
    if (!child->has_input_ended && is_listening(child))
        events |= LOOP_READ;
    if (child->sent < child->unsent.len && !child->err)
        events |= LOOP_WRITE;
    watch_set(child->watch, events);
}

/* A pretended one is buried by the loop, as a real one is. */
static void on_pretend_end(void *owner)
{
    struct child *child = owner;
    assert(child->magic == CHILD_MAGIC);
    if (!child->is_freed) {
        close_channel(child);
        child->events.on_end(child->owner, child->err, child->status);
    }
    child->is_closed = true; /* on_end may have freed it: not before */
    dispose_if_over(child);
}

/* The first reason is the one that is told. */
static void end(struct child *child, enum err why)
{
    if (child->has_died)
        return;
    if (!child->err)
        child->err = why;
    if (child->is_pretend) {
        pretended->on_gone(pretended->owner, child);
        loop_post(child->loop, on_pretend_end, child);
        child->has_died = true;
        return;
    }
    uv_process_kill(&child->process, SIGKILL);
    set_watch(child);
}

static void on_limit(void *owner)
{
    struct child *child = owner;
    assert(child->magic == CHILD_MAGIC);
    end(child, ERR_TIMEOUT);
}

static void take_bytes(struct child *child, const char *bytes, size_t len)
{
    while (len && is_listening(child)) {
        const char *newline = memchr(bytes, '\n', len);
        size_t part = newline ? (size_t)(newline - bytes) : len;
        buf_add(&child->line, bytes, part);
        if (child->line.is_cut) {
            child->err = ERR_TOO_BIG;
            end(child, ERR_TOO_BIG);
            return;
        }
        if (!newline)
            return;
        if (FAULT("child.garbage"))
            child->events.on_line(child->owner, "{garbage", 8);
        else if (!FAULT("child.silent"))
            child->events.on_line(child->owner, child->line.text,
                                  child->line.len);
        buf_clear(&child->line);
        bytes += part + 1;
        len -= part + 1;
    }
}

/* False once nothing more can come. */
static bool read_chunk(struct child *child, bool *ret_is_empty)
{
    char chunk[CHUNK_BYTES];
    ssize_t got = recv(child->fd, chunk, sizeof chunk, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        *ret_is_empty = errno == EAGAIN;
        return true;
    }
    if (got <= 0)
        return false;
    take_bytes(child, chunk, (size_t)got);
    mem_wipe(chunk, (size_t)got);
    *ret_is_empty = false;
    return true;
}

static void read_some(struct child *child, int chunks_max)
{
    bool is_empty = false;
    for (int i = 0; i < chunks_max && !is_empty && is_listening(child); i++) {
        if (read_chunk(child, &is_empty))
            continue;
        child->has_input_ended = true;
        return;
    }
}

static void write_some(struct child *child)
{
    while (child->sent < child->unsent.len) {
        ssize_t put =
            send(child->fd, child->unsent.text + child->sent,
                 child->unsent.len - child->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0 && errno == EAGAIN)
            return;
        /* It has closed its end: nobody will read this. */
        if (put < 0)
            break;
        child->sent += (size_t)put;
    }
    buf_clear(&child->unsent);
    child->sent = 0;
    if (child->wants_end_of_input)
        shutdown(child->fd, SHUT_WR);
}

static void on_ready(void *owner, int events)
{
    struct child *child = owner;
    assert(child->magic == CHILD_MAGIC);
    if (events & (LOOP_READ | LOOP_ERROR))
        read_some(child, CHUNKS_PER_TURN);
    if (child->is_freed)
        return;
    if (events & (LOOP_WRITE | LOOP_ERROR))
        write_some(child);
    set_watch(child);
}

void child_said(struct child *child, const char *line, size_t len)
{
    assert(child->magic == CHILD_MAGIC && child->is_pretend);
    if (is_listening(child))
        child->events.on_line(child->owner, line, len);
}

void child_ended(struct child *child, int status)
{
    assert(child->magic == CHILD_MAGIC && child->is_pretend);
    if (child->has_died)
        return;
    child->has_died = true;
    child->status = status;
    loop_post(child->loop, on_pretend_end, child);
}

/* All that it wrote is in the socket by now; a grandchild that holds the other
 * end open shall not keep us, so reading ends when nothing is there. */
static void on_exit_of(uv_process_t *process, int64_t code, int signal_number)
{
    struct child *child = process->data;
    assert(child->magic == CHILD_MAGIC);
    child->has_died = true;
    child->status = signal_number ? 128 + signal_number : (int)code;
    if (!child->is_freed && !child->has_input_ended)
        read_some(child, UNSENT_MAX_BYTES / CHUNK_BYTES);
    if (!child->is_freed) {
        close_channel(child);
        child->events.on_end(child->owner, child->err, child->status);
    }
    uv_close((uv_handle_t *)&child->process, on_closed);
}

/* The limits are set a moment after the start: the program is then being
 * loaded, which is not what they are for. */
static void set_limits(int pid, const struct child_profile *profile)
{
    struct rlimit core = { 0, 0 };
    (void)prlimit(pid, RLIMIT_CORE, &core, NULL);
    if (profile->memory_max_bytes && !mem_is_checked()) {
        struct rlimit memory = { profile->memory_max_bytes,
                                 profile->memory_max_bytes };
        (void)prlimit(pid, RLIMIT_AS, &memory, NULL);
    }
}

/* A session of its own keeps the keys of our terminal (Ctrl-C) from it.  No
 * other descriptor of ours may reach it, whoever opened it, hence
 * close_range(); on a kernel without that call each door's O_CLOEXEC does. */
static int spawn(struct child *child, const char *const *argv, int its_fd)
{
    static const char *const environment[] = {
        "PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "TZ=UTC", NULL
    };
    uv_stdio_container_t stdio[3] = {
        { .flags = UV_INHERIT_FD, .data.fd = its_fd },
        { .flags = UV_INHERIT_FD, .data.fd = its_fd },
        { .flags = UV_IGNORE },
    };
    if (child->profile.keep_stderr) {
        stdio[2].flags = UV_INHERIT_FD;
        stdio[2].data.fd = STDERR_FILENO;
    }
    uv_process_options_t options = {
        .exit_cb = on_exit_of,
        .file = argv[0],
        .args = (char **)argv,
        .env = (char **)environment,
        .flags = UV_PROCESS_DETACHED,
        .stdio_count = 3,
        .stdio = stdio,
    };
    (void)close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
    return uv_spawn(loop_uv(child->loop), &child->process, &options);
}

static struct child *child_new(struct loop *loop,
                               const struct child_profile *profile,
                               const struct child_events *events, void *owner)
{
    struct child *child = mem_new(sizeof *child);
    child->magic = CHILD_MAGIC;
    child->loop = loop;
    child->profile = *profile;
    child->events = *events;
    child->owner = owner;
    child->process.data = child;
    child->fd = -1;
    buf_init(&child->line, profile->line_max_bytes);
    buf_init(&child->unsent, UNSENT_MAX_BYTES);
    loop_account(loop, profile->name, +1);
    return child;
}

static struct child *start_pretended(struct loop *loop,
                                     const struct child_profile *profile,
                                     const struct child_events *events,
                                     void *owner)
{
    struct child *child = child_new(loop, profile, events, owner);

    child->is_pretend = true;
    child->limit = timer_new(loop, profile->name, on_limit, child);
    if (profile->run_max_ms > 0)
        timer_start(child->limit, profile->run_max_ms);
    pretended->on_start(pretended->owner, child, profile->name);
    return child;
}

enum err child_run(struct loop *loop, const struct child_profile *profile,
                   const char *const *argv, const struct child_events *events,
                   void *owner, struct child **ret_child)
{
    int pair[2];
    if (FAULT("child.run"))
        return ERR_CHILD;
    if (pretended && loop_is_pretend(loop)) {
        *ret_child = start_pretended(loop, profile, events, owner);
        return ERR_OK;
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
        return ERR_CHILD;
    struct child *child = child_new(loop, profile, events, owner);
    child->fd = pair[0];
    int status = spawn(child, argv, pair[1]);
    close(pair[1]);
    if (status < 0) {
        /* libuv has put the handle into its lists even so. */
        child->has_died = true;
        uv_close((uv_handle_t *)&child->process, on_closed);
        child_free(child);
        return ERR_CHILD;
    }
    set_limits(child->process.pid, profile);
    child->watch = watch_new(loop, profile->name, child->fd, on_ready, child);
    assert(child->watch);
    set_watch(child);
    child->limit = timer_new(loop, profile->name, on_limit, child);
    if (profile->run_max_ms > 0)
        timer_start(child->limit, profile->run_max_ms);
    if (FAULT("child.dies"))
        uv_process_kill(&child->process, SIGKILL);
    *ret_child = child;
    return ERR_OK;
}

void child_send(struct child *child, const char *line, size_t len)
{
    assert(child->magic == CHILD_MAGIC && !child->is_freed);
    assert(!child->wants_end_of_input && !memchr(line, '\n', len));
    if (child->is_pretend && !child->has_died)
        pretended->on_line(pretended->owner, child, line, len);
    if (child->fd < 0 || child->err)
        return;
    buf_add(&child->unsent, line, len);
    buf_add_char(&child->unsent, '\n');
    if (child->unsent.is_cut) {
        end(child, ERR_TOO_BIG);
        return;
    }
    write_some(child);
    set_watch(child);
}

void child_close_input(struct child *child)
{
    assert(child->magic == CHILD_MAGIC && !child->is_freed);
    child->wants_end_of_input = true;
    if (child->fd >= 0)
        write_some(child);
}

void child_kill(struct child *child)
{
    assert(child->magic == CHILD_MAGIC && !child->is_freed);
    end(child, ERR_CANCELLED);
}

int child_pid(const struct child *child)
{
    assert(child->magic == CHILD_MAGIC);
    return child->process.pid;
}

static void let_go(struct child *child)
{
    close_channel(child);
    loop_account(child->loop, child->profile.name, -1);
    child->is_freed = true;
    dispose_if_over(child);
}

void child_leave(struct child *child)
{
    if (!child)
        return;
    assert(child->magic == CHILD_MAGIC && !child->is_freed);
    /* One that is busy elsewhere does not read the end of its input. */
    if (child->is_pretend)
        end(child, ERR_CANCELLED);
    else if (!child->has_died)
        uv_process_kill(&child->process, SIGTERM);
    let_go(child);
}

void child_free(struct child *child)
{
    if (!child)
        return;
    assert(child->magic == CHILD_MAGIC && !child->is_freed);
    end(child, ERR_CANCELLED);
    let_go(child);
}
