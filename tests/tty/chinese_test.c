/* A complaint in Chinese, written with ten keys by strokes, on the glass by
 * strokes and by pinyin, and from a keyboard of letters; and what a page does
 * whose helper is gone. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/chinese.h"
#include "tests/tty/play.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void (*write_fn)(struct drive *drive, enum drive_hand hand,
                         const char *text);

static struct drive *at_the_landmark(int rows, int cols, enum drive_hand hand)
{
    static const struct scene scenes[] = {
        { "attract", NULL, DEED_PRESS, "attract.begin" },
        { "home", NULL, DEED_PRESS, "item.hotline-12345" },
        { "guide", "guide", DEED_PRESS, "footer.go" },
        { "choice", "kind", DEED_PRESS, "option.complaint" },
        { "choice", "topic", DEED_PRESS, "option.pollution" },
        { "choice", "county", DEED_PRESS, "option.411303" },
        { "choice", "township", DEED_PRESS, "option.411303005" },
    };
    struct drive_options options = { .rows = rows, .cols = cols };
    struct drive *drive = drive_start(&options);

    play(drive, hand, scenes, sizeof scenes / sizeof *scenes);
    drive_wait(drive, "field", "landmark");
    drive_check_painted(drive);
    return drive;
}

/* Both fields, and the review shows what was written. */
static void complain(int rows, int cols, enum drive_hand hand, write_fn write)
{
    struct drive *drive = at_the_landmark(rows, cols, hand);

    write(drive, hand, "白河大道");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "field", "description");
    write(drive, hand, "夜里噪声很大");
    drive_check_painted(drive);
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, hand, "option.anonymous");
    drive_wait(drive, "review", "review");
    drive_see(drive, "change.landmark");
    assert_string_equal(drive_value(drive, "change.landmark"), "白河大道");
    drive_see(drive, "change.description");
    assert_string_equal(drive_value(drive, "change.description"),
                        "夜里噪声很大");
    drive_press(drive, hand, "footer.go");
    drive_wait(drive, "result", "result");
    assert_int_equal(drive_end(drive), 0);
}

static char in_field[16];

static bool holds_it(struct drive *drive)
{
    return strcmp(chinese_value(drive), in_field) == 0;
}

static void test_strokes_with_ten_keys(void **state)
{
    (void)state;
    complain(32, 100, HAND_KEYS, chinese_by_strokes);
}

static void test_strokes_with_ten_keys_40x15(void **state)
{
    (void)state;
    complain(15, 40, HAND_KEYS, chinese_by_strokes);
}

/* Pinyin stands there first; who has ten keys writes digits, and # is what its
 * label says.  From a keyboard it is a character, and no label says else. */
static void test_hash_does_what_it_says(void **state)
{
    struct drive *drive = at_the_landmark(32, 100, HAND_KEYS);
    json_t *go;
    (void)state;

    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "138", 3);
    drive_wait_element(drive, "footer.delete");
    go = drive_element(drive, "footer.go");
    assert_string_equal(json_string_value(json_object_get(go, "key")), "#");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "field", "description");
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, "a", 1);
    drive_wait_element(drive, "composed");
    drive_bytes(drive, "*1#", 3);
    (void)snprintf(in_field, sizeof in_field, "1#");
    drive_wait_until(drive, holds_it, "the # in the text");
    go = drive_element(drive, "footer.go");
    assert_null(json_object_get(go, "key"));
    drive_check_painted(drive);
    drive_press(drive, HAND_TOUCH, "footer.go");
    drive_wait(drive, "choice", "contact_by");
    assert_int_equal(drive_end(drive), 0);
}

static void test_strokes_by_touch(void **state)
{
    (void)state;
    complain(15, 40, HAND_TOUCH, chinese_by_strokes);
}

static void test_pinyin_by_touch(void **state)
{
    (void)state;
    complain(32, 100, HAND_TOUCH, chinese_by_pinyin);
}

static void test_pinyin_by_touch_40x15(void **state)
{
    (void)state;
    complain(15, 40, HAND_TOUCH, chinese_by_pinyin);
}

/* From a keyboard a word is picked by its digit, and # would be a character:
 * Enter ends the field. */
