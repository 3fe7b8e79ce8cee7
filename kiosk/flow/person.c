#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

#include <stdio.h>
#include <string.h>

bool person_is_card_step(const struct step *step)
{
    return strcmp(step->screen, "card") == 0;
}

bool person_is_other(const struct step *step)
{
    return step->person && person_is_card_step(step);
}

const char *const *person_fields(const struct item *item,
                                 const struct step *step)
{
    return person_is_other(step) ? step->fields : item->card_fields;
}

bool person_keeps(const struct item *item, const struct step *step,
                  const char *field)
{
    const char *const *fields = person_fields(item, step);

    for (size_t i = 0; fields[i]; i++)
        if (strcmp(fields[i], field) == 0)
            return true;
    return false;
}

void person_answer(const struct step *step, const char *field,
                   char name[PERSON_NAME_BYTES])
{
    bool is_other = person_is_other(step);

    if (!is_other && strcmp(field, "age") == 0)
        snprintf(name, PERSON_NAME_BYTES, "age");
    else
        snprintf(name, PERSON_NAME_BYTES, "%s_%s",
                 is_other ? step->person : "card", field);
}

const char *person_get(const struct step *step, const struct answers *answers,
                       const char *field)
{
    char name[PERSON_NAME_BYTES];

    person_answer(step, field, name);
    return answers_get(answers, name);
}

enum source person_source(const struct step *step,
                          const struct answers *answers, const char *field)
{
    char name[PERSON_NAME_BYTES];

    person_answer(step, field, name);
    return answers_source(answers, name);
}

/* "number" of spouse_number, or NULL. */
static const char *field_of(const struct item *item, const struct step *step,
                            const char *name)
{
    size_t len = strlen(step->person);

    if (strncmp(name, step->person, len) != 0 || name[len] != '_')
        return NULL;
    name += len + 1;
    return strcmp(name, "age") == 0 || strcmp(name, "kind") == 0 ||
                   person_keeps(item, step, name)
               ? name
               : NULL;
}

const struct step *person_of(const struct item *item, const char *name,
                             const char **ret_field)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *field =
            person_is_other(step) ? field_of(item, step, name) : NULL;

        if (!field)
            continue;
        if (ret_field)
            *ret_field = field;
        return step;
    }
    return NULL;
}

bool person_is_known(const struct step *step, const struct answers *answers)
{
    return person_get(step, answers, "kind") ||
           person_get(step, answers, "number");
}

const struct step *person_with_number(const struct item *item,
                                      const struct answers *answers,
                                      const struct step *but,
                                      const char *number)
{
    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];
        const char *known = NULL;

        if (step != but && person_is_card_step(step))
            known = person_get(step, answers, "number");
        if (known && strcmp(known, number) == 0)
            return step;
    }
    return NULL;
}

/* ---- Taking in and forgetting -------------------------------------------- */

static enum err set(struct answers *answers, const struct step *step,
                    const char *field, const char *value, enum source source)
{
    char name[PERSON_NAME_BYTES];

    person_answer(step, field, name);
    return answers_set(answers, name, value, source);
}

static enum err set_age(struct answers *answers, const struct step *step,
                        int age, enum source source)
{
    char text[16];

    if (age < 0)
        return ERR_OK;
    snprintf(text, sizeof text, "%d", age);
    return set(answers, step, "age", text, source);
}

static enum err take_fields(struct answers *answers, const struct item *item,
                            const struct step *step, const struct card *card)
{
    const char *const *fields = person_fields(item, step);
    enum err err = ERR_OK;

    for (size_t i = 0; fields[i] && !err; i++) {
        const char *value = card_field(card, fields[i]);

        if (value && value[0] != '\0')
            err = set(answers, step, fields[i], value, SOURCE_CARD);
    }
    return err;
}

enum err person_take_card(struct answers *answers, const struct item *item,
                          const struct step *step, const struct card *card,
                          int64_t wall_ms)
{
    enum err err;

    person_forget(answers, step);
    err = take_fields(answers, item, step, card);
    if (!err)
        err =
            set(answers, step, "kind", card_kind_name(card->kind), SOURCE_CARD);
    if (!err)
        err = set_age(answers, step, card_age(card, wall_ms), SOURCE_CARD);
    if (err)
        person_forget(answers, step);
    return err;
}

enum err answers_take_card(struct answers *answers, const struct item *item,
                           const struct card *card, int64_t wall_ms)
{
    static const struct step own = { .screen = "card" };

    return person_take_card(answers, item, &own, card, wall_ms);
}

enum err person_take_number(struct answers *answers, const struct step *step,
                            const char *number, int64_t wall_ms)
{
    struct card typed = { .kind = CARD_RESIDENT };
    enum err err;

    snprintf(typed.birth, sizeof typed.birth, "%.8s", number + 6);
    person_forget(answers, step);
    err = set(answers, step, "number", number, SOURCE_CITIZEN);
    if (!err)
        err = set(answers, step, "kind", card_kind_name(typed.kind),
                  SOURCE_CITIZEN);
    if (!err)
        err = set_age(answers, step, card_age(&typed, wall_ms), SOURCE_CITIZEN);
    if (err)
        person_forget(answers, step);
    return err;
}

void person_forget(struct answers *answers, const struct step *step)
{
    char name[PERSON_NAME_BYTES];

    for (const char *const *field = card_field_names; *field; field++) {
        person_answer(step, *field, name);
        answers_forget(answers, name);
    }
    person_answer(step, "age", name);
    answers_forget(answers, name);
    /* What offices have on record was this person's. */
    if (!person_is_other(step))
        shared_forget_all(answers);
}

void person_forget_others(struct answers *answers, const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (person_is_other(&item->steps[i]))
            person_forget(answers, &item->steps[i]);
}
