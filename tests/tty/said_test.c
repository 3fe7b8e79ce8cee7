/* What a page says is so: of the receipt that nobody printed yet, of a card that
 * was left, of a second copy, of a code that did not fit. */
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

static void pass(struct drive *drive, const char *line)
{
    assert_true(drive_sim(drive, line));
}

/* ---- A receipt that is not printed ----------------------------------------- */

/* Who reported anonymously cannot be told the two numbers again. */
static void test_ending_before_printing_is_asked(void **state)
{
    struct drive *drive = start();

    (void)state;
    person_report(drive, "110120");
    drive_wait(drive, "result", NULL);
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait_element(drive, "end.unprinted");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "stay");
    drive_wait(drive, "result", NULL);
    drive_press(drive, HAND_KEYS, "footer.help");
    drive_wait_element(drive, "help.title");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait_element(drive, "end.unprinted");
    drive_press(drive, HAND_KEYS, "print");
    drive_wait(drive, "printing", NULL);
    pass(drive, "clock +5s");
    drive_wait(drive, "paper", NULL);
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 1);
    drive_press(drive, HAND_TOUCH, "footer.end"); /* nothing is lost now */
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_end(drive), 0);
}

static void test_ending_without_paper(void **state)
{
    struct drive *drive = start();

    (void)state;
    person_report(drive, "110120");
    drive_wait(drive, "result", NULL);
    pass(drive, "paper out");
    drive_wait_element(drive, "paper.none");
    pass(drive, "clock +91s");
    drive_wait(drive, "idle", NULL);
    assert_non_null(drive_element(drive, "idle.unprinted"));
    drive_press(drive, HAND_KEYS, "idle.warn");
    drive_wait(drive, "result", NULL);
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait_element(drive, "end.unprinted");
    assert_null(drive_element(drive, "print"));
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_count_files(drive, "paper", ".pdf"), 0);
    assert_int_equal(drive_end(drive), 0);
}

/* Whoever refused the paper is not asked again. */
static void test_refused_paper_is_not_asked_for(void **state)
{
    struct drive *drive = start();

    (void)state;
    person_apply(drive);
    drive_press(drive, HAND_KEYS, "no-paper");
    drive_wait(drive, "rating", NULL);
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    assert_int_equal(drive_end(drive), 0);
}

static void test_second_copy_is_said(void **state)
{
    struct drive *drive = start();

    (void)state;
    person_report(drive, "110120");
    drive_wait(drive, "result", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "printing", NULL);
    pass(drive, "clock +5s");
    drive_wait_element(drive, "print.said");
    drive_press(drive, HAND_KEYS, "no");
    drive_wait(drive, "printing", NULL);
    pass(drive, "clock +5s");
    drive_wait_element(drive, "print.again");
    assert_non_null(strstr(drive_text(drive, "print.again"), "补打"));
    assert_int_equal(drive_end(drive), 0);
}

/* ---- A card that was left -------------------------------------------------- */

static void test_card_of_somebody_else(void **state)
{
    struct drive *drive = start();

    (void)state;
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "county");
    pass(drive, "clock +91s");
    drive_wait(drive, "idle", NULL);
    pass(drive, "clock +31s");
    person_to_card(drive);
    assert_null(drive_element(drive, "card.left"));
    pass(drive, "clock +8s"); /* it lies there still, and is not found */
    drive_wait_element(drive, "card.left");
    drive_check_painted(drive);
    pass(drive, "card lift");
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ending_before_printing_is_asked),
        cmocka_unit_test(test_ending_without_paper),
        cmocka_unit_test(test_refused_paper_is_not_asked_for),
        cmocka_unit_test(test_second_copy_is_said),
        cmocka_unit_test(test_card_of_somebody_else),
    };
    return cmocka_run_group_tests_name("said", tests, NULL, NULL);
}
