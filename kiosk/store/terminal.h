/* What a terminal keeps: the outbox (cases that are safe here and not yet
 * confirmed), the journal, and a few remembered values.  All calls are made on
 * the loop and answered on the loop, by the writer's thread in between.
 *
 * Promises: a case answered ERR_OK has been synced, read back and compared;
 * its journal row was committed with it.  Confirming deletes the sealed body
 * and truncates the file.  Numbers of cases and of journal rows have no gaps.
 */
#pragma once

#include "kiosk/base/event.h"
#include "kiosk/base/loop.h"
#include "kiosk/crypto/crypto.h"

#include <stdbool.h>
#include <stdint.h>

struct terminal_store;

enum { CASE_ID_HEX = 33, RECEIPT_BYTES = 16, CASE_NUMBER_BYTES = 51 };

/* What the terminal remembers when it starts. */
struct terminal_state {
    int64_t next_number;    /* gapless number of the next case */
    char receipt_day[9];    /* "20261123": day the last receipt counted */
    int receipt_sequence;   /* last sequence used on it, 0: none */
    int64_t waiting;        /* cases in the outbox */
    int64_t oldest_wall_ms; /* of the oldest waiting one; 0: none */
    int upgraded_from;      /* schema version found, 0 when new */
};

struct outbox_case {
    char id[CASE_ID_HEX]; /* 128 random bits, hex */
    int64_t number;
    char receipt[RECEIPT_BYTES]; /* twelve digits */
    char receipt_day[9];
    int receipt_sequence;
    int64_t wall_ms;   /* when stored; of an anonymous one the full hour */
    bool is_hour_only; /* then nothing else tells more than the hour either */
    char item[64];
    const unsigned char *bytes; /* the whole envelope */
    size_t len;
};

/* Where the journal stands after a call. */
struct journal_head {
    int64_t number;
    unsigned char hash[CRYPTO_DIGEST_BYTES];
};

/* on_open: ERR_OK with the state, or why not (state NULL); every page of the
 * file has been looked at (ERR_CORRUPT). */
struct terminal_store *
terminal_store_new(struct loop *loop, const char *path,
                   void (*on_open)(void *owner, enum err err,
                                   const struct terminal_state *state),
                   void *owner);
/* The same, of the machine whose key has the first of these fingerprints (hex,
 * separated by spaces): the store is bound to it.  One that is bound to none of
 * them is another machine's: ERR_OTHER_STORE, and nothing in it is changed.
 * One that is bound to none at all is taken.  NULL: it is not looked at. */
struct terminal_store *
terminal_store_new_of(struct loop *loop, const char *path, const char *machines,
                      void (*on_open)(void *owner, enum err err,
                                      const struct terminal_state *state),
                      void *owner);
/* Binds it to these instead, durably when done says ERR_OK. */
void terminal_store_bind(struct terminal_store *store, const char *machines,
                         void (*done)(void *owner, enum err err), void *owner);
enum { MACHINES_BYTES = 4 * CRYPTO_HEX_DIGEST };

/* For staff's commands, on a store that nobody has open (ERR_EXISTS). */
struct terminal_glance {
    char machines[MACHINES_BYTES]; /* to which it is bound, "" for none */
    int64_t waiting;               /* cases that were not sent, for whatever */
    int64_t last_number;
    char receipt_day[9];
    int receipt_sequence;
};
MUST_CHECK enum err terminal_store_look(const char *path,
                                        struct terminal_glance *ret_glance);
MUST_CHECK enum err terminal_store_rebind(const char *path,
                                          const char *machines);
/* Makes an empty one whose numbers go on after these; bound to nobody yet. */
MUST_CHECK enum err terminal_store_begin(const char *path,
                                         const struct terminal_glance *after);
/* Waits for what is queued and answers it; on_open does not come any more. */
void terminal_store_free(struct terminal_store *store);

/* One transaction: the case, its receipt's sequence, its journal row
 * (CASE_STORED, at entry->wall_ms).  The bytes are copied.  head: the journal
 * after it, NULL after an error; valid during the call.  The same id with the
 * same bytes again is ERR_OK and changes nothing; with other bytes, or with a
 * number that is not the next, ERR_CONFLICT.  After any error nothing of the
 * case is kept, but for ERR_UNSURE: what was stored could neither be read back
 * nor taken out again.  Nothing is known of the numbers then before the store
 * was opened anew. */
void outbox_put(struct terminal_store *store, const struct outbox_case *entry,
                void (*done)(void *owner, enum err err,
                             const struct journal_head *head),
                void *owner);

/* The oldest case that is to be sent by now (not a conflict); entry NULL when
 * there is none.  entry and its bytes are valid during the call.  A case whose
 * bytes are no longer what was stored becomes a conflict (with a journal row
 * CASE_CONFLICT) and holds up no other.  One that is to wait for more than a
 * day was made to by a wrong clock, and is due. */
