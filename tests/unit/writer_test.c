/* The store's thread: order, groups, checks, and the ways it may end; and the
 * remembered values, which are its simplest jobs. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/store/inside.h"
#include "kiosk/store/vfs.h"
#include "tests/unit/gate.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 128, TURNS_MAX = 1000, JOBS = 40 };

static const char *const upgrades[] = {
    "CREATE TABLE log (name TEXT UNIQUE);"
};
static const struct store_schema schema = { upgrades, 1 };

struct place {
    char folder[64];
    char path[PATH_BYTES];
    struct loop *loop;
    struct writer *writer;
    int opened;
    enum err open_err;
    bool frees;   /* on_open ends the writer */
    int answered; /* in which order */
};

struct work {
    struct writer_job job;
    struct place *place;
    char name[16];
    enum err wanted; /* what run answers after its insert */
    enum err wanted_check;
    int runs, checks, answers, order;
    enum err err;
    bool frees;        /* done ends the writer */
    struct work *then; /* done queues this one */
};

static int set_up(void **state)
{
    static struct place place;

    memset(&place, 0, sizeof place);
    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/test.sqlite", place.folder);
    place.loop = loop_new();
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    vfs_plan_end();
    writer_free(place->writer);
    loop_free(place->loop);
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

static void on_open(void *owner, enum err err, int upgraded_from)
{
    struct place *place = owner;
    (void)upgraded_from;
    place->opened++;
    place->open_err = err;
    if (place->frees) {
        writer_free(place->writer);
        place->writer = NULL;
    }
}

static void start(struct place *place)
{
    place->writer =
        writer_new(place->loop, place->path, &schema, on_open, place);
}

static void end(struct place *place)
{
    writer_free(place->writer);
    place->writer = NULL;
}

static enum err run(struct store *store, struct writer_job *job)
{
    struct work *work = job->owner;
    struct sqlite3_stmt *insert =
        store_prepare(store, "INSERT INTO log (name) VALUES (?1)");

    /* Not cmocka's: this is the thread. */
    assert(store_is_in_transaction(store));
    work->runs++;
    store_bind_text(insert, 1, work->name);
    enum err err = store_run(insert);
    return err ? err : work->wanted;
}

static enum err check(struct store *store, struct writer_job *job)
{
    struct work *work = job->owner;

    assert(!store_is_in_transaction(store));
    work->checks++;
    return work->wanted_check;
}

static void done(struct writer_job *job, enum err err)
{
    struct work *work = job->owner;

    work->answers++;
    work->err = err;
    work->order = ++work->place->answered;
    if (work->then)
        writer_add(work->place->writer, &work->then->job);
    if (work->frees)
        end(work->place);
}

static void make(struct place *place, struct work *work, int count)
{
    for (int i = 0; i < count; i++) {
        work[i].job = (struct writer_job){
            .run = run, .check = check, .done = done, .owner = &work[i]
        };
        work[i].place = place;
        snprintf(work[i].name, sizeof work[i].name, "job %d", i);
    }
}

static void add(struct place *place, struct work *work, int count)
{
    for (int i = 0; i < count; i++)
        writer_add(place->writer, &work[i].job);
}

static void add_as_group(struct place *place, struct work *work, int count)
{
    writer_add(place->writer, gate_job());
    gate_wait_entered();
    add(place, work, count);
    gate_open();
}

static void wait_for(struct place *place, const struct work *work)
{
    for (int i = 0; i < TURNS_MAX && !work->answers; i++)
        loop_turn(place->loop, 1000);
    assert_int_equal(work->answers, 1);
}

/* What the file holds once nobody has it open. */
static int count_rows(const struct place *place)
{
    struct store *store = NULL;
    bool is_row = false;

    assert_int_equal(store_open(place->path, &schema, NULL, &store), ERR_OK);
    struct sqlite3_stmt *row = store_prepare(store, "SELECT count(*) FROM log");
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    int count = (int)store_column_int(row, 0);
    store_reset(row);
    store_close(store);
    return count;
}

/* ---- Running ---------------------------------------------------------------- */

/* Jobs may be queued before the store is open; the opening is told first. */
static void test_order(void **state)
{
    struct place *place = *state;
    struct work work[JOBS] = { { .runs = 0 } };

    start(place);
    make(place, work, JOBS);
    add(place, work, JOBS);
    assert_int_equal(place->answered, 0);
    wait_for(place, &work[JOBS - 1]);
    assert_int_equal(place->opened, 1);
    assert_int_equal(place->open_err, ERR_OK);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(work[i].order, i + 1);
        assert_int_equal(work[i].err, ERR_OK);
        assert_int_equal(work[i].runs, 1);
        assert_int_equal(work[i].checks, 1);
    }
    end(place);
    assert_int_equal(count_rows(place), JOBS);
}

