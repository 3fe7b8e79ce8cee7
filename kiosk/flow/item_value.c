/* What stands behind a key: each kind of value is read, or told what was
 * expected. */
#include "kiosk/flow/item_load.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/card.h"

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
    long number, least = row->kind == TAKES_COUNT ? 0 : 1;

    if (node->kind == YAML_TEXT && node->text[0] >= '0' &&
        node->text[0] <= '9') {
        number = strtol(node->text, &end, 10);
        if (*end == '\0' && number >= least && (size_t)number <= row->limit) {
            *ret = number;
            return;
        }
    }
    item_complain(loader, node, "expected a whole number from %ld to %zu: %s",
                  least, row->limit, row->means);
}

const char *item_nth_word(const char *words, size_t n, size_t *ret_len)
{
    for (; words; words = strchr(words, '|') ? strchr(words, '|') + 1 : NULL)
        if (n-- == 0) {
            *ret_len = strcspn(words, "|");
            return words;
        }
    return NULL;
}

/* A kind that there is not yet is told as such, with what there is. */
static bool tell_later(struct loader *loader, const struct yaml *node,
                       const char *expected)
{
    const char *lacks =
        node->kind == YAML_TEXT ? item_kind_lacks(node->text) : NULL;

    if (lacks)
        item_complain(loader, node,
                      "\"%s\" is not accepted yet: %s in a later version; "
                      "expected one of %s",
                      node->text, lacks, expected);
    return lacks;
}

static void complain_words(struct loader *loader, const struct yaml *node,
                           const char *words)
{
    const char *known[64], *near = NULL, *word;
    size_t count = 0, len;
    struct buf expected;

    buf_init(&expected, 512);
    for (size_t i = 0; (word = item_nth_word(words, i, &len)); i++) {
        bool is_last = !word[len];

        if (len == 0)
            continue; /* what is not said */
        buf_add_format(&expected, "%s%.*s",
                       count == 0 ? ""
                       : is_last  ? " or "
                                  : ", ",
                       (int)len, word);
        known[count] = mem_copy_bytes(word, len);
        count++;
    }
    if (node->kind == YAML_TEXT)
        near = yaml_nearest(node->text, known, count);
    if (!tell_later(loader, node, expected.text))
        item_complain(loader, node, "expected %s%s%s%s", expected.text,
                      near ? "; did you mean \"" : "", near ? near : "",
                      near ? "\"?" : "");
    for (size_t i = 0; i < count; i++)
        mem_free((char *)known[i]);
    buf_done(&expected);
}

