/* The outbox under load, on failing disks, and from an older version: nobody is
 * told that a case is safe when it is not, or lost when it is not. */
#include "tests/unit/outbox_place.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"
#include "tests/unit/gate.h"

#include <stdio.h>
#include <string.h>

/* ---- Many at once ---- */

enum { MANY = 16 };

static void put_many(struct place *place, struct answer *answers, int64_t from,
                     int skip)
{
    char bytes[32];

    for (int i = 0; i < MANY; i++) {
        struct outbox_case entry = place_case(from + i, bytes, sizeof bytes);
        memset(bytes, 'a' + i, sizeof bytes);
        if (i == skip)
            entry.number = 999;
        outbox_put(place->store, &entry, answer_head, &answers[i]);
    }
}

static void test_many(void **state)
{
    struct place *place = *state;
    struct answer answers[MANY] = { { 0 } };

    place_open(place);
    put_many(place, answers, 1, -1);
    place_wait(place, &answers[MANY - 1], 1);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(answers[i].count, 1);
        assert_int_equal(answers[i].err, ERR_OK);
        assert_int_equal(answers[i].head.number, i + 1);
    }
    place_assert_counts(place, MANY, 0);
    place_assert_journal(place, MANY);
}

/* One bad job in a group spoils no other, and leaves no trace. */
static void test_many_with_bad(void **state)
{
    struct place *place = *state;
    struct answer answers[MANY] = { { 0 } };

    place_open(place);
    put_many(place, answers, 1, MANY - 1);
    place_wait(place, &answers[MANY - 1], 1);
    for (int i = 0; i < MANY - 1; i++)
        assert_int_equal(answers[i].err, ERR_OK);
    assert_int_equal(answers[MANY - 1].err, ERR_CONFLICT);
    place_assert_counts(place, MANY - 1, 0);
    place_assert_journal(place, MANY - 1);
}

/* ---- Disks ---- */

static void test_full_disk(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, 0, -1 });
    assert_int_equal(place_put_number(place, 2), ERR_DISK_FULL);
    assert_int_equal(place_put_number(place, 2), ERR_DISK_FULL);
    vfs_plan_end();
    place_assert_counts(place, 1, 0);
    assert_int_equal(place_put_number(place, 2), ERR_OK);
    place_assert_counts(place, 2, 0);
    place_assert_journal(place, 2);
}

static void test_planned_fault(void **state)
{
    struct place *place = *state;

    place_open(place);
    fault_plan("outbox.put", 1);
    assert_int_equal(place_put_number(place, 1), ERR_DISK_FULL);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    place_assert_journal(place, 1);
}

static _Atomic int reads_left; /* that still go well */

static bool reads_end(const char *name)
{
    return strcmp(name, "vfs.read") == 0 && reads_left-- <= 0;
}

/* A disk that stops being readable at any moment of a case's way in.  Who is
 * told "not stored" may fill it in again: then nothing of it may be here.  When
 * it cannot be taken out again, nobody is told either; after opening anew the
 * numbers go on. */
static void test_unreadable_disk(void **state)
{
    struct place *place = *state;
    int unsure = 0;

    for (int good = 0; good < 30; good++) {
        place_open(place);
        int64_t number = place->opened.state.next_number;
        int64_t waiting = place->opened.state.waiting;
        reads_left = good;
        fault_set_judge(reads_end);
        enum err err = place_put_number(place, number);
        fault_set_judge(NULL);
        place_open(place);
        int64_t more = place->opened.state.waiting - waiting;
        if (err == ERR_UNSURE)
            unsure++;
        else
            assert_int_equal(more, err ? 0 : 1);
        assert_int_equal(place->opened.state.next_number, number + more);
        assert_int_equal(place_put_number(place, number + more), ERR_OK);
    }
    assert_true(unsure > 0);
}

static _Atomic int syncs_left; /* that fail; from then on every write does */

static bool disk_gets_worse(const char *name)
{
    if (strcmp(name, "vfs.sync") == 0)
        return syncs_left-- > 0;
    return strcmp(name, "vfs.write") == 0 && syncs_left <= 0;
}

/* The group's commit leaves what a power cut may bring back, and then each case
 * alone meets another failure: that does not make it sure. */
static void test_group_that_is_unsure(void **state)
{
    struct place *place = *state;
    struct answer answers[MANY] = { { 0 } };

    place_open(place);
    terminal_store_add(place->store, gate_job());
    gate_wait_entered();
    put_many(place, answers, 1, -1);
    syncs_left = 2; /* that of the commit, and that of taking it out again */
    fault_set_judge(disk_gets_worse);
    gate_open();
    for (int i = 0; i < MANY; i++)
        place_wait(place, &answers[i], 1);
    fault_set_judge(NULL);
    assert_true(syncs_left <= 0);
    for (int i = 0; i < MANY; i++)
        assert_int_equal(answers[i].err, ERR_UNSURE);
}

