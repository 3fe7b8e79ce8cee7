#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"

/* 2026-11-23T14:03:05.678 in Nanyang */
#define NOON INT64_C(1795413785678)

enum { MINUTE_MS = 60 * 1000 };

static void wall_time_splits_into_local_fields(void **state)
{
    (void)state;
    struct clock_fields at = clock_split(NOON);
    assert_int_equal(at.year, 2026);
    assert_int_equal(at.month, 11);
    assert_int_equal(at.day, 23);
    assert_int_equal(at.hour, 14);
    assert_int_equal(at.minute, 3);
    assert_int_equal(at.second, 5);
    assert_int_equal(at.day_of_year, 327);

    at = clock_split(0);
    assert_int_equal(at.year, 1970);
    assert_int_equal(at.hour, 8);
    assert_int_equal(at.day_of_year, 1);
    at = clock_split(-1 - INT64_C(8) * 3600 * 1000);
    assert_int_equal(at.year, 1969);
    assert_int_equal(at.month, 12);
    assert_int_equal(at.day, 31);
    assert_int_equal(at.second, 59);
    assert_int_equal(at.day_of_year, 365);
}

/* Every day of 1900 to 2100 follows the one before. */
static void dates_go_there_and_back(void **state)
{
    (void)state;
    int64_t wall = clock_of_date(1900, 1, 1);
    int year = 1900, count = 0;
    for (; wall < clock_of_date(2101, 1, 1); wall += 24 * 60 * MINUTE_MS) {
        struct clock_fields at = clock_split(wall);
        assert_int_equal(at.hour, 0);
        assert_true(clock_of_date(at.year, at.month, at.day) == wall);
        if (at.year != year) {
            year = at.year;
            assert_int_equal(at.day_of_year, 1);
        }
        count++;
    }
    assert_int_equal(count, 73414);
    assert_int_equal(clock_split(clock_of_date(2024, 12, 31)).day_of_year, 366);
    assert_int_equal(clock_split(clock_of_date(2100, 12, 31)).day_of_year, 365);
}

static void iso_text_is_local(void **state)
{
    char text[26];
    (void)state;
    clock_format_iso(NOON, false, text, sizeof text);
    assert_string_equal(text, "2026-11-23T14:03:05+08:00");
    clock_format_iso(NOON, true, text, sizeof text);
    assert_string_equal(text, "2026-11-23T14");
    clock_format_iso(NOON, false, text, 5);
    assert_string_equal(text, "2026");
}

static void dates_are_checked(void **state)
{
    static const char *const good[] = { "20000229", "20240229", "19491001",
                                        "00010101", "99991231" };
    static const char *const bad[] = { "",         "2000022",   "200002290",
                                       "19000229", "20230229",  "20231301",
                                       "20230001", "20230100",  "20230431",
                                       "2023 101", "2023-1-1",  "00000101",
                                       "长期",     "2023010\n", "-2023101" };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(clock_is_date(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(clock_is_date(bad[i]));
        assert_int_equal(clock_age(bad[i], NOON), -1);
    }
}

static void age_counts_whole_years(void **state)
{
    (void)state;
    int64_t last_ms = 24 * 60 * MINUTE_MS - 1;
    assert_int_equal(clock_age("20101124", NOON), 15);
    assert_int_equal(clock_age("20101123", NOON), 16);
    assert_int_equal(clock_age("20261123", NOON), 0);
    assert_int_equal(clock_age("20261124", NOON), -1);
    /* Born on a leap day. */
    assert_int_equal(
        clock_age("20080229", clock_of_date(2026, 2, 28) + last_ms), 17);
    assert_int_equal(clock_age("20080229", clock_of_date(2026, 3, 1)), 18);
    assert_int_equal(
        clock_age("20080229", clock_of_date(2028, 2, 28) + last_ms), 19);
    assert_int_equal(clock_age("20080229", clock_of_date(2028, 2, 29)), 20);
}

static void real_clocks_move_on_and_shift(void **state)
{
    (void)state;
    int64_t wall = clock_wall_ms(), monotonic = clock_monotonic_ms();
    assert_true(wall > INT64_C(1700000000000));
    assert_true(clock_is_trusted());
    clock_shift(90 * MINUTE_MS);
    assert_true(clock_wall_ms() >= wall + 90 * MINUTE_MS);
    assert_true(clock_monotonic_ms() >= monotonic + 90 * MINUTE_MS);
    /* Both moved: that is no jump. */
    assert_true(clock_is_trusted());
}

static void pretended_clocks_stand_still(void **state)
{
    (void)state;
    clock_pretend(5000, NOON);
    assert_true(clock_wall_ms() == NOON);
    assert_true(clock_monotonic_ms() == 5000);
    clock_shift(7);
    assert_true(clock_wall_ms() == NOON + 7);
    assert_true(clock_monotonic_ms() == 5007);
    clock_pretend_end();
    assert_true(clock_wall_ms() != NOON + 7);
}

static void jumps_and_old_times_are_not_trusted(void **state)
{
    (void)state;
    clock_pretend(0, NOON);
    assert_true(clock_is_trusted());
    clock_pretend(1000, NOON + 1000 + 10 * MINUTE_MS);
    assert_true(clock_is_trusted());
    clock_pretend(1000, NOON + 1001 + 10 * MINUTE_MS);
    assert_false(clock_is_trusted());
    clock_pretend(1000, NOON + 999 - 10 * MINUTE_MS);
    assert_false(clock_is_trusted());
    clock_pretend(2000, NOON + 2000);
    assert_true(clock_is_trusted());
    clock_shift(INT64_C(400) * 24 * 60 * MINUTE_MS);
    assert_true(clock_is_trusted());
    clock_pretend_end();

    clock_pretend(0, clock_of_date(2023, 12, 31));
    assert_false(clock_is_trusted());
    clock_pretend_end();
    clock_pretend(0, clock_of_date(2024, 1, 2));
    assert_true(clock_is_trusted());
    clock_pretend_end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wall_time_splits_into_local_fields),
        cmocka_unit_test(dates_go_there_and_back),
        cmocka_unit_test(iso_text_is_local),
        cmocka_unit_test(dates_are_checked),
        cmocka_unit_test(age_counts_whole_years),
        cmocka_unit_test(real_clocks_move_on_and_shift),
        cmocka_unit_test(pretended_clocks_stand_still),
        cmocka_unit_test(jumps_and_old_times_are_not_trusted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
