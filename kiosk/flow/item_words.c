/* Texts and names in items: what is allowed in them. */
#include "kiosk/flow/item_load.h"

#include <string.h>

#include "kiosk/base/text.h"

/* Characters that are one cell wide in one font and two in another, so that a
 * painted line would be torn; and what to write instead. */
static const struct {
    const char *character;
    const char *fault;
} ambiguous[] = {
#define INSTEAD(character, instead)                                            \
    {                                                                          \
        character, "\"" character "\" has no certain width: write " instead    \
                   " instead"                                                  \
    }
    INSTEAD("\u201c", "《》 or 【】"),
    INSTEAD("\u201d", "《》 or 【】"),
    INSTEAD("\u2018", "《》 or 【】"),
    INSTEAD("\u2019", "'"),
    INSTEAD("\u2026", "words"),
    INSTEAD("\u2014", "a comma"),
    INSTEAD("\u2013", "-"),
    INSTEAD("\u00b7", "a space"),
    INSTEAD("\u25cf", "words"),
    INSTEAD("\u25cb", "words"),
    INSTEAD("\u2192", "words"),
    INSTEAD("\u221a", "words"),
    INSTEAD("\u2605", "words"),
    INSTEAD("\u00d7", "words"),
    INSTEAD("\u2103", "度"),
    INSTEAD("\u00b0", "度"),
#undef INSTEAD
};

/* Every ambiguous character begins with one of these bytes. */
static bool may_be_ambiguous(unsigned char c)
{
    return c == 0xe2 || c == 0xc2 || c == 0xc3;
}

/* Half-width signs, and what stands beside Chinese instead. */
static const struct {
    char sign;
    const char *fault;
} half_width[] = {
#define INSTEAD(sign, instead)                                                 \
    {                                                                          \
        sign[0], "\"" sign "\" is half width beside Chinese: write \"" instead \
                 "\" instead"                                                  \
    }
    INSTEAD(",", "，"), INSTEAD(":", "："), INSTEAD(";", "；"),
    INSTEAD("?", "？"), INSTEAD("!", "！"), INSTEAD("(", "（"),
    INSTEAD(")", "）"),
#undef INSTEAD
};

static bool is_han(uint32_t c)
{
    return (c >= 0x3400 && c <= 0x9fff) || (c >= 0x20000 && c <= 0x323af);
}

/* What is filled in is as good as Chinese. */
static bool is_chinese(uint32_t c)
{
    return is_han(c) || (c >= 0x3001 && c <= 0x301f) ||
           (c >= 0xff01 && c <= 0xff5e) || c == '{' || c == '}';
}

static const char *half_width_fault(uint32_t before, char c, const char *after)
{
    uint32_t next = text_next(&after);

    if (!is_chinese(before) && !is_chinese(next))
        return NULL;
    for (size_t i = 0; i < sizeof half_width / sizeof *half_width; i++)
        if (half_width[i].sign == c)
            return half_width[i].fault;
    return NULL;
}

static const char *ambiguous_fault(const char *at)
{
    /* ① to ⑳ and their like */
    if ((unsigned char)at[0] == 0xe2 && (unsigned char)at[1] == 0x91)
        return "a number in a circle has no certain width: write （1）, or "
               "(1) in English";
    for (size_t i = 0; i < sizeof ambiguous / sizeof *ambiguous; i++) {
        const char *character = ambiguous[i].character;

        if (strncmp(at, character, strlen(character)) == 0)
            return ambiguous[i].fault;
    }
    return NULL;
}

const char *item_words_fault(const char *text, enum language language,
                             size_t *at)
{
    const char *from = text + *at, *fault = NULL;
    uint32_t before = 0;

    while (*from) {
        unsigned char c = (unsigned char)*from;

        *at = (size_t)(from - text);
        if ((c < 0x20 && c != '\n') || c == 0x7f)
            return "expected a text without control characters";
        if (may_be_ambiguous(c))
            fault = ambiguous_fault(from);
        else if (c < 0x80 && language == LANGUAGE_ZH_CN)
            fault = half_width_fault(before, *from, from + 1);
        if (fault)
            return fault;
        before = text_next(&from);
    }
    return NULL;
}

