#include "kiosk/flow/shared.h"

#include <stdio.h>
#include <string.h>

const char *const shared_states[] = { SHARED_CAME, SHARED_PART, SHARED_NONE,
                                      SHARED_AWAY, NULL };

static const char prefix[] = "shared_";

enum { NUMBER_CHARS = 18, BIRTH_AT = 6, BIRTH_DIGITS = 8 };

/* ---- Names ---------------------------------------------------------------- */

void shared_name(const struct shared_kind *kind,
                 const struct shared_field *field, char name[SHARED_NAME_BYTES])
{
    snprintf(name, SHARED_NAME_BYTES, "%s%s%s%s", prefix, kind->name,
             field ? "_" : "", field ? field->name : "");
}

bool shared_parse(const char *name, const struct shared_kind **ret_kind,
                  const struct shared_field **ret_field)
{
    if (strncmp(name, prefix, sizeof prefix - 1) != 0)
        return false;
    name += sizeof prefix - 1;
    for (size_t i = 0; i < SHARED_KINDS; i++) {
        const struct shared_kind *kind = &shared_kinds[i];
        const struct shared_field *field = NULL;
        size_t len = strlen(kind->name);

        if (strncmp(name, kind->name, len) != 0)
            continue;
        if (name[len] == '_')
            field = shared_field_find(kind, name + len + 1);
        if (name[len] != '\0' && !field)
            continue;
        *ret_kind = kind;
        *ret_field = field;
        return true;
    }
    return false;
}

bool shared_is_step(const struct step *step)
{
    return strcmp(step->screen, "shared") == 0;
}

bool shared_asks(const struct step *step, const struct shared_kind *kind)
{
    for (size_t i = 0; step->records && step->records[i]; i++)
        if (strcmp(step->records[i], kind->name) == 0)
            return true;
    return false;
}

const struct step *shared_of(const struct item *item, const char *name)
{
    const struct shared_kind *kind;
    const struct shared_field *field;

    if (!shared_parse(name, &kind, &field))
        return NULL;
    for (size_t i = 0; i < item->step_count; i++)
        if (shared_is_step(&item->steps[i]) &&
            shared_asks(&item->steps[i], kind))
            return &item->steps[i];
    return NULL;
}

/* ---- What is used --------------------------------------------------------- */

struct search {
    const char *name;
    bool is_found;
};

static void match_use(void *owner, const struct rule_use *use)
{
    struct search *search = owner;

    search->is_found = search->is_found || strcmp(use->name, search->name) == 0;
}

static void search_rule(void *owner, const struct rule *rule)
{
    rule_program_each_use(item_rule_program(rule), match_use, owner);
}

static bool is_prefill(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const char **prefill = item->steps[i].prefill;

        for (size_t j = 0; prefill && prefill[j]; j++)
            if (strcmp(prefill[j], name) == 0)
                return true;
    }
    return false;
}

static bool is_named(const struct item *item, const char *name)
{
    struct search search = { .name = name };

    if (is_prefill(item, name))
        return true;
    item_each_rule(item, search_rule, &search);
    return search.is_found;
}

bool shared_is_used(const struct item *item, const struct shared_kind *kind,
                    const struct shared_field *field)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, field, name);
    if (is_named(item, name))
        return true;
    for (size_t i = 0; !field && kind->fields[i].name; i++)
        if (shared_is_used(item, kind, &kind->fields[i]))
            return true;
    return false;
}

/* ---- Whose they are ------------------------------------------------------- */

bool shared_may_ask(const struct answers *answers)
{
    return answers_source(answers, "card_number") == SOURCE_CARD;
}

/* Spaces in a name are each register's own. */
static bool is_same_name(const char *one, const char *other)
{
    static const char wide[] = "\u3000";

    for (;;) {
        while (*one == ' ' || strncmp(one, wide, sizeof wide - 1) == 0)
            one += *one == ' ' ? 1 : sizeof wide - 1;
        while (*other == ' ' || strncmp(other, wide, sizeof wide - 1) == 0)
            other += *other == ' ' ? 1 : sizeof wide - 1;
        if (*one != *other)
            return false;
        if (!*one)
            return true;
        one++;
        other++;
    }
}

/* "1990-03-07" is the day 19900307. */
static bool is_same_day(const char *day, const char *digits)
{
    return shared_is_day(day) && strncmp(day, digits, 4) == 0 &&
           strncmp(day + 5, digits + 4, 2) == 0 &&
           strncmp(day + 8, digits + 6, 2) == 0;
}

static bool is_other_birth(const char *day, const struct answers *answers)
{
    const char *birth = answers_get(answers, "card_birth");
    const char *number = answers_get(answers, "card_number");

    if (birth && strlen(birth) == BIRTH_DIGITS)
        return !is_same_day(day, birth);
    return number && strlen(number) == NUMBER_CHARS &&
           !is_same_day(day, number + BIRTH_AT);
}

bool shared_differs(const struct shared_record records[SHARED_KINDS],
                    const struct answers *answers)
{
    const struct shared_kind *person = shared_kind_find("person");
    const struct shared_record *record = &records[person - shared_kinds];
    const char *name =
        record->values[shared_field_find(person, "name") - person->fields];
    const char *birth =
        record->values[shared_field_find(person, "birth") - person->fields];
    const char *of_card = answers_get(answers, "card_name");

    if (!record->day)
        return false;
    return (name && of_card && !is_same_name(name, of_card)) ||
           (birth && is_other_birth(birth, answers));
}

