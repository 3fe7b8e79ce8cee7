/* The table of an item's keys says what stands behind each, and so how it may
 * be changed: a key that is added there is changed here without a word more. */
#include "tests/mutate/finder.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/item_load.h"

enum { WHAT_BYTES = 96 };

const char *change_kind_name(enum change_kind kind)
{
    static const char *const names[CHANGE_COUNT] = {
        [CHANGE_NAME] = "name",     [CHANGE_OPERATOR] = "operator",
        [CHANGE_BOUND] = "bound",   [CHANGE_STEP] = "step",
        [CHANGE_OPTION] = "option", [CHANGE_PART] = "part",
        [CHANGE_WHEN] = "when",     [CHANGE_TEXT] = "text",
        [CHANGE_MARK] = "mark",     [CHANGE_ORDER] = "order",
    };

    return names[kind];
}

void change_tell(const struct change *change, const char *item, struct buf *out)
{
    buf_add_format(out, "%s: %s: %s: %s", item, change_kind_name(change->kind),
                   change->where, change->what);
}

void changes_done(struct changes *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        mem_free(changes->list[i].where);
        mem_free(changes->list[i].what);
        edit_done(&changes->list[i].edit);
    }
    mem_free(changes->list);
}

/* ---- Where one is ------------------------------------------------------- */

static size_t enter(struct finder *finder, const char *name)
{
    size_t len = strlen(finder->where);

    snprintf(finder->where + len, sizeof finder->where - len, "%s%s",
             len ? "." : "", name);
    return len;
}

static void leave(struct finder *finder, size_t len)
{
    finder->where[len] = '\0';
}

/* An entry of a list by what names it, else by its place. */
static size_t enter_entry(struct finder *finder, const struct node *entry)
{
    static const char *const keys[] = { "id", "value", "line", "fact", "qr" };
    char place[24];

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *name = node_get(entry, keys[i]);

        if (name && name->kind == NODE_TEXT)
            return enter(finder, name->text);
    }
    snprintf(place, sizeof place, "%zu", entry->at + 1);
    return enter(finder, place);
}

static void leave_out(struct finder *finder, enum change_kind kind,
                      const struct node *node)
{
    finder_add(finder, kind, node->from, "left out",
               edit_remove(finder->tree, node));
}

/* ---- What stands behind a key ------------------------------------------- */

static void misspell(struct finder *finder, const struct node *node)
{
    size_t from, to;

    node_inside(finder->tree, node, &from, &to);
    if (to > from)
        finder_misspell(finder, from, to);
}

static bool move(struct finder *finder, const struct node *node)
{
    size_t from, to;

    node_inside(finder->tree, node, &from, &to);
    return finder_move(finder, from, to);
}

/* Every {name} that a text fills in. */
static void change_fills(struct finder *finder, const struct node *node)
{
    const char *text = tree_text(finder->tree, NULL);
    size_t from, to;

    if (node->kind != NODE_TEXT)
        return;
    node_inside(finder->tree, node, &from, &to);
    for (size_t at = from; at < to; at++) {
        size_t end = at + 1;

        if (text[at] != '{')
            continue;
        while (end < to &&
               (isalnum((unsigned char)text[end]) || text[end] == '_'))
            end++;
        if (end < to && text[end] == '}' && end > at + 1)
            finder_misspell(finder, at + 1, end);
    }
}

/* A text in its languages, or one without any. */
static void change_words(struct finder *finder, const struct node *words)
{
    if (words->kind != NODE_MAP) {
        change_fills(finder, words);
        return;
    }
    for (size_t i = 0; i < words->count; i++) {
        size_t len = enter(finder, words->keys[i]->text);

        leave_out(finder, CHANGE_TEXT, words->items[i]);
        change_fills(finder, words->items[i]);
        leave(finder, len);
    }
}

static void negate(struct finder *finder, const struct node *rule)
{
    finder_add(finder, CHANGE_WHEN, rule->from, "its opposite",
               edit_negate(finder->tree, rule));
}

/* `required` may be no rule, but true or false. */
static void change_rule(struct finder *finder, const struct node *rule)
{
    if (rule->kind != NODE_TEXT)
        return;
    if (strcmp(rule->text, "true") == 0 || strcmp(rule->text, "false") == 0) {
        leave_out(finder, CHANGE_MARK, rule);
        return;
    }
    leave_out(finder, CHANGE_WHEN, rule);
    negate(finder, rule);
    rule_changes(finder, rule);
}

static void change_conditions(struct finder *finder, const struct node *map)
{
    for (size_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        size_t len = enter(finder, map->keys[i]->text);

        leave_out(finder, CHANGE_PART, map->items[i]);
        misspell(finder, map->keys[i]);
        if (map->items[i]->kind == NODE_TEXT) {
            negate(finder, map->items[i]);
            rule_changes(finder, map->items[i]);
        }
        leave(finder, len);
    }
}

/* Lists of names, of texts, of cells. */
static void change_entries(struct finder *finder, const struct node *list,
                           enum change_kind kind, bool are_names)
{
    for (size_t i = 0; list->kind == NODE_LIST && i < list->count; i++) {
        size_t len = enter_entry(finder, list->items[i]);

        leave_out(finder, kind, list->items[i]);
        if (!are_names)
            change_words(finder, list->items[i]);
        else if (list->items[i]->kind == NODE_TEXT)
            misspell(finder, list->items[i]);
        leave(finder, len);
    }
}

static void change_map(struct finder *finder, enum place place,
                       const struct node *map);

