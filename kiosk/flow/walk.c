/* Which step comes next, what it offers and what falls away. */
#include "kiosk/flow/walk.h"

#include <string.h>

#include "kiosk/flow/asked.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/slot.h"
#include "kiosk/flow/tasks.h"
#include "kiosk/flow/walk_group.h"
#include "kiosk/flow/walk_rule.h"

enum { PROMISE_BYTES = 4096 };

bool walk_is_question(const struct step *step)
{
    static const char *const screens[] = { "choice", "choices", "field",
                                           "another", "slot" };

    for (size_t i = 0; step->answer && i < sizeof screens / sizeof *screens;
         i++)
        if (strcmp(step->screen, screens[i]) == 0)
            return true;
    return false;
}

bool walk_is_of_office(const struct step *step)
{
    return strcmp(step->screen, "check") == 0 || shared_is_step(step) ||
           strcmp(step->screen, "certificate") == 0;
}

bool walk_shows(const struct step *step, const struct answers *answers)
{
    return walk_group_is_up(step, answers) && walk_is_true(step->when, answers);
}

/* It has a page, and that is shown. */
static bool is_seen(const struct step *step, const struct answers *answers)
{
    return !computed_is(step) && walk_shows(step, answers);
}

/* What a way through the item comes to. */
static bool comes(const struct item *item, const struct step *step,
                  const struct answers *answers)
{
    return is_seen(step, answers) && !walk_group_is_past(item, step, answers);
}

bool walk_shows_line(const struct line *line, const struct answers *answers)
{
    return !line->is_unverified && walk_is_true(line->when, answers);
}

bool walk_is_closing(const struct step *step)
{
    return strcmp(step->screen, "closing") == 0;
}

int walk_next(const struct item *item, const struct answers *answers, int from)
{
    int at = from < -1 ? 0 : from + 1;

    if (from >= 0 && from < (int)item->step_count &&
        walk_is_closing(&item->steps[from]))
        return (int)item->step_count; /* it ends there */
    while (at < (int)item->step_count &&
           !comes(item, &item->steps[at], answers))
        at++;
    return at < (int)item->step_count ? at : (int)item->step_count;
}

int walk_before(const struct item *item, const struct answers *answers,
                int from)
{
    int at = from > (int)item->step_count ? (int)item->step_count : from;

    for (at--; at >= 0; at--)
        if (comes(item, &item->steps[at], answers))
            return at;
    return -1;
}

/* Nobody goes past a closing page. */
bool walk_is_answered(const struct step *step, const struct answers *answers)
{
    if (walk_is_closing(step))
        return false;
    if (computed_is(step))
        return true; /* as far as it can be */
    if (step->answer)
        return answers_get(answers, step->answer) != NULL;
    return !person_is_card_step(step) || person_is_known(step, answers);
}

int walk_resume(const struct item *item, const struct answers *answers,
                int until)
{
    for (int at = 0; at < until && at < (int)item->step_count; at++)
        if (is_seen(&item->steps[at], answers) &&
            !walk_is_answered(&item->steps[at], answers))
            return at;
    return until;
}

const struct stop *walk_stop(const struct step *step,
                             const struct answers *answers)
{
    for (size_t i = 0; i < step->stop_count; i++)
        if (walk_is_true(step->stops[i].when, answers))
            return &step->stops[i];
    return NULL;
}

/* What a row must stand under, looked up once for all of them. */
struct offer {
    const struct step *step;
    const struct answers *answers;
    const char *parent; /* NULL: not answered yet, so none is offered */
};

static struct offer offer_of(const struct step *step,
                             const struct answers *answers)
{
    return (struct offer){
        .step = step,
        .answers = answers,
        .parent = step->under ? answers_get(answers, step->under) : NULL,
    };
}

static bool is_under(const struct offer *offer, size_t at)
{
    if (!offer->step->under)
        return true;
    return offer->parent &&
           strcmp(offer->step->list->rows[at].parent, offer->parent) == 0;
}

static bool is_offered(const struct offer *offer, size_t row)
{
    const struct step *step = offer->step;

    return step->list ? is_under(offer, row)
                      : walk_is_true(step->options[row].when, offer->answers);
}

bool walk_row_is_offered(const struct step *step, const struct answers *answers,
                         size_t row)
{
    const struct offer offer = offer_of(step, answers);

    return is_offered(&offer, row);
}

