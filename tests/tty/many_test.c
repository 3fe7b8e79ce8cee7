/* Questions that are several pages, through the whole program by ten keys, in
 * both sizes and languages, to the hub: a range, an address, a person, and a
 * group whose entries are added, taken out and changed; then forty of them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

enum { MOST = 40 };

static char folder[WORLD_PATH], settings[WORLD_PATH];

static int make_many(void **state)
{
    static const char *const items[] = { "many-pages.yaml", NULL };

    (void)state;
    world_folder(folder);
    world_items(folder, items, settings);
    return 0;
}

static int remove_many(void **state)
{
    (void)state;
    world_remove(folder);
    return 0;
}

/* ---- By ten keys ------------------------------------------------------------ */

struct way {
    bool is_english;
    int rows, cols;
};

static void press(struct drive *drive, const char *screen, const char *step,
                  const char *id)
{
    drive_wait(drive, screen, step);
    drive_press(drive, HAND_KEYS, id);
}

static void later(struct drive *drive, const char *step)
{
    press(drive, "field", step, "footer.go");
    press(drive, "ways", NULL, "way");
}

static void type(struct drive *drive, const char *step, const char *keys)
{
    drive_wait(drive, "field", step);
    drive_see(drive, step);
    assert_true(drive_sim(drive, "clock +1s"));
    drive_bytes(drive, keys, strlen(keys));
}

static void number(struct drive *drive, const char *step, const char *keys)
{
    type(drive, step, keys);
    drive_wait_element(drive, "confirm.value");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
}

static void name_of(char name[64], int entry, const char *part)
{
    snprintf(name, 64, "children_%d_%s", entry, part);
}

/* Whoever is grown up is not asked of school. */
static void enter(struct drive *drive, int entry, const char *born,
                  const char *school)
{
    char name[64];

    name_of(name, entry, "name");
    later(drive, name);
    name_of(name, entry, "born");
    number(drive, name, born);
    name_of(name, entry, "school");
    if (school)
        press(drive, "choice", name, school);
    name_of(name, entry, "more");
    drive_wait(drive, "another", name);
}

static void begin(struct drive *drive, bool is_english)
{
    person_awaits_hub(drive);
    drive_press(drive, HAND_KEYS, "attract.begin");
    drive_wait(drive, "home", NULL);
    if (is_english) {
        drive_press(drive, HAND_KEYS, "footer.help");
        press(drive, "help", NULL, "language");
        drive_wait(drive, "home", NULL);
    }
    drive_press(drive, HAND_KEYS, "item.many-pages");
}

static void see(struct drive *drive, const char *id, const char *value)
{
    drive_see(drive, id);
    if (!strstr(drive_value(drive, id), value)) {
        drive_show(drive, id);
        fail_msg("%s: %s", id, drive_value(drive, id));
    }
}

/* ---- A way through ----------------------------------------------------------- */

static void to_children(struct drive *drive)
{
    number(drive, "work_from", "202001#");
    type(drive, "work_to", "201912#");
    drive_wait_element(drive, "field.error");
    drive_check_painted(drive);
    number(drive, "work_to",
           "\x7f\x7f\x7f\x7f\x7f\x7f"
           "202002#");
    press(drive, "choice", "home_county", "option.411303");
    press(drive, "choice", "home_township", "option.411303005");
    later(drive, "home_street");
    later(drive, "spouse_name");
    later(drive, "spouse_number");
    later(drive, "spouse_phone");
    press(drive, "choice", "children_any", "option.yes");
}

/* Three are entered, the first is taken out again, what was the second is
 * changed. */
static void enter_children(struct drive *drive, const char *born)
{
    enter(drive, 1, "20200105#", "option.yes");
    drive_press(drive, HAND_KEYS, "add");
    enter(drive, 2, "20180105#", "option.no");
    drive_press(drive, HAND_KEYS, "add");
    enter(drive, 3, "20050105#", NULL);
    drive_check_painted(drive);
    see(drive, "entry.3", "2005");
    drive_press(drive, HAND_KEYS, "remove");
    drive_wait_element(drive, "another.which");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "option.1");
    drive_wait_element(drive, "another.sure");
    drive_check_painted(drive);
    see(drive, "another.entry", "2020");
    drive_press(drive, HAND_KEYS, "sure");
    drive_wait(drive, "another", "children_2_more");
    see(drive, "entry.1", born);
    see(drive, "entry.2", "2005");
    drive_press(drive, HAND_KEYS, "look");
    drive_wait_element(drive, "another.which");
    drive_press(drive, HAND_KEYS, "option.1");
    drive_wait_element(drive, "another.one");
    drive_check_painted(drive);
    drive_press(drive, HAND_KEYS, "change.children_1_school");
    press(drive, "choice", "children_1_school", "option.yes");
    drive_wait(drive, "another", "children_2_more");
    drive_press(drive, HAND_KEYS, "footer.go");
    press(drive, "choice", "papers", "option.yes");
}

