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

/* ---- Any key -------------------------------------------------------------- */

/* The words are true: also a key that means nothing, or something else
 * elsewhere, is a sign of somebody. */
static void test_any_key_extends(void **state)
{
    static const char *const keys[] = { "*",        "\x7f",     "\x1b",
                                        "\x1b[20~", "\x1b[24~", "\x03" };
    struct drive *drive = start();

    (void)state;
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        pass(drive, "clock +91s");
        drive_wait(drive, "idle", NULL);
        pass(drive, "clock +1s");
        drive_bytes(drive, keys[i], strlen(keys[i]));
        drive_swallowed(drive);
        pass(drive, "clock +1s"); /* a lone Esc is one */
        drive_wait(drive, "home", NULL);
    }
    assert_int_equal(drive_end(drive), 0);
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

/* ---- Numbers that are typed ------------------------------------------------ */

static void to_receipt(struct drive *drive)
{
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_KEYS, "item.case-progress");
    drive_wait(drive, "choice", "how");
    drive_press(drive, HAND_KEYS, "option.receipt");
    drive_wait(drive, "field", "receipt");
}

static const char *note(struct drive *drive, const char *id)
{
    const char *text =
        json_string_value(json_object_get(drive_element(drive, id), "note"));
    return text ? text : "";
}

static void keys(struct drive *drive, const char *bytes)
{
    pass(drive, "clock +1s");
    drive_bytes(drive, bytes, strlen(bytes));
    drive_swallowed(drive);
    pass(drive, "clock +0s");
}

static const char *wanted;

static bool has_typed(struct drive *drive)
{
    return strcmp(drive_value(drive, "receipt"), wanted) == 0 ||
           strcmp(drive_value(drive, "lookup"), wanted) == 0;
}

static void type(struct drive *drive, const char *digits, const char *value)
{
    keys(drive, digits);
    wanted = value;
    drive_wait_until(drive, has_typed, "what was typed");
}

/* A pad's signs say what they do now; digits stand as they are read, and how
 * many are missing is said. */
static void test_a_number_is_grouped(void **state)
{
    struct drive *drive = start();

    (void)state;
    to_receipt(drive);
    assert_string_equal(note(drive, "receipt"), "还差12位");
    drive_wait_painted(drive, "* 返回");
    drive_wait_painted(drive, "# 其他办法");
    drive_wait_unpainted(drive, "# 完成");
    type(drive, "31006", "31006");
    assert_string_equal(note(drive, "receipt"), "还差7位");
    drive_wait_painted(drive, "3100 6");
    drive_wait_painted(drive, "* 删除");
    type(drive, "3270015", "310063270015");
    assert_string_equal(note(drive, "receipt"), "");
    drive_wait_painted(drive, "3100 6327 0015");
    assert_int_equal(drive_end(drive), 0);
}

/* Four digits and no more; what was not found is typed anew. */
static void test_codes_that_are_not_found(void **state)
{
    struct drive *drive = start();

    (void)state;
    to_receipt(drive);
    drive_type(drive, HAND_KEYS, "310063270015");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "field", "lookup");
    type(drive, "48215", "4821");
    keys(drive, "#");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait_element(drive, "retype");
    drive_press(drive, HAND_KEYS, "retype");
    drive_wait(drive, "field", "receipt");
    assert_string_equal(drive_value(drive, "receipt"), "");
    drive_type(drive, HAND_KEYS, "310063270015");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "field", "lookup");
    assert_string_equal(drive_value(drive, "lookup"), "");
    assert_int_equal(drive_end(drive), 0);
}

/* Two digits are asked for, and the second one. */
static void test_second_digit_is_asked_for(void **state)
{
    struct drive *drive = start();

    (void)state;
    person_to_card(drive);
    person_lay(drive, PERSON_CARD);
    drive_wait(drive, "take back", "card");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "county");
    assert_non_null(drive_element(drive, "list.hint"));
    keys(drive, "1");
    drive_wait_painted(drive, "请再按一位");
    keys(drive, "2");
    drive_wait(drive, "choice", "township");
    assert_non_null(strstr(drive_text(drive, "ask"), "卧龙"));
    assert_int_equal(drive_end(drive), 0);
}

/* A line that no chip could say is refused. */
static void test_made_up_numbers_have_their_form(void **state)
{
    struct drive *drive = start();

    (void)state;
    assert_false(drive_sim(drive, "card resident number=123"));
    assert_true(drive_sim(drive, "card resident number=411303199003070018"));
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_key_extends),
        cmocka_unit_test(test_ending_before_printing_is_asked),
        cmocka_unit_test(test_ending_without_paper),
        cmocka_unit_test(test_refused_paper_is_not_asked_for),
        cmocka_unit_test(test_second_copy_is_said),
        cmocka_unit_test(test_card_of_somebody_else),
        cmocka_unit_test(test_a_number_is_grouped),
        cmocka_unit_test(test_codes_that_are_not_found),
        cmocka_unit_test(test_second_digit_is_asked_for),
        cmocka_unit_test(test_made_up_numbers_have_their_form),
    };
    return cmocka_run_group_tests_name("said", tests, NULL, NULL);
}
