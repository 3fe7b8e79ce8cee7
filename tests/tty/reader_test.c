/* A hall's terminal with a real driver and its reader, in a pseudo-terminal:
 * laid down, pulled, put in again, another person's card. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/hall_run.h"
#include "tests/tty/many_items.h"
#include "tests/tty/world.h"
#include "tests/usb/bus.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#define ATTRACT   "请触摸屏幕或按任意键开始"
#define HOME      "您要办什么事"
#define GUIDE     "开始办理"
#define QUESTION  "满半年"
#define LAY       "请把身份证平放在读卡区"
#define AGAIN     "没有读出来"
#define AWAY      "读卡器现在不能用"
#define TAKE_BACK "已经读好"
#define OTHER     "这不是刚才那位的身份证"
#define UNKNOWN   "这不是身份证"

enum { HERE = 1 };

static char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    char text[3 * WORLD_PATH], share[WORLD_PATH];
    (void)state;

    world_folder(folder);
    world_state(folder);
    world_program(program, "kiosk");
    world_join(settings, folder, "settings.yaml");
    four_items_make(folder, share); /* the second is pressed */
    snprintf(text, sizeof text,
             "state_folder: \"%s/state\"\nshare_folder: \"%s\"\n"
             "card_driver: card/sdt\n"
             "hub_office_key: "
             "\"hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\"\n",
             folder, share);
    world_write(settings, text, 0600);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static struct hall_run *start_to_card(void)
{
    const char *argv[] = { program, "--settings", settings, NULL };
    struct hall_run *run = hall_run_start(argv, NULL);

    bus_tell("lift %d", HERE); /* whatever lay there */
    hall_run_sees(run, ATTRACT);
    hall_run_press_until(run, "5", HOME);
    hall_run_press_until(run, "2", GUIDE);
    hall_run_press_until(run, "#", QUESTION);
    hall_run_press_until(run, "1", LAY);
    return run;
}

static void test_laid_down(void **state)
{
    (void)state;
    bus_tell("plug %d four", HERE);
    struct hall_run *run = start_to_card();
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, TAKE_BACK);
    assert_false(hall_run_shows(run, bus_people[CARD_RESIDENT].name));
    /* Somebody else's, while the first one's data is on the page. */
    bus_lay(HERE, &bus_people[CARD_HMT], NULL);
    hall_run_sees(run, OTHER);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    assert_int_equal(bus_claims(HERE), 0);
    bus_tell("unplug %d", HERE);
}

static void test_lifted_and_unknown(void **state)
{
    (void)state;
    bus_tell("plug %d pair", HERE);
    struct hall_run *run = start_to_card();
    bus_tell("fault %d lift text 1", HERE);
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, AGAIN);
    bus_tell("fault %d status select 1 0x40", HERE);
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, UNKNOWN);
    bus_tell("fault %d none", HERE);
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, TAKE_BACK);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    bus_tell("unplug %d", HERE);
}

/* The page says so, and goes on by itself when the reader is back. */
static void test_pulled_and_put_in_again(void **state)
{
    (void)state;
    bus_tell("plug %d four", HERE);
    struct hall_run *run = start_to_card();
    bus_tell("unplug %d", HERE);
    hall_run_sees(run, AWAY);
    bus_tell("plug %d pair", HERE);
    hall_run_sees(run, LAY);
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, TAKE_BACK);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    bus_tell("unplug %d", HERE);
}

/* It dies in the middle and comes back without a person: only its port reset
 * brings it round. */
static void test_dies_and_is_reset(void **state)
{
    (void)state;
    bus_tell("plug %d four", HERE);
    struct hall_run *run = start_to_card();
    bus_tell("fault %d dead text 1", HERE);
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, AGAIN);
    bus_lay(HERE, &bus_people[CARD_RESIDENT], NULL);
    hall_run_sees(run, TAKE_BACK);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
    bus_tell("unplug %d", HERE);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_laid_down, make_world,
                                        remove_world),
        cmocka_unit_test_setup_teardown(test_lifted_and_unknown, make_world,
                                        remove_world),
        cmocka_unit_test_setup_teardown(test_pulled_and_put_in_again,
                                        make_world, remove_world),
        cmocka_unit_test_setup_teardown(test_dies_and_is_reset, make_world,
                                        remove_world),
    };
    const char *why = NULL;

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    if (!bus_enter(argv, &why)) {
        print_message("skipped: %s\n", why);
        return 1;
    }
    return cmocka_run_group_tests_name("reader", tests, NULL, NULL);
}
