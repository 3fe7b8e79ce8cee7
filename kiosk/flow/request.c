#include "kiosk/flow/request.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/chance.h"

enum { TIME_DIGITS_MAX = 15 };

const char *const request_header_names[REQUEST_HEADER_COUNT] = {
    [REQUEST_MACHINE] = "Kiosk-Machine",     [REQUEST_KEY] = "Kiosk-Key",
    [REQUEST_TIME] = "Kiosk-Time",           [REQUEST_ID] = "Kiosk-Request",
    [REQUEST_SIGNATURE] = "Kiosk-Signature",
};

/* False when it does not fit, which only a path from outside can cause. */
static bool canonical_text(const struct request_line *line, const char *id,
                           const char *time, struct buf *out)
{
    char digest[CRYPTO_HEX_DIGEST];

    digest_hex(line->body, line->body_len, digest);
    buf_add_format(out, "kiosk-request 1\n%s\n%s\n%s\n%s\n%s\n", line->method,
                   line->path, id, time, digest);
    return !out->is_cut;
}

static void set_base64(char *value, const void *bytes, size_t len)
{
    struct buf text;

    buf_init(&text, REQUEST_PROOF_BYTES - 1);
    buf_add_base64(&text, bytes, len);
    assert(!text.is_cut);
    memcpy(value, text.text, text.len + 1);
    buf_done(&text);
}

static void set_id(char *value)
{
    unsigned char id[REQUEST_ID_CHARS / 2];
    struct buf text;

    chance_bytes(id, sizeof(id));
    buf_init(&text, REQUEST_ID_CHARS);
    buf_add_hex(&text, id, sizeof(id));
    memcpy(value, text.text, text.len + 1);
    buf_done(&text);
}

enum err request_prepare(const unsigned char *public_key,
                         const struct request_line *line, int64_t wall_ms,
                         struct request_proof *ret_proof, struct buf *text)
{
    struct request_proof proof = { 0 };

    key_fingerprint(public_key, proof.values[REQUEST_MACHINE]);
    set_base64(proof.values[REQUEST_KEY], public_key, CRYPTO_PUBLIC_BYTES);
    snprintf(proof.values[REQUEST_TIME], REQUEST_PROOF_BYTES, "%" PRId64,
             wall_ms);
    set_id(proof.values[REQUEST_ID]);
    if (!canonical_text(line, proof.values[REQUEST_ID],
                        proof.values[REQUEST_TIME], text))
        return ERR_TOO_BIG;
    *ret_proof = proof;
    return ERR_OK;
}

void request_finish(struct request_proof *proof,
                    const unsigned char signature[CRYPTO_SIGNATURE_BYTES])
{
    set_base64(proof->values[REQUEST_SIGNATURE], signature,
               CRYPTO_SIGNATURE_BYTES);
}

enum err request_sign(const struct key *machine_key,
                      const struct request_line *line, int64_t wall_ms,
                      struct request_proof *ret_proof)
{
    struct request_proof proof;
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    struct buf text;

    buf_init(&text, REQUEST_TEXT_MAX);
    enum err err =
        request_prepare(key_public(machine_key), line, wall_ms, &proof, &text);
    if (!err)
        err = key_sign(machine_key, text.text, text.len, signature);
    buf_done(&text);
    if (err)
        return err;
    request_finish(&proof, signature);
    *ret_proof = proof;
    return ERR_OK;
}

static bool read_base64(const char *text, unsigned char *bytes, size_t exact)
{
    size_t len;

    return !base64_decode(text, strlen(text), bytes, exact, &len) &&
           len == exact;
}

static bool read_time(const char *text, int64_t *ret_ms)
{
    int64_t ms = 0;
    size_t len = strlen(text);

    if (len == 0 || len > TIME_DIGITS_MAX)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        ms = ms * 10 + (text[i] - '0');
    }
    *ret_ms = ms;
    return true;
}

/* Lower-case only, so that one machine and one request have one spelling. */
static bool is_hex(const char *text, size_t exact)
{
    return strlen(text) == exact && strspn(text, "0123456789abcdef") == exact;
}

static bool read_proof(const char *const values[REQUEST_HEADER_COUNT],
                       struct request_sender *sender,
                       unsigned char signature[CRYPTO_SIGNATURE_BYTES])
{
    for (int i = 0; i < REQUEST_HEADER_COUNT; i++) {
        if (values[i] == NULL || strlen(values[i]) >= REQUEST_PROOF_BYTES)
            return false;
    }
    if (!is_hex(values[REQUEST_MACHINE], CRYPTO_HEX_DIGEST - 1) ||
        !is_hex(values[REQUEST_ID], REQUEST_ID_CHARS))
        return false;
    memcpy(sender->machine, values[REQUEST_MACHINE], CRYPTO_HEX_DIGEST);
    return !hex_decode(values[REQUEST_ID], sender->id, sizeof(sender->id)) &&
           read_time(values[REQUEST_TIME], &sender->wall_ms) &&
           read_base64(values[REQUEST_KEY], sender->public_key,
                       CRYPTO_PUBLIC_BYTES) &&
           read_base64(values[REQUEST_SIGNATURE], signature,
                       CRYPTO_SIGNATURE_BYTES);
}

static bool is_signed(const char *const values[REQUEST_HEADER_COUNT],
                      const struct request_line *line,
                      const struct request_sender *sender,
                      const unsigned char signature[CRYPTO_SIGNATURE_BYTES])
{
    char fingerprint[CRYPTO_HEX_DIGEST];
    struct buf text;
    bool is_right;

    key_fingerprint(sender->public_key, fingerprint);
    if (strcmp(fingerprint, sender->machine) != 0)
        return false;
    buf_init(&text, REQUEST_TEXT_MAX);
    is_right =
        canonical_text(line, values[REQUEST_ID], values[REQUEST_TIME], &text) &&
        !sign_check(sender->public_key, text.text, text.len, signature);
    buf_done(&text);
    return is_right;
}

enum request_fault request_check(const char *const values[REQUEST_HEADER_COUNT],
                                 const struct request_line *line,
                                 int64_t now_wall_ms,
                                 struct request_sender *ret_sender)
{
    unsigned char signature[CRYPTO_SIGNATURE_BYTES];
    struct request_sender sender = { 0 };

    if (!read_proof(values, &sender, signature))
        return REQUEST_MALFORMED;
    if (!is_signed(values, line, &sender, signature))
        return REQUEST_FORGED;
    *ret_sender = sender;
    if (sender.wall_ms < now_wall_ms - REQUEST_WINDOW_MS ||
        sender.wall_ms > now_wall_ms + REQUEST_WINDOW_MS)
        return REQUEST_UNTIMELY;
    return REQUEST_OK;
}
