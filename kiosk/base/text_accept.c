/* The door for foreign text.  Two passes, each linear in the length: filter()
 * drops and replaces code point by code point, normalise() makes NFC of what is
 * left; then as much as is allowed goes to the caller. */
#include "kiosk/base/text.h"

#include "kiosk/base/mem.h"

#include <stdlib.h>
#include <string.h>

#include <unictype.h>
#include <uninorm.h>

enum { GETA = 0x3013 };

/* Ideographs of the two compatibility blocks.  NFC would turn each into the
 * unified one (U+F9D1 into U+516D), which is another character to the person
 * whose name is written with it; names are never touched, so these stand
 * outside normalisation. */
static bool is_compatibility_ideograph(uint32_t c)
{
    return (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

/* They choose the shape of the ideograph before them, so a name may need them
 * although they have no width. */
static bool is_variation_selector(uint32_t c)
{
    return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
}

static bool is_noncharacter(uint32_t c)
{
    return (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;
}

/* Control, bidi, zero-width and other format characters: nothing that a person
 * can see, and much that could deceive whoever reads the text later. */
static bool is_invisible(uint32_t c)
{
    if (c < 0x80)
        return c < 0x20 || c == 0x7f;
    if (c >= 0x3000 && c <= 0x9fff) /* most of what comes here */
        return c == 0x3164;
    if (c < 0xa0 || c == 0x2028 || c == 0x2029)
        return true;
    return !is_variation_selector(c) &&
           (uc_is_general_category(c, UC_FORMAT) ||
            uc_is_property_default_ignorable_code_point(c));
}

static void add_char(struct buf *out, uint32_t code_point)
{
    char bytes[4];

    buf_add(out, bytes, text_encode(code_point, bytes));
}

/* A run of newlines and tabs (a Windows line end is two of them) is one space.
 */
static void filter(const char *bytes, size_t len, struct buf *out,
                   struct text_change *change)
{
    bool was_line_end = false;
    uint32_t c;

    for (size_t at = 0; at < len;) {
        at += text_decode(bytes + at, len - at, &c);
        if (c == '\n' || c == '\r' || c == '\t') {
            change->had_control = true;
            if (!was_line_end)
                buf_add_char(out, ' ');
            was_line_end = true;
            continue;
        }
        was_line_end = false;
        if (c == TEXT_BROKEN || is_noncharacter(c)) {
            change->was_invalid = true;
            add_char(out, GETA);
        } else if (is_invisible(c)) {
            change->had_control = true;
        } else {
            add_char(out, c);
        }
    }
}

static void normalise_run(const char *bytes, size_t len, struct buf *out)
{
    size_t normal_len = 0;

    if (len == 0)
        return;
    uint8_t *normal = u8_normalize(UNINORM_NFC, (const uint8_t *)bytes, len,
                                   NULL, &normal_len);
    if (!normal)
        abort(); /* no memory: the text is valid and bounded */
    buf_add(out, normal, normal_len);
    mem_wipe(normal, normal_len);
    free(normal);
}

/* True when no character can change in NFC: ASCII and the ideographs of the
 * main blocks, which is nearly every text here. */
static bool is_plainly_normal(const char *bytes, size_t len)
{
    uint32_t c;

    for (size_t at = 0; at < len;) {
        at += text_decode(bytes + at, len - at, &c);
        if (c >= 0x300 && (c < 0x3400 || c > 0x9fff))
            return false;
    }
    return true;
}

static void normalise(const char *bytes, size_t len, struct buf *out)
{
    size_t run = 0;
    uint32_t c;

    if (is_plainly_normal(bytes, len)) {
        buf_add(out, bytes, len);
        return;
    }
    for (size_t at = 0; at < len;) {
        size_t took = text_decode(bytes + at, len - at, &c);

        if (is_compatibility_ideograph(c)) {
            normalise_run(bytes + run, at - run, out);
            buf_add(out, bytes + at, took);
            run = at + took;
        }
        at += took;
    }
    normalise_run(bytes + run, len - run, out);
}

/* Bytes of the whole characters that both limits allow. */
static size_t allowed(const struct buf *text, size_t max_chars, size_t room)
{
    size_t at = 0;
    uint32_t c;

    while (max_chars > 0 && at < text->len) {
        size_t took = text_decode(text->text + at, text->len - at, &c);

        if (took > room - at)
            break;
        at += took;
        max_chars--;
    }
    return at;
}

void text_accept(const char *bytes, size_t len, size_t max_chars,
                 struct buf *out, struct text_change *ret_change)
{
    struct text_change change = { 0 };
    struct buf seen, normal;

    /* A broken byte becomes three; NFC makes at most three bytes of one. */
    buf_init(&seen, len * 3);
    buf_init(&normal, len * 9);
    filter(bytes, len, &seen, &change);
    normalise(seen.text, seen.len, &normal);
    size_t kept = allowed(&normal, max_chars, out->max - out->len);
    change.was_cut = kept < normal.len;
    buf_add(out, normal.text, kept);
    buf_done(&normal);
    buf_done(&seen);
    *ret_change = change;
}

static uint32_t unit_at(const unsigned char *bytes, size_t at)
{
    return bytes[at * 2] | (uint32_t)bytes[at * 2 + 1] << 8;
}

/* A surrogate without its other half becomes the noncharacter U+FFFF, which
 * text_accept() shows as 〓 and counts as broken. */
static size_t decode_utf16(const unsigned char *bytes, size_t at, size_t count,
                           uint32_t *ret_code_point)
{
    uint32_t unit = unit_at(bytes, at);

    *ret_code_point = unit;
    if (unit < 0xd800 || unit > 0xdfff)
        return 1;
    uint32_t next = at + 1 < count ? unit_at(bytes, at + 1) : 0;
    if (unit > 0xdbff || next < 0xdc00 || next > 0xdfff) {
        *ret_code_point = 0xffff;
        return 1;
    }
    *ret_code_point = 0x10000 + ((unit - 0xd800) << 10) + (next - 0xdc00);
    return 2;
}

void text_accept_utf16le(const unsigned char *bytes, size_t len,
                         struct buf *out, struct text_change *ret_change)
{
    size_t count = len / 2;
    struct buf utf8;
    uint32_t c;

    while (count > 0 && (unit_at(bytes, count - 1) == ' ' ||
                         unit_at(bytes, count - 1) == 0 ||
                         unit_at(bytes, count - 1) == 0xffff))
        count--;
    buf_init(&utf8, count * 3);
    for (size_t at = 0; at < count;) {
        at += decode_utf16(bytes, at, count, &c);
        add_char(&utf8, c);
    }
    text_accept(utf8.text, utf8.len, SIZE_MAX, out, ret_change);
    buf_done(&utf8);
}
