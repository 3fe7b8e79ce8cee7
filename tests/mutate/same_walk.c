#include "tests/mutate/same_walk.h"

#include <string.h>

static bool text(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

static bool rule(const struct rule *one, const struct rule *other)
{
    return one && other ? text(one->text, other->text) : one == other;
}

/* NULL-terminated, or NULL. */
static bool names(const char *const *one, const char *const *other)
{
    size_t i = 0;

    if (!one || !other)
        return one == other;
    while (one[i] && text(one[i], other[i]))
        i++;
    return !one[i] && !other[i];
}

static bool stands(const struct words *one, const struct words *other)
{
    return !one->in[0] == !other->in[0];
}

static bool options(const struct step *one, const struct step *other)
{
    if (one->option_count != other->option_count)
        return false;
    for (size_t i = 0; i < one->option_count; i++)
        if (!text(one->options[i].value, other->options[i].value) ||
            !rule(one->options[i].when, other->options[i].when) ||
            one->options[i].is_alone != other->options[i].is_alone)
            return false;
    return true;
}

static bool stops(const struct step *one, const struct step *other)
{
    if (one->stop_count != other->stop_count)
        return false;
    for (size_t i = 0; i < one->stop_count; i++)
        if (!text(one->stops[i].id, other->stops[i].id) ||
            !rule(one->stops[i].when, other->stops[i].when))
            return false;
    return true;
}

static bool all_allowed(const struct step *one, const struct step *other)
{
    if (one->allowed_count != other->allowed_count)
        return false;
    for (size_t i = 0; i < one->allowed_count; i++)
        if (!rule(one->allowed[i].must, other->allowed[i].must) ||
            one->allowed[i].severity != other->allowed[i].severity)
            return false;
    return true;
}

/* The next one with a rule; one without always stands there. */
static const struct line *next_line(const struct step *step, size_t *at)
{
    while (*at < step->line_count)
        if (step->lines[(*at)++].when)
            return &step->lines[*at - 1];
    return NULL;
}

static bool lines(const struct step *one, const struct step *other)
{
    size_t at = 0, other_at = 0;
    const struct line *line, *other_line;

    do {
        line = next_line(one, &at);
        other_line = next_line(other, &other_at);
        if (!line || !other_line)
            return line == other_line;
    } while (rule(line->when, other_line->when) &&
             line->is_unverified == other_line->is_unverified);
    return false;
}

static bool fields(const struct step *one, const struct step *other)
{
    return one->type == other->type && one->max_chars == other->max_chars &&
           text(one->check.min, other->check.min) &&
           text(one->check.max, other->check.max) &&
           one->check.with_fen == other->check.with_fen &&
           text(one->not_before, other->not_before) &&
           one->is_another_person == other->is_another_person &&
           rule(one->required, other->required) && all_allowed(one, other) &&
           text(one->default_value, other->default_value) &&
           names(one->prefill, other->prefill) &&
           one->is_fixed == other->is_fixed && rule(one->value, other->value);
}

static bool choices(const struct step *one, const struct step *other)
{
    return options(one, other) && one->list == other->list &&
           text(one->under, other->under) && one->material == other->material &&
           one->least == other->least && one->most == other->most &&
           text(one->group, other->group) && one->entry == other->entry &&
           one->least_entries == other->least_entries &&
           one->most_entries == other->most_entries;
}

static bool cards(const struct step *one, const struct step *other)
{
    return text(one->person, other->person) &&
           names(one->fields, other->fields) &&
           one->may_type == other->may_type &&
           one->takes_minors == other->takes_minors &&
           names(one->records, other->records) &&
           text(one->kind, other->kind) &&
           one->within.days == other->within.days &&
           one->within.working == other->within.working;
}

static bool steps(const struct step *one, const struct step *other)
{
    return text(one->id, other->id) && text(one->screen, other->screen) &&
           text(one->answer, other->answer) && rule(one->when, other->when) &&
           stands(&one->way, &other->way) &&
           stands(&one->section, &other->section) &&
           one->is_hidden == other->is_hidden && fields(one, other) &&
           choices(one, other) && cards(one, other) && stops(one, other) &&
           lines(one, other);
}

static bool slips(const struct item *one, const struct item *other)
{
    if (one->slip_count != other->slip_count)
        return false;
    for (size_t i = 0; i < one->slip_count; i++) {
        const struct slip_part *part = &one->slip[i];
        const struct slip_part *other_part = &other->slip[i];

        if (!rule(part->when, other_part->when) ||
            part->row_count != other_part->row_count)
            return false;
        for (size_t j = 0; j < part->row_count; j++)
            if (!rule(part->rows[j].when, other_part->rows[j].when))
                return false;
    }
    return true;
}

bool item_walks_alike(const struct item *one, const struct item *other)
{
    if (one->step_count != other->step_count ||
        one->assurance != other->assurance ||
        !names(one->card_fields, other->card_fields) ||
        !text(one->anonymous_when_answer, other->anonymous_when_answer) ||
        !text(one->anonymous_when_value, other->anonymous_when_value) ||
        !slips(one, other))
        return false;
    for (size_t i = 0; i < one->step_count; i++)
        if (!steps(&one->steps[i], &other->steps[i]))
            return false;
    return true;
}
