/* Every type of field, through the whole program: by ten keys in the smallest
 * window, by a keyboard, by touch; what is told of a mistake, how it is read
 * back, what others see of it, to the submission. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

static char folder[WORLD_PATH], settings[WORLD_PATH];

static int make_fields(void **state)
{
    static const char *const items[] = { "every-field.yaml", NULL };

    (void)state;
    world_folder(folder);
    world_items(folder, items, settings);
    return 0;
}

static int remove_fields(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

/* ---- What is typed -------------------------------------------------------- */

/* By ten keys # offers letters: eight a page, 9 more, 0 back, # ends. */
struct answer {
    const char *step;
    const char *keys;  /* ten keys, with the # that ends */
    const char *typed; /* a keyboard, without Enter; and what is touched */
    const char *wrong; /* is not taken … */
    const char *zh_expected, *en_expected; /* … for this reason */
    const char *zh_shown, *en_shown;
};

static const struct answer answers[] = {
    { "person", "41130319900307005#", "41130319900307005X",
      "411303199003070018", "有一位和证件上的不一样",
      "one of its digits is not as on the card", "411303 19900307 005X",
      "411303 19900307 005X" },
    { "born", "19900307#", "19900307", "19900230",
      "应当是日历上有的一天，请核对月和日",
      "a day that is in the calendar, compare month and day", "1990年03月07日",
      "1990-03-07" },
    { "since", "202601#", "202601", "202613", "月份应当是 01 到 12",
      "a month from 01 to 12 behind the year", "2026年01月", "2026-01" },
    { "children", "2#", "2", "10", "最多应当是 9", "at most 9", "2", "2" },
    { "paid", "1250#", "12.50", "0", "最少应当是 0.01 元", "at least 0.01 yuan",
      "12.50 元", "12.50 yuan" },
    { "postcode", "473000#", "473000", "47300", "6 位数字，例如 473000",
      "6 digits, such as 473000", "473000", "473000" },
    { "account", "6222020000000000000#", "6222020000000000000",
      "6222020000000000001", "有一位和证件上的不一样",
      "one of its digits is not as on the card", "6222 0200 0000 0000 000",
      "6222 0200 0000 0000 000" },
    { "firm", "91350100#940000100#995043##", "91350100m000100y43",
      "91350100M000100Y44", "有一位和营业执照上不一样，请逐位核对",
      "one of its characters is not as on the licence", "91 350100 M0001 00Y43",
      "91 350100 M0001 00Y43" },
    { "mail", "#301#142598#", "a1@b.cn", "a1@b",
      "@ 后面应当是带点的名称，例如 name@example.com",
      "behind the @ a name with a point in it", "a1@b.cn", "a1@b.cn" },
    { "car", "#1989994012345##", "豫rd12345", "豫R123456",
      "新能源车号牌最后是一个字母和五位数字，请对着号牌核对",
      "of a new energy vehicle one letter and five digits stand last",
      "豫R D12345", "豫R D12345" },
};

enum { ANSWER_COUNT = sizeof answers / sizeof *answers };

/* The field that is touched in, and how long it was. */
static const char *field;
static size_t length;

static bool is_longer(struct drive *drive)
{
    return strlen(drive_value(drive, field)) > length;
}

static void touch_all(struct drive *drive, const char *text)
{
    char id[32];

    for (; *text; text++) {
        snprintf(id, sizeof id, "keys.%c", *text);
        bool is_digit = *text >= '0' && *text <= '9';
        const char *other = is_digit ? "keys.digits" : "keys.latin";
        if (drive_element(drive, other)) {
            drive_press(drive, HAND_TOUCH, other);
            drive_wait_element(drive, id);
        }
        length = strlen(drive_value(drive, field));
        drive_press(drive, HAND_TOUCH, id);
        drive_wait_until(drive, is_longer, "what was touched");
    }
}

static void type(struct drive *drive, enum drive_hand hand,
                 const struct answer *answer)
{
    static const char yu[] = "豫";
    const char *text = answer->typed;

    assert_true(drive_sim(drive, "clock +1s"));
    if (hand == HAND_KEYS) {
        drive_bytes(drive, answer->keys, strlen(answer->keys));
        return;
    }
    if (hand == HAND_KEYBOARD) {
        drive_bytes(drive, text, strlen(text));
        drive_bytes(drive, "\r", 1);
        return;
    }
    if (strncmp(text, yu, strlen(yu)) == 0) {
        drive_press(drive, HAND_TOUCH, "writing.letters");
        drive_wait_element(drive, "offer.1");
        drive_press(drive, HAND_TOUCH, "offer.1");
        drive_wait_element(drive, "keys.r");
        text += strlen(yu);
    }
    field = answer->step;
    touch_all(drive, text);
    drive_press(drive, HAND_TOUCH, "footer.go");
}

/* ---- A way through --------------------------------------------------------- */

struct way {
    enum drive_hand hand;
    bool is_english, tries_wrong;
    int rows, cols;
};

