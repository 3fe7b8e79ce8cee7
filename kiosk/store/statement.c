/* Statements: the cache, and the calls that bind, step and read. */
#include "kiosk/store/inside.h"

#include "kiosk/base/mem.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

/* Literals of one module are few; a hundred would mean that somebody makes
 * statements out of pieces. */
enum { STATEMENTS_MAX = 100 };

static struct sqlite3_stmt *find(struct store *store, const char *sql)
{
    for (size_t i = 0; i < store->statement_count; i++)
        if (store->statements[i].sql == sql)
            return store->statements[i].statement;
    return NULL;
}

static void keep(struct store *store, const char *sql,
                 struct sqlite3_stmt *statement)
{
    size_t count = store->statement_count;
    size_t one = sizeof *store->statements;

    assert(count < STATEMENTS_MAX);
    store->statements =
        mem_resize(store->statements, count * one, (count + 1) * one);
    store->statements[count].sql = sql;
    store->statements[count].statement = statement;
    store->statement_count++;
}

void store_forget_statements(struct store *store)
{
    for (size_t i = 0; i < store->statement_count; i++)
        sqlite3_finalize(store->statements[i].statement);
    mem_free(store->statements);
    store->statements = NULL;
    store->statement_count = 0;
}

static struct sqlite3_stmt *prepare(struct store *store, const char *sql,
                                    bool may_not_fit)
{
    struct sqlite3_stmt *statement = find(store, sql);

    assert(store->magic == STORE_MAGIC);
    if (statement) {
        store_reset(statement);
        return statement;
    }
    int rc = sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                &statement, NULL);
    if ((rc & 0xff) == SQLITE_ERROR && !may_not_fit) {
        fprintf(stderr, "%s: %s\n", sqlite3_errmsg(store->db), sql);
        abort();
    }
    if (rc != SQLITE_OK)
        return NULL;
    keep(store, sql, statement);
    return statement;
}

struct sqlite3_stmt *store_prepare(struct store *store, const char *sql)
{
    return prepare(store, sql, false);
}

struct sqlite3_stmt *store_try_prepare(struct store *store, const char *sql)
{
    return prepare(store, sql, true);
}

void store_bind_text(struct sqlite3_stmt *statement, int at, const char *text)
{
    if (!statement)
        return;
    int rc = sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
    assert(rc == SQLITE_OK);
}

void store_bind_bytes(struct sqlite3_stmt *statement, int at, const void *bytes,
                      size_t len)
{
    if (!statement)
        return;
    /* A null pointer would be stored as NULL, not as no bytes. */
    int rc = sqlite3_bind_blob64(statement, at, bytes ? bytes : "", len,
                                 SQLITE_TRANSIENT);
    assert(rc == SQLITE_OK);
}

void store_bind_int(struct sqlite3_stmt *statement, int at, int64_t value)
{
    if (!statement)
        return;
    int rc = sqlite3_bind_int64(statement, at, value);
    assert(rc == SQLITE_OK);
}

void store_bind_null(struct sqlite3_stmt *statement, int at)
{
    if (!statement)
        return;
    int rc = sqlite3_bind_null(statement, at);
    assert(rc == SQLITE_OK);
}

enum err store_step(struct sqlite3_stmt *statement, bool *ret_is_row)
{
    if (!statement)
        return ERR_CORRUPT;
    int rc = sqlite3_step(statement);
    enum err err = store_error(sqlite3_db_handle(statement), rc);
    if (!err)
        *ret_is_row = rc == SQLITE_ROW;
    return err;
}

enum err store_run(struct sqlite3_stmt *statement)
{
    bool is_row = false;

    enum err err = store_step(statement, &is_row);
    assert(err || !is_row);
    store_reset(statement);
    return err;
}

const char *store_column_text(struct sqlite3_stmt *statement, int at)
{
    return (const char *)sqlite3_column_text(statement, at);
}

const void *store_column_bytes(struct sqlite3_stmt *statement, int at,
                               size_t *ret_len)
{
    const void *bytes = sqlite3_column_blob(statement, at);
    *ret_len = (size_t)sqlite3_column_bytes(statement, at);
    return bytes;
}

int64_t store_column_int(struct sqlite3_stmt *statement, int at)
{
    return sqlite3_column_int64(statement, at);
}

void store_reset(struct sqlite3_stmt *statement)
{
    if (!statement)
        return;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}
