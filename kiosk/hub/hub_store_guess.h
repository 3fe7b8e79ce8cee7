/* How often somebody guessed wrong: codes of receipts, of progress pages, of
 * certificates.  It outlives a restart, and is forgotten an hour after the
 * first wrong one. */
#pragma once

#include "kiosk/crypto/crypto.h"
#include "kiosk/store/store.h"

enum { GUESSES_WRONG_MAX = 5, GUESSES_WINDOW_MS = 60 * 60 * 1000 };

/* What is guessed at, or who guesses: a mark, or the digest of an address. */
struct guess_key {
    unsigned char bytes[CRYPTO_DIGEST_BYTES];
};

struct guesses {
    int wrong;        /* within the last hour */
    int64_t since_ms; /* the first of them */
    int64_t last_ms;
};

MUST_CHECK enum err hub_store_guesses(struct store *store,
                                      const struct guess_key *key,
                                      int64_t wall_ms,
                                      struct guesses *ret_guesses);
/* One more wrong one of each key, in one transaction. */
MUST_CHECK enum err hub_store_guess_wrong(struct store *store,
                                          const struct guess_key *keys,
                                          size_t count, int64_t wall_ms);
