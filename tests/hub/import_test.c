/* A machine that died: `kiosk outbox export` there, `kiosk-hub import` at the
 * hub.  The outbox holds real envelopes, the programs are the real ones. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/loop.h"
#include "kiosk/base/mem.h"
#include "kiosk/store/terminal.h"
#include "tests/hub/direct.h"
#include "tests/hub/forged.h"
#include "tests/tty/world.h"

enum { CASES = 3, FILE_MAX = 1024 * 1024, HEAD = 44, BEFORE_BYTES = 52 };

/* The machine that dies, with what it had stored. */
static struct dead {
    char state[WORLD_PATH], settings[WORLD_PATH], file[WORLD_PATH];
    char hub[WORLD_PATH];
    struct key *key;
    struct sample cases[CASES];
    struct buf envelopes[CASES];
} dead;

static struct world_said said;

/* ---- Making it --------------------------------------------------------- */

static void on_open(void *owner, enum err err,
                    const struct terminal_state *state)
{
    (void)owner;
    (void)state;
    assert_int_equal(err, ERR_OK);
}

static void on_stored(void *owner, enum err err,
                      const struct journal_head *head)
{
    (void)head;
    assert_int_equal(err, ERR_OK);
    ++*(int *)owner;
}

static void put(struct terminal_store *store, int at, int *stored)
{
    const struct sample *sample = &dead.cases[at];
    struct outbox_case entry = {
        .number = at + 1,
        .receipt_sequence = at + 1,
        .wall_ms = sample->wall_ms,
        .bytes = (const unsigned char *)dead.envelopes[at].text,
        .len = dead.envelopes[at].len,
    };

    memcpy(entry.id, sample->id, sizeof entry.id);
    snprintf(entry.receipt, sizeof entry.receipt, "%s", sample->receipt);
    snprintf(entry.receipt_day, sizeof entry.receipt_day, "20261124");
    snprintf(entry.item, sizeof entry.item, "hotline-12345");
    outbox_put(store, &entry, on_stored, stored);
}

/* All envelopes of the samples, as they are now, into a new outbox. */
static void store_all(void)
{
    char path[WORLD_PATH];
    struct loop *loop = loop_new();
    int stored = 0;

    world_join(path, dead.state, "kiosk.sqlite");
    struct terminal_store *store =
        terminal_store_new(loop, path, on_open, NULL);
    for (int i = 0; i < CASES; i++)
        put(store, i, &stored);
    while (stored < CASES)
        loop_turn(loop, 1000);
    terminal_store_free(store);
    loop_free(loop);
}

static void seal(const struct key *machine, const unsigned char *office)
{
    for (int i = 0; i < CASES; i++) {
        sample_init(&dead.cases[i], machine, office);
        sample_envelope(&dead.cases[i], &dead.envelopes[i]);
    }
}

static int set_up(void **state)
{
    char text[WORLD_PATH + 64], path[WORLD_PATH];

    direct_set_up(state);
    struct direct *direct = *state;
    world_join(dead.state, direct->folder, "state");
    world_join(dead.settings, direct->folder, "settings.yaml");
    world_join(dead.file, direct->folder, "cases");
    world_join(dead.hub, direct->folder, "hub");
    snprintf(text, sizeof text, "state_folder: \"%s\"\n", dead.state);
    world_write(dead.settings, text, 0600);
    assert_int_equal(file_make_folder(dead.state, 0700), ERR_OK);
    world_join(path, dead.state, "machine.key");
    assert_int_equal(key_open(path, KEY_SIGN, true, &dead.key), ERR_OK);
    direct_enrol(direct, dead.key);
    seal(dead.key, hub_office_key(direct->hub));
    return 0;
}

static int tear_down(void **state)
{
    for (int i = 0; i < CASES; i++)
        buf_done(&dead.envelopes[i]);
    key_close(dead.key);
    return direct_tear_down(state);
}

/* ---- The two programs -------------------------------------------------- */

