#include "kiosk/flow/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/case_needs.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/flow/judge_bench.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/payment.h"
#include "kiosk/flow/record.h"

enum { ANSWERS_MAX = ANSWERS_MOST, VALUE_BYTES_MAX = 4096, BIRTH_BYTES = 16 };

const char *judge_code_name(enum judge_code code)
{
    static const char *const names[] = {
#define X(code, name, text) [JUDGE_##code] = name,
        JUDGE_TABLE(X)
#undef X
    };

    return names[code];
}

const char *judge_code_text(enum judge_code code)
{
    static const char *const texts[] = {
#define X(code, name, text) [JUDGE_##code] = text,
        JUDGE_TABLE(X)
#undef X
    };

    return texts[code];
}

bool judge_find(struct bench *bench, enum judge_code code, const char *name)
{
    struct judgement *judgement = bench->judgement;

    judgement->code = code;
    snprintf(judgement->name, sizeof judgement->name, "%s", name);
    judgement->stop[0] = '\0';
    return code == JUDGE_GOOD;
}

/* ---- The day ------------------------------------------------------------- */

/* "2026-11-23" */
static bool read_day(const char *text, int64_t *ret_day)
{
    int year, month, day;

    if (!text || strlen(text) != 10 || strspn(text, "0123456789-") != 10 ||
        text[4] != '-' || text[7] != '-')
        return false;
    year = (int)strtol(text, NULL, 10);
    month = (int)strtol(text + 5, NULL, 10);
    day = (int)strtol(text + 8, NULL, 10);
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *ret_day = clock_days_of_date(year, month, day);
    return true;
}

static void look_at(struct bench *bench, const char *what, const char *name)
{
    snprintf(bench->judgement->look, sizeof bench->judgement->look, "%s%s%s",
             what, *name ? " " : "", name);
}

/* A session lasts no day, and begins before it sends. */
static bool days_fit(const struct bench *bench)
{
    return bench->sent_day == bench->today ||
           bench->sent_day == bench->today + 1;
}

static bool is_ahead(const struct bench *bench)
{
    return bench->today > bench->now + 1;
}

/* Clocks are wrong at times, or set right in the middle of a session, and that
 * is no fault of the citizen's: it is looked at, and judged by every day. */
static bool judge_day(struct bench *bench)
{
    const struct judge_case *asked = bench->asked;
    const char *text = json_string_value(json_object_get(asked->body, "today"));

    bench->now = rule_day(asked->now_ms);
    bench->sent_day = rule_day(asked->sent_ms);
    if (!read_day(text, &bench->today))
        return judge_find(bench, JUDGE_DAY, "today");
    if (!days_fit(bench))
        look_at(bench, "clock", "");
    else if (is_ahead(bench))
        look_at(bench, "ahead", "");
    else if (bench->now - bench->today > JUDGE_LATE_DAYS)
        look_at(bench, "late", "");
    return true;
}

/* ---- Taking the answers in ----------------------------------------------- */

static const struct step *step_of(const struct item *item, const char *answer)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, answer) == 0)
            return &item->steps[i];
    return NULL;
}

/* The item's own word for a field of a card, or NULL; an age is never sent. */
static const char *card_field_of(const struct item *item, const char *name)
{
    static const char prefix[] = "card_";
    const char *field = NULL;

    if (person_of(item, name, &field))
        return strcmp(field, "age") == 0 ? NULL : field;
    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || !item->card_fields[0])
        return NULL;
    name += sizeof prefix - 1;
    if (strcmp(name, "kind") == 0)
        return "kind";
    for (size_t i = 0; item->card_fields[i]; i++)
        if (strcmp(item->card_fields[i], name) == 0)
            return item->card_fields[i];
    return NULL;
}

/* Its answer is the office's word. */
static bool is_told(const struct step *step)
{
    return shared_is_step(step) || record_is_step(step) ||
           payment_is_step(step);
}

