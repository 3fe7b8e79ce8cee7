/* What the hub keeps, in DIR/hub.sqlite: cases with their sealed envelopes,
 * machines with their last heartbeat, the day's sequences of case numbers, and
 * how often a 查询码 was wrong.
 *
 * No personal data stands in it outside the sealed envelopes; of a progress
 * page's address it knows only the SHA-256 (of 128 random bits, so it cannot be
 * guessed back).  Functions that write are durable when they return ERR_OK. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/store/store.h"
#include "kiosk/store/terminal.h"

enum {
    CASE_NUMBER_CHARS = 45,
    CASE_STATE_BYTES = 16,
    LOOKUP_WRONG_MAX = 5,
    LOOKUP_WINDOW_MS = 60 * 60 * 1000
};

extern const struct store_schema hub_schema;

/* A case as it is looked up; envelope only where a function says so. */
struct hub_case {
    char id[CASE_ID_CHARS + 1];
    char machine[CRYPTO_HEX_DIGEST];
    char state[CASE_STATE_BYTES];
    char case_number[CASE_NUMBER_CHARS + 1];
    unsigned char digest[CRYPTO_DIGEST_BYTES]; /* of the whole envelope */
};

/* ERR_NOT_FOUND. */
MUST_CHECK enum err hub_store_find(struct store *store, const char *id,
                                   struct hub_case *ret_case);
/* The case with this progress address; envelope gets its bytes. */
MUST_CHECK enum err hub_store_find_address(struct store *store,
                                           const char *address,
                                           struct hub_case *ret_case,
                                           struct buf *envelope);

/* What is to be stored.  address "": no progress page. */
struct hub_new_case {
    const struct envelope *envelope;
    const unsigned char *public_key; /* the machine's */
    const char *address;
    int64_t wall_ms;
    bool is_carried; /* in a file: the machine was not seen by that */
};

/* Stores it as delivered and gives it its number, in one transaction. */
MUST_CHECK enum err hub_store_add(struct store *store,
                                  const struct hub_new_case *entry,
                                  struct hub_case *ret_case);

/* The key that a machine's cases were signed with. */
MUST_CHECK enum err
hub_store_machine_key(struct store *store, const char *machine,
                      unsigned char public_key[CRYPTO_PUBLIC_BYTES]);
/* What is noted of a machine's journal. */
struct hub_journal {
    struct journal_head head; /* number 0: nothing yet */
    int64_t told_ms;          /* the machine's time when it told of it last */
    bool is_differing;        /* and told of another than what is noted */
};

/* All zero for a machine that is not known yet. */
MUST_CHECK enum err hub_store_journal(struct store *store, const char *machine,
                                      struct hub_journal *ret_journal);

struct hub_heartbeat {
    const char *machine;
    const unsigned char *public_key;
    const char *health;
    int64_t wall_ms;
    const struct hub_journal *journal;
};

/* Keeps the last heartbeat only. */
MUST_CHECK enum err hub_store_heartbeat(struct store *store,
                                        const struct hub_heartbeat *beat);
/* health gets the last heartbeat's JSON, "" when none came yet. */
MUST_CHECK enum err hub_store_health(struct store *store, const char *machine,
                                     struct buf *health, int64_t *ret_ms);

/* Wrong 查询码 for this address within the last hour. */
MUST_CHECK enum err hub_store_wrong_count(struct store *store,
                                          const char *address, int64_t wall_ms,
                                          int *ret_count);
MUST_CHECK enum err hub_store_wrong_add(struct store *store,
                                        const char *address, int64_t wall_ms);
