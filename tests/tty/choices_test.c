/* Choices of many, and a long matter in parts, through the whole program: by
 * ten keys, touch and keyboard, in both languages, to the hub. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/i18n.h"
#include "tests/tty/drive.h"
#include "tests/tty/heard.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], settings[WORLD_PATH];

/* The items of the hall, and two of the tests beside them. */
static int make_world(void **state)
{
    static const char *const items[] = { "many.yaml", "parts.yaml", NULL };

    (void)state;
    world_folder(folder);
    world_items(folder, items, settings);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static bool is_english(struct drive *drive)
{
    const char *language =
        json_string_value(json_object_get(drive_page(drive), "language"));
    return language && strcmp(language, "en") == 0;
}

static struct drive *start(const char *item, int rows, int cols,
                           enum language language)
{
    const struct drive_options options = { .rows = rows,
                                           .cols = cols,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);
    char id[64];

    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (language == LANGUAGE_EN) {
        drive_press(drive, HAND_TOUCH, "footer.language");
        drive_wait_until(drive, is_english, "English");
    }
    snprintf(id, sizeof id, "item.%s", item);
    drive_press(drive, HAND_KEYS, id);
    return drive;
}

static void press(struct drive *drive, enum drive_hand hand, const char *screen,
                  const char *step, const char *id)
{
    drive_wait(drive, screen, step);
    drive_press(drive, hand, id);
}

/* ---- A choice of many ------------------------------------------------------ */

static const char *awaited;

static bool is_chosen(struct drive *drive)
{
    return json_is_true(
        json_object_get(drive_element(drive, awaited), "chosen"));
}

static bool is_not_chosen(struct drive *drive)
{
    return drive_element(drive, awaited) && !is_chosen(drive);
}

/* Marks it, or takes the mark away, and waits until that is seen. */
static void mark(struct drive *drive, enum drive_hand hand, const char *step,
                 const char *value, bool is_marked)
{
    static char id[64];

    drive_wait(drive, "choices", step);
    snprintf(id, sizeof id, "option.%s", value);
    awaited = id;
    drive_press(drive, hand, id);
    drive_see(drive, id);
    drive_wait_until(drive, is_marked ? is_chosen : is_not_chosen, id);
}

static void expect_review(struct drive *drive, const char *id, const char *text)
{
    drive_see(drive, id);
    assert_string_equal(drive_value(drive, id), text);
}

static void choose(int rows, int cols, enum drive_hand hand,
                   enum language language)
{
    struct drive *drive = start("many", rows, cols, language);
    bool is_en = language == LANGUAGE_EN;

    press(drive, hand, "choice", "rented", "option.yes");
    /* One is needed. */
    press(drive, hand, "choices", "trades", "footer.go");
    drive_wait_element(drive, "choices.few");
    drive_check_painted(drive);
    mark(drive, hand, "trades", "goods", true);
    mark(drive, hand, "trades", "food", true);
    mark(drive, hand, "trades", "repair", true);
    /* A fourth is one too many, and says so. */
    drive_press(drive, hand, "option.hair");
    drive_wait_element(drive, "choices.full");
    drive_check_painted(drive);
    mark(drive, hand, "trades", "repair", false);
    assert_null(drive_element(drive, "choices.full"));
    /* Whoever looks back a page finds it as it was. */
    drive_press(drive, hand, "footer.back");
    press(drive, hand, "choice", "rented", "footer.go");
    drive_wait(drive, "choices", "trades");
    drive_see(drive, "option.food");
    assert_true(json_is_true(
        json_object_get(drive_element(drive, "option.food"), "chosen")));
    press(drive, hand, "choices", "trades", "footer.go");
    mark(drive, hand, "papers", "photo", true);
    mark(drive, hand, "papers", "lease", true);
    drive_press(drive, hand, "footer.go");
    /* What is chosen alone takes the place of the others. */
    mark(drive, hand, "health", "liver", true);
    mark(drive, hand, "health", "none", true);
    drive_see(drive, "option.liver");
    awaited = "option.liver";
    assert_true(is_not_chosen(drive));
    drive_press(drive, hand, "footer.go");
    /* Two digits; none is an answer, too, and said. */
    mark(drive, hand, "places", "411321", true);
    mark(drive, hand, "places", "411302", true);
    mark(drive, hand, "places", "411321", false);
    drive_press(drive, hand, "footer.go");
    press(drive, hand, "choice", "copies", "option.no");
    drive_wait(drive, "review", NULL);
    expect_review(drive, "change.trades",
                  is_en ? "Sells food, Sells goods" : "卖食品、卖日用品");
    expect_review(drive, "change.papers",
                  is_en ? "Lease, Photo of the shop" : "租赁合同、店面照片");
    expect_review(drive, "change.places",
                  is_en ? "Wancheng District" : "宛城区");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "result", NULL);
    person_sees(drive, "state.delivered");
    drive_see(drive, "line.next");
    assert_non_null(
        strstr(drive_value(drive, "line.next"),
               is_en ? "Sells food, Sells goods" : "卖食品、卖日用品"));
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static void test_choices_keys(void **state)
{
    (void)state;
    choose(32, 100, HAND_KEYS, LANGUAGE_ZH_CN);
}

static void test_choices_keys_en(void **state)
{
    (void)state;
    choose(32, 100, HAND_KEYS, LANGUAGE_EN);
}

static void test_choices_keys_small(void **state)
{
    (void)state;
    choose(15, 40, HAND_KEYS, LANGUAGE_ZH_CN);
}

static void test_choices_keys_small_en(void **state)
{
    (void)state;
    choose(15, 40, HAND_KEYS, LANGUAGE_EN);
}

static void test_choices_touch(void **state)
{
    (void)state;
    choose(32, 100, HAND_TOUCH, LANGUAGE_ZH_CN);
}

static void test_choices_keyboard(void **state)
{
    (void)state;
    choose(32, 100, HAND_KEYBOARD, LANGUAGE_EN);
}

/* None, later, and an answer that goes with what it stood on. */
static void test_choices_change(void **state)
{
    struct drive *drive = start("many", 32, 100, LANGUAGE_ZH_CN);

    (void)state;
    press(drive, HAND_KEYS, "choice", "rented", "option.yes");
    press(drive, HAND_KEYS, "choices", "trades", "way");
    mark(drive, HAND_KEYS, "papers", "lease", true);
    mark(drive, HAND_KEYS, "papers", "plan", true);
    drive_press(drive, HAND_KEYS, "footer.go");
    press(drive, HAND_KEYS, "choices", "places", "footer.go");
    drive_wait(drive, "review", NULL);
    expect_review(drive, "change.trades", "还没想好，到窗口再说");
    expect_review(drive, "change.places", "都没有");
    drive_press(drive, HAND_KEYS, "change.rented");
    press(drive, HAND_KEYS, "choice", "rented", "option.no");
    drive_wait(drive, "change", NULL);
    drive_see(drive, "falls.papers");
    drive_press(drive, HAND_KEYS, "change");
    drive_wait(drive, "choices", "papers");
    assert_null(drive_element(drive, "option.lease"));
    mark(drive, HAND_KEYS, "papers", "photo", true);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", NULL);
    expect_review(drive, "change.papers", "店面照片");
    /* The way round stays the answer of who only looks, and gives way. */
    drive_press(drive, HAND_KEYS, "change.trades");
    press(drive, HAND_KEYS, "choices", "trades", "footer.go");
    drive_wait(drive, "review", NULL);
    expect_review(drive, "change.trades", "还没想好，到窗口再说");
    drive_press(drive, HAND_KEYS, "change.trades");
    mark(drive, HAND_KEYS, "trades", "hair", true);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", NULL);
    expect_review(drive, "change.trades", "理发");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "result", NULL);
    person_sees(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- Parts ------------------------------------------------------------------ */

/* why: it cannot be entered; NULL: it can. */
static void expect_task(struct drive *drive, const char *id, const char *text,
                        const char *why)
{
    drive_wait(drive, "tasks", NULL);
    drive_see(drive, id);
    assert_string_equal(drive_text(drive, id), text);
    assert_int_equal(json_object_get(drive_element(drive, id), "key") == NULL,
                     why != NULL);
    if (why)
        assert_string_equal(json_string_value(json_object_get(
                                drive_element(drive, id), "note")),
                            why);
}

static void in_parts(int rows, int cols, enum drive_hand hand,
                     enum language language)
{
    struct drive *drive = start("parts", rows, cols, language);
    bool is_en = language == LANGUAGE_EN;

    press(drive, hand, "choice", "kind", "option.food");
    drive_wait(drive, "tasks", NULL);
    drive_check_painted(drive);
    expect_task(drive, "task.1",
                is_en ? "The place: not filled in" : "店面：没填", NULL);
    expect_task(drive, "task.4", is_en ? "Food" : "食品",
                is_en ? "first fill in: The place" : "先填【店面】");
    assert_null(drive_element(drive, "footer.go"));
    /* In any order; half of a part is kept. */
    drive_press(drive, hand, "task.2");
    press(drive, hand, "choice", "owner", "option.self");
    drive_wait(drive, "tasks", NULL);
    drive_press(drive, hand, "task.1");
    press(drive, hand, "choice", "place", "option.street");
    drive_wait(drive, "field", "area");
    assert_non_null(strstr(drive_text(drive, "header.stage"), "2/2"));
    drive_press(drive, hand, "footer.back");
    press(drive, hand, "choice", "place", "footer.back");
    expect_task(drive, "task.1",
                is_en ? "The place: partly filled in" : "店面：填了一部分",
                NULL);
    expect_task(drive, "task.2",
                is_en ? "The owner: filled in" : "经营者：填好了", NULL);
    drive_press(drive, hand, "task.1");
    drive_wait(drive, "field", "area");
    drive_type(drive, hand, "40");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "tasks", NULL);
    drive_press(drive, hand, "task.3");
    press(drive, hand, "choice", "sign", "option.yes");
    drive_wait(drive, "tasks", NULL);
    drive_press(drive, hand, "task.4");
    mark(drive, hand, "food", "packed", true);
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "tasks", NULL);
    drive_check_painted(drive);
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "review", NULL);
    drive_press(drive, hand, "footer.back");
    drive_wait(drive, "tasks", NULL);
    drive_press(drive, hand, "footer.go");
    /* A change takes a part's question with it; the review is where it ends. */
    drive_wait(drive, "review", NULL);
    drive_press(drive, hand, "change.place");
    press(drive, hand, "choice", "place", "option.market");
    drive_wait(drive, "change", NULL);
    drive_see(drive, "falls.sign");
    drive_press(drive, hand, "change");
    drive_wait(drive, "review", NULL);
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "result", NULL);
    person_sees(drive, "state.delivered");
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static void test_parts_keys(void **state)
{
    (void)state;
    in_parts(32, 100, HAND_KEYS, LANGUAGE_ZH_CN);
}

