/* The only door to time.  Monotonic milliseconds for waiting, wall time for
 * people and papers.  China has one zone without summer time, so the calendar
 * here is UTC+8 by arithmetic, never libc's.
 *
 * clock_shift() moves both clocks forward, never back (the demo's
 * "clock +90s"); clock_pretend() replaces them for tests and the simulator. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct clock_fields {
    int year, month, day;     /* month and day from 1 */
    int hour, minute, second; /* local, UTC+8 */
    int day_of_year;          /* from 1 */
};

int64_t clock_monotonic_ms(void);
int64_t clock_wall_ms(void); /* since 1970-01-01T00:00:00Z */

/* False while wall time makes no sense (before this program was built, or it
 * jumped by more than ten minutes against monotonic time since start). */
bool clock_is_trusted(void);

struct clock_fields clock_split(int64_t wall_ms);
/* Wall time of local midnight at the start of that day. */
int64_t clock_of_date(int year, int month, int day);
/* Days since 1970-01-01 of a date in the Gregorian calendar, and back (year,
 * month and day are set, the rest is left). */
int64_t clock_days_of_date(int year, int month, int day);
void clock_date_of_days(int64_t days, struct clock_fields *fields);

/* "2026-11-23T14:03:05+08:00" (26 bytes with NUL); hour_only: "2026-11-23T14".
 */
void clock_format_iso(int64_t wall_ms, bool hour_only, char *text, size_t size);

/* Whole years from birth ("YYYYMMDD") until the day of wall_ms; -1 when birth
 * is no date.  Born on 29 February: a year is completed on 1 March in common
 * years. */
int clock_age(const char *birth, int64_t wall_ms);
bool clock_is_date(const char *yyyymmdd);
/* Two times of day, "HH:MM-HH:MM", the second later; 24:00 is allowed.  In
 * minutes of the day. */
bool clock_is_hours(const char *text, int *ret_from, int *ret_to);

void clock_shift(int64_t ms);
void clock_pretend(int64_t monotonic_ms, int64_t wall_ms);
void clock_pretend_end(void);
