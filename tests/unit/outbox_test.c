/* The outbox, through the real thread and the real loop: what is answered
 * ERR_OK is there, what is confirmed is gone, and numbers have no gaps. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/inside.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 128, FILE_MAX = 8 * 1024 * 1024, TURNS_MAX = 1000 };

#define NOW_MS INT64_C(1795420800000)
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* What came back; count tells how many answers did. */
struct answer {
    int count;
    enum err err;
    struct terminal_state state;
    struct journal_head head;
    struct outbox_case entry;
    char bytes[64];
    int64_t tries;
    int64_t waiting;
    int64_t conflicts;
    char value[64];
    bool has_value;
};

struct place {
    char folder[64];
    char path[PATH_BYTES];
    char wal[PATH_BYTES];
    struct loop *loop;
    struct terminal_store *store;
    struct answer opened;
};

static int set_up(void **state)
{
    static struct place place;

    memset(&place, 0, sizeof place);
    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/test.sqlite", place.folder);
    snprintf(place.wal, sizeof place.wal, "%s/test.sqlite-wal", place.folder);
    clock_pretend(1000, NOW_MS);
    place.loop = loop_new();
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    vfs_plan_end();
    fault_plan("outbox.put", 0);
    terminal_store_free(place->store);
    loop_free(place->loop);
    clock_pretend_end();
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

/* ---- Asking and waiting ---------------------------------------------------- */

static void wait_for(const struct place *place, const struct answer *answer,
                     int count)
{
    for (int i = 0; i < TURNS_MAX && answer->count < count; i++)
        loop_turn(place->loop, 1000);
    assert_int_equal(answer->count, count);
}

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    assert_int_equal(state == NULL, err != ERR_OK);
    if (state)
        answer->state = *state;
}

static void on_head(void *owner, enum err err, const struct journal_head *head)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    assert_int_equal(head == NULL, err != ERR_OK);
    if (head)
        answer->head = *head;
}

static void on_next(void *owner, enum err err, const struct outbox_case *entry,
                    int64_t tries)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    memset(&answer->entry, 0, sizeof answer->entry);
    if (entry) {
        answer->entry = *entry;
        snprintf(answer->bytes, sizeof answer->bytes, "%.*s", (int)entry->len,
                 (const char *)entry->bytes);
    }
    answer->tries = tries;
}

static void on_plain(void *owner, enum err err)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
}

static void on_count(void *owner, enum err err, int64_t waiting,
                     int64_t conflicts)
{
    struct answer *answer = owner;
    answer->count++;
    answer->err = err;
    answer->waiting = waiting;
    answer->conflicts = conflicts;
}

static enum err open_again(struct place *place)
{
    terminal_store_free(place->store);
    memset(&place->opened, 0, sizeof place->opened);
    place->store =
        terminal_store_new(place->loop, place->path, on_open, &place->opened);
    wait_for(place, &place->opened, 1);
    return place->opened.err;
}

static void open_store(struct place *place)
{
    assert_int_equal(open_again(place), ERR_OK);
}

static struct outbox_case make_case(int64_t number, const char *bytes,
                                    size_t len)
{
    struct outbox_case entry = {
        .number = number,
        .receipt_sequence = (int)number + 100,
        .wall_ms = NOW_MS + number,
        .bytes = (const unsigned char *)bytes,
        .len = len,
    };
    snprintf(entry.id, sizeof entry.id, "%032x", (unsigned)number + 0xab000);
    snprintf(entry.receipt, sizeof entry.receipt, "00016327%04d", (int)number);
    snprintf(entry.receipt_day, sizeof entry.receipt_day, "20261123");
    snprintf(entry.item, sizeof entry.item, "residence-permit");
    return entry;
}

static enum err put(struct place *place, const struct outbox_case *entry)
{
    struct answer answer = { 0 };
    outbox_put(place->store, entry, on_head, &answer);
    wait_for(place, &answer, 1);
    return answer.err;
}

static enum err put_number(struct place *place, int64_t number)
{
    char bytes[32];
    int len = snprintf(bytes, sizeof bytes, "sealed %d", (int)number);
    struct outbox_case entry = make_case(number, bytes, (size_t)len);
    return put(place, &entry);
}

