#include "kiosk/flow/tasks.h"

#include <string.h>

#include "kiosk/flow/computed.h"
#include "kiosk/flow/item_load.h"
#include "kiosk/flow/walk_rule.h"

static bool is_screen(const struct item *item, size_t at, const char *screen)
{
    return strcmp(item->steps[at].screen, screen) == 0;
}

static bool begins_part(const struct step *step)
{
    return step->section.in[LANGUAGE_ZH_CN] != NULL;
}

int tasks_page(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (is_screen(item, i, "tasks"))
            return (int)i;
    return -1;
}

/* The first step after all parts. */
static size_t end_of_parts(const struct item *item)
{
    size_t at = 0;

    while (at < item->step_count && !is_screen(item, at, "review"))
        at++;
    return at;
}

size_t tasks_part_of(const struct item *item, size_t step)
{
    int page = tasks_page(item);
    size_t part = 0;

    if (page < 0 || step <= (size_t)page || step >= end_of_parts(item))
        return 0;
    for (size_t i = (size_t)page + 1; i <= step; i++)
        part += begins_part(&item->steps[i]);
    return part;
}

size_t tasks_count(const struct item *item)
{
    size_t end = end_of_parts(item);

    return end > 0 ? tasks_part_of(item, end - 1) : 0;
}

/* ---- What a part is now -------------------------------------------------- */

static bool is_filled(const struct step *step, const struct answers *answers)
{
    return walk_is_answered(step, answers) && !walk_stop(step, answers);
}

static void find_state(const struct item *item, const struct answers *answers,
                       struct task *task)
{
    size_t asked = 0, filled = 0, begun = 0;

    for (size_t i = task->from; i < task->to; i++) {
        const struct step *step = &item->steps[i];

        if (!step->answer || computed_is(step) || !walk_shows(step, answers))
            continue;
        asked++;
        filled += is_filled(step, answers);
        begun += walk_is_answered(step, answers);
    }
    task->state = asked == 0        ? TASK_NOT_NEEDED
                  : filled == asked ? TASK_DONE
                  : begun > 0       ? TASK_PART
                                    : TASK_EMPTY;
}

static void ask_rule(void *owner, const struct rule *rule)
{
    (void)walk_rule_holds(rule, owner);
}

/* What it shows, offers, takes or says depends on an answer that look knows may
 * still come. */
static bool step_is_open(const struct step *step, struct walk_look *look)
{
    item_step_each_rule(step, ask_rule, look);
    return look->is_open;
}

static bool is_under_open(const struct item *item, const struct step *step,
                          const struct answers *answers,
                          const struct task *other)
{
    for (size_t i = other->from; step->under && i < other->to; i++)
        if (item->steps[i].answer &&
            strcmp(item->steps[i].answer, step->under) == 0)
            return !answers_get(answers, step->under);
    return false;
}

static bool waits_for(const struct item *item, const struct answers *answers,
                      const struct task *task, const struct task *other)
{
    bool may_show[ITEM_STEPS_MAX] = { false };

    for (size_t i = other->from; i < other->to; i++)
        may_show[i] = true;
    for (size_t i = task->from; i < task->to; i++) {
        struct walk_look look = { .answers = answers,
                                  .item = item,
                                  .may_show = may_show,
                                  .before = other->to,
                                  .doubts_computed = true };

        if (step_is_open(&item->steps[i], &look) ||
            is_under_open(item, &item->steps[i], answers, other))
            return true;
    }
    return false;
}

static struct task find_part(const struct item *item, size_t n)
{
    size_t end = end_of_parts(item), part = 0;
    struct task task = { .state = TASK_EMPTY };

    for (size_t i = (size_t)tasks_page(item) + 1; i < end; i++) {
        part += begins_part(&item->steps[i]);
        if (part == n + 1 && !task.head) {
            task.head = &item->steps[i];
            task.from = i;
        }
        if (part == n + 1)
            task.to = i + 1;
    }
    return task;
}

struct task tasks_look(const struct item *item, const struct answers *answers,
                       size_t n)
{
    struct task task = find_part(item, n);

    for (size_t i = 0; i < n; i++) {
        struct task other = find_part(item, i);

        find_state(item, answers, &other);
        if (other.state == TASK_DONE || other.state == TASK_NOT_NEEDED ||
            !waits_for(item, answers, &task, &other))
            continue;
        task.state = TASK_WAITS;
        task.waits_for = other.head;
        return task;
    }
    find_state(item, answers, &task);
    return task;
}

bool tasks_are_done(const struct item *item, const struct answers *answers)
{
    for (size_t i = 0; i < tasks_count(item); i++) {
        enum task_state state = tasks_look(item, answers, i).state;

        if (state != TASK_DONE && state != TASK_NOT_NEEDED)
            return false;
    }
    return true;
}

int tasks_enter(const struct item *item, const struct answers *answers,
                size_t n)
{
    struct task task = find_part(item, n);
    int first = -1;

    for (size_t i = task.from; i < task.to; i++) {
        const struct step *step = &item->steps[i];

        if (computed_is(step) || !walk_shows(step, answers))
            continue;
        if (first < 0)
            first = (int)i;
        if (step->answer && !is_filled(step, answers))
            return (int)i;
    }
    return first;
}

/* ---- The way of a person -------------------------------------------------- */

int tasks_next(const struct item *item, const struct answers *answers, int from)
{
    int page = tasks_page(item), next;
    size_t part;

    if (page < 0 || from < page)
        return walk_next(item, answers, from);
    if (from == page)
        return walk_next(item, answers, (int)end_of_parts(item) - 1);
    part = tasks_part_of(item, (size_t)from);
    next = walk_next(item, answers, from);
    return part > 0 && ((size_t)next >= item->step_count ||
                        tasks_part_of(item, (size_t)next) != part)
               ? page
               : next;
}

int tasks_before(const struct item *item, const struct answers *answers,
                 int from)
{
    int page = tasks_page(item), before = walk_before(item, answers, from);
    size_t part;

    if (page < 0 || from <= page || before < 0)
        return before;
    part =
        (size_t)from < item->step_count ? tasks_part_of(item, (size_t)from) : 0;
    return tasks_part_of(item, (size_t)before) == part ? before : page;
}

int tasks_bound(const struct item *item, int at)
{
    return at >= 0 && at == tasks_page(item) ? (int)end_of_parts(item) : at;
}

bool tasks_is_apart(const struct item *item, int step, int at)
{
    size_t part = tasks_part_of(item, (size_t)at);
    size_t of_step = tasks_part_of(item, (size_t)step);

    return part > 0 && of_step > 0 && of_step != part;
}

int tasks_resume(const struct item *item, const struct answers *answers,
                 int until)
{
    int bound = tasks_bound(item, until);

    for (int at = 0; at < bound && at < (int)item->step_count; at++)
        if (!tasks_is_apart(item, at, until) &&
            walk_shows(&item->steps[at], answers) &&
            !walk_is_answered(&item->steps[at], answers))
            return at;
    return until;
}
