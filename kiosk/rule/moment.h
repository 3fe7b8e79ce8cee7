/* Moments and lengths of time as CEL has them: read, written, taken apart. */
#pragma once

#include "kiosk/base/buf.h"
#include "kiosk/rule/rule.h"

/* 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
#define MOMENT_FIRST (-INT64_C(62135596800))
#define MOMENT_LAST  INT64_C(253402300799)

enum { MOMENT_TEXT_BYTES = 40 };

/* RFC 3339; false for anything else and for what is out of range. */
bool moment_parse(const char *text, size_t len, struct rule_value *ret_value);
/* As "1h30m", "-1.5s", "10ms"; false as above. */
bool duration_parse(const char *text, size_t len, struct rule_value *ret_value);

/* "2009-02-13T23:31:30.5Z", "1.5s"; return the length. */
size_t moment_format(const struct rule_value *value,
                     char text[MOMENT_TEXT_BYTES]);
size_t duration_format(const struct rule_value *value,
                       char text[MOMENT_TEXT_BYTES]);

/* False when it would be out of range. */
bool moment_add(const struct rule_value *moment, int64_t ns,
                struct rule_value *ret_value);
bool moment_subtract(const struct rule_value *left,
                     const struct rule_value *right,
                     struct rule_value *ret_value);

/* A day of the calendar: from a date (a timestamp: its day in UTC; a text:
 * "2026-11-26" or "20261126").  False when it is none. */
struct moment_day {
    int year, month, day;
};
bool moment_day_of(const struct rule_value *date, struct moment_day *ret_day);
bool moment_day_is_ok(const struct moment_day *day);
int moment_days_in_month(int year, int month);

int64_t moment_floor(int64_t number, int64_t by);
