/* What the table of keys cannot say of what goes with a question beside its
 * type, and of what is computed. */
#include "kiosk/flow/item_load.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/card.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/person.h"
#include "kiosk/flow/walk.h"

enum { VALUE_BYTES = 4096, SOURCES_MAX = 1024, SOURCE_BYTES = 96 };

static const char *text_of(const struct yaml *node, const char *key)
{
    const struct yaml *value = yaml_get(node, key);

    return value && value->kind == YAML_TEXT ? value->text : NULL;
}

/* ---- Prefill: its sources ------------------------------------------------ */

/* Those whose service there is not yet. */
static const char *lacks(const char *name)
{
    return strcmp(name, "e_certificate") == 0
               ? "the service of electronic certificates comes"
               : NULL;
}

/* What may stand in the list here: earlier answers, then the card's fields that
 * the item keeps. */
struct sources {
    char names[SOURCES_MAX][SOURCE_BYTES];
    const char *at[SOURCES_MAX];
    size_t count;
};

static void add_source(struct sources *sources, const char *prefix,
                       const char *name)
{
    char *into = sources->names[sources->count];

    if (sources->count == SOURCES_MAX)
        return;
    snprintf(into, SOURCE_BYTES, "%s%s", prefix, name);
    sources->at[sources->count++] = into;
}

/* What is kept of the cards of others that were asked for before. */
static void find_persons(const struct loader *loader, struct sources *sources)
{
    const struct item *item = loader->item;
    char prefix[PERSON_NAME_BYTES];

    for (size_t i = 0; i < item->step_count && item->steps[i].id; i++) {
        const struct step *step = &item->steps[i];

        if (!step->person)
            continue;
        snprintf(prefix, sizeof prefix, "%s_", step->person);
        for (size_t j = 0; step->fields && step->fields[j]; j++)
            add_source(sources, prefix, step->fields[j]);
    }
}

static void find_sources(const struct loader *loader, struct sources *sources)
{
    const struct loaded *loaded = loader->loaded;
    const struct yaml *fields = yaml_get(loaded->root, "card_fields");

    sources->count = 0;
    for (size_t i = ITEM_NAMES_BUILT_IN; i < loader->known; i++)
        add_source(sources, "", loaded->names[i].name);
    for (size_t i = 0; fields && fields->kind == YAML_LIST && i < fields->count;
         i++)
        if (fields->items[i]->kind == YAML_TEXT)
            add_source(sources, "card_", fields->items[i]->text);
    find_persons(loader, sources);
}

static bool is_source(const struct sources *sources, const char *name)
{
    for (size_t i = 0; i < sources->count; i++)
        if (strcmp(sources->at[i], name) == 0)
            return true;
    return false;
}

/* A later step answers it, or this one. */
static bool is_later(const struct loader *loader, const char *name)
{
    const struct loaded *loaded = loader->loaded;

    for (size_t i = loader->known; i < loaded->name_count; i++)
        if (strcmp(loaded->names[i].name, name) == 0)
            return true;
    return false;
}

static bool is_of_card(const char *name)
{
    return strncmp(name, "card_", 5) == 0;
}

static void refuse_source(struct loader *loader, const struct yaml *node,
                          const struct sources *sources)
{
    const char *near = yaml_nearest(node->text, sources->at, sources->count);

    if (lacks(node->text))
        item_complain(loader, node,
                      "\"%s\" is not accepted yet: %s in a later version; "
                      "expected an earlier answer or card_…",
                      node->text, lacks(node->text));
    else if (!is_later(loader, node->text) && item_shared_refuses(loader, node))
        return;
    else if (is_later(loader, node->text))
        item_complain(loader, node,
                      "\"%s\" is not answered yet here: expected an earlier "
                      "step's answer",
                      node->text);
    else if (near)
        item_complain(loader, node,
                      "nothing answers \"%.60s\" before; did you mean \"%s\"?",
                      node->text, near);
    else
        item_complain(loader, node,
                      "nothing answers \"%.60s\" before: expected an earlier "
                      "answer, or card_… of the card_fields",
                      node->text);
}

static void load_source(struct loader *loader, const struct yaml *node,
                        const char **into)
{
    struct sources *sources = mem_new(sizeof *sources);

    find_sources(loader, sources);
    if (node->kind != YAML_TEXT)
        item_complain(loader, node, "expected a name, such as card_name");
    else if (!is_source(sources, node->text))
        refuse_source(loader, node, sources);
    else if (is_of_card(node->text) &&
             yaml_get(loader->loaded->root, "anonymous"))
        item_complain(loader, node,
                      "an anonymous case holds nothing of a card: expected an "
                      "earlier answer");
    else
        *into = node->text;
    mem_free(sources);
}

void item_load_sources(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, const char ***into)
{
    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected a list of 1 to %zu names: %s",
                      row->limit, row->means);
        return;
    }
    if (*into)
        return;
    *into = mem_new((node->count + 1) * sizeof **into);
    for (size_t i = 0; i < node->count; i++)
        load_source(loader, node->items[i], &(*into)[i]);
}

/* ---- Prefill: its page --------------------------------------------------- */

static bool card_is_before(const struct loader *loader, const struct step *step)
{
    for (const struct step *other = loader->item->steps; other < step; other++)
        if (other->screen && strcmp(other->screen, "card") == 0)
            return true;
    return false;
}

