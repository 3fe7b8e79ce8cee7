/* The outbox from stored to confirmed: which case is next, and what became of
 * trying to send it. */
#include "kiosk/store/inside.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Pauses are minutes: a longer wait was made by a clock that was wrong. */
#define PAUSE_MOST_MS (INT64_C(24) * 3600 * 1000)

#define HOUR_MS (INT64_C(3600) * 1000)

/* The time that stands beside a case: of an anonymous one only the hour. */
static int64_t time_beside(int64_t wall_ms, bool is_hour_only)
{
    return is_hour_only ? wall_ms - wall_ms % HOUR_MS : wall_ms;
}

/* ---- The next one ---- */

struct next {
    struct writer_job job;
    int64_t now_wall_ms;
    struct outbox_case entry;
    char *bytes; /* entry.bytes; NULL: no case */
    int64_t tries;
    void (*done)(void *owner, enum err err, const struct outbox_case *entry,
                 int64_t tries);
    void *owner;
};

static void take_text(char *to, size_t size, const char *from)
{
    snprintf(to, size, "%s", from ? from : "");
}

/* Copies the row; *ret_is_whole: its bytes are what was stored. */
static void read_case(struct sqlite3_stmt *row, struct next *next,
                      bool *ret_is_whole)
{
    struct outbox_case *entry = &next->entry;
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    size_t digest_len = 0;

    entry->number = store_column_int(row, 0);
    take_text(entry->id, sizeof entry->id, store_column_text(row, 1));
    take_text(entry->receipt, sizeof entry->receipt, store_column_text(row, 2));
    take_text(entry->receipt_day, sizeof entry->receipt_day,
              store_column_text(row, 3));
    entry->receipt_sequence = (int)store_column_int(row, 4);
    entry->wall_ms = store_column_int(row, 5);
    take_text(entry->item, sizeof entry->item, store_column_text(row, 6));
    next->tries = store_column_int(row, 7);

    const void *bytes = store_column_bytes(row, 8, &entry->len);
    next->bytes = mem_copy_bytes(bytes, entry->len);
    entry->bytes = (const unsigned char *)next->bytes;
    digest_of(entry->bytes, entry->len, digest);
    const void *kept = store_column_bytes(row, 9, &digest_len);
    entry->is_hour_only = store_column_int(row, 10) != 0;
    *ret_is_whole =
        digest_len == sizeof digest && memcmp(digest, kept, sizeof digest) == 0;
}

static void forget_case(struct next *next)
{
    mem_free(next->bytes);
    next->bytes = NULL;
    memset(&next->entry, 0, sizeof next->entry);
}

static enum err find_next(struct store *store, struct next *next,
                          bool *ret_is_whole)
{
    bool is_row = false;
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT number, id, receipt, receipt_day, receipt_sequence, "
               "stored_ms, item, tries, bytes, digest, hour_only FROM cases "
               "WHERE state = 'waiting' AND confirmed_ms IS NULL "
               "AND (next_ms <= ?1 OR next_ms > ?2) ORDER BY number LIMIT 1");

    store_bind_int(row, 1, next->now_wall_ms);
    store_bind_int(row, 2, next->now_wall_ms + PAUSE_MOST_MS);
    enum err err = store_step(row, &is_row);
    *ret_is_whole = true;
    if (!err && is_row)
        read_case(row, next, ret_is_whole);
    store_reset(row);
    return err;
}

static enum err put_aside(struct store *store, const struct next *next)
{
    char fields[128];
    struct journal_head head;
    struct journal_row row = { time_beside(next->now_wall_ms,
                                           next->entry.is_hour_only),
                               "CASE_CONFLICT", fields };
    struct sqlite3_stmt *aside =
        store_prepare(store, "UPDATE cases SET state = 'conflict', "
                             "why = 'CORRUPT' WHERE number = ?1");

    store_bind_int(aside, 1, next->entry.number);
    enum err err = store_run(aside);
    if (err)
        return err;
    snprintf(fields, sizeof fields, "{\"case\":\"%s\",\"err\":\"CORRUPT\"}",
             next->entry.id);
    return journal_add_row(store, &row, &head);
}

static enum err next_run(struct store *store, struct writer_job *job)
{
    struct next *next = job->owner;
    bool is_whole = false;
    enum err err = ERR_OK;

    while (!err && !is_whole) {
        forget_case(next);
        err = find_next(store, next, &is_whole);
        if (!err && !is_whole)
            err = put_aside(store, next);
    }
    if (err)
        forget_case(next);
    return err;
}

