#include "kiosk/rule/moment.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"

enum { NANOS = 1000000000 };

int64_t moment_floor(int64_t number, int64_t by)
{
    int64_t quotient = number / by;
    return number % by < 0 ? quotient - 1 : quotient;
}

int moment_days_in_month(int year, int month)
{
    static const int days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
    };
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && is_leap);
}

bool moment_day_is_ok(const struct moment_day *day)
{
    return day->year >= 1 && day->year <= 9999 && day->month >= 1 &&
           day->month <= 12 && day->day >= 1 &&
           day->day <= moment_days_in_month(day->year, day->month);
}

/* ---- Reading ------------------------------------------------------------ */

/* A text that is being taken apart. */
struct cursor {
    const char *at, *end;
};

/* Exactly count digits. */
static bool take_number(struct cursor *cursor, int count, int *ret_number)
{
    int number = 0;

    if (cursor->end - cursor->at < count)
        return false;
    for (; count > 0; count--, cursor->at++) {
        if (*cursor->at < '0' || *cursor->at > '9')
            return false;
        number = number * 10 + (*cursor->at - '0');
    }
    *ret_number = number;
    return true;
}

static bool take_char(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

static bool take_date(struct cursor *cursor, bool has_dashes,
                      struct moment_day *day)
{
    return take_number(cursor, 4, &day->year) &&
           (!has_dashes || take_char(cursor, '-')) &&
           take_number(cursor, 2, &day->month) &&
           (!has_dashes || take_char(cursor, '-')) &&
           take_number(cursor, 2, &day->day) && moment_day_is_ok(day);
}

/* Digits after a point; more than nine are read and dropped. */
static bool take_fraction(struct cursor *cursor, int *ret_nanos)
{
    int nanos = 0, unit = NANOS / 10, count = 0;

    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
         cursor->at++, count++) {
        nanos += (*cursor->at - '0') * unit;
        unit /= 10;
    }
    *ret_nanos = nanos;
    return count > 0;
}

/* "Z" or "+08:00", in seconds. */
static bool take_offset(struct cursor *cursor, int *ret_offset)
{
    int hours, minutes, sign = 1;

    *ret_offset = 0;
    if (take_char(cursor, 'Z'))
        return true;
    if (take_char(cursor, '-'))
        sign = -1;
    else if (!take_char(cursor, '+'))
        return false;
    if (!take_number(cursor, 2, &hours) || !take_char(cursor, ':') ||
        !take_number(cursor, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *ret_offset = sign * (hours * 3600 + minutes * 60);
    return true;
}

bool moment_parse(const char *text, size_t len, struct rule_value *ret_value)
{
    struct cursor cursor = { text, text + len };
    struct moment_day day;
    int hour, minute, second, nanos = 0, offset;

    if (!take_date(&cursor, true, &day) || !take_char(&cursor, 'T') ||
        !take_number(&cursor, 2, &hour) || !take_char(&cursor, ':') ||
        !take_number(&cursor, 2, &minute) || !take_char(&cursor, ':') ||
        !take_number(&cursor, 2, &second) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    if (take_char(&cursor, '.') && !take_fraction(&cursor, &nanos))
        return false;
    if (!take_offset(&cursor, &offset) || cursor.at != cursor.end)
        return false;
    int64_t seconds = clock_days_of_date(day.year, day.month, day.day) * 86400 +
                      hour * 3600 + minute * 60 + second - offset;
    if (seconds < MOMENT_FIRST || seconds > MOMENT_LAST)
        return false;
    *ret_value = (struct rule_value){ .kind = RULE_TIMESTAMP,
                                      .timestamp = { seconds, nanos } };
    return true;
}

static const struct {
    const char *name;
    int64_t ns;
} units[] = {
    /* The longer of two that begin alike first. */
    { "ns", 1 },
    { "us", 1000 },
    { "\xc2\xb5s", 1000 }, /* micro sign */
    { "\xce\xbcs", 1000 }, /* Greek mu */
    { "ms", 1000000 },
    { "s", NANOS },
    { "m", INT64_C(60) * NANOS },
    { "h", INT64_C(3600) * NANOS },
};

static int64_t take_unit(struct cursor *cursor)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t len = strlen(units[i].name);

        if ((size_t)(cursor->end - cursor->at) >= len &&
            memcmp(cursor->at, units[i].name, len) == 0) {
            cursor->at += len;
            return units[i].ns;
        }
    }
    return 0;
}

/* "1.5h", added to *sum with that sign. */
static bool take_part(struct cursor *cursor, int sign, int64_t *sum)
{
    int64_t whole = 0;
    int fraction = 0;
    bool has_digits = false;

    for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
         cursor->at++) {
        has_digits = true;
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, *cursor->at - '0', &whole))
            return false;
    }
    if (take_char(cursor, '.') && take_fraction(cursor, &fraction))
        has_digits = true;
    int64_t unit = take_unit(cursor);
    if (!has_digits || !unit || __builtin_mul_overflow(whole, unit, &whole))
        return false;
    /* The fraction of a unit, in whole nanoseconds; an hour has 3.6e12. */
    int64_t rest =
        unit >= NANOS ? unit / NANOS * fraction : unit * fraction / NANOS;
    return !__builtin_add_overflow(whole, rest, &whole) &&
           !__builtin_add_overflow(*sum, sign * whole, sum);
}

