/* How a record is written: the text that is hashed, and the exported line.
 * There is one way to write a record, so that a flipped bit anywhere makes a
 * line that is not the one written. */
#include "kiosk/store/inside.h"

#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* No white space, keys in this order; records of versions 1 and 2 have neither
 * epoch nor step. */
static void add_form(const struct journal_record *record, struct buf *text)
{
    buf_add_format(text, "{\"n\":%" PRId64 ",\"ms\":%" PRId64, record->number,
                   record->wall_ms);
    if (record->has_code)
        buf_add_format(text, ",\"epoch\":%" PRId64 ",\"step\":%" PRId64,
                       record->epoch, record->step);
    buf_add_format(text, ",\"event\":\"%s\",\"fields\":%s}", record->name,
                   record->fields);
}

enum err journal_code_text(const struct journal_record *record,
                           const unsigned char before[CRYPTO_DIGEST_BYTES],
                           struct buf *text)
{
    struct buf form;

    buf_init(&form, JOURNAL_FORM_BYTES);
    add_form(record, &form);
    buf_add(text, before, CRYPTO_DIGEST_BYTES);
    buf_add(text, form.text, form.len);
    enum err err = form.is_cut || text->is_cut ? ERR_TOO_BIG : ERR_OK;
    buf_done(&form);
    return err;
}

enum err journal_hash_of(const struct journal_record *record,
                         const unsigned char before[CRYPTO_DIGEST_BYTES],
                         unsigned char hash[CRYPTO_DIGEST_BYTES])
{
    struct buf text;

    buf_init(&text, JOURNAL_LINE_BYTES);
    enum err err = journal_code_text(record, before, &text);
    if (!err && record->has_code)
        buf_add(&text, record->code, sizeof record->code);
    if (!err)
        digest_of(text.text, text.len, hash);
    buf_done(&text);
    return err;
}

/* ---- Lines ---- */

void journal_write_line(const struct journal_record *record, struct buf *line)
{
    size_t before = line->len;

    add_form(record, line);
    if (line->is_cut || line->len == before)
        return;
    /* The closing brace goes behind what is added. */
    line->len--;
    if (record->has_code) {
        buf_add_text(line, ",\"code\":\"");
        buf_add_hex(line, record->code, sizeof record->code);
        buf_add_char(line, '"');
    }
    buf_add_text(line, ",\"hash\":\"");
    buf_add_hex(line, record->hash, sizeof record->hash);
    buf_add_text(line, "\"}");
}

/* What is still to be read of a line. */
struct rest {
    char *at;
    char *end;
};

static bool take(struct rest *rest, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(rest->end - rest->at) < len ||
        memcmp(rest->at, text, len) != 0)
        return false;
    rest->at += len;
    return true;
}

/* Whatever fits into an int64_t; that it is written as we write it shows when
 * the line is written again. */
static bool take_number(struct rest *rest, int64_t *ret_value)
{
    bool is_negative = take(rest, "-");
    uint64_t value = 0;
    int digits = 0;

    for (; rest->at < rest->end && *rest->at >= '0' && *rest->at <= '9';
         rest->at++, digits++)
        value = value * 10 + (uint64_t)(*rest->at - '0');
    if (digits == 0 || digits > 19 || value > INT64_MAX)
        return false;
    *ret_value = is_negative ? -(int64_t)value : (int64_t)value;
    return true;
}

/* Takes `,"NAME":"64 hex digits"` from the end. */
static bool take_last_hex(struct rest *rest, const char *name,
                          unsigned char bytes[CRYPTO_DIGEST_BYTES])
{
    enum { HEX = CRYPTO_HEX_DIGEST - 1 };
    char hex[CRYPTO_HEX_DIGEST];
    size_t name_len = strlen(name);
    size_t len = name_len + HEX + 1;

    if ((size_t)(rest->end - rest->at) < len)
        return false;
    char *from = rest->end - len;
    if (memcmp(from, name, name_len) != 0 || rest->end[-1] != '"')
        return false;
    memcpy(hex, from + name_len, HEX);
    hex[HEX] = '\0';
    if (hex_decode(hex, bytes, CRYPTO_DIGEST_BYTES))
        return false;
    rest->end = from;
    return true;
}

static bool take_front(struct rest *rest, struct journal_record *record)
{
    if (!take(rest, "{\"n\":") || !take_number(rest, &record->number) ||
        !take(rest, ",\"ms\":") || !take_number(rest, &record->wall_ms))
        return false;
    record->epoch = -1;
    record->step = -1;
    if (!record->has_code)
        return true;
    return take(rest, ",\"epoch\":") && take_number(rest, &record->epoch) &&
           take(rest, ",\"step\":") && take_number(rest, &record->step);
}

static bool take_words(struct rest *rest, struct journal_record *record)
{
    if (!take(rest, ",\"event\":\""))
        return false;
    record->name = rest->at;
    while (rest->at < rest->end && *rest->at != '"')
        rest->at++;
    char *name_end = rest->at;
    if (!take(rest, "\",\"fields\":"))
        return false;
    *name_end = '\0';
    record->fields = rest->at;
    *rest->end = '\0';
    return true;
}

/* The other half of strictness: written again it is the same. */
static bool is_as_written(const char *line, size_t len,
                          const struct journal_record *record)
{
    struct buf again;

    buf_init(&again, JOURNAL_LINE_BYTES);
    journal_write_line(record, &again);
    bool is_same =
        !again.is_cut && again.len == len && memcmp(again.text, line, len) == 0;
    buf_done(&again);
    return is_same;
}

bool journal_read_line(const char *line, size_t len,
                       struct journal_record *record,
                       char room[JOURNAL_LINE_BYTES])
{
    if (len < 2 || len >= JOURNAL_LINE_BYTES || line[len - 1] != '}')
        return false;
    memcpy(room, line, len);
    struct rest rest = { room, room + len - 1 };
    if (!take_last_hex(&rest, ",\"hash\":\"", record->hash))
        return false;
    record->has_code = take_last_hex(&rest, ",\"code\":\"", record->code);
    return take_front(&rest, record) && take_words(&rest, record) &&
           is_as_written(line, len, record);
}
