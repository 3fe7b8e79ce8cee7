/* Reads one item's file by the table of keys. */
#include "kiosk/flow/item_load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/card.h"

void item_complain(struct loader *loader, const struct yaml *at,
                   const char *format, ...)
{
    va_list arguments;
    char said[512];

    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    problems_add(loader->problems, loader->file, at->line, at->column, "%s",
                 said);
}

static bool expect(struct loader *loader, const struct yaml *node,
                   enum yaml_kind kind, const char *what)
{
    if (node->kind == kind)
        return true;
    item_complain(loader, node, "expected %s", what);
    return false;
}

static void load_number(struct loader *loader, const struct key_row *row,
                        const struct yaml *node, long *ret)
{
    char *end;
    long number;

    if (node->kind == YAML_TEXT && node->text[0] >= '0' &&
        node->text[0] <= '9') {
        number = strtol(node->text, &end, 10);
        if (*end == '\0' && number >= 1 && (size_t)number <= row->limit) {
            *ret = number;
            return;
        }
    }
    item_complain(loader, node, "expected a whole number from 1 to %zu: %s",
                  row->limit, row->means);
}

/* The place of node's text among words, or -1 with a complaint. */
static int load_one_of(struct loader *loader, const struct yaml *node,
                       const char *const *words, size_t count)
{
    struct buf expected;

    if (node->kind == YAML_TEXT)
        for (size_t i = 0; i < count; i++)
            if (strcmp(node->text, words[i]) == 0)
                return (int)i;
    buf_init(&expected, 256);
    for (size_t i = 0; i < count; i++)
        buf_add_format(&expected, "%s%s",
                       i == 0           ? ""
                       : i + 1 == count ? " or "
                                        : ", ",
                       words[i]);
    item_complain(loader, node, "expected %s", expected.text);
    buf_done(&expected);
    return -1;
}

static void load_name(struct loader *loader, const struct key_row *row,
                      const struct yaml *node, const char **into)
{
    bool with_dash = row->kind != TAKES_NAME;

    if (node->kind != YAML_TEXT || !item_name_is_ok(node->text, with_dash))
        item_complain(loader, node,
                      "expected at most 31 of a-z, 0-9%s and _: %s",
                      with_dash ? ", -" : "", row->means);
    else if (row->kind == TAKES_VALUE && strcmp(node->text, "later") == 0)
        item_complain(loader, node,
                      "\"later\" is what the way round answers: name this "
                      "value otherwise");
    else
        *into = node->text;
}

