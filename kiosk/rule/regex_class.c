/* Classes of characters: [a-z], \d, \p{Han}, [[:alpha:]], and the escapes. */
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/rule/regex_parts.h"

enum { LAST_CODE_POINT = 0x10ffff, ITEMS_MAX = 20000 };

/* ---- Named sets --------------------------------------------------------- */

/* Pairs of first and last characters, in order; a name of one letter is an
 * escape. */
static const struct {
    const char *name, *ranges;
} sets[] = {
    { "d", "09" },           { "s", "\t\n\f\r  " },
    { "w", "09AZ__az" },     { "alnum", "09AZaz" },
    { "alpha", "AZaz" },     { "ascii", "\001\177" }, /* and NUL: set_has */
    { "blank", "\t\t  " },   { "cntrl", "\001\037\177\177" },
    { "digit", "09" },       { "graph", "!~" },
    { "lower", "az" },       { "print", " ~" },
    { "punct", "!/:@[`{~" }, { "space", "\t\r  " },
    { "upper", "AZ" },       { "word", "09AZ__az" },
    { "xdigit", "09AFaf" },
};

static bool set_has(int set, uint32_t code_point)
{
    for (const char *at = sets[set].ranges; *at; at += 2) {
        uint32_t first = (unsigned char)at[0];

        /* NUL cannot stand in the table. */
        if (code_point >= (first == 1 ? 0 : first) &&
            code_point <= (unsigned char)at[1])
            return true;
    }
    return false;
}

/* ---- What a class has --------------------------------------------------- */

static bool item_has(const struct class_item *item, uint32_t code_point)
{
    if (item->kind == ITEM_RANGE)
        return code_point >= item->first && code_point <= item->last;
    return item->kind == ITEM_SET ? set_has(item->set, code_point)
                                  : letter_is_of(code_point, &item->letters);
}

/* What is negated is what has none of its cases in it. */
static bool compute(const struct regex *regex, const struct class *class,
                    uint32_t code_point)
{
    uint32_t cases[LETTER_CASES_MAX] = { code_point };
    size_t count = class->ignores_case ? letter_cases(code_point, cases) : 1;

    for (int i = class->first; i < class->first + class->count; i++) {
        const struct class_item *item = &regex->items[i];
        bool is_in = false;

        for (size_t j = 0; j < count; j++)
            is_in = is_in || item_has(item, cases[j]);
        if (is_in != item->is_negated)
            return !class->is_negated;
    }
    return class->is_negated;
}

bool regex_class_has(const struct regex *regex, const struct class *class,
                     uint32_t code_point)
{
    return code_point < 128 ? class->ascii[code_point]
                            : compute(regex, class, code_point);
}

/* ---- Making one --------------------------------------------------------- */

static bool add_item(struct regex_reader *reader, struct class_item item)
{
    struct regex *regex = reader->regex;

    if (regex->item_count == ITEMS_MAX)
        return regex_wrong(reader, reader->at, "the classes are too long");
    if (regex->item_count == regex->item_room) {
        size_t room = regex->item_room ? 2 * regex->item_room : 16;

        regex->items =
            mem_resize(regex->items, regex->item_room * sizeof *regex->items,
                       room * sizeof *regex->items);
        regex->item_room = room;
    }
    regex->items[regex->item_count++] = item;
    return true;
}

static bool add_range(struct regex_reader *reader, uint32_t first,
                      uint32_t last)
{
    return add_item(reader, (struct class_item){ .kind = ITEM_RANGE,
                                                 .first = first,
                                                 .last = last });
}

static struct class begin_class(const struct regex_reader *reader)
{
    return (struct class){ .first = (int)reader->regex->item_count,
                           .ignores_case = reader->flags & FLAG_IGNORE_CASE };
}

static bool end_class(struct regex_reader *reader, struct class *class,
                      int *ret_class)
{
    struct regex *regex = reader->regex;

    class->count = (int)regex->item_count - class->first;
    for (uint32_t c = 0; c < 128; c++)
        class->ascii[c] = compute(regex, class, c);
    if (regex->class_count == regex->class_room) {
        size_t room = regex->class_room ? 2 * regex->class_room : 4;

        regex->classes =
            mem_resize(regex->classes, regex->class_room * sizeof *class,
                       room * sizeof *class);
        regex->class_room = room;
    }
    regex->classes[regex->class_count] = *class;
    *ret_class = (int)regex->class_count++;
    return true;
}

