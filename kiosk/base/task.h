/* Work of several steps that never blocks: a const table of named steps, each
 * with one operation and a time limit; clean-up steps marked .always run also
 * after a failure.  Answers carry the turn they answer, so late ones are
 * dropped.  done is called exactly once, with the first error. */
#pragma once

#include "kiosk/base/err.h"
#include "kiosk/base/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct task;

enum task_next {
    TASK_GO,   /* done with this step, on to the next */
    TASK_WAIT, /* task_resume() will be called, with task->turn */
    TASK_FAIL  /* task_fail() was called */
};

struct step_of_task {
    const char *name;
    enum task_next (*run)(struct task *task);
    int timeout_ms; /* 0: none */
    bool always;
};

struct task {
    const char *name;
    const struct step_of_task *steps;
    size_t step_count;
    void *owner;
    void (*done)(struct task *task, enum err err);

    /* For the steps to read: */
    uint32_t turn;

    /* The runner's: */
    struct timer *timer;
    size_t at;
    enum err err;
    bool running, waiting, stepping;
};

void task_init(struct task *task, struct loop *loop, const char *name,
               const struct step_of_task *steps, size_t step_count);
void task_done(struct task *task);

/* Must not be running. */
void task_start(struct task *task, void *owner,
                void (*done)(struct task *task, enum err err));
void task_resume(struct task *task, uint32_t turn, enum err err);
enum task_next task_fail(struct task *task, enum err err);
/* Gives up: only .always steps still run; done gets ERR_CANCELLED. */
void task_cancel(struct task *task);
bool task_is_running(const struct task *task);
