/* An item's own tests: its pages are walked as a citizen would, with the
 * answers that the file gives, and what comes of it is compared. */
#include "kiosk/flow/item_tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

enum { NOON_MS = 12 * 60 * 60 * 1000 };

/* "overlays/411381/small.yaml" */
static const char *overlay_name(const char *path)
{
    const char *at = path;

    for (const char *next = at; (next = strstr(next, "overlays/")); next++)
        at = next;
    return at;
}

void trial_fail(struct trial *trial, const struct yaml *at, const char *format,
                ...)
{
    const struct yaml *name = yaml_get(trial->test, "name");
    va_list arguments;
    const char *overlay = trial->item->overlay;
    char said[400], message[600];

    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    bool is_over = overlay && strcmp(at->file, overlay) != 0;
    snprintf(message, sizeof message, "test \"%.40s\": %s%s%.60s%s",
             name ? name->text : "", said, is_over ? " (with " : "",
             is_over ? overlay_name(overlay) : "",
             is_over ? " laid over it: expected tests of its own there)" : "");
    problems_add_as(trial->problems, SEVERITY_ERROR, at->file, at->line,
                    at->column, message);
}

bool trial_has_failed(const struct trial *trial)
{
    return trial->problems->raised != trial->before;
}

const char *trial_text(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node ? node->text : NULL;
}

/* "2026-11-23" as "20261123". */
void trial_digits(const char *date, char digits[16])
{
    size_t count = 0;

    for (; *date && count < 8; date++)
        if (*date != '-')
            digits[count++] = *date;
    digits[count] = '\0';
}

int64_t trial_today(const struct trial *trial)
{
    const char *date = trial_text(trial->test, "today");
    int year, month, day;
    char digits[16];

    trial_digits(date ? date : "2026-01-01", digits);
    year = (int)strtol(digits, NULL, 10) / 10000;
    month = (int)strtol(digits + 4, NULL, 10) / 100;
    day = (int)strtol(digits + 6, NULL, 10);
    return clock_of_date(year, month, day) + NOON_MS;
}

/* The page must be the one that is expected at its place. */
static bool see_page(struct trial *trial, const struct step *step,
                     const struct yaml **ret_page)
{
    const struct yaml *pages = yaml_get(trial->test, "pages");
    size_t at = trial->page_count++;

    buf_add_format(&trial->pages, "%s%s", at ? ", " : "", step->id);
    *ret_page = at < pages->count ? pages->items[at] : pages;
    if (at < pages->count && strcmp(pages->items[at]->text, step->id) == 0)
        return true;
    if (at == pages->count)
        trial_fail(trial, pages,
                   "the page \"%s\" comes after the last expected", step->id);
    else
        trial_fail(trial, *ret_page,
                   "the page \"%s\" comes where \"%.60s\" is expected (so far: "
                   "%.200s)",
                   step->id, pages->items[at]->text, trial->pages.text);
    return false;
}

static void walk_pages(struct trial *trial)
{
    const struct item *item = trial->item;
    const struct yaml *page;
    int at = -1;

    while (!trial->stop) {
        if (computed_settle(item, trial->answers))
            trial_fail(trial, trial->test, "what is computed is too long");
        at = walk_next(item, trial->answers, at);
        if (at == (int)item->step_count)
            return;
        const struct step *step = &item->steps[at];
        if (!see_page(trial, step, &page))
            return;
        trial->last = step;
        trial_look_at_page(trial, step);
        if (strcmp(step->screen, "card") == 0)
            trial_lay_card(trial, step, page);
        else if (step->answer)
            trial_answer(trial, step, page);
        if (!trial_has_failed(trial))
            trial_look_at_says(trial, step);
        if (trial_has_failed(trial) || trial->is_unpaid)
            return;
        trial->stop = walk_stop(step, trial->answers);
    }
}

/* ---- What came of it ---------------------------------------------------- */

