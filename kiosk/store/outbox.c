/* The outbox: storing a case, and forgetting it in the end.  What happens in
 * between is in outbox_send.c. */
#include "kiosk/store/inside.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- Numbers ---- */

/* The newest number ever given out: that of the newest case that is still
 * here, or what was noted when it was forgotten. */
static enum err read_last_number(struct store *store, int64_t *ret_number)
{
    bool is_row = false;
    struct sqlite3_stmt *last = store_prepare(
        store, "SELECT max("
               " ifnull((SELECT max(number) FROM cases), 0),"
               " ifnull((SELECT CAST(value AS INTEGER) FROM remembered"
               "  WHERE name = 'outbox.last_number'), 0))");

    enum err err = store_step(last, &is_row);
    if (!err && is_row)
        *ret_number = store_column_int(last, 0);
    store_reset(last);
    return err;
}

static enum err read_receipt(struct store *store, struct terminal_state *state)
{
    bool is_row = false;
    /* "20261126499" of a store that was begun after another was lost. */
    struct sqlite3_stmt *last = store_prepare(
        store, "SELECT * FROM (SELECT receipt_day, receipt_sequence FROM cases "
               " ORDER BY number DESC LIMIT 1) "
               "UNION ALL SELECT substr(value, 1, 8), "
               " CAST(substr(value, 9) AS INTEGER) FROM remembered "
               " WHERE name = 'outbox.receipt' LIMIT 1");

    enum err err = store_step(last, &is_row);
    if (!err && is_row) {
        const char *day = store_column_text(last, 0);
        snprintf(state->receipt_day, sizeof state->receipt_day, "%s",
                 day ? day : "");
        state->receipt_sequence = (int)store_column_int(last, 1);
    }
    store_reset(last);
    return err;
}

static enum err read_waiting(struct store *store, struct terminal_state *state)
{
    bool is_row = false;
    struct sqlite3_stmt *waiting = store_prepare(
        store, "SELECT count(*), ifnull(min(stored_ms), 0) FROM cases "
               "WHERE state = 'waiting'");

    enum err err = store_step(waiting, &is_row);
    if (!err && is_row) {
        state->waiting = store_column_int(waiting, 0);
        state->oldest_wall_ms = store_column_int(waiting, 1);
    }
    store_reset(waiting);
    return err;
}

enum err outbox_read_state(struct store *store, struct terminal_state *state)
{
    int64_t last = 0;

    memset(state, 0, sizeof *state);
    enum err err = read_last_number(store, &last);
    if (!err)
        err = read_receipt(store, state);
    if (!err)
        err = read_waiting(store, state);
    state->next_number = last + 1;
    return err;
}

/* ---- Forgetting ---- */

int64_t outbox_forget_time(void)
{
    return clock_is_trusted() ? clock_wall_ms() : 0;
}

static enum err has_old(struct store *store, int64_t before_ms, bool *ret_has)
{
    struct sqlite3_stmt *old = store_prepare(
        store, "SELECT 1 FROM cases "
               "WHERE state = 'confirmed' AND confirmed_ms < ?1 LIMIT 1");

    store_bind_int(old, 1, before_ms);
    enum err err = store_step(old, ret_has);
    store_reset(old);
    return err;
}

enum err outbox_forget_old(struct store *store, int64_t now_wall_ms)
{
    int64_t before_ms = now_wall_ms - HEADER_KEPT_MS;
    bool has = false;

    enum err err = has_old(store, before_ms, &has);
    if (err || !has)
        return err;
    /* Numbers go on even when the newest case is forgotten; what is newest
     * then may be older than what was noted before. */
    err = store_run(store_prepare(
        store, "INSERT INTO remembered (name, value) "
               "SELECT 'outbox.last_number', CAST(number AS TEXT) FROM cases "
               "WHERE true ORDER BY number DESC LIMIT 1 "
               "ON CONFLICT (name) DO UPDATE SET value = excluded.value "
               "WHERE CAST(value AS INTEGER) < "
               " CAST(excluded.value AS INTEGER)"));
    if (err)
        return err;
    struct sqlite3_stmt *forget =
        store_prepare(store, "DELETE FROM cases WHERE state = 'confirmed' "
                             "AND confirmed_ms < ?1");
    store_bind_int(forget, 1, before_ms);
    return store_run(forget);
}

/* ---- Storing ---- */

struct put {
    struct writer_job job;
    struct outbox_case entry; /* its bytes are ours */
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    bool was_there;
    struct journal_head head;
    void (*done)(void *owner, enum err err, const struct journal_head *head);
    void *owner;
};

/* What goes into the journal is spelt as the event table allows. */
static bool is_well_formed(const struct outbox_case *entry)
{
    static const char name[] = "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._:/-";

    return strspn(entry->id, "0123456789abcdef") == CASE_ID_HEX - 1 &&
           entry->item[0] && !entry->item[strspn(entry->item, name)] &&
           entry->number > 0 && entry->len > 0;
}

