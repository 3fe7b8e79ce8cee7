/* A text that a rule compares an answer with must be one that the answer can
 * be: a misspelt value makes a rule that never holds.  It is found by looking
 * at the rule's words (name == "value", name in ["value", …]), so that nothing
 * is asked of the rule engine. */
#include "kiosk/flow/item_load.h"

#include <string.h>

enum { VALUES_MAX = 1024, LITERAL_BYTES = 128 };

struct values {
    const char *at[VALUES_MAX];
    size_t count;
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
    static const char *const of_certificate[] = { "none", NULL };
    const char *screen = text_at(step, "screen");
    unsigned bit = screen ? item_screen_bit(screen) : ON_OTHER;

    if (bit == ON_CHOICE && text_at(step, "list"))
        add_rows(loader, text_at(step, "list"), values);
    else if (bit == ON_CHOICE && yaml_get(step, "options"))
        add_options(step, values);
    else if (bit == ON_CHECK)
        add_words(of_check, values);
    else if (bit == ON_CERTIFICATE)
        add_words(of_certificate, values);
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

static void values_of(struct loader *loader, const char *name,
                      struct values *values)
{
    static const char *const kinds[] = { "resident", "hmt", "foreigner-2017",
                                         "foreigner-2023", NULL };
    const struct yaml *step = step_of(loader, name);

    values->count = 0;
    values->is_open = false;
    if (strcmp(name, "card_kind") == 0)
        add_words(kinds, values);
    else if (strcmp(name, "assurance") == 0)
        for (int i = 0; i <= ASSURANCE_CARD_CHECK; i++)
            add(values, assurance_name((enum assurance)i));
    else if (step)
        find_values(loader, step, values);
    else
        values->is_open = true;
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
    if (near)
        item_complain(loader, &place,
                      "\"%s\" can never be \"%s\"; did you mean \"%s\"?", name,
                      literal, near);
    else
        item_complain(loader, &place,
                      "\"%s\" can never be \"%s\": expected one of its values",
                      name, literal);
}

/* ---- The rule's words ---------------------------------------------------- */

static const char *skip_space(const char *at)
{
    while (*at == ' ' || *at == '\n' || *at == '\t')
        at++;
    return at;
}

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_';
}

/* A text in quotes without escapes, or NULL; *ret_end is behind it. */
static const char *take_literal(const char *at, char literal[LITERAL_BYTES],
                                const char **ret_end)
{
    const char *end;

    if (*at != '"' && *at != '\'')
        return NULL;
    end = strchr(at + 1, *at);
    if (!end || (size_t)(end - at) > LITERAL_BYTES ||
        memchr(at, '\\', (size_t)(end - at)))
        return NULL;
    memcpy(literal, at + 1, (size_t)(end - at - 1));
    literal[end - at - 1] = '\0';
    *ret_end = end + 1;
    return at + 1;
}

/* Behind a name: == "value", or in ["value", …]. */
static void check_behind(struct loader *loader, const struct yaml *node,
                         const char *name, const char *at)
{
    char literal[LITERAL_BYTES];
    const char *text = node->text, *from;

    at = skip_space(at);
    if (strncmp(at, "==", 2) == 0 || strncmp(at, "!=", 2) == 0) {
        from = take_literal(skip_space(at + 2), literal, &at);
        if (from)
            check_literal(loader, node, name, literal, (size_t)(from - text));
        return;
    }
    if (strncmp(at, "in", 2) != 0 || is_of_name(at[2]))
        return;
    at = skip_space(at + 2);
    while (*at == '[' || *at == ',') {
        from = take_literal(skip_space(at + 1), literal, &at);
        if (!from)
            return;
        check_literal(loader, node, name, literal, (size_t)(from - text));
        at = skip_space(at);
    }
}

/* Before a name: "value" ==. */
static void check_before(struct loader *loader, const struct yaml *node,
                         const char *literal, size_t from, const char *at)
{
    char name[LITERAL_BYTES];
    size_t len = 0;

    at = skip_space(at);
    if (strncmp(at, "==", 2) != 0 && strncmp(at, "!=", 2) != 0)
        return;
    at = skip_space(at + 2);
    while (is_of_name(at[len]) && len < sizeof name - 1)
        len++;
    memcpy(name, at, len);
    name[len] = '\0';
    if (len > 0)
        check_literal(loader, node, name, literal, from);
}

void item_literals_check(struct loader *loader, const struct yaml *node)
{
    char name[LITERAL_BYTES];
    const char *at = node->text;

    while (*at) {
        const char *end = at, *from = take_literal(at, name, &end);

        if (from) {
            check_before(loader, node, name, (size_t)(from - node->text), end);
            at = end;
        } else if (is_of_name(*at)) {
            while (is_of_name(*end) && end - at < LITERAL_BYTES - 1)
                end++;
            memcpy(name, at, (size_t)(end - at));
            name[end - at] = '\0';
            check_behind(loader, node, name, end);
            at = end;
        } else {
            at++;
        }
    }
}
