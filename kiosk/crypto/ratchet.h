/* A key that turns one way only, for codes over the journal's records.
 *
 * Whoever takes the machine over finds the key as it stands now, and from it no
 * key before: each is HMAC-SHA256 of the one before it (HKDF's expansion, RFC
 * 5869 2.3, of one block), which is overwritten.  It turns with each code, and
 * every quarter of an hour an epoch begins, so that one can come to a late
 * record without passing every one before it.
 *
 * Unlike a struct key this is a plain value: the store keeps it in the very
 * transaction of the record that used it.  Used by kiosk/store only. */
#pragma once

#include "kiosk/crypto/crypto.h"

#include <stdbool.h>
#include <stdint.h>

enum { RATCHET_BYTES = 32 };

struct ratchet {
    int64_t epoch;
    int64_t step; /* codes made in this epoch */
    unsigned char now[RATCHET_BYTES];
    unsigned char next[RATCHET_BYTES]; /* what the next epoch comes from */
};

/* Epoch 0, step 0. */
void ratchet_init(struct ratchet *ratchet,
                  const unsigned char first[RATCHET_BYTES]);
void ratchet_turn(struct ratchet *ratchet);
void ratchet_next_epoch(struct ratchet *ratchet);
/* Turns to there; false when that lies behind, or so far ahead that nobody
 * came there in a machine's life. */
bool ratchet_go(struct ratchet *ratchet, int64_t epoch, int64_t step);
/* HMAC-SHA256 under the key as it stands now; label keeps codes of different
 * meaning apart. */
void ratchet_code(const struct ratchet *ratchet, const char *label,
                  const void *bytes, size_t len,
                  unsigned char code[CRYPTO_DIGEST_BYTES]);