/* ---- Samples -------------------------------------------------------------- */

static void fit_person(const struct answers *answers,
                       struct shared_samples *samples)
{
    const struct shared_kind *person = shared_kind_find("person");
    struct shared_record *record = &samples->records[person - shared_kinds];
    const char *birth = answers_get(answers, "card_birth");
    const char *number = answers_get(answers, "card_number");
    const char *name = answers_get(answers, "card_name");

    if (!birth && number && strlen(number) == NUMBER_CHARS)
        birth = number + BIRTH_AT;
    if (birth && strlen(birth) >= BIRTH_DIGITS) {
        snprintf(samples->birth, sizeof samples->birth, "%.4s-%.2s-%.2s", birth,
                 birth + 4, birth + 6);
        record->values[shared_field_find(person, "birth") - person->fields] =
            samples->birth;
    }
    if (name)
        record->values[shared_field_find(person, "name") - person->fields] =
            name;
}

void shared_sample(const struct step *step, const struct answers *answers,
                   struct shared_samples *ret_samples)
{
    memset(ret_samples, 0, sizeof *ret_samples);
    for (size_t i = 0; i < SHARED_KINDS; i++) {
        struct shared_record *record = &ret_samples->records[i];

        if (!shared_asks(step, &shared_kinds[i]))
            continue;
        record->day = "2025-11-20";
        for (size_t j = 0; shared_kinds[i].fields[j].name; j++)
            record->values[j] = shared_kinds[i].fields[j].sample;
    }
    if (shared_asks(step, shared_kind_find("person")))
        fit_person(answers, ret_samples);
}

/* ---- Taking in and forgetting --------------------------------------------- */

static enum err take_value(struct answers *answers, const struct item *item,
                           const struct shared_kind *kind,
                           const struct shared_field *field, const char *value)
{
    char name[SHARED_NAME_BYTES];

    if (!value || !shared_is_used(item, kind, field))
        return ERR_OK;
    shared_name(kind, field, name);
    return answers_set(answers, name, value, SOURCE_SHARED);
}

/* What has not its form is as if it were not there. */
static enum err take_record(struct answers *answers, const struct item *item,
                            const struct shared_kind *kind,
                            const struct shared_record *record)
{
    enum err err = take_value(answers, item, kind, NULL, record->day);

    for (size_t i = 0; !err && kind->fields[i].name; i++) {
        const char *value = record->values[i];

        if (value && shared_is_value(&kind->fields[i], value))
            err = take_value(answers, item, kind, &kind->fields[i], value);
    }
    return err;
}

static bool is_there(const struct answers *answers,
                     const struct shared_kind *kind)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, NULL, name);
    return answers_get(answers, name) != NULL;
}

/* NULL where none is: that is none or away. */
static const char *state_of(const struct step *step,
                            const struct answers *answers)
{
    size_t asked = 0, came = 0;

    for (size_t i = 0; i < SHARED_KINDS; i++) {
        if (!shared_asks(step, &shared_kinds[i]))
            continue;
        asked++;
        came += is_there(answers, &shared_kinds[i]);
    }
    return came == 0 ? NULL : came == asked ? SHARED_CAME : SHARED_PART;
}

enum err shared_take_nothing(struct answers *answers, const struct step *step,
                             const char *state)
{
    shared_forget(answers, step);
    return answers_set(answers, step->answer, state, SOURCE_SHARED);
}

enum err shared_take(struct answers *answers, const struct item *item,
                     const struct step *step,
                     const struct shared_record records[SHARED_KINDS])
{
    enum err err = ERR_OK;

    shared_forget(answers, step);
    if (!shared_may_ask(answers) || shared_differs(records, answers))
        return shared_take_nothing(answers, step, SHARED_NONE);
    for (size_t i = 0; i < SHARED_KINDS && !err; i++)
        if (shared_asks(step, &shared_kinds[i]) && records[i].day &&
            shared_is_day(records[i].day))
            err = take_record(answers, item, &shared_kinds[i], &records[i]);
    const char *state = state_of(step, answers);
    if (!err)
        err = answers_set(answers, step->answer, state ? state : SHARED_NONE,
                          SOURCE_SHARED);
    if (err)
        shared_forget(answers, step);
    return err;
}

bool shared_holds(const struct step *step, const struct answers *answers)
{
    const char *value = answers_get(answers, step->answer);
    const char *state = state_of(step, answers);

    if (!value || answers_source(answers, step->answer) != SOURCE_SHARED)
        return false;
    return state ? shared_may_ask(answers) && strcmp(value, state) == 0
                 : strcmp(value, SHARED_NONE) == 0 ||
                       strcmp(value, SHARED_AWAY) == 0;
}

static void forget_kind(struct answers *answers, const struct shared_kind *kind)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, NULL, name);
    answers_forget(answers, name);
    for (size_t i = 0; kind->fields[i].name; i++) {
        shared_name(kind, &kind->fields[i], name);
        answers_forget(answers, name);
    }
}

void shared_forget(struct answers *answers, const struct step *step)
{
    for (size_t i = 0; i < SHARED_KINDS; i++)
        if (shared_asks(step, &shared_kinds[i]))
            forget_kind(answers, &shared_kinds[i]);
    answers_forget(answers, step->answer);
}

void shared_forget_all(struct answers *answers)
{
    for (size_t i = 0; i < SHARED_KINDS; i++)
        forget_kind(answers, &shared_kinds[i]);
}
