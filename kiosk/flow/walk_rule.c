/* Rules asked of answers. */
#include "kiosk/flow/walk_rule.h"
#include "kiosk/flow/walk_group.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/choices.h"
#include "kiosk/flow/computed.h"
#include "kiosk/flow/person.h"
#include "kiosk/rule/moment.h"

/* An entry of the group of that name that is not all answered. */
static bool is_open_in(const struct walk_look *look, const struct step *step,
                       const char *name)
{
    return step->group && strcmp(step->group, name) == 0 &&
           !answers_get(look->answers, step->answer);
}

/* What no step is named after comes with a card. */
static bool card_gives(const struct item *item, const struct step *step,
                       const char *name)
{
    if (!person_is_card_step(step))
        return false;
    if (person_is_other(step))
        return person_of(item, name, NULL) == step;
    return strcmp(name, "age") == 0 || strcmp(name, "card_birth") == 0 ||
           strcmp(name, "card_kind") == 0 || strcmp(name, "assurance") == 0;
}

/* Whether a name may still get an answer before this step; was_answered: it has
 * one, which only a computed one may change. */
static bool may_be_answered(const struct walk_look *look, const char *name,
                            bool was_answered)
{
    for (size_t i = 0; i < look->before; i++) {
        const struct step *step = &look->item->steps[i];
        bool gives = step->answer ? strcmp(step->answer, name) == 0 ||
                                        is_open_in(look, step, name)
                                  : card_gives(look->item, step, name);

        if (gives && look->may_show[i] && (!was_answered || computed_is(step)))
            return true;
    }
    return false;
}

/* Unless the session says more (a code, an app), the assurance follows from
 * where the person's number came from. */
static const char *assurance_of(const struct answers *answers)
{
    const char *told = answers_get(answers, "assurance");
    enum source source = answers_source(answers, "card_number");

    if (told)
        return told;
    if (source == SOURCE_NONE)
        source = answers_source(answers, "card_kind");
    if (source == SOURCE_NONE)
        return NULL;
    return source == SOURCE_CARD ? "card" : "typed";
}

/* As it is on the card: "19560229".  What is no date is no answer. */
static struct rule_value date_of(const char *text)
{
    const struct rule_value value = rule_text(text, strlen(text));
    struct moment_day day;

    if (!moment_day_of(&value, &day))
        return rule_null();
    return rule_date(clock_days_of_date(day.year, day.month, day.day));
}

/* A choice of many, as what was chosen; of the way round that is "later". */
static struct rule_value list_of(const char *text, struct rule_room *room)
{
    size_t count = choices_count(text), len;
    struct rule_value *items =
        rule_room_take(room, (count + 1) * sizeof *items);

    if (!items)
        return rule_null();
    for (size_t i = 0; i < count; i++) {
        const char *value = choices_nth(text, i, &len);

        items[i] = rule_text(value, len);
    }
    return rule_list(items, count);
}

/* An answer as its name is declared. */
static struct rule_value value_of(const char *text, enum rule_kind kind,
                                  struct rule_room *room)
{
    if (kind == RULE_LIST)
        return list_of(text, room);
    if (kind == RULE_INT)
        return rule_int(strtol(text, NULL, 10));
    if (kind == RULE_TIMESTAMP)
        return date_of(text);
    return rule_text(text, strlen(text));
}

/* Every name that the loader let through is one, answered or not. */
static bool look_up(void *owner, int index, const char *name,
                    struct rule_value *ret_value)
{
    struct walk_look *look = owner;
    const struct rule_declared *declared = &look->rule->names[index];
    const char *text = strcmp(name, "assurance") == 0
                           ? assurance_of(look->answers)
                           : answers_get(look->answers, name);

    if (look->item && (!text || look->doubts_computed) &&
        may_be_answered(look, name, text != NULL))
        look->is_open = true;
    /* What was left empty is no answer. */
    if (answers_source(look->answers, name) == SOURCE_LEFT)
        text = NULL;
    if (declared->kind == RULE_LIST && declared->element == RULE_MAP)
        *ret_value = walk_group_value(look->answers, name, look->room);
    else
        *ret_value =
            text ? value_of(text, declared->kind, look->room) : rule_null();
    return true;
}

static bool division_name(void *owner, const char *code, size_t len,
                          struct rule_value *ret_name)
{
    const struct walk_look *look = owner;

    for (size_t i = 0; i < DIVISION_LISTS; i++) {
        const struct list *list = look->rule->divisions[i];

        for (size_t j = 0; list && j < list->count; j++) {
            const char *value = list->rows[j].value;
            const char *name = list->rows[j].text.in[LANGUAGE_ZH_CN];

            if (strlen(value) != len || memcmp(value, code, len) != 0)
                continue;
            *ret_name = rule_text(name, strlen(name));
            return true;
        }
    }
    return false;
}

struct rule_value walk_part_run(const struct rule *rule,
                                const struct rule_node *part,
                                struct walk_look *look, struct rule_room *room)
{
    const struct rule_host host = { .owner = look,
                                    .value = look_up,
                                    .division = division_name,
                                    .today = answers_today(look->answers) };

    look->rule = rule;
    look->room = room;
    return rule_part_run(item_rule_program(rule), part, &host, room);
}

struct rule_value walk_rule_run(const struct rule *rule, struct walk_look *look,
                                struct rule_room *room)
{
    const struct rule_program *program = item_rule_program(rule);

    return program ? walk_part_run(rule, rule_program_root(program), look, room)
                   : rule_null();
}

bool walk_rule_holds(const struct rule *rule, struct walk_look *look)
{
    struct rule_room room;
    struct rule_value value;
    bool holds;

    if (!rule)
        return true;
    rule_room_init(&room);
    value = walk_rule_run(rule, look, &room);
    holds = value.kind == RULE_BOOL && value.boolean;
    rule_room_done(&room);
    return holds;
}

bool walk_is_true(const struct rule *rule, const struct answers *answers)
{
    struct walk_look look = { .answers = answers };

    return walk_rule_holds(rule, &look);
}
