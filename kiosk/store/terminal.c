/* The terminal's store as a whole: its tables, opening it, and the remembered
 * values.  The outbox and the journal have files of their own. */
#include "kiosk/store/inside.h"

#include "kiosk/base/mem.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { MAGIC = 0x7465726d };

struct terminal_store {
    int magic;
    struct writer *writer;
    bool is_closing;
    int upgraded_from;
    void (*on_open)(void *owner, enum err err,
                    const struct terminal_state *state);
    void *owner;
};

/* cases: number is the row's own, so that one index less is written; of a
 * confirmed case bytes is NULL.  The index serves all three questions: which
 * is the oldest waiting one (confirmed_ms is NULL there, so rows stand by
 * number), how many wait, which were confirmed long ago. */
static const char version_1[] =
    "CREATE TABLE cases ("
    " number INTEGER PRIMARY KEY,"
    " id TEXT NOT NULL UNIQUE,"
    " receipt TEXT NOT NULL,"
    " receipt_day TEXT NOT NULL,"
    " receipt_sequence INTEGER NOT NULL,"
    " stored_ms INTEGER NOT NULL,"
    " item TEXT NOT NULL,"
    " state TEXT NOT NULL"
    "  CHECK (state IN ('waiting', 'conflict', 'confirmed')),"
    " tries INTEGER NOT NULL DEFAULT 0,"
    " digest BLOB NOT NULL,"
    " bytes BLOB,"
    " case_number TEXT,"
    " confirmed_ms INTEGER"
    ") STRICT;"
    "CREATE INDEX cases_by_state ON cases (state, confirmed_ms);"
    "CREATE TABLE journal ("
    " number INTEGER PRIMARY KEY,"
    " wall_ms INTEGER NOT NULL,"
    " name TEXT NOT NULL,"
    " fields TEXT NOT NULL,"
    " hash BLOB NOT NULL"
    ") STRICT;";

/* why: the name of the error that the last try ended with, for staff. */
static const char version_2[] =
    "ALTER TABLE cases ADD COLUMN next_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE cases ADD COLUMN why TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE remembered ("
    " name TEXT PRIMARY KEY,"
    " value TEXT NOT NULL"
    ") STRICT, WITHOUT ROWID;";

/* The journal's records get codes under a key that turns one way, and one row
 * beside them (journal_state.c).  hour_only: an anonymous report, of which no
 * row tells more than the hour; of old ones the full hour tells which. */
static const char version_3[] =
    "ALTER TABLE journal ADD COLUMN epoch INTEGER;"
    "ALTER TABLE journal ADD COLUMN step INTEGER;"
    "ALTER TABLE journal ADD COLUMN code BLOB;"
    "CREATE TABLE journal_state ("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " start_number INTEGER NOT NULL,"
    " start_hash BLOB NOT NULL,"
    " end_number INTEGER NOT NULL,"
    " end_code BLOB,"
    " key_number INTEGER NOT NULL DEFAULT 0,"
    " first_key BLOB,"
    " sealed_key BLOB,"
    " stepped_ms INTEGER,"
    " epoch INTEGER,"
    " step INTEGER,"
    " now_key BLOB,"
    " next_key BLOB,"
    " digest BLOB"
    ") STRICT;"
    "INSERT INTO journal_state (one, start_number, start_hash, end_number)"
    " SELECT 1, 0, zeroblob(32), ifnull(max(number), 0) FROM journal;"
    "ALTER TABLE cases ADD COLUMN hour_only INTEGER NOT NULL DEFAULT 0;"
    "UPDATE cases SET hour_only = 1 WHERE stored_ms % 3600000 = 0;";

static const char *const upgrades[] = { version_1, version_2, version_3 };

const struct store_schema terminal_schema = {
    .upgrades = upgrades,
    .count = sizeof upgrades / sizeof upgrades[0],
};

void terminal_store_add(struct terminal_store *store, struct writer_job *job)
{
    assert(store->magic == MAGIC);
    writer_add(store->writer, job);
}

/* ---- Opening ---- */

struct opening {
    struct writer_job job;
    struct terminal_store *store;
    char *machines; /* NULL: whose it is does not matter */
    int64_t now_wall_ms;
    struct terminal_state state;
};

enum err binding_read(struct store *store, char machines[MACHINES_BYTES])
{
    bool is_row = false;
    struct sqlite3_stmt *get = store_prepare(
        store, "SELECT value FROM remembered WHERE name = 'store.machines'");

