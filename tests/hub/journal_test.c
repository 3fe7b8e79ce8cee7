/* What the hub notes of the machines' journals, and what it finds. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/event.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_store.h"
#include "kiosk/store/journal.h"
#include "tests/hub/direct.h"

/* Events of the hub about journals. */
static struct {
    int forged;
    int accepted;
    char fields[256];
} events;

static void on_event(void *owner, const struct event_record_of *event)
{
    (void)owner;
    events.forged += event->id == EVENT_JOURNAL_FORGED;
    events.accepted += event->id == EVENT_JOURNAL_ACCEPTED;
    snprintf(events.fields, sizeof(events.fields), "%s", event->fields);
}

static int set_up(void **state)
{
    int code = direct_set_up(state);

    memset(&events, 0, sizeof(events));
    event_set_sink(on_event, NULL);
    return code;
}

static int tear_down(void **state)
{
    event_set_sink(NULL, NULL);
    return direct_tear_down(state);
}

/* A hash of 32 times the same byte. */
static const char *hash_of(char digit)
{
    static char hashes[4][CRYPTO_HEX_DIGEST];
    static int next;
    char *hash = hashes[next++ % 4];

    memset(hash, digit, CRYPTO_HEX_DIGEST - 1);
    hash[CRYPTO_HEX_DIGEST - 1] = '\0';
    return hash;
}

static void send(struct direct *direct, const char *body)
{
    clock_shift(1000);
    assert_int_equal(
        direct_send(direct, "POST", "/v1/heartbeats", body, strlen(body)), 200);
}

static void tell(struct direct *direct, int number, char hash)
{
    char body[512];

    snprintf(body, sizeof(body),
             "{\"journal\":{\"number\":%d,\"hash\":\"%s\"}}", number,
             hash_of(hash));
    send(direct, body);
}

static void tell_known(struct direct *direct, int number, char hash, int known,
                       char known_hash)
{
    char body[512];

    snprintf(body, sizeof(body),
             "{\"journal\":{\"number\":%d,\"hash\":\"%s\",\"known\":"
             "{\"number\":%d,\"hash\":\"%s\"}}}",
             number, hash_of(hash), known, hash_of(known_hash));
    send(direct, body);
}

static void assert_noted(const struct direct *direct, int number, char hash)
{
    char text[256];

    snprintf(text, sizeof(text), "\"journal\":{\"number\":%d,\"hash\":\"%s\"}",
             number, hash_of(hash));
    if (!direct_says(direct, text))
        fail_msg("%s instead of %s", direct->response.body.text, text);
}

/* ---- What is noted ---- */

static void notes_what_goes_on(void **state)
{
    struct direct *direct = *state;

    tell(direct, 5, 'a');
    assert_noted(direct, 5, 'a');
    tell(direct, 5, 'a');
    assert_noted(direct, 5, 'a');
    /* Not believed before it says what it holds at 5; no reason for alarm. */
    tell(direct, 9, 'b');
    assert_noted(direct, 5, 'a');
    tell_known(direct, 9, 'b', 4, 'c');
    assert_noted(direct, 5, 'a');
    tell_known(direct, 9, 'b', 5, 'a');
    assert_noted(direct, 9, 'b');
    direct_reopen(direct);
    tell_known(direct, 12, 'c', 9, 'b');
    assert_noted(direct, 12, 'c');
    assert_int_equal(events.forged, 0);
}

static void takes_no_nonsense(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"journal\":812}",
        "{\"journal\":{}}",
        "{\"journal\":{\"number\":0,\"hash\":\"00\"}}",
        "{\"journal\":{\"number\":7,\"hash\":\"00\"}}",
        "{\"journal\":{\"number\":\"7\",\"hash\":\"00\"}}",
        "{\"journal\":[1,2]}",
    };
    struct direct *direct = *state;

    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        send(direct, bodies[i]);
        assert_false(direct_says(direct, "journal"));
    }
    tell(direct, 5, 'a');
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        send(direct, bodies[i]);
        assert_noted(direct, 5, 'a');
    }
    assert_int_equal(events.forged, 0);
}

/* ---- What is found ---- */

static void finds_a_rolled_back_journal(void **state)
{
    struct direct *direct = *state;
    char machine[CRYPTO_HEX_DIGEST];

    key_fingerprint(key_public(direct->machine), machine);
    tell(direct, 9, 'a');
    tell(direct, 8, 'b');
    assert_noted(direct, 9, 'a');
    assert_int_equal(events.forged, 1);
    assert_non_null(strstr(events.fields, machine));
    assert_non_null(strstr(events.fields, "\"number\":8"));
    /* Once, not with every heartbeat; also over a restart. */
    tell(direct, 8, 'b');
    direct_reopen(direct);
    tell(direct, 8, 'b');
    assert_int_equal(events.forged, 1);
    /* The right one is back, and the next time counts anew. */
    tell_known(direct, 10, 'c', 9, 'a');
    assert_noted(direct, 10, 'c');
    tell(direct, 1, 'd');
    assert_int_equal(events.forged, 2);
}