/* A job that fails takes its own writes back, and nobody else's. */
static void test_one_fails(void **state)
{
    struct place *place = *state;
    struct work work[JOBS] = { { .runs = 0 } };

    start(place);
    make(place, work, JOBS);
    work[3].wanted = ERR_CONFLICT;
    snprintf(work[7].name, sizeof work[7].name, "job 6"); /* not unique */
    work[9].wanted_check = ERR_CORRUPT;
    add_as_group(place, work, JOBS);
    wait_for(place, &work[JOBS - 1]);
    assert_int_equal(work[3].err, ERR_CONFLICT);
    assert_int_equal(work[3].checks, 0);
    assert_int_equal(work[7].err, ERR_EXISTS);
    assert_int_equal(work[9].err, ERR_CORRUPT);
    for (int i = 0; i < JOBS; i++)
        if (i != 3 && i != 7 && i != 9)
            assert_int_equal(work[i].err, ERR_OK);
    end(place);
    assert_int_equal(count_rows(place), JOBS - 2);
}

/* One group: the syncs of one commit and one checkpoint, as for one job. */
static void test_group(void **state)
{
    struct place *place = *state;
    struct work work[JOBS + 2] = { { .runs = 0 } };

    start(place);
    make(place, work, JOBS + 2);
    add(place, work + JOBS, 1);
    wait_for(place, &work[JOBS]);
    struct vfs_counts none = vfs_count();
    add(place, work + JOBS + 1, 1);
    wait_for(place, &work[JOBS + 1]);
    struct vfs_counts one = vfs_count();
    add_as_group(place, work, JOBS);
    wait_for(place, &work[JOBS - 1]);
    struct vfs_counts many = vfs_count();
    for (int i = VFS_SYNC; i <= VFS_TRUNCATE; i++) {
        assert_true(one.done[i] > none.done[i]);
        assert_int_equal(many.done[i] - one.done[i],
                         one.done[i] - none.done[i]);
    }
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(work[i].runs, 1);
}

/* All that the answers of one group ask for is one group again. */
static void test_group_goes_on(void **state)
{
    struct place *place = *state;
    struct work work[JOBS + 1] = { { .runs = 0 } };
    enum { HALF = JOBS / 2 };

    start(place);
    make(place, work, JOBS + 1);
    for (int i = 0; i < HALF; i++)
        work[i].then = &work[HALF + i];
    add(place, work + JOBS, 1);
    wait_for(place, &work[JOBS]);
    struct vfs_counts before = vfs_count();
    add_as_group(place, work, HALF);
    wait_for(place, &work[JOBS - 1]);
    struct vfs_counts after = vfs_count();
    /* One commit and its checkpoint truncate twice: file and WAL. */
    assert_int_equal(after.done[VFS_TRUNCATE] - before.done[VFS_TRUNCATE], 4);
}

/* The group's commit fails once: each job alone, and all are well. */
static void test_commit_fails_once(void **state)
{
    struct place *place = *state;
    struct work work[JOBS] = { { .runs = 0 } };

    start(place);
    make(place, work, JOBS);
    /* Opening writes, too, and is over when the gate is entered. */
    add_as_group(place, work, 1);
    wait_for(place, &work[0]);
    vfs_plan_fail(&(struct vfs_plan){ VFS_SYNC, VFS_FAIL_IO, 0, 1 });
    add_as_group(place, work + 1, JOBS - 1);
    wait_for(place, &work[JOBS - 1]);
    for (int i = 1; i < JOBS; i++) {
        assert_int_equal(work[i].runs, 2);
        assert_int_equal(work[i].err, ERR_OK);
    }
    end(place);
    assert_int_equal(count_rows(place), JOBS);
}

