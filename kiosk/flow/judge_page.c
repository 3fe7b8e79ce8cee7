/* One page of a case that is judged. */
#include "kiosk/flow/judge_bench.h"
#include "kiosk/flow/person.h"

#include "kiosk/flow/asked.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES = 8 * 1024 };

static bool is_screen(const struct step *step, const char *screen)
{
    return strcmp(step->screen, screen) == 0;
}

static bool judge_number(struct bench *bench, const struct step *step)
{
    const char *number = judge_held(bench, "number");
    const char *kind = judge_held(bench, "kind");
    enum card_kind known = CARD_RESIDENT;

    if (kind && card_kind_find(kind, &known))
        return judge_find(bench, JUDGE_NOT_ACCEPTED, "card_kind");
    if (judge_was_typed(bench) && !step->may_type)
        return judge_find(bench, JUDGE_NOT_OFFERED, step->id);
    if (!number || known != CARD_RESIDENT)
        return true;
    enum number_fault fault = id_number_check(number);
    /* A card is believed even where the check character is wrong. */
    if (fault == NUMBER_OK ||
        (fault == NUMBER_CHECK && !judge_was_typed(bench)))
        return true;
    return judge_find(bench, JUDGE_NOT_ACCEPTED, "card_number");
}

static bool judge_validity(struct bench *bench)
{
    const char *until = judge_held(bench, "valid_to");
    struct card card = { .kind = CARD_RESIDENT };

    if (!until)
        return true;
    snprintf(card.valid_to, sizeof card.valid_to, "%.15s", until);
    return !card_is_expired(&card, bench->first_day * JUDGE_DAY_MS) ||
           judge_find(bench, JUDGE_EXPIRED, "card_valid_to");
}

static bool judge_card(struct bench *bench, const struct step *step)
{
    const struct item *item = bench->item;

    if (bench->is_anonymous || !item->card_fields[0])
        return true;
    if (!judge_held(bench, "kind") && !judge_held(bench, "number"))
        return judge_find(bench, JUDGE_MISSING, step->id);
    for (size_t i = 0; item->card_fields[i]; i++)
        if (strcmp(item->card_fields[i], "number") == 0 &&
            !judge_held(bench, "number"))
            return judge_find(bench, JUDGE_MISSING, "card_number");
    return judge_number(bench, step) && judge_validity(bench);
}

static bool judge_field(struct bench *bench, const struct step *step)
{
    const char *value = answers_get(bench->answers, step->answer);
    const char *expected = NULL;
    struct buf tidy;
    bool is_good;

    buf_init(&tidy, TEXT_BYTES);
    is_good = !walk_accept(step, value, &tidy, &expected) &&
              strcmp(tidy.text, value) == 0 &&
              !walk_clash(bench->item, step, bench->answers, value, true);
    buf_done(&tidy);
    return is_good || judge_find(bench, JUDGE_NOT_ACCEPTED, step->answer);
}

static bool is_one_of(const char *value, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(value, *words) == 0)
            return true;
    return false;
}

/* What a page may be answered by that is neither a choice nor a field. */
static bool judge_other(struct bench *bench, const struct step *step)
{
    static const char *const ways[] = { "code", "staff", "none", NULL };
    static const char *const none[] = { "none", NULL };
    const char *value = answers_get(bench->answers, step->answer);
    const char *const *words = is_screen(step, "check")         ? ways
                               : is_screen(step, "certificate") ? none
                                                                : NULL;

    if (!value && is_screen(step, "check") &&
        judge_assurance_of(bench->asked->assurance) < bench->item->assurance)
        return judge_find(bench, JUDGE_MISSING, step->answer);
    return !value || !words || is_one_of(value, words) ||
           judge_find(bench, JUDGE_NOT_OFFERED, step->answer);
}

/* Of another day than the case's own the rules go by what is computed then: what
 * was computed stands for its own day only. */
static bool keep_computed(struct bench *bench, const struct step *step,
                          const char *computed)
{
    if (!computed) {
        answers_forget(bench->answers, step->answer);
        return true;
    }
    return !answers_set(bench->answers, step->answer, computed,
                        SOURCE_COMPUTED) ||
           judge_find(bench, JUDGE_COMPUTED, step->answer);
}

