/* The key that turns one way: what whoever takes the machine over can and cannot
 * do, and that key and record never part. */
#include "tests/unit/journal_place.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { RECORDS = 50, FORGED = 20, CUT_TO = 40 };

/* ---- Somebody with the whole machine, today ---- */

static void read_record(struct store *store, int64_t number,
                        struct journal_record *record, char room[256])
{
    bool is_row = false;
    size_t len = 0;
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT wall_ms, epoch, step, name, fields, code, hash "
               "FROM journal WHERE number = ?1");

    store_bind_int(row, 1, number);
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    assert_true(is_row);
    memset(record, 0, sizeof *record);
    record->number = number;
    record->wall_ms = store_column_int(row, 0);
    record->has_code = true;
    record->epoch = store_column_int(row, 1);
    record->step = store_column_int(row, 2);
    snprintf(room, 128, "%s", store_column_text(row, 3));
    snprintf(room + 128, 128, "%s", store_column_text(row, 4));
    record->name = room;
    record->fields = room + 128;
    memcpy(record->code, store_column_bytes(row, 5, &len), 32);
    memcpy(record->hash, store_column_bytes(row, 6, &len), 32);
    store_reset(row);
}

static void write_record(struct store *store,
                         const struct journal_record *record)
{
    struct sqlite3_stmt *row = store_prepare(
        store, "UPDATE journal SET fields = ?2, code = ?3, hash = ?4 "
               "WHERE number = ?1");

    store_bind_int(row, 1, record->number);
    store_bind_text(row, 2, record->fields);
    store_bind_bytes(row, 3, record->code, 32);
    store_bind_bytes(row, 4, record->hash, 32);
    assert_int_equal(store_run(row), ERR_OK);
}

/* By the only key that is here. */
static void make_code(const struct journal_state *state,
                      struct journal_record *record,
                      const unsigned char before[32])
{
    struct buf text;

    buf_init(&text, JOURNAL_LINE_BYTES);
    assert_int_equal(journal_code_text(record, before, &text), ERR_OK);
    ratchet_code(&state->ratchet, "record", text.text, text.len, record->code);
    buf_done(&text);
    assert_int_equal(journal_hash_of(record, before, record->hash), ERR_OK);
}

/* A record of the past gets other words, and all that follows new codes and
 * hashes, by the program's own code. */
static void test_past_cannot_be_forged(void **state)
{
    struct journal_place *place = *state;
    struct journal_state now;
    struct journal_record record;
    unsigned char before[32];
    char room[256];

    journal_place_add(place, RECORDS);
    journal_place_seal(place);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
    journal_place_open(place);
    assert_int_equal(journal_read_state(place->store, &now), ERR_OK);
    read_record(place->store, FORGED - 1, &record, room);
    memcpy(before, record.hash, sizeof before);
    for (int64_t number = FORGED; number <= RECORDS; number++) {
        read_record(place->store, number, &record, room);
        if (number == FORGED)
            record.fields = "{\"number\":999}";
        make_code(&now, &record, before);
        write_record(place->store, &record);
        memcpy(before, record.hash, sizeof before);
    }
    ratchet_code(&now.ratchet, "end", before, sizeof before, now.end_code);
    assert_int_equal(journal_write_state(place->store, &now), ERR_OK);
    journal_place_close(place);
    /* The chain alone is deceived, so the forgery is a good one. */
    assert_int_equal(journal_place_bad(place, NULL), 0);
    const struct journal_check_settings settings = { .key = &place->key };
    struct journal_result result = journal_place_check(place, NULL, &settings);
    assert_int_equal(result.finding.number, FORGED);
    assert_int_equal(result.finding.fault, JOURNAL_FAULT_CODE);
}

