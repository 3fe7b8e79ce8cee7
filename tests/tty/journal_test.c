/* The journal of a machine that a person used, from its heartbeat and its key at
 * the hub to what "kiosk journal" says of it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "kiosk/store/inside.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { WORDS_MAX = 8, SHORT = 300 };

static char kiosk[WORLD_PATH], hub[WORLD_PATH], folder[WORLD_PATH];
static char store_path[WORLD_PATH], flat[WORLD_PATH], key_path[WORLD_PATH];
static char anchor[96];
static struct world_said said;

/* One record of the journal, as the hub has noted it: "FINGERPRINT N:HASH". */
static void read_anchor(const char *hub_state, char machine[CRYPTO_HEX_DIGEST])
{
    const char *const argv[] = { hub, "journal-heads", "--state", hub_state,
                                 NULL };

    world_run(argv, &said);
    assert_int_equal(said.code, 0);
    assert_string_equal(said.err, "");
    char *space = strchr(said.out, ' ');
    assert_non_null(space);
    assert_int_equal(space - said.out, CRYPTO_HEX_DIGEST - 1);
    snprintf(machine, CRYPTO_HEX_DIGEST, "%.64s", said.out);
    snprintf(anchor, sizeof anchor, "%.*s", (int)strcspn(space + 1, "\n"),
             space + 1);
    assert_null(strchr(anchor, ' '));
}

/* A run with an anonymous report, and its key as the office gets it. */
static int use_machine(void **state)
{
    char sealed[WORLD_PATH], hub_state[WORLD_PATH];
    char name[CRYPTO_HEX_DIGEST + 32], machine[CRYPTO_HEX_DIGEST];
    (void)state;

    world_program(kiosk, "kiosk");
    world_program(hub, "kiosk-hub");
    world_folder(folder);
    world_join(store_path, folder, "kiosk.sqlite");
    world_join(flat, folder, "flat");
    world_join(key_path, folder, "key");
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .folder = folder };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    /* A report of health with the journal's head; the hub has dealt with it once
     * it has the case, which comes later. */
    assert_true(drive_sim(drive, "clock +61s"));
    person_report(drive, "灯坏了");
    person_comes_to(drive, "state.delivered");
    /* While the person still stands there. */
    assert_true(drive_sim(drive, "reader unplug"));
    assert_true(drive_sim(drive, "clock +1s"));
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);

    world_join(hub_state, folder, "hub");
    read_anchor(hub_state, machine);
    snprintf(name, sizeof name, "journal/%s.key", machine);
    world_join(sealed, hub_state, name);
    const char *const argv[] = { hub,       "journal-key", sealed,
                                 "--state", hub_state,     NULL };
    world_run(argv, &said);
    assert_int_equal(said.code, 0);
    world_write(key_path, said.out, 0600);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

struct order {
    const char *words[WORDS_MAX];
    int code;
    const char *out, *err; /* what must stand there; NULL: nothing at all */
};

static void check(const struct order *order)
{
    const char *argv[WORDS_MAX + 3] = { kiosk, "journal" };

    for (size_t i = 0; i < WORDS_MAX && order->words[i]; i++)
        argv[i + 2] = order->words[i];
    world_run(argv, &said);
    bool is_right =
        said.code == order->code &&
        (order->out ? strstr(said.out, order->out) != NULL : !*said.out) &&
        (order->err ? strstr(said.err, order->err) != NULL : !*said.err);
    if (!is_right)
        fail_msg("%s %s: exit code %d\n%s%s", order->words[0],
                 order->words[1] ? order->words[1] : "", said.code, said.out,
                 said.err);
}

/* The heads that hub, key and copy know are of one journal. */
static void test_whole(void **state)
{
    const struct order orders[] = {
        { { "verify", store_path }, 0, " records, 1 to ", NULL },
        { { "verify", store_path, "--anchor", anchor }, 0, ", head ", NULL },
        { { "verify", store_path, "--key", key_path },
          0,
          ", made with the machine's key\n",
          NULL },
        { { "export", store_path, flat }, 0, " records written\n", NULL },
        { { "verify", flat, "--anchor", anchor, "--key", key_path },
          0,
          ", made with the machine's key\n",
          NULL },
        { { "export", store_path, flat }, 2, NULL, "segments already" },
    };
    char first[SHORT], again[SHORT];
    (void)state;

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        check(&orders[i]);
    /* One line, and the same of both forms. */
    check(&orders[0]);
    snprintf(first, sizeof first, "%.290s", said.out);
    assert_ptr_equal(strchr(first, '\n'), first + strlen(first) - 1);
    const struct order of_copy = { { "verify", flat }, 0, "records", NULL };
    check(&of_copy);
    snprintf(again, sizeof again, "%.290s", said.out);
    assert_string_equal(first, again);
}

