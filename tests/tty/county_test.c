/* One platform for city and counties: the same matter in 邓州, in 内乡 and in a
 * county of the city's own, each walked to its end by the tests of its own file
 * or overlay; the hub, which knows every county's, has the case whole. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/own_case.h"
#include "tests/tty/own_walk.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <string.h>

#define DENGZHOU "411381"
#define NEIXIANG "411325"
#define WOLONG   "411303" /* has no overlay of its own */

enum { LANGUAGES = 2 };

static struct drive *start(const char *folder, const char *division)
{
    char settings[WORLD_PATH], text[64];

    world_join(settings, folder, "settings.yaml");
    snprintf(text, sizeof text, "division: \"%s\"\n", division);
    world_write(settings, text, 0600);
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = 32, .cols = 100, .folder = folder, .settings = settings });
    person_awaits_hub(drive);
    return drive;
}

static struct pack *load(const char *division)
{
    char path[WORLD_PATH];
    struct problems problems;
    struct pack *pack = NULL;

    world_program(path, "share/items");
    problems_init(&problems);
    assert_int_equal(pack_load_for(path, division, &problems, &pack), ERR_OK);
    problems_done(&problems);
    return pack;
}

static bool has_page(const struct own_test *test, const char *step)
{
    for (size_t i = 0; i < own_test_page_count(test); i++)
        if (strcmp(own_test_page(test, i), step) == 0)
            return true;
    return false;
}

/* added: the question that only this county asks; "": it asks what all ask. */
static void walk(const char *division, const char *id, const char *added)
{
    static const char *const questions[] = { "visit", "registered_township" };
    struct own_walk_case last = { .card = "" };
    char folder[WORLD_PATH], path[WORLD_PATH];
    char receipts[LANGUAGES][16];
    struct own_test test;

    world_folder(folder);
    struct pack *pack = load(division);
    const struct item *item = pack_find(pack, id);
    assert_non_null(item);
    struct drive *drive = start(folder, division);
    assert_true(own_tests_choose(item, own_walk_noon(drive), &test));
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        assert_int_equal(has_page(&test, questions[i]),
                         strcmp(questions[i], added) == 0);
    for (int language = 0; language < LANGUAGES; language++) {
        own_walk(&(struct own_walk){ .drive = drive,
                                     .test = &test,
                                     .is_english = language > 0,
                                     .prints = language == 0,
                                     .last = &last });
        snprintf(receipts[language], 16, "%s", last.receipt);
    }
    snprintf(path, sizeof path, "%s", drive_folder(drive));
    assert_int_equal(drive_end(drive), 0);
    for (int language = 0; language < LANGUAGES; language++)
        own_case_check(path, receipts[language], &test);
    own_test_done(&test);
    pack_free(pack);
    world_remove(folder);
}

static void test_dengzhou(void **state)
{
    (void)state;
    walk(DENGZHOU, "residence-permit", "visit");
}

static void test_neixiang(void **state)
{
    (void)state;
    walk(NEIXIANG, "residence-permit", "");
    walk(NEIXIANG, "elder-allowance", "registered_township");
}

static void test_the_citys_own(void **state)
{
    (void)state;
    walk(WOLONG, "residence-permit", "");
    walk(WOLONG, "elder-allowance", "");
}

/* Outside the hours of 邓州 the matter says when it can be done; elsewhere it
 * has none. */
static bool is_off(struct drive *drive)
{
    return drive_element(drive, "item.residence-permit") &&
           !json_object_get(drive_element(drive, "item.residence-permit"),
                            "key");
}

static void test_hours(void **state)
{
    (void)state;
    for (int county = 0; county < 2; county++) {
        char folder[WORLD_PATH];

        world_folder(folder);
        struct drive *drive = start(folder, county ? WOLONG : DENGZHOU);
        (void)own_walk_noon(drive);
        assert_true(drive_sim(drive, "clock +21600s"));
        drive_press(drive, HAND_KEYS, "attract.begin");
        drive_wait(drive, "home", NULL);
        drive_press(drive, HAND_KEYS, "theme.police");
        drive_wait(drive, "theme", NULL);
        assert_int_equal(is_off(drive), county == 0);
        assert_int_equal(drive_end(drive), 0);
        world_remove(folder);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dengzhou),
        cmocka_unit_test(test_neixiang),
        cmocka_unit_test(test_the_citys_own),
        cmocka_unit_test(test_hours),
    };
    return cmocka_run_group_tests_name("counties", tests, NULL, NULL);
}
