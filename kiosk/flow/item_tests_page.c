/* One page of a test: the card that is laid down, the answer that is given. */
#include "kiosk/flow/item_tests.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/flow/asked.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/record.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/slot.h"

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
        trial_fail(
            trial, page,
            "the card page \"%s\" comes, but the test has no card for it: "
            "expected cards: {%s: {birth: 1990-01-01}} or the like",
            step->id, step->person);
    else
        trial_fail(trial, page,
                   "the card page comes, but the test has no card: expected "
                   "card: {birth: 1956-02-29} or the like");
}

void trial_lay_card(struct trial *trial, const struct step *step,
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

    bool is_typed = typed && strcmp(typed->text, "true") == 0;

    if (!said) {
        tell_no_card(trial, step, page);
        return;
    }
    if (is_typed && !step->may_type) {
        trial_fail(trial, typed,
                   "nobody can type a number on the page \"%s\": expected "
                   "may_type there, or a card that is laid down",
                   step->id);
        return;
    }
    trial_digits(trial_text(said, "birth"), card.birth);
    make_number(card.birth,
                person_is_other(step) ? (int)(step - trial->item->steps) + 1
                                      : 0,
                card.number);
    if (trial_text(said, "kind"))
        err = card_kind_find(trial_text(said, "kind"), &card.kind);
    if (!err && is_typed)
        err = person_take_number(trial->answers, step, card.number,
                                 trial_today(trial));
    else if (!err)
        err = person_take_card(trial->answers, trial->item, step, &card,
                               trial_today(trial));
    if (err)
        trial_fail(trial, said, "this card cannot be taken in");
}

/* ---- One page ----------------------------------------------------------- */