static void test_parts_keys_en(void **state)
{
    (void)state;
    in_parts(32, 100, HAND_KEYS, LANGUAGE_EN);
}

static void test_parts_keys_small(void **state)
{
    (void)state;
    in_parts(15, 40, HAND_KEYS, LANGUAGE_ZH_CN);
}

static void test_parts_keys_small_en(void **state)
{
    (void)state;
    in_parts(15, 40, HAND_KEYS, LANGUAGE_EN);
}

static void test_parts_touch(void **state)
{
    (void)state;
    in_parts(32, 100, HAND_TOUCH, LANGUAGE_ZH_CN);
}

/* Who is stopped in one part is not let past the parts. */
static void test_parts_stop(void **state)
{
    struct drive *drive = start("parts", 32, 100, LANGUAGE_ZH_CN);

    (void)state;
    press(drive, HAND_KEYS, "choice", "kind", "option.food");
    press(drive, HAND_KEYS, "tasks", NULL, "task.1");
    press(drive, HAND_KEYS, "choice", "place", "option.market");
    drive_wait(drive, "field", "area");
    drive_type(drive, HAND_KEYS, "9");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    expect_task(drive, "task.3", "招牌", "不用填");
    drive_press(drive, HAND_KEYS, "task.4");
    mark(drive, HAND_KEYS, "food", "cooked", true);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "stop", NULL);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choices", "food");
    drive_press(drive, HAND_KEYS, "footer.back");
    expect_task(drive, "task.4", "食品：填了一部分", NULL);
    assert_null(drive_element(drive, "footer.go"));
    assert_int_equal(drive_end(drive), 0);
}

