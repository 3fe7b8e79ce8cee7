#include "kiosk/flow/item_reach.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/item_explore.h"
#include "kiosk/flow/item_load.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/slot.h"
#include "kiosk/flow/walk_group.h"

/* One search: deep first, each step's answers in their order.  tries bounds it
 * where rules leave no way. */
struct reach {
    const struct item *item;
    const struct answers *known; /* tried first */
    struct answers *answers;     /* what leads as far as the search is */
    int64_t wall_ms;
    int to;
    const struct stop
        *stop; /* it ends there with this one; NULL: it is shown */
    int tries;
};

enum { TRIES_MAX = 1000, VALUE_BYTES = 4096 };

static bool go_on(struct reach *reach, int from);

/* This step is answered: whether that leads there. */
static bool leads(struct reach *reach, int at)
{
    const struct stop *stop =
        walk_stop(&reach->item->steps[at], reach->answers);

    if (at == reach->to) /* only where a stop is wanted it comes so far */
        return stop == reach->stop;
    return !stop && go_on(reach, at);
}

/* ---- The person --------------------------------------------------------- */

/* Birthdays so that ages on both sides of the usual limits are among them. */
static const char *const births[] = { "19900307", "19500307", "19600307",
                                      "20080307", "20180307", "19350307" };

/* A division that no county has: nobody's number; of each card step another
 * one. */
static void make_person(const struct reach *reach, const struct step *step,
                        const char *birth, enum card_kind kind,
                        struct card *card)
{
    int nth = person_is_other(step) ? (int)(step - reach->item->steps) + 2 : 1;

    *card = (struct card){ .kind = kind,
                           .name = "某某",
                           .sex = "female",
                           .ethnic = "01",
                           .address = "某地",
                           .authority = "某局",
                           .valid_from = "20200101",
                           .valid_to = "long-term" };
    snprintf(card->birth, sizeof card->birth, "%s", birth);
    snprintf(card->number, sizeof card->number, "999999%.8s%03d", birth, nth);
    card->number[17] = id_number_check_character(card->number);
}

static bool with_person(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    struct card card;

    if (person_is_known(step, reach->answers) && leads(reach, at))
        return true;
    for (int kind = 0; kind < CARD_KIND_COUNT; kind++)
        for (size_t i = 0; i < sizeof births / sizeof *births; i++) {
            make_person(reach, step, births[i], (enum card_kind)kind, &card);
            enum err err = person_take_card(reach->answers, reach->item, step,
                                            &card, reach->wall_ms);
            if (!err && leads(reach, at))
                return true;
        }
    person_forget(reach->answers, step);
    return false;
}

/* ---- One answer --------------------------------------------------------- */

struct given {
    const char *value;
    enum source source;
};

/* Whether a person could give this answer on the page now; ret_kept: as what it
 * is kept then. */
static bool fits(const struct item *item, const struct step *step,
                 const struct answers *answers, const struct given *given,
                 struct buf *ret_kept)
{
    const char *expected = NULL;

    if (given->source == SOURCE_LEFT)
        return !asked_is_required(step, answers);
    if (strcmp(step->screen, "field") == 0 && given->source != SOURCE_LATER)
        return !walk_accept(step, given->value, ret_kept, &expected) &&
               !walk_clash(item, step, answers, ret_kept->text, false);
    buf_add_text(ret_kept, given->value);
    if (given->source == SOURCE_LATER)
        return step->way.in[LANGUAGE_EN] != NULL;
    if (strcmp(step->screen, "choice") == 0)
        return walk_offers(step, answers, given->value);
    if (strcmp(step->screen, "choices") == 0)
        return choices_look(step, answers, given->value) == CHOICES_GOOD;
    if (slot_is(step))
        return slot_holds(item, step, answers, given->value);
    if (record_is_step(step))
        return record_is_ok(item, step, given->value);
    if (payment_is_step(step))
        return payment_is_ok(step, answers, given->value);
    if (strcmp(step->screen, "another") == 0)
        return strcmp(given->value, GROUP_YES) == 0
                   ? step->entry < step->most_entries
                   : step->entry >= step->least_entries;
    return true;
}

