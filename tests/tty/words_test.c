/* What pages say is true, and the same as what was said elsewhere: what the
 * slip tells somebody to do, whom to ask, what was and was not done. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"

#include <stdio.h>
#include <string.h>

static struct drive *start(void)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    person_awaits_hub(drive);
    return drive;
}

static void press(struct drive *drive, const char *screen, const char *id)
{
    drive_wait(drive, screen, NULL);
    drive_press(drive, HAND_KEYS, id);
}

static void says(struct drive *drive, const char *id, const char *words)
{
    drive_see(drive, id);
    if (!strstr(drive_text(drive, id), words) &&
        !strstr(drive_value(drive, id), words))
        fail_msg("%s says: %s %s", id, drive_text(drive, id),
                 drive_value(drive, id));
    drive_check_painted(drive);
}

static json_int_t left; /* the page that was left */

static bool is_another(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page")) !=
           left;
}

/* ---- A case under way ---------------------------------------------------- */

/* An application that was delivered; its person is still at the machine. */
static struct drive *applied(void)
{
    struct drive *drive = start();

    person_apply(drive);
    person_sees(drive, "state.delivered");
    person_leave(drive);
    return drive;
}

static void to_case(struct drive *drive)
{
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.case-progress");
    press(drive, "choice", "option.card");
    drive_wait(drive, "card", "card");
    person_lay(drive, PERSON_CARD);
    press(drive, "take back", "footer.go");
    drive_wait_element(drive, "case.0");
    drive_press(drive, HAND_KEYS, "case.0");
    drive_wait(drive, "progress", "cases");
}

/* Until the police station has begun: the same as on the slip. */
static void test_delivered_says_come(void **state)
{
    struct drive *drive = applied();
    (void)state;

    to_case(drive);
    says(drive, "line.next", "请带下面的原件，到卧龙区");
    says(drive, "line.paper_lease", "租赁合同");
    says(drive, "line.limit", "自受理之日起");
    says(drive, "case.ask", "12345");
    says(drive, "case.complain", "12345");
    assert_int_equal(drive_end(drive), 0);
}

/* The list is asked for anew until the office has done it. */
static void look_again(struct drive *drive)
{
    press(drive, "progress", "footer.back");
    press(drive, "choice", "option.card");
    drive_wait_element(drive, "case.0");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait_element(drive, "option.card");
    drive_press(drive, HAND_KEYS, "option.card");
    drive_wait_element(drive, "case.0");
    drive_press(drive, HAND_KEYS, "case.0");
    drive_wait(drive, "progress", "cases");
}

static void to_state(struct drive *drive, const char *words)
{
    for (int i = 0; i < 200; i++) {
        if (strstr(drive_text(drive, "case.state"), words))
            return;
        look_again(drive);
    }
    fail_msg("the case never came to %s", words);
}

/* Without a word of the office's nothing "above" says what to do; and a slip
 * that does not come out makes nothing done that waits for a paper. */
static void test_correction_without_words(void **state)
{
    struct drive *drive = applied();
    (void)state;

    assert_true(drive_sim(drive, "case correct"));
    to_case(drive);
    to_state(drive, "补正");
    says(drive, "case.next", "请向下面的单位问清要补什么");
    assert_null(drive_element(drive, "line.next"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Help on pages that are written on ------------------------------------ */

/* 0 writes there; by # and 0 the help page is reached all the same, with ten
 * keys alone. */
static void asks_help(struct drive *drive)
{
    press(drive, "field", "footer.go");
    press(drive, "ways", "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, HAND_KEYS, "contrast");
    press(drive, "ways", "footer.back");
    drive_wait(drive, "field", NULL);
}

static void test_help_where_keys_write(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    asks_help(drive);
    drive_press(drive, HAND_TOUCH, "footer.end");
    press(drive, "stop", "end");
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.si-insured-proof");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "card", NULL);
    person_lay(drive, PERSON_CARD);
    press(drive, "take back", "footer.go");
    press(drive, "check", "code");
    drive_wait(drive, "field", "check");
    asks_help(drive);
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Answers that were not sent ------------------------------------------ */

static void back_home(struct drive *drive)
{
    for (int i = 0; strcmp(drive_screen(drive), "home") != 0; i++) {
        json_int_t page =
            json_integer_value(json_object_get(drive_page(drive), "page"));
        assert_true(i < 20);
        drive_press(drive, HAND_KEYS, "footer.back");
        left = page;
        drive_wait_until(drive, is_another, "the page before");
    }
}

/* Another tile asks before it takes what was entered for the first. */
static void test_another_tile_asks(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    back_home(drive);
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait(drive, "stop", NULL);
    says(drive, "end.confirm", "全部清除");
    says(drive, "change", "居住证申领");
    drive_press(drive, HAND_KEYS, "stay");
    drive_wait(drive, "guide", "guide");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "choice", "kind");
    assert_true(json_is_true(
        json_object_get(drive_element(drive, "option.complaint"), "chosen")));
    back_home(drive);
    drive_press(drive, HAND_KEYS, "item.residence-permit");
    drive_wait_element(drive, "end.confirm");
    drive_press(drive, HAND_KEYS, "change");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "choice", "registered");
    back_home(drive); /* nothing was answered here: nothing to lose */
    drive_press(drive, HAND_KEYS, "item.hotline-12345");
    press(drive, "guide", "footer.go");
    drive_wait(drive, "choice", "kind");
    assert_false(json_is_true(
        json_object_get(drive_element(drive, "option.complaint"), "chosen")));
    assert_int_equal(drive_end(drive), 0);
}

/* So do the ends on a stop page and under the cover. */
static void test_every_end_asks(void **state)
{
    struct drive *drive = start();
    (void)state;

    person_to_description(drive);
    drive_press(drive, HAND_TOUCH, "footer.cover");
    drive_wait_element(drive, "cover.title");
    drive_press(drive, HAND_KEYS, "cover.go");
    drive_wait_element(drive, "cover.ask");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait_element(drive, "end.confirm");
    assert_null(drive_element(drive, "header.item")); /* it stays covered */
    drive_press(drive, HAND_KEYS, "end");
    press(drive, "attract", "attract.begin");
    press(drive, "home", "item.residence-permit");
    press(drive, "guide", "footer.go");
    press(drive, "choice", "option.no");
    drive_wait(drive, "stop", NULL);
    drive_press(drive, HAND_KEYS, "end");
    drive_wait_element(drive, "end.confirm");
    drive_press(drive, HAND_KEYS, "stay");
    drive_wait_element(drive, "stop.here");
    assert_int_equal(drive_end(drive), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delivered_says_come),
        cmocka_unit_test(test_correction_without_words),
        cmocka_unit_test(test_help_where_keys_write),
        cmocka_unit_test(test_another_tile_asks),
        cmocka_unit_test(test_every_end_asks),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
