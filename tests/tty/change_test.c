/* An answer that is changed makes later ones fall away: which they are is told
 * first, and only then does one of two things happen.  From the review, by
 * going back, by every hand, in both languages. */
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

/* Who works, has a contract, and stands where it is all read back. */
static struct drive *at_permit_review(int rows, int cols)
{
    static const struct scene scenes[] = {
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
        { "choice", "ground_proof", DEED_PRESS, "option.contract" },
        { "field", "phone", DEED_WRITE, "" },
        { "review", "review", DEED_WAIT, "" },
    };

    return walk(scenes, sizeof scenes / sizeof *scenes, rows, cols);
}

/* A request about a place, described in words, without a name. */
static struct drive *at_hotline_review(void)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.hotline-12345" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "kind", DEED_PRESS, "option.help" },
        { "choice", "topic", DEED_PRESS, "option.waste" },
        { "choice", "county", DEED_PRESS, "option.411303" },
        { "choice", "township", DEED_PRESS, "option.411303005" },
        { "field", "landmark", DEED_WRITE, "" },
    };
    struct drive *drive = walk(scenes, sizeof scenes / sizeof *scenes, 32, 100);

    drive_wait(drive, "field", "description");
    drive_type(drive, HAND_KEYBOARD, "某处有垃圾");
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_TOUCH, "option.anonymous");
    drive_wait(drive, "review", "review");
    return drive;
}

static void press(struct drive *drive, enum drive_hand hand, const char *screen,
                  const char *step, const char *id)
{
    drive_wait(drive, screen, step);
    drive_press(drive, hand, id);
}

/* On whichever turn of the page it stands. */
static void says(struct drive *drive, const char *id, const char *value)
{
    drive_see(drive, id);
    assert_string_equal(drive_value(drive, id), value);
}

static void lacks(struct drive *drive, const char *id)
{
    if (drive_element(drive, id))
        drive_show(drive, id);
    assert_null(drive_element(drive, id));
}

/* Nothing changes: neither this answer nor those that hang on it. */
static void keeps(enum drive_hand hand)
{
    struct drive *drive = at_permit_review(32, 100);
    size_t mark;

    press(drive, hand, "review", "review", "change.ground");
    drive_wait(drive, "choice", "ground");
    mark = drive_mark(drive);
    drive_press(drive, hand, "option.housing");
    drive_wait(drive, "change", "ground");
    assert_string_equal(drive_text(drive, "change.title"), "要改这个回答吗？");
    says(drive, "change.old", "有稳定工作");
    says(drive, "change.new", "有稳定住处");
    assert_string_equal(drive_text(drive, "falls.ground_proof"),
                        "工作或上学证明");
    says(drive, "falls.ground_proof", "不用再回答");
    lacks(drive, "falls.home_proof");
    drive_check_painted(drive);
    /* The questions by their names; what was answered stands nowhere. */
    assert_false(drive_said(drive, mark, "劳动合同"));
    heard_check(drive, mark);
    drive_press(drive, hand, "keep");
    drive_wait(drive, "review", "review");
    says(drive, "change.ground", "有稳定工作");
    says(drive, "change.ground_proof", "劳动合同");
    assert_int_equal(drive_end(drive), 0);
}

static void test_keep_by_keys(void **state)
{
    (void)state;
    keeps(HAND_KEYS);
}

static void test_keep_by_keyboard(void **state)
{
    (void)state;
    keeps(HAND_KEYBOARD);
}

/* What fell away is gone; once its page comes back it is asked again. */
static void changes(enum drive_hand hand, int rows, int cols)
{
    struct drive *drive = at_permit_review(rows, cols);

    press(drive, hand, "review", "review", "change.ground");
    press(drive, hand, "choice", "ground", "option.housing");
    press(drive, hand, "change", "ground", "change");
    drive_wait(drive, "review", "review");
    says(drive, "change.ground", "有稳定住处");
    lacks(drive, "change.ground_proof");
    drive_press(drive, hand, "change.ground");
    press(drive, hand, "choice", "ground", "option.work");
    drive_wait(drive, "choice", "ground_proof");
    lacks(drive, "footer.go"); /* not answered */
    drive_press(drive, hand, "option.licence");
    drive_wait(drive, "review", "review");
    says(drive, "change.ground_proof", "营业执照");
    assert_int_equal(drive_end(drive), 0);
}

static void test_change_by_touch(void **state)
{
    (void)state;
    changes(HAND_TOUCH, 32, 100);
}

static void test_change_by_keys_in_a_small_window(void **state)
{
    (void)state;
    changes(HAND_KEYS, 15, 40);
}

static bool is_english(struct drive *drive)
{
    return strcmp(drive_text(drive, "footer.back"), "Back") == 0;
}

