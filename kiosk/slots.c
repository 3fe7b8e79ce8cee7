#include "kiosk/slots.h"

#include "kiosk/base/clock.h"
#include "kiosk/base/mem.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

enum { HOLD_MOST_MS = 60 * 60 * 1000, LEFT_MOST = 9999 };

struct slots {
    json_t *days; /* a list; NULL: none was told */
    char hold[SLOTS_TOKEN_BYTES];
    int64_t until_ms; /* monotonic */
};

struct slots *slots_new(void)
{
    return mem_new(sizeof(struct slots));
}

void slots_wipe(struct slots *slots)
{
    json_decref(slots->days); /* mem.c zeroes what is freed */
    mem_wipe(slots, sizeof *slots);
}

void slots_free(struct slots *slots)
{
    if (!slots)
        return;
    slots_wipe(slots);
    mem_free(slots);
}

/* ---- Looking through --------------------------------------------------------- */

static const char *string_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static bool is_id(const char *id)
{
    size_t len = strlen(id);

    for (size_t i = 0; i < len; i++)
        if (id[i] < ' ' || id[i] > '~')
            return false;
    return len > 0 && len < SLOTS_ID_BYTES;
}

static bool is_slot(const json_t *slot, const char *date)
{
    json_int_t left = json_integer_value(json_object_get(slot, "left"));
    char value[SLOT_VALUE_BYTES];
    struct slot read;

    snprintf(value, sizeof value, "%.10s %.5s-%.5s x", date,
             string_of(slot, "from"), string_of(slot, "until"));
    return is_id(string_of(slot, "id")) && left >= 1 && left <= LEFT_MOST &&
           strlen(string_of(slot, "from")) == SLOT_TIME_BYTES - 1 &&
           strlen(string_of(slot, "until")) == SLOT_TIME_BYTES - 1 &&
           slot_read(value, &read);
}

static bool is_day(const json_t *day)
{
    const char *date = string_of(day, "date");
    const json_t *slots = json_object_get(day, "slots");
    size_t count = json_array_size(slots);

    if (strlen(date) != CALENDAR_DATE_BYTES - 1 || count == 0 ||
        count > SLOTS_A_DAY_MAX)
        return false;
    for (size_t i = 0; i < count; i++)
        if (!is_slot(json_array_get(slots, i), date))
            return false;
    return true;
}

static bool are_days(const json_t *days)
{
    if (!json_is_array(days) || json_array_size(days) > SLOTS_DAYS_MAX)
        return false;
    for (size_t i = 0; i < json_array_size(days); i++)
        if (!is_day(json_array_get(days, i)))
            return false;
    return true;
}

enum err slots_take_days(struct slots *slots, const char *body, size_t len)
{
    json_t *said = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
    json_t *days = json_object_get(said, "days");
    enum err err = are_days(days) ? ERR_OK : ERR_BAD_ANSWER;

    if (!err) {
        json_decref(slots->days);
        slots->days = json_incref(days);
    }
    json_decref(said);
    return err;
}

bool slots_read_hold(const char *body, size_t len,
                     char token[SLOTS_TOKEN_BYTES])
{
    json_t *said = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
    const char *hold = string_of(said, "hold");
    bool is_good = strlen(hold) == SLOTS_TOKEN_BYTES - 1 &&
                   strspn(hold, "0123456789abcdef") == SLOTS_TOKEN_BYTES - 1;

    if (is_good)
        memcpy(token, hold, SLOTS_TOKEN_BYTES);
    json_decref(said);
    return is_good;
}

/* The hub's times of it as a pause from now on; its clock need not be ours. */
static int64_t until(const json_t *said)
{
    int64_t at_ms = json_integer_value(json_object_get(said, "until"));
    int64_t now_ms = json_integer_value(json_object_get(said, "hub_time"));
    int64_t pause_ms = at_ms - (now_ms > 0 ? now_ms : clock_wall_ms());

    if (at_ms <= 0 || pause_ms < 0)
        return 0;
    return pause_ms < HOLD_MOST_MS ? pause_ms : HOLD_MOST_MS;
}

enum err slots_take_hold(struct slots *slots, const char *body, size_t len)
{
    char token[SLOTS_TOKEN_BYTES] = "";

    if (!slots_read_hold(body, len, token))
        return ERR_BAD_ANSWER;
    json_t *said = json_loadb(body, len, JSON_REJECT_DUPLICATES, NULL);
    memcpy(slots->hold, token, sizeof token);
    slots->until_ms = clock_monotonic_ms() + until(said);
    json_decref(said);
    return ERR_OK;
}

/* ---- Telling ------------------------------------------------------------------- */

size_t slots_day_count(const struct slots *slots)
{
    return json_array_size(slots->days);
}

size_t slots_count(const struct slots *slots, size_t day)
{
    return json_array_size(
        json_object_get(json_array_get(slots->days, day), "slots"));
}

void slots_one(const struct slots *slots, size_t day, size_t at,
               struct slots_one *ret_one)
{
    const json_t *list =
        json_object_get(json_array_get(slots->days, day), "slots");
    const json_t *one = json_array_get(list, at);

    *ret_one = (struct slots_one){
        .id = string_of(one, "id"),
        .from = string_of(one, "from"),
        .until = string_of(one, "until"),
        .left = (int)json_integer_value(json_object_get(one, "left")),
    };
}

const char *slots_day(const struct slots *slots, size_t day, int *ret_left)
{
    struct slots_one one;

    *ret_left = 0;
    for (size_t i = 0; i < slots_count(slots, day); i++) {
        slots_one(slots, day, i, &one);
        *ret_left += one.left;
    }
    return string_of(json_array_get(slots->days, day), "date");
}

const char *slots_hold(const struct slots *slots, int64_t *ret_until_ms)
{
    *ret_until_ms = slots->until_ms;
    return slots->hold;
}
