/* The envelope as bytes: made, read, opened. */
#include "kiosk/flow/envelope.h"

#include <jansson.h>
#include <limits.h>
#include <string.h>

#include "kiosk/base/mem.h"
#include "kiosk/flow/envelope_body.h"

enum {
    LENGTH_BYTES = 4,
    HEADER_AT = 1 + LENGTH_BYTES,
    ENVELOPE_MIN = HEADER_AT + 1 + CRYPTO_ENC_BYTES + LENGTH_BYTES +
                   CRYPTO_TAG_BYTES + CRYPTO_SIGNATURE_BYTES
};

bool envelope_is_anonymous(const struct item *item,
                           const struct answers *answers)
{
    const char *value = item->anonymous_when_answer
                            ? answers_get(answers, item->anonymous_when_answer)
                            : NULL;

    return value && strcmp(value, item->anonymous_when_value) == 0;
}

static bool is_hex(const char *text, size_t exact_chars)
{
    return strlen(text) == exact_chars &&
           strspn(text, "0123456789abcdef") == exact_chars;
}

static bool is_digits(const char *text, size_t exact_chars)
{
    return strlen(text) == exact_chars &&
           strspn(text, "0123456789") == exact_chars;
}

static void add_length(struct buf *out, size_t len)
{
    const unsigned char bytes[LENGTH_BYTES] = {
        (unsigned char)(len >> 24 & 0xff), (unsigned char)(len >> 16 & 0xff),
        (unsigned char)(len >> 8 & 0xff), (unsigned char)(len & 0xff)
    };

    buf_add(out, bytes, sizeof bytes);
}

static size_t read_length(const unsigned char *bytes)
{
    return (size_t)bytes[0] << 24 | (size_t)bytes[1] << 16 |
           (size_t)bytes[2] << 8 | (size_t)bytes[3];
}

/* Appends enc, length and sealed body to what stands there already, which is
 * the associated data. */
static enum err add_sealed(const struct envelope_input *input,
                           const struct buf *body, struct buf *whole)
{
    unsigned char enc[CRYPTO_ENC_BYTES];
    size_t sealed_len = body->len + CRYPTO_TAG_BYTES;
    unsigned char *sealed = mem_new(sealed_len);
    enum err err = seal_to(input->office_key, ENVELOPE_INFO, whole->text,
                           whole->len, body->text, body->len, enc, sealed);

    if (!err) {
        buf_add(whole, enc, sizeof enc);
        add_length(whole, sealed_len);
        buf_add(whole, sealed, sealed_len);
    }
    mem_free(sealed);
    return err;
}

static enum err add_parts(const struct envelope_input *input,
                          const struct buf *body, struct buf *whole)
{
    char digest[CRYPTO_HEX_DIGEST];
    struct buf header;
    enum err err;

    digest_hex(body->text, body->len, digest);
    buf_init(&header, ENVELOPE_HEADER_MAX);
    err = envelope_header(input, digest, &header);
    if (!err) {
        buf_add_char(whole, ENVELOPE_SUITE);
        add_length(whole, header.len);
        buf_add(whole, header.text, header.len);
        err = add_sealed(input, body, whole);
    }
    buf_done(&header);
    return err;
}

enum err envelope_prepare(const struct envelope_input *input, struct buf *out)
{
    struct buf body, whole;
    enum err err;

    if (!is_hex(input->case_id, CASE_ID_CHARS) ||
        !is_digits(input->lookup_code, LOOKUP_DIGITS) ||
        strlen(input->address) != ADDRESS_CHARS || input->number < 1)
        return ERR_BAD_INPUT;
    buf_init(&body, ENVELOPE_BODY_MAX);
    buf_init(&whole, ENVELOPE_MAX);
    err = envelope_body(input, &body);
    if (!err)
        err = add_parts(input, &body, &whole);
    if (!err && (whole.is_cut ||
                 out->max - out->len < whole.len + CRYPTO_SIGNATURE_BYTES))
        err = ERR_TOO_BIG;
    if (!err)
        buf_add(out, whole.text, whole.len);
    buf_done(&body);
    buf_done(&whole);
    return err;
}

void envelope_finish(struct buf *out,
                     const unsigned char signature[CRYPTO_SIGNATURE_BYTES])
{
    buf_add(out, signature, CRYPTO_SIGNATURE_BYTES);
}

