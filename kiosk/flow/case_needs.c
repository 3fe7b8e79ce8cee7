#include "kiosk/flow/case_needs.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/flow/envelope.h"

/* What is looked at. */
struct looked {
    const struct item *item;
    const struct answers *answers;
    enum assurance assurance;
};

bool case_holds_card(const struct item *item, const struct answers *answers,
                     const char *field)
{
    char name[64];
    const char *value;

    if (!item->card_fields[0] || envelope_is_anonymous(item, answers))
        return false;
    snprintf(name, sizeof name, "card_%s", field);
    value = answers_get(answers, name);
    if (!value || *value == '\0')
        return false;
    if (strcmp(field, "kind") == 0)
        return true;
    for (size_t i = 0; item->card_fields[i]; i++)
        if (strcmp(item->card_fields[i], field) == 0)
            return true;
    return false;
}

static bool holds(const struct looked *looked, const char *field)
{
    return case_holds_card(looked->item, looked->answers, field);
}

/* ---- What rules look at -------------------------------------------------- */

struct searched {
    const char *name;
    bool is_found;
};

static void on_use(void *owner, const struct rule_use *use)
{
    struct searched *searched = owner;

    searched->is_found =
        searched->is_found || strcmp(use->name, searched->name) == 0;
}

static void on_rule(void *owner, const struct rule *rule)
{
    rule_program_each_use(item_rule_program(rule), on_use, owner);
}

bool case_rules_name(const struct item *item, const char *name)
{
    struct searched searched = { .name = name };

    item_each_rule(item, on_rule, &searched);
    return searched.is_found;
}

/* ---- The table ----------------------------------------------------------- */

static bool lacks_assurance(const struct looked *looked)
{
    return !envelope_is_anonymous(looked->item, looked->answers) &&
           looked->assurance < looked->item->assurance;
}

/* Whose it is: the hub finds a person's cases by the number. */
static bool lacks_number(const struct looked *looked)
{
    return looked->item->assurance >= ASSURANCE_TYPED &&
           !envelope_is_anonymous(looked->item, looked->answers) &&
           !holds(looked, "number");
}

static bool lacks_name(const struct looked *looked)
{
    return looked->item->assurance >= ASSURANCE_CARD &&
           !envelope_is_anonymous(looked->item, looked->answers) &&
           !holds(looked, "name");
}

/* A card was read, or its number typed, on the way here; else nobody knows more
 * than the case tells. */
static bool has_person(const struct looked *looked)
{
    return answers_get(looked->answers, "card_kind") != NULL;
}

static bool lacks_kind(const struct looked *looked)
{
    return has_person(looked) && case_rules_name(looked->item, "card_kind") &&
           !holds(looked, "kind");
}

/* Every card page turns away who is too young, unless the item says that they
 * may do it. */
static bool asks_age(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (strcmp(item->steps[i].screen, "card") == 0 &&
            !item->steps[i].takes_minors)
            return true;
    return case_rules_name(item, "age");
}

static bool lacks_age(const struct looked *looked)
{
    return has_person(looked) && asks_age(looked->item) &&
           !holds(looked, "number") && !holds(looked, "birth");
}

static const struct {
    struct case_need need;
    bool (*lacks)(const struct looked *looked);
} needs[] = {
    { { "assurance",
        "the office would be less sure of the person than assurance: says: "
        "expected a page before it that makes sure, or less" },
      lacks_assurance },
    { { "card_number",
        "the hub could not find whose it is: expected number among "
        "card_fields, and a card page on every way to here" },
      lacks_number },
    { { "card_name",
        "the office would not know who it is: expected name among "
        "card_fields, and a card that is read on every way to here" },
      lacks_name },
    { { "card_kind",
        "the hub could not try the rules that look at it: expected "
        "card_fields, and no way to send it without the card" },
      lacks_kind },
    { { "card_birth",
        "the hub could not tell how old the person is: expected birth or "
        "number among card_fields, and no way to send it without the card" },
      lacks_age },
};

const struct case_need *case_lacks(const struct item *item,
                                   const struct answers *answers,
                                   enum assurance assurance, size_t *at)
{
    const struct looked looked = { item, answers, assurance };

    while (*at < sizeof needs / sizeof *needs) {
        size_t i = (*at)++;

        if (needs[i].lacks(&looked))
            return &needs[i].need;
    }
    return NULL;
}