static int export(void)
{
    char program[WORLD_PATH];
    const char *argv[] = { program,      "outbox",      "export", dead.file,
                           "--settings", dead.settings, NULL };

    world_program(program, "kiosk");
    world_run(argv, &said);
    return said.code;
}

/* The hub is stopped for it and opened again. */
static int import(struct direct *direct, const char *option)
{
    char program[WORLD_PATH];
    const char *argv[] = { program,  "import", dead.file, "--state",
                           dead.hub, option,   NULL };

    hub_close(direct->hub);
    direct->hub = NULL;
    world_program(program, "kiosk-hub");
    world_run(argv, &said);
    direct_open(direct);
    return said.code;
}

/* "ID word" stands in what import said. */
static void is_said(int at, const char *word)
{
    char line[128];
    snprintf(line, sizeof line, "%s %s", dead.cases[at].id, word);
    if (!strstr(said.out, line))
        fail_msg("\"%s\" is not in\n%s%s", line, said.out, said.err);
}

static void is_counted(struct direct *direct, int64_t expected)
{
    int64_t count = -1;
    direct_sql(direct, "SELECT count(*) FROM cases", &count);
    assert_int_equal(count, expected);
}

static int send(struct direct *direct, int at)
{
    struct request_line line = { "PUT", direct_path(dead.cases[at].id),
                                 dead.envelopes[at].text,
                                 dead.envelopes[at].len };
    return direct_send_as(direct, dead.key, &line);
}

/* ---- What goes well ---------------------------------------------------- */

static void takes_each_once(void **state)
{
    struct direct *direct = *state;

    store_all();
    assert_int_equal(send(direct, 1), 201);
    assert_int_equal(export(), 0);
    assert_non_null(strstr(said.out, "3 cases written to"));
    assert_int_equal(import(direct, NULL), 0);
    is_said(0, "created " ZEROS);
    is_said(1, "exists " ZEROS "20261124000001");
    is_said(2, "created " ZEROS);
    assert_non_null(strstr(said.out, "2 created, 1 were there, 0 refused\n"));
    is_counted(direct, CASES);
    assert_int_equal(import(direct, NULL), 0);
    assert_non_null(strstr(said.out, "0 created, 3 were there"));
    is_counted(direct, CASES);
    /* The machine comes back to life and sends what it still has. */
    for (int i = 0; i < CASES; i++)
        assert_int_equal(send(direct, i), 200);
    is_counted(direct, CASES);
}

/* A hall's staff must not believe that a dead machine was seen today. */
static void machine_was_not_seen(void **state)
{
    struct direct *direct = *state;
    const struct request_line beat = { "POST", "/v1/heartbeats", "{}", 2 };
    int64_t seen_ms = 0;

    store_all();
    assert_int_equal(direct_send_as(direct, dead.key, &beat), 200);
    assert_int_equal(export(), 0);
    assert_int_equal(import(direct, NULL), 0);
    direct_sql(direct, "SELECT seen_ms FROM machines", &seen_ms);
    assert_int_equal(seen_ms, DIRECT_START_MS);
}

static void lost_key_is_known_to_the_hub(void **state)
{
    struct direct *direct = *state;
    const struct request_line beat = { "POST", "/v1/heartbeats", "{}", 2 };
    char path[WORLD_PATH];

    store_all();
    world_join(path, dead.state, "machine.key");
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(export(), 0);
    assert_non_null(strstr(said.err, "this machine's key cannot be read"));
    assert_false(file_exists(path)); /* none was made */
    assert_int_equal(import(direct, NULL), 1);
    is_said(0, "refused: This machine is not enrolled");
    is_counted(direct, 0);
    assert_int_equal(direct_send_as(direct, dead.key, &beat), 200);
    assert_int_equal(import(direct, NULL), 0);
    is_counted(direct, CASES);
}

/* ---- What is refused ---------------------------------------------------- */

