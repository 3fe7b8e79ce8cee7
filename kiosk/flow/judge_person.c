/* Further persons of a case that is judged: their cards, their ages. */
#include <stdio.h>
#include <string.h>

#include "kiosk/flow/case_needs.h"
#include "kiosk/flow/judge_bench.h"
#include "kiosk/flow/person.h"

enum { BIRTH_BYTES = 16, ID_NUMBER_CHARS = 18, BIRTH_AT = 6 };

static bool find(struct bench *bench, enum judge_code code,
                 const struct step *step, const char *field)
{
    char name[PERSON_NAME_BYTES];

    person_answer(step, field, name);
    return judge_find(bench, code, name);
}

static const char *held(const struct bench *bench, const struct step *step,
                        const char *field)
{
    return person_get(step, bench->answers, field);
}

static bool was_typed(const struct bench *bench, const struct step *step)
{
    return person_source(step, bench->answers, "number") == SOURCE_CITIZEN ||
           person_source(step, bench->answers, "kind") == SOURCE_CITIZEN;
}

/* ---- Their page ---------------------------------------------------------- */

/* A card is believed even where the check character is wrong. */
static bool is_number(const struct bench *bench, const struct step *step,
                      const char *number)
{
    enum number_fault fault = id_number_check(number);

    return fault == NUMBER_OK ||
           (fault == NUMBER_CHECK && !was_typed(bench, step));
}

static bool is_expired(const struct bench *bench, const struct step *step)
{
    const char *until = held(bench, step, "valid_to");
    struct card card = { .kind = CARD_RESIDENT };

    if (!until)
        return false;
    snprintf(card.valid_to, sizeof card.valid_to, "%.15s", until);
    return card_is_expired(&card, bench->first_day * (int64_t)JUDGE_DAY_MS);
}

/* What the terminal keeps of a number that was typed: that, and what kind of
 * card it is on. */
static bool has_more_than_typed(const struct bench *bench,
                                const struct step *step)
{
    if (person_source(step, bench->answers, "kind") != SOURCE_CITIZEN ||
        person_source(step, bench->answers, "number") != SOURCE_CITIZEN ||
        strcmp(held(bench, step, "kind"), card_kind_name(CARD_RESIDENT)) != 0)
        return true;
    for (size_t i = 0; step->fields[i]; i++)
        if (strcmp(step->fields[i], "number") != 0 &&
            held(bench, step, step->fields[i]))
            return true;
    return false;
}

bool judge_person(struct bench *bench, const struct step *step)
{
    const char *number = held(bench, step, "number");
    const char *kind = held(bench, step, "kind");
    enum card_kind known = CARD_RESIDENT;

    if (!kind)
        return find(bench, JUDGE_MISSING, step, "kind");
    if (!number)
        return find(bench, JUDGE_MISSING, step, "number");
    if (card_kind_find(kind, &known))
        return find(bench, JUDGE_NOT_ACCEPTED, step, "kind");
    if (was_typed(bench, step) && !step->may_type)
        return judge_find(bench, JUDGE_NOT_OFFERED, step->id);
    if (was_typed(bench, step) && has_more_than_typed(bench, step))
        return find(bench, JUDGE_NOT_ACCEPTED, step, "kind");
    if ((known == CARD_RESIDENT && !is_number(bench, step, number)) ||
        person_with_number(bench->item, bench->answers, step, number))
        return find(bench, JUDGE_NOT_ACCEPTED, step, "number");
    return !is_expired(bench, step) ||
           find(bench, JUDGE_EXPIRED, step, "valid_to");
}

const char *judge_person_left(const struct bench *bench,
                              const struct step *step)
{
    const char *field;

    for (size_t i = 0; i < answers_count(bench->answers); i++) {
        const char *name = answers_name(bench->answers, i);

        if (person_of(bench->item, name, &field) == step &&
            strcmp(field, "age") != 0)
            return name;
    }
    return NULL;
}

/* ---- How old they are ---------------------------------------------------- */

static bool is_birth(const char *text)
{
    return strlen(text) == 8 && strspn(text, "0123456789") == 8;
}

static void birth_of_number(const struct bench *bench, const struct step *step,
                            char birth[BIRTH_BYTES])
{
    const char *number = held(bench, step, "number");

    birth[0] = '\0';
    if (number && strlen(number) == ID_NUMBER_CHARS)
        snprintf(birth, BIRTH_BYTES, "%.8s", number + BIRTH_AT);
    if (!is_birth(birth))
        birth[0] = '\0';
}

