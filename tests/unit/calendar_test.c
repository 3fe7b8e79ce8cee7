/* When times end: over weekends, days off, days worked for them, and into years
 * that nobody has set yet. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/calendar.h"
#include "kiosk/flow/lists.h"

#include <stdio.h>
#include <stdlib.h>

static struct lists *lists;
static const struct list *holidays;

static int read_list(void **state)
{
    struct problems problems = { 0 };

    (void)state;
    lists = lists_new("screens/items");
    return (int)lists_get(lists, "holidays", &problems, &holidays);
}

static int free_list(void **state)
{
    (void)state;
    lists_free(lists);
    return 0;
}

static int64_t day_of(const char *date)
{
    return clock_days_of_date((int)strtol(date, NULL, 10),
                              (int)strtol(date + 5, NULL, 10),
                              (int)strtol(date + 8, NULL, 10));
}

static void test_list(void **state)
{
    size_t off = 0, work = 0;

    (void)state;
    for (size_t i = 0; i < holidays->count; i++) {
        assert_null(calendar_row_fault(&holidays->rows[i]));
        bool works =
            calendar_is_working(holidays, day_of(holidays->rows[i].value));
        off += !works;
        work += works;
    }
    /* As the State Council set 2026: 33 days off, 6 worked for them. */
    assert_int_equal(off, 33);
    assert_int_equal(work, 6);
    assert_non_null(calendar_row_fault(
        &(struct list_row){ .value = "2026-02-30", .parent = "off" }));
    assert_non_null(calendar_row_fault(
        &(struct list_row){ .value = "2026-2-3", .parent = "off" }));
    assert_non_null(calendar_row_fault(
        &(struct list_row){ .value = "2026-02-03", .parent = "free" }));
}

static void test_last_day(void **state)
{
    static const struct {
        const char *from;
        int days;
        bool working;
        const char *to;
        bool is_sure;
    } times[] = {
        /* Thursday and Friday; the first day is not counted. */
        { "2026-11-26", 1, true, "2026-11-27", true },
        { "2026-11-27", 1, true, "2026-11-30", true },
        { "2026-11-26", 5, true, "2026-12-03", true },
        { "2026-11-28", 1, true, "2026-11-30", true }, /* from a Saturday */
        /* Days of the calendar; the last moves off a day off. */
        { "2026-11-26", 5, false, "2026-12-01", true },
        { "2026-11-26", 2, false, "2026-11-30", true },
        { "2026-09-22", 3, false, "2026-09-28", true }, /* 25 to 27 are off */
        { "2026-09-16", 4, false, "2026-09-20", true }, /* a Sunday worked */
        { "2026-09-26", 15, false, "2026-10-12", true },
        /* Over days off and Saturdays that are worked. */
        { "2026-02-13", 1, true, "2026-02-14", true },
        { "2026-02-14", 1, true, "2026-02-24", true },
        { "2026-02-14", 5, true, "2026-02-28", true },
        { "2026-04-30", 5, true, "2026-05-11", true },
        /* Nobody has set 2027 yet: weekends only, and not for sure. */
        { "2026-12-30", 1, true, "2026-12-31", true },
        { "2026-12-31", 1, true, "2027-01-01", false },
        { "2026-12-30", 3, true, "2027-01-04", false },
        { "2024-02-28", 1, true, "2024-02-29", false },
        { "2025-12-31", 1, true, "2026-01-04", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        const struct item_time time = { .days = times[i].days,
                                        .working = times[i].working };
        char date[CALENDAR_DATE_BYTES];
        bool is_sure;

        calendar_date(
            calendar_last_day(holidays, day_of(times[i].from), &time, &is_sure),
            date);
        print_message("%s + %d\n", times[i].from, times[i].days);
        assert_string_equal(date, times[i].to);
        assert_int_equal(is_sure, times[i].is_sure);
    }
}

static void test_without_list(void **state)
{
    const struct item_time time = { .days = 1, .working = true };
    bool is_sure = true;

    (void)state;
    assert_int_equal(
        calendar_last_day(NULL, day_of("2026-04-30"), &time, &is_sure),
        day_of("2026-05-01"));
    assert_false(is_sure);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),
        cmocka_unit_test(test_last_day),
        cmocka_unit_test(test_without_list),
    };
    return cmocka_run_group_tests_name("calendar", tests, read_list, free_list);
}