static void test_disk_full_for_a_while(void **state)
{
    struct place *place = *state;
    struct work work[JOBS] = { { .runs = 0 } };
    struct work later[1] = { { .runs = 0 } };

    start(place);
    make(place, later, 1);
    add(place, later, 1);
    wait_for(place, &later[0]);
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, 0, -1 });
    make(place, work, JOBS);
    add(place, work, JOBS);
    wait_for(place, &work[JOBS - 1]);
    vfs_plan_end();
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(work[i].err, i == 0 ? ERR_EXISTS : ERR_DISK_FULL);
    memset(later, 0, sizeof later);
    make(place, later, 1);
    snprintf(later[0].name, sizeof later[0].name, "later");
    add(place, later, 1);
    wait_for(place, &later[0]);
    assert_int_equal(later[0].err, ERR_OK);
    end(place);
    assert_int_equal(count_rows(place), 2);
}

static void test_cannot_open(void **state)
{
    struct place *place = *state;
    struct work work[3] = { { .runs = 0 } };

    assert_int_equal(file_replace(place->path, "noise", 5, 0600), ERR_OK);
    start(place);
    make(place, work, 3);
    add(place, work, 2);
    wait_for(place, &work[1]);
    assert_int_equal(place->opened, 1);
    assert_int_equal(place->open_err, ERR_CORRUPT);
    add(place, work + 2, 1);
    wait_for(place, &work[2]);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(work[i].err, ERR_CORRUPT);
        assert_int_equal(work[i].runs, 0);
    }
}

/* ---- Ending ------------------------------------------------------------------ */

/* Freed at once: everything is written and answered, the opening not told. */
static void test_free_finishes(void **state)
{
    struct place *place = *state;
    struct work work[JOBS] = { { .runs = 0 } };

    start(place);
    make(place, work, JOBS);
    add(place, work, JOBS);
    end(place);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(work[i].answers, 1);
        assert_int_equal(work[i].order, i + 1);
        assert_int_equal(work[i].err, ERR_OK);
    }
    assert_int_equal(place->opened, 0);
    /* What was posted before finds nobody. */
    for (int i = 0; i < 3; i++)
        loop_turn(place->loop, 0);
    assert_int_equal(place->opened, 0);
    assert_int_equal(count_rows(place), JOBS);
}

/* Answers that come while it is freed may queue more; it is done, too. */
static void test_free_finishes_more(void **state)
{
    struct place *place = *state;
    struct work work[4] = { { .runs = 0 } };

    start(place);
    make(place, work, 4);
    work[0].then = &work[1];
    work[1].then = &work[2];
    work[2].then = &work[3];
    add(place, work, 1);
    end(place);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(work[i].answers, 1);
        assert_int_equal(work[i].err, ERR_OK);
    }
    assert_int_equal(count_rows(place), 4);
}

/* Freed by one of the answers: the others still come, each once. */
static void test_free_from_answer(void **state)
{
    struct place *place = *state;
    struct work work[JOBS] = { { .runs = 0 } };

    start(place);
    make(place, work, JOBS);
    work[5].frees = true;
    add(place, work, JOBS);
    wait_for(place, &work[5]);
    assert_null(place->writer);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(work[i].answers, 1);
    assert_int_equal(count_rows(place), JOBS);
}

static void test_free_from_open(void **state)
{
    struct place *place = *state;
    struct work work[3] = { { .runs = 0 } };

    place->frees = true;
    start(place);
    make(place, work, 3);
    add(place, work, 3);
    wait_for(place, &work[2]);
    assert_null(place->writer);
    assert_int_equal(place->opened, 1);
    assert_int_equal(count_rows(place), 3);
}