static bool with_value(struct reach *reach, int at, const char *value,
                       enum source source)
{
    const struct step *step = &reach->item->steps[at];
    struct buf kept;

    if (!value)
        return false;
    buf_init(&kept, VALUE_BYTES);
    const struct given given = { value, source };
    bool is_set = fits(reach->item, step, reach->answers, &given, &kept);
    if (is_set && source != SOURCE_LATER && source != SOURCE_LEFT)
        source = asked_source(step, reach->answers, kept.text);
    is_set =
        is_set && !answers_set(reach->answers, step->answer, kept.text, source);
    buf_done(&kept);
    if (!is_set)
        return false;
    if (asked_holds(step, reach->answers) && leads(reach, at))
        return true;
    answers_forget(reach->answers, step->answer);
    return false;
}

/* As a test in the file has it. */
static bool with_given(struct reach *reach, int at, const struct yaml *given)
{
    const struct step *step = &reach->item->steps[at];
    struct buf said, value;

    buf_init(&said, VALUE_BYTES);
    buf_init(&value, VALUE_BYTES);
    item_choices_given(given, &said);
    bool is_later = strcmp(said.text, "later") == 0;
    if (strcmp(step->screen, "choices") == 0 && !is_later)
        choices_tidy(step, said.text, &value);
    else
        buf_add_text(&value, said.text);
    bool is_left = said.text[0] == '\0' && strcmp(step->screen, "choices") != 0;
    bool is_through = with_value(reach, at, value.text,
                                 is_later  ? SOURCE_LATER
                                 : is_left ? SOURCE_LEFT
                                           : SOURCE_CITIZEN);
    buf_done(&value);
    buf_done(&said);
    return is_through;
}

static bool with_prefill(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    struct asked_prefill prefill;
    struct buf value;

    buf_init(&value, VALUE_BYTES);
    bool is_through = asked_prefill(step, reach->answers, &value, &prefill) &&
                      with_value(reach, at, value.text, SOURCE_CITIZEN);
    buf_done(&value);
    return is_through;
}

static bool with_test(struct reach *reach, int at, const struct yaml *test)
{
    const struct yaml *given =
        yaml_get(yaml_get(test, "answers"), reach->item->steps[at].answer);

    return given && with_given(reach, at, given);
}

static bool with_tests(struct reach *reach, int at)
{
    const struct yaml *tests = reach->item->tests;

    for (size_t i = 0; tests && i < tests->count; i++)
        if (with_test(reach, at, tests->items[i]))
            return true;
    return false;
}

static bool with_options(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    const struct words *text;
    const char *value;

    for (size_t i = 0; i < walk_option_count(step, reach->answers); i++) {
        walk_option(step, reach->answers, i, &value, &text, NULL);
        if (with_value(reach, at, value, SOURCE_CITIZEN))
            return true;
    }
    return false;
}

/* One after the other, with the first ones where one is not enough; or none. */
static bool with_sets(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    size_t rows = walk_row_count(step);
    bool *is_wanted = mem_new(rows + 1);
    bool is_through = false;

    for (size_t i = 0; !is_through && i <= rows; i++) {
        struct buf set;

        memset(is_wanted, 0, rows);
        if (i < rows)
            is_wanted[i] = true;
        buf_init(&set, VALUE_BYTES);
        is_through = choices_make(step, reach->answers, is_wanted, &set) &&
                     with_value(reach, at, set.text, SOURCE_CITIZEN);
        buf_done(&set);
    }
    mem_free(is_wanted);
    return is_through;
}

