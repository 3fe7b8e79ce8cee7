/* Storing and sending as one, and its end at awkward moments. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/delivery_state.h"
#include "kiosk/slip.h"
#include "kiosk/store/inside.h"
#include "kiosk/store/vfs.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MS = 60000 };

static struct pack *pack;

struct bench {
    char folder[64];
    struct loop *loop;
    struct settings settings;
    struct session session;
    struct delivery *delivery;
    bool is_saved;
};

static int load(void **state)
{
    struct problems problems;
    (void)state;
    problems_init(&problems);
    enum err err = pack_load("screens/items", &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    struct bench *bench = owner;
    (void)err;
    (void)case_number;
    assert_string_equal(case_id, bench->session.submitted.id);
    bench->is_saved |= state == CASE_SAVED;
    if (head)
        bench->session.submitted.head = *head;
}

static void on_health(void *owner)
{
    (void)owner;
}

static int set_up(void **state)
{
    static const struct delivery_events events = { on_case, on_health, NULL };
    struct bench *bench = mem_new(sizeof *bench);

    *state = bench;
    if (file_make_temporary(bench->folder, sizeof bench->folder))
        return -1;
    settings_init(&bench->settings);
    bench->loop = loop_new();
    session_init(&bench->session);
    session_begin(&bench->session, LANGUAGE_ZH_CN);
    session_start_item(&bench->session, pack_find(pack, "hotline-12345"));
    bench->delivery = delivery_new(bench->loop, &bench->settings, bench->folder,
                                   &events, bench);
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    delivery_free(bench->delivery);
    session_done(&bench->session);
    settings_done(&bench->settings);
    loop_free(bench->loop);
    enum err err = file_remove_tree(bench->folder);
    mem_free(bench);
    return err ? -1 : 0;
}

static void answer(struct bench *bench, const char *name, const char *value)
{
    assert_int_equal(
        answers_set(bench->session.answers, name, value, SOURCE_CITIZEN),
        ERR_OK);
}

static void submit(struct bench *bench)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    answer(bench, "kind", "complaint");
    answer(bench, "topic", "other");
    answer(bench, "description", "灯坏了");
    answer(bench, "contact_by", "anonymous");
    delivery_submit(bench->delivery, &bench->session);
    while (!bench->is_saved) {
        assert_true(clock_monotonic_ms() < end_ms);
        loop_turn(bench->loop, 100);
    }
}

/* The key of nobody: what is sealed to it is never opened here. */
static const char office_key[] = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

/* The case is being fetched from the store to be sent while the program ends:
 * the answer comes when there is no client any more. */
static void test_ends_while_a_case_is_fetched(void **state)
{
    struct bench *bench = *state;

    assert_int_equal(delivery_set_office(bench->delivery, "http://127.0.0.1:1",
                                         office_key, ""),
                     ERR_OK);
    submit(bench);
    assert_int_equal(delivery_waiting(bench->delivery), 1);
    delivery_free(bench->delivery);
    bench->delivery = NULL;
}

/* ---- A journal that cannot be written ---- */

/* Like main: what is recorded goes into the journal. */
static struct {
    int failed;
    int resumed;
    char fields[128];
} seen;

static void on_event(void *owner, const struct event_record_of *event)
{
    struct bench *bench = owner;

    seen.failed += event->id == EVENT_JOURNAL_FAILED;
    seen.resumed += event->id == EVENT_JOURNAL_RESUMED;
    if (event->id == EVENT_JOURNAL_RESUMED || event->id == EVENT_JOURNAL_FAILED)
        snprintf(seen.fields, sizeof seen.fields, "%s", event->fields);
    delivery_journal(bench->delivery, event);
}

static void turn_until(struct bench *bench, enum err wanted)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (delivery_hindrance(bench->delivery) != wanted) {
        assert_true(clock_monotonic_ms() < end_ms);
        loop_turn(bench->loop, 100);
    }
}

static void on_recalled(void *owner, enum err err, const char *value)
{
    bool *is_recalled = owner;
    (void)err;
    (void)value;
    *is_recalled = true;
}

/* What the opening itself records is written when this is answered. */
static void let_write(struct bench *bench)
{
    bool is_recalled = false;

    recall(bench->delivery->store, "nothing", on_recalled, &is_recalled);
    while (!is_recalled)
        loop_turn(bench->loop, 100);
}

static void set_office(struct bench *bench)
{
    memset(&seen, 0, sizeof seen);
    event_set_sink(on_event, bench);
    assert_int_equal(delivery_set_office(bench->delivery, "", office_key, ""),
                     ERR_OK);
    turn_until(bench, ERR_OK);
    let_write(bench);
}

/* Nothing new is taken; one event says so; and it heals by itself, with a
 * record of how many are missing. */