/* A failing disk under a group: whoever was answered ERR_OK is there, whoever
 * was not is not, and the numbers of both fit together. */
static void test_group_on_failing_disk(void **state)
{
    struct place *place = *state;
    int64_t next = 1;
    bool was_hit = true;

    place_open(place);
    for (uint64_t n = 0; was_hit; n++) {
        struct answer answers[MANY] = { { 0 } };
        uint64_t before = vfs_count().failed;
        vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, n, 3 });
        put_many(place, answers, next, -1);
        for (int i = 0; i < MANY; i++)
            place_wait(place, &answers[i], 1);
        was_hit = vfs_count().failed > before;
        vfs_plan_end();
        int good = 0;
        while (good < MANY && answers[good].err == ERR_OK)
            good++;
        for (int i = good; i < MANY; i++)
            assert_int_not_equal(answers[i].err, ERR_OK);
        place_open(place);
        next += good;
        assert_int_equal(place->opened.state.next_number, next);
        assert_int_equal(place->opened.state.waiting, next - 1);
        assert_int_equal(place_put_number(place, next), ERR_OK);
        next++;
    }
    place_assert_journal(place, (int)next - 1);
}

/* One case of many pages alone, or two in one group; the n-th write lies.  The
 * number of those that were answered with an error. */
static int put_garbled(struct place *place, int count, uint64_t n)
{
    static char large[20000];
    struct answer answers[2] = { { 0 } };
    struct answer next = { 0 };
    struct answer counts = { 0 };
    int refused = 0;

    memset(large, 'x', sizeof large);
    terminal_store_add(place->store, gate_job());
    gate_wait_entered();
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_GARBLED, n, 1 });
    for (int i = 0; i < count; i++) {
        struct outbox_case entry = place_case(i + 1, large, sizeof large);
        outbox_put(place->store, &entry, answer_head, &answers[i]);
    }
    gate_open();
    place_wait(place, &answers[count - 1], 1);
    vfs_plan_end();
    for (int i = 0; i < count; i++)
        refused += answers[i].err != ERR_OK;

    outbox_next(place->store, NOW_MS, answer_next, &next);
    outbox_count(place->store, answer_count, &counts);
    place_wait(place, &counts, 1);
    if (refused < count)
        assert_int_equal(next.entry.number, answers[0].err ? 2 : 1);
    else
        assert_int_equal(next.entry.number, 0);
    if (counts.err == ERR_OK) {
        assert_int_equal(counts.waiting, count - refused);
        assert_int_equal(counts.conflicts, 0);
    }
    return refused;
}

/* The disk says yes and writes something else: the case is read back, so
 * nobody is told that it is safe, and nothing of it is sent or kept. */
static void test_read_back(void **state)
{
    struct place *place = *state;

    for (int count = 1; count <= 2; count++) {
        int refused = 0;
        for (uint64_t n = 0; n < 60; n++) {
            place_open(place);
            refused += put_garbled(place, count, n);
            terminal_store_free(place->store);
            place->store = NULL;
            assert_int_equal(file_remove(place->path), ERR_OK);
        }
        assert_true(refused > 5);
    }
}

/* Bytes that changed on the disk since then: put aside for staff, and the
 * others are sent. */
static void test_damaged_case(void **state)
{
    struct place *place = *state;
    struct answer answer;

    place_open(place);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(place_put_number(place, i), ERR_OK);
    place_run_sql(place, "UPDATE cases SET bytes = CAST('sealed x' AS BLOB) "
                         "WHERE number < 3");
    place_open(place);
    assert_int_equal(place_next_number(place, &answer), 3);
    assert_string_equal(answer.bytes, "sealed 3");
    place_assert_counts(place, 1, 2);
    place_assert_journal(place, 5);
}

static void test_cannot_open(void **state)
{
    struct place *place = *state;
    struct place other = *place;
    char noise[4096];

    memset(noise, '#', sizeof noise);
    assert_int_equal(file_replace(place->path, noise, sizeof noise, 0600),
                     ERR_OK);
    assert_int_equal(place_try_open(place), ERR_CORRUPT);
    assert_int_equal(place_put_number(place, 1), ERR_CORRUPT);
    assert_int_equal(place_confirm(place, 1, "N"), ERR_CORRUPT);
    assert_int_equal(file_remove(place->path), ERR_OK);

    place_open(place);
    other.store = NULL;
    assert_int_equal(place_try_open(&other), ERR_EXISTS);
    assert_int_equal(place_put_number(&other, 1), ERR_EXISTS);
    terminal_store_free(other.store);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    place_run_sql(place, "PRAGMA user_version=99");
    assert_int_equal(place_try_open(place), ERR_TOO_NEW);
    assert_int_equal(place_put_number(place, 2), ERR_TOO_NEW);
}

/* ---- Upgrades ---- */