static void keyboard(int rows, int cols)
{
    struct drive *drive = at_the_landmark(rows, cols, HAND_KEYS);

    chinese_by_pinyin(drive, HAND_KEYS, "白河大道");
    drive_bytes(drive, "3#", 2);
    drive_bytes(drive, "\r", 1);
    drive_wait(drive, "field", "description");
    chinese_by_pinyin(drive, HAND_KEYS, "夜里噪声很大");
    drive_bytes(drive, "\r", 1);
    drive_wait(drive, "choice", "contact_by");
    drive_press(drive, HAND_KEYS, "option.anonymous");
    drive_wait(drive, "review", "review");
    drive_see(drive, "change.landmark");
    assert_string_equal(drive_value(drive, "change.landmark"), "白河大道3#");
    assert_int_equal(drive_end(drive), 0);
}

static void test_pinyin_from_a_keyboard(void **state)
{
    (void)state;
    keyboard(32, 100);
}

static void test_pinyin_from_a_keyboard_40x15(void **state)
{
    (void)state;
    keyboard(15, 40);
}

/* ---- Everything else that ten keys do ----------------------------------- */

static char expected[128];

static bool has_value(struct drive *drive)
{
    return strcmp(chinese_value(drive), expected) == 0;
}

static void expect(struct drive *drive, const char *value)
{
    (void)snprintf(expected, sizeof expected, "%s", value);
    drive_wait_until(drive, has_value, value);
}

static void keys(struct drive *drive, const char *bytes)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, bytes, strlen(bytes));
}

static void test_signs_digits_and_caret(void **state)
{
    struct drive *drive = at_the_landmark(15, 40, HAND_KEYS);

    (void)state;
    chinese_by_strokes(drive, HAND_KEYS, "车站");
    keys(drive, "7");
    drive_wait_element(drive, "offer.9");
    assert_string_equal(chinese_typing(drive), "");
    assert_string_equal(drive_text(drive, "offer.2"), "。");
    drive_press(drive, HAND_KEYS, "offer.2");
    expect(drive, "车站。");
    drive_press(drive, HAND_KEYS, "keys.8");
    drive_wait_element(drive, "keys.latin");
    assert_string_equal(chinese_typing(drive), "digits");
    keys(drive, "120*");
    expect(drive, "车站。12");
    keys(drive, "#9");
    drive_wait_element(drive, "caret.left");
    drive_check_painted(drive);
    keys(drive, "11*#"); /* twice to the left, away with the full stop */
    expect(drive, "车站12");
    keys(drive, "#");
    drive_wait(drive, "field", "description");
    assert_string_equal(chinese_typing(drive), "strokes"); /* still */
    assert_int_equal(drive_end(drive), 0);
}

/* 任意: the stroke that one does not know; and the word that may follow. */
static void test_any_stroke_and_what_follows(void **state)
{
    struct drive *drive = at_the_landmark(32, 100, HAND_KEYS);

    (void)state;
    chinese_by_strokes(drive, HAND_KEYS, "大");
    drive_wait_element(drive, "offer.1"); /* a glance, without a number */
    assert_null(json_object_get(drive_element(drive, "offer.1"), "key"));
    assert_string_equal(drive_text(drive, "offer.1"), "家");
    drive_press(drive, HAND_TOUCH, "offer.1");
    expect(drive, "大家");
    keys(drive, "36511#");
    drive_wait_element(drive, "writing.back");
    keys(drive, "1");
    expect(drive, "大家白");
    assert_int_equal(drive_end(drive), 0);
}

/* ---- The helper is gone ------------------------------------------------------ */