static void refuses_what_the_wire_refuses(void **state)
{
    struct direct *direct = *state;
    struct buf other;

    /* 0: its seal is broken.  1: the hub has other bytes under its id. */
    dead.envelopes[0].text[dead.envelopes[0].len - 70] ^= 1;
    sample_envelope(&dead.cases[1], &other);
    struct request_line line = { "PUT", direct_path(dead.cases[1].id),
                                 other.text, other.len };
    assert_int_equal(direct_send_as(direct, dead.key, &line), 201);
    buf_done(&other);
    store_all();
    assert_int_equal(export(), 0);
    assert_int_equal(import(direct, NULL), 1);
    is_said(0, "refused: The envelope is broken");
    is_said(1, "refused: Another case has this id");
    is_said(2, "created");
    assert_non_null(strstr(said.out, "1 created, 0 were there, 2 refused; NOT "
                                     "ALL ARE AT THE HUB"));
    is_counted(direct, 2);
}

/* What a file holds is judged as what a machine sends. */
static void refuses_what_rules_refuse(void **state)
{
    static const char *const answers[] = { "kind=help", "topic=other", NULL };
    struct direct *direct = *state;
    struct problems problems;
    struct pack *pack = NULL;

    problems_init(&problems);
    assert_int_equal(pack_load("screens/items", &problems, &pack), ERR_OK);
    problems_done(&problems);
    const struct forged forged = { .item = pack_find(pack, "hotline-12345"),
                                   .answers = answers,
                                   .today_ms = DIRECT_START_MS,
                                   .sent_ms = DIRECT_START_MS };
    buf_done(&dead.envelopes[0]);
    forged_envelope(&forged, dead.cases[0].id, dead.key,
                    hub_office_key(direct->hub), &dead.envelopes[0]);
    pack_free(pack);
    store_all();
    assert_int_equal(export(), 0);
    assert_int_equal(import(direct, NULL), 1);
    is_said(0, "refused: The item's rules do not let this through: missing "
               "county");
    is_counted(direct, CASES - 1);
}

static void refuses_strangers(void **state)
{
    struct direct *direct = *state;
    char hex[CRYPTO_HEX_DIGEST], path[WORLD_PATH];

    store_all();
    key_fingerprint(key_public(dead.key), hex);
    snprintf(path, sizeof path, "%.300s/enrol/%s", dead.hub, hex);
    assert_int_equal(file_remove(path), ERR_OK);
    assert_int_equal(export(), 0);
    assert_int_equal(import(direct, NULL), 1);
    is_said(0, "refused: This machine is not enrolled");
    is_counted(direct, 0);
}

/* Signed by another machine than the one whose outbox it was in. */
static void refuses_other_machines_cases(void **state)
{
    struct direct *direct = *state;

    for (int i = 0; i < CASES; i++)
        buf_done(&dead.envelopes[i]);
    seal(direct->stranger, hub_office_key(direct->hub));
    store_all();
    assert_int_equal(export(), 0);
    assert_int_equal(import(direct, NULL), 1);
    is_said(0, "refused: The envelope is of another machine");
    is_counted(direct, 0);
}

static void refuses_another_offices_cases(void **state)
{
    struct direct *direct = *state;
    unsigned char office[CRYPTO_PUBLIC_BYTES] = { 9 };

    for (int i = 0; i < CASES; i++)
        buf_done(&dead.envelopes[i]);
    seal(dead.key, office);
    store_all();
    assert_int_equal(export(), 0);
    assert_int_equal(import(direct, NULL), 1);
    is_said(2, "refused: The envelope is sealed to an unknown key");
    is_counted(direct, 0);
}

static void flip(size_t at)
{
    char *bytes = NULL;
    size_t len;

    assert_int_equal(file_read(dead.file, FILE_MAX, &bytes, &len), ERR_OK);
    bytes[at] ^= 4;
    assert_int_equal(file_replace(dead.file, bytes, len, 0600), ERR_OK);
    mem_free(bytes);
}

