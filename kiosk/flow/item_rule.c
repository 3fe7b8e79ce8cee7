/* Rules of an item, and conditions: rules with a name, which other rules use as
 * if they stood there in brackets.
 *
 * A rule is read with the conditions as names of their own, so that every
 * mistake has its place.  Where it names one it is read again, with the
 * conditions put in, which is what is kept. */
#include "kiosk/flow/item_load.h"

#include <string.h>

#include "kiosk/base/mem.h"

enum { USES_MAX = RULE_BYTES_MAX / 2 };

static size_t name_count(const struct loader *loader)
{
    return loader->loaded->name_count;
}

/* Where conditions stand in a rule, in the order of its text. */
struct uses {
    const struct loader *loader;
    size_t known; /* the item's names before those of the conditions */
    size_t needs; /* how many of them must be known */
    size_t count;
    const char *birth; /* card_birth or another person's, where named */
    struct named {
        size_t condition, at;
    } list[USES_MAX];
};

static bool is_birth(const struct loader *loader, const char *name)
{
    const char *field = item_person_field(loader, name, NULL);

    return strcmp(name, "card_birth") == 0 ||
           (field && strcmp(field, "birth") == 0);
}

static void on_use(void *owner, const struct rule_use *use)
{
    struct uses *uses = owner;

    if (use->index >= uses->known)
        uses->list[uses->count++] =
            (struct named){ use->index - uses->known, use->at };
    else if (use->index >= uses->needs)
        uses->needs = use->index + 1;
    if (is_birth(uses->loader, use->name))
        uses->birth = use->name;
}

static struct uses *find_uses(const struct loader *loader,
                              const struct rule_program *program, size_t known)
{
    struct uses *uses = mem_new(sizeof *uses);

    uses->loader = loader;
    uses->known = known;
    rule_program_each_use(program, on_use, uses);
    return uses;
}

/* ---- Parsing ------------------------------------------------------------ */

static bool parse_with(struct loader *loader, const struct yaml *node,
                       const struct rule_names *names, bool is_value,
                       struct rule_program **ret_program)
{
    enum rule_kind wanted = is_value ? RULE_ANY : RULE_BOOL;
    bool has_columns = node->text_column > 0;
    const struct rule_source source = {
        .file = node->file ? node->file : loader->file,
        .line = node->line,
        .column = has_columns ? node->text_column : node->column,
        .has_columns = has_columns,
        .text = node->text,
        .len = strlen(node->text),
    };
    struct rule_program *program = NULL;

    if (rule_program_parse(&source, names, loader->problems, &program))
        return false;
    if (rule_program_check(program, wanted, loader->problems)) {
        rule_program_free(program);
        return false;
    }
    *ret_program = program;
    return true;
}

/* With the conditions as names of their own, behind those that answers have. */
static const struct rule_declared *first_names(struct loader *loader,
                                               size_t known)
{
    struct rule_declared *list = loader->first_names[known];

    if (loader->condition_count == 0)
        return loader->loaded->names;
    if (list)
        return list;
    list = item_make(loader->loaded,
                     (known + loader->condition_count) * sizeof *list);
    memcpy(list, loader->loaded->names, known * sizeof *list);
    for (size_t i = 0; i < loader->condition_count; i++)
        list[known + i] = (struct rule_declared){ loader->conditions[i].name,
                                                  RULE_BOOL, RULE_ANY };
    loader->first_names[known] = list;
    return list;
}

static bool parse_first(struct loader *loader, const struct yaml *node,
                        size_t known, bool is_value,
                        struct rule_program **ret_program)
{
    const struct rule_names names = { first_names(loader, known),
                                      known + loader->condition_count };

    if (!parse_with(loader, node, &names, is_value, ret_program))
        return false;
    rule_program_doubt(*ret_program, loader->problems);
    return true;
}

/* ---- Conditions put in -------------------------------------------------- */

/* Past the name that stands there; a point before it belongs to it. */
static size_t past_name(const char *text, size_t at, const char *name)
{
    if (text[at] == '.')
        at += 1 + strspn(text + at + 1, " \t\r\n");
    return at + strlen(name);
}

/* The rule with the conditions in it, as a node of the same place; NULL when
 * one of them is wrong, which is told where it stands.  A condition may end in a
 * comment: its bracket closes on the next line. */
