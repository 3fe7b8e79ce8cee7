#include "kiosk/base/buf.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/mem.h"

enum { FIRST_ROOM_BYTES = 63 };

void buf_init(struct buf *buf, size_t max_bytes)
{
    size_t room = max_bytes < FIRST_ROOM_BYTES ? max_bytes : FIRST_ROOM_BYTES;
    *buf = (struct buf){ .text = mem_new(room + 1),
                         .room = room,
                         .max = max_bytes };
}

void buf_done(struct buf *buf)
{
    if (!buf)
        return;
    mem_free(buf->text);
    *buf = (struct buf){ 0 };
}

void buf_clear(struct buf *buf)
{
    mem_wipe(buf->text, buf->len);
    buf->len = 0;
    buf->is_cut = false;
}

/* Makes room for len more bytes; returns how many of them fit. */
static size_t make_room(struct buf *buf, size_t len)
{
    assert(buf->text);
    if (len > buf->max - buf->len) {
        len = buf->max - buf->len;
        buf->is_cut = true;
    }
    size_t need = buf->len + len;
    if (need <= buf->room)
        return len;
    size_t room = buf->room < buf->max / 2 ? buf->room * 2 : buf->max;
    if (room < need)
        room = need;
    buf->text = mem_resize(buf->text, buf->len + 1, room + 1);
    buf->room = room;
    return len;
}

void buf_add(struct buf *buf, const void *bytes, size_t len)
{
    len = make_room(buf, len);
    if (len == 0)
        return;
    memcpy(buf->text + buf->len, bytes, len);
    buf->len += len;
    buf->text[buf->len] = '\0';
}

void buf_add_text(struct buf *buf, const char *text)
{
    buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, &c, 1);
}

void buf_add_format(struct buf *buf, const char *format, ...)
{
    va_list args;
    va_list again;

    assert(format);
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    assert(len >= 0);
    size_t fits = make_room(buf, (size_t)len);
    (void)vsnprintf(buf->text + buf->len, fits + 1, format, again);
    buf->len += fits;
    va_end(again);
    va_end(args);
}

void buf_add_hex(struct buf *buf, const void *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    for (size_t i = 0; i < len; i++) {
        char pair[2] = { digits[from[i] >> 4], digits[from[i] & 15] };
        buf_add(buf, pair, 2);
    }
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void buf_add_base64(struct buf *buf, const void *bytes, size_t len)
{
    const unsigned char *from = bytes;
    for (size_t i = 0; i < len; i += 3) {
        size_t left = len - i;
        uint32_t bits = (uint32_t)from[i] << 16;
        if (left > 1)
            bits |= (uint32_t)from[i + 1] << 8;
        if (left > 2)
            bits |= from[i + 2];
        char four[4] = {
            base64_digits[bits >> 18],
            base64_digits[bits >> 12 & 63],
            left > 1 ? base64_digits[bits >> 6 & 63] : '=',
            left > 2 ? base64_digits[bits & 63] : '=',
        };
        buf_add(buf, four, 4);
    }
}

void buf_remove_front(struct buf *buf, size_t len)
{
    assert(len <= buf->len);
    size_t left = buf->len - len;
    memmove(buf->text, buf->text + len, left);
    mem_wipe(buf->text + left, len);
    buf->len = left;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Of several spellings of the same bytes only the one that buf_add_base64
 * writes is taken: the bits that the padding leaves over must be zero. */
static enum err base64_check(const char *text, size_t text_len,
                             size_t *ret_padding)
{
    size_t padding = 0;
    if (text_len % 4 != 0)
        return ERR_BAD_INPUT;
    while (padding < 2 && padding < text_len &&
           text[text_len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < text_len - padding; i++)
        if (base64_value(text[i]) < 0)
            return ERR_BAD_INPUT;
    if (padding) {
        int last = base64_value(text[text_len - 1 - padding]);
        if (last & (padding == 1 ? 3 : 15))
            return ERR_BAD_INPUT;
    }
    *ret_padding = padding;
    return ERR_OK;
}

enum err base64_decode(const char *text, size_t text_len, unsigned char *bytes,
                       size_t max_bytes, size_t *ret_len)
{
    size_t padding = 0;
    enum err err = base64_check(text, text_len, &padding);
    if (err)
        return err;
    size_t len = text_len / 4 * 3 - padding;
    if (len > max_bytes)
        return ERR_TOO_BIG;
    uint32_t bits = 0;
    size_t at = 0;
    for (size_t i = 0; i < text_len; i++) {
        int value = text[i] == '=' ? 0 : base64_value(text[i]);
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 != 3)
            continue;
        for (int shift = 16; shift >= 0 && at < len; shift -= 8)
            bytes[at++] = (unsigned char)(bits >> shift);
        bits = 0;
    }
    *ret_len = len;
    return ERR_OK;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

enum err hex_decode(const char *text, unsigned char *bytes, size_t exact_bytes)
{
    if (strlen(text) != exact_bytes * 2)
        return ERR_BAD_INPUT;
    for (size_t i = 0; i < exact_bytes * 2; i++)
        if (hex_value(text[i]) < 0)
            return ERR_BAD_INPUT;
    for (size_t i = 0; i < exact_bytes; i++)
        bytes[i] = (unsigned char)(hex_value(text[2 * i]) << 4 |
                                   hex_value(text[2 * i + 1]));
    return ERR_OK;
}
