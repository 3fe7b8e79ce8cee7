/* Outside its opening hours a hall's terminal says when it opens and where it is
 * open now, and begins nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "tests/tty/hall_run.h"
#include "tests/tty/world.h"

#include <signal.h>
#include <stdio.h>

static char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    (void)state;
    world_folder(folder);
    world_state(folder);
    world_program(program, "kiosk");
    world_join(settings, folder, "settings.yaml");
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static void write_settings(const char *hours, const char *more)
{
    char text[3 * WORLD_PATH];

    snprintf(text, sizeof text,
             "state_folder: \"%s/state\"\nhours: \"%s\"\n%s"
             "hub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             folder, hours, more);
    world_write(settings, text, 0600);
}

static struct hall_run *start(void)
{
    const char *argv[] = { program, "--settings", settings, NULL };
    return hall_run_start(argv, NULL);
}

/* Hours that are over, or not yet begun, whatever the time is. */
static void test_closed(void **state)
{
    struct clock_fields now = clock_split(clock_wall_ms());
    bool is_early = now.hour < 12;

    (void)state;
    write_settings(is_early ? "22:10-23:00" : "01:10-02:00",
                   "after_hours_zh: 卧龙区政务大厅24小时区\n");
    struct hall_run *run = start();
    hall_run_sees(run, "卧龙区政务大厅24小时区");
    hall_run_sees(run, is_early ? "今天22:10开门" : "明天01:10开门");
    hall_run_type(run, "#1 ");
    hall_run_swallowed(run);
    hall_run_sees(run, is_early ? "今天22:10开门" : "明天01:10开门");
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
}

/* Where no other place is known, none is named: not this hall's own counters,
 * which are closed as well. */
static void test_no_other_place(void **state)
{
    struct clock_fields now = clock_split(clock_wall_ms());

    (void)state;
    write_settings(now.hour < 12 ? "22:10-23:00" : "01:10-02:00", "");
    struct hall_run *run = start();
    hall_run_sees(run, "开门");
    assert_false(hall_run_shows(run, "现在可以去"));
    assert_false(hall_run_shows(run, "人工窗口"));
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_world, remove_world)
    const struct CMUnitTest tests[] = {
        TEST(test_closed),
        TEST(test_no_other_place),
    };
    return cmocka_run_group_tests_name("hours", tests, NULL, NULL);
}