/* The number of the next case to send; 0: none. */
static int64_t next_number(struct place *place, struct answer *answer)
{
    memset(answer, 0, sizeof *answer);
    outbox_next(place->store, clock_wall_ms(), on_next, answer);
    wait_for(place, answer, 1);
    assert_int_equal(answer->err, ERR_OK);
    return answer->entry.number;
}

static const char *id_of(int64_t number)
{
    static struct outbox_case entry;
    entry = make_case(number, "", 0);
    return entry.id;
}

static enum err confirm(struct place *place, int64_t number, const char *as)
{
    struct answer answer = { 0 };
    outbox_confirm(place->store, id_of(number), as, on_plain, &answer);
    wait_for(place, &answer, 1);
    return answer.err;
}

static enum err retry(struct place *place, int64_t number, int64_t next_ms)
{
    struct answer answer = { 0 };
    outbox_retry(place->store, id_of(number), ERR_OFFLINE, next_ms, on_plain,
                 &answer);
    wait_for(place, &answer, 1);
    return answer.err;
}

static enum err conflict(struct place *place, int64_t number)
{
    struct answer answer = { 0 };
    outbox_conflict(place->store, id_of(number), ERR_CONFLICT, on_plain,
                    &answer);
    wait_for(place, &answer, 1);
    return answer.err;
}

static void assert_counts(struct place *place, int waiting, int conflicts)
{
    struct answer answer = { 0 };
    outbox_count(place->store, on_count, &answer);
    wait_for(place, &answer, 1);
    assert_int_equal(answer.err, ERR_OK);
    assert_int_equal(answer.waiting, waiting);
    assert_int_equal(answer.conflicts, conflicts);
}

/* The journal is whole and has this many rows; the store is closed for it. */
static void assert_journal(struct place *place, int rows)
{
    int64_t found = 0;
    int64_t bad = -1;

    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(journal_verify(place->path, &found, &bad), ERR_OK);
    assert_int_equal(bad, 0);
    assert_int_equal(found, rows);
}

/* By the store's own door, while no terminal has it open. */
static void run_sql(struct place *place, const char *sql)
{
    struct store *store = NULL;

    terminal_store_free(place->store);
    place->store = NULL;
    assert_int_equal(store_open(place->path, &terminal_schema, NULL, &store),
                     ERR_OK);
    assert_int_equal(store_run(store_prepare(store, sql)), ERR_OK);
    store_close(store);
}

static bool file_holds(const char *path, const char *text, size_t len)
{
    char *bytes = NULL;
    size_t size = 0;
    bool holds = false;

    if (file_read(path, FILE_MAX, &bytes, &size))
        return false;
    for (size_t i = 0; !holds && i + len <= size; i++)
        holds = memcmp(bytes + i, text, len) == 0;
    mem_free(bytes);
    return holds;
}

/* ---- Storing ----------------------------------------------------------------- */

static void test_new(void **state)
{
    struct place *place = *state;

    open_store(place);
    assert_int_equal(place->opened.state.next_number, 1);
    assert_string_equal(place->opened.state.receipt_day, "");
    assert_int_equal(place->opened.state.receipt_sequence, 0);
    assert_int_equal(place->opened.state.waiting, 0);
    assert_int_equal(place->opened.state.oldest_wall_ms, 0);
    assert_int_equal(place->opened.state.upgraded_from, 0);
    struct answer answer;
    assert_int_equal(next_number(place, &answer), 0);
}

static void test_put(void **state)
{
    struct place *place = *state;
    struct answer answer;

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_int_equal(put_number(place, 2), ERR_OK);
    open_store(place);
    assert_int_equal(place->opened.state.next_number, 3);
    assert_string_equal(place->opened.state.receipt_day, "20261123");
    assert_int_equal(place->opened.state.receipt_sequence, 102);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_true(place->opened.state.oldest_wall_ms == NOW_MS + 1);
    assert_int_equal(place->opened.state.upgraded_from, 0);

    assert_int_equal(next_number(place, &answer), 1);
    assert_string_equal(answer.bytes, "sealed 1");
    assert_int_equal(answer.tries, 0);
    assert_string_equal(answer.entry.id, id_of(1));
    assert_string_equal(answer.entry.receipt, "000163270001");
    assert_string_equal(answer.entry.receipt_day, "20261123");
    assert_int_equal(answer.entry.receipt_sequence, 101);
    assert_true(answer.entry.wall_ms == NOW_MS + 1);
    assert_string_equal(answer.entry.item, "residence-permit");
    assert_journal(place, 2);
}

