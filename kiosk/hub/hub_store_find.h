/* Cases as persons and the office look them up, what the office says of them,
 * and the index that finds a person's. */
#pragma once

#include "kiosk/hub/hub_store.h"

enum { FOUND_CASES_MAX = 78 };

/* One of the cases found; the bytes are valid during the call that shows it. */
struct found_case {
    struct hub_case what;
    char item[64];
    char receipt[16];
    int64_t received_ms;
    int64_t changed_ms; /* 0: nothing was said of it yet */
    const void *words;  /* the office's, sealed; none: 0 bytes */
    size_t words_len;
    const void *envelope;
    size_t envelope_len;
};

/* False: no more are wanted. */
typedef bool (*found_case_fn)(void *owner, const struct found_case *found);

/* Newest first, at most FOUND_CASES_MAX, never a rating. */
MUST_CHECK enum err
hub_store_find_person(struct store *store,
                      const unsigned char person[CRYPTO_DIGEST_BYTES],
                      found_case_fn on_case, void *owner);
MUST_CHECK enum err hub_store_find_receipt(struct store *store,
                                           const char *receipt,
                                           found_case_fn on_case, void *owner);

/* The id of the newest case with this id, case number or receipt number;
 * ERR_NOT_FOUND. */
MUST_CHECK enum err hub_store_find_any(struct store *store, const char *name,
                                       char ret_id[CASE_ID_CHARS + 1]);
/* What the office says of a case now; words are sealed.  A booking of one that
 * is withdrawn is free again.  ERR_NOT_FOUND. */
MUST_CHECK enum err hub_store_set_state(struct store *store, const char *id,
                                        const char *state,
                                        const struct buf *words,
                                        int64_t wall_ms);
/* The sealed words of a case. */
MUST_CHECK enum err hub_store_words(struct store *store, const char *id,
                                    struct buf *words);

/* One case that the index does not know yet. */
struct unindexed_case {
    char id[CASE_ID_CHARS + 1];
    char machine[CRYPTO_HEX_DIGEST];
};
/* Whether the index was made by the key that this is a mark of; else it is
 * emptied, and every case is to be indexed anew. */
MUST_CHECK enum err
hub_store_index_check(struct store *store,
                      const unsigned char mark[CRYPTO_DIGEST_BYTES]);
/* ERR_NOT_FOUND when all cases are indexed. */
MUST_CHECK enum err hub_store_unindexed(struct store *store,
                                        struct unindexed_case *ret_case,
                                        struct buf *envelope);
/* person NULL: nobody finds it by a number.  Within the caller's transaction.
 */
MUST_CHECK enum err hub_store_index(struct store *store, const char *id,
                                    const unsigned char *person);