/* Where a step's answer may come from; step NULL: what is of the card. */
static bool may_come_from(const struct step *step, enum source source)
{
    switch (source) {
    case SOURCE_CITIZEN:
        return !step || !(computed_is(step) || is_told(step));
    case SOURCE_CARD:
        return !step || step->prefill;
    case SOURCE_ANSWER:
        return step && step->prefill;
    case SOURCE_SHARED:
        return step && (step->prefill || is_told(step));
    case SOURCE_COMPUTED:
        return step && computed_is(step);
    case SOURCE_LATER:
    case SOURCE_LEFT:
        return step && !computed_is(step) && !is_told(step);
    case SOURCE_NONE:
    case SOURCE_COUNT:
        break;
    }
    return false;
}

/* What is of a record comes from there and from nowhere else. */
static bool is_of_record(const json_t *entry)
{
    const char *text = json_string_value(json_object_get(entry, "source"));

    return text && strcmp(text, source_name(SOURCE_SHARED)) == 0;
}

static enum source source_of(const json_t *entry, const struct step *step)
{
    const char *text = json_string_value(json_object_get(entry, "source"));

    for (int i = SOURCE_CARD; text && i < SOURCE_COUNT; i++)
        if (strcmp(text, source_name((enum source)i)) == 0 &&
            may_come_from(step, (enum source)i))
            return (enum source)i;
    return SOURCE_NONE;
}

/* False: the judgement is made, or *err says that there is no room. */
static bool take_answer(struct bench *bench, const char *name,
                        const json_t *entry, enum err *err)
{
    const char *value = json_string_value(json_object_get(entry, "value"));
    bool is_of_card = card_field_of(bench->item, name) != NULL;
    bool is_shared = !is_of_card && shared_of(bench->item, name);
    const struct step *step =
        is_of_card || is_shared ? NULL : step_of(bench->item, name);
    enum source source = source_of(entry, step);

    if (is_shared)
        source = is_of_record(entry) ? SOURCE_SHARED : SOURCE_NONE;
    if (!is_of_card && !is_shared && !step)
        return judge_find(bench, JUDGE_UNKNOWN_ANSWER, "");
    if (!value || strlen(value) > VALUE_BYTES_MAX || source == SOURCE_NONE)
        return judge_find(bench, JUDGE_NOT_ACCEPTED, name);
    *err = answers_set(bench->answers, name, value, source);
    return !*err;
}

static bool take_answers(struct bench *bench, enum err *err)
{
    json_t *all = json_object_get(bench->asked->body, "answers"), *entry;
    const char *name;

    if (!json_is_object(all) || json_object_size(all) > ANSWERS_MAX)
        return judge_find(bench, JUDGE_UNKNOWN_ANSWER, "");
    json_object_foreach(all, name, entry)
    {
        if (!take_answer(bench, name, entry, err))
            return false;
    }
    return true;
}

static bool judge_anonymous(struct bench *bench)
{
    const struct item *item = bench->item;

    bench->is_anonymous = envelope_is_anonymous(item, bench->answers);
    if (bench->is_anonymous != bench->asked->is_hour_only)
        return judge_find(
            bench, JUDGE_ANONYMOUS,
            item->anonymous_when_answer ? item->anonymous_when_answer : "");
    for (size_t i = 0; bench->is_anonymous && i < answers_count(bench->answers);
         i++)
        if (card_field_of(item, answers_name(bench->answers, i)))
            return judge_find(bench, JUDGE_ANONYMOUS,
                              answers_name(bench->answers, i));
    return true;
}

/* ---- Who it is ----------------------------------------------------------- */

const char *judge_held(const struct bench *bench, const char *field)
{
    char name[JUDGE_NAME_BYTES];

    snprintf(name, sizeof name, "card_%s", field);
    return case_holds_card(bench->item, bench->answers, field)
               ? answers_get(bench->answers, name)
               : NULL;
}

enum assurance judge_assurance_of(const char *name)
{
    for (int i = ASSURANCE_CARD_CHECK; i > ASSURANCE_NONE; i--)
        if (strcmp(assurance_name((enum assurance)i), name) == 0)
            return (enum assurance)i;
    return strcmp(name, "app") == 0 ? ASSURANCE_CODE : ASSURANCE_NONE;
}

