/* What the rules of an item name, asked of the rules as they were parsed:
 * conditions have been put into them. */
#include "kiosk/flow/item_explore.h"

#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/shared.h"
#include "kiosk/flow/tasks.h"

enum { GROWN_UP = 40, OLDEST = 150 };

/* Larger ones are in no field, and fit into no whole number. */
#define MOST_REAL 1e15

typedef void (*on_rule_fn)(void *owner, const struct rule_program *program);

struct telling {
    on_rule_fn on_rule;
    void *owner;
};

static void tell_rule(void *owner, const struct rule *rule)
{
    const struct telling *telling = owner;

    telling->on_rule(telling->owner, item_rule_program(rule));
}

static void each_rule(const struct item *item, on_rule_fn on_rule, void *owner)
{
    struct telling telling = { on_rule, owner };

    item_each_rule(item, tell_rule, &telling);
}

/* ---- Names --------------------------------------------------------------- */

struct search {
    const char *name;
    bool is_found;
};

static void match_use(void *owner, const struct rule_use *use)
{
    struct search *search = owner;

    search->is_found = search->is_found || strcmp(use->name, search->name) == 0;
}

static void search_rule(void *owner, const struct rule_program *program)
{
    rule_program_each_use(program, match_use, owner);
}

bool explored_names(const struct explored *explored, const char *name)
{
    struct search search = { .name = name };

    each_rule(explored->item, search_rule, &search);
    return search.is_found;
}

/* When a page of papers comes and where it stops is not the author's. */
bool explored_names_paper(const struct explored *explored, const char *name)
{
    const struct item *item = explored->item;
    struct search search = { .name = name };
    struct telling telling = { search_rule, &search };

    for (size_t i = 0; i < item->step_count; i++)
        if (item_screen_bit(item->steps[i].screen) != ON_MATERIALS)
            item_step_each_rule(&item->steps[i], tell_rule, &telling);
    return search.is_found;
}

static void note_use(void *owner, const struct rule_use *use)
{
    (void)use;
    *(bool *)owner = true;
}

bool explored_is_open(const struct rule *rule)
{
    const struct rule_program *program = item_rule_program(rule);
    bool is_open = rule_program_calls(program, "today");

    rule_program_each_use(program, note_use, &is_open);
    return is_open;
}

/* Where a person enters the parts of a long matter. */
struct parts {
    const struct item *item;
    size_t own;
    bool has_another;
};

static void look_at_part(void *owner, const struct rule_use *use)
{
    struct parts *parts = owner;
    const struct item *item = parts->item;

    for (size_t i = 0; i < item->step_count; i++) {
        const char *answer = item->steps[i].answer;
        size_t part = tasks_part_of(item, i);

        if (answer && strcmp(answer, use->name) == 0 && part > 0 &&
            part != parts->own)
            parts->has_another = true;
    }
}

bool explored_is_of_another_part(const struct explored *explored,
                                 const struct step *step,
                                 const struct rule *rule)
{
    const struct item *item = explored->item;
    struct parts parts = { item,
                           tasks_part_of(item, (size_t)(step - item->steps)),
                           false };

    rule_program_each_use(item_rule_program(rule), look_at_part, &parts);
    return parts.has_another;
}

/* ---- What is written freely ---------------------------------------------- */

/* One use of a field's answer. */
struct freely {
    const struct rule_program *program;
    struct explored *explored;
    size_t at;
    bool with_later, with_other;
};

static void weigh_bound(void *owner, const struct rule_bound *bound)
{
    static const char later[] = "later";
    struct freely *freely = owner;
    const struct rule_value *literal = bound->literal;

    if (bound->name_at != freely->at)
        return;
    if (literal->kind == RULE_TEXT && literal->text.len == strlen(later) &&
        memcmp(literal->text.bytes, later, strlen(later)) == 0)
        freely->with_later = true;
    else
        freely->with_other = true;
}

static bool is_field(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer && strcmp(item->steps[i].answer, name) == 0)
            return strcmp(item->steps[i].screen, "field") == 0 ||
                   strcmp(item->steps[i].screen, "slot") == 0;
    return false;
}

/* A record's text, as free as what is written. */
static bool is_recorded(const char *name)
{
    const struct shared_kind *kind;
    const struct shared_field *field;

    return shared_parse(name, &kind, &field) &&
           (!field || field->shape != SHARED_WORD);
}

static bool is_group(const struct item *item, const char *name)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].group && strcmp(item->steps[i].group, name) == 0)
            return true;
    return false;
}

/* answered(name), or a comparison with null or "later", asks only whether it
 * was given. */
static void weigh_use(void *owner, const struct rule_use *use)
{
    struct freely *freely = owner;

    if (is_group(freely->explored->item, use->name))
        freely->explored->has_group = true;
    if (use->is_asked || (!is_field(freely->explored->item, use->name) &&
                          !is_recorded(use->name)))
        return;
    freely->at = use->at;
    freely->with_later = freely->with_other = false;
    rule_program_each_bound(freely->program, weigh_bound, freely);
    if (!freely->with_later || freely->with_other)
        freely->explored->has_free = true;
}

