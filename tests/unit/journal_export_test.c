/* The flat copy: what stands in it, and that a folder of segments is as hard to
 * change as the store. */
#include "tests/unit/journal_place.h"

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/segment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RECORDS = 2 * SEGMENT_RECORDS + 100 };

static void segment_path(const struct journal_place *place, int64_t first,
                         char path[JOURNAL_PATH_BYTES])
{
    snprintf(path, JOURNAL_PATH_BYTES, "%.100s/journal-%012" PRId64 ".jsonl",
             place->flat, first);
}

static void export(struct journal_place *place, int64_t wanted)
{
    int64_t records = 0;

    assert_int_equal(journal_export(place->path, place->flat, &records),
                     ERR_OK);
    assert_int_equal(records, wanted);
}

static void read_text(const char *path, char **ret_text, size_t *ret_len)
{
    assert_int_equal(file_read(path, JOURNAL_FILE_MAX, ret_text, ret_len),
                     ERR_OK);
}

static struct journal_result check(struct journal_place *place,
                                   const char *path)
{
    const struct journal_check_settings settings = {
        .key = place->key.number ? &place->key : NULL,
    };

    return journal_place_check(place, path ? path : place->flat, &settings);
}

static void assert_found(struct journal_place *place, int64_t number,
                         enum journal_fault fault)
{
    struct journal_result result = check(place, NULL);

    assert_int_equal(result.finding.number, number);
    assert_string_equal(journal_fault_text(result.finding.fault),
                        journal_fault_text(fault));
}

/* ---- What is written ---- */

static void test_whole_text(void **state)
{
    struct journal_place *place = *state;
    char path[JOURNAL_PATH_BYTES];
    size_t len = 0;

    journal_place_add(place, 1);
    export(place, 1);
    segment_path(place, 1, path);
    char *text = NULL;
    read_text(path, &text, &len);
    static const char zeros[] = "0000000000000000000000000000000000000000000000"
                                "000000000000000000";
    char wanted[512];
    int at = snprintf(wanted, sizeof wanted,
                      "{\"journal\":1,\"after\":0,\"hash\":\"%s\"}\n"
                      "{\"n\":1,\"ms\":1795420800000,\"epoch\":0,\"step\":0,"
                      "\"event\":\"SESSION_BEGUN\",\"fields\":{\"number\":0},"
                      "\"code\":\"",
                      zeros);
    assert_memory_equal(text, wanted, (size_t)at);
    assert_string_equal(text + len - 3, "\"}\n");
    /* Once more from the description: the last hash is that of the record. */
    struct journal_result result = check(place, path);
    assert_int_equal(result.head.number, 1);
    struct buf hex;
    buf_init(&hex, 64);
    buf_add_hex(&hex, result.head.hash, 32);
    char *end = strstr(text, "{\"end\":1,\"hash\":\"");
    assert_non_null(end);
    assert_memory_equal(end + strlen("{\"end\":1,\"hash\":\""), hex.text, 64);
    assert_non_null(strstr(end, "\",\"last\":1,\"code\":\""));
    buf_done(&hex);
    mem_free(text);
}

static void test_segments(void **state)
{
    struct journal_place *place = *state;
    char path[JOURNAL_PATH_BYTES];
    int64_t records = 0;

    journal_place_add(place, RECORDS);
    journal_place_seal(place);
    export(place, RECORDS);
    struct journal_result of_store = journal_place_check(
        place, NULL, &(struct journal_check_settings){ .key = &place->key });
    struct journal_result of_folder = check(place, NULL);
    assert_int_equal(of_folder.finding.number, 0);
    assert_int_equal(of_folder.records, RECORDS);
    assert_int_equal(of_folder.first, 1);
    assert_int_equal(of_folder.head.number, of_store.head.number);
    assert_memory_equal(of_folder.head.hash, of_store.head.hash, 32);
    /* Each alone is whole, too, with the key and without. */
    for (int64_t first = 1; first <= RECORDS; first += SEGMENT_RECORDS) {
        segment_path(place, first, path);
        struct journal_result alone = check(place, path);
        assert_int_equal(alone.finding.number, 0);
        assert_int_equal(alone.first, first);
    }
    /* Nothing is written over. */
    assert_int_equal(journal_export(place->path, place->flat, &records),
                     ERR_EXISTS);
    snprintf(path, sizeof path, "%.100s/journal.key", place->flat);
    size_t len = 0;
    char *sealed = NULL;
    read_text(path, &sealed, &len);
    assert_int_equal(len, JOURNAL_SEALED_BYTES);
    mem_free(sealed);
}

/* ---- Segments as a whole ---- */

static void move(struct journal_place *place, int64_t from, int64_t to)
{
    char from_path[JOURNAL_PATH_BYTES];
    char to_path[JOURNAL_PATH_BYTES];

    segment_path(place, from, from_path);
    segment_path(place, to, to_path);
    assert_int_equal(rename(from_path, to_path), 0);
}

