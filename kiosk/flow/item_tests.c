/* An item's own tests: its pages are walked as a citizen would, with the
 * answers that the file gives, and what comes of it is compared. */
#include "kiosk/flow/item_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

enum { PAGES_BYTES = 4096, NOON_MS = 12 * 60 * 60 * 1000 };

struct trial {
    const struct item *item;
    const struct yaml *test;
    struct answers *answers;
    struct problems *problems;
    size_t before;    /* problems->raised */
    struct buf pages; /* those seen, parted by ", " */
    size_t page_count;
    const struct step *last;
    const struct stop *stop;
};

/* "overlays/411381/small.yaml" */
static const char *overlay_name(const char *path)
{
    const char *at = path;

    for (const char *next = at; (next = strstr(next, "overlays/")); next++)
        at = next;
    return at;
}

__attribute__((format(printf, 3, 4))) static void
fail_at(struct trial *trial, const struct yaml *at, const char *format, ...)
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

static bool has_failed(const struct trial *trial)
{
    return trial->problems->raised != trial->before;
}

static const char *text_of(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node ? node->text : NULL;
}

/* "2026-11-23" as "20261123". */
static void digits_of(const char *date, char digits[16])
{
    size_t count = 0;

    for (; *date && count < 8; date++)
        if (*date != '-')
            digits[count++] = *date;
    digits[count] = '\0';
}

static int64_t today(const struct trial *trial)
{
    const char *date = text_of(trial->test, "today");
    int year, month, day;
    char digits[16];

    digits_of(date ? date : "2026-01-01", digits);
    year = (int)strtol(digits, NULL, 10) / 10000;
    month = (int)strtol(digits + 4, NULL, 10) / 100;
    day = (int)strtol(digits + 6, NULL, 10);
    return clock_of_date(year, month, day) + NOON_MS;
}

/* ---- The card ----------------------------------------------------------- */

/* A person who is nobody: the division of no county, with a right check
 * character; of each card step another one. */
static void make_number(const char *birth, int person, char number[32])
{
    char check;

    snprintf(number, 32, "999999%.8s%03d", birth, person + 1);
    check = id_number_check_character(number);
    number[17] = check;
    number[18] = '\0';
}

/* What the test says of this page's card, or NULL. */
static const struct yaml *card_of(const struct trial *trial,
                                  const struct step *step)
{
    return person_is_other(step)
               ? yaml_get(yaml_get(trial->test, "cards"), step->person)
               : yaml_get(trial->test, "card");
}

static void tell_no_card(struct trial *trial, const struct step *step,
                         const struct yaml *page)
{
    if (person_is_other(step))
        fail_at(trial, page,
                "the card page \"%s\" comes, but the test has no card for it: "
                "expected cards: {%s: {birth: 1990-01-01}} or the like",
                step->id, step->person);
    else
        fail_at(trial, page,
                "the card page comes, but the test has no card: expected "
                "card: {birth: 1956-02-29} or the like");
}

static void lay_card(struct trial *trial, const struct step *step,
                     const struct yaml *page)
{
    const struct yaml *said = card_of(trial, step);
    const struct yaml *typed = yaml_get(said, "typed");
    struct card card = { .name = "某某",
                         .sex = "female",
                         .ethnic = "01",
                         .address = "某地",
                         .authority = "某局",
                         .valid_from = "20200101",
                         .valid_to = "long-term" };
    enum err err = ERR_OK;

    if (!said) {
        tell_no_card(trial, step, page);
        return;
    }
    digits_of(text_of(said, "birth"), card.birth);
    make_number(card.birth,
                person_is_other(step) ? (int)(step - trial->item->steps) + 1
                                      : 0,
                card.number);
    if (text_of(said, "kind"))
        err = card_kind_find(text_of(said, "kind"), &card.kind);
    if (!err && typed && strcmp(typed->text, "true") == 0)
        err =
            person_take_number(trial->answers, step, card.number, today(trial));
    else if (!err)
        err = person_take_card(trial->answers, trial->item, step, &card,
                               today(trial));
    if (err)
        fail_at(trial, said, "this card cannot be taken in");
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
                fail_at(trial, cards->keys[i],
                        "the card of \"%s\" is never asked for",
                        item->steps[j].person);
}

