/* What the files of this folder share and nobody else sees. */
#pragma once

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

/* ---- journal.c: on the thread, inside a transaction ---- */

enum { JOURNAL_NAME_BYTES = 40, JOURNAL_FIELDS_BYTES = 1024 };

struct journal_row {
    int64_t wall_ms;
    const char *name;
    const char *fields;
};

/* The end of the journal: number 0 and a hash of zeros when it is empty. */
MUST_CHECK enum err journal_read_head(struct store *store,
                                      struct journal_head *ret_head);
MUST_CHECK enum err journal_add_row(struct store *store,
                                    const struct journal_row *row,
                                    struct journal_head *ret_head);

/* ---- outbox.c: on the thread, inside a transaction ---- */

MUST_CHECK enum err outbox_read_state(struct store *store,
                                      struct terminal_state *state);
/* The time to forget by; on the loop.  0, so that nothing is old, while the
 * clock makes no sense. */
int64_t outbox_forget_time(void);
/* Drops confirmed headers that are older than HEADER_KEPT_MS. */
MUST_CHECK enum err outbox_forget_old(struct store *store, int64_t now_wall_ms);