/* The end written anew: by today's key, or by what stands in the records. */
static void test_tail_cannot_be_cut(void **state)
{
    struct journal_place *place = *state;
    struct journal_state now;
    struct journal_record record;
    char room[256];

    journal_place_add(place, RECORDS);
    journal_place_seal(place);
    for (int way = 0; way < 2; way++) {
        journal_place_open(place);
        assert_int_equal(journal_read_state(place->store, &now), ERR_OK);
        read_record(place->store, CUT_TO - way, &record, room);
        struct sqlite3_stmt *cut = store_prepare(
            place->store, "DELETE FROM journal WHERE number > ?1");
        store_bind_int(cut, 1, record.number);
        assert_int_equal(store_run(cut), ERR_OK);
        now.end_number = record.number;
        if (way == 0)
            ratchet_code(&now.ratchet, "end", record.hash, 32, now.end_code);
        else
            memcpy(now.end_code, record.code, 32);
        assert_int_equal(journal_write_state(place->store, &now), ERR_OK);
        journal_place_close(place);
        assert_int_equal(journal_place_bad(place, NULL), 0);
        const struct journal_check_settings settings = { .key = &place->key };
        struct journal_result result =
            journal_place_check(place, NULL, &settings);
        assert_int_equal(result.finding.fault, JOURNAL_FAULT_END);
        assert_int_equal(result.finding.number, CUT_TO - way + 1);
    }
    journal_place_sql(place, "DELETE FROM journal");
    journal_place_sql(place, "UPDATE journal_state SET end_number = 0, "
                             "key_number = 0, digest = NULL");
    assert_int_equal(journal_place_bad(place, NULL), 0);
    assert_int_equal(journal_place_bad(place, &place->key), 1);
}

static bool file_holds(const char *path, const void *bytes, size_t len)
{
    char *text = NULL;
    size_t size = 0;
    bool holds = false;

    assert_int_equal(file_read(path, JOURNAL_FILE_MAX, &text, &size), ERR_OK);
    for (size_t i = 0; !holds && i + len <= size; i++)
        holds = memcmp(text + i, bytes, len) == 0;
    mem_free(text);
    return holds;
}

/* No key that was used, nor what one could come from, is in the file any more.
 */
static void test_used_keys_are_gone(void **state)
{
    struct journal_place *place = *state;
    struct ratchet ratchet;
    struct journal_state now;
    int passed = 0;

    journal_place_add(place, RECORDS);
    journal_place_open(place);
    assert_int_equal(journal_read_state(place->store, &now), ERR_OK);
    journal_place_close(place);
    journal_place_seal(place);
    ratchet_init(&ratchet, place->key.bytes);
    assert_false(file_holds(place->path, place->key.bytes, RATCHET_BYTES));
    while (ratchet.epoch < now.ratchet.epoch ||
           ratchet.step < now.ratchet.step) {
        assert_false(file_holds(place->path, ratchet.now, RATCHET_BYTES));
        if (ratchet.epoch < now.ratchet.epoch)
            assert_false(file_holds(place->path, ratchet.next, RATCHET_BYTES));
        passed++;
        if (ratchet.step == 6 && ratchet.epoch < now.ratchet.epoch)
            ratchet_next_epoch(&ratchet);
        else
            ratchet_turn(&ratchet);
    }
    assert_true(passed >= RECORDS - 10);
    assert_true(file_holds(place->path, ratchet.now, RATCHET_BYTES));
    assert_true(file_holds(place->path, ratchet.next, RATCHET_BYTES));
}

/* ---- Epochs ---- */

static void test_epochs(void **state)
{
    static const struct {
        int64_t after_ms;
        int64_t epoch, step;
    } rows[] = {
        { 0, 0, 0 },       { 0, 0, 1 },        { 899999, 0, 2 },
        { 900000, 1, 0 },  { 900001, 1, 1 },   { 1799999, 1, 2 },
        { 1800000, 2, 0 }, { 90000000, 3, 0 }, { 90000000, 3, 1 },
        { 0, 4, 0 },       { 899999, 4, 1 },   { 900000, 5, 0 },
    };
    struct journal_place *place = *state;
    struct journal_record record;
    struct journal_head head;
    char room[256];

    journal_place_open(place);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct journal_row row = { JOURNAL_START_MS + rows[i].after_ms,
                                   "STARTED", "{}" };
        assert_int_equal(journal_add_row(place->store, &row, &head), ERR_OK);
        read_record(place->store, (int64_t)i + 1, &record, room);
        assert_int_equal(record.epoch, rows[i].epoch);
        assert_int_equal(record.step, rows[i].step);
    }
    journal_place_close(place);
    journal_place_seal(place);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
}