static void load_code(struct loader *loader, const struct yaml *node,
                      const char **into)
{
    enum { CODE_CHARS = 31 };

    if (node->kind != YAML_TEXT || strlen(node->text) != CODE_CHARS ||
        strspn(node->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") !=
            CODE_CHARS)
        item_complain(loader, node, "expected 31 of A-Z and 0-9");
    else
        *into = node->text;
}

static void load_hours(struct loader *loader, const struct yaml *node,
                       const char **into)
{
    int from, to;

    if (node->kind != YAML_TEXT || !clock_is_hours(node->text, &from, &to))
        item_complain(loader, node,
                      "expected HH:MM-HH:MM, from a time to a later one");
    else
        *into = node->text;
}

static void load_screen(struct loader *loader, const struct yaml *node,
                        const char **into)
{
    const char *near;

    if (!expect(loader, node, YAML_TEXT, "the name of a kind of page"))
        return;
    *into = node->text;
    if (item_screen_is_known(node->text))
        return;
    near = item_screen_nearest(node->text);
    item_complain(loader, node, "unknown screen \"%.60s\"%s%s%s", node->text,
                  near ? "; did you mean \"" : "", near ? near : "",
                  near ? "\"?" : "");
}

static void load_rule(struct loader *loader, enum place place,
                      const struct yaml *node, struct rule **into)
{
    size_t known = loader->known;

    /* A stop is looked at once its page has answered. */
    if (place == PLACE_STOP && loader->own_answer)
        known++;
    if (!expect(loader, node, YAML_TEXT, "a rule, such as 'county != null'"))
        return;
    if (rule_parse(loader->file, node, loader->loaded->names, known,
                   loader->problems, into))
        *into = NULL;
}

static void load_list(struct loader *loader, const struct yaml *node,
                      const struct list **into)
{
    enum err err;

    if (node->kind != YAML_TEXT || !item_name_is_ok(node->text, true)) {
        item_complain(loader, node, "expected the name of a file in lists/");
        return;
    }
    err = lists_get(loader->lists, node->text, loader->problems, into);
    if (err)
        item_complain(loader, node, "lists/%s.tsv %s", node->text,
                      err == ERR_NOT_FOUND ? "is not there" : "cannot be used");
}

static void load_card_fields(struct loader *loader, const struct yaml *node,
                             const char ***into)
{
    size_t known = 0;

    while (card_field_names[known])
        known++;
    if (!expect(loader, node, YAML_LIST, "a list of card fields") || *into)
        return;
    *into = mem_new((node->count + 1) * sizeof **into);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *entry = node->items[i];
        bool is_twice = false;
        int at = load_one_of(loader, entry, card_field_names, known);

        if (at < 0)
            continue;
        for (size_t j = 0; j < i; j++)
            is_twice = is_twice ||
                       ((*into)[j] && strcmp((*into)[j], entry->text) == 0);
        if (is_twice || strcmp(entry->text, "kind") == 0)
            item_complain(loader, entry, "\"%s\" is kept already", entry->text);
        (*into)[i] = entry->text;
    }
}

static void load_ways(struct loader *loader, const struct key_row *row,
                      const struct yaml *node, struct stop *stop)
{
    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected one to three ways on");
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        item_load_words(loader, node->items[i], &stop->ways[i]);
    stop->way_count = node->count;
}

/* What one entry of a list of maps takes, and where their number goes. */
static size_t entry_size(enum place place, void *into, size_t **ret_count)
{
    struct item *item = into;
    struct step *step = into;

    switch (place) {
    case PLACE_STEP:
        *ret_count = &item->step_count;
        return sizeof(struct step);
    case PLACE_OPTION:
        *ret_count = &step->option_count;
        return sizeof(struct option);
    case PLACE_STOP:
        *ret_count = &step->stop_count;
        return sizeof(struct stop);
    case PLACE_LINE:
        *ret_count = &step->line_count;
        return sizeof(struct line);
    case PLACE_ITEM:
    case PLACE_NEEDS:
    case PLACE_NOTICE:
    case PLACE_ANONYMOUS:
    case PLACE_COUNT:
        break;
    }
    return 0;
}

static void load_maps(struct loader *loader, const struct key_row *row,
                      const struct yaml *node, void *into)
{
    void **array = (void **)(void *)((char *)into + row->offset);
    size_t *count = NULL;
    size_t size = entry_size(row->inner, into, &count);

    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected a list of 1 to %zu entries: %s",
                      row->limit, row->means);
        return;
    }
    *array = mem_new(node->count * size);
    *count = node->count;
    if (row->inner == PLACE_STEP)
        item_collect_names(loader, node);
    for (size_t i = 0; i < node->count; i++) {
        void *entry = (char *)*array + i * size;

        if (row->inner == PLACE_STEP)
            item_step_begin(loader, node->items[i]);
        item_load_map(loader, row->inner, node->items[i], entry);
        if (row->inner == PLACE_STEP)
            item_step_check(loader, node->items[i], entry);
    }
    if (row->inner == PLACE_STEP)
        loader->screen = ON_ALL;
}

