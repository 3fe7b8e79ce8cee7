/* Why a page is shown: which of the answers that its rule names brought it up.
 *
 * Each is tried otherwise, on a copy: taken away, and as everything that the
 * rule compares it with.  Where one of that makes the rule false, the page came
 * up because of it. */
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/walk_group.h"

#include <stdio.h>
#include <string.h>

enum { LITERAL_BYTES = 128 };

/* What a rule names and somebody answered. */
struct named {
    const struct item *item;
    const struct answers *answers;
    size_t count;
    struct walk_cause list[WALK_CAUSES_MAX];
};

/* One name's answer, tried otherwise. */
struct trial {
    const struct rule *rule;
    struct answers *copy;
    const char *name;
    bool matters;
};

const struct words *walk_basis(const struct step *step)
{
    return step->basis.text.in[LANGUAGE_ZH_CN] && !step->basis.unverified
               ? &step->basis.text
               : NULL;
}

static const struct step *step_that_answers(const struct item *item,
                                            const char *name)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, name) == 0)
            return &item->steps[i];
    const struct step *shared = shared_of(item, name);

    return shared ? shared : person_of(item, name, NULL);
}

/* It follows from how the card was read. */
static bool is_assurance(const char *name)
{
    return strcmp(name, "assurance") == 0;
}

static void on_use(void *owner, const struct rule_use *use)
{
    struct named *named = owner;
    const struct step *step = step_that_answers(named->item, use->name);

    if (named->count == WALK_CAUSES_MAX || (step && step->is_hidden) ||
        (!answers_get(named->answers, use->name) && !is_assurance(use->name)))
        return;
    for (size_t i = 0; i < named->count; i++)
        if (strcmp(named->list[i].name, use->name) == 0)
            return;
    named->list[named->count++] = (struct walk_cause){ use->name, step };
}

static void try_value(struct trial *trial, const char *value)
{
    if (!answers_set(trial->copy, trial->name, value, SOURCE_CITIZEN) &&
        !walk_is_true(trial->rule, trial->copy))
        trial->matters = true;
}

static void on_bound(void *owner, const struct rule_bound *bound)
{
    struct trial *trial = owner;
    const struct rule_value *literal = bound->literal;
    char value[LITERAL_BYTES];
    int len = -1;

    if (strcmp(bound->name, trial->name) != 0)
        return;
    if (literal->kind == RULE_TEXT)
        len = snprintf(value, sizeof value, "%.*s", (int)literal->text.len,
                       literal->text.bytes);
    else if (literal->kind == RULE_INT)
        len =
            snprintf(value, sizeof value, "%lld", (long long)literal->integer);
    if (len >= 0 && (size_t)len < sizeof value)
        try_value(trial, value);
}

/* Without memory to try it in, it may. */
static bool matters(const struct rule *rule, const struct answers *answers,
                    const char *name)
{
    struct trial trial = { .rule = rule, .name = name };

    if (answers_copy(answers, &trial.copy))
        return true;
    if (is_assurance(name)) {
        try_value(&trial, assurance_name(ASSURANCE_NONE));
    } else {
        answers_forget(trial.copy, name);
        trial.matters = !walk_is_true(rule, trial.copy);
    }
    rule_program_each_bound(item_rule_program(rule), on_bound, &trial);
    answers_free(trial.copy);
    return trial.matters;
}

size_t walk_causes(const struct item *item, const struct step *step,
                   const struct answers *answers,
                   struct walk_cause causes[WALK_CAUSES_MAX])
{
    struct named named = { .item = item, .answers = answers };
    const struct step *gate = walk_group_gate(item, step);
    size_t count = 0;

    /* That there is such an entry at all; then what it says itself. */
    if (gate && answers_get(answers, gate->answer))
        causes[count++] = (struct walk_cause){ gate->answer, gate };
    if (!step->when)
        return count;
    rule_program_each_use(item_rule_program(step->when), on_use, &named);
    size_t first = count;
    for (size_t i = 0; i < named.count && count < WALK_CAUSES_MAX; i++)
        if (matters(step->when, answers, named.list[i].name))
            causes[count++] = named.list[i];
    if (count > first)
        return count;
    /* Each alone would do, as in a || b: then it is all of them. */
    for (size_t i = 0; i < named.count && count < WALK_CAUSES_MAX; i++)
        causes[count++] = named.list[i];
    return count;
}