static void find_free(void *owner, const struct rule_program *program)
{
    struct explored *explored = owner;
    struct freely freely = { .program = program, .explored = explored };

    rule_program_each_use(program, weigh_use, &freely);
    explored->has_today =
        explored->has_today || rule_program_calls(program, "today");
}

/* ---- Values -------------------------------------------------------------- */

static bool has_text(const struct explored *explored, const char *bytes,
                     size_t len)
{
    for (size_t i = 0; i < explored->text_count; i++)
        if (explored->texts[i].len == len &&
            memcmp(explored->texts[i].bytes, bytes, len) == 0)
            return true;
    return false;
}

static void add_text(void *owner, const struct rule_value *literal)
{
    struct explored *explored = owner;

    if (literal->kind != RULE_TEXT ||
        (explored->texts &&
         has_text(explored, literal->text.bytes, literal->text.len)))
        return;
    if (explored->texts)
        explored->texts[explored->text_count] =
            (struct explored_text){ literal->text.bytes, literal->text.len };
    explored->text_count++;
}

static void add_texts(void *owner, const struct rule_program *program)
{
    rule_program_each_literal(program, add_text, owner);
}

/* Counted first, then each kept once. */
static void find_texts(struct explored *explored)
{
    each_rule(explored->item, add_texts, explored);
    explored->texts =
        mem_new((explored->text_count + 1) * sizeof *explored->texts);
    explored->text_count = 0;
    each_rule(explored->item, add_texts, explored);
}

bool explored_compares(const struct explored *explored, const char *value)
{
    return has_text(explored, value, strlen(value));
}

/* ---- Numbers ------------------------------------------------------------- */

static void keep_number(void *owner, const struct rule_value *literal)
{
    struct explored *explored = owner;
    int64_t number = 0;

    if (literal->kind == RULE_INT)
        number = literal->integer;
    else if (literal->kind == RULE_DOUBLE && literal->real > -MOST_REAL &&
             literal->real < MOST_REAL)
        number = (int64_t)literal->real;
    else
        return;
    for (size_t i = 0; i < explored->number_count; i++)
        if (explored->numbers[i] == number)
            return;
    if (explored->number_count < EXPLORED_NUMBERS_MAX)
        explored->numbers[explored->number_count++] = number;
}

static void keep_numbers(void *owner, const struct rule_program *program)
{
    rule_program_each_literal(program, keep_number, owner);
}

/* ---- Ages ---------------------------------------------------------------- */

static void add_age(struct explored *explored, int64_t age)
{
    if (age < 0 || age > OLDEST || explored->age_count == EXPLORED_AGES_MAX)
        return;
    for (size_t i = 0; i < explored->age_count; i++)
        if (explored->ages[i] == (int)age)
            return;
    explored->ages[explored->age_count++] = (int)age;
}

static void add_number(void *owner, const struct rule_value *literal)
{
    int64_t number = OLDEST + 2;

    if (literal->kind == RULE_INT)
        number = literal->integer;
    else if (literal->kind == RULE_DOUBLE && literal->real >= -OLDEST &&
             literal->real <= OLDEST)
        number = (int64_t)literal->real;
    if (number < -OLDEST || number > OLDEST + 1)
        return;
    for (int64_t age = number - 1; age <= number + 1; age++)
        add_age(owner, age);
}

static void add_numbers(void *owner, const struct rule_program *program)
{
    rule_program_each_literal(program, add_number, owner);
}

static bool asks_age(const struct explored *explored, const struct step *step)
{
    static const char *const fields[] = { "age", "birth" };
    char name[PERSON_NAME_BYTES];

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        person_answer(step, fields[i], name);
        if (explored_names(explored, name))
            return true;
    }
    return false;
}

size_t explored_ages_of(const struct explored *explored,
                        const struct step *step)
{
    return asks_age(explored, step) ? explored->age_count : 1;
}

static void find_ages(struct explored *explored)
{
    static const struct step own = { .screen = "card" };
    const struct item *item = explored->item;
    bool is_asked = asks_age(explored, &own);

    for (size_t i = 0; i < item->step_count && !is_asked; i++)
        is_asked = person_is_card_step(&item->steps[i]) &&
                   asks_age(explored, &item->steps[i]);
    add_age(explored, GROWN_UP);
    if (is_asked)
        each_rule(item, add_numbers, explored);
}

void explored_init(struct explored *explored, const struct item *item)
{
    *explored = (struct explored){ .item = item };
    find_texts(explored);
    each_rule(item, keep_numbers, explored);
    find_ages(explored);
    each_rule(item, find_free, explored);
}

void explored_done(struct explored *explored)
{
    mem_free(explored->texts);
}
