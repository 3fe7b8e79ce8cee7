/* The hub is away, killed, slow or rude, the kiosk is killed: the person is
 * told where the case stands, and it arrives once. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "kiosk/hub/hub_store.h"
#include "tests/tty/person.h"
#include "tests/tty/rude_hub.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 240000 };

/* Whatever its hub is. */
static struct drive *start_alone(const char *folder, const char *program)
{
    struct drive_options options = {
        .rows = 32, .cols = 100, .folder = folder, .program = program
    };
    return drive_start(&options);
}

static struct drive *start(const char *folder)
{
    struct drive *drive = start_alone(folder, NULL);
    person_awaits_hub(drive);
    return drive;
}

/* ---- What the hub says ------------------------------------------------- */

static bool page_says(const char *url, int status, const char *words)
{
    char body[WORLD_TEXT];
    return world_get(url, body, sizeof body) == status && strstr(body, words);
}

/* The page of a case, at the port of another one: a hub that was started again
 * listens elsewhere. */
static void at_port_of(const char *url, const char *other, char moved[64])
{
    int host = (int)(strstr(other, "/p/") - other);
    snprintf(moved, 64, "%.*s%s", host, other, strstr(url, "/p/"));
}

static void arrives(struct drive *drive, const char *url)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;

    while (!page_says(url, 200, "已送达")) {
        if (clock_monotonic_ms() > end_ms)
            fail_msg("never delivered: %s", url);
        assert_true(drive_sim(drive, "clock +5s"));
    }
}

/* The hub may be dying still. */
static struct store *open_hub_store(const char *folder)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    char path[WORLD_PATH];
    struct store *store = NULL;

    world_join(path, folder, "hub/hub.sqlite");
    enum err err = store_open_to_read(path, &hub_schema, &store);
    while (err == ERR_EXISTS && clock_monotonic_ms() < end_ms)
        err = store_open_to_read(path, &hub_schema, &store);
    assert_int_equal(err, ERR_OK);
    return store;
}

/* So many came to the hub, each once. */
static void came_once(const char *folder, int cases)
{
    struct store *store = open_hub_store(folder);
    struct sqlite3_stmt *row = store_prepare(
        store, "SELECT count(*), count(DISTINCT receipt) FROM cases");
    bool is_row = false;

    assert_int_equal(store_step(row, &is_row), ERR_OK);
    assert_true(is_row);
    assert_int_equal(store_column_int(row, 0), cases);
    assert_int_equal(store_column_int(row, 1), cases);
    store_reset(row);
    store_close(store);
}

/* ---- The network ------------------------------------------------------- */

static void test_network_comes_back(void **state)
{
    struct drive *drive = start(NULL);
    char url[64];
    (void)state;

    assert_true(drive_sim(drive, "network down"));
    person_apply(drive);
    person_sees(drive, "state.saved");
    drive_check_painted(drive);
    assert_non_null(strstr(drive_text(drive, "header.trouble"), "网络"));
    person_address(drive, url);
    assert_true(page_says(url, 404, "还没有送达"));
    assert_true(drive_sim(drive, "network up"));
    person_comes_to(drive, "state.delivered");
    assert_true(page_says(url, 200, "已送达"));
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
}

static void slip_says(const char *folder, const char *words)
{
    char path[WORLD_PATH];
    struct world_said said;

    world_join(path, folder, "paper/1.pdf");
    const char *const argv[] = { "/usr/bin/pdftotext", path, "-", NULL };
    world_run(argv, &said);
    assert_int_equal(said.code, 0);
    if (!strstr(said.out, words))
        fail_msg("the slip says %s", said.out);
}

static void print(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    drive_press(drive, HAND_KEYS, "yes");
    person_to_bye(drive);
}