    enum err err = store_step(get, &is_row);
    const char *value = !err && is_row ? store_column_text(get, 0) : NULL;
    if (!err)
        snprintf(machines, MACHINES_BYTES, "%s", value ? value : "");
    store_reset(get);
    return err;
}

enum err binding_write(struct store *store, const char *machines)
{
    struct sqlite3_stmt *put =
        store_prepare(store, "INSERT INTO remembered (name, value) "
                             "VALUES ('store.machines', ?1) "
                             "ON CONFLICT (name) DO UPDATE SET value = ?1 "
                             "WHERE value IS NOT ?1");

    store_bind_text(put, 1, machines);
    return store_run(put);
}

/* Fingerprints have one length, so one cannot stand inside another. */
static bool shares_one(const char *some, const char *others)
{
    char one[CRYPTO_HEX_DIGEST];

    while (*some) {
        size_t len = strcspn(some, " ");
        snprintf(one, sizeof one, "%.*s", (int)len, some);
        if (strlen(one) == sizeof one - 1 && strstr(others, one))
            return true;
        some += len;
        some += strspn(some, " ");
    }
    return false;
}

/* A store of before there was a binding is taken by the machine it is in. */
static enum err claim(struct store *store, const char *machines)
{
    char bound[MACHINES_BYTES];
    char first[CRYPTO_HEX_DIGEST];

    enum err err = binding_read(store, bound);
    if (err)
        return err;
    if (bound[0])
        return shares_one(machines, bound) ? ERR_OK : ERR_OTHER_STORE;
    snprintf(first, sizeof first, "%s", machines);
    return binding_write(store, first);
}

static enum err opening_run(struct store *store, struct writer_job *job)
{
    struct opening *opening = job->owner;

    enum err err = store_check_pages(store);
    if (!err && opening->machines)
        err = claim(store, opening->machines);
    if (!err)
        err = outbox_forget_old(store, opening->now_wall_ms);
    if (!err)
        err = outbox_read_state(store, &opening->state);
    return err;
}

static void opening_done(struct writer_job *job, enum err err)
{
    struct opening *opening = job->owner;
    struct terminal_store *store = opening->store;

    opening->state.upgraded_from = store->upgraded_from;
    if (!store->is_closing)
        store->on_open(store->owner, err, err ? NULL : &opening->state);
    mem_free(opening->machines);
    mem_free(opening);
}

/* The first job is answered with an error of opening, too: that answer is the
 * one that is passed on. */
static void on_writer_open(void *owner, enum err err, int found_version)
{
    struct terminal_store *store = owner;

    assert(store->magic == MAGIC);
    if (!err && found_version != terminal_schema.count)
        store->upgraded_from = found_version;
}

struct terminal_store *
terminal_store_new(struct loop *loop, const char *path,
                   void (*on_open)(void *owner, enum err err,
                                   const struct terminal_state *state),
                   void *owner)
{
    return terminal_store_new_of(loop, path, NULL, on_open, owner);
}

struct terminal_store *
terminal_store_new_of(struct loop *loop, const char *path, const char *machines,
                      void (*on_open)(void *owner, enum err err,
                                      const struct terminal_state *state),
                      void *owner)
{
    struct terminal_store *store = mem_new(sizeof *store);
    struct opening *opening = mem_new(sizeof *opening);

    store->magic = MAGIC;
    store->on_open = on_open;
    store->owner = owner;
    store->writer =
        writer_new(loop, path, &terminal_schema, on_writer_open, store);
    opening->job.run = opening_run;
    opening->job.done = opening_done;
    opening->job.owner = opening;
    opening->store = store;
    opening->machines = machines ? mem_copy_text(machines) : NULL;
    opening->now_wall_ms = outbox_forget_time();
    writer_add(store->writer, &opening->job);
    return store;
}

void terminal_store_free(struct terminal_store *store)
{
    if (!store)
        return;
    assert(store->magic == MAGIC);
    store->is_closing = true;
    writer_free(store->writer);
    store->magic = 0;
    mem_free(store);
}

/* ---- Whose it is ---- */

struct binding {
    struct writer_job job;
    char *machines;
    void (*done)(void *owner, enum err err);
    void *owner;
};

static enum err binding_run(struct store *store, struct writer_job *job)
{
    const struct binding *binding = job->owner;
    return binding_write(store, binding->machines);
}