/* The head that goes onto the slip is the journal's, row by row. */
static void test_put_head(void **state)
{
    struct place *place = *state;
    struct answer answer = { 0 };
    struct outbox_case entry = make_case(1, "x", 1);
    static const unsigned char zero[CRYPTO_DIGEST_BYTES];
    unsigned char wanted[CRYPTO_DIGEST_BYTES];
    char text[256];

    open_store(place);
    outbox_put(place->store, &entry, on_head, &answer);
    wait_for(place, &answer, 1);
    assert_int_equal(answer.head.number, 1);
    int len = snprintf(text, sizeof text,
                       "{\"n\":1,\"ms\":%lld,\"event\":\"CASE_STORED\","
                       "\"fields\":{\"case\":\"%s\","
                       "\"item\":\"residence-permit\",\"number\":1}}",
                       (long long)entry.wall_ms, entry.id);
    digest_of_two(zero, sizeof zero, text, (size_t)len, wanted);
    assert_memory_equal(answer.head.hash, wanted, sizeof wanted);
}

static void test_put_again(void **state)
{
    struct place *place = *state;
    struct outbox_case entry = make_case(1, "same", 4);

    open_store(place);
    assert_int_equal(put(place, &entry), ERR_OK);
    assert_int_equal(put(place, &entry), ERR_OK);
    entry.bytes = (const unsigned char *)"sane";
    assert_int_equal(put(place, &entry), ERR_CONFLICT);
    assert_int_equal(confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(put(place, &entry), ERR_CONFLICT);
    entry.bytes = (const unsigned char *)"same";
    assert_int_equal(put(place, &entry), ERR_OK);
    assert_counts(place, 0, 0);
    assert_journal(place, 2);
}

static void test_put_gapless(void **state)
{
    struct place *place = *state;

    open_store(place);
    assert_int_equal(put_number(place, 2), ERR_CONFLICT);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_int_equal(put_number(place, 3), ERR_CONFLICT);
    struct outbox_case again = make_case(7, "x", 1);
    again.number = 1;
    assert_int_equal(put(place, &again), ERR_CONFLICT);
    assert_int_equal(put_number(place, 2), ERR_OK);
    assert_journal(place, 2);
}

static void test_put_malformed(void **state)
{
    struct place *place = *state;
    struct outbox_case bad = make_case(1, "x", 1);

    open_store(place);
    bad.id[3] = 'G';
    assert_int_equal(put(place, &bad), ERR_BAD_INPUT);
    bad = make_case(1, "x", 1);
    bad.id[31] = '\0';
    assert_int_equal(put(place, &bad), ERR_BAD_INPUT);
    bad = make_case(1, "x", 1);
    snprintf(bad.item, sizeof bad.item, "a\"b");
    assert_int_equal(put(place, &bad), ERR_BAD_INPUT);
    bad = make_case(1, "", 0);
    assert_int_equal(put(place, &bad), ERR_BAD_INPUT);
    bad = make_case(0, "x", 1);
    assert_int_equal(put(place, &bad), ERR_BAD_INPUT);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_journal(place, 1);
}

/* After kill -9 only the files are left; a copy of them is the same thing. */
static void test_put_then_cut(void **state)
{
    struct place *place = *state;
    struct place cut = *place;
    struct answer answer;
    char *bytes = NULL;
    size_t len = 0;

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    snprintf(cut.path, sizeof cut.path, "%s/cut.sqlite", place->folder);
    assert_int_equal(file_read(place->path, FILE_MAX, &bytes, &len), ERR_OK);
    assert_int_equal(file_replace(cut.path, bytes, len, 0600), ERR_OK);
    mem_free(bytes);
    assert_int_equal(file_read(place->wal, FILE_MAX, &bytes, &len), ERR_OK);
    assert_int_equal(len, 0);
    mem_free(bytes);
    cut.store = NULL;
    open_store(&cut);
    assert_int_equal(cut.opened.state.waiting, 1);
    assert_int_equal(next_number(&cut, &answer), 1);
    assert_string_equal(answer.bytes, "sealed 1");
    terminal_store_free(cut.store);
}

/* ---- Sending ------------------------------------------------------------------- */

static void test_next_order(void **state)
{
    struct place *place = *state;
    struct answer answer;

    open_store(place);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(put_number(place, i), ERR_OK);
    assert_int_equal(next_number(place, &answer), 1);
    assert_int_equal(retry(place, 1, NOW_MS + 2000), ERR_OK);
    assert_int_equal(next_number(place, &answer), 2);
    assert_int_equal(conflict(place, 2), ERR_OK);
    assert_int_equal(next_number(place, &answer), 3);
    assert_int_equal(retry(place, 3, NOW_MS + 1000), ERR_OK);
    assert_int_equal(next_number(place, &answer), 0);
    assert_counts(place, 2, 1);

    clock_pretend(2000, NOW_MS + 999);
    assert_int_equal(next_number(place, &answer), 0);
    clock_pretend(2000, NOW_MS + 1000);
    assert_int_equal(next_number(place, &answer), 3);
    assert_int_equal(answer.tries, 1);
    clock_pretend(2000, NOW_MS + 2000);
    assert_int_equal(next_number(place, &answer), 1);
    assert_int_equal(retry(place, 1, NOW_MS + 9000), ERR_OK);
    open_store(place);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_int_equal(next_number(place, &answer), 3);
}

static void test_wake(void **state)
{
    struct place *place = *state;
    struct answer answer = { 0 };

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_int_equal(put_number(place, 2), ERR_OK);
    assert_int_equal(retry(place, 1, NOW_MS + 5000), ERR_OK);
    assert_int_equal(conflict(place, 2), ERR_OK);
    assert_int_equal(next_number(place, &answer), 0);
    memset(&answer, 0, sizeof answer);
    outbox_wake(place->store, on_plain, &answer);
    wait_for(place, &answer, 1);
    assert_int_equal(answer.err, ERR_OK);
    assert_int_equal(next_number(place, &answer), 1);
    assert_int_equal(answer.tries, 1);
    assert_counts(place, 1, 1);
}

/* The clock was a year ahead when the pause was made, and is right again. */
static void test_clock_went_back(void **state)
{
    struct place *place = *state;
    struct answer answer;

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_int_equal(retry(place, 1, NOW_MS + 365 * DAY_MS), ERR_OK);
    assert_int_equal(next_number(place, &answer), 1);
    assert_int_equal(retry(place, 1, NOW_MS + DAY_MS), ERR_OK);
    assert_int_equal(next_number(place, &answer), 0);
}

static void test_outcome_of_unknown(void **state)
{
    struct place *place = *state;

    open_store(place);
    assert_int_equal(confirm(place, 1, "N1"), ERR_NOT_FOUND);
    assert_int_equal(retry(place, 1, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(conflict(place, 1), ERR_NOT_FOUND);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_int_equal(conflict(place, 1), ERR_OK);
    assert_int_equal(retry(place, 1, NOW_MS), ERR_NOT_FOUND);
    /* Staff settled it with the office. */
    assert_int_equal(confirm(place, 1, "N1"), ERR_OK);
    assert_counts(place, 0, 0);
}

/* ---- Confirming --------------------------------------------------------------- */

static void test_confirm(void **state)
{
    struct place *place = *state;
    struct answer answer;
    char number[64];

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    memset(number, '7', sizeof number);
    number[CASE_NUMBER_BYTES] = '\0';
    assert_int_equal(confirm(place, 1, number), ERR_TOO_BIG);
    number[CASE_NUMBER_BYTES - 1] = '\0';
    assert_int_equal(confirm(place, 1, number), ERR_OK);
    assert_int_equal(confirm(place, 1, number), ERR_OK);
    assert_int_equal(retry(place, 1, NOW_MS), ERR_NOT_FOUND);
    assert_int_equal(next_number(place, &answer), 0);
    assert_counts(place, 0, 0);
    assert_int_equal(put_number(place, 2), ERR_OK);
    assert_journal(place, 3);
}

/* Of what is confirmed no byte stays behind, in neither file: neither of a
 * short body inside a page of others nor of one with pages of its own. */
static void test_confirm_erases(void **state)
{
    static const char *const marks[] = { "sealed-body-short-0123456789",
                                         "sealed-body-large-0123456789" };
    struct place *place = *state;
    char large[30000];

    open_store(place);
    memset(large, '.', sizeof large);
    for (size_t i = 0; i + 28 <= sizeof large; i += 1000)
        memcpy(large + i, marks[1], 28);
    struct outbox_case first = make_case(1, marks[0], 28);
    struct outbox_case second = make_case(2, large, sizeof large);
    assert_int_equal(put(place, &first), ERR_OK);
    assert_int_equal(put(place, &second), ERR_OK);
    assert_int_equal(retry(place, 2, NOW_MS), ERR_OK);
    for (int i = 0; i < 2; i++) {
        assert_true(file_holds(place->path, marks[i], 28));
        assert_int_equal(confirm(place, i + 1, "N"), ERR_OK);
        assert_false(file_holds(place->path, marks[i], 28));
        assert_false(file_holds(place->wal, marks[i], 28));
    }
    assert_true(file_holds(place->path, id_of(1), 32));
}

static void test_forget_after_30_days(void **state)
{
    struct place *place = *state;

    open_store(place);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(put_number(place, i), ERR_OK);
    assert_int_equal(confirm(place, 2, "N2"), ERR_OK);
    assert_int_equal(confirm(place, 3, "N3"), ERR_OK);
    clock_shift(30 * DAY_MS);
    open_store(place);
    assert_int_equal(retry(place, 1, NOW_MS), ERR_OK);
    assert_true(file_holds(place->path, id_of(3), 32));
    clock_shift(1);
    open_store(place);
    assert_int_equal(confirm(place, 2, "N2"), ERR_NOT_FOUND);
    assert_int_equal(confirm(place, 3, "N3"), ERR_NOT_FOUND);
    /* What still waits stays, however old; and numbers go on. */
    assert_int_equal(place->opened.state.waiting, 1);
    assert_int_equal(place->opened.state.next_number, 4);
    assert_int_equal(put_number(place, 2), ERR_CONFLICT);
    assert_int_equal(put_number(place, 4), ERR_OK);
    assert_int_equal(confirm(place, 4, "N4"), ERR_OK);
    /* Forgetting also happens while the program runs. */
    clock_shift(30 * DAY_MS + 1);
    assert_int_equal(confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(confirm(place, 4, "N4"), ERR_NOT_FOUND);
    clock_shift(30 * DAY_MS + 1);
    open_store(place);
    assert_int_equal(confirm(place, 1, "N1"), ERR_NOT_FOUND);
    assert_int_equal(place->opened.state.next_number, 5);
}

/* A clock that jumped must not make the terminal forget. */
static void test_forget_not_by_wrong_clock(void **state)
{
    struct place *place = *state;

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_int_equal(confirm(place, 1, "N1"), ERR_OK);
    clock_pretend(2000, NOW_MS + 365 * DAY_MS);
    assert_false(clock_is_trusted());
    open_store(place);
    assert_int_equal(confirm(place, 1, "N1"), ERR_OK);
}

/* ---- Many at once --------------------------------------------------------------- */

enum { MANY = 16 };

static void put_many(struct place *place, struct answer *answers, int64_t from,
                     int skip)
{
    char bytes[32];

    for (int i = 0; i < MANY; i++) {
        struct outbox_case entry = make_case(from + i, bytes, sizeof bytes);
        memset(bytes, 'a' + i, sizeof bytes);
        if (i == skip)
            entry.number = 999;
        outbox_put(place->store, &entry, on_head, &answers[i]);
    }
}

static void test_many(void **state)
{
    struct place *place = *state;
    struct answer answers[MANY] = { { 0 } };

    open_store(place);
    struct vfs_counts before = vfs_count();
    put_many(place, answers, 1, -1);
    wait_for(place, &answers[MANY - 1], 1);
    struct vfs_counts after = vfs_count();
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(answers[i].count, 1);
        assert_int_equal(answers[i].err, ERR_OK);
        assert_int_equal(answers[i].head.number, i + 1);
    }
    /* Alone, each would cost four syncs; a few groups at most were made. */
    assert_true(after.done[VFS_SYNC] - before.done[VFS_SYNC] <
                2 * (uint64_t)MANY);
    assert_counts(place, MANY, 0);
    assert_journal(place, MANY);
}

/* One bad job in a group spoils no other, and leaves no trace. */
static void test_many_with_bad(void **state)
{
    struct place *place = *state;
    struct answer answers[MANY] = { { 0 } };

    open_store(place);
    put_many(place, answers, 1, MANY - 1);
    wait_for(place, &answers[MANY - 1], 1);
    for (int i = 0; i < MANY - 1; i++)
        assert_int_equal(answers[i].err, ERR_OK);
    assert_int_equal(answers[MANY - 1].err, ERR_CONFLICT);
    assert_counts(place, MANY - 1, 0);
    assert_journal(place, MANY - 1);
}

/* ---- Disks ---------------------------------------------------------------------- */

static void test_full_disk(void **state)
{
    struct place *place = *state;

    open_store(place);
    assert_int_equal(put_number(place, 1), ERR_OK);
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, 0, -1 });
    assert_int_equal(put_number(place, 2), ERR_DISK_FULL);
    assert_int_equal(put_number(place, 2), ERR_DISK_FULL);
    vfs_plan_end();
    assert_counts(place, 1, 0);
    assert_int_equal(put_number(place, 2), ERR_OK);
    assert_counts(place, 2, 0);
    assert_journal(place, 2);
}

static void test_planned_fault(void **state)
{
    struct place *place = *state;

    open_store(place);
    fault_plan("outbox.put", 1);
    assert_int_equal(put_number(place, 1), ERR_DISK_FULL);
    assert_int_equal(put_number(place, 1), ERR_OK);
    assert_journal(place, 1);
}

/* A failing disk under a group: whoever was answered ERR_OK is there, whoever
 * was not is not, and the numbers of both fit together. */
static void test_group_on_failing_disk(void **state)
{
    struct place *place = *state;
    int64_t next = 1;
    bool was_hit = true;

    open_store(place);
    for (uint64_t n = 0; was_hit; n++) {
        struct answer answers[MANY] = { { 0 } };
        uint64_t before = vfs_count().failed;
        vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, n, 3 });
        put_many(place, answers, next, -1);
        for (int i = 0; i < MANY; i++)
            wait_for(place, &answers[i], 1);
        was_hit = vfs_count().failed > before;
        vfs_plan_end();
        int good = 0;
        while (good < MANY && answers[good].err == ERR_OK)
            good++;
        for (int i = good; i < MANY; i++)
            assert_int_not_equal(answers[i].err, ERR_OK);
        open_store(place);
        next += good;
        assert_int_equal(place->opened.state.next_number, next);
        assert_int_equal(place->opened.state.waiting, next - 1);
        assert_int_equal(put_number(place, next), ERR_OK);
        next++;
    }
    assert_journal(place, (int)next - 1);
}