static void test_slip_of_a_saved_case(void **state)
{
    (void)state;
    if (access("/usr/bin/pdftotext", X_OK)) {
        print_message("skipped: slip of a saved case: no pdftotext here\n");
        skip();
    }
    struct drive *drive = start(NULL);
    assert_true(drive_sim(drive, "network down"));
    person_apply(drive);
    person_sees(drive, "state.saved");
    print(drive);
    assert_non_null(drive_element(drive, "bye.unsent"));
    slip_says(drive_folder(drive), "暂存凭条");
    slip_says(drive_folder(drive), "尚未送达");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Killed ------------------------------------------------------------ */

/* The hub as built, which writes down where it listens this time. */
static void install_telling_hub(const char *folder)
{
    char real[WORLD_PATH], script[3 * WORLD_PATH];

    world_program(real, "kiosk-hub");
    snprintf(script, sizeof script,
             "#!/bin/sh\n'%s' \"$@\" | tee '%s/announced'\n", real, folder);
    world_install(folder, script);
}

static void announced(const char *folder, char url[64])
{
    char path[WORLD_PATH];
    size_t len;

    world_join(path, folder, "announced");
    char *line = world_read(path, &len);
    json_t *told = json_loads(line ? line : "", 0, NULL);
    mem_free(line);
    const char *public = json_string_value(json_object_get(told, "public"));
    assert_non_null(public);
    snprintf(url, 64, "%s/p/", public);
    json_decref(told);
}

/* Nobody presses anything after the start: the case goes out by itself. */
static void test_kiosk_killed(void **state)
{
    char folder[WORLD_PATH], program[WORLD_PATH], kept[WORLD_PATH];
    char first[64], there[64], moved[64];
    (void)state;

    world_folder(folder);
    install_telling_hub(folder);
    world_join(program, folder, "kiosk");
    world_join(kept, folder, "state");
    struct drive *drive = start_alone(kept, program);
    person_awaits_hub(drive);
    assert_true(drive_sim(drive, "network down"));
    person_apply(drive);
    person_sees(drive, "state.saved");
    person_address(drive, first);
    assert_true(page_says(first, 404, "还没有送达"));
    drive_kill(drive);

    drive = start_alone(kept, program);
    person_awaits_hub(drive);
    announced(folder, there);
    at_port_of(first, there, moved);
    arrives(drive, moved);
    person_report(drive, "灯坏了");
    person_comes_to(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
    came_once(kept, 2);
    world_remove(folder);
}

static pid_t hub_of(struct drive *drive)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    pid_t pid;

    while (!(pid = world_child(drive_pid(drive), "kiosk-hub"))) {
        assert_true(clock_monotonic_ms() < end_ms);
        assert_true(drive_sim(drive, "clock +0s"));
    }
    return pid;
}

/* One delivered first, so that the hub is known to be there. */
static pid_t to_review_at_a_good_hub(struct drive *drive)
{
    person_report(drive, "先来一件");
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    person_to_street(drive);
    assert_true(drive_sim(drive, "card lift"));
    person_to_review(drive);
    return hub_of(drive);
}

static bool is_stored(struct drive *drive)
{
    return drive_element(drive, "result.state") ||
           strcmp(drive_value(drive, "send.progress"), "1/2") == 0;
}

/* The hub takes the request and says nothing: the page shows that it waits. */
static void send_to_a_stopped_hub(struct drive *drive, pid_t hub)
{
    assert_int_equal(kill(hub, SIGSTOP), 0);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "declare");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "progress", "send");
    assert_non_null(drive_element(drive, "send.wait"));
    drive_wait_until(drive, is_stored, "the case to be stored");
}

static void test_hub_killed_while_sending(void **state)
{
    char folder[WORLD_PATH];
    (void)state;

    world_folder(folder);
    struct drive *drive = start(folder);
    pid_t hub = to_review_at_a_good_hub(drive);
    send_to_a_stopped_hub(drive, hub);
    assert_int_equal(kill(hub, SIGKILL), 0);
    drive_wait(drive, "result", "result");
    assert_true(drive_element(drive, "state.saved") ||
                drive_element(drive, "state.delivered"));
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    came_once(folder, 2);
    world_remove(folder);
}