/* Children of the program with this name. */
static int find_child(pid_t parent, const char *name)
{
    char path[128], line[512];
    struct dirent *entry;
    DIR *folder = opendir("/proc");
    int found = 0;

    assert_non_null(folder);
    while (!found && (entry = readdir(folder))) {
        int pid = (int)strtol(entry->d_name, NULL, 10);
        FILE *file;

        (void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
        file = pid > 0 ? fopen(path, "r") : NULL;
        if (!file)
            continue;
        if (fgets(line, sizeof line, file)) {
            char *end = strrchr(line, ')');
            int of = end ? (int)strtol(end + 4, NULL, 10) : 0;
            if (of == parent && end[2] != 'Z' && strstr(line, name))
                found = pid;
        }
        (void)fclose(file);
    }
    (void)closedir(folder);
    return found;
}

/* It is killed whenever it is asked: three times, then the page says so, and
 * the text is kept, and the other ways stand there. */
static void test_killed_again_and_again(void **state)
{
    struct drive *drive = at_the_landmark(15, 40, HAND_KEYS);

    (void)state;
    chinese_by_pinyin(drive, HAND_KEYS, "白");
    for (int i = 0; i < 3; i++) {
        int pid = find_child(drive_pid(drive), "kiosk-ime");

        assert_true(pid > 0);
        assert_int_equal(kill(pid, SIGKILL), 0);
        keys(drive, i < 2 ? "he" : "h");
        if (i == 2)
            break;
        drive_wait_until(drive, chinese_is_offered, "what is offered");
        keys(drive, "**");
        drive_wait_gone(drive, "composed");
    }
    drive_wait_element(drive, "writing.away");
    drive_check_painted(drive);
    assert_string_equal(chinese_value(drive), "白");
    assert_string_equal(chinese_typing(drive), "text");
    keys(drive, "ab1");
    expect(drive, "白ab1");
    keys(drive, "\x7f\x7f\x7f\x7f#");
    drive_wait(drive, "ways", NULL);
    assert_null(drive_element(drive, "strokes"));
    assert_non_null(drive_element(drive, "way"));
    assert_int_equal(drive_end(drive), 0);
}

/* It hangs: after its limit another is asked, and nothing was lost. */
static void test_hung(void **state)
{
    struct drive *drive = at_the_landmark(32, 100, HAND_KEYS);

    (void)state;
    chinese_by_pinyin(drive, HAND_KEYS, "白");
    int pid = find_child(drive_pid(drive), "kiosk-ime");
    assert_int_equal(kill(pid, SIGSTOP), 0);
    keys(drive, "he");
    for (int i = 0; i < 20 && find_child(drive_pid(drive), "kiosk-ime") == pid;
         i++)
        assert_true(drive_sim(drive, "clock +1s"));
    drive_wait_until(drive, chinese_is_offered, "what is offered");
    assert_string_equal(drive_value(drive, "composed"), "he");
    assert_string_equal(chinese_value(drive), "白");
    assert_int_not_equal(find_child(drive_pid(drive), "kiosk-ime"), pid);
    assert_int_equal(drive_end(drive), 0);
}

/* It ends with the session. */
static void test_ends_with_the_session(void **state)
{
    struct drive *drive = at_the_landmark(32, 100, HAND_KEYS);

    (void)state;
    chinese_by_pinyin(drive, HAND_KEYS, "白");
    assert_true(find_child(drive_pid(drive), "kiosk-ime") > 0);
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait_element(drive, "stay");
    drive_press(drive, HAND_KEYS, "end");
    drive_wait(drive, "attract", NULL);
    for (int i = 0; i < 20000 && find_child(drive_pid(drive), "kiosk-ime"); i++)
        assert_true(drive_sim(drive, "clock +0s"));
    assert_int_equal(find_child(drive_pid(drive), "kiosk-ime"), 0);
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_does_what_it_says),
        cmocka_unit_test(test_strokes_with_ten_keys),
        cmocka_unit_test(test_strokes_with_ten_keys_40x15),
        cmocka_unit_test(test_strokes_by_touch),
        cmocka_unit_test(test_pinyin_by_touch),
        cmocka_unit_test(test_pinyin_by_touch_40x15),
        cmocka_unit_test(test_pinyin_from_a_keyboard),
        cmocka_unit_test(test_pinyin_from_a_keyboard_40x15),
        cmocka_unit_test(test_signs_digits_and_caret),
        cmocka_unit_test(test_any_stroke_and_what_follows),
        cmocka_unit_test(test_killed_again_and_again),
        cmocka_unit_test(test_hung),
        cmocka_unit_test(test_ends_with_the_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