/* The place of node's text among words parted by |, or -1 with a complaint. */
static int load_one_of(struct loader *loader, const struct yaml *node,
                       const char *words)
{
    const char *word;
    size_t len;

    for (int i = 0; (word = item_nth_word(words, (size_t)i, &len)); i++)
        if (node->kind == YAML_TEXT && len > 0 && strlen(node->text) == len &&
            memcmp(word, node->text, len) == 0)
            return i;
    complain_words(loader, node, words);
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

static void load_code(struct loader *loader, const struct key_row *row,
                      const struct yaml *node, const char **into)
{
    if (node->kind != YAML_TEXT || strlen(node->text) != row->limit ||
        strspn(node->text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") !=
            row->limit)
        item_complain(loader, node, "expected %zu of A-Z and 0-9: %s",
                      row->limit, row->means);
    else
        *into = node->text;
}

/* "2026-11-23" */
static bool is_date(const char *text)
{
    char digits[9];
    size_t count = 0;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (; *text; text++)
        if (*text != '-' && count < sizeof digits - 1)
            digits[count++] = *text;
    digits[count] = '\0';
    return clock_is_date(digits);
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
    enum { SCREENS_BYTES = 256 };
    const char *near;
    struct buf known;

    if (!expect(loader, node, YAML_TEXT, "the name of a kind of page"))
        return;
    *into = node->text;
    if (item_screen_is_known(node->text))
        return;
    buf_init(&known, SCREENS_BYTES);
    item_screen_bits_text(ON_ALL & ~ON_OTHER, &known);
    bool is_told = tell_later(loader, node, known.text);
    buf_done(&known);
    if (is_told)
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

    /* These are looked at once the page has answered. */
    if (place == PLACE_STOP || place == PLACE_ALLOWED)
        known += loader->own_answers;
    item_load_rule(loader, node, known, into);
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

/* The names of card fields parted by |. */
static void card_field_words(struct buf *words)
{
    for (size_t i = 0; card_field_names[i]; i++)
        buf_add_format(words, "%s%s", i ? "|" : "", card_field_names[i]);
}

static void load_card_fields(struct loader *loader, const struct yaml *node,
                             const char ***into)
{
    struct buf words;

    if (!expect(loader, node, YAML_LIST, "a list of card fields") || *into)
        return;
    buf_init(&words, 1024);
    card_field_words(&words);
    *into = mem_new((node->count + 1) * sizeof **into);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *entry = node->items[i];
        bool is_twice = false;
        int at = load_one_of(loader, entry, words.text);

        if (at < 0)
            continue;
        for (size_t j = 0; j < i; j++)
            is_twice = is_twice ||
                       ((*into)[j] && strcmp((*into)[j], entry->text) == 0);
        if (is_twice || strcmp(entry->text, "kind") == 0)
            item_complain(loader, entry, "\"%s\" is kept already", entry->text);
        (*into)[i] = entry->text;
    }
    buf_done(&words);
}

static void load_divisions(struct loader *loader, const struct key_row *row,
                           const struct yaml *node, const char ***into)
{
    enum { DIVISION_DIGITS = 6 };

    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected a list of 1 to %zu divisions",
                      row->limit);
        return;
    }
    if (*into)
        return;
    *into = mem_new((node->count + 1) * sizeof **into);
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *entry = node->items[i];

        if (entry->kind != YAML_TEXT ||
            strlen(entry->text) != DIVISION_DIGITS ||
            strspn(entry->text, "0123456789") != DIVISION_DIGITS)
            item_complain(loader, entry,
                          "expected a division's code of six digits, such as "
                          "\"411303\"");
        else
            (*into)[i] = entry->text;
    }
}

static void expect_texts(struct loader *loader, const struct yaml *list)
{
    for (size_t i = 0; i < list->count; i++)
        (void)expect(loader, list->items[i], YAML_TEXT, "a text");
}

static void load_offers(struct loader *loader, const struct yaml *node)
{
    if (!expect(loader, node, YAML_MAP, "answers' names and lists of values"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *list = node->items[i];

        if (expect(loader, list, YAML_LIST, "a list of values"))
            expect_texts(loader, list);
    }
}

/* What is kept as it is must be a list of texts; or a map of texts, or of lists
 * of them (a choice of many). */
static void load_kept(struct loader *loader, const struct key_row *row,
                      const struct yaml *node)
{
    bool is_list = row->kind == TAKES_NAMES;

    if (!expect(loader, node, is_list ? YAML_LIST : YAML_MAP,
                is_list ? "a list of names" : "names and values"))
        return;
    if (is_list)
        expect_texts(loader, node);
    for (size_t i = 0; !is_list && i < node->count; i++) {
        if (node->items[i]->kind == YAML_LIST)
            expect_texts(loader, node->items[i]);
        else
            (void)expect(loader, node->items[i], YAML_TEXT, "a text");
    }
}

/* By answer, values with a name each; with names: or a list of them. */
static void load_said(struct loader *loader, const struct key_row *row,
                      const struct yaml *node)
{
    if (!expect(loader, node, YAML_MAP, "answers with values and names"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        const struct yaml *values = node->items[i];

        if (!expect(loader, values, YAML_MAP, "values and names"))
            continue;
        for (size_t j = 0; j < values->count; j++)
            if (values->items[j]->kind == YAML_LIST &&
                row->kind == TAKES_WARNED)
                expect_texts(loader, values->items[j]);
            else
                (void)expect(loader, values->items[j], YAML_TEXT, "a name");
    }
}

/* By person, what card is laid down. */
static void load_cards(struct loader *loader, const struct key_row *row,
                       const struct yaml *node)
{
    if (!expect(loader, node, YAML_MAP, "persons and their cards"))
        return;
    for (size_t i = 0; i < node->count; i++) {
        item_person_cards_check(loader, node->keys[i]);
        item_load_map(loader, row->inner, node->items[i], NULL);
    }
}

static void load_tests(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, const struct yaml **into)
{
    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected a list of 1 to %zu tests",
                      row->limit);
        return;
    }
    for (size_t i = 0; i < node->count; i++)
        item_load_map(loader, row->inner, node->items[i], NULL);
    *into = node;
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
        item_load_words(loader, row, node->items[i], &stop->ways[i]);
    stop->way_count = node->count;
}

