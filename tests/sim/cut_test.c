/* The store against every pretended power cut: what a failed commit left in
 * the WAL may come back to life only where the answer was "unsure".  Each
 * operation of a commit fails in turn, once and for ever; then the power goes,
 * before or after the next commit, and each sector that was not synced is kept
 * or lost. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/store/store.h"
#include "kiosk/store/vfs.h"
#include "tests/sim/dice.h"
#include "tests/sim/disk.h"

#include <string.h>

#define PLACE "/pretended"
#define STORE PLACE "/cut.sqlite"

enum { CUTS = 40, OPERATIONS_MOST = 40 };

static const char *const upgrades[] = {
    "CREATE TABLE things (name TEXT PRIMARY KEY, value BLOB);",
};
static const struct store_schema schema = { upgrades, 1 };

static struct store *open_store(void)
{
    struct store *store = NULL;
    assert_int_equal(store_open(STORE, &schema, NULL, &store), ERR_OK);
    return store;
}

static enum err commit(struct store *store, const char *name)
{
    static const unsigned char value[9000] = { 7 };
    enum err err = store_begin(store);
    if (!err) {
        struct sqlite3_stmt *put = store_prepare(
            store, "INSERT INTO things (name, value) VALUES (?1, ?2)");
        store_bind_text(put, 1, name);
        store_bind_bytes(put, 2, value, sizeof value);
        err = store_run(put);
    }
    if (!err)
        err = store_commit(store);
    if (err)
        store_roll_back(store);
    return err;
}

static bool has(struct store *store, const char *name)
{
    bool is_row = false;
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT 1 FROM things WHERE name = ?1");

    store_bind_text(row, 1, name);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    store_reset(row);
    return is_row;
}

struct counts {
    int failed, unsure, cuts;
};

/* One commit under the plan, another when goes_on, and the cut. */
static bool play(const struct vfs_plan *plan, bool goes_on, struct dice *dice,
                 struct counts *counts)
{
    struct disk *disk = disk_new(PLACE);
    struct store *store = open_store();
    enum err next = ERR_IO;

    assert_int_equal(commit(store, "before"), ERR_OK);
    uint64_t failed = vfs_count().failed;
    vfs_plan_fail(plan);
    enum err err = commit(store, "case");
    bool was_hit = vfs_count().failed > failed;
    vfs_plan_end();
    if (goes_on)
        next = commit(store, "after");
    disk_die(disk);
    store_close(store);
    disk_recover(disk, DISK_POWER_CUT, dice);
    store = open_store();
    assert_true(has(store, "before"));
    if (err != ERR_UNSURE)
        assert_int_equal(has(store, "case"), err == ERR_OK);
    if (goes_on)
        assert_int_equal(has(store, "after"), next == ERR_OK);
    store_close(store);
    disk_free(disk);
    counts->failed += err != ERR_OK;
    counts->unsure += err == ERR_UNSURE;
    counts->cuts++;
    return was_hit;
}

static void play_each(enum vfs_operation operation, int times, bool goes_on,
                      struct counts *counts)
{
    struct dice dice = { 7 };
    bool was_hit = true;

    for (uint64_t n = 0; was_hit && n < OPERATIONS_MOST; n++)
        for (int cut = 0; cut < CUTS; cut++) {
            struct vfs_plan plan = { operation, VFS_FAIL_IO, n, times };
            was_hit = play(&plan, goes_on, &dice, counts);
        }
    assert_false(was_hit); /* every one of them had its turn */
}

static void test_a_failed_commit_stays_dead(void **state)
{
    struct counts counts = { 0 };
    (void)state;

    for (int operation = 0; operation < VFS_OPERATION_COUNT; operation++)
        for (int goes_on = 0; goes_on < 2; goes_on++) {
            play_each((enum vfs_operation)operation, 1, goes_on, &counts);
            play_each((enum vfs_operation)operation, 2, goes_on, &counts);
            play_each((enum vfs_operation)operation, -1, goes_on, &counts);
        }
    assert_true(counts.failed > counts.unsure && counts.unsure > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_failed_commit_stays_dead),
    };
    return cmocka_run_group_tests_name("cut", tests, NULL, NULL);
}
