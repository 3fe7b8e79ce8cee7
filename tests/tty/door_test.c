/* The staff's door in the whole program: wrong PINs, a kill, a restart, the
 * staff page, out of service and back; and that a PIN stands nowhere. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/left/look.h"
#include "kiosk/base/mem.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F9  "\033[20~"
#define F12 "\033[24~"
/* Longer than what stands by chance among times and numbers. */
#define PIN   "730582916404"
#define WRONG "730582916405"

enum { HUB_MS = 10000 };

static struct drive *start_in(const char *folder)
{
    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .folder = folder };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void press_function(struct drive *drive, const char *bytes)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, bytes, strlen(bytes));
}

static void open_door(struct drive *drive)
{
    press_function(drive, F9);
    drive_wait(drive, "door", NULL);
}

static void leave(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "attract", NULL);
}

/* As an installer does it, while the terminal runs; the demonstration's own is
 * there already, or will not come any more. */
static void set_up(struct drive *drive)
{
    char command[3 * WORLD_PATH], kiosk[WORLD_PATH], settings[WORLD_PATH];
    char text[WORLD_PATH];
    struct world_said said;
    const char *argv[] = { "/bin/sh", "-c", command, NULL };

    press_function(drive, F12);
    drive_wait(drive, "help", NULL);
    drive_wait_element(drive, "simulate.pin");
    leave(drive);
    world_program(kiosk, "kiosk");
    world_join(settings, drive_folder(drive), "settings.yaml");
    snprintf(text, sizeof text, "state_folder: %.400s\n", drive_folder(drive));
    world_write(settings, text, 0600);
    snprintf(command, sizeof command,
             "echo " PIN " | '%s' setup --new --settings '%s'", kiosk,
             settings);
    world_run(argv, &said);
    if (said.code)
        fail_msg("kiosk setup: %.200s", said.err);
}

static void give(struct drive *drive, const char *pin)
{
    drive_wait_element(drive, "pin");
    drive_type(drive, HAND_KEYS, pin);
}

static bool is_answered(struct drive *drive)
{
    return drive_element(drive, "pin.wrong") ||
           drive_element(drive, "pin.wait");
}

/* Each is typed on a page that says how the last one ended. */
static void fail_times(struct drive *drive, int times)
{
    for (int i = 0; i < times; i++) {
        give(drive, WRONG);
        drive_wait_gone(drive, "pin");
        drive_wait_until(drive, is_answered, "an answer to the PIN");
    }
}

static void enter(struct drive *drive)
{
    give(drive, PIN);
    drive_wait(drive, "service", NULL);
}

static void nothing_tells_the_pin(struct drive *drive, size_t mark)
{
    char where[WORLD_PATH];

    assert_false(drive_said(drive, mark, PIN));
    assert_false(drive_said(drive, mark, WRONG));
    if (world_holds(drive_folder(drive), PIN, "", where) ||
        world_holds(drive_folder(drive), WRONG, "", where))
        fail_msg("a PIN stands in %s", where);
    drive_wait_unpainted(drive, PIN);
}

/* ---- The tests --------------------------------------------------------- */

