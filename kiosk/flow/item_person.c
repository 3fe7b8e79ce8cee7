/* Card steps of somebody else than the main person, as an item says them: whose
 * card it is, what its answers are called, what may stand beside them. */
#include "kiosk/flow/item_load.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/flow/person.h"

static const char *text_at(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node && node->kind == YAML_TEXT ? node->text : NULL;
}

/* The node with the person's name of such a step, or NULL. */
static const struct yaml *person_node(const struct yaml *step)
{
    const char *screen = text_at(step, "screen");
    const struct yaml *node = yaml_get(step, "person");

    return screen && strcmp(screen, "card") == 0 && node &&
                   node->kind == YAML_TEXT &&
                   item_name_is_ok(node->text, false) &&
                   strlen(node->text) <= PERSON_CHARS_MAX
               ? node
               : NULL;
}

/* Of the steps in the file, whether they are right or not. */
static const struct yaml *steps_of(const struct loader *loader)
{
    const struct yaml *steps = yaml_get(loader->loaded->root, "steps");

    return steps && steps->kind == YAML_LIST ? steps : NULL;
}

const struct yaml *item_person_step(const struct loader *loader,
                                    const char *person)
{
    const struct yaml *steps = steps_of(loader);

    for (size_t i = 0; steps && i < steps->count; i++) {
        const struct yaml *node = person_node(steps->items[i]);

        if (node && strcmp(node->text, person) == 0)
            return steps->items[i];
    }
    return NULL;
}

static bool is_of_card(const char *field)
{
    for (const char *const *known = card_field_names; *known; known++)
        if (strcmp(*known, field) == 0)
            return true;
    return strcmp(field, "age") == 0;
}

const char *item_person_field(const struct loader *loader, const char *name,
                              const struct yaml **ret_step)
{
    const struct yaml *steps = steps_of(loader);

    for (size_t i = 0; steps && i < steps->count; i++) {
        const struct yaml *node = person_node(steps->items[i]);
        size_t len = node ? strlen(node->text) : 0;

        if (!node || strncmp(name, node->text, len) != 0 || name[len] != '_' ||
            !is_of_card(name + len + 1))
            continue;
        if (ret_step)
            *ret_step = steps->items[i];
        return name + len + 1;
    }
    return NULL;
}

/* ---- Names that rules may use ------------------------------------------- */

static const struct {
    const char *field;
    enum rule_kind kind;
} declared[ITEM_PERSON_NAMES] = {
    { "kind", RULE_TEXT },
    { "birth", RULE_TIMESTAMP },
    { "age", RULE_INT },
};

static const char *make_name(struct loader *loader, const char *person,
                             const char *field)
{
    size_t size = strlen(person) + strlen(field) + 2;
    char *name = item_make(loader->loaded, size);

    snprintf(name, size, "%s_%s", person, field);
    return name;
}

void item_person_collect(struct loader *loader, const struct yaml *step)
{
    struct loaded *loaded = loader->loaded;
    const struct yaml *node = person_node(step);

    /* A second one of the same name is told where its step is looked at. */
    if (!node || item_person_step(loader, node->text) != step ||
        loaded->name_count + ITEM_PERSON_NAMES > loaded->name_room)
        return;
    for (int i = 0; i < ITEM_PERSON_NAMES; i++) {
        const char *name = make_name(loader, node->text, declared[i].field);

        if (!item_name_stands(loaded, name))
            loaded->names[loaded->name_count++] =
                (struct rule_declared){ name, declared[i].kind, RULE_ANY };
    }
}

size_t item_person_names(const struct loader *loader, const struct yaml *step)
{
    const struct loaded *loaded = loader->loaded;
    const struct yaml *node = person_node(step), *of = NULL;
    size_t count = 0;

    while (node && loader->known + count < loaded->name_count &&
           item_person_field(loader, loaded->names[loader->known + count].name,
                             &of) &&
           of == step)
        count++;
    return count;
}

bool item_person_claims(struct loader *loader, const struct yaml *answer)
{
    const struct yaml *step = NULL;

    if (!item_person_field(loader, answer->text, &step))
        return false;
    item_complain(loader, answer,
                  "\"%s\" is what the card of \"%s\" answers: choose another "
                  "name",
                  answer->text, text_at(step, "person"));
    return true;
}

static bool lists_name(const struct yaml *list, const char *name)
{
    for (size_t i = 0; list && list->kind == YAML_LIST && i < list->count; i++)
        if (list->items[i]->kind == YAML_TEXT &&
            strcmp(list->items[i]->text, name) == 0)
            return true;
    return false;
}

