/* "kiosk preview": an item on the screen while somebody writes it: what is saved
 * is shown, answers stay where they fit, and an error keeps the last good
 * version. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/previewed.h"
#include "tests/tty/world.h"

#include "kiosk/base/mem.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HOTLINE "hotline-12345.yaml"

enum { ONE_MIB = 1024 * 1024 };

static struct drive *start(void)
{
    struct drive *drive = previewed_start(HOTLINE, 32, 100);
    drive_wait(drive, "guide", "guide");
    return drive;
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

static const char *words;

static bool asks(struct drive *drive)
{
    return strstr(drive_text(drive, "ask"), words) != NULL;
}

static void wait_ask(struct drive *drive, const char *ask)
{
    words = ask;
    drive_wait_until(drive, asks, ask);
}

static void back_to_kind(struct drive *drive)
{
    to_topic(drive);
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choice", "kind");
    assert_true(is_chosen(drive, "option.question"));
}

static void test_saved_text(void **state)
{
    struct drive *drive = start();
    (void)state;

    drive_wait_painted(drive, "F3");
    back_to_kind(drive);
    previewed_change(HOTLINE, "您要做什么？", "改过的问题？", WRITTEN);
    wait_ask(drive, "改过的问题");
    assert_true(is_chosen(drive, "option.question"));
    previewed_change(HOTLINE, "改过的问题？", "再改一次？", RENAMED);
    wait_ask(drive, "再改一次");
    assert_true(is_chosen(drive, "option.question"));
    /* The answer that is not offered any more goes, and it alone. */
    previewed_change(HOTLINE, "- value: question", "- value: inquiry", RENAMED);
    drive_wait_element(drive, "option.inquiry");
    assert_false(is_chosen(drive, "option.inquiry"));
    previewed_end(drive);
}

static void test_error_and_removed_page(void **state)
{
    struct drive *drive = start();
    (void)state;

    to_topic(drive);
    previewed_change(HOTLINE, "  - id: topic\n    screen: choice",
                     "  - id: topic\n    scren: choice", RENAMED);
    previewed_wait_error(drive, "97:5: error: ");
    assert_string_equal(drive_step(drive), "topic");
    drive_wait_painted(drive, "97:5: error: ");
    previewed_press(drive, KEY_F2);
    drive_wait(drive, "findings", NULL);
    assert_non_null(drive_element(drive, "findings.old"));
    assert_non_null(
        strstr(drive_text(drive, "finding.1"), HOTLINE ":97:5: error: "));
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choice", "topic");
    previewed_change(HOTLINE, "  - id: topic\n    scren: choice",
                     "  - id: subject\n    screen: choice", RENAMED);
    drive_wait(drive, "choice", "kind"); /* the nearest page before it */
    assert_true(is_chosen(drive, "option.question"));
    previewed_press(drive, "\003");
    assert_int_equal(drive_left(drive), 0);
}

/* What the line at the bottom has no room for is marked, and stands on F2. */
static void test_small(void **state)
{
    struct drive *drive = previewed_start(HOTLINE, 15, 40);
    (void)state;

    previewed_change(HOTLINE, "\nversion:", "\nverison: 1\nversoin:", WRITTEN);
    previewed_wait_error(drive, ":1: error: ");
    drive_wait_painted(drive, ":1: error: ");
    drive_wait_painted(drive, " ...");
    previewed_press(drive, KEY_F2);
    drive_wait(drive, "findings", NULL);
    drive_check_painted(drive);
    drive_see(drive, "finding.2");
    assert_non_null(strstr(drive_text(drive, "finding.2"), "versoin"));
    drive_check_painted(drive);
    previewed_change(HOTLINE, "\nverison: 1\nversoin:", "\nversion:", WRITTEN);
    drive_wait_element(drive, "findings.none");
    previewed_end(drive);
}