static void binding_done(struct writer_job *job, enum err err)
{
    struct binding *binding = job->owner;

    if (binding->done)
        binding->done(binding->owner, err);
    mem_free(binding->machines);
    mem_free(binding);
}

void terminal_store_bind(struct terminal_store *store, const char *machines,
                         void (*done)(void *owner, enum err err), void *owner)
{
    struct binding *binding = mem_new(sizeof *binding);

    binding->job.run = binding_run;
    binding->job.done = binding_done;
    binding->job.owner = binding;
    binding->machines = mem_copy_text(machines);
    binding->done = done;
    binding->owner = owner;
    terminal_store_add(store, &binding->job);
}

/* ---- Work beside it ---- */

struct errand {
    struct writer_job job;
    enum err (*work)(void *owner);
    void (*done)(void *owner, enum err err);
    void *owner;
};

static enum err errand_run(struct store *store, struct writer_job *job)
{
    (void)store;
    (void)job;
    return ERR_OK; /* nothing that a transaction holds */
}

static enum err errand_check(struct store *store, struct writer_job *job)
{
    const struct errand *errand = job->owner;
    (void)store;
    return errand->work(errand->owner);
}

static void errand_done(struct writer_job *job, enum err err)
{
    struct errand *errand = job->owner;
    errand->done(errand->owner, err);
    mem_free(errand);
}

void terminal_store_work(struct terminal_store *store,
                         enum err (*work)(void *owner),
                         void (*done)(void *owner, enum err err), void *owner)
{
    struct errand *errand = mem_new(sizeof *errand);

    errand->job.run = errand_run;
    errand->job.check = errand_check;
    errand->job.done = errand_done;
    errand->job.owner = errand;
    errand->work = work;
    errand->done = done;
    errand->owner = owner;
    terminal_store_add(store, &errand->job);
}

/* ---- Remembered values ---- */

struct memory {
    struct writer_job job;
    char *name;
    char *value; /* NULL: none */
    void (*done)(void *owner, enum err err, const char *value);
    void *owner;
};

static struct memory *memory_new(const char *name)
{
    struct memory *memory = mem_new(sizeof *memory);

    memory->job.owner = memory;
    memory->name = mem_copy_text(name);
    return memory;
}

static void memory_done(struct writer_job *job, enum err err)
{
    struct memory *memory = job->owner;

    if (memory->done)
        memory->done(memory->owner, err, err ? NULL : memory->value);
    mem_free(memory->name);
    mem_free(memory->value);
    mem_free(memory);
}

static enum err remember_run(struct store *store, struct writer_job *job)
{
    const struct memory *memory = job->owner;
    /* Unchanged values cost no write: they are told anew at each start. */
    struct sqlite3_stmt *put = store_prepare(
        store, "INSERT INTO remembered (name, value) VALUES (?1, ?2) "
               "ON CONFLICT (name) DO UPDATE SET value = ?2 "
               "WHERE value IS NOT ?2");

    store_bind_text(put, 1, memory->name);
    store_bind_text(put, 2, memory->value);
    return store_run(put);
}

void remember(struct terminal_store *store, const char *name, const char *value)
{
    struct memory *memory = memory_new(name);

    assert(strncmp(name, "outbox.", strlen("outbox.")) != 0 &&
           strncmp(name, "store.", strlen("store.")) != 0);
    memory->job.run = remember_run;
    memory->job.done = memory_done;
    memory->value = mem_copy_text(value);
    terminal_store_add(store, &memory->job);
}

static enum err recall_run(struct store *store, struct writer_job *job)
{
    struct memory *memory = job->owner;
    bool is_row = false;
    struct sqlite3_stmt *get =
        store_prepare(store, "SELECT value FROM remembered WHERE name = ?1");

    store_bind_text(get, 1, memory->name);
    enum err err = store_step(get, &is_row);
    mem_free(memory->value);
    memory->value = NULL;
    if (!err && is_row) {
        const char *value = store_column_text(get, 0);
        if (value)
            memory->value = mem_copy_text(value);
        else
            err = ERR_CORRUPT;
    }
    store_reset(get);
    return err;
}

void recall(struct terminal_store *store, const char *name,
            void (*done)(void *owner, enum err err, const char *value),
            void *owner)
{
    struct memory *memory = memory_new(name);

    memory->job.run = recall_run;
    memory->job.done = memory_done;
    memory->done = done;
    memory->owner = owner;
    terminal_store_add(store, &memory->job);
}
