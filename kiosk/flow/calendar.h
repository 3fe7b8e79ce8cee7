/* Times that a law or an office sets, from a day to the day on which they end.
 * Days off and the weekends worked for them are set each year by the State
 * Council; they are the list lists/holidays.tsv beside the items: the day, "off"
 * or "work", its name.  A year that has no day there is not set yet: only
 * weekends are known of it. */
#pragma once

#include "kiosk/flow/item.h"

#include <stdbool.h>
#include <stdint.h>

enum { CALENDAR_DATE_BYTES = 11 }; /* "2026-12-03" and its NUL */

/* Days since 1970-01-01, here and below.  NULL: no list, weekends only. */
bool calendar_is_working(const struct list *holidays, int64_t day);

/* The last day of a time that begins on `day`.  That day itself is not counted,
 * and a last day that is a day off moves to the next working day (Civil Code,
 * articles 201 and 203).  *ret_is_sure: every year it touches is set. */
int64_t calendar_last_day(const struct list *holidays, int64_t day,
                          const struct item_time *time, bool *ret_is_sure);

void calendar_date(int64_t day, char date[CALENDAR_DATE_BYTES]);

/* What is wrong with a row of that list, or NULL. */
const char *calendar_row_fault(const struct list_row *row);