static void test_free_unused(void **state)
{
    struct place *place = *state;

    start(place);
    end(place);
    writer_free(NULL);
    assert_int_equal(place->opened, 0);
}

/* Two at a time, as in the demo's tests; each answers its own. */
static void test_two_writers(void **state)
{
    struct place *place = *state;
    struct place other = *place;
    struct work mine[2] = { { .runs = 0 } };
    struct work theirs[2] = { { .runs = 0 } };

    snprintf(other.path, sizeof other.path, "%s/other.sqlite", place->folder);
    start(place);
    start(&other);
    make(place, mine, 2);
    make(&other, theirs, 2);
    add(place, mine, 2);
    add(&other, theirs, 2);
    wait_for(place, &mine[1]);
    end(place);
    wait_for(place, &theirs[1]);
    end(&other);
    assert_int_equal(count_rows(place), 2);
    assert_int_equal(count_rows(&other), 2);
}

/* ---- Remembered values --------------------------------------------------------- */

struct recalled {
    int count;
    enum err err;
    bool has_value;
    char value[32];
};

static void on_value(void *owner, enum err err, const char *value)
{
    struct recalled *recalled = owner;

    recalled->count++;
    recalled->err = err;
    recalled->has_value = value != NULL;
    snprintf(recalled->value, sizeof recalled->value, "%s", value ? value : "");
}

static void on_terminal(void *owner, enum err err,
                        const struct terminal_state *state)
{
    (void)owner;
    (void)state;
    assert_int_equal(err, ERR_OK);
}

static struct recalled ask(struct place *place, struct terminal_store *store,
                           const char *name)
{
    struct recalled recalled = { 0 };

    recall(store, name, on_value, &recalled);
    for (int i = 0; i < TURNS_MAX && !recalled.count; i++)
        loop_turn(place->loop, 1000);
    assert_int_equal(recalled.count, 1);
    assert_int_equal(recalled.err, ERR_OK);
    return recalled;
}

static void never(void *owner, enum err err, const struct terminal_state *state)
{
    (void)owner;
    (void)err;
    (void)state;
    fail();
}

/* Closed before it was open: what was queued is done, nobody is told. */
static void test_terminal_free_at_once(void **state)
{
    struct place *place = *state;
    struct recalled recalled = { 0 };
    struct terminal_store *store =
        terminal_store_new(place->loop, place->path, never, NULL);

    remember(store, "public_url", "here");
    recall(store, "public_url", on_value, &recalled);
    terminal_store_free(store);
    assert_int_equal(recalled.count, 1);
    assert_string_equal(recalled.value, "here");
    terminal_store_free(NULL);
}

static void test_remember(void **state)
{
    struct place *place = *state;
    struct terminal_store *store =
        terminal_store_new(place->loop, place->path, on_terminal, NULL);

    assert_false(ask(place, store, "office_key").has_value);
    remember(store, "office_key", "first");
    assert_string_equal(ask(place, store, "office_key").value, "first");
    remember(store, "office_key", "second");
    remember(store, "empty", "");
    terminal_store_free(store);

    store = terminal_store_new(place->loop, place->path, on_terminal, NULL);
    assert_string_equal(ask(place, store, "office_key").value, "second");
    assert_true(ask(place, store, "empty").has_value);
    /* Told the same again, it writes nothing. */
    struct vfs_counts before = vfs_count();
    remember(store, "office_key", "second");
    assert_string_equal(ask(place, store, "office_key").value, "second");
    struct vfs_counts after = vfs_count();
    assert_memory_equal(&before, &after, sizeof before);
    terminal_store_free(store);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_order),
        TEST(test_one_fails),
        TEST(test_group),
        TEST(test_group_goes_on),
        TEST(test_commit_fails_once),
        TEST(test_disk_full_for_a_while),
        TEST(test_cannot_open),
        TEST(test_free_finishes),
        TEST(test_free_finishes_more),
        TEST(test_free_from_answer),
        TEST(test_free_from_open),
        TEST(test_free_unused),
        TEST(test_two_writers),
        TEST(test_terminal_free_at_once),
        TEST(test_remember),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