/* "" where the card tells none. */
static void birth_of_card(const struct bench *bench, const struct step *step,
                          char birth[BIRTH_BYTES])
{
    const char *text = held(bench, step, "birth");

    birth[0] = '\0';
    if (text && is_birth(text))
        snprintf(birth, BIRTH_BYTES, "%s", text);
}

/* By one of them, or the other where there is only that. */
static void find_birth(const struct bench *bench, const struct step *step,
                       bool by_number, char birth[BIRTH_BYTES])
{
    char of_card[BIRTH_BYTES], of_number[BIRTH_BYTES];

    birth_of_card(bench, step, of_card);
    birth_of_number(bench, step, of_number);
    snprintf(birth, BIRTH_BYTES, "%s",
             *of_card && !(by_number && *of_number) ? of_card : of_number);
}

/* Their ages on the days now judged by, one person after another. */
struct ageing {
    struct bench *bench;
    bool by_number;
    bool (*walk)(struct bench *bench);
    enum err *err;
};

static bool set_age(const struct ageing *ageing, const struct step *step,
                    const char *birth, int64_t day)
{
    struct card card = { .kind = CARD_RESIDENT };
    char name[PERSON_NAME_BYTES], text[16];

    snprintf(card.birth, sizeof card.birth, "%s", birth);
    int age = card_age(&card, day * JUDGE_DAY_MS);
    person_answer(step, "age", name);
    answers_forget(ageing->bench->answers, name);
    if (age < 0)
        return true;
    snprintf(text, sizeof text, "%d", age);
    *ageing->err = answers_set(ageing->bench->answers, name, text, SOURCE_CARD);
    return !*ageing->err;
}

/* The next person's step from `from` on, or step_count. */
static size_t next_person(const struct bench *bench, size_t from)
{
    const struct item *item = bench->item;

    while (from < item->step_count &&
           !(person_is_other(&item->steps[from]) &&
             person_is_known(&item->steps[from], bench->answers)))
        from++;
    return from;
}

/* At most PERSONS_MAX deep.  Cards may have been read on both sides of a
 * midnight. */
static bool age_from(const struct ageing *ageing, size_t from)
{
    struct bench *bench = ageing->bench;
    size_t at = next_person(bench, from);
    char birth[BIRTH_BYTES];

    if (at == bench->item->step_count)
        return ageing->walk(bench);
    find_birth(bench, &bench->item->steps[at], ageing->by_number, birth);
    if (!*birth)
        return age_from(ageing, at + 1);
    for (int64_t day = bench->first_day; day <= bench->last_day; day++)
        if (set_age(ageing, &bench->item->steps[at], birth, day) &&
            age_from(ageing, at + 1))
            return true;
    return false;
}

bool judge_person_ages(struct bench *bench, bool by_number,
                       bool (*walk)(struct bench *bench), enum err *err)
{
    const struct ageing ageing = { bench, by_number, walk, err };

    return age_from(&ageing, 0) && !*err;
}

bool judge_person_differs(const struct bench *bench,
                          char name[JUDGE_NAME_BYTES])
{
    char of_card[BIRTH_BYTES], of_number[BIRTH_BYTES];

    for (size_t i = next_person(bench, 0); i < bench->item->step_count;
         i = next_person(bench, i + 1)) {
        const struct step *step = &bench->item->steps[i];

        birth_of_card(bench, step, of_card);
        birth_of_number(bench, step, of_number);
        if (!*of_card || !*of_number || strcmp(of_card, of_number) == 0)
            continue;
        snprintf(name, JUDGE_NAME_BYTES, "%s_birth", step->person);
        return true;
    }
    return false;
}

bool judge_person_lacks(const struct bench *bench, char name[JUDGE_NAME_BYTES])
{
    char asked[PERSON_NAME_BYTES], birth[BIRTH_BYTES];

    for (size_t i = next_person(bench, 0); i < bench->item->step_count;
         i = next_person(bench, i + 1)) {
        const struct step *step = &bench->item->steps[i];

        find_birth(bench, step, false, birth);
        person_answer(step, "age", asked);
        if (*birth || !case_rules_name(bench->item, asked))
            continue;
        snprintf(name, JUDGE_NAME_BYTES, "%s_birth", step->person);
        return true;
    }
    return false;
}