enum err envelope_make(const struct envelope_input *input, struct buf *out)
{
    struct envelope_input named = *input;
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    struct buf whole;

    named.machine_public = key_public(input->machine_key);
    buf_init(&whole, ENVELOPE_MAX);
    enum err err = envelope_prepare(&named, &whole);
    if (!err)
        err = key_sign(input->machine_key, whole.text, whole.len, signature);
    if (!err && out->max - out->len < whole.len + sizeof signature)
        err = ERR_TOO_BIG;
    if (!err) {
        envelope_finish(&whole, signature);
        buf_add(out, whole.text, whole.len);
    }
    buf_done(&whole);
    return err;
}

/* The header is flat; looked at before jansson, which would recurse into
 * whatever is nested. */
static bool is_flat(const char *text, size_t len)
{
    size_t depth = 0;
    bool in_string = false;

    for (size_t i = 0; i < len; i++) {
        if (in_string && text[i] == '\\')
            i++;
        else if (text[i] == '"')
            in_string = !in_string;
        else if (!in_string && text[i] == '[')
            return false;
        else if (!in_string && text[i] == '{' && depth++ > 0)
            return false;
    }
    return true;
}

static bool take_text(const json_t *header, const char *key, char *into,
                      size_t size)
{
    const char *text = json_string_value(json_object_get(header, key));

    if (!text || strlen(text) >= size)
        return false;
    memcpy(into, text, strlen(text) + 1);
    return true;
}

static bool take_number(const json_t *header, const char *key, int64_t max,
                        int64_t *ret)
{
    const json_t *value = json_object_get(header, key);

    if (!json_is_integer(value) || json_integer_value(value) < 0 ||
        json_integer_value(value) > max)
        return false;
    *ret = json_integer_value(value);
    return true;
}

static bool has_form(const char *text, const char *form)
{
    for (; *form; form++, text++)
        if (*form == '9' ? *text < '0' || *text > '9' : *text != *form)
            return false;
    return *text == '\0';
}

static bool time_is_ok(const char *time)
{
    return has_form(time, "9999-99-99T99") ||
           has_form(time, "9999-99-99T99:99:99+08:00");
}

static bool assurance_is_ok(const char *assurance)
{
    static const char *const known[] = { "none", "typed", "code",
                                         "app",  "card",  "card and check" };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], assurance) == 0)
            return true;
    return false;
}

