/* Keys and what they do.  No function returns a private key; files of keys are
 * 0600.  Suite 1: HPKE base mode (RFC 9180: X25519, HKDF-SHA256, AES-128-GCM)
 * and Ed25519 (RFC 8032), over OpenSSL 3. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CRYPTO_PUBLIC_BYTES = 32,
    CRYPTO_SIGNATURE_BYTES = 64,
    CRYPTO_DIGEST_BYTES = 32,
    CRYPTO_ENC_BYTES = 32, /* HPKE's encapsulated key */
    CRYPTO_TAG_BYTES = 16,
    CRYPTO_HEX_DIGEST = 2 * CRYPTO_DIGEST_BYTES + 1
};

enum key_kind {
    KEY_SIGN, /* Ed25519, a machine's */
    KEY_OPEN, /* X25519, the office's */
    KEY_MAC   /* 32 random bytes */
};

struct key;

/* Reads the key at path; makes one (0600, durable) when there is none and
 * may_make.  A damaged file is ERR_CORRUPT; one that is not this process's
 * user's alone (0600, no link, a regular file) is ERR_KEY_EXPOSED.  Neither is
 * ever replaced: somebody must look. */
MUST_CHECK enum err key_open(const char *path, enum key_kind kind,
                             bool may_make, struct key **ret_key);
void key_close(struct key *key);
/* After ERR_KEY_EXPOSED: "kind", "owner" or "rights", for the event; "" when
 * nothing is wrong with the file (any more). */
const char *key_complaint(const char *path);

/* Not for KEY_MAC. */
const unsigned char *key_public(const struct key *key);
/* SHA-256 of the public key in hex. */
void key_fingerprint(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                     char hex[CRYPTO_HEX_DIGEST]);

MUST_CHECK enum err key_sign(const struct key *key, const void *bytes,
                             size_t len,
                             unsigned char signature[CRYPTO_SIGNATURE_BYTES]);
/* ERR_REFUSED when it does not match. */
MUST_CHECK enum err
sign_check(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
           const void *bytes, size_t len,
           const unsigned char signature[CRYPTO_SIGNATURE_BYTES]);

/* Seals plain to the office's public key; info names the purpose (at most 256
 * bytes), aad is authenticated.  sealed: len + CRYPTO_TAG_BYTES bytes. */
MUST_CHECK enum err seal_to(const unsigned char public_key[CRYPTO_PUBLIC_BYTES],
                            const char *info, const void *aad, size_t aad_len,
                            const void *plain, size_t len,
                            unsigned char enc[CRYPTO_ENC_BYTES],
                            unsigned char *sealed);
/* The office's side; plain: len - CRYPTO_TAG_BYTES bytes.  ERR_REFUSED when it
 * was made for another key or changed. */
MUST_CHECK enum err seal_open(const struct key *key, const char *info,
                              const unsigned char enc[CRYPTO_ENC_BYTES],
                              const void *aad, size_t aad_len,
                              const unsigned char *sealed, size_t len,
                              unsigned char *plain);

void digest_of(const void *bytes, size_t len,
               unsigned char digest[CRYPTO_DIGEST_BYTES]);
void digest_hex(const void *bytes, size_t len, char hex[CRYPTO_HEX_DIGEST]);
/* Several pieces, one digest: the journal's chain. */
void digest_of_two(const void *first, size_t first_len, const void *second,
                   size_t second_len,
                   unsigned char digest[CRYPTO_DIGEST_BYTES]);

/* HMAC-SHA256 under a KEY_MAC key. */
MUST_CHECK enum err mac(const struct key *key, const void *bytes, size_t len,
                        unsigned char code[CRYPTO_DIGEST_BYTES]);
/* Constant time. */
bool mac_equal(const void *a, const void *b, size_t len);

/* A staff PIN as scrypt (N=2^15, r=8, p=1) then HMAC with the machine's key;
 * stored is text of at most PIN_STORED_BYTES with its NUL.  A PIN has 1 to 64
 * characters.  It takes about 0.1 s on purpose: call it by loop_work().
 * pin_check: ERR_REFUSED for a wrong PIN, ERR_CORRUPT for damaged text. */
enum { PIN_STORED_BYTES = 160 };
MUST_CHECK enum err pin_make(const struct key *key, const char *pin,
                             char stored[PIN_STORED_BYTES]);
MUST_CHECK enum err pin_check(const struct key *key, const char *pin,
                              const char *stored);
