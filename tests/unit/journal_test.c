/* The journal: numbered without gaps, chained, and every change found. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/inside.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>

enum { PATH_BYTES = 128, FILE_MAX = 8 * 1024 * 1024, TURNS_MAX = 1000 };

struct answer {
    int count;
    enum err err;
    struct journal_head head;
};

struct place {
    char folder[64];
    char path[PATH_BYTES];
    struct loop *loop;
    struct terminal_store *store;
    struct answer opened;
};

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    struct answer *answer = owner;
    (void)state;
    answer->count++;
    answer->err = err;
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

static void wait_for(const struct place *place, const struct answer *answer)
{
    for (int i = 0; i < TURNS_MAX && !answer->count; i++)
        loop_turn(place->loop, 1000);
    assert_int_equal(answer->count, 1);
}

static void open_store(struct place *place)
{
    memset(&place->opened, 0, sizeof place->opened);
    place->store =
        terminal_store_new(place->loop, place->path, on_open, &place->opened);
    wait_for(place, &place->opened);
    assert_int_equal(place->opened.err, ERR_OK);
}

static void close_store(struct place *place)
{
    terminal_store_free(place->store);
    place->store = NULL;
}

static int set_up(void **state)
{
    static struct place place;

    memset(&place, 0, sizeof place);
    if (file_make_temporary(place.folder, sizeof place.folder))
        return -1;
    snprintf(place.path, sizeof place.path, "%s/test.sqlite", place.folder);
    place.loop = loop_new();
    open_store(&place);
    *state = &place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;

    vfs_plan_end();
    close_store(place);
    loop_free(place->loop);
    return file_remove_tree(place->folder) == ERR_OK ? 0 : -1;
}

static struct event_record_of make_event(int64_t wall_ms, const char *name,
                                         const char *fields)
{
    return (struct event_record_of){
        .is_journal = true,
        .name = name,
        .fields = fields,
        .wall_ms = wall_ms,
    };
}

static struct answer append(struct place *place, int64_t wall_ms,
                            const char *name, const char *fields)
{
    struct answer answer = { 0 };
    struct event_record_of event = make_event(wall_ms, name, fields);

    journal_append(place->store, &event, on_head, &answer);
    memset(&event, 0, sizeof event); /* it lived for the call only */
    wait_for(place, &answer);
    return answer;
}

static void append_five(struct place *place)
{
    char fields[32];

    for (int i = 1; i <= 5; i++) {
        snprintf(fields, sizeof fields, "{\"number\":%d}", i);
        struct answer answer = append(place, 1000 + i, "SESSION_BEGUN", fields);
        assert_int_equal(answer.err, ERR_OK);
        assert_int_equal(answer.head.number, i);
    }
}

static int64_t bad_row(const struct place *place, int64_t wanted_rows)
{
    int64_t rows = -1;
    int64_t bad = -1;

    assert_int_equal(journal_verify(place->path, &rows, &bad), ERR_OK);
    assert_int_equal(rows, wanted_rows);
    return bad;
}

/* Somebody with a tool and a wish. */
static void tamper(struct place *place, const char *sql)
{
    struct store *store = NULL;

    assert_int_equal(store_open(place->path, &terminal_schema, NULL, &store),
                     ERR_OK);
    assert_int_equal(store_run(store_prepare(store, sql)), ERR_OK);
    store_close(store);
}

/* The key as it was first: until it is sealed it stands in the store. */
static void first_ratchet(struct place *place, struct ratchet *ratchet)
{
    struct store *store = NULL;
    bool is_row = false;
    size_t len = 0;

    close_store(place);
    assert_int_equal(store_open(place->path, &terminal_schema, NULL, &store),
                     ERR_OK);
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT first_key FROM journal_state");
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    const void *first = store_column_bytes(row, 0, &len);
    assert_int_equal(len, RATCHET_BYTES);
    ratchet_init(ratchet, first);
    store_close(store);
}

/* ---- The chain ------------------------------------------------------------- */

