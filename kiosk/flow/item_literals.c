/* A text that a rule compares an answer with must be one that the answer can
 * be: a misspelt value makes a rule that never holds. */
#include "kiosk/flow/item_load.h"

#include <string.h>

enum { VALUES_MAX = 1024, LITERAL_BYTES = 128 };

struct values {
    const char *at[VALUES_MAX];
    size_t count;
    bool is_many; /* several of them at once */
    bool is_open; /* others are possible, too */
};

static void add(struct values *values, const char *value)
{
    if (values->count < VALUES_MAX)
        values->at[values->count++] = value;
    else
        values->is_open = true;
}

static const char *text_at(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node && node->kind == YAML_TEXT ? node->text : NULL;
}

static void add_options(const struct yaml *step, struct values *values)
{
    const struct yaml *options = yaml_get(step, "options");

    for (size_t i = 0; options && i < options->count; i++) {
        const char *value = options->kind == YAML_LIST
                                ? text_at(options->items[i], "value")
                                : NULL;

        if (value)
            add(values, value);
        else
            values->is_open = true; /* told elsewhere */
    }
}

/* A list that cannot be read is told by the step that names it. */
static void add_rows(struct loader *loader, const char *name,
                     struct values *values)
{
    const struct list *list = NULL;

    if (!item_name_is_ok(name, true) ||
        lists_get(loader->lists, name, loader->problems, &list)) {
        values->is_open = true;
        return;
    }
    for (size_t i = 0; i < list->count; i++)
        add(values, list->rows[i].value);
}

static void add_words(const char *const *words, struct values *values)
{
    for (; *words; words++)
        add(values, *words);
}

/* What a step's answer may be. */
static void find_values(struct loader *loader, const struct yaml *step,
                        struct values *values)
{
    static const char *const of_check[] = { "code", "staff", "none", NULL };
    static const char *const material_values[] = { MATERIAL_BROUGHT,
                                                   MATERIAL_FOLLOWS,
                                                   MATERIAL_MISSING, NULL };
    static const char *const of_yes_no[] = { "yes", "no", NULL };
    static const char *const of_certificate[] = { "none", NULL };
    static const char *const of_shared[] = { "came", "part", "none", "away",
                                             NULL };
    const char *screen = text_at(step, "screen");
    unsigned bit = screen ? item_screen_bit(screen) : ON_OTHER;

    values->is_many = bit == ON_CHOICES;
    if (values->is_many)
        bit = ON_CHOICE;
    if (bit == ON_CHOICE && text_at(step, "list"))
        add_rows(loader, text_at(step, "list"), values);
    else if (bit == ON_CHOICE && text_at(step, "material"))
        add_words(material_values, values);
    else if (bit == ON_CHOICE && yaml_get(step, "options"))
        add_options(step, values);
    else if (bit == ON_ANOTHER || (bit == ON_CHOICE && yaml_get(step, "type")))
        add_words(of_yes_no, values);
    else if (bit == ON_COMPUTED && yaml_get(step, "options"))
        add_options(step, values);
    else if (bit == ON_CHECK)
        add_words(of_check, values);
    else if (bit == ON_CERTIFICATE)
        add_words(of_certificate, values);
    else if (bit == ON_SHARED)
        add_words(of_shared, values);
    else
        values->is_open = true;
    if (yaml_get(step, "way"))
        add(values, "later");
}

static const struct yaml *step_of(const struct loader *loader,
                                  const char *answer)
{
    const struct yaml *steps = yaml_get(loader->loaded->root, "steps");

    for (size_t i = 0; steps && i < steps->count; i++) {
        const struct yaml *step =
            steps->kind == YAML_LIST ? steps->items[i] : NULL;
        const char *name = text_at(step, "answer");

        if (!name)
            name = text_at(step, "id");
        if (name && strcmp(name, answer) == 0)
            return step;
    }
    return NULL;
}

static void on_shared(void *owner, const char *value)
{
    add(owner, value);
}

static void values_of(struct loader *loader, const char *name,
                      struct values *values)
{
    static const char *const kinds[] = { "resident", "hmt", "foreigner-2017",
                                         "foreigner-2023", NULL };
    const struct yaml *step = step_of(loader, name);
    const char *field = item_person_field(loader, name, NULL);

    values->count = 0;
    values->is_open = values->is_many = false;
    if (strcmp(name, "card_kind") == 0 || (field && strcmp(field, "kind") == 0))
        add_words(kinds, values);
    else if (strcmp(name, "assurance") == 0)
        for (int i = 0; i <= ASSURANCE_CARD_CHECK; i++)
            add(values, assurance_name((enum assurance)i));
    else if (step)
        find_values(loader, step, values);
    else {
        item_shared_values(name, on_shared, values);
        values->is_open = values->count == 0;
    }
}

/* Of a field anything may be written; but "laetr" was meant to be "later". */
static bool is_possible(const struct values *values, const char *literal)
{
    for (size_t i = 0; i < values->count; i++)
        if (strcmp(values->at[i], literal) == 0)
            return true;
    return values->is_open && !yaml_nearest(literal, values->at, values->count);
}

static void check_literal(struct loader *loader, const struct yaml *node,
                          const char *name, const char *literal, size_t at)
{
    struct values values;
    const char *near;
    struct yaml place = item_place_in(node, at);

    values_of(loader, name, &values);
    if (is_possible(&values, literal))
        return;
    near = yaml_nearest(literal, values.at, values.count);
    const char *verb = values.is_many ? "hold" : "be";

    if (near)
        item_complain(loader, &place,
                      "\"%s\" can never %s \"%s\"; did you mean \"%s\"?", name,
                      verb, literal, near);
    else
        item_complain(loader, &place,
                      "\"%s\" can never %s \"%s\": expected one of its values",
                      name, verb, literal);
}

struct literals {
    struct loader *loader;
    const struct yaml *node;
};

static void on_bound(void *owner, const struct rule_bound *bound)
{
    const struct literals *literals = owner;
    const struct rule_value *value = bound->literal;
    char literal[LITERAL_BYTES];

    if (value->kind != RULE_TEXT || value->text.len >= sizeof literal)
        return;
    memcpy(literal, value->text.bytes, value->text.len);
    literal[value->text.len] = '\0';
    check_literal(literals->loader, literals->node, bound->name, literal,
                  bound->at);
}

void item_literals_check(struct loader *loader, const struct yaml *node,
                         const struct rule_program *program)
{
    struct literals literals = { loader, node };

    rule_program_each_bound(program, on_bound, &literals);
}