bool item_name_is_ok(const char *name, bool with_dash)
{
    size_t len = strlen(name);

    if (len == 0 || len > 31)
        return false;
    for (size_t i = 0; i < len; i++) {
        char c = name[i];

        if ((c >= 'a' && c <= 'z') || c == '_' || (with_dash && c == '-'))
            continue;
        if (c >= '0' && c <= '9' && (i > 0 || with_dash))
            continue;
        return false;
    }
    return true;
}

/* "children", "name": some step answers children_1_name. */
static bool is_part(const struct loader *loader, const char *name, size_t len)
{
    size_t group = loader->each ? strlen(loader->each) : 0;

    for (size_t i = ITEM_NAMES_BUILT_IN;
         loader->each && i < loader->loaded->name_count; i++) {
        const char *known = loader->loaded->names[i].name;

        if (strncmp(known, loader->each, group) == 0 &&
            strncmp(known + group, "_1_", 3) == 0 &&
            strlen(known + group + 3) == len &&
            memcmp(known + group + 3, name, len) == 0)
            return true;
    }
    return false;
}

/* {name} may be a text of the item itself or an answer. */
static bool is_fillable(const struct loader *loader, const char *name,
                        size_t len)
{
    static const char *const of_item[] = { "title", "authority", "unit",
                                           "contact" };

    for (size_t i = 0; i < sizeof of_item / sizeof *of_item; i++)
        if (strlen(of_item[i]) == len && memcmp(of_item[i], name, len) == 0)
            return true;
    if (is_part(loader, name, len))
        return true;
    if (item_fact_is(name, len))
        return true; /* said by item_facts_fill when the head lacks it */
    for (size_t i = ITEM_NAMES_BUILT_IN; i < loader->loaded->name_count; i++) {
        const char *known = loader->loaded->names[i].name;

        if (loader->loaded->names[i].element == RULE_MAP)
            continue; /* a group is no text */
        if (item_shared_is_name(known))
            continue; /* what is on record stands in no sentence */
        if (strlen(known) == len && memcmp(known, name, len) == 0)
            return true;
    }
    return false;
}

void item_fills_check(struct loader *loader, const struct yaml *node)
{
    for (const char *at = strchr(node->text, '{'); at; at = strchr(at, '{')) {
        size_t len = strcspn(++at, "{}");

        if (at[len] != '}')
            item_complain(loader, node, "a { without its }");
        else if (!is_fillable(loader, at, len))
            item_complain(loader, node,
                          "{%.*s} is filled by nothing: expected title, "
                          "authority, unit, contact, fee, basis, legal_time, "
                          "promised_time, minutes or what a step answers",
                          (int)(len < 40 ? len : 40), at);
        else if (item_is_hidden(loader, at, len))
            item_complain(loader, node,
                          "{%.*s} is hidden from people: expected it nowhere "
                          "in a text, or without hidden",
                          (int)len, at);
    }
}

struct yaml item_place_in(const struct yaml *node, size_t at)
{
    struct yaml place = *node;

    if (node->text_column > 0)
        place.column = node->text_column + (int)text_count(node->text) -
                       (int)text_count(node->text + at);
    return place;
}

static void check_characters(struct loader *loader, const struct yaml *node,
                             enum language language)
{
    const char *fault;
    size_t at = 0;

    while ((fault = item_words_fault(node->text, language, &at))) {
        const char *next = node->text + at;
        struct yaml place = item_place_in(node, at);

        item_complain(loader, &place, "%s", fault);
        /* What stood before the next one is not looked at again: it was no
         * fault. */
        (void)text_next(&next);
        at = (size_t)(next - node->text);
    }
}