static void compare_end(struct trial *trial)
{
    const struct yaml *pages = yaml_get(trial->test, "pages");
    const struct yaml *stop = yaml_get(trial->test, "stop");

    if (trial->page_count < pages->count)
        trial_fail(trial, pages->items[trial->page_count],
                   "the page \"%.60s\" does not come: it ends at \"%s\"%s%s",
                   pages->items[trial->page_count]->text,
                   trial->page_count ? pages->items[trial->page_count - 1]->text
                                     : "",
                   trial->stop ? " with the stop " : "",
                   trial->stop ? trial->stop->id : "");
    else if (stop && !trial->stop)
        trial_fail(trial, stop, "it does not stop at \"%.60s\"", stop->text);
    else if (trial->stop && !stop)
        trial_fail(trial, pages, "it stops at \"%s\": expected stop: %s",
                   trial->stop->id, trial->stop->id);
    else if (stop && strcmp(stop->text, trial->stop->id) != 0)
        trial_fail(trial, stop, "it stops at \"%s\", not at \"%.60s\"",
                   trial->stop->id, stop->text);
}

/* Every card of the test was asked for. */
static void compare_cards(struct trial *trial)
{
    const struct yaml *cards = yaml_get(trial->test, "cards");
    const struct item *item = trial->item;

    for (size_t i = 0; cards && i < cards->count; i++)
        for (size_t j = 0; j < item->step_count; j++)
            if (person_is_other(&item->steps[j]) &&
                strcmp(item->steps[j].person, cards->keys[i]->text) == 0 &&
                !person_is_known(&item->steps[j], trial->answers))
                trial_fail(trial, cards->keys[i],
                           "the card of \"%s\" is never asked for",
                           item->steps[j].person);
}

/* Every answer of the test was asked for, and each page with offers came. */
static void compare_answers(struct trial *trial)
{
    const struct yaml *given = yaml_get(trial->test, "answers");
    const struct yaml *offers = yaml_get(trial->test, "offers");

    for (size_t i = 0; offers && i < offers->count; i++)
        if (!yaml_get(given, offers->keys[i]->text))
            trial_fail(trial, offers->keys[i], "\"%.60s\" is not answered here",
                       offers->keys[i]->text);

    for (size_t i = 0; given && i < given->count; i++)
        if (answers_source(trial->answers, given->keys[i]->text) ==
            SOURCE_COMPUTED)
            trial_fail(trial, given->keys[i],
                       "\"%.60s\" is computed, not asked: expected it in sent",
                       given->keys[i]->text);
        else if (!answers_get(trial->answers, given->keys[i]->text) &&
                 !(trial->is_unpaid &&
                   strcmp(trial->last->answer, given->keys[i]->text) == 0))
            trial_fail(trial, given->keys[i], "\"%.60s\" is never asked",
                       given->keys[i]->text);
}

static bool is_of_card(const struct trial *trial, const char *name)
{
    return strncmp(name, "card_", 5) == 0 || shared_of(trial->item, name) ||
           person_of(trial->item, name, NULL);
}

/* Whether the case holds this answer: those of the card that the item keeps,
 * unless it is anonymous. */
static bool is_sent(const struct trial *trial, const char *name)
{
    const char *field = name;

    (void)person_of(trial->item, name, &field);
    if (strcmp(field, "age") == 0 || strcmp(name, "assurance") == 0)
        return false;
    return !is_of_card(trial, name) ||
           !envelope_is_anonymous(trial->item, trial->answers);
}

static void compare_value(struct trial *trial, const char *name,
                          const char *value, const struct yaml *sent)
{
    struct buf expected;

    buf_init(&expected, TRIAL_PAGES_BYTES);
    item_choices_given(sent, &expected);
    if (strcmp(value, expected.text) != 0)
        trial_fail(trial, sent,
                   "\"%.60s\" is sent as \"%.60s\", not as \"%.60s\"", name,
                   value, expected.text);
    buf_done(&expected);
}

