/* Which step comes next, what it offers and what falls away. */
#include "kiosk/flow/walk.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/materials.h"
#include "kiosk/rule/moment.h"

enum { PROMISE_BYTES = 4096 };

/* While a step's rule is looked at: whether it asked for an answer that may
 * still come. */
struct looking {
    const struct answers *answers;
    const struct rule *rule;
    const struct item *item; /* NULL: nobody wants to know */
    const bool *may_show;    /* by step, of those before */
    size_t before;
    bool is_open;
};

/* Whether a name without an answer may still get one before this step. */
static bool may_be_answered(const struct looking *looking, const char *name)
{
    for (size_t i = 0; i < looking->before; i++) {
        const struct step *step = &looking->item->steps[i];
        /* What no step is named after comes with the card. */
        bool gives = step->answer ? strcmp(step->answer, name) == 0
                                  : strcmp(step->screen, "card") == 0 &&
                                        (strcmp(name, "age") == 0 ||
                                         strcmp(name, "card_birth") == 0 ||
                                         strcmp(name, "card_kind") == 0 ||
                                         strcmp(name, "assurance") == 0);

        if (gives && looking->may_show[i])
            return true;
    }
    return false;
}

/* Unless the session says more (a code, an app), the assurance follows from
 * where the person's number came from. */
static const char *assurance_of(const struct answers *answers)
{
    const char *told = answers_get(answers, "assurance");
    enum source source = answers_source(answers, "card_number");

    if (told)
        return told;
    if (source == SOURCE_NONE)
        source = answers_source(answers, "card_kind");
    if (source == SOURCE_NONE)
        return NULL;
    return source == SOURCE_CARD ? "card" : "typed";
}

/* As it is on the card: "19560229".  What is no date is no answer. */
static struct rule_value date_of(const char *text)
{
    const struct rule_value value = rule_text(text, strlen(text));
    struct moment_day day;

    if (!moment_day_of(&value, &day))
        return rule_null();
    return rule_date(clock_days_of_date(day.year, day.month, day.day));
}

/* Every name that the loader let through is one, answered or not. */
static bool look_up(void *owner, int index, const char *name,
                    struct rule_value *ret_value)
{
    struct looking *looking = owner;
    const char *text = strcmp(name, "assurance") == 0
                           ? assurance_of(looking->answers)
                           : answers_get(looking->answers, name);

    (void)index;
    *ret_value = rule_null();
    if (!text) {
        if (looking->item && may_be_answered(looking, name))
            looking->is_open = true;
    } else if (strcmp(name, "age") == 0) {
        *ret_value = rule_int(strtol(text, NULL, 10));
    } else if (strcmp(name, "card_birth") == 0) {
        *ret_value = date_of(text);
    } else {
        *ret_value = rule_text(text, strlen(text));
    }
    return true;
}

static bool division_name(void *owner, const char *code, size_t len,
                          struct rule_value *ret_name)
{
    const struct looking *looking = owner;

    for (size_t i = 0; i < DIVISION_LISTS; i++) {
        const struct list *list = looking->rule->divisions[i];

        for (size_t j = 0; list && j < list->count; j++) {
            const char *value = list->rows[j].value;
            const char *name = list->rows[j].text.in[LANGUAGE_ZH_CN];

            if (strlen(value) != len || memcmp(value, code, len) != 0)
                continue;
            *ret_name = rule_text(name, strlen(name));
            return true;
        }
    }
    return false;
}

/* An error is not true: a page with such a rule is not shown. */
static bool is_true(const struct rule *rule, struct looking *looking)
{
    const struct rule_host host = { .owner = looking,
                                    .value = look_up,
                                    .division = division_name,
                                    .today = answers_today(looking->answers) };

    const struct rule_program *program;

    looking->rule = rule;
    if (!rule)
        return true;
    program = item_rule_program(rule);
    return program && rule_program_is_true(program, &host);
}

bool walk_is_true(const struct rule *rule, const struct answers *answers)
{
    struct looking looking = { .answers = answers };

    return is_true(rule, &looking);
}

bool walk_shows(const struct step *step, const struct answers *answers)
{
    return walk_is_true(step->when, answers);
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

    while (at < (int)item->step_count && !walk_shows(&item->steps[at], answers))
        at++;
    return at < (int)item->step_count ? at : (int)item->step_count;
}

int walk_before(const struct item *item, const struct answers *answers,
                int from)
{
    int at = from > (int)item->step_count ? (int)item->step_count : from;

    for (at--; at >= 0; at--)
        if (walk_shows(&item->steps[at], answers))
            return at;
    return -1;
}