/* ---- One page ----------------------------------------------------------- */

static bool is_offered(const struct trial *trial, const struct step *step,
                       const char *value)
{
    size_t count = walk_option_count(step, trial->answers);
    const struct words *text;
    const char *offered;

    for (size_t i = 0; i < count; i++) {
        walk_option(step, trial->answers, i, &offered, &text, NULL);
        if (strcmp(offered, value) == 0)
            return true;
    }
    return false;
}

static void keep(struct trial *trial, const struct step *step,
                 const struct yaml *given, const char *value,
                 enum source source)
{
    if (source == SOURCE_CITIZEN)
        source = asked_source(step, trial->answers, value);
    if (answers_set(trial->answers, step->answer, value, source))
        fail_at(trial, given, "this answer is too long to be kept");
}

static void answer_field(struct trial *trial, const struct step *step,
                         const struct yaml *given)
{
    const char *expected = NULL;
    struct buf value, words;

    buf_init(&value, 8 * 1024);
    buf_init(&words, 512);
    if (!walk_accept(step, given->text, &value, &expected))
        expected =
            walk_clash(trial->item, step, trial->answers, value.text, false);
    if (expected) {
        walk_expected(step, expected, LANGUAGE_EN, &words);
        fail_at(trial, given, "\"%.60s\" is not accepted: expected %s",
                given->text, words.text);
    } else {
        keep(trial, step, given, value.text, SOURCE_CITIZEN);
    }
    buf_done(&words);
    buf_done(&value);
}

/* "" where it is as it should be. */
static const char *set_fault(enum choices_fault fault)
{
    switch (fault) {
    case CHOICES_GOOD:
        break;
    case CHOICES_FEW:
        return "is less than is needed on";
    case CHOICES_MANY:
        return "is more than may be chosen on";
    case CHOICES_TOGETHER:
        return "holds one that is chosen alone on";
    case CHOICES_NOT_OFFERED:
        return "is not offered on";
    }
    return "";
}

static void answer_choices(struct trial *trial, const struct step *step,
                           const struct yaml *given)
{
    struct buf said, value;

    buf_init(&said, PAGES_BYTES);
    buf_init(&value, PAGES_BYTES);
    item_choices_given(given, &said);
    choices_tidy(step, said.text, &value);
    const char *fault =
        set_fault(choices_look(step, trial->answers, value.text));
    if (*fault)
        fail_at(trial, given, "\"%.60s\" %s the page \"%s\"", said.text, fault,
                step->id);
    else
        keep(trial, step, given, value.text, SOURCE_CITIZEN);
    buf_done(&value);
    buf_done(&said);
}

static void compare_offers(struct trial *trial, const struct step *step)
{
    const struct yaml *offers =
        yaml_get(yaml_get(trial->test, "offers"), step->answer);
    size_t count = walk_option_count(step, trial->answers);
    const struct words *text;
    const char *value;

    for (size_t i = 0; offers && (i < count || i < offers->count); i++) {
        const struct yaml *at = i < offers->count ? offers->items[i] : offers;

        value = "";
        if (i < count)
            walk_option(step, trial->answers, i, &value, &text, NULL);
        if (i < offers->count && strcmp(at->text, value) == 0)
            continue;
        if (i == offers->count)
            fail_at(trial, at, "\"%s\" is offered, too", value);
        else if (i >= count)
            fail_at(trial, at, "\"%.60s\" is not offered", at->text);
        else
            fail_at(trial, at, "\"%s\" is offered where \"%.60s\" is expected",
                    value, at->text);
        return;
    }
}

