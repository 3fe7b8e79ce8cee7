/* The journal's rows and their chain.  The head is read from the table each
 * time: a number kept in memory would be wrong after a transaction that was
 * rolled back. */
#include "kiosk/store/inside.h"

#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CANONICAL_BYTES = JOURNAL_FIELDS_BYTES + 256 };

/* ---- The chain ---- */

/* The text that is hashed: no white space, keys in this order. */
static enum err journal_hash(const struct journal_head *before,
                             const struct journal_row *row, int64_t number,
                             unsigned char hash[CRYPTO_DIGEST_BYTES])
{
    struct buf text;

    buf_init(&text, CANONICAL_BYTES);
    buf_add_format(&text,
                   "{\"n\":%" PRId64 ",\"ms\":%" PRId64
                   ",\"event\":\"%s\",\"fields\":%s}",
                   number, row->wall_ms, row->name, row->fields);
    enum err err = text.is_cut ? ERR_TOO_BIG : ERR_OK;
    if (!err)
        digest_of_two(before->hash, sizeof before->hash, text.text, text.len,
                      hash);
    buf_done(&text);
    return err;
}

enum err journal_read_head(struct store *store, struct journal_head *ret_head)
{
    struct journal_head head = { .number = 0 };
    bool is_row = false;
    struct sqlite3_stmt *last = store_prepare(
        store, "SELECT number, hash FROM journal ORDER BY number DESC LIMIT 1");

    enum err err = store_step(last, &is_row);
    if (!err && is_row) {
        size_t len = 0;
        head.number = store_column_int(last, 0);
        const void *hash = store_column_bytes(last, 1, &len);
        if (len == sizeof head.hash)
            memcpy(head.hash, hash, sizeof head.hash);
        else
            err = ERR_CORRUPT;
    }
    store_reset(last);
    if (!err)
        *ret_head = head;
    return err;
}

enum err journal_add_row(struct store *store, const struct journal_row *row,
                         struct journal_head *ret_head)
{
    struct journal_head before;
    struct journal_head after;

    enum err err = journal_read_head(store, &before);
    if (err)
        return err;
    after.number = before.number + 1;
    err = journal_hash(&before, row, after.number, after.hash);
    if (err)
        return err;
    struct sqlite3_stmt *insert = store_prepare(
        store, "INSERT INTO journal (number, wall_ms, name, fields, hash) "
               "VALUES (?1, ?2, ?3, ?4, ?5)");
    store_bind_int(insert, 1, after.number);
    store_bind_int(insert, 2, row->wall_ms);
    store_bind_text(insert, 3, row->name);
    store_bind_text(insert, 4, row->fields);
    store_bind_bytes(insert, 5, after.hash, sizeof after.hash);
    err = store_run(insert);
    if (!err)
        *ret_head = after;
    return err;
}

/* ---- Appending ---- */

struct append {
    struct writer_job job;
    int64_t wall_ms;
    char name[JOURNAL_NAME_BYTES];
    char *fields;
    struct journal_head head;
    void (*done)(void *owner, enum err err, const struct journal_head *head);
    void *owner;
};

static enum err append_run(struct store *store, struct writer_job *job)
{
    struct append *append = job->owner;
    struct journal_row row = { append->wall_ms, append->name, append->fields };

    return journal_add_row(store, &row, &append->head);
}

static void append_done(struct writer_job *job, enum err err)
{
    struct append *append = job->owner;

    if (append->done)
        append->done(append->owner, err, err ? NULL : &append->head);
    mem_free(append->fields);
    mem_free(append);
}

void journal_append(struct terminal_store *store,
                    const struct event_record_of *event,
                    void (*done)(void *owner, enum err err,
                                 const struct journal_head *head),
                    void *owner)
{
    struct append *append = mem_new(sizeof *append);

    append->job.run = append_run;
    append->job.done = append_done;
    append->job.owner = append;
    append->wall_ms = event->wall_ms;
    snprintf(append->name, sizeof append->name, "%s", event->name);
    append->fields = mem_copy_text(event->fields);
    append->done = done;
    append->owner = owner;
    terminal_store_add(store, &append->job);
}

/* ---- Verifying ---- */

/* Nothing may hide behind a NUL. */
static bool is_whole_text(struct sqlite3_stmt *rows, int at)
{
    const char *text = store_column_text(rows, at);
    size_t len = 0;

    (void)store_column_bytes(rows, at, &len);
    return text && strlen(text) == len;
}

/* Whether the row that rows stands on follows *head; then moves *head on. */
static bool row_follows(struct sqlite3_stmt *rows, struct journal_head *head)
{
    unsigned char hash[CRYPTO_DIGEST_BYTES];
    size_t len = 0;
    struct journal_row row = {
        .wall_ms = store_column_int(rows, 1),
        .name = store_column_text(rows, 2),
        .fields = store_column_text(rows, 3),
    };

    if (!is_whole_text(rows, 2) || !is_whole_text(rows, 3))
        return false;
    const void *kept = store_column_bytes(rows, 4, &len);
    if (store_column_int(rows, 0) != head->number + 1 || len != sizeof hash)
        return false;
    if (journal_hash(head, &row, head->number + 1, hash) != ERR_OK ||
        memcmp(hash, kept, sizeof hash) != 0)
        return false;
    memcpy(head->hash, hash, sizeof hash);
    head->number++;
    return true;
}

static enum err verify(struct store *store, int64_t *ret_rows,
                       int64_t *ret_bad_row)
{
    struct journal_head head = { .number = 0 };
    int64_t rows = 0;
    int64_t bad_row = 0;
    bool is_row = false;
    struct sqlite3_stmt *all =
        store_prepare(store, "SELECT number, wall_ms, name, fields, hash "
                             "FROM journal ORDER BY number");

    enum err err = store_step(all, &is_row);
    while (!err && is_row) {
        rows++;
        if (!bad_row && !row_follows(all, &head))
            bad_row = head.number + 1;
        err = store_step(all, &is_row);
    }
    store_reset(all);
    if (err)
        return err;
    *ret_rows = rows;
    *ret_bad_row = bad_row;
    return ERR_OK;
}

enum err journal_verify(const char *path, int64_t *ret_rows,
                        int64_t *ret_bad_row)
{
    struct store *store = NULL;

    enum err err = store_open_to_read(path, &terminal_schema, &store);
    if (err)
        return err;
    err = verify(store, ret_rows, ret_bad_row);
    store_close(store);
    return err;
}