static void next_done(struct writer_job *job, enum err err)
{
    struct next *next = job->owner;
    bool has = !err && next->bytes;

    next->done(next->owner, err, has ? &next->entry : NULL,
               has ? next->tries : 0);
    mem_free(next->bytes);
    mem_free(next);
}

void outbox_next(struct terminal_store *store, int64_t now_wall_ms,
                 void (*done)(void *owner, enum err err,
                              const struct outbox_case *entry, int64_t tries),
                 void *owner)
{
    struct next *next = mem_new(sizeof *next);

    next->job.run = next_run;
    next->job.done = next_done;
    next->job.owner = next;
    next->now_wall_ms = now_wall_ms;
    next->done = done;
    next->owner = owner;
    terminal_store_add(store, &next->job);
}

/* ---- What became of it ---- */

struct outcome {
    struct writer_job job;
    char *id; /* NULL: all that wait */
    char *case_number;
    const char *why;
    int64_t wall_ms; /* now, or when to try again */
    int64_t forget_ms;
    void (*done)(void *owner, enum err err);
    void *owner;
};

static void outcome_done(struct writer_job *job, enum err err)
{
    struct outcome *outcome = job->owner;

    outcome->done(outcome->owner, err);
    mem_free(outcome->id);
    mem_free(outcome->case_number);
    mem_free(outcome);
}

static struct outcome *outcome_new(const char *id,
                                   void (*done)(void *owner, enum err err),
                                   void *owner)
{
    struct outcome *outcome = mem_new(sizeof *outcome);

    outcome->job.done = outcome_done;
    outcome->job.owner = outcome;
    outcome->id = id ? mem_copy_text(id) : NULL;
    outcome->done = done;
    outcome->owner = owner;
    return outcome;
}

/* For a statement that ends with RETURNING: ERR_NOT_FOUND without a row. */
static enum err run_on_one(struct sqlite3_stmt *statement, int64_t *ret_value)
{
    bool is_row = false;

    enum err err = store_step(statement, &is_row);
    if (!err && is_row)
        *ret_value = store_column_int(statement, 0);
    else if (!err)
        err = ERR_NOT_FOUND;
    store_reset(statement);
    return err;
}

/* ERR_OK also when it was confirmed before. */
static enum err find_confirmed(struct store *store, const char *id)
{
    int64_t number = 0;
    struct sqlite3_stmt *confirmed =
        store_prepare(store, "SELECT number FROM cases WHERE id = ?1 AND "
                             "state = 'confirmed'");

    store_bind_text(confirmed, 1, id);
    return run_on_one(confirmed, &number);
}

static enum err add_delivered_row(struct store *store,
                                  const struct outcome *outcome, int64_t tries,
                                  int64_t confirmed_ms)
{
    char fields[128];
    struct journal_head head;
    struct journal_row row = { confirmed_ms, "CASE_DELIVERED", fields };

    snprintf(fields, sizeof fields, "{\"case\":\"%s\",\"tries\":%" PRId64 "}",
             outcome->id, tries);
    return journal_add_row(store, &row, &head);
}

/* ERR_NOT_FOUND when no such case waits.  When it was tried last is forgotten
 * with its bytes: that would tell when it was sent. */
static enum err set_confirmed(struct store *store,
                              const struct outcome *outcome, int64_t *ret_tries,
                              int64_t *ret_ms)
{
    bool is_row = false;
    struct sqlite3_stmt *confirm = store_prepare(
        store, "UPDATE cases SET state = 'confirmed', bytes = NULL, "
               "tries = tries + 1, next_ms = 0, case_number = ?2, "
               "confirmed_ms = iif(hour_only, ?4, ?3), why = '' "
               "WHERE id = ?1 AND state <> 'confirmed' "
               "RETURNING tries, confirmed_ms");

    store_bind_text(confirm, 1, outcome->id);
    store_bind_text(confirm, 2, outcome->case_number);
    store_bind_int(confirm, 3, outcome->wall_ms);
    store_bind_int(confirm, 4, time_beside(outcome->wall_ms, true));
    enum err err = store_step(confirm, &is_row);
    if (!err && is_row) {
        *ret_tries = store_column_int(confirm, 0);
        *ret_ms = store_column_int(confirm, 1);
    } else if (!err) {
        err = ERR_NOT_FOUND;
    }
    store_reset(confirm);
    return err;
}

static enum err confirm_run(struct store *store, struct writer_job *job)
{
    const struct outcome *outcome = job->owner;
    int64_t tries = 0;
    int64_t confirmed_ms = 0;

