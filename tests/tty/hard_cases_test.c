/* The hard cases of people, through the whole program: a birthday today, 29
 * February, nothing on record or another's, the same person twice, forty
 * children.  Each is one of the tests in the item's own file (own_walk.h), named
 * here; where it stops, its stop page is read, and where it goes on, the hub has
 * the case. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "tests/tty/heard.h"
#include "tests/tty/own_case.h"
#include "tests/tty/own_walk.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What stands on some page on the way; NULL: its own words are enough. */
static const struct hard {
    const char *item, *test;
    const char *zh, *en;
} hard[] = {
    /* A child of exactly 6, 14, 16 years today. */
    { "school-enrol",
      "of exactly six today, by the child's card, with all papers",
      "其他部门没有您的登记", "no record of you" },
    { "school-enrol", "of exactly 14 today, to junior middle school", NULL,
      NULL },
    { "birth-registration", "on the 14th birthday", NULL, NULL },
    { "residence-permit", "a child of exactly 14 comes with a guardian", NULL,
      NULL },
    { "residence-permit", "a child on the day before its 16th birthday", NULL,
      NULL },
    { "residence-permit", "a child on its 16th birthday", NULL, NULL },
    { "marriage-appoint", "who will be 16 tomorrow", NULL, NULL },
    { "marriage-appoint", "both are 16 today", NULL, NULL },
    /* An 80th birthday today. */
    { "elder-allowance",
      "the 80th birthday is today, with the card of the bank", "老人 80 岁",
      "is 80" },
    { "elder-allowance", "the 80th birthday is tomorrow", NULL, NULL },
    /* 29 February. */
    { "birth-registration",
      "who was born on 29 February is not 16 on the day before", NULL, NULL },
    { "mi-remote-record", "born on 29 February, 16 on 1 March only", NULL,
      NULL },
    { "mi-remote-record",
      "the later day is today, a 29 February, and the last day is the same",
      "02月29日", "-02-29" },
    { "elder-allowance",
      "born on 29 February, the day before the 80th birthday",
      "02月29日满 80 岁", "-02-29" },
    { "elder-allowance", "born on 29 February, on the 80th birthday",
      "老人 80 岁", "is 80" },
    /* A person with no record anywhere; records that contradict the card. */
    { "birth-registration",
      "on the 16th birthday nobody is stopped for the age, only where nothing "
      "is on file",
      NULL, NULL },
    { "traffic-fine", "nothing is on file by which to check", NULL, NULL },
    { "si-insured-proof", "nothing is on file by which to check", NULL, NULL },
    { "birth-registration",
      "the records are of another person, nothing of them is used",
      "对不上，所以没有采用", "another person" },
    { "school-enrol",
      "the records are of another person, nothing of them is used",
      "对不上，所以没有采用", "another person" },
    /* A spouse who is the same person. */
    { "birth-registration",
      "due in ten months to the day, first marriage, no child before", NULL,
      NULL },
    { "birth-registration",
      "widowed, the due date was two months ago to the day", NULL, NULL },
    { "marriage-appoint",
      "the other person is at work, the number is known, on the third day from "
      "now",
      NULL, NULL },
    { "birth-registration", "forty children before",
      "最多填40项。还有的，先往下办，再告诉收件的单位",
      "If there are more, go on and tell the office" },
    /* A name of one character, or of fifteen. */
    { "birth-registration",
      "not pregnant yet, married again to the same person, the day is "
      "forgotten",
      NULL, NULL },
    { "birth-registration",
      "the elder child is registered after the younger one", NULL, NULL },
    { "sole-trader-reg",
      "a name of one character in a county, to be changed, and two relatives "
      "of "
      "whom little is known",
      "内乡县福维修部", NULL },
    { "sole-trader-reg",
      "a name of fifteen characters, and one relative who is at the counter "
      "later",
      "一二三四五六七八九十春夏秋冬福", NULL },
};

enum { HARD = sizeof hard / sizeof *hard };

struct entry {
    const struct hard *hard;
    struct own_test test;
    char receipt[16]; /* "": it sends no case */
};

static struct pack *pack;
static struct entry entries[HARD];

/* The clock only goes forward. */
static int compare(const void *one, const void *other)
{
    const struct own_test *a = &((const struct entry *)one)->test;
    const struct own_test *b = &((const struct entry *)other)->test;

    return a->noon_ms < b->noon_ms ? -1 : a->noon_ms > b->noon_ms;
}

