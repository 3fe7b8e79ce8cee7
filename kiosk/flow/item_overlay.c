/* An overlay: what a county says otherwise of a city's item, laid over it while
 * both are still YAML, so that every node keeps its own file and line.
 *
 * A key that stands in the overlay takes the place of the item's.  Steps,
 * options, stops and lines are found by their id (an option by its value) and
 * laid over one by one; one that the item has not is new, and says after (or
 * before) which it stands.  What a case means to the office cannot be changed. */
#include "kiosk/flow/item_load.h"

#include <string.h>

static const struct {
    enum place place;
    const char *key;
} fixed[] = {
    { PLACE_ITEM, "id" },          { PLACE_ITEM, "assurance" },
    { PLACE_ITEM, "card_fields" }, { PLACE_ITEM, "anonymous" },
    { PLACE_ITEM, "case_type" },   { PLACE_ITEM, "type" },
    { PLACE_ITEM, "audience" },    { PLACE_ITEM, "area" },
    { PLACE_STEP, "screen" },      { PLACE_STEP, "answer" },
    { PLACE_STEP, "type" },        { PLACE_STEP, "kind" },
    { PLACE_STEP, "person" },      { PLACE_STEP, "fields" },
    { PLACE_STEP, "columns" },     { PLACE_STEP, "amount" },
    { PLACE_STEP, "about" },
};

static bool is_fixed(enum place place, const char *key)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (fixed[i].place == place && strcmp(fixed[i].key, key) == 0)
            return true;
    return false;
}

/* A copy with room for so many entries more. */
static struct yaml *copy_node(struct loader *loader, const struct yaml *node,
                              size_t more)
{
    struct loaded *loaded = loader->loaded;
    struct yaml *copy = item_make(loaded, sizeof *copy);
    size_t room = (node->count + more + 1) * sizeof(struct yaml *);

    *copy = *node;
    copy->items = item_make(loaded, room);
    memcpy(copy->items, node->items, node->count * sizeof *copy->items);
    if (node->kind == YAML_MAP) {
        copy->keys = item_make(loaded, room);
        memcpy(copy->keys, node->keys, node->count * sizeof *copy->keys);
    }
    return copy;
}

static size_t find_key(const struct yaml *map, const char *key)
{
    size_t at = 0;

    while (at < map->count && strcmp(map->keys[at]->text, key) != 0)
        at++;
    return at;
}

/* ---- Lists of steps, options, stops, lines ------------------------------ */

static const char *name_key(enum place place)
{
    return place == PLACE_OPTION ? "value" : "id";
}

static const char *name_of(enum place place, const struct yaml *entry)
{
    const struct yaml *name = yaml_get(entry, name_key(place));

    return name && name->kind == YAML_TEXT ? name->text : NULL;
}

static size_t find_entry(enum place place, const struct yaml *list,
                         const char *name)
{
    size_t at = 0;

    for (; name && at < list->count; at++) {
        const char *other = name_of(place, list->items[at]);

        if (other && strcmp(other, name) == 0)
            return at;
    }
    return list->count;
}

/* Without "after" and "before", which only say where it goes. */
static struct yaml *without_place(struct loader *loader,
                                  const struct yaml *entry)
{
    struct yaml *copy = copy_node(loader, entry, 0);

    copy->count = 0;
    for (size_t i = 0; i < entry->count; i++) {
        const char *key = entry->keys[i]->text;

        if (strcmp(key, "after") == 0 || strcmp(key, "before") == 0)
            continue;
        copy->keys[copy->count] = entry->keys[i];
        copy->items[copy->count++] = entry->items[i];
    }
    return copy;
}

static void insert(struct yaml *list, size_t at, struct yaml *entry)
{
    for (size_t i = list->count; i > at; i--)
        list->items[i] = list->items[i - 1];
    list->items[at] = entry;
    list->count++;
}

static void add_entry(struct loader *loader, enum place place,
                      struct yaml *list, const struct yaml *entry)
{
    const struct yaml *after = yaml_get(entry, "after");
    const struct yaml *before = yaml_get(entry, "before");
    const struct yaml *where = after ? after : before;
    size_t at;