size_t item_entry_size(enum place place, void *around, size_t **ret_count)
{
    struct item *item = around;
    struct step *step = around;
    struct slip_part *part = around;

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
    case PLACE_SLIP_PART:
        *ret_count = &item->slip_count;
        return sizeof(struct slip_part);
    case PLACE_SLIP_ROW:
        *ret_count = &part->row_count;
        return sizeof(struct slip_row);
    case PLACE_ALLOWED:
        *ret_count = &step->allowed_count;
        return sizeof(struct allowed);
    case PLACE_ITEM:
    case PLACE_NEEDS:
    case PLACE_NOTICE:
    case PLACE_SECTION:
    case PLACE_ANONYMOUS:
    case PLACE_CODES:
    case PLACE_TIME:
    case PLACE_FACT:
    case PLACE_TEST:
    case PLACE_TEST_CARD:
    case PLACE_SLIP_TABLE:
    case PLACE_OVERLAY:
    case PLACE_COUNT:
        break;
    }
    return 0;
}

static const char *text_at(const struct yaml *map, const char *key)
{
    const struct yaml *node = yaml_get(map, key);

    return node && node->kind == YAML_TEXT ? node->text : NULL;
}

/* A step's surroundings are prepared and taken away; of a line it is noted that
 * it stands on what is not verified. */
_Static_assert(offsetof(struct step, at) == 0 &&
                   offsetof(struct option, at) == 0 &&
                   offsetof(struct stop, at) == 0 &&
                   offsetof(struct allowed, at) == 0 &&
                   offsetof(struct line, at) == 0 &&
                   offsetof(struct slip_part, at) == 0 &&
                   offsetof(struct slip_row, at) == 0,
               "the place comes first");

static void load_entry(struct loader *loader, enum place place,
                       const struct yaml *node, void *into)
{
    loader->names_unverified = false;
    if (place == PLACE_STEP)
        item_step_begin(loader, node);
    if (place == PLACE_SLIP_ROW && node->kind == YAML_LIST)
        item_slip_cells(loader, item_key_find(place, "cells"), node,
                        &((struct slip_row *)into)->cells);
    else
        item_load_map(loader, place, node, into);
    if (place == PLACE_STEP)
        item_step_check(loader, node, into);
    /* Each of these begins with its place in the file. */
    *(const struct yaml **)into = node;
    if (place == PLACE_STEP && text_at(node, "when"))
        ((struct step *)into)->when_text = text_at(node, "when");
    if (place == PLACE_STOP)
        ((struct stop *)into)->when_text = text_at(node, "when");
    if (place == PLACE_LINE && loader->names_unverified)
        ((struct line *)into)->is_unverified = true;
}

static void load_maps(struct loader *loader, const struct key_row *row,
                      const struct yaml *node, void *into)
{
    void **array = (void **)(void *)((char *)into + row->offset);
    size_t *count = NULL;
    size_t size = item_entry_size(row->inner, into, &count);

    if (node->kind != YAML_LIST || node->count == 0 ||
        node->count > row->limit) {
        item_complain(loader, node, "expected a list of 1 to %zu entries: %s",
                      row->limit, row->means);
        return;
    }
    *array = mem_new(node->count * size);
    *count = node->count;
    for (size_t i = 0; i < node->count; i++)
        load_entry(loader, row->inner, node->items[i],
                   (char *)*array + i * size);
    if (row->inner == PLACE_STEP)
        loader->screen = ON_ALL;
}