/* What follows from the other answers, once more. */
static bool judge_computed(struct bench *bench, const struct step *step)
{
    const char *value = answers_get(bench->answers, step->answer);
    const char *mistake = NULL, *expected = NULL;
    struct buf computed;
    bool is_good;

    buf_init(&computed, TEXT_BYTES);
    if (computed_value(step, bench->answers, &computed, &mistake) ==
        COMPUTED_VALUE)
        expected = computed.text;
    if (bench->first_day != bench->today)
        is_good = keep_computed(bench, step, expected);
    else
        is_good = (expected ? value && strcmp(expected, value) == 0 : !value) ||
                  judge_find(bench, JUDGE_COMPUTED, step->answer);
    buf_done(&computed);
    return is_good;
}

/* What goes with a question beside its type. */
static bool judge_asked(struct bench *bench, const struct step *step)
{
    const struct answers *answers = bench->answers;
    bool is_left = answers_source(answers, step->answer) == SOURCE_LEFT;

    if (is_left && (*answers_get(answers, step->answer) ||
                    asked_is_required(step, answers)))
        return judge_find(bench, JUDGE_MISSING, step->answer);
    if (asked_error(step, answers))
        return judge_find(bench, JUDGE_NOT_ALLOWED, step->answer);
    return asked_holds(step, answers) ||
           judge_find(bench, JUDGE_NOT_ACCEPTED, step->answer);
}

/* Its form; whether the office said so the hub knows. */
static bool judge_told(struct bench *bench, const struct step *step)
{
    const char *value = answers_get(bench->answers, step->answer);
    bool is_good;

    if (!value)
        return judge_find(bench, JUDGE_MISSING, step->answer);
    if (payment_is_step(step))
        is_good = payment_is_ok(step, bench->answers, value);
    else
        is_good = record_is_ok(bench->item, step, value);
    return is_good || judge_find(bench, JUDGE_NOT_ACCEPTED, step->answer);
}

static bool judge_answer(struct bench *bench, const struct step *step)
{
    bool is_choice = is_screen(step, "choice") || is_screen(step, "choices") ||
                     is_screen(step, "materials") ||
                     is_screen(step, "another") || is_screen(step, "slot");

    if (computed_is(step))
        return judge_computed(bench, step);
    if (record_is_step(step) || payment_is_step(step))
        return judge_told(bench, step);
    if (!is_choice && !is_screen(step, "field"))
        return judge_other(bench, step);
    if (!answers_get(bench->answers, step->answer))
        return judge_find(bench, JUDGE_MISSING, step->answer);
    if (!judge_asked(bench, step))
        return false;
    if (answers_source(bench->answers, step->answer) == SOURCE_LEFT)
        return true;
    if (is_screen(step, "slot"))
        snprintf(bench->judgement->slot, sizeof bench->judgement->slot, "%s",
                 step->answer);
    if (is_choice)
        return walk_holds(bench->item, step, bench->answers) ||
               judge_find(bench, JUDGE_NOT_OFFERED, step->answer);
    if (answers_source(bench->answers, step->answer) == SOURCE_LATER)
        return step->way.in[LANGUAGE_ZH_CN] ||
               judge_find(bench, JUDGE_NOT_OFFERED, step->answer);
    return judge_field(bench, step);
}

static bool is_minor(const struct bench *bench, const struct step *step)
{
    const char *text = person_get(step, bench->answers, "age");
    int age = !person_is_other(step) ? bench->age
              : text                 ? (int)strtol(text, NULL, 10)
                                     : -1;

    return !step->takes_minors && age >= 0 && age < WALK_MINOR_AGE;
}

static bool judge_stops(struct bench *bench, const struct step *step)
{
    const struct stop *stop = walk_stop(step, bench->answers);

    if (stop) {
        (void)judge_find(bench, JUDGE_STOP, step->id);
        snprintf(bench->judgement->stop, sizeof bench->judgement->stop, "%s",
                 stop->id);
        return false;
    }
    if (is_screen(step, "card") && is_minor(bench, step))
        return judge_find(bench, JUDGE_MINOR, step->id);
    return true;
}

/* The item ended there: nothing was to be sent. */
static bool judge_closing(struct bench *bench, const struct step *step)
{
    (void)judge_find(bench, JUDGE_STOP, step->id);
    snprintf(bench->judgement->stop, sizeof bench->judgement->stop, "%s",
             step->id);
    return false;
}

bool judge_page(struct bench *bench, const struct step *step)
{
    if (walk_is_closing(step))
        return judge_closing(bench, step);
    if (is_screen(step, "card") &&
        !(person_is_other(step) ? judge_person(bench, step)
                                : judge_card(bench, step)))
        return false;
    if (shared_is_step(step) ? !judge_shared(bench, step)
                             : step->answer && !judge_answer(bench, step))
        return false;
    return judge_stops(bench, step);
}
