/* A terminal whose key is replaced or revoked while a case waits, against the
 * real hub; a power cut between any two steps; and a terminal that was tampered
 * with, so that it lets through what its item does not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/fault.h"
#include "kiosk/base/file.h"
#include "kiosk/base/file_own.h"
#include "kiosk/base/mem.h"
#include "kiosk/commands.h"
#include "kiosk/delivery.h"
#include "kiosk/hub/enrolment.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/kept.h"
#include "tests/hub/wire.h"

#include <stdio.h>
#include <string.h>

enum { TURNS = 1500 };

static struct pack *pack;

struct terminal {
    struct wire *wire; /* loop, hub, folders */
    char folder[96];
    struct settings settings;
    struct session session;
    struct delivery *delivery;
    char events[8192];
    char first[CRYPTO_HEX_DIGEST]; /* the key it began with */
    int delivered, conflicts;
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

/* ---- The terminal ------------------------------------------------------ */

static void on_event(void *owner, const struct event_record_of *event)
{
    struct terminal *terminal = owner;
    size_t len = strlen(terminal->events);
    snprintf(terminal->events + len, sizeof terminal->events - len, "%s %s\n",
             event->name, event->fields);
}

static void on_case(void *owner, const char *case_id, enum case_state state,
                    enum err err, const char *case_number,
                    const struct journal_head *head)
{
    struct terminal *terminal = owner;
    (void)err;
    (void)case_number;
    (void)head;
    terminal->delivered += state == CASE_DELIVERED;
    terminal->conflicts += state == CASE_CONFLICT;
    if (strcmp(case_id, terminal->session.submitted.id) == 0)
        terminal->session.submitted.state = state;
}

static void on_health(void *owner)
{
    (void)owner;
}

static void start(struct terminal *terminal)
{
    static const struct delivery_events events = { on_case, on_health, NULL };
    struct buf key;

    terminal->events[0] = '\0';
    terminal->delivery = delivery_new(terminal->wire->loop, &terminal->settings,
                                      terminal->folder, &events, terminal);
    buf_init(&key, 64);
    buf_add_base64(&key, terminal->wire->hub.office_key, CRYPTO_PUBLIC_BYTES);
    assert_int_equal(delivery_set_office(terminal->delivery,
                                         terminal->wire->hub.terminals,
                                         key.text, ""),
                     ERR_OK);
    buf_done(&key);
}

static void stop(struct terminal *terminal)
{
    delivery_free(terminal->delivery);
    terminal->delivery = NULL;
}

static void fingerprint(const struct terminal *terminal, enum kept_file file,
                        char hex[CRYPTO_HEX_DIGEST])
{
    char path[KEPT_PATH_BYTES];
    struct key *key = NULL;

    kept_path(terminal->folder, file, path);
    assert_int_equal(key_open(path, KEY_SIGN, false, &key), ERR_OK);
    key_fingerprint(key_public(key), hex);
    key_close(key);
}

/* Turns until it holds; time passes in big steps, so that pauses and reports
 * come soon. */
static void until(struct terminal *terminal,
                  bool (*holds)(const struct terminal *terminal))
{
    for (int i = 0; !holds(terminal); i++) {
        if (i > TURNS)
            fail_msg("in vain: %s", terminal->events);
        loop_turn(terminal->wire->loop, 20);
        clock_shift(1000);
        loop_fire_due(terminal->wire->loop);
    }
}

static bool is_stored(const struct terminal *terminal)
{
    return terminal->session.submitted.state == CASE_SAVED;
}

static bool is_delivered(const struct terminal *terminal)
{
    return terminal->delivered > 0;
}

static bool is_in_conflict(const struct terminal *terminal)
{
    return terminal->conflicts > 0;
}

static bool is_online(const struct terminal *terminal)
{
    return delivery_is_online(terminal->delivery) &&
           delivery_hindrance(terminal->delivery) == ERR_OK;
}

static bool is_revoked(const struct terminal *terminal)
{
    return delivery_hindrance(terminal->delivery) == ERR_KEY_REVOKED;
}

static bool is_replaced(const struct terminal *terminal)
{
    return strstr(terminal->events, "KEY_REPLACED") != NULL;
}

