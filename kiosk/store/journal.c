/* The journal's records: adding them, taking old ones away, and what a
 * heartbeat tells of them.  The head is read from the table each
 * time: a number kept in memory would be wrong after a transaction that was
 * rolled back. */
#include "kiosk/store/inside.h"

#include "kiosk/base/fault.h"
#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* An epoch of the key; and no more codes in one than are soon passed. */
enum { EPOCH_MS = 15 * 60 * 1000, EPOCH_STEPS = 4096 };

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* ---- The end ---- */

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

/* ---- Adding ---- */

/* A clock that went back begins an epoch, too: what counts is that the key
 * goes on. */
static void step_when_due(struct journal_state *state, int64_t wall_ms)
{
    bool is_first = state->end_number + 1 == state->key_number;
    int64_t passed_ms = wall_ms - state->stepped_ms;

    if (!is_first && (passed_ms < 0 || passed_ms >= EPOCH_MS ||
                      state->ratchet.step >= EPOCH_STEPS))
        ratchet_next_epoch(&state->ratchet);
    else if (!is_first)
        return;
    state->stepped_ms = wall_ms;
}

/* Code, hash and the code of the end; then the key for this one is gone. */
static enum err complete(struct journal_record *record,
                         const struct journal_head *before,
                         struct journal_state *state)
{
    struct buf text;

    record->has_code = true;
    record->epoch = state->ratchet.epoch;
    record->step = state->ratchet.step;
    buf_init(&text, JOURNAL_LINE_BYTES);
    enum err err = journal_code_text(record, before->hash, &text);
    if (!err) {
        ratchet_code(&state->ratchet, "record", text.text, text.len,
                     record->code);
        err = journal_hash_of(record, before->hash, record->hash);
    }
    buf_done(&text);
    if (err)
        return err;
    ratchet_code(&state->ratchet, "end", record->hash, sizeof record->hash,
                 state->end_code);
    ratchet_turn(&state->ratchet);
    state->end_number = record->number;
    return ERR_OK;
}

static enum err insert(struct store *store, const struct journal_record *record)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO journal (number, wall_ms, name, fields, hash, "
               "epoch, step, code) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    store_bind_int(row, 1, record->number);
    store_bind_int(row, 2, record->wall_ms);
    store_bind_text(row, 3, record->name);
    store_bind_text(row, 4, record->fields);
    store_bind_bytes(row, 5, record->hash, sizeof record->hash);
    store_bind_int(row, 6, record->epoch);
    store_bind_int(row, 7, record->step);
    store_bind_bytes(row, 8, record->code, sizeof record->code);
    return store_run(row);
}

static enum err add_row(struct store *store, const struct journal_row *row,
                        struct journal_state *state,
                        struct journal_head *ret_head)
{
    struct journal_head before;

    enum err err = journal_read_head(store, &before);
    if (!err && before.number == 0)
        before = state->start;
    if (!err && before.number != state->end_number)
        err = ERR_CORRUPT;
    if (!err)
        err = journal_make_key(store, state);
    if (err)
        return err;
    struct journal_record record = {
        .number = before.number + 1,
        .wall_ms = row->wall_ms,
        .name = row->name,
        .fields = row->fields,
    };
    step_when_due(state, row->wall_ms);
    err = complete(&record, &before, state);
    if (!err)
        err = insert(store, &record);
    if (!err)
        err = journal_write_state(store, state);
    if (err)
        return err;
    ret_head->number = record.number;
    memcpy(ret_head->hash, record.hash, sizeof record.hash);
    return ERR_OK;
}

enum err journal_add_row(struct store *store, const struct journal_row *row,
                         struct journal_head *ret_head)
{
    struct journal_state state;

    if (FAULT("journal.add"))
        return ERR_IO;
    enum err err = journal_read_state(store, &state);
    if (err)
        return err;
    err = add_row(store, row, &state, ret_head);
    mem_wipe(&state, sizeof state);
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

/* ---- Taking away ---- */

static enum err read_number(struct sqlite3_stmt *row, int64_t *ret_number)
{
    bool is_row = false;

    enum err err = store_step(row, &is_row);
    if (!err)
        *ret_number = is_row ? store_column_int(row, 0) : 0;
    store_reset(row);
    return err;
}

/* The last record of the run at the beginning that is older than before_ms;
 * 0: none.  What stands behind a younger one stays with it. */
static enum err find_last_old(struct store *store, int64_t acknowledged,
                              int64_t before_ms, int64_t *ret_number)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT ifnull("
               " (SELECT min(number) FROM journal WHERE wall_ms >= ?1),"
               " (SELECT max(number) FROM journal)) - 1");

    store_bind_int(row, 1, before_ms);
    enum err err = read_number(row, ret_number);
    if (!err && *ret_number > acknowledged)
        *ret_number = acknowledged;
    return err;
}

