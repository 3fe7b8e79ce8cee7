/* The outbox, through the real thread and the real loop: what is answered
 * ERR_OK is there, what is confirmed is gone, and numbers have no gaps. */
#include "tests/unit/outbox_place.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>

/* ---- Storing ---- */

static void test_new(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(place->opened.state.next_number, 1);
    assert_string_equal(place->opened.state.receipt_day, "");
    assert_int_equal(place->opened.state.receipt_sequence, 0);
    assert_int_equal(place->opened.state.waiting, 0);
    assert_int_equal(place->opened.state.oldest_wall_ms, 0);
    assert_int_equal(place->opened.state.upgraded_from, 0);
    struct answer answer;
    assert_int_equal(place_next_number(place, &answer), 0);
}

static void test_put(void **state)
{
    struct place *place = *state;
    struct answer answer;

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(place_put_number(place, 2), ERR_OK);
    place_open(place);
    assert_int_equal(place->opened.state.next_number, 3);
    assert_string_equal(place->opened.state.receipt_day, "20261123");
    assert_int_equal(place->opened.state.receipt_sequence, 102);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_true(place->opened.state.oldest_wall_ms == NOW_MS + 1);
    assert_int_equal(place->opened.state.upgraded_from, 0);

    assert_int_equal(place_next_number(place, &answer), 1);
    assert_string_equal(answer.bytes, "sealed 1");
    assert_int_equal(answer.tries, 0);
    assert_string_equal(answer.entry.id, place_id_of(1));
    assert_string_equal(answer.entry.receipt, "000163270001");
    assert_string_equal(answer.entry.receipt_day, "20261123");
    assert_int_equal(answer.entry.receipt_sequence, 101);
    assert_true(answer.entry.wall_ms == NOW_MS + 1);
    assert_string_equal(answer.entry.item, "residence-permit");
    place_assert_journal(place, 2);
}

/* The head that goes onto the slip is the journal's, row by row. */
static void test_put_head(void **state)
{
    struct place *place = *state;
    struct answer answer = { 0 };
    struct outbox_case entry = place_case(1, "x", 1);
    static const struct journal_check_settings plain;
    struct journal_result result;

    place_open(place);
    outbox_put(place->store, &entry, answer_head, &answer);
    place_wait(place, &answer, 1);
    assert_int_equal(answer.head.number, 1);
    place_assert_journal(place, 1);
    assert_int_equal(journal_check_path(place->path, &plain, &result), ERR_OK);
    assert_memory_equal(answer.head.hash, result.head.hash,
                        sizeof result.head.hash);
}

static void test_put_again(void **state)
{
    struct place *place = *state;
    struct outbox_case entry = place_case(1, "same", 4);

    place_open(place);
    assert_int_equal(place_put(place, &entry), ERR_OK);
    assert_int_equal(place_put(place, &entry), ERR_OK);
    entry.bytes = (const unsigned char *)"sane";
    assert_int_equal(place_put(place, &entry), ERR_CONFLICT);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(place_put(place, &entry), ERR_CONFLICT);
    entry.bytes = (const unsigned char *)"same";
    assert_int_equal(place_put(place, &entry), ERR_OK);
    place_assert_counts(place, 0, 0);
    place_assert_journal(place, 2);
}

static void test_put_gapless(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(place_put_number(place, 2), ERR_CONFLICT);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(place_put_number(place, 3), ERR_CONFLICT);
    struct outbox_case again = place_case(7, "x", 1);
    again.number = 1;
    assert_int_equal(place_put(place, &again), ERR_CONFLICT);
    assert_int_equal(place_put_number(place, 2), ERR_OK);
    place_assert_journal(place, 2);
}

static void test_put_malformed(void **state)
{
    struct place *place = *state;
    struct outbox_case bad = place_case(1, "x", 1);

    place_open(place);
    bad.id[3] = 'G';
    assert_int_equal(place_put(place, &bad), ERR_BAD_INPUT);
    bad = place_case(1, "x", 1);
    bad.id[31] = '\0';
    assert_int_equal(place_put(place, &bad), ERR_BAD_INPUT);
    bad = place_case(1, "x", 1);
    snprintf(bad.item, sizeof bad.item, "a\"b");
    assert_int_equal(place_put(place, &bad), ERR_BAD_INPUT);
    bad = place_case(1, "", 0);
    assert_int_equal(place_put(place, &bad), ERR_BAD_INPUT);
    bad = place_case(0, "x", 1);
    assert_int_equal(place_put(place, &bad), ERR_BAD_INPUT);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    place_assert_journal(place, 1);
}