static enum change_kind kind_of(enum place inner)
{
    return inner == PLACE_STEP     ? CHANGE_STEP
           : inner == PLACE_OPTION ? CHANGE_OPTION
                                   : CHANGE_PART;
}

static void swap_with_next(struct finder *finder, const struct node *entry)
{
    const struct node *next = entry->around->items[entry->at + 1];
    const struct node *id = node_get(next, "id");
    char what[WHAT_BYTES];

    snprintf(what, sizeof what, "behind %.60s",
             id && id->kind == NODE_TEXT ? id->text : "the next");
    finder_add(finder, CHANGE_ORDER, entry->from, what,
               edit_swap(finder->tree, entry, next));
}

static void change_maps(struct finder *finder, enum place inner,
                        const struct node *list)
{
    for (size_t i = 0; list->kind == NODE_LIST && i < list->count; i++) {
        const struct node *entry = list->items[i];
        size_t len = enter_entry(finder, entry);

        leave_out(finder, kind_of(inner), entry);
        if (inner == PLACE_STEP && i + 1 < list->count)
            swap_with_next(finder, entry);
        if (entry->kind == NODE_LIST) /* a row of cells */
            change_entries(finder, entry, CHANGE_TEXT, false);
        else
            change_map(finder, inner, entry);
        leave(finder, len);
    }
}

/* By part, keys of a step. */
static void change_pages(struct finder *finder, const struct node *map)
{
    for (size_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        size_t len = enter(finder, map->keys[i]->text);

        leave_out(finder, CHANGE_PART, map->items[i]);
        change_map(finder, PLACE_STEP, map->items[i]);
        leave(finder, len);
    }
}

static void change_text(struct finder *finder, const struct node *words)
{
    leave_out(finder, CHANGE_TEXT, words);
    change_words(finder, words);
}

/* A limit or a default: what moves is a bound, anything else a name. */
static void change_limit(struct finder *finder, const struct node *limit)
{
    leave_out(finder, CHANGE_MARK, limit);
    if (limit->kind == NODE_TEXT && !move(finder, limit))
        misspell(finder, limit);
}

/* These count nothing that could be compared with anything: the file's own
 * version and place, and how long a person takes. */
static bool is_bound(const struct key_row *row)
{
    return strcmp(row->name, "version") != 0 &&
           strcmp(row->name, "order") != 0 && strcmp(row->name, "minutes") != 0;
}

static void change_name(struct finder *finder, const struct key_row *row,
                        const struct node *name)
{
    if (!row->required)
        leave_out(finder, CHANGE_MARK, name);
    if (name->kind == NODE_TEXT)
        misspell(finder, name);
}

/* Longer than a screen, for each kind of value has its line here: the compiler
 * asks for it when one is added. */
static void change_value(struct finder *finder, const struct key_row *row,
                         const struct node *value)
{
    switch (row->kind) {
    case TAKES_ITEM_ID:
    case TAKES_NAME:
    case TAKES_VALUE:
    case TAKES_LIST:
        change_name(finder, row, value);
        return;
    case TAKES_NUMBER:
    case TAKES_COUNT:
        if (value->kind == NODE_TEXT && is_bound(row))
            (void)move(finder, value);
        return;
    case TAKES_LIMIT:
        change_limit(finder, value);
        return;
    case TAKES_BOOL:
    case TAKES_WORD:
        leave_out(finder, CHANGE_MARK, value);
        return;
    case TAKES_WORDS:
        change_text(finder, value);
        return;
    case TAKES_FILLED:
        change_words(finder, value);
        return;
    case TAKES_RULE:
        change_rule(finder, value);
        return;
    case TAKES_VALUE_RULE:
        if (value->kind == NODE_TEXT)
            rule_changes(finder, value);
        return;
    case TAKES_CONDITIONS:
        change_conditions(finder, value);
        return;
    case TAKES_SOURCES:
    case TAKES_CARD_FIELDS:
    case TAKES_DIVISIONS:
    case TAKES_PAPERS:
    case TAKES_RECORDS:
    case TAKES_NAMES:
        leave_out(finder, CHANGE_MARK, value);
        change_entries(finder, value, CHANGE_PART, true);
        return;
    case TAKES_WAYS:
    case TAKES_CELLS:
        change_entries(finder, value, CHANGE_TEXT, false);
        return;
    case TAKES_PAGES:
        change_pages(finder, value);
        return;
    case TAKES_MAP:
        leave_out(finder, CHANGE_MARK, value);
        change_map(finder, row->inner, value);
        return;
    case TAKES_MAPS:
        change_maps(finder, row->inner, value);
        return;
    /* A word that is none of a few is always refused; tests stay. */
    case TAKES_SCREEN:
    case TAKES_CODE:
    case TAKES_HOURS:
    case TAKES_TEXT:
    case TAKES_DATE:
    case TAKES_ANSWERS:
    case TAKES_OFFERS:
    case TAKES_CARDS:
    case TAKES_TEST_RECORDS:
    case TAKES_REFUSED:
    case TAKES_WARNED:
    case TAKES_TESTS:
        return;
    }
}

static void change_map(struct finder *finder, enum place place,
                       const struct node *map)
{
    for (size_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        const struct key_row *row = item_key_find(place, map->keys[i]->text);

        if (!row)
            continue;
        size_t len = enter(finder, row->name);
        change_value(finder, row, map->items[i]);
        leave(finder, len);
    }
}

void changes_make(const struct tree *tree, struct changes *ret_changes)
{
    struct finder finder = { .tree = tree, .changes = ret_changes };

    *ret_changes = (struct changes){ 0 };
    change_map(&finder, PLACE_ITEM, tree_root(tree));
}
