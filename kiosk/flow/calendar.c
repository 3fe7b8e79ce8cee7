#include "kiosk/flow/calendar.h"

#include "kiosk/base/clock.h"
#include "kiosk/flow/lists.h"

#include <stdio.h>
#include <string.h>

enum { DAYS_A_WEEK = 7, OF_1970 = 4, SATURDAY = 6, YEAR_DIGITS = 4 };

void calendar_date(int64_t day, char date[CALENDAR_DATE_BYTES])
{
    struct clock_fields at;

    clock_date_of_days(day, &at);
    snprintf(date, CALENDAR_DATE_BYTES, "%04u-%02u-%02u",
             (unsigned)at.year % 10000, (unsigned)at.month % 100,
             (unsigned)at.day % 100);
}

static bool is_weekend(int64_t day)
{
    int weekday = (int)((day + OF_1970) % DAYS_A_WEEK); /* Sunday is 0 */

    return weekday == 0 || weekday == SATURDAY;
}

bool calendar_is_working(const struct list *holidays, int64_t day)
{
    char date[CALENDAR_DATE_BYTES];
    const struct list_row *row;

    calendar_date(day, date);
    row = holidays ? list_find(holidays, date) : NULL;
    return row ? strcmp(row->parent, "work") == 0 : !is_weekend(day);
}

static bool is_set(const struct list *holidays, int64_t day)
{
    char date[CALENDAR_DATE_BYTES];

    calendar_date(day, date);
    for (size_t i = 0; holidays && i < holidays->count; i++)
        if (strncmp(holidays->rows[i].value, date, YEAR_DIGITS) == 0)
            return true;
    return false;
}

int64_t calendar_last_day(const struct list *holidays, int64_t day,
                          const struct item_time *time, bool *ret_is_sure)
{
    *ret_is_sure = is_set(holidays, day);
    for (int left = time->days; left > 0;) {
        day++;
        left -= !time->working || calendar_is_working(holidays, day);
    }
    while (!calendar_is_working(holidays, day))
        day++;
    *ret_is_sure = *ret_is_sure && is_set(holidays, day);
    return day;
}

const char *calendar_row_fault(const struct list_row *row)
{
    char digits[9] = "";
    bool has_form = strlen(row->value) == CALENDAR_DATE_BYTES - 1 &&
                    row->value[4] == '-' && row->value[7] == '-';

    if (has_form)
        snprintf(digits, sizeof digits, "%.4s%.2s%.2s", row->value,
                 row->value + 5, row->value + 8);
    if (!has_form || !clock_is_date(digits))
        return "expected a day such as 2026-10-01 as the value";
    if (strcmp(row->parent, "off") != 0 && strcmp(row->parent, "work") != 0)
        return "expected off or work as the parent";
    return NULL;
}
