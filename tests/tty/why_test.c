/* "Why am I asked this?": from each page that asks, by each hand, in both
 * languages; it says what for, the law, and which answer brought it up. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/heard.h"
#include "tests/tty/play.h"

#include <string.h>

static struct drive *walk(const struct scene *scenes, size_t count, int rows,
                          int cols)
{
    struct drive_options options = { .rows = rows, .cols = cols };
    struct drive *drive = drive_start(&options);

    play(drive, HAND_TOUCH, scenes, count);
    return drive;
}

static const struct scene to_county[] = {
    { "attract", NULL, DEED_PRESS, "attract.begin" },
    { "home", NULL, DEED_PRESS, "item.residence-permit" },
    { "guide", "guide", DEED_PRESS, "footer.go" },
    { "choice", "registered", DEED_PRESS, "option.yes" },
    { "card", "card", DEED_SIM, "card resident" },
    { "card", "card", DEED_SIM, "clock +5s" },
    { "take back", "card", DEED_PRESS, "footer.go" },
    { "choice", "county", DEED_PRESS, "option.411303" },
    { "choice", "township", DEED_PRESS, "option.411303005" },
    { "field", "street", DEED_WRITE, "" },
    { "choice", "ground", DEED_PRESS, "option.work" },
    { "choice", "home_proof", DEED_PRESS, "option.lease" },
    { "choice", "ground_proof", DEED_WAIT, "" },
};

enum { STEPS_TO_CARD = 4, STEPS_TO_STREET = 9 };

static void press(struct drive *drive, enum drive_hand hand, const char *screen,
                  const char *step, const char *id)
{
    drive_wait(drive, screen, step);
    drive_press(drive, hand, id);
}

static void ask(struct drive *drive, enum drive_hand hand, const char *step)
{
    drive_press(drive, hand, "footer.help");
    press(drive, hand, "help", step, "footer.go");
    drive_wait(drive, "why", step);
}

static void says(struct drive *drive, const char *id, const char *text,
                 const char *value)
{
    drive_see(drive, id);
    assert_string_equal(drive_text(drive, id), text);
    if (value)
        assert_string_equal(drive_value(drive, id), value);
}

static void asked_because(enum drive_hand hand, int rows, int cols)
{
    struct drive *drive =
        walk(to_county, sizeof to_county / sizeof *to_county, rows, cols);
    size_t mark = drive_mark(drive);

    drive_wait(drive, "choice", "ground_proof");
    ask(drive, hand, "ground_proof");
    says(drive, "why.title", "为什么问这个？", NULL);
    says(drive, "why.needed", "用来做什么", "好告诉您去派出所要带哪一种原件。");
    says(drive, "why.basis", "依据", "《居住证暂行条例》第九条");
    says(drive, "why.because", "不是人人都问。问您，是因为：", NULL);
    says(drive, "cause.ground", "申领理由", "有稳定工作");
    assert_null(drive_element(drive, "cause.home_proof"));
    assert_null(drive_element(drive, "why.everybody"));
    heard_check(drive, mark);
    /* Back to the question as it was. */
    drive_press(drive, hand, "footer.back");
    press(drive, hand, "choice", "ground_proof", "option.contract");
    drive_wait(drive, "field", "phone");
    assert_int_equal(drive_end(drive), 0);
}

static void test_because_by_keys(void **state)
{
    (void)state;
    asked_because(HAND_KEYS, 32, 100);
}

static void test_because_by_keyboard(void **state)
{
    (void)state;
    asked_because(HAND_KEYBOARD, 32, 100);
}

static void test_because_by_touch_in_a_small_window(void **state)
{
    (void)state;
    asked_because(HAND_TOUCH, 15, 40);
}

static bool is_english(struct drive *drive)
{
    return strcmp(drive_text(drive, "footer.back"), "Back") == 0;
}

/* On the card's page, and in English; not on pages that ask nothing. */
static void test_everybody(void **state)
{
    struct drive *drive = walk(to_county, STEPS_TO_CARD, 32, 100);
    size_t mark;

    (void)state;
    drive_wait(drive, "card", "card");
    mark = drive_mark(drive);
    drive_press(drive, HAND_TOUCH, "footer.language");
    drive_wait_until(drive, is_english, "English");
    ask(drive, HAND_KEYS, "card");
    says(drive, "why.title", "Why am I asked this?", NULL);
    says(drive, "why.needed", "Purpose",
         "The application has to say who applies.");
    says(drive, "why.everybody", "Everybody who does this is asked this.",
         NULL);
    assert_null(drive_element(drive, "why.basis"));
    assert_null(drive_element(drive, "why.because"));
    heard_check(drive, mark);
    drive_press(drive, HAND_KEYS, "footer.back");
    press(drive, HAND_KEYS, "card", "card", "footer.back");
    press(drive, HAND_KEYS, "choice", "registered", "footer.back");
    press(drive, HAND_KEYS, "guide", "guide", "footer.help");
    drive_wait(drive, "help", "guide");
    assert_null(drive_element(drive, "footer.go"));
    assert_int_equal(drive_end(drive), 0);
}

/* Where keys write, among the other ways; what was written stays. */
static void test_field(void **state)
{
    struct drive *drive = walk(to_county, STEPS_TO_STREET, 32, 100);

    (void)state;
    press(drive, HAND_KEYS, "field", "street", "footer.go");
    press(drive, HAND_KEYS, "ways", "street", "why");
    drive_wait(drive, "why", "street");
    says(drive, "why.needed", "用来做什么", "派出所要核对您现在的住址。");
    says(drive, "why.everybody", "办这件事的人，都会问到这一项。", NULL);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "field", "street");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_because_by_keys),
        cmocka_unit_test(test_because_by_keyboard),
        cmocka_unit_test(test_because_by_touch_in_a_small_window),
        cmocka_unit_test(test_everybody),
        cmocka_unit_test(test_field),
    };

    return cmocka_run_group_tests_name("why", tests, NULL, NULL);
}
