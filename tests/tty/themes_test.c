/* A pack of twelve items: the home page shows themes, and everything is reached
 * by ten keys: by its theme, by the page that finds, and, in large print, at
 * once where it is meant for older people. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/mem.h"
#include "tests/tty/drive.h"
#include "tests/tty/heard.h"
#include "tests/tty/letters.h"
#include "tests/tty/many_items.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 32, COLS = 100, LETTERS = 20, LARGE_ROWS = 22 };

static char folder[WORLD_PATH], settings[WORLD_PATH];

static int make_world(void **state)
{
    char share[WORLD_PATH], text[2 * WORLD_PATH];

    (void)state;
    world_folder(folder);
    many_items_make(folder, share);
    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "share_folder: \"%s\"\n", share);
    world_write(settings, text, 0600);
    return 0;
}

static int remove_world(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

static struct drive *begin(int letters)
{
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = ROWS, .cols = COLS, .settings = settings, .letters = letters });

    drive_wait(drive, "attract", NULL);
    if (letters)
        letters_wait(drive, ROWS);
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    return drive;
}

/* Whoever cannot see has heard all of it. */
static void finish(struct drive *drive)
{
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
}

/* The key that stands at this element; "": none does, or it is not there. */
static const char *key_of(struct drive *drive, const char *id)
{
    const char *key =
        json_string_value(json_object_get(drive_element(drive, id), "key"));

    return key ? key : "";
}

static void keys(struct drive *drive, const char *text)
{
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, text, strlen(text));
}

/* ---- Themes ------------------------------------------------------------------ */

static void test_themes(void **state)
{
    static const char *const ids[] = { "theme.work",     "theme.medical",
                                       "theme.police",   "theme.housing",
                                       "theme.family",   "theme.support",
                                       "theme.business", "item.hotline-12345",
                                       "theme.progress" };
    struct drive *drive = begin(0);

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char key[2] = { (char)('1' + i), '\0' };
        assert_string_equal(key_of(drive, ids[i]), key);
    }
    assert_null(drive_element(drive, "item.residence-permit"));
    drive_check_painted(drive);
    keys(drive, "3");
    drive_wait(drive, "theme", NULL);
    assert_string_equal(drive_text(drive, "theme.name"), "公安交管");
    assert_string_equal(key_of(drive, "item.residence-permit"), "1");
    assert_string_equal(key_of(drive, "item.driving"), "2");
    assert_null(drive_element(drive, "item.fund"));
    keys(drive, "*");
    drive_wait(drive, "home", NULL);
    /* The one item of its theme at once. */
    keys(drive, "8");
    drive_wait(drive, "guide", "guide");
    assert_string_equal(
        json_string_value(json_object_get(drive_page(drive), "item")),
        "hotline-12345");
    finish(drive);
}

/* Whether its tile stands on the page behind this theme, at once. */
static bool is_behind(struct drive *drive, char theme_key, const char *item)
{
    keys(drive, (const char[]){ theme_key, '\0' });
    drive_wait(drive, "theme", NULL);
    bool is_there = *key_of(drive, item) != '\0';
    keys(drive, "*");
    drive_wait(drive, "home", NULL);
    return is_there;
}

static bool is_two_presses_away(struct drive *drive, const char *item)
{
    static const char *const themes[] = {
        "theme.work",     "theme.medical", "theme.police",
        "theme.housing",  "theme.family",  "theme.support",
        "theme.business", "theme.hotline", "theme.progress",
    };

    if (*key_of(drive, item))
        return true;
    for (size_t i = 0; i < sizeof themes / sizeof *themes; i++)
        if (*key_of(drive, themes[i]) &&
            is_behind(drive, (char)('1' + i), item))
            return true;
    return false;
}

static void check_two_presses(const char *language, int rows, int cols)
{
    static const char *const items[] = { "item.si-insured-proof",
                                         "item.residence-permit",
                                         "item.hotline-12345",
                                         "item.case-progress" };
    char path[WORLD_PATH], text[64];

    world_join(path, folder, "language.yaml");
    snprintf(text, sizeof text, "language: %s\n", language);
    world_write(path, text, 0600);
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = rows, .cols = cols, .settings = path });
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        if (!is_two_presses_away(drive, items[i]))
            fail_msg("%s, %s, %dx%d: further than two presses", items[i],
                     language, cols, rows);
    finish(drive);
}

