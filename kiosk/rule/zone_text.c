#include "kiosk/rule/zone_text.h"

#include "kiosk/base/clock.h"
#include "kiosk/rule/moment.h"

struct cursor {
    const char *at, *end;
};

static bool take_char(struct cursor *cursor, char c)
{
    if (cursor->at == cursor->end || *cursor->at != c)
        return false;
    cursor->at++;
    return true;
}

static bool is_digit(const struct cursor *cursor)
{
    return cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
}

static bool take_number(struct cursor *cursor, int most, int *ret_number)
{
    int number = 0;

    if (!is_digit(cursor))
        return false;
    for (; is_digit(cursor); cursor->at++) {
        number = number * 10 + (*cursor->at - '0');
        if (number > most)
            return false;
    }
    *ret_number = number;
    return true;
}

/* "CET" or "<+08>". */
static bool take_name(struct cursor *cursor)
{
    const char *start = cursor->at;

    if (take_char(cursor, '<')) {
        while (cursor->at < cursor->end && *cursor->at != '>')
            cursor->at++;
        return take_char(cursor, '>');
    }
    while (cursor->at < cursor->end && ((*cursor->at | 0x20) >= 'a') &&
           ((*cursor->at | 0x20) <= 'z'))
        cursor->at++;
    return cursor->at - start >= 3;
}

/* "-3:30", in seconds. */
static bool take_time(struct cursor *cursor, int *ret_seconds)
{
    int sign = 1, hours, minutes = 0, seconds = 0;

    if (take_char(cursor, '-'))
        sign = -1;
    else
        (void)take_char(cursor, '+');
    if (!take_number(cursor, 167, &hours) ||
        (take_char(cursor, ':') &&
         (!take_number(cursor, 59, &minutes) ||
          (take_char(cursor, ':') && !take_number(cursor, 59, &seconds)))))
        return false;
    *ret_seconds = sign * (hours * 3600 + minutes * 60 + seconds);
    return true;
}

static bool take_change(struct cursor *cursor, struct zone_change *change)
{
    bool is_ok;

    change->second = 2 * 3600;
    if (!take_char(cursor, ','))
        return false;
    if (take_char(cursor, 'M')) {
        change->kind = CHANGE_WEEKDAY;
        is_ok = take_number(cursor, 12, &change->month) && change->month > 0 &&
                take_char(cursor, '.') &&
                take_number(cursor, 5, &change->week) && change->week > 0 &&
                take_char(cursor, '.') && take_number(cursor, 6, &change->day);
    } else {
        bool is_julian = take_char(cursor, 'J');

        change->kind = is_julian ? CHANGE_DAY : CHANGE_DAY_WITH_LEAP;
        is_ok = take_number(cursor, 365, &change->day) &&
                (!is_julian || change->day > 0);
    }
    return is_ok &&
           (!take_char(cursor, '/') || take_time(cursor, &change->second));
}

bool zone_text_parse(const char *text, size_t len, struct zone_text *ret_text)
{
    struct cursor cursor = { text, text + len };
    struct zone_text zone = { 0 };
    int west;

    if (!take_name(&cursor) || !take_time(&cursor, &west))
        return false;
    zone.standard = -west;
    if (cursor.at < cursor.end) {
        zone.has_summer = true;
        zone.summer = zone.standard + 3600;
        if (!take_name(&cursor))
            return false;
        if (cursor.at < cursor.end && *cursor.at != ',') {
            if (!take_time(&cursor, &west))
                return false;
            zone.summer = -west;
        }
        if (!take_change(&cursor, &zone.start) ||
            !take_change(&cursor, &zone.end) || cursor.at != cursor.end)
            return false;
    }
    *ret_text = zone;
    return true;
}

static int64_t day_of_change(const struct zone_change *change, int year)
{
    int64_t first = clock_days_of_date(year, 1, 1);

    if (change->kind == CHANGE_DAY_WITH_LEAP)
        return first + change->day;
    if (change->kind == CHANGE_DAY) {
        bool has_leap_day = moment_days_in_month(year, 2) == 29;
        return first + change->day - 1 + (has_leap_day && change->day > 59);
    }
    first = clock_days_of_date(year, change->month, 1);
    int64_t weekday = first + 4 - 7 * moment_floor(first + 4, 7);
    int64_t day = (change->day - weekday + 7) % 7 + 7 * (change->week - 1);
    while (day >= moment_days_in_month(year, change->month))
        day -= 7;
    return first + day;
}

int zone_text_offset(const struct zone_text *text, int64_t seconds)
{
    struct clock_fields date;

    if (!text->has_summer)
        return text->standard;
    clock_date_of_days(moment_floor(seconds + text->standard, 86400), &date);
    int64_t start = day_of_change(&text->start, date.year) * 86400 +
                    text->start.second - text->standard;
    int64_t end = day_of_change(&text->end, date.year) * 86400 +
                  text->end.second - text->summer;
    bool is_summer = start < end ? seconds >= start && seconds < end
                                 : !(seconds >= end && seconds < start);
    return is_summer ? text->summer : text->standard;
}
