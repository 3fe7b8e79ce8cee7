/* What a person may answer on one page, as far as the item's rules can tell it
 * apart. */
#include "kiosk/flow/explorer.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/asked.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/materials.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"

static void set(struct explorer *explorer, const char *name, const char *value,
                enum source source)
{
    if (answers_set(explorer->answers, name, value, source))
        explorer->is_cut = true;
}

/* Of further entries of a group one way through their pages is enough. */
static bool is_again(const struct explorer *explorer, int at)
{
    return explorer->item->steps[at].entry > 1 || explorer->pages[at].is_passed;
}

static enum tried try_answer(struct explorer *explorer, int at,
                             const char *value, enum source source)
{
    const struct step *step = &explorer->item->steps[at];

    enum tried tried = TRIED_REFUSED;

    set(explorer, step->answer, value, source);
    if (source != SOURCE_LATER && source != SOURCE_LEFT)
        (void)explorer_look(explorer, at, MARK_ALLOWED);
    if (asked_holds(step, explorer->answers))
        tried = explorer_go_on(explorer, at) ? TRIED_PAST : TRIED_STOPPED;
    answers_forget(explorer->answers, step->answer);
    return tried;
}

enum tried explorer_try(struct explorer *explorer, int at, const char *value)
{
    const struct step *step = &explorer->item->steps[at];

    return try_answer(explorer, at, value,
                      strcmp(value, "later") == 0
                          ? SOURCE_LATER
                          : asked_source(step, explorer->answers, value));
}

/* What a person may do with a question beside answering it. */
static void try_asked(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct asked_prefill prefill;
    struct buf value;

    if (!asked_is_required(step, explorer->answers))
        (void)try_answer(explorer, at, "", SOURCE_LEFT);
    buf_init(&value, EXPLORER_PROMISE_BYTES);
    /* A choice is tried with all its values anyway. */
    if (!explorer->is_cut && step->prefill &&
        item_screen_bit(step->screen) == ON_FIELD &&
        asked_prefill(step, explorer->answers, &value, &prefill))
        (void)try_answer(explorer, at, value.text, prefill.source);
    buf_done(&value);
}

/* What stands on a card; how old somebody is, and of another person than the
 * main one what card it is, tells the way. */
static bool is_of_card(const struct item *item, const char *name)
{
    const char *field = NULL;

    return strncmp(name, "card_", 5) == 0 || shared_of(item, name) ||
           (person_of(item, name, &field) && strcmp(field, "age") != 0 &&
            strcmp(field, "kind") != 0);
}

/* "kind=a, phone=later": how one came here. */
void explorer_add_way(const struct explorer *explorer,
                      char way[EXPLORER_WAY_BYTES])
{
    size_t len = 0;

    way[0] = '\0';
    for (size_t i = 0; i < answers_count(explorer->answers); i++) {
        const char *name = answers_name(explorer->answers, i);

        if (is_of_card(explorer->item, name) || len >= EXPLORER_WAY_BYTES)
            continue;
        int more = snprintf(way + len, EXPLORER_WAY_BYTES - len, "%s%s=%s",
                            len ? ", " : "", name,
                            answers_get(explorer->answers, name));
        len += more > 0 ? (size_t)more : 0;
    }
}

/* Told once of each page. */
static void tell_dead_end(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct mark *mark = &explorer->marks[explorer->pages[at].first_mark];
    char way[EXPLORER_WAY_BYTES], message[EXPLORER_WAY_BYTES + 128];

    if (mark->is_dead_end)
        return;
    mark->is_dead_end = true;
    explorer_add_way(explorer, way);
    snprintf(message, sizeof message,
             "nothing can be chosen here after %s: expected an option that is "
             "offered, or a way round",
             *way ? way : "the beginning");
    explorer_tell(explorer, SEVERITY_ERROR, step->at, message);
}

static bool is_offered(const struct explorer *explorer, const struct step *step,
                       size_t row)
{
    const char *parent;

    if (!step->list)
        return walk_is_true(step->options[row].when, explorer->answers);
    parent = step->under ? answers_get(explorer->answers, step->under) : NULL;
    return !step->under ||
           (parent && strcmp(parent, step->list->rows[row].parent) == 0);
}