/* The disk says yes and writes something else: the case is read back, so
 * nobody is told that it is safe, and nothing else is sent in its place. */
static void test_read_back(void **state)
{
    struct place *place = *state;
    char large[20000];
    int refused = 0;

    memset(large, 'x', sizeof large);
    for (uint64_t n = 0; n < 40; n++) {
        struct outbox_case entry = make_case(1, large, sizeof large);
        struct answer answer = { 0 };

        open_store(place);
        vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_GARBLED, n, 1 });
        enum err err = put(place, &entry);
        vfs_plan_end();
        refused += err != ERR_OK;
        if (err)
            assert_int_equal(err, ERR_CORRUPT);
        outbox_next(place->store, NOW_MS, on_next, &answer);
        wait_for(place, &answer, 1);
        if (err == ERR_OK) {
            assert_int_equal(answer.err, ERR_OK);
            assert_int_equal(answer.entry.len, sizeof large);
        } else {
            assert_int_equal(answer.entry.number, 0);
        }
        terminal_store_free(place->store);
        place->store = NULL;
        assert_int_equal(file_remove(place->path), ERR_OK);
    }
    assert_true(refused > 5);
}

/* Bytes that changed on the disk since then: put aside for staff, and the
 * others are sent. */
static void test_damaged_case(void **state)
{
    struct place *place = *state;
    struct answer answer;

    open_store(place);
    for (int i = 1; i <= 3; i++)
        assert_int_equal(put_number(place, i), ERR_OK);
    run_sql(place, "UPDATE cases SET bytes = CAST('sealed x' AS BLOB) "
                   "WHERE number < 3");
    open_store(place);
    assert_int_equal(next_number(place, &answer), 3);
    assert_string_equal(answer.bytes, "sealed 3");
    assert_counts(place, 1, 2);
    assert_journal(place, 5);
}