static void load_small(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, void *at)
{
    static const char *const needs[] = { "no", "wished", "must" };
    static const char *const types[FIELD_TYPE_COUNT] = { "mobile", "text",
                                                         "receipt", "code" };
    const char *sure[ASSURANCE_CARD_CHECK + 1];
    static const char *const truths[] = { "false", "true" };
    long number = 0;
    int which;

    if (row->kind == TAKES_NEED) {
        which = load_one_of(loader, node, needs, 3);
        *(enum item_need *)at = which < 0 ? NEED_NO : (enum item_need)which;
    } else if (row->kind == TAKES_ASSURANCE) {
        for (int i = 0; i <= ASSURANCE_CARD_CHECK; i++)
            sure[i] = assurance_name((enum assurance)i);
        which = load_one_of(loader, node, sure, ASSURANCE_CARD_CHECK + 1);
        *(enum assurance *)at =
            which < 0 ? ASSURANCE_NONE : (enum assurance)which;
    } else if (row->kind == TAKES_FIELD_TYPE) {
        which = load_one_of(loader, node, types, FIELD_TYPE_COUNT);
        *(enum field_type *)at =
            which < 0 ? FIELD_TYPE_TEXT : (enum field_type)which;
    } else if (row->kind == TAKES_BOOL) {
        *(bool *)at = load_one_of(loader, node, truths, 2) == 1;
    } else {
        load_number(loader, row, node, &number);
        if (row->kind == TAKES_SIZE)
            *(size_t *)at = (size_t)number;
        else
            *(int *)at = (int)number;
    }
}

static void load_value(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, void *into)
{
    void *at = (char *)into + row->offset;

    switch (row->kind) {
    case TAKES_ITEM_CODE:
        load_code(loader, node, at);
        break;
    case TAKES_HOURS:
        load_hours(loader, node, at);
        break;
    case TAKES_ITEM_ID:
    case TAKES_NAME:
    case TAKES_VALUE:
        load_name(loader, row, node, at);
        break;
    case TAKES_SCREEN:
        load_screen(loader, node, at);
        break;
    case TAKES_NUMBER:
    case TAKES_SIZE:
    case TAKES_BOOL:
    case TAKES_NEED:
    case TAKES_ASSURANCE:
    case TAKES_FIELD_TYPE:
        load_small(loader, row, node, at);
        break;
    case TAKES_WORDS:
        item_load_words(loader, node, at);
        break;
    case TAKES_RULE:
        load_rule(loader, row->place, node, at);
        break;
    case TAKES_LIST:
        load_list(loader, node, at);
        break;
    case TAKES_CARD_FIELDS:
        load_card_fields(loader, node, at);
        break;
    case TAKES_WAYS:
        load_ways(loader, row, node, into);
        break;
    case TAKES_MAP:
        item_load_map(loader, row->inner, node, into);
        break;
    case TAKES_MAPS:
        load_maps(loader, row, node, into);
        break;
    }
}

static void complain_unknown(struct loader *loader, enum place place,
                             const struct yaml *key)
{
    const char *known[64];
    const char *near;
    size_t count = 0;

    for (size_t i = 0; i < item_key_count; i++)
        if (item_keys[i].place == place &&
            (item_keys[i].allowed & loader->screen))
            known[count++] = item_keys[i].name;
    near = yaml_nearest(key->text, known, count);
    if (near)
        item_complain(loader, key,
                      "unknown key \"%.60s\" here; did you mean \"%s\"?",
                      key->text, near);
    else
        item_complain(loader, key,
                      "unknown key \"%.60s\" in %s: screens/items/README.md "
                      "has them all",
                      key->text, item_place_name(place));
}

static void complain_elsewhere(struct loader *loader, const struct key_row *row,
                               const struct yaml *key)
{
    struct buf where;

    buf_init(&where, 256);
    item_screen_bits_text(row->allowed, &where);
    item_complain(loader, key,
                  "\"%s\" means nothing on this kind of page, only on: %s",
                  row->name, where.text);
    buf_done(&where);
}