/* A case that cannot go out yet; told where it happened, or not. */
static void store_case_of(struct terminal *terminal, bool has_county)
{
    struct answers *answers;

    delivery_set_network(terminal->delivery, false);
    if (terminal->session.is_open)
        session_wipe(&terminal->session);
    session_begin(&terminal->session, LANGUAGE_ZH_CN);
    session_start_item(&terminal->session, pack_find(pack, "hotline-12345"));
    answers = terminal->session.answers;
    assert_int_equal(answers_set(answers, "kind", "complaint", SOURCE_CITIZEN),
                     ERR_OK);
    assert_int_equal(answers_set(answers, "topic", "other", SOURCE_CITIZEN),
                     ERR_OK);
    if (has_county)
        assert_int_equal(answers_set(answers, "county", "later", SOURCE_LATER),
                         ERR_OK);
    assert_int_equal(
        answers_set(answers, "description", "灯坏了", SOURCE_CITIZEN), ERR_OK);
    assert_int_equal(
        answers_set(answers, "contact_by", "anonymous", SOURCE_CITIZEN),
        ERR_OK);
    delivery_submit(terminal->delivery, &terminal->session);
    until(terminal, is_stored);
}

static void store_a_case(struct terminal *terminal)
{
    store_case_of(terminal, true);
}

static int set_up(void **state)
{
    struct terminal *terminal = mem_new(sizeof *terminal);

    if (wire_set_up(state))
        return -1;
    terminal->wire = *state;
    *state = terminal;
    event_set_sink(on_event, terminal);
    snprintf(terminal->folder, sizeof terminal->folder, "%s/terminal",
             terminal->wire->folder);
    settings_init(&terminal->settings);
    terminal->settings.reserve_mib = 0;
    mem_free(terminal->settings.state_folder);
    terminal->settings.state_folder = mem_copy_text(terminal->folder);
    session_init(&terminal->session);
    assert_int_equal(command_fingerprint(&terminal->settings), 0);
    fingerprint(terminal, KEPT_KEY, terminal->first);
    wire_start_hub(terminal->wire, "127.0.0.1:0", NULL);
    assert_int_equal(
        enrolment_add(terminal->wire->state, terminal->first, NULL), ERR_OK);
    start(terminal);
    until(terminal, is_online);
    return 0;
}

static int tear_down(void **state)
{
    struct terminal *terminal = *state;

    stop(terminal);
    session_done(&terminal->session);
    settings_done(&terminal->settings);
    event_set_sink(NULL, NULL);
    *state = terminal->wire;
    mem_free(terminal);
    return wire_tear_down(state);
}

static int64_t count_at_hub(struct terminal *terminal)
{
    char path[128];
    struct store *store = NULL;
    bool is_row = false;

    wire_kill_hub(terminal->wire);
    snprintf(path, sizeof path, "%s/hub.sqlite", terminal->wire->state);
    assert_int_equal(store_open(path, &hub_schema, NULL, &store), ERR_OK);
    struct sqlite3_stmt *row =
        store_prepare(store, "SELECT count(*) FROM cases");
    assert_int_equal(store_step(row, &is_row), ERR_OK);
    int64_t count = store_column_int(row, 0);
    store_reset(row);
    store_close(store);
    return count;
}

/* What staff do: the command here, the line that it printed there. */
static void make_next(struct terminal *terminal, char next[CRYPTO_HEX_DIGEST])
{
    assert_int_equal(command_key_replace(&terminal->settings), 0);
    fingerprint(terminal, KEPT_NEXT_KEY, next);
}

static void enrol(struct terminal *terminal, const char *next)
{
    const char *const argv[] = { wire_hub_program(),
                                 "enrol",
                                 next,
                                 "--replaces",
                                 terminal->first,
                                 "--state",
                                 terminal->wire->state,
                                 NULL };
    assert_int_equal(wire_run(terminal->wire, argv), 0);
}

static void revoke(struct terminal *terminal)
{
    const char *const argv[] = { wire_hub_program(),    "revoke",
                                 terminal->first,       "--state",
                                 terminal->wire->state, NULL };
    assert_int_equal(wire_run(terminal->wire, argv), 0);
}

/* ---- Tampered with ------------------------------------------------------ */

/* A program that lets a page be left out: refused by name, kept here for staff,
 * and the next case goes out. */
static void test_tampered_terminal(void **state)
{
    struct terminal *terminal = *state;

    store_case_of(terminal, false);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_in_conflict);
    assert_non_null(strstr(terminal->events, "CASE_CONFLICT "
                                             "{\"step\":\"county\",\"err\":"
                                             "\"RULES\"}"));
    store_a_case(terminal);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_delivered);
    assert_int_equal(terminal->conflicts, 1);
    assert_int_equal(count_at_hub(terminal), 1);
}

/* ---- Replaced ---------------------------------------------------------- */

