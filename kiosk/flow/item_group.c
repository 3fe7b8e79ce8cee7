/* A group: pages that are asked again for each entry (each child, each paper),
 * written once.  It becomes, for entry 1 to most, the pages children_1_name,
 * children_1_born … and behind them children_1_more, which asks for another
 * one; with least 0 children_any before all of them.
 *
 * In an entry's rules and texts its own pages go by their short names, and {n}
 * is the entry's number.  Rules behind the group have it as a list of maps. */
#include "kiosk/flow/item_expand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"

enum { NAME_MAX = 31, TEXT_BYTES = 16 * 1024, NUMBER_BYTES = 16 };

/* While one group is turned into its pages. */
struct group {
    struct expansion *expansion;
    struct loader *loader;
    const struct yaml *step;
    const char *id;
    int least, most;
    const struct yaml *pages; /* of one entry, ordinary ones */
    int entry;                /* the one that is made now */
};

/* ---- Marks --------------------------------------------------------------- */

static struct entry_mark *add_mark(struct loader *loader,
                                   const struct yaml *node)
{
    if (loader->mark_count == loader->mark_room) {
        size_t room = loader->mark_room * 2 + 32;
        struct entry_mark *marks =
            item_make(loader->loaded, room * sizeof *marks);

        if (loader->mark_count > 0)
            memcpy(marks, loader->marks, loader->mark_count * sizeof *marks);
        loader->marks = marks;
        loader->mark_room = room;
    }
    loader->marks[loader->mark_count] = (struct entry_mark){ .node = node };
    return &loader->marks[loader->mark_count++];
}

const struct entry_mark *item_entry_mark(const struct loader *loader,
                                         const struct yaml *node)
{
    for (size_t i = 0; i < loader->mark_count; i++)
        if (loader->marks[i].node == node)
            return &loader->marks[i];
    return NULL;
}

void item_entry_take(const struct loader *loader, const struct yaml *node,
                     struct step *step)
{
    const struct entry_mark *mark = item_entry_mark(loader, node);

    if (!mark)
        return;
    step->group = mark->group;
    step->entry = mark->entry;
    step->least_entries = mark->least;
    step->most_entries = mark->most;
    step->entry_words = mark->words;
    if (!step->when_text)
        step->when_text = mark->when_text;
}

/* ---- Names in rules and texts -------------------------------------------- */

/* The page of the entry that goes by this short name. */
static bool is_page(const struct group *group, const char *name, size_t len)
{
    for (size_t i = 0; i < group->pages->count; i++) {
        const char *id = expand_text_of(group->pages->items[i], "id");

        if (id && strlen(id) == len && memcmp(id, name, len) == 0)
            return true;
    }
    return false;
}

static void add_name(const struct group *group, const char *name, size_t len,
                     struct buf *out)
{
    if (is_page(group, name, len))
        buf_add_format(out, "%s_%d_", group->id, group->entry);
    buf_add(out, name, len);
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t name_len(const char *text)
{
    size_t len = 0;

    while (is_name_start(text[len]) || (text[len] >= '0' && text[len] <= '9'))
        len++;
    return len;
}

/* Past the end of a text in quotes; a raw one knows no backslash. */
static size_t quoted_len(const char *text, bool is_raw)
{
    size_t at = 1;

    while (text[at] && text[at] != text[0])
        at += text[at] == '\\' && text[at + 1] && !is_raw ? 2 : 1;
    return text[at] ? at + 1 : at;
}

/* A number and its letters (0x1f, 1u) hold no name; what follows a point is a
 * part of something; before a bracket stands a function. */
static void rewrite_rule(const struct group *group, const char *text,
                         struct buf *out)
{
    char before = '\0'; /* the last that is no space */