/* From the review one more is added; a birthday that makes a child grown up
 * takes two answers with it, which is said before. */
static void change_children(struct drive *drive)
{
    press(drive, "review", "review", "change.children_2_more");
    press(drive, "another", "children_2_more", "add");
    enter(drive, 3, "19990105#", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    press(drive, "review", "review", "change.children_1_born");
    type(drive, "children_1_born",
         "\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f"
         "19980105#");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "change", "children_1_born");
    drive_see(drive, "falls.children_1_school");
    drive_see(drive, "falls.papers");
    drive_press(drive, HAND_KEYS, "change");
    drive_wait(drive, "review", "review");
    see(drive, "change.children_1_born", "1998");
    see(drive, "change.children_3_born", "1999");
}

static void go(const struct way *way)
{
    const struct drive_options options = { .rows = way->rows,
                                           .cols = way->cols,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    begin(drive, way->is_english);
    to_children(drive);
    enter_children(drive, "2018");
    change_children(drive);
    drive_press(drive, HAND_KEYS, "footer.go");
    person_sees(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
}

static void test_large_window(void **state)
{
    (void)state;
    go(&(struct way){ .rows = 32, .cols = 100 });
}

static void test_large_window_english(void **state)
{
    (void)state;
    go(&(struct way){ .is_english = true, .rows = 32, .cols = 100 });
}

static void test_small_window(void **state)
{
    (void)state;
    go(&(struct way){ .rows = 15, .cols = 40 });
}

static void test_small_window_english(void **state)
{
    (void)state;
    go(&(struct way){ .is_english = true, .rows = 15, .cols = 40 });
}

/* ---- Forty ------------------------------------------------------------------- */

static void test_forty(void **state)
{
    const struct drive_options options = { .rows = 32,
                                           .cols = 100,
                                           .settings = settings };
    struct drive *drive = drive_start(&options);

    (void)state;
    begin(drive, false);
    to_children(drive);
    for (int i = 1; i <= MOST; i++) {
        enter(drive, i, "19990105#", NULL);
        if (i < MOST)
            drive_press(drive, HAND_KEYS, "add");
    }
    assert_null(drive_element(drive, "add"));
    drive_see(drive, "another.most");
    drive_see(drive, "entry.40");
    drive_press(drive, HAND_KEYS, "remove");
    drive_wait_element(drive, "another.which");
    drive_press(drive, HAND_KEYS, "option.39");
    drive_wait_element(drive, "another.sure");
    drive_press(drive, HAND_KEYS, "sure");
    drive_wait(drive, "another", "children_39_more");
    drive_press(drive, HAND_KEYS, "add");
    enter(drive, MOST, "20010105#", NULL);
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "review");
    /* More answers than numbers: the entries' are changed by way of the last. */
    press(drive, "review", "review", "change.children_40_more");
    press(drive, "another", "children_40_more", "look");
    drive_wait_element(drive, "another.which");
    drive_press(drive, HAND_KEYS, "option.7");
    drive_wait_element(drive, "another.one");
    drive_press(drive, HAND_KEYS, "change.children_7_born");
    type(drive, "children_7_born",
         "\x7f\x7f\x7f\x7f\x7f\x7f\x7f\x7f"
         "20020207#");
    drive_wait_element(drive, "confirm.value");
    drive_press(drive, HAND_KEYS, "footer.go");
    drive_wait(drive, "review", "review");
    drive_see(drive, "change.children_7_born");
    assert_non_null(
        strstr(drive_value(drive, "change.children_7_born"), "2002"));
    drive_press(drive, HAND_KEYS, "footer.go");
    person_sees(drive, "state.delivered");
    assert_int_equal(drive_end(drive), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large_window),
        cmocka_unit_test(test_large_window_english),
        cmocka_unit_test(test_small_window),
        cmocka_unit_test(test_small_window_english),
        cmocka_unit_test(test_forty),
    };

    return cmocka_run_group_tests_name("many", tests, make_many, remove_many);
}