static void compare_sent(struct trial *trial)
{
    const struct yaml *sent = yaml_get(trial->test, "sent");

    if (sent && trial->last && walk_is_closing(trial->last)) {
        trial_fail(trial, sent,
                   "nothing is sent: it ends at the closing page \"%s\"",
                   trial->last->id);
        return;
    }
    for (size_t i = 0; sent && i < sent->count; i++) {
        const char *name = sent->keys[i]->text;
        const char *value =
            is_sent(trial, name) ? answers_get(trial->answers, name) : NULL;

        if (!value)
            trial_fail(trial, sent->keys[i], "\"%.60s\" is not sent", name);
        else
            compare_value(trial, name, value, sent->items[i]);
    }
    for (size_t i = 0; sent && i < answers_count(trial->answers); i++) {
        const char *name = answers_name(trial->answers, i);

        if (is_sent(trial, name) && !is_of_card(trial, name) &&
            !yaml_get(sent, name))
            trial_fail(trial, sent, "\"%s\" is sent, too: expected it here",
                       name);
    }
}

/* Which lines stand on the last page: what the person takes home. */
static void compare_lines(struct trial *trial)
{
    const struct yaml *lines = yaml_get(trial->test, "lines");

    if (lines && trial->last)
        trial_compare_lines(trial, trial->last, lines);
}

struct slip_trial {
    struct trial *trial;
    const struct yaml *expected;
    size_t seen;
};

/* What every slip ends with needs no test of the item's. */
static void on_slip_row(void *owner, const char *id, const char *label,
                        const char *text)
{
    struct slip_trial *slip = owner;
    const struct yaml *expected = slip->expected;

    (void)label;
    (void)text;
    if (walk_is_contact(id) || trial_has_failed(slip->trial))
        return;
    if (slip->seen == expected->count)
        trial_fail(slip->trial, expected, "\"%s\" stands on the slip, too", id);
    else if (strcmp(expected->items[slip->seen]->text, id) != 0)
        trial_fail(slip->trial, expected->items[slip->seen],
                   "\"%s\" stands on the slip where \"%.60s\" is expected", id,
                   expected->items[slip->seen]->text);
    slip->seen++;
}

static void compare_slip(struct trial *trial)
{
    struct slip_trial slip = { trial, yaml_get(trial->test, "slip"), 0 };
    const struct walk_slip rows = { on_slip_row, &slip };

    if (!slip.expected)
        return;
    walk_slip(trial->item, trial->answers, LANGUAGE_ZH_CN, &rows);
    if (slip.seen < slip.expected->count && !trial_has_failed(trial))
        trial_fail(trial, slip.expected->items[slip.seen],
                   "\"%.60s\" does not stand on the slip",
                   slip.expected->items[slip.seen]->text);
}

static void walk(struct trial *trial)
{
    answers_begin(trial->answers, trial_today(trial));
    walk_pages(trial);
    if (!trial_has_failed(trial))
        compare_end(trial);
}

bool item_test_play(const struct item *item, const struct yaml *test,
                    struct problems *problems, struct answers *answers,
                    const struct step **ret_last, int64_t *ret_wall_ms)
{
    struct trial trial = { .item = item,
                           .test = test,
                           .answers = answers,
                           .problems = problems,
                           .before = problems->raised };

    buf_init(&trial.pages, TRIAL_PAGES_BYTES);
    walk(&trial);
    buf_done(&trial.pages);
    *ret_last = trial.last;
    *ret_wall_ms = trial_today(&trial);
    return !trial_has_failed(&trial);
}

static void run(const struct item *item, const struct yaml *test,
                struct problems *problems)
{
    struct trial trial = { .item = item,
                           .test = test,
                           .answers = answers_new(),
                           .problems = problems,
                           .before = problems->raised };

    buf_init(&trial.pages, TRIAL_PAGES_BYTES);
    walk(&trial);
    if (!trial_has_failed(&trial)) {
        compare_cards(&trial);
        compare_answers(&trial);
        compare_sent(&trial);
        trial_compare_says(&trial);
        compare_lines(&trial);
        compare_slip(&trial);
        trial_compare_said(&trial);
    }
    buf_done(&trial.pages);
    answers_wipe(trial.answers);
    answers_free(trial.answers);
}

size_t item_tests_run(const struct item *item, struct problems *problems)
{
    size_t count = item->tests ? item->tests->count : 0;

    for (size_t i = 0; i < count; i++)
        run(item, item->tests->items[i], problems);
    return count;
}