/* Where a paper is missing nothing can be promised: the page stops. */
static void answer_papers(struct trial *trial, const struct step *step,
                          const struct yaml *given, const struct yaml *page)
{
    struct buf promise;

    if (materials_answered(trial->item, trial->answers, MATERIAL_MISSING, 0))
        return;
    buf_init(&promise, PAGES_BYTES);
    materials_promise(trial->item, step, trial->answers, &promise);
    if (!given)
        fail_at(trial, page,
                "the page \"%s\" comes, but the test does not answer it: "
                "expected \"%s: %s\" among its answers",
                step->id, step->answer, promise.text);
    else if (given->kind != YAML_TEXT || strcmp(given->text, promise.text) != 0)
        fail_at(trial, given, "\"%s\" is promised, not \"%.60s\"", promise.text,
                given->kind == YAML_TEXT ? given->text : "a list");
    else
        keep(trial, step, given, promise.text, SOURCE_CITIZEN);
    buf_done(&promise);
}

/* What stands there already need not be in the test. */
static bool takes_prefill(struct trial *trial, const struct step *step,
                          const struct yaml *page)
{
    struct asked_prefill prefill;
    struct buf value;

    buf_init(&value, PAGES_BYTES);
    bool is_any = asked_prefill(step, trial->answers, &value, &prefill);
    if (is_any)
        keep(trial, step, page, value.text, SOURCE_CITIZEN);
    buf_done(&value);
    return is_any;
}

/* Beside its type. */
static void look_at_answer(struct trial *trial, const struct step *step,
                           const struct yaml *given)
{
    const struct allowed *error = asked_error(step, trial->answers);

    if (error)
        fail_at(trial, given, "\"%.60s\" is not allowed, by \"%s\"",
                given->text, error->id);
    else if (asked_holds(step, trial->answers))
        return;
    else if (asked_is_fixed(step, trial->answers))
        fail_at(trial, given,
                "\"%.60s\" cannot stand there: what was prefilled is fixed",
                given->text);
    else
        fail_at(trial, given, "\"%s\" cannot be left empty here", step->answer);
}

static bool is_later(const struct yaml *given)
{
    return given->kind == YAML_TEXT && strcmp(given->text, "later") == 0;
}

/* What came follows from the records of the test; that they could not be had it
 * says by its answer. */
static void answer_records(struct trial *trial, const struct step *step,
                           const struct yaml *given)
{
    bool is_away = given && given->kind == YAML_TEXT &&
                   strcmp(given->text, SHARED_AWAY) == 0;
    enum err err =
        is_away
            ? shared_take_nothing(trial->answers, step, SHARED_AWAY)
            : item_shared_lay(trial->answers, trial->item, step, trial->test);
    const char *state = answers_get(trial->answers, step->answer);

    if (err)
        fail_at(trial, trial->test, "these records are too long to be kept");
    else if (given &&
             (given->kind != YAML_TEXT || strcmp(given->text, state) != 0))
        fail_at(
            trial, given,
            "by the test's records this is \"%s\": expected that, or no such "
            "answer",
            state);
}

static void answer(struct trial *trial, const struct step *step,
                   const struct yaml *page)
{
    const struct yaml *answers = yaml_get(trial->test, "answers");
    const struct yaml *given = yaml_get(answers, step->answer);

    if (strcmp(step->screen, "materials") == 0) {
        answer_papers(trial, step, given, page);
        return;
    }
    if (shared_is_step(step)) {
        answer_records(trial, step, given);
        return;
    }
    /* What is printed answers nothing. */
    if (!given && strcmp(step->screen, "certificate") == 0)
        return;
    if (!given && takes_prefill(trial, step, page))
        return;
    if (!given)
        fail_at(trial, page,
                "the page \"%s\" comes, but the test does not answer it: "
                "expected \"%s\" among its answers",
                step->id, step->answer);
    else if (strcmp(step->screen, "choices") == 0 && !is_later(given))
        answer_choices(trial, step, given);
    else if (given->kind != YAML_TEXT)
        fail_at(trial, given,
                "\"%s\" is answered with one value: expected no list",
                step->answer);
    else if (is_later(given) && !step->way.in[LANGUAGE_EN])
        fail_at(trial, given, "\"%s\" has no way round: it cannot be later",
                step->answer);
    else if (is_later(given))
        keep(trial, step, given, "later", SOURCE_LATER);
    else if (given->text[0] == '\0')
        keep(trial, step, given, "", SOURCE_LEFT);
    else if (strcmp(step->screen, "field") == 0)
        answer_field(trial, step, given);
    else if (strcmp(step->screen, "choice") == 0 &&
             !is_offered(trial, step, given->text))
        fail_at(trial, given, "\"%.60s\" is not offered on the page \"%s\"",
                given->text, step->id);
    else
        keep(trial, step, given, given->text, SOURCE_CITIZEN);
    if (strcmp(step->screen, "another") == 0 && !has_failed(trial) &&
        !walk_holds(trial->item, step, trial->answers))
        fail_at(trial, given,
                "\"%.60s\" is not offered on the page \"%s\": expected yes or "
                "no, from %d to %d entries",
                given->text, step->id, step->least_entries, step->most_entries);
    if (!has_failed(trial))
        look_at_answer(trial, step, given);
}