static void keep(struct trial *trial, const struct step *step,
                 const struct yaml *given, const char *value,
                 enum source source)
{
    if (source == SOURCE_CITIZEN)
        source = asked_source(step, trial->answers, value);
    if (answers_set(trial->answers, step->answer, value, source))
        trial_fail(trial, given, "this answer is too long to be kept");
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
        trial_fail(trial, given, "\"%.60s\" is not accepted: expected %s",
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

    buf_init(&said, TRIAL_PAGES_BYTES);
    buf_init(&value, TRIAL_PAGES_BYTES);
    item_choices_given(given, &said);
    choices_tidy(step, said.text, &value);
    const char *fault =
        set_fault(choices_look(step, trial->answers, value.text));
    if (*fault)
        trial_fail(trial, given, "\"%.60s\" %s the page \"%s\"", said.text,
                   fault, step->id);
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
            trial_fail(trial, at, "\"%s\" is offered, too", value);
        else if (i >= count)
            trial_fail(trial, at, "\"%.60s\" is not offered", at->text);
        else
            trial_fail(trial, at,
                       "\"%s\" is offered where \"%.60s\" is expected", value,
                       at->text);
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
    buf_init(&promise, TRIAL_PAGES_BYTES);
    materials_promise(trial->item, step, trial->answers, &promise);
    if (!given)
        trial_fail(trial, page,
                   "the page \"%s\" comes, but the test does not answer it: "
                   "expected \"%s: %s\" among its answers",
                   step->id, step->answer, promise.text);
    else if (given->kind != YAML_TEXT || strcmp(given->text, promise.text) != 0)
        trial_fail(trial, given, "\"%s\" is promised, not \"%.60s\"",
                   promise.text,
                   given->kind == YAML_TEXT ? given->text : "a list");
    else
        keep(trial, step, given, promise.text, SOURCE_CITIZEN);
    buf_done(&promise);
}

/* "paid", or "unpaid": then the test ends on that page. */
static void answer_payment(struct trial *trial, const struct step *step,
                           const struct yaml *given)
{
    struct buf line;

    trial->is_unpaid =
        given->kind == YAML_TEXT && strcmp(given->text, "unpaid") == 0;
    if (trial->is_unpaid)
        return;
    if (given->kind != YAML_TEXT || strcmp(given->text, "paid") != 0) {
        trial_fail(trial, given, "expected paid or unpaid");
        return;
    }
    buf_init(&line, TRIAL_PAGES_BYTES);
    payment_sample(step, trial->answers, &line);
    if (payment_is_ok(step, trial->answers, line.text))
        keep(trial, step, given, line.text, SOURCE_SHARED);
    else
        trial_fail(trial, given, "nobody knows here how much is to be paid");
    buf_done(&line);
}

/* What stands there already need not be in the test. */
static bool takes_prefill(struct trial *trial, const struct step *step,
                          const struct yaml *page)
{
    struct asked_prefill prefill;
    struct buf value;

    buf_init(&value, TRIAL_PAGES_BYTES);
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
        trial_fail(trial, given, "\"%.60s\" is not allowed, by \"%s\"",
                   given->text, error->id);
    else if (asked_holds(step, trial->answers))
        return;
    else if (asked_is_fixed(step, trial->answers))
        trial_fail(trial, given,
                   "\"%.60s\" cannot stand there: what was prefilled is fixed",
                   given->text);
    else
        trial_fail(trial, given, "\"%s\" cannot be left empty here",
                   step->answer);
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
        trial_fail(trial, trial->test, "these records are too long to be kept");
    else if (given &&
             (given->kind != YAML_TEXT || strcmp(given->text, state) != 0))
        trial_fail(
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
    if (payment_is_step(step) && given) {
        answer_payment(trial, step, given);
        return;
    }
    /* What is printed answers nothing. */
    if (!given && strcmp(step->screen, "certificate") == 0)
        return;
    if (!given && takes_prefill(trial, step, page))
        return;
    if (!given)
        trial_fail(trial, page,
                   "the page \"%s\" comes, but the test does not answer it: "
                   "expected \"%s\" among its answers",
                   step->id, step->answer);
    else if (strcmp(step->screen, "choices") == 0 && !is_later(given))
        answer_choices(trial, step, given);
    else if (given->kind != YAML_TEXT)
        trial_fail(trial, given,
                   "\"%s\" is answered with one value: expected no list",
                   step->answer);
    else if (is_later(given) && !step->way.in[LANGUAGE_EN])
        trial_fail(trial, given, "\"%s\" has no way round: it cannot be later",
                   step->answer);
    else if (is_later(given))
        keep(trial, step, given, "later", SOURCE_LATER);
    else if (given->text[0] == '\0')
        keep(trial, step, given, "", SOURCE_LEFT);
    else if (strcmp(step->screen, "field") == 0)
        answer_field(trial, step, given);
    else if (slot_is(step) &&
             !slot_holds(trial->item, step, trial->answers, given->text))
        trial_fail(trial, given,
                   "\"%.60s\" is no appointment here: expected one such as "
                   "\"2026-12-01 09:00-09:30 PLACE\", with the place of this "
                   "way and no day before today",
                   given->text);
    else if (record_is_step(step) &&
             !record_is_ok(trial->item, step, given->text))
        trial_fail(trial, given,
                   "\"%.60s\" is no record: expected none, or its id and what "
                   "its columns hold, parted by |",
                   given->text);
    else if (strcmp(step->screen, "choice") == 0 &&
             !walk_offers(step, trial->answers, given->text))
        trial_fail(trial, given, "\"%.60s\" is not offered on the page \"%s\"",
                   given->text, step->id);
    else
        keep(trial, step, given, given->text, SOURCE_CITIZEN);
    if (strcmp(step->screen, "another") == 0 && !trial_has_failed(trial) &&
        !walk_holds(trial->item, step, trial->answers))
        trial_fail(
            trial, given,
            "\"%.60s\" is not offered on the page \"%s\": expected yes or "
            "no, from %d to %d entries",
            given->text, step->id, step->least_entries, step->most_entries);
    if (!trial_has_failed(trial))
        look_at_answer(trial, step, given);
}

void trial_answer(struct trial *trial, const struct step *step,
                  const struct yaml *page)
{
    compare_offers(trial, step);
    answer(trial, step, page);
}