/* A list under another answer is asked again at once. */
static void test_change_of_county_in_english(void **state)
{
    struct drive *drive = at_permit_review(32, 100);
    size_t mark;

    (void)state;
    drive_press(drive, HAND_TOUCH, "footer.language");
    drive_wait_until(drive, is_english, "English");
    press(drive, HAND_TOUCH, "review", "review", "change.county");
    drive_wait(drive, "choice", "county");
    mark = drive_mark(drive);
    drive_press(drive, HAND_KEYS, "option.411302");
    drive_wait(drive, "change", "county");
    assert_string_equal(drive_text(drive, "change.title"),
                        "Change this answer?");
    assert_string_equal(drive_text(drive, "falls.township"),
                        "Township or subdistrict");
    says(drive, "falls.township", "to be answered again");
    lacks(drive, "change.again");
    heard_check(drive, mark);
    drive_press(drive, HAND_KEYBOARD, "change");
    drive_wait(drive, "choice", "township");
    drive_press(drive, HAND_KEYS, "option.411302001");
    drive_wait(drive, "review", "review");
    assert_int_equal(drive_end(drive), 0);
}

/* The same for who walks back by *. */
static void test_going_back(void **state)
{
    struct drive *drive = at_permit_review(32, 100);

    (void)state;
    press(drive, HAND_KEYS, "review", "review", "footer.back");
    press(drive, HAND_TOUCH, "field", "phone", "footer.back");
    press(drive, HAND_KEYS, "choice", "ground_proof", "footer.back");
    press(drive, HAND_KEYS, "choice", "home_proof", "footer.back");
    press(drive, HAND_KEYS, "choice", "ground", "option.study");
    drive_wait(drive, "change", "ground");
    says(drive, "falls.ground_proof", "要重新回答");
    /* Back to the question: the old answer still stands. */
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choice", "ground");
    assert_true(json_is_true(
        json_object_get(drive_element(drive, "option.work"), "chosen")));
    press(drive, HAND_KEYS, "choice", "ground", "option.study");
    press(drive, HAND_KEYS, "change", "ground", "keep");
    press(drive, HAND_KEYS, "choice", "home_proof", "footer.go");
    drive_wait(drive, "choice", "ground_proof");
    assert_true(json_is_true(
        json_object_get(drive_element(drive, "option.contract"), "chosen")));
    press(drive, HAND_KEYS, "choice", "ground_proof", "footer.back");
    press(drive, HAND_KEYS, "choice", "home_proof", "footer.back");
    press(drive, HAND_KEYS, "choice", "ground", "option.study");
    press(drive, HAND_KEYS, "change", "ground", "change");
    press(drive, HAND_KEYS, "choice", "home_proof", "footer.go");
    drive_wait(drive, "choice", "ground_proof");
    lacks(drive, "option.contract");
    lacks(drive, "footer.go");
    assert_int_equal(drive_end(drive), 0);
}

/* A field answered otherwise: by its way round. */
static void test_field(void **state)
{
    struct drive *drive = at_hotline_review();

    (void)state;
    press(drive, HAND_KEYS, "review", "review", "change.description");
    press(drive, HAND_TOUCH, "field", "description", "way");
    drive_wait(drive, "change", "description");
    says(drive, "change.old", "某处有垃圾");
    says(drive, "change.new", "不会打字，请 12345 打电话问我");
    says(drive, "falls.contact_by", "要重新回答");
    drive_press(drive, HAND_TOUCH, "keep");
    drive_wait(drive, "review", "review");
    says(drive, "change.description", "某处有垃圾");
    says(drive, "change.contact_by", "匿名");
    drive_press(drive, HAND_KEYS, "change.description");
    press(drive, HAND_TOUCH, "field", "description", "way");
    press(drive, HAND_TOUCH, "change", "description", "change");
    drive_wait(drive, "choice", "contact_by");
    lacks(drive, "option.anonymous");
    assert_int_equal(drive_end(drive), 0);
}

/* Several at once; and what waits is not kept by who looks at help and leaves,
 * nor named by the page of what is held. */
static void test_leaving(void **state)
{
    struct drive *drive = at_hotline_review();

    (void)state;
    press(drive, HAND_KEYS, "review", "review", "change.county");
    press(drive, HAND_KEYS, "choice", "county", "way");
    drive_wait(drive, "change", "county");
    says(drive, "falls.township", "不用再回答");
    says(drive, "falls.landmark", "不用再回答");
    drive_press(drive, HAND_KEYS, "footer.help");
    press(drive, HAND_KEYS, "help", NULL, "held");
    drive_wait(drive, "held", NULL);
    says(drive, "held.typed", "正等您确认的内容");
    drive_press(drive, HAND_KEYS, "footer.back");
    press(drive, HAND_KEYS, "help", NULL, "footer.back");
    press(drive, HAND_KEYS, "change", "county", "footer.back");
    press(drive, HAND_KEYS, "choice", "county", "footer.go");
    drive_wait(drive, "review", "review");
    says(drive, "change.township", "梅溪街道");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keep_by_keys),
        cmocka_unit_test(test_keep_by_keyboard),
        cmocka_unit_test(test_change_by_touch),
        cmocka_unit_test(test_change_by_keys_in_a_small_window),
        cmocka_unit_test(test_change_of_county_in_english),
        cmocka_unit_test(test_going_back),
        cmocka_unit_test(test_field),
        cmocka_unit_test(test_leaving),
    };

    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
