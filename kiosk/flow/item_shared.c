/* Steps that ask for what other offices have on record, as an item says them:
 * which records, what rules may name of them, what a test has come. */
#include "kiosk/flow/item_load.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/shared.h"

static const char *text_at(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node && node->kind == YAML_TEXT ? node->text : NULL;
}

static bool is_shared(const struct yaml *step)
{
    const char *screen = text_at(step, "screen");

    return screen && strcmp(screen, "shared") == 0;
}

static bool lists_kind(const struct yaml *step, const char *kind)
{
    const struct yaml *list = yaml_get(step, "records");

    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->count; i++)
        if (list->items[i]->kind == YAML_TEXT &&
            strcmp(list->items[i]->text, kind) == 0)
            return true;
    return false;
}

/* ---- Which records -------------------------------------------------------- */

static const char *nearest_kind(const char *name)
{
    const char *known[SHARED_KINDS];

    for (size_t i = 0; i < SHARED_KINDS; i++)
        known[i] = shared_kinds[i].name;
    return yaml_nearest(name, known, SHARED_KINDS);
}

static void refuse_kind(struct loader *loader, const struct yaml *node)
{
    const char *near =
        node->kind == YAML_TEXT ? nearest_kind(node->text) : NULL;

    item_complain(loader, node,
                  "no such record%s%s%s: expected person, household, "
                  "insurance, vehicle or enterprise",
                  near ? "; did you mean \"" : "", near ? near : "",
                  near ? "\"?" : "");
}

void item_load_records(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, const char ***into)
{
    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected a list of 1 to %zu records: %s",
                      row->limit, row->means);
        return;
    }
    if (*into)
        return;
    *into = mem_new((node->count + 1) * sizeof **into);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *entry = node->items[i];
        bool is_known =
            entry->kind == YAML_TEXT && shared_kind_find(entry->text);
        bool is_twice = false;

        for (size_t j = 0; is_known && j < i; j++)
            is_twice = is_twice ||
                       strcmp((*into)[j] ? (*into)[j] : "", entry->text) == 0;
        if (!is_known)
            refuse_kind(loader, entry);
        else if (is_twice)
            item_complain(loader, entry, "\"%s\" stands here twice",
                          entry->text);
        (*into)[i] = is_known ? entry->text : "";
    }
}

/* ---- Names that rules may use --------------------------------------------- */

static const char *make_name(struct loader *loader,
                             const struct shared_kind *kind,
                             const struct shared_field *field)
{
    char *name = item_make(loader->loaded, SHARED_NAME_BYTES);

    shared_name(kind, field, name);
    return name;
}

/* A kind that an earlier step asks for is told where the step is looked at. */
static void add_name(struct loader *loader, const struct shared_kind *kind,
                     const struct shared_field *field)
{
    struct loaded *loaded = loader->loaded;
    const char *name = make_name(loader, kind, field);

    if (loaded->name_count < loaded->name_room &&
        !item_name_stands(loaded, name))
        loaded->names[loaded->name_count++] =
            (struct rule_declared){ name, RULE_TEXT, RULE_ANY };
}

void item_shared_collect(struct loader *loader, const struct yaml *step)
{
    if (!is_shared(step))
        return;
    for (size_t i = 0; i < SHARED_KINDS; i++) {
        const struct shared_kind *kind = &shared_kinds[i];

        if (!lists_kind(step, kind->name))
            continue;
        add_name(loader, kind, NULL);
        for (size_t j = 0; kind->fields[j].name; j++)
            add_name(loader, kind, &kind->fields[j]);
    }
}

size_t item_shared_names(const struct loader *loader, const struct yaml *step,
                         size_t from)
{
    const struct loaded *loaded = loader->loaded;
    const struct shared_kind *kind;
    const struct shared_field *field;
    size_t count = 0;

    while (is_shared(step) && from + count < loaded->name_count &&
           shared_parse(loaded->names[from + count].name, &kind, &field) &&
           lists_kind(step, kind->name))
        count++;
    return count;
}

bool item_shared_is_name(const char *name)
{
    return strncmp(name, "shared_", strlen("shared_")) == 0;
}

void item_shared_values(const char *name,
                        void (*on_value)(void *owner, const char *value),
                        void *owner)
{
    const struct shared_kind *kind;
    const struct shared_field *field;

    if (!shared_parse(name, &kind, &field) || !field ||
        field->shape != SHARED_WORD)
        return;
    for (const struct shared_word *word = field->words; word->value; word++)
        on_value(owner, word->value);
}

/* ---- Mistakes ------------------------------------------------------------- */

static bool lists_text(const struct yaml *list, const char *text)
{
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->count; i++)
        if (list->items[i]->kind == YAML_TEXT &&
            strcmp(list->items[i]->text, text) == 0)
            return true;
    return false;
}

static bool card_is_before(const struct yaml *steps, size_t at)
{
    for (size_t i = 0; i < at; i++) {
        const char *screen = text_at(steps->items[i], "screen");

        if (screen && strcmp(screen, "card") == 0 &&
            !yaml_get(steps->items[i], "person"))
            return true;
    }
    return false;
}

static void check_person(struct loader *loader, const struct yaml *steps,
                         size_t at)
{
    const struct yaml *root = loader->loaded->root;
    const struct yaml *node = steps->items[at];

    if (!card_is_before(steps, at))
        item_complain(loader, node,
                      "whose records? expected a step with screen: card "
                      "before this");
    else if (!lists_text(yaml_get(root, "card_fields"), "number"))
        item_complain(loader, node,
                      "records are found by the card's number: expected "
                      "number among card_fields");
    if (yaml_get(root, "anonymous"))
        item_complain(loader, node,
                      "an anonymous case holds nothing of the person: "
                      "expected no records, or no \"anonymous\"");
}