/* Of a paper that no rule names the pages that sum papers up ask only whether any
 * follows, or is missing: where another one does already, this one changes
 * nothing that brought does not.  So n papers are about n * n ways, not 3^n. */
static bool is_tried_enough(const struct explorer *explorer, int at,
                            const char *value)
{
    return explorer->pages[at].is_one_of_papers &&
           strcmp(value, MATERIAL_BROUGHT) != 0 &&
           materials_answered(explorer->item, explorer->answers, value, 0);
}

/* Of what no rule names one is as good as another; of a list that others hang
 * on the last one, too. */
void explorer_try_choice(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    const struct page *page = &explorer->pages[at];
    bool has_unnamed = false, is_empty = true;

    explorer->work += page->row_count;
    for (size_t i = 0; i < page->row_count && !explorer->is_cut; i++) {
        bool is_last = page->is_parent && i + 1 == page->row_count;

        if (!is_offered(explorer, step, i))
            continue;
        is_empty = false;
        if (!page->is_named[i] && has_unnamed && !is_last)
            continue;
        has_unnamed = has_unnamed || !page->is_named[i];
        if (is_tried_enough(explorer, at, explorer_value(step, i)))
            continue;
        if (explorer_try(explorer, at, explorer_value(step, i)) == TRIED_PAST &&
            is_again(explorer, at))
            return;
    }
    try_asked(explorer, at);
    if (step->way.in[LANGUAGE_EN])
        (void)explorer_try(explorer, at, "later");
    else if (is_empty && asked_is_required(step, explorer->answers) &&
             !explorer->is_cut)
        tell_dead_end(explorer, at);
}

struct trying {
    struct explorer *explorer;
    int at;
    enum tried best; /* of all values */
};

static void try_written(void *owner, const char *value)
{
    struct trying *trying = owner;
    struct explorer *explorer = trying->explorer;
    const struct step *step = &explorer->item->steps[trying->at];

    enum tried tried;

    if (explorer->is_cut ||
        (trying->best == TRIED_PAST && is_again(explorer, trying->at)) ||
        walk_clash(explorer->item, step, explorer->answers, value, false))
        return;
    tried = explorer_try(explorer, trying->at, value);
    if (tried > trying->best)
        trying->best = tried;
}

void explorer_try_check(struct explorer *explorer, int at)
{
    static const char *const ways[] = { "code", "staff", "none" };

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        if (explorer_try(explorer, at, ways[i]) == TRIED_PAST &&
            is_again(explorer, at))
            return;
}

/* The first number that is nobody's yet on this way. */
static void try_person_number(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    char number[EXPLORED_NUMBER_BYTES];

    for (int n = 1; n <= EXPLORED_PEOPLE_MAX; n++) {
        explored_number(n, number);
        if (walk_clash(explorer->item, step, explorer->answers, number, false))
            continue;
        (void)explorer_try(explorer, at, number);
        return;
    }
}

void explorer_try_choices(struct explorer *explorer, int at)
{
    struct trying trying = { .explorer = explorer, .at = at };
    const struct step *step = &explorer->item->steps[at];

    explorer->work += explorer->pages[at].row_count;
    bool can_answer = explored_each_set(
        &explorer->rules, step, explorer->answers, try_written, &trying);
    if (trying.best == TRIED_PAST && is_again(explorer, at))
        return;
    if (step->way.in[LANGUAGE_EN])
        (void)explorer_try(explorer, at, "later");
    else if (!can_answer && !explorer->is_cut)
        tell_dead_end(explorer, at);
}

/* None, one and two entries; once as many as there may be, and where a rule looks
 * at the group, each number of them. */
void explorer_try_another(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    struct page *page = &explorer->pages[at];
    bool is_few = step->entry <= 2 || step->entry == step->most_entries ||
                  page->is_group_asked;

    if (step->entry >= step->least_entries &&
        (is_few || step->entry == step->least_entries))
        (void)explorer_try(explorer, at, "no");
    if (step->entry == step->most_entries)
        return;
    if (step->entry > 1 && step->entry >= step->least_entries && page->was_full)
        return;
    page->was_full = true;
    (void)explorer_try(explorer, at, "yes");
}

