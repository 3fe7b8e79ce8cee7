#include "kiosk/hub/form.h"

#include <string.h>

#include "kiosk/base/text.h"

enum { VALUE_BYTES_MAX = 512 };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One value, up to the next & or the end. */
static void decode(const char *from, const char *end, struct buf *out)
{
    for (; from < end && *from != '&'; from++) {
        if (*from == '%' && end - from > 2 && hex_value(from[1]) >= 0 &&
            hex_value(from[2]) >= 0) {
            buf_add_char(out,
                         (char)(hex_value(from[1]) * 16 + hex_value(from[2])));
            from += 2;
        } else {
            buf_add_char(out, *from == '+' ? ' ' : *from);
        }
    }
}

/* Where the value of that name begins, or NULL. */
static const char *find_value(const char *body, const char *end,
                              const char *name)
{
    size_t len = strlen(name);

    while (body < end) {
        const char *next = memchr(body, '&', (size_t)(end - body));

        if ((size_t)(end - body) > len && memcmp(body, name, len) == 0 &&
            body[len] == '=')
            return body + len + 1;
        if (next == NULL)
            return NULL;
        body = next + 1;
    }
    return NULL;
}

bool form_field(const char *body, size_t len, const char *name,
                struct buf *value)
{
    const char *end = body + len;
    const char *at = find_value(body, end, name);
    struct buf typed;
    bool is_good;

    if (at == NULL)
        return false;
    buf_init(&typed, VALUE_BYTES_MAX);
    decode(at, end, &typed);
    is_good = !typed.is_cut && strlen(typed.text) == typed.len &&
              text_is_valid(typed.text, typed.len);
    if (is_good)
        text_tidy_number(typed.text, value);
    if (value->is_cut) {
        buf_clear(value);
        is_good = false;
    }
    buf_done(&typed);
    return is_good;
}