static void check_once(struct loader *loader, const struct yaml *steps,
                       size_t at)
{
    const struct yaml *list = yaml_get(steps->items[at], "records");

    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->count; i++)
        for (size_t j = 0; j < at; j++)
            if (list->items[i]->kind == YAML_TEXT &&
                is_shared(steps->items[j]) &&
                lists_kind(steps->items[j], list->items[i]->text))
                item_complain(loader, list->items[i],
                              "an earlier step asks for \"%s\" already",
                              list->items[i]->text);
}

/* What nobody uses is asked of no office. */
static void check_used(struct loader *loader, const struct yaml *node)
{
    const struct yaml *list = yaml_get(node, "records");

    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->count;
         i++) {
        const struct yaml *entry = list->items[i];
        const struct shared_kind *kind =
            entry->kind == YAML_TEXT ? shared_kind_find(entry->text) : NULL;

        if (kind && !shared_is_used(loader->item, kind, NULL))
            item_warn(loader, entry,
                      "nothing uses the record \"%s\": expected a rule or a "
                      "prefill that names shared_%s_%s or the like, or the "
                      "record taken away",
                      kind->name, kind->name, kind->fields[0].name);
    }
}

void item_shared_check(struct loader *loader, const struct yaml *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        if (!is_shared(steps->items[i]))
            continue;
        check_person(loader, steps, i);
        check_once(loader, steps, i);
        check_used(loader, steps->items[i]);
    }
}

bool item_shared_refuses(struct loader *loader, const struct yaml *node)
{
    const struct shared_kind *kind;
    const struct shared_field *field;

    if (!item_shared_is_name(node->text))
        return false;
    if (shared_parse(node->text, &kind, &field))
        item_complain(loader, node,
                      "nothing asks for that record before: expected a step "
                      "with screen: shared and records: [%s] before this",
                      kind->name);
    else
        return false;
    return true;
}

/* ---- What a test has come ------------------------------------------------- */

static bool is_asked(const struct loader *loader, const char *kind)
{
    const struct yaml *steps = yaml_get(loader->loaded->root, "steps");

    for (size_t i = 0; steps && steps->kind == YAML_LIST && i < steps->count;
         i++)
        if (is_shared(steps->items[i]) && lists_kind(steps->items[i], kind))
            return true;
    return false;
}

static void check_field(struct loader *loader, const struct shared_kind *kind,
                        const struct yaml *key, const struct yaml *value)
{
    const struct shared_field *field = shared_field_find(kind, key->text);
    const char *known[SHARED_FIELDS_MAX + 1] = { "as_of" };
    size_t count = 1;

    for (size_t i = 0; kind->fields[i].name; i++)
        known[count++] = kind->fields[i].name;
    const char *near = yaml_nearest(key->text, known, count);
    if (value->kind != YAML_TEXT)
        item_complain(loader, value, "expected a text");
    else if (strcmp(key->text, "as_of") == 0) {
        if (!shared_is_day(value->text))
            item_complain(loader, value,
                          "expected a day such as 2025-11-20: when the record "
                          "was made");
    } else if (!field)
        item_complain(loader, key, "the record \"%s\" has no \"%.60s\"%s%s%s",
                      kind->name, key->text, near ? "; did you mean \"" : "",
                      near ? near : "", near ? "\"?" : "");
    else if (!shared_is_value(field, value->text))
        item_complain(loader, value,
                      "\"%.60s\" is no value of shared_%s_%s: expected one "
                      "such as %s",
                      value->text, kind->name, field->name, field->sample);
}

void item_load_test_records(struct loader *loader, const struct yaml *node)
{
    if (node->kind != YAML_MAP) {
        item_complain(loader, node, "expected records and their fields");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *key = node->keys[i], *fields = node->items[i];
        const struct shared_kind *kind = shared_kind_find(key->text);

        if (!kind)
            refuse_kind(loader, key);
        else if (!is_asked(loader, kind->name))
            item_complain(loader, key, "no step asks for the record \"%s\"",
                          kind->name);
        else if (fields->kind != YAML_MAP)
            item_complain(loader, fields, "expected fields and their values");
        for (size_t j = 0;
             kind && fields->kind == YAML_MAP && j < fields->count; j++)
            check_field(loader, kind, fields->keys[j], fields->items[j]);
    }
}

enum err item_shared_lay(struct answers *answers, const struct item *item,
                         const struct step *step, const struct yaml *test)
{
    const struct yaml *said = yaml_get(test, "records");
    const char *today = text_at(test, "today");
    struct shared_record records[SHARED_KINDS] = { { .day = NULL } };

    for (size_t i = 0; i < SHARED_KINDS; i++) {
        const struct shared_kind *kind = &shared_kinds[i];
        const struct yaml *record = yaml_get(said, kind->name);

        if (!record || !shared_asks(step, kind))
            continue;
        records[i].day = text_at(record, "as_of");
        if (!records[i].day)
            records[i].day = today ? today : "2026-01-01";
        for (size_t j = 0; kind->fields[j].name; j++)
            records[i].values[j] = text_at(record, kind->fields[j].name);
    }
    return shared_take(answers, item, step, records);
}