/* Nobody knows what may be written here: it is gone on as if it were known. */
static void pass_by(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];

    if (step->allowed_count == 0 || explorer->is_cut ||
        asked_is_fixed(step, explorer->answers))
        return;
    set(explorer, step->answer, field_kind(step->type)->sample, SOURCE_CITIZEN);
    (void)explorer_go_on(explorer, at);
    answers_forget(explorer->answers, step->answer);
}

void explorer_try_field(struct explorer *explorer, int at)
{
    struct trying trying = { .explorer = explorer, .at = at };
    const struct page *page = &explorer->pages[at];

    if (explorer->item->steps[at].is_another_person)
        try_person_number(explorer, at);
    else
        explored_each_value(&explorer->rules, &explorer->item->steps[at],
                            page->is_asked || page->is_group_asked, try_written,
                            &trying);
    if (trying.best == TRIED_REFUSED)
        pass_by(explorer, at);
    if (trying.best == TRIED_PAST && is_again(explorer, at))
        return;
    try_asked(explorer, at);
    if (explorer->item->steps[at].way.in[LANGUAGE_EN])
        (void)explorer_try(explorer, at, "later");
}

/* The page stops by itself where a paper is missing. */
void explorer_try_promise(struct explorer *explorer, int at)
{
    struct buf promise;

    buf_init(&promise, EXPLORER_PROMISE_BYTES);
    materials_promise(explorer->item, &explorer->item->steps[at],
                      explorer->answers, &promise);
    (void)explorer_try(explorer, at, promise.text);
    buf_done(&promise);
}

/* Who is so old today; 29 to 31 are not in every month. */
static void birth_of(int age, char text[32])
{
    struct clock_fields now = clock_split(clock_wall_ms());

    snprintf(text, 32, "%04d%02d%02d", now.year - age, now.month,
             now.day > 28 ? 28 : now.day);
}

static void set_of(struct explorer *explorer, const struct step *step,
                   const char *field, const char *value, enum source source)
{
    char name[PERSON_NAME_BYTES];

    person_answer(step, field, name);
    set(explorer, name, value, source);
}

/* kind NULL: the number is typed.  True: somebody like this goes on. */
static bool try_person(struct explorer *explorer, int at, const char *kind,
                       int age)
{
    const struct step *step = &explorer->item->steps[at];
    const char *const *fields = person_fields(explorer->item, step);
    enum source source = kind ? SOURCE_CARD : SOURCE_CITIZEN;
    char text[32];

    for (size_t i = 0; fields[i]; i++) {
        bool is_birth = strcmp(fields[i], "birth") == 0;

        birth_of(age, text);
        if (kind || strcmp(fields[i], "number") == 0)
            set_of(explorer, step, fields[i], is_birth ? text : "某", source);
    }
    set_of(explorer, step, "kind", kind ? kind : card_kind_name(CARD_RESIDENT),
           source);
    snprintf(text, sizeof text, "%d", age);
    set_of(explorer, step, "age", text, source);
    bool is_past = explorer_go_on(explorer, at);
    person_forget(explorer->answers, step);
    return is_past;
}

void explorer_try_card(struct explorer *explorer, int at)
{
    const struct step *step = &explorer->item->steps[at];
    size_t ages = explored_ages_of(&explorer->rules, step);
    char name[PERSON_NAME_BYTES];

    person_answer(step, "kind", name);
    int kinds = explored_names(&explorer->rules, name) ? CARD_KIND_COUNT : 1;
    for (size_t i = 0; i < ages; i++) {
        bool is_past = false;

        for (int kind = 0; kind < kinds; kind++)
            is_past =
                try_person(explorer, at, card_kind_name((enum card_kind)kind),
                           explorer->rules.ages[i]) ||
                is_past;
        if (step->may_type)
            (void)try_person(explorer, at, NULL, explorer->rules.ages[i]);
        if (is_past && is_again(explorer, at))
            return;
    }
}