bool item_birth_is_kept(struct loader *loader, const struct yaml *node,
                        const char *name)
{
    const struct yaml *step = NULL;

    if (strcmp(name, "card_birth") == 0 &&
        lists_name(yaml_get(loader->loaded->root, "card_fields"), "birth"))
        return true;
    if (strcmp(name, "card_birth") == 0) {
        item_complain(loader, node,
                      "\"card_birth\" is never answered: expected birth among "
                      "card_fields");
        return false;
    }
    (void)item_person_field(loader, name, &step);
    if (lists_name(yaml_get(step, "fields"), "birth"))
        return true;
    item_complain(loader, node,
                  "\"%s\" is never answered: expected birth among the fields "
                  "of \"%s\"",
                  name, text_at(step, "person"));
    return false;
}

/* ---- Mistakes ------------------------------------------------------------ */

/* What makes sense only beside a person, and a person only beside it. */
static void check_keys(struct loader *loader, const struct yaml *node,
                       const struct yaml *person)
{
    static const struct {
        const char *key, *means;
    } beside[] = {
        { "role", "who it is, for people" },
        { "fields", "what is kept of their card" },
    };

    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        const struct yaml *given = yaml_get(node, beside[i].key);

        if (person && !given)
            item_complain(loader, person,
                          "a step with \"person\" lacks \"%s\": %s",
                          beside[i].key, beside[i].means);
        if (!person && given)
            item_complain(loader, given,
                          "\"%s\" belongs to the card of another person: "
                          "expected person: NAME, too",
                          beside[i].key);
    }
}

/* Another step that is called so, or answers by it. */
static bool is_of_step(const struct loader *loader, const struct yaml *own,
                       const char *name)
{
    const struct yaml *steps = steps_of(loader);

    for (size_t i = 0; steps && i < steps->count; i++) {
        const char *id = text_at(steps->items[i], "id");
        const char *answer = text_at(steps->items[i], "answer");

        if (steps->items[i] != own && ((id && strcmp(id, name) == 0) ||
                                       (answer && strcmp(answer, name) == 0)))
            return true;
    }
    return false;
}

static void check_name(struct loader *loader, const struct yaml *node,
                       const struct yaml *person)
{
    const char *name = person->text;

    if (strlen(name) > PERSON_CHARS_MAX)
        item_complain(loader, person,
                      "expected at most %d characters: what is read of the "
                      "card is called by it",
                      PERSON_CHARS_MAX);
    else if (strcmp(name, "card") == 0 || strcmp(name, "shared") == 0 ||
             item_name_is_reserved(name))
        item_complain(loader, person,
                      "the name \"%s\" means something else already: choose "
                      "another",
                      name);
    else if (item_person_step(loader, name) != node)
        item_complain(loader, person,
                      "another step reads the card of \"%s\" already", name);
    else if (is_of_step(loader, node, name))
        item_complain(loader, person,
                      "another step is called \"%s\": choose another name for "
                      "the person",
                      name);
}

static size_t count_persons(const struct loader *loader,
                            const struct yaml *until)
{
    const struct yaml *steps = steps_of(loader);
    size_t count = 0;

    for (size_t i = 0; steps && i < steps->count; i++) {
        count += person_node(steps->items[i]) != NULL;
        if (steps->items[i] == until)
            break;
    }
    return count;
}

void item_person_check(struct loader *loader, const struct yaml *node)
{
    const struct yaml *person = yaml_get(node, "person");
    const struct yaml *fields = yaml_get(node, "fields");
    const struct yaml *root = loader->loaded->root;

    check_keys(loader, node, person);
    if (!person || person->kind != YAML_TEXT ||
        !item_name_is_ok(person->text, false))
        return;
    check_name(loader, node, person);
    if (fields && fields->kind == YAML_LIST && !lists_name(fields, "number"))
        item_complain(loader, fields,
                      "expected number among them: it tells people apart");
    if (count_persons(loader, node) == PERSONS_MAX + 1)
        item_complain(loader, person,
                      "expected at most %d persons beside the main one",
                      PERSONS_MAX);
    if (yaml_get(root, "anonymous"))
        item_complain(loader, person,
                      "an anonymous case holds nothing of any card: expected "
                      "no person, or no \"anonymous\"");
}

void item_person_check_own(struct loader *loader, const struct yaml *node)
{
    const struct yaml *fields = yaml_get(loader->loaded->root, "card_fields");

    if (count_persons(loader, NULL) > 0 && fields &&
        fields->kind == YAML_LIST && fields->count > 0 &&
        !lists_name(fields, "number"))
        item_complain(loader, node,
                      "another person's card is read, too: expected number "
                      "among card_fields, which tells people apart");
}

void item_person_cards_check(struct loader *loader, const struct yaml *name)
{
    if (!item_person_step(loader, name->text))
        item_complain(loader, name,
                      "\"%.60s\" is no person of this item: expected the "
                      "person of a card step",
                      name->text);
}