/* On a step whose screen is missing or misspelt only what every step must
 * have: one mistake is told once. */
static bool is_required(const struct loader *loader, const struct key_row *row)
{
    if (loader->screen == ON_ALL)
        return row->required == ON_ALL;
    return (row->required & loader->screen) != 0;
}

void item_load_map(struct loader *loader, enum place place,
                   const struct yaml *node, void *into)
{
    if (node->kind != YAML_MAP) {
        item_complain(loader, node, "expected keys and values: %s",
                      item_place_name(place));
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        const struct key_row *row = item_key_find(place, node->keys[i]->text);

        if (!row)
            complain_unknown(loader, place, node->keys[i]);
        else if (place == PLACE_STEP && !(row->allowed & loader->screen))
            complain_elsewhere(loader, row, node->keys[i]);
        else
            load_value(loader, row, node->items[i], into);
    }
    for (size_t i = 0; i < item_key_count; i++) {
        const struct key_row *row = &item_keys[i];

        if (row->place == place && is_required(loader, row) &&
            !yaml_get(node, row->name))
            item_complain(loader, node, "%s lacks \"%s\": %s",
                          item_place_name(place), row->name, row->means);
    }
}

static void set_built_in_names(struct loaded *loaded)
{
    static const struct rule_name built_in[ITEM_NAMES_BUILT_IN] = {
        { "card_kind", VALUE_TEXT },
        { "age", VALUE_INT },
        { "assurance", VALUE_TEXT },
    };

    memcpy(loaded->names, built_in, sizeof built_in);
    loaded->name_count = ITEM_NAMES_BUILT_IN;
}

/* Both languages, so that a changed comma in either has another hash. */
static void hash_notice(struct item *item)
{
    struct buf both;

    if (!item->notice.in[LANGUAGE_ZH_CN] || !item->notice.in[LANGUAGE_EN])
        return;
    buf_init(&both, ITEM_FILE_MAX * 2);
    buf_add_text(&both, item->notice.in[LANGUAGE_ZH_CN]);
    buf_add_char(&both, '\n');
    buf_add_text(&both, item->notice.in[LANGUAGE_EN]);
    digest_hex(both.text, both.len, item->notice_hash);
    buf_done(&both);
}

static enum err read_tree(struct loaded *loaded, struct problems *problems)
{
    char *text = NULL;
    size_t len = 0;
    enum err err = file_read(loaded->file, ITEM_FILE_MAX, &text, &len);

    if (err) {
        problems_add(problems, loaded->file, 1, 1, "cannot be read: %s",
                     err_text(err));
        return err;
    }
    digest_hex(text, len, loaded->item.hash);
    err = yaml_parse(loaded->file, text, len, problems, &loaded->root);
    mem_free(text);
    return err;
}

enum err item_load(const char *file, const char *name,
                   struct problems *problems, struct lists *lists,
                   struct loaded **ret_loaded)
{
    struct loaded *loaded = mem_new(sizeof *loaded);
    struct loader loader = {
        .loaded = loaded,
        .item = &loaded->item,
        .problems = problems,
        .lists = lists,
        .known = ITEM_NAMES_BUILT_IN,
        .screen = ON_ALL,
    };
    size_t before = problems->count;
    enum err err;

    loaded->file = mem_copy_text(file);
    loaded->item.file = loaded->file;
    loader.file = loaded->file;
    set_built_in_names(loaded);
    err = read_tree(loaded, problems);
    if (!err) {
        item_load_map(&loader, PLACE_ITEM, loaded->root, &loaded->item);
        if (!loaded->item.card_fields)
            loaded->item.card_fields = mem_new(sizeof(char *));
        hash_notice(&loaded->item);
        item_check(&loader, loaded->root, name);
        if (problems->count != before)
            err = ERR_BAD_INPUT;
    }
    if (err) {
        item_unload(loaded);
        return err;
    }
    *ret_loaded = loaded;
    return ERR_OK;
}