static void test_five_wrong_ones_a_kill_and_the_right_one(void **state)
{
    char folder[WORLD_PATH];
    (void)state;

    world_folder(folder);
    struct drive *drive = start_in(folder);
    set_up(drive);
    size_t mark = drive_mark(drive);
    open_door(drive);
    fail_times(drive, 4);
    give(drive, WRONG);
    drive_wait_element(drive, "pin.wait");
    assert_null(drive_element(drive, "pin"));
    drive_check_painted(drive);
    nothing_tells_the_pin(drive, mark);
    drive_kill(drive);

    drive = start_in(folder);
    set_up(drive); /* says that root ended the pause */
    open_door(drive);
    drive_wait_element(drive, "pin");
    fail_times(drive, 4);
    give(drive, WRONG);
    drive_wait_element(drive, "pin.wait");
    drive_kill(drive);

    drive = start_in(folder);
    open_door(drive); /* the demonstration's own PIN now; the pause goes on */
    drive_wait_element(drive, "pin.wait");
    assert_true(drive_sim(drive, "clock +13s"));
    assert_non_null(drive_element(drive, "pin.wait"));
    assert_true(drive_sim(drive, "clock +15s"));
    drive_wait_gone(drive, "pin.wait");
    drive_wait_element(drive, "pin");
    leave(drive);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

static void test_the_demonstration_shows_its_own(void **state)
{
    struct drive *drive = start_in(NULL);
    char pin[16];
    (void)state;

    press_function(drive, F12);
    drive_wait(drive, "help", NULL);
    drive_wait_element(drive, "simulate.pin");
    snprintf(pin, sizeof pin, "%s", drive_value(drive, "simulate.pin"));
    leave(drive);
    press_function(drive, "**#");
    drive_wait(drive, "door", NULL);
    drive_wait_element(drive, "pin");
    drive_type(drive, HAND_TOUCH, pin);
    drive_wait(drive, "service", NULL);
    leave(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* Not after more than five seconds, and not from elsewhere. */
static void test_who_does_not_know_the_door_passes_it(void **state)
{
    struct drive *drive = start_in(NULL);
    (void)state;

    press_function(drive, "**");
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +6s"));
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    press_function(drive, F9);
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    assert_string_equal(drive_screen(drive), "home");
    assert_int_equal(drive_end(drive), 0);
}

static bool shows_sessions(struct drive *drive, int begun, int finished,
                           int abandoned)
{
    char text[128];
    snprintf(text, sizeof text, "开始 %d，办完 %d，中途离开 %d", begun,
             finished, abandoned);
    return strcmp(drive_value(drive, "service.sessions"), text) == 0;
}

static bool shows_two(struct drive *drive)
{
    return shows_sessions(drive, 2, 1, 1);
}

static bool has_slip(struct drive *drive)
{
    return strcmp(drive_text(drive, "service.slip"),
                  "打印机报告：试印条已经打出。") == 0;
}

static bool is_printing(struct drive *drive)
{
    return strcmp(drive_text(drive, "service.slip"), "正在打印试印条。") == 0;
}

/* Since when, why, and what is to be done. */
static bool has_no_a4(struct drive *drive)
{
    const char *value = drive_value(drive, "service.a4");
    return strstr(value, "等人处理") && strstr(value, "没有纸了") &&
           strstr(value, "请检查纸张");
}

/* The page's height in points, as the file of the paper says. */
static bool is_a4(struct drive *drive, int number)
{
    char folder[WORLD_PATH], path[WORLD_PATH];
    size_t len = 0;
    double wide = 0, high = 0;

    world_join(folder, drive_folder(drive), "paper");
    snprintf(path, sizeof path, "%.400s/%d.pdf", folder, number);
    char *pdf = world_read(path, &len);
    for (size_t at = 0; at + 40 < len && wide == 0; at++)
        if (memcmp(pdf + at, "/MediaBox [ 0 0 ", 16) == 0) {
            char *end = NULL;
            wide = strtod(pdf + at + 16, &end);
            high = strtod(end, NULL);
        }
    mem_free(pdf);
    return wide > 595 && wide < 596 && high > 841 && high < 843;
}

static void test_the_staff_page(void **state)
{
    char folder[WORLD_PATH];
    (void)state;

    world_folder(folder);
    struct drive *drive = start_in(folder);
    set_up(drive);
    person_report(drive, "路灯坏了");
    person_leave(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    assert_true(drive_sim(drive, "clock +91s"));
    drive_wait(drive, "idle", NULL);
    assert_true(drive_sim(drive, "clock +31s"));
    drive_wait(drive, "attract", NULL);

    open_door(drive);
    enter(drive);
    drive_wait_until(drive, shows_two, "two sessions, one finished");
    drive_check_painted(drive);
    assert_non_null(strstr(drive_value(drive, "service.a4"), "正常"));
    assert_true(drive_sim(drive, "paper out"));
    drive_wait_until(drive, has_no_a4, "the second printer's state");
    drive_press(drive, HAND_KEYS, "test-slip");
    drive_wait_element(drive, "service.slip.why");
    assert_true(drive_sim(drive, "paper in"));
    drive_press(drive, HAND_KEYS, "refilled");
    drive_wait_element(drive, "service.printer");
    drive_wait_element(drive, "service.a4");
    drive_wait_gone(drive, "service.slip");
    drive_press(drive, HAND_KEYS, "test-slip");
    drive_wait_element(drive, "service.slip");
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait_until(drive, has_slip, "a printed test slip");
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 1);
    assert_false(is_a4(drive, 1));
    drive_press(drive, HAND_KEYS, "test-a4");
    drive_wait_until(drive, is_printing, "the second test page");
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait_until(drive, has_slip, "a printed test page");
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 2);
    assert_true(is_a4(drive, 2));
    drive_kill(drive);

    drive = start_in(folder); /* who was counted is counted */
    set_up(drive);
    open_door(drive);
    enter(drive);
    drive_wait_until(drive, shows_two, "the same two");
    /* Five minutes without a press end it. */
    assert_true(drive_sim(drive, "clock +290s"));
    assert_string_equal(drive_screen(drive), "service");
    assert_true(drive_sim(drive, "clock +20s"));
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

/* The report of health as the hub keeps it. */
static bool hub_is_told_out(struct drive *drive)
{
    char hub[WORLD_PATH], where[WORLD_PATH];

    world_join(hub, drive_folder(drive), "hub");
    return world_holds(hub,
                       "\"mode\":\"out\",\"printer\":\"ready\","
                       "\"reader\":\"ready\",\"sessions_today\":0,"
                       "\"finished_today\":0,\"abandoned_today\":0",
                       "", where);
}

static void test_out_of_service_over_a_restart(void **state)
{
    char folder[WORLD_PATH];
    (void)state;

    world_folder(folder);
    struct drive *drive = start_in(folder);
    set_up(drive);
    open_door(drive);
    enter(drive);
    drive_press(drive, HAND_KEYS, "take-out");
    drive_wait_element(drive, "service.sure"); /* one press is not enough */
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_gone(drive, "service.sure");
    assert_null(drive_element(drive, "service.out"));
    drive_press(drive, HAND_KEYS, "take-out");
    drive_wait_element(drive, "service.sure");
    drive_press(drive, HAND_KEYS, "take-out");
    drive_wait_element(drive, "service.out");
    leave(drive);
    assert_true(drive_comes(drive, hub_is_told_out, HUB_MS));
    assert_non_null(drive_element(drive, "machine.out"));
    assert_null(drive_element(drive, "attract.begin"));
    drive_kill(drive);

    struct drive_options options = { .rows = 32,
                                     .cols = 100,
                                     .folder = folder };
    drive = drive_start(&options);
    drive_wait_element(drive, "machine.out");
    set_up(drive);
    press_function(drive, "**#"); /* also where no key begins anything */
    drive_wait(drive, "door", NULL);
    enter(drive);
    drive_press(drive, HAND_KEYS, "back-in");
    drive_wait_gone(drive, "service.out");
    leave(drive);
    drive_wait_element(drive, "attract.begin");
    drive_kill(drive);
    drive = start_in(folder);
    assert_null(drive_element(drive, "machine.out"));
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

/* What the terminal's memory, files and events hold afterwards. */
static void test_a_pin_stands_nowhere(void **state)
{
    if (mem_is_checked()) {
        print_message("skipped: a sanitizer keeps what was freed\n");
        skip();
    }
    const struct mark marks[] = { { "pin", PIN }, { "wrong", WRONG } };
    struct search *search = search_new(marks, 2);
    char folder[WORLD_PATH];
    struct look look;
    (void)state;

    world_folder(folder);
    struct drive *drive = start_in(folder);
    if (!look_may_read(drive_pid(drive))) {
        search_free(search);
        assert_int_equal(drive_end(drive), 0);
        world_remove(folder);
        print_message("another process's memory may not be read here\n");
        skip();
    }
    set_up(drive);
    size_t mark = drive_mark(drive);
    open_door(drive);
    fail_times(drive, 1);
    /* While it stands in the field the same search does find it. */
    drive_wait_element(drive, "pin");
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, PIN, strlen(PIN));
    drive_swallowed(drive);
    look_begin(&look, search);
    look_process(&look, drive_pid(drive));
    assert_true(look.count > 0);
    drive_bytes(drive, "\r", 1);
    drive_wait(drive, "service", NULL);
    nothing_tells_the_pin(drive, mark);
    leave(drive);
    assert_true(drive_sim(drive, "clock +0s"));
    look_begin(&look, search);
    look_process(&look, drive_pid(drive));
    if (look.count)
        fail_msg("%zu halves of a PIN are left\n%s", look.count, look.where);
    nothing_tells_the_pin(drive, mark);
    search_free(search);
    assert_int_equal(drive_end(drive), 0);
    world_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_five_wrong_ones_a_kill_and_the_right_one),
        cmocka_unit_test(test_the_demonstration_shows_its_own),
        cmocka_unit_test(test_who_does_not_know_the_door_passes_it),
        cmocka_unit_test(test_the_staff_page),
        cmocka_unit_test(test_out_of_service_over_a_restart),
        cmocka_unit_test(test_a_pin_stands_nowhere),
    };
    return cmocka_run_group_tests_name("door", tests, NULL, NULL);
}