static void answer_page(struct trial *trial, const struct step *step,
                        const struct yaml *page)
{
    compare_offers(trial, step);
    answer(trial, step, page);
}

/* With what was answered there, for the stop stands on it, too. */
static void compare_says(struct trial *trial, const struct step *step)
{
    const struct yaml *missing =
        item_says_missing(trial->item, step, trial->answers,
                          yaml_get(yaml_get(trial->test, "says"), step->id));

    if (missing)
        fail_at(trial, missing, "\"%.60s\" cannot be read on the page \"%s\"",
                missing->text, step->id);
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
        fail_at(trial, pages, "the page \"%s\" comes after the last expected",
                step->id);
    else
        fail_at(trial, *ret_page,
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
            fail_at(trial, trial->test, "what is computed is too long");
        at = walk_next(item, trial->answers, at);
        if (at == (int)item->step_count)
            return;
        const struct step *step = &item->steps[at];
        if (!see_page(trial, step, &page))
            return;
        trial->last = step;
        if (strcmp(step->screen, "card") == 0)
            lay_card(trial, step, page);
        else if (step->answer)
            answer_page(trial, step, page);
        if (!has_failed(trial))
            compare_says(trial, step);
        if (has_failed(trial))
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
        fail_at(trial, pages->items[trial->page_count],
                "the page \"%.60s\" does not come: it ends at \"%s\"%s%s",
                pages->items[trial->page_count]->text,
                trial->page_count ? pages->items[trial->page_count - 1]->text
                                  : "",
                trial->stop ? " with the stop " : "",
                trial->stop ? trial->stop->id : "");
    else if (stop && !trial->stop)
        fail_at(trial, stop, "it does not stop at \"%.60s\"", stop->text);
    else if (trial->stop && !stop)
        fail_at(trial, pages, "it stops at \"%s\": expected stop: %s",
                trial->stop->id, trial->stop->id);
    else if (stop && strcmp(stop->text, trial->stop->id) != 0)
        fail_at(trial, stop, "it stops at \"%s\", not at \"%.60s\"",
                trial->stop->id, stop->text);
}

/* Every answer of the test was asked for, and each page with offers came. */
static void compare_answers(struct trial *trial)
{
    const struct yaml *given = yaml_get(trial->test, "answers");
    const struct yaml *offers = yaml_get(trial->test, "offers");

    for (size_t i = 0; offers && i < offers->count; i++)
        if (!yaml_get(given, offers->keys[i]->text))
            fail_at(trial, offers->keys[i], "\"%.60s\" is not answered here",
                    offers->keys[i]->text);

    for (size_t i = 0; given && i < given->count; i++)
        if (answers_source(trial->answers, given->keys[i]->text) ==
            SOURCE_COMPUTED)
            fail_at(trial, given->keys[i],
                    "\"%.60s\" is computed, not asked: expected it in sent",
                    given->keys[i]->text);
        else if (!answers_get(trial->answers, given->keys[i]->text))
            fail_at(trial, given->keys[i], "\"%.60s\" is never asked",
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

    buf_init(&expected, PAGES_BYTES);
    item_choices_given(sent, &expected);
    if (strcmp(value, expected.text) != 0)
        fail_at(trial, sent, "\"%.60s\" is sent as \"%.60s\", not as \"%.60s\"",
                name, value, expected.text);
    buf_done(&expected);
}

static void compare_sent(struct trial *trial)
{
    const struct yaml *sent = yaml_get(trial->test, "sent");

    if (sent && trial->last && walk_is_closing(trial->last)) {
        fail_at(trial, sent,
                "nothing is sent: it ends at the closing page \"%s\"",
                trial->last->id);
        return;
    }
    for (size_t i = 0; sent && i < sent->count; i++) {
        const char *name = sent->keys[i]->text;
        const char *value =
            is_sent(trial, name) ? answers_get(trial->answers, name) : NULL;

        if (!value)
            fail_at(trial, sent->keys[i], "\"%.60s\" is not sent", name);
        else
            compare_value(trial, name, value, sent->items[i]);
    }
    for (size_t i = 0; sent && i < answers_count(trial->answers); i++) {
        const char *name = answers_name(trial->answers, i);

        if (is_sent(trial, name) && !is_of_card(trial, name) &&
            !yaml_get(sent, name))
            fail_at(trial, sent, "\"%s\" is sent, too: expected it here", name);
    }
}

/* Each page of which something is expected came. */
static void compare_said_pages(struct trial *trial)
{
    const struct yaml *says = yaml_get(trial->test, "says");
    const struct yaml *pages = yaml_get(trial->test, "pages");

    for (size_t i = 0; says && i < says->count; i++) {
        size_t at = 0;

        while (at < pages->count &&
               strcmp(pages->items[at]->text, says->keys[i]->text) != 0)
            at++;
        if (at == pages->count)
            fail_at(trial, says->keys[i],
                    "the page \"%.60s\" does not come here",
                    says->keys[i]->text);
    }
}

/* Which lines stand on the last page: what the person takes home. */
static void compare_lines(struct trial *trial)
{
    const struct yaml *lines = yaml_get(trial->test, "lines");
    size_t count = trial->last ? trial->last->line_count : 0, seen = 0;

    for (size_t i = 0; lines && i < count; i++) {
        const struct line *line = &trial->last->lines[i];

        if (!walk_shows_line(line, trial->answers))
            continue;
        if (seen == lines->count) {
            fail_at(trial, lines, "the line \"%s\" stands there, too",
                    line->id);
            return;
        }
        if (strcmp(lines->items[seen]->text, line->id) != 0) {
            fail_at(trial, lines->items[seen],
                    "the line \"%s\" stands where \"%.60s\" is expected",
                    line->id, lines->items[seen]->text);
            return;
        }
        seen++;
    }
    if (lines && seen < lines->count)
        fail_at(trial, lines->items[seen],
                "the line \"%.60s\" does not stand "
                "there",
                lines->items[seen]->text);
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
    if (walk_is_contact(id) || has_failed(slip->trial))
        return;
    if (slip->seen == expected->count)
        fail_at(slip->trial, expected, "\"%s\" stands on the slip, too", id);
    else if (strcmp(expected->items[slip->seen]->text, id) != 0)
        fail_at(slip->trial, expected->items[slip->seen],
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
    if (slip.seen < slip.expected->count && !has_failed(trial))
        fail_at(trial, slip.expected->items[slip.seen],
                "\"%.60s\" does not stand on the slip",
                slip.expected->items[slip.seen]->text);
}

static void walk(struct trial *trial)
{
    answers_begin(trial->answers, today(trial));
    walk_pages(trial);
    if (!has_failed(trial))
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

    buf_init(&trial.pages, PAGES_BYTES);
    walk(&trial);
    buf_done(&trial.pages);
    *ret_last = trial.last;
    *ret_wall_ms = today(&trial);
    return !has_failed(&trial);
}

static void run(const struct item *item, const struct yaml *test,
                struct problems *problems)
{
    struct trial trial = { .item = item,
                           .test = test,
                           .answers = answers_new(),
                           .problems = problems,
                           .before = problems->raised };

    buf_init(&trial.pages, PAGES_BYTES);
    walk(&trial);
    if (!has_failed(&trial)) {
        compare_cards(&trial);
        compare_answers(&trial);
        compare_sent(&trial);
        compare_said_pages(&trial);
        compare_lines(&trial);
        compare_slip(&trial);
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