static void test_wrong_words(void **state)
{
    const struct order orders[] = {
        { { NULL }, 2, NULL, "say verify or export" },
        { { "nonsense" }, 2, NULL, "say verify or export" },
        { { "verify" }, 2, NULL, "which file?" },
        { { "verify", "/nowhere" }, 2, NULL, "there is no journal here" },
        { { "verify", "/dev/null" }, 2, NULL, "/dev/null" },
        { { "verify", key_path }, 2, NULL, "no store of a kiosk" },
        { { "verify", "/proc" }, 2, NULL, "there is no journal here" },
        { { "verify", store_path, "more" }, 2, NULL, "one word too many" },
        { { "verify", store_path, "--anchor" }, 2, NULL, "a value must" },
        { { "verify", store_path, "--anchor", "5" }, 2, NULL, "16 hex digits" },
        { { "verify", store_path, "--anchor", "5:12345678" },
          2,
          NULL,
          "16 hex digits" },
        { { "verify", store_path, "--anchor", "0:1234567812345678" },
          2,
          NULL,
          "16 hex digits" },
        { { "verify", store_path, "--key", store_path },
          2,
          NULL,
          "no journal's key" },
        { { "export", store_path }, 2, NULL, "a store and a folder" },
        { { "export", "/nowhere", "/tmp/x" }, 2, NULL, "no journal here" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++)
        check(&orders[i]);
}

/* As a slip prints it: the first sixteen digits, large. */
static void test_anchor_of_a_slip(void **state)
{
    char large[96];
    (void)state;

    snprintf(large, sizeof large, "%s", anchor);
    strchr(large, ':')[17] = '\0';
    for (char *c = large; *c; c++)
        if (*c >= 'a' && *c <= 'f')
            *c = (char)(*c - 'a' + 'A');
    const struct order good = {
        { "verify", store_path, "--anchor", large }, 0, "records", NULL
    };
    check(&good);
    char *last = large + strlen(large) - 1;
    *last = *last == '0' ? '1' : '0';
    const struct order bad = { { "verify", store_path, "--anchor", large },
                               1,
                               ": it is not the record that was noted "
                               "elsewhere\n",
                               NULL };
    check(&bad);
}

/* Of an anonymous report no record tells more than the hour; nor do those of
 * the session around it. */
static void test_anonymous(void **state)
{
    struct store *store = NULL;
    bool is_row = false;
    (void)state;

    assert_int_equal(store_open(store_path, &terminal_schema, NULL, &store),
                     ERR_OK);
    struct sqlite3_stmt *rows = store_prepare(
        store, "SELECT count(*), max(wall_ms % 3600000), "
               "sum(fields LIKE '%UNPLUGGED%') FROM journal "
               "WHERE name LIKE 'SESSION_%' OR name LIKE 'CASE_%' "
               "OR fields LIKE '%UNPLUGGED%'");
    assert_int_equal(store_step(rows, &is_row), ERR_OK);
    assert_true(store_column_int(rows, 0) >= 4);
    assert_int_equal(store_column_int(rows, 1), 0);
    assert_int_equal(store_column_int(rows, 2), 1);
    store_close(store);
}

/* Last, for it spoils the store: a cut tail and an altered record. */
static void test_spoilt(void **state)
{
    const struct order cut = { { "verify", store_path },
                               1,
                               ": it is missing: the journal was cut off "
                               "before it\n",
                               NULL };
    const struct order altered = { { "verify", store_path },
                                   1,
                                   "record 2: it was altered, or a record "
                                   "before it was\n",
                                   NULL };
    struct store *store = NULL;
    (void)state;

    assert_int_equal(store_open(store_path, &terminal_schema, NULL, &store),
                     ERR_OK);
    const struct order open = { { "verify", store_path },
                                2,
                                NULL,
                                "a program has it open: stop the kiosk "
                                "first" };
    check(&open);
    assert_int_equal(
        store_run(store_prepare(store, "DELETE FROM journal WHERE number = "
                                       "(SELECT max(number) FROM journal)")),
        ERR_OK);
    store_close(store);
    check(&cut);
    assert_int_equal(store_open(store_path, &terminal_schema, NULL, &store),
                     ERR_OK);
    assert_int_equal(
        store_run(store_prepare(store, "UPDATE journal SET wall_ms = 1 "
                                       "WHERE number = 2")),
        ERR_OK);
    store_close(store);
    check(&altered);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_wrong_words),
        cmocka_unit_test(test_anchor_of_a_slip),
        cmocka_unit_test(test_anonymous),
        cmocka_unit_test(test_spoilt),
    };
    return cmocka_run_group_tests_name("journal", tests, use_machine,
                                       remove_world);
}
