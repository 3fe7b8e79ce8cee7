#include "kiosk/hub/slots.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/mem.h"
#include "kiosk/flow/lists.h"
#include "kiosk/rule/rule.h"

enum {
    PATH_BYTES_MAX = 4096,
    FILE_BYTES_MAX = 256 * 1024,
    ROWS_MAX = 2000,
    HOURS_MAX = 4, /* times of opening on one day */
    COLUMNS = 6,
    DAY_MS = 24 * 60 * 60 * 1000
};

static const char header[] = "item\tplace\thours\tminutes\tplaces\tdays";

struct opening {
    int from, until; /* minutes since midnight */
};

struct row {
    const char *item, *place; /* into the text */
    struct opening openings[HOURS_MAX];
    int opening_count;
    int minutes, places, days;
};

struct slot_calendar {
    char *text;
    struct row *rows;
    size_t count;
    struct lists *lists;
    const struct list *holidays; /* NULL: weekends only */
};

/* ---- Reading --------------------------------------------------------------- */

static void tell(const struct hub_items_told *told, const char *format,
                 int line)
{
    char text[160];

    if (told == NULL || told->problems == NULL)
        return;
    snprintf(text, sizeof(text), "lists/slots.tsv:%d:1: error: %s\n", line,
             format);
    told->problems(told->owner, text);
}

/* A whole number from 1 to max; 0: it is none. */
static int number_of(const char *text, int max)
{
    size_t len = strlen(text);
    long number = 0;

    if (len == 0 || len > 4 || strspn(text, "0123456789") != len)
        return 0;
    number = strtol(text, NULL, 10);
    return number <= max ? (int)number : 0;
}

/* "09:00-12:00" */
static bool read_opening(const char *text, struct opening *opening)
{
    char from[SLOT_TIME_BYTES], until[SLOT_TIME_BYTES];

    if (strlen(text) != strlen("09:00-12:00") || text[5] != '-')
        return false;
    snprintf(from, sizeof(from), "%.5s", text);
    snprintf(until, sizeof(until), "%.5s", text + 6);
    opening->from = slot_minutes(from);
    opening->until = slot_minutes(until);
    return opening->from >= 0 && opening->until > opening->from;
}

static bool read_hours(char *text, struct row *row)
{
    char *next = text;

    while (next != NULL) {
        char *one = next;

        next = strchr(one, ',');
        if (next != NULL)
            *next++ = '\0';
        if (row->opening_count == HOURS_MAX ||
            !read_opening(one, &row->openings[row->opening_count]))
            return false;
        row->opening_count++;
    }
    return true;
}

/* What is wrong with it, or NULL. */
static const char *read_row(char *line, struct row *row)
{
    char *columns[COLUMNS];
    size_t count = 0;

    for (char *at = line; at != NULL && count < COLUMNS; count++) {
        columns[count] = at;
        at = strchr(at, '\t');
        if (at != NULL)
            *at++ = '\0';
    }
    if (count != COLUMNS)
        return "expected six columns parted by tabs";
    row->item = columns[0];
    row->place = columns[1];
    row->minutes = number_of(columns[3], 24 * 60);
    row->places = number_of(columns[4], 1000);
    row->days = number_of(columns[5], SLOT_DAYS_MAX);
    if (!read_hours(columns[2], row))
        return "expected hours such as 09:00-12:00,14:30-17:00";
    if (row->minutes == 0 || row->places == 0 || row->days == 0)
        return "expected whole numbers: minutes, places, and days up to 78";
    return NULL;
}

static void read_rows(struct slot_calendar *calendar,
                      const struct hub_items_told *told)
{
    char *next = calendar->text;

    for (int number = 1; next != NULL && *next != '\0'; number++) {
        char *line = next;
        struct row row = { 0 };
        const char *fault;

        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (number == 1)
            fault = strcmp(line, header) == 0
                        ? NULL
                        : "expected the header item, place, hours, minutes, "
                          "places, days";
        else if (calendar->count == ROWS_MAX)
            fault = "too many lines";
        else
            fault = read_row(line, &row);
        if (fault != NULL)
            tell(told, fault, number);
        else if (number > 1)
            calendar->rows[calendar->count++] = row;
    }
}

static void read_holidays(struct slot_calendar *calendar, const char *folder)
{
    struct problems problems;
    enum err err;

    calendar->lists = lists_new(folder);
    problems_init(&problems);
    err =
        lists_get(calendar->lists, "holidays", &problems, &calendar->holidays);
    if (err)
        calendar->holidays = NULL; /* weekends are known all the same */
    problems_done(&problems);
}

