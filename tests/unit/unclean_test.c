/* How many unclean ends count, on a pretended clock. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/unclean.h"

#include <stdio.h>
#include <string.h>

enum { START_MS = 1000000000, SECOND_MS = 1000 };

static char folder[64], state_folder[80];
static int64_t now_ms;

static void pass(int64_t ms)
{
    now_ms += ms;
    clock_pretend(now_ms, now_ms);
}

static int set_up(void **state)
{
    (void)state;
    now_ms = START_MS;
    pass(0);
    if (file_make_temporary(folder, sizeof folder))
        return -1;
    snprintf(state_folder, sizeof state_folder, "%s/not/yet", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_pretend_end();
    return file_remove_tree(folder) ? -1 : 0;
}

static int begin(void)
{
    int count = -1;
    assert_int_equal(unclean_begin(state_folder, &count), ERR_OK);
    return count;
}

static void each_end_counts_within_the_window(void **state)
{
    (void)state;
    assert_int_equal(begin(), 0);
    pass(SECOND_MS);
    assert_int_equal(begin(), 1);
    pass(SECOND_MS);
    assert_int_equal(begin(), 2);
    pass(UNCLEAN_WINDOW_MS - 2 * SECOND_MS);
    assert_int_equal(begin(), UNCLEAN_MOST);
    pass(UNCLEAN_WINDOW_MS + SECOND_MS);
    assert_int_equal(begin(), 1);
}

static void an_orderly_stop_forgets_all(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        (void)begin();
    unclean_end(state_folder);
    assert_int_equal(begin(), 0);
    assert_int_equal(begin(), 1);
}

/* However long it crashes, the file stays small and the count right. */
static void a_long_loop_is_counted(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        int count = begin();
        assert_true(i < UNCLEAN_MOST ? count == i : count >= UNCLEAN_MOST);
        pass(SECOND_MS / 2);
    }
}

static void a_clock_set_back_counts_nothing_for_ever(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        (void)begin();
    pass(-100 * UNCLEAN_WINDOW_MS);
    assert_int_equal(begin(), 1);
}

static void what_is_no_number_is_passed_over(void **state)
{
    static const char lines[] = "no\n\n999999000\n12 \nfour\n999999500";
    char path[96];
    (void)state;

    (void)begin();
    snprintf(path, sizeof path, "%s/running", state_folder);
    assert_int_equal(file_replace(path, lines, strlen(lines), 0600), ERR_OK);
    assert_int_equal(begin(), 2);
}

static void a_folder_that_cannot_be_made_is_told(void **state)
{
    int count = -1;
    (void)state;
    assert_int_not_equal(unclean_begin("/proc/nowhere", &count), ERR_OK);
    assert_int_equal(count, 0);
    unclean_end("/proc/nowhere");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_end_counts_within_the_window),
        TEST(an_orderly_stop_forgets_all),
        TEST(a_long_loop_is_counted),
        TEST(a_clock_set_back_counts_nothing_for_ever),
        TEST(what_is_no_number_is_passed_over),
        TEST(a_folder_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests_name("unclean", tests, NULL, NULL);
}
