/* The four items, whole, in both languages, by touch alone, by ten keys alone,
 * by Tab and Enter alone, on a large screen and on what large print leaves. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/tty/heard.h"
#include "tests/tty/play.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_english(struct drive *drive)
{
    return strcmp(drive_text(drive, "home.ask"),
                  "What would you like to do?") == 0;
}

static void walk(int rows, int cols, enum drive_hand hand, const char *settings)
{
    struct drive_options options = { .rows = rows,
                                     .cols = cols,
                                     .settings = settings };
    struct drive *drive = drive_start(&options);
    char first[16], second[16], code[8], number[40];

    play_permit(drive, hand, first, code);
    play_hotline(drive, hand, second);
    assert_string_not_equal(first, second);
    play_proof(drive, hand, number);
    play_progress(drive, hand, first);
    play_progress_typed(drive, hand, first, code);
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

static char english[64]; /* a settings file of this run's own */

static int write_settings(void **state)
{
    snprintf(english, sizeof english, "/tmp/kiosk-english-%d.yaml",
             (int)getpid());
    FILE *file = fopen(english, "w");
    (void)state;
    if (!file)
        return -1;
    fputs("language: en\n", file);
    return fclose(file);
}

static int remove_settings(void **state)
{
    (void)state;
    return remove(english);
}

static void test_keys_100x32(void **state)
{
    (void)state;
    walk(32, 100, HAND_KEYS, NULL);
}

static void test_keys_100x32_en(void **state)
{
    (void)state;
    walk(32, 100, HAND_KEYS, english);
}

static void test_touch_100x32(void **state)
{
    (void)state;
    walk(32, 100, HAND_TOUCH, NULL);
}

static void test_touch_100x32_en(void **state)
{
    (void)state;
    walk(32, 100, HAND_TOUCH, english);
}

static void test_keyboard_100x32(void **state)
{
    (void)state;
    walk(32, 100, HAND_KEYBOARD, NULL);
}

static void test_keyboard_100x32_en(void **state)
{
    (void)state;
    walk(32, 100, HAND_KEYBOARD, english);
}

static void test_keys_40x15(void **state)
{
    (void)state;
    walk(15, 40, HAND_KEYS, NULL);
}

static void test_keys_40x15_en(void **state)
{
    (void)state;
    walk(15, 40, HAND_KEYS, english);
}

static void test_touch_40x15(void **state)
{
    (void)state;
    walk(15, 40, HAND_TOUCH, NULL);
}

static void test_touch_40x15_en(void **state)
{
    (void)state;
    walk(15, 40, HAND_TOUCH, english);
}

static void test_keyboard_40x15(void **state)
{
    (void)state;
    walk(15, 40, HAND_KEYBOARD, NULL);
}

static void test_keyboard_40x15_en(void **state)
{
    (void)state;
    walk(15, 40, HAND_KEYBOARD, english);
}

static void test_keys_80x24(void **state)
{
    (void)state;
    walk(24, 80, HAND_KEYS, NULL);
}

static void test_touch_60x200(void **state)
{
    (void)state;
    walk(60, 200, HAND_TOUCH, NULL);
}

static void test_language_by_touch(void **state)
{
    struct drive_options options = { .rows = 32, .cols = 100 };
    struct drive *drive = drive_start(&options);
    (void)state;

    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    drive_press(drive, HAND_TOUCH, "footer.language");
    drive_wait_until(drive, is_english, "English");
    assert_int_equal(drive_end(drive), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_100x32),
        cmocka_unit_test(test_keys_100x32_en),
        cmocka_unit_test(test_touch_100x32),
        cmocka_unit_test(test_touch_100x32_en),
        cmocka_unit_test(test_keyboard_100x32),
        cmocka_unit_test(test_keyboard_100x32_en),
        cmocka_unit_test(test_keys_40x15),
        cmocka_unit_test(test_keys_40x15_en),
        cmocka_unit_test(test_touch_40x15),
        cmocka_unit_test(test_touch_40x15_en),
        cmocka_unit_test(test_keyboard_40x15),
        cmocka_unit_test(test_keyboard_40x15_en),
        cmocka_unit_test(test_keys_80x24),
        cmocka_unit_test(test_touch_60x200),
        cmocka_unit_test(test_language_by_touch),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    else if (mem_is_checked()) /* slow under sanitizers: ten keys alone */
        cmocka_set_test_filter("test_keys*");
    return cmocka_run_group_tests_name("walk", tests, write_settings,
                                       remove_settings);
}