/* Where no test says more: what is usual, or the bounds. */
static bool with_samples(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    const char *const samples[] = { field_kind(step->type)->sample,
                                    field_limit(step, false),
                                    field_limit(step, true) };
    char number[EXPLORED_NUMBER_BYTES];

    for (int n = 1; step->is_another_person && n <= EXPLORED_PEOPLE_MAX; n++) {
        explored_number(n, number);
        if (with_value(reach, at, number, SOURCE_CITIZEN))
            return true;
    }
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        if (with_value(reach, at, samples[i], SOURCE_CITIZEN))
            return true;
    return false;
}

static bool with_promise(struct reach *reach, int at)
{
    struct buf promise;

    buf_init(&promise, VALUE_BYTES);
    materials_promise(reach->item, &reach->item->steps[at], reach->answers,
                      &promise);
    bool is_through = with_value(reach, at, promise.text, SOURCE_CITIZEN);
    buf_done(&promise);
    return is_through;
}

/* Whether one is free then only the hub knows. */
static bool with_slots(struct reach *reach, int at)
{
    enum { DAYS_TRIED = 5 };
    char value[SLOT_VALUE_BYTES];

    for (int nth = 0; nth < DAYS_TRIED; nth++)
        if (slot_make_up(reach->item, &reach->item->steps[at], reach->answers,
                         nth, value) &&
            with_value(reach, at, value, SOURCE_CITIZEN))
            return true;
    return false;
}

static bool with_made_up(struct reach *reach, int at)
{
    const char *screen = reach->item->steps[at].screen;

    if (strcmp(screen, "choice") == 0)
        return with_options(reach, at);
    if (strcmp(screen, "choices") == 0)
        return with_sets(reach, at);
    if (strcmp(screen, "materials") == 0)
        return with_promise(reach, at);
    if (strcmp(screen, "another") == 0)
        return with_value(reach, at, GROUP_NO, SOURCE_CITIZEN) ||
               with_value(reach, at, GROUP_YES, SOURCE_CITIZEN);
    if (strcmp(screen, "slot") == 0)
        return with_slots(reach, at);
    return with_samples(reach, at);
}

static bool with_answer(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    const char *known = answers_get(reach->known, step->answer);
    enum source source = answers_source(reach->known, step->answer);

    return with_value(reach, at, known, source) || with_prefill(reach, at) ||
           with_tests(reach, at) || with_made_up(reach, at) ||
           with_value(reach, at, "", SOURCE_LEFT) ||
           with_value(reach, at, "later", SOURCE_LATER);
}

/* ---- What other offices say ---------------------------------------------- */

static bool with_came(struct reach *reach, int at, enum err err)
{
    const struct step *step = &reach->item->steps[at];

    if (!err && leads(reach, at))
        return true;
    shared_forget(reach->answers, step);
    return false;
}

/* Records that are made up only where nothing else leads there: an office would
 * say otherwise. */
static bool with_records(struct reach *reach, int at)
{
    const struct item *item = reach->item;
    const struct step *step = &item->steps[at];
    struct answers *answers = reach->answers;
    const struct yaml *tests = item->tests;
    struct shared_samples samples;

    if (with_came(reach, at, shared_take_nothing(answers, step, SHARED_AWAY)) ||
        with_came(reach, at, shared_take_nothing(answers, step, SHARED_NONE)))
        return true;
    for (size_t i = 0; tests && i < tests->count; i++)
        if (with_came(reach, at,
                      item_shared_lay(answers, item, step, tests->items[i])))
            return true;
    shared_sample(step, answers, &samples);
    return with_came(reach, at,
                     shared_take(answers, item, step, samples.records));
}

/* As it was, as a test of the item has it, or as one might be. */
static bool with_record(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    struct buf sample;

    buf_init(&sample, VALUE_BYTES);
    record_sample(reach->item, step, RECORD_AS_USUAL, "", &sample);
    bool is_through =
        with_value(reach, at, answers_get(reach->known, step->answer),
                   SOURCE_SHARED) ||
        with_tests(reach, at) ||
        with_value(reach, at, sample.text, SOURCE_SHARED) ||
        with_value(reach, at, RECORD_NONE, SOURCE_SHARED);
    buf_done(&sample);
    return is_through;
}