static void test_replaced_while_a_case_waits(void **state)
{
    struct terminal *terminal = *state;
    char next[CRYPTO_HEX_DIGEST], now[CRYPTO_HEX_DIGEST];

    store_a_case(terminal);
    make_next(terminal, next);
    assert_string_not_equal(next, terminal->first);
    make_next(terminal, now); /* said again: the same */
    assert_string_equal(now, next);
    enrol(terminal, next);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_replaced);
    until(terminal, is_delivered);
    fingerprint(terminal, KEPT_KEY, now);
    assert_string_equal(now, next);

    /* The next case is the new key's, and goes out too; also after a restart. */
    stop(terminal);
    start(terminal);
    until(terminal, is_online);
    terminal->delivered = 0;
    store_a_case(terminal);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_delivered);
    assert_int_equal(terminal->conflicts, 0);
    assert_int_equal(count_at_hub(terminal), 2);
}

/* A key that the hub does not know as its successor is not taken. */
static void test_not_before_the_hub_knows(void **state)
{
    struct terminal *terminal = *state;
    char next[CRYPTO_HEX_DIGEST], now[CRYPTO_HEX_DIGEST];

    make_next(terminal, next);
    assert_int_equal(enrolment_add(terminal->wire->state, next, NULL), ERR_OK);
    store_a_case(terminal);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_delivered);
    assert_false(is_replaced(terminal));
    fingerprint(terminal, KEPT_KEY, now);
    assert_string_equal(now, terminal->first);
    enrol(terminal, next);
    until(terminal, is_replaced);
}

/* The power goes after each step: the next start has one key to which its store
 * is bound, and the case goes out once. */
static void test_power_cuts(void **state)
{
    struct terminal *terminal = *state;
    char next[CRYPTO_HEX_DIGEST];
    static const char *const steps[] = { "replacing.bound", "file.move" };

    store_a_case(terminal);
    make_next(terminal, next);
    stop(terminal); /* made, and not yet known */
    enrol(terminal, next);
    /* It has spoken, and its yes never came: the old key is over already. */
    assert_int_equal(enrolment_settle(terminal->wire->state, next), ERR_OK);
    start(terminal);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        fault_plan(steps[i], -1);
        delivery_set_network(terminal->delivery, true);
        for (int turn = 0; turn < 200; turn++) {
            loop_turn(terminal->wire->loop, 5);
            clock_shift(1000);
            loop_fire_due(terminal->wire->loop);
        }
        assert_false(is_replaced(terminal));
        assert_int_equal(terminal->delivered, 0);
        stop(terminal);
        fault_plan(steps[i], 0);
        if (i + 1 < sizeof steps / sizeof *steps)
            start(terminal);
    }
    /* After the last step but one: the key has moved, the store knows both. */
    char path[KEPT_PATH_BYTES], from[KEPT_PATH_BYTES];
    kept_path(terminal->folder, KEPT_NEXT_KEY, from);
    kept_path(terminal->folder, KEPT_KEY, path);
    assert_int_equal(file_move(from, path), ERR_OK);
    start(terminal);
    until(terminal, is_delivered);
    until(terminal, is_online);
    stop(terminal);
    struct terminal_glance glance;
    kept_path(terminal->folder, KEPT_STORE, path);
    assert_int_equal(terminal_store_look(path, &glance), ERR_OK);
    assert_string_equal(glance.machines, next);
    assert_int_equal(glance.waiting, 0);
    assert_int_equal(count_at_hub(terminal), 1);
}

/* ---- Revoked ----------------------------------------------------------- */

static void test_revoked_then_replaced(void **state)
{
    struct terminal *terminal = *state;
    char next[CRYPTO_HEX_DIGEST];

    store_a_case(terminal);
    revoke(terminal);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_revoked); /* by name; it takes no new case */
    assert_non_null(strstr(terminal->events, "KEY_REVOKED"));
    assert_int_equal(terminal->conflicts, 0);
    assert_int_equal(delivery_waiting(terminal->delivery), 1);

    make_next(terminal, next);
    enrol(terminal, next);
    until(terminal, is_replaced);
    until(terminal, is_online);
    /* What the revoked key signed waits for staff; it is not gone. */
    until(terminal, is_in_conflict);
    assert_int_equal(terminal->delivered, 0);
    store_a_case(terminal);
    delivery_set_network(terminal->delivery, true);
    until(terminal, is_delivered);
    stop(terminal);
    struct terminal_glance glance;
    char path[KEPT_PATH_BYTES];
    kept_path(terminal->folder, KEPT_STORE, path);
    assert_int_equal(terminal_store_look(path, &glance), ERR_OK);
    assert_int_equal(glance.waiting, 1);
    assert_int_equal(count_at_hub(terminal), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_replaced_while_a_case_waits),
        TEST(test_not_before_the_hub_knows),
        TEST(test_power_cuts),
        TEST(test_tampered_terminal),
        TEST(test_revoked_then_replaced),
    };
    return cmocka_run_group_tests_name("replacing", tests, load, unload);
}
