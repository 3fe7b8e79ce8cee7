/* Text as others may see it: numbers tidied, names and numbers masked,
 * characters that the screen's fonts lack replaced. */
#include "kiosk/base/text.h"

#include <string.h>

static void add_char(struct buf *out, uint32_t code_point)
{
    char bytes[4];

    buf_add(out, bytes, text_encode(code_point, bytes));
}

static bool is_number_filler(uint32_t c)
{
    return c == ' ' || c == '-' || c == 0xa0 || c == 0x3000 || c == 0x2212 ||
           (c >= 0x2000 && c <= 0x200a) || (c >= 0x2010 && c <= 0x2015) ||
           c == 0x202f;
}

void text_tidy_number(const char *text, struct buf *out)
{
    uint32_t c;

    while ((c = text_next(&text)) != 0) {
        if (c >= 0xff01 && c <= 0xff5e)
            c -= 0xfee0;
        if (!is_number_filler(c))
            add_char(out, c);
    }
}

/* What has no width (an accent) goes with the character before it. */
static size_t seen_count(const char *text)
{
    size_t count = 0;
    uint32_t c;

    while ((c = text_next(&text)) != 0)
        count += count == 0 || text_width_of(c) > 0;
    return count;
}

/* Shows `first` and `last` characters; each one between becomes a star. */
static void mask(const char *text, size_t first, size_t last, struct buf *out)
{
    size_t count = seen_count(text), at = 0;
    uint32_t c;

    while ((c = text_next(&text)) != 0) {
        bool is_own = at == 0 || text_width_of(c) > 0;

        at += is_own;
        if (at <= first || at > count - last)
            add_char(out, c);
        else if (is_own)
            buf_add_char(out, '*');
    }
}

void text_mask_name(const char *name, struct buf *out)
{
    size_t count = seen_count(name);

    /* Of two characters only the first is shown, of one none. */
    mask(name, count > 1 ? 1 : 0, count > 2 ? 1 : 0, out);
}

/* A short number must not be given away by showing seven digits of it. */
static void mask_digits(const char *number, size_t least, struct buf *out)
{
    size_t count = seen_count(number);

    if (count >= least)
        mask(number, 3, 4, out);
    else
        mask(number, count >= 4 ? 1 : 0, count >= 4 ? 1 : 0, out);
}

void text_mask_number(const char *number, struct buf *out)
{
    mask_digits(number, 12, out);
}

void text_mask_phone(const char *phone, struct buf *out)
{
    mask_digits(phone, 11, out);
}

void text_mask_email(const char *email, struct buf *out)
{
    const char *domain = strrchr(email, '@');

    if (domain && domain > email)
        buf_add(out, email, text_offset(email, 1));
    buf_add_format(out, "***%s", domain ? domain : "");
}

/* What the hall session's fonts (DejaVu Sans Mono, and a GB 18030 font such as
 * Noto Sans CJK SC behind it) surely have: whole ranges, sorted.  Left out on
 * purpose: emoji, private use, extension B and beyond. */
static const struct {
    uint32_t first, last;
} with_glyph[] = {
    { 0x0020, 0x007e }, { 0x00a0, 0x00ac }, { 0x00ae, 0x017f },
    { 0x0192, 0x0192 }, { 0x01cd, 0x01dc }, { 0x01f8, 0x01f9 },
    { 0x0251, 0x0251 }, { 0x0261, 0x0261 }, { 0x02c6, 0x02cb },
    { 0x02d8, 0x02dd }, { 0x0300, 0x0345 }, { 0x0384, 0x038a },
    { 0x038c, 0x038c }, { 0x038e, 0x03a1 }, { 0x03a3, 0x03ff },
    { 0x0400, 0x0486 }, { 0x0488, 0x052f }, { 0x1e00, 0x1eff },
    { 0x2010, 0x2027 }, { 0x2030, 0x205e }, { 0x20a0, 0x20b5 },
    { 0x2100, 0x2138 }, { 0x2150, 0x217f }, { 0x2190, 0x2199 },
    { 0x2200, 0x22ff }, { 0x2312, 0x2312 }, { 0x2460, 0x249b },
    { 0x2500, 0x25a1 }, { 0x25b2, 0x25b3 }, { 0x25bc, 0x25bd },
    { 0x25c6, 0x25c7 }, { 0x25cb, 0x25cb }, { 0x25ce, 0x25cf },
    { 0x25e2, 0x25e5 }, { 0x2605, 0x2606 }, { 0x2609, 0x2609 },
    { 0x2640, 0x2640 }, { 0x2642, 0x2642 }, { 0x2e80, 0x2e99 },
    { 0x2e9b, 0x2ef3 }, { 0x2f00, 0x2fd5 }, { 0x3000, 0x303f },
    { 0x3041, 0x3096 }, { 0x3099, 0x30ff }, { 0x3105, 0x312d },
    { 0x31c0, 0x31e3 }, { 0x3220, 0x3229 }, { 0x3231, 0x3231 },
    { 0x32a3, 0x32a3 }, { 0x3380, 0x33df }, { 0x3400, 0x4dbf },
    { 0x4e00, 0x9fff }, { 0xf900, 0xfa6d }, { 0xfa70, 0xfad9 },
    { 0xfe30, 0xfe4f }, { 0xfe50, 0xfe52 }, { 0xfe54, 0xfe66 },
    { 0xfe68, 0xfe6b }, { 0xff01, 0xff5e }, { 0xffe0, 0xffe6 },
};

bool text_has_glyph(uint32_t code_point)
{
    size_t low = 0;
    size_t high = sizeof with_glyph / sizeof *with_glyph;

    if (code_point >= 0x4e00 && code_point <= 0x9fff)
        return true; /* a range of the table, and nearly all that is asked */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (code_point > with_glyph[middle].last)
            low = middle + 1;
        else if (code_point < with_glyph[middle].first)
            high = middle;
        else
            return true;
    }
    return false;
}

bool text_is_for_screen(const char *text)
{
    size_t len = strlen(text);
    uint32_t c;

    for (size_t at = 0; at < len;) {
        at += text_decode(text + at, len - at, &c);
        if (c != '\n' && !text_has_glyph(c))
            return false;
    }
    return true;
}

void text_for_screen(const char *text, struct buf *out)
{
    uint32_t c;

    while ((c = text_next(&text)) != 0) {
        /* A newline is text_wrap's to obey, a character without width (a
         * variation selector) would be a 〓 beside what it belongs to. */
        if (c == '\n' || text_has_glyph(c))
            add_char(out, c);
        else if (c < 0xa0 || text_width_of(c) > 0)
            add_char(out, 0x3013);
    }
}
