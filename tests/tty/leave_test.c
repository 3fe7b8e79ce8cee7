/* How a session and the program end: idle on any page, F10, Ctrl-C; and what
 * is left of a person afterwards, which is nothing. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

#define F10 "\033[21~"

/* What only this person says. */
static const char *const marks[] = { PERSON_NAME,  PERSON_NUMBER,
                                     PERSON_PHONE, "139 7766 5544",
                                     "暗号路",     "41130319" };

static struct drive *start(void)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

/* ---- Idle -------------------------------------------------------------- */

static void to_home(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
}

static void to_take_back(struct drive *drive)
{
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_true(drive_sim(drive, "card lift"));
}

static void to_half_number(struct drive *drive)
{
    person_to_card(drive);
    drive_press(drive, HAND_KEYS, "without");
    drive_wait(drive, "ways", NULL);
    drive_press(drive, HAND_KEYS, "type");
    drive_wait_element(drive, "number");
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "41130319", 8);
    drive_swallowed(drive);
}

static void to_help_over_half_text(struct drive *drive)
{
    to_take_back(drive);
    person_to_street(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "暗号路", strlen("暗号路"));
    drive_swallowed(drive);
    drive_press(drive, HAND_TOUCH, "footer.help");
    drive_wait(drive, "help", NULL);
}

static void to_review(struct drive *drive)
{
    to_take_back(drive);
    person_to_street(drive);
    person_to_review(drive);
}

static void to_result(struct drive *drive)
{
    to_review(drive);
    person_send(drive);
}

static void nobody_is_known(struct drive *drive, size_t mark)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (drive_said(drive, mark, marks[i]))
            fail_msg("the next person reads %s", marks[i]);
        drive_wait_unpainted(drive, marks[i]);
    }
}

/* The first key only extends; then nobody presses anything. */
static void is_ended_by_idle(struct drive *drive)
{
    char screen[32], step[32];

    snprintf(screen, sizeof screen, "%s", drive_screen(drive));
    snprintf(step, sizeof step, "%s", drive_step(drive));
    assert_true(drive_sim(drive, "clock +91s"));
    drive_wait(drive, "idle", NULL);
    drive_check_painted(drive);
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "1", 1);
    drive_wait(drive, screen, step);
    assert_true(drive_sim(drive, "clock +1s"));
    assert_string_equal(drive_screen(drive), screen);
    assert_true(drive_sim(drive, "clock +91s"));
    drive_wait(drive, "idle", NULL);
    assert_true(drive_sim(drive, "clock +31s"));
    drive_wait(drive, "attract", NULL);
    drive_check_painted(drive);
}

static void test_idle_on_every_kind_of_page(void **state)
{
    static void (*const ways[])(struct drive * drive) = {
        to_home,   to_take_back, to_half_number, to_help_over_half_text,
        to_review, to_result,
    };
    struct drive *drive = start();
    (void)state;

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        ways[i](drive);
        is_ended_by_idle(drive);
        size_t mark = drive_mark(drive);
        person_to_card(drive);
        person_lay(drive, "card resident number=110101196003070011");
        person_to_street(drive);
        assert_string_equal(drive_value(drive, "street"), "");
        assert_true(drive_sim(drive, "card lift"));
        is_ended_by_idle(drive);
        nobody_is_known(drive, mark);
    }
    assert_int_equal(drive_end(drive), 0);
}

/* Five minutes at the goodbye page are too long for whoever comes next. */
static void test_goodbye_ends_itself(void **state)
{
    struct drive *drive = start();
    (void)state;

    to_result(drive);
    drive_press(drive, HAND_KEYS, "no-paper");
    person_to_bye(drive);
    size_t mark = drive_mark(drive);
    assert_true(drive_sim(drive, "clock +16s"));
    drive_wait(drive, "attract", NULL);
    person_to_card(drive);
    nobody_is_known(drive, mark);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Leaving the demonstration ----------------------------------------- */

static void press(struct drive *drive, const char *bytes)
{
    drive_bytes(drive, bytes, strlen(bytes));
    drive_swallowed(drive);
    assert_true(drive_sim(drive, "clock +0s"));
}

static void test_f10_twice(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    press(drive, F10);
    assert_true(drive_sim(drive, "clock +6s"));
    press(drive, F10);
    assert_true(drive_sim(drive, "clock +6s"));
    assert_string_equal(drive_step(drive), "description");
    drive_bytes(drive, F10 F10, strlen(F10 F10));
    assert_int_equal(drive_left(drive), 0);
}

static void test_control_c_three_times(void **state)
{
    struct drive *drive = start();
    (void)state;

    press(drive, "\003\003");
    assert_true(drive_sim(drive, "clock +2s"));
    press(drive, "\003\003");
    assert_true(drive_sim(drive, "clock +2s"));
    assert_string_equal(drive_screen(drive), "attract");
    drive_bytes(drive, "\003\003\003", 3);
    assert_int_equal(drive_left(drive), 0);
}

/* ---- What is left ------------------------------------------------------ */

static void nothing_stands_in(const char *folder)
{
    char where[WORLD_PATH];
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (world_holds(folder, marks[i], ".pdf", where))
            fail_msg("%s stands in %s", marks[i], where);
}

static void test_no_personal_data(void **state)
{
    char folder[WORLD_PATH], kept[WORLD_PATH], errors[WORLD_PATH];
    char where[WORLD_PATH];
    (void)state;

    world_folder(folder);
    world_join(kept, folder, "state");
    world_join(errors, folder, "errors");
    struct drive_options options = {
        .rows = 32, .cols = 100, .folder = kept, .errors = errors
    };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    assert_true(drive_sim(drive, "network down"));
    to_result(drive);
    person_sees(drive, "state.saved");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    assert_true(drive_sim(drive, "clock +5s"));
    drive_wait(drive, "paper", NULL);
    nothing_stands_in(folder);
    assert_true(drive_sim(drive, "network up"));
    drive_press(drive, HAND_KEYS, "yes");
    person_to_bye(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "attract", NULL);
    to_half_number(drive);
    assert_true(drive_sim(drive, "reader unplug"));
    drive_kill(drive);
    nothing_stands_in(folder);
    /* That something would be found: the item's name stands there. */
    assert_true(world_holds(folder, "residence-permit", "", where));
    assert_true(world_holds(folder, "CASE_STORED", "", where));
    world_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_idle_on_every_kind_of_page),
        cmocka_unit_test(test_goodbye_ends_itself),
        cmocka_unit_test(test_f10_twice),
        cmocka_unit_test(test_control_c_three_times),
        cmocka_unit_test(test_no_personal_data),
    };
    return cmocka_run_group_tests_name("leave", tests, NULL, NULL);
}