bool duration_parse(const char *text, size_t len, struct rule_value *ret_value)
{
    struct cursor cursor = { text, text + len };
    int sign = 1;
    int64_t sum = 0;

    if (take_char(&cursor, '-'))
        sign = -1;
    else
        (void)take_char(&cursor, '+');
    bool is_zero = cursor.end - cursor.at == 1 && *cursor.at == '0';
    if (cursor.at == cursor.end)
        return false;
    while (!is_zero && cursor.at < cursor.end)
        if (!take_part(&cursor, sign, &sum))
            return false;
    *ret_value =
        (struct rule_value){ .kind = RULE_DURATION, .duration_ns = sum };
    return true;
}

/* ---- Writing ------------------------------------------------------------ */

/* ".5", without zeroes at the end; nothing for none. */
static size_t add_fraction(char *text, size_t size, int nanos)
{
    if (nanos == 0)
        return 0;
    int len = snprintf(text, size, ".%09d", nanos);
    while (text[len - 1] == '0')
        len--;
    return (size_t)len;
}

size_t moment_format(const struct rule_value *value,
                     char text[MOMENT_TEXT_BYTES])
{
    int64_t seconds = value->timestamp.seconds;
    int64_t days = moment_floor(seconds, 86400);
    int second = (int)(seconds - days * 86400);
    struct clock_fields date;

    clock_date_of_days(days, &date);
    size_t len = (size_t)snprintf(
        text, MOMENT_TEXT_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d", date.year,
        date.month, date.day, second / 3600, second / 60 % 60, second % 60);
    len += add_fraction(text + len, MOMENT_TEXT_BYTES - len,
                        value->timestamp.nanos);
    text[len++] = 'Z';
    text[len] = '\0';
    return len;
}

size_t duration_format(const struct rule_value *value,
                       char text[MOMENT_TEXT_BYTES])
{
    int64_t seconds = value->duration_ns / NANOS;
    int nanos = (int)(value->duration_ns % NANOS);
    bool is_negative = value->duration_ns < 0;

    size_t len = (size_t)snprintf(text, MOMENT_TEXT_BYTES, "%s%" PRId64,
                                  is_negative ? "-" : "",
                                  is_negative ? -seconds : seconds);
    len += add_fraction(text + len, MOMENT_TEXT_BYTES - len,
                        nanos < 0 ? -nanos : nanos);
    text[len++] = 's';
    text[len] = '\0';
    return len;
}

/* ---- Arithmetic --------------------------------------------------------- */

bool moment_add(const struct rule_value *moment, int64_t ns,
                struct rule_value *ret_value)
{
    int64_t whole = moment_floor(ns, NANOS);
    int64_t seconds = moment->timestamp.seconds + whole;
    int nanos = moment->timestamp.nanos + (int)(ns - whole * NANOS);

    if (nanos >= NANOS) {
        nanos -= NANOS;
        seconds++;
    }
    if (seconds < MOMENT_FIRST || seconds > MOMENT_LAST)
        return false;
    *ret_value = (struct rule_value){ .kind = RULE_TIMESTAMP,
                                      .timestamp = { seconds, nanos } };
    return true;
}

bool moment_subtract(const struct rule_value *left,
                     const struct rule_value *right,
                     struct rule_value *ret_value)
{
    int64_t seconds = left->timestamp.seconds - right->timestamp.seconds;
    struct rule_value value = { .kind = RULE_DURATION };

    if (__builtin_mul_overflow(seconds, INT64_C(1000000000),
                               &value.duration_ns) ||
        __builtin_add_overflow(value.duration_ns,
                               left->timestamp.nanos - right->timestamp.nanos,
                               &value.duration_ns))
        return false;
    *ret_value = value;
    return true;
}

bool moment_day_of(const struct rule_value *date, struct moment_day *ret_day)
{
    struct clock_fields fields;

    if (date->kind == RULE_TIMESTAMP) {
        clock_date_of_days(moment_floor(date->timestamp.seconds, 86400),
                           &fields);
        *ret_day = (struct moment_day){ fields.year, fields.month, fields.day };
        return moment_day_is_ok(ret_day);
    }
    if (date->kind != RULE_TEXT)
        return false;
    struct cursor cursor = { date->text.bytes,
                             date->text.bytes + date->text.len };
    return take_date(&cursor, date->text.len == 10, ret_day) &&
           cursor.at == cursor.end;
}