/* What most people come for, without turning a page: of what is delivered. */
static void test_two_presses(void **state)
{
    static const char *const languages[] = { "zh_CN", "en" };

    (void)state;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        check_two_presses(languages[i], ROWS, COLS);
        check_two_presses(languages[i], 24, 80);
        check_two_presses(languages[i], 15, 40);
    }
}

static bool says_impossible(struct drive *drive)
{
    const char *note = json_string_value(
        json_object_get(drive_element(drive, "theme.progress"), "note"));

    return note && strcmp(note, "这一类现在都不能办。") == 0;
}

static bool is_off(struct drive *drive)
{
    return drive_element(drive, "item.case-progress") &&
           !*key_of(drive, "item.case-progress");
}

/* A theme keeps its place, and says that nothing of it is possible; why stands
 * on the item's own tile. */
static void test_hindered(void **state)
{
    struct drive *drive = begin(0);

    (void)state;
    assert_true(drive_sim(drive, "network down"));
    assert_true(drive_sim(drive, "clock +60s"));
    drive_wait_until(drive, says_impossible, "a theme that is not possible");
    assert_string_equal(key_of(drive, "theme.progress"), "9");
    keys(drive, "9");
    drive_wait(drive, "theme", NULL);
    drive_wait_until(drive, is_off, "the item's tile is off");
    finish(drive);
}

/* ---- Finding ----------------------------------------------------------------- */

static bool is_found(struct drive *drive)
{
    return drive_element(drive, "item.residence-permit") != NULL;
}

static void look_for(struct drive *drive, const char *text)
{
    drive_wait_element(drive, "looked");
    keys(drive, text);
    drive_wait_gone(drive, "looked");
}

static void test_find(void **state)
{
    struct drive *drive = begin(0);
    size_t mark = drive_mark(drive);

    (void)state;
    keys(drive, "#");
    drive_wait(drive, "find", NULL);
    look_for(drive, "599#"); /* j z z */
    drive_wait_until(drive, is_found, "what was looked for");
    assert_string_equal(key_of(drive, "item.residence-permit"), "1");
    assert_null(drive_element(drive, "item.fund"));
    /* Back to what was typed, which can be changed: a keyboard's letters are
     * the digits on whose keys they stand. */
    keys(drive, "*");
    drive_wait_element(drive, "looked");
    assert_string_equal(drive_value(drive, "looked"), "599");
    keys(drive, "***");
    look_for(drive, "gjj\r"); /* 公积金, within the title */
    drive_wait_element(drive, "item.fund");
    keys(drive, "1");
    drive_wait(drive, "guide", "guide");
    keys(drive, "*");
    drive_wait(drive, "home", NULL);
    /* Nothing of it is there when one looks again. */
    keys(drive, "#");
    drive_wait(drive, "find", NULL);
    assert_string_equal(drive_value(drive, "looked"), "");
    look_for(drive, "555555#");
    drive_wait_element(drive, "find.none");
    keys(drive, "2");
    drive_wait_element(drive, "item.si-insured-proof");
    assert_string_equal(key_of(drive, "item.si-insured-proof"), "11");
    assert_false(drive_said(drive, mark, "gjj"));
    finish(drive);
}

/* By touch, and what was typed is in no record of the program. */
static void test_find_by_touch(void **state)
{
    struct drive *drive = begin(0);
    size_t len = 0;

    (void)state;
    drive_press(drive, HAND_TOUCH, "footer.find");
    drive_wait(drive, "find", NULL);
    drive_type(drive, HAND_TOUCH, "3984625");
    drive_wait_element(drive, "find.none");
    drive_press(drive, HAND_TOUCH, "find.again");
    drive_wait_element(drive, "looked");
    assert_string_equal(drive_value(drive, "looked"), "");
    drive_type(drive, HAND_TOUCH, "599");
    drive_wait_element(drive, "item.residence-permit");
    drive_press(drive, HAND_TOUCH, "item.residence-permit");
    drive_wait(drive, "guide", "guide");
    char *errors = world_read(drive_errors(drive), &len);
    assert_non_null(errors);
    assert_null(strstr(errors, "3984625"));
    mem_free(errors);
    char where[WORLD_PATH];
    assert_false(world_holds(drive_folder(drive), "3984625", "", where));
    finish(drive);
}

/* ---- Closing ------------------------------------------------------------------ */

static void to_closing(struct drive *drive)
{
    keys(drive, "6");
    drive_wait(drive, "theme", NULL);
    keys(drive, "1");
    drive_wait(drive, "guide", "guide");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "had");
    keys(drive, "1");
    drive_wait(drive, "closing", "renewed");
}