static void test_cannot_open(void **state)
{
    struct place *place = *state;
    struct place other = *place;
    char noise[4096];

    memset(noise, '#', sizeof noise);
    assert_int_equal(file_replace(place->path, noise, sizeof noise, 0600),
                     ERR_OK);
    assert_int_equal(open_again(place), ERR_CORRUPT);
    assert_int_equal(put_number(place, 1), ERR_CORRUPT);
    assert_int_equal(confirm(place, 1, "N"), ERR_CORRUPT);
    assert_int_equal(file_remove(place->path), ERR_OK);

    open_store(place);
    other.store = NULL;
    assert_int_equal(open_again(&other), ERR_EXISTS);
    assert_int_equal(put_number(&other, 1), ERR_EXISTS);
    terminal_store_free(other.store);
    assert_int_equal(put_number(place, 1), ERR_OK);
    run_sql(place, "PRAGMA user_version=3");
    assert_int_equal(open_again(place), ERR_TOO_NEW);
    assert_int_equal(put_number(place, 2), ERR_TOO_NEW);
}

/* ---- Upgrades ------------------------------------------------------------------- */

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

static void make_version_1(const struct place *place)
{
    static const struct store_schema schema = { version_1, 1 };
    struct store *store = NULL;
    struct journal_head head;

    assert_int_equal(store_open(place->path, &schema, NULL, &store), ERR_OK);
    assert_int_equal(store_begin(store), ERR_OK);
    for (int i = 1; i <= 2; i++) {
        struct outbox_case old = make_case(i, "old sealed", 10);
        struct journal_row row = { NOW_MS, "CASE_STORED", "{}" };
        insert_old_case(store, &old);
        assert_int_equal(journal_add_row(store, &row, &head), ERR_OK);
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
    open_store(place);
    assert_int_equal(place->opened.state.upgraded_from, 1);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_int_equal(place->opened.state.next_number, 3);
    assert_int_equal(place->opened.state.receipt_sequence, 102);
    assert_int_equal(next_number(place, &answer), 1);
    assert_string_equal(answer.bytes, "old sealed");
    assert_int_equal(answer.tries, 4);
    assert_int_equal(confirm(place, 1, "N1"), ERR_OK);
    assert_int_equal(put_number(place, 3), ERR_OK);
    assert_int_equal(next_number(place, &answer), 2);
    open_store(place);
    assert_int_equal(place->opened.state.upgraded_from, 0);
    assert_int_equal(place->opened.state.waiting, 2);
    assert_journal(place, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_new),
        TEST(test_put),
        TEST(test_put_head),
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
        TEST(test_many),
        TEST(test_many_with_bad),
        TEST(test_full_disk),
        TEST(test_planned_fault),
        TEST(test_group_on_failing_disk),
        TEST(test_read_back),
        TEST(test_damaged_case),
        TEST(test_cannot_open),
        TEST(test_upgrade_with_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
