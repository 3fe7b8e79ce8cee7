/* Facts: of what was answered, what may be looked at. */
#include "kiosk/flow/explorer_facts.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

void fact_put(struct fact_set *set, size_t fact)
{
    set->bits[fact / FACT_BITS] |= (uint64_t)1 << fact % FACT_BITS;
}

bool fact_set_has(const struct fact_set *set, size_t fact)
{
    return set->bits[fact / FACT_BITS] >> fact % FACT_BITS & 1;
}

static bool is_same(const struct fact *one, const struct fact *other)
{
    if (one->look != other->look)
        return false;
    return one->look == FACT_PART ? rule_part_is_same(one->part, other->part)
                                  : strcmp(one->name, other->name) == 0;
}

static void put_fact(struct facing *facing, const struct fact *fact)
{
    struct explorer *explorer = facing->explorer;
    size_t i = 0;

    while (i < explorer->fact_count && !is_same(&explorer->facts[i], fact))
        i++;
    if (i == FACTS_MAX) {
        explorer->is_cut = true;
        return;
    }
    if (i == explorer->fact_count)
        explorer->facts[explorer->fact_count++] = *fact;
    fact_put(facing->set, i);
}

void fact_look_at(struct facing *facing, const char *name, enum fact_look look)
{
    struct fact fact = { .look = look };

    snprintf(fact.name, sizeof fact.name, "%s", name);
    put_fact(facing, &fact);
}

static bool begins_with(const char *name, const char *person)
{
    size_t len = strlen(person);

    return strncmp(name, person, len) == 0 && name[len] == '_';
}

bool fact_is_own(const struct step *step, const char *name)
{
    return step->answer && strcmp(step->answer, name) == 0;
}

static bool is_of_group(const struct step *step, const char *name)
{
    return step->group && strcmp(step->group, name) == 0;
}

/* The step may give that name its answer, or more of it. */
bool fact_gives(const struct step *step, const char *name)
{
    const struct shared_kind *kind;
    const struct shared_field *field;

    if (fact_is_own(step, name) || is_of_group(step, name))
        return true;
    if (person_is_other(step))
        return begins_with(name, step->person);
    if (person_is_card_step(step))
        return begins_with(name, "card") || strcmp(name, "age") == 0 ||
               strcmp(name, "assurance") == 0;
    return shared_is_step(step) && shared_parse(name, &kind, &field) &&
           shared_asks(step, kind);
}

/* A name in it that the step gives (step NULL: any name at all). */
bool fact_has_name(const struct rule_program *program,
                   const struct rule_node *part, const struct step *step)
{
    const char *name = rule_part_name(program, part);

    if (name)
        return !step || fact_gives(step, name);
    for (part = rule_part_first(part); part; part = rule_part_next(part))
        if (fact_has_name(program, part, step))
            return true;
    return false;
}

/* Of a group a rule sees all entries that there are. */
static bool look_at_group(struct facing *facing, const char *name)
{
    const struct item *item = facing->explorer->item;
    bool is_group = false;

    for (size_t i = 0; i < item->step_count; i++) {
        const struct step *step = &item->steps[i];

        if (!is_of_group(step, name))
            continue;
        is_group = true;
        if (step->answer && step != facing->step)
            fact_look_at(facing, step->answer, FACT_VALUE);
    }
    return is_group;
}

/* What the step itself gives is not there before it; of a card there may be two
 * pages. */
static void look_at_given(struct facing *facing, const char *name)
{
    if (look_at_group(facing, name) || fact_is_own(facing->step, name))
        return;
    if (strcmp(name, "assurance") != 0) {
        fact_look_at(facing, name, FACT_VALUE);
        return;
    }
    fact_look_at(facing, "card_number", FACT_SOURCE);
    fact_look_at(facing, "card_kind", FACT_SOURCE);
}

/* As much of it as is known before the step. */
void fact_look_at_part(struct facing *facing, const struct rule *rule,
                       const struct rule_node *part)
{
    const struct rule_program *program = item_rule_program(rule);
    const struct fact fact = { .look = FACT_PART, .rule = rule, .part = part };
    bool is_given = facing->step && fact_has_name(program, part, facing->step);

    if (!fact_has_name(program, part, NULL))
        return;
    if (!is_given && rule_part_is_closed(part)) {
        put_fact(facing, &fact);
        return;
    }
    if (rule_part_name(program, part) && is_given)
        look_at_given(facing, rule_part_name(program, part));
    for (part = rule_part_first(part); part; part = rule_part_next(part))
        fact_look_at_part(facing, rule, part);
}

void fact_look_at_rule(struct facing *facing, const struct rule *rule)
{
    if (rule)
        fact_look_at_part(facing, rule,
                          rule_program_root(item_rule_program(rule)));
}