    while (*text) {
        size_t len = 1;
        bool is_raw = (*text == 'r' || *text == 'R') &&
                      (text[1] == '"' || text[1] == '\'');

        if (is_raw || *text == '"' || *text == '\'') {
            len = is_raw + quoted_len(text + is_raw, is_raw);
            buf_add(out, text, len);
        } else if (*text >= '0' && *text <= '9') {
            len = name_len(text);
            buf_add(out, text, len);
        } else if (is_name_start(*text)) {
            len = name_len(text);
            size_t space = strspn(text + len, " \t\r\n");
            if (before == '.' || text[len + space] == '(')
                buf_add(out, text, len);
            else
                add_name(group, text, len, out);
        } else {
            buf_add_char(out, *text);
        }
        if (!strchr(" \t\r\n", text[len - 1]))
            before = text[len - 1];
        text += len;
    }
}

/* {n}, and {name} of the entry's own pages. */
static void rewrite_words(const struct group *group, const char *text,
                          struct buf *out)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        size_t len;

        buf_add(out, text, plain);
        text += plain;
        if (!*text)
            break;
        len = strcspn(text + 1, "{}");
        if (text[1 + len] != '}') {
            buf_add_char(out, *text++);
            continue;
        }
        if (len == 1 && text[1] == 'n') {
            buf_add_format(out, "%d", group->entry);
        } else {
            buf_add_char(out, '{');
            add_name(group, text + 1, len, out);
            buf_add_char(out, '}');
        }
        text += len + 2;
    }
}

typedef void rewrite_fn(const struct group *group, const char *text,
                        struct buf *out);

static void rewrite_name(const struct group *group, const char *text,
                         struct buf *out)
{
    add_name(group, text, strlen(text), out);
}

/* The node itself where nothing in it changes. */
static const struct yaml *rewritten(const struct group *group,
                                    const struct yaml *node,
                                    rewrite_fn *rewrite)
{
    struct buf text;
    const struct yaml *result = node;

    if (node->kind != YAML_TEXT || node->is_bad)
        return node;
    buf_init(&text, TEXT_BYTES);
    rewrite(group, node->text, &text);
    if (!text.is_cut && strcmp(text.text, node->text) != 0) {
        struct yaml *made = expand_text(group->loader, node, text.text);

        made->is_plain = node->is_plain;
        result = made;
    }
    buf_done(&text);
    return result;
}

/* ---- One page, once more -------------------------------------------------- */

static const struct yaml *copy_map(const struct group *group, enum place place,
                                   const struct yaml *map);

static const struct yaml *copy_words(const struct group *group,
                                     const struct yaml *words)
{
    struct yaml *copy;

    if (words->kind != YAML_MAP || words->is_bad ||
        words->count > EXPAND_KEYS_MAX)
        return words;
    copy = expand_map(group->loader, words);
    for (size_t i = 0; i < words->count; i++) {
        copy->keys[i] = words->keys[i];
        copy->items[i] =
            (struct yaml *)rewritten(group, words->items[i], rewrite_words);
    }
    copy->count = words->count;
    return copy;
}

static const struct yaml *copy_entry(const struct group *group,
                                     const struct key_row *row,
                                     const struct yaml *entry)
{
    if (row->kind == TAKES_WAYS)
        return copy_words(group, entry);
    if (row->kind == TAKES_SOURCES)
        return rewritten(group, entry, rewrite_name);
    return copy_map(group, row->inner, entry);
}

static const struct yaml *copy_each(const struct group *group,
                                    const struct key_row *row,
                                    const struct yaml *list)
{
    struct yaml *copy;

    if (list->kind != YAML_LIST || list->is_bad)
        return list;
    copy = expand_list(group->loader, list, list->count);
    for (size_t i = 0; i < list->count; i++)
        copy->items[i] = (struct yaml *)copy_entry(group, row, list->items[i]);
    copy->count = list->count;
    return copy;
}

static bool names_page(enum place place, const char *key)
{
    return place == PLACE_STEP &&
           (strcmp(key, "id") == 0 || strcmp(key, "under") == 0 ||
            strcmp(key, "not_before") == 0);
}