/* What was told of a number does not stand over an emptied field, nor over
 * another number; while the number is corrected it stays. */
static void test_error_goes(void **state)
{
    struct drive *drive = start("parts", 32, 100, LANGUAGE_ZH_CN);

    (void)state;
    press(drive, HAND_KEYS, "choice", "kind", "option.food");
    press(drive, HAND_KEYS, "tasks", NULL, "task.1");
    press(drive, HAND_KEYS, "choice", "place", "option.market");
    drive_wait(drive, "field", "area");
    drive_type(drive, HAND_KEYS, "12345");
    drive_wait_element(drive, "field.error");
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "*", 1);
    drive_swallowed(drive);
    drive_wait_element(drive, "field.error");
    drive_bytes(drive, "****", 4);
    drive_wait_gone(drive, "field.error");
    drive_bytes(drive, "7", 1);
    drive_swallowed(drive);
    assert_null(drive_element(drive, "field.error"));
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices_keys),
        cmocka_unit_test(test_choices_keys_en),
        cmocka_unit_test(test_choices_keys_small),
        cmocka_unit_test(test_choices_keys_small_en),
        cmocka_unit_test(test_choices_touch),
        cmocka_unit_test(test_choices_keyboard),
        cmocka_unit_test(test_choices_change),
        cmocka_unit_test(test_parts_keys),
        cmocka_unit_test(test_parts_keys_en),
        cmocka_unit_test(test_parts_keys_small),
        cmocka_unit_test(test_parts_keys_small_en),
        cmocka_unit_test(test_parts_touch),
        cmocka_unit_test(test_parts_stop),
        cmocka_unit_test(test_error_goes),
    };

    return cmocka_run_group_tests_name("many", tests, make_world, remove_world);
}