/* A translation that was forgotten is a text in the other language. */
static void check_language(struct loader *loader, const struct yaml *node,
                           enum language language)
{
    bool has_han = false, has_latin = false, has_fill = false;
    const char *at = node->text;

    for (uint32_t c; (c = text_next(&at)) != 0;) {
        has_han = has_han || is_han(c);
        has_latin = has_latin || (c >= 'a' && c <= 'z');
        has_fill = has_fill || c == '{';
    }
    if (language == LANGUAGE_EN && has_han)
        item_warn(loader, node,
                  "Chinese in the English text: expected a translation");
    if (language == LANGUAGE_ZH_CN && has_latin && !has_han && !has_fill)
        item_warn(loader, node,
                  "no Chinese in the Chinese text: expected a translation");
}

/* An option reads as it is written: it is compared, spoken and kept as one text
 * in all sentences.  filled: with the facts of the head, which are not answers. */
static void check_option(struct loader *loader, const struct yaml *node,
                         const char *filled)
{
    for (const char *at = strchr(filled, '{'); at; at = strchr(at, '{')) {
        size_t len = strcspn(++at, "{}");

        if (at[len] != '}' || !is_fillable(loader, at, len))
            continue; /* said already */
        item_warn(loader, node,
                  "{%.*s} is not filled in here: an option reads as it is "
                  "written; say it in ask or hint",
                  (int)len, at);
        return;
    }
}

void item_load_text(struct loader *loader, const struct key_row *row,
                    const struct yaml *node, enum language language,
                    const char **into)
{
    if (node->is_bad)
        return;
    if (node->kind != YAML_TEXT || node->text[0] == '\0') {
        item_complain(loader, node, "expected a text");
        return;
    }
    check_characters(loader, node, language);
    check_language(loader, node, language);
    item_fills_check(loader, node);
    *into = item_facts_fill(loader, node, language);
    if (row->place == PLACE_OPTION)
        check_option(loader, node, *into);
    item_fit(loader, row, node, *into);
}

/* What an input method writes for a colon: "zh_CN：小事" is one key. */
static bool is_with_wide_colon(const char *key, const char *language)
{
    static const char colon[] = "：";
    size_t len = strlen(language);

    return strncmp(key, language, len) == 0 &&
           strncmp(key + len, colon, sizeof colon - 1) == 0;
}

/* Or it was meant to, and that is told. */
static bool has_language(const struct yaml *node, const char *language)
{
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->keys[i]->text, language) == 0 ||
            is_with_wide_colon(node->keys[i]->text, language))
            return true;
    return false;
}

static void complain_language(struct loader *loader, const struct yaml *key,
                              const struct yaml *value)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (is_with_wide_colon(key->text, language_name((enum language)i))) {
            item_complain(loader, key,
                          "\"：\" is no colon of YAML: expected \": \" behind "
                          "the language, half width and with a space");
            return;
        }
    /* {en: Small, very}: a key without a value. */
    if (value->kind == YAML_TEXT && value->text[0] == '\0')
        item_complain(loader, key,
                      "the comma before \"%.60s\" ended the text: expected a "
                      "text that holds a comma in quotes",
                      key->text);
    else
        item_complain(loader, key,
                      "unknown language \"%.60s\": expected zh_CN and en",
                      key->text);
}

void item_load_words(struct loader *loader, const struct key_row *row,
                     const struct yaml *node, struct words *into)
{
    if (node->is_bad)
        return;
    if (node->kind != YAML_MAP) {
        item_complain(loader, node,
                      "expected a text in both languages: {zh_CN: …, en: …}");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        enum language language;

        if (language_find(node->keys[i]->text, &language)) {
            complain_language(loader, node->keys[i], node->items[i]);
            continue;
        }
        item_load_text(loader, row, node->items[i], language,
                       &into->in[language]);
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (!has_language(node, language_name((enum language)i)))
            item_complain(loader, node, "the text in %s is missing",
                          language_name((enum language)i));
}