static void find_all(int64_t now_ms)
{
    for (size_t i = 0; i < HARD; i++) {
        const struct item *item = pack_find(pack, hard[i].item);

        entries[i] = (struct entry){ .hard = &hard[i] };
        assert_non_null(item);
        if (!own_tests_find_day(item, hard[i].test, now_ms, &entries[i].test))
            fail_msg("%s: \"%s\" cannot be walked here", hard[i].item,
                     hard[i].test);
    }
    qsort(entries, HARD, sizeof *entries, compare);
}

static void walk(struct drive *drive, struct entry *entry, bool is_english)
{
    const char *words = is_english ? entry->hard->en : entry->hard->zh;
    struct own_walk_case last = { .card = "" };
    const struct own_walk walk = { .drive = drive,
                                   .test = &entry->test,
                                   .is_english = is_english,
                                   .errs = true,
                                   .last = &last };
    size_t mark = drive_mark(drive);

    own_walk(&walk);
    if (words && !drive_said(drive, mark, words))
        fail_msg("%s, \"%s\": nowhere it said %s", entry->hard->item,
                 entry->hard->test, words);
    bool is_sent = !*own_test_stop(&entry->test) &&
                   strcmp(entry->test.last->screen, "result") == 0;
    assert_int_equal(*last.receipt != '\0', is_sent);
    snprintf(entry->receipt, sizeof entry->receipt, "%s", last.receipt);
}

static void walk_all(int rows, int cols, bool is_english)
{
    char folder[WORLD_PATH];

    world_folder(folder);
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = rows, .cols = cols, .folder = folder });
    person_awaits_hub(drive);
    find_all(own_walk_noon(drive));
    for (size_t i = 0; i < HARD; i++)
        walk(drive, &entries[i], is_english);
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
    for (size_t i = 0; i < HARD; i++) {
        if (*entries[i].receipt)
            own_case_check(folder, entries[i].receipt, &entries[i].test);
        own_test_done(&entries[i].test);
    }
    world_remove(folder);
}

static void test_small_window(void **state)
{
    (void)state;
    walk_all(15, 40, false);
}

static void test_large_window(void **state)
{
    (void)state;
    walk_all(32, 100, true);
}

/* ---- Names on cards ----------------------------------------------------------- */

static const char *in_full;

static bool is_in_full(struct drive *drive)
{
    return strcmp(drive_value(drive, "card_name"), in_full) == 0;
}

/* Masked, shown when asked for, whole on the screen and at the hub. */
static void walk_name(const char *name, const char *item, const char *test_name,
                      int rows, int cols, bool is_english)
{
    struct own_walk_case last = { .card = "" };
    struct own_test test;
    char folder[WORLD_PATH];

    world_folder(folder);
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = rows, .cols = cols, .folder = folder });
    person_awaits_hub(drive);
    assert_true(own_tests_find(pack_find(pack, item), test_name,
                               own_walk_noon(drive), &test));
    test.name = name;
    const struct own_walk walk = { .drive = drive,
                                   .test = &test,
                                   .is_english = is_english,
                                   .prints = true,
                                   .last = &last };
    own_walk_to(&walk, "review");
    drive_see(drive, "card_name");
    assert_string_not_equal(drive_value(drive, "card_name"), name);
    drive_check_painted(drive);
    /* Wherever that stands, the page begins anew with the name. */
    drive_press(drive, HAND_KEYS, "show");
    in_full = name;
    drive_wait_until(drive, is_in_full, "the name in full");
    drive_check_painted(drive);
    own_walk_on(NULL);
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
    own_case_check(folder, last.receipt, &test);
    own_test_done(&test);
    world_remove(folder);
}

static void test_names(void **state)
{
    static const char one[] = "某",
                      fifteen[] = "一二三四五六七八九十某某某某某";
    static const struct {
        const char *item, *test;
    } walks[] = {
        { "residence-permit", "who works, with a lease, types little" },
        { "marriage-appoint",
          "a couple with both cards, and the first time of all" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
        walk_name(one, walks[i].item, walks[i].test, 15, 40, false);
        walk_name(fifteen, walks[i].item, walks[i].test, 15, 40, true);
        walk_name(fifteen, walks[i].item, walks[i].test, 32, 100, false);
    }
}

/* ---- The pack ------------------------------------------------------------------ */

static int load(void **state)
{
    char path[WORLD_PATH];
    struct problems problems;

    (void)state;
    world_program(path, "share/items");
    problems_init(&problems);
    enum err err = pack_load(path, &problems, &pack);
    problems_done(&problems);
    return err ? -1 : 0;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_window),
        cmocka_unit_test(test_large_window),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests_name("hard cases", tests, load, unload);
}
