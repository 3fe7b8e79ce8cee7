#include "tests/tty/heard.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { LINE_SHOWN = 700 };

struct heard {
    const char *line; /* of the report, for whoever reads the failure */
    json_t *page, *elements;
    bool is_new; /* the first line of its page: nothing was turned yet */
    bool is_english;
};

static const char *text_of(const json_t *element, const char *name)
{
    const char *text = json_string_value(json_object_get(element, name));
    return text ? text : "";
}

static bool begins(const json_t *element, const char *words)
{
    return strncmp(text_of(element, "id"), words, strlen(words)) == 0;
}

static bool is_kind(const json_t *element, const char *kind)
{
    return strcmp(text_of(element, "kind"), kind) == 0;
}

static void must(bool holds, const struct heard *heard, const char *id,
                 const char *what)
{
    if (holds)
        return;
    int len = (int)strcspn(heard->line, "\n");
    fail_msg("%s: %s, in\n%.*s", id, what, len < LINE_SHOWN ? len : LINE_SHOWN,
             heard->line);
}

/* ---- Each element ------------------------------------------------------ */

static bool is_known(const json_t *element)
{
    static const char *const kinds[] = {
        "heading", "text",       "notice",  "fact", "choice",
        "row",     "field",      "keys",    "qr",   "progress",
        "table",   "candidates", "picture", "pad",
    };

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (is_kind(element, kinds[i]))
            return true;
    return false;
}

/* A word in braces that nobody filled in. */
static bool has_gap(const char *text)
{
    const char *open = strchr(text, '{');
    return open && strchr(open, '}');
}

/* Beside punctuation, U+4E00 to U+9FFF are three bytes from 0xe4 to 0xe9. */
static bool has_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0xe4 && (unsigned char)*text <= 0xe9)
            return true;
    return false;
}

/* What is of the person, the place or the language's own key may be Chinese on
 * an English page; what the program says about it is not. */
static bool must_be_english(const json_t *element)
{
    return (is_kind(element, "heading") || is_kind(element, "notice") ||
            begins(element, "footer.")) &&
           !begins(element, "footer.language") && !begins(element, "attract.");
}

static void check_words(const struct heard *heard, const json_t *element)
{
    const char *id = text_of(element, "id"), *text = text_of(element, "text");
    bool has_value = is_kind(element, "fact") || is_kind(element, "qr");

    must(*id, heard, "an element", "it has no id");
    must(is_known(element), heard, id, "its kind is none of DESIGN 3");
    must(*text, heard, id, "it has no words");
    must(!has_value || *text_of(element, "value"), heard, id,
         "there is nothing behind its label");
    must(!has_gap(text) && !has_gap(text_of(element, "value")) &&
             !has_gap(text_of(element, "note")),
         heard, id, "a gap was not filled");
    must(!heard->is_english || !must_be_english(element) || !has_chinese(text),
         heard, id, "it is not in English");
}

static bool is_header(const json_t *element)
{
    return begins(element, "header.");
}

/* ---- The page ------------------------------------------------------------ */

static bool is_typing(const struct heard *heard)
{
    json_t *element;
    size_t i;

    json_array_foreach(heard->elements, i, element)
    {
        if (*text_of(element, "typing"))
            return true;
    }
    return false;
}

static void check_title(const struct heard *heard)
{
    json_t *element;
    size_t i;

    json_array_foreach(heard->elements, i, element)
    {
        if (is_header(element))
            continue;
        must(is_kind(element, "heading"), heard, text_of(element, "id"),
             "the page does not begin with its title");
        return;
    }
    must(false, heard, "the page", "it is empty");
}

/* Only its title is told before an error. */
static void check_error(const struct heard *heard)
{
    json_t *element;
    size_t i;
    bool is_late = false;

    json_array_foreach(heard->elements, i, element)
    {
        if (begins(element, "field.error"))
            must(!is_late, heard, "field.error", "it is told too late");
        is_late |= !is_header(element) && !is_kind(element, "heading");
    }
}

/* Who has ten keys presses each choice by its key; where they write, "#" or the
 * glass does it.  What cannot be pressed now says why. */
static void check_choice(const struct heard *heard, const json_t *element,
                         bool is_typing)
{
    bool can_press = json_object_get(element, "at");
    const char *id = text_of(element, "id");

    if (!is_kind(element, "choice") && !is_kind(element, "row"))
        return;
    if (*text_of(element, "key"))
        return;
    if (can_press)
        must(is_typing || begins(element, "footer."), heard, id,
             "it has no key");
    else
        must(*text_of(element, "note"), heard, id,
             "it cannot be pressed, and does not say why");
}

static void check_pair(const struct heard *heard, const json_t *one,
                       const json_t *other)
{
    const char *id = text_of(one, "id");

    must(strcmp(id, text_of(other, "id")) != 0, heard, id,
         "two elements have this id");
    /* What the keys on the glass mean is what those under it do. */
    must(is_kind(one, "keys") || is_kind(other, "keys") ||
             !*text_of(one, "key") ||
             strcmp(text_of(one, "key"), text_of(other, "key")) != 0,
         heard, id, "another element has the same key");
}

static void check_elements(const struct heard *heard)
{
    bool writes = is_typing(heard);
    size_t count = json_array_size(heard->elements), focus = 0, pressed = 0;

    for (size_t i = 0; i < count; i++) {
        const json_t *element = json_array_get(heard->elements, i);
        check_words(heard, element);
        check_choice(heard, element, writes);
        focus += json_is_true(json_object_get(element, "focus"));
        pressed += json_object_get(element, "at") != NULL;
        for (size_t j = 0; j < i; j++)
            check_pair(heard, element, json_array_get(heard->elements, j));
    }
    must(focus == (pressed > 0), heard, "focus", "not on one element");
}

void heard_check(struct drive *drive, size_t mark)
{
    const char *line = drive_reported(drive, mark);
    json_int_t before = 0;

    for (; *line; line += strcspn(line, "\n") + 1) {
        json_t *json = json_loadb(line, strcspn(line, "\n"), 0, NULL);
        json_int_t page = json_integer_value(json_object_get(json, "page"));
        struct heard heard = {
            .line = line,
            .page = json,
            .elements = json_object_get(json, "elements"),
            .is_new = page > before,
            .is_english = strcmp(text_of(json, "language"), "en") == 0,
        };
        if (heard.elements) {
            if (heard.is_new)
                check_title(&heard);
            check_error(&heard);
            check_elements(&heard);
            before = page;
        }
        json_decref(json);
    }
}