static void check_prefill(struct loader *loader, const struct yaml *node,
                          const struct step *step)
{
    const struct yaml *list = yaml_get(node, "prefill");

    for (size_t i = 0;
         step->prefill && list->kind == YAML_LIST && i < list->count; i++)
        if (step->prefill[i] && is_of_card(step->prefill[i]) &&
            !card_is_before(loader, step))
            item_complain(loader, list->items[i],
                          "no card is read before: expected a step with "
                          "screen: card before this");
}

static void check_fixed(struct loader *loader, const struct yaml *node,
                        const struct step *step)
{
    const struct yaml *at = yaml_get(node, "fixed");

    if (!step->is_fixed)
        return;
    if (!yaml_get(node, "prefill"))
        item_complain(loader, at,
                      "nothing stands there that could not be changed: "
                      "expected prefill beside it");
    for (size_t i = 0; i < step->allowed_count; i++)
        if (step->allowed[i].severity == ALLOWED_ERROR) {
            item_complain(loader, at,
                          "nobody could correct what \"%s\" does not allow: "
                          "expected a stop, or no fixed",
                          step->allowed[i].id ? step->allowed[i].id : "");
            return;
        }
}

/* ---- Default ------------------------------------------------------------- */

static bool is_row(const struct step *step, const char *value)
{
    if (step->list)
        return list_find(step->list, value) != NULL;
    for (size_t i = 0; i < step->option_count; i++)
        if (step->options[i].value &&
            strcmp(step->options[i].value, value) == 0)
            return true;
    return false;
}

static void check_written(struct loader *loader, const struct yaml *at,
                          const struct step *step)
{
    const char *expected = NULL;
    struct buf value, words;

    buf_init(&value, VALUE_BYTES);
    buf_init(&words, VALUE_BYTES);
    if (walk_accept(step, step->default_value, &value, &expected)) {
        walk_expected(step, expected, LANGUAGE_EN, &words);
        item_complain(loader, at, "the field does not take this: expected %s",
                      words.text);
    } else if (strcmp(value.text, step->default_value) != 0) {
        item_complain(loader, at, "expected it as it is sent: %s", value.text);
    }
    buf_done(&words);
    buf_done(&value);
}

static void check_default(struct loader *loader, const struct yaml *node,
                          struct step *step)
{
    const struct yaml *at = yaml_get(node, "default");
    const struct yaml *type = yaml_get(node, "type");

    if (!at || !step->default_value)
        return;
    if (loader->screen == ON_CHOICE) {
        /* Options that are refused are told already. */
        if ((step->list || step->option_count > 0) &&
            !is_row(step, step->default_value))
            item_complain(loader, at,
                          "\"%.60s\" cannot be chosen here: expected a value "
                          "of its options",
                          step->default_value);
    } else if (type && type->kind == YAML_TEXT &&
               strcmp(field_kind(step->type)->name, type->text) == 0) {
        check_written(loader, at, step);
    }
}

/* ---- Mask ---------------------------------------------------------------- */

static void check_mask(struct loader *loader, const struct yaml *node,
                       const struct step *step)
{
    const struct yaml *at = yaml_get(node, "mask");
    const struct field_kind *kind = field_kind(step->type);

    if (!at || !yaml_get(node, "type"))
        return;
    if (kind->is_personal)
        item_complain(loader, at, "%s is always masked: expected no mask here",
                      kind->name);
    else if (!step->is_masked && strcmp(at->text, "false") == 0)
        item_complain(loader, at,
                      "without mask it is not masked: expected mask: true, or "
                      "none");
}

/* ---- Steps --------------------------------------------------------------- */

static void refuse_of_paper(struct loader *loader, const struct yaml *node)
{
    static const char *const keys[] = { "required", "allowed", "default",
                                        "prefill", "fixed" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (yaml_get(node, keys[i]))
            item_complain(loader, yaml_get(node, keys[i]),
                          "of a paper material says all: expected no \"%s\" "
                          "beside it",
                          keys[i]);
}

void item_asked_check(struct loader *loader, const struct yaml *node,
                      struct step *step)
{
    if (yaml_get(node, "material")) {
        refuse_of_paper(loader, node);
        return;
    }
    check_prefill(loader, node, step);
    check_fixed(loader, node, step);
    check_default(loader, node, step);
    if (loader->screen == ON_FIELD)
        check_mask(loader, node, step);
}

void item_computed_check(struct loader *loader, const struct yaml *node,
                         struct step *step)
{
    const struct yaml *type = yaml_get(node, "type");

    if (!type)
        step->type = FIELD_TYPE_TEXT;
    else if (step->type == FIELD_TYPE_YES_NO)
        item_complain(loader, type,
                      "yes_no is chosen: expected another type, or none");
    if (yaml_get(node, "fen") && step->type != FIELD_TYPE_MONEY)
        item_complain(loader, yaml_get(node, "fen"),
                      "only what is of type money has fen");
    check_mask(loader, node, step);
}

/* ---- Hidden -------------------------------------------------------------- */

bool item_is_hidden(const struct loader *loader, const char *name, size_t len)
{
    const struct yaml *steps = yaml_get(loader->loaded->root, "steps");

    for (size_t i = 0; steps && steps->kind == YAML_LIST && i < steps->count;
         i++) {
        const struct yaml *step = steps->items[i];
        const char *hidden = text_of(step, "hidden");
        const char *answer = text_of(step, "answer");

        if (!answer)
            answer = text_of(step, "id");
        if (hidden && strcmp(hidden, "true") == 0 && answer &&
            strlen(answer) == len && memcmp(answer, name, len) == 0)
            return true;
    }
    return false;
}
