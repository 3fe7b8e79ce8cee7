/* "kiosk preview": an item on the screen while somebody writes it: what is saved
 * is shown, answers stay where they fit, an error keeps the last good version,
 * and every page can be gone to. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/drive.h"
#include "tests/tty/world.h"

#include "kiosk/base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F2  "\033OQ"
#define F3  "\033OR"
#define F10 "\033[21~"

static char folder[WORLD_PATH], file[WORLD_PATH];

static void copy_items(void)
{
    static struct world_said said;
    char items[WORLD_PATH];

    world_folder(folder);
    world_join(items, folder, "items");
    const char *const copy[] = { "/bin/cp", "-r", "screens/items", items,
                                 NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    world_join(file, items, "hotline-12345.yaml");
}

static int make_items(void **state)
{
    (void)state;
    copy_items();
    return 0;
}

static int remove_items(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static struct drive *start(void)
{
    const struct drive_options options = { .rows = 32,
                                           .cols = 100,
                                           .preview = file };
    struct drive *drive = drive_start(&options);
    drive_wait(drive, "guide", "guide");
    return drive;
}

/* One text of the file becomes another; the file is written anew, or another
 * one takes its place, as editors do it. */
static void change(const char *from, const char *to, bool by_rename)
{
    char beside[WORLD_PATH];
    size_t len = 0;
    char *text = world_read(file, &len);
    char *at = strstr(text, from);

    assert_non_null(at);
    char *now = mem_new(len + strlen(to) + 1);
    snprintf(now, len + strlen(to) + 1, "%.*s%s%s", (int)(at - text), text, to,
             at + strlen(from));
    snprintf(beside, sizeof beside, "%.500s.new", file);
    world_write(by_rename ? beside : file, now, 0600);
    if (by_rename)
        assert_int_equal(rename(beside, file), 0);
    mem_free(now);
    mem_free(text);
}

static bool shows_new_words(struct drive *drive)
{
    return strstr(drive_text(drive, "ask"), "改过的问题") != NULL;
}

static bool shows_second_words(struct drive *drive)
{
    return strstr(drive_text(drive, "ask"), "再改一次") != NULL;
}

static bool has_findings(struct drive *drive)
{
    return strstr(drive_text(drive, "header.findings"), "error:") != NULL;
}

static bool has_none(struct drive *drive)
{
    return !has_findings(drive);
}

static void press(struct drive *drive, const char *key)
{
    drive_bytes(drive, key, strlen(key));
}

/* By F3 to the page of that step, whatever its place in the list. */
static void jump(struct drive *drive, const char *step)
{
    json_t *element, *page;
    char key[8] = "";
    size_t i;

    press(drive, F3);
    drive_wait(drive, "item-pages", NULL);
    for (int turn = 0; turn < 5 && !*key; turn++) {
        page = drive_page(drive);
        json_array_foreach(json_object_get(page, "elements"), i, element)
        {
            const char *text =
                json_string_value(json_object_get(element, "text"));
            const char *its =
                json_string_value(json_object_get(element, "key"));
            size_t len = strlen(step);

            if (its && text && strncmp(text, step, len) == 0 &&
                (text[len] == '\0' || text[len] == ' '))
                snprintf(key, sizeof key, "%s", its);
        }
        assert_true(drive_sim(drive, "clock +1s"));
        press(drive, *key ? key : "#");
        assert_true(drive_sim(drive, "clock +1s"));
    }
    if (!*key)
        drive_show(drive, step);
    assert_true(*key);
}

static void to_topic(struct drive *drive)
{
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "kind");
    drive_press(drive, HAND_KEYS, "option.question");
    drive_wait(drive, "choice", "topic");
}

static bool is_chosen(struct drive *drive, const char *id)
{
    return json_is_true(json_object_get(drive_element(drive, id), "chosen"));
}