static void copy(struct journal_place *place, int64_t from, int64_t to)
{
    char path[JOURNAL_PATH_BYTES];
    size_t len = 0;

    segment_path(place, from, path);
    char *text = NULL;
    read_text(path, &text, &len);
    segment_path(place, to, path);
    assert_int_equal(file_replace(path, text, len, 0600), ERR_OK);
    mem_free(text);
}

static void test_changed_folders(void **state)
{
    struct journal_place *place = *state;
    enum { FIRST = 1, SECOND = 1001, THIRD = 2001, AWAY = 9999, NEW = 2500 };
    char away[JOURNAL_PATH_BYTES];
    char path[JOURNAL_PATH_BYTES];

    journal_place_add(place, RECORDS);
    export(place, RECORDS);
    snprintf(away, sizeof away, "%.100s/away", place->folder);
    for (int64_t gone = FIRST; gone <= THIRD; gone += SEGMENT_RECORDS) {
        segment_path(place, gone, path);
        assert_int_equal(rename(path, away), 0);
        assert_found(place, gone,
                     gone == FIRST   ? JOURNAL_FAULT_PRUNED
                     : gone == THIRD ? JOURNAL_FAULT_CUT
                                     : JOURNAL_FAULT_MISSING);
        assert_int_equal(rename(away, path), 0);
    }
    assert_found(place, 0, JOURNAL_WHOLE);
    copy(place, SECOND, NEW);
    assert_found(place, RECORDS + 1, JOURNAL_FAULT_PLACE);
    segment_path(place, NEW, path);
    assert_int_equal(file_remove(path), ERR_OK);
    move(place, SECOND, AWAY);
    assert_found(place, SECOND, JOURNAL_FAULT_MISSING);
    move(place, AWAY, SECOND);
    assert_found(place, 0, JOURNAL_WHOLE);
}

/* Segments of a journal with the same numbers, of another machine. */
static void test_segment_of_another(void **state)
{
    struct journal_place *place = *state;
    char other_path[JOURNAL_PATH_BYTES];
    char path[JOURNAL_PATH_BYTES];
    int64_t records = 0;
    size_t len = 0;

    journal_place_add(place, RECORDS);
    journal_place_seal(place);
    export(place, RECORDS);
    struct journal_place other = *place;
    snprintf(other.path, sizeof other.path, "%.100s/other", place->folder);
    snprintf(other.flat, sizeof other.flat, "%.100s/other.flat", place->folder);
    other.wall_ms = JOURNAL_START_MS;
    journal_place_add(&other, RECORDS);
    assert_int_equal(journal_export(other.path, other.flat, &records), ERR_OK);
    segment_path(&other, 1001, other_path);
    segment_path(place, 1001, path);
    char *text = NULL;
    read_text(other_path, &text, &len);
    assert_int_equal(check(place, other_path).finding.fault,
                     JOURNAL_FAULT_CODE);
    assert_int_equal(file_replace(path, text, len, 0600), ERR_OK);
    assert_found(place, 1001, JOURNAL_FAULT_SEGMENT);
    mem_free(text);
}

/* ---- What a store with mistakes gives ---- */

static void test_mistakes_are_kept(void **state)
{
    struct journal_place *place = *state;

    journal_place_add(place, 30);
    journal_place_sql(place, "UPDATE journal SET fields = '{}' "
                             "WHERE number = 12");
    export(place, 30);
    assert_found(place, 12, JOURNAL_FAULT_HASH);
}

/* Cut in the store: the copy says where it should have ended. */
static void test_cut_shows_in_the_copy(void **state)
{
    struct journal_place *place = *state;

    journal_place_add(place, 30);
    journal_place_sql(place, "DELETE FROM journal WHERE number > 20");
    export(place, 20);
    assert_found(place, 21, JOURNAL_FAULT_CUT);
}

/* Whoever cuts the copy and writes its last line anew cannot make its code. */
static void test_end_of_the_copy(void **state)
{
    struct journal_place *place = *state;
    struct segment_writer *writer = NULL;
    static const struct journal_head nothing;
    struct journal_record record;
    char room[JOURNAL_LINE_BYTES];
    int64_t records = 0;
    size_t len = 0;
    char path[JOURNAL_PATH_BYTES];

    journal_place_add(place, 30);
    journal_place_seal(place);
    export(place, 30);
    segment_path(place, 1, path);
    char *text = NULL;
    read_text(path, &text, &len);
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(segment_writer_new(place->flat, &nothing, &writer),
                     ERR_OK);
    char *at = strchr(text, '\n') + 1;
    for (int i = 0; i < 20; i++) {
        assert_true(journal_read_line(at, strcspn(at, "\n"), &record, room));
        assert_int_equal(segment_write(writer, &record), ERR_OK);
        at = strchr(at, '\n') + 1;
    }
    struct segment_end end = { .number = 20,
                               .code = record.code,
                               .sealed = "" };
    assert_int_equal(segment_writer_finish(writer, &end, &records), ERR_OK);
    segment_writer_free(writer);
    mem_free(text);
    assert_found(place, 21, JOURNAL_FAULT_END);
    place->key.number = 0;
    assert_found(place, 0, JOURNAL_WHOLE);
}