static const struct yaml *copy_value(const struct group *group,
                                     enum place place, const char *key,
                                     const struct yaml *value)
{
    const struct key_row *row = item_key_find(place, key);

    if (names_page(place, key))
        return rewritten(group, value, rewrite_name);
    if (!row)
        return value;
    if (row->kind == TAKES_RULE)
        return rewritten(group, value, rewrite_rule);
    if (row->kind == TAKES_WORDS)
        return copy_words(group, value);
    if (row->kind == TAKES_WAYS || row->kind == TAKES_MAPS ||
        row->kind == TAKES_SOURCES)
        return copy_each(group, row, value);
    if (row->kind == TAKES_MAP)
        return copy_map(group, row->inner, value);
    return value;
}

static const struct yaml *copy_map(const struct group *group, enum place place,
                                   const struct yaml *map)
{
    struct yaml *copy;

    if (map->kind != YAML_MAP || map->is_bad || map->count > EXPAND_KEYS_MAX)
        return map;
    copy = expand_map(group->loader, map);
    for (size_t i = 0; i < map->count; i++) {
        copy->keys[i] = map->keys[i];
        copy->items[i] = (struct yaml *)copy_value(
            group, place, map->keys[i]->text, map->items[i]);
    }
    copy->count = map->count;
    return copy;
}

/* ---- Entries ------------------------------------------------------------- */

/* Both rules, each in brackets that a comment at its end does not swallow. */
static void put_both(const struct group *group, struct yaml *page,
                     const struct yaml *rule)
{
    const char *one = rule && rule->kind == YAML_TEXT ? rule->text : NULL;
    const char *other = expand_text_of(page, "when");
    struct buf both;

    if (!rule)
        return;
    if (!one || !other) {
        expand_put(group->loader, page, "when", rule);
        return;
    }
    buf_init(&both, TEXT_BYTES);
    buf_add_format(&both, "(%s\n) && (%s\n)", one, other);
    expand_put_text(group->loader, page, yaml_get(page, "when"), "when",
                    both.text);
    buf_done(&both);
}

/* What brings the pages of an entry up, for who draws them. */
static const char *gate_text(const struct group *group)
{
    if (group->entry > 1)
        return expand_name(group->loader, "%s_%d_more == \"yes\"", group->id,
                           group->entry - 1);
    return group->least == 0
               ? expand_name(group->loader, "%s_any == \"yes\"", group->id)
               : NULL;
}

static void mark_page(const struct group *group, const struct yaml *page,
                      const struct words *words, bool is_last)
{
    struct entry_mark *mark = add_mark(group->loader, page);

    mark->group = group->id;
    mark->entry = group->entry;
    mark->least = group->least;
    mark->most = group->most;
    mark->words = *words;
    mark->is_last = is_last;
    mark->id = yaml_get(group->step, "id");
    mark->when_text = gate_text(group);
}

/* Only the first entry of a group that must have one stands under the group's
 * own rule: all others come by what was answered before. */
static void put_group_rule(const struct group *group, struct yaml *page)
{
    if (group->entry == 1 && group->least > 0)
        put_both(group, page, yaml_get(group->step, "when"));
}

/* "第1个孩子：姓名" */
static void put_label(const struct group *group, struct yaml *page)
{
    const struct yaml *entry = yaml_get(group->step, "entry");
    const struct yaml *label = yaml_get(page, "label");
    struct words format;
    char texts[LANGUAGE_COUNT][512];

    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const char *text =
            expand_text_of(entry, language_name((enum language)i));
        struct buf number;

        if (!text || !label)
            return;
        buf_init(&number, TEXT_BYTES);
        rewrite_words(group, text, &number);
        snprintf(texts[i], sizeof texts[i],
                 i == LANGUAGE_ZH_CN ? "%s：{}" : "%s: {}", number.text);
        buf_done(&number);
        format.in[i] = texts[i];
    }
    expand_put(group->loader, page, "label",
               expand_fill(group->loader, &format, "", label));
}