static void test_journal_fails_and_heals(void **state)
{
    struct bench *bench = *state;

    set_office(bench);
    fault_plan("journal.add", -1);
    for (int i = 0; i < 3; i++)
        event_record(EVENT_HELP_CALLED, FIELD_END);
    turn_until(bench, ERR_JOURNAL);
    assert_int_equal(seen.failed, 1);
    assert_string_equal(seen.fields, "{\"err\":\"IO\"}");
    event_record(EVENT_HELP_CALLED, FIELD_END);
    /* Tried again, and still not. */
    clock_shift(10000);
    loop_turn(bench->loop, 0);
    loop_turn(bench->loop, 1000);
    assert_int_equal(delivery_hindrance(bench->delivery), ERR_JOURNAL);
    fault_plan("journal.add", 0);
    clock_shift(10000);
    turn_until(bench, ERR_OK);
    assert_int_equal(seen.resumed, 1);
    assert_string_equal(seen.fields, "{\"count\":4}");
    event_record(EVENT_HELP_CALLED, FIELD_END);
    event_set_sink(NULL, NULL);
}

/* A citizen who tries again need not wait for the clock. */
static void test_journal_is_tried_for_a_citizen(void **state)
{
    struct bench *bench = *state;

    set_office(bench);
    fault_plan("journal.add", 1);
    event_record(EVENT_HELP_CALLED, FIELD_END);
    turn_until(bench, ERR_JOURNAL);
    submit(bench);
    assert_int_equal(delivery_hindrance(bench->delivery), ERR_OK);
    assert_int_equal(seen.resumed, 1);
    event_set_sink(NULL, NULL);
}

static void test_journal_on_a_full_disk(void **state)
{
    struct bench *bench = *state;

    set_office(bench);
    vfs_plan_fail(&(struct vfs_plan){ VFS_WRITE, VFS_FAIL_FULL, 0, -1 });
    event_record(EVENT_HELP_CALLED, FIELD_END);
    turn_until(bench, ERR_DISK_FULL);
    vfs_plan_end();
    clock_shift(10000);
    turn_until(bench, ERR_OK);
    event_set_sink(NULL, NULL);
}

/* Of an anonymous report no record tells more than the hour. */
static void test_anonymous_by_the_hour(void **state)
{
    struct bench *bench = *state;
    char path[96];
    struct store *store = NULL;
    bool is_row = false;

    set_office(bench);
    submit(bench);
    assert_true(bench->session.submitted.is_hour_only);
    assert_null(session_case_to_name(&bench->session.submitted));
    event_set_sink(NULL, NULL);
    delivery_free(bench->delivery);
    bench->delivery = NULL;
    snprintf(path, sizeof path, "%s/kiosk.sqlite", bench->folder);
    assert_int_equal(store_open(path, &terminal_schema, NULL, &store), ERR_OK);
    struct sqlite3_stmt *times = store_prepare(
        store, "SELECT count(*), max(wall_ms % 3600000), "
               "(SELECT max(hour_only AND stored_ms % 3600000 = 0) FROM cases) "
               "FROM journal WHERE name = 'CASE_STORED'");
    assert_int_equal(store_step(times, &is_row), ERR_OK);
    assert_int_equal(store_column_int(times, 0), 1);
    assert_int_equal(store_column_int(times, 1), 0);
    assert_int_equal(store_column_int(times, 2), 1);
    store_close(store);
}

/* What a slip says of the journal can be given to "journal verify --anchor":
 * the number, and the first sixteen digits of the record's hash. */
static void test_slip_is_an_anchor(void **state)
{
    struct bench *bench = *state;
    char path[96], wanted[64], first[24];
    struct journal_result result;
    struct buf slip;

    set_office(bench);
    submit(bench);
    const struct journal_head *head = &bench->session.submitted.head;
    const struct slip_facts facts = {
        .made = &bench->session.submitted,
        .office_text = "",
        .item = bench->session.item,
        .answers = bench->session.answers,
        .language = bench->session.language,
        .settings = &bench->settings,
        .progress_url = "",
    };
    for (int i = 0; i < JOURNAL_ANCHOR_LEAST; i++)
        snprintf(first + 2 * i, 3, "%02X", head->hash[i]);
    snprintf(wanted, sizeof wanted, "\"value\":\"%d %s\"", (int)head->number,
             first);
    buf_init(&slip, 65536);
    slip_compose(&facts, &slip);
    assert_non_null(strstr(slip.text, wanted));
    buf_done(&slip);

    event_set_sink(NULL, NULL);
    delivery_free(bench->delivery);
    bench->delivery = NULL;
    snprintf(path, sizeof path, "%s/kiosk.sqlite", bench->folder);
    struct journal_anchor anchor = { .number = head->number,
                                     .hash_len = JOURNAL_ANCHOR_LEAST };
    memcpy(anchor.hash, head->hash, JOURNAL_ANCHOR_LEAST);
    const struct journal_check_settings with = { .anchors = &anchor,
                                                 .anchor_count = 1 };
    assert_int_equal(journal_check_path(path, &with, &result), ERR_OK);
    assert_int_equal(result.finding.number, 0);
    anchor.hash[0] ^= 1;
    assert_int_equal(journal_check_path(path, &with, &result), ERR_OK);
    assert_int_equal(result.finding.number, anchor.number);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ends_while_a_case_is_fetched,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_journal_fails_and_heals, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_journal_is_tried_for_a_citizen,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_journal_on_a_full_disk, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_anonymous_by_the_hour, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_slip_is_an_anchor, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("delivery", tests, load, unload);
}