static void test_empty(void **state)
{
    struct journal_place *place = *state;
    struct journal_result result;
    static const struct journal_check_settings plain;

    journal_place_open(place);
    journal_place_close(place);
    export(place, 0);
    result = check(place, NULL);
    assert_int_equal(result.records, 0);
    assert_int_equal(result.finding.number, 0);
    assert_int_equal(file_remove_tree(place->flat), ERR_OK);
    assert_int_equal(file_make_folder(place->flat, 0700), ERR_OK);
    assert_int_equal(journal_check_path(place->flat, &plain, &result),
                     ERR_NOT_FOUND);
}

/* ---- Older versions ---- */

/* Version 2 as it was, word for word: never to be changed. */
static const char *const version_2[] = {
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
    " hash BLOB NOT NULL) STRICT;",
    "ALTER TABLE cases ADD COLUMN next_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE cases ADD COLUMN why TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE remembered (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
    " STRICT, WITHOUT ROWID;"
};

static void make_version_2(struct journal_place *place, int count)
{
    static const struct store_schema schema = { version_2, 2 };
    unsigned char hash[CRYPTO_DIGEST_BYTES] = { 0 };
    char text[128];

    assert_int_equal(store_open(place->path, &schema, NULL, &place->store),
                     ERR_OK);
    for (int i = 1; i <= count; i++) {
        struct sqlite3_stmt *insert = store_prepare(
            place->store, "INSERT INTO journal (number, wall_ms, name, fields, "
                          "hash) VALUES (?1, 5, 'STARTED', '{}', ?2)");
        int len = snprintf(text, sizeof text,
                           "{\"n\":%d,\"ms\":5,\"event\":\"STARTED\","
                           "\"fields\":{}}",
                           i);
        digest_of_two(hash, sizeof hash, text, (size_t)len, hash);
        store_bind_int(insert, 1, i);
        store_bind_bytes(insert, 2, hash, sizeof hash);
        assert_int_equal(store_run(insert), ERR_OK);
    }
    assert_int_equal(
        store_run(store_prepare(
            place->store,
            "INSERT INTO cases (number, id, receipt, receipt_day, "
            "receipt_sequence, stored_ms, item, state, digest) VALUES "
            "(1, 'a', '', '', 1, 7200000, 'hotline-12345', 'waiting', x''), "
            "(2, 'b', '', '', 2, 7200001, 'hotline-12345', 'waiting', x'')")),
        ERR_OK);
    journal_place_close(place);
}

/* A journal of before can be verified and exported as it is, without being
 * upgraded; upgraded it goes on, with codes from then on and none before. */
static void test_version_2(void **state)
{
    struct journal_place *place = *state;
    bool is_row = false;

    make_version_2(place, 4);
    assert_int_equal(journal_place_bad(place, NULL), 0);
    export(place, 4);
    assert_found(place, 0, JOURNAL_WHOLE);
    assert_int_equal(file_remove_tree(place->flat), ERR_OK);

    journal_place_add(place, 3);
    journal_place_seal(place);
    assert_int_equal(place->key.number, 5);
    assert_int_equal(journal_place_bad(place, &place->key), 0);
    export(place, 7);
    assert_found(place, 0, JOURNAL_WHOLE);
    journal_place_open(place);
    struct sqlite3_stmt *only = store_prepare(
        place->store, "SELECT group_concat(id) FROM cases WHERE hour_only");
    assert_int_equal(store_step(only, &is_row), ERR_OK);
    assert_string_equal(store_column_text(only, 0), "a");
    store_reset(only);
    journal_place_close(place);
    journal_place_sql(place, "UPDATE journal SET code = NULL, epoch = NULL, "
                             "step = NULL WHERE number = 5");
    assert_int_equal(journal_place_bad(place, NULL), 5);
    assert_int_equal(journal_place_bad(place, &place->key), 5);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, journal_place_set_up,                \
                                    journal_place_tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_whole_text),        TEST(test_segments),
        TEST(test_changed_folders),   TEST(test_segment_of_another),
        TEST(test_mistakes_are_kept), TEST(test_cut_shows_in_the_copy),
        TEST(test_end_of_the_copy),   TEST(test_empty),
        TEST(test_version_2),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