static void test_slow_hub(void **state)
{
    char folder[WORLD_PATH];
    (void)state;

    world_folder(folder);
    struct drive *drive = start(folder);
    pid_t hub = to_review_at_a_good_hub(drive);
    send_to_a_stopped_hub(drive, hub);
    assert_true(drive_sim(drive, "clock +9s"));
    person_sees(drive, "state.saved");
    assert_int_equal(kill(hub, SIGCONT), 0);
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    came_once(folder, 2);
    world_remove(folder);
}

/* ---- Rude -------------------------------------------------------------- */

/* The swallowing one first, while no other case waits before its own. */
static const char *const manners[] = {
    "swallow",  "500",        "html",  "html-403", "json-403",
    "redirect", "empty-json", "half",  "big",      "big-chunks",
    "garbage",  "nothing",    "reset", "refuse",   "silent",
};

enum { MANNERS = sizeof manners / sizeof *manners };

/* Whoever says nothing is not waited for: the page's own limit ends it. */
static void is_saved_in_time(struct drive *drive)
{
    drive_wait_until(drive, is_stored, "the case to be stored");
    if (!drive_element(drive, "result.state"))
        assert_true(drive_sim(drive, "clock +30s"));
    person_sees(drive, "state.saved");
    drive_check_painted(drive);
}

static void test_rude_hubs(void **state)
{
    char folder[WORLD_PATH], program[WORLD_PATH], kept[WORLD_PATH];
    char urls[MANNERS][64], last[64], moved[64];
    (void)state;

    world_folder(folder);
    rude_hub_install(folder);
    world_join(program, folder, "kiosk");
    world_join(kept, folder, "state");
    struct drive *drive = start_alone(kept, program);
    for (size_t i = 0; i < MANNERS; i++) {
        rude_hub_be(folder, drive, manners[i]);
        person_report(drive, manners[i]);
        is_saved_in_time(drive);
        person_address(drive, urls[i]);
        person_leave(drive);
        if (strcmp(manners[i], "swallow") == 0)
            arrives(drive, urls[i]); /* and the kiosk does not hear of it */
        else
            assert_true(page_says(urls[i], 404, "还没有送达"));
    }
    rude_hub_mend(folder, drive);
    person_report(drive, "终于");
    person_comes_to(drive, "state.delivered");
    person_address(drive, last);
    person_leave(drive);
    for (size_t i = 0; i < MANNERS; i++) {
        at_port_of(urls[i], last, moved);
        arrives(drive, moved);
    }
    assert_int_equal(drive_end(drive), 0);
    came_once(kept, MANNERS + 1);
    world_remove(folder);
}

/* A final no is for the staff; the next person is served.  The page says what
 * was wrong as far as a citizen can use it. */
static void refused_by(const char *manner, const char *says)
{
    char folder[WORLD_PATH], program[WORLD_PATH];

    world_folder(folder);
    rude_hub_install(folder);
    world_join(program, folder, "kiosk");
    struct drive *drive = start_alone(NULL, program);
    rude_hub_be(folder, drive, manner);
    person_report(drive, "不收");
    person_sees(drive, "state.conflict");
    assert_non_null(strstr(drive_text(drive, "state.conflict"), says));
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "no-paper");
    person_to_bye(drive);
    assert_non_null(drive_element(drive, "bye.unsent")); /* it stays here */
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "attract", NULL);
    rude_hub_mend(folder, drive);
    person_report(drive, "收了");
    person_comes_to(drive, "state.delivered");
    person_leave(drive);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

static void test_refused(void **state)
{
    (void)state;
    refused_by("no", "没有收下");
}

static void test_refused_by_rules(void **state)
{
    (void)state;
    refused_by("rules", "有一项内容不符合办理规定");
}

int main(int argc, char **argv)
{
    int code = rude_hub_main(argc, argv);
    if (code >= 0)
        return code;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_network_comes_back),
        cmocka_unit_test(test_slip_of_a_saved_case),
        cmocka_unit_test(test_kiosk_killed),
        cmocka_unit_test(test_hub_killed_while_sending),
        cmocka_unit_test(test_slow_hub),
        cmocka_unit_test(test_rude_hubs),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_refused_by_rules),
    };
    return cmocka_run_group_tests_name("away", tests, NULL, NULL);
}