/* Whether a case of that id is here, and with the same bytes. */
static enum err find_same(struct store *store, const struct put *put,
                          bool *ret_is_there)
{
    bool is_row = false;
    struct sqlite3_stmt *same =
        store_prepare(store, "SELECT digest FROM cases WHERE id = ?1");

    store_bind_text(same, 1, put->entry.id);
    enum err err = store_step(same, &is_row);
    if (!err && is_row) {
        size_t len = 0;
        const void *digest = store_column_bytes(same, 0, &len);
        if (len != sizeof put->digest || memcmp(digest, put->digest, len) != 0)
            err = ERR_CONFLICT;
    }
    store_reset(same);
    if (!err)
        *ret_is_there = is_row;
    return err;
}

static enum err insert_case(struct store *store, const struct put *put)
{
    const struct outbox_case *entry = &put->entry;
    struct sqlite3_stmt *insert = store_prepare(
        store, "INSERT INTO cases (number, id, receipt, receipt_day, "
               "receipt_sequence, stored_ms, item, state, digest, bytes, "
               "hour_only) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', ?8, ?9, ?10)");

    store_bind_int(insert, 1, entry->number);
    store_bind_text(insert, 2, entry->id);
    store_bind_text(insert, 3, entry->receipt);
    store_bind_text(insert, 4, entry->receipt_day);
    store_bind_int(insert, 5, entry->receipt_sequence);
    store_bind_int(insert, 6, entry->wall_ms);
    store_bind_text(insert, 7, entry->item);
    store_bind_bytes(insert, 8, put->digest, sizeof put->digest);
    store_bind_bytes(insert, 9, entry->bytes, entry->len);
    store_bind_int(insert, 10, entry->is_hour_only);
    return store_run(insert);
}

static enum err add_stored_row(struct store *store, struct put *put)
{
    const struct outbox_case *entry = &put->entry;
    char fields[256];
    struct journal_row row = { entry->wall_ms, "CASE_STORED", fields };

    snprintf(fields, sizeof fields,
             "{\"case\":\"%s\",\"item\":\"%s\",\"number\":%" PRId64 "}",
             entry->id, entry->item, entry->number);
    return journal_add_row(store, &row, &put->head);
}

static enum err put_run(struct store *store, struct writer_job *job)
{
    struct put *put = job->owner;
    int64_t last = 0;

    if (FAULT("outbox.put"))
        return ERR_DISK_FULL;
    if (!is_well_formed(&put->entry))
        return ERR_BAD_INPUT;
    digest_of(put->entry.bytes, put->entry.len, put->digest);
    enum err err = find_same(store, put, &put->was_there);
    if (err)
        return err;
    if (put->was_there)
        return journal_read_head(store, &put->head);
    err = read_last_number(store, &last);
    if (!err && put->entry.number != last + 1)
        err = ERR_CONFLICT;
    if (!err)
        err = insert_case(store, put);
    if (!err)
        err = add_stored_row(store, put);
    return err;
}

static enum err read_back(struct store *store, const struct put *put)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    bool is_row = false;
    struct sqlite3_stmt *get = store_prepare(
        store, "SELECT bytes FROM cases WHERE number = ?1 AND id = ?2");

    store_bind_int(get, 1, put->entry.number);
    store_bind_text(get, 2, put->entry.id);
    enum err err = store_step(get, &is_row);
    if (!err && is_row) {
        size_t len = 0;
        const void *bytes = store_column_bytes(get, 0, &len);
        digest_of(bytes, len, digest);
    }
    store_reset(get);
    if (err)
        return err;
    return is_row && memcmp(digest, put->digest, sizeof digest) == 0
               ? ERR_OK
               : ERR_CORRUPT;
}

/* The citizen is told that nothing was stored; so nothing may be sent. */
static enum err take_out(struct store *store, const struct put *put)
{
    enum err err = store_begin(store);
    if (err)
        return err;
    struct sqlite3_stmt *delete = store_prepare(
        store, "DELETE FROM cases WHERE number = ?1 AND state = 'waiting'");
    store_bind_int(delete, 1, put->entry.number);
    err = store_run(delete);
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

static enum err put_check(struct store *store, struct writer_job *job)
{
    struct put *put = job->owner;

    if (put->was_there)
        return ERR_OK;
    enum err err = read_back(store, put);
    if (err && take_out(store, put))
        return ERR_UNSURE; /* it may be read, and sent, some other day */
    return err;
}

static void put_done(struct writer_job *job, enum err err)
{
    struct put *put = job->owner;

    put->done(put->owner, err, err ? NULL : &put->head);
    mem_free((unsigned char *)put->entry.bytes);
    mem_free(put);
}

void outbox_put(struct terminal_store *store, const struct outbox_case *entry,
                void (*done)(void *owner, enum err err,
                             const struct journal_head *head),
                void *owner)
{
    struct put *put = mem_new(sizeof *put);

    put->job.run = put_run;
    put->job.check = put_check;
    put->job.done = put_done;
    put->job.owner = put;
    put->entry = *entry;
    put->entry.bytes =
        (const unsigned char *)mem_copy_bytes(entry->bytes, entry->len);
    put->done = done;
    put->owner = owner;
    terminal_store_add(store, &put->job);
}