/* ---- Sealing ---- */

struct heard {
    int count;
    struct journal_report report;
};

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    (void)owner;
    (void)state;
    assert_int_equal(err, ERR_OK);
}

static void on_report(void *owner, enum err err,
                      const struct journal_report *report)
{
    struct heard *heard = owner;

    assert_int_equal(err, ERR_OK);
    heard->report = *report;
    heard->count++;
}

/* What a heartbeat would tell; office NULL: nothing is sealed. */
static struct journal_report report(struct journal_place *place,
                                    const struct key *office,
                                    const struct journal_head *acknowledged)
{
    static const struct journal_head nothing;
    struct heard heard = { 0 };
    struct loop *loop = loop_new();
    struct terminal_store *store =
        terminal_store_new(loop, place->path, on_open, NULL);

    if (office)
        journal_seal_key(store, key_public(office), NULL, NULL);
    journal_report(store, acknowledged ? acknowledged : &nothing, on_report,
                   &heard);
    terminal_store_free(store);
    loop_free(loop);
    assert_int_equal(heard.count, 1);
    return heard.report;
}

static void test_sealed_once(void **state)
{
    struct journal_place *place = *state;
    char path[JOURNAL_PATH_BYTES];
    struct key *other = NULL;
    struct buf text;

    snprintf(path, sizeof path, "%s/other.key", place->folder);
    assert_int_equal(key_open(path, KEY_OPEN, true, &other), ERR_OK);
    journal_place_add(place, 3);
    assert_string_equal(report(place, NULL, NULL).sealed, "");
    journal_place_seal(place);
    assert_int_equal(place->key.number, 1);
    struct journal_report first = report(place, NULL, NULL);
    struct journal_report again = report(place, other, NULL);
    assert_string_equal(first.sealed, again.sealed);
    assert_int_equal(first.head.number, 3);
    buf_init(&text, 256);
    assert_int_equal(journal_key_open(other, first.sealed, &text), ERR_REFUSED);
    first.sealed[5] ^= 1;
    assert_int_not_equal(journal_key_open(place->office, first.sealed, &text),
                         ERR_OK);
    assert_int_equal(journal_key_open(place->office, "AAAA", &text),
                     ERR_BAD_INPUT);
    buf_done(&text);
    key_close(other);
}

/* Sealed before there is any record. */
static void test_sealed_before_the_first(void **state)
{
    struct journal_place *place = *state;

    journal_place_seal(place);
    assert_int_equal(place->key.number, 1);
    assert_int_equal(journal_place_bad(place, NULL), 0);
    journal_place_add(place, 3);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
    place->key.bytes[31] ^= 1;
    assert_int_equal(journal_place_bad(place, &place->key), 1);
}

static void test_key_texts(void **state)
{
    static const char *const bad[] = {
        "",
        "kiosk-journal-key 1\n",
        "kiosk-journal-key 1\n1\n",
        "kiosk-journal-key 1\n1\nAAAA\n",
        "kiosk-journal-key 1\n0\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "kiosk-journal-key 1\n1\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "kiosk-journal-key 2\n1\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
        "kiosk-journal-key 1\n99999999999999999999\n"
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
    };
    static const char good[] = "kiosk-journal-key 1\n17\n"
                               "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    struct journal_key key;
    (void)state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(journal_key_parse(bad[i], strlen(bad[i]), &key),
                         ERR_BAD_INPUT);
    assert_int_equal(journal_key_parse(good, strlen(good), &key), ERR_OK);
    assert_int_equal(key.number, 17);
}

/* ---- Crashes ---- */

/* From the n-th write or sync on nothing reaches the disk, for each n; what is
 * found afterwards is the record with its key or neither, and it goes on. */