/* An enum of our own compilers is as large as an int. */
static void load_small(struct loader *loader, const struct key_row *row,
                       const struct yaml *node, void *at)
{
    long number = 0;
    int which;

    _Static_assert(sizeof(enum field_type) == sizeof(int), "one size");
    if (row->kind == TAKES_WORD) {
        which = load_one_of(loader, node, row->words);
        if (at)
            *(int *)at = which < 0 ? 0 : which;
    } else if (row->kind == TAKES_BOOL) {
        which = load_one_of(loader, node, "false|true");
        if (at)
            *(bool *)at = which == 1;
    } else {
        load_number(loader, row, node, &number);
        if (at)
            *(int *)at = (int)number;
    }
}

static void load_text_of(struct loader *loader, const struct key_row *row,
                         const struct yaml *node)
{
    if (!expect(loader, node, YAML_TEXT, "a text"))
        return;
    if (row->kind == TAKES_DATE && !is_date(node->text))
        item_complain(loader, node, "expected a day such as 2026-11-23: %s",
                      row->means);
}

void item_load_value(struct loader *loader, const struct key_row *row,
                     const struct yaml *node, void *into)
{
    /* What tests say is kept as it is, and has no struct. */
    void *at = into ? (char *)into + row->offset : NULL;
    const char *name = NULL;

    if (node->is_bad)
        return;
    switch (row->kind) {
    case TAKES_CODE:
        load_code(loader, row, node, at);
        break;
    case TAKES_HOURS:
        load_hours(loader, node, at);
        break;
    case TAKES_ITEM_ID:
    case TAKES_NAME:
    case TAKES_VALUE:
        load_name(loader, row, node, at ? at : &name);
        break;
    case TAKES_SCREEN:
        load_screen(loader, node, at);
        break;
    case TAKES_NUMBER:
    case TAKES_COUNT:
    case TAKES_BOOL:
    case TAKES_WORD:
        load_small(loader, row, node, at);
        break;
    case TAKES_TEXT:
    case TAKES_DATE:
        load_text_of(loader, row, node);
        break;
    case TAKES_LIMIT:
        if (expect(loader, node, YAML_TEXT, "one value"))
            *(const char **)at = node->text;
        break;
    case TAKES_WORDS:
        item_load_words(loader, row, node, at);
        break;
    case TAKES_RULE:
        load_rule(loader, row->place, node, at);
        break;
    case TAKES_VALUE_RULE:
        item_load_value_rule(loader, node, loader->known, at);
        break;
    case TAKES_SOURCES:
        item_load_sources(loader, row, node, at);
        break;
    case TAKES_PAGES: /* of compound steps, which are others by now */
    case TAKES_CONDITIONS:
        break; /* read before everything that may use them */
    case TAKES_LIST:
        load_list(loader, node, at);
        break;
    case TAKES_CARD_FIELDS:
        load_card_fields(loader, node, at);
        break;
    case TAKES_DIVISIONS:
        load_divisions(loader, row, node, at);
        break;
    case TAKES_WAYS:
        load_ways(loader, row, node, into);
        break;
    case TAKES_NAMES:
    case TAKES_ANSWERS:
        load_kept(loader, row, node);
        break;
    case TAKES_OFFERS:
        load_offers(loader, node);
        break;
    case TAKES_REFUSED:
    case TAKES_WARNED:
        load_said(loader, row, node);
        break;
    case TAKES_CARDS:
        load_cards(loader, row, node);
        break;
    case TAKES_MAP:
        item_load_map(loader, row->inner, node, at);
        break;
    case TAKES_MAPS:
        load_maps(loader, row, node, into);
        break;
    case TAKES_FILLED:
        item_slip_filled(loader, node, at);
        break;
    case TAKES_CELLS:
        item_slip_cells(loader, row, node, at);
        break;
    case TAKES_PAPERS:
        item_slip_papers(loader, node, at);
        break;
    case TAKES_RECORDS:
        item_load_records(loader, row, node, at);
        break;
    case TAKES_TEST_RECORDS:
        item_load_test_records(loader, node);
        break;
    case TAKES_TESTS:
        load_tests(loader, row, node, at);
        break;
    }
}