    if (strlen(outcome->case_number) >= CASE_NUMBER_BYTES)
        return ERR_TOO_BIG;
    enum err err = set_confirmed(store, outcome, &tries, &confirmed_ms);
    if (err == ERR_NOT_FOUND)
        return find_confirmed(store, outcome->id);
    if (!err)
        err = add_delivered_row(store, outcome, tries, confirmed_ms);
    if (!err)
        err = outbox_forget_old(store, outcome->forget_ms);
    return err;
}

void outbox_confirm(struct terminal_store *store, const char *id,
                    const char *case_number,
                    void (*done)(void *owner, enum err err), void *owner)
{
    struct outcome *outcome = outcome_new(id, done, owner);

    outcome->job.run = confirm_run;
    outcome->case_number = mem_copy_text(case_number);
    outcome->wall_ms = clock_wall_ms();
    outcome->forget_ms = outbox_forget_time();
    terminal_store_add(store, &outcome->job);
}

static enum err retry_run(struct store *store, struct writer_job *job)
{
    const struct outcome *outcome = job->owner;
    int64_t number = 0;
    struct sqlite3_stmt *retry = store_prepare(
        store, "UPDATE cases SET tries = tries + 1, next_ms = ?2, why = ?3 "
               "WHERE id = ?1 AND state = 'waiting' RETURNING number");

    store_bind_text(retry, 1, outcome->id);
    store_bind_int(retry, 2, outcome->wall_ms);
    store_bind_text(retry, 3, outcome->why);
    return run_on_one(retry, &number);
}

void outbox_retry(struct terminal_store *store, const char *id, enum err why,
                  int64_t next_wall_ms, void (*done)(void *owner, enum err err),
                  void *owner)
{
    struct outcome *outcome = outcome_new(id, done, owner);

    outcome->job.run = retry_run;
    outcome->why = err_name(why);
    outcome->wall_ms = next_wall_ms;
    terminal_store_add(store, &outcome->job);
}

static enum err conflict_run(struct store *store, struct writer_job *job)
{
    const struct outcome *outcome = job->owner;
    int64_t number = 0;
    struct sqlite3_stmt *conflict = store_prepare(
        store, "UPDATE cases SET state = 'conflict', tries = tries + 1, "
               "why = ?2 WHERE id = ?1 AND state = 'waiting' "
               "RETURNING number");

    store_bind_text(conflict, 1, outcome->id);
    store_bind_text(conflict, 2, outcome->why);
    return run_on_one(conflict, &number);
}

void outbox_conflict(struct terminal_store *store, const char *id, enum err why,
                     void (*done)(void *owner, enum err err), void *owner)
{
    struct outcome *outcome = outcome_new(id, done, owner);

    outcome->job.run = conflict_run;
    outcome->why = err_name(why);
    terminal_store_add(store, &outcome->job);
}

static enum err wake_run(struct store *store, struct writer_job *job)
{
    (void)job;
    return store_run(store_prepare(store,
                                   "UPDATE cases SET next_ms = 0 "
                                   "WHERE state = 'waiting' AND next_ms <> 0"));
}

void outbox_wake(struct terminal_store *store,
                 void (*done)(void *owner, enum err err), void *owner)
{
    struct outcome *outcome = outcome_new(NULL, done, owner);

    outcome->job.run = wake_run;
    terminal_store_add(store, &outcome->job);
}

/* ---- Counting ---- */

struct tally {
    struct writer_job job;
    int64_t waiting;
    int64_t conflicts;
    void (*done)(void *owner, enum err err, int64_t waiting, int64_t conflicts);
    void *owner;
};

static enum err tally_run(struct store *store, struct writer_job *job)
{
    struct tally *tally = job->owner;
    bool is_row = false;
    struct sqlite3_stmt *counts = store_prepare(
        store, "SELECT "
               "(SELECT count(*) FROM cases WHERE state = 'waiting'), "
               "(SELECT count(*) FROM cases WHERE state = 'conflict')");

    enum err err = store_step(counts, &is_row);
    if (!err && is_row) {
        tally->waiting = store_column_int(counts, 0);
        tally->conflicts = store_column_int(counts, 1);
    }
    store_reset(counts);
    return err;
}

static void tally_done(struct writer_job *job, enum err err)
{
    struct tally *tally = job->owner;

    tally->done(tally->owner, err, tally->waiting, tally->conflicts);
    mem_free(tally);
}

void outbox_count(struct terminal_store *store,
                  void (*done)(void *owner, enum err err, int64_t waiting,
                               int64_t conflicts),
                  void *owner)
{
    struct tally *tally = mem_new(sizeof *tally);

    tally->job.run = tally_run;
    tally->job.done = tally_done;
    tally->job.owner = tally;
    tally->done = done;
    tally->owner = owner;
    terminal_store_add(store, &tally->job);
}