struct slot_calendar *slot_calendar_open(const char *folder,
                                         const struct hub_items_told *told)
{
    struct slot_calendar *calendar = mem_new(sizeof(*calendar));
    struct buf path;
    size_t len = 0;
    enum err err;

    calendar->rows = mem_new(ROWS_MAX * sizeof(*calendar->rows));
    buf_init(&path, PATH_BYTES_MAX);
    buf_add_format(&path, "%s/lists/slots.tsv", folder);
    err = file_read(path.text, FILE_BYTES_MAX, &calendar->text, &len);
    buf_done(&path);
    if (err && err != ERR_NOT_FOUND)
        tell(told, "it cannot be read", 1);
    if (!err)
        read_rows(calendar, told);
    read_holidays(calendar, folder);
    return calendar;
}

void slot_calendar_close(struct slot_calendar *calendar)
{
    if (calendar == NULL)
        return;
    lists_free(calendar->lists);
    mem_free(calendar->rows);
    mem_free(calendar->text);
    mem_free(calendar);
}

/* ---- Asking ------------------------------------------------------------------ */

static const struct row *row_of(const struct slot_calendar *calendar,
                                const char *item, const char *place)
{
    const struct row *any = NULL;

    for (size_t i = 0; calendar != NULL && i < calendar->count; i++) {
        const struct row *row = &calendar->rows[i];

        if (strcmp(row->item, item) != 0)
            continue;
        if (strcmp(row->place, place) == 0)
            return row;
        if (any == NULL && strcmp(row->place, "*") == 0)
            any = row;
    }
    return any;
}

static void write_time(int minutes, char time[SLOT_TIME_BYTES])
{
    snprintf(time, SLOT_TIME_BYTES, "%02u:%02u", (unsigned)minutes / 60 % 24,
             (unsigned)minutes % 60);
}

static int64_t day_of(const struct slot *slot)
{
    return clock_days_of_date((int)strtol(slot->date, NULL, 10),
                              (int)strtol(slot->date + 5, NULL, 10),
                              (int)strtol(slot->date + 8, NULL, 10));
}

bool slot_is_past(const struct slot *slot, int64_t now_ms)
{
    struct clock_fields now = clock_split(now_ms);
    int64_t today = rule_day(now_ms), day = day_of(slot);

    return day < today || (day == today && slot_minutes(slot->from) <=
                                               now.hour * 60 + now.minute);
}

/* False: no more are wanted. */
static bool
each_of_day(const struct row *row, struct slot *slot, int64_t now_ms,
            bool (*on_slot)(void *owner, const struct slot *slot, int places),
            void *owner)
{
    for (int i = 0; i < row->opening_count; i++) {
        const struct opening *opening = &row->openings[i];

        for (int from = opening->from; from + row->minutes <= opening->until;
             from += row->minutes) {
            write_time(from, slot->from);
            write_time(from + row->minutes, slot->until);
            if (!slot_is_past(slot, now_ms) &&
                !on_slot(owner, slot, row->places))
                return false;
        }
    }
    return true;
}

void slot_calendar_each(const struct slot_calendar *calendar, const char *item,
                        const char *place, int64_t now_ms,
                        bool (*on_slot)(void *owner, const struct slot *slot,
                                        int places),
                        void *owner)
{
    const struct row *row = row_of(calendar, item, place);
    int64_t today = rule_day(now_ms);
    struct slot slot;

    if (row == NULL || strlen(place) >= sizeof(slot.place))
        return;
    snprintf(slot.place, sizeof(slot.place), "%s", place);
    for (int64_t day = today; day <= today + row->days; day++) {
        if (!calendar_is_working(calendar->holidays, day))
            continue;
        calendar_date(day, slot.date);
        if (!each_of_day(row, &slot, now_ms, on_slot, owner))
            return;
    }
}

int slot_calendar_places(const struct slot_calendar *calendar, const char *item,
                         const struct slot *slot, int64_t now_ms)
{
    const struct row *row = row_of(calendar, item, slot->place);
    int from = slot_minutes(slot->from), until = slot_minutes(slot->until);
    int64_t day = day_of(slot);

    if (row == NULL || until - from != row->minutes ||
        day > rule_day(now_ms) + row->days ||
        !calendar_is_working(calendar->holidays, day))
        return 0;
    for (int i = 0; i < row->opening_count; i++) {
        const struct opening *opening = &row->openings[i];

        if (from >= opening->from && until <= opening->until &&
            (from - opening->from) % row->minutes == 0)
            return row->places;
    }
    return 0;
}

void slot_key(const char *item, const struct slot *slot,
              char key[SLOT_KEY_BYTES])
{
    char value[SLOT_VALUE_BYTES];

    slot_write(slot, value);
    snprintf(key, SLOT_KEY_BYTES, "%.63s/%s", item, value);
}

bool slot_key_read(const char *key, char item[64], struct slot *ret_slot)
{
    size_t len = strcspn(key, "/");

    if (len == 0 || len >= 64 || key[len] != '/')
        return false;
    memcpy(item, key, len);
    item[len] = '\0';
    return slot_read(key + len + 1, ret_slot);
}
