#include "kiosk/base/clock.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
    ZONE_MS = 8 * 3600 * 1000,
    DAY_MS = 24 * 3600 * 1000,
    JUMP_MAX_MS = 10 * 60 * 1000
};

/* No terminal of ours is older than 2024-01-01T00:00:00Z. */
#define BUILT_MS  INT64_C(1704067200000)
#define NO_OFFSET INT64_MIN

/* Atomic because the store's thread and the worker pool ask for the time,
 * too. */
static _Atomic int64_t shift_ms;
static atomic_bool is_pretended;
static _Atomic int64_t pretended_monotonic_ms, pretended_wall_ms;
/* Wall minus monotonic time when first asked, real and pretended. */
static _Atomic int64_t real_offset_ms = NO_OFFSET;
static _Atomic int64_t pretended_offset_ms;

static int64_t read_ms(clockid_t id)
{
    struct timespec now;
    int status = clock_gettime(id, &now);
    assert(status == 0);
    (void)status;
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void note_start(void)
{
    if (real_offset_ms != NO_OFFSET)
        return;
    int64_t none = NO_OFFSET;
    int64_t offset = read_ms(CLOCK_REALTIME) - read_ms(CLOCK_BOOTTIME);
    atomic_compare_exchange_strong(&real_offset_ms, &none, offset);
}

/* CLOCK_BOOTTIME goes on while the machine sleeps, as wall time does; else
 * waking up would look like a jump. */
int64_t clock_monotonic_ms(void)
{
    if (is_pretended)
        return pretended_monotonic_ms;
    note_start();
    return read_ms(CLOCK_BOOTTIME) + shift_ms;
}

int64_t clock_wall_ms(void)
{
    if (is_pretended)
        return pretended_wall_ms;
    note_start();
    return read_ms(CLOCK_REALTIME) + shift_ms;
}

bool clock_is_trusted(void)
{
    int64_t wall = clock_wall_ms();
    int64_t start = is_pretended ? pretended_offset_ms : real_offset_ms;
    int64_t jump = wall - clock_monotonic_ms() - start;
    return wall >= BUILT_MS && jump <= JUMP_MAX_MS && jump >= -JUMP_MAX_MS;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* Days since 1970-01-01 of a date in the Gregorian calendar, and back; years
 * are counted from March, so the leap day comes last (Hinnant, chrono-
 * compatible low-level date algorithms). */
int64_t clock_days_of_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t month_from_march = month > 2 ? month - 3 : month + 9;
    int64_t day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void clock_date_of_days(int64_t days, struct clock_fields *fields)
{
    days += 719468;
    int64_t era = floor_div(days, 146097);
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
                           day_of_era / 146096) /
                          365;
    int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month_from_march = (5 * day_of_year + 2) / 153;
    fields->day = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    fields->month = (int)(month_from_march < 10 ? month_from_march + 3
                                                : month_from_march - 9);
    fields->year =
        (int)(year_of_era + era * 400 + (fields->month <= 2 ? 1 : 0));
}

struct clock_fields clock_split(int64_t wall_ms)
{
    int64_t local = wall_ms + ZONE_MS;
    int64_t days = floor_div(local, DAY_MS);
    int second_of_day = (int)((local - days * DAY_MS) / 1000);
    struct clock_fields fields = {
        .hour = second_of_day / 3600,
        .minute = second_of_day / 60 % 60,
        .second = second_of_day % 60,
    };
    clock_date_of_days(days, &fields);
    fields.day_of_year =
        (int)(days - clock_days_of_date(fields.year, 1, 1)) + 1;
    return fields;
}

int64_t clock_of_date(int year, int month, int day)
{
    return clock_days_of_date(year, month, day) * DAY_MS - ZONE_MS;
}

void clock_format_iso(int64_t wall_ms, bool hour_only, char *text, size_t size)
{
    struct clock_fields at = clock_split(wall_ms);
    if (hour_only)
        snprintf(text, size, "%04d-%02d-%02dT%02d", at.year, at.month, at.day,
                 at.hour);
    else
        snprintf(text, size, "%04d-%02d-%02dT%02d:%02d:%02d+08:00", at.year,
                 at.month, at.day, at.hour, at.minute, at.second);
}

static bool parse_date(const char *text, int *ret_year, int *ret_month,
                       int *ret_day)
{
    static const int days[] = {
        31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    int number = 0;
    if (strlen(text) != 8)
        return false;
    for (int i = 0; i < 8; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        number = number * 10 + (text[i] - '0');
    }
    int year = number / 10000, month = number / 100 % 100, day = number % 100;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (year < 1 || month < 1 || month > 12 || day < 1 ||
        day > days[month - 1] || (month == 2 && day == 29 && !is_leap))
        return false;
    *ret_year = year;
    *ret_month = month;
    *ret_day = day;
    return true;
}

bool clock_is_date(const char *yyyymmdd)
{
    int year, month, day;
    return parse_date(yyyymmdd, &year, &month, &day);
}

int clock_age(const char *birth, int64_t wall_ms)
{
    int year, month, day;
    if (!parse_date(birth, &year, &month, &day))
        return -1;
    struct clock_fields today = clock_split(wall_ms);
    int age = today.year - year;
    if (today.month < month || (today.month == month && today.day < day))
        age--;
    return age < 0 ? -1 : age;
}

bool clock_is_hours(const char *text, int *ret_from, int *ret_to)
{
    if (strlen(text) != 11 || text[2] != ':' || text[5] != '-' ||
        text[8] != ':')
        return false;
    static const int digits[] = { 0, 1, 3, 4, 6, 7, 9, 10 };
    int d[8];
    for (int i = 0; i < 8; i++) {
        char c = text[digits[i]];
        if (c < '0' || c > '9')
            return false;
        d[i] = c - '0';
    }
    int from = (d[0] * 10 + d[1]) * 60 + d[2] * 10 + d[3];
    int to = (d[4] * 10 + d[5]) * 60 + d[6] * 10 + d[7];
    if (d[2] > 5 || d[6] > 5 || from >= to || to > 24 * 60)
        return false;
    *ret_from = from;
    *ret_to = to;
    return true;
}

void clock_shift(int64_t ms)
{
    assert(ms >= 0);
    if (is_pretended) {
        pretended_monotonic_ms += ms;
        pretended_wall_ms += ms;
    } else {
        shift_ms += ms;
    }
}

/* The first call begins a pretended world, later ones move it: wall time that
 * then runs apart from monotonic time is a jump, as in life. */
void clock_pretend(int64_t monotonic_ms, int64_t wall_ms)
{
    if (!is_pretended)
        pretended_offset_ms = wall_ms - monotonic_ms;
    pretended_monotonic_ms = monotonic_ms;
    pretended_wall_ms = wall_ms;
    is_pretended = true;
}

void clock_pretend_end(void)
{
    is_pretended = false;
}