size_t walk_row_count(const struct step *step)
{
    return step->list ? step->list->count : step->option_count;
}

size_t walk_option_count(const struct step *step, const struct answers *answers)
{
    const struct offer offer = offer_of(step, answers);
    size_t count = 0;

    for (size_t i = 0; i < walk_row_count(step); i++)
        count += is_offered(&offer, i);
    return count;
}

void walk_option(const struct step *step, const struct answers *answers,
                 size_t at, const char **ret_value,
                 const struct words **ret_text, const struct words **ret_note)
{
    static const struct words none;
    const struct offer offer = offer_of(step, answers);

    *ret_value = "";
    *ret_text = &none;
    if (ret_note)
        *ret_note = &none;
    for (size_t i = 0; i < walk_row_count(step); i++) {
        if (!is_offered(&offer, i) || at-- > 0)
            continue;
        *ret_value =
            step->list ? step->list->rows[i].value : step->options[i].value;
        *ret_text =
            step->list ? &step->list->rows[i].text : &step->options[i].text;
        if (ret_note && !step->list)
            *ret_note = &step->options[i].note;
        return;
    }
}

bool walk_offers(const struct step *step, const struct answers *answers,
                 const char *value)
{
    size_t count = walk_option_count(step, answers);
    const struct words *text;
    const char *offered;

    for (size_t i = 0; i < count; i++) {
        walk_option(step, answers, i, &offered, &text, NULL);
        if (strcmp(offered, value) == 0)
            return true;
    }
    return false;
}

/* What was promised is what would be promised now. */
static bool promise_holds(const struct item *item, const struct step *step,
                          const struct answers *answers)
{
    struct buf now;

    buf_init(&now, PROMISE_BYTES);
    materials_promise(item, step, answers, &now);
    bool holds = strcmp(now.text, answers_get(answers, step->answer)) == 0;
    buf_done(&now);
    return holds;
}

bool walk_holds(const struct item *item, const struct step *step,
                const struct answers *answers)
{
    const char *value = answers_get(answers, step->answer);

    if (strcmp(step->screen, "materials") == 0)
        return promise_holds(item, step, answers);
    if (strcmp(step->screen, "another") == 0)
        return walk_group_holds(step, answers);
    if (shared_is_step(step))
        return shared_holds(step, answers);
    if (slot_is(step))
        return slot_holds(item, step, answers, value);
    if (record_is_step(step))
        return record_is_ok(item, step, value);
    if (payment_is_step(step))
        return payment_is_ok(step, answers, value);
    if (!asked_holds(step, answers))
        return false;
    if (answers_source(answers, step->answer) == SOURCE_LEFT)
        return true;
    if (walk_row_count(step) == 0)
        return answers_source(answers, step->answer) == SOURCE_LATER ||
               !walk_clash(item, step, answers, value, true);
    if (answers_source(answers, step->answer) == SOURCE_LATER)
        return step->way.in[LANGUAGE_ZH_CN] != NULL;
    if (strcmp(step->screen, "choices") == 0)
        return choices_look(step, answers, value) == CHOICES_GOOD;
    for (size_t i = 0; i < walk_row_count(step); i++) {
        const char *offered =
            step->list ? step->list->rows[i].value : step->options[i].value;

        if (strcmp(offered, value) == 0)
            return walk_row_is_offered(step, answers, i);
    }
    return false;
}

/* Told nobody, as the office asks anew by itself: what was taken from it is. */
static bool drop_records(const struct item *item, const struct step *step,
                         struct answers *answers, bool is_closed)
{
    if (!answers_get(answers, step->answer) ||
        (!is_closed && walk_shows(step, answers) &&
         walk_holds(item, step, answers)))
        return false;
    shared_forget(answers, step);
    return true;
}

static void add_fall(struct walk_falls *falls, const struct step *step)
{
    if (falls && falls->count < WALK_FALLS_MAX)
        falls->list[falls->count++].step = step;
}

/* Somebody whose card is not asked for is not kept. */
static bool drop_person(const struct step *step, struct answers *answers,
                        struct walk_falls *falls)
{
    if (!person_is_other(step) || !person_is_known(step, answers) ||
        walk_shows(step, answers))
        return false;
    person_forget(answers, step);
    add_fall(falls, step);
    return true;
}