static bool with_payment(struct reach *reach, int at)
{
    const struct step *step = &reach->item->steps[at];
    struct buf sample;

    buf_init(&sample, VALUE_BYTES);
    payment_sample(step, reach->answers, &sample);
    bool is_through = with_value(reach, at, sample.text, SOURCE_SHARED);
    buf_done(&sample);
    return is_through;
}

/* Nobody can make up what else the office answers: it is passed by, with what was
 * answered before if that leads there. */
static bool with_said(struct reach *reach, int at)
{
    const char *name = reach->item->steps[at].answer;
    const char *known = name ? answers_get(reach->known, name) : NULL;

    if (known) {
        enum err err = answers_set(reach->answers, name, known,
                                   answers_source(reach->known, name));
        if (!err && leads(reach, at))
            return true;
        answers_forget(reach->answers, name);
    }
    return leads(reach, at);
}

/* ---- The way ------------------------------------------------------------ */

static bool go_on(struct reach *reach, int from)
{
    /* What has no room for it leads nowhere. */
    if (computed_settle(reach->item, reach->answers))
        return false;
    int at = walk_next(reach->item, reach->answers, from);

    if (at > reach->to || (at == reach->to && !reach->stop))
        return at == reach->to;
    if (++reach->tries > TRIES_MAX)
        return false;
    const struct step *step = &reach->item->steps[at];
    if (strcmp(step->screen, "card") == 0)
        return with_person(reach, at);
    if (shared_is_step(step))
        return with_records(reach, at);
    if (record_is_step(step))
        return with_record(reach, at);
    if (payment_is_step(step))
        return with_payment(reach, at);
    return walk_is_question(step) ? with_answer(reach, at)
                                  : with_said(reach, at);
}

/* False when there is no memory for it. */
static bool copy(const struct answers *from, struct answers *to)
{
    for (size_t i = 0; i < answers_count(from); i++) {
        const char *name = answers_name(from, i);
        if (answers_set(to, name, answers_get(from, name),
                        answers_source(from, name)))
            return false;
    }
    return true;
}

static void copy_persons(const struct item *item, const struct answers *from,
                         struct answers *to)
{
    for (size_t i = 0; i < answers_count(from); i++) {
        const char *name = answers_name(from, i);
        bool is_of_person = strncmp(name, "card_", 5) == 0 ||
                            strcmp(name, "age") == 0 ||
                            person_of(item, name, NULL);
        enum err err = is_of_person
                           ? answers_set(to, name, answers_get(from, name),
                                         answers_source(from, name))
                           : ERR_OK;
        (void)err; /* without it another person is made up */
    }
}

/* What was answered there and on later pages stays where it still fits. */
static void copy_rest(const struct reach *reach)
{
    for (size_t i = (size_t)reach->to; i < reach->item->step_count; i++) {
        const char *name = reach->item->steps[i].answer;
        const char *value = name ? answers_get(reach->known, name) : NULL;

        if (!value || answers_get(reach->answers, name))
            continue;
        enum err err = answers_set(reach->answers, name, value,
                                   answers_source(reach->known, name));
        (void)err; /* then it is asked anew */
    }
    (void)walk_drop(reach->item, reach->answers);
}

/* It is shown, and nothing before it ends the way. */
static bool is_on_way(const struct reach *reach, const struct step *last)
{
    const struct step *steps = reach->item->steps;
    int at = 0;

    while (at < reach->to && !(walk_shows(&steps[at], reach->answers) &&
                               walk_stop(&steps[at], reach->answers)))
        at++;
    return at == reach->to && last >= &steps[at] &&
           walk_shows(&steps[at], reach->answers) &&
           (!reach->stop ||
            walk_stop(&steps[at], reach->answers) == reach->stop);
}

/* As one of the item's tests goes that comes there: with its cards, and what
 * depends on its day. */
