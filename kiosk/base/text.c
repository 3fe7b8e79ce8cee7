#include "kiosk/base/text.h"

#include <string.h>
#include <wchar.h>

#include <unistr.h>

enum { GETA = 0x3013 };

/* The bytes that may follow a first byte in UTF-8: how many, and the range of
 * the second, which keeps out overlong forms, surrogates and what is past
 * U+10FFFF (Unicode 15, table 3-7). */
static size_t following(unsigned char first, unsigned char *ret_low,
                        unsigned char *ret_high)
{
    *ret_low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    *ret_high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (first >= 0xc2 && first <= 0xdf)
        return 1;
    if (first >= 0xe0 && first <= 0xef)
        return 2;
    if (first >= 0xf0 && first <= 0xf4)
        return 3;
    return 0;
}

/* Most of what is read here by far: the ideographs of the main blocks, all of
 * three bytes and two cells. */
static bool is_main_ideograph(uint32_t code_point)
{
    return code_point >= 0x3400 && code_point <= 0x9fff &&
           (code_point < 0x4dc0 || code_point > 0x4dff); /* hexagrams */
}

static bool is_encoded_surrogate(const unsigned char *at, size_t len)
{
    return len >= 3 && at[0] == 0xed && at[1] >= 0xa0 && at[1] <= 0xbf &&
           at[2] >= 0x80 && at[2] <= 0xbf;
}

size_t text_decode(const char *bytes, size_t len, uint32_t *ret_code_point)
{
    const unsigned char *at = (const unsigned char *)bytes;
    unsigned char low, high;

    if (len == 0)
        return 0;
    if (at[0] < 0x80) {
        *ret_code_point = at[0];
        return 1;
    }
    /* Three bytes of which the second may be any: the common case, at once. */
    if (at[0] > 0xe0 && at[0] < 0xf0 && at[0] != 0xed && len >= 3 &&
        (at[1] & 0xc0) == 0x80 && (at[2] & 0xc0) == 0x80) {
        *ret_code_point =
            (at[0] & 0xfu) << 12 | (at[1] & 0x3fu) << 6 | (at[2] & 0x3fu);
        return 3;
    }
    *ret_code_point = TEXT_BROKEN;
    /* The three bytes are one mistake, so they become one 〓. */
    if (is_encoded_surrogate(at, len))
        return 3;
    size_t more = following(at[0], &low, &high);
    if (more == 0)
        return 1;
    uint32_t value = at[0] & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if (i == len || at[i] < low || at[i] > high)
            return i;
        value = value << 6 | (at[i] & 0x3fu);
        low = 0x80;
        high = 0xbf;
    }
    *ret_code_point = value;
    return more + 1;
}

size_t text_encode(uint32_t code_point, char bytes[4])
{
    /* Surrogates and what is past U+10FFFF have no encoding. */
    int len = u8_uctomb((uint8_t *)bytes, code_point, 4);

    return len > 0 ? (size_t)len : text_encode(GETA, bytes);
}

bool text_is_valid(const char *bytes, size_t len)
{
    return !memchr(bytes, '\0', len) && !u8_check((const uint8_t *)bytes, len);
}

uint32_t text_next(const char **at)
{
    uint32_t code_point = (unsigned char)**at;

    if (code_point < 0x80) {
        *at += code_point != 0;
        return code_point;
    }
    /* At most four bytes, and a NUL among them ends the character. */
    size_t len = strnlen(*at, 4);
    *at += text_decode(*at, len, &code_point);
    return code_point == TEXT_BROKEN ? GETA : code_point;
}

size_t text_count(const char *text)
{
    size_t count = 0;

    while (text_next(&text))
        count++;
    return count;
}

size_t text_offset(const char *text, size_t count)
{
    const char *at = text;

    while (count > 0 && text_next(&at))
        count--;
    return (size_t)(at - text);
}

int text_width_of(uint32_t code_point)
{
    if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0))
        return 0;
    if (code_point < 0x7f)
        return 1;
    if (is_main_ideograph(code_point))
        return 2;
    int width = wcwidth((wchar_t)code_point);
    /* What the C library cannot print is shown as 〓. */
    return width < 0 || width > 2 ? 2 : width;
}

int text_width(const char *text)
{
    int width = 0;
    uint32_t code_point;

    while ((code_point = text_next(&text)) != 0)
        width += text_width_of(code_point);
    return width;
}

int text_width_bytes(const char *text, size_t len)
{
    const char *end = text + len;
    uint32_t code_point;
    int width = 0;

    while (text < end) {
        text += text_decode(text, (size_t)(end - text), &code_point);
        width += text_width_of(code_point == TEXT_BROKEN ? GETA : code_point);
    }
    return width;
}

size_t text_fit(const char *text, int cells)
{
    const char *at = text;
    const char *end = text;
    uint32_t code_point;
    int width = 0;

    while ((code_point = text_next(&at)) != 0) {
        width += text_width_of(code_point);
        if (width > cells)
            break;
        end = at;
    }
    return (size_t)(end - text);
}