    if (!where || (after && before) || where->kind != YAML_TEXT) {
        item_complain(loader, entry,
                      "%s that the item has not: expected after (or before), "
                      "with the name of the one where it goes",
                      item_place_name(place));
        return;
    }
    at = find_entry(place, list, where->text);
    if (at == list->count) {
        item_complain(loader, where,
                      "the item has no \"%.40s\" here: expected one that it "
                      "has",
                      where->text);
        return;
    }
    insert(list, after ? at + 1 : at, without_place(loader, entry));
}

static const struct yaml *lay_map(struct loader *loader, enum place place,
                                  const struct yaml *base,
                                  const struct yaml *over);

static const struct yaml *lay_list(struct loader *loader, enum place place,
                                   const struct yaml *base,
                                   const struct yaml *over)
{
    struct yaml *list;

    if (base->kind != YAML_LIST || over->kind != YAML_LIST)
        return over; /* the loader tells what is expected */
    list = copy_node(loader, base, over->count);
    for (size_t i = 0; i < over->count; i++) {
        struct yaml *entry = over->items[i];
        size_t at = find_entry(place, list, name_of(place, entry));

        if (entry->kind != YAML_MAP)
            insert(list, list->count, entry);
        else if (at == list->count)
            add_entry(loader, place, list, entry);
        else
            list->items[at] =
                (struct yaml *)lay_map(loader, place, list->items[at], entry);
    }
    return list;
}

/* ---- Maps --------------------------------------------------------------- */

/* Names and rules: one by one. */
static const struct yaml *lay_names(struct loader *loader,
                                    const struct yaml *base,
                                    const struct yaml *over)
{
    struct yaml *map;

    if (base->kind != YAML_MAP || over->kind != YAML_MAP)
        return over;
    map = copy_node(loader, base, over->count);
    for (size_t i = 0; i < over->count; i++) {
        size_t at = find_key(map, over->keys[i]->text);

        map->keys[at] = over->keys[i];
        map->items[at] = over->items[i];
        map->count += at == map->count;
    }
    return map;
}

static const struct yaml *lay_value(struct loader *loader,
                                    const struct key_row *row,
                                    const struct yaml *base,
                                    const struct yaml *over)
{
    if (row && row->kind == TAKES_MAP)
        return lay_map(loader, row->inner, base, over);
    if (row && row->kind == TAKES_MAPS)
        return lay_list(loader, row->inner, base, over);
    if (row && row->kind == TAKES_CONDITIONS)
        return lay_names(loader, base, over);
    return over;
}

static void lay_key(struct loader *loader, enum place place, struct yaml *map,
                    struct yaml *key, const struct yaml *value)
{
    const struct key_row *row = item_key_find(place, key->text);
    size_t at = find_key(map, key->text);

    if (strcmp(key->text, name_key(place)) == 0 && place != PLACE_ITEM)
        return; /* by which it was found */
    if (is_fixed(place, key->text)) {
        item_complain(loader, key,
                      "an overlay cannot change \"%s\": it is what the case "
                      "means to the office",
                      key->text);
        return;
    }
    map->keys[at] = key;
    if (at < map->count)
        value = lay_value(loader, row, map->items[at], value);
    map->items[at] = (struct yaml *)value;
    map->count += at == map->count;
}

/* What the whole map lacks is told where the item has it. */
static const struct yaml *lay_map(struct loader *loader, enum place place,
                                  const struct yaml *base,
                                  const struct yaml *over)
{
    struct yaml *map;

    if (base->kind != YAML_MAP || over->kind != YAML_MAP)
        return over;
    map = copy_node(loader, base, over->count);
    for (size_t i = 0; i < over->count; i++)
        if (place != PLACE_ITEM || strcmp(over->keys[i]->text, "over") != 0)
            lay_key(loader, place, map, over->keys[i], over->items[i]);
    return map;
}

const struct yaml *item_overlay(struct loader *loader, const struct yaml *base,
                                const struct yaml *over)
{
    const struct yaml *of = yaml_get(over, "over");
    const struct yaml *id = yaml_get(base, "id");

    if (over->kind != YAML_MAP || !of || of->kind != YAML_TEXT) {
        item_complain(loader, over,
                      "an overlay lacks \"over\": the id of the item over "
                      "which it is laid");
        return base;
    }
    if (id && id->kind == YAML_TEXT && strcmp(id->text, of->text) != 0)
        item_complain(loader, of,
                      "expected \"%s\", the item that this file is named "
                      "after",
                      id->text);
    return lay_map(loader, PLACE_ITEM, base, over);
}
