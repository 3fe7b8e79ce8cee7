/* Each item of the pack to its end, in both languages, by ten keys, in a large
 * and a small window: one of the tests in its own file is walked page by page
 * through the running program, with its cards, on its day; the hub then has the
 * case whole.  An item that is new is walked without a word here. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/mem.h"
#include "tests/tty/heard.h"
#include "tests/tty/own_case.h"
#include "tests/tty/own_walk.h"
#include "tests/tty/person.h"
#include "tests/tty/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS_MOST = 64, LANGUAGES = 2 };

/* One item's walks. */
struct entry {
    struct own_test test;
    char receipts[LANGUAGES][16]; /* "": it sends no case */
};

static struct pack *pack;
static struct entry entries[ITEMS_MOST];
static size_t entry_count;

/* ---- In which order --------------------------------------------------------- */

/* It asks for cases that were sent before. */
static bool is_of_cases(const struct own_test *test)
{
    return strcmp(test->last->screen, "cases") == 0;
}

/* The clock only goes forward; who looks for cases comes last. */
static int compare(const void *one, const void *other)
{
    const struct own_test *a = &((const struct entry *)one)->test;
    const struct own_test *b = &((const struct entry *)other)->test;

    if (is_of_cases(a) != is_of_cases(b))
        return is_of_cases(a) ? 1 : -1;
    return a->noon_ms < b->noon_ms ? -1 : a->noon_ms > b->noon_ms;
}

static void choose(const struct item *item, int64_t now_ms)
{
    struct entry *entry = &entries[entry_count];

    assert_true(entry_count < ITEMS_MOST);
    *entry = (struct entry){ .receipts = { "" } };
    if (!own_tests_choose(item, now_ms, &entry->test))
        fail_msg("%s: none of its tests can be walked here to an end",
                 item->id);
    entry_count++;
}

/* Those that look for cases go by the day on which the last one was sent. */
static void choose_all(int64_t now_ms)
{
    int64_t last_ms = now_ms;

    entry_count = 0;
    for (size_t i = 0; i < pack_count(pack); i++)
        choose(pack_item(pack, i), now_ms);
    qsort(entries, entry_count, sizeof *entries, compare);
    for (size_t i = 0; i < entry_count; i++) {
        struct own_test *test = &entries[i].test;
        const struct item *item = test->item;

        if (is_of_cases(test)) {
            own_test_done(test);
            assert_true(own_tests_choose(item, last_ms, test));
        }
        last_ms = test->noon_ms;
    }
}

/* ---- Walking ------------------------------------------------------------------ */

static void walk_entry(struct drive *drive, struct entry *entry,
                       struct own_walk_case *last)
{
    for (int language = 0; language < LANGUAGES; language++) {
        const struct own_walk walk = { .drive = drive,
                                       .test = &entry->test,
                                       .is_english = language > 0,
                                       .prints = language == 0,
                                       .last = last };
        char before[16];

        snprintf(before, sizeof before, "%s", last->receipt);
        own_walk(&walk);
        if (strcmp(before, last->receipt) != 0)
            snprintf(entry->receipts[language], 16, "%s", last->receipt);
    }
}

static void check_cases(const char *folder)
{
    size_t count = 0;

    for (size_t i = 0; i < entry_count; i++) {
        for (int language = 0; language < LANGUAGES; language++) {
            const char *receipt = entries[i].receipts[language];
            bool is_sent = strcmp(entries[i].test.last->screen, "result") == 0;

            assert_int_equal(*receipt != '\0', is_sent);
            if (!*receipt)
                continue;
            own_case_check(folder, receipt, &entries[i].test);
            count++;
        }
    }
    assert_true(count > 0);
}

static void walk_all(int rows, int cols)
{
    char folder[WORLD_PATH];
    struct own_walk_case last = { .card = "" };

    world_folder(folder);
    struct drive *drive = drive_start(&(struct drive_options){
        .rows = rows, .cols = cols, .folder = folder });
    person_awaits_hub(drive);
    choose_all(own_walk_noon(drive));
    for (size_t i = 0; i < entry_count; i++)
        walk_entry(drive, &entries[i], &last);
    heard_check(drive, 0);
    assert_int_equal(drive_end(drive), 0);
    check_cases(folder);
    for (size_t i = 0; i < entry_count; i++)
        own_test_done(&entries[i].test);
    world_remove(folder);
}

static void test_large_window(void **state)
{
    (void)state;
    walk_all(32, 100);
}

static void test_small_window(void **state)
{
    (void)state;
    walk_all(15, 40);
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

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large_window),
        cmocka_unit_test(test_small_window),
    };

    if (argc > 1) /* one of them, by its name */
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests_name("items", tests, load, unload);
}
