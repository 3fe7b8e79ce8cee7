/* The only door to other programs: helpers spoken to in lines (JSON, one a
 * line) over one socket pair that is the child's standard input and output.
 * Its standard error goes nowhere unless the profile says so.
 *
 * A child lives under the limits of its profile; past its time or its memory
 * it is killed.  When the parent dies, the child reads end of file and leaves.
 * on_end is called once, after the last on_line, never inside child_run. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct child;

struct child_profile {
    const char *name;
    uint64_t memory_max_bytes; /* address space; 0: no limit */
    int64_t run_max_ms;        /* 0: no limit */
    size_t line_max_bytes;     /* a longer line ends the child */
    bool keep_stderr;
};

struct child_events {
    /* line without its newline, valid during the call. */
    void (*on_line)(void *owner, const char *line, size_t len);
    /* status: exit code, or 128 + signal.  err: why it ended from our side
     * (ERR_TIMEOUT, ERR_TOO_BIG, ERR_CANCELLED) or ERR_OK. */
    void (*on_end)(void *owner, enum err err, int status);
};

/* For the simulator: beside a pretended loop no process is started, this
 * stands in for all of them.  It is told of a start, of each line and of the
 * end of the input, and that a child is gone (freed, or to be killed: nothing
 * may be said for it afterwards); it answers by child_said() and
 * child_ended(), never inside these calls. */
struct child_pretend {
    void (*on_start)(void *owner, struct child *child, const char *name);
    void (*on_line)(void *owner, struct child *child, const char *line,
                    size_t len);
    void (*on_gone)(void *owner, struct child *child);
    void *owner;
};
void child_pretend(const struct child_pretend *pretend);
void child_said(struct child *child, const char *line, size_t len);
void child_ended(struct child *child, int status);

/* argv[0] is the program's path.  The environment is empty but for PATH, LANG
 * and TZ.  After an error nothing was started and no callback comes. */
MUST_CHECK enum err child_run(struct loop *loop,
                              const struct child_profile *profile,
                              const char *const *argv,
                              const struct child_events *events, void *owner,
                              struct child **ret_child);

/* Queues a line (a newline is added; none may be inside).  A child that leaves
 * 16 MiB unread is killed: ERR_TOO_BIG. */
void child_send(struct child *child, const char *line, size_t len);
void child_close_input(struct child *child);
/* SIGKILL; on_end still comes, with ERR_CANCELLED; no line comes before it. */
void child_kill(struct child *child);
int child_pid(const struct child *child);
/* Like child_free, but lets it end by itself: it is told to (SIGTERM), reads the
 * end of its input and cleans up.  loop_free waits for it, so only for a child that is known to end
 * soon. */
void child_leave(struct child *child);
/* To be called also after on_end, and at any time, inside callbacks too: kills
 * if it still runs; no callback comes any more. */
void child_free(struct child *child);
