/* The line at the end of a zone's file: how its clocks go after the last
 * transition that the file lists ("CET-1CEST,M3.5.0,M10.5.0/3", POSIX TZ). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When clocks change each year: on the week-th (5: last) weekday of a month, on
 * a day counted from 1 without 29 February, or counted from 0 with it. */
struct zone_change {
    enum { CHANGE_WEEKDAY, CHANGE_DAY, CHANGE_DAY_WITH_LEAP } kind;
    int month, week, day;
    int second; /* of local time, from midnight */
};

struct zone_text {
    int standard, summer; /* seconds east */
    bool has_summer;
    struct zone_change start, end;
};

/* False for anything that is none. */
bool zone_text_parse(const char *text, size_t len, struct zone_text *ret_text);
int zone_text_offset(const struct zone_text *text, int64_t seconds);