static void write_part(const char *text, size_t len, const char *mode)
{
    FILE *file = fopen(previewed_path(HOTLINE), mode);

    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* Emptied, written to its middle, then whole; and removed, then made anew. */
static void test_in_steps(void **state)
{
    struct drive *drive = start();
    size_t len = 0;
    char *text = world_read(previewed_path(HOTLINE), &len);
    (void)state;

    back_to_kind(drive);
    write_part("", 0, "w");
    previewed_wait_error(drive, "1:1: error: ");
    write_part(text, len / 2, "w");
    previewed_wait_error(drive, "error: ");
    write_part(text + len / 2, len - len / 2, "a");
    previewed_wait_none(drive);
    assert_true(is_chosen(drive, "option.question"));
    assert_int_equal(unlink(previewed_path(HOTLINE)), 0);
    previewed_wait_error(drive, "there is no such file");
    assert_string_equal(drive_step(drive), "kind");
    write_part(text, len, "w");
    previewed_wait_none(drive);
    assert_true(is_chosen(drive, "option.question"));
    mem_free(text);
    previewed_end(drive);
}

/* As a change of branch does it: the folder goes, and another comes. */
static void test_folder_goes(void **state)
{
    static struct world_said said;
    struct drive *drive = start();
    char away[WORLD_PATH];
    (void)state;

    back_to_kind(drive);
    snprintf(away, sizeof away, "%.500s.away", previewed_path(""));
    assert_int_equal(rename(previewed_path(""), away), 0);
    previewed_wait_error(drive, "there is no such file");
    assert_string_equal(drive_step(drive), "kind");
    assert_int_equal(rename(away, previewed_path("")), 0);
    previewed_wait_none(drive);
    world_remove(previewed_path(""));
    previewed_wait_error(drive, "there is no such file");
    const char *const copy[] = { "/bin/cp", "-r", "screens/items",
                                 previewed_path(""), NULL };
    world_run(copy, &said);
    assert_int_equal(said.code, 0);
    previewed_wait_none(drive);
    previewed_change(HOTLINE, "您要做什么？", "改过的问题？", WRITTEN);
    wait_ask(drive, "改过的问题");
    assert_true(is_chosen(drive, "option.question"));
    previewed_end(drive);
}

static void test_too_big(void **state)
{
    struct drive *drive = start();
    size_t len = 0;
    char *text = world_read(previewed_path(HOTLINE), &len);
    char *comment = mem_new(ONE_MIB);
    (void)state;

    to_topic(drive);
    memset(comment, '#', ONE_MIB);
    write_part(comment, ONE_MIB, "a");
    previewed_wait_error(drive, "1 MiB");
    assert_string_equal(drive_step(drive), "topic");
    write_part(text, len, "w");
    previewed_wait_none(drive);
    assert_string_equal(drive_step(drive), "topic");
    mem_free(comment);
    mem_free(text);
    previewed_end(drive);
}

static const char *offered;

static bool offers(struct drive *drive)
{
    return strcmp(drive_text(drive, "option.411303"), offered) == 0;
}

/* A list is an item's, too; the county chosen from it stays. */
static void test_list(void **state)
{
    struct drive *drive = start();
    (void)state;

    previewed_jump(drive, "county");
    drive_wait(drive, "choice", "county");
    drive_press(drive, HAND_KEYS, "option.411303");
    drive_wait(drive, "choice", "township");
    drive_press(drive, HAND_KEYS, "footer.back");
    drive_wait(drive, "choice", "county");
    previewed_change("lists/counties.tsv", "卧龙区", "新卧龙区", RENAMED);
    offered = "新卧龙区";
    drive_wait_until(drive, offers, "the county's new name");
    assert_true(is_chosen(drive, "option.411303"));
    previewed_end(drive);
}

/* An overlay is shown over its item: what is saved of either is seen. */
static void test_overlay(void **state)
{
    static struct world_said said;
    const char *name = "overlays/411381/" HOTLINE;
    char path[WORLD_PATH];
    (void)state;

    snprintf(path, sizeof path, "%s", previewed_path("overlays/411381"));
    const char *const make[] = { "/bin/mkdir", "-p", path, NULL };
    world_run(make, &said);
    assert_int_equal(said.code, 0);
    world_write(previewed_path(name),
                "over: hotline-12345\n"
                "steps:\n"
                "  - id: kind\n"
                "    ask: {zh_CN: 邓州的问题？, en: Asked in Dengzhou}\n",
                0600);
    struct drive *drive = previewed_start(name, 32, 100);
    drive_wait(drive, "guide", "guide");
    back_to_kind(drive);
    wait_ask(drive, "邓州的问题");
    previewed_change(name, "邓州的问题？", "改过的问题？", RENAMED);
    wait_ask(drive, "改过的问题");
    previewed_change(HOTLINE, "- value: question", "- value: inquiry", WRITTEN);
    drive_wait_element(drive, "option.inquiry");
    wait_ask(drive, "改过的问题");
    /* Whose mistake it is stands there. */
    previewed_change(HOTLINE, "\nversion:", "\nversoin:", WRITTEN);
    previewed_wait_error(drive, "items/" HOTLINE ":5:1: error: ");
    previewed_change(HOTLINE, "\nversoin:", "\nversion:", WRITTEN);
    previewed_change(name, "over: hotline-12345", "over: nothing", WRITTEN);
    previewed_wait_error(drive, "  1:7: error: ");
    wait_ask(drive, "改过的问题");
    previewed_end(drive);
}

/* Not one page comes: what is wrong is told, and there is a way back. */
static void test_no_page(void **state)
{
    static struct world_said said;
    struct drive *drive = start();
    size_t len = 0;
    char *text = world_read(previewed_path(HOTLINE), &len);
    (void)state;

    to_topic(drive);
    const char *const never[] = {
        "/bin/sed",
        "-i",
        "-e",
        "/^    when:/d",
        "-e",
        "s/^    screen:/    when: 1 == 2\\n    screen:/",
        previewed_path(HOTLINE),
        NULL
    };
    world_run(never, &said);
    assert_int_equal(said.code, 0);
    drive_wait(drive, "home", NULL);
    previewed_wait_error(drive, "this page never comes");
    drive_press(drive, HAND_KEYS, "item.hotline-12345");
    write_part(text, len, "w");
    previewed_wait_none(drive);
    previewed_jump(drive, "topic");
    drive_wait(drive, "choice", "topic");
    mem_free(text);
    previewed_end(drive);
}

static void test_refused_at_once(void **state)
{
    char kiosk[WORLD_PATH];
    static struct world_said said;
    (void)state;

    world_program(kiosk, "kiosk");
    previewed_change(HOTLINE, "\nversion:", "\nversoin:", WRITTEN);
    const char *const broken[] = { kiosk, "preview", previewed_path(HOTLINE),
                                   NULL };
    world_run(broken, &said);
    assert_int_equal(said.code, 1);
    assert_string_equal(said.out, "");
    assert_non_null(strstr(said.err, HOTLINE ":5:1: error: "));
    assert_non_null(strstr(said.err, "no good version to show yet"));
}

#define WITH_ITEMS(test)                                                       \
    cmocka_unit_test_setup_teardown(test, previewed_make, previewed_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ITEMS(test_saved_text),  WITH_ITEMS(test_error_and_removed_page),
        WITH_ITEMS(test_small),       WITH_ITEMS(test_in_steps),
        WITH_ITEMS(test_folder_goes), WITH_ITEMS(test_too_big),
        WITH_ITEMS(test_list),        WITH_ITEMS(test_overlay),
        WITH_ITEMS(test_no_page),     WITH_ITEMS(test_refused_at_once),
    };
    return cmocka_run_group_tests_name("preview", tests, NULL, NULL);
}
