/* Nothing of a card is left by a real driver: a hall's terminal reads one by
 * card/sdt from the pretended bus, with the driver's thread, its frames and
 * libusb's transfers, and the session ends. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"
#include "tests/left/citizen.h"
#include "tests/left/look.h"
#include "tests/tty/hall_run.h"
#include "tests/tty/many_items.h"
#include "tests/tty/world.h"
#include "tests/usb/bus.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATTRACT   "请触摸屏幕或按任意键开始"
#define HOME      "您要办什么事"
#define GUIDE     "开始办理"
#define QUESTION  "满半年"
#define LAY       "请把身份证平放在读卡区"
#define TAKE_BACK "已经读好"
#define OTHER     "这不是刚才那位的身份证"
#define UNSENT    "还没有提交"
#define ASKED     "结束并清除"

/* On the footer's 结束, in a window of 100 by 32. */
#define TOUCH_END "\033[<0;53;31M\033[<0;53;31m"

enum { HERE = 1, PATIENCE_MS = 60000 };

static char folder[WORLD_PATH], program[WORLD_PATH], settings[WORLD_PATH];
static struct search *card_search;

static int make_world(void **state)
{
    char text[3 * WORLD_PATH], share[WORLD_PATH];
    (void)state;

    card_search = search_new(citizen_marks, citizen_mark_count);
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
    search_free(card_search);
    world_remove(folder);
    return 0;
}

static const char *mark_text(const char *name)
{
    for (size_t i = 0; i < citizen_mark_count; i++)
        if (strcmp(citizen_marks[i].name, name) == 0)
            return citizen_marks[i].text;
    fail_msg("no mark has the name %s", name);
    return "";
}

static void lay_citizens_card(void)
{
    struct card card = bus_people[CARD_RESIDENT];

    snprintf(card.name, sizeof card.name, "%s", mark_text("name"));
    snprintf(card.number, sizeof card.number, "%s", mark_text("number"));
    snprintf(card.birth, sizeof card.birth, "%s", mark_text("birth"));
    snprintf(card.address, sizeof card.address, "%s",
             mark_text("card's address"));
    bus_lay(HERE, &card, NULL);
}

static size_t count_left(struct hall_run *run, struct look *look, bool is_shown)
{
    look_begin(look, card_search);
    look->is_shown = is_shown && getenv("KIOSK_CANARY_SHOW");
    look_process(look, hall_run_pid(run));
    look_folder(look, folder, NULL);
    return look->count;
}

/* At "take back your card", with name and number shown; NULL: skipped. */
static struct hall_run *start_and_read(void)
{
    const char *argv[] = { program, "--settings", settings, NULL };
    struct look look;

    struct hall_run *run = hall_run_start(argv, NULL);
    bus_tell("lift %d", HERE); /* whatever lay there */
    hall_run_sees(run, ATTRACT);
    if (mem_is_checked() || !look_may_read(hall_run_pid(run))) {
        print_message("skipped: only root may read another process's memory, "
                      "and a sanitizer keeps its own\n");
        (void)hall_run_end(run, SIGTERM);
        return NULL;
    }
    hall_run_press_until(run, "5", HOME);
    hall_run_press_until(run, "2", GUIDE);
    hall_run_press_until(run, "#", QUESTION);
    hall_run_press_until(run, "1", LAY);
    lay_citizens_card();
    hall_run_sees(run, TAKE_BACK);
    hall_run_press_until(run, "2", mark_text("name"));
    assert_true(count_left(run, &look, false) > 0);
    return run;
}

/* The answer to a reading that was given up comes from another thread, in its
 * own time. */
static void nothing_is_left(struct hall_run *run)
{
    int64_t end_ms = clock_monotonic_ms() + PATIENCE_MS;
    struct look look;

    while (count_left(run, &look, false) && clock_monotonic_ms() < end_ms)
        (void)poll(NULL, 0, 10);
    if (count_left(run, &look, true))
        fail_msg("%zu halves of marks are left\n%s", look.count, look.where);
    assert_int_equal(hall_run_end(run, SIGTERM), 0);
}

static void test_ended(void **state)
{
    (void)state;
    bus_tell("plug %d four", HERE);
    struct hall_run *run = start_and_read();
    if (!run)
        skip();
    hall_run_press_until(run, TOUCH_END, ASKED);
    hall_run_press_until(run, "1", ATTRACT);
    nothing_is_left(run);
    bus_tell("unplug %d", HERE);
}

static void test_other_card(void **state)
{
    (void)state;
    bus_tell("plug %d four", HERE);
    struct hall_run *run = start_and_read();
    if (!run)
        skip();
    bus_lay(HERE, &bus_people[CARD_HMT], NULL);
    hall_run_sees(run, OTHER);
    hall_run_press_until(run, "3", UNSENT);
    hall_run_press_until(run, "1", ATTRACT);
    nothing_is_left(run);
    bus_tell("unplug %d", HERE);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ended, make_world, remove_world),
        cmocka_unit_test_setup_teardown(test_other_card, make_world,
                                        remove_world),
    };
    const char *why = NULL;

    (void)argc;
    if (!bus_enter(argv, &why)) {
        print_message("skipped: %s\n", why);
        return 1;
    }
    return cmocka_run_group_tests_name("reader left", tests, NULL, NULL);
}
