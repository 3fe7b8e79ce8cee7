/* Texts and names in items: what is allowed in them. */
#include "kiosk/flow/item_load.h"

#include <string.h>

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

const char *item_words_fault(const char *text)
{
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;

        if ((c < 0x20 && c != '\n') || c == 0x7f)
            return "expected a text without control characters";
        if (!may_be_ambiguous(c))
            continue;
        /* ① to ⑳ and their like */
        if (c == 0xe2 && (unsigned char)at[1] == 0x91)
            return "a number in a circle has no certain width: write (1)";
        for (size_t i = 0; i < sizeof ambiguous / sizeof *ambiguous; i++) {
            const char *character = ambiguous[i].character;

            if (strncmp(at, character, strlen(character)) == 0)
                return ambiguous[i].fault;
        }
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

/* {name} may be a text of the item itself or an answer. */
static bool is_fillable(const struct loader *loader, const char *name,
                        size_t len)
{
    static const char *const of_item[] = { "title", "authority", "unit",
                                           "contact" };

    for (size_t i = 0; i < sizeof of_item / sizeof *of_item; i++)
        if (strlen(of_item[i]) == len && memcmp(of_item[i], name, len) == 0)
            return true;
    for (size_t i = ITEM_NAMES_BUILT_IN; i < loader->loaded->name_count; i++) {
        const char *known = loader->loaded->names[i].name;

        if (strlen(known) == len && memcmp(known, name, len) == 0)
            return true;
    }
    return false;
}

static void check_fills(struct loader *loader, const struct yaml *node)
{
    for (const char *at = strchr(node->text, '{'); at; at = strchr(at, '{')) {
        size_t len = strcspn(++at, "{}");

        if (at[len] != '}')
            item_complain(loader, node, "a { without its }");
        else if (!is_fillable(loader, at, len))
            item_complain(loader, node,
                          "{%.*s} is filled by nothing: expected title, "
                          "authority, unit, contact or what a step answers",
                          (int)(len < 40 ? len : 40), at);
    }
}

static void load_text(struct loader *loader, const struct yaml *node,
                      const char **into)
{
    const char *fault;

    if (node->kind != YAML_TEXT || node->text[0] == '\0') {
        item_complain(loader, node, "expected a text");
        return;
    }
    fault = item_words_fault(node->text);
    if (fault)
        item_complain(loader, node, "%s", fault);
    check_fills(loader, node);
    *into = node->text;
}

void item_load_words(struct loader *loader, const struct yaml *node,
                     struct words *into)
{
    if (node->kind != YAML_MAP) {
        item_complain(loader, node,
                      "expected a text in both languages: {zh_CN: …, en: …}");
        return;
    }
    for (size_t i = 0; i < node->count; i++) {
        enum language language;

        if (language_find(node->keys[i]->text, &language)) {
            item_complain(loader, node->keys[i],
                          "unknown language \"%s\": expected zh_CN and en",
                          node->keys[i]->text);
            continue;
        }
        load_text(loader, node->items[i], &into->in[language]);
    }
    for (int i = 0; i < LANGUAGE_COUNT; i++)
        if (!yaml_get(node, language_name((enum language)i)))
            item_complain(loader, node, "the text in %s is missing",
                          language_name((enum language)i));
}