static void damaged_file_changes_nothing(void **state)
{
    struct direct *direct = *state;
    size_t second = HEAD + BEFORE_BYTES + dead.envelopes[0].len + 32;

    store_all();
    assert_int_equal(export(), 0);
    flip(second + BEFORE_BYTES + 100);
    assert_int_equal(import(direct, NULL), 1);
    assert_non_null(strstr(said.err, "case 2 of 3: its bytes are not those "
                                     "that were written; nothing was taken"));
    assert_string_equal(said.out, "");
    is_counted(direct, 0);
    assert_int_equal(import(direct, "--salvage"), 1);
    assert_non_null(strstr(said.err, "only cases that are whole are taken"));
    is_said(0, "created");
    is_said(2, "created");
    assert_non_null(strstr(said.out, "case 2 of the file refused"));
    is_counted(direct, 2);
}

static void cut_file_changes_nothing(void **state)
{
    struct direct *direct = *state;
    size_t second = HEAD + BEFORE_BYTES + dead.envelopes[0].len + 32, len;
    char *bytes = NULL;

    store_all();
    assert_int_equal(export(), 0);
    assert_int_equal(file_read(dead.file, FILE_MAX, &bytes, &len), ERR_OK);
    assert_int_equal(file_replace(dead.file, bytes, second + 99, 0600), ERR_OK);
    assert_int_equal(import(direct, NULL), 1);
    assert_non_null(strstr(said.err, "case 2 of 3: the file ends in the"));
    is_counted(direct, 0);
    assert_int_equal(import(direct, "--salvage"), 1);
    is_said(0, "created");
    is_counted(direct, 1);
    assert_int_equal(file_replace(dead.file, "nothing", 7, 0600), ERR_OK);
    assert_int_equal(import(direct, "--salvage"), 1);
    assert_non_null(strstr(said.err, "no file of `kiosk outbox export`"));
    mem_free(bytes);
}

static void hub_must_be_stopped(void **state)
{
    struct direct *direct = *state;
    char program[WORLD_PATH];
    const char *argv[] = { program,   "import", dead.file,
                           "--state", dead.hub, NULL };

    store_all();
    assert_int_equal(export(), 0);
    world_program(program, "kiosk-hub");
    world_run(argv, &said);
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "stop it, import, and start it again"));
    is_counted(direct, 0);
    /* Where there was no hub, none is made. */
    argv[4] = dead.state;
    world_run(argv, &said);
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "no hub has kept anything there"));
    char path[WORLD_PATH];
    world_join(path, dead.state, "office.key");
    assert_false(file_exists(path));
}

/* ---- The terminal's side ------------------------------------------------ */

static void export_says_why_not(void **state)
{
    char path[WORLD_PATH];
    int lock = -1;
    (void)state;

    assert_int_equal(export(), 1);
    assert_non_null(strstr(said.err, "no terminal has kept anything here"));
    store_all();
    world_join(path, dead.state, "kiosk.lock");
    assert_false(file_exists(path));
    assert_int_equal(file_lock(path, &lock), ERR_OK);
    assert_int_equal(export(), 1);
    assert_non_null(strstr(said.err, "the terminal is running"));
    assert_false(file_exists(dead.file));
    file_unlock(lock);
    assert_int_equal(export(), 0);
    assert_int_equal(export(), 1);
    assert_non_null(strstr(said.err, "this is there already"));
}

#define TEST(function)                                                         \
    cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(takes_each_once),
        TEST(machine_was_not_seen),
        TEST(lost_key_is_known_to_the_hub),
        TEST(refuses_what_the_wire_refuses),
        TEST(refuses_strangers),
        TEST(refuses_what_rules_refuse),
        TEST(refuses_other_machines_cases),
        TEST(refuses_another_offices_cases),
        TEST(damaged_file_changes_nothing),
        TEST(cut_file_changes_nothing),
        TEST(hub_must_be_stopped),
        TEST(export_says_why_not),
    };
    return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