static void test_key_and_record_never_part(void **state)
{
    struct journal_place *place = *state;
    struct journal_row row = { JOURNAL_START_MS, "STARTED", "{}" };
    struct journal_head head;
    int failures = 0;

    journal_place_add(place, 3);
    journal_place_seal(place);
    for (int operation = VFS_WRITE; operation <= VFS_TRUNCATE; operation++)
        for (uint64_t after = 0;; after++) {
            journal_place_open(place);
            row.wall_ms += 1000000;
            uint64_t before = vfs_count().failed;
            vfs_plan_fail(&(struct vfs_plan){ (enum vfs_operation)operation,
                                              VFS_FAIL_IO, after, -1 });
            assert_int_equal(store_begin(place->store), ERR_OK);
            enum err err = journal_add_row(place->store, &row, &head);
            if (!err)
                err = store_commit(place->store);
            store_roll_back(place->store);
            bool has_failed = vfs_count().failed > before;
            journal_place_close(place);
            vfs_plan_end();
            assert_int_equal(journal_place_bad(place, &place->key), 0);
            if (!has_failed)
                break;
            failures++;
        }
    assert_true(failures >= 6);
    journal_place_add(place, 3);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
}

/* A bit of the key that flips on the disk would make all that follows look
 * forged: it stops the journal instead. */
static void test_damaged_key(void **state)
{
    struct journal_place *place = *state;
    struct journal_row row = { JOURNAL_START_MS, "STARTED", "{}" };
    struct journal_head head;

    journal_place_add(place, 3);
    journal_place_sql(place, "UPDATE journal_state SET next_key = "
                             "zeroblob(32)");
    journal_place_open(place);
    assert_int_equal(journal_add_row(place->store, &row, &head), ERR_CORRUPT);
    journal_place_close(place);
    assert_int_equal(journal_place_bad(place, NULL), 4);
}

/* ---- Taking away ---- */

#define DAY_MS (INT64_C(24) * 3600 * 1000)

static struct journal_head head_at(struct journal_place *place, int64_t number)
{
    struct journal_head head = { .number = number };
    struct journal_record record;
    char room[256];

    journal_place_open(place);
    read_record(place->store, number, &record, room);
    journal_place_close(place);
    memcpy(head.hash, record.hash, sizeof head.hash);
    return head;
}

static int64_t first_after(struct journal_place *place, int64_t acknowledged,
                           int64_t now_ms)
{
    const struct journal_check_settings settings = { .key = &place->key };

    journal_place_open(place);
    assert_int_equal(store_begin(place->store), ERR_OK);
    assert_int_equal(journal_forget_old(place->store, acknowledged, now_ms),
                     ERR_OK);
    assert_int_equal(store_commit(place->store), ERR_OK);
    journal_place_close(place);
    struct journal_result result = journal_place_check(place, NULL, &settings);
    assert_int_equal(result.finding.number, 0);
    return result.first;
}

static void test_old_records_leave(void **state)
{
    struct journal_place *place = *state;

    journal_place_add(place, 30);
    journal_place_seal(place);
    place->wall_ms += 100 * DAY_MS;
    journal_place_add(place, 30);
    int64_t then_ms = JOURNAL_START_MS + JOURNAL_KEPT_MS;

    /* Not yet old; old, but the hub has not heard of them. */
    assert_int_equal(first_after(place, 60, then_ms - DAY_MS), 1);
    assert_int_equal(first_after(place, 0, then_ms + 10 * DAY_MS), 1);
    /* Only what it has heard of; then all that is old; a record says so. */
    assert_int_equal(first_after(place, 12, then_ms + 10 * DAY_MS), 13);
    assert_int_equal(first_after(place, 62, then_ms + 20 * DAY_MS), 31);
    assert_int_equal(first_after(place, 62, then_ms + 20 * DAY_MS), 31);
    struct journal_head head = head_at(place, 62);
    assert_int_equal(report(place, NULL, &head).head.number, 62);
    journal_place_add(place, 5);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
    /* Even when nothing is young the newest stay: the chain goes on. */
    assert_true(first_after(place, 67, then_ms + 5000 * DAY_MS) == 67);
    journal_place_add(place, 5);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
}

