/* What the hub keeps, in DIR/hub.sqlite: cases with their sealed envelopes,
 * machines with their last heartbeat, the day's sequences of numbers, how often
 * a code was wrong, and what certificates can be verified by.
 *
 * No personal data stands in it outside sealed columns; a person is found by a
 * mark (a MAC under a key of the hub's, mark.h), and of an address it knows
 * only the SHA-256 (of 128 random bits, so it cannot be guessed back).
 * Functions that write are durable when they return ERR_OK.  The statements are
 * in hub_store*.c, by what they are about. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/crypto/crypto.h"
#include "kiosk/flow/envelope.h"
#include "kiosk/hub/hub_store_calls.h"
#include "kiosk/hub/hub_store_slots.h"
#include "kiosk/store/store.h"
#include "kiosk/store/terminal.h"

enum { CASE_NUMBER_CHARS = 45, CASE_STATE_BYTES = 16 };

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
    const unsigned char *person;     /* the mark of whose case it is, or NULL */
    const char *address;
    int64_t wall_ms;
    const char *mark; /* why somebody should look at it, or "" */
    bool is_carried;  /* in a file: the machine was not seen by that */
    const struct slot_wish *slot; /* the place in time it asks for, or NULL */
    const struct buf *lost_words; /* what is said where that is lost, sealed */
};

/* Stores it as delivered and gives it its number, in one transaction; and books
 * its slot, or else it is stored as to be corrected. */
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

/* What is noted of all of them, as hub_journal_heads() tells it. */
MUST_CHECK enum err hub_store_journals(struct store *store, struct buf *text);

struct hub_heartbeat {
    const char *machine;
    const unsigned char *public_key;
    const char *health;
    int64_t wall_ms;
    const struct hub_journal *journal;
    enum help help;
};

/* Keeps the last heartbeat only; the call of that machine as it stands now. */
MUST_CHECK enum err hub_store_heartbeat(struct store *store,
                                        const struct hub_heartbeat *beat,
                                        struct hub_call *ret_call);
/* health gets the last heartbeat's JSON, "" when none came yet. */
MUST_CHECK enum err hub_store_health(struct store *store, const char *machine,
                                     struct buf *health, int64_t *ret_ms);

/* The next number of a series (a day of cases, say); 0: the series is full.
 * Within a transaction of the caller's. */
MUST_CHECK enum err hub_store_next_of(struct store *store, const char *series,
                                      int64_t *ret_number);

/* A row that begins with id, machine, state, case_number, digest.  For
 * hub_store*.c; ERR_CORRUPT. */
MUST_CHECK enum err hub_store_read_case(struct sqlite3_stmt *row,
                                        struct hub_case *ret_case);
