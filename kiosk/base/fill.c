#include "kiosk/base/fill.h"

#include <string.h>

static const char *value_of(const char *name, size_t len,
                            const struct fill *fills, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(fills[i].name) == len &&
            memcmp(fills[i].name, name, len) == 0)
            return fills[i].value;
    return NULL;
}

void fill_text(struct buf *out, const char *text, const struct fill *fills,
               size_t count)
{
    while (*text) {
        size_t plain = strcspn(text, "{");
        buf_add(out, text, plain);
        text += plain;
        const char *end = *text ? strchr(text, '}') : NULL;
        if (!end) {
            buf_add_text(out, text);
            return;
        }
        const char *value =
            value_of(text + 1, (size_t)(end - text) - 1, fills, count);
        if (value)
            buf_add_text(out, value);
        else
            buf_add(out, text, (size_t)(end - text) + 1);
        text = end + 1;
    }
}