/* After kill -9 only the files are left; a copy of them is the same thing. */
static void test_put_then_cut(void **state)
{
    struct place *place = *state;
    struct place cut = *place;
    struct answer answer;
    char *bytes = NULL;
    size_t len = 0;

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    snprintf(cut.path, sizeof cut.path, "%s/cut.sqlite", place->folder);
    assert_int_equal(file_read(place->path, FILE_MAX, &bytes, &len), ERR_OK);
    assert_int_equal(file_replace(cut.path, bytes, len, 0600), ERR_OK);
    mem_free(bytes);
    assert_int_equal(file_read(place->wal, FILE_MAX, &bytes, &len), ERR_OK);
    assert_int_equal(len, 0);
    mem_free(bytes);
    cut.store = NULL;
    place_open(&cut);
    assert_int_equal(cut.opened.state.waiting, 1);
    assert_int_equal(place_next_number(&cut, &answer), 1);
    assert_string_equal(answer.bytes, "sealed 1");
    terminal_store_free(cut.store);
}

/* ---- Sending ---- */

static void test_next_order(void **state)
{
    struct place *place = *state;
    struct answer answer;

    place_open(place);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(place_put_number(place, i), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 1);
    assert_int_equal(place_retry(place, 1, NOW_MS + 2000), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 2);
    assert_int_equal(place_conflict(place, 2), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 3);
    assert_int_equal(place_retry(place, 3, NOW_MS + 1000), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 0);
    place_assert_counts(place, 2, 1);

    clock_pretend(2000, NOW_MS + 999);
    assert_int_equal(place_next_number(place, &answer), 0);
    clock_pretend(2000, NOW_MS + 1000);
    assert_int_equal(place_next_number(place, &answer), 3);
    assert_int_equal(answer.tries, 1);
    clock_pretend(2000, NOW_MS + 2000);
    assert_int_equal(place_next_number(place, &answer), 1);
    assert_int_equal(place_retry(place, 1, NOW_MS + 9000), ERR_OK);
    place_open(place);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_int_equal(place_next_number(place, &answer), 3);
}

static void test_wake(void **state)
{
    struct place *place = *state;
    struct answer answer = { 0 };

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(place_put_number(place, 2), ERR_OK);
    assert_int_equal(place_retry(place, 1, NOW_MS + 5000), ERR_OK);
    assert_int_equal(place_conflict(place, 2), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 0);
    memset(&answer, 0, sizeof answer);
    outbox_wake(place->store, answer_plain, &answer);
    place_wait(place, &answer, 1);
    assert_int_equal(answer.err, ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 1);
    assert_int_equal(answer.tries, 1);
    place_assert_counts(place, 1, 1);
}

/* The clock was a year ahead when the pause was made, and is right again. */
static void test_clock_went_back(void **state)
{
    struct place *place = *state;
    struct answer answer;

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(place_retry(place, 1, NOW_MS + 365 * DAY_MS), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 1);
    assert_int_equal(place_retry(place, 1, NOW_MS + DAY_MS), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 0);
}