void outbox_next(struct terminal_store *store, int64_t now_wall_ms,
                 void (*done)(void *owner, enum err err,
                              const struct outbox_case *entry, int64_t tries),
                 void *owner);

/* The hub has it: body deleted, file truncated, journal row (CASE_DELIVERED)
 * written; once more is ERR_OK and changes nothing.  ERR_NOT_FOUND. */
void outbox_confirm(struct terminal_store *store, const char *id,
                    const char *case_number,
                    void (*done)(void *owner, enum err err), void *owner);
/* It could not be sent: counts the try; not before next_wall_ms again.
 * ERR_NOT_FOUND when no such case waits.  No journal row: why is recorded by
 * whoever asks. */
void outbox_retry(struct terminal_store *store, const char *id, enum err why,
                  int64_t next_wall_ms, void (*done)(void *owner, enum err err),
                  void *owner);
/* Waits for staff; never sent again by itself.  As outbox_retry(). */
void outbox_conflict(struct terminal_store *store, const char *id, enum err why,
                     void (*done)(void *owner, enum err err), void *owner);
/* All that wait become due now (the network is back). */
void outbox_wake(struct terminal_store *store,
                 void (*done)(void *owner, enum err err), void *owner);
void outbox_count(struct terminal_store *store,
                  void (*done)(void *owner, enum err err, int64_t waiting,
                               int64_t conflicts),
                  void *owner);

/* What staff and hub are told of a day. */
struct terminal_today {
    int64_t waiting;        /* cases, as outbox_count() */
    int64_t conflicts;      /* that wait for staff */
    int64_t oldest_wall_ms; /* of the oldest waiting one; 0: none */
    int64_t begun;          /* sessions, by the journal */
    int64_t finished;
    int64_t abandoned;
};
/* Of the sessions those that the journal knows of since that time (midnight).
 * today: NULL after an error; valid during the call. */
void terminal_count_today(struct terminal_store *store, int64_t since_wall_ms,
                          void (*done)(void *owner, enum err err,
                                       const struct terminal_today *today),
                          void *owner);

/* Appends one event of the table; done may be NULL.  head: NULL after an
 * error. */
void journal_append(struct terminal_store *store,
                    const struct event_record_of *event,
                    void (*done)(void *owner, enum err err,
                                 const struct journal_head *head),
                    void *owner);

/* How long records stay; older ones leave once the hub has heard of them. */
#define JOURNAL_KEPT_MS (INT64_C(190) * 24 * 3600 * 1000)

/* The first key, sealed to the office, in base64 with its NUL. */
enum { JOURNAL_SEALED_BYTES = 121 };

/* What a heartbeat tells of the journal. */
struct journal_report {
    struct journal_head head;
    /* The record of the number asked about, as it is here; number 0: it is
     * not here. */
    struct journal_head known;
    char sealed[JOURNAL_SEALED_BYTES]; /* "" while it is not sealed yet */
};

/* acknowledged: what the hub said last (number 0: nothing).  Where its hash is
 * the one here, records of more than JOURNAL_KEPT_MS ago up to that number are
 * taken away.  report: NULL after an error; valid during the call. */
void journal_report(struct terminal_store *store,
                    const struct journal_head *acknowledged,
                    void (*done)(void *owner, enum err err,
                                 const struct journal_report *report),
                    void *owner);
/* Seals the journal's first key to the office and forgets it; changes nothing
 * when that was done before.  done may be NULL. */
void journal_seal_key(struct terminal_store *store,
                      const unsigned char office_key[CRYPTO_PUBLIC_BYTES],
                      void (*done)(void *owner, enum err err), void *owner);
/* The office's side: from what stands in a heartbeat to the text of a key that
 * `kiosk journal verify --key` reads.  ERR_BAD_INPUT; ERR_REFUSED when it was
 * sealed to another key. */
MUST_CHECK enum err journal_key_open(const struct key *office_key,
                                     const char *sealed, struct buf *text);

/* On a store that nobody has open; changes nothing.  *ret_bad_row: the number
 * of the first record that is missing or not what was written, 0: none.
 * kiosk/store/journal.h has the same with anchors and the key. */
MUST_CHECK enum err journal_verify(const char *path, int64_t *ret_rows,
                                   int64_t *ret_bad_row);

/* Work on the disk beside the store, on its thread and in its order; done comes
 * once, at the latest from terminal_store_free(). */
void terminal_store_work(struct terminal_store *store,
                         enum err (*work)(void *owner),
                         void (*done)(void *owner, enum err err), void *owner);

/* Small remembered values by name (the office's key, the public address).
 * Names that begin with "outbox." or "store." are the store's own.  value is NULL when
 * there is none, and valid during the call. */
void remember(struct terminal_store *store, const char *name,
              const char *value);
void recall(struct terminal_store *store, const char *name,
            void (*done)(void *owner, enum err err, const char *value),
            void *owner);