/* Nobody goes past a closing page. */
static bool is_answered(const struct step *step, const struct answers *answers)
{
    if (walk_is_closing(step))
        return false;
    if (step->answer)
        return answers_get(answers, step->answer) != NULL;
    if (strcmp(step->screen, "card") == 0)
        return answers_get(answers, "card_kind") ||
               answers_get(answers, "card_number");
    return true;
}

int walk_resume(const struct item *item, const struct answers *answers,
                int until)
{
    for (int at = 0; at < until && at < (int)item->step_count; at++)
        if (walk_shows(&item->steps[at], answers) &&
            !is_answered(&item->steps[at], answers))
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

static bool row_is_offered(const struct step *step,
                           const struct answers *answers, size_t at)
{
    const char *parent;

    if (!step->under)
        return true;
    parent = answers_get(answers, step->under);
    return parent && strcmp(step->list->rows[at].parent, parent) == 0;
}

static bool is_offered(const struct step *step, const struct answers *answers,
                       size_t at)
{
    return step->list ? row_is_offered(step, answers, at)
                      : walk_is_true(step->options[at].when, answers);
}

static size_t row_count(const struct step *step)
{
    return step->list ? step->list->count : step->option_count;
}

size_t walk_option_count(const struct step *step, const struct answers *answers)
{
    size_t count = 0;

    for (size_t i = 0; i < row_count(step); i++)
        count += is_offered(step, answers, i);
    return count;
}

void walk_option(const struct step *step, const struct answers *answers,
                 size_t at, const char **ret_value,
                 const struct words **ret_text, const struct words **ret_note)
{
    static const struct words none;

    *ret_value = "";
    *ret_text = &none;
    if (ret_note)
        *ret_note = &none;
    for (size_t i = 0; i < row_count(step); i++) {
        if (!is_offered(step, answers, i) || at-- > 0)
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
    if (row_count(step) == 0)
        return true; /* no choice, or a screen that offers its own */
    if (answers_source(answers, step->answer) == SOURCE_LATER)
        return step->way.in[LANGUAGE_ZH_CN] != NULL;
    for (size_t i = 0; i < row_count(step); i++) {
        const char *offered =
            step->list ? step->list->rows[i].value : step->options[i].value;

        if (strcmp(offered, value) == 0)
            return is_offered(step, answers, i);
    }
    return false;
}

/* Its steps are told to falls, unless that is NULL. */
static size_t drop(const struct item *item, struct answers *answers,
                   struct walk_falls *falls)
{
    size_t dropped = 0;
    bool is_closed = false;

    /* Rules, and lists under an answer, name only what was answered on an
     * earlier page (the loader sees to it), so one pass in the order of the
     * pages leaves nothing to drop. */
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        is_closed =
            is_closed || (walk_is_closing(step) && walk_shows(step, answers));
        if (!step->answer || !answers_get(answers, step->answer))
            continue;
        if (!is_closed && walk_shows(step, answers) &&
            walk_holds(item, step, answers))
            continue;
        answers_forget(answers, step->answer);
        /* A promise of papers is asked anew at once where one is needed. */
        if (falls && falls->count < WALK_FALLS_MAX &&
            strcmp(step->screen, "materials") != 0)
            falls->list[falls->count++].step = step;
        dropped++;
    }
    return dropped;
}

size_t walk_drop(const struct item *item, struct answers *answers)
{
    return drop(item, answers, NULL);
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
    enum err err = answers_copy(answers, &copy);

    if (!err && name)
        err = answers_set(copy, name, value, source);
    if (!err) {
        (void)drop(item, copy, &falls);
        for (size_t i = 0; i < falls.count; i++)
            falls.list[i].is_asked_again =
                is_reached(item, copy, falls.list[i].step);
        *ret_falls = falls;
    }
    answers_free(copy);
    return err;
}

/* Its answer is what the office says, not something to fill in. */
static bool is_of_office(const struct step *step)
{
    return strcmp(step->screen, "check") == 0 ||
           strcmp(step->screen, "certificate") == 0;
}

void walk_place(const struct item *item, const struct answers *answers,
                int step, int *ret_place, int *ret_count)
{
    enum { STEPS_MAX = 64 };
    bool may_show[STEPS_MAX] = { false };

    *ret_place = 0;
    *ret_count = 0;
    for (size_t i = 0; i < item->step_count && i < STEPS_MAX; i++) {
        struct looking looking = {
            .answers = answers, .item = item, .may_show = may_show, .before = i
        };
        bool shows = is_true(item->steps[i].when, &looking);

        may_show[i] = shows || looking.is_open;
        if (shows && walk_is_closing(&item->steps[i]))
            return; /* nothing is asked after it */
        if (!may_show[i] || !item->steps[i].answer ||
            is_of_office(&item->steps[i]))
            continue;
        ++*ret_count;
        if ((int)i == step)
            *ret_place = *ret_count;
    }
}