bool regex_class_of(struct regex_reader *reader, uint32_t character,
                    int *ret_class)
{
    struct class class = begin_class(reader);

    return add_range(reader, character, character) &&
           end_class(reader, &class, ret_class);
}

bool regex_dot(struct regex_reader *reader, int *ret_class)
{
    struct class class = begin_class(reader);

    class.ignores_case = false;
    return add_range(reader, 0,
                     reader->flags & FLAG_DOT_ALL ? LAST_CODE_POINT
                                                  : '\n' - 1) &&
           (reader->flags & FLAG_DOT_ALL ||
            add_range(reader, '\n' + 1, LAST_CODE_POINT)) &&
           end_class(reader, &class, ret_class);
}

static int find_set(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (strlen(sets[i].name) == len && memcmp(sets[i].name, name, len) == 0)
            return (int)i;
    return -1;
}

static bool add_set(struct regex_reader *reader, int set, bool is_negated)
{
    return add_item(reader, (struct class_item){ .kind = ITEM_SET,
                                                 .is_negated = is_negated,
                                                 .set = set });
}

/* "L", "{Han}", "{^Han}", after \p or \P. */
static bool add_letters(struct regex_reader *reader, bool is_negated)
{
    static const char what[] = "there is no such class of letters";
    size_t at = reader->at, len = 1;
    struct class_item item = { .kind = ITEM_LETTERS };

    if (at == reader->len)
        return regex_wrong(reader, at, what);
    if (regex_take(reader, '{')) {
        const char *name = reader->pattern + reader->at;
        const char *end = memchr(name, '}', reader->len - reader->at);

        if (!end)
            return regex_wrong(reader, at, what);
        len = (size_t)(end - name);
        at = reader->at;
        reader->at += len + 1;
    } else {
        reader->at++;
    }
    if (len > 0 && reader->pattern[at] == '^' && at != reader->at - 1) {
        is_negated = !is_negated;
        at++;
        len--;
    }
    item.is_negated = is_negated;
    if (!letter_class_find(reader->pattern + at, len, &item.letters))
        return regex_wrong(reader, at, what);
    return add_item(reader, item);
}

/* ---- Escapes ------------------------------------------------------------ */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* After \x: two digits, or some in braces. */
static bool read_hex(struct regex_reader *reader, uint32_t *ret_character)
{
    static const char what[] = "expected \\x and two hexadecimal digits, or "
                               "\\x{...}";
    bool has_braces = regex_take(reader, '{');
    uint32_t character = 0;
    int count = 0;

    while (reader->at < reader->len && (has_braces || count < 2)) {
        int digit = hex_value(reader->pattern[reader->at]);

        if (digit < 0)
            break;
        character = character * 16 + (uint32_t)digit;
        if (character > LAST_CODE_POINT)
            return regex_wrong(reader, reader->at, what);
        reader->at++;
        count++;
    }
    if (count == 0 || (!has_braces && count != 2) ||
        (has_braces && !regex_take(reader, '}')))
        return regex_wrong(reader, reader->at, what);
    *ret_character = character;
    return true;
}

/* \123: up to three octal digits; one that is not 0 and stands alone would be a
 * reference back. */
static bool read_octal(struct regex_reader *reader, size_t at, char c,
                       uint32_t *ret_character)
{
    uint32_t character = (uint32_t)(c - '0');

    if (c != '0' &&
        (reader->at == reader->len || reader->pattern[reader->at] < '0' ||
         reader->pattern[reader->at] > '7'))
        return regex_wrong(reader, at, "references back are not supported");
    for (int i = 0; i < 2 && reader->at < reader->len; i++) {
        char digit = reader->pattern[reader->at];

        if (digit < '0' || digit > '7')
            break;
        character = character * 8 + (uint32_t)(digit - '0');
        reader->at++;
    }
    *ret_character = character;
    return true;
}

