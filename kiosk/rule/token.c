#include "kiosk/rule/token.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/text.h"

enum { NUMBER_BYTES = 400 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static void wrong(struct reader *reader, size_t at, const char *what)
{
    reader_complain(reader, at, "%s", what);
    reader->token.kind = TOKEN_WRONG;
}

/* ---- Numbers ------------------------------------------------------------ */

/* Digits of that base from `at`; false when they do not fit into 64 bits. */
static bool read_digits(struct reader *reader, size_t at, uint64_t base)
{
    const char *text = reader->text;

    reader->token.integer = 0;
    for (; hex_value(text[at]) >= 0 && hex_value(text[at]) < (int)base; at++) {
        uint64_t digit = (uint64_t)hex_value(text[at]);

        if (reader->token.integer > (UINT64_MAX - digit) / base)
            return false;
        reader->token.integer = reader->token.integer * base + digit;
    }
    reader->token.end = at;
    return true;
}

static size_t skip_digits(const char *text, size_t at)
{
    while (is_digit(text[at]))
        at++;
    return at;
}

/* The end of a double that begins at `at`, or of the int there. */
static size_t double_end(const char *text, size_t at, bool *ret_is_double)
{
    size_t end = skip_digits(text, at), exponent;

    *ret_is_double = false;
    if (text[end] == '.' && is_digit(text[end + 1])) {
        *ret_is_double = true;
        end = skip_digits(text, end + 1);
    }
    if (text[end] != 'e' && text[end] != 'E')
        return end;
    exponent = end + 1;
    if (text[exponent] == '+' || text[exponent] == '-')
        exponent++;
    if (!is_digit(text[exponent]))
        return end;
    *ret_is_double = true;
    return skip_digits(text, exponent);
}

static void read_double(struct reader *reader, size_t end)
{
    char copy[NUMBER_BYTES];
    size_t len = end - reader->token.at;

    if (len >= sizeof copy) {
        wrong(reader, reader->token.at,
              "the number is too long: expected less than 400 characters");
        return;
    }
    memcpy(copy, reader->text + reader->token.at, len);
    copy[len] = '\0';
    reader->token.kind = TOKEN_DOUBLE;
    reader->token.end = end;
    reader->token.real = strtod(copy, NULL);
    if (isinf(reader->token.real))
        wrong(reader, reader->token.at,
              "the number is too large: expected less than 1.8e308");
}

static void read_number(struct reader *reader)
{
    const char *text = reader->text;
    size_t at = reader->token.at;
    bool is_hex = text[at] == '0' && text[at + 1] == 'x';
    bool is_double = false;
    size_t end = is_hex ? at : double_end(text, at, &is_double);

    if (is_double) {
        read_double(reader, end);
    } else {
        reader->token.kind = TOKEN_INT;
        if (!read_digits(reader, is_hex ? at + 2 : at, is_hex ? 16 : 10)) {
            wrong(reader, at,
                  "the number is too large: expected at most "
                  "9223372036854775807");
            return;
        }
    }
    if (reader->token.kind == TOKEN_WRONG)
        return;
    char after = text[reader->token.end];
    if ((is_hex && reader->token.end == at + 2) || is_letter(after))
        wrong(reader, at,
              after == 'u' || after == 'U'
                  ? "numbers without sign (7u) are not part of rules: "
                    "expected 7"
                  : "expected a number such as 16, 1.5, 1e3 or 0x1F");
}

/* ---- Texts -------------------------------------------------------------- */

static void put(struct reader *reader, uint32_t code_point)
{
    reader->strings_end += text_encode(code_point, reader->strings_end);
}

/* Exactly `count` digits of that base at `at`, as a character. */
static bool read_code_point(struct reader *reader, size_t at, size_t count,
                            int base)
{
    uint32_t code_point = 0;

    for (size_t i = 0; i < count; i++) {
        int digit = hex_value(reader->text[at + i]);

        if (digit < 0 || digit >= base)
            return false;
        if (code_point > 0x10ffff)
            return false;
        code_point = code_point * (uint32_t)base + (uint32_t)digit;
    }
    if (code_point > 0x10ffff || (code_point >= 0xd800 && code_point <= 0xdfff))
        return false;
    put(reader, code_point);
    return true;
}

/* What stands after a backslash at `at`; how many bytes it took, or 0. */
static size_t read_escape(struct reader *reader, size_t at)
{
    static const char letters[] = "abfnrtv\\?\"'`";
    static const char values[] = "\a\b\f\n\r\t\v\\?\"'`";
    char c = reader->text[at];
    const char *found = c ? strchr(letters, c) : NULL;

    if (found) {
        put(reader, (unsigned char)values[found - letters]);
        return 1;
    }
    if (c == 'x' || c == 'X')
        return read_code_point(reader, at + 1, 2, 16) ? 3 : 0;
    if (c == 'u')
        return read_code_point(reader, at + 1, 4, 16) ? 5 : 0;
    if (c == 'U')
        return read_code_point(reader, at + 1, 8, 16) ? 9 : 0;
    if (c >= '0' && c <= '3')
        return read_code_point(reader, at, 3, 8) ? 3 : 0;
    return 0;
}

/* Up to the closing quote, which is `quotes` times the opening character.  In a
 * raw text a backslash is a backslash. */
static void read_text(struct reader *reader, size_t at, bool is_raw)
{
    const char *text = reader->text;
    char quote[4] = { text[at], text[at], text[at], '\0' };
    size_t quotes = strncmp(text + at, quote, 3) == 0 ? 3 : 1;
    const char *start = reader->strings_end;

    quote[quotes] = '\0';
    for (at += quotes; strncmp(text + at, quote, quotes) != 0;) {
        if (!text[at] ||
            (quotes == 1 && (text[at] == '\n' || text[at] == '\r'))) {
            reader_complain(reader, reader->token.at,
                            "the text does not end: expected a closing %s",
                            quote);
            reader->token.kind = TOKEN_WRONG;
            return;
        }
        if (text[at] == '\r') { /* every end of a line is the same */
            *reader->strings_end++ = '\n';
            at += text[at + 1] == '\n' ? 2 : 1;
            continue;
        }
        if (text[at] != '\\' || is_raw) {
            *reader->strings_end++ = text[at++];
            continue;
        }
        size_t took = read_escape(reader, at + 1);
        if (took == 0) {
            wrong(reader, at,
                  "unknown escape: expected \\n, \\t, \\\\, \\', \\\" or "
                  "\\u and four hexadecimal digits");
            return;
        }
        at += 1 + took;
    }
    reader->token.kind = TOKEN_TEXT;
    reader->token.end = at + quotes;
    reader->token.text =
        rule_text(start, (size_t)(reader->strings_end - start));
}

/* ---- Names -------------------------------------------------------------- */

static void keep_name(struct reader *reader, size_t at, size_t len)
{
    char *name = reader->strings_end;

    memcpy(name, reader->text + at, len);
    name[len] = '\0';
    reader->strings_end += len + 1;
    reader->token.name = name;
}

static void read_name(struct reader *reader)
{
    const char *text = reader->text;
    size_t at = reader->token.at, end = at;

    while (is_letter(text[end]) || is_digit(text[end]))
        end++;
    reader->token.end = end;
    keep_name(reader, at, end - at);
    reader->token.kind =
        strcmp(reader->token.name, "in") == 0 ? TOKEN_IN : TOKEN_NAME;
}

static void read_quoted_name(struct reader *reader)
{
    const char *text = reader->text;
    size_t at = reader->token.at + 1, end = at;

    while (is_letter(text[end]) || is_digit(text[end]) ||
           (text[end] && strchr(".-/ ", text[end])))
        end++;
    if (text[end] != '`' || end == at) {
        wrong(reader, reader->token.at,
              "expected letters, digits and . - / _ between ` and `");
        return;
    }
    keep_name(reader, at, end - at);
    reader->token.kind = TOKEN_QUOTED_NAME;
    reader->token.end = end + 1;
}

/* ---- Signs -------------------------------------------------------------- */

static const struct {
    const char *sign;
    enum token_kind kind;
} signs[] = {
    { "||", TOKEN_OR },
    { "&&", TOKEN_AND },
    { "==", TOKEN_EQUAL },
    { "!=", TOKEN_NOT_EQUAL },
    { "<=", TOKEN_LESS_OR_EQUAL },
    { ">=", TOKEN_GREATER_OR_EQUAL },
    { "<", TOKEN_LESS },
    { ">", TOKEN_GREATER },
    { "!", TOKEN_NOT },
    { "+", TOKEN_PLUS },
    { "-", TOKEN_MINUS },
    { "*", TOKEN_TIMES },
    { "/", TOKEN_DIVIDE },
    { "%", TOKEN_MODULO },
    { "?", TOKEN_QUESTION },
    { ":", TOKEN_COLON },
    { ".", TOKEN_POINT },
    { ",", TOKEN_COMMA },
    { "(", TOKEN_OPEN },
    { ")", TOKEN_CLOSE },
    { "[", TOKEN_OPEN_LIST },
    { "]", TOKEN_CLOSE_LIST },
    { "{", TOKEN_OPEN_MAP },
    { "}", TOKEN_CLOSE_MAP },
};

/* What people write who think of another language, and what to write here. */
static const struct {
    const char *sign, *expected;
} mistakes[] = {
    { "=", "expected == to compare" },
    { "&", "expected && for \"and\"" },
    { "|", "expected || for \"or\"" },
    { "“", "expected straight quotes: ' or \"" },
    { "”", "expected straight quotes: ' or \"" },
    { "‘", "expected straight quotes: ' or \"" },
    { "’", "expected straight quotes: ' or \"" },
    { "（", "expected the half-width (" },
    { "）", "expected the half-width )" },
    { "，", "expected the half-width ," },
    { "：", "expected the half-width :" },
    { "？", "expected the half-width ?" },
    { "！", "expected the half-width !" },
};

static void read_sign(struct reader *reader)
{
    const char *at = reader->text + reader->token.at;

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t len = strlen(signs[i].sign);

        if (strncmp(at, signs[i].sign, len) == 0) {
            reader->token.kind = signs[i].kind;
            reader->token.end = reader->token.at + len;
            return;
        }
    }
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        if (strncmp(at, mistakes[i].sign, strlen(mistakes[i].sign)) == 0) {
            wrong(reader, reader->token.at, mistakes[i].expected);
            return;
        }
    }
    wrong(reader, reader->token.at,
          "expected a name, a number, a text in quotes, a list, or a sign such "
          "as == < && + ( here");
}

