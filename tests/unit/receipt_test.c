/* 回执号: the check digit, and counting over days. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/receipt.h"

static void assert_makes(const char *terminal, const char *day, int sequence,
                         const char *expected)
{
    struct receipt_count count = { .sequence = sequence };
    char receipt[RECEIPT_DIGITS + 1];

    snprintf(count.day, sizeof count.day, "%s", day);
    receipt_make(terminal, &count, receipt);
    assert_string_equal(receipt, expected);
    assert_true(receipt_is_ok(receipt));
}

/* Check digits computed apart, by a program that also gives the published
 * 794623 and 002006673085 (the tests of stdnum-js). */
static void test_make(void **state)
{
    (void)state;
    assert_makes("3100", "20261123", 1, "310063270015");
    assert_makes("0001", "20260101", 999, "000160019999");
    assert_makes("9999", "20281231", 42, "999983660420"); /* day 366 */
}

static void test_is_ok(void **state)
{
    char receipt[] = "310063270015";

    (void)state;
    /* Every single wrong digit is found. */
    for (int at = 0; at < RECEIPT_DIGITS; at++) {
        char kept = receipt[at];

        for (char digit = '0'; digit <= '9'; digit++) {
            receipt[at] = digit;
            assert_int_equal(receipt_is_ok(receipt), digit == kept);
        }
        receipt[at] = kept;
    }
    assert_false(receipt_is_ok(""));
    assert_false(receipt_is_ok("31006327001"));
    assert_false(receipt_is_ok("3100632700150"));
    assert_false(receipt_is_ok("31006327001a"));
    assert_false(receipt_is_ok("310060000014")); /* day 000 */
    assert_false(receipt_is_ok("310063670013")); /* day 367 */
    assert_false(receipt_is_ok("310063270007")); /* sequence 000 */
}

static void assert_next(const char *day, int sequence, const char *next_day,
                        int next_sequence)
{
    struct receipt_count last = { .sequence = sequence };
    int64_t noon = clock_of_date(2026, 12, 31) + 12 * 3600 * 1000;

    snprintf(last.day, sizeof last.day, "%s", day);
    struct receipt_count next = receipt_next(&last, noon);
    assert_string_equal(next.day, next_day);
    assert_int_equal(next.sequence, next_sequence);
}

/* Today is 2026-12-31. */
static void test_next(void **state)
{
    (void)state;
    assert_next("", 0, "20261231", 1); /* the first of all */
    assert_next("20261230", 17, "20261231", 1);
    assert_next("20261230", 999, "20261231", 1);
    assert_next("20261231", 17, "20261231", 18);
    assert_next("20261231", 998, "20261231", 999);
    assert_next("20261231", 999, "20270101", 1);
    assert_next("20270101", 1, "20270101", 2);
    assert_next("20270101", 999, "20270102", 1);
    /* A day that is none, or a count that is none. */
    assert_next("2026123", 5, "20261231", 1);
    assert_next("20261332", 5, "20261231", 1);
    assert_next("20261231", 0, "20261231", 1);
    assert_next("20261231", -7, "20261231", 1);
    assert_next("20261231", 5000, "20270101", 1);
}

/* 3,000 in one day are 3,000 numbers, and the next day goes on after them. */
static void test_never_twice(void **state)
{
    static char seen[3500][RECEIPT_DIGITS + 1];
    struct receipt_count count = { .sequence = 0 };
    int64_t day = clock_of_date(2026, 12, 30);

    (void)state;
    for (int i = 0; i < 3500; i++) {
        count = receipt_next(&count, i < 3000 ? day : day + 86400000);
        receipt_make("3100", &count, seen[i]);
        assert_true(receipt_is_ok(seen[i]));
        assert_string_not_equal(seen[i], i > 0 ? seen[i - 1] : "");
    }
    for (int i = 0; i < 3500; i++)
        for (int j = i - 1; j >= 0 && j > i - 1100; j--)
            assert_int_not_equal(memcmp(seen[i], seen[j], RECEIPT_DIGITS), 0);
}

static void test_group(void **state)
{
    char grouped[15];

    (void)state;
    receipt_group("310063270014", grouped);
    assert_string_equal(grouped, "3100 6327 0014");
    receipt_group("31", grouped); /* not a number of ours: no crash */
    assert_string_equal(grouped, "31  ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_make),  cmocka_unit_test(test_is_ok),
        cmocka_unit_test(test_next),  cmocka_unit_test(test_never_twice),
        cmocka_unit_test(test_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