bool judge_was_typed(const struct bench *bench)
{
    return answers_source(bench->answers, "card_number") == SOURCE_CITIZEN ||
           answers_source(bench->answers, "card_kind") == SOURCE_CITIZEN;
}

/* What was typed is no card.  Rules may ask for the assurance where a check
 * made it; else it follows from the number. */
static bool judge_assurance(struct bench *bench, enum err *err)
{
    const char *claimed = bench->asked->assurance;
    enum assurance assurance = judge_assurance_of(claimed);

    if (bench->is_anonymous)
        return true;
    if (judge_was_typed(bench) && assurance >= ASSURANCE_CARD)
        return judge_find(bench, JUDGE_ASSURANCE, "assurance");
    if (assurance == ASSURANCE_CODE || assurance == ASSURANCE_CARD_CHECK)
        *err =
            answers_set(bench->answers, "assurance", claimed, SOURCE_CITIZEN);
    return !*err;
}

static bool is_birth(const char *text)
{
    return text && strlen(text) == 8 && strspn(text, "0123456789") == 8;
}

/* Both days of birth that the case tells; "" where it tells none. */
static void find_births(const struct bench *bench, char of_card[BIRTH_BYTES],
                        char of_number[BIRTH_BYTES])
{
    const char *birth = judge_held(bench, "birth"),
               *number = judge_held(bench, "number");

    of_card[0] = of_number[0] = '\0';
    if (is_birth(birth))
        snprintf(of_card, BIRTH_BYTES, "%s", birth);
    if (number && strlen(number) == 18)
        snprintf(of_number, BIRTH_BYTES, "%.8s", number + 6);
    if (!is_birth(of_number))
        of_number[0] = '\0';
}

/* ---- The walk ------------------------------------------------------------ */

static size_t send_page(const struct item *item)
{
    size_t at = 0;

    while (at < item->step_count && strcmp(item->steps[at].screen, "send") != 0)
        at++;
    return at;
}

static bool walk(struct bench *bench)
{
    const struct item *item = bench->item;
    size_t send = send_page(item);

    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (i >= send || !walk_shows(step, bench->answers)) {
            const char *left =
                person_is_other(step)  ? judge_person_left(bench, step)
                : shared_is_step(step) ? judge_shared_left(bench, step)
                                       : step->answer;

            if (left && answers_get(bench->answers, left))
                return judge_find(bench, JUDGE_NOT_ASKED, left);
            continue;
        }
        if (!judge_page(bench, step))
            return false;
    }
    return judge_find(bench, JUDGE_GOOD, "");
}

/* The card may have been read after midnight of a session that began before
 * it: whoever was old enough on either day was let through. */
static bool walk_born(struct bench *bench, const char *birth, bool by_number,
                      enum err *err)
{
    struct card card = { .kind = CARD_RESIDENT };
    bool is_good = false;

    snprintf(card.birth, sizeof card.birth, "%s", birth);
    for (int64_t day = bench->first_day;
         !*err && !is_good && day <= bench->last_day; day++) {
        char text[BIRTH_BYTES];

        bench->age = card_age(&card, day * JUDGE_DAY_MS);
        snprintf(text, sizeof text, "%d", bench->age);
        if (bench->age >= 0)
            *err = answers_set(bench->answers, "age", text, SOURCE_CARD);
        is_good = !*err && judge_person_ages(bench, by_number, walk, err);
    }
    return is_good;
}

/* By the days of birth on the cards, or by those in the numbers. */
static bool walk_by(struct bench *bench, bool by_number, enum err *err)
{
    char of_card[BIRTH_BYTES], of_number[BIRTH_BYTES];

    bench->age = -1;
    find_births(bench, of_card, of_number);
    if (!*of_card && !*of_number)
        return judge_person_ages(bench, by_number, walk, err);
    return walk_born(
        bench, *of_card && !(by_number && *of_number) ? of_card : of_number,
        by_number, err);
}