/* By a heartbeat: only when the hub's hash is the one that is here. */
static void test_acknowledged_by_hash(void **state)
{
    struct journal_place *place = *state;

    journal_place_add(place, 20);
    struct journal_head head = head_at(place, 15);
    clock_shift(JOURNAL_KEPT_MS + 10 * DAY_MS);
    head.hash[0] ^= 1;
    struct journal_report told = report(place, NULL, &head);
    assert_int_equal(told.known.number, 15);
    assert_memory_not_equal(told.known.hash, head.hash, 32);
    assert_int_equal(told.head.number, 20);
    head.hash[0] ^= 1;
    told = report(place, NULL, &head);
    assert_memory_equal(told.known.hash, head.hash, 32);
    assert_int_equal(told.head.number, 21);
    /* What was taken away last is known still; what was before it is not. */
    assert_int_equal(report(place, NULL, &head).known.number, 15);
    head.number = 14;
    assert_int_equal(report(place, NULL, &head).known.number, 0);
    head.number = 99;
    assert_int_equal(report(place, NULL, &head).known.number, 0);
}

/* The beginning cut off and the note written anew: no record says so. */
static void test_beginning_cannot_be_cut(void **state)
{
    struct journal_place *place = *state;
    struct journal_state now;

    journal_place_add(place, 20);
    struct journal_head head = head_at(place, 5);
    journal_place_sql(place, "DELETE FROM journal WHERE number <= 5");
    journal_place_open(place);
    assert_int_equal(journal_read_state(place->store, &now), ERR_OK);
    now.start = head;
    assert_int_equal(journal_write_state(place->store, &now), ERR_OK);
    journal_place_close(place);
    const struct journal_check_settings plain = { 0 };
    struct journal_result result = journal_place_check(place, NULL, &plain);
    assert_int_equal(result.finding.fault, JOURNAL_FAULT_PRUNED);
    assert_int_equal(result.finding.number, 1);
}

/* ---- Anchors ---- */

static void test_anchors(void **state)
{
    struct journal_place *place = *state;
    struct journal_anchor anchors[3];

    journal_place_add(place, 30);
    for (int i = 0; i < 3; i++) {
        struct journal_head head = head_at(place, 10 * (i + 1));
        anchors[i] = (struct journal_anchor){ .number = head.number,
                                              .hash_len = i == 0 ? 32 : 8 };
        memcpy(anchors[i].hash, head.hash, 32);
    }
    const struct journal_check_settings with = { .anchors = anchors,
                                                 .anchor_count = 3 };
    assert_int_equal(journal_place_check(place, NULL, &with).finding.number, 0);
    anchors[1].hash[7] ^= 0x80;
    struct journal_result result = journal_place_check(place, NULL, &with);
    assert_int_equal(result.finding.number, 20);
    assert_int_equal(result.finding.fault, JOURNAL_FAULT_ANCHOR);
    anchors[1].hash[7] ^= 0x80;
    anchors[2].number = 31;
    result = journal_place_check(place, NULL, &with);
    assert_int_equal(result.finding.number, 31);
    assert_int_equal(result.finding.fault, JOURNAL_FAULT_CUT);
    anchors[2].number = 30;
    place->wall_ms = JOURNAL_START_MS + JOURNAL_KEPT_MS + 10 * DAY_MS;
    journal_place_seal(place);
    assert_int_equal(first_after(place, 12, place->wall_ms), 13);
    result = journal_place_check(place, NULL, &with);
    assert_int_equal(result.finding.number, 0);
    assert_int_equal(result.unchecked, 1);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, journal_place_set_up,                \
                                    journal_place_tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_past_cannot_be_forged),
        TEST(test_tail_cannot_be_cut),
        TEST(test_used_keys_are_gone),
        TEST(test_epochs),
        TEST(test_sealed_once),
        TEST(test_sealed_before_the_first),
        TEST(test_key_texts),
        TEST(test_key_and_record_never_part),
        TEST(test_damaged_key),
        TEST(test_old_records_leave),
        TEST(test_acknowledged_by_hash),
        TEST(test_beginning_cannot_be_cut),
        TEST(test_anchors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