static bool read_character_escape(struct regex_reader *reader, size_t at,
                                  uint32_t c, uint32_t *ret_character)
{
    static const char letters[] = "aftnrv", values[] = "\a\f\t\n\r\v";
    const char *found = c && c < 128 ? strchr(letters, (int)c) : NULL;
    bool is_letter =
        (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');

    if (found) {
        *ret_character = (unsigned char)values[found - letters];
        return true;
    }
    if (c == 'x')
        return read_hex(reader, ret_character);
    if (c >= '0' && c <= '7')
        return read_octal(reader, at, (char)c, ret_character);
    if (c >= 128 || is_letter)
        return regex_wrong(reader, at, "unknown escape");
    *ret_character = c;
    return true;
}

/* \d and \pL add to the class that is open, and true comes back in is_set. */
static bool add_escape(struct regex_reader *reader, bool *is_set,
                       uint32_t *ret_character)
{
    size_t at = reader->at - 1;
    uint32_t c;

    *is_set = true;
    if (!regex_take_character(reader, &c))
        return regex_wrong(reader, at, "the expression ends with \\");
    if (c == 'p' || c == 'P')
        return add_letters(reader, c == 'P');
    char name = c < 128 ? (char)(c | 0x20) : '\0';
    if ((name == 'd' || name == 's' || name == 'w') && c >= 'A')
        return add_set(reader, find_set(&name, 1), c < 'a');
    *is_set = false;
    return read_character_escape(reader, at, c, ret_character);
}

bool regex_read_escape(struct regex_reader *reader, int *ret_class,
                       uint32_t *ret_character)
{
    struct class class = begin_class(reader);
    bool is_set;

    *ret_class = -1;
    return add_escape(reader, &is_set, ret_character) &&
           (!is_set || end_class(reader, &class, ret_class));
}

/* ---- Brackets ----------------------------------------------------------- */

static bool is_text(const struct regex_reader *reader, const char *text)
{
    size_t len = strlen(text);

    return reader->len - reader->at >= len &&
           memcmp(reader->pattern + reader->at, text, len) == 0;
}

/* "[:alpha:]"; what only looks like it is a bracket and a colon. */
static bool add_named_set(struct regex_reader *reader, bool *ret_is_set)
{
    size_t start = reader->at + 2, end = start;

    *ret_is_set = false;
    while (end + 1 < reader->len &&
           (reader->pattern[end] != ':' || reader->pattern[end + 1] != ']'))
        end++;
    if (end + 1 >= reader->len)
        return true;
    bool is_negated = end > start && reader->pattern[start] == '^';
    int set = find_set(reader->pattern + start + is_negated,
                       end - start - is_negated);
    if (set < 3)
        return regex_wrong(reader, reader->at,
                           "there is no such class of characters");
    *ret_is_set = true;
    reader->at = end + 2;
    return add_set(reader, set, is_negated);
}

/* One character of a class, or a set that was added. */
static bool read_class_part(struct regex_reader *reader, bool *ret_is_set,
                            uint32_t *ret_character)
{
    *ret_is_set = false;
    if (is_text(reader, "[:")) {
        if (!add_named_set(reader, ret_is_set))
            return false;
        if (*ret_is_set)
            return true;
    }
    if (regex_take(reader, '\\'))
        return add_escape(reader, ret_is_set, ret_character);
    return regex_take_character(reader, ret_character) ||
           regex_wrong(reader, reader->at, "a class has no ]");
}

/* A range, or what read_class_part reads. */
static bool read_class_range(struct regex_reader *reader)
{
    size_t at = reader->at;
    bool is_set;
    uint32_t first, last;

    if (!read_class_part(reader, &is_set, &first))
        return false;
    if (is_set)
        return true;
    if (!regex_peek(reader, '-') || reader->at + 1 >= reader->len ||
        reader->pattern[reader->at + 1] == ']')
        return add_range(reader, first, first);
    reader->at++;
    /* A set cannot be the end of a range: \d, but [: is two characters. */
    bool is_escape = regex_take(reader, '\\');
    if (is_escape ? !add_escape(reader, &is_set, &last)
                  : !regex_take_character(reader, &last))
        return reader->what ? false
                            : regex_wrong(reader, at, "a class has no ]");
    if (is_set || last < first)
        return regex_wrong(reader, at,
                           "a range in a class is the wrong way "
                           "round, or no range");
    return add_range(reader, first, last);
}

bool regex_read_class(struct regex_reader *reader, int *ret_class)
{
    struct class class = begin_class(reader);
    size_t at = reader->at++;
    bool is_first = true;

    class.is_negated = regex_take(reader, '^');
    while (is_first || !regex_peek(reader, ']')) {
        if (reader->at == reader->len)
            return regex_wrong(reader, at, "a class has no ]");
        if (!read_class_range(reader))
            return false;
        is_first = false;
    }
    reader->at++;
    return end_class(reader, &class, ret_class);
}