static void test_outcome_of_unknown(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_NOT_FOUND);
    assert_int_equal(place_retry(place, 1, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(place_conflict(place, 1), ERR_NOT_FOUND);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(place_conflict(place, 1), ERR_OK);
    assert_int_equal(place_retry(place, 1, NOW_MS), ERR_NOT_FOUND);
    /* Staff settled it with the office. */
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
    place_assert_counts(place, 0, 0);
}

/* ---- Confirming ---- */

static void test_confirm(void **state)
{
    struct place *place = *state;
    struct answer answer;
    char number[64];

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    memset(number, '7', sizeof number);
    number[CASE_NUMBER_BYTES] = '\0';
    assert_int_equal(place_confirm(place, 1, number), ERR_TOO_BIG);
    number[CASE_NUMBER_BYTES - 1] = '\0';
    assert_int_equal(place_confirm(place, 1, number), ERR_OK);
    assert_int_equal(place_confirm(place, 1, number), ERR_OK);
    assert_int_equal(place_retry(place, 1, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(place_next_number(place, &answer), 0);
    place_assert_counts(place, 0, 0);
    assert_int_equal(place_put_number(place, 2), ERR_OK);
    place_assert_journal(place, 3);
}

/* Of what is confirmed no byte stays behind, in neither file: neither of a
 * short body inside a page of others nor of one with pages of its own. */
static void test_confirm_erases(void **state)
{
    static const char *const marks[] = { "sealed-body-short-0123456789",
                                         "sealed-body-large-0123456789" };
    struct place *place = *state;
    char large[30000];

    place_open(place);
    memset(large, '.', sizeof large);
    for (size_t i = 0; i + 28 <= sizeof large; i += 1000)
        memcpy(large + i, marks[1], 28);
    struct outbox_case first = place_case(1, marks[0], 28);
    struct outbox_case second = place_case(2, large, sizeof large);
    assert_int_equal(place_put(place, &first), ERR_OK);
    assert_int_equal(place_put(place, &second), ERR_OK);
    assert_int_equal(place_retry(place, 2, NOW_MS), ERR_OK);
    for (int i = 0; i < 2; i++) {
        assert_true(place_file_holds(place->path, marks[i], 28));
        assert_int_equal(place_confirm(place, i + 1, "N"), ERR_OK);
        assert_false(place_file_holds(place->path, marks[i], 28));
        assert_false(place_file_holds(place->wal, marks[i], 28));
    }
    assert_true(place_file_holds(place->path, place_id_of(1), 32));
}

static void test_forget_after_30_days(void **state)
{
    struct place *place = *state;

    place_open(place);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(place_put_number(place, i), ERR_OK);
    assert_int_equal(place_confirm(place, 2, "N2"), ERR_OK);
    assert_int_equal(place_confirm(place, 3, "N3"), ERR_OK);
    clock_shift(30 * DAY_MS);
    place_open(place);
    assert_int_equal(place_retry(place, 1, NOW_MS), ERR_OK);
    assert_true(place_file_holds(place->path, place_id_of(3), 32));
    clock_shift(1);
    place_open(place);
    assert_int_equal(place_confirm(place, 2, "N2"), ERR_NOT_FOUND);
    assert_int_equal(place_confirm(place, 3, "N3"), ERR_NOT_FOUND);
    /* What still waits stays, however old; and numbers go on. */
    assert_int_equal(place->opened.state.waiting, 1);
    assert_int_equal(place->opened.state.next_number, 4);
    assert_int_equal(place_put_number(place, 2), ERR_CONFLICT);
    assert_int_equal(place_put_number(place, 4), ERR_OK);
    assert_int_equal(place_confirm(place, 4, "N4"), ERR_OK);
    /* Forgetting also happens while the program runs. */
    clock_shift(30 * DAY_MS + 1);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(place_confirm(place, 4, "N4"), ERR_NOT_FOUND);
    clock_shift(30 * DAY_MS + 1);
    place_open(place);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_NOT_FOUND);
    assert_int_equal(place->opened.state.next_number, 5);
}

/* A clock that jumped must not make the terminal forget. */
static void test_forget_not_by_wrong_clock(void **state)
{
    struct place *place = *state;

    place_open(place);
    assert_int_equal(place_put_number(place, 1), ERR_OK);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
    clock_pretend(2000, NOW_MS + 365 * DAY_MS);
    assert_false(clock_is_trusted());
    place_open(place);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
}

/* Of an anonymous report nothing tells more than the hour: not the case's row,
 * and no record of it; of another everything is as it was. */
static void test_hour_only(void **state)
{
    struct place *place = *state;
    struct answer answer = { 0 };
    struct outbox_case entry;
    int64_t hour_ms = NOW_MS - NOW_MS % 3600000;
    bool is_row = false;

    place_open(place);
    clock_shift(1234567);
    for (int i = 1; i <= 2; i++) {
        entry = place_case(i, "x", 1);
        entry.is_hour_only = i == 1;
        entry.wall_ms = i == 1 ? hour_ms : clock_wall_ms();
        assert_int_equal(place_put(place, &entry), ERR_OK);
    }
    assert_int_equal(place_next_number(place, &answer), 1);
    assert_true(answer.entry.is_hour_only);
    assert_int_equal(place_retry(place, 1, clock_wall_ms() + 77), ERR_OK);
    assert_int_equal(place_next_number(place, &answer), 2);
    assert_false(answer.entry.is_hour_only);
    assert_int_equal(place_confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(place_confirm(place, 2, "N2"), ERR_OK);
    place_assert_journal(place, 4);

    struct store *store = NULL;
    assert_int_equal(store_open(place->path, &terminal_schema, NULL, &store),
                     ERR_OK);
    struct sqlite3_stmt *times = store_prepare(
        store, "SELECT (SELECT group_concat(DISTINCT wall_ms) FROM journal "
               "WHERE instr(fields, ?1)), stored_ms, confirmed_ms, next_ms "
               "FROM cases ORDER BY number");
    store_bind_text(times, 1, place_id_of(1));
    assert_int_equal(store_step(times, &is_row), ERR_OK);
    assert_int_equal(store_column_int(times, 0), hour_ms);
    assert_int_equal(strlen(store_column_text(times, 0)), 13);
    assert_int_equal(store_column_int(times, 1), hour_ms);
    assert_int_equal(store_column_int(times, 2), hour_ms);
    assert_int_equal(store_column_int(times, 3), 0);
    assert_int_equal(store_step(times, &is_row), ERR_OK);
    assert_int_equal(store_column_int(times, 1), clock_wall_ms());
    assert_int_equal(store_column_int(times, 2), clock_wall_ms());
    store_close(store);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_new),
        TEST(test_put),
        TEST(test_put_head),
        TEST(test_hour_only),
        TEST(test_put_again),
        TEST(test_put_gapless),
        TEST(test_put_malformed),
        TEST(test_put_then_cut),
        TEST(test_next_order),
        TEST(test_wake),
        TEST(test_clock_went_back),
        TEST(test_outcome_of_unknown),
        TEST(test_confirm),
        TEST(test_confirm_erases),
        TEST(test_forget_after_30_days),
        TEST(test_forget_not_by_wrong_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
