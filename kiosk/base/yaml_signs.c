#include "kiosk/base/yaml_signs.h"

#include <string.h>

static const char colon[] = "：", comma[] = "，";

/* From its first byte; its length. */
static const char *line_of(const char *text, size_t len, size_t line,
                           size_t *ret_len)
{
    const char *at = text, *end = at + len, *stop;

    for (; line > 0 && at < end; at++)
        line -= *at == '\n';
    stop = memchr(at, '\n', (size_t)(end - at));
    *ret_len = (size_t)((stop ? stop : end) - at);
    return at;
}

bool yaml_has_wide_colon(const char *text, size_t len, size_t line)
{
    size_t size = sizeof colon - 1;

    text = line_of(text, len, line, &len);
    for (size_t i = 0; i + size <= len; i++)
        if (memcmp(text + i, colon, size) == 0)
            return true;
    return false;
}

static bool is_of_key(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool yaml_wide_colon_behind_key(const char *text, size_t len, size_t line,
                                size_t *ret_column)
{
    size_t at = 0, size = sizeof colon - 1;

    text = line_of(text, len, line, &len);
    while (at < len && (text[at] == ' ' || text[at] == '-'))
        at++;
    *ret_column = at;
    while (at < len && is_of_key(text[at]))
        at++;
    return at > *ret_column && at + size <= len &&
           memcmp(text + at, colon, size) == 0;
}

/* The byte at which that column begins. */
static size_t byte_of(const char *text, size_t len, size_t column)
{
    size_t at = 0;

    for (; at < len && column > 0; column--)
        do
            at++;
        while (at < len && (text[at] & 0xc0) == 0x80);
    return at;
}

bool yaml_wide_comma_before(const char *text, size_t len, size_t line,
                            size_t column)
{
    size_t at, size = sizeof comma - 1;

    text = line_of(text, len, line, &len);
    at = byte_of(text, len, column);
    while (at > 0 && (is_of_key(text[at - 1]) || text[at - 1] == ' '))
        at--;
    return at >= size && memcmp(text + at - size, comma, size) == 0;
}