static void test_closing(void **state)
{
    struct drive *drive = begin(0);

    (void)state;
    to_closing(drive);
    drive_check_painted(drive);
    assert_string_equal(drive_text(drive, "ask"), "不用申请");
    assert_string_equal(drive_value(drive, "line.when"), "每年一月。");
    /* Nothing is sent, so an end loses nothing and asks nothing. */
    drive_press(drive, HAND_TOUCH, "footer.end");
    drive_wait(drive, "attract", NULL);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    to_closing(drive);
    keys(drive, "*");
    drive_wait(drive, "choice", "had");
    keys(drive, "#");
    drive_wait(drive, "closing", "renewed");
    /* Another item: what was answered here is gone. */
    keys(drive, "1");
    drive_wait(drive, "home", NULL);
    keys(drive, "6");
    drive_wait(drive, "theme", NULL);
    keys(drive, "1");
    drive_wait(drive, "guide", "guide");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "had");
    assert_null(drive_element(drive, "footer.go"));
    keys(drive, "1");
    drive_wait(drive, "closing", "renewed");
    keys(drive, "#");
    drive_wait(drive, "bye", NULL);
    finish(drive);
}

/* A change made on the review page leads there, too, and no case is sent. */
static void test_closing_by_change(void **state)
{
    struct drive *drive = begin(0);

    (void)state;
    keys(drive, "6");
    drive_wait(drive, "theme", NULL);
    keys(drive, "1");
    drive_wait(drive, "guide", "guide");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "choice", "had");
    keys(drive, "2");
    drive_wait(drive, "review", "review");
    drive_press(drive, HAND_KEYS, "change.had");
    drive_wait(drive, "choice", "had");
    keys(drive, "1");
    drive_wait(drive, "closing", "renewed");
    /* The review would offer to send what is not sent. */
    keys(drive, "*");
    drive_wait(drive, "choice", "had");
    keys(drive, "#");
    drive_wait(drive, "closing", "renewed");
    keys(drive, "*");
    drive_wait(drive, "choice", "had");
    keys(drive, "2");
    drive_wait(drive, "review", "review");
    drive_press(drive, HAND_KEYS, "change.had");
    drive_wait(drive, "choice", "had");
    keys(drive, "*"); /* nothing was changed: the review it came from */
    drive_wait(drive, "review", "review");
    drive_press(drive, HAND_KEYS, "change.had");
    drive_wait(drive, "choice", "had");
    keys(drive, "1");
    drive_wait(drive, "closing", "renewed");
    keys(drive, "#");
    drive_wait(drive, "bye", NULL);
    finish(drive);
}

/* ---- Large print --------------------------------------------------------------- */

static bool is_elder_page(struct drive *drive)
{
    return drive_element(drive, "home.themes") != NULL;
}

static bool has_themes(struct drive *drive)
{
    return drive_element(drive, "theme.work") != NULL;
}

static json_int_t page_of(struct drive *drive)
{
    return json_integer_value(json_object_get(drive_page(drive), "page"));
}

static void test_elder(void **state)
{
    struct drive *drive = begin(LETTERS);
    json_int_t page = page_of(drive);

    (void)state;
    assert_true(has_themes(drive));
    drive_press(drive, HAND_TOUCH, "footer.large");
    letters_wait_rows(drive, LARGE_ROWS);
    drive_wait_until(drive, is_elder_page, "the home page in large print");
    /* Another page: what was pressed for the one before is dropped. */
    assert_true(page_of(drive) > page);
    assert_string_equal(key_of(drive, "item.si-insured-proof"), "1");
    assert_string_equal(key_of(drive, "item.hotline-12345"), "2");
    assert_null(drive_element(drive, "item.residence-permit"));
    drive_see(drive, "home.themes");
    keys(drive, "9");
    drive_wait_until(drive, has_themes, "all other matters");
    keys(drive, "*");
    drive_wait_until(drive, is_elder_page, "back to the first");
    keys(drive, "2");
    drive_wait(drive, "guide", "guide");
    finish(drive);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_themes),
        TEST(test_two_presses),
        TEST(test_hindered),
        TEST(test_find),
        TEST(test_find_by_touch),
        TEST(test_closing),
        TEST(test_closing_by_change),
        TEST(test_elder),
    };

    return cmocka_run_group_tests(tests, make_world, remove_world);
}
