/* The only door to SQLite, in the terminal and in the hub: one database in one
 * folder, opened over our VFS (which can count, fail, cut and tear writes).
 *
 * Settings, each of which a simulated power cut proved needed: exclusive
 * locking, synchronous=EXTRA set before WAL, secure_delete, no core of the WAL
 * left (store_commit truncates it).  A store has a schema version: older ones
 * are upgraded in one transaction, newer ones refused with ERR_TOO_NEW. */
#pragma once

#include "kiosk/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;
struct sqlite3;
struct sqlite3_stmt;

/* The statements that lead from version i to i+1; schema[count-1] leads to the
 * newest. */
struct store_schema {
    const char *const *upgrades;
    int count;
};

/* path: the database file, made (0600) when it is not there; its folder must
 * exist.  ret_upgraded_from: the version found (0: new), or the newest when
 * nothing was to do; may be NULL.  ERR_TOO_NEW and ERR_CORRUPT (also: not a
 * file of ours) leave the file untouched; ERR_DISK_FULL, ERR_IO; ERR_EXISTS:
 * somebody has it open. */
MUST_CHECK enum err store_open(const char *path,
                               const struct store_schema *schema,
                               int *ret_upgraded_from,
                               struct store **ret_store);
/* Only to look: nothing is made, upgraded or written, a WAL that a power cut
 * left stays as it is.  ERR_NOT_FOUND, else as above. */
MUST_CHECK enum err store_open_to_read(const char *path,
                                       const struct store_schema *schema,
                                       struct store **ret_store);
void store_close(struct store *store);
/* Whether there is a database at path; an empty file is none. */
bool store_is_there(const char *path);

/* Reads every page: ERR_CORRUPT when they do not fit together, or a column
 * holds what its table does not allow. */
MUST_CHECK enum err store_check_pages(struct store *store);

MUST_CHECK enum err store_begin(struct store *store);
/* Durable when it returns ERR_OK, and nothing of it is kept otherwise, but for
 * ERR_UNSURE: what of it had reached the WAL could not be taken out of there
 * again for good, and a power cut now might bring it back to life (the
 * simulator found such cases).  The WAL is then empty; only when the disk
 * refused just that part, the next commit (or store_close) does it: what is
 * durable must never be called failed. */
MUST_CHECK enum err store_commit(struct store *store);
/* Does nothing when no transaction is open (some failures end it). */
void store_roll_back(struct store *store);
bool store_is_in_transaction(const struct store *store);
/* Drops every cached page, so that what is read next comes from the file. */
void store_forget_pages(struct store *store);

/* A prepared statement from the store's cache, reset and unbound.  sql must be
 * a string literal; a mistake in it aborts.  Bind (values are copied), step and
 * read by the store_* calls below; indexes from 1 for bind and 0 for columns.
 * NULL when the file's own description cannot be read; the calls below take
 * it, and stepping it says ERR_CORRUPT. */
struct sqlite3_stmt *store_prepare(struct store *store, const char *sql);
/* The same for a file whose tables somebody may have changed: NULL where
 * store_prepare() would abort. */
struct sqlite3_stmt *store_try_prepare(struct store *store, const char *sql);
void store_bind_text(struct sqlite3_stmt *statement, int at, const char *text);
void store_bind_bytes(struct sqlite3_stmt *statement, int at, const void *bytes,
                      size_t len);
void store_bind_int(struct sqlite3_stmt *statement, int at, int64_t value);
void store_bind_null(struct sqlite3_stmt *statement, int at);
/* ERR_OK with *ret_is_row; ERR_EXISTS for a constraint. */
MUST_CHECK enum err store_step(struct sqlite3_stmt *statement,
                               bool *ret_is_row);
/* Steps to the end and resets; a row is a bug. */
MUST_CHECK enum err store_run(struct sqlite3_stmt *statement);
/* NULL for a NULL; valid until the next step or reset. */
const char *store_column_text(struct sqlite3_stmt *statement, int at);
const void *store_column_bytes(struct sqlite3_stmt *statement, int at,
                               size_t *ret_len);
int64_t store_column_int(struct sqlite3_stmt *statement, int at);
/* Drops the statement's row and bindings (and what they held). */
void store_reset(struct sqlite3_stmt *statement);
