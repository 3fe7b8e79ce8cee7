/* What a case took from other offices' records: in its form, of who holds the
 * card, and as the hub's own registers have it. */
#include <stdio.h>
#include <string.h>

#include "kiosk/flow/judge_bench.h"
#include "kiosk/flow/shared.h"

static bool find(struct bench *bench, enum judge_code code,
                 const struct shared_kind *kind,
                 const struct shared_field *field)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, field, name);
    return judge_find(bench, code, name);
}

static const char *held(const struct bench *bench,
                        const struct shared_kind *kind,
                        const struct shared_field *field)
{
    char name[SHARED_NAME_BYTES];

    shared_name(kind, field, name);
    return answers_get(bench->answers, name);
}

const char *judge_shared_left(const struct bench *bench,
                              const struct step *step)
{
    for (size_t i = 0; i < answers_count(bench->answers); i++) {
        const char *name = answers_name(bench->answers, i);

        if (shared_of(bench->item, name) == step)
            return name;
    }
    return step->answer;
}

/* ---- In itself ------------------------------------------------------------ */

/* A field stands only beside the day of its record, and in its form. */
static bool has_form(struct bench *bench, const struct shared_kind *kind)
{
    const char *day = held(bench, kind, NULL);

    if (day && !shared_is_day(day))
        return find(bench, JUDGE_NOT_ACCEPTED, kind, NULL);
    for (const struct shared_field *field = kind->fields; field->name;
         field++) {
        const char *value = held(bench, kind, field);

        if (value && (!day || !shared_is_value(field, value)))
            return find(bench, JUDGE_NOT_ACCEPTED, kind, field);
    }
    return true;
}

static void collect(const struct bench *bench, const struct shared_kind *kind,
                    struct shared_record *record)
{
    record->day = held(bench, kind, NULL);
    for (size_t i = 0; kind->fields[i].name; i++)
        record->values[i] = held(bench, kind, &kind->fields[i]);
}

/* ---- By the registers ----------------------------------------------------- */

static bool is_as_known(struct bench *bench, const struct shared_kind *kind,
                        const struct shared_record *known)
{
    for (size_t i = 0; kind->fields[i].name; i++) {
        const char *value = held(bench, kind, &kind->fields[i]);

        if (value &&
            (!known->values[i] || strcmp(value, known->values[i]) != 0))
            return find(bench, JUDGE_NOT_ACCEPTED, kind, &kind->fields[i]);
    }
    return true;
}

static void look_at(struct bench *bench, const struct shared_kind *kind)
{
    struct judgement *judgement = bench->judgement;

    if (!judgement->look[0])
        snprintf(judgement->look, sizeof judgement->look, "shared %s",
                 kind->name);
}

/* A record that was made anew since the case was made is no fault of the
 * citizen's: what it said before nobody knows here any more. */
static bool judge_record(struct bench *bench, const struct shared_kind *kind)
{
    const struct judge_registers *registers = bench->asked->registers;
    const char *day = held(bench, kind, NULL);
    const char *number = judge_held(bench, "number");
    struct shared_record known = { .day = NULL };
    enum judge_looked looked = JUDGE_NOT_LOOKED;

    if (!day)
        return true;
    if (registers && number)
        looked = registers->look(registers->owner, number, kind, &known);
    if (looked == JUDGE_NO_RECORD)
        return find(bench, JUDGE_NOT_ACCEPTED, kind, NULL);
    if (looked == JUDGE_NOT_LOOKED || strcmp(known.day, day) > 0) {
        look_at(bench, kind);
        return true;
    }
    if (strcmp(known.day, day) < 0)
        return find(bench, JUDGE_NOT_ACCEPTED, kind, NULL);
    return is_as_known(bench, kind, &known);
}

/* ---- The page ------------------------------------------------------------- */

static bool is_state(const char *value)
{
    for (const char *const *state = shared_states; *state; state++)
        if (strcmp(value, *state) == 0)
            return true;
    return false;
}

bool judge_shared(struct bench *bench, const struct step *step)
{
    const char *value = answers_get(bench->answers, step->answer);
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

    if (!value)
        return judge_find(bench, JUDGE_MISSING, step->answer);
    if (!is_state(value))
        return judge_find(bench, JUDGE_NOT_OFFERED, step->answer);
    for (size_t i = 0; i < SHARED_KINDS; i++) {
        if (!shared_asks(step, &shared_kinds[i]))
            continue;
        if (!has_form(bench, &shared_kinds[i]))
            return false;
        collect(bench, &shared_kinds[i], &records[i]);
    }
    if (shared_differs(records, bench->answers) ||
        !shared_holds(step, bench->answers))
        return judge_find(bench, JUDGE_NOT_ACCEPTED, step->answer);
    for (size_t i = 0; i < SHARED_KINDS; i++)
        if (shared_asks(step, &shared_kinds[i]) &&
            !judge_record(bench, &shared_kinds[i]))
            return false;
    return true;
}