static void finds_another_hash(void **state)
{
    struct direct *direct = *state;

    tell(direct, 9, 'a');
    tell(direct, 9, 'b');
    assert_noted(direct, 9, 'a');
    assert_int_equal(events.forged, 1);
    tell(direct, 9, 'a');
    /* Rolled back and grown again: what it holds at 9 gives it away. */
    tell(direct, 20, 'c');
    assert_int_equal(events.forged, 1);
    tell_known(direct, 21, 'd', 9, 'b');
    assert_int_equal(events.forged, 2);
    assert_noted(direct, 9, 'a');
}

/* A heartbeat that was long on its way tells of an earlier time. */
static void is_not_alarmed_by_a_late_one(void **state)
{
    struct direct *direct = *state;

    tell(direct, 9, 'a');
    direct->sign_off_ms = -60000;
    tell(direct, 8, 'b');
    assert_int_equal(events.forged, 0);
    assert_noted(direct, 9, 'a');
    direct->sign_off_ms = 0;
}

static void tells_machines_apart(void **state)
{
    static const char body[] = "{}";
    struct direct *direct = *state;

    direct_enrol(direct, direct->stranger);
    tell(direct, 9, 'a');
    direct_send_as(direct, direct->stranger,
                   &(struct request_line){ "POST", "/v1/heartbeats", body, 2 });
    assert_int_equal(direct->response.status, 200);
    assert_false(direct_says(direct, "journal"));
}

/* ---- Beginning anew ---- */

static void hub_folder(const struct direct *direct, char folder[128])
{
    snprintf(folder, 128, "%.64s/hub", direct->folder);
}

static void accept_new(const struct direct *direct)
{
    char folder[128], machine[CRYPTO_HEX_DIGEST];

    hub_folder(direct, folder);
    key_fingerprint(key_public(direct->machine), machine);
    assert_int_equal(hub_journal_accept(folder, machine), ERR_OK);
    assert_int_equal(hub_journal_accept(folder, "../x"), ERR_BAD_INPUT);
}

static void accepts_what_staff_accepts(void **state)
{
    struct direct *direct = *state;

    tell(direct, 9, 'a');
    tell(direct, 2, 'b');
    accept_new(direct);
    tell(direct, 3, 'c');
    assert_noted(direct, 3, 'c');
    assert_int_equal(events.accepted, 1);
    assert_int_equal(events.forged, 1);
    /* Once: not the next one, too. */
    tell(direct, 1, 'd');
    assert_int_equal(events.forged, 2);
    assert_noted(direct, 3, 'c');
}

/* Said when there was nothing to accept, it accepts nothing later. */
static void forgets_a_needless_yes(void **state)
{
    struct direct *direct = *state;

    tell(direct, 9, 'a');
    accept_new(direct);
    tell(direct, 9, 'a');
    tell(direct, 2, 'b');
    assert_int_equal(events.accepted, 0);
    assert_int_equal(events.forged, 1);
    assert_noted(direct, 9, 'a');
}

/* ---- The key ---- */

static void on_open(void *owner, enum err err,
                    const struct terminal_state *terminal)
{
    (void)owner;
    (void)terminal;
    assert_int_equal(err, ERR_OK);
}

static void on_report(void *owner, enum err err,
                      const struct journal_report *report)
{
    assert_int_equal(err, ERR_OK);
    memcpy(owner, report, sizeof(*report));
}

/* A terminal's journal of three records, as it tells of it. */
static struct journal_report make_journal(const struct direct *direct,
                                          const char *path)
{
    static const struct journal_head nothing;
    struct event_record_of event = { .name = "STARTED", .fields = "{}" };
    struct journal_report report = { 0 };
    struct loop *loop = loop_new();
    struct terminal_store *store =
        terminal_store_new(loop, path, on_open, NULL);

    for (int i = 0; i < 3; i++)
        journal_append(store, &event, NULL, NULL);
    journal_seal_key(store, hub_office_key(direct->hub), NULL, NULL);
    journal_report(store, &nothing, on_report, &report);
    terminal_store_free(store);
    loop_free(loop);
    assert_int_equal(report.head.number, 3);
    return report;
}

static void tell_report(struct direct *direct,
                        const struct journal_report *report)
{
    struct buf body;

    buf_init(&body, 1024);
    buf_add_format(&body, "{\"journal\":{\"number\":%d,\"hash\":\"",
                   (int)report->head.number);
    buf_add_hex(&body, report->head.hash, 32);
    buf_add_format(&body, "\",\"key\":\"%s\"}}", report->sealed);
    send(direct, body.text);
    buf_done(&body);
}

