/* What is written into a field while an item is explored. */
#include "kiosk/flow/item_explore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/flow/calendar.h"
#include "kiosk/flow/field.h"
#include "kiosk/flow/walk.h"

enum { VALUE_BYTES = 4096, DATE_LEN = CALENDAR_DATE_BYTES - 1 };

/* The division of no county, with a right check character: nobody's. */
void explored_number(int n, char number[EXPLORED_NUMBER_BYTES])
{
    snprintf(number, EXPLORED_NUMBER_BYTES, "99999919900307%03d", n % 1000);
    number[17] = id_number_check_character(number);
    number[18] = '\0';
}

struct trial {
    const struct step *step;
    void (*try)(void *owner, const char *value);
    void *owner;
};

static bool is_within(const struct step *step, const char *value)
{
    const char *min = step->check.min, *max = step->check.max;

    return (!min || field_compare(value, min) >= 0) &&
           (!max || field_compare(value, max) <= 0);
}

/* As somebody would type it: what the field does not take is not tried. */
static void try_given(const struct trial *trial, const char *given)
{
    const char *expected = NULL;
    struct buf value;

    buf_init(&value, VALUE_BYTES);
    if (!walk_accept(trial->step, given, &value, &expected))
        trial->try(trial->owner, value.text);
    buf_done(&value);
}

static void try_numbers(const struct trial *trial,
                        const struct explored *explored)
{
    bool is_exact = trial->step->check.with_fen;
    char text[40];

    for (size_t i = 0; i < explored->number_count; i++)
        for (int64_t by = -1; by <= 1; by++) {
            snprintf(text, sizeof text, "%lld%s",
                     (long long)(explored->numbers[i] + by),
                     is_exact ? ".00" : "");
            try_given(trial, text);
        }
}

/* The days beside it. */
static void try_days(const struct trial *trial, const char *date)
{
    char beside[CALENDAR_DATE_BYTES], digits[9];

    if (strlen(date) != DATE_LEN)
        return;
    snprintf(digits, sizeof digits, "%.4s%.2s%.2s", date, date + 5, date + 8);
    if (!clock_is_date(digits))
        return;
    int64_t day = clock_days_of_date((int)strtol(date, NULL, 10),
                                     (int)strtol(date + 5, NULL, 10),
                                     (int)strtol(date + 8, NULL, 10));
    for (int by = -1; by <= 1; by += 2) {
        calendar_date(day + by, beside);
        try_given(trial, beside);
    }
}

static void try_texts(const struct trial *trial,
                      const struct explored *explored)
{
    for (size_t i = 0; i < explored->text_count; i++) {
        char text[40];

        if (explored->texts[i].len >= sizeof text)
            continue;
        snprintf(text, sizeof text, "%.*s", (int)explored->texts[i].len,
                 explored->texts[i].bytes);
        try_given(trial, text);
        if (trial->step->type == FIELD_TYPE_DATE)
            try_days(trial, text);
    }
}

void explored_each_value(const struct explored *explored,
                         const struct step *step, bool is_named,
                         void (*try)(void *owner, const char *value),
                         void *owner)
{
    const struct trial trial = { step, try, owner };
    const char *sample = field_kind(step->type)->sample;
    bool is_usual = is_within(step, sample);

    if (is_usual)
        try(owner, sample);
    for (int is_max = 0; is_max < 2; is_max++) {
        const char *limit = field_limit(step, is_max);

        if (limit && (!is_usual || is_named))
            try(owner, limit);
    }
    if (!is_named || !field_kind(step->type)->has_limits)
        return;
    try_numbers(&trial, explored);
    try_texts(&trial, explored);
}
