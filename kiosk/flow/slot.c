#include "kiosk/flow/slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/fill.h"

enum {
    DAYS_A_WEEK = 7,
    OF_1970 = 4, /* a Thursday; Sunday is 0 */
    PLACE_AT = sizeof "2026-12-01 09:00-09:30 " - 1,
    TEXT_MAX = 4096
};

bool slot_is(const struct step *step)
{
    return strcmp(step->screen, "slot") == 0;
}

const struct step *slot_of(const struct item *item)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (slot_is(&item->steps[i]))
            return &item->steps[i];
    return NULL;
}

/* ---- The notation --------------------------------------------------------- */

static bool has_shape(const char *text, const char *shape)
{
    for (; *shape; text++, shape++)
        if (*shape == '0' ? *text < '0' || *text > '9' : *text != *shape)
            return false;
    return true;
}

static bool is_date(const char *date)
{
    char digits[9];

    snprintf(digits, sizeof digits, "%.4s%.2s%.2s", date, date + 5, date + 8);
    return clock_is_date(digits);
}

int slot_minutes(const char *time)
{
    if (!has_shape(time, "00:00") || time[5])
        return -1;
    int hour = (int)strtol(time, NULL, 10);
    int minute = (int)strtol(time + 3, NULL, 10);

    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

static bool is_place(const char *place)
{
    static const char characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t len = strlen(place);

    return len > 0 && len < SLOT_PLACE_BYTES &&
           strspn(place, characters) == len;
}

bool slot_read(const char *value, struct slot *ret_slot)
{
    struct slot slot;

    if (!has_shape(value, "0000-00-00 00:00-00:00 ") ||
        !is_place(value + PLACE_AT))
        return false;
    snprintf(slot.date, sizeof slot.date, "%.10s", value);
    snprintf(slot.from, sizeof slot.from, "%.5s", value + 11);
    snprintf(slot.until, sizeof slot.until, "%.5s", value + 17);
    snprintf(slot.place, sizeof slot.place, "%s", value + PLACE_AT);
    int from = slot_minutes(slot.from), until = slot_minutes(slot.until);
    if (!is_date(slot.date) || from < 0 || until <= from)
        return false;
    *ret_slot = slot;
    return true;
}

void slot_write(const struct slot *slot, char value[SLOT_VALUE_BYTES])
{
    snprintf(value, SLOT_VALUE_BYTES, "%s %s-%s %s", slot->date, slot->from,
             slot->until, slot->place);
}

/* ---- Its place ------------------------------------------------------------ */

static bool names_answer(const char *place, const char *answer)
{
    size_t len = strlen(answer);

    return place[0] == '{' && strncmp(place + 1, answer, len) == 0 &&
           strcmp(place + 1 + len, "}") == 0;
}

const struct step *slot_place_step(const struct item *item,
                                   const struct step *step)
{
    for (size_t i = 0; i < item->step_count; i++)
        if (item->steps[i].answer &&
            names_answer(step->place, item->steps[i].answer))
            return &item->steps[i];
    return NULL;
}

const char *slot_place(const struct item *item, const struct step *step,
                       const struct answers *answers)
{
    const struct step *from = slot_place_step(item, step);

    return from ? answers_get(answers, from->answer) : step->place;
}

static int64_t day_of(const char *date)
{
    return clock_days_of_date((int)strtol(date, NULL, 10),
                              (int)strtol(date + 5, NULL, 10),
                              (int)strtol(date + 8, NULL, 10));
}

bool slot_holds(const struct item *item, const struct step *step,
                const struct answers *answers, const char *value)
{
    const char *place = slot_place(item, step, answers);
    struct slot slot;

    return place && slot_read(value, &slot) && strcmp(slot.place, place) == 0 &&
           day_of(slot.date) >= answers_today(answers);
}

/* ---- For people ----------------------------------------------------------- */

void slot_day_text(const char *date, enum language language, struct buf *out)
{
    static const char *const names[DAYS_A_WEEK] = {
        N_("Sunday"),   N_("Monday"), N_("Tuesday"),  N_("Wednesday"),
        N_("Thursday"), N_("Friday"), N_("Saturday"),
    };
    const char *name =
        i18n_text(language, names[(day_of(date) + OF_1970) % DAYS_A_WEEK]);

    if (language == LANGUAGE_ZH_CN)
        buf_add_format(out, "%ld年%ld月%ld日 %s", strtol(date, NULL, 10),
                       strtol(date + 5, NULL, 10), strtol(date + 8, NULL, 10),
                       name);
    else
        buf_add_format(out, "%s, %s", name, date);
}

static void add_place(const struct item *item, const struct step *step,
                      const char *place, enum language language,
                      struct buf *out)
{
    const struct step *from = slot_place_step(item, step);

    if (from)
        walk_text_of(item, from, place, SOURCE_CITIZEN, language, out);
    else
        buf_add_text(out, words_in(&item->unit, language));
}

void slot_text(const struct item *item, const struct step *step,
               const char *value, enum language language, struct buf *out)
{
    struct buf day, place;
    struct slot slot;

    if (!slot_read(value, &slot)) {
        buf_add_text(out, value);
        return;
    }
    buf_init(&day, TEXT_MAX);
    buf_init(&place, TEXT_MAX);
    slot_day_text(slot.date, language, &day);
    add_place(item, step, slot.place, language, &place);
    const struct fill fills[] = { { "day", day.text },
                                  { "from", slot.from },
                                  { "until", slot.until },
                                  { "place", place.text } };
    /* TRANSLATORS: an appointment: "Tuesday, 2026-12-01, 09:00 to 09:30, Wolong
     * District" */
    fill_text(out, i18n_text(language, N_("{day}, {from} to {until}, {place}")),
              fills, sizeof fills / sizeof *fills);
    buf_done(&place);
    buf_done(&day);
}

/* ---- Without a hub -------------------------------------------------------- */

bool slot_make_up(const struct item *item, const struct step *step,
                  const struct answers *answers, int nth,
                  char value[SLOT_VALUE_BYTES])
{
    struct slot slot = { .from = "09:00", .until = "09:30" };
    const char *place = slot_place(item, step, answers);
    int64_t day = answers_today(answers);

    if (!place || !is_place(place))
        return false;
    do {
        day++;
        nth -= calendar_is_working(NULL, day);
    } while (nth >= 0);
    calendar_date(day, slot.date);
    snprintf(slot.place, sizeof slot.place, "%s", place);
    slot_write(&slot, value);
    return true;
}
