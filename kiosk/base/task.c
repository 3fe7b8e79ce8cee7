#include "kiosk/base/task.h"

#include <assert.h>

static void task_run(struct task *task);

static void end_wait(struct task *task)
{
    timer_stop(task->timer);
    task->waiting = false;
    task->at++;
    task_run(task);
}

static void on_timeout(void *owner)
{
    struct task *task = owner;
    assert(task->running && task->waiting);
    (void)task_fail(task, ERR_TIMEOUT);
    end_wait(task);
}

void task_init(struct task *task, struct loop *loop, const char *name,
               const struct step_of_task *steps, size_t step_count)
{
    *task =
        (struct task){ .name = name, .steps = steps, .step_count = step_count };
    task->timer = timer_new(loop, name, on_timeout, task);
}

void task_done(struct task *task)
{
    if (!task)
        return;
    assert(!task->stepping);
    timer_free(task->timer);
    task->timer = NULL;
    task->running = false;
    task->waiting = false;
}

/* True when the step's answer must be waited for. */
static bool run_step(struct task *task, const struct step_of_task *step)
{
    task->turn++;
    task->stepping = true;
    enum task_next next = step->run(task);
    task->stepping = false;
    switch (next) {
    case TASK_GO:
        return false;
    case TASK_FAIL:
        assert(task->err);
        return false;
    case TASK_WAIT:
        /* Cancelled while it stepped: nobody waits for it any more. */
        return !task->err || step->always;
    }
    assert(!"a step returned no enum task_next");
    return false;
}

static void task_run(struct task *task)
{
    for (; task->at < task->step_count; task->at++) {
        const struct step_of_task *step = &task->steps[task->at];
        if (task->err && !step->always)
            continue;
        if (!run_step(task, step))
            continue;
        task->waiting = true;
        if (step->timeout_ms > 0)
            timer_start(task->timer, step->timeout_ms);
        return;
    }
    task->running = false;
    /* done may start the task anew or end it, so nothing comes after. */
    if (task->done)
        task->done(task, task->err);
}

void task_start(struct task *task, void *owner,
                void (*done)(struct task *task, enum err err))
{
    assert(!task->running && task->timer);
    task->owner = owner;
    task->done = done;
    task->at = 0;
    task->err = ERR_OK;
    task->running = true;
    task->waiting = false;
    task_run(task);
}

void task_resume(struct task *task, uint32_t turn, enum err err)
{
    assert(!task->stepping);
    if (!task->running || !task->waiting || turn != task->turn)
        return; /* an answer to a question that nobody asks any more */

    if (err)
        (void)task_fail(task, err);
    end_wait(task);
}

enum task_next task_fail(struct task *task, enum err err)
{
    assert(err != ERR_OK);
    if (!task->err)
        task->err = err;
    return TASK_FAIL;
}

void task_cancel(struct task *task)
{
    if (!task->running)
        return;
    (void)task_fail(task, ERR_CANCELLED);
    /* Clean-up that has begun goes on to its end. */
    if (task->waiting && !task->steps[task->at].always)
        end_wait(task);
}

bool task_is_running(const struct task *task)
{
    return task->running;
}