static void test_saved_text(void **state)
{
    struct drive *drive = start();
    (void)state;

    assert_non_null(strstr(drive_painted(drive), "F3"));
    to_topic(drive);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choice", "kind");
    assert_true(is_chosen(drive, "option.question"));
    change("您要做什么？", "改过的问题？", false);
    drive_wait_until(drive, shows_new_words, "the new words");
    assert_true(is_chosen(drive, "option.question"));
    change("改过的问题？", "再改一次？", true);
    drive_wait_until(drive, shows_second_words, "the words of another file");
    assert_true(is_chosen(drive, "option.question"));
    /* The answer that is not offered any more goes, and it alone. */
    change("- value: question", "- value: inquiry", true);
    drive_wait_element(drive, "option.inquiry");
    assert_false(is_chosen(drive, "option.inquiry"));
    press(drive, F10);
    assert_int_equal(drive_left(drive), 0);
}

static void test_error_and_removed_page(void **state)
{
    struct drive *drive = start();
    (void)state;

    to_topic(drive);
    change("  - id: topic\n    screen: choice",
           "  - id: topic\n    scren: choice", true);
    drive_wait_until(drive, has_findings, "the findings");
    assert_string_equal(drive_step(drive), "topic");
    assert_non_null(strstr(drive_painted(drive), "hotline-12345.yaml:"));
    press(drive, F2);
    drive_wait(drive, "findings", NULL);
    assert_non_null(drive_element(drive, "findings.old"));
    assert_non_null(drive_element(drive, "finding.1"));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choice", "topic");
    change("  - id: topic\n    scren: choice",
           "  - id: subject\n    screen: choice", true);
    drive_wait(drive, "choice", "kind"); /* the nearest page before it */
    assert_true(is_chosen(drive, "option.question"));
    press(drive, "\003");
    assert_int_equal(drive_left(drive), 0);
}

static void test_without_errors_again(void **state)
{
    struct drive *drive = start();
    (void)state;

    change("\nversion:", "\nversoin:", false);
    drive_wait_until(drive, has_findings, "the findings");
    change("\nversoin:", "\nversion:", false);
    drive_wait_until(drive, has_none, "no findings");
    press(drive, F10);
    assert_int_equal(drive_left(drive), 0);
}

static void test_jumps(void **state)
{
    struct drive *drive = start();
    (void)state;

    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "kind");
    drive_press(drive, HAND_KEYS, "option.praise");
    jump(drive, "review");
    drive_wait(drive, "review", "review");
    assert_non_null(strstr(drive_painted(drive), "表扬"));
    jump(drive, "topic");
    drive_wait(drive, "choice", "topic");
    jump(drive, "result");
    drive_wait(drive, "result", "result");
    press(drive, F10);
    assert_int_equal(drive_left(drive), 0);
}

static void test_refused_at_once(void **state)
{
    char kiosk[WORLD_PATH];
    static struct world_said said;
    (void)state;

    world_program(kiosk, "kiosk");
    change("\nversion:", "\nversoin:", false);
    const char *const broken[] = { kiosk, "preview", file, NULL };
    world_run(broken, &said);
    assert_int_equal(said.code, 1);
    assert_non_null(strstr(said.err, "hotline-12345.yaml:5:1: error: "));
    assert_non_null(strstr(said.err, "no good version to show yet"));
    const char *const none[] = { kiosk, "preview", NULL };
    world_run(none, &said);
    assert_int_equal(said.code, 2);
    assert_non_null(strstr(said.err, "an item's file is expected"));
}

#define WITH_ITEMS(test)                                                       \
    cmocka_unit_test_setup_teardown(test, make_items, remove_items)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ITEMS(test_saved_text),
        WITH_ITEMS(test_error_and_removed_page),
        WITH_ITEMS(test_without_errors_again),
        WITH_ITEMS(test_jumps),
        WITH_ITEMS(test_refused_at_once),
    };
    return cmocka_run_group_tests_name("preview", tests, NULL, NULL);
}