/* Made here once more from the description alone. */
static void test_chain(void **state)
{
    struct place *place = *state;
    struct ratchet ratchet;
    struct buf text;
    static const char *const texts[] = {
        "{\"n\":1,\"ms\":5,\"epoch\":0,\"step\":0,\"event\":\"STARTED\","
        "\"fields\":{\"version\":\"0.1.0\"}}",
        "{\"n\":2,\"ms\":900,\"epoch\":0,\"step\":1,\"event\":\"STOPPED\","
        "\"fields\":{}}",
    };
    struct answer answers[] = {
        append(place, 5, "STARTED", "{\"version\":\"0.1.0\"}"),
        append(place, 900, "STOPPED", "{}"),
    };
    unsigned char hash[CRYPTO_DIGEST_BYTES] = { 0 };
    unsigned char code[CRYPTO_DIGEST_BYTES];

    first_ratchet(place, &ratchet);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(answers[i].err, ERR_OK);
        assert_int_equal(answers[i].head.number, i + 1);
        buf_init(&text, 1024);
        buf_add(&text, hash, sizeof hash);
        buf_add_text(&text, texts[i]);
        ratchet_code(&ratchet, "record", text.text, text.len, code);
        buf_add(&text, code, sizeof code);
        digest_of(text.text, text.len, hash);
        assert_memory_equal(answers[i].head.hash, hash, sizeof hash);
        ratchet_turn(&ratchet);
        buf_done(&text);
    }
}

static void test_goes_on(void **state)
{
    struct place *place = *state;

    append_five(place);
    close_store(place);
    open_store(place);
    assert_int_equal(append(place, 1, "STOPPED", "{}").head.number, 6);
    close_store(place);
    assert_int_equal(bad_row(place, 6), 0);
}

static void test_empty(void **state)
{
    struct place *place = *state;

    close_store(place);
    assert_int_equal(bad_row(place, 0), 0);
}

/* Nobody need wait for an answer; what is queued is written all the same. */
static void test_no_answer_wanted(void **state)
{
    struct place *place = *state;
    struct event_record_of event = make_event(1, "HELP_CALLED", "{}");

    for (int i = 0; i < 100; i++)
        journal_append(place->store, &event, NULL, NULL);
    close_store(place);
    assert_int_equal(bad_row(place, 100), 0);
}

/* ---- What is found --------------------------------------------------------- */

static void test_changes_are_found(void **state)
{
    static const struct {
        const char *sql;
        int rows;
        int bad;
    } cases[] = {
        { "UPDATE journal SET wall_ms = 1 WHERE number = 3", 5, 3 },
        { "UPDATE journal SET name = 'SESSION_ENDED' WHERE number = 1", 5, 1 },
        { "UPDATE journal SET fields = '{}' WHERE number = 5", 5, 5 },
        { "UPDATE journal SET fields = fields || char(0) || 'x' "
          "WHERE number = 2",
          5, 2 },
        { "UPDATE journal SET hash = zeroblob(32) WHERE number = 4", 5, 4 },
        { "UPDATE journal SET hash = x'00' WHERE number = 4", 5, 4 },
        { "DELETE FROM journal WHERE number = 3", 4, 3 },
        { "DELETE FROM journal WHERE number = 1", 4, 1 },
        { "UPDATE journal SET number = 9 WHERE number = 5", 5, 5 },
        { "INSERT INTO journal SELECT 6, wall_ms, name, fields, hash, epoch, "
          "step, code FROM journal WHERE number = 5",
          6, 6 },
        { "INSERT INTO journal SELECT 0, wall_ms, name, fields, hash, epoch, "
          "step, code FROM journal WHERE number = 5",
          6, 1 },
        { "INSERT INTO journal (number, wall_ms, name, fields, hash) "
          "SELECT 6, wall_ms, name, fields, hash FROM journal "
          "WHERE number = 5",
          6, 6 },
        { "UPDATE journal SET epoch = 1 WHERE number = 2", 5, 2 },
        { "UPDATE journal SET step = 9 WHERE number = 2", 5, 2 },
        { "UPDATE journal SET code = zeroblob(32) WHERE number = 5", 5, 5 },
        { "UPDATE journal SET code = NULL WHERE number = 5", 5, 5 },
        { "DELETE FROM journal WHERE number = 5", 4, 5 },
        { "DELETE FROM journal", 0, 1 },
        { "UPDATE journal_state SET end_number = 6", 5, 6 },
        { "UPDATE journal_state SET end_code = zeroblob(32)", 5, 6 },
        { "UPDATE journal_state SET start_number = 1", 5, 6 },
        { "DELETE FROM journal_state", 5, 6 },
    };
    struct place *place = *state;
    char *good = NULL;
    size_t len = 0;

    append_five(place);
    close_store(place);
    assert_int_equal(file_read(place->path, FILE_MAX, &good, &len), ERR_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(file_replace(place->path, good, len, 0600), ERR_OK);
        assert_int_equal(bad_row(place, 5), 0);
        tamper(place, cases[i].sql);
        assert_int_equal(bad_row(place, cases[i].rows), cases[i].bad);
    }
    mem_free(good);
}

