/* What a key is inside: for the files of this folder only.
 *
 * The private part lives in OpenSSL's own object and nowhere else; it has no
 * getter here and none may be added. */
#pragma once

#include "kiosk/crypto/crypto.h"

#include <openssl/evp.h>

enum { KEY_PRIVATE_BYTES = 32 };

struct key {
    int magic;
    enum key_kind kind;
    EVP_PKEY *inside;
    unsigned char public_bytes[CRYPTO_PUBLIC_BYTES]; /* not for KEY_MAC */
};

/* HMAC-SHA-256 under bytes that stand in nobody's key (see ratchet.c).  code may
 * be key. */
void mac_under(const unsigned char key[CRYPTO_DIGEST_BYTES], const void *bytes,
               size_t len, unsigned char code[CRYPTO_DIGEST_BYTES]);

/* Asserts that key is one of that kind: mixing them up is our bug. */
EVP_PKEY *key_inside(const struct key *key, enum key_kind kind);