/* ---- The next token ----------------------------------------------------- */

static size_t skip_space(const char *text, size_t at)
{
    for (;;) {
        at += strspn(text + at, " \t\n\f\r");
        if (strncmp(text + at, "//", 2) != 0)
            return at;
        at += strcspn(text + at, "\r\n"); /* a comment */
    }
}

/* b'...', br'...', rb'...': so that the message is about that. */
static bool is_bytes(const char *text)
{
    size_t letters = strspn(text, "bBrR");

    return letters > 0 && letters <= 2 &&
           (memchr(text, 'b', letters) || memchr(text, 'B', letters)) &&
           (text[letters] == '\'' || text[letters] == '"');
}

void token_next(struct reader *reader)
{
    const char *text = reader->text;
    size_t at = skip_space(text, reader->token.end);
    char c = text[at], next = c ? text[at + 1] : '\0';

    reader->token.at = reader->token.end = at;
    if (c == '\0')
        reader->token.kind = TOKEN_END;
    else if (c == '\'' || c == '"')
        read_text(reader, at, false);
    else if ((c == 'r' || c == 'R') && (next == '\'' || next == '"'))
        read_text(reader, at + 1, true);
    else if (is_bytes(text + at))
        wrong(reader, at,
              "bytes (b'...') are not part of rules: expected a "
              "text without the b");
    else if (is_digit(c) || (c == '.' && is_digit(next)))
        read_number(reader);
    else if (is_letter(c))
        read_name(reader);
    else if (c == '`')
        read_quoted_name(reader);
    else
        read_sign(reader);
}