static enum err is_due(struct store *store, int64_t acknowledged,
                       int64_t before_ms, bool *ret_is_due)
{
    int64_t number = 0;
    struct sqlite3_stmt *first =
        store_prepare(store, "SELECT number FROM (SELECT number, wall_ms "
                             "FROM journal ORDER BY number LIMIT 1) "
                             "WHERE number <= ?1 AND wall_ms < ?2");

    store_bind_int(first, 1, acknowledged);
    store_bind_int(first, 2, before_ms);
    enum err err = read_number(first, &number);
    *ret_is_due = !err && number > 0;
    return err;
}

static enum err read_record_head(struct store *store, int64_t number,
                                 struct journal_head *ret_head)
{
    bool is_row = false;
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT hash FROM journal WHERE number = ?1");

    store_bind_int(row, 1, number);
    enum err err = store_step(row, &is_row);
    if (!err && is_row) {
        size_t len = 0;
        const void *hash = store_column_bytes(row, 0, &len);
        if (len == sizeof ret_head->hash) {
            memcpy(ret_head->hash, hash, len);
            ret_head->number = number;
        } else {
            err = ERR_CORRUPT;
        }
    } else if (!err) {
        err = ERR_NOT_FOUND;
    }
    store_reset(row);
    return err;
}

/* First the record that says so, then the deed, in one transaction. */
static enum err take_away(struct store *store, int64_t last, int64_t wall_ms)
{
    struct journal_state state;
    struct journal_head start;
    struct journal_head head;
    char fields[40];
    struct journal_row row = { wall_ms, "JOURNAL_PRUNED", fields };

    enum err err = read_record_head(store, last, &start);
    if (err)
        return err;
    snprintf(fields, sizeof fields, "{\"number\":%" PRId64 "}", last);
    err = journal_add_row(store, &row, &head);
    if (!err)
        err = journal_read_state(store, &state);
    if (err)
        return err;
    state.start = start;
    err = journal_write_state(store, &state);
    mem_wipe(&state, sizeof state);
    if (err)
        return err;
    struct sqlite3_stmt *delete =
        store_prepare(store, "DELETE FROM journal WHERE number <= ?1");
    store_bind_int(delete, 1, last);
    return store_run(delete);
}

/* Once a day at most: each time leaves a record of its own. */
enum err journal_forget_old(struct store *store, int64_t acknowledged,
                            int64_t now_wall_ms)
{
    int64_t before_ms = now_wall_ms - JOURNAL_KEPT_MS;
    int64_t last = 0;
    bool due = false;

    enum err err = is_due(store, acknowledged, before_ms - DAY_MS, &due);
    if (err || !due)
        return err;
    err = find_last_old(store, acknowledged, before_ms, &last);
    if (err || last < 1)
        return err;
    return take_away(store, last, now_wall_ms);
}

/* ---- Reporting ---- */

struct reporting {
    struct writer_job job;
    struct journal_head acknowledged;
    int64_t forget_ms;
    struct journal_report report;
    void (*done)(void *owner, enum err err,
                 const struct journal_report *report);
    void *owner;
};

static enum err find_known(struct store *store, int64_t number,
                           struct journal_head *ret_known)
{
    struct journal_state state;

    memset(ret_known, 0, sizeof *ret_known);
    if (number < 1)
        return ERR_OK;
    enum err err = read_record_head(store, number, ret_known);
    if (err != ERR_NOT_FOUND)
        return err;
    err = journal_read_state(store, &state);
    if (!err && state.start.number == number)
        *ret_known = state.start;
    mem_wipe(&state, sizeof state);
    return err;
}

static enum err reporting_run(struct store *store, struct writer_job *job)
{
    struct reporting *reporting = job->owner;
    struct journal_report *report = &reporting->report;
    const struct journal_head *told = &reporting->acknowledged;

    enum err err = find_known(store, told->number, &report->known);
    if (!err && report->known.number > 0 &&
        memcmp(report->known.hash, told->hash, sizeof told->hash) == 0)
        err = journal_forget_old(store, told->number, reporting->forget_ms);
    if (!err)
        err = journal_read_head(store, &report->head);
    if (!err)
        err = journal_read_sealed(store, report->sealed);
    return err;
}

static void reporting_done(struct writer_job *job, enum err err)
{
    struct reporting *reporting = job->owner;

    reporting->done(reporting->owner, err, err ? NULL : &reporting->report);
    mem_free(reporting);
}

void journal_report(struct terminal_store *store,
                    const struct journal_head *acknowledged,
                    void (*done)(void *owner, enum err err,
                                 const struct journal_report *report),
                    void *owner)
{
    struct reporting *reporting = mem_new(sizeof *reporting);

    reporting->job.run = reporting_run;
    reporting->job.done = reporting_done;
    reporting->job.owner = reporting;
    reporting->acknowledged = *acknowledged;
    reporting->forget_ms = outbox_forget_time();
    reporting->done = done;
    reporting->owner = owner;
    terminal_store_add(store, &reporting->job);
}