static bool go_as_test(struct reach *reach, const struct yaml *test)
{
    const struct step *last = NULL;
    struct problems problems;
    int64_t wall_ms = 0;

    answers_wipe(reach->answers);
    problems_init(&problems);
    bool is_played = item_test_play(reach->item, test, &problems,
                                    reach->answers, &last, &wall_ms);
    problems_done(&problems);
    return is_played && is_on_way(reach, last);
}

static bool go_as_tests(struct reach *reach)
{
    const struct yaml *tests = reach->item->tests;

    for (size_t i = 0; tests && i < tests->count; i++)
        if (go_as_test(reach, tests->items[i]))
            return true;
    return false;
}

static bool search(struct reach *reach)
{
    answers_wipe(reach->answers);
    copy_persons(reach->item, reach->known, reach->answers);
    return go_on(reach, -1);
}

static bool find_way(const struct item *item, int step, const struct stop *stop,
                     int64_t wall_ms, struct answers *answers)
{
    struct reach reach = { .item = item,
                           .known = answers,
                           .answers = answers_new(),
                           .wall_ms = wall_ms,
                           .to = step,
                           .stop = stop };

    /* A stop hangs on little that was answered; a page keeps what was. */
    bool is_found = stop ? go_as_tests(&reach) || search(&reach)
                         : search(&reach) || go_as_tests(&reach);
    if (is_found) {
        if (!stop)
            copy_rest(&reach);
        answers_wipe(answers);
        is_found = copy(reach.answers, answers);
    }
    answers_wipe(reach.answers);
    answers_free(reach.answers);
    return is_found;
}

bool item_reach(const struct item *item, int step, int64_t wall_ms,
                struct answers *answers)
{
    return find_way(item, step, NULL, wall_ms, answers);
}

bool item_reach_stop(const struct item *item, int step, const struct stop *stop,
                     int64_t wall_ms, struct answers *answers)
{
    return find_way(item, step, stop, wall_ms, answers);
}

/* ---- After a change ------------------------------------------------------ */

static const struct step *asking(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, name) == 0)
            return &item->steps[i];
    return NULL;
}

static bool still_fits(const struct item *item, const struct step *step,
                       const struct answers *answers, const char *name)
{
    const struct given given = { answers_get(answers, name),
                                 answers_source(answers, name) };
    struct buf kept;

    buf_init(&kept, VALUE_BYTES);
    bool fits_now = fits(item, step, answers, &given, &kept);
    buf_done(&kept);
    return fits_now;
}

/* The same is kept of the same person. */
static bool is_same_person(const struct step *one, const struct step *other)
{
    size_t i = 0;

    if (!person_is_other(other) || strcmp(one->person, other->person) != 0)
        return false;
    while (one->fields[i] && other->fields[i] &&
           strcmp(one->fields[i], other->fields[i]) == 0)
        i++;
    return !one->fields[i] && !other->fields[i];
}

static size_t keep_person(const struct step *before, const struct item *item,
                          struct answers *answers)
{
    if (!person_is_other(before) || !person_is_known(before, answers))
        return 0;
    for (size_t i = 0; i < item->step_count; i++)
        if (is_same_person(before, &item->steps[i]))
            return 0;
    person_forget(answers, before);
    return 1;
}

size_t item_keep_fitting(const struct item *before, const struct item *item,
                         struct answers *answers)
{
    size_t forgotten = 0;

    for (size_t i = 0; i < before->step_count; i++) {
        const char *name = before->steps[i].answer;
        const char *value = name ? answers_get(answers, name) : NULL;
        const struct step *step = value ? asking(item, name) : NULL;

        forgotten += keep_person(&before->steps[i], item, answers);
        if (!value)
            continue;
        if (step && strcmp(step->screen, before->steps[i].screen) == 0 &&
            still_fits(item, step, answers, name))
            continue;
        answers_forget(answers, name);
        forgotten++;
    }
    return forgotten + walk_drop(item, answers);
}