/* Whose two days of birth differ: an answer's name, or false. */
static bool births_differ(const struct bench *bench,
                          char name[JUDGE_NAME_BYTES])
{
    char of_card[BIRTH_BYTES], of_number[BIRTH_BYTES];

    find_births(bench, of_card, of_number);
    snprintf(name, JUDGE_NAME_BYTES, "card_birth");
    return (*of_card && *of_number && strcmp(of_card, of_number) != 0) ||
           judge_person_differs(bench, name);
}

/* Where the two days of birth differ, both must let it through; some people's
 * papers are like that, so it is only looked at then. */
static void judge_walk(struct bench *bench, enum err *err)
{
    char name[JUDGE_NAME_BYTES];

    if (!walk_by(bench, false, err) || !births_differ(bench, name))
        return;
    if (walk_by(bench, true, err))
        look_at(bench, "birth", "");
    else
        (void)judge_find(bench, JUDGE_AGE, name);
}

/* The terminal knew more of the person than the case tells: then the rules
 * cannot be asked anew, and nobody is refused for that. */
static bool can_be_walked(const struct bench *bench, const char **ret_lacking,
                          char name[JUDGE_NAME_BYTES])
{
    char of_card[BIRTH_BYTES], of_number[BIRTH_BYTES];
    const struct item *item = bench->item;
    bool has_person = item->card_fields[0] && !bench->is_anonymous;

    find_births(bench, of_card, of_number);
    *ret_lacking = NULL;
    if (case_rules_name(item, "card_kind") && !has_person)
        *ret_lacking = "card_kind";
    else if ((case_rules_name(item, "age") ||
              case_rules_name(item, "card_birth")) &&
             (!has_person ||
              (judge_held(bench, "kind") && !*of_card && !*of_number)))
        *ret_lacking = "card_birth";
    else if (judge_person_lacks(bench, name))
        *ret_lacking = name;
    return !*ret_lacking;
}

static void judge_by(struct bench *bench, int64_t first, int64_t last,
                     enum err *err)
{
    if (*err || bench->judgement->code != JUDGE_GOOD)
        return;
    bench->first_day = first;
    bench->last_day = last;
    answers_begin(bench->answers, first * JUDGE_DAY_MS);
    judge_walk(bench, err);
}

/* Where the days do not fit, a child must not grow up by it: what the case says
 * must hold on each of them. */
static void judge_days(struct bench *bench, enum err *err)
{
    int64_t last = days_fit(bench) ? bench->sent_day : bench->today;

    judge_by(bench, bench->today, last, err);
    if (!days_fit(bench))
        judge_by(bench, bench->sent_day, bench->sent_day, err);
    if (is_ahead(bench))
        judge_by(bench, bench->now, bench->now, err);
}

static void judge_rest(struct bench *bench, enum err *err)
{
    enum assurance assurance = judge_assurance_of(bench->asked->assurance);
    const struct case_need *need;
    char name[JUDGE_NAME_BYTES];
    const char *lacking;
    size_t at = 0;

    if (!can_be_walked(bench, &lacking, name)) {
        look_at(bench, "lacks", lacking);
        return;
    }
    judge_days(bench, err);
    need = case_lacks(bench->item, bench->answers, assurance, &at);
    if (need && bench->judgement->code == JUDGE_GOOD &&
        !bench->judgement->look[0])
        look_at(bench, "lacks", need->name);
}

enum err judge(const struct judge_case *asked, struct judgement *ret_judgement)
{
    struct judgement judgement = { .code = JUDGE_GOOD };
    struct bench bench = { .asked = asked,
                           .item = asked->item,
                           .answers = answers_new(),
                           .judgement = &judgement };
    enum err err = ERR_OK;

    if (judge_day(&bench) && take_answers(&bench, &err) &&
        judge_anonymous(&bench) && judge_assurance(&bench, &err))
        judge_rest(&bench, &err);
    answers_free(bench.answers);
    if (!err)
        *ret_judgement = judgement;
    return err;
}
