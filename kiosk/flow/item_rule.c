/* Rules of an item, and conditions: rules with a name, which other rules use as
 * if they stood there in brackets.
 *
 * A rule is read twice where it names a condition: first with the conditions as
 * names of their own, so that every mistake has its place; then with the
 * conditions put in, which is what is kept. */
#include "kiosk/flow/item_load.h"

#include <string.h>

enum { WHOLE_BYTES = 8 * 1024 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_of_name(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9');
}

/* Past a text in quotes that begins here. */
static const char *past_quoted(const char *at)
{
    char quote = *at++;

    while (*at && *at != quote)
        at += *at == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

static const char *past_name(const char *at)
{
    while (is_of_name(*at))
        at++;
    return at;
}

/* The next name in a rule from *at on; *at is then behind it.  NULL: none.
 * What stands in quotes, a number (1e5) and what follows a point are none. */
static const char *next_name(const char **at, size_t *ret_len)
{
    const char *c = *at;

    while (*c) {
        const char *name = c;

        if (*c == '"' || *c == '\'') {
            c = past_quoted(c);
        } else if (is_letter(*c)) {
            c = *at = past_name(c);
            *ret_len = (size_t)(c - name);
            return name;
        } else if (is_of_name(*c) || (*c == '.' && is_letter(c[1]))) {
            c = past_name(c + 1);
        } else {
            c++;
        }
    }
    *at = c;
    return NULL;
}

static struct condition *find(struct loader *loader, const char *name,
                              size_t len)
{
    for (size_t i = 0; i < loader->condition_count; i++) {
        struct condition *condition = &loader->conditions[i];

        if (strlen(condition->name) == len &&
            memcmp(condition->name, name, len) == 0)
            return condition;
    }
    return NULL;
}

/* How many of the item's names must be known for this one. */
static size_t name_needs(const struct loader *loader, const char *name,
                         size_t len)
{
    for (size_t i = 0; i < loader->loaded->name_count; i++) {
        const char *known = loader->loaded->names[i].name;

        if (strlen(known) == len && memcmp(known, name, len) == 0)
            return i + 1;
    }
    return 0;
}

/* The names that answers have, then those of the conditions. */
static size_t names_for(const struct loader *loader, size_t known,
                        struct rule_name *names)
{
    size_t count = 0;

    for (size_t i = 0; i < known; i++)
        names[count++] = loader->loaded->names[i];
    for (size_t i = 0; i < loader->condition_count; i++)
        names[count++] =
            (struct rule_name){ loader->conditions[i].name, VALUE_BOOL };
    return count;
}

static bool parse(struct loader *loader, const struct yaml *node, size_t known,
                  struct rule **ret_rule)
{
    struct rule_name names[ITEM_NAMES_MAX + ITEM_CONDITIONS_MAX];
    size_t count = names_for(loader, known, names);

    return !rule_parse(node->file ? node->file : loader->file, node, names,
                       count, loader->problems, ret_rule);
}

static bool names_conditions(struct loader *loader, const char *text)
{
    const char *at = text, *name;
    size_t len;

    while ((name = next_name(&at, &len)))
        if (find(loader, name, len))
            return true;
    return false;
}

/* The rule with the conditions in it, as a node of the same place; NULL when
 * one of them is wrong, which is told where it stands. */
static const struct yaml *with_conditions(struct loader *loader,
                                          const struct yaml *node)
{
    const char *at = node->text, *from = at, *name;
    struct yaml *whole;
    struct buf text;
    size_t len;
    bool is_whole = true;

    buf_init(&text, WHOLE_BYTES);
    while ((name = next_name(&at, &len))) {
        const struct condition *condition = find(loader, name, len);

        if (!condition)
            continue;
        buf_add(&text, from, (size_t)(name - from));
        if (condition->whole)
            buf_add_format(&text, "(%s)", condition->whole->text);
        is_whole = is_whole && condition->whole;
        from = at;
    }
    buf_add_text(&text, from);
    if (text.is_cut)
        item_complain(loader, node,
                      "with its conditions this rule is too long: expected "
                      "simpler ones");
    is_whole = is_whole && !text.is_cut;
    whole = item_make(loader->loaded, sizeof *whole + text.len + 1);
    *whole = *node;
    whole->text_column = 0; /* the file's characters are others */
    whole->text =
        memcpy((char *)whole + sizeof *whole, text.text, text.len + 1);
    buf_done(&text);
    return is_whole ? whole : NULL;
}

/* Marks what is used, and sees that what it needs is known here. */
static bool conditions_hold(struct loader *loader, const struct yaml *node,
                            size_t known)
{
    const char *at = node->text, *name;
    bool is_known = true;
    size_t len;

    while ((name = next_name(&at, &len))) {
        struct condition *condition = find(loader, name, len);

        if (!condition)
            continue;
        condition->is_used = true;
        if (condition->needs <= known)
            continue;
        item_complain(loader, node,
                      "the condition \"%s\" names \"%s\", which is not "
                      "answered yet here: expected an earlier step's answer",
                      condition->name,
                      loader->loaded->names[condition->needs - 1].name);
        is_known = false;
    }
    return is_known;
}

void item_load_rule(struct loader *loader, const struct yaml *node,
                    size_t known, struct rule **into)
{
    struct rule *rule = NULL;
    const struct yaml *whole;

    if (node->is_bad)
        return;
    if (node->kind != YAML_TEXT) {
        item_complain(loader, node,
                      "expected a rule, such as 'county != null'");
        return;
    }
    if (!parse(loader, node, known, &rule))
        return;
    item_literals_check(loader, node);
    if (!names_conditions(loader, node->text)) {
        *into = rule;
        return;
    }
    rule_free(rule);
    if (!conditions_hold(loader, node, known))
        return;
    whole = with_conditions(loader, node);
    if (whole && parse(loader, whole, known, &rule))
        *into = rule;
}

/* ---- Conditions -------------------------------------------------------- */

static void resolve(struct loader *loader, struct condition *condition);

/* False: it stands on itself. */
static bool resolve_named(struct loader *loader, struct condition *condition)
{
    const char *at = condition->rule_node->text, *name;
    size_t len;

    while ((name = next_name(&at, &len))) {
        struct condition *other = find(loader, name, len);
        size_t needs = name_needs(loader, name, len);

        if (other)
            other->is_used = true;
        if (other && other->is_opening) {
            item_complain(loader, condition->rule_node,
                          "the condition \"%s\" stands on itself by \"%s\": "
                          "expected it without",
                          condition->name, other->name);
            return false;
        }
        if (other) {
            resolve(loader, other);
            needs = other->needs;
        }
        if (needs > condition->needs)
            condition->needs = needs;
    }
    return true;
}

static void resolve(struct loader *loader, struct condition *condition)
{
    struct rule *rule = NULL;

    if (condition->whole || condition->is_opening || !condition->rule_node)
        return;
    condition->is_opening = true;
    if (resolve_named(loader, condition) &&
        parse(loader, condition->rule_node, loader->loaded->name_count,
              &rule)) {
        item_literals_check(loader, condition->rule_node);
        condition->whole = with_conditions(loader, condition->rule_node);
    }
    rule_free(rule);
    condition->is_opening = false;
    if (!condition->whole)
        condition->rule_node = NULL; /* told once */
}

static void take(struct loader *loader, const struct yaml *name,
                 const struct yaml *rule)
{
    struct condition *condition;

    if (name->is_bad || rule->is_bad)
        return;
    if (!item_name_is_ok(name->text, false)) {
        item_complain(loader, name,
                      "expected at most 31 of a-z, 0-9 and _: a condition's "
                      "name");
    } else if (item_name_is_reserved(name->text)) {
        item_complain(loader, name,
                      "the name \"%s\" means something else already: choose "
                      "another",
                      name->text);
    } else if (name_needs(loader, name->text, strlen(name->text))) {
        item_complain(loader, name,
                      "\"%s\" is an answer's name already: choose another",
                      name->text);
    } else if (rule->kind != YAML_TEXT) {
        item_complain(loader, rule,
                      "expected a rule, such as 'county != null'");
    } else if (loader->condition_count == ITEM_CONDITIONS_MAX) {
        item_complain(loader, name, "expected at most %d conditions",
                      ITEM_CONDITIONS_MAX);
    } else {
        condition = &loader->conditions[loader->condition_count++];
        *condition = (struct condition){ .name = name->text,
                                         .name_node = name,
                                         .rule_node = rule };
    }
}

void item_conditions_read(struct loader *loader, const struct yaml *root)
{
    const struct yaml *map = yaml_get(root, "conditions");

    if (!map || map->is_bad)
        return;
    if (map->kind != YAML_MAP || map->count == 0) {
        item_complain(loader, map,
                      "expected names and rules, such as adult: age >= 18");
        return;
    }
    for (size_t i = 0; i < map->count; i++)
        take(loader, map->keys[i], map->items[i]);
    for (size_t i = 0; i < loader->condition_count; i++)
        resolve(loader, &loader->conditions[i]);
}

void item_conditions_check(struct loader *loader)
{
    for (size_t i = 0; i < loader->condition_count; i++)
        if (!loader->conditions[i].is_used)
            item_warn(loader, loader->conditions[i].name_node,
                      "no rule names the condition \"%s\": use it or take it "
                      "away",
                      loader->conditions[i].name);
}