/* Version 1 as it was, word for word: never to be changed. */
static const char *const version_1[] = {
    "CREATE TABLE cases (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
    " receipt TEXT NOT NULL, receipt_day TEXT NOT NULL,"
    " receipt_sequence INTEGER NOT NULL, stored_ms INTEGER NOT NULL,"
    " item TEXT NOT NULL, state TEXT NOT NULL"
    "  CHECK (state IN ('waiting', 'conflict', 'confirmed')),"
    " tries INTEGER NOT NULL DEFAULT 0, digest BLOB NOT NULL, bytes BLOB,"
    " case_number TEXT, confirmed_ms INTEGER) STRICT;"
    "CREATE INDEX cases_by_state ON cases (state, confirmed_ms);"
    "CREATE TABLE journal (number INTEGER PRIMARY KEY,"
    " wall_ms INTEGER NOT NULL, name TEXT NOT NULL, fields TEXT NOT NULL,"
    " hash BLOB NOT NULL) STRICT;"
};

static void insert_old_case(struct store *store, const struct outbox_case *old)
{
    unsigned char digest[CRYPTO_DIGEST_BYTES];
    struct sqlite3_stmt *insert = store_prepare(
        store, "INSERT INTO cases (number, id, receipt, receipt_day, "
               "receipt_sequence, stored_ms, item, state, tries, digest, "
               "bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', 4, ?8, "
               "?9)");

    digest_of(old->bytes, old->len, digest);
    store_bind_int(insert, 1, old->number);
    store_bind_text(insert, 2, old->id);
    store_bind_text(insert, 3, old->receipt);
    store_bind_text(insert, 4, old->receipt_day);
    store_bind_int(insert, 5, old->receipt_sequence);
    store_bind_int(insert, 6, old->wall_ms);
    store_bind_text(insert, 7, old->item);
    store_bind_bytes(insert, 8, digest, sizeof digest);
    store_bind_bytes(insert, 9, old->bytes, old->len);
    assert_int_equal(store_run(insert), ERR_OK);
}

/* A record as versions 1 and 2 wrote it: without a code. */
static void insert_old_record(struct store *store, int64_t number,
                              unsigned char hash[CRYPTO_DIGEST_BYTES])
{
    char text[128];
    struct sqlite3_stmt *insert = store_prepare(
        store, "INSERT INTO journal (number, wall_ms, name, fields, hash) "
               "VALUES (?1, ?2, 'CASE_STORED', '{}', ?3)");
    int len = snprintf(text, sizeof text,
                       "{\"n\":%d,\"ms\":%lld,\"event\":\"CASE_STORED\","
                       "\"fields\":{}}",
                       (int)number, (long long)NOW_MS);

    digest_of_two(hash, CRYPTO_DIGEST_BYTES, text, (size_t)len, hash);
    store_bind_int(insert, 1, number);
    store_bind_int(insert, 2, NOW_MS);
    store_bind_bytes(insert, 3, hash, CRYPTO_DIGEST_BYTES);
    assert_int_equal(store_run(insert), ERR_OK);
}

static void make_version_1(const struct place *place)
{
    static const struct store_schema schema = { version_1, 1 };
    struct store *store = NULL;
    unsigned char hash[CRYPTO_DIGEST_BYTES] = { 0 };

    assert_int_equal(store_open(place->path, &schema, NULL, &store), ERR_OK);
    assert_int_equal(store_begin(store), ERR_OK);
    for (int i = 1; i <= 2; i++) {
        struct outbox_case old = place_case(i, "old sealed", 10);
        insert_old_case(store, &old);
        insert_old_record(store, i, hash);
    }
    assert_int_equal(store_commit(store), ERR_OK);
    store_close(store);
}

/* Cases wait while the program is renewed; they go out afterwards. */
static void test_upgrade_with_waiting(void **state)
{
    struct place *place = *state;
    struct answer answer;

    make_version_1(place);
    place_open(place);
    assert_int_equal(place->opened.state.upgraded_from, 1);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_int_equal(place->opened.state.next_number, 3);
    assert_int_equal(place->opened.state.receipt_sequence, 102);
    assert_int_equal(place_next_number(place, &answer), 1);
    assert_string_equal(answer.bytes, "old sealed");
    assert_int_equal(answer.tries, 4);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(place_put_number(place, 3), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 2);
    place_open(place);
    assert_int_equal(place->opened.state.upgraded_from, 0);
    assert_int_equal(place->opened.state.waiting, 2);
    place_assert_journal(place, 4);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_many),
        TEST(test_many_with_bad),
        TEST(test_full_disk),
        TEST(test_planned_fault),
        TEST(test_unreadable_disk),
        TEST(test_group_that_is_unsure),
        TEST(test_group_on_failing_disk),
        TEST(test_read_back),
        TEST(test_damaged_case),
        TEST(test_cannot_open),
        TEST(test_upgrade_with_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