static const struct yaml *with_conditions(struct loader *loader,
                                          const struct yaml *node,
                                          const struct uses *uses)
{
    struct yaml *whole;
    struct buf text;
    size_t from = 0;
    bool is_whole = true;

    if (uses->count == 0)
        return node;
    buf_init(&text, RULE_BYTES_MAX);
    for (size_t i = 0; i < uses->count; i++) {
        const struct named *named = &uses->list[i];
        const struct condition *condition =
            &loader->conditions[named->condition];

        buf_add(&text, node->text + from, named->at - from);
        if (condition->whole)
            buf_add_format(&text, "(%s\n)", condition->whole->text);
        is_whole = is_whole && condition->whole;
        from = past_name(node->text, named->at, condition->name);
    }
    buf_add_text(&text, node->text + from);
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
                            const struct uses *uses)
{
    bool is_known = true;

    for (size_t i = 0; i < uses->count; i++) {
        struct condition *condition =
            &loader->conditions[uses->list[i].condition];

        condition->is_used = true;
        if (condition->needs <= uses->known)
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

/* ---- What a rule stands on ---------------------------------------------- */

/* Read now, so that no file is read when the rule is asked. */
static void find_divisions(struct loader *loader, struct rule *rule)
{
    static const char *const names[DIVISION_LISTS] = { "counties",
                                                       "townships" };

    for (size_t i = 0; i < DIVISION_LISTS; i++)
        if (lists_get(loader->lists, names[i], loader->problems,
                      &rule->divisions[i]))
            rule->divisions[i] = NULL; /* its mistakes are told */
}

/* Takes the program of the rule as it is written; one with conditions put in is
 * read again. */
static struct rule *make_rule_take(struct loader *loader,
                                   const struct yaml *whole,
                                   const struct uses *uses, bool is_value,
                                   struct rule_program *program)
{
    const struct rule_names names = { loader->loaded->names, uses->known };
    struct rule *rule;

    if (uses->count > 0) {
        rule_program_free(program);
        if (!parse_with(loader, whole, &names, is_value, &program))
            return NULL;
    }
    rule = mem_new(sizeof *rule);
    *rule = (struct rule){ .program = program,
                           .text = whole->text,
                           .names = names.list,
                           .known = names.count,
                           .is_value = is_value };
    if (strstr(whole->text, "division_name"))
        find_divisions(loader, rule);
    return rule;
}

static struct rule_program *parse_late(const struct rule *rule)
{
    const struct rule_names names = { rule->names, rule->known };
    const struct rule_source source = { .file = "",
                                        .line = 1,
                                        .column = 1,
                                        .text = rule->text,
                                        .len = strlen(rule->text) };
    struct problems problems;
    struct rule_program *program = NULL;

    problems_init(&problems);
    if (!rule_program_parse(&source, &names, &problems, &program) &&
        rule_program_check(program, rule->is_value ? RULE_ANY : RULE_BOOL,
                           &problems)) {
        rule_program_free(program);
        program = NULL;
    }
    problems_done(&problems);
    return program;
}

const struct rule_program *item_rule_program(const struct rule *rule)
{
    /* The program is what the text says, whoever asks first. */
    struct rule *kept = (struct rule *)rule;

    if (!rule->program)
        kept->program = parse_late(rule);
    return rule->program;
}

void item_rule_free(struct rule *rule)
{
    if (rule)
        rule_program_free(rule->program);
    mem_free(rule);
}

static void finish_rule_take(struct loader *loader, const struct yaml *node,
                             const struct uses *uses, bool is_value,
                             struct rule_program *program, struct rule **into)
{
    const struct yaml *whole = NULL;

    if (conditions_hold(loader, node, uses) &&
        (!uses->birth || item_birth_is_kept(loader, node, uses->birth)))
        whole = with_conditions(loader, node, uses);
    if (whole)
        *into = make_rule_take(loader, whole, uses, is_value, program);
    else
        rule_program_free(program);
}

static void load(struct loader *loader, const struct yaml *node, size_t known,
                 bool is_value, struct rule **into)
{
    struct rule_program *program;

    if (node->is_bad)
        return;
    if (node->kind != YAML_TEXT) {
        item_complain(loader, node, "expected a rule, such as '%s'",
                      is_value ? "int(rooms) * 2" : "county != null");
        return;
    }
    if (!parse_first(loader, node, known, is_value, &program))
        return;
    item_literals_check(loader, node, program);
    item_group_parts_check(loader, node);
    struct uses *uses = find_uses(loader, program, known);
    finish_rule_take(loader, node, uses, is_value, program, into);
    mem_free(uses);
}

void item_load_rule(struct loader *loader, const struct yaml *node,
                    size_t known, struct rule **into)
{
    load(loader, node, known, false, into);
}

void item_load_value_rule(struct loader *loader, const struct yaml *node,
                          size_t known, struct rule **into)
{
    load(loader, node, known, true, into);
}

/* ---- Conditions -------------------------------------------------------- */

static void resolve(struct loader *loader, struct condition *condition);

/* False: it stands on itself. */
static bool resolve_named(struct loader *loader, struct condition *condition,
                          const struct uses *uses)
{
    condition->needs = uses->needs;
    for (size_t i = 0; i < uses->count; i++) {
        struct condition *other = &loader->conditions[uses->list[i].condition];

        other->is_used = true;
        if (other->is_opening) {
            item_complain(loader, condition->rule_node,
                          "the condition \"%s\" stands on itself by \"%s\": "
                          "expected it without",
                          condition->name, other->name);
            return false;
        }
        resolve(loader, other);
        if (other->needs > condition->needs)
            condition->needs = other->needs;
    }
    return true;
}

static void read_condition(struct loader *loader, struct condition *condition)
{
    const struct yaml *node = condition->rule_node;
    struct rule_program *program;

    if (!parse_first(loader, node, name_count(loader), false, &program))
        return;
    item_literals_check(loader, node, program);
    item_group_parts_check(loader, node);
    struct uses *uses = find_uses(loader, program, name_count(loader));
    rule_program_free(program);
    if (resolve_named(loader, condition, uses) &&
        (!uses->birth || item_birth_is_kept(loader, node, uses->birth)))
        condition->whole = with_conditions(loader, node, uses);
    mem_free(uses);
}

static void resolve(struct loader *loader, struct condition *condition)
{
    if (condition->whole || condition->is_opening || !condition->rule_node)
        return;
    condition->is_opening = true;
    read_condition(loader, condition);
    condition->is_opening = false;
    if (!condition->whole)
        condition->rule_node = NULL; /* told once */
}

static bool is_answer(const struct loader *loader, const char *name)
{
    for (size_t i = 0; i < name_count(loader); i++)
        if (strcmp(loader->loaded->names[i].name, name) == 0)
            return true;
    return false;
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
    } else if (is_answer(loader, name->text)) {
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