static void add_page(const struct group *group, const struct yaml *page)
{
    static const struct words none;
    struct yaml *copy = (struct yaml *)copy_map(group, PLACE_STEP, page);

    if (copy == page)
        return; /* what is wrong with it is told */
    put_label(group, copy);
    put_group_rule(group, copy);
    mark_page(group, copy, &none, false);
    expand_add(group->expansion, page, copy);
}

static void add_another(const struct group *group)
{
    struct loader *loader = group->loader;
    struct yaml *page = expand_map(loader, group->step);
    const struct yaml *id = yaml_get(group->step, "id");
    const struct yaml *entry = yaml_get(group->step, "entry");
    struct words words;

    expand_put_text(loader, page, id, "id",
                    expand_name(loader, "%s_%d_more", group->id, group->entry));
    expand_put_text(loader, page, group->step, "screen", "another");
    expand_put(loader, page, "label", yaml_get(group->step, "label"));
    put_group_rule(group, page);
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        words.in[i] = expand_text_of(entry, language_name((enum language)i));
    mark_page(group, page, &words, group->entry == group->most);
    expand_add(group->expansion, group->step, page);
}

static void add_any(const struct group *group)
{
    static const char *const passed_on[] = { "when", "ask",   "hint",
                                             "why",  "basis", "label" };
    static const struct words missing = { { "有吗？", "Any?" } };
    struct loader *loader = group->loader;
    struct yaml *page = expand_map(loader, group->step);
    const struct yaml *id = yaml_get(group->step, "id");

    expand_put_text(loader, page, id, "id",
                    expand_name(loader, "%s_any", group->id));
    expand_put_text(loader, page, group->step, "screen", "choice");
    expand_put_text(loader, page, group->step, "type", "yes_no");
    for (size_t i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
        expand_put(loader, page, passed_on[i],
                   yaml_get(group->step, passed_on[i]));
    if (!yaml_get(group->step, "ask")) {
        item_complain(loader, group->step,
                      "with least: 0 it lacks \"ask\": whether there are any");
        expand_put_words(loader, page, group->step, "ask", &missing);
    }
    expand_add(group->expansion, group->step, page);
}

/* ---- What is said of it --------------------------------------------------- */

/* Out of these bounds it is told, and the nearest of them is taken. */
static int number_of(const struct group *group, const char *key, int least,
                     int most)
{
    const struct yaml *node = yaml_get(group->step, key);
    char *end = NULL;
    long number;

    if (!node || node->is_bad)
        return least;
    number =
        node->kind == YAML_TEXT && node->text[0] >= '0' && node->text[0] <= '9'
            ? strtol(node->text, &end, 10)
            : -1;
    if (end && *end == '\0' && number >= least && number <= most)
        return (int)number;
    item_complain(group->loader, node, "expected a whole number from %d to %d",
                  least, most);
    return least;
}

static void check_entry_words(const struct group *group)
{
    const struct yaml *entry = yaml_get(group->step, "entry");

    for (int i = 0; entry && i < LANGUAGE_COUNT; i++) {
        const struct yaml *text =
            yaml_get(entry, language_name((enum language)i));

        if (!text)
            item_complain(group->loader, entry,
                          "expected a text in both languages: {zh_CN: …, en: "
                          "…}");
        else if (text->kind == YAML_TEXT && !strstr(text->text, "{n}"))
            item_complain(group->loader, text,
                          "expected {n}, the entry's number, in it: such as "
                          "'Child {n}'");
    }
}

/* What is said of the page that asks whether there are any, where there is no
 * such page. */
static void check_any(const struct group *group)
{
    static const char *const keys[] = { "ask", "hint", "why", "basis" };

    for (size_t i = 0; group->least > 0 && i < sizeof keys / sizeof *keys; i++)
        if (yaml_get(group->step, keys[i]))
            item_complain(group->loader, yaml_get(group->step, keys[i]),
                          "\"%s\" stands on the page that comes first with "
                          "least: 0: expected it on the pages of an entry",
                          keys[i]);
}

static bool is_page_of_entry(unsigned screen)
{
    return screen == ON_ALL || screen == ON_CHOICE || screen == ON_FIELD ||
           (screen & ON_COMPOUND & ~ON_GROUP);
}

/* False: it is refused. */
static bool check_page(const struct group *group, const struct yaml *page)
{
    const char *screen = expand_text_of(page, "screen");
    const char *id = expand_text_of(page, "id");
    const struct yaml *answer = yaml_get(page, "answer");
    unsigned bit = screen ? item_screen_bit(screen) : ON_ALL;

    if (bit == ON_GROUP) {
        item_complain(group->loader, page,
                      "a group in a group is not accepted: expected ordinary "
                      "pages in an entry");
        return false;
    }
    if (bit == ON_OTHER ? item_screen_is_known(screen)
                        : !is_page_of_entry(bit)) {
        item_complain(group->loader, page,
                      "screen: %s cannot be in an entry: expected choice, "
                      "field, month_range, date_range, division, address or "
                      "person",
                      screen);
        return false;
    }
    if (answer)
        item_complain(group->loader, answer,
                      "in an entry the answer is named after its page: "
                      "expected no answer here");
    if (!id || (strcmp(id, "more") != 0 && strcmp(id, "any") != 0))
        return true;
    item_complain(group->loader, yaml_get(page, "id"),
                  "\"%s\" is the group's own page: choose another name", id);
    return false;
}

/* The pages of one entry, compound ones expanded; NULL: none. */
static const struct yaml *pages_of(const struct group *group)
{
    const struct yaml *steps = yaml_get(group->step, "steps");
    struct expansion inner = { .loader = group->loader };

    if (!steps || steps->is_bad)
        return NULL;
    if (steps->kind != YAML_LIST || steps->count == 0) {
        item_complain(group->loader, steps,
                      "expected a list of the pages of one entry");
        return NULL;
    }
    inner.steps = expand_list(group->loader, steps, 0);
    for (size_t i = 0; i < steps->count; i++)
        if (check_page(group, steps->items[i]))
            expand_step(&inner, steps->items[i]);
    return inner.steps;
}

/* Names of all entries must be names still. */
static void check_names(const struct group *group)
{
    size_t around = strlen(group->id) + strlen("_40_");

    for (size_t i = 0; i < group->pages->count; i++) {
        const struct yaml *id = yaml_get(group->pages->items[i], "id");

        if (id && id->kind == YAML_TEXT && strlen(id->text) + around > NAME_MAX)
            item_complain(group->loader, id,
                          "\"%s_40_%s\" is longer than %d characters: expected "
                          "a shorter name of the page, or of the group",
                          group->id, id->text, NAME_MAX);
        for (size_t j = 0; id && id->kind == YAML_TEXT && j < i; j++) {
            const char *other = expand_text_of(group->pages->items[j], "id");

            if (other && strcmp(other, id->text) == 0)
                item_complain(group->loader, id,
                              "another page of the entry is \"%s\" already",
                              other);
        }
    }
}

void expand_group(struct expansion *expansion, const struct yaml *step)
{
    struct group group = { .expansion = expansion,
                           .loader = expansion->loader,
                           .step = step,
                           .id = expand_text_of(step, "id") };

    group.most = number_of(&group, "most", 1, ITEM_ENTRIES_MAX);
    group.least = number_of(&group, "least", 0, ITEM_ENTRIES_MAX);
    if (group.least > group.most) {
        item_complain(group.loader, yaml_get(step, "least"),
                      "at least %d and at most %d: expected the least not over "
                      "the most",
                      group.least, group.most);
        group.least = group.most;
    }
    check_entry_words(&group);
    check_any(&group);
    group.pages = pages_of(&group);
    if (!group.pages)
        return;
    check_names(&group);
    if (group.least == 0)
        add_any(&group);
    for (group.entry = 1; group.entry <= group.most && !expansion->is_full;
         group.entry++) {
        for (size_t i = 0; i < group.pages->count; i++)
            add_page(&group, group.pages->items[i]);
        add_another(&group);
    }
}
