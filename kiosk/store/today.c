/* What a day was: cases that wait, and sessions, counted from the journal, so
 * that a restart forgets none and nothing is kept twice. */
#include "kiosk/store/inside.h"

#include "kiosk/base/mem.h"

#include <string.h>

struct count {
    struct writer_job job;
    int64_t since_wall_ms;
    struct terminal_today today;
    void (*done)(void *owner, enum err err, const struct terminal_today *today);
    void *owner;
};

static enum err count_cases(struct store *store, struct terminal_today *today)
{
    bool is_row = false;
    struct sqlite3_stmt *counts = store_prepare(
        store, "SELECT "
               "(SELECT count(*) FROM cases WHERE state = 'waiting'), "
               "(SELECT count(*) FROM cases WHERE state = 'conflict'), "
               "(SELECT ifnull(min(stored_ms), 0) FROM cases "
               " WHERE state = 'waiting')");

    enum err err = store_step(counts, &is_row);
    if (!err && is_row) {
        today->waiting = store_column_int(counts, 0);
        today->conflicts = store_column_int(counts, 1);
        today->oldest_wall_ms = store_column_int(counts, 2);
    }
    store_reset(counts);
    return err;
}

static void count_record(struct terminal_today *today, const char *name,
                         bool is_finished)
{
    if (!name)
        return;
    if (strcmp(name, "SESSION_BEGUN") == 0)
        today->begun++;
    else if (strcmp(name, "SESSION_ENDED") == 0 && is_finished)
        today->finished++;
    else if (strcmp(name, "SESSION_ENDED") == 0)
        today->abandoned++;
}

/* From the newest record back to the first that is of another day: a look at
 * all of half a year would take the disk too long.  Of this day's, those that
 * tell of no session do not leave SQLite. */
static enum err count_sessions(struct store *store, struct count *count)
{
    bool is_row = false;
    struct sqlite3_stmt *newest = store_prepare(
        store, "SELECT wall_ms, name, instr(fields, '\"finished\"') "
               "FROM journal WHERE wall_ms < ?1 "
               "OR name IN ('SESSION_BEGUN', 'SESSION_ENDED') "
               "ORDER BY number DESC");
    enum err err = ERR_OK;

    store_bind_int(newest, 1, count->since_wall_ms);
    while (!(err = store_step(newest, &is_row)) && is_row &&
           store_column_int(newest, 0) >= count->since_wall_ms)
        count_record(&count->today, store_column_text(newest, 1),
                     store_column_int(newest, 2) > 0);
    store_reset(newest);
    return err;
}

static enum err count_run(struct store *store, struct writer_job *job)
{
    struct count *count = job->owner;

    count->today = (struct terminal_today){ 0 };
    enum err err = count_cases(store, &count->today);
    return err ? err : count_sessions(store, count);
}

static void count_done(struct writer_job *job, enum err err)
{
    struct count *count = job->owner;

    count->done(count->owner, err, err ? NULL : &count->today);
    mem_free(count);
}

void terminal_count_today(struct terminal_store *store, int64_t since_wall_ms,
                          void (*done)(void *owner, enum err err,
                                       const struct terminal_today *today),
                          void *owner)
{
    struct count *count = mem_new(sizeof *count);

    count->job.run = count_run;
    count->job.done = count_done;
    count->job.owner = count;
    count->since_wall_ms = since_wall_ms;
    count->done = done;
    count->owner = owner;
    terminal_store_add(store, &count->job);
}