static bool item_is_ok(const char *item)
{
    size_t len = strlen(item);

    return len > 0 &&
           strspn(item, "abcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

static bool take_texts(const json_t *header, struct envelope *into)
{
    char notice_hash[CRYPTO_HEX_DIGEST];

    return take_text(header, "case", into->case_id, sizeof into->case_id) &&
           is_hex(into->case_id, CASE_ID_CHARS) &&
           take_text(header, "machine", into->machine, sizeof into->machine) &&
           is_hex(into->machine, sizeof into->machine - 1) &&
           take_text(header, "receipt", into->receipt, sizeof into->receipt) &&
           is_digits(into->receipt, 12) &&
           take_text(header, "item", into->item, sizeof into->item) &&
           item_is_ok(into->item) &&
           take_text(header, "time", into->time, sizeof into->time) &&
           time_is_ok(into->time) &&
           take_text(header, "assurance", into->assurance,
                     sizeof into->assurance) &&
           assurance_is_ok(into->assurance) &&
           take_text(header, "office_key", into->office_key,
                     sizeof into->office_key) &&
           is_hex(into->office_key, sizeof into->office_key - 1) &&
           take_text(header, "digest", into->digest, sizeof into->digest) &&
           is_hex(into->digest, sizeof into->digest - 1) &&
           take_text(header, "item_hash", into->item_hash,
                     sizeof into->item_hash) &&
           is_hex(into->item_hash, sizeof into->item_hash - 1) &&
           take_text(header, "notice_hash", notice_hash, sizeof notice_hash) &&
           (notice_hash[0] == '\0' ||
            is_hex(notice_hash, sizeof notice_hash - 1));
}

static bool take_numbers(const json_t *header, struct envelope *into)
{
    int64_t version, notice_version, suite;

    if (!take_number(header, "number", INT64_MAX, &into->number) ||
        !take_number(header, "version", INT_MAX, &version) ||
        !take_number(header, "notice_version", INT_MAX, &notice_version) ||
        !take_number(header, "suite", ENVELOPE_SUITE, &suite))
        return false;
    into->version = (int)version;
    return into->number >= 1 && version >= 1 && suite == ENVELOPE_SUITE;
}

static enum err read_header(struct envelope *into)
{
    const char *text = (const char *)into->header;
    json_t *header;
    bool is_ok;

    if (!is_flat(text, into->header_len))
        return ERR_BAD_INPUT;
    header = json_loadb(text, into->header_len, JSON_REJECT_DUPLICATES, NULL);
    is_ok = json_is_object(header) && take_texts(header, into) &&
            take_numbers(header, into);
    json_decref(header);
    return is_ok ? ERR_OK : ERR_BAD_INPUT;
}

/* Where the parts are; each length is compared with what is left before it is
 * used. */
static enum err read_parts(const unsigned char *bytes, size_t len,
                           struct envelope *into)
{
    const unsigned char *at = bytes + HEADER_AT;
    size_t left;

    if (len < ENVELOPE_MIN || len > ENVELOPE_MAX || bytes[0] != ENVELOPE_SUITE)
        return ERR_BAD_INPUT;
    into->bytes = bytes;
    into->len = len;
    into->header = at;
    into->header_len = read_length(bytes + 1);
    left = len - HEADER_AT;
    if (into->header_len < 2 || into->header_len > ENVELOPE_HEADER_MAX ||
        into->header_len >
            left - (CRYPTO_ENC_BYTES + LENGTH_BYTES + CRYPTO_SIGNATURE_BYTES))
        return ERR_BAD_INPUT;
    at += into->header_len;
    into->enc = at;
    at += CRYPTO_ENC_BYTES;
    into->sealed_len = read_length(at);
    at += LENGTH_BYTES;
    into->sealed = at;
    left = (size_t)(bytes + len - at);
    if (into->sealed_len < CRYPTO_TAG_BYTES + 2 ||
        into->sealed_len > ENVELOPE_BODY_MAX + CRYPTO_TAG_BYTES ||
        left - CRYPTO_SIGNATURE_BYTES != into->sealed_len)
        return ERR_BAD_INPUT;
    into->signature = at + into->sealed_len;
    return ERR_OK;
}

enum err envelope_read(const void *bytes, size_t len,
                       struct envelope *ret_envelope)
{
    struct envelope read = { 0 };
    enum err err = read_parts(bytes, len, &read);

    if (!err)
        err = read_header(&read);
    if (!err)
        *ret_envelope = read;
    return err;
}

/* The header names both keys; neither may be another's. */
static bool keys_match(const struct envelope *envelope,
                       const unsigned char *machine_public,
                       const struct key *office_key)
{
    char machine[CRYPTO_HEX_DIGEST], office[CRYPTO_HEX_DIGEST];

    key_fingerprint(machine_public, machine);
    key_fingerprint(key_public(office_key), office);
    return strcmp(machine, envelope->machine) == 0 &&
           strcmp(office, envelope->office_key) == 0;
}

enum err envelope_open(const struct envelope *envelope,
                       const unsigned char machine_public[CRYPTO_PUBLIC_BYTES],
                       const struct key *office_key, struct buf *body)
{
    size_t plain_len = envelope->sealed_len - CRYPTO_TAG_BYTES;
    size_t signed_len = envelope->len - CRYPTO_SIGNATURE_BYTES;
    char digest[CRYPTO_HEX_DIGEST];
    unsigned char *plain;
    enum err err;

    if (!keys_match(envelope, machine_public, office_key))
        return ERR_REFUSED;
    err = sign_check(machine_public, envelope->bytes, signed_len,
                     envelope->signature);
    if (err)
        return err;
    plain = mem_new(plain_len);
    err = seal_open(office_key, ENVELOPE_INFO, envelope->enc, envelope->bytes,
                    HEADER_AT + envelope->header_len, envelope->sealed,
                    envelope->sealed_len, plain);
    if (!err) {
        digest_hex(plain, plain_len, digest);
        if (!mac_equal(digest, envelope->digest, sizeof digest))
            err = ERR_REFUSED;
        else if (body->max - body->len < plain_len)
            err = ERR_TOO_BIG;
        else
            buf_add(body, plain, plain_len);
    }
    mem_wipe(plain, plain_len);
    mem_free(plain);
    return err;
}
