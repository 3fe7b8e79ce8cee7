#include "kiosk/flow/receipt.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, SEQUENCE_MAX = 999 };

/* Local midnight of "20261123", which must be a date. */
static int64_t midnight(const char *day)
{
    int number = 0;

    for (int i = 0; i < 8; i++)
        number = number * 10 + (day[i] - '0');
    return clock_of_date(number / 10000, number / 100 % 100, number % 100);
}

static struct receipt_count first_of(int64_t wall_ms)
{
    struct receipt_count count = { .sequence = 1 };
    struct clock_fields fields = clock_split(wall_ms);

    snprintf(count.day, sizeof count.day, "%04u%02u%02u",
             (unsigned)fields.year % 10000, (unsigned)fields.month % 100,
             (unsigned)fields.day % 100);
    return count;
}

struct receipt_count receipt_next(const struct receipt_count *last,
                                  int64_t wall_ms)
{
    struct receipt_count today = first_of(wall_ms);

    /* Dates as texts order like dates.  A count that ran over into a day to
     * come stays there, also when the clock was put back meanwhile. */
    if (!clock_is_date(last->day) || strcmp(last->day, today.day) < 0)
        return today;
    if (last->sequence >= SEQUENCE_MAX)
        return first_of(midnight(last->day) + DAY_MS);
    struct receipt_count next = *last;
    next.sequence = last->sequence > 0 ? last->sequence + 1 : 1;
    return next;
}

/* ISO 7064, hybrid system MOD 11,10: "79462" has the check digit 3. */
static char check_digit(const char *digits, size_t count)
{
    int product = 10;

    for (size_t i = 0; i < count; i++) {
        int sum = (product + (digits[i] - '0')) % 10;

        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return (char)('0' + (11 - product) % 10);
}

void receipt_make(const char *terminal, const struct receipt_count *count,
                  char receipt[RECEIPT_DIGITS + 1])
{
    assert(strlen(terminal) == 4 && strspn(terminal, "0123456789") == 4);
    assert(clock_is_date(count->day));
    assert(count->sequence >= 1 && count->sequence <= SEQUENCE_MAX);
    struct clock_fields day = clock_split(midnight(count->day));

    snprintf(receipt, RECEIPT_DIGITS + 1, "%s%u%03u%03u0", terminal,
             (unsigned)day.year % 10, (unsigned)day.day_of_year % 1000,
             (unsigned)count->sequence % 1000);
    receipt[RECEIPT_DIGITS - 1] = check_digit(receipt, RECEIPT_DIGITS - 1);
}

static int three_digits(const char *at)
{
    return (at[0] - '0') * 100 + (at[1] - '0') * 10 + (at[2] - '0');
}

bool receipt_is_ok(const char *receipt)
{
    if (strlen(receipt) != RECEIPT_DIGITS ||
        strspn(receipt, "0123456789") != RECEIPT_DIGITS)
        return false;
    int day = three_digits(receipt + 5);
    return day >= 1 && day <= 366 && three_digits(receipt + 8) >= 1 &&
           receipt[RECEIPT_DIGITS - 1] ==
               check_digit(receipt, RECEIPT_DIGITS - 1);
}

void receipt_group(const char *receipt, char grouped[15])
{
    snprintf(grouped, 15, "%.4s %.4s %.4s", receipt,
             strlen(receipt) > 4 ? receipt + 4 : "",
             strlen(receipt) > 8 ? receipt + 8 : "");
}
