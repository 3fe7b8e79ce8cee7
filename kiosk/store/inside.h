/* What the files of this folder share and nobody else sees. */
#pragma once

#include "kiosk/crypto/ratchet.h"
#include "kiosk/store/journal.h"
#include "kiosk/store/store.h"
#include "kiosk/store/terminal.h"
#include "kiosk/store/writer.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- store.c and statement.c ---- */

enum { STORE_MAGIC = 0x73746f72 };

struct cached_statement {
    const char *sql; /* the literal's address is the key */
    struct sqlite3_stmt *statement;
};

struct store {
    int magic;
    struct sqlite3 *db;
    bool has_wal; /* something was committed and not yet checked in */
    struct cached_statement *statements;
    size_t statement_count;
};

enum err store_error(struct sqlite3 *db, int rc);
/* Every page, every index beside its table, every constraint: ERR_CORRUPT. */
MUST_CHECK enum err store_check_pages(struct store *store);
void store_forget_statements(struct store *store);
/* Checks the WAL in and truncates it, when there is one; else later. */
void store_settle(struct store *store);

/* ---- terminal.c ---- */

extern const struct store_schema terminal_schema;

/* How long a confirmed case's header stays, for progress. */
#define HEADER_KEPT_MS (INT64_C(30) * 24 * 3600 * 1000)

/* Inside a transaction: to which machines' keys it is bound. */
MUST_CHECK enum err binding_read(struct store *store,
                                 char machines[MACHINES_BYTES]);
MUST_CHECK enum err binding_write(struct store *store, const char *machines);

void terminal_store_add(struct terminal_store *store, struct writer_job *job);

/* ---- journal_form.c: how a record is written ---- */

enum {
    JOURNAL_NAME_BYTES = 40,
    JOURNAL_FIELDS_BYTES = 1024,
    JOURNAL_FORM_BYTES = JOURNAL_FIELDS_BYTES + 256,
    JOURNAL_LINE_BYTES = JOURNAL_FORM_BYTES + 256
};

/* A record as it is kept.  Those of versions 1 and 2 have no code. */
struct journal_record {
    int64_t number;
    int64_t wall_ms;
    bool has_code;
    int64_t epoch;
    int64_t step;
    const char *name;   /* borrowed */
    const char *fields; /* borrowed */
    unsigned char code[CRYPTO_DIGEST_BYTES];
    unsigned char hash[CRYPTO_DIGEST_BYTES];
};

/* What the key's code is made over: the hash before, and the record without
 * code and hash.  ERR_TOO_BIG. */
MUST_CHECK enum err
journal_code_text(const struct journal_record *record,
                  const unsigned char before[CRYPTO_DIGEST_BYTES],
                  struct buf *text);
/* The record's hash, by what it says, its code and the hash before. */
MUST_CHECK enum err
journal_hash_of(const struct journal_record *record,
                const unsigned char before[CRYPTO_DIGEST_BYTES],
                unsigned char hash[CRYPTO_DIGEST_BYTES]);
/* The exported line, without its newline. */
void journal_write_line(const struct journal_record *record, struct buf *line);
/* Exactly what journal_write_line() writes and nothing else; fields and name
 * point into room. */
bool journal_read_line(const char *line, size_t len,
                       struct journal_record *record,
                       char room[JOURNAL_LINE_BYTES]);

/* ---- journal_state.c: on the thread, inside a transaction ---- */

/* The one row beside the records: where they begin and end, and the key. */
struct journal_state {
    struct journal_head start; /* before the first record kept */
    int64_t end_number;
    unsigned char end_code[CRYPTO_DIGEST_BYTES]; /* of the last record only */
    int64_t key_number; /* the first record with a code; 0: no key yet */
    int64_t stepped_ms; /* when the epoch began */
    struct ratchet ratchet;
};

/* ERR_CORRUPT when it is not what was written. */
MUST_CHECK enum err journal_read_state(struct store *store,
                                       struct journal_state *ret_state);
MUST_CHECK enum err journal_write_state(struct store *store,
                                        const struct journal_state *state);
/* Makes the first key when there is none yet; it is kept until it is sealed.
 * Changes *state only; journal_write_state() follows. */
MUST_CHECK enum err journal_make_key(struct store *store,
                                     struct journal_state *state);
/* "" while the first key is not sealed yet. */
MUST_CHECK enum err journal_read_sealed(struct store *store,
                                        char sealed[JOURNAL_SEALED_BYTES]);

/* ---- journal.c: on the thread, inside a transaction ---- */

struct journal_row {
    int64_t wall_ms;
    const char *name;
    const char *fields;
};

/* The end of the journal: number 0 and a hash of zeros when it is empty. */
MUST_CHECK enum err journal_read_head(struct store *store,
                                      struct journal_head *ret_head);
/* ERR_CORRUPT also when the journal does not end where it was left: no record
 * may pretend to follow one that is gone. */
MUST_CHECK enum err journal_add_row(struct store *store,
                                    const struct journal_row *row,
                                    struct journal_head *ret_head);
/* Takes away what is older than JOURNAL_KEPT_MS and not newer than
 * acknowledged, once a day has gathered; a record says so. */
MUST_CHECK enum err journal_forget_old(struct store *store,
                                       int64_t acknowledged,
                                       int64_t now_wall_ms);

/* ---- journal_check.c: one record after the other ---- */

struct journal_check {
    const struct journal_check_settings *settings;
    struct journal_head start; /* before the first record */
    struct journal_head head;  /* the last one that was right */
    int64_t records;
    bool is_coded;    /* records have codes from here on */
    int64_t pruned;   /* by the newest record that says so; 0: none */
    bool has_ratchet; /* the key has been turned to where it begins */
    bool is_bad;      /* and finding says what it is */
    struct journal_finding finding;
    struct ratchet ratchet;
};

void journal_check_init(struct journal_check *check,
                        const struct journal_check_settings *settings,
                        const struct journal_head *start);
void journal_check_done(struct journal_check *check);
/* False from the first bad record on. */
bool journal_check_record(struct journal_check *check,
                          const struct journal_record *record);
/* The first thing that is wrong is kept. */
void journal_check_find(struct journal_check *check, int64_t number,
                        enum journal_fault fault);
/* After the last record: code NULL when none was kept with it. */
void journal_check_end(struct journal_check *check, int64_t end_number,
                       const unsigned char *code);
/* Fills *result and looks for the anchors that lie beyond. */
void journal_check_result(struct journal_check *check,
                          struct journal_result *result);

/* ---- outbox.c: on the thread, inside a transaction ---- */

MUST_CHECK enum err outbox_read_state(struct store *store,
                                      struct terminal_state *state);
/* The time to forget by; on the loop.  0, so that nothing is old, while the
 * clock makes no sense. */
int64_t outbox_forget_time(void);
/* Drops confirmed headers that are older than HEADER_KEPT_MS. */
MUST_CHECK enum err outbox_forget_old(struct store *store, int64_t now_wall_ms);