static void try_wrong(struct drive *drive, const struct way *way,
                      const struct answer *answer)
{
    const char *expected =
        way->is_english ? answer->en_expected : answer->zh_expected;

    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, answer->wrong, strlen(answer->wrong));
    drive_bytes(drive, "\r", 1);
    drive_wait_element(drive, "field.error");
    if (!strstr(drive_text(drive, "field.error"), expected))
        fail_msg("%s: %s", answer->step, drive_text(drive, "field.error"));
    if (strcmp(drive_value(drive, answer->step), answer->wrong) != 0) {
        drive_show(drive, answer->step);
        fail();
    }
    for (const char *c = answer->wrong; *c; c++)
        if (((unsigned char)*c & 0xc0) != 0x80)
            drive_bytes(drive, "\x7f", 1);
    drive_swallowed(drive);
}

static void answer_all(struct drive *drive, const struct way *way)
{
    for (size_t i = 0; i < ANSWER_COUNT; i++) {
        const struct answer *answer = &answers[i];

        drive_wait(drive, "field", answer->step);
        drive_wait_element(drive, answer->step);
        if (way->tries_wrong)
            try_wrong(drive, way, answer);
        type(drive, way->hand, answer);
        drive_wait_element(drive, "confirm.value");
        assert_string_equal(drive_value(drive, "confirm.value"),
                            way->is_english ? answer->en_shown
                                            : answer->zh_shown);
        drive_check_painted(drive);
        drive_press(drive, way->hand, "footer.go");
    }
}

static void check_review(struct drive *drive, const struct way *way)
{
    char id[64];

    drive_wait(drive, "review", "review");
    for (size_t i = 0; i < ANSWER_COUNT; i++) {
        snprintf(id, sizeof id, "change.%s", answers[i].step);
        drive_see(drive, id);
        assert_string_equal(drive_value(drive, id), way->is_english
                                                        ? answers[i].en_shown
                                                        : answers[i].zh_shown);
    }
}

static void check_held(struct drive *drive, const struct way *way)
{
    drive_press(drive, way->hand, "footer.help");
    drive_wait(drive, "help", NULL);
    drive_press(drive, way->hand, "held");
    drive_wait_element(drive, "held.title");
    drive_see(drive, "held.answer.person");
    assert_string_equal(drive_value(drive, "held.answer.person"),
                        "411***********005X");
    drive_see(drive, "held.answer.born");
    assert_string_equal(drive_value(drive, "held.answer.born"),
                        way->is_english ? "written" : "已填写");
    drive_see(drive, "held.answer.account");
    assert_string_equal(drive_value(drive, "held.answer.account"),
                        "622************0000");
    drive_see(drive, "held.answer.mail");
    assert_string_equal(drive_value(drive, "held.answer.mail"), "a***@b.cn");
    /* On a later turn * leads to the one before. */
    for (int i = 0; i < 6 && strcmp(drive_screen(drive), "review") != 0; i++) {
        drive_press(drive, HAND_KEYS, "footer.back");
        drive_swallowed(drive);
        assert_true(drive_sim(drive, "clock +1s"));
    }
}

static void go(const struct way *way)
{
    const struct drive_options options = { .rows = way->rows,
                                           .cols = way->cols,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (way->is_english) {
        drive_press(drive, HAND_KEYS, "footer.help");
        drive_wait(drive, "help", NULL);
        drive_press(drive, HAND_KEYS, "language");
        drive_wait(drive, "home", NULL);
    }
    drive_press(drive, HAND_KEYS, "item.every-field");
    drive_wait(drive, "choice", "agrees");
    drive_press(drive, way->hand, "option.yes");
    answer_all(drive, way);
    check_review(drive, way);
    check_held(drive, way);
    drive_wait(drive, "review", "review");
    drive_press(drive, way->hand, "footer.go");
    person_sees(drive, "state.delivered");
    drive_see(drive, "line.account");
    assert_string_equal(drive_value(drive, "line.account"),
                        way->is_english ? "622************0000, "
                                          "411***********005X, a***@b.cn"
                                        : "622************0000，"
                                          "411***********005X，a***@b.cn");
    assert_int_equal(drive_end(drive), 0);
}

static void test_ten_keys(void **state)
{
    (void)state;
    go(&(struct way){ .hand = HAND_KEYS, .rows = 15, .cols = 40 });
}

static void test_ten_keys_english(void **state)
{
    (void)state;
    go(&(struct way){
        .hand = HAND_KEYS, .is_english = true, .rows = 24, .cols = 80 });
}

static void test_keyboard(void **state)
{
    (void)state;
    go(&(struct way){
        .hand = HAND_KEYBOARD, .tries_wrong = true, .rows = 32, .cols = 100 });
}

static void test_keyboard_english(void **state)
{
    (void)state;
    go(&(struct way){ .hand = HAND_KEYBOARD,
                      .is_english = true,
                      .tries_wrong = true,
                      .rows = 24,
                      .cols = 80 });
}

static void test_touch(void **state)
{
    (void)state;
    go(&(struct way){ .hand = HAND_TOUCH, .rows = 32, .cols = 100 });
}

static void test_touch_small(void **state)
{
    (void)state;
    go(&(struct way){ .hand = HAND_TOUCH, .rows = 15, .cols = 40 });
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_keys),
        cmocka_unit_test(test_ten_keys_english),
        cmocka_unit_test(test_keyboard),
        cmocka_unit_test(test_keyboard_english),
        cmocka_unit_test(test_touch),
        cmocka_unit_test(test_touch_small),
    };

    return cmocka_run_group_tests_name("field", tests, make_fields,
                                       remove_fields);
}