/* From the machine's heartbeat to codes that are checked at the office. */
static void opens_the_key(void **state)
{
    struct direct *direct = *state;
    char folder[128], path[256], machine[CRYPTO_HEX_DIGEST], store[128];
    struct journal_key key;
    struct journal_result result;
    struct buf text;

    snprintf(store, sizeof(store), "%.64s/kiosk.sqlite", direct->folder);
    struct journal_report report = make_journal(direct, store);
    tell_report(direct, &report);
    key_fingerprint(key_public(direct->machine), machine);
    hub_folder(direct, folder);
    snprintf(path, sizeof(path), "%s/journal/%s.key", folder, machine);
    buf_init(&text, 256);
    assert_int_equal(hub_journal_key(folder, path, &text), ERR_OK);
    assert_int_equal(journal_key_parse(text.text, text.len, &key), ERR_OK);
    const struct journal_check_settings settings = { .key = &key };
    assert_int_equal(journal_check_path(store, &settings, &result), ERR_OK);
    assert_int_equal(result.finding.number, 0);
    assert_int_equal(result.records, 3);
    key.bytes[0] ^= 1;
    assert_int_equal(journal_check_path(store, &settings, &result), ERR_OK);
    assert_int_equal(result.finding.number, 1);
    assert_int_equal(hub_journal_key(folder, store, &text), ERR_TOO_BIG);
    assert_int_equal(hub_journal_key(folder, "/nowhere", &text), ERR_NOT_FOUND);
    buf_done(&text);
}

/* The first key is kept; a journal with another one is another journal, even
 * when its number is higher. */
static void keeps_the_first_key(void **state)
{
    struct direct *direct = *state;
    char path[128];

    snprintf(path, sizeof(path), "%.64s/one", direct->folder);
    struct journal_report one = make_journal(direct, path);
    snprintf(path, sizeof(path), "%.64s/two", direct->folder);
    struct journal_report two = make_journal(direct, path);
    tell_report(direct, &one);
    tell_report(direct, &one);
    assert_int_equal(events.forged, 0);
    two.head = one.head;
    tell_report(direct, &two);
    assert_int_equal(events.forged, 1);
    accept_new(direct);
    tell_report(direct, &two);
    assert_int_equal(events.accepted, 1);
    tell_report(direct, &two);
    assert_int_equal(events.forged, 1);
    tell_report(direct, &one);
    assert_int_equal(events.forged, 2);
}

/* ---- Older versions ---- */

/* Version 1 as it was, word for word: never to be changed. */
static const char *const version_1[] = {
    "CREATE TABLE machines ("
    " machine TEXT PRIMARY KEY, public_key BLOB NOT NULL,"
    " health TEXT NOT NULL DEFAULT '', seen_ms INTEGER NOT NULL);"
    "CREATE TABLE cases ("
    " id TEXT PRIMARY KEY, machine TEXT NOT NULL, receipt TEXT NOT NULL,"
    " item TEXT NOT NULL, version INTEGER NOT NULL, number INTEGER NOT NULL,"
    " envelope BLOB NOT NULL, digest BLOB NOT NULL, state TEXT NOT NULL,"
    " case_number TEXT NOT NULL UNIQUE, received_ms INTEGER NOT NULL,"
    " address_hash BLOB);"
    "CREATE INDEX cases_by_address ON cases (address_hash);"
    "CREATE TABLE days (day TEXT PRIMARY KEY, last INTEGER NOT NULL);"
    "CREATE TABLE lookups (address_hash BLOB PRIMARY KEY,"
    " wrong INTEGER NOT NULL, since_ms INTEGER NOT NULL);",
};

/* A hub of before knows machines, but none of their journals. */
static void goes_on_from_version_1(void **state)
{
    static const struct store_schema schema = { version_1, 1 };
    struct direct *direct = *state;
    char path[128], machine[CRYPTO_HEX_DIGEST];
    struct store *store;

    hub_close(direct->hub);
    snprintf(path, sizeof(path), "%.64s/hub/hub.sqlite", direct->folder);
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(store_open(path, &schema, NULL, &store), ERR_OK);
    key_fingerprint(key_public(direct->machine), machine);
    struct sqlite3_stmt *row = store_prepare(
        store, "INSERT INTO machines (machine, public_key, health, seen_ms)"
               " VALUES (?1, ?2, '{}', 5)");
    store_bind_text(row, 1, machine);
    store_bind_bytes(row, 2, key_public(direct->machine), CRYPTO_PUBLIC_BYTES);
    assert_int_equal(store_run(row), ERR_OK);
    store_close(store);
    direct_open(direct);
    send(direct, "{}");
    assert_false(direct_says(direct, "journal"));
    tell(direct, 7, 'e');
    assert_noted(direct, 7, 'e');
}

int main(void)
{
#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(notes_what_goes_on),
        TEST(takes_no_nonsense),
        TEST(finds_a_rolled_back_journal),
        TEST(finds_another_hash),
        TEST(is_not_alarmed_by_a_late_one),
        TEST(tells_machines_apart),
        TEST(accepts_what_staff_accepts),
        TEST(forgets_a_needless_yes),
        TEST(opens_the_key),
        TEST(keeps_the_first_key),
        TEST(goes_on_from_version_1),
    };

    return cmocka_run_group_tests_name("journal at the hub", tests, NULL, NULL);
}