/* Looking changes nothing, and needs the store for itself. */
static void test_verify_is_careful(void **state)
{
    struct place *place = *state;
    char path[PATH_BYTES];
    char *before = NULL;
    char *after = NULL;
    size_t before_len = 0;
    size_t after_len = 0;
    int64_t rows = -1;
    int64_t bad = -1;

    append_five(place);
    assert_int_equal(journal_verify(place->path, &rows, &bad), ERR_EXISTS);
    close_store(place);
    assert_int_equal(file_read(place->path, FILE_MAX, &before, &before_len),
                     ERR_OK);
    assert_int_equal(bad_row(place, 5), 0);
    assert_int_equal(file_read(place->path, FILE_MAX, &after, &after_len),
                     ERR_OK);
    assert_int_equal(before_len, after_len);
    assert_memory_equal(before, after, before_len);
    mem_free(before);
    mem_free(after);

    snprintf(path, sizeof path, "%s/none.sqlite", place->folder);
    assert_int_equal(journal_verify(path, &rows, &bad), ERR_NOT_FOUND);
    assert_int_equal(file_replace(path, "no database at all", 18, 0600),
                     ERR_OK);
    assert_int_equal(journal_verify(path, &rows, &bad), ERR_CORRUPT);
    assert_int_equal(rows, -1);
    assert_int_equal(bad, -1);
}

/* ---- What cannot be written -------------------------------------------------- */

static void test_full_disk(void **state)
{
    struct place *place = *state;

    append_five(place);
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, 0, -1 });
    assert_int_equal(append(place, 1, "STOPPED", "{}").err, ERR_DISK_FULL);
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_IO, 0, -1 });
    assert_int_equal(append(place, 1, "STOPPED", "{}").err, ERR_IO);
    vfs_plan_end();
    assert_int_equal(append(place, 1, "STOPPED", "{}").head.number, 6);
    close_store(place);
    assert_int_equal(bad_row(place, 6), 0);
}

static void test_too_big(void **state)
{
    struct place *place = *state;
    char fields[4000];

    memset(fields, ' ', sizeof fields);
    fields[0] = '{';
    fields[sizeof fields - 2] = '}';
    fields[sizeof fields - 1] = '\0';
    assert_int_equal(append(place, 1, "STOPPED", fields).err, ERR_TOO_BIG);
    assert_int_equal(append(place, 1, "STOPPED", "{}").head.number, 1);
}

/* The last head was lost or broken: no new row may pretend to follow it. */
static void test_broken_head(void **state)
{
    struct place *place = *state;

    append_five(place);
    close_store(place);
    tamper(place, "UPDATE journal SET hash = x'0011' WHERE number = 5");
    open_store(place);
    assert_int_equal(append(place, 1, "STOPPED", "{}").err, ERR_CORRUPT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(test_chain),
        TEST(test_goes_on),
        TEST(test_empty),
        TEST(test_no_answer_wanted),
        TEST(test_changes_are_found),
        TEST(test_verify_is_careful),
        TEST(test_full_disk),
        TEST(test_too_big),
        TEST(test_broken_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
