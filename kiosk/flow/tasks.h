/* A long matter in named parts, one page that lists them (screen: tasks), and
 * each entered when the person likes; GOV.UK's task list is the model.
 *
 * The parts are the steps between that page and the review, in the file's
 * order; a step with a section begins one.  Rules name earlier answers only, as
 * everywhere, so that a part which asks for one of a part not filled in yet
 * waits for it.  Whoever walks an item without a terminal (tests, the explorer,
 * the judge) goes through the parts in their order, by walk.h. */
#pragma once

#include "kiosk/flow/walk.h"

enum { TASKS_MAX = 9 }; /* a digit each */

enum task_state {
    TASK_EMPTY,
    TASK_PART,
    TASK_DONE,
    TASK_WAITS,     /* for another part */
    TASK_NOT_NEEDED /* none of its questions is asked of this person */
};

struct task {
    const struct step *head; /* its first step: its name, its minutes */
    size_t from, to;         /* its steps: from, …, to - 1 */
    enum task_state state;
    const struct step *waits_for; /* the head of that part, or NULL */
};

/* Its page; -1: the item has none. */
int tasks_page(const struct item *item);
size_t tasks_count(const struct item *item);
/* The nth part, as it is now. */
struct task tasks_look(const struct item *item, const struct answers *answers,
                       size_t n);
bool tasks_are_done(const struct item *item, const struct answers *answers);
/* Where one enters it: at the first question without an answer, else at its
 * first page. */
int tasks_enter(const struct item *item, const struct answers *answers,
                size_t n);

/* The part (from 1) in which a step is; 0: in none. */
size_t tasks_part_of(const struct item *item, size_t step);

/* walk_next, walk_before and walk_resume of a person: within a part, and from
 * its ends to the page that lists them; from that page past all of them.  Items
 * without such a page are walked as by walk.h. */
int tasks_next(const struct item *item, const struct answers *answers,
               int from);
int tasks_before(const struct item *item, const struct answers *answers,
                 int from);
int tasks_resume(const struct item *item, const struct answers *answers,
                 int until);
/* Up to where what was answered must hold for who goes on from there, and
 * whether a step before that is of another part, which has time. */
int tasks_bound(const struct item *item, int at);
bool tasks_is_apart(const struct item *item, int step, int at);