/* A promise of papers is asked anew at once where one is needed; whether there
 * are more of a group falls with its entries; what the office said was no answer
 * of the person's. */
static bool is_fall_told(const struct step *step)
{
    return strcmp(step->screen, "materials") != 0 &&
           strcmp(step->screen, "another") != 0 && !walk_is_of_office(step);
}

/* Its steps are told to falls, unless that is NULL.  What is computed follows
 * by itself, and is not told.  ERR_TOO_BIG: there was no memory for that. */
static enum err drop(const struct item *item, struct answers *answers,
                     struct walk_falls *falls, size_t *ret_dropped)
{
    bool is_whole = true;
    size_t dropped = 0;
    bool is_closed = false;

    /* Rules, and lists under an answer, name only what was answered on an
     * earlier page (the loader sees to it), so one pass in the order of the
     * pages leaves nothing to drop. */
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (computed_is(step)) {
            is_whole = !computed_settle_one(step, answers) && is_whole;
            continue;
        }
        dropped += drop_person(step, answers, falls);
        is_closed =
            is_closed || (walk_is_closing(step) && walk_shows(step, answers));
        if (shared_is_step(step)) {
            dropped += drop_records(item, step, answers, is_closed);
            continue;
        }
        if (!step->answer || !answers_get(answers, step->answer))
            continue;
        if (!is_closed && walk_shows(step, answers) &&
            walk_holds(item, step, answers))
            continue;
        answers_forget(answers, step->answer);
        if (is_fall_told(step))
            add_fall(falls, step);
        dropped++;
    }
    *ret_dropped = dropped;
    return is_whole ? ERR_OK : ERR_TOO_BIG;
}

size_t walk_drop(const struct item *item, struct answers *answers)
{
    size_t dropped = 0;
    /* A page that asks for what is missing then, or a judge, tells. */
    enum err err = drop(item, answers, NULL, &dropped);

    (void)err;
    return dropped;
}

/* No closing page comes before it. */
static bool is_reached(const struct item *item, const struct answers *answers,
                       const struct step *wanted)
{
    for (const struct step *step = item->steps; step < wanted; step++)
        if (walk_is_closing(step) && walk_shows(step, answers))
            return false;
    return walk_shows(wanted, answers);
}

enum err walk_would_drop(const struct item *item, const struct answers *answers,
                         const char *name, const char *value,
                         enum source source, struct walk_falls *ret_falls)
{
    struct walk_falls falls = { .count = 0 };
    struct answers *copy = NULL;
    size_t dropped = 0;
    enum err err = answers_copy(answers, &copy);

    if (!err && name)
        err = answers_set(copy, name, value, source);
    if (!err)
        err = drop(item, copy, &falls, &dropped);
    if (!err) {
        for (size_t i = 0; i < falls.count; i++)
            falls.list[i].is_asked_again =
                is_reached(item, copy, falls.list[i].step);
        *ret_falls = falls;
    }
    answers_free(copy);
    return err;
}

/* The office has what it needs: nobody fills in a question there. */
static bool is_looked_up(const struct step *step)
{
    return walk_is_of_office(step) || record_is_step(step) ||
           payment_is_step(step);
}

void walk_place(const struct item *item, const struct answers *answers,
                int step, int *ret_place, int *ret_count)
{
    bool may_show[ITEM_STEPS_MAX] = { false };

    *ret_place = 0;
    *ret_count = 0;
    for (size_t i = 0; i < item->step_count && i < ITEM_STEPS_MAX; i++) {
        struct walk_look look = {
            .answers = answers, .item = item, .may_show = may_show, .before = i
        };
        if (!walk_group_may_come_up(item, i, answers, may_show))
            continue;
        bool shows = walk_rule_holds(item->steps[i].when, &look);

        may_show[i] = shows || look.is_open;
        if (shows && walk_is_closing(&item->steps[i]))
            return; /* nothing is asked after it */
        if (!may_show[i] || !item->steps[i].answer ||
            computed_is(&item->steps[i]) || is_looked_up(&item->steps[i]) ||
            tasks_part_of(item, i) != tasks_part_of(item, (size_t)step) ||
            ((int)i != step &&
             walk_group_is_past(item, &item->steps[i], answers)))
            continue;
        ++*ret_count;
        if ((int)i == step)
            *ret_place = *ret_count;
    }
}
